package sharing

import (
	"context"

	"waymark/internal/platform/store"
)

// Moment is that the receiver did something with a share. It says nothing of what
// the share says.
type Moment struct {
	Share   ID
	Outcome Outcome // empty: a person acknowledged it
}

// Follower hears of a moment in the transaction in which it happens.
type Follower func(ctx context.Context, tx *store.Tx, m Moment) error

// Follow lets a workflow hear what receivers do with shares. It is called while the
// program is put together, before anything is shared.
func (s *Service) Follow(fn Follower) { s.followers = append(s.followers, fn) }

func (s *Service) moved(ctx context.Context, tx *store.Tx, m Moment) error {
	for _, follow := range s.followers {
		if err := follow(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}
