package demo

import (
	"context"
	"fmt"
	"math/rand/v2"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// Deps are the capabilities the county is made with.
type Deps struct {
	Clock     *Clock
	Directory *directory.Register
}

// operator makes the county's agencies and accounts, as the command line does.
var operator = policy.Actor{Account: "operator:demo", Kind: policy.Operator, Name: "demo"}

// county is the county while it is being made.
type county struct {
	Deps
	random  *rand.Rand
	actors  map[string]policy.Actor
	agency  map[string]directory.Agency
	teams   map[string]directory.Team // by "agency/team"
	members map[string]Member
}

// Seed makes the county in an empty database. The same seed makes the same
// county.
func Seed(ctx context.Context, d Deps, seed uint64) error {
	c := &county{
		Deps: d, random: rand.New(rand.NewPCG(seed, seed)), //nolint:gosec // the point is that it repeats
		actors: map[string]policy.Actor{}, agency: map[string]directory.Agency{}, teams: map[string]directory.Team{}, members: map[string]Member{},
	}
	if err := c.staff(ctx); err != nil {
		return fmt.Errorf("making the demo: %w", err)
	}
	return nil
}

// staff makes the agencies, their teams and the people at work.
func (c *county) staff(ctx context.Context) error {
	for _, a := range agencies {
		made, err := c.Directory.AddAgency(ctx, operator, directory.NewAgency{Code: a.code, Name: a.name, Sector: a.sector})
		if err != nil {
			return err
		}
		c.agency[a.code] = made
		for _, t := range a.teams {
			team, err := c.Directory.AddTeam(ctx, operator, directory.NewTeam{Agency: made.ID, Code: t.code, Name: t.name, TakesReferrals: t.takesReferrals})
			if err != nil {
				return err
			}
			c.teams[a.code+"/"+t.code] = team
		}
	}
	for _, m := range Cast {
		n := directory.NewUser{Agency: c.agency[m.Agency].ID, Username: m.Username, Name: m.Name, Roles: m.Roles}
		actor := policy.Actor{Kind: policy.Human, Name: m.Name, Agency: string(n.Agency), Roles: m.Roles, Level: m.Level}
		for _, code := range m.Teams {
			team := c.teams[m.Agency+"/"+code]
			n.Teams = append(n.Teams, team.ID)
			actor.Teams = append(actor.Teams, string(team.ID))
		}
		if m.Level > 0 {
			reached := c.Clock.Now().AddDate(0, -1-c.random.IntN(18), 0)
			n.Training = &directory.Trained{Level: m.Level, AchievedOn: reached.Format("2006-01-02"), Source: "Exmoorland training programme (fictional)"}
		}
		added, err := c.Directory.AddUser(ctx, operator, n)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Username, err)
		}
		actor.Account = added.Account.ID
		c.actors[m.Username], c.members[m.Username] = actor, m
	}
	return nil
}
