package official

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"pgregory.net/rapid"
)

// fixture reads one of the invented documents in testdata.
func fixture(t rapid.TB, name string) File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return File{Name: name, Data: data}
}

func fixtures(t rapid.TB) []File {
	t.Helper()
	return []File{fixture(t, "pathway.txt"), fixture(t, "recommendations.txt")}
}

func mustParse(t rapid.TB, files ...File) *Version {
	t.Helper()
	v, err := Parse(files...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// document makes a pathway around the text of its boxes.
func document(boxes string) File {
	return File{Name: "doc.txt", Data: []byte("A small overview\n\nNICE Pathway last updated: 1 May 2020\n\n" + boxes)}
}

// box1 parses a document of one box and returns it, with the version.
func box1(t rapid.TB, body string) (*Box, *Version) {
	t.Helper()
	v := mustParse(t, document("1 Small box\n\n"+body))
	return v.Box(1), v
}

// outline writes a version down as an indented list with the lines of everything, for comparing.
func outline(v *Version) string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	at := func(l Lines) string {
		if l.From == l.To {
			return fmt.Sprint(l.From)
		}
		return fmt.Sprintf("%d-%d", l.From, l.To)
	}
	p("%s (%s), updated %s (%s)", v.Title, at(v.TitleLines), v.Updated, at(v.UpdatedLines))
	for _, box := range v.Boxes {
		p("\nBOX %d %s (%s)", box.Number, box.Title, at(box.Lines))
		if box.NoInformation {
			p("no more")
		}
		for _, s := range box.Sections {
			p("SECTION %q (%s) serves %v, explained by %q", s.Title, at(s.Lines), s.Serves, s.Terms)
			if s.Audience != "" {
				p("  %s (%s)", s.Audience, at(s.AudienceLines))
			}
			for i := range s.Items {
				for depth, it := range s.Items[i].All() {
					mark := "-"
					if it.Leads {
						mark = ">"
					}
					p("  %s%s %s (%s)", strings.Repeat("  ", depth), mark, it.Text, at(it.Lines))
				}
			}
		}
		for i, n := range box.Statements {
			p("STATEMENT %d (%s)", n, at(box.StatementLines[i]))
		}
		for _, l := range box.Links {
			p("SEE box %d %q (%s)", l.Box, l.Section, at(l.Lines))
		}
		p("states %v", box.Recommendations)
	}
	p("")
	for _, s := range v.Statements {
		p("STATEMENT %d %s (%s)", s.Number, s.Title, at(s.Lines))
	}
	for _, q := range v.Pointers {
		p("POINTER box %d %q: %s (%s)", q.Box, q.Section, q.Text, at(q.Lines))
	}
	for _, t := range v.Glossary {
		p("TERM %s (%s) same as %q\n  %s", t.Term, at(t.Lines), t.SameAs, t.Definition)
	}
	for _, s := range v.Sources {
		p("SOURCE %s (%s)", s.Text, at(s.Lines))
	}
	for _, n := range v.Responsibility {
		p("NOTE %s (%s)", n.Title, at(n.Lines))
		for _, s := range n.Paragraphs {
			p("  %s (%s)", s.Text, at(s.Lines))
		}
	}
	for _, s := range v.Scope {
		p("SCOPE %s (%s)", s.Text, at(s.Lines))
	}
	for _, a := range v.Actors {
		p("ROW %s: %v (%s)", a.Name, a.Recommendations, at(a.Lines))
	}
	for _, r := range v.Recommendations {
		p("RECOMMENDATION %d (%s)", r.Number, at(r.Lines))
		for _, a := range r.Actors {
			p("  - %s", a)
		}
	}
	for _, f := range v.Furniture {
		p("FURNITURE %s %s", f.Kind, f.Where())
	}
	for _, w := range v.Warnings {
		p("WARNING %s %s", w.Kind, w)
	}
	return b.String()
}

// uncovered lists the lines of a file that have words and that nothing in the version accounts
// for. It reads the places off the version's JSON, so that it shares nothing with the sweep.
func uncovered(t rapid.TB, v any, f File) []int {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	covered := map[int]bool{}
	var walk func(any)
	walk = func(x any) {
		switch x := x.(type) {
		case map[string]any:
			from, ok := x["line"].(float64)
			to, _ := x["end_line"].(float64)
			if ok && x["file"] == f.Name {
				for n := int(from); n <= int(to); n++ {
					covered[n] = true
				}
			}
			for _, y := range x {
				walk(y)
			}
		case []any:
			for _, y := range x {
				walk(y)
			}
		}
	}
	walk(tree)
	text := strings.TrimPrefix(string(f.Data), "\ufeff")
	text = regexp.MustCompile("\r\n|\r|\f").ReplaceAllString(text, "\n")
	var out []int
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(oddSpaces.Replace(line)) != "" && !covered[i+1] {
			out = append(out, i+1)
		}
	}
	return out
}

// noise is what cleaning must leave nothing of.
var noise = regexp.MustCompile(`(?i)\[\s*see page|\]\(|\*\*|\]\]|\[\[|\x{E000}`)

// texts lists every text of a version, with its place.
func texts(v *Version) map[string]string {
	out := map[string]string{"title": v.Title}
	add := func(at Lines, what, s string) { out[at.Where()+" "+what+" "+s] = s }
	for _, b := range v.Boxes {
		add(b.Lines, "box", b.Title)
		for _, s := range b.Sections {
			add(s.Lines, "section", s.Title)
			add(s.AudienceLines, "audience", s.Audience)
			for i := range s.Items {
				for _, it := range s.Items[i].All() {
					add(it.Lines, "item", it.Text)
				}
			}
		}
	}
	for _, s := range v.Statements {
		add(s.Lines, "statement", s.Title)
	}
	for _, p := range v.Pointers {
		add(p.Lines, "pointer", p.Text)
	}
	for _, g := range v.Glossary {
		add(g.Lines, "term", g.Term)
		add(g.Lines, "definition", g.Definition)
	}
	for _, s := range v.Sources {
		add(s.Lines, "source", s.Text)
	}
	for _, n := range v.Responsibility {
		add(n.Lines, "note", n.Title)
		for _, p := range n.Paragraphs {
			add(p.Lines, "paragraph", p.Text)
		}
	}
	for _, r := range v.Recommendations {
		add(r.Lines, "recommendation", r.Text)
	}
	return out
}

// refusal returns the Refused in an error, and fails when there is none.
func refusal(t rapid.TB, err error) *Refused {
	t.Helper()
	var r *Refused
	if !errors.As(err, &r) {
		t.Fatalf("got error %v, want a refusal", err)
	}
	return r
}

func hasWarning(v *Version, kind WarningKind, words ...string) bool {
	for _, w := range v.Warnings {
		if w.Kind != kind {
			continue
		}
		all := true
		for _, s := range words {
			all = all && strings.Contains(w.Text, s)
		}
		if all {
			return true
		}
	}
	return false
}
