package court

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court/courtdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "court", Name: "Courts and orders"} }

// Pieces are the hearings and the orders of a file.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	var out []cases.Piece
	add := func(ref, on, title string, lines ...string) {
		p := cases.Piece{Ref: ref, On: on, Title: title}
		for _, l := range lines {
			if l != "" {
				p.Lines = append(p.Lines, l)
			}
		}
		out = append(out, p)
	}
	hearings, err := s.Hearings(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, h := range hearings {
		add(string(h.ID), h.On, "Hearing", h.Court.Label(), named("Court", h.Words.Place), named("For", h.Words.Purpose), named("Goes", h.Attends.Label()),
			named("With", h.Words.With), named("Special measures", h.Measures.Label()), h.Words.Measures, h.State.Label(), named("What came of it", h.Words.Outcome))
	}
	orders, err := s.Orders(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, o := range orders {
		on := o.MadeOn
		if on == "" {
			on = o.RecordedAt.Format(time.DateOnly)
		}
		add(string(o.ID), on, "Order", s.KindLabel(o.Kind), o.State.Label(), named("By", o.Words.By), named("Conditions", o.Words.Conditions),
			dayNamed("Served", o.ServedOn), dayNamed("Ends", o.ExpiresOn), o.Words.Note)
	}
	return out, 0, nil
}

func named(name, words string) string {
	if words == "" {
		return ""
	}
	return name + ": " + words
}

func dayNamed(name, on string) string {
	if on == "" {
		return ""
	}
	return name + ": " + cases.DayInWords(on)
}

// Erase refuses: dates and orders stand together.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the hearings and the orders of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := courtdb.New(tx)
	hearings, err := q.DeleteHearings(ctx, courtdb.DeleteHearingsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	orders, err := q.DeleteOrders(ctx, courtdb.DeleteOrdersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"hearings": hearings, "orders": orders}, err
}
