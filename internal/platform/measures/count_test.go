package measures_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

var (
	manager      = policy.Actor{Account: "manager", Kind: policy.Human, Agency: "north", Roles: []policy.Role{policy.Manager}}
	commissioner = policy.Actor{Account: "commissioner", Kind: policy.Human, Agency: "county", Roles: []policy.Role{policy.Commissioner}}
	operator     = policy.Actor{Account: "operator", Kind: policy.Operator}
)

var march = measures.Period{From: "2026-03-01", To: "2026-03-31"}

type world struct {
	t     testing.TB
	db    *store.DB
	log   *audit.Log
	guard *audit.Guard
	reg   *measures.Registry
	*measures.Counter
}

func newWorld(t testing.TB, db *store.DB, list ...measures.Indicator) *world {
	t.Helper()
	rules, err := policy.New(measures.Rules())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, log: audit.New(db), reg: registry(t, list...)}
	w.guard = audit.NewGuard(w.log, rules)
	w.Counter = measures.New(db, w.guard, w.reg, measures.Config{})
	return w
}

func (w *world) emit(facts ...measures.Fact) error {
	return w.db.Write(w.t.Context(), func(ctx context.Context, tx *store.Tx) error { return w.reg.Emit(ctx, tx, facts...) })
}

func (w *world) mustEmit(facts ...measures.Fact) {
	w.t.Helper()
	if err := w.emit(facts...); err != nil {
		w.t.Fatal(err)
	}
}

func on(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return t.Add(12 * time.Hour)
}

func visit(agency, person, record, day string, isNew bool, room string) measures.Fact {
	return measures.Fact{
		Kind: "visit", Agency: agency, Person: person, File: "file of " + person, At: on(day),
		Source: measures.Source{Kind: "record", ID: record}, Dimensions: measures.Dimensions{"room": room, "new": isNew},
	}
}

func loan(agency, person, record, day string, weeks int) measures.Fact {
	return measures.Fact{
		Kind: "loan", Agency: agency, Person: person, At: on(day), Source: measures.Source{Kind: "record", ID: record},
		Dimensions: measures.Dimensions{"room": "hall", "new": true, "weeks": weeks},
	}
}

func talk(agency, person, record, day, weeks string) measures.Fact {
	return measures.Fact{
		Kind: "talk", Agency: agency, Person: person, At: on(day), Source: measures.Source{Kind: "record", ID: record},
		Dimensions: measures.Dimensions{"weeks": weeks},
	}
}

// figure counts one indicator, exactly.
func (w *world) figure(id string, p measures.Period, agency string) measures.Result {
	w.t.Helper()
	got, err := w.Count(w.t.Context(), operator, measures.Query{IDs: []string{id}, Period: p, Agency: agency, Exact: true})
	if err != nil {
		w.t.Fatal(err)
	}
	return got[0]
}

// of is "people of people, contacts of contacts".
func of(c measures.Counts) string {
	return fmt.Sprintf("%d of %d, %d of %d", c.Numerator.Persons, c.Denominator.Persons, c.Numerator.Contacts, c.Denominator.Contacts)
}

func (w *world) is(id string, p measures.Period, agency, want string) {
	w.t.Helper()
	if got := of(w.figure(id, p, agency).Counts); got != want {
		w.t.Errorf("%s %v %q: %s, not %s", id, p, agency, got, want)
	}
}

