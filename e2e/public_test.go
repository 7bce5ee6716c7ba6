package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/e2e/harness"
)

// publicPages are what anybody may read, one of each kind.
var publicPages = []string{
	"/", "/pathway", "/pathway/1", "/pathway/6", "/pathway/8", "/pathway/14", "/pathway/glossary", "/pathway/statements",
	"/pathway/recommendations", "/pathway/obligations", "/pathway/readers", "/pathway/before", "/pathway/question", "/pathway/search", "/pathway/search/words", "/safety", "/privacy",
	"/accessibility", "/sign-in", "/demo", "/nowhere",
}

// turnedPages are looked at from right to left too: one of each layout.
var turnedPages = []string{"/", "/pathway", "/pathway/8", "/pathway/glossary", "/pathway/readers", "/sign-in", "/demo"}

// Rules S1, S3, S7, S11, S29, S30, in both directions.
func TestPublicPages(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	for dir, paths := range map[string][]string{"ltr": publicPages, "rtl": turnedPages} {
		t.Run(dir, func(t *testing.T) {
			p := harness.Open(t, harness.Options{Base: s.URL, Dir: dir})
			for _, path := range paths {
				p.Goto(path)
				checks := append([]harness.Check{harness.NoCookies}, harness.Everything...)
				if path == "/nowhere" {
					checks = []harness.Check{harness.NoCookies, harness.Axe, harness.Keyboard, harness.Reflow}
				}
				p.Keeps(checks...)
				if n := p.Count(".govuk-exit-this-page"); n != 1 {
					t.Errorf("%s: %d Exit controls", path, n)
				}
			}
			p.Goto("/pathway").Screenshot("public/pathway-" + dir)
			p.Goto("/pathway/8").Screenshot("public/box-" + dir)
		})
	}
}

// neutralSite is the site that the Exit control leads to.
type neutralSite struct {
	*httptest.Server
	mu       sync.Mutex
	referers []string
}

func newNeutralSite(t *testing.T) *neutralSite {
	t.Helper()
	n := &neutralSite{}
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if r.URL.Path == "/" { // its own icon is asked for with its own address
			n.referers = append(n.referers, r.Referer())
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>Weather</title><h1>Weather today</h1>`))
	}))
	t.Cleanup(n.Close)
	return n
}

// Rules S8, S9, S10.
func TestLeaving(t *testing.T) {
	weather := newNeutralSite(t)
	s := harness.Demo(t).Serve("--demo", "--exit-url", weather.URL)

	t.Run("a press blanks the page before the answer is there", func(t *testing.T) {
		p := harness.Open(t, harness.Options{Base: s.URL})
		p.Goto("/pathway/8")
		// While the way out is held back the page cannot be asked, so it tells
		// by itself, in an address that leads nowhere, what it has become.
		harness.Evaluate[bool](p, `document.addEventListener("click", () => setTimeout(() =>
			fetch("/assets/seen-" + document.title + "-" + document.querySelector("main").checkVisibility({visibilityProperty: true})), 25)) || true`)
		release := p.Hold("/exit")
		p.In(".govuk-exit-this-page").Tap("Exit this page")
		time.AfterFunc(2*time.Second, release)
		p.Await("Weather today")
		told := false
		for _, r := range p.Requests() {
			told = told || strings.HasSuffix(r.URL, "/assets/seen-Loading-false")
		}
		if !told {
			t.Errorf("the page was still there: %v", p.Requests())
		}
		p.Back()
		p.DontSee("Ask about abuse")
	})
	t.Run("three presses of Shift", func(t *testing.T) {
		p := harness.Open(t, harness.Options{Base: s.URL})
		p.Goto("/pathway/8")
		p.Press("Shift", "Shift", "Shift")
		p.Await("Weather today")
	})
	t.Run("typed capitals never leave", func(t *testing.T) {
		p := harness.Open(t, harness.Options{Base: s.URL})
		p.Goto("/sign-in").Fill("User name", "ABC DEF")
		p.See("Sign in")
	})
	t.Run("without a script it is a link", func(t *testing.T) {
		p := harness.Open(t, harness.Options{Base: s.URL, NoScript: true})
		p.Goto("/pathway")
		p.In(".govuk-exit-this-page").Click("Exit this page")
		p.See("Weather today")
	})
	t.Run("a session ends, and nothing of it comes back", func(t *testing.T) {
		p := harness.Open(t, harness.Options{Base: s.URL})
		p.Goto("/demo").Click("Sign in as Midwife")
		p.See("Your work")
		p.Goto("/exit")
		p.See("Weather today")
		p.Goto(s.URL + "/home").See("Sign in")
		p.DontSee("Your work")
	})
	weather.mu.Lock()
	defer weather.mu.Unlock()
	for _, r := range weather.referers {
		if r != "" {
			t.Errorf("the other site learnt of %s", r)
		}
	}
	if strings.Contains(s.Output(), "exit") {
		t.Errorf("leaving was logged:\n%s", s.Output())
	}
}

// The address of a search holds nothing of what was searched for (S5), and a
// kind of reader that says something about oneself is nowhere in an address.
func TestSearchingLeavesNoTrace(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	for _, noScript := range []bool{false, true} {
		p := harness.Open(t, harness.Options{Base: s.URL, NoScript: noScript})
		p.Goto("/pathway/search")
		p.In("main").Click("Go on to the search")
		p.Fill("What are you looking for?", "interpreter")
		p.In("main").Click("Search")
		p.See("interpreter")
		if strings.Contains(p.URL(), "interpreter") {
			t.Errorf("the address is %s", p.URL())
		}
		if strings.Contains(s.Output(), "interpreter") {
			t.Error("what was searched for is in the log")
		}
	}
}
