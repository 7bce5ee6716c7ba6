package court

// Court is what kind of court it is.
type Court string

// The courts.
const (
	Criminal Court = "criminal"
	Family   Court = "family"
	Civil    Court = "civil"
	Other    Court = "other"
)

// Courts lists them in the order in which they are offered.
func Courts() []Court { return []Court{Criminal, Family, Civil, Other} }

// Label is it in words for people.
func (c Court) Label() string {
	switch c {
	case Criminal:
		return "Criminal court"
	case Family:
		return "Family court"
	case Civil:
		return "Civil court"
	case Other:
		return "Another court or tribunal"
	}
	return string(c)
}

// Attends is whether the person goes.
type Attends string

// Whether they go.
const (
	InPerson   Attends = "yes"
	Remotely   Attends = "remote"
	StaysAway  Attends = "no"
	NotDecided Attends = "not_decided"
)

// Attendings lists them in the order in which they are offered.
func Attendings() []Attends { return []Attends{InPerson, Remotely, StaysAway, NotDecided} }

// Label is it in words for people.
func (a Attends) Label() string {
	switch a {
	case InPerson:
		return "In person"
	case Remotely:
		return "By video or telephone"
	case StaysAway:
		return "They do not go"
	case NotDecided:
		return "Not decided yet"
	}
	return string(a)
}

// Measures is where special measures stand: what protects the person in court.
type Measures string

// Where they stand.
const (
	NotAsked  Measures = "not_asked"
	Asked     Measures = "asked"
	Granted   Measures = "granted"
	Refused   Measures = "refused"
	NotNeeded Measures = "not_needed"
)

// MeasureStates lists them in the order in which they are offered.
func MeasureStates() []Measures { return []Measures{NotAsked, Asked, Granted, Refused, NotNeeded} }

// Label is it in words for people.
func (m Measures) Label() string {
	switch m {
	case NotAsked:
		return "Nobody has asked yet"
	case Asked:
		return "Asked for"
	case Granted:
		return "Granted"
	case Refused:
		return "Refused"
	case NotNeeded:
		return "The person does not want them"
	}
	return string(m)
}

// State is where a hearing stands.
type State string

// Where it stands.
const (
	Ahead     State = "ahead"
	Held      State = "held"
	Moved     State = "moved" // to another day: it is ahead again
	Cancelled State = "cancelled"
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Ahead:
		return "Ahead"
	case Held:
		return "It was held"
	case Moved:
		return "It was moved to another day"
	case Cancelled:
		return "It was cancelled"
	}
	return string(s)
}

// OrderState is where an order stands.
type OrderState string

// Where it stands.
const (
	Applied      OrderState = "applied"
	Made         OrderState = "made"
	OrderRefused OrderState = "refused"
	Ended        OrderState = "ended"
)

// OrderStates lists them in the order in which they are offered.
func OrderStates() []OrderState { return []OrderState{Applied, Made, OrderRefused, Ended} }

// Label is it in words for people.
func (s OrderState) Label() string {
	switch s {
	case Applied:
		return "Applied for"
	case Made:
		return "Made, and in force"
	case OrderRefused:
		return "Refused"
	case Ended:
		return "Ended"
	}
	return string(s)
}
