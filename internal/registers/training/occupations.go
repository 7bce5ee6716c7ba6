package training

import "slices"

// Occupation is the work somebody does.
type Occupation struct {
	Code string
	Name string
	// Level is what the work typically asks for.
	Level Level
	// Raised is the level that some local areas ask for, 0 where none does.
	Raised Level
	// Obligation is where the level comes from.
	Obligation string
}

// occupations is the starting table: level 1 by B14.7, level 2 by B14.9, level
// 3 by B14.13, level 4 by B14.15, and the one uplift that is foreseen by B14.10.
// It says what a role typically asks for; what an action asks for is a rule of
// its capability.
var occupations = []Occupation{
	{Code: "physiotherapist", Name: "Physiotherapist", Level: Hears, Obligation: "B14.7"},
	{Code: "speech_therapist", Name: "Speech therapist", Level: Hears, Obligation: "B14.7"},
	{Code: "dentist", Name: "Dentist", Level: Hears, Obligation: "B14.7"},
	{Code: "youth_worker", Name: "Youth worker", Level: Hears, Raised: Asks, Obligation: "B14.7"},
	{Code: "care_assistant", Name: "Care assistant", Level: Hears, Obligation: "B14.7"},
	{Code: "receptionist", Name: "Receptionist", Level: Hears, Obligation: "B14.7"},
	{Code: "interpreter", Name: "Interpreter", Level: Hears, Obligation: "B14.7"},
	{Code: "voluntary_worker", Name: "Voluntary or community worker outside specialist services", Level: Hears, Obligation: "B14.7"},

	{Code: "nurse", Name: "Nurse", Level: Asks, Obligation: "B14.9"},
	{Code: "emergency_doctor", Name: "Doctor in an emergency department", Level: Asks, Obligation: "B14.9"},
	{Code: "adult_social_care", Name: "Adult social care worker", Level: Asks, Obligation: "B14.9"},
	{Code: "ambulance_crew", Name: "Ambulance crew", Level: Asks, Obligation: "B14.9"},
	{Code: "childrens_centre", Name: "Children's centre worker", Level: Asks, Obligation: "B14.9"},
	{Code: "family_social_care", Name: "Children and family social care worker", Level: Asks, Obligation: "B14.9"},
	{Code: "gp", Name: "General practitioner", Level: Asks, Obligation: "B14.9"},
	{Code: "mental_health", Name: "Mental health professional", Level: Asks, Obligation: "B14.9"},
	{Code: "midwife", Name: "Midwife", Level: Asks, Obligation: "B14.9"},
	{Code: "health_visitor", Name: "Health visitor", Level: Asks, Obligation: "B14.9"},
	{Code: "paediatrician", Name: "Paediatrician", Level: Asks, Obligation: "B14.9"},
	{Code: "education_health", Name: "Health or care worker in education, school nurses included", Level: Asks, Obligation: "B14.9"},
	{Code: "prison_staff", Name: "Prison staff", Level: Asks, Obligation: "B14.9"},
	{Code: "substance_worker", Name: "Alcohol or drug worker", Level: Asks, Obligation: "B14.9"},

	{Code: "child_safeguarding", Name: "Child safeguarding social worker", Level: Assesses, Obligation: "B14.13"},
	{Code: "safeguarding_nurse", Name: "Safeguarding nurse", Level: Assesses, Obligation: "B14.13"},
	{Code: "midwife_extra", Name: "Midwife with further training in abuse", Level: Assesses, Obligation: "B14.13"},
	{Code: "health_visitor_extra", Name: "Health visitor with further training in abuse", Level: Assesses, Obligation: "B14.13"},
	{Code: "marac_representative", Name: "MARAC representative", Level: Assesses, Obligation: "B14.13"},
	{Code: "adult_safeguarding", Name: "Adult safeguarding worker", Level: Assesses, Obligation: "B14.13"},

	{Code: "idva", Name: "Independent domestic violence adviser (IDVA)", Level: Advises, Obligation: "B14.15"},
	{Code: "isva", Name: "Independent sexual violence adviser (ISVA)", Level: Advises, Obligation: "B14.15"},
	{Code: "refuge_worker", Name: "Refuge worker", Level: Advises, Obligation: "B14.15"},
	{Code: "abuse_counsellor", Name: "Counsellor or therapist for domestic or sexual violence", Level: Advises, Obligation: "B14.15"},
	{Code: "childrens_worker", Name: "Children's worker in a specialist service", Level: Advises, Obligation: "B14.15"},
}

// Occupations lists the starting table, lowest level first.
func Occupations() []Occupation { return slices.Clone(occupations) }

// OccupationByCode looks an occupation up.
func OccupationByCode(code string) (Occupation, bool) {
	i := slices.IndexFunc(occupations, func(o Occupation) bool { return o.Code == code })
	if i < 0 {
		return Occupation{}, false
	}
	return occupations[i], true
}
