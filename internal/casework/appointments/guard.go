package appointments

import (
	"slices"
	"time"
)

// Slot is what two appointments can share.
type Slot struct {
	Worker string
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
		case other.Worker == asked.Worker:
			return SameWorker
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
