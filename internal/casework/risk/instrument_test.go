package risk_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/repeats"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/questions"
)

const (
	young    = "https://waymark.invalid/questions/risk-young-person|1"
	stalking = "https://waymark.invalid/questions/stalking|1"
	weighed  = "https://example.invalid/forms/weighed|1"
)

// weighedForm is a local instrument whose score is worked out from weights.
const weighedForm = `{"resourceType":"Questionnaire","url":"https://example.invalid/forms/weighed","version":"1","title":"Weighed","status":"active","item":[
{"linkId":"a","type":"choice","text":"A","answerOption":[
 {"valueCoding":{"system":"s","code":"much","display":"Much"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":2.5}]},
 {"valueCoding":{"system":"s","code":"little","display":"Little"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":1}]}]},
{"linkId":"b","type":"choice","text":"B","answerOption":[
 {"valueCoding":{"system":"s","code":"much","display":"Much"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":4}]},
 {"valueCoding":{"system":"s","code":"little","display":"Little"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":0}]}]},
{"linkId":"more","type":"string","text":"More","enableWhen":[{"question":"a","operator":"=","answerCoding":{"system":"s","code":"much"}}]},
{"linkId":"total","type":"decimal","text":"Total","readOnly":true,"extension":[{"url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression","valueExpression":{"language":"text/fhirpath","expression":"%resource.item.answer.weight().sum()"}}]}]}`

const weighedRules = `{"rules":"waymark-risk/1","set":"https://example.invalid/forms/weighed|1","kind":"assessment","for":"anyone","score":{"total":"total"},
"marac":{"count_from":6,"incidents_from":2,"local":true},"bands":{"on":true,"of":[{"label":"Lower","from":0},{"label":"Upper","from":6}]},
"review_days":{"high":7,"open":14,"not_high":30},"limits":["It tells little."]}`

func load(t *testing.T, w *casestest.World, form, rules string) {
	t.Helper()
	sets, err := questions.New(w.DB, w.Guard)
	if err != nil {
		t.Fatal(err)
	}
	operator := policy.Actor{Account: "operator:ada", Kind: policy.Operator, Name: "Ada Fictional"}
	if _, _, err := sets.AddFile(t.Context(), operator, questions.File{Form: []byte(form), Rules: []byte(rules), Check: risk.CheckRules}); err != nil {
		t.Fatal(err)
	}
}

// Every instrument that ships is whole, and the frames are offered to nobody.
//
// Proves: B6.6
func TestTheInstrumentsThatShip(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		list, err := s.Instruments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range list {
			got = append(got, i.Form.Canonical()+" "+string(i.Rules.Kind)+" "+string(i.Rules.For))
			if len(i.Rules.Bands) > 0 || i.Rules.Local {
				t.Errorf("%s comes with local numbers", i.Form.Canonical())
			}
			if len(i.Rules.Limits) == 0 {
				t.Errorf("%s does not say what it cannot tell", i.Form.Canonical())
			}
			for _, n := range i.Form.Notices() {
				t.Errorf("%s: not used: %s", i.Form.Canonical(), n)
			}
		}
		want := []string{s.Questions().Canonical() + " assessment adult", young + " assessment young_person", stalking + " follow_up anyone"}
		if !slices.Equal(got, want) {
			t.Errorf("offered: %v", got)
		}
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		frame := "https://waymark.invalid/questions/frame-checklist-24|1"
		if _, err := s.Start(t.Context(), f, frame); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a frame was begun: %v", err)
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: frame}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a frame was answered: %v", err)
		}
	})
}

