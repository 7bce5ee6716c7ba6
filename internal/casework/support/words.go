package support

// Outcome is how an attempt ended.
type Outcome string

// The outcomes.
const (
	NotYet       Outcome = ""
	Spoke        Outcome = "reached"
	NotSafeNow   Outcome = "unsafe"
	NoAnswer     Outcome = "no_answer"
	SomebodyElse Outcome = "somebody_else"
	LeftMessage  Outcome = "message"
	Sent         Outcome = "sent"
	Failed       Outcome = "failed"
	ThroughThem  Outcome = "passed_on"
	DidNotCome   Outcome = "did_not_come"
)

// Outcomes lists them in the order in which they are offered.
func Outcomes() []Outcome {
	return []Outcome{Spoke, NotSafeNow, NoAnswer, SomebodyElse, LeftMessage, Sent, Failed, ThroughThem, DidNotCome}
}

// Label is it in words for people.
func (o Outcome) Label() string {
	switch o {
	case Spoke:
		return "Reached, and it was safe to speak"
	case NotSafeNow:
		return "Reached, and it was not safe to speak"
	case NoAnswer:
		return "No answer"
	case SomebodyElse:
		return "Somebody else answered"
	case LeftMessage:
		return "A message was left"
	case Sent:
		return "Sent or posted; no answer yet"
	case Failed:
		return "The number or address does not work"
	case ThroughThem:
		return "A professional passed it on"
	case DidNotCome:
		return "They did not come"
	case NotYet:
		return "Not known yet"
	}
	return string(o)
}

// Whom is who is spoken to.
type Whom string

// Who can be spoken to.
const (
	Person          Whom = "person"
	TheProfessional Whom = "professional"
)

// Whoms lists them in the order in which they are offered.
func Whoms() []Whom {
	return []Whom{Person, TheProfessional}
}

// Label is it in words for people.
func (w Whom) Label() string {
	switch w {
	case Person:
		return "The person"
	case TheProfessional:
		return "A professional they trust"
	}
	return string(w)
}

// State is where a contact stands.
type State string

// The states.
const (
	Planned   State = "planned"
	Begun     State = "begun"
	Done      State = "done"
	NotMade   State = "refused"
	CalledOff State = "called_off"
)

// States lists them in the order in which they are offered.
func States() []State {
	return []State{Planned, Begun, Done, NotMade, CalledOff}
}

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Planned:
		return "Planned"
	case Begun:
		return "Under way: record what happened"
	case Done:
		return "Recorded"
	case NotMade:
		return "Not made: it was refused"
	case CalledOff:
		return "Called off"
	}
	return string(s)
}

// Came is how a case came to the service.
type Came string

// The ways in which a case comes.
const (
	AsOpened       Came = ""
	SelfReferred   Came = "self"
	AgencyReferred Came = "agency"
)

// Cames lists them in the order in which they are offered.
func Cames() []Came {
	return []Came{SelfReferred, AgencyReferred}
}

// Label is it in words for people.
func (c Came) Label() string {
	switch c {
	case SelfReferred:
		return "They came to us themselves"
	case AgencyReferred:
		return "Another agency referred them"
	case AsOpened:
		return "As the case was opened"
	}
	return string(c)
}
