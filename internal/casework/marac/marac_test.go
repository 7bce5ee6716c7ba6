package marac_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/repeats"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// world is a partnership with a MARAC: Cora coordinates it. The trust, Haven and a
// programme for people who harm sit at it.
type world struct {
	*casestest.World
	s          *marac.Service
	conference directory.Agency
	cora, perp policy.Actor
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, marac.Rules())}
		w.s = marac.New(w.Cases, w.Guard, w.Registry.Zone())
		w.s.TrainedBy(w.Training)
		w.conference, w.cora = w.agency(t, "conference", policy.Specialist)
		_, w.perp = w.agency(t, "programme", policy.Specialist)
		m := marac.Norms(string(w.conference.ID), w.cora.Teams[0])
		must(t, w.s.SetUp(t.Context(), casestest.Operator, m, marac.Published("2026-01-01")))
		fn(t, w)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// agency adds an agency with a team and one worker who manages it too.
func (w *world) agency(t *testing.T, code string, role policy.Role) (directory.Agency, policy.Actor) {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: code, Name: "Fictional " + code, Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "team", Name: "Fictional team", TakesReferrals: true})
	must(t, err)
	roles := []policy.Role{role, policy.Manager}
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: a.ID, Username: code, Name: "Fictional of " + code, Kind: policy.Human, Roles: roles, Teams: []directory.TeamID{team.ID},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	return a, policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: roles, Level: 3, Teams: []string{string(team.ID)}}
}

func (w *world) id() string { return string(w.conference.ID) }

// member names somebody and has them accepted.
func (w *world) member(t *testing.T, boss, who policy.Actor, c marac.Capacity, g marac.Given) marac.MemberID {
	t.Helper()
	id, err := w.s.Name(t.Context(), boss, w.id(), marac.NewMember{Account: who.Account, Capacity: c})
	must(t, err)
	must(t, w.s.Decide(t.Context(), w.cora, w.id(), id, 1, marac.Accept, g))
	return id
}

// plan plans a meeting so many days from now.
func (w *world) plan(t testing.TB, days int) marac.MeetingID {
	t.Helper()
	id, err := w.s.Plan(t.Context(), w.cora, w.id(), marac.Planning{
		Kind: marac.Scheduled, First: w.Clock.Now().AddDate(0, 0, days), Minutes: 120, Words: marac.MeetingWords{Where: "Room 4", Join: "Ask at the desk"},
	})
	must(t, err)
	return id
}

// answer has somebody answer for a meeting, whatever they answered before.
func (w *world) answer(t *testing.T, who policy.Actor, id marac.MeetingID, r marac.Reply) {
	t.Helper()
	a, err := w.s.Attend(t.Context(), who, id)
	must(t, err)
	must(t, w.s.Answer(t.Context(), who, id, a.Mine.Version, r, false))
}

const (
	hideout = "9 Hidden Row, ZZ1 1ZZ"
	phone   = "01632 960001 after four"
)

var (
	maya = people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}
	rob  = people.Details{GivenName: "Rob", FamilyName: "Example", Born: "1988-01-02"}
	kit  = people.Details{GivenName: "Kit", FamilyName: "Example", Born: "2018-01-02"}
)

// list lists a case about Maya, Rob and Kit at a meeting.
func (w *world) list(t *testing.T, meeting marac.MeetingID, number string, slot int) marac.CaseID {
	t.Helper()
	f := w.BeginFor(t, w.cora, maya, cases.Experiencing)
	he, child := w.Add(t, f, cases.Perpetrator, rob), w.Add(t, f, cases.Child, kit)
	var id marac.CaseID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.s.InsertTx(ctx, tx, f, marac.Case{
			File: f.ID(), Number: number, From: string(w.Haven.ID), On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: meeting, Slot: slot, Rule: "2026-01-01",
			Routes: marac.Routes{Visible: marac.Yes, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.No},
			Words: marac.CaseWords{
				Reason: "She told the refuge", Contact: phone, SafeTo: "Her sister", UnsafeTo: "Her aunt", Views: "She wants to move", Afraid: "His brother", Aware: "She knows",
				Evidence: map[string]string{"judgement": "What she disclosed"}, Referrer: "A worker of the refuge", Represents: "Fictional adviser", Without: "Serious risk", Decision: "Listed",
			},
		}, []marac.Identity{
			{Person: f.Person(), Part: marac.Victim, Details: maya, Address: hideout},
			{Person: he, Part: marac.Perpetrator, Details: rob, Address: "1 His Road, ZZ9 9ZZ"},
			{Person: child, Part: marac.Child, Details: kit, Address: hideout, School: "Hidden School"},
		})
		return err
	}))
	return id
}

