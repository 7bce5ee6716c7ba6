package auth_test

import (
	"context"
	"errors"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
)

const issuer = "https://id.trust.example"

// goes sends a browser to the provider and returns what it is known by and the
// state that comes back.
func (h *house) goes() (token, state string) {
	h.t.Helper()
	token, state, err := h.auth.StateForProvider(here)
	h.must(err)
	h.must(h.auth.KeepProviderAsk(h.t.Context(), token, auth.ProviderAsk{Nonce: "n", Verifier: "v", Next: "/desk/7"}, here))
	return token, state
}

func (h *house) vouch(account, email string) error {
	h.t.Helper()
	permit := h.permit()
	return h.db.Write(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		return h.auth.Vouch(ctx, tx, permit, account, issuer, email)
	})
}

func says(subject, email string) auth.Claims {
	return auth.Claims{Issuer: issuer, Subject: subject, Email: email, EmailVerified: true, Second: true}
}

func (h *house) comes(token, state string, c auth.Claims) (string, error) {
	h.t.Helper()
	fresh, next, err := h.auth.SignInWithProvider(h.t.Context(), token, state, here, func(ask auth.ProviderAsk) (auth.Claims, error) {
		if ask.Nonce != "n" || ask.Verifier != "v" {
			h.t.Errorf("%q %q", ask.Nonce, ask.Verifier)
		}
		return c, nil
	})
	if err == nil && next != "/desk/7" {
		h.t.Errorf("it leads to %q", next)
	}
	return fresh, err
}

func TestAProviderSignsInWhomSomebodyVouchedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada, ben := h.account("ada"), h.account("ben")
		h.must(h.vouch(ada.ID, " Ada@Trust.Example "))
		h.wants(h.vouch(ben.ID, "ada@trust.example"), store.ErrExists)
		for _, bad := range []string{"", "ada", "@x", "x@", "a b@c"} {
			h.wants(h.vouch(ben.ID, bad), auth.ErrIdentity)
		}
		token, state := h.goes()
		var fresh string
		h.leaves(func() {
			var err error
			fresh, err = h.comes(token, state, says("s1", "ADA@trust.example"))
			h.must(err)
		}, "account.sign_in done "+ada.ID+" "+ada.ID+" provider")
		if s := h.session(fresh); s.Stage != auth.SignedIn || s.Factor != auth.Provider || s.Account.ID != ada.ID {
			t.Errorf("%+v", s)
		}
		// What came back once does not come back again.
		_, err := h.comes(token, state, says("s1", "ada@trust.example"))
		h.wants(err, auth.ErrProvider)
		// From now on the subject counts, and the address alone does not.
		token, state = h.goes()
		fresh, err = h.comes(token, state, says("s1", "renamed@trust.example"))
		h.must(err)
		h.session(fresh)
		token, state = h.goes()
		_, err = h.comes(token, state, says("s2", "ada@trust.example"))
		h.wants(err, auth.ErrProvider)
	})
}

func TestAProviderMakesNobodyAnAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada, off := h.account("ada"), h.account("off")
		h.must(h.vouch(ada.ID, "ada@trust.example"))
		h.must(h.vouch(off.ID, "off@trust.example"))
		h.disable(off)
		unverified, single, elsewhere, nameless := says("s1", "ada@trust.example"), says("s1", "ada@trust.example"), says("s1", "ada@trust.example"), says("", "ada@trust.example")
		unverified.EmailVerified, single.Second, elsewhere.Issuer = false, false, "https://other.example"
		for why, c := range map[string]auth.Claims{
			"nobody nobody provider: nobody vouched for":       says("s9", "eve@trust.example"),
			"nobody nobody provider: nobody vouched for ":      unverified,
			"nobody nobody provider: nobody vouched for  ":     elsewhere,
			"nobody nobody provider: nobody vouched for   ":    nameless,
			"nobody " + ada.ID + " provider: no second factor": single,
			"nobody " + off.ID + " provider: disabled":         says("s3", "off@trust.example"),
		} {
			token, state := h.goes()
			h.leaves(func() {
				_, err := h.comes(token, state, c)
				h.wants(err, auth.ErrProvider)
			}, "account.sign_in refused "+trimRight(why))
		}
		if n := h.count(`SELECT COUNT(*) FROM account`); n != 2 {
			t.Errorf("there are %d accounts", n)
		}
		if n := h.count(`SELECT COUNT(*) FROM identity WHERE subject IS NOT NULL`); n != 0 {
			t.Errorf("%d subjects were kept for nobody", n)
		}
	})
}

