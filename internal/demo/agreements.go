package demo

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// agreed are the information-sharing agreements of the county, all fictional: one
// that is past its review, one in force between most who work on a case, one that
// waits for the hospital to sign, and a draft in which something contradicts. Who
// shared in the year before had none.
func (c *county) agreed() {
	c.plan(before(352, 9, 10), c.pastReview)
}

// agreedNow are those of the last day, and what left against one of them.
func (c *county) agreedNow(ctx context.Context) error {
	for _, do := range []func(context.Context) error{c.atTheTable, c.toSign, c.contradicts, c.atTheMarac, c.against} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// contacts are who signs for an agency.
var contacts = map[string]string{
	"hospital": "greta.contact", "lighthouse": "dora.contact", "police": "paul.contact", "council": "edie.contact",
	"community-health": "hugh.contact", "schools": "mina.contact", "turnaround": "tess.contact", "ambulance": "bram.contact",
	"marac": "gil.contact",
}

func (c *county) side(agency, team string) agreements.Side {
	s := agreements.Side{Agency: c.agency[agency].ID}
	if team != "" {
		s.Team = c.teams[agency+"/"+team].ID
	}
	return s
}

func (c *county) parties(codes ...string) []agreements.Party {
	var out []agreements.Party
	for _, code := range codes {
		out = append(out, agreements.Party{Agency: c.agency[code].ID})
	}
	return out
}

// begins begins an agreement at the agency of a key contact, who advises there.
func (c *county) begins(ctx context.Context, who string, d agreements.Document) (id agreements.ID, err error) {
	err = c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		if id, err = c.Agreements.Begin(ctx, actor, d); err != nil {
			return err
		}
		return c.Agreements.SetContact(ctx, actor, id, 1, agreements.Advice{Contact: actor.Account})
	})
	return id, err
}

func (c *county) toParties(ctx context.Context, who string, id agreements.ID) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		a, err := c.Agreements.Get(ctx, actor, id)
		if err != nil {
			return err
		}
		return c.Agreements.StartSigning(ctx, actor, id, 1, a.Newest().Revision, true)
	})
}

