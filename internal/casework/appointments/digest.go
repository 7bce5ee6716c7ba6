package appointments

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// Digest is what is booked in a case until a moment. Where somebody is met that
// is no place of the agency stands nowhere.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, until time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Appointments"}
	list, err := s.Ahead(ctx, tx, f)
	if err != nil || len(list) == 0 {
		return d, err
	}
	places, err := s.places(ctx, tx, f.Agency())
	if err != nil {
		return d, err
	}
	for _, a := range list {
		if !a.Open() || a.Starts.After(until) {
			continue
		}
		line := a.Starts.In(s.cfg.Zone).Format("Monday 2 January 2006, 15:04") + ": " + a.Way.Label()
		if i := slices.IndexFunc(places, func(p Place) bool { return p.ID == a.Place }); i >= 0 {
			line += ", " + places[i].Name
		}
		if a.MustMove {
			line += ". To be moved: it is not safe as it is"
		}
		d.Lines = append(d.Lines, line+".")
	}
	return d, nil
}
