package rightsweb_test

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/rights/rightsweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	rights *rights.Service
	site   *webtest.Site
}

// each builds the partnership behind a frame, on each engine.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, rights.Rules())}
		w.rights = rights.New(db, w.Guard, w.Cases, w.Registry)
		desk := casesweb.New(w.Cases, w.Directory, clock.Now)
		pages := rightsweb.New(w.rights, w.Cases, w.Directory, desk.Bar)
		desk.Add(pages.Panel)
		w.site = webtest.New(t, webtest.Options{
			DB: db, Clock: clock, Guard: w.Guard, Auth: w.Auth, Routes: [][]web.Route{desk.Routes(), pages.Routes()},
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
	return w.site.SignedIn(t, w.Actor(t, who).Account)
}

func (w *world) note(t *testing.T, f *cases.File, text string) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-01-02", Text: text})
		return err
	}))
}

// request is a request of the person, confirmed or not.
func (w *world) request(t *testing.T, f *cases.File, kind cases.RequestKind, confirmed bool) string {
	t.Helper()
	must(t, w.Cases.Receive(t.Context(), f, cases.NewRequest{Kind: kind, Came: cases.InWriting, Words: "Please.", Present: "Not known"}))
	var list []cases.Request
	must(t, w.World.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.Cases.Requests(ctx, tx, f)
		return err
	}))
	if confirmed {
		must(t, w.Cases.Confirm(t.Context(), f, list[0].ID, cases.Confirmation{Version: 1, Theirs: true, How: cases.FaceToFace, Words: "Yes.", Alone: true}))
	}
	return list[0].ID
}

var talk = map[string]string{"pressed": "no", "holding": "yes", "seen_by": "Nobody", "talk": "She keeps it at work."}

func with(m map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	for k, v := range m {
		if k != name {
			out[k] = v
		}
	}
	return out
}

// begun is the page of a working copy on which nothing was done yet.
func (w *world) begun(t *testing.T, f *cases.File, b *webtest.Browser) *webtest.Answer {
	t.Helper()
	w.request(t, f, cases.RecordAccess, true)
	return b.Get(f.Path()+"/copies").OK(t).Form(t, "main form").Submit().SeeOther(t, "").Follow(t).OK(t)
}

// do presses a button of a working copy that stands in a form by itself.
func do(t *testing.T, b *webtest.Browser, page *webtest.Answer, act string, more ...string) *webtest.Answer {
	t.Helper()
	for _, form := range page.Select("main form") {
		if hidden := form.Select("input[name=do]"); len(hidden) == 1 && hidden[0].Attr("value") == act {
			v := url.Values{"do": {act}, "version": form.Select("input[name=version]").Attrs("value")}
			for i := 0; i+1 < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return b.Post(form.Attr("action"), v)
		}
	}
	t.Fatalf("the page does not offer to %s", act)
	return nil
}

// offers tells whether a page has a form for an act.
func offers(page *webtest.Answer, act string) bool {
	return slices.Contains(page.Select("main form input[name=do]").Attrs("value"), act)
}

// collected is the page of a working copy that was collected.
func (w *world) collected(t *testing.T, f *cases.File, b *webtest.Browser, said map[string]string) *webtest.Answer {
	t.Helper()
	page := w.begun(t, f, b).FillAndSubmit(t, said).SeeOther(t, "").Follow(t).OK(t)
	return do(t, b, page, "collect").SeeOther(t, "").Follow(t).OK(t)
}

// submitted is the page of a working copy in which everything about somebody
// else is left out; of one note, some words.
func (w *world) submitted(t *testing.T, f *cases.File, b *webtest.Browser, said map[string]string) *webtest.Answer {
	t.Helper()
	page := w.collected(t, f, b, said)
	for {
		open := ""
		for _, card := range page.Select(".app-working section") {
			if strings.Contains(card.Text(), "To be decided") {
				open = card.Select("a").Attrs("href")[0]
				break
			}
		}
		if open == "" {
			return do(t, b, page, "submit").SeeOther(t, "").Follow(t).OK(t)
		}
		piece := b.Get(open).OK(t)
		choice := map[string]string{"decision": "withhold", "reason": "about_other", "note": "It is about him."}
		if strings.Contains(piece.Text(), "Ysolde let him in") {
			choice = map[string]string{"decision": "part", "cuts": "Ysolde let him in.", "reason": "about_other", "note": "She was not asked."}
		}
		piece.FillAndSubmit(t, choice).SeeOther(t, "")
		page = b.Get(strings.Split(open, "/pieces/")[0]).OK(t)
	}
}

