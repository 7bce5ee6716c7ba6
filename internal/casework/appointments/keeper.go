package appointments

import (
	"context"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "appointments", Name: "Appointments"} }

// Pieces is everything that is kept of a file's appointments, in words. Why a
// slot was not safe is not among it: that is somebody else's.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	var out []cases.Piece
	var before time.Time
	var beforeID ID
	for {
		list, err := s.List(ctx, tx, f, before, beforeID)
		if err != nil {
			return nil, 0, err
		}
		for _, a := range list {
			out = append(out, s.piece(a))
			before, beforeID = a.Starts, a.ID
		}
		if !Full(list) {
			return out, 0, nil
		}
	}
}

func (s *Service) piece(a Appointment) cases.Piece {
	p := cases.Piece{Ref: string(a.ID), On: a.Starts.In(s.cfg.Zone).Format(time.DateOnly), Title: "Appointment"}
	lines := []string{
		s.when(a), a.State.Label(), a.CancelledBy.Label(), named("Where", a.Words.Where), named("Who came along", a.Words.Companions), named("About", a.Words.About),
		named("How they knew", a.Words.By), named("Why it was asked for", a.Words.Why), named("Why a manager decided so", a.Words.Allow),
		named("Why it was cancelled", a.Words.Off), named("What came of it", a.Words.Came),
	}
	if a.Alone {
		lines = append(lines, "To be seen alone")
	}
	if a.Interpreter != NotSaid {
		lines = append(lines, named("Interpreter", a.Interpreter.Label()), named("Reference", a.Words.Ref))
	}
	if a.Words.Spoke != NobodyInterpreted {
		lines = append(lines, named("Interpreted", a.Words.Spoke.Label()))
	}
	for _, l := range lines {
		if l != "" {
			p.Lines = append(p.Lines, l)
		}
	}
	return p
}

// named puts a name before words, where there are any.
func named(name, words string) string {
	if words == "" {
		return ""
	}
	return name + ": " + words
}

// Erase refuses: an appointment is part of what happened.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the appointments of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	n, err := appointmentsdb.New(tx).DeleteAppointments(ctx, appointmentsdb.DeleteAppointmentsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"appointments": n}, err
}
