package main

import (
	"errors"
	"fmt"

	"waymark/internal/platform/measures"
)

type measuresCommand struct {
	From   string `help:"First day of the period, as 2026-01-31; a year before the last without it." placeholder:"DAY"`
	To     string `help:"Last day of the period; today without it." placeholder:"DAY"`
	Format string `help:"${enum}." enum:"table,csv,json" default:"table"`
	Exact  bool   `help:"Print exact figures. They are for use inside the partnership: without this, small numbers are suppressed and the others rounded."`
}

func (c measuresCommand) Run(s *shell) (err error) {
	w, err := s.open(false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	period := w.registry.YearTo(w.db.Clock()())
	if c.From != "" {
		period.From = c.From
	}
	if c.To != "" {
		period.To = c.To
	}
	if period, err = measures.ParsePeriod(period.From, period.To); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	results, err := w.counter.Count(s.ctx, s.operator(), measures.Query{Period: period, Exact: c.Exact})
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		return measures.WriteJSON(s.out, results)
	case "csv":
		return measures.WriteCSV(s.out, results)
	}
	return measures.WriteTable(s.out, results)
}
