package meetingweb_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/meeting/meetingweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// world is a partnership whose trust is a MARAC: its manager coordinates, Haven's manager
// chairs, and Haven's IDVA sits there.
type world struct {
	*casestest.World
	m    *marac.Service
	s    *meeting.Service
	site *webtest.Site
	path string
	c    marac.CaseID
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, marac.Rules(), meeting.Rules())}
		ctx := t.Context()
		w.m = marac.New(w.Cases, w.Guard, w.Registry.Zone())
		w.s = meeting.New(w.m, w.Guard)
		w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{meetingweb.New(w.m, w.s).Routes()}})
		cora, agency := w.Actor(t, casestest.TrustManager), string(w.Trust.ID)
		must(t, w.m.SetUp(ctx, casestest.Operator, marac.Norms(agency, string(w.Midwives.ID)), marac.Published("2026-01-01")))
		for who, as := range map[string]marac.Capacity{casestest.HavenManager: marac.Chair, casestest.IDVA: marac.IDVA} {
			id, err := w.m.Name(ctx, w.Actor(t, casestest.HavenManager), agency, marac.NewMember{Account: w.Actor(t, who).Account, Capacity: as})
			must(t, err)
			must(t, w.m.Decide(ctx, cora, agency, id, 1, marac.Accept, marac.Everything))
		}
		id, err := w.m.Plan(ctx, cora, agency, marac.Planning{Kind: marac.Daily, First: clock.Now(), Minutes: 60})
		must(t, err)
		must(t, w.m.Ask(ctx, cora, id))
		for _, who := range []string{casestest.HavenManager, casestest.IDVA} {
			a, err := w.m.Attend(ctx, w.Actor(t, who), id)
			must(t, err)
			must(t, w.m.Answer(ctx, w.Actor(t, who), id, a.Mine.Version, marac.Comes, false))
			seat, err := w.m.Sit(ctx, w.Actor(t, who), id)
			must(t, err)
			must(t, w.m.Accept(ctx, seat))
		}
		f := w.BeginFor(t, w.Actor(t, casestest.Midwife), people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}, cases.Experiencing)
		must(t, w.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
			w.c, err = w.m.InsertTx(ctx, tx, f, marac.Case{
				File: f.ID(), Number: "2026/001", From: string(w.Haven.ID), On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: id, Slot: 1, Rule: "2026-01-01",
			}, []marac.Identity{{Person: f.Person(), Part: marac.Victim, Details: people.Details{GivenName: "Maya", FamilyName: "Example"}}})
			return err
		}))
		w.path = "/marac/" + agency + "/meetings/" + string(id)
		fn(t, w)
	})
}

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

// Without a script: what two people typed upon the same text is kept, the second is shown
// both, and settles it.
func TestMinutesAreWrittenWithPlainForms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cora, chair := w.as(t, casestest.TrustManager), w.as(t, casestest.HavenManager)
		one := w.path + "/run/" + string(w.c)
		risks := one + "/sections/risks"
		cora.Get(w.path+"/run").OK(t).Says(t, "Begin the meeting", "2026/001").SaysNot(t, "Maya")
		cora.Get(one).OK(t).Says(t, "Maya Example", "Does an IDVA represent them?")
		cora.Post(risks, url.Values{"text": {"He has a key"}, "base": {"0"}, "mark": {"a"}}).SeeOther(t, one+"?done=saved")
		cora.Post(risks, url.Values{"text": {"He has a key"}, "base": {"0"}, "mark": {"a"}}).SeeOther(t, one+"?done=saved") // sent twice
		chair.Post(risks, url.Values{"text": {"He has a key\nHe has a car"}, "base": {"1"}}).SeeOther(t, one+"?done=saved")
		cora.Post(risks, url.Values{"text": {"Her sister saw him\nHe has a key"}, "base": {"1"}}).SeeOther(t, one+"?done=merged")
		cora.Get(one).OK(t).Says(t, "Her sister saw him He has a key He has a car")
		cora.Post(risks, url.Values{"text": {"Her sister saw him\nHe has the key\nHe has a car"}, "base": {"3"}}).SeeOther(t, one+"?done=saved")
		chair.Post(risks, url.Values{"text": {"He had a key"}, "base": {"1"}}).Is(t, 422).Says(t, "Both texts are kept", "The section says now", "Kept beside it", "He had a key", "Settle it")
		if hidden := cora.Get(one).OK(t).Select("[data-apart][hidden]"); len(hidden.Attrs("data-of")) != 6 {
			t.Error("a section does not say that texts are to be settled")
		}
		cora.Post(risks, url.Values{"text": {"He had a key\nHe has a car"}, "base": {"5"}, "settles": {"5"}}).SeeOther(t, one+"?done=settled")
		cora.Get(risks).OK(t).Says(t, "Everything that was saved", "Settled by 6", "Her sister saw him")
		cora.Post(risks, url.Values{"text": {strings.Repeat("x", 20_001)}, "base": {"6"}}).Is(t, 422).Says(t, "Write up to 20,000 characters", "xxxx")
		cora.Post(one, url.Values{"do": {"heard"}, "decided": {"keep"}}).Is(t, 422).Says(t, "Select whether an IDVA represents them", "Select how their views were put", "Write down why")
		w.as(t, casestest.IDVA).Get(one).OK(t).Says(t, "The views of the person").SaysNot(t, "He has a car")
		w.as(t, casestest.Nurse).Get(one).NotThere(t)
		w.as(t, casestest.IDVA).Get(w.path+"/run").Is(t, 403)
	})
}

