package meeting

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/meeting/meetingdb"
	"waymark/internal/platform/store"
)

// Part is what this package keeps with a file: what was said of it at meetings.
func (s *Service) Part() cases.Part { return cases.Part{Code: "minutes", Name: "Minutes of meetings"} }

// Pieces is what minutes say of a file, in words: each section as it stands, and what
// was added. Texts that were saved on the way are not among it: the section is what
// was kept of them.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) (out []cases.Piece, apart int, err error) {
	q := meetingdb.New(tx)
	rows, err := q.SectionsOfFile(ctx, meetingdb.SectionsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	for _, r := range rows {
		one, err := asSection(ctx, tx, r)
		if err != nil {
			return nil, 0, err
		}
		if one.Text == "" {
			continue
		}
		out = append(out, cases.Piece{
			Ref: r.MeetingID + "/" + r.CaseID + "/" + r.Section, On: one.Saved.In(s.marac.Zone()).Format(time.DateOnly), Title: "Minutes: " + one.Name.Label(), Lines: lines(one.Text),
		})
	}
	more, err := q.AddendaOfFile(ctx, meetingdb.AddendaOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, 0, err
	}
	for _, r := range more {
		text, err := tx.Vault().Open(ctx, tx, addendumPlace(r.AgencyID, r.ID), store.Sealed(r.TextSealed))
		if err != nil {
			return nil, 0, err
		}
		out = append(out, cases.Piece{Ref: r.ID, On: r.RecordedAt.In(s.marac.Zone()).Format(time.DateOnly), Title: "Added to minutes: " + Name(r.Section).Label(), Lines: lines(text)})
	}
	heard, err := q.HearingsOfFile(ctx, meetingdb.HearingsOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	for _, r := range heard {
		h := asHearing(r)
		if h.Heard.IsZero() {
			continue
		}
		out = append(out, cases.Piece{
			Ref: r.MeetingID + "/" + r.CaseID, On: h.Heard.In(s.marac.Zone()).Format(time.DateOnly), Title: "Heard at a meeting",
			Lines: []string{h.IDVA.Label(), h.Views.Label(), h.Decision.Label()},
		})
	}
	return out, 0, err
}

// Erase refuses: minutes are corrected by what is added to them.
func (s *Service) Erase(context.Context, *store.Tx, *cases.File, string) error {
	return cases.ErrNotErasable
}

// Destroy removes what minutes say of a file, as they were written and as they were approved.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	out := map[string]int64{}
	for _, t := range []struct{ name, table string }{
		{"minutes", "marac_section"},
		{"versions of minutes", "marac_section_version"},
		{"approved minutes", "marac_minute"},
		{"additions to minutes", "marac_addendum"},
		{"openings of minutes", "marac_minutes_open"},
		{"hearings", "marac_hearing"},
	} {
		res, err := tx.ExecContext(ctx, "DELETE FROM "+t.table+" WHERE agency_id = $1 AND case_id IN (SELECT id FROM marac_case WHERE agency_id = $1 AND file_id = $2)", f.Agency(), string(f.ID()))
		if err != nil {
			return nil, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			out[t.name] = n
		}
	}
	return out, nil
}

var _ cases.Keeper = (*Service)(nil)
