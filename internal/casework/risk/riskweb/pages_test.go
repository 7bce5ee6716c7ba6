package riskweb_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/risk/riskweb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/questions"
)

const young = "https://waymark.invalid/questions/risk-young-person|1"

type world struct {
	*casestest.World
	Risk *risk.Service
	Sets *questions.Register
	Site *webtest.Site
}

// each builds the pages behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, risk.Rules(), questions.Rules())}
		var err error
		if w.Sets, err = questions.New(db, w.Guard); err != nil {
			t.Fatal(err)
		}
		if w.Risk, err = risk.New(w.Cases, w.Guard, w.Sets); err != nil {
			t.Fatal(err)
		}
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := riskweb.New(w.Risk, w.Cases, w.Directory, home.Bar)
		home.Add(pages.Panel)
		home.AddWaiting(pages.Tiles)
		w.Site = webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{home.Routes(), pages.Routes()},
		})
		fn(t, w)
	})
}

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.Site.SignedIn(t, w.Actor(t, who).Account)
}

// begins chooses a set and answers where its answering goes on.
func begins(t *testing.T, b *webtest.Browser, f *cases.File, set string) string {
	t.Helper()
	to := b.Post(f.Path()+"/risk/new", url.Values{"set": {set}}).Header.Get("Location")
	if !strings.Contains(to, "/risk-begun/") {
		t.Fatalf("beginning led to %q", to)
	}
	return to
}

// version is that of the page.
func version(t *testing.T, a *webtest.Answer) string {
	t.Helper()
	for _, n := range a.Select("input[name=version]") {
		return n.Attr("value")
	}
	t.Fatal("the page has no version")
	return ""
}

// The whole way without a script: page by page, saved and come back to, judged,
// checked, recorded.
func TestAnInstrumentIsAnsweredPageByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		b.Get(f.Path()+"/risk/new").Says(t, "Risk identification, young person", "For young people of about 13 to 17", "immediate safety")
		at := begins(t, b, f, young)
		b.Get(at).Says(t, "page 1 of 6", "Save and come back later")
		send := func(page int, more url.Values) *webtest.Answer {
			t.Helper()
			path := fmt.Sprintf("%s?page=%d", at, page)
			more.Set("version", version(t, b.Get(path)))
			return b.Post(path, more)
		}
		send(1, url.Values{"q-age": {"16-17"}, "q-harms": {"partner"}}).SeeOther(t, at+"?page=2")
		send(2, url.Values{"q-1": {"yes"}, "q-2": {"yes"}, "then": {"later"}}).SeeOther(t, f.Path()+"?done=risk-saved")
		b.Get(f.Path()+"?done=risk-saved").Says(t, "Your answers are saved", "Started by you")
		for page := 2; page < 6; page++ {
			more := url.Values{}
			switch page {
			case 2:
				more = url.Values{"q-1": {"yes"}, "q-2": {"yes"}}
			case 3:
				more = url.Values{"q-8": {"yes"}, "q-9": {"no"}, "q-9.care": {"yes"}}
			}
			send(page, more).SeeOther(t, fmt.Sprintf("%s?page=%d", at, page+1))
		}
		send(6, url.Values{}).SeeOther(t, at+"/judgement")
		judge := b.Get(at + "/judgement")
		b.Post(at+"/judgement", url.Values{"version": {version(t, judge)}, "judgement": {"high"}}).Says(t, "There is a problem", "Write why you judge the risk to be high")
		judge = b.Get(at + "/judgement")
		b.Post(at+"/judgement", url.Values{"version": {version(t, judge)}, "judgement": {"high"}, "reason": {"A hand on the throat"}}).SeeOther(t, at+"/check")
		check := b.Get(at+"/check").Says(t, "3 themes answered yes of 24", "20 not answered", "What this cannot tell", "Kept aside, not counted", "A hand on the throat", "High risk")
		b.Post(at+"/record", url.Values{"version": {version(t, check)}}).SeeOther(t, f.Path()+"?done=risk-recorded")
		b.Get(f.Path()).Says(t, "Raised by professional judgement", "training level 4", "What this cannot tell", "Ask the follow-up: Stalking").SaysNot(t, "Started by you")
		b.Get(at).NotThere(t)
	})
}

func TestNothingIsChosenAndWhatIsWrongIsSaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		b.Post(f.Path()+"/risk/new", url.Values{}).Says(t, "There is a problem", "Choose what to ask with")
		at := begins(t, b, f, "https://waymark.invalid/questions/stalking|1")
		third := at + "?page=3"
		form := url.Values{"version": {version(t, b.Get(third))}, "q-since-day": {"40"}, "q-since-month": {"1"}, "q-since-year": {"2026"}}
		b.Post(third, form).Says(t, "There is a problem")
		// It was saved all the same, and does not get past the check.
		b.Get(at+"/check").SeeOther(t, at+"?from=check&page=3&wrong=yes")
		b.Get(at+"?from=check&page=3&wrong=yes").Says(t, "There is a problem")
	})
}

