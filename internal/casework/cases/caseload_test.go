package cases_test

import (
	"context"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// plan is how SQLite goes about a caseload.
func plan(t *testing.T, w *casestest.World, actor policy.Actor, which cases.Which, after *cases.Row) []string {
	t.Helper()
	query, args, err := w.Cases.CaseloadQuery(t.Context(), actor, which, after)
	mustDo(t, err)
	var out []string
	read(t, w, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				return err
			}
			out = append(out, step)
		}
		return rows.Err()
	})
	return out
}

// The cost of a caseload does not grow with the agency: nothing is gone through
// but what an index led to (n, l and the pieces), a team's files are read in
// their order, and a worker's own through their involvement.
func TestACaseloadIsFoundThroughIndexes(t *testing.T) {
	clock := storetest.NewClock()
	w := casestest.New(t, storetest.Open(t, store.SQLite, clock.Now), clock)
	for _, c := range []struct {
		who   string
		leads []string // an index that there must be a way in by
	}{
		{casestest.TrustManager, []string{"f USING INDEX file_touched (agency_id=?)"}},
		{casestest.Nurse, []string{"f USING INDEX file_team (agency_id=? AND team_id=?)", "x USING COVERING INDEX involvement_account (agency_id=? AND account_id=?)"}},
		{casestest.Midwife, []string{"x USING COVERING INDEX involvement_account (agency_id=? AND account_id=?)"}},
	} {
		t.Run(c.who, func(t *testing.T) {
			steps := plan(t, w, w.Actor(t, c.who), cases.All, nil)
			all := strings.Join(steps, "\n")
			for _, step := range steps {
				if strings.HasPrefix(step, "SCAN ") && step != "SCAN n" && step != "SCAN l" && !strings.HasPrefix(step, "SCAN piece") {
					t.Errorf("%s, in\n%s", step, all)
				}
			}
			for _, lead := range c.leads {
				if !strings.Contains(all, lead) {
					t.Errorf("nothing goes %q, in\n%s", lead, all)
				}
			}
			if c.who != casestest.TrustManager && strings.Contains(all, "file_touched") {
				t.Errorf("the whole agency is walked through, in\n%s", all)
			}
		})
	}
}
