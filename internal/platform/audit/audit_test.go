package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

var nurse = policy.Actor{Account: "nurse", Kind: policy.Human, Agency: "trust", Name: "Ada Fictional"}

func entry(n int) audit.Entry {
	return audit.Of(nurse, "case.read", audit.Allowed, audit.Subject{Kind: "person", ID: fmt.Sprint("p", n)})
}

func record(t *testing.T, l *audit.Log, n int) {
	t.Helper()
	for i := range n {
		if err := l.Record(t.Context(), entry(i)); err != nil {
			t.Fatal(err)
		}
	}
}

func all(t *testing.T, l *audit.Log) []audit.Entry {
	t.Helper()
	got, err := l.Since(t.Context(), 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEntriesAreKeptInOrderAndVerified(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		l := audit.New(db)
		var wg sync.WaitGroup
		for i := range 300 {
			wg.Go(func() {
				if err := l.Record(context.Background(), entry(i)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		clock.Advance(2 * time.Hour)
		record(t, l, 1)
		seen := map[string]int{}
		for i, e := range all(t, l) {
			if e.Seq != int64(i) {
				t.Fatalf("entry %d stands at %d", e.Seq, i)
			}
			seen[e.Subjects[0].ID]++
		}
		if len(seen) != 300 || seen["p0"] != 2 {
			t.Errorf("%d different entries", len(seen))
		}
		report, err := l.Verify(t.Context())
		if err != nil || len(report.Faults) > 0 || report.Head.Size != 301 || report.Heads != 2 {
			t.Errorf("%+v, %v", report, err)
		}
		head, err := l.Head(t.Context())
		if err != nil || head.Root != report.Head.Root {
			t.Errorf("the head is %v, verified as %v (%v)", head.Root, report.Head.Root, err)
		}
	})
}

// An oracle: the root by the plain definition of RFC 6962.
func TestTheRootIsThatOfRFC6962(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		record(t, l, 13)
		var leaves []tlog.Hash
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			rows, err := tx.QueryContext(ctx, `SELECT body FROM ledger_entry ORDER BY seq`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var body string
				if err := rows.Scan(&body); err != nil {
					return err
				}
				leaves = append(leaves, tlog.RecordHash([]byte(body)))
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		head, err := l.Head(t.Context())
		if err != nil || head.Root != mth(leaves) {
			t.Errorf("got %v, want %v (%v)", head.Root, mth(leaves), err)
		}
	})
}

func mth(leaves []tlog.Hash) tlog.Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := 1
	for k*2 < len(leaves) {
		k *= 2
	}
	return tlog.NodeHash(mth(leaves[:k]), mth(leaves[k:]))
}

func TestTamperingIsFound(t *testing.T) {
	for name, statement := range map[string]string{
		"an entry altered":            `UPDATE ledger_entry SET body = REPLACE(body, 'p3', 'p9') WHERE seq = 3`,
		"an entry removed":            `DELETE FROM ledger_entry WHERE seq = 4`,
		"the last entry removed":      `DELETE FROM ledger_entry WHERE seq = 9`,
		"a search column altered":     `UPDATE ledger_entry SET actor = 'somebody' WHERE seq = 2`,
		"a hash altered":              `UPDATE ledger_hash SET hash = (SELECT hash FROM ledger_hash WHERE idx = 0) WHERE idx = 4`,
		"a subject taken out":         `DELETE FROM ledger_subject WHERE id = 'p5'`,
		"a head that never was":       `INSERT INTO ledger_head (size, root, at) SELECT 99, root, at FROM ledger_head`,
		"the log cut behind its head": `UPDATE ledger_head SET root = (SELECT hash FROM ledger_hash WHERE idx = 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
				l := audit.New(db)
				record(t, l, 10)
				err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.ExecContext(ctx, statement)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				report, err := l.Verify(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if len(report.Faults) == 0 {
					t.Error("not found")
				}
			})
		})
	}
}

func TestAnEntryIsKeptIfAndOnlyIfItsChangeIs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		fault := errors.New("no")
		err := db.Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
			if err := l.Append(tx, entry(1)); err != nil {
				return err
			}
			return fault
		})
		if !errors.Is(err, fault) || len(all(t, l)) != 0 {
			t.Errorf("%v, %d entries", err, len(all(t, l)))
		}
	})
}

func TestAnEntrySaysEnough(t *testing.T) {
	db := storetest.Open(t, store.SQLite, storetest.NewClock().Now)
	l := audit.New(db)
	for _, e := range []audit.Entry{
		audit.Of(policy.Actor{}, "case.read", audit.Allowed),
		audit.Of(nurse, "", audit.Allowed),
		audit.Of(nurse, "case.read", ""),
		audit.Of(nurse, "case.read", audit.Allowed, audit.Subject{Kind: "person"}),
	} {
		if err := l.Record(t.Context(), e); err == nil {
			t.Errorf("kept: %+v", e)
		}
	}
}

func TestAPageIsOneEntryNamingWhatItShowed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		ctx, look := l.BeginLook(t.Context(), nurse, "case.read", "req-1")
		permit, err := l.Allow(ctx, nurse, "case.open", "care", audit.Subject{Kind: "case", ID: "c1"})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"p2", "p1", "p2"} {
			if err := permit.Show(ctx, audit.Subject{Kind: "person", ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(all(t, l)); n != 0 {
			t.Errorf("%d entries before the page was done", n)
		}
		if err := look.Commit(ctx); err != nil {
			t.Fatal(err)
		}
		want := []audit.Entry{{
			Actor: "nurse", Kind: policy.Human, Agency: "trust", Action: "case.read", Outcome: audit.Allowed,
			Purpose: "care", Request: "req-1", At: storetest.Start,
			Subjects: []audit.Subject{{Kind: "case", ID: "c1"}, {Kind: "person", ID: "p1"}, {Kind: "person", ID: "p2"}},
		}}
		got := all(t, l)
		if d := cmp.Diff(want, got, cmpopts.EquateApproxTime(0)); d != "" {
			t.Error(d)
		}
		if err := permit.Show(ctx, audit.Subject{Kind: "person", ID: "p3"}); err == nil {
			t.Error("something was shown after the entry was written")
		}
		about, err := l.About(t.Context(), audit.Subject{Kind: "person", ID: "p2"}, 0, 10)
		if err != nil || len(about) != 1 {
			t.Errorf("about p2: %v, %v", about, err)
		}
		if strings.Contains(fmt.Sprint(got), "Ada") {
			t.Error("a name is in the ledger")
		}
	})
}

// said is what the entries say, briefly.
func said(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		line := string(e.Outcome)
		for _, s := range e.Subjects {
			line += " " + s.ID
		}
		out = append(out, line)
	}
	return out
}

func TestWhatIsOpenedForAChangeIsKeptWithTheChange(t *testing.T) {
	subject := func(id string) audit.Subject { return audit.Subject{Kind: "person", ID: id} }
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		changes []error  // what each change of the request returns
		before  []string // the ledger before the answer is put together
		later   []string // shown after the changes
		want    []string
	}{
		"a change":                      {[]error{nil}, []string{"allowed a", "done a"}, nil, []string{"allowed a", "done a"}},
		"two changes":                   {[]error{nil, nil}, []string{"allowed a", "done a", "done a"}, nil, []string{"allowed a", "done a", "done a"}},
		"one that fails":                {[]error{broken}, nil, nil, []string{"allowed a"}},
		"one that fails, then one":      {[]error{broken, nil}, []string{"allowed a", "done a"}, nil, []string{"allowed a", "done a"}},
		"a change, and somebody else":   {[]error{nil}, []string{"allowed a", "done a"}, []string{"b"}, []string{"allowed a", "done a", "allowed b"}},
		"a change, and the same person": {[]error{nil}, []string{"allowed a", "done a"}, []string{"a"}, []string{"allowed a", "done a"}},
		"one that fails, somebody else": {[]error{broken}, nil, []string{"b"}, []string{"allowed a b"}},
		"no change":                     {nil, nil, []string{"b"}, []string{"allowed a b"}},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
				l := audit.New(db)
				ctx, look := l.BeginLook(t.Context(), nurse, "case.change", "req-1")
				permit, err := l.Allow(ctx, nurse, "case.open", "care", subject("a"))
				if err != nil {
					t.Fatal(err)
				}
				for _, result := range c.changes {
					err := db.Write(ctx, func(_ context.Context, tx *store.Tx) error {
						return errors.Join(permit.Append(tx, "case.change", "", subject("a")), result)
					})
					if !errors.Is(err, result) {
						t.Fatal(err)
					}
				}
				if d := cmp.Diff(c.before, said(all(t, l))); d != "" {
					t.Errorf("before the answer: %s", d)
				}
				for _, id := range c.later {
					if err := permit.Show(ctx, subject(id)); err != nil {
						t.Fatal(err)
					}
				}
				if err := look.Commit(ctx); err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(c.want, said(all(t, l))); d != "" {
					t.Error(d)
				}
			})
		})
	}
}

func TestWhatIsOpenedIsNamedOnceInAChangeWithTwoEntries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		ctx, look := l.BeginLook(t.Context(), nurse, "case.change", "req-1")
		permit, err := l.Allow(ctx, nurse, "case.open", "care", audit.Subject{Kind: "case", ID: "c"})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(ctx, func(_ context.Context, tx *store.Tx) error {
			return errors.Join(permit.Append(tx, "case.begin", ""), permit.Append(tx, "case.change", ""))
		})
		if err := errors.Join(err, look.Commit(ctx)); err != nil {
			t.Fatal(err)
		}
		got := all(t, l)
		if d := cmp.Diff([]string{"allowed c", "done", "done"}, said(got)); d != "" {
			t.Error(d)
		}
		if got[0].Purpose != "care" || got[0].Request != "req-1" || got[2].Request != "req-1" {
			t.Errorf("%+v", got)
		}
	})
}

func TestAPageThatShowsNobodyLeavesNoEntry(t *testing.T) {
	db := storetest.Open(t, store.SQLite, storetest.NewClock().Now)
	l := audit.New(db)
	ctx, look := l.BeginLook(t.Context(), nurse, "case.list", "r")
	if err := look.Commit(ctx); err != nil || len(all(t, l)) != 0 {
		t.Errorf("%v, %d", err, len(all(t, l)))
	}
}

func TestARefusalIsCommittedBeforeItIsReturned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		err := l.Refuse(t.Context(), nurse, "case.read", policy.Decision{Rules: []string{"wall"}}, false, audit.Subject{Kind: "case", ID: "c"})
		if _, denied := policy.IsDenied(err); !denied {
			t.Errorf("got %v", err)
		}
		got := all(t, l)
		if len(got) != 1 || got[0].Outcome != audit.Refused || got[0].Reason != "wall" {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheZeroPermitPermitsNothing(t *testing.T) {
	var p audit.Permit
	if err := p.Show(t.Context(), audit.Subject{Kind: "person", ID: "p"}); !errors.Is(err, audit.ErrNoPermit) {
		t.Errorf("got %v", err)
	}
}

// A second write inside a write would wait for the first for ever.
func TestWhatIsShownWithinAWriteIsRecordedWithIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		l := audit.New(db)
		permit, err := l.Allow(t.Context(), nurse, "case.open", "care")
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(ctx context.Context, _ *store.Tx) error {
			return permit.Show(ctx, audit.Subject{Kind: "person", ID: "p1"})
		})
		if got := all(t, l); err != nil || len(got) != 2 || got[1].Subjects[0].ID != "p1" {
			t.Errorf("%v, %+v", err, got)
		}
	})
}
