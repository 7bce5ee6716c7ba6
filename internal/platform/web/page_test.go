package web_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

// nested is a body that has components with children of their own.
func nested(words ...string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, word := range words {
			if err := ui.InsetText(ui.InsetTextParams{}).Render(templ.WithChildren(ctx, ui.Text(word)), w); err != nil {
				return err
			}
			if err := ui.Text(" after "+word).Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestTheBodyIsInsideThePage(t *testing.T) {
	s := newSite(t,
		public("/nested", answers(web.Page{Title: "Nested", Body: nested("one", "two")})),
		public("/parts", answers(web.Page{
			Title: "Parts", Body: text("Parts"), CaseBar: ui.Text("whose record"), Back: &ui.Link{Text: "Back", Href: "/"},
			Flash: &ui.Flash{Kind: "success", Text: "It is saved"}, Breadcrumbs: []ui.Link{{Text: "Start", Href: "/"}},
		})),
	)
	b := s.Anyone(t)
	start := b.Get("/").OK(t)
	if d := cmp.Diff([]string{"Start"}, start.Select("main h1").Texts()); d != "" {
		t.Error(d)
	}
	if n := strings.Count(start.Body, "<h1>Start</h1>"); n != 1 {
		t.Errorf("the body is there %d times", n)
	}
	if !strings.HasSuffix(start.Body, "</html>") {
		t.Error("the page does not end")
	}
	for range 3 {
		a := b.Get("/nested").OK(t)
		if got := a.Text(); got != "one after one two after two" {
			t.Errorf("the body is %q", got)
		}
		if d := cmp.Diff([]string{"one", "two"}, a.Select("main .govuk-inset-text").Texts()); d != "" {
			t.Error(d)
		}
	}
	parts := b.Get("/parts").OK(t)
	if d := cmp.Diff([]string{"Parts"}, parts.Select("h1").Texts()); d != "" {
		t.Error(d)
	}
	parts.Says(t, "whose record", "It is saved")
	parts.One(t, "main .govuk-notification-banner--success")
	parts.One(t, ".govuk-breadcrumbs")
	parts.One(t, "a.govuk-back-link")
	if len(parts.Select("main .app-casebar")) != 0 {
		t.Error("whose record it is stands inside the main part")
	}
}

func TestTitles(t *testing.T) {
	s := newSite(t)
	b := s.As(t, nurse())
	is := func(a *webtest.Answer, want string) {
		t.Helper()
		if a.Title() != want {
			t.Errorf("the title is %q, want %q", a.Title(), want)
		}
	}
	is(b.Get("/home"), "Home – Local Services")
	is(b.Post("/notes", url.Values{"title": {"x"}}), "Error: Add a note – Local Services")
}

func TestAFormComesBackWithWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := s.As(t, nurse())
	add := b.Get("/notes/add").OK(t)
	back := add.FillAndSubmit(t, map[string]string{"title": "A <b>title</b>", "text": " \n "}).Invalid(t, "text")
	if got := back.FormValues(t, "").Get("title"); got != "A <b>title</b>" {
		t.Errorf("the title is %q", got)
	}
	webtest.CheckAutocompleteOff(t, back, "")
	back.FillAndSubmit(t, map[string]string{"text": "Enough"}).SeeOther(t, "/home").Follow(t).OK(t)
}

// For anyone the way out is the Exit control; for who is signed in it is Hide
// screen, on public pages as well; a hidden screen shows nobody.
func TestTheWayOutOfAPage(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		exit := func(a *webtest.Answer, exit, hide int) {
			t.Helper()
			if got := len(a.Select(".govuk-exit-this-page a[href=/exit]")); got != exit {
				t.Errorf("%d Exit controls, want %d", got, exit)
			}
			if got := len(a.Select("form[method=post][action=/hide]")); got != hide {
				t.Errorf("%d Hide screen, want %d", got, hide)
			}
			if signOut := len(a.Select("form[method=post][action=/sign-out]")); signOut != hide {
				t.Errorf("%d Sign out, want %d", signOut, hide)
			}
		}
		anyone := s.Anyone(t)
		exit(anyone.Get("/").OK(t).SaysNot(t, "Ada"), 1, 0)
		exit(anyone.Get("/no-such-page").NotThere(t), 1, 0)

		ada := s.As(t, nurse())
		exit(ada.Get("/").OK(t).Says(t, "Ada Fictional"), 0, 1)
		exit(ada.Get("/home").OK(t), 0, 1)
		exit(ada.Get("/no-such-page").NotThere(t).Says(t, "Ada Fictional"), 0, 1)

		if err := s.Auth.Lock(t.Context(), ada.Cookies()[webtest.CookieName]); err != nil {
			t.Fatal(err)
		}
		exit(ada.Get("/").OK(t).SaysNot(t, "Ada"), 1, 0)
		exit(ada.Get("/no-such-page").NotThere(t).SaysNot(t, "Ada"), 1, 0)
		ada.Get("/notes/n1").SeeOther(t, "/locked?next=%2Fnotes%2Fn1").SaysNot(t, "Ada", secretText)
		ada.Head("/notes/n1").SeeOther(t, "/locked?next=%2Fnotes%2Fn1")
		ada.Post("/notes", url.Values{"text": {"x"}}).SeeOther(t, "/locked")
	})
}

