package auth

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// How long a session lasts. ux.md, section 4.2, settles the idle time and when
// to warn; the longest is one working day.
const (
	Idle    = 30 * time.Minute
	Longest = 12 * time.Hour
	Warning = 5 * time.Minute
	// Recent is how long a proof counts for changing how one proves oneself.
	Recent = 15 * time.Minute
	// touchEvery is how exactly the idle time is kept: writing it at every
	// request would make each read a write.
	touchEvery = time.Minute
)

var (
	// ErrSignIn is returned for a wrong name or password, and for an account
	// that is disabled or has no password yet: which of them is not said.
	ErrSignIn = errors.New("the user name or the password is not right")
	// ErrTooMany is returned when passwords or codes are tried too fast.
	ErrTooMany = errors.New("too many tries; wait a few minutes and try again")
	// ErrNoSession is returned for a token that opens nothing.
	ErrNoSession = errors.New("nobody is signed in")
)

// Factor is what was given besides the password.
type Factor string

// The factors. A session with none of them shows nobody anything.
const (
	NoFactor Factor = ""
	TOTP     Factor = "totp"     // a code of an authenticator app
	Passkey  Factor = "passkey"  // a signature of a device
	Recovery Factor = "recovery" // a recovery code
	Provider Factor = "provider" // a provider of identities asked for it
	RoleCard Factor = "role"     // a card of the demo: nothing was asked for
)

// Label is the factor in words for people.
func (f Factor) Label() string {
	switch f {
	case TOTP:
		return "Authenticator app"
	case Passkey:
		return "Passkey"
	case Recovery:
		return "Recovery code"
	case Provider:
		return "Your organisation's sign-in"
	case RoleCard:
		return "Role card of the demo"
	case NoFactor:
	}
	return "Password only"
}

// Stage is how far a sign-in has come.
type Stage string

// The stages. Until it is signed in, a session can do nothing but go on.
const (
	SignedIn    Stage = ""
	GiveSecond  Stage = "second" // the password was right; the second factor is to be given
	EnrolSecond Stage = "enrol"  // the password was right; there is no second factor yet
)

// Session is a recognised browser.
type Session struct {
	ID      string
	Account Account
	// Actor is who acts. Before the second factor it is the bare account,
	// without agency, roles and level.
	Actor  policy.Actor
	Stage  Stage
	Factor Factor
	// Recently tells whether a proof was given so recently that what one
	// proves oneself with may be changed.
	Recently bool
	Locked   bool
	Ends     time.Time     // if nothing more is done
	Left     time.Duration // until then
}

// From is where somebody signs in.
type From struct {
	Address string // for slowing down tries; kept as a keyed hash at most
	Browser string // coarse words for the list of one's own sessions
}

// SignIn checks a password and begins a session, which can do nothing but ask
// for the second factor. It returns the token for the browser.
func (s *Service) SignIn(ctx context.Context, username, password string, from From) (string, error) {
	name, err := CleanUsername(username)
	if err != nil {
		name = "" // goes on, so that it takes as long as any other wrong one
	}
	row, err := s.checked(ctx, name, password, from.Address)
	if err != nil {
		return "", err
	}
	return s.begin(ctx, row, NoFactor, from)
}

// Cast is what the rules judge when somebody takes a role of the demo.
func (s *Service) Cast(ctx context.Context) (policy.Resource, error) {
	var kind store.DeploymentKind
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		kind, err = store.KindOf(ctx, tx)
		return err
	})
	return policy.Resource{Type: "Cast", ID: "cast", Attrs: policy.Attrs{"data": string(kind)}}, err
}

// SignInAs begins a session without a password and without a second factor. It
// takes a permit for [ActTakeRole], which the rules give in a demo only.
func (s *Service) SignInAs(ctx context.Context, permit audit.Permit, account string) (string, error) {
	if !permit.Valid() || permit.Action() != ActTakeRole {
		return "", audit.ErrNoPermit
	}
	row, err := s.account(ctx, account)
	if err != nil {
		return "", err
	}
	if row.Disabled {
		return "", s.refuse(ctx, row.ID, "disabled", ErrSignIn)
	}
	return s.begin(ctx, row, RoleCard, From{})
}

func (s *Service) account(ctx context.Context, id string) (authdb.Account, error) {
	var row authdb.Account
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		row, err = authdb.New(tx).AccountByID(ctx, id)
		return err
	})
	return row, err
}

func (s *Service) begin(ctx context.Context, row authdb.Account, factor Factor, from From) (string, error) {
	var token string
	err := s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		token, err = s.beginIn(ctx, tx, row, factor, from)
		return err
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// beginIn begins a session within a transaction.
func (s *Service) beginIn(ctx context.Context, tx *store.Tx, row authdb.Account, factor Factor, from From) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	// Whoever signs in sweeps up what has ended.
	if err := sweep(ctx, tx); err != nil {
		return "", err
	}
	if err := authdb.New(tx).InsertSession(ctx, authdb.InsertSessionParams{
		TokenHash: hashToken(token), ID: id, AccountID: row.ID, CreatedAt: tx.Now(), SeenAt: tx.Now(),
		Factor: string(factor), StrongAt: sql.NullTime{Time: tx.Now(), Valid: factor != NoFactor}, Browser: from.Browser,
	}); err != nil {
		return "", err
	}
	e := audit.Of(policy.Actor{Account: row.ID, Kind: policy.Kind(row.Kind)}, ActSignIn, audit.Done, audit.Subject{Kind: "account", ID: row.ID})
	e.Reason = string(factor)
	return token, s.log.Append(tx, e)
}

