package demo

import (
	"context"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// before is a time so many days before the demo begins, on the hour and minute.
func before(days, hour, minute int) time.Time {
	return time.Date(Start.Year(), Start.Month(), Start.Day()-days, hour, minute, 0, 0, time.UTC)
}

// ofNote plans the cases that the role cards lead to.
func (c *county) ofNote() {
	c.longCase()
	c.midway()
	c.inbox()
	c.small()
	c.asked()
	c.guarded()
}

// told is an enquiry that counts, in which somebody told of abuse.
func (c *county) told(setting, prompt string) enquiry.Enquiry {
	return enquiry.Enquiry{
		Setting: setting, On: c.today(), Prompts: []string{prompt}, Alone: enquiry.Yes, Private: enquiry.Yes, FeltSafe: enquiry.Yes,
		Asked: enquiry.Yes, Interpreter: enquiry.InterpreterNone, Said: []string{enquiry.Experiencing}, Types: []string{"psychological", "emotional"},
		Shape: "pattern", Relations: []string{"former_partner"}, Time: "current", Safe: enquiry.Yes, Children: enquiry.No,
		Wishes: "Wants to talk to somebody who knows about this.", WishesPresent: "nobody else",
	}
}

// opens begins a story with an enquiry.
func (c *county) opens(ctx context.Context, s *story, e enquiry.Enquiry, then func(context.Context, *cases.File) error) error {
	c.taken[s.person.GivenName+" "+s.person.FamilyName] = true
	return c.sitting(ctx, s.who, func(ctx context.Context, actor policy.Actor) error {
		f, _, err := c.Enquiry.Begin(ctx, actor, s.person, c.team(s.who), e)
		if err != nil {
			return err
		}
		s.file, s.told = f.ID(), e
		return then(ctx, f)
	})
}

// longCase is the case at Lighthouse with everything in it: received by
// referral, high risk, children, an interpreter, an overdue task, a review of
// risk that is out of date, and a long chronology with an entry that is
// disputed.
func (c *county) longCase() {
	met := &story{who: "otto.nurse", person: people.Details{
		GivenName: "Soraya", FamilyName: "Rahimi", Born: "1991-08-14", Gender: "woman", Language: "Dari",
		AccessNeeds: "Professional interpreter for Dari, a woman, and not one from the same town. Deaf in one ear: sit on her right.",
	}}
	c.plan(before(187, 14, 10), func(ctx context.Context) error {
		e := c.told("emergency_department", enquiry.Signs)
		e.Indicators, e.Interpreter, e.OperatorNumber = []string{"injury", "companion"}, enquiry.InterpreterProfessional, "417"
		e.Present, e.Types, e.Relations = []string{enquiry.WithInterpreter}, []string{"physical", "psychological"}, []string{"former_partner", "family"}
		e.Children, e.ChildrenNumber, e.Safe = enquiry.Yes, 3, enquiry.No
		e.SafetyDone, e.Acts = "Stayed on the ward until her sister came for her and the children.", []string{"safeguarding"}
		e.Wishes = "Wants a safe place for the children and somebody who speaks Dari."
		return c.opens(ctx, met, e, func(ctx context.Context, f *cases.File) error {
			n := c.packet(met, advocates)
			n.Safety, n.Said = "Stays with her sister for now. He knows the address.", "“I want a safe place for the children. I want to say it in my own language.”"
			n.Contact, n.Children = "Text to her sister's telephone only, in the morning. Never call.", "Three, aged 3 to 9. They are with her."
			share, err := c.send(ctx, f, n)
			if err != nil {
				return err
			}
			c.plan(before(187, 15, 40), func(ctx context.Context) error { return c.acknowledge(ctx, "rosa.idva", share) })
			c.plan(before(186, 9, 30), func(ctx context.Context) error { return c.longWork(ctx, met, share) })
			return nil
		})
	})
	c.plan(before(185, 10, 0), func(ctx context.Context) error {
		return c.clear(ctx, "nia.manager", met.file)
	})
}

func (c *county) longWork(ctx context.Context, met *story, share sharing.ID) error {
	id, err := c.take(ctx, "rosa.idva", share)
	if err != nil {
		return err
	}
	at := func(days, hour int, who string, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, 15), func(ctx context.Context) error { return c.visit(ctx, who, id, do) })
	}
	note := func(days int, who, on string, about bool, text string) {
		at(days, 11, who, func(ctx context.Context, f *cases.File) error {
			if on == "" {
				on = c.today()
			}
			return c.note(ctx, f, on, about, text)
		})
	}
	at(185, 10, "rosa.idva", func(ctx context.Context, f *cases.File) error { return c.longBegin(ctx, met, f) })
	c.longPlans(id)
	note(185, "rosa.idva", "2019", true, "Came to this country with her husband. His brother lived with them from the start.")
	note(185, "rosa.idva", "2023-03", true, "First time she left. Went back after two weeks because of the children's school.")
	note(184, "rosa.idva", "", false, "Interpreter booked for every meeting. Agreed that the same one comes, a woman from another town.")
	at(183, 15, "rosa.idva", func(ctx context.Context, f *cases.File) error {
		answer, err := c.Referral.Feedback(ctx, f, c.news("rosa.idva", "We have met her and work with her. Please do not call her; write to us."))
		c.plan(before(182, 8, 50), func(ctx context.Context) error { return c.acknowledge(ctx, "otto.nurse", answer) })
		return err
	})
	note(176, "rosa.idva", "", false, "Went through the plan for staying safe. She keeps a copy at her sister's.")
	c.plan(before(170, 9, 20), func(ctx context.Context) error {
		return c.handOver(ctx, &story{who: "rosa.idva", file: id}, "carl.manager", "lena.idva")
	})
	note(168, "lena.idva", "", false, "Met with the interpreter. She tells that he waited outside the school twice this week.")
	note(160, "lena.idva", "2025-12", true, "The school says that he came once and left when spoken to. She disputes this: she saw him there on two days.")
	note(150, "lena.idva", "", false, "Housing: on the list for a flat in another part of the county. Restricted address agreed with Exmoorland Homes.")
	at(140, 10, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.longRisk(ctx, f, 16, 2, risk.Finding{
			Judgement: risk.High, Reason: "He finds out where she is each time, and what he says he will do has become more exact.",
			Escalation: risk.Yes, EscalationEvidence: "Three times in January, once in November.",
			Repeat: risk.Yes, RepeatEvidence: "Spoken of at MARAC in December; new threats since.",
			Views: "“He will not stop. I am most afraid on the way to the school.”", ReviewOn: before(98, 9, 0).Format(dateOnly),
		})
	})
	note(139, "lena.idva", "", false, "The school lets the children in by the side gate, before the others.")
	note(120, "lena.idva", "", false, "Solicitor's appointment with the interpreter. She wants an order that keeps him away from the school.")
	at(110, 14, "lena.idva", func(ctx context.Context, f *cases.File) error {
		form := c.longContact()
		return c.safeContact(ctx, f, form)
	})
	note(96, "lena.idva", "", false, "The court granted the order. She was given a copy in Dari.")
	note(75, "lena.idva", "", false, "Moved into the new flat. The address is not written in this case.")
	at(60, 14, "lena.idva", func(ctx context.Context, f *cases.File) error { return c.safeContact(ctx, f, c.longContact()) })
	note(47, "lena.idva", "2026-04", true, "A cousin asked her sister where she lives. The sister said nothing.")
	note(26, "lena.idva", "", false, "The eldest sees the school counsellor every week and likes going.")
	at(4, 10, "lena.idva", func(ctx context.Context, f *cases.File) error {
		if err := c.note(ctx, f, c.today(), false, "He was seen near the new school. She kept the children at home for two days."); err != nil {
			return err
		}
		_, err := c.Referral.Offer(ctx, f, referral.NewOffer{
			Subject: referral.Experiencing, To: c.to(mind), Answer: referral.Undecided, Words: "Would like it if the interpreter can be there too.",
		})
		if err != nil {
			return err
		}
		return c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := c.Cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.SafetyFollowUp, Due: before(3, 9, 0).Format(dateOnly)})
			return err
		})
	})
	return nil
}

