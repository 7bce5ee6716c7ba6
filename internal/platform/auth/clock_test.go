package auth

import (
	"testing"
	"time"

	"waymark/internal/platform/auth/authdb"
)

// A session from the future says nothing of how long nobody has used it.
func TestAClockThatRanAheadEndsSessions(t *testing.T) {
	now := time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		created, seen time.Duration
		alive         bool
	}{
		{-time.Hour, -time.Minute, true},
		{0, 0, true},
		{-time.Hour, 30 * time.Second, true}, // clocks are put right by seconds all the time
		{-time.Hour, time.Hour, false},
		{24 * time.Hour, 24 * time.Hour, false},
		{-time.Hour, -Idle, false},
		{-Longest, -time.Minute, false},
	} {
		row := authdb.SessionAccountRow{CreatedAt: now.Add(c.created), SeenAt: now.Add(c.seen)}
		if _, alive := lasts(row, now); alive != c.alive {
			t.Errorf("begun %v and seen %v from now: alive is %v", c.created, c.seen, alive)
		}
	}
}
