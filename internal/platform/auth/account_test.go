package auth_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

func TestUserNames(t *testing.T) {
	good := func(in, want string) {
		t.Helper()
		if got, err := auth.CleanUsername(in); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", in, got, err, want)
		}
	}
	bad := func(in string) {
		t.Helper()
		if got, err := auth.CleanUsername(in); !errors.Is(err, auth.ErrUsername) || got != "" {
			t.Errorf("%q: got %q, %v", in, got, err)
		}
	}
	good("ada", "ada")
	good("  Ada.Fictional-1_x@Example.ORG\n", "ada.fictional-1_x@example.org")
	good(strings.Repeat("a", 60), strings.Repeat("a", 60))
	bad("")
	bad("ab")
	bad(strings.Repeat("a", 61))
	bad("ada fictional")
	bad("ada\x00x")
	bad("adé")
	bad("аda") // the first letter is Cyrillic
	bad("ada\u200bx")
	bad("ada\u2019s")
	bad("ADA\u0130") // letters whose small form is one of ours
	bad("ADA\u212A")
}

func FuzzCleanUsername(f *testing.F) {
	for _, s := range []string{"ada", " Ada ", "a@b.example", "", "x\x00y", "ＡＤＡ", "ada\xff", "\u212A\u212A\u212A", strings.Repeat("İ", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := auth.CleanUsername(in)
		if err != nil {
			if got != "" || !errors.Is(err, auth.ErrUsername) {
				t.Fatalf("%q: %q, %v", in, got, err)
			}
			return
		}
		if len(got) < 3 || len(got) > 60 || strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789.-_@") != "" {
			t.Fatalf("%q became %q", in, got)
		}
		for _, same := range []string{got, " " + got + "\t", strings.ToUpper(got)} {
			if again, err := auth.CleanUsername(same); err != nil || again != got {
				t.Fatalf("%q became %q, %q became %q (%v)", in, got, same, again, err)
			}
		}
	})
}

func TestAnAccountIsMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		permit := h.permit()
		create := func(permit audit.Permit, n auth.NewAccount) (a auth.Account, err error) {
			err = h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				a, err = h.auth.Create(ctx, tx, permit, n)
				return err
			})
			return a, err
		}
		if empty, err := h.auth.Empty(t.Context()); err != nil || !empty {
			t.Errorf("empty: %v, %v", empty, err)
		}
		a, err := create(permit, auth.NewAccount{Username: " Ada", Name: " Ada Fictional ", Kind: policy.Service})
		h.must(err)
		if d := cmp.Diff(auth.Account{ID: a.ID, Username: "ada", Name: "Ada Fictional", Kind: policy.Service}, a); d != "" {
			t.Error(d)
		}
		h.leaves(func() {
			_, err = create(permit, auth.NewAccount{Username: "ADA", Name: "Somebody Else", Kind: policy.Human})
			h.wants(err, store.ErrExists)
			_, err = create(permit, auth.NewAccount{Username: "b", Name: "B", Kind: policy.Human})
			h.wants(err, auth.ErrUsername)
			_, err = create(permit, auth.NewAccount{Username: "ben", Name: " \n", Kind: policy.Human})
			h.wants(err, auth.ErrName)
			_, err = create(permit, auth.NewAccount{Username: "ben", Name: strings.Repeat("B", 201), Kind: policy.Human})
			h.wants(err, auth.ErrName)
			_, err = create(audit.Permit{}, auth.NewAccount{Username: "ben", Name: "Ben", Kind: policy.Human})
			h.wants(err, audit.ErrNoPermit)
		})
		if n := h.count(`SELECT COUNT(*) FROM account`); n != 1 {
			t.Errorf("there are %d accounts", n)
		}
		if empty, err := h.auth.Empty(t.Context()); err != nil || empty {
			t.Errorf("empty: %v, %v", empty, err)
		}
	})
}

