package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/migrations"
)

func withTable(t *testing.T, db *store.DB) {
	t.Helper()
	write(t, db, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE thing (
			id text NOT NULL PRIMARY KEY, n bigint NOT NULL, at timestamp NOT NULL, maybe timestamp, yes boolean NOT NULL, raw bytea NOT NULL)`)
		return err
	})
}

func write(t *testing.T, db *store.DB, fn func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func insert(id string, n int, at time.Time) func(context.Context, *store.Tx) error {
	return func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO thing (id, n, at, maybe, yes, raw) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, n, at, sql.NullTime{}, true, []byte{1, 2})
		return err
	}
}

func count(t *testing.T, db *store.DB, where string, args ...any) int {
	t.Helper()
	var n int
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM thing WHERE `+where, args...).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The trap: named parameters are numbered by first appearance on SQLite.
func TestArgumentsGoWhereTheirNumberSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		var a, b, c string
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT CAST($3 AS text), CAST($1 AS text), CAST($2 AS text) || '$1' -- $3
			`, "one", "two", "three").Scan(&a, &b, &c)
		})
		if err != nil {
			t.Fatal(err)
		}
		if a != "three" || b != "one" || c != "two$1" {
			t.Errorf("got %q, %q, %q", a, b, c)
		}
	})
}

func TestTimesKeepTheirOrderAndPrecision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		base := time.Date(2026, 3, 29, 0, 59, 59, 0, time.UTC)
		want := []time.Time{base, base.Add(120 * time.Millisecond), base.Add(123456 * time.Microsecond), base.Add(time.Second)}
		london := time.FixedZone("BST", 3600)
		for i, at := range slices.Backward(want) {
			write(t, db, insert(fmt.Sprint(i), i, at.In(london)))
		}
		var got []time.Time
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			rows, err := tx.QueryContext(ctx, `SELECT at, maybe FROM thing WHERE at >= $1 ORDER BY at`, base)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var at time.Time
				var maybe sql.NullTime
				if err := rows.Scan(&at, &maybe); err != nil {
					return err
				}
				if maybe.Valid {
					t.Error("a null time came back as a time")
				}
				got = append(got, at.UTC())
			}
			return rows.Err()
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestATransactionHasOneTimeAndIDsInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		var ids []string
		for range 3 {
			write(t, db, func(_ context.Context, tx *store.Tx) error {
				before := tx.Now()
				clock.Advance(time.Hour)
				if !tx.Now().Equal(before) {
					t.Error("the time moved inside a transaction")
				}
				for range 1000 {
					id, err := tx.NewID()
					if err != nil {
						return err
					}
					ids = append(ids, id)
				}
				return nil
			})
		}
		if !slices.IsSorted(ids) {
			t.Error("ids are not in the order they were made")
		}
		if slices.Sort(ids); len(slices.Compact(ids)) != 3000 {
			t.Error("an id came twice")
		}
	})
}

func TestOneFailingWriteHarmsNoOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				err := db.Write(context.Background(), func(ctx context.Context, tx *store.Tx) error {
					if err := insert(fmt.Sprint(i), i, tx.Now())(ctx, tx); err != nil {
						return err
					}
					if i%3 == 0 {
						return boom
					}
					return nil
				})
				if (i%3 == 0) != errors.Is(err, boom) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db, "true"); n != 133 {
			t.Errorf("%d rows, want 133", n)
		}
		if n := count(t, db, "n % 3 = 0"); n != 0 {
			t.Errorf("%d rows of failed writes were kept", n)
		}
	})
}

func TestAPanicRollsBackAndGoesOnInItsCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				if err := insert("x", 1, tx.Now())(ctx, tx); err != nil {
					return err
				}
				panic("in the middle")
			})
		}()
		write(t, db, insert("y", 2, storetest.Start))
		if n := count(t, db, "true"); n != 1 {
			t.Errorf("%d rows, want the one written after the panic", n)
		}
	})
}

func TestErrorsHaveTheirMeaning(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		write(t, db, insert("a", 1, storetest.Start))
		if err := db.Write(t.Context(), insert("a", 1, storetest.Start)); !errors.Is(err, store.ErrExists) {
			t.Errorf("the same key twice: %v", err)
		}
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			var n int
			return tx.QueryRowContext(ctx, `SELECT n FROM thing WHERE id = $1`, "none").Scan(&n)
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
		if err := db.Read(t.Context(), insert("b", 1, storetest.Start)); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("a change in a read: %v", err)
		}
		if err := store.Changed(0, nil); !errors.Is(err, store.ErrConflict) {
			t.Errorf("no row changed: %v", err)
		}
	})
}

func TestACancelledWriteLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := db.Write(ctx, insert("a", 1, storetest.Start)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if n := count(t, db, "true"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestWhatIsQueuedIsWrittenWithTheChangeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		var mu sync.Mutex
		var seen []any
		db.BeforeCommit(func(_ context.Context, _ *store.Tx, queued []any) error {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, queued...)
			if slices.Contains(queued, any("poison")) {
				return errors.New("the ledger is broken")
			}
			return nil
		})
		add := func(id string, fail error) error {
			return db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tx.Queue(id)
				return errors.Join(insert(id, 1, tx.Now())(ctx, tx), fail)
			})
		}
		if err := add("kept", nil); err != nil {
			t.Fatal(err)
		}
		if err := add("failed", errors.New("no")); err == nil {
			t.Error("want an error")
		}
		if err := add("poison", nil); err == nil {
			t.Error("a change went through without what belongs to it")
		}
		if n := count(t, db, "true"); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
		if slices.Contains(seen, any("failed")) {
			t.Error("what a failing write queued was written")
		}
	})
}

func TestWhoAskedIsToldOfTheCommitAndOfNothingElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		var told []string
		broken := errors.New("broken")
		for name, result := range map[string]error{"good": nil, "bad": broken} {
			err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				tx.OnCommit(func() { told = append(told, name) })
				return errors.Join(insert(name, 1, tx.Now())(ctx, tx), result)
			})
			if !errors.Is(err, result) {
				t.Fatal(err)
			}
		}
		if len(told) != 1 || told[0] != "good" {
			t.Errorf("told %v", told)
		}
		db.BeforeCommit(func(context.Context, *store.Tx, []any) error { return broken })
		err := db.Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
			tx.Queue("something")
			tx.OnCommit(func() { told = append(told, "not committed") })
			return nil
		})
		if !errors.Is(err, broken) || len(told) != 1 {
			t.Errorf("told %v (%v)", told, err)
		}
	})
}

func TestQueriesAreCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		withTable(t, db)
		ctx, n := store.CountQueries(t.Context())
		err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			var got int
			return errors.Join(
				tx.QueryRowContext(ctx, `SELECT count(*) FROM thing`).Scan(&got),
				tx.QueryRowContext(ctx, `SELECT count(*) FROM thing WHERE n > $1`, 1).Scan(&got))
		})
		if err != nil || n.N() != 2 {
			t.Errorf("counted %d (%v), want 2", n.N(), err)
		}
	})
}

// Proves: B6.25
func TestTheFileIsUnreadableWithoutItsKey(t *testing.T) {
	cfg := storetest.Config(t, store.SQLite)
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	withTable(t, db)
	write(t, db, insert("a-telling-identifier", 1, storetest.Start))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(cfg.Dir, store.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("telling")) || bytes.HasPrefix(raw, []byte("SQLite format")) {
		t.Error("the file can be read without the key")
	}
	cfg.Key, err = store.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), cfg); !errors.Is(err, store.ErrWrongKey) {
		t.Errorf("another key: %v", err)
	}
}

// Proves: B6.26
func TestASealedValueOpensOnlyInItsPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx := t.Context()
		vault := db.Vault()
		here := store.Place{Agency: "a", Table: "safe_contact", Column: "number", Row: "1"}
		var sealed store.Sealed
		write(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			if err := vault.CreateKey(ctx, tx, "a"); err != nil {
				return err
			}
			sealed, err = vault.Seal(ctx, tx, here, "01632 960 001")
			return err
		})
		if bytes.Contains(sealed, []byte("01632")) || fmt.Sprintf("%v %s %#v", sealed, sealed, sealed) != "[sealed] [sealed] [sealed]" {
			t.Error("a sealed value can be read")
		}
		open := func(at store.Place) (text string, err error) {
			err = db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				text, err = vault.Open(ctx, tx, at, sealed)
				return err
			})
			return text, err
		}
		if text, err := open(here); err != nil || text != "01632 960 001" {
			t.Errorf("got %q, %v", text, err)
		}
		elsewhere := here
		elsewhere.Row = "2"
		if _, err := open(elsewhere); err == nil {
			t.Error("a value moved to another row was opened")
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return vault.DestroyKey(ctx, tx, "a") })
		if _, err := open(here); !errors.Is(err, store.ErrDestroyed) {
			t.Errorf("after the key was destroyed: %v", err)
		}
	})
}

func TestMigrations(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			db, err := store.Open(t.Context(), storetest.Blank(t, engine))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			first, err := db.Migrate(t.Context(), migrations.FS)
			if err != nil || len(first) == 0 {
				t.Fatalf("ran %v, %v", first, err)
			}
			again, err := db.Migrate(t.Context(), migrations.FS)
			if err != nil || len(again) != 0 {
				t.Errorf("the second time ran %v, %v", again, err)
			}
			older := fstest.MapFS{"0001_store.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}}
			newer := fstest.MapFS{
				"0001_store.sql": older["0001_store.sql"],
				"9999_later.sql": {Data: []byte("-- +goose Up\nCREATE TABLE later (id text NOT NULL);\n")},
			}
			if _, err := db.Migrate(t.Context(), newer); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Migrate(t.Context(), older); !errors.Is(err, store.ErrNewerSchema) {
				t.Errorf("an old binary on a newer schema: %v", err)
			}
		})
	}
}

func TestKeyFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "a.key")
	if _, err := store.ReadKey(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	made, err := store.CreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	read, err := store.ReadKey(path)
	if err != nil || !bytes.Equal(read.Derive("x"), made.Derive("x")) {
		t.Errorf("read back: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := store.CreateKey(path); err == nil {
		t.Error("a key was replaced")
	}
	if text := fmt.Sprintf("%v %+v %s", made, made, made); text != "[redacted] [redacted] [redacted]" {
		t.Errorf("the key prints as %s", text)
	}
	if err := os.WriteFile(path, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.ReadKey(path); err == nil {
		t.Error("rubbish was read as a key")
	}
}

// Who looks while a key is being made sees no key or the whole of one, as who
// starts again after a stop would.
func TestAKeyIsNeverHalfWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.key")
	made := make(chan error)
	go func() {
		defer close(made)
		for range 300 {
			if _, err := store.CreateKey(path); err != nil {
				made <- err
				return
			}
			if err := os.Remove(path); err != nil {
				made <- err
				return
			}
		}
	}()
	for looks := 0; ; looks++ {
		select {
		case err, failed := <-made:
			if failed {
				t.Fatal(err)
			}
			left, err := os.ReadDir(filepath.Dir(path))
			if err != nil || len(left) != 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			t.Logf("looked %d times", looks)
			return
		default:
		}
		if _, err := store.ReadKey(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("look %d: %v", looks, err)
		}
	}
}

// Proves: B6.25
func TestADatabaseIsRealOrADemoForGood(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			cfg := storetest.Config(t, engine)
			open := func(cfg store.Config) *store.DB {
				db, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close() })
				return db
			}
			db := open(cfg)
			if isNew, err := db.Claim(t.Context(), store.Demo); err != nil || !isNew {
				t.Fatalf("%v, %v", isNew, err)
			}
			if isNew, err := db.Claim(t.Context(), store.Demo); err != nil || isNew {
				t.Errorf("again: %v, %v", isNew, err)
			}
			if _, err := db.Claim(t.Context(), store.Real); !errors.Is(err, store.ErrKind) {
				t.Errorf("as real data: %v", err)
			}
			if engine != store.PostgreSQL {
				return // without its key the file does not even open
			}
			other, err := store.NewKey()
			if err != nil {
				t.Fatal(err)
			}
			cfg.Key = other
			if _, err := open(cfg).Claim(t.Context(), store.Demo); !errors.Is(err, store.ErrWrongKey) {
				t.Errorf("another key: %v", err)
			}
		})
	}
}

// Of several programs that find a new database at the same moment one claims it,
// and the others find that it is claimed.
func TestANewDatabaseIsClaimedOnce(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			cfg := storetest.Config(t, engine)
			programs := make([]*store.DB, 6)
			for i := range programs {
				if engine == store.SQLite && i > 0 {
					programs[i] = programs[0] // one program has the file at a time
					continue
				}
				db, err := store.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close() })
				programs[i] = db
			}
			var claimed atomic.Int64
			var all sync.WaitGroup
			for _, db := range programs {
				all.Go(func() {
					isNew, err := db.Claim(t.Context(), store.Real)
					if err != nil {
						t.Errorf("claiming: %v", err)
					}
					if isNew {
						claimed.Add(1)
					}
				})
			}
			all.Wait()
			if n := claimed.Load(); n != 1 {
				t.Errorf("%d of %d claim it", n, len(programs))
			}
		})
	}
}

func TestAReadWithinAReadIsPartOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		withTable(t, db)
		write(t, db, insert("1", 1, clock.Now()))
		count := func(ctx context.Context) int {
			t.Helper()
			var n int
			err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
				return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM thing`).Scan(&n)
			})
			if err != nil {
				t.Error(err)
			}
			return n
		}
		err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			before := tx.Now()
			if n := count(ctx); n != 1 {
				t.Errorf("%d rows", n)
			}
			write(t, db, insert("2", 2, clock.Now()))
			if n := count(ctx); n != 1 {
				t.Errorf("a read within a read shows another moment: %d rows", n)
			}
			if n := count(t.Context()); n != 2 {
				t.Errorf("a read beside it shows an old moment: %d rows", n)
			}
			// What is written for the page reads what there is now.
			if err := db.Write(ctx, func(ctx context.Context, _ *store.Tx) error {
				if n := count(ctx); n != 2 {
					t.Errorf("a read within a write shows an old moment: %d rows", n)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			return db.Read(ctx, func(_ context.Context, tx *store.Tx) error {
				if !tx.Now().Equal(before) {
					t.Error("one snapshot has two times")
				}
				return store.ErrNotFound
			})
		})
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
