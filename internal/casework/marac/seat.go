package marac

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// ErrStatement is returned for anything of a pack before the statement of
// confidentiality of the meeting was accepted.
var ErrStatement = errors.New("the statement of confidentiality was not accepted")

// Statement is what is accepted once for each meeting, in this project's words.
func Statement() []string {
	return []string{
		"What is shared for this meeting is shared to keep people safe, and for nothing else.",
		"I take out of the pack only what my agency needs for what it has to do, and I keep it where those it is about cannot come upon it.",
		"I do not tell whoever harms that they, or the person they harm, were spoken of here.",
		"If I know somebody in a case, or am tied to them, I say so, and leave before it is heard.",
		"What I pass on within my agency I pass on as confidential, and say that it came from here.",
	}
}

// Seat is somebody's place at a meeting whose pack is open to them now. Holding one is
// proof: only [Service.Sit] makes them.
type Seat struct {
	meeting     Meeting
	capacity    Capacity
	given       Given
	coordinates bool
	stated      bool
	account, of string
	ties        *cases.TiedWorkers
	permit      audit.Permit
}

// Agency is the MARAC.
func (s *Seat) Agency() string { return s.meeting.Agency }

// Meeting is the meeting, without where it is.
func (s *Seat) Meeting() Meeting { return s.meeting }

// Capacity is in what they sit; empty for a coordinator without a place.
func (s *Seat) Capacity() Capacity { return s.capacity }

// Of is the agency they sit for.
func (s *Seat) Of() string { return s.of }

// Coordinates tells whether they are of the MARAC itself.
func (s *Seat) Coordinates() bool { return s.coordinates }

// Stated tells whether the pack opens: they accepted the statement of
// confidentiality, or keep the register anyway.
func (s *Seat) Stated() bool { return s != nil && (s.stated || s.coordinates) }

// WithoutWhereabouts tells whether they are never shown where somebody who is harmed
// lives, how they are reached, what is planned with them and what they said: they
// work with people who harm.
func (s *Seat) WithoutWhereabouts() bool { return s == nil || s.given != Everything }

// Permit is what packages below ask for.
func (s *Seat) Permit() audit.Permit {
	if s == nil {
		return audit.Permit{}
	}
	return s.permit
}

// Actor is who sits.
func (s *Seat) Actor() policy.Actor { return s.Permit().Actor() }

// Tied tells whether they are tied to one of those a case is about. Such a case is not
// there for them, and neither is anything that was said of it.
func (s *Seat) Tied(about []Identity) bool { return tied(s.ties, s.Actor().Account, about) }

func tied(ties *cases.TiedWorkers, account string, about []Identity) bool {
	if !ties.Any() {
		return false
	}
	return slices.ContainsFunc(about, func(p Identity) bool { return ties.To(account, p.Details, p.home()) })
}

// standing is what is known of somebody at a meeting.
type standing struct {
	meeting Meeting
	seat    maracdb.MaracSeat // empty: they were not asked
	members []Member          // what they are at the MARAC, gone or not
	today   string
	now     time.Time
}

func (s *Service) standing(ctx context.Context, tx *store.Tx, actor policy.Actor, id MeetingID) (st standing, err error) {
	st.today, st.now = s.today(tx), tx.Now()
	q := maracdb.New(tx)
	row, err := q.MeetingByID(ctx, string(id))
	switch {
	case none(err): // the same work for one that never was
	case err != nil:
		return st, err
	default:
		st.meeting = asMeeting(row)
	}
	st.seat, err = q.SeatOf(ctx, maracdb.SeatOfParams{AgencyID: st.meeting.Agency, MeetingID: string(id), AccountID: actor.Account})
	if err != nil && !none(err) {
		return st, err
	}
	members, err := q.MembersOfAccount(ctx, maracdb.MembersOfAccountParams{AccountID: actor.Account, AgencyID: st.meeting.Agency})
	st.members = asMembers(members)
	return st, err
}

// sits are the memberships that hold on a day, for the agency of the seat.
func (st standing) sits(day string) []Member {
	var out []Member
	for _, m := range st.members {
		if m.Of == st.seat.OfAgency && m.Sits(day) {
			out = append(out, m)
		}
	}
	return out
}

