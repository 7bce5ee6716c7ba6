package research

import (
	"context"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/research/researchdb"
	"waymark/internal/platform/store"
)

// Flag says on a file that its person is, or was, on the list of a MARAC.
type Flag struct {
	Marac string // its name
	Since string // YYYY-MM-DD
	Until string // YYYY-MM-DD: the last day
	Over  bool   // it has run out; that it was there stays
}

// Flags are those of a file, what holds longest first.
func (s *Service) Flags(ctx context.Context, f *cases.File) ([]Flag, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	var out []Flag
	err := s.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := researchdb.New(tx).FlagsOf(ctx, researchdb.FlagsOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
		for _, r := range rows {
			out = append(out, Flag{Marac: r.Name, Since: r.SinceOn, Until: r.UntilOn, Over: r.UntilOn < s.today(tx)})
		}
		return err
	})
	return out, err
}

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "research", Name: "What went to a MARAC, and came to one"}
}

// Pieces are what left from a file for a MARAC, and at the MARAC itself what agencies
// returned about the cases of a file: that is other people's, and looked at one by
// one before any of it is given.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	q := researchdb.New(tx)
	sent, err := q.ReturnsOfFile(ctx, researchdb.ReturnsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	add := func(r Return, title string, others bool) {
		p := cases.Piece{Ref: string(r.ID), On: r.Released.In(s.zone).Format(time.DateOnly), Title: title, Others: others, Lines: []string{r.Answer.Label()}}
		for _, i := range r.Content.Items {
			p.Lines = append(p.Lines, strings.TrimSpace(i.Label+" "+i.On)+": "+i.Text)
		}
		if r.Content.Why != "" {
			p.Lines = append(p.Lines, "Why it cannot be said: "+r.Content.Why)
		}
		if r.Content.Rationale != "" {
			p.Lines = append(p.Lines, "Why it was needed: "+r.Content.Rationale)
		}
		out = append(out, p)
	}
	for _, row := range sent {
		r, err := returned(ctx, tx, f.Agency(), researchdb.ReturnsOfAskRow(row))
		if err != nil {
			return nil, 0, err
		}
		add(r, "Returned to a MARAC", true)
	}
	flags, err := q.FlagsOf(ctx, researchdb.FlagsOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	for _, r := range flags {
		out = append(out, cases.Piece{Ref: r.ID, On: r.SinceOn, Title: "On the list of a MARAC", Lines: []string{"Until " + cases.DayInWords(r.UntilOn)}})
	}
	came, err := q.ReturnsToRegister(ctx, researchdb.ReturnsToRegisterParams{MaracID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	for _, row := range came {
		r, err := returned(ctx, tx, f.Agency(), researchdb.ReturnsOfAskRow{
			AgencyID: row.AgencyID, ID: row.ID, CaseID: row.CaseID, Answer: row.Answer, ReleasedAt: row.ReleasedAt, WordsSealed: row.WordsSealed,
		})
		if err != nil {
			return nil, 0, err
		}
		add(r, "What "+row.Name+" returned", true)
	}
	return out, 0, nil
}

// Erase refuses: a return is what was sent, and stays it.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what a file has of research. Of what it sent the agency's own copy
// goes, with whom it was asked about once the pack has closed; the MARAC's is the MARAC's. With a file of the MARAC its copies go, and whom
// other agencies were asked about.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q, agency, file := researchdb.New(tx), f.Agency(), string(f.ID())
	out := map[string]int64{}
	matches, err := q.DeleteMatchesOfFile(ctx, researchdb.DeleteMatchesOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	closed, err := s.forget(ctx, tx, agency, file)
	if err != nil {
		return nil, err
	}
	drafts, err := s.clearDrafts(ctx, tx, agency, file)
	if err != nil {
		return nil, err
	}
	copies, err := q.DeleteCopiesOfFile(ctx, researchdb.DeleteCopiesOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	if _, err := q.UnfileReturns(ctx, researchdb.UnfileReturnsParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	flags, err := q.DeleteFlagsOfFile(ctx, researchdb.DeleteFlagsOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	came, err := q.CopiesOfRegister(ctx, researchdb.CopiesOfRegisterParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	if _, err := q.MarksOfRegister(ctx, researchdb.MarksOfRegisterParams{MaracID: agency, FileID: file}); err != nil {
		return nil, err
	}
	asked, err := q.ForgetAsksOfRegister(ctx, researchdb.ForgetAsksOfRegisterParams{MaracID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	for what, n := range map[string]int64{
		"matches for a MARAC": matches, "drafts for a MARAC": drafts + closed, "returns to a MARAC": copies, "flags of a MARAC": flags, "what agencies returned": came, "whom agencies were asked about": asked,
	} {
		if n > 0 {
			out[what] = n
		}
	}
	return out, nil
}

// forget empties the lines that were found in a file and whose pack has closed: whom
// they name, and what was found.
func (s *Service) forget(ctx context.Context, tx *store.Tx, agency, file string) (int64, error) {
	q := researchdb.New(tx)
	if _, err := q.ForgetMarksOfFile(ctx, researchdb.ForgetMarksOfFileParams{AgencyID: agency, FileID: file, Now: tx.Now()}); err != nil {
		return 0, err
	}
	return q.ForgetAsksOfFile(ctx, researchdb.ForgetAsksOfFileParams{AgencyID: agency, FileID: file, Now: tx.Now()})
}

// clearDrafts empties what was drafted from a file.
func (s *Service) clearDrafts(ctx context.Context, tx *store.Tx, agency, file string) (int64, error) {
	q := researchdb.New(tx)
	asks, err := q.AsksOfFile(ctx, researchdb.AsksOfFileParams{AgencyID: agency, FileID: file})
	if err != nil {
		return 0, err
	}
	for _, id := range asks {
		empty, err := tx.Vault().SealJSON(ctx, tx, place(agency, "marac_ask", "draft_sealed", id), Draft{})
		if err != nil {
			return 0, err
		}
		if err := q.ClearDraft(ctx, researchdb.ClearDraftParams{AgencyID: agency, ID: id, DraftSealed: empty.Bytes()}); err != nil {
			return 0, err
		}
	}
	return int64(len(asks)), nil
}
