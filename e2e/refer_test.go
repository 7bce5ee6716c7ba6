package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// A practice refers on one page, on a narrow screen, with scripts and without: what
// is missing comes back beside its field, and the service reads it once. Rules S3,
// S7, S29.
//
// Proves: B9.2
func TestReferringOnOnePage(t *testing.T) {
	for name, noScript := range map[string]bool{"with scripts": false, "without scripts": true} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			referOnOnePage(t, s.URL, noScript)
			if strings.Contains(s.Output(), "Theodora") {
				t.Error("what was typed is in the log")
			}
		})
	}
}

func referOnOnePage(t *testing.T, url string, noScript bool) {
	t.Helper()
	p := harness.Open(t, harness.Options{Base: url, NoScript: noScript, Width: 320})
	p.Goto("/demo").Click("Sign in as GP")
	p.Goto("/refer")
	p.See("Refer on one page", "Hide from online access")
	p.Keeps(harness.Everything...)
	p.Screenshot("refer/form")
	p.Fill("Given name", "Theodora")
	p.Fill("What did they tell you?", "He counts my steps")
	p.In("main").Click("Send the referral")
	p.See("There is a problem", "Enter whether they are safe now")
	p.Keeps(harness.Everything...)
	p.Screenshot("refer/problems")
	if p.Value("Given name") != "Theodora" || p.Value("What did they tell you?") != "He counts my steps" {
		t.Error("what was typed is lost")
	}
	p.Fill("Are they safe now, and until when?", "Safe until he is home at six")
	p.Fill("A telephone number that is safe", "07700 900988")
	p.Fill("When and how is it safe?", "Mondays before noon")
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service?", "Lighthouse Advocacy (fictional): Advocates (IDVA)")
	p.Fill("Why do you refer them?", "She asked for an advocate")
	p.Fill("Who is protected by this?", "The person")
	p.Fill("What are they protected from?", "Being watched and threatened")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They agree")
	p.Fill("Who was there when they said it?", "nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "The least that they need")
	p.In("main").Click("Send the referral")
	p.See("Theodora", "Sent, not acknowledged yet")
	p.Keeps(harness.Reflow)
	p.Screenshot("refer/sent")
	p.Back() // the page that was sent; going back sends nothing

	idva := harness.Open(t, harness.Options{Base: url, NoScript: noScript, Width: 320})
	idva.Goto("/demo").Click("Sign in as IDVA")
	idva.Goto("/referrals")
	idva.DontSee("Theodora")
	read := 0
	for _, link := range idva.Links() {
		if !strings.Contains(link, "/referrals/") {
			continue
		}
		idva.Goto(link)
		if strings.Contains(idva.Text(), "Theodora") {
			idva.See("He counts my steps", "Mondays before noon", "treat every way as unsafe")
			idva.Keeps(harness.Everything...)
			idva.Screenshot("refer/received")
			read++
		}
	}
	if read != 1 {
		t.Errorf("it arrived %d times", read)
	}
}
