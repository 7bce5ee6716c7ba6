package circumstances

import (
	"context"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Stands is where a marriage stands.
type Stands string

// Where it stands.
const (
	Forced     Stands = "forced"
	Threatened Stands = "threatened"
	NotClear   Stands = "not_clear"
	Arranged   Stands = "arranged"
	NotForced  Stands = "no"
)

// Standings lists them in the order in which they are offered.
func Standings() []Stands { return []Stands{Forced, Threatened, NotClear, Arranged, NotForced} }

// Label is it in words for people.
func (m Stands) Label() string {
	switch m {
	case Forced:
		return "Forced: it has happened"
	case Threatened:
		return "Forced: it is threatened, or planned"
	case NotClear:
		return "Not clear yet"
	case Arranged:
		return "Arranged, and both freely agree: not forced"
	case NotForced:
		return "No: neither forced nor threatened"
	}
	return string(m)
}

// Flag tells whether it marks the case.
func (m Stands) Flag() bool { return m == Forced || m == Threatened }

// Agreement is whether the person agrees to a marriage.
type Agreement string

// Whether they do (G5).
const (
	Refuses   Agreement = "refuses"
	Pressed   Agreement = "pressed"
	CannotFor Agreement = "cannot"
	Agrees    Agreement = "agrees"
	AgreesNot Agreement = "not_known"
)

// Agreements lists them in the order in which they are offered.
func Agreements() []Agreement { return []Agreement{Refuses, Pressed, CannotFor, Agrees, AgreesNot} }

// Label is it in words for people.
func (a Agreement) Label() string {
	switch a {
	case Refuses:
		return "They do not agree"
	case Pressed:
		return "They say yes under pressure"
	case CannotFor:
		return "A disability means that they may not be able to agree"
	case Agrees:
		return "They freely agree"
	case AgreesNot:
		return "Not known"
	}
	return string(a)
}

// MarriageWords are what is said of a marriage.
type MarriageWords struct {
	Stands    Stands    `json:"stands"`
	Agreement Agreement `json:"agreement"`
	What      string    `json:"what,omitempty"`  // in the words of the person
	Never     string    `json:"never,omitempty"` // who must not interpret, or be spoken to
	Safety    string    `json:"safety,omitempty"`
}

// Marriage is a version of what is known of a forced marriage (G5).
type Marriage struct {
	Version
	Words MarriageWords
}

func checkMarriage(w MarriageWords) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Standings(), w.Stands) {
		errs.Add("stands", "Select what is known")
	}
	if !slices.Contains(Agreements(), w.Agreement) {
		errs.Add("agreement", "Select whether the person agrees")
	}
	if w.Stands == Arranged && w.Agreement != Agrees {
		errs.Add("stands", "Without free agreement it is not an arranged marriage: select one that is forced, or not clear")
	}
	if w.Stands.Flag() && w.What == "" {
		errs.Add("what", "Write what is known, in their words where you have them")
	}
	tooLong(&errs, textMax, map[string]string{"what": w.What, "never": w.Never, "safety": w.Safety})
	return errs
}

// TellMarriage records what is known of a forced marriage, after the version
// that was read. Where it is forced or threatened, a look at safeguarding is due
// the same day, and how the person can be reached is asked anew: never through
// family. Where they may not be able to agree, a capacity note is asked for.
func (s *Service) TellMarriage(ctx context.Context, f *cases.File, read ID, w MarriageWords) (id ID, err error) {
	if errs := checkMarriage(w); errs.Any() {
		return "", errs
	}
	err = s.cases.Do(ctx, f, ActKeep, func(ctx context.Context, tx *store.Tx) error {
		k, err := s.known(ctx, tx, f)
		if err != nil {
			return err
		}
		have := make([]Version, len(k.Marriage))
		for i, m := range k.Marriage {
			have[i] = m.Version
		}
		v, err := newest(have, read)
		if err != nil {
			return err
		}
		if id, err = s.add(ctx, tx, f, consent, v, w); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.MarriageTold, w.Stands.Label(), id); err != nil {
			return err
		}
		if w.Stands.Flag() {
			for _, kind := range []cases.TaskKind{cases.ReferSafeguarding, cases.AskSafeContact} {
				if err := s.taskOnce(ctx, tx, f, kind, s.today(tx)); err != nil {
					return err
				}
			}
		}
		if w.Agreement == CannotFor && len(k.Capacity) == 0 {
			return s.taskOnce(ctx, tx, f, cases.NoteCapacity, s.today(tx))
		}
		return nil
	})
	return id, err
}

// Marked tells whether a forced marriage, actual or threatened, marks the case.
func (k Known) Marked() bool { return len(k.Marriage) > 0 && k.Marriage[0].Words.Stands.Flag() }

// CapacityMissing tells that somebody may not be able to agree, and nobody has
// written down whether they can.
func (k Known) CapacityMissing() bool {
	return len(k.Marriage) > 0 && k.Marriage[0].Words.Agreement == CannotFor && len(k.Capacity) == 0
}