func (w *world) told(t *testing.T) *cases.File {
	t.Helper()
	f := w.Begin(t, w.Actor(t, casestest.Nurse))
	w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Ysolde", FamilyName: "Quarrel"})
	w.note(t, f, "He came at night. Ysolde let him in.")
	w.note(t, f, "Ysolde Quarrel drinks.")
	w.note(t, f, "She sleeps badly.")
	return f
}

// Coercion is asked about first: before the talk nothing is collected, and
// nothing begins on a request that the person has not confirmed alone.
//
// Proves: B6.9
func TestTheTalkComesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse := w.told(t), w.as(t, casestest.Nurse)
		request := w.request(t, f, cases.RecordAccess, false)
		list := nurse.Get(f.Path() + "/copies").OK(t)
		if len(list.Select("main form")) != 0 {
			t.Error("a request that nobody confirmed can be begun")
		}
		list.Says(t, "Confirm it with the person, on their own")
		nurse.Post(f.Path()+"/copies", url.Values{"request": {request}}).Is(t, 422).Says(t, "has not confirmed this request")
		nurse.Post(f.Path()+"/copies", url.Values{"request": {"made-up"}}).NotThere(t)

		page := w.begun(t, f, nurse)
		page.Says(t, "First, talk with the person", "Is somebody making them ask?", "Ask when they are alone")
		if offers(page, "collect") || offers(page, "submit") || offers(page, "release") {
			t.Error("something is offered before the talk")
		}
		// Whoever sends it all the same is told to talk first.
		v := url.Values{"do": {"collect"}, "version": page.Select("input[name=version]").Attrs("value")[:1]}
		nurse.Post(page.Select("main form").Attrs("action")[0], v).Conflict(t)

		typed := with(with(talk, "pressed", ""), "talk", "")
		delete(typed, "pressed")
		bad := page.FillAndSubmit(t, typed).Invalid(t, "pressed", "talk")
		if v := bad.FormWith(t, "pressed", "talk").Values(); v.Get("holding") != "yes" || v.Get("seen_by") != "Nobody" {
			t.Errorf("after a fault: %v", v)
		}
		for _, form := range bad.Select("main form") {
			if form.Attr("autocomplete") != "off" {
				t.Errorf("the browser keeps what is typed into %s", form.Text())
			}
		}
		bad.FillAndSubmit(t, talk).SeeOther(t, "").Follow(t).OK(t).Says(t, "What they said is recorded", "She keeps it at work.")
	})
}

