package formsweb

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	questioncontent "waymark/content/questions"
	"waymark/internal/platform/forms"
)

var monday = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

// pages are every way in which a form is shown.
func pages(t testing.TB) map[string]page {
	t.Helper()
	all := map[string]page{}
	for name, q := range map[string]*forms.Questionnaire{
		"every type": everyType(t), "risk": parsed(t, questioncontent.RiskIdentification), "safety plan": parsed(t, questioncontent.SafetyPlan),
		"repeating": file(t, "repeating.json"), "right to left": file(t, "right-to-left.json"),
	} {
		answered := forms.Answers{}
		for i := range q.Spread(nil).All() {
			if i.Series != nil {
				answered.Set(i.LinkID, "2", "5")
			}
		}
		var wrong forms.Errors
		for i := range q.Spread(answered).All() {
			if i.Series != nil {
				wrong.Add(i.Field(), "Put this right")
			}
		}
		for i := range q.Spread(answered).Questions() {
			answered.Set(i.LinkID, "anything")
			if len(i.Options) > 0 {
				answered.Set(i.LinkID, i.Options[0].Key())
			}
			wrong.Add(i.Field(), "Put this right")
		}
		all[name+", empty"] = render(t, Fields(q, nil, nil))
		all[name+", filled in"] = render(t, Fields(q, answered, nil))
		all[name+", with errors"] = render(t, Fields(q, answered, wrong))
		all[name+", on paper"] = render(t, Paper(q))
		all[name+", to read"] = render(t, Answered(q, nil))
	}
	return all
}

func TestEveryPageIsSound(t *testing.T) {
	for name, p := range pages(t) {
		ids := map[string]bool{}
		for _, n := range p.find(func(n *html.Node) bool { return hasAttr(n, "id") }) {
			if id := attr(n, "id"); ids[id] || id == "" {
				t.Errorf("%s: the id %q stands twice or is empty", name, id)
			} else {
				ids[id] = true
			}
		}
		for _, n := range p.find(func(n *html.Node) bool { return hasAttr(n, "aria-describedby") }) {
			for id := range strings.FieldsSeq(attr(n, "aria-describedby")) {
				if !ids[id] {
					t.Errorf("%s: %s is described by %q, which is not there", name, n.Data, id)
				}
			}
		}
		labelled := map[string]bool{}
		for _, n := range p.elements("label") {
			labelled[attr(n, "for")] = true
		}
		for _, n := range p.elements("input", "textarea", "select") {
			if attr(n, "type") == "hidden" {
				continue
			}
			if !labelled[attr(n, "id")] {
				t.Errorf("%s: the control %q has no label", name, attr(n, "id"))
			}
			if kind := attr(n, "type"); kind != "radio" && kind != "checkbox" && n.Data != "select" && attr(n, "autocomplete") != "off" {
				t.Errorf("%s: the browser may remember %q", name, attr(n, "id"))
			}
		}
		for _, n := range p.elements("fieldset") {
			legend := find(n, func(n *html.Node) bool { return n.Data == "legend" })
			if len(legend) == 0 || text(legend[0]) == "" || legend[0].Parent != n {
				t.Errorf("%s: a fieldset has no legend of its own", name)
			}
			if len(find(n, func(n *html.Node) bool { return n.Data == "input" || n.Data == "textarea" || n.Data == "select" })) == 0 {
				t.Errorf("%s: the fieldset %q has nothing to fill in", name, text(legend[0]))
			}
		}
		last := 1
		for _, n := range p.elements("h1", "h2", "h3", "h4", "h5", "h6") {
			level, err := strconv.Atoi(n.Data[1:])
			if err != nil || level == 1 || level > last+1 {
				t.Errorf("%s: %s %q after a heading of level %d", name, n.Data, text(n), last)
			}
			last = level
		}
	}
}

