package actions

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/actions/actionsdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file of a MARAC.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "marac_actions", Name: "Actions of the MARAC"}
}

// Pieces are the actions of a file with what became of each.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	q := actionsdb.New(tx)
	rows, err := q.OfFile(ctx, actionsdb.OfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	steps, err := q.StepsOfFile(ctx, actionsdb.StepsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	said := map[string][]string{}
	for _, r := range steps {
		var w StepWords
		if err := tx.Vault().OpenJSON(ctx, tx, stepPlace(r.AgencyID, r.ID), r.WordsSealed, &w); err != nil {
			return nil, 0, err
		}
		line := StepKind(r.Kind).Label()
		for _, more := range []string{w.Text, w.On, w.Teller, w.Safely.Label(), w.Back} {
			if more != "" {
				line += ": " + more
			}
		}
		said[r.ActionID] = append(said[r.ActionID], line)
	}
	var out []cases.Piece
	for _, r := range rows {
		a, err := asAction(ctx, tx, r)
		if err != nil {
			return nil, 0, err
		}
		lines := []string{a.Words.What, a.Target.Label(), a.State.Label()}
		if a.Words.Tell != "" {
			lines = append(lines, a.Words.Tell)
		}
		out = append(out, cases.Piece{Ref: string(a.ID), On: a.Due, Title: "Action of the MARAC", Lines: append(lines, said[r.ID]...)})
	}
	return out, 0, nil
}

// Erase refuses: an action and its steps stand together.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the actions of a file of a MARAC, in both copies. What an owner wrote
// into a file of its own stays there.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := actionsdb.New(tx)
	steps, err := q.DeleteSteps(ctx, actionsdb.DeleteStepsParams{MaracID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	n, err := q.DeleteActions(ctx, actionsdb.DeleteActionsParams{MaracID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"copies of actions of a MARAC": n, "copies of what became of them": steps}, err
}
