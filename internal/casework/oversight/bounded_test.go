package oversight_test

import (
	"context"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/oversight"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// fill adds entries of the year's kind to the ledger: a file that is opened,
// lists, changes, and now and then a refusal.
func (w *world) fill(t *testing.T, f *cases.File, n int) {
	t.Helper()
	readers := []string{casestest.Nurse, casestest.Receptionist, casestest.TrustManager, casestest.IDVA}
	for n > 0 {
		step := min(n, 2000)
		n -= step
		err := w.DB.Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
			for i := range step {
				e := audit.Of(w.Actor(t, readers[i%len(readers)]), cases.ActOpen, audit.Allowed, f.ID().Subject(), f.Person().Subject())
				e.Purpose, e.Reason = string(cases.Care), "case-involved"
				switch i % 50 {
				case 7:
					e.Outcome, e.Reason = audit.Refused, "no rule permits it"
				case 8, 9:
					e.Action, e.Reason = cases.ActList, ""
				}
				if err := w.Guard.Append(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// statements are what each page of a key contact takes.
func (w *world) statements(t *testing.T, f *cases.File, report string) map[string]int {
	t.Helper()
	contact := w.Actor(t, casestest.KeyContact)
	nurse := w.Actor(t, casestest.Nurse).Account
	day := w.clock.Now().UTC().Format("2006-01-02")
	out := map[string]int{}
	for name, page := range map[string]func(context.Context) error{
		"trail":    func(ctx context.Context) error { _, err := w.Trail(ctx, contact, string(f.ID()), 0); return err },
		"days":     func(ctx context.Context) error { _, _, err := w.WorkerDays(ctx, contact, nurse, ""); return err },
		"day":      func(ctx context.Context) error { _, err := w.WorkerDay(ctx, contact, nurse, day, 0); return err },
		"refusals": func(ctx context.Context) error { _, _, err := w.Refusals(ctx, contact, 0); return err },
		"findings": func(ctx context.Context) error { _, _, err := w.Findings(ctx, contact, false, ""); return err },
		"waiting":  func(ctx context.Context) error { _, _, err := w.Waiting(ctx, contact); return err },
		"report":   func(ctx context.Context) error { _, err := w.Report(ctx, contact, report); return err },
		"watch":    func(ctx context.Context) error { _, err := w.Watch(ctx); return err },
	} {
		ctx, count := store.CountQueries(t.Context())
		if err := page(ctx); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = count.N()
	}
	return out
}

// What a page takes does not grow with the ledger, and each step of the watch
// is as small with a hundred thousand entries as with a few.
func TestNoPageLooksThroughTheWholeLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.AskReport(t.Context(), w.Actor(t, casestest.KeyContact), string(f.ID()), alone)
		if err != nil {
			t.Fatal(err)
		}
		w.fill(t, f, 200)
		w.catchUp(t)
		few := w.statements(t, f, id)
		w.fill(t, f, 100_000)
		most := 0
		for more := true; more; {
			ctx, count := store.CountQueries(t.Context())
			if more, err = w.Watch(ctx); err != nil {
				t.Fatal(err)
			}
			most = max(most, count.N())
		}
		if most > 40 {
			t.Errorf("a step of the watch took %d statements", most)
		}
		for name, n := range w.statements(t, f, id) {
			if n > few[name]+1 || n > 20 {
				t.Errorf("%s takes %d statements, and %d with few entries", name, n, few[name])
			}
		}
	})
}

// The searches walk an index from its end on both engines.
func TestSearchesWalkAnIndex(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if w.DB.Engine() != store.SQLite {
			// PostgreSQL chooses by how much there is; with little it reads all.
			w.indexes(t)
			return
		}
		for query, index := range map[string]string{
			`SELECT e.seq FROM ledger_entry e WHERE e.agency = 'a' AND e.outcome = 'refused' AND e.seq < 9 ORDER BY e.seq DESC LIMIT 9`:        "ledger_entry_refused",
			`SELECT e.seq FROM ledger_entry e WHERE e.agency = 'a' AND e.actor = 'b' AND e.seq >= 1 AND e.seq < 9 ORDER BY e.seq DESC LIMIT 9`: "ledger_entry_actor",
		} {
			var plan strings.Builder
			err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				rows, err := tx.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query)
				if err != nil {
					return err
				}
				defer func() { _ = rows.Close() }()
				for rows.Next() {
					var a, b, c int
					var detail string
					if err := rows.Scan(&a, &b, &c, &detail); err != nil {
						return err
					}
					plan.WriteString(detail + "\n")
				}
				return rows.Err()
			})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan.String(), index) || strings.Contains(plan.String(), "TEMP B-TREE") {
				t.Errorf("%s is answered by\n%s", query, plan.String())
			}
		}
	})
}

// indexes sees that the indexes are there.
func (w *world) indexes(t *testing.T) {
	t.Helper()
	n := 0
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM pg_indexes WHERE indexname IN ('ledger_entry_refused', 'ledger_entry_actor') AND schemaname = ANY (current_schemas(false))`).Scan(&n)
	})
	if err != nil || n != 2 {
		t.Errorf("%d of 2 indexes, %v", n, err)
	}
}

// Pages go on where the last one ended, each entry once.
func TestATrailIsPagedByItsNumbers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		w.fill(t, f, 120)
		contact := w.Actor(t, casestest.KeyContact)
		seen := map[int64]bool{}
		pages := 0
		for before := int64(0); pages == 0 || before > 0; pages++ {
			trail, err := w.Trail(t.Context(), contact, string(f.ID()), before)
			if err != nil {
				t.Fatal(err)
			}
			if len(trail.Rows) > oversight.PageSize {
				t.Errorf("a page of %d", len(trail.Rows))
			}
			for _, r := range trail.Rows {
				if seen[r.Seq] || before > 0 && r.Seq >= before {
					t.Errorf("entry %d is there twice", r.Seq)
				}
				seen[r.Seq] = true
			}
			before = trail.More
		}
		// A quarter of what was filled in is another agency's.
		if len(seen) < 90 || len(seen) > 95 || pages != 2 {
			t.Errorf("%d entries on %d pages", len(seen), pages)
		}
	})
}

// The rules give a service account and the operator nothing here.
func TestNoProgramLooks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, kind := range []policy.Kind{policy.Service, policy.Operator} {
			actor := w.Actor(t, casestest.KeyContact)
			actor.Kind = kind
			if _, _, err := w.Refusals(t.Context(), actor, 0); err == nil {
				t.Errorf("%s sees the refusals", kind)
			}
		}
	})
}
