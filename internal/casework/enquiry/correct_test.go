package enquiry_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/store"
)

func TestACorrectionReplacesWhatIsCountedAndKeepsWhatWasSaid(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, first := w.begin(t, casestest.Receptionist, safely())
		manager := w.reopen(t, casestest.TrustManager, f)
		w.Clock.Advance(24 * time.Hour)
		next, err := w.Correct(t.Context(), manager, first, 1, but(func(e *enquiry.Enquiry) {
			e.Present = []string{enquiry.WithPartner}
			e.Said, e.Time, e.Types = []string{enquiry.Experiencing}, "current", []string{"financial"}
		}))
		if err != nil {
			t.Fatal(err)
		}
		old, err := w.Get(t.Context(), manager, first)
		if err != nil || old.ReplacedBy != next || !old.Counted || !old.Says(enquiry.Neither) {
			t.Errorf("the old one: %+v, %v", old, err)
		}
		got, err := w.Get(t.Context(), manager, next)
		// Who asked, and how they were trained, is as it was.
		if err != nil || got.Corrects != first || got.Counted || got.Level != 1 || got.AskedBy != w.Actor(t, casestest.Receptionist).Account ||
			got.RecordedBy != w.Actor(t, casestest.TrustManager).Account {
			t.Errorf("the new one: %+v, %v", got, err)
		}
		for _, one := range w.facts(t) {
			if one.Source != string(next) || one.Day != today {
				t.Errorf("a fact of the old one, or of the wrong day: %+v", one)
			}
		}
		if len(w.facts(t)) != 4 {
			t.Errorf("%+v", w.facts(t))
		}
		o, err := w.Overview(t.Context(), manager, 10)
		if err != nil || len(o.Newest) != 1 || o.Newest[0].ID != next || o.EverCounted {
			t.Errorf("%+v, %v", o, err)
		}
		want := []cases.EventKind{cases.ImmediateSafety, cases.EnquiryMade, cases.EnquiryMade, cases.Disclosed}
		if told := w.told(t, manager); !slices.Equal(kinds(told), want) || !strings.HasPrefix(told[3].Text, "Correction. ") {
			t.Errorf("%+v", told)
		}
		if got := w.due(t, manager); !slices.Contains(got, "ask_again 2026-03-17") || !slices.Contains(got, "identify_risk 2026-03-04") {
			t.Errorf("tasks: %v", got)
		}
		if now := w.reopen(t, casestest.Receptionist, f); now.Kind() != cases.Full {
			t.Errorf("the file is %s", now.Kind())
		}
	})
}

func TestACorrectionAsksForNothingThatWasAskedForAndDone(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, first := w.begin(t, casestest.Nurse, but(said("current", enquiry.Experiencing)))
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for _, kind := range []cases.TaskKind{cases.IdentifyRisk, cases.OfferReferral, cases.AskSafeContact} {
				if err := w.Cases.FinishTasks(ctx, tx, f, kind, "done"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Correct(t.Context(), f, first, 1, but(said("recent", enquiry.Experiencing))); err != nil {
			t.Fatal(err)
		}
		if got := w.due(t, f); got != nil {
			t.Errorf("tasks: %v", got)
		}
	})
}

func TestTheSecondOfTwoWhoCorrectIsTold(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, first := w.begin(t, casestest.Nurse, safely())
		if _, err := w.Correct(t.Context(), f, first, 7, safely()); !errors.Is(err, store.ErrConflict) {
			t.Errorf("from an old page: %v", err)
		}
		if _, err := w.Correct(t.Context(), f, first, 1, safely()); err != nil {
			t.Fatal(err)
		}
		before := len(w.facts(t))
		for _, version := range []int64{1, 2} {
			if _, err := w.Correct(t.Context(), f, first, version, but(func(e *enquiry.Enquiry) { e.Asked = enquiry.No })); !errors.Is(err, store.ErrConflict) {
				t.Errorf("of what was corrected, version %d: %v", version, err)
			}
		}
		if len(w.facts(t)) != before {
			t.Error("the refused correction left facts")
		}
		other := w.World.Begin(t, w.Actor(t, casestest.Nurse))
		if _, err := w.Correct(t.Context(), other, first, 1, safely()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of another file: %v", err)
		}
	})
}
