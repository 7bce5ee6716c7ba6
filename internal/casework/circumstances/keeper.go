package circumstances

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances/circumstancesdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "circumstances", Name: "Circumstances"}
}

// Pieces are everything kept here of a file, the oldest first.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	k, err := s.known(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	apart := 0
	add := func(v Version, title string, hidden Apart, lines ...string) {
		p := cases.Piece{Ref: string(v.ID), On: v.At.Format(time.DateOnly), Title: title, Compartment: hidden.compartment()}
		for _, l := range lines {
			if l != "" {
				p.Lines = append(p.Lines, l)
			}
		}
		out = append(out, p)
	}
	for _, c := range k.Circumstances {
		if c.Apart {
			apart++
			continue
		}
		kind, _ := s.guide.Kind(c.Words.Kind)
		add(c.Version, "Circumstance", kind.Apart, kind.Label, c.Words.Bearing.Label(), c.Words.Raised.Label(), c.Words.What, named("How it bears on the danger", c.Words.How), named("What would help", c.Words.Help))
	}
	for _, p := range k.Pointed {
		if p.Apart {
			apart++
			continue
		}
		pointer, _ := s.guide.Pointer(p.Words.Pointer)
		add(p.Version, "Specialist advice", pointer.Apart, pointer.Title, cases.DayInWords(p.Words.On), p.Words.Answer.Label(), p.Words.Text)
	}
	for _, m := range k.Marriage {
		add(m.Version, "Forced marriage", Open, m.Words.Stands.Label(), m.Words.Agreement.Label(), m.Words.What, named("Must not interpret or be spoken to", m.Words.Never), named("What keeps them safe", m.Words.Safety))
	}
	for _, c := range k.Capacity {
		if c.Apart {
			apart++
			continue
		}
		w := c.Words
		on := ""
		if w.On != "" {
			on = cases.DayInWords(w.On)
		}
		add(c.Version, "Capacity", Close, w.Decision.Label(), w.Which, w.Result.Label(), named("Assessed on", on), named("By", w.By), named("Role", w.Role), w.Reasons,
			named("An advocate speaks for them", w.Advocate.Label()), named("Best interests were decided", w.Best.Label()), w.Who)
	}
	for _, r := range k.Reports {
		w := r.Words
		on := "Day not known"
		if w.On != "" {
			on = cases.DayInWords(w.On)
		}
		add(r.Version, "What somebody is said to have done", Open, on, w.Direction.Label(), w.Sort.Label(), named("Said by", w.Source.Label()), w.What,
			named("Fear", w.Fear.Label()), named("Injury", w.Injury.Label()), named("Control", w.Control.Label()), w.Effect)
	}
	for _, p := range k.Patterns {
		w := p.Words
		add(p.Version, "Judgement of who does what to whom", Open, w.Verdict.Label(), named("Who is afraid of whom", w.Fear), named("Who was hurt", w.Injury), named("Who decides over whose life", w.Control),
			named("Reasons", w.Reason), named("To be looked at again on", cases.DayInWords(w.ReviewOn)), named("Why it could not wait", w.WhyNow))
	}
	for _, o := range k.Opinions {
		told := "Agreed"
		if !o.Words.Agrees {
			told = "Not agreed"
		}
		add(o.Version, "Second opinion", Open, told, o.Words.Reason)
	}
	return out, apart, nil
}

func named(name, words string) string {
	if words == "" {
		return ""
	}
	return name + ": " + words
}

// Erase refuses: what was said stands with what came after it.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes everything kept here of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := circumstancesdb.New(tx).DeleteOf(ctx, circumstancesdb.DeleteOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"circumstances": n}, err
}
