package safetyplan

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan/safetyplandb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Owner is who does a step.
type Owner string

// The owners.
const (
	ThePerson Owner = "person"
	Worker    Owner = "worker" // whoever wrote it down
	Colleague Owner = "colleague"
	Other     Owner = "agency"
)

// Owners lists them in the order in which they are offered.
func Owners() []Owner { return []Owner{ThePerson, Worker, Colleague, Other} }

// Label is the owner in words for people.
func (o Owner) Label() string {
	switch o {
	case ThePerson:
		return "The person themselves"
	case Worker:
		return "I do"
	case Colleague:
		return "A colleague on this case"
	case Other:
		return "Another agency"
	}
	return string(o)
}

// State is how far a step has come.
type State string

// The states.
const (
	StepOpen State = "open"
	Done     State = "done"
	NotDone  State = "not_done"
)

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case StepOpen:
		return "To do"
	case Done:
		return "Done"
	case NotDone:
		return "Not done"
	}
	return string(s)
}

// Step is something to be done.
type Step struct {
	ID         string
	Plan       ID
	What       string
	Owner      Owner
	Account    string // of a worker or a colleague
	OtherWords string // which other agency
	DueOn      string
	Task       cases.TaskID
	State      State
	Note       string
	RecordedAt time.Time
	RecordedBy string
	SettledAt  time.Time
	SettledBy  string
}

// NewStep is what a worker adds to the plan.
type NewStep struct {
	What    string
	Owner   Owner
	Account string // of a colleague who works on the file
	Other   string // which other agency, in words
	DueOn   string
}

// AddStep adds a step to the plan, and a task to the inbox of whoever does it or
// sees to it. It returns forms.Errors, [store.ErrNotFound] when there is no plan
// yet, and [ErrHarmingSide].
func (s *Service) AddStep(ctx context.Context, f *cases.File, n NewStep) (string, error) {
	if err := s.May(ctx, f); err != nil {
		return "", err
	}
	if _, err := s.guard.Act(ctx, f.Actor(), ActWork, f.Resource(), true, f.ID().Subject()); err != nil {
		return "", err
	}
	if errs := s.checkStep(f, n); errs.Any() {
		return "", errs
	}
	account := ""
	switch n.Owner {
	case Worker:
		account = f.Actor().Account
	case Colleague:
		account = n.Account
	case ThePerson, Other:
	}
	var id string
	err := s.cases.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		newest, err := s.newest(ctx, tx, f)
		if err != nil {
			return err
		}
		if id, err = tx.NewID(); err != nil {
			return err
		}
		task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.TakeStep, Due: n.DueOn, Account: account})
		if err != nil {
			return err
		}
		other := ""
		if n.Owner == Other {
			other = n.Other
		}
		v := s.vault(ctx, tx, f)
		row := safetyplandb.InsertStepParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), PlanID: string(newest.ID), Body: v.seal("safety_plan_step", "body", id, n.What), Owner: string(n.Owner),
			AccountID: account, OwnerWords: v.seal("safety_plan_step", "owner_words", id, other), DueOn: n.DueOn, TaskID: string(task), Note: []byte{},
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		if err := safetyplandb.New(tx).InsertStep(ctx, row); err != nil {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PlanStep, On: tx.Now().Format(time.DateOnly), Text: "Agreed, due " + cases.DayInWords(n.DueOn) + ".", Ref: id})
		return err
	})
	return id, err
}

func (s *Service) checkStep(f *cases.File, n NewStep) forms.Errors {
	var errs forms.Errors
	if n.What == "" {
		errs.Add("what", "Write what is to be done")
	}
	checkLength(&errs, "what", n.What)
	switch n.Owner {
	case ThePerson, Worker:
	case Colleague:
		if !slices.Contains(f.Workers(), n.Account) {
			errs.Add("account", "Select a colleague who works on this case")
		}
	case Other:
		if n.Other == "" {
			errs.Add("other", "Write which agency")
		}
	default:
		errs.Add("owner", "Select who does it")
	}
	checkLength(&errs, "other", n.Other)
	if _, err := time.Parse(time.DateOnly, n.DueOn); err != nil {
		errs.Add("due_on", "Enter the day by which it is to be done, such as 27 3 2027")
	}
	return errs
}

// SettleStep records that a step was done, or that it was not, with a note, and
// clears its task. It returns forms.Errors, [store.ErrConflict] when somebody
// else has done that, and [ErrHarmingSide].
func (s *Service) SettleStep(ctx context.Context, f *cases.File, id string, state State, note string) error {
	if err := s.May(ctx, f); err != nil {
		return err
	}
	if _, err := s.guard.Act(ctx, f.Actor(), ActWork, f.Resource(), true, f.ID().Subject()); err != nil {
		return err
	}
	var errs forms.Errors
	if state != Done && state != NotDone {
		errs.Add("state", "Select whether it was done")
	}
	if note == "" {
		errs.Add("note", "Write what was done, or why it was not and what happens instead")
	}
	checkLength(&errs, "note", note)
	if errs.Any() {
		return errs
	}
	return s.cases.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		step, err := s.step(ctx, tx, f, id)
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f)
		sealed := v.seal("safety_plan_step", "note", id, note)
		if v.err != nil {
			return v.err
		}
		err = store.Changed(safetyplandb.New(tx).SettleStep(ctx, safetyplandb.SettleStepParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: id, State: string(state), Note: sealed, SettledAt: nullTime(tx.Now()), SettledBy: f.Actor().Account,
		}))
		if err != nil {
			return err
		}
		// The task may have gone with the closing of the case.
		if err := s.cases.Finished(ctx, tx, f, step.Task, note); err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.PlanStep, On: tx.Now().Format(time.DateOnly), Text: state.Label() + ".", Ref: id})
		return err
	})
}

// Steps are those of a file, those that are due first coming first.
func (s *Service) Steps(ctx context.Context, tx *store.Tx, f *cases.File) ([]Step, error) {
	if err := s.show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := safetyplandb.New(tx).Steps(ctx, safetyplandb.StepsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	v := s.vault(ctx, tx, f)
	out := make([]Step, len(rows))
	for i, r := range rows {
		out[i] = v.step(safetyplandb.StepByIDRow(r))
	}
	return out, v.err
}

// Step is one step of a file.
func (s *Service) Step(ctx context.Context, tx *store.Tx, f *cases.File, id string) (Step, error) {
	if err := s.show(ctx, f); err != nil {
		return Step{}, err
	}
	return s.step(ctx, tx, f, id)
}

func (s *Service) step(ctx context.Context, tx *store.Tx, f *cases.File, id string) (Step, error) {
	row, err := safetyplandb.New(tx).StepByID(ctx, safetyplandb.StepByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: id})
	if err != nil {
		return Step{}, missing(err)
	}
	v := s.vault(ctx, tx, f)
	return v.step(row), v.err
}

func (v *vault) step(r safetyplandb.StepByIDRow) Step {
	return Step{
		ID: r.ID, Plan: ID(r.PlanID), What: v.open("safety_plan_step", "body", r.ID, r.Body), Owner: Owner(r.Owner), Account: r.AccountID,
		OtherWords: v.open("safety_plan_step", "owner_words", r.ID, r.OwnerWords), DueOn: r.DueOn, Task: cases.TaskID(r.TaskID), State: State(r.State),
		Note: v.open("safety_plan_step", "note", r.ID, r.Note), RecordedAt: r.RecordedAt, RecordedBy: r.RecordedBy, SettledAt: r.SettledAt.Time, SettledBy: r.SettledBy,
	}
}
