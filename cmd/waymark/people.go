package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

type agencyCommand struct {
	Add agencyAddCommand `cmd:"" help:"Add an agency."`
}

type agencyAddCommand struct {
	Code   string `arg:"" help:"Short name of letters, digits and hyphens, such as county-hospital."`
	Name   string `arg:"" help:"The name people know it by."`
	Sector string `help:"${sectors}" required:"" placeholder:"SECTOR"`
}

func (c agencyAddCommand) Run(s *shell) (err error) {
	sector, err := directory.ParseSector(c.Sector)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	a, err := w.directory.AddAgency(s.ctx, s.operator(), directory.NewAgency{Code: c.Code, Name: c.Name, Sector: sector})
	if err != nil {
		return refusal(err)
	}
	_, err = fmt.Fprintf(s.out, "Agency %s was added.\n", a.Code)
	return err
}

// refusal lists what is wrong with what was given.
func refusal(err error) error {
	invalid, ok := directory.IsInvalid(err)
	if !ok {
		return err
	}
	var lines []string
	for field, message := range invalid {
		lines = append(lines, field+": "+message)
	}
	slices.Sort(lines)
	return fmt.Errorf("%w: %s", errRefused, strings.Join(lines, "; "))
}

type teamCommand struct {
	Add teamAddCommand `cmd:"" help:"Add a team to an agency."`
}

type teamAddCommand struct {
	Code           string `arg:"" help:"Short name, unique in the agency."`
	Name           string `arg:"" help:"The name people know it by."`
	Agency         string `help:"Code of the agency." required:"" placeholder:"CODE"`
	TakesReferrals bool   `help:"Other agencies may send referrals to the inbox of this team."`
}

func (c teamAddCommand) Run(s *shell) (err error) {
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	operator := s.operator()
	a, err := w.directory.AgencyByCode(s.ctx, operator, c.Agency)
	if err != nil {
		return fmt.Errorf("agency %s: %w", c.Agency, err)
	}
	team, err := w.directory.AddTeam(s.ctx, operator, directory.NewTeam{Agency: a.ID, Code: c.Code, Name: c.Name, TakesReferrals: c.TakesReferrals})
	if err != nil {
		return refusal(err)
	}
	_, err = fmt.Fprintf(s.out, "Team %s was added to agency %s.\n", team.Code, a.Code)
	return err
}

type userCommand struct {
	Add userAddCommand `cmd:"" help:"Add somebody who signs in, and print their one-time link."`
}

type userAddCommand struct {
	Username  string   `arg:"" help:"Name to sign in with."`
	Name      string   `arg:"" help:"The name colleagues know them by."`
	Agency    string   `help:"Code of the agency." required:"" placeholder:"CODE"`
	Team      []string `help:"Code of a team of the agency; may be given several times." placeholder:"CODE"`
	Role      []string `help:"${roles}; may be given several times." required:"" placeholder:"ROLE"`
	Level     int      `help:"Training level, 1 to 4." placeholder:"N"`
	TrainedOn string   `help:"Day the level was reached, as 2026-01-31; today without it." placeholder:"DAY"`
	Expires   string   `help:"Day the level lapses." placeholder:"DAY"`
	Service   bool     `help:"The account is a program's. It can never acknowledge a share."`
}

func (c userAddCommand) Run(s *shell) (err error) {
	n := directory.NewUser{Username: c.Username, Name: c.Name, Kind: policy.Human}
	if c.Service {
		n.Kind = policy.Service
	}
	for _, text := range c.Role {
		role, err := policy.ParseRole(text)
		if err != nil {
			return fmt.Errorf("%w: %w", errUsage, err)
		}
		n.Roles = append(n.Roles, role)
	}
	w, err := s.open(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	operator := s.operator()
	a, err := w.directory.AgencyByCode(s.ctx, operator, c.Agency)
	if err != nil {
		return fmt.Errorf("agency %s: %w", c.Agency, err)
	}
	n.Agency = a.ID
	for _, code := range c.Team {
		team, err := w.directory.TeamByCode(s.ctx, operator, a.ID, code)
		if err != nil {
			return fmt.Errorf("team %s: %w", code, err)
		}
		n.Teams = append(n.Teams, team.ID)
	}
	if c.Level != 0 {
		day := c.TrainedOn
		if day == "" {
			day = w.db.Clock()().Format("2006-01-02")
		}
		n.Training = &directory.Trained{Level: c.Level, AchievedOn: day, ExpiresOn: c.Expires, Source: "stated by the operator"}
	}
	added, err := w.directory.AddUser(s.ctx, operator, n)
	if err != nil {
		return refusal(err)
	}
	_, err = fmt.Fprintf(s.out, "User %s was added. This link, on the address of the service, lets them set a password; it works once, for three days:\n/welcome/%s\n", added.Account.Username, added.Token)
	return err
}
