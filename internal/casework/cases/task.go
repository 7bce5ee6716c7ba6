package cases

import (
	"context"
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

// FinishTask clears a task by recording what was done. It returns
// [store.ErrConflict] when somebody else has cleared it.
func (s *Service) FinishTask(ctx context.Context, f *File, id TaskID, note string) error {
	if note == "" {
		return ErrTaskNote
	}
	return s.Change(ctx, f, ActWork, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		n, err := casesdb.New(tx).FinishTask(ctx, casesdb.FinishTaskParams{
			AgencyID: agency, ID: string(id), FileID: file, DoneAt: nullTime(tx.Now()), DoneBy: f.permit.Actor().Account, DoneNote: note,
		})
		if err := store.Changed(n, err); err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: TaskDone, On: tx.Now().Format(time.DateOnly), Text: note, Ref: string(id)})
		return err
	})
}

// FinishTasks clears every open task of a kind because the work they asked for
// has been recorded.
func (s *Service) FinishTasks(ctx context.Context, tx *store.Tx, f *File, kind TaskKind, note string) error {
	agency, file := f.key()
	return casesdb.New(tx).FinishTasksOfKind(ctx, casesdb.FinishTasksOfKindParams{
		AgencyID: agency, FileID: file, Kind: string(kind), DoneAt: nullTime(tx.Now()), DoneBy: f.permit.Actor().Account, DoneNote: note,
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

// Reviews are the open reviews of what was done at once on the files of the
// manager's agency, the earliest due first, at most limit of them: somebody
// by name looks at each on the next working day. Files that are restricted are
// left to those named on them.
func (s *Service) Reviews(ctx context.Context, actor policy.Actor, limit int) ([]Task, error) {
	if _, err := s.guard.Act(ctx, actor, ActSupervise, caseload(actor), true); err != nil {
		return nil, err
	}
	var out []Task
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := casesdb.New(tx).AgencyTasksOfKind(ctx, casesdb.AgencyTasksOfKindParams{
			AgencyID: actor.Agency, Kind: string(ReviewActNow), Most: rows32(limit),
		})
		for _, r := range rows {
			out = append(out, Task{ID: TaskID(r.ID), File: ID(r.FileID), Number: r.Number, Kind: TaskKind(r.Kind), Due: r.DueOn, Team: r.TeamID, Account: r.AccountID})
		}
		return err
	})
	return out, err
}

// Inbox are the open tasks in the actor's own inbox, or in that of one of
// their teams, the earliest due first, after the given one. Tasks name files
// by number and nobody by name.
func (s *Service) Inbox(ctx context.Context, actor policy.Actor, team string, after Task, limit int) ([]Task, error) {
	var out []Task
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := casesdb.New(tx)
		if team == "" {
			rows, err := q.MyTasks(ctx, casesdb.MyTasksParams{
				AgencyID: actor.Agency, AccountID: actor.Account, AfterDue: after.Due, AfterID: string(after.ID), Most: rows32(limit),
			})
			for _, r := range rows {
				out = append(out, Task{ID: TaskID(r.ID), File: ID(r.FileID), Number: r.Number, Kind: TaskKind(r.Kind), Due: r.DueOn, Team: r.TeamID, Account: r.AccountID})
			}
			return err
		}
		if !containsTeam(actor, team) {
			return store.ErrNotFound
		}
		rows, err := q.TeamTasks(ctx, casesdb.TeamTasksParams{
			AgencyID: actor.Agency, TeamID: team, AfterDue: after.Due, AfterID: string(after.ID), Most: rows32(limit),
		})
		for _, r := range rows {
			out = append(out, Task{ID: TaskID(r.ID), File: ID(r.FileID), Number: r.Number, Kind: TaskKind(r.Kind), Due: r.DueOn, Team: r.TeamID, Account: r.AccountID})
		}
		return err
	})
	return out, err
}

// rows32 is a number of rows as the generated queries take it.
func rows32(n int) int32 { return int32(min(max(n, 0), 10_000)) }
