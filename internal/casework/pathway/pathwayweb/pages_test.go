package pathwayweb_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwayweb"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
	"waymark/internal/registers/provision"
)

type world struct {
	*casestest.World
	s    *pathway.Service
	site *webtest.Site

	services *provision.Register
}

// each builds the pages behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, pathway.Rules(), provision.Rules())}
		ships, err := pathwayscontent.Pathways()
		must(t, err)
		known := pathway.Known{Settings: []string{"antenatal", "general_practice", "housing"}, Fact: w.Registry.Possible, Obligation: func(id string) bool { return strings.HasPrefix(id, "B") || strings.HasPrefix(id, "G") }, Facts: w.Registry.Kinds()}
		w.services = provision.New(db, w.Guard)
		w.s, err = pathway.New(w.Cases, w.Guard, w.services, ships, known, w.Registry.Zone())
		must(t, err)
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := pathwayweb.New(w.s, w.Cases, w.Directory, home.Bar, w.Registry.Zone())
		home.Add(pages.Panel)
		w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{home.Routes(), pages.Routes()}})
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

// happens records entries in a chronology, as other workflows do.
func (w *world) happens(t *testing.T, f *cases.File, kinds ...cases.EventKind) {
	t.Helper()
	w.Clock.Advance(time.Minute)
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		for _, k := range kinds {
			if _, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: k, On: "2026-03-02"}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w *world) needs(t *testing.T, f *cases.File, domain string) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		return w.Registry.Emit(ctx, tx, measures.Fact{
			Kind: "need.recorded", Agency: f.Agency(), Person: string(f.Person()), File: string(f.ID()), At: tx.Now(),
			Source: measures.Source{Kind: "support_need", ID: "one"}, Dimensions: measures.Dimensions{"domain": domain, "term": "immediate"},
		})
	}))
}

// standing are the steps of a case by id.
func (w *world) standing(t *testing.T, f *cases.File) map[string]pathway.State {
	t.Helper()
	out := map[string]pathway.State{}
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		all, err := w.s.On(ctx, tx, f)
		for _, c := range all {
			for _, st := range c.Steps {
				out[st.Step.ID] = st.State
			}
		}
		return err
	}))
	return out
}

