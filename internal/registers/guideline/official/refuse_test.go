package official

import (
	"bytes"
	"strings"
	"testing"
)

func TestWhatIsNotSuchADocumentIsRefused(t *testing.T) {
	pathway, list := fixture(t, "pathway.txt"), fixture(t, "recommendations.txt")
	replace := func(f File, old, new string) File {
		if !bytes.Contains(f.Data, []byte(old)) {
			t.Fatalf("%s does not hold %q", f.Name, old)
		}
		return File{f.Name, bytes.Replace(f.Data, []byte(old), []byte(new), 1)}
	}
	text := func(s string) File { return File{"some.txt", []byte(s)} }
	for _, c := range []struct {
		name   string
		files  []File
		line   int
		reason string
	}{
		{"no file", nil, 1, "no file"},
		{"empty", []File{text("")}, 1, "empty"},
		{"blank", []File{text("\n \n\t\n")}, 1, "empty"},
		{"only a byte order mark", []File{text("\ufeff\n")}, 1, "empty"},
		{"something else", []File{text("\n\nDear all,\n\nthe shed is open.\n")}, 3, "Dear all"},
		{"a page of the web", []File{text("<!doctype html>\n<title>x</title>")}, 1, "neither"},
		{"a zero byte", []File{text("A\nB\x00\n")}, 2, "zero byte"},
		{"not UTF-8", []File{text("A\n\xff\xfe\n")}, 2, "UTF-8"},
		{"cut inside a letter", []File{{"x", append(bytes.Clone(pathway.Data[:400]), 0xe2, 0x80)}}, 0, "UTF-8"},
		{"too large", []File{{"big.txt", bytes.Repeat([]byte("a\n"), MaxFileSize)}}, 1, "larger than 4 MiB"},
		{"too many lines", []File{text(strings.Repeat("a\n", maxLines+1))}, maxLines + 1, "lines"},
		{"two pathways", []File{pathway, {"again.txt", pathway.Data}}, 1, "second pathway"},
		{"two lists", []File{list, {"again.txt", list.Data}}, 1, "second list"},
		{"a list alone", []File{list}, 1, "alone"},
		{"no date", []File{replace(pathway, "NICE Pathway last updated: 05 March 2019", "")}, 18, "last updated"},
		{"no such date", []File{replace(pathway, "05 March 2019", "31 February 2019")}, 12, "not a date"},
		{"two dates", []File{replace(pathway, "NICE Pathway last updated: 05 March 2019", "Last updated: 5 March 2019\nLast updated: 6 March 2019")}, 13, "second date"},
		{"a date and no boxes", []File{text("T\n\nLast updated: 5 March 2019\n\nand so on\n")}, 5, "without a box"},
		{"no title", []File{text("Last updated: 5 March 2019\n\n1 Box\n\nNo additional information\n")}, 3, "no title"},
		{"a box number twice", []File{replace(pathway, "3 Agree a budget for tools", "2 Agree a budget for tools")}, 29, "box number 2 comes twice"},
		{"cut in a recommendation", []File{{"cut.txt", pathway.Data[:bytes.Index(pathway.Data, []byte(" by the borrower"))+len(" by the")]}}, 0, ""},
		{"headings and no recommendations", []File{text("Who should take action?\n\nEverybody.\n")}, 1, "Recommendation 1"},
		{"a recommendation twice", []File{pathway, replace(list, "Recommendation 3", "Recommendation 2")}, 24, "recommendation 2 comes twice"},
		{"a recommendation for nobody", []File{pathway, replace(list, "Commissioners of shed and barrow stores\n", "")}, 24, "names nobody"},
		{"a list cut in a sentence", []File{pathway, replace(list, " (where there\nis a sea)", " of the")}, 39, "middle of a sentence"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "cut in a recommendation" {
				cut := bytes.Index(pathway.Data, []byte("with the name of the")) + len("with the name of the")
				c.files = []File{{"cut.txt", pathway.Data[:cut]}}
				c.line, c.reason = 51, "middle of a sentence"
			}
			_, err := Parse(c.files...)
			r := refusal(t, err)
			if r.Line < 1 || c.line > 0 && r.Line != c.line {
				t.Errorf("refused at line %d, want %d: %v", r.Line, c.line, r)
			}
			if !strings.Contains(r.Reason, c.reason) {
				t.Errorf("the reason is %q, want %q in it", r.Reason, c.reason)
			}
			if len(c.files) > 0 && r.File != c.files[len(c.files)-1].Name {
				t.Errorf("the file is %q", r.File)
			}
		})
	}
}

