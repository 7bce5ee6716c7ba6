package meeting

import "waymark/internal/casework/marac"

// Name names a section of the minutes.
type Name string

// The sections, in the fixed order in which a case goes (domain.md, section 5.2): what
// agencies know, what the person says, risk, what is in place, the summing up, the decision.
const (
	Information Name = "information"
	Views       Name = "views"
	Risks       Name = "risks"
	Measures    Name = "measures"
	Summary     Name = "summary"
	Decided     Name = "decision"
	Harmers     Name = "harmers" // the only one that those who work with people who harm are given
	Opening     Name = "opening" // of the meeting as a whole
	Business    Name = "business"
)

// OfCase lists the sections of a case, in the order in which it goes.
func OfCase() []Name {
	return []Name{Information, Views, Risks, Measures, Summary, Decided, Harmers}
}

// OfMeeting lists the sections of the meeting as a whole.
func OfMeeting() []Name { return []Name{Opening, Business} }

// Sections lists those of a case, and those of the meeting for none.
func Sections(c marac.CaseID) []Name {
	if c == "" {
		return OfMeeting()
	}
	return OfCase()
}

// Label is the section in words for people.
func (n Name) Label() string {
	switch n {
	case Information:
		return "What agencies said"
	case Views:
		return "The views of the person, and of any children"
	case Risks:
		return "Risks, to each person and from whom"
	case Measures:
		return "What is in place already"
	case Summary:
		return "The chair’s summary"
	case Decided:
		return "Decision and reasons"
	case Harmers:
		return "For those who work with people who harm"
	case Opening:
		return "Introductions, and matters from the last meeting"
	case Business:
		return "Any other business"
	}
	return string(n)
}

// Hint says what belongs into it, in this project's words.
func (n Name) Hint() string {
	switch n {
	case Information:
		return "What is relevant to risk, and which agency said it. Keep fact and opinion apart."
	case Views:
		return "What they want, in their own words where they are known; who put it, and when they last spoke."
	case Risks:
		return "Who is at risk from whom, of what, and why now. Think of children, of adults at risk, and of workers."
	case Measures:
		return "What protects them today, and who does it."
	case Summary:
		return "What the meeting takes the risk to be."
	case Decided:
		return "Why the meeting decides as it does."
	case Harmers:
		return "They read nothing else of this case. Write nothing of where anybody lives, how they are reached, what is planned with them, or what they said."
	case Opening, Business:
		return "Nothing about a case: that is written with the case."
	}
	return ""
}

// ViewsHow is how the views of the victim were put to the meeting (G7).
type ViewsHow string

// How they were put.
const (
	PutByIDVA  ViewsHow = "put_idva"
	PutByOther ViewsHow = "put_other"
	ReadOut    ViewsHow = "read_out"
	NotReached ViewsHow = "not_reached"
	DidNotWant ViewsHow = "did_not_want"
)

// ViewsHows lists them, in the order in which they are offered.
func ViewsHows() []ViewsHow {
	return []ViewsHow{PutByIDVA, PutByOther, ReadOut, NotReached, DidNotWant}
}

// Label is it in words for people.
func (v ViewsHow) Label() string {
	switch v {
	case PutByIDVA:
		return "Their IDVA put them"
	case PutByOther:
		return "Somebody else put them"
	case ReadOut:
		return "What they had said before was read out"
	case NotReached:
		return "They could not be asked safely before the meeting"
	case DidNotWant:
		return "They were asked, and did not want to say"
	}
	return string(v)
}

// Decision is what a meeting decides about a case.
type Decision string

// The decisions.
const (
	Keep     Decision = "keep"
	ReferOn  Decision = "refer_on"
	Transfer Decision = "transfer"
	Closed   Decision = "closed"
)

// Decisions lists them, in the order in which they are offered.
func Decisions() []Decision { return []Decision{Keep, ReferOn, Transfer, Closed} }

// Label is it in words for people.
func (d Decision) Label() string {
	switch d {
	case Keep:
		return "Go on with the actions that were agreed"
	case ReferOn:
		return "Refer on to another process or service"
	case Transfer:
		return "Transfer to another MARAC"
	case Closed:
		return "Nothing more is to be done here"
	}
	return string(d)
}

// Represented lists who may be said to represent somebody: what is not known is no answer.
func Represented() []marac.Represented {
	return []marac.Represented{marac.Accepted, marac.ReferredIDVA, marac.TheyDeclined, marac.NoIDVA}
}

// State is what became of a text that was saved.
type State string

// The states.
const (
	Typed  State = "typed"
	Merged State = "merged" // it was put together with what somebody else had written
	Apart  State = "apart"  // it is kept beside the section until somebody settles it
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Typed:
		return "Saved"
	case Merged:
		return "Put together with what somebody else wrote"
	case Apart:
		return "Kept beside it"
	}
	return string(s)
}