func TestEveryQuestionIsThereOnceInTheOrderAsked(t *testing.T) {
	for _, q := range []*forms.Questionnaire{everyType(t), parsed(t, questioncontent.RiskIdentification)} {
		var want, got []string
		for i := range q.Questions() {
			want = append(want, i.Field())
		}
		for _, n := range render(t, Fields(q, nil, nil)).elements("input", "textarea", "select") {
			name := regexp.MustCompile(`-(day|month|year)$`).ReplaceAllString(attr(n, "name"), "")
			if !slices.Contains(got, name) {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", q.Title, diff)
		}
	}
}

func TestNothingIsChosenThatWasNotAnswered(t *testing.T) {
	q := parsed(t, questioncontent.RiskIdentification)
	p := render(t, Fields(q, q.Start(), nil))
	for name, values := range p.sent() {
		if strings.Join(values, "") != "" {
			t.Errorf("%s is sent as %q before anybody has answered", name, values)
		}
	}
	if len(p.find(func(n *html.Node) bool { return hasAttr(n, "checked") || hasAttr(n, "selected") })) > 0 {
		t.Error("something is chosen before anybody has answered")
	}
}

func TestTheThemesOfRiskAreRadiosInOneRow(t *testing.T) {
	q := parsed(t, questioncontent.RiskIdentification)
	p := render(t, Fields(q, nil, nil))
	for n := 1; n <= 24; n++ {
		field := "q-" + strconv.Itoa(n)
		var got []string
		for _, radio := range p.find(func(n *html.Node) bool { return attr(n, "name") == field }) {
			got = append(got, attr(radio, "type")+" "+attr(radio, "id")+" "+attr(radio, "value"))
			if !strings.Contains(attr(radio.Parent.Parent, "class"), "govuk-radios--inline") {
				t.Errorf("%s does not stand in a row", field)
			}
		}
		want := []string{"radio " + field + " yes", "radio " + field + "-2 no", "radio " + field + "-3 unknown"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	in := legends(p.byID("q-8"))
	want := []string{"The person's own situation", "8. Persistent contact, following, stalking"}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("legends around theme 8 (-want +got):\n%s", diff)
	}
}

func TestAConditionIsSaidAndTheItemIsAlwaysThere(t *testing.T) {
	q := everyType(t)
	p := render(t, Fields(q, nil, nil))
	for id, want := range map[string]string{
		"q-1.why-hint":        "Only if question 1 is “Yes”.",
		"q-often-hint":        "Only if “How many times?” is more than “2”, or “Has the person moved?” is “Yes”. Write one on each line.",
		"q-moved_2fwhen-hint": "Only if “Has the person moved?” is answered.",
		"q-weight-hint":       "In kilograms.",
		"q-part_2da-hint":     "Leave open what was not asked.",
	} {
		if n := p.byID(id); n == nil || text(n) != want {
			t.Errorf("%s is not there, or does not say %q", id, want)
		}
	}
	inset := p.find(func(n *html.Node) bool { return attr(n, "class") == "govuk-inset-text" })
	if len(inset) != 1 || text(inset[0]) != "Only if question 1 is “Yes”. Ask how often." {
		t.Errorf("the text that depends on question 1 is not there: %d", len(inset))
	}
	if len(p.find(func(n *html.Node) bool { return hasAttr(n, "hidden") || hasAttr(n, "data-aria-controls") })) > 0 {
		t.Error("something is hidden")
	}
}

func TestAnAnswerCanBeTakenBack(t *testing.T) {
	q := everyType(t)
	leave := func(a forms.Answers, field string) bool {
		return len(render(t, Fields(q, a, nil)).find(func(n *html.Node) bool {
			return attr(n, "name") == field && attr(n, "value") == ""
		})) == 1
	}
	if leave(nil, "q-1") {
		t.Error("a question that is not answered offers to be left unanswered")
	}
	if !leave(forms.Answers{"1": forms.Give("y")}, "q-1") {
		t.Error("an answer cannot be taken back")
	}
	if leave(forms.Answers{"moved": forms.Give("true")}, "q-moved") {
		t.Error("a required question offers to be left unanswered")
	}
}

func TestErrorsLeadToTheirFields(t *testing.T) {
	q := everyType(t)
	var wrong forms.Errors
	for i := range q.Questions() {
		wrong.Add(i.Field(), "Wrong: "+i.LinkID)
	}
	wrong.Add("judgement", "Say what you think")
	p := render(t, Fields(q, nil, wrong))
	links := ErrorLinks(q, wrong)
	if len(links) != len(wrong) {
		t.Fatalf("%d links for %d errors", len(links), len(wrong))
	}
	for n, link := range links {
		if link.Text != wrong[n].Message {
			t.Errorf("link %d says %q, want %q", n, link.Text, wrong[n].Message)
		}
		if link.Href == "#judgement" {
			continue
		}
		control := p.byID(strings.TrimPrefix(link.Href, "#"))
		if control == nil || !slices.Contains([]string{"input", "textarea", "select"}, control.Data) {
			t.Errorf("%s leads to no control", link.Href)
			continue
		}
		if !strings.HasPrefix(attr(control, "name"), wrong[n].Field) {
			t.Errorf("%s leads to %s", link.Href, attr(control, "name"))
		}
		if message := p.byID(wrong[n].Field + "-error"); message == nil || text(message) != "Error: "+wrong[n].Message {
			t.Errorf("%s does not show its error", wrong[n].Field)
		}
	}
	if links := ErrorLinks(nil, forms.Errors{{Field: "a", Message: "b"}}); len(links) != 1 || links[0].Href != "#a" {
		t.Errorf("without a question set: %v", links)
	}
}

// What is shown and sent again is what was typed, whether it holds or not.
func TestWhatWasTypedComesBack(t *testing.T) {
	q := everyType(t)
	typed := []string{"", "x", "two\nlines", "\nfirst line empty", "<b>&amp;", "1.50", "2025-03", "31\n2\n2026", "true", "Letter", "é \"quoted\""}
	rapid.Check(t, func(r *rapid.T) {
		form := render(t, Fields(q, nil, nil)).sent()
		for name := range form {
			form.Set(name, rapid.SampledFrom(typed).Draw(r, name))
		}
		for i := range q.Questions() {
			for n := range min(len(i.Options), 2) {
				if rapid.Bool().Draw(r, fmt.Sprint(i.LinkID, n)) && (i.Repeats || n == 0) {
					form.Add(i.Field(), i.Options[n].Key())
				}
			}
		}
		a := forms.Decode(q, form)
		for i := range q.Questions() { // a radio that was never offered cannot come back
			if i.Type == forms.TypeBoolean && a.Text(i.LinkID) != "true" || i.Type == forms.TypeChoice && q.Validate(a).Has(i.Field()) {
				a.Set(i.LinkID)
			}
		}
		again := forms.Decode(q, render(t, Fields(q, a, q.Validate(a))).sent())
		if diff := cmp.Diff(map[string]forms.Answer(a), map[string]forms.Answer(again)); diff != "" {
			r.Fatalf("(-typed +again):\n%s", diff)
		}
	})
}

func TestWhatAFormSaysIsTextAndNotMarkup(t *testing.T) {
	q := parsed(t, []byte(`{"resourceType":"Questionnaire","url":"https://example.invalid/x","version":"1","title":"<i>T</i>","status":"draft","item":[
		{"linkId":"g\"<","type":"group","text":"<script>1</script>","item":[{"linkId":"'><script>","type":"string","text":"<script>2</script>"}]},
		{"linkId":"d","type":"display","text":"<img src=x>"}]}`))
	a := forms.Answers{"'><script>": forms.Give("</textarea><script>3</script>")}
	r, err := q.Response(a, forms.Record{})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]page{
		"fields": render(t, Fields(q, a, forms.Errors{{Field: q.Item("'><script>").Field(), Message: "<script>4</script>"}})),
		"paper":  render(t, Paper(q)), "answers": render(t, Answered(q, r)),
	} {
		if found := p.elements("script", "img", "i"); len(found) > 0 {
			t.Errorf("%s: %s has become markup", name, found[0].Data)
		}
	}
}

// rowsOf are the keys and values of the lists on a page.
func rowsOf(p page) [][2]string {
	var all [][2]string
	for _, n := range p.elements("dt") {
		value := n.NextSibling
		for value.Data != "dd" {
			value = value.NextSibling
		}
		all = append(all, [2]string{text(n), text(value)})
	}
	return all
}

func TestAnsweredShowsWhatIsNotAnsweredAndLeavesOutWhatIsNotAsked(t *testing.T) {
	q := everyType(t)
	first, err := q.Response(forms.Answers{
		"1": forms.Give("y"), "1.why": forms.Give("one\ntwo"), "moved": forms.Give("false"),
	}, forms.Record{Who: "Practitioner/1", When: monday, How: forms.HowPaper})
	if err != nil {
		t.Fatal(err)
	}
	a, err := q.Answers(first)
	if err != nil {
		t.Fatal(err)
	}
	a.Set("2", "u")
	a.Set("how", "E-mail", "Letter")
	r, err := q.Response(a, forms.Record{Who: "Practitioner/2", When: monday, How: forms.HowAsked, Previous: first})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{
		{"1. First", "Yes From a paper form"},
		{"2. Second", "Don't know"},
		{"3. Third", "Not answered"},
		{"4. Fourth", "Not answered"},
		{"What happened", "one two From a paper form"},
		{"Has the person moved?", "No From a paper form"},
		{"When?", "Not answered"},
		{"How many times?", "Not answered"},
		{"Weight", "Not answered"},
		{"Name of the place", "Not answered"},
		{"How may we write?", "E-mail Letter"},
		{"Area", "Not answered"},
	}
	p := render(t, Answered(q, r))
	if diff := cmp.Diff(want, rowsOf(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := p.elements("h2"); len(n) != 2 || text(n[0]) != "A. Yes and no" || text(n[1]) != "B. Other types" {
		t.Errorf("headings: %v", n)
	}
	named := rowsOf(render(t, AnsweredBy(q, r, func(p forms.Provenance) string { return p.Who + " on " + p.When.Format("2 January") })))
	if named[0][1] != "Yes Practitioner/1 on 2 March" || named[1][1] != "Don't know Practitioner/2 on 2 March" {
		t.Errorf("in the words of the page: %v", named[:2])
	}
}

func TestAnEmptyResponseShowsEveryThemeAsNotAnswered(t *testing.T) {
	rows := rowsOf(render(t, Answered(parsed(t, questioncontent.RiskIdentification), nil)))
	if len(rows) != 29 {
		t.Errorf("got %d rows, want 24 themes and 5 notes", len(rows))
	}
	for _, row := range rows {
		if row[1] != "Not answered" {
			t.Errorf("%s: %s", row[0], row[1])
		}
	}
}

func TestAResponseToAnotherVersionIsShownAsItWasAsked(t *testing.T) {
	r := &forms.Response{Questionnaire: "https://example.invalid/forms/every-type|1", Items: []forms.ResponseItem{
		{LinkID: "g", Text: "Group", Items: []forms.ResponseItem{
			{LinkID: "1", Text: "First, as it was", Answers: []forms.ResponseAnswer{{Value: forms.Value{Type: forms.ValueString, Text: "Long ago"}}}},
		}},
	}}
	p := render(t, Answered(everyType(t), r))
	if diff := cmp.Diff([][2]string{{"First, as it was", "Long ago"}}, rowsOf(p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(text(p.root), "another version of the form") {
		t.Error("the page does not say that the version is another")
	}
}

func TestPaperHasRoomForEveryAnswerAndNamesTheVersion(t *testing.T) {
	q := parsed(t, questioncontent.RiskIdentification)
	p := render(t, Paper(q))
	var questions []string
	for _, row := range rowsOf(p)[3:] {
		questions = append(questions, row[0])
	}
	n := 0
	for i := range q.Questions() {
		if n >= len(questions) || questions[n] != i.Title() {
			t.Fatalf("%s is not on the paper in its place", i.Title())
		}
		n++
	}
	if row := rowsOf(p)[3]; !strings.HasSuffix(row[1], " ☐ Yes ☐ No ☐ Don't know") {
		t.Errorf("theme 1 has the boxes %q", row[1])
	}
	if len(p.elements("hr")) < 5*5 {
		t.Errorf("%d lines to write on", len(p.elements("hr")))
	}
	if found := p.elements("input", "textarea", "select", "button", "form"); len(found) > 0 {
		t.Errorf("paper has a %s", found[0].Data)
	}
	if all := text(p.root); !strings.Contains(all, q.Canonical()) || !strings.Contains(all, "Only if question 17 is “Yes”.") {
		t.Error("the paper does not name its version or leaves out a follow-up")
	}
}
