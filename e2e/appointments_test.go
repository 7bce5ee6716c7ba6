package e2e

import (
	"testing"
	"time"

	"waymark/e2e/harness"
)

// An advocate's appointments: one that must move, because the person would meet
// somebody who has harmed them; the slot that is refused, without a word of whom;
// one that is safe; and what became of another. B6.8, B8.7, S13 and S27.
func TestTwoWhoMustNotMeet(t *testing.T) {
	for name, how := range map[string]harness.Options{
		"with JavaScript":                      {},
		"without JavaScript on a small screen": {NoScript: true, Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			how.Base = s.URL
			p := advocate{comesIn(t, harness.Open(t, how), "IDVA").page, how.Width == 0 && !how.NoScript}
			p.Goto("/calendar").See("Monday 15 June 2026", "Cora Appleyard", "To be moved")
			appointmentsKeep(p, "day")
			file := movesHer(p)
			recordsWhatBecameOfOne(p, file)
			p.Goto("/calendar?show=week").See("Week of 15 June 2026", "Delia Appleyard")
			appointmentsKeep(p, "week")
			p.Goto("/calendar/feed").See("leaks easily", "There is none")
			p.Click("Open an address")
			p.See("shown this once", "/feeds/")
			appointmentsKeep(p, "feed")
			p.Click("Close the address")
			p.See("Whoever asks for it finds nothing")
		})
	}
}

func appointmentsKeep(p advocate, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if p.pictures {
		pictured(p.Page, "appointments/"+name)
	}
}

// wednesday is the day on which he is at the same place in the morning.
var wednesday = time.Date(2026, 6, 17, 0, 0, 0, 0, time.UTC)

// movesHer moves the appointment that must be moved, and returns the address of
// the case.
func movesHer(p advocate) string {
	p.Row("Cora Appleyard").Click("Case")
	p.See("Move this appointment", "Cora Appleyard")
	p.DontSee("Craig", "Dunmore", "Room 2")
	appointmentsKeep(p, "must-move")
	p.Click("Move it")
	fillDay(p, "On which day?", wednesday)
	p.Fill("At what time?", "11:00")
	appointmentsKeep(p, "move")
	p.Click("Move it")
	p.See("This slot is not safe for them", "Ask a manager to let this slot stand")
	p.DontSee("Craig", "Dunmore")
	appointmentsKeep(p, "refused")
	p.Fill("At what time?", "12:30")
	p.Click("Move it")
	p.See("The appointment is moved", "17 June 2026, 12:30")
	p.DontSee("To be moved")
	appointmentsKeep(p, "list")
	return path(p.Page)
}

func recordsWhatBecameOfOne(p advocate, list string) {
	p.Goto(list + "/new").See("Book an appointment")
	appointmentsKeep(p, "book")
	fillDay(p, "On which day?", time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC))
	p.Fill("At what time?", "08:30")
	p.Select("How long?", "30 minutes")
	p.Choose("By telephone")
	p.Click("Book it")
	p.See("The appointment is booked", "15 June 2026, 08:30")
	p.Click("15 June 2026, 08:30")
	p.See("They do not know of it yet")
	p.Select("How are they told?", "Text message")
	p.Click("Tell them now, if it is safe")
	p.See("This way is recorded as unsafe")
	appointmentsKeep(p, "one")
	p.Click("Record what became of it")
	p.Choose("They came")
	p.Fill("What came of it", "She wants to go on.")
	appointmentsKeep(p, "outcome")
	p.Click("Record it")
	p.See("What became of it is recorded", "They came")
}
