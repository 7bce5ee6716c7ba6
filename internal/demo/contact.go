package demo

import (
	"context"
	"errors"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/referral"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// story is what the generator knows of one file of the agency that met the
// person first.
type story struct {
	desk   desk
	who    string // who works with it now
	file   cases.ID
	person people.Details
	told   enquiry.Enquiry
}

func (c *county) team(who string) string {
	if t := c.actors[who].Teams; len(t) > 0 {
		return t[0]
	}
	return ""
}

func (c *county) today() string { return c.Clock.Now().Format(dateOnly) }

// meet is a first contact.
func (c *county) meet(ctx context.Context, d desk) error {
	s := &story{desk: d, who: d.who, person: c.somebody(c.chance(d.women))}
	e := c.ask(d, s.person)
	return c.sitting(ctx, d.who, func(ctx context.Context, actor policy.Actor) error {
		f, _, err := c.Enquiry.Begin(ctx, actor, s.person, c.team(d.who), e)
		if err != nil {
			return err
		}
		s.file, s.told = f.ID(), e
		return c.afterMeeting(ctx, s, f, e)
	})
}

// afterMeeting is what follows from an enquiry in the same sitting, and what
// is planned.
func (c *county) afterMeeting(ctx context.Context, s *story, f *cases.File, e enquiry.Enquiry) error {
	now := c.Clock.Now()
	if counts, _ := enquiry.Counts(e); !counts && !e.Disclosed() && c.chance(88) {
		c.plan(c.later(now, 6, 9), func(ctx context.Context) error { return c.askAgain(ctx, s) })
	}
	if !e.Disclosed() {
		return nil
	}
	if c.chance(72) {
		if err := c.safeContact(ctx, f, c.answersAboutContact(s.person)); err != nil {
			return err
		}
	}
	if err := c.others(ctx, s, f); err != nil {
		return err
	}
	// Of the last weeks some acts still wait for their review.
	if e.ActedNow() && now.Before(Start.AddDate(0, 0, -75)) {
		c.plan(c.later(now, 1, 2), func(ctx context.Context) error { return c.tidy(ctx, c.reviewer(s), s.file, cases.ReviewActNow) })
	}
	c.plan(c.later(now, 0, 2), func(ctx context.Context) error { return c.support(ctx, s) })
	c.plan(c.later(now, 5, 9), func(ctx context.Context) error { return c.tidy(ctx, s.who, s.file) })
	if c.chance(45) {
		c.plan(c.later(now, 12, 40), func(ctx context.Context) error { return c.seeAgain(ctx, s) })
	}
	if f.Agency() == string(c.agency["hospital"].ID) && c.chance(16) {
		c.plan(c.later(now, 10, 20), func(ctx context.Context) error { return c.handOver(ctx, s, "nia.manager", c.colleague(s.who)) })
	}
	return nil
}

func (c *county) colleague(who string) string {
	switch who {
	case "amira.nurse":
		return "bea.midwife"
	case "bea.midwife":
		return "amira.nurse"
	case "lena.idva":
		return "rosa.idva"
	case "rosa.idva":
		return "lena.idva"
	}
	return ""
}

// reviewer is who looks at what was done at once: the manager, where the
// agency has one.
func (c *county) reviewer(s *story) string {
	if c.members[s.who].Agency == "hospital" {
		return "nia.manager"
	}
	return s.who
}

// ask makes up what happened at a contact.
func (c *county) ask(d desk, p people.Details) enquiry.Enquiry {
	e := enquiry.Enquiry{
		Setting: d.setting, On: c.today(), Prompts: []string{d.prompt},
		Alone: enquiry.Yes, Private: enquiry.Yes, FeltSafe: enquiry.Yes, Asked: enquiry.Yes, Interpreter: enquiry.InterpreterNone,
	}
	if d.prompt == enquiry.Signs || d.prompt == enquiry.Routine && c.chance(10) {
		e.Indicators = []string{pick(c, enquiry.Indicators[:13]).Code}
	}
	if c.chance(8) {
		e.Present = []string{enquiry.WithBaby}
	}
	interpreted := p.AccessNeeds != "" && p.Language != "English"
	if interpreted {
		e.Interpreter, e.Present = enquiry.InterpreterProfessional, append(e.Present, enquiry.WithInterpreter)
		if c.chance(50) {
			e.BookingRef = fmt.Sprintf("EX-%04d", 1000+c.random.IntN(9000))
		} else {
			e.OperatorNumber = fmt.Sprintf("%03d", 100+c.random.IntN(900))
		}
	}
	switch n := c.random.IntN(100); {
	case n < 7:
		e.Asked, e.Alone, e.WhyNot, e.Present = enquiry.No, enquiry.No, "not_alone", []string{enquiry.WithPartner}
		e.Private, e.FeltSafe = enquiry.No, ""
	case n < 10:
		e.Asked, e.WhyNot, e.Private, e.FeltSafe = enquiry.No, pick(c, []string{"not_private", "emergency", "not_safe"}), enquiry.No, ""
	case n < 13:
		e.Alone, e.Present = enquiry.No, []string{pick(c, []string{enquiry.WithPartner, enquiry.WithFamily})}
	case interpreted && n < 33:
		e.Interpreter, e.BookingRef, e.OperatorNumber = enquiry.InterpreterRelative, "", ""
		e.Alone, e.Present = enquiry.No, []string{enquiry.WithFamily}
	default:
		c.tell(d, &e)
		return e
	}
	if e.Asked == enquiry.Yes {
		e.Said = []string{enquiry.Neither}
	}
	return e
}

// tell makes up what somebody said who was asked alone.
func (c *county) tell(d desk, e *enquiry.Enquiry) {
	switch n := c.random.IntN(100); {
	case n < d.tells:
		c.experiencing(e)
	case n < d.tells+d.harms:
		c.perpetrating(e)
	case n > 95:
		e.Said = []string{enquiry.Declined}
	default:
		e.Said = []string{enquiry.Neither}
	}
}

func (c *county) experiencing(e *enquiry.Enquiry) {
	e.Said = []string{enquiry.Experiencing}
	e.Types = pick(c, [][]string{
		{"psychological", "emotional"},
		{"physical", "emotional"},
		{"financial", "psychological"},
		{"psychological"},
		{"physical", "sexual"},
		{"honour", "emotional"},
		{"emotional", "financial"},
	})
	e.Shape = pick(c, []string{"pattern", "pattern", "pattern", "incident", enquiry.NotKnown})
	e.Relations = []string{pick(c, []string{"partner", "partner", "former_partner", "former_partner", "family"})}
	e.Time = pick(c, []string{"current", "current", "recent", "historic", enquiry.NotKnown})
	e.Wishes = pick(c, []string{
		"Wants to talk to somebody who knows about this.", "Wants to think about it first.",
		"Wants to know what choices there are.", "Wants help with a safe place to live.", "Wants it to stop and to stay where they are.",
	})
	e.WishesPresent = "nobody else"
	if c.chance(45) {
		e.Children, e.ChildrenNumber = enquiry.Yes, 1+c.random.IntN(3)
	} else {
		e.Children = enquiry.No
	}
	e.Safe = enquiry.Yes
	switch n := c.random.IntN(100); {
	case e.Time == "historic" || n < 70:
	case n < 82:
		e.Safe = enquiry.NotKnown
	case n < 92:
		e.Safe, e.SafetyDone = enquiry.No, "Stays with a friend tonight. Has the helpline's number."
	default:
		e.Safe, e.SafetyDone, e.Acts = enquiry.No, "Did not leave until a safe place was found.", []string{pick(c, []string{"safe_place", "safeguarding", "999"})}
	}
}

func (c *county) perpetrating(e *enquiry.Enquiry) {
	e.Said, e.Types, e.Shape = []string{enquiry.Perpetrating}, []string{pick(c, []string{"psychological", "physical", "emotional"})}, "pattern"
	e.Relations, e.Time = []string{pick(c, []string{"partner", "former_partner"})}, pick(c, []string{"current", "recent"})
	e.Wishes, e.WishesPresent = "Wants to change how they behave.", "nobody else"
	e.Safe = enquiry.NotKnown
}

// askAgain is asking somebody who was not asked by the rules before.
func (c *county) askAgain(ctx context.Context, s *story) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		e := enquiry.Enquiry{
			Setting: s.desk.setting, On: c.today(), Prompts: []string{s.desk.prompt}, Alone: enquiry.Yes, Private: enquiry.Yes,
			FeltSafe: enquiry.Yes, Asked: enquiry.Yes, Interpreter: enquiry.InterpreterNone,
		}
		if s.person.Language != "English" {
			e.Interpreter, e.BookingRef = enquiry.InterpreterProfessional, fmt.Sprintf("EX-%04d", 1000+c.random.IntN(9000))
			e.Present = []string{enquiry.WithInterpreter}
		}
		c.tell(s.desk, &e)
		if _, err := c.Enquiry.Record(ctx, f, e); err != nil {
			return err
		}
		s.told = e
		if !e.Disclosed() && c.chance(60) {
			if err := c.safeContact(ctx, f, c.answersAboutContact(s.person)); err != nil {
				return err
			}
		} else if !e.Disclosed() {
			c.plan(c.later(c.Clock.Now(), 0, 3), func(ctx context.Context) error { return c.clear(ctx, s.who, s.file) })
		}
		return c.afterMeeting(ctx, s, f, e)
	})
}

