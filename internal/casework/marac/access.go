package marac

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActSetUp  policy.Action = "marac.set_up"
	ActKeep   policy.Action = "marac.keep"
	ActName   policy.Action = "marac.name"
	ActList   policy.Action = "marac.list"
	ActAttend policy.Action = "marac.attend" // when and where a meeting is, and one's own answer
	ActSit    policy.Action = "marac.sit"    // its agenda
	ActCase   policy.Action = "marac.case"   // a case on it
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "marac", Schema: shapes, Rules: rules} }
