package demo

import (
	"context"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
)

// looksUp are who answers for their agency before the meeting tomorrow, and how: the
// advocates at length, the police about most cases that they know nothing, social
// care and the schools too. At the hospital one case is answered, and one written down and not sent.
// Probation is late, and was asked again; the programme has not looked.
var looksUp = []struct {
	who  string
	days int // before the demo begins
}{
	{"dev.police", 4}, {"lena.idva", 3}, {"lou.children", 3}, {"anna.lead", 2}, {"ola.homes", 2}, {"amira.nurse", 1},
}

// researched puts into the diary what agencies are asked about the cases of the MARAC,
// and what they answer: for the meetings that were, everything.
func (c *county) researched() {
	for _, days := range []int{27, 13} {
		c.plan(before(days+7, 11, 5), func(ctx context.Context) error { return c.asksAbout(ctx, days) })
		c.plan(before(days+1, 11, 5), func(ctx context.Context) error { return c.asksAbout(ctx, days) })
		all := []string{"ivor.probation", "mo.turnaround"}
		for _, s := range looksUp {
			all = append(all, s.who)
		}
		for _, who := range all {
			c.plan(before(days+1, 14, 5), func(ctx context.Context) error { return c.answers(ctx, who, days) })
		}
	}
	c.plan(before(6, 11, 5), func(ctx context.Context) error { return c.asksAbout(ctx, -1) })
	c.plan(before(1, 8, 35), func(ctx context.Context) error { return c.asksAbout(ctx, -1) }) // what was listed late
	for _, s := range looksUp {
		c.plan(before(s.days, 13, 25), func(ctx context.Context) error { return c.answers(ctx, s.who, -1) })
	}
	c.plan(before(1, 15, 45), func(ctx context.Context) error {
		return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
			id, there, err := c.researchFor(ctx, actor, -1)
			if err != nil || !there {
				return err
			}
			b, err := c.Research.Board(ctx, actor, id)
			if err != nil {
				return err
			}
			for _, a := range b.Agencies {
				if a.Agency == string(c.agency["probation"].ID) && a.Open() > 0 {
					return c.Research.Chase(ctx, actor, id, []string{a.Agency})
				}
			}
			return nil
		})
	})
}

// researchFor is the scheduled meeting so many days before the demo begins, where it
// has cases.
func (c *county) researchFor(ctx context.Context, cora policy.Actor, days int) (marac.MeetingID, bool, error) {
	list, err := c.Research.Meetings(ctx, cora)
	day := Start.AddDate(0, 0, -days).Format(dateOnly)
	for _, m := range list {
		if m.Starts.In(c.Research.Zone()).Format(dateOnly) == day && m.Cases > 0 {
			return m.ID, true, err
		}
	}
	return "", false, err
}

func (c *county) asksAbout(ctx context.Context, days int) error {
	return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
		id, there, err := c.researchFor(ctx, actor, days)
		if err != nil || !there {
			return err
		}
		b, err := c.Research.Board(ctx, actor, id)
		if err != nil || b.Unasked() == 0 {
			return err
		}
		_, err = c.Research.Ask(ctx, actor, id, research.Asking{})
		return err
	})
}

// answers has somebody look up the cases of a meeting, and send what they find.
func (c *county) answers(ctx context.Context, who string, days int) error {
	if _, works := c.actors[who]; !works {
		return nil
	}
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		rows, err := c.Research.List(ctx, actor, "")
		if err != nil {
			return err
		}
		day := Start.AddDate(0, 0, -days).Format(dateOnly)
		for _, r := range rows {
			if r.Starts.In(c.Research.Zone()).Format(dateOnly) == day && r.Answer == "" {
				return c.looksThrough(ctx, actor, who, r.Meeting, days)
			}
		}
		return nil
	})
}

