package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for the databases of the tests

	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// patience is how long anything may take before a test is given up.
const patience = 3 * time.Minute

// scratch is a folder for the programs and what sites are copied from.
var scratch string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "waymark-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() {
		for _, undo := range undone {
			undo()
		}
		os.RemoveAll(dir)
	}()
	scratch = dir
	return m.Run()
}

// undone is what is taken away after all tests.
var undone []func()

// soak tells whether the long runs are wanted.
func soak() bool { return os.Getenv("WAYMARK_SOAK") != "" }

// cycles is how often something is done in CI and in the long runs.
func cycles(t *testing.T, ci, long int) int {
	t.Helper()
	if text := os.Getenv("WAYMARK_FAULT_CYCLES"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("WAYMARK_FAULT_CYCLES: %v", err)
		}
		return n
	}
	if soak() {
		return long
	}
	return ci
}

// chance is the randomness of a test; its seed is printed.
func chance(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("WAYMARK_FAULT_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("WAYMARK_FAULT_SEED: %v", err)
		}
	}
	t.Logf("WAYMARK_FAULT_SEED=%d", seed)
	name := fnv.New64()
	name.Write([]byte(t.Name()))
	return rand.New(rand.NewPCG(seed, name.Sum64()))
}

// builds are the programs made so far, by what is wrong with them; "" is the
// ordinary one.
var builds = struct {
	sync.Mutex
	files map[string]string
}{files: map[string]string{}}

// program is the file of the program with a fault, or without.
func program(t *testing.T, wrong string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if file, ok := builds.files[wrong]; ok {
		return file
	}
	file := filepath.Join(scratch, "waymark"+wrong)
	args := []string{"build", "-buildvcs=false", "-o", file}
	if wrong != "" {
		args = append(args, "-tags", "broken", "-ldflags", "-X waymark/internal/platform/store.wrong="+wrong+" -X main.version=broken-"+wrong)
	}
	cmd := exec.Command("go", append(args, "waymark/cmd/waymark")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	builds.files[wrong] = file
	return file
}

// site is a deployment.
type site struct {
	engine  store.Engine
	data    string // the folder with the data of SQLite
	home    string // where keys lie
	key     string // the key's file
	url     string // the database of PostgreSQL
	program string // that serves it
}

// blank is a place where nothing is set up yet.
func blank(t *testing.T, engine store.Engine) *site {
	t.Helper()
	dir := t.TempDir()
	s := &site{engine: engine, data: filepath.Join(dir, "data"), home: filepath.Join(dir, "home"), program: program(t, "")}
	s.key = filepath.Join(s.home, "faults.key")
	if err := os.Mkdir(s.home, 0o700); err != nil {
		t.Fatal(err)
	}
	if engine == store.PostgreSQL {
		name := databaseName()
		s.url = withDatabase(t, name)
		admin(t, "CREATE DATABASE "+name)
		t.Cleanup(func() { dropDatabase(name) })
	}
	return s
}

// seeds are the sites that others are copied from: the demo's county is made
// once an engine.
var seeds = map[store.Engine]*seeded{}

type seeded struct {
	dir, database string
	shapes        shapes
}

// county is a site with the demo's county in it.
func county(t *testing.T, engine store.Engine) (*site, shapes) {
	t.Helper()
	from := seeds[engine]
	if from == nil {
		from = seed(t, engine)
		seeds[engine] = from
	}
	dir := t.TempDir()
	s := &site{engine: engine, data: filepath.Join(dir, "data"), home: filepath.Join(dir, "home"), program: program(t, "")}
	s.key = filepath.Join(s.home, "faults.key")
	if err := os.CopyFS(s.home, os.DirFS(filepath.Join(from.dir, "home"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(s.key, 0o600); err != nil {
		t.Fatal(err)
	}
	if engine == store.SQLite {
		if err := os.CopyFS(s.data, os.DirFS(filepath.Join(from.dir, "data"))); err != nil {
			t.Fatal(err)
		}
		return s, from.shapes
	}
	name := databaseName()
	s.url = withDatabase(t, name)
	admin(t, "CREATE DATABASE "+name+" TEMPLATE "+from.database)
	t.Cleanup(func() { dropDatabase(name) })
	return s, from.shapes
}

// seed makes a county and takes the shapes of the acts in it.
func seed(t *testing.T, engine store.Engine) *seeded {
	t.Helper()
	dir := filepath.Join(scratch, "seed-"+string(engine))
	s := &site{engine: engine, data: filepath.Join(dir, "data"), home: filepath.Join(dir, "home"), program: program(t, "")}
	s.key = filepath.Join(s.home, "faults.key")
	if err := os.MkdirAll(s.home, 0o700); err != nil {
		t.Fatal(err)
	}
	out := &seeded{dir: dir}
	if engine == store.PostgreSQL {
		out.database = databaseName()
		s.url = withDatabase(t, out.database)
		admin(t, "CREATE DATABASE "+out.database)
		undone = append(undone, func() { dropDatabase(out.database) })
	}
	p := s.serve(t)
	out.shapes = learn(t, s, p)
	p.stop(t)
	return out
}

var databases atomic.Int64

func databaseName() string { return fmt.Sprintf("faults_%d_%d", os.Getpid(), databases.Add(1)) }

func server() string { return os.Getenv("WAYMARK_TEST_POSTGRES") }

func withDatabase(t *testing.T, name string) string {
	t.Helper()
	u, err := url.Parse(server())
	if err != nil {
		t.Fatalf("WAYMARK_TEST_POSTGRES: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}

func admin(t *testing.T, statement string) {
	t.Helper()
	if err := execute(server(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func dropDatabase(name string) {
	if err := execute(server(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func execute(address, statement string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

// eachEngine runs a test on both engines.
func eachEngine(t *testing.T, fn func(t *testing.T, engine store.Engine)) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) { fn(t, engine) })
	}
}

// command is the program with a command for the site.
func (s *site) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.program, append([]string{"--data", s.data, "--key", s.key}, args...)...)
	cmd.Env = []string{"HOME=" + s.home, "XDG_CONFIG_HOME=" + filepath.Join(s.home, ".config"), "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}
	if s.engine == store.PostgreSQL {
		cmd.Env = append(cmd.Env, "DATABASE_URL="+s.url)
	}
	return cmd
}

// do runs a command of the ordinary program.
func (s *site) do(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	sound := *s
	sound.program = builds.files[""]
	out, err := sound.command(ctx, args...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("waymark %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return string(out), err
}

// open opens the database beside the program.
func (s *site) open(t *testing.T) *store.DB {
	t.Helper()
	key, err := store.ReadKey(s.key)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Config{Dir: s.data, URL: s.url, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// file is the file of an SQLite database.
func (s *site) file() string { return filepath.Join(s.data, store.FileName) }

// identity is what tells a site from another one at the same place.
func (s *site) identity(t *testing.T) identity {
	t.Helper()
	if s.engine == store.PostgreSQL {
		return identity{}
	}
	info, err := os.Stat(s.file())
	if err != nil {
		t.Fatalf("the data was taken away by something else than the program (%v): this run says nothing", err)
	}
	return identity{info}
}

type identity struct{ os.FileInfo }

// mustBe ends the test when the site is another one: then it says nothing of
// what the program loses.
func (i identity) mustBe(t *testing.T, now identity) {
	t.Helper()
	if i.FileInfo != nil && !os.SameFile(i.FileInfo, now.FileInfo) {
		t.Fatalf("%s is not the file that was written to: something else than the program took it away, and this run says nothing", i.Name())
	}
}

var errNoAddress = errors.New("the program ended before it served")
