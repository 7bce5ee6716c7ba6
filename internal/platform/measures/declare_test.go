package measures_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/measures"
)

// The words of these tests are about a library, because the package must not
// know what it counts.
const kindsJSON = `{"kinds": [
	{"kind": "visit", "meaning": "Somebody came.", "person": true, "dimensions": [
		{"name": "room", "type": "word", "meaning": "Where.", "values": [{"value": "hall", "label": "The hall"}]},
		{"name": "new", "type": "bool", "meaning": "For the first time."}]},
	{"kind": "loan", "meaning": "Somebody took a book.", "person": true, "dimensions": [
		{"name": "room", "type": "word", "meaning": "Where."},
		{"name": "new", "type": "bool", "meaning": "A new book."},
		{"name": "weeks", "type": "int", "meaning": "For how long."}]},
	{"kind": "talk", "meaning": "Somebody spoke to them.", "person": true, "dimensions": [
		{"name": "weeks", "type": "choice", "meaning": "Another kind's number is a word here.",
			"values": [{"value": "few", "label": "A few"}, {"value": "many", "label": "Many"}]}]},
	{"kind": "opened", "meaning": "The doors were opened.", "person": false, "dimensions": []}
]}`

const indicatorsJSON = `{"indicators": [
	{"id": "borrowers", "title": "New visitors who borrow", "nice": true, "unit": "persons",
		"denominator": {"words": "New visitors", "facts": [{"kind": "visit", "where": [{"dimension": "new", "is": true}]}]},
		"numerator": {"words": "who borrow for two weeks or more at that visit",
			"facts": {"kind": "loan", "where": [{"dimension": "weeks", "at_least": 2}]}, "link": "source"},
		"by": "room", "note": "Two weeks is our reading.", "boxes": [3, 4], "obligations": ["B4.16"]},
	{"id": "spoken", "title": "Spoken to", "nice": false, "unit": "contacts",
		"denominator": {"words": "Visits and loans", "facts": [{"kind": "visit"}, {"kind": "loan", "where": [{"dimension": "room", "is": "hall"}]}]},
		"numerator": {"words": "followed by a long talk",
			"facts": {"kind": "talk", "where": [{"dimension": "weeks", "is": "many"}]}, "link": "person"},
		"boxes": [4]}
]}`

