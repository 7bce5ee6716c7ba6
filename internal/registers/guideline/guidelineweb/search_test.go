package guidelineweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web/webtest"
)

func TestSearchAnswersOnThePageItself(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	a := b.Get("/pathway/search").OK(t).Click(t, "Go on to the search").OK(t).FillAndSubmit(t, map[string]string{"words": "Automatic acknowledg"}).OK(t)
	if a.Header.Get("Location") != "" {
		t.Errorf("it leads to %s", a.Header.Get("Location"))
	}
	if got := a.One(t, "#results").Text(); got != "1 result" {
		t.Errorf("%s", got)
	}
	if got := a.Select("main ol a").Attrs("href"); !slices.Equal(got, []string{"/pathway/6#B6.31"}) {
		t.Errorf("it leads to %q", got)
	}
	if got := a.Select("main mark").Texts(); !slices.Equal(got, []string{"acknowledges", "automatic"}) {
		t.Errorf("what is marked is %q", got)
	}
	if got := a.One(t, "input[name=words]"); got.Attr("value") != "Automatic acknowledg" || got.Attr("autocomplete") != "off" {
		t.Errorf("what was typed came back as %q", got.Attr("value"))
	}
	for _, address := range append(a.Select("[href]").Attrs("href"), a.Select("[action]").Attrs("action")...) {
		if strings.Contains(strings.ToLower(address), "automatic") {
			t.Errorf("the address %s holds what was typed", address)
		}
	}
}

// Before the form a page says how to leave, what leaving does not do, whether what is typed is kept,
// and how to come back (S12). Whoever is signed in hides the screen instead and gets the form at once.
func TestAPageInterruptsBeforeTheSearch(t *testing.T) {
	s := open(t)
	before := s.Anyone(t).Get("/pathway/search").OK(t)
	if got := before.Heading(); got != "Before you go on: how to leave this site quickly" {
		t.Errorf("the heading is %q", got)
	}
	before.Says(t, "three ways", "press “Exit this page”", "press the Shift key three times", "second link that the Tab key reaches",
		"What you typed here is not kept, and you would type it again.",
		"Leaving does not remove pages from the history of your device", "To come back")
	if n := len(before.Select("main form")) + len(before.Select("main input")); n > 0 {
		t.Error("the page that interrupts has a form")
	}
	if len(before.Select(`main a[href="/safety"]`)) == 0 {
		t.Error("it does not lead to the page about using the site safely")
	}
	form := before.Click(t, "Go on to the search").OK(t)
	form.One(t, `form[action="/pathway/search"] input[name=words]`)

	worker := s.As(t, webtest.Person{Name: "Ada Fictional", Roles: []policy.Role{policy.Practitioner}})
	worker.Get("/pathway/search").OK(t).One(t, `form[action="/pathway/search"] input[name=words]`)
	s.Anyone(t).Get("/pathway/search").OK(t).Says(t, "three ways")
}

// No form that anybody can use, apart from signing in, is reached without a page that interrupts: every
// link to one comes from such a page or from the answer to the form.
func TestNoPublicFormIsReachedWithoutAnInterruption(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	interrupts := func(a *webtest.Answer) bool { return len(a.Select(".govuk-panel--interruption")) > 0 }
	asks := map[string]bool{}
	for _, path := range s.paths() {
		if len(b.Get(path).OK(t).Select("main form")) > 0 {
			asks[path] = true
		}
	}
	if !asks["/pathway/search/words"] || !asks["/pathway/question"] {
		t.Fatalf("the pages with a form are %v", asks)
	}
	for _, path := range s.paths() {
		a := b.Get(path)
		for _, l := range a.Links() {
			to, _, _ := strings.Cut(l.Href, "#")
			if asks[to] && to != path && !interrupts(a) {
				t.Errorf("%s leads to the form at %s, and nothing interrupts", path, to)
			}
		}
	}
}

func TestSearchWithoutAWordSaysSoNextToTheField(t *testing.T) {
	s := open(t)
	for _, typed := range []string{"", "   ", "?!", "\x00"} {
		s.Anyone(t).Post("/pathway/search", url.Values{"words": {typed}}).Is(t, http.StatusUnprocessableEntity).
			Invalid(t, "words").Says(t, "Enter a word to look for")
	}
}

func TestSearchThatFindsNothingHelpsOn(t *testing.T) {
	s := open(t)
	a := s.Anyone(t).Post("/pathway/search", url.Values{"words": {"zeppelin <b>"}}).OK(t)
	a.Says(t, "Nothing found", "check the spelling", "glossary")
	if len(a.Select("main b")) > 0 {
		t.Error("what was typed became part of the page")
	}
}

func TestSearchSaysWhichTextItFound(t *testing.T) {
	s := open(t)
	s.importOfficial(t, officialFiles(t)...)
	a := s.Anyone(t).Post("/pathway/search", url.Values{"words": {"allotments"}}).OK(t)
	a.Says(t, "Box, official text")
	if got := a.Select("main ol a").Attrs("href"); !slices.Contains(got, "/pathway/1#official-text") {
		t.Errorf("it leads to %q", got)
	}
	many := s.Anyone(t).Post("/pathway/search", url.Values{"words": {"a"}}).OK(t)
	if n := len(many.Select("main ol > li")); n != 50 {
		t.Errorf("%d results are shown at once", n)
	}
	many.Says(t, "The first 50 of")
}
