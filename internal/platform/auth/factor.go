package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of second factors, for the ledger.
const (
	ActSecond  policy.Action = "account.second_factor" // it was given
	ActEnrol   policy.Action = "account.add_second_factor"
	ActRemove  policy.Action = "account.remove_second_factor"
	ActRecover policy.Action = "account.make_recovery_codes"
)

// totpStep is the time step of RFC 6238, section 5.2. A code of the step before
// and of the one after is taken too: clocks differ.
const totpStep = 30 * time.Second

// How many recovery codes there are, and of how many random bytes each is: of
// 80 bits nobody finds one by trying, even with the hashes at hand.
const (
	RecoveryCodes = 10
	recoveryBytes = 10
)

var (
	// ErrCode is returned for a code that is wrong, was used or is too old.
	ErrCode = errors.New("the code is not right or was used already")
	// ErrLastFactor is returned when the last second factor is to be removed.
	ErrLastFactor = errors.New("add another one first: without any, nothing can be seen")
	// ErrProveAgain is returned when what one proves oneself with is to be
	// changed and the last proof is too old.
	ErrProveAgain = errors.New("prove again who you are")
)

// SecondFactor is one that an account has.
type SecondFactor struct {
	ID     string
	Kind   Factor
	Name   string
	Added  time.Time
	UsedAt time.Time // zero when never
}

// Factors are what an account can prove itself with.
type Factors struct {
	Second []SecondFactor
	Codes  int // recovery codes left
}

// Factors lists those of the account that asks.
func (s *Service) Factors(ctx context.Context, token string) (Factors, error) {
	var out Factors
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := live(ctx, tx, token)
		if err != nil {
			return err
		}
		q := authdb.New(tx)
		rows, err := q.FactorsOf(ctx, sess.Account.ID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			out.Second = append(out.Second, SecondFactor{ID: row.ID, Kind: Factor(row.Kind), Name: row.Name, Added: row.CreatedAt, UsedAt: row.UsedAt.Time})
		}
		n, err := q.CountRecoveryCodes(ctx, sess.Account.ID)
		out.Codes = int(n)
		return err
	})
	return out, err
}

// mayEnrol is the session of a token that may add a second factor: of somebody
// who has none yet, or who proved themselves recently.
func mayEnrol(ctx context.Context, tx *store.Tx, token string) (Session, error) {
	sess, err := live(ctx, tx, token)
	switch {
	case err != nil:
		return Session{}, err
	case sess.Locked, sess.Stage == GiveSecond:
		return Session{}, ErrNoSession
	case sess.Stage == SignedIn && !sess.Recently:
		return Session{}, ErrProveAgain
	}
	return sess, nil
}

// NewTOTP is an authenticator app about to be added.
type NewTOTP struct {
	Token  string // for the next step
	Secret string // to type in where no picture can be taken
	URL    string // what the picture says
}

// LogValue implements [slog.LogValuer].
func (NewTOTP) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps the secret out of messages.
func (NewTOTP) String() string { return "[redacted]" }

// BeginTOTP makes the secret of an authenticator app. issuer is what the app is
// to call it. The secret counts for nothing until [Service.AddTOTP].
func (s *Service) BeginTOTP(ctx context.Context, token, issuer string) (NewTOTP, error) {
	if err := s.ready(ctx); err != nil {
		return NewTOTP{}, err
	}
	var out NewTOTP
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		// A session has one at a time: the page may be asked for again while the
		// app takes its picture.
		out.Token = enrolmentOf(token)
		data, err := s.peek(ctx, tx, enrolTOTP, sess.Account.ID, out.Token)
		if errors.Is(err, ErrCeremony) {
			data, err = s.newTOTP(ctx, tx, sess, out.Token, issuer)
		}
		if err != nil {
			return err
		}
		key, err := otp.NewKeyFromURL(data)
		if err != nil {
			return err
		}
		out.Secret, out.URL = key.Secret(), key.URL()
		return nil
	})
	return out, err
}

// enrolmentOf is the token of the authenticator app that a session is adding.
func enrolmentOf(token string) string {
	h := sha256.Sum256([]byte("enrolment " + token))
	return base64.RawURLEncoding.EncodeToString(h[:])
}

func (s *Service) newTOTP(ctx context.Context, tx *store.Tx, sess Session, token, issuer string) (string, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: sess.Account.Username, SecretSize: 20})
	if err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	if _, err := authdb.New(tx).DeleteCeremony(ctx, hashToken(token)); err != nil {
		return "", err
	}
	return key.URL(), s.startAs(ctx, tx, token, enrolTOTP, sess.Account.ID, key.URL())
}

