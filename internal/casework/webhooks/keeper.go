package webhooks

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/webhooks/webhooksdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "webhooks", Name: "Programs that were told that something happened"}
}

// Pieces are what programs of the agency were told. It says nothing but that.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := webhooksdb.New(tx).DeliveriesOfFile(ctx, webhooksdb.DeliveriesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	out := []cases.Piece{}
	for _, row := range rows {
		out = append(out, cases.Piece{
			Ref: row.ID, On: row.HappenedAt.Format(time.DateOnly), Title: "A program of the agency was told that something happened",
			Lines: []string{Event(row.Event).Label() + ": " + State(row.State).Label()},
		})
	}
	return out, 0, err
}

// Erase refuses: what says that a program was told stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy forgets what programs were told about the referrals of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := webhooksdb.New(tx)
	if err := q.DeleteTriesOfFile(ctx, webhooksdb.DeleteTriesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())}); err != nil {
		return nil, err
	}
	n, err := q.DeleteDeliveriesOfFile(ctx, webhooksdb.DeleteDeliveriesOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"notices to programs": n}, err
}
