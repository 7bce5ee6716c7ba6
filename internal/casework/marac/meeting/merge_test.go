package meeting_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/marac/meeting"
)

func TestTextsArePutTogetherLineByLine(t *testing.T) {
	for name, c := range map[string]struct{ base, theirs, mine, want string }{
		"only theirs":                      {"a", "a\nb", "a", "a\nb"},
		"only mine":                        {"a", "a", "b", "b"},
		"both the same":                    {"a", "a\nb", "a\nb", "a\nb"},
		"both at the end":                  {"a", "a\nb", "a\nc", "a\nb\nc"},
		"both into nothing":                {"", "b", "c", "b\nc"},
		"one above, one below":             {"a\nb", "x\na\nb", "a\nb\ny", "x\na\nb\ny"},
		"one changes, one adds below":      {"a\nb", "A\nb", "a\nb\nc", "A\nb\nc"},
		"neighbouring lines":               {"a\nb", "A\nb", "a\nB", "A\nB"},
		"one takes out what nobody wrote":  {"a\nb\nc", "a\nc", "a\nb\nc\nd", "a\nc\nd"},
		"one puts in beside what is taken": {"a\nb\nc", "a\nc", "a\nx\nb\nc", "a\nx\nc"},
		"both take out the same":           {"a\nb\nc", "a\nc", "a\nc\nd", "a\nc\nd"},
		"an empty line between":            {"a\n\nb", "a\nx\n\nb", "a\n\ny\nb", "a\nx\n\ny\nb"},
	} {
		got, clean := meeting.Merge(c.base, c.theirs, c.mine)
		if !clean || got != c.want {
			t.Errorf("%s: %q (%t), want %q", name, got, clean, c.want)
		}
	}
	for name, c := range map[string]struct{ base, theirs, mine string }{
		"both change one line":            {"a", "b", "c"},
		"one changes what the other cuts": {"a\nb", "a", "a\nB"},
		"more and less is cut":            {"a\nb\nc\nd", "a\nd", "a\nc\nd\ne\nb"},
		"both change all":                 {"a\nb", "x\ny", "y\nx"},
	} {
		if got, clean := meeting.Merge(c.base, c.theirs, c.mine); clean {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A text is some of the lines of a base, in their order, with others between them that
// only its writer has. What is put together is by definition: it has every line that
// either wrote, none that either took out, and every line that both left; each in
// the order in which either has it.
func TestWhatIsPutTogetherHasWhatBothWroteAndNothingThatEitherTookOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-f]`), 0, 6, rapid.ID).Draw(t, "base")
		write := func(who string) (text []string, cut map[string]bool) {
			cut = map[string]bool{}
			n := 0
			more := func() {
				for range rapid.IntRange(0, 2).Draw(t, who+" writes") {
					n++
					text = append(text, who+string(rune('0'+n)))
				}
			}
			more()
			for _, l := range base {
				if cut[l] = rapid.IntRange(0, 3).Draw(t, who+" cuts") == 0; !cut[l] {
					text = append(text, l)
				}
				more()
			}
			return text, cut
		}
		theirs, cutThere := write("t")
		mine, cutHere := write("m")
		got, clean := meeting.Merge(strings.Join(base, "\n"), strings.Join(theirs, "\n"), strings.Join(mine, "\n"))
		if !clean {
			return // both texts are kept: the property of saving looks at that
		}
		lines := strings.Split(got, "\n")
		if got == "" {
			lines = nil
		}
		want := map[string]int{}
		for _, l := range slices.Concat(theirs, mine) {
			if !cutThere[l] && !cutHere[l] {
				want[l] = 1
			}
		}
		have := map[string]int{}
		for _, l := range lines {
			have[l]++
		}
		for l := range want {
			if have[l] != 1 {
				t.Fatalf("%q stands %d times in %q", l, have[l], got)
			}
		}
		for l := range have {
			if want[l] == 0 {
				t.Fatalf("%q was taken out, and stands in %q", l, got)
			}
		}
		for _, text := range [][]string{theirs, mine} {
			at := -1
			for _, l := range text {
				if i := slices.Index(lines, l); i >= 0 {
					if i < at {
						t.Fatalf("%q stands before what it was written after in %q", l, got)
					}
					at = i
				}
			}
		}
	})
}
