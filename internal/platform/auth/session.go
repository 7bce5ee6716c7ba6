package auth

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/alexedwards/argon2id"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// How long a session lasts. ux.md, section 4.2, settles the idle time; the
// longest is one working day.
const (
	Idle    = 30 * time.Minute
	Longest = 12 * time.Hour
	// touchEvery is how exactly the idle time is kept: writing it at every
	// request would make each read a write.
	touchEvery = time.Minute
)

var (
	// ErrSignIn is returned for a wrong name or password, and for an account
	// that is disabled or has no password yet: which of them is not said.
	ErrSignIn = errors.New("the user name or the password is not right")
	// ErrTooMany is returned when passwords are tried too fast.
	ErrTooMany = errors.New("too many tries; wait a few minutes and try again")
	// ErrNoSession is returned for a token that opens nothing.
	ErrNoSession = errors.New("nobody is signed in")
)

// Session is a recognised browser.
type Session struct {
	Account Account
	Actor   policy.Actor
	Locked  bool
	Ends    time.Time // if nothing more is done
}

// SignIn checks a password and begins a session. It returns the token for the
// browser. address is where the attempt comes from and is kept in memory only.
func (s *Service) SignIn(ctx context.Context, username, password, address string) (string, error) {
	name, err := CleanUsername(username)
	if err != nil {
		name = "" // goes on, so that it takes as long as any other wrong one
	}
	row, err := s.checked(ctx, name, password, address)
	if err != nil {
		return "", err
	}
	return s.begin(ctx, row, ActSignIn)
}

// SignInAs begins a session without a password. The demo's role cards use it,
// and the end of an invitation.
func (s *Service) SignInAs(ctx context.Context, account string) (string, error) {
	var row authdb.Account
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = authdb.New(tx).AccountByID(ctx, account)
		return err
	})
	if err != nil {
		return "", err
	}
	if row.Disabled {
		return "", s.refuse(ctx, row.ID, "disabled", ErrSignIn)
	}
	return s.begin(ctx, row, ActSignIn)
}

// checked returns the account whose name and password these are, and records a
// refusal otherwise. Whatever is wrong, the same is done.
func (s *Service) checked(ctx context.Context, username, password, address string) (authdb.Account, error) {
	var row authdb.Account
	try, ok, first := s.tries.take(tryKeys(username, address)...)
	switch {
	case !ok && first:
		return row, s.refuse(ctx, audit.Nobody, "too many tries", ErrTooMany)
	case !ok:
		// One entry a run of these: an entry for each would let anybody fill
		// the disk, which keeps everybody from their work.
		return row, ErrTooMany
	}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = authdb.New(tx).AccountByUsername(ctx, username)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	hash := row.PasswordHash
	if hash == "" || row.Disabled || len(password) > PasswordMax {
		hash, password = s.decoy, "x"
	}
	match := false
	if err := s.hashing.do(ctx, func() (err error) {
		match, err = argon2id.ComparePasswordAndHash(canonical(password), hash)
		return err
	}); err != nil {
		return row, err
	}
	if match {
		try.giveBack()
		return row, nil
	}
	subject := row.ID
	if subject == "" {
		subject = audit.Nobody // an entry without a subject would be less work
	}
	return row, s.refuse(ctx, subject, "wrong name or password", ErrSignIn)
}

// refuse commits the record of a refused sign-in and returns the error to go
// up.
func (s *Service) refuse(ctx context.Context, account, reason string, why error) error {
	e := audit.Of(policy.Actor{Account: audit.Nobody}, ActSignIn, audit.Refused, audit.Subject{Kind: "account", ID: account})
	e.Reason = reason
	if err := s.log.Record(ctx, e); err != nil {
		return err
	}
	return why
}

