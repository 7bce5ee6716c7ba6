package cases

import (
	"context"
	"errors"

	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

// Part is what one capability keeps with a file.
type Part struct {
	Code string // in the database; never changed
	Name string // for people
}

// Piece is one thing on record in a file, in words. It is what a person may ask
// to see, to have corrected or to have erased.
type Piece struct {
	Ref   string // the record's id within its part
	On    string // the day it is about, as far as it is known
	Title string
	Lines []string
	// Source is the agency it was received from, empty for one's own.
	Source string
	// About are other people whom it is about.
	About []people.ID
	// Others tells that it is somebody else's too who need not be on record:
	// somebody wrote it about the person, or it is about another one.
	Others bool
	// Compartment is whose permission reading it takes, empty for the file's.
	Compartment Compartment
	// Hidden marks what is in no export unless somebody chooses it: how and
	// where somebody can be reached, code words.
	Hidden bool
	// Erasable tells that it can be erased by itself.
	Erasable bool
}

// Keeper is a capability that keeps something with files. The command registers
// the keepers with what collects and destroys, so that workflows need not know
// each other.
type Keeper interface {
	Part() Part
	// Pieces are everything on record in a file, in the order of their making.
	// Those of a compartment are left out for whoever may not read it, and
	// counted: the second answer is how many.
	Pieces(ctx context.Context, tx *store.Tx, f *File) ([]Piece, int, error)
	// Erase takes the words of one piece away for good. That it was there
	// stays. It returns [ErrNotErasable] for a piece that stands with others.
	Erase(ctx context.Context, tx *store.Tx, f *File, ref string) error
	// Destroy removes all rows of a file, and tells how many of which kind. It
	// returns [*NotYet] when something stands against it.
	Destroy(ctx context.Context, tx *store.Tx, f *File) (map[string]int64, error)
}

// NotYet is returned for a file that cannot be destroyed yet.
type NotYet struct{ Why string }

func (e *NotYet) Error() string { return e.Why }

// ErrNotErasable is returned for a piece that cannot be erased by itself.
var ErrNotErasable = errors.New("this cannot be erased by itself; it goes with the case")

// MayRead tells whether whoever opened the file may read a compartment of it;
// the empty one goes with the file.
func (s *Service) MayRead(f *File, c Compartment) bool { return c == "" || s.May(f, c.Action()) }
