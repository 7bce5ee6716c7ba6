package risk

import (
	"context"
	"errors"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// Digest is the level of the newest identification, with its day and when it is
// to be looked at again.
func (s *Service) Digest(ctx context.Context, tx *store.Tx, f *cases.File, _ time.Time) (cases.Digest, error) {
	d := cases.Digest{Heading: "Risk"}
	i, err := s.Latest(ctx, tx, f)
	if errors.Is(err, store.ErrNotFound) {
		d.Lines = []string{"Not identified. That is not a low risk."}
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Lines = []string{
		i.Danger.Label() + ", " + cases.DayInWords(i.RecordedAt.Format("2006-01-02")) + ".",
		"To be looked at again by " + cases.DayInWords(i.Finding.ReviewOn) + ".",
	}
	return d, nil
}
