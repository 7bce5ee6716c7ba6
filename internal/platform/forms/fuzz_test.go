package forms

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	questioncontent "waymark/content/questions"
)

// FuzzParseQuestionnaire: whatever comes in, a form is refused or it can be written, read again, filled in
// and counted.
func FuzzParseQuestionnaire(f *testing.F) {
	f.Add(everyType(f))
	f.Add(repeating(f))
	f.Add(questioncontent.RiskIdentification)
	f.Add(small(choiceA, stringB))
	f.Add(small(`{"linkId":"x","type":"coding","text":"X","answerOption":[{"valueString":"é<"}]}`))
	f.Add([]byte(`{"resourceType":"Questionnaire","url":"u","url":"v"}`))
	f.Add([]byte(`{"resourceType":"Questionnaire","item":[{"linkId":"x","enableWhen":[{"question":"x","answerDecimal":1e99}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		q, err := ParseQuestionnaire(data)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("refused without a reason")
			}
			return
		}
		out := written(t, q)
		again, err := ParseQuestionnaire(out)
		if err != nil {
			t.Fatalf("what was written is refused: %v\n%s", err, out)
		}
		if !bytes.Equal(out, written(t, again)) {
			t.Fatal("written twice, the form differs")
		}
		q = q.At(Launch{Now: monday})
		a := Answers{}
		for i := range q.Spread(nil).Questions() {
			a.Set(i.LinkID, "1")
			for _, o := range i.Options {
				a.Set(i.LinkID, o.Key())
			}
			if q.ConditionWords(i) == "" && len(i.EnableWhen) > 0 {
				t.Fatalf("%q is conditional and does not say so", i.LinkID)
			}
		}
		for _, answers := range []Answers{nil, a, q.Start()} {
			if q.Validate(answers).Any() {
				continue
			}
			if _, err := q.Answers(reparsed(t, respond(t, q, answers, Record{}))); err != nil {
				t.Fatalf("a response does not fit its own form: %v", err)
			}
			respond(t, q.OnPaper(), answers, Record{})
		}
		for _, s := range q.Scores() {
			if c := s.Count(a); c.Counted+c.Otherwise+c.Unknown+c.Unanswered != c.Of {
				t.Fatalf("%+v does not add up", c)
			}
		}
	})
}

// FuzzDecodeAnswers: whatever is sent, it is refused field by field or it comes back from its response as
// it was.
func FuzzDecodeAnswers(f *testing.F) {
	f.Add("q-1=y&q-1.why=a%0D%0Ab&q-moved=true&q-moved_2fwhen-day=1&q-moved_2fwhen-month=3&q-moved_2fwhen-year=2026")
	f.Add("q-moved=false&q-times=3&q-often=one%0Atwo&q-weight=1.50&q-name=%00%ff&q-how=Letter&q-how=E-mail&q-area=North")
	f.Add("q-1=y&q-1=n&q-moved=maybe&q-times=1e9&q-weight=1e-99&q-how=Not+at+all&q-how=Letter")
	f.Add("q-moved=true&q-moved_2fwhen-month=march&q-moved_2fwhen-year=2025")
	q := parsed(f, everyType(f))
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		a := Decode(q, form)
		e := q.ValidateDraft(a)
		for _, wrong := range e.List() {
			if wrong.Message == "" {
				t.Fatalf("field %q is refused without a message", wrong.Field)
			}
		}
		r, err := q.Response(a, Record{Who: "Practitioner/p", When: monday, How: HowAsked})
		if (err != nil) != e.Any() {
			t.Fatalf("errors %v, response %v", e.List(), err)
		}
		if err != nil {
			return
		}
		back, err := q.Answers(reparsed(t, r))
		if err != nil {
			t.Fatalf("the response does not fit: %v", err)
		}
		for linkID, answer := range back {
			answer.Provenance = Provenance{}
			back[linkID] = answer
		}
		if diff := cmp.Diff(map[string]Answer(a), map[string]Answer(back)); diff != "" {
			t.Fatalf("answers differ from what was sent (-sent +back):\n%s", diff)
		}
	})
}

// FuzzParseResponse: whatever comes in, a response is refused or written as it was.
func FuzzParseResponse(f *testing.F) {
	f.Add([]byte(foreign))
	f.Add([]byte(`{"resourceType":"QuestionnaireResponse","status":"stopped","questionnaire":"u|1","authored":"2026"}`))
	f.Add([]byte(`{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"u|1","author":{"display":"x"},"item":[{"linkId":"a","answer":[{"valueDecimal":-0.0,"item":[{"linkId":"b"}]}]}]}`))
	q := parsed(f, small(choiceA, stringB))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseResponse(data)
		if err != nil {
			return
		}
		out := written(t, r)
		if diff := cmp.Diff(canonical(t, data), canonical(t, out)); diff != "" {
			t.Fatalf("written otherwise than it came (-in +out):\n%s", diff)
		}
		if _, err := Compare(r, reparsed(t, r)); err != nil {
			t.Fatal(err)
		}
		if a, err := q.Answers(r); err == nil && !q.ValidateDraft(a).Any() {
			respond(t, q, a, Record{Previous: r})
		}
	})
}
