package actions_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// world is a partnership with a MARAC that Cora coordinates. The trust and Haven sit at
// it, and a programme for people who harm.
type world struct {
	*casestest.World
	maracs     *marac.Service
	s          *actions.Service
	id         string
	cora, perp policy.Actor
	files      map[marac.CaseID]*cases.File
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, marac.Rules(), actions.Rules()), files: map[marac.CaseID]*cases.File{}}
		w.maracs = marac.New(w.Cases, w.Guard, w.Registry.Zone())
		w.s = actions.New(w.Cases, w.maracs, w.Guard, w.Registry.Zone())
		w.cora, w.perp = w.agency(t, "conference"), w.agency(t, "programme")
		w.id = w.cora.Agency
		must(t, w.maracs.SetUp(t.Context(), casestest.Operator, marac.Norms(w.id, w.cora.Teams[0]), marac.Published("2025-01-01")))
		w.member(t, w.Actor(t, casestest.TrustManager), w.Actor(t, casestest.Midwife), marac.Everything)
		w.member(t, w.Actor(t, casestest.HavenManager), w.Actor(t, casestest.IDVA), marac.Everything)
		w.member(t, w.perp, w.perp, marac.WithoutWhereabouts)
		fn(t, w)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func denied(err error) bool { _, is := policy.IsDenied(err); return is }

func (w *world) agency(t *testing.T, code string) policy.Actor {
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
	return policy.Actor{Account: u.Account.ID, Kind: policy.Human, Name: u.Account.Name, Agency: string(a.ID), Roles: roles, Level: 3, Teams: []string{string(team.ID)}}
}

func (w *world) member(t *testing.T, boss, who policy.Actor, g marac.Given) {
	t.Helper()
	id, err := w.maracs.Name(t.Context(), boss, w.id, marac.NewMember{Account: who.Account, Capacity: marac.Representative})
	must(t, err)
	must(t, w.maracs.Decide(t.Context(), w.cora, w.id, id, 1, marac.Accept, g))
}

// meeting plans a meeting so many days from now, to which everybody who sits comes.
func (w *world) meeting(t *testing.T, days int) marac.MeetingID {
	t.Helper()
	id, err := w.maracs.Plan(t.Context(), w.cora, w.id, marac.Planning{Kind: marac.Scheduled, First: w.Clock.Now().AddDate(0, 0, days), Minutes: 120})
	must(t, err)
	must(t, w.maracs.Ask(t.Context(), w.cora, id))
	for _, who := range []policy.Actor{w.Actor(t, casestest.Midwife), w.Actor(t, casestest.IDVA), w.perp} {
		a, err := w.maracs.Attend(t.Context(), who, id)
		must(t, err)
		must(t, w.maracs.Answer(t.Context(), who, id, a.Mine.Version, marac.Comes, false))
	}
	return id
}

// seat sits somebody down.
func (w *world) seat(t *testing.T, who policy.Actor, id marac.MeetingID) *marac.Seat {
	t.Helper()
	seat, err := w.maracs.Sit(t.Context(), who, id)
	must(t, err)
	must(t, w.maracs.Accept(t.Context(), seat))
	return seat
}

const hideout = "9 Hidden Row, ZZ1 1ZZ"

var (
	maya = people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-27"}
	rob  = people.Details{GivenName: "Rob", FamilyName: "Example", Born: "1988-01-02"}
)

func (w *world) list(t *testing.T, meeting marac.MeetingID, number string) marac.CaseID {
	t.Helper()
	f := w.BeginFor(t, w.cora, maya, cases.Experiencing)
	he := w.Add(t, f, cases.Perpetrator, rob)
	var id marac.CaseID
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err = w.maracs.InsertTx(ctx, tx, f, marac.Case{
			Number: number, From: string(w.Haven.ID), On: "2026-03-01", State: marac.Listed, IDVA: marac.NotKnown, Meeting: meeting, Slot: 1, Rule: "2025-01-01",
			Words: marac.CaseWords{Contact: "01632 960001 after four"},
		}, []marac.Identity{{Person: f.Person(), Part: marac.Victim, Details: maya, Address: hideout}, {Person: he, Part: marac.Perpetrator, Details: rob, Address: "1 His Road, ZZ9 9ZZ"}})
		return err
	}))
	w.files[id] = f
	return id
}

