package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

// An advocate finds a person in the evening, by the beginnings of two names, by a
// number and by a date of birth, and looks before opening a second case. S5, S18
// and S20.
func TestAnAdvocateFindsAPerson(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":         {},
		"without JavaScript":      {NoScript: true},
		"keys on a small screen":  {Keys: true, Width: 320, Height: 640},
		"keys without JavaScript": {Keys: true, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			p := s.arrives(t, "sam.advocate", reader)
			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Group("Date of birth").Fill("Day", "27")
			p.Group("Date of birth").Fill("Month", "3")
			p.Group("Date of birth").Fill("Year", "1991")
			p.Click("Open the case")
			file := path(p)
			p.Goto(file + "/contact")
			p.Group("Mobile phone").Select("May it be used?", "Safe to use")
			p.Group("Mobile phone").Fill("Number, address or person", "07700 900123")
			p.Click("Record, checked today")

			p.Goto("/home")
			p.Fill("Find a case or a person", "exam ma")
			p.Click("Find a case or a person")
			p.See("1 found", "Looked for by a name", "Maya Example", "27 March 1991", "The case is about them", "Sam Rill")
			keepsFinding(p, "found")
			if path(p) != "/cases/find" {
				t.Errorf("the answer stands at %s", path(p))
			}

			p.Goto("/cases/find")
			p.Fill("Whom or what are you looking for?", "+44 7700 900123")
			p.In("main").Click("Find")
			p.See("1 found", "Looked for by a telephone number", "Maya Example")
			p.Fill("Whom or what are you looking for?", "Maja")
			p.In("main").Click("Find")
			p.See("Nothing found", "look at the spelling")
			keepsFinding(p, "nothing")
			p.Goto("/cases/find")
			p.In("main").Click("Find")
			p.See("There is a problem", "Enter a name")
			keepsFinding(p, "errors")
			p.Goto("/cases/find")
			p.Group("Date of birth, if you know it").Fill("Day", "27")
			p.Group("Date of birth, if you know it").Fill("Month", "3")
			p.Group("Date of birth, if you know it").Fill("Year", "1991")
			p.In("main").Click("Find")
			p.See("1 found", "Looked for by a date of birth")
			p.Click("Case 1")
			p.See("Maya Example")

			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Click("Open the case")
			p.See("You may know this person already", "Case 1")
			keepsFinding(p, "alike")
			p.Click("Open a new case all the same")
			p.See("The case is open", "Case 2")
		})
	}
}

func keepsFinding(p *harness.Page, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "find/"+name)
}
