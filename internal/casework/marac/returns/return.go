package returns

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/returns/returnsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Service makes returns.
type Service struct {
	db    *store.DB
	guard *audit.Guard
	zone  *time.Location

	witnesses []Witness
}

// New makes the service; zone is where days are counted.
func New(db *store.DB, guard *audit.Guard, zone *time.Location) *Service {
	return &Service{db: db, guard: guard, zone: zone}
}

// Now is the present in the time of the place.
func (s *Service) Now() time.Time { return s.db.Clock()().In(s.zone) }

// Tally is what the return counts (domain.md, section 5.6). Each is a number of
// cases, save Children, which are people.
type Tally struct {
	Cases         int64 `json:"cases"` // repeats included
	Repeats       int64 `json:"repeats"`
	Children      int64 `json:"children"` // in the household
	BME           int64 `json:"bme"`
	LGBT          int64 `json:"lgbt"`
	Disabled      int64 `json:"disabled"`
	Male          int64 `json:"male"`
	Young         int64 `json:"young"`           // the victim is 16 or 17
	YoungWhoHarms int64 `json:"young_who_harms"` // somebody who harms them is 17 or younger

	// Of how many it is not known.
	BMEUnknown      int64 `json:"bme_unknown"`
	LGBTUnknown     int64 `json:"lgbt_unknown"`
	DisabledUnknown int64 `json:"disabled_unknown"`
	MaleUnknown     int64 `json:"male_unknown"`

	// Represented are those with whom an IDVA works, of whom nothing else is asked
	// here; of RepresentedUnknown it was not recorded (G7).
	Represented        int64 `json:"represented"`
	RepresentedUnknown int64 `json:"represented_unknown"`
}

// Plus is both together.
func (t Tally) Plus(o Tally) Tally {
	return Tally{
		Cases: t.Cases + o.Cases, Repeats: t.Repeats + o.Repeats, Children: t.Children + o.Children, BME: t.BME + o.BME, LGBT: t.LGBT + o.LGBT,
		Disabled: t.Disabled + o.Disabled, Male: t.Male + o.Male, Young: t.Young + o.Young, YoungWhoHarms: t.YoungWhoHarms + o.YoungWhoHarms,
		BMEUnknown: t.BMEUnknown + o.BMEUnknown, LGBTUnknown: t.LGBTUnknown + o.LGBTUnknown, DisabledUnknown: t.DisabledUnknown + o.DisabledUnknown,
		MaleUnknown: t.MaleUnknown + o.MaleUnknown, Represented: t.Represented + o.Represented, RepresentedUnknown: t.RepresentedUnknown + o.RepresentedUnknown,
	}
}

// Line is what the return says of one meeting.
type Line struct {
	Meeting marac.MeetingID `json:"meeting"`
	On      string          `json:"on"` // YYYY-MM-DD
	Tally
	From map[string]int64 `json:"from"` // cases by the agency that referred
}

// Return is that of a quarter.
type Return struct {
	Agency  string
	Quarter string // such as 2026-Q3
	Period  measures.Period
	Lines   []Line // in the order of the meetings; those at which nothing was heard as well
	Women   int64  // women of 16 and over in the area; 0 not known

	// Revision is which final one it is, from 1; 0 is provisional.
	Revision int64
	Made     time.Time
	By       string // account
	Changed  bool   // the register says otherwise by now
}

// Total is all meetings together.
func (r Return) Total() (out Tally) {
	for _, l := range r.Lines {
		out = out.Plus(l.Tally)
	}
	return out
}

// From are the cases of all meetings by the agency that referred.
func (r Return) From() map[string]int64 {
	out := map[string]int64{}
	for _, l := range r.Lines {
		for agency, n := range l.From {
			out[agency] += n
		}
	}
	return out
}

// Quarter reads a quarter such as 2026-Q3, the present one as well, and tells
// whether it is one, and whether it is over.
func (s *Service) Quarter(text string) (p measures.Period, over, ok bool) {
	if len(text) != len("2026-Q3") {
		return p, false, false
	}
	now := s.Now()
	// A quarter is read as one that is over by then.
	if p, ok = measures.ClosedPeriod(text, time.Date(9999, 1, 1, 12, 0, 0, 0, s.zone), s.zone); !ok {
		return p, false, false
	}
	if text[5] != 'Q' || p.From > now.Format(time.DateOnly) {
		return p, false, false
	}
	return p, p.To < now.Format(time.DateOnly), true
}

