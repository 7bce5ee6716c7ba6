package appointmentsweb

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"waymark/internal/casework/appointments"
)

// S13, S27: a calendar outside holds times and one word, whatever is behind it.
func TestACalendarOutsideHoldsTimesAndOneWord(t *testing.T) {
	starts := time.Date(2026, 6, 15, 10, 30, 0, 0, time.UTC)
	text := calendarFile([]appointments.Span{
		{Key: strings.Repeat("4f", 60), Starts: starts, Ends: starts.Add(time.Hour)}, {Key: "77", Starts: starts.AddDate(0, 0, 1), Ends: starts.AddDate(0, 0, 1).Add(time.Hour)},
	}, starts)
	read, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(read.Events()) != 2 {
		t.Fatalf("%d events", len(read.Events()))
	}
	allowed := map[string]bool{"UID": true, "DTSTAMP": true, "DTSTART": true, "DTEND": true, "SUMMARY": true, "CLASS": true}
	for _, e := range read.Events() {
		for _, p := range e.Properties {
			if !allowed[p.IANAToken] {
				t.Errorf("it says %s", p.IANAToken)
			}
		}
		if s := e.GetProperty(ics.ComponentPropertySummary).Value; s != "Meeting" {
			t.Errorf("it is called %q", s)
		}
	}
	if at, err := read.Events()[0].GetStartAt(); err != nil || !at.Equal(starts) {
		t.Errorf("%v %v", at, err)
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
}
