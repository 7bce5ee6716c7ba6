package intake

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActLeave   policy.Action = "ask.leave" // in the ledger alone: nobody in particular did it
	ActList    policy.Action = "ask.list"
	ActRead    policy.Action = "ask.read"
	ActTake    policy.Action = "ask.take"
	ActAccept  policy.Action = "ask.accept"
	ActDecline policy.Action = "ask.decline"
	ActOpening policy.Action = "ask.configure"
	ActMove    policy.Action = "ask.move"
	// ActChase is what those do who are asked because nobody takes it.
	ActChase policy.Action = "ask.chase"
	// ActForget is in the ledger alone: the time for which it is kept was over.
	ActForget policy.Action = "ask.forget"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "intake", Schema: shapes, Rules: rules} }

// Mapping tells lists where the attributes of an ask lie; a is its table.
func Mapping() policy.Mapping {
	return policy.Mapping{
		Type: "Ask", ID: "a.id",
		Columns: map[string]string{"agency": "a.agency_id", "team": "a.team_id"},
		Sets: map[string]string{
			"tied": "EXISTS (SELECT 1 FROM ask_mark m JOIN worker_mark k ON k.agency_id = m.agency_id AND k.mark = m.mark " +
				"JOIN worker_tie t ON t.agency_id = k.agency_id AND t.id = k.tie_id " +
				"WHERE m.agency_id = a.agency_id AND m.ask_id = a.id AND t.account_id = $1 AND t.withdrawn_at IS NULL)",
		},
	}
}

// leftMapping tells lists where the attributes of what was moved to another agency
// lie; m is its table. What is left of it names nobody, so that nobody can be
// tied to whoever it was.
func leftMapping() policy.Mapping {
	return policy.Mapping{
		Type: "Ask", ID: "m.ask_id",
		Columns: map[string]string{"agency": "m.agency_id", "team": "m.team_id"},
		Sets:    map[string]string{"tied": "($1 = '' AND m.agency_id = '')"},
	}
}

func turnResource(agency string, accounts []string) policy.Resource {
	if accounts == nil {
		accounts = []string{}
	}
	return policy.Resource{Type: "AskTurn", ID: agency, Attrs: policy.Attrs{"agency": agency, "accounts": accounts}}
}

func doors(agency string) policy.Resource {
	return policy.Resource{Type: "Doors", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}
