package forms

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/platform/fhirpath"
)

func extended(url, value string) string { return `{"url":"` + url + `",` + value + `}` }

func expr(url, text string) string {
	quoted, _ := json.Marshal(text)
	return extended(url, `"valueExpression":{"language":"text/fhirpath","expression":`+string(quoted)+`}`)
}

func weighted(code, weight string) string {
	return `{"valueCoding":{"system":"s","code":"` + code + `","display":"` + strings.ToUpper(code) + `"},"extension":[` +
		extended(extOrdinal, `"valueDecimal":`+weight) + `]}`
}

func computing(t testing.TB) *Questionnaire {
	t.Helper()
	options := `"answerOption":[` + weighted("none", "0") + `,` + weighted("some", "1.5") + `,` + weighted("much", "3") + `]`
	variable := strings.Replace(expr(extVariable, "%resource.item.where(linkId.startsWith('q')).answer"), `{"language"`, `{"name":"given","language"`, 1)
	return parsed(t, []byte(`{"resourceType":"Questionnaire","url":"https://example.invalid/forms/sum","version":"1","title":"Sum","status":"active",
		"extension":[`+variable+`,`+extended(extLaunch, `"extension":[{"url":"name","valueCoding":{"code":"patient"}},{"url":"type","valueCode":"Patient"}]`)+`],
		"item":[
		{"linkId":"q1","type":"choice","text":"One",`+options+`},
		{"linkId":"q2","type":"choice","text":"Two",`+options+`},
		{"linkId":"born","type":"date","text":"Born","extension":[`+expr(extInitial, "%patient.birthDate")+`]},
		{"linkId":"age","type":"integer","text":"Age","readOnly":true,"extension":[`+expr(extCalculated, "today().toString().substring(0,4).toInteger() - %resource.item.where(linkId='born').answer.value.toString().substring(0,4).toInteger()")+`]},
		{"linkId":"total","type":"decimal","text":"Total","readOnly":true,"extension":[`+expr(extCalculated, "iif(%given.count() = 2, %given.weight().sum(), {})")+`]},
		{"linkId":"habit","type":"decimal","text":"Total as older forms count","readOnly":true,"extension":[`+expr(extCalculated, "%given.value.extension('"+extOrdinal+"').valueDecimal.sum()")+`]},
		{"linkId":"why","type":"string","text":"Why","required":true,"extension":[`+expr(extEnableWhen, "%resource.item.where(linkId='total').answer.value > 4")+`]},
		{"linkId":"end","type":"date","text":"End","extension":[`+extended(extConstraint, `"extension":[{"url":"key","valueId":"c1"},{"url":"severity","valueCode":"error"},{"url":"human","valueString":"The end comes after the birth"},{"url":"expression","valueString":"answer.value > %resource.item.where(linkId='born').answer.value"}]`)+`]}
		]}`))
}

func TestAComputedAnswerFollowsTheAnswersAndIsEmptyWithoutThem(t *testing.T) {
	q := computing(t).At(Launch{Now: time.Date(2026, 3, 29, 10, 0, 0, 0, time.UTC)})
	for _, c := range []struct {
		given                  Answers
		total, habit, age, why string
	}{
		{Answers{}, "", "", "", ""},
		{Answers{"q1": Give("some")}, "", "1.5", "", ""},
		{Answers{"q1": Give("none"), "q2": Give("none")}, "0", "0", "", ""},
		{Answers{"q1": Give("some"), "q2": Give("much"), "born": Give("1990-06")}, "4.5", "4.5", "36", "asked"},
		{Answers{"q1": Give("some"), "total": Give("99")}, "", "1.5", "", ""}, // whoever sends a total is not believed
	} {
		got, troubles := q.Settle(c.given)
		if len(troubles) > 0 {
			t.Errorf("%d answers: %v", len(c.given), Problems(troubles))
		}
		why := ""
		if q.Asked(c.given)(q.Item("why")) {
			why = "asked"
		}
		if got.Text("total") != c.total || got.Text("habit") != c.habit || got.Text("age") != c.age || why != c.why {
			t.Errorf("%d answers: total %q habit %q age %q why %q, want %q %q %q %q", len(c.given),
				got.Text("total"), got.Text("habit"), got.Text("age"), why, c.total, c.habit, c.age, c.why)
		}
	}
}

func TestAnExpressionThatFailsLeavesTheAnswerEmptyAndSaysSo(t *testing.T) {
	q := computing(t) // without a clock
	got, troubles := q.Settle(Answers{"born": Give("1990")})
	if got.Answered("age") || len(troubles) != 1 || troubles[0].LinkID != "age" {
		t.Fatalf("age %q, troubles %v", got.Text("age"), troubles)
	}
	if strings.Contains(troubles[0].Reason, "1990") {
		t.Errorf("an answer stands in what is said: %s", troubles[0].Reason)
	}
}

