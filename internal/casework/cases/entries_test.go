package cases_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/store"
)

func TestEveryKindOfEntryHasATopic(t *testing.T) {
	used := map[cases.Topic]bool{}
	for _, k := range cases.EventKinds() {
		if !slices.Contains(cases.Topics(), k.Topic()) {
			t.Errorf("whoever reads the chronology by topic never meets %q", k)
		}
		used[k.Topic()] = true
	}
	for _, topic := range cases.Topics() {
		if !used[topic] || topic.Label() == string(topic) {
			t.Errorf("%q is about nothing, or has no words", topic)
		}
	}
}

// span are the first and the last day that a day, a month or a year can mean.
func span(day string) (first, last time.Time) {
	if t, err := time.Parse(time.DateOnly, day); err == nil {
		return t, t
	}
	if t, err := time.Parse("2006-01", day); err == nil {
		return t, t.AddDate(0, 1, -1)
	}
	if t, err := time.Parse("2006", day); err == nil {
		return t, t.AddDate(1, 0, -1)
	}
	return time.Time{}, time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
}

// wanted tells whether an entry belongs to an extract.
func wanted(e cases.Event, x cases.Extract) bool {
	first, last := span(e.On)
	if from, _ := span(x.From); x.From != "" && last.Before(from) {
		return false
	}
	if _, to := span(x.To); x.To != "" && first.After(to) {
		return false
	}
	return len(x.Topics) == 0 || slices.Contains(x.Topics, e.Kind.Topic())
}

// An extract holds exactly the entries it is asked for, in order, page by page.
func TestAnExtractHoldsWhatItIsAskedFor(t *testing.T) {
	each(t, func(t *testing.T, w *casestest.World) {
		random := rand.New(rand.NewPCG(7, 11))
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		day := func(empty bool) string {
			year, month, date := 2024+random.IntN(3), 1+random.IntN(12), 1+random.IntN(28)
			switch n := random.IntN(8); {
			case n == 0 && empty:
				return ""
			case n == 1:
				return fmt.Sprint(year)
			case n == 2:
				return fmt.Sprintf("%d-%02d", year, month)
			}
			return fmt.Sprintf("%d-%02d-%02d", year, month, date)
		}
		kinds := cases.EventKinds()
		err := w.Cases.Change(t.Context(), f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			for i := range 80 {
				e := cases.Event{Kind: kinds[random.IntN(len(kinds))], On: day(true), Text: fmt.Sprintf("Entry %d", i)}
				if _, err := w.Cases.Record(ctx, tx, f, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var all []cases.Event // the newest first
		read(t, w, func(ctx context.Context, tx *store.Tx) (err error) {
			all, err = w.Cases.Chronology(ctx, tx, f, "", 200)
			return err
		})
		some := 0
		for range 60 {
			x := cases.Extract{Oldest: random.IntN(2) == 0}
			for _, topic := range cases.Topics() {
				if random.IntN(4) == 0 {
					x.Topics = append(x.Topics, topic)
				}
			}
			if random.IntN(2) == 0 {
				x.From = day(false)
			}
			if random.IntN(2) == 0 {
				x.To = day(false)
			}
			var want []cases.EventID
			sorted := slices.Clone(all)
			if x.Oldest {
				slices.SortFunc(sorted, func(a, b cases.Event) int {
					unknown := func(e cases.Event) int { return len(e.On[:min(len(e.On), 1)]) }
					return cmp.Or(-cmp.Compare(unknown(a), unknown(b)), cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
				})
			}
			for _, e := range sorted {
				if wanted(e, x) {
					want = append(want, e.ID)
				}
			}
			var got []cases.EventID
			read(t, w, func(ctx context.Context, tx *store.Tx) error {
				for page := x; ; {
					events, err := w.Cases.Entries(ctx, tx, f, page, 7)
					if err != nil {
						return err
					}
					for _, e := range events {
						got = append(got, e.ID)
					}
					if len(events) < 7 {
						return nil
					}
					page.After = &events[6]
				}
			})
			if !slices.Equal(got, want) {
				t.Fatalf("%+v: %d entries, want %d\n%v\n%v", x, len(got), len(want), got, want)
			}
			if len(want) > 0 && len(want) < len(all) {
				some++
			}
		}
		if some < 20 {
			t.Errorf("only %d extracts were a part: this says little", some)
		}
	})
}

func TestAnExtractIsAskedForWithRealDays(t *testing.T) {
	for _, c := range []struct {
		x     cases.Extract
		field string
	}{
		{cases.Extract{}, ""},
		{cases.Extract{From: "2026", To: "2026-03"}, ""},
		{cases.Extract{From: "2026-03-31", To: "2026-03"}, ""},
		{cases.Extract{From: "2026-04", To: "2026-03"}, "to"},
		{cases.Extract{From: "2026-02-30"}, "from"},
		{cases.Extract{To: "soon"}, "to"},
	} {
		errs := c.x.Check()
		if errs.Any() != (c.field != "") || c.field != "" && errs.Get(c.field) == "" {
			t.Errorf("%+v: %v", c.x, errs)
		}
	}
}