// A copy is prepared by one and given by another. On the working copy what is
// left out stands struck through with its reason; on the copy given nothing
// shows that it ever stood.
//
// Proves: B6.9, B6.26
func TestTheJourneyOfACopy(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse := w.told(t), w.as(t, casestest.Nurse)
		page := w.submitted(t, f, nurse, talk)
		page.Says(t, "You had a hand in preparing it", "Left out because", "It is about him.", "She was not asked.")
		if !slices.ContainsFunc(page.Select("del").Texts(), func(s string) bool { return strings.Contains(s, "Ysolde let him in.") }) {
			t.Errorf("struck through is %v", page.Select("del").Texts())
		}
		if offers(page, "release") {
			t.Error("whoever prepared it may give it")
		}
		path := page.Select(`main form input[name=do]`)
		if len(path) == 0 {
			t.Fatal("the page has no form")
		}
		address := strings.Split(page.Select("main form").Attrs("action")[0], "?")[0]
		version := page.Select("input[name=version]").Attrs("value")[:1]
		nurse.Post(address, url.Values{"do": {"release"}, "version": version, "given": {"handed"}}).Denied(t)
		nurse.Get(address + "/given").NotThere(t)

		second := w.as(t, casestest.Receptionist)
		read := second.Get(address).OK(t)
		read.Says(t, "You are the second person")
		do(t, second, read, "release").Invalid(t, "given")
		do(t, second, read, "back").Invalid(t, "why")
		back := do(t, second, read, "back", "why", "Read the second note again.").SeeOther(t, "").Follow(t).OK(t)
		back.Says(t, "Read the second note again.")
		again := do(t, nurse, nurse.Get(address).OK(t), "submit").SeeOther(t, "").Follow(t).OK(t)
		_ = again
		released := do(t, second, second.Get(address).OK(t), "release", "given", "handed").SeeOther(t, "").Follow(t).OK(t)
		released.Says(t, "The copy is released", "It is handed to them, alone")

		given := released.Click(t, "The copy, to print").OK(t)
		given.Says(t, "He came at night.", "She sleeps badly.", "Maya")
		file := released.Click(t, "as a plain file").OK(t)
		for _, body := range []string{given.Body, file.Body} {
			for _, trace := range []string{"Ysolde", "Quarrel", "let him in", "drinks", "<del", "Left out", "It is about him", "not asked", "withh", "redact", "[", "█"} {
				if main := body[strings.Index(body, "Copy of a record"):]; strings.Contains(strings.Split(main, "</main>")[0], trace) {
					t.Errorf("the copy has %q", trace)
				}
			}
		}
		if d := file.Header.Get("Content-Disposition"); d != `attachment; filename="copy.txt"` {
			t.Errorf("it comes as %q", d)
		}
		do(t, second, read, "release", "given", "handed").Conflict(t) // sent twice
	})
}

// The copy of a case in which something is left out is that of a case in which
// it never stood.
//
// Proves: B6.26
func TestTheCopyIsThatOfACaseInWhichItNeverStood(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse, second := w.as(t, casestest.Nurse), w.as(t, casestest.Receptionist)
		var texts []string
		for _, told := range []bool{true, false} {
			f := w.Begin(t, w.Actor(t, casestest.Nurse))
			w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Ysolde", FamilyName: "Quarrel"})
			if told {
				w.note(t, f, "Ysolde Quarrel drinks.")
				w.note(t, f, "He came at night. Ysolde let him in.")
			} else {
				w.note(t, f, "He came at night.")
			}
			w.note(t, f, "She sleeps badly.")
			address := w.submitted(t, f, nurse, talk).Select("main form").Attrs("action")[0]
			released := do(t, second, second.Get(address).OK(t), "release", "given", "handed").SeeOther(t, "").Follow(t).OK(t)
			text := released.Click(t, "as a plain file").OK(t).Body
			texts = append(texts, regexp.MustCompile(`Mark: [0-9A-F-]+`).ReplaceAllString(text, "Mark"))
		}
		if texts[0] != texts[1] {
			t.Errorf("with something left out:\n%s\nwhere it never stood:\n%s", texts[0], texts[1])
		}
	})
}

// While somebody makes them ask nothing is given, and it is said on the page.
func TestNothingIsGivenUnderPressure(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse, second := w.told(t), w.as(t, casestest.Nurse), w.as(t, casestest.Receptionist)
		page := w.submitted(t, f, nurse, with(talk, "pressed", "yes"))
		page.Says(t, "Somebody is making them ask. Nothing can be given.")
		address := page.Select("main form").Attrs("action")[0]
		do(t, second, second.Get(address).OK(t), "release", "given", "read_here").Invalid(t, "given")
		do(t, nurse, nurse.Get(address).OK(t), "end").Invalid(t, "end_why")
		do(t, nurse, nurse.Get(address).OK(t), "end", "end_why", "She took it back.").SeeOther(t, "").Follow(t).OK(t).Says(t, "Nothing is given", "She took it back.")
	})
}