func (w *world) day(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }

func (w *world) take(owner string, days int) actions.NewAction {
	return actions.NewAction{What: "Fit an alarm at the door", Owner: owner, Target: actions.Victim, Due: w.day(days)}
}

func fault(t *testing.T, err error, field string) {
	t.Helper()
	errs, is := forms.AsErrors(err)
	if !is || errs.Get(field) == "" {
		t.Fatalf("nothing is said of %s: %v", field, err)
	}
}

// An action is taken on by those with a seat for their own agency, given to a colleague
// who sees it and no pack, answered with evidence or a reason, and every step stays.
func TestAnActionIsTakenOnGivenAndAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		meeting := w.meeting(t, 5)
		id := w.list(t, meeting, "2026/001")
		midwife, nurse, idva := w.Actor(t, casestest.Midwife), w.Actor(t, casestest.Nurse), w.Actor(t, casestest.IDVA)
		seat := w.seat(t, midwife, meeting)
		trust, haven := string(w.Trust.ID), string(w.Haven.ID)
		_, err := w.s.Add(ctx, seat, id, w.take(haven, 9))
		if !denied(err) {
			t.Fatalf("took it on for another agency: %v", err)
		}
		_, err = w.s.Add(ctx, seat, id, actions.NewAction{Owner: trust, Due: "2020-01-01"})
		for _, f := range []string{"what", "target", "due"} {
			fault(t, err, f)
		}
		a, err := w.s.Add(ctx, seat, id, w.take(trust, 9))
		must(t, err)
		if _, err := w.s.Get(ctx, nurse, a); !denied(err) {
			t.Fatalf("a colleague sees what was not given to them: %v", err)
		}
		fault(t, w.s.Give(ctx, midwife, a, 1, idva.Account, idva.Name), "account")
		must(t, w.s.Give(ctx, midwife, a, 1, nurse.Account, nurse.Name))
		got, err := w.s.Get(ctx, nurse, a)
		must(t, err)
		if got.Words.What != "Fit an alarm at the door" || got.Words.About[0].Name != "Maya Example" || !got.MayAnswer || got.MayChange {
			t.Fatalf("the colleague sees %+v", got)
		}
		if _, err := w.maracs.Sit(ctx, nurse, meeting); !denied(err) {
			t.Fatalf("the colleague has the pack: %v", err)
		}
		fault(t, w.s.Answer(ctx, nurse, a, 2, actions.Answer{State: actions.Done}), "text")
		fault(t, w.s.Answer(ctx, nurse, a, 2, actions.Answer{State: actions.NoLongerPossible, Text: " "}), "text")
		own := w.Begin(t, nurse)
		must(t, w.s.Answer(ctx, nurse, a, 2, actions.Answer{State: actions.Done, Text: "Fitted on Monday, seen by me", Own: own}))
		if err := w.s.Answer(ctx, nurse, a, 2, actions.Answer{State: actions.NotDone, Text: "Late"}); !errors.Is(err, store.ErrConflict) {
			t.Fatalf("a stale answer was kept: %v", err)
		}
		must(t, w.s.Answer(ctx, midwife, a, 3, actions.Answer{State: actions.NoLongerPossible, Text: "She moved before"}))
		for _, who := range []policy.Actor{nurse, midwife, w.cora} {
			got, err = w.s.Get(ctx, who, a)
			must(t, err)
			var kinds []string
			for _, s := range got.Steps {
				kinds = append(kinds, string(s.Kind)+"/"+s.Words.To)
			}
			to := nurse.Name
			if who.Agency == w.id {
				to = ""
			}
			if want := "added/,given/" + to + ",done/,no_longer_possible/"; strings.Join(kinds, ",") != want || got.State != actions.NoLongerPossible {
				t.Fatalf("%s sees the steps %v, want %s", who.Name, kinds, want)
			}
			if got.Steps[2].Words.By != nurse.Name || got.Steps[2].Words.Text != "Fitted on Monday, seen by me" {
				t.Fatalf("an answer was written over: %+v", got.Steps[2])
			}
		}
		var linked bool
		must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			list, err := w.Cases.Latest(ctx, tx, own, cases.MARACAction, 5)
			linked = len(list) == 1 && strings.Contains(list[0].Text, "Fit an alarm")
			return err
		}))
		if !linked {
			t.Fatal("it is not in the chronology of their own case")
		}
	})
}

