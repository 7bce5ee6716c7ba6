package agreements

import (
	"context"
	"fmt"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/agreements/agreementsdb"
	"waymark/internal/registers/directory"
)

// Places are the agencies and teams that clauses can name.
type Places struct{ rows []agreementsdb.PlacesRow }

// Places reads them; they are open data.
func (r *Register) Places(ctx context.Context, actor policy.Actor) (Places, error) {
	if _, err := r.guard.Act(ctx, actor, ActList, register(actor.Agency), true); err != nil {
		return Places{}, err
	}
	var p Places
	err := r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		p.rows, err = agreementsdb.New(tx).Places(ctx)
		return err
	})
	return p, err
}

// Place is an agency, or a team of it.
type Place struct {
	directory.Place
	Code string // as files have it
	Name string
}

// All are the agencies by name, each with its teams behind it.
func (p Places) All() []Place {
	var out []Place
	for i, row := range p.rows {
		if i == 0 || p.rows[i-1].ID != row.ID {
			out = append(out, Place{directory.Place{Agency: directory.AgencyID(row.ID)}, row.Code, row.Name})
		}
		if row.TeamID != "" {
			at := directory.Place{Agency: directory.AgencyID(row.ID), Team: directory.TeamID(row.TeamID)}
			out = append(out, Place{at, row.Code + "/" + row.TeamCode, row.TeamName + ", " + row.Name})
		}
	}
	return out
}

func (p Places) find(agency directory.AgencyID, team directory.TeamID) (Place, bool) {
	for _, one := range p.All() {
		if one.Agency == agency && one.Team == team {
			return one, true
		}
	}
	return Place{}, false
}

// Name puts an agency, or a team of it, into words. It is a [Names].
func (p Places) Name(agency directory.AgencyID, team directory.TeamID) string {
	if one, ok := p.find(agency, team); ok {
		return one.Name
	}
	return "an agency that is not in the directory"
}

// Code is what a file calls it.
func (p Places) Code(agency directory.AgencyID, team directory.TeamID) string {
	one, _ := p.find(agency, team)
	return one.Code
}

// Find is the agency with a code, and the team of it with another where one is
// given.
func (p Places) Find(agency, team string) (directory.AgencyID, directory.TeamID, error) {
	for _, row := range p.rows {
		if row.Code == agency && (team == "" || row.TeamCode == team) {
			if team == "" {
				return directory.AgencyID(row.ID), "", nil
			}
			return directory.AgencyID(row.ID), directory.TeamID(row.TeamID), nil
		}
	}
	return "", "", fmt.Errorf("there is no such agency or team: %w", store.ErrNotFound)
}
