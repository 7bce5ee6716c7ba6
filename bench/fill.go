package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The county that the lists are made of: 200 made-up agencies, of which the
// first has nearly a fifth of the cases, as a few always have most. Nobody in it
// is anybody: names are numbers.
const (
	agencies = 200
	perTeam  = 500 // cases that a team of the first agency holds
	alone    = 40  // cases of the worker who is in no team
	// The newest cases of an agency are in nobody's way; older ones are
	// restricted, tied to a worker or on the other side of a wall.
	plainNewest = 200
	sizeLeast   = 10_000
)

func agencyName(k int) string { return fmt.Sprintf("fictional-%03d", k) }

// manager sees all cases of the first agency but those that a rule shuts.
func manager() policy.Actor {
	return policy.Actor{Account: "fictional-manager", Kind: policy.Human, Agency: agencyName(0), Roles: []policy.Role{policy.Manager}, Level: 2}
}

// member sees the cases of one team.
func member() policy.Actor {
	return policy.Actor{
		Account: "fictional-member", Kind: policy.Human, Agency: agencyName(0), Teams: []string{"fictional-team-1"},
		Roles: []policy.Role{policy.Practitioner}, Level: 2,
	}
}

// single sees some cases, spread over years.
func single() policy.Actor {
	return policy.Actor{Account: "fictional-single", Kind: policy.Human, Agency: agencyName(0), Roles: []policy.Role{policy.Specialist}, Level: 3}
}

// shares is how many of the cases each agency has: half as many as the first
// one for the second, a third for the third, and so on.
func shares(size int) []int {
	sum := 0.0
	for k := range agencies {
		sum += 1 / float64(k+1)
	}
	out := make([]int, agencies)
	left := size
	for k := range agencies {
		out[k] = int(float64(size) / float64(k+1) / sum)
		left -= out[k]
	}
	out[0] += left
	return out
}

// fill writes that many cases straight into the tables, because to begin each
// as a person would takes hours. Case 0 of an agency is its newest.
func (d *domain) fill(ctx context.Context, size int) error {
	for k, n := range shares(size) {
		err := d.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return fillAgency(ctx, tx, k, n) })
		if err != nil {
			return err
		}
	}
	return nil
}

// filling writes an agency, whose name is $1 and number $2, with $3 cases.
// Teams have cases beside each other in number and far apart in time.
var filling = []string{
	`INSERT INTO person (agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, contact_state, contact_check, name_key, created_at, version)
		SELECT $1, printf('f1c71000-0000-7000-8%03x-%012x', $2, i), 'Fictional', printf('Person %d', i), '', '', '', '', '', 'unset', '', printf('person %d fictional', i), $4, 1 FROM n`,
	`INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version, side)
		SELECT $1, printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i), $3 - i, printf('f1c71000-0000-7000-8%03x-%012x', $2, i), 'full', 'contact',
			printf('fictional-team-%d', i % $5), printf('fictional-worker-%d', i % ($5 * 10)), i >= $6 AND i % $5 <> 1 AND i % 50 = 0,
			strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-01-01', (-10 * i) || ' minutes'), strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-01-01', (-10 * i) || ' minutes'), 1,
			CASE WHEN i % 10 = 3 THEN 'perpetrating' ELSE 'experiencing' END FROM n`,
	`INSERT INTO involvement (agency_id, file_id, account_id, since)
		SELECT $1, printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i), printf('fictional-worker-%d', i % ($5 * 10)), $4 FROM n`,
	`INSERT INTO conflict_of_interest (agency_id, file_id, account_id, basis, source, found_at, lifted_by, lifted_why)
		SELECT $1, printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i), 'fictional-manager', 'home', 'found', $4, '', x'' FROM n WHERE i >= $6 AND i % 97 = 0`,
	`INSERT INTO couple (agency_id, file_id, other_file, found_at)
		SELECT $1, printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i), printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i + 1), $4 FROM n WHERE i >= $6 AND i % 10 = 2 AND i + 1 < $3`,
	`INSERT INTO couple (agency_id, file_id, other_file, found_at)
		SELECT agency_id, other_file, file_id, found_at FROM couple WHERE agency_id = $1 AND other_file > file_id`,
}

// involving puts workers on cases of the first agency: the one who is in no team
// on some of all its years.
const involving = `INSERT INTO involvement (agency_id, file_id, account_id, since)
	SELECT $1, printf('f1c7f11e-0000-7000-8%03x-%012x', $2, i), 'fictional-single', $4 FROM n WHERE i % $7 = 0`

func fillAgency(ctx context.Context, tx *store.Tx, k, n int) error {
	const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 WHERE $3 > 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $3) `
	statements := filling
	if k == 0 {
		statements = append(slices.Clone(filling), involving)
	}
	args := []any{agencyName(k), k, n, tx.Now(), max(1, n/perTeam), plainNewest, max(1, n/alone)}
	for _, s := range statements {
		used := len(args)
		for !strings.Contains(numbers+s, "$"+strconv.Itoa(used)) {
			used--
		}
		if _, err := tx.ExecContext(ctx, numbers+s, slices.Clone(args[:used])...); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}
