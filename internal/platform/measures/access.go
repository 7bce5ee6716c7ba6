package measures

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package. A resource of both is the figures of one agency
// or, with an empty agency, of all of them together.
const (
	// ActRead reads figures with small counts suppressed.
	ActRead policy.Action = "measures.read"
	// ActReadExact reads figures as they are.
	ActReadExact policy.Action = "measures.read_exact"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "measures", Schema: shapes, Rules: rules} }

func figuresOf(agency string) policy.Resource {
	return policy.Resource{Type: "Figures", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}
