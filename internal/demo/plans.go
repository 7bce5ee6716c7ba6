package demo

import (
	"context"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// wrote are answers of a plan, by question.
func wrote(pairs ...string) forms.Answers {
	a := forms.Answers{}
	for i := 0; i+1 < len(pairs); i += 2 {
		a.Set(pairs[i], pairs[i+1])
	}
	return a
}

// makePlan makes a version of a plan that begins from the last one. Who was
// there and when it is looked at again stand in n.
func (c *county) makePlan(ctx context.Context, f *cases.File, n safetyplan.NewPlan) (safetyplan.ID, error) {
	var last safetyplan.Plan
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		last, err = c.Plans.Latest(ctx, tx, f)
		return err
	})
	if err == nil {
		answers := c.Plans.Answers(last)
		for link, answer := range n.Answers {
			answers[link] = answer
		}
		n.Answers, n.After = answers, last.ID
	}
	if n.Made == "" {
		n.Made = safetyplan.Together
	}
	return c.Plans.Make(ctx, f, n)
}

// dayBefore is a day so many days before the demo begins; below nought, after.
func dayBefore(days int) string { return before(days, 9, 0).Format(dateOnly) }

// longPlans are the plans of the long case: a page that was kept at her
// sister's, one that was read out, a card, and a change that waits.
func (c *county) longPlans(id cases.ID) {
	at := func(days, hour int, who string, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, 40), func(ctx context.Context) error { return c.visit(ctx, who, id, do) })
	}
	var first safetyplan.ID
	at(176, 11, "rosa.idva", func(ctx context.Context, f *cases.File) (err error) {
		first, err = c.makePlan(ctx, f, safetyplan.NewPlan{
			Answers: wrote(
				"danger.fear", "“He will find me. He always does. On Fridays, when he has been with his brother.”",
				"danger.worse", "When family visits. When a letter from the court comes.",
				"danger.worked", "Saying little. Having the children asleep. Her sister ringing at nine.",
				"signs.seen", "He stops talking. He asks where the telephone is.",
				"near.do", "Takes the children into the room at the front and rings her sister.",
				"near.rooms", "The front room. Not the kitchen, not the bathroom.",
				"near.out", "The front door by day; by night the neighbour's side, the key is on the hook.",
				"during.call", "The eldest goes to the neighbour. She says “the water is off”.",
				"people.who", "Mina knows all of it. The neighbour knows that he shouts.",
				"ready.bag", "A school bag with clothes for two days, at Mina's.",
				"ready.papers", "Passports of the children, at Mina's. Her own he has.",
				"children.part", "Laila, 9: goes to the neighbour and stays there. Idris, 7: stays with Laila. Sami, 3: is carried.",
				"children.school", "Nobody but her and Mina fetches them.",
				"devices.phone", "Her own was set up by him. She uses Mina's.",
				"holders.who", "Mina. The school's safeguarding lead knows the part about fetching.",
				"holders.keep", "trusted",
				"apart.places", "Mina's, second floor. If that is watched: the school office in the daytime.",
				"apart.word", "pomegranate", "apart.means", "Whoever hears it rings 999 and says nothing to him.",
			),
			Present: "Soraya, the interpreter for Dari", Views: "“It is good that it is in my words.”", ReviewOn: dayBefore(141),
			Copy: safetyplan.Page, CopyWhy: "At her sister's, in the drawer with the school papers. He does not go there.",
		})
		if err != nil {
			return err
		}
		if _, err := c.Plans.Print(ctx, f, first, safetyplan.Page); err != nil {
			return err
		}
		return c.Plans.Give(ctx, f, first, safetyplan.Page, c.today())
	})
	at(139, 15, "lena.idva", func(ctx context.Context, f *cases.File) error {
		id, err := c.makePlan(ctx, f, safetyplan.NewPlan{
			Answers: wrote(
				"danger.fear", "“He will not stop. I am most afraid on the way to the school.”",
				"children.school", "They go in by the side gate, before the others. Nobody but her and Mina fetches them.",
				"work.way", "Another way to the school every day, and never alone.",
			),
			Present: "Soraya, the interpreter for Dari", Views: "“The gate helps.”", ReviewOn: dayBefore(90),
			Copy: safetyplan.Spoken, CopyWhy: "His cousin visits Mina now. No paper there any more.",
		})
		if err != nil {
			return err
		}
		return c.Plans.Give(ctx, f, id, safetyplan.Spoken, c.today())
	})
	at(96, 15, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.Plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.OrderServed, On: dayBefore(96), Words: "It keeps him away from the school and from her."})
	})
	at(95, 10, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.Plans.StillRight(ctx, f, safetyplan.NewReview{
			Reason: "Went through it by telephone with the interpreter. The order makes the way to school safer and changes nothing else. “Leave it as it is.”", ReviewOn: dayBefore(60), After: c.newestPlan(ctx, f),
		})
	})
	at(60, 15, "lena.idva", func(ctx context.Context, f *cases.File) error {
		id, err := c.makePlan(ctx, f, safetyplan.NewPlan{
			Answers: wrote(
				"near.out", "The stairs at the back. The lift only with somebody.",
				"after.home", "A new lock, a light at the door. The caretaker knows his photograph.",
				"orders.which", "He keeps away from her, the school and the street of the school, until March.",
				"orders.broken", "She rings 999 and says that there is an order. Then us.",
				"apart.places", "The flat next to hers: Mrs Bell has a key and knows why.",
				"slip.lines", "Library 01632 960417\nBuses: 14, 22\nBread, rice, tea\nWednesday 10.00 centre",
			),
			Present: "Soraya, the interpreter for Dari", Views: "“The number of the library is the right one.”", ReviewOn: dayBefore(-14),
			Copy: safetyplan.Card, CopyWhy: "In her purse, behind the bus pass. He has looked there before: it must say nothing.",
		})
		if err != nil {
			return err
		}
		if _, err := c.Plans.Print(ctx, f, id, safetyplan.Card); err != nil {
			return err
		}
		return c.Plans.Give(ctx, f, id, safetyplan.Card, c.today())
	})
	at(59, 10, "lena.idva", c.longSteps)
	at(20, 10, "lena.idva", func(ctx context.Context, f *cases.File) error {
		var steps []safetyplan.Step
		err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			steps, err = c.Plans.Steps(ctx, tx, f)
			return err
		})
		if err != nil {
			return err
		}
		if err := c.Plans.SettleStep(ctx, f, steps[0].ID, safetyplan.Done, "The lock is in, and she has all keys."); err != nil {
			return err
		}
		return c.Plans.SettleStep(ctx, f, steps[1].ID, safetyplan.NotDone, "She would rather not have another stranger at the door. We ask again after the summer.")
	})
	at(4, 11, "lena.idva", func(ctx context.Context, f *cases.File) error {
		return c.Plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.NewContact, On: dayBefore(4), Words: "He was seen near the new school."})
	})
}

