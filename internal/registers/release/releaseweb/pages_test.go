package releaseweb_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/release"
	"waymark/internal/registers/release/releaseweb"
)

type world struct {
	*casestest.World
	r    *release.Register
	site *webtest.Site
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, release.Rules())}
		w.r = release.New(db, w.Guard, w.Counter, w.Registry.Zone())
		w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{releaseweb.New(w.r, w.Directory).Routes()}})
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// told records that so many people were asked in a setting; those in housing told
// of abuse.
func (w *world) told(t *testing.T, agency, setting string, people int) {
	t.Helper()
	must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for n := range people {
			person := fmt.Sprintf("%s-%d", setting, n)
			for _, f := range []measures.Fact{
				{Kind: "enquiry.seen", Dimensions: measures.Dimensions{"setting": setting, "indicators": true, "routine": false}},
				{Kind: "enquiry.asked", Dimensions: measures.Dimensions{"setting": setting, "indicators": true, "routine": false, "private": true, "counts": true, "level": 2}},
				{Kind: "disclosure.experiencing", Dimensions: measures.Dimensions{"setting": setting}},
			} {
				if f.Kind == "disclosure.experiencing" && setting != "housing" {
					continue // few told
				}
				f.Agency, f.Person, f.At, f.Source = agency, person, tx.Now(), measures.Source{Kind: "test", ID: person}
				if err := w.Registry.Emit(ctx, tx, f); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

var agreed = url.Values{
	"purposes": {"To plan services"}, "whom": {"The council"}, "keeping": {"For two years; nobody tries to find out who is in them"},
	"review-day": {"1"}, "review-month": {"2"}, "review-year": {"2027"},
}

// What is about nobody leaves apart from what is about somebody: under a protocol
// that holds, of a period that is over, with no small number in it, kept exactly as
// it left.
//
// Proves: B6.23
func TestFiguresThatNameNobodyLeaveUnderAProtocol(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.told(t, string(w.Trust.ID), "antenatal", 23)
		w.told(t, string(w.Trust.ID), "housing", 3)
		w.Clock.Advance(120 * 24 * time.Hour)
		manager, contact := w.site.SignedIn(t, w.Actor(t, casestest.TrustManager).Account), w.site.SignedIn(t, w.Actor(t, casestest.KeyContact).Account)
		asked := url.Values{"period": {"2026-Q1"}, "whom": {"The council"}, "why": {"Its needs assessment"}, "unknown": {"yes"}}

		manager.Get(releaseweb.Path).OK(t).Says(t, "Nothing is agreed yet, so nothing leaves").SaysNot(t, "Make figures")
		manager.Post(releaseweb.Path+"/new", asked).Invalid(t, "period").Says(t, "No protocol holds")
		manager.Get(releaseweb.Path + "/protocol").Denied(t)
		contact.Get(releaseweb.Path+"/protocol").OK(t).FillAndSubmit(t, map[string]string{"purposes": "", "review-year": "2020"}).Says(t, "Error: Enter what figures may be shared for", "Error: Enter with whom", "Error: Enter a day within the next two years")
		contact.Post(releaseweb.Path+"/protocol", agreed).SeeOther(t, releaseweb.Path+"?done=agreed").Follow(t).OK(t).Says(t, "To plan services", "1 February 2027").SaysNot(t, "Make figures")
		contact.Get(releaseweb.Path + "/new").Denied(t)

		form := manager.Get(releaseweb.Path).OK(t).Click(t, "Make figures").OK(t)
		form.FillAndSubmit(t, map[string]string{"why": strings.Repeat("x", 201)}).Invalid(t, "period", "whom", "why", "unknown")
		manager.Post(releaseweb.Path+"/new", url.Values{"period": {"2026-Q4"}, "whom": {"x"}, "why": {"x"}, "unknown": {"yes"}}).Invalid(t, "period")
		page := manager.Post(releaseweb.Path+"/new", asked).Follow(t).OK(t).Says(t, "Its needs assessment", "Our agency", "Fictional trustmanager")
		file := page.Click(t, "Download the file (CSV)")
		digest := sha256.Sum256([]byte(file.Body))
		page.Says(t, hex.EncodeToString(digest[:]))

		list, err := w.r.Releases(t.Context(), w.Actor(t, casestest.TrustManager), "", 10)
		must(t, err)
		one, err := w.r.Release(t.Context(), w.Actor(t, casestest.TrustManager), list[0].ID)
		must(t, err)
		if string(one.File) != file.Body {
			t.Error("what is downloaded is not what is kept")
		}
		w.noneIsSmall(t, one)

		// It stays as it was, whatever is recorded or agreed later, and it is the agency's own.
		w.told(t, string(w.Trust.ID), "antenatal", 40)
		contact.Post(releaseweb.Path+"/protocol", agreed)
		again, err := w.r.Release(t.Context(), w.Actor(t, casestest.TrustManager), one.ID)
		must(t, err)
		if !bytes.Equal(again.File, one.File) || again.Protocol != one.Protocol {
			t.Error("what left has changed")
		}
		w.site.SignedIn(t, w.Actor(t, casestest.HavenManager).Account).Get(releaseweb.Path + "/" + one.ID).NotThere(t)
		w.site.SignedIn(t, w.Actor(t, casestest.Nurse).Account).Get(releaseweb.Path).Denied(t)
		manager.Get(releaseweb.Path + "/nothing").NotThere(t)

		w.Clock.Advance(400 * 24 * time.Hour)
		manager = w.site.SignedIn(t, w.Actor(t, casestest.TrustManager).Account)
		manager.Get(releaseweb.Path).OK(t).Says(t, "Nothing leaves until a key contact agrees it anew").SaysNot(t, "Make figures")
		manager.Post(releaseweb.Path+"/new", asked).Invalid(t, "period")
	})
}

// noneIsSmall looks at every count of a file: none is one that could be somebody,
// and none is exact.
func (w *world) noneIsSmall(t *testing.T, one release.Release) {
	t.Helper()
	rows, err := one.Rows()
	must(t, err)
	counted := 0
	for _, row := range rows[1:] {
		for n := 8; n <= 11; n++ {
			count, err := strconv.Atoi(row[n])
			if err != nil {
				continue // the mark
			}
			if counted += count; count > 0 && (count <= measures.SmallDefault || count%5 != 0) {
				t.Errorf("%q of %q stands in it", row[n], row[1])
			}
		}
	}
	if counted == 0 {
		t.Error("nothing was counted, so nothing is proved")
	}
	if !strings.Contains(string(one.File), measures.Mark) {
		t.Error("no small number was left out, so nothing is proved")
	}
}

// Commissioners release what is of all agencies together, and managers never do.
func TestWhoseFiguresLeave(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.Clock.Advance(120 * 24 * time.Hour)
		must(t, w.r.Agree(t.Context(), w.Actor(t, casestest.KeyContact), release.Protocol{Purposes: "x", Whom: "x", Keeping: "x", ReviewOn: "2027-01-01"}))
		n := release.NewRelease{Period: "2026-Q1", Whom: "The board", Why: "x", Unknown: true}
		if _, err := w.r.Make(t.Context(), w.Actor(t, casestest.Commissioner), n); err == nil {
			t.Error("a commissioner released the figures of one agency")
		}
		n.All = true
		if _, err := w.r.Make(t.Context(), w.Actor(t, casestest.TrustManager), n); err == nil {
			t.Error("a manager released the figures of all agencies")
		}
		b := w.site.SignedIn(t, w.Actor(t, casestest.Commissioner).Account)
		b.Get(releaseweb.Path+"/new").OK(t).FillAndSubmit(t, map[string]string{"period": "2026-Q1", "whom": "The board", "why": "x", "unknown": "yes"}).Follow(t).OK(t).Says(t, "All agencies together")
	})
}
