package intake

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "intake", Name: "What was asked on the public pages"}
}

// Pieces are what was asked that went into a file. What somebody else wrote, in
// their own name, is theirs: it says so.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	rows, err := intakedb.New(tx).AskOfFile(ctx, intakedb.AskOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, row := range rows {
		w, _, err := unseal(ctx, tx, row)
		if err != nil {
			return nil, 0, err
		}
		p := cases.Piece{Ref: row.ID, On: row.ArrivedAt.Format(time.DateOnly), Title: Who(row.Who).Staff() + " asked for help"}
		for _, l := range w.Lines() {
			p.Lines = append(p.Lines, l.Label+": "+l.Text)
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// Erase refuses: what was asked stands as a whole.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what went into a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := intakedb.New(tx)
	if err := q.DeleteMarksOfFile(ctx, intakedb.DeleteMarksOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())}); err != nil {
		return nil, err
	}
	n, err := q.DeleteAsksOfFile(ctx, intakedb.DeleteAsksOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"what was asked on the public pages": n}, err
}

// Line is one answer as it is read.
type Line struct{ Label, Text string }

// Contact is what was said of safe contact, in the order in which it is read.
func (w Words) Contact() []Line {
	var out []Line
	add := func(label, text string) {
		if text != "" {
			out = append(out, Line{label, text})
		}
	}
	add("What they wrote on is safe", w.Device.Label())
	add("May the person be contacted", w.Reply.Label())
	for _, m := range w.Means {
		add("By", m.Label())
	}
	add("When", w.When)
	add("Who else may answer", w.Answer)
	add("May a message be left", w.Voice.Label())
	add("May you say who is calling", w.Who.Label())
	add("What must never be done", w.Never)
	add("Telephone", w.Number)
	add("E-mail", w.Address)
	add("Through", w.Trusted)
	return out
}

// Told is what else was said, in the order in which it is read.
func (w Words) Told() []Line {
	var out []Line
	add := func(label, text string) {
		if text != "" {
			out = append(out, Line{label, text})
		}
	}
	add("Name, as it was typed", w.Name)
	add("Danger now", w.Danger.Label())
	add("What they wrote", w.Text)
	add("Language", w.Language)
	add("Afraid of", w.Feared)
	add("Who wrote it", w.Asker)
	add("Their work, or how they know the person", w.Role)
	add("How they can be reached", w.Back)
	add("Does the person know, and want it", w.Agreed.Label())
	return out
}

// Lines are all of it.
func (w Words) Lines() []Line { return append(w.Contact(), w.Told()...) }
