package cases

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// TaskID names a task.
type TaskID string

// Task is something to do about a file.
type Task struct {
	ID      TaskID
	File    ID
	Number  int64 // of the file
	Kind    TaskKind
	Due     string // YYYY-MM-DD
	Team    string // whose inbox it is in: a team's,
	Account string // or a person's
	Created time.Time
}

// Path is the address of the file's page.
func (t Task) Path() string { return "/cases/" + string(t.File) }

// NewTask is a task to be put into an inbox. With neither a team nor an
// account it goes to the lead of the file.
type NewTask struct {
	Kind    TaskKind
	Due     string // YYYY-MM-DD; empty: today
	Team    string
	Account string
}

// AddTask puts a task into an inbox, in the transaction of what led to it.
func (s *Service) AddTask(ctx context.Context, tx *store.Tx, f *File, n NewTask) (TaskID, error) {
	if !f.Permit().Valid() {
		return "", audit.ErrNoPermit
	}
	if n.Team == "" && n.Account == "" {
		n.Account = f.lead
	}
	if n.Due == "" {
		n.Due = tx.Now().Format(time.DateOnly)
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	agency, file := f.key()
	return TaskID(id), casesdb.New(tx).InsertTask(ctx, casesdb.InsertTaskParams{
		AgencyID: agency, ID: id, FileID: file, Kind: string(n.Kind), DueOn: n.Due, TeamID: n.Team, AccountID: n.Account,
		CreatedAt: tx.Now(), CreatedBy: f.permit.Actor().Account,
	})
}

// ErrTaskNote is returned when a task is cleared without saying what was done.
var ErrTaskNote = errors.New("say what was done")

// ErrOwnReview is returned to whoever acted at once and would review it
// themselves.
var ErrOwnReview = errors.New("somebody else reviews what you did at once")

// ErrElsewhere is returned for a task that is cleared by doing the work on its
// own page and not by a note.
var ErrElsewhere = errors.New("record the work on its own page, and the task is done")

// FinishTask clears a task by recording what was done. It returns
// [store.ErrConflict] when somebody else has cleared it, [store.ErrNotFound] for
// one that is not of this file, [ErrOwnReview] and [ErrElsewhere].
func (s *Service) FinishTask(ctx context.Context, f *File, id TaskID, note string) error {
	if note == "" {
		return ErrTaskNote
	}
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		task, err := casesdb.New(tx).TaskByID(ctx, casesdb.TaskByIDParams{AgencyID: agency, ID: string(id), FileID: file})
		if errors.Is(err, sql.ErrNoRows) {
			return store.ErrNotFound
		}
		if err != nil {
			return err
		}
		if task.Kind == string(ReviewActNow) && task.CreatedBy == f.permit.Actor().Account {
			return ErrOwnReview
		}
		if TaskKind(task.Kind).Place() != "" {
			return ErrElsewhere
		}
		if err := s.Finished(ctx, tx, f, id, note); err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: TaskDone, On: tx.Now().Format(time.DateOnly), Text: note, Ref: string(id)})
		return err
	})
}

// Finished clears one task because the work it asked for has been recorded, in
// the transaction of that. It returns [store.ErrConflict] for a task that is
// cleared already.
func (s *Service) Finished(ctx context.Context, tx *store.Tx, f *File, id TaskID, note string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	agency, file := f.key()
	words, err := tx.Vault().Seal(ctx, tx, taskNote.Place(agency, "done_note", file), note)
	if err != nil {
		return err
	}
	return store.Changed(casesdb.New(tx).FinishTask(ctx, casesdb.FinishTaskParams{
		AgencyID: agency, ID: string(id), FileID: file, DoneAt: nullTime(tx.Now()), DoneBy: f.permit.Actor().Account, DoneNoteSealed: words.Bytes(),
	}))
}

// FinishTasks clears every open task of a kind because the work they asked for
// has been recorded.
func (s *Service) FinishTasks(ctx context.Context, tx *store.Tx, f *File, kind TaskKind, note string) error {
	agency, file := f.key()
	words, err := tx.Vault().Seal(ctx, tx, taskNote.Place(agency, "done_note", file), note)
	if err != nil {
		return err
	}
	return casesdb.New(tx).FinishTasksOfKind(ctx, casesdb.FinishTasksOfKindParams{
		AgencyID: agency, FileID: file, Kind: string(kind), DoneAt: nullTime(tx.Now()), DoneBy: f.permit.Actor().Account, DoneNoteSealed: words.Bytes(),
	})
}

