package supervision

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package: on the agency's caseload as a whole, and on a
// file.
const (
	ActSupervise policy.Action = "supervision.lead" // pairs, meetings and caseloads of others
	ActRead      policy.Action = "supervision.read" // of a file: actions and sign-offs
	ActWrite     policy.Action = "supervision.write"
	ActDo        policy.Action = "supervision.do" // what came of an action
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "supervision", Schema: shapes, Rules: rules} }
