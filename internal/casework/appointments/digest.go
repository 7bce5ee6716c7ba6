package appointments

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// Digest is when the person is met until a moment, and whether that must be
// another time. It says nothing of where: that can be an address.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, until time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Appointments"}
	list, err := s.Ahead(ctx, tx, f)
	for _, a := range list {
		if a.State != Booked || !a.Starts.Before(until) {
			continue
		}
		line := s.when(a)
		if a.MustMove {
			line += " To be moved: they would meet."
		}
		d.Lines = append(d.Lines, line)
	}
	return d, err
}
