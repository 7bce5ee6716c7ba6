package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of this package, for the ledger.
const (
	ActCreate   policy.Action = "account.create"
	ActInvite   policy.Action = "account.invite"
	ActSignIn   policy.Action = "account.sign_in"
	ActSignOut  policy.Action = "account.sign_out"
	ActLock     policy.Action = "account.lock"
	ActAccept   policy.Action = "account.accept_invitation"
	ActDisable  policy.Action = "account.disable"
	ActEnable   policy.Action = "account.enable"
	ActPassword policy.Action = "account.set_password"
	ActReset    policy.Action = "account.reset_second_factor"
)

// Lengths of passwords. NIST SP 800-63B, section 5.1.1.2, asks for at least 8
// characters and to allow at least 64. Beyond the maximum hashing would be a
// way to keep the server busy.
const (
	PasswordMin = 10
	PasswordMax = 200
)

// InvitationLasts is how long a one-time link works.
const InvitationLasts = 72 * time.Hour

// Account is one that can sign in.
type Account struct {
	ID       string
	Username string
	Name     string
	Kind     policy.Kind
	Disabled bool
}

// Work is what the registers know of a person at work.
type Work struct {
	Agency string
	Place  string // the agency and teams in words, for pages
	Teams  []string
	Roles  []policy.Role
	Level  int // training level on the day of the transaction
}

// AtWork tells what an account does at work; the zero Work when it does
// nothing anywhere.
type AtWork interface {
	AtWork(ctx context.Context, tx *store.Tx, account string) (Work, error)
}

// Service signs people in and knows their sessions.
type Service struct {
	db    *store.DB
	log   *audit.Log
	work  AtWork
	tries throttle
	hash  *argon2id.Params
	// decoy is compared with when there is no such account, so that the answer
	// takes as long. It is the hash of nothing anybody could type.
	decoy   string
	hashing turns
	// compared is told what each password is compared with; nil but in tests.
	compared func(hash string)
	keyed    atomic.Bool // the data key of the accounts is there
}

// New makes the service.
func New(db *store.DB, log *audit.Log, work AtWork) *Service {
	s := &Service{
		db: db, log: log, work: work, tries: throttle{db: db},
		hashing: make(turns, max(2, runtime.NumCPU())),
	}
	// The second choice of RFC 9106, section 4, for where memory is limited:
	// 64 MiB and three passes.
	s.hashWith(&argon2id.Params{Memory: 64 * 1024, Iterations: 3, Parallelism: uint8(min(4, runtime.NumCPU())), SaltLength: 16, KeyLength: 32}) //nolint:gosec // at most 4
	return s
}

func (s *Service) hashWith(p *argon2id.Params) {
	s.hash = p
	nothing := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
	s.decoy = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.Memory, p.Iterations, p.Parallelism, nothing(p.SaltLength), nothing(p.KeyLength))
}

// turns bounds how many passwords are hashed at once: each takes 64 MiB, and
// whoever is not signed in may ask for one.
type turns chan struct{}

func (t turns) do(ctx context.Context, fn func() error) error {
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-t }()
	return fn()
}

// NewAccount is what is needed to make an account.
type NewAccount struct {
	Username string
	Name     string
	Kind     policy.Kind
}

// Faults of an account or a password, each for a person to mend.
var (
	ErrUsername      = errors.New("enter a user name of 3 to 60 letters, numbers, dots, hyphens, underscores or @, with no spaces")
	ErrName          = errors.New("enter the name colleagues know this person by")
	ErrPasswordShort = fmt.Errorf("enter a password of %d characters or more", PasswordMin)
	ErrPasswordLong  = fmt.Errorf("enter a password of %d characters or fewer", PasswordMax)
	ErrPasswordName  = errors.New("choose a password that is not the user name")
)

// CleanUsername brings a user name to the form in which it is kept.
func CleanUsername(s string) (string, error) {
	s = strings.TrimSpace(s)
	if len(s) < 3 || len(s) > 60 {
		return "", ErrUsername
	}
	for _, r := range s {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(".-_@", r)) {
			return "", ErrUsername
		}
	}
	return strings.ToLower(s), nil // after the look: the small form of some foreign letters is one of ours
}

