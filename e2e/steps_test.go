package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

func keepsSteps(p *harness.Page, name string) {
	checks := []harness.Check{harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet}
	if p.Count(".js-enabled") == 0 { // the same pages; with scripts the bar that stays lies over what axe measures
		checks = append(checks, harness.Axe)
	}
	p.Keeps(checks...)
	pictured(p, "steps/"+name)
}

// aCaseToReferFrom signs the midwife of the demo in and opens a referral from one of her cases.
func aCaseToReferFrom(t *testing.T, reader harness.Options) (*harness.Page, string) {
	t.Helper()
	reader.Base = harness.Demo(t).Serve("--demo").URL
	m := comesIn(t, harness.Open(t, reader), "Midwife")
	file := m.link(aCase, "/cases?show=all")
	m.page.Goto(file).Click("Send a referral")
	m.page.See("Send a referral, step 1 of 6")
	return m.page, file
}

func hasValue(t *testing.T, p *harness.Page, label, want string) {
	t.Helper()
	if got := p.Value(label); got != want {
		t.Errorf("%s is %q, want %q", label, got, want)
	}
}

// A referral is sent step by step with nothing but a keyboard, on a small screen: each step says how far
// it has come, begins at its heading, holds what is wrong on it, and goes back without a loss. B6.20, B6.22.
func TestAReferralIsSentStepByStepWithKeysAlone(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {Keys: true, Width: 320, Height: 640},
		"without JavaScript": {Keys: true, Width: 320, Height: 640, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := aCaseToReferFrom(t, reader)
			arrives := func(step, heading string) {
				t.Helper()
				p.In("main h1").See(heading)
				if want := "Send a referral, " + step + ": " + heading; !strings.HasPrefix(p.Title(), want) {
					t.Errorf("the title is %q, want %q", p.Title(), want)
				}
				if !reader.NoScript && step != "step 1 of 6" && !harness.Evaluate[bool](p, `document.activeElement === document.querySelector("main h1")`) {
					t.Errorf("%s does not begin at its heading", step)
				}
			}
			arrives("step 1 of 6", "To whom does it go?")
			keepsSteps(p, "to")
			p.Click("Continue")
			p.See("There is a problem", "Select what the support is for", "Select the team it goes to")
			if !strings.HasPrefix(p.Title(), "Error: ") {
				t.Errorf("the title is %q", p.Title())
			}
			p.DontSee("Enter who is protected by this")
			keepsSteps(p, "to-errors")
			p.Choose("Support because of abuse they experience or have experienced")
			p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
			p.Click("Continue")

			arrives("step 2 of 6", "Why is it shared, and whom does it protect?")
			keepsSteps(p, "why")
			p.Fill("Why do you refer them?", "She asks for help with money.")
			p.Fill("Who is protected by this?", "Her and her child")
			p.Fill("What are they protected from?", "Further violence at home")
			p.Click("Continue")

			arrives("step 3 of 6", "What are they told?")
			keepsSteps(p, "told")
			p.Fill("Immediate safety", "Safe tonight, at her sister's.")
			p.Click("Back")
			arrives("step 2 of 6", "Why is it shared, and whom does it protect?")
			hasValue(t, p, "Why do you refer them?", "She asks for help with money.")
			p.Click("Continue")
			hasValue(t, p, "Immediate safety", "Safe tonight, at her sister's.")
			p.Fill("How can they be reached safely?", "She comes to the clinic.")
			p.Fill("What did they tell you? Use their own words where you have them", "He keeps the card.")
			p.Fill("Children", "")
			p.Click("Continue")

			arrives("step 4 of 6", "What does the person say about it?")
			keepsSteps(p, "views")
			p.Group("When you asked them about sharing this, what did they say?").Choose("They agree")
			p.Fill("Who was there when they said it?", "Nobody else")
			p.Click("Continue")
			p.See("There is a problem", "Select whether they know what is shared and with whom")
			keepsSteps(p, "views-errors")
			p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
			p.Click("Continue")

			arrives("step 5 of 6", "May it be shared?")
			keepsSteps(p, "basis")
			p.Group("Lawful basis").Choose("Public task")
			p.Fill("Why is it needed, and why this much?", "They need this to help her, and no more.")
			p.Click("Check before you send")

			arrives("step 6 of 6", "Check before you send")
			p.See("This is exactly what goes", "Adult social care", "She asks for help with money.", "Safe tonight, at her sister's.", "Her and her child", "Nobody else", "Public task")
			keepsSteps(p, "check")
			p.Click("Change what they are told")
			arrives("step 3 of 6", "What are they told?")
			p.Fill("Immediate safety", "Safe until Friday.")
			p.Click("Go back to the check")
			arrives("step 6 of 6", "Check before you send")
			p.See("Safe until Friday.")
			p.DontSee("at her sister's")
			p.Click("Send the referral")
			p.See("The referral is sent")
		})
	}
}

