package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/platform/store"
)

// Log is the ledger of one deployment.
type Log struct {
	db *store.DB

	mu   sync.Mutex
	edge edge // as of the last commit of this process
}

// edge is what the next entry needs to know of the tree: its size, the hashes
// on its right edge, and when a head was last kept. It holds only while the log
// has that very size: another process may have gone on from it.
type edge struct {
	size   int64
	hashes map[int64]tlog.Hash
	headAt time.Time // zero: not known
}

// edgeAt is the edge at a size, when it is known.
func (l *Log) edgeAt(size int64) edge {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.edge.size != size {
		return edge{}
	}
	return l.edge
}

// right are the hashes of a tree that the next entry, and the root, are made
// from: one for each whole subtree.
func right(size int64, from map[int64]tlog.Hash) map[int64]tlog.Hash {
	out := map[int64]tlog.Hash{}
	for level := 0; size>>level > 0; level++ {
		if size>>level&1 == 1 {
			idx := tlog.StoredHashIndex(level, size>>level-1)
			if h, ok := from[idx]; ok {
				out[idx] = h
			}
		}
	}
	return out
}

// logLock is the key of PostgreSQL's advisory lock on the log. Any constant
// does, as long as nothing else uses it.
const logLock = 0x57617951 // "WayQ"

// headEvery is how often a tree head is kept at least while entries come in.
const headEvery = time.Hour

// New opens the ledger of a database and makes it part of every commit.
func New(db *store.DB) *Log {
	l := &Log{db: db}
	db.BeforeCommit(l.flush)
	return l
}

// Clock is the clock that entries are dated by.
func (l *Log) Clock() store.Clock { return l.db.Clock() }

// Append adds an entry to a transaction: it is kept if and only if the
// transaction is.
func (l *Log) Append(tx *store.Tx, e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	e.At = tx.Now()
	e.normal()
	tx.Queue(e)
	return nil
}

// Record commits one entry by itself and returns when it is durable. Entries
// that arrive together share a commit. Called within a write, the entry becomes
// part of that write.
func (l *Log) Record(ctx context.Context, e Entry) error {
	if tx, ok := store.Writing(ctx); ok {
		return l.Append(tx, e)
	}
	return l.db.WriteTogether(ctx, func(_ context.Context, tx *store.Tx) error {
		return l.Append(tx, e)
	})
}

// flush writes what a transaction queued, as the last thing before its commit.
func (l *Log) flush(ctx context.Context, tx *store.Tx, queued []any) error {
	entries := make([]Entry, len(queued))
	for i, q := range queued {
		e, ok := q.(Entry)
		if !ok {
			return fmt.Errorf("%T was queued for the ledger", q)
		}
		entries[i] = e
	}
	if tx.Engine() == store.PostgreSQL {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, logLock); err != nil {
			return err
		}
	}
	size, err := logSize(ctx, tx)
	if err != nil {
		return err
	}
	known := l.edgeAt(size)
	tree := &growing{ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}}
	maps.Copy(tree.fresh, known.hashes)
	rows := inserts{
		entries:  insert{into: "ledger_entry (seq, at, actor, agency, action, outcome, body)", width: 7},
		subjects: insert{into: "ledger_subject (kind, id, seq)", width: 3},
		hashes:   insert{into: "ledger_hash (idx, hash)", width: 2},
	}
	for i, e := range entries {
		seq := size + int64(i)
		body, err := e.leaf()
		if err != nil {
			return err
		}
		rows.entries.add(seq, e.At, e.Actor, e.Agency, string(e.Action), string(e.Outcome), string(body))
		for _, s := range e.Subjects {
			rows.subjects.add(s.Kind, s.ID, seq)
		}
		hashes, err := tlog.StoredHashes(seq, body, tree)
		if err != nil {
			return fmt.Errorf("extending the tree: %w", err)
		}
		first := tlog.StoredHashIndex(0, seq)
		for j, h := range hashes {
			tree.fresh[first+int64(j)] = h
			rows.hashes.add(first+int64(j), h[:])
		}
	}
	for _, r := range []*insert{&rows.entries, &rows.subjects, &rows.hashes} {
		if err := r.run(ctx, tx); err != nil {
			return err
		}
	}
	after := size + int64(len(entries))
	headAt, err := keepHead(ctx, tx, known.headAt, size, after, tree)
	if err != nil {
		return err
	}
	// Until it is durable, the next one must not build on it.
	next := edge{size: after, hashes: right(after, tree.fresh), headAt: headAt}
	tx.OnCommit(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if next.size > l.edge.size {
			l.edge = next
		}
	})
	return nil
}

