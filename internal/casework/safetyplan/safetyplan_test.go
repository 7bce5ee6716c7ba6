package safetyplan_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	plans *safetyplan.Service
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, safetyplan.Rules())}
		var err error
		w.plans, err = safetyplan.New(w.Cases, w.Guard, w.Registry, w.Directory)
		must(t, err)
		fn(t, w)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plan is one that can be kept: the clock stands at Monday 2 March 2026.
func plan(answers forms.Answers) safetyplan.NewPlan {
	return safetyplan.NewPlan{Answers: answers, Made: safetyplan.Together, Present: "nobody else", ReviewOn: "2026-04-01"}
}

func said(link string, more ...string) forms.Answers {
	a := forms.Answers{}
	a.Set(link, more[0])
	for i := 1; i+1 < len(more); i += 2 {
		a.Set(more[i], more[i+1])
	}
	return a
}

func (w *world) read(t *testing.T, fn func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), fn))
}

func (w *world) latest(t *testing.T, f *cases.File) (p safetyplan.Plan) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		p, err = w.plans.Latest(ctx, tx, f)
		return err
	})
	return p
}

func (w *world) make(t *testing.T, f *cases.File, n safetyplan.NewPlan) safetyplan.ID {
	t.Helper()
	id, err := w.plans.Make(t.Context(), f, n)
	must(t, err)
	return id
}

func (w *world) kinds(t *testing.T, f *cases.File) string {
	t.Helper()
	var out []string
	w.read(t, func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 50)
		for _, e := range events {
			out = append(out, string(e.Kind))
		}
		return err
	})
	slices.Reverse(out)
	return strings.Join(out, " ")
}

func (w *world) tasks(t *testing.T, f *cases.File) map[cases.TaskKind]cases.Task {
	t.Helper()
	out := map[cases.TaskKind]cases.Task{}
	w.read(t, func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out[task.Kind] = task
		}
		return err
	})
	return out
}

func (w *world) waiting(t *testing.T, f *cases.File) (list []safetyplan.Change) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.plans.Waiting(ctx, tx, f)
		return err
	})
	return list
}

func (w *world) copies(t *testing.T, f *cases.File, id safetyplan.ID) (list []safetyplan.CopyRecord) {
	t.Helper()
	w.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.plans.Copies(ctx, tx, f, id)
		return err
	})
	return list
}

// refusals are the entries of the ledger in which an action was refused.
func (w *world) refusals(t *testing.T, action policy.Action) int {
	t.Helper()
	n := 0
	for _, e := range w.Ledger(t) {
		if e.Action == action && e.Outcome == audit.Refused {
			n++
		}
	}
	return n
}

func TestWhatIsMissingFromAPlanIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		frame := w.plans.Frame()
		for name, c := range map[string]struct {
			n    safetyplan.NewPlan
			want string
		}{
			"nothing at all":           {safetyplan.NewPlan{}, "made review_on copy q-danger.fear"},
			"together, without who":    {safetyplan.NewPlan{Answers: said("danger.fear", "x"), Made: safetyplan.Together, Copy: safetyplan.Nothing, ReviewOn: "2026-03-02"}, "present"},
			"alone, without why":       {safetyplan.NewPlan{Answers: said("danger.fear", "x"), Made: safetyplan.Alone, Copy: safetyplan.Nothing, ReviewOn: "2026-03-02"}, "why_alone"},
			"a day that has passed":    {safetyplan.NewPlan{Answers: said("danger.fear", "x"), Made: safetyplan.Together, Present: "x", Copy: safetyplan.Nothing, ReviewOn: "2026-03-01"}, "review_on"},
			"a card without lines":     {safetyplan.NewPlan{Answers: said("danger.fear", "x"), Made: safetyplan.Together, Present: "x", Copy: safetyplan.Card, ReviewOn: "2026-03-02"}, "copy"},
			"a card that says it":      {safetyplan.NewPlan{Answers: said("slip.lines", "Ring the helpline"), Made: safetyplan.Together, Present: "x", Copy: safetyplan.Card, ReviewOn: "2026-03-02"}, "q-slip.lines"},
			"a card that says nothing": {safetyplan.NewPlan{Answers: said("slip.lines", "Milk, bread\nAunt 01632 960417"), Made: safetyplan.Together, Present: "x", Copy: safetyplan.Card, ReviewOn: "2026-03-02"}, ""},
		} {
			var got []string
			for _, e := range frame.Check(c.n, "2026-03-02") {
				got = append(got, e.Field)
			}
			if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// Proves: B10.5, G11
func TestAPlanKeepsItsVersionAndSaysWhetherItWasMadeTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		n := plan(said("danger.fear", "“He waits outside.”", "signs.seen", "He goes quiet"))
		n.Views = "“It is mine.”"
		id := w.make(t, f, n)
		p := w.latest(t, f)
		if p.ID != id || p.Number != 1 || p.Made != safetyplan.Together || p.Views != n.Views || p.Questions != w.plans.Frame().Whole.Canonical() || p.Level != 4 {
			t.Errorf("%+v", p)
		}
		if got := w.plans.Answers(p).Text("danger.fear"); got != "“He waits outside.”" {
			t.Errorf("kept %q", got)
		}
		if k := w.kinds(t, f); k != "file.opened plan.copied plan.made" {
			t.Errorf("chronology: %s", k)
		}
		alone := plan(said("danger.fear", "More"))
		alone.Made, alone.WhyAlone, alone.After = safetyplan.Alone, "She is in surgery", id
		w.make(t, f, alone)

		if of, in := w.counted(t, "B10.5"); of != 2 || in != 1 {
			t.Errorf("counted %d of %d", in, of)
		}
	})
}

// counted is an indicator of the specialist service for March 2026.
func (w *world) counted(t *testing.T, id string) (of, in int64) {
	t.Helper()
	results, err := w.Counter.Count(t.Context(), w.Actor(t, casestest.HavenManager), measures.Query{
		IDs: []string{id}, Agency: string(w.Haven.ID), Exact: true, Period: measures.Period{From: "2026-03-01", To: "2026-03-31"},
	})
	must(t, err)
	return results[0].Denominator.Contacts, results[0].Numerator.Contacts
}

func TestAVersionIsNeverChangedAndTheNextBeginsFromIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		first := w.make(t, f, plan(said("danger.fear", "He waits outside", "near.out", "The back door")))
		answers := w.plans.Answers(w.latest(t, f))
		answers.Set("near.out", "The front door")
		n := plan(answers)
		n.After = first
		w.make(t, f, n)
		second := w.latest(t, f)
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			before, err := w.plans.Before(ctx, tx, f, second)
			if err != nil {
				return err
			}
			if got := w.plans.Answers(before).Text("near.out"); before.ID != first || got != "The back door" {
				t.Errorf("the first says %q now", got)
			}
			changes, err := forms.Compare(before.Response, second.Response)
			if len(changes) != 1 || changes[0].LinkID != "near.out" || w.plans.Frame().Section("near.out") != "When it is near" {
				t.Errorf("changed: %+v", changes)
			}
			return err
		})
	})
}

func TestTheSecondOfTwoWhoMakeAPlanIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		first := w.make(t, f, plan(said("danger.fear", "x")))
		if _, err := w.plans.Make(t.Context(), f, plan(said("danger.fear", "y"))); !errors.Is(err, safetyplan.ErrNewer) {
			t.Errorf("from an old page: %v", err)
		}
		if err := w.plans.StillRight(t.Context(), f, safetyplan.NewReview{Reason: "x", ReviewOn: "2026-05-01", After: "another"}); !errors.Is(err, safetyplan.ErrNewer) {
			t.Errorf("a review of an older version: %v", err)
		}
		n := plan(said("danger.fear", "y"))
		n.After = first
		w.make(t, f, n)
	})
}

