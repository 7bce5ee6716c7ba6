package casesweb_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// read is a case with entries, as its nurse's browser finds it.
func read(t *testing.T, entries []cases.Event, fn func(t *testing.T, b *webtest.Browser, path string)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes()}})
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for _, e := range entries {
				if _, err := w.Cases.Record(ctx, tx, f, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, site.SignedIn(t, w.Actor(t, casestest.Nurse).Account), f.Path()+"/chronology")
	})
}

// order are the texts in the order in which a page shows them.
func order(a *webtest.Answer, texts ...string) []string {
	at := func(text string) int { return strings.Index(a.Text(), text) }
	texts = slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return at(text) < 0 })
	slices.SortFunc(texts, func(a, b string) int { return at(a) - at(b) })
	return texts
}

func TestAPartOfTheChronologyIsReadAndPrinted(t *testing.T) {
	entries := []cases.Event{
		{Kind: cases.Note, On: "2026-02-03", Text: "The boiler was mended"},
		{Kind: cases.ImmediateSafety, On: "2025-11", Text: "She stayed at her aunt's"},
		{Kind: cases.Note, Text: "Nobody knows when he moved out"},
		{Kind: cases.Disclosed, On: "2026-01-20", Text: "He took her telephone"},
	}
	read(t, entries, func(t *testing.T, b *webtest.Browser, path string) {
		all := []string{"The boiler was mended", "She stayed at her aunt's", "Nobody knows when he moved out", "He took her telephone"}
		screen := b.Get(path).OK(t)
		if got := order(screen, all...); !slices.Equal(got, []string{all[3], all[2], all[1], all[0]}) {
			t.Errorf("the newest is not first: %q", got)
		}
		some := b.Get(path+"?topic=safety&topic=asked&from-day=&from-month=1&from-year=2026").OK(t).
			Says(t, "He took her telephone", "Only this part is shown", "January 2026").SaysNot(t, "boiler", "aunt", "moved out")
		paper := ""
		for _, l := range some.Links() {
			if strings.Contains(l.Href, "/chronology/print") {
				paper = l.Href
			}
		}
		b.Get(paper).OK(t).Says(t, "He took her telephone", "Safety and risk", "from January 2026", "Printed by").SaysNot(t, "boiler", "aunt")
		if got := order(b.Get(path+"/print").OK(t), all...); !slices.Equal(got, []string{all[1], all[3], all[0], all[2]}) {
			t.Errorf("on paper: %q", got)
		}
		b.Get(path+"?topic=contact").OK(t).Says(t, "Nothing is recorded in this part").SaysNot(t, "boiler")
	})
}

// A wrong day is said next to the field, what was typed stays, and no entry is
// hidden by it.
func TestAWrongDayHidesNothing(t *testing.T) {
	read(t, []cases.Event{{Kind: cases.Note, On: "2026-02-03", Text: "The boiler was mended"}}, func(t *testing.T, b *webtest.Browser, path string) {
		a := b.Get(path+"?from-day=31&from-month=2&from-year=2026").Says(t, "Enter a real day", "The boiler was mended")
		if got := a.Select(`input[name="from-day"]`).Attrs("value"); !slices.Equal(got, []string{"31"}) {
			t.Errorf("what was typed is %q", got)
		}
	})
}

// A long chronology is read page by page to its end, each entry once, on the
// screen and on paper.
func TestALongChronologyIsReadToItsEnd(t *testing.T) {
	var entries []cases.Event
	for i := range 130 {
		entries = append(entries, cases.Event{Kind: cases.Note, On: "2026-02-03", Text: "Entry number " + strings.Repeat("i", i+1) + "."})
	}
	read(t, entries, func(t *testing.T, b *webtest.Browser, path string) {
		seen, pages := 0, 0
		for next := path + "?topic=notes"; next != ""; pages++ {
			a := b.Get(next).OK(t)
			seen += strings.Count(a.Text(), "Entry number")
			next = ""
			for _, l := range a.Links() {
				if strings.Contains(l.Href, "after=") {
					next = l.Href
				}
			}
		}
		if seen != len(entries) || pages != 3 {
			t.Errorf("%d entries on %d pages", seen, pages)
		}
		if n := strings.Count(b.Get(path+"/print").OK(t).Text(), "Entry number"); n != len(entries) {
			t.Errorf("%d entries on paper", n)
		}
	})
}

// What is kept apart stands on no paper, and the paper says so; on the screen of
// who may read the case it stands as it was written.
//
// Proves: B6.26
func TestNoGuardedAddressIsPrinted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes()}})
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		err := w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "The Old Mill, Fictional Lane"}, Confidential: true})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-02-03", Text: "The boiler was mended\nat the OLD MILL, fictional lane\nby noon"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		b, path := site.SignedIn(t, w.Actor(t, casestest.Nurse).Account), f.Path()+"/chronology"
		b.Get(path).OK(t).Says(t, "OLD MILL")
		b.Get(path+"/print").OK(t).SaysNot(t, "OLD MILL", "fictional lane").Says(t, "The boiler was mended", "by noon", "kept apart is not on paper", "entries of this part (1)")
	})
}
