package cases_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// absent is an id that never was.
const absent cases.ID = "0190b0b0-0000-7000-8000-000000000000"

// notThere fails unless a file is not there for somebody: the same error, the
// same number of statements and the same kind of entry as for an id that never
// was.
func notThere(t *testing.T, w *casestest.World, who string, id cases.ID) {
	t.Helper()
	actor := w.Actor(t, who)
	open := func(id cases.ID) (string, int) {
		before := len(w.Ledger(t))
		ctx, n := store.CountQueries(t.Context())
		_, err := w.Cases.Open(ctx, actor, id, cases.Care)
		if err == nil {
			return "opened", 0
		}
		if d, is := policy.IsDenied(err); !is || d.Known {
			t.Errorf("%s: %v", who, err)
		}
		entries := w.Ledger(t)[before:]
		if len(entries) != 1 || entries[0].Outcome != audit.Refused {
			t.Errorf("%s: the refusal left %+v", who, entries)
		}
		return "refused", n.N() // why stands in the ledger alone; pages do not print it
	}
	a, work := open(id)
	b, less := open(absent)
	if a != b || work != less {
		t.Errorf("%s: %s with %v statements, and %s with %v where nothing is", who, a, work, b, less)
	}
	rows, err := w.Cases.Caseload(t.Context(), actor, cases.All, nil, 100)
	if _, denied := policy.IsDenied(err); err != nil && !denied {
		t.Fatal(err)
	}
	if slices.ContainsFunc(rows, func(r cases.Row) bool { return r.ID == id }) {
		t.Errorf("%s: it stands in the list", who)
	}
	slots, err := w.Cases.Slots(t.Context(), actor, 10)
	if err != nil || len(slots) > 0 {
		t.Errorf("%s: slots %v, %v", who, slots, err)
	}
	tasks, err := w.Cases.Inbox(t.Context(), actor, "", cases.Task{}, 100)
	if err != nil || slices.ContainsFunc(tasks, func(t cases.Task) bool { return t.File == id }) {
		t.Errorf("%s: inbox %v, %v", who, tasks, err)
	}
	for _, team := range actor.Teams {
		tasks, err := w.Cases.Inbox(t.Context(), actor, team, cases.Task{}, 100)
		if err != nil || slices.ContainsFunc(tasks, func(t cases.Task) bool { return t.File == id }) {
			t.Errorf("%s: team inbox %v, %v", who, tasks, err)
		}
	}
}

func there(t *testing.T, w *casestest.World, who string, id cases.ID) *cases.File {
	t.Helper()
	f, err := w.Cases.Open(t.Context(), w.Actor(t, who), id, cases.Care)
	if err != nil {
		t.Errorf("%s: %v", who, err)
	}
	return f
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var (
	maya = people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}
	home = people.Address{House: "12 Fictional Lane", Postcode: "EX1 1XX"}
)

func TestWhoDeclaresATieDoesNotSeeTheFile(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		mustDo(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.AskAgain, Team: f.Team()})
			return err
		}))
		there(t, w, casestest.Receptionist, f.ID())
		there(t, w, casestest.TrustManager, f.ID())
		for _, who := range []string{casestest.Receptionist, casestest.TrustManager} {
			// Written otherwise than on the file.
			err := w.Cases.Declare(t.Context(), w.Actor(t, who), cases.NewTie{
				Relation: cases.Relative, Person: people.Details{GivenName: "MÁYA", FamilyName: " example", Born: "1991-03-27"},
			})
			mustDo(t, err)
			notThere(t, w, who, f.ID())
		}
		there(t, w, casestest.Nurse, f.ID())
		// One that is begun later is gone too.
		later := w.Begin(t, w.Actor(t, casestest.Nurse))
		notThere(t, w, casestest.TrustManager, later.ID())
		// The same name with another date of birth is somebody else.
		other := w.BeginFor(t, w.Actor(t, casestest.Nurse), people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1970-01-01"}, "")
		there(t, w, casestest.TrustManager, other.ID())
		// Whose date of birth is not known may be them.
		unknown := w.BeginFor(t, w.Actor(t, casestest.Nurse), people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991"}, "")
		notThere(t, w, casestest.TrustManager, unknown.ID())
	})
}

