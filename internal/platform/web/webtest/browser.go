package webtest

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// CookieName is the name of the session cookie. It is written down here again
// so that a change of the name is noticed (S6).
const CookieName = "__Host-session"

// host is the name of the site as a browser sees it.
const host = "waymark.test"

// Browser is a browser without JavaScript and without a network.
type Browser struct {
	// Actor is who is signed in; zero when nobody is, or when they signed in
	// through a page.
	Actor policy.Actor

	t       testing.TB
	handler http.Handler
	jar     *jar
	header  http.Header
}

// jar keeps cookies. It belongs to one site, so it needs no more than names.
type jar struct {
	mu      sync.Mutex
	cookies map[string]string
}

// NewBrowser is a browser in which nobody is signed in, on any handler.
func NewBrowser(t testing.TB, handler http.Handler) *Browser {
	t.Helper()
	return &Browser{t: t, handler: handler, jar: &jar{cookies: map[string]string{}}, header: http.Header{}}
}

// SignedIn is a browser in which an account is signed in, on any handler. The
// ledger gives the permit that in earnest only the rules of a demo give.
func SignedIn(t testing.TB, handler http.Handler, service *auth.Service, ledger *audit.Log, account string) *Browser {
	t.Helper()
	permit, err := ledger.Allow(t.Context(), Operator, auth.ActTakeRole, "")
	if err != nil {
		t.Fatal(err)
	}
	token, err := service.SignInAs(t.Context(), permit, account)
	if err != nil {
		t.Fatal(err)
	}
	session, err := service.Session(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	b := NewBrowser(t, handler)
	b.Actor = session.Actor
	b.jar.cookies[CookieName] = token
	return b
}

// With is the same browser, with the same cookies, in another test.
func (b *Browser) With(t testing.TB) *Browser {
	c := *b
	c.t = t
	return &c
}

// Copy is a browser with the cookies as they are now. What it does to its
// cookies stays its own.
func (b *Browser) Copy() *Browser {
	c := *b
	c.jar = &jar{cookies: b.Cookies()}
	return &c
}

// CrossSite is the same browser as another site leads it.
func (b *Browser) CrossSite() *Browser {
	return b.Sending("Sec-Fetch-Site", "cross-site").Sending("Origin", "https://elsewhere.example")
}

// Sending is the same browser with a header on every request; an empty value
// takes one away.
func (b *Browser) Sending(name, value string) *Browser {
	c := *b
	c.header = b.header.Clone()
	c.header.Set(name, value)
	return &c
}

// Cookies are the cookies the browser keeps.
func (b *Browser) Cookies() map[string]string {
	b.jar.mu.Lock()
	defer b.jar.mu.Unlock()
	return maps.Clone(b.jar.cookies)
}

// SetCookie puts a cookie into the browser, as somebody could with its tools.
func (b *Browser) SetCookie(name, value string) {
	b.jar.mu.Lock()
	defer b.jar.mu.Unlock()
	b.jar.cookies[name] = value
}

// Ask is a request in full.
type Ask struct {
	Method string // GET when empty
	Path   string
	Form   url.Values // sent as a form when not nil
	Body   io.Reader  // sent as it is, with ContentType
	// ContentType is that of Body.
	ContentType string
	Header      http.Header
	Address     string // where it comes from, with a port
}

// Get asks for a page.
func (b *Browser) Get(path string) *Answer {
	b.t.Helper()
	return b.Send(Ask{Method: http.MethodGet, Path: path})
}

// Head asks for a page without its body.
func (b *Browser) Head(path string) *Answer {
	b.t.Helper()
	return b.Send(Ask{Method: http.MethodHead, Path: path})
}

// Post sends a form from a page of the site.
func (b *Browser) Post(path string, form url.Values) *Answer {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.Send(Ask{Method: http.MethodPost, Path: path, Form: form})
}

// Send sends a request and checks the answer for what must hold everywhere.
func (b *Browser) Send(ask Ask) *Answer {
	b.t.Helper()
	r, count := b.request(ask)
	signedIn := b.Cookies()[CookieName] != ""
	recorder := httptest.NewRecorder()
	b.handler.ServeHTTP(recorder, r)
	result := recorder.Result()
	body, err := io.ReadAll(result.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	a := &Answer{
		Status: result.StatusCode, Header: result.Header, Body: string(body), Queries: count.N(), Reads: count.Reads(),
		browser: b, method: r.Method, path: ask.Path,
	}
	for _, fault := range a.faults(signedIn) {
		b.t.Errorf("%s %s: %s", r.Method, ask.Path, fault)
	}
	b.keep(result.Cookies())
	return a
}

func (b *Browser) request(ask Ask) (*http.Request, *store.QueryCount) {
	if ask.Method == "" {
		ask.Method = http.MethodGet
	}
	if ask.Form != nil {
		ask.Body, ask.ContentType = strings.NewReader(ask.Form.Encode()), "application/x-www-form-urlencoded"
	}
	ctx, count := store.CountQueries(context.WithoutCancel(b.t.Context()))
	r := httptest.NewRequestWithContext(ctx, ask.Method, ask.Path, ask.Body)
	r.Host = host
	if ask.Address != "" {
		r.RemoteAddr = ask.Address
	}
	if ask.ContentType != "" {
		r.Header.Set("Content-Type", ask.ContentType)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	if ask.Method != http.MethodGet && ask.Method != http.MethodHead {
		r.Header.Set("Origin", "https://"+host)
	}
	for _, more := range []http.Header{b.header, ask.Header} {
		for name, values := range more {
			r.Header.Del(name)
			if len(values) > 0 && values[0] != "" {
				r.Header[name] = values
			}
		}
	}
	var pairs []string
	for name, value := range b.Cookies() {
		pairs = append(pairs, name+"="+value)
	}
	if len(pairs) > 0 {
		r.Header.Set("Cookie", strings.Join(pairs, "; "))
	}
	return r, count
}

func (b *Browser) keep(cookies []*http.Cookie) {
	b.jar.mu.Lock()
	defer b.jar.mu.Unlock()
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(b.jar.cookies, c.Name)
		} else {
			b.jar.cookies[c.Name] = c.Value
		}
	}
}
