package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/support"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// askedNow is what people asked for on the public pages by the last day, and
// how far some referrals have come. Nothing here is drawn by chance: what the
// year is made of stays as it is.
func (c *county) askedNow(ctx context.Context) error {
	for _, do := range []func(context.Context) error{c.asksInWriting, c.answersInWriting, c.comesAlong} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// askedEarlier plans what is asked some days before the last: one that nobody took,
// about which the key contact is asked by now.
func (c *county) askedEarlier() {
	c.plan(before(6, 9, 41), c.opensDoors)
	c.plan(before(5, 14, 17), func(ctx context.Context) error {
		_, err := c.Intake.Leave(ctx, "192.0.2.8", intake.NewAsk{
			Who: intake.Work, To: intake.Place{Agency: string(c.agency["lighthouse"].ID), Team: string(c.teams["lighthouse/advocates"].ID)}, Once: "sent-in-the-demo-early", Words: intake.Words{
				Device: intake.Yes, Reply: intake.Through, Agreed: intake.Agrees, Trusted: "Through me: she comes to the library on Fridays at 11",
				Asker: "Hester Vane", Role: "Librarian", Back: "The library, 01632 960 161", Name: "Corin Ashby", Danger: intake.No,
				Text: "He waits outside whenever she is here. She asked me whom she could talk to.",
			},
		})
		return err
	})
}

// answersInWriting is what became of others: one was declined, one was moved to
// another team and one to another agency, which opened its door for it.
func (c *county) answersInWriting(ctx context.Context) error {
	lighthouse := string(c.agency["lighthouse"].ID)
	maternity := intake.Place{Agency: string(c.agency["hospital"].ID), Team: string(c.teams["hospital/maternity"].ID)}
	err := c.sitting(ctx, "nia.manager", func(ctx context.Context, actor policy.Actor) error {
		return c.Intake.SetDoor(ctx, actor, intake.Door{
			Team: maternity.Team, Work: true, Public: intake.Public{Name: "Exmoorland maternity (fictional)", What: "For whoever expects a child, and is met at another service.", Phone: "01632 960 170"},
		})
	})
	if err != nil {
		return err
	}
	for i, then := range []func(context.Context, *intake.Opened) error{
		func(ctx context.Context, o *intake.Opened) error {
			return c.Intake.Decline(ctx, o, intake.NotReached, "The pharmacist has seen her no more, and gives her our number when she comes.")
		},
		func(ctx context.Context, o *intake.Opened) error {
			return c.Intake.Move(ctx, o, intake.Move{To: maternity, Reason: intake.NotOurs, Words: "She expects a child in August and is under your clinic. She would rather speak with her midwife."})
		},
		func(ctx context.Context, o *intake.Opened) error {
			return c.Intake.Move(ctx, o, intake.Move{
				To: intake.Place{Agency: lighthouse, Team: string(c.teams["lighthouse/advocates"].ID)}, Reason: intake.NotOurs, Words: "There may be a court order: it needs an advocate, not visits.",
			})
		},
	} {
		text := []string{"She bought plasters twice this week, and would not say for what.", "She is seven months along, and dreads the weeks after.", "He has been to her work again."}[i]
		_, err := c.Intake.Leave(ctx, "192.0.2.9", intake.NewAsk{
			Who: intake.Work, To: intake.Place{Agency: lighthouse, Team: string(c.teams["lighthouse/outreach"].ID)}, Once: fmt.Sprintf("sent-in-the-demo-later-%d", i), Words: intake.Words{
				Device: intake.Yes, Reply: intake.Through, Agreed: intake.Agrees, Trusted: "Through me", Asker: []string{"Orla Finch", "Jude Sable", "Ned Tarrant"}[i], Role: []string{"Pharmacist", "Health visitor’s assistant", "Personnel office where she works"}[i],
				Back: fmt.Sprintf("01632 960 18%d", i), Name: []string{"A woman of about thirty", "Elspeth Rowe", "Marnie Holt"}[i], Danger: intake.No, Text: text,
			},
		})
		if err != nil {
			return err
		}
		if err := c.takes(ctx, "uma.outreach", intake.Work, then); err != nil {
			return err
		}
	}
	return nil
}

// opensDoors lets two teams take what is asked.
func (c *county) opensDoors(ctx context.Context) error {
	return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
		err := c.Intake.SetDoor(ctx, actor, intake.Door{
			Team: string(c.teams["lighthouse/advocates"].ID), Self: true, Known: true, Work: true,
			Public: intake.Public{
				Name: "Lighthouse advocates (fictional)", What: "For anybody in Exmoorland who is afraid of a partner, a former partner or somebody in the family.",
				Phone: "0808 157 0142", Hours: "Every day from 8am to 8pm",
			},
		})
		if err != nil {
			return err
		}
		return c.Intake.SetDoor(ctx, actor, intake.Door{
			Team: string(c.teams["lighthouse/outreach"].ID), Work: true,
			Public: intake.Public{
				Name: "Lighthouse outreach (fictional)", What: "Visits people in the villages, with their agreement.", Phone: "0808 157 0143", Hours: "Monday to Friday, 9am to 5pm",
			},
		})
	})
}

