package intakeweb_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/intake/intakeweb"
	"waymark/internal/registers/people"
)

// sent sends what somebody asks for themselves and returns its address.
func (w *world) sent(t *testing.T, changed map[string]string) string {
	t.Helper()
	last := maps.Clone(about)
	maps.Copy(last, changed)
	values := steps(t, w.anyone(t), safe, contact, last).FormValues(t, `main form[novalidate]`)
	values.Set("step", "send")
	w.anyone(t).Post("/ask/form", values).OK(t)
	list, err := w.Intake.List(t.Context(), w.Actor(t, casestest.IDVA), intake.WaitingBox, "", 10)
	if err != nil || len(list) == 0 {
		t.Fatalf("%d, %v", len(list), err)
	}
	return list[0].Path()
}

// What says that somebody is in danger stands on the first page of the team until
// a person takes it. When nobody does, the manager and the key contact are led to
// it, and the key contact reads nothing of what it says.
//
// Proves: B6.31
func TestWhatNobodyTakesStandsOnTheFirstPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		w.as(t, casestest.IDVA).Get("/home").OK(t).SaysNot(t, "nobody has taken it")
		path := w.sent(t, map[string]string{"danger": "yes"})
		home := w.as(t, casestest.IDVA).Get("/home").OK(t)
		home.Says(t, "Asked on the public pages, and nobody has taken it", "Danger now, they say")
		home.SaysNot(t, "Maya", "He reads")
		contact := w.as(t, casestest.HavenContact)
		contact.Get("/home").OK(t).SaysNot(t, "nobody took in time")
		contact.Get(intakeweb.Untaken).OK(t).Says(t, "Nothing waits for you")
		w.Clock.Advance(3 * time.Hour)
		w.as(t, casestest.IDVA).Get(intakeweb.Inbox).OK(t).Says(t, "Escalated to the key contacts")
		contact = w.as(t, casestest.HavenContact)
		list := contact.Get("/home").OK(t).Click(t, "You are asked about 1 that nobody took in time").OK(t)
		list.Says(t, "Advocates", "Escalated to the key contacts", "Danger now")
		list.SaysNot(t, "Maya", "He reads", "07700")
		contact.Get(path).Denied(t)
		id := path[len("/asks/"):]
		contact.Post(intakeweb.Untaken+"/"+id, map[string][]string{"words": {""}}).Invalid(t, "words-"+id)
		contact.Post(intakeweb.Untaken+"/"+id, map[string][]string{"words": {"Rang the duty advocate"}}).SeeOther(t, intakeweb.Untaken+"?done=seen-to").Follow(t).OK(t).Says(t, "Last seen to", "by Fictional")
		idva := w.as(t, casestest.IDVA)
		idva.Get(path).OK(t).Says(t, "Rang the duty advocate", "Seen to because nobody took it")
		idva.Post(path+"/take", nil).SeeOther(t, path+"?done=taken")
		idva.Get("/home").OK(t).SaysNot(t, "nobody has taken it")
		w.as(t, casestest.HavenContact).Get("/home").OK(t).SaysNot(t, "nobody took in time")
		w.as(t, casestest.Nurse).Get(intakeweb.Untaken).Denied(t)
	})
}

