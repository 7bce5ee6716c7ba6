package demo

import (
	"context"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/oversight"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/people"
)

// reading plans what the hospital's key contact finds: emergency accesses,
// refusals, reading that is unusual, and a person who asks about their record.
func (c *county) reading() {
	s := &story{who: "bea.midwife", person: people.Details{
		GivenName: "Gail", FamilyName: "Brook", Born: "1993-11-05", Gender: "woman", Language: "English",
	}}
	c.plan(before(30, 11, 20), func(ctx context.Context) error {
		e := c.told("postnatal", enquiry.Routine)
		e.Relations = []string{"partner"}
		return c.opens(ctx, s, e, func(context.Context, *cases.File) error { return nil })
	})
	c.plan(before(24, 23, 10), func(ctx context.Context) error {
		return c.emergency(ctx, "otto.nurse", s, cases.PersonIsHere, "She is in the department with an injured wrist and asks for the person she spoke to.")
	})
	c.plan(before(23, 10, 5), func(ctx context.Context) error { return c.reviewed(ctx, "greta.contact") })
	c.plan(before(12, 14, 0), func(ctx context.Context) error {
		return c.visit(ctx, s.who, s.file, func(ctx context.Context, f *cases.File) error {
			return c.note(ctx, f, c.today(), false, "Asked who at the hospital can read what she said. Told her, and that she may ask for a list.")
		})
	})
	for _, minute := range []int{2, 3, 9} {
		c.plan(before(4, 16, minute), func(ctx context.Context) error { return c.refused(ctx, "fay.clinic", s.file) })
	}
	c.plan(before(2, 21, 30), func(ctx context.Context) error { return c.browse(ctx, "nia.manager", s.file) })
	c.plan(before(1, 22, 40), func(ctx context.Context) error {
		return c.emergency(ctx, "otto.nurse", s, cases.DangerNow, "He is at the door of the department and says that he knows she is here.")
	})
	c.plan(before(0, 8, 30), func(ctx context.Context) error {
		return c.sitting(ctx, "greta.contact", func(ctx context.Context, actor policy.Actor) error {
			_, err := c.Oversight.AskReport(ctx, actor, string(s.file), oversight.NewReport{
				Way: oversight.OnPaper, Alone: true, Words: "She keeps it in her locker at work. Nobody else opens that.",
			})
			return err
		})
	})
}

// lookedOver looks the year's ledger through, as a served deployment does
// while it runs.
func (c *county) lookedOver(ctx context.Context) error {
	for {
		more, err := c.Oversight.Watch(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// number is the number of a case that somebody works on.
func (c *county) number(ctx context.Context, who string, id cases.ID) (n int64, err error) {
	err = c.visit(ctx, who, id, func(_ context.Context, f *cases.File) error {
		n = f.Number()
		return nil
	})
	return n, err
}

func (c *county) emergency(ctx context.Context, who string, s *story, reason cases.EmergencyReason, words string) error {
	n, err := c.number(ctx, s.who, s.file)
	if err != nil {
		return err
	}
	err = c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		_, err := c.Cases.TakeEmergencyAccess(ctx, actor, cases.NewEmergency{Number: n, Reason: reason, Words: words})
		return err
	})
	if err != nil {
		return err
	}
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		_, err := c.Cases.Open(ctx, actor, s.file, cases.Emergency)
		return err
	})
}

// reviewed reviews the emergency access that waits longest.
func (c *county) reviewed(ctx context.Context, who string) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		waiting, err := c.Cases.Notices(ctx, actor, 10)
		if err != nil {
			return err
		}
		for _, n := range waiting {
			if n.Kind != cases.NoticeEmergency {
				continue
			}
			v, err := c.Cases.NoticeFor(ctx, actor, n.ID)
			if err != nil {
				return err
			}
			return c.Cases.ReviewEmergency(ctx, v, cases.Justified, "Spoke to the nurse in charge. She was there, and nobody of the maternity team was.")
		}
		return fmt.Errorf("nothing waits for %s", who)
	})
}

// refused tries a case that is not there for somebody.
func (c *county) refused(ctx context.Context, who string, id cases.ID) error {
	err := c.visit(ctx, who, id, func(context.Context, *cases.File) error { return nil })
	if _, denied := policy.IsDenied(err); !denied {
		return fmt.Errorf("%s opened a case that is not there for them: %w", who, err)
	}
	return nil
}

// browse opens cases one after the other.
func (c *county) browse(ctx context.Context, who string, first cases.ID) error {
	ids := []cases.ID{first}
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		rows, err := c.Cases.Caseload(ctx, actor, cases.All, nil, 5)
		for _, r := range rows {
			if r.ID != first {
				ids = append(ids, r.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := c.visit(ctx, who, id, func(context.Context, *cases.File) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}
