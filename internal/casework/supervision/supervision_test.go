package supervision_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/supervision"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// world is a partnership with supervision in it.
type world struct {
	*casestest.World
	s *supervision.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, supervision.Rules())
		fn(t, world{w, supervision.New(w.Cases, w.Guard, nil)})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hasField(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

func (w world) day(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }

// as opens a file as somebody.
func (w world) as(t *testing.T, who string, f *cases.File) *cases.File {
	t.Helper()
	own, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care)
	must(t, err)
	return own
}

func (w world) tasks(t *testing.T, f *cases.File, kind cases.TaskKind) []cases.Task {
	t.Helper()
	var out []cases.Task
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			if task.Kind == kind {
				out = append(out, task)
			}
		}
		return err
	}))
	return out
}

func (w world) of(t *testing.T, f *cases.File) (actions []supervision.Action, signed []supervision.SignOff) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		actions, signed, err = w.s.Of(ctx, tx, f)
		return err
	}))
	return actions, signed
}

func (w world) chronology(t *testing.T, f *cases.File) string {
	t.Helper()
	var out []string
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			out = append(out, string(e.Kind)+" "+e.Text)
		}
		return err
	}))
	return strings.Join(out, "\n")
}

// Those who supervise are told whom they should have met. The log names no case.
//
// Proves: B7.13
func TestWhoShouldHaveBeenSupervisedIsCounted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		manager, idva := w.Actor(t, casestest.HavenManager), w.Actor(t, casestest.IDVA)
		if err := w.s.Met(t.Context(), manager, idva.Account, w.day(0), w.day(28)); !hasField(err, "on") {
			t.Errorf("they met, and nobody said that they do: %v", err)
		}
		must(t, w.s.SetPair(t.Context(), manager, idva.Account, 4, w.day(7)))
		overdue := func() int64 {
			n, err := w.s.Overdue(t.Context(), manager)
			must(t, err)
			return n
		}
		if overdue() != 0 {
			t.Error("overdue on the first day")
		}
		w.Clock.Advance(8 * 24 * time.Hour)
		if overdue() != 1 {
			t.Error("nobody is told that it is overdue")
		}
		must(t, w.s.Met(t.Context(), manager, idva.Account, w.day(0), w.day(28)))
		p, met, err := w.s.PairOf(t.Context(), manager, idva.Account)
		must(t, err)
		if overdue() != 0 || p.Last != w.day(0) || p.Next != w.day(28) || p.Supervisor != manager.Account || len(met) != 1 {
			t.Errorf("after they met: %+v %+v", p, met)
		}
		if err := w.s.SetPair(t.Context(), manager, manager.Account, 4, w.day(7)); !hasField(err, "weeks") {
			t.Errorf("somebody supervises themselves: %v", err)
		}
		if err := w.s.SetPair(t.Context(), manager, w.Actor(t, casestest.Nurse).Account, 4, w.day(7)); !denied(err) {
			t.Errorf("somebody of another agency: %v", err)
		}
		if err := w.s.SetPair(t.Context(), idva, w.Actor(t, casestest.Colleague).Account, 4, w.day(7)); !denied(err) {
			t.Errorf("who does not supervise: %v", err)
		}
	})
}

func denied(err error) bool {
	_, is := policy.IsDenied(err)
	return is
}

// What was said is read by whom the compartment is open to; what was agreed is a
// task of the worker, who reads it whoever reads the note.
func TestWhatWasSaidIsKeptApartAndWhatWasAgreedIsATask(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		lead := w.as(t, casestest.HavenManager, f)
		if err := w.s.Discuss(t.Context(), f, "I did well.", supervision.NewAction{}); !denied(err) {
			t.Errorf("a worker supervises their own case: %v", err)
		}
		must(t, w.s.Discuss(t.Context(), lead, "She is worn out by this one.", supervision.NewAction{Text: "Ask the police for a marker.", Due: w.day(3)}))
		if text := w.chronology(t, f); strings.Contains(text, "worn out") || !strings.Contains(text, "Ask the police for a marker.") {
			t.Errorf("the chronology says: %s", text)
		}
		if _, err := w.s.Kept(t.Context(), f); !denied(err) {
			t.Errorf("the worker reads the notes: %v", err)
		}
		notes, err := w.s.Kept(t.Context(), lead)
		must(t, err)
		if len(notes) != 1 || notes[0].Text != "She is worn out by this one." {
			t.Errorf("the supervisor reads %+v", notes)
		}
		must(t, w.Cases.Grant(t.Context(), lead, cases.Supervised, w.Actor(t, casestest.IDVA).Account, true))
		if notes, err = w.s.Kept(t.Context(), w.as(t, casestest.IDVA, f)); err != nil || len(notes) != 1 {
			t.Errorf("a worker for whom it was opened by name reads %+v: %v", notes, err)
		}
		waits := w.tasks(t, f, cases.SupervisedStep)
		if len(waits) != 1 || waits[0].Account != f.Lead() || waits[0].Due != w.day(3) {
			t.Fatalf("the worker has to do %+v", waits)
		}
		actions, _ := w.of(t, f)
		if len(actions) != 1 || actions[0].Text != "Ask the police for a marker." {
			t.Fatalf("the worker reads %+v", actions)
		}
		if err := w.s.EndAction(t.Context(), f, actions[0].ID, 1, supervision.NotDone, ""); !hasField(err, "result") {
			t.Errorf("not done, without a word: %v", err)
		}
		must(t, w.s.EndAction(t.Context(), f, actions[0].ID, 1, supervision.Done, "It is set."))
		if waits := w.tasks(t, f, cases.SupervisedStep); len(waits) != 0 {
			t.Errorf("it was done and waits: %+v", waits)
		}
		if err := w.s.EndAction(t.Context(), f, actions[0].ID, 1, supervision.Done, ""); !errors.Is(err, store.ErrConflict) {
			t.Errorf("done twice: %v", err)
		}
	})
}

