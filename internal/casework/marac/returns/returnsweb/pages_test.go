package returnsweb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/casework/marac/returns/returnsweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A coordinator looks at a quarter, at the cases behind a count, makes it final and
// revises it; a commissioner sees the year without small counts, and no return.
func TestTheReturnOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, marac.Rules(), returns.Rules())
		london, err := time.LoadLocation("Europe/London")
		must(t, err)
		s, maracs := returns.New(db, w.Guard, london), marac.New(w.Cases, w.Guard, london)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{returnsweb.New(s, w.Directory).Routes()}})
		haven := string(w.Haven.ID)
		m := marac.Norms(haven, string(w.Advocates.ID))
		m.Women = 76500
		must(t, maracs.SetUp(t.Context(), casestest.Operator, m, marac.Published("2025-01-01")))
		cora := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, cora)
		day := s.Now().AddDate(0, -4, 0)
		hear := func(number string, repeat marac.Answer) {
			t.Helper()
			must(t, db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				_, err := maracs.InsertTx(ctx, tx, f, marac.Case{
					Number: number, From: string(w.Trust.ID), On: day.AddDate(0, 0, -9).Format(time.DateOnly), State: marac.Heard, HeardOn: day.Format(time.DateOnly),
					IDVA: marac.NotKnown, Routes: marac.Routes{Repeat: repeat}, Counted: marac.Counted{Children: 2, BME: marac.Unknown},
				}, nil)
				return err
			}))
		}
		hear("2026/001", marac.Yes)
		quarter := fmt.Sprintf("%d-Q%d", day.Year(), (int(day.Month())+2)/3)

		b := site.SignedIn(t, cora.Account)
		b.Get(returnsweb.Path(haven)).OK(t).Says(t, "Provisional: the quarter goes on", "Provisional: to be made final")
		page := b.Get(returnsweb.Path(haven)+"/"+quarter).OK(t).Says(t, "between meetings", "Fictional Hospital Trust", "0.1 in this quarter, of 76500 women", "Whether an IDVA represents them")
		b.Get(returnsweb.Path(haven)+"/"+quarter+"/none/repeats").OK(t).Says(t, "2026/001", "Fictional Hospital Trust")
		b.Get(returnsweb.Path(haven)+"/"+quarter+"/none/male").OK(t).Says(t, "No case was counted")
		b.Get(returnsweb.Path(haven) + "/" + quarter + "/none/nothing").NotThere(t)
		b.Get(returnsweb.Path(haven) + "/2026-Q9").NotThere(t)
		if file := page.Click(t, "Download it (CSV)"); !strings.Contains(file.Body, quarter+",provisional,all,,1,1,2,") {
			t.Errorf("the file: %s", file.Body)
		}
		form := page.Click(t, "Make it final").OK(t)
		form.FillAndSubmit(t, nil).Invalid(t, "quarter").Says(t, "Error: Look at the meetings of the quarter first")
		done := form.FillAndSubmit(t, map[string]string{"quarter": "yes"}).Follow(t).OK(t).Says(t, "The return is final", "Final, number 1").SaysNot(t, "Make it final")
		form.FillAndSubmit(t, map[string]string{"quarter": "yes"}).Invalid(t, "quarter").Says(t, "nothing has changed since")
		_ = done
		hear("2026/002", marac.No)
		b.Get(returnsweb.Path(haven)+"/"+quarter).OK(t).Says(t, "The register says otherwise by now", "Make a revised return").Click(t, "See what the register says now").OK(t).Says(t, "This is not what was final")
		b.Get(returnsweb.Path(haven)).OK(t).Says(t, "Final, ")
		b.Get(returnsweb.YearPath(haven, quarter)).OK(t).Says(t, "Fictional Haven Service", "which would be 306 cases", "Half within 9 days", "100%", "36.1%", "What is to be expected", "3.1", "What was heard").Click(t, "The year to a quarter before").OK(t)
		b.Get(returnsweb.YearPath(haven, "")).OK(t)

		asked := b.Get(returnsweb.YearPath(haven, quarter)).OK(t).Says(t, "Cases that are repeats: 1 of 2", "are all recorded: 0 of 2", "Agencies that referred a case that was heard: 1", "Nothing is recorded").Click(t, "Record a review").OK(t)
		asked.FillAndSubmit(t, nil).Invalid(t, "who", "found").Says(t, "Error: Enter the day on which it was reviewed", "Error: Enter when it is reviewed again")
		asked.FillAndSubmit(t, map[string]string{
			"on-day": "2", "on-month": "2", "on-year": "2026", "next-day": "2", "next-month": "2", "next-year": "2028", "who": "The steering group", "found": "Health refers little.",
		}).SeeOther(t, returnsweb.YearPath(haven, "")+"?done=reviewed").Follow(t).OK(t).Says(t, "The review is recorded", "Reviewed on 2 February 2026 by The steering group: Health refers little.")

		c := site.SignedIn(t, w.Actor(t, casestest.Commissioner).Account)
		c.Get("/marac/" + haven + "/review").Denied(t)
		c.Get(returnsweb.Overview).OK(t).Click(t, "Fictional Haven Service").OK(t)
		c.Get(returnsweb.YearPath(haven, quarter)).OK(t).Says(t, "[c]", "Small counts are left out").SaysNot(t, "Half within", "2 cases")
		c.Get(returnsweb.Path(haven)).Denied(t)
		nurse := site.SignedIn(t, w.Actor(t, casestest.TrustManager).Account)
		nurse.Get(returnsweb.Path(haven)).NotThere(t)
		nurse.Get(returnsweb.YearPath(haven, quarter)).NotThere(t)
		nurse.Get(returnsweb.YearPath("nowhere", quarter)).NotThere(t)
		nurse.Get(returnsweb.Overview).OK(t).Says(t, "There is no MARAC here that you may look at")
	})
}
