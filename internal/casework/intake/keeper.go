package intake

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake/intakedb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "intake", Name: "What was asked on the public pages"}
}

// Pieces are what was asked that went into a file, in parts: what was written, how
// the person can be reached, whom they fear, and whoever asked for them. How they
// can be reached is hidden and of the compartment for it. What somebody else wrote,
// and whoever is feared, are somebody else's too: they are looked at one by one.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	q := intakedb.New(tx)
	rows, err := q.AskOfFile(ctx, intakedb.AskOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	reach, closed := s.cases.MayRead(f, cases.Whereabouts), 0
	var out []cases.Piece
	for _, row := range rows {
		w, _, err := unseal(ctx, tx, row)
		if err != nil {
			return nil, 0, err
		}
		who := Who(row.Who)
		title := who.Staff() + " asked for help"
		add := func(ref string, p cases.Piece, lines ...Line) {
			if len(lines) == 0 {
				return
			}
			p.Ref, p.On = row.ID+ref, row.ArrivedAt.Format(time.DateOnly)
			for _, l := range lines {
				p.Lines = append(p.Lines, l.Label+": "+l.Text)
			}
			out = append(out, p)
		}
		add("", cases.Piece{Title: title, Others: who != Self}, w.said()...)
		switch contact := w.Contact(); {
		case reach:
			add("/contact", cases.Piece{Title: title + ": how they can be reached", Compartment: cases.Whereabouts, Hidden: true, Others: who != Self}, contact...)
		case len(contact) > 0:
			closed++
		}
		add("/feared", cases.Piece{Title: title + ": of whom they are afraid", Others: true}, w.fears()...)
		add("/asker", cases.Piece{Title: title + ": who wrote it", Others: true}, w.By()...)
		steps, err := s.stepsOf(ctx, tx, asAsk(row))
		if err != nil {
			return nil, 0, err
		}
		for _, step := range steps {
			add("/"+step.ID, cases.Piece{Title: title + ": what happened before somebody answered"}, Line{step.Kind.Label(), step.Words})
		}
	}
	return out, closed, nil
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
	if err := q.DeleteStepsOfFile(ctx, intakedb.DeleteStepsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())}); err != nil {
		return nil, err
	}
	n, err := q.DeleteAsksOfFile(ctx, intakedb.DeleteAsksOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"what was asked on the public pages": n}, err
}

// Line is one answer as it is read.
type Line struct{ Label, Text string }

// filled are the lines that say something.
func filled(lines ...Line) []Line {
	return slices.DeleteFunc(lines, func(l Line) bool { return l.Text == "" })
}

// Contact is what was said of safe contact, in the order in which it is read.
func (w Words) Contact() []Line {
	out := []Line{{"What they wrote on is safe", w.Device.Label()}, {"May the person be contacted", w.Reply.Label()}}
	for _, m := range w.Means {
		out = append(out, Line{"By", m.Label()})
	}
	return filled(append(out,
		Line{"When", w.When},
		Line{"Who else may answer", w.Answer},
		Line{"May a message be left", w.Voice.Label()},
		Line{"May you say who is calling", w.Who.Label()},
		Line{"What must never be done", w.Never},
		Line{"Telephone", w.Number},
		Line{"E-mail", w.Address},
		Line{"Through", w.Trusted},
	)...)
}

func (w Words) said() []Line {
	return filled(Line{"Name, as it was typed", w.Name}, Line{"Danger now", w.Danger.Label()}, Line{"What they wrote", w.Text}, Line{"Language", w.Language})
}

func (w Words) fears() []Line { return filled(Line{"Afraid of", w.Feared}) }

// By is who asked for somebody else, and how they themselves can be reached: that
// is no way to the person.
func (w Words) By() []Line {
	return filled(
		Line{"Who wrote it", w.Asker},
		Line{"Their work, or how they know the person", w.Role},
		Line{"How whoever wrote it can be reached", w.Back},
		Line{"Does the person know, and want it", w.Agreed.Label()},
	)
}

// Told is what else was said, in the order in which it is read.
func (w Words) Told() []Line { return slices.Concat(w.said(), w.fears(), w.By()) }

// Lines are all of it.
func (w Words) Lines() []Line { return append(w.Contact(), w.Told()...) }
