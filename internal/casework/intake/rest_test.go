package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/intake"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// openMidwives lets a team of another agency take everything that is asked.
func (w *world) openMidwives(t testing.TB) intake.Place {
	t.Helper()
	must(t, w.Intake.SetDoor(t.Context(), w.Actor(t, casestest.TrustManager), intake.Door{
		Team: string(w.Midwives.ID), Self: true, Known: true, Work: true, Public: intake.Public{Name: "Fictional midwives", What: "For whoever expects a child"},
	}))
	return intake.Place{Agency: string(w.Trust.ID), Team: string(w.Midwives.ID)}
}

// known is what a neighbour asks.
func (w *world) known() intake.NewAsk {
	n := w.ask()
	n.Who, n.Words.Agreed, n.Words.Asker, n.Words.Role, n.Words.Back = intake.Known, intake.Unknown, "Sam Neighbour", "Lives above", "07700 900456"
	return n
}

func (w *world) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	n := 0
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error { return tx.QueryRowContext(ctx, query, args...).Scan(&n) }))
	return n
}

func (w *world) accepted(t testing.TB, n intake.NewAsk) *cases.File {
	t.Helper()
	id := w.leave(t, n)
	must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
	o := w.read(t, casestest.IDVA, id)
	f, err := w.Intake.Accept(t.Context(), o, intake.Acceptance{Person: o.Words().Details(), Team: o.Ask().Team})
	must(t, err)
	return f
}

// However often and at whatever moment one page is sent, it arrives once, with one
// reference, and is counted once.
func TestOnePageThatIsSentAtTheSameMomentArrivesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		n := w.ask()
		var wait sync.WaitGroup
		refs, errs := make([]string, 4), make([]error, 4)
		for i := range refs {
			wait.Add(1)
			go func() {
				defer wait.Done()
				refs[i], errs[i] = w.Intake.Leave(t.Context(), fmt.Sprintf("198.51.100.%d", i), n)
			}()
		}
		wait.Wait()
		must(t, errors.Join(errs...))
		one := slices.Compact(refs)
		if len(one) != 1 || one[0] == "" || len(w.list(t, casestest.IDVA, intake.WaitingBox)) != 1 {
			t.Errorf("%v", refs)
		}
		if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE kind = 'ask.received'"); n != 1 {
			t.Errorf("it is counted %d times", n)
		}
	})
}

// A case of somebody who harms, and one that is closed, are none into which it can
// go: that is said beside the field, and nothing is answered.
func TestACaseThatDoesNotFitIsRefusedBesideTheField(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		idva := w.Actor(t, casestest.IDVA)
		harms := w.BeginFor(t, idva, people.Details{GivenName: "Maya", FamilyName: "Example"}, cases.Perpetrating)
		closed := w.Begin(t, idva)
		must(t, w.Cases.CloseCase(t.Context(), closed, closed.Version(), "She is safe"))
		id := w.leave(t, w.ask())
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
		for says, into := range map[string]cases.ID{"who harms": harms.ID(), "is closed": closed.ID()} {
			_, err := w.Intake.Accept(t.Context(), w.read(t, casestest.IDVA, id), intake.Acceptance{Into: into})
			if errs, ok := forms.AsErrors(err); !ok || !strings.Contains(errs.Get("into"), says) || !strings.Contains(errs.Get("into"), "Open a new case") {
				t.Errorf("%s: %v", says, err)
			}
		}
		if got := w.read(t, casestest.IDVA, id).Ask(); got.State != intake.Acknowledged || got.File != "" {
			t.Errorf("%+v", got)
		}
	})
}

