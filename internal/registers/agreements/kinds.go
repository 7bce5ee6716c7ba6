package agreements

// Kind is a kind of information about a person.
type Kind string

// The kinds of information: what an agreement speaks of, and what each part of
// what is sent is counted among.
const (
	Identity        Kind = "identity"
	Needs           Kind = "needs"
	SafeContact     Kind = "safe_contact"
	Address         Kind = "address"
	WhyReferred     Kind = "why_referred"
	OwnAccount      Kind = "own_account"
	Safety          Kind = "safety"
	Risk            Kind = "risk"
	Wishes          Kind = "wishes"
	Children        Kind = "children"
	Relationships   Kind = "relationships"
	Health          Kind = "health"
	Substances      Kind = "substances"
	Orders          Kind = "orders"
	CriminalHistory Kind = "criminal_history"
	Whereabouts     Kind = "whereabouts"
	Progress        Kind = "progress"
	Nobodys         Kind = "figures"
)

// Kinds lists them in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{
		Identity, Needs, SafeContact, Address, WhyReferred, OwnAccount, Safety, Risk, Wishes, Children, Relationships,
		Health, Substances, Orders, CriminalHistory, Whereabouts, Progress, Nobodys,
	}
}

// Label is the kind in words for people.
func (k Kind) Label() string {
	switch k {
	case Identity:
		return "Name, date of birth and gender"
	case Needs:
		return "Language and access needs"
	case SafeContact:
		return "How they can be reached safely"
	case Address:
		return "Address"
	case WhyReferred:
		return "Why they are referred"
	case OwnAccount:
		return "What they told"
	case Safety:
		return "Immediate safety"
	case Risk:
		return "Risk, as it was identified"
	case Wishes:
		return "What they need and want"
	case Children:
		return "Children: who they are, and whether they are safe"
	case Relationships:
		return "Who belongs to the household and the family"
	case Health:
		return "Health"
	case Substances:
		return "Alcohol and drugs"
	case Orders:
		return "Orders and hearings of a court"
	case CriminalHistory:
		return "Criminal history of somebody who harms"
	case Whereabouts:
		return "Where somebody who harms is"
	case Progress:
		return "What became of a referral"
	case Nobodys:
		return "Figures about nobody in particular"
	}
	return string(k)
}