// Create makes an account that cannot sign in until its invitation is
// accepted. It returns [store.ErrExists] for a user name that is taken.
func (s *Service) Create(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewAccount) (Account, error) {
	if !permit.Valid() {
		return Account{}, audit.ErrNoPermit
	}
	username, err := CleanUsername(n.Username)
	if err != nil {
		return Account{}, err
	}
	name := strings.TrimSpace(n.Name)
	if name == "" || len(name) > 200 {
		return Account{}, ErrName
	}
	id, err := tx.NewID()
	if err != nil {
		return Account{}, err
	}
	err = authdb.New(tx).InsertAccount(ctx, authdb.InsertAccountParams{
		ID: id, Username: username, Name: name, Kind: string(n.Kind), CreatedAt: tx.Now(),
	})
	if err != nil {
		return Account{}, err
	}
	// With an account there, the link that sets a deployment up is of no more
	// use but to an intruder.
	if err := authdb.New(tx).WithdrawFirstInvitations(ctx); err != nil {
		return Account{}, err
	}
	a := Account{ID: id, Username: username, Name: name, Kind: n.Kind}
	return a, permit.Append(tx, ActCreate, "", audit.Subject{Kind: "account", ID: id})
}

// checkPassword refuses a password that is too easy to guess or too long to
// hash.
func checkPassword(username, password string) error {
	switch {
	case utf8.RuneCountInString(password) < PasswordMin:
		return ErrPasswordShort
	case len(password) > PasswordMax:
		return ErrPasswordLong
	case strings.EqualFold(strings.TrimSpace(password), username):
		return ErrPasswordName
	}
	return nil
}

// canonical is a password in one form whatever keyboard it was typed on (NIST
// SP 800-63B, section 5.1.1.2).
func canonical(password string) string { return norm.NFKC.String(password) }

// hashed checks a password and hashes it.
func (s *Service) hashed(ctx context.Context, username, password string) (string, error) {
	if err := checkPassword(username, password); err != nil {
		return "", err
	}
	var hash string
	err := s.hashing.do(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(canonical(password), s.hash)
		return err
	})
	return hash, err
}

// SetPassword gives an account its password, under the permit of whoever may
// make accounts, and ends its sessions: whoever has the old password, or sits
// at a forgotten browser, is out.
func (s *Service) SetPassword(ctx context.Context, tx *store.Tx, permit audit.Permit, account, password string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	row, err := authdb.New(tx).AccountByID(ctx, account)
	if err != nil {
		return err
	}
	hash, err := s.hashed(ctx, row.Username, password)
	if err != nil {
		return err
	}
	if err := keepPassword(ctx, tx, row, hash); err != nil {
		return err
	}
	return permit.Append(tx, ActPassword, "", audit.Subject{Kind: "account", ID: account})
}

func keepPassword(ctx context.Context, tx *store.Tx, row authdb.Account, hash string) error {
	q := authdb.New(tx)
	if err := store.Changed(q.SetPassword(ctx, authdb.SetPasswordParams{ID: row.ID, PasswordHash: hash, Version: row.Version})); err != nil {
		return err
	}
	return q.DeleteSessionsOf(ctx, row.ID)
}

// Disable keeps an account from everything, at once: its sessions end, its
// links and tokens work no more, what it typed and did not send is gone. What
// it did keeps its name. reason stands in the ledger.
func (s *Service) Disable(ctx context.Context, tx *store.Tx, permit audit.Permit, account, reason string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	q := authdb.New(tx)
	row, err := q.AccountByID(ctx, account)
	if err != nil {
		return err
	}
	if err := store.Changed(q.SetDisabled(ctx, authdb.SetDisabledParams{ID: account, Disabled: true, Version: row.Version})); err != nil {
		return err
	}
	err = errors.Join(
		q.DeleteSessionsOf(ctx, account),
		q.WithdrawInvitationsOf(ctx, sql.NullString{String: account, Valid: true}),
		q.RevokeServiceTokensOf(ctx, authdb.RevokeServiceTokensOfParams{AccountID: account, RevokedAt: sql.NullTime{Time: tx.Now(), Valid: true}}),
		q.DeleteDraftsOf(ctx, account),
	)
	if err != nil {
		return err
	}
	return permit.Append(tx, ActDisable, reason, audit.Subject{Kind: "account", ID: account})
}

