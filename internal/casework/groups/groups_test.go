package groups_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// world is a partnership that runs groups. Ferry runs them: she works at Haven, in
// a team of her own, and works with nobody.
type world struct {
	*casestest.World
	s        *groups.Service
	meetings *appointments.Service
	ferry    policy.Actor
	place    string
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, appointments.Rules(), groups.Rules())}
		w.meetings = appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{})
		w.s = groups.New(w.Cases, w.Guard, w.Registry, w.meetings)
		w.ferry = w.hire(t, "ferry", "groups")
		var err error
		w.place, err = w.meetings.AddPlace(t.Context(), w.Actor(t, casestest.HavenManager), appointments.Place{Name: "Ferry Road", Kind: appointments.Office, Before: 15, After: 15})
		must(t, err)
		fn(t, w)
	})
}

// hire adds a specialist with a team of their own to Haven.
func (w *world) hire(t *testing.T, name, team string) policy.Actor {
	t.Helper()
	made, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: w.Haven.ID, Code: team, Name: "Fictional " + team})
	must(t, err)
	added, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: w.Haven.ID, Username: name, Name: "Fictional " + name, Kind: policy.Human, Roles: []policy.Role{policy.Specialist}, Teams: []directory.TeamID{made.ID},
	})
	must(t, err)
	return policy.Actor{
		Account: added.Account.ID, Kind: policy.Human, Name: added.Account.Name, Agency: string(w.Haven.ID), Roles: []policy.Role{policy.Specialist}, Level: 4, Teams: []string{string(made.ID)},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) manager(t *testing.T) policy.Actor { return w.Actor(t, casestest.HavenManager) }

// course is a group of ours that can be begun.
func (w *world) course(side groups.Side) groups.Group {
	return groups.Group{
		Kind: groups.Support, Side: side, Ours: true, Confidential: groups.Keeps, Capacity: 2, Way: appointments.AtPlace, Place: w.place, Minutes: 90,
		Words: groups.Words{Name: "Tuesday group"}, Facilitators: []string{w.ferry.Account},
	}
}

func (w *world) begin(t *testing.T, g groups.Group) groups.ID {
	t.Helper()
	id, err := w.s.Begin(t.Context(), w.ferry, g)
	must(t, err)
	return id
}

func (w *world) offer(t *testing.T, f *cases.File, id groups.ID) groups.Member {
	t.Helper()
	m, err := w.s.Offer(t.Context(), f, groups.Offer{Group: id, Answer: groups.Accepts})
	must(t, err)
	return m
}

func (w *world) member(t *testing.T, f *cases.File, id groups.MemberID) (m groups.Member) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		m, err = w.s.Member(ctx, tx, f, id)
		return err
	}))
	return m
}

func (w *world) kinds(t *testing.T, f *cases.File) (out []cases.EventKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		events, err := w.Cases.Chronology(ctx, tx, f, "", 100)
		for _, e := range events {
			out = append(out, e.Kind)
		}
		return err
	}))
	return out
}

func (w *world) tasks(t *testing.T, f *cases.File) (out []cases.TaskKind) {
	t.Helper()
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			out = append(out, task.Kind)
		}
		return err
	}))
	return out
}

func said(t *testing.T, err error, field string) {
	t.Helper()
	errs, _ := forms.AsErrors(err)
	if !errs.Has(field) {
		t.Errorf("nothing is said at %s: %v", field, err)
	}
}

func woman(name string) people.Details {
	return people.Details{GivenName: name, FamilyName: "Fictional", Born: "1992-02-01"}
}

func (w *world) file(t *testing.T, name string) *cases.File {
	t.Helper()
	return w.BeginFor(t, w.Actor(t, casestest.IDVA), woman(name), cases.Experiencing)
}

// Proves: B9.7, B9.9
func TestWhoAcceptsHasAPlaceAndTheNextWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.begin(t, w.course(groups.ForExperiencing))
		a, b, c := w.file(t, "Ann"), w.file(t, "Bea"), w.file(t, "Cat")
		first := w.offer(t, a, id)
		if second := w.offer(t, b, id); first.State != groups.Joined || second.State != groups.Joined {
			t.Fatalf("%s and %s", first.State, second.State)
		}
		third := w.offer(t, c, id)
		if third.State != groups.Waiting {
			t.Fatalf("there are two places, and the third is %s", third.State)
		}
		_, err := w.s.Offer(t.Context(), c, groups.Offer{Group: id, Answer: groups.Thinks})
		said(t, err, "group")
		must(t, w.s.Leave(t.Context(), a, first.ID, 1, groups.Completed, ""))
		third, err = w.s.Answer(t.Context(), c, third.ID, 1, groups.Offer{Answer: groups.Accepts})
		must(t, err)
		if third.State != groups.Joined {
			t.Errorf("a place is free, and they are %s", third.State)
		}
		if got := w.kinds(t, a); !slices.Contains(got, cases.GroupLeft) || !slices.Contains(got, cases.GroupJoined) {
			t.Errorf("the chronology has %v", got)
		}
		_, err = w.s.Offer(t.Context(), a, groups.Offer{Group: id, Answer: groups.Declines})
		said(t, err, "reason")
		counted, err := w.Counter.Count(t.Context(), w.manager(t), measures.Query{IDs: []string{"B9.7"}, Period: w.Registry.YearTo(w.Clock.Now().AddDate(0, 0, 1)), Agency: string(w.Haven.ID), Exact: true})
		must(t, err)
		if counted[0].Numerator.Contacts != 0 { // nobody was reached in advocacy here
			t.Errorf("%d counted", counted[0].Numerator.Contacts)
		}
	})
}