// PendingTOTP is the app about to be added, for a page that comes back.
func (s *Service) PendingTOTP(ctx context.Context, token, ceremony string) (NewTOTP, error) {
	out := NewTOTP{Token: ceremony}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		data, err := s.peek(ctx, tx, enrolTOTP, sess.Account.ID, ceremony)
		if err != nil {
			return err
		}
		key, err := otp.NewKeyFromURL(data)
		if err != nil {
			return err
		}
		out.Secret, out.URL = key.Secret(), key.URL()
		return nil
	})
	return out, err
}

// Proved is what comes of a proof: the token that the browser has from now on,
// and the recovery codes if they were made with it.
type Proved struct {
	Token string
	Codes []string
}

// LogValue implements [slog.LogValuer].
func (Proved) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps token and codes out of messages.
func (Proved) String() string { return "[redacted]" }

// AddTOTP adds the authenticator app when a code shows that it works. The
// session that asked goes on as a proved one, under a new token.
func (s *Service) AddTOTP(ctx context.Context, token, ceremony, code, name string) (Proved, error) {
	sess, err := s.Session(ctx, token)
	if err != nil {
		return Proved{}, err
	}
	try, err := s.take(ctx, "second:"+sess.Account.ID)
	if err != nil {
		return Proved{}, err
	}
	var out Proved
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		data, err := s.peek(ctx, tx, enrolTOTP, sess.Account.ID, ceremony)
		if err != nil {
			return err
		}
		key, err := otp.NewKeyFromURL(data)
		if err != nil {
			return err
		}
		step, ok := stepOf(key.Secret(), code, tx.Now(), 0)
		if !ok {
			return ErrCode
		}
		if _, err := s.finish(ctx, tx, enrolTOTP, sess.Account.ID, ceremony); err != nil {
			return err
		}
		if err := try.giveBack(ctx, tx); err != nil {
			return err
		}
		out, err = s.addFactor(ctx, tx, sess, token, TOTP, name, key.Secret(), step)
		return err
	})
	return out, err
}

// addFactor keeps a second factor that was just shown to work, makes recovery
// codes with the first one, and lets the session go on as proved.
func (s *Service) addFactor(ctx context.Context, tx *store.Tx, sess Session, token string, kind Factor, name, secret string, step int64) (Proved, error) {
	id, err := tx.NewID()
	if err != nil {
		return Proved{}, err
	}
	sealed, err := s.db.Vault().Seal(ctx, tx, factorPlace(sess.Account.ID, id), secret)
	if err != nil {
		return Proved{}, err
	}
	q := authdb.New(tx)
	have, err := q.FactorsOf(ctx, sess.Account.ID)
	if err != nil {
		return Proved{}, err
	}
	if err := q.InsertFactor(ctx, authdb.InsertFactorParams{
		AccountID: sess.Account.ID, ID: id, Kind: string(kind), Name: factorName(name, kind), Secret: sealed.Bytes(), UsedStep: step, CreatedAt: tx.Now(),
	}); err != nil {
		return Proved{}, err
	}
	var out Proved
	if len(have) == 0 {
		if out.Codes, err = newCodes(ctx, tx, sess.Account.ID); err != nil {
			return Proved{}, err
		}
	}
	factor := kind
	if sess.Stage == SignedIn {
		factor = sess.Factor
	}
	if out.Token, err = rotate(ctx, tx, token, factor); err != nil {
		return Proved{}, err
	}
	return out, s.log.Append(tx, own(sess, ActEnrol, string(kind)))
}

// factorName is what its owner calls a second factor, in bounds.
func factorName(name string, kind Factor) string {
	name = strings.Join(strings.Fields(name), " ")
	if r := []rune(name); len(r) > 60 {
		name = string(r[:60])
	}
	if name == "" {
		return kind.Label()
	}
	return name
}

func factorPlace(account, id string) store.Place {
	return store.Place{Agency: vaultName, Table: "second_factor", Column: "secret", Row: account + "/" + id}
}

// own is the entry of something somebody did with their own account.
func own(sess Session, act policy.Action, reason string) audit.Entry {
	e := audit.Of(policy.Actor{Account: sess.Account.ID, Kind: sess.Account.Kind}, act, audit.Done, audit.Subject{Kind: "account", ID: sess.Account.ID})
	e.Reason = reason
	return e
}

// stepOf finds the time step whose code this is, after the last one that was
// used.
func stepOf(secret, code string, now time.Time, used int64) (int64, bool) {
	current := now.Unix() / int64(totpStep/time.Second)
	found, ok := int64(0), false
	for _, step := range []int64{current - 1, current, current + 1} {
		fits, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // a time step is not negative
		if err == nil && fits && step > used && !ok {
			found, ok = step, true
		}
	}
	return found, ok
}

