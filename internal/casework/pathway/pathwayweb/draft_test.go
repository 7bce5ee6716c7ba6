package pathwayweb_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/web/webtest"
)

// press sends the one form of buttons that leads to an address ending so and has
// these values.
func press(t *testing.T, b *webtest.Browser, a *webtest.Answer, to string, with map[string]string) *webtest.Answer {
	t.Helper()
	var found []url.Values
	action := ""
	for _, form := range a.Select("main form") {
		v := url.Values{}
		for _, in := range form.Select("input") {
			v.Set(in.Attr("name"), in.Attr("value"))
		}
		fits := strings.HasSuffix(form.Attr("action"), to)
		for name, value := range with {
			fits = fits && v.Get(name) == value
		}
		if fits {
			found, action = append(found, v), form.Attr("action")
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d forms lead to %s with %v", len(found), to, with)
	}
	return b.Post(action, found[0])
}

// A partnership makes a pathway of its own on pages, without its data being read:
// what is missing is said at the step, and it is followed once it is published.
//
// Proves: B6.1, B6.6, B6.7
func TestAPartnershipMakesAPathwayOnPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.as(t, casestest.Commissioner)
		page := b.Get("/pathways").OK(t).Click(t, "Add a pathway of our own").OK(t)
		page = page.FillAndSubmit(t, map[string]string{"title": "Seen in housing", "boxes": "seventeen", "summary": ""})
		page.Invalid(t, "summary", "for", "boxes")
		if got := page.One(t, "input[name=title]").Attr("value"); got != "Seen in housing" {
			t.Errorf("the title that was typed is %q", got)
		}
		page = page.FillAndSubmit(t, map[string]string{"summary": "What a housing officer does.", "for": "experiencing", "boxes": "6, 8", "settings": "housing"}).SeeOther(t, "/pathways/seen-in-housing/draft").Follow(t).OK(t)
		page.Says(t, "Nobody follows it yet", "It will be a pathway of its own", "Not ready: has no step that assesses the risk to adults (B6.6)", "There is no step yet").SaysNot(t, "Publish this version")

		// The same title again is refused, and one that ships is not begun twice.
		b.Post("/pathways/new", url.Values{"title": {"Seen in housing"}, "summary": {"x"}, "for": {"child"}, "boxes": {"6"}}).Invalid(t, "title")
		b.Post("/pathways/new", url.Values{"title": {"Experiencing"}, "summary": {"x"}, "for": {"child"}, "boxes": {"6"}}).Invalid(t, "title")
		b.Post("/pathways/new", url.Values{"title": {"Coverage"}, "summary": {"x"}, "for": {"child"}, "boxes": {"6"}}).Invalid(t, "title")

		step := page.Click(t, "Add a step").OK(t)
		step.FillAndSubmit(t, map[string]string{"title": " ", "within": "soon", "obligations": "B8.3, X1", "recommendations": "18"}).Invalid(t, "title", "within", "obligations", "recommendations")
		when := step.FillAndSubmit(t, map[string]string{
			"title": "Identify risk", "within": "2", "unit": "days", "obligations": "b6.6", "recommendations": "8, 9", "assesses": "adults", "page": "risk/new", "services": "The duty officer\n\nThe manager",
		}).SeeOther(t, "/pathways/seen-in-housing/draft/steps/identify-risk/when").Follow(t).OK(t)
		when.Says(t, "Nothing is asked of the case yet")
		when.FillAndSubmit(t, map[string]string{"event": ""}).Invalid(t, "event")
		when.FillAndSubmit(t, map[string]string{"event": "disclosure", "party": "child"}).Invalid(t, "event")
		when = when.FillAndSubmit(t, map[string]string{"event": "disclosure"}).Follow(t).OK(t).Says(t, "It is due when this is recorded", "Disclosure")
		which := when.FillAndSubmit(t, map[string]string{"fact": "disclosure.experiencing", "group": "0"}).Follow(t).OK(t)
		which.FillAndSubmit(t, map[string]string{"is.setting": "housing"}).SeeOther(t, "/pathways/seen-in-housing/draft/steps/identify-risk/when")
		when = b.Get("/pathways/seen-in-housing/draft/steps/identify-risk/when").OK(t).Says(t, "Disclosure", "or Told of abuse that they experience (housing)")
		when = when.FillAndSubmit(t, map[string]string{"party": "child", "group": "1", "not": "yes"}).Follow(t).OK(t).Says(t, "and", "not Child in the case")
		when = press(t, b, when, "/remove", map[string]string{"group": "1"}).Follow(t).OK(t).SaysNot(t, "Child in the case Remove")

		draft := when.Click(t, "Back to all steps").OK(t).Says(t, "1. Identify risk", "Disclosure or Told of abuse that they experience (housing)", "The duty officer, The manager", "has no step that assesses the risk to children (B6.7)")
		draft.Click(t, "Add a step").OK(t).FillAndSubmit(t, map[string]string{
			"title": "Identify risk", "within": "4", "unit": "hours", "obligations": "B6.7", "assesses": "children", "urgent": "yes",
		}).SeeOther(t, "/pathways/seen-in-housing/draft/steps/identify-risk-2/when")
		b.Get("/pathways/seen-in-housing/draft").OK(t).Says(t, "2. Identify risk", "Not ready: says nothing of when it is due", "within 4 hours. Urgent")
		b.Get("/pathways/seen-in-housing/draft/steps/identify-risk-2/when").OK(t).FillAndSubmit(t, map[string]string{"event": "disclosure"})
		draft = b.Get("/pathways/seen-in-housing/draft").OK(t).SaysNot(t, "Not ready")
		draft = press(t, b, draft, "/identify-risk-2/move", map[string]string{"way": "up"}).Follow(t).OK(t).Says(t, "The step is moved")
		if got := draft.Select("main ol > li").Attrs("id"); !slices.Equal(got, []string{"step-identify-risk-2", "step-identify-risk"}) {
			t.Errorf("the steps stand in the order %q", got)
		}

		// The second of two who change it is told, and nothing of the first is lost.
		b.Post("/pathways/seen-in-housing/draft/steps/identify-risk/remove", url.Values{"version": {"1"}}).Conflict(t)
		b.Post("/pathways/seen-in-housing/draft/about", url.Values{"version": {"1"}, "title": {"x"}}).Conflict(t)

		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		if got := w.standing(t, f); len(got) != 0 {
			t.Errorf("a draft is followed: %v", got)
		}
		press(t, b, draft, "/draft/publish", nil).SeeOther(t, "/pathways/seen-in-housing?done=published").Follow(t).OK(t).Says(t, "Version 1", "Followed now", "Identify risk")
		b.Get("/pathways/seen-in-housing/draft").NotThere(t)
		b.Get("/pathways").OK(t).Says(t, "Seen in housing").SaysNot(t, "Drafts")
	})
}

