package directory

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// What can be done with the directory.
const (
	ActRead           policy.Action = "directory.read" // agencies and teams
	ActAddAgency      policy.Action = "directory.add_agency"
	ActSetUp          policy.Action = "directory.set_up" // the first agency and its administrator
	ActAddTeam        policy.Action = "directory.add_team"
	ActChangeTeam     policy.Action = "directory.change_team"
	ActAddMember      policy.Action = "directory.add_member"
	ActChangeRoles    policy.Action = "directory.change_roles"
	ActChangeTeams    policy.Action = "directory.change_teams"
	ActEndMembership  policy.Action = "directory.end_membership"
	ActSuspend        policy.Action = "directory.suspend" // keep an account out, and let it in again
	ActResetFactor    policy.Action = "directory.reset_second_factor"
	ActVouch          policy.Action = "directory.vouch_identity"  // let somebody sign in with a provider
	ActForget         policy.Action = "directory.forget_identity" // take that back
	ActListIdentities policy.Action = "directory.list_identities" // who of an agency signs in so
	ActGiveToken      policy.Action = "directory.give_token"      // to a program
	ActListMembers    policy.Action = "directory.list_members"    // with user names, roles and teams
	ActListColleagues policy.Action = "directory.list_colleagues" // names, to hand work over
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of the directory.
func Rules() policy.Source { return policy.Source{Name: "directory", Schema: shapes, Rules: rules} }

// open is the open part of the directory, as the rules know it.
func open() policy.Resource { return policy.Resource{Type: "Directory", ID: "directory"} }

func agencyResource(id AgencyID) policy.Resource {
	return policy.Resource{Type: "Agency", ID: string(id), Attrs: policy.Attrs{"agency": string(id)}}
}

func teamResource(agency AgencyID, id TeamID) policy.Resource {
	return policy.Resource{Type: "Team", ID: string(id), Attrs: policy.Attrs{"agency": string(agency)}}
}

// memberResource is an account at work in an agency; with no agency, one that
// works nowhere or is not there, which is nobody's to manage.
func memberResource(agency AgencyID, account string) policy.Resource {
	return policy.Resource{Type: "Member", ID: account, Attrs: policy.Attrs{"agency": string(agency)}}
}

// subjects are what an entry of the ledger names; what has no id is left out.
func subjects(list ...audit.Subject) []audit.Subject {
	var out []audit.Subject
	for _, s := range list {
		if s.ID != "" {
			out = append(out, s)
		}
	}
	return out
}

func ofAgency(id AgencyID) audit.Subject { return audit.Subject{Kind: "agency", ID: string(id)} }
func ofTeam(id TeamID) audit.Subject     { return audit.Subject{Kind: "team", ID: string(id)} }
func ofAccount(id string) audit.Subject  { return audit.Subject{Kind: "account", ID: id} }
