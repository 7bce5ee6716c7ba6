package sharing_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// inForce are agreements in force, as a test has them.
type inForce struct{ *agreements.Set }

func (a *inForce) InForce(context.Context, *store.Tx) (*agreements.Set, error) { return a.Set, nil }

// under is a partnership in which the trust and Haven have an agreement.
func under(t *testing.T, clauses []agreements.Clause, fn func(t *testing.T, w *world, a *inForce)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, sharing.Rules())}
		a := &inForce{agreements.NewSet(agreements.Bound{
			Agreement: "agreement", Version: 2,
			Document: agreements.Document{Parties: []agreements.Party{{Agency: w.Trust.ID}, {Agency: w.Haven.ID}}, Clauses: clauses},
			Contacts: []agreements.Contact{{Agency: w.Trust.ID, Account: "the key contact"}},
		})}
		w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{Agreements: a})
		fn(t, w, a)
	})
}

func permits(kinds ...agreements.Kind) agreements.Clause {
	return agreements.Clause{ID: "1", Effect: agreements.Permit, Kinds: kinds, Days: 30, Words: "May go"}
}

// contact is a key contact of the trust.
func (w *world) contact() policy.Actor {
	return policy.Actor{Account: "0190b0b0-2222-7000-8000-000000000000", Kind: policy.Human, Name: "Key contact", Agency: string(w.Trust.ID), Roles: []policy.Role{policy.KeyContact}}
}

// Proves: B6.17
func TestEveryPartOfAPacketIsCountedAmongInformation(t *testing.T) {
	parts := []string{sharing.PersonPart}
	for _, k := range sharing.ItemKinds() {
		parts = append(parts, string(k))
	}
	for _, part := range parts {
		kinds := sharing.Information(part)
		if len(kinds) == 0 || sharing.PartLabel(part) == part {
			t.Errorf("%s (%q) is counted among %v", part, sharing.PartLabel(part), kinds)
		}
		for _, k := range kinds {
			if !slices.Contains(agreements.Kinds(), k) {
				t.Errorf("%s is counted among %s, of which no agreement speaks", part, k)
			}
		}
	}
	if sharing.Information("something else") != nil {
		t.Error("a part that is none is counted among something")
	}
	// The details of a person that travel are those the person's part is counted
	// among: a new one has to be thought about here.
	known := []string{"GivenName", "FamilyName", "KnownAs", "Born", "Gender", "Language", "AccessNeeds"}
	d := reflect.TypeFor[people.Details]()
	for i := range d.NumField() {
		if !slices.Contains(known, d.Field(i).Name) {
			t.Errorf("%s travels with the person and is not counted among any information", d.Field(i).Name)
		}
	}
}

// Proves: B6.15, B6.20
func TestAShareUnderAnAgreementKeepsWhatItSaid(t *testing.T) {
	under(t, []agreements.Clause{permits(agreements.OwnAccount, agreements.Identity, agreements.Needs)}, func(t *testing.T, w *world, _ *inForce) {
		f, id := w.sent(t)
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		said, is := sharing.Of(held.Content.Said, string(sharing.SaidItem))
		if held.Agreement != "agreement/2" || !is || said.Effect != agreements.Permit || len(said.Clauses) != 1 || said.Clauses[0].String() != "agreement/2/1" {
			t.Errorf("%s, %+v", held.Agreement, held.Content.Said)
		}
		if want := held.SentAt.AddDate(0, 0, 30); !held.ExpiresAt.Equal(want) {
			t.Errorf("it expires on %s, and the clause says %s", held.ExpiresAt, want)
		}
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		if len(p.Content().Said) != 2 {
			t.Errorf("the receiver reads %+v", p.Content().Said)
		}
		if list, err := w.Sharing.ToReview(t.Context(), w.contact()); err != nil || len(list) != 0 {
			t.Errorf("nothing is against it, and %d wait (%v)", len(list), err)
		}
	})
}