// A version that ships is changed step by step; what is not touched stays as it
// was, and a draft that was discarded changes nothing.
func TestAVersionIsChangedInADraft(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.as(t, casestest.Commissioner)
		begin := func() *webtest.Answer {
			t.Helper()
			return press(t, b, b.Get("/pathways/experiencing").OK(t), "/draft/begin", nil).SeeOther(t, "/pathways/experiencing/draft").Follow(t).OK(t)
		}
		begin().Says(t, "It will take the place of the one that ships", "Refer to MARAC").SaysNot(t, "Not ready")
		step := b.Get("/pathways/experiencing/draft/steps/marac").OK(t).Says(t, "Refer to MARAC", "When it is due")
		step.FillAndSubmit(t, map[string]string{"title": "Refer to our MARAC"}).SeeOther(t, "/pathways/experiencing/draft?done=changed")
		press(t, b, b.Get("/pathways/experiencing/draft").OK(t), "/draft/discard", nil).SeeOther(t, "/pathways?done=discarded")
		b.Get("/pathways/experiencing").OK(t).SaysNot(t, "our MARAC")

		before, err := w.s.Versions(t.Context(), w.Actor(t, casestest.Commissioner), "experiencing")
		must(t, err)
		begin()
		b.Get("/pathways/experiencing/draft/steps/marac").OK(t).FillAndSubmit(t, map[string]string{"title": "Refer to our MARAC"})
		draft := b.Get("/pathways/experiencing/draft").OK(t)
		press(t, b, draft, "/draft/publish", nil).SeeOther(t, "/pathways/experiencing?done=published")
		after, err := w.s.Versions(t.Context(), w.Actor(t, casestest.Commissioner), "experiencing")
		must(t, err)
		want, got := before[0].Document, after[0].Document
		at := want.Step("marac")
		if got.Steps[at].Title != "Refer to our MARAC" {
			t.Errorf("the step is %q", got.Steps[at].Title)
		}
		got.Steps[at].Title = want.Steps[at].Title
		if a, b := got.Steps[at].When.Words(), want.Steps[at].When.Words(); a != b || len(got.Steps) != len(want.Steps) {
			t.Errorf("something else was changed: %q, %q", a, b)
		}
	})
}

// A draft is for those who publish.
func TestADraftIsForThoseWhoPublish(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.s.Begin(t.Context(), w.Actor(t, casestest.Commissioner), "experiencing"))
		b := w.as(t, casestest.Colleague)
		for _, path := range []string{"/pathways/new", "/pathways/experiencing/draft", "/pathways/experiencing/draft/steps/marac", "/pathways/experiencing/draft/steps/marac/when"} {
			b.Get(path).Denied(t)
		}
		b.Post("/pathways/experiencing/draft/publish", url.Values{"version": {"1"}, "after": {"0"}}).Denied(t)
		b.Get("/pathways").OK(t).SaysNot(t, "Drafts", "of our own")
		c := w.as(t, casestest.Commissioner)
		c.Get("/pathways/experiencing/draft/steps/nothing").NotThere(t)
		c.Get("/pathways/experiencing/draft/steps/marac/nothing").NotThere(t)
		c.Get("/pathways/experiencing/draft/steps/marac/when/fact?fact=nothing").NotThere(t)
		// A step that is there is not taken out of a draft that is not.
		c.Post("/pathways/children/draft/steps/x/remove", url.Values{"version": {"1"}}).NotThere(t)
		if _, err := w.s.Draft(t.Context(), w.Actor(t, casestest.Commissioner), "children"); err == nil {
			t.Error("a draft was begun by asking for it")
		}
	})
}
