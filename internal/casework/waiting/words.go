package waiting

import "waymark/internal/casework/cases"

// Service is what kind of service is waited for. The list is this project's own.
type Service string

// The services.
const (
	Advocacy          Service = "advocacy"
	Outreach          Service = "outreach"
	Refuge            Service = "refuge"
	Housing           Service = "housing"
	Treatment         Service = "mental_health"
	Alcohol           Service = "alcohol"
	Drugs             Service = "drugs"
	Counselling       Service = "counselling"
	LegalHelp         Service = "legal"
	ImmigrationAdvice Service = "immigration_advice"
	ForChild          Service = "children"
	Group             Service = "local_group"
	Skills            Service = "skills"
	SocialCare        Service = "social_care"
	Another           Service = "other"
)

// Services lists them in the order in which they are offered.
func Services() []Service {
	return []Service{Advocacy, Outreach, Refuge, Housing, Treatment, Counselling, Alcohol, Drugs, LegalHelp, ImmigrationAdvice, ForChild, Group, Skills, SocialCare, Another}
}

// Label is it in words for people.
func (s Service) Label() string {
	switch s {
	case Advocacy:
		return "Advocacy"
	case Outreach:
		return "Outreach or floating support"
	case Refuge:
		return "A place in a refuge"
	case Housing:
		return "Housing"
	case Treatment:
		return "A mental-health service"
	case Counselling:
		return "Counselling"
	case Alcohol:
		return "An alcohol service"
	case Drugs:
		return "A drug service"
	case LegalHelp:
		return "Legal advice"
	case ImmigrationAdvice:
		return "Immigration advice"
	case ForChild:
		return "A service for children"
	case Group:
		return "A local support group"
	case Skills:
		return "A programme to build skills"
	case SocialCare:
		return "Social care"
	case Another:
		return "Another service"
	}
	return string(s)
}

// Domain is the part of life that the need is in. The codes are those of needs,
// so that the two can be set beside each other.
type Domain string

// The domains.
const (
	Safety          Domain = "safety"
	Home            Domain = "housing"
	Health          Domain = "health"
	MentalHealth    Domain = "mental_health"
	WithAlcohol     Domain = "alcohol"
	WithDrugs       Domain = "drugs"
	Money           Domain = "money"
	Legal           Domain = "legal"
	Children        Domain = "children"
	Entitlement     Domain = "entitlement"
	WorkAndLearning Domain = "work"
	Community       Domain = "community"
	Daily           Domain = "daily"
)

// Domains lists them in the order in which they are offered.
func Domains() []Domain {
	return []Domain{Safety, Home, Health, MentalHealth, WithAlcohol, WithDrugs, Money, Legal, Children, Entitlement, WorkAndLearning, Community, Daily}
}

// Label is it in words for people.
func (d Domain) Label() string {
	switch d {
	case Safety:
		return "Safety"
	case Home:
		return "A place to live"
	case Health:
		return "Physical health"
	case MentalHealth:
		return "Mental health"
	case WithAlcohol:
		return "Alcohol"
	case WithDrugs:
		return "Drugs"
	case Money:
		return "Money and debt"
	case Legal:
		return "Law, courts and orders"
	case Children:
		return "Children"
	case Entitlement:
		return "Immigration and entitlement"
	case WorkAndLearning:
		return "Work and learning"
	case Community:
		return "Community, and being alone"
	case Daily:
		return "Daily life and care"
	}
	return string(d)
}

// State is where an entry stands.
type State string

// The states.
const (
	Waits        State = "waiting"
	Offered      State = "offered"
	TakenUp      State = "taken_up"
	Declined     State = "declined"
	Withdrawn    State = "withdrawn"
	NotAvailable State = "not_available"
)

// States lists them in the order in which they are offered.
func States() []State { return []State{Waits, Offered, TakenUp, Declined, Withdrawn, NotAvailable} }

// Goes tells whether it goes on.
func (s State) Goes() bool { return s == Waits || s == Offered }

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Waits:
		return "Waits"
	case Offered:
		return "Offered, not answered yet"
	case TakenUp:
		return "Taken up"
	case Declined:
		return "Declined by the person"
	case Withdrawn:
		return "No longer needed"
	case NotAvailable:
		return "Not available: the need is unmet"
	}
	return string(s)
}

// Reason is why a service was declined, or could not be had.
type Reason string

// The reasons. Those for declining are the person's; the others are those of
// services.
const (
	NoReason      Reason = ""
	NotWanted     Reason = "not_wanted"
	NotTheMoment  Reason = "not_now"
	NotSafeToGo   Reason = "not_safe_to_go"
	WaitedTooLong Reason = "waited_too_long"
	FoundOther    Reason = "found_other"
	NotSaid       Reason = "not_said"

	NoService   Reason = "no_service"
	NoRoom      Reason = "no_room"
	NotEligible Reason = "not_eligible"
	NoLanguage  Reason = "language"
	NoRecourse  Reason = "no_recourse"
	TooFar      Reason = "distance"
	NotSafe     Reason = "safety"

	CaseClosed Reason = "case_closed"
)

// WhyDeclined lists why people decline.
func WhyDeclined() []Reason {
	return []Reason{NotWanted, NotTheMoment, NotSafeToGo, WaitedTooLong, FoundOther, NotSaid}
}

// WhyUnmet lists why a service cannot be had.
func WhyUnmet() []Reason {
	return []Reason{NoService, NoRoom, NotEligible, NoLanguage, NoRecourse, TooFar, NotSafe}
}

// Label is it in words for people.
func (r Reason) Label() string {
	switch r {
	case NoReason:
		return ""
	case NotWanted:
		return "It is not what they want"
	case NotTheMoment:
		return "Not now"
	case NotSafeToGo:
		return "It is not safe for them to go"
	case WaitedTooLong:
		return "They waited too long"
	case FoundOther:
		return "They found something else"
	case NotSaid:
		return "They did not say why"
	case NoService:
		return "There is no such service"
	case NoRoom:
		return "There is no room"
	case NotEligible:
		return "They are not eligible"
	case NoLanguage:
		return "Not in their language"
	case NoRecourse:
		return "No recourse to public funds"
	case TooFar:
		return "Too far away"
	case NotSafe:
		return "It would not be safe there"
	case CaseClosed:
		return "The case was closed"
	}
	return string(r)
}

// kept is behind which compartment a reason lies.
func (r Reason) kept() cases.Compartment {
	if r == NoRecourse {
		return cases.Entitlement
	}
	return ""
}

// kept is behind which compartment the words of a domain lie.
func (d Domain) kept() cases.Compartment {
	if d == Entitlement {
		return cases.Entitlement
	}
	return ""
}

// Priority is in which order people come, by risk.
type Priority int64

// The priorities. A risk that nobody has identified is not a low one.
const (
	High         Priority = 1
	Unidentified Priority = 2
	NotHigh      Priority = 3
)

// Label is it in words for people.
func (p Priority) Label() string {
	switch p {
	case High:
		return "High risk"
	case Unidentified:
		return "Risk not identified"
	case NotHigh:
		return "Not identified as high"
	}
	return ""
}

// code is it in a fact.
func (p Priority) code() string {
	switch p {
	case High:
		return "high"
	case NotHigh:
		return "not_high"
	case Unidentified:
	}
	return "not_identified"
}
