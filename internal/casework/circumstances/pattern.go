package circumstances

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Direction is to whom something is said to have been done.
type Direction string

// To whom.
const (
	ToPerson Direction = "to_person"
	OfPerson Direction = "by_person"
)

// Directions lists them in the order in which they are offered.
func Directions() []Direction { return []Direction{ToPerson, OfPerson} }

// Label is it in words for people.
func (d Direction) Label() string {
	switch d {
	case ToPerson:
		return "Done to the person of this case"
	case OfPerson:
		return "Done by the person of this case"
	}
	return string(d)
}

// Sort is a sort of abuse (G1).
type Sort string

// The sorts.
const (
	Physical      Sort = "physical"
	Sexual        Sort = "sexual"
	Psychological Sort = "psychological"
	Emotional     Sort = "emotional"
	Financial     Sort = "financial"
	Controlling   Sort = "control"
	Threat        Sort = "threat"
)

// Sorts lists them in the order in which they are offered.
func Sorts() []Sort {
	return []Sort{Physical, Sexual, Psychological, Emotional, Financial, Controlling, Threat}
}

// Label is it in words for people.
func (s Sort) Label() string {
	switch s {
	case Physical:
		return "Physical"
	case Sexual:
		return "Sexual"
	case Psychological:
		return "Psychological"
	case Emotional:
		return "Emotional"
	case Financial:
		return "Money and goods"
	case Controlling:
		return "Control and coercion"
	case Threat:
		return "Threats"
	}
	return string(s)
}

// Source is who says that something was done.
type Source string

// Who says it.
const (
	PersonSays Source = "person"
	OtherSays  Source = "other_side"
	ChildSays  Source = "child"
	Police     Source = "police"
	Agency     Source = "agency"
	Witness    Source = "witness"
)

// Sources lists them in the order in which they are offered.
func Sources() []Source { return []Source{PersonSays, OtherSays, ChildSays, Police, Agency, Witness} }

// Label is it in words for people.
func (s Source) Label() string {
	switch s {
	case PersonSays:
		return "The person of this case"
	case OtherSays:
		return "The other"
	case ChildSays:
		return "A child"
	case Police:
		return "The police"
	case Agency:
		return "Another agency"
	case Witness:
		return "Somebody who saw it"
	}
	return string(s)
}

// ReportWords are what is said to have been done.
type ReportWords struct {
	Direction Direction `json:"direction"`
	Sort      Sort      `json:"sort"`
	Source    Source    `json:"source"`
	On        string    `json:"on,omitempty"` // empty: not known
	What      string    `json:"what"`
	Fear      Knowing   `json:"fear"`
	Injury    Knowing   `json:"injury"`
	Control   Knowing   `json:"control"`
	Effect    string    `json:"effect,omitempty"`
}

// Report is something that one is said to have done to the other.
type Report struct {
	Version
	Words ReportWords
}

func checkReport(w ReportWords, today string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Directions(), w.Direction) {
		errs.Add("direction", "Select to whom it is said to have been done")
	}
	if !slices.Contains(Sorts(), w.Sort) {
		errs.Add("sort", "Select what it was")
	}
	if !slices.Contains(Sources(), w.Source) {
		errs.Add("source", "Select who says so")
	}
	if w.What == "" {
		errs.Add("what", "Write what is said to have happened")
	}
	for field, k := range map[string]Knowing{"fear": w.Fear, "injury": w.Injury, "control": w.Control} {
		if !slices.Contains(Knowings(), k) {
			errs.Add(field, "Select an answer: “Not known” is one")
		}
	}
	been(&errs, "on", w.On, today)
	tooLong(&errs, textMax, map[string]string{"what": w.What, "effect": w.Effect})
	return errs
}

// Report records something that one is said to have done to the other.
func (s *Service) Report(ctx context.Context, f *cases.File, w ReportWords) (id ID, err error) {
	if errs := checkReport(w, s.Today()); errs.Any() {
		return "", errs
	}
	err = s.cases.Do(ctx, f, ActKeep, func(ctx context.Context, tx *store.Tx) error {
		if id, err = s.add(ctx, tx, f, report, Version{}, w); err != nil {
			return err
		}
		on := w.On
		if on == "" {
			on = s.today(tx)
		}
		_, err := s.cases.Record(ctx, tx, f, cases.Event{
			Kind: cases.HarmReported, On: on, Ref: string(id), Text: w.Direction.Label() + ". " + w.Sort.Label() + ". Said by: " + w.Source.Label() + ". " + w.What,
		})
		return err
	})
	return id, err
}

// Both tells whether each is said to have harmed the other.
func (k Known) Both() bool {
	has := func(d Direction) bool {
		return slices.ContainsFunc(k.Reports, func(r Report) bool { return r.Words.Direction == d })
	}
	return has(ToPerson) && has(OfPerson)
}

