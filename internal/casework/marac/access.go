package marac

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActSetUp policy.Action = "marac.set_up"
	ActKeep  policy.Action = "marac.keep"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "marac", Schema: shapes, Rules: rules} }