func TestARuleFileIsRefusedByName(t *testing.T) {
	q, err := forms.ParseQuestionnaire([]byte(weighedForm))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := risk.ParseRules(q, []byte(weighedRules)); err != nil {
		t.Fatalf("a whole file is refused: %v", err)
	}
	change := func(old, now string) string {
		if !strings.Contains(weighedRules, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(weighedRules, old, now, 1)
	}
	for name, c := range map[string]struct{ file, says string }{
		"another shape":       {change("waymark-risk/1", "waymark-risk/9"), "waymark-risk/9"},
		"another set":         {change("weighed|1", "weighed|2"), "weighed|2"},
		"an unknown name":     {change(`"kind"`, `"sort"`), "sort"},
		"a name twice":        {change(`"kind":"assessment"`, `"kind":"assessment","kind":"follow_up"`), `"kind" stands twice`},
		"something behind":    {weighedRules + "{}", "goes on"},
		"no JSON":             {"{", "not JSON"},
		"another kind":        {change(`"assessment"`, `"verdict"`), "verdict"},
		"another audience":    {change(`"anyone"`, `"women"`), "women"},
		"no score":            {change(`{"total":"total"}`, `{}`), "one of the two"},
		"a total typed in":    {change(`{"total":"total"}`, `{"total":"more"}`), "no number that the form works out"},
		"an undeclared count": {change(`{"total":"total"}`, `{"count":"yes"}`), "does not declare"},
		"a negative number":   {change(`"count_from":6`, `"count_from":-1`), "count_from"},
		"bands from 1 on":     {change(`"from":0`, `"from":1`), "first band"},
		"bands in disorder":   {change(`"from":6`, `"from":0`), "band 2"},
		"a level forgotten":   {change(`"open":14,`, ``), `"open"`},
		"high waits longer":   {change(`"high":7`, `"high":20`), "wait longer"},
		"a level made up":     {change(`"high":7`, `"high":7,"low":9`), `"low"`},
		"no limits":           {change(`["It tells little."]`, `[]`), "limits"},
		"a prompt on nothing": {change(`"limits"`, `"prompts":[{"question":"z","answer":"x","set":"y","why":"z"}],"limits"`), "no choice"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := risk.ParseRules(q, []byte(c.file))
			var problems forms.Problems
			if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "rule file") {
				t.Errorf("said %v", err)
			}
		})
	}
}

// A local instrument with weights: its total counts, its bands are its own, and
// it stays as it is once somebody has begun to answer it.
func TestALocalInstrumentIsAskedAndNeverChangesAfterThat(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		load(t, w, weighedForm, weighedRules)
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		a := forms.Answers{}
		a.Set("a", "much")
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: weighed, Answers: a}); err != nil {
			t.Fatal(err)
		}
		got := latest(t, w, s, f)
		if got.Tally.Total != "2.5" || got.Tally.Unanswered != 1 || got.Danger != risk.Open || got.Routes()[0].Met != risk.Unknown {
			t.Errorf("%+v %s %+v", got.Tally, got.Danger, got.Routes()[0])
		}
		if band := got.Instrument.Rules.Band(got.Tally, got.Finding); band != "Lower" {
			t.Errorf("band %q", band)
		}
		a.Set("b", "much")
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: weighed, Answers: a, After: got.ID}); err != nil {
			t.Fatal(err)
		}
		if got = latest(t, w, s, f); got.Tally.Total != "6.5" || !got.High() || !strings.Contains(got.Routes()[0].Evidence, "local") {
			t.Errorf("%+v %s %+v", got.Tally, got.Danger, got.Routes()[0])
		}
		if got.Finding.ReviewOn != "2026-03-09" { // seven days after 2 March
			t.Errorf("to be looked at again on %s", got.Finding.ReviewOn)
		}
		sets, err := questions.New(w.DB, w.Guard)
		if err != nil {
			t.Fatal(err)
		}
		operator := policy.Actor{Account: "operator:ada", Kind: policy.Operator, Name: "Ada Fictional"}
		other := strings.Replace(weighedRules, `"count_from":6`, `"count_from":2`, 1)
		_, _, err = sets.AddFile(t.Context(), operator, questions.File{Form: []byte(weighedForm), Rules: []byte(other), Check: risk.CheckRules})
		if !errors.Is(err, questions.ErrAnswered) {
			t.Errorf("the rules were changed under recorded answers: %v", err)
		}
	})
}

