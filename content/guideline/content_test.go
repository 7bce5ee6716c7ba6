package pathwaycontent

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The shapes below are the contract of the files. Decoding refuses a field that
// is not in them, so a slip of the pen in a key is found here and not on a page.

type pathway struct {
	Title           string           `json:"title"`
	Updated         string           `json:"updated"`
	Boxes           []box            `json:"boxes"`
	Recommendations []recommendation `json:"recommendations"`
	Statements      []statement      `json:"statements"`
	Actors          []actor          `json:"actors"`
	Glossary        []term           `json:"glossary"`
	Pointers        []pointer        `json:"pointers"`
	Sources         []string         `json:"sources"`
	Responsibility  []string         `json:"responsibility"`
	// One list of ids for each responsibility note, in the same order.
	ResponsibilityObligations [][]string `json:"responsibility_obligations"`
	Warnings                  []string   `json:"warnings"`
}

type box struct {
	Number          int       `json:"number"`
	Title           string    `json:"title"`
	Summary         string    `json:"summary"`
	Sections        []section `json:"sections"`
	Statements      []int     `json:"statements"`
	Links           []link    `json:"links"`
	Recommendations []int     `json:"recommendations"`
}

type section struct {
	Title           string `json:"title"`
	Audience        string `json:"audience"`
	Recommendations []item `json:"recommendations"`
}

type item struct {
	Text        string   `json:"text"`
	Items       []item   `json:"items"`
	Obligations []string `json:"obligations"`
}

type link struct {
	Box     int    `json:"box"`
	Section string `json:"section"`
}

type recommendation struct {
	Number int      `json:"number"`
	Text   string   `json:"text"`
	Actors []string `json:"actors"`
}

type statement struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Text   string `json:"text"`
}

type actor struct {
	Name            string `json:"name"`
	Recommendations []int  `json:"recommendations"`
}

type term struct {
	Term        string   `json:"term"`
	Definition  string   `json:"definition"`
	SameAs      []string `json:"same_as"`
	Obligations []string `json:"obligations"`
}

type pointer struct {
	Box  int    `json:"box"`
	Text string `json:"text"`
}

type reader struct {
	ID              string   `json:"id"`
	Label           string   `json:"label"`
	Group           string   `json:"group"`
	Description     string   `json:"description"`
	Recommendations []int    `json:"recommendations"`
	Boxes           []int    `json:"boxes"`
	Advice          []advice `json:"advice"`
}

type advice struct {
	Text string `json:"text"`
	Box  int    `json:"box"`
}

type obligation struct{ id, box, recommendation, force string }

func decode(t *testing.T, name string, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func loadPathway(t *testing.T) pathway {
	t.Helper()
	var p pathway
	decode(t, "pathway.json", Pathway, &p)
	return p
}

func loadReaders(t *testing.T) []reader {
	t.Helper()
	var r []reader
	decode(t, "readers.json", Readers, &r)
	return r
}

func loadObligations(t *testing.T) map[string]obligation {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(Obligations)).ReadAll()
	if err != nil {
		t.Fatalf("obligations.csv: %v", err)
	}
	want := []string{"id", "box", "recommendation", "force", "actor", "obligation", "software_support", "class"}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Fatalf("obligations.csv: header (-want +got):\n%s", diff)
	}
	all := map[string]obligation{}
	for _, r := range rows[1:] {
		if _, twice := all[r[0]]; twice {
			t.Errorf("obligations.csv: %s stands there twice", r[0])
		}
		all[r[0]] = obligation{id: r[0], box: r[1], recommendation: r[2], force: r[3]}
	}
	return all
}

// walk visits every item of a section, parents before children.
func walk(items []item, visit func(item)) {
	for _, it := range items {
		visit(it)
		walk(it.Items, visit)
	}
}

func TestTheTableHasAllObligations(t *testing.T) {
	if got := len(loadObligations(t)); got != 241 {
		t.Errorf("got %d obligations, want 241", got)
	}
}

