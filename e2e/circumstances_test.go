package e2e

import (
	"testing"

	"waymark/e2e/harness"
)

// What bears on risk besides is written down in the words of the person and
// stands where risk is judged; a forced marriage brings safeguarding; who does
// what to whom is judged, and a manager says what they think of it. B7.23,
// B9.12, B9.16 and G5.
func TestAnAdvocateWritesDownWhatElseBearsOnRisk(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":    {},
		"without JavaScript": {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, harness.SQLite)
			lead := welcomeLink.FindString(s.d.Run("user", "add", "ira.lead", "Ira Moss (fictional)", "--agency", "northgate", "--role", "manager", "--level", "4"))
			if lead == "" {
				t.Fatal("the manager was given no link")
			}
			s.links["ira.lead"] = lead
			p := advocate{s.arrives(t, "sam.advocate", reader), !reader.NoScript}
			p.Goto("/cases/new")
			p.Fill("First name", "Maya")
			p.Fill("Last name", "Example")
			p.Click("Open the case")
			file := path(p.Page)

			speaksOfIt(p, file)
			isThreatened(p, file)
			bothAreSaidTo(p, file)
			secondOpinion(advocate{s.arrives(t, "ira.lead", reader), !reader.NoScript}, file)
			p.Goto(file + "/circumstances").See("Not agreed. One night is not a pattern.")
		})
	}
}

// aroundKeeps holds a page to what everybody needs of it.
func aroundKeeps(p advocate, name string) {
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if p.pictures {
		pictured(p.Page, "circumstances/"+name)
	}
}

func speaksOfIt(p advocate, file string) {
	p.Click("Circumstances, advice and capacity")
	p.See("Nothing is taken from who somebody is")
	p.Click("Add a circumstance")
	p.Click("Record it")
	p.See("Select what it is about", "Select who raised it")
	aroundKeeps(p, "circumstance-faults")
	p.Select("What is it about?", "Their own drug use")
	p.Fill("What is it, in their own words?", "He gives them to me.")
	p.Fill("How does it bear on the danger, or on the support they can have?", "She owes him for it.")
	p.Choose("The person raised it")
	p.Choose("It bears on risk or support")
	p.Click("Record it")
	p.See("It is recorded", "She owes him for it.")
	p.Click("Their own drug use")
	aroundKeeps(p, "circumstance")
	p.Goto(file + "/circumstances/advice?about=drugs").See("B9.16")
	p.Choose("The person was told where advice is to be had")
	aroundKeeps(p, "advice")
	p.Click("Record it")
	p.See("It is recorded that specialist advice was pointed to", "Sam Rill (fictional)")
	p.Goto(file + "/support/needs/new")
	p.Select("What is it about?", "Drugs")
	p.Fill("What is needed", "To stop without him.")
	p.Choose("Now")
	p.Click("Record the need")
	p.See("There is specialist advice on this")
	p.Goto(file + "/risk/new")
	p.Choose("Risk identification")
	p.Click("Continue")
	p.Goto(path(p.Page)+"/judgement").See("Circumstances that bear on risk", "Their own drug use: She owes him for it.")
	aroundKeeps(p, "beside-risk")
}

func isThreatened(p advocate, file string) {
	p.Goto(file + "/circumstances").Click("Record what is known of a forced marriage")
	p.Choose("Forced: it is threatened, or planned")
	p.Choose("A disability means that they may not be able to agree")
	p.Fill("What is known, in their own words?", "They have chosen the day.")
	p.Fill("Who must not interpret, and not be spoken to?", "Her aunt")
	aroundKeeps(p, "marriage")
	p.Click("Record it")
	p.See("Never go through family or community", "no capacity note is written")
	p.Click("Add a capacity note")
	p.Choose("To marry")
	p.Fill("The decision, in words", "Whether to marry in spring")
	p.Choose("They cannot make this decision")
	p.Click("Record the note")
	p.See("Write who assessed it, and in what role")
	aroundKeeps(p, "capacity-faults")
	fillDay(p, "On which day was it assessed?", inDays(-2))
	p.Fill("Who assessed it?", "Ewa Brandt (fictional)")
	p.Fill("In what role?", "Social worker")
	p.Fill("For what reasons?", "Could not say what a marriage is.")
	p.Group("Were their best interests decided?").Choose("Not known")
	p.Group("Does an advocate speak for them?").Choose("Yes")
	p.Click("Record the note")
	p.See("The capacity note is recorded", "Whether to marry in spring")
	p.Goto("/inbox").See("Refer to safeguarding, or write why not", "Ask how this person can be reached safely")
}

func bothAreSaidTo(p advocate, file string) {
	for _, direction := range []string{"Done to the person of this case", "Done by the person of this case"} {
		p.Goto(file + "/circumstances/reports")
		p.Choose(direction)
		p.Select("What was it?", "Physical")
		p.Fill("What is said to have happened?", "A push at the door.")
		p.Select("Who says so?", "The police")
		p.Group("Were they afraid?").Choose("Yes")
		p.Group("Were they hurt?").Choose("Not known")
		p.Group("Were they less free after it?").Choose("No")
		p.Click("Record it")
	}
	p.See("Each is said to have harmed the other")
	p.Click("Judge who does what to whom")
	p.Click("Record the judgement")
	p.See("Write your reasons")
	aroundKeeps(p, "judgement-faults")
	p.Fill("Who is afraid of whom, and of what?", "He is afraid of what she does at night.")
	p.Fill("Who decides over whose life?", "She keeps his money.")
	p.Choose("The person of this case is the predominant aggressor")
	p.Fill("Your reasons, and what speaks against it", "The pattern of a year.")
	fillDay(p, "On which day is it looked at again?", inDays(20))
	p.Click("Record the judgement")
	p.See("It changes nothing by itself", "Not given yet")
	aroundKeeps(p, "overview")
	p.Goto(file).See("Each is said to have harmed the other")
	aroundKeeps(p, "case")
	p.Goto("/inbox").See("Decide on which side this case is worked")
}

func secondOpinion(p advocate, file string) {
	p.Goto(file + "/circumstances").Click("Give a second opinion")
	p.Choose("No")
	p.Fill("For what reasons?", "One night is not a pattern.")
	aroundKeeps(p, "opinion")
	p.Click("Record your opinion")
	p.See("The second opinion is recorded")
	p.Click("Record a decision on which side the case is worked")
	p.Fill("What was decided, by whom, and what is done now?", "She stays where she is.")
	aroundKeeps(p, "side")
	p.Click("Record the decision")
	p.See("The decision is recorded")
}
