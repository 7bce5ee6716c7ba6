package support

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Level is how a case stands by its newest identification of risk.
type Level string

// The levels. A risk that nobody has identified is not a low one.
const (
	HighRisk Level = "high"
	NoRisk   Level = "not_identified"
	NotHigh  Level = "not_high"
)

// Label is the level in words for people.
func (l Level) Label() string {
	switch l {
	case HighRisk:
		return "High risk"
	case NoRisk:
		return "Risk not identified"
	case NotHigh:
		return "Not identified as high"
	}
	return string(l)
}

// Line is a case in a worker's caseload.
type Line struct {
	ID       cases.ID
	Number   int64
	Person   people.ID
	Name     people.Details
	Contact  people.State
	Level    Level
	Weight   int
	Soonest  string // the day of the earliest task; empty when nothing is due
	Overdue  int    // tasks whose day has passed
	Reviews  int    // of those, how many ask for a look at risk or at a plan
	Next     time.Time
	Last     time.Time // the contact that was recorded last; zero for none
	Standing Standing
}

// Path is the address of the file's page.
func (l Line) Path() string { return "/cases/" + string(l.ID) }

// Load is how heavy a caseload is.
type Load struct {
	Cases, High, Unknown, Weight int
	Late                         int // first contacts that are late
	Overdue                      int // cases with a task whose day has passed
	Reviews                      int // cases in which a look at risk or at a plan is overdue
}

// Key is where a page of a caseload begins: after this case.
type Key struct {
	Weight  int
	Soonest string
	ID      cases.ID
}

// noDay is later than every day.
const noDay = "9999-12-31"

// heldMost bounds how many cases of a worker are weighed.
const heldMost = 1000

// Caseload are the open cases that the actor holds, the heaviest first, of
// those the one with the earliest task, after a key, at most limit of them. The
// people shown are named in one ledger entry.
func (s *Service) Caseload(ctx context.Context, actor policy.Actor, after *Key, limit int) ([]Line, Load, error) {
	return s.CaseloadOf(ctx, actor, actor.Account, after, limit)
}

// CaseloadOf are those of the open cases of a worker that the actor may see, as
// [Service.Caseload] orders them.
func (s *Service) CaseloadOf(ctx context.Context, actor policy.Actor, worker string, after *Key, limit int) ([]Line, Load, error) {
	pieces, permit, err := s.inScope(ctx, actor)
	if err != nil {
		return nil, Load{}, err
	}
	var page []Line
	var load Load
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		settings, err := s.now(ctx, tx, actor.Agency)
		if err != nil {
			return err
		}
		all, err := s.held(ctx, tx, actor, worker, pieces, settings)
		load = s.weigh(all)
		for _, l := range all {
			if len(page) < limit && (after == nil || l.after(*after)) {
				page = append(page, l)
			}
		}
		return err
	})
	if err != nil {
		return nil, Load{}, err
	}
	var shown []audit.Subject
	for _, l := range page {
		shown = append(shown, l.Person.Subject())
	}
	return page, load, permit.Show(ctx, shown...)
}

// WorkerLoad is how heavy the caseload of a worker is.
type WorkerLoad struct {
	Worker string // account
	Load
}

// Loads are how heavy the caseloads of the workers are whose open cases the
// actor may see, those after the given worker, at most limit of them. They show
// no case.
func (s *Service) Loads(ctx context.Context, actor policy.Actor, after string, limit int) ([]WorkerLoad, error) {
	pieces, permit, err := s.inScope(ctx, actor)
	if err != nil {
		return nil, err
	}
	var out []WorkerLoad
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		query, args := workersQuery(actor, pieces, after, limit)
		err := store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
			var w WorkerLoad
			err := rows.Scan(&w.Worker)
			out = append(out, w)
			return err
		})
		if err != nil {
			return err
		}
		settings, err := s.now(ctx, tx, actor.Agency)
		if err != nil {
			return err
		}
		for i := range out {
			all, err := s.held(ctx, tx, actor, out[i].Worker, pieces, settings)
			if err != nil {
				return err
			}
			out[i].Load = s.weigh(all)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx)
}

