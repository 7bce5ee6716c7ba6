package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/circumstances"
	"waymark/internal/casework/court"
	"waymark/internal/casework/enquiry"
	"waymark/internal/casework/groups"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/letters"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/oversight"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/rights"
	"waymark/internal/casework/risk"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// belongsToNone are the tables of which no row belongs to a case, each with the
// reason. A table that is neither here nor filled by the case of this test fails
// it: whoever adds one says which of the two it is.
var belongsToNone = map[string]string{
	"marac":                "what a MARAC goes by",
	"marac_area":           "where those live who belong to a MARAC",
	"marac_meeting":        "when and where a MARAC meets",
	"marac_member":         "who sits at a MARAC",
	"marac_chase":          "that an agency was asked again to answer before a meeting, by no case",
	"marac_list":           "a list that was brought along, of no case yet: its lines go when it is taken or discarded, which actions tests",
	"marac_quarter":        "figures of a quarter, a line for each meeting, about nobody",
	"marac_review":         "how those who steer a MARAC found that it works",
	"marac_rule":           "the rules of a MARAC",
	"marac_run":            "that a meeting of a MARAC is held, and its minutes approved; the case on the table is named only while it is on it",
	"marac_seat":           "who is asked to a meeting of a MARAC",
	"access_token":         "how a program signs in",
	"account":              "who works here",
	"agency":               "which agencies there are",
	"agency_counter":       "the next number, which is never given again",
	"agency_key":           "the keys of agencies",
	"agreement":            "what agencies agreed about sharing, which names nobody",
	"agreement_party":      "who signed an agreement about sharing",
	"agreement_version":    "what agencies agreed about sharing, which names nobody",
	"ask_door":             "which teams take what is asked on the public pages",
	"ask_try":              "how often a network sent something lately, as a hash",
	"calendar_feed":        "a worker's own calendar outside",
	"ceremony":             "a sign-in under way",
	"compartment_role":     "what an agency decided for all of its cases",
	"deployment":           "the deployment itself",
	"group_facilitator":    "who runs which group",
	"group_session":        "when a group meets, whoever comes",
	"guideline_file":       "the published documents",
	"guideline_version":    "the published documents",
	"question_set":         "questions, without an answer",
	"area_service":         "services of the area, about nobody",
	"figure_protocol":      "what an agency agreed of figures, about nobody",
	"figure_release":       "figures in which nobody is named",
	"pathway_draft":        "local pathways that are worked on, about nobody",
	"pathway_version":      "local pathways, about nobody",
	"identity":             "how somebody signs in",
	"interchange_endpoint": "how a team is reached",
	"interchange_received": "that a message came, by its ids; those of a case are taken out of it, which interchange tests",
	"webhook":              "where a program of an agency listens",
	"invitation":           "how somebody begins",
	"ledger_hash":          "the proof of the ledger",
	"ledger_head":          "the proof of the ledger",
	"mark_key":             "with what an agency makes its marks",
	"letter_text":          "how an agency words its letters, before anybody is named in one",
	"meeting_place":        "where an agency meets people",
	"meeting_room":         "where an agency meets people",
	"member":               "who works where",
	"oversight_place":      "how far the ledger was looked through",
	"oversight_setting":    "what an agency decided for all of its cases",
	"recovery_code":        "how somebody signs in",
	"referral_once":        "that one page began a case, by a random word; that of a case goes with it, which referral tests",
	"retention_schedule":   "what an agency decided for all of its cases",
	"share_setting":        "what an agency decided for all that is sent to it",
	"support_setting":      "what an agency decided for all of its cases",
	"risk_repeat_rule":     "what an agency decided for all of its cases",
	"second_factor":        "how somebody signs in",
	"service_token":        "how a program signs in",
	"session":              "who is signed in",
	"setting_offer":        "where support is offered",
	"share_chase":          "who at a receiver saw to what nobody acknowledged, without a word of it",
	"sign_in_try":          "attempts to sign in",
	"sign_in_wrong":        "attempts to sign in",
	"support_group":        "which groups there are",
	"supervision_meeting":  "when two colleagues met, without a word of any case",
	"supervision_pair":     "who looks after whose work",
	"team":                 "which teams there are",
	"team_member":          "who works where",
	"training_equivalent":  "what other training counts as",
	"training_level":       "what somebody has learnt",
	"worker_day":           "how much a worker left in the ledger on a day",
	"worker_mark":          "a worker's own tie, in marks; it goes when they withdraw it",
	"worker_support":       "a worker's own trouble",
	"worker_tie":           "what a worker declared of their own life; it goes when they withdraw it",
}

// sealedWhole are the tables in which only sealed columns lead to a case: they
// must be empty.
var sealedWhole = []string{"draft"}

// stays are the tables of the agency in which something is left of a destroyed
// case, each with the reason.
var stays = map[string]string{
	"destruction":    "the certificate, which says nothing about anybody",
	"file":           "the number, which is never given again; what other agencies hold of their own points at it",
	"ledger_entry":   "the ledger stays",
	"marac_ask":      "the line by its ids, with nobody in it: that an agency was asked, and when it answered",
	"marac_return":   "the envelope of what went to a MARAC, which says nothing about anybody",
	"ledger_subject": "the ledger stays",
	"person":         "an empty row: the envelopes of what was sent point at it",
	"share":          "the envelope of what another agency received, which names nobody",
}

// ofTheMARAC are the tables whose rows with every agency belong to the file of the
// case at the MARAC, which may be kept for longer: they go with that file.
var ofTheMARAC = map[string]string{
	"marac_action":      "what an agency took on at a MARAC",
	"marac_action_step": "what became of it",
}

// rowOf is a row of a table as far as it can be read without a key.
type rowOf struct {
	agency string
	text   []string // its columns of text
	id     string   // its id, where it has one
	sealed int      // bytes in its sealed columns
}

func (r rowOf) holds(ids map[string]bool) bool {
	return slices.ContainsFunc(r.text, func(text string) bool {
		for id := range ids {
			if strings.Contains(text, id) {
				return true
			}
		}
		return false
	})
}

