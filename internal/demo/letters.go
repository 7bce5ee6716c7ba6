package demo

import (
	"context"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/letters"
	"waymark/internal/registers/people"
)

// busyLetters are what a busy advocate writes: papers that she hands over, a
// time to meet by post where that is safe, and one that she did not send.
func (c *county) busyLetters(i int, at func(days, hour int, do func(context.Context, *cases.File) error), number string) {
	switch i % 9 {
	case 2:
		at(12+i%4, 15, func(ctx context.Context, f *cases.File) error {
			form := c.busyContact(number)
			form.Ways = append(form.Ways, people.Way{
				Channel: people.Post, Allowed: people.OnlyIf, Detail: fmt.Sprintf("c/o the library, %d Fictional Row", 2+i), Conditions: "A plain envelope, without a stamp that says who we are",
			})
			return c.safeContact(ctx, f, form)
		})
		at(10, 12, func(ctx context.Context, f *cases.File) error {
			became := letters.Sent
			if i%2 == 0 {
				became = "" // it is not known yet
			}
			return c.writes(ctx, f, letters.Draft{
				Template: "meeting", Way: letters.Post, Subject: "Your time on Thursday", Conditions: true,
				Body: "Hello,\n\nThere is a time for you on Thursday at ten, at the library.\n\nIf it does not suit you, ring me, and we find another.\n\nLena",
			}, became, "")
		})
	case 5:
		at(8, 16, func(ctx context.Context, f *cases.File) error {
			d := letters.Draft{
				Template: "papers", Way: letters.Hand, Subject: "What you asked for", Holding: true,
				Body: "Hello,\n\nHere is what you asked me for: the letter to the council, with a copy for you.\n\nIf something in it is not right, tell me, and I change it.\n\nLena",
			}
			switch i % 4 {
			case 0:
				return c.writes(ctx, f, d, letters.NotSent, "She did not come, and asked for it to be kept here.")
			case 2:
				return c.writes(ctx, f, d, letters.Sent, "")
			default:
				return c.writes(ctx, f, d, "", "")
			}
		})
	}
}

// writes keeps a letter, and what became of it once that is known.
func (c *county) writes(ctx context.Context, f *cases.File, d letters.Draft, state letters.State, why string) error {
	id, err := c.Letters.Make(ctx, f, d)
	if err != nil || state == "" {
		return err
	}
	return c.Letters.Settle(ctx, f, id, state, why)
}
