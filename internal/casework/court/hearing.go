package court

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court/courtdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// HearingID names a hearing.
type HearingID string

// HearingWords are what is said of a hearing.
type HearingWords struct {
	Place    string `json:"place,omitempty"` // which court
	Purpose  string `json:"purpose,omitempty"`
	With     string `json:"with,omitempty"`     // who goes with the person
	Measures string `json:"measures,omitempty"` // which special measures
	Outcome  string `json:"outcome,omitempty"`
}

// Hearing is a date in court.
type Hearing struct {
	ID         HearingID
	Court      Court
	On         string // YYYY-MM-DD
	At         string // HH:MM, or empty
	Attends    Attends
	Measures   Measures
	State      State
	Words      HearingWords
	RecordedAt time.Time
	RecordedBy string
	Version    int64
	task       string
}

const hearingTable = "court_hearing"

// check returns what is wrong with a hearing as it was typed, by field.
func (h Hearing) check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Courts(), h.Court) {
		errs.Add("court", "Select what kind of court it is")
	}
	if !validDay(h.On) {
		errs.Add("on", "Enter the day of the hearing, such as 27 3 2027")
	}
	if _, err := time.Parse("15:04", h.At); err != nil && h.At != "" {
		errs.Add("at", "Enter the time like 10:30, or leave it empty")
	}
	if h.Words.Purpose == "" {
		errs.Add("purpose", "Write what the hearing is for")
	}
	if !slices.Contains(Attendings(), h.Attends) {
		errs.Add("attends", "Select whether the person goes")
	}
	if !slices.Contains(MeasureStates(), h.Measures) {
		errs.Add("measures", "Select where special measures stand")
	}
	tooLong(&errs, lineMax, map[string]string{"place": h.Words.Place, "with": h.Words.With})
	tooLong(&errs, textMax, map[string]string{"purpose": h.Words.Purpose, "measures_words": h.Words.Measures, "outcome": h.Words.Outcome})
	return errs
}

// List records that a hearing is to come, with a reminder before it; or one
// that was, with what came of it.
func (s *Service) List(ctx context.Context, f *cases.File, h Hearing) (HearingID, error) {
	errs := h.check()
	h.State = Ahead
	if !errs.Has("on") && h.On < s.Today() {
		h.State = Held
	}
	switch {
	case h.State == Held && h.Words.Outcome == "":
		errs.Add("outcome", "This day has been: write what came of it")
	case h.State == Ahead && h.Words.Outcome != "":
		errs.Add("outcome", "This hearing is still to come: leave this empty")
	}
	if errs.Any() {
		return "", errs
	}
	var id string
	err := s.cases.Do(ctx, f, ActCourt, func(ctx context.Context, tx *store.Tx) (err error) {
		if id, err = tx.NewID(); err != nil {
			return err
		}
		if h.task, err = s.remind(ctx, tx, f, cases.PrepareHearing, "", h.On, s.cfg.HearingDays); err != nil {
			return err
		}
		words, err := seal(ctx, tx, f, hearingTable, id, h.Words)
		if err != nil {
			return err
		}
		err = courtdb.New(tx).InsertHearing(ctx, courtdb.InsertHearingParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Court: string(h.Court), OnDay: h.On, AtTime: h.At, Attends: string(h.Attends),
			Measures: string(h.Measures), State: string(h.State), TaskID: h.task, Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
		})
		if err != nil {
			return err
		}
		if err := s.cases.Promote(ctx, tx, f); err != nil {
			return err
		}
		if h.State == Held {
			return s.record(ctx, tx, f, cases.HearingEnded, h.On, id, h.Court.Label(), h.Words.Purpose, h.Words.Outcome)
		}
		return s.record(ctx, tx, f, cases.HearingListed, h.On, id, h.Court.Label(), h.Words.Purpose)
	})
	return HearingID(id), err
}

