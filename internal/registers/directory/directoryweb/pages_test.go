package directoryweb_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/directory/directoryweb"
)

const issuer = "https://id.trust.example"

type world struct {
	*casestest.World
	*webtest.Site
}

// each builds the partnership behind a frame, on each engine, with a provider
// of identities.
func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock)
		pages := directoryweb.New(w.Directory, w.Training, w.Auth, webtest.Home)
		pages.Provider(issuer, "Fictional Sign-in")
		fn(t, world{w, webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes()}})})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.SignedIn(t, w.Actor(t, who).Account)
}

func (w world) path(t *testing.T, who, more string) string {
	t.Helper()
	return "/agency/people/" + w.Actor(t, who).Account + more
}

// through signs somebody in as a provider of identities would.
func (w world) through(t *testing.T, subject, email string) string {
	t.Helper()
	from := auth.From{Address: "192.0.2.7"}
	token, state, err := w.World.Auth.StateForProvider(from)
	must(t, err)
	must(t, w.World.Auth.KeepProviderAsk(t.Context(), token, auth.ProviderAsk{Nonce: "n", Verifier: "v", Next: "/"}, from))
	fresh, _, err := w.World.Auth.SignInWithProvider(t.Context(), token, state, from, func(auth.ProviderAsk) (auth.Claims, error) {
		return auth.Claims{Issuer: issuer, Subject: subject, Email: email, EmailVerified: true, Second: true}, nil
	})
	must(t, err)
	return fresh
}

// Proves: B2.17
func TestTheDirectoryNamesWhereToReferTo(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for _, who := range []string{casestest.Nurse, casestest.IDVA, casestest.Commissioner} {
			a := w.as(t, who).Get("/directory").OK(t)
			a.Says(t, "Advocates", "Fictional Haven Service")
			a.SaysNot(t, "Fictional receptionist", "Fictional colleague") // services, and nobody by name
		}
		w.Anyone(t).Get("/directory").SignInFirst(t)
	})
}

func TestAnAdministratorAddsATeamAndAColleague(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		admin := w.as(t, casestest.TrustAdmin)
		home := admin.Get("/agency").OK(t)
		form := home.Click(t, "Add a team").OK(t)
		form.FillAndSubmit(t, map[string]string{"name": "Night team", "code": "Night team!"}).Invalid(t, "code").Form(t, "main form").Submit().Invalid(t, "code")
		bad := form.FillAndSubmit(t, map[string]string{"name": "Night team", "code": "Night team!"})
		if v := bad.FormValues(t, "main form"); v.Get("name") != "Night team" || v.Get("code") != "Night team!" {
			t.Errorf("after a fault: %v", v)
		}
		bad.FillAndSubmit(t, map[string]string{"code": "night-team"}).SeeOther(t, "/agency?done=team-added").Follow(t).OK(t).Says(t, "The team is added", "Night team")

		colleague := home.Click(t, "Add a colleague").OK(t)
		webtest.CheckAutocompleteOff(t, colleague, "main form")
		f := colleague.Form(t, "main form").Fill(map[string]string{"name": "Fictional newcomer", "username": "nurse", "level": "2", "achieved_on": "2026-01-15", "until": "2026-12-31"})
		f.Check("role", "practitioner")
		f.Check("team", string(w.Midwives.ID))
		taken := f.Submit().Invalid(t, "username")
		kept := taken.FormValues(t, "main form")
		for name, want := range map[string]string{"name": "Fictional newcomer", "level": "2", "achieved_on": "2026-01-15", "until": "2026-12-31", "role": "practitioner", "team": string(w.Midwives.ID)} {
			if kept.Get(name) != want {
				t.Errorf("after a fault %s is %q, want %q", name, kept.Get(name), want)
			}
		}
		added := taken.FillAndSubmit(t, map[string]string{"username": "newcomer"}).OK(t)
		added.Says(t, "Fictional newcomer is added", "works once")
		link := added.Select("main code").Text()
		_, path, found := strings.Cut(link, "/welcome/")
		if !found {
			t.Fatalf("the link is %q", link)
		}
		// The link opens for whoever holds it, once.
		newcomer := w.Anyone(t)
		welcome := newcomer.Get("/welcome/" + path).OK(t)
		welcome.Says(t, "Welcome, Fictional newcomer", "newcomer")
		welcome.FillAndSubmit(t, map[string]string{"password": "short", "password_again": "short"}).Invalid(t, "password")
		welcome.FillAndSubmit(t, map[string]string{"password": "a heron on the weir", "password_again": "a heron on the wier"}).Invalid(t, "password_again").SaysNot(t, "heron")
		welcome.FillAndSubmit(t, map[string]string{"password": "a heron on the weir", "password_again": "a heron on the weir"}).SeeOther(t, webtest.Home)
		w.Anyone(t).Get("/welcome/"+path).OK(t).Says(t, "does not work any more")
		w.Anyone(t).Get("/welcome/made-up").OK(t).Says(t, "does not work any more")
	})
}