func (c *county) looksThrough(ctx context.Context, actor policy.Actor, who string, meeting marac.MeetingID, days int) error {
	lines, err := c.Research.Names(ctx, actor, meeting)
	if err != nil {
		return err
	}
	looking, err := c.Research.Look(ctx, lines)
	if err != nil {
		return err
	}
	var nothing []*research.Line
	known := false
	for n, l := range lines {
		if l.Answer != "" {
			continue
		}
		found, err := c.finds(ctx, l, looking.Of[l.ID])
		if err != nil {
			return err
		}
		switch {
		case found:
			known = true
		case who == "amira.nurse" && days < 0 && n > 0: // the other has to wait for a colleague
			continue
		case who == "amira.nurse" && days < 0:
			known = true
			err = c.Research.Answer(ctx, l, seenInClinic)
		case who == "dev.police" && n%3 == 0: // out of a system of their own
			known = true
			err = c.Research.Answer(ctx, l, research.Answering{Answer: research.IsKnown, Said: map[string]string{
				"contact": "Two calls in the last year, the last three weeks ago.", "orders": "No order in force. Bail with conditions not to go near the address, until next month.",
				"harmer": "A caution for common assault last year. Working shifts, by what he said.", "view": "The calls come closer together.",
			}})
		case who == "lena.idva" && n == 0:
			known = true
			err = c.Research.Answer(ctx, l, research.Answering{Answer: research.IsKnown, People: []research.Known{research.IsKnown}, Said: map[string]string{
				"contact":     "Seven times since May, in person and by telephone. Last on Wednesday.",
				"involvement": "I work with her, and speak with her each week. She comes to the Tuesday group.",
				"incidents":   "She told me of two assaults in May that nobody else knows of, and of messages at night from numbers she does not know.",
				"raises":      "She has told him that she will leave. He has found out where her sister lives. He has begun to drink again.",
				"lowers":      "Her sister and her manager know. She has a telephone that he does not know of.",
				"measures":    "A safety plan, reviewed last week. The locks were changed.",
				"children":    "There are none in the household.",
				"reach":       "By text on weekdays between ten and two. Not in the evening.",
				"view":        "The risk is high and rising. She agrees, and is afraid of the day on which he is told to go.",
			}})
		case who == "lou.children" && n == 1:
			err = c.Research.Answer(ctx, l, research.Answering{Answer: research.Cannot, Why: "The record is one that I may not open. My manager looks."})
		default:
			nothing = append(nothing, l)
		}
		if err != nil {
			return err
		}
	}
	if len(nothing) > 0 {
		if err := c.Research.NothingKnown(ctx, nothing); err != nil {
			return err
		}
	}
	packet, err := c.Research.Preview(ctx, actor, meeting, nil)
	if err != nil || len(packet.Leaving) == 0 {
		return err
	}
	r := research.Release{Print: packet.Print}
	if known {
		r.Basis, r.Rationale = sharing.PublicTask, "The meeting plans for somebody at high risk of serious harm. It is what bears on that, and no more."
	}
	if packet.Held() {
		r.Override = "The meeting is tomorrow, and this bears on the risk."
	}
	if _, err = c.Research.Release(ctx, actor, meeting, r); err != nil || who != "amira.nurse" || days >= 0 {
		return err
	}
	if lines, err = c.Research.Names(ctx, actor, meeting); err != nil {
		return err
	}
	for _, l := range lines {
		if l.Answer == "" {
			return c.Research.Answer(ctx, l, seenInClinic) // written down, and not sent yet
		}
	}
	return nil
}

var seenInClinic = research.Answering{Answer: research.IsKnown, Said: map[string]string{
	"contact": "Seen in the clinic twice this spring.", "view": "She came with bruises that she explained otherwise.",
}}

// finds decides on the likeliest proposal for a line, and writes down what its file has.
func (c *county) finds(ctx context.Context, l *research.Line, proposals []research.Proposal) (bool, error) {
	for _, p := range proposals {
		if p.Score.Band != "likely" || p.Found.Role != "" {
			continue
		}
		if err := c.Research.Decide(ctx, l, p.Nth, p.Found.ID, p.Found.Person, true); err != nil {
			return false, err
		}
		f, err := c.Research.FileOf(ctx, l)
		if err != nil {
			return false, err
		}
		src, err := c.Research.From(ctx, f)
		if err != nil {
			return false, err
		}
		a := research.Answering{Answer: research.IsKnown, People: l.Draft.People, Said: src.Fill}
		a.Said["involvement"] = "An adviser works with them, and speaks with them each week."
		a.Said["view"] = "The risk is high. It rose when they told him that they would leave."
		a.Said["measures"] = "They have a plan, and somebody who calls in the evening."
		a.Said["lowers"] = "They have told their family. The children are with a friend on the days when he comes."
		for i, e := range src.Entries {
			if i < 3 {
				a.Entries = append(a.Entries, e.ID)
			}
		}
		return true, c.Research.Answer(ctx, l, a)
	}
	return false, nil
}