func TestTiesAreFoundByAddressAndByBeingThePerson(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse := w.Actor(t, casestest.Nurse)
		mustDo(t, w.Cases.Particulars(t.Context(), w.Actor(t, casestest.Receptionist), people.Details{}, people.Address{House: "Flat 12, Fictional Lane", Postcode: "ex11xx"}))
		mustDo(t, w.Cases.Particulars(t.Context(), w.Actor(t, casestest.TrustManager), maya, people.Address{}))

		f := w.BeginFor(t, nurse, people.Details{GivenName: "Noor", FamilyName: "Example"}, "")
		there(t, w, casestest.Receptionist, f.ID())
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: home}))
		notThere(t, w, casestest.Receptionist, f.ID())

		there(t, w, casestest.TrustManager, f.ID())
		w.Add(t, f, cases.Perpetrator, maya)
		notThere(t, w, casestest.TrustManager, f.ID())
		there(t, w, casestest.Nurse, f.ID())

		// A confidential address is compared with nothing.
		g := w.BeginFor(t, nurse, people.Details{GivenName: "Una", FamilyName: "Example"}, "")
		mustDo(t, w.Cases.RecordHome(t.Context(), g, g.Person(), people.Home{Address: home, Confidential: true}))
		there(t, w, casestest.Receptionist, g.ID())
	})
}

func TestATieWinsOverEmergencyAccessAndRole(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		manager, midwife := w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.Midwife)
		ask := func(a policy.Actor, number int64) error {
			_, err := w.Cases.TakeEmergencyAccess(t.Context(), a, cases.NewEmergency{Number: number, Reason: cases.DangerNow, Words: "She is at the door"})
			return err
		}
		mustDo(t, ask(midwife, f.Number()))
		there(t, w, casestest.Midwife, f.ID())
		for _, a := range []policy.Actor{manager, midwife} {
			mustDo(t, w.Cases.Declare(t.Context(), a, cases.NewTie{Relation: cases.FormerPart, Person: maya}))
		}
		notThere(t, w, casestest.Midwife, f.ID())
		notThere(t, w, casestest.TrustManager, f.ID())
		tied, absent := ask(manager, f.Number()), ask(manager, 9999)
		if tied == nil || absent == nil || tied.Error() != absent.Error() {
			t.Errorf("%v, and for a number that no file has: %v", tied, absent)
		}
	})
}

func TestTheKeyContactIsToldSilently(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, contact := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, nurse)
		mustDo(t, w.Cases.DeclareOn(t.Context(), f, f.Person(), cases.Friend))
		notThere(t, w, casestest.Nurse, f.ID())
		notices, err := w.Cases.Notices(t.Context(), contact, 10)
		mustDo(t, err)
		if len(notices) != 1 || notices[0].Kind != cases.NoticeConflict || notices[0].Number != f.Number() || notices[0].Account != nurse.Account {
			t.Fatalf("%+v", notices)
		}
		// Nobody else is told, in the chronology or by a task.
		g := there(t, w, casestest.TrustManager, f.ID())
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Chronology(ctx, tx, g, "", 50)
			if len(events) != 1 || events[0].Kind != cases.Opened {
				t.Errorf("the chronology says %+v", events)
			}
			tasks, taskErr := w.Cases.Tasks(ctx, tx, g)
			if len(tasks) != 0 {
				t.Errorf("tasks %+v", tasks)
			}
			return errors.Join(err, taskErr)
		})
		for _, who := range []string{casestest.TrustManager, casestest.HavenContact, casestest.Nurse} {
			if _, err := w.Cases.NoticeFor(t.Context(), w.Actor(t, who), notices[0].ID); err == nil {
				t.Errorf("%s reads the notice", who)
			}
		}
		v, err := w.Cases.NoticeFor(t.Context(), contact, notices[0].ID)
		mustDo(t, err)
		if !v.Holds || !v.Declared || v.Basis != cases.Friend {
			t.Errorf("%+v", v)
		}
		if err := w.Cases.ReviewConflict(t.Context(), v, true, "She said so"); err == nil {
			t.Error("what a worker declared was lifted")
		}
		mustDo(t, w.Cases.ReviewConflict(t.Context(), v, false, ""))
		notThere(t, w, casestest.Nurse, f.ID())
	})
}