func TestWhatIsWrongAboutAColleagueIsSaidWhereItWasTyped(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		page := w.as(t, casestest.TrustAdmin).Get(w.path(t, casestest.Nurse, "")).OK(t)

		level := page.FillAndSubmit(t, map[string]string{"level": "3", "achieved_on": "2099-01-01", "expires_on": "2100-01-01", "source": "Course"}).Invalid(t, "achieved_on")
		values := level.FormValues(t, `form[action$="/level"]`)
		for name, want := range map[string]string{"level": "3", "achieved_on": "2099-01-01", "expires_on": "2100-01-01", "source": "Course"} {
			if values.Get(name) != want {
				t.Errorf("after a fault %s is %q", name, values.Get(name))
			}
		}
		level.FillAndSubmit(t, map[string]string{"achieved_on": "2026-02-01"}).SeeOther(t, w.path(t, casestest.Nurse, "?done=level-added"))

		until := page.FillAndSubmit(t, map[string]string{"until": "2020-01-01"}).Invalid(t, "until")
		if v := until.FormValues(t, `form[action$="/until"]`).Get("until"); v != "2020-01-01" {
			t.Errorf("the last day typed is %q", v)
		}
		page.FillAndSubmit(t, map[string]string{"until": "2027-01-31"}).SeeOther(t, "").Follow(t).OK(t).Says(t, "The last day is saved")
		// Saved by somebody else meanwhile.
		page.FillAndSubmit(t, map[string]string{"until": "2027-02-28"}).Conflict(t)

		page = w.as(t, casestest.TrustAdmin).Get(w.path(t, casestest.Nurse, "")).OK(t)
		form := page.Form(t, `form[action$="/roles"]`)
		form.Uncheck("role", "practitioner")
		form.Submit().Invalid(t, "roles")
		form = page.Form(t, `form[action$="/roles"]`)
		form.Check("role", "manager")
		form.Submit().SeeOther(t, w.path(t, casestest.Nurse, "?done=roles-saved"))

		vouch := page.FillAndSubmit(t, map[string]string{"email": "not an address"}).Invalid(t, "email")
		if v := vouch.FormValues(t, `form[action$="/vouch"]`).Get("email"); v != "not an address" {
			t.Errorf("the address typed is %q", v)
		}
	})
}

// The switch for leavers says first what must be handed over, and ends what
// they have open at once.
func TestALeaverIsOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nurse, admin := w.as(t, casestest.Nurse), w.as(t, casestest.TrustAdmin)
		nurse.Get("/directory").OK(t)
		admin.Get(w.path(t, casestest.Nurse, "/leave")).OK(t).Form(t, "main form").Submit().SeeOther(t, "/agency?done=ended").Follow(t).OK(t).SaysNot(t, "Fictional nurse")
		nurse.Get("/directory").SignInFirst(t)
		admin.Get(w.path(t, casestest.Nurse, "")).NotThere(t)
	})
}

func TestKeepingSomebodyOutTakesAReason(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nurse, admin := w.as(t, casestest.Nurse), w.as(t, casestest.TrustAdmin)
		page := admin.Get(w.path(t, casestest.Nurse, "")).OK(t)
		page.Form(t, `form[action$="/suspend"]`).Submit().Invalid(t, "reason")
		nurse.Get("/directory").OK(t)
		page.Form(t, `form[action$="/suspend"]`).Fill(map[string]string{"reason": "Being looked into"}).Submit().SeeOther(t, w.path(t, casestest.Nurse, "?done=suspended"))
		nurse.Get("/directory").SignInFirst(t)
		admin.Get(w.path(t, casestest.Nurse, "")).OK(t).Form(t, `form[action$="/restore"]`).Submit().SeeOther(t, w.path(t, casestest.Nurse, "?done=restored"))
	})
}

// A token is shown once, and another's member is not there.
func TestATokenIsShownOnceAndTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
			Agency: w.Trust.ID, Username: "records", Name: "Fictional records", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner},
		})
		must(t, err)
		admin := w.as(t, casestest.TrustAdmin)
		path := "/agency/people/" + added.Account.ID
		page := admin.Get(path).OK(t)
		bad := page.FillAndSubmit(t, map[string]string{"token_name": "Nightly", "token_until": "soon"}).Invalid(t, "actions", "token_until")
		if v := bad.FormValues(t, `form[action$="/token"]`); v.Get("token_name") != "Nightly" || v.Get("token_until") != "soon" {
			t.Errorf("after a fault: %v", v)
		}
		form := bad.Form(t, `form[action$="/token"]`).Fill(map[string]string{"token_until": "2027-01-31"})
		form.Check("action", string(directory.ActRead))
		made := form.Submit().OK(t)
		token := made.Select(".app-secret").Text()
		if !strings.HasPrefix(token, "waymark_") {
			t.Fatalf("the token is %q", token)
		}
		again := admin.Get(path).OK(t)
		again.SaysNot(t, token)
		again.Form(t, `form[action$="/revoke"]`).Submit().SeeOther(t, path+"?done=revoked").Follow(t).OK(t).Says(t, "Taken back")
	})
}

