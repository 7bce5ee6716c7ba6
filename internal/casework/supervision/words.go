package supervision

// Subject is what is signed off.
type Subject string

// The subjects.
const (
	HighRisk Subject = "high_risk"
	Closure  Subject = "closure"
	Work     Subject = "case"
)

// Subjects lists them in the order in which they are offered.
func Subjects() []Subject { return []Subject{HighRisk, Closure, Work} }

// Label is it in words for people.
func (s Subject) Label() string {
	switch s {
	case HighRisk:
		return "The high risk, and what is done about it"
	case Closure:
		return "The end of the work"
	case Work:
		return "The work as a whole"
	}
	return string(s)
}

// Verdict is whether a supervisor agrees.
type Verdict string

// The verdicts.
const (
	Agreed    Verdict = "agreed"
	NotAgreed Verdict = "not_agreed"
)

// Verdicts lists them in the order in which they are offered.
func Verdicts() []Verdict { return []Verdict{Agreed, NotAgreed} }

// Label is it in words for people.
func (v Verdict) Label() string {
	switch v {
	case Agreed:
		return "Agreed"
	case NotAgreed:
		return "Not agreed: something else is to be done"
	}
	return string(v)
}

// State is where an action stands.
type State string

// The states.
const (
	Open    State = "open"
	Done    State = "done"
	NotDone State = "not_done"
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Open:
		return "To be done"
	case Done:
		return "Done"
	case NotDone:
		return "Not done"
	}
	return string(s)
}
