package provision

// Kind is what a service does.
type Kind string

// The kinds.
const (
	IDVA            Kind = "idva"
	MARAC           Kind = "marac"
	Helpline        Kind = "helpline"
	DomesticAbuse   Kind = "domestic_abuse"
	Refuge          Kind = "refuge"
	Housing         Kind = "housing"
	SupportGroup    Kind = "support_group"
	SexualViolence  Kind = "sexual_violence"
	ChildrensCare   Kind = "childrens_social_care"
	ChildrenService Kind = "children"
	AdultCare       Kind = "adult_safeguarding"
	Alcohol         Kind = "alcohol"
	Drugs           Kind = "drugs"
	MentalHealth    Kind = "mental_health"
	Practice        Kind = "general_practice"
	ForcedMarriage  Kind = "forced_marriage"
	Entitlement     Kind = "entitlement"
	Interpreting    Kind = "interpreting"
	Programme       Kind = "programme"
	Prison          Kind = "prison"
)

// Kinds lists them in the order in which they are offered.
func Kinds() []Kind {
	return []Kind{
		DomesticAbuse, IDVA, MARAC, Refuge, Helpline, SupportGroup, Housing, SexualViolence, ChildrensCare, ChildrenService, AdultCare,
		Alcohol, Drugs, MentalHealth, Practice, ForcedMarriage, Entitlement, Interpreting, Programme, Prison,
	}
}

// Label is it in words for people.
func (k Kind) Label() string {
	switch k {
	case IDVA:
		return "IDVA service"
	case MARAC:
		return "MARAC"
	case Helpline:
		return "Helpline"
	case DomesticAbuse:
		return "Domestic-abuse service"
	case Refuge:
		return "Refuge"
	case Housing:
		return "Housing worker"
	case SupportGroup:
		return "Local support group"
	case SexualViolence:
		return "Sexual-violence service"
	case ChildrensCare:
		return "Children's social care"
	case ChildrenService:
		return "Service for children and young people"
	case AdultCare:
		return "Adult safeguarding"
	case Alcohol:
		return "Alcohol service"
	case Drugs:
		return "Drug service"
	case MentalHealth:
		return "Mental-health service"
	case Practice:
		return "General practice"
	case ForcedMarriage:
		return "Advice on forced marriage and 'honour'-based abuse"
	case Entitlement:
		return "Advice on immigration and entitlement"
	case Interpreting:
		return "Professional interpreting"
	case Programme:
		return "Programme for people who harm"
	case Prison:
		return "Work with people in prison"
	}
	return string(k)
}

// Side is who a service is for.
type Side string

// The sides.
const (
	Experiencing Side = "experiencing"
	Perpetrating Side = "perpetrating"
	Child        Side = "child"
)

// Sides lists them in the order in which they are offered.
func Sides() []Side { return []Side{Experiencing, Perpetrating, Child} }

// Label is it in words for people.
func (s Side) Label() string {
	switch s {
	case Experiencing:
		return "People who experience abuse"
	case Perpetrating:
		return "People who harm"
	case Child:
		return "Children and young people"
	}
	return string(s)
}

// Place is where people are from whom a service takes.
type Place string

// The places.
const (
	Here     Place = "area"
	InPrison Place = "prison"
	Across   Place = "across"
)

// Places lists them in the order in which they are offered.
func Places() []Place { return []Place{Here, InPrison, Across} }

// Label is it in words for people.
func (p Place) Label() string {
	switch p {
	case Here:
		return "People who live in the area"
	case InPrison:
		return "People in prison"
	case Across:
		return "People who live across the boundary of the area"
	}
	return string(p)
}

// Short is it in a few words, after whom it is about.
func (p Place) Short() string {
	switch p {
	case Here:
		return "in the area"
	case InPrison:
		return "in prison"
	case Across:
		return "across the boundary"
	}
	return string(p)
}

// Trait is something about people on which services turn some away, or for which
// some are made.
type Trait string

// The traits.
const (
	Young       Trait = "young"
	Older       Trait = "older"
	Disabled    Trait = "disabled"
	Deaf        Trait = "deaf"
	LGBT        Trait = "lgbt"
	Minority    Trait = "minority"
	Belief      Trait = "belief"
	Men         Trait = "men"
	Women       Trait = "women"
	Pregnant    Trait = "pregnant"
	Language    Trait = "language"
	NoRecourse  Trait = "no_recourse"
	Substances  Trait = "substances"
	MentalIll   Trait = "mental_health"
	Honour      Trait = "honour"
	Homeless    Trait = "homeless"
	WithAChild  Trait = "with_children"
	CareAtHome  Trait = "care"
	NoTelephone Trait = "no_telephone"
)

// Traits lists them in the order in which they are offered.
func Traits() []Trait {
	return []Trait{
		Women, Men, LGBT, Young, Older, Disabled, Deaf, CareAtHome, Pregnant, WithAChild, Minority, Belief, Language, NoRecourse, Honour, Substances, MentalIll, Homeless,
		NoTelephone,
	}
}

// Label is it in words for people.
func (t Trait) Label() string {
	switch t {
	case Young:
		return "People of 16 and 17"
	case Older:
		return "Older people"
	case Disabled:
		return "Disabled people"
	case Deaf:
		return "Deaf people"
	case LGBT:
		return "LGBT+ people"
	case Minority:
		return "People of minority ethnic groups"
	case Belief:
		return "People of a religion or belief"
	case Men:
		return "Men"
	case Women:
		return "Women"
	case Pregnant:
		return "People who are pregnant or have a baby"
	case Language:
		return "People who need an interpreter"
	case NoRecourse:
		return "People with no recourse to public funds"
	case Substances:
		return "People who drink or use drugs"
	case MentalIll:
		return "People with mental-health problems"
	case Honour:
		return "People at risk of forced marriage or 'honour'-based abuse"
	case Homeless:
		return "People with nowhere safe to live"
	case WithAChild:
		return "People with children"
	case CareAtHome:
		return "Adults who need care and support"
	case NoTelephone:
		return "People who have no telephone of their own"
	}
	return string(t)
}
