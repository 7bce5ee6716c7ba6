package demo

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// shared is what shows the clock of a share, advice, and what is done after: one
// that nobody acknowledges this morning, one that was sent at once and justified
// after, and one that was asked about first, withdrawn, sent rightly and put right.
func (c *county) shared() {
	c.unacknowledged()
	c.sentAtOnce()
	c.askedFirst()
}

// starts begins a case from which something is shared.
func (c *county) starts(ctx context.Context, s *story, number string) error {
	c.taken[s.person.GivenName+" "+s.person.FamilyName] = true
	return c.sitting(ctx, s.who, func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: s.person, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team(s.who)})
		if err != nil {
			return err
		}
		s.file = f.ID()
		return c.safeContact(ctx, f, c.busyContact(number))
	})
}

// unacknowledged is urgent, and nobody at the outreach team has confirmed it: their
// manager has seen to it, and the key contact is asked too by now.
func (c *county) unacknowledged() {
	s := &story{who: "amira.nurse", person: people.Details{GivenName: "Odessa", FamilyName: "Tranmere", Born: "1995-10-02", Gender: "woman", Language: "English"}}
	var share sharing.ID
	c.plan(before(0, 6, 38), func(ctx context.Context) error { return c.starts(ctx, s, "07700 900481") })
	c.plan(before(0, 6, 44), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) (err error) {
			n := c.herPacket(s, outreach)
			n.Share.Urgent, n.Why = true, "Goes home at noon, and asks that somebody from your team meets her before."
			n.Share.Danger = "He collects her at the door. Nobody should ask for her by name at the desk."
			n.Share.Views.How = "Told on her own at six this morning."
			share, err = c.send(ctx, f, n)
			return err
		})
	})
	c.plan(before(0, 8, 34), func(ctx context.Context) error {
		return c.atOnce(ctx, s, "She has nowhere to sleep tonight, and must not go back to the flat.")
	})
	c.plan(before(0, 8, 5), func(ctx context.Context) error {
		return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
			return c.Sharing.Chase(ctx, actor, share, "Called the outreach worker: she is on the road and reads it at half past nine.")
		})
	})
}

// sentAtOnce went without a word on its basis, and the reasons followed.
func (c *county) sentAtOnce() {
	s := &story{who: "otto.nurse", person: people.Details{GivenName: "Delphine", FamilyName: "Ackroyd", Born: "1978-01-19", Gender: "woman", Language: "English"}}
	var share sharing.ID
	c.plan(before(3, 22, 2), func(ctx context.Context) error { return c.starts(ctx, s, "07700 900482") })
	c.plan(before(3, 22, 9), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) (err error) {
			n := c.herPacket(s, service{"council", "adults", nil})
			n.Why = "He is in the waiting room and asks which cubicle she is in. She cannot go home tonight."
			n.Share.ActNow, n.Share.Basis, n.Share.Rationale, n.Share.Views = true, "", "", sharing.Views{}
			share, err = c.send(ctx, f, n)
			return err
		})
	})
	c.plan(before(3, 22, 25), func(ctx context.Context) error { return c.acknowledge(ctx, "ruth.social", share) })
	c.plan(before(2, 7, 10), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
			return c.Sharing.Justify(ctx, f, share, sharing.Justification{
				Basis: sharing.VitalInterests, Rationale: "He had followed her to the hospital and there was no time. Only what the duty worker needed to find her a place went.",
				Views: "Asked afterwards, on her own: she was glad, and wants to be asked first the next time.",
			})
		})
	})
}

