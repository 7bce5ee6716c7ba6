package circumstances

import (
	"context"
	"slices"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Raised is who spoke of something first.
type Raised string

// Who did.
const (
	ByPerson Raised = "person"
	ByWorker Raised = "worker"
	ByOther  Raised = "other"
)

// Raiseds lists them in the order in which they are offered.
func Raiseds() []Raised { return []Raised{ByPerson, ByWorker, ByOther} }

// Label is it in words for people.
func (r Raised) Label() string {
	switch r {
	case ByPerson:
		return "The person raised it"
	case ByWorker:
		return "The worker asked"
	case ByOther:
		return "Somebody else spoke of it"
	}
	return string(r)
}

// Bearing is whether a circumstance bears on risk and support now.
type Bearing string

// Whether it does.
const (
	Bears     Bearing = "bears"
	NotNow    Bearing = "not_now"
	Mistaken  Bearing = "mistaken"
	Undecided Bearing = "not_known"
)

// Bearings lists them in the order in which they are offered.
func Bearings() []Bearing { return []Bearing{Bears, Undecided, NotNow, Mistaken} }

// Label is it in words for people.
func (b Bearing) Label() string {
	switch b {
	case Bears:
		return "It bears on risk or support"
	case Undecided:
		return "Not known yet"
	case NotNow:
		return "Not any more"
	case Mistaken:
		return "They say that it is not so"
	}
	return string(b)
}

// CircumstanceWords are all that is said of a circumstance.
type CircumstanceWords struct {
	Kind    string  `json:"kind"`
	Bearing Bearing `json:"bearing"`
	Raised  Raised  `json:"raised"`
	What    string  `json:"what,omitempty"` // in the words of the person
	How     string  `json:"how,omitempty"`  // it bears on the danger
	Help    string  `json:"help,omitempty"` // what would
}

// Circumstance is a version of a circumstance (B9.12).
type Circumstance struct {
	Version
	Words CircumstanceWords
	// Apart tells that it is behind a permission which the reader has not.
	Apart bool
}

func (s *Service) checkCircumstance(w CircumstanceWords) forms.Errors {
	var errs forms.Errors
	if _, is := s.guide.Kind(w.Kind); !is {
		errs.Add("kind", "Select what it is about")
	}
	if !slices.Contains(Bearings(), w.Bearing) {
		errs.Add("bearing", "Select whether it bears on risk or support")
	}
	if !slices.Contains(Raiseds(), w.Raised) {
		errs.Add("raised", "Select who raised it")
	}
	if w.What == "" {
		errs.Add("what", "Write what they said of it")
	}
	if w.Bearing == Bears && w.How == "" {
		errs.Add("how", "Write how it bears on the danger, or on the support they can have")
	}
	tooLong(&errs, textMax, map[string]string{"what": w.What, "how": w.How, "help": w.Help})
	return errs
}

// Tell records a circumstance of which somebody spoke.
func (s *Service) Tell(ctx context.Context, f *cases.File, w CircumstanceWords) (ID, error) {
	return s.tell(ctx, f, "", w)
}

// TellAgain records another version after the one that was read. It returns
// [store.ErrConflict] when that is not the newest.
func (s *Service) TellAgain(ctx context.Context, f *cases.File, read ID, w CircumstanceWords) (ID, error) {
	if read == "" {
		return "", store.ErrNotFound
	}
	return s.tell(ctx, f, read, w)
}

func (s *Service) tell(ctx context.Context, f *cases.File, read ID, w CircumstanceWords) (id ID, err error) {
	err = s.cases.Do(ctx, f, ActKeep, func(ctx context.Context, tx *store.Tx) error {
		var v Version
		if read != "" {
			was, err := s.find(ctx, tx, f, read)
			if err != nil {
				return err
			}
			if was.Apart {
				return store.ErrNotFound // whoever may not read it does not change it
			}
			w.Kind, v = was.Words.Kind, Version{Root: was.Root, After: was.ID}
		}
		if errs := s.checkCircumstance(w); errs.Any() {
			return errs
		}
		if id, err = s.add(ctx, tx, f, aboutThem, v, w); err != nil {
			return err
		}
		kind, _ := s.guide.Kind(w.Kind)
		told := keptApart
		if kind.Apart == Open {
			told = kind.Label + ". " + w.Bearing.Label()
		}
		return s.record(ctx, tx, f, cases.CircumstanceTold, told, id)
	})
	return id, err
}

// find is the version with an id, with its words whoever reads.
func (s *Service) find(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Circumstance, error) {
	k, err := s.known(ctx, tx, f)
	i := slices.IndexFunc(k.Circumstances, func(c Circumstance) bool { return c.ID == id })
	if err == nil && i < 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Circumstance{}, err
	}
	return k.Circumstances[i], nil
}

// Answer is what became of a pointer to specialist advice.
type Answer string

// What became of it.
const (
	Told      Answer = "told"
	Asked     Answer = "asked"
	NotWanted Answer = "not_wanted"
	NotSafe   Answer = "not_safe"
)

// Answers lists them in the order in which they are offered.
func Answers() []Answer { return []Answer{Told, Asked, NotWanted, NotSafe} }

// Label is it in words for people.
func (a Answer) Label() string {
	switch a {
	case Told:
		return "The person was told where advice is to be had"
	case Asked:
		return "The worker asked for advice, without a name"
	case NotWanted:
		return "The person does not want it"
	case NotSafe:
		return "It was not safe to speak of it"
	}
	return string(a)
}

// PointingWords are what is said of it.
type PointingWords struct {
	Pointer string `json:"pointer"`
	On      string `json:"on"`
	Answer  Answer `json:"answer"`
	Text    string `json:"text,omitempty"`
}

// Pointing is that somebody was pointed to specialist advice (B7.23, B9.16).
type Pointing struct {
	Version
	Words PointingWords
	Apart bool
}

// Point records that somebody was pointed to specialist advice, or why not.
func (s *Service) Point(ctx context.Context, f *cases.File, w PointingWords) (id ID, err error) {
	var errs forms.Errors
	p, is := s.guide.Pointer(w.Pointer)
	if !is {
		return "", store.ErrNotFound
	}
	if !slices.Contains(Answers(), w.Answer) {
		errs.Add("answer", "Select what became of it")
	}
	if w.On == "" {
		errs.Add("on", "Enter the day")
	}
	been(&errs, "on", w.On, s.Today())
	tooLong(&errs, textMax, map[string]string{"text": w.Text})
	if errs.Any() {
		return "", errs
	}
	err = s.cases.Do(ctx, f, ActKeep, func(ctx context.Context, tx *store.Tx) error {
		if id, err = s.add(ctx, tx, f, pointedTo, Version{}, w); err != nil {
			return err
		}
		told := keptApart
		if p.Apart == Open {
			told = p.Title + ". " + w.Answer.Label()
		}
		return s.record(ctx, tx, f, cases.AdvicePointedTo, told, id)
	})
	return id, err
}
