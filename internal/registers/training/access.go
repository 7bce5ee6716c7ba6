package training

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// What can be done with training levels.
const (
	ActRecord   policy.Action = "training.record"
	ActWithdraw policy.Action = "training.withdraw"
	ActRead     policy.Action = "training.read"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of training.
func Rules() policy.Source { return policy.Source{Name: "training", Schema: shapes, Rules: rules} }

// trainee is an account as the rules know it: where it works, and whether it is
// the actor's own.
func trainee(actor policy.Actor, agency directory.AgencyID, account string) policy.Resource {
	return policy.Resource{Type: "Trainee", ID: account, Attrs: policy.Attrs{
		"agency": string(agency), "own": account == actor.Account,
	}}
}

func subjects(account string) []audit.Subject {
	if account == "" {
		return nil
	}
	return []audit.Subject{{Kind: "account", ID: account}}
}
