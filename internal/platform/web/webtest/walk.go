package webtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Table is a site with its route table; a *web.Frame is one.
type Table interface {
	http.Handler
	Routes() []web.Route
}

// Walk is a route table to go through, and what is needed for it.
type Walk struct {
	Frame Table
	// Routes are those to look at; nil for the whole table of the frame.
	Routes []web.Route
	// Examples are paths for patterns with wildcards. A pattern without one is
	// a failure.
	Examples map[string][]string
	// People are signed in; each opens every page. Together they must be able
	// to open every route that needs an action.
	People []*Browser
	// Closed are patterns that none of the people can open, with the reason.
	Closed map[string]string
	// Names are names of persons, which no title and no address may hold.
	Names []string
	// DB is looked at for changes that must not be.
	DB *store.DB
	// Forms are what to post to a pattern; otherwise a made-up field is sent.
	Forms map[string]url.Values
}

// CheckAll runs every check as a subtest.
func CheckAll(t *testing.T, w Walk) {
	for _, c := range []struct {
		name string
		run  func(testing.TB, Walk)
	}{
		{"examples", CheckExamples},
		{"public or action", CheckPublicOrAction},
		{"signed out", CheckSignedOut},
		{"headers", CheckHeaders},
		{"cross origin", CheckCrossOrigin},
		{"no cookie", CheckPublicPagesSetNoCookie},
		{"titles", CheckTitlesNeutral},
		{"exit", CheckExitControl},
		{"autocomplete", CheckFormsDeclareAutocomplete},
		{"links", CheckLinks},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, w) })
	}
}

func (w Walk) routes() []web.Route {
	if w.Routes != nil {
		return w.Routes
	}
	return w.Frame.Routes()
}

// paths are addresses that lead to a route.
func (w Walk) paths(r web.Route) []string {
	if given := w.Examples[r.Pattern]; len(given) > 0 {
		return given
	}
	if r.Pattern == "/assets/{name}" {
		return []string{ui.Asset(ui.AssetBase), ui.Asset(ui.AssetScript), ui.Asset(ui.AssetIcon)}
	}
	if path := strings.TrimSuffix(r.Pattern, "{$}"); !strings.Contains(path, "{") {
		return []string{path}
	}
	return nil
}

func (w Walk) form(r web.Route) url.Values {
	if f, ok := w.Forms[r.Pattern]; ok {
		return f
	}
	return url.Values{"note": {"made up"}}
}

// anyone is a browser in which nobody is signed in.
func (w Walk) anyone(t testing.TB) *Browser { return NewBrowser(t, w.Frame) }

// everyone are all the browsers, nobody's first.
func (w Walk) everyone(t testing.TB) []*Browser {
	out := []*Browser{w.anyone(t)}
	for _, b := range w.People {
		out = append(out, b.With(t))
	}
	return out
}

// each calls fn for every example of every route with a method.
func (w Walk) each(method string, fn func(r web.Route, path string)) {
	for _, r := range w.routes() {
		if r.Method != method {
			continue
		}
		for _, path := range w.paths(r) {
			fn(r, path)
		}
	}
}

// eachPage opens every page as everyone and calls fn with those that open.
// Leaving is left out: it would end the session that the others need.
func (w Walk) eachPage(t testing.TB, fn func(r web.Route, a *Answer, signedIn bool)) {
	t.Helper()
	for _, b := range w.everyone(t) {
		w.each(http.MethodGet, func(r web.Route, path string) {
			if r.Pattern == web.ExitPath {
				return
			}
			if a := b.Get(path); a.isPage() {
				fn(r, a, !b.Actor.IsZero())
			}
		})
	}
}