// The room is told no name before a case is opened to it; what asks by itself keeps no
// session alive and leaves no entry.
func TestTheRoomAndWhatItAsks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cora, idva := w.as(t, casestest.TrustManager), w.as(t, casestest.IDVA)
		one, run, room := w.path+"/run/"+string(w.c), w.path+"/run", w.path+"/room"
		idva.Get(room).OK(t).Says(t, "The meeting has not begun").SaysNot(t, "Maya")
		cora.Post(run, url.Values{"do": {"begin"}}).SeeOther(t, run+"?done=begun")
		idva.Get(room).OK(t).Says(t, "No case is open").SaysNot(t, "Maya")
		was := idva.Get(room + "/pulse").OK(t).Body
		cora.Post(one, url.Values{"do": {"put"}}).SeeOther(t, one+"?done=put")
		if now := idva.Get(room + "/pulse").OK(t).Body; now == was || strings.Contains(now, "Maya") {
			t.Errorf("the room is told %s", now)
		}
		idva.Get(room).OK(t).Says(t, "Case 2026/001", "Maya Example", "Write about this case")
		cora.Get(one).OK(t)
		entries := len(w.Ledger(t))
		for range 3 {
			a := cora.Get(one + "/since?change=1").OK(t)
			var said struct{ Sections []any }
			must(t, json.Unmarshal([]byte(a.Body), &said))
			cora.Get(room + "/pulse").OK(t)
		}
		if n := len(w.Ledger(t)) - entries; n != 0 {
			t.Errorf("asking left %d entries", n)
		}
		chair := w.as(t, casestest.HavenManager)
		chair.Get(one + "/since?change=1").Conflict(t) // the page was not opened
		for range 5 {
			w.Clock.Advance(7 * time.Minute)
			cora.Get(room + "/pulse")
		}
		if a := cora.Get(room); a.Status == 200 {
			t.Error("asking kept the session alive")
		}
		w.as(t, casestest.TrustManager).Post(run, url.Values{"do": {"end"}}).SeeOther(t, run+"?done=ended")
		minutes := w.path + "/minutes"
		idva.Get(minutes)
		boss := w.as(t, casestest.TrustManager)
		boss.Get(minutes).OK(t).Says(t, "A draft", "Approve the minutes")
		boss.Post(minutes, url.Values{"do": {"approve"}}).SeeOther(t, minutes+"?done=approved")
		boss.Post(minutes, url.Values{"do": {"add"}}).Is(t, 422).Says(t, "Select what it is about")
		reader := w.as(t, casestest.IDVA)
		reader.Get(minutes).OK(t).Says(t, "Approved", "2026/001", "Not heard").SaysNot(t, "Add to the minutes")
		reader.Get(minutes+"/print").OK(t).Says(t, "Copy of Fictional "+casestest.IDVA)
		boss.Post(one+"/sections/risks", url.Values{"text": {"Too late"}, "base": {"0"}}).Is(t, 422).Says(t, "approved meanwhile", "Too late")
		boss.Post(one+"/sections/risks", url.Values{"text": {"Too late"}, "base": {"0"}, "live": {"yes"}}).Conflict(t)
	})
}
