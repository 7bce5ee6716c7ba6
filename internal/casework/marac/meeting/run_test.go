package meeting_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func (w *world) save(t testing.TB, who policy.Actor, c marac.CaseID, n meeting.Name, text string) {
	t.Helper()
	_, err := w.s.Save(t.Context(), w.seat(t, who), meeting.Typing{Case: c, Name: n, Text: text})
	must(t, err)
}

// A meeting from its beginning to its minutes: nothing stops anybody from writing, a case
// is not heard without a status on representation and on views, and what was approved
// does not change.
//
// Proves: G7
func TestAMeetingIsHeldAndItsMinutesAreFrozen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c, other := w.list(t, "2026/001", 1), w.list(t, "2026/002", 2)
		cora, chair := w.seat(t, w.cora), w.seat(t, w.chair)
		w.save(t, w.cora, c, meeting.Information, "Police: two calls in March") // before it begins
		if err := w.s.Put(ctx, cora, c); !errors.Is(err, store.ErrConflict) {
			t.Errorf("a case on the table of a meeting that has not begun: %v", err)
		}
		must(t, w.s.Begin(ctx, chair))
		if err := w.s.Begin(ctx, cora); !errors.Is(err, store.ErrConflict) {
			t.Errorf("begun twice: %v", err)
		}
		must(t, w.s.Came(ctx, cora, w.chair.Account, true))
		must(t, w.s.Came(ctx, cora, w.idva.Account, true))
		nurse := w.Actor(t, casestest.Nurse)
		if err := w.s.Came(ctx, cora, nurse.Account, true); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("somebody who does not sit there was given a place: %v", err)
		}
		w.member(t, w.Actor(t, casestest.TrustManager), nurse, marac.Representative, marac.Everything)
		must(t, w.s.Came(ctx, cora, nurse.Account, true)) // late, and nobody had asked
		must(t, w.s.Put(ctx, chair, c))
		w.Clock.Advance(90 * time.Second)
		must(t, w.s.Put(ctx, cora, other))
		w.Clock.Advance(time.Minute)
		must(t, w.s.Put(ctx, cora, c))
		w.Clock.Advance(30 * time.Second)
		tab, err := w.s.Table(ctx, cora)
		must(t, err)
		if tab.Run.On != c || tab.Lines[0].Took(tab.Now) != 2*time.Minute || tab.Lines[1].Took(tab.Now) != time.Minute {
			t.Errorf("%+v", tab.Lines)
		}
		errs, _ := forms.AsErrors(w.s.Conclude(ctx, cora, c, meeting.Conclusion{}))
		if !errs.Has("idva") || !errs.Has("views-how") || !errs.Has("decided") {
			t.Errorf("heard with nothing said: %v", errs)
		}
		said := meeting.Conclusion{IDVA: marac.Accepted, Views: meeting.PutByIDVA, Decision: meeting.Keep}
		for _, left := range []meeting.Conclusion{{Views: said.Views, Decision: said.Decision}, {IDVA: marac.NotKnown, Views: said.Views, Decision: said.Decision}, {IDVA: said.IDVA, Decision: said.Decision}, said} {
			if errs, ok := forms.AsErrors(w.s.Conclude(ctx, cora, c, left)); !ok || !errs.Has("decided") {
				t.Errorf("%+v: %v", left, errs) // the reasons are wanted too
			}
		}
		w.save(t, w.idva, c, meeting.Views, "She wants to stay in her flat")
		w.save(t, w.chair, c, meeting.Decided, "The risk is high")
		w.save(t, w.cora, c, meeting.Harmers, "Tell police if he misses a session")
		must(t, w.s.Conclude(ctx, chair, c, said))
		if err := w.s.Conclude(ctx, cora, c, said); !errors.Is(err, store.ErrConflict) {
			t.Errorf("heard twice: %v", err)
		}
		o, err := w.m.Open(ctx, cora, c)
		must(t, err)
		if o.Case.State != marac.Heard || o.Case.HeardOn == "" || o.Case.IDVA != marac.Accepted {
			t.Errorf("%+v", o.Case)
		}
		must(t, w.s.End(ctx, cora))
		if _, err := w.s.Minutes(ctx, w.seat(t, w.idva)); !denied(err) {
			t.Errorf("the draft was read by a representative: %v", err)
		}
		must(t, w.s.Approve(ctx, chair))
		if _, err := w.s.Save(ctx, cora, meeting.Typing{Case: c, Name: meeting.Summary, Text: "More"}); !errors.Is(err, meeting.ErrFrozen) {
			t.Errorf("approved minutes were written: %v", err)
		}
		if err := w.s.Approve(ctx, cora); !errors.Is(err, store.ErrConflict) {
			t.Errorf("approved twice: %v", err)
		}
		must(t, w.s.Add(ctx, cora, meeting.Addendum{Case: c, Name: meeting.Information, Text: "Three calls, not two"}))
		all, err := w.s.Minutes(ctx, w.seat(t, w.idva))
		must(t, err)
		text := fmt.Sprint(all)
		for _, want := range []string{"two calls", "stay in her flat", "The risk is high", "Three calls, not two", "Fictional " + casestest.Nurse} {
			if !strings.Contains(text, want) {
				t.Errorf("the minutes do not say %q: %s", want, text)
			}
		}
		if all.Front.Heard != 1 || all.Front.Cases != 2 || len(all.Addenda) != 1 {
			t.Errorf("%+v", all)
		}
		his, err := w.s.Minutes(ctx, w.seat(t, w.perp))
		must(t, err)
		text = fmt.Sprint(his.Cases, his.Addenda)
		if !strings.Contains(text, "misses a session") || strings.Contains(text, "flat") || strings.Contains(text, "calls") || strings.Contains(text, "high") {
			t.Errorf("to those who work with people who harm: %s", text)
		}
		w.Clock.Advance(8 * 24 * time.Hour)
		if _, err := w.m.Sit(ctx, w.idva, w.meeting); !denied(err) {
			t.Errorf("the pack is closed, and open: %v", err)
		}
	})
}