func denied(err error) bool { _, is := policy.IsDenied(err); return is }

func said(t *testing.T, err error, field string) {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if !errs.Has(field) {
		t.Errorf("nothing is said at %s: %v", field, err)
	}
}

// Only the operator makes an agency a MARAC; its coordinators keep it.
func TestAMaracIsSetUpAndKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		m := marac.Norms(string(w.Trust.ID), string(w.Midwives.ID))
		if err := w.s.SetUp(ctx, w.Actor(t, casestest.TrustManager), m, marac.Published("2026-01-01")); !denied(err) {
			t.Errorf("a manager set up a MARAC: %v", err)
		}
		if err := w.s.SetUp(ctx, casestest.Operator, marac.Norms(w.id(), w.cora.Teams[0]), marac.Published("2026-01-01")); !errors.Is(err, store.ErrExists) {
			t.Errorf("set up twice: %v", err)
		}
		if err := w.s.SetUp(ctx, casestest.Operator, marac.Norms(string(w.Trust.ID), w.cora.Teams[0]), marac.Published("2026-01-01")); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("with a team of another agency: %v", err)
		}
		said(t, w.s.SetUp(ctx, casestest.Operator, marac.Marac{Agency: w.id(), Minutes: 500}, marac.Rule{}), "minutes")

		now, err := w.s.Settings(ctx, w.cora, w.id())
		must(t, err)
		if r := now.InForce(); r.Threshold != 14 || r.Repeat != repeats.AnyAbuse || now.Marac.Minutes != 15 {
			t.Errorf("it begins with %+v and %+v", now.Marac, r)
		}
		now.Marac.Minutes, now.Marac.Women = 12, 76_500
		must(t, w.s.Set(ctx, w.cora, now.Marac))
		if err := w.s.Set(ctx, w.cora, now.Marac); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an older version was kept: %v", err)
		}
		if err := w.s.Set(ctx, w.perp, now.Marac); !denied(err) {
			t.Errorf("another agency keeps it: %v", err)
		}
		today := w.Clock.Now().Format(time.DateOnly)
		next := w.Clock.Now().AddDate(0, 1, 0).Format(time.DateOnly)
		said(t, w.s.SetRule(ctx, w.cora, w.id(), marac.Published("2026-01-02")), "since")
		older := marac.Rule{Since: next, Repeat: repeats.Crime, Threshold: 12, Incidents: 4, Months: 6}
		must(t, w.s.SetRule(ctx, w.cora, w.id(), older))
		said(t, w.s.SetRule(ctx, w.cora, w.id(), older), "since")
		for day, want := range map[string]int{today: 14, next: 12, "2031-01-01": 12} {
			must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
				r, err := w.s.RuleOnTx(ctx, tx, w.id(), day)
				if r.Threshold != want {
					t.Errorf("on %s the threshold is %d, want %d", day, r.Threshold, want)
				}
				return err
			}))
		}
		said(t, w.s.AddArea(ctx, w.cora, w.id(), marac.Area{Kind: marac.ByPostcode, Code: "Exmoor", Name: "Exmoor"}), "code")
		must(t, w.s.AddArea(ctx, w.cora, w.id(), marac.Area{Kind: marac.ByPostcode, Code: " zz 1", Name: "Fictional town"}))
		must(t, w.s.AddArea(ctx, w.cora, w.id(), marac.Area{Kind: marac.ByAuthority, Code: "E0", Name: "Fictional district"}))
		said(t, w.s.AddArea(ctx, w.cora, w.id(), marac.Area{Kind: marac.ByPostcode, Code: "ZZ1", Name: "Again"}), "code")
		must(t, w.s.RemoveArea(ctx, w.cora, w.id(), marac.ByAuthority, "E0"))
		now, err = w.s.Settings(ctx, w.cora, w.id())
		must(t, err)
		if diff := cmp.Diff([]marac.Area{{Kind: marac.ByPostcode, Code: "ZZ1", Name: "Fictional town"}}, now.Areas); diff != "" {
			t.Error(diff)
		}
	})
}

