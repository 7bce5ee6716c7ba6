package guideline

import (
	"os"
	"path/filepath"
	"testing"

	"waymark/internal/registers/guideline/official"
)

// fixtures are the invented documents of the official form.
func fixtures(t testing.TB) []official.File {
	t.Helper()
	var out []official.File
	for _, name := range []string{"pathway.txt", "recommendations.txt"} {
		data, err := os.ReadFile(filepath.Join("official", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, official.File{Name: name, Data: data})
	}
	return out
}

func mustParse(t testing.TB, files ...official.File) *official.Version {
	t.Helper()
	v, err := official.Parse(files...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
