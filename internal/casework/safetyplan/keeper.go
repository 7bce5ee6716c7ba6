package safetyplan

import (
	"context"
	"fmt"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan/safetyplandb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "safetyplan", Name: "Safety plan"} }

// Pieces are the versions of the plan, what is kept apart in them, the steps,
// what asked for another look, the looks, and the copies.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	q, v := safetyplandb.New(tx), s.vault(ctx, tx, f)
	agency, file := f.Agency(), string(f.ID())
	rows, err := q.AllPlans(ctx, safetyplandb.AllPlansParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	hidden := 0
	for _, row := range rows {
		p, err := s.plan(ctx, tx, f, row)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, planPiece(p))
		if !row.HasApart {
			continue
		}
		if !s.cases.MayRead(f, cases.Whereabouts) {
			hidden++
			continue
		}
		if r := v.response("apart", row.ID, row.Apart); r != nil {
			out = append(out, cases.Piece{
				Ref: row.ID + "/apart", On: row.RecordedAt.Format(time.DateOnly), Title: fmt.Sprintf("Safe places and code word, version %d", row.Number),
				Lines: said(r.Items), Compartment: cases.Whereabouts, Hidden: true,
			})
		}
	}
	more, err := s.around(ctx, tx, f, v)
	return append(out, more...), hidden, err
}

func planPiece(p Plan) cases.Piece {
	out := cases.Piece{
		Ref: string(p.ID), On: p.RecordedAt.Format(time.DateOnly), Title: fmt.Sprintf("Safety plan, version %d", p.Number),
		Lines: []string{p.Made.Label(), "To be looked at again: " + cases.DayInWords(p.ReviewOn)},
	}
	for _, l := range [][2]string{{"Why without the person: ", p.WhyAlone}, {"Who was there: ", p.Present}, {"What the person thinks of it: ", p.Views}, {"Why at once: ", p.WhyNow}} {
		if l[1] != "" {
			out.Lines = append(out.Lines, l[0]+l[1])
		}
	}
	if p.Response != nil {
		out.Lines = append(out.Lines, said(p.Response.Items)...)
	}
	return out
}

// around is what is recorded beside the versions.
func (s *Service) around(ctx context.Context, tx *store.Tx, f *cases.File, v *vault) ([]cases.Piece, error) {
	q := safetyplandb.New(tx)
	agency, file := f.Agency(), string(f.ID())
	var out []cases.Piece
	steps, err := q.Steps(ctx, safetyplandb.StepsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	for _, r := range steps {
		step := v.step(safetyplandb.StepByIDRow(r))
		p := cases.Piece{Ref: r.ID, On: r.RecordedAt.Format(time.DateOnly), Title: "Step of the safety plan", Lines: []string{step.What, "Due: " + cases.DayInWords(step.DueOn), step.State.Label()}}
		for _, more := range []string{step.OtherWords, step.Note} {
			if more != "" {
				p.Lines = append(p.Lines, more)
			}
		}
		out = append(out, p)
	}
	changes, err := q.AllChanges(ctx, safetyplandb.AllChangesParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	for _, r := range changes {
		p := cases.Piece{Ref: r.ID, On: r.HappensOn, Title: "Change that asks for a look at the safety plan", Lines: []string{ChangeKind(r.Kind).Label()}}
		if text := v.open("safety_plan_change", "words", r.ID, r.Words); text != "" {
			p.Lines = append(p.Lines, text)
		}
		out = append(out, p)
	}
	reviews, err := q.Reviews(ctx, safetyplandb.ReviewsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		p := cases.Piece{Ref: r.ID, On: r.RecordedAt.Format(time.DateOnly), Title: "The safety plan was still right", Lines: []string{v.open("safety_plan_review", "reason", r.ID, r.Reason)}}
		if text := v.open("safety_plan_review", "why_now", r.ID, r.WhyNow); text != "" {
			p.Lines = append(p.Lines, "Why at once: "+text)
		}
		out = append(out, p)
	}
	copies, err := q.CopiesOfFile(ctx, safetyplandb.CopiesOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	for _, r := range copies {
		c := v.copyRecord(r)
		p := cases.Piece{Ref: r.ID, On: c.On, Title: "Copy of the safety plan", Lines: []string{c.Title()}}
		if c.Words != "" {
			p.Lines = append(p.Lines, c.Words)
		}
		out = append(out, p)
	}
	return out, v.err
}

// said are the questions that were answered, as they stood in the form, each
// with its answer.
func said(items []forms.ResponseItem) []string {
	var out []string
	for _, i := range items {
		for _, a := range i.Answers {
			for n, line := range strings.Split(a.Value.Label(), "\n") {
				if n == 0 {
					line = i.Text + ": " + line
				}
				if line = strings.TrimSpace(line); line != "" {
					out = append(out, line)
				}
			}
			out = append(out, said(a.Items)...)
		}
		out = append(out, said(i.Items)...)
	}
	return out
}

// Erase refuses: a plan stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the plans of a file with everything around them.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := safetyplandb.New(tx)
	agency, file := f.Agency(), string(f.ID())
	if err := q.DeleteCopies(ctx, safetyplandb.DeleteCopiesParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if err := q.DeleteReviews(ctx, safetyplandb.DeleteReviewsParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	if err := q.DeleteNewest(ctx, safetyplandb.DeleteNewestParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	steps, err := q.DeleteSteps(ctx, safetyplandb.DeleteStepsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	changes, err := q.DeleteChanges(ctx, safetyplandb.DeleteChangesParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	plans, err := q.DeletePlans(ctx, safetyplandb.DeletePlansParams{AgencyID: agency, FileID: file})
	return map[string]int64{"versions of the safety plan": plans, "steps of the safety plan": steps, "changes that asked for a look at it": changes}, err
}
