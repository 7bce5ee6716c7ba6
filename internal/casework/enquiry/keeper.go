package enquiry

import (
	"context"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry/enquirydb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "enquiry", Name: "Asking and first response"}
}

// Pieces are the enquiries of a file, those that were corrected too.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := enquirydb.New(tx).All(ctx, enquirydb.AllParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	apart := 0
	for _, row := range rows {
		r, err := s.open(ctx, tx, f, enquirydb.NewestRow(row))
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: r.On, Title: "Asking", Lines: words(r.Enquiry), Erasable: true}
		if r.ReplacedBy != "" {
			p.Title += " (corrected later)"
		}
		out = append(out, p)
		if !r.ChildKept {
			continue
		}
		if !s.cases.MayRead(f, cases.ChildWords) {
			apart++
			continue
		}
		if p, err = childPiece(ctx, tx, f, r); err != nil {
			return nil, 0, err
		}
		out = append(out, p)
	}
	return out, apart, nil
}

// words are everything that was recorded of a contact, in words.
func words(e Enquiry) []string {
	var out []string
	add := func(name, text string) {
		if text != "" {
			out = append(out, name+text)
		}
	}
	add("", askedText(e))
	for _, l := range labels(Prompts, e.Prompts) {
		add("Why asking was called for: ", l)
	}
	for _, l := range labels(Indicators, e.Indicators) {
		add("What was noticed: ", l)
	}
	for _, l := range labels(Companions, e.Present) {
		add("Who else was there: ", l)
	}
	add("", disclosureText(e))
	add("", keptText(e))
	add("", safetyText(e))
	add("Done at once: ", actText(e))
	add("Interpreter’s booking: ", e.BookingRef)
	add("Interpreter’s number: ", e.OperatorNumber)
	return out
}

// Erase takes the words of an enquiry away: what stays is that there was one,
// where and when, and whether it counts as asked.
func (s *Service) Erase(ctx context.Context, tx *store.Tx, f *cases.File, ref string) error {
	if id, ok := strings.CutSuffix(ref, childRef); ok {
		return s.eraseChild(ctx, tx, f, ID(id))
	}
	old, err := s.get(ctx, tx, f, ID(ref))
	if err != nil {
		return err
	}
	e := old.plain
	left := Enquiry{
		Setting: e.Setting, On: e.On, Prompts: e.Prompts, Alone: e.Alone, Private: e.Private, FeltSafe: e.FeltSafe, Asked: e.Asked, WhyNot: e.WhyNot,
		Interpreter: e.Interpreter, ChildKept: e.ChildKept,
	}
	return s.setAnswers(ctx, tx, f, ID(ref), envelope{Enquiry: left}, old.child)
}

func (s *Service) setAnswers(ctx context.Context, tx *store.Tx, f *cases.File, id ID, e envelope, child store.Sealed) error {
	sealed, err := tx.Vault().SealJSON(ctx, tx, place(f, id), e)
	if err != nil {
		return err
	}
	return store.Changed(enquirydb.New(tx).SetAnswers(ctx, enquirydb.SetAnswersParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id), Answers: sealed.Bytes(), ChildWords: child.Bytes(),
	}))
}

// Destroy removes the enquiries of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := enquirydb.New(tx).DeleteAll(ctx, enquirydb.DeleteAllParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"enquiries": n}, err
}
