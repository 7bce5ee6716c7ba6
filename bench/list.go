package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

const (
	listJob = "list"
	listed  = 50 // rows of a page
)

// listing is a list of cases under every rule, and the list that somebody
// would write by hand who knew beforehand what the rules would come to.
type listing struct {
	actor policy.Actor
	says  string
	from  string // where its cases come from, before their people
	plain string // its condition; $1 is the agency
	arg   string // $2, where there is one
}

func listings() []listing {
	return []listing{
		{manager(), "a manager's, of the largest agency; the plain list is all of its open cases", "file f", "", ""},
		{member(), "of somebody in a team; the plain list is the team's", "file f", " AND f.team_id = $2", member().Teams[0]},
		{
			single(), "of somebody in no team, with some forty cases spread over all the years of the agency; the plain list begins at their cases",
			"involvement i CROSS JOIN file f", " AND i.agency_id = $1 AND i.account_id = $2 AND f.id = i.file_id", single().Account,
		},
	}
}

// compareLists measures a list of 50 cases under every rule beside the same
// list without rules. Neither is recorded: job "audited" has the cost of that.
func (d *domain) compareLists(ctx context.Context, o options) ([]comparison, error) {
	if err := d.sameWhenAllIsPermitted(ctx); err != nil {
		return nil, err
	}
	var out []comparison
	for _, l := range listings() {
		want, err := d.plainList(ctx, l)
		if err != nil {
			return nil, err
		}
		ruled := func(ctx context.Context) ([]cases.Row, error) { return d.ruledList(ctx, d.cases, l) }
		plain := func(ctx context.Context) ([]cases.Row, error) { return d.plainList(ctx, l) }
		for _, list := range []func(context.Context) ([]cases.Row, error){ruled, plain} {
			if err := sameRows(ctx, list, want); err != nil {
				return nil, fmt.Errorf("%s: %w", l.actor.Account, err)
			}
		}
		c := comparison{
			Name: listJob, Beside: "no rules, " + l.actor.Account, Clients: 1,
			Says: fmt.Sprintf("%d of %d cases, %s. The same rows in the same order.", len(want), o.size, l.says),
		}
		err = c.run(ctx, o,
			func(ctx context.Context) (float64, error) {
				return busy(ctx, 1, o.length, func(int) error { return sameRows(ctx, ruled, want) })
			},
			func(ctx context.Context) (float64, error) {
				return busy(ctx, 1, o.length, func(int) error { return sameRows(ctx, plain, want) })
			})
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// sameRows makes a list and compares it with the right one.
func sameRows(ctx context.Context, list func(context.Context) ([]cases.Row, error), want []cases.Row) error {
	got, err := list(ctx)
	if err == nil && (len(want) == 0 || !reflect.DeepEqual(got, want)) {
		err = fmt.Errorf("a list of %d rows is not the right one of %d", len(got), len(want))
	}
	return err
}

// ruledList is the list as the program makes it. What it gathers for the
// ledger is left where it is.
func (d *domain) ruledList(ctx context.Context, s *cases.Service, l listing) ([]cases.Row, error) {
	ctx, _ = d.guard.BeginLook(ctx, l.actor, cases.ActList, "")
	return s.Caseload(ctx, l.actor, cases.All, nil, listed)
}

func (d *domain) plainList(ctx context.Context, l listing) ([]cases.Row, error) {
	query := `SELECT f.id, f.number, f.person_id, f.kind, f.lead_id, f.team_id, f.touched_at,
		p.given_name, p.family_name, p.known_as, p.born, p.contact_state, p.contact_check
		FROM ` + l.from + ` JOIN person p ON p.agency_id = f.agency_id AND p.id = f.person_id
		WHERE f.agency_id = $1 AND f.closed_at IS NULL` + l.plain + fmt.Sprintf(` ORDER BY f.touched_at DESC, f.id DESC LIMIT %d`, listed)
	args := []any{l.actor.Agency}
	if l.arg != "" {
		args = append(args, l.arg)
	}
	var out []cases.Row
	err := d.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r cases.Row
			var state, checked string
			if err := rows.Scan(&r.ID, &r.Number, &r.Person, &r.Kind, &r.Lead, &r.Team, &r.Touched,
				&r.Details.GivenName, &r.Details.FamilyName, &r.Details.KnownAs, &r.Details.Born, &state, &checked); err != nil {
				return err
			}
			r.Contact = d.people.Summary(state, checked, tx.Now()).State
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// sameWhenAllIsPermitted holds both ways of making a list to the same rows
// where the one rule there is permits everything.
func (d *domain) sameWhenAllIsPermitted(ctx context.Context) error {
	open, err := policy.New(policy.Source{Name: "open", Schema: cases.Rules().Schema, Rules: `
		@id("all") @sentence("Everybody lists every case.")
		permit (principal, action == Action::"case.list", resource is File);`})
	if err != nil {
		return err
	}
	all := cases.New(d.db, audit.NewGuard(d.guard.Log, open), d.people)
	l := listings()[0]
	want, err := d.plainList(ctx, l)
	if err == nil && len(want) != listed {
		err = errors.New("there are too few cases for a page")
	}
	if err != nil {
		return err
	}
	err = sameRows(ctx, func(ctx context.Context) ([]cases.Row, error) { return d.ruledList(ctx, all, l) }, want)
	if err != nil {
		return fmt.Errorf("with one rule that permits everything: %w", err)
	}
	return nil
}
