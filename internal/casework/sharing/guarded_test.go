package sharing_test

import (
	"context"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// An address that is kept apart leaves in no field of a share. In an emergency
// it does, and the record says so.
//
// Proves: B6.26
func TestAnAddressThatIsKeptApartLeavesInNoShare(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "9 Other Street", Postcode: "EX9 9ZZ"}, Confidential: true}))
		secret := " She is at EX9 9ZZ."
		fields := map[string]func(*sharing.NewShare){
			"protects":               func(n *sharing.NewShare) { n.Protects += secret },
			"harm":                   func(n *sharing.NewShare) { n.Harm += secret },
			"rationale":              func(n *sharing.NewShare) { n.Rationale += secret },
			"present":                func(n *sharing.NewShare) { n.Views.Present += secret },
			"view_words":             func(n *sharing.NewShare) { n.Views.Words += secret },
			string(sharing.SaidItem): func(n *sharing.NewShare) { n.Items[0].Text += secret },
		}
		for field, put := range fields {
			n := w.whole()
			put(&n)
			_, err := w.send(t, f, n)
			if errs, is := forms.AsErrors(err); !is || !errs.Has(field) || len(errs) != 1 {
				t.Errorf("in %s: %v", field, err)
			}
		}
		if _, err := w.send(t, f, w.whole()); err != nil {
			t.Errorf("without it: %v", err)
		}
		n := w.whole()
		n.ActNow = true
		n.Items[0].Text += secret
		_, err := w.send(t, f, n)
		must(t, err)
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Latest(ctx, tx, f, cases.ActedNow, 5)
			if len(events) != 1 || !strings.Contains(events[0].Text, "kept apart") || strings.Contains(events[0].Text, "EX9") {
				t.Errorf("the chronology: %+v", events)
			}
			return err
		}))
	})
}
