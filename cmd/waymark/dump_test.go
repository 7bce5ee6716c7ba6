package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/backup"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/people"
	"waymark/internal/registers/settings"
	"waymark/migrations"
)

// plainWords are the columns in which words lie unsealed, each with the reason.
// Everything else that is text is an identifier, a code, a day or a keyed mark.
var plainWords = map[string]string{
	"ask_door.words":               "public: it stands on the public pages",
	"area_service.details":         "a service of the area, which stands in an open list and is about nobody",
	"pathway_draft.document":       "a local pathway that is worked on, which is about nobody",
	"pathway_version.document":     "a local pathway, which is about nobody",
	"share_setting.settings":       "numbers that an agency decided, and nothing else",
	"support_setting.settings":     "numbers that an agency decided, and nothing else",
	"account.username":             "by which staff sign in",
	"account.name":                 "name of a member of staff, shown to colleagues",
	"account.password_hash":        "a slow hash",
	"agency.name":                  "public: it stands in the directory",
	"team.name":                    "public: it stands in the directory",
	"destruction.authority":        "the policy that a destruction rests on; nothing about anybody",
	"destruction.counts":           "numbers of rows by kind",
	"retention_schedule.authority": "the policy that a schedule rests on; nothing about anybody",
	"fact.dimensions":              "codes by which facts are counted",
	"access_token.actions":         "codes, with spaces between them",
	"service_token.actions":        "codes, with spaces between them",
	"interchange_endpoint.address": "the address of another system",
	"webhook.address":              "the address of another system",
	"webhook.events":               "codes, with commas between them",
	"marac_area.name":              "public: the area that a MARAC answers for",
	"marac_case.came_from":         "the MARAC that a case came from, and of nobody",
	"guideline_file.name":          "public",
	"guideline_version.title":      "public",
	"guideline_version.content":    "public",
	"identity.email":               "address of a member of staff at their provider",
	"identity.issuer":              "address of the provider",
	"identity.subject":             "the provider's name for a member of staff",
	"ledger_entry.body":            "identifiers and codes, hashed as they stand",
	"person.given_name":            "search and lists need it",
	"person.family_name":           "search and lists need it",
	"person.known_as":              "search and lists need it",
	"person.name_key":              "search and lists need it",
	"person_word.word":             "search needs it",
	"second_factor.name":           "what a member of staff calls their telephone",
	"service_token.name":           "what a program is called",
	"session.browser":              "the browser of a member of staff",
	"subject_access_item.tags":     "codes, with spaces between them",
	"training_equivalent.training": "what a course is called",
	"training_level.source":        "what a course is called",
}

// coded is what an identifier, a code, a day or a keyed mark looks like: no
// words and no names.
var coded = regexp.MustCompile(`^([a-z0-9_.:,|/+-]*|[A-Z0-9.-]*|[0-9-]+T[0-9]{2}|(QS|B)[0-9]+(\.[0-9A-Za-z]+)+)$`)

// cell is one value of a row.
type cell struct{ column, text string }

// dump reads every column of every row, as a dump of the database holds it.
func dump(t *testing.T, db *store.DB) (out []cell) {
	t.Helper()
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tables, err := store.Tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if out, err = dumpTable(ctx, tx, table, out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func dumpTable(ctx context.Context, tx *store.Tx, table store.Table, out []cell) ([]cell, error) {
	var names []string
	for _, c := range table.Columns {
		names = append(names, `"`+c.Name+`"`)
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+strings.Join(names, ", ")+` FROM "`+table.Name+`"`)
	if err != nil {
		return out, err
	}
	defer func() { _ = rows.Close() }()
	values, to := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return out, err
		}
		for i, v := range values {
			text := fmt.Sprint(v)
			if b, ok := v.([]byte); ok {
				text = string(b)
			}
			if v != nil && text != "" {
				out = append(out, cell{table.Name + "." + table.Columns[i].Name, text})
			}
		}
	}
	return out, rows.Err()
}

// needles finds texts in bytes, as they are, in hexadecimal and in base64
// wherever they begin in it. Each begins with four bytes by which it is looked
// up, so that a file is gone through once for all of them.
type needles map[[4]byte][]needle

type needle struct {
	form []byte
	what string
}

func (n needles) add(what, text string) {
	forms := []string{text, hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text)))}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for lead := range 3 {
			whole := enc.EncodeToString(append(make([]byte, lead), text...))
			// What the bytes before and behind have a hand in is left out.
			forms = append(forms, whole[(lead*8+5)/6:len(whole)-1])
		}
	}
	for _, f := range forms {
		if len(f) >= 6 { // shorter ones turn up in random bytes
			at := [4]byte([]byte(f))
			n[at] = append(n[at], needle{[]byte(f), what})
		}
	}
}

