package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Health is what a look at the database found.
type Health struct {
	Engine  Engine
	Version string // of PostgreSQL or of SQLite
	// Faults are settings with which an acknowledged write could be lost, each
	// with the value that it should have.
	Faults []string
	// Encrypted tells whether the connection to PostgreSQL is; it is always
	// true on SQLite, where there is none.
	Encrypted bool
	// Skew is how far the database's clock is ahead of this machine's.
	Skew time.Duration
	// Damage is what the database found when it checked itself; empty when
	// all is well, or when it was not asked.
	Damage []string
}

// Health looks at the settings on which durability rests. deep also has SQLite
// check its whole file, which reads all of it.
func (db *DB) Health(ctx context.Context, deep bool) (Health, error) {
	if db.engine == PostgreSQL {
		return db.healthPostgreSQL(ctx)
	}
	return db.healthSQLite(ctx, deep)
}

func (db *DB) healthSQLite(ctx context.Context, deep bool) (Health, error) {
	h := Health{Engine: SQLite, Encrypted: true}
	var journal, version string
	var synchronous int
	for query, into := range map[string]any{
		`PRAGMA journal_mode`: &journal, `PRAGMA synchronous`: &synchronous, `SELECT sqlite_version()`: &version,
	} {
		if err := db.writes.QueryRowContext(ctx, query).Scan(into); err != nil {
			return h, translate(err)
		}
	}
	h.Version = version
	if journal != "wal" {
		h.Faults = append(h.Faults, "journal_mode is "+journal+", it should be wal")
	}
	if synchronous < 2 {
		h.Faults = append(h.Faults, "synchronous is "+strconv.Itoa(synchronous)+", it should be 2 (FULL)")
	}
	if !deep {
		return h, nil
	}
	rows, err := db.reads.QueryContext(ctx, `PRAGMA integrity_check`)
	if err != nil {
		return h, translate(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return h, translate(err)
		}
		if line != "ok" {
			h.Damage = append(h.Damage, line)
		}
	}
	return h, translate(rows.Err())
}

func (db *DB) healthPostgreSQL(ctx context.Context) (Health, error) {
	h := Health{Engine: PostgreSQL}
	var now time.Time
	var encrypted sql.NullBool
	// One connection: some of these settings belong to it.
	conn, err := db.writes.Conn(ctx)
	if err != nil {
		return h, translate(err)
	}
	defer func() { _ = conn.Close() }()
	here := db.clock()
	err = conn.QueryRowContext(ctx, `SELECT current_setting('server_version'), clock_timestamp(),
		(SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())`).Scan(&h.Version, &now, &encrypted)
	if err != nil {
		return h, translate(err)
	}
	h.Skew, h.Encrypted = now.Sub(here), encrypted.Bool
	for _, s := range []struct{ name, want string }{{"fsync", "on"}, {"full_page_writes", "on"}, {"synchronous_commit", "on"}} {
		var have string
		if err := conn.QueryRowContext(ctx, `SELECT current_setting($1)`, s.name).Scan(&have); err != nil {
			return h, translate(err)
		}
		stronger := s.name == "synchronous_commit" && (have == "remote_apply" || have == "remote_write" || have == "local")
		if have != s.want && !stronger {
			h.Faults = append(h.Faults, fmt.Sprintf("%s is %s, it should be %s", s.name, have, s.want))
		}
	}
	if major, _, _ := strings.Cut(h.Version, "."); len(major) < 2 || major < "15" {
		h.Faults = append(h.Faults, "the server is PostgreSQL "+h.Version+"; 15 is the oldest that is tested")
	}
	return h, nil
}

// HostOf is the host in the address of a PostgreSQL database.
func HostOf(url string) (host string, err error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return "", err
	}
	return cfg.Host, nil
}
