package rights_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// A month runs to the day of the same number, or to the last of a month that
// has no such day; a weekend puts it off.
func TestWhenAnAnswerIsDue(t *testing.T) {
	more := rights.Span{Kind: rights.Complex, Since: "2026-01-20", Months: 2}
	for _, c := range []struct {
		name, received, due string
		times               []rights.Span
	}{
		{"the day of the same number", "2026-03-03", "2026-04-03", nil},
		{"no such day", "2026-03-31", "2026-04-30", nil},
		{"no such day in February, then a weekend", "2026-01-31", "2026-03-02", nil},
		{"February of a leap year", "2028-01-31", "2028-02-29", nil},
		{"over the year", "2025-12-15", "2026-01-15", nil},
		{"a Saturday", "2026-03-11", "2026-04-13", nil},
		{"two months more", "2026-01-13", "2026-04-13", []rights.Span{more}},
		{"two months more, no such day", "2026-01-31", "2026-04-30", []rights.Span{more}},
		{"the month of who they are", "2026-03-03", "2026-04-10", []rights.Span{{Kind: rights.Identity, Since: "2026-03-03", Until: "2026-03-10"}}},
		{"who they are, still awaited", "2026-03-03", "2026-04-03", []rights.Span{{Kind: rights.Identity, Since: "2026-03-03"}}},
		{"six days that do not count", "2026-03-03", "2026-04-09", []rights.Span{{Kind: rights.Clarification, Since: "2026-03-10", Until: "2026-03-16"}}},
		{"answered on the day", "2026-03-03", "2026-04-03", []rights.Span{{Kind: rights.Clarification, Since: "2026-03-10", Until: "2026-03-10"}}},
		{"before the month began there is nothing to stop", "2026-03-03", "2026-04-13", []rights.Span{
			{Kind: rights.Identity, Since: "2026-03-03", Until: "2026-03-10"}, {Kind: rights.Clarification, Since: "2026-03-04", Until: "2026-03-13"},
		}},
	} {
		got, err := rights.DueOn(c.received, c.times, rights.DefaultTerms)
		if err != nil || got != c.due {
			t.Errorf("%s: a request of %s is due on %s (%v), want %s", c.name, c.received, got, err, c.due)
		}
	}
	if got, err := rights.DueOn("2026-03-03", nil, rights.Terms{Months: 2}); err != nil || got != "2026-05-04" {
		t.Errorf("by other terms: %s %v", got, err)
	}
	if _, err := rights.DueOn("soon", nil, rights.DefaultTerms); err == nil {
		t.Error("a day that is none")
	}
}

// Whatever was asked and answered, an answer is never due on a weekend, never
// before the plain month is over, and at most three days after the month and
// what was awaited.
func TestADueDayIsNeitherEarlyNorLate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "day"))
		var times []rights.Span
		waited := 0
		at := received
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			since := at.AddDate(0, 0, rapid.IntRange(0, 5).Draw(t, "until asked"))
			days := rapid.IntRange(0, 20).Draw(t, "awaited")
			at = since.AddDate(0, 0, days)
			waited += days
			times = append(times, rights.Span{Kind: rights.Clarification, Since: since.Format(time.DateOnly), Until: at.Format(time.DateOnly)})
		}
		text, err := rights.DueOn(received.Format(time.DateOnly), times, rights.DefaultTerms)
		if err != nil {
			t.Fatal(err)
		}
		due, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		days := int(due.Sub(received)/(24*time.Hour)) - waited
		if days < 28 || days > 33 || due.Weekday() == time.Saturday || due.Weekday() == time.Sunday {
			t.Fatalf("received %s, %d days awaited, due %s", received.Format(time.DateOnly), waited, text)
		}
	})
}

