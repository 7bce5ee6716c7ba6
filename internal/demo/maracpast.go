package demo

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// atConference is a referral to the MARAC of the county, and what becomes of it.
type atConference struct {
	by      string
	days    int // before the demo begins
	she, he people.Details
	aliases string // another name of hers
	child   string
	route   register.Route
	reason  string
	idva    marac.Represented
	urgent  bool
	ends    register.Outcome // Listed: listed, and heard when its meeting is past; Sent: it waits to be taken; Taken: it is being screened
	repeats bool             // the coordinator decides that it repeats the newest earlier one
}

func named(given, family, born, gender string) people.Details {
	return people.Details{GivenName: given, FamilyName: family + " (fictional)", Born: born, Gender: gender}
}

// conferred are the referrals of a year, the oldest first.
var conferred = []atConference{
	{by: "dev.police", days: 290, she: named("Tamsin", "Corrigan", "1990-05-17", "Woman"), he: named("Dale", "Hurst", "1986-11-03", "Man"), child: "Ivy", route: register.VisibleRisk, reason: "He held a knife to her in front of the child.", idva: marac.Accepted, ends: register.Listed},
	{by: "amira.nurse", days: 247, she: named("Ngozi", "Adeleke", "1994-08-22", "Woman"), he: named("Tobias", "Marsh", "1991-01-19", "Man"), route: register.Judgement, reason: "Pregnant, and he will not let her come alone.", idva: marac.ReferredIDVA, ends: register.Listed},
	{by: "lena.idva", days: 205, she: named("Colin", "Vickers", "1979-02-28", "Man"), he: named("Sandra", "Pike", "1982-07-14", "Woman"), route: register.Escalation, reason: "Four times since summer, and each time worse.", idva: marac.Accepted, ends: register.Listed},
	{by: "ruth.social", days: 162, she: named("Mary", "Trewin", "1951-10-09", "Woman"), he: named("Keith", "Trewin", "1978-12-24", "Man"), route: register.Judgement, reason: "Her son takes her pension and locks her in.", idva: marac.TheyDeclined, ends: register.Declined},
	{by: "dev.police", days: 118, she: named("Tamsin", "Corigan", "1990-05-17", "Woman"), he: named("Dale", "Hurst", "1986-11-03", "Man"), child: "Ivy", route: register.Repeated, reason: "He was outside her door twice this week.", idva: marac.Accepted, ends: register.Listed, repeats: true},
	{by: "uma.outreach", days: 76, she: named("Grace", "Marsh", "1994-08-22", "Woman"), aliases: "Ngozi Adeleke (fictional)", he: named("Toby", "Marsh", "1991-01-19", "Man"), route: register.Repeated, reason: "He found her new number through her cousin.", idva: marac.Accepted, ends: register.Listed, repeats: true},
	{by: "rosa.idva", days: 41, she: named("Katarzyna", "Lis", "1988-03-11", "Woman"), he: named("Piotr", "Lis", "1984-06-25", "Man"), child: "Zosia", route: register.VisibleRisk, reason: "He strangled her until she fainted.", idva: marac.Accepted, urgent: true, ends: register.Listed},
	{by: "amira.nurse", days: 12, she: named("Bethan", "Sayer", "2009-09-30", "Girl"), he: named("Rhys", "Colley", "2008-12-12", "Boy"), route: register.Judgement, reason: "He has pictures of her and threatens to send them to her school.", idva: marac.ReferredIDVA, ends: register.Listed},
	{by: "dev.police", days: 11, she: named("Yusra", "Haddad", "1997-01-05", "Woman"), he: named("Karim", "Haddad", "1990-04-02", "Man"), child: "Layla", route: register.VisibleRisk, reason: "His brothers look for her. She fears all of them.", idva: marac.Accepted, urgent: true, ends: register.Listed},
	{by: "ruth.social", days: 4, she: named("Joan", "Pellow", "1963-06-18", "Woman"), he: named("Victor", "Pellow", "1960-02-07", "Man"), route: register.Escalation, reason: "Three calls to the police since Easter.", idva: marac.NotKnown, ends: register.Taken},
	{by: "lena.idva", days: 3, she: named("Catherine", "Lis", "1988-03-11", "Woman"), aliases: "Kasia Lis (fictional)", he: named("Peter", "Lis", "1984-06-25", "Man"), route: register.Repeated, reason: "He waits at the school gate.", idva: marac.Accepted, ends: register.Sent},
	{by: "rosa.idva", days: 2, she: named("Hazel", "Orme", "1972-11-21", "Woman"), he: named("Duncan", "Orme", "1970-08-16", "Man"), route: register.Judgement, reason: "He has sold the car and keeps the telephone.", idva: marac.Accepted},
}

