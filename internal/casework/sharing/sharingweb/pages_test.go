package sharingweb_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/sharing/sharingweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	Sharing *sharing.Service
	Site    *webtest.Site
}

// nothing is in force.
type nothing struct{}

func (nothing) InForce(context.Context, *store.Tx) (*agreements.Set, error) {
	return agreements.NewSet(), nil
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, sharing.Rules())}
		w.Sharing = sharing.New(db, w.Guard, w.Cases, sharing.Config{Agreements: nothing{}})
		home := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := sharingweb.New(w.Sharing, w.Cases, w.Directory, func() string { return clock.Now().Format(time.DateOnly) }, home.Bar)
		home.AddWaiting(pages.Tiles)
		home.AddPressing(pages.Home)
		w.Site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{home.Routes(), pages.Routes()}})
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

// sent sends something urgent, at once when now says so.
func (w *world) sent(t *testing.T, now bool) (*cases.File, sharing.ID) {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	n := sharing.NewShare{
		Reason: sharing.Referral, To: sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Urgent: true, ActNow: now,
		Protects: "Maya and her baby", Harm: "threats at home", Danger: "He opens her post", Basis: sharing.PublicTask, Rationale: "They need this to call her",
		Views:   sharing.Views{Asked: sharing.Opposes, Words: "Not my sister", Present: "nobody else", Informed: sharing.Unsafe, NotTold: "He has her phone", TellOn: "2026-03-20"},
		Grounds: sharing.Grounds{CourtOrder: true, Incapacity: true},
		Items:   []sharing.Item{{Kind: sharing.SaidItem, Title: "What she said", Text: "He reads all my messages"}, {Kind: sharing.ContactItem, Title: "How to reach her", Text: "07700 900123"}},
		Person:  people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27", Gender: "woman", Language: "Dari", AccessNeeds: "A ground floor"},
	}
	must(t, w.Sharing.MaySend(t.Context(), f))
	var id sharing.ID
	must(t, w.Cases.Change(t.Context(), f, sharing.ActSend, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.Sharing.SendTx(ctx, tx, f, n)
		return err
	}))
	return f, id
}

// The page that is checked shows every word that goes with a correction, and what
// was taken out does not go.
// Proves: B6.11, B6.20
func TestACorrectionIsCheckedWholeBeforeItGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t, false)
		nurse := w.as(t, casestest.Nurse)
		story := nurse.Get(f.Path()+"/sharing").OK(t).Click(t, "Referral, 2 March 2026, 9:00am").OK(t)
		form := story.Click(t, "Correct what was sent").OK(t)
		form.FillAndSubmit(t, map[string]string{"wrong": ""}).Invalid(t, "wrong")
		check := form.FillAndSubmit(t, map[string]string{"wrong": "The number", "item1": ""}).OK(t)
		check.SaysNot(t, "07700 900123")
		send := check.Form(t, "main form").Press("Send the correction").SeeOther(t, "")
		send.Follow(t).OK(t).Says(t, "Puts right", "The correction is sent")
		held, err := w.Sharing.Copy(t.Context(), f, id)
		must(t, err)
		sent, err := w.Sharing.Sent(t.Context(), f)
		must(t, err)
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), sent[0].ID)
		must(t, err)
		c := p.Content()
		if c.Item(sharing.ContactItem) != "" || p.Share().Corrects != held.ID {
			t.Errorf("%+v", p.Share())
		}
		words := []string{
			c.Protects, c.Harm, c.Danger, c.Rationale, c.Views.Words, c.Views.Present, c.Views.NotTold, "20 March 2026", c.Person.Name(), "27 March 1991", c.Person.Gender, c.Person.Language,
			c.Person.AccessNeeds, p.Share().Basis.Label(), p.Share().Asked.Label(), p.Share().Informed.Label(), "No sharing agreement is in force",
		}
		words = append(words, p.Share().Grounds.Labels()...)
		for _, i := range c.Items {
			words = append(words, i.Title, i.Text)
		}
		check.Says(t, words...)
	})
}

// What is urgent is on the sender's first page until somebody acknowledges it; who is
// asked there tells the sender what they did; nobody else finds it.
// Proves: B6.31
func TestTheFirstPageKeepsWhatIsUrgent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t, false)
		w.Clock.Advance(90 * time.Minute)
		nurse := w.as(t, casestest.Nurse)
		nurse.Get("/home").OK(t).Says(t, "Urgent, and nobody has acknowledged it", "Escalated to a manager there", "Advocates, Fictional Haven Service")
		manager := w.as(t, casestest.HavenManager)
		manager.Get("/home").OK(t).Says(t, "Not acknowledged")
		list := manager.Get("/sharing/unanswered").OK(t)
		list.Says(t, "Urgent: Referral", "Fictional Hospital Trust")
		list.SaysNot(t, "Maya", "He reads all")
		list.FillAndSubmit(t, map[string]string{"words": ""}).Says(t, "Enter what you did")
		list.FillAndSubmit(t, map[string]string{"words": "I called the office"}).SeeOther(t, "").Follow(t).OK(t).Says(t, "Last seen to")
		w.as(t, casestest.TrustManager).Get("/sharing/unanswered").OK(t).Says(t, "Nothing waits for you")
		p, err := w.Sharing.Receive(t.Context(), w.Actor(t, casestest.IDVA), id)
		must(t, err)
		must(t, w.Sharing.Acknowledge(t.Context(), p, nil))
		nurse.Get("/home").OK(t).SaysNot(t, "nobody has acknowledged it")
		nurse.Get(f.Path()+"/sharing/"+string(id)).OK(t).Says(t, "Fictional idva", "Opened it")
	})
}

