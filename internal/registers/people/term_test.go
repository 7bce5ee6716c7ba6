package people_test

import (
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/registers/people"
)

// What was typed is understood as what it looks like.
func TestASearchIsUnderstood(t *testing.T) {
	for _, c := range []struct {
		text, born string
		by         people.By
		birth      string
		field      string // of the fault
	}{
		{text: "Sam Jo", by: people.ByName},
		{text: "  O’Brien-Łukasz ", by: people.ByName},
		{text: "Sam 27/3/1991", by: people.ByName, birth: "1991-03-27"},
		{text: "27 03 1991", by: people.ByBirth, birth: "1991-03-27"},
		{text: "01/02/1991", by: people.ByBirth, birth: "1991-02-01"},
		{text: "05 06 1985", by: people.ByBirth, birth: "1985-06-05"},
		{text: "1991-03-27", by: people.ByBirth, birth: "1991-03-27"},
		{text: "", born: "1991-03-27", by: people.ByBirth, birth: "1991-03-27"},
		{text: "Sam", born: "1991", by: people.ByName, birth: "1991"},
		{text: "07700 900123", by: people.ByPhone},
		{text: "+44 (0)7700 900-123", by: people.ByPhone},
		{text: "00 353 1 496 0001", by: people.ByPhone},
		{text: "a.b@example.org", by: people.ByEmail},
		{text: "ze1 0aa", by: people.ByPostcode},
		{text: "ZE10AA", by: people.ByPostcode},
		{text: "ZE1", by: people.ByName},
		{text: "", field: "q"},
		{text: "'-", field: "q"},
		{text: "", born: "1991", field: "born"},
		{text: "Sam 31/2/1991", field: "q"},
		{text: "Sam 27/3/1991", born: "1990", field: "born"},
		{text: "Sam", born: "yesterday", field: "born"},
		{text: "@", field: "q"},
	} {
		term, errs := people.ParseTerm(c.text, c.born)
		switch {
		case c.field != "":
			if !errs.Has(c.field) {
				t.Errorf("%q %q: %v", c.text, c.born, errs)
			}
		case errs.Any() || term.By != c.by || term.Born != c.birth:
			t.Errorf("%q %q is by %s, born %q, %v", c.text, c.born, term.By, term.Born, errs)
		}
	}
}

// Nothing that is typed is a fault of the program, and what is understood is
// looked for by something.
func TestAnythingMayBeTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		term, errs := people.ParseTerm(rapid.String().Draw(t, "text"), rapid.StringMatching(`[0-9-]{0,10}`).Draw(t, "born"))
		if !errs.Any() && term.By == "" {
			t.Error("it is looked for by nothing, and nothing is wrong")
		}
		term.Narrow()
	})
}
