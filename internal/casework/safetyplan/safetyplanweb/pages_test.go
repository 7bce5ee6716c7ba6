package safetyplanweb_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/safetyplan/safetyplanweb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	plans *safetyplan.Service
	site  *webtest.Site
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, safetyplan.Rules())}
		var err error
		w.plans, err = safetyplan.New(w.Cases, w.Guard, w.Registry, w.Directory)
		must(t, err)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := safetyplanweb.New(w.plans, w.Cases, w.Directory, desk.Bar)
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

// written is what a worker types into the form of a plan.
func written(more ...string) url.Values {
	v := url.Values{
		"q-danger.fear": {"“He waits outside.”"}, "made": {"together"}, "present": {"nobody else"}, "copy": {"none"},
		"review_on-day": {"1"}, "review_on-month": {"4"}, "review_on-year": {"2026"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return v
}

func says(t *testing.T, a *webtest.Answer, words ...string) {
	t.Helper()
	for _, text := range words {
		if !strings.Contains(a.Body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

// post adds to a form of a page what is typed, and sends it.
func post(b *webtest.Browser, action string, typed url.Values) *webtest.Answer {
	return b.Post(action, typed)
}

func TestAPlanIsMadeReadAndMadeAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		says(t, b.Get(f.Path()).OK(t), "There is no safety plan on this case")
		b.Get(f.Path() + "/plan").OK(t)
		page := b.Get(f.Path() + "/plan/new").OK(t)
		if got := page.Select("input[name=copy][checked]").Attrs("value"); len(got) != 1 || got[0] != "none" {
			t.Errorf("how the person holds it is %v before anybody asked", got)
		}
		wrong := post(b, f.Path()+"/plan/new", written("present", "", "review_on-year", ""))
		if wrong.Status != 422 {
			t.Fatalf("got %d", wrong.Status)
		}
		says(t, wrong, "Write who was there", "“He waits outside.”", "Enter the day to look at this plan again")
		post(b, f.Path()+"/plan/new", written("q-apart.word", "heron", "q-near.out", "The back door")).SeeOther(t, f.Path()+"/plan?done=made")
		plan := b.Get(f.Path() + "/plan").OK(t)
		says(t, plan, "Version 1", "Together with the person", "The back door", "1 April 2026", "Show what is kept apart")
		if strings.Contains(plan.Body, "heron") {
			t.Error("the code word stands on the page")
		}
		again := b.Get(f.Path() + "/plan/new").OK(t)
		says(t, again, "The back door", "Leave them empty to keep them")
		if strings.Contains(again.Body, "heron") {
			t.Error("the code word stands on the form")
		}
		after := again.Select("input[name=after]").Attrs("value")[0]
		post(b, f.Path()+"/plan/new", written("q-near.out", "The front door", "after", after)).SeeOther(t, "")
		says(t, b.Get(f.Path()).OK(t), "Version", "To be looked at again", "See the whole plan")
		// A colleague who began before is told, and what they typed is there.
		late := post(b, f.Path()+"/plan/new", written("q-near.out", "A window", "after", after))
		says(t, late, "A colleague made a new version while you were typing", "A window")
		var newest string
		for _, l := range b.Get(f.Path() + "/plan").OK(t).Links() {
			if strings.Contains(l.Href, "/plan/versions/") && !strings.HasSuffix(l.Href, "/apart") && newest == "" {
				newest = l.Href
			}
		}
		says(t, b.Get(newest).OK(t), "What changed since version 1", "When it is near", "The back door", "The front door")
		says(t, b.Get(newest+"/apart").OK(t), "heron")
	})
}

func TestAChangeIsRecordedOnTheCaseAndTheReviewSettlesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		post(b, f.Path()+"/plan/new", written()).SeeOther(t, "")
		says(t, b.Get(f.Path()).OK(t), "Something has changed")
		form := url.Values{"change": {"court_date"}, "changed_on-day": {"20"}, "changed_on-month": {"3"}, "changed_on-year": {"2026"}, "change_words": {"The hearing"}}
		wrong := post(b, f.Path()+"/plan/changes", url.Values{"change": {"court_date"}})
		if wrong.Status != 422 {
			t.Fatalf("got %d", wrong.Status)
		}
		post(b, f.Path()+"/plan/changes", form).SeeOther(t, f.Path()+"/plan?done=change")
		page := b.Get(f.Path()).OK(t)
		says(t, page, "Review the safety plan", "a date in court", "3 March 2026")
		b.Get("/plans").OK(t)
		says(t, b.Get(casesweb.Home).OK(t), "Plans to look at")
		review := b.Get(f.Path() + "/plan/review").OK(t)
		says(t, review, "The hearing", "It is still right")
		after := review.Select("input[name=after]").Attrs("value")[0]
		post(b, f.Path()+"/plan/review", url.Values{"after": {after}, "reason": {"It holds"}, "review_on-day": {"1"}, "review_on-month": {"5"}, "review_on-year": {"2026"}}).SeeOther(t, "")
		if page := b.Get(f.Path()).OK(t); strings.Contains(page.Body, "Review the safety plan") {
			t.Error("it asks for a look still")
		}
		says(t, b.Get(f.Path()+"/plan").OK(t), "Looked at, and still right", "It holds")
	})
}

