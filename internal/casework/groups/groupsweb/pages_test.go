package groupsweb_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/groups/groupsweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	s        *groups.Service
	meetings *appointments.Service
	site     *webtest.Site
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, appointments.Rules(), groups.Rules())}
		w.meetings = appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{})
		w.s = groups.New(w.Cases, w.Guard, w.Registry, w.meetings)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := groupsweb.New(w.s, w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
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

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

// begin begins a group by its form, run by somebody, and returns its address.
func (w *world) begin(t *testing.T, who, name, side string) string {
	t.Helper()
	b := w.as(t, who)
	made := b.Post("/groups/new", url.Values{
		"name": {name}, "kind": {"support"}, "side": {side}, "confidential": {"yes"}, "capacity": {"1"}, "way": {"elsewhere"}, "where": {"In the hall"}, "minutes": {"90"},
		"facilitators": {w.Actor(t, who).Account},
	})
	page, _, _ := strings.Cut(made.Header.Get("Location"), "?")
	if !strings.HasPrefix(page, "/groups/") {
		t.Fatalf("the group was not begun: %s", made.Text())
	}
	return page
}

func idOf(page string) string { return page[strings.LastIndex(page, "/")+1:] }

// Proves: B9.7
func TestAGroupIsOfferedJoinedAndAttended(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		b.Post("/groups/new", url.Values{"capacity": {"many"}}).Invalid(t, "name", "kind", "side", "confidential", "capacity", "facilitators", "minutes", "way")
		group := w.begin(t, casestest.IDVA, "Thursday group", "experiencing")
		b.Get(f.Path()).OK(t).Says(t, "They are in no group")
		b.Get(f.Path()+"/groups/new").OK(t).Says(t, "Thursday group", "There is a place")
		b.Post(f.Path()+"/groups/new", url.Values{"group": {idOf(group)}, "answer": {"declined"}}).Invalid(t, "reason")
		b.Post(f.Path()+"/groups/new", url.Values{"group": {idOf(group)}, "answer": {"thinking"}}).SeeOther(t, f.Path()+"/groups?done=offered")
		one := b.Get(f.Path()+"/groups").OK(t).Says(t, "They are thinking about it").Select("td a, th a").Attrs("href")[0]
		b.Get(one + "/answer").OK(t)
		b.Post(one+"/answer", url.Values{"answer": {"accepted"}, "version": {"9"}}).Conflict(t)
		b.Post(one+"/answer", url.Values{"answer": {"accepted"}, "version": {"1"}, "text": {"“Yes, please.”"}}).SeeOther(t, f.Path()+"/groups?done=joined")
		other := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Ann", FamilyName: "Fictional", Born: "1980-01-01"}, cases.Experiencing)
		b.Get(other.Path()+"/groups/new").OK(t).Says(t, "No place now")
		b.Post(other.Path()+"/groups/new", url.Values{"group": {idOf(group)}, "answer": {"accepted"}}).SeeOther(t, other.Path()+"/groups?done=waiting")

		at := w.Clock.Now().Add(24 * time.Hour)
		b.Post(group+"/plan", url.Values{"count": {"0"}}).Invalid(t, "count").Says(t, "Enter the day and the time of the first session")
		b.Post(group+"/plan", url.Values{"first-day": {at.Format("2")}, "first-month": {at.Format("1")}, "first-year": {at.Format("2006")}, "first-time": {"18:00"}, "count": {"2"}}).SeeOther(t, group+"?done=planned")
		page := b.Get(group).OK(t).Says(t, "Maya Example", "Waiting for a place", "Ann Fictional")
		var session string
		for _, href := range page.Select("a").Attrs("href") {
			if strings.Contains(href, "/sessions/") {
				session = href // the latest first: the last is the first
			}
		}
		b.Get(session).OK(t).Says(t, "It has not begun yet", "Maya Example").SaysNot(t, "Record the register")
		w.Clock.Advance(72 * time.Hour)
		b = w.as(t, casestest.IDVA)
		who := b.Get(session).OK(t).Says(t, "Record the register").SaysNot(t, "Ann").Select("input[type=radio]").Attrs("name")[0]
		b.Post(session, url.Values{who: {"danced"}}).Is(t, 422)
		b.Post(session, url.Values{who: {"attended"}}).SeeOther(t, group+"?done=register")
		b.Get(f.Path()+"/chronology").OK(t).Says(t, "Session of a group", "Thursday group")
		b.Get(one).OK(t).Says(t, "Came")
		b.Post(one, url.Values{"do": {"leave"}, "version": {"2"}}).Invalid(t, "reason")
		b.Post(one, url.Values{"do": {"leave"}, "version": {"2"}, "reason": {"completed"}}).SeeOther(t, f.Path()+"/groups?done=left")
		w.as(t, casestest.TrustManager).Get(group).NotThere(t)
		w.as(t, casestest.Nurse).Get("/groups").OK(t).SaysNot(t, "Thursday group")
		b.Post(group, url.Values{"do": {"end"}, "version": {"1"}}).SeeOther(t, group+"?done=kept")
		b.Get(f.Path()+"/groups/new").OK(t).SaysNot(t, "Thursday group")
	})
}