// everyRow reads every table of the schema, whatever tables there are.
func everyRow(t *testing.T, db *store.DB) map[string][]rowOf {
	t.Helper()
	out := map[string][]rowOf{}
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tables, err := store.Tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, table := range tables {
			rows, err := readTable(ctx, tx, table)
			if err != nil {
				return fmt.Errorf("%s: %w", table.Name, err)
			}
			out[table.Name] = rows
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readTable(ctx context.Context, tx *store.Tx, table store.Table) ([]rowOf, error) {
	var names []string
	for _, c := range table.Columns {
		switch c.Type {
		case "text", "bytea":
			names = append(names, c.Name)
		case "jsonb":
			names = append(names, "CAST("+c.Name+" AS text)")
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+table.Name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []rowOf
	for rows.Next() {
		values := make([]sql.RawBytes, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		var r rowOf
		at := 0
		for _, c := range table.Columns {
			switch c.Type {
			case "bytea":
				r.sealed += len(values[at])
			case "text", "jsonb":
				r.text = append(r.text, string(values[at]))
			default:
				continue
			}
			switch c.Name {
			case "agency_id", "agency":
				r.agency = string(values[at])
			case "id":
				r.id = string(values[at])
			}
			at++
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// belonging are the ids that lead to a case: its own, those of its people, and
// of every row that holds one of them, and so on.
func belonging(all map[string][]rowOf, ids map[string]bool) map[string]bool {
	ids = maps.Clone(ids)
	for {
		before := len(ids)
		for table, rows := range all {
			// Nothing points at a fact or at an entry of the ledger: that they keep
			// their own ids leads nowhere.
			if _, apart := belongsToNone[table]; apart || table == "fact" || strings.HasPrefix(table, "ledger_") {
				continue
			}
			for _, r := range rows {
				if r.id != "" && r.holds(ids) {
					ids[r.id] = true
				}
			}
		}
		if len(ids) == before {
			return ids
		}
	}
}

// fullCase is a deployment with a case that has rows in every table that can
// have rows of a case.
type fullCase struct {
	*casestest.World
	app    *waymark
	site   *webtest.Site
	f      *cases.File
	people []people.ID
	words  []string // that stand in the case and nowhere else

	conference policy.Actor // coordinates the MARAC that the case was referred to
	steers     policy.Actor // manages it, and is its key contact
	register   cases.ID     // the file of the case at the MARAC
}

func (w *fullCase) open(t *testing.T, who string, purpose cases.Purpose) *cases.File {
	t.Helper()
	f, err := w.app.cases.Open(t.Context(), w.Actor(t, who), w.f.ID(), purpose)
	must(t, err)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *fullCase) latestRequest(t *testing.T, kind cases.RequestKind) string {
	t.Helper()
	f := w.open(t, casestest.Nurse, cases.Care)
	must(t, w.app.cases.Receive(t.Context(), f, cases.NewRequest{Kind: kind, Came: cases.FaceToFace, Words: "Quillon asks.", Present: "Nobody"}))
	var list []cases.Request
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		list, err = w.app.cases.Requests(ctx, tx, f)
		return err
	}))
	must(t, w.app.cases.Confirm(t.Context(), f, list[0].ID, cases.Confirmation{Version: 1, Theirs: true, How: cases.FaceToFace, Words: "Yes.", Alone: true}))
	return list[0].ID
}

// reviewAll lets the key contact finish what waits for them.
func (w *fullCase) reviewAll(t *testing.T) {
	t.Helper()
	contact := w.Actor(t, casestest.KeyContact)
	for {
		more, err := w.app.oversight.Watch(t.Context())
		must(t, err)
		if !more {
			break
		}
	}
	notices, err := w.app.cases.Notices(t.Context(), contact, 50)
	must(t, err)
	for _, n := range notices {
		v, err := w.app.cases.NoticeFor(t.Context(), contact, n.ID)
		must(t, err)
		if n.Kind == cases.NoticeEmergency {
			must(t, w.app.cases.ReviewEmergency(t.Context(), v, cases.Justified, "It was urgent."))
		} else {
			must(t, w.app.cases.ReviewConflict(t.Context(), v, false, ""))
		}
	}
	findings, _, err := w.app.oversight.Findings(t.Context(), contact, false, "")
	must(t, err)
	for _, n := range findings {
		one, err := w.app.oversight.Finding(t.Context(), contact, n.ID)
		must(t, err)
		must(t, w.app.oversight.Settle(t.Context(), one, oversight.Explained, "They were asked."))
	}
}

func newFullCase(t *testing.T, db *store.DB, clock *storetest.Clock) *fullCase {
	t.Helper()
	ctx := t.Context()
	app, err := wire(db)
	must(t, err)
	w := &fullCase{World: casestest.New(t, db, clock), app: app, words: []string{"Quillon", "Zaphira", "Oswin", "Thessaly", "Yarrow Close", "07700900991"}}
	w.site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: app.guard, Auth: app.auth})
	nurse := w.Actor(t, casestest.Nurse)

	person := people.Details{GivenName: "Zaphira", FamilyName: "Quillon", Born: "1990-02-03", Language: "English"}
	w.f, _, err = app.enquiry.Begin(ctx, nurse, person, string(w.Midwives.ID), enquiry.Enquiry{
		Setting: "antenatal", On: "2026-02-27", Prompts: []string{enquiry.Routine}, Alone: enquiry.Yes, Private: enquiry.Yes, FeltSafe: enquiry.Yes,
		Asked: enquiry.Yes, Interpreter: enquiry.InterpreterNone, Said: []string{enquiry.Experiencing}, Types: []string{"psychological"},
		Shape: "pattern", Relations: []string{"former_partner"}, Time: "current", Safe: enquiry.Yes, Children: enquiry.No,
		Wishes: "Quillon wants to talk.", WishesPresent: "nobody else",
	})
	must(t, err)
	f := w.open(t, casestest.Nurse, cases.Care)
	w.people = []people.ID{f.Person(), w.Add(t, f, cases.Perpetrator, people.Details{GivenName: "Oswin", FamilyName: "Thessaly", Born: "1985-04-05"})}
	child := w.Add(t, f, cases.Child, people.Details{GivenName: "Tam", FamilyName: "Quillon"})
	w.people = append(w.people, child)
	must(t, app.cases.RecordHome(ctx, f, f.Person(), people.Home{Address: people.Address{House: "4 Yarrow Close", Postcode: "ZZ1 1ZZ"}}))
	must(t, app.cases.RecordHome(ctx, f, child, people.Home{Address: people.Address{House: "9 Heron Row", Postcode: "ZZ9 1ZZ"}, Confidential: true}))
	must(t, app.cases.AskHome(ctx, f, child, people.Home{Address: people.Address{House: "9 Heron Row", Postcode: "ZZ9 1ZZ"}}, "Oswin has moved away."))
	must(t, app.cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		p, err := app.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		err = app.people.RecordSafeContact(ctx, tx, f.Permit(), p, people.ContactForm{
			Ways:       []people.Way{{Channel: people.Mobile, Allowed: people.OnlyIf, Detail: "07700900991", Conditions: "In the morning"}},
			NeverSpeak: "Oswin", CodeWord: "heron", Version: p.Version,
		})
		if err != nil {
			return err
		}
		_, err = app.cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-03-01", Text: "Oswin Thessaly came to Yarrow Close."})
		return err
	}))
	_, err = app.risk.Identify(ctx, w.open(t, casestest.Nurse, cases.Care), risk.NewIdentification{Answers: forms.Answers{}, Finding: risk.Finding{ActNow: true, WhyNow: "Quillon goes home tonight"}})
	must(t, err)
	begun := w.open(t, casestest.Nurse, cases.Care)
	started, err := app.risk.Start(ctx, begun, app.risk.Questions().Canonical())
	must(t, err)
	_, err = app.risk.Save(ctx, begun, risk.Draft{ID: started, Version: 1, Finding: risk.Finding{Reason: "Quillon says that Oswin waits outside"}})
	must(t, err)
	plan := safetyplan.NewPlan{
		Answers: forms.Answers{}, Made: safetyplan.Together, Present: "Quillon's sister", Views: "Quillon thinks it will do", ReviewOn: "2026-05-01",
		Copy: safetyplan.Page, CopyWhy: "Quillon keeps it at work", ActNow: true, WhyNow: "Quillon goes home tonight",
	}
	plan.Answers.Set("danger.fear", "Oswin comes to Yarrow Close")
	plan.Answers.Set("apart.word", "Thessaly")
	planned, err := app.plans.Make(ctx, w.open(t, casestest.Nurse, cases.Care), plan)
	must(t, err)
	_, err = app.plans.AddStep(ctx, w.open(t, casestest.Nurse, cases.Care), safetyplan.NewStep{What: "Zaphira rings", Owner: safetyplan.Other, Other: "Yarrow Close", DueOn: "2026-05-01"})
	must(t, err)
	must(t, app.plans.Changed(ctx, w.open(t, casestest.Nurse, cases.Care), safetyplan.NewChange{Kind: safetyplan.Release, On: "2026-05-01", Words: "Oswin is out"}))
	must(t, app.plans.StillRight(ctx, w.open(t, casestest.Nurse, cases.Care), safetyplan.NewReview{
		Reason: "Quillon says so", ReviewOn: "2026-05-01", After: planned, ActNow: true, WhyNow: "Quillon goes home tonight",
	}))
	_, err = app.documents.Add(ctx, f, attachments.NewAttachment{Name: "quillon.txt", About: "Letter about Quillon", Body: []byte("Dear Zaphira Quillon\n")})
	must(t, err)
	must(t, app.cases.Keep(ctx, f, cases.Whereabouts, f.Person(), "Zaphira sleeps at Yarrow Close."))
	w.supported(t)
	w.advocated(t)
	w.grouped(t)
	w.othersLook(t)
	w.sent(t)
	w.conferred(t)
	w.askedInWriting(t)
	w.asks(t)
	return w
}

// supported leaves what support keeps: a contact, a need, a goal, an action, an
// offer, a plan, outcomes, and how the case came; and an appointment.
func (w *fullCase) supported(t *testing.T) {
	t.Helper()
	ctx, s, f := t.Context(), w.app.support, w.open(t, casestest.Nurse, cases.Care)
	must(t, s.SetArrival(ctx, f, support.Arrival{Came: support.SelfReferred}))
	_, err := s.Record(ctx, f, support.Happened{Whom: support.Person, Channel: people.Mobile, At: s.Now(), Outcome: support.Spoke, Words: support.Words{Text: "Quillon rang."}})
	must(t, err)
	_, err = s.AddNeed(ctx, f, support.Need{Domain: support.Housing, Term: support.Immediate, Words: support.NeedWords{Text: "Quillon needs locks."}})
	must(t, err)
	must(t, s.SetGoal(ctx, f, support.Goal{Domain: support.Safety, Text: "Zaphira wants to sleep."}))
	_, err = s.Agree(ctx, f, support.Action{Owner: f.Lead(), Due: "2026-04-01", Text: "Write for Quillon."})
	must(t, err)
	must(t, s.RecordOffer(ctx, f, support.Offer{Option: support.LocalGroup, Answer: support.Declined, Text: "Oswin goes there."}))
	_, err = s.MakePlan(ctx, f, support.Plan{Text: "Locks for Quillon.", ReviewOn: "2026-05-01"})
	must(t, err)
	must(t, s.RecordOutcomes(ctx, f, support.OutcomeSet{Stage: support.Intake, Text: "Quillon looks over her shoulder."}))
	letter, err := w.app.letters.Make(ctx, f, letters.Draft{Template: "own", Way: letters.Hand, Subject: "For Quillon", Body: "Dear Quillon, here it is.", Holding: true})
	must(t, err)
	must(t, w.app.letters.Settle(ctx, f, letter, letters.NotSent, "Zaphira came by."))
	_, err = w.app.appointments.Book(ctx, f, appointments.Asking{
		Worker: f.Actor().Account, At: s.Now().AddDate(0, 0, 2), Minutes: 30, Way: appointments.Elsewhere, Words: appointments.Words{Where: "At the school of Oswin", Companions: "Zaphira’s aunt"},
	})
	must(t, err)
}

// grouped leaves a place in a group, and a register that says that they came.
func (w *fullCase) grouped(t *testing.T) {
	t.Helper()
	ctx, f, s := t.Context(), w.open(t, casestest.Nurse, cases.Care), w.app.groups
	lead := w.Actor(t, casestest.TrustManager)
	id, err := s.Begin(ctx, lead, groups.Group{
		Kind: groups.Support, Side: groups.ForExperiencing, Ours: true, Confidential: groups.Keeps, Way: appointments.Elsewhere, Minutes: 90, Team: string(w.Midwives.ID),
		Words: groups.Words{Name: "Monday group", Where: "In the hall"}, Facilitators: []string{lead.Account},
	})
	must(t, err)
	must(t, s.Plan(ctx, lead, id, groups.Planning{First: s.Now().Add(-30 * time.Minute), Count: 1}))
	m, err := s.Offer(ctx, f, groups.Offer{Group: id, Answer: groups.Accepts, Text: "Zaphira would like to."})
	must(t, err)
	v, err := s.View(ctx, lead, id)
	must(t, err)
	must(t, s.Attend(ctx, lead, id, v.Sessions[0].ID, map[groups.MemberID]groups.Outcome{m.ID: groups.Came}))
	must(t, s.Leave(ctx, f, m.ID, 1, groups.HadEnough, "Quillon came to fetch her."))
}

// advocated leaves what advocacy keeps beside support: a service that is waited
// for and looked at, a hearing, an order, and supervision.
func (w *fullCase) advocated(t *testing.T) {
	t.Helper()
	ctx, f := t.Context(), w.open(t, casestest.Nurse, cases.Care)
	id, err := w.app.waiting.Add(ctx, f, waiting.Entry{
		Service: waiting.Refuge, Domain: waiting.Home, State: waiting.Waits, Since: "2026-03-01", ReviewOn: "2026-12-01", Words: waiting.EntryWords{Name: "Yarrow Close", Why: "Quillon has nowhere."},
	})
	must(t, err)
	must(t, w.app.waiting.Look(ctx, f, id, waiting.NewLook{State: waiting.Waits, ReviewOn: "2026-12-02", Text: "Zaphira still waits.", Version: 1}))
	_, err = w.app.court.List(ctx, f, court.Hearing{
		Court: court.Family, On: "2026-12-01", Attends: court.InPerson, Measures: court.Asked, Words: court.HearingWords{Purpose: "Thessaly wants contact."},
	})
	must(t, err)
	_, err = w.app.court.Record(ctx, f, court.Order{Kind: "bail", State: court.Made, MadeOn: "2026-03-01", Words: court.OrderWords{Conditions: "Oswin keeps away from Yarrow Close."}})
	must(t, err)
	must(t, w.app.answerAStep(ctx, f, "Zaphira wants none of it."))
	w.circled(t)
	lead := w.open(t, casestest.TrustManager, cases.Supervision)
	action := supervision.NewAction{Text: "Ring Zaphira.", Due: "2026-12-01"}
	must(t, w.app.lead.Discuss(ctx, lead, "Quillon weighs on her.", action))
	must(t, w.app.lead.Sign(ctx, lead, supervision.SignOff{Subject: supervision.Work, Verdict: supervision.Agreed, Text: "Read about Quillon."}, supervision.NewAction{}))
}

// circled leaves what else bears on the case: a circumstance in two versions,
// advice that was pointed to, what is known of a marriage and of capacity, what
// each is said to have done, and what was made of it.
func (w *fullCase) circled(t *testing.T) {
	t.Helper()
	ctx, f, s := t.Context(), w.open(t, casestest.Nurse, cases.Care), w.app.circumstances
	told := circumstances.CircumstanceWords{Kind: "discrimination", Bearing: circumstances.Bears, Raised: circumstances.ByPerson, What: "Nobody believed Quillon.", How: "Zaphira asks nobody."}
	id, err := s.Tell(ctx, f, told)
	must(t, err)
	_, err = s.TellAgain(ctx, f, id, told)
	must(t, err)
	_, err = s.Point(ctx, f, circumstances.PointingWords{Pointer: "alcohol", On: "2026-03-01", Answer: circumstances.Told, Text: "Quillon has the number."})
	must(t, err)
	_, err = s.TellMarriage(ctx, f, "", circumstances.MarriageWords{Stands: circumstances.Threatened, Agreement: circumstances.Refuses, What: "Oswin has a cousin.", Never: "Oswin"})
	must(t, err)
	_, err = s.NoteCapacity(ctx, f, circumstances.CapacityWords{Decision: circumstances.ToMarry, Which: "Whether Quillon marries", Result: circumstances.NoneYet, Advocate: circumstances.No, Best: circumstances.NotKnown})
	must(t, err)
	_, err = s.Report(ctx, f, circumstances.ReportWords{
		Direction: circumstances.ToPerson, Sort: circumstances.Threat, Source: circumstances.PersonSays, What: "Oswin wrote to Quillon.", Fear: circumstances.Yes, Injury: circumstances.No, Control: circumstances.NotKnown,
	})
	must(t, err)
	judged, err := s.Judge(ctx, f, "", circumstances.PatternWords{Verdict: circumstances.Undetermined, Reason: "Quillon has not been met.", ReviewOn: "2026-12-01", ActNow: true, WhyNow: "Oswin is here."})
	must(t, err)
	_, err = s.Second(ctx, w.open(t, casestest.TrustManager, cases.Supervision), judged, circumstances.Yes, "Read with Quillon's nurse.")
	must(t, err)
}

// othersLook leaves what is left when others come near a case: a restriction,
// an emergency access, a conflict of interest, a case of the other side, a
// compartment opened by name, and what the key contact makes of it.
func (w *fullCase) othersLook(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	must(t, w.app.cases.Grant(ctx, w.open(t, casestest.TrustManager, cases.Supervision), cases.Whereabouts, w.Actor(t, casestest.Receptionist).Account, true))
	f := w.open(t, casestest.Nurse, cases.Care)
	number := f.Number()
	// A colleague opens it, and is found to be tied to its person afterwards.
	other := w.open(t, casestest.Receptionist, cases.Care)
	must(t, w.app.cases.Particulars(ctx, other.Actor(), people.Details{GivenName: "Ivo", FamilyName: "Marlowe", Born: "1980-01-01"},
		people.Address{House: "4 Yarrow Close", Postcode: "ZZ1 1ZZ"}))
	must(t, w.app.cases.Restrict(ctx, f, w.open(t, casestest.Nurse, cases.Care).Version(), nil, "Thessaly has relatives here."))
	must(t, w.app.cases.Lift(ctx, w.open(t, casestest.Nurse, cases.Care), w.open(t, casestest.Nurse, cases.Care).Version(), "They have left."))
	midwife := w.Actor(t, casestest.Midwife)
	id, err := w.app.cases.TakeEmergencyAccess(ctx, midwife, cases.NewEmergency{Number: number, Reason: cases.PersonIsHere, Words: "Zaphira Quillon is at the desk."})
	must(t, err)
	_, err = w.app.cases.Open(ctx, midwife, id, cases.Emergency)
	must(t, err)
	added, err := w.Directory.AddUser(ctx, casestest.Operator, directory.NewUser{
		Agency: w.Trust.ID, Username: "otherside", Name: "Fictional otherside", Kind: policy.Human, Roles: []policy.Role{policy.Practitioner},
		Training: &directory.Trained{Level: 2, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	across := policy.Actor{
		Account: added.Account.ID, Kind: policy.Human, Name: "Fictional otherside", Agency: string(w.Trust.ID), Roles: []policy.Role{policy.Practitioner}, Level: 2,
	}
	_, err = w.app.cases.Begin(ctx, across, cases.NewFile{
		Person: people.Details{GivenName: "Oswin", FamilyName: "Thessaly", Born: "1985-04-05"}, Kind: cases.Full, Origin: cases.OwnContact, Side: cases.Perpetrating,
	})
	must(t, err)
	w.reviewAll(t)
}

// agreed puts an agreement between the two agencies into force, which speaks of
// next to nothing: what is sent is held back, and leaves with a reason.
func (w *fullCase) agreed(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	today, err := time.Parse(time.DateOnly, w.app.agreed.Today())
	must(t, err)
	trust, haven := w.Actor(t, casestest.KeyContact), w.Actor(t, casestest.HavenContact)
	id, err := w.app.agreed.Begin(ctx, trust, agreements.Document{
		Title: "Fictional agreement", About: "Little", StartOn: w.app.agreed.Today(), ReviewOn: today.AddDate(1, 0, 0).Format(time.DateOnly),
		Parties: []agreements.Party{{Agency: w.Trust.ID}, {Agency: w.Haven.ID}},
		Clauses: []agreements.Clause{{ID: "1", Effect: agreements.Permit, Kinds: []agreements.Kind{agreements.Progress}, Words: "What became of a referral"}},
	})
	must(t, err)
	must(t, w.app.agreed.SetContact(ctx, trust, id, 1, agreements.Advice{Contact: trust.Account}))
	must(t, w.app.agreed.StartSigning(ctx, trust, id, 1, 1, true))
	must(t, w.app.agreed.Sign(ctx, trust, id, 1, agreements.Advice{Contact: trust.Account}))
	must(t, w.app.agreed.Sign(ctx, haven, id, 1, agreements.Advice{Contact: haven.Account}))
}

// hired is somebody with a team of a new agency.
func (w *fullCase) hired(t *testing.T, agency directory.Agency, team directory.TeamID, name string, roles ...policy.Role) policy.Actor {
	t.Helper()
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: agency.ID, Username: name, Name: "Fictional " + name, Kind: policy.Human, Roles: roles, Teams: []directory.TeamID{team},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	return policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(agency.ID), Roles: roles, Level: 3, Teams: []string{string(team)}}
}

// conferred is a referral to a MARAC that was taken, listed, asked about, answered
// from the case, heard, and written down in approved minutes, with an action.
func (w *fullCase) conferred(t *testing.T) {
	t.Helper()
	ctx, app := t.Context(), w.app
	agency, err := w.Directory.AddAgency(ctx, casestest.Operator, directory.NewAgency{Code: "conference", Name: "Fictional conference", Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(ctx, casestest.Operator, directory.NewTeam{Agency: agency.ID, Code: "team", Name: "Coordination", TakesReferrals: true})
	must(t, err)
	w.conference = w.hired(t, agency, team.ID, "coordinator", policy.Specialist)
	w.steers = w.hired(t, agency, team.ID, "steering", policy.Manager, policy.KeyContact)
	here, nurse, cora := string(agency.ID), w.Actor(t, casestest.Nurse), w.conference
	must(t, app.marac.SetUp(ctx, casestest.Operator, marac.Norms(here, string(team.ID)), marac.Published("2020-01-01")))
	sits, err := app.marac.Name(ctx, w.Actor(t, casestest.TrustManager), here, marac.NewMember{Account: nurse.Account, Capacity: marac.Representative})
	must(t, err)
	must(t, app.marac.Decide(ctx, cora, here, sits, 1, marac.Accept, marac.Everything))
	at, err := app.marac.Plan(ctx, cora, here, marac.Planning{Kind: marac.Daily, First: w.Clock.Now().Add(time.Hour), Minutes: 120, Words: marac.MeetingWords{Where: "Room 4"}})
	must(t, err)
	must(t, app.marac.Ask(ctx, cora, at))

	who := func(part marac.Part, given, family, born string) register.Who {
		return register.Who{Part: part, Identity: marac.Identity{Details: people.Details{GivenName: given, FamilyName: family, Born: born}}}
	}
	sent, err := app.register.Send(ctx, w.open(t, casestest.Nurse, cases.Care), register.NewReferral{
		Sheet: register.Sheet{
			People: []register.Who{who(marac.Victim, "Zaphira", "Quillon", "1990-02-03"), who(marac.Perpetrator, "Oswin", "Thessaly", "1985-04-05")},
			Routes: marac.Routes{Visible: marac.Yes, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.No},
			Words: marac.CaseWords{
				Reason: "Oswin strangled her", Evidence: map[string]string{"visible": "16 answers of yes", "judgement": "Oswin says that he will kill her"}, Aware: "Zaphira knows",
				Views: "Quillon wants him kept away", Afraid: "Oswin", SafeTo: "Her sister", UnsafeTo: "Her aunt", Contact: "07700900991 in the morning", Referrer: "Fictional nurse, 01632 960002",
			},
			Crime: marac.Yes, IDVA: marac.ReferredIDVA, Ethnic: "White British",
		},
		Share: sharing.NewShare{
			To: sharing.Recipient{Agency: here, Team: string(team.ID)}, Protects: "Zaphira", Harm: "being killed", Basis: sharing.PublicTask, Rationale: "To plan together",
			Views: sharing.Views{Asked: sharing.Agrees, Words: "Please do", Present: "nobody else", Informed: sharing.Told}, Override: "Zaphira cannot wait", Danger: "Oswin reads her post",
		},
	})
	must(t, err)
	packet, err := app.sharing.Receive(ctx, cora, sent)
	must(t, err)
	must(t, app.sharing.Acknowledge(ctx, packet, nil))
	packet, err = app.sharing.Receive(ctx, cora, sent)
	must(t, err)
	f, id, err := app.register.Take(ctx, packet, nil)
	must(t, err)
	w.register = f.ID()
	theirs := func() *cases.File {
		f, err := app.cases.Open(ctx, cora, w.register, cases.Care)
		must(t, err)
		return f
	}
	var on marac.Case
	must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		on, err = app.marac.CaseTx(ctx, tx, f, id)
		return err
	}))
	must(t, app.register.Decide(ctx, theirs(), id, register.Decision{Version: on.Version, Outcome: register.Listed, Meeting: at}))

	_, err = app.research.Ask(ctx, cora, at, research.Asking{})
	must(t, err)
	lines, err := app.research.Names(ctx, nurse, at)
	must(t, err)
	must(t, app.research.Decide(ctx, lines[0], 0, w.f.ID(), w.f.Person(), true))
	must(t, app.research.Answer(ctx, lines[0], research.Answering{Answer: research.IsKnown, Said: map[string]string{"view": "Quillon is in danger."}}))
	p, err := app.research.Preview(ctx, nurse, at, nil)
	must(t, err)
	_, err = app.research.Release(ctx, nurse, at, research.Release{Print: p.Print, Basis: sharing.PublicTask, Rationale: "The meeting needs it to plan."})
	must(t, err)
	contact := w.Actor(t, casestest.KeyContact)
	held, err := app.research.Reviews(ctx, contact)
	must(t, err)
	v, err := app.research.ToReview(ctx, contact, held[0].ID)
	must(t, err)
	must(t, app.research.Review(ctx, v, research.Stands, "Quillon needed it."))

	w.Clock.Advance(time.Hour)
	seat, err := app.marac.Sit(ctx, cora, at)
	must(t, err)
	must(t, app.meetings.Begin(ctx, seat))
	must(t, app.meetings.Put(ctx, seat, id))
	_, err = app.meetings.Draft(ctx, seat, id)
	must(t, err)
	for _, name := range []meeting.Name{meeting.Information, meeting.Views, meeting.Decided} {
		_, err = app.meetings.Save(ctx, seat, meeting.Typing{Case: id, Name: name, Text: "Quillon wants to stay"})
		must(t, err)
	}
	made, err := app.maracActions.Add(ctx, seat, id, actions.NewAction{
		What: "Fit an alarm for Quillon", Owner: string(w.Trust.ID), Target: actions.Victim, Due: w.Clock.Now().AddDate(0, 0, 9).Format(time.DateOnly),
	})
	must(t, err)
	must(t, app.maracActions.Give(ctx, nurse, made, 1, nurse.Account, nurse.Name))
	must(t, app.maracActions.Answer(ctx, nurse, made, 2, actions.Answer{State: actions.Done, Text: "Quillon has it", Own: w.open(t, casestest.Nurse, cases.Care)}))
	must(t, app.meetings.Conclude(ctx, seat, id, meeting.Conclusion{IDVA: marac.Accepted, Views: meeting.PutByIDVA, Decision: meeting.Keep}))
	must(t, app.meetings.End(ctx, seat))
	must(t, app.meetings.Approve(ctx, seat))
	must(t, app.meetings.Add(ctx, seat, meeting.Addendum{Case: id, Name: meeting.Information, Text: "Quillon rang three times"}))
	last := theirs()
	must(t, app.cases.CloseCase(ctx, last, last.Version(), "Quillon was heard."))
	for _, k := range []rights.RecordKind{rights.Harmed, rights.WithChild} {
		must(t, app.rights.SetSchedule(ctx, w.steers, k, 12, "Policy"))
	}
}

// sent is a referral to another agency that was taken up and answered. It left
// against an agreement.
func (w *fullCase) sent(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	w.agreed(t)
	decision := sharing.NewShare{
		To: sharing.Recipient{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Protects: "Zaphira", Harm: "threats of Oswin",
		Basis: sharing.PublicTask, Rationale: "What they need.", Views: sharing.Views{Asked: sharing.Agrees, Present: "nobody else", Informed: sharing.Told},
		Override: "Zaphira cannot wait", Danger: "Oswin reads her post", ActNow: true,
	}
	admin := w.Actor(t, casestest.HavenManager)
	admin.Roles = []policy.Role{policy.Administrator}
	must(t, w.app.interchange.Configure(ctx, admin, interchange.Endpoint{
		Team: w.Advocates.ID, Address: "https://elsewhere.example/fhir", TokenAddress: "https://elsewhere.example/token", ClientID: "us", Secret: "fictional", Active: true,
	}))
	w.listens(t)
	f := w.open(t, casestest.Nurse, cases.Care)
	asked, err := w.app.sharing.AskAdvice(ctx, f, "", "May Zaphira be named?")
	must(t, err)
	must(t, w.app.sharing.Advise(ctx, w.Actor(t, casestest.KeyContact), asked, sharing.SayShare, "Quillon agreed to it"))
	id, err := w.app.referral.Send(ctx, f, referral.NewReferral{Subject: referral.Experiencing, Share: decision, Why: "Quillon asked for it"})
	must(t, err)
	r, err := w.app.referral.Get(ctx, f, id)
	must(t, err)
	must(t, w.app.sharing.Review(ctx, w.Actor(t, casestest.KeyContact), r.Share, sharing.Justified, "Quillon was in danger"))
	must(t, w.app.sharing.Justify(ctx, f, r.Share, sharing.Justification{Basis: sharing.VitalInterests, Rationale: "Oswin was at the door", Views: "Zaphira asked for it"}))
	packet := func() *sharing.Packet {
		p, err := w.app.sharing.Receive(ctx, w.Actor(t, casestest.IDVA), r.Share)
		must(t, err)
		return p
	}
	must(t, w.app.referral.Acknowledge(ctx, packet()))
	own, err := w.app.referral.Accept(ctx, packet(), string(w.Advocates.ID))
	must(t, err)
	if own, err = w.app.cases.Open(ctx, w.Actor(t, casestest.IDVA), own.ID(), cases.Care); err == nil {
		decision.To, decision.ActNow = sharing.Recipient{}, false
		_, err = w.app.referral.Feedback(ctx, own, referral.NewFeedback{News: "Quillon was reached", Share: decision})
	}
	must(t, err)
	must(t, w.app.referral.Step(ctx, own, referral.NewStep{Stage: referral.ContactStage, Words: "Quillon rang back"}))
	_, err = w.app.webhooks.CarryOut(ctx, deaf{})
	must(t, err)
}

// listens has a program of the midwives told of what becomes of their referrals.
func (w *fullCase) listens(t *testing.T) {
	t.Helper()
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: w.Trust.ID, Username: "records", Name: "Fictional records", Kind: policy.Service, Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{w.Midwives.ID},
	})
	must(t, err)
	admin := w.Actor(t, casestest.TrustAdmin)
	_, _, err = w.app.webhooks.Subscribe(t.Context(), admin, webhooks.NewSubscription{Program: added.Account.ID, Address: "https://elsewhere.example/hooks", Events: webhooks.Events()})
	must(t, err)
}

// deaf is a program that does not answer.
type deaf struct{}

func (deaf) Take(context.Context, webhooks.Parcel) (webhooks.Verdict, string) {
	return webhooks.Failed, "not-reached"
}

// askedInWriting leaves what somebody asked on the public pages, which went into
// the case; and a referral that the case began with, in a stage.
func (w *fullCase) askedInWriting(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	team := string(w.Midwives.ID)
	manager := w.Actor(t, casestest.TrustManager)
	other, err := w.Directory.AddTeam(ctx, casestest.Operator, directory.NewTeam{Agency: w.Trust.ID, Code: "desk", Name: "Front desk"})
	must(t, err)
	desk := string(other.ID)
	for _, door := range []string{team, desk} {
		must(t, w.app.intake.SetDoor(ctx, manager, intake.Door{Team: door, Self: true, Public: intake.Public{Name: "Midwives", What: "Help"}}))
	}
	_, err = w.app.intake.Leave(ctx, "192.0.2.1", intake.NewAsk{
		Who: intake.Self, To: intake.Place{Agency: string(w.Trust.ID), Team: desk}, Once: "sent-from-a-page-once",
		Words: intake.Words{Device: intake.Yes, Reply: intake.Wait, Name: "Zaphira Quillon", Danger: intake.No, Feared: "Oswin Thessaly", Text: "Oswin waits outside"},
	})
	must(t, err)
	list, err := w.app.intake.List(ctx, manager, intake.WaitingBox, "", 1)
	must(t, err)
	at, err := w.app.intake.Open(ctx, manager, list[0].ID)
	must(t, err)
	must(t, w.app.intake.Move(ctx, at, intake.Move{To: intake.Place{Agency: string(w.Trust.ID), Team: team}, Reason: intake.NotOurs, Words: "Zaphira comes to the clinic"}))
	nurse := w.Actor(t, casestest.Nurse)
	o, err := w.app.intake.Open(ctx, nurse, list[0].ID)
	must(t, err)
	must(t, w.app.intake.Take(ctx, o))
	o, err = w.app.intake.Open(ctx, nurse, list[0].ID)
	must(t, err)
	_, err = w.app.intake.Accept(ctx, o, intake.Acceptance{Into: w.f.ID()})
	must(t, err)
}

// asks leaves what a person asks for: a copy, a correction, who has looked.
func (w *fullCase) asks(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	f := w.open(t, casestest.Nurse, cases.Care)
	id, err := w.app.rights.Begin(ctx, f, w.latestRequest(t, cases.RecordAccess))
	must(t, err)
	must(t, w.app.rights.Held(ctx, f, id, rights.Talk{Version: 1, Pressed: rights.No, Holding: rights.Yes, SeenBy: "Nobody", Words: "Quillon wants it."}))
	_, err = w.app.rights.Collect(ctx, f, id, 2)
	must(t, err)
	must(t, w.app.rights.StopClock(ctx, f, id, rights.Stop{Version: 3, Kind: rights.Clarification, Since: "2026-03-02", Why: "Which years does Quillon mean?"}))
	var note string
	must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err := w.app.cases.Latest(ctx, tx, f, cases.Note, 1)
		note = string(list[0].ID)
		return err
	}))
	must(t, w.app.rights.Ask(ctx, f, rights.NewCorrection{
		Request: w.latestRequest(t, cases.Rectification), Kind: rights.Rectify, Part: cases.PartChronology, Ref: note, Asked: "It was not Oswin.",
	}))
	must(t, w.app.rights.SetHold(ctx, f, rights.Complaint, "Quillon complained."))
	contact := w.Actor(t, casestest.KeyContact)
	_, err = w.app.oversight.AskReport(ctx, contact, string(f.ID()), oversight.NewReport{Way: oversight.ReadOut, Alone: true, Words: "Zaphira would like to know."})
	must(t, err)
}

