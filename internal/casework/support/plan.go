package support

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
)

// GoalID and ActionID name goals and actions.
type (
	GoalID   string
	ActionID string
)

// Goal is what the person wants, in their words.
type Goal struct {
	ID         GoalID
	Domain     Domain
	State      GoalState
	Text       string
	Apart      bool // its words are behind a compartment
	RecordedAt time.Time
	Version    int64
}

// Action is something that was agreed, with who does it and by when.
type Action struct {
	ID         ActionID
	Owner      string // an account; empty: the person themselves
	Due        string // YYYY-MM-DD
	State      ActionState
	Text       string
	Result     string
	RecordedAt time.Time
	Version    int64
	task       string
}

type actionWords struct {
	Text   string `json:"text,omitempty"`
	Result string `json:"result,omitempty"`
}

const (
	goalTable   = "support_goal"
	actionTable = "support_action"
	planTable   = "support_plan"
)

// SetGoal records what the person wants.
func (s *Service) SetGoal(ctx context.Context, f *cases.File, g Goal) error {
	var errs forms.Errors
	if !slices.Contains(Domains(), g.Domain) {
		errs.Add("domain", "Select what it is about")
	}
	if g.Text == "" {
		errs.Add("text", "Write what they want, in their words")
	}
	tooLong(&errs, textMax, map[string]string{"text": g.Text})
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, goalTable, id, offerWords{g.Text})
		if err != nil {
			return err
		}
		err = supportdb.New(tx).InsertGoal(ctx, supportdb.InsertGoalParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Domain: string(g.Domain), State: string(GoalOpen), Words: words,
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Version: 1,
		})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.GoalSet, "", g.Domain.told(g.Text), id)
	})
}

// ChangeGoal records where a goal stands.
func (s *Service) ChangeGoal(ctx context.Context, f *cases.File, id GoalID, version int64, state GoalState) error {
	if !slices.Contains(GoalStates(), state) {
		return forms.Errors{{Field: "state", Message: "Select where it stands"}}
	}
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		q := supportdb.New(tx)
		row, err := q.GoalByID(ctx, supportdb.GoalByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
		if err != nil {
			return missing(err)
		}
		err = store.Changed(q.SetGoal(ctx, supportdb.SetGoalParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id), State: string(state), Version: version}))
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.GoalSet, "", Domain(row.Domain).told(state.Label()), string(id))
	})
}

// Goals are the goals of a file, the newest first.
func (s *Service) Goals(ctx context.Context, tx *store.Tx, f *cases.File) ([]Goal, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Goals(ctx, supportdb.GoalsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Goal, len(rows))
	for i, row := range rows {
		g := Goal{ID: GoalID(row.ID), Domain: Domain(row.Domain), State: GoalState(row.State), RecordedAt: row.RecordedAt, Version: row.Version}
		if g.Apart = !s.cases.MayRead(f, g.Domain.kept()); !g.Apart {
			var words offerWords
			if err := unseal(ctx, tx, row.AgencyID, goalTable, row.ID, row.Words, &words); err != nil {
				return nil, err
			}
			g.Text = words.Text
		}
		out[i] = g
	}
	return out, nil
}

// Agree records an action, with a task for the worker who does it.
func (s *Service) Agree(ctx context.Context, f *cases.File, a Action) (ActionID, error) {
	var errs forms.Errors
	if a.Text == "" {
		errs.Add("text", "Write what is to be done")
	}
	if !validDay(a.Due) {
		errs.Add("due", "Enter the day by which it is done")
	}
	if a.Owner != "" && a.Owner != f.Lead() && !slices.Contains(f.Workers(), a.Owner) {
		errs.Add("owner", "Select the person, or one of those who work on the case")
	}
	tooLong(&errs, textMax, map[string]string{"text": a.Text})
	if errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, actionTable, id, actionWords{Text: a.Text})
		if err != nil {
			return err
		}
		if a.Owner != "" {
			task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AgreedAction, Due: a.Due, Account: a.Owner})
			if err != nil {
				return err
			}
			a.task = string(task)
		}
		err = supportdb.New(tx).InsertAction(ctx, supportdb.InsertActionParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Owner: a.Owner, DueOn: a.Due, State: string(ActionOpen), TaskID: a.task, Words: words,
			RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Version: 1,
		})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.ActionAgreed, "", sentence([]string{a.Text, "By " + cases.DayInWords(a.Due)}), id)
	})
	return ActionID(id), err
}

// EndAction records what came of an action, done or not.
func (s *Service) EndAction(ctx context.Context, f *cases.File, id ActionID, version int64, state ActionState, result string) error {
	var errs forms.Errors
	if state != ActionDone && state != ActionNotDone {
		errs.Add("state", "Select whether it was done")
	}
	if state == ActionNotDone && result == "" {
		errs.Add("result", "Write why it was not done, and what happens instead")
	}
	tooLong(&errs, textMax, map[string]string{"result": result})
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.action(ctx, tx, f, id)
		if err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, actionTable, string(id), actionWords{a.Text, result})
		if err != nil {
			return err
		}
		err = store.Changed(supportdb.New(tx).SetAction(ctx, supportdb.SetActionParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id), State: string(state), Words: words, Version: version,
		}))
		if err != nil {
			return err
		}
		if a.task != "" {
			err := s.cases.Finished(ctx, tx, f, cases.TaskID(a.task), "what came of it was recorded")
			if err != nil && !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		return s.record(ctx, tx, f, cases.ActionEnded, "", sentence([]string{state.Label(), a.Text, result}), string(id))
	})
}

