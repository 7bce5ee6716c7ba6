package enquiryweb

import (
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

// links are the errors of a form for its summary. Each leads to something that
// can be typed in: of a date, to its first box.
func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		at := e.Field
		if at == "born" {
			at = "born-day"
		}
		out = append(out, ui.Link{Text: e.Message, Href: "#" + at})
	}
	return out
}

// day puts a stored day into words.
func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "day not known"
	}
	return t.Format("2 January 2006")
}

func radioItems(c enquiry.Choices) []ui.RadioItem {
	out := make([]ui.RadioItem, len(c))
	for i, choice := range c {
		out[i] = ui.RadioItem{Value: choice.Code, Text: choice.Label, Hint: choice.Hint}
	}
	return out
}

func checkItems(c enquiry.Choices) []ui.CheckboxItem {
	out := make([]ui.CheckboxItem, len(c))
	for i, choice := range c {
		out[i] = ui.CheckboxItem{Value: choice.Code, Text: choice.Label, Hint: choice.Hint}
	}
	return out
}

func selectItems(none string, c enquiry.Choices) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: none}}
	for _, choice := range c {
		out = append(out, ui.SelectItem{Value: choice.Code, Text: choice.Label})
	}
	return out
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func list(c enquiry.Choices, codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = c.Label(code)
	}
	return strings.Join(words, "; ")
}

// reasons are why an enquiry does not count, in one line.
func reasons(e enquiry.Enquiry) string {
	_, why := enquiry.Counts(e)
	words := make([]string, len(why))
	for i, r := range why {
		words[i] = r.Label()
	}
	return strings.Join(words, "; ")
}

func countsTag(r enquiry.Recorded) ui.TagParams {
	if r.Counted {
		return ui.TagParams{Text: "Counts as asked", Colour: ui.TagGreen}
	}
	return ui.TagParams{Text: "Does not count as asked", Colour: ui.TagYellow}
}

// who is the member of staff who asked.
func who(f *cases.File, r enquiry.Recorded) string {
	switch {
	case r.AskedBy == f.Actor().Account:
		return "you"
	case r.AskedName != "":
		return r.AskedName
	}
	return "a colleague"
}

// title names an enquiry in a list.
func title(r enquiry.Recorded) string {
	verb := "Not asked"
	if r.Asked == enquiry.Yes {
		verb = "Asked"
	}
	return verb + " on " + day(r.On) + ", " + setting(r.Enquiry)
}

func setting(e enquiry.Enquiry) string {
	if e.Setting == enquiry.OtherSetting && e.SettingWords != "" {
		return e.SettingWords
	}
	return enquiry.Settings.Label(e.Setting)
}

func levelText(level int) string {
	if level == 0 {
		return "no level is recorded"
	}
	return "level " + strconv.Itoa(level)
}

// untrained says that whoever asked was not trained to ask (B8.10).
func untrained(r enquiry.Recorded) string {
	return "Whoever asked was not trained to level 2 on that day (" + levelText(r.Level) + "). It is recorded, and counted separately. Somebody trained to ask may want to ask again."
}

func acts(e enquiry.Enquiry) string {
	words := list(enquiry.Acts, e.Acts)
	switch {
	case e.ActWords != "" && words != "":
		return words + ": " + e.ActWords
	case e.ActWords != "":
		return e.ActWords
	}
	return words
}

// rows are the answers, in the order of the form. always marks those questions
// that are asked of everybody: they are shown unanswered too.
func rows(r enquiry.Recorded, asked string) (safety, contact, said []ui.SummaryRow) {
	e := r.Enquiry
	row := func(to *[]ui.SummaryRow, always bool, key, value string) {
		if value == "" && always {
			value = "Not answered"
		}
		if value != "" {
			*to = append(*to, ui.SummaryRow{Key: key, Value: value})
		}
	}
	row(&safety, true, "Safe to go home", enquiry.YesNoNotKnown.Label(e.Safe))
	row(&safety, false, "What was done", e.SafetyDone)
	row(&safety, false, "Done at once", acts(e))

	row(&contact, true, "When", day(e.On))
	row(&contact, true, "Where", setting(e))
	row(&contact, true, "Who asked", asked+", "+levelText(r.Level))
	row(&contact, true, "Why asking was called for", list(enquiry.Prompts, e.Prompts))
	row(&contact, false, "Possible signs", list(enquiry.Indicators, e.Indicators))
	row(&contact, true, "Seen alone", enquiry.YesNo.Label(e.Alone))
	row(&contact, false, "Who else was there", list(enquiry.Companions, e.Present))
	row(&contact, true, "In private", enquiry.YesNo.Label(e.Private))
	row(&contact, true, "Felt safe there", enquiry.YesNoNotKnown.Label(e.FeltSafe))
	row(&contact, true, "Interpreter", enquiry.Interpreters.Label(e.Interpreter))
	row(&contact, false, "Booking reference", e.BookingRef)
	row(&contact, false, "Operator's number", e.OperatorNumber)
	row(&contact, true, "Asked", enquiry.YesNo.Label(e.Asked))
	row(&contact, false, "Why not", enquiry.WhyNots.Label(e.WhyNot))
	row(&contact, false, "Why not, in words", e.WhyNotSay)

	row(&said, true, "What they said", list(enquiry.Sayings, e.Said))
	row(&said, false, "Told to", e.ToldTo)
	row(&said, e.Disclosed(), "Types", list(enquiry.Types, e.Types))
	row(&said, e.Disclosed(), "Pattern or incident", enquiry.Shapes.Label(e.Shape))
	row(&said, e.Disclosed(), "Who the other person is", list(enquiry.Relations, e.Relations))
	row(&said, e.Disclosed(), "When", enquiry.Times.Label(e.Time))
	row(&said, false, "In their own words", e.Words)
	row(&said, false, "What they want", e.Wishes)
	row(&said, false, "Who was there when they said so", e.WishesPresent)
	row(&said, e.Disclosed(), "Children in the household", children(e))
	row(&said, false, "What a child said", childSaid(r))
	return safety, contact, said
}

// childHint says what becomes of a child's words, and that nothing is lost by
// a correction.
func childHint(v formView) string {
	hint := "Of a child you saw or who was there. Only those who may read a child’s own words see it again."
	if v.Apart {
		hint += " Something is kept apart already. It stays, and what you write is added to it."
	}
	return hint
}

// childSaid are a child's own words, or that there are some.
func childSaid(r enquiry.Recorded) string {
	if r.ChildKept && !r.ChildRead {
		return "Kept apart: only those who may read a child’s own words see it"
	}
	return r.ChildSaid
}

func children(e enquiry.Enquiry) string {
	words := enquiry.YesNoNotKnown.Label(e.Children)
	if e.ChildrenNumber > 0 {
		return strings.TrimPrefix(words+", ", ", ") + strconv.Itoa(e.ChildrenNumber)
	}
	return words
}

// done is what was done about immediate safety.
func done(words string) string {
	if words == "" {
		return "Nothing is recorded about what was done."
	}
	return "What was done: " + words
}