func trimRight(s string) string {
	for s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

// The way back belongs to the browser that went.
func TestTheWayBackIsTiedToTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada := h.account("ada")
		h.must(h.vouch(ada.ID, "ada@trust.example"))
		mine, state := h.goes()
		theirs, other := h.goes()
		_ = other
		for _, c := range []struct{ token, state string }{{"", state}, {"made-up", state}, {theirs, state}} {
			_, err := h.comes(c.token, c.state, says("s1", "ada@trust.example"))
			h.wants(err, auth.ErrProvider)
		}
		_, _, err := h.auth.SignInWithProvider(t.Context(), mine, state, here, func(auth.ProviderAsk) (auth.Claims, error) {
			return auth.Claims{}, errors.New("signed by nobody")
		})
		h.wants(err, auth.ErrProvider)
		late, state := h.goes()
		h.clock.Advance(auth.CeremonyLasts)
		_, err = h.comes(late, state, says("s1", "ada@trust.example"))
		h.wants(err, auth.ErrProvider)
		h.wants(h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.auth.Vouch(ctx, tx, audit.Permit{}, ada.ID, issuer, "a@b")
		}), audit.ErrNoPermit)
	})
}

// Taking an identity back ends what began with it, whatever was proved there
// since, and nothing else; so does putting another in its place.
func TestWhatBeganWithAnIdentityEndsWithIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ada, ben := h.account("ada"), h.account("ben")
		h.must(h.vouch(ada.ID, "ada@trust.example"))
		h.must(h.vouch(ben.ID, "ben@trust.example"))
		in := func(subject, email string) string {
			t.Helper()
			token, state := h.goes()
			fresh, err := h.comes(token, state, says(subject, email))
			h.must(err)
			return fresh
		}
		forget := func(account string) error {
			permit := h.permit()
			return h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return h.auth.ForgetIdentity(ctx, tx, permit, account)
			})
		}
		elsewhere, theirs := in("s1", "ada@trust.example"), in("s2", "ben@trust.example")
		proved := in("s1", "ada@trust.example")
		// What is proved in a session later does not change what it began with.
		h.exec(`UPDATE session SET factor = 'code' WHERE id = $1`, h.session(proved).ID)
		permit, err := h.log.Allow(t.Context(), operator, auth.ActTakeRole, "")
		h.must(err)
		own, err := h.auth.SignInAs(t.Context(), permit, ada.ID)
		h.must(err)

		h.must(forget(ada.ID))
		for _, ended := range []string{elsewhere, proved} {
			_, err := h.auth.Session(t.Context(), ended)
			h.wants(err, auth.ErrNoSession)
		}
		h.session(own)
		h.session(theirs)
		token, state := h.goes()
		_, err = h.comes(token, state, says("s1", "ada@trust.example"))
		h.wants(err, auth.ErrProvider)
		h.wants(forget(ada.ID), store.ErrNotFound)
		h.wants(h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.auth.ForgetIdentity(ctx, tx, audit.Permit{}, ben.ID)
		}), audit.ErrNoPermit)

		h.must(h.vouch(ben.ID, "benjamin@trust.example"))
		_, err = h.auth.Session(t.Context(), theirs)
		h.wants(err, auth.ErrNoSession)
	})
}
