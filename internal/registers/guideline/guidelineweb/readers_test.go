package guidelineweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/guideline"
)

func TestEveryKindOfReaderCanBeChosen(t *testing.T) {
	s := open(t)
	b := s.Anyone(t)
	a := b.Get("/pathway/readers").OK(t)
	hrefs := a.Select("main a[href]").Attrs("href")
	if a.One(t, `main a[href="/pathway/before"]`).Text() == "" || len(a.Select("input[type=radio]")) > 0 {
		t.Error("the personal question is asked without the page before it")
	}
	// Before the first question a page says how to leave, what leaving does not do,
	// whether the answer is kept, and how to come back (S12).
	before := b.Get("/pathway/before").OK(t)
	before.Says(t, "three ways", "Exit this page", "press the Shift key three times", "What you chose here is not kept",
		"Leaving does not remove pages from the history of your device", "To come back")
	if len(before.Select("main form")) > 0 {
		t.Error("the page that interrupts has a form")
	}
	a = before.Click(t, "Go on to the question").OK(t)
	values := a.Select("input[type=radio]").Attrs("value")
	for _, r := range s.own.Readers {
		byLink, byRadio := slices.Contains(hrefs, "/pathway/readers/"+r.ID), slices.Contains(values, r.ID)
		if byLink == r.Personal() || byRadio != r.Personal() {
			t.Errorf("%s: a link %v, a radio button %v", r.ID, byLink, byRadio)
		}
	}
	if len(a.Select("input[type=radio][checked]")) > 0 {
		t.Error("a choice is made before anybody chose")
	}
}

func TestAReaderSeesWhatConcernsThemFirstAndEverythingElseAsWell(t *testing.T) {
	s := open(t)
	for _, r := range s.own.Readers {
		if r.Personal() {
			continue
		}
		a := s.Anyone(t).Get("/pathway/readers/" + r.ID).OK(t)
		if a.Heading() != words(r.Label) {
			t.Errorf("%s: the heading is %q", r.ID, a.Heading())
		}
		text := a.Text()
		for _, n := range r.Recommendations {
			if !strings.Contains(text, "Recommendation "+strconv.Itoa(n)+": "+words(s.own.Recommendation(n).Text)) {
				t.Errorf("%s: recommendation %d is not shown", r.ID, n)
			}
		}
		for _, n := range r.Boxes {
			b := s.own.Box(n)
			sections := s.own.SectionsFor(b, r.Recommendations)
			if len(sections) == 0 {
				t.Errorf("%s: box %d states none of their recommendations", r.ID, n)
			}
			for _, section := range sections {
				for i := range section.Items {
					for it := range section.Items[i].All() {
						if !strings.Contains(text, words(it.Text)) {
							t.Errorf("%s: %q of box %d is not shown", r.ID, it.Text, n)
						}
					}
				}
			}
		}
		steps := a.Select("ol.app-steps > li")
		if len(steps) != len(s.own.Boxes) {
			t.Errorf("%s: %d boxes are shown", r.ID, len(steps))
		}
		for i, step := range steps {
			if marked := strings.Contains(step.Text(), "For you"); marked != slices.Contains(r.Boxes, s.own.Boxes[i].Number) {
				t.Errorf("%s: box %d is marked: %v", r.ID, s.own.Boxes[i].Number, marked)
			}
		}
		saysSafety(t, s, r, a)
	}
}

// Nobody's page leaves a safety step out.
func saysSafety(t *testing.T, s *site, r guideline.Reader, a *webtest.Answer) {
	t.Helper()
	for _, step := range s.own.SafetySteps() {
		if !strings.Contains(a.Text(), words(step.Text)) {
			t.Errorf("%s: the safety step %s is not shown", r.ID, step.ID)
		}
	}
	a.Says(t, "999")
}

func TestAPersonalChoiceIsAnsweredWithThePageItself(t *testing.T) {
	s := open(t)
	for _, r := range s.own.ReadersIn(guideline.ReaderPersonal) {
		b := s.Anyone(t)
		a := b.Get("/pathway/question").Form(t, `form[action="/pathway/readers"]`).Set("reader", r.ID).Submit().OK(t)
		if a.Header.Get("Location") != "" || a.Header.Get("Set-Cookie") != "" || len(b.Cookies()) > 0 {
			t.Errorf("%s: the choice leaves the headers %v", r.ID, a.Header)
		}
		if a.Heading() != words(r.Label) || a.Title() != "Information for you – Local Services" {
			t.Errorf("%s: the heading is %q and the title %q", r.ID, a.Heading(), a.Title())
		}
		for _, advice := range r.Advice {
			if !strings.Contains(a.Text(), words(advice.Text)) {
				t.Errorf("%s is not told %q", r.ID, advice.Text)
			}
		}
		for _, address := range append(a.Select("[href]").Attrs("href"), a.Select("[action]").Attrs("action")...) {
			if strings.Contains(address, r.ID) {
				t.Errorf("%s: the address %s says who is reading", r.ID, address)
			}
		}
		saysSafety(t, s, r, a)
		a.Form(t, `form[action="/pathway/readers"]`).Set("reader", "people-who-harm").Submit().OK(t)
	}
}

func TestNoChoiceIsAskedForAgain(t *testing.T) {
	s := open(t)
	for _, form := range []url.Values{{}, {"reader": {""}}, {"reader": {"nobody"}}, {"reader": {"gps"}}} {
		s.Anyone(t).Post("/pathway/readers", form).Is(t, http.StatusUnprocessableEntity).Invalid(t, "reader").
			Says(t, "Choose who you are reading for")
	}
}
