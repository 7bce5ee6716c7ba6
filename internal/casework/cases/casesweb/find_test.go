package casesweb_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// seeking is a partnership with the pages of cases on a site.
func seeking(t *testing.T, fn func(t *testing.T, w *casestest.World, as func(string) *webtest.Browser)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes()}})
		fn(t, w, func(who string) *webtest.Browser { return site.SignedIn(t, w.Actor(t, who).Account) })
	})
}

func reachable(t *testing.T, w *casestest.World, f *cases.File, number, postcode string) {
	t.Helper()
	err := w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		return w.People.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{Version: p.Version, Ways: []people.Way{{Channel: people.Mobile, Allowed: people.Yes, Detail: number}}})
	})
	if err == nil {
		err = w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "3 Test Row", Postcode: postcode}})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A number or a postcode of somebody whose whereabouts are closed to whoever
// asks answers with the bytes of no match, by the same work (S18, S20).
// Proves: B6.26
func TestAClosedNumberAnswersLikeNoNumber(t *testing.T) {
	seeking(t, func(t *testing.T, w *casestest.World, as func(string) *webtest.Browser) {
		if err := w.Cases.SetOpenings(t.Context(), w.Actor(t, casestest.KeyContact), cases.Openings{cases.Whereabouts: {policy.Manager}}); err != nil {
			t.Fatal(err)
		}
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, manager := as(casestest.Nurse), as(casestest.TrustManager)
		texts := []string{"07700 900123", "ZE1 0AA"}
		before := map[string]*webtest.Answer{}
		for range 2 { // the second has everything at hand that is read once
			for _, text := range texts {
				before[text] = nurse.Post(casesweb.FindPath, url.Values{"q": {text}}).OK(t).Says(t, "Nothing found").SaysNot(t, "Maya")
			}
		}
		reachable(t, w, f, "+44 7700 900123", "ze1 0aa")
		for _, text := range texts {
			nurse.Post(casesweb.FindPath, url.Values{"q": {text}})
			closed := nurse.Post(casesweb.FindPath, url.Values{"q": {text}}).OK(t)
			none := nurse.Post(casesweb.FindPath, url.Values{"q": {strings.Replace(strings.Replace(text, "123", "124", 1), "AA", "AB", 1)}})
			if string(closed.Body) != string(before[text].Body) {
				t.Errorf("%s answers otherwise than before it was recorded", text)
			}
			if closed.Queries != none.Queries {
				t.Errorf("%s takes %d statements, and %d where there is none", text, closed.Queries, none.Queries)
			}
			manager.Post(casesweb.FindPath, url.Values{"q": {text}}).OK(t).Says(t, "1 found", "Maya")
		}
	})
}

// What is typed comes back in the form alone: in no address, no link and no
// title.
func TestWhatIsLookedForIsInNoAddress(t *testing.T) {
	seeking(t, func(t *testing.T, w *casestest.World, as func(string) *webtest.Browser) {
		nurse := w.Actor(t, casestest.Nurse)
		for i := range 30 {
			w.BeginFor(t, nurse, people.Details{GivenName: "Quillon", FamilyName: fmt.Sprintf("Example %d", i)}, cases.Experiencing)
		}
		b := as(casestest.Nurse)
		b.Get(casesweb.FindPath).OK(t).SaysNot(t, "found")
		first := b.Get(casesweb.FindPath).FillAndSubmit(t, map[string]string{"q": "exam quill"}).OK(t).Says(t, "The first 25 found", "Case 30", "Case 6").SaysNot(t, "Case 5 ")
		for _, l := range first.Links() {
			if strings.Contains(strings.ToLower(l.Href), "quill") {
				t.Errorf("a link leads to %s", l.Href)
			}
		}
		if strings.Contains(strings.ToLower(first.Title()), "quill") {
			t.Errorf("the title is %q", first.Title())
		}
		more := first.FormWith(t, "after").Submit().OK(t).Says(t, "More found", "Case 5", "Case 1").SaysNot(t, "Case 6", "Show more")
		if n := len(more.Select("tbody tr")); n != 5 {
			t.Errorf("the next page shows %d", n)
		}
	})
}

// What cannot be looked for says so, beside where it was typed.
func TestAnEmptySearchSaysWhatToType(t *testing.T) {
	seeking(t, func(t *testing.T, w *casestest.World, as func(string) *webtest.Browser) {
		b := as(casestest.Nurse)
		for _, c := range []struct{ q, day, month, year, field string }{
			{field: "q"},
			{q: "one two three four five six seven", field: "q"},
			{q: "maya", day: "31", month: "2", year: "1991", field: "born"},
			{year: "1991", field: "born"},
			{q: "31.2.1991", field: "q"},
			{q: "@", field: "q"},
			{q: strings.Repeat("a", 201), field: "q"},
		} {
			b.Post(casesweb.FindPath, url.Values{"q": {c.q}, "born-day": {c.day}, "born-month": {c.month}, "born-year": {c.year}}).Invalid(t, c.field)
		}
		as(casestest.Commissioner).Get(casesweb.FindPath).Denied(t)
	})
}

// A worker who adds somebody with the names of a person in their cases is shown
// them first, and decides.
func TestWhoIsAddedAgainIsShownFirst(t *testing.T) {
	seeking(t, func(t *testing.T, w *casestest.World, as func(string) *webtest.Browser) {
		w.Begin(t, w.Actor(t, casestest.Nurse))
		maya := map[string]string{"given_name": "Maya", "family_name": "Example"}
		b := as(casestest.Nurse)
		shown := b.Get("/cases/new").FillAndSubmit(t, maya).OK(t).Says(t, "You may know this person already", "Case 1")
		other := shown.FillAndSubmit(t, map[string]string{"family_name": "Sample"})
		other.Follow(t).OK(t).Says(t, "The case is open", "Case 2")
		shown.FillAndSubmit(t, nil).Follow(t).OK(t).Says(t, "The case is open", "Case 3")
		as(casestest.Midwife).Get("/cases/new").FillAndSubmit(t, maya).Follow(t).OK(t).Says(t, "The case is open", "Case 4")
	})
}
