package marac

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Planning is a meeting, or a series of them.
type Planning struct {
	Kind    Kind
	First   time.Time // when the first begins
	Minutes int       // how long one is
	Count   int       // how many; 0 is one
	Days    int       // between two of a series, such as 14
	Words   MeetingWords
}

// Bounds of a series and of what is typed.
const (
	countMost = 60
	linesMost = 1000
)

// Check says what cannot be planned.
func (p Planning) Check() forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Kinds(), p.Kind) {
		errs.Add("kind", "Select what kind of meeting it is")
	}
	if p.First.IsZero() {
		errs.Add("first", "Enter the day and the time at which it begins")
	}
	if p.Minutes < 5 || p.Minutes > 12*60 {
		errs.Add("minutes", "A meeting takes between 5 and 720 minutes")
	}
	if p.Count < 0 || p.Count > countMost {
		errs.Add("count", "Plan between 1 and 60 meetings at once")
	}
	if p.Count > 1 && (p.Days < 1 || p.Days > 92) {
		errs.Add("days", "Enter how many days are between two meetings, from 1 to 92")
	}
	if len(p.Words.Where) > linesMost {
		errs.Add("where", "Say where it is in up to 1,000 characters")
	}
	if len(p.Words.Join) > linesMost {
		errs.Add("join", "Say how to join it in up to 1,000 characters")
	}
	return errs
}

// At is a day (YYYY-MM-DD) and a time of the clock (15:04) where days are counted.
func (s *Service) At(day, clock string) (time.Time, bool) {
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, s.zone)
	return at.UTC(), err == nil
}

// dates are when the list of a meeting closes, the pack is circulated, and closes.
// Days are those of the calendar, at the time of the clock at which it begins. One
// that is daily, or an emergency, takes cases until it begins, and its pack is open
// from when it is planned: there is no time to wait (domain.md, section 5.2).
func (s *Service) dates(m Marac, kind Kind, starts, now time.Time) (list, circulate, closes time.Time) {
	local := starts.In(s.zone)
	closes = local.AddDate(0, 0, m.CloseDays).UTC()
	if kind != Scheduled {
		return starts, now, closes
	}
	return local.AddDate(0, 0, -m.ReferDays).UTC(), local.AddDate(0, 0, -m.CirculateDays).UTC(), closes
}

func meetingPlace(agency string, id MeetingID) store.Place {
	return store.Place{Agency: agency, Table: "marac_meeting", Column: "words_sealed", Row: string(id)}
}

func asMeeting(r maracdb.MaracMeeting) Meeting {
	return Meeting{
		ID: MeetingID(r.ID), Agency: r.AgencyID, Kind: Kind(r.Kind), Starts: r.StartsAt, Minutes: int(r.Minutes), ClosesList: r.ClosesList, Circulate: r.CirculateAt, Close: r.CloseAt,
		State: MeetingState(r.State), Version: r.Version,
	}
}

// openMeeting is a meeting with its words.
func openMeeting(ctx context.Context, tx *store.Tx, r maracdb.MaracMeeting) (Meeting, error) {
	m := asMeeting(r)
	return m, tx.Vault().OpenJSON(ctx, tx, meetingPlace(r.AgencyID, m.ID), r.WordsSealed, &m.Words)
}

// Plan plans meetings. It returns the first.
func (s *Service) Plan(ctx context.Context, actor policy.Actor, agency string, p Planning) (first MeetingID, err error) {
	err = s.keep(ctx, actor, agency, "plan", func(ctx context.Context, tx *store.Tx) error {
		if err := p.Check().Err(); err != nil {
			return err
		}
		goes, err := s.MaracTx(ctx, tx, agency)
		if err != nil {
			return err
		}
		for i := range max(p.Count, 1) {
			starts := p.First.In(s.zone).AddDate(0, 0, i*p.Days).UTC()
			id, err := s.planOne(ctx, tx, actor, goes, p, starts)
			if err != nil {
				return err
			}
			if i == 0 {
				first = id
			}
		}
		return nil
	})
	return first, err
}