func TestAQuestionWhoseConditionFailsIsAsked(t *testing.T) {
	q := parsed(t, small(stringB, `{"linkId":"c","type":"string","text":"C","extension":[`+expr(extEnableWhen, "today() > @2020-01-01")+`]}`))
	a := Answers{}
	if !q.Asked(a)(q.Item("c")) {
		t.Error("a question is lost because its condition could not be worked out")
	}
	if _, troubles := q.Settle(a); len(troubles) != 1 {
		t.Errorf("troubles %v", troubles)
	}
}

func TestAnInitialAnswerComesFromWhatTheFormWasLaunchedWith(t *testing.T) {
	patient, err := fhirpath.ParseDocument([]byte(`{"resourceType":"Patient","birthDate":"1990-06-15"}`))
	if err != nil {
		t.Fatal(err)
	}
	q := computing(t)
	at := q.At(Launch{Now: monday, Contexts: map[string]*fhirpath.Document{"patient": patient}})
	if a, troubles := at.StartAnswers(); a.Text("born") != "1990-06-15" || a.Text("age") != "36" || len(troubles) > 0 {
		t.Errorf("born %q age %q troubles %v", a.Text("born"), a.Text("age"), troubles)
	}
	if a, _ := q.At(Launch{Now: monday}).StartAnswers(); a.Answered("born") {
		t.Error("born without a patient")
	}
}

func TestAConstraintThatDoesNotHoldIsSaidAtItsField(t *testing.T) {
	q := computing(t).At(Launch{Now: monday})
	e := q.Validate(Answers{"born": Give("1990-06-15"), "end": Give("1980-01-01")})
	if got := e.Get(q.Item("end").Field()); got != "The end comes after the birth" {
		t.Errorf("%q in %v", got, e.List())
	}
	for name, a := range map[string]Answers{
		"holds":   {"born": Give("1990-06-15"), "end": Give("2000-01-01")},
		"unknown": {"end": Give("2000-01-01")},
	} {
		if e := q.Validate(a); e.Any() {
			t.Errorf("%s: %v", name, e.List())
		}
	}
}

func TestAResponseHoldsComputedAnswersAndTheWeightOfEach(t *testing.T) {
	q := computing(t).At(Launch{Now: monday})
	r := respond(t, q, Answers{"q1": Give("some"), "q2": Give("much"), "why": Give("because")}, Record{Status: StatusCompleted})
	text := string(written(t, r))
	for _, want := range []string{`"linkId":"total"`, `"valueDecimal":4.5`, `"valueDecimal":1.5`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	back, err := q.Answers(reparsed(t, r))
	if err != nil || back.Text("total") != "4.5" {
		t.Errorf("total %q (%v)", back.Text("total"), err)
	}
}

func TestAnswersToQuestionsThatAreNoLongerAskedAreKeptAside(t *testing.T) {
	q := computing(t).At(Launch{Now: monday})
	given, aside := q.Aside(Answers{"q1": Give("none"), "q2": Give("some"), "why": Give("because")})
	if len(given) != 2 || aside.Text("why") != "because" {
		t.Errorf("given %d, aside %d", len(given), len(aside))
	}
	if q.Validate(given).Any() {
		t.Error("what is left does not hold")
	}
}

func TestExpressionsThatAreNotSupportedAreRefusedByItemAndExtension(t *testing.T) {
	item := func(extension string) string {
		return `{"linkId":"x","type":"integer","text":"X","extension":[` + extension + `]}`
	}
	cql := strings.Replace(expr(extCalculated, "1"), "text/fhirpath", "text/cql", 1)
	for want, file := range map[string][]byte{
		`"text/cql", which is not supported`:            small(item(cql)),
		`calculatedExpression: character 6: the functi`: small(item(expr(extCalculated, "item.aggregate(1)"))),
		`reads %nobody, which is not declared`:          small(item(expr(extInitial, "%nobody.birthDate"))),
		`calculated and has an initial answer`:          small(item(expr(extCalculated, "1") + "," + expr(extInitial, "1"))),
	} {
		_, err := ParseQuestionnaire(file)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `item "x"`) {
			t.Errorf("want %q of item x, got %v", want, err)
		}
	}
}

