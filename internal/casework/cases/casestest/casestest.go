// Package casestest gives tests of casework a small partnership to work in:
// two agencies with their teams and people, all of them fictional.
package casestest

import (
	"context"
	"testing"
	"time"

	measurescontent "waymark/content/measures"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
	"waymark/internal/registers/training"
)

// World is a partnership with everything casework stands on.
type World struct {
	DB        *store.DB
	Clock     *storetest.Clock
	Guard     *audit.Guard
	Auth      *auth.Service
	Directory *directory.Register
	Training  *training.Register
	Registry  *measures.Registry
	Counter   *measures.Counter
	People    *people.Store
	Cases     *cases.Service

	// Trust is a hospital trust with the team Midwives, Haven a specialist
	// service with the team Advocates, which takes referrals.
	Trust, Haven        directory.Agency
	Midwives, Advocates directory.Team

	actors map[string]policy.Actor
}

// The people of the partnership. Nurse, Receptionist and Midwife work at the
// trust; IDVA, Manager of Haven and Robot at Haven. Robot is a service
// account.
const (
	Nurse        = "nurse"        // trust, midwives, practitioner, level 2
	Receptionist = "receptionist" // trust, midwives, practitioner, level 1
	Midwife      = "midwife"      // trust, no team, practitioner, level 2
	TrustManager = "trustmanager" // trust, manager, level 2
	TrustAdmin   = "trustadmin"   // trust, administrator only
	IDVA         = "idva"         // haven, advocates, specialist, level 4
	Colleague    = "colleague"    // haven, advocates, specialist, level 4
	HavenManager = "havenmanager" // haven, manager, level 4
	Commissioner = "commissioner" // trust, commissioner
	Robot        = "robot"        // haven, advocates, a service account
	KeyContact   = "keycontact"   // trust, key contact
	HavenContact = "havencontact" // haven, key contact
)

