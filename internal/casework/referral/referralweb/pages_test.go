package referralweb_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/referral/referralweb"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	Sharing   *sharing.Service
	Referrals *referral.Service
	Site      *webtest.Site
	Pages     *referralweb.Pages
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, sharing.Rules(), referral.Rules())}
		w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{})
		w.Referrals = referral.New(db, w.Guard, w.Cases, w.Sharing, w.Registry)
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		w.Pages = referralweb.New(w.Referrals, w.Cases, w.Directory, clock.Now, home.Bar)
		home.Add(w.Pages.Panel)
		home.AddWaiting(w.Pages.Tiles)
		w.Site = webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{home.Routes(), w.Pages.Routes()},
		})
		fn(t, w)
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.Site.SignedIn(t, w.Actor(t, who).Account)
}

func (w *world) to() string { return string(w.Haven.ID) + "/" + string(w.Advocates.ID) }

// typed is a referral as somebody types it.
func (w *world) typed() map[string]string {
	return map[string]string{
		"subject": "experiencing", "to": w.to(), "why": "She asked for an advocate", "said": "He reads all my messages",
		"safety": "Safe tonight", "contact": "Text only", "protects": "Maya", "harm": "threats at home",
		"asked": "agrees", "present": "nobody else", "informed": "yes", "basis": "public_task", "rationale": "The least they need",
	}
}

// toCheck fills in a form in steps and goes on to its check.
func toCheck(t *testing.T, page *webtest.Answer, typed map[string]string) *webtest.Answer {
	t.Helper()
	page = page.FillAndSubmit(t, typed)
	for page.OK(t).Select(`main form button[value="send"]`) == nil {
		page = page.Form(t, "main form").Submit()
	}
	return page
}

func (w *world) decision() sharing.NewShare {
	return sharing.NewShare{
		To:       sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)},
		Protects: "Maya", Harm: "threats at home", Basis: sharing.PublicTask, Rationale: "The least they need",
		Views: sharing.Views{Asked: sharing.Agrees, Present: "nobody else", Informed: sharing.Told},
	}
}

// sent refers a new person and returns the file and the share's address.
func (w *world) sent(t *testing.T) (*cases.File, referral.Referral) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	id, err := w.Referrals.Send(t.Context(), f, referral.NewReferral{
		Subject: referral.Experiencing, Share: w.decision(), Why: "She asked for an advocate", Said: "He reads all my messages",
	})
	must(t, err)
	r, err := w.Referrals.Get(t.Context(), f, id)
	must(t, err)
	return f, r
}

// Proves: B6.12, B6.31, B9.2
func TestTheJourneyOfAReferralInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse, idva := w.as(t, casestest.Nurse), w.as(t, casestest.IDVA)

		form := nurse.Get(f.Path()).OK(t).Click(t, "Send a referral").OK(t)
		check := toCheck(t, form, w.typed())
		check.Says(t, "exactly what goes", "Advocates, Fictional Haven Service", "He reads all my messages", "Maya Example", "Public task", "They agree")
		sent := check.Form(t, "main form").Press("Send the referral")
		sent.SeeOther(t, f.Path()+"?done=referral-sent").Follow(t).OK(t).Says(t, "Sent, not acknowledged yet")

		idva.Get("/home").OK(t).Says(t, "To acknowledge")
		list := idva.Get("/referrals").OK(t)
		list.SaysNot(t, "Maya", "Example", "He reads")
		packet := idva.Get(list.Select("main table a").Attrs("href")[0]).OK(t)
		packet.Says(t, "Maya Example", "He reads all my messages", "Why can I see this?", "Public task", "Fictional nurse", "treat every way as unsafe")
		packet.SaysNot(t, "Accept and open a case")
		packet = packet.Form(t, "main form").Press("I have received this").SeeOther(t, "").Follow(t).OK(t)
		packet.Says(t, "Acknowledged by Fictional idva")

		own := packet.Form(t, `form[action$="/accept"]`).Press("Accept and open a case").SeeOther(t, "").Follow(t).OK(t)
		own.Says(t, "Maya", "What was received", "He reads all my messages", "Give feedback")
		nurse.Get(f.Path()).OK(t).Says(t, "Accepted")

		back := toCheck(t, own.Click(t, "Give feedback").OK(t), map[string]string{
			"news": "Support has begun", "protects": "Maya", "harm": "threats at home", "asked": "agrees", "present": "nobody else",
			"informed": "yes", "basis": "legitimate_interests", "rationale": "They hear the least",
		})
		back.OK(t).Says(t, "exactly what they will read", "Support has begun", "They hear the least", "threats at home", "Legitimate interests", "Midwives, Fictional Hospital Trust")
		if list, err := w.Sharing.Waiting(t.Context(), w.Actor(t, casestest.Nurse), "", 10); err != nil || len(list) != 0 {
			t.Errorf("it left before it was checked: %d, %v", len(list), err)
		}
		changed := back.Form(t, "main form").Press("Change what they need to hear").OK(t)
		changed.Says(t, "What do they need to hear?", "Support has begun")
		changed.FillAndSubmit(t, map[string]string{"news": "Support has ended"}).OK(t).Says(t, "exactly what they will read", "Support has ended")
		back.Form(t, "main form").Press("Send the feedback").SeeOther(t, "").Follow(t).OK(t).Says(t, "not acknowledged yet")

		waiting := nurse.Get(f.Path()).OK(t).Click(t, "Advocates, Fictional Haven Service").OK(t)
		waiting.Says(t, "Feedback has arrived")
		waiting.SaysNot(t, "Support has begun")
		read := waiting.Click(t, "Read and acknowledge it").OK(t)
		read.Says(t, "Support has begun")
		read.Form(t, "main form").Press("I have received this").SeeOther(t, "").Follow(t).OK(t)
		idva.Get(strings.TrimSuffix(own.Select(`a[href$="/feedback"]`).Attrs("href")[0], "/feedback")).OK(t).Says(t, "acknowledged by the referrer")
	})
}

