package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

func TestSignInGivesTheActorAndSignOutEndsIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		h.work[a.ID] = auth.Work{Agency: "trust", Teams: []string{"team"}, Roles: []policy.Role{policy.Specialist}, Level: 3}
		var token string
		h.leaves(func() { token = h.signIn(" ADA ") }, "account.sign_in done "+a.ID+" "+a.ID+" ")

		got := h.session(token)
		if d := cmp.Diff(policy.Actor{
			Account: a.ID, Kind: policy.Human, Name: "Fictional ada",
			Agency: "trust", Teams: []string{"team"}, Roles: []policy.Role{policy.Specialist}, Level: 3,
		}, got.Actor); d != "" {
			t.Error(d)
		}
		if got.Locked || !got.Ends.Equal(h.clock.Now().Add(auth.Idle)) {
			t.Errorf("%+v", got)
		}
		h.work[a.ID] = auth.Work{Agency: "council"}
		if got := h.session(token).Actor; got.Agency != "council" || got.Has(policy.Specialist) {
			t.Errorf("a change of work is not seen: %+v", got)
		}

		h.leaves(func() { h.must(h.auth.SignOut(t.Context(), token)) }, "account.sign_out done "+a.ID+" - ")
		h.gone(token)
		h.leaves(func() {
			h.must(h.auth.SignOut(t.Context(), token))
			h.must(h.auth.SignOut(t.Context(), ""))
			h.must(h.auth.SignOut(t.Context(), "made-up"))
		})
		h.gone("")
		h.gone("made-up")
	})
}

func TestEachSignInIsASessionOfItsOwn(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		h.account("ada")
		office, car := h.signIn("ada"), h.signIn("ada")
		h.must(h.auth.SignOut(h.t.Context(), office))
		h.gone(office)
		h.session(car)
	})
}

// Whatever is wrong with a sign-in, the answer is the same, one refusal is
// recorded, and as much is done: nobody learns which names there are.
func TestEveryWrongSignInIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada, off, fresh := h.account("ada"), h.account("off"), h.invited("fresh")
		h.disable(off)
		// The first entry of an hour keeps a head of the ledger beside it.
		h.signIn("ada")

		statements := map[string]int{}
		try := func(what, username, password, subject string) {
			t.Helper()
			h.leaves(func() {
				ctx, count := store.CountQueries(t.Context())
				token, err := h.auth.SignIn(ctx, username, password, from(what)) // an address each, so that none is slowed down
				h.wants(err, auth.ErrSignIn)
				if token != "" {
					t.Errorf("%s: there is a token", what)
				}
				statements[what] = count.N()
			}, "account.sign_in refused nobody "+subject+" wrong name or password")
		}
		try("wrong password", "ada", wrong, ada.ID)
		try("empty password", "ada", "", ada.ID)
		try("password too long", "ada", strings.Repeat("p", auth.PasswordMax+1), ada.ID)
		try("disabled", "off", password, off.ID)
		try("no password yet", "fresh", password, fresh.ID)
		try("no password yet, none given", "fresh", "", fresh.ID)
		try("unknown name", "nobody.here", password, audit.Nobody)
		try("impossible name", "no such name!", password, audit.Nobody)
		try("no name", "", "", audit.Nobody)
		for what, n := range statements {
			if n != statements["wrong password"] {
				t.Errorf("%s takes %d statements, a wrong password %d", what, n, statements["wrong password"])
			}
		}
		if n := h.count(`SELECT COUNT(*) FROM session WHERE account_id <> $1`, ada.ID); n != 0 {
			t.Errorf("there are %d sessions", n)
		}
	})
}

// The stand-in for a missing hash costs what a real one costs.
func TestTheDecoyIsARealHash(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		full := auth.New(h.db, h.log, h) // hashes as in earnest
		_, err := full.SignIn(t.Context(), "unknown", password, here)
		h.wants(err, auth.ErrSignIn)
	})
}

// Only the rules of a demo permit it, and what is permitted is this act alone.
func TestSignInWithoutAnyProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.invited("ada")
		permit, err := h.log.Allow(t.Context(), operator, auth.ActTakeRole, "")
		h.must(err)
		for _, other := range []audit.Permit{{}, h.permit()} {
			_, err := h.auth.SignInAs(t.Context(), other, a.ID)
			h.wants(err, audit.ErrNoPermit)
		}
		var token string
		h.leaves(func() {
			var err error
			token, err = h.auth.SignInAs(t.Context(), permit, a.ID)
			h.must(err)
		}, "account.sign_in done "+a.ID+" "+a.ID+" role")
		if s := h.session(token); s.Stage != auth.SignedIn {
			t.Errorf("it is at the stage %q", s.Stage)
		}
		h.disable(a)
		h.gone(token)
		h.leaves(func() {
			_, err := h.auth.SignInAs(t.Context(), permit, a.ID)
			h.wants(err, auth.ErrSignIn)
		}, "account.sign_in refused nobody "+a.ID+" disabled")
		_, err = h.auth.SignInAs(t.Context(), permit, "no-such-account")
		h.wants(err, store.ErrNotFound)
	})
}

// The demo's rule is explicit: nobody takes a role where there is real data.
func TestRolesAreTakenInADemoAlone(t *testing.T) {
	rules, err := policy.New(auth.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]bool{"demo": true, "real": false, "": false} {
		cast := policy.Resource{Type: "Cast", ID: "cast", Attrs: policy.Attrs{"data": data}}
		for _, a := range []policy.Actor{{Account: audit.Nobody}, {Account: "a", Kind: policy.Human}, {Account: "o", Kind: policy.Operator}} {
			if got := rules.Decide(a, auth.ActTakeRole, cast).Allowed; got != want {
				t.Errorf("%q data, %s: %v", data, a.Account, got)
			}
		}
	}
	for _, kind := range []store.DeploymentKind{store.Demo, store.Real} {
		db := storetest.Open(t, store.SQLite, storetest.NewClock().Now)
		if _, err := db.Claim(t.Context(), kind); err != nil {
			t.Fatal(err)
		}
		cast, err := auth.New(db, audit.New(db), failing{}).Cast(t.Context())
		if err != nil || cast.Attrs["data"] != string(kind) {
			t.Errorf("%+v, %v", cast, err)
		}
	}
}