func (s *Service) begin(ctx context.Context, row authdb.Account, act policy.Action) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := authdb.New(tx)
		// Whoever signs in sweeps up what has ended.
		if err := q.DeleteSessionsSeenBefore(ctx, tx.Now().Add(-Longest)); err != nil {
			return err
		}
		if err := q.InsertSession(ctx, authdb.InsertSessionParams{
			TokenHash: hashToken(token), AccountID: row.ID, CreatedAt: tx.Now(), SeenAt: tx.Now(),
		}); err != nil {
			return err
		}
		return s.log.Append(tx, audit.Of(policy.Actor{Account: row.ID, Kind: policy.Kind(row.Kind)}, act, audit.Done,
			audit.Subject{Kind: "account", ID: row.ID}))
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// Session recognises a browser by its token. It returns [ErrNoSession] when
// the token opens nothing any more.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	if token == "" {
		return Session{}, ErrNoSession
	}
	var out Session
	var stale bool
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).SessionAccount(ctx, hashToken(token))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		ends, alive := lasts(row, tx.Now())
		if !alive {
			return ErrNoSession
		}
		stale = tx.Now().Sub(row.SeenAt) >= touchEvery
		work, err := s.work.AtWork(ctx, tx, row.AccountID)
		if err != nil {
			return err
		}
		out = Session{
			Account: Account{ID: row.AccountID, Username: row.Username, Name: row.Name, Kind: policy.Kind(row.Kind)},
			Actor: policy.Actor{
				Account: row.AccountID, Kind: policy.Kind(row.Kind), Name: row.Name,
				Agency: work.Agency, Teams: work.Teams, Roles: work.Roles, Level: work.Level,
			},
			Locked: row.Locked,
			Ends:   ends,
		}
		return nil
	})
	if err != nil {
		return Session{}, err
	}
	if stale && !out.Locked {
		err = s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error {
			return authdb.New(tx).TouchSession(ctx, authdb.TouchSessionParams{TokenHash: hashToken(token), SeenAt: tx.Now()})
		})
		if errors.Is(err, store.ErrFull) {
			err = nil // one can still read; the idle time runs on
		}
	}
	return out, err
}

// lasts tells when a session ends if nothing more is done, and whether that is
// still to come. One that was begun or seen in the future ends: the clock ran
// ahead and was put right, and how long nobody has used it is not known.
func lasts(row authdb.SessionAccountRow, now time.Time) (time.Time, bool) {
	ends := row.SeenAt.Add(Idle)
	if last := row.CreatedAt.Add(Longest); last.Before(ends) {
		ends = last
	}
	soon := now.Add(touchEvery)
	return ends, !row.Disabled && now.Before(ends) && !row.CreatedAt.After(soon) && !row.SeenAt.After(soon)
}

// SignOut ends a session. Ending one that is not there is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	sess, err := s.Session(ctx, token)
	if errors.Is(err, ErrNoSession) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := authdb.New(tx).DeleteSession(ctx, hashToken(token)); err != nil {
			return err
		}
		return s.log.Append(tx, audit.Of(sess.Actor, ActSignOut, audit.Done))
	})
}

// Leave ends a session without a trace of it: the Exit control is neither
// logged nor counted (S10).
func (s *Service) Leave(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	return s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error {
		return authdb.New(tx).DeleteSession(ctx, hashToken(token))
	})
}

// Lock hides everything behind the password.
func (s *Service) Lock(ctx context.Context, token string) error {
	return s.setLocked(ctx, token, true)
}

// Unlock lets the session go on when the password is right.
func (s *Service) Unlock(ctx context.Context, token, password, address string) error {
	sess, err := s.Session(ctx, token)
	if err != nil {
		return err
	}
	if _, err := s.checked(ctx, sess.Account.Username, password, address); err != nil {
		return err
	}
	return s.setLocked(ctx, token, false)
}

func (s *Service) setLocked(ctx context.Context, token string, locked bool) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).SessionAccount(ctx, hashToken(token))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		if _, alive := lasts(row, tx.Now()); !alive {
			return ErrNoSession // hiding the screen wakes nothing up
		}
		if err := authdb.New(tx).LockSession(ctx, authdb.LockSessionParams{TokenHash: hashToken(token), Locked: locked, SeenAt: tx.Now()}); err != nil {
			return err
		}
		e := audit.Of(policy.Actor{Account: row.AccountID, Kind: policy.Kind(row.Kind)}, ActLock, audit.Done)
		e.Reason = map[bool]string{true: "locked", false: "unlocked"}[locked]
		return s.log.Append(tx, e)
	})
}