func TestATieFoundWronglyIsLiftedByTheKeyContactAndStaysLifted(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		mustDo(t, w.Cases.RecordHome(t.Context(), f, f.Person(), people.Home{Address: home}))
		own := func() error {
			return w.Cases.Particulars(t.Context(), w.Actor(t, casestest.Receptionist), people.Details{}, home)
		}
		mustDo(t, own())
		notThere(t, w, casestest.Receptionist, f.ID())
		notices, err := w.Cases.Notices(t.Context(), w.Actor(t, casestest.KeyContact), 10)
		if err != nil || len(notices) != 1 {
			t.Fatal(notices, err)
		}
		v, err := w.Cases.NoticeFor(t.Context(), w.Actor(t, casestest.KeyContact), notices[0].ID)
		mustDo(t, err)
		if v.Basis != cases.SameAddress || v.Declared {
			t.Errorf("%+v", v)
		}
		if err := w.Cases.ReviewConflict(t.Context(), v, true, ""); err == nil {
			t.Error("lifted without a reason")
		}
		mustDo(t, w.Cases.ReviewConflict(t.Context(), v, true, "A tower of ninety flats with one number"))
		there(t, w, casestest.Receptionist, f.ID())
		mustDo(t, own())
		there(t, w, casestest.Receptionist, f.ID())
	})
}

// Where staff live is nowhere in the database: not in plain and not sealed.
func TestAWorkersAddressIsNotKept(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		mustDo(t, w.Cases.Particulars(t.Context(), w.Actor(t, casestest.Nurse), maya, home))
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			var sealed, marks int
			var mark string
			err := errors.Join(
				tx.QueryRowContext(ctx, `SELECT count(*) FROM worker_tie WHERE length(words) > 0`).Scan(&sealed),
				tx.QueryRowContext(ctx, `SELECT count(*), max(mark) FROM worker_mark`).Scan(&marks, &mark),
			)
			if sealed != 0 || marks != 2 || len(mark) != 32 {
				t.Errorf("%d sealed, %d marks like %q", sealed, marks, mark)
			}
			return err
		})
		ties, err := w.Cases.Ties(t.Context(), w.Actor(t, casestest.Nurse))
		if err != nil || len(ties) != 1 || !ties[0].Own || ties[0].Words != "" {
			t.Errorf("%+v, %v", ties, err)
		}
	})
}

// Proves: B7.15a
func TestAFileAboutAColleagueIsForThoseNamedOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		mustDo(t, w.Cases.Particulars(t.Context(), w.Actor(t, casestest.Midwife), maya, people.Address{}))
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		there(t, w, casestest.Nurse, f.ID())
		for _, who := range []string{casestest.Midwife, casestest.Receptionist, casestest.TrustManager, casestest.TrustAdmin, casestest.IDVA} {
			notThere(t, w, who, f.ID())
		}
		_, err := w.Cases.TakeEmergencyAccess(t.Context(), w.Actor(t, casestest.TrustManager), cases.NewEmergency{Number: f.Number(), Reason: cases.DangerNow, Words: "Now"})
		if _, refused := forms.AsErrors(err); !refused {
			t.Errorf("opened in an emergency: %v", err)
		}
	})
}