// provisional counts a period in the register, in three statements.
func (s *Service) provisional(ctx context.Context, tx *store.Tx, agency string, p measures.Period) ([]Line, error) {
	q := returnsdb.New(tx)
	first, after, err := s.span(p)
	if err != nil {
		return nil, err
	}
	met, err := q.MeetingsBetween(ctx, returnsdb.MeetingsBetweenParams{AgencyID: agency, First: first, After: after})
	if err != nil {
		return nil, err
	}
	var lines []Line
	at := map[string]int{} // by meeting and day
	for _, m := range met {
		day := m.StartsAt.In(s.zone).Format(time.DateOnly)
		at[m.ID+day] = len(lines)
		lines = append(lines, Line{Meeting: marac.MeetingID(m.ID), On: day, From: map[string]int64{}})
	}
	rows, err := q.CountHeard(ctx, returnsdb.CountHeardParams{AgencyID: agency, First: p.From, Last: p.To})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		i, ok := at[r.MeetingID+r.HeardOn]
		if !ok { // heard on another day than it was called for, or between meetings
			i = len(lines)
			at[r.MeetingID+r.HeardOn] = i
			lines = append(lines, Line{Meeting: marac.MeetingID(r.MeetingID), On: r.HeardOn, From: map[string]int64{}})
		}
		lines[i].From[r.FromAgency] += r.Cases
		lines[i].Tally = lines[i].Plus(Tally{
			Cases: r.Cases, Repeats: r.Repeats, Children: r.Children, BME: r.Bme, LGBT: r.Lgbt, Disabled: r.Disabled, Male: r.Male, Young: r.Young, YoungWhoHarms: r.YoungWhoHarms,
			BMEUnknown: r.BmeUnknown, LGBTUnknown: r.LgbtUnknown, DisabledUnknown: r.DisabledUnknown, MaleUnknown: r.MaleUnknown,
			Represented: r.Idva, RepresentedUnknown: r.IdvaUnknown,
		})
	}
	slices.SortStableFunc(lines, func(a, b Line) int {
		if a.On != b.On {
			return compare(a.On, b.On)
		}
		return compare(string(a.Meeting), string(b.Meeting))
	})
	return lines, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// span is a period as moments: from the first, before the second.
func (s *Service) span(p measures.Period) (first, after time.Time, err error) {
	if first, err = time.ParseInLocation(time.DateOnly, p.From, s.zone); err != nil {
		return first, after, err
	}
	last, err := time.ParseInLocation(time.DateOnly, p.To, s.zone)
	return store.Moment(first), store.Moment(last.AddDate(0, 0, 1)), err
}

// Return is that of a quarter: the final one, where there is one, and what the
// register says now otherwise. What is no quarter, or none that has begun, is
// [store.ErrNotFound].
func (s *Service) Return(ctx context.Context, actor policy.Actor, agency, quarter string) (final, now Return, err error) {
	if _, err := s.guard.OpenFigures(ctx, actor, ActRead, returnsOf(agency), "", false, ofAgency(agency)); err != nil {
		return final, now, err
	}
	period, _, ok := s.Quarter(quarter)
	if !ok {
		return final, now, store.ErrNotFound
	}
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if now, err = s.counted(ctx, tx, agency, quarter, period); err != nil {
			return err
		}
		final, err = latest(ctx, tx, agency, quarter, period)
		return err
	})
	if final.Revision > 0 {
		final.Changed = !sameLines(final.Lines, now.Lines)
	}
	return final, now, err
}

// counted is the provisional return of a quarter.
func (s *Service) counted(ctx context.Context, tx *store.Tx, agency, quarter string, p measures.Period) (Return, error) {
	settings, err := returnsdb.New(tx).Settings(ctx, agency)
	if err != nil {
		return Return{}, err // an agency that is no MARAC makes none
	}
	lines, err := s.provisional(ctx, tx, agency, p)
	return Return{Agency: agency, Quarter: quarter, Period: p, Lines: lines, Women: settings.Women}, err
}

func linesPlace(agency, quarter string, revision int64) store.Place {
	return store.Place{Agency: agency, Table: "marac_quarter", Column: "lines_sealed", Row: quarter + "/" + strconv.FormatInt(revision, 10)}
}

// latest is the final return of a quarter that was made last; its revision is 0
// where there is none.
func latest(ctx context.Context, tx *store.Tx, agency, quarter string, p measures.Period) (Return, error) {
	row, err := returnsdb.New(tx).LatestReturn(ctx, returnsdb.LatestReturnParams{AgencyID: agency, Quarter: quarter})
	if errors.Is(err, sql.ErrNoRows) {
		return Return{}, nil
	}
	if err != nil {
		return Return{}, err
	}
	out := Return{Agency: agency, Quarter: quarter, Period: p, Women: row.Women, Revision: row.Revision, Made: row.MadeAt, By: row.MadeBy}
	return out, tx.Vault().OpenJSON(ctx, tx, linesPlace(agency, quarter, row.Revision), row.LinesSealed, &out.Lines)
}

func sameLines(a, b []Line) bool {
	return slices.EqualFunc(a, b, func(x, y Line) bool {
		return x.Meeting == y.Meeting && x.On == y.On && x.Tally == y.Tally && maps.Equal(x.From, y.From)
	})
}

