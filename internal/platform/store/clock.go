package store

import "time"

// Clock tells the time. It is the only source of time below cmd: tests and the
// demo give their own.
type Clock func() time.Time

// SystemClock is the machine's clock.
func SystemClock() time.Time { return time.Now() }

// Moment brings t to the form in which times are stored: UTC, microseconds.
func Moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// timeLayout is the text form of a time in SQLite. Its width is fixed, so that
// comparing two texts compares the times.
const timeLayout = "2006-01-02T15:04:05.000000Z"
