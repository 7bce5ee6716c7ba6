package safetyplan

import (
	_ "embed"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
)

// The actions of this package: on a file, and on one version of a plan.
const (
	ActRead    policy.Action = "plan.read"
	ActWork    policy.Action = "plan.work"
	ActMake    policy.Action = "plan.make"
	ActMakeNow policy.Action = "plan.make_now"

	ActReadOut   policy.Action = "plan.read_out"
	ActPrintCard policy.Action = "plan.print_card"
	ActPrintPage policy.Action = "plan.print_page"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "safetyplan", Schema: shapes, Rules: rules} }

// resource is what the rules know of a version of a plan: how the person said
// that they can hold it.
func (id ID) resource(f *cases.File, chosen Form) policy.Resource {
	return policy.Resource{Type: "SafetyPlan", ID: string(id), Attrs: policy.Attrs{"agency": f.Agency(), "copy": string(chosen)}}
}
