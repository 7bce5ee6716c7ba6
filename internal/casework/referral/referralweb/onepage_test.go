package referralweb_test

import (
	"context"
	"strings"
	"testing"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/referral/referralweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

func (w *world) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	n := 0
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.QueryRowContext(ctx, query, args...).Scan(&n) }))
	return n
}

// typedOnOnePage is what a practice types.
func (w *world) typedOnOnePage() map[string]string {
	typed := w.typed()
	typed["given_name"], typed["family_name"], typed["number"], typed["conditions"] = "Maya", "Example", "07700 900123", "Text before noon"
	return typed
}

// What is missing on the one page comes back beside its field, nothing that was
// typed is lost, and nothing begins; what is sent twice arrives once.
//
// Proves: B9.2
func TestTheOnePageIsSentOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.as(t, casestest.Nurse)
		form := nurse.Get(referralweb.OnePage).OK(t)
		webtest.CheckAutocompleteOff(t, form, "main form")
		typed := w.typedOnOnePage()
		bad := form.FillAndSubmit(t, map[string]string{
			"given_name": "Maya", "number": "07700 900123", "said": "He reads all my messages", "born-day": "40", "born-month": "1", "born-year": "1990",
			"asked": "does_not_agree", "present": "nobody else", "informed": "yes",
		})
		bad.Invalid(t, "subject", "to", "why", "safety", "conditions", "protects", "harm", "grounds", "basis", "rationale")
		for _, field := range []string{"conditions", "safety", "to"} {
			bad.One(t, "#"+field+"-error")
		}
		bad.One(t, "#born-error")
		values := bad.FormValues(t, "main form")
		for field, want := range map[string]string{"given_name": "Maya", "number": "07700 900123", "said": "He reads all my messages", "born-day": "40", "asked": "does_not_agree", "present": "nobody else"} {
			if values.Get(field) != want {
				t.Errorf("%s is %q", field, values.Get(field))
			}
		}
		if n := w.count(t, "SELECT COUNT(*) FROM file") + w.count(t, "SELECT COUNT(*) FROM share"); n != 0 {
			t.Errorf("%d cases and shares are there before it was whole", n)
		}
		typed["born-day"], typed["born-month"], typed["born-year"] = "3", "4", "1990"
		again := bad.FillAndSubmit(t, typed)
		first := again.SeeOther(t, "").Follow(t).OK(t)
		first.Says(t, "Sent, not acknowledged yet")
		second := bad.FillAndSubmit(t, typed).SeeOther(t, "").Follow(t).OK(t) // pressed twice
		if first.Title() != second.Title() {
			t.Errorf("%q and %q", first.Title(), second.Title())
		}
		for _, table := range []string{"file", "share", "referral", "person"} {
			if n := w.count(t, "SELECT COUNT(*) FROM "+table); n != 1 {
				t.Errorf("%d in %s", n, table)
			}
		}
		idva := w.as(t, casestest.IDVA)
		list := idva.Get("/referrals").OK(t)
		list.SaysNot(t, "Maya")
		idva.Get(list.Select("main table a").Attrs("href")[0]).OK(t).Says(t, "Maya Example", "Telephone 07700 900123: Text before noon", "treat every way as unsafe")
		other := nurse.Get(referralweb.OnePage).OK(t).FillAndSubmit(t, typed) // another page is another person
		other.SeeOther(t, "")
		if n := w.count(t, "SELECT COUNT(*) FROM file"); n != 2 {
			t.Errorf("%d cases", n)
		}
		for _, who := range []string{casestest.TrustAdmin, casestest.Commissioner} {
			w.as(t, who).Get(referralweb.OnePage).Denied(t)
		}
	})
}

// An address that is kept apart leaves in no referral: that is said beside the
// field, and nothing that was typed is lost.
//
// Proves: B6.26
func TestAnAddressThatIsKeptApartIsRefusedBesideItsField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		must(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: people.Address{House: "9 Other Street", Postcode: "EX9 9ZZ"}, Confidential: true}))
		form := w.as(t, casestest.Nurse).Get(f.Path() + "/referrals/new").OK(t)
		typed := w.typed()
		typed["said"] = "I am at EX9 9ZZ now"
		answer := toCheck(t, form, typed).Form(t, "main form").Press("Send the referral")
		answer.Invalid(t, "said").Says(t, "kept apart")
		if answer.FormValues(t, "").Get("said") != "I am at EX9 9ZZ now" {
			t.Error("what was typed is lost")
		}
		if sent, err := w.Sharing.Sent(t.Context(), f); err != nil || len(sent) != 0 {
			t.Errorf("%d were sent, %v", len(sent), err)
		}
	})
}

// took has the advocates take on a referral, and returns their case.
func (w *world) took(t *testing.T) (referral.Referral, *webtest.Answer) {
	t.Helper()
	_, r := w.sent(t)
	path := "/referrals/" + string(r.Share)
	idva := w.as(t, casestest.IDVA)
	idva.Post(path+"/acknowledge", nil).SeeOther(t, "")
	own := idva.Get(path).OK(t).Form(t, `form[action$="/accept"]`).Press("Accept and open a case").SeeOther(t, "").Follow(t).OK(t)
	return r, own
}

var told = map[string]string{
	"protects": "Maya", "harm": "threats at home", "asked": "agrees", "present": "nobody else", "informed": "yes", "basis": "legitimate_interests", "rationale": "They hear the least",
}

