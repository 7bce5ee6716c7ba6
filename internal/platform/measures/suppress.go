package measures

import (
	"encoding/json"
	"strconv"
)

// SmallDefault is the largest count that is suppressed unless the deployment
// says otherwise. With rounding to 5 it is the rule by which NHS Digital
// publishes counts of hospital care.
const SmallDefault = 7

// roundTo is what counts that are shown are rounded to.
const roundTo = 5

// smallLeast is the lowest threshold: what would round to 0 must not look like
// 0.
const smallLeast = roundTo / 2

// Mark stands where a count is too small to show.
const Mark = "[c]"

// MarkMeaning explains the mark.
const MarkMeaning = "This number is too small to show without risking that someone is recognised."

// Cell is a count as it may be shown. The zero value shows 0.
type Cell struct {
	n      int64
	hidden bool
	// What the true count may be, as far as the cell tells.
	least, most int64
}

// Exactly shows a count as it is.
func Exactly(n int64) Cell { return Cell{n: n, least: n, most: n} }

// Suppress shows a count as it may leave the partnership: 0 as it is, 1 up to
// small not at all, others rounded to the nearest 5.
func Suppress(n int64, small int) Cell {
	limit := int64(max(small, smallLeast))
	switch {
	case n <= 0:
		return Exactly(0)
	case n <= limit:
		return Cell{hidden: true, least: 1, most: limit}
	}
	// Halves cannot be: 5 is odd.
	shown := (n + roundTo/2) / roundTo * roundTo
	return Cell{n: shown, least: max(shown-roundTo/2, limit+1), most: shown + roundTo/2}
}

// Shown is the count shown, and whether one is.
func (c Cell) Shown() (int64, bool) { return c.n, !c.hidden }

// String is the count or the mark.
func (c Cell) String() string {
	if c.hidden {
		return Mark
	}
	return strconv.FormatInt(c.n, 10)
}

// MarshalJSON writes the count, or null where it is suppressed.
func (c Cell) MarshalJSON() ([]byte, error) {
	if c.hidden {
		return []byte("null"), nil
	}
	return json.Marshal(c.n)
}

// hide is the cell with nothing told.
func (c Cell) hide() Cell { return Cell{hidden: true, most: 1 << 62} }

// percent is the rounded percentage of two shown counts; false where one of
// them is suppressed or the whole is nothing.
func percent(part, whole Cell) (int64, bool) {
	if part.hidden || whole.hidden || whole.n == 0 {
		return 0, false
	}
	return (200*part.n + whole.n) / (2 * whole.n), true
}

// givenAway tells whether a suppressed part could be worked out exactly from
// the other parts and the total. With adding up, the parts are disjoint and
// their counts add up to the total; without, they may overlap.
func givenAway(total Cell, parts []Cell, addUp bool) bool {
	var least, most int64
	for _, p := range parts {
		least += p.least
		most += p.most
	}
	for _, p := range parts {
		if !p.hidden {
			continue
		}
		// The others together are between least-p.least and most-p.most.
		low := max(p.least, total.least-(most-p.most))
		high := min(p.most, total.most)
		if addUp {
			high = min(p.most, total.most-(least-p.least))
		}
		if low >= high && p.most > p.least {
			return true
		}
	}
	return false
}
