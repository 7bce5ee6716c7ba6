package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// The day of the busy advocate of the demo: what is overdue, a judgement that
// raises the risk and a safety plan that is looked at because of it, a call that
// is not made, a waiting room that two would share, and an ending that says what
// changed.
func TestADayInTheDemo(t *testing.T) {
	for name, how := range map[string]harness.Options{
		"with JavaScript": {},
		"without JavaScript, by keys, on a small screen": {NoScript: true, Keys: true, Width: 320, Height: 640},
		"from right to left":                             {Dir: "rtl"},
	} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			how.Base = s.URL
			d := livedDay{advocate{comesIn(t, harness.Open(t, how), "IDVA").page, false}, t, how.Dir == "rtl"}
			d.carriesManyCases()
			d.plansAgain(s.URL)
			movesHer(d.at("/calendar"))
			d.helpsANewcomer()
		})
	}
}

// livedDay is the day of one reader.
type livedDay struct {
	advocate
	t      *testing.T
	turned bool // every page stands from right to left, and is held to what everybody needs of it
}

// at opens a page, and holds it to what everybody needs when it is turned round.
func (d livedDay) at(address string) advocate {
	d.Goto(address)
	d.keeps()
	return d.advocate
}

// keeps holds the page that is open, when it is turned round, to what everybody
// needs of it.
func (d livedDay) keeps(more ...harness.Check) {
	d.t.Helper()
	if !d.turned {
		return
	}
	if dir, _ := d.Attribute("html", "dir"); dir != "rtl" {
		d.t.Errorf("%s is not turned round", d.Path())
	}
	d.Keeps(append(more, harness.Axe, harness.Reflow)...)
}

// carriesManyCases looks at the caseload, and at what is overdue in it.
func (d livedDay) carriesManyCases() {
	d.t.Helper()
	d.at("/caseload").See("Held by you, by risk", "Something overdue")
	if n := open(d.Text()); n < 70 {
		d.t.Errorf("the caseload counts %d open cases, fewer than seventy", n)
	}
	if n := d.Count("main tbody tr"); n < 20 {
		d.t.Errorf("the caseload shows %d cases", n)
	}
	d.at("/risk/reviews").See("overdue")
}

var openCases = regexp.MustCompile(`(?i)(\d+)\s*open cases|open cases\s*(\d+)`)

// open is how many open cases a caseload counts.
func open(text string) int {
	m := openCases.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1] + m[2])
	if err != nil {
		return 0
	}
	return n
}

const asksForALook = "What asks for another look"

// plansAgain raises the risk in a case whose safety plan nothing asks to look
// at, until then.
func (d livedDay) plansAgain(origin string) {
	d.t.Helper()
	file := d.settled(origin)
	if file == "" {
		d.t.Fatal("no case whose review is due has a safety plan that waits for no other look")
	}
	d.at(file + "/plan").DontSee(asksForALook)
	raisesTheRisk(d.advocate, file)
	d.at(file + "/plan").See(asksForALook)
}

// settled is the first case of the page with a safety plan that nothing asks to
// look at again.
func (d livedDay) settled(origin string) string {
	for _, href := range d.Links() {
		to := strings.TrimPrefix(href, origin)
		if strings.HasPrefix(to, "/cases/") && anyID.MatchString(to) && strings.Count(to, "/") == 2 {
			text := d.Goto(to + "/plan").Text()
			if !strings.Contains(text, "There is no safety plan on this case.") && !strings.Contains(text, asksForALook) {
				return to
			}
		}
	}
	return ""
}

// helpsANewcomer begins a case, makes no call that is not safe, and ends the
// work with what changed since it began.
func (d livedDay) helpsANewcomer() {
	p := d.advocate
	p.Goto("/cases/new")
	p.Fill("First name", "Fictional")
	p.Fill("Last name", "Newcomer")
	p.Click("Open the case")
	newcomer := path(p.Page)
	wasReferred(p, newcomer)
	d.at(newcomer + "/contacts")
	refusesAnUnsafeCall(p, newcomer)
	callsOnceCautiously(p, newcomer)

	p.Goto(newcomer + "/support/outcomes/new")
	p.Choose("At the start")
	p.In("fieldset:has(#safe)").Choose("Worse")
	p.In(".govuk-form-group:has(> #safe-score)").Fill("A number from 0 to 10, if they give one", "2")
	p.Click("Record")
	p.See("How they say things are is recorded")

	p.Goto(newcomer + "/support/end")
	p.Click("End the work and close the case")
	p.See("There is a problem")
	if n := p.Count(".govuk-error-summary a[href^='#']"); n == 0 || n != p.Count(".govuk-error-message") {
		d.t.Errorf("%d links lead to %d errors", n, p.Count(".govuk-error-message"))
	}
	d.keeps(harness.Keyboard)
	p.Choose("As planned with the person")
	p.In("fieldset:has(#safe)").Choose("Better")
	p.In(".govuk-form-group:has(> #safe-score)").Fill("A number from 0 to 10, if they give one", "7")
	p.In("fieldset:has(#wellbeing)").Choose("The same")
	p.Fill("How can they come back, should they want to?", "Rings the centre.")
	p.Click("End the work and close the case")
	p.See("Case closed", "The way back: Rings the centre.")
	d.at(newcomer+"/support").Row("Feeling safe").See("2 of 10, Worse", "7 of 10, Better", "Up by 5")
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
