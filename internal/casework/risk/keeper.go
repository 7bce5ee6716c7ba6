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
		i, err := s.fromRow(ctx, tx, row)
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: row.RecordedAt.Format(time.DateOnly), Title: "Risk as identified", Lines: []string{i.Instrument.Name() + ". " + i.Tally.Words()}}
		for _, l := range [][2]string{
			{"Judgement: ", i.Finding.Judgement.Label()},
			{"Concern and reasons: ", i.Finding.Reason},
			{"How the person sees the danger: ", i.Finding.Views},
			{"Escalation: ", i.Finding.EscalationEvidence},
			{"Incidents reported to police in the past 12 months: ", i.Finding.Incidents},
			{"Repeat: ", i.Finding.RepeatEvidence},
			{"Last referral to MARAC: ", i.Finding.LastReferral},
			{"Day of the further abuse: ", i.Finding.RepeatOn},
			{"To be looked at again: ", i.Finding.ReviewOn},
		} {
			if l[1] != "" {
				p.Lines = append(p.Lines, l[0]+l[1])
			}
		}
		p.Lines = append(p.Lines, said(i.Response.Items)...)
		p.Lines = append(p.Lines, apart(i.Instrument.Form, i.Aside)...)
		out = append(out, p)
	}
	begun, err := s.begun(ctx, tx, f)
	return append(out, begun...), 0, err
}

// apart are answers to questions that were no longer asked.
func apart(form *forms.Questionnaire, aside map[string][]string) []string {
	var out []string
	for q := range form.Spread(forms.AnswersOf(aside)).Kept() {
		for _, typed := range aside[q.LinkID] {
			out = append(out, "Not asked any more, not counted: "+strings.TrimSpace(q.Text+" "+q.Words(typed)))
		}
	}
	return out
}

// begun are the answers that workers have saved and not recorded.
func (s *Service) begun(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, error) {
	rows, err := riskdb.New(tx).DraftsOfFile(ctx, riskdb.DraftsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	var out []cases.Piece
	for _, row := range rows {
		d, err := openDraft(ctx, tx, row)
		if err != nil {
			return nil, err
		}
		i, err := s.instrument(ctx, tx, row.Questions)
		if err != nil {
			return nil, err
		}
		p := cases.Piece{Ref: row.ID, On: row.SavedAt.Format(time.DateOnly), Title: "Answers on risk, begun and not recorded", Lines: []string{i.Name()}}
		for q := range i.Form.Spread(d.Answers).Kept() {
			for _, typed := range d.Answers.Values(q.LinkID) {
				p.Lines = append(p.Lines, strings.TrimSpace(q.Text+" "+q.Words(typed)))
			}
		}
		for _, l := range []string{d.Finding.Reason, d.Finding.Views, d.Finding.EscalationEvidence, d.Finding.RepeatEvidence, d.Finding.WhyNow} {
			if l != "" {
				p.Lines = append(p.Lines, l)
			}
		}
		out = append(out, p)
	}
	return out, nil
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

// Destroy removes the identifications of a file, and what hangs on them.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q, agency, file := riskdb.New(tx), f.Agency(), string(f.ID())
	drafts, err := q.DeleteDrafts(ctx, riskdb.DeleteDraftsParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	if _, err := q.DeleteReview(ctx, riskdb.DeleteReviewParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	n, err := q.DeleteIdentifications(ctx, riskdb.DeleteIdentificationsParams{AgencyID: agency, FileID: file})
	return map[string]int64{"identifications of risk": n, "answers on risk that were not recorded": drafts}, err
}
