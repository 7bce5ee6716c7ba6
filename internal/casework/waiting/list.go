package waiting

import (
	"context"
	"database/sql"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Line is somebody who waits, as a list names them: by the number of their case,
// and nobody by name.
type Line struct {
	ID       EntryID
	File     cases.ID
	Number   int64
	Lead     string
	Service  Service
	Ours     bool
	Domain   Domain
	Priority Priority
	Since    string
	ReviewOn string
	State    State
}

// Path is the address of what the person of the case waits for.
func (l Line) Path() string { return "/cases/" + string(l.File) + "/waiting" }

// Days is how many days they have waited.
func (l Line) Days(today string) int { return daysBetween(l.Since, today) }

// Waiting lists who waits in the open cases that the actor holds or, with all,
// may see: those at high risk first, of those who has waited longest, those
// after the given line, at most limit of them.
func (s *Register) Waiting(ctx context.Context, actor policy.Actor, which cases.Which, after Line, limit int) ([]Line, error) {
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	pieces, permit, err := s.guard.ListPieces(ctx, actor, cases.ActList, m)
	if err != nil {
		return nil, err
	}
	query, args := waitingQuery(actor, pieces, which, after, limit)
	var out []Line
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
			var l Line
			err := rows.Scan(&l.Priority, &l.Since, &l.ID, &l.Service, &l.Ours, &l.Domain, &l.ReviewOn, &l.State, &l.File, &l.Number, &l.Lead)
			out = append(out, l)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	var shown []audit.Subject
	for _, l := range out {
		shown = append(shown, l.File.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

const lineColumns = "w.priority, w.since_on, w.id, w.service, w.ours, w.domain, w.review_on, w.state, f.id AS file_id, f.number, f.lead_id"

// waitingQuery takes the first of each piece of the scope, and of those the
// first: only what goes on is looked at, however much has ended.
func waitingQuery(actor policy.Actor, pieces []policy.Piece, which cases.Which, after Line, limit int) (string, []any) {
	var first []store.Fragment
	for _, piece := range pieces {
		var w store.Where
		w.And(store.Fragment{
			SQL:  "f.agency_id = $1 AND f.closed_at IS NULL AND w.agency_id = f.agency_id AND w.file_id = f.id AND w.state IN ('waiting', 'offered')",
			Args: []any{actor.Agency},
		})
		w.And(piece.Where)
		if which == cases.Mine {
			w.And(store.Fragment{SQL: "f.lead_id = $1", Args: []any{actor.Account}})
		}
		if after.ID != "" {
			w.And(store.Fragment{SQL: "(w.priority, w.since_on, w.id) > ($1, $2, $3)", Args: []any{int64(after.Priority), after.Since, string(after.ID)}})
		}
		from := store.Fragment{SQL: "waiting_entry w JOIN file f ON f.agency_id = w.agency_id AND f.id = w.file_id"}
		if piece.IDs.SQL != "" {
			from = store.Join([]store.Fragment{piece.From("file", "f", &w), {SQL: "waiting_entry w"}}, " CROSS JOIN ")
		}
		where, _ := w.SQL()
		last := w.Arg(limit)
		first = append(first, store.Join([]store.Fragment{
			{SQL: "SELECT * FROM (SELECT " + lineColumns + " FROM "},
			from,
			{SQL: " WHERE " + where + " ORDER BY w.priority, w.since_on, w.id LIMIT " + last + fmt.Sprintf(") AS piece%d", len(first)), Args: w.Args()},
		}, ""))
	}
	if len(first) == 0 {
		first = []store.Fragment{{SQL: "SELECT " + lineColumns + " FROM waiting_entry w CROSS JOIN file f WHERE false"}}
	}
	all := store.Join(first, " UNION ")
	query := "SELECT n.priority, n.since_on, n.id, n.service, n.ours, n.domain, n.review_on, n.state, n.file_id, n.number, n.lead_id FROM (" + all.SQL +
		") AS n ORDER BY n.priority, n.since_on, n.id LIMIT " + fmt.Sprintf("$%d", len(all.Args)+1)
	return query, append(all.Args, limit)
}