// safeContact records what somebody said about reaching them.
func (c *county) safeContact(ctx context.Context, f *cases.File, form people.ContactForm) error {
	return c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := c.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		form.Version = p.Version
		if err := c.People.RecordSafeContact(ctx, tx, f.Permit(), p, form); err != nil {
			return err
		}
		if err := c.Cases.FinishTasks(ctx, tx, f, cases.AskSafeContact, "safe contact was recorded"); err != nil {
			return err
		}
		_, err = c.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.ContactRecorded, On: tx.Now().Format(dateOnly)})
		return err
	})
}

// party adds somebody to a file.
func (c *county) party(ctx context.Context, f *cases.File, role cases.Role, relation string, d people.Details) error {
	return c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := c.Cases.AddParty(ctx, tx, f, role, relation, d)
		return err
	})
}

// note writes a note; on may be a day, a month or a year.
func (c *county) note(ctx context.Context, f *cases.File, on string, about bool, text string) error {
	return c.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := c.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: on, About: about, Text: text})
		return err
	})
}

// others adds the other people of a file.
func (c *county) others(ctx context.Context, s *story, f *cases.File) error {
	if !s.told.Says(enquiry.Experiencing) {
		return nil
	}
	if c.chance(45) {
		relation := map[string]string{"partner": "Partner", "former_partner": "Former partner", "family": "Brother-in-law"}[s.told.Relations[0]]
		d := people.Details{GivenName: pick(c, mensNames), FamilyName: pick(c, familyNames)}
		if s.person.Gender == "man" {
			d.GivenName = pick(c, womensNames)
		}
		if err := c.party(ctx, f, cases.Perpetrator, relation, d); err != nil {
			return err
		}
		if c.chance(12) {
			second := people.Details{GivenName: pick(c, mensNames), FamilyName: d.FamilyName}
			if err := c.party(ctx, f, cases.Perpetrator, "Brother of the partner", second); err != nil {
				return err
			}
		}
	}
	if s.told.Children != enquiry.Yes || c.chance(50) {
		return nil
	}
	for range s.told.ChildrenNumber {
		if err := c.party(ctx, f, cases.Child, "Child", c.child(s.person.FamilyName)); err != nil {
			return err
		}
	}
	return nil
}

