package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// walk is the walk through the demo that docs/demo.md describes.
type walk struct {
	t    *testing.T
	page *harness.Page
	told []string // the numbered steps of the page that are left
	runs []string // its commands that are left
	dir  string   // where they are run
	d    *harness.Deployment
}

var (
	numbered = regexp.MustCompile(`(?m)^\d+\. (.+)$`)
	commands = regexp.MustCompile("(?s)```sh\n(.*?)```")
)

// reads begins a walk in a folder with the program in bin, as after a build.
func reads(t *testing.T) *walk {
	t.Helper()
	text, err := os.ReadFile("../docs/demo.md")
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, dir: t.TempDir(), d: harness.Deploy(t, harness.SQLite)}
	for _, m := range numbered.FindAllStringSubmatch(string(text), -1) {
		w.told = append(w.told, m[1])
	}
	for _, m := range commands.FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(m[1], " serve ") {
			w.runs = append(w.runs, m[1])
		}
	}
	if err := os.Mkdir(filepath.Join(w.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(w.d.Program(), filepath.Join(w.dir, "bin", "waymark")); err != nil {
		t.Fatal(err)
	}
	w.d.Data = filepath.Join(w.dir, "demo-data")
	return w
}

// step does the next step of the page, which must say so in these words.
func (w *walk) step(begins string, do func()) {
	w.t.Helper()
	if len(w.told) == 0 || !strings.HasPrefix(w.told[0], begins) {
		w.t.Fatalf("docs/demo.md does not go on with %q but with %.1q", begins, w.told)
	}
	w.told = w.told[1:]
	do()
}

// commands runs the next commands of the page and returns what they print.
func (w *walk) commands() string {
	w.t.Helper()
	if len(w.runs) == 0 {
		w.t.Fatal("docs/demo.md has no more commands")
	}
	sh := exec.Command("sh", "-e", "-c", w.runs[0])
	sh.Dir, sh.Env = w.dir, w.d.Env
	out, err := sh.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s\n%v\n%s", w.runs[0], err, out)
	}
	w.runs = w.runs[1:]
	return string(out)
}

func (w *walk) as(role string) {
	w.t.Helper()
	w.page.Click("Switch role")
	w.page.Click("Sign in as " + role)
	w.page.See("Your work")
}

const (
	keyContact = "Information-sharing key contact"
	tiedOne    = "Midwife with a conflict of interest"
)

