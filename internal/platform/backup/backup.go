package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// Write writes a backup of the database as it is at this moment. deployment is
// the name under which its key is kept. What it returns is a claim until
// [Check] has read the same from the file.
func Write(ctx context.Context, db *store.DB, key store.Key, deployment string, w io.Writer) (Summary, error) {
	if !deploymentName.MatchString(deployment) {
		return Summary{}, fmt.Errorf("%q cannot be the name of a deployment in a backup", deployment)
	}
	var s Summary
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if s, err = describe(ctx, tx, deployment); err != nil {
			return err
		}
		if _, err := io.WriteString(w, s.line()); err != nil {
			return err
		}
		return inside(key, w, func(out *lines) error { return writeTables(ctx, tx, out, &s) })
	})
	return s, err
}

func describe(ctx context.Context, tx *store.Tx, deployment string) (Summary, error) {
	s := Summary{Label: Label{Deployment: deployment, Taken: tx.Now()}, Engine: tx.Engine()}
	head, err := audit.HeadAt(ctx, tx)
	if err != nil {
		return s, err
	}
	s.LedgerSize, s.LedgerRoot = head.Size, head.Root.String()
	if s.Step, err = store.Step(ctx, tx); err != nil {
		return s, err
	}
	err = tx.QueryRowContext(ctx, `SELECT kind FROM deployment WHERE one = 1`).Scan(&s.Kind)
	return s, err
}

// inside gives fn the compressed and encrypted part of the file to write.
func inside(key store.Key, w io.Writer, fn func(*lines) error) error {
	sealed, err := encrypt(key, w)
	if err != nil {
		return err
	}
	small, err := gzip.NewWriterLevel(sealed, gzip.BestSpeed)
	if err != nil {
		return err
	}
	out := newLines(small)
	if err := fn(out); err != nil {
		return err
	}
	// Closed in this order, or the end of the file would be missing.
	if err := out.w.Flush(); err != nil {
		return err
	}
	if err := small.Close(); err != nil {
		return err
	}
	return sealed.Close()
}

func writeTables(ctx context.Context, tx *store.Tx, out *lines, s *Summary) error {
	tables, err := store.Tables(ctx, tx)
	if err != nil {
		return err
	}
	if err := out.write(header{
		Deployment: s.Deployment, Kind: s.Kind, Taken: s.Taken, Step: s.Step, Engine: s.Engine,
		LedgerSize: s.LedgerSize, LedgerRoot: s.LedgerRoot,
	}); err != nil {
		return err
	}
	for _, t := range tables {
		if err := out.write(line{Table: t.Name, Columns: t.Columns}); err != nil {
			return err
		}
		n, err := writeRows(ctx, tx, out, t)
		if err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		s.Tables, s.Rows = s.Tables+1, s.Rows+n
	}
	s.Sum = out.total()
	return out.write(line{End: &ending{Tables: s.Tables, Rows: s.Rows, Sum: s.Sum}})
}

func writeRows(ctx context.Context, tx *store.Tx, out *lines, t store.Table) (int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+names(t)+` FROM `+quoted(t.Name))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	into := targets(t)
	var n int64
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return n, err
		}
		row := make([]json.RawMessage, len(t.Columns))
		for i, c := range t.Columns {
			if row[i], err = encodeValue(c, value(into[i])); err != nil {
				return n, err
			}
		}
		if err := out.write(line{Row: row}); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

func names(t store.Table) string {
	list := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = quoted(c.Name)
	}
	return strings.Join(list, ", ")
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// targets are what the columns are scanned into: the type that the column was
// declared with, whatever the driver would make of it.
func targets(t store.Table) []any {
	into := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Type {
		case "bigint":
			into[i] = new(sql.NullInt64)
		case "boolean":
			into[i] = new(sql.NullBool)
		case "timestamp":
			into[i] = new(sql.NullTime)
		case "bytea":
			into[i] = new(sql.Null[[]byte])
		default:
			into[i] = new(sql.NullString)
		}
	}
	return into
}

func value(target any) any {
	switch v := target.(type) {
	case *sql.NullInt64:
		if v.Valid {
			return v.Int64
		}
	case *sql.NullBool:
		if v.Valid {
			return v.Bool
		}
	case *sql.NullTime:
		if v.Valid {
			return v.Time
		}
	case *sql.NullString:
		if v.Valid {
			return v.String
		}
	case *sql.Null[[]byte]:
		if v.Valid {
			return append([]byte{}, v.V...)
		}
	}
	return nil
}

// Check reads a backup to its end and returns what it holds. It returns
// [ErrDamaged], and [store.ErrWrongKey] for another deployment's.
func Check(key store.Key, r io.Reader) (Summary, error) {
	return read(key, r, func(store.Table, []any) error { return nil })
}

// Each reads a backup to its end and hands out its rows: text, int64, bool,
// time, bytes or nil. What it handed out counts only when it returns no error.
func Each(key store.Key, r io.Reader, row func(table store.Table, values []any) error) error {
	_, err := read(key, r, row)
	return err
}

// read goes through a backup; row is called for every row.
func read(key store.Key, r io.Reader, row func(store.Table, []any) error) (Summary, error) {
	outer := bufio.NewReader(r)
	label, err := ReadLabel(outer)
	if err != nil {
		return Summary{}, err
	}
	plain, err := decrypt(key, outer)
	if err != nil {
		return Summary{}, err
	}
	small, err := gzip.NewReader(plain)
	if err != nil {
		return Summary{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	in := newReader(small)
	var h header
	if _, err := in.next(&h); err != nil {
		return Summary{}, err
	}
	s := Summary{
		Label: Label{Deployment: h.Deployment, Taken: h.Taken}, Kind: h.Kind, Step: h.Step, Engine: h.Engine,
		LedgerSize: h.LedgerSize, LedgerRoot: h.LedgerRoot,
	}
	if s.line() != label.line() {
		return Summary{}, fmt.Errorf("%w: its label is not its own", ErrDamaged)
	}
	return s, readTables(in, &s, row)
}

func readTables(in *reader, s *Summary, row func(store.Table, []any) error) error {
	var table store.Table
	for {
		var l line
		sum, err := in.next(&l)
		switch {
		case err != nil:
			return err
		case l.End != nil:
			s.Sum = sum
			if *l.End != (ending{Tables: s.Tables, Rows: s.Rows, Sum: sum}) {
				return fmt.Errorf("%w: it does not hold what it says at its end", ErrDamaged)
			}
			return in.finish()
		case l.Table != "":
			table = store.Table{Name: l.Table, Columns: l.Columns}
			s.Tables++
		case table.Name == "" || len(l.Row) != len(table.Columns):
			return fmt.Errorf("%w: a row of %d values does not fit table %q", ErrDamaged, len(l.Row), table.Name)
		default:
			values := make([]any, len(l.Row))
			for i, c := range table.Columns {
				if values[i], err = decodeValue(c, l.Row[i]); err != nil {
					return fmt.Errorf("%w: %s.%s: %w", ErrDamaged, table.Name, c.Name, err)
				}
			}
			s.Rows++
			if err := row(table, values); err != nil {
				return err
			}
		}
	}
}

// ErrNotEmpty is returned by a restore into a database that holds something.
var ErrNotEmpty = errors.New("a backup is restored into a new, empty database only")
