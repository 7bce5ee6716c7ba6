package cases_test

import (
	"context"
	"errors"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// The work in a closed case begins again with a reason, which stands in its
// chronology; what was meanwhile changed by somebody else is not overwritten.
func TestTheWorkInAClosedCaseBeginsAgain(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		again := func() *cases.File {
			t.Helper()
			f, err := w.Cases.Open(ctx, w.Actor(t, casestest.IDVA), f.ID(), cases.Care)
			mustDo(t, err)
			return f
		}
		mustDo(t, w.Cases.CloseCase(ctx, f, f.Version(), "they asked for it"))
		closed := again()
		if closed.ClosedAt().IsZero() {
			t.Fatal("it is not closed")
		}
		if errs, _ := forms.AsErrors(w.Cases.Reopen(ctx, closed, closed.Version(), "")); errs.Get("why") == "" {
			t.Error("it begins again without a reason")
		}
		if err := w.Cases.Reopen(ctx, closed, closed.Version()-1, "They rang."); !errors.Is(err, store.ErrConflict) {
			t.Errorf("over what somebody else changed: %v", err)
		}
		mustDo(t, w.Cases.Reopen(ctx, closed, closed.Version(), "They rang."))
		if open := again(); !open.ClosedAt().IsZero() {
			t.Error("it is still closed")
		}
		if err := w.Cases.Reopen(ctx, closed, closed.Version(), "They rang."); !errors.Is(err, store.ErrConflict) {
			t.Errorf("twice: %v", err)
		}
		var last cases.Event
		mustDo(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Chronology(ctx, tx, again(), "", 1)
			if err == nil && len(events) == 1 {
				last = events[0]
			}
			return err
		}))
		if last.Kind != cases.Reopened || last.Text != "They rang." {
			t.Errorf("the chronology ends with %+v", last)
		}
	})
}
