package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
)

// What a process remembers of the tree is of use only as long as nobody else has
// gone on from it: two logs on one database, as two instances have them, take
// turns, fail between, and leave one whole log.
func TestLogsOnOneDatabaseGoOnFromEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		var logs []*audit.Log
		begin := func() *audit.Log {
			l := audit.New(db) // from here on it writes what is queued
			logs = append(logs, l)
			return l
		}
		first := begin()
		record(t, first, 5)
		second := begin()
		record(t, second, 4)
		use := func(l *audit.Log) { l.Resume(db) }
		stop := errors.New("something is wrong")
		for i := range 40 {
			use(logs[i%2])
			record(t, logs[i%2], 1+i%5)
			err := db.Write(t.Context(), func(_ context.Context, tx *store.Tx) error {
				if err := logs[i%2].Append(tx, entry(i)); err != nil {
					return err
				}
				return stop
			})
			if !errors.Is(err, stop) {
				t.Fatal(err)
			}
			clock.Advance(13 * time.Minute)
		}
		report, err := first.Verify(t.Context())
		if err != nil || len(report.Faults) > 0 {
			t.Fatalf("%v, %v", report.Faults, err)
		}
		// 40 turns of 13 minutes are nearly nine hours, each with its head.
		if report.Heads < 8 || report.Heads > 10 {
			t.Errorf("%d heads were kept", report.Heads)
		}
	})
}