// destroy lets the period pass and destroys the case as two people do.
func (w *fullCase) destroy(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	f := w.open(t, casestest.Nurse, cases.Care)
	must(t, w.app.cases.CloseCase(ctx, f, f.Version(), "The work with Quillon has ended."))
	for _, k := range []rights.RecordKind{rights.Harmed, rights.WithChild} {
		must(t, w.app.rights.SetSchedule(ctx, w.Actor(t, casestest.KeyContact), k, 12, "Policy"))
	}
	w.Clock.Advance(500 * 24 * time.Hour)
	var k rights.Keeping
	keeping := func() {
		must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
			k, err = w.app.rights.Keeping(ctx, tx, w.open(t, casestest.Nurse, cases.Care))
			return err
		}))
	}
	keeping()
	must(t, w.app.rights.LiftHold(ctx, w.open(t, casestest.TrustManager, cases.Supervision), k.Holds[0].ID, "Over."))
	w.Clock.Advance(time.Hour)
	must(t, w.app.rights.Review(ctx, w.open(t, casestest.TrustManager, cases.Supervision), rights.NewReview{Verdict: rights.ToDestroy, Why: "Nothing stands against it."}))
	keeping()
	w.draft(t, w.f.Path()+"/notes")
	w.draft(t, "/cases/new")

	// Something waits for the key contact: nothing is destroyed, and the words do
	// not tell what it is.
	_, err := w.app.cases.TakeEmergencyAccess(ctx, w.Actor(t, casestest.Midwife), cases.NewEmergency{Number: w.f.Number(), Reason: cases.DangerNow, Words: "He is here."})
	must(t, err)
	keeping()
	err = w.app.rights.Destroy(ctx, w.open(t, casestest.Nurse, cases.Care), k.Review.ID)
	if errs, is := forms.AsErrors(err); !is || strings.Contains(strings.ToLower(errs.Get("destroy")), "emergency") || errs.Get("destroy") == "" {
		t.Fatalf("while an emergency access waits for the key contact: %v", err)
	}
	w.reviewAll(t)
	w.Clock.Advance(time.Hour)
	must(t, w.app.rights.Review(ctx, w.open(t, casestest.TrustManager, cases.Supervision), rights.NewReview{Verdict: rights.ToDestroy, Why: "The emergency is over."}))
	keeping()
}