// in tells which of them are there.
func (n needles) in(data []byte) []string {
	found := map[string]bool{}
	for i := 0; i+4 <= len(data); i++ {
		for _, one := range n[[4]byte(data[i:i+4])] {
			if bytes.HasPrefix(data[i:], one.form) {
				found[one.what] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// saidInDemo are words of the demo that lie in one sealed column or another.
var saidInDemo = map[string]string{
	"code word": "pomegranate", "way of contact": "07700 900417", "conditions of contact": "Her sister's telephone", "never to be spoken to": "anybody who says they are a cousin",
	"house": "7 Fictional Row", "postcode": "EX99 7ZZ", "needs": "Deaf in one ear", "relation": "Brother-in-law",
	"note": "Restricted address agreed with", "correction": "It was her cousin's house", "risk, reason": "He finds out where she is each time",
	"risk, evidence": "Three times in January", "risk, repeat": "Spoken of at MARAC in December", "risk, views": "on the way to the school",
	"risk, not recorded": "Told by telephone; the rest when we meet", "risk, young person": "A hand on the throat", "risk, note": "an account comes back each time",
	"restriction": "sister works on the wards", "emergency, words": "Brought in by ambulance", "emergency, review": "was glad not to have to tell it again",
	"request": "It was all a misunderstanding", "request, present": "A man's voice in the room", "request, confirmed": "Yes, I want that myself",
	"support": "about something at home", "need": "starts at every sound", "goal": "sleep through the night in my own flat", "feedback": "rang when they said they would",
	"letter": "the letter to the council, with a copy for you", "letter, subject": "Your time on Thursday", "letter, why": "asked for it to be kept here",
	"contact": "Said that it was a wrong number", "action": "to the council about the locks", "plan of support": "Locks first, then the flat", "entitlement": "Her leave to stay hangs on his", "attachment, name": "IMG_0411", "attachment, about": "broken door of the flat",
	"group": "like to hear how others did it", "group, declined": "would mind the little one", "group, about": "speak with each other. Tea", "setting": "in the antenatal clinic on Wednesday",
	"waiting": "the elder of them sixteen", "step of a pathway": "has asked the school nurse twice", "while they wait": "without the elder son", "hearing": "asks for contact with the children", "order": "within a hundred metres of her home", "supervision": "carries this one home with her", "agreed in supervision": "whether the address is marked", "sign-off": "Nobody has spoken to her for three weeks",
	"copy, talk": "keeps it at her aunt's", "copy, note": "His sister was not asked", "copy, cut": "His sister Gwen", "hold": "The family court asked", "copy, stopped": "She was asked which months", "kept longer": "The new hospital has asked whether",
	"packet, safety": "He knows the address", "packet, contact": "Never call", "packet, children": "They are with her",
	"declined": "He moves to the next county", "report": "in her locker at work", "hand-over": "On leave for three weeks",
	"plan": "when he has been with his brother", "plan, places": "Mrs Bell has a key", "plan, why at once": "nobody at level 3 is here", "plan, review at once": "has not met her yet", "plan, alone": "could not be reached safely before the hearing",
	"circumstance": "heard my accent", "circumstance, how": "does not ring the police at night", "marriage, never": "interpreter from his street", "capacity": "as it was last year", "report, effect": "her sister’s for a night",
	"pattern": "sleeps in the car", "second opinion": "What the police wrote is one night", "text of the agency": "and we missed each other",
	"wish": "Wants a safe place for the children", "at once": "Stayed on the ward until her sister",
}

// plant records what the demo does not hold, in every field at hand.
func (c *county) plant(t *testing.T, by hands, mark string) map[string]string {
	t.Helper()
	ctx, w := t.Context(), c.site.waymark
	said := map[string]string{}
	say := func(what string) string {
		said[what+", "+mark] = fmt.Sprintf("Velvet %s about the %s", mark, what)
		return said[what+", "+mark]
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c.plantWebhook(t, by, mark)
	c.plantMarac(t, by, say)
	actor := by.idva
	f, err := w.cases.Begin(ctx, actor, cases.NewFile{
		Person: people.Details{GivenName: "Ottilie", FamilyName: "Brackenbury", Gender: say("gender"), Language: say("language"), AccessNeeds: say("needs")},
		Kind:   cases.Full, Origin: cases.OwnContact, Team: actor.Teams[0],
	})
	must(err)
	var child people.ID
	must(w.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		if child, err = w.cases.AddParty(ctx, tx, f, cases.Child, say("relation"), people.Details{GivenName: "Peregrine", FamilyName: "Brackenbury"}); err != nil {
			return err
		}
		p, err := w.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		err = w.people.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{
			Version: p.Version, CodeWord: say("code word"), NeverSpeak: say("never speak"),
			Ways: []people.Way{{Channel: people.Post, Allowed: people.OnlyIf, Detail: say("detail"), Conditions: say("conditions")}},
		})
		if err != nil {
			return err
		}
		if _, err := w.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.FirstContact}); err != nil {
			return err
		}
		_, err = w.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, Text: say("note")})
		return err
	}))
	must(w.cases.RecordHome(ctx, f, f.Person(), people.Home{Address: people.Address{House: say("house"), Postcode: "EX99 1AA"}, Confidential: true}))
	must(w.cases.AskHome(ctx, f, f.Person(), people.Home{Address: people.Address{House: say("new house"), Postcode: "EX99 1AB"}}, say("why released")))
	for _, k := range cases.Compartments() {
		must(w.cases.Keep(ctx, f, k, child, say("compartment "+string(k))))
	}
	var tasks []cases.Task
	must(w.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		tasks, err = w.cases.Tasks(ctx, tx, f)
		return err
	}))
	must(w.cases.FinishTask(ctx, f, tasks[0].ID, say("task")))
	_, err = w.enquiry.Record(ctx, f, enquiry.Enquiry{
		Setting: "antenatal", On: "2026-06-01", Asked: enquiry.Yes, Said: []string{enquiry.Experiencing}, Time: "current",
		Words: say("disclosure"), Wishes: say("wish"), ChildSaid: say("child"), SafetyDone: say("safety"),
	})
	must(err)
	_, err = w.risk.Identify(ctx, f, risk.NewIdentification{Answers: forms.Answers{}, Finding: risk.Finding{
		Judgement: risk.High, Reason: say("reason"), Escalation: risk.Yes, EscalationEvidence: say("escalation"), Repeat: risk.Yes, RepeatEvidence: say("repeat"), Views: say("views"),
	}})
	must(err)
	begun, err := w.risk.Start(ctx, f, "https://waymark.invalid/questions/stalking|1")
	must(err)
	answers := forms.Answers{}
	answers.Set("a.note", say("answer that is not recorded"))
	_, err = w.risk.Save(ctx, f, risk.Draft{ID: begun, Version: 1, Answers: answers, Finding: risk.Finding{Views: say("views, not recorded")}})
	must(err)
	inPlan := forms.Answers{}
	for i := range w.plans.Frame().Whole.Questions() {
		if i.Type != forms.TypeChoice {
			inPlan.Set(i.LinkID, say("plan, "+i.LinkID))
		}
	}
	planned, err := w.plans.Make(ctx, f, safetyplan.NewPlan{
		Answers: inPlan, Made: safetyplan.Alone, WhyAlone: say("plan, why alone"), Present: say("plan, present"), Views: say("plan, views"), ReviewOn: "2027-01-01", CopyWhy: say("plan, copy"),
	})
	must(err)
	planStep, err := w.plans.AddStep(ctx, f, safetyplan.NewStep{What: say("plan, step"), Owner: safetyplan.Other, Other: say("plan, agency"), DueOn: "2027-01-01"})
	must(err)
	must(w.plans.SettleStep(ctx, f, planStep, safetyplan.Done, say("plan, note")))
	must(w.plans.Changed(ctx, f, safetyplan.NewChange{Kind: safetyplan.Release, On: "2027-01-01", Words: say("plan, change")}))
	must(w.plans.StillRight(ctx, f, safetyplan.NewReview{Reason: say("plan, review"), ReviewOn: "2027-01-01", After: planned}))
	_, err = w.documents.Add(ctx, f, attachments.NewAttachment{Name: say("name") + ".txt", About: say("about"), Body: []byte(say("document"))})
	must(err)
	_, err = w.support.Record(ctx, f, support.Happened{
		Outward: true, Whom: support.TheProfessional, Channel: people.Professional, At: w.support.Now(), Outcome: support.ThroughThem,
		Words: support.Words{With: say("professional"), Text: say("contact"), Why: say("contact, why")},
	})
	must(err)
	_, err = w.support.AddNeed(ctx, f, support.Need{
		Domain: support.Health, Term: support.Immediate, Words: support.NeedWords{Text: say("need"), Preferences: say("preferences"), Provider: say("provider")},
	})
	must(err)
	must(w.support.SetGoal(ctx, f, support.Goal{Domain: support.Safety, Text: say("goal")}))
	action, err := w.support.Agree(ctx, f, support.Action{Due: "2026-12-01", Text: say("action")})
	must(err)
	must(w.support.EndAction(ctx, f, action, 1, support.ActionDone, say("result")))
	must(w.support.RecordOffer(ctx, f, support.Offer{Option: support.Refuge, Answer: support.Declined, Text: say("offer of support")}))
	_, err = w.support.MakePlan(ctx, f, support.Plan{Text: say("plan of support"), ReviewOn: "2026-12-01"})
	must(err)
	must(w.support.RecordOutcomes(ctx, f, support.OutcomeSet{Stage: support.Intake, Text: say("outcome")}))
	letter, err := w.letters.Make(ctx, f, letters.Draft{Template: "own", Way: letters.Hand, Subject: say("letter, subject"), Body: say("letter"), Holding: true})
	must(err)
	must(w.letters.Settle(ctx, f, letter, letters.NotSent, say("letter, why")))
	must(w.support.RecordFeedback(ctx, f, support.Feedback{Helped: support.Yes, Came: say("feedback, came"), Text: say("feedback")}))
	c.plantAppointment(t, by, f, say)
	c.plantAsked(t, by, mark, say)
	c.plantGroup(t, by, f, say)
	queued, err := w.waiting.Add(ctx, f, waiting.Entry{
		Service: waiting.Refuge, Domain: waiting.Home, State: waiting.Waits, Since: "2026-06-01", ReviewOn: "2026-12-01",
		Words: waiting.EntryWords{Name: say("service waited for"), Why: say("why they wait")},
	})
	must(err)
	must(w.waiting.Look(ctx, f, queued, waiting.NewLook{State: waiting.NotAvailable, Reason: waiting.NoRecourse, Text: say("while they wait"), Version: 1}))
	_, err = w.court.List(ctx, f, court.Hearing{
		Court: court.Family, On: "2026-12-01", Attends: court.InPerson, Measures: court.Asked,
		Words: court.HearingWords{Place: say("court"), Purpose: say("hearing"), With: say("hearing, with"), Measures: say("special measures")},
	})
	must(err)
	_, err = w.court.Record(ctx, f, court.Order{
		Kind: "bail", State: court.Ended, MadeOn: "2026-06-01", Words: court.OrderWords{Conditions: say("conditions of an order"), By: say("order, by"), Note: say("order, note")},
	})
	must(err)
	must(w.answerAStep(ctx, f, say("step of a pathway")))
	lead, err := w.cases.Open(ctx, by.lead, f.ID(), cases.Supervision)
	must(err)
	must(plantCircumstances(ctx, w.circumstances, f, lead, say))
	worded, err := w.letters.Propose(ctx, actor, letters.OwnText{
		Ways: []letters.Way{letters.Hand}, Words: letters.TextWords{Title: say("text, title"), Subject: say("text, subject"), Body: say("text of the agency")},
	})
	must(err)
	must(w.letters.Decide(ctx, by.lead, worded, letters.NotApproved, say("text, why")))
	must(w.lead.Discuss(ctx, lead, say("supervision"), supervision.NewAction{Text: say("agreed in supervision"), Due: "2026-12-01"}))
	must(w.lead.Sign(ctx, lead, supervision.SignOff{Subject: supervision.Work, Verdict: supervision.Agreed, Text: say("sign-off")}, supervision.NewAction{}))
	must(w.cases.Receive(ctx, f, cases.NewRequest{Kind: cases.Withdrawal, Came: cases.OnThePhone, Words: say("request"), Present: say("present")}))
	must(w.cases.Declare(ctx, actor, cases.NewTie{Relation: cases.Friend, Person: people.Details{GivenName: "Hyacinth", FamilyName: "Wetherill", Born: "1970-01-01"}}))
	said["tie, "+mark] = "Wetherill"
	must(w.cases.AskForSupport(ctx, actor, "", say("support")))

	c.plantAgreed(t, f, say)
	c.plantByTwo(t, by, mark, say)

	permit, err := w.guard.Allow(ctx, webtest.Operator, auth.ActTakeRole, "")
	must(err)
	token, err := w.auth.SignInAs(ctx, permit, actor.Account)
	must(err)
	must(w.auth.Lock(ctx, token))
	_, err = w.auth.KeepDraft(ctx, token, auth.Draft{Path: f.Path(), Form: map[string][]string{"text": {say("draft")}}})
	must(err)
	return said
}