func TestExpressionsThatChangeEachOtherWithoutEndAreEmpty(t *testing.T) {
	q := parsed(t, small(
		`{"linkId":"x","type":"integer","text":"X","extension":[`+expr(extCalculated, "iif(%resource.item.where(linkId='x').exists(), %resource.item.where(linkId='x').answer.value + 1, 1)")+`]}`,
	))
	a, troubles := q.Settle(Answers{})
	if a.Answered("x") || len(troubles) == 0 {
		t.Errorf("x %q, troubles %v", a.Text("x"), troubles)
	}
}

func TestAnswersAreNarrowedAsTheFormSays(t *testing.T) {
	with := func(typ, more, extension string) *Questionnaire {
		return parsed(t, small(`{"linkId":"x","type":"`+typ+`","text":"X"`+more+`,"extension":[`+extension+`]}`))
	}
	pattern := with("string", "", extended(extRegex, `"valueString":"[A-Z]{2}[0-9]+"`)+","+extended(extMinLength, `"valueInteger":3`))
	fine := with("decimal", "", extended(extDecimals, `"valueInteger":1`)+","+extended(extUnit, `"valueCoding":{"code":"kg","display":"kilograms"}`))
	several := with("string", `,"repeats":true`, extended(extMinOccurs, `"valueInteger":2`)+","+extended(extMaxOccurs, `"valueInteger":3`))
	for _, c := range []struct {
		q      *Questionnaire
		values []string
		ok     bool
	}{
		{pattern, []string{"AB12"}, true},
		{pattern, []string{"xAB12"}, false},
		{pattern, []string{"A"}, false},
		{fine, []string{"1.5"}, true},
		{fine, []string{"1.55"}, false},
		{fine, []string{"15e-2"}, false},
		{several, []string{"a", "b"}, true},
		{several, []string{"a"}, false},
		{several, []string{"a", "b", "c", "d"}, false},
		{several, nil, true},
	} {
		e := c.q.Validate(Answers{"x": Give(c.values...)})
		if e.Any() == c.ok {
			t.Errorf("%q: %v", c.values, e.List())
		}
	}
	if fine.Item("x").Unit != "kilograms" {
		t.Errorf("unit %q", fine.Item("x").Unit)
	}
}

func TestAHiddenItemIsKeptAndNotShown(t *testing.T) {
	q := parsed(t, small(stringB, `{"linkId":"h","type":"string","text":"H","initial":[{"valueString":"v1"}],"extension":[`+extended(extHidden, `"valueBoolean":true`)+`]}`))
	r := respond(t, q, Answers{"b": Give("x")}, Record{Status: StatusCompleted})
	back, err := q.Answers(r)
	if err != nil || back.Text("h") != "v1" || !q.Item("h").Hidden {
		t.Errorf("h %q (%v)", back.Text("h"), err)
	}
}

func TestAFormIsSpokenInItsLanguages(t *testing.T) {
	said := func(lang, text string) string {
		return `{"extension":[{"url":"` + extTranslation + `","extension":[{"url":"lang","valueCode":"` + lang + `"},{"url":"content","valueString":"` + text + `"}]}]}`
	}
	q := parsed(t, small(`{"linkId":"a","type":"choice","text":"Where?","_text":`+said("cy", "Ble?")+
		`,"answerOption":[{"valueCoding":{"system":"s","code":"n","display":"North","_display":`+said("cy", "Gogledd")+`}}]}`))
	cy, err := q.In("cy")
	if err != nil {
		t.Fatal(err)
	}
	if cy.Item("a").Text != "Ble?" || cy.Item("a").Options[0].Label() != "Gogledd" || q.Item("a").Text != "Where?" {
		t.Errorf("%q %q, and at home %q", cy.Item("a").Text, cy.Item("a").Options[0].Label(), q.Item("a").Text)
	}
	a := Answers{"a": Give("n")}
	if back, err := q.Answers(respond(t, cy, a, Record{})); err != nil || back.Text("a") != "n" {
		t.Errorf("an answer given in another language: %v (%v)", back.Text("a"), err)
	}
	if _, err := q.In("fr"); !errors.Is(err, ErrNoTranslation) {
		t.Errorf("French: %v", err)
	}
}