// An identity at a provider is taken back by an administrator or the key
// contact, who say so twice. What was open through it ends, what was not stays,
// and the ledger says who did it.
//
// Proves: B6.25
func TestAnIdentityIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		account := w.Actor(t, casestest.Nurse).Account
		path := w.path(t, casestest.Nurse, "/identity")
		for _, who := range []string{casestest.TrustAdmin, casestest.KeyContact} {
			w.as(t, casestest.TrustAdmin).Get(w.path(t, casestest.Nurse, "")).OK(t).FillAndSubmit(t, map[string]string{"email": "nurse@trust.example"}).SeeOther(t, "")
			open, nurse := w.through(t, "s1", "nurse@trust.example"), w.as(t, casestest.Nurse)
			b := w.as(t, who)
			list := b.Get("/agency/identities").OK(t)
			list.Says(t, "Fictional nurse", "nurse@trust.example", "They have signed in so")
			confirm := list.Click(t, "Take back the sign-in of Fictional nurse").OK(t)
			confirm.Form(t, "main form").Submit().Invalid(t, "sure")
			if _, err := w.World.Auth.Session(t.Context(), open); err != nil {
				t.Fatalf("before it was confirmed: %v", err)
			}
			form := confirm.Form(t, "main form")
			form.Check("sure", "yes")
			entries := w.Site.Ledger(t, func() { form.Submit().SeeOther(t, "/agency/identities?done=forgotten") })
			said := false
			for _, e := range entries {
				said = said || e.Action == auth.ActRevoke && e.Actor == b.Actor.Account && len(e.Subjects) == 1 && e.Subjects[0].ID == account
			}
			if !said {
				t.Errorf("the ledger has %v", webtest.Acts(entries))
			}
			if _, err := w.World.Auth.Session(t.Context(), open); err == nil {
				t.Error("what was open through it is still open")
			}
			nurse.Get("/directory").OK(t)
			b.Get("/agency/identities").OK(t).Says(t, "Nobody of your agency")
			b.Get(path).NotThere(t)
			form.Submit().NotThere(t) // sent twice
		}
	})
}

// Only an agency's own administrators and key contacts see it; for another
// agency's it is as if nobody were there.
func TestWhoMayTakeAnIdentityBack(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.as(t, casestest.TrustAdmin).Post(w.path(t, casestest.Nurse, "/vouch"), url.Values{"email": {"nurse@trust.example"}}).SeeOther(t, "")
		path := w.path(t, casestest.Nurse, "/identity")
		for _, who := range []string{casestest.Nurse, casestest.TrustManager, casestest.Commissioner, casestest.IDVA} {
			w.as(t, who).Get("/agency/identities").Denied(t)
		}
		for _, who := range []string{casestest.Nurse, casestest.IDVA} {
			w.as(t, who).Get(path).Denied(t)
			w.as(t, who).Post(path, url.Values{"sure": {"yes"}}).Denied(t)
		}
		other := w.as(t, casestest.HavenContact)
		webtest.SameAsAbsent(t, other, path, "/agency/people/01900000-0000-7000-8000-000000000000/identity")
		other.Post(path, url.Values{"sure": {"yes"}}).NotThere(t)
		w.Anyone(t).Get(path).SignInFirst(t)
		if list, err := w.Directory.Identities(t.Context(), w.Actor(t, casestest.KeyContact)); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
		if err := w.Directory.ForgetIdentity(context.Background(), w.Actor(t, casestest.HavenContact), w.Actor(t, casestest.Nurse).Account); err == nil {
			t.Error("another agency's key contact took it back")
		}
	})
}

// Colleagues without that work see nothing of the agency's staff, and another
// agency's staff are not there.
func TestWhoSeesTheStaff(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.as(t, casestest.Nurse).Get("/agency").Denied(t)
		manager := w.as(t, casestest.TrustManager).Get("/agency").OK(t)
		manager.Says(t, "Fictional nurse")
		manager.SaysNot(t, "Add a colleague", "Fictional idva")
		webtest.SameAsAbsent(t, w.as(t, casestest.TrustAdmin), w.path(t, casestest.IDVA, ""), "/agency/people/01900000-0000-7000-8000-000000000000")
	})
}
