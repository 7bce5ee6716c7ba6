package intake_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/intake"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

type world struct {
	*casestest.World
	Intake *intake.Service
	sent   int
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, intake.Rules())}
		w.Intake = intake.New(w.Cases, w.Guard, w.Registry)
		fn(t, w)
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open lets the advocates take everything that is asked.
func (w *world) open(t testing.TB) {
	t.Helper()
	must(t, w.Intake.SetDoor(t.Context(), w.Actor(t, casestest.HavenManager), intake.Door{
		Team: string(w.Advocates.ID), Self: true, Known: true, Work: true, Public: intake.Public{Name: "Fictional advocates", What: "For anybody who is afraid at home", Phone: "0808 157 0999"},
	}))
}

func (w *world) ask() intake.NewAsk {
	w.sent++
	return intake.NewAsk{
		Who: intake.Self, To: intake.Place{Agency: string(w.Haven.ID), Team: string(w.Advocates.ID)}, Once: fmt.Sprintf("a-page-that-was-sent-%d", w.sent),
		Words: intake.Words{
			Device: intake.Yes, Reply: intake.Reach, Means: []intake.Means{intake.Call}, When: "Mondays before noon", Voice: intake.No, Who: intake.No,
			Never: "Never come to the house", Name: "Maya Example", Number: "07700 900123", Danger: intake.No, Feared: "Rob Example", Text: "He reads all my messages",
		},
	}
}

// leave sends it and returns its id, as the inbox of the advocates has it.
func (w *world) leave(t testing.TB, n intake.NewAsk) intake.ID {
	t.Helper()
	ref, err := w.Intake.Leave(t.Context(), fmt.Sprintf("198.51.100.%d", w.sent), n)
	must(t, err)
	for _, a := range w.list(t, casestest.HavenManager, intake.WaitingBox) {
		if a.Reference == ref {
			return a.ID
		}
	}
	t.Fatal("it is not in the inbox")
	return ""
}

func (w *world) list(t testing.TB, who string, box intake.Box) []intake.Ask {
	t.Helper()
	list, err := w.Intake.List(t.Context(), w.Actor(t, who), box, "", 100)
	must(t, err)
	return list
}

func (w *world) read(t testing.TB, who string, id intake.ID) *intake.Opened {
	t.Helper()
	o, err := w.Intake.Open(t.Context(), w.Actor(t, who), id)
	must(t, err)
	return o
}

// Proves: B6.2, B9.2
func TestWhatSomebodyAsksBecomesACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		id := w.leave(t, w.ask())
		o := w.read(t, casestest.IDVA, id)
		if o.Words().Text != "He reads all my messages" || o.Ask().State != intake.Arrived {
			t.Errorf("%+v", o.Ask())
		}
		if _, err := w.Intake.Accept(t.Context(), o, intake.Acceptance{Person: o.Words().Details(), Team: o.Ask().Team}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("accepted before a person had taken it: %v", err)
		}
		must(t, w.Intake.Take(t.Context(), o))
		o = w.read(t, casestest.IDVA, id)
		f, err := w.Intake.Accept(t.Context(), o, intake.Acceptance{Person: o.Words().Details(), Team: o.Ask().Team})
		must(t, err)
		if f.Origin() != cases.AskedSelf || f.Kind() != cases.Full || f.Lead() != w.Actor(t, casestest.IDVA).Account {
			t.Errorf("%s, %s, held by %s", f.Origin(), f.Kind(), f.Lead())
		}
		var person people.Person
		var tasks []cases.Task
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
			if person, err = w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person()); err != nil {
				return err
			}
			tasks, err = w.Cases.Tasks(ctx, tx, f)
			return err
		}))
		if person.Contact.State != people.Unset {
			t.Errorf("what was typed counts as checked: %s", person.Contact.State)
		}
		for _, kind := range []cases.TaskKind{cases.FirstContact, cases.AskSafeContact} {
			if !slices.ContainsFunc(tasks, func(k cases.Task) bool { return k.Kind == kind && k.Due == o.Ask().DueOn }) {
				t.Errorf("no task %s by %s", kind, o.Ask().DueOn)
			}
		}
		asks, words, err := w.Intake.OfFile(t.Context(), f)
		must(t, err)
		if len(asks) != 1 || words[0].Never != "Never come to the house" {
			t.Errorf("the case holds %d, %v", len(asks), words)
		}
	})
}