func TestEachObligationOfABoxStandsBehindOneItem(t *testing.T) {
	all := loadObligations(t)
	seen := map[string]int{}
	for _, b := range loadPathway(t).Boxes {
		for i, s := range b.Sections {
			walk(s.Recommendations, func(it item) {
				for _, id := range it.Obligations {
					seen[id]++
					o, known := all[id]
					switch {
					case !known:
						t.Errorf("box %d names %s, which is not in the table", b.Number, id)
					case o.box != fmt.Sprint(b.Number):
						t.Errorf("box %d names %s, which belongs to box %s", b.Number, id, o.box)
					case o.force == "refer":
						// A pointer to other guidance comes from no recommendation.
					case o.recommendation != fmt.Sprint(b.Recommendations[i]):
						t.Errorf("%s comes from recommendation %s but stands in %q of box %d", id, o.recommendation, s.Title, b.Number)
					}
				}
			})
		}
	}
	for id := range all {
		if strings.HasPrefix(id, "B") && seen[id] != 1 {
			t.Errorf("%s stands behind %d items, want 1", id, seen[id])
		}
	}
}

func TestGlossaryAndResponsibilityNameTheirObligations(t *testing.T) {
	all, p := loadObligations(t), loadPathway(t)
	seen := map[string]bool{}
	note := func(where, prefix string, ids []string) {
		for _, id := range ids {
			if _, known := all[id]; !known || !strings.HasPrefix(id, prefix) {
				t.Errorf("%s names %s, which is no %s obligation of the table", where, id, prefix)
			}
			seen[id] = true
		}
	}
	for _, g := range p.Glossary {
		note(g.Term, "G", g.Obligations)
	}
	if len(p.ResponsibilityObligations) != len(p.Responsibility) {
		t.Fatalf("%d responsibility notes have %d lists of obligations", len(p.Responsibility), len(p.ResponsibilityObligations))
	}
	for i, ids := range p.ResponsibilityObligations {
		note(fmt.Sprintf("responsibility note %d", i+1), "R", ids)
	}
	for id := range all {
		if !strings.HasPrefix(id, "B") && !seen[id] {
			t.Errorf("no term and no note names %s", id)
		}
	}
}

func TestEachItemKeepsTheStrengthOfItsObligation(t *testing.T) {
	all := loadObligations(t)
	marks := map[string]string{
		"must": "You must ", "may": " may ", "could": " could ", "should not": "Do not ",
		"think about": "think about ", "explore": "Explore ", "refer": "use the national guidance",
	}
	for _, b := range loadPathway(t).Boxes {
		for _, s := range b.Sections {
			var check func(items []item, under string)
			check = func(items []item, under string) {
				for _, it := range items {
					for _, id := range it.Obligations {
						force := all[id].force
						if force == "should" {
							if !strings.Contains(under+it.Text, "you should") {
								t.Errorf("%s: nothing above %q says that you should", id, it.Text)
							}
							if regexp.MustCompile(`(?i)\byou (must|may|could|can)\b|\bthink about\b`).MatchString(it.Text) {
								t.Errorf("%s: %q changes the strength of a should", id, it.Text)
							}
						} else if !strings.Contains(strings.ToLower(it.Text), strings.ToLower(marks[force])) {
							t.Errorf("%s is a %q, and %q does not say so", id, force, it.Text)
						}
					}
					check(it.Items, under+it.Text)
				}
			}
			check(s.Recommendations, s.Audience)
		}
	}
}

