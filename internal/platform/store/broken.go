//go:build broken

package store

import (
	"bytes"
	"context"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing/fstest"
)

const broken = true

// wrong is what this build does wrong, given to the linker. e2e/faults makes a
// build of each kind and fails when its loops do not notice:
//
//	answers-early         writes are answered before they are committed
//	answers-at-savepoint  writes of a batch are answered one by one, before the
//	                      batch is committed
//	ledger-apart          the ledger is written with the next transaction
//	chronology-apart      the chronology is
//	facts-apart           the facts that are counted are
//	loses-some            one write in a while is taken back and answered
//	repeats-some          one write in a while is done twice
//	migrates-in-pieces    steps of a migration are not in one transaction
//	believes-postgresql   a server that is set up to answer commits before they
//	                      are in its log is believed
var wrong = "nothing: give -ldflags '-X waymark/internal/platform/store.wrong=KIND'"

// Known to the test that looks for it in binaries.
const mark = "THIS BUILD IS BROKEN ON PURPOSE: "

func init() {
	switch wrong {
	case "answers-early", "answers-at-savepoint", "ledger-apart", "chronology-apart", "facts-apart",
		"loses-some", "repeats-some", "migrates-in-pieces", "believes-postgresql":
	default:
		panic(mark + wrong)
	}
}

var writes atomic.Int64

func lose() bool { return wrong == "loses-some" && writes.Add(1)%17 == 0 }

func repeat() bool { return wrong == "repeats-some" && writes.Add(1)%17 == 0 }

// answerEarly answers requests before the commit, in the build that does so at
// this place; the answer that follows is left in the channel.
func answerEarly(tx *Tx, place string, requests ...*writeRequest) {
	if wrong != place {
		return
	}
	if place == "answers-early" {
		tx.tell()
	}
	for _, req := range requests {
		req.done <- req.err
	}
}

type statement struct {
	query string
	args  []any
}

// heldBack are the statements of transactions that wait until after the commit.
var heldBack = struct {
	sync.Mutex
	of map[*Tx][]statement
}{of: map[*Tx][]statement{}}

func holdBack(tx *Tx, query string, args []any) bool {
	apart := wrong == "chronology-apart" && strings.Contains(query, "INSERT INTO event") ||
		wrong == "facts-apart" && strings.Contains(query, "INSERT INTO fact")
	if apart {
		heldBack.Lock()
		defer heldBack.Unlock()
		heldBack.of[tx] = append(heldBack.of[tx], statement{query, args})
	}
	return apart
}

// left is what the last transaction left to the next one; there is one writer.
var left struct {
	late   []statement
	queued []any
}

// finishBroken leaves to the next transaction what belongs in this one. It
// returns false: the rest is as in an ordinary build.
func (db *DB) finishBroken(ctx context.Context, tx *Tx) (bool, error) {
	if wrong == "ledger-apart" {
		tx.queued, left.queued = left.queued, tx.queued
	}
	heldBack.Lock()
	late := heldBack.of[tx]
	delete(heldBack.of, tx)
	heldBack.Unlock()
	late, left.late = left.late, late
	for _, s := range late {
		if _, err := tx.tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return true, err
		}
	}
	return false, nil
}

func believe() bool { return wrong == "believes-postgresql" }

// inPieces takes the transaction away from every step.
func inPieces(folder fs.FS) fs.FS {
	if wrong != "migrates-in-pieces" {
		return folder
	}
	out := fstest.MapFS{}
	names, _ := fs.Glob(folder, "*.sql")
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return folder
		}
		text = bytes.Replace(text, []byte("-- +goose Up"), []byte("-- +goose NO TRANSACTION\n-- +goose Up"), 1)
		out[name] = &fstest.MapFile{Data: text}
	}
	return out
}
