package support

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActContact policy.Action = "support.contact"
	ActPlan    policy.Action = "support.plan"
	ActOutcome policy.Action = "support.outcome"
	// ActConfigure is about an agency as a whole.
	ActConfigure policy.Action = "support.configure"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "support", Schema: shapes, Rules: rules} }
