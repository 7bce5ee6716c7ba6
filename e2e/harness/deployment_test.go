package harness

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// standIn is a program that behaves on the command line as the real one does, so that the harness is
// tested without it.
const standIn = `#!/bin/sh
# $1 $2: --data DIR, before the command's name or after it
case "$*" in
*serve*) trap 'echo stopping; exit 0' TERM
         echo "Set-up link: http://127.0.0.1:4321/set-up/abc123"
         echo "args: $*"
         while :; do sleep 0.05; done ;;
*broken*) echo "something is wrong" >&2; exit 4 ;;
*ask*) read -r line; echo "heard $line" ;;
*) echo "data $2 home $HOME db $DATABASE_URL secret $WAYMARK_SECRET" ;;
esac
`

func useStandIn(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "waymark")
	if err := os.WriteFile(file, []byte(standIn), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("WAYMARK_BIN", file)
}

func TestCommandsRunInADeploymentOfTheirOwn(t *testing.T) {
	useStandIn(t)
	t.Setenv("WAYMARK_SECRET", "of the developer")
	d := Deploy(t, SQLite)
	got := d.Run("version")
	if want := "data " + d.Data + " home " + d.Home + " db  secret \n"; got != want {
		t.Errorf("it printed %q, wanted %q", got, want)
	}
	if r := d.Try("broken"); r.Code != 4 || r.Stderr != "something is wrong\n" || r.Stdout != "" {
		t.Errorf("a command that fails: %+v", r)
	}
	if r := d.TryWith("hello\n", "ask"); r.Stdout != "heard hello\n" {
		t.Errorf("a command that asks: %+v", r)
	}
	if said := failure(t, func(tb testing.TB) {
		failing := *d
		failing.t = tb
		failing.Run("broken")
	}); !strings.Contains(said, "exit code 4") || !strings.Contains(said, "something is wrong") {
		t.Errorf("a failure says %q", said)
	}
}

func TestAServerIsFoundAndStopped(t *testing.T) {
	useStandIn(t)
	d := Deploy(t, SQLite)
	s := d.Serve("--demo")
	if s.URL != "http://127.0.0.1:4321" {
		t.Errorf("its address is %s", s.URL)
	}
	if got := s.Find(`set-up/(\w+)`); got != "abc123" {
		t.Errorf("the set-up link has %q", got)
	}
	if got := s.Find(`args: (.*)`); got != "serve --data "+d.Data+" --addr 127.0.0.1:0 --demo" {
		t.Errorf("it was started with %s", got)
	}
	s.Stop()
	if !strings.HasSuffix(s.Output(), "stopping\n") {
		t.Errorf("it was not asked to stop: %s", s.Output())
	}

	killed := d.Serve()
	killed.Kill()
	if strings.Contains(killed.Output(), "stopping") {
		t.Error("it was asked, and not killed")
	}
}

func TestADeploymentOnPostgreSQLHasAnEmptyDatabase(t *testing.T) {
	useStandIn(t)
	printed := Deploy(t, PostgreSQL).Run("version")
	_, address, found := strings.Cut(strings.TrimSpace(printed), " db ")
	if !found {
		t.Fatalf("it printed %q", printed)
	}
	address, _, _ = strings.Cut(address, " ")
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tables int
	err = db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables)
	if err != nil || tables != 0 {
		t.Errorf("%d tables in %s: %v", tables, address, err)
	}
}