// CheckExamples fails for a pattern with wildcards that has no example, for an
// example that leads elsewhere, and for one that nobody can open: the other
// checks would pass without having looked.
func CheckExamples(t testing.TB, w Walk) {
	t.Helper()
	mux := http.NewServeMux()
	for _, r := range w.Frame.Routes() {
		mux.Handle(r.String(), http.NotFoundHandler())
	}
	patterns := map[string]bool{}
	for _, r := range w.routes() {
		patterns[r.Pattern] = true
		if len(w.paths(r)) == 0 {
			t.Errorf("%s has no example", r)
		}
		for _, path := range w.paths(r) {
			if _, got := mux.Handler(httptest.NewRequest(r.Method, pathOf(path), nil)); got != r.String() {
				t.Errorf("the example %s of %s leads to %q", path, r, got)
			}
		}
	}
	for pattern := range w.Examples {
		if !patterns[pattern] {
			t.Errorf("there are examples of %s, which is no route", pattern)
		}
	}
	for pattern := range w.Closed {
		if !patterns[pattern] {
			t.Errorf("%s is said to be closed, and is no route", pattern)
		}
	}
	w.each(http.MethodGet, func(r web.Route, path string) {
		if r.Pattern == web.ExitPath || w.Closed[r.Pattern] != "" {
			return
		}
		var got []int
		for _, b := range w.everyone(t) {
			a := b.Get(path)
			if got = append(got, a.Status); a.Status == http.StatusOK {
				return
			}
			if to, _, _ := strings.Cut(a.Header.Get("Location"), "?"); a.Status == http.StatusSeeOther && to != "/sign-in" {
				return
			}
		}
		t.Errorf("nobody can open the example %s of %s: %v", path, r, got)
	})
}

// CheckPublicOrAction fails for a route that has not exactly one of an action
// and a reason to be public, or whose reason says nothing.
func CheckPublicOrAction(t testing.TB, w Walk) {
	t.Helper()
	for _, r := range w.routes() {
		if (r.Action == "") == (r.Public == "") {
			t.Errorf("%s has the action %q and the public reason %q, want one of them", r, r.Action, r.Public)
		}
		if r.Public != "" && len(strings.Fields(r.Public)) < 3 {
			t.Errorf("%s is public because %q: that is no reason", r, r.Public)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodPost && (r.Method != http.MethodDelete || r.Fault == nil) {
			t.Errorf("%s: only GET and POST", r)
		}
	}
}

// CheckSignedOut fails for a route with an action that does anything but lead
// to the sign-in page when nobody is signed in. Programs are refused.
func CheckSignedOut(t testing.TB, w Walk) {
	t.Helper()
	stranger := w.anyone(t)
	stranger.SetCookie(CookieName, "made-up")
	for _, b := range []*Browser{w.anyone(t), stranger} {
		for _, r := range w.routes() {
			if r.Action == "" {
				continue
			}
			for _, path := range w.paths(r) {
				var answers []*Answer
				want := "/sign-in"
				if r.Method == http.MethodPost {
					answers = append(answers, b.Post(path, w.form(r)))
				} else {
					want += "?" + url.Values{"next": {pathOf(path)}}.Encode()
					answers = append(answers, b.Get(path), b.Head(path))
				}
				for _, a := range answers {
					if r.Fault != nil { // programs are told so, and led nowhere
						if a.Status != http.StatusUnauthorized || a.Header.Get("WWW-Authenticate") == "" {
							t.Errorf("%s %s: %d, want 401 with how to prove oneself", a.method, path, a.Status)
						}
						continue
					}
					if a.Status != http.StatusSeeOther || a.Header.Get("Location") != want || a.Body != "" {
						t.Errorf("%s %s: %d to %q with a body of %d bytes, want 303 to %q", a.method, path, a.Status, a.Header.Get("Location"), len(a.Body), want)
					}
				}
			}
		}
	}
}

// CheckHeaders asks for every route, and for what is not one, in every way; the
// browser checks the headers of each answer (S1, S4). HEAD must answer as GET
// does.
func CheckHeaders(t testing.TB, w Walk) {
	t.Helper()
	for _, b := range w.everyone(t) {
		w.each(http.MethodGet, func(r web.Route, path string) {
			if r.Pattern == web.ExitPath {
				w.anyone(t).Get(path) // not as anybody: it would end the session
				return
			}
			got, head := b.Get(path), b.Head(path)
			if got.Status != head.Status {
				t.Errorf("HEAD %s gives %d, GET %d", path, head.Status, got.Status)
			}
			if diff := headerDiff(got.Header, head.Header); diff != "" {
				t.Errorf("HEAD and GET of %s differ in the header %s", path, diff)
			}
			if w.has(http.MethodPost, r.Pattern) {
				return
			}
			if a := b.Post(path, url.Values{}); a.Status != http.StatusNotFound {
				t.Errorf("POST %s gives %d, want 404: there is no such route", path, a.Status)
			}
		})
		for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
			for _, path := range []string{"/", "/sign-in", "/no-such-page"} {
				if a := b.Send(Ask{Method: method, Path: path}); a.Status != http.StatusNotFound {
					t.Errorf("%s %s gives %d, want 404", method, path, a.Status)
				}
			}
		}
		for _, path := range []string{"/no-such-page", "/assets/no-such-file", "/no/such/page?q=1", "/%00", "/%ff", "/..%2fetc"} {
			b.Get(path).NotThere(t)
			b.Post(path, url.Values{}).NotThere(t)
		}
		b.Get("//no-such-page") // the multiplexer's own redirect
	}
	b := w.anyone(t)
	w.each(http.MethodPost, func(r web.Route, path string) {
		if r.Action == "" {
			b.Send(Ask{Method: http.MethodPost, Path: path, ContentType: "application/x-www-form-urlencoded", Body: strings.NewReader("a=%zz")})
			b.Send(Ask{Method: http.MethodPost, Path: path, Form: url.Values{"a": {strings.Repeat("a", 2<<20)}}})
		}
	})
}