// Proves: B4.16.
func TestPeopleAreCountedOnceWithContactsBesideThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		w.is("borrowers", march, "", "0 of 0, 0 of 0")
		w.mustEmit(
			visit("north", "ann", "1", "2026-03-01", true, "hall"), loan("north", "ann", "1", "2026-03-01", 3),
			visit("north", "ann", "2", "2026-03-31", true, "attic"),
			visit("north", "bob", "3", "2026-03-05", true, "hall"), loan("north", "bob", "3", "2026-03-05", 1), // too short
			visit("north", "cat", "4", "2026-03-06", false, "hall"), loan("north", "cat", "4", "2026-03-06", 9), // not new
			visit("south", "ann", "5", "2026-03-07", true, "hall"), // another agency's: another person
			visit("north", "dan", "6", "2026-02-28", true, "hall"), // before the period
			visit("north", "dan", "7", "2026-04-01", true, "hall"), // after it
		)
		w.is("borrowers", march, "", "1 of 3, 1 of 4")
		w.is("borrowers", march, "north", "1 of 2, 1 of 3")
		w.is("borrowers", march, "south", "0 of 1, 0 of 1")
		w.is("borrowers", march, "east", "0 of 0, 0 of 0")
		w.is("borrowers", measures.Period{From: "2026-02-28", To: "2026-04-01"}, "", "1 of 4, 1 of 6")

		var parts []string
		for _, p := range w.figure("borrowers", march, "").Parts {
			parts = append(parts, p.Value+" ("+p.Label+"): "+of(p.Counts))
		}
		want := []string{"hall (The hall): 1 of 3, 1 of 3", "attic (attic): 0 of 1, 0 of 1"}
		if diff := gocmp.Diff(want, parts); diff != "" {
			t.Error(diff)
		}
	})
}

func TestARecordCountsOnceHoweverManyFactsItHas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		w.mustEmit(
			visit("north", "ann", "1", "2026-03-01", true, "hall"), visit("north", "ann", "1", "2026-03-01", true, "hall"),
			loan("north", "ann", "1", "2026-03-01", 2), loan("north", "ann", "1", "2026-03-01", 4),
			talk("north", "ann", "9", "2026-03-01", "many"), talk("north", "ann", "9", "2026-03-01", "many"),
		)
		w.is("borrowers", march, "", "1 of 1, 1 of 1")
		w.is("spoken", march, "", "1 of 1, 1 of 1")
	})
}

func TestOnlyTheSameRecordOfTheSamePersonAndAgencyCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		form := loan("north", "dan", "3", "2026-03-01", 2)
		form.Source.Kind = "form" // another kind of record with the same id
		w.mustEmit(visit("north", "dan", "3", "2026-03-01", true, "hall"), form)
		// The same record, but for a day after the period.
		w.mustEmit(visit("north", "eve", "4", "2026-03-31", true, "hall"), loan("north", "eve", "4", "2026-04-01", 2))
		w.mustEmit(
			visit("north", "ann", "1", "2026-03-01", true, "hall"), loan("north", "bob", "1", "2026-03-01", 2),
			visit("north", "cat", "2", "2026-03-01", true, "hall"), loan("south", "cat", "2", "2026-03-01", 2),
		)
		w.is("borrowers", march, "", "0 of 4, 0 of 4")
		w.is("borrowers", measures.Period{From: "2026-03-01", To: "2026-04-01"}, "", "1 of 4, 1 of 4")
	})
}

func TestWhatFollowsForThePersonCountsUpToTheEndOfThePeriod(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		w.mustEmit(
			visit("north", "same", "1", "2026-03-10", true, "hall"), talk("north", "same", "a", "2026-03-10", "many"),
			visit("north", "before", "2", "2026-03-10", true, "hall"), talk("north", "before", "b", "2026-03-09", "many"),
			visit("north", "last", "3", "2026-03-10", true, "hall"), talk("north", "last", "c", "2026-03-31", "many"),
			visit("north", "after", "4", "2026-03-10", true, "hall"), talk("north", "after", "d", "2026-04-01", "many"),
			visit("north", "short", "5", "2026-03-10", true, "hall"), talk("north", "short", "e", "2026-03-11", "few"),
			visit("north", "away", "6", "2026-03-10", true, "hall"), talk("south", "away", "f", "2026-03-11", "many"),
		)
		w.is("spoken", march, "", "2 of 6, 2 of 6")
		w.is("spoken", measures.Period{From: "2026-03-01", To: "2026-04-30"}, "", "3 of 6, 3 of 6")
	})
}