// Two windows of one worker, and two workers: nobody's words are lost.
func TestNothingTypedIsLostToAnotherWindowOrColleague(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		at := begins(t, b, f, w.Risk.Questions().Canonical())
		old := version(t, b.Get(at))
		b.Post(at, url.Values{"version": {old}, "q-a.note": {"From the first window"}}).SeeOther(t, at+"/judgement")
		second := b.Post(at, url.Values{"version": {old}, "q-a.note": {"From the second window"}})
		second.Says(t, "You saved these answers from another page meanwhile", "From the second window")
		b.Post(at, url.Values{"version": {version(t, second)}, "q-a.note": {"From the second window"}}).SeeOther(t, at+"/judgement")

		colleague, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.HavenManager), f.ID(), cases.Supervision)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Risk.Identify(t.Context(), colleague, risk.NewIdentification{Answers: forms.Answers{}}); err != nil {
			t.Fatal(err)
		}
		check := b.Get(at + "/check")
		told := b.Post(at+"/record", url.Values{"version": {version(t, check)}})
		told.Says(t, "A colleague recorded an identification while you were typing", "From the second window")
		after := ""
		for _, n := range told.Select("input[name=after]") {
			after = n.Attr("value")
		}
		b.Post(at+"/record", url.Values{"version": {version(t, told)}, "after": {after}}).SeeOther(t, f.Path()+"?done=risk-recorded")
	})
}

func TestAScriptSavesInPassingAndIsToldWhatIsAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		at := begins(t, b, f, young)
		page := b.Get(at)
		answer := b.Post(at+"/save", url.Values{"part": {"1"}, "version": {version(t, page)}, "q-harms": {"partner"}})
		if !strings.Contains(string(answer.Body), `"q-harms.older":true`) || !strings.Contains(answer.Body, `"version":2`) {
			t.Errorf("said %s", answer.Body)
		}
		if again := b.Post(at+"/save", url.Values{"part": {"1"}, "version": {"1"}}); again.Status != 409 {
			t.Errorf("an old version: %d", again.Status)
		}
		// The page is sent before it has heard of what it saved in passing; what it
		// saves in passing does not come after it.
		first := url.Values{"part": {"1"}, "version": {"2"}, "window": {"one"}, "q-harms": {"partner"}}
		if one := b.Post(at+"/save", first); one.Status != 200 {
			t.Errorf("said %d", one.Status)
		}
		b.Post(at, url.Values{"version": {"2"}, "window": {"one"}, "q-harms": {"family"}}).SeeOther(t, at+"?page=2")
		for _, late := range []url.Values{first, {"part": {"1"}, "version": {"1"}, "window": {"one"}}} {
			if one := b.Post(at+"/save", late); one.Status != 409 {
				t.Errorf("late: %d", one.Status)
			}
		}
		b.Post(at, url.Values{"version": {"2"}, "window": {"two"}, "q-harms": {"other"}}).Says(t, "from another page meanwhile")
		b.Post(at+"/save", url.Values{"part": {"judgement"}, "version": {"4"}, "reason": {"Half a sentence"}})
		b.Get(at+"/judgement").Says(t, "Half a sentence")
	})
}

func TestWhatIsBegunIsItsWorkersAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		at := begins(t, w.as(t, casestest.IDVA), f, young)
		manager := w.as(t, casestest.HavenManager)
		for _, path := range []string{at, at + "/judgement", at + "/check"} {
			manager.Get(path).NotThere(t)
		}
		manager.Post(at+"/drop", url.Values{}).NotThere(t)
		manager.Get(f.Path()).SaysNot(t, "Started by you")
		b := w.as(t, casestest.IDVA)
		b.Post(at+"/drop", url.Values{}).SeeOther(t, f.Path()+"?done=risk-dropped")
		b.Get(at).NotThere(t)
	})
}

