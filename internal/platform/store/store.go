package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/ncruces/go-sqlite3"
)

// FileName is the name of the SQLite file in the data directory.
const FileName = "waymark.db"

// Config says which database to open.
type Config struct {
	// Dir is the data directory of an SQLite database. It must exist.
	Dir string
	// URL is a PostgreSQL connection string. With it, Dir is not used.
	URL string
	// Key encrypts the SQLite file and wraps the agencies' data keys.
	Key Key
	// Reread gives the key as it is now. It is asked when something lies under
	// a key that is not known yet: the key was renewed while this process ran.
	Reread func() (Key, error)
	// Clock tells the time; nil means the machine's.
	Clock Clock
	// Random is where identifiers take their random bits from; nil means
	// crypto/rand. Only the demo's generator gives another.
	Random io.Reader
	// Quick leaves it to the machine when an SQLite write reaches the disk: a
	// power cut may destroy the file. It is for making a file that nobody works
	// with before it is closed, and for nothing else; the demo's is made so.
	Quick bool
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	engine Engine
	reads  *sql.DB
	writes *sql.DB
	clock  Clock
	ids    *idSource
	writer *writer
	vault  *Vault
	// fileKeyAge is 0 when the newest key opens the SQLite file, more when it
	// still lies under an older one.
	fileKeyAge int
	before     func(context.Context, *Tx, []any) error
}

// Open opens the database. It does not create or change tables: that is
// [DB.Migrate]. It returns [ErrWrongKey] when the key does not fit the file.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.Clock == nil {
		cfg.Clock = SystemClock
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Key.isZero() {
		return nil, errors.New("opening a database needs a key")
	}
	db := &DB{clock: cfg.Clock, ids: &idSource{random: cfg.Random}}
	if err := db.openPools(ctx, cfg); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	var err error
	if db.vault, err = newVault(cfg.Key, cfg.Reread); err != nil {
		return nil, errors.Join(err, db.closePools())
	}
	db.writer = newWriter(db)
	return db, nil
}

func (db *DB) openPools(ctx context.Context, cfg Config) error {
	if cfg.URL != "" {
		if err := db.openPostgreSQL(cfg); err != nil {
			return err
		}
		return db.ping(ctx)
	}
	var err error
	for age, key := range cfg.Key.Each() {
		if err = db.openSQLite(cfg, key); err != nil {
			return err
		}
		if err = db.ping(ctx); !errors.Is(err, ErrWrongKey) {
			db.fileKeyAge = age
			return err
		}
	}
	return err
}

// ping tells whether the database answers; if not, it is closed.
func (db *DB) ping(ctx context.Context) error {
	if err := translate(db.reads.PingContext(ctx)); err != nil {
		return errors.Join(err, db.closePools())
	}
	return nil
}

func (db *DB) openPostgreSQL(cfg Config) error {
	db.engine = PostgreSQL
	parsed, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		return fmt.Errorf("opening PostgreSQL: %w", err)
	}
	pool := stdlib.OpenDB(*parsed, stdlib.OptionAfterConnect(insist))
	pool.SetMaxOpenConns(max(8, 4*runtime.NumCPU()))
	pool.SetMaxIdleConns(max(8, 4*runtime.NumCPU()))
	db.reads, db.writes = pool, pool
	return nil
}

