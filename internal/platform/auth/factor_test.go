package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// shows is the code that an app with a secret shows now.
func (h *house) shows(secret string) string {
	h.t.Helper()
	c, err := totp.GenerateCode(secret, h.clock.Now())
	h.must(err)
	return c
}

// enrols gives an account an authenticator app, as somebody does who signs in
// for the first time. It returns the secret and the recovery codes.
func (h *house) enrols(username string) (secret string, codes []string, token string) {
	h.t.Helper()
	half := h.half(username)
	fresh, err := h.auth.BeginTOTP(h.t.Context(), half, "Local Services")
	h.must(err)
	proved, err := h.auth.AddTOTP(h.t.Context(), half, fresh.Token, h.shows(fresh.Secret), "Telephone")
	h.must(err)
	h.clock.Advance(time.Minute) // the code is used
	return fresh.Secret, proved.Codes, proved.Token
}

// Proves: B6.25.
func TestThePasswordAloneShowsNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		h.work[a.ID] = auth.Work{Agency: "trust", Roles: []policy.Role{policy.Manager}, Level: 4}
		bare := func(token string, stage auth.Stage) {
			t.Helper()
			s := h.session(token)
			if s.Stage != stage || s.Actor.Agency != "" || len(s.Actor.Roles) > 0 || s.Actor.Level != 0 || s.Recently {
				t.Errorf("%+v", s)
			}
		}
		half := h.half("ada")
		bare(half, auth.EnrolSecond)
		_, err := h.auth.GiveCode(t.Context(), half, "000000", here)
		h.wants(err, auth.ErrNoSession)
		secret, _, full := h.enrols("ada")
		if s := h.session(full); s.Stage != auth.SignedIn || s.Actor.Agency != "trust" || !s.Recently {
			t.Errorf("%+v", s)
		}
		// From now on the second factor is asked for, and none can be added in its place.
		half = h.half("ada")
		bare(half, auth.GiveSecond)
		_, err = h.auth.BeginTOTP(t.Context(), half, "x")
		h.wants(err, auth.ErrNoSession)
		_, err = h.auth.BeginPasskey(t.Context(), half, "https://waymark.test")
		h.wants(err, auth.ErrNoSession)
		_, err = h.auth.NewRecoveryCodes(t.Context(), half)
		h.wants(err, auth.ErrNoSession)
		_, err = h.auth.Sessions(t.Context(), half)
		h.wants(err, auth.ErrNoSession)
		_, err = h.auth.Extend(t.Context(), half)
		h.wants(err, auth.ErrNoSession)
		h.leaves(func() {
			full, err = h.auth.GiveCode(t.Context(), half, h.shows(secret), here)
			h.must(err)
		}, "account.second_factor done "+a.ID+" "+a.ID+" totp")
		h.gone(half) // the token that was there before the proof opens nothing
		if s := h.session(full); s.Stage != auth.SignedIn || s.Factor != auth.TOTP {
			t.Errorf("%+v", s)
		}
	})
}

func TestACodeIsTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		secret, _, _ := h.enrols("ada")
		code := h.shows(secret)
		_, err := h.auth.GiveCode(t.Context(), h.half("ada"), code[:3]+" "+code[3:], here) // as apps show it
		h.must(err)
		half := h.half("ada")
		h.leaves(func() {
			_, err = h.auth.GiveCode(t.Context(), half, code, here)
			h.wants(err, auth.ErrCode)
		}, "account.second_factor refused nobody "+a.ID+" wrong code")
		h.clock.Advance(30 * time.Second)
		_, err = h.auth.GiveCode(t.Context(), half, code, here) // within the tolerance, and used
		h.wants(err, auth.ErrCode)
		_, err = h.auth.GiveCode(t.Context(), half, h.shows(secret), here)
		h.must(err)
	})
}

func TestClocksMayDifferByAStep(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		secret, _, _ := h.enrols("ada")
		h.clock.Advance(10 * time.Minute)
		for _, c := range []struct {
			by   time.Duration
			want error
		}{{-90 * time.Second, auth.ErrCode}, {90 * time.Second, auth.ErrCode}, {-30 * time.Second, nil}, {30 * time.Second, nil}} {
			code, err := totp.GenerateCode(secret, h.clock.Now().Add(c.by))
			h.must(err)
			if _, err := h.auth.GiveCode(t.Context(), h.half("ada"), code, here); !errors.Is(err, c.want) {
				t.Errorf("%v: %v, want %v", c.by, err, c.want)
			}
		}
	})
}