func TestPasswords(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a, permit := h.account("ada.fictional"), h.permit()
		set := func(password string) error {
			return h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				return h.auth.SetPassword(ctx, tx, permit, a.ID, password)
			})
		}
		opens := func(password string) {
			t.Helper()
			if _, err := h.auth.SignIn(t.Context(), "ada.fictional", password, here); err != nil {
				t.Errorf("%q does not open it: %v", password, err)
			}
		}
		h.wants(set(""), auth.ErrPasswordShort)
		h.wants(set("123456789"), auth.ErrPasswordShort)
		h.wants(set(strings.Repeat("é", 9)), auth.ErrPasswordShort) // 18 bytes
		h.wants(set(strings.Repeat("p", auth.PasswordMax+1)), auth.ErrPasswordLong)
		h.wants(set("ada.fictional"), auth.ErrPasswordName)
		h.wants(set(" ADA.Fictional "), auth.ErrPasswordName)
		opens(password) // none of them was kept

		for _, good := range []string{"1234567890", strings.Repeat("é", 10), strings.Repeat("p", auth.PasswordMax), "with spaces and \x00", "ada.fictional1"} {
			h.must(set(good))
			opens(good)
		}
		// The same password typed on another keyboard is another text.
		h.must(set("cafe\u0301 au lait"))
		opens("caf\u00e9 au lait")

		h.wants(h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.auth.SetPassword(ctx, tx, permit, "no-such-account", password)
		}), store.ErrNotFound)
		h.wants(h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
			return h.auth.SetPassword(ctx, tx, audit.Permit{}, a.ID, password)
		}), audit.ErrNoPermit)
	})
}

func TestANewPasswordEndsEverySession(t *testing.T) {
	each(t, func(_ *testing.T, h *house) {
		ada, _ := h.account("ada"), h.account("ben")
		one, two, other := h.signIn("ada"), h.signIn("ada"), h.signIn("ben")
		h.setPassword(ada, "yet another pass phrase")
		h.gone(one)
		h.gone(two)
		h.session(other)
	})
}

func TestAnInvitationWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.invited("ada")
		var token string
		h.leaves(func() { token = h.invite(a) },
			"account.create allowed operator:test - ", "account.invite done operator:test "+a.ID+" ")
		got, err := h.auth.Invitation(t.Context(), token)
		h.must(err)
		if d := cmp.Diff(auth.Invited{Account: a}, got); d != "" {
			t.Error(d)
		}
		h.leaves(func() {
			_, err = h.auth.Accept(t.Context(), token, "short")
			h.wants(err, auth.ErrPasswordShort)
			_, err = h.auth.Accept(t.Context(), token, "ada")
			h.wants(err, auth.ErrPasswordShort)
		})
		h.leaves(func() {
			accepted, err := h.auth.Accept(t.Context(), token, password)
			h.must(err)
			if d := cmp.Diff(a, accepted); d != "" {
				t.Error(d)
			}
		}, "account.accept_invitation done "+a.ID+" "+a.ID+" ")
		h.signIn("ada")

		h.leaves(func() {
			_, err = h.auth.Accept(t.Context(), token, wrong)
			h.wants(err, auth.ErrInvitation)
		}, "account.accept_invitation refused nobody "+a.ID+" used or too old")
		_, err = h.auth.Invitation(t.Context(), token)
		h.wants(err, auth.ErrInvitation)
		h.signIn("ada")
	})
}

// Of two that use a link at the same moment, one does.
func TestAnInvitationWorksOnceAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		token := h.invite(h.invited("ada"))
		answers := make(chan error, 8)
		for range cap(answers) {
			go func() {
				_, err := h.auth.Accept(context.WithoutCancel(t.Context()), token, password)
				answers <- err
			}()
		}
		accepted := 0
		for range cap(answers) {
			switch err := <-answers; {
			case err == nil:
				accepted++
			case errors.Is(err, store.ErrConflict): // another was faster with the account
			default:
				h.wants(err, auth.ErrInvitation)
			}
		}
		if accepted != 1 {
			t.Errorf("accepted %d times", accepted)
		}
	})
}

func TestAnInvitationEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		refused := func(token string, ledger ...string) {
			t.Helper()
			_, err := h.auth.Invitation(t.Context(), token)
			h.wants(err, auth.ErrInvitation)
			h.leaves(func() {
				_, err := h.auth.Accept(t.Context(), token, password)
				h.wants(err, auth.ErrInvitation)
			}, ledger...)
		}
		a := h.invited("ada")
		late := h.invite(a)
		h.clock.Advance(auth.InvitationLasts - time.Microsecond)
		_, err := h.auth.Invitation(t.Context(), late)
		h.must(err)
		h.clock.Advance(time.Microsecond)
		refused(late, "account.accept_invitation refused nobody "+a.ID+" used or too old")

		withdrawn := h.invite(a)
		token := h.invite(a)
		refused(withdrawn)
		refused("made-up")
		refused("")
		h.disable(a)
		refused(token, "account.accept_invitation refused nobody "+a.ID+" used or too old")
	})
}