func TestAnOfferThatIsWantedLeadsToTheReferral(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse := w.as(t, casestest.Nurse)
		offer := nurse.Get(f.Path() + "/referrals/offer").OK(t)
		offer.FillAndSubmit(t, map[string]string{"subject": "experiencing"}).Invalid(t, "to", "answer")
		form := offer.FillAndSubmit(t, map[string]string{"subject": "experiencing", "to": w.to(), "answer": "wants", "words": "Yes please"}).SeeOther(t, "").Follow(t).OK(t)
		values := form.FormValues(t, "")
		if values.Get("to") != w.to() || values.Get("subject") != "experiencing" || values.Get("offer") == "" {
			t.Errorf("the referral does not follow the offer: %v", values)
		}
		typed := w.typed()
		delete(typed, "to")
		delete(typed, "subject")
		toCheck(t, form, typed).Form(t, "main form").Press("Send the referral").SeeOther(t, f.Path()+"?done=referral-sent")
		toCheck(t, form, typed).Form(t, "main form").Press("Send the referral").Conflict(t)
	})
}

func TestAnOfferThatIsNotWantedStaysOpenToAChangeOfMind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse := w.as(t, casestest.Nurse)
		nurse.Get(f.Path()+"/referrals/offer").OK(t).FillAndSubmit(t, map[string]string{"subject": "experiencing", "to": w.to(), "answer": "not_now"}).SeeOther(t, f.Path()+"?done=offer-recorded")
		page := nurse.Get(f.Path()).OK(t).Click(t, "Advocates, Fictional Haven Service").OK(t)
		page.Says(t, "Offered, not wanted now")
		page.SaysNot(t, "Send this referral")
		page.FillAndSubmit(t, map[string]string{"words": "I thought about it"}).Invalid(t, "answer")
		page.FillAndSubmit(t, map[string]string{"answer": "wants"}).SeeOther(t, f.Path()+"?done=offer-recorded")
		page.FillAndSubmit(t, map[string]string{"answer": "not_now"}).Conflict(t) // a stale page
		nurse.Get(f.Path()).OK(t).Click(t, "Advocates, Fictional Haven Service").OK(t).Click(t, "Send this referral").OK(t)
	})
}

