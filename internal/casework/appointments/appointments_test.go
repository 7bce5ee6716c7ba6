package appointments_test

import (
	"context"
	"testing"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/registers/people"
)

// world is a partnership that makes appointments.
type world struct {
	*casestest.World
	s *appointments.Service
}

// refusedWay is what the gate of these tests refuses.
const refusedWay = people.Text

func each(t *testing.T, fn func(t *testing.T, w world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		w := casestest.New(t, db, clock, appointments.Rules())
		fn(t, world{w, appointments.New(w.Cases, w.Guard, w.Registry, appointments.Config{
			Gate: func(_ context.Context, _ *store.Tx, _ *cases.File, channel people.Channel, _ time.Time, _ bool) (string, error) {
				if channel == refusedWay {
					return "This way is recorded as unsafe", nil
				}
				return "", nil
			},
			Who: func(ctx context.Context, account string) (policy.Actor, error) { return w.Auth.Worker(ctx, account) },
		})})
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read[T any](t *testing.T, w world, fn func(ctx context.Context, tx *store.Tx) (T, error)) T {
	t.Helper()
	var out T
	must(t, w.DB.Read(t.Context(), func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = fn(ctx, tx)
		return err
	}))
	return out
}
