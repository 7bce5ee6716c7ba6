package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// service is a team that takes referrals, with those who work there.
type service struct {
	agency, team string
	staff        []string
}

func (c *county) to(s service) sharing.Recipient {
	return sharing.Recipient{Agency: string(c.agency[s.agency].ID), Team: string(c.teams[s.agency+"/"+s.team].ID)}
}

var (
	advocates  = service{"lighthouse", "advocates", []string{"lena.idva", "rosa.idva"}}
	outreach   = service{"lighthouse", "outreach", []string{"uma.outreach"}}
	refuge     = service{"harbour", "refuge", []string{"wren.refuge"}}
	mind       = service{"community-health", "mental-health", []string{"hal.mind"}}
	recovery   = service{"steps", "recovery", []string{"pia.steps"}}
	turnaround = service{"turnaround", "programme", []string{"mo.turnaround"}}
)

// wanted is a service that fits a story and is not the worker's own.
func (c *county) wanted(s *story) service {
	if subject(s.told) == referral.Perpetrating {
		return turnaround
	}
	choice := pick(c, []service{advocates, advocates, advocates, outreach, outreach, outreach, refuge, refuge, mind, recovery})
	if choice.agency == c.members[s.who].Agency {
		return advocates
	}
	return choice
}

// support is the talk about other services after somebody told, with the
// identification of risk where the worker is trained for it.
func (c *county) support(ctx context.Context, s *story) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		if err := c.dangers(ctx, f, s.told); err != nil {
			return err
		}
		to, now := c.wanted(s), c.Clock.Now()
		if c.chance(9) {
			return nil // nothing is offered: the task stays
		}
		if c.chance(7) {
			return c.refer(ctx, s, f, to, "", 0) // in one step
		}
		answer, words, why := referral.Wants, "Please do, as soon as you can.", referral.NoWhy
		later := false // they come back to it themselves
		switch n := c.random.IntN(100); {
		case n < 20:
			answer, words, why, later = referral.NotNow, "Not now. Perhaps when the children are at school.", referral.TooSoon, n < 10
		case n < 24:
			answer, words = referral.Undecided, "Wants to read about it first."
		case n < 30:
			answer, words, why = referral.NotSafe, "His mother sat beside her and did not leave.", referral.Accompanied
		}
		id, err := c.Referral.Offer(ctx, f, referral.NewOffer{Subject: subject(s.told), To: c.to(to), Answer: answer, Words: words, Why: why})
		if err != nil {
			return err
		}
		if later {
			c.plan(now.AddDate(0, 0, 14), func(ctx context.Context) error { return c.wantsAfterAll(ctx, s, id) })
		}
		if answer == referral.NotNow {
			return nil
		}
		if answer == referral.Undecided || answer == referral.NotSafe {
			c.plan(c.later(now, 5, 12), func(ctx context.Context) error { return c.decided(ctx, s, to, id) })
			return nil
		}
		if c.chance(65) {
			return c.refer(ctx, s, f, to, id, 1)
		}
		c.plan(c.later(now, 1, 3), func(ctx context.Context) error {
			return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error { return c.refer(ctx, s, f, to, id, 1) })
		})
		return nil
	})
}

// decided is a later answer to an offer.
func (c *county) decided(ctx context.Context, s *story, to service, id referral.ID) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		r, err := c.Referral.Get(ctx, f, id)
		if err != nil {
			return err
		}
		answer, words := referral.Wants, "Has read about it and would like to be called."
		if c.chance(40) {
			answer, words = referral.NotNow, "Has decided against it for now."
		}
		if r.State == referral.NotAsked { // now they can be asked: an offer of its own
			again, err := c.Referral.Offer(ctx, f, referral.NewOffer{Subject: r.Subject, To: r.To, Answer: answer, Words: words, After: id})
			if err != nil || answer == referral.NotNow {
				return err
			}
			return c.refer(ctx, s, f, to, again, 1)
		}
		if err := c.Referral.AnswerOffer(ctx, f, id, r.Version, answer, words); err != nil || answer == referral.NotNow {
			return err
		}
		return c.refer(ctx, s, f, to, id, r.Version+1)
	})
}