// Verdict is whose pattern causes fear and control. There is none that says
// both alike.
type Verdict string

// Whose it is.
const (
	OtherHarms   Verdict = "other_harms"
	PersonHarms  Verdict = "person_harms"
	Undetermined Verdict = "undetermined"
)

// Verdicts lists them in the order in which they are offered.
func Verdicts() []Verdict { return []Verdict{OtherHarms, PersonHarms, Undetermined} }

// Label is it in words for people.
func (v Verdict) Label() string {
	switch v {
	case OtherHarms:
		return "The other is the predominant aggressor: their pattern causes fear and control"
	case PersonHarms:
		return "The person of this case is the predominant aggressor"
	case Undetermined:
		return "It cannot be told yet"
	}
	return string(v)
}

// across tells whether a verdict does not go with the side of a case.
func (v Verdict) across(side cases.Side) bool {
	return v == PersonHarms && side == cases.Experiencing || v == OtherHarms && side == cases.Perpetrating
}

// PatternWords are a judgement with its reasons.
type PatternWords struct {
	Verdict  Verdict `json:"verdict"`
	Fear     string  `json:"fear,omitempty"`    // who is afraid of whom
	Injury   string  `json:"injury,omitempty"`  // who was hurt, and how
	Control  string  `json:"control,omitempty"` // who decides over whose life
	Reason   string  `json:"reason"`
	ReviewOn string  `json:"review_on"`
	ActNow   bool    `json:"act_now,omitempty"`
	WhyNow   string  `json:"why_now,omitempty"`
	Level    int     `json:"level,omitempty"` // of the worker on the day
	Review   string  `json:"review,omitempty"`
}

// Pattern is a judgement of who does what to whom.
type Pattern struct {
	Version
	Words PatternWords
}

// Floor is the training level from which a pattern is judged: that of full risk
// assessment (domain.md, section 2.4).
const Floor = 3

var floor = cases.Floor{Level: Floor, Act: ActJudge, Now: ActJudgeNow}

func checkPattern(w PatternWords, today string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Verdicts(), w.Verdict) {
		errs.Add("verdict", "Select your judgement: “It cannot be told yet” is one")
	}
	if w.Reason == "" {
		errs.Add("reason", "Write your reasons")
	}
	if w.Verdict == OtherHarms || w.Verdict == PersonHarms {
		if w.Fear == "" {
			errs.Add("fear", "Write who is afraid of whom")
		}
		if w.Control == "" {
			errs.Add("control", "Write who decides over whose life")
		}
	}
	if _, err := time.Parse(time.DateOnly, w.ReviewOn); err != nil || w.ReviewOn <= today {
		errs.Add("review_on", "Enter a day to come on which it is looked at again")
	}
	if w.ActNow && w.WhyNow == "" {
		errs.Add("why_now", "Write why it could not wait")
	}
	tooLong(&errs, textMax, map[string]string{"fear": w.Fear, "injury": w.Injury, "control": w.Control, "reason": w.Reason, "why_now": w.WhyNow})
	return errs
}

// Judge records a judgement after the one that was read. Nothing else changes by
// it: a second opinion is asked for, a day is set to look again, and where it
// does not go with the side of the case, somebody is asked to decide.
func (s *Service) Judge(ctx context.Context, f *cases.File, read ID, w PatternWords) (id ID, err error) {
	if f.Actor().Level >= Floor {
		w.ActNow, w.WhyNow = false, ""
	}
	if errs := checkPattern(w, s.Today()); errs.Any() {
		return "", errs
	}
	action, err := s.cases.Judge(ctx, f, floor, w.ActNow)
	if errors.Is(err, cases.ErrBelowFloor) {
		return "", forms.Errors{{Field: "act_now", Message: "This asks for training level 3. Choose to act now and have it reviewed, or ask a colleague"}}
	}
	if err != nil {
		return "", err
	}
	w.Level = f.Actor().Level
	err = s.cases.Change(ctx, f, action, func(ctx context.Context, tx *store.Tx) error {
		k, err := s.known(ctx, tx, f)
		if err != nil {
			return err
		}
		v, err := newest(k.patternVersions(), read)
		if err != nil {
			return err
		}
		if err := s.clear(ctx, tx, f, "Another judgement was recorded", cases.ReviewPattern, cases.SecondOpinion, cases.DecideSide); err != nil {
			return err
		}
		if id, err = s.add(ctx, tx, f, judgement, v, w); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.PatternJudged, w.Verdict.Label(), id); err != nil {
			return err
		}
		due := map[cases.TaskKind]string{cases.ReviewPattern: w.ReviewOn, cases.SecondOpinion: cases.NextWorkingDay(tx.Now())}
		if w.Verdict.across(f.Side()) {
			due[cases.DecideSide] = s.today(tx)
		}
		for _, kind := range []cases.TaskKind{cases.ReviewPattern, cases.SecondOpinion, cases.DecideSide} {
			if due[kind] == "" {
				continue
			}
			if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: due[kind]}); err != nil {
				return err
			}
		}
		if !w.ActNow {
			return nil
		}
		return s.cases.ActNow(ctx, tx, f, "Who does what to whom was judged below the training level. "+w.WhyNow, string(id))
	})
	return id, err
}

