package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

// reference is what a page of a fault gives people to quote.
var reference = regexp.MustCompile(`Reference: ([0-9a-f]{16})`)

func TestEachErrorHasItsPage(t *testing.T) {
	form := func(_ context.Context, r *web.Request) (web.Response, error) {
		_, err := r.Form()
		return nil, err
	}
	var routes []web.Route
	fail := func(path string, err error) { routes = append(routes, public(path, fails(err))) }
	fail("/absent", store.ErrNotFound)
	fail("/absent/wrapped", fmt.Errorf("reading note 7: %w", store.ErrNotFound))
	fail("/none", web.ErrNoSuchPage)
	fail("/denied", &policy.Denied{Action: actRead})
	fail("/denied/wrapped", fmt.Errorf("opening: %w", &policy.Denied{Action: actRead}))
	fail("/known", &policy.Denied{Action: actRead, Known: true})
	fail("/conflict", fmt.Errorf("saving: %w", store.ErrConflict))
	fail("/full", fmt.Errorf("saving: %w", store.ErrFull))
	fail("/internal", errInternal)
	fail("/exists", store.ErrExists) // nobody caught it: a fault of ours
	routes = append(routes,
		publicPost("/form", form),
		public("/nothing", answers(nil)),
		public("/empty", answers(web.Page{Title: "Empty"})),
		public("/untitled", answers(web.Page{Body: text("Untitled")})),
		public("/elsewhere", answers(web.SeeOther("https://evil.example/"))),
		public("/elsewhere/relative", answers(web.SeeOther("//evil.example/"))),
		public("/panic", func(context.Context, *web.Request) (web.Response, error) { panic(errInternal) }),
		public("/panic/nil", func(_ context.Context, r *web.Request) (web.Response, error) {
			var none *web.Page
			return *none, nil
		}),
	)
	s := newSite(t, routes...)
	b := s.Anyone(t)

	is := func(a *webtest.Answer, status int, title string) *webtest.Answer {
		t.Helper()
		a.Is(t, status)
		if want := title + " – Local Services"; a.Title() != want {
			t.Errorf("the title is %q, want %q", a.Title(), want)
		}
		if a.Heading() == "" || len(a.Select("main h1")) != 1 {
			t.Error("the page has no heading")
		}
		a.SaysNot(t, errInternal.Error(), "note_7", "goroutine", "note.read", "no rule")
		return a
	}
	quiet := func(a *webtest.Answer, status int, title string) {
		t.Helper()
		if got := reference.FindString(is(a, status, title).Body); got != "" {
			t.Errorf("a reference is shown: %s", got)
		}
	}
	quiet(b.Get("/absent"), http.StatusNotFound, "Page not found")
	quiet(b.Get("/absent/wrapped"), http.StatusNotFound, "Page not found")
	quiet(b.Get("/none"), http.StatusNotFound, "Page not found")
	quiet(b.Get("/denied"), http.StatusNotFound, "Page not found")
	quiet(b.Get("/denied/wrapped"), http.StatusNotFound, "Page not found")
	quiet(b.Get("/no-such-page"), http.StatusNotFound, "Page not found")
	quiet(b.Post("/no-such-page", nil), http.StatusNotFound, "Page not found")
	quiet(b.Post("/absent", nil), http.StatusNotFound, "Page not found") // only GET is in the table
	quiet(b.Get("/known"), http.StatusForbidden, "You cannot do this")
	quiet(b.Get("/conflict"), http.StatusConflict, "Changed by somebody else")
	quiet(b.Get("/full"), http.StatusInsufficientStorage, "This cannot be shown now")
	quiet(b.CrossSite().Post("/form", nil), http.StatusForbidden, "You cannot do this")
	quiet(b.Post("/form", url.Values{"a": {strings.Repeat("a", 2<<20)}}), http.StatusRequestEntityTooLarge, "Too much at once")
	quiet(b.Send(webtest.Ask{Method: http.MethodPost, Path: "/form", ContentType: "application/x-www-form-urlencoded", Body: strings.NewReader("a=%zz")}),
		http.StatusBadRequest, "Something is missing")
	if strings.Contains(s.Logged(), `"fault"`) {
		t.Errorf("what is no fault of ours is logged as one: %s", s.Logged())
	}

	for _, path := range []string{
		"/internal", "/exists", "/nothing", "/empty", "/untitled", "/elsewhere", "/elsewhere/relative", "/panic", "/panic/nil",
	} {
		a := is(b.Get(path), http.StatusInternalServerError, "Something went wrong")
		found := reference.FindStringSubmatch(a.Body)
		if found == nil {
			t.Errorf("%s gives no reference", path)
			continue
		}
		if !logged(s, `"msg":"fault"`, `"id":"`+found[1]+`"`) {
			t.Errorf("the reference of %s is not in the log", path)
		}
	}
	if !logged(s, `"msg":"fault"`, errInternal.Error()) || !logged(s, `"msg":"fault"`, "panic", "faults_test.go") {
		t.Error("the log does not say what went wrong")
	}
}

