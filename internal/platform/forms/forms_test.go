package forms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var monday = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

func everyType(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "every-type.json"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parsed(t testing.TB, data []byte) *Questionnaire {
	t.Helper()
	q, err := ParseQuestionnaire(data)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// small is a form of the given items, with whatever else stands before them.
func small(items ...string) []byte {
	return []byte(`{"resourceType":"Questionnaire","url":"https://example.invalid/forms/small","version":"1",` +
		`"title":"Small","status":"draft","item":[` + strings.Join(items, ",") + `]}`)
}

const (
	yesNo3 = `"answerOption":[{"valueCoding":{"system":"s","code":"y","display":"Yes"}},` +
		`{"valueCoding":{"system":"s","code":"n","display":"No"}}]`
	choiceA = `{"linkId":"a","type":"choice","text":"A",` + yesNo3 + `}`
	stringB = `{"linkId":"b","type":"string","text":"B"}`
)

// canonical brings JSON to one order of names, with numbers as they were written.
func canonical(t testing.TB, data []byte) string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func written(t testing.TB, v json.Marshaler) []byte {
	t.Helper()
	out, err := v.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatComesInGoesOutAgain(t *testing.T) {
	in := everyType(t)
	out := written(t, parsed(t, in))
	if diff := cmp.Diff(canonical(t, in), canonical(t, out)); diff != "" {
		t.Errorf("(-in +out):\n%s", diff)
	}
	if again := written(t, parsed(t, out)); !bytes.Equal(again, out) {
		t.Error("written twice, the form differs")
	}
	if !strings.Contains(string(out), "1.50") {
		t.Error("the decimal 1.50 has become another text")
	}
}

func TestTheNameOfR5ForAChoiceIsReadAndNeverWritten(t *testing.T) {
	q := parsed(t, small(strings.Replace(choiceA, "choice", "coding", 1)))
	if q.Item("a").Type != TypeChoice {
		t.Errorf("read as %s", q.Item("a").Type)
	}
	if out := string(written(t, q)); strings.Contains(out, `"coding"`) || !strings.Contains(out, `"choice"`) {
		t.Errorf("written as %s", out)
	}
}

func TestAFormIsReadWhole(t *testing.T) {
	q := parsed(t, everyType(t))
	if q.Canonical() != "https://example.invalid/forms/every-type|2.1" {
		t.Errorf("canonical is %q", q.Canonical())
	}
	var order []string
	for i := range q.Questions() {
		order = append(order, i.LinkID)
	}
	want := []string{"1", "2", "3", "4", "1.why", "moved", "moved/when", "times", "often", "weight", "name", "how", "area"}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("questions (-want +got):\n%s", diff)
	}
	for _, tt := range []struct{ what, got, want string }{
		{"title with a prefix", q.Item("1").Title(), "1. First"},
		{"title with a prefix that ends", q.Item("part-b").Title(), "B. Other types"},
		{"title without", q.Item("moved").Title(), "Has the person moved?"},
		{"hint of a group", q.Item("part-a").Hint(), "Leave open what was not asked."},
		{"format as a hint", q.Item("weight").Hint(), "In kilograms."},
		{"field", q.Item("1.why").Field(), "q-1.why"},
		{"field with other signs", q.Item("moved/when").Field(), "q-moved_2fwhen"},
		{"field with a dash", q.Item("part-a").Field(), "q-part_2da"},
		{"limit", q.Item("weight").Min, "0.50"},
		{"condition", q.ConditionWords(q.Item("1.why")), "question 1 is “Yes”"},
		{"several conditions", q.ConditionWords(q.Item("often")), "“How many times?” is more than “2”, or “Has the person moved?” is “Yes”"},
		{"under a question", q.ConditionWords(q.Item("moved/when")), "“Has the person moved?” is answered"},
		{"no condition", q.ConditionWords(q.Item("1")), ""},
		{"initial", q.Start().Text("name"), "Harbour House"},
		{"initially selected", q.Start().Text("area"), "South"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.what, tt.got, tt.want)
		}
	}
	wantNotices := []Problem{
		{"", "the extension https://example.invalid/not-ours is kept but not used"},
	}
	if diff := cmp.Diff(wantNotices, q.Notices()); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

func TestFieldsOfTwoItemsAreNeverAlike(t *testing.T) {
	fields := map[string]string{}
	for _, linkID := range []string{"x", "x-day", "x-hint", "x-2", "x_2", "x_2d2", "x 2", "x/2", "ä", "X"} {
		f := fieldOf(linkID)
		if was, taken := fields[f]; taken {
			t.Errorf("%q and %q are both %q", was, linkID, f)
		}
		fields[f] = linkID
		if strings.Contains(strings.TrimPrefix(f, "q-"), "-") {
			t.Errorf("%q could be a part of another field", f)
		}
	}
}

// Each line is a form that must be refused, the item it must name and the reason it must give.
func TestAFormThatWouldNotBeAskedAsMeantIsRefused(t *testing.T) {
	item := func(fields string) []byte { return small(`{"linkId":"x","text":"X",` + fields + `}`) }
	ext := func(url, value string) []byte {
		return item(`"type":"string","extension":[{"url":"` + url + `",` + value + `}]`)
	}
	when := func(fields string) []byte {
		return small(choiceA, stringB, `{"linkId":"x","type":"string","text":"X","enableWhen":[{`+fields+`}]}`)
	}
	count := func(parts string) []byte {
		return []byte(strings.Replace(string(small(choiceA, stringB)), `"item"`,
			`"extension":[{"url":"`+extCount+`","extension":[`+parts+`]}],"item"`, 1))
	}
	const named = `{"url":"name","valueString":"n"},{"url":"title","valueString":"N"},`
	const counted = `{"url":"counted","valueCoding":{"system":"s","code":"y"}},`
	for _, tt := range []struct {
		name, linkID, reason string
		form                 []byte
	}{
		{"not JSON", "", "not JSON", []byte("{")},
		{"nothing", "", "not JSON", nil},
		{"two documents", "", "goes on after its end", []byte("{} {}")},
		{"a list", "", "not a JSON object", []byte("[]")},
		{"not UTF-8", "", "not UTF-8", []byte("{\"a\":\"\xff\"}")},
		{"a name twice", "", `"url" stands twice`, []byte(`{"url":"a","url":"b"}`)},
		{"too deep", "", "nested too deeply", []byte(strings.Repeat("[", 200) + strings.Repeat("]", 200))},
		{"too large", "", "larger than 2 MB", bytes.Repeat([]byte(" "), maxBytes+1)},
		{"another kind", "", "not a Questionnaire", []byte(`{"resourceType":"Patient"}`)},
		{"no url", "", "has no url", []byte(`{"resourceType":"Questionnaire"}`)},
		{"no items", "", "has no items", []byte(`{"resourceType":"Questionnaire"}`)},
		{"status", "", `the status "new"`, bytes.Replace(small(stringB), []byte("draft"), []byte("new"), 1)},
		{"a line in the version", "", "may not contain |", bytes.Replace(small(stringB), []byte(`"1"`), []byte(`"1|2"`), 1)},
		{"rules from elsewhere", "", "implicitRules", bytes.Replace(small(stringB), []byte(`"title"`), []byte(`"implicitRules":"x","title"`), 1)},
		{"no linkId", "", "has no linkId", small(`{"type":"string","text":"B"}`)},
		{"linkId twice", "b", "stands twice", small(stringB, stringB)},
		{"no type", "x", "has no type", item(`"prefix":"1"`)},
		{"another type", "x", `"question" is not supported`, item(`"type":"question"`)},
		{"another record to compare with", "y", "what it is called", small(stringB, `{"linkId":"x","type":"reference","text":"X"}`, `{"linkId":"y","type":"string","text":"Y","enableWhen":[{"question":"x","operator":"=","answerReference":{"display":"Ada"}}]}`)},
		{"a tab in a linkId", "y\tz", "a tab in it", small(`{"linkId":"y\tz","type":"string","text":"Y"}`)},
		{"a unit without a code", "x", "unit without a code", small(stringB, `{"linkId":"x","type":"quantity","text":"X","extension":[`+extended(extUnitOption, `"valueCoding":{"display":"stone"}`)+`]}`)},
		{"units of a number", "x", "does not go with", small(stringB, `{"linkId":"x","type":"integer","text":"X","extension":[`+extended(extUnitOption, `"valueCoding":{"system":"s","code":"kg"}`)+`]}`)},
		{"units from elsewhere", "x", "list kept elsewhere", small(stringB, `{"linkId":"x","type":"quantity","text":"X","extension":[`+extended(coreExt+"questionnaire-unitValueSet", `"valueCanonical":"http://x"`)+`]}`)},
		{"a limit of many units", "x", "has not one unit", small(stringB, `{"linkId":"x","type":"quantity","text":"X","extension":[`+extended(extMin, `"valueDecimal":1`)+`]}`)},
		{"no text", "y", "has no text", small(`{"linkId":"y","type":"string"}`)},
		{"text of another kind", "y", "text is not text", small(`{"linkId":"y","type":"string","text":1}`)},
		{"empty text", "y", "text is empty", small(`{"linkId":"y","type":"string","text":" "}`)},
		{"a flag that is a word", "x", "neither true nor false", item(`"type":"string","required":"yes"`)},
		{"empty group", "x", "group without items", item(`"type":"group"`)},
		{"group with options", "x", "is a group and has answerOption", item(`"type":"group","item":[` + stringB + `],` + yesNo3)},
		{"display with items", "x", "display and has items", item(`"type":"display","item":[` + stringB + `]`)},
		{"required display", "x", "display and has required", item(`"type":"display","required":true`)},
		{"coded display", "x", "display and has code", item(`"type":"display","code":[{"system":"s","code":"c"}]`)},
		{"computed", "x", "readOnly", item(`"type":"string","readOnly":true`)},
		{"choice of nothing", "x", "choice without answerOption", item(`"type":"choice"`)},
		{"answers from elsewhere", "x", "answerValueSet", item(`"type":"choice","answerValueSet":"http://x"`)},
		{"options of a text", "x", "has an answerOption that is a coding", item(`"type":"string",` + yesNo3)},
		{"option twice", "x", `two options have the code or text "y"`, item(`"type":"choice","answerOption":[{"valueString":"y"},{"valueString":"y"}]`)},
		{"options of two kinds", "x", "some options are a string and some a coding", item(`"type":"choice","answerOption":[{"valueString":"z"},{"valueCoding":{"system":"s","code":"y"}}]`)},
		{"option of another type", "x", "answerOption is a boolean", item(`"type":"choice","answerOption":[{"valueBoolean":true}]`)},
		{"option without value", "x", "has no value", item(`"type":"choice","answerOption":[{}]`)},
		{"code without system", "x", "a code and no system", item(`"type":"choice","answerOption":[{"valueCoding":{"code":"y"}}]`)},
		{"two values", "x", "more than one of", item(`"type":"choice","answerOption":[{"valueString":"y","valueInteger":1}]`)},
		{"maxLength of a date", "x", "date and has maxLength", item(`"type":"date","maxLength":3`)},
		{"initial beside options", "x", "initial beside answerOption", item(`"type":"choice","initial":[{"valueString":"y"}],` + yesNo3)},
		{"initial of another type", "x", "initial value is a boolean", item(`"type":"string","initial":[{"valueBoolean":true}]`)},
		{"several initial", "x", "several initial", item(`"type":"string","initial":[{"valueString":"a"},{"valueString":"b"}]`)},
		{"limit of another type", "x", "minValue is a limit of another type", ext(extMin, `"valueInteger":1`)},
		{"modifier", "x", "modifierExtension", item(`"type":"string","modifierExtension":[{"url":"http://x","valueBoolean":true}]`)},
		{"modifier inside", "x", "modifierExtension", item(`"type":"choice","answerOption":[{"valueString":"y","modifierExtension":[{"url":"http://x"}]}]`)},
		{"modifier written otherwise", "x", "modifierExtension", item(`"type":"string","code":[{"system":"s","code":"c","\u006dodifierExtension":[]}]`)},
		{"expression", "x", "sdc-questionnaire-calculatedExpression", ext(sdcExt+"sdc-questionnaire-calculatedExpression", `"valueExpression":{}`)},
		{"hidden", "x", "questionnaire-usageMode", ext(coreExt+"questionnaire-usageMode", `"valueCode":"capture"`)},
		{"pattern", "x", "regex is not a pattern", ext(coreExt+"regex", `"valueString":"(a"`)},
		{"condition on nothing", "x", "names no question", when(`"operator":"exists","answerBoolean":true`)},
		{"condition that points nowhere", "x", `names "z", which is not in the form`, when(`"question":"z","operator":"exists","answerBoolean":true`)},
		{"condition without operator", "x", "operator", when(`"question":"b","operator":"~","answerString":"1"`)},
		{"condition without answer", "x", "compares with no answer", when(`"question":"b","operator":"="`)},
		{"condition of another type", "x", `compares "b", a string, with a integer`, when(`"question":"b","operator":"=","answerInteger":1`)},
		{"condition on an option that is not", "x", "does not offer", when(`"question":"a","operator":"=","answerCoding":{"system":"s","code":"q"}`)},
		{"order where there is none", "x", "has no order", when(`"question":"b","operator":">","answerString":"1"`)},
		{"exists with a text", "x", "does not say true or false", when(`"question":"b","operator":"exists","answerString":"1"`)},
		{"condition on itself", "x", "leads back", when(`"question":"x","operator":"exists","answerBoolean":true`)},
		{"condition on a group", "x", "not a question", small(`{"linkId":"g","type":"group","text":"G","item":[`+stringB+`]}`, `{"linkId":"x","type":"string","text":"X","enableWhen":[{"question":"g","operator":"exists","answerBoolean":true}]}`)},
		{"circle of two", "x", "leads back", small(
			`{"linkId":"x","type":"string","text":"X","enableWhen":[{"question":"y","operator":"exists","answerBoolean":true}]}`,
			`{"linkId":"y","type":"string","text":"Y","enableWhen":[{"question":"x","operator":"exists","answerBoolean":true}]}`)},
		{"group that hangs on its own question", "g", "leads back", small(`{"linkId":"g","type":"group","text":"G","enableWhen":[{"question":"b","operator":"exists","answerBoolean":true}],"item":[` + stringB + `]}`)},
		{"two conditions without enableBehavior", "x", "no enableBehavior", small(stringB, `{"linkId":"x","type":"string","text":"X","enableWhen":[{"question":"b","operator":"=","answerString":"1"},{"question":"b","operator":"=","answerString":"2"}]}`)},
		{"another enableBehavior", "x", "not any or all", item(`"type":"string","enableBehavior":"some"`)},
		{"count without a name", "", "no name", count(counted + `{"url":"question","valueString":"a"}`)},
		{"count of nothing", "", "does not say what it counts", count(named + `{"url":"question","valueString":"a"}`)},
		{"count over a question that is not there", "z", "not in the form", count(named + counted + `{"url":"question","valueString":"z"}`)},
		{"count over a text", "b", "not a choice of one", count(named + counted + `{"url":"question","valueString":"b"}`)},
		{"count twice over one", "a", "counted twice", count(named + counted + `{"url":"question","valueString":"a"},{"url":"question","valueString":"a"}`)},
		{"count in a group that repeats", "a", "stands in a group that repeats", bytes.Replace(count(named+counted+`{"url":"question","valueString":"a"}`), []byte(choiceA), []byte(`{"linkId":"g","type":"group","repeats":true,"text":"G","item":[`+choiceA+`]}`), 1)},
		{"count of what is not offered", "a", "does not offer", count(named + `{"url":"counted","valueCoding":{"system":"s","code":"q"}},{"url":"question","valueString":"a"}`)},
	} {
		q, err := ParseQuestionnaire(tt.form)
		var problems Problems
		if !errors.As(err, &problems) || q != nil {
			t.Errorf("%s: accepted, or refused with %v", tt.name, err)
			continue
		}
		if !slices.ContainsFunc(problems, func(p Problem) bool { return p.LinkID == tt.linkID && strings.Contains(p.Reason, tt.reason) }) {
			t.Errorf("%s: refused with %v, want item %q and %q", tt.name, err, tt.linkID, tt.reason)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	_, err := ParseQuestionnaire(small(`{"linkId":"x","type":"question","text":"X"}`, `{"linkId":"y","type":"choice","text":"Y"}`))
	want := `item "x": the type "question" is not supported; item "y": is a choice without answerOption`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAFormWithTooManyItemsIsRefused(t *testing.T) {
	var items []string
	for n := range maxItems + 2 {
		items = append(items, fmt.Sprintf(`{"linkId":"%d","type":"string","text":"T"}`, n))
	}
	if _, err := ParseQuestionnaire(small(items...)); err == nil || !strings.Contains(err.Error(), "more than 2000 items") {
		t.Errorf("got %v", err)
	}
	nested := stringB
	for n := range maxNesting {
		nested = fmt.Sprintf(`{"linkId":"g%d","type":"group","text":"G","item":[%s]}`, n, nested)
	}
	if _, err := ParseQuestionnaire(small(nested)); err == nil || !strings.Contains(err.Error(), "nested more than 8 deep") {
		t.Errorf("got %v", err)
	}
}

func TestErrorsKeepTheOrderOfThePageAndOneMessageAField(t *testing.T) {
	var e Errors
	if e.Err() != nil || e.Any() {
		t.Error("no errors are an error")
	}
	e.Add("b", "first")
	e.Add("a", "second")
	e.Add("b", "third")
	if diff := cmp.Diff([]FieldError{{"b", "first"}, {"a", "second"}}, e.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !e.Has("a") || e.Has("c") || e.Get("b") != "first" || e.Get("c") != "" {
		t.Errorf("Has and Get disagree with %v", e.List())
	}
	got, ok := AsErrors(fmt.Errorf("saving: %w", e.Err()))
	if !ok || len(got) != 2 {
		t.Errorf("not found through what wraps it: %v", got)
	}
	if _, ok := AsErrors(errors.New("other")); ok {
		t.Error("another error is taken for form errors")
	}
	if text := e.Error(); text != "the form has errors in: b, a" {
		t.Errorf("prints %q", text)
	}
}
