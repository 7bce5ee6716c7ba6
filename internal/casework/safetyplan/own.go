package safetyplan

import (
	"context"
	"database/sql"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Held is the plan of a case that a worker holds. It names the case by its
// number and nobody by name.
type Held struct {
	File     cases.ID
	Number   int64 // of the case
	Version  int64
	ReviewOn string
	Waiting  int    // changes that ask for a look
	DueOn    string // by when the earliest of them is looked at
}

// Path is the address of the plan.
func (h Held) Path() string { return "/cases/" + string(h.File) + "/plan" }

// LookBy is the day by which the plan is to be looked at.
func (h Held) LookBy() string {
	if h.Waiting > 0 && h.DueOn < h.ReviewOn {
		return h.DueOn
	}
	return h.ReviewOn
}

// Own are the plans of the open cases that the actor holds and may see, the
// earliest to be looked at first, at most limit of them. With due only those are
// listed that something asks to look at, or whose day has passed.
func (s *Service) Own(ctx context.Context, actor policy.Actor, due bool, limit int) ([]Held, error) {
	scope, err := s.guard.Rules().Scope(actor, cases.ActList, cases.Mapping(store.Moment(s.cases.DB().Clock()())))
	if err != nil {
		return nil, err
	}
	const waits = `SELECT MIN(c.due_on) FROM safety_plan_change c WHERE c.agency_id = n.agency_id AND c.file_id = n.file_id AND c.settled_at IS NULL`
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.lead_id = $2 AND f.closed_at IS NULL AND f.side = 'experiencing'", Args: []any{actor.Agency, actor.Account}})
	if due {
		w.And(store.Fragment{SQL: "(n.review_on < $1 OR EXISTS (SELECT 1 FROM safety_plan_change o WHERE o.agency_id = n.agency_id AND o.file_id = n.file_id AND o.settled_at IS NULL))", Args: []any{s.today()}})
	}
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT f.id, f.number, n.number, n.review_on, COALESCE((` + waits + `), ''),
		(SELECT COUNT(*) FROM safety_plan_change c WHERE c.agency_id = n.agency_id AND c.file_id = n.file_id AND c.settled_at IS NULL)
		FROM safety_plan_newest n JOIN file f ON f.agency_id = n.agency_id AND f.id = n.file_id
		WHERE ` + where + ` ORDER BY COALESCE((` + waits + `), n.review_on), n.review_on, f.number LIMIT ` + w.Arg(limit)
	var out []Held
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
			var h Held
			err := rows.Scan(&h.File, &h.Number, &h.Version, &h.ReviewOn, &h.DueOn, &h.Waiting)
			out = append(out, h)
			return err
		})
	})
	return out, err
}
