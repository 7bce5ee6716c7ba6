package auth_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// opensNothing tries everything that a session is good for with a token.
func (h *house) opensNothing(what, token string) {
	h.t.Helper()
	ctx := h.t.Context()
	try := func(name string, err error) {
		h.t.Helper()
		if !errors.Is(err, auth.ErrNoSession) && !errors.Is(err, auth.ErrCeremony) {
			h.t.Errorf("%s: %s: %v", what, name, err)
		}
	}
	_, err := h.auth.Session(ctx, token)
	try("the session", err)
	_, err = h.auth.Extend(ctx, token)
	try("extending", err)
	_, err = h.auth.Sessions(ctx, token)
	try("the list", err)
	try("ending others", h.auth.EndSession(ctx, token, ""))
	try("hiding", h.auth.Lock(ctx, token))
	try("showing again", h.auth.Unlock(ctx, token, password, here))
	_, err = h.auth.GiveCode(ctx, token, "000000", here)
	try("a code", err)
	_, err = h.auth.AskPasskey(ctx, token, "https://waymark.test")
	try("a passkey", err)
	_, err = h.auth.BeginTOTP(ctx, token, "x")
	try("a new app", err)
	_, err = h.auth.BeginPasskey(ctx, token, "https://waymark.test")
	try("a new passkey", err)
	_, err = h.auth.NewRecoveryCodes(ctx, token)
	try("recovery codes", err)
	_, err = h.auth.ChangePassword(ctx, token, "yet another pass phrase", here)
	try("the password", err)
	try("removing", h.auth.RemoveFactor(ctx, token, "x"))
	if kept, err := h.auth.KeepDraft(ctx, token, auth.Draft{Path: "/work", Form: map[string][]string{"a": {"b"}}}); kept {
		h.t.Errorf("%s: what was typed is kept: %v", what, err)
	}
}

// However far somebody has come with signing in, what ends sessions ends theirs,
// and the token is good for nothing when it is sent again.
func TestAnEndedSessionIsNotReplayedAtAnyStage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		stages := map[string]func(name string) string{
			"before a second step is set up": h.half,
			"before the code": func(name string) string {
				h.enrols(name)
				return h.half(name)
			},
			"signed in": func(name string) string {
				_, _, token := h.enrols(name)
				return token
			},
			"with the screen hidden": func(name string) string {
				token := h.signIn(name)
				h.must(h.auth.Lock(t.Context(), token))
				return token
			},
			"proved again": func(name string) string {
				secret, _, token := h.enrols(name)
				h.clock.Advance(time.Minute)
				again, err := h.auth.GiveCode(t.Context(), token, h.shows(secret), here)
				h.must(err)
				h.opensNothing("the token before the proof", token)
				return again
			},
		}
		permit := h.permit()
		write := func(fn func(context.Context, *store.Tx) error) { h.write(fn) }
		ends := map[string]func(a auth.Account, token string){
			"signing out": func(_ auth.Account, token string) { h.must(h.auth.SignOut(t.Context(), token)) },
			"leaving":     func(_ auth.Account, token string) { h.must(h.auth.Leave(t.Context(), token)) },
			"ending all others": func(a auth.Account, _ string) {
				h.must(h.auth.EndSession(t.Context(), h.signIn(a.Username), ""))
			},
			"a new password": func(a auth.Account, _ string) { h.setPassword(a, "yet another pass phrase") },
			"their own new password": func(a auth.Account, _ string) {
				_, err := h.auth.ChangePassword(t.Context(), h.signIn(a.Username), "yet another pass phrase", here)
				h.must(err)
			},
			"a link that was used": func(a auth.Account, _ string) {
				_, err := h.auth.Accept(t.Context(), h.invite(a), "yet another pass phrase")
				h.must(err)
			},
			"disabling": func(a auth.Account, _ string) {
				write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Disable(ctx, tx, permit, a.ID, "left") })
			},
			"disabling and enabling": func(a auth.Account, _ string) {
				write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Disable(ctx, tx, permit, a.ID, "left") })
				write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Enable(ctx, tx, permit, a.ID) })
			},
			"a reset": func(a auth.Account, _ string) {
				write(func(ctx context.Context, tx *store.Tx) error {
					_, err := h.auth.ResetSecondFactor(ctx, tx, permit, a.ID, "stolen")
					return err
				})
			},
			"time": func(auth.Account, string) { h.clock.Advance(auth.Longest) },
		}
		n := 0
		for stage, reach := range stages {
			for what, end := range ends {
				n++
				name := fmt.Sprintf("person.%d", n)
				a := h.account(name)
				token := reach(name)
				h.session(token)
				end(a, token)
				h.opensNothing(stage+", after "+what, token)
			}
		}
	})
}