// A page that is the same for everybody looks up nobody, not even to show the
// name of who is signed in.
func TestAPageThatIsAlikeRecognisesNobody(t *testing.T) {
	var got policy.Actor
	alike := public("/alike", func(_ context.Context, r *web.Request) (web.Response, error) {
		got = r.Actor
		return web.Page{Title: "Alike", Body: text("Alike")}, nil
	})
	alike.Alike = true
	s := newSite(t, alike)
	one, other := s.As(t, nurse()).Get("/alike").OK(t), s.Anyone(t).Get("/alike").OK(t)
	if !got.IsZero() || one.Queries != 0 || one.Body != other.Body {
		t.Errorf("%+v, %d statements", got, one.Queries)
	}
}

// What a handler is given of a hidden session is that it is hidden.
func TestAHiddenSessionIsNobodys(t *testing.T) {
	var got *web.Request
	s := newSite(t, public("/who", func(_ context.Context, r *web.Request) (web.Response, error) {
		got = r
		return web.Page{Title: "Who", Body: text("Who")}, nil
	}))
	b := s.As(t, nurse())
	b.Get("/who").OK(t)
	if got.Actor.Account == "" || got.Session.Actor.Account != got.Actor.Account || got.Session.Locked {
		t.Errorf("%+v", got.Session)
	}
	if err := s.Auth.Lock(t.Context(), got.Token()); err != nil {
		t.Fatal(err)
	}
	b.Get("/who").OK(t)
	if !got.Session.Locked || got.Session.Ends.IsZero() {
		t.Errorf("%+v", got.Session)
	}
	got.Session.Locked, got.Session.Ends = false, s.Clock.Now()
	if d := cmp.Diff(policy.Actor{}, got.Actor); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(policy.Actor{}, got.Session.Actor); d != "" {
		t.Error(d)
	}
	if got.Session.Account.ID != "" || got.Session.Account.Name != "" {
		t.Errorf("%+v", got.Session.Account)
	}
}

func TestSignedOutLeadsToSignInAndBack(t *testing.T) {
	s := newSite(t)
	b := s.Anyone(t)
	b.Get("/notes/n1").SeeOther(t, "/sign-in?next=%2Fnotes%2Fn1")
	b.Head("/notes/n1").SeeOther(t, "/sign-in?next=%2Fnotes%2Fn1")
	b.Get("/notes/a%2Fb%3Fc?q=what-they-looked-for").SeeOther(t, "/sign-in?next=%2Fnotes%2Fa%252Fb%253Fc")
	b.Post("/notes", url.Values{"text": {"x"}}).SeeOther(t, "/sign-in")
	b.SetCookie(webtest.CookieName, "made-up")
	b.Get("/home").SeeOther(t, "/sign-in?next=%2Fhome")
	if entries := s.Since(t, 0); len(entries) != 0 {
		t.Errorf("the ledger has %q", webtest.Acts(entries))
	}
}

