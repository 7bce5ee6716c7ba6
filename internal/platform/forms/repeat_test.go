package forms

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func repeating(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "repeating.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// household is the form in London, where the clock is an hour ahead in summer.
func household(t testing.TB) *Questionnaire {
	t.Helper()
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, repeating(t)).At(Launch{Now: monday.In(london)})
}

// sent is a page of two children, of whom the second goes to two schools.
func sent(more ...string) url.Values {
	v := url.Values{
		"q-any": {"y"}, "q-child_rall": {"1", "2"},
		"q-child.name_r1": {"Ada"}, "q-child.lives_r1": {"y"},
		"q-child.name_r2": {"Ben"}, "q-child.lives_r2": {"n"}, "q-child.where_r2": {"With an aunt"},
		"q-school_r2.all": {"1", "2"}, "q-school_r2.1": {"Elm"}, "q-school.hours_r2.1": {"20"}, "q-school_r2.2": {"Oak"}, "q-school.hours_r2.2": {"5"},
	}
	for n := 0; n < len(more); n += 2 {
		v.Set(more[n], more[n+1])
	}
	return v
}

func TestAGroupIsAskedAsOftenAsThereAreRepetitions(t *testing.T) {
	q := household(t)
	a := Decode(q, sent())
	want := map[string]string{
		"any": "y", "child\tall": "1 2", "child.name\t1": "Ada", "child.lives\t1": "y", "child.name\t2": "Ben", "child.lives\t2": "n",
		"child.where\t2": "With an aunt", "school\t2.all": "1 2", "school\t2.1": "Elm", "school.hours\t2.1": "20", "school\t2.2": "Oak", "school.hours\t2.2": "5",
	}
	got := map[string]string{}
	for key, answer := range a {
		got[key] = strings.Join(answer.Values, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("decoded (-want +got):\n%s", diff)
	}
	if e := q.Validate(a); e.Any() {
		t.Fatal(e.List())
	}
	settled, troubles := q.Settle(a)
	if settled.Text("child.hours\t2") != "25" || settled.Answered("child.hours\t1") || settled.Text("total") != "25" || len(troubles) > 0 {
		t.Errorf("hours %q and %q, of all %q, %v", settled.Text("child.hours\t1"), settled.Text("child.hours\t2"), settled.Text("total"), troubles)
	}
	if e := q.ValidateDraft(Answers{"child.name": Give("Ada")}); !e.Has("q-child.name") {
		t.Error("an answer to a question of a group that repeats is taken without its repetition")
	}
}

// A page of a form in which nothing repeats has the fields it always had, and its answers their keys.
func TestWhatDoesNotRepeatIsNamedAsItAlwaysWas(t *testing.T) {
	q := parsed(t, everyType(t))
	if q.Spread(filled) != q {
		t.Error("a form in which nothing repeats was copied")
	}
	at := household(t).Spread(Decode(household(t), sent()))
	for key, field := range map[string]string{"any": "q-any", "child.name\t2": "q-child.name_r2", "school\t2.1": "q-school_r2.1", "weight": "q-weight"} {
		if i := at.Item(key); i == nil || i.Field() != field {
			t.Errorf("%q has another field than %q", key, field)
		}
	}
	if FieldOrigin("q-child.name_r2.1") != "q-child.name" || FieldOrigin("q-a_5fr") != "q-a_5fr" {
		t.Error("the field of a repetition does not lead back to its question")
	}
}

func TestAResponseHoldsTheRepetitionsInTheirOrder(t *testing.T) {
	q := household(t)
	a := Decode(q, sent("q-seen_r1-day", "9", "q-seen_r1-month", "7", "q-seen_r1-year", "2026", "q-seen_r1-time", "14.30", "q-weight", "12.50", "q-weight-unit", "kg"))
	r := respond(t, q, a, Record{Status: StatusCompleted})
	want := `{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"https://example.invalid/forms/household|1","item":[
	 {"linkId":"any","text":"Are there children?","answer":[{"valueCoding":{"system":"https://example.invalid/yn","code":"y","display":"Yes"}}]},
	 {"linkId":"child","text":"Child","item":[
	  {"linkId":"child.name","text":"First name","answer":[{"valueString":"Ada"}]},
	  {"linkId":"child.lives","text":"Lives with the person?","answer":[{"valueCoding":{"system":"https://example.invalid/yn","code":"y","display":"Yes"}}]}]},
	 {"linkId":"child","text":"Child","item":[
	  {"linkId":"child.name","text":"First name","answer":[{"valueString":"Ben"}]},
	  {"linkId":"child.lives","text":"Lives with the person?","answer":[{"valueCoding":{"system":"https://example.invalid/yn","code":"n","display":"No"}}]},
	  {"linkId":"child.where","text":"Where, then?","answer":[{"valueString":"With an aunt"}]},
	  {"linkId":"school","text":"School","answer":[
	    {"valueString":"Elm","item":[{"linkId":"school.hours","text":"Hours a week","answer":[{"valueInteger":20}]}]},
	    {"valueString":"Oak","item":[{"linkId":"school.hours","text":"Hours a week","answer":[{"valueInteger":5}]}]}]},
	  {"linkId":"child.hours","text":"Hours away","answer":[{"valueInteger":25}]}]},
	 {"linkId":"seen","text":"Last seen together","answer":[{"valueDateTime":"2026-07-09T14:30:00+01:00"}]},
	 {"linkId":"weight","text":"Weight of the luggage","answer":[{"valueQuantity":{"value":12.50,"unit":"kilograms","system":"http://unitsofmeasure.org","code":"kg"}}]},
	 {"linkId":"total","text":"Hours of all children","answer":[{"valueInteger":25}]}]}`
	if diff := cmp.Diff(canonical(t, []byte(want)), canonical(t, written(t, r))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	back, err := q.Answers(reparsed(t, r))
	if err != nil {
		t.Fatal(err)
	}
	settled, _ := q.Settle(a)
	if diff := cmp.Diff(map[string]Answer(settled), map[string]Answer(back)); diff != "" {
		t.Errorf("read back (-given +back):\n%s", diff)
	}
	if out := string(written(t, r)); !strings.Contains(out, "12.50") {
		t.Error("12.50 has become another text")
	}
	utc := q.At(Launch{Now: monday})
	if there, err := utc.Answers(reparsed(t, r)); err != nil || there.Text("seen\t1") != "2026-07-09T13:30:00" {
		t.Errorf("elsewhere it was %q (%v)", there.Text("seen\t1"), err)
	}
	if _, err := parsed(t, repeating(t)).Response(a, Record{}); !errors.Is(err, ErrNoPlace) {
		t.Errorf("a time without a place: %v", err)
	}
}

func TestARepetitionIsAddedRemovedAndBroughtBack(t *testing.T) {
	q := household(t)
	added := Decode(q, sent(AgainField, AgainAdd+"q-child_rall"))
	if got := added.Values("child\tall"); !slices.Equal(got, []string{"1", "2", "3"}) || q.Spread(added).Item("child.name\t3") == nil {
		t.Fatalf("after adding one there are %v", got)
	}
	if e := q.Validate(added); e.Any() {
		t.Errorf("a repetition that nobody has filled in is wrong: %v", e.List())
	}
	removed := Decode(q, sent(AgainField, AgainTake+"q-child_r1"))
	if got := removed.Values("child\tall"); !slices.Equal(got, []string{"2"}) || removed.Text("child.name\t1") != "Ada" || removed.Text("child.name\t2") != "Ben" {
		t.Fatalf("after removing the first there are %v, %q", got, removed.Text("child.name\t2"))
	}
	if e := q.Validate(removed); e.Any() {
		t.Errorf("what was removed is wrong: %v", e.List())
	}
	given, aside := q.Aside(removed)
	if given.Answered("child.name\t1") || aside.Text("child.name\t1") != "Ada" || given.Text("child.name\t2") != "Ben" {
		t.Error("what was removed is not aside")
	}
	out := string(written(t, respond(t, q, removed, Record{})))
	if strings.Contains(out, "Ada") || !strings.Contains(out, `"valuePositiveInt":2`) {
		t.Errorf("what was removed is sent, or its number is not kept: %s", out)
	}
	back, err := q.Answers(reparsed(t, respond(t, q, removed, Record{})))
	if err != nil || back.Text("child.name\t2") != "Ben" {
		t.Errorf("the second is no longer the second: %v (%v)", back.Values("child\tall"), err)
	}
	page := sent("q-child_rall-gone", "1", AgainField, AgainBack+"q-child_r1")
	page["q-child_rall"] = []string{"2"}
	if got := Decode(q, page); !slices.Equal(got.Values("child\tall"), []string{"2", "1"}) || got.Text("child.name\t1") != "Ada" {
		t.Errorf("brought back: %v", got.Values("child\tall"))
	}
	page.Set(AgainField, AgainAdd+"q-child_rall")
	if got := Decode(q, page).Values("child\tall"); !slices.Equal(got, []string{"2", "3"}) {
		t.Errorf("a new one takes the number of one that was removed: %v", got)
	}
	full := sent(AgainField, AgainAdd+"q-child_rall")
	full["q-child_rall"] = []string{"1", "2", "3", "4"}
	if got := Decode(q, full).Values("child\tall"); len(got) != 4 {
		t.Errorf("there are %d, and four may be", len(got))
	}
	full["q-child_rall"] = []string{"1", "2", "3", "4", "5"}
	if e := q.Validate(Decode(q, full)); !strings.Contains(e.Get("q-child_rall"), "no more than 4 times") {
		t.Errorf("five where four may be: %v", e.List())
	}
}

func TestErrorsStandAtTheirRepetition(t *testing.T) {
	q := household(t)
	a := Decode(q, sent("q-child.name_r1", "", "q-school.hours_r2.2", "many"))
	e := q.Validate(a)
	want := Errors{
		{"q-child.name_r1", "Answer “First name, Child 1”"},
		{"q-school.hours_r2.2", "“Hours a week, School (2), Child 2” must be a whole number, such as 3"},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := e.In(q.Items[1:2]); len(got) != 2 || e.In(q.Items[2:]) != nil {
		t.Errorf("on the page of the children %v, on the others %v", got, e.In(q.Items[2:]))
	}
}

func TestAConditionLooksAtTheNearestAnswer(t *testing.T) {
	q := household(t)
	a := Decode(q, sent("q-child.where_r1", "elsewhere"))
	at := q.Spread(a)
	asked := q.Asked(a)
	if asked(at.Item("child.where\t1")) || !asked(at.Item("child.where\t2")) {
		t.Error("a condition looks at another repetition")
	}
	if e := q.Validate(a); !e.Has("q-child.where_r1") || e.Has("q-child.where_r2") {
		t.Errorf("got %v", e.List())
	}
	given, aside := q.Aside(a)
	if aside.Text("child.where\t1") != "elsewhere" || q.Validate(given).Any() {
		t.Error("what one repetition no longer asks is not aside")
	}
	none := Decode(q, sent("q-any", "n"))
	given, aside = q.Aside(none)
	if len(given) != 1 || len(aside) != len(none)-1 || q.Validate(given).Any() {
		t.Errorf("a group that is not asked gives %v, aside %v", given.links(), aside.links())
	}
	outside := parsed(t, small(
		`{"linkId":"first","type":"string","text":"F","enableWhen":[{"question":"in","operator":"=","answerString":"a"}]}`,
		`{"linkId":"g","type":"group","text":"G","repeats":true,"item":[{"linkId":"in","type":"string","text":"I"}]}`,
		`{"linkId":"last","type":"string","text":"L","enableWhen":[{"question":"in","operator":"=","answerString":"b"}]}`,
	))
	b := Answers{"g\tall": Give("1", "2"), "in\t1": Give("a"), "in\t2": Give("b")}
	asked = outside.Asked(b)
	if !asked(outside.Item("first")) || !asked(outside.Item("last")) {
		t.Error("from before, the first repetition is nearest; from behind, the last")
	}
}

func TestAPartThatMustBeThereMustBeFilledIn(t *testing.T) {
	group := func(more string) *Questionnaire {
		return parsed(t, small(stringB, `{"linkId":"g","type":"group","text":"Child",`+more+`"repeats":true,"item":[{"linkId":"n","type":"string","text":"Name"},{"linkId":"m","type":"string","text":"More","required":true}]}`))
	}
	two := `"extension":[` + extended(extMinOccurs, `"valueInteger":2`) + `],`
	filled := Answers{"n\t1": Give("x"), "m\t1": Give("y")}
	for _, tt := range []struct {
		what, more string
		a          Answers
		want       string
	}{
		{"one that need not be there", "", nil, ""},
		{"one that is begun", "", Answers{"n\t1": Give("x")}, "Answer “More, Child 1”"},
		{"one that must be there", `"required":true,`, nil, "Fill in “Child”"},
		{"one that is there", `"required":true,`, filled, ""},
		{"two, and there is none", two, nil, ""},
		{"two that must be there", `"required":true,` + two, nil, "Fill in “Child” at least 2 times"},
		{"two, and there is one", two, filled, "Fill in “Child” at least 2 times"},
	} {
		q := group(tt.more)
		got := ""
		if e := q.Validate(tt.a); e.Any() {
			got = e[0].Message
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.what, got, tt.want)
		}
		if tt.a == nil && q.ValidateDraft(tt.a).Any() {
			t.Errorf("%s: a draft must have it too", tt.what)
		}
	}
	once := parsed(t, small(`{"linkId":"g","type":"group","text":"Address","required":true,"item":[`+stringB+`]}`))
	if e := once.Validate(nil); e.Get("q-b") != "Answer at least one question of “Address”" || once.Validate(Answers{"b": Give("x")}).Any() {
		t.Errorf("a group that must be there: %v", e.List())
	}
}

func TestRepetitionsCompareByTheirNumber(t *testing.T) {
	q := household(t)
	before := respond(t, q, Decode(q, sent()), Record{ID: "r1", Who: "Practitioner/1", When: monday, How: HowPaper})
	a := Decode(q, sent(AgainField, AgainTake+"q-child_r1", "q-school.hours_r2.2", "6"))
	after := reparsed(t, respond(t, q, a, Record{Who: "Practitioner/2", When: monday, How: HowAsked, Previous: reparsed(t, before)}))
	changes, err := Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, c.Text+": "+strings.Join(c.Before, " ")+" -> "+strings.Join(c.After, " "))
	}
	want := []string{
		"Child 1, School 2: Hours a week: 5 -> 6", "Child 1: Hours away: 25 -> 26", "Hours of all children: 25 -> 26",
		"Child 1: First name: Ada -> ", "Child 1: Lives with the person?: Yes -> ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	pairs, err := q.Beside(before, after)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, p := range pairs {
		if p.Changed {
			changed = append(changed, p.Text)
		}
	}
	want = []string{"Child 1: First name", "Child 1: Lives with the person?", "School (2), Child 2: Hours a week", "Child 2: Hours away", "Hours of all children"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("side by side (-want +got):\n%s", diff)
	}
	for key, item := range q.ByKey(after) {
		for _, answer := range item.Answers {
			changed := key == "school.hours\t2.2" || key == "child.hours\t2" || key == "total"
			if (answer.Provenance.Who == "Practitioner/2") != changed {
				t.Errorf("%q is from %s", key, answer.Provenance.Who)
			}
		}
	}
}