func TestNothingWorkedOutIsNotZero(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		load(t, w, weighedForm, weighedRules)
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: weighed, Answers: forms.Answers{}}); err != nil {
			t.Fatal(err)
		}
		got := latest(t, w, s, f)
		if got.Tally.Total != "" || got.Routes()[0].Met != risk.Unknown || !strings.HasPrefix(got.Tally.Words(), "No total could be worked out") {
			t.Errorf("%q, %+v", got.Tally.Words(), got.Routes()[0])
		}
		if band := got.Instrument.Rules.Band(got.Tally, got.Finding); band != "" {
			t.Errorf("band %q", band)
		}
	})
}

func begin(t *testing.T, s *risk.Service, w *casestest.World, f *cases.File, set string) risk.Draft {
	t.Helper()
	id, err := s.Start(t.Context(), f, set)
	if err != nil {
		t.Fatal(err)
	}
	return draft(t, s, w, f, id)
}

func draft(t *testing.T, s *risk.Service, w *casestest.World, f *cases.File, id risk.DraftID) risk.Draft {
	t.Helper()
	var d risk.Draft
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		d, _, err = s.Draft(ctx, tx, f, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAnswersAreSavedAndComeBackToTheirWorkerAlone(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		d := begin(t, s, w, f, young)
		d.Answers.Set("1", "yes")
		d.Finding.Reason = "He waits outside"
		d, err := s.Save(t.Context(), f, d)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.Start(t.Context(), f, young); err != nil || again != d.ID {
			t.Errorf("beginning again: %s, want %s (%v)", again, d.ID, err)
		}
		if got := draft(t, s, w, f, d.ID); got.Answers.Text("1") != "yes" || got.Finding.Reason != "He waits outside" || got.Version != d.Version {
			t.Errorf("%+v", got.Finding)
		}
		old := d
		old.Version--
		if _, err := s.Save(t.Context(), f, old); !errors.Is(err, store.ErrConflict) {
			t.Errorf("from an old page: %v", err)
		}
		colleague, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.HavenManager), f.ID(), cases.Supervision)
		if err != nil {
			t.Fatal(err)
		}
		read := func(f *cases.File) (n int, err error) {
			err = w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				list, err := s.Begun(ctx, tx, f)
				n = len(list)
				if err != nil {
					return err
				}
				_, _, err = s.Draft(ctx, tx, f, d.ID)
				return err
			})
			return n, err
		}
		if n, err := read(colleague); n != 0 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a colleague sees %d (%v)", n, err)
		}
		if n, err := read(f); n != 1 || err != nil {
			t.Errorf("the worker sees %d (%v)", n, err)
		}
		if _, err := s.Record(t.Context(), f, d, ""); err != nil {
			t.Fatal(err)
		}
		if n, err := read(f); n != 0 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after it was recorded there are %d (%v)", n, err)
		}
		if _, err := s.Record(t.Context(), f, d, latest(t, w, s, f).ID); !errors.Is(err, store.ErrConflict) {
			t.Errorf("recorded twice: %v", err)
		}
	})
}

func TestWhatIsNotRecordedExpires(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, risk.Rules(), questions.Rules())
		sets, err := questions.New(db, w.Guard)
		if err != nil {
			t.Fatal(err)
		}
		s, err := risk.New(w.Cases, w.Guard, sets)
		if err != nil {
			t.Fatal(err)
		}
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		d := begin(t, s, w, f, young)
		clock.Advance(15 * 24 * 3600 * 1e9)
		err = db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, _, err := s.Draft(ctx, tx, f, d.ID)
			return err
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("after two weeks: %v", err)
		}
		if again, err := s.Start(t.Context(), f, young); err != nil || again == d.ID {
			t.Errorf("begun anew: %s (%v)", again, err)
		}
	})
}

func TestTheSecondOfTwoIsToldAndKeepsWhatTheyTyped(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		d := begin(t, s, w, f, young)
		d.Answers.Set("2", "yes")
		d, err := s.Save(t.Context(), f, d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(1, 0)}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Record(t.Context(), f, d, d.After); !errors.Is(err, risk.ErrNewer) {
			t.Errorf("got %v", err)
		}
		if got := draft(t, s, w, f, d.ID); got.Answers.Text("2") != "yes" {
			t.Error("what was typed is gone")
		}
		if _, err := s.Record(t.Context(), f, d, latest(t, w, s, f).ID); err != nil {
			t.Error(err)
		}
	})
}