func (c *county) longBegin(ctx context.Context, met *story, f *cases.File) error {
	if err := c.safeContact(ctx, f, c.longContact()); err != nil {
		return err
	}
	for _, p := range []struct {
		role     cases.Role
		relation string
		d        people.Details
	}{
		{cases.Perpetrator, "Husband, separated", people.Details{GivenName: "Farid", FamilyName: "Rahimi", Born: "1986", Language: "Dari"}},
		{cases.Perpetrator, "Brother-in-law", people.Details{GivenName: "Nasir", FamilyName: "Rahimi"}},
		{cases.Child, "Daughter", people.Details{GivenName: "Laila", FamilyName: "Rahimi", Born: "2016-05"}},
		{cases.Child, "Son", people.Details{GivenName: "Idris", FamilyName: "Rahimi", Born: "2019-01"}},
		{cases.Child, "Son", people.Details{GivenName: "Sami", FamilyName: "Rahimi", Born: "2022-09"}},
		{cases.OtherParty, "Sister", people.Details{GivenName: "Mina", FamilyName: "Karimi"}},
	} {
		if err := c.party(ctx, f, p.role, p.relation, p.d); err != nil {
			return err
		}
	}
	err := c.longRisk(ctx, f, 15, 3, risk.Finding{
		Judgement: risk.High, Reason: "He has found her before, and his family looks for her with him.",
		Escalation: risk.Yes, EscalationEvidence: "Twice in the past month; before that, months lay between.",
		Repeat: risk.No, Views: "“I am not afraid for me. I am afraid for the children.”", ReviewOn: before(143, 9, 0).Format(dateOnly),
	})
	if err != nil {
		return err
	}
	c.plan(before(180, 16, 0), func(ctx context.Context) error { return c.clear(ctx, "rosa.idva", f.ID()) })
	c.plan(before(138, 16, 0), func(ctx context.Context) error { return c.clear(ctx, "lena.idva", f.ID()) })
	return nil
}