// What goes into a copy for the person is in parts: how they can be reached is
// hidden, and what is somebody else's too says so.
//
// Proves: B6.12
func TestWhatIsCollectedSaysWhatMustBeLookedAt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		pieces := func(f *cases.File) map[string]cases.Piece {
			out := map[string]cases.Piece{}
			must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				list, closed, err := w.Intake.Pieces(ctx, tx, f)
				if closed != 0 {
					t.Errorf("%d are withheld from whoever holds the case", closed)
				}
				for _, p := range list {
					_, part, _ := strings.Cut(p.Ref, "/")
					out[part] = p
				}
				return err
			}))
			return out
		}
		got := pieces(w.accepted(t, w.known()))
		contact := got["contact"]
		if !contact.Hidden || contact.Compartment != cases.Whereabouts || !strings.Contains(strings.Join(contact.Lines, "\n"), "07700 900123") {
			t.Errorf("contact: %+v", contact)
		}
		for part, says := range map[string]string{"": "He reads all my messages", "feared": "Rob Example", "asker": "07700 900456"} {
			if p := got[part]; !p.Others || p.Hidden || !strings.Contains(strings.Join(p.Lines, "\n"), says) {
				t.Errorf("%q: %+v", part, p)
			}
		}
		for part, p := range got {
			if part != "contact" && strings.Contains(strings.Join(p.Lines, "\n"), "07700 900123") {
				t.Errorf("%q says how they can be reached", part)
			}
		}
		own := pieces(w.accepted(t, w.ask()))
		if own[""].Others || !own["feared"].Others || own["asker"].Ref != "" {
			t.Errorf("%+v", own)
		}
	})
}

// Whoever asks for somebody else is reached in their own way, and the person in
// theirs: the one is never taken for the other.
//
// Proves: B6.2
func TestWhoAsksAndWhoItIsAboutAreReachedApart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		for field, n := range map[string]intake.NewAsk{
			"back":   {Who: intake.Known, Words: intake.Words{Asker: "Sam"}},
			"asker":  {Who: intake.Work, Words: intake.Words{Back: "07700 900456"}},
			"role":   {Who: intake.Work, Words: intake.Words{Asker: "Sam", Back: "07700 900456"}},
			"number": {Who: intake.Known, Words: intake.Words{Reply: intake.Reach, Means: []intake.Means{intake.Call}, Back: "07700 900456"}},
		} {
			if errs := n.CheckAbout(); !errs.Has(field) {
				t.Errorf("nothing is said of %s", field)
			}
		}
		if errs := (intake.NewAsk{Who: intake.Known, Words: intake.Words{Reply: intake.Wait}}).CheckContact(); !errs.Has("agreed") {
			t.Error("nobody is asked whether the person knows")
		}
		f := w.accepted(t, w.known())
		_, words, err := w.Intake.OfFile(t.Context(), f)
		must(t, err)
		said := func(lines []intake.Line) string { return fmt.Sprint(lines) }
		if c := said(words[0].Contact()); !strings.Contains(c, "07700 900123") || strings.Contains(c, "07700 900456") {
			t.Errorf("the person is reached by %s", c)
		}
		if by := said(words[0].By()); !strings.Contains(by, "07700 900456") || strings.Contains(by, "07700 900123") || !strings.Contains(by, intake.Unknown.Label()) {
			t.Errorf("whoever asked is reached by %s", by)
		}
	})
}

// What went into no case goes once its time is over, whatever became of it; what
// is in a case stays with the case. The agency decides the time.
func TestWhatWentIntoNoCaseGoesAfterItsTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		midwives := w.openMidwives(t)
		months := 0
		w.Intake.Use(intake.Config{Months: func(context.Context, *store.Tx, string) (int, bool, error) { return months, months > 0, nil }})
		kept := w.accepted(t, w.ask())
		waits := w.leave(t, w.ask())
		taken := w.leave(t, w.ask())
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, taken)))
		declined := w.leave(t, w.ask())
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, declined)))
		must(t, w.Intake.Decline(t.Context(), w.read(t, casestest.IDVA, declined), intake.NoRequest, ""))
		moved := w.leave(t, w.ask())
		must(t, w.Intake.Move(t.Context(), w.read(t, casestest.IDVA, moved), intake.Move{To: midwives, Reason: intake.NotOurs, Words: "She expects a child"}))
		forget := func() {
			t.Helper()
			more, err := w.Intake.Forget(t.Context())
			if err != nil || more {
				t.Errorf("%v, %v", more, err)
			}
		}
		w.Clock.Advance((intake.KeepDays - 1) * 24 * time.Hour)
		forget()
		for _, id := range []intake.ID{waits, taken, declined} {
			w.read(t, casestest.HavenManager, id)
		}
		months = 12
		w.Clock.Advance(2 * 24 * time.Hour)
		forget()
		w.read(t, casestest.HavenManager, declined)
		months = 0
		forget()
		for _, id := range []intake.ID{waits, taken, declined, moved} {
			for _, table := range []string{"ask WHERE id", "ask_mark WHERE ask_id", "ask_step WHERE ask_id"} {
				if n := w.count(t, "SELECT COUNT(*) FROM "+table+" = $1", string(id)); n != 0 {
					t.Errorf("%d are left of %s", n, table)
				}
			}
		}
		if asks, _, err := w.Intake.OfFile(t.Context(), kept); err != nil || len(asks) != 1 {
			t.Errorf("what is in a case: %d, %v", len(asks), err)
		}
		gone := 0
		for _, e := range w.Ledger(t) {
			if e.Action == intake.ActForget {
				gone++
			}
		}
		if gone != 4 {
			t.Errorf("the ledger says it of %d", gone)
		}
	})
}

