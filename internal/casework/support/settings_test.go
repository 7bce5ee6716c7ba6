package support_test

import (
	"strconv"
	"testing"
	"time"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/support"
)

// What an agency sets applies to clocks that begin then. One that runs keeps
// the hours with which it began, and other agencies theirs.
func TestAnAgencySetsItsOwnTargets(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		monday := time.Date(2026, time.June, 15, 9, 0, 0, 0, time.UTC)
		w.Clock.Advance(monday.Sub(w.Clock.Now()))
		before := w.Begin(t, w.idva(t))
		must(t, w.s.SetArrival(t.Context(), before, support.Arrival{Came: support.SelfReferred, At: monday}))
		manager := w.Actor(t, casestest.HavenManager)
		if sets, err := w.s.Decided(t.Context(), manager); err != nil || len(sets) != 0 {
			t.Fatalf("before anything was set: %v, %v", sets, err)
		}
		w.Clock.Advance(time.Hour)
		short := support.Starting()
		short.SelfTarget, short.ReassessWeeks = 2, 6
		must(t, w.s.Configure(t.Context(), manager, short))
		w.Clock.Advance(time.Hour)
		after := w.Begin(t, w.idva(t))
		must(t, w.s.SetArrival(t.Context(), after, support.Arrival{Came: support.SelfReferred, At: w.Clock.Now()}))
		if s := w.standing(t, before); !s.Due.Equal(monday.Add(24 * time.Hour)) {
			t.Errorf("a clock that ran already is due %s", s.Due)
		}
		if s := w.standing(t, after); !s.Due.Equal(w.Clock.Now().Add(2 * time.Hour)) {
			t.Errorf("a clock that began afterwards is due %s", s.Due)
		}
		lines, _, err := w.s.Caseload(t.Context(), w.idva(t), nil, 10)
		must(t, err)
		for _, l := range lines {
			if l.ID == after.ID() && !l.Standing.Due.Equal(w.Clock.Now().Add(2*time.Hour)) || l.ID == before.ID() && !l.Standing.Due.Equal(monday.Add(24*time.Hour)) {
				t.Errorf("in the caseload case %d is due %s", l.Number, l.Standing.Due)
			}
		}
		id, err := w.s.AddNeed(t.Context(), after, support.Need{Domain: support.MentalHealth, Term: support.Immediate, Abuse: support.Ongoing, Words: support.NeedWords{Text: "Does not sleep"}})
		must(t, err)
		if n := w.needs(t, after)[0]; n.ID != id || n.Weeks != 6 {
			t.Errorf("risk is looked at again every %d weeks", n.Weeks)
		}
		sets, err := w.s.Decided(t.Context(), manager)
		must(t, err)
		if len(sets) != 1 || sets[0].Settings != short || sets[0].By != manager.Account {
			t.Errorf("what was set: %+v", sets)
		}
	})
}

// A caseload is weighed as the agency says, and only managers say it.
func TestACaseloadIsWeighedAsTheAgencySays(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w.Begin(t, w.idva(t))
		heavy := support.Starting()
		heavy.High, heavy.Unknown = 9, 7
		if err := w.s.Configure(t.Context(), w.idva(t), heavy); err == nil {
			t.Error("a worker set what is local")
		}
		must(t, w.s.Configure(t.Context(), w.Actor(t, casestest.HavenManager), heavy))
		_, load, err := w.s.Caseload(t.Context(), w.idva(t), nil, 10)
		must(t, err)
		if load.Weight != 7*load.Unknown+9*load.High || load.Weight == 0 {
			t.Errorf("weighed %+v", load)
		}
	})
}

// What is no number, or out of its range, is named by its field; a case whose
// risk is not known never counts for less than another.
func TestSettingsAreChecked(t *testing.T) {
	start := support.Starting()
	if errs := start.Check(); errs.Any() {
		t.Fatalf("the settings to begin with: %v", errs)
	}
	for _, n := range start.Numbers() {
		for _, typed := range []string{"", "soon", "1.5", strconv.Itoa(n.Least - 1), strconv.Itoa(n.Most + 1)} {
			got := support.ParseSettings(func(field string) string {
				if field == n.Field {
					return typed
				}
				for _, other := range start.Numbers() {
					if other.Field == field {
						return strconv.Itoa(*other.Value)
					}
				}
				return ""
			})
			if errs := got.Check(); !errs.Has(n.Field) {
				t.Errorf("%s: %q is taken", n.Field, typed)
			}
		}
	}
	low := start
	low.Other = 2
	low.Unknown = 1
	if errs := low.Check(); !errs.Has("unknown") {
		t.Error("what is not known counts for less than another case")
	}
}
