package support_test

import (
	"context"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/support"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// The clock of the first contact runs from when somebody asked, which is before
// their case was opened; an earlier beginning stays.
func TestTheClockOfTheFirstContactRunsFromTheAsking(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, support.Rules())
		s := support.New(w.Cases, w.Guard, w.Registry, support.Config{Zone: time.UTC})
		idva := w.Actor(t, casestest.IDVA)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		asked := func(f *cases.File, self bool, at time.Time) support.Standing {
			t.Helper()
			var out support.Standing
			must(db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
				if err := s.Asked(ctx, tx, f, self, at); err != nil {
					return err
				}
				out, err = s.Standing(ctx, tx, f)
				return err
			}))
			return out
		}
		at := store.Moment(clock.Now())
		clock.Advance(5 * 24 * time.Hour)
		begin := func(origin cases.Origin) *cases.File {
			t.Helper()
			f, err := w.Cases.Begin(t.Context(), idva, cases.NewFile{Person: people.Details{GivenName: "Maya"}, Kind: cases.Full, Origin: origin, Team: string(w.Advocates.ID)})
			must(err)
			return f
		}
		f := begin(cases.AskedSelf)
		if got := asked(f, true, at); !got.CameAt.Equal(at) || got.Came != support.SelfReferred || !got.Late(clock.Now()) {
			t.Errorf("asked for themselves: %+v", got)
		}
		if got := asked(f, false, at.Add(time.Hour)); !got.CameAt.Equal(at) || got.Came != support.SelfReferred {
			t.Errorf("asked again, later: %+v", got)
		}
		own := begin(cases.OwnContact)
		if got := asked(own, false, at); !got.CameAt.Equal(at) || got.Came != support.AgencyReferred {
			t.Errorf("a case without a clock: %+v", got)
		}
		reached := begin(cases.OwnContact)
		_, err := s.Record(t.Context(), reached, support.Happened{Outward: true, Whom: support.Person, Channel: people.InPerson, At: clock.Now(), Outcome: support.Spoke})
		must(err)
		if got := asked(reached, true, at); !got.Due.IsZero() {
			t.Errorf("somebody who was reached is counted anew: %+v", got)
		}
	})
}