// What was typed comes back with what is missing, and nothing is sent.
// Proves: B6.11, B6.20, B6.22
func TestAReferralThatLacksSomethingComesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		form := w.as(t, casestest.Nurse).Get(f.Path() + "/referrals/new").OK(t)
		lacking := map[string]string{"said": "He reads all my messages", "asked": "does_not_agree", "present": "nobody else", "informed": "unsafe"}
		bad := form.FillAndSubmit(t, lacking).Invalid(t, "subject", "to")
		if got := bad.FormValues(t, ""); got.Get("said") != "He reads all my messages" || got.Get("informed") != "unsafe" {
			t.Errorf("what was typed is lost: %v", got)
		}
		if n := len(bad.Select(".govuk-error-summary a")); n != 2 {
			t.Errorf("%d errors on the first step, those of others among them", n)
		}
		bad = bad.FillAndSubmit(t, map[string]string{"subject": "experiencing", "to": w.to()}).OK(t)
		bad = bad.Form(t, "main form").Submit().Invalid(t, "why", "protects", "harm")
		told := bad.FillAndSubmit(t, map[string]string{"why": "She asked", "protects": "Maya", "harm": "threats at home"}).OK(t)
		bad = told.Form(t, "main form").Submit().OK(t).Form(t, "main form").Submit().Invalid(t, "not_told")
		bad.One(t, `.govuk-error-summary a[href="#tell_on-day"]`)
		bad.One(t, `#tell_on-error`)
		bad = bad.FillAndSubmit(t, map[string]string{"not_told": "He has her phone", "tell_on-day": "9", "tell_on-month": "3", "tell_on-year": "2026"}).OK(t)
		bad = bad.Form(t, "main form").Submit().Invalid(t, "grounds", "basis", "rationale")
		typed := w.typed()
		typed["asked"], typed["informed"] = "does_not_agree", "unsafe"
		typed["grounds"] = "serious_risk"
		typed["not_told"], typed["tell_on-day"], typed["tell_on-month"], typed["tell_on-year"] = "He has her phone", "9", "3", "2026"
		check := toCheck(t, bad, typed)
		check.Says(t, "They do not agree", "Serious risk", "He has her phone", "9 March 2026")
		change := check.Form(t, "main form").Press("Change what the person says").OK(t)
		if got := change.FormValues(t, ""); got.Get("not_told") != "He has her phone" || got.Get("tell_on-day") != "9" || got.Get("why") == "" {
			t.Errorf("going back lost something: %v", got)
		}
		change.Form(t, "main form").Press("Go back to the check").OK(t).Says(t, "exactly what goes", "He has her phone")
		if sent, err := w.Sharing.Sent(t.Context(), f); err != nil || len(sent) != 0 {
			t.Errorf("%d were sent before they were checked, %v", len(sent), err)
		}
	})
}

// Acting now leaves what there is no time for, and is never refused.
// Proves: B6.13
func TestActNowSendsFromThePage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse := w.as(t, casestest.Nurse)
		first := nurse.Get(f.Path()+"/referrals/new").OK(t).FillAndSubmit(t, map[string]string{"subject": "experiencing", "to": w.to(), "said": "He knows where I am"}).OK(t)
		for _, step := range []string{"Why is it shared", "What are they told?", "What does the person say about it?", "May it be shared?"} {
			now := first.Says(t, step).Form(t, "main form").Press("Act now, justify after").OK(t)
			if got := now.FormValues(t, ""); got.Get("to") != w.to() || got.Get("said") != "He knows where I am" {
				t.Errorf("%s: what was typed so far is lost: %v", step, got)
			}
			now.FillAndSubmit(t, map[string]string{"why": "", "protects": "", "harm": ""}).Invalid(t, "why", "protects", "harm")
			check := now.FillAndSubmit(t, map[string]string{"why": "He is on his way", "protects": "Maya", "harm": "him"}).OK(t)
			check.Says(t, "exactly what goes", "He is on his way", "He knows where I am")
			again := check.Form(t, "main form").Press("Change why it is shared").OK(t)
			again.Says(t, "Act now, justify after", "Which service?").Form(t, "main form").Press("There is time: go step by step").OK(t).Says(t, "step 1 of 6")
			if step == "May it be shared?" {
				check.Form(t, "main form").Press("Send the referral").SeeOther(t, f.Path()+"?done=referral-sent")
				break
			}
			first = first.FillAndSubmit(t, map[string]string{"why": "He is on his way", "protects": "Maya", "harm": "him", "asked": "agrees", "present": "nobody else", "informed": "yes"}).OK(t)
		}
		nurse.Get(f.Path()).OK(t).Says(t, "Review what was done at once", "Acted now")
	})
}

func TestRiskGoesOnlyWhenItIsIncluded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		form := w.as(t, casestest.Nurse).Get(f.Path() + "/referrals/new").OK(t)
		typed := w.typed()
		typed["risk"] = "He has threatened to kill"
		without := toCheck(t, form, typed)
		if strings.Contains(strings.Join(without.Select("main dl").Texts(), " "), "threatened to kill") {
			t.Error("the risk is in what will be sent")
		}
		typed["include_risk"] = "yes"
		if !strings.Contains(strings.Join(toCheck(t, form, typed).Select("main dl").Texts(), " "), "He has threatened to kill") {
			t.Error("the risk is not in what will be sent")
		}
	})
}

// Proves: B6.31
func TestTheSecondWhoAcknowledgesIsToldWhoWasFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, r := w.sent(t)
		path := "/referrals/" + string(r.Share)
		one, two := w.as(t, casestest.IDVA).Get(path).OK(t), w.as(t, casestest.Colleague).Get(path).OK(t)
		one.Form(t, "main form").Press("I have received this").SeeOther(t, path+"?done=acknowledged")
		two.Form(t, "main form").Press("I have received this").OK(t).Says(t, "acknowledged already, by Fictional idva")
	})
}

