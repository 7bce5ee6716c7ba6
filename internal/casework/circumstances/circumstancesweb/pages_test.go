package circumstancesweb_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	circumstancescontent "waymark/content/circumstances"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/circumstances/circumstancesweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

// world is a partnership with the pages of circumstances.
type world struct {
	*casestest.World
	site *webtest.Site
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, circumstances.Rules())
		guide, err := circumstances.ParseGuide(circumstancescontent.Circumstances)
		if err != nil {
			t.Fatal(err)
		}
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := circumstancesweb.New(circumstances.New(w.Cases, w.Guard, guide, circumstances.Config{}), w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
		site := webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()}})
		fn(t, world{w, site})
	})
}

func (w world) as(t *testing.T, who string) *webtest.Browser {
	t.Helper()
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

func (w world) date(form url.Values, name string, days int) {
	d := w.Clock.Now().AddDate(0, 0, days)
	form.Set(name+"-day", d.Format("2"))
	form.Set(name+"-month", d.Format("1"))
	form.Set(name+"-year", d.Format("2006"))
}

// A circumstance is written, its pointer followed, and another version stands
// above the first. B9.12, B9.16.
func TestACircumstanceFromThePage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		all := f.Path() + "/circumstances"
		b.Get(f.Path()).OK(t).Says(t, "Circumstances", "None is recorded")
		b.Get(all).OK(t).Says(t, "None is recorded.", "Nothing is recorded of a marriage.")
		form := url.Values{"kind": {"drugs"}, "what": {"He gives them to me."}}
		b.Post(all+"/new", form).Invalid(t, "raised", "bearing").Says(t, "He gives them to me.")
		form.Set("raised", "person")
		form.Set("bearing", "bears")
		form.Set("how", "She owes him for it.")
		b.Post(all+"/new", form).SeeOther(t, all+"?done=told").Follow(t).Says(t, "It is recorded", "He gives them to me.", "Drugs: above the age of 16")
		again := b.Get(all).Click(t, "Their own drug use").OK(t).Says(t, "Versions", "Is it used to discredit or to hold them?")
		values := again.FormValues(t, "main form")
		values.Set("how", "She owes him no more.")
		values.Set("bearing", "not_now")
		to := again.One(t, "main form").Attr("action")
		b.Post(to, values).SeeOther(t, all+"?done=told")
		b.Post(to, values).Conflict(t)
		b.Get(to).OK(t).Says(t, "She owes him no more.", "She owes him for it.")

		pointer := b.Get(all+"/advice?about=drugs").OK(t).Says(t, "B9.16", "over 16", "The directory has none.")
		b.Get(all+"/advice?about=no_recourse").OK(t).Says(t, "Fictional Haven Service, Advocates")
		values = pointer.FormValues(t, "main form")
		values.Set("answer", "told")
		b.Post(all+"/advice?about=drugs", values).SeeOther(t, all+"?done=pointed").Follow(t).Says(t, "The person was told where advice is to be had", "Fictional idva")
		b.Get(all + "/advice?about=moon").NotThere(t)
	})
}

// Where both are said to have harmed, somebody judges, a manager says what they
// think of it, and the case stays where it is.
func TestWhoDoesWhatToWhomFromThePage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		all := f.Path() + "/circumstances"
		b.Post(all+"/reports", url.Values{}).Invalid(t, "direction", "sort", "source", "what", "fear", "injury", "control")
		for _, direction := range []string{"to_person", "by_person"} {
			b.Post(all+"/reports", url.Values{
				"direction": {direction}, "sort": {"physical"}, "source": {"police"}, "what": {"A push at the door."}, "fear": {"yes"}, "injury": {"not_known"}, "control": {"no"},
			}).SeeOther(t, all+"?done=report")
		}
		b.Get(all).OK(t).Says(t, "Each is said to have harmed the other", "Fear: yes. Injury: not known. Control: no")
		b.Post(all+"/judgement", url.Values{"verdict": {"person_harms"}}).Invalid(t, "fear", "control", "reason").Says(t, "Enter a day to come")
		form := url.Values{"verdict": {"person_harms"}, "fear": {"He is afraid of her."}, "control": {"She keeps his money."}, "reason": {"The pattern of a year."}}
		w.date(form, "review_on", 20)
		b.Post(all+"/judgement", form).SeeOther(t, all+"?done=judged").Follow(t).Says(t, "It changes nothing by itself", "Not given yet").SaysNot(t, "Give a second opinion")
		b.Get(all + "/opinion").Denied(t)
		b.Get(all + "/side").Denied(t)

		boss := w.as(t, casestest.HavenManager)
		page := boss.Get(all).OK(t).Click(t, "Give a second opinion").OK(t).Says(t, "The pattern of a year.")
		values := page.FormValues(t, "main form")
		boss.Post(all+"/opinion", values).Invalid(t, "agrees", "reason")
		values.Set("agrees", "no")
		values.Set("reason", "One night is not a pattern.")
		boss.Post(all+"/opinion", values).SeeOther(t, all+"?done=opinion").Follow(t).Says(t, "Not agreed. One night is not a pattern.").SaysNot(t, "Give a second opinion")
		boss.Post(all+"/side", url.Values{"text": {"She stays where she is."}}).SeeOther(t, all+"?done=side")
		boss.Get(f.Path()).OK(t).Says(t, "She stays where she is.")
		w.Clock.Advance(40 * 24 * time.Hour)
		w.as(t, casestest.IDVA).Get(all).OK(t).Says(t, "overdue")
	})
}

