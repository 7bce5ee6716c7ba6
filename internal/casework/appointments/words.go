package appointments

// Way is how somebody is met.
type Way string

// The ways.
const (
	AtPlace   Way = "place"
	Elsewhere Way = "elsewhere"
	Telephone Way = "telephone"
	Video     Way = "video"
)

// Ways lists them in the order in which they are offered.
func Ways() []Way { return []Way{AtPlace, Telephone, Video, Elsewhere} }

// Label is it in words for people.
func (w Way) Label() string {
	switch w {
	case AtPlace:
		return "At one of our places"
	case Elsewhere:
		return "Somewhere else"
	case Telephone:
		return "By telephone"
	case Video:
		return "By video"
	}
	return string(w)
}

// PlaceKind is what a place is.
type PlaceKind string

// The kinds of place.
const (
	Office    PlaceKind = "office"
	Clinic    PlaceKind = "clinic"
	Community PlaceKind = "community"
	Court     PlaceKind = "court"
	OtherKind PlaceKind = "other"
)

// PlaceKinds lists them in the order in which they are offered.
func PlaceKinds() []PlaceKind { return []PlaceKind{Office, Clinic, Community, Court, OtherKind} }

// Label is it in words for people.
func (k PlaceKind) Label() string {
	switch k {
	case Office:
		return "Our own office"
	case Clinic:
		return "A clinic or surgery"
	case Community:
		return "A community building"
	case Court:
		return "A court"
	case OtherKind:
		return "Another place"
	}
	return string(k)
}

// State is where an appointment stands.
type State string

// The states.
const (
	Asked     State = "asked" // a manager decides; it holds nothing
	Booked    State = "booked"
	Cancelled State = "cancelled"
	Declined  State = "declined" // by the manager
	Attended  State = "attended"
	NotCome   State = "not_attended"
	LeftEarly State = "left"
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Asked:
		return "Waits for a manager"
	case Booked:
		return "Booked"
	case Cancelled:
		return "Cancelled"
	case Declined:
		return "A manager did not let it stand"
	case Attended:
		return "They came"
	case NotCome:
		return "They did not come"
	case LeftEarly:
		return "They left before the end"
	}
	return string(s)
}

// Outcomes lists what can have become of an appointment.
func Outcomes() []State { return []State{Attended, NotCome, LeftEarly} }

// By is who cancelled.
type By string

// Who cancels.
const (
	ByNobody  By = ""
	ByPerson  By = "person"
	ByService By = "service"
)

// Bys lists them in the order in which they are offered.
func Bys() []By { return []By{ByPerson, ByService} }

// Label is it in words for people.
func (b By) Label() string {
	switch b {
	case ByPerson:
		return "They did"
	case ByService:
		return "We did"
	case ByNobody:
	}
	return ""
}

// Interpreter is how the language of somebody is met. A relative or a friend is
// no way of doing so, and is not among them (B7.27).
type Interpreter string

// The ways of meeting a language (B7.26).
const (
	NotSaid      Interpreter = ""
	NotNeeded    Interpreter = "none"
	Professional Interpreter = "professional"
	Operator     Interpreter = "telephone"
	Shared       Interpreter = "shared"
	ToBook       Interpreter = "to_book"
)

// Interpreters lists them in the order in which they are offered.
func Interpreters() []Interpreter {
	return []Interpreter{Professional, Operator, Shared, ToBook, NotNeeded}
}

// Label is it in words for people.
func (i Interpreter) Label() string {
	switch i {
	case Professional:
		return "A professional interpreter is booked"
	case Operator:
		return "A telephone interpreting service"
	case Shared:
		return "The worker speaks their language"
	case ToBook:
		return "A professional interpreter is still to be booked"
	case NotNeeded:
		return "They say that they need none"
	case NotSaid:
		return "Not needed"
	}
	return string(i)
}

// Circle is whether an interpreter belongs to the same circle as the person.
type Circle string

// The answers. Not asked is not no.
const (
	CircleNotAsked Circle = ""
	OtherCircle    Circle = "no"
	SameCircle     Circle = "yes"
	CircleUnknown  Circle = "not_known"
)

// Circles lists them in the order in which they are offered.
func Circles() []Circle { return []Circle{OtherCircle, SameCircle, CircleUnknown} }

// Label is it in words for people.
func (c Circle) Label() string {
	switch c {
	case OtherCircle:
		return "No"
	case SameCircle:
		return "Yes"
	case CircleUnknown:
		return "Not known"
	case CircleNotAsked:
	}
	return ""
}

// Spoke is who interpreted, as it was.
type Spoke string

// Who interpreted. A relative is what happened, and no way of booking.
const (
	NobodyInterpreted Spoke = ""
	ByProfessional    Spoke = "professional"
	ByWorker          Spoke = "worker"
	ByRelative        Spoke = "relative"
)

// Spokes lists them in the order in which they are offered.
func Spokes() []Spoke { return []Spoke{ByProfessional, ByWorker, ByRelative} }

// Label is it in words for people.
func (s Spoke) Label() string {
	switch s {
	case ByProfessional:
		return "A professional interpreter"
	case ByWorker:
		return "The worker spoke their language"
	case ByRelative:
		return "A relative or friend: as what happened"
	case NobodyInterpreted:
		return "Nobody"
	}
	return string(s)
}
