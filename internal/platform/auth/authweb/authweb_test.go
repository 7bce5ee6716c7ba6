package authweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

const (
	password = "a long pass phrase"
	wrong    = "another pass phrase"
	away     = "https://weather.example/forecast"
)

// options are a site with the pages under test and two others: the start page,
// which anybody may read, and the first page of who is signed in.
func options() webtest.Options {
	plain := func(title string) web.Handler {
		return func(context.Context, *web.Request) (web.Response, error) {
			return web.Page{Title: title, Body: ui.Text(title + " page")}, nil
		}
	}
	return webtest.Options{Pages: func(_ testing.TB, s *webtest.Site) [][]web.Route {
		return [][]web.Route{
			authweb.New(authweb.Config{Auth: s.Auth, Home: webtest.Home, Away: away, Issuer: "Local Services"}).Routes(),
			{
				{Method: http.MethodGet, Pattern: "/{$}", Public: "the start page of the tests", Handler: plain("Start")},
				{Method: http.MethodGet, Pattern: webtest.Home, Action: auth.ActOwn, Handler: plain("Home")},
				{Method: http.MethodGet, Pattern: "/desk/{item}", Action: auth.ActOwn, Handler: plain("Work")},
			},
		}
	}}
}

func each(t *testing.T, fn func(t *testing.T, s *webtest.Site)) {
	t.Helper()
	webtest.Each(t, options(), fn)
}

// ada is an account that can sign in with the password.
func ada(t *testing.T, s *webtest.Site) string {
	t.Helper()
	id := s.Account(t, webtest.Person{Username: "ada", Name: "Ada Fictional"})
	s.SetPassword(t, id, password)
	return id
}

// app gives an account an authenticator app and returns its secret.
func app(t *testing.T, s *webtest.Site, id string) string {
	t.Helper()
	b := s.SignedIn(t, id)
	page := b.Get("/account/authenticator").OK(t)
	secret := strings.ReplaceAll(page.Select("#secret").Text(), " ", "")
	page.FillAndSubmit(t, map[string]string{"code": code(t, s, secret), "name": "Telephone"}).OK(t).Says(t, "Your recovery codes")
	b.Post("/sign-out", nil)
	s.Clock.Advance(time.Minute) // the code is used
	return secret
}

// code is what the app with a secret shows now.
func code(t *testing.T, s *webtest.Site, secret string) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// enters gives the password and the code on the pages that ask for them, and
// returns the answer to the last.
func enters(t *testing.T, s *webtest.Site, page *webtest.Answer, secret string) *webtest.Answer {
	t.Helper()
	second := page.FillAndSubmit(t, credentials(password)).SeeOther(t, "").Follow(t).OK(t).Says(t, "Enter your code")
	return second.FillAndSubmit(t, map[string]string{"code": code(t, s, secret)})
}

func credentials(password string) map[string]string {
	return map[string]string{"username": "ada", "password": password}
}

func signedIn(b *webtest.Browser) bool { return b.Cookies()[webtest.CookieName] != "" }

func TestSigningInLeadsToWhatWasAskedFor(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		secret := app(t, s, id)
		b := s.Anyone(t)
		page := b.Get("/desk/7?sort=name").SeeOther(t, "/sign-in?next=%2Fdesk%2F7").Follow(t).OK(t)
		var answer *webtest.Answer
		entries := s.Ledger(t, func() { answer = enters(t, s, page, secret) })
		answer.SeeOther(t, "/desk/7").Follow(t).OK(t).Says(t, "Work page", "Ada Fictional")
		if d := cmp.Diff([]string{"account.sign_in done account:" + id, "account.second_factor done account:" + id}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
		// Who is signed in has no use for the form.
		b.Get("/sign-in").SeeOther(t, webtest.Home)
		b.Get("/sign-in?next=/desk/8").SeeOther(t, "/desk/8")
		b.Get("/sign-in?next=//evil.example").SeeOther(t, webtest.Home)
	})
}