// wantsAfterAll is the answer of somebody who did not want it at first, if nobody
// has asked them since.
func (c *county) wantsAfterAll(ctx context.Context, s *story, id referral.ID) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		r, err := c.Referral.Get(ctx, f, id)
		if err != nil || r.State != referral.DeclinedByPerson {
			return err
		}
		return c.Referral.AnswerOffer(ctx, f, id, r.Version, referral.Wants, "“You said that I could come back to it.”")
	})
}

// dangers is the identification of risk: in full by those who are trained for
// it, at once and reviewed by a few of the others.
func (c *county) dangers(ctx context.Context, f *cases.File, e enquiry.Enquiry) error {
	if !e.Says(enquiry.Experiencing) || e.Time == "historic" {
		return nil
	}
	finding := risk.Finding{Judgement: risk.NotHigh, Views: "Is afraid of what comes next, and glad to have told somebody."}
	yes := 2 + c.random.IntN(8)
	if f.Actor().Level < risk.Floor {
		if !c.chance(10) {
			return nil
		}
		finding.Judgement, finding.ActNow, finding.WhyNow = risk.Unclear, true, "Nobody trained to level 3 was at work, and it could not wait."
	} else if c.chance(20) {
		yes = 14 + c.random.IntN(4)
		finding.Judgement, finding.Reason = risk.High, "What is done has become worse within weeks, and the person expects more."
	}
	return c.identify(ctx, f, yes, 1+c.random.IntN(4), finding, "")
}

// identify answers so many themes with yes and so many with "don't know".
func (c *county) identify(ctx context.Context, f *cases.File, yes, unknown int, finding risk.Finding, after risk.ID) error {
	answers := forms.Answers{}
	for i, theme := range c.random.Perm(24) {
		switch {
		case i < yes:
			answers.Set(fmt.Sprint(theme+1), "yes")
		case i < yes+unknown:
			answers.Set(fmt.Sprint(theme+1), "unknown")
		default:
			answers.Set(fmt.Sprint(theme+1), "no")
		}
	}
	id, err := c.Risk.Identify(ctx, f, risk.NewIdentification{Answers: answers, Finding: finding, After: after})
	if err != nil {
		return err
	}
	c.comesBack(f, id)
	return c.followsUp(ctx, f)
}

// packet is what a referral of a story tells.
func (c *county) packet(s *story, to service) referral.NewReferral {
	n := referral.NewReferral{
		Subject: subject(s.told),
		Share: sharing.NewShare{
			To: c.to(to), Protects: "The person", Harm: "More abuse by somebody close to them", Basis: c.basis(s.who),
			Rationale: "The service cannot reach and support them without knowing this. Nothing else is sent.",
			Views:     sharing.Views{Asked: sharing.Agrees, Words: "Please tell them, so that I do not have to.", Present: "nobody else", Informed: sharing.Told},
		},
		Why:     "Told us of abuse and wants support that we cannot give.",
		Contact: "Safe contact was asked about; see how they can be reached before calling.",
		Needs:   strings.TrimSpace(s.told.Wishes + " " + sentence(s.person.AccessNeeds)),
	}
	switch s.told.Safe {
	case enquiry.No:
		n.Safety = "It was not safe to go home. " + s.told.SafetyDone
	case enquiry.Yes:
		n.Safety = "Felt safe to go home on the day."
	default: // nothing is known
	}
	if s.told.ChildrenNumber > 0 {
		n.Share.Protects = "The person and the children"
		n.Children = fmt.Sprintf("Children in the household: %d.", s.told.ChildrenNumber)
	}
	if n.Subject == referral.Perpetrating {
		n.Why, n.Share.Protects, n.Share.Harm = "Told us that they abuse somebody and wants to change.", "The partner and others at home", "More abuse by this person"
		n.Safety = "" // what is known of the partner's safety does not travel with this
	}
	return n
}

