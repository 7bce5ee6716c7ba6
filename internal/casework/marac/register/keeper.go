package register

import (
	"context"
	"maps"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register/registerdb"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "marac", Name: "MARAC"} }

// Pieces are the referrals to a MARAC of a file, and the cases of the register that
// hang on it. Everything is about others too: it is looked at one by one.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	var out []cases.Piece
	sent, err := s.ofFile(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	reach, closed := s.cases.MayRead(f, cases.Whereabouts), 0
	for _, r := range sent {
		p := cases.Piece{Ref: string(r.Share), On: s.marac.Today(r.SentAt), Title: "Referral to MARAC", Others: true}
		if r.From != f.Agency() {
			p.Source = r.From
		}
		for _, i := range r.Sheet.Items() {
			if i.Kind == "contact" { // how they are reached is a piece of its own
				continue
			}
			p.Lines = append(p.Lines, i.Title+": "+strings.ReplaceAll(i.Text, "\n", "; "))
		}
		p.Lines = append(p.Lines, r.Outcome.Label())
		if r.Answer.Words != "" {
			p.Lines = append(p.Lines, "What the MARAC answered: "+r.Answer.Words)
		}
		out = append(out, p)
		where := cases.Piece{Ref: string(r.Share) + "/contact", On: p.On, Title: "Referral to MARAC: where and how they can be reached", Compartment: cases.Whereabouts, Hidden: true, Others: true}
		for _, i := range r.Sheet.Items() {
			if i.Kind == "contact" {
				where.Lines = append(where.Lines, i.Title+": "+strings.ReplaceAll(i.Text, "\n", "; "))
			}
		}
		switch {
		case len(where.Lines) == 0:
		case reach:
			out = append(out, where)
		default:
			closed++
		}
	}
	on, about, err := s.marac.OfFileTx(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, c := range on {
		p := cases.Piece{Ref: string(c.ID), On: c.On, Title: "MARAC case " + c.Number, Others: true, Lines: []string{c.State.Label(), "IDVA: " + c.IDVA.Label()}}
		for _, r := range Routes() {
			p.Lines = append(p.Lines, r.Label()+": "+answered(r.Of(c.Routes)))
		}
		if c.Words.Decision != "" {
			p.Lines = append(p.Lines, "Decided: "+c.Words.Decision)
		}
		for _, a := range about[c.ID] {
			p.Lines = append(p.Lines, strings.Join(Who{Part: a.Part, Identity: without(a)}.Lines(), "; "))
			if a.Person != f.Person() {
				p.About = append(p.About, people.ID(a.Person))
			}
		}
		out = append(out, p)
	}
	steps, err := s.steps(ctx, tx, f, "")
	if err != nil {
		return nil, 0, err
	}
	for _, st := range steps {
		if st.Words != "" {
			out = append(out, cases.Piece{Ref: st.ID, On: s.marac.Today(st.At), Title: "MARAC: " + st.StepLabel(), Lines: []string{st.Words}, Others: true})
		}
	}
	return out, closed, nil
}

// without leaves the address out.
func without(i marac.Identity) marac.Identity {
	i.Address = ""
	return i
}

// Erase refuses: what was referred and decided is part of what happened.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what a file has at a MARAC: the copies of referrals, and of the
// MARAC's own file its cases on the register with all by which they are found.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q, agency, file := registerdb.New(tx), f.Agency(), string(f.ID())
	if _, err := q.DeleteKeysOfFile(ctx, registerdb.DeleteKeysOfFileParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	steps, err := q.DeleteStepsOfFile(ctx, registerdb.DeleteStepsOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	sent, err := q.DeleteReferralsOfFile(ctx, registerdb.DeleteReferralsOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	out := map[string]int64{"decisions of the register": steps, "referrals to MARAC": sent}
	on, err := s.marac.DestroyTx(ctx, tx, f)
	maps.Copy(out, on)
	return out, err
}