func (s *Service) planOne(ctx context.Context, tx *store.Tx, actor policy.Actor, goes Marac, p Planning, starts time.Time) (MeetingID, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	words, err := tx.Vault().SealJSON(ctx, tx, meetingPlace(goes.Agency, MeetingID(id)), p.Words)
	if err != nil {
		return "", err
	}
	list, circulate, closes := s.dates(goes, p.Kind, starts, tx.Now())
	return MeetingID(id), maracdb.New(tx).InsertMeeting(ctx, maracdb.InsertMeetingParams{
		AgencyID: goes.Agency, ID: id, Kind: string(p.Kind), StartsAt: starts, Minutes: int64(p.Minutes), ClosesList: list, CirculateAt: circulate, CloseAt: closes,
		State: string(Planned), WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account,
	})
}

// meetingFor judges keeping the MARAC of a meeting. One that never was is judged,
// refused and recorded like another's.
func (s *Service) meetingFor(ctx context.Context, actor policy.Actor, id MeetingID) (m Meeting, permit audit.Permit, err error) {
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err = s.meetingOrNone(ctx, tx, id)
		return err
	})
	if err != nil {
		return m, permit, err
	}
	permit, err = s.guard.Act(ctx, actor, ActKeep, resource(m.Agency), false, id.Subject())
	return m, permit, err
}

// meetingOrNone is a meeting without its words, and an empty one for an id that
// never was.
func (s *Service) meetingOrNone(ctx context.Context, tx *store.Tx, id MeetingID) (Meeting, error) {
	row, err := maracdb.New(tx).MeetingByID(ctx, string(id))
	if none(err) {
		return Meeting{}, nil
	}
	return asMeeting(row), err
}

// Move changes when and where a meeting is. Whoever answered is asked again when it
// begins at another time.
func (s *Service) Move(ctx context.Context, actor policy.Actor, id MeetingID, version int64, p Planning) error {
	m, permit, err := s.meetingFor(ctx, actor, id)
	if err != nil {
		return err
	}
	p.Kind = m.Kind
	if err := p.Check().Err(); err != nil {
		return err
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		goes, err := s.MaracTx(ctx, tx, m.Agency)
		if err != nil {
			return err
		}
		if m.State != Planned {
			return store.ErrConflict
		}
		moved := !p.First.Equal(m.Starts)
		if moved {
			m.ClosesList, m.Circulate, m.Close = s.dates(goes, m.Kind, p.First, tx.Now())
		}
		m.Starts, m.Minutes, m.Words, m.Version = p.First, p.Minutes, p.Words, version
		if err := s.setMeeting(ctx, tx, actor, m); err != nil {
			return err
		}
		if moved {
			if err := maracdb.New(tx).AskAgain(ctx, maracdb.AskAgainParams{AgencyID: m.Agency, MeetingID: string(id)}); err != nil {
				return err
			}
		}
		return permit.Append(tx, ActKeep, "move", Subject(m.Agency), id.Subject())
	})
}

func (s *Service) setMeeting(ctx context.Context, tx *store.Tx, actor policy.Actor, m Meeting) error {
	words, err := tx.Vault().SealJSON(ctx, tx, meetingPlace(m.Agency, m.ID), m.Words)
	if err != nil {
		return err
	}
	return store.Changed(maracdb.New(tx).SetMeeting(ctx, maracdb.SetMeetingParams{
		AgencyID: m.Agency, ID: string(m.ID), StartsAt: m.Starts, Minutes: int64(m.Minutes), ClosesList: m.ClosesList, CirculateAt: m.Circulate, CloseAt: m.Close,
		State: string(m.State), WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: m.Version,
	}))
}

// Cancel cancels a meeting. The cases on its list go to the end of another's: none
// is left on one that nobody holds.
func (s *Service) Cancel(ctx context.Context, actor policy.Actor, id MeetingID, version int64, to MeetingID) error {
	m, permit, err := s.meetingFor(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := maracdb.New(tx)
		row, err := q.MeetingByID(ctx, string(id))
		if err != nil {
			return missing(err)
		}
		if m, err = openMeeting(ctx, tx, row); err != nil {
			return err
		}
		if m.State != Planned {
			return store.ErrConflict
		}
		list, err := q.ListOf(ctx, maracdb.ListOfParams{AgencyID: m.Agency, MeetingID: string(id)})
		if err != nil {
			return err
		}
		if list.Listed > 0 {
			if err := s.carry(ctx, tx, m, to); err != nil {
				return err
			}
		}
		m.State, m.Version = Cancelled, version
		if err := s.setMeeting(ctx, tx, actor, m); err != nil {
			return err
		}
		return permit.Append(tx, ActKeep, "cancel", Subject(m.Agency), id.Subject())
	})
}

