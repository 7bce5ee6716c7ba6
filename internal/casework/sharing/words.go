package sharing

import (
	"slices"
	"strconv"
	"strings"
)

// Reason is what a share is for among the workflows.
type Reason string

// The reasons.
const (
	Referral Reason = "referral"
	Feedback Reason = "feedback"
	// Correction goes in the place of something that was sent.
	Correction Reason = "correction"
	// MARACReferral brings somebody to a MARAC.
	MARACReferral Reason = "marac_referral"
)

// Label is the reason in words for people.
func (r Reason) Label() string {
	switch r {
	case Referral:
		return "Referral"
	case Feedback:
		return "Feedback on your referral"
	case Correction:
		return "Correction of what was sent"
	case MARACReferral:
		return "Referral to MARAC"
	}
	return string(r)
}

// Basis is the ground in law for sharing. What the person wants is recorded
// apart from it, as views.
type Basis string

// The bases. No basis outranks another; which holds depends on who shares.
const (
	PublicTask           Basis = "public_task"
	LegalObligation      Basis = "legal_obligation"
	VitalInterests       Basis = "vital_interests"
	LegitimateInterests  Basis = "legitimate_interests"
	RecognisedLegitimate Basis = "recognised_legitimate_interest"
)

// Bases lists them in the order in which they are offered.
func Bases() []Basis {
	return []Basis{PublicTask, LegalObligation, VitalInterests, LegitimateInterests, RecognisedLegitimate}
}

// Label is the basis in words for people.
func (b Basis) Label() string {
	switch b {
	case PublicTask:
		return "Public task"
	case LegalObligation:
		return "Legal obligation"
	case VitalInterests:
		return "Vital interests"
	case LegitimateInterests:
		return "Legitimate interests"
	case RecognisedLegitimate:
		return "Recognised legitimate interest (safeguarding)"
	case "":
		return "Not stated yet: to be justified after"
	}
	return string(b)
}

// Hint helps to choose.
func (b Basis) Hint() string {
	switch b {
	case PublicTask:
		return "A public body doing what it is there to do."
	case LegalObligation:
		return "The law says that you must."
	case VitalInterests:
		return "To save somebody's life."
	case LegitimateInterests:
		return "Often the basis of a charity, after weighing it against the person's interests."
	case RecognisedLegitimate:
		return "To safeguard a child or an adult at risk. Not for a public authority's own tasks."
	}
	return ""
}

// Agreement is the sharing agreements a share was made under: each with the
// number of its version, with commas.
type Agreement string

// NoAgreement says that there is none, so that the basis stands alone.
const NoAgreement Agreement = "none"

// Label is the agreement in words for people.
func (a Agreement) Label() string {
	switch n := strings.Count(string(a), ",") + 1; {
	case a == "":
		return ""
	case a == NoAgreement:
		return "No sharing agreement: the lawful basis is stated for this share alone, and the sender’s key contact looks at it"
	case n == 1:
		return "Under the sharing agreement between the two agencies"
	default:
		return "Under " + strconv.Itoa(n) + " sharing agreements between the two agencies"
	}
}

// first is the agreement that a share is counted under; of several the oldest.
func (a Agreement) first() string {
	if a == NoAgreement {
		return ""
	}
	id, _, _ := strings.Cut(string(a), "/")
	return id
}

// Asked is what the person said when they were asked about the share.
type Asked string

// The answers.
const (
	Agrees  Asked = "agrees"
	Opposes Asked = "does_not_agree"
	NotYet  Asked = "not_asked"
)

// Answers lists them in the order in which they are offered.
func Answers() []Asked { return []Asked{Agrees, Opposes, NotYet} }

// Label is the answer in words for people.
func (a Asked) Label() string {
	switch a {
	case Agrees:
		return "They agree"
	case Opposes:
		return "They do not agree"
	case NotYet:
		return "They were not asked"
	case "":
		return "Not recorded yet: to be justified after"
	}
	return string(a)
}

// Informed tells whether the person knows that it is shared, and with whom.
type Informed string

// The ways.
const (
	Told   Informed = "yes"
	Unsafe Informed = "unsafe"
)

// InformedWays lists them in the order in which they are offered.
func InformedWays() []Informed { return []Informed{Told, Unsafe} }

// Label is the way in words for people.
func (i Informed) Label() string {
	switch i {
	case Told:
		return "Yes, they know what is shared and with whom"
	case Unsafe:
		return "No: telling them now is not safe or not possible"
	case "":
		return "Not recorded yet: to be justified after"
	}
	return string(i)
}

// ItemKind is what an item of a packet is about.
type ItemKind string

// The kinds of item.
const (
	WhyItem      ItemKind = "why"
	SaidItem     ItemKind = "said"
	SafetyItem   ItemKind = "safety"
	ContactItem  ItemKind = "contact"
	RiskItem     ItemKind = "risk"
	NeedsItem    ItemKind = "needs"
	ChildrenItem ItemKind = "children"
	NewsItem     ItemKind = "news"
)

// ItemKinds lists them in the order in which they are read.
func ItemKinds() []ItemKind {
	return []ItemKind{WhyItem, SafetyItem, ContactItem, SaidItem, RiskItem, ChildrenItem, NeedsItem, NewsItem}
}

// Label is the kind in words for people.
func (k ItemKind) Label() string {
	switch k {
	case WhyItem:
		return "Why they are referred"
	case SaidItem:
		return "What they told the sender"
	case SafetyItem:
		return "Immediate safety"
	case ContactItem:
		return "How they can be reached safely, as the sender was told"
	case RiskItem:
		return "Risk, as the sender identified it"
	case NeedsItem:
		return "What they need and want"
	case ChildrenItem:
		return "Children"
	case NewsItem:
		return "What became of the referral"
	}
	return string(k)
}

// Outcome is what became of a share at the receiver.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	Declined Outcome = "declined"
	Read     Outcome = "read"
)

// State is where a share stands.
type State string

// The states, in the order of their time.
const (
	Waiting      State = "waiting"
	Acknowledged State = "acknowledged"
	Settled      State = "settled"
	Expired      State = "expired"
	Withdrawn    State = "withdrawn"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Waiting:
		return "Waiting for a person to acknowledge it"
	case Acknowledged:
		return "Acknowledged"
	case Settled:
		return "Settled"
	case Expired:
		return "Expired"
	case Withdrawn:
		return "Withdrawn"
	}
	return string(s)
}

// Box is one list of an inbox.
type Box string

// The boxes.
const (
	WaitingBox      Box = "waiting"
	AcknowledgedBox Box = "acknowledged"
	DecidedBox      Box = "decided"
	WithdrawnBox    Box = "withdrawn"
)

// Boxes lists them in the order in which they are offered.
func Boxes() []Box { return []Box{WaitingBox, AcknowledgedBox, DecidedBox, WithdrawnBox} }

// Label is the box in words for people.
func (b Box) Label() string {
	switch b {
	case WaitingBox:
		return "Waiting"
	case AcknowledgedBox:
		return "Acknowledged"
	case DecidedBox:
		return "Decided"
	case WithdrawnBox:
		return "Withdrawn"
	}
	return string(b)
}

func known[T comparable](list []T, v T) bool { return slices.Contains(list, v) }
