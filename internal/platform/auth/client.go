package auth

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// AccessLasts is how long a token lasts that a client got with its secret.
const AccessLasts = 10 * time.Minute

// ActGetAccess is the getting of one, for the ledger.
const ActGetAccess policy.Action = "account.get_access"

var (
	// ErrClient is returned for a client that is not there, is closed, or whose
	// secret is another: which of them is not said.
	ErrClient = errors.New("the client or its secret is not right")
	// ErrScope is returned when a client asks for what it was not given.
	ErrScope = errors.New("the client was not given that scope")
)

// accessMark begins every access token, after the mark of all tokens.
const accessMark = tokenMark + "access_"

// Access is a token that a client got.
type Access struct {
	Token   string
	Actions []policy.Action
	Lasts   time.Duration
}

// programOf finds what a token of a program is for: one that opens by itself, or
// one that a client got.
func programOf(ctx context.Context, tx *store.Tx, token string) (authdb.ServiceTokenRow, error) {
	q := authdb.New(tx)
	if !strings.HasPrefix(token, accessMark) {
		return q.ServiceToken(ctx, hashToken(token))
	}
	row, err := q.AccessToken(ctx, hashToken(token))
	ends := row.ExpiresAt
	if row.ClientEnds.Before(ends) {
		ends = row.ClientEnds
	}
	return authdb.ServiceTokenRow{
		AccountID: row.AccountID, ID: row.ID, AgencyID: row.AgencyID, Actions: row.Actions, ExpiresAt: ends, RevokedAt: row.RevokedAt,
		Name: row.Name, Kind: row.Kind, Disabled: row.Disabled,
	}, err
}

// GetAccess checks the secret of a client and gives it a token for some of what
// it was given, or for all of it when nothing is asked for by name. Trying is
// slowed down for each client and each network, and whatever is wrong is done,
// recorded and answered alike. It returns [ErrClient], [ErrScope] and [ErrTooMany].
func (s *Service) GetAccess(ctx context.Context, client, secret string, scope []policy.Action, from From) (Access, error) {
	if len(client) > 100 {
		client = "" // no client of ours; counted under its network
	}
	// A program that tries wrongly keeps nobody from signing in who shares its
	// address, nor the other way round.
	keys := []string{"client from:" + network(from.Address), "client:" + client}
	try, err := s.take(ctx, keys...)
	if err != nil {
		return Access{}, err
	}
	var row authdb.ServiceClientRow
	var open bool
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		row, err = authdb.New(tx).ServiceClient(ctx, client)
		if errors.Is(err, sql.ErrNoRows) {
			row, err = authdb.ServiceClientRow{}, nil // compared all the same
		}
		if err != nil {
			return err
		}
		work, err := s.work.AtWork(ctx, tx, row.AccountID)
		open = row.ID != "" && !row.RevokedAt.Valid && !row.Disabled && row.Kind == string(policy.Service) &&
			tx.Now().Before(row.ExpiresAt) && work.Agency != "" && work.Agency == row.AgencyID
		return err
	})
	if err != nil {
		return Access{}, err
	}
	kept := row.TokenHash
	if len(kept) == 0 {
		kept = make([]byte, len(hashToken("")))
	}
	if match := subtle.ConstantTimeCompare(kept, hashToken(secret)) == 1; !match || !open {
		subject := row.AccountID
		if subject == "" {
			subject = audit.Nobody
		}
		if err := s.log.Record(ctx, refused(subject, ActGetAccess, "wrong client or secret")); err != nil {
			return Access{}, err
		}
		return Access{}, ErrClient
	}
	given := actionsOf(row.Actions)
	if len(scope) == 0 {
		scope = given
	}
	for _, a := range scope {
		if !slices.Contains(given, a) {
			return Access{}, errors.Join(ErrScope, s.db.WriteTogether(ctx, try.giveBack))
		}
	}
	token, err := newToken()
	if err != nil {
		return Access{}, err
	}
	out := Access{Token: accessMark + token, Actions: scope, Lasts: AccessLasts}
	return out, s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := authdb.New(tx)
		if err := q.DeleteAccessTokensBefore(ctx, tx.Now()); err != nil {
			return err
		}
		if err := try.giveBack(ctx, tx); err != nil {
			return err
		}
		err := q.InsertAccessToken(ctx, authdb.InsertAccessTokenParams{
			AccountID: row.AccountID, TokenHash: hashToken(out.Token), ClientID: row.ID, Actions: joined(scope), ExpiresAt: tx.Now().Add(AccessLasts),
		})
		if err != nil {
			return err
		}
		program := policy.Actor{Account: row.AccountID, Kind: policy.Service, Agency: row.AgencyID}
		e := audit.Of(program, ActGetAccess, audit.Done, audit.Subject{Kind: "account", ID: row.AccountID})
		e.Reason = joined(scope)
		return s.log.Append(tx, e)
	})
}

func joined(actions []policy.Action) string {
	words := make([]string, len(actions))
	for i, a := range actions {
		words[i] = string(a)
	}
	return strings.Join(words, " ")
}
