package cases

import (
	"context"
	"database/sql"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Sought is what a case or a person is looked for by, as it was understood.
type Sought struct {
	Number int64 // of a case; 0: by the term
	Term   people.Term
}

// LogValue implements [slog.LogValuer].
func (Sought) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// By is what it was understood as, in words for people.
func (s Sought) By() string {
	if s.Number != 0 {
		return "a case number"
	}
	return s.Term.By.Label()
}

// caseNumber is a number that is too short for a telephone.
var caseNumber = regexp.MustCompile(`(?i)^(?:case\s*|#\s*)?([1-9][0-9]{0,7})$`)

// ParseSought understands what was typed into the one box, and the date of birth
// beside it. It returns what is wrong by the fields q and born.
func ParseSought(text, born string) (Sought, forms.Errors) {
	m := caseNumber.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		t, errs := people.ParseTerm(text, born)
		return Sought{Term: t}, errs
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil { // eight digits are a number
		return Sought{}, forms.Errors{{Field: "q", Message: "Enter a case number"}}
	}
	return Sought{Number: n, Term: people.Term{Born: born}}, people.CheckBorn(born)
}

// Found is somebody in a case that the actor may see.
type Found struct {
	ID      ID
	Number  int64
	Person  people.ID
	Role    Role // empty: the case is about them
	Details people.Details
	Kind    Kind
	Lead    string
	Team    string
	Closed  time.Time // zero: it is open
}

// Path is the address of the file's page.
func (r Found) Path() string { return "/cases/" + string(r.ID) }

// LogValue implements [slog.LogValuer].
func (Found) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Findings are an answer.
type Findings struct {
	Found []Found
	More  bool // than were asked for
	// Slot stands for a restricted case whose own number was asked for.
	Slot *Slot
}

// Find looks for people in the files that the actor may list, open and closed,
// and says in which role they are in them: the newest case first, those after
// the given row, at most limit of them. What tells where or how somebody can be
// reached finds them only in files whose whereabouts the actor may read; on the
// side of the person who harms it finds nobody else. That it was refused is said
// nowhere: the answer and the work are those of no match.
//
// One entry of the ledger names the people who are shown; an answer with nobody
// in it leaves one too. What was looked for is in none.
func (s *Service) Find(ctx context.Context, actor policy.Actor, what Sought, after *Found, limit int) (Findings, error) {
	m := Mapping(store.Moment(s.db.Clock()()))
	scope, permit, err := s.guard.List(ctx, actor, ActFind, m, "")
	if err != nil {
		return Findings{}, err
	}
	var out Findings
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if out.Found, err = s.find(ctx, tx, permit, scope, m, what, after, limit+1); err != nil {
			return err
		}
		if out.More = len(out.Found) > limit; out.More {
			out.Found = out.Found[:limit]
		}
		if what.Number == 0 {
			return nil
		}
		out.Slot, err = s.slotOf(ctx, tx, actor, m, what.Number)
		return err
	})
	if err != nil {
		return Findings{}, err
	}
	return out, permit.Show(ctx, shownIn(actor, out.Found)...)
}

// shownIn are the people of an answer, or the agency in which nobody was found.
func shownIn(actor policy.Actor, found []Found) []audit.Subject {
	if len(found) == 0 {
		return []audit.Subject{{Kind: "agency", ID: actor.Agency}}
	}
	var out []audit.Subject
	for _, r := range found {
		out = append(out, r.Person.Subject())
	}
	return out
}

// alikeMost bounds how many people are shown who may be somebody known already.
const alikeMost = 5

// Alike are people in files that the actor may list who have the same names as
// somebody about to be added, and whose date of birth does not say otherwise.
// It proposes, and the worker decides.
func (s *Service) Alike(ctx context.Context, actor policy.Actor, d people.Details) ([]Found, error) {
	term, ok := people.Named(d)
	if !ok {
		return nil, nil
	}
	m := Mapping(store.Moment(s.db.Clock()()))
	scope, permit, err := s.guard.List(ctx, actor, ActFind, m, "")
	if err != nil {
		return nil, err
	}
	var out []Found
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, err = s.find(ctx, tx, permit, scope, m, Sought{Term: term}, nil, alikeMost)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, shownIn(actor, out)...)
}