// plantAppointment records what is said of places and of an appointment.
func (c *county) plantAppointment(t *testing.T, by hands, f *cases.File, say func(string) string) {
	t.Helper()
	ctx, s := t.Context(), c.site.waymark.appointments
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	place, err := s.AddPlace(ctx, by.manager, appointments.Place{Name: say("place"), Kind: appointments.Office})
	must(err)
	_, err = s.AddRoom(ctx, by.manager, place, say("room"))
	must(err)
	book := func(days int) appointments.ID {
		id, err := s.Book(ctx, f, appointments.Asking{
			Worker: f.Actor().Account, At: s.Now().AddDate(1, 0, int(f.Number())*2+days), Minutes: 30, Way: appointments.Elsewhere, Interpreter: appointments.Operator,
			Words: appointments.Words{Where: say("appointment, where"), Companions: say("companions"), About: say("appointment, about"), Ref: say("interpreter"), Agreed: true},
		})
		must(err)
		return id
	}
	must(s.Known(ctx, f, book(0), 1, say("how they know")))
	must(s.Cancel(ctx, f, book(1), 1, appointments.ByService, say("why cancelled")))
}

// plantGroup records what is said of groups, of a place in one, and of a setting.
func (c *county) plantGroup(t *testing.T, by hands, f *cases.File, say func(string) string) {
	t.Helper()
	ctx, s, lead := t.Context(), c.site.waymark.groups, by.lead
	if lead.Agency != f.Agency() {
		lead = by.manager
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	id, err := s.Begin(ctx, lead, groups.Group{
		Kind: groups.Support, Side: groups.ForExperiencing, Confidential: groups.Keeps, Team: f.Team(),
		Words: groups.Words{Name: say("group"), About: say("group, about"), Language: say("group, language"), By: say("group, by"), Join: say("group, join"), Where: say("group, where")},
	})
	must(err)
	m, err := s.Offer(ctx, f, groups.Offer{Group: id, Answer: groups.Accepts, Text: say("answer to a group")})
	must(err)
	must(s.Leave(ctx, f, m.ID, 1, groups.HadEnough, say("why they left")))
	must(c.site.waymark.settings.Keep(ctx, lead, settings.Line{
		Setting: settings.Practice, How: settings.Visits, Since: "2026-01-01", ReviewedOn: "2026-01-01", ReviewOn: "2026-12-01",
		Words: settings.Words{Area: say("area"), Whom: say("who offers support"), Text: say("what was agreed of a setting")},
	}))
}

// hands are those who record what is planted.
type hands struct{ idva, lead, nurse, colleague, manager, contact, admin, cora policy.Actor }

// hands are the members of staff as they are before every form was sent: one
// of those forms ends an account.
func (c *county) hands(t *testing.T) hands {
	t.Helper()
	return hands{
		idva: c.actor(t, "lena.idva"), lead: c.actor(t, "carl.manager"), nurse: c.actor(t, "amira.nurse"), colleague: c.actor(t, "bea.midwife"),
		manager: c.actor(t, "nia.manager"), contact: c.actor(t, "greta.contact"), admin: c.actor(t, "tom.admin"), cora: c.actor(t, "cora.marac"),
	}
}

// plantMarac records what is said of a MARAC as a whole, and of minutes that were
// wrong.
func (c *county) plantMarac(t *testing.T, by hands, say func(string) string) {
	t.Helper()
	ctx, w := t.Context(), c.site.waymark
	must(t, w.returns.Reviewed(ctx, by.cora, by.cora.Agency, returns.Review{On: "2026-06-01", Next: "2028-06-01", Who: say("review, who"), Found: say("review")}))
	var held string
	must(t, w.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT MAX(meeting_id) FROM marac_run WHERE approved_at IS NOT NULL").Scan(&held)
	}))
	seat, err := w.marac.Sit(ctx, by.cora, marac.MeetingID(held))
	must(t, err)
	must(t, w.meetings.Add(ctx, seat, meeting.Addendum{Name: meeting.Opening, Text: say("addendum")}))
}

