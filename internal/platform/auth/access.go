package auth

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// ActOwn is what everybody who is signed in may do with their own session.
const ActOwn policy.Action = "session.own"

// ActTakeRole is signing in as one of the cast of a demo, without any proof.
const ActTakeRole policy.Action = "session.take_role"

// ActCrossSite is what stands in the ledger for a form that another site had a
// browser send here. It is always refused.
const ActCrossSite policy.Action = "session.cross_site"

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "auth", Schema: shapes, Rules: rules} }