// draft is what somebody had typed when their session ended.
func (w *fullCase) draft(t *testing.T, path string) {
	t.Helper()
	b := w.site.SignedIn(t, w.Actor(t, casestest.Nurse).Account)
	kept, err := w.app.auth.KeepDraft(t.Context(), b.Cookies()[webtest.CookieName], auth.Draft{Path: path, Form: url.Values{"text": {"Quillon called"}}})
	must(t, err)
	if !kept {
		t.Fatal("what was typed was not kept")
	}
}

// Nothing that belongs to a case outlives its destruction but what is declared
// to stay: in no table, whichever there are. Its file at a MARAC is a case of
// another agency, which destroys it after that.
func TestNothingOfADestroyedCaseIsLeft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := newFullCase(t, db, clock)
		w.destroy(t)
		ids := map[string]bool{string(w.f.ID()): true}
		for _, p := range w.people {
			ids[string(p)] = true
		}
		before := everyRow(t, db)
		ids = belonging(before, ids)
		registered := belonging(before, map[string]bool{string(w.register): true})
		for _, table := range slices.Sorted(maps.Keys(before)) {
			has := slices.ContainsFunc(before[table], func(r rowOf) bool { return r.holds(ids) || strings.HasPrefix(table, "marac") && r.holds(registered) }) ||
				slices.Contains(sealedWhole, table) && len(before[table]) > 0
			_, apart := belongsToNone[table]
			switch {
			case !has && !apart:
				t.Errorf("%s has no row of the case and is not among the tables that have none: fill it here, or say why none of its rows belongs to a case", table)
			case has && apart:
				t.Errorf("%s has rows of the case, and is said to have none", table)
			}
		}
		if t.Failed() {
			return
		}

		f := w.open(t, casestest.Nurse, cases.Care)
		var k rights.Keeping
		must(t, db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			k, err = w.app.rights.Keeping(ctx, tx, f)
			return err
		}))
		must(t, w.app.rights.Destroy(t.Context(), f, k.Review.ID))
		// The ledger is looked through after it: nothing of it comes back.
		w.reviewAll(t)

		after := everyRow(t, db)
		w.left(t, after, f.Agency(), ids, 1) // the case of the other side is another case: its person is still named
		if n := len(after["draft"]); n != 1 {
			t.Errorf("%d drafts are left, want the one that is not about the case", n)
		}
		for table := range stays {
			if !slices.ContainsFunc(after[table], func(r rowOf) bool { return r.holds(ids) }) {
				t.Errorf("nothing is left in %s: strike it from what stays", table)
			}
		}

		w.destroyRegistered(t)
		after = everyRow(t, db)
		w.left(t, after, w.conference.Agency, registered, 0)
		// What others had of it from the MARAC goes with it.
		for table, rows := range after {
			if !strings.HasPrefix(table, "marac_") {
				continue
			}
			for _, r := range rows {
				_, allowed := stays[table]
				if r.holds(registered) && (!allowed || r.sealed > 0) {
					t.Errorf("%s: a row with %d sealed bytes of the case of the MARAC is left with %s", table, r.sealed, r.agency)
				}
			}
		}
	})
}

