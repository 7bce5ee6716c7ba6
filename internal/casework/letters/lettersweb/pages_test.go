package lettersweb_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/letters/lettersweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// A letter is chosen, written, seen as the person gets it, kept, shown for
// printing on a page by itself, and settled; what is wrong is said and nothing
// that was typed is lost. S13.
func TestALetterFromThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, letters.Rules())
		safe := true // what the gate says
		service, err := letters.New(w.Cases, w.Guard, func(context.Context, *store.Tx, *cases.File, people.Channel, bool) (letters.Verdict, error) {
			return letters.Verdict{OK: safe, Why: "Nobody has recorded that this way is safe", Next: "Ask again safely."}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := lettersweb.New(service, w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()}})
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		b := site.SignedIn(t, w.Actor(t, casestest.Colleague).Account)
		all := f.Path() + "/letters"

		b.Get(f.Path()).Says(t, "Letters and messages", "None yet.")
		if a := b.Get(all + "/new?way=text&template=meeting"); a.Status != http.StatusNotFound {
			t.Errorf("a text that is not for the way: %d", a.Status)
		}
		b.Get(all+"/new?way=email&template=meeting").OK(t).Says(t, "Dear Maya", "[day]")

		form := url.Values{"template": {"meeting"}, "way": {"email"}, "subject": {"Your safety plan"}, "body": {"Dear Maya,\r\n\r\nMonday at ten."}, "do": {"preview"}}
		a := b.Post(all+"/new", form)
		if a.Status != http.StatusUnprocessableEntity {
			t.Errorf("a subject that tells: %d", a.Status)
		}
		a.Says(t, "others can read the subject", "Monday at ten.")
		form.Set("subject", "Your time")
		b.Post(all+"/new", form).OK(t).Says(t, "This is what they get")
		safe = false
		b.Post(all+"/new", form).Says(t, "Not this way: Nobody has recorded that this way is safe", "Ask again safely.", "Monday at ten.")
		safe = true
		form.Set("do", "make")
		to, _, _ := strings.Cut(b.Post(all+"/new", form).Header.Get("Location"), "?")
		b.Get(to).OK(t).Says(t, "Not sent yet", "Monday at ten.")
		sheet := b.Post(to+"/print", url.Values{}).OK(t)
		sheet.Says(t, "Your time", "Monday at ten.").SaysNot(t, "Waymark", "Haven")
		safe = false
		b.Post(to+"/print", url.Values{}).Says(t, "It may not leave")
		b.Post(to, url.Values{"state": {"not_sent"}}).Says(t, "Write why it was not sent")
		b.Post(to, url.Values{"state": {"not_sent"}, "why": {"She came by."}})
		b.Get(to).OK(t).Says(t, "Not sent", "She came by.")
		b.Get(all).OK(t).Says(t, "As an email", "Not sent")
	})
}

