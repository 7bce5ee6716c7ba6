package groups

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// registerMost bounds who stands in one register.
const registerMost = 300

// Line is somebody in a register: a name, and what is needed to write down that
// they came.
type Line struct {
	Member  MemberID
	File    cases.ID
	Person  people.ID
	Name    people.Details
	State   State
	Since   time.Time
	Outcome Outcome

	owner people.ID // of the file
}

// View is a group with its sessions, as whoever runs it sees it.
type View struct {
	Group    Group
	Sessions []Session
	Places   []appointments.Place
	Waiting  []Line // the longest first
	Joined   []Line
}

// View reads it. The people shown are named in one ledger entry.
func (s *Service) View(ctx context.Context, actor policy.Actor, id ID) (v View, err error) {
	permit, err := s.judge(ctx, actor, id)
	if err != nil {
		return v, err
	}
	if err := permit.Show(ctx, subject(string(id))); err != nil {
		return v, err
	}
	scope, err := s.scope(actor)
	if err != nil {
		return v, err
	}
	var lines []Line
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		if v, err = s.viewed(ctx, tx, actor.Agency, id); err != nil {
			return err
		}
		lines, err = s.lines(ctx, tx, actor, id, scope, store.Fragment{SQL: "k.state IN ('joined', 'waiting')"})
		return err
	})
	if err != nil {
		return v, err
	}
	for _, l := range lines {
		if l.State == Waiting {
			v.Waiting = append(v.Waiting, l)
		} else {
			v.Joined = append(v.Joined, l)
		}
	}
	return v, permit.Show(ctx, shown(lines)...)
}

// Kept is a group with its sessions and without anybody in it, to be changed.
func (s *Service) Kept(ctx context.Context, actor policy.Actor, id ID) (v View, err error) {
	permit, err := s.judge(ctx, actor, id)
	if err != nil {
		return v, err
	}
	if err := permit.Show(ctx, subject(string(id))); err != nil {
		return v, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		v, err = s.viewed(ctx, tx, actor.Agency, id)
		return err
	})
	return v, err
}

func (s *Service) viewed(ctx context.Context, tx *store.Tx, agency string, id ID) (v View, err error) {
	if v.Group, err = s.group(ctx, tx, agency, id); err != nil {
		return v, err
	}
	rows, err := groupsdb.New(tx).Sessions(ctx, groupsdb.SessionsParams{AgencyID: agency, GroupID: string(id)})
	if err != nil {
		return v, err
	}
	for _, r := range rows {
		v.Sessions = append(v.Sessions, sessionOf(r))
	}
	v.Places, err = s.meetings.PlacesOf(ctx, tx, agency)
	return v, err
}