// askedFirst was put to the key contact, sent to the wrong team and withdrawn, sent
// rightly, and put right on the day after. Another question waits this morning.
func (c *county) askedFirst() {
	// The service wants its managers asked sooner than the others.
	c.plan(before(6, 9, 5), func(ctx context.Context) error {
		return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
			settings := c.Sharing.Starting()
			settings.UrgentManager = 45
			return c.Sharing.Configure(ctx, actor, settings)
		})
	})
	s := &story{who: "amira.nurse", person: people.Details{GivenName: "Isolde", FamilyName: "Fairweather", Born: "1998-05-27", Gender: "woman", Language: "English"}}
	var advice sharing.AdviceID
	var share sharing.ID
	var sent referral.ID
	visit := func(days, hour, minute int, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, minute), func(ctx context.Context) error { return c.visit(ctx, s.who, s.file, do) })
	}
	c.plan(before(5, 10, 4), func(ctx context.Context) error { return c.starts(ctx, s, "07700 900483") })
	visit(5, 10, 30, func(ctx context.Context, f *cases.File) (err error) {
		advice, err = c.Sharing.AskAdvice(ctx, f, string(c.agency["lighthouse"].ID), "She agrees to a referral, and asks that nobody learns which ward she is on. May I leave that out, although they will ask?")
		return err
	})
	c.plan(before(4, 9, 15), func(ctx context.Context) error {
		return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
			if _, err := c.Sharing.Advice(ctx, actor, advice); err != nil {
				return err
			}
			return c.Sharing.Advise(ctx, actor, advice, sharing.SayLess, "Yes. They need a way to reach her, and not where she lies. Write that she will call them.")
		})
	})
	visit(4, 10, 40, func(ctx context.Context, f *cases.File) (err error) {
		n := c.herPacket(s, outreach)
		n.Contact = "She will call you. Do not call or write."
		sent, err = c.Referral.Send(ctx, f, n)
		return err
	})
	visit(4, 11, 2, func(ctx context.Context, f *cases.File) error {
		r, err := c.Referral.Get(ctx, f, sent)
		if err != nil {
			return err
		}
		return c.Referral.Withdraw(ctx, f, sent, r.Version, "Sent to the outreach team; she wants an advocate.")
	})
	visit(4, 11, 10, func(ctx context.Context, f *cases.File) (err error) {
		n := c.herPacket(s, advocates)
		n.Contact = "She will call you from 07700 900484. Do not call or write."
		share, err = c.send(ctx, f, n)
		return err
	})
	c.plan(before(4, 13, 20), func(ctx context.Context) error { return c.acknowledge(ctx, "rosa.idva", share) })
	visit(3, 9, 20, func(ctx context.Context, f *cases.File) error {
		held, err := c.Sharing.Copy(ctx, f, share)
		if err != nil {
			return err
		}
		fix := sharing.NewCorrection{Wrong: "The number she calls from was wrong.", Items: held.Content.Items, Override: "She calls this morning from the right one."}
		for i := range fix.Items {
			if fix.Items[i].Kind == sharing.ContactItem {
				fix.Items[i].Text = "She will call you from 07700 900485. Do not call or write."
			}
		}
		_, err = c.Sharing.Correct(ctx, f, share, fix)
		return err
	})
	c.plan(before(0, 8, 37), func(ctx context.Context) error {
		return c.atOnce(ctx, s, "Her mother called: he has been to the house and took the spare key. She is on her way there.")
	})
	visit(0, 8, 40, func(ctx context.Context, f *cases.File) error {
		_, err := c.Sharing.AskAdvice(ctx, f, string(c.agency["schools"].ID), "Her son's school asks us whether he is safe at home. What may I tell them, and must she be asked first?")
		return err
	})
}

// atOnce goes to adult social care this morning. The reasons are not written down
// yet.
func (c *county) atOnce(ctx context.Context, s *story, why string) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		n := c.herPacket(s, service{"council", "adults", nil})
		n.Why, n.Share.ActNow, n.Share.Basis, n.Share.Rationale, n.Share.Views = why, true, "", "", sharing.Views{}
		_, err := c.send(ctx, f, n)
		return err
	})
}

// herPacket is what a referral of somebody who experiences abuse tells.
func (c *county) herPacket(s *story, to service) referral.NewReferral {
	n := c.packet(s, to)
	n.Subject, n.Why = referral.Experiencing, "Told us of abuse and wants support that we cannot give."
	n.Share.Protects, n.Share.Harm = "Her", "More abuse by somebody close to her"
	return n
}

// lookAt has the key contact of whoever sent something look at it on the next
// working day, where no agreement was in force.
func (c *county) lookAt(from string) {
	code := c.members[from].Agency
	who := contacts[code]
	day := c.Clock.Now().AddDate(0, 0, 1)
	for !working(day) {
		day = day.AddDate(0, 0, 1)
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 15, 30, 0, 0, time.UTC)
	key := code + at.Format(dateOnly)
	if who == "" || c.looked[key] {
		return
	}
	c.looked[key] = true
	c.plan(at, func(ctx context.Context) error {
		return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
			list, err := c.Sharing.ToReview(ctx, actor)
			if err != nil {
				return fmt.Errorf("what left without an agreement: %w", err)
			}
			for _, o := range list {
				if o.Kind != sharing.Unagreed || c.Clock.Now().Sub(o.At) < 20*time.Hour {
					continue
				}
				if err := c.Sharing.Review(ctx, actor, o.Share, sharing.MendRule, "It was no more than the service needed. An agreement is being written."); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// sender is the user name of an actor.
func (c *county) sender(account string) string {
	for name, a := range c.actors {
		if a.Account == account {
			return name
		}
	}
	return ""
}
