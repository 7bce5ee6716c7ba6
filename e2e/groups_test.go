package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

// An advocate offers groups: one that is refused without a word of whom, and one
// that is joined; she writes the register of the group that her team runs, and what
// she writes stands in the chronology. B6.8 and B9.7.
func TestAGroupIsOfferedJoinedAndAttended(t *testing.T) {
	for name, how := range map[string]harness.Options{
		"with JavaScript":                      {},
		"without JavaScript on a small screen": {NoScript: true, Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			how.Base = s.URL
			p := advocate{comesIn(t, harness.Open(t, how), "IDVA").page, how.Width == 0 && !how.NoScript}
			p.Goto("/calendar")
			p.Row("Cora Appleyard").Click("Case")
			p.Click("Back to the case")
			offersGroups(p, path(p.Page))
			writesARegister(p)
		})
	}
}

func groupsKeep(p advocate, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if p.pictures {
		pictured(p.Page, "groups/"+name)
	}
}

func offersGroups(p advocate, file string) {
	p.Goto(file+"/groups/new").See("Evening course", "Thursday group", "No place now", "A local group")
	p.DontSee("Tuesday programme")
	groupsKeep(p, "offer")
	p.Choose("Evening course")
	p.Choose("They would like to join")
	p.Click("Record")
	p.See("This group is not safe for them", "Ask a manager to let this stand")
	p.DontSee("Craig", "Dunmore", "Uma")
	groupsKeep(p, "refused")
	p.Goto(file + "/groups").See("They are thinking about it")
	p.Click("Saturday walk")
	p.Click("Record another answer")
	p.Choose("They would like to join")
	p.Click("Record")
	p.See("They have a place in the group", "Saturday walk")
	groupsKeep(p, "of-a-case")
	p.Click("Saturday walk")
	p.See("Come to the gate", "They leave, or do not wait any more")
	groupsKeep(p, "one")
	p.Click("Record that they leave")
	p.See("Select why they leave")
	p.Choose("Nobody to look after the children")
	p.Click("Record that they leave")
	p.See("It is recorded that they left")
	p.Goto(file+"/chronology").See("Left a group", "Joined a group", "Group not joined: it is not safe")
}

func writesARegister(p advocate) {
	p.Goto("/groups").See("Thursday group", "Saturday walk", "Kite club")
	groupsKeep(p, "groups")
	p.Click("Thursday group")
	p.See("In the group", "Waiting for a place", "Bryony Appleyard")
	groupsKeep(p, "group")
	p.Click("Thu 11 June 2026, 18:00")
	p.See("Record the register")
	groupsKeep(p, "register")
	p.Group("Bryony Appleyard").Choose("Came")
	p.Click("Record the register")
	p.See("The register is recorded")
	p.Goto("/cases?show=all")
	p.Row("Bryony Appleyard").Click("Case")
	p.Goto(path(p.Page)+"/chronology").See("Session of a group", "Thursday group", "Came")
	groupsKeep(p, "chronology")
}
