package formsweb

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/internal/platform/forms"
)

const drawn = `{"resourceType":"Questionnaire","url":"https://example.invalid/q","version":"1","title":"Drawn","status":"active","language":"en","item":[
	{"linkId":"how-long","type":"integer","text":"How long?","extension":[` + asControl + `"slider"}]}}],"item":[
		{"linkId":"how-long.unit","type":"display","text":"weeks","extension":[` + asControl + `"unit"}]}}]},
		{"linkId":"how-long.why","type":"display","text":"As far as they remember.","extension":[` + asControl + `"flyover"}]}}]}]},
	{"linkId":"where","type":"choice","text":"Where?","extension":[` + asControl + `"autocomplete"}]}}],"answerOption":[
		{"valueCoding":{"system":"https://example.invalid/c","code":"north","display":"North"}},{"valueCoding":{"system":"https://example.invalid/c","code":"south","display":"South"}}]},
	{"linkId":"row","type":"choice","text":"In a row","extension":[` + inDirection + `"horizontal"}],"answerOption":[
		{"valueCoding":{"system":"https://example.invalid/c","code":"a","display":"An answer of more than a few letters"},"extension":[` + asPrefix + `"a)"}]},
		{"valueCoding":{"system":"https://example.invalid/c","code":"b","display":"Another answer of more than a few"},"extension":[` + asPrefix + `"b)"}]}]},
	{"linkId":"column","type":"choice","text":"In a column","extension":[` + inDirection + `"vertical"}],"answerOption":[
		{"valueCoding":{"system":"https://example.invalid/c","code":"y","display":"Yes"}},{"valueCoding":{"system":"https://example.invalid/c","code":"n","display":"No"}}]}]}`

const (
	asControl   = `{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl","valueCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/questionnaire-item-control","code":`
	inDirection = `{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-choiceOrientation","valueCode":`
	asPrefix    = `{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionPrefix","valueString":`
)

// How the author of a form wants a question shown is kept as far as a page
// without script can: a slider is a number that is typed, a list that one types
// into is a drop-down, and what flies over elsewhere stands beside the question.
func TestAQuestionIsDrawnAsItsAuthorWants(t *testing.T) {
	q := parsed(t, []byte(drawn))
	p := render(t, Fields(q, forms.Answers{"how-long": forms.Give("3")}, nil))

	long := p.byID(q.Item("how-long").Field())
	if long == nil || long.Data != "input" || attr(long, "type") != "text" || attr(long, "inputmode") != "numeric" || attr(long, "value") != "3" {
		t.Errorf("the slider is not a number that is typed: %+v", long)
	}
	said := text(p.root)
	for _, want := range []string{"weeks", "As far as they remember."} {
		if strings.Count(said, want) != 1 {
			t.Errorf("%q stands %d times on the page", want, strings.Count(said, want))
		}
	}
	if suffix := p.find(func(n *html.Node) bool { return attr(n, "class") == "govuk-input__suffix" }); len(suffix) != 1 || text(suffix[0]) != "weeks" {
		t.Errorf("the unit does not stand behind the number: %d", len(suffix))
	}

	where := p.byID(q.Item("where").Field())
	if where == nil || where.Data != "select" {
		t.Errorf("a list that one types into is no drop-down: %+v", where)
	}

	inARow := func(field string) bool {
		radios := named(p, field)
		if len(radios) == 0 {
			t.Fatalf("%s has no options", field)
		}
		return strings.Contains(attr(radios[0].Parent.Parent, "class"), "govuk-radios--inline")
	}
	if !inARow(q.Item("row").Field()) {
		t.Error("options that are to stand in a row do not, because they are long")
	}
	if inARow(q.Item("column").Field()) {
		t.Error("options that are to stand in a column do not, because they are short")
	}
	for _, want := range []string{"a) An answer of more than a few letters", "b) Another answer of more than a few"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}