// plantWebhook has a program told, with a secret that was renewed.
func (c *county) plantWebhook(t *testing.T, by hands, mark string) {
	t.Helper()
	s := c.site.waymark.webhooks
	programs, err := s.Programs(t.Context(), by.admin)
	must(t, err)
	if len(programs) == 0 {
		t.Fatal("the agency has no program that could be told")
	}
	sub, _, err := s.Subscribe(t.Context(), by.admin, webhooks.NewSubscription{Program: programs[0].Account, Address: "https://elsewhere.example/" + mark, Events: webhooks.Events()})
	must(t, err)
	_, _, err = s.Rotate(t.Context(), by.admin, sub.ID, sub.Version)
	must(t, err)
}

// plantByTwo records what takes a second person, or a case whose time has come.
func (c *county) plantByTwo(t *testing.T, by hands, mark string, say func(string) string) {
	t.Helper()
	ctx, w := t.Context(), c.site.waymark
	person := people.Details{GivenName: "Clementine", FamilyName: "Arkwright " + mark, Born: "1981-04-05"}
	f, err := w.cases.Begin(ctx, by.nurse, cases.NewFile{
		Person: person, Kind: cases.Full, Origin: cases.OwnContact, Team: by.nurse.Teams[0],
	})
	must(t, err)
	as := func(actor policy.Actor) *cases.File {
		f, err := w.cases.Open(ctx, actor, f.ID(), cases.Care)
		must(t, err)
		return f
	}
	read := func(fn func(context.Context, *store.Tx) error) { must(t, w.db.Read(ctx, fn)) }

	must(t, w.cases.Receive(ctx, f, cases.NewRequest{Kind: cases.RecordAccess, Came: cases.FaceToFace, Words: say("request for a copy"), Present: say("present at the request")}))
	var asked []cases.Request
	read(func(ctx context.Context, tx *store.Tx) (err error) {
		asked, err = w.cases.Requests(ctx, tx, f)
		return err
	})
	must(t, w.cases.Confirm(ctx, f, asked[0].ID, cases.Confirmation{Version: 1, Theirs: true, How: cases.FaceToFace, Words: say("confirmed"), Alone: true}))
	id, err := w.rights.Begin(ctx, f, asked[0].ID)
	must(t, err)
	must(t, w.rights.Held(ctx, f, id, rights.Talk{Version: 1, Pressed: rights.No, Holding: rights.Yes, SeenBy: say("seen by"), Words: say("talk")}))
	_, err = w.rights.Collect(ctx, f, id, 2)
	must(t, err)
	at := func() (version int64) {
		read(func(ctx context.Context, tx *store.Tx) error {
			a, err := w.rights.Get(ctx, tx, f, id)
			version = a.Version
			return err
		})
		return version
	}
	var items []rights.Item
	read(func(ctx context.Context, tx *store.Tx) (err error) {
		items, err = w.rights.Items(ctx, tx, f, id)
		return err
	})
	for _, i := range items {
		if i.Decision == rights.Undecided {
			must(t, w.rights.Decide(ctx, f, id, at(), i.Seq, rights.Choice{Decision: rights.Withhold, Reason: rights.AboutOther, Note: say("left out")}))
		}
	}
	must(t, w.rights.Submit(ctx, f, id, at()))
	must(t, w.rights.SendBack(ctx, as(by.manager), id, at(), say("sent back")))
	must(t, w.rights.End(ctx, f, id, at(), say("ended")))

	must(t, w.rights.SetHold(ctx, as(by.manager), rights.Proceedings, say("hold")))
	var kept rights.Keeping
	read(func(ctx context.Context, tx *store.Tx) (err error) {
		kept, err = w.rights.Keeping(ctx, tx, f)
		return err
	})
	must(t, w.rights.LiftHold(ctx, as(by.manager), kept.Holds[0].ID, say("hold lifted")))

	_, err = w.oversight.AskReport(ctx, by.contact, string(f.ID()), oversight.NewReport{Way: oversight.NotGiven, Words: say("report"), Present: say("present at the report")})
	must(t, err)

	// A colleague who was born on the same day under the same name is taken for the person.
	must(t, w.cases.Particulars(ctx, by.colleague, person, people.Address{}))
	notices, err := w.cases.Notices(ctx, by.contact, 100)
	must(t, err)
	found := slices.IndexFunc(notices, func(n cases.Notice) bool { return n.Kind == cases.NoticeConflict && n.File == f.ID() })
	if found < 0 {
		t.Fatal("the colleague is not taken for the person")
	}
	reviewed, err := w.cases.NoticeFor(ctx, by.contact, notices[found].ID)
	must(t, err)
	must(t, w.cases.ReviewConflict(ctx, reviewed, true, say("not tied")))
}

