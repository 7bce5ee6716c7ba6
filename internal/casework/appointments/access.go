package appointments

import (
	_ "embed"

	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActBook     policy.Action = "appointment.book"
	ActAllow    policy.Action = "appointment.allow"
	ActPlaces   policy.Action = "place.keep"
	ActFeed     policy.Action = "calendar.share"
	ActFeedRead policy.Action = "calendar.read" // in the ledger, by whoever holds the address
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "appointments", Schema: shapes, Rules: rules} }