func TestADayIsOneOfTheDeploymentsCalendar(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		f := visit("north", "ann", "1", "2026-03-31", true, "hall")
		f.At = time.Date(2026, time.March, 31, 23, 30, 0, 0, time.UTC) // half past midnight there
		w.mustEmit(f)
		w.is("borrowers", march, "", "0 of 0, 0 of 0")
		w.is("borrowers", measures.Period{From: "2026-04-01", To: "2026-04-01"}, "", "0 of 1, 0 of 1")
	})
}

func TestACorrectedRecordReplacesItsFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		w.mustEmit(
			visit("north", "ann", "1", "2026-03-01", true, "hall"), loan("north", "ann", "1", "2026-03-01", 3),
			visit("north", "bob", "2", "2026-03-01", true, "hall"), visit("south", "cat", "1", "2026-03-01", true, "hall"),
		)
		err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			if err := w.reg.Withdraw(ctx, tx, "north", measures.Source{Kind: "record", ID: "1"}); err != nil {
				return err
			}
			return w.reg.Emit(ctx, tx, visit("north", "ann", "1", "2026-03-02", true, "hall"))
		})
		if err != nil {
			t.Fatal(err)
		}
		w.is("borrowers", march, "north", "0 of 2, 0 of 2")
		w.is("borrowers", march, "south", "0 of 1, 0 of 1")
	})
}

func TestAFactThatIsNotAsDeclaredIsRefused(t *testing.T) {
	w := newWorld(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now))
	for what, change := range map[string]func(*measures.Fact){
		"an unknown kind":          func(f *measures.Fact) { f.Kind = "visits" },
		"no agency":                func(f *measures.Fact) { f.Agency = "" },
		"no person":                func(f *measures.Fact) { f.Person = "" },
		"no source":                func(f *measures.Fact) { f.Source.ID = "" },
		"no kind of source":        func(f *measures.Fact) { f.Source.Kind = "" },
		"no time":                  func(f *measures.Fact) { f.At = time.Time{} },
		"a dimension too few":      func(f *measures.Fact) { delete(f.Dimensions, "new") },
		"a dimension too many":     func(f *measures.Fact) { f.Dimensions["old"] = true },
		"a text for a truth":       func(f *measures.Fact) { f.Dimensions["new"] = "true" },
		"a number for a word":      func(f *measures.Fact) { f.Dimensions["room"] = 7 },
		"a sentence for a word":    func(f *measures.Fact) { f.Dimensions["room"] = "The hall" },
		"a value of no known sort": func(f *measures.Fact) { f.Dimensions["new"] = 1.5 },
		"a person where there is none": func(f *measures.Fact) {
			f.Kind, f.Dimensions = "opened", nil
		},
		"a value the choice lacks": func(f *measures.Fact) {
			f.Kind, f.Dimensions = "talk", measures.Dimensions{"weeks": "none"}
		},
	} {
		f := visit("north", "ann", "1", "2026-03-01", true, "hall")
		change(&f)
		// The good fact of the same write goes with the bad one.
		if err := w.emit(visit("north", "bob", "2", "2026-03-01", true, "hall"), f); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
	w.is("borrowers", march, "", "0 of 0, 0 of 0")
	w.mustEmit(measures.Fact{Kind: "opened", Agency: "north", At: on("2026-03-01"), Source: measures.Source{Kind: "door", ID: "1"}})
}

func TestAMeasureTakesTwoStatementsAtMost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		for i := range 30 {
			w.mustEmit(visit("north", fmt.Sprint("p", i), fmt.Sprint("r", i), "2026-03-01", true, fmt.Sprint("room", i)))
		}
		ctx, n := store.CountQueries(t.Context())
		// Inside a request the ledger entry is written with the page.
		ctx, _ = w.log.BeginLook(ctx, operator, measures.ActRead, "request")
		if _, err := w.Count(ctx, operator, measures.Query{Period: march}); err != nil {
			t.Fatal(err)
		}
		if n.N() != 3 {
			t.Errorf("%d statements for two measures, one of them with a breakdown", n.N())
		}
	})
}