func TestAGroupIsForOneSide(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		him := w.BeginFor(t, w.Actor(t, casestest.Colleague), man(0), cases.Perpetrating)
		hers := w.file(t, "Ann")
		child := w.Add(t, hers, cases.Child, people.Details{GivenName: "Kit", FamilyName: "Fictional", Born: "2016-02-01"})
		for side, want := range map[groups.Side][3]bool{ // her, her child, him
			groups.ForExperiencing: {true, false, false}, groups.ForChildren: {true, true, false}, groups.ForPerpetrating: {false, false, true},
		} {
			g := w.course(side)
			g.Capacity = 0
			id := w.begin(t, g)
			for i, o := range []struct {
				f    *cases.File
				with people.ID
			}{{hers, ""}, {hers, child}, {him, ""}} {
				_, err := w.s.Offer(t.Context(), o.f, groups.Offer{Group: id, Person: o.with, Answer: groups.Thinks})
				if (err == nil) != want[i] {
					t.Errorf("%s, %d: %v", side, i, err)
				}
			}
		}
		g := w.course(groups.ForExperiencing)
		g.Kind = groups.Change
		_, err := w.s.Begin(t.Context(), w.ferry, g)
		said(t, err, "side")
	})
}

// Proves: B9.7
func TestALocalGroupIsOfferedAndHasNoSessions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		local := groups.Group{Kind: groups.Support, Side: groups.ForExperiencing, Confidential: groups.KeepsUnkn, Words: groups.Words{Name: "Monday walk"}}
		_, err := w.s.Begin(t.Context(), w.ferry, local)
		said(t, err, "by")
		said(t, err, "join")
		local.Words.By, local.Words.Join = "Walkers of Exmoorland (fictional)", "Come to the gate at ten."
		id, err := w.s.Begin(t.Context(), w.ferry, local)
		must(t, err)
		if m := w.offer(t, w.file(t, "Ann"), id); m.State != groups.Joined {
			t.Errorf("they are %s", m.State)
		}
		if err := w.s.Plan(t.Context(), w.ferry, id, groups.Planning{First: w.Clock.Now().AddDate(0, 0, 1), Count: 2}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a session of a group that others run: %v", err)
		}
	})
}

// begun plans one session, and lets it begin.
func (w *world) begun(t *testing.T, id groups.ID) groups.SessionID {
	t.Helper()
	must(t, w.s.Plan(t.Context(), w.ferry, id, groups.Planning{First: w.Clock.Now().Add(24 * time.Hour).Truncate(time.Hour), Count: 1}))
	v, err := w.s.View(t.Context(), w.ferry, id)
	must(t, err)
	w.Clock.Advance(25 * time.Hour)
	return v.Sessions[0].ID
}

// Proves: B9.7
func TestWhoCameStandsInTheChronologyOfEach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.begin(t, w.course(groups.ForExperiencing))
		a, b := w.file(t, "Ann"), w.file(t, "Bea")
		first, second := w.offer(t, a, id), w.offer(t, b, id)
		session := w.begun(t, id)
		before := len(w.Ledger(t))
		r, err := w.s.Register(t.Context(), w.ferry, id, session)
		must(t, err)
		if len(r.Lines) != 2 || r.Lines[0].Name.GivenName != "Ann" {
			t.Fatalf("the register has %+v", r.Lines)
		}
		shown := map[string]bool{}
		for _, e := range w.Ledger(t)[before:] {
			for _, s := range e.Subjects {
				if s.Kind == "person" {
					shown[s.ID] = true
				}
			}
		}
		if !shown[string(a.Person())] || !shown[string(b.Person())] || len(shown) != 2 {
			t.Errorf("the ledger names %v", shown)
		}
		must(t, w.s.Attend(t.Context(), w.ferry, id, session, map[groups.MemberID]groups.Outcome{first.ID: groups.Came, second.ID: groups.NotSafeToGo}))
		for _, f := range []*cases.File{a, b} {
			if got := w.kinds(t, f); got[0] != cases.GroupAttended {
				t.Errorf("the chronology has %v", got)
			}
		}
		must(t, w.s.Attend(t.Context(), w.ferry, id, session, map[groups.MemberID]groups.Outcome{first.ID: groups.Came, second.ID: groups.NotSafeToGo}))
		if n := len(slices.DeleteFunc(w.kinds(t, a), func(k cases.EventKind) bool { return k != cases.GroupAttended })); n != 1 {
			t.Errorf("what did not change is written %d times", n)
		}
		if _, err := w.s.Register(t.Context(), w.Actor(t, casestest.Nurse), id, session); !errors.Is(err, store.ErrNotFound) && !isDenied(err) {
			t.Errorf("another agency reads it: %v", err)
		}
		if _, err := w.s.Register(t.Context(), w.Actor(t, casestest.IDVA), id, session); !isDenied(err) {
			t.Errorf("another team reads it: %v", err)
		}
	})
}