func TestTheDemoShows(t *testing.T) {
	w := reads(t)
	s := w.d.Serve("--demo")
	w.page = harness.Open(t, harness.Options{Base: s.URL})
	p := w.page
	p.Goto("/demo")

	var taken string
	w.step("Choose the card *Midwife with a conflict of interest*.", func() {
		p.Click("Sign in as " + tiedOne)
		p.Click("Emergency access to a case")
		p.See("It ends by itself after some hours")
		p.Click("Continue")
	})
	w.step("Enter 167, which is a case of the emergency department.", func() {
		p.Fill("Number of the case", "167")
		p.Choose("Somebody is in danger now")
		p.Fill("What is happening?", "A neighbour called the ward.")
		p.Click("Open the case")
		taken = p.Path()
		p.See("You have emergency access to this case", "167")
		pictured(p, "demo/emergency")
	})
	w.step("Switch to *Information-sharing key contact* and open *Access to review*.", func() {
		w.as(keyContact)
		p.Click("Access to review")
		pictured(p, "demo/reviews")
		p.Row("Case 167").Click("Emergency access to review")
		p.See("A neighbour called the ward.", "167")
		p.DontSee("Greenidge")
	})
	w.step("Choose *Not justified*", func() {
		p.Choose("Not justified")
		p.Fill("What you looked at, and why you decide so", "Nobody had called.")
		p.Click("Record the review")
		p.DontSee("Case 167")
	})
	w.step("Switch back to *Midwife with a conflict of interest*.", func() {
		w.as(tiedOne)
		p.Goto(taken)
		absent(t, p)
	})

	w.step("Switch to *Service manager*, open *Caseload* and *All you may see*.", func() {
		w.as("Service manager")
		p.Click("Caseload")
		p.Click("All you may see")
		p.See("Case 154: restricted, ask Otto Reed")
		p.DontSee("Corinne", "Abbey")
		pictured(p, "demo/restricted")
	})
	w.step("Follow *lift the restriction of case 154*.", func() {
		p.Click("lift the restriction of case 154")
		p.See("The key contact is told")
	})

	var tied string
	w.step("Switch to *Midwife* and open *Caseload*, *All you may see*", func() {
		w.as("Midwife")
		p.Click("Caseload")
		p.Click("All you may see")
		p.See("Gemma Tolliver")
		p.Click("Case 160")
		tied = p.Path()
	})
	w.step("Switch to *Midwife with a conflict of interest*, who is in the same team", func() {
		w.as(tiedOne)
		p.Click("Caseload")
		p.Click("All you may see")
		p.DontSee("Tolliver", "Case 160")
		p.Goto(tied)
		absent(t, p)
		pictured(p, "demo/not-there")
	})
	w.step("Switch to *Information-sharing key contact* and open *Access*", func() {
		p.Goto("/demo").Click("Sign in as " + keyContact)
		p.Click("Access")
		p.See("Conflict of interest", "Case 160")
	})

	w.step("Switch to *Supervisor of advocates*, open *Caseload* and *Supervision*.", func() {
		w.as("Supervisor of advocates")
		p.Click("Caseload")
		p.Click("Supervision")
		p.See("Rosa Penn", "overdue")
		pictured(p, "demo/supervision")
		p.Click("Lena Holt (fictional)")
		p.See("High risk", "Supervised by")
		pictured(p, "demo/supervised")
	})

	w.step("Switch to *Information-sharing key contact*, open *Oversight*, enter 148", func() {
		w.as(keyContact)
		p.Click("Oversight")
		p.Fill("Number of the case", "148")
		p.Click("Find")
		p.See("Who did what", "Entry")
		pictured(p, "demo/trail")
	})
	w.step("Go back to *Oversight* and open *Unusual reading*", func() {
		p.In("nav").Click("Oversight")
		p.Click("Unusual reading")
		p.See("Cases opened without being involved")
	})

	if said := w.commands(); !strings.Contains(said, "Entry 4000 is in the ledger") || !strings.Contains(said, "The ledger is whole") {
		t.Errorf("the proof and the ledger: %s", said)
	}
	if said := w.commands(); !strings.Contains(said, "not whole") {
		t.Errorf("a forged proof: %s", said)
	}
	w.step("Switch to *IDVA* and open *Calendar*.", func() {
		w.as("IDVA")
		p.Click("Calendar")
		p.See("Cora Appleyard", "To be moved")
	})
	w.step("Open it, press *Move it*, enter 17 June 2026 and 11:00", func() {
		p.Row("Cora Appleyard").Click("Case")
		p.Click("Move it")
		fillDay(advocate{Page: p}, "On which day?", wednesday)
		p.Fill("At what time?", "11:00")
		p.Click("Move it")
		p.See("This slot is not safe for them")
		p.DontSee("Craig", "Dunmore")
		p.Fill("At what time?", "12:30")
		p.Click("Move it")
		p.See("The appointment is moved", "17 June 2026, 12:30")
	})

	w.asksForHelp(s.URL)
	w.shares()

	w.step("Switch to *IDVA* and open *Consider a referral to MARAC, case 97*.", func() {
		w.as("IDVA")
		p.Click("Consider a referral to MARAC, case 97")
		p.See("What the pathways call for")
		p.Click("All steps")
		p.See("Refer to MARAC", "Called for by", "By 20 June 2026")
	})
	w.step("At *Refer to MARAC*, follow *Say where it stands*.", func() {
		p.Click("Say where it stands: Refer to MARAC")
		p.Choose("Declined")
		p.Fill("What was done, or why it is not taken", "")
		p.Click("Record")
		p.See("Write why this step is not taken")
		p.Fill("What was done, or why it is not taken", "She asks us to wait until Friday.")
		p.Click("Record")
		p.See("What you said of the step is recorded", "She asks us to wait until Friday.")
	})

	if said := w.commands(); !strings.Contains(said, "Restored from") || !strings.Contains(said, "The ledger is whole") {
		t.Errorf("the backup: %s", said)
	}
	restored := *w.d
	restored.Data = filepath.Join(w.dir, "restored")
	second := harness.Open(t, harness.Options{Base: restored.Serve("--demo").URL})
	w.step("On the second address, choose *Information-sharing key contact*", func() {
		second.Goto("/demo").Click("Sign in as " + keyContact)
		second.In("nav").Click("Oversight")
		second.Click("Emergency accesses")
		second.Click("Reviewed")
		second.See("167", "Not justified")
		pictured(second, "demo/restored")
	})
	if len(w.told) > 0 || len(w.runs) > 0 {
		t.Errorf("docs/demo.md says more than is done here: %q %q", w.told, w.runs)
	}
}