// A reading of the notes stands in the ledger by itself, and so does a refusal.
func TestReadingTheNotesStandsInTheLedger(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		lead := w.as(t, casestest.HavenManager, f)
		must(t, w.s.Discuss(t.Context(), lead, "Worn out.", supervision.NewAction{}))
		_, err := w.s.Kept(t.Context(), lead)
		must(t, err)
		_, err = w.s.Kept(t.Context(), f)
		if !denied(err) {
			t.Fatal("the worker reads them")
		}
		var read, refused int
		for _, e := range w.Ledger(t) {
			if e.Action != cases.Supervised.Action() {
				continue
			}
			if e.Outcome == audit.Refused {
				refused++
			} else {
				read++
			}
		}
		if read != 1 || refused != 1 {
			t.Errorf("%d readings and %d refusals", read, refused)
		}
	})
}

// identified records in the chronology that a risk is high.
func (w world) high(t *testing.T, f *cases.File) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.HighRisk, On: w.day(0), Ref: "risk"})
		return err
	}))
}

// A high risk and a closure wait for a supervisor's name, and for nothing else.
func TestAHighRiskAndAClosureAreSignedOff(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		idva, manager := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.HavenManager)
		f := w.Begin(t, idva)
		w.high(t, f)
		if waits := w.tasks(t, f, cases.SignOffRisk); len(waits) != 0 {
			t.Errorf("nobody supervises them, and somebody is asked: %+v", waits)
		}
		must(t, w.s.SetPair(t.Context(), manager, idva.Account, 4, w.day(7)))
		w.high(t, f)
		w.high(t, f)
		waits := w.tasks(t, f, cases.SignOffRisk)
		if len(waits) != 1 || waits[0].Account != manager.Account || waits[0].Due != cases.NextWorkingDay(w.Clock.Now()) {
			t.Fatalf("the supervisor has to do %+v", waits)
		}
		lead := w.as(t, casestest.HavenManager, f)
		off := supervision.SignOff{Subject: supervision.HighRisk, Verdict: supervision.NotAgreed, Text: "No word of MARAC."}
		if err := w.s.Sign(t.Context(), lead, off, supervision.NewAction{}); !hasField(err, "action") {
			t.Errorf("not agreed, and nothing is to be done: %v", err)
		}
		closure := supervision.SignOff{Subject: supervision.Closure, Verdict: supervision.Agreed, Text: "Well ended."}
		if err := w.s.Sign(t.Context(), lead, closure, supervision.NewAction{}); !hasField(err, "subject") {
			t.Errorf("the end of a case that goes on: %v", err)
		}
		if err := w.s.Sign(t.Context(), f, off, supervision.NewAction{Text: "Refer.", Due: w.day(1)}); !denied(err) {
			t.Errorf("the worker signs: %v", err)
		}
		must(t, w.s.Sign(t.Context(), lead, off, supervision.NewAction{Text: "Refer to MARAC.", Due: w.day(1)}))
		if len(w.tasks(t, f, cases.SignOffRisk)) != 0 || len(w.tasks(t, f, cases.SupervisedStep)) != 1 {
			t.Error("what is asked of whom is not right after the signature")
		}
		own := w.as(t, casestest.IDVA, f)
		must(t, w.Cases.CloseCase(t.Context(), own, own.Version(), "As planned."))
		if waits := w.tasks(t, f, cases.SignOffClosure); len(waits) != 1 || waits[0].Account != manager.Account {
			t.Fatalf("after the closure: %+v", waits)
		}
		must(t, w.s.Sign(t.Context(), w.as(t, casestest.HavenManager, f), closure, supervision.NewAction{}))
		_, signed := w.of(t, f)
		if len(signed) != 2 || signed[0].Subject != supervision.Closure || signed[0].RecordedBy != manager.Account || signed[0].On != w.day(0) {
			t.Errorf("signed: %+v", signed)
		}
		if !slices.ContainsFunc(strings.Split(w.chronology(t, f), "\n"), func(l string) bool { return strings.HasPrefix(l, string(cases.SignedOff)) }) {
			t.Error("the chronology has no signature")
		}
	})
}

// A manager who holds a case has it supervised by somebody else.
func TestNobodySupervisesACaseTheyHold(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.HavenManager))
		if err := w.s.Discuss(t.Context(), f, "Going well.", supervision.NewAction{}); !denied(err) {
			t.Errorf("supervised: %v", err)
		}
		if err := w.s.Sign(t.Context(), f, supervision.SignOff{Subject: supervision.Work, Verdict: supervision.Agreed, Text: "Good."}, supervision.NewAction{}); !denied(err) {
			t.Errorf("signed: %v", err)
		}
	})
}
