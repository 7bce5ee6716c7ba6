package groups

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

func memberOf(ctx context.Context, tx *store.Tx, r groupsdb.GroupMember) (Member, error) {
	m := Member{
		ID: MemberID(r.ID), Person: people.ID(r.PersonID), Group: ID(r.GroupID), State: State(r.State), Reason: Reason(r.Reason), Since: r.Since, JoinedAt: r.JoinedAt.Time, LeftAt: r.LeftAt.Time,
		MustMove: r.MustMove, AskedBy: r.AskedBy, AllowedAt: r.AllowedAt.Time, AllowedBy: r.AllowedBy, Version: r.Version, moveTask: r.MoveTask, askTask: r.AskTask,
	}
	return m, unseal(ctx, tx, r.AgencyID, memberTable, r.ID, r.WordsSealed, &m.Words)
}

func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, m Member) error {
	words, err := seal(ctx, tx, f.Agency(), memberTable, string(m.ID), m.Words)
	if err != nil {
		return err
	}
	return groupsdb.New(tx).InsertMember(ctx, groupsdb.InsertMemberParams{
		AgencyID: f.Agency(), ID: string(m.ID), FileID: string(f.ID()), PersonID: string(m.Person), GroupID: string(m.Group), State: string(m.State), Reason: string(m.Reason),
		Since: m.Since, JoinedAt: nullTime(m.JoinedAt), LeftAt: nullTime(m.LeftAt), MustMove: m.MustMove, MoveTask: m.moveTask, AskTask: m.askTask, AskedBy: m.AskedBy,
		AllowedAt: nullTime(m.AllowedAt), AllowedBy: m.AllowedBy, WordsSealed: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

// setMember keeps a changed member, when nobody changed it since it was read.
func (s *Service) setMember(ctx context.Context, tx *store.Tx, f *cases.File, m Member) error {
	words, err := seal(ctx, tx, f.Agency(), memberTable, string(m.ID), m.Words)
	if err != nil {
		return err
	}
	return store.Changed(groupsdb.New(tx).SetMember(ctx, groupsdb.SetMemberParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(m.ID), State: string(m.State), Reason: string(m.Reason), JoinedAt: nullTime(m.JoinedAt), LeftAt: nullTime(m.LeftAt),
		MustMove: m.MustMove, MoveTask: m.moveTask, AskTask: m.askTask, AskedBy: m.AskedBy, AllowedAt: nullTime(m.AllowedAt), AllowedBy: m.AllowedBy,
		WordsSealed: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Version: m.Version,
	}))
}

// Member is one of a file.
func (s *Service) Member(ctx context.Context, tx *store.Tx, f *cases.File, id MemberID) (Member, error) {
	if err := show(ctx, f); err != nil {
		return Member{}, err
	}
	row, err := groupsdb.New(tx).MemberByID(ctx, groupsdb.MemberByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Member{}, missing(err)
	}
	return memberOf(ctx, tx, row)
}

func (s *Service) members(ctx context.Context, tx *store.Tx, f *cases.File) ([]Member, error) {
	rows, err := groupsdb.New(tx).Members(ctx, groupsdb.MembersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	out := make([]Member, len(rows))
	for i, row := range rows {
		if out[i], err = memberOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Attendance is what became of one session for somebody of a file.
type Attendance struct {
	Member  MemberID
	Outcome Outcome
	Starts  time.Time
	Session SessionID
}

// Overview is what a file has of groups, for its page: what was offered, the
// newest first; the groups there are for them; and what they attended.
type Overview struct {
	Members  []Member
	Groups   []Group
	Attended []Attendance

	room func(Group) bool
}

// Room tells whether a group has a place for the person of the file.
func (o Overview) Room(g Group) bool { return o.room(g) }

// Group is one of the groups of the agency.
func (o Overview) Group(id ID) Group {
	for _, g := range o.Groups {
		if g.ID == id {
			return g
		}
	}
	return Group{}
}

// Overview reads it.
func (s *Service) Overview(ctx context.Context, tx *store.Tx, f *cases.File) (o Overview, err error) {
	if err := show(ctx, f); err != nil {
		return o, err
	}
	if o.Members, err = s.members(ctx, tx, f); err != nil {
		return o, err
	}
	if o.Groups, err = s.all(ctx, tx, f.Agency()); err != nil {
		return o, err
	}
	if o.room, err = s.rooms(ctx, tx, f); err != nil {
		return o, err
	}
	o.Attended, err = s.attended(ctx, tx, f)
	return o, err
}

func (s *Service) attended(ctx context.Context, tx *store.Tx, f *cases.File) ([]Attendance, error) {
	rows, err := groupsdb.New(tx).AttendanceOf(ctx, groupsdb.AttendanceOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	out := make([]Attendance, len(rows))
	for i, r := range rows {
		out[i] = Attendance{Member: MemberID(r.MemberID), Outcome: Outcome(r.Outcome), Starts: r.StartsAt, Session: SessionID(r.ID)}
	}
	return out, err
}

// Brief is what the page of a case shows of groups.
type Brief struct{ Joined, Waiting, Asked, MustMove int64 }

// Brief reads it in one statement.
func (s *Service) Brief(ctx context.Context, tx *store.Tx, f *cases.File) (Brief, error) {
	if err := show(ctx, f); err != nil {
		return Brief{}, err
	}
	row, err := groupsdb.New(tx).Brief(ctx, groupsdb.BriefParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return Brief(row), err
}
