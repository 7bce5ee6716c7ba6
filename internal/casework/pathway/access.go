package pathway

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions. Reading pathways needs that one is signed in; reading what is due
// on a case is opening the case.
const (
	ActRead     policy.Action = "pathway.read"
	ActPublish  policy.Action = "pathway.publish"
	ActAnswer   policy.Action = "pathway.answer"
	ActCoverage policy.Action = "pathway.coverage"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "pathway", Schema: shapes, Rules: rules} }

// register is the one thing that versions are published in.
var register = policy.Resource{Type: "Pathways", ID: "all"}