// Proves: B14.12
func TestBelowLevelThreeAPlanIsMadeNowAndReviewed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := plan(said("during.call", "999"))
		if _, err := w.plans.Make(t.Context(), f, n); !errors.Is(err, safetyplan.ErrBelowFloor) {
			t.Errorf("without acting now: %v", err)
		}
		n.ActNow, n.WhyNow = true, "She goes home tonight"
		w.make(t, f, n)
		if p := w.latest(t, f); !p.ActNow || p.Level != 2 || p.WhyNow == "" {
			t.Errorf("%+v", p)
		}
		if review, due := w.tasks(t, f)[cases.ReviewActNow]; !due || review.Due != "2026-03-03" {
			t.Errorf("review: %+v", review)
		}
		right := safetyplan.NewReview{Reason: "Nothing is different", ReviewOn: "2026-05-01", After: w.latest(t, f).ID}
		if err := w.plans.StillRight(t.Context(), f, right); !errors.Is(err, safetyplan.ErrBelowFloor) {
			t.Errorf("looked at without acting now: %v", err)
		}
		right.ActNow, right.WhyNow = true, "Nobody else is there"
		must(t, w.plans.StillRight(t.Context(), f, right))
	})
}

// Proves: B5.14
func TestAChangeAsksForALookByTheNextWorkingDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id := w.make(t, f, plan(said("danger.fear", "x")))
		for _, k := range safetyplan.ChangeKinds() {
			must(t, w.plans.Changed(t.Context(), f, safetyplan.NewChange{Kind: k, On: "2026-03-20", Words: "Heard from court"}))
		}
		waiting := w.waiting(t, f)
		if len(waiting) != 7 || waiting[6].Kind != safetyplan.TheirRisk || waiting[6].DueOn != "2026-03-03" || waiting[6].Words != "Heard from court" {
			t.Errorf("%+v", waiting)
		}
		task, due := w.tasks(t, f)[cases.ReviewPlan]
		if !due || task.Due != "2026-03-03" || task.Account != f.Lead() {
			t.Errorf("task: %+v", task)
		}
		// The task is done by looking at the plan, not by a note.
		if err := w.Cases.FinishTask(t.Context(), f, task.ID, "seen"); !errors.Is(err, cases.ErrElsewhere) {
			t.Errorf("cleared by a note: %v", err)
		}
		must(t, w.plans.StillRight(t.Context(), f, safetyplan.NewReview{Reason: "It holds for the court too", ReviewOn: "2026-05-01", After: id}))
		if left := w.waiting(t, f); len(left) != 0 {
			t.Errorf("still waiting: %+v", left)
		}
		if _, due := w.tasks(t, f)[cases.ReviewPlan]; due {
			t.Error("the task is there still")
		}
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			newest, err := w.plans.Newest(ctx, tx, f)
			if newest.ReviewOn != "2026-05-01" || newest.Number != 1 {
				t.Errorf("%+v", newest)
			}
			return err
		})
		if of, in := w.counted(t, "B5.14"); of != 1 || in != 1 {
			t.Errorf("counted %d of %d", in, of)
		}
	})
}

func TestALateLookIsCountedAsLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id := w.make(t, f, plan(said("danger.fear", "x")))
		must(t, w.plans.Changed(t.Context(), f, safetyplan.NewChange{Kind: safetyplan.Release, On: "2026-03-02"}))
		w.Clock.Advance(72 * time.Hour)
		n := plan(said("danger.fear", "He is out"))
		n.After = id
		w.make(t, f, n)
		if of, in := w.counted(t, "G11"); of != 1 || in != 0 {
			t.Errorf("counted %d of %d", in, of)
		}
		if left := w.waiting(t, f); len(left) != 0 {
			t.Errorf("a new version settles nothing: %+v", left)
		}
	})
}