func (s *Service) find(ctx context.Context, tx *store.Tx, permit audit.Permit, scope store.Fragment, m policy.Mapping, what Sought, after *Found, limit int) ([]Found, error) {
	query, args, err := s.findQuery(ctx, tx, permit, scope, m, what, after, limit)
	if err != nil {
		return nil, err
	}
	var out []Found
	err = store.Each(ctx, tx, query, args, func(rows *sql.Rows) error {
		var r Found
		var closed sql.NullTime
		err := rows.Scan(&r.ID, &r.Number, &r.Person, &r.Role, &r.Kind, &r.Lead, &r.Team, &closed,
			&r.Details.GivenName, &r.Details.FamilyName, &r.Details.KnownAs, &r.Details.Born)
		r.Closed = closed.Time
		out = append(out, r)
		return err
	})
	return out, err
}

// findQuery goes from the people whom an index leads to, to the files they are
// in, and keeps those that the actor may list. However many files an agency has,
// no others are looked at. (SQLite keeps to the order of a CROSS JOIN.)
func (s *Service) findQuery(ctx context.Context, tx *store.Tx, permit audit.Permit, scope store.Fragment, m policy.Mapping, what Sought, after *Found, limit int) (string, []any, error) {
	actor := permit.Actor()
	from := store.Fragment{SQL: "(SELECT a.id AS file_id, a.person_id, '' AS role FROM file a WHERE a.agency_id = $1 AND a.number = $2)", Args: []any{actor.Agency, what.Number}}
	var with store.Fragment
	if what.Number == 0 {
		hits, err := s.people.Hits(ctx, tx, permit, actor.Agency, what.Term)
		if err != nil {
			return "", nil, err
		}
		with = store.Join([]store.Fragment{{SQL: "WITH h AS ("}, hits, {SQL: ") "}}, "")
		from = store.Fragment{SQL: `(SELECT a.id AS file_id, a.person_id, '' AS role FROM h CROSS JOIN file a WHERE a.agency_id = $1 AND a.person_id = h.id
			UNION ALL SELECT y.file_id, y.person_id, y.role FROM h CROSS JOIN party y WHERE y.agency_id = $1 AND y.person_id = h.id)`, Args: []any{actor.Agency}}
	}
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.id = n.file_id AND f.destroyed_at IS NULL AND p.agency_id = $1 AND p.id = n.person_id", Args: []any{actor.Agency}})
	w.And(scope)
	w.And(what.Term.Narrow())
	if what.Number == 0 && what.Term.By.TellsPlace() {
		reach, err := s.guard.Rules().Scope(actor, people.ActWhereabouts, m)
		if err != nil {
			return "", nil, err
		}
		w.And(reach)
		w.And(store.Fragment{SQL: "f.side <> $1 OR n.role = ''", Args: []any{string(Perpetrating)}})
	}
	if after != nil {
		w.And(store.Fragment{SQL: "f.number < $1 OR (f.number = $1 AND (p.id, n.role) > ($2, $3))", Args: []any{after.Number, string(after.Person), string(after.Role)}})
	}
	where, _ := w.SQL()
	last := w.Arg(limit)
	query := store.Join([]store.Fragment{
		with,
		{SQL: `SELECT f.id, f.number, p.id, n.role, f.kind, f.lead_id, f.team_id, f.closed_at, p.given_name, p.family_name, p.known_as, p.born FROM `},
		from,
		{SQL: ` AS n CROSS JOIN file f CROSS JOIN person p WHERE ` + where + ` ORDER BY f.number DESC, p.id, n.role LIMIT ` + last, Args: w.Args()},
	}, "")
	return query.SQL, query.Args, nil
}

// slotOf is what a colleague is told of a restricted file by its number, as the
// list of cases tells them: whom to ask, and nothing of whom it is about.
func (s *Service) slotOf(ctx context.Context, tx *store.Tx, actor policy.Actor, m policy.Mapping, number int64) (*Slot, error) {
	know, err := s.guard.Rules().Scope(actor, ActKnow, m)
	if err != nil {
		return nil, err
	}
	find, err := s.guard.Rules().Scope(actor, ActFind, m)
	if err != nil {
		return nil, err
	}
	find.SQL = "NOT (" + find.SQL + ")"
	var w store.Where
	w.And(store.Fragment{SQL: "f.agency_id = $1 AND f.number = $2 AND f.restricted AND f.destroyed_at IS NULL", Args: []any{actor.Agency, number}})
	w.And(know)
	w.And(find)
	where, args := w.SQL()
	var out *Slot
	err = store.Each(ctx, tx, "SELECT f.id, f.number, f.lead_id FROM file f WHERE "+where, args, func(rows *sql.Rows) error {
		out = &Slot{}
		return rows.Scan(&out.ID, &out.Number, &out.Lead)
	})
	return out, err
}
