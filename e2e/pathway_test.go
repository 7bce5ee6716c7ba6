package e2e

import (
	"regexp"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// What a case calls for, and a step of it declined, with and without scripts, in
// a wide window and in the narrowest; the commissioner publishes another version.
func TestTheStepsOfAPathway(t *testing.T) {
	s := harness.Demo(t).Serve("--demo")
	for name, o := range map[string]harness.Options{
		"without scripts": {NoScript: true}, "320 px": {Width: 320, Height: 640},
	} {
		t.Run(name, func(t *testing.T) {
			o.Base = s.URL
			p := comesIn(t, harness.Open(t, o), "IDVA").page
			p.Goto("/cases")
			file := firstCase(p, s.URL)
			p.Goto(file + "/pathway")
			p.Keeps(every...)
			p.Keeps(harness.Keyboard)
			var step string
			for _, href := range p.Links() {
				if regexp.MustCompile(`/pathway/experiencing/[a-z-]+$`).MatchString(href) {
					step = href
				}
			}
			if step == "" {
				t.Fatal("no step can be answered")
			}
			p.Goto(strings.TrimPrefix(step, s.URL))
			p.Choose("Declined")
			p.Fill("What was done, or why it is not taken", "")
			p.Click("Record")
			p.See("Write why this step is not taken")
			p.Keeps(every...)
			p.Fill("What was done, or why it is not taken", "She goes to one already")
			p.Click("Record")
			p.See("What you said of the step is recorded", "She goes to one already")
			p.Goto(file)
			p.See("What the pathways call for")
			if o.Width == 320 {
				fits(p, "/questions/safety-plan", file+"/risk/new")
			}
		})
	}
	t.Run("the commissioner", func(t *testing.T) {
		p := comesIn(t, harness.Open(t, harness.Options{Base: s.URL}), "Commissioner").page
		for _, path := range []string{"/pathways", "/pathways/children", "/pathways/experiencing", "/pathways/children/publish"} {
			p.Goto(path)
			p.Keeps(every...)
		}
	})
	t.Run("an administrator at 320 px", func(t *testing.T) {
		fits(comesIn(t, harness.Open(t, harness.Options{Base: s.URL, Width: 320, Height: 640}), "Agency administrator").page, "/agency")
	})
}

// fits looks at pages that the long walk once found too wide, with text twice its
// size in the narrowest window. Rule S29.
func fits(p *harness.Page, paths ...string) {
	for _, path := range paths {
		p.Goto(path)
		p.Keeps(every...)
	}
}