func TestDeclining(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		path := "/referrals/" + string(r.Share)
		idva := w.as(t, casestest.IDVA)
		idva.Post(path+"/acknowledge", nil).SeeOther(t, path+"?done=acknowledged")
		form := idva.Get(path + "/decline").OK(t)
		form.FillAndSubmit(t, map[string]string{"words": "Sorry"}).Invalid(t, "reason")
		form.FillAndSubmit(t, map[string]string{"reason": "capacity", "words": "Next place in May"}).SeeOther(t, path+"?done=declined").Follow(t).OK(t).Says(t, "Declined by the service", "We have no capacity")
		form.FillAndSubmit(t, map[string]string{"reason": "criteria"}).Conflict(t)
		idva.Get("/referrals?box=decided").OK(t).Says(t, "Declined")
		w.as(t, casestest.Nurse).Get(r.Path()).OK(t).Says(t, "We have no capacity", "Next place in May")
		_ = f
	})
}

func TestWithdrawing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		nurse := w.as(t, casestest.Nurse)
		page := nurse.Get(r.Path()).OK(t)
		page.FillAndSubmit(t, map[string]string{"reason": ""}).Invalid(t, "reason")
		page.FillAndSubmit(t, map[string]string{"reason": "Sent twice"}).SeeOther(t, f.Path()+"?done=referral-withdrawn")
		w.as(t, casestest.IDVA).Get("/referrals/" + string(r.Share)).NotThere(t)
		page.FillAndSubmit(t, map[string]string{"reason": "Sent twice"}).Conflict(t)
	})
}

func TestAShareOfOthersLooksLikeNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, r := w.sent(t)
		absent := "/referrals/0190b0b0-0000-7000-8000-000000000000"
		for _, name := range []string{casestest.HavenManager, casestest.TrustManager, casestest.Nurse} {
			webtest.SameAsAbsent(t, w.as(t, name), "/referrals/"+string(r.Share), absent)
		}
		for _, name := range []string{casestest.TrustAdmin, casestest.Commissioner} {
			w.as(t, name).Get("/referrals").Denied(t)
			w.as(t, name).Get("/referrals/" + string(r.Share)).Denied(t)
		}
	})
}

// One entry names exactly the person that a page shows.
func TestAPacketPageLeavesOneEntry(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		idva := w.as(t, casestest.IDVA)
		entries := w.Site.Ledger(t, func() { idva.Get("/referrals/" + string(r.Share)).OK(t) })
		if len(entries) != 1 || entries[0].Action != sharing.ActReceive || len(entries[0].Subjects) != 2 {
			t.Fatalf("%+v", entries)
		}
		for _, s := range entries[0].Subjects {
			if s != f.Person().Subject() && s != r.Share.Subject() {
				t.Errorf("it names %+v", s)
			}
		}
	})
}

func TestTheNumberOfQueriesDoesNotGrow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		idva := w.as(t, casestest.IDVA)
		_, first := w.sent(t)
		one := idva.Get("/referrals").OK(t).Queries
		for range 34 {
			w.sent(t)
		}
		many := idva.Get("/referrals").OK(t)
		if many.Queries != one {
			t.Errorf("%d statements for one, %d for many", one, many.Queries)
		}
		if n := len(many.Select("main table tbody tr")); n != 30 {
			t.Errorf("%d on a page", n)
		}
		next := many.Click(t, "Next").OK(t)
		if n := len(next.Select("main table tbody tr")); n != 5 {
			t.Errorf("%d on the second page", n)
		}
		idva.Get("/home").OK(t).Says(t, "30+")
		for path, limit := range map[string]int{"/referrals": 30, "/referrals/" + string(first.Share): 40} {
			if n := idva.Get(path).OK(t).Queries; n > limit {
				t.Errorf("%s takes %d statements", path, n)
			}
		}
		nurse := w.as(t, casestest.Nurse)
		for path, limit := range map[string]int{first.Path(): 40, "/cases/" + string(first.File): 60, "/cases/" + string(first.File) + "/referrals/new": 40} {
			if n := nurse.Get(path).OK(t).Queries; n > limit {
				t.Errorf("%s takes %d statements", path, n)
			}
		}
	})
}

