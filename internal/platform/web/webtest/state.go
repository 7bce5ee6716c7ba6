package webtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"testing"

	"waymark/internal/platform/store"
)

// State is a fingerprint of every table, by name.
func State(t testing.TB, db *store.DB) map[string]string {
	t.Helper()
	state := map[string]string{}
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tables, err := tableNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if state[table], err = fingerprint(ctx, tx, table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// LedgerTables are the tables that a recorded refusal writes.
var LedgerTables = []string{"ledger_entry", "ledger_hash", "ledger_head", "ledger_subject"}

// Unchanged fails the test when fn writes anything, and names the tables. Some
// may be excepted.
func Unchanged(t testing.TB, db *store.DB, fn func(), except ...string) {
	t.Helper()
	before := State(t, db)
	fn()
	after := State(t, db)
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if before[table] != after[table] && !slices.Contains(except, table) {
			t.Errorf("table %s was changed", table)
		}
	}
}

func tableNames(ctx context.Context, tx *store.Tx) ([]string, error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if tx.Engine() == store.PostgreSQL {
		query = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// fingerprint does not depend on the order of the rows, which is not the same
// on both engines.
func fingerprint(ctx context.Context, tx *store.Tx, table string) (string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM "`+table+`"`)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var sums []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return "", err
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%#v", values))
		sums = append(sums, hex.EncodeToString(sum[:]))
	}
	slices.Sort(sums)
	sum := sha256.Sum256(fmt.Append(nil, sums))
	return hex.EncodeToString(sum[:]), rows.Err()
}
