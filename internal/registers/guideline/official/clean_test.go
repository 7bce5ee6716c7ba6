package official

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestMarksAreTakenOutAndWordsKept(t *testing.T) {
	for _, c := range []struct{ raw, text, strays string }{
		{"plain words", "plain words", ""},
		{"see [the shed](#) now", "see the shed now", ""},
		{`(see [map the plots \[See page 3\]](#)).`, "(see map the plots).", ""},
		{`[\[See page 3\]](#)`, "", ""},
		{"the ledger [See page 6] and the gate [See page 7]).", "the ledger and the gate).", ""},
		{"the [ see  PAGE 12 ], too", "the, too", ""},
		{"working with **someone** and *nobody*", "working with someone and nobody", ""},
		{"_quiet_ but not snake_case_name", "quiet but not snake_case_name", ""},
		{"at <http://shed.example/x> today", "at http://shed.example/x today", ""},
		{"[wiki](http://shed.example/a_(b)) page", "wiki page", ""},
		{"the bell]]", "the bell", "]]"},
		{"[[the bell", "the bell", "[["},
		{"left [behind", "left behind", "["},
		{"a kept [2017] year", "a kept [2017] year", ""},
		{"broken](#) tail", "broken tail", "](#)"},
		{"half **bold", "half bold", "**"},
		{"two  \t spaces , and a comma", "two spaces, and a comma", ""},
	} {
		text, strays := plainText(cleanMarks(c.raw))
		if text != c.text || strays != c.strays {
			t.Errorf("plainText(%q) = %q, %q; want %q, %q", c.raw, text, strays, c.text, c.strays)
		}
	}
}

func TestCleaningOnlyTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOf(rapid.SampledFrom([]rune("ab .[]()*_#<>\\|-See page3'"))).Draw(t, "raw")
		text, _ := plainText(cleanMarks(raw))
		if len(text) > len(raw) || strings.Contains(text, "**") || strings.Contains(text, pageMark) || strings.Contains(text, "  ") {
			t.Fatalf("%q cleans to %q", raw, text)
		}
		rest := strings.NewReplacer(" ", "")
		for _, r := range rest.Replace(text) {
			if !strings.ContainsRune(raw, r) {
				t.Fatalf("%q cleans to %q, which holds %q", raw, text, r)
			}
		}
	})
}

func TestStemsMeet(t *testing.T) {
	for _, family := range [][]string{
		{"commissioner", "commissioners", "commissioning", "commission", "commissions"},
		{"perpetrate", "perpetrator", "perpetrators"},
		{"provider", "providers", "provide", "providing"},
		{"authority", "authorities"},
		{"service", "services"},
		{"manager", "managers", "manage"},
	} {
		for _, w := range family[1:] {
			if stem(w) != stem(family[0]) {
				t.Errorf("stem(%q) = %q, stem(%q) = %q", family[0], stem(family[0]), w, stem(w))
			}
		}
	}
	if stem("commissioner") == stem("community") {
		t.Error("commissioner and community meet")
	}
}

func TestActorsArePartedAtTheirSemicolons(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"A; b of c; and d", []string{"A", "b of c", "d"}},
		{"A (with x; y); b", []string{"A (with x; y)", "b"}},
		{"A; b. The latter includes: x; y; z", []string{"A", "b. The latter includes: x; y; z"}},
		{"NHS England, commissioners and GPs", []string{"NHS England, commissioners and GPs"}},
		{";;", []string{}},
	} {
		if diff := cmp.Diff(c.want, splitActors(c.text)); diff != "" {
			t.Errorf("splitActors(%q):\n%s", c.text, diff)
		}
	}
}

func TestNumbersOfASummaryRow(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int
	}{
		{"16", []int{16}},
		{"1, 3, 2", []int{1, 2, 3}},
		{"5, 7–9", []int{5, 7, 8, 9}},
		{"9 to 11 and 2", []int{2, 9, 10, 11}},
		{"9-2", []int{2, 9}},
	} {
		if !reNumbers.MatchString(c.text) {
			t.Errorf("%q is not taken for numbers", c.text)
		}
		if diff := cmp.Diff(c.want, numbers(c.text)); diff != "" {
			t.Errorf("numbers(%q):\n%s", c.text, diff)
		}
	}
}