func TestSigningInWithoutAPlaceToGoLeadsHome(t *testing.T) {
	s := webtest.New(t, options())
	secret := app(t, s, ada(t, s))
	for _, next := range []string{"", "https://evil.example/", "//evil.example", "/%2fevil.example", `/\evil.example`, "/%09/evil.example", "work"} {
		b := s.Anyone(t)
		page := b.Get("/sign-in?" + url.Values{"next": {next}}.Encode()).OK(t)
		if got := page.FormValues(t, "form[action=/sign-in]").Get("next"); got != "" {
			t.Errorf("%q is kept as %q", next, got)
		}
		// The form can be changed on the way.
		b.Post("/sign-in", url.Values{"username": {"ada"}, "password": {password}, "next": {next}}).SeeOther(t, "/sign-in/second")
		s.Clock.Advance(time.Minute)
		b.Post("/sign-in/second", url.Values{"code": {code(t, s, secret)}, "next": {next}}).SeeOther(t, webtest.Home)
	}
}

func TestAFailedSignInKeepsTheNameAndSaysNoMore(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		ada(t, s)
		b := s.Anyone(t)
		page := b.Get("/sign-in?next=/desk/7").OK(t)
		webtest.CheckAutocomplete(t, page, map[string]string{"username": "username", "password": "current-password"})
		back := page.FillAndSubmit(t, credentials(wrong)).Invalid(t, "username")
		if d := cmp.Diff(url.Values{"username": {"ada"}, "password": {""}, "next": {"/desk/7"}}, back.FormValues(t, "form[action=/sign-in]")); d != "" {
			t.Error(d)
		}
		other := page.FillAndSubmit(t, map[string]string{"username": "unknown", "password": wrong}).Invalid(t, "username")
		if strings.ReplaceAll(other.Body, "unknown", "ada") != back.Body {
			t.Error("a name that is not there gets another page than one that is")
		}
		if signedIn(b) {
			t.Error("there is a session")
		}
		back.FillAndSubmit(t, credentials(password)).SeeOther(t, "/sign-in/second?next=%2Fdesk%2F7")
	})
}

func TestTooManyTriesAreSaid(t *testing.T) {
	s := webtest.New(t, options())
	ada(t, s)
	b := s.Anyone(t)
	for range 10 {
		b.Post("/sign-in", url.Values{"username": {"ada"}, "password": {wrong}}).Invalid(t, "username").SaysNot(t, "too many")
	}
	b.Post("/sign-in", url.Values{"username": {"ada"}, "password": {password}}).Invalid(t, "username").Says(t, "There were too many tries")
	s.Clock.Advance(time.Minute)
	b.Post("/sign-in", url.Values{"username": {"ada"}, "password": {password}}).SeeOther(t, "/sign-in/second")
}

// The cookie is neutral, of this very host, and no script reads it (S6).
func TestTheCookie(t *testing.T) {
	s := webtest.New(t, options())
	ada(t, s)
	b := s.Anyone(t)
	set := b.Post("/sign-in", url.Values{"username": {"ada"}, "password": {password}}).Header["Set-Cookie"]
	token := b.Cookies()["__Host-session"]
	if d := cmp.Diff([]string{"__Host-session=" + token + "; Path=/; HttpOnly; Secure; SameSite=Lax"}, set); d != "" {
		t.Error(d)
	}
	ended := b.Post("/sign-out", nil).Header["Set-Cookie"]
	if d := cmp.Diff([]string{"__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"}, ended); d != "" {
		t.Error(d)
	}
}

func TestSigningInAgainEndsTheEarlierSession(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		secret := app(t, s, id)
		b := s.SignedIn(t, id)
		b.Post("/hide", nil).SeeOther(t, "/locked")
		before := b.Copy()
		enters(t, s, b.Get("/sign-in").OK(t), secret).SeeOther(t, webtest.Home)
		b.Get(webtest.Home).OK(t)
		before.Get(webtest.Home).SignInFirst(t)
	})
}

