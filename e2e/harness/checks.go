package harness

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

var (
	//go:embed axe/axe.min.js
	axeScript string

	//go:embed checks.js
	checkScript string
)

// Check is a rule that every page must keep: it returns what is wrong, one sentence each. It leaves
// the page as it found it.
type Check func(p *Page) []string

// Keeps fails the test for everything that the checks find.
func (p *Page) Keeps(checks ...Check) {
	p.t.Helper()
	for _, check := range checks {
		for _, problem := range check(p) {
			p.errorf("%s", problem)
		}
	}
}

// Everything is what every page must keep, public or not. Public pages keep NothingStored too.
var Everything = []Check{Axe, Keyboard, Reflow, OwnOrigin, NoWrites, Quiet, TaggedPDF}

// Axe runs axe-core with the rules of WCAG 2.0 to 2.2, A and AA (S29).
func Axe(p *Page) []string {
	p.t.Helper()
	if p.opts.NoScript {
		// The page has loaded without its scripts; axe is none of them.
		p.script(true)
		defer p.script(false)
	}
	if _, err := run[chromedp.Void](p, "if (!window.axe) {"+axeScript+"}"); err != nil {
		p.fatalf("axe does not load: %v", err)
	}
	type violation struct {
		ID    string   `json:"id"`
		Help  string   `json:"help"`
		Nodes []string `json:"nodes"`
	}
	found := Evaluate[[]violation](p, `axe.run(document, {
		resultTypes: ['violations'],
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
	}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.target.join(' '))})))`)
	var problems []string
	for _, v := range found {
		problems = append(problems, fmt.Sprintf("axe %s: %s: %s", v.ID, v.Help, strings.Join(v.Nodes, "; ")))
	}
	return problems
}

// Reflow says whether the page scrolls sideways in a window of 320 px, or with the reader's text twice
// its size in the page's own window (S29).
func Reflow(p *Page) []string {
	p.t.Helper()
	var problems []string
	note := func(when string, found []string) {
		for _, f := range found {
			problems = append(problems, when+": "+f)
		}
	}

	p.resize(320, p.opts.Height)
	note("at 320 px", measure[[]string](p, "overflow"))
	p.resize(p.opts.Width, p.opts.Height)

	type sizes struct {
		Mean  float64 `json:"mean"`
		Count int     `json:"count"`
	}
	before := measure[sizes](p, "textSizes")
	measure[bool](p, "enlarge", 2)
	after := measure[sizes](p, "textSizes")
	note("with text at 200 %", measure[[]string](p, "overflow"))
	measure[bool](p, "enlarge", 1)
	if before.Count > 0 && after.Mean < 1.5*before.Mean {
		problems = append(problems, fmt.Sprintf("with text at 200 %%: the text only grows from %.1f to %.1f px: it does not follow the reader's size",
			before.Mean, after.Mean))
	}
	return problems
}

// OwnOrigin says what the page asked of another origin since it was opened (S1).
func OwnOrigin(p *Page) []string {
	requests, _, _ := p.w.snapshot()
	own := p.w.origin()
	var problems []string
	for _, r := range requests {
		if strings.HasPrefix(r.URL, "data:") || strings.HasPrefix(r.URL, "blob:") || strings.HasPrefix(r.URL, "about:") {
			continue
		}
		if originOf(r.URL) != own {
			problems = append(problems, fmt.Sprintf("a request to another origin: %s %s (%s)", r.Method, r.URL, r.Type))
		}
	}
	return problems
}

// NoWrites says what the page put into the browser's stores, cookies apart: local and session storage,
// IndexedDB, caches, service workers. What was written and taken away again counts (S3).
func NoWrites(p *Page) []string {
	p.t.Helper()
	if p.opts.NoScript {
		return nil // without scripts there is nothing that could write
	}
	found, err := run[[]string](p, "(() => {"+pageScript+checkScript+"\nreturn stored()})()", chromedp.EvalAwaitPromise)
	if err != nil {
		p.fatalf("what is stored: %v", err)
	}
	// The browser has told of every write before it answered.
	_, _, writes := p.w.snapshot()
	var problems []string
	for _, kept := range append(writes, found...) {
		problems = append(problems, "stored: "+kept)
	}
	return problems
}

// NoCookies says which cookies the reader has (S3, for public pages).
func NoCookies(p *Page) []string {
	p.t.Helper()
	var problems []string
	for _, c := range p.Cookies() {
		problems = append(problems, "cookie: "+c.Name)
	}
	return problems
}

// NothingStored is NoWrites and NoCookies.
func NothingStored(p *Page) []string {
	p.t.Helper()
	return append(NoWrites(p), NoCookies(p)...)
}

// Cookie is a cookie of the reader, as far as tests ask.
type Cookie struct {
	Name             string
	Secure, HTTPOnly bool
	SameSite         string
}

// Cookies are all cookies of the reader.
func (p *Page) Cookies() []Cookie {
	p.t.Helper()
	id := chromedp.FromContext(p.ctx).BrowserContextID
	res, err := chromedp.CallBrowser(p.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: id})
	if err != nil {
		p.fatalf("cookies: %v", err)
	}
	var cookies []Cookie
	for _, c := range res.Cookies {
		cookies = append(cookies, Cookie{Name: c.Name, Secure: c.Secure, HTTPOnly: c.HTTPOnly, SameSite: string(c.SameSite)})
	}
	return cookies
}

// Quiet says what the browser complained of since the page was opened: errors and warnings in the
// console, what the content security policy refused, files that did not load.
func Quiet(p *Page) []string {
	_, noises, _ := p.w.snapshot()
	return noises
}

// TaggedPDF prints the page and says what the file lacks for readers of it: tags, the language and the
// page's own title.
func TaggedPDF(p *Page) []string {
	p.t.Helper()
	pdf := p.PDF()
	var problems []string
	for _, part := range []struct{ mark, name string }{
		{"/StructTreeRoot", "tags"}, {"/MarkInfo", "the mark that it is tagged"}, {"/Lang", "a language"}, {"/Title", "a title"},
	} {
		if !bytes.Contains(pdf, []byte(part.mark)) {
			problems = append(problems, "the printed PDF lacks "+part.name)
		}
	}
	return problems
}

func measure[T any](p *Page, function string, args ...any) T {
	p.t.Helper()
	v, err := evaluateWith[T](p, pageScript+checkScript, function, args...)
	if err != nil {
		p.fatalf("%s: %v", function, err)
	}
	return v
}
