package forms

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestDecodeKeepsWhatWasTyped(t *testing.T) {
	q := parsed(t, everyType(t))
	form, err := url.ParseQuery("q-1=y&q-2=&q-3=other&q-1.why=++two%0D%0Alines++&q-moved=maybe&q-times=three&" +
		"q-moved_2fwhen-day=31&q-moved_2fwhen-month=2&q-moved_2fwhen-year=2026&q-often=one%0A%0A+two+&" +
		"q-how=Letter&q-how=Letter&q-how=E-mail&q-weight=1.50&q-name=a%00b%0Ac&judgement=mine&q-none=1")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for linkID, answer := range Decode(q, form) {
		got[linkID] = answer.Values
	}
	want := map[string][]string{
		"1": {"y"}, "3": {"other"}, "1.why": {"two\nlines"}, "moved": {"maybe"}, "times": {"three"},
		"moved/when": {"31\n2\n2026"}, "often": {"one", "two"}, "how": {"Letter", "E-mail"}, "weight": {"1.50"}, "name": {"ab c"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDatesComeAndGoAsTheirBoxes(t *testing.T) {
	for _, tt := range []struct{ day, month, year, value string }{
		{"27", "3", "2026", "2026-03-27"},
		{"7", "03", "2026", "2026-03-07"},
		{"1", "March", "2026", "2026-03-01"},
		{"1", "sep", "2026", "2026-09-01"},
		{"", "3", "2026", "2026-03"},
		{"", "", "2026", "2026"},
		{"29", "2", "2024", "2024-02-29"},
		{"", "", "", ""},
		{"29", "2", "2026", "29\n2\n2026"},
		{"31", "4", "2026", "31\n4\n2026"},
		{"1", "13", "2026", "1\n13\n2026"},
		{"1", "3", "26", "1\n3\n26"},
		{"1", "", "2026", "1\n\n2026"},
		{"x", "y", "z", "x\ny\nz"},
		{"1", "3", "", "1\n3\n"},
		{"1-2", "3-4", "5-6", "1-2\n3-4\n5-6"},
	} {
		value := JoinDate(tt.day, tt.month, tt.year)
		if value != tt.value {
			t.Errorf("%q %q %q is %q, want %q", tt.day, tt.month, tt.year, value, tt.value)
		}
		if day, month, year := SplitDate(value); JoinDate(day, month, year) != value {
			t.Errorf("%q comes back as %q %q %q", value, day, month, year)
		}
	}
}

func TestWhatIsWrongIsSaidByField(t *testing.T) {
	q := parsed(t, everyType(t))
	whole := Answers{"moved": Give("false")}
	for _, tt := range []struct {
		name  string
		given Answers
		want  []string // field: beginning of the message
	}{
		{"nothing is wrong", nil, nil},
		{"right of every type", Answers{
			"1": Give("y"), "1.why": Give("because"), "moved": Give("true"), "moved/when": Give("2025-03"), "times": Give("3"),
			"often": Give("one", "two"), "weight": Give("0.50"), "name": Give("x"), "how": Give("Letter", "E-mail"), "area": Give("North"),
		}, nil},
		{"required where asked", Answers{"1": Give("y")}, []string{"q-1.why: Answer “What happened”"}},
		{"required and always asked", Answers{"moved": {}}, []string{"q-moved: Answer “Has the person moved?”"}},
		{"not an option", Answers{"1": Give("maybe")}, []string{"q-1: Choose one of the answers that “First” offers"}},
		{"two where one is asked", Answers{"2": Give("y", "n")}, []string{"q-2: Give one answer to “Second”"}},
		{"not a boolean", Answers{"moved": Give("maybe")}, []string{"q-moved: Answer “Has the person moved?” with yes or no"}},
		{"not whole", Answers{"times": Give("2.5")}, []string{"q-times: “How many times?” must be a whole number"}},
		{"beyond all numbers", Answers{"times": Give("99999999999")}, []string{"q-times: “How many times?” must be a whole number"}},
		{"too few", Answers{"times": Give("-1")}, []string{"q-times: “How many times?” must be 0 or more"}},
		{"too many", Answers{"times": Give("51")}, []string{"q-times: “How many times?” must be 50 or less"}},
		{"not a number", Answers{"weight": Give("1,5")}, []string{"q-weight: “Weight” must be a number"}},
		{"too small", Answers{"weight": Give("0.499")}, []string{"q-weight: “Weight” must be 0.50 or more"}},
		{"too long", Answers{"1": Give("y"), "1.why": Give(strings.Repeat("é", 101))}, []string{"q-1.why: “What happened” must be 100 characters or fewer. It has 101"}},
		{"longer than any", Answers{"name": Give(strings.Repeat("a", maxText+1))}, []string{"q-name: “Name of the place” must be 20000 characters or fewer"}},
		{"not a date", Answers{"moved": Give("true"), "moved/when": Give("31\n2\n2026")}, []string{"q-moved_2fwhen: “When?” must be a real date"}},
		{"too late", Answers{"moved": Give("true"), "moved/when": Give("2026-07-01")}, []string{"q-moved_2fwhen: “When?” must be 30 June 2026 or earlier"}},
		{"too early", Answers{"moved": Give("true"), "moved/when": Give("1999")}, []string{"q-moved_2fwhen: “When?” must be 1 January 2000 or later"}},
		{"a year that may be early enough", Answers{"moved": Give("true"), "moved/when": Give("2026")}, nil},
		{"one alone", Answers{"how": Give("Letter", "Not at all")}, []string{"q-how: For “How may we write?”, choose “Not at all” alone"}},
		{"one twice", Answers{"how": Give("Letter", "Letter")}, []string{"q-how: Choose each answer"}},
		{"short name in messages", Answers{"area": Give("East")}, []string{"q-area: Choose one of the answers that “Part of the county” offers"}},
		{"answered though not asked", Answers{"1.why": Give("x")}, []string{"q-1.why: “What happened” is asked only if question 1 is “Yes”: change that answer, or clear this one"}},
		{"under a question without an answer", Answers{"moved": {}, "moved/when": Give("2025")}, []string{"q-moved: Answer", "q-moved_2fwhen: Answer “Has the person moved?” first, or clear “When?”"}},
		{"not of the form", Answers{"zz": Give("x"), "intro": Give("y")}, []string{"q-intro: This is not a question", "q-zz: This is not a question"}},
		{"in the order of the page", Answers{"weight": Give("x"), "times": Give("x"), "1": Give("x")}, []string{"q-1: ", "q-times: ", "q-weight: "}},
	} {
		a := Answers{"moved": whole["moved"]}
		for linkID, answer := range tt.given {
			a[linkID] = answer
		}
		got := q.Validate(a).List()
		if len(got) != len(tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, got, tt.want)
			continue
		}
		for n, want := range tt.want {
			if line := got[n].Field + ": " + got[n].Message; !strings.HasPrefix(line, want) {
				t.Errorf("%s: got %q, want %q", tt.name, line, want)
			}
		}
	}
}

func TestADraftMayLackAnswersAndNothingElse(t *testing.T) {
	q := parsed(t, everyType(t))
	if e := q.ValidateDraft(Answers{"1": Give("y")}); e.Any() {
		t.Errorf("a draft is refused: %v", e.List())
	}
	if e := q.ValidateDraft(Answers{"times": Give("x")}); !e.Has("q-times") {
		t.Error("a draft takes what is no number")
	}
}

func TestErrorsDoNotRepeatWhatWasTyped(t *testing.T) {
	q := parsed(t, everyType(t))
	e := q.Validate(Answers{
		"1": Give("secret"), "times": Give("secret"), "weight": Give("secret"), "moved": Give("secret"), "moved/when": Give("secret"),
		"area": Give("secret"), "how": Give("secret"), "1.why": Give("secret"),
	})
	if len(e) != 8 || strings.Contains(fmt.Sprint(e.List()), "secret") || strings.Contains(e.Error(), "secret") {
		t.Errorf("got %v", e.List())
	}
}

func TestConditions(t *testing.T) {
	coding := func(code string) string { return `"answerCoding":{"system":"s","code":"` + code + `"}` }
	asked := func(behaviour string, conditions ...string) *Questionnaire {
		return parsed(t, small(choiceA, stringB,
			`{"linkId":"n","type":"integer","text":"N"}`, `{"linkId":"w","type":"decimal","text":"W"}`,
			`{"linkId":"d","type":"date","text":"D"}`, `{"linkId":"t","type":"boolean","text":"T"}`,
			`{"linkId":"m","type":"choice","text":"M","repeats":true,`+yesNo3+`}`,
			`{"linkId":"c","type":"string","text":"C","enableWhen":[{"question":"t","operator":"=","answerBoolean":true}]}`,
			`{"linkId":"x","type":"string","text":"X","enableBehavior":"`+behaviour+`","enableWhen":[`+strings.Join(conditions, ",")+`]}`))
	}
	when := func(question, operator, answer string) string {
		return `{"question":"` + question + `","operator":"` + operator + `",` + answer + `}`
	}
	for _, tt := range []struct {
		q          *Questionnaire
		question   string
		yes, no    []string // answers under which the item is asked, and is not
		unanswered bool     // whether it is asked without an answer
	}{
		{asked("all", when("a", "=", coding("y"))), "a", []string{"y"}, []string{"n", "other"}, false},
		{asked("all", when("a", "!=", coding("y"))), "a", []string{"n", "other"}, []string{"y"}, true},
		{asked("all", when("a", "exists", `"answerBoolean":true`)), "a", []string{"y", "other"}, nil, false},
		{asked("all", when("a", "exists", `"answerBoolean":false`)), "a", nil, []string{"y"}, true},
		{asked("all", when("b", "=", `"answerString":"Z"`)), "b", []string{"Z"}, []string{"z"}, false},
		{asked("all", when("t", "=", `"answerBoolean":false`)), "t", []string{"false"}, []string{"true"}, false},
		{asked("all", when("n", ">", `"answerInteger":9`)), "n", []string{"10"}, []string{"9", "-10", "x"}, false},
		{asked("all", when("n", ">=", `"answerInteger":9`)), "n", []string{"9", "10"}, []string{"8"}, false},
		{asked("all", when("n", "<", `"answerInteger":9`)), "n", []string{"-1", "8"}, []string{"9"}, false},
		{asked("all", when("n", "<=", `"answerInteger":9`)), "n", []string{"9"}, []string{"10"}, false},
		{asked("all", when("w", "=", `"answerDecimal":1.5`)), "w", []string{"1.50", "15e-1"}, []string{"1.51"}, false},
		{asked("all", when("w", ">", `"answerDecimal":0.1`)), "w", []string{"0.10000000001"}, []string{"0.1"}, false},
		{asked("all", when("d", "=", `"answerDate":"2026-03"`)), "d", []string{"2026-03"}, []string{"2026-03-01"}, false},
		{asked("all", when("d", ">", `"answerDate":"2026-03"`)), "d", []string{"2026-04", "2027"}, []string{"2026-03-31", "2026"}, false},
		{asked("all", when("d", "<", `"answerDate":"2026-03-10"`)), "d", []string{"2026-02", "2026-03-09"}, []string{"2026-03", "2026-03-10"}, false},
		{asked("all", when("d", ">=", `"answerDate":"2026-03-10"`)), "d", []string{"2026-03-10", "2026-04"}, []string{"2026-03", "2026-03-09"}, false},
		{asked("all", when("d", "<=", `"answerDate":"2026-03"`)), "d", []string{"2026-03", "2026-03-01", "2026-02"}, []string{"2026", "2026-04-01"}, false},
		{asked("any", when("a", "=", coding("y")), when("a", "=", coding("n"))), "a", []string{"y", "n"}, []string{"other"}, false},
		{asked("all", when("a", "=", coding("y")), when("a", "=", coding("n"))), "a", nil, []string{"y", "n"}, false},
		{asked("all", when("m", "=", coding("y")), when("m", "!=", coding("n"))), "m", []string{"y"}, []string{"n"}, false},
	} {
		x := tt.q.Item("x")
		name := tt.q.ConditionWords(x)
		for _, v := range tt.yes {
			if !tt.q.Enabled(x, Answers{tt.question: Give(v)}) {
				t.Errorf("%s: not asked with %q", name, v)
			}
		}
		for _, v := range tt.no {
			if tt.q.Enabled(x, Answers{tt.question: Give(v)}) {
				t.Errorf("%s: asked with %q", name, v)
			}
		}
		if got := tt.q.Enabled(x, nil); got != tt.unanswered {
			t.Errorf("%s: asked without an answer: %v", name, got)
		}
	}

	chain := asked("all", when("c", "exists", `"answerBoolean":true`))
	if chain.Enabled(chain.Item("x"), Answers{"t": Give("false"), "c": Give("written before")}) {
		t.Error("an answer to a question that is not asked still counts")
	}
	if !chain.Enabled(chain.Item("x"), Answers{"t": Give("true"), "c": Give("written")}) {
		t.Error("not asked at the end of a chain that holds")
	}
}

// A form in which each question hangs on all before it has more ways through it than could be walked.
func TestALongChainOfConditionsTakesNoTime(t *testing.T) {
	items := []string{`{"linkId":"0","type":"boolean","text":"T"}`}
	for n := 1; n < 60; n++ {
		items = append(items, fmt.Sprintf(`{"linkId":"%d","type":"boolean","text":"T","enableBehavior":"any","enableWhen":[`+
			`{"question":"%d","operator":"exists","answerBoolean":true},{"question":"%d","operator":"=","answerBoolean":true}]}`, n, n-1, max(0, n-2)))
	}
	q := parsed(t, small(items...))
	a := Answers{}
	for i := range q.Questions() {
		a.Set(i.LinkID, "false")
	}
	if e := q.Validate(a); e.Any() {
		t.Errorf("got %v", e.List())
	}
}

func TestDontKnowIsNotNoAndNeitherIsSilence(t *testing.T) {
	s := parsed(t, everyType(t)).Score("yes")
	got := s.Count(Answers{"1": Give("y"), "2": Give("n"), "3": Give("u")})
	want := Tally{
		Of: 4, Counted: 1, Otherwise: 1, Unknown: 1, Unanswered: 1,
		CountedLinks: []string{"1"}, UnknownLinks: []string{"3"}, UnansweredLinks: []string{"4"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Answered() != 2 || got.AtMost() != 3 || got.Complete() {
		t.Errorf("answered %d, at most %d, complete %v", got.Answered(), got.AtMost(), got.Complete())
	}
	if wrong := s.Count(Answers{"1": Give("other")}); wrong.Unanswered != 4 {
		t.Errorf("an answer that is none counts as %+v", wrong)
	}
	if full := s.Count(Answers{"1": Give("n"), "2": Give("n"), "3": Give("n"), "4": Give("y")}); !full.Complete() || full.AtMost() != 1 {
		t.Errorf("a whole form counts as %+v", full)
	}
	if parsed(t, everyType(t)).Score("other") != nil {
		t.Error("a count that is not declared is there")
	}
}

func TestATallyAddsUpAndOneMoreYesNeverLowersIt(t *testing.T) {
	s := parsed(t, everyType(t)).Score("yes")
	rapid.Check(t, func(t *rapid.T) {
		a := Answers{}
		for _, i := range s.Questions {
			a.Set(i.LinkID, rapid.SampledFrom([][]string{{"y"}, {"n"}, {"u"}, {"other"}, nil}).Draw(t, i.LinkID)...)
		}
		before := s.Count(a)
		if before.Counted+before.Otherwise+before.Unknown+before.Unanswered != before.Of {
			t.Fatalf("%+v does not add up", before)
		}
		a.Set(rapid.SampledFrom(s.Questions).Draw(t, "one more").LinkID, "y")
		if after := s.Count(a); after.Counted < before.Counted || after.AtMost() < before.Counted {
			t.Fatalf("%+v after %+v", after, before)
		}
	})
}

func TestAnswersDoNotPrint(t *testing.T) {
	a := Answers{"1": Give("secret")}
	r := &Response{Author: "secret"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("saved", "answers", a, "response", r)
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v %s", a, a, a, a), fmt.Sprintf("%v %+v %#v %s", r, r, r, r), log.String()} {
		if strings.Contains(printed, "secret") || !strings.Contains(printed, "[redacted]") {
			t.Errorf("printed as %s", printed)
		}
	}
}