// Coordinators change an action with a reason and ask after it; the clock follows from
// the day.
func TestAnActionIsChangedChasedAndEscalated(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		meeting := w.meeting(t, 5)
		id := w.list(t, meeting, "2026/001")
		midwife, boss := w.Actor(t, casestest.Midwife), w.Actor(t, casestest.TrustManager)
		a, err := w.s.Add(ctx, w.seat(t, w.cora, meeting), id, w.take(string(w.Trust.ID), 1))
		must(t, err)
		fault(t, w.s.Change(ctx, w.cora, a, 1, w.take("", 2), ""), "why")
		must(t, w.s.Change(ctx, w.cora, a, 1, actions.NewAction{What: "Fit two alarms", Target: actions.Staff, Due: w.day(2)}, "The landlord asked"))
		if err := w.s.Change(ctx, midwife, a, 2, w.take("", 2), "Mine"); !denied(err) {
			t.Fatalf("its owner changed what was agreed: %v", err)
		}
		fault(t, w.s.Chase(ctx, w.cora, a, ""), "words")
		must(t, w.s.Chase(ctx, w.cora, a, "Is it ordered?"))
		got, err := w.s.Get(ctx, midwife, a)
		must(t, err)
		last := got.Steps[len(got.Steps)-1]
		if got.Words.What != "Fit two alarms" || last.Kind != actions.Chased || last.Words.Text != "Is it ordered?" || !strings.Contains(got.Steps[1].Words.Text, "Before: Fit an alarm at the door") {
			t.Fatalf("%+v", got)
		}
		stages := []actions.Stage{}
		for d := range 11 {
			if d > 0 {
				w.Clock.Advance(24 * time.Hour)
			}
			got, err := w.s.Get(ctx, w.cora, a)
			must(t, err)
			stages = append(stages, got.Stage(got.Today))
			mine, err := w.s.Mine(ctx, boss, false, actions.Cursor{}, 10)
			must(t, err)
			late := got.Stage(got.Today) == actions.WithManager || got.Stage(got.Today) == actions.WithCoordinator
			if (len(mine.List) == 1) != late {
				t.Fatalf("day %d, %q: a manager has %d", d, got.Stage(got.Today), len(mine.List))
			}
		}
		if !slices.IsSorted(indexes(stages)) || stages[0] != actions.InTime || stages[2] != actions.Due || stages[10] != actions.WithCoordinator || !slices.Contains(stages, actions.WithManager) {
			t.Fatalf("the clock went %q", stages)
		}
	})
}

func indexes(stages []actions.Stage) (out []int) {
	for _, s := range stages {
		out = append(out, slices.Index([]actions.Stage{actions.InTime, actions.Due, actions.WithManager, actions.WithCoordinator}, s))
	}
	return out
}

