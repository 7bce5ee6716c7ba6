package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

func TestAssets(t *testing.T) {
	s := newSite(t)
	b := s.Anyone(t)
	for _, f := range ui.AssetFiles() {
		path := "/assets/" + f.Name
		plain := b.Get(path).OK(t)
		if plain.Body != string(f.Body) || plain.Header.Get("Content-Type") != f.ContentType || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d bytes, %v", f.Name, len(plain.Body), plain.Header)
		}
		if got := plain.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%s: Cache-Control is %q", f.Name, got)
		}
		packed := b.Sending("Accept-Encoding", "gzip, deflate, br").Get(path).OK(t)
		if f.Gzip == nil {
			if packed.Header.Get("Vary") != "" || packed.Header.Get("Content-Encoding") != "" || packed.Body != plain.Body {
				t.Errorf("%s: %v", f.Name, packed.Header)
			}
			continue
		}
		// Whatever was sent, a cache must know that it could have been other.
		for _, a := range []*webtest.Answer{plain, packed} {
			if a.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: Vary is %q", f.Name, a.Header.Get("Vary"))
			}
		}
		if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Content-Type") != f.ContentType || len(packed.Body) >= len(f.Body) {
			t.Errorf("%s: %d bytes, %v", f.Name, len(packed.Body), packed.Header)
		}
		r, err := gzip.NewReader(strings.NewReader(packed.Body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(r); err != nil || !bytes.Equal(body, f.Body) {
			t.Errorf("%s unpacks to something else (%v)", f.Name, err)
		}
	}
	for _, path := range []string{
		"/assets/none.css", "/assets/app.css", "/assets/", "/assets", "/assets/src/app.css", "/assets/..%2fsrc%2fapp.css", "/assets/%2e%2e%2fui.go",
		"/assets/" + strings.ToUpper(ui.AssetFiles()[0].Name),
	} {
		if got := b.Get(path).NotThere(t).Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", path, got)
		}
	}
}

