package intake

import (
	"waymark/internal/casework/cases"
)

// Who asks.
type Who string

// Those who ask.
const (
	Self  Who = "self"
	Known Who = "known"
	Work  Who = "work"
)

// Whos lists them in the order in which they are offered.
func Whos() []Who { return []Who{Self, Known, Work} }

// Label is who asks, as the public pages put it.
func (w Who) Label() string {
	switch w {
	case Self:
		return "For myself"
	case Known:
		return "For somebody I know"
	case Work:
		return "For somebody I meet through my work"
	}
	return string(w)
}

// Staff is who asks, as the inbox puts it.
func (w Who) Staff() string {
	switch w {
	case Self:
		return "The person themselves"
	case Known:
		return "Somebody who knows them"
	case Work:
		return "Somebody who works with them"
	}
	return string(w)
}

// origin is how the work came to the agency.
func (w Who) origin() cases.Origin {
	if w == Self {
		return cases.AskedSelf
	}
	return cases.AskedFor
}

// days is within how many working days the person is to be reached.
func (w Who) days() int {
	if w == Self {
		return 1
	}
	return 2
}

// Say is a yes, a no, or neither.
type Say string

// The answers.
const (
	Yes    Say = "yes"
	No     Say = "no"
	Unsure Say = "unsure"
)

// Says lists them in the order in which they are offered.
func Says() []Say { return []Say{Yes, No, Unsure} }

// Label is the answer in words for people.
func (s Say) Label() string {
	switch s {
	case Yes:
		return "Yes"
	case No:
		return "No"
	case Unsure:
		return "I am not sure"
	}
	return ""
}

// Reply is whether a service may get in touch.
type Reply string

// The answers.
const (
	Reach   Reply = "reach"
	Through Reply = "through"
	Wait    Reply = "wait"
)

// Replies lists them in the order in which they are offered.
func Replies() []Reply { return []Reply{Reach, Through, Wait} }

// Label is the answer in words for people, as somebody says it of themselves.
func (r Reply) Label() string {
	switch r {
	case Reach:
		return "Yes, in the way that I describe"
	case Through:
		return "Only through somebody I trust"
	case Wait:
		return "No, I will get in touch myself"
	}
	return ""
}

// Other is the answer as it is said of somebody else.
func (r Reply) Other() string {
	switch r {
	case Reach:
		return "Yes, in the way that I describe"
	case Through:
		return "Only through me, or somebody they trust"
	case Wait:
		return "No, or I do not know"
	}
	return ""
}

// Means is a way of reaching somebody.
type Means string

// The means.
const (
	Call Means = "call"
	Text Means = "text"
	Mail Means = "email"
)

// MeansList lists them in the order in which they are offered.
func MeansList() []Means { return []Means{Call, Text, Mail} }

// Label is the way in words for people.
func (m Means) Label() string {
	switch m {
	case Call:
		return "A telephone call"
	case Text:
		return "A text message"
	case Mail:
		return "An e-mail"
	}
	return string(m)
}

// Agreed is whether the person knows that somebody asks for them.
type Agreed string

// The answers.
const (
	Agrees  Agreed = "agrees"
	Unknown Agreed = "unknown"
	Against Agreed = "against"
)

// Agreeds lists them in the order in which they are offered.
func Agreeds() []Agreed { return []Agreed{Agrees, Unknown, Against} }

// Label is the answer in words for people.
func (a Agreed) Label() string {
	switch a {
	case Agrees:
		return "Yes, and they want it"
	case Unknown:
		return "No, they do not know"
	case Against:
		return "They know, and do not want it"
	}
	return ""
}

// State is where an ask stands.
type State string

// The states.
const (
	Arrived      State = "arrived"
	Acknowledged State = "acknowledged"
	Accepted     State = "accepted"
	Declined     State = "declined"
)

// States lists them in the order of their time.
func States() []State { return []State{Arrived, Acknowledged, Accepted, Declined} }

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Arrived:
		return "Waiting for a person to take it"
	case Acknowledged:
		return "Taken by a person"
	case Accepted:
		return "Accepted"
	case Declined:
		return "Declined"
	}
	return string(s)
}

// Reason is why it is declined.
type Reason string

// The reasons.
const (
	NotOurs     Reason = "not_ours"
	OutOfArea   Reason = "not_our_area"
	NoRoom      Reason = "capacity"
	NotReached  Reason = "not_reachable"
	NotWanted   Reason = "not_wanted"
	NoRequest   Reason = "no_request"
	OtherReason Reason = "other"
)

// Reasons lists them in the order in which they are offered.
func Reasons() []Reason {
	return []Reason{NotOurs, OutOfArea, NoRoom, NotReached, NotWanted, NoRequest, OtherReason}
}

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case NotOurs:
		return "This is not what our service is for"
	case OutOfArea:
		return "They are outside our area"
	case NoRoom:
		return "We have no capacity"
	case NotReached:
		return "They could not be reached safely"
	case NotWanted:
		return "The person does not want it"
	case NoRequest:
		return "It asks for nothing, or was sent by mistake"
	case OtherReason:
		return "Another reason"
	}
	return string(r)
}

// MoveReasons lists why something may be moved, in the order in which it is
// offered.
func MoveReasons() []Reason { return []Reason{NotOurs, OutOfArea, NoRoom, OtherReason} }

// StepKind is what happened to what was asked, beside its answer.
type StepKind string

// The kinds.
const (
	SeenTo   StepKind = "seen_to" // by somebody who was asked because nobody took it
	MovedOn  StepKind = "moved"   // to another team of the agency
	Left     StepKind = "left"    // for another agency: that is all that stays of it
	CameHere StepKind = "came"    // from another agency
)

// Label is what happened, in words for people.
func (k StepKind) Label() string {
	switch k {
	case SeenTo:
		return "Seen to because nobody took it"
	case MovedOn:
		return "Moved from one team to another"
	case Left:
		return "Moved to another agency"
	case CameHere:
		return "Came from another agency"
	}
	return string(k)
}

// Box is one list of the inbox.
type Box string

// The boxes.
const (
	WaitingBox Box = "waiting"
	TakenBox   Box = "taken"
	SettledBox Box = "settled"
	MovedBox   Box = "moved"
)

// Boxes lists them in the order in which they are offered.
func Boxes() []Box { return []Box{WaitingBox, TakenBox, SettledBox, MovedBox} }

// Label is the box in words for people.
func (b Box) Label() string {
	switch b {
	case WaitingBox:
		return "Waiting"
	case TakenBox:
		return "Taken"
	case SettledBox:
		return "Answered"
	case MovedBox:
		return "Moved to another agency"
	}
	return string(b)
}
