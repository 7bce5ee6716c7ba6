package meeting_test

import (
	"context"
	"testing"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// world is a partnership with a MARAC and a meeting of today: Cora coordinates it, the
// manager of the trust chairs, Haven's IDVA and a programme for people who harm sit at it.
type world struct {
	*casestest.World
	m                       *marac.Service
	s                       *meeting.Service
	conference              directory.Agency
	cora, perp, chair, idva policy.Actor
	meeting                 marac.MeetingID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newWorld(t, db, clock)) })
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{World: casestest.New(t, db, clock, marac.Rules(), meeting.Rules())}
	w.m = marac.New(w.Cases, w.Guard, w.Registry.Zone())
	w.s = meeting.New(w.m, w.Guard)
	w.conference, w.cora = w.agency(t, "conference")
	_, w.perp = w.agency(t, "programme")
	w.chair, w.idva = w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.IDVA)
	must(t, w.m.SetUp(t.Context(), casestest.Operator, marac.Norms(w.id(), w.cora.Teams[0]), marac.Published("2026-01-01")))
	w.member(t, w.chair, w.chair, marac.Chair, marac.Everything)
	w.member(t, w.Actor(t, casestest.HavenManager), w.idva, marac.IDVA, marac.Everything)
	w.member(t, w.perp, w.perp, marac.Representative, marac.WithoutWhereabouts)
	id, err := w.m.Plan(t.Context(), w.cora, w.id(), marac.Planning{Kind: marac.Daily, First: clock.Now(), Minutes: 120, Words: marac.MeetingWords{Where: "Room 4"}})
	must(t, err)
	w.meeting = id
	must(t, w.m.Ask(t.Context(), w.cora, id))
	for _, who := range []policy.Actor{w.chair, w.idva, w.perp} {
		a, err := w.m.Attend(t.Context(), who, id)
		must(t, err)
		must(t, w.m.Answer(t.Context(), who, id, a.Mine.Version, marac.Comes, false))
		must(t, w.m.Accept(t.Context(), w.seat(t, who)))
	}
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) agency(t *testing.T, code string) (directory.Agency, policy.Actor) {
	t.Helper()
	a, err := w.Directory.AddAgency(t.Context(), casestest.Operator, directory.NewAgency{Code: code, Name: "Fictional " + code, Sector: directory.Safeguarding})
	must(t, err)
	team, err := w.Directory.AddTeam(t.Context(), casestest.Operator, directory.NewTeam{Agency: a.ID, Code: "team", Name: "Fictional team", TakesReferrals: true})
	must(t, err)
	roles := []policy.Role{policy.Specialist, policy.Manager}
	u, err := w.Directory.AddUser(t.Context(), casestest.Operator, directory.NewUser{
		Agency: a.ID, Username: code, Name: "Fictional of " + code, Kind: policy.Human, Roles: roles, Teams: []directory.TeamID{team.ID},
		Training: &directory.Trained{Level: 3, AchievedOn: "2025-06-01", Source: "Fictional course"},
	})
	must(t, err)
	return a, policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: roles, Level: 3, Teams: []string{string(team.ID)}}
}

func (w *world) id() string { return string(w.conference.ID) }

func (w *world) member(t *testing.T, boss, who policy.Actor, c marac.Capacity, g marac.Given) {
	t.Helper()
	id, err := w.m.Name(t.Context(), boss, w.id(), marac.NewMember{Account: who.Account, Capacity: c})
	must(t, err)
	must(t, w.m.Decide(t.Context(), w.cora, w.id(), id, 1, marac.Accept, g))
}

// seat is somebody's seat, as a request has it.
func (w *world) seat(t testing.TB, who policy.Actor) *marac.Seat {
	t.Helper()
	seat, err := w.m.Sit(t.Context(), who, w.meeting)
	must(t, err)
	return seat
}

const hideout = "9 Hidden Row, ZZ1 1ZZ"

var (
	maya = people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}
	rob  = people.Details{GivenName: "Rob", FamilyName: "Example", Born: "1988-01-02"}
)

// list lists a case at the meeting.
func (w *world) list(t testing.TB, number string, slot int) marac.CaseID {
	t.Helper()
	f := w.BeginFor(t, w.cora, maya, cases.Experiencing)
	he := w.Add(t, f, cases.Perpetrator, rob)
	var id marac.CaseID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.m.InsertTx(ctx, tx, f, marac.Case{
			File: f.ID(), Number: number, From: string(w.Haven.ID), On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: w.meeting, Slot: slot, Rule: "2026-01-01",
			Routes: marac.Routes{Visible: marac.Yes, Judgement: marac.Yes, Escalation: marac.Unknown, Repeat: marac.No},
		}, []marac.Identity{
			{Person: f.Person(), Part: marac.Victim, Details: maya, Address: hideout},
			{Person: he, Part: marac.Perpetrator, Details: rob, Address: "1 His Road, ZZ9 9ZZ"},
		})
		return err
	}))
	return id
}

func denied(err error) bool { _, is := policy.IsDenied(err); return is }
