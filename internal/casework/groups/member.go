package groups

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// MemberID names a member.
type MemberID string

// MemberWords are what is said of somebody's place in a group.
type MemberWords struct {
	Text  string `json:"text,omitempty"`  // what they said to it
	Why   string `json:"why,omitempty"`   // why a manager is asked
	Allow string `json:"allow,omitempty"` // what the manager said
	Left  string `json:"left,omitempty"`  // what they said when they left
}

// Member is a group that was offered to somebody of a case, with what became of
// it.
type Member struct {
	ID        MemberID
	Person    people.ID
	Group     ID
	State     State
	Reason    Reason
	Since     time.Time
	JoinedAt  time.Time
	LeftAt    time.Time
	MustMove  bool
	AskedBy   string
	AllowedAt time.Time
	AllowedBy string
	Words     MemberWords
	Version   int64

	moveTask, askTask string
}

// Offer is a group that is offered, and the answer.
type Offer struct {
	Person people.ID // empty: the person of the file
	Group  ID
	Answer Answer
	Reason Reason // of declining
	// Manager asks a manager to let a place stand that is not safe.
	Manager bool
	Text    string
	Why     string
}

// NotSafeHere is all that is said of a group in which somebody might be met.
const NotSafeHere = "This group is not safe for them. Choose another group"

// Full is said of a group that has no place: they can wait.
const Full = "There is no place now: they wait for one"

func (o Offer) check() forms.Errors {
	var errs forms.Errors
	if o.Group == "" {
		errs.Add("group", "Choose a group")
	}
	if !slices.Contains(Answers(), o.Answer) {
		errs.Add("answer", "Select what they said")
	}
	if o.Answer == Declines && !slices.Contains(WhyDeclined(), o.Reason) {
		errs.Add("reason", "Select why they do not want it")
	}
	if o.Manager && o.Why == "" {
		errs.Add("why", "Write why it cannot be another group")
	}
	for field, text := range map[string]string{"text": o.Text, "why": o.Why} {
		if len(text) > textMax {
			errs.Add(field, "Shorten this to 4000 characters or fewer")
		}
	}
	return errs
}

// state is where an answer leads, before anybody looked whether there is a place.
func (a Answer) state() State {
	switch a {
	case Accepts:
		return Joined
	case Thinks:
		return Thinking
	case Declines:
		return Declined
	case UnsafeNow:
	}
	return NotSafe
}

// Offer records that a group was offered, and what they said. Who accepts has a
// place, or waits for one where there is none. On the side of a person harmed a
// group in which they might meet whoever harmed them is refused, the refusal is
// kept, and a manager can be asked. Nothing of that exists on the other side.
func (s *Service) Offer(ctx context.Context, f *cases.File, o Offer) (Member, error) {
	if o.Person == "" {
		o.Person = f.Person()
	}
	if errs := o.check(); errs.Any() {
		return Member{}, errs
	}
	var out Member
	var refused forms.Errors
	err := s.cases.Do(ctx, f, ActOffer, func(ctx context.Context, tx *store.Tx) (err error) {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		out = Member{ID: MemberID(id), Person: o.Person, Group: o.Group, Since: tx.Now()}
		if refused, err = s.answered(ctx, tx, f, o, &out, true); err != nil || refused.Any() {
			return err
		}
		return s.cases.Promote(ctx, tx, f)
	})
	if err == nil && refused.Any() {
		return Member{}, refused
	}
	return out, err
}