func (c *county) longContact() people.ContactForm {
	return people.ContactForm{
		Ways: []people.Way{
			{Channel: people.Text, Allowed: people.OnlyIf, Detail: "07700 900417", Conditions: "Her sister's telephone. In the morning on school days, in English, about “the appointment”"},
			{Channel: people.Mobile, Allowed: people.No, Conditions: "Her own telephone was set up by her husband"},
			{Channel: people.Post, Allowed: people.No},
			{Channel: people.Professional, Allowed: people.Yes, Detail: "01632 960417", Conditions: "Through the school's safeguarding lead"},
			{Channel: people.InPerson, Allowed: people.Yes, Conditions: "At the centre on Wednesdays, with the interpreter"},
		},
		NeverSpeak: "Her husband, his brother, or anybody who says they are a cousin", CodeWord: "pomegranate",
	}
}

func (c *county) longRisk(ctx context.Context, f *cases.File, yes, unknown int, finding risk.Finding) error {
	var last risk.Identification
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		last, err = c.Risk.Latest(ctx, tx, f)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return c.identify(ctx, f, yes, unknown, finding, last.ID)
}

// midway is the midwife's case in the middle of the journey: told, offered,
// sent, and acknowledged on Friday.
func (c *county) midway() {
	s := &story{who: "amira.nurse", person: people.Details{
		GivenName: "Carly", FamilyName: "Winstone", KnownAs: "Caz", Born: "1998-02-03", Gender: "woman", Language: "English",
	}}
	c.plan(before(10, 10, 20), func(ctx context.Context) error {
		e := c.told("antenatal", enquiry.Routine)
		e.Relations, e.Wishes = []string{"partner"}, "Wants to know what choices there are before the baby comes."
		e.Children, e.ChildrenNumber, e.Safe = enquiry.Yes, 1, enquiry.Yes
		return c.opens(ctx, s, e, func(ctx context.Context, f *cases.File) error {
			form := people.ContactForm{Ways: []people.Way{
				{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: "07700 900264", Conditions: "Between 10 and 2 on weekdays, as “the clinic”"},
				{Channel: people.Text, Allowed: people.No, Conditions: "He reads her messages"},
				{Channel: people.InPerson, Allowed: people.Yes, Conditions: "At every antenatal appointment, alone"},
			}, NeverSpeak: "Her partner"}
			if err := c.safeContact(ctx, f, form); err != nil {
				return err
			}
			if err := c.party(ctx, f, cases.Perpetrator, "Partner", people.Details{GivenName: "Dean", FamilyName: "Hobley"}); err != nil {
				return err
			}
			return c.party(ctx, f, cases.Child, "Son", people.Details{GivenName: "Alfie", FamilyName: "Winstone", Born: "2022"})
		})
	})
	c.atOncePlan(s)
	c.plan(before(6, 11, 5), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
			if err := c.note(ctx, f, "2025-11", true, "Says that it began around the time she knew that she was pregnant."); err != nil {
				return err
			}
			id, err := c.Referral.Offer(ctx, f, referral.NewOffer{
				Subject: referral.Experiencing, To: c.to(advocates), Answer: referral.Wants, Words: "“Yes, if they ring when he is at work.”",
			})
			if err != nil {
				return err
			}
			c.plan(before(4, 14, 45), func(ctx context.Context) error {
				return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
					n := c.packet(s, advocates)
					n.Offer, n.Version = id, 1
					n.Contact = "Mobile, weekdays between 10 and 2, as “the clinic”. No messages."
					n.Said = "“I want to know where I stand before the baby is here.”"
					share, err := c.send(ctx, f, n)
					if err != nil {
						return err
					}
					c.plan(before(3, 15, 50), func(ctx context.Context) error { return c.acknowledge(ctx, "lena.idva", share) })
					return nil
				})
			})
			return nil
		})
	})
}

