package meeting

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting/meetingdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Service is the only door to meetings as they are held.
type Service struct {
	marac   *marac.Service
	guard   *audit.Guard
	sources []Source
}

// New makes the service. The sources are what other capabilities put into the
// minutes when they are approved.
func New(m *marac.Service, guard *audit.Guard, sources ...Source) *Service {
	return &Service{marac: m, guard: guard, sources: sources}
}

// Run is a meeting as it is held.
type Run struct {
	Begun    time.Time // zero until it begins
	Ended    time.Time
	On       marac.CaseID // open to the room; empty for none
	Change   int64
	Approved time.Time
	By       string // who approved
}

// Hearing is a case at a meeting.
type Hearing struct {
	Case     marac.CaseID
	Seconds  int       // that it was on the table until Since
	Since    time.Time // zero while it is not on the table
	IDVA     marac.Represented
	Views    ViewsHow
	Decision Decision
	Heard    time.Time // zero while it was not
	By       string
	Version  int64
}

// Took is how long a case was on the table until a time.
func (h Hearing) Took(now time.Time) time.Duration {
	d := time.Duration(h.Seconds) * time.Second
	if !h.Since.IsZero() {
		d += max(now.Sub(h.Since), 0)
	}
	return d
}

// Line is a case on the list of a meeting that is held. It has no name.
type Line struct {
	ID     marac.CaseID
	Number string
	State  marac.State
	IDVA   marac.Represented
	Hearing
}

// Table is a meeting for those who hold it.
type Table struct {
	Meeting marac.Meeting
	Run     Run
	Goes    marac.Marac
	Lines   []Line
	Board   marac.Board
	Now     time.Time
}

// Heard counts the cases that were heard.
func (t Table) Heard() int {
	n := 0
	for _, l := range t.Lines {
		if !l.Hearing.Heard.IsZero() {
			n++
		}
	}
	return n
}

func (s *Service) run(ctx context.Context, tx *store.Tx, seat *marac.Seat) (Run, error) {
	r, err := meetingdb.New(tx).RunOf(ctx, meetingdb.RunOfParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return Run{}, nil
	}
	return Run{Begun: r.BegunAt.Time, Ended: r.EndedAt.Time, On: marac.CaseID(r.OnCase), Change: r.Change, Approved: r.ApprovedAt.Time, By: r.ApprovedBy}, err
}

// ensure makes the row of a meeting that nothing was written of yet.
func (s *Service) ensure(ctx context.Context, tx *store.Tx, seat *marac.Seat) error {
	return meetingdb.New(tx).EnsureRun(ctx, meetingdb.EnsureRunParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
}

func asHearing(r meetingdb.MaracHearing) Hearing {
	return Hearing{
		Case: marac.CaseID(r.CaseID), Seconds: int(r.Seconds), Since: r.Since.Time, IDVA: marac.Represented(r.Idva), Views: ViewsHow(r.Views), Decision: Decision(r.Decision),
		Heard: r.HeardAt.Time, By: r.HeardBy, Version: r.Version,
	}
}

// Table reads a meeting for those who hold it: the same few statements, however many
// cases and agencies there are.
func (s *Service) Table(ctx context.Context, seat *marac.Seat) (t Table, err error) {
	permit, err := s.may(ctx, seat, ActRun, "", false)
	if err != nil {
		return t, err
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		t.Now = tx.Now()
		if t.Meeting, err = s.marac.StandsTx(ctx, tx, seat); err != nil {
			return err
		}
		if t.Goes, err = s.marac.MaracTx(ctx, tx, seat.Agency()); err != nil {
			return err
		}
		if t.Board, err = s.marac.BoardTx(ctx, tx, permit, seat); err != nil {
			return err
		}
		t.Run, t.Lines, err = s.lines(ctx, tx, permit, seat)
		return err
	})
	if err != nil {
		return t, err
	}
	shown := []audit.Subject{seat.Meeting().ID.Subject()}
	for account := range t.Board.Who {
		shown = append(shown, audit.Subject{Kind: "account", ID: account})
	}
	slices.SortFunc(shown, func(a, b audit.Subject) int { return compare(a.Kind+a.ID, b.Kind+b.ID) })
	return t, permit.Show(ctx, shown...)
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

// lines are the cases of a meeting with what became of them there.
func (s *Service) lines(ctx context.Context, tx *store.Tx, permit audit.Permit, seat *marac.Seat) (run Run, out []Line, err error) {
	if run, err = s.run(ctx, tx, seat); err != nil {
		return run, nil, err
	}
	list, _, err := s.marac.CasesTx(ctx, tx, permit, seat)
	if err != nil {
		return run, nil, err
	}
	rows, err := meetingdb.New(tx).Hearings(ctx, meetingdb.HearingsParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
	had := map[marac.CaseID]Hearing{}
	for _, r := range rows {
		had[marac.CaseID(r.CaseID)] = asHearing(r)
	}
	for _, c := range list {
		l := Line{ID: c.ID, Number: c.Number, State: c.State, IDVA: c.IDVA, Hearing: had[c.ID]}
		l.Hearing.Case = c.ID
		out = append(out, l)
	}
	return run, out, err
}

// hold makes a change of a meeting that those who hold it make.
func (s *Service) hold(ctx context.Context, seat *marac.Seat, reason string, subjects []audit.Subject, fn func(ctx context.Context, tx *store.Tx, permit audit.Permit) error) error {
	permit, err := s.may(ctx, seat, ActRun, "", false, subjects...)
	if err != nil {
		return err
	}
	return s.marac.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := s.ensure(ctx, tx, seat); err != nil {
			return err
		}
		run, err := meetingdb.New(tx).NextChange(ctx, meetingdb.NextChangeParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID)})
		if err != nil {
			return err
		}
		if run.ApprovedAt.Valid {
			return ErrFrozen
		}
		if err := fn(ctx, tx, permit); err != nil {
			return err
		}
		return permit.Append(tx, ActRun, reason, append([]audit.Subject{seat.Meeting().ID.Subject()}, subjects...)...)
	})
}

