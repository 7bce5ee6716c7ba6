package harness

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed page.js
var pageScript string

// Page is a tab, or after In, Group and Row a part of what it shows. Its methods fail the test when
// something is not there or cannot be used.
type Page struct {
	t    testing.TB
	ctx  context.Context
	opts Options
	w    *watch
	in   []step
}

// step narrows a page to a part of it.
type step struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// In narrows to the one shown element that a selector finds.
func (p *Page) In(selector string) *Page { return p.narrow("css", selector) }

// Group narrows to the group of fields with a legend.
func (p *Page) Group(legend string) *Page { return p.narrow("group", legend) }

// Row narrows to the smallest row of a table or a list, card or section that contains some words.
func (p *Page) Row(words string) *Page { return p.narrow("row", words) }

func (p *Page) narrow(kind, text string) *Page {
	q := *p
	q.in = append(append([]step{}, p.in...), step{kind, text})
	return &q
}

// steps are never null in JSON.
func (p *Page) steps() []step { return append([]step{}, p.in...) }

// answer is what the functions of page.js return; which parts are set depends on the function.
type answer struct {
	Error     string   `json:"error"`
	Text      string   `json:"text"`
	Count     int      `json:"count"`
	There     bool     `json:"there"`
	List      []string `json:"list"`
	X         float64  `json:"x"`
	Y         float64  `json:"y"`
	What      string   `json:"what"`
	Over      string   `json:"over"`
	LeadsAway bool     `json:"leadsAway"`
	Type      string   `json:"type"`
	Checked   bool     `json:"checked"`
}

// ask calls a function of page.js and fails the test if it has an error.
func (p *Page) ask(function string, args ...any) answer {
	p.t.Helper()
	a, err := evaluate[answer](p, function, args...)
	if err != nil {
		p.fatalf("%s: %v", function, err)
	}
	if a.Error != "" {
		p.fatalf("%s", a.Error)
	}
	return a
}

// evaluate calls a function of the harness's own scripts in the page.
func evaluate[T any](p *Page, function string, args ...any) (T, error) {
	return evaluateWith[T](p, pageScript, function, args...)
}

func evaluateWith[T any](p *Page, script, function string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return evaluateIn[T](ctx, script, function, args...)
}

// evaluateIn is evaluateWith under a limit of the caller's: a page that is on its way to another does
// not answer, and may never.
func evaluateIn[T any](ctx context.Context, script, function string, args ...any) (T, error) {
	encoded := make([]string, len(args))
	for i, arg := range args {
		b, err := json.Marshal(arg)
		if err != nil {
			var zero T
			return zero, err
		}
		encoded[i] = string(b)
	}
	expression := fmt.Sprintf("(() => {%s\nreturn %s(%s)})()", script, function, strings.Join(encoded, ", "))
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

func run[T any](p *Page, expression string, options ...chromedp.EvaluateOption) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
}

// quick asks what is only for the message of a failure, of a page that may not answer.
func quick[T any](p *Page, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, 5*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression))
}

// Evaluate runs a script of the test's own in the page, for what the other methods do not say.
func Evaluate[T any](p *Page, expression string) T {
	p.t.Helper()
	v, err := run[T](p, expression, chromedp.EvalAwaitPromise)
	if err != nil {
		p.fatalf("%s: %v", expression, err)
	}
	return v
}

// Goto opens an address and waits until the page has loaded. One that begins with a slash is on the
// page's own origin.
func (p *Page) Goto(address string) *Page {
	p.t.Helper()
	if strings.HasPrefix(address, "/") {
		if p.w.origin() == "" {
			p.t.Fatalf("%s: open a whole address first, or set Options.Base", address)
		}
		address = p.w.origin() + address
	}
	p.w.visit(address)
	before := p.w.count()
	res := call(p, page.Navigate, page.NavigateParams{URL: address})
	if res.ErrorText != "" && res.ErrorText != "net::ERR_ABORTED" {
		p.fatalf("%s: %s", address, res.ErrorText)
	}
	if res.LoaderID != "" { // otherwise it is a part of the same page
		p.awaitLoad(before, address)
	}
	return p
}

// Reload opens the same address again.
func (p *Page) Reload() {
	p.t.Helper()
	before := p.w.count()
	call(p, page.Reload, page.ReloadParams{})
	p.awaitLoad(before, "reload")
}

// Back presses the browser's Back.
func (p *Page) Back() {
	p.t.Helper()
	history := call(p, page.GetNavigationHistory, cdp.Empty{})
	if history.CurrentIndex == 0 {
		p.fatalf("there is nothing to go back to")
	}
	before := p.w.count()
	call(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[history.CurrentIndex-1].ID})
	p.awaitLoad(before, "back")
}

// BackWithin presses the browser's Back where a script shows what was before within the same document,
// and waits for words of that.
func (p *Page) BackWithin(words string) { p.moveWithin(-1, words) }

// ForwardWithin is the way on again after BackWithin.
func (p *Page) ForwardWithin(words string) { p.moveWithin(1, words) }

func (p *Page) moveWithin(by int64, words string) {
	p.t.Helper()
	history := call(p, page.GetNavigationHistory, cdp.Empty{})
	at := history.CurrentIndex + by
	if at < 0 || at >= int64(len(history.Entries)) {
		p.fatalf("there is nothing to go to")
	}
	before := p.w.count()
	call(p, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: history.Entries[at].ID})
	p.Await(words)
	if p.w.count() != before {
		p.fatalf("the document was left")
	}
	p.settle()
}

