package provisionweb_test

import (
	"net/url"
	"slices"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/provision"
	"waymark/internal/registers/provision/provisionweb"
)

type world struct {
	*casestest.World
	*webtest.Site
	register *provision.Register
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, provision.Rules())
		register := provision.New(db, w.Guard)
		pages := provisionweb.New(register)
		fn(t, world{w, webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{pages.Routes()}}), register})
	})
}

func (w world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.SignedIn(t, w.Actor(t, who).Account)
}

// A manager puts a service on the list, everybody at work reads it, and only the
// agency that keeps the line changes it; the second of two is told, and one that
// has ended takes nobody.
//
// Proves: B2.12, B2.14, B8.11
func TestTheListOfServices(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		m := w.as(t, casestest.HavenManager)
		m.Post("/services/new", url.Values{"name": {""}}).Invalid(t, "name", "kind", "side", "place")
		said := url.Values{"name": {"Harbour refuge (fictional)"}, "how": {"Through the advocates"}, "kind": {"refuge"}, "side": {"experiencing"}, "place": {"area", "across"}, "not": {"men"}, "made": {"deaf"}}
		both := url.Values{}
		for name, value := range said {
			both[name] = value
		}
		both["made"] = []string{"deaf", "men"}
		m.Post("/services/new", both).Says(t, "It cannot be made for those whom it does not take: Men")
		m.Post("/services/new", said).SeeOther(t, "/services?done=kept")

		list := w.as(t, casestest.Nurse).Get("/services").OK(t)
		list.Says(t, "Harbour refuge (fictional)", "People who live across the boundary of the area", "Cannot take", "Men", "Deaf people", "Through the advocates").SaysNot(t, "Change Harbour", "Add a service")
		w.as(t, casestest.Nurse).Get("/services?kind=alcohol").OK(t).SaysNot(t, "Harbour refuge")
		w.as(t, casestest.Nurse).Get("/services/new").Denied(t)

		all, err := w.register.List(t.Context(), w.Actor(t, casestest.HavenManager))
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		s := all[0]
		if got := provision.Of(all, provision.Experiencing, provision.Refuge); len(got) != 1 || !got[0].Takes(provision.Across, []provision.Trait{provision.Deaf}) ||
			got[0].Takes(provision.InPrison, nil) || got[0].Takes(provision.Here, []provision.Trait{provision.Older, provision.Men}) {
			t.Errorf("it is %+v", got)
		}
		at := "/services/" + s.ID
		w.as(t, casestest.TrustManager).Get(at).NotThere(t)
		w.as(t, casestest.TrustManager).Post(at, said).NotThere(t)
		form := m.Get(at).OK(t)
		version := form.One(t, "input[name=version]").Attr("value")
		if !slices.Contains([]string{"1"}, version) {
			t.Errorf("version %q", version)
		}
		said.Set("version", version)
		said.Set("ended", "yes")
		m.Post(at, said).SeeOther(t, "/services?done=kept")
		m.Post(at, said).Conflict(t)
		m.Get("/services").OK(t).Says(t, "Ended")
		all, err = w.register.List(t.Context(), w.Actor(t, casestest.HavenManager))
		if err != nil || len(provision.Of(all, provision.Experiencing, provision.Refuge)) != 0 {
			t.Errorf("it still takes people: %+v, %v", all, err)
		}
	})
}
