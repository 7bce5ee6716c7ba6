package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

// An advocate writes a letter: by post it is refused until that is known to be
// safe, by hand it is asked whether they can hold it, and what leaves is a page
// by itself. S13, S16.
func TestAnAdvocateWritesALetter(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			p := s.arrives(t, "sam.advocate", reader)
			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Click("Open the case")
			p.Click("Letters and messages")
			keepsLetters(p, "list")
			p.Click("A time to meet, By post")
			p.See("It may not go this way", "Nobody has recorded that this way is safe")
			keepsLetters(p, "refused")

			p.Click("Letters")
			p.Click("In your own words, By hand, when they come")
			p.Fill("Subject", "Your safety plan")
			p.Fill("Text", "Dear Maya, Monday at ten.")
			p.Click("Keep it in the case")
			p.See("others can read the subject", "Ask whether it is safe for them to hold it")
			keepsLetters(p, "errors")
			p.Fill("Subject", "Your time on Monday")
			p.Choose("They said that it is safe for them to have it with them")
			p.Click("See what they get")
			p.See("This is what they get")
			p.Click("Keep it in the case")
			p.See("It has not left yet")
			keepsLetters(p, "kept")
			p.Click("Show it for printing")
			p.See("Your time on Monday", "Dear Maya, Monday at ten.")
			p.DontSee("Waymark", "Northgate")
			p.Keeps(harness.Axe, harness.Reflow, harness.TaggedPDF)
			pictured(p, "letters/sheet")
			p.Click("Back")
			p.Choose("It was handed over")
			p.Click("Record")
			p.See("Sent or handed over")
		})
	}
}

func keepsLetters(p *harness.Page, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "letters/"+name)
}
