package register

import (
	_ "embed"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActRefer    policy.Action = "marac.refer"
	ActTake     policy.Action = "marac.take"
	ActScreen   policy.Action = "marac.screen"
	ActRegister policy.Action = "marac.register" // the list, and who may be the same
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "register", Schema: shapes, Rules: rules} }

var _ cases.Keeper = (*Service)(nil)