// Begin begins a meeting. It returns [store.ErrConflict] when it is begun or over.
func (s *Service) Begin(ctx context.Context, seat *marac.Seat) error {
	return s.hold(ctx, seat, "begin", nil, func(ctx context.Context, tx *store.Tx, permit audit.Permit) error {
		if err := s.marac.SetStateTx(ctx, tx, permit, seat, marac.Begun); err != nil {
			return err
		}
		return store.Changed(meetingdb.New(tx).BeginRun(ctx, meetingdb.BeginRunParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), BegunAt: nullTime(tx.Now()), BegunBy: seat.Actor().Account,
		}))
	})
}

// End ends a meeting. A case on the table is put aside, heard or not.
func (s *Service) End(ctx context.Context, seat *marac.Seat) error {
	return s.hold(ctx, seat, "end", nil, func(ctx context.Context, tx *store.Tx, permit audit.Permit) error {
		if err := s.aside(ctx, tx, seat); err != nil {
			return err
		}
		if err := s.marac.SetStateTx(ctx, tx, permit, seat, marac.Ended); err != nil {
			return err
		}
		return store.Changed(meetingdb.New(tx).EndRun(ctx, meetingdb.EndRunParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), EndedAt: nullTime(tx.Now()), EndedBy: seat.Actor().Account,
		}))
	})
}

// Came records that somebody is here, whatever they had answered, or that they went.
func (s *Service) Came(ctx context.Context, seat *marac.Seat, account string, here bool) error {
	reason := "came"
	if !here {
		reason = "went"
	}
	return s.hold(ctx, seat, reason, []audit.Subject{{Kind: "account", ID: account}}, func(ctx context.Context, tx *store.Tx, permit audit.Permit) error {
		return s.marac.CameTx(ctx, tx, permit, seat, account, here)
	})
}

// Put puts a case on the table: from then on the room sees whom it is about, and its
// time runs. Whichever was there is put aside. A meeting that has not begun has no table.
func (s *Service) Put(ctx context.Context, seat *marac.Seat, c marac.CaseID) error {
	if err := s.ofCase(ctx, seat, c); err != nil {
		return err
	}
	return s.hold(ctx, seat, "put", subjectsOf(c), func(ctx context.Context, tx *store.Tx, _ audit.Permit) error {
		m, err := s.marac.StandsTx(ctx, tx, seat)
		if err != nil {
			return err
		}
		if m.State != marac.Begun {
			return store.ErrConflict
		}
		if err := s.aside(ctx, tx, seat); err != nil {
			return err
		}
		return s.put(ctx, tx, seat, c)
	})
}

func (s *Service) put(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID) error {
	q := meetingdb.New(tx)
	if err := q.EnsureHearing(ctx, meetingdb.EnsureHearingParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c)}); err != nil {
		return err
	}
	h, err := s.hearing(ctx, tx, seat, c)
	if err != nil {
		return err
	}
	h.Since = tx.Now()
	if err := s.setHearing(ctx, tx, seat, h); err != nil {
		return err
	}
	return q.SetOn(ctx, meetingdb.SetOnParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), OnCase: string(c)})
}

