package audit

import (
	"context"
	"database/sql"
	"errors"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// Since returns the entries from seq on, oldest first, at most limit of them.
func (l *Log) Since(ctx context.Context, seq int64, limit int) ([]Entry, error) {
	return l.entries(ctx, `SELECT seq, body FROM ledger_entry WHERE seq >= $1 ORDER BY seq LIMIT $2`, seq, limit)
}

// Newest is the last entry, the zero Entry when there is none.
func (l *Log) Newest(ctx context.Context) (Entry, error) {
	got, err := l.entries(ctx, `SELECT seq, body FROM ledger_entry ORDER BY seq DESC LIMIT 1`)
	if err != nil || len(got) == 0 {
		return Entry{}, err
	}
	return got[0], nil
}

// LastOf is the last entry of an action that was done or allowed. It reads
// back from the end. It returns [store.ErrNotFound] when there is none.
func (l *Log) LastOf(ctx context.Context, action policy.Action) (Entry, error) {
	got, err := l.entries(ctx, `SELECT seq, body FROM ledger_entry WHERE action = $1 AND outcome <> $2 ORDER BY seq DESC LIMIT 1`,
		string(action), string(Refused))
	if err == nil && len(got) == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return Entry{}, err
	}
	return got[0], nil
}

// About returns the entries that name a subject, newest first, those before
// the given seq (0: from the end), at most limit of them.
func (l *Log) About(ctx context.Context, s Subject, before int64, limit int) ([]Entry, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return l.entries(ctx, `SELECT e.seq, e.body FROM ledger_subject s JOIN ledger_entry e ON e.seq = s.seq
		WHERE s.kind = $1 AND s.id = $2 AND s.seq < $3 ORDER BY s.seq DESC LIMIT $4`, s.Kind, s.ID, before, limit)
}

func (l *Log) entries(ctx context.Context, query string, args ...any) ([]Entry, error) {
	var out []Entry
	err := l.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var seq int64
			var body string
			if err := rows.Scan(&seq, &body); err != nil {
				return err
			}
			e, err := parseLeaf(seq, body)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return rows.Err()
	})
	return out, err
}
