package letters

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/letters/lettersdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "letters", Name: "Letters and messages"} }

// Pieces are the letters of a file.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	list, err := s.List(ctx, tx, f, 1000)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, l := range list {
		p := cases.Piece{Ref: string(l.ID), On: l.MadeAt.Format(time.DateOnly), Title: "Letter or message, " + l.Way.Label()}
		for _, line := range []string{l.State.Label(), l.Subject, l.Body, l.Why} {
			if line != "" {
				p.Lines = append(p.Lines, line)
			}
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// Erase refuses: a letter stands as it was written.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the letters of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := lettersdb.New(tx).DeleteOf(ctx, lettersdb.DeleteOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"letters and messages": n}, err
}
