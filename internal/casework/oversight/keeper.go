package oversight

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight/oversightdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "oversight", Name: "Lists of who looked at the record"}
}

// Pieces are the reports that the person asked for. What key contacts found
// about workers is not among them: it is about the workers.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, 0, err
	}
	rows, err := oversightdb.New(tx).AllReports(ctx, oversightdb.AllReportsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	for _, r := range rows {
		p := cases.Piece{Ref: r.ID, On: r.AskedAt.Format(time.DateOnly), Title: "Asked who has looked at the record", Lines: []string{GivenWay(r.Way).Label()}}
		for _, l := range []struct {
			name, column string
			sealed       []byte
		}{{"What was said: ", "words", r.Words}, {"Who was there: ", "present", r.Present}} {
			text, err := s.db.Vault().Open(ctx, tx, place(f.Agency(), "person_report", l.column, r.ID), l.sealed)
			if err != nil {
				return nil, 0, err
			}
			if text = strings.Join(strings.Fields(text), " "); text != "" {
				p.Lines = append(p.Lines, l.name+text)
			}
		}
		out = append(out, p)
	}
	return out, 0, nil
}

// Erase refuses: how a report was asked for stands with the report.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes the reports that were asked for about a file, the tally of
// who opened it, and what was found about reading it and nothing else. What was
// found about more files stays for the others. It returns [*cases.NotYet] while
// a finding or an emergency access waits for a key contact: to destroy the file
// would end the question.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := oversightdb.New(tx)
	agency, file := f.Agency(), string(f.ID())
	open, err := q.OpenMatters(ctx, oversightdb.OpenMattersParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		// The same words whether an emergency access or a reader is looked into:
		// what it is, and about whom, is for the key contact alone.
		return nil, &cases.NotYet{Why: "Your key contact has not finished with this case. Ask them first"}
	}
	only, err := q.FindingsOnlyOf(ctx, oversightdb.FindingsOnlyOfParams{AgencyID: agency, FileID: file})
	if err != nil {
		return nil, err
	}
	if _, err := q.DeleteFindingFiles(ctx, oversightdb.DeleteFindingFilesParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	for _, id := range only {
		if _, err := q.DeleteFinding(ctx, oversightdb.DeleteFindingParams{AgencyID: agency, ID: id}); err != nil {
			return nil, err
		}
	}
	if _, err := q.DeleteOpened(ctx, oversightdb.DeleteOpenedParams{AgencyID: agency, FileID: file}); err != nil {
		return nil, err
	}
	n, err := q.DeleteReports(ctx, oversightdb.DeleteReportsParams{AgencyID: agency, FileID: file})
	return map[string]int64{"lists of who looked at the record": n}, err
}

// destroyedAmong are those of some files that were destroyed: of them no tally
// is kept any more, and nothing is proposed.
func destroyedAmong(ctx context.Context, tx *store.Tx, files []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(files) == 0 {
		return out, nil
	}
	in := among("id", distinct(files))
	err := store.Each(ctx, tx, `SELECT id FROM file WHERE destroyed_at IS NOT NULL AND `+in.SQL, in.Args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		out[id] = true
		return err
	})
	return out, err
}