// In random worlds and at random times an action is seen by whom the obvious rule
// says, and the list of each worker is what they may open; what never was is refused
// with the same entry.
func TestWhoSeesAnActionIsWhatTheObviousRuleSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		seed := uint64(time.Now().UnixNano())
		t.Log("seed", seed)
		random := rand.New(rand.NewPCG(seed, 59))
		meeting := w.meeting(t, 5)
		who := map[string]policy.Actor{"cora": w.cora, "perp": w.perp}
		for _, n := range []string{casestest.Nurse, casestest.Receptionist, casestest.Midwife, casestest.TrustManager, casestest.TrustAdmin, casestest.IDVA, casestest.Colleague, casestest.HavenManager, casestest.Commissioner, casestest.HavenContact, casestest.Robot} {
			who[n] = w.Actor(t, n)
		}
		sits := []string{casestest.Midwife, casestest.IDVA, "perp"}
		tied := who[[]string{casestest.Nurse, casestest.Midwife, casestest.IDVA, "nobody"}[random.IntN(4)]]
		if tied.Account != "" {
			must(t, w.Cases.Declare(ctx, tied, cases.NewTie{Relation: cases.Relations()[0], Person: rob}))
		}
		type fact struct {
			owner string
			given string
			due   string
		}
		facts := map[actions.ID]fact{}
		seat := w.seat(t, w.cora, meeting)
		for i := range 6 {
			id := w.list(t, meeting, fmt.Sprintf("2026/%03d", i+1))
			n := w.take([]string{string(w.Trust.ID), string(w.Haven.ID), w.perp.Agency, w.id}[random.IntN(4)], random.IntN(12))
			if n.Owner == w.perp.Agency {
				n.Target, n.Read = actions.Perpetrator, true
			}
			a, err := w.s.Add(ctx, seat, id, n)
			must(t, err)
			f := fact{owner: n.Owner, due: n.Due}
			for _, p := range who {
				if p.Agency == n.Owner && p.Agency != w.id && p.Kind == policy.Human && p.Account != tied.Account && random.IntN(3) == 0 {
					by := who[sits[slices.Index([]string{string(w.Trust.ID), string(w.Haven.ID), w.perp.Agency}, n.Owner)]]
					if by.Account == tied.Account {
						break
					}
					must(t, w.s.Give(ctx, by, a, 1, p.Account, p.Name))
					f.given = p.Account
					break
				}
			}
			facts[a] = f
		}
		for range 3 {
			for name, p := range who {
				list, err := w.s.Mine(ctx, p, false, actions.Cursor{}, 100)
				if p.Kind == policy.Human {
					must(t, err)
				}
				for a, f := range facts {
					late := w.Clock.Now().Format(time.DateOnly) >= workingDays(f.due, 2)
					want := p.Kind == policy.Human && p.Account != tied.Account &&
						(p.Agency == w.id || p.Agency == f.owner && (f.given == p.Account || slices.Contains(sits, name) || late && p.Has(policy.Manager)))
					_, err := w.s.Get(ctx, p, a)
					if (err == nil) != want || err != nil && !denied(err) {
						t.Fatalf("%s opens an action of %+v: %v, want %v", name, f, err, want)
					}
					mine := want && p.Agency == f.owner && (f.owner != w.id || late && p.Has(policy.Manager))
					if slices.ContainsFunc(list.List, func(l actions.Action) bool { return l.ID == a }) != mine {
						t.Fatalf("%s: listed %v, want %v of %+v", name, !mine, mine, f)
					}
				}
				if _, err := w.s.Get(ctx, p, "never-was"); !denied(err) {
					t.Fatalf("%s opens what never was: %v", name, err)
				}
			}
			w.Clock.Advance(time.Duration(1+random.IntN(5)) * 24 * time.Hour)
		}
	})
}

func workingDays(day string, n int) string {
	at, _ := time.Parse(time.DateOnly, day)
	for range n {
		for at = at.AddDate(0, 0, 1); at.Weekday() == time.Saturday || at.Weekday() == time.Sunday; {
			at = at.AddDate(0, 0, 1)
		}
	}
	return at.Format(time.DateOnly)
}

