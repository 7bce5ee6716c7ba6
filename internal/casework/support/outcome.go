package support

import (
	"context"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// Said is what the person says of one outcome: how it changed, or a number that
// they give themselves from 0 to 10, or both, or neither.
type Said struct {
	Change Change `json:"change,omitempty"`
	Scored bool   `json:"scored,omitempty"`
	Score  int    `json:"score,omitempty"`
}

// Words are it in words for people.
func (s Said) Words() string {
	var parts []string
	if s.Scored {
		parts = append(parts, itoa(s.Score)+" of 10")
	}
	if s.Change != NotSaid {
		parts = append(parts, s.Change.Label())
	}
	if len(parts) == 0 {
		return NotSaid.Label()
	}
	return strings.Join(parts, ", ")
}

// OutcomeSet is how the person says things are, at one stage.
type OutcomeSet struct {
	Stage      Stage
	On         string
	Said       map[Aspect]Said
	Text       string
	RecordedAt time.Time
	RecordedBy string
}

type outcomeWords struct {
	Said   map[Aspect]Said `json:"said,omitempty"`
	Text   string          `json:"text,omitempty"`
	Helped string          `json:"helped,omitempty"`
	Came   string          `json:"came,omitempty"`
}

const (
	outcomeTable = "support_outcome"
	feedbackRow  = "feedback"
)

// Check returns what is wrong with outcomes as they were typed, by field.
func (o OutcomeSet) Check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Stages(), o.Stage) {
		errs.Add("stage", "Select when it was asked")
	}
	any := o.Text != ""
	for _, a := range Aspects() {
		said := o.Said[a]
		any = any || said != Said{}
		if said.Change != NotSaid && !slices.Contains(Changes(), said.Change) {
			errs.Add(string(a), "Select better, the same, worse or not said")
		}
		if said.Scored && (said.Score < 0 || said.Score > 10) {
			errs.Add(string(a)+"-score", "Enter a whole number from 0 to 10, or leave it empty")
		}
	}
	if !any {
		errs.Add("text", "Record at least one of them, or write why nothing was said")
	}
	tooLong(&errs, textMax, map[string]string{"text": o.Text})
	return errs
}

// RecordOutcomes records how the person says things are.
func (s *Service) RecordOutcomes(ctx context.Context, f *cases.File, o OutcomeSet) error {
	if errs := o.Check(); errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActOutcome, func(ctx context.Context, tx *store.Tx) error { return s.outcomes(ctx, tx, f, o) })
}

func (s *Service) outcomes(ctx context.Context, tx *store.Tx, f *cases.File, o OutcomeSet) error {
	id, err := s.insertOutcome(ctx, tx, f, string(o.Stage), outcomeWords{Said: o.Said, Text: o.Text})
	if err != nil {
		return err
	}
	text := []string{o.Stage.Label()}
	for _, a := range Aspects() {
		if said := o.Said[a]; said != (Said{}) {
			text = append(text, a.Label()+": "+strings.ToLower(said.Words()))
			err := s.emit(ctx, tx, f, "outcome.said", outcomeTable, id, tx.Now(), measures.Dimensions{"stage": string(o.Stage), "aspect": string(a), "change": changeOr(said.Change)})
			if err != nil {
				return err
			}
		}
	}
	return s.record(ctx, tx, f, cases.OutcomeAsked, "", sentence(append(text, o.Text)), id)
}

func changeOr(c Change) string {
	if c == NotSaid {
		return "not_said"
	}
	return string(c)
}

func (s *Service) insertOutcome(ctx context.Context, tx *store.Tx, f *cases.File, stage string, w outcomeWords) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	words, err := seal(ctx, tx, f, outcomeTable, id, w)
	if err != nil {
		return "", err
	}
	return id, supportdb.New(tx).InsertOutcome(ctx, supportdb.InsertOutcomeParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Stage: stage, HappenedOn: s.today(tx), Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

// Feedback is what the person says of the support.
type Feedback struct {
	Helped     Knowing // did it help
	Came       string  // how it came: on a card, at the last meeting
	Text       string
	RecordedAt time.Time
}

// RecordFeedback records what the person says of the support.
func (s *Service) RecordFeedback(ctx context.Context, f *cases.File, b Feedback) error {
	var errs forms.Errors
	if !slices.Contains(Knowings(), b.Helped) {
		errs.Add("helped", "Select what they said")
	}
	tooLong(&errs, textMax, map[string]string{"text": b.Text})
	tooLong(&errs, lineMax, map[string]string{"came": b.Came})
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActOutcome, func(ctx context.Context, tx *store.Tx) error {
		id, err := s.insertOutcome(ctx, tx, f, feedbackRow, outcomeWords{Text: b.Text, Helped: string(b.Helped), Came: b.Came})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.TheirFeedback, "", sentence([]string{"Did it help? " + b.Helped.Label(), b.Text}), id)
	})
}