func TestAResponseWithRepetitionsThatDoNotFitIsRefused(t *testing.T) {
	q := household(t)
	child := func(more string) string {
		return `{"linkId":"child"` + more + `,"item":[{"linkId":"child.name","answer":[{"valueString":"x"}]}]}`
	}
	second := `,"extension":[` + extended(extRepetition, `"valuePositiveInt":2`) + `]`
	for _, tt := range []struct{ name, items, reason string }{
		{"a question twice in one", `{"linkId":"child","item":[{"linkId":"child.name","answer":[{"valueString":"x"}]},{"linkId":"child.name","answer":[{"valueString":"y"}]}]}`, "stands twice"},
		{"one number twice", child(second) + "," + child(""), "one number"},
		{"too many", strings.TrimSuffix(strings.Repeat(child("")+",", maxRepetitions+1), ","), "more than 50"},
		{"a question under its repetition's name", `{"linkId":"child.name\t1","answer":[{"valueString":"x"}]}`, "not in the form"},
		{"another unit", `{"linkId":"weight","answer":[{"valueQuantity":{"value":1,"code":"g","system":"http://unitsofmeasure.org"}}]}`, "does not take"},
	} {
		r, err := ParseResponse([]byte(`{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"` + q.Canonical() + `","item":[` + tt.items + `]}`))
		if err == nil {
			_, err = q.Answers(r)
		}
		if err == nil || !strings.Contains(err.Error(), tt.reason) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.reason)
		}
	}
	if _, err := ParseResponse([]byte(`{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"u|1","item":[{"linkId":"a","answer":[{"valueQuantity":{"value":1,"comparator":"<"}}]}]}`)); err == nil || !strings.Contains(err.Error(), "less or more") {
		t.Errorf("less than a number: %v", err)
	}
}