func kinds(t testing.TB) []measures.Kind {
	t.Helper()
	out, err := measures.ParseKinds([]byte(kindsJSON))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func indicators(t testing.TB) []measures.Indicator {
	t.Helper()
	out, err := measures.ParseIndicators([]byte(indicatorsJSON))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func registry(t testing.TB, list ...measures.Indicator) *measures.Registry {
	t.Helper()
	if len(list) == 0 {
		list = indicators(t)
	}
	r, err := measures.NewRegistry(summer, kinds(t), list)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// summer is a zone an hour ahead of UTC.
var summer = time.FixedZone("BST", 3600)

func TestDeclarationsAreFoundByIdAndByBox(t *testing.T) {
	r := registry(t)
	in, ok := r.Indicator("spoken")
	if !ok || in.Title != "Spoken to" || in.Denominator.Facts[1].Where[0].Is != "hall" {
		t.Errorf("got %+v, %t", in, ok)
	}
	if _, ok := r.Indicator("quiet"); ok {
		t.Error("an indicator nobody declared was found")
	}
	var ids []string
	for _, box := range []int{3, 4, 5} {
		for _, in := range r.ForBox(box) {
			ids = append(ids, in.ID)
		}
	}
	if diff := cmp.Diff([]string{"borrowers", "borrowers", "spoken"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestADeclarationSurvivesBeingWrittenAndRead(t *testing.T) {
	list := indicators(t)
	raw, err := json.Marshal(map[string]any{"indicators": list})
	if err != nil {
		t.Fatal(err)
	}
	again, err := measures.ParseIndicators(raw)
	if diff := cmp.Diff(list, again); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestFaultyDeclarationsAreRefused(t *testing.T) {
	for _, c := range []struct {
		what     string
		from, to string // a change of one of the two texts
		want     string
	}{
		{"an id twice", `"id": "spoken"`, `"id": "borrowers"`, "declared twice"},
		{"a kind twice", `"kind": "talk", "meaning"`, `"kind": "loan", "meaning"`, "kind loan is declared twice"},
		{"a kind nobody declared", `{"kind": "visit"}`, `{"kind": "visits"}`, `no kind "visits"`},
		{"a kind that is not about people", `{"kind": "visit"}`, `{"kind": "opened"}`, "not about people"},
		{"two denominators in one", `{"kind": "visit"}, {"kind": "loan", "where"`, `{"kind": "visit"}, {"kind": "visit", "where"`, "mix two denominators"},
		{"one wording for two denominators", `"words": "Visits and loans"`, `"words": "New visitors"`, "counts other facts"},
		{"no words", `"words": "Visits and loans"`, `"words": ""`, "needs an id, a title and words"},
		{"no denominator", `"facts": [{"kind": "visit"}, {"kind": "loan", "where": [{"dimension": "room", "is": "hall"}]}]`, `"facts": []`, "has no denominator"},
		{"a unit that is none", `"unit": "contacts"`, `"unit": "pages"`, `"pages" is not a unit`},
		{"a link that is none", `"link": "person"`, `"link": "chance"`, `"chance" is not a link`},
		{"a dimension the kind lacks", `{"dimension": "weeks", "is": "many"}`, `{"dimension": "years", "is": "many"}`, `no dimension "years"`},
		{"a value the choice lacks", `"is": "many"`, `"is": "none"`, `no value "none"`},
		{"a truth compared with a text", `{"dimension": "new", "is": true}`, `{"dimension": "new", "is": "yes"}`, "is a text, not a bool"},
		{"a truth compared with a number", `{"dimension": "new", "is": true}`, `{"dimension": "new", "is": 1}`, "not a bool"},
		{"the least of a word", `{"dimension": "weeks", "is": "many"}`, `{"dimension": "weeks", "at_least": 1}`, "has no least"},
		{"a condition that says nothing", `{"dimension": "weeks", "at_least": 2}`, `{"dimension": "weeks"}`, "needs one of is and at_least"},
		{"two conditions on one dimension", `{"dimension": "weeks", "at_least": 2}`, `{"dimension": "weeks", "at_least": 2}, {"dimension": "weeks", "is": 3}`, "two conditions"},
		{"a breakdown the denominator lacks", `"by": "room"`, `"by": "weeks"`, "no dimension weeks to be shown by"},
		{"a box that is none", `"boxes": [4]`, `"boxes": [0]`, "0 is not a box"},
		{"a kind without a meaning", `"Somebody came."`, `""`, "does not say what it means"},
		{"a name that is none", `{"name": "room", "type": "word", "meaning": "Where."}`, `{"name": "Room 1", "type": "word", "meaning": "Where."}`, "not the name of a dimension"},
		{"a type that is none", `"type": "int"`, `"type": "float"`, `has the type "float"`},
		{"a choice of nothing", `[{"value": "few", "label": "A few"}, {"value": "many", "label": "Many"}]`, `[]`, "nothing to choose from"},
		{"a value without a label", `"label": "A few"`, `"label": ""`, "with a label"},
	} {
		t.Run(c.what, func(t *testing.T) {
			both := kindsJSON + "\x00" + indicatorsJSON
			if !strings.Contains(both, c.from) {
				t.Fatalf("nothing to change: %s", c.from)
			}
			k, in, _ := strings.Cut(strings.Replace(both, c.from, c.to, 1), "\x00")
			kinds, err := measures.ParseKinds([]byte(k))
			if err != nil {
				t.Fatal(err)
			}
			list, err := measures.ParseIndicators([]byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = measures.NewRegistry(summer, kinds, list); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q in it", err, c.want)
			}
		})
	}
	if _, err := measures.NewRegistry(nil, nil, nil); err == nil {
		t.Error("a registry without a time zone was made")
	}
}

func TestASlipOfThePenInAFileIsRefused(t *testing.T) {
	for _, text := range []string{
		`{"indicators": [{"id": "a", "tilte": "b"}]}`,
		`{"indicators": []} {}`,
		`{"indicators": [{"denominator": {"facts": [{"kind": "visit", "where": [{"dimension": "new", "is": [1]}]}]}}]}`,
		`{"indicators": [{"denominator": {"facts": [{"kind": "visit", "where": [{"dimension": "new", "at_most": 1}]}]}}]}`,
		`[]`, ``,
	} {
		if _, err := measures.ParseIndicators([]byte(text)); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
	if _, err := measures.ParseKinds([]byte(`{"kinds": [{"kinds": "visit"}]}`)); err == nil {
		t.Error("a kind with an unknown field was accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(kindsJSON, indicatorsJSON)
	f.Add(`{"kinds": [{"kind": "a", "dimensions": [{}]}]}`, `{"indicators": [{"denominator": {"facts": [{}]}}]}`)
	f.Add(`{}`, `{"indicators": [{"by": "x", "numerator": {"facts": {"where": [{"is": null}]}}}]}`)
	f.Fuzz(func(t *testing.T, k, in string) {
		kinds, err := measures.ParseKinds([]byte(k))
		if err != nil {
			return
		}
		list, err := measures.ParseIndicators([]byte(in))
		if err != nil {
			return
		}
		if r, err := measures.NewRegistry(summer, kinds, list); err == nil && len(r.Indicators()) != len(list) {
			t.Errorf("%d of %d indicators", len(r.Indicators()), len(list))
		}
	})
}

func TestAPeriodIsTwoDaysInOrder(t *testing.T) {
	p, err := measures.ParsePeriod("2026-01-01", "2026-03-31")
	if err != nil || p.Label() != "1 January 2026 to 31 March 2026" {
		t.Errorf("%s, %v", p.Label(), err)
	}
	for _, bad := range [][2]string{
		{"2026-02-01", "2026-01-31"},
		{"2026-02-30", "2026-03-01"},
		{"", "2026-01-01"},
		{"2026-1-1", "2026-03-01"},
		{"2026-01-01T00:00", "2026-03-01"},
		{"20260101", "20260301"},
	} {
		if _, err := measures.ParsePeriod(bad[0], bad[1]); err == nil {
			t.Errorf("%q is a period", bad)
		}
	}
}

func TestAYearEndsOnTheDayWhereTheDeploymentIs(t *testing.T) {
	r := registry(t)
	late := time.Date(2026, time.March, 1, 23, 30, 0, 0, time.UTC)
	want := measures.Period{From: "2025-03-03", To: "2026-03-02"}
	if got := r.YearTo(late); got != want {
		t.Errorf("got %v", got)
	}
	if got := r.Day(late); got != "2026-03-02" {
		t.Errorf("got %v", got)
	}
}
