package demo

import (
	"context"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
	"waymark/internal/registers/training"
)

// guarded are the cases that show who may see what: one that is restricted,
// one that was opened in an emergency, and one that is not there for a
// colleague who lives with one of its people.
func (c *county) guarded() {
	c.restricted()
	c.inEmergency()
	c.shutOut()
	c.counts()
}

// counts is what the hospital has decided that other training counts as.
func (c *county) counts() {
	c.plan(before(300, 9, 0), func(ctx context.Context) error {
		return c.sitting(ctx, "nia.manager", func(ctx context.Context, actor policy.Actor) error {
			return c.Training.Decide(ctx, actor, training.Equivalent{
				Training: "Safeguarding week of the emergency department (fictional)", Level: training.Asks, FromOn: before(400, 0, 0).Format(dateOnly),
			})
		})
	})
}

// restricted is the emergency department's case that only its nurse works on.
func (c *county) restricted() {
	s := &story{who: "otto.nurse", person: people.Details{GivenName: "Corinne", FamilyName: "Abbey", Born: "1986-02-11", Gender: "woman", Language: "English"}}
	c.plan(before(20, 21, 30), func(ctx context.Context) error {
		e := c.told("emergency_department", enquiry.Signs)
		e.Indicators = []string{"injury"}
		return c.opens(ctx, s, e, func(ctx context.Context, f *cases.File) error {
			return c.party(ctx, f, cases.Perpetrator, "Husband", people.Details{GivenName: "Neil", FamilyName: "Abbey", Born: "1984"})
		})
	})
	c.plan(before(19, 8, 40), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
			return c.Cases.Restrict(ctx, f, f.Version(), nil, "Her husband's sister works on the wards and has asked colleagues about her.")
		})
	})
}

// inEmergency is a case that two colleagues opened at night: the one time has
// been reviewed, the other waits for the key contact.
func (c *county) inEmergency() {
	s := &story{who: "fay.clinic", person: people.Details{GivenName: "Leonie", FamilyName: "Marsden", Born: "1999-09-03", Gender: "woman", Language: "English"}}
	var number int64
	c.plan(before(58, 11, 5), func(ctx context.Context) error {
		return c.opens(ctx, s, c.told("sexual_health", enquiry.Routine), func(_ context.Context, f *cases.File) error {
			number = f.Number()
			return nil
		})
	})
	take := func(days, hour int, who string, n cases.NewEmergency) {
		c.plan(before(days, hour, 20), func(ctx context.Context) error {
			return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
				n.Number = number
				id, err := c.Cases.TakeEmergencyAccess(ctx, actor, n)
				if err != nil {
					return err
				}
				_, err = c.Cases.Open(ctx, actor, id, cases.Emergency)
				return err
			})
		})
	}
	take(40, 2, "otto.nurse", cases.NewEmergency{
		Reason: cases.PersonIsHere, Words: "Brought in by ambulance, alone, and asks for the nurse of the clinic, who is off duty.", Reach: false,
	})
	c.plan(before(39, 9, 30), func(ctx context.Context) error {
		return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
			notices, err := c.Cases.Notices(ctx, actor, 10)
			if err != nil {
				return err
			}
			for _, n := range notices {
				if n.Number != number || n.Kind != cases.NoticeEmergency {
					continue
				}
				v, err := c.Cases.NoticeFor(ctx, actor, n.ID)
				if err != nil {
					return err
				}
				err = c.Cases.ReviewEmergency(ctx, v, cases.Justified, "Spoke to the nurse on duty. The patient was there, asked for help and was glad not to have to tell it again.")
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	c.plan(before(39, 10, 10), func(ctx context.Context) error { return c.clear(ctx, s.who, s.file) })
	take(1, 22, "bea.midwife", cases.NewEmergency{
		Reason: cases.DangerNow, Words: "A neighbour called the ward: shouting at her flat, and the police ask what is known.", Reach: true,
	})
}

// shutOut is a case of the maternity team that is not there for one of its
// midwives: she lives at the same address as somebody in it.
func (c *county) shutOut() {
	home := people.Address{House: "7 Fictional Row", Postcode: "EX99 7ZZ"}
	c.plan(before(90, 8, 30), func(ctx context.Context) error {
		return c.sitting(ctx, "bea.midwife", func(ctx context.Context, actor policy.Actor) error {
			return c.Cases.Particulars(ctx, actor, people.Details{}, home)
		})
	})
	s := &story{who: "amira.nurse", person: people.Details{GivenName: "Gemma", FamilyName: "Tolliver", Born: "1992-06-17", Gender: "woman", Language: "English"}}
	c.plan(before(12, 10, 45), func(ctx context.Context) error {
		return c.opens(ctx, s, c.told("antenatal", enquiry.Routine), func(ctx context.Context, f *cases.File) error {
			return c.Cases.RecordHome(ctx, f, f.Person(), people.Home{Address: home})
		})
	})
	c.requests("amira.nurse", "Tolliver", cases.NewRequest{
		Kind: cases.Withdrawal, Came: cases.OnThePhone, Words: "“Please do not call me any more. It was all a misunderstanding.”",
		Present: "A man's voice in the room, telling her what to say.",
	})
	c.requests("amira.nurse", "Winstone", cases.NewRequest{
		Kind: cases.RecordAccess, Came: cases.ThroughOther, Words: "A man who says that he is her partner asks at the desk for a copy of her notes.",
		Present: "She was not there.",
	})
	c.requests("lena.idva", "Rahimi", cases.NewRequest{
		Kind: cases.AddressChange, Came: cases.InWriting, Words: "An email in English, signed with her name, asks to send letters to her old address from now on.",
		Present: "It cannot be known who wrote it.",
	})
	c.plan(before(2, 17, 0), func(ctx context.Context) error {
		return c.sitting(ctx, "fay.clinic", func(ctx context.Context, actor policy.Actor) error {
			return c.Cases.AskForSupport(ctx, actor, c.actors["amira.nurse"].Account, "May I talk to you about something at home? Not here, and please tell nobody.")
		})
	})
}

// requests is a request that came on the last morning, to a case that somebody
// sees.
func (c *county) requests(who, family string, n cases.NewRequest) {
	c.plan(before(0, 7, 45), func(ctx context.Context) error {
		return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
			rows, err := c.Cases.Caseload(ctx, actor, cases.All, nil, 500)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if r.Details.FamilyName != family {
					continue
				}
				f, err := c.Cases.Open(ctx, actor, r.ID, cases.Care)
				if err != nil {
					return err
				}
				return c.Cases.Receive(ctx, f, n)
			}
			return fmt.Errorf("%s has no case of %s", who, family)
		})
	})
}