// Somebody who asks for themselves is to be reached by the next working day,
// others within two.
func TestTheClockRunsFromWhenTheyAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		for w.Clock.Now().Weekday() != time.Friday {
			w.Clock.Advance(24 * time.Hour)
		}
		friday := w.Clock.Now()
		for who, days := range map[intake.Who]int{intake.Self: 3, intake.Known: 4, intake.Work: 4} {
			due := friday.AddDate(0, 0, days).Format(time.DateOnly)
			n := w.ask()
			n.Who, n.Words.Agreed, n.Words.Asker, n.Words.Role, n.Words.Back = who, intake.Agrees, "Sam Example", "Neighbour", "07700 900456"
			if got := w.read(t, casestest.IDVA, w.leave(t, n)).Ask().DueOn; got != due {
				t.Errorf("%s: by %s, want %s", who, got, due)
			}
		}
	})
}

func TestNobodyTakesWhatTheirAgencyDidNotOpen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		refused := func(n intake.NewAsk) {
			t.Helper()
			_, err := w.Intake.Leave(t.Context(), "192.0.2.1", n)
			if errs, ok := forms.AsErrors(err); !ok || !errs.Has("to") {
				t.Errorf("got %v", err)
			}
		}
		refused(w.ask())
		w.open(t)
		n := w.ask()
		n.To = intake.Place{Agency: string(w.Trust.ID), Team: string(w.Midwives.ID)}
		refused(n)
		manager := w.Actor(t, casestest.HavenManager)
		must(t, w.Intake.SetDoor(t.Context(), manager, intake.Door{Team: string(w.Advocates.ID), Work: true, Version: 1, Public: intake.Public{Name: "Advocates", What: "Help"}}))
		refused(w.ask())
		if err := w.Intake.SetDoor(t.Context(), manager, intake.Door{Team: string(w.Advocates.ID), Self: true, Version: 1, Public: intake.Public{Name: "Advocates", What: "Help"}}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a stale page opened it: %v", err)
		}
		must(t, w.Intake.CloseDoor(t.Context(), manager, string(w.Advocates.ID), 2))
		for _, who := range []string{casestest.IDVA, casestest.HavenContact, casestest.Robot} {
			if err := w.Intake.SetDoor(t.Context(), w.Actor(t, who), intake.Door{Team: string(w.Advocates.ID)}); err == nil {
				t.Errorf("%s opened it", who)
			}
		}
		err := w.Intake.SetDoor(t.Context(), w.Actor(t, casestest.TrustManager), intake.Door{Team: string(w.Advocates.ID), Public: intake.Public{Name: "x", What: "x", Phone: "1"}})
		if denied, refused := policy.IsDenied(err); !refused || denied.Known {
			t.Errorf("another agency opened it, or is told that it is there: %v", err)
		}
	})
}

// Proves: B6.31
func TestTheSecondWhoTakesItIsToldWhoWasFirst(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		id := w.leave(t, w.ask())
		one, two := w.read(t, casestest.IDVA, id), w.read(t, casestest.Colleague, id)
		must(t, w.Intake.Take(t.Context(), one))
		var first *intake.AlreadyTaken
		if err := w.Intake.Take(t.Context(), two); !errors.As(err, &first) || first.By != one.Actor().Account || first.At.IsZero() {
			t.Errorf("got %v", err)
		}
		one, two = w.read(t, casestest.IDVA, id), w.read(t, casestest.Colleague, id)
		_, err := w.Intake.Accept(t.Context(), one, intake.Acceptance{Person: one.Words().Details()})
		must(t, err)
		if err := w.Intake.Decline(t.Context(), two, intake.NoRoom, "Rang them"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("the second to answer got %v", err)
		}
		if _, err := w.Guard.Act(t.Context(), w.Actor(t, casestest.Robot), intake.ActTake, policy.Resource{Type: "Ask", ID: "x", Attrs: policy.Attrs{
			"agency": string(w.Haven.ID), "team": string(w.Advocates.ID), "tied": []string{},
		}}, true); err == nil {
			t.Error("a program takes it")
		}
	})
}