// typeEverywhere sends every form there is once, with words of its own in each
// field that is typed into, and returns the words by form and field.
func (c *county) typeEverywhere(t *testing.T) map[string]string {
	t.Helper()
	said := map[string]string{}
	for _, a := range c.forms(t) {
		if strings.HasPrefix(a.pattern, "/demo/as/") || strings.HasPrefix(a.pattern, "/account/") {
			continue // nothing is typed there, or one's own secret
		}
		form := a.typed("")
		for _, field := range a.words {
			if field == "code" || field == "username" || strings.HasPrefix(field, "password") {
				continue
			}
			words := fmt.Sprintf("Velvet typed %03d", len(said))
			said[a.pattern+" "+field] = words
			form.Set(field, words)
		}
		c.as(t, a.by).Post(a.path, form)
	}
	return said
}

// sealedColumns are those that the migrations say are sealed.
func sealedColumns(t *testing.T) []string {
	t.Helper()
	files, err := migrations.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	table, out := "", []string{}
	column := regexp.MustCompile(`^\s*(?:ALTER TABLE (\w+) ADD COLUMN )?(\w+) +bytea\b.*-- sealed`)
	for _, f := range files {
		text, err := migrations.FS.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if name, ok := strings.CutPrefix(line, "CREATE TABLE "); ok {
				table, _, _ = strings.Cut(name, " ")
			}
			if m := column.FindStringSubmatch(line); m != nil {
				of := table
				if m[1] != "" {
					of = m[1]
				}
				out = append(out, of+"."+m[2])
			}
		}
	}
	return out
}

