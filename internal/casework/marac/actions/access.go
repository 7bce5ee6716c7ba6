package actions

import (
	_ "embed"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActOwn    policy.Action = "marac_action.own"    // the list of what one's own agency took on
	ActRead   policy.Action = "marac_action.read"   // one of them
	ActAdd    policy.Action = "marac_action.add"    // at a meeting
	ActChange policy.Action = "marac_action.change" // what it is, until when; ask after it
	ActGive   policy.Action = "marac_action.give"   // to a colleague
	ActAnswer policy.Action = "marac_action.answer" // what became of it
	ActBoard  policy.Action = "marac_action.board"  // all of a MARAC, and rates by agency
	ActPlan   policy.Action = "marac_action.plan"   // what the person may be given
	ActTake   policy.Action = "marac_action.take"   // lists that are brought along
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "maracactions", Schema: shapes, Rules: rules} }

func board(agency string) policy.Resource {
	return policy.Resource{Type: "MaracActions", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

func ofMarac(agency string) audit.Subject { return audit.Subject{Kind: "marac", ID: agency} }

// Subject is the action in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "marac_action", ID: string(id)} }

var _ cases.Keeper = (*Service)(nil)
