package enquiryweb_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/enquiry/enquiryweb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

type site struct {
	*casestest.World
	*webtest.Site
	enquiries *enquiry.Service
}

func each(t *testing.T, fn func(t *testing.T, s site)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, enquiry.Rules())
		service := enquiry.New(w.Cases, w.Guard, w.Registry, enquiry.Config{})
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := enquiryweb.New(service, w.Cases, desk.Bar)
		desk.Add(pages.Panel)
		fn(t, site{w, webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()},
		}), service})
	})
}

func (s site) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return s.SignedIn(t, s.Actor(t, who).Account)
}

// negative is what a browser sends about somebody who was asked and told of
// nothing.
func negative() url.Values {
	return url.Values{
		"safe": {"yes"}, "setting": {"antenatal"}, "on-day": {"2"}, "on-month": {"3"}, "on-year": {"2026"}, "prompts": {"routine"},
		"alone": {"yes"}, "private": {"yes"}, "interpreter": {"none"}, "asked": {"yes"}, "said": {"neither"},
		"given_name": {"Maya"}, "family_name": {"Example"},
	}
}

func with(v url.Values, name string, values ...string) url.Values {
	v[name] = values
	return v
}

// Proves: B8.11, B9.1
func TestSafetyIsAskedFirstAndNothingIsFilledIn(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		a := s.as(t, casestest.Nurse).Get("/enquiries/new").OK(t)
		names := a.Select("main input, main select, main textarea").Attrs("name")
		if len(names) == 0 || names[0] != "safe" {
			t.Errorf("the first question is %q", names)
		}
		if got := a.Select("main input[checked]").Attrs("name"); len(got) != 0 {
			t.Errorf("filled in: %v", got)
		}
		a.Says(t, "call 999")
		if !slices.ContainsFunc(a.Links(), func(l webtest.Link) bool { return l.Href == "/directory" }) {
			t.Error("the directory is not within reach")
		}
		for name, values := range a.FormValues(t, "main form") {
			for _, v := range values {
				if v != "" && !strings.HasPrefix(name, "on-") {
					t.Errorf("%s is %q before anybody typed", name, v)
				}
			}
		}
		webtest.CheckAutocompleteOff(t, a, "main form")
	})
}

// Proves: B7.27
func TestARelativeIsAnAnswerAndNoWayToBook(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		a := s.as(t, casestest.Nurse).Get("/enquiries/new").OK(t)
		offered := a.Select(`input[name=interpreter]`).Attrs("value")
		if offered[len(offered)-1] != enquiry.InterpreterRelative {
			t.Errorf("%v", offered)
		}
		a.Says(t, "Only to record that it happened. It does not count as asked")
	})
}

func TestOneFormOpensALightFileAndSaysSo(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		var a *webtest.Answer
		entries := s.Site.Ledger(t, func() { a = b.Post("/enquiries/new", negative()) })
		a.SeeOther(t, "")
		if !strings.HasSuffix(a.Header.Get("Location"), "?done=enquiry-recorded") {
			t.Errorf("it leads to %s", a.Header.Get("Location"))
		}
		if !slices.ContainsFunc(entries, func(e audit.Entry) bool {
			return e.Action == enquiry.ActRecord && e.Outcome == audit.Done && slices.ContainsFunc(e.Subjects, func(s audit.Subject) bool { return s.Kind == "person" })
		}) {
			t.Errorf("%+v", entries)
		}
		page := a.Follow(t).OK(t)
		page.Says(t, "What happened is recorded", "Counts as asked", "Maya Example")
		page.SaysNot(t, "Nobody has asked yet")
		rows, err := s.Cases.Caseload(t.Context(), s.Actor(t, casestest.Nurse), cases.All, nil, 10)
		if err != nil || len(rows) != 1 || rows[0].Kind != cases.Light {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}

func TestNobodyNeedsAName(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		v := url.Values{"setting": {"ambulance"}, "on-day": {"2"}, "on-month": {"March"}, "on-year": {"2026"}}
		s.as(t, casestest.Nurse).Post("/enquiries/new", v).SeeOther(t, "").Follow(t).OK(t).Says(t, "Name not known", "Does not count as asked")
	})
}

func TestAFormThatComesBackKeepsWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		f := s.World.Begin(t, s.Actor(t, casestest.Nurse))
		for _, path := range []string{"/enquiries/new", f.Path() + "/enquiries/new"} {
			v := negative()
			with(v, "setting", "")
			with(v, "on-day", "31")
			with(v, "on-month", "2")
			with(v, "said", "experiencing", "declined")
			with(v, "words", "he <b>hits</b> me")
			with(v, "children_number", "two")
			with(v, "types", "physical", "emotional")
			with(v, "known_as", "May")
			a := b.Post(path, v).Invalid(t, "setting", "time", "children_number")
			if a.One(t, "#on-error").Text() == "" || len(a.Select(`.govuk-error-summary a[href="#on-day"]`)) != 1 {
				t.Error("the day does not say what is wrong")
			}
			back := a.FormValues(t, "main form")
			for _, name := range []string{"on-day", "on-month", "said", "words", "children_number", "types", "safe", "private", "interpreter"} {
				if !slices.Equal(back[name], v[name]) {
					t.Errorf("%s %s: %q came back as %q", path, name, v[name], back[name])
				}
			}
			if path == "/enquiries/new" && (back.Get("given_name") != "Maya" || back.Get("known_as") != "May") {
				t.Errorf("the person came back as %v", back)
			}
		}
		a := b.Post("/enquiries/new", with(negative(), "born-year", "ninety")).Invalid(t)
		if a.One(t, "#born-error").Text() == "" || a.FormValues(t, "main form").Get("born-year") != "ninety" {
			t.Error("the date of birth does not say what is wrong, or is lost")
		}
	})
}

// Proves: B8.9
func TestToAskIsSaidOnEveryFileUntilItCounts(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		f := s.World.Begin(t, s.Actor(t, casestest.Nurse))
		prompt := "Nobody has asked yet in a way that counts"
		b.Get(f.Path()).OK(t).Says(t, prompt, "whether or not there are signs")
		b.Post(f.Path()+"/enquiries/new", with(negative(), "present", "partner")).SeeOther(t, "").Follow(t).OK(t).
			Says(t, prompt, "somebody else was there")
		b.Post(f.Path()+"/enquiries/new", negative()).SeeOther(t, f.Path()+"?done=enquiry-recorded").Follow(t).OK(t).SaysNot(t, prompt)
	})
}

// Proves: B8.10
func TestThatSomebodyWasNotTrainedIsSaidOnTheRecord(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Receptionist)
		b.Get("/enquiries/new").OK(t).Says(t, "not recorded as trained to ask")
		page := b.Post("/enquiries/new", negative()).SeeOther(t, "").Follow(t).OK(t)
		page.Says(t, "not trained to ask")
		page.Click(t, "Asked on 2 March 2026, Antenatal care").OK(t).Says(t, "not trained to level 2", "counted separately")
	})
}

// Proves: B9.1, B14.12
func TestWhatWasDoneAtOnceComesFirst(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		v := with(with(with(negative(), "safe", "no"), "acts", "999"), "act_words", "stayed with her")
		page := s.as(t, casestest.Receptionist).Post("/enquiries/new", v).SeeOther(t, "").Follow(t).OK(t)
		text := page.Text()
		act, safe, asked := strings.Index(text, "Done at once on 2 March 2026"), strings.Index(text, "Not safe to go home"), strings.Index(text, "Counts as asked")
		if act < 0 || safe < act || asked < safe {
			t.Errorf("at %d, %d, %d in %s", act, safe, asked, text)
		}
		page.Says(t, "Called 999: stayed with her", "Review what was done at once")
	})
}

func TestACorrectionInThePages(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		page := b.Post("/enquiries/new", negative()).SeeOther(t, "").Follow(t).OK(t)
		record := page.Click(t, "Asked on 2 March 2026, Antenatal care").OK(t)
		form := record.Click(t, "Correct this").OK(t)
		back := form.FormValues(t, "main form")
		if back.Get("said") != "neither" || back.Get("private") != "yes" || back.Get("version") != "1" {
			t.Errorf("%v", back)
		}
		again := b.Get(strings.TrimSuffix(form.One(t, "main form").Attr("action"), "")).OK(t)
		fixed := form.FillAndSubmit(t, map[string]string{"private": "no"}).SeeOther(t, "").Follow(t).OK(t)
		fixed.Says(t, "it is not confirmed that it was private")
		// The second of two who had it open is told.
		again.FillAndSubmit(t, map[string]string{"private": "no"}).Conflict(t)
		old := b.Get(strings.TrimSuffix(form.One(t, "main form").Attr("action"), "/correct")).OK(t)
		old.Says(t, "This was corrected", "Counts as asked")
		old.SaysNot(t, "Correct this")
		old.Click(t, "Read the correction").OK(t).Says(t, "This corrects what was recorded before", "Does not count as asked")
	})
}

func TestToWhoeverHasNoFileItIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		s.as(t, casestest.Nurse).Post("/enquiries/new", negative()).SeeOther(t, "")
		rows, err := s.Cases.Caseload(t.Context(), s.Actor(t, casestest.Nurse), cases.All, nil, 1)
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		f, err := s.Cases.Open(t.Context(), s.Actor(t, casestest.Nurse), rows[0].ID, cases.Care)
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.enquiries.Overview(t.Context(), f, 1)
		if err != nil {
			t.Fatal(err)
		}
		path := o.Newest[0].Path(f)
		stranger := s.as(t, casestest.IDVA)
		for _, p := range []string{path, path + "/correct", f.Path() + "/enquiries/new"} {
			stranger.Get(p).NotThere(t)
		}
		webtest.SameAsAbsent(t, stranger, path, "/cases/0190b0b0-0000-7000-8000-000000000000/enquiries/0190b0b0-0000-7000-8000-000000000001")
		webtest.Unchanged(t, s.Site.DB, func() {
			s.Anyone(t).Post(f.Path()+"/enquiries/new", negative())
		})
		s.as(t, casestest.TrustAdmin).Get("/enquiries/new").Denied(t)
		s.Anyone(t).Get("/enquiries/new").SignInFirst(t)
		s.as(t, casestest.Nurse).Get(f.Path() + "/enquiries/0190b0b0-0000-7000-8000-000000000001").NotThere(t)
	})
}

func TestAPageTakesAFewStatements(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		f := s.World.Begin(t, s.Actor(t, casestest.Nurse))
		b.Post(f.Path()+"/enquiries/new", negative()).SeeOther(t, "")
		one := b.Get(f.Path()).OK(t).Queries
		for range 4 {
			b.Post(f.Path()+"/enquiries/new", negative()).SeeOther(t, "")
		}
		if many := b.Get(f.Path()).OK(t).Queries; many > one {
			t.Errorf("%d statements for one enquiry, %d for five", one, many)
		}
		if n := b.Get(f.Path() + "/enquiries/new").OK(t).Queries; n > 25 {
			t.Errorf("the form takes %d statements", n)
		}
	})
}

// The panel fits the case page.
var _ casesweb.Panel = (*enquiryweb.Pages)(nil).Panel

var _ enquiryweb.Bar = func(context.Context, *cases.File) (templ.Component, error) { return templ.NopComponent, nil }

func TestAPageSaysThatWhatAChildSaidIsKeptApart(t *testing.T) {
	each(t, func(t *testing.T, s site) {
		b := s.as(t, casestest.Nurse)
		b.Post("/enquiries/new", with(negative(), "child_said", "I hide in the wardrobe"))
		var f *cases.File
		var id enquiry.ID
		for _, e := range s.World.Ledger(t) {
			for _, subject := range e.Subjects {
				if e.Action == enquiry.ActRecord && subject.Kind == "case" {
					var err error
					if f, err = s.Cases.Open(t.Context(), s.Actor(t, casestest.Nurse), cases.ID(subject.ID), cases.Care); err != nil {
						t.Fatal(err)
					}
				}
				if e.Action == enquiry.ActRecord && subject.Kind == "enquiry" {
					id = enquiry.ID(subject.ID)
				}
			}
		}
		page := f.Path() + "/enquiries/" + string(id)
		for _, path := range []string{page, page + "/correct", f.Path()} {
			if text := b.Get(path).OK(t).Text(); strings.Contains(text, "wardrobe") {
				t.Errorf("%s shows the words", path)
			}
		}
		b.Get(page).Says(t, "Kept apart")
		b.Get(page+"/correct").Says(t, "Something is kept apart already")

		manager, err := s.Cases.Open(t.Context(), s.Actor(t, casestest.TrustManager), f.ID(), cases.Supervision)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Cases.Grant(t.Context(), manager, cases.ChildWords, s.Actor(t, casestest.Nurse).Account, true); err != nil {
			t.Fatal(err)
		}
		b.Get(page).Says(t, "I hide in the wardrobe")
	})
}
