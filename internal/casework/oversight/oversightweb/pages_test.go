package oversightweb_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/oversight/oversightweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory/directoryweb"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	oversight *oversight.Service
	site      *webtest.Site
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, oversight.Rules())}
		w.oversight = oversight.New(db, w.Guard, w.People, oversight.Config{})
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := oversightweb.New(w.oversight, w.Directory)
		desk.Add(pages.Panel)
		desk.AddWaiting(pages.Tiles)
		staff := directoryweb.New(w.Directory, w.Training, w.Auth, casesweb.Home)
		w.site = webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes(), staff.Routes()},
		})
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

// watched looks the ledger through to its end.
func (w *world) watched(t *testing.T) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = w.oversight.Watch(t.Context())
		must(t, err)
	}
}

// found is a file that a colleague opened before it was known that they live
// where its person lives.
func (w *world) found(t *testing.T) *cases.File {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	home := people.Address{House: "4 Yarrow Close", Postcode: "ZZ1 1ZZ"}
	must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: home}))
	reader := w.Actor(t, casestest.Receptionist)
	_, err := w.Cases.Open(t.Context(), reader, f.ID(), cases.Care)
	must(t, err)
	must(t, w.Cases.Particulars(t.Context(), reader, people.Details{GivenName: "Ivo", FamilyName: "Marlowe", Born: "1980-01-01"}, home))
	w.watched(t)
	return f
}

// emergency is a file that somebody took emergency access to.
func (w *world) emergency(t *testing.T) *cases.File {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	_, err := w.Cases.TakeEmergencyAccess(t.Context(), w.Actor(t, casestest.Midwife), cases.NewEmergency{Number: f.Number(), Reason: cases.DangerNow, Words: "He is at the door."})
	must(t, err)
	return f
}

// Unusual reading and emergency accesses are shown to the key contact alone:
// not to whom they are about, not to managers, not to administrators, and to
// another agency nothing of them is there.
//
// Proves: B6.28
func TestOnlyTheKeyContactSeesWhatWasFound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.found(t)
		w.emergency(t)
		contact := w.as(t, casestest.KeyContact)
		home := contact.Get("/oversight").OK(t)
		home.Says(t, "Emergency accesses", "Unusual reading")
		list := contact.Get("/oversight/findings").OK(t)
		list.Says(t, "Fictional receptionist", "1")
		finding := list.One(t, `main a[href^="/oversight/findings/"]`).Attr("href")
		for _, who := range []string{casestest.Nurse, casestest.Receptionist, casestest.TrustManager, casestest.TrustAdmin, casestest.Commissioner, casestest.IDVA} {
			b := w.as(t, who)
			for _, path := range []string{"/oversight", "/oversight/findings", "/oversight/emergencies", "/oversight/refusals", "/oversight/workers", finding} {
				a := b.Get(path)
				if a.Status != 403 {
					t.Errorf("%s: %s gives %d", who, path, a.Status)
				}
				a.SaysNot(t, f.Path(), "4 Yarrow")
			}
			if start := b.Get("/home"); start.Status == 200 {
				start.SaysNot(t, "Unusual reading", "Emergency accesses")
			}
		}
		const never = "01900000-0000-7000-8000-000000000000"
		other := w.as(t, casestest.HavenContact)
		webtest.SameAsAbsent(t, other, finding, "/oversight/findings/"+never)
		webtest.SameAsAbsent(t, other, "/oversight/cases/"+string(f.ID()), "/oversight/cases/"+never)
		webtest.SameAsAbsent(t, other, "/oversight/workers/"+w.Actor(t, casestest.Nurse).Account, "/oversight/workers/"+never)
		other.Get("/oversight/findings").OK(t).Says(t, "There is nothing here")
		other.Get("/oversight/emergencies").OK(t).Says(t, "There are none here")
		w.site.Anyone(t).Get("/oversight").SignInFirst(t)
	})
}