// workersQuery takes those who hold an open case of each piece of the scope, in
// the order of the index that leads to what they hold.
func workersQuery(actor policy.Actor, pieces []policy.Piece, after string, limit int) (string, []any) {
	var first []store.Fragment
	for _, piece := range pieces {
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.lead_id > $2 AND f.closed_at IS NULL", Args: []any{actor.Agency, after}})
		w.And(piece.Where)
		from := piece.From("file", "f", &w)
		where, _ := w.SQL()
		last := w.Arg(limit)
		first = append(first, store.Join([]store.Fragment{
			{SQL: "SELECT * FROM (SELECT DISTINCT f.lead_id FROM "},
			from,
			{SQL: " WHERE " + where + " ORDER BY f.lead_id LIMIT " + last + fmt.Sprintf(") AS piece%d", len(first)), Args: w.Args()},
		}, ""))
	}
	if len(first) == 0 {
		first = []store.Fragment{{SQL: "SELECT f.lead_id FROM file f WHERE false"}}
	}
	all := store.Join(first, " UNION ")
	return "SELECT n.lead_id FROM (" + all.SQL + ") AS n ORDER BY n.lead_id LIMIT " + fmt.Sprintf("$%d", len(all.Args)+1), append(all.Args, limit)
}

func (s *Service) inScope(ctx context.Context, actor policy.Actor) ([]policy.Piece, audit.Permit, error) {
	m := cases.Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	return s.guard.ListPieces(ctx, actor, cases.ActList, m)
}

// held are the open cases of a worker that the actor may see.
func (s *Service) held(ctx context.Context, tx *store.Tx, actor policy.Actor, worker string, pieces []policy.Piece, weigh Settings) ([]Line, error) {
	var all []Line
	query, args := s.caseloadQuery(actor.Agency, worker, pieces, weigh, tx.Now())
	err := store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
		line, err := s.line(rows, tx.Now())
		all = append(all, line)
		return err
	})
	return all, err
}

// weigh counts a caseload.
func (s *Service) weigh(all []Line) Load {
	now := s.Now()
	var load Load
	for _, l := range all {
		load.Cases++
		load.Weight += l.Weight
		switch l.Level {
		case HighRisk:
			load.High++
		case NoRisk:
			load.Unknown++
		case NotHigh:
		}
		if l.Standing.ReachedAt.IsZero() && l.Standing.Late(now) {
			load.Late++
		}
		if l.Overdue > 0 {
			load.Overdue++
		}
		if l.Reviews > 0 {
			load.Reviews++
		}
	}
	return load
}

// Key is where the page after this case begins.
func (l Line) Key() Key { return Key{Weight: l.Weight, Soonest: l.soonest(), ID: l.ID} }

func (l Line) soonest() string {
	if l.Soonest == "" {
		return noDay
	}
	return l.Soonest
}

func (l Line) after(k Key) bool {
	own := l.Key()
	switch {
	case own.Weight != k.Weight:
		return own.Weight < k.Weight
	case own.Soonest != k.Soonest:
		return own.Soonest > k.Soonest
	}
	return own.ID > k.ID
}

