package backup

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// Restore fills a new database with what the backup holds, but for the rows of
// the tables in without, and brings its tables up to this program. The key must
// be the one that the backup was taken with. The file is read to its end before
// anything is made, and all rows are filled in together or none. Besides the
// errors of [Check] it returns [ErrNotEmpty] and [store.ErrNewerSchema].
func Restore(ctx context.Context, db *store.DB, folder fs.FS, key store.Key, r io.ReadSeeker, without ...string) (Summary, error) {
	s, err := Check(key, r)
	if err != nil {
		return Summary{}, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return Summary{}, err
	}
	if err := db.MigrateTo(ctx, folder, s.Step); err != nil {
		return Summary{}, err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		return store.Unordered(ctx, tx, func() error {
			if err := clearSeeds(ctx, tx); err != nil {
				return err
			}
			return fill(ctx, tx, key, r, s, without)
		})
	})
	if err != nil {
		return Summary{}, err
	}
	_, err = db.Migrate(ctx, folder)
	return s, err
}

// clearSeeds takes out what the migrations put into a new database: the backup has
// it as it became. A database that was ever set up is refused.
func clearSeeds(ctx context.Context, tx *store.Tx) error {
	var used bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM deployment) OR EXISTS (SELECT 1 FROM ledger_entry)`).Scan(&used)
	if err != nil {
		return err
	}
	if used {
		return ErrNotEmpty
	}
	tables, err := store.Tables(ctx, tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+quoted(t.Name)); err != nil {
			return err
		}
	}
	return nil
}

func fill(ctx context.Context, tx *store.Tx, key store.Key, r io.Reader, want Summary, without []string) error {
	step, err := store.Step(ctx, tx)
	if err != nil {
		return err
	}
	tables, err := store.Tables(ctx, tx)
	if err != nil {
		return err
	}
	row := func(t store.Table, values []any) error {
		if slices.Contains(without, t.Name) {
			return nil
		}
		if !slices.ContainsFunc(tables, func(have store.Table) bool { return sameTable(have, t) }) {
			return fmt.Errorf("%w: table %s is not what step %d of the migrations makes", ErrDamaged, t.Name, step)
		}
		_, err := tx.ExecContext(ctx, insertion(t), values...)
		return err
	}
	got, err := read(key, r, row)
	if err != nil {
		return err
	}
	if got != want || step != want.Step {
		return fmt.Errorf("%w: it changed while it was read", ErrDamaged)
	}
	head, err := audit.HeadAt(ctx, tx)
	if err != nil {
		return err
	}
	if head.Size != want.LedgerSize || head.Root.String() != want.LedgerRoot {
		return fmt.Errorf("%w: its ledger is not the one it says", ErrDamaged)
	}
	return nil
}

// sameTable compares what both engines tell alike: names and types. The order
// of columns does not matter, rows name theirs.
func sameTable(a, b store.Table) bool {
	if a.Name != b.Name || len(a.Columns) != len(b.Columns) {
		return false
	}
	for _, c := range a.Columns {
		if !slices.Contains(b.Columns, c) {
			return false
		}
	}
	return true
}

func insertion(t store.Table) string {
	params := make([]string, len(t.Columns))
	for i := range t.Columns {
		params[i] = "$" + strconv.Itoa(i+1)
	}
	return `INSERT INTO ` + quoted(t.Name) + ` (` + names(t) + `) VALUES (` + strings.Join(params, ", ") + `)`
}
