package e2e

import (
	"regexp"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// visit is a page that somebody at work sees.
type visit struct {
	name    string // of the pictures
	address string
	shows   string // words that say that it is the page, and not a fault
}

// staff walks the pages of one role, each with everything that must hold of it.
type staff struct {
	t    *testing.T
	page *harness.Page
	role string
}

func asStaff(t *testing.T, s *harness.Server, role, dir string) staff {
	t.Helper()
	return comesIn(t, harness.Open(t, harness.Options{Base: s.URL, Dir: dir}), role)
}

// comesIn signs in with a role card of the demo.
func comesIn(t *testing.T, p *harness.Page, role string) staff {
	t.Helper()
	p.Goto("/demo").Click("Sign in as " + role)
	p.See("Your work")
	return staff{t, p, role}
}

func (s staff) visits(pages ...visit) {
	s.t.Helper()
	for _, v := range pages {
		s.page.Goto(v.address)
		s.holds(v)
	}
}

// holds checks the page that is open: S1, S3, S29 and S30.
func (s staff) holds(v visit) {
	s.t.Helper()
	s.page.See(v.shows, "Demo")
	s.page.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	if n := s.page.Count("h1"); n != 1 {
		s.t.Errorf("%s: %d headings of the first level", v.name, n)
	}
	if n := s.page.Count(".app-exit__button"); n != 1 && v.name != "box-8" {
		s.t.Errorf("%s: %d ways to hide the screen", v.name, n)
	}
	pictured(s.page, "staff/"+s.role+"-"+v.name)
}

// link is the first link to an address of a kind on the first of some pages that has one.
func (s staff) link(kind string, pages ...string) string {
	s.t.Helper()
	re := regexp.MustCompile(kind)
	for _, page := range pages {
		s.page.Goto(page)
		for _, href := range s.page.Links() {
			if m := re.FindString(href); m != "" {
				return m
			}
		}
	}
	s.t.Fatalf("%s: no link to %s on %v", s.role, kind, pages)
	return ""
}

// links are the addresses of a kind on a page.
func (s staff) links(kind, page string) []string {
	s.t.Helper()
	re := regexp.MustCompile(kind)
	var out []string
	s.page.Goto(page)
	for _, href := range s.page.Links() {
		if m := re.FindString(href); m != "" {
			out = append(out, m)
		}
	}
	return out
}

const (
	aCase     = `/cases/[0-9a-f-]{36}$`
	aTask     = `/cases/[0-9a-f-]{36}/tasks/[0-9a-f-]{36}$`
	anEnquiry = `/cases/[0-9a-f-]{36}/enquiries/[0-9a-f-]{36}$`
	aRisk     = `/cases/[0-9a-f-]{36}/risk/[0-9a-f-]{36}$`
	aBegun    = `/cases/[0-9a-f-]{36}/risk-begun/[0-9a-f-]{36}$`
	aReferral = `/cases/[0-9a-f-]{36}/referrals/[0-9a-f-]{36}$`
	aPacket   = `/referrals/[0-9a-f-]{36}$`
	aMember   = `/agency/people/[0-9a-f-]{36}$`
)

func TestStaffPages(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")

	t.Run("Midwife", func(t *testing.T) {
		m := asStaff(t, s, "Midwife", "")
		cases := m.links(aCase, "/cases?show=all")
		asked, task, referred := m.link(anEnquiry, cases...), m.link(aTask, cases...), m.link(aReferral, cases...)
		file := cases[0]
		m.visits(
			visit{"home", "/home", "Your tasks"},
			visit{"inbox", "/inbox", "Inbox"},
			visit{"caseload", "/cases?show=all", "Caseload"},
			visit{"case-new", "/cases/new", "Team that holds the case"},
			visit{"case", file, "Why can I see this?"},
			visit{"chronology", file + "/chronology", "The newest entry is first"},
			visit{"note", file + "/notes/new", "What happened"},
			visit{"person", file + "/person", "Change details"},
			visit{"people-new", file + "/people/new", "Who are they in this case?"},
			visit{"contact", file + "/contact", "Ask about each way"},
			visit{"hand-over", file + "/hand-over", "To whom?"},
			visit{"task", task, "What was done?"},
			visit{"enquiry-new", "/enquiries/new", "Is it safe for them to go home?"},
			visit{"enquiry", asked, "What was recorded"},
			visit{"enquiry-correct", asked + "/correct", "What was recorded before stays visible"},
			visit{"offer", file + "/referrals/offer", "Offer support"},
			visit{"referral-new", file + "/referrals/new", "step 1 of 6"},
			visit{"referral", referred, "Where it stands"},
			visit{"risk-below-level", file + "/risk/new", "asks for training level 3"},
			visit{"directory", "/directory", "Teams that take referrals"},
		)
		m.page.Goto(file + "/referrals/new")
		m.page.Click("Continue")
		m.holds(visit{"referral-faults", "", "There is a problem"})
		m.page.Goto("/home").Click("Hide screen")
		m.page.See("Screen hidden")
		m.page.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
		pictured(m.page, "staff/locked")
		m.page.Goto(file).See("Screen hidden")
	})
	t.Run("IDVA", func(t *testing.T) {
		m := asStaff(t, s, "IDVA", "")
		waiting := m.link(aPacket, "/referrals")
		packets := m.links(aPacket, "/referrals?box=decided")
		received := m.link(aCase, packets...)
		cases := append([]string{received}, m.links(aCase, "/cases?show=all")...)
		reviews := m.links(aCase, "/risk/reviews")
		judged := m.link(aBegun, reviews...)
		mine := m.links(aCase, "/cases")
		begun := m.link(aBegun, mine...)
		young := strings.TrimSuffix(m.link(aRisk[:len(aRisk)-1]+"/compare$", mine...), "/compare")
		file, _, _ := strings.Cut(young, "/risk/")
		m.visits(
			visit{"home", "/home", "Your tasks"},
			visit{"referrals", "/referrals", "Referrals received"},
			visit{"packet", waiting, "Nobody here has acknowledged it yet"},
			visit{"case-received", received, "What was received"},
			visit{"feedback", received + "/feedback", "What do they need to hear?"},
			visit{"risk-new", received + "/risk/new", "What do you ask with?"},
			visit{"risk", m.link(aRisk, cases...), "Routes to MARAC"},
			visit{"risk-paper", "/questions/risk", "Level of fear"},
			visit{"risk-reviews", "/risk/reviews", "overdue"},
			visit{"risk-begun", begun, "Save and come back later"},
			visit{"risk-judgement", judged + "/judgement", "What is your professional judgement?"},
			visit{"risk-check", judged + "/check", "Check before it is recorded"},
			visit{"risk-history", file + "/risk", "Risk identified so far"},
			visit{"risk-recorded", young, "What this cannot tell"},
			visit{"risk-compare", young + "/compare", "Question by question"},
			visit{"risk-print", young + "/print", "No name stands on this page"},
		)
		m.page.Goto(waiting).Click("I have received this")
		m.holds(visit{"packet-acknowledged", "", "Accept and open a case"})
		m.visits(visit{"decline", waiting + "/decline", "Why is it declined?"})
	})
	t.Run("Service manager", func(t *testing.T) {
		m := asStaff(t, s, "Service manager", "")
		m.visits(
			visit{"agency", "/agency", "People"},
			visit{"risk-settings", "/risk/settings", "Which rule of repeats"},
			visit{"support-settings", "/caseload/settings", "A clock of a first contact"},
			visit{"member", m.link(aMember, "/agency"), "Record training"},
			visit{"box-8", "/pathway/8", "What the records show"},
		)
		m.page.Goto(m.link(aCase, "/cases?show=all")).Click("Why can I see this?")
		m.page.See("You are a service manager there")
	})
	t.Run("Commissioner", func(t *testing.T) {
		m := asStaff(t, s, "Commissioner", "")
		m.visits(
			visit{"home", "/home", "You see figures, not cases"},
			visit{"measures", "/measures", "All agencies together"},
		)
		m.page.Goto("/cases")
		if m.page.Status() == 200 {
			t.Error("a commissioner sees a list of cases")
		}
	})
	t.Run("Agency administrator", func(t *testing.T) {
		m := asStaff(t, s, "Agency administrator", "")
		m.visits(
			visit{"home", "/home", "You manage accounts, teams and training"},
			visit{"team-new", "/agency/teams/new", "Add a team"},
			visit{"colleague-new", "/agency/people/new", "Add a colleague"},
			visit{"member", m.link(aMember, "/agency"), "Leaving the agency"},
			visit{"nowhere", "/cases/00000000-0000-0000-0000-000000000000", ""},
		)
	})
	t.Run("from right to left", func(t *testing.T) {
		m := asStaff(t, s, "IDVA", "rtl")
		file := m.link(aCase, "/cases?show=all")
		m.visits(
			visit{"rtl-home", "/home", "Your tasks"},
			visit{"rtl-case", file, "Why can I see this?"},
			visit{"rtl-referrals", "/referrals?box=decided", "Referrals received"},
			visit{"rtl-risk-new", file + "/risk/new", "What do you ask with?"},
			visit{"rtl-referral-new", file + "/referrals/new", "step 1 of 6"},
		)
	})
}
