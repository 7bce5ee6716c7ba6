package demo

import (
	"context"
	"errors"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/letters"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// around is what else bears on the cases of the busy advocate: circumstances in
// the words of the person, specialist advice, a marriage that is threatened, and
// who does what to whom where both are said to do harm. It happens in the last
// days before the demo begins, after everything else.
func (c *county) around() {
	day := func(days int) string { return Start.AddDate(0, 0, days).Format(dateOnly) }
	c.spokenOf()
	c.threatened(day)
	c.patterns(day)
	c.plan(before(3, 9, 30), c.words)
}

// spokenOf are circumstances of which people spoke.
func (c *county) spokenOf() {
	for i, one := range []struct {
		held  int
		words circumstances.CircumstanceWords
		again string // how it bears on the danger, as was said later
		point string
	}{
		{2, circumstances.CircumstanceWords{
			Kind: "discrimination", Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: "“At the desk they heard my accent and told me to come back with my husband.”",
			How: "She has not asked for help for two years, and he knows that.", Help: "Somebody who comes with her to the desk.",
		}, "She asks now, when Lena is with her. He does not know that she does.", ""},
		{8, circumstances.CircumstanceWords{
			Kind: "insecure_status", Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: "“He says that one call from him and I am on the plane.”",
			How: "She does not ring the police at night.", Help: "Advice before she applies on her own.",
		}, "", "insecure_status"},
		{10, circumstances.CircumstanceWords{
			Kind: "alcohol", Bearing: circumstances.Undecided, Raised: circumstances.ByWorker, What: "“I drink so that I sleep.”",
		}, "", "alcohol"},
		{12, circumstances.CircumstanceWords{
			Kind: "disability", Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: "“He keeps the charger of the chair in his room.”", How: "She cannot leave when he is out.", Help: "A second charger at her neighbour’s.",
		}, "", ""},
	} {
		c.inHeld(one.held, 4, 14, 5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			id, err := c.Circumstances.Tell(ctx, f, one.words)
			if err == nil && one.again != "" {
				again := one.words
				again.How = one.again
				_, err = c.Circumstances.TellAgain(ctx, f, id, again)
			}
			if err == nil && one.point != "" {
				_, err = c.Circumstances.Point(ctx, f, circumstances.PointingWords{Pointer: one.point, On: c.today(), Answer: circumstances.Told, Text: "She has the number, under another name."})
			}
			return err
		})
	}
}

// threatened is a marriage that is threatened, and one where somebody may not be
// able to agree.
func (c *county) threatened(day func(int) string) {
	c.inHeld(14, 4, 15, 0, "lena.idva", func(ctx context.Context, f *cases.File) error {
		_, err := c.Circumstances.TellMarriage(ctx, f, "", circumstances.MarriageWords{
			Stands: circumstances.Threatened, Agreement: circumstances.Refuses, What: "“They have chosen the day. Nobody has asked me.”",
			Never: "Her mother’s brother, and the interpreter from his street", Safety: "Her passport is at the college.",
		})
		return errors.Join(err, c.lookedAfter(ctx, f))
	})
	c.inHeld(16, 4, 15, 10, "lena.idva", func(ctx context.Context, f *cases.File) error {
		_, err := c.Circumstances.TellMarriage(ctx, f, "", circumstances.MarriageWords{
			Stands: circumstances.Forced, Agreement: circumstances.CannotFor, What: "Was married last year. Cannot say what that is.", Never: "His family",
		})
		if err != nil {
			return err
		}
		_, err = c.Circumstances.NoteCapacity(ctx, f, circumstances.CapacityWords{
			Decision: circumstances.ToMarry, Which: "Whether to marry, as it was last year", Result: circumstances.Lacks, On: day(-20), By: "Ewa Brandt (fictional)", Role: "Social worker",
			Reasons: "Could not say in any words what a marriage brings, on two days.", Advocate: circumstances.Yes, Best: circumstances.NotKnown, Who: "Her advocate was there on both days.",
		})
		return errors.Join(err, c.lookedAfter(ctx, f))
	})
}

