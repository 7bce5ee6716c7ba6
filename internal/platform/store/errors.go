package store

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/ncruces/go-sqlite3"
)

var (
	// ErrNotFound is returned when a record does not exist.
	ErrNotFound = errors.New("not found")
	// ErrExists is returned when a record with the same key exists already.
	ErrExists = errors.New("exists already")
	// ErrConflict is returned when a record was changed by somebody else since
	// it was read: its version is not the one given.
	ErrConflict = errors.New("changed by somebody else meanwhile")
	// ErrReadOnly is returned for a change attempted in [DB.Read].
	ErrReadOnly = errors.New("the transaction only reads")
	// ErrFull is returned when the disk or the database is full.
	ErrFull = errors.New("the database is full")
	// ErrWrongKey is returned when the key does not open the database.
	ErrWrongKey = errors.New("the key does not open this database")
	// ErrNewerSchema is returned when the database was written by a newer
	// version of Waymark than this one.
	ErrNewerSchema = errors.New("the database belongs to a newer version of Waymark")
)

// PostgreSQL's codes: https://www.postgresql.org/docs/15/errcodes-appendix.html
const (
	pgUniqueViolation      = "23505"
	pgReadOnly             = "25006"
	pgDiskFull             = "53100"
	pgSerializationFailure = "40001"
	pgDeadlock             = "40P01"
)

// SQLite's codes: https://sqlite.org/rescode.html
var liteCodes = []struct{ code, kind error }{
	{sqlite3.CONSTRAINT_UNIQUE, ErrExists},
	{sqlite3.CONSTRAINT_PRIMARYKEY, ErrExists},
	{sqlite3.READONLY, ErrReadOnly},
	{sqlite3.FULL, ErrFull},
	{sqlite3.IOERR_SHMSIZE, ErrFull}, // no room for the index of the write-ahead log
	{sqlite3.NOTADB, ErrWrongKey},
}

// translate gives a driver's error its meaning, keeping the cause.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if err == sql.ErrNoRows { //nolint:errorlint // wrapped, it carries more to say
		return ErrNotFound
	}
	kind := kindOf(err)
	if kind == nil || errors.Is(err, kind) {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

func kindOf(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case pgUniqueViolation:
			return ErrExists
		case pgReadOnly:
			return ErrReadOnly
		case pgDiskFull:
			return ErrFull
		case pgSerializationFailure, pgDeadlock:
			return ErrConflict
		}
		return nil
	}
	for _, c := range liteCodes {
		if errors.Is(err, c.code) {
			return c.kind
		}
	}
	return nil
}

// Changed tells what an UPDATE guarded by a version did: nil when it changed
// one row, [ErrConflict] when it changed none. n and err are what an :execrows
// query returns.
func Changed(n int64, err error) error {
	if err != nil {
		return err
	}
	if n == 0 {
		return ErrConflict
	}
	return nil
}
