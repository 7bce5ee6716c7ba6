package cases

import (
	"context"
	"errors"
	"time"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Floor is a training floor of an act: who reached the level does it, and who
// did not does it at once where that is needed, and it is reviewed. Hearing
// what somebody says, their immediate safety and the sending of what was
// found have no floor.
type Floor struct {
	Level int           // the least training level, or its local equivalent
	Act   policy.Action // at or above it
	Now   policy.Action // below it: act now, justify after
}

// ErrBelowFloor is returned to a worker below the floor who has not chosen to
// act now.
var ErrBelowFloor = errors.New("this asks for more training; act now and have it reviewed, or ask a colleague")

// Judge tells by which action the actor does it, and judges that. now is
// whether they chose to act now; at or above the floor it does not matter.
func (s *Service) Judge(ctx context.Context, f *File, floor Floor, now bool) (policy.Action, error) {
	action := floor.Act
	if f.Actor().Level < floor.Level {
		if !now {
			return "", ErrBelowFloor
		}
		action = floor.Now
	}
	_, err := s.guard.Act(ctx, f.Actor(), action, f.Resource(), true, f.id.Subject())
	return action, err
}

// ActNow records that something was done first, to be justified after, with
// the review by somebody else on the next working day.
func (s *Service) ActNow(ctx context.Context, tx *store.Tx, f *File, what, ref string) error {
	if _, err := s.Record(ctx, tx, f, Event{Kind: ActedNow, On: tx.Now().Format(time.DateOnly), Text: what, Ref: ref}); err != nil {
		return err
	}
	_, err := s.AddTask(ctx, tx, f, NewTask{Kind: ReviewActNow, Due: NextWorkingDay(tx.Now()), Team: f.team})
	return err
}

// NextWorkingDay is the next day that is no Saturday or Sunday. Bank holidays
// are not known here.
func NextWorkingDay(now time.Time) string {
	d := now.AddDate(0, 0, 1)
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, 1)
	}
	return d.Format(time.DateOnly)
}