// To whoever is not of the team, and to whoever is tied to the person or to the
// one they fear, it is not there: neither opened, nor in a list.
func TestToOthersItIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		colleague := w.Actor(t, casestest.Colleague)
		must(t, w.Cases.Declare(t.Context(), colleague, cases.NewTie{Relation: cases.Relative, Person: people.Details{GivenName: "Rob", FamilyName: "Example"}}))
		id := w.leave(t, w.ask())
		for _, who := range []string{casestest.Colleague, casestest.Nurse, casestest.TrustManager, casestest.HavenContact, casestest.TrustAdmin, casestest.Robot} {
			if _, err := w.Intake.Open(t.Context(), w.Actor(t, who), id); err == nil {
				t.Errorf("%s opened it", who)
			}
			if list, err := w.Intake.List(t.Context(), w.Actor(t, who), intake.WaitingBox, "", 10); err == nil && len(list) > 0 {
				t.Errorf("it is in the list of %s", who)
			}
		}
		for _, who := range []string{casestest.IDVA, casestest.HavenManager} {
			w.read(t, who, id)
			if len(w.list(t, who, intake.WaitingBox)) != 1 {
				t.Errorf("it is not in the list of %s", who)
			}
		}
	})
}

// What is sent twice arrives once, and too much of it is not taken.
func TestTheFormIsBounded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		n := w.ask()
		one, err := w.Intake.Leave(t.Context(), "2001:db8::1", n)
		must(t, err)
		two, err := w.Intake.Leave(t.Context(), "2001:db8::2", n)
		must(t, err)
		if one != two || len(w.list(t, casestest.IDVA, intake.WaitingBox)) != 1 {
			t.Errorf("%s and %s", one, two)
		}
		long := w.ask()
		long.Words.Text = strings.Repeat("x", 4001)
		if _, err := w.Intake.Leave(t.Context(), "2001:db8::3", long); err == nil {
			t.Error("a long text was taken")
		}
		taken := 1
		for range 20 {
			_, err := w.Intake.Leave(t.Context(), fmt.Sprintf("2001:db8::%d", taken), w.ask()) // all of one network
			if err == nil {
				taken++
			} else if !errors.Is(err, intake.ErrTooMany) {
				t.Fatal(err)
			}
		}
		if taken != 6 {
			t.Errorf("%d were taken at once", taken)
		}
		if _, err := w.Intake.Leave(t.Context(), "203.0.113.1", w.ask()); err != nil {
			t.Errorf("another network: %v", err)
		}
		w.Clock.Advance(11 * time.Minute)
		if _, err := w.Intake.Leave(t.Context(), "2001:db8::9", w.ask()); err != nil {
			t.Errorf("later: %v", err)
		}
		for i := range 150 {
			if _, err = w.Intake.Leave(t.Context(), fmt.Sprintf("192.0.2.%d", i), w.ask()); err != nil {
				break
			}
		}
		if !errors.Is(err, intake.ErrTooMany) {
			t.Errorf("from everywhere: %v", err)
		}
		w.Clock.Advance(24 * time.Hour)
		must(t, w.DB.Write(t.Context(), func(context.Context, *store.Tx) error { return nil }))
		_, err = w.Intake.Leave(t.Context(), "192.0.2.200", w.ask())
		must(t, err)
		rows := 0
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM ask_try").Scan(&rows)
		}))
		if rows != 2 {
			t.Errorf("%d hashes are kept of networks that sent something yesterday", rows)
		}
	})
}

// Cases of the same name are proposed, to those who may see them, and a person
// decides.
func TestACaseOfTheSameNameIsProposed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		idva := w.Actor(t, casestest.IDVA)
		mine := w.Begin(t, idva)
		w.Begin(t, w.Actor(t, casestest.Nurse)) // of another agency
		w.BeginFor(t, idva, people.Details{GivenName: "Rob", FamilyName: "Example"}, cases.Experiencing)
		id := w.leave(t, w.ask())
		o := w.read(t, casestest.IDVA, id)
		alike, err := w.Intake.Alikes(t.Context(), o)
		must(t, err)
		if len(alike) != 1 || alike[0].File != mine.ID() {
			t.Fatalf("%+v", alike)
		}
		must(t, w.Intake.Take(t.Context(), o))
		f, err := w.Intake.Accept(t.Context(), w.read(t, casestest.IDVA, id), intake.Acceptance{Into: mine.ID()})
		must(t, err)
		if f.ID() != mine.ID() {
			t.Error("another case was opened")
		}
		other := w.leave(t, w.ask())
		o = w.read(t, casestest.Colleague, other)
		must(t, w.Intake.Take(t.Context(), o))
		theirs := w.Begin(t, w.Actor(t, casestest.Nurse))
		if _, err := w.Intake.Accept(t.Context(), w.read(t, casestest.Colleague, other), intake.Acceptance{Into: theirs.ID()}); err == nil {
			t.Error("it went into a case of another agency")
		}
	})
}

