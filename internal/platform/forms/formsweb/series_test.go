package formsweb

import (
	"bytes"
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"waymark/internal/platform/forms"
)

// press sends a page by one of its buttons, and gives the page that comes back.
func press(t testing.TB, q *forms.Questionnaire, p page, words string) (page, forms.Answers, url.Values) {
	t.Helper()
	sent := p.sent()
	pressed := false
	for _, b := range p.elements("button") {
		if text(b) == words {
			sent.Set(attr(b, "name"), attr(b, "value"))
			pressed = true
		}
	}
	if !pressed {
		t.Fatalf("there is no button %q", words)
	}
	a := forms.Decode(q, sent)
	return render(t, Fields(q, a, nil)), a, sent
}

func buttons(p page) []string {
	var all []string
	for _, b := range p.elements("button") {
		all = append(all, text(b))
	}
	return all
}

// Without a script, a part of the form is added, removed and brought back by a button, and the page comes back
// with all that was typed.
func TestAPartIsAddedAndRemovedByButtons(t *testing.T) {
	q := file(t, "repeating.json")
	form := render(t, Fields(q, forms.Answers{"any": forms.Give("y"), "child.name\t1": forms.Give("Ada")}, nil))
	if want, got := []string{"Go on", "Add another “School”", "Add another “Child”", "Add another “Last seen together”", "Show what these answers change"}, buttons(form); !slices.Equal(want, got) {
		t.Fatalf("buttons %q", got)
	}
	form, a, sent := press(t, q, form, "Add another “Child”")
	if !Again(sent) || AgainAt(q, a, sent) != "#q-child_r2-part" || form.byID("q-child_r2-part") == nil {
		t.Errorf("the page goes on at %q", AgainAt(q, a, sent))
	}
	if attr(form.byID("q-child.name_r1"), "value") != "Ada" || form.byID("q-child.name_r2") == nil {
		t.Error("after adding, what was typed or what is new is not there")
	}
	if got := legends(form.byID("q-child.born_r2-day")); !slices.Equal(got, []string{"Child 2", "Born"}) {
		t.Errorf("the second stands in %q", got)
	}
	form, a, sent = press(t, q, form, "Remove “Child 1”")
	if AgainAt(q, a, sent) != "#q-child_rall" || form.byID("q-child_rall") == nil || form.byID("q-child.name_r1") != nil {
		t.Error("after removing, it is still there")
	}
	if got := legends(form.byID("q-child.born_r2-day")); got[0] != "Child 1" {
		t.Errorf("what was the second is %q", got[0])
	}
	if said := text(form.root); !strings.Contains(said, "Removed from “Child”: Ada. It is kept, and not sent.") {
		t.Error("it is not said what was removed")
	}
	form, a, sent = press(t, q, form, "Bring back Ada")
	if AgainAt(q, a, sent) != "#q-child_r1-part" || attr(form.byID("q-child.name_r1"), "value") != "Ada" || slices.Contains(buttons(form), "Bring back Ada") {
		t.Error("what was removed has not come back")
	}
	for range 2 {
		form, _, _ = press(t, q, form, "Add another “Child”")
	}
	if slices.Contains(buttons(form), "Add another “Child”") {
		t.Error("a fifth is offered where four may be")
	}
}

// The Enter key in a field presses the first button of a form: it may never be one that removes.
func TestTheEnterKeyRemovesNothing(t *testing.T) {
	form := render(t, Fields(file(t, "repeating.json"), forms.Answers{"child\tall": forms.Give("1", "2")}, nil))
	first := form.elements("button")[0]
	if attr(first, "name") != "" || attr(first, "type") != "submit" || attr(first, "tabindex") != "-1" {
		t.Errorf("the first button is %q", text(first))
	}
	for _, b := range render(t, Fields(everyType(t), nil, nil)).elements("button") {
		t.Errorf("a form in which nothing repeats has the button %q", text(b))
	}
}

func TestAnErrorStandsAtItsRepetitionAndIsLinked(t *testing.T) {
	q := file(t, "repeating.json")
	a := forms.Answers{"any": forms.Give("y"), "child\tall": forms.Give("1", "2"), "child.name\t1": forms.Give("Ada"), "child.born\t2": forms.Give("31\n2\n2026")}
	e := q.Validate(a)
	form := render(t, Fields(q, a, e))
	wrong := form.find(func(n *html.Node) bool { return strings.Contains(attr(n, "class"), "govuk-error-message") })
	if len(wrong) != 2 || attr(wrong[0], "id") != "q-child.name_r2-error" || attr(wrong[1], "id") != "q-child.born_r2-error" {
		t.Fatalf("%d errors on the page, %v", len(wrong), e.List())
	}
	for _, link := range ErrorLinks(q, e) {
		if form.byID(strings.TrimPrefix(link.Href, "#")) == nil {
			t.Errorf("the link %q leads nowhere", link.Href)
		}
	}
}

// What is shown and sent again is what was typed, in its repetition, whether it holds or not.
func TestWhatWasTypedInARepetitionComesBack(t *testing.T) {
	q := file(t, "repeating.json")
	typed := []string{"", "x", "1.50", "kg", "2026", "14:30", "y"}
	rapid.Check(t, func(r *rapid.T) {
		series := forms.Answers{"any": forms.Give("y"), "child\tall": forms.Give("3", "1"), "school\t1.all": forms.Give("1", "2")}
		form := render(t, Fields(q, series, nil)).sent()
		for name := range form {
			if !strings.HasSuffix(name, "all") {
				form.Set(name, rapid.SampledFrom(typed).Draw(r, name))
			}
		}
		a := forms.Decode(q, form)
		for i := range q.Spread(a).Questions() { // an answer that is not offered cannot come back
			if i.Type == forms.TypeChoice && i.Option(a.Text(i.LinkID)) == nil || i.Type == forms.TypeQuantity && strings.HasSuffix(a.Text(i.LinkID), "\nx") {
				a.Set(i.LinkID)
			}
		}
		delete(a, "weight")
		again := forms.Decode(q, render(t, Fields(q, a, q.Validate(a))).sent())
		delete(again, "weight")
		if diff := cmp.Diff(map[string]forms.Answer(a), map[string]forms.Answer(again)); diff != "" {
			r.Fatalf("(-typed +again):\n%s", diff)
		}
	})
}