// unreadable fails the test for words that somebody who reads the database can
// read, and for values of sealed columns that are not sealed.
func unreadable(t *testing.T, cells []cell, secret map[string]string) {
	t.Helper()
	find := needles{}
	for what, text := range secret {
		find.add(what, text)
	}
	sealed, filled, codes := sealedColumns(t), map[string]bool{}, 0
	for _, c := range cells {
		for _, what := range find.in([]byte(c.text)) {
			if plainWords[c.column] == "" || !strings.HasPrefix(what, "/") { // what is typed as the name of a team is one
				t.Errorf("%s holds what was recorded as %q", c.column, what)
			}
		}
		switch {
		case slices.Contains(sealed, c.column):
			filled[c.column] = true
			if !strings.HasPrefix(c.text, "wmk1") {
				t.Errorf("%s is not sealed: %.20q", c.column, c.text)
			}
		case plainWords[c.column] == "" && !slices.Contains(binary, c.column) && !coded.MatchString(c.text) && !other.MatchString(c.text):
			t.Errorf("%s holds words, and no reason is given for it: %.60q", c.column, c.text)
		default:
			codes++
		}
	}
	if codes < 10_000 || len(filled) < 50 {
		t.Errorf("%d codes and %d sealed columns: this test would not notice much", codes, len(filled))
	}
	for _, column := range sealed {
		if !filled[column] {
			t.Errorf("nothing is in %s: it is not known whether it is sealed", column)
		}
	}
}

