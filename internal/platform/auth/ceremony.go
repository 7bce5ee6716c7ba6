package auth

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/store"
)

// CeremonyLasts is how long the steps of one proof may take.
const CeremonyLasts = 10 * time.Minute

// ErrCeremony is returned for a step that belongs to nothing under way: it took
// too long, was done already, or belongs to somebody else.
var ErrCeremony = errors.New("this took too long or was done already; begin again")

// ceremonyKind keeps the steps of different proofs apart.
type ceremonyKind string

const (
	enrolTOTP     ceremonyKind = "enrol_totp"
	enrolPasskey  ceremonyKind = "enrol_passkey" //nolint:gosec // the name of a step
	givePasskey   ceremonyKind = "give_passkey"
	passkeySignIn ceremonyKind = "passkey_sign_in"
	atProvider    ceremonyKind = "provider"
)

// vaultName is whose data key seals what belongs to accounts. Accounts belong
// to the deployment and not to an agency.
const vaultName = "accounts"

// ready makes the data key of the accounts at its first use.
func (s *Service) ready(ctx context.Context) error {
	if s.keyed.Load() {
		return nil
	}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := s.db.Vault().Seal(ctx, tx, store.Place{Agency: vaultName, Table: "account", Column: "none", Row: "none"}, "x")
		return err
	})
	if errors.Is(err, store.ErrDestroyed) {
		err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error { return s.db.Vault().CreateKey(ctx, tx, vaultName) })
		if errors.Is(err, store.ErrExists) {
			err = nil // another instance was first
		}
	}
	if err == nil {
		s.keyed.Store(true)
	}
	return err
}

func ceremonyPlace(token string) store.Place {
	return store.Place{Agency: vaultName, Table: "ceremony", Column: "data", Row: string(hashToken(token))}
}

// start keeps what the next step of a proof needs, and returns the token with
// which that step shows where it belongs.
func (s *Service) start(ctx context.Context, tx *store.Tx, kind ceremonyKind, account, data string) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, s.startAs(ctx, tx, token, kind, account, data)
}

// startAs is start for a token that is there already.
func (s *Service) startAs(ctx context.Context, tx *store.Tx, token string, kind ceremonyKind, account, data string) error {
	sealed, err := s.db.Vault().Seal(ctx, tx, ceremonyPlace(token), data)
	if err != nil {
		return err
	}
	if err := authdb.New(tx).DeleteCeremoniesBefore(ctx, tx.Now()); err != nil {
		return err
	}
	return authdb.New(tx).InsertCeremony(ctx, authdb.InsertCeremonyParams{
		TokenHash: hashToken(token), Kind: string(kind), AccountID: sql.NullString{String: account, Valid: account != ""},
		Data: sealed.Bytes(), ExpiresAt: tx.Now().Add(CeremonyLasts),
	})
}

// peek reads what a step needs. It returns [ErrCeremony].
func (s *Service) peek(ctx context.Context, tx *store.Tx, kind ceremonyKind, account, token string) (string, error) {
	row, err := authdb.New(tx).Ceremony(ctx, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrCeremony
	}
	if err != nil {
		return "", err
	}
	if row.Kind != string(kind) || row.AccountID.String != account || !tx.Now().Before(row.ExpiresAt) {
		return "", ErrCeremony
	}
	return s.db.Vault().Open(ctx, tx, ceremonyPlace(token), row.Data)
}

// finish is peek for the last step, which can be done once.
func (s *Service) finish(ctx context.Context, tx *store.Tx, kind ceremonyKind, account, token string) (string, error) {
	data, err := s.peek(ctx, tx, kind, account, token)
	if err != nil {
		return "", err
	}
	n, err := authdb.New(tx).DeleteCeremony(ctx, hashToken(token))
	if err == nil && n == 0 {
		err = ErrCeremony
	}
	return data, err
}

// noRows gives the absence of a row its name while the transaction goes on.
func noRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

func valid(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }
