package cases

import (
	"context"
	"time"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Closing and opening again, in the rules and in the ledger.
const (
	ActClose  policy.Action = "case.close"
	ActReopen policy.Action = "case.reopen"
)

// CloseCase ends the work in a file. The tasks that wait are cleared with it. A
// closure that was asked for in the person's name and is not confirmed yet
// closes nothing: somebody may be pressing them. It returns forms.Errors, and
// [store.ErrConflict].
func (s *Service) CloseCase(ctx context.Context, f *File, version int64, why string) error {
	return s.CloseCaseWith(ctx, f, version, why, func(context.Context, *store.Tx) error { return nil })
}

// CloseCaseWith is CloseCase, with what a workflow records of the end in the
// same transaction.
func (s *Service) CloseCaseWith(ctx context.Context, f *File, version int64, why string, end func(context.Context, *store.Tx) error) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActClose, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	if errs := checkReason("why", why, "Write why the work ends"); errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActClose, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		list, err := s.requests(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.Kind == Closure && r.State == Unverified {
				return forms.Errors{{Field: "why", Message: "A request to close this case waits to be confirmed with the person. Confirm it first: somebody may be pressing them"}}
			}
		}
		if err := end(ctx, tx); err != nil {
			return err
		}
		q := casesdb.New(tx)
		if err := store.Changed(q.CloseFile(ctx, casesdb.CloseFileParams{AgencyID: agency, ID: file, Version: version, Now: nullTime(tx.Now())})); err != nil {
			return err
		}
		note, err := tx.Vault().Seal(ctx, tx, taskNote.Place(agency, "done_note", file), "the case was closed")
		if err != nil {
			return err
		}
		err = q.FinishAllTasks(ctx, casesdb.FinishAllTasksParams{
			AgencyID: agency, FileID: file, Now: nullTime(tx.Now()), Account: f.Actor().Account, Note: note,
		})
		if err != nil {
			return err
		}
		_, err = s.Record(ctx, tx, f, Event{Kind: Closed, On: tx.Now().Format(time.DateOnly), Text: why})
		return err
	})
}

// Reopen begins the work in a closed file again.
func (s *Service) Reopen(ctx context.Context, f *File, version int64, why string) error {
	if _, err := s.guard.Act(ctx, f.Actor(), ActReopen, f.Resource(), true, f.id.Subject()); err != nil {
		return err
	}
	if errs := checkReason("why", why, "Write why the work begins again"); errs.Any() {
		return errs
	}
	return s.Change(ctx, f, ActReopen, func(ctx context.Context, tx *store.Tx) error {
		agency, file := f.key()
		if err := store.Changed(casesdb.New(tx).ReopenFile(ctx, casesdb.ReopenFileParams{AgencyID: agency, ID: file, Version: version})); err != nil {
			return err
		}
		_, err := s.Record(ctx, tx, f, Event{Kind: Reopened, On: tx.Now().Format(time.DateOnly), Text: why})
		return err
	})
}

// ClosedAt is when the work in the file ended; zero while it goes on.
func (f *File) ClosedAt() time.Time { return f.closed }

// Shut is a file whose work has ended, as the list of those to be looked at
// names it: by number, and nobody by name.
type Shut struct {
	ID     ID
	Number int64
	Kind   Kind
	Side   Side
	Closed time.Time
}

// Path is the address of the file's page.
func (r Shut) Path() string { return "/cases/" + string(r.ID) }

// ClosedFiles are the closed files that the actor may see, those first that
// were closed first, at most limit of them.
func (s *Service) ClosedFiles(ctx context.Context, actor policy.Actor, limit int) ([]Shut, error) {
	scope, _, err := s.guard.List(ctx, actor, ActList, Mapping(store.Moment(s.db.Clock()())), string(Review))
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.closed_at IS NOT NULL AND f.destroyed_at IS NULL", Args: []any{actor.Agency}})
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT f.id, f.number, f.kind, f.side, f.closed_at FROM file f WHERE ` + where + ` ORDER BY f.closed_at, f.id LIMIT ` + w.Arg(limit)
	var out []Shut
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, w.Args()...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r Shut
			if err := rows.Scan(&r.ID, &r.Number, &r.Kind, &r.Side, &r.Closed); err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// FinishRow marks a file as destroyed, within the transaction that removed
// what it held. It returns [store.ErrConflict] unless the file is closed.
func (s *Service) FinishRow(ctx context.Context, tx *store.Tx, f *File) error {
	agency, file := f.key()
	return store.Changed(casesdb.New(tx).MarkDestroyed(ctx, casesdb.MarkDestroyedParams{AgencyID: agency, ID: file, Now: nullTime(tx.Now())}))
}