// An answer to a question that is no longer asked is kept aside: it is not sent
// with the others, nothing counts it, and it is there to read.
func TestAnAnswerThatIsNoLongerAskedIsKeptAside(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		d := begin(t, s, w, f, young)
		d.Answers.Set("9", "no")
		d.Answers.Set("9.care", "yes")
		id, err := s.Record(t.Context(), f, d, "")
		if err != nil {
			t.Fatal(err)
		}
		got := latest(t, w, s, f)
		if got.ID != id || fmt.Sprint(got.Aside) != "map[9.care:[yes]]" {
			t.Errorf("aside: %v", got.Aside)
		}
		if _, sent := got.Response.ByLink()["9.care"]; sent {
			t.Error("it stands among the answers")
		}
		if got.Tally.Yes != 0 {
			t.Errorf("%+v", got.Tally)
		}
	})
}

const repeatingForm = `{"resourceType":"Questionnaire","url":"https://example.invalid/forms/weighed","version":"1","title":"Repeating","status":"active","item":[
{"linkId":"child","type":"group","text":"Child","repeats":true,"item":[{"linkId":"name","type":"string","text":"Name"},
 {"linkId":"seen","type":"dateTime","text":"Last seen"},
 {"linkId":"afraid","type":"choice","text":"Afraid?","answerOption":[
  {"valueCoding":{"system":"s","code":"yes","display":"Yes"},"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/ordinalValue","valueDecimal":3}]},
  {"valueCoding":{"system":"s","code":"no","display":"No"}}]}]},
{"linkId":"total","type":"decimal","text":"Total","readOnly":true,"extension":[{"url":"http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression","valueExpression":{"language":"text/fhirpath","expression":"%resource.item.where(linkId='child').item.where(linkId='afraid').answer.weight().sum()"}}]}]}`

// A part of an instrument that repeats is saved, counted and recorded; what was removed of it counts for nothing,
// is kept aside, and is there for whoever asks what is held about them.
func TestAPartOfAnInstrumentThatRepeatsIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		load(t, w, repeatingForm, weighedRules)
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		d := begin(t, s, w, f, "https://example.invalid/forms/weighed|1")
		instrument, err := s.Instrument(t.Context(), d.Set)
		if err != nil {
			t.Fatal(err)
		}
		d.Answers = forms.Decode(instrument.Form, url.Values{
			"q-child_rall": {"1", "2", "3"}, "q-name_r1": {"Ada"}, "q-afraid_r1": {"yes"}, "q-name_r2": {"Ben"}, "q-afraid_r2": {"yes"}, "q-name_r3": {"Cy"}, "q-afraid_r3": {"yes"},
			"q-seen_r3-day": {"9"}, "q-seen_r3-month": {"7"}, "q-seen_r3-year": {"2026"}, "q-seen_r3-time": {"14:30"},
			forms.AgainField: {forms.AgainTake + "q-child_r2"},
		})
		if d, err = s.Save(t.Context(), f, d); err != nil {
			t.Fatal(err)
		}
		held := func() string {
			var lines []string
			err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				pieces, _, err := s.Pieces(ctx, tx, f)
				for _, p := range pieces {
					lines = append(lines, p.Lines...)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(lines, "\n")
		}
		if got := held(); !strings.Contains(got, "Name Ada") || !strings.Contains(got, "Name Ben") || !strings.Contains(got, "Last seen 9 July 2026, 14:30") {
			t.Errorf("of the draft there is held %s", got)
		}
		if _, err := s.Record(t.Context(), f, draft(t, s, w, f, d.ID), ""); err != nil {
			t.Fatal(err)
		}
		got := latest(t, w, s, f)
		if got.Tally.Total != "6" || got.Tally.Unanswered != 0 || got.Danger != risk.Grave {
			t.Errorf("it comes to %+v, %s", got.Tally, got.Danger)
		}
		if fmt.Sprint(got.Aside["name\t2"]) != "[Ben]" {
			t.Errorf("aside: %v", got.Aside)
		}
		back, err := got.Instrument.Form.Answers(got.Response)
		if err != nil || back.Text("name\t3") != "Cy" || back.Answered("name\t2") || back.Text("seen\t3") != "2026-07-09T14:30:00" {
			t.Errorf("recorded: %v", err)
		}
		if all := held(); !strings.Contains(all, "Not asked any more, not counted: Name Ben") || !strings.Contains(all, "Last seen 9 July 2026, 14:30") {
			t.Errorf("there is held %s", all)
		}
	})
}