func TestTakingAPageLeavesTheOthers(t *testing.T) {
	q := household(t)
	a := Decode(q, sent("q-weight", "1", "q-weight-unit", "kg"))
	page := url.Values{"q-child_rall": {"2"}, "q-child.name_r2": {"Benjamin"}}
	a.Take(q.Items[1:2], Decode(q, page))
	if a.Text("child.name\t2") != "Benjamin" || a.Answered("child.name\t1") || a.Answered("school\t2.1") || a.Text("weight") != "1\nkg" || a.Text("any") != "y" {
		t.Errorf("got %v", a.links())
	}
}

// Whatever is sent of a form with repetitions, it is refused field by field, or comes back from its response:
// each answer under its own question and in its own repetition.
func FuzzDecodeRepetitions(f *testing.F) {
	f.Add(sent().Encode())
	f.Add(sent(AgainField, AgainTake+"q-child_r1").Encode())
	f.Add(sent(AgainField, AgainAdd+"q-school_r2.all", "q-weight", "1e3", "q-weight-unit", "[lb_av]").Encode())
	f.Add("q-any=y&q-child_rall=7&q-child_rall=7&q-child_rall=0&q-child.name_r7=x&q-seen_rall=3&q-seen_r3-year=2026&q-seen_r3-time=9:15")
	f.Add("q-child_rall=1&q-child_rall-gone=2&q-child.name_r2=x&q-child.name_r1=y&q-any=y&q-weight=x&q-weight-unit=kg")
	q := household(f)
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		given, _ := q.Aside(Decode(q, form))
		if q.ValidateDraft(given).Any() {
			return
		}
		comesBack(t, q, given)
	})
}