// A representative whose training lapsed attends, and is flagged.
//
// Proves: B14.13
func TestMembersAreNamedAcceptedAndFlagged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		boss, nurse, idva := w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.Nurse), w.Actor(t, casestest.IDVA)
		if _, err := w.s.Name(ctx, nurse, w.id(), marac.NewMember{Account: nurse.Account, Capacity: marac.Representative}); !denied(err) {
			t.Errorf("a worker named somebody: %v", err)
		}
		_, err := w.s.Name(ctx, boss, w.id(), marac.NewMember{Account: idva.Account, Capacity: "guest", Since: "soon"})
		said(t, err, "account")
		said(t, err, "capacity")
		said(t, err, "since")
		if _, err := w.s.Name(ctx, boss, string(w.Haven.ID), marac.NewMember{Account: nurse.Account, Capacity: marac.Chair}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody sits at an agency that is no MARAC: %v", err)
		}
		id, err := w.s.Name(ctx, boss, w.id(), marac.NewMember{Account: nurse.Account, Capacity: marac.Representative})
		must(t, err)
		said(t, w.s.Decide(ctx, w.cora, w.id(), id, 1, marac.Accept, ""), "given")
		if err := w.s.Decide(ctx, boss, w.id(), id, 1, marac.Accept, marac.Everything); !denied(err) {
			t.Errorf("their own agency accepted them: %v", err)
		}
		must(t, w.s.Decide(ctx, w.cora, w.id(), id, 1, marac.Accept, marac.Everything))
		w.member(t, w.Actor(t, casestest.HavenManager), idva, marac.IDVA, marac.Everything)
		list, who, err := w.s.Members(ctx, w.cora, w.id())
		must(t, err)
		if len(list) != 2 || !who[nurse.Account].Lapsed() || who[idva.Account].Lapsed() || who[nurse.Account].Name == "" {
			t.Errorf("the members are %+v, %+v", list, who)
		}
		meeting := w.plan(t, 3)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		w.answer(t, nurse, meeting, marac.Comes) // never refused
		a, err := w.s.Attend(ctx, nurse, meeting)
		must(t, err)
		if !a.Opens || !a.Who[nurse.Account].Lapsed() {
			t.Errorf("she attends %v and is told %+v", a.Opens, a.Who[nurse.Account])
		}
		ours, names, err := w.s.Ours(ctx, boss, w.id())
		must(t, err)
		if len(ours) != 1 || len(names) != 1 {
			t.Errorf("the trust sees %+v, %+v", ours, names)
		}
		if _, _, err := w.s.Members(ctx, boss, w.id()); !denied(err) {
			t.Errorf("the trust sees everybody: %v", err)
		}
		if err := w.s.Withdraw(ctx, w.Actor(t, casestest.HavenManager), w.id(), id, 2); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Haven ended somebody of the trust: %v", err)
		}
		must(t, w.s.Withdraw(ctx, boss, w.id(), id, 2))
		if _, err := w.s.Sit(ctx, nurse, meeting); !denied(err) {
			t.Errorf("she sits after it ended: %v", err)
		}
		if a, err := w.s.Attend(ctx, nurse, meeting); err != nil || a.Meeting.Words.Where != "" {
			t.Errorf("she is told where it is after it ended: %+v (%v)", a.Meeting.Words, err)
		}
	})
}

func TestObserversSignBeforeAnyMeeting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		nurse := w.Actor(t, casestest.Nurse)
		id := w.member(t, w.Actor(t, casestest.TrustManager), nurse, marac.Observer, marac.Everything)
		meeting := w.plan(t, 3)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		said(t, w.s.Answer(ctx, nurse, meeting, 1, marac.Comes, false), "reply")
		must(t, w.s.Decide(ctx, w.cora, w.id(), id, 2, marac.Sign, ""))
		w.answer(t, nurse, meeting, marac.Comes)
		if _, err := w.s.Sit(ctx, nurse, meeting); err != nil {
			t.Error(err)
		}
	})
}