// Decision is what a capacity note is about.
type Decision string

// What it is about.
const (
	ToMarry   Decision = "marry"
	ToShare   Decision = "share"
	ToCare    Decision = "care"
	ToContact Decision = "contact"
	ToOther   Decision = "other"
)

// Decisions lists them in the order in which they are offered.
func Decisions() []Decision { return []Decision{ToMarry, ToShare, ToCare, ToContact, ToOther} }

// Label is it in words for people.
func (d Decision) Label() string {
	switch d {
	case ToMarry:
		return "To marry"
	case ToShare:
		return "What is told to others about them"
	case ToCare:
		return "Where they live, and their care"
	case ToContact:
		return "With whom they are in contact"
	case ToOther:
		return "Another decision"
	}
	return string(d)
}

// Result is what an assessment of capacity came to.
type Result string

// What it came to.
const (
	Has     Result = "has"
	Lacks   Result = "lacks"
	NoneYet Result = "not_assessed"
)

// Results lists them in the order in which they are offered.
func Results() []Result { return []Result{Has, Lacks, NoneYet} }

// Label is it in words for people.
func (r Result) Label() string {
	switch r {
	case Has:
		return "They can make this decision"
	case Lacks:
		return "They cannot make this decision"
	case NoneYet:
		return "Not assessed yet"
	}
	return string(r)
}

// Knowing is an answer about something that may not be known. Not known is
// not no.
type Knowing string

// The answers.
const (
	Yes      Knowing = "yes"
	No       Knowing = "no"
	NotKnown Knowing = "not_known"
)

// Knowings lists them in the order in which they are offered.
func Knowings() []Knowing { return []Knowing{Yes, No, NotKnown} }

// Label is it in words for people.
func (k Knowing) Label() string {
	switch k {
	case Yes:
		return "Yes"
	case No:
		return "No"
	case NotKnown:
		return "Not known"
	}
	return string(k)
}

// CapacityWords are what is said of one decision.
type CapacityWords struct {
	Decision Decision `json:"decision"`
	Which    string   `json:"which,omitempty"` // the decision, in words
	Result   Result   `json:"result"`
	On       string   `json:"on,omitempty"`
	By       string   `json:"by,omitempty"`
	Role     string   `json:"role,omitempty"`
	Reasons  string   `json:"reasons,omitempty"`
	Advocate Knowing  `json:"advocate"` // speaks for them
	Best     Knowing  `json:"best"`     // best interests were decided
	Who      string   `json:"who,omitempty"`
}

// Capacity is a capacity note (G5).
type Capacity struct {
	Version
	Words CapacityWords
	// Apart tells that the reader may not read it.
	Apart bool
}

func checkCapacity(w CapacityWords, today string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Decisions(), w.Decision) {
		errs.Add("decision", "Select which decision it is about")
	}
	if w.Which == "" {
		errs.Add("which", "Write the decision: capacity is about one decision at a time")
	}
	if !slices.Contains(Results(), w.Result) {
		errs.Add("result", "Select what it came to")
	}
	if w.Result == Has || w.Result == Lacks {
		for field, text := range map[string]string{"by": w.By, "role": w.Role} {
			if text == "" {
				errs.Add(field, "Write who assessed it, and in what role")
			}
		}
		if w.On == "" {
			errs.Add("on", "Enter the day on which it was assessed")
		}
		if w.Reasons == "" {
			errs.Add("reasons", "Write the reasons")
		}
	}
	been(&errs, "on", w.On, today)
	for field, k := range map[string]Knowing{"advocate": w.Advocate, "best": w.Best} {
		if !slices.Contains(Knowings(), k) {
			errs.Add(field, "Select an answer: “Not known” is one")
		}
	}
	tooLong(&errs, textMax, map[string]string{"which": w.Which, "reasons": w.Reasons, "who": w.Who})
	tooLong(&errs, lineMax, map[string]string{"by": w.By, "role": w.Role})
	return errs
}

// NoteCapacity records whether somebody can make one decision. Everybody who
// works with the case may write one; reading it takes its permission.
func (s *Service) NoteCapacity(ctx context.Context, f *cases.File, w CapacityWords) (id ID, err error) {
	if errs := checkCapacity(w, s.Today()); errs.Any() {
		return "", errs
	}
	err = s.cases.Do(ctx, f, ActKeep, func(ctx context.Context, tx *store.Tx) error {
		if id, err = s.add(ctx, tx, f, capacity, Version{}, w); err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.CapacityNoted, keptApart, id); err != nil {
			return err
		}
		if w.Result == NoneYet {
			return s.taskOnce(ctx, tx, f, cases.NoteCapacity, cases.NextWorkingDay(tx.Now()))
		}
		return s.cases.FinishTasks(ctx, tx, f, cases.NoteCapacity, "A capacity note was written")
	})
	return id, err
}