func isDenied(err error) bool {
	var denied *policy.Denied
	return errors.As(err, &denied)
}

// A file that is restricted to its workers is not in the register of somebody who
// is none of them, and nothing says that somebody is missing.
//
// Proves: B6.8
func TestARegisterHasOnlyThoseWhoMayBeKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.begin(t, w.course(groups.ForExperiencing))
		a, b := w.file(t, "Ann"), w.file(t, "Bea")
		first, second := w.offer(t, a, id), w.offer(t, b, id)
		session := w.begun(t, id)
		lead := w.Actor(t, casestest.IDVA)
		again, err := w.Cases.Open(t.Context(), lead, b.ID(), cases.Care)
		must(t, err)
		must(t, w.Cases.Restrict(t.Context(), again, again.Version(), nil, "Her brother works next door."))
		r, err := w.s.Register(t.Context(), w.ferry, id, session)
		must(t, err)
		if len(r.Lines) != 1 || r.Lines[0].Member != first.ID {
			t.Fatalf("the register has %+v", r.Lines)
		}
		must(t, w.s.Attend(t.Context(), w.ferry, id, session, map[groups.MemberID]groups.Outcome{second.ID: groups.Came}))
		if again, err = w.Cases.Open(t.Context(), lead, b.ID(), cases.Care); err != nil {
			t.Fatal(err)
		}
		if got := w.kinds(t, again); slices.Contains(got, cases.GroupAttended) {
			t.Error("somebody who may not know wrote that they came")
		}
	})
}

func TestAPersonsCopyHasTheirGroups(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.begin(t, w.course(groups.ForExperiencing))
		f := w.file(t, "Ann")
		m := w.offer(t, f, id)
		session := w.begun(t, id)
		must(t, w.s.Attend(t.Context(), w.ferry, id, session, map[groups.MemberID]groups.Outcome{m.ID: groups.Came}))
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			pieces, _, err := w.s.Pieces(ctx, tx, f)
			if err == nil && (len(pieces) != 1 || !strings.Contains(strings.Join(pieces[0].Lines, "|"), groups.Came.Label()) || !strings.Contains(pieces[0].Title, "Tuesday group")) {
				t.Errorf("the copy has %+v", pieces)
			}
			return err
		}))
		must(t, w.Cases.CloseCase(t.Context(), f, version(t, w, f), "It is over."))
		if got := w.member(t, f, m.ID); got.State != groups.Left || got.Reason != groups.CaseClosed {
			t.Errorf("of a closed case they are %s", got.State)
		}
		must(t, w.DB.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			n, err := w.s.Destroy(ctx, tx, f)
			if n["groups"] != 1 || n["group attendance"] != 1 {
				t.Errorf("destroyed: %v", n)
			}
			return err
		}))
	})
}

func version(t *testing.T, w *world, f *cases.File) int64 {
	t.Helper()
	again, err := w.Cases.Open(t.Context(), w.Actor(t, casestest.IDVA), f.ID(), cases.Care)
	must(t, err)
	return again.Version()
}

func TestAnAppointmentIsNotBookedOverASession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.begin(t, w.course(groups.ForExperiencing))
		at := w.Clock.Now().Add(24 * time.Hour).Truncate(time.Hour)
		must(t, w.s.Plan(t.Context(), w.ferry, id, groups.Planning{First: at, Count: 3}))
		_, err := w.meetings.Book(t.Context(), w.file(t, "Ann"), appointments.Asking{Worker: w.ferry.Account, At: at.AddDate(0, 0, 7), Minutes: 60, Way: appointments.Telephone})
		said(t, err, "worker")
		other := w.course(groups.ForExperiencing)
		err = w.s.Plan(t.Context(), w.ferry, w.begin(t, other), groups.Planning{First: at.AddDate(0, 0, 14), Count: 1})
		said(t, err, "first")
		v, err := w.s.View(t.Context(), w.ferry, id)
		must(t, err)
		must(t, w.s.CallOff(t.Context(), w.ferry, id, v.Sessions[1].ID, 1))
		_, err = w.meetings.Book(t.Context(), w.file(t, "Bea"), appointments.Asking{Worker: w.ferry.Account, At: at.AddDate(0, 0, 7), Minutes: 60, Way: appointments.Telephone})
		must(t, err)
	})
}

// nobody is nobody.
var nobody = policy.Actor{Account: audit.Nobody}