// The slow way: every fact of the denominator against every other fact.
func slow(facts []measures.Fact, reg *measures.Registry, in measures.Indicator, q measures.Query, room string) measures.Counts {
	meets := func(f measures.Fact, s measures.Facts) bool {
		if f.Kind != s.Kind {
			return false
		}
		for _, c := range s.Where {
			v := f.Dimensions[c.Dimension]
			if c.AtLeast != nil {
				if v.(int) < *c.AtLeast {
					return false
				}
			} else if fmt.Sprint(v) != fmt.Sprint(c.Is) {
				return false
			}
		}
		return true
	}
	type person struct{ agency, id string }
	type contact struct {
		person
		source measures.Source
	}
	contacts := map[contact]bool{}
	for _, f := range facts {
		day := reg.Day(f.At)
		if day < q.Period.From || day > q.Period.To || q.Agency != "" && f.Agency != q.Agency ||
			room != "" && f.Dimensions["room"] != room ||
			!slices.ContainsFunc(in.Denominator.Facts, func(s measures.Facts) bool { return meets(f, s) }) {
			continue
		}
		lifted := slices.ContainsFunc(facts, func(n measures.Fact) bool {
			if n.Agency != f.Agency || n.Person != f.Person || !meets(n, in.Numerator.Facts) {
				return false
			}
			if reg.Day(n.At) < q.Period.From || reg.Day(n.At) > q.Period.To {
				return false
			}
			if in.Numerator.Link == measures.SameSource {
				return n.Source == f.Source
			}
			return reg.Day(n.At) >= day
		})
		c := contact{person{f.Agency, f.Person}, f.Source}
		contacts[c] = contacts[c] || lifted
	}
	people := map[person]bool{}
	var out measures.Counts
	for c, lifted := range contacts {
		people[c.person] = people[c.person] || lifted
		out.Denominator.Contacts++
		if lifted {
			out.Numerator.Contacts++
		}
	}
	for _, lifted := range people {
		out.Denominator.Persons++
		if lifted {
			out.Numerator.Persons++
		}
	}
	return out
}

func drawFact(t *rapid.T) measures.Fact {
	f := measures.Fact{
		Agency: rapid.SampledFrom([]string{"north", "south"}).Draw(t, "agency"),
		Person: rapid.SampledFrom([]string{"ann", "bob", "cat", "dan"}).Draw(t, "person"),
		At:     storetest.Start.Add(time.Duration(rapid.IntRange(-96, 96).Draw(t, "hours")) * time.Hour),
		Source: measures.Source{
			Kind: rapid.SampledFrom([]string{"record", "form"}).Draw(t, "source"),
			ID:   fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "id")),
		},
		Kind: rapid.SampledFrom([]string{"visit", "loan", "talk"}).Draw(t, "kind"),
	}
	room := rapid.SampledFrom([]string{"hall", "attic", "zoo"})
	switch f.Kind {
	case "visit":
		f.Dimensions = measures.Dimensions{"room": room.Draw(t, "room"), "new": rapid.Bool().Draw(t, "new")}
	case "loan":
		f.Dimensions = measures.Dimensions{
			"room": room.Draw(t, "room"), "new": rapid.Bool().Draw(t, "new"), "weeks": rapid.IntRange(-1, 11).Draw(t, "weeks"),
		}
	default:
		f.Dimensions = measures.Dimensions{"weeks": rapid.SampledFrom([]string{"few", "many"}).Draw(t, "weeks")}
	}
	return f
}

