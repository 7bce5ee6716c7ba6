package enquiry_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	*enquiry.Service
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		h := casestest.New(t, db, clock, enquiry.Rules())
		fn(t, world{h, enquiry.New(h.Cases, h.Guard, h.Registry, enquiry.Config{})})
	})
}

// begin records an enquiry about somebody new.
func (w world) begin(t *testing.T, who string, e enquiry.Enquiry) (*cases.File, enquiry.ID) {
	t.Helper()
	f, id, err := w.Service.Begin(t.Context(), w.Actor(t, who), people.Details{GivenName: "Maya", FamilyName: "Example"}, "", e)
	if err != nil {
		t.Fatal(err)
	}
	return w.reopen(t, who, f), id
}

// reopen opens a file as it is now.
func (w world) reopen(t *testing.T, who string, f *cases.File) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// due are the open tasks of a file, as "kind day".
func (w world) due(t *testing.T, f *cases.File) []string {
	t.Helper()
	var out []string
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		tasks, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range tasks {
			out = append(out, string(task.Kind)+" "+task.Due)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// told is the chronology of a file, the oldest first, without its opening.
func (w world) told(t *testing.T, f *cases.File) []cases.Event {
	t.Helper()
	var out []cases.Event
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = w.Cases.Chronology(ctx, tx, f, "", 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(out)
	return slices.DeleteFunc(out, func(e cases.Event) bool { return e.Kind == cases.Opened })
}

func kinds(events []cases.Event) []cases.EventKind {
	var out []cases.EventKind
	for _, e := range events {
		out = append(out, e.Kind)
	}
	return out
}

type fact struct {
	Kind, Day  string
	Source     string
	Dimensions map[string]string
}

// facts are all the facts of the trust, by kind.
func (w world) facts(t *testing.T) []fact {
	t.Helper()
	var out []fact
	err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT kind, day, source_kind, source_id, dimensions FROM fact WHERE agency_id = $1 ORDER BY kind, id`, string(w.Trust.ID))
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var f fact
			var kind, dims string
			if err := rows.Scan(&f.Kind, &f.Day, &kind, &f.Source, &dims); err != nil {
				return err
			}
			if kind != "enquiry" {
				t.Errorf("a fact of %s", kind)
			}
			if err := json.Unmarshal([]byte(dims), &f.Dimensions); err != nil {
				return err
			}
			out = append(out, f)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Proves: B8.2, B8.8
func TestAnEnquiryThatFindsNothingIsKeptAndCounted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, safely())
		if f.Kind() != cases.Light {
			t.Errorf("the file is %s", f.Kind())
		}
		if got := w.due(t, f); got != nil {
			t.Errorf("tasks: %v", got)
		}
		if got := kinds(w.told(t, f)); !slices.Equal(got, []cases.EventKind{cases.ImmediateSafety, cases.EnquiryMade}) {
			t.Errorf("chronology: %v", got)
		}
		want := []fact{
			{"enquiry.asked", today, string(id), map[string]string{
				"setting": "antenatal", "indicators": "false", "routine": "true", "private": "true", "counts": "true", "level": "2",
			}},
			{"enquiry.seen", today, string(id), map[string]string{"setting": "antenatal", "indicators": "false", "routine": "true"}},
			{"response", today, string(id), map[string]string{"level": "2"}},
		}
		if diff := cmp.Diff(want, w.facts(t)); diff != "" {
			t.Error(diff)
		}
		got, err := w.Get(t.Context(), f, id)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(safely(), got.Enquiry); diff != "" {
			t.Error(diff)
		}
		if !got.Counted || got.Level != 2 || got.AskedName != "Fictional nurse" || got.Corrects != "" || got.ReplacedBy != "" {
			t.Errorf("%+v", got)
		}
	})
}

// Proves: G1, G2
func TestADisclosureIsOneOfEachKindAndMakesAFileFull(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, safely())
		id, err := w.Record(t.Context(), f, but(func(e *enquiry.Enquiry) {
			e.Setting, e.Prompts = "emergency_department", []string{enquiry.Signs}
			e.Said, e.Time = []string{enquiry.Experiencing, enquiry.Perpetrating}, "current"
			e.Types, e.Shape, e.Relations = []string{"physical", "honour"}, "pattern", []string{"former_partner", "family"}
			e.Words, e.Wishes, e.ToldTo = "he hits me", "somewhere to stay", "the receptionist"
		}))
		if err != nil {
			t.Fatal(err)
		}
		f = w.reopen(t, casestest.Nurse, f)
		if f.Kind() != cases.Full {
			t.Errorf("the file is %s", f.Kind())
		}
		want := []string{"ask_safe_contact 2026-03-03", "identify_risk 2026-03-03", "offer_referral 2026-03-03"}
		if got := w.due(t, f); !slices.Equal(got, want) {
			t.Errorf("tasks: %v", got)
		}
		var got []fact
		for _, one := range w.facts(t) {
			if one.Source == string(id) {
				got = append(got, one)
			}
		}
		setting := map[string]string{"setting": "emergency_department"}
		if diff := cmp.Diff([]fact{
			{"disclosure.experiencing", today, string(id), setting},
			{"disclosure.honour", today, string(id), map[string]string{"about": "honour"}},
			{"disclosure.perpetrating", today, string(id), setting},
			{"enquiry.asked", today, string(id), map[string]string{
				"setting": "emergency_department", "indicators": "true", "routine": "false", "private": "true", "counts": "true", "level": "2",
			}},
			{"enquiry.seen", today, string(id), map[string]string{"setting": "emergency_department", "indicators": "true", "routine": "false"}},
			{"response", today, string(id), map[string]string{"level": "2"}},
		}, got); diff != "" {
			t.Error(diff)
		}
		told := w.told(t, f)
		last := told[len(told)-1]
		if last.Kind != cases.Disclosed || last.Ref != string(id) {
			t.Fatalf("%+v", last)
		}
		for _, word := range []string{"experience", "Physical", "'Honour'-based", "A pattern", "Former partner", "Family member of 16 or over", "It goes on now", "he hits me", "somewhere to stay", "the receptionist"} {
			if !strings.Contains(last.Text, word) {
				t.Errorf("%q is not in %q", word, last.Text)
			}
		}
	})
}

func TestPerpetratingAloneLeadsToAnOfferAndToNoRiskIdentification(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, but(said("recent", enquiry.Perpetrating)))
		want := []string{"ask_safe_contact 2026-03-03", "offer_referral 2026-03-03"}
		if got := w.due(t, f); !slices.Equal(got, want) {
			t.Errorf("tasks: %v", got)
		}
	})
}

func TestWhatWasToldUnaskedIsADisclosureAndIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) {
			said("historic", enquiry.Experiencing)(e)
			e.Asked, e.Prompts = enquiry.No, []string{enquiry.Raised}
		}))
		var got []string
		for _, one := range w.facts(t) {
			got = append(got, one.Kind)
		}
		if !slices.Equal(got, []string{"disclosure.experiencing", "enquiry.seen", "response"}) {
			t.Errorf("facts: %v", got)
		}
		if slices.ContainsFunc(w.due(t, f), func(s string) bool { return strings.HasPrefix(s, "ask_again") }) {
			t.Error("somebody who has told, alone and in private, is to be asked again")
		}
	})
}

// Proves: G1
func TestFGMIsRecordedOutsideTheFiguresAndGoesItsOwnWay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) {
			said("historic", enquiry.Experiencing)(e)
			e.Types = []string{enquiry.FGM}
		}))
		if want := []string{"ask_safe_contact 2026-03-03", "refer_elsewhere 2026-03-03"}; !slices.Equal(w.due(t, f), want) {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		for _, one := range w.facts(t) {
			if strings.HasPrefix(one.Kind, "disclosure") {
				t.Errorf("it is counted as %s", one.Kind)
			}
		}
		if f.Kind() != cases.Full {
			t.Errorf("the file is %s", f.Kind())
		}
		// With abuse as well, it is both.
		both, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) {
			said("historic", enquiry.Experiencing)(e)
			e.Types = []string{enquiry.FGM, "emotional"}
		}))
		if want := []string{"ask_safe_contact 2026-03-03", "identify_risk 2026-03-03", "offer_referral 2026-03-03", "refer_elsewhere 2026-03-03"}; !slices.Equal(w.due(t, both), want) {
			t.Errorf("tasks: %v", w.due(t, both))
		}
	})
}

// Proves: B7.27, B8.3, B8.4
func TestARelativeWhoInterpretedIsTakenIsNotCountedAndIsAskedAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.Interpreter = enquiry.InterpreterRelative }))
		got, err := w.Get(t.Context(), f, id)
		if err != nil || got.Counted {
			t.Errorf("%+v, %v", got, err)
		}
		if want := []string{"ask_again 2026-03-16", "ask_safe_contact 2026-03-03"}; !slices.Equal(w.due(t, f), want) {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		asked := w.facts(t)[0]
		if asked.Dimensions["counts"] != "false" || asked.Dimensions["private"] != "false" {
			t.Errorf("%+v", asked)
		}
		// Asking again, in a way that counts, clears the task.
		if _, err := w.Record(t.Context(), f, safely()); err != nil {
			t.Fatal(err)
		}
		if want := []string{"ask_safe_contact 2026-03-03"}; !slices.Equal(w.due(t, f), want) {
			t.Errorf("tasks: %v", w.due(t, f))
		}
	})
}

func TestAskingAgainFallsDueWhenADeploymentSaysSo(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Service = enquiry.New(w.Cases, w.Guard, w.Registry, enquiry.Config{AskAgainDays: 3})
		f, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.Asked = enquiry.No }))
		if !slices.Contains(w.due(t, f), "ask_again 2026-03-05") {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		if got := w.told(t, f); got[len(got)-1].Kind != cases.EnquiryNotMade {
			t.Errorf("%+v", got)
		}
	})
}

// Proves: B9.1
func TestSomebodyWhoIsNotSafeIsFollowedUpToday(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.Safe, e.SafetyDone = enquiry.No, "went to her sister's" }))
		if !slices.Contains(w.due(t, f), "safety_follow_up "+today) {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		if told := w.told(t, f); told[0].Kind != cases.ImmediateSafety || told[0].Text != "Not safe to go home. What was done: went to her sister's." {
			t.Errorf("%+v", told[0])
		}
		if f.Kind() != cases.Full {
			t.Errorf("the file is %s", f.Kind())
		}
	})
}

// Acting comes first; the review is on the next working day, whatever the
// level of whoever acted and however little was written down.
//
// Proves: B14.12, B9.1
func TestActNowIsRecordedAndReviewedOnTheNextWorkingDay(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Clock.Advance(4 * 24 * time.Hour) // a Friday
		friday := "2026-03-06"
		receptionist := w.Actor(t, casestest.Receptionist)
		f, _, err := w.Service.Begin(t.Context(), receptionist, people.Details{}, receptionist.Teams[0], enquiry.Enquiry{
			Setting: "antenatal", On: friday, Said: []string{enquiry.Experiencing}, Acts: []string{"999", enquiry.ActOther}, ActWords: "locked the door",
		})
		if err != nil {
			t.Fatal(err)
		}
		f = w.reopen(t, casestest.TrustManager, f)
		if !slices.Contains(w.due(t, f), "review_act_now 2026-03-09") {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		told := w.told(t, f)
		if told[0].Kind != cases.ActedNow || told[0].Text != "Called 999; locked the door." {
			t.Errorf("%+v", told[0])
		}
		inbox, err := w.Cases.Inbox(t.Context(), w.Actor(t, casestest.Nurse), receptionist.Teams[0], cases.Task{}, 10)
		if err != nil || len(inbox) != 1 || inbox[0].Kind != cases.ReviewActNow {
			t.Errorf("the team's inbox: %+v, %v", inbox, err)
		}
		// Each act is reviewed, also while another review waits.
		if _, err := w.Record(t.Context(), f, enquiry.Enquiry{Setting: "antenatal", On: friday, Acts: []string{"safe_place"}}); err != nil {
			t.Fatal(err)
		}
		reviews := slices.DeleteFunc(w.due(t, f), func(s string) bool { return !strings.HasPrefix(s, "review_act_now") })
		if len(reviews) != 2 {
			t.Errorf("%v", reviews)
		}
	})
}

// Proves: B8.10
func TestWhoeverIsNotTrainedIsNotRefusedAndCountedSeparately(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Receptionist, safely())
		got, err := w.Get(t.Context(), f, id)
		if err != nil || !got.Counted || got.Level != 1 || enquiry.Trained(got.Level) {
			t.Errorf("%+v, %v", got, err)
		}
		for _, one := range w.facts(t) {
			if level, has := one.Dimensions["level"]; has && level != "1" {
				t.Errorf("%+v", one)
			}
		}
	})
}

func TestSafeContactIsAskedForOnceAndOnlyWhileUnset(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, but(said("current", enquiry.Experiencing)))
		if _, err := w.Record(t.Context(), f, but(said("current", enquiry.Experiencing))); err != nil {
			t.Fatal(err)
		}
		if want := []string{"ask_safe_contact 2026-03-03", "identify_risk 2026-03-03", "offer_referral 2026-03-03"}; !slices.Equal(w.due(t, f), want) {
			t.Errorf("tasks: %v", w.due(t, f))
		}
		known := w.World.Begin(t, w.Actor(t, casestest.Nurse))
		var p people.Person
		err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			p, err = w.People.Get(ctx, tx, known.Permit(), known.Agency(), known.Person())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Cases.Change(t.Context(), known, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			return w.People.RecordSafeContact(ctx, tx, known.Permit(), p, people.ContactForm{Version: p.Version, TheyContact: true})
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Record(t.Context(), known, but(said("current", enquiry.Perpetrating))); err != nil {
			t.Fatal(err)
		}
		if want := []string{"offer_referral 2026-03-03"}; !slices.Equal(w.due(t, known), want) {
			t.Errorf("tasks: %v", w.due(t, known))
		}
	})
}

func TestWhoDoesNotWorkWithTheFileRecordsNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, safely())
		before := w.facts(t)
		for _, who := range []string{casestest.Midwife, casestest.TrustAdmin, casestest.Commissioner, casestest.IDVA, casestest.Robot} {
			if _, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care); err == nil {
				t.Errorf("%s has the file", who)
			}
		}
		for _, who := range []string{casestest.TrustAdmin, casestest.Commissioner, casestest.Robot} {
			_, _, err := w.Service.Begin(t.Context(), w.Actor(t, who), people.Details{}, "", safely())
			if _, denied := policy.IsDenied(err); !denied {
				t.Errorf("%s: %v", who, err)
			}
			last := w.Ledger(t)[len(w.Ledger(t))-1]
			if last.Outcome != audit.Refused || last.Actor != w.Actor(t, who).Account {
				t.Errorf("the refusal of %s left %+v", who, last)
			}
		}
		for _, none := range []*cases.File{nil, {}} {
			if _, err := w.Record(t.Context(), none, safely()); !errors.Is(err, audit.ErrNoPermit) {
				t.Errorf("without a file: %v", err)
			}
			if _, err := w.Get(t.Context(), none, id); err == nil {
				t.Error("without a file it is read")
			}
			if _, err := w.Overview(t.Context(), none, 1); !errors.Is(err, audit.ErrNoPermit) {
				t.Errorf("without a file: %v", err)
			}
		}
		// A file of somebody else says nothing about this one's enquiries.
		other := w.World.Begin(t, w.Actor(t, casestest.IDVA))
		if _, err := w.Get(t.Context(), other, id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("through another agency's file: %v", err)
		}
		if diff := cmp.Diff(before, w.facts(t)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatCannotBeLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nurse := w.Actor(t, casestest.Nurse)
		_, _, err := w.Service.Begin(t.Context(), nurse, people.Details{Born: "31 February"}, "", enquiry.Enquiry{On: "2026-03-03"})
		errs, ok := forms.AsErrors(err)
		if !ok || !errs.Has("setting") || !errs.Has("on-day") || !errs.Has("born") {
			t.Errorf("got %v", err)
		}
		rows, err := w.Cases.Caseload(t.Context(), nurse, cases.All, nil, 10)
		if err != nil || len(rows) != 0 || len(w.facts(t)) != 0 {
			t.Errorf("%v, %v", rows, err)
		}
	})
}

// The day is the one of the deployment's calendar, in which summer begins.
func TestTodayIsTheDayHereAndNotTomorrow(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Clock.Advance(time.Date(2026, time.June, 1, 23, 30, 0, 0, time.UTC).Sub(w.Clock.Now()))
		f, _ := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.On = "2026-06-02" }))
		if _, err := w.Record(t.Context(), f, but(func(e *enquiry.Enquiry) { e.On = "2026-06-03" })); err == nil {
			t.Error("tomorrow was taken")
		}
		if _, err := w.Record(t.Context(), f, but(func(e *enquiry.Enquiry) { e.On = "2025-12-24" })); err != nil {
			t.Fatal(err)
		}
		days := map[string]bool{}
		for _, one := range w.facts(t) {
			days[one.Day] = true
		}
		if diff := cmp.Diff(map[string]bool{"2026-06-02": true, "2025-12-24": true}, days); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTheLedgerNamesThePersonAndTheReadingIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, id := w.begin(t, casestest.Nurse, safely())
		done := func(action policy.Action) *audit.Entry {
			for _, e := range slices.Backward(w.Ledger(t)) {
				if e.Action == action && e.Outcome == audit.Done {
					return &e
				}
			}
			return nil
		}
		e := done(enquiry.ActRecord)
		if e == nil || !slices.Contains(e.Subjects, f.Person().Subject()) || !slices.Contains(e.Subjects, f.ID().Subject()) {
			t.Errorf("%+v", e)
		}
		if _, err := w.Correct(t.Context(), f, id, 1, safely()); err != nil {
			t.Fatal(err)
		}
		if e := done(enquiry.ActCorrect); e == nil || !slices.Contains(e.Subjects, f.Person().Subject()) {
			t.Errorf("%+v", e)
		}
		before := len(w.Ledger(t))
		if _, err := w.Get(t.Context(), f, id); err != nil {
			t.Fatal(err)
		}
		read := w.Ledger(t)[before:]
		if len(read) != 1 || !slices.Contains(read[0].Subjects, f.Person().Subject()) {
			t.Errorf("%+v", read)
		}
	})
}

func TestWhatWasSaidIsUnreadableWithoutTheKeyOfTheAgency(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		_, id := w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.OperatorNumber = "unmistakable" }))
		err := w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			var answers []byte
			if err := tx.QueryRowContext(ctx, `SELECT answers FROM enquiry WHERE id = $1`, string(id)).Scan(&answers); err != nil {
				return err
			}
			if len(answers) == 0 || strings.Contains(string(answers), "unmistakable") {
				t.Errorf("stored as %q", answers)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Every statement of the overview is one for all the enquiries it names.
func TestTheOverviewTakesAFewStatementsHoweverManyThereAre(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f, _ := w.begin(t, casestest.Nurse, safely())
		statements := func() int {
			ctx, n := store.CountQueries(t.Context())
			if _, err := w.Overview(ctx, f, 5); err != nil {
				t.Fatal(err)
			}
			return n.N()
		}
		one := statements()
		for range 5 {
			if _, err := w.Record(t.Context(), f, safely()); err != nil {
				t.Fatal(err)
			}
		}
		if many := statements(); many > one {
			t.Errorf("%d statements for one, %d for six", one, many)
		}
		o, err := w.Overview(t.Context(), f, 5)
		if err != nil || len(o.Newest) != 5 || !o.EverCounted {
			t.Errorf("%d, %v, %v", len(o.Newest), o.EverCounted, err)
		}
	})
}

// The figures of the measures are those of the records.
//
// Proves: B8.8
func TestTheMeasuresCountWhatWasRecorded(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.begin(t, casestest.Nurse, safely())
		w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.Asked = enquiry.No }))
		w.begin(t, casestest.Nurse, but(func(e *enquiry.Enquiry) { e.Setting, e.Prompts = "housing", []string{enquiry.Signs} }))
		results, err := w.Counter.Count(t.Context(), w.Actor(t, casestest.TrustManager), measures.Query{
			IDs: []string{"B8.8", "QS1.P"}, Agency: string(w.Trust.ID), Exact: true, Period: measures.Period{From: "2026-01-01", To: today},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][2]int64{}
		for _, r := range results {
			got[r.Indicator.ID] = [2]int64{r.Numerator.Persons, r.Denominator.Persons}
		}
		if diff := cmp.Diff(map[string][2]int64{"B8.8": {1, 2}, "QS1.P": {1, 1}}, got); diff != "" {
			t.Error(diff)
		}
	})
}
