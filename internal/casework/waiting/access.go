package waiting

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActWait is reading and recording what the person of a file waits for.
const ActWait policy.Action = "waiting.keep"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "waiting", Schema: shapes, Rules: rules} }