// Nobody but those with a seat reads or writes anything, and each of those what is theirs.
func TestWhoReadsAndWritesAtAMeeting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.list(t, "2026/001", 1)
		w.save(t, w.cora, c, meeting.Information, "Words")
		for _, who := range []string{casestest.Nurse, casestest.Colleague, casestest.HavenManager, casestest.KeyContact, casestest.TrustAdmin} {
			before := len(w.Ledger(t))
			if _, err := w.m.Sit(ctx, w.Actor(t, who), w.meeting); !denied(err) {
				t.Errorf("%s sits: %v", who, err)
			}
			if _, err := w.m.Watch(ctx, w.Actor(t, who), w.meeting); !denied(err) {
				t.Errorf("%s watches: %v", who, err)
			}
			if n := len(w.Ledger(t)) - before; n != 2 {
				t.Errorf("%s left %d entries", who, n)
			}
		}
		for _, one := range []struct {
			who  policy.Actor
			run  bool
			many int
		}{{w.cora, true, 7}, {w.chair, true, 7}, {w.idva, false, 1}, {w.perp, false, 0}} {
			seat := w.seat(t, one.who)
			if names := w.s.Writes(seat, c); len(names) != one.many || w.s.Holds(seat) != one.run {
				t.Errorf("%s writes %v", one.who.Name, names)
			}
			if _, err := w.s.Table(ctx, seat); denied(err) == one.run {
				t.Errorf("%s runs: %v", one.who.Name, err)
			}
			_, err := w.s.Save(ctx, seat, meeting.Typing{Case: c, Name: meeting.Risks, Text: "x"})
			if denied(err) == one.run {
				t.Errorf("%s writes risks: %v", one.who.Name, err)
			}
			_, err = w.s.Sheet(ctx, seat, c)
			if denied(err) != (one.many == 0) {
				t.Errorf("%s opens the case: %v", one.who.Name, err)
			}
			if err := w.s.Approve(ctx, seat); one.run != errors.Is(err, store.ErrConflict) || one.run == denied(err) {
				t.Errorf("%s approves: %v", one.who.Name, err)
			}
		}
	})
}

// What an open page asks for leaves no entry, and tells nothing to whoever has not opened it.
func TestAPollLeavesNoEntryAndNeedsOne(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		c := w.list(t, "2026/001", 1)
		w.save(t, w.cora, c, meeting.Risks, "Words")
		watch := func(who policy.Actor) *marac.Seat {
			t.Helper()
			seat, err := w.m.Watch(ctx, who, w.meeting)
			must(t, err)
			return seat
		}
		if _, err := w.s.Since(ctx, watch(w.chair), c, 0); !errors.Is(err, meeting.ErrNotOpened) {
			t.Errorf("minutes that were not opened: %v", err)
		}
		before := len(w.Ledger(t))
		_, err := w.s.Draft(ctx, w.seat(t, w.chair), c)
		must(t, err)
		if len(w.Ledger(t)) == before {
			t.Error("minutes were opened without an entry")
		}
		before = len(w.Ledger(t))
		d, err := w.s.Since(ctx, watch(w.chair), c, 0)
		must(t, err)
		if _, err := w.s.Pulse(ctx, watch(w.chair)); err != nil {
			t.Error(err)
		}
		if n := len(w.Ledger(t)) - before; n != 0 || len(d.Sections) != 0 {
			t.Errorf("%d entries, %+v", n, d.Sections)
		}
		w.Clock.Advance(13 * time.Hour)
		if _, err := w.s.Since(ctx, watch(w.chair), c, 0); !errors.Is(err, meeting.ErrNotOpened) {
			t.Errorf("minutes that were opened yesterday: %v", err)
		}
	})
}

// A meeting costs the same number of statements with 40 cases and 20 agencies as with two.
func TestAMeetingCostsABoundedNumberOfStatements(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var first marac.CaseID
		measure := func() (out [4]int) {
			for i, read := range []func(ctx context.Context, seat *marac.Seat) error{
				func(ctx context.Context, seat *marac.Seat) error { _, err := w.s.Table(ctx, seat); return err },
				func(ctx context.Context, seat *marac.Seat) error { _, err := w.s.Minutes(ctx, seat); return err },
				func(ctx context.Context, seat *marac.Seat) error { _, err := w.s.Room(ctx, seat); return err },
				func(ctx context.Context, seat *marac.Seat) error { _, err := w.s.Sheet(ctx, seat, first); return err },
			} {
				seat := w.seat(t, w.cora)
				ctx, count := store.CountQueries(t.Context())
				must(t, read(ctx, seat))
				out[i] = count.Reads()
			}
			return out
		}
		first = w.list(t, "2026/001", 1)
		w.list(t, "2026/002", 2)
		few := measure()
		for i := range 18 {
			_, who := w.agency(t, fmt.Sprintf("agency-%d", i))
			w.member(t, who, who, marac.Representative, marac.Everything)
		}
		must(t, w.m.Ask(t.Context(), w.cora, w.meeting))
		for i := range 38 {
			w.list(t, fmt.Sprintf("2026/1%02d", i), i+3)
		}
		if many := measure(); many != few {
			t.Errorf("%v statements, and %v with more", few, many)
		}
	})
}
