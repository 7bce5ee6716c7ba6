package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/platform/store"
)

// Head is the size of the log and the root hash over its first Size entries.
type Head struct {
	Size int64
	Root tlog.Hash
	At   time.Time
}

// Head is the head of the log as it stands.
func (l *Log) Head(ctx context.Context) (Head, error) {
	var h Head
	err := l.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		h, err = headAt(ctx, tx)
		return err
	})
	return h, err
}

// HeadAt is the head of the log in the snapshot of a transaction.
func HeadAt(ctx context.Context, tx *store.Tx) (Head, error) { return headAt(ctx, tx) }

func headAt(ctx context.Context, tx *store.Tx) (Head, error) {
	size, err := logSize(ctx, tx)
	if err != nil || size == 0 {
		return Head{At: tx.Now()}, err
	}
	root, err := tlog.TreeHash(size, &growing{ctx: ctx, tx: tx, fresh: map[int64]tlog.Hash{}})
	return Head{Size: size, Root: root, At: tx.Now()}, err
}

func lastHead(ctx context.Context, tx *store.Tx) (Head, error) {
	var h Head
	var raw []byte
	err := tx.QueryRowContext(ctx, `SELECT size, root, at FROM ledger_head ORDER BY size DESC LIMIT 1`).Scan(&h.Size, &raw, &h.At)
	if err != nil {
		return Head{}, notFound(err)
	}
	h.Root, err = asHash(raw)
	return h, err
}

// Report is what [Log.Verify] found.
type Report struct {
	Head   Head
	Heads  int      // heads kept along the way, and by witnesses, that were compared
	Faults []string // what is wrong, empty when the log is whole
	First  int64    // the first entry that something is wrong with, -1 when no fault names one
}

// maxFaults bounds a report: a log that was rewritten has as many faults as
// entries.
const maxFaults = 20

// Verify reads the whole log and checks that every entry has its place, its
// hash and its search columns, that the tree is the tree over the entries, and
// that every head kept, here or by a witness, is the head of the log at that
// size. An error means that it could not be read; what is wrong with it is in
// the report.
func (l *Log) Verify(ctx context.Context, witnessed ...Head) (Report, error) {
	var r Report
	err := l.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		r, err = VerifyIn(ctx, tx, witnessed...)
		return err
	})
	return r, err
}

// VerifyIn is [Log.Verify] in a transaction.
func VerifyIn(ctx context.Context, tx *store.Tx, witnessed ...Head) (Report, error) {
	r := Report{First: -1}
	err := verify(ctx, tx, witnessed, &r)
	return r, err
}

func verify(ctx context.Context, tx *store.Tx, witnessed []Head, r *Report) error {
	v := &verifier{report: r, heads: map[int64][]keptHead{}}
	for _, h := range witnessed {
		if h.Size > 0 {
			v.keep(h.Size, h.Root, "a witness")
		}
	}
	if err := v.readHeads(ctx, tx); err != nil {
		return err
	}
	if err := v.readEntries(ctx, tx); err != nil {
		return err
	}
	if err := v.compareSubjects(ctx, tx); err != nil {
		return err
	}
	if err := v.compareHashes(ctx, tx); err != nil {
		return err
	}
	for _, size := range slices.Sorted(maps.Keys(v.heads)) {
		v.fault("a head was kept at size %d, the log has only %d entries", size, v.size)
	}
	r.Head = Head{Size: v.size, At: tx.Now()}
	if v.size > 0 {
		var err error
		r.Head.Root, err = tlog.TreeHash(v.size, v)
		return err
	}
	return nil
}

// verifier rebuilds the tree in memory: 64 bytes an entry.
type verifier struct {
	report   *Report
	heads    map[int64][]keptHead // not yet reached
	hashes   []tlog.Hash
	size     int64 // entries read
	next     int64 // the number the next one must have
	subjects int64
}

// keptHead is a root that somebody keeps for a size of the log.
type keptHead struct {
	root tlog.Hash
	by   string
}

func (v *verifier) keep(size int64, root tlog.Hash, by string) {
	v.heads[size] = append(v.heads[size], keptHead{root, by})
	v.report.Heads++
}

func (v *verifier) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, idx := range indexes {
		if idx >= int64(len(v.hashes)) {
			return nil, fmt.Errorf("hash %d is beyond the log", idx)
		}
		out[i] = v.hashes[idx]
	}
	return out, nil
}