func TestThePathwayHasTheBoxesOfTheGuideline(t *testing.T) {
	type row struct {
		Sections, Recommendations, Statements []int
		Links                                 []string
	}
	// Sections holds the number of sub-headings; a box of one piece has none.
	want := map[int]row{
		1: {}, 13: {},
		2:  {[]int{0}, []int{1}, nil, []string{"6.1", "7.2"}},
		3:  {[]int{0}, []int{2}, nil, nil},
		4:  {[]int{0}, []int{3}, nil, []string{"2"}},
		5:  {[]int{0}, []int{14}, []int{4}, []string{"2", "3", "4", "6.1"}},
		6:  {[]int{2}, []int{4, 7}, []int{3, 4}, nil},
		7:  {[]int{2}, []int{5, 9}, []int{3, 4}, nil},
		8:  {[]int{0}, []int{6}, []int{1, 3, 4}, []string{"6.1"}},
		9:  {[]int{2}, []int{8, 12}, []int{3}, []string{"10", "6.1"}},
		10: {[]int{0}, []int{13}, nil, nil},
		11: {[]int{0}, []int{10}, []int{3, 4}, nil},
		12: {[]int{0}, []int{11}, nil, nil},
		14: {[]int{2}, []int{15, 17}, []int{2}, nil},
		15: {[]int{0}, []int{16}, nil, nil},
		16: {[]int{0}, nil, nil, nil},
	}
	p := loadPathway(t)
	if len(p.Boxes) != 16 {
		t.Fatalf("got %d boxes, want 16", len(p.Boxes))
	}
	for i, b := range p.Boxes {
		if b.Number != i+1 {
			t.Errorf("box %d stands in place %d", b.Number, i+1)
		}
		if b.Title == "" || b.Summary == "" {
			t.Errorf("box %d lacks a title or a summary", b.Number)
		}
		got := row{Recommendations: b.Recommendations, Statements: b.Statements}
		if len(b.Sections) > 0 {
			named := 0
			for _, s := range b.Sections {
				if s.Title != "" {
					named++
				}
			}
			if named != 0 && named != len(b.Sections) || named == 0 && len(b.Sections) > 1 {
				t.Errorf("box %d has sections without a sub-heading among others", b.Number)
			}
			got.Sections = []int{named}
		}
		for _, l := range b.Links {
			got.Links = append(got.Links, resolve(t, p, b, l))
		}
		if diff := cmp.Diff(fmt.Sprint(want[b.Number]), fmt.Sprint(got)); diff != "" {
			t.Errorf("box %d: sections, recommendations, statements, links (-want +got):\n%s", b.Number, diff)
		}
	}
	for _, pt := range p.Pointers {
		if pt.Box < 1 || pt.Box > 16 {
			t.Errorf("a pointer names box %d", pt.Box)
		}
	}
}

// resolve turns a link into "box" or "box.place of its section", and fails when
// it leads nowhere.
func resolve(t *testing.T, p pathway, from box, l link) string {
	t.Helper()
	if l.Box < 1 || l.Box > len(p.Boxes) || l.Box == from.Number {
		t.Fatalf("box %d links to box %d", from.Number, l.Box)
	}
	if l.Section == "" {
		return fmt.Sprint(l.Box)
	}
	for i, s := range p.Boxes[l.Box-1].Sections {
		if s.Title == l.Section {
			return fmt.Sprintf("%d.%d", l.Box, i+1)
		}
	}
	t.Errorf("box %d links to %q, which box %d does not have", from.Number, l.Section, l.Box)
	return "nowhere"
}

func TestStatementsAndRecommendationsAreComplete(t *testing.T) {
	p := loadPathway(t)
	if len(p.Statements) != 4 || len(p.Recommendations) != 17 || len(p.Actors) != 8 {
		t.Fatalf("got %d statements, %d recommendations, %d groups; want 4, 17, 8",
			len(p.Statements), len(p.Recommendations), len(p.Actors))
	}
	for i, s := range p.Statements {
		if s.Number != i+1 || s.Title == "" || s.Text == "" {
			t.Errorf("statement in place %d: %+v", i+1, s)
		}
	}
	for i, r := range p.Recommendations {
		if r.Number != i+1 || r.Text == "" || len(r.Actors) == 0 {
			t.Errorf("recommendation in place %d: %+v", i+1, r)
		}
	}
	want := [][]int{
		{16},
		{15, 17},
		{1, 2, 3, 12, 13, 14},
		{10, 11},
		{1, 3, 4, 7, 9, 11, 12, 13, 14, 15, 16, 17},
		{5, 6, 15, 17},
		{5, 7, 8, 9, 10, 11, 13, 16},
		{6, 8, 12, 13},
	}
	for i, a := range p.Actors {
		if diff := cmp.Diff(want[i], a.Recommendations); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.Name, diff)
		}
	}
}