// destroyRegistered destroys the file of the case at the MARAC, as two people there do.
func (w *fullCase) destroyRegistered(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	open := func(who policy.Actor, purpose cases.Purpose) *cases.File {
		f, err := w.app.cases.Open(ctx, who, w.register, purpose)
		must(t, err)
		return f
	}
	must(t, w.app.rights.Review(ctx, open(w.steers, cases.Supervision), rights.NewReview{Verdict: rights.ToDestroy, Why: "Nothing stands against it."}))
	f := open(w.conference, cases.Care)
	var k rights.Keeping
	must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		k, err = w.app.rights.Keeping(ctx, tx, f)
		return err
	}))
	must(t, w.app.rights.Destroy(ctx, f, k.Review.ID))
}

// left reports what of a case is left with the agency that destroyed it. Of people
// of other cases, so many may still be called as somebody of this one.
func (w *fullCase) left(t *testing.T, after map[string][]rowOf, own string, ids map[string]bool, others int) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if _, later := ofTheMARAC[table]; later && own != w.conference.Agency {
			continue
		}
		left, sealed, named := 0, 0, 0
		for _, r := range after[table] {
			// What another agency received is theirs.
			if r.agency != "" && r.agency != own {
				continue
			}
			if r.holds(ids) {
				left++
				sealed += r.sealed
			}
			if slices.ContainsFunc(r.text, func(text string) bool {
				return slices.ContainsFunc(w.words, func(word string) bool { return strings.Contains(text, word) })
			}) {
				named++
			}
		}
		if _, allowed := stays[table]; left > 0 && !allowed {
			t.Errorf("%s: %d rows of the case are left", table, left)
		}
		if sealed > 0 && !strings.HasPrefix(table, "ledger_") {
			t.Errorf("%s: %d sealed bytes are left in rows of the case", table, sealed)
		}
		if table == "person" {
			named -= others
		}
		if named > 0 {
			t.Errorf("%s: %d rows still name somebody of the case", table, named)
		}
	}
}
