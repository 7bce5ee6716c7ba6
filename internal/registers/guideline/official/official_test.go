package official

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The official documents are not part of the project. A folder that holds them is named by
// WAYMARK_OFFICIAL_DOCS; without it these tests say what they left out.
const (
	officialRecommendations = "000_bdbce7177ff7e1cd.txt"
	officialPathway         = "002_9f8aa8e7addcfe32.txt"
)

func official(t *testing.T) (*Version, []File) {
	t.Helper()
	pathway, ok := officialFile(t, officialPathway)
	if !ok {
		t.Log("left out: WAYMARK_OFFICIAL_DOCS is not set, so the official documents are not read; the invented ones in testdata are, by the other tests")
		return nil, nil
	}
	list, _ := officialFile(t, officialRecommendations)
	return mustParse(t, pathway, list), []File{pathway, list}
}

func TestOfficialBoxes(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	if v.Title != "Domestic violence and abuse overview" || v.Updated.String() != "2017-08-03" {
		t.Errorf("title %q, updated %s", v.Title, v.Updated)
	}
	type row struct {
		start      string // how the title begins
		sections   []int  // top-level recommendations in each section
		nested     []int  // lengths of the nested lists in order
		statements []int
	}
	want := []row{
		{"Identifying, ", nil, nil, nil},
		{"Plan ", []int{6}, nil, nil},
		{"Work in ", []int{3}, []int{10}, nil},
		{"Develop an ", []int{3}, []int{4, 5}, nil},
		{"Commission and ", []int{5}, nil, []int{4}},
		{"Establish ", []int{3, 8}, []int{6}, []int{3, 4}},
		{"Remove ", []int{7, 4}, []int{5}, []int{3, 4}},
		{"Ask about ", []int{5}, nil, []int{1, 3, 4}},
		{"Provide tailored ", []int{6, 5}, nil, []int{3}},
		{"Support ", []int{3}, nil, nil},
		{"Identify and", []int{8}, nil, []int{3, 4}},
		{"Provide children ", []int{5}, nil, nil},
		{"Training", nil, nil, nil},
		{"Health and ", []int{4, 2}, []int{2, 2, 2, 4}, []int{2}},
		{"Training and ", []int{2}, nil, nil},
		{"See what ", nil, nil, nil},
	}
	if len(v.Boxes) != len(want) {
		t.Fatalf("%d boxes, want %d", len(v.Boxes), len(want))
	}
	for i, w := range want {
		b := v.Boxes[i]
		got := row{start: b.Title, statements: b.Statements}
		if strings.HasPrefix(b.Title, w.start) {
			got.start = w.start
		}
		for _, s := range b.Sections {
			got.sections = append(got.sections, len(s.Items))
			for j := range s.Items {
				for _, it := range s.Items[j].All() {
					if len(it.Items) > 0 {
						got.nested = append(got.nested, len(it.Items))
					}
				}
			}
		}
		if b.Number != i+1 {
			t.Errorf("box %d stands in place %d", b.Number, i+1)
		}
		if len(got.statements) == 0 {
			got.statements = nil
		}
		if diff := cmp.Diff(w, got, cmp.AllowUnexported(row{})); diff != "" {
			t.Errorf("box %d differs (-want +got):\n%s", b.Number, diff)
		}
		if b.NoInformation != slices.Contains([]int{1, 13}, b.Number) {
			t.Errorf("box %d: no information is %v", b.Number, b.NoInformation)
		}
	}
}

func TestOfficialSectionsAndAudiences(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	titles := map[int][]string{}
	for _, b := range v.Boxes {
		for _, s := range b.Sections {
			if s.Title != "" {
				titles[b.Number] = append(titles[b.Number], s.Title[:12])
			}
			wantsAudience := b.Number != 2 && b.Number != 15
			if (s.Audience != "") != wantsAudience {
				t.Errorf("box %d %q has the audience %q", b.Number, s.Title, s.Audience)
			}
			if wantsAudience && !strings.Contains(s.Audience, " should") {
				t.Errorf("box %d: %q says nothing of what its actors should do", b.Number, s.Audience)
			}
		}
	}
	want := map[int][]string{
		6: {"Commission i", "Adopt clear "}, 7: {"Create an en", "Help people "}, 9: {"Tailor suppo", "Provide spec"}, 14: {"Provide spec", "Pre-qualifyi"},
	}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Errorf("sub-headings differ (-want +got):\n%s", diff)
	}
	leads := 0
	for _, it := range v.Box(14).Sections[0].Items {
		if it.Leads {
			leads++
			if !strings.HasSuffix(it.Text, "should ensure:") || len(it.Items) != 2 {
				t.Errorf("the second audience is %q with %d items", it.Text, len(it.Items))
			}
		}
	}
	if leads != 1 {
		t.Errorf("%d further audiences in box 14, want 1", leads)
	}
}

