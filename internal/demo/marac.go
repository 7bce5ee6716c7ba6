package demo

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// conference makes the MARAC of the county, which began a year before the demo
// does, goes by the published criteria and meets every other Tuesday. The next of
// these is tomorrow; a short one is held today.
func (c *county) conference(ctx context.Context) error {
	m := marac.Norms(c.marac(), string(c.teams["marac/coordination"].ID))
	m.Women = 76_500 // the example of domain.md, section 5.7
	if err := c.Marac.SetUp(ctx, operator, m, marac.Published(Start.AddDate(-1, 0, 0).Format(dateOnly))); err != nil {
		return err
	}
	err := c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		for _, a := range []marac.Area{
			{Kind: marac.ByAuthority, Code: "X07000001", Name: "Exmoorland (fictional)"}, {Kind: marac.ByPostcode, Code: "ZZ97", Name: "Northridge, beyond the county (fictional)"},
		} {
			if err := c.Marac.AddArea(ctx, actor, c.marac(), a); err != nil {
				return err
			}
		}
		first, _ := c.Marac.At(Start.AddDate(0, 0, 1-26*14).Format(dateOnly), "09:30")
		_, err := c.Marac.Plan(ctx, actor, c.marac(), marac.Planning{
			Kind: marac.Scheduled, First: first, Minutes: 180, Count: 32, Days: 14,
			Words: marac.MeetingWords{Where: "Council House, Room 4 (fictional)", Join: "Ring 01632 960700 and ask for Room 4"},
		})
		return err
	})
	if err != nil {
		return err
	}
	c.plan(before(60, 11, 10), c.namesWhoSit)
	c.plan(before(59, 9, 45), c.acceptsThem)
	for _, days := range []int{27, 13, -1} { // the two before, and tomorrow's
		c.plan(before(days+12, 10, 15), func(ctx context.Context) error { return c.asks(ctx, days, false) })
	}
	c.plan(before(14, 16, 20), c.firstListed)
	c.plan(before(1, 16, 35), c.meetsToday)
	return nil
}

func (c *county) marac() string { return string(c.agency["marac"].ID) }

// sitters are who sits at the MARAC, for whom, and who named them.
var sitters = []struct {
	by, who  string
	capacity marac.Capacity
	given    marac.Given
}{
	{"paul.contact", "dev.police", marac.Representative, marac.Everything},
	{"edie.contact", "ruth.social", marac.Chair, marac.Everything},
	{"edie.contact", "lou.children", marac.Representative, marac.Everything},
	{"nia.manager", "amira.nurse", marac.Representative, marac.Everything}, // trained to level 2, and flagged
	{"nia.manager", "otto.nurse", marac.Deputy, marac.Everything},
	{"carl.manager", "lena.idva", marac.IDVA, marac.Everything},
	{"carl.manager", "rosa.idva", marac.Deputy, marac.Everything},
	{"carl.manager", "uma.outreach", marac.Observer, marac.Everything}, // who has not signed
	{"ola.homes", "ola.homes", marac.Representative, marac.Everything},
	{"ivor.probation", "ivor.probation", marac.Representative, marac.Everything}, // whose level lapsed in spring
	{"tess.contact", "mo.turnaround", marac.Representative, marac.WithoutWhereabouts},
	{"mina.contact", "anna.lead", marac.Representative, marac.Everything},
}

func (c *county) namesWhoSit(ctx context.Context) error {
	for _, s := range sitters {
		err := c.sitting(ctx, s.by, func(ctx context.Context, actor policy.Actor) error {
			_, err := c.Marac.Name(ctx, actor, c.marac(), marac.NewMember{Account: c.actors[s.who].Account, Capacity: s.capacity})
			return err
		})
		if err != nil {
			return err
		}
	}
	// Health visitors were named last week, and nobody has accepted that yet.
	c.plan(before(4, 15, 10), func(ctx context.Context) error {
		return c.sitting(ctx, "hugh.contact", func(ctx context.Context, actor policy.Actor) error {
			_, err := c.Marac.Name(ctx, actor, c.marac(), marac.NewMember{Account: c.actors["sol.visitor"].Account, Capacity: marac.Representative})
			return err
		})
	})
	return nil
}

func (c *county) acceptsThem(ctx context.Context) error {
	return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		list, _, err := c.Marac.Members(ctx, actor, c.marac())
		if err != nil {
			return err
		}
		for _, m := range list {
			given := marac.Everything
			for _, s := range sitters {
				if c.actors[s.who].Account == m.Account {
					given = s.given
				}
			}
			if err := c.Marac.Decide(ctx, actor, c.marac(), m.ID, m.Version, marac.Accept, given); err != nil {
				return err
			}
		}
		return nil
	})
}

// meetingOn is the meeting so many days before the demo begins.
func (c *county) meetingOn(ctx context.Context, actor policy.Actor, days int, kind marac.Kind) (marac.Meeting, error) {
	list, err := c.Marac.Calendar(ctx, actor, c.marac())
	if err != nil {
		return marac.Meeting{}, err
	}
	day := Start.AddDate(0, 0, -days).Format(dateOnly)
	for _, m := range append(list.Ahead, list.Before...) {
		if m.Kind == kind && m.Starts.In(c.Marac.Zone()).Format(dateOnly) == day {
			return m, nil
		}
	}
	return marac.Meeting{}, store.ErrNotFound
}

