package marac

// Capacity is in what capacity somebody sits at a MARAC.
type Capacity string

// The capacities (domain.md, sections 5.1 and 5.5).
const (
	Representative Capacity = "representative"
	Deputy         Capacity = "deputy"
	Chair          Capacity = "chair"
	Coordinator    Capacity = "coordinator"
	IDVA           Capacity = "idva"
	Observer       Capacity = "observer"
)

// Capacities lists them, in the order in which they are offered.
func Capacities() []Capacity {
	return []Capacity{Representative, Deputy, Chair, Coordinator, IDVA, Observer}
}

// Label is the capacity in words for people.
func (c Capacity) Label() string {
	switch c {
	case Representative:
		return "Representative"
	case Deputy:
		return "Deputy"
	case Chair:
		return "Chair"
	case Coordinator:
		return "Coordinator"
	case IDVA:
		return "IDVA"
	case Observer:
		return "Observer"
	}
	return string(c)
}

// Kind is what kind of meeting it is: one engine runs all of them (domain.md, section 5.2).
type Kind string

// The kinds of meeting.
const (
	Scheduled Kind = "scheduled"
	Daily     Kind = "daily"
	Emergency Kind = "emergency"
)

// Kinds lists them, in the order in which they are offered.
func Kinds() []Kind { return []Kind{Scheduled, Daily, Emergency} }

// Label is the kind in words for people.
func (k Kind) Label() string {
	switch k {
	case Scheduled:
		return "Scheduled"
	case Daily:
		return "Daily"
	case Emergency:
		return "Emergency"
	}
	return string(k)
}

// Given is what of a pack somebody is given.
type Given string

// What is given. Where somebody lives and how they are reached is kept from those
// who work with people who harm.
const (
	Everything         Given = "everything"
	WithoutWhereabouts Given = "without_whereabouts"
)

// Givens lists them, in the order in which they are offered.
func Givens() []Given { return []Given{WithoutWhereabouts, Everything} }

// Label is it in words for people.
func (g Given) Label() string {
	switch g {
	case Everything:
		return "The whole pack"
	case WithoutWhereabouts:
		return "Without whereabouts, contact and plans: they work with people who harm"
	}
	return string(g)
}

// Reply is what somebody who was asked to a meeting answered.
type Reply string

// The replies.
const (
	Asked     Reply = "asked"
	Comes     Reply = "accepted"
	Apologies Reply = "apologies"
)

// Label is the reply in words for people.
func (r Reply) Label() string {
	switch r {
	case Asked:
		return "No answer yet"
	case Comes:
		return "Accepted"
	case Apologies:
		return "Apologies"
	}
	return string(r)
}

// AreaKind is by what an area is told: borders of agencies do not matter.
type AreaKind string

// The kinds of area.
const (
	ByAuthority AreaKind = "authority"
	ByPostcode  AreaKind = "postcode"
)

// AreaKinds lists them, in the order in which they are offered.
func AreaKinds() []AreaKind { return []AreaKind{ByAuthority, ByPostcode} }

// Label is the kind in words for people.
func (k AreaKind) Label() string {
	switch k {
	case ByAuthority:
		return "A local authority"
	case ByPostcode:
		return "A postcode district"
	}
	return string(k)
}

// Label is the state in words for people.
func (s MeetingState) Label() string {
	switch s {
	case Planned:
		return "Planned"
	case Begun:
		return "Begun"
	case Ended:
		return "Ended"
	case Cancelled:
		return "Cancelled"
	}
	return string(s)
}

// State is where a case of the register stands.
type State string

// The states of a case.
const (
	Screening   State = "screening"
	Listed      State = "listed"
	Heard       State = "heard"
	Declined    State = "declined"
	Transferred State = "transferred"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Screening:
		return "To be screened"
	case Listed:
		return "Listed"
	case Heard:
		return "Heard"
	case Declined:
		return "Not taken"
	case Transferred:
		return "Transferred to another MARAC"
	}
	return string(s)
}

// Answer is the answer to one of the four routes. What is not known is not no.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// Part is what somebody is in a case.
type Part string

// The parts.
const (
	Victim      Part = "victim"
	Perpetrator Part = "perpetrator"
	Child       Part = "child"
	Other       Part = "other"
)

// Label is the part in words for people.
func (p Part) Label() string {
	switch p {
	case Victim:
		return "Victim"
	case Perpetrator:
		return "Perpetrator"
	case Child:
		return "Child"
	case Other:
		return "Somebody else"
	}
	return string(p)
}

// Represented is whether an IDVA represents the victim (G7).
type Represented string

// How they are represented.
const (
	NotKnown     Represented = "not_known"
	ReferredIDVA Represented = "referred"
	Accepted     Represented = "accepted"
	TheyDeclined Represented = "declined_by_them"
	NoIDVA       Represented = "none"
)

// Label is it in words for people.
func (r Represented) Label() string {
	switch r {
	case NotKnown:
		return "Not known yet"
	case ReferredIDVA:
		return "Referred to an IDVA"
	case Accepted:
		return "An IDVA works with them"
	case TheyDeclined:
		return "They do not want an IDVA"
	case NoIDVA:
		return "No IDVA"
	}
	return string(r)
}