// The navigation may be one list for everybody; marking where one is must not
// mark it for others.
func TestPagesOfManyAtOnceDoNotMix(t *testing.T) {
	nav := []ui.NavItem{{Text: "Start", Href: "/"}, {Text: "Home", Href: "/home"}}
	o := options(&noteSite{}, public("/other", answers(web.Page{Title: "Other", Body: text("Other"), Current: "/"})))
	o.Frame = func(c *web.Config) { c.Navigation = func(policy.Actor) []ui.NavItem { return nav } }
	s := webtest.New(t, o)
	var browsers []*webtest.Browser
	for i := range 4 {
		browsers = append(browsers, s.As(t, webtest.Person{Name: fmt.Sprint("Person Number", i), Agency: "trust", Roles: []policy.Role{policy.Practitioner}}))
	}
	var wg sync.WaitGroup
	for i, b := range browsers {
		wg.Go(func() {
			for range 10 {
				for path, want := range map[string]string{"/home": "Home", "/other": "Start"} {
					a := b.Get(path)
					if got := a.Select("nav [aria-current]").Text(); a.Status != http.StatusOK || got != want {
						t.Errorf("%s marks %q, want %q", path, got, want)
					}
					a.Says(t, fmt.Sprint("Person Number", i))
				}
			}
		})
	}
	wg.Wait()
	if nav[0].Current || nav[1].Current {
		t.Error("the list itself was marked")
	}
}

func TestTheFrameSaysWhatItIsGiven(t *testing.T) {
	o := options(&noteSite{})
	o.Frame = func(c *web.Config) {
		c.Role = func(_ context.Context, a policy.Actor) string { return "Nurse at " + a.Agency }
		c.Footer = []ui.Link{{Text: "About this service", Href: "/"}}
		c.Demo = &ui.DemoBannerParams{Text: "Fictional data", SwitchURL: "/", SwitchText: "Switch role"}
	}
	s := webtest.New(t, o)
	s.As(t, nurse()).Get("/home").OK(t).Says(t, "Nurse at trust", "About this service", "Fictional data")
	s.Anyone(t).Get("/").OK(t).Says(t, "About this service", "Fictional data").SaysNot(t, "Nurse")
}

// S5: logs hold the pattern, and nothing of what was asked for or typed.
func TestTheLogHoldsThePatternOnly(t *testing.T) {
	s := newSite(t)
	b := s.As(t, nurse())
	b.Get("/notes/n1?search=needle-1").OK(t)
	b.Get("/notes/needle-2?x=needle-3").NotThere(t)
	b.Get("/needle-4/needle-5").NotThere(t)
	b.Post("/notes", url.Values{"text": {"needle-6"}, "title": {"needle-7"}}).SeeOther(t, "/home")
	b.Sending("Referer", "https://waymark.test/needle-8").Sending("User-Agent", "needle-9").Get("/home").OK(t)
	b.Send(webtest.Ask{Path: "/home", Address: "203.0.113.77:40000"}).OK(t)
	b.CrossSite().Post("/notes?needle-10", url.Values{"text": {"needle-11"}}).Denied(t)
	if log := s.Logged(); strings.Contains(log, "needle") || strings.Contains(log, "203.0.113.77") || strings.Contains(log, "n1") || strings.Contains(log, "Ada") {
		t.Errorf("the log says too much:\n%s", log)
	}
	for _, want := range [][]string{
		{`"msg":"request"`, `"method":"GET"`, `"route":"/notes/{note}"`, `"status":200`, `"id":"`},
		{`"route":"/notes/{note}"`, `"status":404`},
		{`"route":"(none)"`, `"status":404`},
		{`"method":"POST"`, `"route":"/notes"`, `"status":303`},
		{`"route":"/notes"`, `"status":403`},
	} {
		if !logged(s, want...) {
			t.Errorf("no line of the log has %q:\n%s", want, s.Logged())
		}
	}
}