// A link is how a forgotten password is replaced, and a stolen one.
func TestAnAcceptedInvitationReplacesThePassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		session := h.signIn("ada")
		_, err := h.auth.Accept(t.Context(), h.invite(a), "yet another pass phrase")
		h.must(err)
		h.gone(session)
		_, err = h.auth.SignIn(t.Context(), "ada", password, here)
		h.wants(err, auth.ErrSignIn)
	})
}

func TestTheFirstInvitation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := func() string {
			t.Helper()
			token, err := h.auth.InviteFirst(t.Context(), operator)
			h.must(err)
			return token
		}
		var early, token string
		h.leaves(func() { early = first() }, "account.invite done operator:test - ")
		token = first()
		_, err := h.auth.Invitation(t.Context(), early)
		h.wants(err, auth.ErrInvitation) // the newer one takes its place
		got, err := h.auth.Invitation(t.Context(), token)
		if err != nil || !got.First || got.Account != (auth.Account{}) {
			t.Errorf("%+v, %v", got, err)
		}
		// There is no account whose password it could set, and trying does not
		// use it up.
		_, err = h.auth.Accept(t.Context(), token, password)
		h.wants(err, auth.ErrInvitation)
		use := func() error {
			return h.db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
				got, err := h.auth.UseInvitation(ctx, tx, token)
				if err == nil && !got.First {
					t.Errorf("%+v", got)
				}
				return err
			})
		}
		h.must(use())
		h.wants(use(), auth.ErrInvitation)

		// With an account there, nobody is to set the deployment up again.
		token = first()
		h.invited("ada")
		_, err = h.auth.Invitation(t.Context(), token)
		h.wants(err, auth.ErrInvitation)
		h.wants(use(), auth.ErrInvitation)
	})
}

func TestAFirstInvitationEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		token, err := h.auth.InviteFirst(t.Context(), operator)
		h.must(err)
		h.clock.Advance(auth.InvitationLasts)
		_, err = h.auth.Invitation(t.Context(), token)
		h.wants(err, auth.ErrInvitation)
	})
}

// A dump of the database opens no session, no invitation and no account.
func TestTokensAndPasswordsAreKeptAsHashesOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		a := h.account("ada")
		session, invitation := h.signIn("ada"), h.invite(a)
		first, err := h.auth.InviteFirst(t.Context(), operator)
		h.must(err)
		if session == invitation || len(session) < 43 { // 256 bits
			t.Errorf("tokens of %d letters", len(session))
		}
		hashed := func(table, token string) {
			t.Helper()
			sum := sha256.Sum256([]byte(token))
			if n := h.count(`SELECT COUNT(*) FROM `+table+` WHERE token_hash = $1`, sum[:]); n != 1 {
				t.Errorf("%s: %d rows have the hash", table, n)
			}
		}
		hashed("session", session)
		hashed("invitation", invitation)
		hashed("invitation", first)
		if n := h.count(`SELECT COUNT(*) FROM account WHERE password_hash LIKE '$argon2id$v=19$%'`); n != 1 {
			t.Errorf("%d passwords are hashed", n)
		}

		everything := h.dump("account", "session", "invitation", "ledger_entry", "ledger_subject", "ledger_hash", "ledger_head")
		if !strings.Contains(everything, a.ID) {
			t.Fatal("the dump does not even name the account")
		}
		for _, secret := range []string{session, invitation, first, password} {
			for _, form := range []string{secret, hex.EncodeToString([]byte(secret))} {
				if strings.Contains(everything, form) {
					t.Error("a secret is in the database")
				}
			}
		}
	})
}

// dump is every row of the tables as text, bytes as they are and as hex.
func (h *house) dump(tables ...string) string {
	h.t.Helper()
	var b strings.Builder
	h.must(h.db.Read(h.t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, table := range tables {
			if err := dumpTable(ctx, tx, &b, table); err != nil {
				return err
			}
		}
		return nil
	}))
	return b.String()
}

func dumpTable(ctx context.Context, tx *store.Tx, b *strings.Builder, table string) error {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw) + " " + hex.EncodeToString(raw)
			}
			fmt.Fprintf(b, "%s.%s=%v\n", table, columns[i], v)
		}
	}
	return rows.Err()
}
