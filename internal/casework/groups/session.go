package groups

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/groups/groupsdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// SessionID names a session.
type SessionID string

// Session is one time at which a group meets.
type Session struct {
	ID           SessionID
	Way          appointments.Way
	Place, Room  string
	Starts, Ends time.Time
	State        SessionState
	Version      int64

	from, until time.Time
}

// Begun tells whether a session has begun by a moment.
func (s Session) Begun(now time.Time) bool { return !s.Starts.After(now) }

// sessionsMost is how many sessions are planned at once: a year of weeks.
const sessionsMost = 52

func sessionOf(r groupsdb.GroupSession) Session {
	return Session{
		ID: SessionID(r.ID), Way: appointments.Way(r.Way), Place: r.PlaceID, Room: r.RoomID, Starts: r.StartsAt, Ends: r.EndsAt, State: SessionState(r.State), Version: r.Version,
		from: r.BusyFrom, until: r.BusyUntil,
	}
}

// Planning is a number of sessions, each a week after the last at the same time of
// the clock.
type Planning struct {
	First time.Time
	Count int
}

// taken is what is said when a room or somebody who runs the group is at another.
const taken = "Another group has this room at this time, or one of those who run this one"

// Plan plans sessions of a group. Everybody in it is looked at again.
func (s *Service) Plan(ctx context.Context, actor policy.Actor, id ID, p Planning) error {
	return s.keep(ctx, actor, id, "", func(ctx context.Context, tx *store.Tx) error {
		g, err := s.group(ctx, tx, actor.Agency, id)
		if err != nil {
			return err
		}
		var errs forms.Errors
		if p.First.IsZero() {
			errs.Add("first", "Enter the day and the time of the first session")
		}
		if p.Count < 1 || p.Count > sessionsMost {
			errs.Add("count", "Enter how many sessions, from 1 to 52")
		}
		if !g.Ours || g.State != Active {
			return store.ErrConflict
		}
		if errs.Any() {
			return errs
		}
		if err := s.meetings.Lock(ctx, tx, actor.Agency); err != nil {
			return err
		}
		first := p.First.In(s.Zone())
		for week := range p.Count {
			if err := s.insertSession(ctx, tx, actor, g, first.AddDate(0, 0, 7*week)); err != nil {
				return err
			}
		}
		return s.lookAll(ctx, tx, actor.Agency, id)
	})
}

func (s *Service) insertSession(ctx context.Context, tx *store.Tx, actor policy.Actor, g Group, at time.Time) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	one := Session{ID: SessionID(id), Way: g.Way, Place: g.Place, Room: g.Room, State: Planned}
	if err := s.slot(ctx, tx, actor.Agency, g, &one, at, "first"); err != nil {
		return err
	}
	return groupsdb.New(tx).InsertSession(ctx, groupsdb.InsertSessionParams{
		AgencyID: actor.Agency, ID: id, GroupID: string(g.ID), Way: string(one.Way), PlaceID: one.Place, RoomID: one.Room, StartsAt: one.Starts, EndsAt: one.Ends,
		BusyFrom: one.from, BusyUntil: one.until, SlotAt: tx.Now(), RecordedAt: tx.Now(), RecordedBy: actor.Account,
	})
}

// slot gives a session its time. Only other groups are looked at: that somebody
// has an appointment would tell where they are.
func (s *Service) slot(ctx context.Context, tx *store.Tx, agency string, g Group, one *Session, at time.Time, field string) error {
	one.Starts = store.Moment(at)
	one.Ends = one.Starts.Add(time.Duration(g.Minutes) * time.Minute)
	where := appointments.Place{}
	if one.Way == appointments.AtPlace {
		places, err := s.meetings.PlacesOf(ctx, tx, agency)
		if err != nil {
			return err
		}
		for _, p := range places {
			if p.ID == one.Place {
				where = p
			}
		}
	}
	one.from, one.until = s.meetings.Busy(one.Way, where, one.Starts, one.Ends)
	_, err := groupsdb.New(tx).Overlapping(ctx, groupsdb.OverlappingParams{
		AgencyID: agency, ID: string(one.ID), StartsAt: one.Starts, EndsAt: one.Ends, GroupID: string(g.ID), RoomID: one.Room,
	})
	if err == nil {
		return forms.Errors{{Field: field, Message: taken}}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// Move gives a session another time. Whoever is in the group is told outside:
// Waymark tells nobody.
func (s *Service) Move(ctx context.Context, actor policy.Actor, group ID, id SessionID, version int64, at time.Time) error {
	if at.IsZero() {
		return forms.Errors{{Field: "at", Message: "Enter a day and a time"}}
	}
	return s.turn(ctx, actor, group, id, version, func(ctx context.Context, tx *store.Tx, g Group, one *Session) error {
		return s.slot(ctx, tx, actor.Agency, g, one, at, "at")
	})
}

// CallOff cancels a session for everybody.
func (s *Service) CallOff(ctx context.Context, actor policy.Actor, group ID, id SessionID, version int64) error {
	return s.turn(ctx, actor, group, id, version, func(_ context.Context, _ *store.Tx, _ Group, one *Session) error {
		one.State = CalledOff
		return nil
	})
}

// turn changes a session that is to come.
func (s *Service) turn(ctx context.Context, actor policy.Actor, group ID, id SessionID, version int64, fn func(context.Context, *store.Tx, Group, *Session) error) error {
	return s.keep(ctx, actor, group, "", func(ctx context.Context, tx *store.Tx) error {
		if err := s.meetings.Lock(ctx, tx, actor.Agency); err != nil {
			return err
		}
		g, err := s.group(ctx, tx, actor.Agency, group)
		if err != nil {
			return err
		}
		one, err := s.session(ctx, tx, actor.Agency, group, id)
		if err != nil {
			return err
		}
		if one.State != Planned || one.Begun(tx.Now()) {
			return store.ErrConflict
		}
		if err := fn(ctx, tx, g, &one); err != nil {
			return err
		}
		err = store.Changed(groupsdb.New(tx).SetSession(ctx, groupsdb.SetSessionParams{
			AgencyID: actor.Agency, GroupID: string(group), ID: string(id), StartsAt: one.Starts, EndsAt: one.Ends, BusyFrom: one.from, BusyUntil: one.until, SlotAt: tx.Now(),
			State: string(one.State), RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: version,
		}))
		if err != nil {
			return err
		}
		return s.lookAll(ctx, tx, actor.Agency, group)
	})
}

func (s *Service) session(ctx context.Context, tx *store.Tx, agency string, group ID, id SessionID) (Session, error) {
	row, err := groupsdb.New(tx).SessionByID(ctx, groupsdb.SessionByIDParams{AgencyID: agency, GroupID: string(group), ID: string(id)})
	return sessionOf(row), missing(err)
}

// slots are what somebody in a group shares with others: who runs it, the group,
// and where it meets from now on.
func (s *Service) slots(ctx context.Context, tx *store.Tx, agency string, g Group) ([]appointments.Slot, error) {
	out := []appointments.Slot{{Group: string(g.ID)}}
	for _, account := range g.Facilitators {
		out = append(out, appointments.Slot{Worker: account, Group: string(g.ID)})
	}
	rows, err := groupsdb.New(tx).Ahead(ctx, groupsdb.AheadParams{AgencyID: agency, GroupID: string(g.ID), Now: tx.Now()})
	for _, r := range rows {
		out = append(out, appointments.Slot{Group: string(g.ID), Way: appointments.Way(r.Way), Place: r.PlaceID, From: r.BusyFrom, Until: r.BusyUntil})
	}
	return out, err
}
