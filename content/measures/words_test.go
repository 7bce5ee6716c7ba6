package measurescontent_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	measurescontent "waymark/content/measures"
)

// runLength is how many words in a row make a borrowed sentence.
const runLength = 9

func runs(text string) map[string]bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := map[string]bool{}
	for i := 0; i+runLength <= len(words); i++ {
		out[strings.Join(words[i:i+runLength], " ")] = true
	}
	return out
}

func TestTheWordsAreOurOwn(t *testing.T) {
	folder := os.Getenv("WAYMARK_OFFICIAL_DOCS")
	if folder == "" {
		t.Skip("WAYMARK_OFFICIAL_DOCS is not set, so the wording was not compared with the published documents")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s (%v)", folder, err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	ours := map[string]map[string]bool{
		"facts.json": runs(string(measurescontent.Facts)), "qs116.json": runs(string(measurescontent.QS116)), "README.md": runs(string(readme)),
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for run := range runs(string(data)) {
			for where, own := range ours {
				if own[run] {
					t.Errorf("%s has words of the documents: %q", where, run)
				}
			}
		}
	}
}
