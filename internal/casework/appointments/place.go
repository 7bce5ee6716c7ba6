package appointments

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Place is where an agency meets people.
type Place struct {
	ID      string
	Name    string
	Kind    PlaceKind
	Neutral bool // its name says nothing of abuse to whoever hears it
	Active  bool
	// Before and After are the minutes kept clear around each appointment.
	Before, After int
	Version       int64
	Rooms         []Room
}

// Room is a room of a place.
type Room struct {
	ID, Place, Name string
	Active          bool
}

// The longest time that is kept clear, in minutes.
const clearMost = 240

func (p Place) check() forms.Errors {
	var errs forms.Errors
	if p.Name == "" || len(p.Name) > lineMax {
		errs.Add("name", "Enter what the place is called, in 300 characters or fewer")
	}
	if !slices.Contains(PlaceKinds(), p.Kind) {
		errs.Add("kind", "Select what it is")
	}
	for field, minutes := range map[string]int{"before": p.Before, "after": p.After} {
		if minutes < 0 || minutes > clearMost {
			errs.Add(field, "Enter minutes, from 0 to 240")
		}
	}
	return errs
}

func caseload(actor policy.Actor) policy.Resource {
	return policy.Resource{Type: "Caseload", ID: actor.Agency, Attrs: policy.Attrs{"agency": actor.Agency}}
}

func placeSubject(id string) audit.Subject { return audit.Subject{Kind: "place", ID: id} }

func nameAt(agency, table, id string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: "name_sealed", Row: id}
}

// judge judges the keeping of places, or of one: to another agency it is not
// there, like one that never was.
func (s *Service) judge(ctx context.Context, actor policy.Actor, place string) (audit.Permit, error) {
	if place == "" {
		return s.guard.Act(ctx, actor, ActPlaces, caseload(actor), true)
	}
	whose := ""
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		whose, err = appointmentsdb.New(tx).PlaceAgency(ctx, place)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return audit.Permit{}, err
	}
	r := policy.Resource{Type: "Caseload", ID: place, Attrs: policy.Attrs{"agency": whose}}
	return s.guard.Act(ctx, actor, ActPlaces, r, false, placeSubject(place))
}

// keep judges the keeping of places, and runs a change with its ledger entry.
func (s *Service) keep(ctx context.Context, actor policy.Actor, place string, fn func(context.Context, *store.Tx) (string, error)) error {
	permit, err := s.judge(ctx, actor, place)
	if err != nil {
		return err
	}
	return s.cases.DB().Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		id, err := fn(ctx, tx)
		if err != nil {
			return err
		}
		return permit.Append(tx, ActPlaces, "", placeSubject(id))
	})
}

// AddPlace adds a place to those of the actor's agency.
func (s *Service) AddPlace(ctx context.Context, actor policy.Actor, p Place) (string, error) {
	if errs := p.check(); errs.Any() {
		return "", errs
	}
	var id string
	err := s.keep(ctx, actor, "", func(ctx context.Context, tx *store.Tx) (_ string, err error) {
		if id, err = tx.NewID(); err != nil {
			return "", err
		}
		name, err := seal(ctx, tx, nameAt(actor.Agency, "meeting_place", id), p.Name)
		if err != nil {
			return "", err
		}
		return id, appointmentsdb.New(tx).InsertPlace(ctx, appointmentsdb.InsertPlaceParams{
			AgencyID: actor.Agency, ID: id, Kind: string(p.Kind), Neutral: p.Neutral, Active: true, BeforeMin: int64(p.Before), AfterMin: int64(p.After),
			NameSealed: name, RecordedAt: tx.Now(), RecordedBy: actor.Account,
		})
	})
	return id, err
}

// ChangePlace replaces what is said of a place. Where more time is kept clear
// than before, bookings to come that meet now are to be moved.
func (s *Service) ChangePlace(ctx context.Context, actor policy.Actor, p Place) error {
	if _, err := s.judge(ctx, actor, p.ID); err != nil {
		return err
	}
	if errs := p.check(); errs.Any() {
		return errs
	}
	return s.keep(ctx, actor, p.ID, func(ctx context.Context, tx *store.Tx) (string, error) {
		q := appointmentsdb.New(tx)
		if err := q.Lock(ctx, actor.Agency); err != nil {
			return "", err
		}
		if _, err := q.PlaceByID(ctx, appointmentsdb.PlaceByIDParams{AgencyID: actor.Agency, ID: p.ID}); err != nil {
			return "", missing(err)
		}
		name, err := seal(ctx, tx, nameAt(actor.Agency, "meeting_place", p.ID), p.Name)
		if err != nil {
			return "", err
		}
		err = store.Changed(q.SetPlace(ctx, appointmentsdb.SetPlaceParams{
			AgencyID: actor.Agency, ID: p.ID, Kind: string(p.Kind), Neutral: p.Neutral, Active: p.Active, BeforeMin: int64(p.Before), AfterMin: int64(p.After),
			NameSealed: name, RecordedAt: tx.Now(), RecordedBy: actor.Account, Version: p.Version,
		}))
		if err != nil {
			return "", err
		}
		ahead, err := q.FutureAt(ctx, appointmentsdb.FutureAtParams{AgencyID: actor.Agency, PlaceID: p.ID, EndsAt: tx.Now()})
		if err != nil {
			return "", err
		}
		files := map[string]bool{}
		for _, a := range ahead {
			files[a.FileID] = true
			from, until := p.busy(a.StartsAt, a.EndsAt)
			if err := q.SetBusy(ctx, appointmentsdb.SetBusyParams{AgencyID: actor.Agency, ID: a.ID, BusyFrom: from, BusyUntil: until}); err != nil {
				return "", err
			}
		}
		for _, o := range s.others {
			concerned, err := o.Clear(ctx, tx, actor.Agency, p)
			if err != nil {
				return "", err
			}
			for _, file := range concerned {
				files[string(file)] = true
			}
		}
		for file := range files {
			if err := s.look(ctx, tx, actor.Agency, cases.ID(file)); err != nil {
				return "", err
			}
		}
		return p.ID, nil
	})
}

