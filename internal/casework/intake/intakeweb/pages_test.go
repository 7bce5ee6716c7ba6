package intakeweb_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/intake/intakeweb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

type world struct {
	*casestest.World
	Intake *intake.Service
	Site   *webtest.Site
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, intake.Rules())}
		w.Intake = intake.New(w.Cases, w.Guard, w.Registry)
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := intakeweb.New(w.Intake, w.Directory, clock.Now)
		home.Add(pages.Panel)
		home.AddWaiting(pages.Tiles)
		home.AddPressing(pages.Home)
		w.Site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{home.Routes(), pages.Routes()}})
		fn(t, w)
	})
}

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.Site.SignedIn(t, w.Actor(t, who).Account)
}

func (w *world) anyone(t *testing.T) *webtest.Browser { return webtest.NewBrowser(t, w.Site.Frame) }

// open lets the advocates take what is asked, in the browser.
func (w *world) open(t *testing.T) {
	t.Helper()
	path := intakeweb.Doors + "/" + string(w.Advocates.ID)
	w.as(t, casestest.HavenManager).Get(intakeweb.Doors).OK(t).Says(t, "Advocates", "Not named on the public pages")
	form := w.as(t, casestest.HavenManager).Get(path).OK(t)
	form.FillAndSubmit(t, map[string]string{"name": ""}).Invalid(t, "name", "what", "phone")
	form.FillAndSubmit(t, map[string]string{"name": "Fictional advocates", "what": "For anybody who is afraid at home", "phone": "0808 157 0999"}).SeeOther(t, intakeweb.Doors+"?done=door")
	form.FillAndSubmit(t, map[string]string{"name": "Again", "what": "x", "phone": "1"}).Conflict(t)
	again := w.as(t, casestest.HavenManager).Get(path).OK(t)
	values := again.FormValues(t, "main form[novalidate]")
	values["takes"] = []string{"self", "known", "work"}
	w.as(t, casestest.HavenManager).Post(path, values).SeeOther(t, intakeweb.Doors+"?done=door").Follow(t).OK(t).Says(t, "Takes what is asked by people themselves")
}

// steps sends the pages of the form one after the other, as a browser without
// scripts does.
func steps(t *testing.T, b *webtest.Browser, pages ...map[string]string) *webtest.Answer {
	t.Helper()
	a := b.Get("/ask/form").OK(t)
	for _, typed := range pages {
		values := a.FormValues(t, `main form[novalidate]`)
		for k, v := range typed {
			values.Set(k, v)
		}
		a = b.Post("/ask/form", values)
	}
	return a
}

var (
	safe    = map[string]string{"device": "yes", "who": "self"}
	contact = map[string]string{"reply": "reach", "means": "call", "when": "Mondays", "say_who": "no", "voice": "no", "never": "Never come to the house"}
	about   = map[string]string{"name": "Maya Example", "number": "07700 900123", "danger": "no", "feared": "Rob", "text": "He reads all my messages"}
)