func TestDeputiesAreAskedWhenSomebodyCannotCome(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		boss, idva, deputy := w.Actor(t, casestest.HavenManager), w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague)
		w.member(t, boss, idva, marac.Representative, marac.Everything)
		w.member(t, boss, deputy, marac.Deputy, marac.Everything)
		meeting := w.plan(t, 3)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		must(t, w.s.Ask(ctx, w.cora, meeting)) // nobody is asked twice
		if _, err := w.s.Attend(ctx, deputy, meeting); !denied(err) {
			t.Errorf("the deputy was asked at once: %v", err)
		}
		said(t, w.s.Answer(ctx, idva, meeting, 1, "perhaps", false), "reply")
		must(t, w.s.Answer(ctx, idva, meeting, 1, marac.Apologies, true))
		a, err := w.s.Attend(ctx, w.cora, meeting)
		must(t, err)
		if len(a.Board) != 2 || a.Meeting.Words.Where != "Room 4" {
			t.Fatalf("the board is %+v", a)
		}
		if a, err := w.s.Attend(ctx, idva, meeting); err != nil || a.Meeting.Words.Join != "" || !a.Mine.Sent {
			t.Errorf("who does not come is told %+v (%v)", a, err)
		}
		w.answer(t, deputy, meeting, marac.Comes)
		if _, err := w.s.Sit(ctx, deputy, meeting); err != nil {
			t.Error(err)
		}
		if err := w.s.Answer(ctx, w.cora, meeting, 1, marac.Comes, false); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a coordinator whom nobody asked answered: %v", err)
		}
	})
}

// Days are those of the calendar, over a change of the clocks too.
func TestACalendarIsPlannedMovedAndCancelled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, err := w.s.Plan(ctx, w.cora, w.id(), marac.Planning{Count: 100, Minutes: 1})
		for _, field := range []string{"kind", "first", "minutes", "count", "days"} {
			said(t, err, field)
		}
		at, ok := w.s.At("2030-03-21", "09:30")
		if !ok {
			t.Fatal("no time")
		}
		first, err := w.s.Plan(ctx, w.cora, w.id(), marac.Planning{Kind: marac.Scheduled, First: at, Minutes: 180, Count: 3, Days: 14})
		must(t, err)
		c, err := w.s.Calendar(ctx, w.cora, w.id())
		must(t, err)
		var got []string
		for _, m := range c.Ahead {
			for _, at := range []time.Time{m.Starts, m.ClosesList, m.Circulate, m.Close} {
				got = append(got, at.In(w.s.Zone()).Format("2006-01-02 15:04"))
			}
		}
		want := []string{
			"2030-03-21 09:30", "2030-03-13 09:30", "2030-03-14 09:30", "2030-03-28 09:30",
			"2030-04-04 09:30", "2030-03-27 09:30", "2030-03-28 09:30", "2030-04-11 09:30",
			"2030-04-18 09:30", "2030-04-10 09:30", "2030-04-11 09:30", "2030-04-25 09:30",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		emergency, err := w.s.Plan(ctx, w.cora, w.id(), marac.Planning{Kind: marac.Emergency, First: w.Clock.Now().Add(time.Hour), Minutes: 60})
		must(t, err)
		a, err := w.s.Attend(ctx, w.cora, emergency)
		must(t, err)
		if !a.Meeting.Open(w.Clock.Now()) || !a.Meeting.ClosesList.Equal(a.Meeting.Starts) {
			t.Errorf("an emergency waits: %+v", a.Meeting)
		}
		must(t, w.s.Move(ctx, w.cora, first, 1, marac.Planning{First: at.AddDate(0, 0, 1), Minutes: 60}))
		if err := w.s.Move(ctx, w.cora, first, 1, marac.Planning{First: at, Minutes: 60}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("an older version was moved: %v", err)
		}
		if err := w.s.Move(ctx, w.perp, first, 2, marac.Planning{First: at, Minutes: 60}); !denied(err) {
			t.Errorf("another agency moved it: %v", err)
		}
		w.list(t, first, "2030/001", 1)
		said(t, w.s.Cancel(ctx, w.cora, first, 2, ""), "to")
		must(t, w.s.Cancel(ctx, w.cora, first, 2, c.Ahead[1].ID))
		if a, err = w.s.Attend(ctx, w.cora, c.Ahead[1].ID); err != nil || a.Listed != 1 {
			t.Errorf("its case went nowhere: %+v (%v)", a, err)
		}
		if _, err := w.s.Sit(ctx, w.cora, first); err != nil {
			t.Errorf("the coordinator lost a cancelled meeting: %v", err)
		}
	})
}

