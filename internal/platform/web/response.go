package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/a-h/templ"

	"waymark/internal/platform/web/ui"
)

// Response is what a handler answers with: a [Page], one that is [Kept], a
// redirect made by [SeeOther], or [Content].
type Response interface {
	// render puts the answer together; nothing is sent before it succeeded.
	render(ctx context.Context, f *Frame, r *Request) (*answer, error)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// Page is one HTML page.
type Page struct {
	// Title names the task in neutral words, without any name (S13). The
	// product's name is added.
	Title string
	Body  templ.Component
	// Invalid marks a form that comes back with what is wrong (422).
	Invalid bool
	// Refused marks a page that says why something is closed to somebody who
	// may know that it is there (403).
	Refused bool
	// Current is the address of the navigation item the page belongs to.
	Current     string
	Back        *ui.Link
	Breadcrumbs []ui.Link
	CaseBar     templ.Component
	Flash       *ui.Flash
	Wide        bool
	// Token is what the browser is known by from this page on, if it changes.
	Token string

	status int
}

func (p Page) render(ctx context.Context, f *Frame, r *Request) (*answer, error) {
	if p.Title == "" || p.Body == nil {
		return nil, errors.New("a page without a title or without anything on it")
	}
	b, _ := sheets.Get().(*bytes.Buffer)
	defer sheets.Put(b)
	b.Reset()
	layout := f.layout(r, p)
	if err := ui.Page(layout).Render(templ.WithChildren(ctx, p.Body), b); err != nil {
		return nil, fmt.Errorf("rendering the page: %w", err)
	}
	status := p.status
	switch {
	case status != 0:
	case p.Refused:
		status = http.StatusForbidden
	case p.Invalid:
		status = http.StatusUnprocessableEntity
	default:
		status = http.StatusOK
	}
	h := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	if p.Token != "" {
		h.Set("Set-Cookie", cookie(p.Token, 0))
	}
	return &answer{status: status, header: h, body: bytes.Clone(b.Bytes())}, nil
}

// sheets are what pages are drawn on. What was drawn is copied before another
// page can use the sheet.
var sheets = sync.Pool{New: func() any { return new(bytes.Buffer) }}

type redirect struct {
	to     string
	away   bool // to another site
	header http.Header
}

// SeeOther sends the browser to another page of ours after a change.
func SeeOther(to string) Response { return redirect{to: to} }

func (d redirect) render(context.Context, *Frame, *Request) (*answer, error) {
	if !d.away && !ours(d.to) {
		return nil, errors.New("a redirect that leaves the site")
	}
	h := http.Header{"Location": {d.to}}
	for k, v := range d.header {
		h[k] = v
	}
	return &answer{status: http.StatusSeeOther, header: h}, nil
}

// cookieName is neutral; the prefix makes browsers insist on a secure cookie
// of this very host (S6).
const cookieName = "__Host-session"

func cookie(token string, maxAge int) string {
	c := http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	return c.String()
}

// SignedIn begins a session in the browser and goes on to a page.
func SignedIn(token, to string) Response {
	return redirect{to: to, header: http.Header{"Set-Cookie": {cookie(token, 0)}}}
}

// ToProvider sends the browser to another site to prove there who uses it. The
// token ties the way back to this browser.
func ToProvider(token, to string) Response {
	return redirect{to: to, away: true, header: http.Header{"Set-Cookie": {cookie(token, 0)}}}
}

// SignedOut ends it in the browser and goes on to a page.
func SignedOut(to string) Response {
	return redirect{to: to, header: http.Header{"Set-Cookie": {cookie("", -1)}}}
}

// Left sends the browser away from here for good, leaving as little behind as
// browsers allow (ux.md, section 3.3).
func Left(to string) Response {
	return redirect{to: to, away: true, header: http.Header{
		"Set-Cookie":      {cookie("", -1)},
		"Clear-Site-Data": {`"cache", "cookies", "storage"`},
	}}
}

// Content is an answer that is not a page of ours.
type Content struct {
	Type string
	Body []byte
	// Name makes it a download under that name, which must be neutral.
	Name string
	// InPlace lets the browser show what somebody brought along, shut off from
	// everything: it runs nothing and reaches nothing. For pictures only.
	InPlace bool
	// Forever lets browsers keep it; only for what has its hash in its name.
	Forever bool
	Gzipped bool

	varies bool // the body depends on what the browser takes
}

func (c Content) render(context.Context, *Frame, *Request) (*answer, error) {
	h := http.Header{"Content-Type": {c.Type}}
	if c.Name != "" {
		way := "attachment"
		if c.InPlace {
			way = "inline"
		}
		h.Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", way, c.Name))
		h.Set("Content-Security-Policy", broughtSecurity)
	}
	if c.Forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if c.varies {
		h.Set("Vary", "Accept-Encoding")
	}
	if c.Gzipped {
		h.Set("Content-Encoding", "gzip")
	}
	return &answer{status: http.StatusOK, header: h, body: c.Body}, nil
}
