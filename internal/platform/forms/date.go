package forms

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A date is a year, a month or a day: a person who only knows the month can say so. It is kept in the
// form of FHIR (2025, 2025-03, 2025-03-09). What was typed and is no date is kept as the three boxes,
// one a line, so that it comes back as it was.

var (
	dateText = regexp.MustCompile(`^([1-9][0-9]{3})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?$`)
	yearText = regexp.MustCompile(`^[1-9][0-9]{3}$`)
	partText = regexp.MustCompile(`^[0-9]{1,2}$`)
)

func isDate(text string) bool {
	m := dateText.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	if m[3] == "" {
		return true
	}
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// JoinDate makes one value of the three boxes of a date.
func JoinDate(day, month, year string) string {
	day, month, year = strings.TrimSpace(day), strings.TrimSpace(month), strings.TrimSpace(year)
	if day == "" && month == "" && year == "" {
		return ""
	}
	typed := strings.Join([]string{oneLine(day), oneLine(month), oneLine(year)}, "\n")
	number := monthNumber(month)
	if !yearText.MatchString(year) || month == "" && day != "" || month != "" && number == 0 ||
		day != "" && !partText.MatchString(day) {
		return typed
	}
	value := year
	if month != "" {
		value += "-" + twoDigits(number)
	}
	if day != "" {
		n, err := strconv.Atoi(day)
		if err != nil {
			return typed
		}
		value += "-" + twoDigits(n)
	}
	if !isDate(value) {
		return typed
	}
	return value
}

// SplitDate gives back the three boxes of a date.
func SplitDate(value string) (day, month, year string) {
	if isDate(value) {
		parts := append(strings.Split(value, "-"), "", "")
		return strings.TrimPrefix(parts[2], "0"), strings.TrimPrefix(parts[1], "0"), parts[0]
	}
	parts := append(strings.SplitN(value, "\n", 3), "", "")
	return parts[0], parts[1], parts[2]
}

func monthNumber(typed string) int {
	if partText.MatchString(typed) {
		n, err := strconv.Atoi(typed)
		if err != nil || n > 12 {
			return 0
		}
		return n
	}
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(typed, m.String()) || strings.EqualFold(typed, m.String()[:3]) {
			return int(m)
		}
	}
	return 0
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\r' }), " ")
}

// dateWords is a date as people write it.
func dateWords(text string) string {
	for _, layout := range []struct{ from, to string }{
		{time.DateOnly, "2 January 2006"}, {"2006-01", "January 2006"},
	} {
		if t, err := time.Parse(layout.from, text); err == nil {
			return t.Format(layout.to)
		}
	}
	return text
}

// span is the first and the last day that a date may mean.
func span(text string) (first, last string) {
	switch {
	case len(text) == len("2006"):
		return text + "-01-01", text + "-12-31"
	case len(text) == len("2006-01"):
		// The last day of a month is never after the 31st, which is enough to compare texts.
		return text + "-01", text + "-31"
	default:
		return text, text
	}
}