// Whoever answered is asked again when a meeting is at another time.
func TestMovingAMeetingAsksAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, idva := t.Context(), w.Actor(t, casestest.IDVA)
		w.member(t, w.Actor(t, casestest.HavenManager), idva, marac.IDVA, marac.Everything)
		meeting := w.plan(t, 3)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		w.answer(t, idva, meeting, marac.Comes)
		must(t, w.s.Move(ctx, w.cora, meeting, 1, marac.Planning{First: w.Clock.Now().AddDate(0, 0, 4), Minutes: 120}))
		if _, err := w.s.Sit(ctx, idva, meeting); !denied(err) {
			t.Errorf("an answer for another day stood: %v", err)
		}
	})
}

// Nobody outside the accepted attendance sees a pack, nobody but the coordinator before
// circulation and after it closed, and of a meeting that never was the same is said and
// recorded as of another's.
func TestAPackIsSeenByThoseAcceptedWhileItIsOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		idva, nurse := w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Nurse)
		w.member(t, w.Actor(t, casestest.HavenManager), idva, marac.IDVA, marac.Everything)
		w.member(t, w.Actor(t, casestest.TrustManager), nurse, marac.Representative, marac.Everything)
		meeting := w.plan(t, 10)
		one := w.list(t, meeting, "2026/001", 1)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		w.answer(t, idva, meeting, marac.Comes)
		refused := func(when string, who policy.Actor) {
			t.Helper()
			if _, err := w.s.Sit(ctx, who, meeting); !denied(err) {
				t.Errorf("%s: %s sits (%v)", when, who.Name, err)
			}
		}
		refused("before circulation", idva)
		if _, err := w.s.Sit(ctx, w.cora, meeting); err != nil {
			t.Errorf("the coordinator before circulation: %v", err)
		}
		w.Clock.Advance(4 * 24 * time.Hour)
		refused("without an answer", nurse)
		refused("not asked", w.perp)
		refused("a colleague", w.Actor(t, casestest.Colleague))
		for _, id := range []marac.MeetingID{meeting, "0198c0de-0000-7000-8000-000000000000"} {
			before := len(w.Ledger(t))
			_, err := w.s.Sit(ctx, w.perp, id)
			entries := w.Ledger(t)
			if !denied(err) || len(entries) != before+1 || entries[before].Outcome != audit.Refused {
				t.Errorf("%s: %v, and %d entries", id, err, len(entries)-before)
			}
		}
		seat, err := w.s.Sit(ctx, idva, meeting)
		must(t, err)
		if _, err := w.s.Agenda(ctx, seat); !errors.Is(err, marac.ErrStatement) {
			t.Errorf("the agenda without the statement: %v", err)
		}
		if _, err := w.s.Open(ctx, seat, one); !errors.Is(err, marac.ErrStatement) {
			t.Errorf("a case without the statement: %v", err)
		}
		must(t, w.s.Accept(ctx, seat))
		agenda, err := w.s.Agenda(ctx, seat)
		must(t, err)
		if len(agenda.Lines) != 1 || agenda.Lines[0].Number != "2026/001" || !agenda.Lines[0].Flagged() || agenda.Minutes() != 15 {
			t.Errorf("the agenda is %+v", agenda)
		}
		before := len(w.Ledger(t))
		o, err := w.s.Open(ctx, seat, one)
		must(t, err)
		if len(o.About) != 3 || o.Case.Words.Contact != phone || o.Without {
			t.Errorf("she sees %+v", o)
		}
		if entries := w.Ledger(t)[before:]; len(entries) != 1 || entries[0].Action != marac.ActCase || !slices.Contains(entries[0].Subjects, one.Subject()) {
			t.Errorf("opening a case left %+v", entries)
		}
		for _, id := range []marac.CaseID{"0198c0de-0000-7000-8000-000000000000", w.list(t, w.plan(t, 20), "2026/002", 1)} {
			if _, err := w.s.Open(ctx, seat, id); !denied(err) {
				t.Errorf("a case that is not on the list: %v", err)
			}
		}
		w.Clock.Advance(30 * 24 * time.Hour)
		refused("after it closed", idva)
		if _, err := w.s.Open(ctx, seat, one); !denied(err) {
			t.Errorf("a seat from before it closed: %v", err)
		}
		if _, err := w.s.Agenda(ctx, &marac.Seat{}); !errors.Is(err, audit.ErrNoPermit) {
			t.Errorf("a seat that nobody gave: %v", err)
		}
		cora, err := w.s.Sit(ctx, w.cora, meeting)
		must(t, err)
		if _, err := w.s.Open(ctx, cora, one); err != nil {
			t.Errorf("the coordinator after it closed: %v", err)
		}
	})
}

