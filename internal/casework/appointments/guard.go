package appointments

import (
	"slices"
	"time"
)

// Slot is what two appointments can share, or an appointment and a group.
type Slot struct {
	Worker string
	Group  string // a group, with who runs it or when it meets; empty for an appointment
	Way    Way
	Place  string // empty unless it is at a place
	// From and Until hold what is kept clear before and after.
	From, Until time.Time
}

// Clash is what a person and somebody who has harmed them would share. It is for
// rules, counts and tests; a page says only that the slot is not safe.
type Clash string

// The clashes.
const (
	NoClash    Clash = ""
	SameWorker Clash = "worker"
	SamePlace  Clash = "place"
	SameGroup  Clash = "group"
	// TooMany is that they have more than can be looked through: nothing says
	// that the slot is safe.
	TooMany Clash = "too_many"
)

// Guard tells whether a person may be met in a slot, given the slots of those
// who have harmed them and the workers who work with those. Pure, so that it can
// be tried with anything.
func Guard(asked Slot, theirs []Slot, workers []string) Clash {
	if slices.Contains(workers, asked.Worker) {
		return SameWorker
	}
	clash := NoClash
	for _, other := range theirs {
		switch {
		case other.Worker == asked.Worker && asked.Worker != "":
			return SameWorker
		case other.Group == asked.Group && asked.Group != "":
			return SameGroup
		case asked.touches(other):
			clash = SamePlace
		}
	}
	return clash
}

// touches tells whether two appointments are at places that are not known to be
// different, at times that meet.
func (s Slot) touches(o Slot) bool {
	if s.Way != o.Way || !o.From.Before(s.Until) || !s.From.Before(o.Until) {
		return false
	}
	return s.Way == Elsewhere || s.Way == AtPlace && s.Place == o.Place
}
