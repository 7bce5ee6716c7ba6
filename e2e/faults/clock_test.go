package faults

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web/webtest"
)

// jumps are what a clock does when it is set, when the machine was asleep, and
// when summer time is mistaken for another zone.
var jumps = map[string]time.Duration{
	"an hour back": -time.Hour, "a day forward": 24 * time.Hour, "a day back": -24 * time.Hour,
	"a year forward": 365 * 24 * time.Hour, "a year back": -365 * 24 * time.Hour, "half a minute back": -30 * time.Second,
}

// eachJump runs a test on both engines for each jump.
func eachJump(t *testing.T, fn func(t *testing.T, w world, jump time.Duration)) {
	t.Helper()
	for name, jump := range jumps {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
				fn(t, newWorld(t, db, clock), jump)
			})
		})
	}
}

func TestTheOrderOfWritingOutlivesAClockThatJumps(t *testing.T) {
	eachJump(t, func(t *testing.T, w world, jump time.Duration) {
		clock := w.World.Clock
		b := w.nurse(t)
		path := w.begin(t, b)
		words := []string{"The first note.", "The second note.", "The third note.", "The fourth note."}
		for i, text := range words {
			switch i {
			case 1:
				clock.Advance(jump)
			case 3:
				clock.Advance(-jump) // somebody puts it right
			default:
				clock.Advance(time.Second)
			}
			b := w.nurse(t)
			b.Post(path+"/notes/new", url.Values{"text": {text}}).SeeOther(t, "")
		}
		// The chronology is newest first, in the order in which it was written.
		page := w.nurse(t).Get(path + "/chronology").OK(t).Text()
		var at []int
		for _, text := range slices.Backward(words) {
			at = append(at, strings.Index(page, text))
		}
		if slices.Contains(at, -1) || !slices.IsSorted(at) {
			t.Errorf("the chronology has the notes, newest first, at %v", at)
		}
		// So is the ledger, and its heads go on being kept.
		w.whole(t)
		last, reads := time.Time{}, 0
		entries := w.Since(t, 0)
		for i, e := range entries {
			if e.Seq != int64(i) {
				t.Fatalf("entry %d has the number %d", i, e.Seq)
			}
			if e.At.Before(last) {
				reads++
			}
			last = e.At
		}
		if jump < 0 && reads == 0 || jump > 0 && reads == 0 {
			t.Error("the clock went back and no entry shows it: this run says nothing")
		}
		before := heads(t, w)
		clock.Advance(2 * time.Hour)
		w.nurse(t).Get(path).OK(t)
		if after := heads(t, w); after <= before {
			t.Errorf("%d heads are kept, two hours later %d", before, after)
		}
		w.whole(t)
	})
}

func heads(t *testing.T, w world) int {
	t.Helper()
	report, err := w.World.Guard.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return report.Heads
}

func TestNoJumpOfTheClockMakesASessionLonger(t *testing.T) {
	eachJump(t, func(t *testing.T, w world, jump time.Duration) {
		clock := w.World.Clock
		b := w.nurse(t)
		path := w.begin(t, b)
		signedIn := func(b *webtest.Browser) bool {
			t.Helper()
			return b.Get(path).Status == http.StatusOK
		}
		clock.Advance(jump)
		if jump >= auth.Idle && signedIn(b) {
			t.Error("a session goes on after the clock went past its end")
		}
		// Whoever was idle is signed out when the time is over, by the clock as
		// it is now.
		b = w.nurse(t)
		if !signedIn(b) {
			t.Fatal("nobody can sign in after the jump")
		}
		clock.Advance(auth.Idle + time.Minute)
		if signedIn(b) {
			t.Error("a session goes on after half an hour in which nobody did anything")
		}
		// The same when the clock is put right in between.
		b = w.nurse(t)
		if !signedIn(b) {
			t.Fatal("nobody can sign in")
		}
		clock.Advance(-jump)
		clock.Advance(auth.Idle + time.Minute)
		if signedIn(b) {
			t.Error("a session goes on after half an hour in which nobody did anything and the clock was put right")
		}
	})
}