// Action is one action of a file.
func (s *Service) Action(ctx context.Context, tx *store.Tx, f *cases.File, id ActionID) (Action, error) {
	if err := show(ctx, f); err != nil {
		return Action{}, err
	}
	return s.action(ctx, tx, f, id)
}

func (s *Service) action(ctx context.Context, tx *store.Tx, f *cases.File, id ActionID) (Action, error) {
	row, err := supportdb.New(tx).ActionByID(ctx, supportdb.ActionByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Action{}, missing(err)
	}
	return actionOf(ctx, tx, row)
}

func actionOf(ctx context.Context, tx *store.Tx, row supportdb.SupportAction) (Action, error) {
	var words actionWords
	err := unseal(ctx, tx, row.AgencyID, actionTable, row.ID, row.Words, &words)
	return Action{
		ID: ActionID(row.ID), Owner: row.Owner, Due: row.DueOn, State: ActionState(row.State), Text: words.Text, Result: words.Result,
		RecordedAt: row.RecordedAt, Version: row.Version, task: row.TaskID,
	}, err
}

// Actions are the actions of a file, the newest first.
func (s *Service) Actions(ctx context.Context, tx *store.Tx, f *cases.File) ([]Action, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Actions(ctx, supportdb.ActionsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Action, len(rows))
	for i, row := range rows {
		if out[i], err = actionOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Plan is a plan of support as it was made. It is never changed; the next is a
// new one.
type Plan struct {
	ID         string
	RiskRef    string // the identification it rests on
	Needs      int    // how many open needs it rests on
	Counts     bool   // it rests on both (B9.10)
	Together   bool   // made together with the person
	ReviewOn   string
	Text       string
	RecordedAt time.Time
	RecordedBy string
}

// Without says what a plan that does not count lacks, in words for people.
func (p Plan) Without() string {
	switch {
	case p.Counts:
		return ""
	case p.RiskRef == "" && p.Needs == 0:
		return "Without risk identification and without needs: it does not count"
	case p.RiskRef == "":
		return "Without risk identification: it does not count"
	}
	return "Without needs: it does not count"
}

// MakePlan records a plan of support. It rests on the newest identification of
// risk and on the needs that are open; without them it is kept, and does not
// count.
func (s *Service) MakePlan(ctx context.Context, f *cases.File, p Plan) (Plan, error) {
	var errs forms.Errors
	if p.Text == "" {
		errs.Add("text", "Write the plan")
	}
	if !validDay(p.ReviewOn) {
		errs.Add("review_on", "Enter the day on which it is looked at again")
	}
	tooLong(&errs, textMax, map[string]string{"text": p.Text})
	if errs.Any() {
		return p, errs
	}
	err := s.cases.Do(ctx, f, ActPlan, func(ctx context.Context, tx *store.Tx) error {
		last, err := s.lastRisk(ctx, tx, f)
		if err != nil {
			return err
		}
		needs, err := s.Needs(ctx, tx, f)
		if err != nil {
			return err
		}
		p.RiskRef, p.Needs = last.Ref, 0
		for _, n := range needs {
			if n.State == Open {
				p.Needs++
			}
		}
		p.Counts = p.RiskRef != "" && p.Needs > 0
		if p.ID, err = tx.NewID(); err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, planTable, p.ID, offerWords{p.Text})
		if err != nil {
			return err
		}
		err = supportdb.New(tx).InsertPlan(ctx, supportdb.InsertPlanParams{
			AgencyID: f.Agency(), ID: p.ID, FileID: string(f.ID()), RiskRef: p.RiskRef, Needs: int64(p.Needs), Counts: p.Counts, Together: p.Together,
			ReviewOn: p.ReviewOn, Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		if err := s.record(ctx, tx, f, cases.SupportPlanned, "", sentence([]string{p.Without(), p.Text}), p.ID); err != nil {
			return err
		}
		if p.RiskRef == "" {
			if err := s.taskOnce(ctx, tx, f, cases.IdentifyRisk, cases.NextWorkingDay(tx.Now())); err != nil {
				return err
			}
		}
		if err := s.cases.FinishTasks(ctx, tx, f, cases.PlanReview, "a new plan was made"); err != nil {
			return err
		}
		if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.PlanReview, Due: p.ReviewOn}); err != nil {
			return err
		}
		return s.emit(ctx, tx, f, "support.planned", planTable, p.ID, tx.Now(), measures.Dimensions{"counts": p.Counts, "together": p.Together})
	})
	return p, err
}

// Plans are the plans of a file, the newest first.
func (s *Service) Plans(ctx context.Context, tx *store.Tx, f *cases.File, limit int) ([]Plan, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Plans(ctx, supportdb.PlansParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: rows32(limit)})
	if err != nil {
		return nil, err
	}
	out := make([]Plan, len(rows))
	for i, row := range rows {
		var words offerWords
		if err := unseal(ctx, tx, row.AgencyID, planTable, row.ID, row.Words, &words); err != nil {
			return nil, err
		}
		out[i] = Plan{
			ID: row.ID, RiskRef: row.RiskRef, Needs: int(row.Needs), Counts: row.Counts, Together: row.Together, ReviewOn: row.ReviewOn,
			Text: words.Text, RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy,
		}
	}
	return out, nil
}
