package e2e

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// roles are those with a card on the demo's page.
func roles(t *testing.T, s *harness.Server) []string {
	t.Helper()
	p := harness.Open(t, harness.Options{Base: s.URL})
	p.Goto("/demo")
	var out []string
	for _, text := range harness.Evaluate[[]string](p, `[...document.querySelectorAll("main form button")].map(b => b.textContent.trim().replace(/\s+/g, " "))`) {
		if role, found := strings.CutPrefix(text, "Sign in as "); found {
			out = append(out, role)
		}
	}
	if len(out) < 10 {
		t.Fatalf("the demo's page has the cards %q", out)
	}
	return out
}

// shortName is a role as the name of a picture.
func shortName(role string) string { return strings.ReplaceAll(strings.ToLower(role), " ", "-") }

// outline says what is wrong with the headings of a page: one of the first
// level, none empty, no level left out on the way down.
func outline(p *harness.Page) []string {
	return harness.Evaluate[[]string](p, `(() => {
		const problems = [], shown = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(h => h.checkVisibility());
		const first = shown.filter(h => h.tagName === "H1").length;
		if (first !== 1) problems.push(first + " headings of the first level");
		let last = 0;
		for (const h of shown) {
			const level = Number(h.tagName[1]), words = h.textContent.trim();
			if (!words) problems.push("an empty " + h.tagName);
			if (level > last + 1 && last > 0) problems.push("from level " + last + " to " + level + ": " + words);
			last = level;
		}
		return problems;
	})()`)
}

// every is what must hold of each page, of whoever and whatever is on it.
var every = []harness.Check{harness.Axe, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet, outline}

// navigation are the pages that the header leads to.
func navigation(p *harness.Page) []string {
	return harness.Evaluate[[]string](p, `[...document.querySelectorAll("header a[href], nav a[href]")]
		.map(a => a.getAttribute("href")).filter(h => h.startsWith("/"))`)
}

// Rule S29: with the keyboard alone from each role card to one's work and on to
// the first page that it offers, then every page of the navigation.
func TestEveryRoleCard(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	for _, role := range roles(t, s) {
		t.Run(role, func(t *testing.T) {
			p := harness.Open(t, harness.Options{Base: s.URL})
			p.Goto("/demo")
			tabTo(t, p, `e.textContent.trim().replace(/\s+/g, " ") === "Sign in as `+role+`"`)
			p.Press("Enter")
			p.AwaitURL("/home")
			p.Keeps(harness.Keyboard)
			tabTo(t, p, `e.matches("main a[href]")`)
			to := harness.Evaluate[string](p, "document.activeElement.getAttribute('href')")
			p.Press("Enter")
			p.AwaitURL(to)
			p.Keeps(harness.Keyboard)

			pictured(p.Goto("/home"), "cards/"+shortName(role))
			seen := map[string]bool{"/exit": true}
			for _, path := range append([]string{"/home", to}, navigation(p)...) {
				if seen[path] {
					continue
				}
				seen[path] = true
				p.Goto(path)
				if p.Status() != 200 {
					t.Errorf("%s answers %d", path, p.Status())
				}
				p.Keeps(every...)
			}
			if len(seen) < 4 {
				t.Errorf("the navigation is %v", seen)
			}
		})
	}
}

// tabTo presses Tab until what has the focus, e, is such.
func tabTo(t *testing.T, p *harness.Page, such string) {
	t.Helper()
	const most = 300
	for range most {
		p.Press("Tab")
		if harness.Evaluate[bool](p, "(e => !!e && e !== document.body && ("+such+"))(document.activeElement)") {
			return
		}
	}
	t.Fatalf("Tab never comes to %s on %s", such, p.Path())
}

// soaking says whether tests take their full size.
func soaking() bool { return os.Getenv("WAYMARK_SOAK") != "" }

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]+`)

// kind is what a page has in common with others: its address without what tells
// which record it shows.
func kind(path string) string {
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	var asked []string
	for name, values := range u.Query() {
		if name == "show" || name == "box" {
			name += "=" + values[0]
		}
		asked = append(asked, name)
	}
	slices.Sort(asked)
	return anyID.ReplaceAllString(u.Path, "…") + "?" + strings.Join(asked, "&")
}

// alike is how many pages of a kind each reader opens.
const alike = 1

// saves tells whether an address answers with a file to be saved, and is no page.
func saves(p *harness.Page, path string) bool {
	return harness.Evaluate[bool](p, "fetch("+strconv.Quote(path)+").then(a => (a.headers.get('Content-Disposition') || '').startsWith('attachment'))")
}

// crawled are the pages that links lead to from the page that is open, and on.
func crawled(p *harness.Page) []string {
	queue, seen, opened := []string{p.Path()}, map[string]bool{}, map[string]int{}
	origin := strings.TrimSuffix(p.URL(), p.Path())
	var out []string
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if opened[kind(path)] >= alike {
			continue
		}
		opened[kind(path)]++
		if saves(p, path) {
			continue
		}
		out = append(out, path)
		for _, href := range p.Goto(path).Links() {
			to, own := strings.CutPrefix(href, origin)
			to, _, _ = strings.Cut(to, "#")
			if own && to != "/exit" && !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	return out
}

// Rule S29 at its full size: every page that links lead each role card to, and
// the public, at both ends of S11, with and without JavaScript.
func TestEveryPageOfEveryRoleCard(t *testing.T) {
	if !soaking() {
		t.Skip("WAYMARK_SOAK=1 walks every page; TestEveryRoleCard walks the navigation")
	}
	s := harness.Demo(t).Serve("--demo")
	for _, role := range append([]string{"the public"}, roles(t, s)...) {
		t.Run(role, func(t *testing.T) {
			enter := func(o harness.Options) *harness.Page {
				o.Base = s.URL
				if role == "the public" {
					return harness.Open(t, o).Goto("/")
				}
				return comesIn(t, harness.Open(t, o), role).page
			}
			pages := crawled(enter(harness.Options{}))
			if len(pages) < 15 {
				t.Errorf("links lead to %q only", pages)
			}
			for name, o := range map[string]harness.Options{
				"1280":                    {},
				"320":                     {Width: 320, Height: 640},
				"1280 without JavaScript": {NoScript: true},
				"320 without JavaScript":  {NoScript: true, Width: 320, Height: 640},
			} {
				t.Run(name, func(t *testing.T) {
					p := enter(o)
					for _, path := range pages {
						p.Goto(path)
						p.Keeps(every...)
						p.Keeps(harness.Keyboard)
						reports(t, path, wayOut(p))
					}
				})
			}
		})
	}
}
