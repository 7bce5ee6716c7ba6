package main

import (
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

type maracCommand struct {
	Begin maracBeginCommand `cmd:"" help:"Make an agency a MARAC: what is referred to it comes to one of its teams. Its specialists and managers coordinate it, and change its settings on the pages."`
}

type maracBeginCommand struct {
	Agency string `arg:"" help:"Code of the agency that is the MARAC."`
	Team   string `help:"Code of its team to which cases are referred." required:"" placeholder:"CODE"`
	Since  string `help:"Day from which it goes by the published criteria, as 2026-01-31; today without it." placeholder:"DAY"`
	Women  int    `help:"Women of 16 and over who live in its area, for the national return." placeholder:"N"`
}

func (c maracBeginCommand) Run(s *shell) (err error) {
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
	team, err := w.directory.TeamByCode(s.ctx, operator, a.ID, c.Team)
	if err != nil {
		return fmt.Errorf("team %s: %w", c.Team, err)
	}
	if c.Since == "" {
		c.Since = store.Moment(w.db.Clock()()).In(w.marac.Zone()).Format(time.DateOnly)
	}
	m := marac.Norms(string(a.ID), string(team.ID))
	m.Women = c.Women
	err = w.marac.SetUp(s.ctx, operator, m, marac.Published(c.Since))
	if errors.Is(err, store.ErrExists) {
		return fmt.Errorf("%w: agency %s is a MARAC already", errRefused, a.Code)
	}
	if wrong, is := forms.AsErrors(err); is {
		for _, e := range wrong.List() {
			fmt.Fprintf(s.out, "refused: %s: %s\n", e.Field, e.Message)
		}
		return fmt.Errorf("%w: agency %s was not made a MARAC", errRefused, a.Code)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Agency %s is a MARAC. What is referred to it comes to team %s.\n", a.Code, team.Code)
	return err
}