// Proves: B6.13, B6.28
func TestAdviceAndReasonsAreWrittenOnTheirPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t, true)
		nurse, contact := w.as(t, casestest.Nurse), w.as(t, casestest.KeyContact)
		story := nurse.Get(f.Path() + "/sharing/" + string(id)).OK(t)
		story.FillAndSubmit(t, map[string]string{"rationale": ""}).Invalid(t, "basis", "rationale", "views")
		story.FillAndSubmit(t, map[string]string{"basis": "vital_interests", "rationale": "He was at the door", "views": "She was glad"}).SeeOther(t, "").Follow(t).OK(t).
			Says(t, "He was at the door", "She was glad", "Vital interests")
		asking := nurse.Get(f.Path() + "/sharing").OK(t)
		asking.FillAndSubmit(t, map[string]string{"question": ""}).Invalid(t, "question")
		asking.FillAndSubmit(t, map[string]string{"question": "May I tell the school?", "about": string(w.Haven.ID)}).SeeOther(t, "").Follow(t).OK(t).Says(t, "May I tell the school?", "None yet")
		contact.Get("/home").OK(t).Says(t, "Advice asked for")
		question := contact.Get("/sharing/advice").OK(t)
		question.SaysNot(t, "Maya", "May I tell")
		answer := contact.Get(question.Select("main table a").Attrs("href")[0]).OK(t)
		answer.Says(t, "May I tell the school?")
		answer.FillAndSubmit(t, map[string]string{"says": "share", "answer": "Yes, and tell her"}).SeeOther(t, "").Follow(t).OK(t).Says(t, "Nothing waits")
		nurse.Get(f.Path()+"/sharing").OK(t).Says(t, "Share it", "Fictional keycontact", "Yes, and tell her")
		review := contact.Get("/sharing/reviews").OK(t)
		review.Says(t, "No agreement")
		if path := question.Select("main table a").Attrs("href")[0]; !strings.HasPrefix(path, "/sharing/advice/") {
			t.Errorf("it leads to %s", path)
		}
		contact.Get(review.Select("main table a").Attrs("href")[0]).OK(t).Says(t, "No agreement in force between the two agencies", "the two agencies need an agreement")
	})
}

// What was sent at once is not put right at once without being asked: the page wants
// the reasons, or says again that there is no time.
// Proves: B6.20
func TestACorrectionOfWhatWasSentAtOnceWantsItsReasons(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, id := w.sent(t, true)
		nurse := w.as(t, casestest.Nurse)
		path := f.Path() + "/sharing/" + string(id) + "/correct"
		form := nurse.Get(path).OK(t)
		form.FillAndSubmit(t, map[string]string{"wrong": ""}).Invalid(t, "wrong")
		views := form.FillAndSubmit(t, map[string]string{"wrong": "The number", "rationale": ""}).OK(t).Says(t, "step 2 of 4")
		views.FillAndSubmit(t, map[string]string{"tell_on-year": "2020"}).Invalid(t).Says(t, "Enter a day within the next year")
		basis := views.FillAndSubmit(t, map[string]string{"asked": "agrees", "present": "nobody else", "informed": "yes"}).OK(t).Says(t, "step 3 of 4")
		short := basis.Form(t, "main form").Press("Act now, justify after").OK(t).Says(t, "What is put right?")
		short.Form(t, "main form").Submit().OK(t).Says(t, "exactly what goes", "Sent at once, to be justified after")
		check := basis.FillAndSubmit(t, map[string]string{"basis": "public_task", "rationale": "They need the right number"}).OK(t)
		check.Form(t, "main form").Press("Change the basis").OK(t).Says(t, "step 3 of 4").Form(t, "main form").Press("Go back to the check").OK(t).Says(t, "step 4 of 4")
		check.Says(t, "They need the right number", "nobody else").SaysNot(t, "Sent at once, to be justified after")
		check.Form(t, "main form").Press("Send the correction").SeeOther(t, "")
		sent, err := w.Sharing.Sent(t.Context(), f)
		must(t, err)
		if sent[0].ActedNow || sent[0].Urgent || sent[0].Basis != sharing.PublicTask {
			t.Errorf("%+v", sent[0])
		}
	})
}

// An administrator and a key contact set when people are asked; what is out of its
// bounds comes back, and what was set is listed by name.
func TestTheTimesAreSetOnTheirPage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		form := w.as(t, casestest.TrustAdmin).Get("/sharing/times").OK(t)
		form.Says(t, "Nothing is set")
		form.FillAndSubmit(t, map[string]string{"urgent_manager": "20"}).Invalid(t, "urgent_manager")
		form.FillAndSubmit(t, map[string]string{"urgent_contact": "soon"}).Invalid(t, "urgent_contact")
		form.FillAndSubmit(t, map[string]string{"urgent_manager": "45"}).SeeOther(t, "").Follow(t).OK(t).Says(t, "The times are set", "a manager after 45")
		w.as(t, casestest.KeyContact).Get("/sharing/times").OK(t).Says(t, "a manager after 45")
		w.as(t, casestest.HavenContact).Get("/sharing/times").OK(t).Says(t, "Nothing is set")
	})
}