// logged tells whether one line of the log holds all of the texts.
func logged(s *webtest.Site, texts ...string) bool {
	for line := range strings.Lines(s.Logged()) {
		all := true
		for _, text := range texts {
			all = all && strings.Contains(line, text)
		}
		if all {
			return true
		}
	}
	return false
}

// A record that is not for somebody is to them as if it were not there.
func TestNotThere(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		b.Get("/notes/n1").OK(t).Says(t, secretText)
		entries := s.Ledger(t, func() { webtest.SameAsAbsent(t, b, "/notes/theirs", "/notes/none") })
		if d := cmp.Diff([]string{"note.read refused note:theirs", "note.read refused note:theirs"}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
		if webtest.SameAsAbsent(t, b, "/no-such-page", "/notes/none"); reference.MatchString(b.Get("/notes/none").Body) {
			t.Error("a page that is not there gives a reference")
		}
	})
}

func TestTheFloorOfAnAction(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		other := s.As(t, webtest.Person{Agency: "trust", Roles: []policy.Role{policy.Administrator}})
		for _, path := range []string{"/notes/n1", "/notes/none", "/home"} {
			entries := s.Ledger(t, func() { other.Get(path).Denied(t).SaysNot(t, secretText) })
			if d := cmp.Diff([]string{"note.read refused"}, webtest.Acts(entries)); d != "" {
				t.Error(d)
			}
			if e := entries[0]; e.Actor != other.Actor.Account || e.Request == "" {
				t.Errorf("%+v", e)
			}
		}
		entries := s.Ledger(t, func() { other.Post("/notes", url.Values{"text": {"x"}}).Denied(t) })
		if d := cmp.Diff([]string{"note.write refused"}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
	})
}

// What others give the frame may fail on the page of the fault as well.
func TestAFaultOfTheFrameIsStillSaid(t *testing.T) {
	o := options(&noteSite{})
	broken := false
	o.Frame = func(c *web.Config) {
		c.Role = func(context.Context, policy.Actor) string {
			if broken {
				panic(errInternal)
			}
			return "Nurse"
		}
		c.Navigation = func(policy.Actor) []ui.NavItem { return nil }
	}
	s := webtest.New(t, o)
	b := s.As(t, nurse())
	b.Get("/home").OK(t).Says(t, "Nurse")
	broken = true
	a := b.Get("/home").Is(t, http.StatusInternalServerError)
	found := reference.FindStringSubmatch(a.Body)
	if found == nil || strings.Contains(a.Body, "fire") {
		t.Errorf("it says %q", a.Body)
	} else if !logged(s, "rendering an error page", found[1], "on fire") {
		t.Error("the log does not say why")
	}
}

func TestNothingIsReadUnderAnAddressThatIsNoText(t *testing.T) {
	n := &noteSite{}
	webtest.Each(t, options(n), func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		n.called = 0
		for _, path := range []string{"/notes/%00", "/notes/n1%00", "/notes/%ff", "/notes/a%0ab", "/notes/%c2%85"} {
			b.Get(path).NotThere(t)
		}
		if n.called != 0 {
			t.Error("the handler was called")
		}
		b.Get("/notes/%E2%80%99").NotThere(t)
		if n.called != 1 {
			t.Error("the handler was not called")
		}
	})
}

func TestTheWholeFormIsRead(t *testing.T) {
	var got url.Values
	var again error
	s := newSite(t, publicPost("/form", func(_ context.Context, r *web.Request) (web.Response, error) {
		form, err := r.Form()
		if got = form; err != nil {
			_, again = r.Form()
			return nil, err
		}
		return web.SeeOther("/"), nil
	}))
	b := s.Anyone(t)
	b.Post("/form?a=from-the-address", url.Values{"a": {"  one\r\ntwo\x00\x07\tthree\u0085  "}, "b": {"1", "2"}, "c": {"\xff"}}).SeeOther(t, "/")
	if d := cmp.Diff(url.Values{"a": {"one\ntwo\tthree"}, "b": {"1", "2"}, "c": {"\uFFFD"}}, got); d != "" {
		t.Error(d)
	}
	b.Post("/form", nil).SeeOther(t, "/")
	if len(got) != 0 {
		t.Errorf("%v", got)
	}
	// Asked again, a form that could not be read is still one that could not.
	b.Send(webtest.Ask{Method: http.MethodPost, Path: "/form", ContentType: "application/x-www-form-urlencoded", Body: strings.NewReader("a=1&b=%zz")}).Is(t, http.StatusBadRequest)
	if again == nil || got != nil {
		t.Errorf("%v, %v", got, again)
	}
	large := func(n int) url.Values { return url.Values{"a": {strings.Repeat("a", n)}} }
	b.Post("/form", large(1<<20-2)).SeeOther(t, "/")
	b.Post("/form", large(1<<20-1)).Is(t, http.StatusRequestEntityTooLarge)
	if errors.Is(again, store.ErrFull) {
		t.Error("too much is not full")
	}
}
