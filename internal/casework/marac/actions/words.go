package actions

// Target is whom an action is for (domain.md, section 5.2, step 7).
type Target string

// The targets.
const (
	Victim      Target = "victim"
	Child       Target = "child"
	Adult       Target = "adult_at_risk"
	Perpetrator Target = "perpetrator"
	Staff       Target = "staff"
)

// Targets lists them, in the order in which they are offered.
func Targets() []Target { return []Target{Victim, Child, Adult, Perpetrator, Staff} }

// Label is the target in words for people.
func (t Target) Label() string {
	switch t {
	case Victim:
		return "The victim"
	case Child:
		return "A child"
	case Adult:
		return "An adult at risk"
	case Perpetrator:
		return "Whoever harms"
	case Staff:
		return "Staff who could be harmed"
	}
	return string(t)
}

// Told tells whether the person may be given something of such actions at all.
func (t Target) Told() bool { return t == Victim || t == Child || t == Adult }

// Kind is what sort of action it is.
type Kind string

// The kinds.
const (
	Plain    Kind = "action"
	Feedback Kind = "feedback" // to tell the person what was agreed
)

// State is where an action stands.
type State string

// The states. No longer possible is not the same as not done.
const (
	Open             State = "open"
	Done             State = "done"
	NotDone          State = "not_done"
	NoLongerPossible State = "no_longer_possible"
)

// Answers lists what can become of an action.
func Answers() []State { return []State{Done, NotDone, NoLongerPossible} }

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Open:
		return "Open"
	case Done:
		return "Done"
	case NotDone:
		return "Not done"
	case NoLongerPossible:
		return "No longer possible"
	}
	return string(s)
}

// StepKind is what happened to an action.
type StepKind string

// The kinds of step, beside those of an answer, which are called as the states are.
const (
	Added   StepKind = "added"
	Changed StepKind = "changed"
	Given   StepKind = "given"
	Chased  StepKind = "chased"
)

// Label is it in words for people.
func (k StepKind) Label() string {
	switch k {
	case Added:
		return "Taken on"
	case Changed:
		return "Changed"
	case Given:
		return "Given to a worker"
	case Chased:
		return "The coordinator asked after it"
	}
	return State(k).Label()
}

// Stage is how far the clock of an open action has run. Nothing moves it from one to
// the next: it follows from the day.
type Stage string

// The stages.
const (
	InTime          Stage = ""
	Due             Stage = "due"
	WithManager     Stage = "manager"
	WithCoordinator Stage = "coordinator"
)

// Label is the stage in words for people.
func (s Stage) Label() string {
	switch s {
	case InTime:
		return "In time"
	case Due:
		return "Due"
	case WithManager:
		return "Late: with a manager"
	case WithCoordinator:
		return "Late: with the coordinator"
	}
	return string(s)
}

// Safely is how somebody was told.
type Safely string

// How they were told.
const (
	Alone     Safely = "alone"
	CheckedIt Safely = "checked"
	Unsafe    Safely = "unsafe"
)

// HowSafely lists them, in the order in which they are offered.
func HowSafely() []Safely { return []Safely{Alone, CheckedIt, Unsafe} }

// Label is it in words for people.
func (s Safely) Label() string {
	switch s {
	case Alone:
		return "In person, alone, where nobody could hear"
	case CheckedIt:
		return "By telephone or message, after checking that it was safe"
	case Unsafe:
		return "It could not be done safely"
	}
	return string(s)
}
