package guidelineweb_test

import (
	"regexp"
	"strings"
	"testing"

	"waymark/internal/platform/web/webtest"
)

// The start page is what the Back button shows after somebody has left in a hurry.
func TestTheStartPageNamesNoTopicAnywhere(t *testing.T) {
	a := open(t).Anyone(t).Get("/").OK(t)
	if word := webtest.TopicWord(a.Document().Text()); word != "" {
		t.Errorf("it says %q", word)
	}
	if word := regexp.MustCompile(`(?i)harm|hurt|threat|abus`).FindString(a.Text()); word != "" {
		t.Errorf("it says %q", word)
	}
	for _, to := range []string{"/pathway", "/pathway/readers", "/pathway/search", "/sign-in", "/safety"} {
		if len(a.Select(`main a[href="`+to+`"]`)) == 0 {
			t.Errorf("it does not lead to %s", to)
		}
	}
	a.Says(t, "999")
}

func TestTheSafetyPageSaysHowToLeaveAndWhatThatCannotDo(t *testing.T) {
	a := open(t).Anyone(t).Get("/safety").OK(t)
	a.Says(t,
		"Press “Exit this page”.", "Press the Shift key three times.", "Press the Tab key at the top of the page",
		"It does not remove the pages that you visited from the history of your device.",
		"It does not stop software that watches what you do.",
		"Removing all of it at once can be noticed",
		"Neither helps if there is software on the device that watches what you do.",
		"Women's Aid", "Refuge", "National Cyber Security Centre")
	for _, l := range a.Links() {
		if strings.Contains(l.Href, "://") {
			t.Errorf("%q leads to another site, whose pages have no way out", l.Text)
		}
	}
}

// No text claims that history is hidden, erased or covered (S12).
func TestNothingPromisesThatHistoryIsHidden(t *testing.T) {
	s := open(t)
	claim := regexp.MustCompile(`(?i)\b(hides?|hidden|erases?|erased|deletes?|deleted|clears?|cleared|covers?|covered|removes?|removed)\b[^.]{0,60}\b(history|tracks|traces|visit)`)
	denied := regexp.MustCompile(`(?i)does not|cannot|you can remove|nothing`)
	for _, path := range s.paths() {
		for _, sentence := range strings.SplitAfter(s.Anyone(t).Get(path).Text(), ".") {
			if claim.MatchString(sentence) && !denied.MatchString(sentence) {
				t.Errorf("%s says %q", path, strings.TrimSpace(sentence))
			}
		}
	}
}

func TestTheStatementsSayWhomToTurnTo(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/accessibility", "/privacy"} {
		s.Anyone(t).Get(path).OK(t).Says(t, "Tell the organisation that gave you the address of this site.")
	}
	s.pages.Contact = "Write to the Northmoor partnership, 1 Example Street."
	for _, path := range []string{"/accessibility", "/privacy"} {
		s.Anyone(t).Get(path).OK(t).Says(t, s.pages.Contact)
	}
}