// Proves: B14.12
func TestBelowLevelThreeOneActsNowOrAsksAColleague(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		b := w.as(t, casestest.Nurse)
		b.Get(f.Path()+"/risk/new").Says(t, "training level 3", "record what was said and done about immediate safety")
		at := begins(t, b, f, w.Risk.Questions().Canonical())
		b.Post(at, url.Values{"version": {version(t, b.Get(at))}, "q-1": {"yes"}}).SeeOther(t, at+"/judgement")
		judge := b.Get(at+"/judgement").Says(t, "Act now, and have it reviewed")
		b.Post(at+"/judgement", url.Values{"version": {version(t, judge)}, "judgement": {"unclear"}}).Says(t, "Choose to record this now and have it reviewed")
		judge = b.Get(at + "/judgement")
		b.Post(at+"/judgement", url.Values{"version": {version(t, judge)}, "judgement": {"unclear"}, "act_now": {"yes"}, "why_now": {"She goes home tonight"}}).SeeOther(t, at+"/check")
		b.Post(at+"/record", url.Values{"version": {version(t, b.Get(at+"/check"))}}).SeeOther(t, f.Path()+"?done=risk-recorded")
		b.Get(f.Path()).Says(t, "training level 2")
	})
}

func record(t *testing.T, w *world, f *cases.File, n risk.NewIdentification) risk.ID {
	t.Helper()
	id, err := w.Risk.Identify(t.Context(), f, n)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func given(pairs ...string) forms.Answers {
	a := forms.Answers{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a.Set(pairs[i], pairs[i+1])
	}
	return a
}

func TestTwoAreComparedQuestionByQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		first := record(t, w, f, risk.NewIdentification{Answers: given("1", "no", "2", "yes")})
		w.Clock.Advance(3600e9)
		second := record(t, w, f, risk.NewIdentification{Answers: given("1", "yes", "2", "yes"), After: first})
		w.Clock.Advance(3600e9)
		other := record(t, w, f, risk.NewIdentification{Set: young, Answers: given("1", "yes"), After: second})
		b := w.as(t, casestest.IDVA)
		path := f.Path() + "/risk/" + string(second)
		b.Get(path).Says(t, "What changed since the time before", "training level 4")
		b.Get(path+"/compare").Says(t, "Injury on this occasion", "Changed").SaysNot(t, "Level of fear")
		b.Get(path+"/compare?show=all").Says(t, "Level of fear", "Same")
		// The two were not made with the same questions: nothing is put beside anything.
		b.Get(f.Path()+"/risk/"+string(other)+"/compare?with="+string(first)).Says(t, "different versions of the questions", "do not compare").SaysNot(t, "Injury on this occasion")
		b.Get(f.Path() + "/risk/" + string(other) + "/compare").NotThere(t)
		b.Get(f.Path()+"/risk").Says(t, "The first with these questions", "Risk identification, young person")
		b.Get(path+"/print").Says(t, "No name stands on this page", "Injury on this occasion", "What this cannot tell").SaysNot(t, "Maya")
	})
}

const local = `{"resourceType":"Questionnaire","url":"https://example.invalid/forms/local","version":"%s","title":"Local list","status":"active","language":"en","extension":[
{"url":"https://waymark.invalid/fhir/count","extension":[{"url":"name","valueString":"yes"},{"url":"title","valueString":"Yes"},{"url":"counted","valueCoding":{"system":"s","code":"yes"}},{"url":"question","valueString":"a"}]}],
"item":[{"linkId":"a","type":"choice","text":"%s","_text":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/translation","extension":[{"url":"lang","valueCode":"cy"},{"url":"content","valueString":"Ofn"}]}]},
"answerOption":[{"valueCoding":{"system":"s","code":"yes","display":"Yes"}},{"valueCoding":{"system":"s","code":"no","display":"No"}}]},
{"linkId":"b","type":"string","text":"Kept"}]}`

const localRules = `{"rules":"waymark-risk/1","set":"https://example.invalid/forms/local|%s","kind":"assessment","for":"anyone","score":{"count":"yes"},
"marac":{"count_from":1,"local":true},"bands":{"on":true,"of":[{"label":"Lower","from":0},{"label":"Upper","from":1}]},
"review_days":{"high":7,"open":14,"not_high":30},"limits":["It tells little."]}`

func (w *world) load(t *testing.T, version, text string) {
	t.Helper()
	operator := policy.Actor{Account: "operator:ada", Kind: policy.Operator, Name: "Ada Fictional"}
	_, _, err := w.Sets.AddFile(t.Context(), operator, questions.File{Form: fmt.Appendf(nil, local, version, text), Rules: fmt.Appendf(nil, localRules, version), Check: risk.CheckRules})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheLanguageChangesWhileAnswering(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.load(t, "1", "Fear")
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		at := begins(t, b, f, "https://example.invalid/forms/local|1")
		typed := func(a *webtest.Answer) string { return a.One(t, "input[name=q-b]").Attr("value") }
		page := b.Get(at).Says(t, "Fear", "Cymraeg")
		b.Post(at, url.Values{"version": {version(t, page)}, "q-b": {"typed before"}, "lang": {"cy"}}).SeeOther(t, at+"?page=1")
		page = b.Get(at).Says(t, "Ofn")
		if typed(page) != "typed before" {
			t.Error("what was typed is gone")
		}
		b.Post(at, url.Values{"version": {version(t, page)}, "q-a": {"yes"}, "q-b": {"typed before"}}).SeeOther(t, at+"/judgement")
		b.Get(at+"/check").Says(t, "Local band: Upper", "local number")
	})
}