// comesBack writes answers, reads them, and compares. What nobody filled in is not there.
func comesBack(t testing.TB, q *Questionnaire, given Answers) {
	t.Helper()
	r := respond(t, q, given, Record{})
	back, err := q.Answers(reparsed(t, r))
	if err != nil {
		t.Fatalf("the response does not fit: %v\n%s", err, written(t, r))
	}
	settled, _ := q.Settle(given)
	want, got := map[string][]string{}, map[string][]string{}
	asked := q.Asked(settled)
	for i := range q.Spread(settled).Questions() {
		if values := settled.Values(i.LinkID); len(values) > 0 && asked(i) && !absent(i, settled) {
			want[i.LinkID] = values
		}
	}
	for key, answer := range back {
		if !strings.HasSuffix(key, seriesEnd) {
			got[key] = answer.Values
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-given +back):\n%s", diff)
	}
	if again := written(t, respond(t, q, back, Record{})); !bytes.Equal(again, written(t, r)) {
		t.Fatalf("written twice, the response differs:\n%s\n%s", written(t, r), again)
	}
}

// However much is sent, a form is spread out to so many items and no more, and what does not fit is said.
func TestAFormIsSpreadOutSoFarAndNoFurther(t *testing.T) {
	q := parsed(t, small(`{"linkId":"g","type":"group","text":"G","repeats":true,"item":[{"linkId":"h","type":"group","text":"H","repeats":true,"item":[`+
		`{"linkId":"i","type":"group","text":"I","repeats":true,"item":[`+stringB+`]}]}]}`))
	all := countTo(maxRepetitions)
	form := url.Values{"q-g_rall": all}
	for _, g := range all {
		form["q-h_r"+g+".all"] = all
		for _, h := range all {
			form["q-i_r"+g+"."+h+".all"] = all
		}
	}
	a := Decode(q, form)
	n := 0
	for range q.Spread(a).All() {
		n++
	}
	if n > maxSpread {
		t.Errorf("there are %d items", n)
	}
	if e := q.ValidateDraft(a); e.Get("q-b_r1.1.1") != "There are more entries than the form can hold: remove some" {
		t.Errorf("got %d errors", len(e))
	}
}