// A token is new at every step of signing in, whatever the browser held before;
// one that somebody made up is never taken over.
func TestNoTokenIsTakenOverFromTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("mallory")
		h.account("ada")
		secret, _, first := h.enrols("ada")
		seen := map[string]bool{first: true, h.signIn("mallory"): true, "made-up": true}
		for range 3 {
			h.clock.Advance(time.Minute)
			half := h.half("ada")
			full, err := h.auth.GiveCode(t.Context(), half, h.shows(secret), here)
			h.must(err)
			h.clock.Advance(time.Minute)
			again, err := h.auth.GiveCode(t.Context(), full, h.shows(secret), here)
			h.must(err)
			for _, token := range []string{half, full, again} {
				if seen[token] {
					t.Error("a token was there before")
				}
				seen[token] = true
			}
			h.opensNothing("the token of the password", half)
			h.opensNothing("the token of the first proof", full)
		}
		h.opensNothing("a made-up token", "made-up")
		h.opensNothing("no token", "")
	})
}

// Whatever is wrong with a recovery code, the answer, the entry and the work are
// the same: nobody learns whether it was one, or whose.
func TestEveryWrongRecoveryCodeIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		_, codes, full := h.enrols("ada")
		h.account("ben")
		_, others, _ := h.enrols("ben")
		_, err := h.auth.GiveCode(t.Context(), h.half("ada"), codes[0], here)
		h.must(err)
		replaced := codes[1]
		fresh, err := h.auth.NewRecoveryCodes(t.Context(), full)
		h.must(err)
		half := h.half("ada")
		work := map[string]int{}
		for what, code := range map[string]string{
			"used": codes[0], "replaced": replaced, "another's": others[0], "made up": "aaaa-bbbb-cccc-dddd"[:len(codes[0])], "nearly": fresh[0][:len(fresh[0])-1] + "!",
		} {
			h.leaves(func() {
				ctx, count := store.CountQueries(t.Context())
				token, err := h.auth.GiveCode(ctx, half, code, from("198.51.100.7"))
				h.wants(err, auth.ErrCode)
				if token != "" {
					t.Errorf("%s: there is a token", what)
				}
				work[what] = count.N()
			}, "account.second_factor refused nobody "+a.ID+" wrong code")
		}
		for what, n := range work {
			if n != work["made up"] {
				t.Errorf("%s takes %d statements, a made-up code %d", what, n, work["made up"])
			}
		}
		_, err = h.auth.GiveCode(t.Context(), half, fresh[0], here)
		h.must(err)
	})
}

// A link that was used, is too old, was taken back, belongs to who has left, or
// never was, is the same: the same words, and nothing about whom it was for.
func TestEveryDeadLinkIsTheSame(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		used, late, taken, left := h.invited("used"), h.invited("late"), h.invited("taken"), h.invited("left")
		tooOld := h.invite(late)
		h.clock.Advance(auth.InvitationLasts)
		links := map[string]string{"used": h.invite(used), "too old": tooOld, "taken back": h.invite(taken), "of who left": h.invite(left), "made up": "made-up", "none": ""}
		_, err := h.auth.Accept(t.Context(), links["used"], password)
		h.must(err)
		h.invite(taken)
		permit := h.permit()
		h.write(func(ctx context.Context, tx *store.Tx) error { return h.auth.Disable(ctx, tx, permit, left.ID, "left") })
		for what, link := range links {
			got, err := h.auth.Invitation(t.Context(), link)
			if !errors.Is(err, auth.ErrInvitation) || err.Error() != auth.ErrInvitation.Error() || !cmp.Equal(got, auth.Invited{}) {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
			account, err := h.auth.Accept(t.Context(), link, password)
			if !errors.Is(err, auth.ErrInvitation) || err.Error() != auth.ErrInvitation.Error() || account.ID != "" {
				t.Errorf("%s: %+v, %v", what, account, err)
			}
			if what != "used" {
				continue
			}
			if s := h.session(h.half("used")); s.Actor.Kind != policy.Human {
				t.Errorf("%+v", s)
			}
		}
	})
}