// other is what a driver gives for numbers, times and what is true or false.
var other = regexp.MustCompile(`^(true|false|-?[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+( \+0000 UTC|Z)?)$`)

// binary are columns that hold keys, hashes and what is wrapped by a key.
var binary = []string{
	"agency_key.wrapped", "deployment.key_check", "ledger_hash.hash", "ledger_head.root", "session.token_hash", "invitation.token_hash", "ceremony.token_hash",
	"ceremony.data", "draft.sealed", "second_factor.secret", "recovery_code.code_hash", "service_token.token_hash", "sign_in_try.try_key", "ask_try.try_key", "sign_in_wrong.network",
	"sign_in_wrong.name", "access_token.token_hash", "interchange_received.mark",
}

// What was recorded in confidence is nowhere in a dump of the database, neither
// as it is nor encoded, whichever field it was typed into. On SQLite not even a
// name is to be read in the file, its log or a backup.
//
// Proves: B6.25
func TestADumpOfTheDatabaseTellsNothing(t *testing.T) {
	c := newCounty(t)
	secret := maps.Clone(saidInDemo)
	by, before := c.hands(t), dump(t, c.site.waymark.db)
	maps.Copy(secret, c.typeEverywhere(t)) // first: what the forms are found by is kept for other tests
	maps.Copy(secret, c.plant(t, by, "one"))
	cells := dump(t, c.site.waymark.db)

	var whole bytes.Buffer
	for _, one := range cells {
		whole.WriteString(one.text)
		whole.WriteByte(0)
	}
	t.Run("the search finds what is there", func(t *testing.T) {
		find := needles{}
		find.add("code of an agency", "lighthouse")
		find.add("name", "Soraya")
		if got := find.in(whole.Bytes()); len(got) != 2 {
			t.Errorf("of what lies plain in the rows it finds %v", got)
		}
		find = needles{}
		find.add("words", "Velvet one about the code word")
		for _, encode := range []func([]byte) string{
			func(b []byte) string { return string(b) }, hex.EncodeToString, base64.StdEncoding.EncodeToString, base64.URLEncoding.EncodeToString,
		} {
			for lead := range 4 {
				text := encode([]byte(strings.Repeat("x", lead) + "Velvet one about the code word, and more"))
				if got := find.in([]byte("before" + text + "behind")); len(got) != 1 {
					t.Errorf("not found in %s", text)
				}
			}
		}
		if len(cells) < len(before)+200 {
			t.Errorf("%d values before and %d after everything was typed", len(before), len(cells))
		}
	})
	t.Run("rows on SQLite", func(t *testing.T) { unreadable(t, cells, secret) })

	file := c.backup(t)
	t.Run("file, log and backup", func(t *testing.T) {
		find := needles{}
		for what, text := range secret {
			find.add(what, text)
		}
		names := map[string]string{}
		for _, one := range cells {
			switch one.column {
			case "person.given_name", "person.family_name", "person.known_as", "person.name_key", "account.name", "account.username":
				names["the name "+one.text] = one.text
			}
		}
		if len(names) < 300 {
			t.Errorf("%d names", len(names))
		}
		plain := needles{}
		for what, text := range names {
			find.add(what, text)
			plain.add(what, text)
		}
		if got := plain.in(whole.Bytes()); len(got) < 300 {
			t.Errorf("what was decrypted holds %d names", len(got))
		}
		for name, data := range c.onDisk(t, file) {
			if len(data) == 0 {
				t.Errorf("%s is empty", name)
			}
			if got := find.in(data); len(got) > 0 {
				t.Errorf("%s holds %q", name, got)
			}
		}
	})

	for _, engine := range storetest.Engines(t) {
		if engine != store.PostgreSQL {
			continue
		}
		t.Run("rows on PostgreSQL", func(t *testing.T) {
			p := c.onPostgres(t, file)
			secret := maps.Clone(secret)
			maps.Copy(secret, p.plant(t, by, "two"))
			unreadable(t, dump(t, p.site.waymark.db), secret)
		})
	}
}