// Tasks are the open tasks of a file, the earliest due first.
func (s *Service) Tasks(ctx context.Context, tx *store.Tx, f *File) ([]Task, error) {
	if err := f.Permit().Show(ctx, f.id.Subject()); err != nil {
		return nil, err
	}
	agency, file := f.key()
	rows, err := casesdb.New(tx).OpenTasks(ctx, casesdb.OpenTasksParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	out := make([]Task, len(rows))
	for i, r := range rows {
		out[i] = Task{ID: TaskID(r.ID), File: f.id, Number: f.number, Kind: TaskKind(r.Kind), Due: r.DueOn, Team: r.TeamID, Account: r.AccountID, Created: r.CreatedAt}
	}
	return out, nil
}

// Reviews are what waits for a manager on the files of their agency that they
// may see, the earliest due first, at most limit of them: what was done at once,
// which somebody by name looks at on the next working day, appointments and
// groups that are not safe, and judgements of who does what to whom.
func (s *Service) Reviews(ctx context.Context, actor policy.Actor, limit int) ([]Task, error) {
	if _, err := s.guard.Act(ctx, actor, ActSupervise, caseload(actor), true); err != nil {
		return nil, err
	}
	return s.tasks(ctx, actor, store.Fragment{SQL: "t.kind IN ($1, $2, $3, $4, $5)", Args: []any{string(ReviewActNow), string(DecideMeeting), string(DecideGroup), string(SecondOpinion), string(DecideSide)}}, Task{}, limit)
}

// Inbox are the open tasks in the actor's own inbox, or in that of one of
// their teams, the earliest due first, after the given one. Tasks name files
// by number and nobody by name; those of files that are not there for the
// actor are not there either.
func (s *Service) Inbox(ctx context.Context, actor policy.Actor, team string, after Task, limit int) ([]Task, error) {
	if team == "" {
		return s.tasks(ctx, actor, store.Fragment{SQL: "t.account_id = $1", Args: []any{actor.Account}}, after, limit)
	}
	if !containsTeam(actor, team) {
		return nil, store.ErrNotFound
	}
	return s.tasks(ctx, actor, store.Fragment{SQL: "t.team_id = $1", Args: []any{team}}, after, limit)
}

// Waiting is how many tasks wait in an inbox, neither counted further than
// [WaitingMost].
type Waiting struct{ Overdue, Today int }

// WaitingMost is how far waiting tasks are counted.
const WaitingMost = 100

// Waiting counts the open tasks in the actor's own inbox that are overdue, and
// those due today. It names no file.
func (s *Service) Waiting(ctx context.Context, actor policy.Actor, today string) (out Waiting, err error) {
	for _, c := range []struct {
		when string
		into *int
	}{{"t.due_on < $1", &out.Overdue}, {"t.due_on = $1", &out.Today}} {
		w, err := s.openTasks(actor, store.Fragment{SQL: "t.account_id = $1", Args: []any{actor.Account}})
		if err != nil {
			return out, err
		}
		w.And(store.Fragment{SQL: c.when, Args: []any{today}})
		where, _ := w.SQL()
		query := `SELECT COUNT(*) FROM (SELECT t.id FROM task t JOIN file f ON f.agency_id = t.agency_id AND f.id = t.file_id
			WHERE ` + where + ` LIMIT ` + w.Arg(WaitingMost) + `) AS waiting`
		err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, query, w.Args()...).Scan(c.into)
		})
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// openTasks are the conditions on open tasks of the files that the actor sees.
func (s *Service) openTasks(actor policy.Actor, whose store.Fragment) (store.Where, error) {
	var w store.Where
	scope, err := s.guard.Rules().Scope(actor, ActList, Mapping(store.Moment(s.db.Clock()())))
	if err != nil {
		return w, err
	}
	w.And(store.Fragment{SQL: "t.agency_id = $1 AND t.done_at IS NULL", Args: []any{actor.Agency}})
	w.And(whose)
	w.And(scope)
	return w, nil
}

func (s *Service) tasks(ctx context.Context, actor policy.Actor, whose store.Fragment, after Task, limit int) ([]Task, error) {
	w, err := s.openTasks(actor, whose)
	if err != nil {
		return nil, err
	}
	if after.ID != "" {
		w.And(store.Fragment{SQL: "(t.due_on, t.id) > ($1, $2)", Args: []any{after.Due, string(after.ID)}})
	}
	where, _ := w.SQL()
	query := `SELECT t.id, t.file_id, t.kind, t.due_on, t.team_id, t.account_id, f.number
		FROM task t JOIN file f ON f.agency_id = t.agency_id AND f.id = t.file_id
		WHERE ` + where + ` ORDER BY t.due_on, t.id LIMIT ` + w.Arg(limit)
	var out []Task
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var t Task
			err := rows.Scan(&t.ID, &t.File, &t.Kind, &t.Due, &t.Team, &t.Account, &t.Number)
			out = append(out, t)
			return err
		})
	})
	return out, err
}

// rows32 is a number of rows as the generated queries take it.
func rows32(n int) int32 { return int32(min(max(n, 0), 10_000)) }