// caseloadQuery takes the open cases of a worker that the actor may see, which
// an index leads to, each with what its newest identification of risk, its tasks
// and its contacts say: as many rows as a worker holds cases, whatever the
// agency has.
func (s *Service) caseloadQuery(agency, worker string, pieces []policy.Piece, weigh Settings, now time.Time) (string, []any) {
	var held []store.Fragment
	for _, piece := range pieces {
		var w store.Where
		w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.lead_id = $2 AND f.closed_at IS NULL", Args: []any{agency, worker}})
		w.And(piece.Where)
		from := piece.From("file", "f", &w)
		where, _ := w.SQL()
		held = append(held, store.Join([]store.Fragment{{SQL: "SELECT f.agency_id, f.id FROM "}, from, {SQL: " WHERE " + where, Args: w.Args()}}, ""))
	}
	if len(held) == 0 {
		held = []store.Fragment{{SQL: "SELECT f.agency_id, f.id FROM file f WHERE false"}}
	}
	all := store.Join(held, " UNION ")
	args := all.Args
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	today := arg(now.In(s.cfg.Zone).Format(time.DateOnly))
	weights := [3]string{arg(weigh.High), arg(weigh.Unknown), arg(weigh.Other)}
	return `SELECT id, number, person_id, origin, opened_at, lead_id, given_name, family_name, known_as, born, contact_state, contact_check,
		level, CASE level WHEN 'high' THEN CAST(` + weights[0] + ` AS bigint) WHEN 'not_identified' THEN CAST(` + weights[1] + ` AS bigint) ELSE CAST(` + weights[2] + ` AS bigint) END AS weight,
		soonest, overdue, reviews, next_at, last_at, came, came_at, reached_at, cautious_at, unanswered, primary_id, setting_then
	FROM (
		SELECT f.id, f.number, f.person_id, f.origin, f.opened_at, f.lead_id, p.given_name, p.family_name, p.known_as, p.born, p.contact_state, p.contact_check,
			COALESCE((SELECT CASE WHEN EXISTS (SELECT 1 FROM event h WHERE h.agency_id = r.agency_id AND h.file_id = r.file_id AND h.kind = 'risk.high' AND h.ref = r.ref)
				THEN 'high' ELSE 'not_high' END
				FROM event r WHERE r.agency_id = f.agency_id AND r.file_id = f.id AND r.kind = 'risk.identified' ORDER BY r.id DESC LIMIT 1), 'not_identified') AS level,
			COALESCE((SELECT MIN(t.due_on) FROM task t WHERE t.agency_id = f.agency_id AND t.file_id = f.id AND t.done_at IS NULL), '` + noDay + `') AS soonest,
			(SELECT COUNT(*) FROM task t WHERE t.agency_id = f.agency_id AND t.file_id = f.id AND t.done_at IS NULL AND t.due_on < ` + today + `) AS overdue,
			(SELECT COUNT(*) FROM task t WHERE t.agency_id = f.agency_id AND t.file_id = f.id AND t.done_at IS NULL AND t.due_on < ` + today + ` AND t.kind IN ('review_risk', 'review_plan', 'plan_review')) AS reviews,
			(SELECT c.at FROM support_contact c WHERE c.agency_id = f.agency_id AND c.file_id = f.id AND c.state = 'done' ORDER BY c.id DESC LIMIT 1) AS last_at,
			(SELECT c.at FROM support_contact c WHERE c.agency_id = f.agency_id AND c.file_id = f.id AND c.state = 'planned' ORDER BY c.at LIMIT 1) AS next_at,
			COALESCE(s.came, '') AS came, s.came_at, s.reached_at, s.cautious_at, COALESCE(s.unanswered, 0) AS unanswered, COALESCE(s.primary_id, '') AS primary_id,
			COALESCE((SELECT x.settings FROM support_setting x WHERE x.agency_id = f.agency_id AND x.set_at <= COALESCE(s.came_at, f.opened_at)
				ORDER BY x.set_at DESC, x.id DESC LIMIT 1), '') AS setting_then
		FROM (` + all.SQL + `) AS n CROSS JOIN file f CROSS JOIN person p
			LEFT JOIN support_case s ON s.agency_id = f.agency_id AND s.file_id = f.id
		WHERE f.agency_id = n.agency_id AND f.id = n.id AND p.agency_id = f.agency_id AND p.id = f.person_id
	) AS held ORDER BY weight DESC, soonest, id LIMIT ` + arg(heldMost), args
}

func (s *Service) line(rows *sql.Rows, now time.Time) (Line, error) {
	var l Line
	var origin, lead, state, checked string
	var opened time.Time
	var next, last sql.NullTime
	var row stood
	err := rows.Scan(&l.ID, &l.Number, &l.Person, &origin, &opened, &lead, &l.Name.GivenName, &l.Name.FamilyName, &l.Name.KnownAs, &l.Name.Born, &state, &checked,
		&l.Level, &l.Weight, &l.Soonest, &l.Overdue, &l.Reviews, &next, &last, &row.Came, &row.CameAt, &row.ReachedAt, &row.CautiousAt, &row.Unanswered, &row.PrimaryID, &row.SettingThen)
	if err != nil {
		return l, err
	}
	if l.Soonest == noDay {
		l.Soonest = ""
	}
	l.Next, l.Last = next.Time, last.Time
	l.Contact = s.cases.People().Summary(state, checked, now).State
	l.Standing, err = s.standingOf(row, cases.Origin(origin), opened, lead)
	return l, err
}