// inbox are the referrals at Lighthouse, of which one waits, one is late, one
// was declined, and the newest was acknowledged and waits for an answer.
func (c *county) inbox() {
	c.sends(before(3, 15, 20), "joan.gp", "general_practice", people.Details{
		GivenName: "Halina", FamilyName: "Brzoza", Born: "1979-10-30", Gender: "woman", Language: "Polish",
		AccessNeeds: "Professional interpreter for Polish",
	}, advocates, nil)
	c.sends(before(7, 9, 50), "kim.housing", "housing", people.Details{GivenName: "Denise", FamilyName: "Pocock", Born: "1968", Gender: "woman", Language: "English"}, advocates, nil)
	c.sends(before(6, 16, 30), "otto.nurse", "emergency_department", people.Details{GivenName: "Marlon", FamilyName: "Greenidge", Born: "1988-01-19", Gender: "man", Language: "English"}, advocates,
		func(share sharing.ID) {
			c.plan(before(5, 9, 40), func(ctx context.Context) error { return c.acknowledge(ctx, "rosa.idva", share) })
			c.plan(before(4, 12, 10), func(ctx context.Context) error {
				return c.decline(ctx, "rosa.idva", share, referral.NotOurArea, "He moves to the next county this week; we gave him the number of the service there.")
			})
		})
	c.sends(before(1, 18, 10), "otto.nurse", "emergency_department", people.Details{GivenName: "Ottilie", FamilyName: "Penrose", Born: "1991-07-08", Gender: "woman", Language: "English"}, advocates,
		func(share sharing.ID) {
			c.plan(before(1, 18, 40), func(ctx context.Context) error { return c.acknowledge(ctx, "lena.idva", share) })
		})
}