// New builds the partnership in an empty database. rules are those of the
// capabilities under test, on top of the registers' and of cases.
func New(t testing.TB, db *store.DB, clock *storetest.Clock, rules ...policy.Source) *World {
	t.Helper()
	all := append([]policy.Source{auth.Rules(), directory.Rules(), training.Rules(), measures.Rules(), cases.Rules()}, rules...)
	engine, err := policy.New(all...)
	must(t, err)
	london, err := time.LoadLocation("Europe/London")
	must(t, err)
	kinds, err := measures.ParseKinds(measurescontent.Facts)
	must(t, err)
	indicators, err := measures.ParseIndicators(measurescontent.QS116)
	must(t, err)

	w := &World{DB: db, Clock: clock, Guard: audit.NewGuard(audit.New(db), engine), actors: map[string]policy.Actor{}}
	w.Registry, err = measures.NewRegistry(london, kinds, indicators)
	must(t, err)
	w.Counter = measures.New(db, w.Guard, w.Registry, measures.Config{})
	w.Training = training.New(db, w.Guard)
	w.Auth = auth.New(db, w.Guard.Log, directory.AtWork{Levels: w.Training})
	w.Directory = directory.New(db, w.Guard, w.Auth, w.Training)
	w.People = people.New(db, people.DefaultRecheck)
	w.Cases = cases.New(db, w.Guard, w.People)
	w.populate(t)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Operator is the command line.
var Operator = policy.Actor{Account: "operator:test", Kind: policy.Operator}

func (w *World) populate(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	var err error
	w.Trust, err = w.Directory.AddAgency(ctx, Operator, directory.NewAgency{Code: "trust", Name: "Fictional Hospital Trust", Sector: directory.Health})
	must(t, err)
	w.Haven, err = w.Directory.AddAgency(ctx, Operator, directory.NewAgency{Code: "haven", Name: "Fictional Haven Service", Sector: directory.Specialist})
	must(t, err)
	w.Midwives, err = w.Directory.AddTeam(ctx, Operator, directory.NewTeam{Agency: w.Trust.ID, Code: "midwives", Name: "Midwives"})
	must(t, err)
	w.Advocates, err = w.Directory.AddTeam(ctx, Operator, directory.NewTeam{Agency: w.Haven.ID, Code: "advocates", Name: "Advocates", TakesReferrals: true})
	must(t, err)

	add := func(name string, agency directory.Agency, level int, kind policy.Kind, teams []directory.TeamID, roles ...policy.Role) {
		t.Helper()
		n := directory.NewUser{Agency: agency.ID, Username: name, Name: "Fictional " + name, Kind: kind, Roles: roles, Teams: teams}
		if level > 0 {
			n.Training = &directory.Trained{Level: level, AchievedOn: "2025-06-01", Source: "Fictional course"}
		}
		added, err := w.Directory.AddUser(ctx, Operator, n)
		must(t, err)
		a := policy.Actor{Account: added.Account.ID, Kind: kind, Name: added.Account.Name, Agency: string(agency.ID), Roles: roles, Level: level}
		if kind == policy.Service {
			a.Only = w.Guard.Rules().Actions() // what it cannot do, no token lets a program do
		}
		for _, team := range teams {
			a.Teams = append(a.Teams, string(team))
		}
		w.actors[name] = a
	}
	midwives, advocates := []directory.TeamID{w.Midwives.ID}, []directory.TeamID{w.Advocates.ID}
	add(Nurse, w.Trust, 2, policy.Human, midwives, policy.Practitioner)
	add(Receptionist, w.Trust, 1, policy.Human, midwives, policy.Practitioner)
	add(Midwife, w.Trust, 2, policy.Human, nil, policy.Practitioner)
	add(TrustManager, w.Trust, 2, policy.Human, nil, policy.Manager)
	add(TrustAdmin, w.Trust, 0, policy.Human, nil, policy.Administrator)
	add(Commissioner, w.Trust, 0, policy.Human, nil, policy.Commissioner)
	add(IDVA, w.Haven, 4, policy.Human, advocates, policy.Specialist)
	add(Colleague, w.Haven, 4, policy.Human, advocates, policy.Specialist)
	add(HavenManager, w.Haven, 4, policy.Human, nil, policy.Manager)
	add(KeyContact, w.Trust, 0, policy.Human, nil, policy.KeyContact)
	add(HavenContact, w.Haven, 0, policy.Human, nil, policy.KeyContact)
	add(Robot, w.Haven, 0, policy.Service, advocates, policy.Specialist)
}

// Actor is one of the people of the partnership, as the frame makes them.
func (w *World) Actor(t testing.TB, name string) policy.Actor {
	t.Helper()
	a, ok := w.actors[name]
	if !ok {
		t.Fatalf("nobody is called %s", name)
	}
	return a
}

// Begin begins a full file of the actor's agency for a fictional woman.
func (w *World) Begin(t testing.TB, actor policy.Actor) *cases.File {
	t.Helper()
	return w.BeginFor(t, actor, people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27", Language: "English"}, cases.Experiencing)
}

// BeginFor begins a full file of the actor's agency for a fictional person.
func (w *World) BeginFor(t testing.TB, actor policy.Actor, d people.Details, side cases.Side) *cases.File {
	t.Helper()
	n := cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact, Side: side}
	if len(actor.Teams) > 0 {
		n.Team = actor.Teams[0]
	}
	f, err := w.Cases.Begin(t.Context(), actor, n)
	must(t, err)
	return f
}

// Add adds somebody to a file.
func (w *World) Add(t testing.TB, f *cases.File, role cases.Role, d people.Details) people.ID {
	t.Helper()
	var id people.ID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.Cases.AddParty(ctx, tx, f, role, "", d)
		return err
	}))
	return id
}

// Ledger are all the entries of the ledger.
func (w *World) Ledger(t testing.TB) []audit.Entry {
	t.Helper()
	entries, err := w.Guard.Since(t.Context(), 0, 100_000)
	must(t, err)
	return entries
}
