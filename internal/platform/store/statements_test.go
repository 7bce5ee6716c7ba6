package store

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func litePool(t *testing.T) *DB {
	t.Helper()
	key, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), Config{Dir: t.TempDir(), Key: key, Clock: func() time.Time { return time.Unix(0, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// SQLite refuses to close a connection that still has statements.
		if err := db.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	run := func(ctx context.Context, tx *Tx) error {
		if _, err := tx.ExecContext(ctx, `CREATE TABLE thing (n bigint NOT NULL PRIMARY KEY)`); err != nil {
			return err
		}
		for n := range 5 {
			if _, err := tx.ExecContext(ctx, `INSERT INTO thing (n) VALUES ($1)`, n); err != nil {
				return err
			}
		}
		return nil
	}
	if err := db.Write(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return db
}

// kept is the statements that the connection of the writes keeps.
func kept(t *testing.T, db *DB) (young, old map[string]sqliteStmt) {
	t.Helper()
	c, err := db.writes.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	err = c.Raw(func(raw any) error {
		young, old = raw.(*conn).young, raw.(*conn).old
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return young, old
}

func TestAStatementIsCompiledOnceAConnection(t *testing.T) {
	db := litePool(t)
	const query = `SELECT n FROM thing WHERE n >= $1 ORDER BY n LIMIT $2`
	var first sqliteStmt
	for limit := range 4 {
		got := numbers(t, db, query, 1, limit)
		if len(got) != limit {
			t.Errorf("LIMIT %d gives %v", limit, got)
		}
		young, _ := kept(t, db)
		s := young[numbered(query)]
		if s == nil || first != nil && s != first {
			t.Errorf("after run %d another statement is kept, or none", limit+1)
		}
		first = s
	}
}

func TestAQueryRunsAgainWhileItsRowsAreRead(t *testing.T) {
	db := litePool(t)
	const query = `SELECT n FROM thing WHERE n >= $1 ORDER BY n`
	err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		outer, err := tx.QueryContext(ctx, query, 3)
		if err != nil {
			return err
		}
		defer func() { _ = outer.Close() }()
		var seen []int
		for outer.Next() {
			var n, inner int
			if err := outer.Scan(&n); err != nil {
				return err
			}
			if err := tx.QueryRowContext(ctx, query, 0).Scan(&inner); err != nil {
				return err
			}
			seen = append(seen, n, inner)
		}
		if want := "[3 0 4 0]"; fmt.Sprint(seen) != want {
			t.Errorf("rows and the rows within them are %v, want %s", seen, want)
		}
		return outer.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAStatementThatFailedServesTheNext(t *testing.T) {
	db := litePool(t)
	const query = `INSERT INTO thing (n) VALUES ($1)`
	insert := func(n int) error {
		return db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
			_, err := tx.ExecContext(ctx, query, n)
			return err
		})
	}
	if err := insert(1); err == nil {
		t.Fatal("a second row with the same key was taken")
	}
	if err := insert(9); err != nil {
		t.Errorf("after one that failed: %v", err)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Read(stopped, func(context.Context, *Tx) error { return nil }); err == nil {
		t.Error("a cancelled read went on")
	}
	if got := numbers(t, db, `SELECT n FROM thing WHERE n > $1`, 4); len(got) != 1 {
		t.Errorf("after that there are %v above 4, want one", got)
	}
}

func TestAKeptStatementFollowsItsTable(t *testing.T) {
	db := litePool(t)
	const query = `SELECT n FROM thing WHERE n >= $1`
	if got := numbers(t, db, query, 3); len(got) != 2 {
		t.Fatalf("from 3 there are %v, want two", got)
	}
	rebuild := func(ctx context.Context, tx *Tx) error {
		for _, step := range []string{
			`DROP TABLE thing`,
			`CREATE TABLE thing (word text NOT NULL, n bigint NOT NULL)`,
			`INSERT INTO thing (word, n) VALUES ('seven', 7)`,
		} {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		return nil
	}
	if err := db.Write(t.Context(), rebuild); err != nil {
		t.Fatal(err)
	}
	if got := numbers(t, db, query, 3); len(got) != 1 || got[0] != 7 {
		t.Errorf("in the new table there are %v from 3, want 7 alone", got)
	}
}

func TestAConnectionKeepsABoundedNumberOfStatements(t *testing.T) {
	db := litePool(t)
	for n := range 5 * statementsMost {
		numbers(t, db, fmt.Sprintf(`SELECT n FROM thing WHERE n = $1 AND %d = %[1]d`, n), 1)
	}
	young, old := kept(t, db)
	if n := len(young) + len(old); n > 2*statementsMost || n < statementsMost {
		t.Errorf("%d statements are kept", n)
	}
}

// numbers runs a query on the connection of the writes.
func numbers(t *testing.T, db *DB, query string, args ...any) (out []int) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return err
			}
			out = append(out, n)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