// busy is an appointment with what is kept clear around it.
func (p Place) busy(starts, ends time.Time) (from, until time.Time) {
	return starts.Add(-time.Duration(p.Before) * time.Minute), ends.Add(time.Duration(p.After) * time.Minute)
}

// AddRoom adds a room to a place of the actor's agency.
func (s *Service) AddRoom(ctx context.Context, actor policy.Actor, place, name string) (string, error) {
	if _, err := s.judge(ctx, actor, place); err != nil {
		return "", err
	}
	if name == "" || len(name) > lineMax {
		return "", forms.Errors{{Field: "room", Message: "Enter what the room is called, in 300 characters or fewer"}}
	}
	var id string
	err := s.keep(ctx, actor, place, func(ctx context.Context, tx *store.Tx) (_ string, err error) {
		q := appointmentsdb.New(tx)
		if _, err := q.PlaceByID(ctx, appointmentsdb.PlaceByIDParams{AgencyID: actor.Agency, ID: place}); err != nil {
			return "", missing(err)
		}
		if id, err = tx.NewID(); err != nil {
			return "", err
		}
		sealed, err := seal(ctx, tx, nameAt(actor.Agency, "meeting_room", id), name)
		if err != nil {
			return "", err
		}
		return place, q.InsertRoom(ctx, appointmentsdb.InsertRoomParams{
			AgencyID: actor.Agency, ID: id, PlaceID: place, Active: true, NameSealed: sealed, RecordedAt: tx.Now(), RecordedBy: actor.Account,
		})
	})
	return id, err
}

// SetRoom opens or closes a room for bookings.
func (s *Service) SetRoom(ctx context.Context, actor policy.Actor, place, room string, active bool) error {
	return s.keep(ctx, actor, place, func(ctx context.Context, tx *store.Tx) (string, error) {
		q := appointmentsdb.New(tx)
		if _, err := q.RoomByID(ctx, appointmentsdb.RoomByIDParams{AgencyID: actor.Agency, PlaceID: place, ID: room}); err != nil {
			return "", missing(err)
		}
		return place, store.Changed(q.SetRoomActive(ctx, appointmentsdb.SetRoomActiveParams{
			AgencyID: actor.Agency, PlaceID: place, ID: room, Active: active, RecordedAt: tx.Now(), RecordedBy: actor.Account,
		}))
	})
}

// KeptPlaces are the places of the actor's agency, for whoever keeps the list,
// under the judgement of one of them, or of none.
func (s *Service) KeptPlaces(ctx context.Context, actor policy.Actor, place string) (out []Place, err error) {
	permit, err := s.judge(ctx, actor, place)
	if err != nil {
		return nil, err
	}
	if err := permit.Show(ctx, audit.Subject{Kind: "agency", ID: actor.Agency}); err != nil {
		return nil, err
	}
	err = s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		out, err = s.places(ctx, tx, actor.Agency)
		return err
	})
	return out, err
}

// Places are the places of the agency of a file, with their rooms.
func (s *Service) Places(ctx context.Context, tx *store.Tx, f *cases.File) ([]Place, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	return s.places(ctx, tx, f.Agency())
}

func (s *Service) places(ctx context.Context, tx *store.Tx, agency string) ([]Place, error) {
	q := appointmentsdb.New(tx)
	rows, err := q.Places(ctx, agency)
	if err != nil {
		return nil, err
	}
	rooms, err := q.Rooms(ctx, agency)
	if err != nil {
		return nil, err
	}
	out := make([]Place, len(rows))
	for i, r := range rows {
		if out[i], err = placeOf(ctx, tx, agency, appointmentsdb.PlaceByIDRow(r)); err != nil {
			return nil, err
		}
		for _, one := range rooms {
			if one.PlaceID != r.ID {
				continue
			}
			room := Room{ID: one.ID, Place: one.PlaceID, Active: one.Active}
			if err := unseal(ctx, tx, nameAt(agency, "meeting_room", one.ID), one.NameSealed, &room.Name); err != nil {
				return nil, err
			}
			out[i].Rooms = append(out[i].Rooms, room)
		}
		slices.SortStableFunc(out[i].Rooms, func(a, b Room) int { return strings.Compare(a.Name, b.Name) })
	}
	slices.SortStableFunc(out, func(a, b Place) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

func placeOf(ctx context.Context, tx *store.Tx, agency string, r appointmentsdb.PlaceByIDRow) (Place, error) {
	p := Place{ID: r.ID, Kind: PlaceKind(r.Kind), Neutral: r.Neutral, Active: r.Active, Before: int(r.BeforeMin), After: int(r.AfterMin), Version: r.Version}
	return p, unseal(ctx, tx, nameAt(agency, "meeting_place", r.ID), r.NameSealed, &p.Name)
}
