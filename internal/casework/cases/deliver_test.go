package cases_test

import (
	"context"
	"errors"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// What another agency delivers stands in the chronology with its source, and
// what is to be done about it waits for whoever holds the file.
func TestWhatIsDeliveredNamesItsSource(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, idva := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.IDVA)
		f := w.Begin(t, nurse)
		permit := w.Begin(t, idva).Permit() // judged for something of their own
		to := cases.Address{Agency: f.Agency(), File: f.ID()}
		deliver := func(p audit.Permit, to cases.Address, e cases.Event) error {
			return w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return cases.Deliver(ctx, tx, p, to, e, &cases.NewTask{Kind: cases.ReferElsewhere})
			})
		}
		e := cases.Event{Kind: cases.ReferralDecided, Text: "Declined"}
		if err := deliver(audit.Permit{}, to, e); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("without a permit: %v", err)
		}
		if err := deliver(permit, cases.Address{Agency: f.Agency(), File: "absent"}, e); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("to a file that is not there: %v", err)
		}
		if err := deliver(permit, to, cases.Event{Kind: "unknown"}); err == nil {
			t.Error("a kind that is not in the vocabulary was delivered")
		}
		if err := deliver(permit, to, e); err != nil {
			t.Fatal(err)
		}
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Latest(ctx, tx, f, cases.ReferralDecided, 5)
			if len(events) != 1 || events[0].Source != idva.Agency || events[0].RecordedBy != idva.Account || events[0].On == "" {
				t.Errorf("%+v", events)
			}
			return err
		})
		tasks, err := w.Cases.Inbox(t.Context(), nurse, "", cases.Task{}, 5)
		if err != nil || len(tasks) != 1 || tasks[0].Kind != cases.ReferElsewhere {
			t.Errorf("%+v, %v", tasks, err)
		}
	})
}