// It is moved to another agency as it was typed, and as old as it is; the clock of
// the new team begins, and the old agency keeps nothing but that it went there.
//
// Proves: B6.2, B6.31
func TestWhatIsMovedTravelsAsItWasTyped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		midwives := w.openMidwives(t)
		n := w.ask()
		id := w.leave(t, n)
		asked := w.read(t, casestest.IDVA, id).Ask()
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
		w.Clock.Advance(72 * time.Hour)
		o := w.read(t, casestest.IDVA, id)
		refused := func(m intake.Move, field string) {
			t.Helper()
			if errs, ok := forms.AsErrors(w.Intake.Move(t.Context(), o, m)); !ok || !errs.Has(field) {
				t.Errorf("%s: %v", field, errs)
			}
		}
		refused(intake.Move{}, "to")
		refused(intake.Move{}, "reason")
		refused(intake.Move{}, "words")
		refused(intake.Move{To: intake.Place{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Reason: intake.NotOurs, Words: "x"}, "to")
		refused(intake.Move{To: intake.Place{Agency: string(w.Haven.ID), Team: string(w.Midwives.ID)}, Reason: intake.NotOurs, Words: "x"}, "to")
		must(t, w.Intake.Move(t.Context(), o, intake.Move{To: midwives, Reason: intake.NotOurs, Words: "She expects a child"}))
		if err := w.Intake.Move(t.Context(), o, intake.Move{To: midwives, Reason: intake.NotOurs, Words: "Again"}); err == nil {
			t.Error("a stale page moved it again")
		}

		if _, err := w.Intake.Open(t.Context(), w.Actor(t, casestest.IDVA), id); err == nil {
			t.Error("the old team still reads it")
		}
		there := w.read(t, casestest.Nurse, id)
		if fmt.Sprintf("%#v", there.Words()) != fmt.Sprintf("%#v", n.Words) || there.Words().Never != n.Words.Never || there.Words().Number != n.Words.Number || there.Words().When != n.Words.When {
			t.Error("what was typed is not what was typed")
		}
		a := there.Ask()
		if !a.Arrived.Equal(asked.Arrived) || !a.Came.Equal(store.Moment(w.Clock.Now())) || a.DueOn <= asked.DueOn || a.State != intake.Arrived || a.HeldBy != "" || a.Reference != asked.Reference {
			t.Errorf("%+v", a)
		}
		steps, err := w.Intake.Steps(t.Context(), there)
		must(t, err)
		if len(steps) != 1 || steps[0].Kind != intake.CameHere || steps[0].Words != "She expects a child" || steps[0].Other.Team != string(w.Advocates.ID) {
			t.Errorf("%+v", steps)
		}
		gone, err := w.Intake.Gone(t.Context(), w.Actor(t, casestest.IDVA), 10)
		must(t, err)
		if len(gone) != 1 || gone[0].Other != midwives || gone[0].Reference != asked.Reference || gone[0].Words != "" {
			t.Errorf("%+v", gone)
		}
		for _, table := range []string{"ask WHERE id = $1 AND", "ask_mark WHERE ask_id = $1 AND", "ask_step WHERE kind <> 'left' AND ask_id = $1 AND"} {
			if n := w.count(t, "SELECT COUNT(*) FROM "+table+" agency_id = $2", string(id), string(w.Haven.ID)); n != 0 {
				t.Errorf("the old agency keeps %d of %s", n, table)
			}
		}
		// For whoever is tied to them at the new agency it is not there.
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.Nurse), cases.NewTie{Relation: cases.Relative, Person: people.Details{GivenName: "Rob", FamilyName: "Example"}}))
		if _, err := w.Intake.Open(t.Context(), w.Actor(t, casestest.Nurse), id); err == nil {
			t.Error("a worker who is tied to the one they fear reads it")
		}
	})
}