// given is what they are given of a pack: everything only where all that they are
// there says so.
func (st standing) given() Given {
	now := st.sits(st.today)
	if len(now) == 0 || slices.ContainsFunc(now, func(m Member) bool { return m.Given != Everything }) {
		return WithoutWhereabouts
	}
	return Everything
}

func (st standing) attrs() policy.Attrs {
	return policy.Attrs{
		"agency": st.meeting.Agency, "account": st.seat.AccountID, "of": st.seat.OfAgency,
		"accepted": Reply(st.seat.Answer) == Comes && len(st.sits(st.today)) > 0,
		"open":     st.meeting.ID != "" && st.meeting.Open(st.now),
	}
}

func (st standing) resource(id MeetingID) policy.Resource {
	return policy.Resource{Type: "MaracSeat", ID: string(id), Attrs: st.attrs()}
}

// coordinates tells whether an actor keeps a MARAC.
func (s *Service) coordinates(actor policy.Actor, agency string) bool {
	return s.guard.Rules().Decide(actor, ActKeep, resource(agency)).Allowed
}

// MayKeep tells whether an actor keeps a MARAC, for pages that offer it.
func (s *Service) MayKeep(actor policy.Actor, agency string) bool {
	return s.coordinates(actor, agency)
}

// MayName tells whether an actor names people of their agency, for pages that offer it.
func (s *Service) MayName(actor policy.Actor) bool {
	return s.guard.Rules().Decide(actor, ActName, names("", actor.Agency)).Allowed
}

// Sit opens the pack of a meeting to somebody with an accepted place there, from
// circulation until it closes, and to the coordinators of the MARAC. To everybody else
// it is not there: the error is the same as for an id that never was, and the refusal
// is recorded.
func (s *Service) Sit(ctx context.Context, actor policy.Actor, id MeetingID) (*Seat, error) {
	return s.sit(ctx, actor, id, func(r policy.Resource) (audit.Permit, error) {
		return s.guard.Open(ctx, actor, ActSit, r, string(cases.Sharing), false, id.Subject())
	})
}

// sit makes a seat of what a judge permits.
func (s *Service) sit(ctx context.Context, actor policy.Actor, id MeetingID, judge func(policy.Resource) (audit.Permit, error)) (*Seat, error) {
	var st standing
	var ties *cases.TiedWorkers
	err := s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if st, err = s.standing(ctx, tx, actor, id); err != nil {
			return err
		}
		ties, err = s.cases.TiedWorkers(ctx, tx, []cases.Worker{{Agency: actor.Agency, Account: actor.Account}})
		return err
	})
	if err != nil {
		return nil, err
	}
	permit, err := judge(st.resource(id))
	if err != nil {
		return nil, err
	}
	seat := &Seat{
		meeting: st.meeting, capacity: Capacity(st.seat.Capacity), given: st.given(), coordinates: s.coordinates(actor, st.meeting.Agency), stated: st.seat.StatementAt.Valid,
		account: st.seat.AccountID, of: actor.Agency, ties: ties, permit: permit,
	}
	if seat.coordinates {
		seat.given = Everything
	}
	return seat, nil
}

// Accept records that they accepted the statement of confidentiality. It is accepted
// once; whoever has no place there, as a coordinator may, need not.
func (s *Service) Accept(ctx context.Context, seat *Seat) error {
	if !seat.Permit().Valid() {
		return audit.ErrNoPermit
	}
	if seat.account == "" || seat.stated {
		return nil
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := maracdb.New(tx).State(ctx, maracdb.StateParams{
			AgencyID: seat.Agency(), MeetingID: string(seat.meeting.ID), AccountID: seat.account, StatementAt: nullTime(tx.Now()),
		})
		if err != nil {
			return err
		}
		seat.stated = true
		return seat.permit.Append(tx, ActSit, "statement", seat.meeting.ID.Subject())
	})
}

// Place is somebody's place at a meeting, for its board.
type Place struct {
	Account  string
	Of       string
	Capacity Capacity
	Reply    Reply
	Sent     bool // apologies, and information was sent
	Stated   time.Time
	Came     time.Time // when they came; zero while they are not here
	Version  int64
}

