package webhooksweb_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/webhooks"
	"waymark/internal/casework/webhooks/webhooksweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type down struct{}

func (down) Take(context.Context, webhooks.Parcel) (webhooks.Verdict, string) {
	return webhooks.Gone, "http 410"
}

// An administrator has a program told, sees a secret once, sends a test, sees what
// it came to, is told on their first page when it was paused, takes it up again, and
// ends it. Nobody else does, and another agency's is not there.
func TestAnAdministratorLooksAfterWhatProgramsAreTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, sharing.Rules(), referral.Rules(), interchange.Rules(), webhooks.Rules())
		shares := sharing.New(db, w.Guard, w.Cases, sharing.Config{})
		hooks := webhooks.New(db, w.Guard, w.Cases, shares, webhooks.Config{Member: directory.AtWork{Levels: w.Training}.AtWork})
		pages := webhooksweb.New(hooks, w.Registry.Zone())
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes()}})
		added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
			Agency: w.Trust.ID, Username: "records", Name: "Fictional records", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{w.Midwives.ID},
		})
		must(t, err)
		admin := site.SignedIn(t, w.Actor(t, casestest.TrustAdmin).Account)
		admin.Get(webhooksweb.Home).OK(t).Says(t, "No program is told yet")
		const form = webhooksweb.Home + "/new"
		admin.Get(form).OK(t).Says(t, "Fictional records", "A person acknowledged it")
		admin.Post(form, url.Values{"address": {"http://records.example"}}).Invalid(t).Says(t, "begins with https://", "Select a program", "Select at least one thing")
		fields := url.Values{"program": {added.Account.ID}, "address": {"https://records.example/hooks"}, "events": {"referral.acknowledged", "referral.stage"}}
		if a := admin.Post(form, fields).OK(t).Says(t, "shown only now", "whsec_"); strings.Count(a.Body, "whsec_") != 1 {
			t.Error("the secret is not there once")
		}
		admin.Post(form, fields).Invalid(t).Says(t, "told at that address already")
		list, err := hooks.List(t.Context(), w.Actor(t, casestest.TrustAdmin))
		must(t, err)
		one := webhooksweb.Home + "/" + list[0].ID
		admin.Get(webhooksweb.Home).OK(t).Says(t, "Fictional records", "https://records.example/hooks", "Told").SaysNot(t, "whsec_")
		admin.Get(one).OK(t).Says(t, "Nothing yet", "Send a test").SaysNot(t, "whsec_")
		press := func(what string) *webtest.Answer {
			t.Helper()
			return admin.Post(one+"/"+what, admin.Get(one).OK(t).FormValues(t, `form[action$="/`+what+`"]`))
		}
		old := admin.Get(one).FormValues(t, `form[action$="/pause"]`)
		press("pause").SeeOther(t, one+"?done=paused")
		admin.Get(one).OK(t).Says(t, "Paused by an administrator")
		if a := admin.Post(one+"/resume", old); a.Status != 409 {
			t.Errorf("what somebody changed meanwhile: %d", a.Status)
		}
		press("resume").SeeOther(t, one+"?done=resumed")
		press("secret").OK(t).Says(t, "whsec_", "signs, too")
		press("ping").SeeOther(t, one+"?done=ping")
		admin.Get(one).OK(t).Says(t, "Not tried yet")
		if tiles, err := pages.Tiles(t.Context(), w.Actor(t, casestest.TrustAdmin)); err != nil || len(tiles) != 0 {
			t.Errorf("%v, %v", tiles, err)
		}
		_, err = hooks.CarryOut(t.Context(), down{})
		must(t, err)
		admin.Get(one).OK(t).Says(t, "answered with status 410", "Given up", "nobody listens there any more")
		if tiles, err := pages.Tiles(t.Context(), w.Actor(t, casestest.TrustAdmin)); err != nil || len(tiles) != 1 || tiles[0].Value != "1" {
			t.Errorf("%v, %v", tiles, err)
		}
		_, log, err := hooks.Log(t.Context(), w.Actor(t, casestest.TrustAdmin), list[0].ID)
		must(t, err)
		admin.Post(one+"/deliveries/"+log[0].ID+"/again", nil).SeeOther(t, one+"?done=again")
		for _, who := range []string{casestest.Nurse, casestest.TrustManager, casestest.IDVA} {
			site.SignedIn(t, w.Actor(t, who).Account).Get(one).Denied(t)
		}
		other, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{Agency: w.Haven.ID, Username: "haven.admin", Name: "Fictional admin", Roles: []policy.Role{policy.Administrator}})
		must(t, err)
		theirs := site.SignedIn(t, other.Account.ID)
		theirs.Get(one).NotThere(t)
		theirs.Post(one+"/remove", nil).NotThere(t)
		press("remove").SeeOther(t, webhooksweb.Home+"?done=removed")
		admin.Get(one).NotThere(t)
	})
}