func TestCodesAreTriedSlowly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		secret, _, _ := h.enrols("ada")
		half := h.half("ada")
		for n := range 10 {
			_, err := h.auth.GiveCode(t.Context(), half, "12345x", from("198.51.100."+string(rune('0'+n))))
			h.wants(err, auth.ErrCode)
		}
		_, err := h.auth.GiveCode(t.Context(), half, h.shows(secret), from("198.51.100.99"))
		h.wants(err, auth.ErrTooMany)
		h.clock.Advance(time.Minute)
		_, err = h.auth.GiveCode(t.Context(), half, h.shows(secret), here)
		h.must(err)
	})
}

func TestRecoveryCodesAreShownOnceAndWorkOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		_, codes, full := h.enrols("ada")
		if len(codes) != auth.RecoveryCodes {
			t.Fatalf("%d codes", len(codes))
		}
		for _, typed := range []string{codes[0], strings.ToUpper(strings.ReplaceAll(codes[1], "-", " "))} {
			token, err := h.auth.GiveCode(t.Context(), h.half("ada"), typed, here)
			h.must(err)
			if s := h.session(token); s.Factor != auth.Recovery {
				t.Errorf("%+v", s)
			}
			_, err = h.auth.GiveCode(t.Context(), h.half("ada"), typed, here)
			h.wants(err, auth.ErrCode)
		}
		f, err := h.auth.Factors(t.Context(), full)
		if err != nil || f.Codes != auth.RecoveryCodes-2 || len(f.Second) != 1 || f.Second[0].Name != "Telephone" {
			t.Errorf("%+v, %v", f, err)
		}
		fresh, err := h.auth.NewRecoveryCodes(t.Context(), full)
		h.must(err)
		_, err = h.auth.GiveCode(t.Context(), h.half("ada"), codes[2], here)
		h.wants(err, auth.ErrCode)
		_, err = h.auth.GiveCode(t.Context(), h.half("ada"), fresh[0], here)
		h.must(err)
		for _, code := range append(codes, fresh...) {
			if n := h.count(`SELECT COUNT(*) FROM recovery_code WHERE CAST(code_hash AS text) LIKE $1`, "%"+code+"%"); n != 0 {
				t.Error("a code is kept as it is")
			}
		}
	})
}

// A dump of the table makes no codes.
func TestTheSecretIsSealed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		secret, _, _ := h.enrols("ada")
		h.must(h.db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			var kept []byte
			if err := tx.QueryRowContext(ctx, `SELECT secret FROM second_factor`).Scan(&kept); err != nil {
				return err
			}
			if len(kept) == 0 || strings.Contains(string(kept), secret) {
				t.Error("the secret is kept as it is")
			}
			return nil
		}))
	})
}

func TestChangingWhatOneProvesOneselfWithNeedsARecentProof(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		secret, _, token := h.enrols("ada")
		h.clock.Advance(auth.Recent)
		if h.session(token).Recently {
			t.Fatal("the proof is too old")
		}
		_, err := h.auth.BeginTOTP(t.Context(), token, "x")
		h.wants(err, auth.ErrProveAgain)
		_, err = h.auth.NewRecoveryCodes(t.Context(), token)
		h.wants(err, auth.ErrProveAgain)
		h.wants(h.auth.RemoveFactor(t.Context(), token, "any"), auth.ErrProveAgain)
		_, err = h.auth.ChangePassword(t.Context(), token, "yet another pass phrase", here)
		h.wants(err, auth.ErrNoSession)

		again, err := h.auth.GiveCode(t.Context(), token, h.shows(secret), here)
		h.must(err)
		h.gone(token) // a step up rotates the session too
		f, err := h.auth.Factors(t.Context(), again)
		h.must(err)
		h.wants(h.auth.RemoveFactor(t.Context(), again, f.Second[0].ID), auth.ErrLastFactor)
		h.wants(h.auth.RemoveFactor(t.Context(), again, "none"), store.ErrNotFound)
		second, err := h.auth.BeginTOTP(t.Context(), again, "x")
		h.must(err)
		_, err = h.auth.AddTOTP(t.Context(), again, second.Token, "000 00x", "Tablet")
		h.wants(err, auth.ErrCode)
		added, err := h.auth.AddTOTP(t.Context(), again, second.Token, h.shows(second.Secret), "Tablet")
		h.must(err)
		if len(added.Codes) > 0 {
			t.Error("the recovery codes were made anew")
		}
		_, err = h.auth.AddTOTP(t.Context(), added.Token, second.Token, h.shows(second.Secret), "Tablet")
		h.wants(err, auth.ErrCeremony)
		h.must(h.auth.RemoveFactor(t.Context(), added.Token, f.Second[0].ID))
		changed, err := h.auth.ChangePassword(t.Context(), added.Token, "yet another pass phrase", here)
		h.must(err)
		h.gone(added.Token)
		h.session(changed)
	})
}