func TestTheGlossaryHoldsTogether(t *testing.T) {
	p := loadPathway(t)
	if len(p.Glossary) != 32 {
		t.Errorf("got %d terms, want 32", len(p.Glossary))
	}
	same := map[string][]string{}
	ids := map[string][]string{}
	for _, g := range p.Glossary {
		if _, twice := same[g.Term]; twice {
			t.Errorf("%q stands there twice", g.Term)
		}
		if g.Definition == "" {
			t.Errorf("%q has no definition", g.Term)
		}
		same[g.Term], ids[g.Term] = g.SameAs, g.Obligations
	}
	for name, others := range same {
		for _, other := range others {
			if !slices.Contains(same[other], name) {
				t.Errorf("%q says it is the same as %q, which does not say so", name, other)
			}
			if diff := cmp.Diff(ids[name], ids[other]); diff != "" {
				t.Errorf("%q and %q are the same but name different obligations:\n%s", name, other, diff)
			}
		}
	}
	for _, pair := range [][2]string{
		{"disclose", "disclosure"},
		{"forced marriage", "forced marriages"},
		{"refuge", "refuges"},
		{"IDVAs", "independent domestic violence advisers"},
		{"'honour' violence", "'honour'-based violence"},
		{"multi-agency risk assessment conference", "multi-agency risk assessment conferences"},
	} {
		if !slices.Contains(same[pair[0]], pair[1]) {
			t.Errorf("%q and %q are not linked", pair[0], pair[1])
		}
	}
}

func TestReaders(t *testing.T) {
	p, readers := loadPathway(t), loadReaders(t)
	boxesOf := func(recs []int) []int {
		boxes := []int{}
		for _, b := range p.Boxes {
			if slices.ContainsFunc(b.Recommendations, func(r int) bool { return slices.Contains(recs, r) }) {
				boxes = append(boxes, b.Number)
			}
		}
		return boxes
	}
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	ids := map[string]bool{}
	var summary []actor
	named := map[int][]string{}
	groups := map[string]int{}
	for _, r := range readers {
		groups[r.Group]++
		if ids[r.ID] || !slug.MatchString(r.ID) {
			t.Errorf("id %q stands there twice or is not fit for an address", r.ID)
		}
		ids[r.ID] = true
		if r.Label == "" || !strings.HasSuffix(r.Description, ".") {
			t.Errorf("%s lacks a label or a description in whole sentences", r.ID)
		}
		if r.Group == "personal" {
			boxes := []int{}
			for _, a := range r.Advice {
				if a.Box != 0 && !slices.Contains(boxes, a.Box) {
					boxes = append(boxes, a.Box)
				}
			}
			slices.Sort(boxes)
			if diff := cmp.Diff(boxes, r.Boxes); diff != "" {
				t.Errorf("%s: boxes are not those of its advice (-want +got):\n%s", r.ID, diff)
			}
			continue
		}
		if diff := cmp.Diff(boxesOf(r.Recommendations), r.Boxes); diff != "" {
			t.Errorf("%s: boxes do not follow from its recommendations (-want +got):\n%s", r.ID, diff)
		}
		if r.Group == "work" {
			summary = append(summary, actor{r.Label, r.Recommendations})
		}
		if r.Group == "detail" {
			for _, n := range r.Recommendations {
				named[n] = append(named[n], r.Label)
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"work": 8, "personal": 4, "detail": 25}, groups); diff != "" {
		t.Errorf("kinds of reader by group (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(p.Actors, summary); diff != "" {
		t.Errorf("the work kinds are not the summary table (-summary +readers):\n%s", diff)
	}
	for _, r := range p.Recommendations {
		if diff := cmp.Diff(r.Actors, named[r.Number]); diff != "" {
			t.Errorf("recommendation %d: actors are not those of the detail kinds (-pathway +readers):\n%s", r.Number, diff)
		}
	}
}
