package waiting_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/support"
	"waymark/internal/casework/waiting"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// world is a partnership with a waiting list.
type world struct {
	*casestest.World
	s *waiting.Register
}

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, waiting.Rules())
		fn(t, world{w, waiting.New(w.Cases, w.Guard, w.Registry, nil)})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func hasField(err error, field string) bool {
	errs, is := forms.AsErrors(err)
	return is && errs.Has(field)
}

func (w world) day(days int) string { return w.Clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }

func (w world) entry(since int) waiting.Entry {
	return waiting.Entry{
		Service: waiting.Refuge, Domain: waiting.Home, State: waiting.Waits, Since: w.day(since), ReviewOn: w.day(7), Words: waiting.EntryWords{Why: "No room within thirty miles"},
	}
}

func (w world) add(t *testing.T, f *cases.File, e waiting.Entry) waiting.EntryID {
	t.Helper()
	id, err := w.s.Add(t.Context(), f, e)
	must(t, err)
	return id
}

func (w world) get(t *testing.T, f *cases.File, id waiting.EntryID) (waiting.Entry, []waiting.Look) {
	t.Helper()
	var e waiting.Entry
	var looks []waiting.Look
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		e, looks, err = w.s.Entry(ctx, tx, f, id)
		return err
	}))
	return e, looks
}

func (w world) due(t *testing.T, f *cases.File) string {
	t.Helper()
	due := ""
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		list, err := w.Cases.Tasks(ctx, tx, f)
		for _, task := range list {
			if task.Kind == cases.SpeakWaiting {
				due += task.Due
			}
		}
		return err
	}))
	return due
}

// identified records in the chronology what an identification of risk does.
func (w world) identified(t *testing.T, f *cases.File, ref string, high bool) {
	t.Helper()
	must(t, w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
		kinds := []cases.EventKind{cases.RiskIdentified}
		if high {
			kinds = append(kinds, cases.HighRisk)
		}
		for _, k := range kinds {
			if _, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: k, On: w.day(0), Ref: ref}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (w world) list(t *testing.T, actor policy.Actor, which cases.Which) []waiting.Line {
	t.Helper()
	var out []waiting.Line
	var after waiting.Line
	for {
		page, err := w.s.Waiting(t.Context(), actor, which, after, 2)
		must(t, err)
		if len(page) == 0 {
			return out
		}
		out, after = append(out, page...), page[len(page)-1]
	}
}

// Who waits is spoken to again by a day, and one task says so for all that they
// wait for.
func TestWhoWaitsIsSpokenToAgain(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id := w.add(t, f, w.entry(-10))
		second := w.entry(-2)
		second.Service, second.Domain, second.ReviewOn = waiting.Treatment, waiting.MentalHealth, w.day(3)
		other := w.add(t, f, second)
		if due := w.due(t, f); due != w.day(3) {
			t.Errorf("they are spoken to by %q", due)
		}
		must(t, w.s.Look(t.Context(), f, other, waiting.NewLook{State: waiting.Offered, ReviewOn: w.day(5), Text: "A place on Tuesdays. Thinks about it.", Version: 1}))
		if due := w.due(t, f); due != w.day(5) {
			t.Errorf("after they were spoken to: by %q", due)
		}
		must(t, w.s.Look(t.Context(), f, other, waiting.NewLook{State: waiting.TakenUp, Version: 2}))
		must(t, w.s.Look(t.Context(), f, id, waiting.NewLook{State: waiting.Declined, Reason: waiting.WaitedTooLong, Text: "Stays with her aunt.", Version: 1}))
		if due := w.due(t, f); due != "" {
			t.Errorf("nobody waits, and somebody is to be spoken to by %q", due)
		}
		e, looks := w.get(t, f, id)
		if e.State != waiting.Declined || e.Reason != waiting.WaitedTooLong || e.Days(w.day(0)) != 10 || len(looks) != 1 || looks[0].Text != "Stays with her aunt." {
			t.Errorf("kept as %+v %+v", e, looks)
		}
		if err := w.s.Look(t.Context(), f, id, waiting.NewLook{State: waiting.TakenUp, Version: 2}); !errors.Is(err, store.ErrConflict) {
			t.Errorf("what has ended goes on: %v", err)
		}
	})
}

