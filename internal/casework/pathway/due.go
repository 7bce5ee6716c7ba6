package pathway

import (
	"slices"
	"time"

	"waymark/internal/casework/cases"
)

// Happening is one thing that is recorded of a case.
type Happening struct {
	Event cases.EventKind // or
	Fact  string
	Where map[string]string
	At    time.Time
	// Last is when it happened the last time, where one Happening stands for
	// several that are alike; zero where it happened once.
	Last time.Time
}

// Facts are what is recorded of a case, the earliest first, and who is in it.
type Facts struct {
	Happened []Happening
	Parties  map[cases.Role]time.Time // since when
}

// State is where a step stands on a case.
type State string

// The states.
const (
	Due      State = "due"
	Overdue  State = "overdue"
	Planned  State = "planned"
	Done     State = "done"
	Declined State = "declined"
)

// Label is it in words for people.
func (s State) Label() string {
	switch s {
	case Due:
		return "Due"
	case Overdue:
		return "Overdue"
	case Planned:
		return "Planned"
	case Done:
		return "Done"
	case Declined:
		return "Declined"
	}
	return string(s)
}

// Standing is a step on a case.
type Standing struct {
	Step  Step
	State State
	// Why are the moments of what calls for the step, by what it is.
	Why []Why
	// By is when it is to be taken: a moment, or a day where the step counts in
	// working days.
	By time.Time
	// Recorded tells that the case itself shows that it was taken; otherwise
	// somebody said so.
	Recorded bool
	Answer   Answer
}

// Why is one thing that calls for a step.
type Why struct {
	What Condition // one that names an entry, a fact or a role
	At   time.Time
}

// Answer is what a worker said of a step. Words are why it was declined, or what
// was done.
type Answer struct {
	ID    string
	Step  string
	State State  // planned, done or declined
	On    string // YYYY-MM-DD: until when it is planned
	Words string
	At    time.Time
	By    string // account
	task  string
}

// Follow is where each step stands that a case calls for, in the order of the
// pathway; of those it does not call for nothing is said. answers are the latest
// of each step.
func (d Document) Follow(facts Facts, answers map[string]Answer, now time.Time, zone *time.Location) []Standing {
	return Prepare(d).Follow(facts, answers, now, zone)
}

// stand is where a step stands that something calls for. shows is what shows that
// it was taken.
func (s Step) stand(why, shows []Why, shown bool, said Answer, now time.Time, zone *time.Location) Standing {
	called := lastOf(why)
	st := Standing{Step: s, State: Due, Why: why, By: s.Within.after(called, zone)}
	if shown && (!s.Each || lastOf(shows).Compare(called) >= 0) {
		st.State, st.Recorded = Done, true
		return st
	}
	if said.State != "" && (!s.Each || said.At.Compare(called) >= 0) {
		st.State, st.Answer = said.State, said
		if said.State != Planned {
			return st
		}
		if day, err := time.ParseInLocation(time.DateOnly, said.On, zone); err == nil {
			st.By = endOf(day, zone)
		}
	}
	if now.After(st.By) {
		st.State = Overdue
	}
	return st
}

func lastOf(all []Why) time.Time {
	var last time.Time
	for _, w := range all {
		if w.At.After(last) {
			last = w.At
		}
	}
	return last
}

// after is the end of the time that begins with a moment.
func (w Within) after(at time.Time, zone *time.Location) time.Time {
	if w.Hours > 0 {
		return at.Add(time.Duration(w.Hours) * time.Hour)
	}
	day := at.In(zone)
	for left := w.Days; left > 0; {
		day = day.AddDate(0, 0, 1)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			left--
		}
	}
	return endOf(day, zone)
}

// endOf is the last second of a day.
func endOf(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.In(zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, zone)
}

// earliest keeps what one of several things that would do came first, or last.
func earliest(all []Why, latest bool) []Why {
	if len(all) < 2 {
		return all
	}
	order := func(a, b Why) int { return a.At.Compare(b.At) }
	if latest {
		return []Why{slices.MaxFunc(all, order)}
	}
	return []Why{slices.MinFunc(all, order)}
}
