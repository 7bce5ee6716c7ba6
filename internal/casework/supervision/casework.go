package supervision

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision/supervisiondb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

const (
	noteTable    = "supervision_note"
	actionTable  = "supervision_action"
	signOffTable = "supervision_sign_off"
)

// ActionID names an action.
type ActionID string

// NewAction is what is agreed, by when the worker does it.
type NewAction struct {
	Text string
	Due  string
}

// Action was agreed in supervision.
type Action struct {
	ID         ActionID
	Worker     string
	Due        string
	State      State
	Text       string
	Result     string
	RecordedAt time.Time
	RecordedBy string
	Version    int64
	task       string
}

// Note is what supervision brought up about a case.
type Note struct {
	ID         string
	Worker     string // who held the case then
	Text       string
	RecordedAt time.Time
	RecordedBy string
}

// SignOff is a supervisor's name under a case.
type SignOff struct {
	ID         string
	Worker     string
	Subject    Subject
	Verdict    Verdict
	Text       string
	On         string
	RecordedAt time.Time
	RecordedBy string
}

// MayWrite judges whether the actor supervises a file; a refusal is recorded.
func (s *Service) MayWrite(ctx context.Context, f *cases.File) error {
	_, err := s.guard.Act(ctx, f.Actor(), ActWrite, f.Resource(), true, f.ID().Subject())
	return err
}

func checkAction(errs *forms.Errors, a NewAction, asked bool, today string) {
	if a.Text == "" && (asked || a.Due != "") {
		errs.Add("action", "Write what is to be done")
	}
	if a.Text != "" && (!validDay(a.Due) || a.Due < today) {
		errs.Add("due", "Enter the day by which it is done, today or later")
	}
	tooLong(errs, "action", a.Text)
}

// Discuss writes down what supervision brought up about a case, with what was
// agreed, if anything was.
func (s *Service) Discuss(ctx context.Context, f *cases.File, text string, a NewAction) error {
	var errs forms.Errors
	if text == "" {
		errs.Add("text", "Write what was said about the case")
	}
	tooLong(&errs, "text", text)
	checkAction(&errs, a, false, s.Today())
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActWrite, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		sealed, err := seal(ctx, tx, f, noteTable, id, words{Text: text})
		if err != nil {
			return err
		}
		err = supervisiondb.New(tx).InsertNote(ctx, supervisiondb.InsertNoteParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), WorkerID: f.Lead(), Words: sealed, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		told := "The notes are kept apart."
		if a.Text != "" {
			told = "Agreed: " + a.Text + " By " + cases.DayInWords(a.Due) + ". The notes are kept apart."
			if err := s.agree(ctx, tx, f, a); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, f, cases.SupervisionHeld, told, id)
	})
}

// agree makes what was agreed a task of the worker who holds the case.
func (s *Service) agree(ctx context.Context, tx *store.Tx, f *cases.File, a NewAction) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	sealed, err := seal(ctx, tx, f, actionTable, id, words{Text: a.Text})
	if err != nil {
		return err
	}
	task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.SupervisedStep, Due: a.Due, Account: f.Lead()})
	if err != nil {
		return err
	}
	return supervisiondb.New(tx).InsertAction(ctx, supervisiondb.InsertActionParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), WorkerID: f.Lead(), DueOn: a.Due, TaskID: string(task), Words: sealed,
		RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

// record writes into the chronology.
func (s *Service) record(ctx context.Context, tx *store.Tx, f *cases.File, kind cases.EventKind, text, ref string) error {
	_, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: kind, On: s.today(tx), Text: text, Ref: ref})
	return err
}

// EndAction records what came of an action. It returns [store.ErrConflict] when
// somebody else did.
func (s *Service) EndAction(ctx context.Context, f *cases.File, id ActionID, version int64, state State, result string) error {
	var errs forms.Errors
	if state != Done && state != NotDone {
		errs.Add("state", "Select whether it was done")
	}
	if state == NotDone && result == "" {
		errs.Add("result", "Write why it was not done")
	}
	tooLong(&errs, "result", result)
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActDo, func(ctx context.Context, tx *store.Tx) error {
		a, err := s.action(ctx, tx, f, id)
		if err != nil {
			return err
		}
		sealed, err := seal(ctx, tx, f, actionTable, string(id), words{a.Text, result})
		if err != nil {
			return err
		}
		err = store.Changed(supervisiondb.New(tx).SetAction(ctx, supervisiondb.SetActionParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id), Version: version, State: string(state), Words: sealed,
		}))
		if err != nil {
			return err
		}
		err = s.cases.Finished(ctx, tx, f, cases.TaskID(a.task), "what came of it was recorded")
		if err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
		text := state.Label() + ": " + a.Text
		if result != "" {
			text += ". " + result
		}
		return s.record(ctx, tx, f, cases.SupervisionDone, text, string(id))
	})
}