// carry puts the cases of a meeting to the end of the list of another.
func (s *Service) carry(ctx context.Context, tx *store.Tx, from Meeting, to MeetingID) error {
	q := maracdb.New(tx)
	into, err := s.meetingOrNone(ctx, tx, to)
	if err != nil {
		return err
	}
	if to == "" || into.ID == from.ID || into.Agency != from.Agency || into.State != Planned || into.Starts.Before(tx.Now()) {
		return forms.Errors{{Field: "to", Message: "Select the meeting that its cases go to"}}
	}
	list, err := q.ListOf(ctx, maracdb.ListOfParams{AgencyID: into.Agency, MeetingID: string(to)})
	if err != nil {
		return err
	}
	_, err = q.MoveCases(ctx, maracdb.MoveCasesParams{AgencyID: from.Agency, FromMeeting: string(from.ID), IntoMeeting: string(to), AfterSlot: list.Last})
	return err
}

// Calendar is a page of meetings: what is ahead, the next first, and what was.
type Calendar struct {
	Ahead, Before []Meeting
	Goes          Marac
}

// calendarMost bounds each half of a calendar: two years of fortnightly meetings.
const calendarMost = 52

// Calendar reads it, for coordinators. Those of today are ahead.
func (s *Service) Calendar(ctx context.Context, actor policy.Actor, agency string) (c Calendar, err error) {
	if _, err := s.guard.Open(ctx, actor, ActKeep, resource(agency), "", agency == actor.Agency, Subject(agency)); err != nil {
		return c, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if c.Goes, err = s.MaracTx(ctx, tx, agency); err != nil {
			return err
		}
		c.Ahead, c.Before, err = s.calendar(ctx, tx, agency)
		return err
	})
	return c, err
}

func (s *Service) calendar(ctx context.Context, tx *store.Tx, agency string) (ahead, before []Meeting, err error) {
	q, from := maracdb.New(tx), s.midnight(tx)
	next, err := q.MeetingsAhead(ctx, maracdb.MeetingsAheadParams{AgencyID: agency, FromAt: from, Size: calendarMost})
	if err != nil {
		return nil, nil, err
	}
	past, err := q.MeetingsBefore(ctx, maracdb.MeetingsBeforeParams{AgencyID: agency, BeforeAt: from, Size: calendarMost})
	for _, r := range next {
		ahead = append(ahead, asMeeting(r))
	}
	for _, r := range past {
		before = append(before, asMeeting(r))
	}
	return ahead, before, err
}

// AheadTx are the meetings of a MARAC from today on, without where they are, the next
// first: which there are is no secret to those who refer.
func (s *Service) AheadTx(ctx context.Context, tx *store.Tx, agency string) ([]Meeting, error) {
	ahead, _, err := s.calendar(ctx, tx, agency)
	return slices.DeleteFunc(ahead, func(m Meeting) bool { return m.State == Cancelled }), err
}

// midnight is when today began.
func (s *Service) midnight(tx *store.Tx) time.Time {
	now := tx.Now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, s.zone).UTC()
}

func none(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Kept is a meeting with its words as its coordinators keep it. To others it is not
// there.
func (s *Service) Kept(ctx context.Context, actor policy.Actor, id MeetingID) (m Meeting, err error) {
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		m, err = s.meetingOrNone(ctx, tx, id)
		return err
	})
	if err != nil {
		return Meeting{}, err
	}
	if _, err := s.guard.Open(ctx, actor, ActKeep, resource(m.Agency), "", false, id.Subject()); err != nil {
		return Meeting{}, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		row, err := maracdb.New(tx).MeetingByID(ctx, string(id))
		if err != nil {
			return missing(err)
		}
		m, err = openMeeting(ctx, tx, row)
		return err
	})
	return m, err
}