// The theme of stalking calls for its follow-up, which has no threshold of its
// own and changes nothing about the level.
func TestStalkingCallsForItsFollowUp(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		a := forms.Answers{}
		a.Set("8", "yes")
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: a}); err != nil {
			t.Fatal(err)
		}
		first := latest(t, w, s, f)
		offered, err := s.Instruments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		called := first.FollowUps(offered)
		if len(called) != 1 || called[0].Instrument.Form.Canonical() != stalking {
			t.Fatalf("called for: %+v", called)
		}
		if _, due := tasks(t, w, f)[cases.FollowUpRisk]; !due {
			t.Error("nobody is asked to")
		}
		all := forms.Answers{}
		for n := range 11 {
			all.Set(fmt.Sprint(n+1), "yes")
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: stalking, Answers: all, Finding: risk.Finding{Judgement: risk.NotHigh}}); err != nil {
			t.Fatal(err)
		}
		if _, due := tasks(t, w, f)[cases.FollowUpRisk]; due {
			t.Error("it was asked, and the task is still there")
		}
		if got := latest(t, w, s, f); got.ID != first.ID {
			t.Error("the follow-up stands in the place of the assessment")
		}
		if k := kinds(t, w, f); strings.Contains(k, "risk.high") || strings.Contains(k, "marac") {
			t.Errorf("chronology: %s", k)
		}
	})
}

func TestTwelveMonths(t *testing.T) {
	for _, c := range []struct {
		last, on string
		want     bool
	}{
		{"2025-03-02", "2026-03-01", true},  // the day before
		{"2025-03-02", "2026-03-02", true},  // exactly twelve months
		{"2025-03-02", "2026-03-03", false}, // the day after
		{"2025-03-02", "2025-03-02", true},
		{"2025-03-02", "2025-03-01", false},
		{"2024-02-29", "2025-02-28", true},
		{"2024-02-29", "2025-03-01", false},
		{"2023-02-28", "2024-02-28", true},
		{"2023-02-28", "2024-02-29", false},
		{"2023-03-01", "2024-02-29", true},
		{"2025-08-31", "2026-08-31", true},
		{"2025-12-31", "2026-12-31", true},
		{"2025-12-31", "2027-01-01", false},
	} {
		if got, known := repeats.WithinTwelveMonths(c.last, c.on); got != c.want || !known {
			t.Errorf("%s after %s: %v, want %v", c.on, c.last, got, c.want)
		}
	}
	if _, known := repeats.WithinTwelveMonths("", "2026-01-01"); known {
		t.Error("a day that is not recorded is known")
	}
}

