package e2e

import (
	"testing"
	"time"

	"waymark/e2e/harness"
)

// What an advocate and whoever supervises her do beside support: a date in court
// and an order ask for a look at the safety plan, nobody is forgotten on the
// waiting list, and a supervisor's name stands under a case. B7.13, B9.9 and
// G11.
func TestAnAdvocateAndHerSupervisor(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			lead := welcomeLink.FindString(s.d.Run("user", "add", "ira.lead", "Ira Moss (fictional)", "--agency", "northgate", "--role", "manager", "--level", "4"))
			if lead == "" {
				t.Fatal("the supervisor was given no link")
			}
			s.links["ira.lead"] = lead
			p := advocate{s.arrives(t, "sam.advocate", reader), !reader.NoScript}
			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Click("Open the case")
			file := path(p.Page)

			goesToCourt(p, file)
			waitsForAService(p, file)
			boss := advocate{s.arrives(t, "ira.lead", reader), !reader.NoScript}
			isSupervised(boss, file)
			doesWhatWasAgreed(p, file)
		})
	}
}

func inDays(n int) time.Time { return time.Now().AddDate(0, 0, n) }

// advocacyKeeps holds a page to what everybody needs of it.
func advocacyKeeps(p advocate, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if p.pictures {
		pictured(p.Page, "advocacy/"+name)
	}
}

func goesToCourt(p advocate, file string) {
	p.Click("Hearings and orders")
	p.See("None is recorded")
	p.Click("Add a hearing")
	p.Click("Record the hearing")
	p.See("Select what kind of court it is", "Write what the hearing is for")
	advocacyKeeps(p, "hearing-faults")
	p.Choose("Family court")
	fillDay(p, "On which day?", inDays(8))
	p.Fill("What is it for?", "He asks for contact with the children.")
	p.Click("Record the hearing")
	p.See("The hearing is recorded", "Nobody has asked yet")
	p.Click("Add an order or conditions")
	p.Select("What kind?", "Non-molestation order")
	p.Choose("Made, and in force")
	p.Fill("What does it forbid or ask?", "Not to come near her home.")
	fillDay(p, "When was it made?", inDays(-20))
	fillDay(p, "When does it end?", inDays(20))
	advocacyKeeps(p, "order")
	p.Click("Record the order")
	p.See("The order is recorded", "Not served, as far as is known")
	advocacyKeeps(p, "court")
	p.Goto("/court").See("Hearing. Family court", "Order ends. Non-molestation order")
	advocacyKeeps(p, "court-ahead")
	p.Goto("/inbox").See("Prepare for a hearing", "An order ends")
	p.Goto(file + "/court").Click("Family court")
	p.Choose("It was held")
	p.Fill("If it was held: what came of it?", "Contact at a centre only.")
	advocacyKeeps(p, "hearing-change")
	p.Click("Record")
	p.See("It was held. Contact at a centre only.")
}

func waitsForAService(p advocate, file string) {
	p.Goto(file)
	p.Click("What they wait for")
	p.Click("Add what they wait for, or cannot have")
	p.Click("Record")
	p.See("Select what they wait for", "Select whether they wait, or it cannot be had")
	advocacyKeeps(p, "waiting-faults")
	p.Select("Which kind of service?", "A place in a refuge")
	p.Select("What is it about?", "A place to live")
	p.Fill("What do they need, and why do they wait?", "A room with her two sons.")
	p.Choose("Waits")
	fillDay(p, "Since when?", inDays(-12))
	fillDay(p, "By when are they spoken to again?", inDays(3))
	p.Click("Record")
	p.See("a task says when to speak to them again", "12 days")
	p.Goto("/waiting").See("A place in a refuge", "Risk not identified", "12 days")
	advocacyKeeps(p, "waiting-list")
	p.Goto(file + "/waiting")
	p.Click("A place in a refuge")
	p.Fill("What did they say, and the service?", "No refuge takes the elder of them.")
	p.Choose("Not available: the need is unmet")
	p.Click("Record")
	p.See("Select why it cannot be had")
	p.Select("If it was declined or cannot be had: why?", "There is no room")
	advocacyKeeps(p, "waiting-look")
	p.Click("Record")
	p.See("Not available: the need is unmet. There is no room")
	advocacyKeeps(p, "waiting")
	p.Goto("/waiting").See("Nobody waits")
}

func isSupervised(p advocate, file string) {
	p.Goto("/cases").Click("Supervision")
	p.See("Sam Rill", "Nobody supervises them yet")
	advocacyKeeps(p, "supervision")
	p.Click("Sam Rill (fictional)")
	p.Click("Say how often you meet")
	p.Fill("How many weeks lie between two meetings?", "4")
	fillDay(p, "By when do you meet next?", inDays(1))
	advocacyKeeps(p, "arrange")
	p.Click("Record")
	p.See("It is recorded how often you meet", "Every 4 weeks")
	p.Click("Record a meeting")
	p.Click("Record the meeting")
	p.See("The meeting is recorded")
	advocacyKeeps(p, "caseload")
	p.Goto(file + "/supervision")
	p.Click("Write down supervision")
	p.Fill("What was said about the case?", "She carries this one home with her.")
	p.Fill("What is to be done?", "Ask the police for a marker.")
	fillDay(p, "By when?", inDays(2))
	advocacyKeeps(p, "discuss")
	p.Click("Record")
	p.See("what was agreed is a task", "Ask the police for a marker.")
	p.Click("Read the supervision notes: the reading is recorded")
	p.See("She carries this one home with her.")
	advocacyKeeps(p, "notes")
	p.Goto(file + "/supervision")
	p.Click("Sign off")
	p.Choose("The work as a whole")
	p.Choose("Agreed")
	p.Fill("What did you look at, and why do you agree or not?", "Read with Sam.")
	advocacyKeeps(p, "sign")
	p.Click("Put your name under it")
	p.See("Your name is under it", "Ira Moss (fictional)")
}

func doesWhatWasAgreed(p advocate, file string) {
	p.Goto("/inbox").See("Do what was agreed in supervision")
	p.Goto(file+"/supervision").See("Ask the police for a marker.", "Ira Moss (fictional)", "has a permission of its own")
	p.DontSee("She carries this one home with her.")
	advocacyKeeps(p, "supervised")
	p.Click("Ask the police for a marker.")
	p.Choose("Done")
	p.Fill("What came of it?", "The address is marked.")
	p.Click("Record")
	p.See("What came of it is recorded", "Done. The address is marked.")
	p.Goto(file).DontSee("She carries this one home with her.")
}
