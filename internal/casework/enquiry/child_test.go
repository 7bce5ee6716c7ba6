package enquiry_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

const (
	wardrobe = "I hide in the wardrobe"
	scared   = "I am scared of the stairs"
	nan      = "I want to live with my nan"
)

// may has the manager open what a child said to the nurse by name, or closes it
// again.
func (w world) may(t *testing.T, f *cases.File, open bool) *cases.File {
	t.Helper()
	manager := w.reopen(t, casestest.TrustManager, f)
	if err := w.Cases.Grant(t.Context(), manager, cases.ChildWords, w.Actor(t, casestest.Nurse).Account, open); err != nil {
		t.Fatal(err)
	}
	return w.reopen(t, casestest.Nurse, f)
}

func (w world) pieces(t *testing.T, f *cases.File) (out []cases.Piece, apart int) {
	t.Helper()
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, apart, err = w.Pieces(ctx, tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, apart
}

// all is everything about asking that a reader of the file is shown.
func (w world) all(t *testing.T, f *cases.File, id enquiry.ID) string {
	t.Helper()
	got, err := w.Get(t.Context(), f, id)
	if err != nil {
		t.Fatal(err)
	}
	o, err := w.Overview(t.Context(), f, 5)
	if err != nil {
		t.Fatal(err)
	}
	text := got.ChildSaid + got.Words + got.Wishes
	for _, r := range o.Newest {
		text += r.ChildSaid + r.Words + r.Wishes
	}
	for _, e := range w.told(t, f) {
		text += e.Text
	}
	pieces, _ := w.pieces(t, f)
	for _, p := range pieces {
		text += strings.Join(p.Lines, "\n")
	}
	return text
}

// Whoever works with the file writes a child's words down; only those who may
// read that compartment read them. That something is kept there is said.
func TestWhatAChildSaidIsKeptApart(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) {
			said("current", enquiry.Experiencing)(e)
			e.Words, e.ChildSaid = "he hits me", wardrobe
		}))
		text := w.all(t, f, id)
		if strings.Contains(text, wardrobe) || !strings.Contains(text, "he hits me") || !strings.Contains(text, "What a child said is kept apart") {
			t.Errorf("without the permission this is read: %s", text)
		}
		if got, err := w.Get(t.Context(), f, id); err != nil || !got.ChildKept || got.ChildRead {
			t.Errorf("%+v, %v", got, err)
		}
		if _, apart := w.pieces(t, f); apart != 1 {
			t.Errorf("%d pieces are said to be kept apart", apart)
		}

		f = w.may(t, f, true)
		before := len(w.Ledger(t))
		got, err := w.Get(t.Context(), f, id)
		if err != nil || got.ChildSaid != wardrobe || !got.ChildRead {
			t.Errorf("with the permission: %+v, %v", got, err)
		}
		subject := f.CompartmentSubject(cases.ChildWords)
		if !slices.ContainsFunc(w.Ledger(t)[before:], func(e audit.Entry) bool { return slices.Contains(e.Subjects, subject) }) {
			t.Error("the reading is not in the ledger")
		}
		pieces, apart := w.pieces(t, f)
		last := pieces[len(pieces)-1]
		if apart != 0 || last.Compartment != cases.ChildWords || !slices.Equal(last.Lines, []string{wardrobe}) {
			t.Errorf("%+v", last)
		}
		for _, e := range w.told(t, f) {
			if strings.Contains(e.Text, wardrobe) {
				t.Errorf("the chronology says %q", e.Text)
			}
		}

		// It is erased by itself, and the other answers stay.
		err = w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error { return w.Erase(ctx, tx, f, last.Ref) })
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.Get(t.Context(), f, id); err != nil || got.ChildSaid != "" || got.ChildKept || got.Words != "he hits me" {
			t.Errorf("after erasing it: %+v, %v", got, err)
		}
	})
}

func TestTheWordsOfAPersonWhoMayBeAChildAreKeptApart(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		told := but(func(e *enquiry.Enquiry) {
			said("current", enquiry.Experiencing)(e)
			e.Words, e.Wishes = scared, nan
		})
		for born, child := range map[string]bool{
			"2015-01-04": true, "2008-03-03": true, "2008-03-02": false, "2008-03": true, "2008": true, "2007": false, "1991-03-27": false, "": false,
		} {
			f, id, err := w.Service.Begin(t.Context(), w.Actor(t, casestest.Nurse), people.Details{GivenName: "Ari", Born: born}, "", told)
			if err != nil {
				t.Fatal(err)
			}
			f = w.reopen(t, casestest.Nurse, f)
			text := w.all(t, f, id)
			if strings.Contains(text, scared) == child || strings.Contains(text, nan) == child {
				t.Errorf("born %q: read without the permission: %s", born, text)
			}
			if !child {
				continue
			}
			got, err := w.Get(t.Context(), w.may(t, f, true), id)
			if err != nil || got.Words != scared || got.Wishes != nan {
				t.Errorf("born %q: with the permission: %+v, %v", born, got, err)
			}
		}
	})
}

// Whoever may not read what a child said cannot take it out by a correction.
func TestACorrectionLosesNoWordsOfAChild(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.ChildSaid = wardrobe }))
		correct := func(f *cases.File, id enquiry.ID, e enquiry.Enquiry) enquiry.ID {
			t.Helper()
			old, err := w.Get(t.Context(), f, id)
			if err != nil {
				t.Fatal(err)
			}
			next, err := w.Correct(t.Context(), f, id, old.Version, e)
			if err != nil {
				t.Fatal(err)
			}
			return next
		}
		unread := enquiry.Typed(safely()).Enquiry
		id = correct(f, id, unread)
		id = correct(f, id, but(func(e *enquiry.Enquiry) { e.ChildSaid = nan }))
		f = w.may(t, f, true)
		got, err := w.Get(t.Context(), f, id)
		if want := wardrobe + "\n\n" + nan; err != nil || got.ChildSaid != want {
			t.Errorf("%q, %v; want %q", got.ChildSaid, err, want)
		}
		// Whoever reads it corrects it.
		id = correct(f, id, but(func(e *enquiry.Enquiry) { e.ChildSaid = scared }))
		if got, err := w.Get(t.Context(), f, id); err != nil || got.ChildSaid != scared {
			t.Errorf("%q, %v", got.ChildSaid, err)
		}
	})
}
