package groups

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part { return cases.Part{Code: "groups", Name: "Groups"} }

// Pieces is everything that is kept of a file's groups, in words. Who else is in
// one, and why one was not safe, is not among it.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	o, err := s.Overview(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, m := range o.Members {
		g := o.Group(m.Group)
		p := cases.Piece{Ref: string(m.ID), On: m.Since.In(s.Zone()).Format(time.DateOnly), Title: "Group: " + g.Words.Name}
		if m.Person != f.Person() {
			person, err := s.cases.PersonIn(ctx, tx, f, m.Person)
			if err != nil {
				return nil, 0, err
			}
			p.Lines = append(p.Lines, "For: "+person.Name())
		}
		lines := []string{
			g.Kind.Label(), m.State.Label(), m.Reason.Label(), named("What they said", m.Words.Text), named("Why it was asked for", m.Words.Why),
			named("Why a manager decided so", m.Words.Allow), named("When they left", m.Words.Left),
		}
		for _, a := range o.Attended {
			if a.Member == m.ID {
				lines = append(lines, a.Starts.In(s.Zone()).Format("2 January 2006, 15:04")+": "+a.Outcome.Label())
			}
		}
		for _, l := range lines {
			if l != "" {
				p.Lines = append(p.Lines, l)
			}
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// named puts a name before words, where there are any.
func named(name, words string) string {
	if words == "" {
		return ""
	}
	return name + ": " + words
}

// Erase refuses: what was offered is part of what happened.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what a file has of groups.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := groupsdb.New(tx)
	attended, err := q.DeleteAttendance(ctx, groupsdb.DeleteAttendanceParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	members, err := q.DeleteMembers(ctx, groupsdb.DeleteMembersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"groups": members, "group attendance": attended}, err
}
