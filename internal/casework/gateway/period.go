package gateway

import (
	"time"

	"waymark/internal/platform/measures"
)

// Period reads a year, a quarter or a month that is over, such as 2026, 2026-Q1 and
// 2026-03; nothing stands for the last quarter that is over. It tells whether it is
// one.
func Period(text string, now time.Time, zone *time.Location) (measures.Period, bool) {
	return measures.ClosedPeriod(text, now, zone)
}
