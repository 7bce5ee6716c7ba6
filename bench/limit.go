package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"waymark/internal/platform/store"
)

// answer is what a request is answered with, and what is done before.
type answer struct {
	Status         int
	Type, Location string
	Body           []byte
	Reads          int  // rows read by primary key, in one snapshot
	Durable        bool // one row is written, and on the disk before the answer
}

// limitSpec is what the limit is told on its standard input.
type limitSpec struct {
	Data, Key string
	Answers   map[string]answer // by path
}

// limit is the least code that could do the jobs: no rules, no ledger, no
// sign-in, no pages to put together, no log.
type limit struct {
	db      *store.DB
	answers map[string]answer
	rows    int64 // of the ledger, which is what it reads
}

func newLimit(ctx context.Context, db *store.DB, answers map[string]answer) (*limit, error) {
	l := &limit{db: db, answers: answers}
	err := db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), -1) + 1 FROM ledger_entry`).Scan(&l.rows)
	})
	if err == nil && l.rows == 0 {
		err = errors.New("the ledger is empty: there is nothing to read")
	}
	writes := false
	for _, a := range answers {
		writes = writes || a.Durable
	}
	if err != nil || !writes {
		return l, err
	}
	err = db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS bench_limit (id text PRIMARY KEY, body bytea NOT NULL)`)
		return err
	})
	return l, err
}

// ServeHTTP implements http.Handler.
func (l *limit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, ok := l.answers[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	sent, err := io.ReadAll(r.Body)
	if err == nil && a.Reads > 0 {
		err = l.db.Read(r.Context(), func(ctx context.Context, tx *store.Tx) error { return l.read(ctx, tx, a.Reads) })
	}
	if err == nil && a.Durable {
		if len(sent) == 0 {
			sent = make([]byte, 300) // about a line of the ledger
		}
		err = l.db.Write(r.Context(), func(ctx context.Context, tx *store.Tx) error { return write(ctx, tx, sent) })
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for name, value := range map[string]string{"Content-Type": a.Type, "Location": a.Location} {
		if value != "" {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the client has gone; nothing to do
}

func (l *limit) read(ctx context.Context, tx *store.Tx, reads int) error {
	statement, err := tx.PrepareContext(ctx, `SELECT body FROM ledger_entry WHERE seq = $1`)
	if err != nil {
		return err
	}
	defer statement.Close()
	var body string
	for range reads {
		if err := statement.QueryRowContext(ctx, rand.Int64N(l.rows)).Scan(&body); err != nil {
			return err
		}
	}
	return nil
}

func write(ctx context.Context, tx *store.Tx, body []byte) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO bench_limit (id, body) VALUES ($1, $2)`, id, body)
	return err
}

// serveLimit is the limit's process.
func serveLimit(ctx context.Context, in io.Reader, out io.Writer) error {
	var spec limitSpec
	if err := json.NewDecoder(in).Decode(&spec); err != nil {
		return err
	}
	db, err := open(ctx, spec.Data, spec.Key)
	if err != nil {
		return err
	}
	defer db.Close()
	l, err := newLimit(ctx, db, spec.Answers)
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: l, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	fmt.Fprintf(out, "http://%s/\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// open opens the database of a deployment beside the program that serves it.
func open(ctx context.Context, data, keyFile string) (*store.DB, error) {
	key, err := store.ReadKey(keyFile)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{Dir: data, Key: key})
}