func TestSigningOut(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		b := s.SignedIn(t, id)
		before := b.Copy() // somebody who has kept the cookie
		page := b.Get(webtest.Home).OK(t)
		var answer *webtest.Answer
		entries := s.Ledger(t, func() { answer = page.Form(t, "form[action=/sign-out]").Submit() })
		answer.SeeOther(t, "/sign-in")
		if d := cmp.Diff([]string{"account.sign_out done"}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
		if signedIn(b) {
			t.Error("the cookie is kept")
		}
		before.Get(webtest.Home).SignInFirst(t)
		// Once more, as when the session has ended in another window.
		before.Post("/sign-out", nil).SeeOther(t, "/sign-in")
		s.Anyone(t).Post("/sign-out", nil).SeeOther(t, "/sign-in")
	})
}

func TestHidingTheScreenShowsNothingUntilThePasswordIsGiven(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		b := s.SignedIn(t, id)
		page := b.Get("/desk/7").OK(t)
		hidden := page.Form(t, "form[action=/hide]").Press("Hide screen").SeeOther(t, "/locked").Follow(t).OK(t)
		hidden.SaysNot(t, "Ada", "ada", "Work page", "Sign in ")
		webtest.CheckAutocomplete(t, hidden, map[string]string{"password": "current-password"})

		// No page shows who it was, and what needs an action leads back here.
		b.Get("/").OK(t).SaysNot(t, "Ada", "Hide screen", "Sign out")
		b.Get("/no-such-page").NotThere(t).SaysNot(t, "Ada")
		asked := b.Get("/desk/7").SeeOther(t, "/locked?next=%2Fdesk%2F7").Follow(t).OK(t)
		b.Post("/hide", nil).SeeOther(t, "/locked")

		back := asked.FillAndSubmit(t, map[string]string{"password": wrong}).Invalid(t, "password")
		b.Get("/desk/7").SeeOther(t, "")
		back.FillAndSubmit(t, map[string]string{"password": password}).SeeOther(t, "/desk/7").Follow(t).OK(t).Says(t, "Ada Fictional")
		b.Get("/locked").SeeOther(t, webtest.Home)
	})
}

func TestAHiddenScreenCanBeSignedOutOf(t *testing.T) {
	s := webtest.New(t, options())
	b := s.SignedIn(t, ada(t, s))
	b.Post("/hide", nil).SeeOther(t, "/locked").Follow(t).Form(t, "main form[action=/sign-out]").Submit().SeeOther(t, "/sign-in")
	b.Get(webtest.Home).SignInFirst(t)
	s.Anyone(t).Get("/locked").SeeOther(t, webtest.Home).Follow(t).SignInFirst(t)
}

func TestAHiddenScreenLeftAloneLeadsToSignIn(t *testing.T) {
	s := webtest.New(t, options())
	b := s.SignedIn(t, ada(t, s))
	hidden := b.Post("/hide", nil).SeeOther(t, "/locked").Follow(t).OK(t)
	s.Clock.Advance(auth.Idle)
	hidden.FillAndSubmit(t, map[string]string{"password": password}).SeeOther(t, "/sign-in")
	if signedIn(b) {
		t.Error("the cookie is kept")
	}
	b.Get("/desk/7").SignInFirst(t)
}

// A program has no screen to hide.
func TestProgramsCannotHideAScreen(t *testing.T) {
	s := webtest.New(t, options())
	program := s.As(t, webtest.Person{Kind: policy.Service})
	entries := s.Ledger(t, func() { program.Post("/hide", nil).Denied(t) })
	if d := cmp.Diff([]string{"session.own refused"}, webtest.Acts(entries)); d != "" {
		t.Error(d)
	}
}