// Both published versions of the repeat rule (domain.md, section 4.3).
func TestARepeatUnderBothVersions(t *testing.T) {
	f := func(crime risk.Answer, last, on string) risk.Finding {
		return risk.Finding{Repeat: risk.Yes, RepeatEvidence: "x", RepeatCrime: crime, LastReferral: last, RepeatOn: on}
	}
	for name, c := range map[string]struct {
		rule risk.RepeatRule
		f    risk.Finding
		want risk.Answer
	}{
		"current: no crime":            {risk.AnyAbuse, f(risk.No, "2025-03-02", "2026-03-02"), risk.Yes},
		"current: a day too late":      {risk.AnyAbuse, f(risk.Yes, "2025-03-02", "2026-03-03"), risk.No},
		"current: before the referral": {risk.AnyAbuse, f(risk.Yes, "2025-03-02", "2025-03-01"), risk.No},
		"current: days not known":      {risk.AnyAbuse, f(risk.No, "", ""), risk.Yes},
		"older: a crime":               {risk.Crime, f(risk.Yes, "2025-03-02", "2026-03-02"), risk.Yes},
		"older: no crime":              {risk.Crime, f(risk.No, "2025-03-02", "2026-03-02"), risk.No},
		"older: not known":             {risk.Crime, f(risk.Unknown, "2025-03-02", "2026-03-02"), risk.Unknown},
		"older: not asked":             {risk.Crime, f(risk.NotAsked, "2025-03-02", "2026-03-02"), risk.Unknown},
		"older: a day too late":        {risk.Crime, f(risk.Yes, "2025-03-02", "2026-03-03"), risk.No},
		"answered no":                  {risk.AnyAbuse, risk.Finding{Repeat: risk.No}, risk.No},
		"recorded before the rules":    {"", f(risk.NotAsked, "", ""), risk.Yes},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := c.rule.Judge(c.f); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// Whichever rule applied on the day stays with what was recorded on it.
func TestTheRuleOfTheDayApplies(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		repeat := risk.Finding{Repeat: risk.Yes, RepeatEvidence: "A message through his sister", RepeatCrime: risk.No, LastReferral: "2025-06-01", RepeatOn: "2026-02-20"}
		record := func(after risk.ID) risk.Identification {
			t.Helper()
			if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(1, 0), Finding: repeat, After: after}); err != nil {
				t.Fatal(err)
			}
			return latest(t, w, s, f)
		}
		first := record("")
		if first.Finding.RepeatRule != risk.AnyAbuse || first.Routes()[3].Met != risk.Yes {
			t.Errorf("%+v", first.Routes()[3])
		}
		manager := w.Actor(t, casestest.HavenManager)
		if err := s.SetRepeatRule(t.Context(), manager, risk.Crime, "2026-03-02"); err != nil {
			t.Fatal(err)
		}
		if err := s.SetRepeatRule(t.Context(), manager, risk.AnyAbuse, "2026-04-01"); err != nil { // not yet
			t.Fatal(err)
		}
		second := record(first.ID)
		if second.Finding.RepeatRule != risk.Crime || second.Routes()[3].Met != risk.No {
			t.Errorf("%+v", second.Routes()[3])
		}
		if list, err := s.Settings(t.Context(), manager); err != nil || len(list) != 2 || list[1].Rule != risk.Crime {
			t.Errorf("%+v (%v)", list, err)
		}
		for rule, from := range map[risk.RepeatRule]string{"mine": "2026-03-02", risk.Crime: "soon"} {
			if _, is := forms.AsErrors(s.SetRepeatRule(t.Context(), manager, rule, from)); !is {
				t.Errorf("%q from %q was kept", rule, from)
			}
		}
		err := s.SetRepeatRule(t.Context(), w.Actor(t, casestest.IDVA), risk.Crime, "2026-03-02")
		if _, denied := policy.IsDenied(err); !denied {
			t.Errorf("a worker set it: %v", err)
		}
	})
}

// Three incidents that were reported to police are an escalation by themselves.
func TestIncidentsAreAnEscalation(t *testing.T) {
	rules := shipped(t)
	for incidents, want := range map[string]risk.Answer{"": risk.NotAsked, "2": risk.NotAsked, "3": risk.Yes, "12": risk.Yes} {
		if got := rules.Routes(risk.Tally{Of: 24}, risk.Finding{Incidents: incidents})[2].Met; got != want {
			t.Errorf("%q: %q, want %q", incidents, got, want)
		}
	}
	if got := rules.Routes(risk.Tally{Of: 24}, risk.Finding{Incidents: "4", Escalation: risk.No})[2]; got.Met != risk.Yes || got.Evidence == "" {
		t.Errorf("the number is set aside by an answer of no: %+v", got)
	}
}