// asksInWriting is what was sent: by somebody for herself, by a neighbour, and
// by a teacher, whose asking was taken on.
func (c *county) asksInWriting(ctx context.Context) error {
	advocates := intake.Place{Agency: string(c.agency["lighthouse"].ID), Team: string(c.teams["lighthouse/advocates"].ID)}
	outreach := intake.Place{Agency: advocates.Agency, Team: string(c.teams["lighthouse/outreach"].ID)}
	leave := func(n intake.NewAsk) error {
		_, err := c.Intake.Leave(ctx, "192.0.2.7", n)
		return err
	}
	err := leave(intake.NewAsk{Who: intake.Self, To: advocates, Once: "sent-in-the-demo-one", Words: intake.Words{
		Device: intake.Yes, Reply: intake.Reach, Means: []intake.Means{intake.Call}, When: "Tuesdays and Thursdays from 10 to 12, when I am at work", Answer: "Nobody else",
		Voice: intake.No, Who: intake.No, Never: "Never text. He goes through my telephone in the evening.", Name: "Talia", Number: "07700 900621", Danger: intake.No,
		Feared: "Craig", Text: "He decides who I may see and what I spend. I want to know what I could do. Nothing has to happen now.",
	}})
	if err != nil {
		return err
	}
	err = leave(intake.NewAsk{Who: intake.Known, To: advocates, Once: "sent-in-the-demo-two", Words: intake.Words{
		Device: intake.Yes, Reply: intake.Wait, Agreed: intake.Unknown, Never: "Do not come to the house: he is home all day.",
		Asker: "Moira Kettle", Role: "The flat below", Back: "07700 900622, in the afternoon", Name: "Anka, I do not know her other name", Danger: intake.Unsure,
		Language: "Polish", Text: "I hear him shout at night, and I have seen her with a bruised face. She looked at me as if she wanted to say something.",
	}})
	if err != nil {
		return err
	}
	err = leave(intake.NewAsk{Who: intake.Work, To: outreach, Once: "sent-in-the-demo-three", Words: intake.Words{
		Device: intake.Yes, Reply: intake.Through, Agreed: intake.Agrees, Trusted: "Through me, at the school: she comes every Monday at 3pm",
		Asker: "Gwen Pryor", Role: "Teacher at a village school", Back: "The school's office, 01632 960 155", Name: "Della Rushton", Danger: intake.No,
		Text: "She told me that she is afraid to go home when he has been drinking. She would like somebody to talk to in the village.",
	}})
	if err != nil {
		return err
	}
	err = c.takes(ctx, "uma.outreach", intake.Work, func(ctx context.Context, o *intake.Opened) error {
		f, err := c.Intake.Accept(ctx, o, intake.Acceptance{Person: o.Words().Details(), Team: o.Ask().Team})
		if err != nil {
			return err
		}
		_, err = c.Support.Record(ctx, f, support.Happened{
			Outward: true, Whom: support.Person, Channel: people.InPerson, At: c.Clock.Now(), Outcome: support.Spoke, Words: support.Words{Text: "At the school, through the teacher. She wants to come again."},
		})
		return err
	})
	if err != nil {
		return err
	}
	// One that an advocate has taken and not answered yet; the others wait.
	if err := c.takes(ctx, "lena.idva", intake.Self, nil); err != nil {
		return err
	}
	return leave(intake.NewAsk{Who: intake.Self, To: advocates, Once: "sent-in-the-demo-four", Words: intake.Words{
		Device: intake.Unsure, Reply: intake.Wait, Name: "Petra", Danger: intake.No, Text: "I will ring on Wednesday from my sister's. Please know then who I am.",
	}})
}

// takes has somebody take what was asked first of those who ask so, and do
// something with it.
func (c *county) takes(ctx context.Context, who string, asks intake.Who, then func(context.Context, *intake.Opened) error) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		list, err := c.Intake.List(ctx, actor, intake.WaitingBox, "", 10)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(a intake.Ask) bool { return a.Who == asks })
		if i < 0 {
			return errors.New("what was asked is not in the inbox")
		}
		o, err := c.Intake.Open(ctx, actor, list[i].ID)
		if err != nil {
			return err
		}
		if err := c.Intake.Take(ctx, o); err != nil || then == nil {
			return err
		}
		if o, err = c.Intake.Open(ctx, actor, list[i].ID); err != nil {
			return err
		}
		return then(ctx, o)
	})
}