func wantsLeft(t *testing.T, a *webtest.Answer) {
	t.Helper()
	a.SeeOther(t, away)
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Clear-Site-Data": `"cache", "cookies", "storage"`,
		"Set-Cookie": "__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// S10: one address for everybody, which ends the session on the server and
// leaves no trace of having been used.
func TestLeaving(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		b := s.SignedIn(t, id)
		before := b.Copy()
		s.Clock.Advance(2 * time.Minute) // a session that its next use would write down
		b.Get("/").OK(t)
		logged := s.Logged()
		entries := s.Ledger(t, func() {
			wantsLeft(t, b.Get("/exit"))
			wantsLeft(t, s.Anyone(t).Get("/exit?from=/desk/7"))
			wantsLeft(t, s.Anyone(t).CrossSite().Get("/exit"))
			b.SetCookie(webtest.CookieName, "made-up")
			wantsLeft(t, b.Get("/exit"))
		})
		if len(entries) > 0 {
			t.Errorf("the ledger has %q", webtest.Acts(entries))
		}
		if s.Logged() != logged {
			t.Errorf("it is logged: %s", strings.TrimPrefix(s.Logged(), logged))
		}
		before.Get(webtest.Home).SignInFirst(t)
	})
}

func TestLeavingWorksFromAHiddenScreen(t *testing.T) {
	s := webtest.New(t, options())
	b := s.SignedIn(t, ada(t, s))
	before := b.Copy()
	b.Post("/hide", nil)
	wantsLeft(t, b.Get("/exit"))
	before.Get(webtest.Home).SignInFirst(t)
}

// Whatever is the matter with the database, the person gets away.
func TestLeavingWorksWhenNothingElseDoes(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		b := s.SignedIn(t, ada(t, s))
		if err := s.DB.Close(); err != nil {
			t.Fatal(err)
		}
		b.Get(webtest.Home).Is(t, http.StatusInternalServerError)
		logged := s.Logged()
		wantsLeft(t, b.Get("/exit"))
		if s.Logged() != logged {
			t.Errorf("it is logged: %s", strings.TrimPrefix(s.Logged(), logged))
		}
	})
}

// A long write, as of a large import, keeps others waiting, and not who leaves.
func TestLeavingDoesNotWaitForOthers(t *testing.T) {
	s := webtest.New(t, options())
	b := s.SignedIn(t, ada(t, s))
	before := b.Copy()
	started, finish, finished := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		finished <- s.DB.Write(context.WithoutCancel(t.Context()), func(context.Context, *store.Tx) error {
			close(started)
			<-finish
			return errors.New("nothing of it is kept")
		})
	}()
	<-started
	wantsLeft(t, b.Get("/exit"))
	close(finish)
	<-finished
	// The session ends all the same, as soon as it can: a write comes after it.
	s.As(t, webtest.Person{})
	before.Get(webtest.Home).SignInFirst(t)
}

func TestEveryRouteKeepsTheRules(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		webtest.CheckAll(t, webtest.Walk{
			Frame: s.Frame,
			Examples: map[string][]string{
				"/desk/{item}": {"/desk/7"}, "/account/factors/{factor}/remove": {"/account/factors/none/remove"},
				"/account/sessions/{session}/end": {"/account/sessions/none/end"},
				"/account/drafts/{draft}":         {"/account/drafts/none"}, "/account/drafts/{draft}/drop": {"/account/drafts/none/drop"},
			},
			Closed: map[string]string{"/account/drafts/{draft}": "there is none; TestWhatIsKeptAndWhatIsNot has some"},
			People: []*webtest.Browser{s.SignedIn(t, ada(t, s)), hidden(t, s)},
			Names:  []string{"Ada", "Fictional"},
			DB:     s.DB,
			Forms: map[string]url.Values{
				"/sign-in": {"username": {"ada"}, "password": {password}},
				"/locked":  {"password": {password}},
			},
		})
	})
}

// hidden is a browser whose screen is hidden. Nobody can tell it from one in
// which nobody is signed in.
func hidden(t *testing.T, s *webtest.Site) *webtest.Browser {
	t.Helper()
	b := s.As(t, webtest.Person{})
	b.Post("/hide", nil).SeeOther(t, "/locked")
	b.Actor = policy.Actor{}
	return b
}
