package authweb_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
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

// written takes a note, and has a form without a title back.
func written(_ context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if form.Has("_draft") {
		return nil, errors.New("a handler sees which draft a form came from")
	}
	if form.Has("title") && form.Get("title") == "" {
		return web.Page{Title: "A note", Body: markup(noteForm), Invalid: true}, nil
	}
	return web.SeeOther(webtest.Home), nil
}

// noting is the page with the form; another one has none.
func noting(_ context.Context, r *web.Request) (web.Response, error) {
	body := noteForm
	if r.Path("case") != "7" {
		body = "<h1>Closed</h1>"
	}
	return web.Page{Title: "A note", Body: markup(body)}, nil
}

// markup is a page's body as it is written here.
func markup(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
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
		return append(pages(t, s), []web.Route{
			{Method: http.MethodPost, Pattern: "/notes/{case}", Action: actWrite, Handler: written},
			{Method: http.MethodGet, Pattern: "/notes/{case}", Action: actWrite, Handler: noting},
		})
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

// noteForm is the form that notes are typed in.
const noteForm = `<h1>A note</h1><form method="post" action="/notes/7">
	<input type="hidden" name="version" value="9"><input name="title" value="As it is">
	<textarea name="text">What stands there</textarea>
	<input type="radio" name="kind" value="call"><input type="radio" name="kind" value="visit" checked>
	<input type="checkbox" name="urgent" value="yes" checked>
	<select name="to"><option value="a" selected>A</option><option value="b">B</option></select>
	<input type="password" name="password"><button>Save</button></form>`

// S15: what was typed is kept when the session ends, for the same account
// alone, and stands in the form again when its owner is back. It is sent when
// they press the button, and is gone then.
func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	desk(t, func(t *testing.T, s *webtest.Site) {
		ada, ben := atTrust(t, s, "ada"), atTrust(t, s, "ben")
		secret := app(t, s, ada)
		typed := url.Values{
			"text": {"She asked for the blue leaflet,\nplease."}, "title": {`The leaflet <b>"blue"</b>`}, "version": {"3"},
			"password": {"never kept"}, "kind": {"call"}, "to": {"b"},
		}
		b := s.SignedIn(t, ada)
		s.Clock.Advance(auth.Idle)
		entries := s.Ledger(t, func() {
			b.Post("/notes/7", typed).SeeOther(t, "/sign-in?next=%2Faccount%2Fdrafts").Follow(t).OK(t).Says(t, "What you had typed is kept").SaysNot(t, "leaflet")
		})
		if d := cmp.Diff([]string{"account.keep_draft done account:" + ada}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
		s.SignedIn(t, ben).Get("/account/drafts").OK(t).Says(t, "Nothing is kept").SaysNot(t, "leaflet")

		to := enters(t, s, b.Get("/sign-in?next=/account/drafts").OK(t), secret)
		path := to.Header.Get("Location")
		if !strings.HasPrefix(path, "/account/drafts/") {
			t.Fatalf("after signing in: %s", path)
		}
		s.SignedIn(t, ben).Get(path).NotThere(t)
		filled := to.Follow(t).Header.Get("Location")
		// Whoever has the address and another account sees the form as it is.
		s.SignedIn(t, ben).Get(filled).OK(t).SaysNot(t, "leaflet", "filled in with what you had typed")

		page := b.Get(filled).OK(t).Says(t, "This form is filled in with what you had typed", "Nothing of it has been sent")
		const form = "form[action='/notes/7'] "
		for field, want := range map[string]string{
			"input[name=title]": "The leaflet <b>\"blue\"</b>", "input[name=version]": "9", "input[name=password]": "",
		} {
			if got := page.One(t, form+field).Attr("value"); got != want {
				t.Errorf("%s holds %q, not %q", field, got, want)
			}
		}
		if got := page.FormValues(t, form).Get("text"); got != "She asked for the blue leaflet,\nplease." {
			t.Errorf("the text is %q", got)
		}
		for field, want := range map[string]int{
			"input[value=call][checked]": 1, "input[value=visit][checked]": 0, "input[name=urgent][checked]": 0,
			"option[value=b][selected]": 1, "option[value=a][selected]": 0,
		} {
			if got := len(page.Select(form + field).Attrs("value")); got != want {
				t.Errorf("%d of %s, not %d", got, field, want)
			}
		}
		// It is there until it was sent, also when it comes back with a fault.
		again := map[string]string{"title": ""}
		b.Get(filled).OK(t).Says(t, "filled in")
		faulty := page.FillAndSubmit(t, again)
		if faulty.Status != http.StatusUnprocessableEntity {
			t.Fatalf("a form with a fault: %d", faulty.Status)
		}
		faulty.FillAndSubmit(t, map[string]string{"title": "Better"}).SeeOther(t, webtest.Home)
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
		if to := b.Get("/locked").OK(t).FillAndSubmit(t, map[string]string{"password": password}).Header.Get("Location"); !strings.HasPrefix(to, "/account/drafts/") {
			t.Errorf("after the screen was hidden: %s", to)
		}
		page := b.Get("/account/drafts").OK(t).Says(t, "typed before it was hidden").SaysNot(t, "elsewhere", "a secret", "a few words")
		drop := page.Select("form[action$=/drop]").Attrs("action")[0]
		b.Post(drop, nil).SeeOther(t, "/account/drafts?done=dropped")
		b.Post(drop, nil).NotThere(t)
		// Of a form that is not there any more the words are shown, to copy.
		b.Post("/account/drafts/keep", url.Values{"_path": {"/notes/8"}, "_page": {"/notes/8"}, "text": {"a few words about nothing"}}).OK(t)
		gone := b.Get("/account/drafts").OK(t).Says(t, "a few words about nothing")
		href := gone.Select("main a.govuk-button").Attrs("href")[0]
		to := b.Get(href).Header.Get("Location")
		b.Get(to).SeeOther(t, "/account/drafts?done=elsewhere").Follow(t).OK(t).Says(t, "The form is not there any more", "a few words about nothing")
		b.Post(gone.Select("form[action$=/drop]").Attrs("action")[0], nil).SeeOther(t, "/account/drafts?done=dropped")
		// A day later it is gone.
		b.Post("/account/drafts/keep", url.Values{"_path": {"/notes/7"}, "text": {"a few words that were typed"}}).OK(t)
		s.Clock.Advance(auth.DraftLasts)
		s.SignedIn(t, ada).Get("/account/drafts").OK(t).Says(t, "Nothing is kept")
	})
}