// A finding accuses nobody, is settled with words, and stays settled.
//
// Proves: B6.14
func TestAFindingIsSettled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.found(t)
		contact := w.as(t, casestest.KeyContact)
		list := contact.Get("/oversight").OK(t).Click(t, "Unusual reading").OK(t)
		page := contact.Get(list.One(t, `main a[href^="/oversight/findings/"]`).Attr("href")).OK(t)
		page.Says(t, "Waymark does not know why they did it", "Case "+strconv.FormatInt(f.Number(), 10))
		page.SaysNot(t, "Maya", "Example", "Yarrow") // cases stand here by their number
		webtest.CheckAutocompleteOff(t, page, "main form")
		page.FillAndSubmit(t, map[string]string{"words": "Asked her manager."}).Invalid(t, "verdict")
		bad := page.FillAndSubmit(t, map[string]string{"verdict": "explained"}).Invalid(t, "words")
		if v := bad.FormValues(t, "main form").Get("verdict"); v != "explained" {
			t.Errorf("after a fault the verdict is %q", v)
		}
		bad.FillAndSubmit(t, map[string]string{"words": "It is a house of forty flats."}).SeeOther(t, "/oversight/findings?done=settled").Follow(t).OK(t).Says(t, "What you decided is recorded")
		page.FillAndSubmit(t, map[string]string{"verdict": "follow_up", "words": "Again."}).Conflict(t)
		settled := contact.Get("/oversight/findings?show=settled").OK(t)
		contact.Get(settled.One(t, `main a[href^="/oversight/findings/"]`).Attr("href")).OK(t).Says(t, "It is a house of forty flats.", "Fictional keycontact")
	})
}

// An emergency access waits for its review, and is reviewed once.
func TestAnEmergencyAccessWaitsForItsReview(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.emergency(t)
		contact := w.as(t, casestest.KeyContact)
		waiting := contact.Get("/oversight/emergencies").OK(t)
		waiting.Says(t, "Fictional midwife", "Case "+strconv.FormatInt(f.Number(), 10))
		waiting.SaysNot(t, "Maya", "Example")
		review := contact.Get(waiting.One(t, `main a[href^="/access/reviews/"]`).Attr("href")).OK(t)
		review.FillAndSubmit(t, map[string]string{"verdict": "justified", "words": "She needed help at once."}).SeeOther(t, "")
		contact.Get("/oversight/emergencies").OK(t).Says(t, "There are none here")
		contact.Get("/oversight/emergencies?show=reviewed").OK(t).Says(t, "Fictional midwife")
	})
}

// A file is found by its number or by an exact name and birthday; what was
// typed wrongly stays. The trail names who opened it, and that somebody looked
// is in the ledger.
func TestAFileIsFoundAndItsTrailShown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.TrustManager), f.ID(), cases.Supervision)
		must(t, err)
		contact := w.as(t, casestest.KeyContact)
		home := contact.Get("/oversight").OK(t)
		bad := home.FillAndSubmit(t, map[string]string{"number": "twelve", "given_name": "Maya"}).Invalid(t, "number")
		if v := bad.FormValues(t, "main form"); v.Get("number") != "twelve" || v.Get("given_name") != "Maya" {
			t.Errorf("after a fault: %v", v)
		}
		home.FillAndSubmit(t, map[string]string{"given_name": "Nobody", "family_name": "Such", "born-day": "1", "born-month": "1", "born-year": "1990"}).OK(t).Says(t, "No case of your agency was found")
		var trail *webtest.Answer
		entries := w.site.Ledger(t, func() {
			trail = home.FillAndSubmit(t, map[string]string{"number": strconv.FormatInt(f.Number(), 10)}).SeeOther(t, "/oversight/cases/"+string(f.ID())).Follow(t).OK(t)
		})
		if len(entries) == 0 {
			t.Error("that somebody looked is not in the ledger")
		}
		trail.Says(t, "Fictional trustmanager", "as service manager", "Fictional nurse")
		trail.SaysNot(t, "Maya", "Example")
		person := map[string]string{"given_name": "Maya", "family_name": "Example", "born-day": "27", "born-month": "3", "born-year": "1991"}
		home.FillAndSubmit(t, person).SeeOther(t, "/oversight/cases/"+string(f.ID()))
		// Whoever holds the case sees who opened it, and nothing that is the key contact's.
		own := w.as(t, casestest.Nurse).Get(f.Path()).OK(t).Click(t, "See who has looked").OK(t)
		own.Says(t, "Fictional trustmanager", "because you hold it")
	})
}

