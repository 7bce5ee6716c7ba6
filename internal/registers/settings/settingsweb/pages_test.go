package settingsweb_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/settings"
	"waymark/internal/registers/settings/settingsweb"
)

type world struct {
	*casestest.World
	*webtest.Site
	register *settings.Register
}

// each gives a partnership in which the trust was told of abuse by nine people in
// general practice, and offered specialist support to eight of them, and by two in
// an abortion service.
func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, settings.Rules())
		register := settings.New(db, w.Guard, w.Counter, nil)
		pages := settingsweb.New(register)
		must(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			for i := range 11 {
				id, setting := fmt.Sprint(i), "general_practice"
				if i >= 9 {
					setting = "abortion"
				}
				facts := []measures.Fact{{
					Kind: "disclosure.experiencing", Agency: string(w.Trust.ID), Person: id, At: tx.Now().AddDate(0, -2, 0), Source: measures.Source{Kind: "enquiry", ID: id}, Dimensions: measures.Dimensions{"setting": setting},
				}}
				if i < 8 {
					facts = append(facts, measures.Fact{
						Kind: "offer.made", Agency: string(w.Trust.ID), Person: id, At: tx.Now().AddDate(0, -2, 0), Source: measures.Source{Kind: "offer", ID: id},
						Dimensions: measures.Dimensions{"subject": "experiencing", "to_specialist": true},
					})
				}
				if err := w.Registry.Emit(ctx, tx, facts...); err != nil {
					return err
				}
			}
			return nil
		}))
		fn(t, world{w, webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes()}}), register})
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

func day(name, value string) url.Values {
	v := url.Values{}
	parts := strings.Split(value, "-")
	v.Set(name+"-year", parts[0])
	v.Set(name+"-month", parts[1])
	v.Set(name+"-day", parts[2])
	return v
}

// typed is a line as somebody types it.
func (w world) typed(setting settings.Setting, more ...string) url.Values {
	today := w.register.Today()
	v := url.Values{"setting": {string(setting)}, "how": {"visits"}, "whom": {"Advocates (fictional)"}}
	for _, name := range []string{"since", "reviewed", "review"} {
		for k, value := range day(name, today) {
			v[k] = value
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

// Every code of the ten settings is one that a record of asking can have.
//
// Proves: B9.15
func TestTheTenSettingsAreThoseOfTheRecords(t *testing.T) {
	if len(settings.Ten()) != 10 {
		t.Fatalf("there are %d", len(settings.Ten()))
	}
	for _, s := range settings.Ten() {
		for _, code := range s.Codes() {
			if !enquiry.Settings.Has(code.Code) {
				t.Errorf("%s is counted as %s, which no record has", s, code.Code)
			}
		}
	}
}

// Proves: B9.15
func TestSettingsInWhichNobodyOffersSupportComeFirst(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		b := w.as(t, casestest.TrustManager)
		b.Get(settingsweb.Path).OK(t).Says(t, "In 10 of the ten settings nobody offers support")
		b.Post(settingsweb.Path+"/new", url.Values{}).Invalid(t, "setting", "how", "whom").Says(t, "Enter the day since when", "Enter the day on which somebody looked", "Enter the day by which")
		b.Post(settingsweb.Path+"/new", w.typed(settings.Emergency, "area", "North")).SeeOther(t, settingsweb.Path+"?done=kept")
		page := b.Get(settingsweb.Path).OK(t).Says(t, "In 9 of the ten settings nobody offers support", "Advocates (fictional)")
		headings := page.Select("h2").Texts()
		if last := headings[len(headings)-1]; last != "Emergency departments" {
			t.Errorf("the one in which support is offered is not the last: %q", headings)
		}
		if n := len(slices.DeleteFunc(headings, func(h string) bool { return !strings.Contains(h, "Nobody offers support") })); n != 9 {
			t.Errorf("%d are marked", n)
		}
		b.Get(settingsweb.Path+"?area=South").OK(t).Says(t, "In 10 of the ten")
		one := slices.DeleteFunc(page.Select("th a").Attrs("href"), func(h string) bool { return !strings.HasPrefix(h, settingsweb.Path+"/") })[0]
		other := w.as(t, casestest.HavenManager)
		other.Get(settingsweb.Path).OK(t).Says(t, "Advocates (fictional)") // it is one list of the partnership
		other.Get(one).NotThere(t)
		b.Post(one, w.typed(settings.Emergency, "version", "9")).Conflict(t)
		ended := w.typed(settings.Emergency, "version", "1")
		for k, value := range day("until", "2001-01-01") {
			ended[k] = value
		}
		b.Post(one, ended).Is(t, 422).Says(t, "The last day must be the same")
		for k, value := range day("since", "2000-01-01") {
			ended[k] = value
		}
		b.Post(one, ended).SeeOther(t, settingsweb.Path+"?done=kept")
		b.Get(settingsweb.Path).OK(t).Says(t, "In 10 of the ten", "Not now")
		w.as(t, casestest.Nurse).Get(settingsweb.Path).Denied(t)
	})
}

// Proves: B9.15
func TestWhatWasOfferedIsCountedAndSmallNumbersAreNotShown(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		figures := func(who string) map[string][]string {
			out := map[string][]string{}
			for _, tr := range w.as(t, who).Get(settingsweb.Path).OK(t).Select("tbody tr") {
				out[tr.Select("th").Text()] = tr.Select("td").Texts()
			}
			return out
		}
		if got := figures(casestest.TrustManager)["General practice"]; !slices.Equal(got, []string{"9", "8", "0"}) {
			t.Errorf("the own agency's are %q", got)
		}
		all := figures(casestest.Commissioner)
		if got := all["Abortion services"]; got[0] != measures.Mark {
			t.Errorf("two people are shown as %q", got)
		}
		csv := w.as(t, casestest.Commissioner).Get(settingsweb.Path + "?as=csv").OK(t)
		if !strings.Contains(csv.Body, "Abortion services,"+measures.Mark) || strings.Contains(csv.Body, "Abortion services,2") {
			t.Errorf("the table says %s", csv.Body)
		}
		w.as(t, casestest.Commissioner).Get(settingsweb.Path+"?from-day=40&from-month=1&from-year=2026").Is(t, 422).Says(t, "Enter the first and the last day")
	})
}
