package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

func keepsSharing(p *harness.Page, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "sharing/"+name)
}

// Two agencies in the demo: what is urgent and nobody acknowledges goes up there and
// stands on its sender's first page, advice is asked and given, something was
// withdrawn, something sent at once is justified after, and each is seen where it
// should be. B6.12, B6.13, B6.20, B6.28, B6.31.
func TestSharingIsAskedAboutFollowedAndAnswered(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := harness.Demo(t).Serve("--demo")
			reader.Base = s.URL
			p := harness.Open(t, reader)
			as := func(role string) {
				p.Goto("/demo").Click("Sign in as " + role)
				p.See("Your work")
			}

			as("Midwife")
			p.See("Urgent, and nobody has acknowledged it", "Outreach", "Escalated to the key contact there")
			keepsSharing(p, "home")
			p.Row("Escalated to the key contact there").Click("Referral")
			p.See("Where the clock stands", "Nobody has opened it", "He collects her at the door")
			keepsSharing(p, "story")
			urgent := p.Path()
			p.Click("Correct what was sent")
			keepsSharing(p, "correct")
			p.Fill("What was wrong?", "She goes home at ten.")
			p.Click("Check before you send")
			p.See("This is exactly what goes", "She goes home at ten.", "Outreach")
			keepsSharing(p, "correct-check")
			p.Click("Send the correction")
			p.See("The correction is sent", "Puts right")
			p.Goto(urgent).See("Put right by")

			as("Supervisor of advocates")
			p.Click("Not acknowledged")
			p.See("Urgent: Referral", "The key contacts and managers of your agency are asked")
			p.DontSee("He collects her at the door", "Tranmere")
			keepsSharing(p, "unanswered")

			as("Information-sharing key contact")
			p.Click("Advice asked for")
			keepsSharing(p, "wanted")
			p.Goto("/sharing/advice").Row("Exmoorland Schools").Click("Case")
			p.See("Her son's school asks us")
			p.Click("Record the advice")
			p.See("Select what you advise", "Enter why, for whoever asked")
			keepsSharing(p, "advice-errors")
			p.Choose("Share it")
			p.Fill("Why?", "Tell the school that he is safe, and tell her that you did.")
			p.Click("Record the advice")
			p.See("Your advice is recorded by your name", "Nothing waits")
			p.Goto("/sharing/reviews").See("No agreement")
			keepsSharing(p, "reviews")

			as("Midwife")
			p.See("Read what the key contact advises")
			p.Click("Read what the key contact advises")
			p.See("Isolde Fairweather")
			p.Click("Sharing and advice")
			p.See("Withdrawn", "Acknowledged", "Share it", "Tell the school that he is safe", "Correction of what was sent", "Share less of it")
			keepsSharing(p, "case")

			as("IDVA")
			p.Goto("/referrals?box=acknowledged")
			keepsSharing(p, "inbox")
		})
	}
}
