package appointments

import (
	"context"
	"slices"
	"time"

	"waymark/internal/casework/appointments/appointmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// theirsMost is how much of what somebody else has booked is looked through. More
// than that is not safe, because nobody has looked.
const theirsMost = 500

// Clash asks the guard about slots of the person of a file: appointments, who
// runs a group, and when it meets. The first clash is returned.
func (s *Service) Clash(ctx context.Context, tx *store.Tx, f *cases.File, slots []Slot) (Clash, error) {
	q := appointmentsdb.New(tx)
	workers, err := q.TheirWorkers(ctx, appointmentsdb.TheirWorkersParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return NoClash, err
	}
	from, until := reach(slots)
	groups, err := q.TheirGroups(ctx, appointmentsdb.TheirGroupsParams{AgencyID: f.Agency(), FileID: string(f.ID()), BusyFrom: from, BusyUntil: until})
	if err != nil || len(groups) == theirsMost {
		return TooMany, err
	}
	var theirs []Slot
	for _, r := range groups {
		theirs = append(theirs, Slot{Worker: r.WorkerID, Group: r.GroupID, Way: Way(r.Way), Place: r.PlaceID, From: r.BusyFrom, Until: r.BusyUntil})
	}
	for _, worker := range workersOf(slots) {
		rows, err := q.Theirs(ctx, appointmentsdb.TheirsParams{AgencyID: f.Agency(), FileID: string(f.ID()), WorkerID: worker, BusyFrom: from, BusyUntil: until})
		if err != nil || len(rows) == theirsMost {
			return TooMany, err
		}
		for _, r := range rows {
			theirs = append(theirs, Slot{Worker: r.WorkerID, Way: Way(r.Way), Place: r.PlaceID, From: r.BusyFrom, Until: r.BusyUntil})
		}
	}
	for _, slot := range slots {
		if clash := Guard(slot, theirs, workers); clash != NoClash {
			return clash, nil
		}
	}
	return NoClash, nil
}

// reach is from when until when slots reach.
func reach(slots []Slot) (from, until time.Time) {
	for _, s := range slots {
		if s.Until.IsZero() {
			continue
		}
		if from.IsZero() || s.From.Before(from) {
			from = s.From
		}
		if s.Until.After(until) {
			until = s.Until
		}
	}
	return from, until
}

// workersOf are the workers of slots, each once; somebody who is nobody where
// there is none, so that the times are asked about all the same.
func workersOf(slots []Slot) []string {
	var out []string
	for _, s := range slots {
		if s.Worker != "" && !slices.Contains(out, s.Worker) {
			out = append(out, s.Worker)
		}
	}
	if out == nil {
		return []string{""}
	}
	return out
}

// Others keep something else at which people who must not meet could: groups.
type Others struct {
	// Look marks what of theirs meets after something of a file has changed. It
	// runs the same statements whatever there is, on both sides.
	Look cases.Watcher
	// Clear takes over how much time is kept clear at a place, and returns the
	// files that this concerns.
	Clear func(ctx context.Context, tx *store.Tx, agency string, place Place) ([]cases.ID, error)
}

// Also has others look whenever appointments do. It is called while the program
// is put together.
func (s *Service) Also(o Others) { s.others = append(s.others, o) }

// Look looks again at what a file has booked, here and with others. Who keeps
// such things calls it after every change of theirs.
func (s *Service) Look(ctx context.Context, tx *store.Tx, agency string, file cases.ID) error {
	return s.look(ctx, tx, agency, file)
}

// Lock makes bookings of an agency come one after the other until the
// transaction ends.
func (s *Service) Lock(ctx context.Context, tx *store.Tx, agency string) error {
	return appointmentsdb.New(tx).Lock(ctx, agency)
}

// PlacesOf are the places of an agency with their rooms, for whoever was judged
// already to keep something there.
func (s *Service) PlacesOf(ctx context.Context, tx *store.Tx, agency string) ([]Place, error) {
	return s.places(ctx, tx, agency)
}

// Busy is a time at a place with what is kept clear around it. Somewhere else
// has what is kept clear where nobody said otherwise; where nobody comes, nothing
// is.
func (s *Service) Busy(way Way, p Place, starts, ends time.Time) (from, until time.Time) {
	switch way {
	case Elsewhere:
		p = Place{Before: s.cfg.Clear, After: s.cfg.Clear}
	case Telephone, Video:
		p = Place{}
	case AtPlace:
	}
	return p.busy(starts, ends)
}
