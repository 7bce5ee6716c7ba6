package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Levels tells the training level that counts for an account on a day, 0 when
// there is none.
type Levels interface {
	LevelOn(ctx context.Context, tx *store.Tx, account string, on time.Time) (int, error)
}

// AtWork tells auth what an account does at work.
type AtWork struct{ Levels Levels }

var _ auth.AtWork = AtWork{}

// AtWork returns the agency, teams and roles of the account's membership and
// its training level on the day of the transaction; the zero Work when the
// account works nowhere, whatever its training. It runs three statements at
// most: every request begins with it.
func (w AtWork) AtWork(ctx context.Context, tx *store.Tx, account string) (auth.Work, error) {
	q := directorydb.New(tx)
	row, err := q.CurrentMember(ctx, account)
	if errors.Is(err, sql.ErrNoRows) {
		return auth.Work{}, nil
	}
	if err != nil {
		return auth.Work{}, err
	}
	roles, err := readRoles(row.Roles)
	if err != nil {
		return auth.Work{}, err
	}
	teams, err := q.TeamsOf(ctx, directorydb.TeamsOfParams{AgencyID: row.AgencyID, AccountID: account})
	if err != nil {
		return auth.Work{}, err
	}
	level, err := w.Levels.LevelOn(ctx, tx, account, tx.Now())
	if err != nil {
		return auth.Work{}, fmt.Errorf("the training level of an account: %w", err)
	}
	return auth.Work{Agency: row.AgencyID, Teams: teams, Roles: roles, Level: level}, nil
}

// readRoles reads stored roles. A role that this version does not know is an
// error: what it stands for cannot be guessed.
func readRoles(text string) ([]policy.Role, error) {
	roles, err := ParseRoles(text)
	if err != nil {
		return nil, fmt.Errorf("the roles of a member: %w", err)
	}
	return roles, nil
}

// AgencyOf tells where an account works now, [store.ErrNotFound] when nowhere.
// It gives an identifier and nothing of the person: what must be known before a
// rule can judge.
func AgencyOf(ctx context.Context, tx *store.Tx, account string) (AgencyID, error) {
	row, err := directorydb.New(tx).CurrentMember(ctx, account)
	return AgencyID(row.AgencyID), missing(err)
}

// AgencyIn reads an agency inside a transaction; agencies are open data. It
// returns [store.ErrNotFound].
func AgencyIn(ctx context.Context, tx *store.Tx, id AgencyID) (Agency, error) {
	row, err := directorydb.New(tx).AgencyByID(ctx, string(id))
	return asAgency(row), missing(err)
}

// TeamIn reads a team of an agency inside a transaction; teams are open data.
// It returns [store.ErrNotFound].
func TeamIn(ctx context.Context, tx *store.Tx, agency AgencyID, id TeamID) (Team, error) {
	row, err := directorydb.New(tx).TeamByID(ctx, directorydb.TeamByIDParams{AgencyID: string(agency), ID: string(id)})
	return asTeam(row), missing(err)
}

// missing gives the absence of a row its name while the transaction goes on.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
