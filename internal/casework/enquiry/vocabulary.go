package enquiry

// Choice is one answer that a form offers: what is stored, and its words.
type Choice struct{ Code, Label, Hint string }

// Choices is a closed list of answers, in the order in which they are offered.
type Choices []Choice

// Has tells whether a code is on the list.
func (c Choices) Has(code string) bool { return c.find(code) != nil }

// Label is a code in words for people; a code that is not on the list is its
// own words, so that an older record still shows what it says.
func (c Choices) Label(code string) string {
	if found := c.find(code); found != nil {
		return found.Label
	}
	return code
}

func (c Choices) find(code string) *Choice {
	for i := range c {
		if c[i].Code == code {
			return &c[i]
		}
	}
	return nil
}

// The answers to plain questions. The zero value means that it was not
// answered.
const (
	Yes      = "yes"
	No       = "no"
	NotKnown = "not_known"
)

// YesNo and YesNoNotKnown are the plain answers.
var (
	YesNo         = Choices{{Yes, "Yes", ""}, {No, "No", ""}}
	YesNoNotKnown = Choices{{Yes, "Yes", ""}, {No, "No", ""}, {NotKnown, "Not known", ""}}
)

// OtherSetting is a setting that is in no list.
const OtherSetting = "other"

// Settings are the kinds of service. The first eight ask everybody (B8.8);
// their codes are those of the measures.
var Settings = Choices{
	{"antenatal", "Antenatal care", ""},
	{"postnatal", "Postnatal care", ""},
	{"reproductive", "Reproductive care", ""},
	{"sexual_health", "Sexual health", ""},
	{"alcohol_drug", "Alcohol or drug service", ""},
	{"mental_health", "Mental health", ""},
	{"childrens", "Children's services", ""},
	{"vulnerable_adults", "Services for vulnerable adults", ""},
	{"emergency_department", "Emergency department", ""},
	{"general_practice", "General practice", ""},
	{"refuge", "Refuge", ""},
	{"rape_crisis", "Rape crisis service", ""},
	{"sexual_violence", "Sexual violence service", ""},
	{"abortion", "Abortion service", ""},
	{"ambulance", "Ambulance service", ""},
	{"housing", "Housing", ""},
	{"police", "Police", ""},
	{"education", "Education", ""},
	{OtherSetting, "Another service", ""},
}

// routineSettings is how many of the settings, from the first, ask everybody.
const routineSettings = 8

// AsksEverybody tells whether a setting is one of the eight in which everybody
// is asked, signs or not.
func AsksEverybody(setting string) bool { return Settings[:routineSettings].Has(setting) }

// Why asking was called for; several may hold.
const (
	Routine = "routine"
	Signs   = "signs"
	Raised  = "raised"
)

// Prompts are the reasons why asking was called for.
var Prompts = Choices{
	{Routine, "We ask everybody here", ""},
	{Signs, "There were signs", ""},
	{Raised, "They brought it up, or somebody else did", ""},
}

// Indicators are possible signs (doc.go says where they come from). The set
// can be edited: codes are kept, words may change.
var Indicators = Choices{
	{"mood", "Low mood, anxiety, post-traumatic stress or trouble sleeping", ""},
	{"self_harm", "Thoughts of suicide, or self-harm", ""},
	{"substances", "Drinking or using drugs or medicines to cope", ""},
	{"gut", "Gut trouble that goes on without an explanation", ""},
	{"gynaecological", "Gynaecological trouble without an explanation, pelvic pain, sexual difficulty", ""},
	{"pregnancy", "Late care in pregnancy, a concealed pregnancy, miscarriage, early labour, stillbirth, other poor outcome", ""},
	{"urinary", "Urinary trouble, frequent infections", ""},
	{"bleeding_sti", "Vaginal bleeding or a sexually transmitted infection", ""},
	{"pain", "Pain that goes on without an explanation", ""},
	{"injury", "An injury, most of all one that is repeated or badly explained", ""},
	{"nervous_system", "Headaches, fits or other signs of the nervous system", ""},
	{"many_visits", "Many visits without a diagnosis", ""},
	{"companion", "A companion who intrudes or answers for them", ""},
	{"other", "Another sign", ""},
}

