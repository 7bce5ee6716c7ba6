package maracweb_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/maracweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// world is a partnership with a MARAC behind a frame. Cora coordinates it.
type world struct {
	*casestest.World
	s     *marac.Service
	pages *maracweb.Pages
	site  *webtest.Site
	home  string // the address of the MARAC
	id    string
	cora  policy.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, marac.Rules(), agreements.Rules())}
		w.s = marac.New(w.Cases, w.Guard, w.Registry.Zone())
		w.s.TrainedBy(w.Training)
		w.pages = maracweb.New(w.s, w.Directory, agreements.New(db, w.Guard, nil))
		w.setUp(t)
		w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{w.pages.Routes()}})
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) setUp(t *testing.T) {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: "conference", Name: "Fictional Conference", Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "desk", Name: "Desk", TakesReferrals: true})
	must(t, err)
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: a.ID, Username: "cora", Name: "Fictional Cora", Kind: policy.Human, Roles: []policy.Role{policy.Specialist}, Teams: []directory.TeamID{team.ID},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	w.cora = policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: []policy.Role{policy.Specialist}, Level: 3, Teams: []string{string(team.ID)}}
	w.id, w.home = string(a.ID), "/marac/"+string(a.ID)
	must(t, w.s.SetUp(t.Context(), casestest.Operator, marac.Norms(w.id, string(team.ID)), marac.Published("2026-01-01")))
}

func (w *world) as(t *testing.T, who policy.Actor) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, who.Account)
}

// sits names somebody by the forms, and accepts them.
func (w *world) sits(t *testing.T, boss, who policy.Actor, capacity, given string) {
	t.Helper()
	w.as(t, boss).Post(w.home+"/ours/new", url.Values{"account": {who.Account}, "capacity": {capacity}}).SeeOther(t, w.home+"/ours?done=named")
	cora := w.as(t, w.cora)
	id := cora.Get(w.home + "/members").OK(t).Select("form input[name=given]").Attrs("id")
	if len(id) == 0 {
		t.Fatal("nobody waits to be accepted")
	}
	member := strings.TrimPrefix(id[0], "given-")
	cora.Post(w.home+"/members", url.Values{"member": {member}, "do": {"accept"}, "version": {"1"}}).Is(t, 422).Says(t, "Select what of a pack they are given")
	cora.Post(w.home+"/members", url.Values{"member": {member}, "do": {"accept"}, "version": {"1"}, "given": {given}}).SeeOther(t, w.home+"/members?done=accepted")
}

// meets plans a meeting in so many days by the form, and returns its address.
func (w *world) meets(t *testing.T, days int) string {
	t.Helper()
	at := w.Clock.Now().AddDate(0, 0, days)
	cora := w.as(t, w.cora)
	cora.Post(w.home+"/meetings/new", url.Values{
		"kind": {"scheduled"}, "first-day": {at.Format("2")}, "first-month": {at.Format("1")}, "first-year": {at.Format("2006")}, "first-time": {"9:30"}, "minutes": {"20"},
		"where": {"Room 4"}, "count": {"1"}, "days": {"14"},
	}).SeeOther(t, w.home+"/meetings?done=planned")
	links := cora.Get(w.home + "/meetings").OK(t).Select("td a, th a").Attrs("href")
	return links[len(links)-1]
}

const hideout = "9 Hidden Row"

func (w *world) list(t *testing.T, meeting, number string, slot int) marac.CaseID {
	t.Helper()
	f := w.Begin(t, w.cora)
	he := w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Rob", FamilyName: "Example"})
	var id marac.CaseID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.s.InsertTx(ctx, tx, f, marac.Case{
			File: f.ID(), Number: number, From: string(w.Haven.ID), On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: marac.MeetingID(meeting[strings.LastIndex(meeting, "/")+1:]), Slot: slot,
			Words: marac.CaseWords{Reason: "Fictional reason", Contact: "01632 960001"},
		}, []marac.Identity{
			{Person: f.Person(), Part: marac.Victim, Details: people.Details{GivenName: "Maya", FamilyName: "Example"}, Address: hideout},
			{Person: he, Part: marac.Perpetrator, Details: people.Details{GivenName: "Rob", FamilyName: "Example"}, Address: "1 His Road"},
		})
		return err
	}))
	return id
}