// longSteps are what was agreed with the card: done, not done, late and to come.
func (c *county) longSteps(ctx context.Context, f *cases.File) error {
	steps := []safetyplan.NewStep{
		{What: "A new lock and a light at the door", Owner: safetyplan.Other, Other: "Exmoorland Homes", DueOn: dayBefore(45)},
		{What: "Somebody from the fire service looks at the flat", Owner: safetyplan.Worker, DueOn: dayBefore(30)},
		{What: "A photograph of him for the new school's office", Owner: safetyplan.Worker, DueOn: dayBefore(3)},
		{What: "Ask the bank for an account with its own address", Owner: safetyplan.ThePerson, DueOn: dayBefore(-10)},
	}
	rosa := c.actors["rosa.idva"].Account
	if slices.Contains(f.Workers(), rosa) {
		steps = append(steps, safetyplan.NewStep{What: "Book the interpreter for the court", Owner: safetyplan.Colleague, Account: rosa, DueOn: dayBefore(-4)})
	}
	for _, s := range steps {
		if _, err := c.Plans.AddStep(ctx, f, s); err != nil {
			return err
		}
	}
	return nil
}

// newestPlan is the newest version of the plan of a file, empty for none.
func (c *county) newestPlan(ctx context.Context, f *cases.File) safetyplan.ID {
	var newest safetyplan.Newest
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		newest, err = c.Plans.Newest(ctx, tx, f)
		return err
	})
	if err != nil {
		return ""
	}
	return newest.ID
}

