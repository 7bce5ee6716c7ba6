// Package storetest gives tests a fresh, migrated database on each engine.
//
// SQLite is always there. PostgreSQL is used when WAYMARK_TEST_POSTGRES holds
// the connection string of a cluster on which databases may be created; when
// WAYMARK_REQUIRE lists "postgres" and that is missing, the test fails.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/internal/platform/store"
	"waymark/migrations"
)

// Start is the first instant of a test's clock.
var Start = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// Clock is a clock that moves only when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Each runs fn as a subtest on each engine, with an empty migrated database.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB, clock *Clock)) {
	t.Helper()
	for _, engine := range Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			clock := NewClock()
			fn(t, Open(t, engine, clock.Now), clock)
		})
	}
}

// Engines lists the engines this run tests.
func Engines(t testing.TB) []store.Engine {
	t.Helper()
	if dsn() != "" {
		return []store.Engine{store.SQLite, store.PostgreSQL}
	}
	if strings.Contains(os.Getenv("WAYMARK_REQUIRE"), "postgres") {
		t.Fatal("PostgreSQL is required and WAYMARK_TEST_POSTGRES is not set")
	}
	t.Log("left out: PostgreSQL (WAYMARK_TEST_POSTGRES is not set)")
	return []store.Engine{store.SQLite}
}

func dsn() string { return os.Getenv("WAYMARK_TEST_POSTGRES") }

// Open returns an empty migrated database that is closed with the test.
func Open(t testing.TB, engine store.Engine, clock store.Clock) *store.DB {
	t.Helper()
	cfg := Config(t, engine)
	cfg.Clock = clock
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Config returns the configuration of an empty migrated database of its own.
func Config(t testing.TB, engine store.Engine) store.Config {
	t.Helper()
	if engine == store.SQLite {
		return store.Config{Dir: liteCopy(t), Key: testKey(t)}
	}
	return store.Config{URL: postgresClone(t), Key: testKey(t)}
}

// Blank returns the configuration of a database without any table.
func Blank(t testing.TB, engine store.Engine) store.Config {
	t.Helper()
	if engine == store.SQLite {
		return store.Config{Dir: t.TempDir(), Key: testKey(t)}
	}
	return store.Config{URL: create(t, "", nextName("blank")), Key: testKey(t)}
}

var testKey = func() func(testing.TB) store.Key {
	made := sync.OnceValues(store.NewKey)
	return func(t testing.TB) store.Key {
		k, err := made()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
}()

var (
	liteOnce sync.Once
	liteFile []byte
	liteErr  error
)

// liteCopy copies a migrated file made once a process.
func liteCopy(t testing.TB) string {
	t.Helper()
	liteOnce.Do(func() {
		dir, err := os.MkdirTemp("", "waymark-storetest-")
		if err != nil {
			liteErr = err
			return
		}
		defer func() { _ = os.RemoveAll(dir) }()
		if liteErr = migrate(store.Config{Dir: dir, Key: testKey(t)}); liteErr == nil {
			liteFile, liteErr = os.ReadFile(filepath.Join(dir, store.FileName)) //nolint:gosec // our own folder
		}
	})
	if liteErr != nil {
		t.Fatal(liteErr)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, store.FileName), liteFile, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func migrate(cfg store.Config) error {
	ctx := context.Background()
	db, err := store.Open(ctx, cfg)
	if err != nil {
		return err
	}
	if _, err := db.Migrate(ctx, migrations.FS); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

var (
	names        atomic.Int64
	templateOnce sync.Once
	templateName string
	templateErr  error
)

func nextName(kind string) string {
	return fmt.Sprintf("waymark_%s_%d_%d", kind, os.Getpid(), names.Add(1))
}

// postgresClone clones a migrated database made once a process.
func postgresClone(t testing.TB) string {
	t.Helper()
	templateOnce.Do(func() {
		templateName = nextName("template")
		if templateErr = admin("CREATE DATABASE " + templateName); templateErr == nil {
			templateErr = migrate(store.Config{URL: withDatabase(templateName), Key: testKey(t)})
		}
	})
	if templateErr != nil {
		t.Fatal(templateErr)
	}
	return create(t, templateName, nextName("test"))
}

func create(t testing.TB, template, name string) string {
	t.Helper()
	statement := "CREATE DATABASE " + name
	if template != "" {
		statement += " TEMPLATE " + template
	}
	if err := admin(statement); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Log(err)
		}
	})
	return withDatabase(name)
}

var adminLock sync.Mutex // cloning a template allows no other connection to it

func admin(statement string) error {
	adminLock.Lock()
	defer adminLock.Unlock()
	db, err := sql.Open("pgx", dsn())
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// withDatabase is the connection string of another database of the cluster.
func withDatabase(name string) string {
	u, err := url.Parse(dsn())
	if err != nil || u.Scheme == "" {
		return dsn() + " dbname=" + name
	}
	u.Path = "/" + name
	return u.String()
}
