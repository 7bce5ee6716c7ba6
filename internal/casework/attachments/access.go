package attachments

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions on attachments.
const (
	ActAdd  policy.Action = "attachment.add"
	ActView policy.Action = "attachment.view"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "attachments", Schema: shapes, Rules: rules} }