func drawFacts(t *rapid.T, kind string) measures.Facts {
	out := measures.Facts{Kind: kind}
	if kind == "talk" {
		if rapid.Bool().Draw(t, "talks") {
			out.Where = append(out.Where, measures.Condition{Dimension: "weeks", Is: "many"})
		}
		return out
	}
	if rapid.Bool().Draw(t, "by room") {
		out.Where = append(out.Where, measures.Condition{Dimension: "room", Is: "hall"})
	}
	if rapid.Bool().Draw(t, "by new") {
		out.Where = append(out.Where, measures.Condition{Dimension: "new", Is: rapid.Bool().Draw(t, "new")})
	}
	if kind == "loan" {
		least := rapid.IntRange(0, 10).Draw(t, "least")
		switch rapid.IntRange(0, 2).Draw(t, "by weeks") {
		case 1:
			out.Where = append(out.Where, measures.Condition{Dimension: "weeks", AtLeast: &least})
		case 2:
			out.Where = append(out.Where, measures.Condition{Dimension: "weeks", Is: least})
		}
	}
	return out
}

func drawIndicator(t *rapid.T) measures.Indicator {
	in := measures.Indicator{
		ID: "drawn", Title: "Drawn", Unit: measures.Persons,
		Denominator: measures.Denominator{Words: "all of it"},
		Numerator: measures.Numerator{
			Words: "some of it",
			Facts: drawFacts(t, rapid.SampledFrom([]string{"visit", "loan", "talk"}).Draw(t, "numerator")),
			Link:  rapid.SampledFrom([]measures.Link{measures.SameSource, measures.SamePerson}).Draw(t, "link"),
		},
	}
	of := rapid.SampledFrom([][]string{{"visit"}, {"loan"}, {"talk"}, {"visit", "loan"}, {"visit", "talk"}, {"visit", "loan", "talk"}}).Draw(t, "denominator")
	for _, kind := range of {
		in.Denominator.Facts = append(in.Denominator.Facts, drawFacts(t, kind))
	}
	if !slices.Contains(of, "talk") {
		in.By = "room"
	}
	return in
}

// Proves: B4.16.
func TestCountingAgreesWithTheSlowWay(t *testing.T) {
	for _, engine := range storetest.Engines(t) {
		t.Run(string(engine), func(t *testing.T) {
			db := storetest.Open(t, engine, storetest.NewClock().Now)
			rapid.Check(t, func(rt *rapid.T) {
				in := drawIndicator(rt)
				w := newWorld(t, db, in)
				facts := rapid.SliceOfN(rapid.Custom(drawFact), 0, 40).Draw(rt, "facts")
				err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
					if _, err := tx.ExecContext(ctx, `DELETE FROM fact`); err != nil {
						return err
					}
					return w.reg.Emit(ctx, tx, facts...)
				})
				if err != nil {
					rt.Fatal(err)
				}
				from := rapid.IntRange(26, 28).Draw(rt, "from")
				q := measures.Query{
					Period: measures.Period{From: fmt.Sprint("2026-02-", from), To: fmt.Sprint("2026-03-0", rapid.IntRange(1, 6).Draw(rt, "to"))},
					Agency: rapid.SampledFrom([]string{"", "north"}).Draw(rt, "filter"),
					Exact:  true,
				}
				got, err := w.Count(t.Context(), operator, q)
				if err != nil {
					rt.Fatal(err)
				}
				if diff := gocmp.Diff(slow(facts, w.reg, in, q, ""), got[0].Counts); diff != "" {
					rt.Fatal(diff)
				}
				var want, parts []measures.Part
				for _, room := range []string{"attic", "hall", "zoo"} {
					p := measures.Part{Value: room, Label: room, Counts: slow(facts, w.reg, in, q, room)}
					if in.By != "" && p.Denominator.Contacts > 0 {
						want = append(want, p)
					}
				}
				for _, p := range got[0].Parts {
					p.Label = p.Value
					parts = append(parts, p)
				}
				slices.SortFunc(parts, func(a, b measures.Part) int { return cmp.Compare(a.Value, b.Value) })
				if diff := gocmp.Diff(want, parts); diff != "" {
					rt.Fatal(diff)
				}
			})
		})
	}
}