// atOncePlan is one of a midwife, who is below level 3: it could not wait, and
// the manager reviews it.
func (c *county) atOncePlan(s *story) {
	at := func(days, hour int, who string, do func(context.Context, *cases.File) error) {
		c.plan(before(days, hour, 25), func(ctx context.Context) error { return c.visit(ctx, who, s.file, do) })
	}
	reviewed := func(days int) {
		c.plan(before(days, 9, 35), func(ctx context.Context) error {
			return c.finish(ctx, "nia.manager", s.file, func(t cases.Task) bool { return t.Kind == cases.ReviewActNow })
		})
	}
	at(10, 11, s.who, func(ctx context.Context, f *cases.File) error {
		_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
			Answers: wrote("danger.fear", "“When he drinks with his mates on Saturday.”", "near.do", "Goes to her mum's with Alfie before he is home.", "during.call", "999; the neighbours hear everything."),
			Made:    safetyplan.Together, Present: "nobody else", Views: "“That's enough for now.”", ReviewOn: dayBefore(3),
			CopyWhy: "He looks through her bag. Nothing on paper, nothing on the telephone.",
			ActNow:  true, WhyNow: "She goes home to him today, and nobody at level 3 is here.",
		})
		return err
	})
	reviewed(7)
	at(6, 12, s.who, func(ctx context.Context, f *cases.File) error {
		if err := c.Plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.Pregnancy, On: dayBefore(6), Words: "He knows the date of the birth now."}); err != nil {
			return err
		}
		if err := c.Plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.TheirRisk, On: dayBefore(7), Words: "His mother told hers that he has lost his work and drinks in the week too."}); err != nil {
			return err
		}
		return c.Plans.StillRight(ctx, f, safetyplan.NewReview{
			Reason: "Asked her alone. Saturday is still the day, and her mum has the spare room ready.", ReviewOn: dayBefore(-7), After: c.newestPlan(ctx, f),
			ActNow: true, WhyNow: "The advocate has not met her yet.",
		})
	})
	reviewed(5)
}

// safetyPlans are those of other cases of the advocates: one that nobody looked
// at in time, one of which the person holds nothing, one made without them, and
// one with a plain page.
func (c *county) safetyPlans() {
	for _, of := range []struct {
		who  string
		nth  int
		do   func(context.Context, *cases.File) error
		days int
	}{
		{"lena.idva", 0, c.overduePlan, 70},
		{"lena.idva", 1, c.nothingOnPaper, 52},
		{"rosa.idva", 0, c.withoutThem, 31},
		{"rosa.idva", 1, c.plainPage, 24},
	} {
		c.plan(before(of.days, 15, 20), func(ctx context.Context) error {
			ids, err := c.casesHeld(ctx, of.who)
			if err != nil || len(ids) <= of.nth {
				return err
			}
			return c.visit(ctx, of.who, ids[of.nth], of.do)
		})
	}
}

