package forms

import (
	"errors"
	"regexp"
	"strings"
	"time"
)

// A date with a time is kept, while it is answered, as the clock on the wall showed it, without an offset:
// 2026-03-09T14:30:00. A response has the offset of the place that the form stands in. A date alone, a month
// or a year will do, as everywhere. What was typed and is none is kept as its four boxes, one a line.

// ErrNoPlace is returned where a time of a day has to be written and the form stands nowhere: see
// [Questionnaire.At].
var ErrNoPlace = errors.New("a date with a time is answered, and the form does not know in which place")

var momentText = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$`)

const momentLayout = "2006-01-02T15:04:05"

// onTheWall is a date with a time without its offset, or a date.
func onTheWall(text string) (string, bool) {
	m := momentText.FindStringSubmatch(text)
	if m == nil {
		return text, isDate(text)
	}
	seconds := m[3]
	if seconds == "" {
		seconds = ":00"
	}
	text = m[1] + "T" + m[2] + seconds
	_, err := time.Parse(momentLayout, text)
	return text, err == nil && isDate(m[1])
}

// isMoment says whether a text is a date with a time as FHIR has it, with an offset or without.
func isMoment(text string) bool {
	_, ok := onTheWall(text)
	return ok
}

// here is a moment as the clock in the place of the form shows it.
func (q *Questionnaire) here(v Value) Value {
	if v.Type != ValueDateTime || q.launch.Now.IsZero() {
		return v
	}
	if t, err := time.Parse(time.RFC3339Nano, v.Text); err == nil {
		v.Text = t.In(q.launch.Now.Location()).Format(momentLayout)
	}
	return v
}

// zoned is a moment with the offset of the place of the form.
func (q *Questionnaire) zoned(v Value) Value {
	if v.Type != ValueDateTime {
		return v
	}
	if t, err := time.ParseInLocation(momentLayout, v.Text, q.launch.Now.Location()); err == nil {
		v.Text = t.Format(time.RFC3339)
	}
	return v
}

// timed says whether an answer is a date with a time.
func (q *Questionnaire) timed(a Answers) bool {
	for i := range q.Questions() {
		if i.Type != TypeDateTime {
			continue
		}
		for _, typed := range a.Values(i.LinkID) {
			if strings.Contains(typed, "T") && isMoment(typed) {
				return true
			}
		}
	}
	return false
}

// sameMoment says whether two moments are one, written with different offsets or not.
func sameMoment(a, b string) bool {
	x, errX := time.Parse(time.RFC3339Nano, a)
	y, errY := time.Parse(time.RFC3339Nano, b)
	return a == b || errX == nil && errY == nil && x.Equal(y)
}

// JoinDateTime makes one value of the four boxes of a date with a time.
func JoinDateTime(day, month, year, clock string) string {
	date, clock := JoinDate(day, month, year), oneLine(strings.TrimSpace(clock))
	if clock == "" {
		return date
	}
	if value, ok := onTheWall(date + "T" + joinTime(clock)); ok && isDate(date) {
		return value
	}
	return strings.Join([]string{oneLine(strings.TrimSpace(day)), oneLine(strings.TrimSpace(month)), oneLine(strings.TrimSpace(year)), clock}, "\n")
}

// SplitDateTime gives back the four boxes of a date with a time.
func SplitDateTime(value string) (day, month, year, clock string) {
	if date, at, timed := strings.Cut(value, "T"); timed && isMoment(value) {
		day, month, year = SplitDate(date)
		return day, month, year, strings.TrimSuffix(at, ":00")
	}
	if parts := strings.SplitN(value, "\n", 4); len(parts) == 4 {
		return parts[0], parts[1], parts[2], parts[3]
	}
	day, month, year = SplitDate(value)
	return day, month, year, ""
}

// momentWords is a date with a time as people write it.
func momentWords(text string) string {
	wall, ok := onTheWall(text)
	date, clock, timed := strings.Cut(wall, "T")
	if !ok || !timed {
		return dateWords(text)
	}
	return dateWords(date) + ", " + strings.TrimSuffix(clock, ":00")
}

// moments is the first and the last moment that a date with or without a time may mean.
func moments(text string) (first, last string) {
	if strings.Contains(text, "T") {
		return text, text
	}
	first, last = span(text)
	return first + "T00:00:00", last + "T23:59:59"
}
