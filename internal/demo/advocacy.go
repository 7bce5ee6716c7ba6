package demo

import (
	"context"
	"errors"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// advocacy is what else there is to the work of the advocates: who supervises
// whom, what was said and signed off, who waits for what, and what is ahead in
// court. It happens in the last days before the demo begins.
func (c *county) advocacy() {
	c.plan(before(9, 9, 15), c.pairs)
	c.plan(before(4, 17, 5), func(ctx context.Context) error {
		return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
			return c.Supervision.Met(ctx, actor, c.actors["lena.idva"].Account, c.today(), Start.AddDate(0, 0, 24).Format(dateOnly))
		})
	})
	// The service looks at the risk after two attempts, not after three.
	c.plan(before(3, 9, 50), func(ctx context.Context) error {
		return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
			settings := support.Starting()
			settings.ReviewAfter = 2
			return c.Support.Configure(ctx, actor, settings)
		})
	})
	c.apart()
	c.supervised()
	c.queue()
	c.courts()
}

// apart is a case of somebody in a refuge, whose address somebody asked to be
// recorded as an ordinary one, and a case of somebody who is hidden altogether.
func (c *county) apart() {
	refuge := people.Home{Address: people.Address{House: "The Old Mill, Fictional Lane", Postcode: "EX99 8QQ"}, Confidential: true}
	c.inHeld(8, 4, 11, 10, "lena.idva", func(ctx context.Context, f *cases.File) error { return c.Cases.RecordHome(ctx, f, f.Person(), refuge) })
	c.inHeld(8, 2, 15, 5, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.Cases.AskHome(ctx, f, f.Person(), people.Home{Address: people.Address{House: "5 Fictional Close", Postcode: "EX99 8QR"}},
			"She has a flat of her own now, and says that he knows where it is anyway.")
	})
	c.inHeld(13, 4, 11, 20, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.Cases.RecordHome(ctx, f, f.Person(), people.Home{Hidden: true})
	})
}

// pairs are those whose work the manager of the advocates looks after; one of
// the meetings is overdue when the demo begins.
func (c *county) pairs(ctx context.Context) error {
	return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
		return errors.Join(
			c.Supervision.SetPair(ctx, actor, c.actors["lena.idva"].Account, 4, Start.AddDate(0, 0, -4).Format(dateOnly)),
			c.Supervision.SetPair(ctx, actor, c.actors["rosa.idva"].Account, 4, Start.AddDate(0, 0, -5).Format(dateOnly)),
			c.Supervision.SetPair(ctx, actor, c.actors["uma.outreach"].Account, 6, Start.AddDate(0, 0, 3).Format(dateOnly)),
		)
	})
}

// inHeld plans a visit to one of the cases of the busy caseload.
func (c *county) inHeld(i, days, hour, minute int, who string, do func(context.Context, *cases.File) error) {
	c.plan(before(days, hour, minute), func(ctx context.Context) error { return c.visit(ctx, who, c.held[i], do) })
}

// supervised is what was said of cases, and signed off.
func (c *county) supervised() {
	day := func(days int) string { return Start.AddDate(0, 0, days).Format(dateOnly) }
	c.inHeld(0, 4, 17, 10, "carl.manager", func(ctx context.Context, f *cases.File) error {
		return errors.Join(
			c.Supervision.Discuss(ctx, f, "She carries this one home with her. We spoke of what she can leave to the police, and of handing two cases on.",
				supervision.NewAction{Text: "Ask the police whether the address is marked.", Due: day(1)}),
			c.Supervision.Sign(ctx, f, supervision.SignOff{
				Subject: supervision.HighRisk, Verdict: supervision.Agreed, Text: "Read with Lena. The judgement holds, and MARAC was considered.",
			}, supervision.NewAction{}),
		)
	})
	c.inHeld(3, 4, 17, 25, "carl.manager", func(ctx context.Context, f *cases.File) error {
		return c.Supervision.Sign(ctx, f, supervision.SignOff{
			Subject: supervision.HighRisk, Verdict: supervision.NotAgreed, Text: "Nobody has spoken to her for three weeks.",
		}, supervision.NewAction{Text: "Reach her in the way she asked for, or look at the risk without her.", Due: day(-1)})
	})
	c.inHeld(6, 4, 17, 40, "carl.manager", func(ctx context.Context, f *cases.File) error {
		return c.Supervision.Discuss(ctx, f, "Good work. To be told to the team as an example, without her name.", supervision.NewAction{})
	})
}

// waits is somebody on the waiting list.
type waits struct {
	held    int
	service waiting.Service
	ours    bool
	domain  waiting.Domain
	since   int // days before the demo begins
	review  int // days from its beginning
	name    string
	why     string
}

var queued = []waits{
	{0, waiting.Refuge, false, waiting.Home, 12, 0, "Harbour Refuge (fictional)", "Wants a room with her two sons, the elder of them sixteen."},
	{3, waiting.Counselling, false, waiting.MentalHealth, 41, -2, "", "On the list since the spring. Was told that it takes three months."},
	{6, waiting.Group, true, waiting.Community, 20, 4, "Thursday group", "The group begins again when there is a room."},
	{9, waiting.LegalHelp, false, waiting.Legal, 5, 2, "", "Looks for a solicitor who takes legal aid."},
	{1, waiting.Housing, false, waiting.Home, 63, 9, "Exmoorland Homes (fictional)", "Priority need was accepted. Waits for an offer outside the town."},
	{5, waiting.Skills, true, waiting.WorkAndLearning, 8, 11, "", "Wants the evening course, and somebody to mind the children."},
	{8, waiting.ImmigrationAdvice, false, waiting.Entitlement, 15, 1, "", "Needs advice before she applies on her own."},
	{11, waiting.ForChild, false, waiting.Children, 30, 6, "", "The boy of nine does not sleep. The service has one worker."},
}

