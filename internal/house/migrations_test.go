package house

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestMigrationsAreNumberedAndOnlyAdded(t *testing.T) {
	problems, err := Migrations(project(t))
	report(t, problems, err)
}

// steps is a folder of migrations of which the first two have landed.
func steps(t *testing.T) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{
		"migrations/0001_store.sql": {Data: []byte("CREATE TABLE a (id text)")},
		"migrations/0002_audit.sql": {Data: []byte("CREATE TABLE b (id text)")},
	}
	land(t, tree)
	return tree
}

func land(t *testing.T, tree fstest.MapFS) {
	t.Helper()
	sums, err := LandMigrations(tree, func(string) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	tree[MigrationSums] = &fstest.MapFile{Data: []byte(sums)}
}

func TestMigrationsCatchesPlantedFaults(t *testing.T) {
	put := func(file, text string) func(fstest.MapFS) {
		return func(tree fstest.MapFS) { tree["migrations/"+file] = &fstest.MapFile{Data: []byte(text)} }
	}
	for name, c := range map[string]struct {
		plant func(fstest.MapFS)
		want  []string
	}{
		"nothing":           {func(fstest.MapFS) {}, nil},
		"a landed step":     {put("0001_store.sql", "CREATE TABLE a (id bigint)"), []string{"migrations/0001_store.sql has changed since it landed"}},
		"a step gone":       {func(tree fstest.MapFS) { delete(tree, "migrations/0002_audit.sql") }, []string{"migrations/0002_audit.sql has changed since it landed, or is gone"}},
		"a step not listed": {put("0003_auth.sql", "x"), []string{"migrations/0003_auth.sql is not in migrations/hashes.sum: run make generate"}},
		"a number twice":    {put("0002_auth.sql", "x"), []string{"migrations/0002_auth.sql has the number of migrations/0002_audit.sql", "migrations/0002_auth.sql is not in"}},
		"a gap":             {put("0010_auth.sql", "x"), []string{"migrations/0010_auth.sql is not in"}},
		"a name":            {put("3_auth.sql", "x"), []string{"migrations/3_auth.sql is not named NNNN_capability.sql", "migrations/3_auth.sql is not in"}},
		"a broken list":     {put("hashes.sum", "what\n"), []string{`migrations/hashes.sum:1: "what" is not a fingerprint`, "migrations/0001_store.sql is not in", "migrations/0002_audit.sql is not in"}},
	} {
		t.Run(name, func(t *testing.T) {
			tree := steps(t)
			c.plant(tree)
			got, err := Migrations(tree)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(c.want) {
				t.Fatalf("said %q, wanted %q", got, c.want)
			}
			for i := range got {
				if !strings.HasPrefix(got[i], c.want[i]) {
					t.Errorf("said %q, wanted %q", got[i], c.want[i])
				}
			}
		})
	}
}

func TestAMigrationThatLandsBehindALaterOneIsCaught(t *testing.T) {
	tree := steps(t)
	tree["migrations/0004_auth.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE c (id text)")}
	land(t, tree)
	tree["migrations/0003_late.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE d (id text)")}
	land(t, tree)
	problems, err := Migrations(tree)
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0], "landed behind a later one") {
		t.Errorf("said %q (%v)", problems, err)
	}
	// While none of them has left the checkout, their order is their numbers'.
	sums, err := LandMigrations(tree, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	tree[MigrationSums] = &fstest.MapFile{Data: []byte(sums)}
	if problems, err := Migrations(tree); err != nil || len(problems) > 0 {
		t.Errorf("said %q (%v)", problems, err)
	}
}

func TestANewMigrationIsAddedAtTheEnd(t *testing.T) {
	tree := steps(t)
	before := string(tree[MigrationSums].Data)
	tree["migrations/0003_auth.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE c (id text)")}
	land(t, tree)
	after := string(tree[MigrationSums].Data)
	if added, kept := strings.CutPrefix(after, before); !kept || !strings.HasSuffix(added, "  0003_auth.sql\n") || strings.Count(added, "\n") != 1 {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if problems, err := Migrations(tree); err != nil || len(problems) > 0 {
		t.Errorf("after landing: %v %v", problems, err)
	}
}

func TestAChangedMigrationLandsOnlyWhileItHasNotLeftTheCheckout(t *testing.T) {
	tree := steps(t)
	tree["migrations/0002_audit.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE b (id bigint)")}
	if _, err := LandMigrations(tree, func(string) bool { return false }); err == nil {
		t.Error("a landed migration was changed and nothing said so")
	}
	sums, err := LandMigrations(tree, func(file string) bool { return file == "migrations/0002_audit.sql" })
	if err != nil {
		t.Fatal(err)
	}
	tree[MigrationSums] = &fstest.MapFile{Data: []byte(sums)}
	if problems, err := Migrations(tree); err != nil || len(problems) > 0 {
		t.Errorf("after landing: %v %v", problems, err)
	}
}