// Those with a seat see the actions of a case while the pack is open, and whoever works
// with people who harm those of their own agency alone. When it closes nobody has it but
// the coordinators, and each owner keeps their own.
func TestThePackClosesAndTheOwnerKeepsTheirs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		meeting := w.meeting(t, 5)
		id := w.list(t, meeting, "2026/001")
		cora := w.seat(t, w.cora, meeting)
		n := w.take(w.perp.Agency, 9)
		_, err := w.s.Add(ctx, cora, id, n)
		fault(t, err, "target")
		n.Target = actions.Perpetrator
		_, err = w.s.Add(ctx, cora, id, n)
		fault(t, err, "read")
		n.Read, n.What = true, "Keep him away from 9 hidden row"
		_, err = w.s.Add(ctx, cora, id, n)
		fault(t, err, "what")
		n.What = "See him every week"
		theirs, err := w.s.Add(ctx, cora, id, n)
		must(t, err)
		ours, err := w.s.Add(ctx, cora, id, w.take(string(w.Trust.ID), 9))
		must(t, err)
		seats := map[string]*marac.Seat{}
		for name, who := range map[string]policy.Actor{"midwife": w.Actor(t, casestest.Midwife), "idva": w.Actor(t, casestest.IDVA), "perp": w.perp, "cora": w.cora} {
			seats[name] = w.seat(t, who, meeting)
			p, err := w.s.OfCase(ctx, seats[name], id)
			must(t, err)
			for _, a := range p.List {
				want := name != "perp" || a.Owner == w.perp.Agency
				if (a.Words.What != "") != want {
					t.Fatalf("%s sees %q of %s", name, a.Words.What, a.Owner)
				}
			}
		}
		w.Clock.Advance(30 * 24 * time.Hour)
		for name, seat := range seats {
			if _, err := w.s.OfCase(ctx, seat, id); (err == nil) != (name == "cora") {
				t.Fatalf("%s, after it closed: %v", name, err)
			}
		}
		for who, a := range map[string]actions.ID{casestest.Midwife: ours, "perp": theirs} {
			actor := w.perp
			if who != "perp" {
				actor = w.Actor(t, who)
			}
			if _, err := w.s.Get(ctx, actor, a); err != nil {
				t.Fatalf("%s lost their own: %v", who, err)
			}
		}
	})
}

// What an earlier meeting agreed comes first, without words for who had no part in it.
func TestEarlierActionsComeFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		first, second := w.meeting(t, 1), w.meeting(t, 5)
		before, now := w.list(t, first, "2026/001"), w.list(t, second, "2026/002")
		_, err := w.s.Add(ctx, w.seat(t, w.cora, first), before, w.take(string(w.Trust.ID), 4))
		must(t, err)
		_, err = w.s.Add(ctx, w.seat(t, w.cora, second), now, w.take(string(w.Haven.ID), 9))
		must(t, err)
		for who, words := range map[string]bool{casestest.Midwife: true, casestest.IDVA: false} {
			got, err := w.s.Sitting(ctx, w.seat(t, w.Actor(t, who), second))
			must(t, err)
			if len(got.Earlier) != 1 || len(got.Here) != 1 || got.Earlier[0].Number != "2026/001" || (got.Earlier[0].Words.What != "") != words || got.Here[0].Words.What == "" {
				t.Fatalf("%s has %+v", who, got)
			}
		}
	})
}

