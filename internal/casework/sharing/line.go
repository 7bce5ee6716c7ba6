package sharing

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing/sharingdb"
	"waymark/internal/platform/store"
)

// lineOf is a share with all that puts it right and all that it puts right: what
// was sent first, then its corrections. What was withdrawn ends the line.
func lineOf(ctx context.Context, q *sharingdb.Queries, share Share) ([]Share, error) {
	first := share
	for first.Corrects != "" {
		row, err := q.ShareByID(ctx, string(first.Corrects))
		if err != nil {
			return nil, err
		}
		first = asShare(row)
	}
	later, err := correctionsOf(ctx, q, first)
	return append([]Share{first}, later...), err
}

// correctionsOf are the shares that put one right, and those that put them right.
func correctionsOf(ctx context.Context, q *sharingdb.Queries, share Share) ([]Share, error) {
	var out []Share
	for next := []Share{share}; len(next) > 0; next = next[1:] {
		at := next[0]
		rows, err := q.CorrectionsOf(ctx, sharingdb.CorrectionsOfParams{Corrects: string(at.ID), AgencyID: at.From, ToAgency: at.To.Agency})
		if err != nil {
			return nil, err
		}
		found := asShares(rows)
		out, next = append(out, found...), append(next, found...)
	}
	return out, nil
}

// takeInLater makes the corrections that came before a share was taken in part of
// the same file, where they stand beside it and end with it.
func (s *Service) takeInLater(ctx context.Context, tx *store.Tx, share Share, f *cases.File) error {
	q := sharingdb.New(tx)
	later, err := correctionsOf(ctx, q, share)
	if err != nil {
		return err
	}
	for _, c := range later {
		n, err := q.TakeIn(ctx, sharingdb.TakeInParams{AgencyID: f.Agency(), ShareID: string(c.ID), FileID: string(f.ID())})
		if err != nil {
			return err
		}
		if n == 0 {
			continue // it is in a file already
		}
		_, err = s.cases.Record(ctx, tx, f, cases.Event{
			Kind: cases.ShareCorrected, On: s.day(c.SentAt), Source: c.From, Ref: string(c.ID), Text: correctedText,
		})
		if err != nil {
			return err
		}
		if c.State(tx.Now()) == Waiting {
			if _, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.ReadCorrection, Due: s.workingDay(tx.Now(), 1)}); err != nil {
				return err
			}
		}
		if err := f.Permit().Append(tx, ActTakeIn, "", c.ID.Subject(), f.ID().Subject()); err != nil {
			return err
		}
	}
	return nil
}
