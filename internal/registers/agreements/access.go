package agreements

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// What can be done with agreements.
const (
	ActList    policy.Action = "agreement.list"
	ActExplore policy.Action = "agreement.explore"
	ActMonitor policy.Action = "agreement.monitor"
	ActBegin   policy.Action = "agreement.begin"
	ActRead    policy.Action = "agreement.read"
	ActDraft   policy.Action = "agreement.draft" // read drafts
	ActWrite   policy.Action = "agreement.write"
	ActSign    policy.Action = "agreement.sign" // and withdraw
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of agreements.
func Rules() policy.Source { return policy.Source{Name: "agreements", Schema: shapes, Rules: rules} }

// Subject is the agreement in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "agreement", ID: string(id)} }

// register is what an agency has of agreements.
func register(agency string) policy.Resource {
	return policy.Resource{Type: "Agreements", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

// resource is an agreement as the rules know it; one that is not there is
// nobody's.
func (a Agreement) resource() policy.Resource {
	parties := []string{}
	for _, v := range a.Versions {
		if v.State == Draft {
			continue
		}
		for _, p := range v.Parties {
			parties = append(parties, string(p.Agency))
		}
	}
	return policy.Resource{Type: "Agreement", ID: string(a.ID), Attrs: policy.Attrs{"author": string(a.Author), "parties": parties}}
}

func subjects(id ID) []audit.Subject {
	if id == "" {
		return nil
	}
	return []audit.Subject{id.Subject()}
}

func agencyOf(a policy.Actor) directory.AgencyID { return directory.AgencyID(a.Agency) }