func TestARestrictedFileIsForNamedWorkersAndColleaguesAreToldWhomToAsk(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, midwife := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.Midwife)
		f := w.Begin(t, nurse)
		if err := w.Cases.Restrict(t.Context(), f, f.Version(), nil, ""); err == nil {
			t.Error("restricted without a reason")
		}
		if err := w.Cases.Restrict(t.Context(), there(t, w, casestest.Receptionist, f.ID()), 1, nil, "I want it"); err == nil {
			t.Error("restricted by somebody who does not hold it")
		}
		mustDo(t, w.Cases.Restrict(t.Context(), f, f.Version(), []string{midwife.Account}, "Her cousin works on the ward"))
		there(t, w, casestest.Nurse, f.ID())
		there(t, w, casestest.Midwife, f.ID())
		for _, who := range []string{casestest.Receptionist, casestest.TrustManager} {
			_, err := w.Cases.Open(t.Context(), w.Actor(t, who), f.ID(), cases.Care)
			var r *cases.RestrictedError
			if !errors.As(err, &r) || r.Number != f.Number() || r.Lead != nurse.Account {
				t.Errorf("%s: %v", who, err)
			}
			if d, denied := policy.IsDenied(err); !denied || !d.Known {
				t.Errorf("%s: %v is no refusal", who, err)
			}
			slots, err := w.Cases.Slots(t.Context(), w.Actor(t, who), 10)
			if err != nil || !slices.Equal(slots, []cases.Slot{{ID: f.ID(), Number: f.Number(), Lead: nurse.Account}}) {
				t.Errorf("%s: slots %v, %v", who, slots, err)
			}
			rows, err := w.Cases.Caseload(t.Context(), w.Actor(t, who), cases.All, nil, 10)
			if err != nil || len(rows) != 0 {
				t.Errorf("%s: %v, %v", who, rows, err)
			}
		}
		for _, who := range []string{casestest.IDVA, casestest.HavenManager, casestest.TrustAdmin, casestest.KeyContact} {
			notThere(t, w, who, f.ID())
		}
		// Tied: not there, and no slot.
		mustDo(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.Receptionist), cases.NewTie{Relation: cases.Relative, Person: maya}))
		notThere(t, w, casestest.Receptionist, f.ID())

		if err := w.Cases.LiftAs(t.Context(), w.Actor(t, casestest.HavenManager), f.ID(), "x"); err == nil {
			t.Error("lifted by a manager of another agency")
		}
		if err := w.Cases.LiftAs(t.Context(), w.Actor(t, casestest.TrustManager), f.ID(), ""); err == nil {
			t.Error("lifted without a reason")
		}
		mustDo(t, w.Cases.LiftAs(t.Context(), w.Actor(t, casestest.TrustManager), f.ID(), "The cousin has left"))
		notices, err := w.Cases.Notices(t.Context(), w.Actor(t, casestest.KeyContact), 10)
		if err != nil || !slices.ContainsFunc(notices, func(n cases.Notice) bool { return n.Kind == cases.NoticeLifted }) {
			t.Errorf("the key contact was told %v, %v", notices, err)
		}
		f = there(t, w, casestest.Nurse, f.ID())
		there(t, w, casestest.TrustManager, f.ID())
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			list, err := w.Cases.Restrictions(ctx, tx, f)
			if len(list) != 1 || list[0].Why != "Her cousin works on the ward" || list[0].LiftedWhy != "The cousin has left" {
				t.Errorf("%+v", list)
			}
			return err
		})
	})
}

