package house

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"
)

// root is the top of the checkout, as seen from this package's folder.
const root = "../.."

func project(t *testing.T) fs.FS {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil {
		t.Fatalf("the top of the checkout is not at %s: %v", root, err)
	}
	return os.DirFS(root)
}

// report makes every problem an error of the test.
func report(t *testing.T, problems []string, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// planted runs a check over every archive of a folder of testdata. The comment of an archive is
// what the check must say about its files, a line for each problem; an archive without one must
// pass. A line need only be the beginning of what is said.
func planted(t *testing.T, folder string, check func(tree fs.FS) ([]string, error)) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in testdata/%s: %v", folder, err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree := fstest.MapFS{}
			for _, f := range archive.Files {
				tree[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			got, err := check(tree)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(string(bytes.TrimSpace(archive.Comment)), "\n")
			if want[0] == "" {
				want = nil
			}
			for i := range max(len(got), len(want)) {
				switch {
				case i >= len(want):
					t.Errorf("unexpected: %s", got[i])
				case i >= len(got):
					t.Errorf("not caught: %s", want[i])
				case !strings.HasPrefix(got[i], want[i]):
					t.Errorf("said:   %s\nwanted: %s", got[i], want[i])
				}
			}
		})
	}
}
