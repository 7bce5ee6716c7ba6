package risk

import (
	"context"
	"errors"
	"strings"
	"time"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// london is where the days and the clock of a form count.
var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

// Here is what the expressions of an instrument can see, and where it is answered.
func Here(now time.Time) forms.Launch { return forms.Launch{Now: now.In(london)} }

// Instrument is a question set with what its answers mean for risk.
type Instrument struct {
	Form  *forms.Questionnaire
	Rules *Scoring
}

// Name is the instrument in words, with its version.
func (i Instrument) Name() string { return i.Form.Title + ", version " + i.Form.Version }

// Count is what answers come to: a count that the form declares, or a total
// that it works out. What was left open is counted apart, and never as no.
func (i Instrument) Count(form *forms.Questionnaire, given forms.Answers) Tally {
	if i.Rules.Count != "" {
		c := form.Score(i.Rules.Count).Count(given)
		return Tally{Yes: c.Counted, Unknown: c.Unknown, Unanswered: c.Unanswered, Of: c.Of}
	}
	settled, _ := form.Settle(given)
	t := Tally{ByTotal: true, Total: settled.Text(i.Rules.Total)}
	asked := form.Asked(given)
	for q := range form.Spread(settled).Questions() {
		if q.Worked() || q.Hidden || q.Type != forms.TypeChoice && q.Type != forms.TypeBoolean || !asked(q) {
			continue
		}
		t.Of++
		switch {
		case !settled.Answered(q.LinkID):
			t.Unanswered++
		case settled.Text(q.LinkID) == string(Unknown):
			t.Unknown++
		}
	}
	return t
}

// instrument reads an instrument. A set without a rule file is none.
func (s *Service) instrument(ctx context.Context, tx *store.Tx, canonical string) (Instrument, error) {
	set, err := s.sets.Load(ctx, tx, canonical)
	if err != nil {
		return Instrument{}, err
	}
	if len(set.Rules) == 0 {
		return Instrument{}, store.ErrNotFound
	}
	if rules, known := s.rules.Load(set.Print); known {
		if r, ok := rules.(*Scoring); ok {
			return Instrument{set.Form, r}, nil
		}
	}
	r, err := ParseRules(set.Form, set.Rules)
	if err != nil {
		return Instrument{}, err
	}
	s.rules.Store(set.Print, r)
	return Instrument{set.Form, r}, nil
}

// Instrument reads an instrument by its url|version.
func (s *Service) Instrument(ctx context.Context, canonical string) (Instrument, error) {
	var i Instrument
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		i, err = s.instrument(ctx, tx, canonical)
		return err
	})
	return i, err
}

// Instruments are those that may be asked now: of each address the version
// that came last, and neither frames nor what is not in force.
func (s *Service) Instruments(ctx context.Context) ([]Instrument, error) {
	var out []Instrument
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		all, err := s.sets.ListIn(ctx, tx)
		if err != nil {
			return err
		}
		newest := map[string]int{}
		for n, set := range all {
			if set.Ruled && set.Status == "active" {
				newest[set.URL] = n
			}
		}
		for n, set := range all {
			if at, there := newest[set.URL]; !there || at != n {
				continue
			}
			i, err := s.instrument(ctx, tx, set.Canonical())
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if !i.Rules.Frame {
				out = append(out, i)
			}
		}
		return nil
	})
	return out, err
}

// FollowUps are the instruments that the answers of an identification call
// for, each with why, out of those that may be asked.
func (i Identification) FollowUps(from []Instrument) []CalledFor {
	answers, err := i.Instrument.Form.Answers(i.Response)
	if err != nil {
		return nil
	}
	var out []CalledFor
	for _, p := range i.Instrument.Rules.Called(answers) {
		for _, one := range from {
			if url, _, _ := strings.Cut(one.Form.Canonical(), "|"); url == p.Set {
				out = append(out, CalledFor{one, p.Why})
			}
		}
	}
	return out
}

// CalledFor is an instrument that an answer calls for.
type CalledFor struct {
	Instrument Instrument
	Why        string
}
