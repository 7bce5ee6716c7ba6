package auth

import (
	"context"
	"errors"

	"github.com/alexedwards/argon2id"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// checked returns the account whose name and password these are, and records a
// refusal otherwise. Whatever is wrong, the same is done.
func (s *Service) checked(ctx context.Context, username, password, address string) (authdb.Account, error) {
	var row authdb.Account
	try, err := s.take(ctx, tryKeys(username, address)...)
	if err != nil {
		return row, err
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = authdb.New(tx).AccountByUsername(ctx, username)
		return err
	})
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	hash := row.PasswordHash
	if hash == "" || row.Disabled || row.Kind != string(policy.Human) || len(password) > PasswordMax {
		hash, password = s.decoy, "x"
	}
	match := false
	if err := s.hashing.do(ctx, func() (err error) {
		match, err = s.compare(canonical(password), hash)
		return err
	}); err != nil {
		return row, err
	}
	if match {
		return row, s.db.WriteTogether(ctx, try.giveBack)
	}
	subject := row.ID
	if subject == "" {
		subject = audit.Nobody // an entry without a subject would be less work
	}
	err = s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.noteWrong(ctx, tx, username, address); err != nil {
			return err
		}
		return s.log.Append(tx, refused(subject, ActSignIn, "wrong name or password"))
	})
	if err != nil {
		return row, err
	}
	return row, ErrSignIn
}

// take uses up a try, or records that there is none and returns [ErrTooMany].
func (s *Service) take(ctx context.Context, keys ...string) (try, error) {
	t, ok, first, err := s.tries.take(ctx, keys...)
	switch {
	case err != nil:
		return t, err
	case !ok && first:
		return t, s.refuse(ctx, audit.Nobody, "too many tries", ErrTooMany)
	case !ok:
		// One entry a run of these: an entry for each would let anybody fill
		// the disk, which keeps everybody from their work.
		return t, ErrTooMany
	}
	return t, nil
}

// refused is the entry of a refused proof.
func refused(account string, act policy.Action, reason string) audit.Entry {
	e := audit.Of(policy.Actor{Account: audit.Nobody}, act, audit.Refused, audit.Subject{Kind: "account", ID: account})
	e.Reason = reason
	return e
}

// refuse commits the record of a refused sign-in and returns the error to go
// up.
func (s *Service) refuse(ctx context.Context, account, reason string, why error) error {
	if err := s.log.Record(ctx, refused(account, ActSignIn, reason)); err != nil {
		return err
	}
	return why
}

// ChangePassword gives the account that asks a new password, and ends its
// other sessions. It returns the token that the browser has from now on.
func (s *Service) ChangePassword(ctx context.Context, token, password string, from From) (string, error) {
	sess, err := s.Session(ctx, token)
	if err != nil {
		return "", err
	}
	if sess.Stage != SignedIn || sess.Locked || !sess.Recently {
		return "", ErrNoSession
	}
	hash, err := s.hashed(ctx, sess.Account.Username, password)
	if err != nil {
		return "", err
	}
	var fresh string
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).AccountByID(ctx, sess.Account.ID)
		if err != nil {
			return err
		}
		if err := keepPassword(ctx, tx, row, hash); err != nil {
			return err
		}
		if fresh, err = s.beginIn(ctx, tx, row, sess.Factor, from); err != nil {
			return err
		}
		return s.log.Append(tx, audit.Of(sess.Actor, ActPassword, audit.Done, audit.Subject{Kind: "account", ID: row.ID}))
	})
	return fresh, err
}

// compare tells whether a password fits a hash.
func (s *Service) compare(password, hash string) (bool, error) {
	if s.compared != nil {
		s.compared(hash)
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}