// Session recognises a browser by its token. It returns [ErrNoSession] when
// the token opens nothing any more.
func (s *Service) Session(ctx context.Context, token string) (Session, error) {
	if token == "" {
		return Session{}, ErrNoSession
	}
	out, stale, err := s.recognise(ctx, token)
	if err != nil {
		return Session{}, err
	}
	if stale && !out.Locked && out.Stage == SignedIn {
		if err := s.touch(ctx, token); err != nil {
			return Session{}, err
		}
	}
	return out, nil
}

// Glance recognises a browser as [Service.Session] does, for what an open page asks by
// itself. It does not count as use of the session: a page that nobody looks at ends
// like any other.
func (s *Service) Glance(ctx context.Context, token string) (Session, error) {
	if token == "" {
		return Session{}, ErrNoSession
	}
	out, _, err := s.recognise(ctx, token)
	return out, err
}

// Whose tells whose browser sent a request that is refused whoever sent it. It
// does not count as use of the session: nobody else keeps it alive.
func (s *Service) Whose(ctx context.Context, token string) (policy.Actor, error) {
	if token == "" {
		return policy.Actor{}, ErrNoSession
	}
	out, _, err := s.recognise(ctx, token)
	if err == nil && out.Stage != SignedIn {
		err = ErrNoSession
	}
	if err != nil {
		return policy.Actor{}, err
	}
	return out.Actor, nil
}

func (s *Service) recognise(ctx context.Context, token string) (out Session, stale bool, err error) {
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).SessionAccount(ctx, hashToken(token))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		var alive bool
		if out, alive = asSession(row, tx.Now()); !alive {
			return ErrNoSession
		}
		stale = tx.Now().Sub(row.SeenAt) >= touchEvery
		if out.Stage != SignedIn {
			return nil // nothing is asked of the registers for somebody half known
		}
		work, err := s.work.AtWork(ctx, tx, row.AccountID)
		if err != nil {
			return err
		}
		out.Actor.Agency, out.Actor.Teams, out.Actor.Roles, out.Actor.Level = work.Agency, work.Teams, work.Roles, work.Level
		out.Actor.Place = work.Place
		return nil
	})
	return out, stale, err
}

func (s *Service) touch(ctx context.Context, token string) error {
	err := s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) error {
		return authdb.New(tx).TouchSession(ctx, authdb.TouchSessionParams{TokenHash: hashToken(token), SeenAt: tx.Now()})
	})
	if errors.Is(err, store.ErrFull) {
		return nil // one can still read; the idle time runs on
	}
	return err
}

// asSession is a stored session as it stands, and whether it is alive.
func asSession(row authdb.SessionAccountRow, now time.Time) (Session, bool) {
	ends, alive := lasts(row, now)
	s := Session{
		ID:      row.ID,
		Account: Account{ID: row.AccountID, Username: row.Username, Name: row.Name, Kind: policy.Kind(row.Kind), Disabled: row.Disabled},
		Actor:   policy.Actor{Account: row.AccountID, Kind: policy.Kind(row.Kind), Name: row.Name},
		Factor:  Factor(row.Factor), Locked: row.Locked, Ends: ends, Left: ends.Sub(now),
	}
	switch {
	case s.Factor != NoFactor:
	case row.Enrolled:
		s.Stage = GiveSecond
	default:
		s.Stage = EnrolSecond
	}
	// A role card proves nothing, so there is nothing to prove again.
	s.Recently = s.Factor == RoleCard || row.StrongAt.Valid && now.Sub(row.StrongAt.Time) < Recent
	return s, alive
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

// live reads a session for a change within a transaction. It returns
// [ErrNoSession].
func live(ctx context.Context, tx *store.Tx, token string) (Session, error) {
	row, err := authdb.New(tx).SessionAccount(ctx, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, ErrNoSession
	}
	if err != nil {
		return Session{}, err
	}
	s, alive := asSession(row, tx.Now())
	if !alive {
		return Session{}, ErrNoSession
	}
	return s, nil
}

// rotate gives a session that proved itself a new token: one that was seen
// before, or planted, opens nothing.
func rotate(ctx context.Context, tx *store.Tx, old string, factor Factor) (string, error) {
	token, err := newToken()
	if err != nil {
		return "", err
	}
	n, err := authdb.New(tx).RotateSession(ctx, authdb.RotateSessionParams{
		OldHash: hashToken(old), NewHash: hashToken(token), Factor: string(factor), StrongAt: sql.NullTime{Time: tx.Now(), Valid: true},
	})
	if err == nil && n == 0 {
		err = ErrNoSession
	}
	return token, err
}

// Extend keeps a session that is about to end for lack of use, and tells when
// it ends now.
func (s *Service) Extend(ctx context.Context, token string) (Session, error) {
	var out Session
	err := s.db.WriteTogether(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if out, err = live(ctx, tx, token); err != nil {
			return err
		}
		if out.Locked || out.Stage != SignedIn {
			return ErrNoSession
		}
		if err := authdb.New(tx).TouchSession(ctx, authdb.TouchSessionParams{TokenHash: hashToken(token), SeenAt: tx.Now()}); err != nil {
			return err
		}
		out, err = live(ctx, tx, token)
		return err
	})
	return out, err
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
func (s *Service) Unlock(ctx context.Context, token, password string, from From) error {
	sess, err := s.Session(ctx, token)
	if err != nil {
		return err
	}
	if _, err := s.checked(ctx, sess.Account.Username, password, from.Address); err != nil {
		return err
	}
	return s.setLocked(ctx, token, false)
}

func (s *Service) setLocked(ctx context.Context, token string, locked bool) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		sess, err := live(ctx, tx, token) // hiding the screen wakes nothing up
		if err != nil {
			return err
		}
		if err := authdb.New(tx).LockSession(ctx, authdb.LockSessionParams{TokenHash: hashToken(token), Locked: locked, SeenAt: tx.Now()}); err != nil {
			return err
		}
		e := audit.Of(policy.Actor{Account: sess.Account.ID, Kind: sess.Account.Kind}, ActLock, audit.Done)
		e.Reason = map[bool]string{true: "locked", false: "unlocked"}[locked]
		return s.log.Append(tx, e)
	})
}

