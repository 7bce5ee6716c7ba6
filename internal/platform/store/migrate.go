package store

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the tables up to date with the numbered files in the folder,
// the same for both engines, and returns the names of those it ran. It returns
// [ErrNewerSchema], and changes nothing, when the database has steps that the
// folder does not know.
func (db *DB) Migrate(ctx context.Context, folder fs.FS) ([]string, error) {
	provider, err := db.migrations(folder)
	if err != nil {
		return nil, err
	}
	if err := db.checkVersion(ctx, provider); err != nil {
		return nil, err
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrating: %w", err)
	}
	var ran []string
	for _, r := range results {
		ran = append(ran, r.Source.Path)
	}
	return ran, nil
}

// MigrateTo brings the tables of a new database to the step of a backup, to
// fill them as they were. It returns [ErrNewerSchema] for a step that the folder
// does not know.
func (db *DB) MigrateTo(ctx context.Context, folder fs.FS, step int64) error {
	provider, err := db.migrations(folder)
	if err != nil {
		return err
	}
	if known := lastStep(provider); step > known {
		return fmt.Errorf("%w: the backup is at step %d, this binary knows %d", ErrNewerSchema, step, known)
	}
	if _, err := provider.UpTo(ctx, step); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	return nil
}

// Step is the last migration that was run.
func Step(ctx context.Context, tx *Tx) (int64, error) {
	var step int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionTable+` WHERE is_applied`).Scan(&step)
	return step, translate(err)
}

// Current tells whether every step of the folder was run; it changes nothing.
func (db *DB) Current(ctx context.Context, folder fs.FS) (bool, error) {
	provider, err := db.migrations(folder)
	if err != nil {
		return false, err
	}
	if err := db.checkVersion(ctx, provider); err != nil {
		return false, err
	}
	pending, err := provider.HasPending(ctx)
	return !pending, translate(err)
}

func (db *DB) migrations(folder fs.FS) (*goose.Provider, error) {
	dialect, opts := goose.DialectSQLite3, []goose.ProviderOption{}
	if db.engine == PostgreSQL {
		// Several instances may start at once; one migrates, the others wait.
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		dialect, opts = goose.DialectPostgres, append(opts, goose.WithSessionLocker(locker))
	}
	if broken {
		folder = inPieces(folder)
	}
	provider, err := goose.NewProvider(dialect, db.writes, folder, opts...)
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}
	return provider, nil
}

func (db *DB) checkVersion(ctx context.Context, provider *goose.Provider) error {
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the tables: %w", translate(err))
	}
	if known := lastStep(provider); have > known {
		return fmt.Errorf("%w: its tables are at step %d, this binary knows %d", ErrNewerSchema, have, known)
	}
	return nil
}

func lastStep(provider *goose.Provider) int64 {
	var last int64
	for _, s := range provider.ListSources() {
		last = max(last, s.Version)
	}
	return last
}