// Enable lets a disabled account sign in again. One that is not disabled stays
// as it is.
func (s *Service) Enable(ctx context.Context, tx *store.Tx, permit audit.Permit, account string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	q := authdb.New(tx)
	row, err := q.AccountByID(ctx, account)
	if err != nil || !row.Disabled {
		return err
	}
	if err := store.Changed(q.SetDisabled(ctx, authdb.SetDisabledParams{ID: account, Disabled: false, Version: row.Version})); err != nil {
		return err
	}
	return permit.Append(tx, ActEnable, "", audit.Subject{Kind: "account", ID: account})
}

// ResetSecondFactor takes away what an account proves itself with, its password
// too, and returns the token of a new one-time link. Whoever lost the second
// factor may have lost the password to the same thief: only the link, given by
// hand, leads back in.
func (s *Service) ResetSecondFactor(ctx context.Context, tx *store.Tx, permit audit.Permit, account, reason string) (string, error) {
	if !permit.Valid() {
		return "", audit.ErrNoPermit
	}
	q := authdb.New(tx)
	row, err := q.AccountByID(ctx, account)
	if err != nil {
		return "", err
	}
	err = errors.Join(q.DeleteFactorsOf(ctx, account), q.DeleteRecoveryCodes(ctx, account), keepPassword(ctx, tx, row, ""))
	if err != nil {
		return "", err
	}
	if err := permit.Append(tx, ActReset, reason, audit.Subject{Kind: "account", ID: account}); err != nil {
		return "", err
	}
	return s.Invite(ctx, tx, permit, account)
}

// Empty tells whether nobody can sign in yet.
func (s *Service) Empty(ctx context.Context) (bool, error) {
	var n int64
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = authdb.New(tx).CountAccounts(ctx)
		return err
	})
	return n == 0, err
}

// Invite makes a one-time link for an account and takes earlier ones back. It
// returns the token that goes into the link.
func (s *Service) Invite(ctx context.Context, tx *store.Tx, permit audit.Permit, account string) (string, error) {
	if err := authdb.New(tx).WithdrawInvitationsOf(ctx, sql.NullString{String: account, Valid: true}); err != nil {
		return "", err
	}
	token, err := s.invite(ctx, tx, sql.NullString{String: account, Valid: true})
	if err != nil {
		return "", err
	}
	return token, permit.Append(tx, ActInvite, "", audit.Subject{Kind: "account", ID: account})
}

// InviteFirst makes the one-time link of the first administrator and takes
// earlier ones back.
func (s *Service) InviteFirst(ctx context.Context, actor policy.Actor) (string, error) {
	var token string
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if err := authdb.New(tx).WithdrawFirstInvitations(ctx); err != nil {
			return err
		}
		if token, err = s.invite(ctx, tx, sql.NullString{}); err != nil {
			return err
		}
		return s.log.Append(tx, audit.Of(actor, ActInvite, audit.Done))
	})
	return token, err
}

func (s *Service) invite(ctx context.Context, tx *store.Tx, account sql.NullString) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, authdb.New(tx).InsertInvitation(ctx, authdb.InsertInvitationParams{
		TokenHash: hashToken(token), AccountID: account, CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(InvitationLasts),
	})
}

// Invited is what an invitation is for.
type Invited struct {
	First   bool // the first administrator's: there is no account yet
	Account Account
}

// ErrInvitation is returned for a link that never was, was used or is too old:
// which of them is not said.
var ErrInvitation = errors.New("this link has been used or is too old")

// Invitation looks an invitation up.
func (s *Service) Invitation(ctx context.Context, token string) (Invited, error) {
	var out Invited
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = invitation(ctx, tx, token)
		return err
	})
	return out, err
}