// pastCases plans what was referred to the MARAC in a year.
func (c *county) pastCases() {
	for i, one := range conferred {
		c.plan(before(one.days, 10, 5+i), func(ctx context.Context) error { return c.confer(ctx, one) })
	}
	c.plan(before(20, 11, 45), c.cameOver)
}

func (c *county) confer(ctx context.Context, one atConference) error {
	var id sharing.ID
	err := c.sitting(ctx, one.by, func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: one.she, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team(one.by)})
		if err != nil {
			return err
		}
		id, err = c.Register.Send(ctx, f, c.toConference(actor, one))
		return err
	})
	if err != nil || one.ends == register.Sent {
		return err
	}
	c.plan(c.Clock.Now().Add(26*time.Hour), func(ctx context.Context) error { return c.screened(ctx, one, id) })
	return nil
}

func (c *county) toConference(actor policy.Actor, one atConference) register.NewReferral {
	n := register.NewReferral{
		Sheet: register.Sheet{
			People: []register.Who{
				{Part: marac.Victim, Identity: marac.Identity{Details: one.she}},
				{Part: marac.Perpetrator, Identity: marac.Identity{Details: one.he, Relation: "Partner or former partner"}},
			},
			Routes: marac.Routes{Visible: marac.Unknown, Judgement: marac.Unknown, Escalation: marac.Unknown, Repeat: marac.Unknown},
			Words: marac.CaseWords{
				Reason: one.reason, Evidence: map[string]string{string(one.route): one.reason}, Aware: "They know.", Views: "They want it to stop.", Afraid: one.he.GivenName,
				Contact: "01632 960733, on working days before two", Referrer: actor.Name,
			},
			Crime: marac.Yes, IDVA: one.idva, Counted: marac.Counted{BME: marac.Unknown, LGBT: marac.Unknown, Disabled: marac.No, Male: marac.No},
		},
		Share: sharing.NewShare{
			To: sharing.Recipient{Agency: c.marac(), Team: string(c.teams["marac/coordination"].ID)}, Protects: one.she.GivenName, Harm: "serious harm", Basis: sharing.PublicTask,
			Rationale: "Several agencies have to act together, and each needs to know whom it is about.", Urgent: one.urgent,
			Views: sharing.Views{Asked: sharing.Agrees, Words: "Do what helps.", Present: "nobody else", Informed: sharing.Told},
		},
	}
	if one.she.Gender == "Man" {
		n.Sheet.Counted.Male = marac.Yes
	}
	switch one.route {
	case register.VisibleRisk:
		n.Sheet.Routes.Visible = marac.Yes
	case register.Judgement:
		n.Sheet.Routes.Judgement = marac.Yes
	case register.Escalation:
		n.Sheet.Routes.Escalation = marac.Yes
	case register.Repeated:
		n.Sheet.Routes.Repeat = marac.Yes
	}
	if one.aliases != "" {
		n.Sheet.People[0].Aliases = []string{one.aliases}
	}
	if one.child != "" {
		n.Sheet.People = append(n.Sheet.People, register.Who{Part: marac.Child, Identity: marac.Identity{Details: people.Details{GivenName: one.child, FamilyName: one.she.FamilyName}, Relation: "Her child"}})
	}
	return n
}

