package appointments_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/appointments"
)

var ten = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

func slot(worker string, way appointments.Way, place string, from, until int) appointments.Slot {
	return appointments.Slot{Worker: worker, Way: way, Place: place, From: ten.Add(time.Duration(from) * time.Minute), Until: ten.Add(time.Duration(until) * time.Minute)}
}

// Proves: B6.8
func TestTheGuardKnowsWhatTwoAppointmentsShare(t *testing.T) {
	hers := slot("lena", appointments.AtPlace, "ferry-road", -15, 75)
	for name, c := range map[string]struct {
		his     []appointments.Slot
		workers []string
		want    appointments.Clash
	}{
		"nothing of his":                                {},
		"his at another place":                          {his: []appointments.Slot{slot("mo", appointments.AtPlace, "market", 0, 60)}},
		"his at the place at the time":                  {his: []appointments.Slot{slot("mo", appointments.AtPlace, "ferry-road", 0, 60)}, want: appointments.SamePlace},
		"his just before, and he leaves late":           {his: []appointments.Slot{slot("mo", appointments.AtPlace, "ferry-road", -90, -14)}, want: appointments.SamePlace},
		"his over when hers is kept clear":              {his: []appointments.Slot{slot("mo", appointments.AtPlace, "ferry-road", -90, -15)}},
		"his on the telephone":                          {his: []appointments.Slot{slot("mo", appointments.Telephone, "", 0, 60)}},
		"the same worker on the telephone, another day": {his: []appointments.Slot{slot("lena", appointments.Telephone, "", 3000, 3060)}, want: appointments.SameWorker},
		"a worker who works with him":                   {workers: []string{"lena"}, want: appointments.SameWorker},
		"another worker who works with him":             {workers: []string{"mo"}},
	} {
		if got := appointments.Guard(hers, c.his, c.workers); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	out := slot("lena", appointments.Elsewhere, "", 0, 60)
	if appointments.Guard(out, []appointments.Slot{slot("mo", appointments.Elsewhere, "", 59, 90)}, nil) != appointments.SamePlace {
		t.Error("two appointments elsewhere at one time count as apart")
	}
}

// Whatever the slots are, sharing is mutual, and a longer time kept clear never
// makes an unsafe slot safe.
func TestTheGuardIsMutualAndMoreTimeIsNeverLessSafe(t *testing.T) {
	drawn := rapid.Custom(func(t *rapid.T) appointments.Slot {
		from := rapid.IntRange(-300, 300).Draw(t, "from")
		return slot(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "worker"), rapid.SampledFrom(appointments.Ways()).Draw(t, "way"),
			rapid.SampledFrom([]string{"p", "q"}).Draw(t, "place"), from, from+rapid.IntRange(1, 120).Draw(t, "long"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawn.Draw(t, "a"), drawn.Draw(t, "b")
		one, other := appointments.Guard(a, []appointments.Slot{b}, nil), appointments.Guard(b, []appointments.Slot{a}, nil)
		if one != other {
			t.Fatalf("%q one way round and %q the other", one, other)
		}
		more := time.Duration(rapid.IntRange(0, 90).Draw(t, "more")) * time.Minute
		wide := a
		wide.From, wide.Until = a.From.Add(-more), a.Until.Add(more)
		if one != appointments.NoClash && appointments.Guard(wide, []appointments.Slot{b}, nil) != one {
			t.Fatal("safer with more time kept clear")
		}
	})
}
