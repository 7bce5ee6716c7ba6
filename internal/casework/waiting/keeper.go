package waiting

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/waiting/waitingdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Register) Part() cases.Part {
	return cases.Part{Code: "waiting", Name: "Waiting and unmet need"}
}

// Pieces are what the person waits for, and each look at it.
func (s *Register) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	list, err := s.Entries(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	hidden := map[EntryID]bool{}
	for _, e := range list {
		if e.Apart {
			hidden[e.ID] = true
			continue
		}
		out = append(out, piece(string(e.ID), e.Since, "Waits for a service", e.Domain.kept(), e.Service.Label(), e.Words.Name, e.Domain.Label(), e.State.Label(), e.Reason.Label(), e.Words.Why))
	}
	rows, err := waitingdb.New(tx).LooksOfFile(ctx, waitingdb.LooksOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: 5 * listMost})
	if err != nil {
		return nil, 0, err
	}
	for _, row := range rows {
		l, err := s.lookOf(ctx, tx, f, row, hidden[EntryID(row.EntryID)])
		if err != nil {
			return nil, 0, err
		}
		if !l.Apart {
			out = append(out, piece(row.ID, row.RecordedAt.Format(time.DateOnly), "While they wait", l.Reason.kept(), l.State.Label(), l.Reason.Label(), l.Text))
		}
	}
	return out, len(hidden), nil
}

func piece(ref, on, title string, kept cases.Compartment, lines ...string) cases.Piece {
	p := cases.Piece{Ref: ref, On: on, Title: title, Compartment: kept}
	for _, l := range lines {
		if l != "" {
			p.Lines = append(p.Lines, l)
		}
	}
	return p
}

// Erase refuses: an entry and the looks at it stand together.
func (s *Register) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what the person of a file waited for.
func (s *Register) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := waitingdb.New(tx)
	looks, err := q.DeleteLooks(ctx, waitingdb.DeleteLooksParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	entries, err := q.DeleteEntries(ctx, waitingdb.DeleteEntriesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"services waited for": entries, "looks at them": looks}, err
}
