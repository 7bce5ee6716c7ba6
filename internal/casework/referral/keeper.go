package referral

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral/referraldb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "referral", Name: "Offers and referrals"}
}

// Pieces are the offers and referrals that went out from a file. What they told
// is in the packets.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := referraldb.New(tx).AllReferrals(ctx, referraldb.AllReferralsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, row := range rows {
		r, err := s.asReferral(ctx, tx, row)
		if err != nil {
			return nil, 0, err
		}
		name, _, err := service(ctx, tx, r.To)
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: r.CreatedAt.Format(time.DateOnly), Title: "Referral to " + name, Lines: []string{r.State.Label()}}
		if r.Answer != "" {
			p.Lines = append(p.Lines, "Answer to the offer: "+r.Answer.Label())
		}
		if r.Why != NoWhy {
			p.Lines = append(p.Lines, "Reason: "+r.Why.Label())
		}
		if r.Reason != "" {
			p.Lines = append(p.Lines, "Declined: "+r.Reason.Label())
		}
		if r.Words != "" {
			p.Lines = append(p.Lines, "What they said: "+r.Words)
			p.Source = r.To.Agency
		}
		out = append(out, p)
	}
	kept, err := referraldb.New(tx).AllStages(ctx, referraldb.AllStagesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	stages, err := s.asSteps(ctx, tx, kept)
	if err != nil {
		return nil, 0, err
	}
	for _, st := range stages {
		p := cases.Piece{Ref: st.ID, On: st.At.Format(time.DateOnly), Title: "How far the referral has come", Lines: []string{st.Line()}}
		if st.Words != "" {
			p.Lines = append(p.Lines, st.Words)
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// Erase refuses: a referral stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the offers and referrals of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := referraldb.New(tx)
	if err := q.DeleteOnce(ctx, referraldb.DeleteOnceParams{AgencyID: f.Agency(), FileID: string(f.ID())}); err != nil {
		return nil, err
	}
	stages, err := q.DeleteStages(ctx, referraldb.DeleteStagesParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	n, err := q.DeleteReferrals(ctx, referraldb.DeleteReferralsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"offers and referrals": n, "stages of referrals": stages}, err
}
