package outage

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActMake makes a pack.
const ActMake policy.Action = "outage.make"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "outage", Schema: shapes, Rules: rules} }