func TestATextWithMarksIsTranslatedOrLeftPlain(t *testing.T) {
	said := func(lang, text string) string {
		return extended(extTranslation, `"extension":[{"url":"lang","valueCode":"`+lang+`"},{"url":"content","valueString":"`+text+`"}]`)
	}
	q := parsed(t, small(
		`{"linkId":"a","type":"display","text":"Ring","_text":{"extension":[`+said("cy", "Ffoniwch")+`,`+said("pl", "Zadzwon")+`,`+
			`{"url":"`+extMarkdown+`","valueMarkdown":"**Ring**","_valueMarkdown":{"extension":[`+said("cy", "**Ffoniwch**")+`]}}]}}`, stringB))
	for lang, want := range map[string]string{"cy": "**Ffoniwch**", "pl": ""} {
		in, err := q.In(lang)
		if err != nil || in.Item("a").Markdown != want {
			t.Errorf("%s: %q (%v)", lang, in.Item("a").Markdown, err)
		}
	}
	if q.Item("a").Markdown != "**Ring**" {
		t.Errorf("at home it is %q", q.Item("a").Markdown)
	}
}

func TestAnAnswerIsOneOfThoseThatAreListed(t *testing.T) {
	q := parsed(t, small(
		`{"linkId":"n","type":"integer","text":"N","answerOption":[{"valueInteger":1},{"valueInteger":2,"initialSelected":true}]}`,
		`{"linkId":"t","type":"choice","text":"T","answerOption":[{"valueTime":"09:00:00"},{"valueTime":"14:30:00"}]}`,
		`{"linkId":"d","type":"date","text":"D","answerOption":[{"valueDate":"2026-03"}],"extension":[`+extended(extControl, `"valueCodeableConcept":{"coding":[{"system":"s","code":"autocomplete"}]}`)+`]}`,
	))
	if q.Start().Text("n") != "2" || q.Item("t").Options[1].Label() != "14:30" || q.Item("d").Control != ControlAutocomplete || len(q.Notices()) > 0 {
		t.Errorf("%q %q %q %v", q.Start().Text("n"), q.Item("t").Options[1].Label(), q.Item("d").Control, q.Notices())
	}
	a := Answers{"n": Give("1"), "t": Give("14:30:00"), "d": Give("2026-03")}
	out := string(written(t, respond(t, q, a, Record{Status: StatusCompleted})))
	for _, want := range []string{`"valueInteger":1`, `"valueTime":"14:30:00"`, `"valueDate":"2026-03"`} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %s in %s", want, out)
		}
	}
	back, err := q.Answers(reparsed(t, respond(t, q, a, Record{})))
	if err != nil || back.Text("n") != "1" || back.Text("d") != "2026-03" {
		t.Errorf("%v (%v)", back.links(), err)
	}
	if e := q.Validate(Answers{"n": Give("3")}); !e.Has("q-n") {
		t.Error("3 is taken where 1 and 2 are listed")
	}
	if in := string(written(t, q)); !strings.Contains(in, `"type":"integer"`) || !strings.Contains(in, `"type":"date"`) {
		t.Errorf("written again, the types are others: %s", in)
	}
}

func TestDatesWithTimesTimesAndQuantitiesHaveLimits(t *testing.T) {
	limited := func(id, kind, low, high, more string) string {
		return `{"linkId":"` + id + `","type":"` + kind + `","text":"` + id + `","extension":[` + extended(extMin, low) + `,` + extended(extMax, high) + more + `]}`
	}
	q := parsed(t, small(
		limited("m", "dateTime", `"valueDateTime":"2026-03-01T10:00:00Z"`, `"valueDate":"2026-04"`, ""),
		limited("t", "time", `"valueTime":"09:00:00"`, `"valueTime":"17:00:00"`, ""),
		limited("q", "quantity", `"valueDecimal":0.5`, `"valueInteger":20`, `,`+extended(extUnitOption, `"valueCoding":{"system":"http://unitsofmeasure.org","code":"kg","display":"kilograms"}`)+`,`+extended(extDecimals, `"valueInteger":1`)),
		`{"linkId":"heavy","type":"string","text":"H","enableWhen":[{"question":"q","operator":">=","answerQuantity":{"value":10,"system":"http://unitsofmeasure.org","code":"kg"}}]}`,
		`{"linkId":"late","type":"string","text":"L","enableWhen":[{"question":"t","operator":">","answerTime":"12:00:00"}]}`,
		`{"linkId":"spring","type":"string","text":"S","enableWhen":[{"question":"m","operator":"<","answerDateTime":"2026-03-21T00:00:00Z"}]}`,
	))
	for _, tt := range []struct{ id, typed, want string }{
		{"m", "2026-03-01T10:00:00", ""},
		{"m", "2026-04-30T23:59:00", ""},
		{"m", "2026-03", ""},
		{"m", "2026-03-01T09:59:00", "must be 1 March 2026, 10:00 or later"},
		{"m", "2026-05", "must be April 2026 or earlier"},
		{"m", "2026-02-30T10:00:00", "must be a real date"},
		{"m", "9\n3\n2026\nnoon", "must be a real date"},
		{"t", "09:00:00", ""},
		{"t", "08:59:00", "must be 09:00 or later"},
		{"t", "17:00:01", "must be 17:00 or earlier"},
		{"q", "0.5", ""},
		{"q", "20", ""},
		{"q", "20.1", "must be 20 kilograms or less"},
		{"q", "0.4", "must be 0.5 kilograms or more"},
		{"q", "1.25", "1 digits or fewer"},
		{"q", "heavy", "must be a number"},
	} {
		got := q.ValidateDraft(Answers{tt.id: Give(strings.ReplaceAll(tt.typed, `\n`, "\n"))}).Get("q-" + tt.id)
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s %q: got %q, want %q", tt.id, tt.typed, got, tt.want)
		}
	}
	for _, tt := range []struct {
		on, typed, asks string
		want            bool
	}{
		{"q", "10.0", "heavy", true},
		{"q", "9.9", "heavy", false},
		{"t", "12:00:01", "late", true},
		{"t", "12:00:00", "late", false},
		{"m", "2026-03-20T23:00:00", "spring", true},
		{"m", "2026-03", "spring", false},
		{"m", "2026-02", "spring", true},
	} {
		if got := q.Enabled(q.Item(tt.asks), Answers{tt.on: Give(tt.typed)}); got != tt.want {
			t.Errorf("with %s %q, %s is asked: %v", tt.on, tt.typed, tt.asks, got)
		}
	}
}

