package webtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Answer is what came back from the site.
type Answer struct {
	Status int
	Header http.Header
	Body   string
	// Queries is how many SQL statements it took.
	Queries int
	// Reads is how many of them return rows.
	Reads int

	browser *Browser
	method  string
	path    string
	doc     *html.Node
}

// Document is the page; without elements when the answer is not a page.
func (a *Answer) Document() Node {
	if a.doc == nil {
		a.doc = &html.Node{Type: html.DocumentNode}
		if a.isPage() {
			// The browser has no JavaScript: what is in noscript is there.
			doc, err := html.ParseWithOptions(strings.NewReader(a.Body), html.ParseOptionEnableScripting(false))
			if err == nil {
				a.doc = doc
			}
		}
	}
	return Node{a.doc}
}

func (a *Answer) isPage() bool {
	return strings.HasPrefix(a.Header.Get("Content-Type"), "text/html")
}

// Select returns the elements of the page that match a selector: tag, #id,
// .class, [attr], [attr=v], [attr^=v], [attr$=v], [attr*=v], [attr~=v],
// descendant, child (>), list (,).
func (a *Answer) Select(selector string) Nodes { return a.Document().Select(selector) }

// One returns the only element that matches; the test ends when there is none
// or more than one.
func (a *Answer) One(t testing.TB, selector string) Node {
	t.Helper()
	found := a.Select(selector)
	if len(found) != 1 {
		t.Fatalf("%s: %d elements match %q, want one\n%s", a.path, len(found), selector, a.brief())
	}
	return found[0]
}

// Title is the title of the page.
func (a *Answer) Title() string {
	if titles := a.Select("head > title"); len(titles) > 0 && titles[0].n.FirstChild != nil {
		return strings.TrimSpace(titles[0].n.FirstChild.Data)
	}
	return ""
}

// Heading is the first heading of the page.
func (a *Answer) Heading() string { return a.Select("h1").Text() }

// Text is what the main part of the page says.
func (a *Answer) Text() string { return a.Select("main").Text() }

// Link is one link of a page.
type Link struct{ Text, Href string }

// Links are the links of the whole page.
func (a *Answer) Links() []Link {
	var out []Link
	for _, e := range a.Select("a[href]") {
		out = append(out, Link{Text: e.Text(), Href: e.Attr("href")})
	}
	return out
}

// Click follows the only link with a text.
func (a *Answer) Click(t testing.TB, text string) *Answer {
	t.Helper()
	var to []string
	for _, l := range a.Links() {
		if l.Text == text && !slices.Contains(to, l.Href) {
			to = append(to, l.Href)
		}
	}
	if len(to) != 1 {
		t.Fatalf("%s: links %q lead to %q, want one place\n%s", a.path, text, to, a.brief())
	}
	return a.browser.With(t).Get(a.resolve(t, to[0]))
}

// Follow goes where a redirect points.
func (a *Answer) Follow(t testing.TB) *Answer {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%s %s: %d, want a redirect to follow\n%s", a.method, a.path, a.Status, a.brief())
	}
	return a.browser.With(t).Get(a.resolve(t, a.Header.Get("Location")))
}

// resolve turns an address on the page into a path of the site.
func (a *Answer) resolve(t testing.TB, address string) string {
	t.Helper()
	base, err := url.Parse(a.path)
	if err != nil {
		t.Fatal(err)
	}
	u, err := base.Parse(address)
	if err != nil {
		t.Fatalf("%s: %q is no address: %v", a.path, address, err)
	}
	if u.Host != "" || u.Scheme != "" {
		t.Fatalf("%s: %q leads to another site", a.path, address)
	}
	u.Fragment = ""
	return u.String()
}

// OK ends the test unless the answer is a page or a file.
func (a *Answer) OK(t testing.TB) *Answer {
	t.Helper()
	return a.is(t, http.StatusOK)
}

// SeeOther ends the test unless the answer leads to an address; "" is any.
func (a *Answer) SeeOther(t testing.TB, to string) *Answer {
	t.Helper()
	a.is(t, http.StatusSeeOther)
	if got := a.Header.Get("Location"); to != "" && got != to {
		t.Fatalf("%s %s: leads to %s, want %s", a.method, a.path, got, to)
	}
	return a
}

// SignInFirst ends the test unless the answer leads to the sign-in page.
func (a *Answer) SignInFirst(t testing.TB) *Answer {
	t.Helper()
	a.is(t, http.StatusSeeOther)
	if to, _, _ := strings.Cut(a.Header.Get("Location"), "?"); to != "/sign-in" {
		t.Fatalf("%s %s: leads to %s, want /sign-in", a.method, a.path, a.Header.Get("Location"))
	}
	return a
}