func TestOfficialSentencesAreWhole(t *testing.T) {
	v, files := official(t)
	if v == nil {
		return
	}
	whole := func(at Lines, s string) {
		t.Helper()
		if opens(s) != opensUpper || !finished(s) {
			t.Errorf("%s: %q is not whole", at.Where(), clip(s))
		}
		if strings.Count(s, "(") != strings.Count(s, ")") {
			t.Errorf("%s: the brackets of %q do not pair", at.Where(), clip(s))
		}
	}
	for _, b := range v.Boxes {
		for _, s := range b.Sections {
			if s.Audience != "" {
				whole(s.AudienceLines, s.Audience)
			}
			for i := range s.Items {
				whole(s.Items[i].Lines, s.Items[i].Text)
				for depth, it := range s.Items[i].All() {
					if len(it.Items) > 0 && !strings.HasSuffix(it.Text, ":") {
						t.Errorf("%s: %q introduces a list without a colon", it.Where(), clip(it.Text))
					}
					if depth > 0 && opens(it.Text) == opensUpper {
						whole(it.Lines, it.Text)
					}
					if depth > 0 && dangling(it.Text, true) {
						t.Errorf("%s: %q cannot end so", it.Where(), it.Text)
					}
				}
			}
		}
	}
	for _, n := range v.Responsibility {
		for _, p := range n.Paragraphs {
			whole(p.Lines, p.Text)
		}
	}
	for _, p := range v.Scope {
		whole(p.Lines, p.Text)
	}
	for at, s := range texts(v) {
		if noise.MatchString(s) || strings.Contains(s, "[") {
			t.Errorf("noise is left at %s", at)
		}
	}
	for _, f := range files {
		if lost := uncovered(t, v, f); len(lost) > 0 {
			t.Errorf("%s: lines %v are lost without a word", f.Name, lost)
		}
	}
	for _, k := range []WarningKind{WarnUnplaced, WarnUnfinished, WarnMissing, WarnReference, WarnDisagree, WarnUnlinked} {
		if hasWarning(v, k) {
			t.Errorf("there is a warning of kind %q: %v", k, v.Warnings)
		}
	}
}

// Where a page end broke a sentence, the words on both sides of it stand together, from the line
// where it begins to the line where it ends.
func TestOfficialJoins(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	all := texts(v)
	for _, c := range []struct {
		words    string
		from, to int
	}{
		{"breached: information should be shared", 105, 107},
		{"support on offer for those", 131, 133},
		{"abuse. These should support:", 171, 173},
		{"(for example, trauma-focused", 219, 221},
		{"violence and abuse.", 299, 301},
		{"or abuse and who are at high risk", 365, 369},
		{"Almost all police forces in", 387, 391},
		{"training and registration standards for clinical", 433, 437},
		{"sustainable health and care", 455, 457},
		{"unlawful discrimination, advance", 471, 473},
	} {
		at := Lines{officialPathway, c.from, c.to}.Where()
		found := false
		for place, s := range all {
			found = found || strings.HasPrefix(place, at+" ") && strings.Contains(s, c.words) ||
				c.from >= 455 && strings.Contains(s, c.words)
		}
		if !found {
			t.Errorf("%q does not stand at %s", c.words, at)
		}
	}
}