// Whoever it is moved to has the whole time to take it: the chase begins anew for
// each team, with nobody asked, and nothing done about the team before counts as
// done. Its age stays that of the asking.
//
// Proves: B6.31
func TestTheChaseBeginsAnewWithTheTeamThatHasIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		manager := w.Actor(t, casestest.HavenManager)
		outreach, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: w.Haven.ID, Code: "outreach", Name: "Outreach", TakesReferrals: true})
		must(t, err)
		must(t, w.Intake.SetDoor(t.Context(), manager, intake.Door{Team: string(outreach.ID), Self: true, Public: intake.Public{Name: "Fictional outreach", What: "Away from the town"}}))
		n := w.ask()
		n.Words.Danger = intake.Yes
		id := w.leave(t, n)
		untaken := func() []intake.Untaken {
			t.Helper()
			list, err := w.Intake.Untaken(t.Context(), manager)
			must(t, err)
			return list
		}
		w.Clock.Advance(61 * time.Minute)
		must(t, w.Intake.SeeTo(t.Context(), manager, id, "Rang the advocates"))
		if list := untaken(); len(list) != 1 || list[0].SeenBy != manager.Account {
			t.Fatalf("before it is moved: %+v", list)
		}
		arrived := w.read(t, casestest.IDVA, id).Ask().Arrived
		must(t, w.Intake.Move(t.Context(), w.read(t, casestest.IDVA, id), intake.Move{
			To: intake.Place{Agency: string(w.Haven.ID), Team: string(outreach.ID)}, Reason: intake.NotOurs, Words: "She lives out there",
		}))
		if list := untaken(); len(list) != 0 {
			t.Errorf("the manager is asked about a team that has just got it: %+v", list)
		}
		w.Clock.Advance(61 * time.Minute)
		list := untaken()
		if len(list) != 1 || list[0].Ask.Stage != sharing.WithManager || list[0].SeenBy != "" || list[0].Ask.Team != string(outreach.ID) {
			t.Fatalf("after it is moved: %+v", list)
		}
		if a := list[0].Ask; !a.Arrived.Equal(arrived) || !a.Pressing() {
			t.Errorf("%+v", a)
		}
	})
}