// Proves: B6.2, B9.2
func TestAskingAndAnsweringInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		me := w.anyone(t)
		start := me.Get(intakeweb.Start).OK(t)
		start.Says(t, "call 999", "Fictional advocates", "0808 157 0999")
		start.Click(t, "Begin").OK(t).Says(t, "Shift key three times", "not sent is lost").Click(t, "Go on to the first question").OK(t)
		check := steps(t, me, safe, contact, about).OK(t)
		check.Says(t, "Fictional advocates", "and to nobody else", "He reads all my messages", "Never come to the house")
		if list, err := w.Intake.List(t.Context(), w.Actor(t, casestest.IDVA), intake.WaitingBox, "", 10); err != nil || len(list) != 0 {
			t.Fatalf("%d are there before it was sent, %v", len(list), err)
		}
		send := check.FormValues(t, `main form[novalidate]`)
		send.Set("step", "send")
		sent := me.Post("/ask/form", send).OK(t)
		sent.Says(t, "Your reference", "by the next working day")
		sent.SaysNot(t, "Maya", "He reads", "abuse", "violence")
		if len(me.Cookies()) != 0 {
			t.Error("a cookie was set")
		}
		me.Post("/ask/form", send).OK(t) // pressed twice

		idva := w.as(t, casestest.IDVA)
		idva.Get("/home").OK(t).Says(t, "Asked for help")
		list := idva.Get(intakeweb.Inbox).OK(t)
		list.SaysNot(t, "Maya", "He reads")
		rows := list.Select("main table tbody a").Attrs("href")
		if len(rows) != 1 {
			t.Fatalf("%d arrived", len(rows))
		}
		page := idva.Get(rows[0]).OK(t)
		page.Says(t, "Maya Example", "He reads all my messages", "treat every way as unsafe", "Why can I see this?")
		page.SaysNot(t, "Accept")
		other := w.as(t, casestest.Colleague).Get(rows[0]).OK(t)
		page = page.Form(t, "main form").Press("I have this and see to it").SeeOther(t, "").Follow(t).OK(t)
		other.Form(t, "main form").Press("I have this and see to it").OK(t).Says(t, "taken already, by Fictional idva")
		form := page.Click(t, "Accept").OK(t)
		own := form.Form(t, "main form").Press("Accept and open the case").SeeOther(t, "").Follow(t).OK(t)
		own.Says(t, "Maya", "What was asked on the public pages", "Never come to the house", "treat every way as unsafe")
		idva.Get(rows[0]).OK(t).Says(t, "The case it went into")
		form.Form(t, "main form").Press("Accept and open the case").Conflict(t)
	})
}

// Who asks for somebody else is told before they send it that they will hear
// nothing.
func TestAskingForSomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		for who, role := range map[string]string{"known": "How do you know them?", "work": "Where do you work"} {
			b := w.anyone(t)
			first := maps.Clone(safe)
			first["who"] = who
			steps(t, b, first).OK(t).Says(t, "You will not be told what becomes of this, unless the person agrees", "Do they know that you ask?")
			last := steps(t, b, first, map[string]string{"agreed": "unknown", "reply": "wait"})
			last.OK(t).Says(t, role)
			about := map[string]string{"name": "Maya", "danger": "no", "asker": "Sam Example", "role": "Teacher", "back": "07700 900456", "text": "I heard shouting"}
			check := steps(t, b, first, map[string]string{"agreed": "unknown", "reply": "wait"}, about).OK(t)
			check.Says(t, "You will not be told what becomes of it, unless the person agrees", "Sam Example")
		}
	})
}

// What is missing comes back beside its field, and nothing that was typed is
// lost. Safe contact is asked before any name.
func TestTheQuestionsComeInTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		b := w.anyone(t)
		steps(t, b, map[string]string{"who": "self"}).Invalid(t, "device")
		page := steps(t, b, safe)
		for _, name := range []string{"name", "number", "address", "text"} {
			if len(page.Select(fmt.Sprintf(`main [name=%q]`, name))) != 0 {
				t.Errorf("%s is asked with safe contact", name)
			}
		}
		steps(t, b, safe, map[string]string{"reply": "reach"}).Invalid(t, "means", "when", "say_who")
		missing := steps(t, b, safe, contact, map[string]string{"text": "He reads all my messages"})
		missing.Invalid(t, "name", "number", "danger")
		if missing.FormValues(t, `main form[novalidate]`).Get("text") != "He reads all my messages" {
			t.Error("what was typed is lost")
		}
		unsafe := maps.Clone(safe)
		unsafe["device"] = "no"
		steps(t, b, unsafe).OK(t).Says(t, "may not be safe", "nothing is kept")
	})
}

// With no team that takes it, the page says where else to turn.
func TestNoTeamTakesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		page := w.anyone(t).Get(intakeweb.Start).OK(t)
		page.Says(t, "call 999", "A doctor, midwife")
		page.SaysNot(t, "Begin")
		steps(t, w.anyone(t), safe).OK(t).Says(t, "No service here takes this in writing")
	})
}