// Proves: B6.16, B6.20
func TestWhatAnAgreementHoldsBackLeavesWithAReasonOnly(t *testing.T) {
	deny := agreements.Clause{ID: "2", Effect: agreements.Deny, Kinds: []agreements.Kind{agreements.OwnAccount}, Words: "Must not"}
	under(t, []agreements.Clause{permits(), deny}, func(t *testing.T, w *world, a *inForce) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		said, err := w.Sharing.Ask(ctx, f, w.whole())
		must(t, err)
		if held := said.Held(); len(held) != 1 || held[0].Part != string(sharing.SaidItem) || held[0].Words[0] != "Must not" || !slices.Equal(said.Contacts, []string{"the key contact"}) {
			t.Errorf("%+v", said)
		}
		_, err = w.send(t, f, w.whole())
		if errs, ok := forms.AsErrors(err); !ok || !errs.Has("override") {
			t.Fatalf("denied, and sent without a reason: %v", err)
		}
		n := w.whole()
		n.Override = "He comes back tonight"
		id, err := w.send(t, f, n)
		must(t, err)
		now := w.whole()
		now.ActNow = true
		if _, err := w.send(t, f, now); err != nil {
			t.Errorf("nobody is kept from acting now: %v", err)
		}
		list, err := w.Sharing.ToReview(ctx, w.contact())
		must(t, err)
		if len(list) != 2 || list[0].Denied != 1 || list[0].Contact != "the key contact" || list[0].Number != f.Number() {
			t.Fatalf("%+v", list)
		}
		o, err := w.Sharing.Override(ctx, w.contact(), id)
		must(t, err)
		if o.Reason != "He comes back tonight" || len(o.Parts) != 2 {
			t.Errorf("%+v", o)
		}
		if errs, ok := forms.AsErrors(w.Sharing.Review(ctx, w.contact(), id, "", "")); !ok || !errs.Has("verdict") || !errs.Has("words") {
			t.Error("reviewed without a word")
		}
		must(t, w.Sharing.Review(ctx, w.contact(), id, sharing.MendRule, "Clause 2 is too wide"))
		if err := w.Sharing.Review(ctx, w.contact(), id, sharing.Justified, "Again"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("reviewed twice: %v", err)
		}
		var events []cases.Event
		must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			events, err = w.Cases.Latest(ctx, tx, f, cases.SharingReviewed, 5)
			return err
		}))
		if len(events) != 1 || events[0].Text != "It was right, and the agreement should change: Clause 2 is too wide" {
			t.Errorf("whoever works on the case reads %+v", events)
		}
		pieces, _, err := w.pieces(t, f)
		must(t, err)
		if !slices.ContainsFunc(pieces, func(p cases.Piece) bool {
			return slices.Contains(p.Lines, "Why it left against an agreement: He comes back tonight")
		}) {
			t.Error("the person's copy does not say why it left")
		}
		// With nothing between the two, it leaves, and the key contact looks at it.
		a.Set = agreements.NewSet()
		waiting, err := w.Sharing.ToReview(ctx, w.contact())
		must(t, err)
		if id, err = w.send(t, f, w.whole()); err != nil {
			t.Fatal(err)
		}
		held, err := w.Sharing.Copy(ctx, f, id)
		must(t, err)
		if held.Agreement != sharing.NoAgreement || len(held.Content.Said) != 0 {
			t.Errorf("%s", held.Agreement)
		}
		after, err := w.Sharing.ToReview(ctx, w.contact())
		must(t, err)
		if len(after) != len(waiting)+1 || after[len(after)-1].Kind != sharing.Unagreed || after[len(after)-1].Share != id {
			t.Errorf("nobody is asked about a share without an agreement: %+v", after)
		}
	})
}

func (w *world) pieces(t *testing.T, f *cases.File) (out []cases.Piece, n int, err error) {
	t.Helper()
	err = w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, n, err = w.Sharing.Pieces(ctx, tx, f)
		return err
	})
	return out, n, err
}

