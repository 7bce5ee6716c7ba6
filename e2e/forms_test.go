package e2e

import (
	"path/filepath"
	"testing"

	"waymark/e2e/harness"
)

// asked begins a case and answers a question set that the deployment added.
func asked(t *testing.T, set, title string, reader harness.Options) *harness.Page {
	t.Helper()
	s := setUp(t, harness.SQLite)
	file := filepath.Join("testdata", "questions", set)
	s.d.Run("forms", "check", file+".json", "--rules", file+".rules.json")
	s.d.Run("forms", "add", file+".json", "--rules", file+".rules.json")
	p := s.arrives(t, "sam.advocate", reader)
	p.Goto("/cases/new")
	p.Fill("First name", "Linnet")
	p.Fill("Last name", "Marlow")
	p.ClickOn("main form button[type=submit]")
	p.Click("Identify risk")
	p.Choose(title)
	p.Click("Continue")
	return p
}

// shows waits until a script shows what an answer opens: it asks the server first. Without one it stands there.
func shows(p *harness.Page, field string, reader harness.Options) {
	if !reader.NoScript {
		until(p, "!document.querySelector('[data-asks=\""+field+"\"]').hidden")
	}
}

// A part of a form that repeats: added, removed, brought back, put right, checked and recorded.
func TestQuestionsThatRepeatInTheBrowser(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":                 {},
		"without JavaScript":              {NoScript: true},
		"with keys, on a small telephone": {Keys: true, Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			p := asked(t, "household", "Household", reader)
			checks := []harness.Check{harness.Axe, harness.Reflow, outline}
			if reader.NoScript || reader.Keys {
				checks = checks[1:]
			}
			p.Group("Are there children?").Choose("Yes")
			shows(p, "q-child_rall", reader)
			p.Group("Child 1").Fill("First name", "Ada")
			p.Click("Add another “Child”")
			p.See("Child 2")
			p.Group("Child 2").Fill("First name", "Ben")
			p.Group("Child 2").Fill("School", "Elm School")
			p.Press("Tab")
			shows(p, "q-school.hours_r2.1", reader)
			p.Group("Child 2").Fill("Hours a week", "many")
			p.Keeps(checks...)
			p.Click("Remove “Child 1”")
			p.See("Removed from “Child”: Ada")
			p.DontSee("Child 2")
			p.Keeps(checks...)
			pictured(p, "forms/removed")
			p.Click("Bring back Ada")
			p.See("Child 2")
			p.Fill("Number", "12.5")
			p.Select("Unit", "kilograms")
			seen := p.Group("Last seen together")
			seen.Fill("Day", "9")
			seen.Fill("Month", "7")
			seen.Fill("Year", "2026")
			seen.Fill("Time", "14.30")
			p.Click("Continue")
			p.See("There is a problem", "“Hours a week, School, Child 1” must be a whole number")
			p.Keeps(checks...)
			pictured(p, "forms/wrong")
			p.Group("Child 1").Fill("Hours a week", "20")
			p.Click("Continue")
			p.See("Check before it is recorded", "Ada", "Ben", "Elm School", "9 July 2026, 14:30", "12.5 kilograms", "Hours of all children")
			p.Keeps(checks...)
			pictured(p, "forms/check")
			p.Click("Record")
			p.See("The risk identification is recorded")

			p.Goto("/questions/risk?set=https%3A%2F%2Fexample.invalid%2Fforms%2Fhousehold%7C1")
			p.See("Child 1", "Child 2", "write it on another sheet", "by the 24-hour clock", "pounds")
			p.Keeps(checks...)
			pictured(p, "forms/paper")
		})
	}
}

// A set in a language that is written from right to left is answered, checked and read.
func TestAQuestionSetFromRightToLeftInTheBrowser(t *testing.T) {
	for name, reader := range map[string]harness.Options{
		"with JavaScript":                 {},
		"without JavaScript":              {NoScript: true},
		"with keys, on a small telephone": {Keys: true, Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			p := asked(t, "right-to-left", "الأسرة", reader)
			checks := []harness.Check{harness.Axe, harness.Reflow, outline}
			if reader.NoScript || reader.Keys {
				checks = checks[1:]
			}
			turned := harness.Evaluate[string](p, `(() => {
				const legend = [...document.querySelectorAll("legend")].find(l => l.textContent.includes("أمان"));
				const style = getComputedStyle(legend);
				return style.direction + " " + legend.closest("[lang]").lang;
			})()`)
			if turned != "rtl ar" {
				t.Errorf("the questions are shown %s", turned)
			}
			p.Group("هل أنت في أمان الآن؟").Choose("لا")
			shows(p, "q-why", reader)
			p.Group("طفل 1").Fill("الاسم", "ليلى")
			p.Group("طفل 1").Choose("الرسم")
			p.Group("طفل 1").Group("تاريخ الميلاد").Fill("Year", "soon")
			p.Click("Continue")
			p.See("There is a problem")
			p.Keeps(checks...)
			pictured(p, "forms/right-to-left")
			p.Group("طفل 1").Group("تاريخ الميلاد").Fill("Year", "2020")
			p.Fill("ماذا حدث؟", "لا شيء جديد")
			p.Click("Continue")
			p.See("Check before it is recorded", "ليلى", "الرسم", "لا شيء جديد")
			p.Keeps(checks...)
			pictured(p, "forms/right-to-left-check")
			p.Click("Record")
			p.See("The risk identification is recorded")
		})
	}
}