func TestTooMuchIsNotTaken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		b := w.anyone(t)
		for i := range 8 {
			values := steps(t, b, safe, contact, about).FormValues(t, `main form[novalidate]`)
			values.Set("step", "send")
			answer := b.Post("/ask/form", values).OK(t)
			if busy := strings.Contains(answer.Text(), "It was not sent"); busy != (i >= 6) {
				t.Errorf("the %dth: refused %t", i+1, busy)
			}
		}
	})
}

// The form about oneself has the tokens by which browsers help to fill it in;
// what is asked of others has none.
func TestTheFormDeclaresAutocomplete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		page := steps(t, w.anyone(t), safe, contact)
		for name, want := range map[string]string{"name": "name", "number": "tel", "feared": "off", "text": "off"} {
			if got := page.One(t, fmt.Sprintf(`main [name=%q]`, name)).Attr("autocomplete"); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}

// Everybody else gets the answer of what never was.
func TestWhatWasAskedLooksLikeNothingToOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		values := steps(t, w.anyone(t), safe, contact, about).FormValues(t, `main form[novalidate]`)
		values.Set("step", "send")
		w.anyone(t).Post("/ask/form", values).OK(t)
		list, err := w.Intake.List(t.Context(), w.Actor(t, casestest.IDVA), intake.WaitingBox, "", 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d, %v", len(list), err)
		}
		absent := "/asks/0190b0b0-0000-7000-8000-000000000000"
		for _, who := range []string{casestest.Nurse, casestest.TrustManager} {
			webtest.SameAsAbsent(t, w.as(t, who), list[0].Path(), absent)
		}
		for _, who := range []string{casestest.TrustAdmin, casestest.Commissioner} {
			w.as(t, who).Get(list[0].Path()).Denied(t)
		}
		entries := w.Site.Ledger(t, func() { w.as(t, casestest.IDVA).Get(list[0].Path()).OK(t) })
		if !slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Action == intake.ActRead }) {
			t.Errorf("%+v", entries)
		}
	})
}

func TestDecliningNeedsAReason(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		values := steps(t, w.anyone(t), safe, contact, about).FormValues(t, `main form[novalidate]`)
		values.Set("step", "send")
		w.anyone(t).Post("/ask/form", values).OK(t)
		idva := w.as(t, casestest.IDVA)
		path := idva.Get(intakeweb.Inbox).OK(t).Select("main table tbody a").Attrs("href")[0]
		idva.Get(path + "/decline").Conflict(t)
		idva.Post(path+"/take", nil).SeeOther(t, path+"?done=taken")
		form := idva.Get(path + "/decline").OK(t)
		form.FillAndSubmit(t, map[string]string{"words": ""}).Invalid(t, "reason", "words")
		form.FillAndSubmit(t, map[string]string{"reason": "not_our_area", "words": "Rang her, she has the number"}).SeeOther(t, path+"?done=declined").Follow(t).OK(t).Says(t, "They are outside our area")
		idva.Get(intakeweb.Inbox+"?box=settled").OK(t).Says(t, "Declined")
	})
}

func TestTheNumberOfStatementsOfTheInboxDoesNotGrow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		ask := func(n int) {
			_, err := w.Intake.Leave(t.Context(), fmt.Sprintf("192.0.2.%d", n), intake.NewAsk{
				Who: intake.Self, To: intake.Place{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Once: fmt.Sprintf("a-page-that-was-sent-%d", n),
				Words: intake.Words{Device: intake.Yes, Reply: intake.Wait, Name: "Maya", Danger: intake.No},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		ask(1)
		idva := w.as(t, casestest.IDVA)
		one := idva.Get(intakeweb.Inbox).OK(t).Queries
		for n := range 33 {
			ask(n + 2)
		}
		many := idva.Get(intakeweb.Inbox).OK(t)
		if many.Queries != one || one > 30 {
			t.Errorf("%d statements for one, %d for many", one, many.Queries)
		}
		if n := len(many.Click(t, "Next").OK(t).Select("main table tbody tr")); n != 4 {
			t.Errorf("%d on the second page", n)
		}
	})
}