func TestWhatWasDeclinedGoesAfterItsTime(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		decline := func() intake.ID {
			id := w.leave(t, w.ask())
			must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
			o := w.read(t, casestest.IDVA, id)
			if errs, ok := forms.AsErrors(w.Intake.Decline(t.Context(), o, "", "")); !ok || !errs.Has("reason") || !errs.Has("words") {
				t.Error("declined without a reason")
			}
			must(t, w.Intake.Decline(t.Context(), o, intake.OutOfArea, "Told them of the service at home"))
			return id
		}
		first := decline()
		if got := w.read(t, casestest.IDVA, first); got.Answer() != "Told them of the service at home" || got.Ask().State != intake.Declined {
			t.Errorf("%+v", got.Ask())
		}
		w.Clock.Advance((intake.KeepDays + 1) * 24 * time.Hour)
		second := decline()
		if _, err := w.Intake.Open(t.Context(), w.Actor(t, casestest.IDVA), first); err == nil {
			t.Error("it is still there")
		}
		w.read(t, casestest.IDVA, second)
	})
}

// The ledger says that something was sent, by nobody, and who read it; it has
// no word of it.
func TestTheLedgerNamesNobodyWhoAsks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.open(t)
		id := w.leave(t, w.ask())
		must(t, w.Intake.Take(t.Context(), w.read(t, casestest.IDVA, id)))
		seen := map[policy.Action]string{}
		for _, e := range w.Ledger(t) {
			if slices.Contains(e.Subjects, id.Subject()) {
				seen[e.Action] = e.Actor
			}
			if strings.Contains(fmt.Sprint(e), "Maya") || strings.Contains(fmt.Sprint(e), "198.51") {
				t.Errorf("%+v", e)
			}
		}
		idva := w.Actor(t, casestest.IDVA).Account
		if seen[intake.ActLeave] != audit.Nobody || seen[intake.ActRead] != idva || seen[intake.ActTake] != idva {
			t.Errorf("%v", seen)
		}
	})
}

// The lists have their SQL, and agree with the decision on one.
func TestListsOfAsksHaveTheirSQL(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.Guard.Rules().CheckScope(intake.ActList, intake.Mapping()))
		must(t, w.Guard.Rules().CheckScope(intake.ActList, intake.LeftMapping()))
	})
}

// Whatever people do, in whatever order: a state is never left but along the
// way, one person holds it, one case comes of it, and a settled one stays so.
func TestAnyOrderOfActionsKeepsToTheWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := &world{World: casestest.New(t, db, clock, intake.Rules())}
		w.Intake = intake.New(w.Cases, w.Guard, w.Registry)
		w.open(t)
		rapid.Check(t, func(r *rapid.T) {
			w.Clock.Advance(time.Hour)
			id := w.leave(t, w.ask())
			pages := map[string]*intake.Opened{}
			state, holder, settled := intake.Arrived, "", 0
			for _, who := range []string{casestest.IDVA, casestest.Colleague, casestest.HavenManager} {
				pages[who] = w.read(t, who, id)
			}
			for range rapid.IntRange(1, 10).Draw(r, "actions") {
				who := rapid.SampledFrom([]string{casestest.IDVA, casestest.Colleague, casestest.HavenManager}).Draw(r, "who")
				var err error
				switch what := rapid.SampledFrom([]string{"look", "take", "accept", "decline"}).Draw(r, "what"); what {
				case "look":
					pages[who] = w.read(t, who, id)
				case "take":
					if err = w.Intake.Take(t.Context(), pages[who]); err == nil {
						if state != intake.Arrived {
							r.Fatalf("taken while %s", state)
						}
						state, holder = intake.Acknowledged, w.Actor(t, who).Account
					}
				case "accept":
					if _, err = w.Intake.Accept(t.Context(), pages[who], intake.Acceptance{Person: pages[who].Words().Details()}); err == nil {
						state, settled = intake.Accepted, settled+1
					}
				case "decline":
					if err = w.Intake.Decline(t.Context(), pages[who], intake.NotOurs, "Rang them"); err == nil {
						state, settled = intake.Declined, settled+1
					}
				}
				var already *intake.AlreadyTaken
				if err != nil && !errors.Is(err, store.ErrConflict) && !errors.As(err, &already) {
					r.Fatal(err)
				}
			}
			got := w.read(t, casestest.HavenManager, id).Ask()
			if got.State != state || got.HeldBy != holder || settled > 1 || settled > 0 && holder == "" || (got.File != "") != (state == intake.Accepted) {
				r.Fatalf("%+v; want %s, held by %q, settled %d times", got, state, holder, settled)
			}
		})
	})
}