// Every step is one page, and costs no more than a page.
func TestAStepCostsAPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		page := w.as(t, casestest.Nurse).Get(f.Path()+"/referrals/new").OK(t).FillAndSubmit(t, w.typed())
		for page.OK(t).Select(`main form button[value="send"]`) == nil {
			if page.Queries > 40 {
				t.Errorf("%s takes %d statements", page.Title(), page.Queries)
			}
			page = page.Form(t, "main form").Submit()
		}
		if page.Queries > 60 {
			t.Errorf("the check takes %d statements", page.Queries)
		}
	})
}

// What is on the case is filled in.
func TestTheFormIsFilledFromTheCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			if _, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Disclosed, Text: "He reads all my messages"}); err != nil {
				return err
			}
			if _, err := w.Cases.AddParty(ctx, tx, f, cases.Child, "", people.Details{GivenName: "Sam", FamilyName: "Example", Born: "2024"}); err != nil {
				return err
			}
			return w.People.RecordSafeContact(ctx, tx, f.Permit(), people.Person{ID: f.Person(), Agency: f.Agency()}, people.ContactForm{
				Ways: []people.Way{{Channel: people.Text, Allowed: people.OnlyIf, Detail: "07700 900123", Conditions: "before noon"}}, NeverSpeak: "her brother", Version: 1,
			})
		}))
		values := w.as(t, casestest.Nurse).Get(f.Path()+"/referrals/new").OK(t).FormValues(t, "")
		for field, want := range map[string]string{"said": "He reads", "children": "Sam Example, born 2024", "contact": "07700 900123"} {
			if !strings.Contains(values.Get(field), want) {
				t.Errorf("%s is %q", field, values.Get(field))
			}
		}
		if !strings.Contains(values.Get("contact"), "Never speak to: her brother") {
			t.Errorf("contact is %q", values.Get("contact"))
		}
	})
}

func TestWhatWasNotOnTheCheckedPageDoesNotGo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		check := toCheck(t, w.as(t, casestest.Nurse).Get(f.Path()+"/referrals/new").OK(t), w.typed())
		must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			return w.People.Change(ctx, tx, f.Permit(), f.Agency(), f.Person(), 1, people.Details{GivenName: "Another"})
		}))
		check.Form(t, "main form").Press("Send the referral").Conflict(t)
	})
}

func TestFormsDeclareAutocompleteAndRefuseOtherSites(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		nurse, idva := w.as(t, casestest.Nurse), w.as(t, casestest.IDVA)
		for _, path := range []string{f.Path() + "/referrals/offer", f.Path() + "/referrals/new", r.Path()} {
			webtest.CheckAutocompleteOff(t, nurse.Get(path).OK(t), "main form")
		}
		before := webtest.State(t, w.DB)
		idva.CrossSite().Post("/referrals/"+string(r.Share)+"/acknowledge", url.Values{})
		if after := webtest.State(t, w.DB); fmt.Sprint(before["share"]) != fmt.Sprint(after["share"]) {
			t.Error("another site acknowledged a share")
		}
	})
}

// That it was not safe to ask stays; when it is, an offer of its own is recorded.
func TestWhatWasNotSafeToAskIsOfferedAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.Referrals.Offer(t.Context(), f, referral.NewOffer{
			Subject: referral.Experiencing, To: sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Answer: referral.NotSafe, Why: referral.Accompanied,
		})
		must(t, err)
		page := w.as(t, casestest.Nurse).Get(f.Path() + "/referrals/" + string(id)).OK(t)
		page.SaysNot(t, "What do they say now?")
		page.Click(t, "Offer support").OK(t).FillAndSubmit(t, map[string]string{"answer": "not_now"}).SeeOther(t, "")
		list, err := w.Referrals.OfFile(t.Context(), f)
		must(t, err)
		if len(list) != 2 || list[0].State != referral.DeclinedByPerson || list[1].State != referral.NotAsked || list[0].Follows != id {
			t.Errorf("%+v", list)
		}
	})
}

// What the sender put right before the case was opened stands in it.
func TestACorrectionStandsBesideWhatWasReceived(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, r := w.sent(t)
		_, err := w.Sharing.Correct(t.Context(), f, r.Share, sharing.NewCorrection{Wrong: "The name", Items: []sharing.Item{{Kind: sharing.SaidItem, Title: "Said", Text: "He reads none of them"}}})
		must(t, err)
		idva := w.as(t, casestest.IDVA)
		idva.Get("/referrals/"+string(r.Share)).OK(t).Form(t, "main form").Press("I have received this").SeeOther(t, "")
		own := idva.Get("/referrals/"+string(r.Share)).OK(t).Form(t, "main form").Press("Accept and open a case").SeeOther(t, "").Follow(t).OK(t)
		own.Says(t, "The sender has put this right", "He reads none of them")
	})
}
