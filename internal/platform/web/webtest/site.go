package webtest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
)

// Operator makes the accounts of a site's people.
var Operator = policy.Actor{Account: "operator:webtest", Kind: policy.Operator, Name: "Operator"}

// Home is where signed-in people of a site begin.
const Home = "/home"

// Options say what a site is made of.
type Options struct {
	// Sources are rules beside those of auth.
	Sources []policy.Source
	// Routes are tables that need nothing of the site.
	Routes [][]web.Route
	// Pages makes the tables that need its database, guard or accounts.
	Pages func(t testing.TB, s *Site) [][]web.Route
	// DB and Clock are given together; without them the site makes itself an
	// SQLite database.
	DB    *store.DB
	Clock *storetest.Clock
	// Guard and Auth are those of a deployment that a test has already. Then
	// its people sign in with [Site.SignedIn].
	Guard *audit.Guard
	Auth  *auth.Service
	// Frame changes the configuration of the frame.
	Frame func(*web.Config)
}

// Site is a deployment with the routes under test.
type Site struct {
	DB    *store.DB
	Clock *storetest.Clock
	Guard *audit.Guard
	Auth  *auth.Service
	Frame *web.Frame

	work *work // nil when Auth was given
	log  *lines
	made atomic.Int64
}

// New makes a site.
func New(t testing.TB, o Options) *Site {
	t.Helper()
	s := &Site{DB: o.DB, Clock: o.Clock, Guard: o.Guard, Auth: o.Auth, log: new(lines)}
	if s.DB == nil {
		s.Clock = storetest.NewClock()
		s.DB = storetest.Open(t, store.SQLite, s.Clock.Now)
	}
	if s.Guard == nil {
		rules, err := policy.New(append([]policy.Source{auth.Rules()}, o.Sources...)...)
		if err != nil {
			t.Fatal(err)
		}
		s.Guard = audit.NewGuard(audit.New(s.DB), rules)
	}
	if s.Auth == nil {
		s.work = &work{of: map[string]auth.Work{}}
		s.Auth = auth.New(s.DB, s.Guard.Log, s.work)
	}
	tables := o.Routes
	if o.Pages != nil {
		tables = append(tables[:len(tables):len(tables)], o.Pages(t, s)...)
	}
	cfg := web.Config{
		Guard: s.Guard, Auth: s.Auth, ProductName: "Local Services", Home: Home,
		Log: slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if o.Frame != nil {
		o.Frame(&cfg)
	}
	var err error
	if s.Frame, err = web.New(cfg, tables...); err != nil {
		t.Fatal(err)
	}
	return s
}

// Each runs fn as a subtest on each engine, with a site of its own.
func Each(t *testing.T, o Options, fn func(t *testing.T, s *Site)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		o := o
		o.DB, o.Clock = db, clock
		fn(t, New(t, o))
	})
}

// Person is somebody at work. Every field may be left empty.
type Person struct {
	Username string
	Name     string
	Kind     policy.Kind // a human being when empty
	Agency   string
	Teams    []string
	Roles    []policy.Role
	Level    int
}

// Anyone is a browser in which nobody is signed in.
func (s *Site) Anyone(t testing.TB) *Browser {
	t.Helper()
	return NewBrowser(t, s.Frame)
}

// As makes an account for a person at work and signs it in.
func (s *Site) As(t testing.TB, p Person) *Browser {
	t.Helper()
	return s.SignedIn(t, s.Account(t, p))
}

// Account makes an account for a person at work and returns its id.
func (s *Site) Account(t testing.TB, p Person) string {
	t.Helper()
	if s.work == nil {
		t.Fatal("the site knows people through the registers it was given: add them there and use SignedIn")
	}
	n := strconv.FormatInt(s.made.Add(1), 10)
	if p.Username == "" {
		p.Username = "person-" + n
	}
	if p.Name == "" {
		p.Name = "Fictional Person " + n
	}
	if p.Kind == "" {
		p.Kind = policy.Human
	}
	permit, err := s.Guard.Allow(t.Context(), Operator, auth.ActCreate, "")
	if err != nil {
		t.Fatal(err)
	}
	var account auth.Account
	err = s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		account, err = s.Auth.Create(ctx, tx, permit, auth.NewAccount{Username: p.Username, Name: p.Name, Kind: p.Kind})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.SetWork(account.ID, auth.Work{Agency: p.Agency, Teams: p.Teams, Roles: p.Roles, Level: p.Level})
	return account.ID
}

// SetWork changes what somebody does at work, from their next request on.
func (s *Site) SetWork(account string, w auth.Work) {
	s.work.mu.Lock()
	defer s.work.mu.Unlock()
	s.work.of[account] = w
}

// SetPassword gives an account a password to sign in with.
func (s *Site) SetPassword(t testing.TB, account, password string) {
	t.Helper()
	permit, err := s.Guard.Allow(t.Context(), Operator, auth.ActCreate, "")
	if err != nil {
		t.Fatal(err)
	}
	err = s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return s.Auth.SetPassword(ctx, tx, permit, account, password)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// SignedIn is a browser in which an account is signed in.
func (s *Site) SignedIn(t testing.TB, account string) *Browser {
	t.Helper()
	return SignedIn(t, s.Frame, s.Auth, s.Guard.Log, account)
}

// Mark is how many entries the ledger has, to look from there on.
func (s *Site) Mark(t testing.TB) int64 {
	t.Helper()
	head, err := s.Guard.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head.Size
}

// Since returns the entries of the ledger from a mark on.
func (s *Site) Since(t testing.TB, mark int64) []audit.Entry {
	t.Helper()
	list, err := s.Guard.Since(t.Context(), mark, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Ledger returns the entries that fn leaves in the ledger.
func (s *Site) Ledger(t testing.TB, fn func()) []audit.Entry {
	t.Helper()
	mark := s.Mark(t)
	fn()
	return s.Since(t, mark)
}

// Acts are entries in one line each: "action outcome kind:id kind:id".
func Acts(entries []audit.Entry) []string {
	var out []string
	for _, e := range entries {
		line := fmt.Sprintf("%s %s", e.Action, e.Outcome)
		for _, subject := range e.Subjects {
			line += " " + subject.Kind + ":" + subject.ID
		}
		out = append(out, line)
	}
	return out
}

// Logged is everything the frame has logged so far.
func (s *Site) Logged() string { return s.log.String() }

// work is what the people of a site do.
type work struct {
	mu sync.Mutex
	of map[string]auth.Work
}

func (w *work) AtWork(_ context.Context, _ *store.Tx, account string) (auth.Work, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of[account], nil
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
