package official

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateOutline = flag.Bool("update-outline", false, "write the outline of the invented documents anew; read it before committing")

// The invented documents have every fault of the official ones. Their outline was read against
// them line by line when it was written down.
func TestInventedDocumentsGiveTheirOutline(t *testing.T) {
	got := outline(mustParse(t, fixtures(t)...))
	golden := filepath.Join("testdata", "outline.txt")
	if *updateOutline {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("outline differs (-want +got):\n%s", diff)
	}
}

func TestOrderOfFilesDoesNotMatter(t *testing.T) {
	f := fixtures(t)
	if diff := cmp.Diff(outline(mustParse(t, f[0], f[1])), outline(mustParse(t, f[1], f[0]))); diff != "" {
		t.Errorf("the order of the files changes the version:\n%s", diff)
	}
}

func TestEveryLineOfTheInventedDocumentsIsAccountedFor(t *testing.T) {
	f := fixtures(t)
	v := mustParse(t, f...)
	for _, file := range f {
		if lost := uncovered(t, v, file); len(lost) > 0 {
			t.Errorf("%s: lines %v are lost without a word", file.Name, lost)
		}
	}
	for at, s := range texts(v) {
		if noise.MatchString(s) {
			t.Errorf("link noise is left at %s", at)
		}
	}
}

func TestAttachingLaterIsTheSameAsParsingTogether(t *testing.T) {
	f := fixtures(t)
	together := mustParse(t, f...)
	alone := mustParse(t, f[0])
	if alone.HasRecommendations() || !hasWarning(alone, WarnUnlinked, "not imported") {
		t.Error("a pathway alone should say that it lacks the list of who should act")
	}
	p, err := ParseFiles(f[1])
	if err != nil {
		t.Fatal(err)
	}
	if p.Pathway != nil || p.Recommendations == nil {
		t.Fatalf("a list alone gave %+v", p)
	}
	before := outline(alone)
	later := Attach(alone, p.Recommendations)
	if diff := cmp.Diff(together, later); diff != "" {
		t.Errorf("attached later differs (-together +later):\n%s", diff)
	}
	if diff := cmp.Diff(together, Attach(later, p.Recommendations)); diff != "" {
		t.Errorf("attaching the same list again changes the version:\n%s", diff)
	}
	if diff := cmp.Diff(before, outline(alone)); diff != "" {
		t.Errorf("Attach changed its argument:\n%s", diff)
	}
}
