package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// The day of the busy advocate of the demo: what is overdue, a judgement that
// raises the risk and a safety plan that is looked at because of it, a call that
// is not made, a waiting room that two would share, and an ending that says what
// changed.
func TestADayInTheDemo(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	p := advocate{comesIn(t, harness.Open(t, harness.Options{Base: s.URL}), "IDVA").page, false}

	p.Goto("/caseload").See("Held by you, by risk", "Something overdue")
	if n := p.Count("main tbody tr"); n < 20 {
		t.Errorf("the caseload shows %d cases", n)
	}
	p.Goto("/risk/reviews").See("overdue")
	file := planned(p, s.URL)
	if file == "" {
		t.Fatal("no case whose review is due has a safety plan")
	}
	raisesTheRisk(p, file)
	p.Goto(file + "/plan")
	p.See("What asks for another look")

	movesHer(at(p, "/calendar"))

	p.Goto("/cases/new")
	p.Fill("First name", "Fictional")
	p.Fill("Last name", "Newcomer")
	p.Click("Open the case")
	newcomer := path(p.Page)
	wasReferred(p, newcomer)
	refusesAnUnsafeCall(p, newcomer)
	callsOnceCautiously(p, newcomer)
	p.Goto(newcomer + "/support/end")
	p.Choose("As planned with the person")
	p.In("fieldset:has(#safe)").Choose("Better")
	p.In("fieldset:has(#wellbeing)").Choose("The same")
	p.Fill("How can they come back, should they want to?", "Rings the centre.")
	p.Click("End the work and close the case")
	p.See("Case closed", "The way back: Rings the centre.")
}

func at(p advocate, address string) advocate {
	p.Goto(address)
	return p
}

// planned is the first case of the page that has a safety plan.
func planned(p advocate, origin string) string {
	for _, href := range p.Links() {
		to := strings.TrimPrefix(href, origin)
		if strings.HasPrefix(to, "/cases/") && anyID.MatchString(to) && strings.Count(to, "/") == 2 {
			p.Goto(to)
			if !harness.Evaluate[bool](p.Page, `document.body.textContent.includes("There is no safety plan on this case.")`) {
				return to
			}
		}
	}
	return ""
}

// firstCase is the first case that the page leads to.
func firstCase(p *harness.Page, origin string) string {
	for _, href := range p.Links() {
		to := strings.TrimPrefix(href, origin)
		if strings.HasPrefix(to, "/cases/") && anyID.MatchString(to) && strings.Count(to, "/") == 2 {
			return to
		}
	}
	return ""
}

func raisesTheRisk(p advocate, file string) {
	p.Goto(file + "/risk/new")
	p.Choose("Risk identification")
	p.Click("Continue")
	p.Group("Level of fear").Choose("Yes")
	p.Click("Continue")
	p.Choose("In my judgement the risk is high")
	p.Fill("Your concern and your reasons, in words", "He has found out where she works.")
	p.Click("Continue")
	p.See("Check before it is recorded")
	p.Click("Record")
	p.See("The risk identification is recorded", "Raised by professional judgement")
}