// Whoever is tied to somebody does not see the case, and the coordinator sees who must
// not hear which.
func TestWhoeverIsTiedDoesNotSeeTheCase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, idva := t.Context(), w.Actor(t, casestest.IDVA)
		w.member(t, w.Actor(t, casestest.HavenManager), idva, marac.IDVA, marac.Everything)
		must(t, w.Cases.Declare(ctx, idva, cases.NewTie{Relation: cases.Relative, Person: rob}))
		meeting := w.plan(t, 3)
		one := w.list(t, meeting, "2026/001", 1)
		must(t, w.s.Ask(ctx, w.cora, meeting))
		w.answer(t, idva, meeting, marac.Comes)
		seat, err := w.s.Sit(ctx, idva, meeting)
		must(t, err)
		must(t, w.s.Accept(ctx, seat))
		agenda, err := w.s.Agenda(ctx, seat)
		must(t, err)
		if len(agenda.Lines) != 0 {
			t.Errorf("his relative sees %+v", agenda.Lines)
		}
		if _, err := w.s.Open(ctx, seat, one); !denied(err) {
			t.Errorf("his relative opened it: %v", err)
		}
		cora, err := w.s.Sit(ctx, w.cora, meeting)
		must(t, err)
		agenda, err = w.s.Agenda(ctx, cora)
		must(t, err)
		if diff := cmp.Diff([]marac.Conflict{{Account: idva.Account, Number: "2026/001"}}, agenda.Conflicts); diff != "" || agenda.Who[idva.Account].Name == "" {
			t.Errorf("%s %+v", diff, agenda.Who)
		}
	})
}

func TestTheCoordinatorOrdersTheAgenda(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, meeting := t.Context(), w.plan(t, 3)
		a, b, c := w.list(t, meeting, "1", 1), w.list(t, meeting, "2", 2), w.list(t, meeting, "3", 3)
		must(t, w.s.Order(ctx, w.cora, meeting, []marac.CaseID{c, a})) // 2 stays where it is
		seat, err := w.s.Sit(ctx, w.cora, meeting)
		must(t, err)
		agenda, err := w.s.Agenda(ctx, seat)
		must(t, err)
		got := ""
		for _, l := range agenda.Lines {
			got += l.Number
		}
		if got != "321" || agenda.Lines[2].At.Sub(agenda.Lines[0].At) != 30*time.Minute {
			t.Errorf("the order is %s: %+v", got, agenda.Lines)
		}
		for _, order := range [][]marac.CaseID{{a, a}, {"nothing", b}} {
			if err := w.s.Order(ctx, w.cora, meeting, order); !errors.Is(err, store.ErrConflict) {
				t.Errorf("%v was kept: %v", order, err)
			}
		}
		if err := w.s.Order(ctx, w.perp, meeting, nil); !denied(err) {
			t.Errorf("another agency ordered it: %v", err)
		}
	})
}