// Workflows do not know each other: risk writes to the chronology, the plan
// reads it.
func TestRiskIdentifiedAgainAsksForALook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		identified := func() {
			must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
				_, one := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.RiskIdentified, On: "2026-03-02", Ref: "r"})
				_, two := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.HighRisk, On: "2026-03-02", Ref: "r"})
				return errors.Join(one, two)
			}))
		}
		identified()
		if left := w.waiting(t, f); len(left) != 0 {
			t.Errorf("there is no plan to look at yet: %+v", left)
		}
		w.make(t, f, plan(said("danger.fear", "x")))
		identified()
		left := w.waiting(t, f)
		if len(left) != 2 || left[0].Kind != safetyplan.RiskAgain || left[1].Kind != safetyplan.RiskHigh {
			t.Errorf("%+v", left)
		}
		tasks := 0
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			list, err := w.Cases.Tasks(ctx, tx, f)
			for _, task := range list {
				if task.Kind == cases.ReviewPlan {
					tasks++
				}
			}
			return err
		})
		if tasks != 1 {
			t.Errorf("%d tasks ask for one look", tasks)
		}
	})
}

func TestAStepHasAnOwnerAndADayAndIsATask(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		actor := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, actor)
		if _, err := w.plans.AddStep(t.Context(), f, safetyplan.NewStep{What: "x", Owner: safetyplan.Worker, DueOn: "2026-03-05"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without a plan: %v", err)
		}
		w.make(t, f, plan(said("danger.fear", "x")))
		_, err := w.plans.AddStep(t.Context(), f, safetyplan.NewStep{Owner: safetyplan.Colleague, Account: w.Actor(t, casestest.Nurse).Account})
		if errs, _ := forms.AsErrors(err); !errs.Has("what") || !errs.Has("account") || !errs.Has("due_on") {
			t.Errorf("got %v", err)
		}
		id, err := w.plans.AddStep(t.Context(), f, safetyplan.NewStep{What: "A lock for the back door", Owner: safetyplan.Other, Other: "Housing", DueOn: "2026-03-05"})
		must(t, err)
		task, due := w.tasks(t, f)[cases.TakeStep]
		if !due || task.Due != "2026-03-05" || task.Account != actor.Account {
			t.Errorf("task: %+v", task)
		}
		if err := w.plans.SettleStep(t.Context(), f, id, safetyplan.NotDone, ""); err == nil {
			t.Error("settled without a word")
		}
		must(t, w.plans.SettleStep(t.Context(), f, id, safetyplan.NotDone, "They have no locksmith; we ask again"))
		if _, due := w.tasks(t, f)[cases.TakeStep]; due {
			t.Error("the task is there still")
		}
		if err := w.plans.SettleStep(t.Context(), f, id, safetyplan.Done, "x"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("settled twice: %v", err)
		}
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			steps, err := w.plans.Steps(ctx, tx, f)
			if len(steps) != 1 || steps[0].State != safetyplan.NotDone || steps[0].OtherWords != "Housing" || steps[0].Note == "" {
				t.Errorf("%+v", steps)
			}
			return err
		})
	})
}

func TestTheFileOfAPersonWhoHarmsHasNoPlan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Oswin", FamilyName: "Thessaly"}, cases.Perpetrating)
		ctx := t.Context()
		_, made := w.plans.Make(ctx, f, plan(said("danger.fear", "x")))
		_, step := w.plans.AddStep(ctx, f, safetyplan.NewStep{What: "x", Owner: safetyplan.Worker, DueOn: "2026-03-05"})
		_, printed := w.plans.Print(ctx, f, "p", safetyplan.Card)
		_, _, apart := w.plans.Apart(ctx, f, "p")
		read := w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.plans.Latest(ctx, tx, f)
			return err
		})
		all := []error{
			made, step, printed, apart, read, w.plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.Release, On: "2026-03-05"}),
			w.plans.StillRight(ctx, f, safetyplan.NewReview{Reason: "x", ReviewOn: "2026-05-01"}), w.plans.Choose(ctx, f, "p", safetyplan.Page, ""),
			w.plans.Give(ctx, f, "p", safetyplan.Spoken, "2026-03-01"),
		}
		for i, err := range all {
			if _, denied := policy.IsDenied(err); !denied || !errors.Is(err, safetyplan.ErrHarmingSide) {
				t.Errorf("%d: %v", i, err)
			}
		}
		if n := w.refusals(t, safetyplan.ActRead); n != len(all) {
			t.Errorf("%d of %d refusals are in the ledger", n, len(all))
		}
	})
}