// GiveCode proves a session with a code of an authenticator app or a recovery
// code, for the first time or again. It returns the token that the browser has
// from now on, and [ErrCode] for a code that is not right.
func (s *Service) GiveCode(ctx context.Context, token, code string, from From) (string, error) {
	sess, err := s.provable(ctx, token)
	if err != nil {
		return "", err
	}
	try, err := s.take(ctx, "second:"+sess.Account.ID, "second from:"+network(from.Address))
	if err != nil {
		return "", err
	}
	var fresh string
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		factor, err := s.takeCode(ctx, tx, sess.Account.ID, code)
		if err != nil {
			return err
		}
		if err := try.giveBack(ctx, tx); err != nil {
			return err
		}
		if fresh, err = rotate(ctx, tx, token, factor); err != nil {
			return err
		}
		return s.log.Append(tx, own(sess, ActSecond, string(factor)))
	})
	if errors.Is(err, ErrCode) {
		if err := s.log.Record(ctx, refused(sess.Account.ID, ActSecond, "wrong code")); err != nil {
			return "", err
		}
	}
	return fresh, err
}

// provable is a session that can be proved with a second factor.
func (s *Service) provable(ctx context.Context, token string) (Session, error) {
	sess, err := s.Session(ctx, token)
	if err == nil && (sess.Locked || sess.Stage == EnrolSecond) {
		err = ErrNoSession
	}
	return sess, err
}

// takeCode finds out what a code is and uses it up.
func (s *Service) takeCode(ctx context.Context, tx *store.Tx, account, code string) (Factor, error) {
	code = strings.Join(strings.Fields(code), "")
	q := authdb.New(tx)
	rows, err := q.FactorsOf(ctx, account)
	if err != nil {
		return "", err
	}
	now := sql.NullTime{Time: tx.Now(), Valid: true}
	for _, row := range rows {
		if row.Kind != string(TOTP) {
			continue
		}
		secret, err := s.db.Vault().Open(ctx, tx, factorPlace(account, row.ID), row.Secret)
		if err != nil {
			return "", err
		}
		step, ok := stepOf(secret, code, tx.Now(), row.UsedStep)
		if !ok {
			continue
		}
		n, err := q.UseStep(ctx, authdb.UseStepParams{AccountID: account, ID: row.ID, Step: step, UsedAt: now})
		if err != nil {
			return "", err
		}
		if n == 1 { // or somebody else used the same code at the same moment
			return TOTP, nil
		}
	}
	n, err := q.UseRecoveryCode(ctx, authdb.UseRecoveryCodeParams{AccountID: account, CodeHash: hashToken(cleanRecovery(code)), UsedAt: now})
	if err != nil {
		return "", err
	}
	if n == 1 {
		return Recovery, nil
	}
	return "", ErrCode
}

// recoveryForm has no l, o, nought and one: they are taken for each other.
var recoveryForm = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// cleanRecovery is a recovery code as it was hashed, however it was typed.
func cleanRecovery(code string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
}

func newCodes(ctx context.Context, tx *store.Tx, account string) ([]string, error) {
	q := authdb.New(tx)
	if err := q.DeleteRecoveryCodes(ctx, account); err != nil {
		return nil, err
	}
	var out []string
	for range RecoveryCodes {
		var b [recoveryBytes]byte
		if _, err := rand.Read(b[:]); err != nil {
			return nil, fmt.Errorf("making a recovery code: %w", err)
		}
		code := recoveryForm.EncodeToString(b[:])
		if err := q.InsertRecoveryCode(ctx, authdb.InsertRecoveryCodeParams{AccountID: account, CodeHash: hashToken(code)}); err != nil {
			return nil, err
		}
		out = append(out, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return out, nil
}

// NewRecoveryCodes makes new recovery codes in place of the old ones, for
// somebody who proved themselves recently. They are shown once: only their
// hashes are kept.
func (s *Service) NewRecoveryCodes(ctx context.Context, token string) ([]string, error) {
	var codes []string
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		if sess.Stage != SignedIn {
			return ErrNoSession
		}
		if codes, err = newCodes(ctx, tx, sess.Account.ID); err != nil {
			return err
		}
		return s.log.Append(tx, own(sess, ActRecover, ""))
	})
	return codes, err
}

// RemoveFactor removes one of the second factors of the account that asks, but
// never the last. It returns [ErrLastFactor] and [store.ErrNotFound].
func (s *Service) RemoveFactor(ctx context.Context, token, id string) error {
	return s.absent(ctx, token, ActRemove, s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := mayEnrol(ctx, tx, token)
		if err != nil {
			return err
		}
		q := authdb.New(tx)
		rows, err := q.FactorsOf(ctx, sess.Account.ID)
		if err != nil {
			return err
		}
		n, err := q.DeleteFactor(ctx, authdb.DeleteFactorParams{AccountID: sess.Account.ID, ID: id})
		switch {
		case err != nil:
			return err
		case n == 0:
			return store.ErrNotFound
		case len(rows) == 1:
			return ErrLastFactor
		}
		return s.log.Append(tx, own(sess, ActRemove, ""))
	}))
}
