package risk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/questions"
)

// shipped are the rules of the first set that ships.
func shipped(t *testing.T) *risk.Scoring {
	t.Helper()
	sets, err := questioncontent.Instruments()
	if err != nil {
		t.Fatal(err)
	}
	q, err := forms.ParseQuestionnaire(sets[0].Form)
	if err != nil {
		t.Fatal(err)
	}
	r, err := risk.ParseRules(q, sets[0].Rules)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func each(t *testing.T, fn func(t *testing.T, w *casestest.World, s *risk.Service)) {
	t.Helper()
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
		fn(t, w, s)
	})
}

// answers gives yes to the first themes, don't know to the next, and leaves
// the rest open.
func answers(yes, unknown int) forms.Answers {
	a := forms.Answers{}
	for i := range yes + unknown {
		key := "yes"
		if i >= yes {
			key = "unknown"
		}
		a.Set(fmt.Sprint(i+1), key)
	}
	return a
}

func latest(t *testing.T, w *casestest.World, s *risk.Service, f *cases.File) risk.Identification {
	t.Helper()
	var got risk.Identification
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		got, err = s.Latest(ctx, tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func kinds(t *testing.T, w *casestest.World, f *cases.File) string {
	t.Helper()
	var out []string
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 50)
		for _, e := range events {
			out = append([]string{string(e.Kind)}, out...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, " ")
}

func tasks(t *testing.T, w *casestest.World, f *cases.File) map[cases.TaskKind]cases.Task {
	t.Helper()
	out := map[cases.TaskKind]cases.Task{}
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out[task.Kind] = task
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The four routes are four separate facts (domain.md, section 4.2).
func TestRoutes(t *testing.T) {
	rules := shipped(t)
	for name, c := range map[string]struct {
		tally   risk.Tally
		finding risk.Finding
		want    string
		high    bool
	}{
		"nothing known":              {risk.Tally{Unanswered: 24, Of: 24}, risk.Finding{}, "unknown   ", false},
		"thirteen yes, the rest no":  {risk.Tally{Yes: 13, Of: 24}, risk.Finding{Judgement: risk.NotHigh}, "no no  ", false},
		"thirteen yes, one unknown":  {risk.Tally{Yes: 13, Unknown: 1, Of: 24}, risk.Finding{}, "unknown   ", false},
		"fourteen yes":               {risk.Tally{Yes: 14, Of: 24}, risk.Finding{}, "yes   ", true},
		"judgement lowers nothing":   {risk.Tally{Yes: 14, Of: 24}, risk.Finding{Judgement: risk.NotHigh}, "yes no  ", true},
		"judgement stands alone":     {risk.Tally{Yes: 1, Of: 24}, risk.Finding{Judgement: risk.High, Reason: "x"}, "no yes  ", true},
		"escalation is its own fact": {risk.Tally{Of: 24}, risk.Finding{Escalation: risk.Yes, Repeat: risk.No}, "no  yes no", false},
		"repeat is its own fact":     {risk.Tally{Of: 24}, risk.Finding{Repeat: risk.Yes}, "no   yes", false},
	} {
		t.Run(name, func(t *testing.T) {
			var met []string
			for _, r := range rules.Routes(c.tally, c.finding) {
				met = append(met, string(r.Met))
			}
			if got := strings.Join(met, " "); got != c.want || (rules.Danger(c.tally, c.finding) == risk.Grave) != c.high {
				t.Errorf("routes %q, high %v", got, rules.Danger(c.tally, c.finding))
			}
		})
	}
}

// Whatever a worker judges, the level is never below what the answers alone
// come to; and whatever they answer, a judgement of high stands.
//
// Proves: R1
func TestJudgementRaisesAndNeverLowers(t *testing.T) {
	rules := shipped(t)
	rank := func(d risk.Danger) int { return slices.Index(risk.Dangers(), d) } // the highest first
	rapid.Check(t, func(r *rapid.T) {
		yes := rapid.IntRange(0, 24).Draw(r, "yes")
		unknown := rapid.IntRange(0, 24-yes).Draw(r, "unknown")
		tally := risk.Tally{Yes: yes, Unknown: unknown, Unanswered: rapid.IntRange(0, 24-yes-unknown).Draw(r, "unanswered"), Of: 24}
		f := risk.Finding{
			Escalation: rapid.SampledFrom([]risk.Answer{risk.NotAsked, risk.Yes, risk.No, risk.Unknown}).Draw(r, "escalation"),
			Repeat:     rapid.SampledFrom([]risk.Answer{risk.NotAsked, risk.Yes, risk.No, risk.Unknown}).Draw(r, "repeat"),
			Reason:     "x",
		}
		alone := rules.Danger(tally, risk.Finding{})
		for _, j := range append(risk.Judgements(), risk.NoJudgement) {
			f.Judgement = j
			if got := rules.Danger(tally, f); rank(got) > rank(alone) || j == risk.High && got != risk.Grave {
				r.Errorf("%+v comes to %s, and to %s with the judgement %q", tally, alone, got, j)
			}
			if met := rules.Routes(tally, f)[0].Met; (met == risk.Yes) != rules.Visible(tally) {
				r.Errorf("the judgement %q changed the first route to %s", j, met)
			}
		}
		// What is not known and what was not asked never counts as no.
		if tally.Unknown+tally.Unanswered > 0 && alone == risk.NotSeen {
			r.Errorf("%+v comes to %s although something is open", tally, alone)
		}
	})
}

func TestWhatIsMissingIsTold(t *testing.T) {
	errs := risk.Finding{Judgement: risk.High, Escalation: risk.Yes, Repeat: risk.Yes, ReviewOn: "soon", Incidents: "many", LastReferral: "May", RepeatOn: "then"}.Check()
	for _, field := range []string{"reason", "escalation_evidence", "repeat_evidence", "review_on", "incidents", "last_referral", "repeat_on"} {
		if !errs.Has(field) {
			t.Errorf("nothing said of %s", field)
		}
	}
	if errs := (risk.Finding{}).Check(); errs.Any() {
		t.Errorf("an empty finding was refused: %v", errs)
	}
}

// Proves: G10, B6.6
func TestAnIdentificationIsKeptWithItsVersionAndLeadsToTasks(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(14, 2), Finding: risk.Finding{Judgement: risk.NotHigh, Views: "he will find me"}})
		if err != nil {
			t.Fatal(err)
		}
		got := latest(t, w, s, f)
		if got.Tally != (risk.Tally{Yes: 14, Unknown: 2, Unanswered: 8, Of: 24}) || !got.High() || got.Questions != s.Questions().Canonical() || got.Finding.Views != "he will find me" {
			t.Errorf("%+v", got)
		}
		if k := kinds(t, w, f); k != "file.opened risk.identified risk.high risk.marac_route" {
			t.Errorf("chronology: %s", k)
		}
		if _, due := tasks(t, w, f)[cases.ConsiderMARAC]; !due {
			t.Error("nobody is asked to consider a MARAC")
		}
		last := w.Ledger(t)[len(w.Ledger(t))-1]
		for _, e := range w.Ledger(t) {
			if e.Action == risk.ActIdentify {
				last = e
			}
		}
		if last.Action != risk.ActIdentify || len(last.Subjects) != 2 {
			t.Errorf("ledger: %+v", last)
		}
	})
}

func TestALowCountRefersNobodyAndClosesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		none := answers(0, 0)
		for n := range 24 {
			none.Set(fmt.Sprint(n+1), "no")
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: none, Finding: risk.Finding{Judgement: risk.NotHigh}}); err != nil {
			t.Fatal(err)
		}
		if k := kinds(t, w, f); k != "file.opened risk.identified" {
			t.Errorf("chronology %q", k)
		}
		// The file is open, and the clock of its level runs: it is looked at again.
		open, err := w.Cases.Open(t.Context(), f.Actor(), f.ID(), cases.Care)
		if err != nil || !open.ClosedAt().IsZero() {
			t.Errorf("the case is closed (%v)", err)
		}
		todo := tasks(t, w, f)
		if due := todo[cases.ReviewRisk].Due; due != "2026-05-25" || len(todo) != 1 { // 84 days after 2 March
			t.Errorf("tasks %v", todo)
		}
	})
}

// Proves: B14.12
func TestBelowLevelThreeTheWorkerActsNowAndItIsReviewed(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := risk.NewIdentification{Answers: answers(2, 0)}
		if _, err := s.Identify(t.Context(), f, n); !errors.Is(err, risk.ErrBelowFloor) {
			t.Errorf("without acting now: %v", err)
		}
		n.Finding = risk.Finding{ActNow: true, WhyNow: "she is going home tonight"}
		if _, err := s.Identify(t.Context(), f, n); err != nil {
			t.Fatal(err)
		}
		if got := latest(t, w, s, f); !got.Finding.ActNow || got.Level != 2 {
			t.Errorf("%+v", got)
		}
		if !strings.Contains(kinds(t, w, f), string(cases.ActedNow)) {
			t.Errorf("chronology: %s", kinds(t, w, f))
		}
		review, due := tasks(t, w, f)[cases.ReviewActNow]
		if !due || review.Due != "2026-03-03" { // the clock stands at Monday 2 March
			t.Errorf("review: %+v", review)
		}
	})
}

func TestTheNextWorkingDaySkipsTheWeekend(t *testing.T) {
	friday := time.Date(2026, 3, 6, 18, 0, 0, 0, time.UTC)
	for i, want := range []string{"2026-03-09", "2026-03-09", "2026-03-09", "2026-03-10"} {
		if got := risk.NextWorkingDay(friday.AddDate(0, 0, i)); got != want {
			t.Errorf("after %s: %s, want %s", friday.AddDate(0, 0, i).Weekday(), got, want)
		}
	}
}

func TestTheSecondOfTwoIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(1, 0)}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(2, 0)}); !errors.Is(err, risk.ErrNewer) {
			t.Errorf("from an old page: %v", err)
		}
		if _, err := s.Identify(t.Context(), f, risk.NewIdentification{Answers: answers(2, 0), After: latest(t, w, s, f).ID}); err != nil {
			t.Error(err)
		}
	})
}

func TestWhoIsNotOnTheFileIdentifiesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World, s *risk.Service) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Nurse), f.ID(), cases.Care)
		if _, denied := policy.IsDenied(err); !denied {
			t.Errorf("got %v", err)
		}
	})
}