// Signs of alcohol, drug or mental-health problems call for the referral that is
// missing, high risk for MARAC and an IDVA both, a child for the safeguarding
// lead; each is dismissed with a reason only.
//
// Proves: B6.7, B9.8
func TestWhatACaseCallsFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		if got := w.standing(t, f); len(got) != 0 {
			t.Errorf("an empty case calls for %v", got)
		}
		w.happens(t, f, cases.Disclosed)
		w.needs(t, f, "alcohol")
		w.happens(t, f, cases.HighRisk)
		w.Add(t, f, cases.Child, people.Details{GivenName: "Tom", FamilyName: "Example"})
		got := w.standing(t, f)
		for _, step := range []string{"immediate-safety", "identify-risk", "offer-support", "alcohol", "marac", "idva", "safety-plan", "safeguarding-lead", "childrens-service"} {
			if got[step] != pathway.Due {
				t.Errorf("%s is %q", step, got[step])
			}
		}
		for _, step := range []string{"drugs", "mental-health", "ask-about-children", "offer-programme", "support-plan"} {
			if state, there := got[step]; there {
				t.Errorf("%s is %s, and nothing calls for it", step, state)
			}
		}
		w.happens(t, f, cases.ImmediateSafety, cases.PlanMade)
		w.Clock.Advance(4 * 24 * time.Hour)
		got = w.standing(t, f)
		for step, want := range map[string]pathway.State{"immediate-safety": pathway.Done, "safety-plan": pathway.Done, "identify-risk": pathway.Overdue, "marac": pathway.Overdue} {
			if got[step] != want {
				t.Errorf("%s is %q, want %s", step, got[step], want)
			}
		}

		b := w.as(t, casestest.Colleague)
		at := f.Path() + "/pathway"
		b.Get(f.Path()).OK(t).Says(t, "What the pathways call for", "overdue")
		page := b.Get(at).OK(t).Says(t, "Refer to an alcohol service", "Called for by: A need", "No service on the list takes this step", "(Alcohol service)")
		step := page.Click(t, "Say where it stands: Refer to an alcohol service").OK(t).Says(t, "Refer to an alcohol service")
		b.Post(at+"/experiencing/alcohol", url.Values{"state": {"declined"}}).Invalid(t, "words")
		b.Post(at+"/experiencing/alcohol", url.Values{"state": {"planned"}, "on-day": {"1"}, "on-month": {"1"}, "on-year": {"2020"}}).Says(t, "Error: Enter the day by which it will be done")
		b.Post(at+"/experiencing/alcohol", url.Values{}).Invalid(t, "state")
		b.Post(at+"/experiencing/drugs", url.Values{"state": {"declined"}, "words": {"x"}}).NotThere(t)
		after := step.One(t, "input[name=after]").Attr("value")
		b.Post(at+"/experiencing/alcohol", url.Values{"state": {"declined"}, "words": {"She goes to one already"}, "after": {after}}).SeeOther(t, at+"?done=answered")
		b.Get(at).OK(t).Says(t, "Declined, says", "She goes to one already")
		b.Post(at+"/experiencing/alcohol", url.Values{"state": {"done"}, "words": {"From an old window"}, "after": {after}}).Conflict(t)

		b.Post(at+"/experiencing/marac", url.Values{"state": {"planned"}, "on-day": {"9"}, "on-month": {"3"}, "on-year": {"2026"}}).SeeOther(t, at+"?done=answered")
		if got := w.standing(t, f)["marac"]; got != pathway.Planned {
			t.Errorf("MARAC is %s", got)
		}
		w.happens(t, f, cases.HighRisk)
		if got := w.standing(t, f)["marac"]; got != pathway.Due {
			t.Errorf("after high risk once more MARAC is %s", got)
		}
		kinds := b.Get(f.Path()).OK(t)
		kinds.Says(t, "Step of a pathway")
	})
}

// The work with somebody who harms follows the pathway for them and that of
// children, and nothing of the other side.
//
// Proves: B6.4
func TestASideFollowsItsOwnPathway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.BeginFor(t, w.Actor(t, casestest.Colleague), people.Details{GivenName: "Ben", FamilyName: "Example"}, cases.Perpetrating)
		w.happens(t, f, cases.Disclosed, cases.HighRisk)
		got := w.standing(t, f)
		if got["offer-programme"] != pathway.Due || got["safety-of-others"] != pathway.Due {
			t.Errorf("it calls for %v", got)
		}
		for _, step := range []string{"marac", "idva", "safety-plan", "offer-support"} {
			if state, there := got[step]; there {
				t.Errorf("%s is %s on the side of somebody who harms", step, state)
			}
		}
	})
}

// What is called for is seen by who may open the case, and what is said of it
// is said by who works with it.
func TestWhoSeesWhatIsCalledFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		w.happens(t, f, cases.Disclosed)
		at := f.Path() + "/pathway"
		other := w.as(t, casestest.TrustManager)
		other.Get(at).NotThere(t)
		other.Get(at + "/experiencing/identify-risk").NotThere(t)
		other.Post(at+"/experiencing/identify-risk", url.Values{"state": {"done"}, "words": {"x"}}).NotThere(t)
		w.as(t, casestest.Commissioner).Get(at).Denied(t)
		before := len(w.Ledger(t))
		w.as(t, casestest.HavenManager).Get(at).OK(t)
		shown := false
		for _, e := range w.Ledger(t)[before:] {
			for _, s := range e.Subjects {
				shown = shown || s == f.Person().Subject()
			}
		}
		if !shown {
			t.Error("the ledger does not name whom the page shows")
		}
	})
}

