package forms

import (
	"net/url"
	"strings"
	"testing"
)

// A reference and an attachment are answered with what people call them. What else
// came with one stays while it is the same, and goes with it.
func TestARecordAndADocumentAreCalledByName(t *testing.T) {
	q := parsed(t, small(
		`{"linkId":"who","type":"reference","text":"Who was told?","repeats":true}`,
		`{"linkId":"paper","type":"attachment","text":"The letter","required":true}`,
		`{"linkId":"more","type":"string","text":"More","enableWhen":[{"question":"paper","operator":"exists","answerBoolean":true}]}`,
	))
	a := Decode(q, url.Values{"q-who": {"The school nurse\nA neighbour"}, "q-paper": {" Letter of March "}, "q-more": {"x"}})
	if errs := q.Validate(a); errs.Any() {
		t.Fatal(errs)
	}
	if empty := Decode(q, url.Values{}); q.Validate(empty).Get("q-paper") == "" {
		t.Error("a required document may be left out")
	}
	response, err := q.Response(a, Record{Status: StatusCompleted})
	if err != nil {
		t.Fatal(err)
	}
	written, err := response.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`{"valueReference":{"display":"The school nurse"}}`, `{"valueReference":{"display":"A neighbour"}}`, `{"valueAttachment":{"title":"Letter of March"}}`,
	} {
		if !strings.Contains(string(written), part) {
			t.Errorf("%s is not in %s", part, written)
		}
	}

	came, err := ParseResponse([]byte(strings.NewReplacer(
		`{"display":"A neighbour"}`, `{"reference":"RelatedPerson/7","display":"A neighbour"}`,
		`{"title":"Letter of March"}`, `{"title":"Letter of March","contentType":"application/pdf","size":12}`,
	).Replace(string(written))))
	if err != nil {
		t.Fatal(err)
	}
	again, err := q.Answers(came)
	if err != nil {
		t.Fatal(err)
	}
	again.Set("more", "y")
	same, err := q.Response(again, Record{Status: StatusAmended, Previous: came})
	if err != nil {
		t.Fatal(err)
	}
	again.Set("paper", "Letter of April")
	again.Set("who", "The school nurse", "Another neighbour")
	other, err := q.Response(again, Record{Status: StatusAmended, Previous: came})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		response *Response
		has      bool
	}{"the same": {same, true}, "another": {other, false}} {
		text, err := tt.response.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"RelatedPerson/7", "application/pdf"} {
			if strings.Contains(string(text), part) != tt.has {
				t.Errorf("%s: %q, want it there %v: %s", name, part, tt.has, text)
			}
		}
	}
}