func TestOtherFormsOfTheSameText(t *testing.T) {
	f := fixtures(t)
	want := outline(mustParse(t, f...))
	for name, change := range map[string]func([]byte) []byte{
		"line ends of Windows":  func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"line ends of old Macs": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r")) },
		"a byte order mark":     func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) },
		"no last line end":      func(b []byte) []byte { return bytes.TrimRight(b, "\n") },
		"spaces at line ends":   func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte(" \t\n")) },
		"unbreakable spaces":    func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("see "), []byte("see\u00a0")) },
		"soft hyphens":          func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("ledger"), []byte("led\u00adger")) },
	} {
		changed := []File{{f[0].Name, change(f[0].Data)}, {f[1].Name, change(f[1].Data)}}
		if got := outline(mustParse(t, changed...)); got != want {
			t.Errorf("%s change what is read", name)
		}
	}
}

func TestMissingPartsAreReported(t *testing.T) {
	v := mustParse(t, document("1 First box\n\nNo additional information\n\n2 Empty box\n\n5 Later box\n\n- Do it.\n"))
	for _, words := range [][]string{{"glossary"}, {"sources"}, {"responsibility"}, {"boxes 3 to 4"}, {"box 2 is empty"}} {
		if !hasWarning(v, WarnMissing, words...) {
			t.Errorf("nothing is said of %v in %v", words, v.Warnings)
		}
	}
	if v.Box(5) == nil || len(v.Boxes) != 3 {
		t.Errorf("got %d boxes, want 1, 2 and 5", len(v.Boxes))
	}
}

func TestALineThatFitsNowhereIsReportedWithItsNumber(t *testing.T) {
	f := fixture(t, "pathway.txt")
	lines := strings.Split(string(f.Data), "\n")
	for _, c := range []struct{ after, line int }{{12, 14}, {20, 22}} {
		odd := append([]string{}, lines[:c.after]...)
		odd = append(odd, "", "A stray remark", "")
		odd = append(odd, lines[c.after:]...)
		v := mustParse(t, File{f.Name, []byte(strings.Join(odd, "\n"))})
		found := false
		for _, w := range v.Warnings {
			found = found || w.Kind == WarnUnplaced && w.From == c.line && strings.Contains(w.Text, "A stray remark")
		}
		if !found {
			t.Errorf("line %d is not reported: %v", c.line, v.Warnings)
		}
	}
}

func TestWhatLooksLikeABoxHeadingAndIsNone(t *testing.T) {
	for name, body := range map[string]string{
		"a numbered statement":                  "- Do it.\n\nQuality standards\n\nThe following quality statement is relevant to this.\n\n2. Ringing the bell\n",
		"a statement that lost its stop":        "- Do it.\n\nQuality standards\n\nThe following quality statement is relevant to this.\n\n1 Ringing the bell\n",
		"a figure in a sentence":                "- Do it for people of\n\n2 or more sites.\n",
		"a figure that begins a broken piece":   "- Do it for the\n\n2 Town Halls.\n",
		"a heading printed again at a page end": "- Do it for\n\n1 Small box\n\n- everybody.\n",
		"a sentence":                            "- Do it.\n\n2 bells should ring.\n",
	} {
		v := mustParse(t, document("1 Small box\n\n"+body))
		if len(v.Boxes) != 1 {
			t.Errorf("%s makes a box: %+v", name, v.Boxes[1])
		}
	}
}

func TestABoxMayHaveASubHeadingThatNamesAPart(t *testing.T) {
	v := mustParse(t, document("1 Small box\n\nSources\n\nWardens should:\n\n- List them.\n\n2 Next box\n\nNo additional information\n\nSources\n\nA book (2012)\n"))
	if len(v.Boxes) != 2 || len(v.Box(1).Sections) != 1 || v.Box(1).Sections[0].Title != "Sources" {
		t.Errorf("boxes are %+v", v.Boxes)
	}
	if len(v.Sources) != 1 || v.Sources[0].Text != "A book (2012)" {
		t.Errorf("sources are %+v", v.Sources)
	}
}
