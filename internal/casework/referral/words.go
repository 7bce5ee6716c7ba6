package referral

import (
	"slices"

	"waymark/internal/casework/cases"
)

// Subject is what the support is for.
type Subject string

// The subjects.
const (
	Experiencing Subject = "experiencing"
	Perpetrating Subject = "perpetrating"
)

// Side is on which side of the harm the work is that a referral leads to: the
// walls of the receiving agency stand by it from the first moment.
func (s Subject) Side() cases.Side {
	if s == Perpetrating {
		return cases.Perpetrating
	}
	return cases.Experiencing
}

// Subjects lists them in the order in which they are offered.
func Subjects() []Subject { return []Subject{Experiencing, Perpetrating} }

// Label is the subject in words for people.
func (s Subject) Label() string {
	switch s {
	case Experiencing:
		return "Support because of abuse they experience or have experienced"
	case Perpetrating:
		return "Support to change, because of abuse they cause or have caused"
	}
	return string(s)
}

// Answer is what the person said to an offer.
type Answer string

// The answers.
const (
	Wants     Answer = "wants"
	NotNow    Answer = "not_now"
	Undecided Answer = "undecided"
	NotSafe   Answer = "not_safe" // nobody could be asked
)

// Answers lists them in the order in which they are offered.
func Answers() []Answer { return []Answer{Wants, NotNow, Undecided, NotSafe} }

// Label is the answer in words for people.
func (a Answer) Label() string {
	switch a {
	case Wants:
		return "They want it"
	case NotNow:
		return "Not now"
	case Undecided:
		return "They have not decided"
	case NotSafe:
		return "It was not safe to ask"
	}
	return string(a)
}

// event is what an answer does to an offer.
func (a Answer) event() Event {
	switch a {
	case Wants:
		return SayYes
	case NotNow:
		return SayNotNow
	case NotSafe:
		return CannotAsk
	case Undecided:
	}
	return StayOpen
}

// Why is why an offer was not wanted, or could not be made.
type Why string

// The reasons of the person, and those why nobody could be asked.
const (
	NoWhy       Why = ""
	TooSoon     Why = "too_soon"
	AfraidOf    Why = "afraid"
	OfServices  Why = "fears_services"
	NotForThem  Why = "not_for_them"
	HasSupport  Why = "has_support"
	Practical   Why = "practical"
	Accompanied Why = "accompanied"
	NoPrivacy   Why = "no_privacy"
	NoLanguage  Why = "no_interpreter"
	TooUnwell   Why = "too_unwell"
	OtherWhy    Why = "other"
)

// Whys lists those that fit an answer, in the order in which they are offered.
func Whys(a Answer) []Why {
	switch a {
	case NotNow:
		return []Why{TooSoon, AfraidOf, OfServices, NotForThem, HasSupport, Practical, OtherWhy}
	case NotSafe:
		return []Why{Accompanied, NoPrivacy, NoLanguage, TooUnwell, OtherWhy}
	case Wants, Undecided:
	}
	return nil
}

// Label is the reason in words for people.
func (w Why) Label() string {
	switch w {
	case TooSoon:
		return "It is too soon for them"
	case AfraidOf:
		return "They are afraid of what the other person would do"
	case OfServices:
		return "They are afraid of what services would do"
	case NotForThem:
		return "The service does not fit them"
	case HasSupport:
		return "They have support already"
	case Practical:
		return "Time, travel, work, or care for somebody"
	case Accompanied:
		return "They were not alone"
	case NoPrivacy:
		return "There was no private place"
	case NoLanguage:
		return "There was no interpreter whom they could trust"
	case TooUnwell:
		return "They were too unwell or too upset"
	case OtherWhy:
		return "Another reason"
	case NoWhy:
	}
	return ""
}

// Reason is why a service declines a referral.
type Reason string

// The reasons.
const (
	Capacity     Reason = "capacity"
	NotOurArea   Reason = "not_our_area"
	Criteria     Reason = "criteria"
	AlreadyKnown Reason = "already_working"
	NotReachable Reason = "not_reachable"
	OtherReason  Reason = "other"
)

// Reasons lists them in the order in which they are offered.
func Reasons() []Reason {
	return []Reason{Capacity, NotOurArea, Criteria, AlreadyKnown, NotReachable, OtherReason}
}

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case Capacity:
		return "We have no capacity"
	case NotOurArea:
		return "They live or are cared for outside our area"
	case Criteria:
		return "This is not what our service is for"
	case AlreadyKnown:
		return "We are already working with this person"
	case NotReachable:
		return "They could not be reached safely"
	case OtherReason:
		return "Another reason"
	}
	return string(r)
}

func known[T comparable](list []T, v T) bool { return slices.Contains(list, v) }