// What one account began, no other ends.
func TestAnEnrolmentBelongsToOneAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		h.account("ben")
		ada, ben := h.half("ada"), h.half("ben")
		fresh, err := h.auth.BeginTOTP(t.Context(), ada, "x")
		h.must(err)
		_, err = h.auth.AddTOTP(t.Context(), ben, fresh.Token, h.shows(fresh.Secret), "")
		h.wants(err, auth.ErrCeremony)
		h.clock.Advance(auth.CeremonyLasts)
		_, err = h.auth.AddTOTP(t.Context(), ada, fresh.Token, h.shows(fresh.Secret), "")
		h.wants(err, auth.ErrCeremony)
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		h.account("ben")
		office, car, stranger := h.signIn("ada"), h.signIn("ada"), h.signIn("ben")
		list, err := h.auth.Sessions(t.Context(), office)
		h.must(err)
		if len(list) != 2 {
			t.Fatalf("%d sessions", len(list))
		}
		other := list[0]
		if other.This {
			other = list[1]
		}
		h.wants(h.auth.EndSession(t.Context(), stranger, other.ID), store.ErrNotFound)
		h.must(h.auth.EndSession(t.Context(), office, other.ID))
		h.gone(car)
		van := h.signIn("ada")
		h.must(h.auth.EndSession(t.Context(), office, ""))
		h.gone(van)
		h.session(office)
		h.session(stranger)
	})
}

func TestASessionIsExtendedByAsking(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		token := h.signIn("ada")
		h.clock.Advance(auth.Idle - time.Second)
		s, err := h.auth.Extend(t.Context(), token)
		if err != nil || s.Left != auth.Idle {
			t.Errorf("%v left, %v", s.Left, err)
		}
		h.clock.Advance(auth.Idle)
		_, err = h.auth.Extend(t.Context(), token)
		h.wants(err, auth.ErrNoSession)
	})
}

// An account that is disabled is out at once, whatever it holds.
func TestDisabling(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		token, link := h.signIn("ada"), h.invite(a)
		permit := h.permit()
		h.leaves(func() {
			h.write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Disable(ctx, tx, permit, a.ID, "left") })
		}, "account.disable done operator:test "+a.ID+" left")
		h.gone(token)
		_, err := h.auth.SignIn(t.Context(), "ada", password, here)
		h.wants(err, auth.ErrSignIn)
		_, err = h.auth.Accept(t.Context(), link, password)
		h.wants(err, auth.ErrInvitation)
		h.write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Enable(ctx, tx, permit, a.ID) })
		h.gone(token) // what had ended does not come back
		h.half("ada")
	})
}

func TestAResetLeadsBackInByALinkAlone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		secret, codes, token := h.enrols("ada")
		permit := h.permit()
		var link string
		h.leaves(func() {
			h.write(func(ctx context.Context, tx *store.Tx) (err error) {
				link, err = h.auth.ResetSecondFactor(ctx, tx, permit, a.ID, "telephone stolen")
				return err
			})
		}, "account.reset_second_factor done operator:test "+a.ID+" telephone stolen", "account.invite done operator:test "+a.ID+" ")
		h.gone(token)
		_, err := h.auth.SignIn(t.Context(), "ada", password, here)
		h.wants(err, auth.ErrSignIn)
		_, err = h.auth.Accept(t.Context(), link, password)
		h.must(err)
		half := h.half("ada")
		if s := h.session(half); s.Stage != auth.EnrolSecond {
			t.Errorf("%+v", s)
		}
		for _, old := range []string{h.shows(secret), codes[0]} {
			_, err = h.auth.GiveCode(t.Context(), half, old, here)
			h.wants(err, auth.ErrNoSession)
		}
	})
}

