package referral_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/store"
)

// Whoever referred the person hears where they were passed on, in fixed words: what
// was written for the service it went to stays with that.
//
// Proves: B6.2
func TestThePassingOnTellsTheFirstSenderNothingOfTheDecision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, own := w.taken(t)
		n := w.newReferral()
		n.Share = decision(w.third(t))
		s := &n.Share
		s.Protects, s.Harm, s.Rationale, s.Danger = "MARK protects", "MARK harm", "MARK rationale", "MARK danger"
		s.Views.Words, s.Views.Present, s.Views.How = "MARK words", "MARK present", "MARK how"
		n.PassesOn, n.Tell = true, true
		_, err := w.Referrals.Send(t.Context(), own, n)
		must(t, err)
		r, err := w.Referrals.Get(t.Context(), f, id)
		must(t, err)
		if r.State != referral.PassedOn {
			t.Fatalf("it is %s", r.State)
		}
		c := w.receive(t, casestest.Nurse, r.Feedback).Content()
		texts := []string{c.Protects, c.Harm, c.Rationale, c.Danger, c.Views.Words, c.Views.Present, c.Views.How, c.Views.Why, c.Views.NotTold}
		for _, i := range c.Items {
			texts = append(texts, i.Title, i.Text)
		}
		if all := strings.Join(texts, "\n"); strings.Contains(all, "MARK") {
			t.Errorf("they read %s", all)
		}
	})
}

// Feedback names nobody, and is not there for who is tied to the person.
func TestFeedbackIsNotThereForWhoIsTied(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, own := w.taken(t)
		id, err := w.Referrals.Feedback(t.Context(), own, referral.NewFeedback{News: "She is safe", Share: decision(sharing.Recipient{})})
		must(t, err)
		w.receive(t, casestest.Nurse, id)
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.Nurse), cases.NewTie{Relation: cases.Friend, Person: maya}))
		if _, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.Nurse), id); err == nil {
			t.Error("somebody who is tied reads what became of it")
		}
	})
}

// What an offer leads to keeps what it follows.
func TestAReferralAfterAnOfferKeepsWhatItFollows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id, share := w.send(t)
		p := w.receive(t, casestest.IDVA, share)
		must(t, w.Referrals.Acknowledge(t.Context(), p))
		must(t, w.Referrals.Decline(t.Context(), p, referral.Capacity, ""))
		offer, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{Subject: referral.Experiencing, To: w.advocates(), Answer: referral.Wants})
		must(t, err)
		n := w.newReferral()
		n.Offer, n.Version, n.Follows = offer, 1, id
		_, err = w.Referrals.Send(t.Context(), f, n)
		must(t, err)
		r, err := w.Referrals.Get(t.Context(), f, offer)
		must(t, err)
		if r.Follows != id {
			t.Errorf("it follows %q", r.Follows)
		}
	})
}

// The copy for the person holds every stage, however many.
func TestTheCopyForThePersonHoldsEveryStage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, own := w.taken(t)
		for range 60 {
			must(t, w.step(t, own, referral.WaitingStage, referral.NoWorkerYet, false))
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.Referrals.Pieces(ctx, tx, own)
			pieces = slices.DeleteFunc(pieces, func(p cases.Piece) bool { return p.Title != "How far the referral has come" })
			if len(pieces) != 60 {
				t.Errorf("%d stages", len(pieces))
			}
			return err
		}))
	})
}
