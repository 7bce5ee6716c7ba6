package demo

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
)

const dateOnly = time.DateOnly

// step is something that will happen. Steps happen in the order of their time;
// of two at the same time the one that was planned first.
type step struct {
	at time.Time
	n  int
	do func(context.Context) error
}

type diary []step

func (d diary) Len() int { return len(d) }
func (d diary) Less(i, j int) bool {
	if d[i].at.Equal(d[j].at) {
		return d[i].n < d[j].n
	}
	return d[i].at.Before(d[j].at)
}
func (d diary) Swap(i, j int) { d[i], d[j] = d[j], d[i] }
func (d *diary) Push(x any)   { *d = append(*d, x.(step)) } //nolint:forcetypeassert // the heap gives back what it got
func (d *diary) Pop() any {
	last := len(*d) - 1
	s := (*d)[last]
	*d = (*d)[:last]
	return s
}

// plan puts a step into the diary. What would happen after the demo begins is
// left to those who try it: that is how things come to be waiting and late.
func (c *county) plan(at time.Time, do func(context.Context) error) {
	if !at.Before(Start) {
		return
	}
	c.planned++
	heap.Push(&c.diary, step{at: at, n: c.planned, do: do})
}

// live lets everything in the diary happen.
func (c *county) live(ctx context.Context) error {
	for c.diary.Len() > 0 {
		s, _ := heap.Pop(&c.diary).(step)
		c.Clock.set(s.at)
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("on %s: %w", s.at.Format(dateOnly), err)
		}
	}
	return nil
}

// later is a moment of office hours, some working days after a time.
func (c *county) later(from time.Time, least, most int) time.Time {
	day := from
	for n := least + c.random.IntN(most-least+1); n > 0; {
		if day = day.AddDate(0, 0, 1); working(day) {
			n--
		}
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), 9, c.random.IntN(8*60), c.random.IntN(60), 0, time.UTC)
	if !at.After(from) {
		at = from.Add(time.Duration(5+c.random.IntN(40)) * time.Minute)
	}
	return at
}

func working(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

// chance is true in so many of a hundred cases.
func (c *county) chance(percent int) bool { return c.random.IntN(100) < percent }

func pick[T any](c *county, from []T) T { return from[c.random.IntN(len(from))] }

// sitting is one page of a worker: what is opened in it is one entry of the
// ledger.
func (c *county) sitting(ctx context.Context, who string, do func(context.Context, policy.Actor) error) error {
	actor, ok := c.actors[who]
	if !ok {
		return fmt.Errorf("nobody is called %q", who)
	}
	ctx, look := c.Log.BeginLook(ctx, actor, cases.ActOpen, "")
	if err := do(ctx, actor); err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return look.Commit(ctx)
}

// visit is a sitting at a file.
func (c *county) visit(ctx context.Context, who string, id cases.ID, do func(context.Context, *cases.File) error) error {
	return c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Open(ctx, actor, id, cases.Care)
		if err != nil {
			return err
		}
		return do(ctx, f)
	})
}

// desk is where a worker meets people.
type desk struct {
	who, setting string
	people       int // in the year
	tells        int // of a hundred who are asked, so many experience abuse
	harms        int // and so many cause it
	prompt       string
	women        int // of a hundred
}

// desks are where people are met first. A commoner setting has no more abuse;
// it asks more people.
var desks = []desk{
	{"amira.nurse", "antenatal", 46, 9, 1, "routine", 100},
	{"bea.midwife", "postnatal", 36, 9, 0, "routine", 100},
	{"otto.nurse", "emergency_department", 42, 36, 9, "signs", 70},
	{"fay.clinic", "sexual_health", 30, 14, 4, "routine", 70},
	{"joan.gp", "general_practice", 30, 30, 6, "signs", 75},
	{"sol.visitor", "childrens", 26, 12, 0, "routine", 95},
	{"hal.mind", "mental_health", 20, 24, 12, "routine", 55},
	{"dev.police", "police", 26, 84, 8, "raised", 85},
	{"ruth.social", "vulnerable_adults", 16, 30, 0, "routine", 65},
	{"lou.children", "childrens", 10, 34, 8, "signs", 90},
	{"kim.housing", "housing", 14, 64, 0, "raised", 80},
	{"pia.steps", "alcohol_drug", 16, 26, 14, "routine", 50},
	{"vic.crew", "ambulance", 10, 55, 0, "signs", 75},
	{"anna.lead", "education", 8, 45, 0, "raised", 90},
}

// year spreads the contacts of every desk over the year.
func (c *county) year() {
	begin := Start.AddDate(-1, 0, 0)
	for _, d := range desks {
		for i := range d.people {
			day := i*360/d.people + c.random.IntN(360/d.people)
			at := c.later(begin.AddDate(0, 0, day), 1, 1)
			c.plan(at, func(ctx context.Context) error { return c.meet(ctx, d) })
		}
	}
}

// desksCleared has everybody look through what they left undone, in the week
// before the demo begins: what is overdue then is overdue by days. The manager
// reviews what waited for her the longest, and leaves the rest.
func (c *county) desksCleared() {
	late := Start.AddDate(0, 0, -10).Format(dateOnly)
	for i, m := range Cast {
		if m.Level == 0 || m.Agency == "safeguarding" {
			continue
		}
		c.plan(before(5, 16, i), func(ctx context.Context) error { return c.clearDesk(ctx, m.Username, late) })
	}
}

// clearDesk finishes the tasks that somebody should have done before a day.
func (c *county) clearDesk(ctx context.Context, who, late string) error {
	var old []cases.Task
	err := c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
		for _, team := range append([]string{""}, actor.Teams...) {
			tasks, err := c.Cases.Inbox(ctx, actor, team, cases.Task{}, 100)
			if err != nil {
				return err
			}
			old = append(old, tasks...)
		}
		return nil
	})
	if err == nil && c.actors[who].Has(policy.Manager) {
		err = c.sitting(ctx, who, func(ctx context.Context, actor policy.Actor) error {
			reviews, err := c.Cases.Reviews(ctx, actor, 100)
			old = append(old, reviews...)
			return err
		})
	}
	if err != nil {
		return err
	}
	for _, t := range old {
		if t.Due >= late {
			continue
		}
		err := c.finish(ctx, who, t.File, func(of cases.Task) bool { return of.ID == t.ID })
		if err != nil {
			return err
		}
	}
	return nil
}
