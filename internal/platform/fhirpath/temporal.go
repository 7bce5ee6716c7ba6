package fhirpath

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// moment is a date, a time or both, as exact as it was written.
type moment struct {
	year, month, day     int
	hour, minute, second int
	milli                int
	precision            precision
	decimals             int  // digits of the second
	zoned                bool // an offset was written
	offset               int  // in minutes
	zone                 string
}

type precision int

const (
	toYear precision = iota
	toMonth
	toDay
	toHour
	toMinute
	toSecond // and its parts: for comparing they are one
)

var (
	dateForm     = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$`)
	dateTimeForm = regexp.MustCompile(`^([0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)T(?:([0-9][0-9:.]*)(Z|[+-][0-9]{2}:[0-9]{2})?)?$`)
	timeForm     = regexp.MustCompile(`^([0-9]{2})(?::([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?)?$`)
)

// parseTemporal reads a date or a time. With no kind it is a literal, whose form says what it is.
func parseTemporal(text string, kind Kind) (Value, bool) {
	v := Value{kind: kind, text: text}
	literal := kind == KindNone
	rest, isTime := strings.CutPrefix(text, "T")
	switch {
	case literal && isTime:
		v.kind, v.text = KindTime, rest
	case literal && strings.Contains(text, "T"):
		v.kind, v.text = KindDateTime, strings.TrimSuffix(text, "T")
	case literal:
		v.kind = KindDate
	case kind == KindTime && isTime:
		v.text = rest
	}
	var ok bool
	switch v.kind {
	case KindTime:
		ok = v.when.clock(v.text)
	case KindDate:
		ok = v.when.date(v.text)
	default:
		ok = v.when.date(text) && !literal
		if m := dateTimeForm.FindStringSubmatch(text); m != nil && !ok {
			ok = v.when.date(m[1]) && (m[2] == "" || v.when.precision == toDay && v.when.clock(m[2])) && v.when.shift(m[3])
		}
	}
	return v, ok
}

func (m *moment) date(text string) bool {
	parts := dateForm.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	m.year, m.month, m.day = atoi(parts[1]), 1, 1
	if parts[2] != "" {
		m.month, m.precision = atoi(parts[2]), toMonth
	}
	if parts[3] != "" {
		m.day, m.precision = atoi(parts[3]), toDay
	}
	return m.year > 0 && m.month >= 1 && m.month <= 12 && m.day >= 1 && m.day <= daysIn(m.year, m.month)
}

func (m *moment) clock(text string) bool {
	parts := timeForm.FindStringSubmatch(text)
	if parts == nil {
		return false
	}
	m.hour, m.precision = atoi(parts[1]), toHour
	if parts[2] != "" {
		m.minute, m.precision = atoi(parts[2]), toMinute
	}
	if parts[3] != "" {
		m.second, m.precision = atoi(parts[3]), toSecond
	}
	if parts[4] != "" {
		m.decimals = len(parts[4])
		m.milli = atoi((parts[4] + "00")[:3])
	}
	return m.hour < 24 && m.minute < 60 && m.second < 60
}

func (m *moment) shift(text string) bool {
	m.zone, m.zoned = text, text != ""
	if text == "" || text == "Z" {
		return true
	}
	hours, minutes := atoi(text[1:3]), atoi(text[4:6])
	m.offset = hours*60 + minutes
	if text[0] == '-' {
		m.offset = -m.offset
	}
	return hours <= 14 && minutes < 60
}

// atoi reads digits that a pattern let through.
func atoi(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// utc is the moment in universal time, where it has a time of day.
func (m moment) utc(place *time.Location) moment {
	if m.precision < toHour {
		return m
	}
	at := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.milli*1e6, place)
	if m.zoned {
		at = time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute-m.offset, m.second, m.milli*1e6, time.UTC)
	}
	at = at.UTC()
	m.year, m.month, m.day = at.Year(), int(at.Month()), at.Day()
	m.hour, m.minute, m.second = at.Hour(), at.Minute(), at.Second()
	return m
}

func (m moment) fields() [6]int {
	return [6]int{m.year, m.month, m.day, m.hour, m.minute, m.second*1000 + m.milli}
}

// order compares two dates or times. It is not known where one is written less exactly than the other and
// as far as they go they are the same.
func (e *evaluation) order(a, b Value) (order int, known bool) {
	x, y := a.when, b.when
	if a.kind == KindDateTime || b.kind == KindDateTime {
		x, y = x.utc(e.env.place()), y.utc(e.env.place())
	}
	fx, fy := x.fields(), y.fields()
	first := toYear
	if a.kind == KindTime {
		first = toHour
	}
	for p := first; p <= min(x.precision, y.precision); p++ {
		if fx[p] != fy[p] {
			if fx[p] < fy[p] {
				return -1, true
			}
			return 1, true
		}
	}
	return 0, x.precision == y.precision
}

// calendar are the words for lengths of time.
var calendar = map[string]string{
	"year": "year", "years": "year", "month": "month", "months": "month", "week": "week", "weeks": "week", "day": "day",
	"days": "day", "hour": "hour", "hours": "hour", "minute": "minute", "minutes": "minute", "second": "second",
	"seconds": "second", "millisecond": "millisecond", "milliseconds": "millisecond",
}

// add moves a date or a time. It gives nothing where that leaves the calendar.
func (e *evaluation) add(x *expr, v, q Value, sign int64) (Collection, error) {
	unit := q.unit
	if q.quoted {
		switch unit {
		case "s":
			unit = "second"
		case "ms":
			unit = "millisecond"
		default:
			return nil, fail(x.pos, "a date or time moves by years, months, weeks, days, hours, minutes or seconds, and not by this unit")
		}
	}
	var cut apd.Decimal
	down := apd.Context{Precision: 31, MaxExponent: 400, MinExponent: -400, Rounding: apd.RoundDown, Traps: apd.DefaultTraps}
	num := q.num
	if unit == "second" { // of which parts count
		milli, ok := compute(decimals.Mul, num, apd.New(1000, 0))
		if !ok {
			return nil, nil
		}
		num, unit = milli, "millisecond"
	}
	if _, err := down.Quantize(&cut, num, 0); err != nil {
		return nil, nil //nolint:nilerr // a length of time beyond every calendar
	}
	n, err := cut.Int64()
	if err != nil || n > 1e14 || n < -1e14 {
		return nil, nil //nolint:nilerr // a length of time beyond every calendar
	}
	n *= sign
	m, ok := v.when, false
	if v.kind == KindTime {
		ok = m.addClock(unit, n)
	} else {
		ok = m.addCalendar(unit, n)
	}
	if !ok {
		if v.kind == KindTime {
			return nil, fail(x.pos, "a time of day moves by hours, minutes or seconds")
		}
		return nil, nil
	}
	return Collection{{kind: v.kind, when: m, text: m.write(v.kind)}}, nil
}

var milliseconds = map[string]int64{"hour": 3_600_000, "minute": 60_000, "millisecond": 1}

func (m *moment) addClock(unit string, n int64) bool {
	per := milliseconds[unit]
	if per == 0 {
		return false
	}
	const day = 24 * 3_600_000
	per *= n % day // a day has no more of any of them
	at := (int64(m.hour)*3_600_000 + int64(m.minute)*60_000 + int64(m.second)*1000 + int64(m.milli) + per) % day
	if at < 0 {
		at += day
	}
	m.hour, m.minute = int(at/3_600_000), int(at/60_000%60)
	m.second, m.milli = int(at/1000%60), int(at%1000)
	return true
}

// addCalendar moves a date by whole units. What is finer than the date is written is first brought to
// the finest unit that it has, and the rest is left.
func (m *moment) addCalendar(unit string, n int64) bool {
	switch unit {
	case "week":
		unit, n = "day", n*7
	case "hour", "minute", "millisecond":
		if m.precision < toHour {
			unit, n = "day", n*milliseconds[unit]/86_400_000
		}
	}
	if unit == "day" && m.precision < toDay {
		if m.precision == toMonth {
			unit, n = "month", n/30
		} else {
			unit, n = "year", n/365
		}
	}
	if unit == "month" && m.precision < toMonth {
		unit, n = "year", n/12
	}
	switch unit {
	case "year", "month":
		if unit == "year" {
			n *= 12
		}
		months := int64(m.year)*12 + int64(m.month) - 1 + n
		if months < 12 || months >= 10_000*12 {
			return false
		}
		m.year, m.month = int(months/12), int(months%12)+1
		m.day = min(m.day, daysIn(m.year, m.month))
		return true
	case "day":
		if n > 4_000_000 || n < -4_000_000 {
			return false
		}
		at := time.Date(m.year, time.Month(m.month), m.day+int(n), 0, 0, 0, 0, time.UTC)
		m.year, m.month, m.day = at.Year(), int(at.Month()), at.Day()
	default:
		at := time.Date(m.year, time.Month(m.month), m.day, m.hour, m.minute, m.second, m.milli*1e6, time.UTC)
		at = time.UnixMilli(at.UnixMilli() + n*milliseconds[unit]).UTC()
		m.year, m.month, m.day = at.Year(), int(at.Month()), at.Day()
		m.hour, m.minute, m.second, m.milli = at.Hour(), at.Minute(), at.Second(), at.Nanosecond()/1e6
		if m.milli != 0 {
			m.decimals = 3
		}
	}
	return m.year >= 1 && m.year <= 9999
}

func (m moment) write(kind Kind) string {
	var b strings.Builder
	if kind != KindTime {
		fmt.Fprintf(&b, "%04d", m.year)
		if m.precision >= toMonth {
			fmt.Fprintf(&b, "-%02d", m.month)
		}
		if m.precision >= toDay {
			fmt.Fprintf(&b, "-%02d", m.day)
		}
		if kind == KindDate || m.precision < toHour {
			return b.String()
		}
		b.WriteByte('T')
	}
	fmt.Fprintf(&b, "%02d", m.hour)
	if m.precision >= toMinute {
		fmt.Fprintf(&b, ":%02d", m.minute)
	}
	if m.precision >= toSecond {
		fmt.Fprintf(&b, ":%02d", m.second)
		if m.decimals > 0 {
			fmt.Fprintf(&b, ".%03d", m.milli)
		}
	}
	return b.String() + m.zone
}

// at is a moment as a date and time with its offset.
func at(t time.Time) Value {
	_, seconds := t.Zone()
	m := moment{
		year: t.Year(), month: int(t.Month()), day: t.Day(), hour: t.Hour(), minute: t.Minute(), second: t.Second(),
		milli: t.Nanosecond() / 1e6, precision: toSecond, decimals: 3, zoned: true, offset: seconds / 60, zone: t.Format("Z07:00"),
	}
	return Value{kind: KindDateTime, when: m, text: m.write(KindDateTime)}
}

// as gives a date, or a date and time, another kind.
func (v Value) as(kind Kind) Value {
	m := v.when
	if kind == KindDate {
		m.precision = min(m.precision, toDay)
		m.zone, m.zoned, m.offset = "", false, 0
	}
	return Value{kind: kind, when: m, text: m.write(kind)}
}