// ChangeHearing records where a hearing stands: still ahead with other
// particulars, held with what came of it, moved to another day, or cancelled. It
// returns [store.ErrConflict] when somebody else changed it, or it is over.
func (s *Service) ChangeHearing(ctx context.Context, f *cases.File, h Hearing) error {
	return s.cases.Do(ctx, f, ActCourt, func(ctx context.Context, tx *store.Tx) error {
		was, err := s.hearing(ctx, tx, f, h.ID)
		if err != nil {
			return err
		}
		h.Court = was.Court
		errs := h.check()
		switch h.State {
		case Ahead, Cancelled:
			h.On = was.On
		case Held:
			h.On = was.On
			if h.Words.Outcome == "" {
				errs.Add("outcome", "Write what came of it")
			}
		case Moved:
			if !errs.Has("on") && (h.On == was.On || h.On < s.today(tx)) {
				errs.Add("on", "Enter the new day, which is still to come")
			}
		default:
			errs.Add("state", "Select where it stands")
		}
		if errs.Any() {
			return errs
		}
		return s.setHearing(ctx, tx, f, was, h)
	})
}

func (s *Service) setHearing(ctx context.Context, tx *store.Tx, f *cases.File, was, h Hearing) (err error) {
	state := h.State
	h.task = was.task
	switch state {
	case Moved:
		state = Ahead
		h.task, err = s.remind(ctx, tx, f, cases.PrepareHearing, was.task, h.On, s.cfg.HearingDays)
	case Held, Cancelled:
		h.task, err = "", s.forget(ctx, tx, f, was.task, h.State.Label())
	case Ahead:
	}
	if err != nil {
		return err
	}
	words, err := seal(ctx, tx, f, hearingTable, string(h.ID), h.Words)
	if err != nil {
		return err
	}
	err = store.Changed(courtdb.New(tx).SetHearing(ctx, courtdb.SetHearingParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(h.ID), Version: h.Version, OnDay: h.On, AtTime: h.At, Attends: string(h.Attends),
		Measures: string(h.Measures), State: string(state), TaskID: h.task, Words: words,
	}))
	if err != nil {
		return err
	}
	switch h.State {
	case Moved:
		return s.record(ctx, tx, f, cases.HearingListed, h.On, string(h.ID), h.Court.Label(), "Moved from "+cases.DayInWords(was.On), h.Words.Purpose)
	case Held, Cancelled:
		return s.record(ctx, tx, f, cases.HearingEnded, "", string(h.ID), h.Court.Label(), h.State.Label(), h.Words.Outcome)
	case Ahead:
	}
	return nil
}

// Hearing is one hearing of a file.
func (s *Service) Hearing(ctx context.Context, tx *store.Tx, f *cases.File, id HearingID) (Hearing, error) {
	if err := show(ctx, f); err != nil {
		return Hearing{}, err
	}
	return s.hearing(ctx, tx, f, id)
}

func (s *Service) hearing(ctx context.Context, tx *store.Tx, f *cases.File, id HearingID) (Hearing, error) {
	row, err := courtdb.New(tx).HearingByID(ctx, courtdb.HearingByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Hearing{}, missing(err)
	}
	return hearingOf(ctx, tx, row)
}

func hearingOf(ctx context.Context, tx *store.Tx, row courtdb.CourtHearing) (Hearing, error) {
	h := Hearing{
		ID: HearingID(row.ID), Court: Court(row.Court), On: row.OnDay, At: row.AtTime, Attends: Attends(row.Attends), Measures: Measures(row.Measures),
		State: State(row.State), RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, Version: row.Version, task: row.TaskID,
	}
	return h, unseal(ctx, tx, row.AgencyID, hearingTable, row.ID, row.Words, &h.Words)
}

// Hearings are the hearings of a file, the latest day first.
func (s *Service) Hearings(ctx context.Context, tx *store.Tx, f *cases.File) ([]Hearing, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := courtdb.New(tx).Hearings(ctx, courtdb.HearingsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: listMost})
	if err != nil {
		return nil, err
	}
	out := make([]Hearing, len(rows))
	for i, row := range rows {
		if out[i], err = hearingOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}
