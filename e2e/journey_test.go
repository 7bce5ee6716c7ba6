package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"waymark/e2e/harness"
)

// A partnership of two agencies, set up on the command line. Nobody in it exists.
const (
	hospital  = "Fernhill Hospital (fictional)"
	advocates = "Northgate Advocates (fictional)"
	password  = "quiet lantern meadow"
)

type partnership struct {
	*harness.Server
	d     *harness.Deployment
	links map[string]string   // the one-time links, by user name
	codes map[string][]string // the recovery codes not used yet
}

var welcomeLink = regexp.MustCompile(`/welcome/\S+`)

// invited are the one-time links of the partnership that is made once a run and
// copied.
var invited map[string]string

func setUp(t *testing.T, engine harness.Engine) partnership {
	t.Helper()
	s := partnership{links: map[string]string{}, codes: map[string][]string{}}
	if engine == harness.SQLite {
		s.d = harness.Like(t, "partnership", func(d *harness.Deployment) { invited = founded(t, d) })
		maps.Copy(s.links, invited)
	} else {
		s.d = harness.Deploy(t, engine)
		s.links = founded(t, s.d)
	}
	s.Server = s.d.Serve()
	return s
}

// founded sets the partnership up, and returns the one-time links.
func founded(t *testing.T, d *harness.Deployment) map[string]string {
	t.Helper()
	d.Run("agency", "add", "fernhill", hospital, "--sector", "health")
	d.Run("agency", "add", "northgate", advocates, "--sector", "specialist")
	d.Run("team", "add", "antenatal", "Antenatal clinic", "--agency", "fernhill")
	d.Run("team", "add", "advocacy", "Advocacy team", "--agency", "northgate", "--takes-referrals")
	links := map[string]string{}
	for _, who := range [][]string{
		{"may.nurse", "May Ashdown (fictional)", "--agency", "fernhill", "--team", "antenatal", "--role", "practitioner", "--level", "2"},
		{"una.manager", "Una Pell (fictional)", "--agency", "fernhill", "--role", "manager"},
		{"sam.advocate", "Sam Rill (fictional)", "--agency", "northgate", "--team", "advocacy", "--role", "specialist", "--level", "4"},
	} {
		link := welcomeLink.FindString(d.Run(append([]string{"user", "add"}, who...)...))
		if link == "" {
			t.Fatalf("%s was given no link", who[0])
		}
		links[who[0]] = link
	}
	return links
}

// arrives sets a password with the one-time link and so signs in.
func (s partnership) arrives(t *testing.T, username string, reader harness.Options) *harness.Page {
	t.Helper()
	reader.Base = s.URL
	p := harness.Open(t, reader)
	p.Goto(s.links[username]).See(username)
	p.Fill("Choose a password", password)
	p.Fill("The same password again", password)
	p.Click("Save and sign in")
	s.codes[username] = enrols(t, p)
	p.See("Your work")
	return p
}