func TestADateWithATimeAndAQuantityAreTypedInTheirBoxes(t *testing.T) {
	q := file(t, "repeating.json")
	form := render(t, Fields(q, forms.Answers{"seen\t1": forms.Give("2026-07-09T14:30:00"), "weight": forms.Give("12.50\n[lb_av]")}, nil))
	sent := form.sent()
	for name, want := range map[string]string{
		"q-seen_r1-day": "9", "q-seen_r1-month": "7", "q-seen_r1-year": "2026", "q-seen_r1-time": "14:30", "q-weight": "12.50", "q-weight-unit": "[lb_av]",
	} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q and not %q", name, sent.Get(name), want)
		}
	}
	if got := legends(form.byID("q-weight-unit")); !slices.Equal(got, []string{"Weight of the luggage"}) {
		t.Errorf("the unit stands in %q", got)
	}
}

func TestARepeatedPartIsReadAndPrinted(t *testing.T) {
	q := file(t, "repeating.json")
	a := forms.Answers{"any": forms.Give("y"), "child\tall": forms.Give("1", "2"), "child.name\t1": forms.Give("Ada"), "child.name\t2": forms.Give("Ben"), "school\t2.1": forms.Give("Elm")}
	r, err := q.Response(a, forms.Record{Status: forms.StatusCompleted})
	if err != nil {
		t.Fatal(err)
	}
	p := render(t, Answered(q, r))
	var headings []string
	for _, h := range p.elements("h2", "h3") {
		headings = append(headings, text(h))
	}
	if !slices.Equal(headings, []string{"Child 1", "Child 2"}) {
		t.Errorf("headings %q", headings)
	}
	rows := rowsOf(p)
	for _, want := range [][2]string{{"First name", "Ada"}, {"First name", "Ben"}, {"School", "Elm"}, {"Last seen together", "Not answered"}} {
		if !slices.Contains(rows, want) {
			t.Errorf("there is no %q", want)
		}
	}
	paper := text(render(t, Paper(q)).root)
	for _, want := range []string{"Child 1", "Child 2", "If there is more of “Child”, write it on another sheet", "kilograms", "24-hour clock", "Only if “Are there children?” is “Yes”"} {
		if !strings.Contains(paper, want) {
			t.Errorf("on paper there is no %q", want)
		}
	}
	if strings.Contains(paper, "Hours away") {
		t.Error("on paper there is room for what is worked out")
	}
}

func TestAFormIsShownInTheDirectionOfItsLanguage(t *testing.T) {
	q := file(t, "right-to-left.json")
	r, err := q.Response(forms.Answers{"safe": forms.Give("no")}, forms.Record{})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]page{
		"fields": render(t, Fields(q, nil, nil)), "answers": render(t, Answered(q, r)), "paper": render(t, Paper(q)),
	} {
		turned := p.find(func(n *html.Node) bool { return attr(n, "dir") == "rtl" && attr(n, "lang") == "ar" })
		if len(turned) != 1 || !strings.Contains(text(turned[0]), "هل أنت في أمان الآن؟") {
			t.Errorf("%s: %d parts stand from right to left", name, len(turned))
		}
	}
	for lang, want := range map[string]string{"ur": "rtl", "fa-IR": "rtl", "he": "rtl", "ckb": "rtl", "pa-Arab": "rtl", "ps": "rtl", "cy": "ltr", "en-GB": "ltr", "pa": "ltr", "pl": "ltr", "": "", "no language": ""} {
		if got := direction(lang); got != want {
			t.Errorf("%q is written %q and not %q", lang, got, want)
		}
	}
}

func TestTheMarksOfATextAreFewAndSafe(t *testing.T) {
	for in, want := range map[string]string{
		"One *two* **three**\nfour":               `<p class="govuk-body">One <em>two</em> <strong>three</strong> four</p>`,
		"- a\n- b\n\n1. c":                        `<ul class="govuk-list govuk-list--bullet"><li>a</li><li>b</li></ul><ol class="govuk-list govuk-list--number"><li>c</li></ol>`,
		"# Head\ntext":                            `<p class="govuk-body"><strong>Head</strong></p><p class="govuk-body">text</p>`,
		"[a](https://example.invalid/x)":          `<p class="govuk-body"><a class="govuk-link" href="https://example.invalid/x" rel="noreferrer noopener">a</a></p>`,
		"[a](javascript:alert(1))":                `<p class="govuk-body">[a](javascript:alert(1))</p>`,
		"[a](/sign-out)":                          `<p class="govuk-body">a</p>`,
		"<script>x</script><img src=x onerror=y>": `<p class="govuk-body">x</p>`,
		"2 < 3 & 5 > 4":                           `<p class="govuk-body">2 &lt; 3 &amp; 5 &gt; 4</p>`,
		`\*no\* a_b_c 2 * 3 * 4`:                  `<p class="govuk-body">*no* a_b_c 2 * 3 * 4</p>`,
	} {
		var b bytes.Buffer
		if err := marks(in).Render(context.Background(), &b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(b.String()), " "); got != want {
			t.Errorf("%q\n got  %s\n want %s", in, got, want)
		}
	}
}