// A letter is taken away as a document, which tells nothing in its name or
// title; where none can be made, the page to print says so; and what is no paper,
// or of another agency, is not taken away.
func TestALetterIsTakenAwayAsADocument(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, letters.Rules())
		service, err := letters.New(w.Cases, w.Guard, func(context.Context, *store.Tx, *cases.File, people.Channel, bool) (letters.Verdict, error) {
			return letters.Verdict{OK: true}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := lettersweb.New(service, w.Cases, w.Directory, desk.Bar)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()}})
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		b := site.SignedIn(t, w.Actor(t, casestest.Colleague).Account)
		form := url.Values{"template": {"own"}, "way": {"hand"}, "subject": {"Your time"}, "body": {"Monday at ten."}, "holding": {"yes"}, "do": {"make"}}
		to, _, _ := strings.Cut(b.Post(f.Path()+"/letters/new", form).Header.Get("Location"), "?")
		b.Get(to).OK(t).SaysNot(t, "Take it as a document")
		b.Post(to+"/print", url.Values{"do": {"document"}}).OK(t).Says(t, "The document could not be made", "Monday at ten.")

		given := ""
		pages.PDF = func(_ context.Context, page []byte) ([]byte, error) {
			given = string(page)
			return []byte("%PDF-1.7 made"), nil
		}
		b.Get(to).OK(t).Says(t, "Take it as a document (PDF)")
		a := b.Post(to+"/print", url.Values{"do": {"document"}}).OK(t)
		if a.Header.Get("Content-Type") != "application/pdf" || a.Header.Get("Content-Disposition") != `attachment; filename="letter.pdf"` || a.Body != "%PDF-1.7 made" {
			t.Errorf("the document: %v %q", a.Header, a.Body)
		}
		for _, want := range []string{"<title>Letter</title>", `lang="en-GB"`, "<h1>Your time</h1>", "Monday at ten."} {
			if !strings.Contains(given, want) {
				t.Errorf("the page of the document has no %s", want)
			}
		}
		if strings.Contains(given, "href") || strings.Contains(given, "Waymark") || strings.Contains(given, "Haven") {
			t.Error("the page of the document leads, or tells, somewhere")
		}
		pages.PDF = func(context.Context, []byte) ([]byte, error) { return nil, errors.New("no browser") }
		b.Post(to+"/print", url.Values{"do": {"document"}}).OK(t).Says(t, "The document could not be made", "Monday at ten.")

		form.Set("way", "email")
		mail, _, _ := strings.Cut(b.Post(f.Path()+"/letters/new", form).Header.Get("Location"), "?")
		b.Post(mail+"/print", url.Values{"do": {"document"}}).NotThere(t)
		site.SignedIn(t, w.Actor(t, casestest.Nurse).Account).Post(to+"/print", url.Values{"do": {"document"}}).NotThere(t)
	})
}

// An agency words a text, a manager approves it, and a worker begins with it.
func TestATextOfTheAgencyFromThePage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, letters.Rules())
		service, err := letters.New(w.Cases, w.Guard, func(context.Context, *store.Tx, *cases.File, people.Channel, bool) (letters.Verdict, error) {
			return letters.Verdict{OK: true}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := lettersweb.New(service, w.Cases, w.Directory, desk.Bar)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()}})
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		b, boss := site.SignedIn(t, w.Actor(t, casestest.Colleague).Account), site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account)
		b.Get(f.Path()+"/letters").OK(t).Click(t, "Texts of your agency").OK(t).Says(t, "There is none yet.")
		b.Get("/letters/texts/new").OK(t)
		b.Post("/letters/texts/new", url.Values{"subject": {"Your safety plan"}, "body": {"Ring me."}}).Invalid(t, "title", "ways", "subject").Says(t, "Ring me.")
		form := url.Values{"title": {"A walk"}, "ways": {"hand", "email"}, "subject": {"Your walk"}, "body": {"Dear {name}, we walk on [day]."}}
		b.Post("/letters/texts/new", form).SeeOther(t, "/letters/texts?done=proposed").Follow(t).Says(t, "Waits for a manager")
		b.Get(f.Path()+"/letters").OK(t).SaysNot(t, "A walk")
		page := boss.Get("/letters/texts").OK(t).Click(t, "A walk, version 1").OK(t)
		to := page.One(t, "main form").Attr("action")
		b.Get(to).OK(t).SaysNot(t, "Decide")
		b.Post(to, url.Values{"state": {"approved"}}).Denied(t)
		boss.Post(to, url.Values{"state": {"refused"}}).Invalid(t, "why")
		boss.Post(to, url.Values{"state": {"approved"}}).SeeOther(t, "/letters/texts?done=decided")
		b.Get(f.Path()+"/letters").OK(t).Click(t, "A walk, By hand, when they come").OK(t).Says(t, "Dear Maya, we walk on [day].")
		b.Get("/letters/texts/new?from="+strings.TrimPrefix(to, "/letters/texts/")).OK(t).Says(t, "Dear {name}, we walk on [day].")
		site.SignedIn(t, w.Actor(t, casestest.Nurse).Account).Get(to).NotThere(t)
	})
}
