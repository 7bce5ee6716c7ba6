package outageweb_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/outage"
	"waymark/internal/casework/outage/outageweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

var shown = regexp.MustCompile(`<strong>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){4})</strong>`)

// The key is shown before the file is made; what is wrong is said at its field
// and the key that was written down stays; the file is saved under a name that
// says nothing. S13.
func TestAPackIsSaved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, outage.Rules())
		pages := outageweb.New(outage.New(w.Cases, w.Guard, time.UTC, clock.Now))
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes()}})
		b := site.SignedIn(t, w.Actor(t, casestest.IDVA).Account)

		page := b.Get(outageweb.Path)
		m := shown.FindStringSubmatch(page.Body)
		if m == nil {
			t.Fatalf("no key is shown: %s", page.Body)
		}
		if again := shown.FindStringSubmatch(b.Get(outageweb.Path).Body); again[1] == m[1] {
			t.Error("two people are shown the same key")
		}
		answer := b.Post(outageweb.Path, url.Values{"secret_key": {m[1]}, "hold": {"day"}})
		if answer.Status != http.StatusUnprocessableEntity || !strings.Contains(answer.Body, "You hold no open case") {
			t.Errorf("a pack of nothing: %d %s", answer.Status, answer.Body)
		}
		w.Begin(t, w.Actor(t, casestest.IDVA))
		answer = b.Post(outageweb.Path, url.Values{"secret_key": {m[1]}})
		if answer.Status != http.StatusUnprocessableEntity || !strings.Contains(answer.Body, "Select for how long it can be opened") || !strings.Contains(answer.Body, m[1]) {
			t.Errorf("without a length: %d %s", answer.Status, answer.Body)
		}
		answer = b.Post(outageweb.Path, url.Values{"secret_key": {m[1]}, "hold": {"three_days"}})
		saved := answer.Header.Get("Content-Disposition")
		if answer.Status != http.StatusOK || !strings.HasPrefix(saved, `attachment; filename="notes-`) || !strings.Contains(answer.Body, "<title>Notes</title>") {
			t.Errorf("it is not saved: %d %q", answer.Status, saved)
		}
		if strings.Contains(answer.Body, m[1]) || strings.Contains(answer.Body, strings.ReplaceAll(m[1], "-", "")) {
			t.Error("the key stands in the file")
		}
		if answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("it may be kept: %q", answer.Header.Get("Cache-Control"))
		}
	})
}
