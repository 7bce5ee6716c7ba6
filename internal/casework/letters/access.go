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
	ActTake  policy.Action = "letter.download" // as a document

	ActWord    policy.Action = "letter.word"    // a text of the agency
	ActApprove policy.Action = "letter.approve" // or retire it
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "letters", Schema: shapes, Rules: rules} }