// Own is one of somebody's own sessions, as a list shows it.
type Own struct {
	ID      string
	Began   time.Time
	Seen    time.Time
	Factor  Factor
	Browser string
	Locked  bool
	This    bool // the one that asks
}

// Sessions lists the sessions of the account that asks, the last used first.
func (s *Service) Sessions(ctx context.Context, token string) ([]Own, error) {
	var out []Own
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		this, err := signedIn(ctx, tx, token)
		if err != nil {
			return err
		}
		rows, err := authdb.New(tx).SessionsOf(ctx, this.Account.ID)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, alive := lasts(authdb.SessionAccountRow{CreatedAt: row.CreatedAt, SeenAt: row.SeenAt}, tx.Now()); !alive {
				continue
			}
			out = append(out, Own{
				ID: row.ID, Began: row.CreatedAt, Seen: row.SeenAt, Factor: Factor(row.Factor),
				Browser: row.Browser, Locked: row.Locked, This: row.ID == this.ID,
			})
		}
		return nil
	})
	return out, err
}

// ActEnd is the ending of a session from another one.
const ActEnd policy.Action = "account.end_session"

// EndSession ends one of one's own sessions, or with an empty id all but the
// one that asks. It returns [store.ErrNotFound] for one that is not there.
func (s *Service) EndSession(ctx context.Context, token, id string) error {
	return s.absent(ctx, token, ActEnd, s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		this, err := signedIn(ctx, tx, token)
		if err != nil {
			return err
		}
		q := authdb.New(tx)
		if id == "" {
			if _, err := q.DeleteOtherSessions(ctx, authdb.DeleteOtherSessionsParams{AccountID: this.Account.ID, TokenHash: hashToken(token)}); err != nil {
				return err
			}
		} else {
			n, err := q.DeleteSessionByID(ctx, authdb.DeleteSessionByIDParams{AccountID: this.Account.ID, ID: id})
			if err != nil {
				return err
			}
			if n == 0 {
				return store.ErrNotFound
			}
		}
		e := audit.Of(policy.Actor{Account: this.Account.ID, Kind: this.Account.Kind}, ActEnd, audit.Done, audit.Subject{Kind: "account", ID: this.Account.ID})
		e.Reason = map[bool]string{true: "all others", false: "one"}[id == ""]
		return s.log.Append(tx, e)
	}))
}

// absent records that somebody asked for what is not there, or not theirs:
// which of them is not said.
func (s *Service) absent(ctx context.Context, token string, act policy.Action, err error) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	sess, sessErr := s.Session(ctx, token)
	if sessErr != nil {
		return sessErr
	}
	e := audit.Of(sess.Actor, act, audit.Refused, audit.Subject{Kind: "account", ID: sess.Account.ID})
	e.Reason = "not there"
	if unkept := s.log.Record(ctx, e); unkept != nil {
		return unkept
	}
	return err
}

// signedIn is the live session of a token that has come all the way.
func signedIn(ctx context.Context, tx *store.Tx, token string) (Session, error) {
	s, err := live(ctx, tx, token)
	if err == nil && (s.Stage != SignedIn || s.Locked) {
		err = ErrNoSession
	}
	return s, err
}
