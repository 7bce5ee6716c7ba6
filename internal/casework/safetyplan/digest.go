package safetyplan

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Digest is the newest version of the plan with the steps to do, without what
// is kept apart, and without any line in which that or a postcode stands. Of a
// file that has no plan, or may have none, there is nothing.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, _ time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Safety plan"}
	if !s.cases.May(f, ActRead) {
		return d, nil
	}
	p, err := s.Latest(ctx, tx, f)
	if errors.Is(err, store.ErrNotFound) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	apart, err := s.apart(ctx, tx, f, p.ID)
	if err != nil {
		return d, err
	}
	steps, err := s.Steps(ctx, tx, f)
	if err != nil {
		return d, err
	}
	d.Heading = fmt.Sprintf("Safety plan, version %d, %s", p.Number, cases.DayInWords(p.RecordedAt.Format(time.DateOnly)))
	var hidden secrets
	for _, link := range s.frame.apart {
		hidden.apart(apart.Text(link))
	}
	keep := func(line string) {
		if !hidden.in(line) && !people.TellsPlace(line) {
			d.Lines = append(d.Lines, line)
		}
	}
	for _, line := range said(p.Response.Items) {
		keep(line)
	}
	for _, step := range steps {
		if step.State == StepOpen {
			keep("To do by " + cases.DayInWords(step.DueOn) + ": " + step.What + " (" + step.Owner.Label() + ")")
		}
	}
	return d, nil
}
