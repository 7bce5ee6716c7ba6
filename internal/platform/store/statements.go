package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/ncruces/go-sqlite3"
	sqlite "github.com/ncruces/go-sqlite3/driver"
)

// statementsMost is how many compiled statements a connection keeps for sure;
// it never keeps more than twice as many. All of ours fit in, but for lists of
// varying length.
const statementsMost = 128

// connector opens SQLite connections that keep their compiled statements.
// Compiling one takes longer than running it once, for most of ours. (The
// driver of PostgreSQL keeps them by itself.)
type connector struct {
	driver.Connector
	setUp func(*sqlite3.Conn) error // of every new connection
}

// openPool opens a pool of such connections.
func openPool(dsn string, setUp func(*sqlite3.Conn) error) (*sql.DB, error) {
	c, err := (&sqlite.SQLite{}).OpenConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(&connector{Connector: c, setUp: setUp}), nil
}

// Connect implements [driver.Connector].
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	raw, ok := opened.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("the SQLite driver is not the one that this was written for"), opened.Close())
	}
	if old := raw.Raw().SetInterrupt(ctx); old != ctx {
		defer raw.Raw().SetInterrupt(old)
	}
	if err := c.setUp(raw.Raw()); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	// Without this a statement with a parameter for its LIMIT is compiled again
	// for every value, in case another plan fits it better.
	if _, err := raw.Raw().Config(sqlite3.DBCONFIG_ENABLE_QPSG, true); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return &conn{sqliteConn: raw, young: map[string]sqliteStmt{}}, nil
}

type sqliteConn interface {
	sqlite.Conn
	driver.ExecerContext
	driver.NamedValueChecker
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

// conn is a connection with the statements that are not in use. database/sql
// sees to it that one goroutine at a time is in it. SQLite compiles a statement
// again when the tables have changed; one that says * could then have other
// columns than the driver expects, and must not be used.
type conn struct {
	sqliteConn
	// A statement that is used again goes back among the young ones. When
	// there are too many of those, they become the old ones, and the old ones
	// go.
	young, old map[string]sqliteStmt
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s := c.take(query); s != nil {
		return &stmt{sqliteStmt: s, conn: c, query: query}, nil
	}
	s, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	kept, ok := s.(sqliteStmt)
	if !ok {
		return s, nil
	}
	return &stmt{sqliteStmt: kept, conn: c, query: query}, nil
}

// take takes a statement out, so that nobody else uses it meanwhile: a query
// may run again while its rows are still being read.
func (c *conn) take(query string) sqliteStmt {
	for _, kept := range []map[string]sqliteStmt{c.young, c.old} {
		if s, ok := kept[query]; ok {
			delete(kept, query)
			return s
		}
	}
	return nil
}

func (c *conn) put(query string, s sqliteStmt) error {
	if _, ok := c.young[query]; ok {
		return s.Close()
	}
	var err error
	if len(c.young) >= statementsMost {
		err = closeAll(c.old)
		c.young, c.old = map[string]sqliteStmt{}, c.young
	}
	c.young[query] = s
	return err
}

// Close implements [driver.Conn]. SQLite does not close a connection that has
// statements.
func (c *conn) Close() error {
	return errors.Join(closeAll(c.young), closeAll(c.old), c.sqliteConn.Close())
}

func closeAll(kept map[string]sqliteStmt) error {
	var errs []error
	for query, s := range kept {
		errs = append(errs, s.Close())
		delete(kept, query)
	}
	return errors.Join(errs...)
}

// stmt is a statement in use. The driver resets it and takes its arguments
// away when it has run or its rows are closed, which comes before Close.
type stmt struct {
	sqliteStmt
	conn  *conn
	query string
}

// Close implements [driver.Stmt].
func (s *stmt) Close() error { return s.conn.put(s.query, s.sqliteStmt) }
