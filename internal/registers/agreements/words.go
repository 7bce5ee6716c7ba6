package agreements

import (
	"slices"

	"waymark/internal/platform/policy"
)

// Effect is what a clause, or an answer, says.
type Effect string

// The effects, from the weakest to the strongest: the strongest of those that
// apply is the answer.
const (
	Permit Effect = "permit"
	Review Effect = "review"
	Deny   Effect = "deny"
)

// Effects lists them in the order in which they are offered.
func Effects() []Effect { return []Effect{Permit, Review, Deny} }

// Label is the effect in words for people.
func (e Effect) Label() string {
	switch e {
	case Permit:
		return "May be shared"
	case Review:
		return "Ask the key contact first"
	case Deny:
		return "Must not be shared"
	}
	return string(e)
}

// Over tells whether an effect wins over another.
func (e Effect) Over(other Effect) bool {
	return slices.Index(Effects(), e) > slices.Index(Effects(), other)
}

// Purpose is what something is shared for. To let somebody know is none.
type Purpose string

// The purposes.
const (
	ProtectAdult Purpose = "protect_adult"
	ProtectChild Purpose = "protect_child"
	Support      Purpose = "support"
	ManageHarm   Purpose = "manage_harm"
	CloseLoop    Purpose = "close_loop"
)

// Purposes lists them in the order in which they are offered.
func Purposes() []Purpose {
	return []Purpose{ProtectAdult, ProtectChild, Support, ManageHarm, CloseLoop}
}

// Label is the purpose in words for people.
func (p Purpose) Label() string {
	switch p {
	case ProtectAdult:
		return "To protect an adult from serious harm"
	case ProtectChild:
		return "To safeguard a child"
	case Support:
		return "To refer somebody for support"
	case ManageHarm:
		return "To manage the risk that somebody is to others"
	case CloseLoop:
		return "To tell the referrer what became of a referral"
	}
	return string(p)
}

// Subject is what kind of person the information is about.
type Subject string

// The kinds of person.
const (
	Experiencing Subject = "experiencing"
	Perpetrating Subject = "perpetrating"
	Child        Subject = "child"
	OtherPerson  Subject = "other"
)

// Subjects lists them in the order in which they are offered.
func Subjects() []Subject { return []Subject{Experiencing, Perpetrating, Child, OtherPerson} }

// Label is the kind of person in words for people.
func (s Subject) Label() string {
	switch s {
	case Experiencing:
		return "Somebody who experiences abuse, or is at risk of it"
	case Perpetrating:
		return "Somebody who harms"
	case Child:
		return "A child"
	case OtherPerson:
		return "Another person"
	}
	return string(s)
}

// Condition is what must hold for a clause to apply.
type Condition string

// The conditions.
const (
	Agreed      Condition = "agreed"
	SeriousRisk Condition = "serious_risk"
	ChildAtRisk Condition = "child_at_risk"
	HighRisk    Condition = "high_risk"
	NotTold     Condition = "not_told"
	CourtOrder  Condition = "court_order"
)

// Conditions lists them in the order in which they are offered.
func Conditions() []Condition {
	return []Condition{Agreed, SeriousRisk, ChildAtRisk, HighRisk, NotTold, CourtOrder}
}

// Label is the condition in words for people.
func (c Condition) Label() string {
	switch c {
	case Agreed:
		return "The person agrees"
	case SeriousRisk:
		return "Somebody is at serious risk"
	case ChildAtRisk:
		return "A child's safety is at risk"
	case HighRisk:
		return "The risk was identified as high"
	case NotTold:
		return "The person does not know, because telling them is not safe"
	case CourtOrder:
		return "A court has ordered it, or they cannot decide it themselves"
	}
	return string(c)
}

// Roles are the roles whose holders send.
func Roles() []policy.Role {
	return []policy.Role{policy.Practitioner, policy.Specialist, policy.Manager}
}

// State is where a version stands.
type State string

// The states. InForce, Coming and Superseded are not stored: they follow from the
// day, and from the other versions.
const (
	Draft      State = "draft"
	Signing    State = "signing"
	Complete   State = "complete"
	Ended      State = "ended"
	Coming     State = "coming"
	InForce    State = "in_force"
	Superseded State = "superseded"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Draft:
		return "Draft"
	case Signing:
		return "In sign-off"
	case Complete, Coming:
		return "Signed, not begun"
	case Ended:
		return "Ended"
	case InForce:
		return "In force"
	case Superseded:
		return "Superseded"
	}
	return string(s)
}

func known[T comparable](list []T, v T) bool { return slices.Contains(list, v) }
