package sharing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// Whatever is typed, what the receiver reads is the preview: no field more, and no
// field less.
// Proves: B6.11, B6.25
func TestAPacketHoldsNoFieldBeyondThePreview(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		rapid.Check(t, func(rt *rapid.T) {
			word := func(name string) string { return rapid.StringMatching(`[A-Za-z ,.]{1,30}`).Draw(rt, name) }
			maybe := func(name string) string {
				if rapid.Bool().Draw(rt, name+"?") {
					return word(name)
				}
				return ""
			}
			n := w.whole()
			n.Protects, n.Harm, n.Rationale, n.Danger = word("protects"), word("harm"), word("rationale"), maybe("danger")
			n.Views.Words, n.Views.How, n.Views.Present = maybe("words"), maybe("how"), word("present")
			n.Person = people.Details{GivenName: maybe("given"), FamilyName: maybe("family"), Language: maybe("language"), AccessNeeds: maybe("needs")}
			n.Urgent, n.Grounds.CourtOrder, n.Grounds.Incapacity = rapid.Bool().Draw(rt, "urgent"), rapid.Bool().Draw(rt, "court"), rapid.Bool().Draw(rt, "incapacity")
			n.Items = nil
			for _, k := range sharing.ItemKinds() {
				if k == sharing.SaidItem || rapid.Bool().Draw(rt, string(k)) {
					n.Items = append(n.Items, sharing.Item{Kind: k, Title: word("title"), Text: word("text")})
				}
			}
			if _, err := w.Sharing.AskAdvice(t.Context(), f, "", "never in the packet"); err != nil {
				rt.Fatal(err)
			}
			id, err := w.send(t, f, n)
			if err != nil {
				rt.Fatal(err)
			}
			p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), id)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(sharing.Preview(w.Actor(t, casestest.Nurse).Name, n), p.Content()); diff != "" {
				rt.Fatalf("-preview +packet\n%s", diff)
			}
			if s := p.Share(); s.Grounds != n.Grounds || s.Urgent != n.Urgent || s.Asked != n.Views.Asked {
				rt.Fatalf("the envelope says %+v", s)
			}
		})
	})
}

// Proves: B6.13, B6.20
func TestIncapacityAndACourtOrderAreGrounds(t *testing.T) {
	for name, g := range map[string]sharing.Grounds{"incapacity": {Incapacity: true}, "a court order": {CourtOrder: true}} {
		n := (&world{World: &casestest.World{}}).whole()
		n.To = sharing.Recipient{Agency: "a", Team: "b"}
		n.Views.Asked, n.Grounds = sharing.Opposes, g
		if errs := n.Check(storetest.Start); errs.Any() || len(g.Labels()) != 1 {
			t.Errorf("%s: %v", name, errs)
		}
	}
}

// Proves: B6.13, B6.20
func TestWhatWasSentAtOnceIsJustifiedAfterOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		n := w.whole()
		n.ActNow, n.Basis, n.Rationale, n.Views = true, "", "", sharing.Views{}
		id, err := w.send(t, f, n)
		must(t, err)
		whole := sharing.Justification{Basis: sharing.VitalInterests, Rationale: "MARK why", Views: "MARK views"}
		if errs, ok := forms.AsErrors(w.Sharing.Justify(ctx, f, id, sharing.Justification{})); !ok || !errs.Has("basis") || !errs.Has("rationale") || !errs.Has("views") {
			t.Error("justified without a word")
		}
		must(t, w.Sharing.Justify(ctx, f, id, whole))
		if err := w.Sharing.Justify(ctx, f, id, whole); !errors.Is(err, store.ErrConflict) {
			t.Errorf("justified twice: %v", err)
		}
		if strings.Contains(w.dump(t, "share_justified"), "MARK") {
			t.Error("it can be read")
		}
		story, err := w.Sharing.Story(ctx, f, id)
		must(t, err)
		if story.Justified == nil || story.Justified.Rationale != "MARK why" || story.Justified.Views != "MARK views" {
			t.Errorf("%+v", story.Justified)
		}
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		if p.Content().Rationale != "" {
			t.Error("the packet was changed")
		}
		_, ordinary := w.sent(t)
		if err := w.Sharing.Justify(ctx, f, ordinary, whole); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("of another file: %v", err)
		}
		other := w.Begin(t, w.Actor(t, casestest.IDVA))
		if err := w.Sharing.Justify(ctx, other, id, whole); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("by the receiver: %v", err)
		}
		pieces, _, err := w.pieces(t, f)
		must(t, err)
		if !slices.ContainsFunc(pieces, func(p cases.Piece) bool {
			return slices.Contains(p.Lines, "Why it was sent at once, written down after: MARK why")
		}) {
			t.Error("the person's copy has no reasons")
		}
	})
}

