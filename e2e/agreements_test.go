package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

// Two agencies agree on what they tell each other: a draft, what contradicts in it
// and is mended, a signature of each, and then the explorer permits, and says by
// which clause. B6.15, B6.16, B6.17.
func TestTwoAgenciesAgreeOnWhatTheyShare(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			for _, who := range [][]string{
				{"gil.contact", "Gil Fenner (fictional)", "--agency", "fernhill", "--role", "key_contact", "--level", "2"},
				{"nan.contact", "Nan Orrin (fictional)", "--agency", "northgate", "--role", "key_contact", "--level", "2"},
			} {
				s.links[who[0]] = welcomeLink.FindString(s.d.Run(append([]string{"user", "add"}, who...)...))
			}
			p := s.arrives(t, "gil.contact", reader)
			p.Goto("/agreements").See("Your agency is in no agreement yet")
			p.Click("Begin an agreement")
			p.Click("Keep the draft")
			p.See("Enter what the agreement is called", "Select at least two agencies")
			keepsAgreements(p, "errors")
			p.Fill("What is it called?", "Antenatal and advocacy")
			p.Fill("What is it for, in plain words?", "So that nobody has to tell it again.")
			p.Group("First day").Fill("Day", "1")
			p.Group("First day").Fill("Month", "1")
			p.Group("First day").Fill("Year", "2026")
			p.Choose(advocates)
			p.Click("Keep the draft")
			p.See("The draft is kept", "There is none yet")

			p.Click("Add a clause")
			p.Fill("In plain words, as the parties sign it", "With their agreement, we tell the advocates what was said.")
			p.Choose("May be shared")
			p.Choose("What they told")
			p.Choose("Name, date of birth and gender")
			p.Choose("The person agrees")
			p.Fill("How many days does the receiver see it?", "90")
			keepsAgreements(p, "clause")
			p.Click("Keep the clause")
			p.See("Clause 1", "Only when: The person agrees", "The receiver sees it for 90 days")
			p.Click("Add a clause")
			p.Fill("In plain words, as the parties sign it", "What was said is never passed on.")
			p.Choose("Must not be shared")
			p.Choose("What they told")
			p.Click("Keep the clause")

			p.Click("Check before the parties sign")
			p.See("There is no day of review", "Your agency has not named its key contact", "Clause 1 (May be shared) and clause 2 (Must not be shared) can both apply")
			keepsAgreements(p, "found")
			p.Click("Title, parties and days")
			p.Group("To be reviewed by").Fill("Day", "1")
			p.Group("To be reviewed by").Fill("Month", "1")
			p.Group("To be reviewed by").Fill("Year", "2099")
			p.Click("Keep the draft")
			p.Click("Take it out clause 2")
			p.DontSee("What was said is never passed on.")
			p.Click("Who advises at your agency")
			p.Select("Who advises at your agency?", "Gil Fenner (fictional)")
			p.Click("Keep")
			p.Click("Check before the parties sign")
			p.See("Nothing was found")
			p.Click("Put it to the parties")
			p.See("The parties can sign it now", "In sign-off")
			p.DontSee("Add a clause")
			p.Click("Sign for your agency")
			keepsAgreements(p, "sign")
			p.Click("Sign")
			p.See("You have signed it for your agency", "Gil Fenner (fictional), ")

			other := s.arrives(t, "nan.contact", reader)
			other.See("To sign")
			other.Goto("/agreements").Click("Antenatal and advocacy, version 1")
			other.See("With their agreement, we tell the advocates what was said.")
			other.Click("Sign for your agency")
			other.Click("Sign")
			other.See("Select a key contact of your agency")
			other.Select("Who advises at your agency?", "Nan Orrin (fictional)")
			other.Click("Sign")
			other.See("In force")

			p.Goto("/agreements").See("In force")
			keepsAgreements(p, "list")
			p.Click("What may be shared?")
			p.Select("Who would receive it?", advocates)
			p.Select("What for?", "To refer somebody for support")
			p.Select("About whom?", "Somebody who experiences abuse, or is at risk of it")
			p.Choose("What they told")
			p.Choose("Health")
			p.Choose("The person agrees")
			p.Click("Ask")
			p.See("What they told May be shared", "Health Ask the key contact first", "No clause in force speaks of this", "Ask Gil Fenner (fictional)", "With their agreement, we tell the advocates what was said.")
			keepsAgreements(p, "answer")
			p.Goto("/agreements").Click("How agreements are used")
			p.See("Nothing was sent", "1 January 2099")
			keepsAgreements(p, "monitor")
		})
	}
}

func keepsAgreements(p *harness.Page, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "agreements/"+name)
}

// What an agreement holds back is shown beside each part before it is sent, leaves
// with a reason, and is looked at by the key contact. B6.17, B6.20.
func TestWhatAnAgreementHoldsBackIsShownAndReviewed(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	m := asStaff(t, s, "Midwife", "")
	file := m.link(aCase, "/cases?show=all")
	p := m.page
	p.Goto(file + "/referrals/new")
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
	p.Click("Continue")
	p.Fill("Why do you refer them?", "She asks for help with money.")
	p.Fill("Who is protected by this?", "Her and her child")
	p.Fill("What are they protected from?", "Further violence at home")
	p.Click("Continue")
	p.Fill("How can they be reached safely?", "She comes to the clinic.")
	p.Fill("What did they tell you? Use their own words where you have them", "He keeps the card.")
	p.Fill("Children", "One, at school.")
	p.Click("Continue")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They do not agree")
	p.Fill("Who was there when they said it?", "Nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	p.Choose("Serious risk to them or to somebody else")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "The service needs this to reach her safely, and no more.")
	p.Click("Check before you send")
	p.See("May be shared clause 3", "No clause in force speaks of all of this", "What the agreement holds back", "Under the agreement they see it for 180 days")
	keepsAgreements(p, "held-back")
	p.Click("Send the referral")
	p.See("Enter why it leaves all the same")
	keepsAgreements(p, "held-back-errors")
	p.Fill("Why does it leave all the same?", "The child goes home with him at three.")
	p.Click("Send the referral")
	p.See("The referral is sent")

	contact := asStaff(t, s, "Information-sharing key contact", "")
	k := contact.page
	k.Click("Agreements")
	keepsAgreements(k, "demo-list")
	k.Click("Working together on domestic abuse in Exmoorland (fictional), version 1")
	k.See("Is married to an officer of the vulnerability unit", "criminal history of somebody who harms")
	keepsAgreements(k, "demo-agreement")
	k.Goto("/sharing/reviews").See("to be asked first")
	keepsAgreements(k, "reviews")
	waiting := contact.links(`/sharing/reviews/[0-9a-f-]{36}$`, "/sharing/reviews")
	k.Goto(waiting[len(waiting)-1])
	k.See("The child goes home with him at three.", "No clause in force spoke of all of this")
	k.Choose("It was right, and the agreement should change")
	k.Fill("Why?", "Children are missing from clause 3.")
	keepsAgreements(k, "review")
	k.Click("Record the review")
	k.See("Your review is recorded")
	p.Goto(file+"/chronology").See("Left against an agreement", "Children are missing from clause 3.")
}