// The reply that neither confirms nor denies is byte for byte the same whether
// or not anything is held, reads nothing about anybody, and asks for no name.
//
// Proves: B6.26
func TestTheReplySaysTheSameWhateverIsHeld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nurse := w.as(t, casestest.Nurse)
		reply := func() *webtest.Answer {
			t.Helper()
			var a *webtest.Answer
			for _, e := range w.site.Ledger(t, func() { a = nurse.Get("/records/reply").OK(t) }) {
				for _, s := range e.Subjects {
					if s.Kind == "case" || s.Kind == "person" {
						t.Errorf("it read about %v", s)
					}
				}
			}
			return a
		}
		empty := reply()
		empty.Says(t, "We neither confirm nor deny that we hold any", "Do not look first", "within one month")
		if n := len(empty.Select("main form, main input")); n != 0 {
			t.Errorf("it asks for %d things", n)
		}
		f := w.told(t)
		w.request(t, f, cases.RecordAccess, true)
		held := reply()
		if empty.Select("main article").Text() != held.Select("main article").Text() || empty.Text() != held.Text() || empty.Queries != held.Queries {
			t.Error("the reply differs with what is held")
		}
		nurse.Get(f.Path()+"/copies").OK(t).Click(t, "a reply that neither confirms nor denies").OK(t)
	})
}

// The time for the answer stands still and is lengthened on the page, with the
// reason; what was typed wrongly stays where it was typed.
func TestTheTimeForTheAnswerOnThePage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse := w.told(t), w.as(t, casestest.Nurse)
		page := w.begun(t, f, nurse)
		page.Says(t, "The answer is due on 2 April 2026", "2 March 2026")
		bad := do(t, nurse, page, "stop", "stop", "clarification", "stop_why", "", "stop_since-day", "1", "stop_since-month", "3", "stop_since-year", "2026").Invalid(t, "stop_why")
		if v := bad.FormWith(t, "stop_why").Values(); v.Get("stop") != "clarification" || v.Get("stop_since-year") != "2026" || v.Get("stop_since-day") != "1" {
			t.Errorf("after a fault: %v", v)
		}
		early := bad.FormWith(t, "stop_why").Fill(map[string]string{"stop_why": "Which years?"}).Submit().Invalid(t, "stop_since")
		stopped := early.FormWith(t, "stop_why").Fill(map[string]string{"stop_since-day": "2"}).Submit().SeeOther(t, "").Follow(t).OK(t)
		stopped.Says(t, "The time for the answer stands still", "Which years?")
		nurse.Get("/records").OK(t).Says(t, "Stands still")
		w.Clock.Advance(3 * 24 * time.Hour)
		nurse = w.as(t, casestest.Nurse)
		stopped = nurse.Get(stopped.Select("main form").Attrs("action")[0]).OK(t)
		late := stopped.FormWith(t, "until-day").Fill(map[string]string{"until-day": "9", "until-month": "3", "until-year": "2026"}).Submit().Invalid(t, "until")
		on := late.FormWith(t, "until-day").Fill(map[string]string{"until-day": "5"}).Submit().SeeOther(t, "").Follow(t).OK(t)
		on.Says(t, "The answer is due on 6 April 2026") // the 5th is a Sunday

		more := on.FormWith(t, "more_why").Fill(map[string]string{"ground": "complex", "more_why": "Nine years of notes."}).Submit().Invalid(t, "told")
		form := more.FormWith(t, "more_why")
		if v := form.Values(); v.Get("ground") != "complex" || v.Get("more_why") != "Nine years of notes." {
			t.Errorf("after a fault: %v", v)
		}
		form.Check("told", "yes")
		longer := form.Submit().SeeOther(t, "").Follow(t).OK(t)
		longer.Says(t, "2 months more", "Nine years of notes.", "The answer is due on 5 June 2026")
		if offers(longer, "more") {
			t.Error("more time is offered twice")
		}
	})
}