// Finish makes the return of a quarter that is over final, as the register is now.
// Where one is final already, it makes a revised one, unless nothing has changed. It
// returns [forms.Errors] by the field quarter.
func (s *Service) Finish(ctx context.Context, actor policy.Actor, agency, quarter string) error {
	permit, err := s.guard.Act(ctx, actor, ActFinish, returnsOf(agency), actor.Agency == agency, ofAgency(agency))
	if err != nil {
		return err
	}
	period, over, ok := s.Quarter(quarter)
	if !ok {
		return store.ErrNotFound
	}
	if !over {
		return forms.Errors{{Field: "quarter", Message: "This quarter is not over. Its return stays provisional until then"}}
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, err := s.counted(ctx, tx, agency, quarter, period)
		if err != nil {
			return err
		}
		before, err := latest(ctx, tx, agency, quarter, period)
		if err != nil {
			return err
		}
		if before.Revision > 0 && sameLines(before.Lines, now.Lines) {
			return forms.Errors{{Field: "quarter", Message: "It is final already, and nothing has changed since"}}
		}
		revision := before.Revision + 1
		sealed, err := tx.Vault().SealJSON(ctx, tx, linesPlace(agency, quarter, revision), now.Lines)
		if err != nil {
			return err
		}
		err = returnsdb.New(tx).InsertReturn(ctx, returnsdb.InsertReturnParams{
			AgencyID: agency, Quarter: quarter, Revision: revision, Women: now.Women, LinesSealed: sealed.Bytes(), MadeAt: tx.Now(), MadeBy: actor.Account,
		})
		if errors.Is(err, store.ErrExists) {
			return store.ErrConflict // somebody made it final at the same moment
		}
		if err != nil {
			return err
		}
		return permit.Append(tx, ActFinish, quarter, ofAgency(agency))
	})
}

// Stand is where the return of one quarter stands.
type Stand struct {
	Quarter  string
	Period   measures.Period
	Over     bool
	Revision int64 // 0 while it is provisional
	Made     time.Time
	By       string // account
}

// shown is how many quarters a list has.
const shown = 12

// Stands are the last quarters, the present one first.
func (s *Service) Stands(ctx context.Context, actor policy.Actor, agency string) ([]Stand, error) {
	if _, err := s.guard.OpenFigures(ctx, actor, ActRead, returnsOf(agency), "", false, ofAgency(agency)); err != nil {
		return nil, err
	}
	var out []Stand
	at := map[string]int{}
	now := s.Now()
	for year, quarter := now.Year(), (int(now.Month())-1)/3+1; len(out) < shown; quarter-- {
		if quarter == 0 {
			year, quarter = year-1, 4
		}
		code := fmt.Sprintf("%d-Q%d", year, quarter)
		period, over, _ := s.Quarter(code)
		at[code] = len(out)
		out = append(out, Stand{Quarter: code, Period: period, Over: over})
	}
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := returnsdb.New(tx)
		if _, err := q.Settings(ctx, agency); err != nil {
			return err
		}
		rows, err := q.Returns(ctx, returnsdb.ReturnsParams{AgencyID: agency, Quarter: out[len(out)-1].Quarter})
		for _, r := range rows { // the last revision of each comes first
			if i, ok := at[r.Quarter]; ok && out[i].Revision == 0 {
				out[i].Revision, out[i].Made, out[i].By = r.Revision, r.MadeAt, r.MadeBy
			}
		}
		return err
	})
	return out, err
}

// Counted is a case that a count was made of. It names nobody.
type Counted struct {
	ID       marac.CaseID
	File     cases.ID
	Number   string
	From     string // agency
	Children int64
}

// Cases are those of a meeting that a cell counted: the query of the cell, for
// whoever would make it again. The cell is named as in [Cells].
func (s *Service) Cases(ctx context.Context, actor policy.Actor, agency, quarter string, meeting marac.MeetingID, cell string) ([]Counted, error) {
	subjects := []audit.Subject{ofAgency(agency)}
	if meeting != "" { // what was heard between meetings
		subjects = append(subjects, meeting.Subject())
	}
	permit, err := s.guard.Open(ctx, actor, ActCases, returnsOf(agency), "", false, subjects...)
	if err != nil {
		return nil, err
	}
	period, _, ok := s.Quarter(quarter)
	i := slices.IndexFunc(Cells(), func(c Cell) bool { return c.Code == cell })
	if !ok || i < 0 {
		return nil, store.ErrNotFound
	}
	var out []Counted
	var named []audit.Subject
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		rows, err := returnsdb.New(tx).CasesHeard(ctx, returnsdb.CasesHeardParams{AgencyID: agency, MeetingID: string(meeting), First: period.From, Last: period.To})
		if err == nil && len(rows) == 0 {
			return store.ErrNotFound // no meeting of it, or nothing was heard there
		}
		for _, r := range rows {
			if Cells()[i].counts(r) {
				out = append(out, Counted{ID: marac.CaseID(r.ID), File: cases.ID(r.FileID), Number: r.Number, From: r.FromAgency, Children: r.Children})
				named = append(named, marac.CaseID(r.ID).Subject())
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, permit.Show(ctx, named...)
}
