package cases_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// onFiles are the actions whose record is a file.
func onFiles() []policy.Action {
	list := []policy.Action{
		cases.ActOpen, cases.ActWork, cases.ActHandOver, cases.ActList, cases.ActKnow, cases.ActRestrict, cases.ActLift, cases.ActGrant, cases.ActEmergency,
	}
	for _, c := range cases.Compartments() {
		list = append(list, c.Action())
	}
	return list
}

const (
	someFiles  = 50
	someScopes = 200
)

// maze fills the database with files of two agencies about which everything
// that rules can ask is true at random.
type maze struct {
	random             *rand.Rand
	agencies, accounts []string
	teams              []string
	files              []cases.ID
	of                 map[cases.ID]string
}

func (m *maze) one(list []string) string { return list[m.random.IntN(len(list))] }

func (m *maze) some(list []string) []string {
	var out []string
	for _, s := range list {
		if m.random.IntN(3) == 0 {
			out = append(out, s)
		}
	}
	return out
}

func (m *maze) coin() bool { return m.random.IntN(2) == 0 }

func (m *maze) file(ctx context.Context, tx *store.Tx, n int) error {
	id, agency := fmt.Sprintf("file-%02d", n), m.one(m.agencies)
	m.files = append(m.files, cases.ID(id))
	m.of[cases.ID(id)] = agency
	var errs error
	run := func(query string, args ...any) {
		_, err := tx.ExecContext(ctx, query, args...)
		errs = errors.Join(errs, err)
	}
	now := tx.Now()
	run(`INSERT INTO person (agency_id, id, given_name, family_name, known_as, born, gender, language, access_needs, contact_state, contact_check, name_key, created_at, version)
		VALUES ($1, $2, '', '', '', '', '', '', '', 'unset', '', '', $3, 1)`, agency, id, now)
	side := cases.Experiencing
	if m.random.IntN(3) == 0 {
		side = cases.Perpetrating
	}
	run(`INSERT INTO file (agency_id, id, number, person_id, kind, origin, team_id, lead_id, restricted, opened_at, touched_at, version, side)
		VALUES ($1, $2, $3, $2, 'full', 'contact', $4, $5, $6, $7, $7, 1, $8)`,
		agency, id, 1000+n, m.one(append(m.teams, "")), m.one(m.accounts), m.random.IntN(3) == 0, now, string(side))
	for _, account := range m.some(m.accounts) {
		run(`INSERT INTO involvement (agency_id, file_id, account_id, since) VALUES ($1, $2, $3, $4)`, agency, id, account, now)
	}
	for _, account := range m.some(m.accounts) {
		if m.coin() {
			continue
		}
		basis, lifted := "home", any(nil)
		if m.random.IntN(3) == 0 {
			basis = "self"
		}
		if m.coin() {
			lifted = now
		}
		run(`INSERT INTO conflict_of_interest (agency_id, file_id, account_id, basis, source, found_at, lifted_at, lifted_by, lifted_why)
			VALUES ($1, $2, $3, $4, 'found', $5, $6, '', $7)`, agency, id, account, basis, now, lifted, []byte{})
	}
	for _, account := range m.some(m.accounts) {
		run(`INSERT INTO emergency_access (agency_id, id, file_id, account_id, reason, words, reach, given_at, expires_at, due_on, reviewed_by, verdict, review)
			VALUES ($1, $2, $3, $4, 'other', $5, $6, $7, $8, '', '', '', $5)`,
			agency, id+account, id, account, []byte{}, m.coin(), now, now.Add(time.Duration(m.random.IntN(3)-1)*time.Hour))
	}
	for _, c := range cases.Compartments() {
		for _, account := range m.some(m.accounts) {
			ended := any(nil)
			if m.coin() {
				ended = now
			}
			run(`INSERT INTO compartment_grant (agency_id, file_id, compartment, account_id, given_by, given_at, ended_at) VALUES ($1, $2, $3, $4, '', $5, $6)`,
				agency, id, string(c), account, now, ended)
		}
	}
	if n > 0 && m.coin() {
		other := m.files[m.random.IntN(n)]
		if m.of[other] == agency {
			run(`INSERT INTO couple (agency_id, file_id, other_file, found_at) VALUES ($1, $2, $3, $4)`, agency, id, string(other), now)
			run(`INSERT INTO couple (agency_id, file_id, other_file, found_at) VALUES ($1, $2, $3, $4)`, agency, string(other), id, now)
		}
	}
	return errs
}

