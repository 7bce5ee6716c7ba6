package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// comesBack plans that risk is looked at again when the clock of its level says
// so. A few are late: those that fell due in the last weeks, now and then.
func (c *county) comesBack(f *cases.File, id risk.ID) {
	if f.Actor().Level < risk.Floor {
		return // those who are trained for it do, once it is theirs
	}
	var last risk.Identification
	file := f.ID()
	err := c.DB.Read(context.Background(), func(ctx context.Context, tx *store.Tx) (err error) {
		last, err = c.Risk.Get(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return
	}
	due, err := time.Parse(dateOnly, last.Finding.ReviewOn)
	if err != nil || due.After(Start.AddDate(0, 0, -35)) && c.again.IntN(100) < 25 {
		return
	}
	at := due.AddDate(0, 0, -c.again.IntN(3)).Add(time.Duration(9*60+c.again.IntN(6*60)) * time.Minute)
	if !at.After(c.Clock.Now()) || at.After(before(9, 0, 0)) {
		return // what fell due in the last days waits
	}
	// Of what was long ago the demo tells once: a year of clocks would be a long
	// time to make.
	if long := Start.AddDate(0, 0, -75); at.Before(long) {
		at = long.AddDate(0, 0, c.again.IntN(28)).Add(time.Duration(9*60+c.again.IntN(6*60)) * time.Minute)
	}
	account := f.Actor().Account
	c.plan(at, func(ctx context.Context) error { return c.lookOnceMore(ctx, account, file, id) })
}

// lookOnceMore is a new identification by whoever holds the case, unless
// somebody has looked since.
func (c *county) lookOnceMore(ctx context.Context, account string, file cases.ID, id risk.ID) error {
	who := ""
	for name, actor := range c.actors {
		if actor.Account == account {
			who = name
		}
	}
	err := c.visit(ctx, who, file, func(ctx context.Context, f *cases.File) error {
		var last risk.Identification
		err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			last, err = c.Risk.Latest(ctx, tx, f)
			return err
		})
		if err != nil || last.ID != id || !f.ClosedAt().IsZero() {
			return err
		}
		if f.Lead() != account { // handed over meanwhile: whoever holds it now looks
			if f.Lead() != "" && c.holds(f.Lead()) {
				lead := f.Lead()
				c.plan(c.Clock.Now().Add(time.Hour), func(ctx context.Context) error { return c.lookOnceMore(ctx, lead, file, id) })
			}
			return nil
		}
		return c.sameAgain(ctx, f, last)
	})
	var restricted *cases.RestrictedError
	if errors.As(err, &restricted) || errors.Is(err, store.ErrNotFound) || isDenied(err) {
		return nil // it is theirs no longer
	}
	return err
}

func (c *county) holds(account string) bool {
	for _, actor := range c.actors {
		if actor.Account == account {
			return actor.Level >= risk.Floor
		}
	}
	return false
}

// sameAgain asks everything again, with a few answers changed.
func (c *county) sameAgain(ctx context.Context, f *cases.File, last risk.Identification) error {
	answers, err := last.Instrument.Form.Answers(last.Response)
	if err != nil {
		return err
	}
	for range 1 + c.again.IntN(3) {
		theme := fmt.Sprint(1 + c.again.IntN(24))
		if answers.Text(theme) == "yes" && c.again.IntN(3) > 0 {
			answers.Set(theme, "no")
		} else {
			answers.Set(theme, "yes")
		}
	}
	finding := risk.Finding{Judgement: risk.NotHigh, Views: "Feels much as before, and knows whom to call."}
	if last.High() {
		finding.Judgement, finding.Reason = risk.High, "It has not become less, and the person does not think that it is over."
	}
	before, err := c.tasksOf(ctx, f)
	if err != nil {
		return err
	}
	id, err := c.Risk.Identify(ctx, f, risk.NewIdentification{Set: last.Questions, Answers: answers, Finding: finding, After: last.ID})
	if err != nil {
		return err
	}
	after, err := c.tasksOf(ctx, f)
	if err != nil {
		return err
	}
	for _, t := range after {
		if t.Kind == cases.ConsiderMARAC && !slices.ContainsFunc(before, func(b cases.Task) bool { return b.ID == t.ID }) {
			if err := c.Cases.FinishTask(ctx, f, t.ID, "The coordinator knows of it; nothing new to bring."); err != nil {
				return err
			}
		}
	}
	c.comesBack(f, id)
	return c.followsUp(ctx, f)
}

func (c *county) tasksOf(ctx context.Context, f *cases.File) (tasks []cases.Task, err error) {
	err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		tasks, err = c.Cases.Tasks(ctx, tx, f)
		return err
	})
	return tasks, err
}

