package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// Somebody asks for help on the public pages, with scripts and without, and an
// advocate takes it on. Rules S3, S5, S7, S12, S13, S29.
//
// Proves: B6.2, B9.2
func TestAskingForHelp(t *testing.T) {
	for name, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			askForHelp(t, s.URL, noScript)
			if strings.Contains(s.Output(), "Wilhelmina") {
				t.Error("what was typed is in the log")
			}
		})
	}
}

func askForHelp(t *testing.T, url string, noScript bool) {
	t.Helper()
	p := harness.Open(t, harness.Options{Base: url, NoScript: noScript, Width: 320})
	see := func(shot string) {
		t.Helper()
		p.Keeps(append([]harness.Check{harness.NoCookies}, harness.Everything...)...)
		p.Screenshot("asked/" + shot)
		if n := p.Count(".govuk-exit-this-page"); n != 1 {
			t.Errorf("%s: %d Exit controls", shot, n)
		}
	}
	p.Goto("/").In("main").Click("go to “Get in touch”")
	p.See("call 999", "Lighthouse advocates")
	see("start")
	p.Click("Begin")
	p.See("Shift key three times")
	p.Click("Go on to the first question")
	see("safe")
	p.Group("Is what you are using now safe from the other person?").Choose("Yes")
	p.Choose("For myself")
	p.In("main").Click("Go on")
	p.Choose("Yes, in the way that I describe")
	p.Choose("A telephone call")
	p.Fill("When is it safe?", "Mondays before noon")
	p.Group("May they say which service it is?").Choose("No")
	p.Group("If nobody answers a call, may they leave a message?").Choose("No")
	p.Fill("What must never be done?", "Never come to the house")
	see("contact")
	p.In("main").Click("Go on")
	p.Group("Are you, or somebody with you, in danger now?").Choose("No")
	p.Fill("What may we call you?", "Wilhelmina")
	p.Fill("Your safe telephone number", "07700 900987")
	p.Fill("What do you want them to know?", "He counts my steps")
	see("about")
	p.Click("Check what you send")
	p.See("He counts my steps", "and to nobody else")
	see("check")
	p.In("main").Click("Send")
	p.See("Your reference", "by the next working day")
	see("sent")
	if strings.ContainsAny(strings.TrimPrefix(p.URL(), url), "?#") {
		t.Errorf("something is left in %s", p.URL())
	}
	p.Back() // the page before: nothing typed is in its address, and it is not sent again

	idva := harness.Open(t, harness.Options{Base: url, NoScript: noScript})
	idva.Goto("/demo").Click("Sign in as IDVA")
	idva.Goto("/asks").See("The person themselves")
	idva.DontSee("Wilhelmina")
	idva.Screenshot("asked/inbox")
	for _, link := range idva.Links() {
		if !strings.Contains(link, "/asks/") {
			continue
		}
		idva.Goto(link)
		if strings.Contains(idva.Text(), "Wilhelmina") {
			break
		}
	}
	idva.See("Wilhelmina", "He counts my steps", "treat every way as unsafe")
	idva.Keeps(harness.Everything...)
	idva.Click("I have this and see to it")
	idva.See("Taken by Lena Holt")
	idva.In("main").Click("Accept")
	idva.Keeps(harness.Everything...)
	idva.Click("Accept and open the case")
	idva.See("Wilhelmina", "What was asked on the public pages", "Never come to the house", "Make first contact safely")
	idva.Screenshot("asked/case")
}
