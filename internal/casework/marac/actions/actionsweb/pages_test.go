package actionsweb_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/casework/marac/actions/actionsweb"
	"waymark/internal/casework/marac/maracweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/people"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bring sends a list as a browser does.
func bring(t *testing.T, b *webtest.Browser, agency, list string) *webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "list.csv")
	must(t, err)
	_, err = io.WriteString(part, list)
	must(t, err)
	must(t, w.Close())
	return b.Send(webtest.Ask{Method: http.MethodPost, Path: actionsweb.ListsPath(agency), Body: &body, ContentType: w.FormDataContentType()})
}

// An action is taken on from the page of a case, stands on the list of its agency, is
// given and answered there; the coordinator sees what each agency did, prints the plan,
// and takes over the register of before.
func TestActionsOnPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx := t.Context()
		w := casestest.New(t, db, clock, marac.Rules(), actions.Rules(), agreements.Rules())
		maracs := marac.New(w.Cases, w.Guard, w.Registry.Zone())
		s := actions.New(w.Cases, maracs, w.Guard, w.Registry.Zone())
		pages := actionsweb.New(s, maracs, w.Cases, w.Directory)
		conferences := maracweb.New(maracs, w.Directory, agreements.New(db, w.Guard, w.Registry.Zone()))
		conferences.Add(pages.Panel)
		conferences.AddBoards(pages.Board)
		conferences.AddMore(pages.More, pages.MoreLists)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{conferences.Routes(), pages.Routes()}})

		haven, cora, midwife := string(w.Haven.ID), w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Midwife)
		must(t, maracs.SetUp(ctx, casestest.Operator, marac.Norms(haven, string(w.Advocates.ID)), marac.Published("2025-01-01")))
		member, err := maracs.Name(ctx, w.Actor(t, casestest.TrustManager), haven, marac.NewMember{Account: midwife.Account, Capacity: marac.Representative})
		must(t, err)
		must(t, maracs.Decide(ctx, cora, haven, member, 1, marac.Accept, marac.Everything))
		meeting, err := maracs.Plan(ctx, cora, haven, marac.Planning{Kind: marac.Scheduled, First: clock.Now().AddDate(0, 0, 3), Minutes: 60})
		must(t, err)
		must(t, maracs.Ask(ctx, cora, meeting))
		a, err := maracs.Attend(ctx, midwife, meeting)
		must(t, err)
		must(t, maracs.Answer(ctx, midwife, meeting, a.Mine.Version, marac.Comes, false))
		f := w.Begin(t, cora)
		he := w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Rob", FamilyName: "Example"})
		var id marac.CaseID
		must(t, w.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
			id, err = maracs.InsertTx(ctx, tx, f, marac.Case{Number: "2026/001", From: haven, On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: meeting, Slot: 1, Rule: "2025-01-01"},
				[]marac.Identity{{Person: f.Person(), Part: marac.Victim, Details: people.Details{GivenName: "Maya", FamilyName: "Example"}}, {Person: he, Part: marac.Perpetrator, Details: people.Details{GivenName: "Rob", FamilyName: "Example"}}})
			return err
		}))
		at := "/marac/" + haven + "/meetings/" + string(meeting)
		due := clock.Now().AddDate(0, 0, 4)

		m := site.SignedIn(t, midwife.Account)
		m.Get(at + "/cases/" + string(id) + "/actions/new").NotThere(t) // the statement was not accepted
		m.Get(at+"/agenda").OK(t).FillAndSubmit(t, nil)
		form := m.Get(at+"/cases/"+string(id)).OK(t).Says(t, "Nothing is taken on yet").Click(t, "Take on an action").OK(t).SaysNot(t, "Fictional Haven Service")
		form.FillAndSubmit(t, map[string]string{"what": " "}).Invalid(t, "what", "target").Says(t, "Enter what is done", "Enter the day by which it is done")
		form.FillAndSubmit(t, map[string]string{
			"what": "See her at the clinic", "target": "victim", "due-day": due.Format("2"), "due-month": due.Format("1"), "due-year": due.Format("2006"), "tell": "You are seen at the clinic first",
		}).Follow(t).OK(t).Says(t, "See her at the clinic", "Nobody is asked to tell the person yet")
		m.Get(at+"/actions").OK(t).Says(t, "Nothing is open from before", "See her at the clinic")
		one := m.Get(actionsweb.Home).OK(t).Says(t, "Nobody yet", "2026/001").Click(t, "See her at the clinic").OK(t).Says(t, "Maya Example")
		one.Click(t, "Say who does it").OK(t).FillAndSubmit(t, map[string]string{"account": w.Actor(t, casestest.Nurse).Account}).Follow(t).OK(t).Says(t, "Fictional nurse")

		n := site.SignedIn(t, w.Actor(t, casestest.Nurse).Account)
		answer := n.Get(actionsweb.Home).OK(t).Click(t, "See her at the clinic").OK(t).SaysNot(t, "Change it").Click(t, "Say what became of it").OK(t)
		answer.FillAndSubmit(t, map[string]string{"state": "no_longer_possible"}).Invalid(t, "text").Says(t, "Enter why")
		answer.FillAndSubmit(t, map[string]string{"state": "done", "text": "She came on Monday"}).Follow(t).OK(t).Says(t, "It is recorded what became of it", "She came on Monday", "Fictional nurse")
		n.Get(actionsweb.Home).OK(t).Says(t, "There is nothing for you here").Click(t, "Actions that were answered").OK(t).Says(t, "See her at the clinic")
		n.Get(actionsweb.BoardPath(haven)).Denied(t)
		n.Get("/marac-actions/never-was").NotThere(t)

		c := site.SignedIn(t, cora.Account)
		c.Get("/marac").OK(t).Click(t, "Actions of the MARAC, and what each agency did").OK(t).Says(t, "100% of 1", "Nothing is open")
		c.Get(at+"/cases/"+string(id)).OK(t).Click(t, "Have the person told").OK(t).Says(t, "Find that out first").FillAndSubmit(t, map[string]string{
			"owner": haven, "due-day": due.Format("2"), "due-month": due.Format("1"), "due-year": due.Format("2006"),
		}).Follow(t).OK(t).Says(t, "Something is still open")
		told := c.Get(at+"/cases/"+string(id)+"/plan").OK(t).Says(t, "Confidential", "See her at the clinic", "The MARAC itself").Click(t, "What they may be given").OK(t).
			Says(t, "You are seen at the clinic first").SaysNot(t, "See her at the clinic", "Maya", "2026/001")
		_ = told
		open := c.Get(actionsweb.BoardPath(haven)).OK(t).Click(t, "Tell them what was agreed, when it is safe.").OK(t)
		open.Click(t, "Ask after it").OK(t).FillAndSubmit(t, map[string]string{"words": "Is it done?"}).Follow(t).OK(t).Says(t, "Is it done?")
		open.Click(t, "Change it").OK(t).FillAndSubmit(t, map[string]string{"what": "Tell them all"}).Invalid(t, "why")

		lists := c.Get(actionsweb.ListsPath(haven)).OK(t).Says(t, "None was brought along", "victim_family")
		_ = lists
		bring(t, c, haven, "").Invalid(t, "file").Says(t, "The file is empty")
		bring(t, c, haven, "Zo\xeb").Invalid(t, "file").Says(t, "not written in UTF-8")
		bring(t, c, haven, strings.Repeat("x", actions.ListBytes+10)).Invalid(t, "file").Says(t, "larger than 1 MB")
		head := "case_number,referred_on,outcome,heard_on,referred_by,victim_family,perpetrator_1_family\n"
		good := "L-1,2026-01-05,heard,2026-01-10,trust,Ada Fictional,not known\n"
		review := bring(t, c, haven, head+good+"L-2,soon,heard,,trust,Bo Fictional,not known\n").Follow(t).OK(t).
			Says(t, "2 lines: 1 new, 0 there already, 1 with something wrong", "heard_on", "Ada Fictional").SaysNot(t, "Take it over")
		review.Form(t, "#leave").Submit().Follow(t).OK(t).Says(t, "The list was left")
		review = bring(t, c, haven, head+good).Follow(t).OK(t).Says(t, "1 lines: 1 new")
		review.Form(t, "#take").Submit().Follow(t).OK(t).Says(t, "The list is taken over")
		bring(t, c, haven, head+good).Follow(t).OK(t).Says(t, "Its lines are not kept here any more. 1 were taken.")
		m.Get(actionsweb.ListsPath(haven)).Denied(t)
		if body := c.Get(actionsweb.ListsPath(haven)).OK(t).Body; strings.Contains(body, "Ada") {
			t.Error("the list of lists names somebody")
		}
		clock.Advance(30 * 24 * time.Hour)
		m = site.SignedIn(t, midwife.Account)
		m.Get(at + "/actions").NotThere(t)
		m.Get(at + "/cases/" + string(id) + "/plan").NotThere(t)
		m.Get(actionsweb.Home + "?answered=1").OK(t)
	})
}