// Many names with one password from one place are seen, once a run, and so are
// many from many places. Whether the names are there makes no difference.
func TestTheTryingOfManyNamesIsSeen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		h.signIn("ada") // the head of the hour
		names := []string{"ada", "bea", "cat", "dan", "eve", "fay", "gus"}
		sprays := func() int {
			return h.count(`SELECT COUNT(*) FROM ledger_entry WHERE action = $1`, string(auth.ActSpray))
		}
		for i, name := range names {
			for range 2 { // the same name twice is one name
				_, err := h.auth.SignIn(t.Context(), name, wrong, from("203.0.113."+string(rune('0'+i/5))))
				if i%5 < 4 || !errors.Is(err, auth.ErrTooMany) {
					h.wants(err, auth.ErrSignIn)
				}
			}
			if want := i / 4; i < 5 && sprays() != want {
				t.Errorf("after %d names there are %d entries, want %d", i+1, sprays(), want)
			}
		}
		if sprays() != 1 {
			t.Errorf("%d entries", sprays())
		}
		for i := range auth.SprayEverywhere {
			_, err := h.auth.SignIn(t.Context(), "name-"+string(rune('a'+i/26))+string(rune('a'+i%26)), wrong, from("198.51."+string(rune('0'+i/10))+"."+string(rune('0'+i%10))))
			h.wants(err, auth.ErrSignIn)
		}
		if sprays() != 2 {
			t.Errorf("%d entries, want one more for many places", sprays())
		}
		h.clock.Advance(3 * time.Hour)
		_, err := h.auth.SignIn(t.Context(), "ada", wrong, here)
		h.wants(err, auth.ErrSignIn)
		if n := h.count(`SELECT COUNT(*) FROM sign_in_wrong`); n != 1 {
			t.Errorf("%d names are still kept", n)
		}
	})
}

// Tries are counted for every instance together, and after a restart.
func TestTriesAreKeptInTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		other := auth.New(h.db, h.log, h)
		auth.HashCheaply(other)
		for i := range 10 {
			s := h.auth
			if i%2 == 0 {
				s = other
			}
			_, err := s.SignIn(t.Context(), "ada", wrong, here)
			h.wants(err, auth.ErrSignIn)
		}
		_, err := auth.New(h.db, h.log, h).SignIn(t.Context(), "ada", password, from("192.0.2.200"))
		h.wants(err, auth.ErrTooMany)
		for _, plain := range []string{"ada", "192.0.2.7"} {
			if n := h.count(`SELECT COUNT(*) FROM sign_in_try WHERE CAST(try_key AS text) LIKE $1`, "%"+plain+"%"); n != 0 {
				t.Errorf("%s is kept as it is", plain)
			}
		}
		h.clock.Advance(time.Hour)
		h.signIn("ada")
		if n := h.count(`SELECT COUNT(*) FROM sign_in_try WHERE due < $1`, h.clock.Now().UnixMicro()); n > 2 {
			t.Errorf("%d tries are still kept", n)
		}
	})
}

// Whether there is such an account, a password is compared with a hash of the
// same cost, once.
func TestTheSameHashRunsForEveryWrongName(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("ada")
		h.invited("fresh")
		off := h.account("off")
		h.disable(off)
		var with []string
		auth.Compared(h.auth, func(hash string) { with = append(with, hash) })
		cost := func(hash string) string { return hash[:strings.LastIndex(hash[:strings.LastIndex(hash, "$")], "$")] }
		for i, name := range []string{"ada", "nobody", "fresh", "off", "no such name!", ""} {
			with = nil
			_, err := h.auth.SignIn(t.Context(), name, wrong, from("203.0.113."+string(rune('0'+i))))
			h.wants(err, auth.ErrSignIn)
			if len(with) != 1 || cost(with[0]) != cost(auth.Decoy(h.auth)) {
				t.Errorf("%q is compared with %d hashes: %q", name, len(with), with)
			}
			if name != "ada" && with[0] != auth.Decoy(h.auth) {
				t.Errorf("%q is compared with a hash that somebody has", name)
			}
		}
	})
}
