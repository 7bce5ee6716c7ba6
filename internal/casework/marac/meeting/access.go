package meeting

import (
	_ "embed"

	"waymark/internal/casework/marac"
	"waymark/internal/platform/policy"
)

// The actions of this package.
const (
	ActRoom    policy.Action = "marac.room"    // what the room sees
	ActRun     policy.Action = "marac.run"     // to hold the meeting
	ActWrite   policy.Action = "marac.write"   // a section of its minutes
	ActRead    policy.Action = "marac.minutes" // the minutes
	ActApprove policy.Action = "marac.approve" // and what is added to them later
	ActPrint   policy.Action = "marac.print"
)

//go:embed policy.cedar
var rules string

//go:embed policy.cedarschema
var shapes string

// Rules are the rules of this package.
func Rules() policy.Source { return policy.Source{Name: "marac-meeting", Schema: shapes, Rules: rules} }

// resource is a meeting to somebody who has a seat at it: that they have is proof
// that they accepted it and that it is open to them.
func resource(seat *marac.Seat, section Name, approved bool) policy.Resource {
	account := ""
	if seat.Capacity() != "" {
		account = seat.Actor().Account
	}
	return policy.Resource{Type: "MaracRun", ID: string(seat.Meeting().ID), Attrs: policy.Attrs{
		"agency": seat.Agency(), "account": account, "capacity": string(seat.Capacity()), "section": string(section), "approved": approved, "stated": seat.Stated(),
		"harmers": seat.WithoutWhereabouts(),
	}}
}