// sentence ends a text with a full stop, if there is one to end.
func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

func (c *county) basis(who string) sharing.Basis {
	switch c.agency[c.members[who].Agency].Sector {
	case directory.Specialist, directory.OtherVoluntary, directory.Housing:
		return sharing.LegitimateInterests
	default:
		return sharing.PublicTask
	}
}

// refer sends a referral, and plans what becomes of it.
func (c *county) refer(ctx context.Context, s *story, f *cases.File, to service, offer referral.ID, version int64) error {
	n := c.packet(s, to)
	n.Offer, n.Version = offer, version
	switch {
	case c.chance(7):
		n.Share.Views = sharing.Views{
			Asked: sharing.NotYet, Why: "Could not be reached alone again.", Informed: sharing.Unsafe, NotTold: "Somebody else answers the telephone.",
			TellOn: c.Clock.Now().AddDate(0, 0, 10).Format(dateOnly),
		}
		n.Share.Grounds = sharing.Grounds{SeriousRisk: true}
	case s.told.ActedNow() && c.chance(60):
		n.Share.ActNow = true
	}
	share, err := c.send(ctx, f, n)
	if err != nil {
		return err
	}
	if c.chance(3) {
		return nil // nobody looked
	}
	c.plan(c.later(c.Clock.Now(), c.random.IntN(2), 2), func(ctx context.Context) error { return c.arrives(ctx, s, to, share) })
	return nil
}

// send sends a referral and returns the share it travels in.
func (c *county) send(ctx context.Context, f *cases.File, n referral.NewReferral) (sharing.ID, error) {
	id, err := c.Referral.Send(ctx, f, n)
	if err != nil {
		return "", err
	}
	c.lookAt(c.sender(f.Actor().Account))
	r, err := c.Referral.Get(ctx, f, id)
	return r.Share, err
}

// arrives is a person acknowledging a referral.
func (c *county) arrives(ctx context.Context, s *story, to service, share sharing.ID) error {
	who := pick(c, to.staff)
	if err := c.acknowledge(ctx, who, share); err != nil {
		return err
	}
	c.plan(c.later(c.Clock.Now(), 0, 3), func(ctx context.Context) error {
		if c.chance(16) {
			return c.decline(ctx, who, share, pick(c, []referral.Reason{referral.Capacity, referral.NotOurArea, referral.NotReachable, referral.AlreadyKnown}), "")
		}
		return c.accept(ctx, s, who, share)
	})
	return nil
}

func (c *county) acknowledge(ctx context.Context, who string, share sharing.ID) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		p, err := c.Sharing.Receive(ctx, actor, share)
		if err != nil {
			return err
		}
		return c.Referral.Acknowledge(ctx, p)
	})
}

func (c *county) decline(ctx context.Context, who string, share sharing.ID, reason referral.Reason, words string) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		p, err := c.Sharing.Receive(ctx, actor, share)
		if err != nil {
			return err
		}
		return c.Referral.Decline(ctx, p, reason, words)
	})
}

// take accepts a referral and returns the file that begins with it.
func (c *county) take(ctx context.Context, who string, share sharing.ID) (id cases.ID, err error) {
	err = c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		p, err := c.Sharing.Receive(ctx, actor, share)
		if err != nil {
			return err
		}
		f, err := c.Referral.Accept(ctx, p, c.team(who))
		if err == nil {
			id = f.ID()
		}
		return err
	})
	return id, err
}

