package settings

// Setting is one of the kinds of place in which people may be identified.
type Setting string

// The ten settings (B9.15).
const (
	Emergency     Setting = "emergency"
	Practice      Setting = "general_practice"
	RefugeSetting Setting = "refuge"
	SexualHealth  Setting = "sexual_health"
	Maternity     Setting = "maternity"
	MentalHealth  Setting = "mental_health"
	RapeCrisis    Setting = "rape_crisis"
	SexualHarm    Setting = "sexual_violence"
	AlcoholDrug   Setting = "alcohol_drug"
	Abortion      Setting = "abortion"
)

// Ten lists the settings.
func Ten() []Setting {
	return []Setting{Emergency, Practice, RefugeSetting, SexualHealth, Maternity, MentalHealth, RapeCrisis, SexualHarm, AlcoholDrug, Abortion}
}

// Label is it in words for people.
func (s Setting) Label() string {
	switch s {
	case Emergency:
		return "Emergency departments"
	case Practice:
		return "General practice"
	case RefugeSetting:
		return "Refuges"
	case SexualHealth:
		return "Sexual health services"
	case Maternity:
		return "Maternity services"
	case MentalHealth:
		return "Mental health services"
	case RapeCrisis:
		return "Rape crisis services"
	case SexualHarm:
		return "Sexual violence services"
	case AlcoholDrug:
		return "Alcohol and drug services"
	case Abortion:
		return "Abortion services"
	}
	return string(s)
}

// Code is how records of asking call a setting, or a part of it, with its words.
type Code struct{ Code, Label string }

// Codes are the codes of the setting in records of asking.
func (s Setting) Codes() []Code {
	switch s {
	case Emergency:
		return []Code{{"emergency_department", s.Label()}}
	case Maternity:
		return []Code{{"antenatal", "Antenatal care"}, {"postnatal", "Postnatal care"}}
	case Practice, RefugeSetting, SexualHealth, MentalHealth, RapeCrisis, SexualHarm, AlcoholDrug, Abortion:
	}
	return []Code{{string(s), s.Label()}}
}

// How is how support is offered in a setting.
type How string

// The ways.
const (
	OnSite      How = "on_site"
	Visits      How = "visits"
	ByReferral  How = "referral"
	Information How = "information"
)

// Hows lists them in the order in which they are offered.
func Hows() []How { return []How{OnSite, Visits, ByReferral, Information} }

// Label is it in words for people.
func (h How) Label() string {
	switch h {
	case OnSite:
		return "Somebody is there"
	case Visits:
		return "Somebody comes at set times"
	case ByReferral:
		return "Staff offer it and refer"
	case Information:
		return "Staff point the way"
	}
	return string(h)
}