func invitation(ctx context.Context, tx *store.Tx, token string) (Invited, error) {
	q := authdb.New(tx)
	row, err := q.Invitation(ctx, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return Invited{}, ErrInvitation
	}
	if err != nil {
		return Invited{}, err
	}
	if row.UsedAt.Valid || !tx.Now().Before(row.ExpiresAt) {
		return Invited{}, ErrInvitation
	}
	if !row.AccountID.Valid {
		return Invited{First: true}, nil
	}
	a, err := q.AccountByID(ctx, row.AccountID.String)
	if err != nil {
		return Invited{}, err
	}
	if a.Disabled {
		return Invited{}, ErrInvitation
	}
	return Invited{Account: asAccount(a)}, nil
}

// Accept sets the password of the invited account, ends its sessions and uses
// the link up. After a fault of the password the link still works.
func (s *Service) Accept(ctx context.Context, token, password string) (Account, error) {
	got, err := s.Invitation(ctx, token)
	if errors.Is(err, ErrInvitation) {
		return Account{}, s.refuseInvitation(ctx, token)
	}
	if err != nil {
		return Account{}, err
	}
	if got.First {
		return Account{}, ErrInvitation
	}
	// Hashed before the transaction: it takes long, and there may be one writer.
	hash, err := s.hashed(ctx, got.Account.Username, password)
	if err != nil {
		return Account{}, err
	}
	a := got.Account
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := s.UseInvitation(ctx, tx, token); err != nil {
			return err
		}
		row, err := authdb.New(tx).AccountByID(ctx, a.ID)
		if err != nil {
			return err
		}
		if err := keepPassword(ctx, tx, row, hash); err != nil {
			return err
		}
		e := audit.Of(policy.Actor{Account: a.ID, Kind: a.Kind}, ActAccept, audit.Done, audit.Subject{Kind: "account", ID: a.ID})
		return s.log.Append(tx, e)
	})
	if errors.Is(err, ErrInvitation) {
		return Account{}, s.refuseInvitation(ctx, token)
	}
	return a, err
}

// refuseInvitation records that a link was tried which works no more, and
// returns [ErrInvitation]. A link that never was is like an address that never
// was: there is nothing to record it under, and anybody can make them up.
func (s *Service) refuseInvitation(ctx context.Context, token string) error {
	var account string
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).Invitation(ctx, hashToken(token))
		account = row.AccountID.String
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && account == "" {
		return ErrInvitation
	}
	if err != nil {
		return err
	}
	e := audit.Of(policy.Actor{Account: audit.Nobody}, ActAccept, audit.Refused, audit.Subject{Kind: "account", ID: account})
	e.Reason = "used or too old"
	if err := s.log.Record(ctx, e); err != nil {
		return err
	}
	return ErrInvitation
}

// UseInvitation uses a link up and tells what it was for.
func (s *Service) UseInvitation(ctx context.Context, tx *store.Tx, token string) (Invited, error) {
	got, err := invitation(ctx, tx, token)
	if err != nil {
		return Invited{}, err
	}
	n, err := authdb.New(tx).UseInvitation(ctx, authdb.UseInvitationParams{
		TokenHash: hashToken(token), UsedAt: sql.NullTime{Time: tx.Now(), Valid: true},
	})
	if err == nil && n == 0 {
		err = ErrInvitation
	}
	return got, err
}

func asAccount(row authdb.Account) Account {
	return Account{ID: row.ID, Username: row.Username, Name: row.Name, Kind: policy.Kind(row.Kind), Disabled: row.Disabled}
}

// newToken makes a token of 256 random bits.
func newToken() (string, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", fmt.Errorf("making a token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// hashToken needs no salt: a token is random, so nobody can have hashed it
// beforehand.
func hashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// AccountNamed finds an account by its user name. It returns
// [store.ErrNotFound].
func (s *Service) AccountNamed(ctx context.Context, username string) (Account, error) {
	var a Account
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).AccountByUsername(ctx, username)
		a = asAccount(row)
		return err
	})
	return a, err
}
