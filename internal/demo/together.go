package demo

import (
	"context"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/settings"
)

// together are the groups of the advocates and of the programme, who is in them,
// who waits, one that was refused because she would meet somebody there, and what
// is offered in the ten settings. It happens in the last weeks before the demo
// begins.
func (c *county) together() {
	c.plan(before(17, 9, 40), c.groupsBegin)
	for i, held := range []int{1, 6, 7} {
		c.inHeld(held, 16, 15, 3*i, "lena.idva", c.offers("Thursday group", groups.Accepts, groups.NoReason, "“I would like to hear how others did it.”"))
	}
	c.plan(before(11, 19, 40), c.writeRegister) // that of a week later is still to be written
	c.inHeld(9, 6, 15, 10, "lena.idva", c.offers("Thursday group", groups.Accepts, groups.NoReason, ""))
	c.inHeld(10, 6, 15, 20, "lena.idva", c.offers("Thursday group", groups.Declines, groups.Childcare, "“Who would mind the little one?”"))
	c.inHeld(5, 6, 15, 30, "lena.idva", c.offers("Evening course", groups.Accepts, groups.NoReason, ""))
	c.inHeld(11, 6, 15, 40, "lena.idva", c.offers("Saturday walk", groups.Thinks, groups.NoReason, "Wants to see who goes there first."))
	c.inHeld(0, 6, 15, 50, "lena.idva", c.offers("Saturday walk", groups.UnsafeNow, groups.NoReason, "He knows where she is on Saturdays."))
	c.inHeld(2, 5, 15, 30, "lena.idva", func(ctx context.Context, f *cases.File) error {
		err := c.offers("Evening course", groups.Accepts, groups.NoReason, "")(ctx, f)
		if errs, ok := forms.AsErrors(err); ok && errs.Get("group") == groups.NotSafeHere {
			return nil // it is refused, and the refusal stands in the chronology
		}
		return err
	})
	for i := range 18 { // what most say when they hear of it
		answer, why, text := groups.Thinks, groups.NoReason, "Would come with a friend."
		switch i % 3 {
		case 1:
			answer, why, text = groups.Declines, groups.OneToOne, ""
		case 2:
			answer, why, text = groups.UnsafeNow, groups.NoReason, "He asks where she was, each time."
		}
		held := 12 + i
		if i == 0 {
			held = 2
		}
		c.inHeld(held, 5, 16, i, "lena.idva", c.offers("Saturday walk", answer, why, text))
	}
	c.plan(before(6, 10, 5), c.tenSettings)
	c.plan(before(4, 11, 20), c.figures)
	c.plan(before(6, 10, 40), c.services)
}

