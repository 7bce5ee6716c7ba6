package official

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// glossaryOf parses a glossary and returns "term = definition" for each term.
func glossaryOf(t rapid.TB, body string) ([]string, *Version) {
	t.Helper()
	v := mustParse(t, document("1 Small box\n\nNo additional information\n\nGlossary\n\n"+body+"\n\nSources\n\nNone\n"))
	var out []string
	for _, g := range v.Glossary {
		out = append(out, g.Term+" = "+g.Definition)
	}
	return out, v
}

func TestTermsAndTheirDefinitions(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []string
	}{
		{
			"one after the other", "bell\n\na thing that rings\n\ngate\n\na way through a fence",
			[]string{"bell = a thing that rings", "gate = a way through a fence"},
		},
		{
			"without blank lines", "bell\na thing that rings\ngate\na way through a fence",
			[]string{"bell = a thing that rings", "gate = a way through a fence"},
		},
		{
			"a definition in two pieces", "bell\n\na thing that rings and is made\n\nof brass, mostly by hand and in the evening\n\ngate\n\na way through a fence",
			[]string{"bell = a thing that rings and is made of brass, mostly by hand and in the evening", "gate = a way through a fence"},
		},
		{
			"a piece as short as a term", "bell\n\na thing that rings and is made\n\nof brass\n\ngate\n\na way through a fence",
			[]string{"bell = a thing that rings and is made of brass", "gate = a way through a fence"},
		},
		{
			"a piece that would be in alphabetical order", "bell\n\na thing that rings and hangs over the\n\ndoor\n\ngate\n\na way through a fence that people pass",
			[]string{"bell = a thing that rings and hangs over the door", "gate = a way through a fence that people pass"},
		},
		{
			"three pieces", "bell\n\na thing that\n\nrings when it is\n\npulled by hand\n\ngate\n\na way through a fence",
			[]string{"bell = a thing that rings when it is pulled by hand", "gate = a way through a fence"},
		},
		{
			"terms that ask, out of order", "who should ring?\n\nthis includes: wardens and others\n\nwho should answer?\n\nthis includes: clerks; visitors of any\n\nkind at all",
			[]string{"who should ring? = this includes: wardens and others", "who should answer? = this includes: clerks; visitors of any kind at all"},
		},
		{
			"a very long term", "keepers of bells and of gates and of the many other things that stand about on sites\n\nkeepers\n\nlamp\n\na light that is carried",
			[]string{"keepers of bells and of gates and of the many other things that stand about on sites = keepers", "lamp = a light that is carried"},
		},
		{
			"bullets inside a definition", "bell\n\na thing that rings:\n- at noon;\n- at night\n\ngate\n\na way through",
			[]string{"bell = a thing that rings: at noon; at night", "gate = a way through"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, v := glossaryOf(t, c.body)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("glossary differs (-want +got):\n%s\n%v", diff, v.Warnings)
			}
		})
	}
}

func TestTermsThatSayTheSameAreLinked(t *testing.T) {
	_, v := glossaryOf(t, "bell\n\na thing that rings\n\nbells\n\nthings that ring\n\nchime\n\na thing that rings\n\nfairies\n\nthey fly\n\nfairy\n\nit flies\n\ngate\n\na way through")
	got := map[string][]string{}
	for _, g := range v.Glossary {
		got[g.Term] = g.SameAs
	}
	want := map[string][]string{"bell": {"bells", "chime"}, "bells": {"bell"}, "chime": {"bell"}, "fairies": {"fairy"}, "fairy": {"fairies"}, "gate": {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAGlossaryThatIsNotWholeIsReported(t *testing.T) {
	_, v := glossaryOf(t, "bell")
	if !hasWarning(v, WarnUnfinished, "no definition", "bell") {
		t.Errorf("no warning of a term without definition in %v", v.Warnings)
	}
	_, v = glossaryOf(t, "bell\n\nit rings\n\nBell?\n\nit rang in the")
	if !hasWarning(v, WarnDisagree, "twice") || !hasWarning(v, WarnUnfinished, "no end") {
		t.Errorf("no warning of a term that comes twice, or of a definition cut off, in %v", v.Warnings)
	}
}

// A page end anywhere in a definition leaves the glossary as it was.
func TestAPageEndAnywhereInADefinitionChangesNothing(t *testing.T) {
	breakDefinitions(t, fixture(t, "pathway.txt"), 25)
}

func TestAPageEndAnywhereInAnOfficialDefinitionChangesNothing(t *testing.T) {
	f, ok := officialFile(t, officialPathway)
	if !ok {
		t.Log("left out: WAYMARK_OFFICIAL_DOCS is not set; the invented glossary is broken by another test")
		return
	}
	breakDefinitions(t, f, 60)
}

// breakDefinitions breaks a definition after so many letters or more: a page ends after a whole
// line, so some words stand before the break. Fewer could be a term.
func breakDefinitions(t *testing.T, f File, least int) {
	whole := mustParse(t, f)
	lines := strings.Split(string(f.Data), "\n")
	rapid.Check(t, func(t *rapid.T) {
		term := rapid.SampledFrom(whole.Glossary).Draw(t, "term")
		at := term.To - 1 // the definition's only line
		if term.To-term.From > 2 {
			return // broken already; a page holds more than a line of it
		}
		var spaces []int
		for i, r := range lines[at] {
			if r == ' ' && i >= least && opens(lines[at][i+1:]) == opensLower {
				spaces = append(spaces, i)
			}
		}
		if len(spaces) == 0 {
			return // a definition of one line
		}
		space := rapid.SampledFrom(spaces).Draw(t, "space")
		broken := append([]string{}, lines...)
		broken[at] = lines[at][:space] + "\n\n" + lines[at][space+1:]
		v, err := Parse(File{f.Name, []byte(strings.Join(broken, "\n"))})
		if err != nil {
			t.Fatal(err)
		}
		var want, got []string
		for _, g := range whole.Glossary {
			want = append(want, g.Term, g.Definition)
		}
		for _, g := range v.Glossary {
			got = append(got, g.Term, g.Definition)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("broken after %q:\n%s", lines[at][:space], diff)
		}
	})
}
