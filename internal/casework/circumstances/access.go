package circumstances

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on circumstances.
const (
	ActKeep     policy.Action = "circumstance.keep"
	ActClose    policy.Action = "circumstance.read_close"
	ActJudge    policy.Action = "circumstance.judge"
	ActJudgeNow policy.Action = "circumstance.judge_now"
	ActSecond   policy.Action = "circumstance.second"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "circumstances", Schema: shapes, Rules: rules} }
