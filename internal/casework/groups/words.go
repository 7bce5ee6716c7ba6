package groups

// Kind is what a group is.
type Kind string

// The kinds. They are those of this project; what each group does is written
// down with it.
const (
	Support   Kind = "support"
	Skills    Kind = "skills"
	Recovery  Kind = "recovery"
	Children  Kind = "children"
	Parenting Kind = "parenting"
	Change    Kind = "behaviour_change"
	OtherKind Kind = "other"
)

// Kinds lists them in the order in which they are offered.
func Kinds() []Kind { return []Kind{Support, Skills, Recovery, Children, Parenting, Change, OtherKind} }

// Label is it in words for people.
func (k Kind) Label() string {
	switch k {
	case Support:
		return "Support group"
	case Skills:
		return "Programme to build skills"
	case Recovery:
		return "Recovery programme"
	case Children:
		return "Group for children or young people"
	case Parenting:
		return "Group for parents and children"
	case Change:
		return "Group for people who harm, to change what they do"
	case OtherKind:
		return "Another group"
	}
	return string(k)
}

// Side is for whom a group is.
type Side string

// The sides.
const (
	ForExperiencing Side = "experiencing"
	ForChildren     Side = "children"
	ForPerpetrating Side = "perpetrating"
)

// Sides lists them in the order in which they are offered.
func Sides() []Side { return []Side{ForExperiencing, ForChildren, ForPerpetrating} }

// Label is it in words for people.
func (s Side) Label() string {
	switch s {
	case ForExperiencing:
		return "People who experience harm"
	case ForChildren:
		return "Children and young people"
	case ForPerpetrating:
		return "People who harm"
	}
	return string(s)
}

// Confidential is whether a group keeps what is said to itself.
type Confidential string

// The answers. Not known is not no.
const (
	Keeps     Confidential = "yes"
	KeepsNot  Confidential = "no"
	KeepsUnkn Confidential = "not_known"
)

// Confidentials lists them in the order in which they are offered.
func Confidentials() []Confidential { return []Confidential{Keeps, KeepsNot, KeepsUnkn} }

// Label is it in words for people.
func (c Confidential) Label() string {
	switch c {
	case Keeps:
		return "Yes: what is said there stays there"
	case KeepsNot:
		return "No"
	case KeepsUnkn:
		return "Not known: find out before it is offered"
	}
	return string(c)
}

// GroupState is whether a group goes on.
type GroupState string

// The states of a group.
const (
	Active GroupState = "active"
	Ended  GroupState = "ended"
)

// Label is it in words for people.
func (s GroupState) Label() string {
	if s == Ended {
		return "Ended"
	}
	return "Goes on"
}

// SessionState is whether a session stands.
type SessionState string

// The states of a session.
const (
	Planned   SessionState = "planned"
	CalledOff SessionState = "cancelled"
)

// State is where an offer of a group stands.
type State string

// The states.
const (
	Thinking  State = "thinking"
	Declined  State = "declined"
	NotSafe   State = "not_safe" // now
	Waiting   State = "waiting"  // for a place
	Asked     State = "asked"    // a manager decides
	Refused   State = "refused"  // by the manager
	Joined    State = "joined"
	Left      State = "left"
	Withdrawn State = "withdrawn" // before they had a place
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Thinking:
		return "They are thinking about it"
	case Declined:
		return "Declined"
	case NotSafe:
		return "Not safe now"
	case Waiting:
		return "Waits for a place"
	case Asked:
		return "Waits for a manager"
	case Refused:
		return "A manager did not let it stand"
	case Joined:
		return "Has a place"
	case Left:
		return "Left"
	case Withdrawn:
		return "Does not wait any more"
	}
	return string(s)
}

// open tells whether something is still to come of it.
func (s State) open() bool { return s == Thinking || s == Waiting || s == Asked || s == Joined }

// Answer is what somebody says to a group.
type Answer string

// The answers.
const (
	Accepts   Answer = "accepted"
	Thinks    Answer = "thinking"
	Declines  Answer = "declined"
	UnsafeNow Answer = "not_safe"
)

// Answers lists them in the order in which they are offered.
func Answers() []Answer { return []Answer{Accepts, Thinks, Declines, UnsafeNow} }

// Label is it in words for people.
func (a Answer) Label() string {
	switch a {
	case Accepts:
		return "They would like to join"
	case Thinks:
		return "They are thinking about it"
	case Declines:
		return "They do not want it"
	case UnsafeNow:
		return "It is not safe for them to go now"
	}
	return string(a)
}

// Reason is why something was declined, or why somebody left.
type Reason string

// The reasons.
const (
	NoReason    Reason = ""
	NotWanted   Reason = "not_wanted"
	NotNow      Reason = "not_now"
	WrongTime   Reason = "time_or_place"
	Childcare   Reason = "childcare"
	Language    Reason = "language"
	WhoIsThere  Reason = "who_is_there"
	OneToOne    Reason = "one_to_one"
	NotSaid     Reason = "not_said"
	Completed   Reason = "completed"
	HadEnough   Reason = "had_enough"
	Moved       Reason = "moved_away"
	Unsafe      Reason = "not_safe"
	GroupEnded  Reason = "group_ended"
	CaseClosed  Reason = "case_closed"
	FoundOther  Reason = "found_other"
	ServiceSaid Reason = "service_decided"
)

// WhyDeclined lists the reasons for which a group is declined.
func WhyDeclined() []Reason {
	return []Reason{NotWanted, NotNow, WrongTime, Childcare, Language, WhoIsThere, OneToOne, NotSaid}
}

// WhyLeft lists the reasons for which somebody leaves.
func WhyLeft() []Reason {
	return []Reason{Completed, HadEnough, WrongTime, Childcare, Language, WhoIsThere, Moved, FoundOther, Unsafe, GroupEnded, ServiceSaid, NotSaid}
}

// Label is it in words for people.
func (r Reason) Label() string {
	switch r {
	case NoReason:
		return ""
	case NotWanted:
		return "It is not what they want"
	case NotNow:
		return "Not now"
	case WrongTime:
		return "The time or the place does not fit"
	case Childcare:
		return "Nobody to look after the children"
	case Language:
		return "Not in their language"
	case WhoIsThere:
		return "Somebody they know goes there"
	case OneToOne:
		return "They would rather speak to one person"
	case NotSaid:
		return "They did not say why"
	case Completed:
		return "They came to the end of it"
	case HadEnough:
		return "They have had what they wanted of it"
	case Moved:
		return "They moved away"
	case Unsafe:
		return "It is not safe for them to go any more"
	case GroupEnded:
		return "The group ended"
	case CaseClosed:
		return "The case was closed"
	case FoundOther:
		return "They found something else"
	case ServiceSaid:
		return "The service decided it"
	}
	return string(r)
}

// Outcome is what became of somebody's session.
type Outcome string

// The outcomes.
const (
	NotMarked   Outcome = ""
	Came        Outcome = "attended"
	CameNot     Outcome = "not_attended"
	SaidNo      Outcome = "cancelled"
	NotSafeToGo Outcome = "not_safe"
)

// Outcomes lists them in the order in which they are offered.
func Outcomes() []Outcome { return []Outcome{Came, CameNot, SaidNo, NotSafeToGo} }

// Label is it in words for people.
func (o Outcome) Label() string {
	switch o {
	case NotMarked:
		return "Not recorded"
	case Came:
		return "Came"
	case CameNot:
		return "Did not come"
	case SaidNo:
		return "Said beforehand that they cannot"
	case NotSafeToGo:
		return "It was not safe to come"
	}
	return string(o)
}
