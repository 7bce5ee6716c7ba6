package enquiry

import (
	"log/slog"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"waymark/internal/platform/forms"
)

// ID names an enquiry.
type ID string

// Enquiry is what happened at one contact. Empty means not answered; nothing
// is filled in that nobody said. Codes are those of the lists in this package.
type Enquiry struct {
	Setting      string   `json:"setting"`
	SettingWords string   `json:"settingWords,omitempty"` // which other service
	On           string   `json:"on"`                     // YYYY-MM-DD
	Prompts      []string `json:"prompts,omitempty"`      // why asking was called for
	Indicators   []string `json:"indicators,omitempty"`

	Alone     string   `json:"alone,omitempty"`   // seen alone: yes, no
	Present   []string `json:"present,omitempty"` // who else was there
	Private   string   `json:"private,omitempty"`
	FeltSafe  string   `json:"feltSafe,omitempty"` // where they were asked (B8.5)
	Asked     string   `json:"asked,omitempty"`
	WhyNot    string   `json:"whyNot,omitempty"`
	WhyNotSay string   `json:"whyNotWords,omitempty"`

	Interpreter    string `json:"interpreter,omitempty"`
	BookingRef     string `json:"bookingRef,omitempty"`
	OperatorNumber string `json:"operatorNumber,omitempty"`

	Said          []string `json:"said,omitempty"`
	ToldTo        string   `json:"toldTo,omitempty"` // who heard it, when not whoever recorded it (G2)
	Types         []string `json:"types,omitempty"`
	Shape         string   `json:"shape,omitempty"` // pattern, incident
	Relations     []string `json:"relations,omitempty"`
	Time          string   `json:"time,omitempty"` // current, recent, historic
	Words         string   `json:"words,omitempty"`
	Wishes        string   `json:"wishes,omitempty"`
	WishesPresent string   `json:"wishesPresent,omitempty"` // who was there when they said so

	Children       string `json:"children,omitempty"` // in the household
	ChildrenNumber int    `json:"childrenNumber,omitempty"`
	// ChildSaid is what a child said, in the child's own words: empty for whoever
	// may not read that compartment. ChildKept tells that something is kept there.
	ChildSaid string `json:"childSaid,omitempty"`
	ChildKept bool   `json:"childKept,omitempty"`

	Safe       string   `json:"safe,omitempty"` // safe to go home
	SafetyDone string   `json:"safetyDone,omitempty"`
	Acts       []string `json:"acts,omitempty"` // done at once
	ActWords   string   `json:"actWords,omitempty"`
}

// LogValue implements [slog.LogValuer].
func (Enquiry) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Says tells whether the person said something.
func (e Enquiry) Says(code string) bool { return slices.Contains(e.Said, code) }

// Disclosed tells whether the person said that they experience or perpetrate
// something, inside the definition of abuse or not.
func (e Enquiry) Disclosed() bool { return e.Says(Experiencing) || e.Says(Perpetrating) }

// FGM tells whether FGM was recorded.
func (e Enquiry) FGM() bool { return slices.Contains(e.Types, FGM) }

// Abuse tells whether what was disclosed is abuse by the definition: not when
// FGM is all that it was (G1).
func (e Enquiry) Abuse() bool {
	return e.Disclosed() && (len(e.Types) == 0 || slices.ContainsFunc(e.Types, func(t string) bool { return t != FGM }))
}

// ActedNow tells whether something was done at once.
func (e Enquiry) ActedNow() bool { return len(e.Acts) > 0 || e.ActWords != "" }

// Routine tells whether the contact was one at which the service asks
// everybody: the setting is one of the eight, or the worker says so.
func (e Enquiry) Routine() bool {
	return AsksEverybody(e.Setting) || slices.Contains(e.Prompts, Routine)
}

// ShowedSigns tells whether there were possible signs of abuse.
func (e Enquiry) ShowedSigns() bool {
	return slices.Contains(e.Prompts, Signs) || len(e.Indicators) > 0
}

// Work tells whether there is something to do beyond having asked.
func (e Enquiry) Work() bool {
	return e.Disclosed() || e.FGM() || e.Safe == No || e.ActedNow()
}

const (
	lineMax = 200
	textMax = 2000
	// childrenMax keeps a slip of the keyboard out.
	childrenMax = 30
)