// What was wrong is put right by a new packet, to the same receiver, that points to
// the old one. Nothing of the old one changes.
func TestACorrectionPointsToWhatItPutsRight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f, id := w.sent(t)
		if _, err := w.Sharing.Correct(ctx, f, id, sharing.NewCorrection{}); err == nil {
			t.Error("corrected without saying what was wrong")
		}
		// It was taken into a file there: the correction goes to that file.
		p, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		theirs := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "M"}, "")
		must(t, w.DB.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return w.Sharing.TakeInTx(ctx, tx, p, theirs) }))
		fix := sharing.NewCorrection{Wrong: "The name was wrong", Items: []sharing.Item{{Kind: sharing.SaidItem, Title: "What she said", Text: "He reads none"}}}
		newer, err := w.Sharing.Correct(ctx, f, id, fix)
		must(t, err)
		if _, err := w.Sharing.Correct(ctx, f, id, fix); !errors.Is(err, store.ErrConflict) {
			t.Errorf("corrected twice: %v", err)
		}
		old, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		if old.CorrectedBy() != newer || old.Content().Item(sharing.SaidItem) != "He reads all my messages" {
			t.Errorf("the old one says %s and %q", old.CorrectedBy(), old.Content().Item(sharing.SaidItem))
		}
		got, err := w.receive(t, casestest.IDVA, newer)
		must(t, err)
		if got.Share().Corrects != id || got.Share().Reason != sharing.Correction || got.Content().Item(sharing.SaidItem) != "He reads none" || got.File() != theirs.ID() || got.CorrectedBy() != "" {
			t.Errorf("the new one: %+v in %s", got.Share(), got.File())
		}
		must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Latest(ctx, tx, theirs, cases.ShareCorrected, 5)
			if len(events) != 1 {
				t.Errorf("their chronology: %+v", events)
			}
			return err
		}))
		story, err := w.Sharing.Story(ctx, f, id)
		must(t, err)
		if story.Corrected != newer {
			t.Errorf("the sender sees %s", story.Corrected)
		}
		// Withdrawn, it does not leave the wrong one standing.
		must(t, w.Sharing.Withdraw(ctx, f, newer, "wrong again"))
		if _, err := w.receive(t, casestest.IDVA, id); err == nil {
			t.Error("what was wrong stands")
		}
		if _, err := w.Sharing.Correct(ctx, f, id, fix); !errors.Is(err, store.ErrConflict) {
			t.Errorf("after it was withdrawn: %v", err)
		}
	})
}

// The receiver sees that something was withdrawn, and nothing of what it said.
func TestTheReceiverSeesThatItWasWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t)
		must(t, w.Sharing.Withdraw(t.Context(), f, id, "sent to the wrong team"))
		for name, want := range map[string]int{casestest.IDVA: 1, casestest.HavenManager: 0, casestest.Nurse: 0} {
			rows, err := w.Sharing.Inbox(t.Context(), w.Actor(t, name), sharing.WithdrawnBox, "", 10)
			must(t, err)
			if len(rows) != want || want == 1 && (rows[0].ID != id || rows[0].State != sharing.Withdrawn || rows[0].Withdrawn.IsZero()) {
				t.Errorf("%s sees %+v", name, rows)
			}
		}
		for _, open := range []func(context.Context, policy.Actor, sharing.ID) (*sharing.Packet, error){w.Sharing.Receive, w.Sharing.Print} {
			if _, err := open(t.Context(), w.Actor(t, casestest.IDVA), id); err == nil {
				t.Error("it can be read")
			}
		}
	})
}

// Every time somebody at the receiver reads it, or prints it, the sender sees who
// and when.
func TestTheSenderSeesEveryViewing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		f, id := w.sent(t)
		_, err := w.receive(t, casestest.IDVA, id)
		must(t, err)
		_, err = w.Sharing.Print(ctx, w.Actor(t, casestest.Colleague), id)
		must(t, err)
		for _, name := range []string{casestest.HavenManager, casestest.Nurse, casestest.Robot, casestest.HavenContact} {
			if _, err := w.Sharing.Print(ctx, w.Actor(t, name), id); err == nil {
				t.Errorf("%s printed it", name)
			}
		}
		story, err := w.Sharing.Story(ctx, f, id)
		must(t, err)
		var got []string
		for _, v := range story.Viewings {
			got = append(got, v.Name)
			if v.Printed != (v.Name == "Fictional colleague") || v.At.IsZero() {
				t.Errorf("%+v", v)
			}
		}
		if diff := cmp.Diff([]string{"Fictional colleague", "Fictional idva"}, got); diff != "" {
			t.Error(diff)
		}
		theirs := w.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := w.Sharing.Story(ctx, theirs, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the receiver reads who looked: %v", err)
		}
	})
}

// A missing rule means review, and never that it may go unseen: whatever part is not
// permitted by a clause is before the key contact once it left.
// Proves: B6.20
func TestNothingLeavesUnpermittedAndUnseen(t *testing.T) {
	under(t, nil, func(t *testing.T, w *world, a *inForce) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		agreed := a.Set
		for name, c := range map[string]struct {
			change func(*sharing.NewShare)
			bound  bool
		}{
			"no agreement":                {func(*sharing.NewShare) {}, false},
			"no agreement, and at once":   {func(n *sharing.NewShare) { n.ActNow = true }, false},
			"no clause, with a reason":    {func(n *sharing.NewShare) { n.Override = "It cannot wait" }, true},
			"no clause, and sent at once": {func(n *sharing.NewShare) { n.ActNow = true }, true},
		} {
			a.Set = agreed
			if !c.bound {
				a.Set = none()
			}
			n := w.whole()
			c.change(&n)
			said, err := w.Sharing.Ask(t.Context(), f, n)
			must(t, err)
			if said.None == c.bound {
				t.Errorf("%s: the sender is told %v", name, said.None)
			}
			id, err := w.send(t, f, n)
			must(t, err)
			list, err := w.Sharing.ToReview(t.Context(), w.contact())
			must(t, err)
			i := slices.IndexFunc(list, func(o sharing.Override) bool { return o.Share == id })
			if i < 0 || (list[i].Kind == sharing.Unagreed) == c.bound {
				t.Errorf("%s: nobody looks at it", name)
				continue
			}
			o, err := w.Sharing.Override(t.Context(), w.contact(), id)
			must(t, err)
			if o.Reason == "" {
				t.Errorf("%s: no reason", name)
			}
		}
	})
}
