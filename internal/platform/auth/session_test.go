package auth_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func TestASessionEndsAfterBeingLeftAlone(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		for range 5 {
			h.clock.Advance(auth.Idle - time.Minute)
			h.session(token) // use keeps it
		}
		h.clock.Advance(auth.Idle - time.Microsecond)
		h.session(token)
		h.clock.Advance(auth.Idle)
		h.gone(token)
	})
}

func TestASessionEndsAfterADayHoweverItIsUsed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		start := h.clock.Now()
		token := h.signIn("ada")
		for h.clock.Now().Sub(start) < auth.Longest-10*time.Minute {
			h.clock.Advance(10 * time.Minute)
			h.session(token)
		}
		if ends := h.session(token).Ends; !ends.Equal(start.Add(auth.Longest)) {
			t.Errorf("it ends at %v", ends)
		}
		h.clock.Advance(10*time.Minute - time.Microsecond)
		h.session(token)
		h.clock.Advance(time.Microsecond)
		h.gone(token)
	})
}

// Keeping the time of every request would make each read a write.
func TestUseIsWrittenOnceAMinute(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		seen := func(at time.Time) int { return h.count(`SELECT COUNT(*) FROM session WHERE seen_at = $1`, at) }
		first := h.clock.Now()
		statements := func() int {
			ctx, count := store.CountQueries(t.Context())
			if _, err := h.auth.Session(ctx, token); err != nil {
				t.Fatal(err)
			}
			return count.N()
		}
		reading := statements()
		for range 59 {
			h.clock.Advance(time.Second)
			if n := statements(); n != reading {
				t.Fatalf("a request within the minute takes %d statements, want %d", n, reading)
			}
		}
		if seen(first) != 1 {
			t.Error("the time was written within the minute")
		}
		h.clock.Advance(time.Second)
		if n := statements(); n != reading+1 {
			t.Errorf("the request after a minute takes %d statements, want %d", n, reading+1)
		}
		if seen(h.clock.Now()) != 1 {
			t.Error("the time was not written after the minute")
		}
		if n := statements(); n != reading {
			t.Errorf("the next takes %d statements, want %d", n, reading)
		}
	})
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		a := h.account("ada")
		token := h.signIn("ada")
		h.disable(a)
		h.gone(token)
	})
}

func TestSigningInSweepsUpWhatHasEnded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		h.signIn("ada")
		h.clock.Advance(auth.Longest + time.Second)
		h.signIn("ada")
		if n := h.count(`SELECT COUNT(*) FROM session`); n != 1 {
			t.Errorf("%d sessions are kept, want 1", n)
		}
	})
}

func TestLockingHidesUntilThePasswordIsGiven(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		token := h.signIn("ada")
		h.leaves(func() { h.must(h.auth.Lock(t.Context(), token)) }, "account.lock done "+a.ID+" - locked")
		if !h.session(token).Locked {
			t.Error("it is not locked")
		}
		h.leaves(func() {
			h.wants(h.auth.Unlock(t.Context(), token, wrong, here), auth.ErrSignIn)
		}, "account.sign_in refused nobody "+a.ID+" wrong name or password")
		if !h.session(token).Locked {
			t.Error("a wrong password unlocks it")
		}
		h.leaves(func() {
			h.must(h.auth.Unlock(t.Context(), token, password, here))
		}, "account.lock done "+a.ID+" - unlocked")
		if h.session(token).Locked {
			t.Error("it is still locked")
		}
		h.must(h.auth.Lock(t.Context(), token))
		h.must(h.auth.SignOut(t.Context(), token)) // one may leave without the password
		h.gone(token)
	})
}

func TestUnlockingIsSlowedDownToo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		h.must(h.auth.Lock(t.Context(), token))
		for range 10 {
			h.wants(h.auth.Unlock(t.Context(), token, wrong, here), auth.ErrSignIn)
		}
		h.wants(h.auth.Unlock(t.Context(), token, password, here), auth.ErrTooMany)
		h.wants(h.auth.Unlock(t.Context(), token, password, from("192.0.2.99")), auth.ErrTooMany)
		h.clock.Advance(time.Minute)
		h.must(h.auth.Unlock(t.Context(), token, password, here))
	})
}

// A hidden screen whose pages go on asking is still left alone.
func TestALockedSessionIsNotKeptAlive(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		h.must(h.auth.Lock(h.t.Context(), token))
		for range 29 {
			h.clock.Advance(time.Minute)
			h.session(token)
		}
		h.clock.Advance(time.Minute)
		h.gone(token)
		h.wants(h.auth.Unlock(h.t.Context(), token, password, here), auth.ErrNoSession)
	})
}

func TestHidingTheScreenWakesNoEndedSession(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		a := h.account("ada")
		idle, off := h.signIn("ada"), ""
		h.clock.Advance(auth.Idle)
		off = h.signIn("ada")
		h.disable(a)
		h.leaves(func() {
			for _, token := range []string{idle, off, "made-up", ""} {
				h.wants(h.auth.Lock(h.t.Context(), token), auth.ErrNoSession)
			}
		})
		h.gone(idle)
	})
}

// The Exit control is neither logged nor counted (S10).
func TestLeavingLeavesNoTrace(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		h.leaves(func() {
			h.must(h.auth.Leave(t.Context(), token))
			h.must(h.auth.Leave(t.Context(), token))
			h.must(h.auth.Leave(t.Context(), "made-up"))
			h.must(h.auth.Leave(t.Context(), ""))
		})
		h.gone(token)
		if n := h.count(`SELECT COUNT(*) FROM session`); n != 0 {
			t.Errorf("%d sessions are kept", n)
		}
	})
}

func TestTheWorkOfAnAccountMustBeKnown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		broken := errors.New("the registers cannot be read")
		other := auth.New(h.db, h.log, failing{broken})
		_, err := other.Session(t.Context(), token)
		h.wants(err, broken)
	})
}

type failing struct{ err error }

func (f failing) AtWork(context.Context, *store.Tx, string) (auth.Work, error) {
	return auth.Work{Agency: "trust"}, f.err
}

func TestOnlyPeopleHaveAScreenToHide(t *testing.T) {
	rules, err := policy.New(auth.Rules())
	if err != nil {
		t.Fatal(err)
	}
	session := policy.Resource{Type: "Session", ID: "s", Attrs: policy.Attrs{"account": "a"}}
	allowed := func(a policy.Actor) bool {
		return rules.Decide(a, auth.ActOwn, session).Allowed && rules.Possible(a, auth.ActOwn).Allowed
	}
	if !allowed(policy.Actor{Account: "a", Kind: policy.Human}) {
		t.Error("a person may not")
	}
	for _, a := range []policy.Actor{{}, {Account: "a", Kind: policy.Service}, {Account: "a", Kind: policy.Operator}, {Account: "a"}} {
		if allowed(a) {
			t.Errorf("%+v may", a)
		}
	}
}