// lookedAfter clears what a forced marriage brings: it was done the same day.
func (c *county) lookedAfter(ctx context.Context, f *cases.File) error {
	notes := map[cases.TaskKind]string{
		cases.ReferSafeguarding: "Told to adult safeguarding by telephone, and written to them the same day.",
		cases.AskSafeContact:    "Asked her alone, at the college. Nothing goes through her family.",
	}
	var open []cases.Task
	err := c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		open, err = c.Cases.Tasks(ctx, tx, f)
		return err
	})
	for _, task := range open {
		if note := notes[task.Kind]; note != "" {
			err = errors.Join(err, c.Cases.FinishTask(ctx, f, task.ID, note))
		}
	}
	return err
}

// patterns are cases in which both are said to do harm: one that is judged and
// was looked at by a manager, and two that wait for that.
func (c *county) patterns(day func(int) string) {
	said := func(d circumstances.Direction, source circumstances.Source, days int, what, effect string, fear, control circumstances.Knowing) circumstances.ReportWords {
		return circumstances.ReportWords{
			Direction: d, Sort: circumstances.Physical, Source: source, On: day(days), What: what, Effect: effect, Fear: fear, Injury: circumstances.NotKnown, Control: control,
		}
	}
	for i, one := range []struct {
		held    int
		verdict circumstances.Verdict
		fear    string
		control string
		reason  string
	}{
		{18, circumstances.OtherHarms, "She listens for his key. He is not afraid of her: he rang the police from the sofa.", "He has the cards, the car and the telephone.", "One blow of hers in four years, at the door, when he stood in it. What is his goes back to the first spring."},
		{20, circumstances.Undetermined, "", "", "We have met neither of them alone yet."},
		{22, circumstances.PersonHarms, "He sleeps in the car. She says that he is a coward.", "She decides whom he sees and what he eats.", "What she calls arguments ends with his apology each time. His brother tells the same."},
	} {
		c.inHeld(one.held, 3, 14, 5*i, "lena.idva", func(ctx context.Context, f *cases.File) error {
			_, err := c.Circumstances.Report(ctx, f, said(circumstances.ToPerson, circumstances.PersonSays, -60, "Held her by the wrist until the neighbour rang.", "Went to her sister’s for a night.", circumstances.Yes, circumstances.Yes))
			if err != nil {
				return err
			}
			_, err = c.Circumstances.Report(ctx, f, said(circumstances.OfPerson, circumstances.Police, -21, "A cup was thrown, and hit his shoulder.", "", circumstances.NotKnown, circumstances.No))
			if err != nil {
				return err
			}
			_, err = c.Circumstances.Judge(ctx, f, "", circumstances.PatternWords{Verdict: one.verdict, Fear: one.fear, Control: one.control, Reason: one.reason, ReviewOn: day(10 + 7*i)})
			return err
		})
	}
	c.inHeld(18, 3, 16, 40, "carl.manager", func(ctx context.Context, f *cases.File) error {
		k, err := c.aroundOf(ctx, f)
		if err != nil || len(k.Patterns) == 0 {
			return errors.Join(err, errors.New("nothing was judged"))
		}
		_, err = c.Circumstances.Second(ctx, f, k.Patterns[0].ID, circumstances.Yes, "Read with Lena. What the police wrote is one night.")
		return err
	})
}

// words are texts that the service words itself: one in use, one that waits.
func (c *county) words(ctx context.Context) error {
	var first letters.TextID
	err := c.sitting(ctx, "lena.idva", func(ctx context.Context, actor policy.Actor) (err error) {
		first, err = c.Letters.Propose(ctx, actor, letters.OwnText{Ways: []letters.Way{letters.Hand, letters.Post, letters.Email}, Words: letters.TextWords{
			Title: "We could not meet", Subject: "Another time",
			Body: "Dear {name},\n\nI was at [place] on [day], and we missed each other. That is all right.\n\nRing me on [number] when it suits you.\n\n{worker}",
		}})
		if err != nil {
			return err
		}
		_, err = c.Letters.Propose(ctx, actor, letters.OwnText{Ways: []letters.Way{letters.Text}, Words: letters.TextWords{Title: "A kind word", Body: "Hello {name}, I think of you today. {worker}"}})
		return err
	})
	if err != nil {
		return err
	}
	return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
		return c.Letters.Decide(ctx, actor, first, letters.Approved, "")
	})
}

// aroundOf is what is kept of the circumstances of a case.
func (c *county) aroundOf(ctx context.Context, f *cases.File) (k circumstances.Known, err error) {
	err = c.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		k, err = c.Circumstances.Known(ctx, tx, f)
		return err
	})
	return k, err
}
