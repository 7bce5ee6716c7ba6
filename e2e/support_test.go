package e2e

import (
	"testing"
	"time"

	"waymark/e2e/harness"
)

// A day of an advocate: nobody is called before it is known to be safe, what
// happened is written down all the same, and the end says what changed. B9.8,
// B9.10, B10.4, B10.6, B10.8, S16 and S17.
func TestAnAdvocatesDay(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			// Taking a picture at the width of a telephone asks the page itself to wait.
			p := advocate{s.arrives(t, "sam.advocate", reader), !reader.NoScript}
			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Click("Open the case")
			file := path(p.Page)

			wasReferred(p, file)
			refusesAnUnsafeCall(p, file)
			callsOnceCautiously(p, file)
			callsWhenItIsSafe(p, file)
			plansSupport(p, file)
			endsTheWork(p, file)
		})
	}
}

// advocate is somebody at work, of whose pages pictures may be taken.
type advocate struct {
	*harness.Page
	pictures bool
}

// supportKeeps holds a page of support to what everybody needs of it: on a desk
// and on a telephone, by keys, without a fault of axe.
func supportKeeps(p advocate, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if p.pictures {
		pictured(p.Page, "support/"+name)
	}
}

func wasReferred(p advocate, file string) {
	p.Goto(file + "/support/arrival")
	p.Choose("Another agency referred them")
	p.Click("Record")
	p.See("Due by")
	supportKeeps(p, "overview-empty")
}

func refusesAnUnsafeCall(p advocate, file string) {
	p.Goto(file + "/contacts").See("No safe way to reach this person is recorded")
	supportKeeps(p, "contacts-empty")
	p.Choose("The person")
	p.Select("How?", "Home phone")
	p.Click("Is it safe to make this contact now?")
	p.See("Do not make this contact", "Nobody has recorded that this way is safe", "Ask again safely")
	supportKeeps(p, "refused")
	p.Click("record it")
	p.Choose("The person")
	p.Select("How?", "Home phone")
	p.Choose("Somebody else answered")
	p.Fill("What was said and done", "A man answered. Said that it was a wrong number.")
	supportKeeps(p, "record")
	p.Click("Record it")
	p.See("What happened is recorded", "It would have been refused")
}

func callsOnceCautiously(p advocate, file string) {
	p.Goto(file + "/contacts")
	p.Click("Call their mobile phone once, cautiously")
	p.See("Withhold your number", "Leave no message")
	supportKeeps(p, "cautious")
	p.Choose("No answer")
	p.Click("Record what happened")
	p.See("What happened is recorded")
	p.DontSee("Call their mobile phone once, cautiously")
}

func callsWhenItIsSafe(p advocate, file string) {
	p.Goto(file + "/contact")
	supportKeeps(p, "safe-contact")
	p.Group("Mobile phone").Select("May it be used?", "Safe to use")
	p.Group("Mobile phone").Fill("Number, address or person", "07700 900123")
	p.Fill("Code word", "harbour")
	p.Click("Record, checked today")
	p.Goto(file + "/contacts")
	p.Choose("The person")
	p.Select("How?", "Mobile phone")
	p.Click("Is it safe to make this contact now?")
	p.See("You may make this contact now", "07700 900123")
	p.DontSee("harbour")
	supportKeeps(p, "permitted")
	p.Choose("Reached, and it was safe to speak")
	p.Fill("What was said and done", "Wants help with the locks.")
	p.Click("Record what happened")
	p.Goto(file + "/support").See("Reached on")
}

func plansSupport(p advocate, file string) {
	p.Goto(file + "/support/needs/new")
	p.Select("What is it about?", "Mental health")
	p.Fill("What is needed", "Cannot sleep.")
	p.Choose("Now")
	p.Click("Record the need")
	p.See("Select whether the abuse goes on")
	supportKeeps(p, "need-faults")
	p.Choose("It is going on")
	p.Click("Record the need")
	p.See("What these needs also call for", "A mental-health service", "Specialist support", "Risk looked at again by")
	p.Click("Specialist support for people who experience abuse")
	p.Choose("Offered, and they want it")
	supportKeeps(p, "offer")
	p.Click("Record it")
	p.DontSee("What these needs also call for Specialist")
	p.Goto(file + "/support/plan").See("No risk is identified in this case")
	p.Fill("The plan", "Locks first.")
	in := time.Now().AddDate(0, 2, 0)
	fillDay(p, "When is it looked at again?", in)
	supportKeeps(p, "plan")
	p.Click("Record the plan")
	p.See("Without risk identification: it does not count")
	p.Goto(file + "/support/outcomes/new")
	p.Choose("At the start")
	p.Fill("What they said, or why nothing was said", "“I look over my shoulder all day.”")
	supportKeeps(p, "outcomes")
	p.Click("Record")
	p.See("How they say things are is recorded")
	supportKeeps(p, "overview")
	p.Goto("/caseload").See("Held by you, by risk", "Risk not identified")
	supportKeeps(p, "caseload")
}

// fillDay fills the three boxes of a day.
func fillDay(p advocate, legend string, on time.Time) {
	group := p.Group(legend)
	group.Fill("Day", on.Format("2"))
	group.Fill("Month", on.Format("1"))
	group.Fill("Year", on.Format("2006"))
}

func endsTheWork(p advocate, file string) {
	p.Goto(file + "/support/end")
	p.Choose("As planned with the person")
	p.Click("End the work and close the case")
	p.See("Write how they can come back", "Record how they say things are")
	supportKeeps(p, "end-faults")
	p.Fill("How can they come back, should they want to?", "Rings the centre.")
	p.Fill("Why were they not asked how things are?", "She asked to leave it at that.")
	p.Click("End the work and close the case")
	p.See("Case closed", "The way back: Rings the centre.")
}