// Who sees a case sees that its risk is due, and nobody else; page by page.
func TestOverdueReviewsAreListedForWhoSeesTheCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, risk.Rules(), questions.Rules())
		sets, err := questions.New(db, w.Guard)
		if err != nil {
			t.Fatal(err)
		}
		s, err := risk.New(w.Cases, w.Guard, sets)
		if err != nil {
			t.Fatal(err)
		}
		idva := w.Actor(t, casestest.IDVA)
		var files []*cases.File
		for n := range 5 {
			f := w.Begin(t, idva)
			files = append(files, f)
			if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(20-n, 0), Finding: risk.Finding{ReviewOn: fmt.Sprintf("2026-03-%02d", 10+n)}}); err != nil {
				t.Fatal(err)
			}
		}
		clock.Advance(20 * 24 * 3600 * 1e9) // 22 March
		var got []string
		var after risk.Due
		for range 4 {
			page, err := s.Reviews(t.Context(), idva, cases.Mine, after, 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range page {
				got, after = append(got, d.On), d
				if d.Danger != risk.Grave || d.Lead != idva.Account {
					t.Errorf("%+v", d)
				}
			}
		}
		if strings.Join(got, " ") != "2026-03-10 2026-03-11 2026-03-12 2026-03-13 2026-03-14" {
			t.Errorf("listed %v", got)
		}
		// One that was looked at again waits for its next day.
		f, err := w.Cases.Open(t.Context(), idva, files[0].ID(), cases.Care)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(20, 0), After: latest(t, w, s, f).ID}); err != nil {
			t.Fatal(err)
		}
		// One that was closed waits for nothing.
		closed, err := w.Cases.Open(t.Context(), idva, files[1].ID(), cases.Care)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Cases.CloseCase(t.Context(), closed, closed.Version(), "The work has ended."); err != nil {
			t.Fatal(err)
		}
		count := func(who string, which cases.Which) int {
			t.Helper()
			list, err := s.Reviews(t.Context(), w.Actor(t, who), which, risk.Due{}, 50)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		if n := count(casestest.IDVA, cases.Mine); n != 3 {
			t.Errorf("%d are left", n)
		}
		if n := count(casestest.HavenManager, cases.All); n != 3 {
			t.Errorf("the manager sees %d", n)
		}
		if n := count(casestest.HavenManager, cases.Mine); n != 0 {
			t.Errorf("the manager holds %d", n)
		}
		if n := count(casestest.Nurse, cases.All); n != 0 {
			t.Errorf("another agency sees %d", n)
		}
		if n, err := s.Overdue(t.Context(), idva, 50); n != 3 || err != nil {
			t.Errorf("%d overdue (%v)", n, err)
		}
	})
}

// The answers of a set that is not the first are kept under it, and the rows
// from before instruments could be chosen are read as they were.
func TestEachIdentificationIsReadUnderItsOwnSet(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(2, 0)}); err != nil {
			t.Fatal(err)
		}
		first := latest(t, w, s, f)
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Set: young, Answers: answers(3, 0), After: first.ID}); err != nil {
			t.Fatal(err)
		}
		second := latest(t, w, s, f)
		if first.Questions != s.Questions().Canonical() || second.Questions != young || second.Response.Questionnaire != young {
			t.Errorf("%s, then %s", first.Questions, second.Questions)
		}
		if _, err := second.Instrument.Form.Beside(first.Response, second.Response); !errors.Is(err, forms.ErrOtherForm) {
			t.Errorf("two sets are compared: %v", err)
		}
	})
}

func TestTheFramesHoldNoWordingOfTheirInstruments(t *testing.T) {
	sets, err := questioncontent.Instruments()
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for _, set := range sets {
		q, err := forms.ParseQuestionnaire(set.Form)
		if err != nil {
			t.Fatal(err)
		}
		r, err := risk.ParseRules(q, set.Rules)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Frame {
			continue
		}
		frames++
		if q.Status != "draft" {
			t.Errorf("%s is in force", q.Canonical())
		}
		for i := range q.Questions() {
			if len(strings.Fields(i.Text)) > 12 || strings.Contains(i.Text, "?") || i.Hint() != "" {
				t.Errorf("%s, %s is more than a label: %q", q.Canonical(), i.LinkID, i.Text)
			}
		}
	}
	if frames != 3 {
		t.Errorf("%d frames", frames)
	}
}