// casesHeld are the open cases that somebody holds of people who experience
// abuse and have no plan yet, the first to be opened coming first.
func (c *county) casesHeld(ctx context.Context, who string) ([]cases.ID, error) {
	var rows []cases.Row
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) (err error) {
		rows, err = c.Cases.Caseload(ctx, actor, cases.Mine, nil, 50)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b cases.Row) int { return int(a.Number - b.Number) })
	var out []cases.ID
	for _, row := range rows {
		err := c.visit(ctx, who, row.ID, func(ctx context.Context, f *cases.File) error {
			if f.Side() == cases.Experiencing && f.Kind() == cases.Full && c.newestPlan(ctx, f) == "" {
				out = append(out, f.ID())
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *county) overduePlan(ctx context.Context, f *cases.File) error {
	_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
		Answers: wrote("danger.fear", "“When the money runs out at the end of the month.”", "signs.seen", "Counting the change. Slamming doors.", "near.do", "Takes the dog out.", "ready.money", "Twenty pounds in the coat."),
		Present: "nobody else", Views: "“I'd forgotten how much I do already.”", ReviewOn: c.inDays(30),
	})
	if err != nil {
		return err
	}
	c.plan(c.Clock.Now().AddDate(0, 0, 28), func(ctx context.Context) error {
		return c.visit(ctx, "lena.idva", f.ID(), func(ctx context.Context, f *cases.File) error {
			_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
				Answers: wrote("ready.money", "An account of their own since this week; the card is at work."), Present: "nobody else", ReviewOn: c.inDays(28),
			})
			if err != nil {
				return err
			}
			_, err = c.Plans.AddStep(ctx, f, safetyplan.NewStep{What: "Ask the housing officer about a safe exchange", Owner: safetyplan.Worker, DueOn: c.inDays(14)})
			return err
		})
	})
	return nil
}

func (c *county) nothingOnPaper(ctx context.Context, f *cases.File) error {
	_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
		Answers: wrote("danger.fear", "“If anything like this is found at home.”", "near.do", "Goes into the garden and rings from there.", "people.who", "A colleague at work knows all of it.", "holders.keep", "here"),
		Present: "nobody else", Views: "“Keep it all here.”", ReviewOn: c.inDays(45), CopyWhy: "Bag, car and telephone are gone through every evening. They come here to look at it.",
	})
	if err != nil {
		return err
	}
	c.plan(c.Clock.Now().AddDate(0, 0, 30), func(ctx context.Context) error {
		return c.visit(ctx, "lena.idva", f.ID(), func(ctx context.Context, f *cases.File) error {
			_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
				Answers: wrote("work.place", "Reception puts no calls through that are not announced."), Present: "nobody else", ReviewOn: c.inDays(60),
				CopyWhy: "Still nothing on paper.",
			})
			return err
		})
	})
	return nil
}

func (c *county) withoutThem(ctx context.Context, f *cases.File) error {
	_, err := c.makePlan(ctx, f, safetyplan.NewPlan{
		Answers: wrote("danger.fear", "From the referral: threats at the weekend, and a date in court next month.", "orders.which", "Bail conditions until the hearing."),
		Made:    safetyplan.Alone, WhyAlone: "They could not be reached safely before the hearing. To be gone through with them on the first safe call.", ReviewOn: c.inDays(40),
	})
	return err
}

func (c *county) plainPage(ctx context.Context, f *cases.File) error {
	id, err := c.makePlan(ctx, f, safetyplan.NewPlan{
		Answers: wrote("danger.fear", "“When the children are handed over.”", "meeting.children", "At the library, with an aunt, at ten past.", "after.habits", "Another supermarket, and never on Saturday.", "apart.places", "With the aunt, until Monday"),
		Present: "nobody else", Views: "“I want it where I can read it.”", ReviewOn: c.inDays(50), Copy: safetyplan.Page, CopyWhy: "Lives alone now. In the folder with the bills.",
	})
	if err != nil {
		return err
	}
	if _, err := c.Plans.Print(ctx, f, id, safetyplan.Page); err != nil {
		return err
	}
	return c.Plans.Give(ctx, f, id, safetyplan.Page, c.today())
}

// inDays is a day so many days from now.
func (c *county) inDays(days int) string { return c.Clock.Now().AddDate(0, 0, days).Format(dateOnly) }