func (m *maze) actor() policy.Actor {
	a := policy.Actor{Account: m.one(m.accounts), Kind: policy.Human, Agency: m.one(m.agencies), Teams: m.some(m.teams), Level: m.random.IntN(5)}
	if m.random.IntN(10) == 0 {
		a.Kind = policy.Service
		if m.coin() {
			a.Only = []policy.Action{cases.ActList, cases.ActOpen, cases.ActWork}
		}
	}
	for _, r := range policy.Roles() {
		if m.random.IntN(3) == 0 {
			a.Roles = append(a.Roles, r)
		}
	}
	return a
}

// A list holds exactly the files on which the single check says yes: 10,000
// pairs of an actor and a file, by 200 queries, whatever is true of the files.
func TestScopeEqualsDecide(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		m := &maze{
			random:   rand.New(rand.NewPCG(7, 11)),
			agencies: []string{string(w.Trust.ID), string(w.Haven.ID)}, accounts: []string{"a", "b", "c", "d", "e"},
			teams: []string{string(w.Midwives.ID), string(w.Advocates.ID), "third"}, of: map[cases.ID]string{},
		}
		mustDo(t, w.Cases.SetOpenings(t.Context(), w.Actor(t, casestest.HavenContact), cases.Openings{
			cases.Entitlement: {policy.Practitioner}, cases.Supervised: {policy.Manager, policy.KeyContact},
		}))
		mustDo(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for n := range someFiles {
				if err := m.file(ctx, tx, n); err != nil {
					return err
				}
			}
			return nil
		}))
		rules := w.Guard.Rules()
		yes, no := 0, 0
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			resources := map[cases.ID]policy.Resource{}
			for _, id := range m.files {
				r, err := cases.ResourceOf(ctx, tx, id)
				if err != nil {
					return err
				}
				resources[id] = r
			}
			mapping := cases.Mapping(tx.Now())
			actions := onFiles()
			for i := range someScopes {
				actor, action := m.actor(), actions[i%len(actions)]
				scope, err := rules.Scope(actor, action, mapping)
				if err != nil {
					return err
				}
				listed, err := selected(ctx, tx, scope)
				if err != nil {
					return err
				}
				within := mapping
				within.Agency = actor.Agency
				pieces, err := rules.Pieces(actor, action, within)
				if err != nil {
					return err
				}
				together := map[cases.ID]bool{}
				for _, p := range pieces {
					if p.IDs.SQL != "" {
						p.Where = store.Join([]store.Fragment{p.Where, {SQL: " AND f.id IN (SELECT l.id FROM ("}, p.IDs, {SQL: ") AS l)"}}, "")
					}
					some, err := selected(ctx, tx, p.Where)
					if err != nil {
						return err
					}
					maps.Copy(together, some)
				}
				if d := cmp.Diff(listed, together); d != "" {
					t.Errorf("%s by %+v, whole and in %d pieces (-whole +pieces):\n%s", action, actor, len(pieces), d)
				}
				for _, id := range m.files {
					d := rules.Decide(actor, action, resources[id])
					if d.Allowed != listed[id] {
						t.Errorf("%s on %s by %+v: decided %v (%v), listed %v; the file is %+v", action, id, actor, d.Allowed, d.Rules, listed[id], resources[id].Attrs)
					}
					if d.Allowed {
						yes++
					} else {
						no++
					}
				}
			}
			return nil
		})
		if yes+no != someFiles*someScopes || yes < 500 || no < 500 {
			t.Errorf("%d were allowed and %d were not", yes, no)
		}
	})
}

// selected are the files that a condition selects.
func selected(ctx context.Context, tx *store.Tx, condition store.Fragment) (map[cases.ID]bool, error) {
	out := map[cases.ID]bool{}
	rows, err := tx.QueryContext(ctx, "SELECT f.id FROM file f WHERE "+condition.SQL, condition.Args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id cases.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// The first remainder that has no SQL stops the start, for every action.
func TestEveryActionOnFilesHasSQL(t *testing.T) {
	rules, err := policy.New(cases.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range onFiles() {
		if err := rules.CheckScope(a, cases.Mapping(time.Time{})); err != nil {
			t.Error(err)
		}
	}
	if err := rules.CheckScope(cases.ActReview, cases.NoticeMapping()); err != nil {
		t.Error(err)
	}
}