// The browser's own Back comes to the step before, with all that was typed; Forward to the step after. The
// address and what the browser keeps of it say nothing of the person.
func TestTheBrowsersBackFindsWhatWasTyped(t *testing.T) {
	p, file := aCaseToReferFrom(t, harness.Options{})
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
	p.Click("Continue")
	p.Fill("Why do you refer them?", "She asks for help with money.")
	p.Fill("Who is protected by this?", "Her and her child")
	p.Fill("What are they protected from?", "Further violence at home")
	p.Press("Enter") // in a line, it goes on
	p.Await("What are they told?")
	p.Fill("What did they tell you? Use their own words where you have them", "He keeps the card.")

	// The page comes back out of the browser's memory: the server is asked for the step, and nothing is lost.
	harness.Evaluate[bool](p, `window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`)
	p.Await("What are they told?")
	until(p, `!document.querySelector("main[inert]") && !document.body.hidden`)
	hasValue(t, p, "What did they tell you? Use their own words where you have them", "He keeps the card.")

	p.BackWithin("Why do you refer them?")
	hasValue(t, p, "Why do you refer them?", "She asks for help with money.")
	p.BackWithin("Which service?")
	if got := p.Value("Which service?"); got == "" {
		t.Error("the service is lost")
	}
	p.ForwardWithin("Why do you refer them?")
	p.Fill("Why do you refer them?", "She asks for help with money and a bank.")
	p.ForwardWithin("What are they told?")
	hasValue(t, p, "What did they tell you? Use their own words where you have them", "He keeps the card.")
	p.Click("Continue")
	p.DontSee("Why were they not asked?") // what a script shows with its answer
	p.Choose("They were not asked")
	p.See("Why were they not asked?")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They agree")
	p.Fill("Who was there when they said it?", "Nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "They need this to help her, and no more.")
	p.Click("Check before you send")
	p.See("This is exactly what goes", "money and a bank")

	p.BackWithin("Lawful basis")
	hasValue(t, p, "Why is it needed, and why this much?", "They need this to help her, and no more.")
	p.Fill("Why is it needed, and why this much?", "They need this, and nothing else.")
	p.ForwardWithin("This is exactly what goes")
	p.See("They need this, and nothing else.")
	if state := harness.Evaluate[string](p, `JSON.stringify(history.state)`); state != `{"step":"check"}` {
		t.Errorf("the browser keeps %s", state)
	}
	if path(p) != file+"/referrals/new" || strings.Contains(p.URL(), "?") {
		t.Errorf("the address is %s", p.URL())
	}
	p.Keeps(harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	p.Click("Send the referral")
	p.See("The referral is sent")
}

// What was held back when it was to be sent comes back as a page of its own; the browser's Back finds the
// step before with what was typed.
func TestBackAfterSomethingCouldNotBeSent(t *testing.T) {
	p, _ := aCaseToReferFrom(t, harness.Options{})
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
	p.Click("Continue")
	p.Fill("Why do you refer them?", "She asks for help with money.")
	p.Fill("Who is protected by this?", "Her and her child")
	p.Fill("What are they protected from?", "Further violence at home")
	p.Click("Continue")
	p.Fill("Children", "One, at school.")
	p.Click("Continue")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They do not agree")
	p.Fill("Who was there when they said it?", "Nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	p.Choose("Serious risk to them or to somebody else")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "They need this to help her, and no more.")
	p.Click("Check before you send")
	p.Click("Send the referral")
	p.See("Enter why it leaves all the same")
	p.BackWithin("Lawful basis")
	hasValue(t, p, "Why is it needed, and why this much?", "They need this to help her, and no more.")
	p.ForwardWithin("What the agreement holds back")
	p.Fill("Why does it leave all the same?", "The child goes home with him at three.")
	p.Click("Send the referral")
	p.See("The referral is sent")
}

// Who has no time reaches the short way from any step, with what was typed so far: one page, and the check
// of what goes. B6.13.
func TestThereIsAlwaysAShortWay(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p, file := aCaseToReferFrom(t, reader)
			p.Choose("Support because of abuse they experience or have experienced")
			p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
			p.Click("Continue")
			p.Fill("Why do you refer them?", "He is on his way to her.")
			p.Click("Act now, justify after")
			p.In("main h1").See("Act now, justify after")
			hasValue(t, p, "Why do you refer them?", "He is on his way to her.")
			p.See("Which service?", "What did they tell you?")
			p.DontSee("Lawful basis", "what did they say?")
			keepsSteps(p, "now")
			p.Click("Check before you send")
			p.See("Enter who is protected by this", "Enter what they are protected from")
			p.Fill("Who is protected by this?", "Her and her child")
			p.Fill("What are they protected from?", "Him")
			p.Click("Check before you send")
			p.See("This is exactly what goes", "He is on his way to her.")
			keepsSteps(p, "now-check")
			p.Click("Send the referral")
			p.See("The referral is sent")
			p.Goto(file).See("Review what was done at once")
		})
	}
}

// What was typed in the steps before is given back too when the session ends in the middle.
func TestStepsAreKeptWhenTheSessionEnds(t *testing.T) {
	s := setUp(t, harness.SQLite)
	p := s.arrives(t, "may.nurse", harness.Options{})
	file := asks(t, p)
	p.Goto(file).Click("Send a referral")
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service?", advocates+": Advocacy team")
	p.Click("Continue")
	p.Fill("Why do you refer them?", "She asks for somebody to plan with.")
	p.Fill("Who is protected by this?", "Lin")
	p.Fill("What are they protected from?", "Further violence")
	p.Click("Continue")
	p.Click("Hide screen")
	p.See("Screen hidden")
	p.Goto("/account/drafts")
	p.Fill("Password", password)
	p.In("main").Click("Go on")
	p.Goto("/account/drafts").Click("Fill the form in with it")
	p.See("This form is filled in with what you had typed", "step 1 of 6")
	p.Click("Continue")
	hasValue(t, p, "Why do you refer them?", "She asks for somebody to plan with.")
	p.Click("Continue")
	p.Click("Continue")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They agree")
	p.Fill("Who was there when they said it?", "Nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "They need this, and no more.")
	p.Click("Check before you send")
	p.Click("Send the referral")
	p.See("The referral is sent")
	p.Goto("/account/drafts").See("Nothing is kept")
}