func TestEmergencyAccess(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, midwife, contact := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.Midwife), w.Actor(t, casestest.KeyContact)
		f := w.Begin(t, nurse)
		mustDo(t, w.Cases.Restrict(t.Context(), f, f.Version(), nil, "Threats to the ward"))
		if _, err := w.Cases.TakeEmergencyAccess(t.Context(), midwife, cases.NewEmergency{Number: f.Number(), Reason: cases.DangerNow}); err == nil {
			t.Error("taken without a reason")
		}
		if _, err := w.Cases.TakeEmergencyAccess(t.Context(), w.Actor(t, casestest.IDVA), cases.NewEmergency{Number: f.Number(), Reason: cases.DangerNow, Words: "x"}); err == nil {
			t.Error("taken by another agency")
		}
		id, err := w.Cases.TakeEmergencyAccess(t.Context(), midwife, cases.NewEmergency{Number: f.Number(), Reason: cases.PersonIsHere, Words: "She is in reception, bleeding"})
		if err != nil || id != f.ID() {
			t.Fatal(id, err)
		}
		got := there(t, w, casestest.Midwife, f.ID())
		if !got.InEmergency() {
			t.Error("the file does not say so")
		}
		if _, reach := w.Cases.Whereabouts(got); reach {
			t.Error("whereabouts were opened without being asked for")
		}
		// It works with the file, and does not hand it on or lift anything.
		for action, want := range map[policy.Action]bool{cases.ActWork: true, cases.ActHandOver: false, cases.ActLift: false, cases.ActGrant: false} {
			if w.Cases.May(got, action) != want {
				t.Errorf("%s: %v", action, !want)
			}
		}
		// The lead and the key contact are told at once.
		inbox, err := w.Cases.Inbox(t.Context(), nurse, "", cases.Task{}, 10)
		if err != nil || len(inbox) != 1 || inbox[0].Kind != cases.EmergencyUsed {
			t.Errorf("the lead's inbox: %+v, %v", inbox, err)
		}
		notices, err := w.Cases.Notices(t.Context(), contact, 10)
		if err != nil || len(notices) != 1 || notices[0].Kind != cases.NoticeEmergency || notices[0].Due != cases.NextWorkingDay(w.Clock.Now()) {
			t.Fatalf("the key contact's: %+v, %v", notices, err)
		}
		if _, err := w.Cases.NoticeFor(t.Context(), midwife, notices[0].ID); err == nil {
			t.Error("whoever took it reads the notice")
		}
		v, err := w.Cases.NoticeFor(t.Context(), contact, notices[0].ID)
		mustDo(t, err)
		if v.Emergency.Words != "She is in reception, bleeding" || v.Emergency.Account != midwife.Account {
			t.Errorf("%+v", v)
		}
		// It ends by itself.
		w.Clock.Advance(cases.DefaultEmergencyAccess)
		notThere(t, w, casestest.Midwife, f.ID())
		if err := w.Cases.ReviewEmergency(t.Context(), v, "", "x"); err == nil {
			t.Error("reviewed without a verdict")
		}
		mustDo(t, w.Cases.ReviewEmergency(t.Context(), v, cases.Justified, "She needed help at once"))
		if err := w.Cases.ReviewEmergency(t.Context(), v, cases.NotJustified, "again"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("reviewed twice: %v", err)
		}
		// It stays on the file for good.
		f = there(t, w, casestest.Nurse, f.ID())
		read(t, w, func(ctx context.Context, tx *store.Tx) error {
			list, err := w.Cases.Emergencies(ctx, tx, f)
			if len(list) != 1 || list[0].Verdict != cases.Justified || list[0].ReviewedBy != contact.Account || list[0].Review != "She needed help at once" {
				t.Errorf("%+v", list)
			}
			events, chronologyErr := w.Cases.Chronology(ctx, tx, f, "", 50)
			var kinds []cases.EventKind
			for _, e := range events {
				kinds = append(kinds, e.Kind)
			}
			if !slices.Contains(kinds, cases.EmergencyOpened) || !slices.Contains(kinds, cases.EmergencyReviewed) {
				t.Errorf("the chronology says %v", kinds)
			}
			return errors.Join(err, chronologyErr)
		})
	})
}

