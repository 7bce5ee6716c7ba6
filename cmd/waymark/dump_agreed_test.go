package main

import (
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/registers/agreements"
)

// plantAgreed writes into every field of an agreement, and of what leaves against
// one.
func (c *county) plantAgreed(t *testing.T, f *cases.File, say func(string) string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, w := t.Context(), c.site.waymark
	contact, other := c.actor(t, "dora.contact"), c.actor(t, "edie.contact")
	places, err := w.agreed.Places(ctx, contact)
	must(err)
	own, _, err := places.Find("lighthouse", "")
	must(err)
	council, adults, err := places.Find("council", "adults")
	must(err)
	id, err := w.agreed.Begin(ctx, contact, agreements.Document{
		Title: say("agreement, title"), About: say("agreement, what it is for"), StartOn: "2030-01-01", ReviewOn: "2031-01-01",
		Parties: []agreements.Party{{Agency: own}, {Agency: council}},
		Clauses: []agreements.Clause{{ID: "1", Effect: agreements.Permit, Kinds: []agreements.Kind{agreements.Progress}, Words: say("clause")}},
	})
	must(err)
	must(w.agreed.SetContact(ctx, contact, id, 1, agreements.Advice{
		Contact: contact.Account, StandIn: c.actor(t, "carl.manager").Account, NotFor: nil, Conflict: say("conflict of interest"),
	}))
	must(w.agreed.StartSigning(ctx, contact, id, 1, 1, true))
	must(w.agreed.Sign(ctx, other, id, 1, agreements.Advice{Contact: other.Account}))
	must(w.agreed.Withdraw(ctx, other, id, 1, say("why a party withdrew")))
	asked, err := w.sharing.AskAdvice(ctx, f, string(council), say("question to the key contact"))
	must(err)
	must(w.sharing.Advise(ctx, contact, asked, sharing.SayLess, say("advice")))
	sent, err := w.referral.Send(ctx, f, referral.NewReferral{
		Subject: referral.Experiencing, Why: say("why referred"), Children: say("children, referred"),
		Share: sharing.NewShare{
			To: sharing.Recipient{Agency: string(council), Team: string(adults)}, Protects: say("protects"), Harm: say("harm"), Basis: sharing.PublicTask, Rationale: say("rationale"),
			Views: sharing.Views{Asked: sharing.Opposes, Words: say("view"), Present: "nobody", Informed: sharing.Told, How: say("how they know")}, Grounds: sharing.Grounds{SeriousRisk: true},
			Override: say("why it left"), Danger: say("harm of sharing"), ActNow: true,
		},
	})
	must(err)
	r, err := w.referral.Get(ctx, f, sent)
	must(err)
	must(w.sharing.Review(ctx, contact, r.Share, sharing.NotJustified, say("review of what left")))
}
