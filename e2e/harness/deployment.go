package harness

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the tests' own PostgreSQL
)

// Engine is what a deployment keeps its data in.
type Engine string

// The two engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// Deployment is a folder for data, a home for the key, and on PostgreSQL a database of its own. All of
// it goes when the test ends.
type Deployment struct {
	Data string   // the folder for data
	Home string   // the per-user folders, the key's among them
	Env  []string // what commands are run with, besides what every program needs

	t       testing.TB
	program string
	wait    time.Duration // how long its servers may take to say something, if longer than patience
}

// Result is how a command ended.
type Result struct {
	Stdout, Stderr string
	Code           int
}

// Deploy makes an empty deployment. The program is built once a test run, or taken from WAYMARK_BIN.
func Deploy(t testing.TB, engine Engine) *Deployment {
	t.Helper()
	mustBePrepared(t)
	dir := t.TempDir()
	d := &Deployment{t: t, Data: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), program: program(t)}
	if err := os.MkdirAll(d.Home, 0o700); err != nil {
		t.Fatal(err)
	}
	d.Env = []string{
		"HOME=" + d.Home, "XDG_CONFIG_HOME=" + filepath.Join(d.Home, ".config"),
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "LANG=C.UTF-8",
	}
	if engine == PostgreSQL {
		d.Env = append(d.Env, "DATABASE_URL="+database(t))
	}
	return d
}

// Demo makes a deployment with the county of the demo in it, as the first start of "serve --demo"
// leaves it.
func Demo(t testing.TB) *Deployment {
	t.Helper()
	return Like(t, "county", func(d *Deployment) {
		d.wait = 5 * patience // a year of work is made first
		d.Serve("--demo").Stop()
	})
}

// likes are the deployments that were made to be copied, by name.
var likes struct {
	sync.Mutex
	whole map[string]bool
}

// Like makes a deployment on SQLite that is a copy of one that fill has filled. That one is made once
// a test run, by the first test that asks for its name.
func Like(t testing.TB, name string, fill func(d *Deployment)) *Deployment {
	t.Helper()
	d := Deploy(t, SQLite)
	dir := filepath.Join(shared.dir, name)
	if !d.made(name, dir, fill) {
		t.Fatalf("what is called %s was not made: see the test that began it", name)
	}
	for _, part := range []string{"data", "home"} { // with its permissions: a key that others may read is refused
		if out, err := exec.Command("cp", "-a", filepath.Join(dir, part), filepath.Dir(d.Data)).CombinedOutput(); err != nil {
			t.Fatalf("copying what is called %s: %v\n%s", name, err, out)
		}
	}
	return d
}

// made makes what is copied unless it was tried before, and tells whether it is whole.
func (d *Deployment) made(name, dir string, fill func(d *Deployment)) bool {
	d.t.Helper()
	likes.Lock()
	defer likes.Unlock()
	if _, tried := likes.whole[name]; tried {
		return likes.whole[name]
	}
	if likes.whole == nil {
		likes.whole = map[string]bool{}
	}
	likes.whole[name] = false // also if fill ends the test
	first := &Deployment{t: d.t, Data: filepath.Join(dir, "data"), Home: filepath.Join(dir, "home"), program: d.program}
	if err := os.MkdirAll(first.Home, 0o700); err != nil {
		d.t.Fatal(err)
	}
	for _, e := range d.Env {
		first.Env = append(first.Env, strings.ReplaceAll(e, d.Home, first.Home))
	}
	fill(first)
	likes.whole[name] = !d.t.Failed()
	return likes.whole[name]
}

// Program is the file of the program, for a script that is to call it by name.
func (d *Deployment) Program() string { return d.program }

// Run runs a command in the deployment, fails the test unless it succeeds, and returns what it printed.
func (d *Deployment) Run(args ...string) string {
	d.t.Helper()
	r := d.Try(args...)
	if r.Code != 0 {
		d.t.Fatalf("waymark %s: exit code %d\n%s%s", strings.Join(args, " "), r.Code, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// Try runs a command in the deployment and returns how it ended.
func (d *Deployment) Try(args ...string) Result {
	d.t.Helper()
	return d.TryWith("", args...)
}

// TryWith is Try with something on the standard input.
func (d *Deployment) TryWith(stdin string, args ...string) Result {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, d.program, append([]string{"--data", d.Data}, args...)...)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = d.Env, strings.NewReader(stdin), &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.t.Fatalf("waymark %s: %v", strings.Join(args, " "), err)
	}
	return Result{Stdout: stdout.String(), Stderr: stderr.String(), Code: cmd.ProcessState.ExitCode()}
}

var built struct {
	once sync.Once
	file string
	err  error
}

// program is the file of the program under test.
func program(t testing.TB) string {
	t.Helper()
	if file := os.Getenv("WAYMARK_BIN"); file != "" {
		return file
	}
	built.once.Do(func() {
		built.file = filepath.Join(shared.dir, "waymark")
		top, err := checkout()
		if err != nil {
			built.err = err
			return
		}
		cmd := exec.Command("go", "build", "-o", built.file, "./cmd/waymark")
		cmd.Dir = top
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatalf("building the program: %v", built.err)
	}
	return built.file
}

// checkout is the folder with the module's go.mod, above the package under test.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && bytes.HasPrefix(text, []byte("module waymark\n")) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("the module's go.mod is not above the tests")
		}
		dir = filepath.Dir(dir)
	}
}

var databases atomic.Int64

// database makes an empty database on the tests' PostgreSQL and returns its address.
func database(t testing.TB) string {
	t.Helper()
	server := os.Getenv("WAYMARK_TEST_POSTGRES")
	if server == "" {
		require(t, "postgres", "run make e2e, or set WAYMARK_TEST_POSTGRES to the address of a server's maintenance database")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("WAYMARK_TEST_POSTGRES: %v", err)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("e2e_%d_%d", os.Getpid(), databases.Add(1))
	if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if _, err := admin.ExecContext(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("PostgreSQL: %v", err)
		}
		admin.Close()
	})
	address.Path = "/" + name
	return address.String()
}
