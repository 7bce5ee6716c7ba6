package fhirpath

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// What is not supported is refused when it is read, by its name and its place.
func TestAnExpressionThatIsNotSupportedIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]struct {
		at  int
		say string
	}{
		"item.aggregate($total + 1)":     {6, "aggregate()"},
		"item.resolve()":                 {6, "resolve()"},
		"item.memberOf('x')":             {6, "memberOf()"},
		"1 + $total":                     {5, "$total"},
		"item.ofType(Nonsense)":          {13, "Nonsense"},
		"item.where()":                   {6, "where()"},
		"item.where(1, 2)":               {6, "where()"},
		"1 + ":                           {5, "ends"},
		"(1 + 2":                         {7, "ends"},
		"1 2":                            {3, "\"2\""},
		"item..x":                        {6, "name"},
		"'open":                          {1, "quotation"},
		"'a\\q'":                         {4, "escape"},
		"@2026-13":                       {1, "date"},
		"@2026-02-30":                    {1, "date"},
		"a ; b":                          {3, "';'"},
		"/* never":                       {1, "no end"},
		"99999999999":                    {1, "larger"},
		"%":                              {1, "name"},
		strings.Repeat("(", 100):         {60, "deep"},
		strings.Repeat("-", 100) + "1":   {60, "deep"},
		"1" + strings.Repeat("+1", 3000): {1, "parts"},
	} {
		_, err := Parse(text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%.30s: %v, want a refusal", text, err)
			continue
		}
		if !strings.Contains(e.Reason, want.say) || want.at < 50 && want.at > 1 && e.Position != want.at {
			t.Errorf("%.30s: %v, want character %d and %q", text, e, want.at, want.say)
		}
	}
}

func TestAnExpressionNamesTheVariablesItReads(t *testing.T) {
	x, err := Parse("%b + %resource.item.where(linkId = %`a c`).answer.value + %b")
	if err != nil {
		t.Fatal(err)
	}
	if got := x.Variables(); !slices.Equal(got, []string{"a c", "b", "resource"}) {
		t.Errorf("variables %q", got)
	}
}

// Whatever an expression does, it ends: with a result or with an error that says which limit it passed.
func TestAnExpressionThatGrowsEndsAtALimit(t *testing.T) {
	env := environment(t, "response")
	env.Limits = Limits{Steps: 20_000, Results: 500, Text: 5_000}
	double := "'" + strings.Repeat("x", 100) + "'" + strings.Repeat(".replace('x', 'xx')", 40)
	for name, text := range map[string]string{
		"text":        double,
		"results":     "descendants()" + strings.Repeat(".combine(%resource.descendants())", 20),
		"steps":       "descendants().select(%resource.descendants().select(%resource.descendants().count()))",
		"descendants": "descendants().select(%resource.descendants()).count()",
		"compared":    "descendants().select(%resource).combine(%resource.descendants().select(%resource)).combine(%resource.descendants().select(%resource)).combine(%resource.descendants().select(%resource)).combine(%resource.descendants().select(%resource)).distinct().count()",
		"repeat":      "repeat(%resource.descendants()).repeat(%resource.descendants().count())",
		"joined":      "item.select(%resource.descendants().linkId.join(',')).join(',').toChars().join(',').toChars().join(',').toChars()",
	} {
		x, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := x.Eval(env); !errors.Is(err, ErrTooMuch) {
			t.Errorf("%s: %v, want that it is too much", name, err)
		}
	}
}

// repeat() goes on while it finds something new; a text that grows for ever would never end.
func TestRepeatThatAlwaysFindsSomethingNewEnds(t *testing.T) {
	env := environment(t, "response")
	if _, err := give(env, "1.repeat($this + 1)"); !errors.Is(err, ErrTooMuch) {
		t.Errorf("%v, want that it is too much", err)
	}
}

// Documents are about people: what goes wrong is said without a value.
func TestErrorsHoldNoValues(t *testing.T) {
	env := environment(t, "patient")
	for _, text := range []string{
		"name.given + 'x'", "name.family - 1", "birthDate > 1", "name.given.first() > 4", "name and true", "name.single()",
		"birthDate + 1 'kg'", "name.family.round()", "name.family.matches('[')",
	} {
		_, err := give(env, text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v, want an error", text, err)
			continue
		}
		for _, secret := range []string{"Robin", "Example", "1990", "Sam"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error holds a value: %v", text, err)
			}
		}
	}
}

func TestAVariableThatNobodyDeclaredIsAnError(t *testing.T) {
	_, err := give(Env{}, "1 + %age")
	var e *Error
	if !errors.As(err, &e) || e.Position != 5 || !strings.Contains(e.Reason, "%age") {
		t.Errorf("%v, want an error at character 5 that names %%age", err)
	}
}

func TestADayIsThatOfThePlace(t *testing.T) {
	summer := time.FixedZone("", 3600)
	late := time.Date(2026, 6, 30, 23, 30, 0, 0, time.UTC).In(summer)
	got, err := give(Env{Now: late}, "today()")
	if err != nil || len(got) != 1 || got[0].Text() != "2026-07-01" {
		t.Errorf("today is %v (%v), want 2026-07-01", got, err)
	}
	if _, err := give(Env{}, "today()"); err == nil {
		t.Error("a day without a clock")
	}
}

// A weight that stands only inside the coding of an option is found too; the other engine would ask a
// server for it.
func TestAWeightIsFoundInTheCodingOfAnOption(t *testing.T) {
	read := func(text string) Collection {
		d, err := ParseDocument([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return Collection{d.Root()}
	}
	form := `{"resourceType":"Questionnaire","contained":[%],"item":[{"linkId":"a","answerOption":[{"valueCoding":{"system":"s","code":"x"!}}]}]}`
	weight := `,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":1.50}]`
	list := `{"resourceType":"CodeSystem","url":"s","concept":[{"code":"up","concept":[{"code":"x"` + weight + `}]}]}`
	answer := read(`{"resourceType":"QuestionnaireResponse","item":[{"linkId":"a","answer":[{"valueCoding":{"system":"s","code":"x"}}]}]}`)
	for name, text := range map[string]string{
		"in the coding":             strings.NewReplacer("[%]", "[]", "!", weight).Replace(form),
		"in a contained code list":  strings.NewReplacer("[%]", "["+list+"]", "!", "").Replace(form),
		"nowhere: it adds nothing ": strings.NewReplacer("[%]", "[]", "!", "").Replace(form),
	} {
		got, err := give(Env{Focus: answer, Variables: map[string]Collection{"questionnaire": read(text)}}, "item.answer.weight().sum()")
		want := 1
		if strings.HasPrefix(name, "nowhere") {
			want = 0
		}
		if err != nil || len(got) != want || want == 1 && got[0].Text() != "1.5" {
			t.Errorf("%s: %v (%v)", name, got, err)
		}
	}
}

func TestADocumentThatCannotBeTrustedIsRefused(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `1`, `{`, `{"a":1} x`, `{"a":1,"a":2}`, "{\"a\":\"\xff\"}", strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100),
	} {
		if _, err := ParseDocument([]byte(text)); err == nil {
			t.Errorf("%.20q was read", text)
		}
	}
}