func TestAStepIsAddedAndSettled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		post(b, f.Path()+"/plan/new", written()).SeeOther(t, "")
		wrong := post(b, f.Path()+"/plan/steps", url.Values{"what": {"A lock"}})
		if wrong.Status != 422 {
			t.Fatalf("got %d", wrong.Status)
		}
		says(t, wrong, "Select who does it", "A lock")
		post(b, f.Path()+"/plan/steps", url.Values{"what": {"A lock"}, "owner": {"person"}, "due_on-day": {"1"}, "due_on-month": {"3"}, "due_on-year": {"2026"}}).SeeOther(t, "")
		page := b.Get(f.Path()).OK(t)
		says(t, page, "A lock", "overdue")
		var step string
		for _, l := range page.Links() {
			if strings.Contains(l.Href, "/plan/steps/") {
				step = l.Href
			}
		}
		if a := post(b, step, url.Values{"state": {"done"}}); a.Status != 422 {
			t.Errorf("settled without a word: %d", a.Status)
		}
		post(b, step, url.Values{"state": {"done"}, "note": {"It is in"}}).SeeOther(t, "")
		says(t, b.Get(step).OK(t), "It is in", "Done")
	})
}

// What is printed is a page by itself: its title and heading say nothing, and no
// name of the service or of the person stands on it.
func TestAPrintedCopySaysNothingOfWhereItIsFrom(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		post(b, f.Path()+"/plan/new", written("copy", "card", "q-slip.lines", "Milk\nMaya rings\nBuses: 14, 22", "q-apart.word", "heron")).SeeOther(t, "")
		page := b.Get(f.Path() + "/plan").OK(t)
		action := ""
		for _, form := range page.Select("main form") {
			if got := form.Select("input[name=do]").Attrs("value"); len(got) == 1 && got[0] == "print" {
				action = form.Attr("action")
			}
		}
		printed := b.Post(action, url.Values{"do": {"print"}, "copy": {"card"}}).OK(t)
		if title := printed.Select("title"); len(title) != 1 || title[0].Text() != safetyplan.CopyTitle {
			t.Errorf("the title is %v", title)
		}
		says(t, printed, "Milk", "Buses: 14, 22", "1 line is left out")
		body := strings.Join(printed.Select("main").Texts(), " ")
		for _, word := range []string{"Maya", "Example", "Haven", "heron", "He waits outside"} {
			if strings.Contains(body, word) {
				t.Errorf("it says %q", word)
			}
		}
		if word := webtest.TopicWord(printed.Body); word != "" {
			t.Errorf("it says %q", word)
		}
		if disposition := printed.Header.Get("Content-Disposition"); disposition != "" {
			t.Errorf("it is saved as %s", disposition)
		}
		// What was not chosen is refused, on a page that says so.
		refused := b.Post(action, url.Values{"do": {"print"}, "copy": {"page"}})
		if refused.Status != 422 {
			t.Fatalf("got %d", refused.Status)
		}
		says(t, refused, "The person has not said that this is safe for them to hold")
		b.Post(action, url.Values{"do": {"choose"}, "copy": {"spoken"}, "copy_why": {"He found the card"}}).SeeOther(t, "")
		b.Post(action, url.Values{"do": {"given"}, "copy": {"spoken"}, "given_on-day": {"2"}, "given_on-month": {"3"}, "given_on-year": {"2026"}}).SeeOther(t, "")
		says(t, b.Get(f.Path()+"/plan").OK(t), "Read out to the person", "He found the card")
	})
}

func TestTheCaseOfAPersonWhoHarmsShowsNoPlan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Oswin", FamilyName: "Thessaly"}, cases.Perpetrating)
		b := w.as(t, casestest.IDVA)
		page := b.Get(f.Path()).OK(t)
		if strings.Contains(strings.ToLower(page.Body), "safety plan") {
			t.Error("the case speaks of a safety plan")
		}
		for _, path := range []string{"/plan", "/plan/new", "/plan/review"} {
			if a := b.Get(f.Path() + path); a.Status != 403 {
				t.Errorf("%s gives %d", path, a.Status)
			}
		}
		if a := b.Post(f.Path()+"/plan/new", written()); a.Status != 403 {
			t.Errorf("made: %d", a.Status)
		}
	})
}

func TestBelowLevelThreeTheFormOffersToActNow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		b := w.as(t, casestest.Nurse)
		says(t, b.Get(f.Path()+"/plan/new").OK(t), "Act now, and have it reviewed")
		wrong := post(b, f.Path()+"/plan/new", written())
		if wrong.Status != 422 {
			t.Fatalf("got %d", wrong.Status)
		}
		says(t, wrong, "Choose to act now and have it reviewed")
		post(b, f.Path()+"/plan/new", written("act_now", "yes", "why_now", "She goes home tonight")).SeeOther(t, "")
		says(t, b.Get(f.Path()+"/plan").OK(t), "Made at once by a worker below training level 3")
	})
}

// Every page of a plan is sound, and nothing on it is about anybody else.
func TestThePagesOfAPlanAreSound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		n := safetyplan.NewPlan{Answers: forms.Answers{}, Made: safetyplan.Together, Present: "nobody else", ReviewOn: "2026-04-01"}
		n.Answers.Set("danger.fear", "x")
		_, err := w.plans.Make(t.Context(), f, n)
		must(t, err)
		b := w.as(t, casestest.IDVA)
		for _, path := range []string{"/plan", "/plan/new", "/plan/review"} {
			page := b.Get(f.Path() + path).OK(t)
			ids := map[string]bool{}
			for _, id := range page.Select("[id]").Attrs("id") {
				if ids[id] {
					t.Errorf("%s has the id %s twice", path, id)
				}
				ids[id] = true
			}
		}
		// Nobody else at the agency's other teams, and no other agency, finds it.
		if a := w.as(t, casestest.Nurse).Get(f.Path() + "/plan"); a.Status != 404 {
			t.Errorf("another agency gets %d", a.Status)
		}
	})
}