func TestWhoSeesWhichFigures(t *testing.T) {
	w := newWorld(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now))
	noRole := policy.Actor{Account: "nurse", Kind: policy.Human, Agency: "north", Roles: []policy.Role{policy.Practitioner, policy.Administrator, policy.KeyContact}}
	homeless := manager
	homeless.Agency = ""
	both := manager
	both.Roles = []policy.Role{policy.Manager, policy.Commissioner}

	for _, c := range []struct {
		who    policy.Actor
		agency string
		exact  bool
		want   bool
	}{
		{manager, "north", false, true},
		{manager, "north", true, true},
		{manager, "south", false, false},
		{manager, "south", true, false},
		{manager, "", false, false},
		{manager, "", true, false},
		{homeless, "", false, false}, // nobody's agency is not everybody's
		{homeless, "", true, false},
		{commissioner, "", false, true},
		{commissioner, "north", false, false}, // agency by agency and the total would add up
		{commissioner, "county", false, false},
		{commissioner, "", true, false},
		{commissioner, "county", true, false},
		{both, "", true, false},
		{both, "north", true, true},
		{operator, "", false, true},
		{operator, "", true, true},
		{operator, "north", true, true},
		{noRole, "north", false, false},
		{noRole, "", false, false},
		{policy.Actor{}, "", false, false},
	} {
		_, err := w.Count(t.Context(), c.who, measures.Query{Period: march, Agency: c.agency, Exact: c.exact})
		if _, denied := policy.IsDenied(err); denied == c.want || err != nil && !denied {
			t.Errorf("%v, figures of %q, exact %t: %v", c.who.Account, c.agency, c.exact, err)
		}
	}
	for _, c := range []struct {
		who  policy.Actor
		want []measures.View
	}{
		{manager, []measures.View{{Agency: "north", Exact: true}}},
		{commissioner, []measures.View{{}}},
		{both, []measures.View{{Agency: "north", Exact: true}, {}}},
		{operator, []measures.View{{}}},
		{noRole, nil},
		{homeless, nil},
		{policy.Actor{}, nil},
	} {
		if diff := gocmp.Diff(c.want, w.Views(c.who)); diff != "" {
			t.Errorf("%v: %s", c.who.Account, diff)
		}
	}
}

func TestReadingFiguresIsRecordedAndSoIsARefusal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		w := newWorld(t, db)
		q := measures.Query{Period: march, Agency: "north", Exact: true}
		if _, err := w.Count(t.Context(), manager, q); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Count(t.Context(), commissioner, q); err == nil {
			t.Fatal("a commissioner saw exact figures")
		}
		entries, err := w.log.Since(t.Context(), 0, 10)
		if err != nil || len(entries) != 2 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		subjects := []audit.Subject{{Kind: "agency", ID: "north"}, {Kind: "measure", ID: "borrowers"}, {Kind: "measure", ID: "spoken"}}
		for i, want := range []struct {
			who     string
			outcome audit.Outcome
		}{{"manager", audit.Allowed}, {"commissioner", audit.Refused}} {
			e := entries[i]
			if e.Actor != want.who || e.Outcome != want.outcome || e.Action != measures.ActReadExact || want.outcome == audit.Allowed && e.Purpose != "exact_figures" {
				t.Errorf("entry %d: %+v", i, e)
			}
			if diff := gocmp.Diff(subjects, e.Subjects); diff != "" {
				t.Errorf("entry %d: %s", i, diff)
			}
		}
	})
}

func TestAQueryThatAsksForNothingReadsNothing(t *testing.T) {
	w := newWorld(t, storetest.Open(t, store.SQLite, storetest.NewClock().Now))
	if _, err := w.Count(t.Context(), operator, measures.Query{}); !errors.Is(err, measures.ErrPeriod) {
		t.Errorf("no period: %v", err)
	}
	if _, err := w.Count(t.Context(), operator, measures.Query{IDs: []string{"quiet"}, Period: march}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("no such measure: %v", err)
	}
	if entries, err := w.log.Since(t.Context(), 0, 10); err != nil || len(entries) != 0 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}
