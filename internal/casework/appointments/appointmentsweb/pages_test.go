package appointmentsweb_test

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
	"waymark/internal/casework/appointments/appointmentsweb"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	s    *appointments.Service
	site *webtest.Site
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, appointments.Rules())}
		w.s = appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{
			Who: w.Auth.Worker,
			Gate: func(context.Context, *store.Tx, *cases.File, people.Channel, time.Time, bool) (string, error) {
				return "This way is recorded as unsafe", nil
			},
		})
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := appointmentsweb.New(w.s, w.Cases, w.Directory, desk.Bar)
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

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

// typed is what somebody types into the form of an appointment.
func typed(worker string, at time.Time, more ...string) url.Values {
	v := url.Values{
		"at-day": {at.Format("2")}, "at-month": {at.Format("1")}, "at-year": {at.Format("2006")}, "at-time": {at.Format("15:04")},
		"minutes": {"60"}, "worker": {worker}, "way": {"telephone"}, "alone": {"yes"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// What his worker sees and is answered is the same, by the same number of
// statements, whether she has appointments or not.
//
// Proves: B6.8
func TestHisPagesAreTheSameWhateverIsBookedForHer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		him := people.Details{GivenName: "Rob", FamilyName: "Fictional", Born: "1980-05-01"}
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), him, cases.Perpetrating)
		hers := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.Add(t, hers, cases.Perpetrator, him)
		place, err := w.s.AddPlace(t.Context(), w.Actor(t, casestest.HavenManager), appointments.Place{Name: "Mill House", Kind: appointments.Office, Before: 15, After: 15})
		must(t, err)
		b := w.as(t, casestest.Colleague)
		at := w.Clock.Now().AddDate(0, 0, 1).Truncate(time.Hour)
		idva := w.Actor(t, casestest.IDVA).Account
		answers := func() (out []string) {
			add := func(a *webtest.Answer) {
				queries := 0
				if w.DB.Engine() == store.SQLite { // on PostgreSQL the ledger's own are among them
					queries = a.Queries
				}
				out = append(out, fmt.Sprint(a.Status, " ", queries, " ", anID.ReplaceAllString(a.Header.Get("Location")+a.Body, "an id")))
			}
			add(b.Get(his.Path() + "/appointments/new"))
			add(b.Post(his.Path()+"/appointments/new", typed(idva, at, "way", "place", "place", place)))
			add(b.Post(his.Path()+"/appointments/new", typed("", at)))
			add(b.Get(his.Path() + "/appointments"))
			add(b.Get(his.Path()))
			add(b.Get("/calendar?day=" + at.Format(time.DateOnly)))
			return out
		}
		answers() // what is read once is read now
		w.empty(t)
		without := answers()
		w.empty(t)
		_, err = w.s.Book(t.Context(), hers, appointments.Asking{Worker: idva, At: at, Minutes: 60, Way: appointments.AtPlace, Place: place})
		must(t, err)
		if diff := cmp.Diff(without, answers()); diff != "" {
			t.Errorf("her appointment shows on his side:\n%s", diff)
		}
		w.as(t, casestest.IDVA).Get(hers.Path()+"/appointments").OK(t).Says(t, "To be moved")
	})
}

// empty leaves no appointment behind.
func (w *world) empty(t *testing.T) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, s := range []string{"DELETE FROM appointment", "DELETE FROM event WHERE kind = 'appointment.booked'"} {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Proves: B6.8
func TestASlotThatIsNotSafeIsRefusedAndAManagerIsAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		him := people.Details{GivenName: "Rob", FamilyName: "Fictional", Born: "1980-05-01"}
		his := w.BeginFor(t, w.Actor(t, casestest.Colleague), him, cases.Perpetrating)
		hers := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.Add(t, hers, cases.Perpetrator, him)
		idva := w.Actor(t, casestest.IDVA).Account
		at := w.Clock.Now().AddDate(0, 0, 1).Truncate(time.Hour)
		_, err := w.s.Book(t.Context(), his, appointments.Asking{Worker: idva, At: at.AddDate(0, 0, 7), Minutes: 60, Way: appointments.Telephone})
		must(t, err)
		w.Clock.Advance(time.Minute)
		b := w.as(t, casestest.IDVA)
		b.Get(hers.Path()+"/appointments/new").OK(t).SaysNot(t, "Ask a manager")
		b.Post(hers.Path()+"/appointments/new", typed(idva, at)).Is(t, 422).Says(t, appointments.Unsafe, "Ask a manager").SaysNot(t, "Rob")
		b.Post(hers.Path()+"/appointments/new", typed(idva, at, "manager", "yes", "why", "She speaks with nobody else.")).SeeOther(t, hers.Path()+"/appointments?done=asked")
		list := b.Get(hers.Path()+"/appointments").OK(t).Says(t, "Waits for a manager")
		one := list.Select("td a, th a").Attrs("href")[0]
		b.Get(one).OK(t).SaysNot(t, "Let it stand")
		m := w.as(t, casestest.HavenManager)
		m.Get(one).OK(t).Says(t, "Your decision", "She speaks with nobody else.")
		m.Post(one, url.Values{"do": {"stands"}, "version": {"2"}}).Invalid(t, "why")
		m.Post(one, url.Values{"do": {"stands"}, "version": {"2"}, "why": {"By telephone, from a room of her own."}}).SeeOther(t, hers.Path()+"/appointments?done=stands")
		b.Get(one).OK(t).Says(t, "A manager decided", "They do not know of it yet")
		b.Post(one, url.Values{"do": {"tell"}, "version": {"3"}, "channel": {"text"}}).Invalid(t, "channel").Says(t, "This way is recorded as unsafe")
		b.Post(one, url.Values{"do": {"known"}, "version": {"3"}, "how": {"When she was here"}}).SeeOther(t, hers.Path()+"/appointments?done=told")
		b.Post(one, url.Values{"do": {"cancel"}, "version": {"3"}, "by": {"person"}}).Conflict(t)
		b.Post(one, url.Values{"do": {"cancel"}, "version": {"4"}}).Invalid(t, "by")
		b.Post(one, url.Values{"do": {"cancel"}, "version": {"4"}, "by": {"person"}}).SeeOther(t, hers.Path()+"/appointments?done=cancelled")
	})
}

