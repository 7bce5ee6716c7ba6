package court

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// Digest is what is ahead in court in a case, and what protects the person.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, _ time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Courts and orders"}
	hearings, err := s.Hearings(ctx, tx, f)
	if err != nil {
		return d, err
	}
	for _, h := range hearings {
		if h.State != Ahead {
			continue
		}
		when := cases.DayInWords(h.On)
		if h.At != "" {
			when += ", " + h.At
		}
		d.Lines = append(d.Lines, when+": "+h.Court.Label()+". "+h.Words.Purpose)
	}
	orders, err := s.Orders(ctx, tx, f)
	for _, o := range orders {
		if o.State != Made {
			continue
		}
		line := s.KindLabel(o.Kind) + ": " + o.Words.Conditions
		if o.ServedOn == "" {
			line += " Not served, as far as is known."
		}
		if o.ExpiresOn != "" {
			line += " Until " + cases.DayInWords(o.ExpiresOn) + "."
		}
		d.Lines = append(d.Lines, line)
	}
	return d, err
}
