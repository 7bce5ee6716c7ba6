package provision

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActRead policy.Action = "service.read"
	ActKeep policy.Action = "service.keep"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "provision", Schema: shapes, Rules: rules} }

func listOf(agency string) policy.Resource {
	return policy.Resource{Type: "ServiceList", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}