// The person's own report is given as they said is safe, when they were alone,
// and is asked for again when a day has passed. What was typed stays.
//
// Proves: B6.12
func TestThePersonsOwnReportIsGivenSafely(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		contact := w.as(t, casestest.KeyContact)
		ask := contact.Get("/oversight/cases/"+string(f.ID())).OK(t).Click(t, "Make the person's own report").OK(t)
		webtest.CheckAutocompleteOff(t, ask, "main form")
		ask.FillAndSubmit(t, map[string]string{}).Invalid(t, "way", "words", "present")
		// Somebody was there: nothing is given, whatever was said.
		bad := ask.FillAndSubmit(t, map[string]string{"way": "on_paper", "words": "Yes please.", "present": "Her husband"}).Invalid(t, "way")
		if v := bad.FormValues(t, "main form"); v.Get("way") != "on_paper" || v.Get("words") != "Yes please." || v.Get("present") != "Her husband" {
			t.Errorf("after a fault: %v", v)
		}
		form := ask.Form(t, "main form").Fill(map[string]string{"way": "read_out", "words": "She would like to hear it."})
		form.Check("alone", "yes")
		read := form.Submit().SeeOther(t, "").Follow(t).OK(t)
		read.Says(t, "Read it out", "Wrote in your record")
		read.SaysNot(t, "Maya", "Fictional nurse", "Make the paper to print")
		form = ask.Form(t, "main form").Fill(map[string]string{"way": "on_paper", "words": "She keeps it at work."})
		form.Check("alone", "yes")
		paper := form.Submit().SeeOther(t, "").Follow(t).OK(t)
		print := paper.Form(t, "main form")
		printed := print.Press("Make the paper to print").OK(t)
		printed.Says(t, "Wrote in your record", "You may ask again at any time")
		printed.SaysNot(t, "Maya", "domestic", "abuse")
		contact.Get("/oversight/cases/"+string(f.ID())).OK(t).Says(t, "The person's own reports")
		w.Clock.Advance(25 * time.Hour)
		contact = w.as(t, casestest.KeyContact)
		address := contact.Get("/oversight/cases/" + string(f.ID())).OK(t).Select(`main a[href^="/oversight/reports/"]`).Attrs("href")[0]
		contact.Get(address).OK(t).Says(t, "What is safe changes: ask again")
		contact.Post(address+"/print", url.Values{}).SeeOther(t, address)
	})
}

func TestWhatCountsAsUnusualIsDecidedByTheAgency(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		contact := w.as(t, casestest.KeyContact)
		page := contact.Get("/oversight/settings").OK(t)
		bad := page.FillAndSubmit(t, map[string]string{"many_files": "some", "supervised": "7"}).Invalid(t, "many_files")
		if v := bad.FormValues(t, "main form"); v.Get("many_files") != "some" || v.Get("supervised") != "7" {
			t.Errorf("after a fault: %v", v)
		}
		bad.FillAndSubmit(t, map[string]string{"many_files": "12"}).SeeOther(t, "/oversight?done=configured")
		if v := contact.Get("/oversight/settings").OK(t).FormValues(t, "main form"); v.Get("many_files") != "12" || v.Get("supervised") != "7" {
			t.Errorf("saved: %v", v)
		}
		w.as(t, casestest.TrustAdmin).Post("/oversight/settings", url.Values{"many_files": {"9"}, "supervised": {"9"}}).Denied(t)
	})
}

// What a colleague saw is shown by day, and that the key contact looked is
// recorded too.
func TestAColleaguesDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.Nurse), f.ID(), cases.Care)
		must(t, err)
		w.watched(t)
		contact := w.as(t, casestest.KeyContact)
		worker := contact.Get("/oversight").OK(t).Click(t, "What did a colleague see?").OK(t).Click(t, "Fictional nurse").OK(t)
		var day *webtest.Answer
		entries := w.site.Ledger(t, func() { day = contact.Get(worker.One(t, `main a[href*="/day?"]`).Attr("href")).OK(t) })
		day.Says(t, "Case "+strconv.FormatInt(f.Number(), 10))
		day.SaysNot(t, "Maya", "Example")
		if len(entries) == 0 {
			t.Error("that somebody looked is not in the ledger")
		}
		contact.Get("/oversight").OK(t).Click(t, "Who signs in with a provider of identities").OK(t).Says(t, "Everybody signs in here")
	})
}
