package forms

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func respond(t testing.TB, q *Questionnaire, a Answers, r Record) *Response {
	t.Helper()
	resp, err := q.Response(a, r)
	if e, is := AsErrors(err); is {
		t.Fatal(e.List())
	}
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func reparsed(t testing.TB, r *Response) *Response {
	t.Helper()
	again, err := ParseResponse(written(t, r))
	if err != nil {
		t.Fatal(err)
	}
	return again
}

var filled = Answers{
	"1": Give("y"), "1.why": Give("two\nlines"), "3": Give("u"), "moved": Give("true"), "moved/when": Give("2025-03"),
	"times": Give("3"), "often": Give("one", "two"), "weight": Give("1.50"), "how": Give("E-mail", "Letter"), "area": Give("North"),
}

func TestAResponseIsWhatFHIRAsksFor(t *testing.T) {
	q := parsed(t, everyType(t))
	r := respond(t, q, filled, Record{
		ID: "r1", Status: StatusCompleted, Who: "Practitioner/p1", When: monday, How: HowAsked,
		Source: "Patient/s1", Subject: "Patient/s2",
	})
	from := `"extension":[{"extension":[{"url":"who","valueReference":{"reference":"Practitioner/p1"}},` +
		`{"url":"when","valueDateTime":"2026-03-02T09:30:00Z"},{"url":"how","valueCode":"asked"}],"url":"https://waymark.invalid/fhir/answer-provenance"}]`
	want := `{"resourceType":"QuestionnaireResponse","id":"r1","status":"completed",
		"questionnaire":"https://example.invalid/forms/every-type|2.1","authored":"2026-03-02T09:30:00Z",
		"author":{"reference":"Practitioner/p1"},"source":{"reference":"Patient/s1"},"subject":{"reference":"Patient/s2"},
		"item":[
		 {"linkId":"part-a","text":"Yes and no","item":[
		  {"linkId":"1","text":"First","answer":[{"valueCoding":{"system":"https://example.invalid/yn","code":"y","display":"Yes"},FROM}]},
		  {"linkId":"3","text":"Third","answer":[{"valueCoding":{"system":"https://example.invalid/yn","code":"u","display":"Don't know"},FROM}]},
		  {"linkId":"1.why","text":"What happened","answer":[{"valueString":"two\nlines",FROM}]}]},
		 {"linkId":"part-b","text":"Other types","item":[
		  {"linkId":"moved","text":"Has the person moved?","answer":[{"valueBoolean":true,FROM,
		    "item":[{"linkId":"moved/when","text":"When?","answer":[{"valueDate":"2025-03",FROM}]}]}]},
		  {"linkId":"times","text":"How many times?","answer":[{"valueInteger":3,FROM}]},
		  {"linkId":"often","text":"Who else knows?","answer":[{"valueString":"one",FROM},{"valueString":"two",FROM}]},
		  {"linkId":"weight","text":"Weight","answer":[{"valueDecimal":1.50,FROM}]},
		  {"linkId":"how","text":"How may we write?","answer":[{"valueString":"E-mail",FROM},{"valueString":"Letter",FROM}]},
		  {"linkId":"area","text":"Area","answer":[{"valueString":"North",FROM}]}]}]}`
	want = strings.ReplaceAll(want, "FROM", from)
	if diff := cmp.Diff(canonical(t, []byte(want)), canonical(t, written(t, r))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(string(written(t, r)), "1.50") {
		t.Error("the decimal 1.50 has become another text")
	}
}

func TestAnswersComeBackFromTheirResponse(t *testing.T) {
	q := parsed(t, everyType(t))
	from := Provenance{"Practitioner/p1", monday, HowPaper}
	r := reparsed(t, respond(t, q, filled, Record{Who: from.Who, When: from.When, How: from.How}))
	got, err := q.Answers(r)
	if err != nil {
		t.Fatal(err)
	}
	want := Answers{}
	for linkID, answer := range filled {
		want[linkID] = Answer{answer.Values, from}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Status != StatusInProgress || !r.Authored.Equal(monday) || r.Author != "Practitioner/p1" {
		t.Errorf("got status %q, authored %v, author %q", r.Status, r.Authored, r.Author)
	}
}

func TestAResponseIsRefusedWhereAnswersDoNotHold(t *testing.T) {
	q := parsed(t, everyType(t))
	for _, tt := range []struct {
		name   string
		status ResponseStatus
		a      Answers
		field  string // with an error; none if empty
	}{
		{"a draft with gaps", StatusInProgress, nil, ""},
		{"a draft without a status", "", nil, ""},
		{"a draft with what is no number", StatusInProgress, Answers{"times": Give("x")}, "q-times"},
		{"completed with gaps", StatusCompleted, nil, "q-moved"},
		{"amended with gaps", StatusAmended, nil, "q-moved"},
		{"given up with gaps", StatusStopped, nil, ""},
		{"an answer to what is not asked", StatusInProgress, Answers{"1.why": Give("x")}, "q-1.why"},
	} {
		r, err := q.Response(tt.a, Record{Status: tt.status})
		e, _ := AsErrors(err)
		if (tt.field == "") != (err == nil) || tt.field != "" && (!e.Has(tt.field) || r != nil) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
}

func TestAnAnswerThatHasNotChangedKeepsWhereItCameFrom(t *testing.T) {
	q := parsed(t, everyType(t))
	first := reparsed(t, respond(t, q, filled, Record{ID: "r1", Who: "Practitioner/p1", When: monday, How: HowPaper}))
	tuesday := monday.AddDate(0, 0, 1)

	a := Decode(q, nil)
	for linkID, answer := range filled {
		a[linkID] = Give(answer.Values...)
	}
	a.Set("1.why", "now told otherwise")
	a.Set("often", "three", "one")
	a.Set("2", "n")
	a.Set("3")
	a["times"] = Answer{[]string{"3"}, Provenance{"Practitioner/p3", tuesday, HowRecord}}
	second := reparsed(t, respond(t, q, a, Record{Who: "Practitioner/p2", When: tuesday, How: HowAsked, Previous: first}))

	got := map[string]string{}
	for linkID, item := range second.ByLink() {
		for _, answer := range item.Answers {
			p := answer.Provenance
			got[linkID] += strings.TrimPrefix(p.Who, "Practitioner/") + " " + string(p.How) + " " + p.When.Format(time.DateOnly) + ";"
		}
	}
	const old, now = "p1 paper 2026-03-02;", "p2 asked 2026-03-03;"
	want := map[string]string{
		"1": old, "2": now, "1.why": now, "moved": old, "moved/when": old, "times": "p3 record 2026-03-03;",
		"often": now + old, "weight": old, "how": old + old, "area": old,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if second.ID != "r1" || second.Author != "Practitioner/p2" {
		t.Errorf("the response is %q by %q", second.ID, second.Author)
	}
}

const foreign = `{"resourceType":"QuestionnaireResponse","id":"f","questionnaire":"https://example.invalid/forms/small|1",
	"status":"completed","authored":"2026-03-02","language":"cy","author":{"reference":"Practitioner/9","display":"A worker"},
	"extension":[{"url":"https://example.invalid/e","valueDecimal":2.70}],
	"item":[{"linkId":"a","text":"A","definition":"http://d","answer":[{"valueCoding":{"system":"s","code":"y","display":"Yes",
	  "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":1.0}]},
	  "extension":[{"url":"https://example.invalid/f","valueString":"<kept>"}]}]},
	{"linkId":"b","text":"B","answer":[{"valueString":"x","_valueString":{"id":"v"}}]}]}`

func TestAForeignResponseKeepsWhatIsNotUnderstood(t *testing.T) {
	q := parsed(t, small(choiceA, stringB))
	r, err := ParseResponse([]byte(foreign))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(canonical(t, []byte(foreign)), canonical(t, written(t, r))); diff != "" {
		t.Errorf("read and written (-in +out):\n%s", diff)
	}
	a, err := q.Answers(r)
	if err != nil {
		t.Fatal(err)
	}
	a.Set("b", "changed")
	out := string(written(t, respond(t, q, a, Record{Status: StatusAmended, Who: "Practitioner/2", When: monday, How: HowAsked, Previous: r})))
	for _, kept := range []string{"2.70", "cy", "ordinalValue", "<kept>", "http://d", `"changed"`, "Practitioner/2"} {
		if !strings.Contains(out, kept) {
			t.Errorf("after an amendment there is no %s in %s", kept, out)
		}
	}
	for _, gone := range []string{"A worker", `"x"`, "2026-03-02\""} {
		if strings.Contains(out, gone) {
			t.Errorf("after an amendment there still is %s in %s", gone, out)
		}
	}
}

func TestAResponseIsReadUnderItsOwnVersionAlone(t *testing.T) {
	q := parsed(t, small(choiceA, stringB))
	newer := parsed(t, bytes.Replace(small(choiceA, stringB), []byte(`"1"`), []byte(`"2"`), 1))
	r := respond(t, q, Answers{"a": Give("y")}, Record{})
	if _, err := newer.Answers(r); !errors.Is(err, ErrOtherForm) {
		t.Errorf("read under another version: %v", err)
	}
	if _, err := newer.Response(nil, Record{Previous: r}); !errors.Is(err, ErrOtherForm) {
		t.Errorf("continued under another version: %v", err)
	}
}

func TestAResponseThatDoesNotFitIsRefused(t *testing.T) {
	q := parsed(t, small(choiceA, stringB, `{"linkId":"g","type":"group","text":"G","item":[{"linkId":"c","type":"boolean","text":"C","item":[{"linkId":"d","type":"string","text":"D"}]}]}`))
	for _, tt := range []struct{ name, items, linkID, reason string }{
		{"an item that is not in the form", `{"linkId":"z","answer":[{"valueString":"x"}]}`, "z", "not in the form"},
		{"an item in the wrong place", `{"linkId":"c","answer":[{"valueBoolean":true}]}`, "c", "does not stand where"},
		{"an item twice", `{"linkId":"b","answer":[{"valueString":"x"}]},{"linkId":"b","answer":[{"valueString":"x"}]}`, "b", "stands twice"},
		{"an answer of a group", `{"linkId":"g","answer":[{"valueString":"x"}]}`, "g", "is no question"},
		{"items under a question", `{"linkId":"g","item":[{"linkId":"c","item":[{"linkId":"d","answer":[{"valueString":"x"}]}]}]}`, "c", "instead of under its answer"},
		{"another type", `{"linkId":"b","answer":[{"valueInteger":1}]}`, "b", "does not take"},
		{"not an option", `{"linkId":"a","answer":[{"valueCoding":{"system":"s","code":"q"}}]}`, "a", "does not take"},
		{"an option of another system", `{"linkId":"a","answer":[{"valueCoding":{"system":"t","code":"y"}}]}`, "a", "does not take"},
		{"several answers", `{"linkId":"b","answer":[{"valueString":"x"},{"valueString":"y"}]}`, "b", "several answers"},
	} {
		r, err := ParseResponse([]byte(`{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"` + q.Canonical() + `","item":[` + tt.items + `]}`))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		_, err = q.Answers(r)
		var problems Problems
		if !errors.As(err, &problems) || problems[0].LinkID != tt.linkID || !strings.Contains(problems[0].Reason, tt.reason) {
			t.Errorf("%s: got %v, want item %q and %q", tt.name, err, tt.linkID, tt.reason)
		}
	}
}

func TestADocumentThatIsNoResponseIsRefused(t *testing.T) {
	doc := func(rest string) string {
		return `{"resourceType":"QuestionnaireResponse","questionnaire":"u|1",` + rest + `}`
	}
	for _, tt := range []struct{ name, doc, reason string }{
		{"not JSON", "x", "not JSON"},
		{"another kind", `{"resourceType":"Questionnaire"}`, "not a QuestionnaireResponse"},
		{"no form", `{"resourceType":"QuestionnaireResponse","status":"completed"}`, "names no questionnaire"},
		{"no status", doc(`"id":"x"`), "the status"},
		{"a modifier", doc(`"status":"completed","item":[{"linkId":"a","modifierExtension":[]}]`), "modifier"},
		{"no linkId", doc(`"status":"completed","item":[{"text":"a"}]`), "no linkId"},
		{"an answer without value", doc(`"status":"completed","item":[{"linkId":"a","answer":[{"id":"x"}]}]`), "no value"},
		{"an attachment", doc(`"status":"completed","item":[{"linkId":"a","answer":[{"valueAttachment":{"url":"x"}}]}]`), "has no title"},
		{"a time that is none", doc(`"status":"completed","authored":"yesterday"`), "not a time"},
		{"a number without end", doc(`"status":"completed","item":[{"linkId":"a","answer":[{"valueDecimal":1e999999999}]}]`), "not a number"},
	} {
		if _, err := ParseResponse([]byte(tt.doc)); err == nil || !strings.Contains(err.Error(), tt.reason) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.reason)
		}
	}
}

func TestCompareListsWhatChanged(t *testing.T) {
	q := parsed(t, everyType(t))
	before := respond(t, q, filled, Record{})
	a := Answers{}
	for linkID, answer := range filled {
		a[linkID] = answer
	}
	a.Set("2", "n")                                                              // new
	a.Set("3", "y")                                                              // changed
	a.Set("how", "Letter")                                                       // one taken away
	a.Set("moved/when")                                                          // gone
	a.Set("weight", "1.5")                                                       // written otherwise: a change, because the text is what was given
	a["area"] = Answer{[]string{"North"}, Provenance{Who: "Practitioner/other"}} // no change
	after := respond(t, q, a, Record{})
	got, err := Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := []Change{
		{LinkID: "2", Text: "Second", After: []string{"No"}},
		{LinkID: "3", Text: "Third", Before: []string{"Don't know"}, After: []string{"Yes"}},
		{LinkID: "weight", Text: "Weight", Before: []string{"1.50"}, After: []string{"1.5"}},
		{LinkID: "how", Text: "How may we write?", Before: []string{"E-mail", "Letter"}, After: []string{"Letter"}},
		{LinkID: "moved/when", Text: "When?", Before: []string{"March 2025"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if same, err := Compare(after, after); err != nil || len(same) != 0 {
		t.Errorf("a response differs from itself: %v %v", same, err)
	}
}

func TestCompareMarksWhatWasReworded(t *testing.T) {
	older := parsed(t, small(choiceA, stringB))
	newer := parsed(t, []byte(strings.NewReplacer(`"version":"1"`, `"version":"2"`, `"text":"B"`, `"text":"B in other words"`).Replace(string(small(choiceA, stringB)))))
	a := Answers{"a": Give("y"), "b": Give("same")}
	got, err := Compare(respond(t, older, a, Record{}), respond(t, newer, a, Record{}))
	want := []Change{{LinkID: "b", Text: "B in other words", Before: []string{"same"}, After: []string{"same"}, Reworded: true}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	other := respond(t, parsed(t, everyType(t)), nil, Record{})
	if _, err := Compare(other, respond(t, older, a, Record{})); !errors.Is(err, ErrOtherForm) {
		t.Errorf("responses to different forms are compared: %v", err)
	}
}
