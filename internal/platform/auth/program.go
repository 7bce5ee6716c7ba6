package auth

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth/authdb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// The actions of programs' tokens, for the ledger.
const (
	ActGiveToken   policy.Action = "account.give_token"
	ActRevokeToken policy.Action = "account.revoke_token"
)

// tokenMark begins every token of a program, so that one which got into a
// repository or a log is known for what it is.
const tokenMark = "waymark_"

// NewServiceToken is what is needed for a program's token.
type NewServiceToken struct {
	Account string
	Agency  string
	Name    string
	Actions []policy.Action
	Ends    time.Time
	// Client makes it the secret of a client, which opens nothing by itself.
	Client bool
}

// ServiceToken is one as a list shows it.
type ServiceToken struct {
	ID      string
	Name    string
	Client  bool
	Actions []policy.Action
	Made    time.Time
	Ends    time.Time
	Revoked bool
}

// The kinds of what a program proves itself with.
const (
	tokenKind  = "token"
	clientKind = "client"
)

// GiveToken makes a token, or the secret of a client, and returns it with its
// id. Whoever calls it has judged what it may be for.
func (s *Service) GiveToken(ctx context.Context, tx *store.Tx, permit audit.Permit, n NewServiceToken) (id, token string, err error) {
	if !permit.Valid() {
		return "", "", audit.ErrNoPermit
	}
	if id, err = tx.NewID(); err != nil {
		return "", "", err
	}
	if token, err = newToken(); err != nil {
		return "", "", err
	}
	kind := tokenKind
	if n.Client {
		kind = clientKind
	}
	token = tokenMark + token
	actions := joined(n.Actions)
	if err := authdb.New(tx).InsertServiceToken(ctx, authdb.InsertServiceTokenParams{
		AccountID: n.Account, ID: id, AgencyID: n.Agency, Name: n.Name, Actions: actions, TokenHash: hashToken(token),
		CreatedBy: permit.Actor().Account, CreatedAt: tx.Now(), ExpiresAt: n.Ends, Kind: kind,
	}); err != nil {
		return "", "", err
	}
	return id, token, permit.Append(tx, ActGiveToken, actions, audit.Subject{Kind: "account", ID: n.Account})
}

// RevokeToken takes one back. It returns [store.ErrNotFound].
func (s *Service) RevokeToken(ctx context.Context, tx *store.Tx, permit audit.Permit, account, id string) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	n, err := authdb.New(tx).RevokeServiceToken(ctx, authdb.RevokeServiceTokenParams{
		AccountID: account, ID: id, RevokedAt: sql.NullTime{Time: tx.Now(), Valid: true},
	})
	if err == nil && n == 0 {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	return permit.Append(tx, ActRevokeToken, "", audit.Subject{Kind: "account", ID: account})
}

// Tokens lists the tokens of a program, the latest first.
func (s *Service) Tokens(ctx context.Context, permit audit.Permit, account string) ([]ServiceToken, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	var out []ServiceToken
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := authdb.New(tx).ServiceTokensOf(ctx, account)
		for _, row := range rows {
			out = append(out, ServiceToken{
				ID: row.ID, Name: row.Name, Client: row.Kind == clientKind, Actions: actionsOf(row.Actions), Made: row.CreatedAt, Ends: row.ExpiresAt, Revoked: row.RevokedAt.Valid,
			})
		}
		return err
	})
	return out, err
}

func actionsOf(text string) []policy.Action {
	var out []policy.Action
	for _, a := range strings.Fields(text) {
		out = append(out, policy.Action(a))
	}
	return out
}

// Program recognises a program by its token, which every rule knows. It returns [ErrNoSession] for one
// that is not there, has ended, or belongs to an agency where the program does
// not work any more.
func (s *Service) Program(ctx context.Context, token string) (policy.Actor, error) {
	if !strings.HasPrefix(token, tokenMark) {
		return policy.Actor{}, ErrNoSession
	}
	var out policy.Actor
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := programOf(ctx, tx, token)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNoSession
		}
		if err != nil {
			return err
		}
		if row.RevokedAt.Valid || row.Disabled || row.Kind != string(policy.Service) || !tx.Now().Before(row.ExpiresAt) {
			return ErrNoSession
		}
		work, err := s.work.AtWork(ctx, tx, row.AccountID)
		if err != nil {
			return err
		}
		if work.Agency == "" || work.Agency != row.AgencyID {
			return ErrNoSession
		}
		out = policy.Actor{
			Account: row.AccountID, Kind: policy.Service, Name: row.Name,
			Agency: work.Agency, Teams: work.Teams, Roles: work.Roles, Level: work.Level, Only: actionsOf(row.Actions),
		}
		return nil
	})
	return out, err
}

// Worker is somebody who works here, as rules know them, for what acts in their
// name while they are not signed in. It returns [ErrNoSession] for an account
// that is suspended, that is a program's, or that works nowhere.
func (s *Service) Worker(ctx context.Context, account string) (policy.Actor, error) {
	var out policy.Actor
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := authdb.New(tx).AccountByID(ctx, account)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if err != nil || row.Disabled || row.Kind != string(policy.Human) {
			return ErrNoSession
		}
		work, err := s.work.AtWork(ctx, tx, row.ID)
		if err == nil && work.Agency == "" {
			err = ErrNoSession
		}
		out = policy.Actor{Account: row.ID, Kind: policy.Human, Name: row.Name, Agency: work.Agency, Teams: work.Teams, Roles: work.Roles, Level: work.Level}
		return err
	})
	return out, err
}
