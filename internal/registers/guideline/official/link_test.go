package official

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func boxLinks(b *Box) []string {
	out := []string{}
	for _, l := range b.Links {
		out = append(out, fmt.Sprintf("%d %s", l.Box, l.Section))
	}
	return out
}

func TestSeeAlsoReferencesAreResolved(t *testing.T) {
	const rest = "\n\n2 Map the plots\n\n- Do it.\n\n3 Run the shed and its ledger\n\nLend with care\n\nWardens should:\n\n- Do it.\n\n4 Training\n\n- Do it.\n"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a title", "- Go (see map the plots).", []string{"2 "}},
		{"a link with its page", `- Go (see [map the plots \[See page 3\]](#)).`, []string{"2 "}},
		{"a sub-heading within a box", "- Go (see 'lend with care' within run the shed and its ledger).", []string{"3 Lend with care"}},
		{"a sub-heading in a link", `- Go (see 'lend with care' in [run the shed and its ledger \[See page 4\]](#)).`, []string{"3 Lend with care"}},
		{"a sub-heading alone", "- Go (see 'lend with care').", []string{"3 Lend with care"}},
		{"several", "- Go.\n\nSee also map the plots, 'lend with care' in run the shed and its ledger and [training](#).", []string{"2 ", "3 Lend with care", "4 "}},
		{"the same twice", "- Go (see map the plots).\n- Go on (see map the plots).", []string{"2 "}},
		{"a word amiss", "- Go (see run the old shed and its ledger).", []string{"3 "}},
		{"a sentence of its own", "- Go. (See 'Lend with care' within run the shed and its ledger [See page 4]).", []string{"3 Lend with care"}},
		{"a short title that only shares its word", "- Go, and see training that works.", []string{}},
		{"no see before it", "- Map the plots and run the shed and its ledger.", []string{}},
		{"below and above", "- Go (see recommendation below).\n- Go (see above).", []string{}},
		{"another document", "- Go, see [Old guidelines](#).", []string{}},
		{"the box itself", "- Go (see small box).", []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, v := box1(t, c.text+rest)
			if diff := cmp.Diff(c.want, boxLinks(b)); diff != "" {
				t.Errorf("links differ (-want +got):\n%s", diff)
			}
			if hasWarning(v, WarnReference) {
				t.Errorf("unexpected warning in %v", v.Warnings)
			}
		})
	}
}

func TestReferencesThatLeadNowhereAreReported(t *testing.T) {
	for _, c := range []struct{ text, words string }{
		{`- Go (see [paint the fence \[See page 9\]](#)).`, "paint the fence"},
		{"- Go.\n\nSee also the fence.", "see also"},
		{"- Go (see 'lend with care' in small box).\n\n2 Shed\n\nLend with care\n\nWardens should:\n\n- Do it.", "within box 1"},
	} {
		_, v := box1(t, c.text)
		if !hasWarning(v, WarnReference, c.words) {
			t.Errorf("%q: nothing is said of %q in %v", c.text, c.words, v.Warnings)
		}
	}
}

func TestPointersSendOutsideAndLinksInside(t *testing.T) {
	v := mustParse(t, document("1 Small box\n\nFor guidance on bells see the makers' advice on [bells](#).\n\nSee [Other bells](#)\n\nSee [the other box here \\[See page 2\\]](#)\n\n2 The other box here\n\n- Do it.\n"))
	var got []string
	for _, p := range v.Pointers {
		got = append(got, p.Text)
	}
	want := []string{"For guidance on bells see the makers' advice on bells.", "See Other bells"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"2 "}, boxLinks(v.Box(1))); diff != "" {
		t.Error(diff)
	}
}

// recommendationMap says which recommendations each box states, leaving out those that state none.
func recommendationMap(v *Version) map[int][]int {
	out := map[int][]int{}
	for _, b := range v.Boxes {
		if len(b.Recommendations) > 0 {
			out[b.Number] = b.Recommendations
		}
	}
	return out
}

func TestBoxesAreLinkedToRecommendationsByTheirActors(t *testing.T) {
	v := mustParse(t, fixtures(t)...)
	want := map[int][]int{2: {1}, 3: {2}, 4: {3, 4}, 5: {5, 7}, 7: {8, 9}, 8: {10}}
	if diff := cmp.Diff(want, recommendationMap(v)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{7}, v.Box(5).Sections[1].Serves); diff != "" {
		t.Errorf("the second section of box 5 serves another recommendation:\n%s", diff)
	}
}