func (w Walk) has(method, pattern string) bool {
	return slices.ContainsFunc(w.Frame.Routes(), func(r web.Route) bool { return r.Method == method && r.Pattern == pattern })
}

// CheckCrossOrigin posts to every route as another site would make a browser
// do. All must be refused and change nothing.
func CheckCrossOrigin(t testing.TB, w Walk) {
	t.Helper()
	post := func() {
		for _, b := range w.everyone(t) {
			for name, led := range map[string]*Browser{
				"cross-site":       b.Sending("Sec-Fetch-Site", "cross-site"),
				"same-site":        b.Sending("Sec-Fetch-Site", "same-site"),
				"another origin":   b.Sending("Sec-Fetch-Site", "").Sending("Origin", "https://elsewhere.example"),
				"an opaque origin": b.Sending("Sec-Fetch-Site", "").Sending("Origin", "null"),
			} {
				w.each(http.MethodPost, func(r web.Route, path string) {
					if a := led.Post(path, w.form(r)); a.Status != http.StatusForbidden {
						t.Errorf("%s from %s gives %d, want 403", r, name, a.Status)
					}
				})
			}
		}
	}
	if w.DB == nil {
		post()
		return
	}
	Unchanged(t, w.DB, post, LedgerTables...)
}

// CheckPublicPagesSetNoCookie opens every public page as somebody who has no
// cookie, and as somebody whose cookie opens nothing any more (S3).
func CheckPublicPagesSetNoCookie(t testing.TB, w Walk) {
	t.Helper()
	stale := w.anyone(t)
	stale.SetCookie(CookieName, "made-up")
	for _, b := range []*Browser{w.anyone(t), stale} {
		w.each(http.MethodGet, func(r web.Route, path string) {
			if r.Public == "" || r.Pattern == web.ExitPath {
				return
			}
			for _, a := range []*Answer{b.Get(path), b.Head(path)} {
				if set := a.Header.Values("Set-Cookie"); len(set) > 0 {
					t.Errorf("%s %s sets a cookie: %q", a.method, path, set)
				}
			}
		})
	}
}