// insist has commits answered when they are durable, also where the server is
// set up to answer before: what was acknowledged would be lost with it. What
// waits for more than that (replicas) is left as it is.
func insist(ctx context.Context, c *pgx.Conn) error {
	if broken && believe() {
		return nil
	}
	_, err := c.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`)
	return err
}

func (db *DB) openSQLite(cfg Config, with Key) error {
	db.engine = SQLite
	path, err := filepath.Abs(filepath.Join(cfg.Dir, FileName))
	if err != nil {
		return err
	}
	if err := ownFile(path); err != nil {
		return err
	}
	key := hex.EncodeToString(with.file())
	synchronous := "FULL"
	if cfg.Quick {
		synchronous = "OFF"
	}
	// The key goes in by pragma: in the address it could be read back. The
	// journal is a write-ahead log so that readers do not wait, and an
	// acknowledged write survives a power cut (synchronous FULL; see Quick).
	open := func(extra, after string) (*sql.DB, error) {
		return openPool(fileURL(path, "vfs="+fileSystem+extra), func(c *sqlite3.Conn) error {
			return c.Exec("PRAGMA hexkey='" + key + "';" +
				"PRAGMA busy_timeout=60000;" +
				"PRAGMA journal_mode=WAL;" +
				"PRAGMA synchronous=" + synchronous + ";" +
				"PRAGMA temp_store=memory;" +
				// Pages that every write touches go into the file once for
				// several commits, and not once for a few: 16 MB of journal.
				"PRAGMA wal_autocheckpoint=4000;" +
				"PRAGMA foreign_keys=ON;" + after)
		})
	}
	if db.writes, err = open("&_txlock=immediate", ""); err != nil {
		return fmt.Errorf("opening the database file: %w", err)
	}
	db.writes.SetMaxOpenConns(1)
	if db.reads, err = open("", "PRAGMA query_only=ON;"); err != nil {
		_ = db.writes.Close()
		return fmt.Errorf("opening the database file: %w", err)
	}
	readers := max(4, 2*runtime.NumCPU())
	db.reads.SetMaxOpenConns(readers)
	db.reads.SetMaxIdleConns(readers)
	return nil
}

// Engine tells which database this is.
func (db *DB) Engine() Engine { return db.engine }

// Vault seals and opens columns.
func (db *DB) Vault() *Vault { return db.vault }

// Clock is the clock that transactions take their time from.
func (db *DB) Clock() Clock { return db.clock }

// BeforeCommit sets the function that writes what transactions have queued
// with [Tx.Queue]. It is set once, before the first write.
func (db *DB) BeforeCommit(fn func(ctx context.Context, tx *Tx, queued []any) error) {
	db.before = fn
}

// Read runs fn on one snapshot of the database. Changes in it fail. A Read
// within another, under the context that it was given, is part of that one: a
// page that is put together from parts shows one moment, and asks for it once.
func (db *DB) Read(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if tx, ok := ctx.Value(readKey{}).(*Tx); ok && tx != nil && tx.db == db {
		return translate(fn(ctx, tx))
	}
	opts := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	if db.engine == SQLite {
		// The connection reads only by pragma; asking for it again would cost
		// two statements a transaction.
		opts = nil
	}
	sqlTx, err := db.reads.BeginTx(ctx, opts)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = sqlTx.Rollback() }() // nothing to keep
	tx := &Tx{db: db, tx: sqlTx, now: Moment(db.clock())}
	return translate(fn(context.WithValue(ctx, readKey{}, tx), tx))
}

// readKey marks what runs on a snapshot. A write takes the mark away.
type readKey struct{}

// Write runs fn in a transaction and returns when it is durable, with fn's
// error if it had one; then nothing of it is kept. fn may run again on no
// account, and must use the context and the transaction it is given.
func (db *DB) Write(ctx context.Context, fn func(context.Context, *Tx) error) error {
	var err error
	if db.engine == SQLite || broken {
		err = db.writer.do(ctx, fn)
	} else {
		err = db.alone(ctx, fn)
	}
	return rethrow(err)
}

// WriteTogether is Write for small independent additions, such as the record
// of a read: those that arrive together share a commit on both engines.
func (db *DB) WriteTogether(ctx context.Context, fn func(context.Context, *Tx) error) error {
	return rethrow(db.writer.do(ctx, fn))
}

// rethrow lets a panic go on in the goroutine that asked for the write.
func rethrow(err error) error {
	if p, ok := err.(*PanicError); ok { //nolint:errorlint // never wrapped
		panic(fmt.Sprintf("%v\n%s", p.Value, p.Stack))
	}
	return err
}

// Close waits for the writes under way and closes the database.
func (db *DB) Close() error {
	db.writer.close()
	return db.closePools()
}

func (db *DB) closePools() error {
	err := db.writes.Close()
	if db.reads != db.writes {
		err = errors.Join(err, db.reads.Close())
	}
	return err
}
