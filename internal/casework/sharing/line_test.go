package sharing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

func (w *world) correct(t *testing.T, f *cases.File, id sharing.ID, text string) sharing.ID {
	t.Helper()
	newer, err := w.Sharing.Correct(t.Context(), f, id, sharing.NewCorrection{
		Wrong: "A number", Items: []sharing.Item{{Kind: sharing.SaidItem, Title: "What she said", Text: text}},
	})
	must(t, err)
	return newer
}

func (w *world) read(t *testing.T, id sharing.ID) {
	t.Helper()
	p, err := w.receive(t, casestest.IDVA, id)
	must(t, err)
	must(t, w.Sharing.Acknowledge(t.Context(), p, func(ctx context.Context, tx *store.Tx) error {
		return w.Sharing.SettleTx(ctx, tx, p.Permit(), p, sharing.Read)
	}))
}

// Whichever of a line is withdrawn, none of it stands: neither the older copy nor a
// correction that was read. Once the receiver has decided, all of it stands.
//
// Proves: B6.25
func TestWithdrawingTakesEveryCopyOfALine(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for at := range 3 {
			f, first := w.sent(t)
			second := w.correct(t, f, first, "once")
			w.read(t, second)
			line := []sharing.ID{first, second, w.correct(t, f, second, "twice")}
			err := w.Sharing.Withdraw(t.Context(), f, line[at], "She asked for it")
			if at == 1 { // somebody has read it: the sender withdraws the first
				if !errors.Is(err, store.ErrConflict) {
					t.Fatal(err)
				}
				err = w.Sharing.Withdraw(t.Context(), f, first, "She asked for it")
			}
			must(t, err)
			for i, id := range line {
				if _, err := w.receive(t, casestest.IDVA, id); err == nil {
					t.Errorf("withdrawn at %d, %d stands", at, i)
				}
			}
		}
		f, first := w.sent(t)
		newer := w.correct(t, f, first, "once")
		p, err := w.receive(t, casestest.IDVA, first)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, func(ctx context.Context, tx *store.Tx) error {
			return w.Sharing.SettleTx(ctx, tx, p.Permit(), p, sharing.Accepted)
		}))
		if err := w.Sharing.Withdraw(t.Context(), f, newer, "too late"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("of what was decided on: %v", err)
		}
		for _, id := range []sharing.ID{first, newer} {
			if _, err := w.receive(t, casestest.IDVA, id); err != nil {
				t.Errorf("half of it was withdrawn: %v", err)
			}
		}
	})
}

// A correction that came before the packet was taken in stands beside it in the
// receiver's file, with a task to read it, and ends with it.
func TestACorrectionIsTakenInWithWhatItPutsRight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f, first := w.sent(t)
		newer := w.correct(t, f, w.correct(t, f, first, "once"), "twice")
		p, err := w.receive(t, casestest.IDVA, first)
		must(t, err)
		theirs := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "M"}, "")
		must(t, w.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return w.Sharing.TakeInTx(ctx, tx, p, theirs) }))
		held, err := w.Sharing.Copy(ctx, theirs, newer)
		must(t, err)
		if held.Content.Item(sharing.SaidItem) != "twice" {
			t.Errorf("%s", held.Content.Item(sharing.SaidItem))
		}
		must(t, w.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
			tasks, err := w.Cases.Tasks(ctx, tx, theirs)
			if err != nil {
				return err
			}
			n := 0
			for _, task := range tasks {
				if task.Kind == cases.ReadCorrection {
					n++
				}
			}
			if n != 2 {
				t.Errorf("%d tasks to read a correction", n)
			}
			gone, err := w.Sharing.Destroy(ctx, tx, theirs)
			if gone["packets sent or received"] != 3 {
				t.Errorf("%v", gone)
			}
			return err
		}))
	})
}

// That there was no time when something was sent is not taken over: a correction
// needs its own reasons, or says again that there is no time.
//
// Proves: B6.20
func TestACorrectionDecidesAnewWhetherThereIsTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.ActNow, n.Basis, n.Rationale, n.Views = true, "", "", sharing.Views{}
		id, err := w.send(t, f, n)
		must(t, err)
		fix := sharing.NewCorrection{Wrong: "The name", Items: n.Items}
		_, err = w.Sharing.Correct(t.Context(), f, id, fix)
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("basis") || !errs.Has("asked") {
			t.Fatalf("without reasons: %v", err)
		}
		whole := w.whole()
		fix.Basis, fix.Rationale, fix.Views = whole.Basis, whole.Rationale, whole.Views
		newer, err := w.Sharing.Correct(t.Context(), f, id, fix)
		must(t, err)
		got, err := w.Sharing.Copy(t.Context(), f, newer)
		must(t, err)
		if got.ActedNow || got.Urgent || got.Basis != whole.Basis {
			t.Errorf("%+v", got.Share)
		}
		again, err := w.Sharing.Correct(t.Context(), f, newer, sharing.NewCorrection{Wrong: "The name again", Items: n.Items, ActNow: true})
		must(t, err)
		if got, err = w.Sharing.Copy(t.Context(), f, again); err != nil || !got.ActedNow || !got.Urgent {
			t.Errorf("%+v, %v", got.Share, err)
		}
	})
}

// What two send at the same moment to put one share right is one.
func TestAShareIsPutRightOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, first := w.sent(t)
		w.correct(t, f, first, "once")
		other, _ := w.sent(t)
		err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE share SET corrects = $1 WHERE file_id = $2`, string(first), string(other.ID()))
			return err
		})
		if !errors.Is(err, store.ErrExists) {
			t.Errorf("two put it right: %v", err)
		}
	})
}

// The days of a clock are those of the place: late in the evening of a summer's day
// it is tomorrow there.
func TestDaysAreCountedWhereTheWorkIs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Clock.Advance(time.Date(2026, 6, 1, 23, 30, 0, 0, time.UTC).Sub(w.Clock.Now())) // a Monday, and Tuesday in London
		f, id := w.sent(t)
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		if held.DueOn != "2026-06-03" {
			t.Errorf("due on %s", held.DueOn)
		}
	})
}

// Who looked at a share is read in pages, and none is left out.
func TestEveryViewingIsFoundPageByPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t)
		for range 205 {
			_, err := w.receive(t, casestest.IDVA, id)
			must(t, err)
		}
		story, err := w.Sharing.Story(t.Context(), f, id)
		must(t, err)
		seen := len(story.Viewings)
		if story.Earlier == 0 {
			t.Fatal("there is no earlier page")
		}
		for before := story.Earlier; before != 0; {
			story, err = w.Sharing.StoryBefore(t.Context(), f, id, before)
			must(t, err)
			seen, before = seen+len(story.Viewings), story.Earlier
		}
		if seen != 205 {
			t.Error(fmt.Sprint(seen) + " viewings were found")
		}
	})
}
