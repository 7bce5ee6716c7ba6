package registerweb_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/marac/register/registerweb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	marac *marac.Service
	cora  policy.Actor
	team  string
	site  *webtest.Site
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, sharing.Rules(), marac.Rules(), register.Rules())}
		w.marac = marac.New(w.Cases, w.Guard, w.Registry.Zone())
		s := register.New(w.Cases, w.Guard, sharing.New(db, w.Guard, w.Cases, sharing.Config{}), w.marac)
		w.cora = w.conference(t, "conference")
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := registerweb.New(s, w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
		desk.AddWaiting(pages.Tiles)
		w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()}})
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) conference(t *testing.T, code string) policy.Actor {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: code, Name: "Fictional " + code, Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "team", Name: "Coordination", TakesReferrals: true})
	must(t, err)
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: a.ID, Username: code, Name: "Fictional of " + code, Kind: policy.Human, Roles: []policy.Role{policy.Specialist}, Teams: []directory.TeamID{team.ID},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	must(t, w.marac.SetUp(t.Context(), casestest.Operator, marac.Norms(string(a.ID), string(team.ID)), marac.Published("2020-01-01")))
	w.team = string(a.ID) + "/" + string(team.ID)
	return policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: []policy.Role{policy.Specialist}, Level: 3, Teams: []string{string(team.ID)}}
}

// typed is a whole referral.
func (w *world) typed() url.Values {
	return url.Values{
		"to": {w.team}, "why": {"He strangled her"}, "protects": {"Maya"}, "harm": {"being killed"}, "referrer": {"Fictional nurse"}, "victim": {"Maya"}, "v_family": {"Example"},
		"v_born-day": {"27"}, "v_born-month": {"3"}, "v_born-year": {"1991"}, "contact": {"01632 960001 after four"},
		"p0_part": {"perpetrator"}, "p0_given": {"Rob"}, "p0_family": {"Example"}, "p0_aliases": {"Bobby E; R Example"}, "p1_part": {"child"}, "p1_given": {"Kit"},
		"route_visible": {"no"}, "route_judgement": {"yes"}, "route_escalation": {"unknown"}, "route_repeat": {"no"}, "evidence_judgement": {"He said that he will kill her"}, "crime": {"yes"},
		"idva": {"referred"}, "bme": {"unknown"}, "lgbt": {"no"}, "disabled": {"no"}, "male": {"no"}, "asked": {"agrees"}, "present": {"nobody else"}, "informed": {"yes"},
		"basis": {"public_task"}, "rationale": {"To plan together"},
	}
}

// at is the form as it stands at a step, to go on to another.
func at(form url.Values, from, to string) url.Values {
	out := url.Values{"at": {from}, "step": {to}}
	for k, v := range form {
		out[k] = v
	}
	return out
}

func TestSomebodyIsReferredTakenAndListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, err := w.Cases.Begin(t.Context(), w.Actor(t, casestest.Nurse), cases.NewFile{Person: people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}, Kind: cases.Full, Origin: cases.OwnContact})
		must(t, err)
		nurse, cora := w.site.SignedIn(t, w.Actor(t, casestest.Nurse).Account), w.site.SignedIn(t, w.cora.Account)
		nurse.Get(f.Path()).OK(t).Says(t, "Nobody was referred to MARAC from this case")
		page := f.Path() + "/marac/refer"
		nurse.Get(page).OK(t).Says(t, "Refer to the meeting, step 1 of 9")
		nurse.Post(page, at(url.Values{}, "to", "who")).Invalid(t, "why", "protects", "harm")
		nurse.Post(page, at(w.typed(), "to", "who")).OK(t).Says(t, "Who is it about?")
		none := w.typed()
		none.Del("p0_part")
		nurse.Post(page, at(none, "people", "routes")).Invalid(t, "p0_part")
		bare := w.typed()
		bare.Set("evidence_judgement", "")
		nurse.Post(page, at(bare, "routes", "reach")).Invalid(t, "evidence_judgement")
		nurse.Post(page, at(w.typed(), "people", "people")).OK(t).Says(t, "Person 3")
		check := nurse.Post(page, at(w.typed(), "basis", "check")).OK(t)
		check.Says(t, "Check before you send", "He strangled her", "Bobby E; R Example", "Professional judgement: yes. He said that he will kill her", "Somebody who harms is 17 or younger: not known")
		nurse.Post(page, at(w.typed(), "check", "send")).SeeOther(t, f.Path()+"/marac?done=referred")
		nurse.Get(f.Path()+"/marac").OK(t).Says(t, "Sent to the MARAC", "He strangled her", "further abuse between the same people is a repeat")

		cora.Get(casesweb.Home).OK(t).Says(t, "Referred to the MARAC")
		link := cora.Get(registerweb.Received).OK(t).Select("th a, td a").Attrs("href")[0]
		cora.Get(link).OK(t).Says(t, "I have received this", "He strangled her")
		cora.Post(link+"/acknowledge", nil).SeeOther(t, link+"?done=acknowledged")
		cora.Get(link).OK(t).Says(t, "No case of this register is about somebody like the victim")
		taken := cora.Post(link+"/take", nil)
		one, _, _ := strings.Cut(taken.Header.Get("Location"), "?")
		cora.Get(one).OK(t).Says(t, "MARAC case", "Stands alone, with its reasons", "Bobby E; R Example", "Put on the register")
		cora.Post(one+"/decide", url.Values{"version": {"1"}}).Invalid(t, "outcome")
		cora.Post(one+"/decide", url.Values{"version": {"1"}, "outcome": {"listed"}}).Invalid(t, "meeting")
		cora.Post(one+"/screen", url.Values{"version": {"1"}}).Invalid(t, "route_visible", "idva", "bme", "children")
		cora.Post(one+"/repeat", url.Values{"version": {"1"}}).Invalid(t, "repeats")
		cora.Post(one+"/repeat", url.Values{"version": {"1"}, "repeats": {"none"}}).SeeOther(t, one+"?done=repeat")
		cora.Post(one+"/screen", url.Values{
			"version": {"2"}, "route_visible": {"yes"}, "route_judgement": {"yes"}, "route_escalation": {"no"}, "route_repeat": {"no"}, "idva": {"accepted"}, "children": {"2"},
			"bme": {"no"}, "lgbt": {"no"}, "disabled": {"no"}, "male": {"no"}, "young": {"no"}, "young_harms": {"no"},
		}).SeeOther(t, one+"?done=screened")
		cora.Post(one+"/decide", url.Values{"version": {"3"}, "outcome": {"declined"}, "words": {"It is for the other county"}}).SeeOther(t, one+"?done=decided")
		nurse.Get(f.Path()+"/marac").OK(t).Says(t, "Not taken", "It is for the other county")
		cora.Get(registerweb.Register).OK(t).Says(t, "Not taken", "Maya Example")
		cora.Get(registerweb.Register+"?name=Maia+Exampel").OK(t).Says(t, "Maya Example")
		cora.Get(registerweb.Register+"?name=Nobody").OK(t).Says(t, "No case of the register is found")
		cora.Get(one+"/transfer").OK(t).Says(t, "To which one, and what goes with it?")
		cora.Post(one+"/transfer", at(url.Values{}, "pack", "views")).Invalid(t, "protects", "harm")

		nurse.Get(one).NotThere(t)
		nurse.Get(link).NotThere(t)
	})
}