// enrols sets up an authenticator app on the pages that ask for one first, and
// returns the recovery codes they show.
func enrols(t *testing.T, p *harness.Page) []string {
	t.Helper()
	p.See("Set up a second step")
	p.Goto("/home").See("Set up a second step") // nothing comes before it
	p.Click("Use an authenticator app")
	secret := harness.Evaluate[string](p, `document.getElementById("secret").textContent.replaceAll(" ", "")`)
	code, err := totp.GenerateCode(secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p.Fill("Code", code)
	p.Click("Confirm")
	p.See("Your recovery codes")
	codes := harness.Evaluate[[]string](p, `[...document.querySelectorAll(".app-codes li")].map(c => c.textContent)`)
	p.Click("I have kept them")
	return codes
}

// signIn gives the password, and then a recovery code: the app's code of this
// half minute was used.
func (s partnership) signIn(p *harness.Page, username string) {
	p.Fill("User name", username)
	p.Fill("Password", password)
	p.In("form[action='/sign-in']").Click("Sign in")
	p.See("Enter your code")
	p.Fill("Code", s.codes[username][0])
	s.codes[username] = s.codes[username][1:]
	p.Click("Go on")
}

// path is the address of the page, without what it was asked to say.
func path(p *harness.Page) string {
	before, _, _ := strings.Cut(p.Path(), "?")
	return before
}

// pictured keeps a picture of a page on a desk and on a telephone, when pictures are wanted.
func pictured(p *harness.Page, name string) {
	if os.Getenv("WAYMARK_SHOTS") == "" {
		return
	}
	p.Screenshot(name)
	p.Resize(320, 640)
	p.Screenshot(name + "-320")
	p.Resize(1280, 900)
	// A click is aimed at what is laid out. No timer: it does not run without JavaScript.
	harness.Evaluate[int](p, "Math.round(document.documentElement.getBoundingClientRect().width)")
}

// From asking to the measures: B8.8, B8.3, B10.8, B6.31, QS1 and QS3.
func TestTheMainJob(t *testing.T) {
	for name, how := range map[string]struct {
		engine harness.Engine
		reader harness.Options
	}{
		"SQLite":                         {harness.SQLite, harness.Options{}},
		"SQLite without JavaScript":      {harness.SQLite, harness.Options{NoScript: true}},
		"SQLite, keys on a small screen": {harness.SQLite, harness.Options{Keys: true, Width: 320, Height: 640}},
		"PostgreSQL":                     {harness.PostgreSQL, harness.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := setUp(t, how.engine)
			manager := s.arrives(t, "una.manager", how.reader)
			manager.Goto("/pathway/8").See("What the records show")
			before := boxFigures(manager)

			nurse := s.arrives(t, "may.nurse", how.reader)
			file := asks(t, nurse)
			recordsSafeContact(nurse)
			refers(nurse)

			advocate := s.arrives(t, "sam.advocate", how.reader)
			received := takesOn(t, advocate)
			identifiesRisk(advocate, received)
			givesFeedback(advocate, received)

			hearsBack(nurse, file)

			manager.Goto("/pathway/8")
			after := boxFigures(manager)
			for id, want := range map[string]string{"QS1.P": "1", "QS3.P.offered": "1", "QS3.P.referred": "1", "B8.8": "1"} {
				if before[id][0] != "0" || after[id][0] != want || after[id][1] != "1" {
					t.Errorf("%s on the page of box 8: %v, then %v", id, before[id], after[id])
				}
			}
			pictured(manager, "journey/box-8")
			if how.reader.NoScript {
				manager.See("NICE measure")
			} else {
				manager.Goto("/measures").Keeps(harness.Axe, harness.Quiet)
			}
			s.countsTheSame(t, after)
			if r := s.d.Try("audit", "verify"); r.Code != 0 {
				t.Errorf("the ledger is not whole: %d\n%s%s", r.Code, r.Stdout, r.Stderr)
			}
			goesWrong(t, s, nurse, advocate, file, how.reader)
		})
	}
}

// goesTo follows a link of the navigation, which a small screen folds away.
func goesTo(p *harness.Page, words string) {
	if p.Count("button.govuk-service-navigation__toggle") > 0 {
		p.Click("Menu")
	}
	p.In("nav").Click(words)
}

// boxFigures are the people counted and of how many, by measure, on the page that is open.
func boxFigures(p *harness.Page) map[string][2]string {
	out := map[string][2]string{}
	for _, row := range harness.Evaluate[[][]string](p, `[...document.querySelectorAll("main tbody tr")].map(
		r => [r.querySelector(".app-nowrap")?.textContent || "", ...[...r.querySelectorAll("td")].map(c => c.textContent.trim())])`) {
		if len(row) > 2 && row[0] != "" {
			out[row[0]] = [2]string{row[1], row[2]}
		}
	}
	return out
}

// asks records an enquiry of a woman who tells of abuse, at first with a slip, and returns the address
// of the case that it opens.
func asks(t *testing.T, p *harness.Page) string {
	t.Helper()
	p.Goto("/home").Click("Record that you asked")
	pictured(p, "journey/ask-empty")
	p.Group("Is it safe for them to go home?").Choose("No")
	p.Fill("What was done about it", "She stays with her sister tonight; he does not know where that is.")
	p.Fill("Name to call them by", "Lin")
	p.Fill("First name", "Linnet")
	p.Fill("Last name", "Marlow")
	p.Fill("Language to speak with them", "English")
	p.Select("Kind of service", "Antenatal care")
	p.Choose("We ask everybody here")
	p.Choose("There were signs")
	p.Click("Which signs, only if there were any")
	p.Choose("Low mood, anxiety, post-traumatic stress or trouble sleeping")
	p.Group("Were they seen alone?").Choose("Yes")
	p.Group("In private, not overheard?").Choose("Yes")
	p.Group("Did they feel safe there?").Choose("Yes")
	p.Choose("None was needed")
	p.Group("Did you ask about abuse?").Choose("Yes")
	p.Choose("They experience abuse, or have done")
	p.Choose("It goes on now")
	p.Choose("Present partner")
	p.Choose("Psychological")
	p.Choose("Physical")
	p.Choose("A pattern")
	p.Fill("In their own words", "He counts every minute I am out.")
	p.Fill("What do they want to happen?", "Somebody to talk it over with.")
	p.Fill("Who was there when they said what they want?", "Nobody else")
	p.Group("Are there children in the household?").Choose("Yes")
	p.Fill("How many children?", "some")
	p.ClickOn("main form > button:last-of-type") // a form without abuse to record ends earlier, with one of its own

	p.See("There is a problem", "Enter how many children as a number")
	for label, typed := range map[string]string{
		"How many children?": "some", "In their own words": "He counts every minute I am out.",
		"What was done about it": "She stays with her sister tonight; he does not know where that is.", "Kind of service": "Antenatal care",
	} {
		if got := p.Value(label); got != typed && !(label == "Kind of service" && got == "antenatal") {
			t.Errorf("%s: %q was typed, and %q came back", label, typed, got)
		}
	}
	for _, chosen := range []string{"They experience abuse, or have done", "It goes on now", "Psychological", "Physical", "There were signs"} {
		if !p.Chosen(chosen) {
			t.Errorf("%s was chosen, and is not any more", chosen)
		}
	}
	p.Keeps(harness.Axe)
	pictured(p, "journey/ask-slip")
	p.Fill("How many children?", "1")
	p.ClickOn("main form > button:last-of-type") // a form without abuse to record ends earlier, with one of its own
	p.See("What happened is recorded", "Counts as asked", "He counts every minute I am out.", "Not safe to go home on")
	pictured(p, "journey/case-after-asking")
	return path(p)
}

func recordsSafeContact(p *harness.Page) {
	p.See("do not contact them")
	p.Click("Record safe contact")
	mobile := p.Group("Mobile phone")
	mobile.Select("May it be used?", "Safe only as described")
	mobile.Fill("Number, address or person", "07700 900123")
	mobile.Fill("When and how; what to say; who else may answer; voicemail", "Weekdays before noon. Say you are from the library.")
	p.Group("Letter").Select("May it be used?", "Do not use")
	p.Fill("Who must never be spoken to, or never interpret?", "Her partner and his mother")
	p.Fill("Code word", "bluebell")
	pictured(p, "journey/safe-contact")
	p.Click("Record, checked today")
	p.See("Safe contact is recorded", "07700 900123", "Say you are from the library")
	p.DontSee("bluebell")
}