// comesAlong is how far three referrals have come that outreach took on: one to
// its end, one onto the waiting list, one to another service.
func (c *county) comesAlong(ctx context.Context) error {
	held, err := c.tookOn(ctx, "uma.outreach", 3)
	if err != nil {
		return err
	}
	if len(held) < 3 {
		return errors.New("outreach holds too few referrals")
	}
	for _, s := range []referral.NewStep{
		{Stage: referral.ContactStage, Words: "Rang at the time that was agreed."},
		{Stage: referral.EngagedStage, Words: "Comes every other week."},
		{Stage: referral.EndedStage, Cause: referral.Finished, Words: "She knows where to turn."},
	} {
		if err := c.toldStage(ctx, "uma.outreach", held[0], s); err != nil {
			return err
		}
	}
	if err := c.toldStage(ctx, "uma.outreach", held[1], referral.NewStep{Stage: referral.WaitingStage, Cause: referral.NoWorkerYet, Words: "The worker for the north is on leave."}); err != nil {
		return err
	}
	return c.visit(ctx, "uma.outreach", held[2], func(ctx context.Context, f *cases.File) error {
		_, err := c.Referral.Send(ctx, f, referral.NewReferral{
			Subject: referral.Experiencing, PassesOn: true, Tell: true, Why: "Drinking has become the way to get through the evening. Would like help with it from those who know.",
			Contact: "Safe contact is checked: see how they can be reached before calling.", Needs: "Appointments in the morning.",
			Share: sharing.NewShare{
				To: c.to(recovery), Protects: "The person", Harm: "Harm from drinking, and more abuse by somebody who uses it", Basis: sharing.LegitimateInterests,
				Rationale: "They can do what outreach cannot. Nothing else is sent.",
				Views:     sharing.Views{Asked: sharing.Agrees, Words: "Yes. Tell the doctor too that I went there.", Present: "nobody else", Informed: sharing.Told},
			},
		})
		return err
	})
}

// tookOn are cases of somebody that began with a referral which is still with
// them.
func (c *county) tookOn(ctx context.Context, who string, most int) ([]cases.ID, error) {
	var out []cases.ID
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		rows, err := c.Cases.Caseload(ctx, actor, cases.Mine, nil, 200)
		if err != nil {
			return err
		}
		for _, row := range rows {
			f, err := c.Cases.Open(ctx, actor, row.ID, cases.Care)
			if err != nil {
				return err
			}
			if f.Origin() != cases.Referred || f.Side() != cases.Experiencing || len(out) == most {
				continue
			}
			r, err := c.Referral.Received(ctx, f)
			if err != nil {
				return err
			}
			if r.State == referral.Accepted || r.State == referral.FedBack {
				out = append(out, row.ID)
			}
		}
		return nil
	})
	return out, err
}

// toldStage records how far a referral has come, and somebody of those who sent
// it reads it.
func (c *county) toldStage(ctx context.Context, who string, id cases.ID, n referral.NewStep) error {
	n.Tell, n.Share = true, c.news(who, "").Share
	var told referral.Referral
	err := c.visit(ctx, who, id, func(ctx context.Context, f *cases.File) error {
		steps, err := c.Referral.Steps(ctx, f)
		if err != nil {
			return err
		}
		if len(steps) > 0 {
			n.After = steps[0].ID
		}
		if err := c.Referral.Step(ctx, f, n); err != nil {
			return err
		}
		told, err = c.Referral.Received(ctx, f)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range Cast {
		if string(c.agency[m.Agency].ID) != told.Agency || !slices.Contains(m.Roles, policy.Practitioner) {
			continue
		}
		read, err := c.reads(ctx, m.Username, told.Feedback)
		if err != nil || read {
			return err
		}
	}
	return nil
}

// reads has somebody acknowledge a share, if it is in their inbox.
func (c *county) reads(ctx context.Context, who string, id sharing.ID) (bool, error) {
	var rows []sharing.Row
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) (err error) {
		rows, err = c.Sharing.Waiting(ctx, actor, "", 500)
		return err
	})
	if err != nil || !slices.ContainsFunc(rows, func(r sharing.Row) bool { return r.ID == id }) {
		return false, err
	}
	return true, c.acknowledge(ctx, who, id)
}
