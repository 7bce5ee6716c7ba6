package measures

import (
	"regexp"
	"strconv"
	"time"
)

var closed = regexp.MustCompile(`^([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?$`)

// ClosedPeriod reads a year, a quarter or a month that is over, such as 2026, 2026-Q1 and
// 2026-03; nothing stands for the last quarter that is over. It tells whether it is
// one.
func ClosedPeriod(text string, now time.Time, zone *time.Location) (Period, bool) {
	now = now.In(zone)
	if text == "" {
		last := time.Date(now.Year(), (now.Month()-1)/3*3+1, 1, 12, 0, 0, 0, zone).AddDate(0, -3, 0)
		return over(last, 3, now)
	}
	m := closed.FindStringSubmatch(text)
	if m == nil {
		return Period{}, false
	}
	year, _ := strconv.Atoi(m[1]) // digits, as the expression says
	month, months := 1, 12
	if m[2] != "" {
		q, _ := strconv.Atoi(m[2])
		month, months = 3*q-2, 3
	}
	if m[3] != "" {
		month, _ = strconv.Atoi(m[3])
		months = 1
	}
	return over(time.Date(year, time.Month(month), 1, 12, 0, 0, 0, zone), months, now)
}

// over are so many months from a first day, if their last day has passed.
func over(first time.Time, months int, now time.Time) (Period, bool) {
	p := Period{From: first.Format(time.DateOnly), To: first.AddDate(0, months, -1).Format(time.DateOnly)}
	return p, p.To < now.Format(time.DateOnly)
}
