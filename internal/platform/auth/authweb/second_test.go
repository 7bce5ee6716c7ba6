package authweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

// Proves: B6.25.
func TestWithoutASecondFactorEveryPageLeadsToSettingOneUp(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		ada(t, s)
		b := s.Anyone(t)
		b.Get("/sign-in?next=/desk/7").OK(t).FillAndSubmit(t, credentials(password)).SeeOther(t, "/sign-in/second?next=%2Fdesk%2F7").
			Follow(t).SeeOther(t, "/account/second-factor?next=%2Fsign-in%2Fsecond")
		for _, r := range s.Frame.Routes() {
			if r.Action == "" || len(r.During) > 0 {
				continue
			}
			path := strings.NewReplacer("{item}", "7", "{factor}", "x", "{session}", "x", "{draft}", "x").Replace(r.Pattern)
			a := b.Send(webtest.Ask{Method: r.Method, Path: path, Form: url.Values{}})
			if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/account/second-factor") {
				t.Errorf("%s: %d %s", r, a.Status, a.Header.Get("Location"))
			}
		}
		b.Get("/account/second-factor").OK(t).Says(t, "Set up a second step").SaysNot(t, "Hide screen")
		setUp := b.Get("/account/authenticator").OK(t)
		secret := strings.ReplaceAll(setUp.Select("#secret").Text(), " ", "")
		back := setUp.FillAndSubmit(t, map[string]string{"code": "12345"}).Invalid(t, "code")
		if got := strings.ReplaceAll(back.Select("#secret").Text(), " ", ""); got != secret {
			t.Error("the page comes back with another secret")
		}
		before := b.Copy()
		codes := back.FillAndSubmit(t, map[string]string{"code": code(t, s, secret)}).OK(t).Says(t, "Your recovery codes")
		if n := len(codes.Select(".app-codes li")); n != auth.RecoveryCodes {
			t.Errorf("%d codes are shown", n)
		}
		b.Get("/desk/7").OK(t).Says(t, "Ada Fictional")
		before.Get("/desk/7").SignInFirst(t) // the cookie from before the proof opens nothing
	})
}

func TestBeforeTheCodeNothingIsShown(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		app(t, s, ada(t, s))
		b := s.Anyone(t)
		b.Get("/sign-in").OK(t).FillAndSubmit(t, credentials(password))
		b.Get("/").OK(t).SaysNot(t, "Ada", "Sign out")
		for _, path := range []string{"/desk/7", "/account", "/account/second-factor", "/account/authenticator", "/account/passkey", "/account/confirm", "/session"} {
			a := b.Get(path)
			if a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in/second") {
				t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Location"))
			}
		}
		b.Post("/account/authenticator", url.Values{"code": {"123456"}}).SeeOther(t, "/sign-in/second")
		page := b.Get("/sign-in/second").OK(t)
		webtest.CheckAutocomplete(t, page, map[string]string{"code": "one-time-code"})
		page.FillAndSubmit(t, map[string]string{"code": "nonsense"}).Invalid(t, "code")
		b.Get("/desk/7").SeeOther(t, "/sign-in/second?next=%2Fdesk%2F7")
	})
}

func TestChangingHowOneSignsInAsksAgain(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		secret := app(t, s, ada(t, s))
		b := s.Anyone(t)
		enters(t, s, b.Get("/sign-in").OK(t), secret).SeeOther(t, webtest.Home)
		b.Get("/account").OK(t).Says(t, "Telephone", "Authenticator app", "This one", "10 recovery codes left")
		b.Get("/account/recovery-codes").OK(t)
		s.Clock.Advance(auth.Recent)
		page := b.Get("/account/recovery-codes").SeeOther(t, "/account/confirm?next=%2Faccount%2Frecovery-codes").Follow(t).OK(t)
		before := b.Copy()
		page.FillAndSubmit(t, map[string]string{"code": code(t, s, secret)}).SeeOther(t, "/account/recovery-codes").Follow(t).OK(t)
		before.Get("/desk/7").SignInFirst(t)
		b.Post("/account/recovery-codes", nil).OK(t).Says(t, "shown only now")
		b.Get("/account/password").OK(t).FillAndSubmit(t, map[string]string{"password": "short", "password_again": "short"}).Invalid(t, "password")
		b.Get("/account/password").OK(t).FillAndSubmit(t, map[string]string{"password": "quite another phrase", "password_again": "quite another phrase"}).SeeOther(t, "/account?done=password")
		b.Get("/desk/7").OK(t)
	})
}

func TestOwnSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		id := ada(t, s)
		here, there := s.SignedIn(t, id), s.SignedIn(t, id)
		page := here.Get("/account").OK(t)
		action := page.Select("form[action^=/account/sessions/]").Attrs("action")
		var one string
		for _, a := range action {
			if strings.HasSuffix(a, "/end") {
				one = a
			}
		}
		here.Post(one, nil).SeeOther(t, "/account?done=ended")
		there.Get("/desk/7").SignInFirst(t)
		third := s.SignedIn(t, id)
		here.Post("/account/sessions/end-others", nil).SeeOther(t, "/account?done=others")
		third.Get("/desk/7").SignInFirst(t)
		here.Get("/desk/7").OK(t)
	})
}

func TestASessionCanBeKept(t *testing.T) {
	each(t, func(t *testing.T, s *webtest.Site) {
		b := s.SignedIn(t, ada(t, s))
		b.Get("/desk/7").OK(t).Says(t, "signed out after 30 minutes", "Stay signed in")
		s.Clock.Advance(auth.Idle - time.Second)
		if a := b.Post("/session/extend", nil).OK(t); a.Body != `{"left":1800}` {
			t.Error(a.Body)
		}
		s.Clock.Advance(auth.Idle - time.Second)
		b.Post("/session", nil).SeeOther(t, "/session").Follow(t).OK(t).Says(t, "30 minutes")
		s.Clock.Advance(auth.Idle)
		b.Post("/session/extend", nil).SeeOther(t, "/sign-in")
	})
}