// The time stands still while something is awaited from the person, and is
// lengthened once, before it is over, when they were told.
//
// Proves: B6.9
func TestTheTimeForAnAnswerStopsAndIsLengthened(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx := t.Context()
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.rights.Begin(ctx, f, w.request(t, f, cases.RecordAccess, true))
		must(t, err)
		a := w.get(t, f, id)
		if a.Received != "2026-03-02" || a.Due != "2026-04-02" {
			t.Fatalf("received %s, due %s", a.Received, a.Due)
		}

		stop := rights.Stop{Version: 1, Kind: rights.Clarification, Since: "2026-03-02", Why: "Which years?"}
		bad := stop
		bad.Since = "2026-03-01" // before the request came
		refusedAt(t, w.rights.StopClock(ctx, f, id, bad), "stop_since")
		bad.Since = "2026-03-03" // tomorrow
		refusedAt(t, w.rights.StopClock(ctx, f, id, bad), "stop_since")
		refusedAt(t, w.rights.StopClock(ctx, f, id, rights.Stop{Version: 1, Kind: rights.Complex, Since: "2026-03-02", Why: "x"}), "stop")
		must(t, w.rights.StopClock(ctx, f, id, stop))
		stop.Version = 2
		refusedAt(t, w.rights.StopClock(ctx, f, id, stop), "stop") // awaited already
		open, err := w.rights.Open(ctx, w.Actor(t, casestest.Nurse), 10)
		must(t, err)
		if len(open) != 1 || !open[0].Stopped || !w.get(t, f, id).Stopped() {
			t.Errorf("while it is awaited: %+v", open)
		}

		w.Clock.Advance(7 * 24 * time.Hour)
		span := w.get(t, f, id).Times[0]
		refusedAt(t, w.rights.GoOn(ctx, f, id, 2, span.ID, "2026-03-10"), "until")
		must(t, w.rights.GoOn(ctx, f, id, 2, span.ID, "2026-03-09"))
		if err := w.rights.GoOn(ctx, f, id, 3, span.ID, "2026-03-09"); !errors.Is(err, store.ErrConflict) {
			t.Errorf("answered twice: %v", err)
		}
		if a = w.get(t, f, id); a.Due != "2026-04-09" || a.Stopped() || a.Times[0].Why != "Which years?" {
			t.Errorf("after seven days it is due %s: %+v", a.Due, a.Times)
		}

		m := rights.More{Version: 3, Kind: rights.Complex, Why: "Nine years of notes of three agencies."}
		refusedAt(t, w.rights.Lengthen(ctx, f, id, m), "told")
		m.Told = true
		must(t, w.rights.Lengthen(ctx, f, id, m))
		if a = w.get(t, f, id); a.Due != "2026-06-09" || !a.Lengthened() {
			t.Errorf("with two months more it is due %s", a.Due)
		}
		m.Version = 4
		refusedAt(t, w.rights.Lengthen(ctx, f, id, m), "ground") // once
	})
}

func TestMoreTimeIsNotTakenWhenTheTimeIsOver(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		f := w.Begin(t, w.Actor(t, casestest.Nurse))
		id, err := w.rights.Begin(t.Context(), f, w.request(t, f, cases.RecordAccess, true))
		must(t, err)
		w.Clock.Advance(32 * 24 * time.Hour)
		refusedAt(t, w.rights.Lengthen(t.Context(), w.open(t, casestest.Nurse, f), id, rights.More{Version: 1, Kind: rights.Many, Told: true, Why: "Late."}), "ground")
		if a := w.get(t, f, id); a.Due != "2026-04-02" || a.Lengthened() {
			t.Errorf("it is due %s", a.Due)
		}
	})
}

// What changed since it was collected is taken anew and decided about again;
// what did not keeps its decision, and what is not on record any more stays.
func TestCollectingAgainTakesWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		ctx := t.Context()
		f, id := w.prepared(t, rights.No, rights.Yes)
		find := func(words string) rights.Item {
			t.Helper()
			items := w.items(t, f, id)
			n := slices.IndexFunc(items, func(i rights.Item) bool { return i.Finds(words) })
			if n < 0 {
				t.Fatalf("nothing says %q", words)
			}
			return items[n]
		}
		withhold := rights.Choice{Decision: rights.Withhold, Reason: rights.AboutOther, Note: "Not hers."}
		must(t, w.rights.Decide(ctx, f, id, w.get(t, f, id).Version, find("came to the house").Seq, withhold))
		own := find("Maya")
		if own.Decision != rights.Give {
			t.Fatalf("who she is: %s", own.Decision)
		}
		must(t, w.rights.Decide(ctx, f, id, w.get(t, f, id).Version, own.Seq, rights.Choice{Decision: rights.Give}))
		before := len(w.items(t, f, id))

		got, err := w.rights.Collect(ctx, f, id, w.get(t, f, id).Version)
		must(t, err)
		if got != (rights.Collected{}) {
			t.Errorf("nothing changed, and %+v", got)
		}

		f = w.open(t, casestest.Nurse, f)
		var version int64
		w.read(t, func(ctx context.Context, tx *store.Tx) error {
			p, err := w.People.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
			version = p.Version
			return err
		})
		must(t, w.Cases.ChangePerson(ctx, f, version, people.Details{GivenName: "Maya", FamilyName: "Example", Born: "1991-03-28", Language: "Polish"}))
		must(t, w.Cases.Change(ctx, f, cases.ActWork, func(ctx context.Context, tx *store.Tx) error {
			_, err := w.Cases.Record(ctx, tx, f, cases.Event{Kind: cases.Note, On: "2026-03-02", Text: "She went to the choir."})
			return err
		}))
		got, err = w.rights.Collect(ctx, f, id, w.get(t, f, id).Version)
		must(t, err)
		if got.Changed != 1 || got.New == 0 || len(w.items(t, f, id)) != before+got.New {
			t.Errorf("collected again: %+v", got)
		}
		changed := find("Polish")
		if changed.Seq != own.Seq || changed.Decision != rights.Undecided || !slices.Contains(changed.Tags, rights.TagChanged) {
			t.Errorf("what changed: %+v", changed)
		}
		if kept := find("came to the house"); kept.Decision != rights.Withhold || kept.Note != "Not hers." {
			t.Errorf("what did not change: %+v", kept)
		}
		if fresh := find("choir"); fresh.Decision != rights.Give {
			t.Errorf("what is new: %+v", fresh)
		}
		refusedAt(t, w.rights.Submit(ctx, f, id, w.get(t, f, id).Version), "submit") // to be decided again
	})
}