func TestOfficialReferences(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	const commission, help = "Commission integrated care pathways", "Help people who find it difficult to access services"
	want := map[int][]string{2: {"6 " + commission, "7 " + help}, 4: {"2 "}, 5: {"2 ", "3 ", "4 ", "6 " + commission}, 8: {"6 " + commission}, 9: {"10 ", "6 " + commission}}
	got := map[int][]string{}
	for _, b := range v.Boxes {
		if len(b.Links) > 0 {
			got[b.Number] = boxLinks(&b)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("links differ (-want +got):\n%s", diff)
	}
	var pointers []int
	for _, p := range v.Pointers {
		pointers = append(pointers, p.Box)
	}
	if diff := cmp.Diff([]int{9, 12, 16}, pointers); diff != "" {
		t.Errorf("boxes with pointers differ (-want +got):\n%s", diff)
	}
}

func TestOfficialBoxesStateTheirRecommendations(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	want := map[int][]int{2: {1}, 3: {2}, 4: {3}, 5: {14}, 6: {4, 7}, 7: {5, 9}, 8: {6}, 9: {8, 12}, 10: {13}, 11: {10}, 12: {11}, 14: {15, 17}, 15: {16}}
	if diff := cmp.Diff(want, recommendationMap(v)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	serves := map[int][][]int{6: {{4}, {7}}, 7: {{5}, {9}}, 9: {{8}, {12}}, 14: {{15}, {17}}}
	for n, lists := range serves {
		for i, list := range lists {
			if diff := cmp.Diff(list, v.Box(n).Sections[i].Serves); diff != "" {
				t.Errorf("box %d, section %d (-want +got):\n%s", n, i+1, diff)
			}
		}
	}
}

func TestOfficialActors(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	if len(v.Recommendations) != 17 {
		t.Errorf("%d recommendations, want 17", len(v.Recommendations))
	}
	parts := []int{}
	for i, r := range v.Recommendations {
		if r.Number != i+1 {
			t.Errorf("recommendation %d stands in place %d", r.Number, i+1)
		}
		parts = append(parts, len(r.Actors))
	}
	if diff := cmp.Diff([]int{3, 1, 2, 1, 2, 1, 1, 2, 2, 2, 2, 3, 4, 2, 5, 1, 3}, parts); diff != "" {
		t.Errorf("actors in each detail differ (-want +got):\n%s", diff)
	}
	var rows [][]int
	for _, a := range v.Actors {
		rows = append(rows, a.Recommendations)
	}
	want := [][]int{{16}, {15, 17}, {1, 2, 3, 12, 13, 14}, {10, 11}, {1, 3, 4, 7, 9, 11, 12, 13, 14, 15, 16, 17}, {5, 6, 15, 17}, {5, 7, 8, 9, 10, 11, 13, 16}, {6, 8, 12, 13}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("summary differs (-want +got):\n%s", diff)
	}
	for _, words := range [][]string{
		{`"Commissioners"`, "recommendation 17", "names none"},
		{"detail of recommendation 8 ", "Heads and managers"},
		{"detail of recommendation 16 ", "Heads and managers"},
		{"police and crime commissioners (12, 13)"},
		{"box 15", "recommendation 16", "public, health, departments"},
	} {
		if !hasWarning(v, WarnActors, words...) {
			t.Errorf("nothing is said of %v in:\n%v", words, v.Warnings)
		}
	}
	for _, w := range v.Warnings {
		if w.Kind == WarnActors && strings.Contains(w.Text, "names none") && !strings.Contains(w.Text, "recommendation 17;") {
			t.Errorf("the documents agree here: %s", w)
		}
	}
	if !hasWarning(v, WarnStatement, "box 5", "statement 4") || !hasWarning(v, WarnMarkup, "]]") || !hasWarning(v, WarnJoined, "173") {
		t.Errorf("faults of the text that are not reported: %v", v.Warnings)
	}
}

func TestOfficialGlossary(t *testing.T) {
	v, _ := official(t)
	if v == nil {
		return
	}
	if len(v.Glossary) != 32 || len(v.Statements) != 4 || len(v.Sources) != 1 || len(v.Responsibility) != 3 {
		t.Errorf("%d terms, %d statements, %d sources, %d notes; want 32, 4, 1, 3", len(v.Glossary), len(v.Statements), len(v.Sources), len(v.Responsibility))
	}
	asks := 0
	for _, g := range v.Glossary {
		if g.Definition == "" || dangling(g.Definition, false) {
			t.Errorf("the definition of %q is not whole: %q", g.Term, g.Definition)
		}
		if strings.HasPrefix(g.Term, "who should") {
			asks++
		}
	}
	if asks != 8 {
		t.Errorf("%d terms ask who should act, want 8", asks)
	}
	for term, same := range map[string]string{
		"disclose": "disclosure", "forced marriage": "forced marriages", "refuge": "refuges", "idvas": "independent domestic violence advisers",
		"multi-agency risk assessment conference": "multi-agency risk assessment conferences", "'honour' violence": "'honour'-based violence",
	} {
		a, b := v.Term(term), v.Term(same)
		if a == nil || b == nil || !slices.Contains(a.SameAs, b.Term) || !slices.Contains(b.SameAs, a.Term) {
			t.Errorf("%q and %q are not linked", term, same)
		}
	}
}