func (c *county) signs(ctx context.Context, id agreements.ID, codes ...string) error {
	for _, code := range codes {
		err := c.sitting(ctx, contacts[code], func(ctx context.Context, actor policy.Actor) error {
			advice := agreements.Advice{Contact: actor.Account}
			if code == "hospital" {
				advice.StandIn, advice.NotFor = c.actors["nia.manager"].Account, []directory.AgencyID{c.agency["police"].ID}
				advice.Conflict = "Is married to an officer of the vulnerability unit"
				if a, err := c.Agreements.Get(ctx, actor, id); err != nil {
					return err
				} else if _, party := a.Newest().Signature(c.agency["police"].ID); !party {
					advice.NotFor, advice.Conflict = nil, ""
				}
			}
			return c.Agreements.Sign(ctx, actor, id, 1, advice)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pastReview is in force between two, and should have been looked at again.
func (c *county) pastReview(ctx context.Context) error {
	id, err := c.begins(ctx, "greta.contact", agreements.Document{
		Title: "Ambulance and emergency department (fictional)", About: "What crews tell the emergency department when they bring somebody in.",
		Parties: c.parties("hospital", "ambulance"), StartOn: "2025-07-01", ReviewOn: "2026-05-29",
		Clauses: []agreements.Clause{{
			ID: "1", Effect: agreements.Permit, From: c.side("ambulance", "crews"), To: c.side("hospital", "emergency"), Purpose: agreements.ProtectAdult, Subject: agreements.Experiencing,
			Kinds:      []agreements.Kind{agreements.Identity, agreements.OwnAccount, agreements.Safety, agreements.Health},
			Conditions: []agreements.Condition{agreements.SeriousRisk}, Months: 96,
			Words: "When somebody is at serious risk, crews tell the emergency department what they saw and were told.",
		}},
	})
	if err != nil {
		return err
	}
	if err := c.toParties(ctx, "greta.contact", id); err != nil {
		return err
	}
	c.plan(before(12, 15, 20), func(ctx context.Context) error { return c.nextVersion(ctx, id) })
	return c.signs(ctx, id, "ambulance", "hospital")
}

// nextVersion is the draft of what shall take the place of the one that is past its
// review.
func (c *county) nextVersion(ctx context.Context, id agreements.ID) error {
	return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
		n, err := c.Agreements.NewVersion(ctx, actor, id)
		if err != nil {
			return err
		}
		a, err := c.Agreements.Get(ctx, actor, id)
		if err != nil {
			return err
		}
		d := a.Newest().Document
		d.StartOn, d.ReviewOn = "2026-07-01", "2027-07-01"
		d.Clauses = append(d.Clauses, agreements.Clause{
			ID: "2", Effect: agreements.Permit, From: c.side("hospital", "emergency"), To: c.side("ambulance", ""), Purpose: agreements.CloseLoop,
			Kinds: []agreements.Kind{agreements.Progress}, Words: "The emergency department tells the crew whether somebody was spoken to on their own.",
		})
		return c.Agreements.Keep(ctx, actor, id, n, a.Newest().Revision, d)
	})
}

// atTheTable is in force between most who work on a case.
func (c *county) atTheTable(ctx context.Context) error {
	about := []agreements.Kind{
		agreements.Identity, agreements.Needs, agreements.SafeContact, agreements.Address, agreements.WhyReferred, agreements.OwnAccount, agreements.Safety,
		agreements.Risk, agreements.Wishes, agreements.Children,
	}
	permit := func(id string, purpose agreements.Purpose, subject agreements.Subject, condition agreements.Condition, words string) agreements.Clause {
		clause := agreements.Clause{ID: id, Effect: agreements.Permit, Purpose: purpose, Subject: subject, Kinds: about, Days: 180, Months: 84, Words: words}
		if condition != "" {
			clause.Conditions = []agreements.Condition{condition}
		}
		return clause
	}
	history := func(id, agency, team, words string) agreements.Clause {
		return agreements.Clause{
			ID: id, Effect: agreements.Permit, From: c.side("police", ""), To: c.side(agency, team), Subject: agreements.Perpetrating,
			Kinds: []agreements.Kind{agreements.CriminalHistory, agreements.Orders, agreements.Whereabouts}, Conditions: []agreements.Condition{agreements.SeriousRisk},
			Days: 28, Months: 12, Words: words,
		}
	}
	d := agreements.Document{
		Title:   "Working together on domestic abuse in Exmoorland (fictional)",
		About:   "So that whoever helps a person knows what they need to know to keep them and their children safe, and nobody has to tell it again.",
		Parties: c.parties("hospital", "community-health", "lighthouse", "turnaround", "police", "council", "schools"),
		StartOn: "2026-06-15", ReviewOn: "2027-06-14",
		Clauses: []agreements.Clause{
			permit("1", agreements.Support, agreements.Experiencing, agreements.Agreed, "With their agreement, the parties tell each other what a service needs in order to support somebody."),
			permit("2", agreements.Support, agreements.Child, agreements.Agreed, "With the agreement of the parent who is harmed, the parties tell each other who the children are and whether they are safe."),
			permit("3", agreements.ProtectAdult, agreements.Experiencing, agreements.SeriousRisk, "When somebody is at serious risk, the parties tell each other what protects them, whether they agree or not."),
			permit("4", agreements.ProtectChild, "", agreements.ChildAtRisk, "When a child's safety is at risk, the parties tell each other what protects the child. Nobody's consent is needed."),
			permit("5", agreements.ManageHarm, agreements.Perpetrating, agreements.Agreed, "With their agreement, the parties refer people who harm to the programme."),
			{
				ID: "6", Effect: agreements.Permit, Purpose: agreements.CloseLoop, Kinds: []agreements.Kind{agreements.Progress},
				Words: "Whoever referred somebody hears what became of it: the least that they need.",
			},
			history("7.1", "hospital", "", "The police tell the hospital the criminal history of somebody who harms, where a patient is at serious risk from them."),
			history("7.2", "community-health", "", "The police tell community health the same, where somebody in its care is at serious risk."),
			history("7.3", "council", "children", "The police tell children's social care the same, where a child or their parent is at serious risk."),
			{
				ID: "8", Effect: agreements.Deny, To: c.side("turnaround", ""), Subject: agreements.Experiencing,
				Kinds: []agreements.Kind{agreements.Address, agreements.SafeContact},
				Words: "Where the person harmed lives, and how to reach them, is never told to whoever works with the person who harms.",
			},
			{
				ID: "9", Effect: agreements.Review, To: c.side("schools", ""), Subject: agreements.Experiencing, Kinds: []agreements.Kind{agreements.Risk, agreements.OwnAccount},
				Words: "Before a school is told what an adult said, or how high the risk to them is, the key contact is asked.",
			},
		},
	}
	id, err := c.begins(ctx, "greta.contact", d)
	if err != nil {
		return err
	}
	if err := c.toParties(ctx, "greta.contact", id); err != nil {
		return err
	}
	return c.signs(ctx, id, "lighthouse", "police", "council", "community-health", "schools", "turnaround", "hospital")
}

// atTheMarac is in force between the MARAC and those who refer to it.
func (c *county) atTheMarac(ctx context.Context) error {
	about := []agreements.Kind{
		agreements.Identity, agreements.Needs, agreements.SafeContact, agreements.Address, agreements.WhyReferred, agreements.OwnAccount, agreements.Safety,
		agreements.Risk, agreements.Wishes, agreements.Children,
	}
	id, err := c.begins(ctx, "gil.contact", agreements.Document{
		Title: "MARAC of Exmoorland (fictional)", About: "What agencies tell the MARAC of people at high risk, so that they are kept safe together.",
		Parties: c.parties("marac", "police", "council", "lighthouse", "hospital"), StartOn: "2026-06-15", ReviewOn: "2027-06-14",
		Clauses: []agreements.Clause{{
			ID: "1", Effect: agreements.Permit, To: c.side("marac", "coordination"), Purpose: agreements.ProtectAdult, Subject: agreements.Experiencing,
			Kinds: about, Conditions: []agreements.Condition{agreements.SeriousRisk}, Days: 180, Months: 84,
			Words: "When somebody is at serious risk, the parties tell the MARAC what it needs to know, whether they agree or not.",
		}},
	})
	if err != nil {
		return err
	}
	if err := c.toParties(ctx, "gil.contact", id); err != nil {
		return err
	}
	return c.signs(ctx, id, "police", "council", "lighthouse", "hospital", "marac")
}

// toSign is written by the advocates, and waits for the hospital.
func (c *county) toSign(ctx context.Context) error {
	id, err := c.begins(ctx, "dora.contact", agreements.Document{
		Title: "An advocate in the hospital (fictional)", About: "What the wards tell the advocate who works in the hospital two days a week.",
		Parties: c.parties("lighthouse", "hospital"), StartOn: "2026-07-01", ReviewOn: "2027-07-01",
		Clauses: []agreements.Clause{{
			ID: "1", Effect: agreements.Permit, From: c.side("hospital", ""), To: c.side("lighthouse", "advocates"), Purpose: agreements.Support, Subject: agreements.Experiencing,
			Kinds: []agreements.Kind{agreements.Identity, agreements.Needs, agreements.SafeContact}, Conditions: []agreements.Condition{agreements.Agreed}, Days: 30,
			Words: "With their agreement, a ward tells the advocate who wants to see her, and how they can be reached.",
		}},
	})
	if err != nil {
		return err
	}
	if err := c.toParties(ctx, "dora.contact", id); err != nil {
		return err
	}
	return c.signs(ctx, id, "lighthouse")
}

// contradicts is a draft of the hospital: one clause says other than the agreement
// in force, and there is no day of review yet.
func (c *county) contradicts(ctx context.Context) error {
	_, err := c.begins(ctx, "greta.contact", agreements.Document{
		Title: "Maternity and children's social care (fictional)", About: "What midwives and children's social care tell each other before a child is born.",
		Parties: []agreements.Party{
			{Agency: c.agency["hospital"].ID, Teams: []directory.TeamID{c.teams["hospital/maternity"].ID}},
			{Agency: c.agency["council"].ID, Teams: []directory.TeamID{c.teams["council/children"].ID}},
		},
		StartOn: "2026-09-01",
		Clauses: []agreements.Clause{
			{
				ID: "1", Effect: agreements.Permit, From: c.side("hospital", "maternity"), To: c.side("council", "children"), Purpose: agreements.ProtectChild, Subject: agreements.Child,
				Kinds: []agreements.Kind{agreements.Identity, agreements.Address, agreements.Children}, Conditions: []agreements.Condition{agreements.ChildAtRisk},
				Words: "When a child that is to be born will be at risk, midwives tell children's social care where the mother lives.",
			},
			{
				ID: "2", Effect: agreements.Review, From: c.side("hospital", "maternity"), Subject: agreements.Experiencing, Kinds: []agreements.Kind{agreements.OwnAccount},
				Words: "Before what a mother told is passed on, the key contact is asked.",
			},
		},
	})
	return err
}

// against is a referral of which a part left that the agreement does not speak of.
func (c *county) against(ctx context.Context) error {
	d := people.Details{GivenName: "Perpetua", FamilyName: "Stillwell", Born: "1991-03-08", Gender: "woman", Language: "English"}
	return c.sitting(ctx, "otto.nurse", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("otto.nurse")})
		if err != nil {
			return err
		}
		if err := c.safeContact(ctx, f, c.busyContact("07700 900477")); err != nil {
			return err
		}
		n := c.packet(&story{who: "otto.nurse", person: d}, service{"council", "adults", nil})
		n.Share.Views = sharing.Views{Asked: sharing.NotYet, Why: "Was taken to theatre.", Informed: sharing.Unsafe, NotTold: "Is not awake yet.", TellOn: c.inDays(1)}
		n.Share.Grounds = sharing.Grounds{SeriousRisk: true}
		n.Share.Override = "Her two children are with the man who did this, and somebody has to know that today. It is about them that the agreement does not speak."
		n.Children = "Two, with their father this morning."
		_, err = c.send(ctx, f, n)
		return err
	})
}
