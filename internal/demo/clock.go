package demo

import (
	"sync"
	"time"

	"waymark/internal/platform/store"
)

// Start is the instant at which the demo's clock starts to run: a Monday
// morning.
var Start = time.Date(2026, time.June, 15, 9, 0, 0, 0, time.UTC)

// Clock is the demo's clock. While the year is being made it stands where it
// was set; then it runs from Start.
type Clock struct {
	mu    sync.Mutex
	at    time.Time
	real  store.Clock
	began time.Time
	from  time.Time // the running clock began here
}

// NewClock returns a clock that stands a year before Start.
func NewClock() *Clock { return &Clock{at: Start.AddDate(-1, 0, 0)} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real != nil {
		return c.from.Add(c.real().Sub(c.began))
	}
	return c.at
}

// set puts the standing clock to a later time; it never goes back.
func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.After(c.at) {
		c.at = t
	}
}

// Run lets the clock run from Start, or from what was last recorded in a demo
// that was kept, at the pace of the real one.
func (c *Clock) Run(real store.Clock, last time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.real, c.began, c.from = real, real(), Start
	if last.After(Start) {
		c.from = last
	}
}