func TestOnlyAKeyContactOfTheSenderReviews(t *testing.T) {
	under(t, nil, func(t *testing.T, w *world, _ *inForce) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.Override = "It cannot wait"
		id, err := w.send(t, f, n)
		must(t, err)
		own, other := w.contact(), w.contact()
		own.Account = w.Actor(t, casestest.Nurse).Account
		other.Agency = string(w.Haven.ID)
		for name, actor := range map[string]policy.Actor{
			"who sent it": own, "the receiver's": other, "a manager": w.Actor(t, casestest.TrustManager), "the nurse": w.Actor(t, casestest.Nurse),
		} {
			_, err := w.Sharing.Override(t.Context(), actor, id)
			if denied, ok := policy.IsDenied(err); !ok || denied.Known {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, err := w.Sharing.ToReview(t.Context(), own); err != nil || len(list) != 0 {
			t.Errorf("who sent it lists %d (%v)", len(list), err)
		}
		contact := w.Actor(t, casestest.KeyContact)
		if list, err := w.Sharing.ToReview(t.Context(), contact); err != nil || len(list) != 1 {
			t.Fatalf("the key contact lists %d (%v)", len(list), err)
		}
		must(t, w.Cases.Declare(t.Context(), contact, cases.NewTie{
			Relation: cases.Friend, Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"},
		}))
		if list, err := w.Sharing.ToReview(t.Context(), contact); err != nil || len(list) != 0 {
			t.Errorf("a key contact who is tied to the person lists %d (%v)", len(list), err)
		}
		if _, err := w.Sharing.Override(t.Context(), contact, id); err == nil {
			t.Error("and opens it")
		}
	})
}

// Whatever the agreement says: what is sent without a reason and without acting
// now is permitted, every part of it.
func TestNothingHeldBackLeavesWithoutAReason(t *testing.T) {
	under(t, nil, func(t *testing.T, w *world, a *inForce) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		rapid.Check(t, func(rt *rapid.T) {
			var clauses []agreements.Clause
			for i := range rapid.IntRange(0, 4).Draw(rt, "clauses") {
				c := agreements.Clause{ID: string(rune('1' + i)), Effect: rapid.SampledFrom(agreements.Effects()).Draw(rt, "effect"), Words: "Words"}
				if rapid.Bool().Draw(rt, "one kind") {
					c.Kinds = []agreements.Kind{rapid.SampledFrom(agreements.Kinds()[:8]).Draw(rt, "kind")}
				}
				if rapid.Bool().Draw(rt, "condition") {
					c.Conditions = []agreements.Condition{rapid.SampledFrom(agreements.Conditions()).Draw(rt, "which")}
				}
				clauses = append(clauses, c)
			}
			a.Set = agreements.NewSet(agreements.Bound{Agreement: "x", Version: 1, Document: agreements.Document{
				Parties: []agreements.Party{{Agency: w.Trust.ID}, {Agency: directory.AgencyID(w.whole().To.Agency)}}, Clauses: clauses,
			}})
			n := w.whole()
			said, err := w.Sharing.Ask(t.Context(), f, n)
			if err != nil {
				rt.Fatal(err)
			}
			_, err = w.send(t, f, n)
			if sent := err == nil; sent != (len(said.Held()) == 0) {
				rt.Fatalf("%+v: %v", said.Parts, err)
			}
		})
	})
}

// Proves: B6.27
func TestFlowsCountWhatWasSentAndNothingElse(t *testing.T) {
	under(t, nil, func(t *testing.T, w *world, _ *inForce) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.Override = "It cannot wait"
		first, err := w.send(t, f, n)
		must(t, err)
		_, err = w.send(t, f, n)
		must(t, err)
		w.Clock.Advance(30 * time.Minute)
		p, err := w.receive(t, casestest.IDVA, first)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, nil))
		w.Clock.Advance(5 * 24 * time.Hour)
		var flows []agreements.Flow
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			flows, err = w.Sharing.Flows(ctx, tx, f.Permit(), string(w.Trust.ID), tx.Now().AddDate(0, -1, 0), tx.Now())
			return err
		}))
		want := agreements.Flow{Agreement: "agreement", To: w.Haven.ID, Sent: 2, Acknowledged: 1, Minutes: 30, Overrides: 2, Overdue: 1}
		if len(flows) != 1 || flows[0] != want {
			t.Errorf("%+v", flows)
		}
	})
}

func none() *agreements.Set { return agreements.NewSet() }