func asPlace(r maracdb.MaracSeat) Place {
	return Place{Account: r.AccountID, Of: r.OfAgency, Capacity: Capacity(r.Capacity), Reply: Reply(r.Answer), Sent: r.Sent, Stated: r.StatementAt.Time, Came: r.CameAt.Time, Version: r.Version}
}

// Attendance is a meeting as somebody who is asked to it sees it, or a coordinator.
type Attendance struct {
	Meeting     Meeting
	Mine        Place   // empty for a coordinator without a place
	Board       []Place // who is asked: for coordinators, and those who come
	Who         map[string]Who
	Given       Given // what they are given of the pack
	Coordinates bool
	Opens       bool  // the agenda is open to them now
	Listed      int64 // how many cases; for coordinators, and where it opens
	PerCase     int   // minutes
}

// Attend reads it. To whoever is not asked it is not there.
func (s *Service) Attend(ctx context.Context, actor policy.Actor, id MeetingID) (a Attendance, err error) {
	var st standing
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		st, err = s.standing(ctx, tx, actor, id)
		return err
	})
	if err != nil {
		return a, err
	}
	permit, err := s.guard.Open(ctx, actor, ActAttend, st.resource(id), "", false, id.Subject())
	if err != nil {
		return a, err
	}
	a.Meeting, a.Given, a.Coordinates = st.meeting, st.given(), s.coordinates(actor, st.meeting.Agency)
	if st.seat.AccountID != "" {
		a.Mine = asPlace(st.seat)
	}
	// Where it is, is for those who may still come.
	where := a.Coordinates || a.Mine.Reply != Apologies && len(st.sits(a.Meeting.Starts.In(s.zone).Format(time.DateOnly))) > 0
	a.Opens = s.guard.Rules().Decide(actor, ActSit, st.resource(id)).Allowed
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error { return s.attendance(ctx, tx, id, where, &a) })
	if err != nil {
		return a, err
	}
	shown := []audit.Subject{id.Subject()}
	for _, p := range a.Board {
		shown = append(shown, ofAccount(p.Account))
	}
	return a, permit.Show(ctx, shown...)
}

func (s *Service) attendance(ctx context.Context, tx *store.Tx, id MeetingID, where bool, a *Attendance) error {
	q := maracdb.New(tx)
	row, err := q.MeetingByID(ctx, string(id))
	if err != nil {
		return missing(err)
	}
	full, err := openMeeting(ctx, tx, row)
	if err != nil {
		return err
	}
	if where {
		a.Meeting.Words = full.Words
	}
	goes, err := s.MaracTx(ctx, tx, a.Meeting.Agency)
	if err != nil {
		return err
	}
	a.PerCase = goes.Minutes
	accounts := []string{a.Mine.Account}
	if a.Coordinates || a.Opens {
		seats, err := q.Seats(ctx, maracdb.SeatsParams{AgencyID: a.Meeting.Agency, MeetingID: string(id)})
		if err != nil {
			return err
		}
		for _, r := range seats {
			a.Board = append(a.Board, asPlace(r))
			accounts = append(accounts, r.AccountID)
		}
		list, err := q.ListOf(ctx, maracdb.ListOfParams{AgencyID: a.Meeting.Agency, MeetingID: string(id)})
		if err != nil {
			return err
		}
		a.Listed = list.Listed
	}
	slices.Sort(accounts)
	a.Who, err = s.whoAre(ctx, tx, slices.Compact(accounts))
	return err
}

// Ask asks everybody who sits at the MARAC on the day of a meeting to come, save
// deputies, who are asked when somebody of their agency cannot. Whoever was asked
// before is not asked twice.
func (s *Service) Ask(ctx context.Context, actor policy.Actor, id MeetingID) error {
	m, permit, err := s.meetingFor(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if m.State != Planned {
			return store.ErrConflict
		}
		err := s.ask(ctx, tx, permit, m, func(p Member) bool { return p.Capacity != Deputy })
		if err != nil {
			return err
		}
		return permit.Append(tx, ActKeep, "ask", Subject(m.Agency), id.Subject())
	})
}