// Who else was there.
const (
	WithPartner           = "partner"
	WithFamily            = "family"
	WithFriend            = "friend"
	WithChild             = "child"
	WithBaby              = "baby"
	WithInterpreter       = "interpreter"
	WithOtherProfessional = "professional"
)

// Companions are the people who may have been there.
var Companions = Choices{
	{WithPartner, "Partner or former partner", ""},
	{WithFamily, "Somebody else of the family", ""},
	{WithFriend, "A friend or other companion", ""},
	{WithChild, "A child who is no longer a baby in arms", ""},
	{WithBaby, "A baby in arms", ""},
	{WithInterpreter, "A professional interpreter", ""},
	{WithOtherProfessional, "Another professional", ""},
}

// harmless companions do not keep an enquiry from counting.
func harmless(companion string) bool { return companion == WithBaby || companion == WithInterpreter }

// Who interpreted.
const (
	InterpreterNone         = "none"
	InterpreterProfessional = "professional"
	InterpreterClinician    = "clinician"
	InterpreterRelative     = "relative"
)

// Interpreters are the ways in which language was bridged. The last is what
// may have happened, never something to arrange (B7.27).
var Interpreters = Choices{
	{InterpreterNone, "None was needed", ""},
	{InterpreterProfessional, "A professional interpreter, there or by telephone", ""},
	{InterpreterClinician, "Whoever asked shares the person's language", ""},
	{InterpreterRelative, "A relative or friend interpreted", "Only to record that it happened. It does not count as asked, and a task to ask again safely follows."},
}

// WhyNots are the reasons why nobody asked.
var WhyNots = Choices{
	{"not_alone", "They were not alone", ""},
	{"not_private", "There was no private place", ""},
	{"no_interpreter", "There was no professional interpreter", ""},
	{"not_safe", "It was not safe to ask", ""},
	{"emergency", "A clinical emergency came first", ""},
	{"other", "Another reason", ""},
}

// What was said.
const (
	Experiencing = "experiencing"
	Perpetrating = "perpetrating"
	Neither      = "neither"
	Declined     = "declined"
)

// Sayings are what may have been said; the first two may both be true.
var Sayings = Choices{
	{Experiencing, "They experience abuse, or have done", ""},
	{Perpetrating, "They abuse somebody, or have done", ""},
	{Neither, "Neither", ""},
	{Declined, "They preferred not to say", ""},
}

// FGM is recorded as a type and belongs elsewhere (G1).
const FGM = "fgm"

// Definition is the version of the definition of abuse that the types and
// relations below follow (G1).
const Definition = "guideline-2014"

// Types are the types of abuse.
var Types = Choices{
	{"psychological", "Psychological", ""},
	{"physical", "Physical", ""},
	{"sexual", "Sexual", ""},
	{"financial", "Financial", ""},
	{"emotional", "Emotional", ""},
	{"honour", "'Honour'-based abuse", ""},
	{"forced_marriage", "Forced marriage", ""},
	{FGM, "Female genital mutilation (FGM)", "Recorded here, and referred along its own safeguarding route."},
}

// Shapes tell a pattern from an incident.
var Shapes = Choices{
	{"pattern", "A pattern", ""},
	{"incident", "A single incident", ""},
	{NotKnown, "Not known yet", ""},
}

// Relations are who the other one is to the person.
var Relations = Choices{
	{"partner", "Present partner", ""},
	{"former_partner", "Former partner", ""},
	{"family", "Family member of 16 or over", ""},
	{"other", "Somebody else", ""},
}

// Times tell whether abuse goes on (B10.8).
var Times = Choices{
	{"current", "It goes on now", ""},
	{"recent", "Recent, and may go on", ""},
	{"historic", "In the past", ""},
	{NotKnown, "Not known yet", ""},
}

// ActOther is something else that was done at once.
const ActOther = "other"

// Acts are what may have been done at once.
var Acts = Choices{
	{"999", "Called 999", ""},
	{"safeguarding", "Made a safeguarding referral by telephone", ""},
	{"safe_place", "Took somebody to a safe place", ""},
	{ActOther, "Something else", ""},
}