// followsUp asks at once what an answer calls for. Who is not trained for it
// leaves that, and the next look, to the service they refer to.
func (c *county) followsUp(ctx context.Context, f *cases.File) error {
	tasks, err := c.tasksOf(ctx, f)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		switch {
		case t.Kind == cases.FollowUpRisk && f.Actor().Level >= risk.Floor:
			answers := forms.Answers{}
			for n := range 11 {
				answers.Set(fmt.Sprint(n+1), []string{"no", "no", "yes", "unknown"}[c.again.IntN(4)])
			}
			var last risk.Identification
			err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				last, err = c.Risk.LatestOf(ctx, tx, f, risk.FollowUp)
				return err
			})
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if _, err := c.Risk.Identify(ctx, f, risk.NewIdentification{Set: stalkingSet, Answers: answers, After: last.ID}); err != nil {
				return err
			}
		case f.Actor().Level < risk.Floor && (t.Kind == cases.FollowUpRisk || t.Kind == cases.ReviewRisk):
			if err := c.Cases.FinishTask(ctx, f, t.ID, "The advocates do this with them."); err != nil {
				return err
			}
		}
	}
	return nil
}

const (
	youngPeoplesSet = "https://waymark.invalid/questions/risk-young-person|1"
	stalkingSet     = "https://waymark.invalid/questions/stalking|1"
)

// instruments plans what else risk is identified with: a young person's
// variant that is asked twice, so that the two can be compared, with a judgement
// that raises what the answers came to and the follow-up that they call for; and
// an adult's that is half done and saved.
func (c *county) instruments() {
	young := people.Details{GivenName: "Ellis", FamilyName: "Marchbank", KnownAs: "El", Born: "2009-11-20", Language: "English"}
	c.plan(before(13, 10, 10), func(ctx context.Context) error {
		return c.sitting(ctx, "lena.idva", func(ctx context.Context, actor policy.Actor) error {
			f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: young, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("lena.idva")})
			if err != nil {
				return err
			}
			first, err := c.Risk.Identify(ctx, f, risk.NewIdentification{
				Set: youngPeoplesSet, Answers: youngAnswers(2, 4, 6, 12), Finding: risk.Finding{Judgement: risk.Unclear, Views: "“It is only when I talk to other people.”"},
			})
			id := f.ID()
			c.plan(before(7, 15, 20), func(ctx context.Context) error {
				return c.visit(ctx, "lena.idva", id, func(ctx context.Context, f *cases.File) error { return c.youngPerson(ctx, f, first) })
			})
			return err
		})
	})
	c.plan(before(6, 16, 40), c.halfDone)
}

// youngAnswers answers the given themes with yes, two with don't know and the
// others with no.
func youngAnswers(themes ...int) forms.Answers {
	a := forms.Answers{}
	for n := range 24 {
		a.Set(fmt.Sprint(n+1), "no")
	}
	for _, n := range themes {
		a.Set(fmt.Sprint(n), "yes")
	}
	for linkID, key := range map[string]string{"19": "unknown", "24": "unknown", "age": "16-17", "harms": "partner", "harms.older": "yes"} {
		a.Set(linkID, key)
	}
	return a
}

func (c *county) youngPerson(ctx context.Context, f *cases.File, first risk.ID) error {
	answers := youngAnswers(2, 3, 4, 6, 8, 12, 15)
	answers.Set("9.care", "yes") // said before it was clear that there is no pregnancy
	answers.Set("b.note", "Says that the messages begin at six in the morning, and that an account comes back each time it is blocked.")
	_, err := c.Risk.Identify(ctx, f, risk.NewIdentification{
		Set: youngPeoplesSet, Answers: answers, After: first, Finding: risk.Finding{
			Judgement: risk.High, Reason: "A hand on the throat, told in passing, and it has ended since. Waits at college every day.",
			Escalation: risk.Yes, EscalationEvidence: "Twice this month; never before.", Incidents: "1", Repeat: risk.No,
			Views: "“I know that one day it will go wrong.”",
		},
	})
	if err != nil {
		return err
	}
	id, err := c.Risk.Start(ctx, f, stalkingSet)
	if err != nil {
		return err
	}
	return c.saveSome(ctx, f, id, map[string]string{"1": "yes", "4": "yes", "5": "yes"})
}

// halfDone is an assessment that a worker has begun on the long case and not
// recorded.
func (c *county) halfDone(ctx context.Context) error {
	due, err := c.Risk.Reviews(ctx, c.actors["lena.idva"], cases.Mine, risk.Due{}, 1)
	if err != nil || len(due) == 0 {
		return err
	}
	return c.visit(ctx, "lena.idva", due[0].File, func(ctx context.Context, f *cases.File) error {
		id, err := c.Risk.Start(ctx, f, c.Risk.Questions().Canonical())
		if err != nil {
			return err
		}
		return c.saveSome(ctx, f, id, map[string]string{"1": "no", "2": "yes", "3": "yes", "4": "unknown", "a.note": "Told by telephone; the rest when we meet."})
	})
}

func (c *county) saveSome(ctx context.Context, f *cases.File, id risk.DraftID, given map[string]string) error {
	var d risk.Draft
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		d, _, err = c.Risk.Draft(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return err
	}
	for linkID, value := range given {
		d.Answers.Set(linkID, value)
	}
	_, err = c.Risk.Save(ctx, f, d)
	return err
}

func isDenied(err error) bool {
	_, denied := policy.IsDenied(err)
	return denied
}