func (v *verifier) fault(format string, args ...any) {
	if len(v.report.Faults) < maxFaults {
		v.report.Faults = append(v.report.Faults, fmt.Sprintf(format, args...))
	}
}

// faultAt is fault for one that lies in an entry.
func (v *verifier) faultAt(seq int64, format string, args ...any) {
	if v.report.First < 0 || seq < v.report.First {
		v.report.First = seq
	}
	v.fault(format, args...)
}

func (v *verifier) readHeads(ctx context.Context, tx *store.Tx) error {
	return each(ctx, tx, `SELECT size, root FROM ledger_head ORDER BY size`, func(scan func(...any) error) error {
		var size int64
		var raw []byte
		if err := scan(&size, &raw); err != nil {
			return err
		}
		root, err := asHash(raw)
		if err != nil {
			v.fault("the head at size %d: %v", size, err)
			return nil
		}
		v.keep(size, root, "the log itself")
		return nil
	})
}

func (v *verifier) readEntries(ctx context.Context, tx *store.Tx) error {
	return each(ctx, tx, `SELECT seq, at, actor, agency, action, outcome, body FROM ledger_entry ORDER BY seq`, func(scan func(...any) error) error {
		var seq int64
		var at time.Time
		var actor, agency, action, outcome, body string
		if err := scan(&seq, &at, &actor, &agency, &action, &outcome, &body); err != nil {
			return err
		}
		if seq != v.next {
			v.faultAt(v.next, "entry %d is missing", v.next)
		}
		v.next = seq + 1
		e, err := parseLeaf(seq, body)
		if err != nil {
			v.faultAt(seq, "%v", err)
		} else if !e.At.Equal(at) || e.Actor != actor || e.Agency != agency || string(e.Action) != action || string(e.Outcome) != outcome {
			v.faultAt(seq, "entry %d says something else in its search columns", seq)
		}
		v.subjects += int64(len(e.Subjects))
		hashes, err := tlog.StoredHashes(v.size, []byte(body), v)
		if err != nil {
			return err
		}
		v.hashes = append(v.hashes, hashes...)
		v.size++
		return v.compareHead()
	})
}

func (v *verifier) compareHead() error {
	want, ok := v.heads[v.size]
	if !ok {
		return nil
	}
	delete(v.heads, v.size)
	got, err := tlog.TreeHash(v.size, v)
	if err != nil {
		return err
	}
	for _, h := range want {
		if got != h.root {
			v.fault("the log at size %d is not the one whose head %s kept", v.size, h.by)
		}
	}
	return nil
}

func (v *verifier) compareSubjects(ctx context.Context, tx *store.Tx) error {
	var n int64
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM ledger_subject`).Scan(&n); err != nil {
		return err
	}
	if n != v.subjects {
		v.fault("the index of subjects has %d rows, the entries name %d", n, v.subjects)
	}
	return nil
}

func (v *verifier) compareHashes(ctx context.Context, tx *store.Tx) error {
	var n int64
	err := each(ctx, tx, `SELECT idx, hash FROM ledger_hash ORDER BY idx`, func(scan func(...any) error) error {
		var idx int64
		var raw []byte
		if err := scan(&idx, &raw); err != nil {
			return err
		}
		h, err := asHash(raw)
		switch {
		case err != nil:
			v.fault("hash %d: %v", idx, err)
		case idx != n || idx >= int64(len(v.hashes)):
			v.fault("hash %d is out of place", idx)
		case h != v.hashes[idx]:
			level, at := tlog.SplitStoredHashIndex(idx)
			if level == 0 {
				v.faultAt(at, "entry %d was altered", at)
			}
		}
		n = idx + 1
		return nil
	})
	if err == nil && n != int64(len(v.hashes)) {
		// The tree remembers how many there were: what is missing is the end.
		if n > int64(len(v.hashes)) {
			v.faultAt(v.size, "entry %d is missing", v.size)
		}
		v.fault("the tree has %d hashes, the entries make %d", n, len(v.hashes))
	}
	return err
}

// each runs a query and hands its rows on one by one.
func each(ctx context.Context, tx *store.Tx, query string, fn func(scan func(...any) error) error) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
