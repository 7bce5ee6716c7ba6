package rights

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Open is a subject access that is not finished, as a list names it: by the
// number of the file, and nobody by name.
type Open struct {
	ID     ID
	File   cases.ID
	Number int64
	State  State
	Due    string // YYYY-MM-DD
	// Stopped tells that something is awaited from the person: the day moves on.
	Stopped bool
}

// Path is the address of its page.
func (o Open) Path() string { return "/cases/" + string(o.File) + "/copies/" + string(o.ID) }

// Open are the subject accesses that are not finished in files that the actor
// may see, the earliest due first, at most limit of them.
func (s *Service) Open(ctx context.Context, actor policy.Actor, limit int) ([]Open, error) {
	scope, _, err := s.guard.List(ctx, actor, cases.ActList, cases.Mapping(store.Moment(s.db.Clock()())), string(cases.Review))
	if err != nil {
		return nil, err
	}
	var w store.Where
	w.And(store.Fragment{SQL: "a.agency_id = $1 AND a.state IN ('asked', 'preparing', 'waiting')", Args: []any{actor.Agency}})
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT a.id, a.file_id, f.number, a.state, a.due_on,
		EXISTS (SELECT 1 FROM subject_access_time m WHERE m.agency_id = a.agency_id AND m.access_id = a.id AND m.until_on = '' AND m.months = 0)
		FROM subject_access a JOIN file f ON f.agency_id = a.agency_id AND f.id = a.file_id
		WHERE ` + where + ` ORDER BY a.due_on, a.id LIMIT ` + w.Arg(limit)
	var out []Open
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, w.Args()...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var o Open
			if err := rows.Scan(&o.ID, &o.File, &o.Number, &o.State, &o.Due, &o.Stopped); err != nil {
				return err
			}
			out = append(out, o)
		}
		return rows.Err()
	})
	return out, err
}