// NotThere ends the test unless the answer says that there is nothing.
func (a *Answer) NotThere(t testing.TB) *Answer {
	t.Helper()
	return a.is(t, http.StatusNotFound)
}

// Denied ends the test unless the answer says that permission is missing.
func (a *Answer) Denied(t testing.TB) *Answer {
	t.Helper()
	return a.is(t, http.StatusForbidden)
}

// Conflict ends the test unless the answer says that somebody else was faster.
func (a *Answer) Conflict(t testing.TB) *Answer {
	t.Helper()
	return a.is(t, http.StatusConflict)
}

// Is ends the test unless the answer has a status.
func (a *Answer) Is(t testing.TB, status int) *Answer {
	t.Helper()
	return a.is(t, status)
}

func (a *Answer) is(t testing.TB, status int) *Answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%s %s: %d %s, want %d %s\n%s", a.method, a.path, a.Status, http.StatusText(a.Status), status, http.StatusText(status), a.brief())
	}
	return a
}

// Invalid ends the test unless the answer is a form that came back with what
// is wrong, said in the title, in the summary and at each of the fields.
func (a *Answer) Invalid(t testing.TB, fields ...string) *Answer {
	t.Helper()
	a.is(t, http.StatusUnprocessableEntity)
	if !strings.HasPrefix(a.Title(), "Error: ") {
		t.Errorf("%s: the title is %q and does not begin with the error", a.path, a.Title())
	}
	summary := a.One(t, ".govuk-error-summary")
	for _, field := range fields {
		if fault := a.saysAt(summary, field); fault != "" {
			t.Errorf("%s: field %s: %s\n%s", a.path, field, fault, a.brief())
		}
	}
	return a
}

// saysAt tells what is missing for a field to be named by the summary and to
// say itself what is wrong.
func (a *Answer) saysAt(summary Node, field string) string {
	fault := "the summary does not lead to it"
	for _, href := range summary.Select("a").Attrs("href") {
		target := a.byID(strings.TrimPrefix(href, "#"))
		if target.n == nil {
			continue
		}
		// The target is the control, or the group of radio buttons, check boxes
		// or parts of a date around it.
		group := target
		for group.n != nil && !hasClass(group.n, "govuk-form-group") {
			group.n = group.n.Parent
		}
		named := target.Attr("name") == field || target.Attr("id") == field
		for _, name := range group.Select("input, select, textarea").Attrs("name") {
			named = named || name == field
		}
		if !named {
			continue
		}
		if len(group.Select(".govuk-error-message")) > 0 {
			return ""
		}
		fault = "it does not say what is wrong"
	}
	return fault
}

func (a *Answer) byID(id string) Node {
	var found Node
	walk(a.Document().n, func(n *html.Node) {
		if v, ok := attr(n, "id"); ok && v == id && id != "" && found.n == nil {
			found = Node{n}
		}
	})
	return found
}

// Says fails the test unless the page says each of the texts.
func (a *Answer) Says(t testing.TB, texts ...string) *Answer {
	t.Helper()
	page := a.Document().Text()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%s %s does not say %q\n%s", a.method, a.path, text, a.brief())
		}
	}
	return a
}

// SaysNot fails the test when any of the texts is anywhere in the answer, seen
// or not.
func (a *Answer) SaysNot(t testing.TB, texts ...string) *Answer {
	t.Helper()
	page := a.Document().Text()
	for _, text := range texts {
		if strings.Contains(page, text) || strings.Contains(a.Body, text) || strings.Contains(a.Body, html.EscapeString(text)) {
			t.Errorf("%s %s gives away %q", a.method, a.path, text)
		}
	}
	return a
}

// brief is the page as text, for messages.
func (a *Answer) brief() string {
	text := a.Document().Text()
	if !a.isPage() {
		text = a.Body
	}
	const most = 1500
	if len(text) > most {
		text = text[:most] + " …"
	}
	return text
}

// focusable are the elements that Tab stops at, in order.
func (a *Answer) focusable() Nodes {
	var out Nodes
	walk(a.Document().n, func(n *html.Node) {
		e := Node{n}
		if e.Has("disabled") || e.Attr("tabindex") == "-1" || e.In("fieldset[disabled]") {
			return
		}
		switch n.DataAtom {
		case atom.A:
			if !e.Has("href") {
				return
			}
		case atom.Input:
			if e.Attr("type") == "hidden" {
				return
			}
		case atom.Button, atom.Select, atom.Textarea, atom.Summary:
		default:
			if !e.Has("tabindex") {
				return
			}
		}
		out = append(out, e)
	})
	return out
}