// done is what is written when a task is cleared.
var done = map[cases.TaskKind]string{
	cases.AskAgain:        "Asked at the next appointment.",
	cases.AskSafeContact:  "Spoken about at the appointment; they prefer to contact us.",
	cases.SafetyFollowUp:  "Spoken to the next day. They were safe and had somewhere to stay.",
	cases.IdentifyRisk:    "Asked the specialist service to identify risk.",
	cases.ReviewRisk:      "Looked at again together with the person.",
	cases.FollowUpRisk:    "Asked at the next meeting.",
	cases.OfferReferral:   "Talked about what there is. They want to think about it.",
	cases.ConsiderMARAC:   "Talked through with the manager; the MARAC coordinator was told.",
	cases.ReviewActNow:    "Reviewed. It was right to act at once; the reasons are written down.",
	cases.GiveFeedback:    "The referrer was told by telephone.",
	cases.FirstContact:    "Reached them in the way that was agreed.",
	cases.TakeOver:        "Read the case and spoke to whoever held it before.",
	cases.ReferElsewhere:  "Offered another service, which has room.",
	cases.EmergencyUsed:   "Looked at what was done under the emergency access, and spoke to the colleague.",
	cases.ConfirmRequest:  "Spoke to them on their own.",
	cases.ReviewUnsafeTel: "They were told on their own.",
	cases.ReadAdvice:      "Read, and shared as advised.",
	cases.ReadCorrection:  "Read, and corrected here.",
}