// Check returns what cannot be, by field of the form; today is the day of the
// deployment's calendar. It refuses nothing that can have happened.
func (e Enquiry) Check(today string) forms.Errors {
	var errs forms.Errors
	e.checkActs(&errs)
	e.checkContact(&errs, today)
	e.checkSaid(&errs)
	e.checkCodes(&errs)
	return errs
}

func (e Enquiry) checkActs(errs *forms.Errors) {
	tooLong(errs, "safety_done", e.SafetyDone, textMax)
	tooLong(errs, "act_words", e.ActWords, textMax)
}

func (e Enquiry) checkContact(errs *forms.Errors, today string) {
	if e.Setting == "" {
		errs.Add("setting", "Select the kind of service")
	}
	tooLong(errs, "setting_words", e.SettingWords, lineMax)
	_, err := time.Parse(time.DateOnly, e.On)
	switch {
	case e.On == "":
		errs.Add("on-day", "Enter the day it happened")
	case err != nil:
		errs.Add("on-day", "Enter a day such as 27 3 2026")
	case e.On > today:
		errs.Add("on-day", "Enter today or a day in the past")
	case e.On < "1900":
		errs.Add("on-day", "Enter the year with four digits, such as 2026")
	}
	tooLong(errs, "booking_ref", e.BookingRef, lineMax)
	tooLong(errs, "operator_number", e.OperatorNumber, lineMax)
	tooLong(errs, "why_not_words", e.WhyNotSay, textMax)
}

func (e Enquiry) checkSaid(errs *forms.Errors) {
	if e.Says(Neither) && e.Disclosed() {
		errs.Add("said", "Select what they said, or neither, but not both")
	}
	tooLong(errs, "told_to", e.ToldTo, lineMax)
	// B10.8. Whoever had to act at once is not held up; the review asks for it.
	if e.Disclosed() && e.Time == "" && !e.ActedNow() {
		errs.Add("time", "Select whether it goes on, or that it is not known yet")
	}
	tooLong(errs, "words", e.Words, textMax)
	tooLong(errs, "wishes", e.Wishes, textMax)
	tooLong(errs, "child_said", e.ChildSaid, textMax)
	tooLong(errs, "wishes_present", e.WishesPresent, lineMax)
	if e.ChildrenNumber < 0 || e.ChildrenNumber > childrenMax {
		errs.Add("children_number", "Enter how many children, from 0 to "+strconv.Itoa(childrenMax)+", or leave it empty")
	}
}

// checkCodes refuses answers that no form offers.
func (e Enquiry) checkCodes(errs *forms.Errors) {
	for _, q := range []struct {
		field  string
		codes  []string
		offers Choices
	}{
		{"safe", one(e.Safe), YesNoNotKnown},
		{"acts", e.Acts, Acts},
		{"setting", one(e.Setting), Settings},
		{"prompts", e.Prompts, Prompts},
		{"indicators", e.Indicators, Indicators},
		{"alone", one(e.Alone), YesNo},
		{"present", e.Present, Companions},
		{"private", one(e.Private), YesNo},
		{"felt_safe", one(e.FeltSafe), YesNoNotKnown},
		{"interpreter", one(e.Interpreter), Interpreters},
		{"asked", one(e.Asked), YesNo},
		{"why_not", one(e.WhyNot), WhyNots},
		{"said", e.Said, Sayings},
		{"types", e.Types, Types},
		{"shape", one(e.Shape), Shapes},
		{"relations", e.Relations, Relations},
		{"time", one(e.Time), Times},
		{"children", one(e.Children), YesNoNotKnown},
	} {
		for _, code := range q.codes {
			if !q.offers.Has(code) {
				errs.Add(q.field, "Select from the answers that are offered")
			}
		}
	}
}

// one is an answer as a list, empty when it was not given.
func one(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

func tooLong(errs *forms.Errors, field, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		errs.Add(field, "Shorten this to "+thousands(most)+" characters or fewer")
	}
}

func thousands(n int) string {
	if n >= 1000 {
		return strconv.Itoa(n/1000) + "," + strconv.Itoa(n)[len(strconv.Itoa(n))-3:]
	}
	return strconv.Itoa(n)
}