// How far it has come goes back to the referrer when they are told, and not
// otherwise; a note for those who work on the case never does.
//
// Proves: B6.2, B6.31
func TestHowFarItHasComeGoesBackToTheReferrer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r, own := w.took(t)
		form := own.Click(t, "Say how far it has come").OK(t)
		form.FillAndSubmit(t, map[string]string{"words": "Only for us"}).Invalid(t, "stage")
		quiet := form.FillAndSubmit(t, map[string]string{"stage": string(referral.ContactStage), "words": "Only for us"})
		quiet.SeeOther(t, "").Follow(t).OK(t).Says(t, referral.ContactStage.Label())
		nurse := w.as(t, casestest.Nurse)
		nurse.Get(r.Path()).OK(t).SaysNot(t, referral.ContactStage.Label(), "Feedback has arrived")
		form.FillAndSubmit(t, map[string]string{"stage": string(referral.EngagedStage)}).Conflict(t) // a stale page
		typed := map[string]string{"stage": string(referral.EngagedStage), "tell": "yes", "words": "Only for us"}
		again := own.Click(t, "Say how far it has come").OK(t)
		why := again.FillAndSubmit(t, typed).OK(t)
		why.Form(t, "main form").Submit().Invalid(t, "protects", "harm")
		// The browser's own way on records nothing, whatever was unticked meanwhile.
		look := why.FormValues(t, "main form")
		look.Set("step", "why")
		look.Set("at", "stage")
		look.Del("tell")
		w.as(t, casestest.IDVA).Post(own.Select(`a[href$="/referral-stage"]`).Attrs("href")[0], look).OK(t).Says(t, "step 1 of 5")
		for k, v := range told {
			typed[k] = v
		}
		check := toCheck(t, again, typed).Says(t, "exactly what they will read", referral.EngagedStage.Label())
		if strings.Contains(strings.Join(check.Select("main dl").Texts(), " "), "Only for us") {
			t.Error("the note is in what the referrer reads")
		}
		check.Form(t, "main form").Press("Record and tell the referrer").SeeOther(t, "")
		waiting := nurse.Get(r.Path()).OK(t)
		waiting.Says(t, "Feedback has arrived")
		waiting.SaysNot(t, "Only for us")
		read := waiting.Click(t, "Read and acknowledge it").OK(t)
		read.Says(t, referral.EngagedStage.Label())
		read.SaysNot(t, "Only for us")
		read.Form(t, "main form").Press("I have received this").SeeOther(t, "")
	})
}

// A referral is passed on as one of its own, which points back; whoever sent the
// first hears of it when they are told.
//
// Proves: B6.2
func TestPassingOnInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		third, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: "third", Name: "Fictional Third Service", Sector: directory.OtherVoluntary})
		must(t, err)
		outreach, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: third.ID, Code: "outreach", Name: "Outreach", TakesReferrals: true})
		must(t, err)
		_, own := w.took(t)
		form := own.Click(t, "Pass it on").OK(t)
		form.Says(t, "This passes on the referral that this case began with")
		if form.FormValues(t, "main form").Get("passes_on") != "yes" {
			t.Fatal("it passes nothing on")
		}
		typed := w.typed()
		typed["to"] = string(third.ID) + "/" + string(outreach.ID)
		check := toCheck(t, form, typed)
		check.Form(t, "main form").Press("Send the referral").SeeOther(t, "").Follow(t).OK(t).Says(t, "Sent, not acknowledged yet")
		if n := w.count(t, "SELECT COUNT(*) FROM referral WHERE passes_on <> ''"); n != 1 {
			t.Errorf("%d pass one on", n)
		}
	})
}

// After a referral was declined they are referred again: one of its own, that
// points to the earlier one.
func TestReferringAgainInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, r := w.sent(t)
		path := "/referrals/" + string(r.Share)
		idva := w.as(t, casestest.IDVA)
		idva.Post(path+"/acknowledge", nil).SeeOther(t, "")
		idva.Get(path+"/decline").OK(t).FillAndSubmit(t, map[string]string{"reason": "capacity", "words": "Next place in May"}).SeeOther(t, "")
		nurse := w.as(t, casestest.Nurse)
		form := nurse.Get(r.Path()).OK(t).Click(t, "Refer again").OK(t)
		form.Says(t, "This is a new referral after an earlier one")
		if form.FormValues(t, "main form").Get("follows") != string(r.ID) {
			t.Error("it does not point to the earlier one")
		}
		toCheck(t, form, w.typed()).Form(t, "main form").Press("Send the referral").SeeOther(t, "")
		if n := w.count(t, "SELECT COUNT(*) FROM referral WHERE follows = $1", string(r.ID)); n != 1 {
			t.Errorf("%d follow it", n)
		}
	})
}

// That it was not safe to ask somebody is recorded with its reason, and counted:
// nothing was offered.
func TestNotSafeToAskIsCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		nurse := w.as(t, casestest.Nurse)
		form := nurse.Get(f.Path() + "/referrals/offer").OK(t)
		typed := map[string]string{"subject": "experiencing", "to": w.to(), "answer": "not_safe"}
		form.FillAndSubmit(t, typed).Invalid(t, "why_unsafe")
		typed["why_unsafe"] = string(referral.Accompanied)
		form.FillAndSubmit(t, typed).SeeOther(t, f.Path()+"?done=offer-recorded").Follow(t).OK(t)
		if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE kind = 'offer.answered' AND CAST(dimensions AS text) LIKE '%not_safe%' AND CAST(dimensions AS text) LIKE '%accompanied%'"); n != 1 {
			t.Errorf("it is counted %d times", n)
		}
		if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE kind = 'offer.made'"); n != 0 {
			t.Error("it counts as offered")
		}
	})
}
