package release

import (
	_ "embed"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActRead  policy.Action = "release.read"
	ActAgree policy.Action = "release.agree"
	ActMake  policy.Action = "release.make"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "release", Schema: shapes, Rules: rules} }

func listOf(agency string) policy.Resource {
	return policy.Resource{Type: "ReleaseList", ID: agency, Attrs: policy.Attrs{"agency": agency}}
}

func subject(id string) audit.Subject { return audit.Subject{Kind: "figure_release", ID: id} }