// Aside puts the case on the table aside: the room sees nobody's name any more.
func (s *Service) Aside(ctx context.Context, seat *marac.Seat) error {
	return s.hold(ctx, seat, "aside", nil, func(ctx context.Context, tx *store.Tx, _ audit.Permit) error { return s.aside(ctx, tx, seat) })
}

func (s *Service) aside(ctx context.Context, tx *store.Tx, seat *marac.Seat) error {
	run, err := s.run(ctx, tx, seat)
	if err != nil || run.On == "" {
		return err
	}
	h, err := s.hearing(ctx, tx, seat, run.On)
	if err != nil {
		return err
	}
	h.Seconds, h.Since = int(h.Took(tx.Now()).Seconds()), time.Time{}
	if err := s.setHearing(ctx, tx, seat, h); err != nil {
		return err
	}
	return meetingdb.New(tx).SetOn(ctx, meetingdb.SetOnParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), OnCase: ""})
}

func (s *Service) hearing(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.CaseID) (Hearing, error) {
	r, err := meetingdb.New(tx).HearingOf(ctx, meetingdb.HearingOfParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c)})
	if errors.Is(err, sql.ErrNoRows) {
		return Hearing{Case: c}, nil
	}
	return asHearing(r), err
}

func (s *Service) setHearing(ctx context.Context, tx *store.Tx, seat *marac.Seat, h Hearing) error {
	return store.Changed(meetingdb.New(tx).SetHearing(ctx, meetingdb.SetHearingParams{
		AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(h.Case), Seconds: int64(h.Seconds), Since: nullTime(h.Since), Idva: string(h.IDVA), Views: string(h.Views),
		Decision: string(h.Decision), HeardAt: nullTime(h.Heard), HeardBy: h.By, Version: h.Version,
	}))
}

// Conclusion is what a case is closed with as heard.
type Conclusion struct {
	IDVA     marac.Represented
	Views    ViewsHow
	Decision Decision
}

// Conclude says that a case was heard. It is what needs to be complete, and nothing
// before it does: who represents the victim and how their views were put (G7), what was
// decided, and in the minutes why. It returns [forms.Errors], and [store.ErrConflict]
// when the case was heard already or is not on the list any more.
func (s *Service) Conclude(ctx context.Context, seat *marac.Seat, c marac.CaseID, done Conclusion) error {
	if err := s.ofCase(ctx, seat, c); err != nil {
		return err
	}
	return s.hold(ctx, seat, "heard", subjectsOf(c), func(ctx context.Context, tx *store.Tx, permit audit.Permit) error {
		why, err := s.head(ctx, tx, seat, c, Decided)
		if err != nil {
			return err
		}
		if err := done.check(why.Text).Err(); err != nil {
			return err
		}
		m, err := s.marac.StandsTx(ctx, tx, seat)
		if err != nil {
			return err
		}
		if m.State != marac.Begun && m.State != marac.Ended {
			return store.ErrConflict
		}
		run, err := s.run(ctx, tx, seat)
		if err != nil {
			return err
		}
		if run.On == c {
			if err := s.aside(ctx, tx, seat); err != nil {
				return err
			}
		}
		if err := s.marac.HeardTx(ctx, tx, permit, seat, c, done.IDVA, marac.Heard); err != nil {
			return err
		}
		if err := meetingdb.New(tx).EnsureHearing(ctx, meetingdb.EnsureHearingParams{AgencyID: seat.Agency(), MeetingID: string(seat.Meeting().ID), CaseID: string(c)}); err != nil {
			return err
		}
		h, err := s.hearing(ctx, tx, seat, c)
		if err != nil {
			return err
		}
		h.IDVA, h.Views, h.Decision, h.Heard, h.By = done.IDVA, done.Views, done.Decision, tx.Now(), seat.Actor().Account
		return s.setHearing(ctx, tx, seat, h)
	})
}

func (c Conclusion) check(why string) forms.Errors {
	var errs forms.Errors
	if !slices.Contains(Represented(), c.IDVA) {
		errs.Add("idva", "Select whether an IDVA represents them")
	}
	if !slices.Contains(ViewsHows(), c.Views) {
		errs.Add("views-how", "Select how their views were put to the meeting")
	}
	if !slices.Contains(Decisions(), c.Decision) {
		errs.Add("decided", "Select what the meeting decides")
	} else if why == "" {
		errs.Add("decided", "Write down why, under “Decision and reasons”, before the case is closed as heard")
	}
	return errs
}

