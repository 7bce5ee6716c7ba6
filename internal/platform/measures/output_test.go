package measures_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// nine people visit the hall and two the attic; eight of them borrow.
func library(t *testing.T) *world {
	w := newWorld(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now))
	for i := range 11 {
		person, record, room := fmt.Sprint("p", i), fmt.Sprint("r", i), "hall"
		if i >= 9 {
			room = "attic"
		}
		w.mustEmit(visit("north", person, record, "2026-03-02", true, room))
		if i < 8 {
			w.mustEmit(loan("north", person, record, "2026-03-02", 2))
		}
	}
	return w
}

func (w *world) written(exact bool, write func(io.Writer, []measures.Result) error) string {
	w.t.Helper()
	results, err := w.Count(w.t.Context(), operator, measures.Query{IDs: []string{"borrowers", "spoken"}, Period: march, Exact: exact})
	if err != nil {
		w.t.Fatal(err)
	}
	var b bytes.Buffer
	if err := write(&b, results); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func TestTheTableForTheTerminal(t *testing.T) {
	w := library(t)
	got := w.written(false, measures.WriteTable)
	lines := strings.Split(got, "\n")
	var fields [][]string
	for _, l := range lines[2:7] {
		fields = append(fields, strings.Fields(l))
	}
	if diff := gocmp.Diff([][]string{
		{"MEASURE", "PEOPLE", "OF", "CONTACTS", "OF", "SHARE"},
		{"borrowers", "10", "10", "10", "10", "100%", "of", "people"},
		{"The", "hall", "10", "10", "10", "10", "100%", "of", "people"},
		{"attic", "0", "[c]", "0", "[c]", "[c]"},
		{"spoken", "0", "10", "0", "10", "0%", "of", "contacts"},
	}, fields); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{
		"1 March 2026 to 31 March 2026", measures.MarkMeaning, "rounded to the nearest 5",
		"New visitors who borrow (NICE's own measure)", "Of: New visitors", "Note: Two weeks is our reading.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	exact := w.written(true, measures.WriteTable)
	if !strings.Contains(exact, "73% of people") || strings.Contains(exact, measures.Mark) || strings.Contains(exact, "rounded") {
		t.Errorf("exact figures:\n%s", exact)
	}
}

func TestJSONHasNumbersAndNullForWhatIsHidden(t *testing.T) {
	w := library(t)
	var got struct {
		Measures []struct {
			ID, Title, Unit, Rule string
			NICE, Exact           bool
			Period                measures.Period
			Numerator             struct{ Persons, Contacts *int }
			Denominator           struct{ Persons, Contacts *int }
			Percent               *int
			Suppressed            bool
			Parts                 []struct {
				Part        string
				Denominator struct{ Persons, Contacts *int }
				Percent     *int
				Suppressed  bool
			}
		}
	}
	if err := json.Unmarshal([]byte(w.written(false, measures.WriteJSON)), &got); err != nil {
		t.Fatal(err)
	}
	m := got.Measures[0]
	if m.ID != "borrowers" || !m.NICE || m.Exact || m.Period != march || m.Suppressed || *m.Numerator.Persons != 10 || *m.Percent != 100 || m.Rule == "" {
		t.Errorf("%+v", m)
	}
	attic := m.Parts[1]
	if attic.Part != "attic" || attic.Denominator.Persons != nil || attic.Percent != nil || !attic.Suppressed {
		t.Errorf("%+v", attic)
	}
	if err := json.Unmarshal([]byte(w.written(true, measures.WriteJSON)), &got); err != nil {
		t.Fatal(err)
	}
	if m := got.Measures[0]; !m.Exact || *m.Denominator.Contacts != 11 || *m.Numerator.Contacts != 8 || *m.Percent != 73 {
		t.Errorf("exact: %+v", m)
	}
}

func TestJSONOfNothingIsAnEmptyList(t *testing.T) {
	var b bytes.Buffer
	if err := measures.WriteJSON(&b, nil); err != nil || !strings.Contains(b.String(), `"measures": []`) {
		t.Errorf("%s, %v", b.String(), err)
	}
	b.Reset()
	if err := measures.WriteTable(&b, nil); err != nil || b.Len() == 0 {
		t.Errorf("%s, %v", b.String(), err)
	}
}

func TestCSVIsOneTable(t *testing.T) {
	w := library(t)
	lines, err := csv.NewReader(strings.NewReader(w.written(false, measures.WriteCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		got = append(got, strings.Join(append(append([]string{l[0]}, l[2:6]...), l[8:14]...), "|"))
	}
	want := []string{
		"measure|official|part|from|to|people counted|people in all|contacts counted|contacts in all|unit|percent",
		"borrowers|yes||2026-03-01|2026-03-31|10|10|10|10|people|100",
		"borrowers|yes|The hall|2026-03-01|2026-03-31|10|10|10|10|people|100",
		"borrowers|yes|attic|2026-03-01|2026-03-31|0|[c]|0|[c]|people|[c]",
		"spoken|no||2026-03-01|2026-03-31|0|10|0|10|contacts|0",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNoCellOfACSVIsAFormula(t *testing.T) {
	list := indicators(t)[:1]
	for i, first := range []string{"=", "+", "-", "@", "\t", "\r"} {
		list[0].Title = first + "SUM(A1)"
		w := newWorld(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now), list...)
		results, err := w.Count(t.Context(), operator, measures.Query{Period: march})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := measures.WriteCSV(&b, results); err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(&b).ReadAll()
		if err != nil || !strings.HasPrefix(lines[1][1], "'") {
			t.Errorf("%d: %q, %v", i, lines[1][1], err)
		}
	}
}