func (k Known) patternVersions() []Version {
	out := make([]Version, len(k.Patterns))
	for i, p := range k.Patterns {
		out[i] = p.Version
	}
	return out
}

func (s *Service) clear(ctx context.Context, tx *store.Tx, f *cases.File, why string, kinds ...cases.TaskKind) error {
	for _, kind := range kinds {
		if err := s.cases.FinishTasks(ctx, tx, f, kind, why); err != nil {
			return err
		}
	}
	return nil
}

// OpinionWords are a second opinion.
type OpinionWords struct {
	On     ID     `json:"on"` // the judgement
	Agrees bool   `json:"agrees"`
	Reason string `json:"reason"`
}

// Opinion is what a manager says of a judgement.
type Opinion struct {
	Version
	Words OpinionWords
}

// OpinionOn is the opinion on a judgement, if there is one.
func (k Known) OpinionOn(id ID) (Opinion, bool) {
	i := slices.IndexFunc(k.Opinions, func(o Opinion) bool { return o.Words.On == id })
	if i < 0 {
		return Opinion{}, false
	}
	return k.Opinions[i], true
}

// Second records a second opinion on the newest judgement, by a manager who did
// not make it. Where they do not agree, it is judged again.
func (s *Service) Second(ctx context.Context, f *cases.File, on ID, agrees Knowing, reason string) (id ID, err error) {
	var errs forms.Errors
	if agrees != Yes && agrees != No {
		errs.Add("agrees", "Select whether you agree")
	}
	if reason == "" {
		errs.Add("reason", "Write your reasons")
	}
	tooLong(&errs, textMax, map[string]string{"reason": reason})
	if err := asErrors(errs); err != nil {
		return "", err
	}
	err = s.cases.Do(ctx, f, ActSecond, func(ctx context.Context, tx *store.Tx) error {
		k, err := s.known(ctx, tx, f)
		if err != nil {
			return err
		}
		if len(k.Patterns) == 0 {
			return store.ErrNotFound
		}
		if _, given := k.OpinionOn(on); given || k.Patterns[0].ID != on {
			return store.ErrConflict
		}
		if k.Patterns[0].By == f.Actor().Account {
			return forms.Errors{{Field: "agrees", Message: "Somebody else gives the second opinion: this judgement is yours"}}
		}
		if id, err = s.add(ctx, tx, f, opinion, Version{}, OpinionWords{On: on, Agrees: agrees == Yes, Reason: reason}); err != nil {
			return err
		}
		told := "Agreed"
		if agrees == No {
			told = "Not agreed"
		}
		if err := s.record(ctx, tx, f, cases.SecondGiven, told, id); err != nil {
			return err
		}
		if err := s.clear(ctx, tx, f, "The second opinion was given", cases.SecondOpinion); err != nil || agrees == Yes {
			return err
		}
		if err := s.clear(ctx, tx, f, "It is judged again sooner", cases.ReviewPattern); err != nil {
			return err
		}
		_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReviewPattern, Due: cases.NextWorkingDay(tx.Now())})
		return err
	})
	return id, err
}

// MustSecond judges whether the reader gives second opinions on a file. A refusal
// is recorded and returned.
func (s *Service) MustSecond(ctx context.Context, f *cases.File) error {
	_, err := s.guard.Act(ctx, f.Actor(), ActSecond, f.Resource(), true, f.ID().Subject())
	return err
}

// Decided records that a person has decided on which side the case is worked:
// the task is cleared with what they decided. The side itself does not change
// here.
func (s *Service) Decided(ctx context.Context, f *cases.File, text string) error {
	if text == "" {
		return forms.Errors{{Field: "text", Message: "Write what was decided, by whom, and what is done now"}}
	}
	if len(text) > textMax {
		return forms.Errors{{Field: "text", Message: "Shorten this to 4000 characters or fewer"}}
	}
	return s.cases.Do(ctx, f, ActSecond, func(ctx context.Context, tx *store.Tx) error {
		k, err := s.known(ctx, tx, f)
		if err != nil {
			return err
		}
		if len(k.Patterns) == 0 {
			return store.ErrNotFound
		}
		if err := s.clear(ctx, tx, f, "It was decided", cases.DecideSide); err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.SideDecided, text, k.Patterns[0].ID)
	})
}