func TestACoordinatorKeepsTheSettings(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b, page := w.as(t, w.cora), w.home+"/settings"
		b.Get("/marac").OK(t).Says(t, "Fictional Conference", "Settings")
		b.Get(page).OK(t).Says(t, "15", "14 or more answers of yes", "Holds today", "The MARAC is a party to none")
		b.Get(page + "/change").OK(t)
		b.Post(page+"/change", url.Values{"version": {"1"}, "minutes": {"0"}, "refer_days": {"8"}, "circulate_days": {"x"}, "close_days": {"7"}}).Invalid(t, "minutes", "circulate_days")
		b.Post(page+"/change", url.Values{"version": {"1"}, "minutes": {"12"}, "refer_days": {"8"}, "circulate_days": {"7"}, "close_days": {"7"}, "women": {"76500"}}).SeeOther(t, page+"?done=kept")
		b.Get(page).OK(t).Says(t, "76,500")
		b.Post(page+"/rule", url.Values{"repeat_rule": {"crime"}, "threshold": {"12"}, "incidents": {"3"}, "months": {"12"}}).Is(t, 422).Says(t, "Enter the day from which it holds")
		b.Post(page+"/rule", url.Values{"repeat_rule": {"crime"}, "threshold": {"12"}, "incidents": {"3"}, "months": {"12"}, "since-day": {"1"}, "since-month": {"1"}, "since-year": {"2031"}}).SeeOther(t, page+"?done=kept")
		b.Post(page+"/area", url.Values{"kind": {"postcode"}, "code": {"nowhere"}}).Invalid(t, "code", "name")
		b.Post(page+"/area", url.Values{"kind": {"postcode"}, "code": {"zz1"}, "name": {"Fictional town"}}).SeeOther(t, page+"?done=kept")
		b.Get(page).OK(t).Says(t, "To come", "Fictional town (ZZ1)")
		b.Post(page, url.Values{"kind": {"postcode"}, "code": {"ZZ1"}}).SeeOther(t, page+"?done=kept")
		b.Get(page).OK(t).SaysNot(t, "Fictional town")
		w.as(t, w.Actor(t, casestest.TrustManager)).Get(page).NotThere(t)
		w.as(t, w.Actor(t, casestest.Nurse)).Get(page).Denied(t)
	})
}

// Names of other agencies' people are shown to those of the MARAC and to the agency that
// named them.
//
// Proves: B14.13
func TestWhoSitsIsNamedAndFlagged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		boss, nurse, idva := w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.Nurse), w.Actor(t, casestest.IDVA)
		b := w.as(t, boss)
		b.Get("/marac").OK(t).Says(t, "Who sits there for your agency").SaysNot(t, "Settings")
		b.Get(w.home+"/ours/new").OK(t).Says(t, nurse.Name).SaysNot(t, idva.Name)
		b.Post(w.home+"/ours/new", url.Values{"account": {idva.Account}}).Invalid(t, "account", "capacity")
		w.sits(t, boss, nurse, "representative", "everything")
		w.sits(t, w.Actor(t, casestest.HavenManager), idva, "idva", "everything")
		w.as(t, w.cora).Get(w.home+"/members").OK(t).Says(t, nurse.Name, idva.Name, "Below level 3")
		page := b.Get(w.home+"/ours").OK(t).Says(t, nurse.Name, "Below level 3").SaysNot(t, idva.Name)
		b.Get(w.home + "/members").NotThere(t)
		meeting := w.meets(t, 3)
		w.as(t, w.cora).Post(meeting+"/ask", nil).SeeOther(t, meeting+"?done=asked")
		n := w.as(t, nurse)
		n.Get("/marac").OK(t).Says(t, "No answer yet")
		n.Get(meeting).OK(t).Says(t, "Room 4", "below level 3").SaysNot(t, idva.Name)
		n.Post(meeting, url.Values{"version": {"1"}}).Invalid(t, "reply")
		n.Post(meeting, url.Values{"version": {"1"}, "reply": {"accepted"}}).SeeOther(t, meeting+"?done=answered")
		n.Get(meeting).OK(t).Says(t, idva.Name, "Nobody comes yet from: Fictional Haven Service")
		member := page.Select("form input[name=member]").Attrs("value")[0]
		b.Post(w.home+"/ours", url.Values{"member": {member}, "version": {"2"}}).SeeOther(t, w.home+"/ours?done=ended")
		n.Get(meeting + "/agenda").NotThere(t)
	})
}

