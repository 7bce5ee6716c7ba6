package support

// Domain is a part of life in which somebody needs something. The list is this project's own.
type Domain string

// The domains.
const (
	Safety          Domain = "safety"
	Housing         Domain = "housing"
	Health          Domain = "health"
	MentalHealth    Domain = "mental_health"
	Alcohol         Domain = "alcohol"
	Drugs           Domain = "drugs"
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
	return []Domain{Safety, Housing, Health, MentalHealth, Alcohol, Drugs, Money, Legal, Children, Entitlement, WorkAndLearning, Community, Daily}
}

// Label is it in words for people.
func (d Domain) Label() string {
	switch d {
	case Safety:
		return "Safety"
	case Housing:
		return "A place to live"
	case Health:
		return "Physical health"
	case MentalHealth:
		return "Mental health"
	case Alcohol:
		return "Alcohol"
	case Drugs:
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

// Term is when something is needed.
type Term string

// The terms (B9.3, B9.4).
const (
	Immediate  Term = "immediate"
	LongerTerm Term = "longer_term"
)

// Terms lists them in the order in which they are offered.
func Terms() []Term {
	return []Term{Immediate, LongerTerm}
}

// Label is it in words for people.
func (t Term) Label() string {
	switch t {
	case Immediate:
		return "Now"
	case LongerTerm:
		return "In the longer term"
	}
	return string(t)
}

// Abuse is whether the abuse goes on.
type Abuse string

// Whether the abuse goes on (B10.8).
const (
	AbuseNotSaid Abuse = ""
	Ongoing      Abuse = "current"
	Recent       Abuse = "recent"
	Historic     Abuse = "historic"
)

// Abuses lists them in the order in which they are offered.
func Abuses() []Abuse {
	return []Abuse{Ongoing, Recent, Historic}
}

// Label is it in words for people.
func (a Abuse) Label() string {
	switch a {
	case Ongoing:
		return "It is going on"
	case Recent:
		return "It ended not long ago"
	case Historic:
		return "It is in the past"
	case AbuseNotSaid:
		return "Not said"
	}
	return string(a)
}

// NeedState is where a need stands.
type NeedState string

// The states of a need.
const (
	Open   NeedState = "open"
	Met    NeedState = "met"
	NotMet NeedState = "not_met"
)

// NeedStates lists them in the order in which they are offered.
func NeedStates() []NeedState {
	return []NeedState{Open, Met, NotMet}
}

// Label is it in words for people.
func (n NeedState) Label() string {
	switch n {
	case Open:
		return "Open"
	case Met:
		return "Met"
	case NotMet:
		return "Not met"
	}
	return string(n)
}

// Treated is where a need is treated.
type Treated string

// Where treatment stands (B10.1).
const (
	TreatedNotSaid   Treated = ""
	NotTreated       Treated = "no"
	AwaitsTreatment  Treated = "waiting"
	TreatedElsewhere Treated = "elsewhere"
	TreatmentEnded   Treated = "ended"
)

// Treateds lists them in the order in which they are offered.
func Treateds() []Treated {
	return []Treated{NotTreated, AwaitsTreatment, TreatedElsewhere, TreatmentEnded}
}

// Label is it in words for people.
func (t Treated) Label() string {
	switch t {
	case NotTreated:
		return "Nowhere yet"
	case AwaitsTreatment:
		return "Waiting for treatment elsewhere"
	case TreatedElsewhere:
		return "Treated elsewhere now"
	case TreatmentEnded:
		return "Treatment elsewhere has ended"
	case TreatedNotSaid:
		return "Not said"
	}
	return string(t)
}

// Treatment is the kind of treatment (B10.3, G12).
type Treatment string

// The kinds of treatment.
const (
	NoTreatment   Treatment = ""
	TraumaTherapy Treatment = "trauma_therapy"
	GroupTherapy  Treatment = "group_therapy"
	OtherTherapy  Treatment = "therapy"
	Medication    Treatment = "medication"
	Withdrawal    Treatment = "withdrawal"
	SupportOnly   Treatment = "support"
)

// Treatments lists them in the order in which they are offered.
func Treatments() []Treatment {
	return []Treatment{TraumaTherapy, GroupTherapy, OtherTherapy, Medication, Withdrawal, SupportOnly}
}

// Label is it in words for people.
func (t Treatment) Label() string {
	switch t {
	case TraumaTherapy:
		return "Talking therapy that works on trauma, one to one"
	case GroupTherapy:
		return "Therapy in a group"
	case OtherTherapy:
		return "Another talking therapy, one to one"
	case Medication:
		return "Medication"
	case Withdrawal:
		return "Treatment of alcohol or drug use"
	case SupportOnly:
		return "Support without therapy"
	case NoTreatment:
		return "Not said"
	}
	return string(t)
}

// Knowing is an answer about something that may not be known.
type Knowing string

// The answers. Not asked is not no.
const (
	NotAsked Knowing = ""
	Yes      Knowing = "yes"
	No       Knowing = "no"
	NotKnown Knowing = "not_known"
)

// Knowings lists them in the order in which they are offered.
func Knowings() []Knowing {
	return []Knowing{Yes, No, NotKnown}
}

// Label is it in words for people.
func (k Knowing) Label() string {
	switch k {
	case Yes:
		return "Yes"
	case No:
		return "No"
	case NotKnown:
		return "Not known"
	case NotAsked:
		return "Not asked"
	}
	return string(k)
}

// GoalState is where a goal stands.
type GoalState string

// The states of a goal.
const (
	GoalOpen    GoalState = "open"
	GoalReached GoalState = "reached"
	GoalChanged GoalState = "changed"
)

// GoalStates lists them in the order in which they are offered.
func GoalStates() []GoalState {
	return []GoalState{GoalOpen, GoalReached, GoalChanged}
}

// Label is it in words for people.
func (g GoalState) Label() string {
	switch g {
	case GoalOpen:
		return "Working on it"
	case GoalReached:
		return "Reached, they say"
	case GoalChanged:
		return "They want something else now"
	}
	return string(g)
}

// ActionState is where an action stands.
type ActionState string

// The states of an action.
const (
	ActionOpen    ActionState = "open"
	ActionDone    ActionState = "done"
	ActionNotDone ActionState = "not_done"
)

// ActionStates lists them in the order in which they are offered.
func ActionStates() []ActionState {
	return []ActionState{ActionOpen, ActionDone, ActionNotDone}
}

// Label is it in words for people.
func (a ActionState) Label() string {
	switch a {
	case ActionOpen:
		return "To do"
	case ActionDone:
		return "Done"
	case ActionNotDone:
		return "Not done"
	}
	return string(a)
}

// Option is something that can be offered.
type Option string

// The options (B9.5, B9.6, B9.7), and the services that a need leads to.
const (
	Advocacy            Option = "advocacy"
	Floating            Option = "floating"
	Refuge              Option = "refuge"
	HousingWorker       Option = "housing_worker"
	IDVA                Option = "idva"
	MARAC               Option = "marac"
	LongFloating        Option = "long_floating"
	Skills              Option = "skills"
	LocalGroup          Option = "local_group"
	MentalHealthService Option = "mental_health_service"
	AlcoholService      Option = "alcohol_service"
	DrugService         Option = "drug_service"
	SocialCare          Option = "social_care"
	Specialist          Option = "specialist"
)

// Options lists them in the order in which they are offered.
func Options() []Option {
	return []Option{Advocacy, Floating, Refuge, HousingWorker, IDVA, MARAC, LongFloating, Skills, LocalGroup, MentalHealthService, AlcoholService, DrugService, SocialCare, Specialist}
}

// Label is it in words for people.
func (o Option) Label() string {
	switch o {
	case Advocacy:
		return "Advocacy"
	case Floating:
		return "Floating or outreach support"
	case Refuge:
		return "A refuge"
	case HousingWorker:
		return "A housing worker"
	case IDVA:
		return "An IDVA"
	case MARAC:
		return "MARAC, when the risk is high"
	case LongFloating:
		return "Outreach or floating support in the longer term"
	case Skills:
		return "A programme to build skills"
	case LocalGroup:
		return "A local support group"
	case MentalHealthService:
		return "A mental-health service"
	case AlcoholService:
		return "An alcohol service"
	case DrugService:
		return "A drug service"
	case SocialCare:
		return "Social care"
	case Specialist:
		return "Specialist support for people who experience abuse"
	}
	return string(o)
}

// OfferAnswer is what became of an option.
type OfferAnswer string

// The answers.
const (
	Considered    OfferAnswer = "considered"
	Offered       OfferAnswer = "offered"
	Accepted      OfferAnswer = "accepted"
	Declined      OfferAnswer = "declined"
	UnsafeToOffer OfferAnswer = "unsafe"
	NotSuitable   OfferAnswer = "not_suitable"
)

// OfferAnswers lists them in the order in which they are offered.
func OfferAnswers() []OfferAnswer {
	return []OfferAnswer{Considered, Offered, Accepted, Declined, UnsafeToOffer, NotSuitable}
}

// Label is it in words for people.
func (o OfferAnswer) Label() string {
	switch o {
	case Considered:
		return "Considered, not offered yet"
	case Offered:
		return "Offered, no answer yet"
	case Accepted:
		return "Offered, and they want it"
	case Declined:
		return "Offered, and they do not want it"
	case UnsafeToOffer:
		return "Not offered: it was not safe to"
	case NotSuitable:
		return "Not offered: it does not suit them"
	}
	return string(o)
}

// Stage is when an outcome was asked.
type Stage string

// The stages.
const (
	Intake Stage = "intake"
	Review Stage = "review"
	Exit   Stage = "exit"
)

// Stages lists them in the order in which they are offered.
func Stages() []Stage {
	return []Stage{Intake, Review, Exit}
}

// Label is it in words for people.
func (s Stage) Label() string {
	switch s {
	case Intake:
		return "At the start"
	case Review:
		return "At a review"
	case Exit:
		return "At the end"
	}
	return string(s)
}

// Aspect is one of the five outcomes on which the field agreed (domain.md, section 7), in this project's words.
type Aspect string

// The five outcomes.
const (
	FeelingSafe        Aspect = "safe"
	OwnWellbeing       Aspect = "wellbeing"
	FreeDailyLife      Aspect = "freedom"
	ChildrensWellbeing Aspect = "children"
	FamilyRelations    Aspect = "family"
)

// Aspects lists them in the order in which they are offered.
func Aspects() []Aspect {
	return []Aspect{FeelingSafe, OwnWellbeing, FreeDailyLife, ChildrensWellbeing, FamilyRelations}
}

// Label is it in words for people.
func (a Aspect) Label() string {
	switch a {
	case FeelingSafe:
		return "Feeling safe"
	case OwnWellbeing:
		return "How they are in themselves"
	case FreeDailyLife:
		return "Free to live their daily life"
	case ChildrensWellbeing:
		return "How the children are"
	case FamilyRelations:
		return "Relations in the family"
	}
	return string(a)
}

// Change is how the person says that something has changed.
type Change string

// The changes.
const (
	NotSaid Change = ""
	Better  Change = "better"
	Same    Change = "same"
	Worse   Change = "worse"
)

// Changes lists them in the order in which they are offered.
func Changes() []Change {
	return []Change{Better, Same, Worse}
}

// Label is it in words for people.
func (c Change) Label() string {
	switch c {
	case Better:
		return "Better"
	case Same:
		return "The same"
	case Worse:
		return "Worse"
	case NotSaid:
		return "Not said"
	}
	return string(c)
}

// Ending is why the work ends.
type Ending string

// The reasons (domain.md, section 7).
const (
	PlannedEnd    Ending = "planned"
	UnplannedEnd  Ending = "unplanned"
	TheyDeclined  Ending = "declined"
	MovedAway     Ending = "moved"
	CouldNotReach Ending = "not_reached"
	TheyDied      Ending = "died"
)

// Endings lists them in the order in which they are offered.
func Endings() []Ending {
	return []Ending{PlannedEnd, UnplannedEnd, TheyDeclined, MovedAway, CouldNotReach, TheyDied}
}

// Label is it in words for people.
func (e Ending) Label() string {
	switch e {
	case PlannedEnd:
		return "As planned with the person"
	case UnplannedEnd:
		return "Without a plan"
	case TheyDeclined:
		return "They do not want support"
	case MovedAway:
		return "They moved, and somebody there goes on"
	case CouldNotReach:
		return "They could not be reached: the risk was looked at"
	case TheyDied:
		return "They died"
	}
	return string(e)
}