// Nothing moves the clock: it follows from the time and from who works there. It
// passes over whoever is tied; those who are asked see the envelope alone.
//
// Proves: B6.31
func TestWhatNobodyTakesIsEscalated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		n := w.ask()
		n.Words.Danger = intake.Yes
		id := w.leave(t, n)
		calm := w.leave(t, w.ask())
		stage := func() intake.Stage {
			t.Helper()
			for _, a := range w.list(t, casestest.IDVA, intake.WaitingBox) {
				if a.ID == id {
					if !a.Pressing() {
						t.Error("it does not stand on the first page")
					}
					return a.Stage
				}
			}
			return ""
		}
		asked := func(who string) bool {
			t.Helper()
			list, err := w.Intake.Untaken(t.Context(), w.Actor(t, who))
			must(t, err)
			return slices.ContainsFunc(list, func(u intake.Untaken) bool { return u.Ask.ID == id })
		}
		is := func(want intake.Stage, manager, contact bool) {
			t.Helper()
			if got := stage(); got != want || asked(casestest.HavenManager) != manager || asked(casestest.HavenContact) != contact {
				t.Errorf("%q, want %q; manager %v, contact %v", got, want, asked(casestest.HavenManager), asked(casestest.HavenContact))
			}
		}
		is(sharing.InTime, false, false)
		w.Clock.Advance(31 * time.Minute)
		is(sharing.Reminded, false, false)
		w.Clock.Advance(30 * time.Minute)
		is(sharing.WithManager, true, false)
		w.Clock.Advance(time.Hour)
		is(sharing.WithContact, true, true)
		for _, a := range w.list(t, casestest.IDVA, intake.WaitingBox) {
			if a.ID == calm && a.Pressing() {
				t.Error("what is not urgent is, within the hour")
			}
		}

		contact := w.Actor(t, casestest.HavenContact)
		if _, err := w.Intake.Open(t.Context(), contact, id); err == nil {
			t.Error("the key contact reads what it says")
		}
		if errs, ok := forms.AsErrors(w.Intake.SeeTo(t.Context(), contact, id, " ")); !ok || !errs.Has("words") {
			t.Error("nothing was said of what was done")
		}
		must(t, w.Intake.SeeTo(t.Context(), contact, id, "Rang the advocates"))
		steps, err := w.Intake.Steps(t.Context(), w.read(t, casestest.IDVA, id))
		must(t, err)
		if len(steps) != 1 || steps[0].Kind != intake.SeenTo || steps[0].Words != "Rang the advocates" || steps[0].By != contact.Account {
			t.Errorf("%+v", steps)
		}
		for _, who := range []string{casestest.TrustManager, casestest.IDVA, casestest.Robot} {
			if err := w.Intake.SeeTo(t.Context(), w.Actor(t, who), id, "x"); !isDenied(err) {
				t.Errorf("%s: %v", who, err)
			}
		}
		// A manager who is tied to the one they fear is passed over.
		must(t, w.Cases.Declare(t.Context(), w.Actor(t, casestest.HavenManager), cases.NewTie{Relation: cases.Relative, Person: people.Details{GivenName: "Rob", FamilyName: "Example"}}))
		is(sharing.WithContact, false, true)
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
		if asked(casestest.HavenContact) {
			t.Error("the key contact is still asked about what was taken")
		}
		if err := w.Intake.SeeTo(t.Context(), contact, id, "x"); err == nil {
			t.Error("something was done about what was taken")
		}
	})
}

func isDenied(err error) bool { _, is := policy.IsDenied(err); return is }

// What becomes of it is counted: received and taken in time, moved, declined, not
// reached; with the case and the person once it went into one.
func TestWhatBecomesOfItIsCounted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		midwives := w.openMidwives(t)
		f := w.accepted(t, w.ask())
		id := w.leave(t, w.ask())
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
		must(t, w.Intake.Decline(t.Context(), w.read(t, casestest.IDVA, id), intake.NotReached, "Rang at the time that was given"))
		moved := w.leave(t, w.ask())
		must(t, w.Intake.Move(t.Context(), w.read(t, casestest.IDVA, moved), intake.Move{To: midwives, Reason: intake.NotOurs, Words: "She expects a child"}))
		for kind, want := range map[string][2]int{"ask.received": {3, 1}, "ask.taken": {2, 0}, "ask.settled": {2, 0}, "ask.moved": {1, 0}} {
			for i, agency := range []string{string(w.Haven.ID), string(w.Trust.ID)} {
				if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE kind = $1 AND agency_id = $2", kind, agency); n != want[i] {
					t.Errorf("%s at %d: %d, want %d", kind, i, n, want[i])
				}
			}
		}
		if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE file_id = $1 AND person_id = $2", string(f.ID()), string(f.Person())); n != 3 {
			t.Errorf("%d facts lead to the case and the person", n)
		}
		if n := w.count(t, "SELECT COUNT(*) FROM fact WHERE kind = 'ask.taken' AND CAST(dimensions AS text) LIKE '%true%'"); n != 2 {
			t.Errorf("%d were in time", n)
		}
	})
}