// The plan is composed by target. What the person may be given holds only what was
// written for it, and nothing unsafe if whoever harms finds it; that they were told is
// recorded.
//
// Proves: G7
func TestTheSafetyPlanAndTheFeedback(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		meeting := w.meeting(t, 5)
		id := w.list(t, meeting, "2026/001")
		cora, haven := w.seat(t, w.cora, meeting), string(w.Haven.ID)
		add := func(target actions.Target, what, tell string) {
			t.Helper()
			_, err := w.s.Add(ctx, cora, id, actions.NewAction{What: what, Tell: tell, Owner: string(w.Trust.ID), Target: target, Due: w.day(9)})
			must(t, err)
		}
		_, err := w.s.Add(ctx, cora, id, actions.NewAction{What: "x", Tell: "We arrest him on Friday", Owner: haven, Target: actions.Perpetrator, Due: w.day(9)})
		fault(t, err, "tell")
		_, err = w.s.Add(ctx, cora, id, actions.NewAction{What: "x", Tell: "We come to 9, HIDDEN ROW", Owner: haven, Target: actions.Victim, Due: w.day(9)})
		fault(t, err, "tell")
		_, err = w.s.Add(ctx, cora, id, actions.NewAction{What: "x", Tell: "We ring 01632960001", Owner: haven, Target: actions.Victim, Due: w.day(9)})
		fault(t, err, "tell")
		add(actions.Victim, "Secret move to the coast", "")
		add(actions.Child, "Tell the school", "The school knows whom to ask for")
		add(actions.Perpetrator, "Arrest on Friday", "")
		add(actions.Staff, "Visit in pairs", "")
		feedback, err := w.s.Add(ctx, cora, id, actions.NewAction{What: "Tell her what was agreed", Owner: haven, Target: actions.Victim, Due: w.day(3), Kind: actions.Feedback})
		must(t, err)
		plan, err := w.s.Plan(ctx, cora, id)
		must(t, err)
		if len(plan.Groups) != 4 || plan.Finished() {
			t.Fatalf("the plan: %+v", plan.Groups)
		}
		idva := w.Actor(t, casestest.IDVA)
		w.Clock.Advance(20 * 24 * time.Hour) // the pack has closed
		told, err := w.s.ForPerson(ctx, idva, feedback)
		must(t, err)
		if len(told.Lines) != 1 || told.Lines[0].Text != "The school knows whom to ask for" || told.Out != 0 {
			t.Fatalf("she would be given %+v", told)
		}
		if _, err := w.s.ForPerson(ctx, w.Actor(t, casestest.Midwife), feedback); !denied(err) {
			t.Fatalf("somebody else gives it to her: %v", err)
		}
		fault(t, w.s.Answer(ctx, idva, feedback, 1, actions.Answer{State: actions.Done}), "on")
		fault(t, w.s.Answer(ctx, idva, feedback, 1, actions.Answer{State: actions.Done, On: w.day(-1), Teller: "Ida", Safely: actions.Unsafe}), "safely")
		must(t, w.s.Answer(ctx, idva, feedback, 1, actions.Answer{State: actions.Done, On: w.day(-1), Teller: "Ida", Safely: actions.Alone, Back: "She is glad"}))
		got, err := w.s.Get(ctx, w.cora, feedback)
		must(t, err)
		if last := got.Steps[len(got.Steps)-1].Words; last.Teller != "Ida" || last.Safely != actions.Alone || last.Back != "She is glad" || last.On != w.day(-1) {
			t.Fatalf("recorded: %+v", last)
		}
	})
}

// Rates are what a slow count says. What is no longer possible is apart from what was
// not done.
func TestRatesAreASlowCount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		seed := uint64(time.Now().UnixNano())
		t.Log("seed", seed)
		random := rand.New(rand.NewPCG(seed, 60))
		meeting := w.meeting(t, 5)
		id := w.list(t, meeting, "2026/001")
		cora := w.seat(t, w.cora, meeting)
		want := map[string]*actions.Rate{}
		for range 24 {
			n := w.take([]string{string(w.Trust.ID), string(w.Haven.ID), w.id}[random.IntN(3)], random.IntN(10))
			a, err := w.s.Add(ctx, cora, id, n)
			must(t, err)
			r := want[n.Owner]
			if r == nil {
				r = &actions.Rate{Agency: n.Owner}
				want[n.Owner] = r
			}
			r.Given++
			switch state := []actions.State{actions.Open, actions.Done, actions.NotDone, actions.NoLongerPossible}[random.IntN(4)]; state {
			case actions.Open:
				r.Open++
				if n.Due < w.day(5) {
					r.Overdue++
				}
			default:
				must(t, w.s.Answer(ctx, w.cora, a, 1, actions.Answer{State: state, Text: "Told by telephone"}))
				switch state {
				case actions.Done:
					r.Done++
					r.InTime++
				case actions.NotDone:
					r.NotDone++
				default:
					r.Gone++
				}
			}
		}
		w.Clock.Advance(5 * 24 * time.Hour)
		b, err := w.s.Board(ctx, w.cora, w.id, actions.Cursor{}, 100)
		must(t, err)
		if len(b.Rates) != len(want) {
			t.Fatalf("%d agencies, want %d", len(b.Rates), len(want))
		}
		open := int64(0)
		for _, got := range b.Rates {
			r := *want[got.Agency]
			r.Name = got.Name
			if got != r {
				t.Fatalf("got %+v, want %+v", got, r)
			}
			open += r.Open
			if p, ok := got.Share(); ok != (r.Done+r.NotDone+r.Overdue > 0) || ok && (p < 0 || p > 100) {
				t.Fatalf("%d%% of %+v", p, r)
			}
		}
		var paged []actions.ID
		for after := (actions.Cursor{}); ; {
			page, err := w.s.Board(ctx, w.cora, w.id, after, 3)
			must(t, err)
			for _, a := range page.Open {
				paged = append(paged, a.ID)
			}
			if !page.More {
				break
			}
			after = page.Next
		}
		slices.Sort(paged)
		if int64(len(slices.Compact(paged))) != open {
			t.Fatalf("the pages hold %d, want %d", len(paged), open)
		}
		for _, name := range []string{casestest.Midwife, casestest.TrustManager, casestest.Commissioner, casestest.HavenContact} {
			if _, err := w.s.Board(ctx, w.Actor(t, name), w.id, actions.Cursor{}, 3); !denied(err) {
				t.Fatalf("%s sees the board: %v", name, err)
			}
		}
		counted, count := store.CountQueries(ctx)
		_, err = w.s.Mine(counted, w.Actor(t, casestest.Midwife), false, actions.Cursor{}, 100)
		must(t, err)
		if count.Reads() > 8 {
			t.Fatalf("the list costs %d queries", count.Reads())
		}
	})
}