// CheckTitlesNeutral fails for a title or another word that shows outside of
// the page and gives the topic or a person away (S13), and for a person's name
// in an address (S5).
func CheckTitlesNeutral(t testing.TB, w Walk) {
	t.Helper()
	for _, f := range ui.AssetFiles() {
		if word := TopicWord(f.Name); word != "" {
			t.Errorf("the asset %s has the word %q in its name", f.Name, word)
		}
	}
	w.eachPage(t, func(_ web.Route, a *Answer, _ bool) {
		for _, fault := range outsideFaults(a, w.Names) {
			t.Errorf("%s: %s", a.path, fault)
		}
	})
}

// outsideFaults are what of a page can be read without reading the page.
func outsideFaults(a *Answer, names []string) []string {
	var out []string
	if a.Title() == "" {
		out = append(out, "it has no title")
	}
	seen := []string{a.Title()}
	for _, meta := range a.Select("meta[content]") {
		seen = append(seen, meta.Attr("content"))
	}
	seen = append(seen, a.Select("link[title]").Attrs("title")...)
	seen = append(seen, a.Select("a[download]").Attrs("download")...)
	for _, text := range seen {
		if word := TopicWord(text); word != "" {
			out = append(out, fmt.Sprintf("%q says %q (S13)", text, word))
		}
		if name := oneOf(text, names); name != "" {
			out = append(out, fmt.Sprintf("%q names a person (S13)", text))
		}
	}
	addresses := append(a.Select("[href]").Attrs("href"), a.Select("[action]").Attrs("action")...)
	for _, address := range append(addresses, a.path, a.Header.Get("Location")) {
		readable, err := url.QueryUnescape(address)
		if err != nil {
			readable = address
		}
		if name := oneOf(readable, names); name != "" {
			out = append(out, fmt.Sprintf("the address %s names a person (S5)", address))
		}
	}
	return out
}

func oneOf(text string, names []string) string {
	for _, name := range names {
		if name != "" && strings.Contains(strings.ToLower(text), strings.ToLower(name)) {
			return name
		}
	}
	return ""
}

// CheckExitControl looks for the way out in a hurry on every page, those that
// say that something is wrong included (S7).
func CheckExitControl(t testing.TB, w Walk) {
	t.Helper()
	check := func(a *Answer, signedIn bool) {
		for _, fault := range exitFaults(a, signedIn) {
			t.Errorf("%s %s: %s", a.method, a.path, fault)
		}
	}
	w.eachPage(t, func(_ web.Route, a *Answer, signedIn bool) { check(a, signedIn) })
	for _, b := range w.everyone(t) {
		check(b.Get("/no-such-page"), !b.Actor.IsZero())
		// From elsewhere nobody is recognised.
		check(b.CrossSite().Post("/no-such-page", url.Values{}), false)
	}
}

// CheckFormsDeclareAutocomplete fails for a field that leaves it to the browser
// whether it offers what was typed before (S19).
func CheckFormsDeclareAutocomplete(t testing.TB, w Walk) {
	t.Helper()
	w.eachPage(t, func(_ web.Route, a *Answer, _ bool) {
		for _, fault := range autocompleteFaults(a) {
			t.Errorf("%s: %s", a.path, fault)
		}
	})
}

// CheckLinks follows every link of every page to see that something is there
// for whoever was offered it.
func CheckLinks(t testing.TB, w Walk) {
	t.Helper()
	for _, b := range w.everyone(t) {
		seen := map[string]bool{}
		w.each(http.MethodGet, func(r web.Route, path string) {
			if r.Pattern == web.ExitPath {
				return
			}
			a := b.Get(path)
			if a.Status != http.StatusOK {
				return
			}
			for _, l := range a.Links() {
				if !local(l.Href) || strings.HasPrefix(l.Href, "#") || pathOf(l.Href) == web.ExitPath {
					continue
				}
				to := a.resolve(t, l.Href)
				if seen[to] {
					continue
				}
				seen[to] = true
				if got := b.Get(to); got.Status >= http.StatusBadRequest {
					t.Errorf("%s links to %s (%q), which gives %d", path, to, l.Text, got.Status)
				}
			}
		})
	}
}
