package pathway

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway/pathwaydb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "pathway", Name: "Steps of local pathways"}
}

// Pieces are what was said of steps.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := pathwaydb.New(tx).Answers(ctx, pathwaydb.AnswersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, row := range rows {
		a, err := answerOf(ctx, tx, row, true)
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: row.AnsweredAt.In(s.zone).Format(time.DateOnly), Title: "A step of a local pathway", Lines: []string{row.Pathway + ", " + row.Step, a.State.Label()}}
		if a.On != "" {
			p.Lines = append(p.Lines, "Until "+cases.DayInWords(a.On))
		}
		if a.Words != "" {
			p.Lines = append(p.Lines, a.Words)
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// Erase refuses: what was said of steps stands together.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what was said of the steps on a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := pathwaydb.New(tx).DeleteAnswers(ctx, pathwaydb.DeleteAnswersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"pathway_answers": n}, err
}
