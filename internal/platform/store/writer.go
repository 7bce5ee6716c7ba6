package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
)

// batchMax bounds how many writes share a commit, so that the first of them
// does not wait for a crowd.
const batchMax = 128

// errClosed is returned by a write on a closed database.
var errClosed = errors.New("the database is closed")

type writeRequest struct {
	ctx  context.Context
	fn   func(context.Context, *Tx) error
	done chan error
	err  error
}

// writer runs writes that arrive together in one transaction, each in its own
// savepoint, and answers them after the commit.
type writer struct {
	db       *DB
	requests chan *writeRequest
	closing  chan struct{}
	closed   chan struct{}
	once     sync.Once
}

func newWriter(db *DB) *writer {
	w := &writer{
		db:       db,
		requests: make(chan *writeRequest, batchMax),
		closing:  make(chan struct{}),
		closed:   make(chan struct{}),
	}
	go w.loop()
	return w
}

// do runs fn in a batch. fn gets a context that is not cancelled with ctx: an
// interrupted statement would take the whole batch with it.
func (w *writer) do(ctx context.Context, fn func(context.Context, *Tx) error) error {
	req := &writeRequest{ctx: ctx, fn: fn, done: make(chan error, 1)}
	select {
	case <-w.closing:
		return errClosed
	default:
	}
	select {
	case w.requests <- req:
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	// Once handed over the write may happen; only its own answer tells.
	select {
	case err := <-req.done:
		return err
	case <-w.closed:
		select {
		case err := <-req.done:
			return err
		default:
			return errClosed
		}
	}
}

func (w *writer) close() {
	w.once.Do(func() { close(w.closing) })
	<-w.closed
}

func (w *writer) loop() {
	defer close(w.closed)
	for {
		select {
		case req := <-w.requests:
			w.run(w.gather(req))
		case <-w.closing:
			for {
				select {
				case req := <-w.requests:
					w.run(w.gather(req))
				default:
					return
				}
			}
		}
	}
}

// gather takes what is waiting already; it never waits for more.
func (w *writer) gather(first *writeRequest) []*writeRequest {
	batch := []*writeRequest{first}
	for len(batch) < batchMax {
		select {
		case req := <-w.requests:
			batch = append(batch, req)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) run(batch []*writeRequest) {
	err := w.transact(batch)
	for _, req := range batch {
		if req.err == nil {
			req.err = err
		}
		req.done <- req.err
	}
}

// transact runs the batch. A request's own error stays with the request; the
// error returned is everybody's.
func (w *writer) transact(batch []*writeRequest) error {
	// The batch belongs to nobody: neither a deadline nor a counter of one of
	// its requests is its own.
	ctx := context.Background()
	sqlTx, err := w.db.writes.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	defer func() { _ = sqlTx.Rollback() }() // after a commit this does nothing

	tx := &Tx{db: w.db, tx: sqlTx, now: Moment(w.db.clock())}
	done := 0
	for _, req := range batch {
		if req.err = context.Cause(req.ctx); req.err != nil {
			continue
		}
		if req.err, err = w.step(tx, req); err != nil {
			return err
		}
		if req.err == nil {
			done++
		}
		if broken {
			answerEarly(tx, "answers-at-savepoint", req)
		}
	}
	if done == 0 {
		return nil // every request has its own error; nothing to keep
	}
	if broken {
		answerEarly(tx, "answers-early", batch...)
	}
	return w.db.finish(ctx, tx)
}

// step runs one request in a savepoint. The first error is the request's, the
// second the batch's.
func (w *writer) step(tx *Tx, req *writeRequest) (own, all error) {
	ctx := context.WithoutCancel(req.ctx)
	if _, err := tx.tx.ExecContext(ctx, "SAVEPOINT request"); err != nil {
		return nil, translate(err)
	}
	queued, after := len(tx.queued), len(tx.after)
	own = protect(ctx, tx, req.fn)
	if broken && own == nil && repeat() {
		own = protect(ctx, tx, req.fn)
	}
	if own != nil || broken && lose() {
		tx.queued, tx.after = tx.queued[:queued], tx.after[:after]
		if _, err := tx.tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT request"); err != nil {
			return own, translate(err)
		}
	}
	if _, err := tx.tx.ExecContext(ctx, "RELEASE SAVEPOINT request"); err != nil {
		return own, translate(err)
	}
	return own, nil
}

// PanicError is what a write returns when its function panicked: others in the
// same batch are not to suffer for it.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic in a write: %v", e.Value) }

func protect(ctx context.Context, tx *Tx, fn func(context.Context, *Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	ctx = context.WithValue(ctx, readKey{}, (*Tx)(nil)) // what reads meanwhile sees what there is now
	return translate(fn(context.WithValue(ctx, writeKey{}, tx), tx))
}

type writeKey struct{}

// Writing returns the write that ctx belongs to, if any. What must be recorded
// while a write is under way goes into it: a second write would wait for the
// first for ever.
func Writing(ctx context.Context) (*Tx, bool) {
	tx, ok := ctx.Value(writeKey{}).(*Tx)
	return tx, ok
}

// finish writes what was queued, commits, and tells those who asked for it.
func (db *DB) finish(ctx context.Context, tx *Tx) error {
	if broken {
		if done, err := db.finishBroken(ctx, tx); done {
			return err
		}
	}
	if len(tx.queued) > 0 {
		if db.before == nil {
			return errors.New("something was queued and nothing is there to write it")
		}
		if err := db.before(ctx, tx, tx.queued); err != nil {
			return fmt.Errorf("before the commit: %w", err)
		}
	}
	if err := tx.tx.Commit(); err != nil {
		return translate(err)
	}
	tx.tell()
	return nil
}

func (tx *Tx) tell() {
	for _, fn := range tx.after {
		fn()
	}
}

// alone runs fn in a transaction of its own, as PostgreSQL allows.
func (db *DB) alone(ctx context.Context, fn func(context.Context, *Tx) error) error {
	sqlTx, err := db.writes.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return translate(err)
	}
	defer func() { _ = sqlTx.Rollback() }()
	tx := &Tx{db: db, tx: sqlTx, now: Moment(db.clock())}
	if err := protect(ctx, tx, fn); err != nil {
		return err
	}
	return db.finish(ctx, tx)
}
