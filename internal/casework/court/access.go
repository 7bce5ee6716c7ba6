package court

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActCourt is reading and keeping the dates in court and the orders of a file.
const ActCourt policy.Action = "court.keep"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "court", Schema: shapes, Rules: rules} }