func logSize(ctx context.Context, tx *store.Tx) (int64, error) {
	var size int64
	err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), -1) + 1 FROM ledger_entry`).Scan(&size)
	return size, err
}

// keepHead keeps a head with the first entry of each hour and returns when one
// was last kept. at is when that was before, zero when it is not known.
func keepHead(ctx context.Context, tx *store.Tx, at time.Time, before, size int64, tree tlog.HashReader) (time.Time, error) {
	if at.IsZero() && before > 0 {
		last, err := lastHead(ctx, tx)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return at, err
		}
		at = last.At
	}
	// After a clock that ran ahead was put right, the last head lies in the
	// future: waiting for it could mean no head for a year.
	if since := tx.Now().Sub(at); !at.IsZero() && 0 <= since && since < headEvery {
		return at, nil
	}
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		return at, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO ledger_head (size, root, at) VALUES ($1, $2, $3)`, size, root[:], tx.Now())
	return tx.Now(), err
}

// growing reads the hashes of the tree: those made in this transaction from
// memory, older ones from the table.
type growing struct {
	ctx   context.Context //nolint:containedctx // lives for one call of flush
	tx    *store.Tx
	fresh map[int64]tlog.Hash
}

func (g *growing) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var missing []any
	var marks []string
	for i, idx := range indexes {
		if h, ok := g.fresh[idx]; ok {
			out[i] = h
			continue
		}
		missing = append(missing, idx)
		marks = append(marks, "$"+strconv.Itoa(len(missing)))
	}
	if len(missing) == 0 {
		return out, nil
	}
	rows, err := g.tx.QueryContext(g.ctx, `SELECT idx, hash FROM ledger_hash WHERE idx IN (`+strings.Join(marks, ", ")+`)`, missing...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	found := 0
	for rows.Next() {
		var idx int64
		var raw []byte
		if err := rows.Scan(&idx, &raw); err != nil {
			return nil, err
		}
		h, err := asHash(raw)
		if err != nil {
			return nil, err
		}
		out[slices.Index(indexes, idx)] = h
		// The right edge of the tree is asked for again by the next entry.
		g.fresh[idx] = h
		found++
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if found != len(missing) {
		return nil, fmt.Errorf("the tree lacks %d of the hashes %v", len(missing)-found, missing)
	}
	return out, nil
}

func asHash(raw []byte) (tlog.Hash, error) {
	var h tlog.Hash
	if copy(h[:], raw) != len(h) || len(raw) != len(h) {
		return h, fmt.Errorf("a hash of %d bytes", len(raw))
	}
	return h, nil
}

type inserts struct{ entries, subjects, hashes insert }

// insert gathers rows for one table and writes many with one statement.
type insert struct {
	into  string
	width int
	args  []any
}

func (r *insert) add(values ...any) { r.args = append(r.args, values...) }

// rowsAtOnce is a power of two that stays below the limit of 32,766 parameters
// that both engines share.
const rowsAtOnce = 64

// run writes the rows in parts whose numbers of rows are powers of two: a
// database keeps a handful of statements ready, not one for every number.
func (r *insert) run(ctx context.Context, tx *store.Tx) error {
	for rows := rowsAtOnce; rows > 0; rows /= 2 {
		for n := rows * r.width; len(r.args) >= n; r.args = r.args[n:] {
			if _, err := tx.ExecContext(ctx, r.statement(rows), r.args[:n:n]...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *insert) statement(rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + r.into + " VALUES ")
	for i := range rows * r.width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%r.width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	b.WriteString(")")
	return b.String()
}
