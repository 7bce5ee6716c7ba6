package risk

import (
	"context"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk/riskdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "risk", Name: "Risk"} }

// Pieces are the identifications of a file.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := riskdb.New(tx).Identifications(ctx, riskdb.IdentificationsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, row := range rows {
		i, err := fromRow(ctx, tx, row)
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: row.RecordedAt.Format(time.DateOnly), Title: "Risk as identified", Lines: []string{i.Tally.Words()}}
		for _, l := range [][2]string{
			{"Judgement: ", i.Finding.Judgement.Label()},
			{"Concern and reasons: ", i.Finding.Reason},
			{"How the person sees the danger: ", i.Finding.Views},
			{"Escalation: ", i.Finding.EscalationEvidence},
			{"Repeat: ", i.Finding.RepeatEvidence},
			{"To be looked at again: ", i.Finding.ReviewOn},
		} {
			if l[1] != "" {
				p.Lines = append(p.Lines, l[0]+l[1])
			}
		}
		p.Lines = append(p.Lines, said(i.Response.Items)...)
		out = append(out, p)
	}
	return out, 0, nil
}

// said are the questions that were answered, as they stood in the form, each
// with its answer.
func said(items []forms.ResponseItem) []string {
	var out []string
	for _, i := range items {
		for _, a := range i.Answers {
			out = append(out, strings.TrimSpace(i.Text+" "+a.Value.Label()))
			out = append(out, said(a.Items)...)
		}
		out = append(out, said(i.Items)...)
	}
	return out
}

// Erase refuses: an identification stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the identifications of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := riskdb.New(tx).DeleteIdentifications(ctx, riskdb.DeleteIdentificationsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"identifications of risk": n}, err
}