// Sheet is a case as those who hold the meeting, and the IDVA, have it open.
type Sheet struct {
	marac.Opened
	Hearing Hearing
	Run     Run
	Goes    marac.Marac
	Draft   Draft
	Holds   bool // they may put it on the table, and close it
	Next    marac.CaseID
	Now     time.Time
}

// Sheet opens it, which is an entry of the ledger with everybody it is about.
func (s *Service) Sheet(ctx context.Context, seat *marac.Seat, c marac.CaseID) (out Sheet, err error) {
	permit, err := s.may(ctx, seat, ActWrite, Views, false)
	if err != nil {
		return out, err
	}
	if out.Opened, err = s.marac.Open(ctx, seat, c); err != nil {
		return out, err
	}
	if out.Draft, err = s.Draft(ctx, seat, c); err != nil {
		return out, err
	}
	out.Holds = s.Holds(seat)
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out.Now = tx.Now()
		if out.Goes, err = s.marac.MaracTx(ctx, tx, seat.Agency()); err != nil {
			return err
		}
		var all []Line
		if out.Run, all, err = s.lines(ctx, tx, permit, seat); err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(l Line) bool { return l.ID == c })
		if at < 0 {
			return store.ErrNotFound
		}
		out.Hearing = all[at].Hearing
		for _, l := range append(slices.Clone(all[at+1:]), all[:at]...) {
			if l.Hearing.Heard.IsZero() {
				out.Next = l.ID
				break
			}
		}
		return nil
	})
	return out, err
}

// Holds tells whether somebody holds the meeting, for pages that offer it.
func (s *Service) Holds(seat *marac.Seat) bool { return s.allows(seat, ActRun, false) }

// MayPrint tells whether they print its minutes.
func (s *Service) MayPrint(seat *marac.Seat, approved bool) bool {
	return s.allows(seat, ActPrint, approved)
}

func (s *Service) allows(seat *marac.Seat, action policy.Action, approved bool) bool {
	return seat.Stated() && s.guard.Rules().Decide(seat.Actor(), action, resource(seat, "", approved)).Allowed
}

// Room is what the room sees: on a wall, or on a telephone.
type Room struct {
	Meeting marac.Meeting
	Run     Run
	Line    Line // the case on the table; empty for none, and for one to which the reader is tied
	About   []marac.Identity
	Without bool
	At      int // which of how many it is
	Of      int
	Heard   int
	Apart   bool // a case is on the table that is not there for them
	Goes    marac.Marac
	Now     time.Time
}

// Room reads it. Nobody's name is in it before the chair puts a case on the table, and
// then opening it is an entry of the ledger.
func (s *Service) Room(ctx context.Context, seat *marac.Seat) (r Room, err error) {
	permit, err := s.may(ctx, seat, ActRoom, "", false)
	if err != nil {
		return r, err
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r.Now = tx.Now()
		if r.Meeting, err = s.marac.StandsTx(ctx, tx, seat); err != nil {
			return err
		}
		if r.Goes, err = s.marac.MaracTx(ctx, tx, seat.Agency()); err != nil {
			return err
		}
		var all []Line
		if r.Run, all, err = s.lines(ctx, tx, permit, seat); err != nil {
			return err
		}
		r.Of, r.Apart = len(all), r.Run.On != ""
		for i, l := range all {
			if !l.Hearing.Heard.IsZero() {
				r.Heard++
			}
			if l.ID == r.Run.On {
				r.Line, r.At, r.Apart = l, i+1, false
			}
		}
		return nil
	})
	if err != nil || r.Line.ID == "" {
		return r, err
	}
	o, err := s.marac.Open(ctx, seat, r.Line.ID)
	r.About, r.Without = o.About, o.Without
	return r, err
}

// Pulse is what an open page of the room asks for: numbers and no name.
type Pulse struct {
	Change int64
	On     marac.CaseID
	State  marac.MeetingState
}

// Pulse reads it. It leaves no entry: there is nothing of anybody in it.
func (s *Service) Pulse(ctx context.Context, seat *marac.Seat) (p Pulse, err error) {
	if _, err := s.may(ctx, seat, ActRoom, "", false); err != nil {
		return p, err
	}
	err = s.marac.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		run, err := s.run(ctx, tx, seat)
		p = Pulse{Change: run.Change, On: run.On, State: seat.Meeting().State}
		return err
	})
	return p, err
}

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: !t.IsZero()} }

// Now is the time, for what is marked with it.
func (s *Service) Now() time.Time { return store.Moment(s.marac.DB().Clock()()) }