// groupsBegin begins the groups, and plans their sessions.
func (c *county) groupsBegin(ctx context.Context) error {
	type begun struct {
		who   string
		g     groups.Group
		first string // the time of the first session, a week after that
		weeks int
	}
	here := func(place, room string, minutes, capacity int, run ...string) groups.Group {
		g := groups.Group{
			Ours: true, Side: groups.ForExperiencing, Confidential: groups.Keeps, Way: appointments.AtPlace, Minutes: minutes, Capacity: capacity, Place: c.places[place],
			Room: c.places[place+"/"+room],
		}
		for _, who := range run {
			g.Facilitators = append(g.Facilitators, c.actors[who].Account)
		}
		return g
	}
	thursday := here(millHouse, "Room 2", 90, 3, "rosa.idva")
	thursday.Kind, thursday.Words = groups.Support, groups.Words{Name: "Thursday group", About: "People who have lived through it speak with each other. Tea, and somebody from the team.", Language: "English"}
	evening := here("Station Road (fictional)", "Blue room", 60, 8, "uma.outreach")
	evening.Kind, evening.Closed = groups.Skills, true
	evening.Words = groups.Words{Name: "Evening course", About: "Money, forms, and speaking up at work. Six evenings.", Language: "English"}
	kites := here(millHouse, "Room 1", 60, 6, "rosa.idva")
	kites.Kind, kites.Side, kites.Words = groups.Children, groups.ForChildren, groups.Words{Name: "Kite club", About: "For children between seven and eleven: to play, and to be asked how they are.", Language: "English"}
	walk := groups.Group{Kind: groups.Support, Side: groups.ForExperiencing, Confidential: groups.KeepsUnkn, Words: groups.Words{
		Name: "Saturday walk", About: "An hour along the river, with women from the town.", By: "Exmoorland Walkers (fictional)", Where: "Saturdays at ten, at the gate of the park", Join: "Come to the gate. Nobody asks for a name.",
	}}
	tuesday := groups.Group{
		Kind: groups.Change, Side: groups.ForPerpetrating, Ours: true, Closed: true, Confidential: groups.KeepsNot, Capacity: 10, Way: appointments.Elsewhere, Minutes: 120, Facilitators: []string{c.actors["mo.turnaround"].Account},
		Words: groups.Words{Name: "Tuesday programme", About: "Twenty-four weeks. What is said about harm is passed on, and they are told so.", Language: "English", Where: "The rooms of the programme"},
	}
	for _, b := range []begun{
		{"rosa.idva", thursday, "18:00", 6}, {"uma.outreach", evening, "18:00", 6}, {"rosa.idva", kites, "09:00", 0}, {"uma.outreach", walk, "", 0}, {"mo.turnaround", tuesday, "18:30", 4},
	} {
		err := c.sitting(ctx, b.who, func(ctx context.Context, actor policy.Actor) error {
			id, err := c.Groups.Begin(ctx, actor, b.g)
			if err != nil {
				return err
			}
			c.groups[b.g.Words.Name] = id
			if b.weeks == 0 {
				return nil
			}
			first := -11
			if b.g.Closed {
				first = 8 // it has not begun yet
			}
			return c.Groups.Plan(ctx, actor, id, groups.Planning{First: c.local(first, b.first), Count: b.weeks})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// offers offers a group to the person of a case.
func (c *county) offers(name string, a groups.Answer, why groups.Reason, text string) func(context.Context, *cases.File) error {
	return func(ctx context.Context, f *cases.File) error {
		_, err := c.Groups.Offer(ctx, f, groups.Offer{Group: c.groups[name], Answer: a, Reason: why, Text: text})
		return err
	}
}

// writeRegister writes who came to the first session of a group.
func (c *county) writeRegister(ctx context.Context) error {
	return c.sitting(ctx, "rosa.idva", func(ctx context.Context, actor policy.Actor) error {
		id := c.groups["Thursday group"]
		v, err := c.Groups.View(ctx, actor, id)
		if err != nil {
			return err
		}
		session := v.Sessions[len(v.Sessions)-1] // the latest first
		came := map[groups.MemberID]groups.Outcome{}
		for i, l := range v.Joined {
			came[l.Member] = groups.Outcomes()[i%2]
		}
		return c.Groups.Attend(ctx, actor, id, session.ID, came)
	})
}

// tenSettings is how support is offered in some of the ten settings. In others
// nobody offers any.
func (c *county) tenSettings(ctx context.Context) error {
	day := func(days int) string { return Start.AddDate(0, 0, days).Format(dateOnly) }
	for _, desk := range []struct {
		who   string
		lines []settings.Line
	}{
		{"carl.manager", []settings.Line{
			{Setting: settings.Maternity, How: settings.Visits, Since: day(-420), ReviewedOn: day(-60), ReviewOn: day(120), Words: settings.Words{Whom: "Lighthouse Advocacy (fictional)", Area: "Exmoorland North", Text: "An adviser is in the antenatal clinic on Wednesday mornings."}},
			{Setting: settings.Practice, How: settings.ByReferral, Since: day(-700), ReviewedOn: day(-200), ReviewOn: day(-17), Words: settings.Words{Whom: "Lighthouse Advocacy (fictional)", Text: "Practices refer in one page."}},
			{Setting: settings.RefugeSetting, How: settings.OnSite, Since: day(-900), ReviewedOn: day(-30), ReviewOn: day(150), Words: settings.Words{Whom: "Harbour Refuge (fictional)"}},
		}},
		{"nia.manager", []settings.Line{
			{Setting: settings.Emergency, How: settings.OnSite, Since: day(-300), ReviewedOn: day(-90), ReviewOn: day(90), Words: settings.Words{Whom: "Hospital adviser (fictional)", Area: "Exmoorland North"}},
			{Setting: settings.SexualHealth, How: settings.Information, Since: day(-150), ReviewedOn: day(-150), ReviewOn: day(30), Words: settings.Words{Whom: "Sexual health clinic (fictional)"}},
		}},
		{"ines.commissioner", []settings.Line{
			{Setting: settings.AlcoholDrug, How: settings.ByReferral, Since: day(-365), ReviewedOn: day(-40), ReviewOn: day(140), Words: settings.Words{Whom: "Steps Alcohol and Drug Service (fictional)"}},
			{Setting: settings.MentalHealth, How: settings.Visits, Since: day(-365), Until: day(-30), ReviewedOn: day(-30), ReviewOn: day(60), Words: settings.Words{Whom: "Community mental health (fictional)", Text: "The worker left, and nobody has come instead."}},
		}},
	} {
		err := c.sitting(ctx, desk.who, func(ctx context.Context, actor policy.Actor) error {
			for _, l := range desk.lines {
				if err := c.Settings.Keep(ctx, actor, l); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
