package rights

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
)

var parts = []cases.Part{{Code: "chronology", Name: "Chronology"}, {Code: "risk", Name: "Risk"}}

// words that can be secret or not: names with marks, possessives, other
// scripts, and what means something in a pattern or in a page.
var word = rapid.SampledFrom([]string{
	"Dean", "Hobley", "Ysolde", "Łukasz", "O’Neill", "Anne-Marie", "زینب", "李", "(+*", "$1", "<b>", "&amp;", "St.", "7", "ß", "İpek", "a",
})

var plainWord = rapid.SampledFrom([]string{"she", "said", "that", "the", "school", "on", "Monday", "came", "again", "nothing"})

func phrase(w *rapid.Generator[string], least, most int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(w, least, most).Draw(t, "words"), " ") })
}

// What is left out leaves no trace: the copy is the same, byte for byte,
// whatever stood there and however long it was, and the same as if it had never
// been written.
func TestTheCopyTellsNothingOfWhatIsLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := phrase(plainWord, 1, 6).Draw(t, "before"), phrase(plainWord, 1, 6).Draw(t, "after")
		one, other := phrase(word, 1, 5).Draw(t, "one"), phrase(word, 1, 5).Draw(t, "other")
		kept := Item{Part: "chronology", Title: "Note", On: "2026-01-02", Lines: []string{phrase(plainWord, 1, 8).Draw(t, "kept")}, Decision: Give}
		with := func(secret string) Item {
			return Item{Part: "chronology", Title: "Note", On: "2026-01-01", Lines: []string{before + " " + secret + " " + after}, Decision: GivePart, Cuts: []string{secret}}
		}
		never := Item{Part: "chronology", Title: "Note", On: "2026-01-01", Lines: []string{before + " " + after}, Decision: Give}
		same(t, "a passage", []Item{with(one), kept}, []Item{with(other), kept}, []Item{never, kept})

		// A whole piece, and a whole part of the file.
		gone := func(secret, part string) Item {
			lines := strings.Fields(secret)
			return Item{Part: part, Title: secret, On: "2026-01-01", Lines: lines, Decision: Withhold, Seq: int64(len(lines))}
		}
		same(t, "a piece", []Item{gone(one, "chronology"), kept}, []Item{kept, gone(other, "chronology"), gone(one, "chronology")}, []Item{kept})
		same(t, "a part", []Item{kept, gone(one, "risk")}, []Item{kept, gone(other, "risk")}, []Item{kept})

		// A whole line of a piece.
		line := func(secret string) Item {
			return Item{Part: "chronology", Title: "Note", Lines: []string{before, "Known as: " + secret, after}, Decision: GivePart, Cuts: []string{secret}}
		}
		same(t, "a line", []Item{line(one)}, []Item{line(other)}, []Item{{Part: "chronology", Title: "Note", Lines: []string{before, after}, Decision: Give}})
	})
}

func same(t *rapid.T, what string, copies ...[]Item) {
	t.Helper()
	first := Compose(parts, copies[0])
	for _, items := range copies[1:] {
		if diff := cmp.Diff(first, Compose(parts, items)); diff != "" {
			t.Fatalf("leaving out %s shows: %s", what, diff)
		}
		if first.Text("M") != Compose(parts, items).Text("M") {
			t.Fatalf("leaving out %s shows in the file", what)
		}
	}
}

// Of a name that is left out nothing stays behind: not another case, not a
// possessive, not the rest of a word, not another spacing.
func TestNothingOfANameStaysBehind(t *testing.T) {
	i := Item{Part: "risk", Title: "What Dean did", Decision: GivePart, Cuts: []string{"dean hobley", "Dean"}, Lines: []string{
		"DEAN  Hobley’s brother rang.", "Deans van stood outside.", "She (Dean) left.", "Known as: Dean", "Nothing of him.",
	}}
	got := Compose(parts, []Item{i}).Text("M")
	if strings.Contains(strings.ToLower(got), "dean") || strings.Contains(strings.ToLower(got), "hobley") || strings.Contains(got, "()") {
		t.Errorf("this stays: %s", got)
	}
	want := []string{"brother rang.", "van stood outside.", "She left.", "Nothing of him."}
	if diff := cmp.Diff(want, Compose(parts, []Item{i}).Sections[0].Entries[0].Lines); diff != "" {
		t.Error(diff)
	}
}

// What is not decided is not given, nor what the reader may not read.
func TestUndecidedIsNotGiven(t *testing.T) {
	for _, i := range []Item{
		{Part: "risk", Title: "a", Decision: Undecided},
		{Part: "risk", Title: "a"},
		{Part: "risk", Title: "a", Decision: Withhold},
		{Part: "risk", Title: "a", Decision: Give, Apart: true},
	} {
		if c := Compose(parts, []Item{i}); len(c.Sections) != 0 {
			t.Errorf("%s (apart: %t) is given", i.Decision, i.Apart)
		}
	}
}

// The names of other people that stand in a copy are found, whatever their
// case.
func TestNamesThatStillStandAreFound(t *testing.T) {
	c := Compose(parts, []Item{{Part: "risk", Title: "x", Lines: []string{"he told DEAN’s sister"}, Decision: Give}})
	if diff := cmp.Diff([]string{"Dean"}, Still(c, []string{"Mina", "Dean", "Dean"})); diff != "" {
		t.Error(diff)
	}
}
