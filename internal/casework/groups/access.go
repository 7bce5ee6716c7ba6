package groups

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActList     policy.Action = "group.list"
	ActBegin    policy.Action = "group.begin"
	ActRun      policy.Action = "group.run"
	ActRegister policy.Action = "group.register" // the names of those in a group
	ActOffer    policy.Action = "group.offer"
	ActAllow    policy.Action = "group.allow"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "groups", Schema: shapes, Rules: rules} }
