package faults

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/enquiry/enquiryweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

// world is the pages of casework in this process, where the clock and the size
// of the database can be set.
type world struct {
	*casestest.World
	*webtest.Site
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) world {
	t.Helper()
	w := casestest.New(t, db, clock, enquiry.Rules())
	desk := casesweb.New(w.Cases, w.Directory, clock.Now)
	pages := enquiryweb.New(enquiry.New(w.Cases, w.Guard, w.Registry, enquiry.Config{}), w.Cases, desk.Bar)
	desk.Add(pages.Panel)
	return world{w, webtest.New(t, webtest.Options{
		DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()},
	})}
}

func (w world) nurse(t *testing.T) *webtest.Browser {
	t.Helper()
	return w.SignedIn(t, w.Actor(t, casestest.Nurse).Account)
}

// begin begins a case through its page, and returns the address.
func (w world) begin(t *testing.T, b *webtest.Browser) string {
	t.Helper()
	to := b.Post("/cases/new", url.Values{"given_name": {"Robin"}, "family_name": {"Example"}}).SeeOther(t, "").Header.Get("Location")
	path, _, _ := strings.Cut(to, "?")
	return path
}

// whole verifies the ledger and returns its size.
func (w world) whole(t *testing.T) int64 {
	t.Helper()
	report, err := w.World.Guard.Verify(t.Context())
	if err != nil || len(report.Faults) > 0 {
		t.Fatalf("the ledger is not whole: %v %v", report.Faults, err)
	}
	return report.Head.Size
}