func TestWhatIsWrongAboutAPieceIsSaidWhereItWasTyped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse := w.told(t), w.as(t, casestest.Nurse)
		page := w.collected(t, f, nurse, talk)
		do(t, nurse, page, "submit").Is(t, 422).Says(t, "Decide about every piece first")
		open := page.Select(".app-working section a").Attrs("href")
		piece := nurse.Get(open[len(open)-1]).OK(t)
		piece.FillAndSubmit(t, map[string]string{"decision": "withhold"}).Invalid(t, "reason", "note")
		bad := piece.FillAndSubmit(t, map[string]string{"decision": "part", "cuts": "words that are not there", "reason": "harm", "note": "Because."}).Invalid(t, "cuts")
		if v := bad.FormValues(t, "main form"); v.Get("cuts") != "words that are not there" || v.Get("reason") != "harm" || v.Get("note") != "Because." || v.Get("decision") != "part" {
			t.Errorf("after a fault: %v", v)
		}
		webtest.CheckAutocompleteOff(t, bad, "main form")
	})
}

// A legal hold stops destruction, on the page and behind it; without one a
// manager reviews and somebody else destroys, and says so twice.
func TestAHoldStopsDestruction(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.told(t)
		nurse, contact := w.as(t, casestest.Nurse), w.as(t, casestest.KeyContact)
		path := f.Path() + "/keeping"
		do(t, nurse, nurse.Get(path).OK(t), "hold", "hold_words", "The inquiry asked.").Invalid(t, "hold")
		held := do(t, nurse, nurse.Get(path).OK(t), "hold", "hold", "inquiry", "hold_words", "The inquiry asked.").SeeOther(t, "").Follow(t).OK(t)
		held.Says(t, "A public inquiry", "The inquiry asked.", "As long as a legal hold stands")
		if offers(held, "lift") {
			t.Error("a worker may lift it")
		}
		do(t, nurse, held, "close", "why", "The work has ended.").SeeOther(t, "")

		decide := map[string]string{"kind": "experiencing", "months": "soon", "authority": "Policy of the trust"}
		bad := contact.Get("/records").OK(t).FillAndSubmit(t, decide).Invalid(t, "months")
		if v := bad.FormWith(t, "months").Values(); v.Get("months") != "soon" || v.Get("kind") != "experiencing" || v.Get("authority") != "Policy of the trust" {
			t.Errorf("after a fault: %v", v)
		}
		bad.FillAndSubmit(t, map[string]string{"months": "12"}).SeeOther(t, "/records?done=scheduled").Follow(t).OK(t).Says(t, "1 year", "Policy of the trust")
		w.Clock.Advance(400 * 24 * time.Hour)

		manager := w.as(t, casestest.TrustManager)
		page := manager.Get(path).OK(t)
		if offers(page, "review") || offers(page, "destroy") {
			t.Error("destruction is offered while a hold stands")
		}
		manager.Post(path, url.Values{"do": {"review"}, "verdict": {"destroy"}, "review_why": {"Nothing."}}).Conflict(t)
		id := page.Select(`main form input[name=id]`).Attrs("value")[0]
		manager.Post(path, url.Values{"do": {"lift"}, "id": {id}}).Invalid(t, "lift_why")
		manager.Post(path, url.Values{"do": {"lift"}, "id": {id}, "lift_why": {"It is over."}}).SeeOther(t, "")
		w.Clock.Advance(time.Hour)

		manager, nurse = w.as(t, casestest.TrustManager), w.as(t, casestest.Nurse)
		page = manager.Get(path).OK(t)
		wrong := do(t, manager, page, "review", "verdict", "keep", "review_why", "A claim may come.", "keep_until-day", "1", "keep_until-month", "1", "keep_until-year", "2020").Invalid(t, "keep_until")
		if v := wrong.FormWith(t, "review_why").Values(); v.Get("review_why") != "A claim may come." || v.Get("keep_until-year") != "2020" || v.Get("verdict") != "keep" {
			t.Errorf("after a fault: %v", v)
		}
		reviewed := do(t, manager, page, "review", "verdict", "destroy", "review_why", "Nothing stands against it.").SeeOther(t, "").Follow(t).OK(t)
		if offers(reviewed, "destroy") {
			t.Error("whoever reviewed it may destroy it")
		}
		review := nurse.Get(path).OK(t)
		review.Says(t, "Nothing stands against it.", "cannot be brought back")
		form := review.FormWith(t, "sure")
		form.Submit().Invalid(t, "sure")
		form.Check("sure", "yes")
		certificate := form.Submit().SeeOther(t, "").Follow(t).OK(t)
		certificate.Says(t, "Certificate of destruction", "Policy of the trust")
		certificate.SaysNot(t, "Ysolde", "Quarrel", "Maya", "Nothing stands against it")
		nurse.Get(f.Path()).NotThere(t)
		contact = w.as(t, casestest.KeyContact)
		address := contact.Get("/records").OK(t).One(t, `main a[href^="/records/certificates/"]`).Attr("href")
		contact.Get(address).OK(t)
		webtest.SameAsAbsent(t, w.as(t, casestest.HavenContact), address, "/records/certificates/01900000-0000-7000-8000-000000000000")
	})
}

