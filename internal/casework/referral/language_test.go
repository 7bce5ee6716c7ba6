package referral_test

import (
	"context"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Which language somebody speaks, and that they need an interpreter, go with the
// referral into the receiver's case, and nobody asks them again.
//
// Proves: B9.11
func TestTheLanguageAndTheInterpreterTravelWithAReferral(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		shirin := people.Details{GivenName: "Shirin", FamilyName: "Example", Born: "1988-05-06", Language: "Dari", AccessNeeds: "An interpreter, a woman, by telephone and not from the town"}
		f := w.BeginFor(t, w.Actor(t, casestest.Nurse), shirin, cases.Experiencing)
		n := w.newReferral()
		n.Needs = shirin.AccessNeeds
		id, err := w.Referrals.Send(t.Context(), f, n)
		must(t, err)
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		p := w.receive(t, casestest.IDVA, r.Share)
		if got := p.Content().Item(sharing.NeedsItem); got != shirin.AccessNeeds {
			t.Errorf("the packet says of needs: %q", got)
		}
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		own, err := w.Referrals.Accept(t.Context(), p, string(w.Advocates.ID))
		must(t, err)
		own = w.fileOf(t, casestest.IDVA, own.ID())
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			person, err := w.People.Get(ctx, tx, own.Permit(), own.Agency(), own.Person())
			if person.Language != shirin.Language || person.AccessNeeds != shirin.AccessNeeds {
				t.Errorf("the receiver's case says that they speak %q and need %q", person.Language, person.AccessNeeds)
			}
			return err
		}))
	})
}
