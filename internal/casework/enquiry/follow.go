package enquiry

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
)

// Config are the choices of a deployment.
type Config struct {
	// AskAgainDays is after how many days asking again falls due.
	AskAgainDays int
}

// DefaultAskAgainDays is after how many days asking again falls due when a
// deployment does not say otherwise. It is a choice of this project, not a
// figure of the guideline.
const DefaultAskAgainDays = 14

// nextWorkingDay is the first day after the given one that is neither a
// Saturday nor a Sunday. Public holidays differ from place to place and are
// not known here: a task due on one is overdue the day after.
func nextWorkingDay(day time.Time) time.Time {
	for {
		day = day.AddDate(0, 0, 1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			return day
		}
	}
}

// tasks are what is to be done after an enquiry. contactUnset tells that
// nobody knows how the person can be reached safely.
func (c Config) tasks(e Enquiry, today time.Time, contactUnset bool) []cases.NewTask {
	var out []cases.NewTask
	due := func(kind cases.TaskKind, day time.Time) {
		if !slices.ContainsFunc(out, func(t cases.NewTask) bool { return t.Kind == kind }) {
			out = append(out, cases.NewTask{Kind: kind, Due: day.Format(time.DateOnly)})
		}
	}
	soon := nextWorkingDay(today)
	if e.ActedNow() {
		due(cases.ReviewActNow, soon)
	}
	if e.Safe == No {
		due(cases.SafetyFollowUp, today)
	}
	if e.Abuse() && e.Says(Experiencing) {
		due(cases.IdentifyRisk, soon)
		due(cases.OfferReferral, soon)
	}
	if e.Abuse() && e.Says(Perpetrating) {
		due(cases.OfferReferral, soon)
	}
	if e.FGM() {
		due(cases.ReferElsewhere, soon)
	}
	if askAgain(e) {
		due(cases.AskAgain, today.AddDate(0, 0, c.AskAgainDays))
	}
	// Whoever is to be spoken to again must be reached safely. After an enquiry
	// that found nothing and needs nothing, nobody is going to contact anybody.
	if contactUnset && len(out) > 0 {
		due(cases.AskSafeContact, soon)
	}
	return out
}

// askAgain tells whether the person should be asked again, safely and alone:
// whenever the enquiry does not count, save that somebody who has told of
// abuse in private and unasked need not be asked about it.
func askAgain(e Enquiry) bool {
	counts, why := Counts(e)
	told := e.Disclosed() && slices.Equal(why, []Reason{NotAsked})
	return !counts && !told
}

// entries are what the chronology says about an enquiry. old is the enquiry it
// corrects: what has not changed is not said again.
func entries(e Enquiry, old *Enquiry) []cases.Event {
	var out []cases.Event
	add := func(kind cases.EventKind, text string, before string) {
		if text == "" || old != nil && text == before {
			return
		}
		if old != nil {
			text = "Correction. " + text
		}
		out = append(out, cases.Event{Kind: kind, On: e.On, Text: text})
	}
	var was Enquiry
	if old != nil {
		was = *old
	}
	add(cases.ActedNow, actText(e), actText(was))
	add(cases.ImmediateSafety, safetyText(e), safetyText(was))
	kind := cases.EnquiryNotMade
	if e.Asked == Yes {
		kind = cases.EnquiryMade
	}
	add(kind, askedText(e), "")
	add(cases.Disclosed, disclosureText(e), disclosureText(was))
	return out
}

func askedText(e Enquiry) string {
	text := settingText(e) + ". "
	if e.Asked == No && e.WhyNot != "" {
		text += sentence("Why not: "+lower(WhyNots.Label(e.WhyNot))) + " "
	}
	if e.WhyNotSay != "" && e.Asked != Yes {
		text += sentence(e.WhyNotSay) + " "
	}
	counts, why := Counts(e)
	if counts {
		text += "Counts as asked."
	} else {
		text += sentence("Does not count as asked: " + reasonText(why))
	}
	switch {
	case e.Disclosed():
	case e.Says(Neither):
		text += " They said that there is no abuse."
	case e.Says(Declined):
		text += " They preferred not to say."
	}
	return strings.TrimSpace(text + " " + keptText(e))
}

// keptText says that a child's own words are kept apart, and not what they are.
func keptText(e Enquiry) string {
	if !e.ChildKept {
		return ""
	}
	return "What a child said is kept apart."
}

func settingText(e Enquiry) string {
	if e.Setting == OtherSetting && e.SettingWords != "" {
		return e.SettingWords
	}
	return Settings.Label(e.Setting)
}

func reasonText(why []Reason) string {
	words := make([]string, len(why))
	for i, r := range why {
		words[i] = r.Label()
	}
	return strings.Join(words, "; ")
}

func safetyText(e Enquiry) string {
	var text string
	switch e.Safe {
	case Yes:
		text = "Safe to go home."
	case No:
		text = "Not safe to go home."
	case NotKnown:
		text = "Not known whether it is safe to go home."
	}
	if e.SafetyDone != "" {
		text = strings.TrimSpace(text + " What was done: " + sentence(e.SafetyDone))
	}
	return text
}

func actText(e Enquiry) string {
	if !e.ActedNow() {
		return ""
	}
	parts := labels(Acts, slices.DeleteFunc(slices.Clone(e.Acts), func(c string) bool { return c == ActOther && e.ActWords != "" }))
	if e.ActWords != "" {
		parts = append(parts, e.ActWords)
	}
	return sentence(strings.Join(parts, "; "))
}

func disclosureText(e Enquiry) string {
	if !e.Disclosed() {
		return ""
	}
	var parts []string
	for _, said := range []string{Experiencing, Perpetrating} {
		if e.Says(said) {
			parts = append(parts, sentence(Sayings.Label(said)))
		}
	}
	list := func(name string, words []string) {
		if len(words) > 0 {
			parts = append(parts, sentence(name+": "+strings.Join(words, ", ")))
		}
	}
	list("Types", labels(Types, e.Types))
	list("Shape", labels(Shapes, one(e.Shape)))
	list("Who the other person is", labels(Relations, e.Relations))
	list("When", labels(Times, one(e.Time)))
	list("Told to", one(e.ToldTo))
	if e.Children == Yes {
		words := "yes"
		if e.ChildrenNumber > 0 {
			words = strconv.Itoa(e.ChildrenNumber)
		}
		list("Children in the household", one(words))
	}
	list("In their own words", one(e.Words))
	list("What they want", one(e.Wishes))
	list("Who was there when they said what they want", one(e.WishesPresent))
	if e.FGM() {
		parts = append(parts, "FGM goes along its own safeguarding route.")
	}
	return strings.Join(parts, " ")
}

func labels(c Choices, codes []string) []string {
	var out []string
	for _, code := range codes {
		out = append(out, c.Label(code))
	}
	return out
}

// sentence ends a text with a full stop if nothing else ends it.
func sentence(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?") {
		return s
	}
	return s + "."
}

// lower puts the first letter of one of our own labels in lower case.
func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }
