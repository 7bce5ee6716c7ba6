package sharing_test

import (
	"context"
	"reflect"
	"slices"
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
			"informed_how":           func(n *sharing.NewShare) { n.Views.How += secret },
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

// Every text that is typed into a share is looked at: one that is added later
// fails here until it is.
func TestEveryTextOfAShareIsLookedAt(t *testing.T) {
	coded := []string{"Reason", "Answers", "Corrects", "of", "To", "Basis", "Asked", "Informed", "TellOn", "Kind", "Grounds", "Override", "Person"}
	var n sharing.NewShare
	var want []string
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			switch {
			case slices.Contains(coded, name) || !f.CanSet():
			case f.Kind() == reflect.String:
				want = append(want, "typed as "+name)
				f.SetString("typed as " + name)
			case f.Kind() == reflect.Struct:
				fill(f)
			}
		}
	}
	fill(reflect.ValueOf(&n).Elem())
	n.Items = []sharing.Item{{}}
	fill(reflect.ValueOf(&n.Items[0]).Elem())
	said := strings.Join(n.Texts(), "\n")
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("%s is not looked at", w)
		}
	}
	if len(want) < 10 {
		t.Errorf("only %d texts are typed into a share", len(want))
	}
}