// What is kept close is read by those who work on the case by name.
func TestAForcedMarriageAndCapacityFromThePage(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		b := w.as(t, casestest.IDVA)
		all := f.Path() + "/circumstances"
		b.Post(all+"/marriage", url.Values{"stands": {"arranged"}, "agreement": {"refuses"}}).Invalid(t, "stands")
		values := b.Get(all+"/marriage").OK(t).Says(t, "An arranged marriage to which both freely agree is something else").FormValues(t, "main form")
		values.Set("stands", "threatened")
		values.Set("agreement", "cannot")
		values.Set("what", "They have bought a ticket.")
		values.Set("never", "Her aunt")
		b.Post(all+"/marriage", values).SeeOther(t, all+"?done=marriage").Follow(t).Says(t, "Never go through family", "no capacity note is written", "Refer to safeguarding", "Her aunt")
		b.Get(f.Path()).OK(t).Says(t, "Never go through family")
		b.Post(all+"/capacity", url.Values{"result": {"lacks"}}).Invalid(t, "decision", "which", "by", "role", "reasons", "best", "advocate")
		note := url.Values{
			"decision": {"marry"}, "which": {"Whether to marry in May"}, "result": {"lacks"}, "by": {"Dr Ash (fictional)"}, "role": {"Social worker"}, "reasons": {"She could not say what a marriage is."},
			"best": {"yes"}, "advocate": {"not_known"},
		}
		w.date(note, "on", -3)
		b.Post(all+"/capacity", note).SeeOther(t, all+"?done=capacity").Follow(t).Says(t, "Whether to marry in May", "Dr Ash").SaysNot(t, "no capacity note is written")
		w.as(t, casestest.Colleague).Get(all).OK(t).Says(t, "A note is kept apart", "Never go through family").SaysNot(t, "Whether to marry in May")
		w.as(t, casestest.Nurse).Get(all).NotThere(t)
	})
}

// identifiers are what differs between two cases that are alike.
var identifiers = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|Case \d+`)

// asked is everything that the pages of a case ask and prompt, and what they
// say is due.
func (w world) asked(b *webtest.Browser, f *cases.File) string {
	var out strings.Builder
	for _, page := range []string{"", "/new", "/marriage", "/capacity", "/reports", "/judgement", "/advice?about=hiv", "/advice?about=forced_marriage"} {
		a := b.Get(f.Path() + "/circumstances" + page)
		out.WriteString(page + "\n" + a.Title() + a.Text() + "\n")
	}
	return identifiers.ReplaceAllString(out.String(), "…")
}

// Whatever is written of gender and of whom somebody loves, the same is asked,
// the same stands on the pages, and the same is due.
//
// Proves: B7.24, B9.12
func TestNothingThatIsAskedOrDueDependsOnGenderOrOrientation(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		b, actor := w.as(t, casestest.IDVA), w.Actor(t, casestest.IDVA)
		person := func(gender, needs string) string {
			d := people.Details{GivenName: "Robin", FamilyName: "Example", Born: "1991-03-27", Gender: gender, AccessNeeds: needs}
			f := w.BeginFor(t, actor, d, cases.Experiencing)
			b.Post(f.Path()+"/circumstances/marriage", url.Values{"stands": {"threatened"}, "agreement": {"refuses"}, "what": {"In spring."}}).SeeOther(t, f.Path()+"/circumstances?done=marriage")
			var due []string
			for _, task := range w.inbox(t, actor.Account, f.ID()) {
				due = append(due, string(task.Kind)+" "+task.Due)
			}
			return w.asked(b, f) + strings.Join(due, "\n")
		}
		first := person("", "")
		if !strings.Contains(first, "refer_safeguarding") || !strings.Contains(first, "Discrimination or prejudice") {
			t.Fatal("the pages ask nothing")
		}
		known := []string{"Woman", "Man", "Non-binary", "A trans woman", "A trans man", "Lesbian", "Gay", "Bisexual", "A man who loves men", "Straight", "Intersex", "Prefers not to say"}
		rapid.Check(t, func(rt *rapid.T) {
			gender := rapid.OneOf(rapid.SampledFrom(known), rapid.StringMatching(`[A-Za-z ,]{0,30}`)).Draw(rt, "gender")
			needs := rapid.OneOf(rapid.SampledFrom(known), rapid.Just("")).Draw(rt, "orientation, written where there is room")
			if got := person(gender, needs); got != first {
				rt.Errorf("somebody who is %q and %q is asked, or due, something else", gender, needs)
			}
		})
	})
}

func (w world) inbox(t *testing.T, account string, f cases.ID) []cases.Task {
	t.Helper()
	var out []cases.Task
	list, err := w.Cases.Inbox(t.Context(), w.Actor(t, casestest.IDVA), "", cases.Task{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range list {
		if task.File == f && task.Account == account {
			out = append(out, task)
		}
	}
	return out
}
