package auth

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActOwn is what everybody who is signed in may do with their own session.
const ActOwn policy.Action = "session.own"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "auth", Schema: shapes, Rules: rules} }
