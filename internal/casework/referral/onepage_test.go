package referral_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

func (w *world) onePage() referral.OnePage {
	n := w.newReferral()
	n.Contact = ""
	return referral.OnePage{Person: maya, Team: string(w.Midwives.ID), Number: "07700 900123", Conditions: "Text before noon", NewReferral: n}
}

// One page begins the case and sends the referral; the one is not there without
// the other.
//
// Proves: B9.2, B15.5
func TestOnePageBeginsTheCaseAndRefers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.Actor(t, casestest.Nurse)
		f, id, err := w.Referrals.Refer(t.Context(), nurse, w.onePage())
		must(t, err)
		f = w.fileOf(t, casestest.Nurse, f.ID())
		if f.Kind() != cases.Full || f.Lead() != nurse.Account || f.Team() != string(w.Midwives.ID) {
			t.Errorf("%s, %s, %s", f.Kind(), f.Lead(), f.Team())
		}
		if kinds := w.kinds(t, f); !slices.Contains(kinds, cases.ReferralSent) || !slices.Contains(kinds, cases.ContactRecorded) || !slices.Contains(kinds, cases.ImmediateSafety) {
			t.Errorf("%v", kinds)
		}
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if got := w.receive(t, casestest.IDVA, r.Share).Content().Item(sharing.ContactItem); got != "Telephone 07700 900123: Text before noon" {
			t.Errorf("the service reads %q", got)
		}
		n := w.onePage()
		n.Number, n.Conditions = "", ""
		f, _, err = w.Referrals.Refer(t.Context(), nurse, n)
		must(t, err)
		if !slices.Contains(w.tasks(t, f), cases.AskSafeContact) {
			t.Error("nobody is asked to ask how they can be reached")
		}
	})
}

func TestOnePageThatLacksSomethingLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.Actor(t, casestest.Nurse)
		refused := func(n referral.OnePage, fields ...string) {
			t.Helper()
			_, _, err := w.Referrals.Refer(t.Context(), nurse, n)
			errs, ok := forms.AsErrors(err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			for _, f := range fields {
				if !errs.Has(f) {
					t.Errorf("nothing is said of %s: %v", f, errs)
				}
			}
		}
		n := w.onePage()
		n.Conditions, n.Safety = "", ""
		refused(n, "conditions", "safety")
		n = w.onePage()
		n.Person = people.Details{}
		refused(n, "given_name")
		n = w.onePage()
		n.Share.To = sharing.Recipient{Agency: string(w.Trust.ID), Team: string(w.Midwives.ID)}
		refused(n, "to")
		n = w.onePage()
		n.Share.Views.Asked = sharing.Opposes
		refused(n, "grounds")
		rows, err := w.Cases.Caseload(t.Context(), nurse, cases.All, nil, 10)
		must(t, err)
		if len(rows) != 0 {
			t.Errorf("%d cases began", len(rows))
		}
		for _, who := range []string{casestest.TrustAdmin, casestest.Commissioner, casestest.Robot} {
			if _, _, err := w.Referrals.Refer(t.Context(), w.Actor(t, who), w.onePage()); err == nil {
				t.Errorf("%s refers", who)
			}
		}
		for _, e := range w.Ledger(t) {
			for _, s := range e.Subjects {
				if strings.Contains(s.ID, "Maya") {
					t.Errorf("%+v", e)
				}
			}
		}
	})
}

// What a file keeps of how far its referral has come goes with it.
func TestWhatIsKeptOfStagesGoesWithTheFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, own := w.taken(t)
		must(t, w.step(t, own, referral.ContactStage, "", false))
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.Referrals.Pieces(ctx, tx, own)
			if err != nil {
				return err
			}
			if len(pieces) != 1 || !slices.Contains(pieces[0].Lines, "Only for us") {
				t.Errorf("%+v", pieces)
			}
			gone, err := w.Referrals.Destroy(ctx, tx, own)
			if gone["stages of referrals"] != 1 {
				t.Errorf("%v", gone)
			}
			return err
		}))
	})
}

// One page that is sent twice, at once or later, begins one case and refers once;
// what it is known by goes with the case.
func TestOnePageThatIsSentTwiceRefersOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse, n := w.Actor(t, casestest.Nurse), w.onePage()
		n.Once = "what-one-page-was-sent-with"
		var wait sync.WaitGroup
		files, ids, errs := make([]cases.ID, 3), make([]referral.ID, 3), make([]error, 3)
		for i := range files {
			wait.Add(1)
			go func() {
				defer wait.Done()
				f, id, err := w.Referrals.Refer(t.Context(), nurse, n)
				if errs[i] = err; err == nil {
					files[i], ids[i] = f.ID(), id
				}
			}()
		}
		wait.Wait()
		must(t, errors.Join(errs...))
		f, id, err := w.Referrals.Refer(t.Context(), nurse, n)
		must(t, err)
		for i := range files {
			if files[i] != f.ID() || ids[i] != id {
				t.Errorf("%s and %s, %s and %s", files[i], f.ID(), ids[i], id)
			}
		}
		rows, err := w.Cases.Caseload(t.Context(), nurse, cases.All, nil, 10)
		must(t, err)
		if len(rows) != 1 {
			t.Errorf("%d cases began", len(rows))
		}
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if _, err := w.Referrals.Destroy(ctx, tx, f); err != nil {
				return err
			}
			left := 0
			if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM referral_once").Scan(&left); err != nil || left != 0 {
				t.Errorf("%d are left, %v", left, err)
			}
			return nil
		}))
	})
}