// It is moved to a service of another agency with a reason, and the old inbox says
// that it went there, and no more.
func TestMovingItInTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		path := w.sent(t, nil)
		idva := w.as(t, casestest.IDVA)
		idva.Get(path+"/move").OK(t).Says(t, "No other service takes this")
		err := w.Intake.SetDoor(t.Context(), w.Actor(t, casestest.TrustManager), intake.Door{
			Team: string(w.Midwives.ID), Self: true, Public: intake.Public{Name: "Fictional midwives", What: "For whoever expects a child"},
		})
		if err != nil {
			t.Fatal(err)
		}
		form := idva.Get(path).OK(t).Click(t, "Move it to another service").OK(t)
		bad := form.FillAndSubmit(t, map[string]string{"words": "She expects a child"})
		bad.Invalid(t, "to", "reason")
		if bad.FormValues(t, "main form").Get("words") != "She expects a child" {
			t.Error("what was typed is lost")
		}
		to := string(w.Trust.ID) + "/" + string(w.Midwives.ID)
		typed := map[string]string{"to": to, "reason": "not_ours", "words": "She expects a child"}
		form.FillAndSubmit(t, typed).SeeOther(t, intakeweb.Inbox+"?done=moved").Follow(t).OK(t).Says(t, "It is moved", "Nothing is here")
		idva.Get(path).NotThere(t)
		gone := idva.Get(intakeweb.Inbox + "?box=moved").OK(t)
		gone.Says(t, "Midwives", "This is not what our service is for")
		gone.SaysNot(t, "Maya", "She expects", "He reads")
		nurse := w.as(t, casestest.Nurse)
		there := nurse.Get(path).OK(t)
		there.Says(t, "Came from another agency", "She expects a child", "Never come to the house", "07700 900123", "Mondays")
		form.FillAndSubmit(t, typed).NotThere(t)
	})
}

// A case that does not fit comes back beside the field, with what to do instead.
func TestACaseOfSomebodyWhoHarmsIsRefusedBesideTheField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		harms := w.BeginFor(t, w.Actor(t, casestest.IDVA), people.Details{GivenName: "Maya", FamilyName: "Example"}, cases.Perpetrating)
		path := w.sent(t, nil)
		idva := w.as(t, casestest.IDVA)
		idva.Post(path+"/take", nil).SeeOther(t, path+"?done=taken")
		back := idva.Get(path+"/accept").OK(t).FillAndSubmit(t, map[string]string{"into": string(harms.ID()), "given_name": "Maja"})
		back.Invalid(t, "into").Says(t, "Open a new case")
		if back.FormValues(t, "main form").Get("given_name") != "Maja" {
			t.Error("what was typed is lost")
		}
		back.FillAndSubmit(t, map[string]string{"into": "new"}).SeeOther(t, "").Follow(t).OK(t).Says(t, "What was asked on the public pages")
	})
}

// Somebody asks for another: how the person can be reached and how whoever asks can
// be are asked and shown apart, and the one stands nowhere for the other.
//
// Proves: B6.2, B8.11
func TestWhoAsksForAnotherIsAskedForBoth(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		first, ways := maps.Clone(safe), maps.Clone(contact)
		first["who"], ways["agreed"] = "known", "agrees"
		b := w.anyone(t)
		last := steps(t, b, first, ways)
		last.OK(t).Says(t, "A safe telephone number of theirs", "How can the service reach you?")
		steps(t, b, first, ways, map[string]string{"name": "Maya", "danger": "no", "asker": "Sam Neighbour", "back": "07700 900456"}).Invalid(t, "number")
		typed := map[string]string{"name": "Maya", "number": "07700 900123", "danger": "no", "asker": "Sam Neighbour", "role": "Lives above", "back": "07700 900456", "text": "Shouting"}
		check := steps(t, b, first, ways, typed).OK(t)
		cards := check.Select("main .govuk-summary-card")
		if len(cards) != 2 {
			t.Fatalf("%d cards", len(cards))
		}
		values := check.FormValues(t, `main form[novalidate]`)
		values.Set("step", "send")
		b.Post("/ask/form", values).OK(t).Says(t, "within two working days", "You will not be told")
		idva := w.as(t, casestest.IDVA)
		page := idva.Get(idva.Get(intakeweb.Inbox).OK(t).Select("main table tbody a").Attrs("href")[0]).OK(t)
		cards = page.Select("main .govuk-summary-card")
		for i, want := range [][2]string{{"07700 900123", "07700 900456"}, {"07700 900456", "07700 900123"}} {
			if text := cards[i].Text(); !strings.Contains(text, want[0]) || strings.Contains(text, want[1]) {
				t.Errorf("card %d: %s", i, text)
			}
		}
		page.Says(t, "Whoever asked is told nothing of what becomes of it", "Yes, and they want it")
	})
}