// Whatever people answered and whenever they look, who sees the pack is what a slow and
// obvious rule says, and whoever works with people who harm never sees where anybody
// lives, how they are reached, or what they said.
//
// Proves: B14.13
func TestWhoSeesAPackIsWhatTheObviousRuleSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		boss, haven := w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.HavenManager)
		all := []policy.Actor{w.perp, w.Actor(t, casestest.Nurse), w.Actor(t, casestest.Midwife), w.Actor(t, casestest.IDVA), w.Actor(t, casestest.Colleague), w.cora}
		w.member(t, w.perp, w.perp, marac.Representative, marac.WithoutWhereabouts)
		w.member(t, boss, all[1], marac.Representative, marac.Everything)
		w.member(t, boss, all[2], marac.Observer, marac.Everything) // who never signed
		w.member(t, haven, all[3], marac.IDVA, marac.Everything)
		w.member(t, haven, all[3], marac.Chair, marac.WithoutWhereabouts) // the least they are given counts
		// Colleague is no member, and Cora coordinates.
		rapid.Check(t, func(rt *rapid.T) {
			days := rapid.IntRange(1, 20).Draw(rt, "days")
			meeting := w.plan(t, days)
			starts := w.Clock.Now().AddDate(0, 0, days).In(w.s.Zone())
			one := w.list(t, meeting, fmt.Sprint("n", meeting), 1)
			must(t, w.s.Ask(ctx, w.cora, meeting))
			coming, stated := map[string]bool{}, map[string]bool{}
			for i, who := range all[:4] {
				switch rapid.IntRange(0, 2).Draw(rt, fmt.Sprint("reply", i)) {
				case 1:
					if err := w.s.Answer(ctx, who, meeting, 1, marac.Comes, false); err == nil {
						coming[who.Account] = true
					}
				case 2:
					must(t, w.s.Answer(ctx, who, meeting, 1, marac.Apologies, false))
				}
			}
			for range 3 {
				now := w.Clock.Now()
				open := !now.Before(starts.AddDate(0, 0, -7)) && now.Before(starts.AddDate(0, 0, 7))
				for i, who := range all {
					coordinator := i == 5
					want := coordinator || open && coming[who.Account] && i != 2 && i != 4
					seat, err := w.s.Sit(ctx, who, meeting)
					if got := err == nil; got != want || err != nil && !denied(err) {
						rt.Fatalf("%s sits: %v, want %v (%v)", who.Name, got, want, err)
					}
					if err != nil {
						continue
					}
					if !stated[who.Account] && rapid.Bool().Draw(rt, "states") {
						must(t, w.s.Accept(ctx, seat))
						stated[who.Account] = true
					}
					o, err := w.s.Open(ctx, seat, one)
					if got, want := err == nil, coordinator || stated[who.Account]; got != want {
						rt.Fatalf("%s opens: %v, want %v (%v)", who.Name, got, want, err)
					}
					if err != nil {
						continue
					}
					harms := i == 0 || i == 3
					if o.Without != harms {
						rt.Fatalf("%s is given whereabouts: %v", who.Name, !o.Without)
					}
					if harms {
						nothing(rt, o)
					} else if o.About[0].Part != marac.Victim || o.About[0].Address != hideout || o.Case.Words.Contact != phone {
						rt.Fatalf("%s is given too little: %+v", who.Name, o)
					}
				}
				w.Clock.Advance(time.Duration(rapid.IntRange(0, 9*24).Draw(rt, "hours")) * time.Hour)
			}
		})
	})
}

// nothing fails when a case tells where anybody but him is, or what she said.
func nothing(t *rapid.T, o marac.Opened) {
	if diff := cmp.Diff(marac.CaseWords{}, o.Case.Words); diff != "" || o.Case.From != "" || o.Case.IDVA != "" || o.Case.File != "" || o.Case.Share != "" || o.Case.CameFrom != "" {
		t.Fatalf("it tells %s%+v", diff, o.Case)
	}
	for _, p := range o.About {
		if p.Part != marac.Perpetrator && (p.Address != "" || p.School != "" || p.Relation != "") {
			t.Fatalf("it tells where %s is: %+v", p.Part, p)
		}
	}
}