func shown(lines []Line) (out []audit.Subject) {
	for _, l := range lines {
		if one := l.Person.Subject(); !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// scope are the files of which the actor may know that somebody is in a group of
// theirs.
func (s *Service) scope(actor policy.Actor) (store.Fragment, error) {
	m := Mapping(store.Moment(s.cases.DB().Clock()()))
	m.Agency = actor.Agency
	return s.guard.Rules().Scope(actor, ActRegister, m)
}

// lines are the people of a group who are there for the actor, in the order in
// which the group was offered to them.
func (s *Service) lines(ctx context.Context, tx *store.Tx, actor policy.Actor, id ID, scope, which store.Fragment) ([]Line, error) {
	var w store.Where
	w.And(store.Fragment{SQL: "k.agency_id = $1 AND k.group_id = $2", Args: []any{actor.Agency, string(id)}})
	w.And(which)
	w.And(scope)
	where, _ := w.SQL()
	query := `SELECT k.id, k.file_id, f.person_id, p.id, p.given_name, p.family_name, p.known_as, k.state, k.since
		FROM group_member k JOIN file f ON f.agency_id = k.agency_id AND f.id = k.file_id JOIN person p ON p.agency_id = k.agency_id AND p.id = k.person_id
		WHERE ` + where + ` ORDER BY k.since, k.id LIMIT ` + w.Arg(registerMost)
	var out []Line
	err := store.Each(ctx, tx, query, w.Args(), func(rows *sql.Rows) error {
		var l Line
		err := rows.Scan(&l.Member, &l.File, &l.owner, &l.Person, &l.Name.GivenName, &l.Name.FamilyName, &l.Name.KnownAs, &l.State, &l.Since)
		out = append(out, l)
		return err
	})
	return out, err
}

// Register is who was to come to a session, and what became of it.
type Register struct {
	Group   Group
	Session Session
	Lines   []Line
}

// Register reads it. The people shown are named in one ledger entry.
func (s *Service) Register(ctx context.Context, actor policy.Actor, group ID, id SessionID) (r Register, err error) {
	permit, err := s.judge(ctx, actor, group)
	if err != nil {
		return r, err
	}
	if err := permit.Show(ctx, subject(string(group))); err != nil {
		return r, err
	}
	scope, err := s.scope(actor)
	if err != nil {
		return r, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err = s.register(ctx, tx, actor, group, id, scope)
		return err
	})
	if err != nil {
		return r, err
	}
	return r, permit.Show(ctx, shown(r.Lines)...)
}

func (s *Service) register(ctx context.Context, tx *store.Tx, actor policy.Actor, group ID, id SessionID, scope store.Fragment) (r Register, err error) {
	if r.Group, err = s.group(ctx, tx, actor.Agency, group); err != nil {
		return r, err
	}
	if r.Session, err = s.session(ctx, tx, actor.Agency, group, id); err != nil {
		return r, err
	}
	which := store.Fragment{
		SQL:  "k.state IN ('joined', 'left') AND k.joined_at < $1 AND (k.left_at IS NULL OR k.left_at > $2)",
		Args: []any{r.Session.Ends, r.Session.Starts},
	}
	if r.Lines, err = s.lines(ctx, tx, actor, group, scope, which); err != nil {
		return r, err
	}
	marked, err := groupsdb.New(tx).Marked(ctx, groupsdb.MarkedParams{AgencyID: actor.Agency, SessionID: string(id)})
	for _, m := range marked {
		for i := range r.Lines {
			if string(r.Lines[i].Member) == m.MemberID {
				r.Lines[i].Outcome = Outcome(m.Outcome)
			}
		}
	}
	return r, err
}

// Attend writes a register: what became of a session for each who was to come.
// Each that is new or has changed stands in the chronology of its case. It says
// nothing of who is in the register beside those who are there for the actor.
func (s *Service) Attend(ctx context.Context, actor policy.Actor, group ID, id SessionID, outcomes map[MemberID]Outcome) error {
	permit, err := s.judge(ctx, actor, group)
	if err != nil {
		return err
	}
	scope, err := s.scope(actor)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		r, err := s.register(ctx, tx, actor, group, id, scope)
		if err != nil {
			return err
		}
		if r.Session.State != Planned {
			return store.ErrConflict
		}
		if !r.Session.Begun(tx.Now()) {
			return forms.Errors{{Field: "register", Message: "It has not begun yet. Move it or call it off instead"}}
		}
		subjects := []audit.Subject{subject(string(group))}
		for _, l := range r.Lines {
			outcome := outcomes[l.Member]
			if outcome == NotMarked || outcome == l.Outcome {
				continue
			}
			if !slices.Contains(Outcomes(), outcome) {
				return forms.Errors{{Field: string(l.Member), Message: "Select what became of it"}}
			}
			if err := s.mark(ctx, tx, permit, actor, r, l, outcome); err != nil {
				return err
			}
			subjects = append(subjects, l.File.Subject(), l.Person.Subject())
		}
		return permit.Append(tx, ActRun, "register", subjects...)
	})
}

func (s *Service) mark(ctx context.Context, tx *store.Tx, permit audit.Permit, actor policy.Actor, r Register, l Line, outcome Outcome) error {
	err := groupsdb.New(tx).Mark(ctx, groupsdb.MarkParams{
		AgencyID: actor.Agency, SessionID: string(r.Session.ID), MemberID: string(l.Member), FileID: string(l.File), Outcome: string(outcome), RecordedAt: tx.Now(), RecordedBy: actor.Account,
	})
	if err != nil {
		return err
	}
	who := ""
	if l.Person != l.owner {
		who = l.Name.Name()
	}
	text := sentence(r.Group.Words.Name, s.when(r.Session), who, outcome.Label())
	e := cases.Event{Kind: cases.GroupAttended, On: r.Session.Starts.In(s.Zone()).Format(time.DateOnly), Text: text, Ref: string(l.Member)}
	if err := cases.Deliver(ctx, tx, permit, cases.Address{Agency: actor.Agency, File: l.File}, e, nil); err != nil {
		return err
	}
	source := measures.Source{Kind: "group_attendance", ID: string(r.Session.ID) + "/" + string(l.Member)}
	if err := s.facts.Withdraw(ctx, tx, actor.Agency, source); err != nil {
		return err
	}
	return s.facts.Emit(ctx, tx, measures.Fact{
		Kind: "group.attended", Agency: actor.Agency, Person: string(l.Person), File: string(l.File), At: r.Session.Starts, Source: source,
		Dimensions: measures.Dimensions{"kind": string(r.Group.Kind), "side": string(r.Group.Side), "outcome": string(outcome)},
	})
}

// when is a session in words for the chronology.
func (s *Service) when(one Session) string {
	return one.Starts.In(s.Zone()).Format("2 January 2006, 15:04")
}
