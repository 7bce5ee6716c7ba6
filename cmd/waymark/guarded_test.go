package main

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/web/webtest"
)

// caseOf is the case of the demo whose person has a family name, as somebody
// who sees it finds it.
func (c *county) caseOf(t *testing.T, username, family string) cases.Row {
	t.Helper()
	rows, err := c.site.waymark.cases.Caseload(t.Context(), c.actor(t, username), cases.All, nil, 500)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Details.FamilyName == family {
			return r
		}
	}
	t.Fatalf("%s has no case of %s", username, family)
	return cases.Row{}
}

// with signs somebody in who has no card on the demo's page.
func (c *county) with(t *testing.T, username string) *webtest.Browser {
	t.Helper()
	return webtest.SignedIn(t, c.frame, c.site.waymark.auth, c.site.waymark.guard.Log, c.actor(t, username).Account)
}

// What the demo shows of who may see what, as the people in it meet it.
func TestTheDemoShowsWhoMaySeeWhat(t *testing.T) {
	c := newCounty(t)

	t.Run("a restricted case says whom to ask, and nothing to others", func(t *testing.T) {
		r := c.caseOf(t, "otto.nurse", "Abbey")
		manager := c.with(t, "nia.manager")
		manager.Get(r.Path()).Is(t, 403).Says(t, "Restricted: ask Otto Reed").SaysNot(t, "Corinne", "Abbey")
		manager.Post(r.Path()+"/lift", url.Values{}).Invalid(t, "why")
		manager.Get("/cases?show=all").Says(t, "restricted, ask Otto Reed").SaysNot(t, "Corinne")
		webtest.SameAsAbsent(t, c.with(t, "lena.idva"), r.Path(), "/cases/0190b0b0-0000-7000-8000-000000000000")
		otto := c.with(t, "otto.nurse")
		otto.Get(r.Path()+"/access").Says(t, "restricted to the workers named", "husband's sister")
	})

	t.Run("a conflict of interest shuts a colleague out of every page", func(t *testing.T) {
		r := c.caseOf(t, "amira.nurse", "Tolliver")
		bea := c.with(t, "bea.midwife")
		absent := "0190b0b0-0000-7000-8000-000000000000"
		for _, route := range c.frame.Routes() {
			if route.Method != "GET" || !strings.Contains(route.Pattern, "{case}") {
				continue
			}
			at := func(id string) string {
				path := strings.ReplaceAll(route.Pattern, "{case}", id)
				for strings.Contains(path, "{") {
					a, b := strings.Index(path, "{"), strings.Index(path, "}")
					path = path[:a] + absent + path[b+1:]
				}
				return path
			}
			webtest.SameAsAbsent(t, bea, at(string(r.ID)), at(absent))
		}
		for _, page := range []string{"/cases?show=all", "/inbox", "/home"} {
			bea.Get(page).OK(t).SaysNot(t, "Tolliver", "Case "+strconv.FormatInt(r.Number, 10), "case "+strconv.FormatInt(r.Number, 10))
		}
		amira := c.with(t, "amira.nurse")
		amira.Get(r.Path()).OK(t).Says(t, "Why can I see this?", "on which they are involved", "You hold it")
		amira.Get(r.Path()+"/requests").Says(t, "A man's voice in the room", "Not verified: do not act on it")
	})

	t.Run("emergency access is asked for, shown and reviewed", func(t *testing.T) {
		r := c.caseOf(t, "fay.clinic", "Marsden")
		joan := c.with(t, "amira.nurse")
		joan.Get(r.Path()).NotThere(t)
		joan.Get("/emergency").OK(t).Says(t, "told at once")
		joan.Post("/emergency/take", url.Values{"number": {"999999"}, "reason": {"danger_now"}, "words": {"x"}}).Invalid(t, "number")
		joan.Post("/emergency/take", url.Values{"number": {strconv.FormatInt(r.Number, 10)}}).Invalid(t, "reason", "words")
		joan.Post("/emergency/take", url.Values{"number": {strconv.FormatInt(r.Number, 10)}, "reason": {"danger_now"}, "words": {"Shouting in the corridor"}}).
			SeeOther(t, r.Path()+"?done=emergency-taken")
		joan.Get(r.Path()).OK(t).Says(t, "You have emergency access")
		joan.Get(r.Path() + "/hand-over").OK(t)

		greta := c.with(t, "greta.contact")
		greta.Get(r.Path()).Denied(t)
		list := greta.Get("/access/reviews").OK(t)
		list.Says(t, "Emergency access to review", "Conflict of interest").SaysNot(t, "Marsden", "Tolliver")
		var path string
		for _, l := range list.Links() {
			if strings.HasPrefix(l.Href, "/access/reviews/") && strings.Contains(l.Text, "Emergency") {
				path = l.Href
			}
		}
		greta.Get(path).OK(t).SaysNot(t, "Marsden")
		greta.Post(path, url.Values{}).Invalid(t, "verdict", "words")
		greta.Post(path, url.Values{"verdict": {"not_justified"}, "words": {"Nothing was urgent"}}).SeeOther(t, "/access/reviews?done=reviewed")
		joan.Get(r.Path()).NotThere(t)
		c.with(t, "fay.clinic").Get(r.Path()+"/access").Says(t, "Not justified", "Nothing was urgent", "Shouting in the corridor")
	})

	t.Run("a compartment is absent for who may not read it", func(t *testing.T) {
		r := c.caseOf(t, "amira.nurse", "Tolliver")
		amira, manager := c.with(t, "amira.nurse"), c.with(t, "nia.manager")
		amira.Post(r.Path()+"/kept/whereabouts", url.Values{"text": {"Stays at the seaside"}}).SeeOther(t, r.Path()+"?done=note-kept")
		amira.Get(r.Path()+"/kept/whereabouts").Says(t, "Stays at the seaside")
		a := manager.Get(r.Path()+"/kept/whereabouts").OK(t).Says(t, "permission of its own")
		if strings.Contains(string(a.Body), "seaside") {
			t.Error("it stands in the page of a manager")
		}
		manager.Get(r.Path()+"/people/"+string(r.Person)+"/home").Says(t, "You do not see what is recorded")
		manager.Post(r.Path()+"/grants", url.Values{"compartment": {"whereabouts"}, "account": {c.actor(t, "nia.manager").Account}, "do": {"open"}}).Invalid(t, "account")
		amira.Post(r.Path()+"/grants", url.Values{"compartment": {"whereabouts"}, "account": {c.actor(t, "nia.manager").Account}, "do": {"open"}}).
			SeeOther(t, r.Path()+"/access?done=access-changed")
		manager.Get(r.Path()+"/kept/whereabouts").Says(t, "Stays at the seaside")
	})

	t.Run("support for a worker is for them and whom they chose", func(t *testing.T) {
		c.with(t, "fay.clinic").Get("/support").Says(t, "May I talk to you", "You and Amira Fern")
		c.with(t, "amira.nurse").Get("/support").Says(t, "May I talk to you", "A colleague chose you")
		for _, who := range []string{"nia.manager", "greta.contact", "tom.admin", "bea.midwife"} {
			c.with(t, who).Get("/support").OK(t).SaysNot(t, "May I talk to you")
		}
	})
}