// decides goes through the steps of the decision to share, which are the same for a referral and for
// feedback, to the check: why it is shared, what is told, what the person says, and the basis in law.
func decides(p *harness.Page, name string, before func()) {
	step := func(heading string) {
		p.In("main h1").See(heading)
		pictured(p, "journey/"+name)
	}
	step("Why is it shared, and whom does it protect?")
	before()
	p.Fill("Who is protected by this?", "Lin and her daughter")
	p.Fill("What are they protected from?", "Further violence at home")
	p.Click("Continue")
	if strings.Contains(p.Title(), "step 3 of 6") {
		p.In("main h1").See("What are they told?")
		pictured(p, "journey/"+name+"-told")
		p.Click("Continue")
	}
	name += "-views"
	step("What does the person say about it?")
	p.Group("When you asked them about sharing this, what did they say?").Choose("They agree")
	p.Fill("What did they say, in their words?", "Yes, if he does not get to know.")
	p.Fill("Who was there when they said it?", "Nobody else")
	p.Group("Do they know what is shared, and with whom?").Choose("Yes, they know what is shared and with whom")
	p.Click("Continue")
	step("May it be shared?")
	p.Group("Lawful basis").Choose("Public task")
	p.Fill("Why is it needed, and why this much?", "The service needs this to reach her safely, and no more.")
	pictured(p, "journey/"+strings.TrimSuffix(name, "-views")+"-basis")
	p.Click("Check before you send")
}

func refers(p *harness.Page) {
	p.Click("Offer support")
	p.Choose("Support because of abuse they experience or have experienced")
	p.Select("Which service did you offer?", advocates+": Advocacy team")
	p.Choose("They want it")
	p.Fill("What did they say, in their words?", "I would like that.")
	pictured(p, "journey/offer")
	p.Click("Record")

	p.See("Send a referral, step 1 of 6", "To whom does it go?")
	pictured(p, "journey/referral-to")
	p.Click("Continue")
	decides(p, "referral", func() { p.Fill("Why do you refer them?", "She asks for somebody to plan with.") })
	p.See("Check before you send", "exactly what goes", "Advocacy team, "+advocates, "Linnet Marlow", "07700 900123",
		"She asks for somebody to plan with.", "He counts every minute I am out.", "Public task", "They agree", "No sharing agreement")
	p.DontSee("bluebell")
	p.Keeps(harness.Axe)
	pictured(p, "journey/check")
	p.Click("Change why it is shared")
	p.See("Send a referral, step 2 of 6")
	p.Fill("Why do you refer them?", "She asks for somebody to plan her next steps with.")
	p.Click("Go back to the check")
	p.See("plan her next steps")
	p.Click("Send the referral")
	p.See("The referral is sent", "Sent, not acknowledged yet")
	pictured(p, "journey/case-after-sending")
}

// takesOn acknowledges and accepts what the inbox holds, and returns the address of the new case.
func takesOn(t *testing.T, p *harness.Page) string {
	t.Helper()
	goesTo(p.Goto("/home"), "Referrals")
	p.Row(hospital).See("Advocacy team", "Waiting for a person to acknowledge it", "Nobody yet")
	pictured(p, "journey/inbox")
	p.In("main").In("tbody").Click(hospital)
	p.See("She asks for somebody to plan her next steps with.", "07700 900123", "Nobody here has acknowledged it yet")
	pictured(p, "journey/packet")
	p.Click("I have received this")
	p.See("You have acknowledged it", "Acknowledged by Sam Rill (fictional)")
	if p.Count("main form") == 0 {
		t.Error("nothing can be answered")
	}
	pictured(p, "journey/packet-acknowledged")
	p.Click("Accept and open a case")
	p.See("You have accepted the referral", "Lin", "What was received", "He counts every minute I am out.", "treat every way as unsafe",
		"No safe way to reach this person is recorded")
	p.DontSee("bluebell")
	pictured(p, "journey/case-received")
	return path(p)
}

