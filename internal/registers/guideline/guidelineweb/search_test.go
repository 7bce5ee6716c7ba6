package guidelineweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestSearchAnswersOnThePageItself(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	a := b.Get("/pathway/search").OK(t).FillAndSubmit(t, map[string]string{"words": "Automatic acknowledg"}).OK(t)
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