func (s *Service) ask(ctx context.Context, tx *store.Tx, permit audit.Permit, m Meeting, which func(Member) bool) error {
	q, day := maracdb.New(tx), m.Starts.In(s.zone).Format(time.DateOnly)
	rows, err := q.CurrentMembers(ctx, maracdb.CurrentMembersParams{AgencyID: m.Agency, Today: day})
	if err != nil {
		return err
	}
	for _, p := range asMembers(rows) {
		if !which(p) {
			continue
		}
		err := q.InsertSeat(ctx, maracdb.InsertSeatParams{
			AgencyID: m.Agency, MeetingID: string(m.ID), AccountID: p.Account, OfAgency: p.Of, Capacity: string(p.Capacity), RecordedAt: tx.Now(), RecordedBy: permit.Actor().Account,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Answer records what somebody answers for themselves. With apologies they say whether
// their agency sends its information all the same, and its deputies are asked.
func (s *Service) Answer(ctx context.Context, actor policy.Actor, id MeetingID, version int64, reply Reply, sent bool) error {
	var st standing
	err := s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		st, err = s.standing(ctx, tx, actor, id)
		return err
	})
	if err != nil {
		return err
	}
	permit, err := s.guard.Act(ctx, actor, ActAttend, st.resource(id), false, id.Subject())
	if err != nil {
		return err
	}
	if st.seat.AccountID == "" {
		return store.ErrNotFound // a coordinator whom nobody asked
	}
	if reply != Comes && reply != Apologies {
		return forms.Errors{{Field: "reply", Message: "Select whether you come"}}
	}
	day := st.meeting.Starts.In(s.zone).Format(time.DateOnly)
	if reply == Comes && len(st.sits(day)) == 0 {
		return forms.Errors{{Field: "reply", Message: "You do not sit at the MARAC on that day, or have not signed its conditions. Ask the coordinator"}}
	}
	return s.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if st.meeting.State == Cancelled || !tx.Now().Before(st.meeting.Close) {
			return store.ErrConflict
		}
		err := store.Changed(maracdb.New(tx).SetAnswer(ctx, maracdb.SetAnswerParams{
			AgencyID: st.meeting.Agency, MeetingID: string(id), AccountID: actor.Account, Answer: string(reply), Sent: sent && reply == Apologies,
			RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: version,
		}))
		if err != nil {
			return err
		}
		if reply == Apologies {
			err := s.ask(ctx, tx, permit, st.meeting, func(m Member) bool { return m.Capacity == Deputy && m.Of == st.seat.OfAgency })
			if err != nil {
				return err
			}
		}
		return permit.Append(tx, ActAttend, string(reply), id.Subject())
	})
}

// Desk is what somebody has at MARACs.
type Desk struct {
	Maracs   []Named   // all there are
	Meetings []Invited // that they are asked to and whose pack is not closed, the next first
}

// Named is a MARAC by its name.
type Named struct{ Agency, Name string }

// Invited is a meeting with one's own answer.
type Invited struct {
	Meeting Meeting
	Reply   Reply
}

// deskMost bounds both lists of a desk.
const deskMost = 50

// Desk reads it in two statements.
func (s *Service) Desk(ctx context.Context, actor policy.Actor) (d Desk, err error) {
	r := policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
	if _, err := s.guard.Open(ctx, actor, ActList, r, "", true); err != nil {
		return d, err
	}
	err = s.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		q := maracdb.New(tx)
		all, err := q.Maracs(ctx, deskMost)
		if err != nil {
			return err
		}
		for _, m := range all {
			d.Maracs = append(d.Maracs, Named{m.AgencyID, m.Name})
		}
		seats, err := q.SeatsOfAccount(ctx, maracdb.SeatsOfAccountParams{AccountID: actor.Account, OfAgency: actor.Agency, Now: tx.Now(), Size: deskMost})
		for _, r := range seats {
			d.Meetings = append(d.Meetings, Invited{Reply: Reply(r.Answer), Meeting: Meeting{
				ID: MeetingID(r.ID), Agency: r.AgencyID, Kind: Kind(r.Kind), Starts: r.StartsAt, Minutes: int(r.Minutes), Circulate: r.CirculateAt, Close: r.CloseAt, State: MeetingState(r.State),
			}})
		}
		return err
	})
	return d, err
}