// accept takes a referral on and plans the work on the new file.
func (c *county) accept(ctx context.Context, from *story, who string, share sharing.ID) error {
	id, err := c.take(ctx, who, share)
	if err != nil {
		return err
	}
	now := c.Clock.Now()
	s := &story{who: who, file: id, person: from.person, told: from.told}
	c.plan(c.later(now, 1, 2), func(ctx context.Context) error { return c.begin(ctx, s) })
	c.plan(c.later(now, 4, 10), func(ctx context.Context) error { return c.tellReferrer(ctx, s, from) })
	for n := range 1 + c.random.IntN(3) {
		c.plan(c.later(now, 12+15*n, 20+20*n), func(ctx context.Context) error { return c.carryOn(ctx, s) })
	}
	if c.colleague(who) != "" && c.chance(15) {
		c.plan(c.later(now, 12, 30), func(ctx context.Context) error { return c.handOver(ctx, s, "carl.manager", c.colleague(who)) })
	}
	return nil
}

// begin is the first contact of the service with the person.
func (c *county) begin(ctx context.Context, s *story) error {
	err := c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		if c.chance(88) {
			if err := c.safeContact(ctx, f, c.answersAboutContact(s.person)); err != nil {
				return err
			}
		}
		if f.Actor().Level >= risk.Floor {
			if err := c.dangers(ctx, f, s.told); err != nil {
				return err
			}
		}
		return c.note(ctx, f, c.today(), false, pick(c, []string{
			"Met at the health centre. Explained what we do, and what we write down.",
			"Spoke by telephone at the agreed time.", "Met at a café they chose. Agreed how to stay in touch.",
		}))
	})
	if err != nil {
		return err
	}
	return c.tidy(ctx, s.who, s.file)
}

// tellReferrer is feedback, which most referrers read.
func (c *county) tellReferrer(ctx context.Context, s, from *story) error {
	var share sharing.ID
	err := c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) (err error) {
		share, err = c.Referral.Feedback(ctx, f, c.news(s.who, "We have met them and work with them. Please go on offering appointments."))
		return err
	})
	if err != nil {
		return err
	}
	c.lookAt(s.who)
	if c.chance(78) {
		c.plan(c.later(c.Clock.Now(), 1, 5), func(ctx context.Context) error { return c.acknowledge(ctx, from.who, share) })
	}
	return nil
}

func (c *county) news(who, text string) referral.NewFeedback {
	return referral.NewFeedback{News: text, Share: sharing.NewShare{
		Protects: "The person", Harm: "Being asked for the same again, and being lost between services", Basis: c.basis(who),
		Rationale: "The referrer needs to know that somebody took it on, and no more.",
		Views:     sharing.Views{Asked: sharing.Agrees, Present: "nobody else", Informed: sharing.Told},
	}}
}

// carryOn is a later piece of the service's work.
func (c *county) carryOn(ctx context.Context, s *story) error {
	err := c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		if c.chance(55) {
			if err := c.safeContact(ctx, f, c.answersAboutContact(s.person)); err != nil {
				return err
			}
		}
		if s.told.Says(enquiry.Experiencing) && f.Actor().Level >= risk.Floor && c.chance(45) {
			if err := c.lookAgain(ctx, f); err != nil {
				return err
			}
		}
		return c.note(ctx, f, c.today(), false, pick(c, []string{
			"Went through the plan for staying safe together.", "Talked about housing choices.",
			"Went along to an appointment at the bank.", "They decided to wait before they speak to the school.", "Supported them at the solicitor's.",
		}))
	})
	if err != nil {
		return err
	}
	return c.tidy(ctx, s.who, s.file)
}

// lookAgain is a new identification of risk, some weeks after the last.
func (c *county) lookAgain(ctx context.Context, f *cases.File) error {
	var last risk.Identification
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		last, err = c.Risk.Latest(ctx, tx, f)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return c.identify(ctx, f, max(1, last.Tally.Yes-c.random.IntN(5)), c.random.IntN(3),
		risk.Finding{Judgement: risk.NotHigh, Views: "Feels somewhat safer than before.", ReviewOn: c.Clock.Now().AddDate(0, 0, 42).Format(dateOnly)}, last.ID)
}