// What is declined and what is not available has a coded reason.
func TestWhatIsDeclinedOrUnmetHasAReason(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.IDVA))
		id := w.add(t, f, w.entry(-10))
		for _, n := range []waiting.NewLook{
			{State: waiting.Declined, Text: "No."},
			{State: waiting.Declined, Reason: waiting.NoRoom, Text: "No."},
			{State: waiting.NotAvailable, Reason: waiting.NotWanted, Text: "Full."},
		} {
			n.Version = 1
			if err := w.s.Look(t.Context(), f, id, n); !hasField(err, "reason") {
				t.Errorf("%+v: %v", n, err)
			}
		}
		if err := w.s.Look(t.Context(), f, id, waiting.NewLook{State: waiting.Waits, Text: "Still.", Version: 1}); !hasField(err, "review_on") {
			t.Errorf("they go on waiting, and nobody speaks to them again: %v", err)
		}
		unmet := w.entry(0)
		unmet.State = waiting.NotAvailable
		if _, err := w.s.Add(t.Context(), f, unmet); !hasField(err, "reason") {
			t.Errorf("unmet without a reason: %v", err)
		}
	})
}

// Waiting, what is declined and what is unmet are counted, each by itself.
//
// Proves: B9.9
func TestWaitingDeclinedAndUnmetAreCounted(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		for i := range 3 {
			f := w.Begin(t, w.Actor(t, casestest.IDVA))
			w.identified(t, f, "r", i == 0)
			taken, declined := w.add(t, f, w.entry(-40+20*i)), w.add(t, f, w.entry(-1))
			must(t, w.s.Look(t.Context(), f, taken, waiting.NewLook{State: waiting.TakenUp, Version: 1}))
			must(t, w.s.Look(t.Context(), f, declined, waiting.NewLook{State: waiting.Declined, Reason: waiting.NotWanted, Text: "No.", Version: 1}))
			unmet := w.entry(0)
			unmet.State, unmet.Reason = waiting.NotAvailable, []waiting.Reason{waiting.NoRoom, waiting.NoRoom, waiting.NoLanguage}[i]
			w.add(t, f, unmet)
		}
		got, err := w.Counter.Count(t.Context(), casestest.Operator, measures.Query{
			IDs: []string{"B9.9.begun", "B9.9.waited", "B9.9.declined", "B9.9.unmet", "B9.9.domain"}, Period: measures.Period{From: w.day(-1), To: w.day(1)}, Exact: true,
		})
		must(t, err)
		for i, want := range [][2]int64{{3, 6}, {1, 3}, {1, 3}, {1, 3}, {1, 3}} {
			if c := got[i].Counts; c.Numerator.Contacts != want[0] || c.Denominator.Contacts != want[1] {
				t.Errorf("%s: %d of %d, want %v", got[i].Indicator.ID, c.Numerator.Contacts, c.Denominator.Contacts, want)
			}
		}
		if len(got[3].Parts) != 2 || len(got[4].Parts) != 1 {
			t.Errorf("unmet by reason: %v, by part of life: %v", got[3].Parts, got[4].Parts)
		}
	})
}