// A refusal of what never was leaves the same entry as one of another's.
func TestRefusalsAreInTheLedgerAlike(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		meeting := w.meeting(t, 5)
		a, err := w.s.Add(t.Context(), w.seat(t, w.cora, meeting), w.list(t, meeting, "2026/001"), w.take(string(w.Trust.ID), 3))
		must(t, err)
		colleague := w.Actor(t, casestest.Colleague)
		for _, id := range []actions.ID{a, "never-was"} {
			if _, err := w.s.Get(t.Context(), colleague, id); !denied(err) {
				t.Fatal(err)
			}
		}
		var said []string
		for _, e := range w.Ledger(t) {
			if e.Outcome == audit.Refused && e.Action == actions.ActRead {
				said = append(said, fmt.Sprint(len(e.Subjects), e.Subjects[0].Kind))
			}
		}
		if len(said) != 2 || said[0] != said[1] {
			t.Fatalf("the entries: %q", said)
		}
	})
}

// A file of a MARAC gives out its actions with what became of them, and takes both
// copies along when it is destroyed.
func TestActionsGoWithTheirFile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		meeting := w.meeting(t, 5)
		id, other := w.list(t, meeting, "2026/001"), w.list(t, meeting, "2026/002")
		cora := w.seat(t, w.cora, meeting)
		a, err := w.s.Add(ctx, cora, id, w.take(string(w.Trust.ID), 3))
		must(t, err)
		_, err = w.s.Add(ctx, cora, other, w.take(string(w.Trust.ID), 3))
		must(t, err)
		must(t, w.s.Answer(ctx, w.cora, a, 1, actions.Answer{State: actions.NotDone, Text: "The ladder was too short"}))
		f := w.files[id]
		must(t, w.DB.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			pieces, left, err := w.s.Pieces(ctx, tx, f)
			if len(pieces) != 1 || left != 0 || !strings.Contains(strings.Join(pieces[0].Lines, "\n"), "The ladder was too short") {
				t.Errorf("it gives out %+v", pieces)
			}
			return err
		}))
		must(t, w.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			gone, err := w.s.Destroy(ctx, tx, f)
			if gone["copies of actions of a MARAC"] != 2 || gone["copies of what became of them"] != 4 {
				t.Errorf("it removed %v", gone)
			}
			return err
		}))
		mine, err := w.s.Mine(ctx, w.Actor(t, casestest.Midwife), false, actions.Cursor{}, 10)
		must(t, err)
		if len(mine.List) != 1 || mine.List[0].Case != other {
			t.Errorf("its owner has %+v", mine.List)
		}
	})
}