func TestEmergencyAccessThatWasNotJustifiedEndsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		_, err := w.Cases.TakeEmergencyAccess(t.Context(), w.Actor(t, casestest.Midwife), cases.NewEmergency{
			Number: f.Number(), Reason: cases.OtherEmergency, Words: "Curious", Reach: true,
		})
		mustDo(t, err)
		if _, reach := w.Cases.Whereabouts(there(t, w, casestest.Midwife, f.ID())); !reach {
			t.Error("whereabouts were asked for and not opened")
		}
		notices, err := w.Cases.Notices(t.Context(), w.Actor(t, casestest.KeyContact), 10)
		mustDo(t, err)
		v, err := w.Cases.NoticeFor(t.Context(), w.Actor(t, casestest.KeyContact), notices[0].ID)
		mustDo(t, err)
		mustDo(t, w.Cases.ReviewEmergency(t.Context(), v, cases.NotJustified, "Nothing was urgent"))
		notThere(t, w, casestest.Midwife, f.ID())
	})
}

// Proves: B7.15a
func TestSupportForAWorkerIsReadByWhomTheyChose(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		nurse, chosen := w.Actor(t, casestest.Nurse), w.Actor(t, casestest.Midwife)
		if err := w.Cases.AskForSupport(t.Context(), nurse, w.Actor(t, casestest.IDVA).Account, "x"); err == nil {
			t.Error("addressed to another agency")
		}
		mustDo(t, w.Cases.AskForSupport(t.Context(), nurse, chosen.Account, "It is happening to me"))
		mustDo(t, w.Cases.AskForSupport(t.Context(), nurse, "", "For myself"))
		for _, who := range []string{casestest.Receptionist, casestest.TrustManager, casestest.KeyContact, casestest.TrustAdmin, casestest.HavenManager} {
			own, asked, err := w.Cases.SupportFor(t.Context(), w.Actor(t, who))
			if err != nil || len(own)+len(asked) != 0 {
				t.Errorf("%s: %v %v %v", who, own, asked, err)
			}
		}
		own, _, err := w.Cases.SupportFor(t.Context(), nurse)
		if err != nil || len(own) != 2 {
			t.Errorf("%v %v", own, err)
		}
		_, asked, err := w.Cases.SupportFor(t.Context(), chosen)
		if err != nil || len(asked) != 1 || asked[0].Words != "It is happening to me" {
			t.Fatalf("%v %v", asked, err)
		}
		if err := w.Cases.AnswerSupport(t.Context(), w.Actor(t, casestest.TrustManager), asked[0].ID, "What is this?"); err == nil {
			t.Error("a manager answered")
		}
		mustDo(t, w.Cases.AnswerSupport(t.Context(), chosen, asked[0].ID, "I am here for you"))
		own, _, err = w.Cases.SupportFor(t.Context(), nurse)
		if err != nil || own[1].Answer != "I am here for you" {
			t.Errorf("%+v %v", own, err)
		}
	})
}

func TestWhyAFileIsSeen(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		says := func(who, sentence, fact string) {
			t.Helper()
			why := w.Cases.Why(there(t, w, who, f.ID()))
			if !strings.Contains(strings.Join(why.Sentences, " "), sentence) || !strings.Contains(strings.Join(why.Facts, " "), fact) {
				t.Errorf("%s: %+v", who, why)
			}
		}
		says(casestest.Nurse, "on which they are involved", "You hold it")
		says(casestest.Receptionist, "which their team holds", "One of your teams holds it")
		says(casestest.TrustManager, "A service manager sees", "You are a service manager")
		_, err := w.Cases.TakeEmergencyAccess(t.Context(), w.Actor(t, casestest.Midwife), cases.NewEmergency{Number: f.Number(), Reason: cases.WorkerAway, Words: "Nobody answers"})
		mustDo(t, err)
		says(casestest.Midwife, "emergency access", "ends by itself")
		w.Clock.Advance(time.Minute)
	})
}