func written(context.Context, *web.Request) (web.Response, error) {
	return web.SeeOther(webtest.Home), nil
}

const actWrite policy.Action = "note.write"

// desk is a site with a form, for people of an agency that has a data key.
func desk(t *testing.T, fn func(t *testing.T, s *webtest.Site)) {
	t.Helper()
	o := options()
	pages := o.Pages
	o.Sources = []policy.Source{{
		Name:   "note",
		Schema: `entity Note; action "note.write" appliesTo { principal: [Account], resource: [Note], context: {} };`,
		Rules:  "@id(\"note-write\")\n@sentence(\"People write.\")\npermit (principal, action == Action::\"note.write\", resource is Note) when { principal.kind == \"human\" };",
	}}
	o.Pages = func(t testing.TB, s *webtest.Site) [][]web.Route {
		return append(pages(t, s), []web.Route{{Method: http.MethodPost, Pattern: "/notes/{case}", Action: actWrite, Handler: written}})
	}
	webtest.Each(t, o, func(t *testing.T, s *webtest.Site) {
		if err := s.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error { return s.DB.Vault().CreateKey(ctx, tx, "trust") }); err != nil {
			t.Fatal(err)
		}
		fn(t, s)
	})
}

func atTrust(t *testing.T, s *webtest.Site, username string) string {
	t.Helper()
	id := s.Account(t, webtest.Person{Username: username, Name: "Fictional " + username, Agency: "trust"})
	s.SetPassword(t, id, password)
	return id
}

// S15: what was typed is kept when the session ends, for the same account
// alone, and sent when its owner says so.
func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	desk(t, func(t *testing.T, s *webtest.Site) {
		ada, ben := atTrust(t, s, "ada"), atTrust(t, s, "ben")
		secret := app(t, s, ada)
		typed := url.Values{"text": {"She asked for the blue leaflet, please."}, "password": {"never kept"}, "kind": {"call"}}
		b := s.SignedIn(t, ada)
		s.Clock.Advance(auth.Idle)
		entries := s.Ledger(t, func() {
			b.Post("/notes/7", typed).SeeOther(t, "/sign-in?next=%2Faccount%2Fdrafts").Follow(t).OK(t).Says(t, "What you had typed is kept").SaysNot(t, "leaflet")
		})
		if d := cmp.Diff([]string{"account.keep_draft done account:" + ada}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
		s.SignedIn(t, ben).Get("/account/drafts").OK(t).Says(t, "Nothing is kept").SaysNot(t, "leaflet")

		page := enters(t, s, b.Get("/sign-in?next=/account/drafts").OK(t), secret).SeeOther(t, "/account/drafts").Follow(t).OK(t)
		page.Says(t, "She asked for the blue leaflet, please.").SaysNot(t, "never kept")
		send := page.Select("form[action$=/send]").Attrs("action")[0]
		s.SignedIn(t, ben).Post(send, nil).NotThere(t)
		answer := b.Post(send, typed)
		if answer.Status != http.StatusTemporaryRedirect || answer.Header.Get("Location") != "/notes/7" {
			t.Errorf("%d %s", answer.Status, answer.Header.Get("Location"))
		}
		b.Get("/account/drafts").OK(t).Says(t, "Nothing is kept")
	})
}

func TestWhatIsKeptAndWhatIsNot(t *testing.T) {
	desk(t, func(t *testing.T, s *webtest.Site) {
		ada := atTrust(t, s, "ada")
		typed := url.Values{"text": {"a few words that were typed"}}
		// Of a session that was ended on purpose, or never was, nothing is kept.
		out := s.SignedIn(t, ada)
		old := out.Copy()
		out.Post("/sign-out", nil)
		old.Post("/notes/7", typed).SeeOther(t, "/sign-in")
		s.Anyone(t).Post("/notes/7", typed).SeeOther(t, "/sign-in")
		old.Post("/account/drafts/keep", url.Values{"_path": {"/notes/7"}, "text": {"x"}}).OK(t)
		// A script sends what was typed when the screen is hidden.
		b := s.SignedIn(t, ada)
		b.Post("/hide", nil)
		b.Post("/account/drafts/keep", url.Values{"_path": {"/notes/7"}, "text": {"typed before it was hidden"}}).OK(t)
		b.Post("/account/drafts/keep", url.Values{"_path": {"//evil.example"}, "text": {"elsewhere"}}).OK(t)
		b.Post("/account/drafts/keep", url.Values{"_path": {"/account/password"}, "text": {"a secret"}}).OK(t)
		b.Get("/locked").OK(t).FillAndSubmit(t, map[string]string{"password": password}).SeeOther(t, "/account/drafts")
		page := b.Get("/account/drafts").OK(t).Says(t, "typed before it was hidden").SaysNot(t, "elsewhere", "a secret", "a few words")
		drop := page.Select("form[action$=/drop]").Attrs("action")[0]
		b.Post(drop, nil).SeeOther(t, "/account/drafts?done=dropped")
		b.Post(drop, nil).NotThere(t)
		// A day later it is gone.
		b.Post("/account/drafts/keep", url.Values{"_path": {"/notes/7"}, "text": {"a few words that were typed"}}).OK(t)
		s.Clock.Advance(auth.DraftLasts)
		s.SignedIn(t, ada).Get("/account/drafts").OK(t).Says(t, "Nothing is kept")
	})
}
