package rights

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Terms is how long an answer may take.
//
// One month, and two further months where that is necessary because requests
// are complex or many: UK GDPR, article 12(3), and article 12A, which the Data
// (Use and Access) Act 2025 put in.
type Terms struct {
	Months  int // from the day the request came
	Further int // more, once, for a reason that the person is told
}

// DefaultTerms are those of the law.
var DefaultTerms = Terms{Months: 1, Further: 2}

// Use sets other terms, such as those of a law that came later.
func (s *Service) Use(t Terms) { s.terms = t }

// Terms are those that are in use.
func (s *Service) Terms() Terms { return s.terms }

// TimeKind is what stops or lengthens the time for an answer.
type TimeKind string

// The kinds. The first two stop it, the others lengthen it.
const (
	Identity      TimeKind = "identity"
	Clarification TimeKind = "clarification"
	Complex       TimeKind = "complex"
	Many          TimeKind = "number"
)

// Stops lists what stops the time, in the order in which it is offered.
func Stops() []TimeKind { return []TimeKind{Identity, Clarification} }

// Grounds lists the reasons for more time, in the order in which they are
// offered.
func Grounds() []TimeKind { return []TimeKind{Complex, Many} }

// Label is the kind in words for people.
func (k TimeKind) Label() string {
	switch k {
	case Identity:
		return "Who they are has to be shown first"
	case Clarification:
		return "It is not clear which records they ask for"
	case Complex:
		return "What they ask for is complex"
	case Many:
		return "They have made several requests"
	}
	return string(k)
}

// Span is what stopped or lengthened the time for an answer.
type Span struct {
	ID         string
	Kind       TimeKind
	Since      string // YYYY-MM-DD: asked, or the person was told of more time
	Until      string // YYYY-MM-DD: answered; empty while it is awaited
	Months     int    // of more time; 0 for what stops it
	Why        string
	RecordedAt time.Time
	RecordedBy string
}

// Awaited tells whether the time stands still for it.
func (s Span) Awaited() bool { return s.Months == 0 && s.Until == "" }

// Stopped tells whether the time for an answer stands still.
func (a Access) Stopped() bool { return slices.ContainsFunc(a.Times, Span.Awaited) }

// Lengthened tells whether more time was taken.
func (a Access) Lengthened() bool {
	return slices.ContainsFunc(a.Times, func(s Span) bool { return s.Months > 0 })
}

// DueOn is the day by which an answer is due to a request that came on a day.
// What is still awaited is left out: while it is, the day moves on.
//
//   - The month runs from the day the request came or, where it was asked who
//     they are, from the day that was shown, to the day of the same number
//     (the corresponding calendar date) of the month after; where that month
//     has no such day, to its last. So does the Information Commissioner's
//     guidance on the right of access count, from the day of receipt itself.
//   - The days from the one on which it was asked which records are meant to
//     the one before the answer came do not count.
//   - A day on a Saturday or Sunday is put off to Monday, as the same guidance
//     says. Bank holidays are not known here: the day named is then early, and
//     never late.
func DueOn(received string, times []Span, t Terms) (string, error) {
	start, err := time.Parse(time.DateOnly, received)
	if err != nil {
		return "", err
	}
	months := t.Months
	for _, s := range times {
		months += s.Months
		if s.Kind != Identity || s.Until == "" {
			continue
		}
		shown, err := time.Parse(time.DateOnly, s.Until)
		if err != nil {
			return "", err
		}
		if shown.After(start) {
			start = shown
		}
	}
	due := monthsAfter(start, months)
	for _, s := range times {
		if s.Kind != Clarification || s.Until == "" {
			continue
		}
		asked, err1 := time.Parse(time.DateOnly, s.Since)
		told, err2 := time.Parse(time.DateOnly, s.Until)
		if err := errors.Join(err1, err2); err != nil {
			return "", err
		}
		// Before the month began there was nothing to stop.
		if asked.Before(start) {
			asked = start
		}
		if told.After(asked) {
			due = due.AddDate(0, 0, int(told.Sub(asked)/(24*time.Hour)))
		}
	}
	for due.Weekday() == time.Saturday || due.Weekday() == time.Sunday {
		due = due.AddDate(0, 0, 1)
	}
	return due.Format(time.DateOnly), nil
}

// monthsAfter is the day of the same number some months on, or the last day of
// that month where it has none.
func monthsAfter(day time.Time, months int) time.Time {
	first := time.Date(day.Year(), day.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day.Day(), last)-1)
}

// Stop is something asked of the person, for which the time stands still.
type Stop struct {
	Version int64
	Kind    TimeKind
	Since   string // YYYY-MM-DD
	Why     string
}

