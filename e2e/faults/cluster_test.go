package faults

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/internal/platform/store"
)

// cluster is a PostgreSQL of our own, to be stopped and started.
type cluster struct {
	bin, dir string
	port     int
	as       *syscall.Credential // PostgreSQL does not run as root
}

// newCluster makes one that answers commits before they are in its log: the
// program must not believe that.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{bin: postgresPrograms(t)}
	dir, err := os.MkdirTemp("", "waymark-cluster-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		c.as = nobody(t)
		if err := os.Chown(dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	c.dir = filepath.Join(dir, "data")
	if out, err := c.run("initdb", "-D", c.dir, "-U", "waymark", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	t.Cleanup(func() {
		if err := c.stop("immediate"); err != nil {
			t.Error(err)
		}
	})
	// Binding is the only honest test of a free port: a taken one costs a try.
	for range 10 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		c.port = l.Addr().(*net.TCPAddr).Port
		l.Close()
		if err = c.start(); err == nil {
			return c
		}
		t.Log(err)
	}
	t.Fatal("PostgreSQL does not start")
	return nil
}

// postgresPrograms is the folder with initdb.
func postgresPrograms(t *testing.T) string {
	t.Helper()
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(folders)
	folders = append([]string{"/usr/lib/postgresql/15/bin"}, folders...)
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	if found, err := exec.LookPath("initdb"); err == nil {
		folders = append(folders, filepath.Dir(found))
	}
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(folder, "initdb")); err == nil {
			return folder
		}
	}
	if strings.Contains(os.Getenv("WAYMARK_REQUIRE"), "postgres") {
		t.Fatal("missing: the programs of a PostgreSQL server")
	}
	t.Skip("left out: there are no programs of a PostgreSQL server")
	return ""
}

func nobody(t *testing.T) *syscall.Credential {
	t.Helper()
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			t.Fatal(err)
		}
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// run runs a program of PostgreSQL. Its output goes to a file: a server that it
// starts would hold a pipe open.
func (c *cluster) run(name string, args ...string) (string, error) {
	log, err := os.CreateTemp("", "waymark-cluster-log-")
	if err != nil {
		return "", err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = "/", log, log
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	if c.as != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	}
	err = cmd.Run()
	said, _ := os.ReadFile(log.Name())
	return string(said), err
}

func (c *cluster) start() error {
	out, err := c.run("pg_ctl", "-D", c.dir, "-w", "-t", "120", "-s", "-l", filepath.Join(filepath.Dir(c.dir), "log"), "-o",
		fmt.Sprintf("-c listen_addresses=127.0.0.1 -p %d -c unix_socket_directories='' -c max_connections=100 -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_writer_delay=10s -c timezone=UTC", c.port),
		"start")
	if err != nil {
		return fmt.Errorf("starting PostgreSQL: %w: %s", err, out)
	}
	return nil
}

// stop stops the server: fast tells it to end what it does, immediate is as if
// it crashed.
func (c *cluster) stop(how string) error {
	if _, err := os.Stat(filepath.Join(c.dir, "postmaster.pid")); errors.Is(err, os.ErrNotExist) {
		return nil // it never started, or is stopped
	}
	if out, err := c.run("pg_ctl", "-D", c.dir, "-w", "-t", "120", "-s", "-m", how, "stop"); err != nil {
		return fmt.Errorf("stopping PostgreSQL: %w: %s", err, out)
	}
	return nil
}