func TestPlacesAreKeptByWhoeverKeepsTheAgency(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.as(t, casestest.IDVA).Get(appointmentsweb.Places).Denied(t)
		m := w.as(t, casestest.HavenManager)
		m.Get(appointmentsweb.Places).OK(t).Says(t, "No place is kept yet")
		m.Post(appointmentsweb.Places, url.Values{"name": {""}, "kind": {"office"}, "before": {"many"}, "after": {"15"}}).Invalid(t, "name", "before")
		kept := m.Post(appointmentsweb.Places, url.Values{"name": {"Mill House"}, "kind": {"office"}, "before": {"10"}, "after": {"15"}})
		page, _, _ := strings.Cut(kept.Header.Get("Location"), "?")
		m.Post(page, url.Values{"do": {"room"}}).Invalid(t, "room")
		m.Post(page, url.Values{"do": {"room"}, "room": {"Room 1"}}).SeeOther(t, page+"?done=room")
		m.Get(page).OK(t).Says(t, "Mill House", "Room 1", "Close it for bookings")
		m.Post(page, url.Values{"name": {"Mill House"}, "kind": {"office"}, "before": {"10"}, "after": {"15"}, "version": {"9"}}).Conflict(t)
		w.as(t, casestest.TrustAdmin).Get(page).NotThere(t)
	})
}

// Proves: B9.11, B7.27
func TestAFormKnowsTheLanguageOnFileAndOffersNoRelative(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Ewa", FamilyName: "Example", Born: "1990-01-01", Language: "Polish", AccessNeeds: "Reads large print"}, cases.Experiencing)
		page := w.as(t, casestest.IDVA).Get(f.Path()+"/appointments/new").OK(t).Says(t, "Language on file: Polish", "Reads large print")
		for _, offered := range page.Select("input[name=interpreter]").Attrs("value") {
			if offered == "relative" {
				t.Error("a relative can be booked")
			}
		}
		english := w.Begin(t, w.Actor(t, casestest.IDVA))
		w.as(t, casestest.IDVA).Get(english.Path()+"/appointments/new").OK(t).SaysNot(t, "How is their language met?")
	})
}

// S27: whoever asks for a calendar by an address that was closed finds what
// somebody finds who made one up.
func TestAClosedCalendarIsAsIfItNeverWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		_, err := w.s.Book(t.Context(), f, appointments.Asking{Worker: f.Actor().Account, At: w.Clock.Now().AddDate(0, 0, 1), Minutes: 60, Way: appointments.Telephone})
		must(t, err)
		b := w.as(t, casestest.IDVA)
		b.Get("/calendar/feed").OK(t).Says(t, "leaks easily", "There is none")
		made := b.Post("/calendar/feed", url.Values{"do": {"open"}}).OK(t)
		address := regexp.MustCompile(`/feeds/[0-9a-f]{64}`).FindString(made.Body)
		if address == "" {
			t.Fatal("no address is shown")
		}
		b.Get("/calendar/feed").OK(t).SaysNot(t, address)
		outside := w.site.Anyone(t)
		file := outside.Get(address).OK(t)
		if n := strings.Count(file.Body, "SUMMARY:Meeting"); n != 1 || strings.Contains(file.Body, "Maya") || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/calendar") {
			t.Errorf("%d meetings: %s", n, file.Body)
		}
		b.Post("/calendar/feed", url.Values{"do": {"close"}}).SeeOther(t, "/calendar/feed?done=closed")
		webtest.SameAsAbsent(t, outside, address, "/feeds/"+strings.Repeat("0", 64))
	})
}
