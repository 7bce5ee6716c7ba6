package measures

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Config holds what a deployment may set.
type Config struct {
	// Small is the largest count that is suppressed; 0 means [SmallDefault].
	Small int
}

// Counter counts the indicators of a registry over the facts of a database.
type Counter struct {
	db    *store.DB
	guard *audit.Guard
	reg   *Registry
	small int
}

// New makes a counter.
func New(db *store.DB, guard *audit.Guard, reg *Registry, cfg Config) *Counter {
	if cfg.Small == 0 {
		cfg.Small = SmallDefault
	}
	return &Counter{db: db, guard: guard, reg: reg, small: cfg.Small}
}

// Registry is what the counter counts.
func (c *Counter) Registry() *Registry { return c.reg }

// Query says what to count.
type Query struct {
	IDs    []string // of indicators; none means all
	Period Period
	Agency string // "" for all agencies
	// Exact asks for counts as they are, which is a separate permission.
	Exact bool
}

// What the ledger says of the figures that were looked at. A page's entry names
// the action of its route, so the difference is kept here too.
const (
	purposeExact      = "exact_figures"
	purposeSuppressed = "suppressed_figures"
)

// Count counts indicators on one snapshot of the database, in two statements
// each at most. The reading is one entry in the ledger, naming the indicators
// and the agency. It returns [ErrPeriod], [store.ErrNotFound] for an indicator
// that is not declared, and a [policy.Denied].
func (c *Counter) Count(ctx context.Context, actor policy.Actor, q Query) ([]Result, error) {
	if err := q.Period.check(); err != nil {
		return nil, err
	}
	indicators, err := c.wanted(q.IDs)
	if err != nil {
		return nil, err
	}
	var subjects []audit.Subject
	for _, in := range indicators {
		subjects = append(subjects, audit.Subject{Kind: "measure", ID: in.ID})
	}
	if q.Agency != "" {
		subjects = append(subjects, audit.Subject{Kind: "agency", ID: q.Agency})
	}
	action, purpose := ActRead, purposeSuppressed
	if q.Exact {
		action, purpose = ActReadExact, purposeExact
	}
	if _, err := c.guard.OpenFigures(ctx, actor, action, figuresOf(q.Agency), purpose, true, subjects...); err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(indicators))
	err = c.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		for _, in := range indicators {
			r, err := c.count(ctx, tx, in, q)
			if err != nil {
				return fmt.Errorf("counting %s: %w", in.ID, err)
			}
			results = append(results, r)
		}
		return nil
	})
	return results, err
}

func (c *Counter) wanted(ids []string) ([]Indicator, error) {
	if len(ids) == 0 {
		return c.reg.Indicators(), nil
	}
	var out []Indicator
	for _, id := range ids {
		in, ok := c.reg.Indicator(id)
		if !ok {
			return nil, fmt.Errorf("%w: no measure is called %q", store.ErrNotFound, id)
		}
		out = append(out, in)
	}
	return out, nil
}

// View is a set of figures that an actor may look at.
type View struct {
	Agency string // "" for all agencies
	Exact  bool
}

// Views lists what an actor may look at: the own agency's figures as they are,
// all agencies' together. It asks the rules and shows nothing, so it leaves no
// entry.
func (c *Counter) Views(actor policy.Actor) []View {
	rules := c.guard.Rules()
	var out []View
	if actor.Agency != "" && rules.Decide(actor, ActReadExact, figuresOf(actor.Agency)).Allowed {
		out = append(out, View{Agency: actor.Agency, Exact: true})
	}
	if rules.Decide(actor, ActRead, figuresOf("")).Allowed {
		out = append(out, View{})
	}
	return out
}

func (c *Counter) count(ctx context.Context, tx *store.Tx, in Indicator, q Query) (Result, error) {
	r := Result{Indicator: in, Period: q.Period, Agency: q.Agency, exact: q.Exact, small: c.small}
	whole, err := read(ctx, tx, in, q, "")
	if err != nil {
		return r, err
	}
	if len(whole) == 1 {
		r.Counts = whole[0].Counts
	}
	if in.By == "" {
		return r, nil
	}
	if r.Parts, err = read(ctx, tx, in, q, in.By); err != nil {
		return r, err
	}
	for i := range r.Parts {
		r.Parts[i].Label = c.reg.partLabel(in, r.Parts[i].Value)
	}
	// Not by the database: the engines order texts differently.
	slices.SortFunc(r.Parts, func(a, b Part) int { return strings.Compare(a.Label, b.Label) })
	return r, nil
}

