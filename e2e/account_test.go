package e2e

import (
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// A passkey is made on the page that asks for a second step, is given after the
// password, and signs in by itself.
func TestPasskeys(t *testing.T) {
	s := setUp(t, harness.SQLite)
	p := harness.Open(t, harness.Options{Base: strings.Replace(s.URL, "127.0.0.1", "localhost", 1)})
	p.Device()
	p.Goto(s.links["may.nurse"])
	p.Fill("Choose a password", password)
	p.Fill("The same password again", password)
	p.Click("Save and sign in")
	p.See("Set up a second step")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
	pictured(p, "account/enrol")
	p.Click("Use a passkey")
	p.DontSee("A passkey needs JavaScript")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.Quiet)
	pictured(p, "account/passkey")
	p.Fill("What do you call this device? (optional)", "Ward computer")
	p.Leads(func() { p.Tap("Make a passkey") })
	p.See("Your recovery codes")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "account/codes")
	p.Click("I have kept them")
	p.See("Your work")
	p.Click("Your account")
	p.See("Ward computer", "Passkey", "This one")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.Quiet)
	pictured(p, "account/account")
	p.Click("Sign out")

	p.Goto("/sign-in")
	p.Fill("User name", "may.nurse")
	p.Fill("Password", password)
	p.In("form[action='/sign-in']").Click("Sign in")
	p.See("Or use your passkey")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
	pictured(p, "account/second")
	p.Leads(func() { p.Tap("Use a passkey") })
	p.See("Your work")
	p.Click("Sign out")

	p.Goto("/sign-in").Click("Sign in with a passkey")
	p.Leads(func() { p.Tap("Use the passkey of this device") })
	p.See("Your work", "May Ashdown (fictional)")
	if r := s.d.Try("audit", "verify"); r.Code != 0 {
		t.Errorf("the ledger is not whole: %s%s", r.Stdout, r.Stderr)
	}
}

// Without JavaScript the pages say what to do in place of a passkey, and what
// keeps a session going is a link.
func TestSigningInWithoutJavaScript(t *testing.T) {
	s := setUp(t, harness.SQLite)
	p := harness.Open(t, harness.Options{Base: s.URL, NoScript: true})
	p.Goto(s.links["sam.advocate"])
	p.Fill("Choose a password", password)
	p.Fill("The same password again", password)
	p.Click("Save and sign in")
	p.Goto("/account/passkey").See("Use an authenticator app")
	p.Goto("/home")
	s.codes["sam.advocate"] = enrols(t, p)
	p.See("Your work", "You are signed out after 30 minutes without use")
	p.Goto("/session").Click("Stay signed in")
	p.See("You stay signed in for 30 minutes")
	p.Click("Sign out")
	p.Goto("/sign-in")
	s.signIn(p, "sam.advocate")
	p.See("Your work")
}

// The end of a session is told in good time, put off with one button, and
// leaves a blank page; what was typed is given back.
func TestTheEndOfASession(t *testing.T) {
	s := setUp(t, harness.SQLite)
	p := s.arrives(t, "may.nurse", harness.Options{})
	p.Goto("/cases/new")
	// Four minutes and a half are left, as far as the page knows.
	soon := func(seconds string) {
		harness.Evaluate[bool](p, `(() => {
			const real = Date.now.bind(Date), by = 1000 * (1800 - `+seconds+`)
			Date.now = () => real() + by
			return true
		})()`)
	}
	soon("270")
	until(p, `document.querySelector("dialog").open`)
	p.See("You will be signed out soon", "5 minutes are left")
	pictured(p, "account/warning")
	p.Keeps(harness.Axe)
	p.Tap("Stay signed in")
	until(p, `!document.querySelector("dialog").open`)
	p.Fill("First name", "Linnet")
	p.Leads(func() { soon("1") })
	p.See("What you had typed is kept: sign in")
	p.DontSee("Linnet", "May Ashdown")
	s.signIn(p, "may.nurse")
	p.See("This form is filled in with what you had typed", "Nothing of it has been sent")
	if got := p.Value("First name"); got != "Linnet" {
		t.Errorf("the form is filled in with %q", got)
	}
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.Quiet)
	pictured(p, "account/filled")
	p.Goto("/account/drafts").See("What you had typed", "Fill the form in with it")
	p.Keeps(harness.Axe, harness.Reflow)
	pictured(p, "account/drafts")
	p.Click("Fill the form in with it")
	p.In("main").Click("Open the case")
	p.See("Linnet")
	p.Goto("/account/drafts").See("Nothing is kept")
}

// until waits for something that a script does.
func until(p *harness.Page, what string) {
	harness.Evaluate[bool](p, `new Promise(done => { const look = () => (`+what+`) ? done(true) : setTimeout(look, 50); look() })`)
}
