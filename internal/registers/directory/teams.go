package directory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory/directorydb"
)

// Team is a part of an agency with an inbox of its own.
type Team struct {
	ID             TeamID
	Agency         AgencyID
	Code           string // short, unique in the agency
	Name           string
	TakesReferrals bool // other agencies may send to its inbox
	CreatedAt      time.Time
	Version        int64
}

// NewTeam is what is needed to add a team. Its faults are those of the fields
// code and name.
type NewTeam struct {
	Agency         AgencyID
	Code           string
	Name           string
	TakesReferrals bool
}

// AddTeam adds a team to an agency. It returns [Invalid], and
// [store.ErrNotFound] when there is no such agency.
func (r *Register) AddTeam(ctx context.Context, actor policy.Actor, n NewTeam) (Team, error) {
	permit, err := r.guard.Act(ctx, actor, ActAddTeam, agencyResource(n.Agency), true, subjects(ofAgency(n.Agency))...)
	if err != nil {
		return Team{}, err
	}
	wrong := Invalid{}
	code, fault := cleanCode(n.Code, "duty-desk")
	wrong.Note("code", fault)
	name, fault := cleanName(n.Name, "team")
	wrong.Note("name", fault)
	if err := wrong.OrNil(); err != nil {
		return Team{}, err
	}
	var t Team
	err = r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := AgencyIn(ctx, tx, n.Agency); err != nil {
			return err
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		t = Team{
			ID: TeamID(id), Agency: n.Agency, Code: code, Name: name, TakesReferrals: n.TakesReferrals,
			CreatedAt: tx.Now(), Version: 1,
		}
		err = directorydb.New(tx).InsertTeam(ctx, directorydb.InsertTeamParams{
			AgencyID: string(t.Agency), ID: id, Code: t.Code, Name: t.Name, TakesReferrals: t.TakesReferrals, CreatedAt: t.CreatedAt,
		})
		if errors.Is(err, store.ErrExists) {
			return Invalid{"code": fmt.Sprintf("The agency already has a team with the code %s. Enter a different code", t.Code)}
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActAddTeam, "", ofAgency(t.Agency), ofTeam(t.ID))
	})
	if err != nil {
		return Team{}, err
	}
	return t, nil
}

// TeamDetails is what can be changed about a team. Its fault is that of the
// field name.
type TeamDetails struct {
	Name           string
	TakesReferrals bool
}

// ChangeTeam renames a team, and opens or closes its inbox to other agencies.
// It returns [Invalid], and [store.ErrConflict] when the team is not at the
// given version any more.
func (r *Register) ChangeTeam(ctx context.Context, actor policy.Actor, agency AgencyID, id TeamID, version int64, d TeamDetails) error {
	permit, err := r.guard.Act(ctx, actor, ActChangeTeam, teamResource(agency, id), true, subjects(ofAgency(agency), ofTeam(id))...)
	if err != nil {
		return err
	}
	name, fault := cleanName(d.Name, "team")
	if fault != "" {
		return Invalid{"name": fault}
	}
	return r.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := TeamIn(ctx, tx, agency, id); err != nil {
			return err
		}
		err := store.Changed(directorydb.New(tx).ChangeTeam(ctx, directorydb.ChangeTeamParams{
			AgencyID: string(agency), ID: string(id), Name: name, TakesReferrals: d.TakesReferrals, Version: version,
		}))
		if err != nil {
			return err
		}
		return permit.Append(tx, ActChangeTeam, "", ofAgency(agency), ofTeam(id))
	})
}

// Team returns a team. It returns [store.ErrNotFound].
func (r *Register) Team(ctx context.Context, actor policy.Actor, agency AgencyID, id TeamID) (Team, error) {
	var row directorydb.Team
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		row, err = q.TeamByID(ctx, directorydb.TeamByIDParams{AgencyID: string(agency), ID: string(id)})
		return err
	})
	return asTeam(row), err
}

// TeamByCode returns the team of an agency with a code. It returns
// [store.ErrNotFound].
func (r *Register) TeamByCode(ctx context.Context, actor policy.Actor, agency AgencyID, code string) (Team, error) {
	var row directorydb.Team
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		row, err = q.TeamByCode(ctx, directorydb.TeamByCodeParams{AgencyID: string(agency), Code: strings.ToLower(strings.TrimSpace(code))})
		return err
	})
	return asTeam(row), err
}

// Teams lists the teams of an agency by name.
func (r *Register) Teams(ctx context.Context, actor policy.Actor, agency AgencyID, page Page) (List[Team], error) {
	var rows []directorydb.Team
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		rows, err = q.Teams(ctx, directorydb.TeamsParams{AgencyID: string(agency), After: page.After, Size: page.more()})
		return err
	})
	return listOf(page, rows, asTeam, func(t Team) string { return string(t.ID) }), err
}

// ReferralTeam is a team that other agencies can refer to.
type ReferralTeam struct {
	Team
	AgencyName string
	Sector     Sector
}

// TeamsTakingReferrals lists the teams that take referrals, of all agencies, by
// the names of agency and team.
func (r *Register) TeamsTakingReferrals(ctx context.Context, actor policy.Actor, page Page) (List[ReferralTeam], error) {
	afterAgency, afterTeam, _ := strings.Cut(page.After, "/")
	var rows []directorydb.TeamsTakingReferralsRow
	err := r.read(ctx, actor, func(ctx context.Context, q *directorydb.Queries) (err error) {
		rows, err = q.TeamsTakingReferrals(ctx, directorydb.TeamsTakingReferralsParams{
			AfterAgency: afterAgency, AfterTeam: afterTeam, Size: page.more(),
		})
		return err
	})
	item := func(row directorydb.TeamsTakingReferralsRow) ReferralTeam {
		return ReferralTeam{
			Team: Team{
				ID: TeamID(row.ID), Agency: AgencyID(row.AgencyID), Code: row.Code, Name: row.Name,
				TakesReferrals: row.TakesReferrals, CreatedAt: row.CreatedAt, Version: row.Version,
			},
			AgencyName: row.AgencyName, Sector: Sector(row.Sector),
		}
	}
	return listOf(page, rows, item, func(t ReferralTeam) string { return string(t.Agency) + "/" + string(t.ID) }), err
}

func asTeam(row directorydb.Team) Team {
	return Team{
		ID: TeamID(row.ID), Agency: AgencyID(row.AgencyID), Code: row.Code, Name: row.Name,
		TakesReferrals: row.TakesReferrals, CreatedAt: row.CreatedAt, Version: row.Version,
	}
}
