package risk

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActIdentify    policy.Action = "risk.identify"
	ActIdentifyNow policy.Action = "risk.identify_now"
	ActBegin       policy.Action = "risk.begin"     // answers that are saved and not recorded
	ActConfigure   policy.Action = "risk.configure" // the rule of repeats
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "risk", Schema: shapes, Rules: rules} }
