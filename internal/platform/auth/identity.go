package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of identities at a provider, for the ledger.
const (
	ActVouch  policy.Action = "account.vouch_identity"
	ActRevoke policy.Action = "account.forget_identity"
)

// ErrProvider is returned for whatever a provider's answer did not prove: that
// it is meant for here, that somebody is known here, that a second factor was
// asked for. Which of them is said in the ledger alone.
var ErrProvider = errors.New("the provider's answer was not accepted")

// ErrIdentity is returned for an address that cannot be one.
var ErrIdentity = errors.New("enter the address that this person signs in with there, such as name@example.org")

// Claims are what a provider says of somebody, after they were checked.
type Claims struct {
	Issuer        string
	Subject       string
	Email         string
	EmailVerified bool
	// Second tells whether the provider asked for a second factor.
	Second bool
}

// LogValue implements [slog.LogValuer].
func (Claims) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps who it is out of messages.
func (Claims) String() string { return "[redacted]" }

// ProviderAsk is one sign-in at a provider, from going there to coming back.
type ProviderAsk struct {
	URL      string `json:"-"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Next     string `json:"next"`
}

// LogValue implements [slog.LogValuer].
func (ProviderAsk) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps nonce and verifier out of messages.
func (ProviderAsk) String() string { return "[redacted]" }

// Vouch lets an account sign in with a provider: whoever proves there to be the
// address, the first time, and the same subject ever after.
func (s *Service) Vouch(ctx context.Context, tx *store.Tx, permit audit.Permit, account, issuer, email string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if name, host, ok := strings.Cut(email, "@"); !ok || name == "" || host == "" || len(email) > 200 || strings.ContainsAny(email, " \t\n<>\"") {
		return ErrIdentity
	}
	q := authdb.New(tx)
	if err := q.Vouch(ctx, authdb.VouchParams{AccountID: account, Issuer: issuer, Email: email, VouchedAt: tx.Now()}); err != nil {
		return err
	}
	// In place of another identity: what began with that one ends with it.
	if _, err := q.DeleteSessionsBegun(ctx, authdb.DeleteSessionsBegunParams{AccountID: account, Began: string(Provider)}); err != nil {
		return err
	}
	return permit.Append(tx, ActVouch, "", audit.Subject{Kind: "account", ID: account})
}

// ForgetIdentity takes that back, and ends the sessions that began with it. It
// returns [store.ErrNotFound] when nobody vouched for the account.
func (s *Service) ForgetIdentity(ctx context.Context, tx *store.Tx, permit audit.Permit, account string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	q := authdb.New(tx)
	n, err := q.DeleteIdentity(ctx, account)
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	if _, err := q.DeleteSessionsBegun(ctx, authdb.DeleteSessionsBegunParams{AccountID: account, Began: string(Provider)}); err != nil {
		return err
	}
	return permit.Append(tx, ActRevoke, "", audit.Subject{Kind: "account", ID: account})
}

// StateForProvider makes the token that the browser keeps while its reader is
// at a provider, and the state that comes back: only this browser can have
// both.
func (s *Service) StateForProvider(From) (token, state string, err error) {
	token, err = newToken()
	return token, stateOf(token), err
}

func stateOf(token string) string {
	h := sha256.Sum256([]byte("state " + token))
	return hex.EncodeToString(h[:])
}

// KeepProviderAsk keeps what the way back will be checked against.
func (s *Service) KeepProviderAsk(ctx context.Context, token string, ask ProviderAsk, from From) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	// Anybody can ask, and each time something is kept for a while.
	if _, err := s.take(ctx, "provider from:"+network(from.Address)); err != nil {
		return err
	}
	text, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	return s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error {
		return s.startAs(ctx, tx, token, atProvider, "", string(text))
	})
}

// SignInWithProvider begins a proved session for whom a provider says it is.
// answer checks what came back against what was kept. It returns where that
// sign-in was to lead, and [ErrProvider].
func (s *Service) SignInWithProvider(ctx context.Context, token, state string, from From, answer func(ProviderAsk) (Claims, error)) (fresh, next string, err error) {
	var ask ProviderAsk
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		text, err := s.finish(ctx, tx, atProvider, "", token)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &ask)
	})
	switch {
	case errors.Is(err, ErrCeremony):
		return "", "", s.refuseProvider(ctx, audit.Nobody, "no sign-in under way in this browser")
	case err != nil:
		return "", "", err
	case !hmac.Equal([]byte(state), []byte(stateOf(token))):
		return "", ask.Next, s.refuseProvider(ctx, audit.Nobody, "state")
	}
	claims, err := answer(ask)
	if err != nil {
		return "", ask.Next, s.refuseProvider(ctx, audit.Nobody, "answer not accepted") // the cause is the provider's text
	}
	account := audit.Nobody
	why := ""
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := known(ctx, tx, claims)
		if errors.Is(err, store.ErrNotFound) {
			why = "nobody vouched for"
			return ErrProvider
		}
		if err != nil {
			return err
		}
		account = id
		row, err := authdb.New(tx).AccountByID(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case row.Disabled || row.Kind != string(policy.Human):
			why = "disabled"
			return ErrProvider
		case !claims.Second:
			why = "no second factor"
			return ErrProvider
		}
		if err := s.backFor(ctx, tx, "provider from:"+network(from.Address)); err != nil {
			return err
		}
		fresh, err = s.beginIn(ctx, tx, row, Provider, from)
		return err
	})
	if errors.Is(err, ErrProvider) {
		return "", ask.Next, s.refuseProvider(ctx, account, why)
	}
	return fresh, ask.Next, err
}

func (s *Service) refuseProvider(ctx context.Context, account, why string) error {
	return s.refuse(ctx, account, "provider: "+why, ErrProvider)
}

// known finds the account that a provider's claims belong to: by the subject,
// or at the first time by an address that the provider has verified. It never
// makes one. It returns [store.ErrNotFound].
func known(ctx context.Context, tx *store.Tx, c Claims) (string, error) {
	q := authdb.New(tx)
	row, err := q.IdentityBySubject(ctx, authdb.IdentityBySubjectParams{Issuer: c.Issuer, Subject: valid(c.Subject)})
	if err == nil {
		return row.AccountID, nil
	}
	if !errors.Is(noRows(err), store.ErrNotFound) {
		return "", err
	}
	if c.Email == "" || !c.EmailVerified || c.Subject == "" {
		return "", store.ErrNotFound
	}
	first, err := q.IdentityByEmail(ctx, authdb.IdentityByEmailParams{Issuer: c.Issuer, Email: strings.ToLower(c.Email)})
	if err != nil {
		return "", noRows(err)
	}
	n, err := q.BindSubject(ctx, authdb.BindSubjectParams{AccountID: first.AccountID, Subject: valid(c.Subject)})
	if err == nil && n == 0 {
		err = store.ErrConflict
	}
	return first.AccountID, err
}
