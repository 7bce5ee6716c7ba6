package directory

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Levels tells the training level that counts for an account on a day, 0 when
// there is none.
type Levels interface {
	// LevelColumn is the level of the account in another column, on the day that
	// is the parameter with a number, as a column of a statement.
	LevelColumn(account string, day int) string
	// Day is that parameter for a time.
	Day(on time.Time) string
}

// AtWork tells auth what an account does at work.
type AtWork struct{ Levels Levels }

var _ auth.AtWork = AtWork{}

// AtWork returns the agency, teams and roles of the account's membership and
// its training level on the day of the transaction; the zero Work when the
// account works nowhere, whatever its training. It runs one statement: every
// request begins with it.
func (w AtWork) AtWork(ctx context.Context, tx *store.Tx, account string) (out auth.Work, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT m.agency_id, m.roles, m.until, COALESCE(t.team_id, ''), a.name, COALESCE(n.name, ''), `+w.Levels.LevelColumn("m.account_id", 2)+`
FROM member m JOIN agency a ON a.id = m.agency_id
LEFT JOIN team_member t ON t.agency_id = m.agency_id AND t.account_id = m.account_id
LEFT JOIN team n ON n.agency_id = t.agency_id AND n.id = t.team_id
WHERE m.account_id = $1 AND m.ended_at IS NULL ORDER BY t.team_id`, account, w.Levels.Day(tx.Now()))
	if err != nil {
		return auth.Work{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var names []string
	for rows.Next() {
		var roles, team, agencyName, teamName string
		var until sql.NullTime
		if err := rows.Scan(&out.Agency, &roles, &until, &team, &agencyName, &teamName, &out.Level); err != nil {
			return auth.Work{}, fmt.Errorf("what an account does at work: %w", err)
		}
		if over(until, tx.Now()) {
			return auth.Work{}, nil
		}
		if out.Roles, err = readRoles(roles); err != nil {
			return auth.Work{}, err
		}
		if team != "" {
			out.Teams = append(out.Teams, team)
			names = append(names, teamName)
		}
		out.Place = agencyName
		if n := len(names); n == 1 || n == 2 {
			out.Place += " (" + strings.Join(names, ", ") + ")"
		}
	}
	return out, rows.Err()
}

// over tells whether a membership that was given for a time has run out.
func over(until sql.NullTime, now time.Time) bool { return until.Valid && !now.Before(until.Time) }

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

// OwnerOf is the agency of a team; of one that is not there, none, so that it
// is judged and answered as somebody else's is.
func OwnerOf(ctx context.Context, tx *store.Tx, id TeamID) (AgencyID, error) {
	agency, err := directorydb.New(tx).TeamOwner(ctx, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return AgencyID(agency), err
}

// missing gives the absence of a row its name while the transaction goes on.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}
