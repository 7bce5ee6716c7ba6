package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// The coordinator, the chair and the IDVA hold a meeting, each in a browser of their own: what
// one writes the others see; what two write into the same section is all there; the room sees
// who a case is about when it is opened, and not before; and the minutes are read when they are approved.
func TestThreeHoldAMeetingAtOnce(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	open := func(role string, how harness.Options) *harness.Page {
		how.Base = s.URL
		return comesIn(t, harness.Open(t, how), role).page
	}
	cora, chair, idva := open("MARAC coordinator", harness.Options{}), open("Adult social worker", harness.Options{}), open("IDVA", harness.Options{Width: 390, Height: 844})
	meeting := meetingOf(cora)
	for _, p := range []*harness.Page{chair, idva} {
		p.Goto(meeting + "/agenda").Click("I accept this for this meeting")
	}
	cora.Goto(meeting+"/run").See("Begin the meeting", "Who is here")
	heldOn(cora, "run")
	cora.Click("Begin the meeting")
	idva.Goto(meeting + "/room").See("No case is open")
	idva.DontSee("Petra", "Vance")
	heldOn(idva, "room-before")
	cora.Goto(meeting + "/run").Click("2026/006")
	cora.See("Petra Vance")
	one := path(cora)
	cora.Click("Open it to the room")
	idva.Await("Petra Vance") // the page changed by itself
	heldOn(idva, "room")
	idva.Click("Write about this case")
	chair.Goto(one).See("The chair’s summary")
	heldOn(chair, "case")

	cora.Fill("What agencies said", "Police: threats on two days in May.")
	cora.Await("Saved 1")
	chair.AwaitValue("What agencies said", "threats on two days")
	chair.Fill("What agencies said", "Police: threats on two days in May.\nHousing: the lock was changed.")
	idva.Fill("The views of the person, and of any children", "She wants to stay where she is.")
	cora.AwaitValue("What agencies said", "the lock was changed")
	cora.AwaitValue("The views of the person, and of any children", "She wants to stay")

	// Both at once into the same section: all of it is there.
	cora.Fill("Risks, to each person and from whom", "He knows where she works.")
	chair.Fill("Risks, to each person and from whom", "He has said that he will kill her.")
	for _, p := range []*harness.Page{cora, chair} {
		p.AwaitValue("Risks, to each person and from whom", "He knows where she works.")
		p.AwaitValue("Risks, to each person and from whom", "He has said that he will kill her.")
	}

	// The connection drops: what is typed stays, and is sent when there is one.
	release := chair.Hold("/sections/summary")
	chair.Fill("The chair’s summary", "The risk is very high.")
	cora.Fill("The chair’s summary", "The risk was raised by the move.")
	cora.AwaitValue("The chair’s summary", "raised by the move")
	if got := chair.Value("The chair’s summary"); !strings.Contains(got, "very high") {
		t.Errorf("what was typed is gone: %q", got)
	}
	release()
	cora.AwaitValue("The chair’s summary", "very high")
	chair.AwaitValue("The chair’s summary", "raised by the move")

	cora.Fill("Decision and reasons", "The actions go on: the risk is high and they have begun.")
	cora.Await("Saved 1")
	chair.AwaitValue("Decision and reasons", "The actions go on")
	chair.Click("The case is heard")
	chair.See("Select how their views were put to the meeting")
	chair.Choose("Their IDVA put them")
	chair.Choose("Go on with the actions that were agreed")
	chair.Click("The case is heard")
	chair.See("The case is heard", "1 of 4 cases heard")
	cora.Goto(meeting + "/run").Click("End the meeting")
	idva.Goto(meeting + "/minutes")
	idva.DontSee("She wants to stay")
	cora.Goto(meeting + "/minutes").Click("Approve the minutes")
	heldOn(cora, "minutes")
	idva.Goto(meeting+"/minutes").See("She wants to stay where she is.", "The risk is very high.", "Police: threats on two days in May.")
	idva.Click("Print them")
	idva.See("Copy of Lena Holt")
}

// With the keyboard alone, and without JavaScript: every page of the run screen.
func TestAMeetingIsHeldByKeyboardAloneAndWithoutScripts(t *testing.T) {
	for name, how := range map[string]harness.Options{"by keyboard": {Keys: true}, "without JavaScript on a small screen": {NoScript: true, Width: 320, Height: 640}} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			how.Base = s.URL
			cora := comesIn(t, harness.Open(t, how), "MARAC coordinator").page
			meeting := meetingOf(cora)
			cora.Goto(meeting + "/agenda").Click("Hold the meeting")
			cora.Click("Begin the meeting")
			cora.Row("Lena Holt").Click("They are here")
			cora.See("They went")
			cora.Click("2026/006")
			one := path(cora)
			cora.Click("Open it to the room")
			cora.Fill("Decision and reasons", "The risk is high.")
			cora.In("#section-decision").Click("Save")
			cora.Await("Saved")
			cora.Goto(one)
			cora.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
			cora.In("#section-decision").Click("What was saved")
			cora.See("Everything that was saved", "The risk is high.")
			cora.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
			cora.Goto(one)
			cora.Choose("Their IDVA put them")
			cora.Choose("Nothing more is to be done here")
			cora.Choose("An IDVA works with them")
			cora.Click("The case is heard")
			cora.See("1 of 4 cases heard")
			cora.Goto(meeting + "/room").See("No case is open")
			cora.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
			cora.Goto(meeting + "/run").Click("End the meeting")
			cora.Goto(meeting + "/minutes")
			cora.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
			cora.Click("Approve the minutes")
			cora.See("The minutes are approved")
		})
	}
}

// meetingOf is the address of tomorrow's meeting.
func meetingOf(p *harness.Page) string {
	p.Goto("/marac").Click("Meetings")
	p.Click("Tue 16 June 2026")
	return strings.TrimSuffix(path(p), "/")
}

func heldOn(p *harness.Page, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "marac/"+name)
}