// screened has the coordinator take a referral, and decide about it.
func (c *county) screened(ctx context.Context, one atConference, share sharing.ID) error {
	return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		p, err := c.Sharing.Receive(ctx, actor, share)
		if err != nil {
			return err
		}
		if err := c.Sharing.Acknowledge(ctx, p, nil); err != nil {
			return err
		}
		if one.ends == "" {
			return nil
		}
		if p, err = c.Sharing.Receive(ctx, actor, share); err != nil {
			return err
		}
		found, _, err := c.Register.Proposals(ctx, p)
		if err != nil {
			return err
		}
		var onto *cases.File
		if one.repeats {
			if len(found) == 0 {
				return fmt.Errorf("the register does not know %s", one.she.GivenName)
			}
			if onto, err = c.Cases.Open(ctx, actor, found[0].File, cases.Care); err != nil {
				return err
			}
		}
		f, id, err := c.Register.Take(ctx, p, onto)
		if err != nil || one.ends == register.Taken {
			return err
		}
		version := int64(1)
		if one.repeats {
			if err := c.Register.DecideRepeat(ctx, f, id, version, found[0].ID, "The same two people."); err != nil {
				return err
			}
			version++
		}
		if one.ends == register.Declined {
			return c.Register.Decide(ctx, f, id, register.Decision{Version: version, Outcome: register.Declined, Words: "Adult safeguarding leads here, and has met on it. Refer again if it goes on."})
		}
		return c.listsIt(ctx, f, id, version)
	})
}

// listsIt lists a case for the next meeting, at which it is heard.
func (c *county) listsIt(ctx context.Context, f *cases.File, id marac.CaseID, version int64) error {
	v, err := c.Register.Show(ctx, f, id)
	if err != nil {
		return err
	}
	var next *marac.Meeting
	for _, m := range v.Meetings {
		if m.Kind == marac.Scheduled {
			next = &m
			break
		}
	}
	if next == nil {
		return fmt.Errorf("no meeting is planned after %s", c.today())
	}
	if err := c.Register.Decide(ctx, f, id, register.Decision{Version: version, Outcome: register.Listed, Meeting: next.ID}); err != nil {
		return err
	}
	c.holdsMeeting(*next)
	return nil
}

// cameOver is a case that another MARAC transferred by secure mail.
func (c *county) cameOver(ctx context.Context) error {
	she, he := named("Delia", "Frome", "1985-07-07", "Woman"), named("Marcus", "Frome", "1983-03-29", "Man")
	return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: she, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("cora.marac")})
		if err != nil {
			return err
		}
		var id marac.CaseID
		err = c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			partner, err := c.Cases.AddParty(ctx, tx, f, cases.Perpetrator, "Husband", he)
			if err != nil {
				return err
			}
			number, err := c.Marac.NextNumberTx(ctx, tx, c.marac(), c.today())
			if err != nil {
				return err
			}
			id, err = c.Register.EnterTx(ctx, tx, f, marac.Case{
				File: f.ID(), Number: number, From: c.marac(), On: c.today(), State: marac.Screening, IDVA: marac.ReferredIDVA, CameFrom: "Northridge MARAC (fictional)",
				Rule: Start.AddDate(-1, 0, 0).Format(dateOnly), Routes: marac.Routes{Visible: marac.Yes, Judgement: marac.Unknown, Escalation: marac.Unknown, Repeat: marac.No},
				Counted: marac.Counted{BME: marac.Unknown, LGBT: marac.Unknown, Disabled: marac.Unknown, Male: marac.No, Young: marac.No, YoungWhoHarms: marac.No},
				Words: marac.CaseWords{
					Reason:   "She moved here in May. Heard there in February; a marker is on her old address, and her IDVA hands over to Lighthouse.",
					Evidence: map[string]string{string(register.VisibleRisk): "17 answers of yes, at the MARAC she came from"}, Referrer: "The coordinator of Northridge",
				},
			}, []marac.Identity{
				{Person: f.Person(), Part: marac.Victim, Details: she}, {Person: partner, Part: marac.Perpetrator, Details: he, Relation: "Husband"},
			})
			return err
		})
		if err != nil {
			return err
		}
		return c.listsIt(ctx, f, id, 1)
	})
}