func identifiesRisk(p *harness.Page, file string) {
	p.Goto(file).Click("Identify risk")
	pictured(p, "journey/risk-instruments")
	p.Choose("Risk identification")
	p.Click("Continue")
	pictured(p, "journey/risk")
	p.Group("Level of fear").Choose("Yes")
	p.Group("Abuse more frequent").Choose("Don't know")
	p.Group("Injury on this occasion").Choose("No")
	p.Click("Save and come back later")
	p.See("Your answers are saved", "Started by you")
	p.Click("Risk identification")
	if !p.Group("Level of fear").Chosen("Yes") || !p.Group("Abuse more frequent").Chosen("Don't know") {
		p.See("what was answered to come back")
	}
	p.Click("Continue")
	p.Choose("In my judgement the risk is high")
	p.Fill("How the person sees the danger, in their own words", "I am more afraid than last year.")
	p.Click("Continue")
	p.See("There is a problem", "Write why you judge the risk to be high")
	p.Fill("Your concern and your reasons, in words", "He controls where she goes and she is pregnant.")
	if p.Value("How the person sees the danger, in their own words") != "I am more afraid than last year." {
		p.See("what was typed to be kept")
	}
	pictured(p, "journey/risk-judgement")
	p.Click("Continue")
	p.See("Check before it is recorded", "1 theme answered yes of 24", "What this cannot tell", "He controls where she goes")
	pictured(p, "journey/risk-check")
	p.Click("Record")
	p.See("The risk identification is recorded", "Routes to MARAC", "Raised by professional judgement")
	pictured(p, "journey/case-with-risk")
}

func givesFeedback(p *harness.Page, file string) {
	p.Goto(file).Click("Give feedback")
	p.Fill("What do they need to hear?", "First contact was made as she asked. Support has begun.")
	p.Click("Continue")
	decides(p, "feedback", func() {})
	p.See("exactly what they will read", "First contact was made as she asked.")
	pictured(p, "journey/feedback-check")
	p.Click("Send the feedback")
	p.See("The feedback is on its way to the referrer", "not acknowledged yet")
}

func hearsBack(p *harness.Page, file string) {
	p.Goto(file).See("Accepted, with feedback")
	p.In("section[aria-labelledby=referrals] tbody").Click("Advocacy team, " + advocates)
	p.See("Acknowledged", "Sam Rill (fictional)", "Decided", "Feedback has arrived")
	pictured(p, "journey/referral-fed-back")
	p.Click("Read and acknowledge it")
	p.See("First contact was made as she asked.")
	p.Click("I have received this")
	p.See("You have acknowledged it")
	pictured(p, "journey/feedback-read")
	p.Goto(file).Click("The whole chronology")
	p.See("Chronology", "May Ashdown (fictional)")
	pictured(p, "journey/chronology")
}

// countsTheSame says whether the command line counts what the page of the box shows.
func (s partnership) countsTheSame(t *testing.T, page map[string][2]string) {
	t.Helper()
	type shown struct{ Persons json.Number }
	var out struct {
		Measures []struct {
			ID                     string
			Exact                  bool
			Numerator, Denominator shown
		}
	}
	text := s.d.Run("measures", "--exact", "--format", "json")
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	compared := 0
	for _, m := range out.Measures {
		got := [2]string{m.Numerator.Persons.String(), m.Denominator.Persons.String()}
		if want, shown := page[m.ID]; shown {
			compared++
			if !m.Exact || got != want {
				t.Errorf("%s: the page says %v, the command line %v", m.ID, want, got)
			}
		}
	}
	if compared != len(page) || compared < 4 {
		t.Errorf("%d of %d measures were compared\n%s", compared, len(page), text)
	}
}

