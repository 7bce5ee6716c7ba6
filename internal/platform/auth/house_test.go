package auth_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

const (
	password = "a long pass phrase"
	wrong    = "another pass phrase"
)

var here = from("192.0.2.7")

func from(address string) auth.From { return auth.From{Address: address} }

var operator = policy.Actor{Account: "operator:test", Kind: policy.Operator}

// house is a deployment that knows nothing but accounts.
type house struct {
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	log   *audit.Log
	auth  *auth.Service

	mu   sync.Mutex
	work map[string]auth.Work
}

func (h *house) AtWork(_ context.Context, _ *store.Tx, account string) (auth.Work, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.work[account], nil
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		h := &house{t: t, db: db, clock: clock, log: audit.New(db), work: map[string]auth.Work{}}
		h.auth = auth.New(db, h.log, h)
		auth.HashCheaply(h.auth)
		fn(t, h)
	})
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(fn func(context.Context, *store.Tx) error) {
	h.t.Helper()
	h.must(h.db.Write(h.t.Context(), fn))
}

func (h *house) exec(query string, args ...any) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
}

func (h *house) permit() audit.Permit {
	h.t.Helper()
	p, err := h.log.Allow(h.t.Context(), operator, auth.ActCreate, "")
	h.must(err)
	return p
}

// invited makes an account without a password.
func (h *house) invited(username string) auth.Account {
	h.t.Helper()
	var a auth.Account
	permit := h.permit()
	h.write(func(ctx context.Context, tx *store.Tx) (err error) {
		a, err = h.auth.Create(ctx, tx, permit, auth.NewAccount{Username: username, Name: "Fictional " + username, Kind: policy.Human})
		return err
	})
	return a
}

// account makes an account with the password.
func (h *house) account(username string) auth.Account {
	h.t.Helper()
	a := h.invited(username)
	h.setPassword(a, password)
	return a
}

func (h *house) setPassword(a auth.Account, password string) {
	h.t.Helper()
	permit := h.permit()
	h.write(func(ctx context.Context, tx *store.Tx) error {
		return h.auth.SetPassword(ctx, tx, permit, a.ID, password)
	})
}

func (h *house) disable(a auth.Account) {
	h.t.Helper()
	h.exec(`UPDATE account SET disabled = true WHERE id = $1`, a.ID)
}

func (h *house) invite(a auth.Account) string {
	h.t.Helper()
	var token string
	permit := h.permit()
	h.write(func(ctx context.Context, tx *store.Tx) (err error) {
		token, err = h.auth.Invite(ctx, tx, permit, a.ID)
		return err
	})
	return token
}

// half signs somebody in as far as the password goes.
func (h *house) half(username string) string {
	h.t.Helper()
	token, err := h.auth.SignIn(h.t.Context(), username, password, here)
	h.must(err)
	return token
}

// signIn signs somebody in all the way, with a second factor that is not what
// the test is about.
func (h *house) signIn(username string) string {
	h.t.Helper()
	token := h.half(username)
	h.exec(`UPDATE session SET factor = 'totp', strong_at = created_at WHERE token_hash = $1`, auth.HashToken(token))
	return token
}

// session is the session of a token that must be alive.
func (h *house) session(token string) auth.Session {
	h.t.Helper()
	s, err := h.auth.Session(h.t.Context(), token)
	h.must(err)
	return s
}

// gone fails the test unless a token opens nothing.
func (h *house) gone(token string) {
	h.t.Helper()
	if _, err := h.auth.Session(h.t.Context(), token); !errors.Is(err, auth.ErrNoSession) {
		h.t.Errorf("the session lives: %v", err)
	}
}

// wants fails the test unless got is want.
func (h *house) wants(got, want error) {
	h.t.Helper()
	if !errors.Is(got, want) {
		h.t.Errorf("got %v, want %v", got, want)
	}
}

// leaves fails the test unless fn leaves these entries in the ledger, each as
// "action outcome actor subject reason".
func (h *house) leaves(fn func(), want ...string) {
	h.t.Helper()
	head, err := h.log.Head(h.t.Context())
	h.must(err)
	fn()
	entries, err := h.log.Since(h.t.Context(), head.Size, 1000)
	h.must(err)
	var got []string
	for _, e := range entries {
		subject := "-"
		if len(e.Subjects) > 0 {
			subject = e.Subjects[0].ID
		}
		got = append(got, fmt.Sprintf("%s %s %s %s %s", e.Action, e.Outcome, e.Actor, subject, e.Reason))
	}
	if d := cmp.Diff(want, got); d != "" {
		h.t.Errorf("the ledger differs (-want +got):\n%s", d)
	}
}

func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.Read(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, query, args...).Scan(&n)
	}))
	return n
}
