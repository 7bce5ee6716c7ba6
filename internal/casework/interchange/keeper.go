package interchange

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange/interchangedb"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "interchange", Name: "Messages to and from other systems"}
}

// Pieces are the messages that went out from a file, and the one that it began
// with. What they told is in the packets.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	q := interchangedb.New(tx)
	out := []cases.Piece{}
	rows, err := q.OutgoingOfFile(ctx, interchangedb.OutgoingOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		to, err := directory.AgencyIn(ctx, tx, directory.AgencyID(row.ToAgency))
		if err != nil {
			return nil, 0, err
		}
		out = append(out, cases.Piece{
			Ref: row.ID, On: row.CreatedAt.Format(time.DateOnly), Title: "Message to the system of " + to.Name,
			Lines: []string{Kind(row.Kind).Label() + ": " + State(row.State).Label()},
		})
	}
	came, err := q.ReceivedOfFile(ctx, interchangedb.ReceivedOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	for _, row := range came {
		said := "The referral that it brought was sent on from here."
		if Kind(row.Kind) == KindRevoked {
			said = "It took the referral back."
		}
		out = append(out, cases.Piece{
			Ref: row.MessageID, On: row.ReceivedAt.Format(time.DateOnly), Title: "Message from the agency's own system", Lines: []string{said},
		})
	}
	return out, 0, err
}

// Erase refuses: what says that a message went or came stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the messages of a file. That a message came under an id stays,
// so that it is not taken for a new one when it comes again.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := interchangedb.New(tx)
	gone, err := q.DeleteOutgoing(ctx, interchangedb.DeleteOutgoingParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	_, err = q.ForgetReceived(ctx, interchangedb.ForgetReceivedParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"messages to other systems": gone}, err
}