// tidy clears what is due in a file: all of it, or tasks of one kind. Of what
// fell due lately, much is left to do.
func (c *county) tidy(ctx context.Context, who string, id cases.ID, only ...cases.TaskKind) error {
	recent := c.Clock.Now().After(Start.AddDate(0, 0, -28))
	return c.finish(ctx, who, id, func(t cases.Task) bool {
		switch {
		case t.Kind == cases.ReviewRisk, t.Kind == cases.FollowUpRisk:
			return false // looking again clears them
		case t.Due > c.today() || len(only) > 0 && t.Kind != only[0]:
			return false
		case len(only) == 0 && t.Kind == cases.ReviewActNow:
			return false // that is for somebody else than who acted
		case len(only) == 0 && recent && c.chance(40):
			return false
		}
		return !c.chance(2)
	})
}

// clear clears everything that is to be done in a file.
func (c *county) clear(ctx context.Context, who string, id cases.ID) error {
	return c.finish(ctx, who, id, func(cases.Task) bool { return true })
}

func (c *county) finish(ctx context.Context, who string, id cases.ID, which func(cases.Task) bool) error {
	return c.visit(ctx, who, id, func(ctx context.Context, f *cases.File) error {
		var tasks []cases.Task
		err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			tasks, err = c.Cases.Tasks(ctx, tx, f)
			return err
		})
		if err != nil {
			return err
		}
		for _, t := range tasks {
			// What is done on a page of its own is not cleared by a note.
			if t.Kind.Place() != "" || !which(t) {
				continue
			}
			err := c.Cases.FinishTask(ctx, f, t.ID, done[t.Kind])
			if err != nil && !errors.Is(err, cases.ErrOwnReview) {
				return err
			}
		}
		return nil
	})
}

// seeAgain is a later appointment.
func (c *county) seeAgain(ctx context.Context, s *story) error {
	return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
		on, about := c.today(), false
		if c.chance(35) {
			on, about = c.Clock.Now().AddDate(0, -3-c.random.IntN(20), 0).Format("2006-01"), true
		}
		text := pick(c, []string{
			"Spoke on their own. No change.", "Says that things are calmer; wants to keep the next appointment.",
			"Missed an appointment. Not called, because it is not safe to.", "Talked about the plan for staying safe.",
			"Says that they were kept from seeing family for some weeks.", "Asked about help with money of their own.",
		})
		if err := c.note(ctx, f, on, about, text); err != nil {
			return err
		}
		if c.chance(40) {
			return c.safeContact(ctx, f, c.answersAboutContact(s.person))
		}
		return nil
	})
}

// handOver gives a file to a colleague.
func (c *county) handOver(ctx context.Context, s *story, manager, to string) error {
	if to == "" {
		return nil
	}
	err := c.visit(ctx, manager, s.file, func(ctx context.Context, f *cases.File) error {
		return c.Cases.HandOver(ctx, c.actors[manager], f.ID(), f.Version(), cases.To{Account: c.actors[to].Account},
			pick(c, []string{"On leave for three weeks", "Moves to another clinic", "The person asked for another worker"}))
	})
	if err != nil {
		return err
	}
	s.who = to
	c.plan(c.later(c.Clock.Now(), 1, 3), func(ctx context.Context) error { return c.tidy(ctx, to, s.file) })
	return nil
}

func subject(e enquiry.Enquiry) referral.Subject {
	if e.Says(enquiry.Experiencing) {
		return referral.Experiencing
	}
	return referral.Perpetrating
}