// A sign-in that cannot be recorded does not happen, and neither does the
// refusal of one.
func TestNothingHappensWithoutTheLedger(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		broken := errors.New("the ledger cannot be written")
		h.db.BeforeCommit(func(context.Context, *store.Tx, []any) error { return broken })
		for _, given := range []string{password, wrong} {
			token, err := h.auth.SignIn(t.Context(), "ada", given, here)
			h.wants(err, broken)
			if token != "" {
				t.Error("there is a token")
			}
		}
		if n := h.count(`SELECT COUNT(*) FROM session`); n != 0 {
			t.Errorf("there are %d sessions", n)
		}
	})
}

func TestOneAccountIsSlowedDownFromWhereverItIsTried(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.account("ada")
		h.account("ben")
		try := func(n int, given string) error {
			_, err := h.auth.SignIn(t.Context(), "ada", given, from("198.51.100."+string(rune('0'+n%10))+string(rune('0'+n/10))))
			return err
		}
		for i := range 10 {
			h.wants(try(i, wrong), auth.ErrSignIn)
		}
		// From now on not even the right password helps, and a run of tries
		// leaves one entry.
		h.leaves(func() {
			for i := range 5 {
				h.wants(try(20+i, password), auth.ErrTooMany)
			}
		}, "account.sign_in refused nobody nobody too many tries")
		h.signIn("ben")
		h.clock.Advance(29 * time.Second)
		h.wants(try(30, password), auth.ErrTooMany)
		h.clock.Advance(time.Second)
		h.leaves(func() {
			h.wants(try(31, wrong), auth.ErrSignIn)
			h.wants(try(32, password), auth.ErrTooMany)
		},
			"account.sign_in refused nobody "+ada.ID+" wrong name or password",
			"account.sign_in refused nobody nobody too many tries")
		h.clock.Advance(30 * time.Second)
		h.must(try(33, password))
	})
}

func TestOneAddressIsSlowedDownWhateverItTries(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		try := func(username, given string, address auth.From) error {
			_, err := h.auth.SignIn(t.Context(), username, given, address)
			return err
		}
		for i := range 10 {
			h.wants(try("name-"+string(rune('a'+i)), wrong, here), auth.ErrSignIn)
		}
		h.wants(try("ada", password, here), auth.ErrTooMany)
		h.wants(try("not a name", password, here), auth.ErrTooMany)
		// What the exhausted address went on trying has used up nobody's tries.
		for range 50 {
			h.wants(try("ada", wrong, here), auth.ErrTooMany)
		}
		h.must(try("ada", password, from("192.0.2.8")))
		h.clock.Advance(30 * time.Second)
		h.must(try("ada", password, here))
	})
}

// A whole office can share an address at nine in the morning.
func TestWhatWasRightIsNotCounted(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		h.account("ada")
		for range 40 {
			h.signIn("ada")
		}
		for range 9 {
			_, err := h.auth.SignIn(h.t.Context(), "ada", wrong, here)
			h.wants(err, auth.ErrSignIn)
		}
		h.signIn("ada")
	})
}

func TestNamesThatCannotBeAreCountedByAddressAlone(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		for i := range 30 {
			_, err := h.auth.SignIn(h.t.Context(), "Ada Fictional", wrong, from("192.0.2."+string(rune('0'+i/10))+string(rune('0'+i%10))))
			h.wants(err, auth.ErrSignIn)
		}
	})
}

func TestAddressesOfOneNetworkAreOne(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"fe80::1%eth0", "fe80::2%eth1"},
	} {
		if auth.Network(c.a) != auth.Network(c.b) {
			t.Errorf("%s and %s are counted apart", c.a, c.b)
		}
	}
	for _, c := range []struct{ a, b string }{
		{"2001:db8:1:2::1", "2001:db8:1:3::1"},
		{"192.0.2.1", "192.0.2.2"},
		{"unix", ""},
	} {
		if auth.Network(c.a) == auth.Network(c.b) {
			t.Errorf("%s and %s are counted together", c.a, c.b)
		}
	}
}

// Waiting for a turn at hashing ends with the request.
func TestHashingIsBounded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		auth.TakeAllTurns(h.auth)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := h.auth.SignIn(ctx, "ada", password, here); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// A program that tries wrongly keeps nobody at its address from signing in, nor do
// people keep a program from its token.
func TestProgramsAndPeopleDoNotSlowEachOtherDown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		for range 12 {
			_, _ = h.auth.GetAccess(t.Context(), "0190b0b0-3333-7000-8000-000000000001", "waymark_guess", nil, here)
		}
		_, err := h.auth.GetAccess(t.Context(), "another", "waymark_guess", nil, here)
		h.wants(err, auth.ErrTooMany)
		h.signIn("ada")
	})
	each(t, func(t *testing.T, h *house) {
		for range 12 {
			_, _ = h.auth.SignIn(t.Context(), "nobody", "not the password", here)
		}
		_, err := h.auth.SignIn(t.Context(), "nobody", "not the password", here)
		h.wants(err, auth.ErrTooMany)
		_, err = h.auth.GetAccess(t.Context(), "0190b0b0-3333-7000-8000-000000000001", "waymark_guess", nil, here)
		h.wants(err, auth.ErrClient)
	})
}