// goesWrong does what people do by mistake or on purpose: S9, S15 and the rule that the second of two
// who change the same thing is told.
func goesWrong(t *testing.T, s partnership, nurse, advocate *harness.Page, file string, reader harness.Options) {
	t.Helper()
	for _, page := range []string{"", "/chronology", "/person", "/contact", "/risk/new", "/referrals/new", "/enquiries/new", "/hand-over"} {
		advocate.Goto(file + page).See("Page not found")
		if advocate.Status() != 404 {
			t.Errorf("another agency's case%s: %d", page, advocate.Status())
		}
		advocate.DontSee("Lin", hospital, "Back to the case")
	}

	first, second := nurse, nurse.Tab()
	first.Goto(file + "/person")
	second.Goto(file + "/person")
	first.Fill("Name to use when speaking to them", "Linnie")
	second.Fill("Name to use when speaking to them", "Netta")
	first.Click("Save")
	first.See("The details are saved")
	second.Click("Save")
	second.See("Somebody else changed this meanwhile", "Nothing of yours was saved")
	if second.Status() != 409 {
		t.Errorf("the second of two is answered with %d", second.Status())
	}
	second.Goto(file + "/person").See("Linnie")
	if got := second.Value("Name to use when speaking to them"); got != "Linnie" {
		t.Errorf("the name is %q", got)
	}
	second.Fill("Day", "31")
	second.Fill("Month", "2")
	second.Fill("Year", "1991")
	second.Click("Save")
	second.See("There is a problem", "Enter a date of birth such as")
	if second.Value("Day") != "31" || second.Value("Year") != "1991" || second.Value("First name") != "Linnet" {
		t.Error("what was typed is not kept")
	}

	reader.Base = s.URL
	stranger := harness.Open(t, reader)
	stranger.Goto(file + "/chronology").See("Sign in")
	stranger.DontSee("Lin")
	stranger.Fill("User name", "may.nurse")
	stranger.Fill("Password", "not the password")
	stranger.In("form[action='/sign-in']").Click("Sign in")
	stranger.See("is not right")
	if stranger.Value("User name") != "may.nurse" || stranger.Value("Password") != "" {
		t.Error("the user name is to be kept, the password is not")
	}
	s.signIn(stranger, "may.nurse")
	if stranger.See("Chronology"); stranger.Path() != file+"/chronology" {
		t.Errorf("signing in led to %s", stranger.Path())
	}

	first.Goto(file).See("Linnie")
	first.Click("Sign out")
	first.Back()
	first.See("Sign in", "User name")
	first.DontSee("Linnie", "Safe contact")
	second.Reload()
	second.See("Sign in")
}

// The link that serve prints on an empty deployment sets up the first administrator, and works once.
func TestTheFirstAdministrator(t *testing.T) {
	s := harness.Deploy(t, harness.SQLite).Serve()
	link := s.Find(`https?://\S+(/welcome/\S+)`)
	p := harness.Open(t, harness.Options{Base: s.URL})
	p.Goto(link).See("Set up this service")
	p.Fill("Name of your agency", hospital)
	p.Fill("Short name of your agency", "not allowed!")
	p.Select("Kind of agency", "Health")
	p.Fill("Name colleagues know you by", "Ada Thorn (fictional)")
	p.Fill("User name", "ada.admin")
	p.Fill("Choose a password", password)
	p.Fill("The same password again", password+"s")
	p.Click("Save and sign in")
	p.See("There is a problem")
	if p.Value("Name of your agency") != hospital || p.Value("User name") != "ada.admin" || p.Value("Choose a password") != "" {
		t.Error("what was typed is to be kept, but not a password")
	}
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
	pictured(p, "set-up")
	p.Fill("Short name of your agency", "fernhill")
	p.Fill("Choose a password", password)
	p.Fill("The same password again", password)
	p.Click("Save and sign in")
	enrols(t, p)
	p.See("Your work", "Ada Thorn (fictional)")

	p.Click("Manage your agency")
	p.Click("Add a team")
	p.Fill("Name", "Antenatal clinic")
	p.Fill("Short name", "antenatal")
	p.Click("Add the team")
	p.See("Antenatal clinic")
	p.Click("Add a colleague")
	p.Fill("Name colleagues know them by", "May Ashdown (fictional)")
	p.Fill("User name", "may.nurse")
	p.Choose("Frontline practitioner")
	p.Choose("Antenatal clinic")
	p.Click("Add the colleague")
	p.See("is added")
	invited := welcomeLink.FindString(p.Text())
	pictured(p, "colleague-added")

	q := harness.Open(t, harness.Options{Base: s.URL})
	q.Goto(link).See("This link does not work any more")
	q.Goto(invited).See("Welcome, May Ashdown (fictional)")
	q.Fill("Choose a password", password)
	q.Fill("The same password again", password)
	q.Click("Save and sign in")
	enrols(t, q)
	q.See("Record that you asked")
	if strings.Contains(s.Output(), invited) {
		t.Error("a colleague's link is in the log")
	}
}