// asks has the coordinator ask everybody to a meeting, and most of them answer. Of
// those asked to today's, all who come know.
func (c *county) asks(ctx context.Context, days int, today bool) error {
	kind := marac.Scheduled
	if today {
		kind = marac.Daily
	}
	var meeting marac.Meeting
	err := c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) (err error) {
		if meeting, err = c.meetingOn(ctx, actor, days, kind); err != nil {
			return err
		}
		return c.Marac.Ask(ctx, actor, meeting.ID)
	})
	if err != nil {
		return err
	}
	for _, s := range []struct {
		who   string
		reply marac.Reply
		sent  bool
	}{
		{"dev.police", marac.Comes, false},
		{"ruth.social", marac.Comes, false},
		{"lou.children", marac.Apologies, true},
		{"lena.idva", marac.Comes, false},
		{"ola.homes", marac.Comes, false},
		{"ivor.probation", marac.Comes, false},
		{"mo.turnaround", marac.Comes, false},
		{"amira.nurse", marac.Apologies, false},
		{"otto.nurse", marac.Comes, false}, // who steps in for her
	} {
		err := c.sitting(ctx, s.who, func(ctx context.Context, actor policy.Actor) error {
			a, err := c.Marac.Attend(ctx, actor, meeting.ID)
			if err != nil {
				return err
			}
			return c.Marac.Answer(ctx, actor, meeting.ID, a.Mine.Version, s.reply, s.sent)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// meetsToday plans a short meeting of the next day at noon.
func (c *county) meetsToday(ctx context.Context) error {
	err := c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		_, err := c.Marac.Plan(ctx, actor, c.marac(), marac.Planning{
			Kind: marac.Daily, First: c.local(0, "12:00"), Minutes: 45, Words: marac.MeetingWords{Join: "Ring 01632 960701"},
		})
		return err
	})
	if err != nil {
		return err
	}
	return c.asks(ctx, 0, true)
}

// firstListed are two cases that the coordinator took down by telephone for
// tomorrow's meeting.
func (c *county) firstListed(ctx context.Context) error {
	for i, one := range []struct {
		she, he people.Details
		idva    marac.Represented
		reason  string
	}{
		{
			people.Details{GivenName: "Petra", FamilyName: "Vance (fictional)", Born: "1989-04-11"},
			people.Details{GivenName: "Gareth", FamilyName: "Vance (fictional)", Born: "1985-09-30"},
			marac.Accepted, "Threats to kill since she said that she would leave.",
		},
		{
			people.Details{GivenName: "Odile", FamilyName: "Marchbank (fictional)", Born: "1996-12-02"},
			people.Details{GivenName: "Stefan", FamilyName: "Rook (fictional)", Born: "1993-02-17"},
			marac.NotKnown, "He waits for her at work, and has her neighbours tell him when she comes home.",
		},
	} {
		err := c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
			meeting, err := c.meetingOn(ctx, actor, -1, marac.Scheduled)
			if err != nil {
				return err
			}
			f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: one.she, Kind: cases.Full, Origin: cases.OwnContact, Team: actor.Teams[0]})
			if err != nil {
				return err
			}
			return c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
				he, err := c.Cases.AddParty(ctx, tx, f, cases.Perpetrator, "", one.he)
				if err != nil {
					return err
				}
				day := tx.Now().Format(time.DateOnly)
				_, err = c.Cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.SafetyFollowUp, Due: Start.AddDate(0, 0, 1).Format(dateOnly)})
				if err != nil {
					return err
				}
				_, err = c.Marac.InsertTx(ctx, tx, f, marac.Case{
					File: f.ID(), Number: fmt.Sprintf("2026/%03d", i+1), From: string(c.agency["police"].ID), On: day, State: marac.Listed, Meeting: meeting.ID, Slot: i + 1, IDVA: one.idva,
					Rule: Start.AddDate(-1, 0, 0).Format(dateOnly), Routes: marac.Routes{Visible: marac.No, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.No},
					Counted: marac.Counted{BME: marac.Unknown, LGBT: marac.Unknown, Disabled: marac.Unknown, Male: marac.No, Young: marac.No, YoungWhoHarms: marac.No},
					Words: marac.CaseWords{
						Reason: one.reason, Evidence: map[string]string{"judgement": one.reason}, Aware: "She knows, and agrees.", Contact: "01632 960712, on working days before two",
						Referrer: "The vulnerability unit",
					},
				}, []marac.Identity{
					{Person: f.Person(), Part: marac.Victim, Details: one.she, Address: "4 Mill Lane, ZZ97 4QX"},
					{Person: he, Part: marac.Perpetrator, Details: one.he, Address: "31 Quarry Road, ZZ97 1DA", Relation: "Former partner"},
				})
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