// asksForHelp are the steps of somebody who asks for help without signing in.
func (w *walk) asksForHelp(address string) {
	w.t.Helper()
	outside := harness.Open(w.t, harness.Options{Base: address})
	w.step("Open the address for the public in a private window.", func() {
		outside.Goto("/").In("main").Click("go to “Get in touch”")
		outside.Click("Begin")
		outside.See("Shift key three times")
		outside.Click("Go on to the first question")
	})
	reference := ""
	w.step("Answer that your device is safe and that it is for yourself", func() {
		outside.Group("Is what you are using now safe from the other person?").Choose("Yes")
		outside.Choose("For myself")
		outside.In("main").Click("Go on")
		outside.Choose("Yes, in the way that I describe")
		outside.Choose("A telephone call")
		outside.Fill("When is it safe?", "Mondays before noon")
		outside.Group("May they say which service it is?").Choose("No")
		outside.Group("If nobody answers a call, may they leave a message?").Choose("No")
		outside.In("main").Click("Go on")
		outside.Group("Are you, or somebody with you, in danger now?").Choose("No")
		outside.Fill("What may we call you?", "Philippa")
		outside.Fill("Your safe telephone number", "07700 900987")
		outside.Click("Check what you send")
		outside.In("main").Click("Send")
		outside.See("Your reference")
		reference = regexp.MustCompile(`[A-Z0-9]{4}-[A-Z0-9]{4}`).FindString(outside.Text())
		if reference == "" || strings.ContainsAny(strings.TrimPrefix(outside.URL(), address), "?#") {
			w.t.Errorf("the reference is %q, the address %s", reference, outside.URL())
		}
	})
	p := w.page
	w.step("Switch to *IDVA* and open *Asked for help*.", func() {
		w.as("IDVA")
		p.Click("Asked for help")
		p.DontSee("Philippa")
		p.Click(reference)
		p.See("Philippa", "Mondays before noon")
		p.Click("I have this and see to it")
		p.In("main").Click("Accept")
		p.Click("Accept and open the case")
		p.See("Philippa", "What was asked on the public pages", "do not contact")
	})
}

// shares are the steps of a referral, of its clock and of advice.
func (w *walk) shares() {
	w.t.Helper()
	p := w.page
	w.step("Switch to *Midwife*, open *Caseload*, *All you may see* and *Case 172*", func() {
		w.as("Midwife")
		p.Click("Caseload")
		p.Click("All you may see")
		p.Click("Case 172")
		p.Click("Send a referral")
		p.See("step 1 of 6")
		p.Choose("Support because of abuse they experience or have experienced")
		p.Select("Which service?", "Exmoorland Council (fictional): Adult social care")
		p.Click("Continue")
		p.Fill("Why do you refer them?", "She asks for help with money.")
		p.Click("Act now, justify after")
		hasValue(w.t, p, "Why do you refer them?", "She asks for help with money.")
		p.DontSee("Lawful basis")
		p.Click("There is time: go step by step")
		p.See("step 1 of 6")
	})
	w.step("Go on to the fourth page.", func() {
		p.Click("Continue")
		p.Fill("Who is protected by this?", "Her and her child")
		p.Fill("What are they protected from?", "Further violence at home")
		p.Click("Continue")
		p.Fill("Children", "One, at school.")
		p.Click("Continue")
		p.See("step 4 of 6")
		p.Group("When you asked them about sharing this, what did they say?").Choose("They do not agree")
		p.Fill("Who was there when they said it?", "Nobody else")
		p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
		p.Click("Continue")
		p.Choose("A child is at risk")
		p.Group("Lawful basis").Choose("Public task")
		p.Fill("Why is it needed, and why this much?", "They need this to keep the child safe, and no more.")
		p.Click("Check before you send")
		p.See("This is exactly what goes", "May be shared")
		pictured(p, "demo/share-check")
		p.Click("Send the referral")
		p.See("The referral is sent")
	})
	w.step("On *Your work*, under *Urgent, and nobody has acknowledged it*", func() {
		p.Click("Your work")
		p.See("Urgent, and nobody has acknowledged it")
		p.Row("Escalated to the key contact there").Click("Referral")
		p.See("Where the clock stands", "Nobody has opened it")
	})
	w.step("Switch to *Information-sharing key contact* and open *Advice asked for*.", func() {
		w.as(keyContact)
		p.Click("Advice asked for")
		p.Row("Exmoorland Schools").Click("Case")
		p.See("Her son's school asks us")
		p.Choose("Share it")
		p.Fill("Why?", "Tell the school that he is safe, and tell her that you did.")
		p.Click("Record the advice")
		p.See("Your advice is recorded by your name")
	})
	w.step("Switch back to *Midwife* and follow *Read what the key contact advises*", func() {
		w.as("Midwife")
		p.Click("Read what the key contact advises")
		p.Click("Sharing and advice")
		p.See("Tell the school that he is safe", "Withdrawn", "Acknowledged", "Share it")
	})
}

// absent is the page for what is not there.
func absent(t *testing.T, p *harness.Page) {
	t.Helper()
	if p.Status() != 404 {
		t.Errorf("%s answers %d", p.Path(), p.Status())
	}
}