// read runs the statement of an indicator, by a dimension or as a whole.
func read(ctx context.Context, tx *store.Tx, in Indicator, q Query, by string) ([]Part, error) {
	sql, args := statement(in, q, by)
	rows, err := tx.QueryContext(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []Part
	for rows.Next() {
		var p Part
		if err := rows.Scan(&p.Value, &p.Denominator.Persons, &p.Denominator.Contacts, &p.Numerator.Persons, &p.Numerator.Contacts); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// statement is the SQL of an indicator. From inside out: the facts of the
// denominator in the period, each with whether the numerator's fact is there
// too, gathered by contact; contacts gathered by person within the agency;
// people counted. The numerator is therefore never counted apart from the
// denominator.
func statement(in Indicator, q Query, by string) (string, []any) {
	a := &arguments{}
	part := "''"
	if by != "" {
		part = "COALESCE(f.dimensions ->> CAST(" + a.add(by) + " AS text), '')"
	}
	with, from := everyAgency, "agency JOIN fact x ON x.agency_id = agency.id AND"
	if q.Agency != "" {
		with, from = "", "fact x WHERE x.agency_id = "+a.add(q.Agency)+" AND"
	}
	from += " x.day >= " + a.add(q.Period.From) + " AND x.day <= " + a.add(q.Period.To) + " AND "

	// What the numerator needs to know of a person, or of a record about one.
	var key, join, lifted string
	switch in.Numerator.Link {
	case SameSource:
		key, lifted = "n.agency_id, n.person_id, n.source_kind, n.source_id", "l.day IS NOT NULL"
		join = "l.agency_id = f.agency_id AND l.person_id = f.person_id AND l.source_kind = f.source_kind AND l.source_id = f.source_id"
	case SamePerson:
		key, lifted = "n.agency_id, n.person_id", "l.day >= f.day"
		join = "l.agency_id = f.agency_id AND l.person_id = f.person_id"
	default: // no registry has such an indicator
		key, lifted, join = "n.agency_id", "false", "false"
	}

	return with + `SELECT p.part, COUNT(*), CAST(SUM(p.contacts) AS bigint), CAST(SUM(p.lifted) AS bigint), CAST(SUM(p.lifts) AS bigint)
FROM (SELECT c.part, COUNT(*) AS contacts, MAX(c.lifted) AS lifted, SUM(c.lifted) AS lifts
  FROM (SELECT d.part, d.agency_id, d.person_id, MAX(d.lifted) AS lifted
    FROM (SELECT ` + part + ` AS part, f.agency_id, f.person_id, f.source_kind, f.source_id,
        CASE WHEN ` + lifted + ` THEN 1 ELSE 0 END AS lifted
      FROM ` + a.facts(from, in.Denominator.Facts...) + ` f
      LEFT JOIN (SELECT ` + key + `, MAX(n.day) AS day
        FROM ` + a.facts(from, in.Numerator.Facts) + ` n
        GROUP BY ` + key + `) l ON ` + join + `) d
    GROUP BY d.part, d.agency_id, d.person_id, d.source_kind, d.source_id) c
  GROUP BY c.part, c.agency_id, c.person_id) p
GROUP BY p.part`, a.list
}

// everyAgency lists the agencies that have facts by going from one to the
// next in the index, so that facts of a period are ranges of it here too.
const everyAgency = `WITH RECURSIVE agency (id) AS (
  SELECT MIN(agency_id) FROM fact
  UNION ALL
  SELECT (SELECT MIN(f.agency_id) FROM fact f WHERE f.agency_id > a.id) FROM agency a WHERE a.id IS NOT NULL)
`

// arguments numbers the arguments of a statement.
type arguments struct{ list []any }

func (a *arguments) add(v any) string {
	a.list = append(a.list, v)
	return "$" + strconv.Itoa(len(a.list))
}

// facts is a subquery for those facts of the agencies and the period that are
// among any of the selections. from ends where a condition on x follows.
func (a *arguments) facts(from string, anyOf ...Facts) string {
	var parts []string
	for _, f := range anyOf {
		parts = append(parts, "SELECT x.agency_id, x.person_id, x.source_kind, x.source_id, x.day, x.dimensions FROM "+
			from+a.selected(f))
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ")"
}

// selected is the condition that a selection puts on a fact x.
func (a *arguments) selected(f Facts) string {
	kind := a.add(f.Kind)
	parts := []string{"x.kind = " + kind}
	for _, c := range f.Where {
		value := "x.dimensions ->> CAST(" + a.add(c.Dimension) + " AS text)"
		if c.AtLeast == nil {
			parts = append(parts, value+" = "+a.add(c.text()))
			continue
		}
		// PostgreSQL may try conditions in any order, and the dimension of
		// another kind need not be a number; CASE keeps the order.
		parts = append(parts, "CASE WHEN x.kind = "+kind+" THEN CAST("+value+" AS bigint) ELSE NULL END >= "+a.add(int64(*c.AtLeast)))
	}
	return strings.Join(parts, " AND ")
}
