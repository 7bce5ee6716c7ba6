package main

import (
	"fmt"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
)

// plantAsked writes into every field of what is asked on the public pages, of its
// answer, and of how far a referral has come.
func (c *county) plantAsked(t *testing.T, by hands, mark string, say func(string) string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, w := t.Context(), c.site.waymark
	// Other tests sent every form: what the team takes is settled anew.
	own, err := w.intake.OwnDoors(ctx, by.lead)
	must(err)
	door := own[by.idva.Teams[0]]
	door.Team, door.Known, door.Public = by.idva.Teams[0], true, intake.Public{Name: "Advocates", What: "Help"}
	must(w.intake.SetDoor(ctx, by.lead, door))
	ref, err := w.intake.Leave(ctx, "203.0.113.9", intake.NewAsk{
		Who: intake.Known, To: intake.Place{Agency: by.idva.Agency, Team: by.idva.Teams[0]}, Once: fmt.Sprintf("sent-while-planting-%x", mark),
		Words: intake.Words{
			Device: intake.Yes, Reply: intake.Reach, Means: []intake.Means{intake.Call, intake.Mail}, When: say("asked, when"), Answer: say("asked, who answers"), Voice: intake.No, Who: intake.No,
			Never: say("asked, never"), Agreed: intake.Agrees, Asker: say("asked, by"), Role: say("asked, role"), Back: say("asked, back"), Name: say("asked, name"),
			Number: say("asked, 07700"), Address: say("asked, @"), Trusted: say("asked, through"), Language: say("asked, language"), Danger: intake.Yes, Feared: say("asked, feared"), Text: say("asked"),
		},
	})
	must(err)
	list, err := w.intake.List(ctx, by.idva, intake.WaitingBox, "", 100)
	must(err)
	for _, a := range list {
		if a.Reference != ref {
			continue
		}
		o, err := w.intake.Open(ctx, by.idva, a.ID)
		must(err)
		must(w.intake.Take(ctx, o))
		o, err = w.intake.Open(ctx, by.idva, a.ID)
		must(err)
		must(w.intake.Decline(ctx, o, intake.NotOurs, say("asked, declined")))
	}
	rows, err := w.cases.Caseload(ctx, by.idva, cases.Mine, nil, 200)
	must(err)
	for _, row := range rows {
		f, err := w.cases.Open(ctx, by.idva, row.ID, cases.Care)
		must(err)
		if f.Origin() != cases.Referred {
			continue
		}
		steps, err := w.referral.Steps(ctx, f)
		must(err)
		n := referral.NewStep{Stage: referral.ContactStage, Words: say("how far a referral has come"), Share: sharing.NewShare{}}
		if len(steps) > 0 {
			continue
		}
		must(w.referral.Step(ctx, f, n))
		return
	}
	t.Error("no case of the advocate began with a referral")
}