// Sign puts the actor's name under a case. Not agreeing brings an action.
func (s *Service) Sign(ctx context.Context, f *cases.File, o SignOff, a NewAction) error {
	var errs forms.Errors
	if !slices.Contains(Subjects(), o.Subject) {
		errs.Add("subject", "Select what you sign off")
	}
	if !slices.Contains(Verdicts(), o.Verdict) {
		errs.Add("verdict", "Select whether you agree")
	}
	if o.Subject == Closure && f.ClosedAt().IsZero() {
		errs.Add("subject", "This case is open: there is no end of the work to sign off")
	}
	if o.Text == "" {
		errs.Add("text", "Write what you looked at, and why you agree or do not")
	}
	tooLong(&errs, "text", o.Text)
	checkAction(&errs, a, o.Verdict == NotAgreed, s.Today())
	if errs.Any() {
		return errs
	}
	return s.cases.Do(ctx, f, ActWrite, func(ctx context.Context, tx *store.Tx) error {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		sealed, err := seal(ctx, tx, f, signOffTable, id, words{Text: o.Text})
		if err != nil {
			return err
		}
		err = supervisiondb.New(tx).InsertSignOff(ctx, supervisiondb.InsertSignOffParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), WorkerID: f.Lead(), Subject: string(o.Subject), Verdict: string(o.Verdict), Words: sealed,
			SignedOn: s.today(tx), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		told := o.Subject.Label() + ". " + o.Verdict.Label() + ". " + o.Text
		if a.Text != "" {
			told += " To be done: " + a.Text + " By " + cases.DayInWords(a.Due) + "."
			if err := s.agree(ctx, tx, f, a); err != nil {
				return err
			}
		}
		for _, kind := range asks[o.Subject] {
			if err := s.cases.FinishTasks(ctx, tx, f, kind, "it was signed off"); err != nil {
				return err
			}
		}
		return s.record(ctx, tx, f, cases.SignedOff, told, id)
	})
}

// asks are the tasks that a sign-off clears.
var asks = map[Subject][]cases.TaskKind{HighRisk: {cases.SignOffRisk}, Closure: {cases.SignOffClosure}, Work: {cases.SignOffRisk}}

// toSign follows the chronology: whoever supervises the worker is asked to sign
// off a case that is at high risk, or was closed.
func (s *Service) toSign(ctx context.Context, tx *store.Tx, f *cases.File, e cases.Event) error {
	p, err := pair(ctx, tx, f.Agency(), f.Lead())
	if err != nil || p.Supervisor == "" || p.Supervisor == f.Actor().Account {
		return err
	}
	kind := cases.SignOffRisk
	if e.Kind == cases.Closed {
		kind = cases.SignOffClosure
	}
	open, err := s.cases.Tasks(ctx, tx, f)
	if err != nil || slices.ContainsFunc(open, func(t cases.Task) bool { return t.Kind == kind }) {
		return err
	}
	_, err = s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: kind, Due: cases.NextWorkingDay(tx.Now()), Account: p.Supervisor})
	return err
}

// Kept are the notes of a file, the newest first. Reading them takes the
// permission of the compartment, and stands in the ledger as such; without it
// the refusal is recorded and returned.
func (s *Service) Kept(ctx context.Context, f *cases.File) ([]Note, error) {
	if !f.Permit().Valid() {
		return nil, audit.ErrNoPermit
	}
	c := cases.Supervised
	if _, err := s.guard.Open(ctx, f.Actor(), c.Action(), f.Resource(), "", true, f.ID().Subject(), f.Person().Subject(), f.CompartmentSubject(c)); err != nil {
		return nil, err
	}
	var out []Note
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = s.notes(ctx, tx, f)
		return err
	})
	return out, err
}

func (s *Service) notes(ctx context.Context, tx *store.Tx, f *cases.File) ([]Note, error) {
	rows, err := supervisiondb.New(tx).Notes(ctx, supervisiondb.NotesParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Note, len(rows))
	for i, row := range rows {
		w, err := unseal(ctx, tx, row.AgencyID, noteTable, row.ID, row.Words)
		if err != nil {
			return nil, err
		}
		out[i] = Note{ID: row.ID, Worker: row.WorkerID, Text: w.Text, RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy}
	}
	return out, nil
}

// Of is what supervision agreed about a file, and who signed it off, the newest
// first.
func (s *Service) Of(ctx context.Context, tx *store.Tx, f *cases.File) ([]Action, []SignOff, error) {
	if err := show(ctx, f); err != nil {
		return nil, nil, err
	}
	q := supervisiondb.New(tx)
	rows, err := q.Actions(ctx, supervisiondb.ActionsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, nil, err
	}
	actions := make([]Action, len(rows))
	for i, row := range rows {
		if actions[i], err = actionOf(ctx, tx, row); err != nil {
			return nil, nil, err
		}
	}
	signed, err := q.SignOffs(ctx, supervisiondb.SignOffsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, nil, err
	}
	offs := make([]SignOff, len(signed))
	for i, row := range signed {
		w, err := unseal(ctx, tx, row.AgencyID, signOffTable, row.ID, row.Words)
		if err != nil {
			return nil, nil, err
		}
		offs[i] = SignOff{
			ID: row.ID, Worker: row.WorkerID, Subject: Subject(row.Subject), Verdict: Verdict(row.Verdict), Text: w.Text, On: row.SignedOn,
			RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy,
		}
	}
	return actions, offs, nil
}

// Action is one action of a file.
func (s *Service) Action(ctx context.Context, tx *store.Tx, f *cases.File, id ActionID) (Action, error) {
	if err := show(ctx, f); err != nil {
		return Action{}, err
	}
	return s.action(ctx, tx, f, id)
}

func (s *Service) action(ctx context.Context, tx *store.Tx, f *cases.File, id ActionID) (Action, error) {
	row, err := supervisiondb.New(tx).ActionByID(ctx, supervisiondb.ActionByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if errors.Is(err, sql.ErrNoRows) {
		return Action{}, store.ErrNotFound
	}
	if err != nil {
		return Action{}, err
	}
	return actionOf(ctx, tx, row)
}

func actionOf(ctx context.Context, tx *store.Tx, row supervisiondb.SupervisionAction) (Action, error) {
	w, err := unseal(ctx, tx, row.AgencyID, actionTable, row.ID, row.Words)
	return Action{
		ID: ActionID(row.ID), Worker: row.WorkerID, Due: row.DueOn, State: State(row.State), Text: w.Text, Result: w.Result,
		RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, Version: row.Version, task: row.TaskID,
	}, err
}
