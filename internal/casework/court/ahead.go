package court

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court/courtdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Date is a hearing that is ahead, or the end of an order. It names the case by
// its number and nobody by name.
type Date struct {
	On     string
	Ends   bool   // an order ends; otherwise a hearing
	What   string // the code of the court, or of the kind of order
	At     string
	ID     string
	File   cases.ID
	Number int64
	Lead   string
}

// Path is the address of the dates of its case.
func (d Date) Path() string { return "/cases/" + string(d.File) + "/court" }

// ahead is how many days the list of ends looks ahead.
const endsAhead = 56

// Ahead are the hearings that are ahead and the orders that end within eight
// weeks or have ended by their date, in the open cases that the actor holds or,
// with all, may see: the earliest first, those after the given one, at most
// limit of them.
func (s *Service) Ahead(ctx context.Context, actor policy.Actor, which cases.Which, after Date, limit int) ([]Date, error) {
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	pieces, permit, err := s.guard.ListPieces(ctx, actor, cases.ActList, m)
	if err != nil {
		return nil, err
	}
	var out []Date
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		until := tx.Now().In(s.cfg.Zone).AddDate(0, 0, endsAhead).Format(time.DateOnly)
		query, args := aheadQuery(actor, pieces, which, after, until, limit)
		return store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
			var d Date
			err := rows.Scan(&d.On, &d.Ends, &d.What, &d.At, &d.ID, &d.File, &d.Number, &d.Lead)
			out = append(out, d)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	var shown []audit.Subject
	for _, d := range out {
		shown = append(shown, d.File.Subject())
	}
	return out, permit.Show(ctx, shown...)
}

// aheadQuery takes the first of each piece of the scope, hearings and orders
// each through an index of its own, and of those the first.
func aheadQuery(actor policy.Actor, pieces []policy.Piece, which cases.Which, after Date, until string, limit int) (string, []any) {
	var first []store.Fragment
	for _, piece := range pieces {
		for _, of := range []struct{ columns, table, day, more string }{
			{"false AS ends, d.court AS what, d.at_time AS at_time", "court_hearing", "d.on_day", "d.state = 'ahead'"},
			{"true AS ends, d.kind AS what, '' AS at_time", "court_order", "d.expires_on", "d.state = 'made' AND d.expires_on <> ''"},
		} {
			var w store.Where
			w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.closed_at IS NULL AND d.agency_id = f.agency_id AND d.file_id = f.id AND " + of.more, Args: []any{actor.Agency}})
			w.And(piece.Where)
			if of.table == "court_order" {
				w.And(store.Fragment{SQL: of.day + " <= $1", Args: []any{until}})
			}
			if which == cases.Mine {
				w.And(store.Fragment{SQL: "f.lead_id = $1", Args: []any{actor.Account}})
			}
			if after.ID != "" {
				w.And(store.Fragment{SQL: "(" + of.day + ", d.id) > ($1, $2)", Args: []any{after.On, after.ID}})
			}
			from := store.Fragment{SQL: of.table + " d JOIN file f ON f.agency_id = d.agency_id AND f.id = d.file_id"}
			if piece.IDs.SQL != "" {
				from = store.Join([]store.Fragment{piece.From("file", "f", &w), {SQL: of.table + " d"}}, " CROSS JOIN ")
			}
			where, _ := w.SQL()
			last := w.Arg(limit)
			first = append(first, store.Join([]store.Fragment{
				{SQL: "SELECT * FROM (SELECT " + of.day + " AS on_day, " + of.columns + ", d.id, f.id AS file_id, f.number, f.lead_id FROM "},
				from,
				{SQL: " WHERE " + where + " ORDER BY " + of.day + ", d.id LIMIT " + last + fmt.Sprintf(") AS piece%d", len(first)), Args: w.Args()},
			}, ""))
		}
	}
	if len(first) == 0 {
		first = []store.Fragment{{SQL: "SELECT '' AS on_day, false AS ends, '' AS what, '' AS at_time, f.id, f.id AS file_id, f.number, f.lead_id FROM file f WHERE false"}}
	}
	all := store.Join(first, " UNION ")
	query := "SELECT n.on_day, n.ends, n.what, n.at_time, n.id, n.file_id, n.number, n.lead_id FROM (" + all.SQL + ") AS n ORDER BY n.on_day, n.id LIMIT " + fmt.Sprintf("$%d", len(all.Args)+1)
	return query, append(all.Args, limit)
}

// Brief is what the page of a case shows of courts and orders.
type Brief struct {
	NextHearing string // empty: none is ahead
	Orders      int64  // that are in force
	NextEnd     string // the first day on which one of them ends
}

// Brief reads it.
func (s *Service) Brief(ctx context.Context, tx *store.Tx, f *cases.File) (Brief, error) {
	if err := show(ctx, f); err != nil {
		return Brief{}, err
	}
	row, err := courtdb.New(tx).Brief(ctx, courtdb.BriefParams{AgencyID: f.Agency(), ID: string(f.ID())})
	return Brief{NextHearing: row.NextHearing, Orders: row.Orders, NextEnd: row.NextEnd}, missing(err)
}
