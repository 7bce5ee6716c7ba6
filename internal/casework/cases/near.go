package cases

import (
	"context"
	"database/sql"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Near are people in files that the actor may list, open and closed, who may be one
// of several people: the same day of birth, or a word of the family name and one of
// a given name. Who of them is whom is for whoever asks to compare, and for a
// person to decide. more tells that there are others than the limit: it is never
// passed over in silence.
//
// One entry of the ledger names the people who are returned; an answer with nobody
// in it leaves one too.
func (s *Service) Near(ctx context.Context, actor policy.Actor, who []people.Details, limit int) (found []Found, more bool, err error) {
	m := Mapping(store.Moment(s.db.Clock()()))
	scope, permit, err := s.guard.List(ctx, actor, ActFind, m, "")
	if err != nil {
		return nil, false, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		near, err := s.people.Near(permit, actor.Agency, who)
		if err != nil {
			return err
		}
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.id = n.file_id AND f.destroyed_at IS NULL AND p.agency_id = $1 AND p.id = n.person_id", Args: []any{actor.Agency}})
		w.And(scope)
		where, _ := w.SQL()
		last := w.Arg(limit + 1)
		// SQLite keeps to the order of a CROSS JOIN: from the people whom an index
		// leads to, to the files they are in.
		query := store.Join([]store.Fragment{
			{SQL: "WITH h AS ("},
			near,
			{SQL: ") SELECT f.id, f.number, p.id, n.role, f.kind, f.lead_id, f.team_id, f.closed_at, p.given_name, p.family_name, p.known_as, p.born FROM "},
			{SQL: `(SELECT a.id AS file_id, a.person_id, '' AS role FROM h CROSS JOIN file a WHERE a.agency_id = $1 AND a.person_id = h.id
				UNION ALL SELECT y.file_id, y.person_id, y.role FROM h CROSS JOIN party y WHERE y.agency_id = $1 AND y.person_id = h.id)`, Args: []any{actor.Agency}},
			{SQL: " AS n CROSS JOIN file f CROSS JOIN person p WHERE " + where + " ORDER BY f.number DESC, p.id, n.role LIMIT " + last, Args: w.Args()},
		}, "")
		return store.Each(ctx, tx, query.SQL, query.Args, func(rows *sql.Rows) error {
			var r Found
			var closed sql.NullTime
			err := rows.Scan(&r.ID, &r.Number, &r.Person, &r.Role, &r.Kind, &r.Lead, &r.Team, &closed,
				&r.Details.GivenName, &r.Details.FamilyName, &r.Details.KnownAs, &r.Details.Born)
			r.Closed = closed.Time
			found = append(found, r)
			return err
		})
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(found) > limit; more {
		found = found[:limit]
	}
	return found, more, permit.Show(ctx, shownIn(actor, found)...)
}