// Told are the outcomes of a file, the oldest first, and what the person said
// of the support, the newest first.
func (s *Service) Told(ctx context.Context, tx *store.Tx, f *cases.File) ([]OutcomeSet, []Feedback, error) {
	if err := show(ctx, f); err != nil {
		return nil, nil, err
	}
	rows, err := supportdb.New(tx).Outcomes(ctx, supportdb.OutcomesParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, nil, err
	}
	var sets []OutcomeSet
	var said []Feedback
	for _, row := range rows {
		var w outcomeWords
		if err := unseal(ctx, tx, row.AgencyID, outcomeTable, row.ID, row.Words, &w); err != nil {
			return nil, nil, err
		}
		if row.Stage == feedbackRow {
			said = append(said, Feedback{Helped: Knowing(w.Helped), Came: w.Came, Text: w.Text, RecordedAt: row.RecordedAt})
			continue
		}
		sets = append(sets, OutcomeSet{Stage: Stage(row.Stage), On: row.HappenedOn, Said: w.Said, Text: w.Text, RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy})
	}
	slices.Reverse(sets)
	return sets, said, nil
}

// Shift says how one outcome changed from the first time it was asked to the
// last.
type Shift struct {
	Aspect      Aspect
	First, Last Said
	Asked       int
}

// Words are the change in words for people. A number is compared with a number
// only; where there are none, what the person last said stands.
func (s Shift) Words() string {
	switch {
	case s.Asked == 0:
		return "Not asked"
	case s.Asked > 1 && s.First.Scored && s.Last.Scored:
		words := "The same"
		switch d := s.Last.Score - s.First.Score; {
		case d > 0:
			words = "Up by " + itoa(d)
		case d < 0:
			words = "Down by " + itoa(-d)
		}
		return words
	case s.Last.Change != NotSaid:
		return s.Last.Change.Label()
	}
	return "No change can be told"
}

// Shifts are the changes of the five outcomes.
func Shifts(sets []OutcomeSet) []Shift {
	var out []Shift
	for _, a := range Aspects() {
		shift := Shift{Aspect: a}
		for _, set := range sets {
			said, asked := set.Said[a]
			if !asked || said == (Said{}) {
				continue
			}
			if shift.Asked == 0 {
				shift.First = said
			}
			shift.Last = said
			shift.Asked++
		}
		out = append(out, shift)
	}
	return out
}

// Leaving is how the work ends.
type Leaving struct {
	Version  int64
	Ending   Ending
	WayBack  string // how they come back, should they want to
	Abuse    Abuse  // at the end
	NoReport string
	Text     string
	Outcomes OutcomeSet
}

// End ends the work with a person: why, how they come back, and how they say
// things are. Nobody who could not be reached is let go before the risk was
// looked at since (a failed contact closes nothing).
func (s *Service) End(ctx context.Context, f *cases.File, e Leaving) error {
	var errs forms.Errors
	if !slices.Contains(Endings(), e.Ending) {
		errs.Add("ending", "Select why the work ends")
	}
	if e.WayBack == "" && e.Ending != TheyDied {
		errs.Add("way_back", "Write how they can come back, should they want to")
	}
	if e.Abuse != AbuseNotSaid && !slices.Contains(Abuses(), e.Abuse) {
		errs.Add("abuse", "Select whether the abuse goes on")
	}
	e.Outcomes.Stage, e.Outcomes.Text = Exit, e.NoReport
	for _, one := range e.Outcomes.Check() {
		if one.Field == "text" {
			one = forms.FieldError{Field: "no_report", Message: "Record how they say things are, or write why they were not asked"}
		}
		errs.Add(one.Field, one.Message)
	}
	tooLong(&errs, textMax, map[string]string{"way_back": e.WayBack, "text": e.Text})
	if errs.Any() {
		return errs
	}
	why := []string{e.Ending.Label(), e.Text}
	if e.WayBack != "" {
		why = append(why, "The way back: "+e.WayBack)
	}
	if e.Abuse != AbuseNotSaid {
		why = append(why, "The abuse: "+strings.ToLower(e.Abuse.Label()))
	}
	return s.cases.CloseCaseWith(ctx, f, e.Version, sentence(why), func(ctx context.Context, tx *store.Tx) error {
		if err := s.mayLetGo(ctx, tx, f, e.Ending); err != nil {
			return err
		}
		if err := s.outcomes(ctx, tx, f, e.Outcomes); err != nil {
			return err
		}
		needs, err := s.Needs(ctx, tx, f)
		if err != nil {
			return err
		}
		unmet := slices.ContainsFunc(needs, func(n Need) bool { return n.State != Met })
		return s.emit(ctx, tx, f, "support.ended", "case", string(f.ID()), tx.Now(), measures.Dimensions{"ending": string(e.Ending), "unmet": unmet})
	})
}

// mayLetGo refuses to end the work because somebody could not be reached while
// nobody has looked at the risk since the last attempts.
func (s *Service) mayLetGo(ctx context.Context, tx *store.Tx, f *cases.File, e Ending) error {
	if e != CouldNotReach {
		return nil
	}
	risk, err := s.lastRisk(ctx, tx, f)
	if err != nil {
		return err
	}
	tries, err := s.cases.Latest(ctx, tx, f, cases.NotReached, 1)
	if err != nil {
		return err
	}
	if len(tries) == 0 || risk.ID == "" || risk.RecordedAt.Before(tries[0].RecordedAt) {
		return forms.Errors{{Field: "ending", Message: "Not reaching somebody ends nothing by itself. Try again as often as your service does, then identify the risk, and end the work after that"}}
	}
	return nil
}