func (c *county) key(t *testing.T) (store.Key, string) {
	t.Helper()
	p := c.place
	key, err := p.prepare(t.Context(), opening{})
	if err != nil {
		t.Fatal(err)
	}
	name, err := p.name()
	if err != nil {
		t.Fatal(err)
	}
	return key, name
}

// backup is a backup of the county.
func (c *county) backup(t *testing.T) []byte {
	t.Helper()
	key, name := c.key(t)
	var out bytes.Buffer
	if _, err := backup.Take(t.Context(), c.site.waymark.guard, webtest.Operator, c.site.waymark.db, key, name, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// onDisk are the bytes of the database, its log, and the backup.
func (c *county) onDisk(t *testing.T, file []byte) map[string][]byte {
	t.Helper()
	out := map[string][]byte{"the backup": file}
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(filepath.Join(c.place.Dir, store.FileName+suffix))
		if err != nil {
			t.Fatal(err)
		}
		out[store.FileName+suffix] = data
	}
	return out
}

// onPostgres restores a backup into an empty PostgreSQL database.
func (c *county) onPostgres(t *testing.T, file []byte) *county {
	t.Helper()
	key, _ := c.key(t)
	cfg := storetest.Blank(t, store.PostgreSQL)
	cfg.Key, cfg.Clock = key, c.site.waymark.db.Clock()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w, err := wire(db)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), db, migrations.FS, key, bytes.NewReader(file), auth.Fleeting()...); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SealPlain(t.Context(), plain()); err != nil {
		t.Fatal(err)
	}
	return &county{site: &demoSite{waymark: w}, files: map[string]*cases.File{}}
}

// plantCircumstances records what bears on a case besides, in every field.
func plantCircumstances(ctx context.Context, s *circumstances.Service, f, lead *cases.File, say func(string) string) error {
	_, err := s.Tell(ctx, f, circumstances.CircumstanceWords{
		Kind: "hiv", Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: say("circumstance"), How: say("circumstance, how"), Help: say("circumstance, help"),
	})
	if err != nil {
		return err
	}
	if _, err = s.Point(ctx, f, circumstances.PointingWords{Pointer: "drugs", On: "2026-06-01", Answer: circumstances.Told, Text: say("advice")}); err != nil {
		return err
	}
	_, err = s.TellMarriage(ctx, f, "", circumstances.MarriageWords{
		Stands: circumstances.Forced, Agreement: circumstances.CannotFor, What: say("marriage"), Never: say("marriage, never"), Safety: say("marriage, safety"),
	})
	if err != nil {
		return err
	}
	_, err = s.NoteCapacity(ctx, f, circumstances.CapacityWords{
		Decision: circumstances.ToMarry, Which: say("capacity"), Result: circumstances.Lacks, On: "2026-06-01", By: say("capacity, by"), Role: say("capacity, role"),
		Reasons: say("capacity, reasons"), Advocate: circumstances.Yes, Best: circumstances.Yes, Who: say("capacity, who"),
	})
	if err != nil {
		return err
	}
	_, err = s.Report(ctx, f, circumstances.ReportWords{
		Direction: circumstances.OfPerson, Sort: circumstances.Emotional, Source: circumstances.OtherSays, On: "2026-06-01", What: say("report"),
		Fear: circumstances.No, Injury: circumstances.No, Control: circumstances.NotKnown, Effect: say("report, effect"),
	})
	if err != nil {
		return err
	}
	judged, err := s.Judge(ctx, f, "", circumstances.PatternWords{
		Verdict: circumstances.OtherHarms, Fear: say("pattern, fear"), Injury: say("pattern, injury"), Control: say("pattern, control"), Reason: say("pattern"), ReviewOn: "2027-06-01",
	})
	if err != nil {
		return err
	}
	if _, err = s.Second(ctx, lead, judged, circumstances.Yes, say("second opinion")); err != nil {
		return err
	}
	return s.Decided(ctx, lead, say("side"))
}