func TestAChoiceTakesItsAnswersFromAContainedValueSet(t *testing.T) {
	form := func(set, address string) []byte {
		return []byte(`{"resourceType":"Questionnaire","url":"u","version":"1","title":"T","status":"draft","contained":[` + set + `],
			"item":[{"linkId":"a","type":"choice","text":"A","answerValueSet":"` + address + `"}]}`)
	}
	set := `{"resourceType":"ValueSet","id":"v","status":"active","compose":{"include":[{"system":"s","concept":[{"code":"x","display":"Ex"},{"code":"y"}]}]}}`
	q := parsed(t, form(set, "#v"))
	if i := q.Item("a"); len(i.Options) != 2 || i.Option("x").Label() != "Ex" || i.Option("y").Coding.System != "s" {
		t.Errorf("options %+v", i.Options)
	}
	for want, file := range map[string][]byte{
		"not contained":        form(set, "http://example.invalid/v"),
		"does not contain":     form(set, "#w"),
		"does not list":        form(`{"resourceType":"ValueSet","id":"v","compose":{"include":[{"system":"s"}]}}`, "#v"),
		"without a code":       form(`{"resourceType":"ValueSet","id":"v","compose":{"include":[{"concept":[{"code":"x"}]}]}}`, "#v"),
		"leaves codes out":     form(`{"resourceType":"ValueSet","id":"v","compose":{"include":[{"system":"s","concept":[{"code":"x"}]}],"exclude":[{"system":"s"}]}}`, "#v"),
		"its value set is emp": form(`{"resourceType":"ValueSet","id":"v"}`, "#v"),
	} {
		if _, err := ParseQuestionnaire(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestAnOpenChoiceATimeAndAnAddressAreAnswered(t *testing.T) {
	q := parsed(t, small(
		`{"linkId":"o","type":"open-choice","text":"O",`+yesNo3+`,"extension":[`+extended(extOpenLabel, `"valueString":"Something else"`)+`]}`,
		`{"linkId":"t","type":"time","text":"T"}`, `{"linkId":"u","type":"url","text":"U"}`,
	))
	form := url.Values{"q-o": {""}, "q-o-other": {" in between "}, "q-t": {"9.30"}, "q-u": {"https://example.invalid/x"}}
	a := Decode(q, form)
	if a.Text("o") != "in between" || a.Text("t") != "09:30:00" {
		t.Errorf("%q %q", a.Text("o"), a.Text("t"))
	}
	r := respond(t, q, a, Record{Status: StatusCompleted})
	back, err := q.Answers(reparsed(t, r))
	if err != nil || back.Text("o") != "in between" || back.Text("t") != "09:30:00" || back.Text("u") != "https://example.invalid/x" {
		t.Errorf("%v (%v)", back.Text("o"), err)
	}
	if !strings.Contains(string(written(t, q)), `"open-choice"`) {
		t.Error("written again, the choice is closed")
	}
	for linkID, wrong := range map[string][]string{"o": {"y", "in between"}, "t": {"25:00"}, "u": {"no address"}} {
		if e := q.Validate(Answers{linkID: Give(wrong...)}); !e.Any() {
			t.Errorf("%s takes %q", linkID, wrong)
		}
	}
}
