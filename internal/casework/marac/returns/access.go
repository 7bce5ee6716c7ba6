package returns

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActRead   policy.Action = "marac_return.read"
	ActCases  policy.Action = "marac_return.cases" // whose cases a count is made of
	ActFinish policy.Action = "marac_return.finish"
	ActReview policy.Action = "marac_return.review"
	ActSteer  policy.Action = "marac_return.steer" // how it is doing in a year
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "maracreturns", Schema: shapes, Rules: rules} }

func returnsOf(agency string) policy.Resource {
	return policy.Resource{Type: "MaracReturns", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

func ofAgency(id string) audit.Subject { return audit.Subject{Kind: "agency", ID: id} }
