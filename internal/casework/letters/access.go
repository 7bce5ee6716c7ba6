package letters

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on letters.
const (
	ActRead  policy.Action = "letter.read"
	ActWrite policy.Action = "letter.write"
	ActPrint policy.Action = "letter.print"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "letters", Schema: shapes, Rules: rules} }