// Adding, removing and bringing back in any order never moves an answer to another repetition.
func TestAnAnswerStaysInItsRepetition(t *testing.T) {
	q := household(t)
	rapid.Check(t, func(t *rapid.T) {
		a := Answers{"any": Give("y")}
		said := map[string]string{} // by number, what was said of the child
		for step := range rapid.IntRange(1, 12).Draw(t, "steps") {
			at := q.Spread(a)
			page := url.Values{}
			for i := range at.Kept() {
				page[i.Field()] = a.Values(i.LinkID)
			}
			series := at.Item("child")
			for _, r := range series.Items {
				page.Add(series.Field(), r.Number())
			}
			for _, r := range series.Series.Gone {
				page.Add(series.Series.GoneField(series), r.Number())
			}
			at1 := rapid.SampledFrom(series.Items).Draw(t, "which")
			word := rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "word")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				page.Set(AgainField, AgainAdd+series.Field())
			case 1:
				page.Set(AgainField, AgainTake+at1.Field())
			case 2:
				if len(series.Series.Gone) > 0 {
					page.Set(AgainField, AgainBack+series.Series.Gone[0].Field())
				}
			default:
				field := at1.Items[0].Field()
				page[field], said[at1.Number()] = []string{word}, word
			}
			a = Decode(q, page)
			for number, want := range said {
				if got := a.Text("child.name\t" + number); got != want {
					t.Fatalf("step %d: child %s is called %q and not %q", step, number, got, want)
				}
			}
		}
	})
}