func (c *cluster) address(database string) string {
	return fmt.Sprintf("postgres://waymark@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

// TestADatabaseThatGoesAwayIsSaidAndComesBack stops, crashes and cuts off
// PostgreSQL while people work. The program is never started again.
func TestADatabaseThatGoesAwayIsSaidAndComesBack(t *testing.T) {
	l, said, problems := comesBack(t, program(t, ""), cycles(t, 3, 100))
	if len(problems) > 0 {
		t.Fatal(strings.Join(problems, "\n"))
	}
	if said == 0 {
		t.Error("nobody was told of a fault: this run says nothing")
	}
	t.Logf("%d writes sent, %d acknowledged, %d found; %d pages read; %d times a fault was said", l.total.sent, l.total.acked, l.total.found, l.total.reads, said)
}

// noticedInOutages holds the same to a build that must fail it.
func noticedInOutages(t *testing.T, broken string) {
	t.Helper()
	_, _, problems := comesBack(t, broken, cycles(t, 10, 20))
	if len(problems) == 0 {
		t.Fatal("a server that crashes does not show what is lost with it: this is no test of that")
	}
	t.Logf("it is noticed: %s", problems[0])
}

// comesBack takes the database away in rounds of three ways, and judges what is
// left.
func comesBack(t *testing.T, served string, rounds int) (l *loop, said int, problems []string) {
	t.Helper()
	c := newCluster(t)
	if err := execute(c.address("postgres"), "CREATE DATABASE faults"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s := &site{
		engine: store.PostgreSQL, data: filepath.Join(dir, "data"), home: filepath.Join(dir, "home"),
		url: c.address("faults"), program: served,
	}
	s.key = filepath.Join(s.home, "faults.key")
	if err := os.Mkdir(s.home, 0o700); err != nil {
		t.Fatal(err)
	}
	program(t, "") // verifies
	p := s.serve(t)
	known := learn(t, s, p)
	l = newLoop(t, s, known)
	w, err := newCrowd(t.Context(), p, "cluster", clients, l.random)
	if err != nil {
		t.Fatal(err)
	}
	for _, client := range w.clients {
		client.tolerant, client.forgiving = true, served != program(t, "")
	}
	w.start(t.Context())
	more := func(what string) {
		t.Helper()
		want := w.acks.Load() + 20 + l.random.Int64N(60)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		stuck := time.After(patience)
		for w.acks.Load() < want {
			select {
			case <-tick.C:
			case <-w.idle:
				t.Fatalf("%s: %v\n%s", what, w.end(), p.log.tail())
			case <-stuck:
				t.Fatalf("%s: nothing is acknowledged any more\n%s", what, p.log.tail())
			}
		}
	}
	more("before anything happens")
	for n := range rounds {
		for _, how := range []string{"fast", "immediate"} {
			if err := c.stop(how); err != nil {
				t.Fatal(err)
			}
			outage(t, w.clients[0])
			if err := c.start(); err != nil {
				t.Fatal(err)
			}
			more("after PostgreSQL was stopped, " + how)
		}
		if err := execute(c.address("postgres"), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'`); err != nil {
			t.Fatal(err)
		}
		more("after every connection was cut")
		if n%10 == 9 {
			t.Logf("%d rounds, %d acknowledged", n+1, w.acks.Load())
		}
	}
	w.killed.Store(true)
	p.kill()
	if err := w.end(); err != nil {
		t.Fatal(err)
	}
	for _, client := range w.clients {
		said += client.faults
	}
	l.last, l.all = w, w.clients
	return l, said, l.finish(t)
}

// outage looks at the pages while there is no database.
func outage(t *testing.T, like *client) {
	t.Helper()
	c := newClient("outage", like.address, like.random, like.acks)
	c.cookie = like.cookie
	const words = "Would like a call in the morning"
	for _, ask := range []struct {
		method, path string
		form         map[string][]string
	}{
		{http.MethodGet, "/cases", nil},
		{http.MethodGet, "/cases/00000000-0000-7000-8000-000000000000", nil},
		{http.MethodPost, "/cases/00000000-0000-7000-8000-000000000000/notes/new", map[string][]string{"text": {words}}},
	} {
		a, err := c.ask(t.Context(), ask.method, ask.path, ask.form)
		switch {
		case err != nil:
			t.Errorf("%s %s without a database: %v", ask.method, ask.path, err)
		case !saysFault(a):
			t.Errorf("%s %s without a database answers %d to %q: %s", ask.method, ask.path, a.status, a.location, brief(a.body))
		case ask.form != nil && !strings.Contains(a.body, words):
			t.Error("what was typed is not on the page")
		}
	}
	c.http.CloseIdleConnections()
}
