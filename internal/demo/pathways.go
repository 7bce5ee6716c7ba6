package demo

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/store"
)

// pathways is what was said of the steps that the pathways call for, on the
// cases of the busy advocate: most were taken before she came to say so, some
// are planned, a few were declined, and every sixth case has nobody looked at.
func (c *county) pathways() {
	for i := range c.held {
		if i%6 == 5 {
			continue
		}
		c.inHeld(i, 3, 9+i/30, i%30*2, "lena.idva", func(ctx context.Context, f *cases.File) error { return c.walked(ctx, f, i) })
	}
}

// taken is what is said of a step that was taken elsewhere.
var taken = map[string]string{
	"immediate-safety":  "Settled on the telephone: she stays at her sister's, and he has no key.",
	"identify-risk":     "Taken over from the referral, and looked at again with her.",
	"marac":             "Referred by the police. It is on the list of the next meeting.",
	"idva":              "This is our own case.",
	"offer-support":     "She is with us.",
	"feedback":          "Rang the referrer.",
	"safety-plan":       "Spoken through with her. She keeps nothing on paper.",
	"support-plan":      "Agreed at the first visit. It is still to be written up.",
	"housing":           "The housing worker rang her.",
	"safeguarding-lead": "Spoken with on the same day. The school is told what it needs.",
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
