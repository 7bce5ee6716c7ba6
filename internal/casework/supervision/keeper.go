package supervision

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision/supervisiondb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "supervision", Name: "Supervision"} }

// Pieces are what supervision agreed and signed, and the notes, for whoever may
// read them.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	actions, signed, err := s.Of(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, a := range actions {
		p := cases.Piece{Ref: string(a.ID), On: a.RecordedAt.Format(time.DateOnly), Title: "Agreed in supervision", Lines: []string{a.Text, "By " + cases.DayInWords(a.Due), a.State.Label()}}
		if a.Result != "" {
			p.Lines = append(p.Lines, a.Result)
		}
		out = append(out, p)
	}
	for _, o := range signed {
		out = append(out, cases.Piece{Ref: o.ID, On: o.On, Title: "Signed off", Lines: []string{o.Subject.Label(), o.Verdict.Label(), o.Text}})
	}
	notes, err := s.notes(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	if !s.cases.MayRead(f, cases.Supervised) {
		return out, len(notes), nil
	}
	for _, n := range notes {
		out = append(out, cases.Piece{Ref: n.ID, On: n.RecordedAt.Format(time.DateOnly), Title: cases.Supervised.Label(), Lines: []string{n.Text}, Compartment: cases.Supervised})
	}
	return out, 0, nil
}

// Erase refuses: what was agreed and signed stands.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what supervision kept about a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := supervisiondb.New(tx)
	notes, err := q.DeleteNotes(ctx, supervisiondb.DeleteNotesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	actions, err := q.DeleteActions(ctx, supervisiondb.DeleteActionsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	signed, err := q.DeleteSignOffs(ctx, supervisiondb.DeleteSignOffsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"notes of supervision": notes, "actions of supervision": actions, "sign-offs": signed}, err
}