func TestGzipIsSentToWhoTakesIt(t *testing.T) {
	s := newSite(t)
	path := ui.Asset(ui.AssetBase)
	for accept, want := range map[string]string{
		"":                       "",
		"identity":               "",
		"br, deflate":            "",
		"gzip":                   "gzip",
		"GZip":                   "gzip",
		"x-gzip":                 "gzip",
		"br;q=1.0, gzip;q=0.8":   "gzip",
		"gzip ; q=0.001":         "gzip",
		"*":                      "gzip",
		"gzip;q=0":               "",
		"gzip; q=0.000, *":       "",
		"br, *;q=0":              "",
		"gzip, *;q=0":            "gzip",
		"gzip;q=what":            "",
		"not-gzip, gzipped":      "",
		"deflate;q=0.5 ,  gzip ": "gzip",
	} {
		if got := s.Anyone(t).Sending("Accept-Encoding", accept).Get(path).OK(t).Header.Get("Content-Encoding"); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
}

func TestADownloadIsNoPage(t *testing.T) {
	s := newSite(t)
	a := s.As(t, nurse()).Get("/notes.csv").OK(t)
	for name, want := range map[string]string{
		"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": `attachment; filename="list.csv"`,
		"Cache-Control": "no-store", "Content-Length": "18",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	s := newSite(t, public("/fault", fails(errInternal)))
	b := s.As(t, nurse())
	for _, path := range []string{"/", "/home", "/notes/n1", "/notes/theirs", "/notes.csv", "/no-such-page", "/fault", ui.Asset(ui.AssetBase), "/notes/%00"} {
		get, head := b.Get(path), b.Head(path)
		if head.Status != get.Status || head.Body != "" {
			t.Errorf("%s: %d and %d bytes, GET %d", path, head.Status, len(head.Body), get.Status)
		}
		if d := cmp.Diff(get.Header, head.Header); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}

// A change from another site is refused before anything but whose it is was
// looked at, and from ours it is not.
func TestChangesComeFromOurPages(t *testing.T) {
	n := &noteSite{}
	webtest.Each(t, options(n), func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		note := url.Values{"text": {"x"}}
		n.called = 0
		webtest.Unchanged(t, s.DB, func() {
			for _, led := range []*webtest.Browser{
				b.CrossSite(),
				b.Sending("Sec-Fetch-Site", "same-site"),
				b.Sending("Sec-Fetch-Site", "cross-site"),
				b.Sending("Sec-Fetch-Site", "").Sending("Origin", "https://evil.example"),
				b.Sending("Sec-Fetch-Site", "").Sending("Origin", "null"),
			} {
				a := led.Post("/notes", note).Denied(t)
				a.SaysNot(t, "Ada")
			}
		}, webtest.LedgerTables...)
		if n.called != 0 {
			t.Error("the handler was called")
		}
		// One entry a minute for an account and a route, which counts the rest;
		// one a minute for all that nobody sends.
		s.Clock.Advance(time.Minute)
		acts := func(do func()) (out []string) {
			for _, e := range s.Ledger(t, do) {
				out = append(out, string(e.Action)+" "+string(e.Outcome)+" by "+e.Actor+" at "+e.Reason)
			}
			return out
		}
		me := s.Anyone(t)
		got := acts(func() {
			for range 3 {
				b.CrossSite().Post("/notes", note).Denied(t)
				b.CrossSite().Post("/form", note).Denied(t)
				me.CrossSite().Post("/notes", note).Denied(t)
				me.CrossSite().Post("/form", note).Denied(t)
			}
			s.Clock.Advance(time.Minute)
			b.CrossSite().Post("/notes", note).Denied(t)
			me.CrossSite().Post("/elsewhere", note).Denied(t)
		})
		ada := strings.Fields(got[0])[3]
		if ada == "nobody" {
			t.Error("whose session came along is not recorded")
		}
		if d := cmp.Diff([]string{
			"session.cross_site refused by " + ada + " at /notes, and 4 more before",
			"session.cross_site refused by " + ada + " at (none)",
			"session.cross_site refused by nobody at /notes",
			"session.cross_site refused by " + ada + " at /notes, and 2 more before",
			"session.cross_site refused by nobody at (none), and 5 more before",
		}, got); d != "" {
			t.Errorf("the ledger has (-want +got):\n%s", d)
		}
		b.Post("/notes", note).SeeOther(t, "/home")
		b.Sending("Sec-Fetch-Site", "").Post("/notes", note).SeeOther(t, "/home")
		b.CrossSite().Get("/home").OK(t) // a link from elsewhere may lead here
	})
}

func TestSessionCookies(t *testing.T) {
	s := newSite(t,
		publicPost("/in", answers(web.SignedIn("token", "/home"))),
		publicPost("/out", answers(web.SignedOut("/"))),
		public(web.ExitPath, answers(web.Left("https://weather.example/"))),
	)
	b := s.Anyone(t)
	cookie := func(a *webtest.Answer, want string) {
		t.Helper()
		if d := cmp.Diff([]string{want}, a.Header["Set-Cookie"]); d != "" {
			t.Error(d)
		}
	}
	cookie(b.Post("/in", nil).SeeOther(t, "/home"), "__Host-session=token; Path=/; HttpOnly; Secure; SameSite=Lax")
	cookie(b.Post("/out", nil).SeeOther(t, "/"), "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
	left := b.Get(web.ExitPath).SeeOther(t, "https://weather.example/")
	cookie(left, "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
	if got := left.Header.Get("Clear-Site-Data"); got != `"cache", "cookies", "storage"` {
		t.Errorf("Clear-Site-Data is %q", got)
	}
}

// S10: not even a failure to leave is in the log.
func TestLeavingIsNotLoggedWhateverHappens(t *testing.T) {
	for name, h := range map[string]web.Handler{
		"fine":  answers(web.Left("https://weather.example/")),
		"fault": fails(errInternal),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, public(web.ExitPath, h))
			b := s.As(t, nurse())
			a := b.Get(web.ExitPath + "?from=/notes/n1")
			if a.Queries != 0 {
				t.Errorf("%d statements before leaving", a.Queries)
			}
			if strings.Contains(s.Logged(), "exit") || strings.Contains(s.Logged(), `"request"`) {
				t.Error(s.Logged())
			}
		})
	}
}

func TestEveryRouteKeepsTheRules(t *testing.T) {
	o := options(&noteSite{},
		public("/sign-in", page("Sign in")),
		publicPost("/hide", answers(web.SeeOther("/"))),
		public(web.ExitPath, answers(web.Left("https://weather.example/"))),
	)
	o.Frame = func(c *web.Config) { c.Home = "/" } // not everybody may read notes
	webtest.Each(t, o, func(t *testing.T, s *webtest.Site) {
		webtest.CheckAll(t, webtest.Walk{
			Frame:    s.Frame,
			Routes:   withoutBroken(s.Frame.Routes()),
			Examples: map[string][]string{"/notes/{note}": {"/notes/n1", "/notes/n2"}},
			People: []*webtest.Browser{
				s.As(t, nurse()), s.As(t, webtest.Person{Roles: []policy.Role{policy.Manager}}), s.As(t, webtest.Person{Kind: policy.Service}),
			},
			Names: []string{"Ada", "Fictional"},
			DB:    s.DB,
			Forms: map[string]url.Values{"/notes": {"text": {"a note"}}},
		})
	})
}

// withoutBroken leaves out the routes that are there to go wrong.
func withoutBroken(routes []web.Route) []web.Route {
	var out []web.Route
	for _, r := range routes {
		if !strings.HasPrefix(r.Pattern, "/half/") {
			out = append(out, r)
		}
	}
	return out
}

func TestATableThatIsNotFitStopsTheStart(t *testing.T) {
	rules, err := policy.New(auth.Rules(), noteRules)
	if err != nil {
		t.Fatal(err)
	}
	cfg := web.Config{Guard: guardOf(t, rules)}
	fit := web.Route{Method: http.MethodGet, Pattern: "/a", Public: "for the tests of the frame", Handler: page("A")}
	change := func(fn func(*web.Route)) web.Route {
		r := fit
		fn(&r)
		return r
	}
	good := func(routes ...web.Route) {
		t.Helper()
		f, err := web.New(cfg, routes[:1], routes[1:])
		if err != nil {
			t.Error(err)
		} else if n := len(f.Routes()); n != len(routes)+1 { // the assets
			t.Errorf("%d routes", n)
		}
	}
	bad := func(says string, routes ...web.Route) {
		t.Helper()
		if _, err := web.New(cfg, routes); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want %q", err, says)
		}
	}
	good(fit)
	good(fit, change(func(r *web.Route) { r.Method = http.MethodPost }))
	good(fit, change(func(r *web.Route) { r.Pattern, r.Public, r.Action = "/b", "", actRead }))
	bad("neither an action nor a reason", change(func(r *web.Route) { r.Public = "" }))
	bad("both an action and a reason", change(func(r *web.Route) { r.Action = actRead }))
	bad("needs an action and recognises nobody", change(func(r *web.Route) { r.Public, r.Action, r.Alike = "", actRead, true }))
	bad("no rules know the action note.burn", change(func(r *web.Route) { r.Public, r.Action = "", "note.burn" }))
	bad("only GET and POST", change(func(r *web.Route) { r.Method = http.MethodPut }))
	bad("only GET and POST", change(func(r *web.Route) { r.Method = "" }))
	bad("begins with a slash", change(func(r *web.Route) { r.Pattern = "a" }))
	bad("no handler", change(func(r *web.Route) { r.Handler = nil }))
	bad("is there twice", fit, fit)
}
