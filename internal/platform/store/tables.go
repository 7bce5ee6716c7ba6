package store

import (
	"context"
	"fmt"
	"strings"
)

// Table is one table as it lies in the database.
type Table struct {
	Name    string
	Columns []Column
}

// Column is one column of a table.
type Column struct {
	Name string
	Type string // text, bigint, boolean, timestamp, bytea or jsonb, on both engines
}

// versionTable is where the steps of the migrations are kept; it is not data.
const versionTable = "goose_db_version"

// Tables lists the tables and their columns in the order of their names and of
// their making. The table of the migrations is not among them.
func Tables(ctx context.Context, tx *Tx) ([]Table, error) {
	query := `SELECT t.name, c.name, lower(c.type) FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`
	if tx.Engine() == PostgreSQL {
		query = `SELECT table_name, column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema() ORDER BY table_name COLLATE "C", ordinal_position`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var tables []Table
	for rows.Next() {
		var table string
		var c Column
		if err := rows.Scan(&table, &c.Name, &c.Type); err != nil {
			return nil, err
		}
		if table == versionTable {
			continue
		}
		c.Type = strings.TrimSuffix(c.Type, " without time zone")
		switch c.Type {
		case "text", "bigint", "boolean", "timestamp", "bytea", "jsonb":
		default:
			return nil, fmt.Errorf("%s.%s is a %s, which is not among the types that both engines know", table, c.Name, c.Type)
		}
		if n := len(tables); n == 0 || tables[n-1].Name != table {
			tables = append(tables, Table{Name: table})
		}
		t := &tables[len(tables)-1]
		t.Columns = append(t.Columns, c)
	}
	return tables, rows.Err()
}

// Unordered runs fn with the foreign keys checked at the end instead of row by
// row, so that tables can be filled in any order. What does not fit then fails
// the transaction as a whole.
func Unordered(ctx context.Context, tx *Tx, fn func() error) error {
	if tx.Engine() == SQLite {
		if _, err := tx.ExecContext(ctx, `PRAGMA defer_foreign_keys = ON`); err != nil {
			return err
		}
		return fn()
	}
	// PostgreSQL defers only what was declared so. Its tables can be changed in
	// the transaction: the keys are taken off and put back, which checks every row.
	keys, err := foreignKeys(ctx, tx)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE `+k.table+` DROP CONSTRAINT `+k.name); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	for _, k := range keys {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE `+k.table+` ADD CONSTRAINT `+k.name+` `+k.rule); err != nil {
			return err
		}
	}
	return nil
}

type foreignKey struct{ table, name, rule string }

func foreignKeys(ctx context.Context, tx *Tx) ([]foreignKey, error) {
	rows, err := tx.QueryContext(ctx, `SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
		FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var keys []foreignKey
	for rows.Next() {
		var k foreignKey
		if err := rows.Scan(&k.table, &k.name, &k.rule); err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, rows.Err()
}
