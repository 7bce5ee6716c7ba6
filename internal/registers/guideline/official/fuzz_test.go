package official

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// checkParsed holds for any input: it is refused with its line and reason, or everything in it
// is accounted for, clean, and read back as it was written.
func checkParsed(t rapid.TB, f File, parsed any, err error) {
	t.Helper()
	if err != nil {
		var r *Refused
		if !errors.As(err, &r) || r.Line < 1 || r.Reason == "" {
			t.Fatalf("refused with %#v", err)
		}
		return
	}
	if lost := uncovered(t, parsed, f); len(lost) > 0 {
		t.Fatalf("lines %v are lost without a word", lost)
	}
	v, ok := parsed.(*Version)
	if !ok {
		return
	}
	for at, s := range texts(v) {
		if strings.Contains(s, pageMark) || strings.Contains(s, "**") {
			t.Fatalf("noise is left at %s", at)
		}
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var back Version
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, &back); diff != "" {
		t.Fatalf("not read back as written:\n%s", diff)
	}
	if c := Diff(v, &back); !c.Empty() {
		t.Fatalf("differs from itself: %s", c)
	}
	last := 0
	for _, b := range v.Boxes {
		if b.Number <= last {
			t.Fatalf("box %d follows box %d", b.Number, last)
		}
		last = b.Number
		for _, l := range b.Links {
			if v.Box(l.Box) == nil || l.Section != "" && v.Box(l.Box).section(l.Section) == nil {
				t.Fatalf("box %d links to box %d %q, which is not there", b.Number, l.Box, l.Section)
			}
		}
		for _, n := range b.Statements {
			if v.Statement(n) == nil {
				t.Fatalf("box %d names statement %d, which is not there", b.Number, n)
			}
		}
	}
}

// officialFile finds one of the official documents, if they are there.
func officialFile(t rapid.TB, name string) (File, bool) {
	t.Helper()
	dir := os.Getenv("WAYMARK_OFFICIAL_DOCS")
	if dir == "" {
		return File{}, false
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return File{Name: name, Data: data}, true
}

var oddPathways = []string{
	"", "\n", "1 A\n", "T\n\nLast updated: 1 May 2020\n", "Last updated: 1 May 2020\n1 A\n",
	"T\n\nLast updated: 1 May 2020\n\n1 Quality standards\n",
	"T\n\nLast updated: 1 May 2020\n\n1 Glossary\n\nGlossary\n\nGlossary\n\n- a\n\nSources\n\nYour responsibility\n\nX\n",
	"T\n\nLast updated: 1 May 2020\n\n1 A\n\n- \n- - x\n\n    - y\n - - - z\n\n* *q* \n\n3. Z\n\nQuality standards\n\n3. Z\n3 Z\n- Z\n- Q\n9. Y]]\n",
	"T\n\nLast updated: 1 May 2020\n\n1 A\n\nSee also a [See page 1]. See see (see ((a) see.\n\n2 [](#)\n\n4 B\n\nFor guidance see a\n",
	"T\n\nLast updated: 1 May 2020\n\n1 A\n\nX should:\n\nY should:\n\n- z:\n\n  - q\n",
	"Last updated: 1 May 2020\n\n]]\n\n1 [[A\n\n...\n\n\f2 B\r\n\r\n",
}

func FuzzParsePathway(f *testing.F) {
	f.Add(fixture(f, "pathway.txt").Data)
	for _, s := range oddPathways {
		f.Add([]byte(s))
	}
	if official, ok := officialFile(f, officialPathway); ok {
		f.Add(official.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := File{"fuzz.txt", data}
		p, err := ParseFiles(file)
		if err == nil && p.Pathway == nil {
			return // the other fuzz target's
		}
		checkParsed(t, file, p.Pathway, err)
	})
}

func FuzzParseRecommendations(f *testing.F) {
	f.Add(fixture(f, "recommendations.txt").Data)
	for _, s := range []string{
		"Recommendation 1\nA\n", "Recommendation 1\n", "Recommendation 7\nA; B (c; d). The latter includes: e; f\n",
		"Who should take action | Recommendation |\n|\n|||\n1\n1 |\nA\nA | 1, 1–99999 |\nRecommendation 1\n;\n",
		"Who should take action?\nx\n| Who should take action | Recommendation |\n--|--\nA | 5-1 to 3\nRecommendation 999\n**]]\n",
	} {
		f.Add([]byte(s))
	}
	if official, ok := officialFile(f, officialRecommendations); ok {
		f.Add(official.Data)
	}
	pathway := fixture(f, "pathway.txt")
	alone := mustParse(f, pathway)
	f.Fuzz(func(t *testing.T, data []byte) {
		file := File{"fuzz.txt", data}
		p, err := ParseFiles(file)
		if err == nil && p.Recommendations == nil {
			return
		}
		checkParsed(t, file, p.Recommendations, err)
		if err == nil {
			v := Attach(alone, p.Recommendations)
			checkParsed(t, file, v, nil)
			checkParsed(t, pathway, v, nil)
		}
	})
}

// Documents that a hand has changed: lines dropped, doubled, swapped, cut or put in.
func TestChangedDocumentsLoseNoLine(t *testing.T) {
	whole := fixture(t, "pathway.txt")
	base := strings.Split(string(whole.Data), "\n")
	odd := []string{
		"", "- x", " - y", "- - z", "12 Months", "3 Boxes", "Quality standards", "4. Thing", "and so on", "A heading", "Glossary", "Sources",
		"See also nothing", "[See x](#)", "Who should:", "…", "See page 4]", "•", "NICE Pathway last updated: 1 May 2020", "16 or over", "1. See", "| 3 |",
	}
	rapid.Check(t, func(t *rapid.T) {
		lines := append([]string{}, base...)
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			i := rapid.IntRange(0, len(lines)-1).Draw(t, "line")
			j := rapid.IntRange(0, len(lines)-1).Draw(t, "other")
			switch rapid.SampledFrom([]string{"drop", "double", "swap", "cut", "insert"}).Draw(t, "change") {
			case "drop":
				lines = append(lines[:i:i], lines[i+1:]...)
			case "double":
				lines = append(lines[:i+1:i+1], lines[i:]...)
			case "swap":
				lines[i], lines[j] = lines[j], lines[i]
			case "cut":
				lines[i] = lines[i][:rapid.IntRange(0, len(lines[i])).Draw(t, "at")]
			case "insert":
				lines = append(lines[:i:i], append([]string{rapid.SampledFrom(odd).Draw(t, "odd")}, lines[i:]...)...)
			}
		}
		f := File{"changed.txt", []byte(strings.Join(lines, "\n"))}
		v, err := Parse(f)
		checkParsed(t, f, v, err)
	})
}