// Answer records another answer to a group that was offered: they thought about
// it, there is a place, or it is safe now.
func (s *Service) Answer(ctx context.Context, f *cases.File, id MemberID, version int64, o Offer) (Member, error) {
	var out Member
	var refused forms.Errors
	err := s.cases.Do(ctx, f, ActOffer, func(ctx context.Context, tx *store.Tx) error {
		m, err := s.Member(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if m.Version != version || m.State == Joined || m.State == Left || m.State == Withdrawn || m.State == Asked {
			return store.ErrConflict
		}
		o.Person, o.Group = m.Person, m.Group
		if errs := o.check(); errs.Any() {
			return errs
		}
		out = m
		refused, err = s.answered(ctx, tx, f, o, &out, false)
		return err
	})
	if err == nil && refused.Any() {
		return Member{}, refused
	}
	return out, err
}

// answered keeps an answer. What it returns beside an error is a refusal that was
// kept: the transaction goes on.
func (s *Service) answered(ctx context.Context, tx *store.Tx, f *cases.File, o Offer, m *Member, isNew bool) (forms.Errors, error) {
	if err := s.meetings.Lock(ctx, tx, f.Agency()); err != nil {
		return nil, err
	}
	g, err := s.offered(ctx, tx, f, o, m.ID)
	if err != nil {
		return nil, err
	}
	was := m.State
	m.State, m.Reason, m.AskedBy = o.Answer.state(), NoReason, f.Actor().Account
	m.MustMove, m.AllowedAt, m.AllowedBy, m.JoinedAt = false, time.Time{}, "", time.Time{}
	m.Words.Text, m.Words.Why = o.Text, o.Why
	if m.State == Declined {
		m.Reason = o.Reason
	}
	if m.moveTask, err = tx.NewID(); err != nil {
		return nil, err
	}
	if m.State == Joined {
		clash, err := s.clash(ctx, tx, f, g)
		if err != nil {
			return nil, err
		}
		switch {
		case clash != appointments.NoClash && !o.Manager:
			return s.refuse(ctx, tx, f, g, *m, clash)
		case clash != appointments.NoClash:
			m.State = Asked
		default:
			if err := s.seat(ctx, tx, f, g, m); err != nil {
				return nil, err
			}
		}
	}
	if m.State == Asked {
		task, err := s.cases.AddTask(ctx, tx, f, cases.NewTask{Kind: cases.DecideGroup, Due: s.today(tx)})
		if err != nil {
			return nil, err
		}
		m.askTask = string(task)
	}
	if isNew {
		err = s.insert(ctx, tx, f, *m)
	} else {
		err = s.setMember(ctx, tx, f, *m)
	}
	if err != nil {
		return nil, err
	}
	if isNew || was != m.State {
		if err := s.offerFact(ctx, tx, f, g, *m, o.Answer); err != nil {
			return nil, err
		}
	}
	kind := cases.GroupOffered
	if m.State == Joined {
		kind = cases.GroupJoined
	}
	if err := s.record(ctx, tx, f, kind, sentence(g.Words.Name, g.Kind.Label(), m.State.Label(), m.Reason.Label(), o.Text), string(m.ID)); err != nil {
		return nil, err
	}
	return nil, s.meetings.Look(ctx, tx, f.Agency(), f.ID())
}

// offered finds the group that is offered, and holds the offer to it.
func (s *Service) offered(ctx context.Context, tx *store.Tx, f *cases.File, o Offer, id MemberID) (Group, error) {
	var errs forms.Errors
	g, err := s.group(ctx, tx, f.Agency(), o.Group)
	if errors.Is(err, store.ErrNotFound) {
		errs.Add("group", "Choose a group")
		return g, errs
	}
	if err != nil {
		return g, err
	}
	child := o.Person != f.Person()
	if child {
		children, err := s.cases.Parties(ctx, tx, f, cases.Child)
		if err != nil {
			return g, err
		}
		if !slices.ContainsFunc(children, func(p cases.Party) bool { return p.Person == o.Person }) {
			errs.Add("person", "Choose the person, or a child of the case")
		}
	}
	switch {
	case g.State != Active:
		errs.Add("group", "This group has ended. Choose another")
	case !g.For(f.Side(), child):
		errs.Add("group", "This group is not for them. Choose another")
	}
	n, err := groupsdb.New(tx).OpenFor(ctx, groupsdb.OpenForParams{AgencyID: f.Agency(), FileID: string(f.ID()), GroupID: string(g.ID), PersonID: string(o.Person), ID: string(id)})
	if err != nil {
		return g, err
	}
	if g.Closed && o.Answer == Accepts {
		begun, err := groupsdb.New(tx).Begun(ctx, groupsdb.BegunParams{AgencyID: f.Agency(), GroupID: string(g.ID), Now: tx.Now()})
		if err != nil {
			return g, err
		}
		if begun > 0 {
			errs.Add("group", "This group has begun, and nobody joins it any more. Choose another")
		}
	}
	if n > 0 {
		errs.Add("group", "This group was offered to them already: change what they said to it")
	}
	if errs.Any() {
		return g, errs
	}
	return g, nil
}

// For tells whether a group is for the person of a file on a side, or for a child
// of theirs.
func (g Group) For(side cases.Side, child bool) bool {
	switch g.Side {
	case ForPerpetrating:
		return side == cases.Perpetrating && !child
	case ForExperiencing:
		return side == cases.Experiencing && !child
	case ForChildren:
		return side == cases.Experiencing
	}
	return false
}

// clash asks the guard about a group.
func (s *Service) clash(ctx context.Context, tx *store.Tx, f *cases.File, g Group) (appointments.Clash, error) {
	slots, err := s.slots(ctx, tx, f.Agency(), g)
	if err != nil {
		return appointments.NoClash, err
	}
	return s.meetings.Clash(ctx, tx, f, slots)
}

// seat gives a place, or lets them wait for one.
func (s *Service) seat(ctx context.Context, tx *store.Tx, f *cases.File, g Group, m *Member) error {
	room, err := s.rooms(ctx, tx, f)
	if err != nil {
		return err
	}
	if !room(g) {
		m.State = Waiting
		return nil
	}
	m.State, m.JoinedAt = Joined, tx.Now()
	return nil
}

// rooms tells, for the person of a file, which groups have a place.
func (s *Service) rooms(ctx context.Context, tx *store.Tx, f *cases.File) (func(Group) bool, error) {
	rows, err := groupsdb.New(tx).Taken(ctx, groupsdb.TakenParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	return func(g Group) bool {
		for _, r := range rows {
			if r.GroupID == string(g.ID) {
				return g.Capacity == 0 || r.Taken < int64(g.Capacity)
			}
		}
		return true
	}, nil
}

// refuse keeps that a group was not safe, on the side on which it is said.
func (s *Service) refuse(ctx context.Context, tx *store.Tx, f *cases.File, g Group, m Member, clash appointments.Clash) (forms.Errors, error) {
	if err := s.record(ctx, tx, f, cases.GroupUnsafe, g.Words.Name, string(m.ID)); err != nil {
		return nil, err
	}
	id, err := tx.NewID()
	if err != nil {
		return nil, err
	}
	if err := s.emit(ctx, tx, f, "group.refused", id, measures.Dimensions{"clash": string(clash)}); err != nil {
		return nil, err
	}
	return forms.Errors{{Field: "group", Message: NotSafeHere}}, nil
}

// offerFact counts an offer, with those of package support: a programme to build
// skills among what helps in the longer term (B9.6), every other among groups
// (B9.7).
func (s *Service) offerFact(ctx context.Context, tx *store.Tx, f *cases.File, g Group, m Member, a Answer) error {
	if g.Side == ForPerpetrating {
		return nil // it is no support of somebody who experiences harm
	}
	option, group := "local_group", "group"
	if g.Kind == Skills {
		option, group = "skills", "longer_term"
	}
	answer := map[Answer]string{Accepts: "accepted", Thinks: "offered", Declines: "declined", UnsafeNow: "unsafe"}[a]
	id, err := tx.NewID() // an answer of its own: they can change their mind
	if err != nil {
		return err
	}
	if m.State == Joined && a != Accepts {
		return nil
	}
	return s.emit(ctx, tx, f, "support.offer", id, measures.Dimensions{"option": option, "group": group, "offered": a != UnsafeNow, "answer": answer})
}

// Leave records that somebody leaves a group, or does not wait any more, and why.
func (s *Service) Leave(ctx context.Context, f *cases.File, id MemberID, version int64, reason Reason, text string) error {
	return s.turnMember(ctx, f, ActOffer, id, version, func(ctx context.Context, tx *store.Tx, m *Member) error {
		if !m.State.open() {
			return store.ErrConflict
		}
		var errs forms.Errors
		if !slices.Contains(WhyLeft(), reason) {
			errs.Add("reason", "Select why they leave")
		}
		if len(text) > textMax {
			errs.Add("text", "Shorten this to 4000 characters or fewer")
		}
		if errs.Any() {
			return errs
		}
		return s.leaves(ctx, tx, f, m, reason, text)
	})
}

func (s *Service) leaves(ctx context.Context, tx *store.Tx, f *cases.File, m *Member, reason Reason, text string) error {
	g, err := s.group(ctx, tx, f.Agency(), m.Group)
	if err != nil {
		return err
	}
	if err := s.cleared(ctx, tx, f, *m, "They left"); err != nil {
		return err
	}
	was := m.State
	m.State, m.Reason, m.MustMove, m.Words.Left = Withdrawn, reason, false, text
	if was == Joined {
		m.State, m.LeftAt = Left, tx.Now()
	}
	return s.record(ctx, tx, f, cases.GroupLeft, sentence(g.Words.Name, m.State.Label(), reason.Label(), text), string(m.ID))
}

// ErrOwnAsking is returned to a manager who would decide about what they asked for
// themselves.
var ErrOwnAsking = errors.New("somebody else decides about what you asked for")

// Decide is how a manager who did not ask for it decides about a place in a group
// in which somebody might be met: one that is asked for, or one that was to be
// looked at. That it stands, and why, is in the ledger and in the chronology. It
// returns [ErrOwnAsking].
func (s *Service) Decide(ctx context.Context, f *cases.File, id MemberID, version int64, stands bool, why string) error {
	return s.turnMember(ctx, f, ActAllow, id, version, func(ctx context.Context, tx *store.Tx, m *Member) error {
		if m.State != Asked && (m.State != Joined || !m.MustMove || !stands) {
			return store.ErrConflict
		}
		if why == "" || len(why) > textMax {
			return forms.Errors{{Field: "why", Message: "Write why, in 4000 characters or fewer"}}
		}
		if m.AskedBy == f.Actor().Account {
			return ErrOwnAsking
		}
		g, err := s.group(ctx, tx, f.Agency(), m.Group)
		if err != nil {
			return err
		}
		was, answer := *m, "Did not let it stand"
		m.Words.Allow, m.MustMove = why, false
		switch {
		case !stands:
			m.State = Refused
		case m.State == Asked:
			answer = "Let it stand"
			if err := s.meetings.Lock(ctx, tx, f.Agency()); err != nil {
				return err
			}
			if err := s.seat(ctx, tx, f, g, m); err != nil {
				return err
			}
			if m.State == Waiting {
				return forms.Errors{{Field: "why", Message: "There is no place in this group now"}}
			}
		default:
			answer = "Let it stand"
		}
		if stands {
			m.AllowedAt, m.AllowedBy = tx.Now(), f.Actor().Account
			if m.moveTask, err = tx.NewID(); err != nil {
				return err
			}
		}
		if err := s.cleared(ctx, tx, f, was, answer); err != nil {
			return err
		}
		return s.record(ctx, tx, f, cases.GroupStands, sentence(g.Words.Name, answer+": "+why), string(id))
	})
}

// MayDecide tells whether the reader is a manager who can decide about it.
func (s *Service) MayDecide(f *cases.File, m Member) bool {
	return (m.State == Asked || m.State == Joined && m.MustMove) && m.AskedBy != f.Actor().Account && s.cases.May(f, ActAllow)
}

// turnMember changes a member that is as it was read, and lets the other side of a
// harm be looked at.
func (s *Service) turnMember(ctx context.Context, f *cases.File, action policy.Action, id MemberID, version int64, fn func(context.Context, *store.Tx, *Member) error) error {
	return s.cases.Do(ctx, f, action, func(ctx context.Context, tx *store.Tx) error {
		m, err := s.Member(ctx, tx, f, id)
		if err != nil {
			return err
		}
		if m.Version != version {
			return store.ErrConflict
		}
		if err := fn(ctx, tx, &m); err != nil {
			return err
		}
		if err := s.setMember(ctx, tx, f, m); err != nil {
			return err
		}
		return s.meetings.Look(ctx, tx, f.Agency(), f.ID())
	})
}

// cleared finishes the tasks of a place that was left or decided about.
func (s *Service) cleared(ctx context.Context, tx *store.Tx, f *cases.File, was Member, note string) error {
	for _, task := range []string{was.moveTask, was.askTask} {
		if task == was.moveTask && !was.MustMove || task == was.askTask && was.State != Asked {
			continue
		}
		err := s.cases.Finished(ctx, tx, f, cases.TaskID(task), note)
		if err != nil && !errors.Is(err, store.ErrConflict) { // the case was closed meanwhile, and its tasks with it
			return err
		}
	}
	return nil
}

// caseClosed follows the chronology: nobody of a closed case is in a group.
func (s *Service) caseClosed(ctx context.Context, tx *store.Tx, f *cases.File, _ cases.Event) error {
	list, err := s.members(ctx, tx, f)
	if err != nil {
		return err
	}
	for _, m := range list {
		if !m.State.open() {
			continue
		}
		if err := s.leaves(ctx, tx, f, &m, CaseClosed, ""); err != nil {
			return err
		}
		if err := s.setMember(ctx, tx, f, m); err != nil {
			return err
		}
	}
	return nil
}

// sentence puts parts of what is said one after the other.
func sentence(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, ". ")
}
