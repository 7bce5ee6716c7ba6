package webtest_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

// The checks of a table are tried on tables with one fault each.

func body(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func shows(title, html string) web.Handler {
	return func(context.Context, *web.Request) (web.Response, error) {
		return web.Page{Title: title, Body: body("<h1>" + title + "</h1>" + html)}, nil
	}
}

func get(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Public: "for the tests of checks", Handler: h}
}

func post(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Public: "for the tests of checks", Handler: h}
}

// walkOf is a table that keeps every rule, and more routes.
func walkOf(t *testing.T, more ...web.Route) (webtest.Walk, *webtest.Site) {
	t.Helper()
	own := func(method, pattern string, h web.Handler) web.Route {
		return web.Route{Method: method, Pattern: pattern, Action: auth.ActOwn, Handler: h}
	}
	back := func(context.Context, *web.Request) (web.Response, error) { return web.SeeOther("/"), nil }
	s := webtest.New(t, webtest.Options{Routes: [][]web.Route{{
		get("/{$}", shows("Start", `<a href="/things/1">One</a> <a href="/exit">Leave</a> <a href="https://help.example/">Help</a>`)),
		get("/things/{thing}", shows("Thing", `<form method="post" action="/things"><input name="q" autocomplete="off"><button>Save</button></form>`)),
		get("/sign-in", shows("Sign in", "")),
		get(web.ExitPath, func(context.Context, *web.Request) (web.Response, error) {
			return web.Left("https://weather.example/"), nil
		}),
		own(http.MethodGet, webtest.Home, shows("Home", "")),
		own(http.MethodPost, "/hide", back),
		post("/sign-out", back),
	}, more}})
	return webtest.Walk{
		Frame:    s.Frame,
		Examples: map[string][]string{"/things/{thing}": {"/things/1"}},
		People:   []*webtest.Browser{s.As(t, webtest.Person{Name: "Ada Fictional"})},
		Names:    []string{"Fictional"},
		DB:       s.DB,
	}, s
}

func TestAGoodTablePasses(t *testing.T) {
	w, _ := walkOf(t)
	webtest.CheckAll(t, w)
}

