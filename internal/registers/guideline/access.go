package guideline

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActImport is the importing of the official documents. Reading the guideline needs no permission:
// it is public text.
const ActImport policy.Action = "guideline.import"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "guideline", Schema: shapes, Rules: rules} }

// register is the one thing that is imported into.
var register = policy.Resource{Type: "Guideline", ID: "official"}