// A partnership publishes a version: it is checked, it is followed at once, the
// second of two is told, and the earlier ones stay readable.
//
// Proves: B6.6, B6.7
func TestAPartnershipPublishesItsPathway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		w.happens(t, f, cases.HighRisk)
		const at = "/pathways/experiencing"
		b := w.as(t, casestest.Commissioner)
		b.Get("/pathways").OK(t).Says(t, "Somebody who experiences abuse", "As it ships", "People who harm")
		w.as(t, casestest.Colleague).Get(at).OK(t).SaysNot(t, "Publish a new version")
		w.as(t, casestest.Colleague).Get(at + "/publish").Denied(t)

		form := b.Get(at).OK(t).Click(t, "Publish a new version as data (JSON)").OK(t)
		text := form.One(t, "textarea[name=document]").Text()
		wrong := strings.Replace(text, `"children",`, `"adults",`, 1)
		b.Post(at+"/publish", url.Values{"after": {"0"}, "document": {wrong}}).Invalid(t, "document").Says(t, "risk to children (B6.7)")
		b.Post(at+"/publish", url.Values{"after": {"0"}, "document": {strings.Replace(text, `"id": "experiencing"`, `"id": "another"`, 1)}}).Invalid(t, "document")
		own := strings.Replace(text, `"Refer to MARAC"`, `"Refer to our MARAC"`, 1)
		b.Post(at+"/publish", url.Values{"after": {"0"}, "document": {own}}).SeeOther(t, at+"?done=published")
		b.Post(at+"/publish", url.Values{"after": {"0"}, "document": {own}}).Conflict(t)
		b.Get(at).OK(t).Says(t, "Refer to our MARAC", "Version 1", "As it ships", "Followed now")
		b.Get(at+"?version=0").OK(t).Says(t, "Refer to MARAC", "This is an earlier version")
		b.Get(at + "?version=7").NotThere(t)
		w.as(t, casestest.Colleague).Get(f.Path()+"/pathway").OK(t).Says(t, "Refer to our MARAC")

		b.Post(at+"/withdraw", url.Values{"number": {"0"}}).Conflict(t)
		b.Post(at+"/withdraw", url.Values{"number": {"1"}}).SeeOther(t, "/pathways?done=withdrawn")
		b.Get("/pathways").OK(t).SaysNot(t, "Somebody who experiences abuse")
		if got := w.standing(t, f); len(got) != 0 {
			t.Errorf("a pathway that was withdrawn calls for %v", got)
		}
		b.Post(at+"/publish", url.Values{"after": {"1"}, "document": {own}}).SeeOther(t, at+"?done=published")
		if got := w.standing(t, f); got["marac"] != pathway.Due {
			t.Errorf("published again it calls for %v", got)
		}
		acts := []policy.Action{}
		for _, e := range w.Ledger(t) {
			if e.Action == pathway.ActPublish && e.Reason != "" {
				acts = append(acts, e.Action)
			}
		}
		if len(acts) < 3 || slices.Contains(acts, "") {
			t.Errorf("the ledger has %v", acts)
		}
	})
}

// What was said of steps goes with the file, and stands in a copy of it.
func TestWhatWasSaidGoesWithTheFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		w.happens(t, f, cases.HighRisk)
		must(t, w.s.Answer(t.Context(), f, pathway.Reply{Pathway: "experiencing", Step: "marac", State: pathway.Done, Words: "Told the coordinator by telephone"}))
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			pieces, left, err := w.s.Pieces(ctx, tx, f)
			if err != nil || left != 0 || len(pieces) != 1 || !slices.Contains(pieces[0].Lines, "Told the coordinator by telephone") {
				t.Errorf("a copy holds %v, %d left out, %v", pieces, left, err)
			}
			gone, err := w.s.Destroy(ctx, tx, f)
			if gone["pathway_answers"] != 1 {
				t.Errorf("destroyed %v", gone)
			}
			return err
		}))
		if got := w.standing(t, f)["marac"]; got != pathway.Due {
			t.Errorf("MARAC is %s", got)
		}
	})
}