func TestEachCheckFindsItsFault(t *testing.T) {
	finds := func(what, complaint string, check func(testing.TB, webtest.Walk), more ...web.Route) {
		t.Helper()
		w, _ := walkOf(t, more...)
		fails(t, what, complaint, func(t testing.TB) { check(t, w) })
	}
	nowhere := func(context.Context, *web.Request) (web.Response, error) { return nil, store.ErrNotFound }
	finds("a wildcard without an example", "has no example", webtest.CheckExamples, get("/items/{item}", shows("Item", "")))
	finds("a page nobody can open", "nobody can open the example /gone", webtest.CheckExamples, get("/gone", nowhere))
	finds("no reason", "that is no reason", webtest.CheckPublicOrAction, web.Route{Method: "GET", Pattern: "/x", Public: "because", Handler: shows("X", "")})
	finds("a topic in a title", `says "abus" (S13)`, webtest.CheckTitlesNeutral, get("/x", shows("Report abuse", "")))
	finds("a name in a title", "names a person (S13)", webtest.CheckTitlesNeutral, get("/x", shows("Case of A. Fictional", "")))
	finds("a name in an address", "names a person (S5)", webtest.CheckTitlesNeutral, get("/x", shows("X", `<a href="/find?q=Mx%20fictional">x</a>`)))
	finds("a topic in a download", `says "refuge"`, webtest.CheckTitlesNeutral, get("/x", shows("X", `<a download="refuge.pdf" href="/">x</a>`)))
	finds("a second Exit", "not as often as it should be", webtest.CheckExitControl, get("/x", shows("X", `<div class="govuk-exit-this-page"></div>`)))
	finds("a field left to the browser", "says neither off nor what it is", webtest.CheckFormsDeclareAutocomplete, get("/x", shows("X", `<form><input name="who"></form>`)))
	finds("a password that cannot be filled", "managers cannot fill", webtest.CheckFormsDeclareAutocomplete, get("/x", shows("X", `<form autocomplete="off"><input type="password" name="p"></form>`)))
	finds("a dead link", "/x links to /none", webtest.CheckLinks, get("/x", shows("X", `<a href="none">x</a>`)))

	w, _ := walkOf(t)
	w.Examples["/things/{thing}"] = []string{"/things/1", "/other/1"}
	fails(t, "an example of another route", `leads to ""`, func(t testing.TB) { webtest.CheckExamples(t, w) })
	w, _ = walkOf(t)
	w.Examples["/no/{route}"] = []string{"/no/1"}
	fails(t, "an example of no route", "is no route", func(t testing.TB) { webtest.CheckExamples(t, w) })
	w, _ = walkOf(t)
	w.Routes = []web.Route{{Method: http.MethodGet, Pattern: "/things/{thing}", Action: auth.ActOwn}}
	fails(t, "an open door", "want 303", func(t testing.TB) { webtest.CheckSignedOut(t, w) })
	w, _ = walkOf(t)
	w.Routes = []web.Route{{Method: http.MethodPut, Pattern: "/x"}}
	fails(t, "a method of another kind", "only GET and POST", func(t testing.TB) { webtest.CheckPublicOrAction(t, w) })

	// A frame that were built in another way.
	broken := func(what, complaint string, check func(testing.TB, webtest.Walk), serve func(f http.Handler, w http.ResponseWriter, r *http.Request)) {
		t.Helper()
		w, _ := walkOf(t, post("/change", func(_ context.Context, r *web.Request) (web.Response, error) { return web.SeeOther("/"), nil }))
		passes(t, "before: "+what, func(t testing.TB) { check(t, w) })
		w.Frame = table{w.Frame, serve}
		w.People = nil
		fails(t, what, complaint, func(t testing.TB) { check(t, w) })
	}
	broken("no protection from other sites", "POST /change from cross-site gives 303, want 403", webtest.CheckCrossOrigin, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Origin")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		f.ServeHTTP(w, r)
	})
	broken("a cookie on every page", "GET / sets a cookie", webtest.CheckPublicPagesSetNoCookie, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "__Host-seen=1; Path=/; HttpOnly; Secure; SameSite=Lax")
		f.ServeHTTP(w, r)
	})
	broken("HEAD is not there", "HEAD / gives 405, GET 200", webtest.CheckHeaders, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		if f.ServeHTTP(w, r); r.Method == http.MethodHead {
			w.(*httptest.ResponseRecorder).Code = http.StatusMethodNotAllowed
		}
	})
	broken("anything may be posted", "POST / gives 200, want 404", webtest.CheckHeaders, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			r.Method = http.MethodGet
		}
		f.ServeHTTP(w, r)
	})
	broken("an error without headers", "0 content security policies", webtest.CheckHeaders, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no-such-page" {
			http.NotFound(w, r)
			return
		}
		f.ServeHTTP(w, r)
	})
	broken("a door that opens to a made-up cookie", "/home: 200", webtest.CheckSignedOut, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie(webtest.CookieName); err == nil {
			r.URL.Path = "/"
		}
		f.ServeHTTP(w, r)
	})
	broken("a page without the skip link to Exit", "a.govuk-js-exit-this-page-skiplink: not as often", webtest.CheckExitControl, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		got := httptest.NewRecorder()
		f.ServeHTTP(got, r)
		maps.Copy(w.Header(), got.Header())
		w.WriteHeader(got.Code)
		_, _ = io.WriteString(w, strings.Replace(got.Body.String(), "govuk-js-exit-this-page-skiplink", "", 1))
	})
	broken("something between the skip link and Exit", "stop of Tab number 3", webtest.CheckExitControl, func(f http.Handler, w http.ResponseWriter, r *http.Request) {
		got := httptest.NewRecorder()
		f.ServeHTTP(got, r)
		maps.Copy(w.Header(), got.Header())
		w.WriteHeader(got.Code)
		_, _ = io.WriteString(w, strings.Replace(got.Body.String(), `<div class="app-exit">`, `<a href="/">Home</a><div class="app-exit">`, 1))
	})

	w, s := walkOf(t, post("/change", func(context.Context, *web.Request) (web.Response, error) { return web.SeeOther("/"), nil }))
	w.People = nil
	w.Frame = table{w.Frame, func(f http.Handler, answer http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			s.Account(t, webtest.Person{})
		}
		f.ServeHTTP(answer, r)
	}}
	fails(t, "a refusal that writes", "table account was changed", func(t testing.TB) { webtest.CheckCrossOrigin(t, w) })
}

// table is a frame whose requests go another way.
type table struct {
	webtest.Table
	serve func(f http.Handler, w http.ResponseWriter, r *http.Request)
}

func (t table) ServeHTTP(w http.ResponseWriter, r *http.Request) { t.serve(t.Table, w, r) }