// Proves: B6.8
func TestARefusedGroupSaysNothingOfWhomAndAManagerDecides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		him := people.Details{GivenName: "Rob", FamilyName: "Fictional", Born: "1980-05-01"}
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), him, cases.Perpetrating)
		hers := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.Add(t, hers, cases.Perpetrator, him)
		group := w.begin(t, casestest.Colleague, "Thursday group", "experiencing") // Colleague works with him
		b := w.as(t, casestest.IDVA)
		typed := url.Values{"group": {idOf(group)}, "answer": {"accepted"}}
		b.Get(hers.Path()+"/groups/new").OK(t).SaysNot(t, "Ask a manager")
		b.Post(hers.Path()+"/groups/new", typed).Is(t, 422).Says(t, groups.NotSafeHere, "Ask a manager").SaysNot(t, "Rob")
		typed.Set("manager", "yes")
		typed.Set("why", "There is no other.")
		b.Post(hers.Path()+"/groups/new", typed).SeeOther(t, hers.Path()+"/groups?done=asked")
		one := b.Get(hers.Path() + "/groups").OK(t).Select("td a, th a").Attrs("href")[0]
		b.Get(one).OK(t).SaysNot(t, "Let it stand")
		m := w.as(t, casestest.HavenManager)
		m.Get(one).OK(t).Says(t, "Your decision", "There is no other.")
		m.Post(one, url.Values{"do": {"stands"}, "version": {"1"}}).Invalid(t, "why")
		w.Clock.Advance(time.Second)
		m.Post(one, url.Values{"do": {"stands"}, "version": {"1"}, "why": {"Another worker takes him over."}}).SeeOther(t, hers.Path()+"/groups?done=stands")
		w.as(t, casestest.Colleague).Get(group).OK(t).SaysNot(t, "Maya") // the wall
		_ = his
	})
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// What the worker of whoever harms sees and is answered is the same, by the same
// number of statements, whether the person they harmed is in groups or not.
//
// Proves: B6.8
func TestHisPagesAreTheSameWhateverSheHasJoined(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		him := people.Details{GivenName: "Rob", FamilyName: "Fictional", Born: "1980-05-01"}
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), him, cases.Experiencing) // somebody else has harmed him
		hers := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.Add(t, hers, cases.Perpetrator, him)
		group := w.begin(t, casestest.HavenManager, "Thursday group", "experiencing") // one place
		at := w.Clock.Now().Add(24 * time.Hour)
		must(t, w.s.Plan(t.Context(), w.Actor(t, casestest.HavenManager), groups.ID(idOf(group)), groups.Planning{First: at, Count: 2}))
		b := w.as(t, casestest.Colleague)
		answers := func() (out []string) {
			add := func(a *webtest.Answer) {
				queries := 0
				if w.DB.Engine() == store.SQLite { // on PostgreSQL the ledger's own are among them
					queries = a.Queries
				}
				out = append(out, fmt.Sprint(a.Status, " ", queries, " ", anID.ReplaceAllString(a.Header.Get("Location")+a.Body, "an id")))
			}
			add(b.Get(his.Path() + "/groups/new"))
			add(b.Post(his.Path()+"/groups/new", url.Values{"group": {idOf(group)}, "answer": {"accepted"}}))
			add(b.Get(his.Path() + "/groups"))
			add(b.Get(his.Path()))
			add(b.Get("/groups"))
			add(b.Get(group))
			return out
		}
		answers() // what is read once is read now
		w.empty(t)
		without := answers()
		w.empty(t)
		m, err := w.s.Offer(t.Context(), hers, groups.Offer{Group: groups.ID(idOf(group)), Answer: groups.Accepts})
		must(t, err)
		if m.State != groups.Joined {
			t.Fatalf("she is %s", m.State)
		}
		if diff := cmp.Diff(without, answers()); diff != "" {
			t.Errorf("her place shows on his side:\n%s", diff)
		}
		w.as(t, casestest.IDVA).Get(hers.Path()+"/groups").OK(t).Says(t, "Look at it again")
	})
}

// empty leaves nobody in a group.
func (w *world) empty(t *testing.T) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, s := range []string{"DELETE FROM group_member", "DELETE FROM event WHERE kind LIKE 'group.%'"} {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}))
}