// A new version of a set: what was recorded is read under its own, and an
// answer is never put beside a question that was asked in other words.
func TestAnAnswerNeverMovesToAnotherQuestion(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.load(t, "1", "Fear")
		w.load(t, "2", "Fear of a third person")
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		first := record(t, w, f, risk.NewIdentification{Set: "https://example.invalid/forms/local|1", Answers: given("a", "yes", "b", "one")})
		w.Clock.Advance(3600e9)
		second := record(t, w, f, risk.NewIdentification{Set: "https://example.invalid/forms/local|2", Answers: given("a", "no", "b", "two"), After: first})
		b := w.as(t, casestest.IDVA)
		page := b.Get(f.Path()+"/risk/"+string(second)+"/compare").Says(t, "different versions of the questions", "Fear of a third person")
		for _, row := range page.Select("tr") {
			text := row.Text()
			if strings.Contains(text, "Fear") && !strings.Contains(text, "Not asked in these words") {
				t.Errorf("two questions stand side by side: %q", text)
			}
			if strings.Contains(text, "Kept") && !strings.Contains(text, "one") {
				t.Errorf("one question does not: %q", text)
			}
		}
		b.Get(f.Path()+"/risk/"+string(first)).Says(t, "Local list, version 1")
		b.Get(f.Path()+"/risk/new").Says(t, "Version 2.").SaysNot(t, "forms/local|1")
	})
}

func TestReviewsThatAreDueAreListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		b.Get(riskweb.Reviews).Says(t, "No review is due here")
		record(t, w, f, risk.NewIdentification{Answers: given("1", "yes"), Finding: risk.Finding{ReviewOn: "2026-03-04"}})
		w.Clock.Advance(5 * 24 * 3600e9)
		b = w.as(t, casestest.IDVA)
		b.Get(riskweb.Reviews).Says(t, fmt.Sprintf("Case %d", f.Number()), "overdue", "Not known to be high")
		b.Get("/home").Says(t, "Risk reviews due")
		w.as(t, casestest.HavenManager).Get(riskweb.Reviews+"?show=all").Says(t, fmt.Sprintf("Case %d", f.Number()))
		w.as(t, casestest.Nurse).Get(riskweb.Reviews+"?show=all").Says(t, "No review is due here")
	})
}

func TestTheRuleOfRepeatsIsSetLocally(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.as(t, casestest.HavenManager)
		b.Get("/risk/settings").Says(t, "Nothing is set: the current version applies")
		b.Post("/risk/settings", url.Values{}).Says(t, "There is a problem")
		b.Post("/risk/settings", url.Values{"rule": {"crime"}, "from-day": {"2"}, "from-month": {"3"}, "from-year": {"2026"}}).SeeOther(t, "/risk/settings?done=set")
		b.Get("/risk/settings").Says(t, "From 2 March 2026: Older version")
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		idva := w.as(t, casestest.IDVA)
		at := begins(t, idva, f, young)
		idva.Get(at+"/judgement").Says(t, "Would it be a crime if it were reported?")
	})
}

func TestAPaperFormForEachInstrument(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.as(t, casestest.IDVA)
		b.Get("/questions/risk").Says(t, "Level of fear")
		b.Get("/questions/risk?set="+url.QueryEscape(young)).Says(t, "Risk identification, young person", "How old is the young person?")
		b.Get("/questions/risk?set=nothing").NotThere(t)
	})
}

// What a worker has begun stands in the copy that a person may ask for, and goes
// with the case.
func TestWhatIsBegunIsPartOfTheRecord(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		at := begins(t, b, f, young)
		b.Post(at+"?page=2", url.Values{"version": {version(t, b.Get(at+"?page=2"))}, "q-a.note": {"Half of what was said"}})
		var lines []string
		err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.Risk.Pieces(ctx, tx, f)
			for _, p := range pieces {
				lines = append(lines, p.Lines...)
			}
			return err
		})
		if err != nil || !strings.Contains(strings.Join(lines, " "), "Half of what was said") {
			t.Errorf("the copy holds %q (%v)", lines, err)
		}
	})
}