// sends plans an enquiry and a referral in one sitting.
func (c *county) sends(at time.Time, who, setting string, d people.Details, to service, then func(sharing.ID)) {
	s := &story{who: who, person: d}
	c.plan(at, func(ctx context.Context) error {
		e := c.told(setting, enquiry.Raised)
		if d.Language != "English" {
			e.Interpreter, e.BookingRef, e.Present = enquiry.InterpreterProfessional, "EX-2231", []string{enquiry.WithInterpreter}
		}
		if to.agency == turnaround.agency {
			e.Said, e.Wishes, e.Relations = []string{enquiry.Perpetrating}, "Wants to change how he behaves before he loses his family.", []string{"partner"}
		}
		return c.opens(ctx, s, e, func(ctx context.Context, f *cases.File) error {
			share, err := c.send(ctx, f, c.packet(s, to))
			if err == nil && then != nil {
				then(share)
			}
			return err
		})
	})
}

// small are things that wait for the other role cards.
func (c *county) small() {
	man := people.Details{GivenName: "Terry", FamilyName: "Ashdown", Born: "1984", Gender: "man", Language: "English"}
	c.sends(before(3, 11, 30), "hal.mind", "mental_health", man, turnaround, nil)
	taken := people.Details{GivenName: "Joel", FamilyName: "Kerridge", Born: "1993", Gender: "man", Language: "English"}
	c.sends(before(11, 11, 30), "otto.nurse", "emergency_department", taken, turnaround, func(share sharing.ID) {
		c.plan(before(10, 9, 15), func(ctx context.Context) error { return c.acknowledge(ctx, "mo.turnaround", share) })
		c.plan(before(6, 9, 45), func(ctx context.Context) error {
			_, err := c.take(ctx, "mo.turnaround", share)
			return err
		})
	})
	for _, w := range []struct {
		who, setting string
		days         int
		d            people.Details
	}{
		{"sol.visitor", "childrens", 17, people.Details{GivenName: "Priscilla", FamilyName: "Njoroge", Born: "1996", Gender: "woman", Language: "English"}},
		{"amira.nurse", "antenatal", 14, people.Details{GivenName: "Tess", FamilyName: "Langford", Born: "1994", Gender: "woman", Language: "English"}},
	} {
		c.plan(before(w.days, 13, 5), func(ctx context.Context) error {
			e := enquiry.Enquiry{
				Setting: w.setting, On: c.today(), Prompts: []string{enquiry.Routine}, Alone: enquiry.No, Present: []string{enquiry.WithPartner},
				Private: enquiry.No, Asked: enquiry.No, WhyNot: "not_alone", Interpreter: enquiry.InterpreterNone,
			}
			return c.opens(ctx, &story{who: w.who, person: w.d}, e, func(context.Context, *cases.File) error { return nil })
		})
	}
	for _, w := range []struct {
		who, setting string
		d            people.Details
	}{
		{"dev.police", "police", people.Details{GivenName: "Rochelle", FamilyName: "Tapper", Born: "1990", Gender: "woman", Language: "English"}},
		{"ruth.social", "vulnerable_adults", people.Details{GivenName: "Winifred", FamilyName: "Coles", Born: "1944", Gender: "woman", Language: "English", AccessNeeds: "Step-free access"}},
		{"otto.nurse", "emergency_department", people.Details{GivenName: "Bronwen", FamilyName: "Laity", Born: "1998-04-22", Gender: "woman", Language: "English"}},
	} {
		c.plan(before(3, 10, 10), func(ctx context.Context) error {
			e := c.told(w.setting, enquiry.Raised)
			e.Safe, e.SafetyDone, e.Acts = enquiry.No, "Stays with her daughter for now.", []string{"safeguarding"}
			return c.opens(ctx, &story{who: w.who, person: w.d}, e, func(context.Context, *cases.File) error { return nil })
		})
	}
}
