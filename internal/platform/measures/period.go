package measures

import (
	"errors"
	"fmt"
	"time"
)

const dayLayout = time.DateOnly

// Period is a run of days, both ends included, written YYYY-MM-DD.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// ErrPeriod is returned for a period that is not one.
var ErrPeriod = errors.New("a period goes from one day to the same or a later one, each written as 2026-03-31")

// ParsePeriod reads a period.
func ParsePeriod(from, to string) (Period, error) {
	p := Period{From: from, To: to}
	return p, p.check()
}

func (p Period) check() error {
	for _, d := range []string{p.From, p.To} {
		// Formatting again refuses what has the wrong width.
		if t, err := time.Parse(dayLayout, d); err != nil || t.Format(dayLayout) != d {
			return fmt.Errorf("%w: %q is not a day", ErrPeriod, d)
		}
	}
	if p.To < p.From {
		return fmt.Errorf("%w: it ends before it begins", ErrPeriod)
	}
	return nil
}

// Label is the period in words for people.
func (p Period) Label() string { return DayLabel(p.From) + " to " + DayLabel(p.To) }

// DayLabel is a day in words for people; what is not a day stays as it is.
func DayLabel(day string) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return day
	}
	return t.Format("2 January 2006")
}

// Zone is where days begin and end.
func (r *Registry) Zone() *time.Location { return r.zone }

// Day is the day of a time in the deployment's calendar.
func (r *Registry) Day(t time.Time) string { return t.In(r.zone).Format(dayLayout) }

// YearTo is the twelve months that end on the day of now.
func (r *Registry) YearTo(now time.Time) Period {
	end := now.In(r.zone)
	// Noon: adding days must not meet a change of the clocks.
	end = time.Date(end.Year(), end.Month(), end.Day(), 12, 0, 0, 0, r.zone)
	return Period{From: end.AddDate(-1, 0, 1).Format(dayLayout), To: end.Format(dayLayout)}
}
