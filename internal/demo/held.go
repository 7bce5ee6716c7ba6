package demo

import (
	"context"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/policy"
)

// minuted are what is written of cases that were heard, in turn.
var minuted = []struct{ information, risks, measures, views, summary, decided, harmers string }{
	{
		"Police: two calls to the address since the winter. Housing: the locks were changed in the week before.",
		"He knows where she works, and her days there do not change.", "A marker on the address; the school has the order.",
		"She wants him kept away from the school, and not to have to ring again each time.", "The danger is on the way to work and at the school gate.",
		"Actions for the police, the school and the advocate; it comes back only if there is more.", "He is under a civil order. What he is asked to do is in his order.",
	},
	{
		"Health: seen twice with injuries that were explained otherwise. Children's social care: a plan since May.",
		"She is watched when she goes out; her telephone is not safe.", "A different number, kept by the advocate.",
		"She was not reached before the meeting; the advocate tries again through the midwife.", "Contact first, and only on paths that he does not see.",
		"To be seen at the clinic, where she is alone.", "Nothing is known to him of this meeting, and nothing is to be said to him.",
	},
}

// holdsMeeting has the coordinator hold a meeting that is past by now: who came, what was
// said of each case, what was decided. Its minutes are approved on the next day.
func (c *county) holdsMeeting(m marac.Meeting) {
	if c.sat[m.ID] {
		return
	}
	c.sat[m.ID] = true
	sits := func(fn func(context.Context, *marac.Seat) error) func(context.Context) error {
		return func(ctx context.Context) error {
			return c.sitting(ctx, "cora.marac", func(ctx context.Context, actor policy.Actor) error {
				seat, err := c.Marac.Sit(ctx, actor, m.ID)
				if err != nil {
					return err
				}
				return fn(ctx, seat)
			})
		}
	}
	c.plan(m.Starts, sits(func(ctx context.Context, seat *marac.Seat) error {
		if err := c.Meetings.Begin(ctx, seat); err != nil {
			return err
		}
		table, err := c.Meetings.Table(ctx, seat)
		if err != nil {
			return err
		}
		for _, p := range table.Board.Places {
			if p.Reply != marac.Comes {
				continue
			}
			if err := c.Meetings.Came(ctx, seat, p.Account, true); err != nil {
				return err
			}
		}
		return nil
	}))
	c.plan(m.Starts.Add(4*time.Hour), sits(func(ctx context.Context, seat *marac.Seat) error {
		table, err := c.Meetings.Table(ctx, seat)
		if err != nil {
			return err
		}
		for i, line := range table.Lines {
			if err := c.hears(ctx, seat, line, i); err != nil {
				return err
			}
		}
		return c.Meetings.End(ctx, seat)
	}))
	c.plan(m.Starts.Add(26*time.Hour), sits(func(ctx context.Context, seat *marac.Seat) error { return c.Meetings.Approve(ctx, seat) }))
}

// hears writes what was said of one case, and closes it as heard.
func (c *county) hears(ctx context.Context, seat *marac.Seat, line meeting.Line, i int) error {
	if err := c.Meetings.Put(ctx, seat, line.ID); err != nil {
		return err
	}
	said := minuted[i%len(minuted)]
	for _, s := range []struct {
		name meeting.Name
		text string
	}{
		{meeting.Information, said.information}, {meeting.Risks, said.risks}, {meeting.Measures, said.measures}, {meeting.Views, said.views},
		{meeting.Summary, said.summary}, {meeting.Decided, said.decided}, {meeting.Harmers, said.harmers},
	} {
		if _, err := c.Meetings.Save(ctx, seat, meeting.Typing{Case: line.ID, Name: s.name, Text: s.text}); err != nil {
			return err
		}
	}
	idva, views := line.IDVA, meeting.PutByIDVA
	if idva == marac.NotKnown {
		idva = marac.ReferredIDVA
	}
	if i%len(minuted) == 1 {
		views = meeting.NotReached
	}
	return c.Meetings.Conclude(ctx, seat, line.ID, meeting.Conclusion{IDVA: idva, Views: views, Decision: meeting.Keep})
}
