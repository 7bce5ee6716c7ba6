package questions

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActAdd is the adding of a question set. Reading one needs no permission: questions are about nobody.
const ActAdd policy.Action = "questions.add"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "questions", Schema: shapes, Rules: rules} }

// register is the one thing that is added to.
var register = policy.Resource{Type: "QuestionSets", ID: "all"}