// Numbering the recommendations otherwise moves the links with them: it is the actors that link.
func TestLinksFollowTheActorsAndNotTheNumbers(t *testing.T) {
	files := fixtures(t)
	whole := mustParse(t, files...)
	rapid.Check(t, func(t *rapid.T) {
		p, err := ParseFiles(files[1])
		if err != nil {
			t.Fatal(err)
		}
		r := *p.Recommendations
		r.List = rapid.Permutation(r.List).Draw(t, "order")
		now := map[int]int{}
		for i := range r.List {
			now[r.List[i].Number] = i + 1
			r.List[i].Number = i + 1
		}
		got := Attach(whole, &r)
		for i, b := range whole.Boxes {
			var want []int
			for _, n := range b.Recommendations {
				want = append(want, now[n])
			}
			slices.Sort(want)
			if !slices.Equal(want, got.Boxes[i].Recommendations) {
				t.Fatalf("box %d states %v, want %v", b.Number, got.Boxes[i].Recommendations, want)
			}
		}
	})
}

func TestASectionMayStateASecondRecommendationWithTheSameActors(t *testing.T) {
	list := File{"list.txt", []byte("Who should take action?\nWho should take action in detail\nRecommendation 1\nWardens of sheds and keepers of ledgers\nRecommendation 2\nKeepers of ledgers and wardens of sheds\n")}
	v := mustParse(t, document("1 Small box\n\nWardens of sheds and keepers of ledgers should:\n\n- Do it.\n"), list)
	if diff := cmp.Diff([]int{1, 2}, v.Box(1).Recommendations); diff != "" {
		t.Error(diff)
	}
}

func TestWhatHasNoCounterpartIsReported(t *testing.T) {
	list := File{"list.txt", []byte("Who should take action in detail\nRecommendation 1\nLighthouse crews\n")}
	v := mustParse(t, document("1 Small box\n\nWardens of sheds should:\n\n- Do it.\n"), list)
	if len(recommendationMap(v)) > 0 {
		t.Errorf("linked without a word in common: %v", recommendationMap(v))
	}
	if !hasWarning(v, WarnUnlinked, "recommendation 1") || !hasWarning(v, WarnUnlinked, "box 1") {
		t.Errorf("nothing is said of it in %v", v.Warnings)
	}
}

func TestSummaryAndDetailThatDisagree(t *testing.T) {
	v := mustParse(t, fixtures(t)...)
	for _, words := range [][]string{
		{"Commissioners", "recommendation 9", "names none"},
		{"recommendation 10", "Heads and managers of sites"},
		{"recommendation 11", "nobody"},
		{"Sharpening Trust (8)"},
	} {
		if !hasWarning(v, WarnActors, words...) {
			t.Errorf("nothing is said of %v in:\n%v", words, v.Warnings)
		}
	}
	if hasWarning(v, WarnActors, "Commissioners", "recommendation 8") {
		t.Error("the detail of recommendation 8 names commissioners, and the summary gives it to them")
	}
}

func TestASummaryRowThatGivesAnUnknownRecommendation(t *testing.T) {
	f := fixtures(t)
	f[1].Data = []byte(strings.Replace(string(f[1].Data), "\n10 |", "\n10, 44 |", 1))
	if v := mustParse(t, f...); !hasWarning(v, WarnActors, "Town Hall", "44", "does not have") {
		t.Errorf("nothing is said of recommendation 44 in %v", v.Warnings)
	}
}

func TestAGlossaryEntryThatDiffersFromTheDetail(t *testing.T) {
	f := fixtures(t)
	f[0].Data = []byte(strings.Replace(string(f[0].Data), "managers of signs and\n\npainters", "managers of flags and\n\npainters", 1))
	v := mustParse(t, f...)
	if !hasWarning(v, WarnActors, "who should reach people?", "recommendation 7", "flags, signs") {
		t.Errorf("nothing is said of it in %v", v.Warnings)
	}
	if diff := cmp.Diff([]int{5, 7}, v.Box(5).Recommendations); diff != "" {
		t.Errorf("a word amiss breaks the link:\n%s", diff)
	}
}
