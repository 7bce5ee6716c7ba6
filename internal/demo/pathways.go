package demo

import (
	"context"
	"encoding/json"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// pathways is what workers said of the steps that the pathways call for: most
// were taken before anybody came to say so, some are planned, a few were
// declined, and every sixth case has nobody looked at.
func (c *county) pathways() {
	c.plan(before(30, 10, 20), c.ownPathway)
	c.plan(before(2, 14, 5), c.draftPathway)
	for n, p := range Cast {
		if slices.ContainsFunc(p.Roles, func(r policy.Role) bool { return r == policy.Practitioner || r == policy.Specialist }) {
			c.plan(before(3, 9+n/12, n%12*5), func(ctx context.Context) error { return c.saysOfSteps(ctx, p.Username) })
		}
	}
}

// saysOfSteps has somebody go through the cases they hold.
func (c *county) saysOfSteps(ctx context.Context, who string) error {
	var held []cases.Row
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) (err error) {
		held, err = c.Cases.Caseload(ctx, actor, cases.Mine, nil, 200)
		return err
	})
	if err != nil {
		return err
	}
	for i, row := range held {
		if i%6 == 5 {
			continue
		}
		if err := c.visit(ctx, who, row.ID, func(ctx context.Context, f *cases.File) error { return c.walked(ctx, f, i) }); err != nil {
			return err
		}
	}
	return nil
}

// ownPathway is the version that the partnership has published in place of the
// one for children that ships: a day for the service instead of a week.
func (c *county) ownPathway(ctx context.Context) error {
	return c.sitting(ctx, "ines.commissioner", func(ctx context.Context, actor policy.Actor) error {
		versions, err := c.Pathways.Versions(ctx, actor, "children")
		if err != nil {
			return err
		}
		d := versions[0].Document
		d.Steps = slices.Clone(d.Steps) // what ships stays as it is
		d.Local, d.Title = true, "A child or young person in Exmoorland"
		for n := range d.Steps {
			d.Steps[n].Within = pathway.Within{Hours: 24}
		}
		text, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			return err
		}
		_, err = c.Pathways.Publish(ctx, actor, text, versions[0].Number)
		return err
	})
}

// draftPathway is a pathway of the partnership's own that nobody has published
// yet: what it still lacks is said on its page. Beside it stands a change of one
// that ships, which is ready.
func (c *county) draftPathway(ctx context.Context) error {
	return c.sitting(ctx, "ines.commissioner", func(ctx context.Context, actor policy.Actor) error {
		if err := c.Pathways.Begin(ctx, actor, "general-practice"); err != nil {
			return err
		}
		d := pathway.Document{
			Title: "Somebody who comes to a housing office", Summary: "What a housing officer does on the day, before anybody else is there.",
			For: pathway.Experiencing, Boxes: []int{6, 8}, Local: true,
		}
		id, err := c.Pathways.BeginNew(ctx, actor, d)
		if err != nil {
			return err
		}
		return c.Pathways.Change(ctx, actor, id, 1, func(d *pathway.Document) error {
			told := pathway.Condition{Event: cases.Disclosed}
			for _, s := range []pathway.Step{
				{
					Title: "Ask whether they can go home today", Text: "In a room of its own, not at the counter.", When: told, Done: pathway.Condition{Event: cases.ImmediateSafety},
					Within: pathway.Within{Hours: 4}, Urgent: true, Assess: pathway.Adults, Serves: []string{"B6.6"}, Follows: []int{8},
				},
				{Title: "Speak with the housing safeguarding lead", Within: pathway.Within{Days: 1}, Offers: []string{"Safeguarding lead of the housing office"}, Serves: []string{"B6.1"}},
			} {
				if _, err := d.Add(s); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// taken is what is said of a step that was taken elsewhere.
var taken = map[string]string{
	"immediate-safety":   "Settled on the telephone: she stays at her sister's, and he has no key.",
	"identify-risk":      "Taken over from the referral, and looked at again with her.",
	"marac":              "Referred by the police. It is on the list of the next meeting.",
	"idva":               "An advocate works with her.",
	"offer-support":      "Offered at the first talk, and taken up.",
	"feedback":           "Rang the referrer.",
	"safety-plan":        "Spoken through with her. She keeps nothing on paper.",
	"support-plan":       "Agreed at the first visit. It is still to be written up.",
	"housing":            "The housing worker rang her.",
	"ask-about-children": "Asked. No children live there, and none visit.",
	"children":           "Asked. He sees his daughter at a centre, with somebody there.",
	"safety-of-others":   "The advocate of the person he harmed was told on the same day.",
	"circumstances":      "Asked. She names nothing else that keeps help away.",
	"capacity":           "Nobody doubts that she decides for herself.",
	"interpreter":        "Booked by telephone for every contact, from outside the county.",
	"practice-today":     "Asked before she left. She goes to her sister's.",
	"practice-children":  "The practice's lead was told at once.",
	"practice-refer":     "Referred in one page.",
	"practice-record":    "Hidden, and checked that no text message goes out.",
	"safeguarding-lead":  "Spoken with on the same day. The school is told what it needs.",
}

// walked says of the open steps of a case where they stand.
func (c *county) walked(ctx context.Context, f *cases.File, i int) error {
	var open []pathway.Reply
	err := c.Cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		courses, err := c.Pathways.On(ctx, tx, f)
		for _, course := range courses {
			for _, st := range course.Steps {
				if st.State == pathway.Due || st.State == pathway.Overdue {
					open = append(open, pathway.Reply{Pathway: course.Version.Document.ID, Step: st.Step.ID, After: st.Answer.ID})
				}
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for n, r := range open {
		done, was := taken[r.Step]
		switch {
		case (i+n)%9 == 4:
			r.State, r.On = pathway.Planned, Start.AddDate(0, 0, 1+(i+n)%5).Format(dateOnly)
		case was:
			r.State, r.Words = pathway.Done, done
		case (i+n)%4 == 1:
			r.State, r.Words = pathway.Declined, "She does not want it now. Asked again at the next review."
		default:
			continue // it stays open
		}
		if err := c.Pathways.Answer(ctx, f, r); err != nil {
			return err
		}
	}
	return nil
}