// StopClock records that something was asked without which there can be no
// answer. It returns forms.Errors by the fields stop, stop_since and stop_why.
func (s *Service) StopClock(ctx context.Context, f *cases.File, id ID, stop Stop) error {
	var errs forms.Errors
	if !known(Stops(), stop.Kind) {
		errs.Add("stop", "Select what is awaited")
	}
	need(&errs, "stop_why", stop.Why, "Write what was asked, and why the answer cannot be made without it")
	return s.setTime(ctx, f, id, stop.Version, errs, func(tx *store.Tx, a Access) (Span, forms.Errors) {
		var errs forms.Errors
		if slices.ContainsFunc(a.Times, func(t Span) bool { return t.Kind == stop.Kind && t.Awaited() }) {
			errs.Add("stop", "This is awaited already")
		}
		if !isDay(stop.Since) || stop.Since < a.Received || stop.Since > today(tx) {
			errs.Add("stop_since", "Enter the day on which they were asked: not before the request came, and not after today")
		}
		return Span{Kind: stop.Kind, Since: stop.Since, Why: stop.Why}, errs
	})
}

// More is more time for an answer.
type More struct {
	Version int64
	Kind    TimeKind
	Told    bool // the person was told, with the reason
	Why     string
}

// Lengthen takes the further months, once. That is possible only before the
// first time is over, and once the person was told in a safe way. It returns
// forms.Errors by the fields ground, more_why and told.
func (s *Service) Lengthen(ctx context.Context, f *cases.File, id ID, m More) error {
	var errs forms.Errors
	if !known(Grounds(), m.Kind) {
		errs.Add("ground", "Select why more time is needed")
	}
	need(&errs, "more_why", m.Why, "Write why more time is needed, as the person was told")
	if !m.Told {
		errs.Add("told", "Tell the person first, in a way that is safe for them, and say here that you did")
	}
	return s.setTime(ctx, f, id, m.Version, errs, func(tx *store.Tx, a Access) (Span, forms.Errors) {
		var errs forms.Errors
		switch {
		case a.Lengthened():
			errs.Add("ground", "More time was taken already, and can be taken once")
		case s.terms.Further < 1:
			errs.Add("ground", "There is no more time to take")
		case today(tx) > a.Due && !a.Stopped():
			errs.Add("ground", "The time is over. More can be taken only before it is")
		}
		return Span{Kind: m.Kind, Since: today(tx), Months: s.terms.Further, Why: m.Why}, errs
	})
}

// setTime keeps one span and works out anew when the answer is due.
func (s *Service) setTime(ctx context.Context, f *cases.File, id ID, version int64, errs forms.Errors, make func(*store.Tx, Access) (Span, forms.Errors)) error {
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "time", func(ctx context.Context, tx *store.Tx) error {
		a, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		span, errs := make(tx, a)
		if errs.Any() {
			return errs
		}
		row, err := tx.NewID()
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.InsertTimeParams{
			AgencyID: f.Agency(), ID: row, AccessID: string(id), Kind: string(span.Kind), SinceOn: span.Since, Months: int64(span.Months),
			Why: v.seal("subject_access_time", "why", row, span.Why), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		if err := rightsdb.New(tx).InsertTime(ctx, p); err != nil {
			return err
		}
		return s.setDue(ctx, tx, f, a, version, append(a.Times, span))
	})
}

// GoOn records that what was asked has been answered: the time runs again. It
// returns forms.Errors by the fields span and until.
func (s *Service) GoOn(ctx context.Context, f *cases.File, id ID, version int64, span, until string) error {
	if err := s.judge(ctx, f, ActAccess); err != nil {
		return err
	}
	return s.change(ctx, f, ActAccess, id.Subject(), "time", func(ctx context.Context, tx *store.Tx) error {
		a, err := s.get(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if span == "" {
			return forms.Errors{{Field: "span", Message: "Select what was answered"}}
		}
		n := slices.IndexFunc(a.Times, func(t Span) bool { return t.ID == span && t.Awaited() })
		if n < 0 {
			return store.ErrConflict
		}
		if !isDay(until) || until < a.Times[n].Since || until > today(tx) {
			return forms.Errors{{Field: "until", Message: "Enter the day on which they answered: not before they were asked, and not after today"}}
		}
		a.Times[n].Until = until
		err = store.Changed(rightsdb.New(tx).EndTime(ctx, rightsdb.EndTimeParams{AgencyID: f.Agency(), AccessID: string(id), ID: span, UntilOn: until}))
		if err != nil {
			return err
		}
		return s.setDue(ctx, tx, f, a, version, a.Times)
	})
}

func (s *Service) setDue(ctx context.Context, tx *store.Tx, f *cases.File, a Access, version int64, times []Span) error {
	due, err := DueOn(a.Received, times, s.terms)
	if err != nil {
		return err
	}
	return store.Changed(rightsdb.New(tx).SetDue(ctx, rightsdb.SetDueParams{AgencyID: f.Agency(), ID: string(a.ID), Version: version, DueOn: due}))
}

func (s *Service) times(ctx context.Context, tx *store.Tx, agency string, id ID) ([]Span, error) {
	rows, err := rightsdb.New(tx).Times(ctx, rightsdb.TimesParams{AgencyID: agency, AccessID: string(id)})
	v := s.vault(ctx, tx, agency)
	out := make([]Span, len(rows))
	for i, r := range rows {
		out[i] = Span{
			ID: r.ID, Kind: TimeKind(r.Kind), Since: r.SinceOn, Until: r.UntilOn, Months: int(r.Months),
			Why: v.open("subject_access_time", "why", r.ID, r.Why), RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy,
		}
	}
	return out, cmp.Or(err, v.err)
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}