// Those at high risk come first, then those whose risk nobody has identified;
// of those, who has waited longest. The order moves with the risk.
func TestTheListGoesByRiskAndByDaysWaited(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		idva := w.Actor(t, casestest.IDVA)
		var files []*cases.File
		for i := range 4 {
			f := w.Begin(t, idva)
			files = append(files, f)
			w.add(t, f, w.entry(-30+i))
		}
		w.identified(t, files[0], "low", false)
		w.identified(t, files[3], "high", true)
		numbers := func() (out []int64) {
			for _, l := range w.list(t, idva, cases.Mine) {
				out = append(out, l.Number)
			}
			return out
		}
		n := func(i int) int64 { return files[i].Number() }
		if got, want := numbers(), []int64{n(3), n(1), n(2), n(0)}; !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v", got, want)
		}
		w.Clock.Advance(time.Hour)
		w.identified(t, files[0], "now high", true)
		late := w.add(t, files[3], w.entry(-60))
		if e, _ := w.get(t, files[3], late); e.Priority != waiting.High {
			t.Errorf("what is added at high risk has the priority %d", e.Priority)
		}
		if got, want := numbers(), []int64{n(3), n(0), n(3), n(1), n(2)}; !slices.Equal(got, want) {
			t.Errorf("after the risk was identified again: %v, want %v", got, want)
		}
		if got := w.list(t, w.Actor(t, casestest.Nurse), cases.All); len(got) != 0 {
			t.Errorf("another agency sees %d who wait", len(got))
		}
		if got := w.list(t, w.Actor(t, casestest.Colleague), cases.Mine); len(got) != 0 {
			t.Errorf("a colleague holds %d", len(got))
		}
	})
}

func TestACaseThatIsClosedWaitsForNothing(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		idva := w.Actor(t, casestest.IDVA)
		f := w.Begin(t, idva)
		id := w.add(t, f, w.entry(-10))
		w.add(t, f, w.entry(-3))
		f, err := w.Cases.Open(t.Context(), idva, f.ID(), cases.Care)
		must(t, err)
		must(t, w.Cases.CloseCase(t.Context(), f, f.Version(), "As planned."))
		if e, _ := w.get(t, f, id); e.State != waiting.Withdrawn || e.Reason != waiting.CaseClosed {
			t.Errorf("in a closed case: %+v", e)
		}
		if got := w.list(t, idva, cases.All); len(got) != 0 || w.due(t, f) != "" {
			t.Errorf("%d wait on the list, and somebody is to be spoken to by %q", len(got), w.due(t, f))
		}
	})
}

// What is said of entitlement is written down by everybody who works with the
// case, stands in no chronology, and is read with its permission.
func TestWhatIsSaidOfEntitlementIsKeptApart(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		nurse := w.Actor(t, casestest.Nurse) // a practitioner, who may not read it
		f := w.Begin(t, nurse)
		e := w.entry(-1)
		e.Service, e.Domain, e.Words.Why = waiting.ImmigrationAdvice, waiting.Entitlement, "Her leave hangs on his"
		first := w.add(t, f, e)
		unmet := w.entry(0)
		unmet.State, unmet.Reason, unmet.Words.Why = waiting.NotAvailable, waiting.NoRecourse, "They take nobody without funds"
		second := w.add(t, f, unmet)
		for _, id := range []waiting.EntryID{first, second} {
			if got, _ := w.get(t, f, id); !got.Apart || got.Words.Why != "" || got.Reason != waiting.NoReason {
				t.Errorf("who may not read it reads %+v", got)
			}
		}
		must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			events, err := w.Cases.Chronology(ctx, tx, f, "", 50)
			for _, e := range events {
				if strings.Contains(e.Text, "leave") || strings.Contains(e.Text, "funds") {
					t.Errorf("the chronology says %q", e.Text)
				}
			}
			return err
		}))
		_, apart, err := pieces(t, w, f)
		must(t, err)
		if apart != 2 {
			t.Errorf("a copy by who may not read it leaves out %d", apart)
		}
	})
}

func pieces(t *testing.T, w world, f *cases.File) (list []cases.Piece, apart int, err error) {
	t.Helper()
	err = w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		list, apart, err = w.s.Pieces(ctx, tx, f)
		return err
	})
	return list, apart, err
}

// The parts of life are those of needs, so that the two can be compared.
func TestThePartsOfLifeAreThoseOfNeeds(t *testing.T) {
	var needs, waits []string
	for _, d := range support.Domains() {
		needs = append(needs, string(d)+" "+d.Label())
	}
	for _, d := range waiting.Domains() {
		waits = append(waits, string(d)+" "+d.Label())
	}
	if !slices.Equal(needs, waits) {
		t.Errorf("needs: %v\nwaiting: %v", needs, waits)
	}
}
