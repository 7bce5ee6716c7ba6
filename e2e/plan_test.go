package e2e

import (
	"strings"
	"testing"
	"time"

	"waymark/e2e/harness"
)

// day fills the three boxes of a day.
func day(p *harness.Page, legend string, on time.Time) {
	g := p.Group(legend)
	g.Fill("Day", on.Format("2"))
	g.Fill("Month", on.Format("1"))
	g.Fill("Year", on.Format("2006"))
}

// From a plan made with the person to a change, the look it asks for, and a card
// that tells nobody anything: B10.5, G11, B5.14.
func TestASafetyPlanInTheBrowser(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":                 {},
		"without JavaScript":              {NoScript: true},
		"with keys, on a small telephone": {Keys: true, Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			p := s.arrives(t, "sam.advocate", reader)
			checks := []harness.Check{harness.Axe, harness.Reflow, outline}
			if reader.NoScript || reader.Keys {
				checks = checks[1:] // axe is a script; what it says of the menu button at 320 px is of every page
			}
			p.Goto("/cases/new")
			p.Fill("First name", "Linnet")
			p.Fill("Last name", "Marlow")
			p.ClickOn("main form button[type=submit]")
			p.See("There is no safety plan on this case")
			file := path(p)

			p.Click("Make a safety plan")
			p.See("Make a safety plan", "Warning signs", "Kept apart: places and code word")
			p.Fill("What they are afraid of, and when", "On Fridays, when he has been out.")
			p.Fill("What they notice before it begins", "He goes quiet.")
			p.Fill("Code word", "bluebell")
			p.Fill("What may stand on a card, line by line", "Library 01632 960417\nLinnet, Tuesday")
			p.Choose("Together with the person")
			p.Choose("A small card that tells nobody anything")
			day(p, "On which day at the latest?", time.Now().AddDate(0, 1, 0))
			p.ClickOn("main form > button:last-of-type")
			p.See("There is a problem", "Write who was there")
			p.Keeps(checks...)
			if got := p.Value("What they are afraid of, and when"); got != "On Fridays, when he has been out." {
				t.Errorf("%q came back", got)
			}
			p.Fill("Who was there?", "Nobody else")
			p.ClickOn("main form > button:last-of-type")
			p.See("The plan is recorded as a new version", "He goes quiet.", "A small card that tells nobody anything")
			p.DontSee("bluebell")
			p.Keeps(checks...)
			pictured(p, "plan/plan")

			p.Click("Show what is kept apart")
			p.See("bluebell", "That you looked at this is recorded")
			p.Keeps(checks...)

			p.Goto(file + "/plan").Click("Print the card")
			if title := p.Title(); title != "Notes" {
				t.Errorf("the card is called %q", title)
			}
			p.See("Library 01632 960417", "1 line is left out")
			p.DontSee("Linnet", "bluebell", "Fridays", "Waymark", "Northgate")
			pictured(p, "plan/card")
			p.SavePDF("plan/card")
			p.Click("Back")
			p.See("A small card was printed")

			p.Goto(file).Click("Something has changed")
			p.Select("What has changed, or will?", "The person who harms is released")
			day(p, "On which day?", time.Now())
			p.Click("Record the change")
			p.See("The change is in the chronology", "What asks for another look")
			p.Goto(file).See("Review the safety plan")
			p.Keeps(checks...)
			pictured(p, "plan/case")
			p.In("section[aria-labelledby='safety-plan']").Click("Review the safety plan")
			p.See("It is still right", "The person who harms is released")
			p.Keeps(checks...)
			p.Fill("Why is it still right?", "Gone through it by telephone; he is not to come near the street.")
			day(p, "When is it to be looked at again?", time.Now().AddDate(0, 2, 0))
			p.Click("Record that it is still right")
			p.See("The plan was looked at and is still right", "Looked at, and still right")
			p.Goto(file)
			if strings.Contains(p.Text(), "Review the safety plan") {
				t.Error("the case still asks for a look")
			}
			goesTo(p.Goto("/home"), "Inbox")
			p.DontSee("Review the safety plan")
			p.Goto("/plans").See("Other plans", "Case ")
			p.Keeps(checks...)
		})
	}
}