func (p *Page) awaitLoad(before int, what string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := p.w.awaitLoad(ctx, before); err != nil {
		p.fatalf("%s led to no page: %v", what, err)
	}
}

// Await waits until the page shows some words: for what a script does after the page has loaded.
func (p *Page) Await(words string) {
	p.t.Helper()
	p.until("the page does not come to say "+words, func(ctx context.Context) bool {
		a, err := evaluateIn[answer](ctx, pageScript, "textOf", p.steps())
		return err == nil && strings.Contains(normal(a.Text), normal(words))
	})
}

// AwaitValue waits until the field with a label says some words: for what others wrote.
func (p *Page) AwaitValue(label, words string) {
	p.t.Helper()
	p.until("the field "+label+" does not come to say "+words, func(ctx context.Context) bool {
		a, err := evaluateIn[answer](ctx, pageScript, "valueOf", p.steps(), label)
		return err == nil && strings.Contains(normal(a.Text), normal(words))
	})
}

// AwaitURL waits until the address contains a text and its page has loaded.
func (p *Page) AwaitURL(part string) {
	p.t.Helper()
	p.until("the address does not come to have "+part, func(ctx context.Context) bool {
		u, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.readyState === 'complete' ? document.URL : ''"))
		return err == nil && strings.Contains(u, part)
	})
}

// until asks again until something is so. It paces the questions and measures nothing. A question that
// was on its way when the page changed may be lost, so none is waited for long.
func (p *Page) until(otherwise string, so func(ctx context.Context) bool) {
	p.t.Helper()
	all, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	for {
		once, done := context.WithTimeout(all, 2*time.Second)
		yes := so(once)
		done()
		switch {
		case yes:
			return
		case all.Err() != nil:
			p.fatalf("%s", otherwise)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// URL is the address of the page.
func (p *Page) URL() string {
	p.t.Helper()
	u, err := run[string](p, "document.URL")
	if err != nil {
		p.t.Fatalf("the page's address: %v", err)
	}
	return u
}

// Path is the address without the origin.
func (p *Page) Path() string {
	p.t.Helper()
	u, err := url.Parse(p.URL())
	if err != nil {
		p.fatalf("%v", err)
	}
	return u.RequestURI()
}

// Title is the title of the page.
func (p *Page) Title() string {
	p.t.Helper()
	return Evaluate[string](p, "document.title")
}

// Status is the code that the page was answered with.
func (p *Page) Status() int {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.w.doc.status
}

// Header is a header of the page's answer.
func (p *Page) Header(name string) string {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	return p.w.doc.headers[strings.ToLower(name)]
}

// Text is what the page, or the part of it, shows.
func (p *Page) Text() string {
	p.t.Helper()
	return p.ask("textOf", p.steps()).Text
}

// See fails the test unless the page shows each of the words.
func (p *Page) See(words ...string) {
	p.t.Helper()
	text := normal(p.Text())
	for _, w := range words {
		if !strings.Contains(text, normal(w)) {
			p.errorf("the page does not say %q", w)
		}
	}
}

// DontSee fails the test if the page shows any of the words.
func (p *Page) DontSee(words ...string) {
	p.t.Helper()
	text := normal(p.Text())
	for _, w := range words {
		if strings.Contains(text, normal(w)) {
			p.errorf("the page says %q", w)
		}
	}
}

// Count is the number of shown elements that a selector finds.
func (p *Page) Count(selector string) int {
	p.t.Helper()
	return p.ask("countOf", p.steps(), selector).Count
}

// Attribute is an attribute of the one element that a selector finds, and whether it is there.
func (p *Page) Attribute(selector, name string) (string, bool) {
	p.t.Helper()
	a := p.ask("attributeOf", p.steps(), selector, name)
	return a.Text, a.There
}

// Links are the addresses of the links, in order.
func (p *Page) Links() []string {
	p.t.Helper()
	return p.ask("linksOf", p.steps()).List
}

// Tell gives the scripts of the page a function tell(text), and Told returns what it was given: for
// what a page becomes while it is on its way to another and the browser answers no questions about it.
func (p *Page) Tell() {
	p.t.Helper()
	call(p, runtime.AddBinding, runtime.AddBindingParams{Name: "tell"})
}

// Told waits until the page has told something, and returns all it has told, in order.
func (p *Page) Told() []string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		p.w.mu.Lock()
		told, changed := slices.Clone(p.w.told), p.w.changed
		p.w.mu.Unlock()
		if len(told) > 0 {
			return told
		}
		select {
		case <-changed:
		case <-ctx.Done():
			p.fatalf("the page has told nothing")
		}
	}
}

// Requests are what the page has asked for since it was opened, redirects and other pages included.
func (p *Page) Requests() []Request {
	requests, _, _ := p.w.snapshot()
	return requests
}

func normal(s string) string { return strings.Join(strings.Fields(s), " ") }

func (p *Page) errorf(format string, args ...any) {
	p.t.Helper()
	p.t.Errorf("%s: %s", p.where(), fmt.Sprintf(format, args...))
}

func (p *Page) fatalf(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s: %s\n%s", p.where(), fmt.Sprintf(format, args...), p.glance())
}

func (p *Page) where() string {
	u, err := quick[string](p, "document.URL")
	if err != nil {
		return "a page that does not answer"
	}
	return u
}

// glance is the beginning of what the page shows, for the message of a failure.
func (p *Page) glance() string {
	text, err := quick[string](p, "document.body ? document.body.innerText : ''")
	if err != nil {
		return ""
	}
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			if n++; n > 40 {
				b.WriteString("    | …\n")
				break
			}
			b.WriteString("    | " + line + "\n")
		}
	}
	return b.String()
}