// Cases stand on the agenda by their numbers; one who works with people who harm reads
// nothing of where she is; the statement comes first.
func TestAPackIsReadCaseByCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.pages.Add(func(_ context.Context, _ *store.Tx, seat *marac.Seat, c marac.Case) (templ.Component, error) {
			return ui.InsetText(ui.InsetTextParams{Text: "A panel for " + c.Number}), nil
		}, func(context.Context, *store.Tx, *marac.Seat, marac.Case) (templ.Component, error) { return nil, nil })
		w.pages.AddBoards(func(context.Context, *store.Tx, *marac.Seat) (templ.Component, error) {
			return ui.InsetText(ui.InsetTextParams{Text: "A board"}), nil
		})
		idva, worker := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague)
		w.sits(t, w.Actor(t, casestest.HavenManager), idva, "idva", "everything")
		w.sits(t, w.Actor(t, casestest.HavenManager), worker, "representative", "without_whereabouts")
		meeting := w.meets(t, 3)
		one, two := w.list(t, meeting, "2026/001", 1), w.list(t, meeting, "2026/002", 2)
		cora := w.as(t, w.cora)
		cora.Get(meeting).OK(t).Says(t, "2 cases, 30 minutes at 15 for each: more than the meeting has", "Nobody is asked yet")
		cora.Post(meeting+"/ask", nil).SeeOther(t, meeting+"?done=asked")
		for _, who := range []policy.Actor{idva, worker} {
			b := w.as(t, who)
			b.Get(meeting + "/agenda").NotThere(t)
			b.Post(meeting, url.Values{"version": {"1"}, "reply": {"accepted"}}).SeeOther(t, meeting+"?done=answered")
			for _, address := range []string{meeting + "/agenda", meeting + "/cases/" + string(one)} {
				b.Get(address).OK(t).Says(t, "I accept this for this meeting").SaysNot(t, "2026/001", "Maya")
			}
			b.Post(meeting+"/statement", nil).SeeOther(t, meeting+"/agenda?done=stated")
			b.Get(meeting+"/agenda").OK(t).Says(t, "2026/001", "2026/002", "A board").SaysNot(t, "Maya", "Rob", "Put it in order")
			b.Post(meeting+"/agenda", nil).NotThere(t)
			page := b.Get(meeting+"/cases/"+string(one)).OK(t).Says(t, "Maya", "1 His Road", "A panel for 2026/001")
			if who.Account == worker.Account {
				page.Says(t, "you work with people who harm").SaysNot(t, "IDVA", hideout, "01632 960001", "Haven Service", "Fictional reason")
			} else {
				b.Get(meeting+"/agenda").OK(t).Says(t, "IDVA not known")
				page.Says(t, hideout, "01632 960001", "Haven Service", "Fictional reason")
			}
		}
		cora.Get(meeting+"/agenda").OK(t).Says(t, "Put it in order")
		cora.Post(meeting+"/agenda", url.Values{"n-" + string(one): {"first"}, "n-" + string(two): {"1"}}).Invalid(t, "n-"+string(one))
		cora.Post(meeting+"/agenda", url.Values{"n-" + string(one): {"2"}, "n-" + string(two): {"1"}}).SeeOther(t, meeting+"/agenda?done=ordered")
		if got := cora.Get(meeting + "/agenda").OK(t).Select("tbody th a, tbody td a").Text(); !strings.HasPrefix(got, "2026/002") {
			t.Errorf("the order is %s", got)
		}
		elsewhere := strings.Replace(meeting, w.id, string(w.Haven.ID), 1)
		cora.Get(elsewhere + "/agenda").NotThere(t)
		cora.Post(elsewhere+"/ask", nil).NotThere(t)
		w.as(t, idva).Post(elsewhere, url.Values{"version": {"2"}, "reply": {"apologies"}}).NotThere(t)
		w.as(t, idva).Post(elsewhere+"/statement", nil).NotThere(t)
	})
}

func TestMeetingsAreChangedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cora := w.as(t, w.cora)
		cora.Get(w.home+"/meetings").OK(t).Says(t, "None is planned")
		cora.Get(w.home + "/meetings/new").OK(t)
		cora.Post(w.home+"/meetings/new", url.Values{"count": {"70"}}).Invalid(t, "kind", "minutes", "count").Says(t, "Enter the day and the time")
		first, next := w.meets(t, 3), w.meets(t, 20)
		cora.Get(first + "/change").OK(t)
		cora.Post(first+"/change", url.Values{"version": {"1"}}).Invalid(t, "minutes").Says(t, "Enter the day and the time")
		at := w.Clock.Now().AddDate(0, 0, 4)
		cora.Post(first+"/change", url.Values{
			"version": {"1"}, "first-day": {at.Format("2")}, "first-month": {at.Format("1")}, "first-year": {at.Format("2006")}, "first-time": {"10:00"}, "minutes": {"60"}, "where": {"Room 5"},
		}).SeeOther(t, first+"?done=moved")
		cora.Get(first).OK(t).Says(t, "Room 5", "60 minutes")
		w.list(t, first, "2026/001", 1)
		cora.Get(first + "/cancel").OK(t)
		cora.Post(first+"/cancel", url.Values{"version": {"2"}}).Invalid(t, "to")
		cora.Post(first+"/cancel", url.Values{"version": {"2"}, "to": {next[strings.LastIndex(next, "/")+1:]}}).SeeOther(t, first+"?done=cancelled")
		cora.Get(first).OK(t).Says(t, "Cancelled").SaysNot(t, "Cancel it")
		cora.Get(first + "/change").Conflict(t)
		cora.Get(next).OK(t).Says(t, "1 case, 15 minutes")
		w.as(t, w.Actor(t, casestest.TrustManager)).Get(first + "/change").NotThere(t)
		w.as(t, w.Actor(t, casestest.TrustManager)).Get(first).NotThere(t)
	})
}

// A pack of forty cases costs what one of two does.
func TestAPackCostsABoundedNumberOfQueries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cora, small, large := w.as(t, w.cora), w.meets(t, 3), w.meets(t, 20)
		w.list(t, small, "s1", 1)
		one := w.list(t, small, "s2", 2)
		var last marac.CaseID
		for i := range 40 {
			last = w.list(t, large, "l"+time.Duration(i).String(), i+1)
		}
		for _, of := range []func(string, marac.CaseID) string{
			func(m string, _ marac.CaseID) string { return m },
			func(m string, _ marac.CaseID) string { return m + "/agenda" },
			func(m string, c marac.CaseID) string { return m + "/cases/" + string(c) },
		} {
			cora.Get(of(small, one)).OK(t) // what is read once is read now
			few, many := cora.Get(of(small, one)).OK(t).Queries, cora.Get(of(large, last)).OK(t).Queries
			if many > few+2 || many > 30 { // on PostgreSQL the ledger's own are among them
				t.Errorf("%s costs %d queries, and with 40 cases %d", of("", ""), few, many)
			}
		}
	})
}