// queue is the waiting list of the advocates, and what could not be had.
func (c *county) queue() {
	for i, w := range queued {
		c.inHeld(w.held, 4, 12, 5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			id, err := c.Waiting.Add(ctx, f, waiting.Entry{
				Service: w.service, Ours: w.ours, Domain: w.domain, State: waiting.Waits, Since: Start.AddDate(0, 0, -w.since).Format(dateOnly),
				ReviewOn: Start.AddDate(0, 0, max(w.review, -2)).Format(dateOnly), Words: waiting.EntryWords{Name: w.name, Why: w.why},
			})
			if err != nil {
				return fmt.Errorf("waiting %d: %w", i, err)
			}
			if i != 0 {
				return nil
			}
			return c.Waiting.Look(ctx, f, id, waiting.NewLook{
				State: waiting.Offered, ReviewOn: Start.Format(dateOnly), Text: "The refuge has a room from Monday, without the elder son. She thinks about it.", Version: 1,
			})
		})
	}
	ended := []waiting.Entry{
		{Service: waiting.Refuge, Domain: waiting.Home, Reason: waiting.NoRoom, Words: waiting.EntryWords{Why: "No refuge within reach takes a boy of sixteen."}},
		{Service: waiting.Treatment, Domain: waiting.MentalHealth, Reason: waiting.NoLanguage, Words: waiting.EntryWords{Why: "Nobody there speaks Dari, and she wants no interpreter for this."}},
		{Service: waiting.Drugs, Domain: waiting.WithDrugs, Reason: waiting.TooFar, Words: waiting.EntryWords{Why: "Two buses each way, and he watches the road."}},
	}
	for i, e := range ended {
		c.inHeld(12+i, 4, 13, 5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			e.State, e.Since = waiting.NotAvailable, c.today()
			_, err := c.Waiting.Add(ctx, f, e)
			return err
		})
	}
	c.inHeld(18, 4, 13, 25, "lena.idva", func(ctx context.Context, f *cases.File) error {
		id, err := c.Waiting.Add(ctx, f, waiting.Entry{
			Service: waiting.Treatment, Domain: waiting.MentalHealth, State: waiting.Waits, Since: Start.AddDate(0, 0, -50).Format(dateOnly), ReviewOn: c.today(),
			Words: waiting.EntryWords{Why: "Starts at every sound."},
		})
		if err != nil {
			return err
		}
		return c.Waiting.Look(ctx, f, id, waiting.NewLook{State: waiting.TakenUp, Text: "Began on Monday, with a woman, as she wished.", Version: 1})
	})
	c.inHeld(15, 4, 13, 30, "lena.idva", func(ctx context.Context, f *cases.File) error {
		id, err := c.Waiting.Add(ctx, f, waiting.Entry{
			Service: waiting.Group, Ours: true, Domain: waiting.Community, State: waiting.Offered, Since: Start.AddDate(0, 0, -25).Format(dateOnly), ReviewOn: c.today(),
			Words: waiting.EntryWords{Why: "Would like to meet others."},
		})
		if err != nil {
			return err
		}
		return c.Waiting.Look(ctx, f, id, waiting.NewLook{State: waiting.Declined, Reason: waiting.NotSafeToGo, Text: "His cousin lives across the street from it.", Version: 1})
	})
}

// courts are two hearings in the week after the demo begins, and orders, one of
// which is about to end.
func (c *county) courts() {
	day := func(days int) string { return Start.AddDate(0, 0, days).Format(dateOnly) }
	for i, h := range []struct {
		held int
		court.Hearing
	}{
		{0, court.Hearing{
			Court: court.Criminal, On: day(8), At: "10:00", Attends: court.Remotely, Measures: court.Granted,
			Words: court.HearingWords{Place: "Exmoorland Magistrates (fictional)", Purpose: "Trial for assault. She gives evidence.", With: "Lena", Measures: "A screen was refused, a video link granted."},
		}},
		{9, court.Hearing{
			Court: court.Family, On: day(10), Attends: court.InPerson, Measures: court.NotAsked,
			Words: court.HearingWords{Place: "Exmoorland Family Court (fictional)", Purpose: "He asks for contact with the children.", With: "Her sister"},
		}},
	} {
		c.inHeld(h.held, 4, 14, 5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			_, err := c.Court.List(ctx, f, h.Hearing)
			return err
		})
	}
	for i, o := range []struct {
		held int
		court.Order
	}{
		{6, court.Order{
			Kind: "non_molestation", State: court.Made, MadeOn: day(-356), ServedOn: day(-354), ExpiresOn: day(9),
			Words: court.OrderWords{Conditions: "Not to come within a hundred metres of her home or the school.", By: "Exmoorland Family Court (fictional)"},
		}},
		{0, court.Order{
			Kind: "bail", State: court.Made, MadeOn: day(-40), ServedOn: day(-40), Words: court.OrderWords{Conditions: "Not to contact her, by any way or through anybody.", By: "Police"},
		}},
		{12, court.Order{Kind: "restraining", State: court.Applied, Words: court.OrderWords{Conditions: "Asked for at the sentence."}}},
	} {
		c.inHeld(o.held, 4, 14, 20+5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			_, err := c.Court.Record(ctx, f, o.Order)
			return err
		})
	}
	c.inHeld(14, 4, 14, 45, "lena.idva", func(ctx context.Context, f *cases.File) error {
		_, err := c.Court.List(ctx, f, court.Hearing{
			Court: court.Family, On: day(-12), Attends: court.StaysAway, Measures: court.NotNeeded,
			Words: court.HearingWords{Purpose: "Where the children live", Outcome: "They stay with her. He sees them at a centre."},
		})
		return err
	})
}
