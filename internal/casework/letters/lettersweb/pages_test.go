package lettersweb_test

import (
	"context"
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
