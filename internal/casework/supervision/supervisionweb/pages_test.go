package supervisionweb_test

import (
	"net/url"
	"strings"
	"testing"

	courtcontent "waymark/content/court"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/court"
	"waymark/internal/casework/court/courtweb"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/supervision/supervisionweb"
	"waymark/internal/casework/support"
	"waymark/internal/casework/support/supportweb"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/waiting/waitingweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	site *webtest.Site
}

// each builds the pages of advocacy behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, support.Rules(), waiting.Rules(), court.Rules(), supervision.Rules())
		kinds, err := court.ParseKinds(courtcontent.Orders)
		if err != nil {
			t.Fatal(err)
		}
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		help := support.New(w.Cases, w.Guard, w.Registry, support.Config{})
		fn(t, world{w, webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{
				home.Routes(),
				supportweb.New(help, w.Cases, w.Directory, home.Bar).Routes(),
				waitingweb.New(waiting.New(w.Cases, w.Guard, w.Registry, nil), w.Cases, w.Directory, home.Bar).Routes(),
				courtweb.New(court.New(w.Cases, w.Guard, kinds, court.Config{}), w.Cases, w.Directory, home.Bar).Routes(),
				supervisionweb.New(supervision.New(w.Cases, w.Guard, nil), help, w.Cases, w.Directory, home.Bar).Routes(),
			},
		})})
	})
}

// asked are the forms of advocacy on a case, and what they ask.
func (w world) asked(t *testing.T, f *cases.File) string {
	t.Helper()
	var out []string
	for who, pages := range map[string][]string{
		casestest.IDVA: {
			"/contacts/new", "/contacts/plan", "/support/arrival", "/support/needs/new", "/support/goals/new", "/support/actions/new", "/support/offers/new", "/support/plan",
			"/support/outcomes/new", "/support/feedback", "/support/end", "/waiting/new", "/court/hearings/new", "/court/orders/new",
		},
	} {
		b := w.site.SignedIn(t, w.Actor(t, who).Account)
		for _, page := range pages {
			out = append(out, page+" "+b.Get(f.Path()+page).OK(t).Text())
		}
	}
	b := w.site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account)
	for _, page := range []string{"/supervision/new", "/supervision/sign"} {
		out = append(out, page+" "+b.Get(f.Path()+page).OK(t).Text())
	}
	return strings.Join(out, "\n")
}

// What the forms of advocacy ask is the same for everybody: no question, and no
// prompt, comes or goes with who somebody is.
//
// Proves: B7.24
func TestNoFormOfAdvocacyDependsOnGender(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		first := ""
		for _, gender := range []string{"", "Woman", "Man", "Non-binary", "A trans woman", "A man who loves men"} {
			d := people.Details{GivenName: "Robin", FamilyName: "Example", Born: "1991-03-27", Gender: gender}
			asked := w.asked(t, w.BeginFor(t, w.Actor(t, casestest.IDVA), d, cases.Experiencing))
			if first == "" {
				first = asked
			}
			if asked != first {
				t.Errorf("somebody who is %q is asked something else", gender)
			}
		}
	})
}

// Errors stand beside their fields, and what was typed stays.
func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.site.SignedIn(t, w.Actor(t, casestest.IDVA).Account)
		a := b.Post(f.Path()+"/court/hearings/new", url.Values{"purpose": {"Contact"}, "on-day": {"31"}, "on-month": {"2"}, "on-year": {"2027"}})
		a.Invalid(t, "court", "attends", "measures").Says(t, "Error: Enter the day of the hearing")
		if got := a.One(t, "#on-day").Attr("value"); got != "31" {
			t.Errorf("the day that was typed is %q", got)
		}
		b.Post(f.Path()+"/waiting/new", url.Values{"state": {"not_available"}}).Invalid(t, "service", "domain", "reason", "why")
		lead := w.site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account)
		lead.Post(f.Path()+"/supervision/sign", url.Values{"verdict": {"not_agreed"}}).Invalid(t, "subject", "text", "action")
		lead.Post("/supervision/"+f.Lead()+"/arrange", url.Values{"weeks": {"often"}}).Invalid(t, "weeks").Says(t, "Error: Enter the day by which you meet next")
	})
}

// Whoever does not supervise, or works elsewhere, finds nothing of it.
func TestSupervisionIsThereForWhoSupervises(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.site.SignedIn(t, w.Actor(t, casestest.IDVA).Account)
		b.Get("/supervision").Denied(t)
		b.Get(f.Path()+"/supervision").OK(t).SaysNot(t, "Write down supervision")
		b.Get(f.Path() + "/supervision/new").Denied(t)
		elsewhere := w.site.SignedIn(t, w.Actor(t, casestest.TrustManager).Account)
		elsewhere.Get("/supervision/" + f.Lead()).NotThere(t)
		elsewhere.Get(f.Path() + "/supervision").NotThere(t)
		w.site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account).Get("/supervision/"+f.Lead()).OK(t).Says(t, "Maya Example")
	})
}
