package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"sync/atomic"
	"time"
)

// Engine is the kind of database.
type Engine string

// The two engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// Tx is one transaction. It has the methods that generated queries ask of a
// database handle, and must not be used after the function it was given to has
// returned.
type Tx struct {
	db     *DB
	tx     *sql.Tx
	now    time.Time
	queued []any
	after  []func()
}

// Now is the time of the transaction, the same however often it is asked.
func (tx *Tx) Now() time.Time { return tx.now }

// Engine tells which database this is, for the few statements that differ.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// Vault seals and opens what lies in this database.
func (tx *Tx) Vault() *Vault { return tx.db.vault }

// NewID makes an identifier, a UUID of version 7 in its usual text form.
func (tx *Tx) NewID() (string, error) { return tx.db.ids.next(tx.now) }

// Queue keeps v for the function given to [DB.BeforeCommit]. What a failing
// write has queued is dropped with it.
func (tx *Tx) Queue(v any) { tx.queued = append(tx.queued, v) }

// OnCommit has fn called when the commit is durable, before the write returns,
// and not at all when the write fails.
func (tx *Tx) OnCommit(fn func()) { tx.after = append(tx.after, fn) }

// ExecContext runs a statement that returns no rows.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if c, ok := ctx.Value(counterKey{}).(*QueryCount); ok {
		c.changes.Add(1)
	}
	q, args, err := tx.prepare(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if broken && holdBack(tx, q, args) {
		return driver.RowsAffected(1), nil
	}
	res, err := tx.tx.ExecContext(ctx, q, args...)
	return res, translate(err)
}

// QueryContext runs a statement that returns rows.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	q, args, err := tx.prepare(ctx, query, args)
	if err != nil {
		return nil, err
	}
	rows, err := tx.tx.QueryContext(ctx, q, args...)
	return rows, translate(err)
}

// QueryRowContext runs a statement that returns at most one row. Its error, if
// any, comes from Scan, as sql.ErrNoRows when there is none; [DB.Read] and
// [DB.Write] turn that into [ErrNotFound].
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	q, args, err := tx.prepare(ctx, query, args)
	if err != nil {
		// A *sql.Row cannot be made by hand with an error inside; a cancelled
		// context makes one.
		stopped, cancel := context.WithCancelCause(ctx)
		cancel(err)
		return tx.tx.QueryRowContext(stopped, q)
	}
	return tx.tx.QueryRowContext(ctx, q, args...)
}

// PrepareContext prepares a statement.
func (tx *Tx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	if tx.db.engine == SQLite {
		query = numbered(query)
	}
	stmt, err := tx.tx.PrepareContext(ctx, query)
	return stmt, translate(err)
}

func (tx *Tx) prepare(ctx context.Context, query string, args []any) (string, []any, error) {
	if c, ok := ctx.Value(counterKey{}).(*QueryCount); ok {
		c.n.Add(1)
	}
	if tx.db.engine == SQLite {
		query = numbered(query)
	}
	for i, arg := range args {
		v, err := plain(arg)
		if err != nil {
			return query, nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		if t, ok := v.(time.Time); ok {
			if tx.db.engine == SQLite {
				v = Moment(t).Format(timeLayout)
			} else {
				v = Moment(t)
			}
		}
		args[i] = v
	}
	return query, args, nil
}

// plain asks a driver.Valuer for its value, so that the times inside nullable
// types take the stored form too.
func plain(arg any) (any, error) {
	valuer, ok := arg.(driver.Valuer)
	if !ok {
		return arg, nil
	}
	if rv := reflect.ValueOf(arg); rv.Kind() == reflect.Pointer && rv.IsNil() {
		return nil, nil
	}
	return valuer.Value()
}

type counterKey struct{}

// QueryCount counts the statements run under a context.
type QueryCount struct{ n, changes atomic.Int64 }

// N is the number of statements so far.
func (c *QueryCount) N() int { return int(c.n.Load()) }

// Reads is the number of those that return rows.
func (c *QueryCount) Reads() int { return int(c.n.Load() - c.changes.Load()) }

// CountQueries returns a context under which statements are counted. Tests use
// it to hold every page to a bounded number.
func CountQueries(ctx context.Context) (context.Context, *QueryCount) {
	c := new(QueryCount)
	return context.WithValue(ctx, counterKey{}, c), c
}