// What is corrected stays, struck through; an erasure takes somebody else.
func TestACorrectionAndAnErasure(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse, second := w.told(t), w.as(t, casestest.Nurse), w.as(t, casestest.Receptionist)
		erase := w.request(t, f, cases.Erasure, true)
		page := nurse.Get(f.Path() + "/corrections").OK(t)
		page.FillAndSubmit(t, map[string]string{"asked": ""}).Invalid(t, "kind", "piece", "asked")
		piece := ""
		for _, o := range page.Select("select[name=piece] option") {
			if strings.Contains(o.Text(), "Note") {
				piece = o.Attr("value")
			}
		}
		typed := map[string]string{"kind": "erase", "piece": piece, "asked": "It endangers her."}
		bad := page.FillAndSubmit(t, typed).Invalid(t, "request")
		if v := bad.FormValues(t, "main form"); v.Get("asked") != "It endangers her." || v.Get("piece") != piece || v.Get("kind") != "erase" {
			t.Errorf("after a fault: %v", v)
		}
		list := bad.FillAndSubmit(t, map[string]string{"request": erase}).SeeOther(t, f.Path()+"/corrections?done=asked").Follow(t).OK(t)
		address := list.One(t, `main .govuk-summary-list a[href*="/corrections/"]`).Attr("href")
		own := nurse.Get(address).OK(t)
		own.Says(t, "Somebody else agrees to an erasure")
		own.FillAndSubmit(t, map[string]string{"decision": "agree", "reason": "Yes."}).Denied(t)
		other := second.Get(address).OK(t)
		wrong := other.FillAndSubmit(t, map[string]string{"decision": "agree", "reason": ""}).Invalid(t, "reason")
		wrong.FillAndSubmit(t, map[string]string{"reason": "It endangers her."}).SeeOther(t, "").Follow(t).OK(t).Says(t, "The decision is recorded and done")
		second.Get(address).OK(t).Says(t, "Erased with what it was about")
		other.FillAndSubmit(t, map[string]string{"decision": "agree", "reason": "Again."}).Conflict(t)
	})
}

// To another agency nothing of it is there; it is refused to roles without it.
func TestWhoSeesCopies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f, nurse := w.told(t), w.as(t, casestest.Nurse)
		address := w.begun(t, f, nurse).Select("main form").Attrs("action")[0]
		const never = "01900000-0000-7000-8000-000000000000"
		other := w.as(t, casestest.IDVA)
		webtest.SameAsAbsent(t, other, address, "/cases/"+never+"/copies/"+never)
		webtest.SameAsAbsent(t, other, f.Path()+"/keeping", "/cases/"+never+"/keeping")
		webtest.SameAsAbsent(t, nurse, address+"/given", f.Path()+"/copies/"+never+"/given")
		other.Post(address, url.Values{"do": {"collect"}, "version": {"1"}}).NotThere(t)
		w.as(t, casestest.Commissioner).Get("/records").Denied(t)
		w.site.Anyone(t).Get(address).SignInFirst(t)
	})
}
