package harness

import (
	_ "embed"
	"fmt"

	"github.com/chromedp/chromedp"
)

//go:embed keyboard.js
var keyboardScript string

// stop is where a press of a key led.
type stop struct {
	End      bool     `json:"end"`   // out of the document
	Left     bool     `json:"left"`  // to another document
	Again    bool     `json:"again"` // to something that had the focus before
	Inner    bool     `json:"inner"` // to something with several stops inside
	What     string   `json:"what"`
	Problems []string `json:"problems"`
}

// Keyboard walks the page with Tab from the top until the focus leaves it: every link, button, field
// and summary that is shown must get the focus, show it, and be uncovered at its middle; nothing may
// hold it. Members of radio groups, tabs and the like are reached with arrow keys. What answers the
// mouse and cannot get the focus is a fault too.
func Keyboard(p *Page) []string {
	p.t.Helper()
	problems := clickOnly(p)

	start := walk[struct {
		Count    int      `json:"count"`
		Problems []string `json:"problems"`
	}](p, "walkStart")
	problems = append(problems, start.Problems...)

	last, stuck := "", 0
	for range 3*start.Count + 40 {
		p.Press("Tab")
		at := walk[stop](p, "walkStep")
		problems = append(problems, at.Problems...)
		if at.Left {
			return append(problems, "Tab led to another page")
		}
		if at.End {
			break
		}
		if at.Again && at.What == last {
			stuck++
		} else {
			stuck = 0
		}
		limit := 2
		if at.Inner {
			limit = 12
		}
		if stuck >= limit {
			problems = append(problems, at.What+" does not let go of the focus")
			break
		}
		if at.Again && at.What != last && !at.Inner {
			problems = append(problems, fmt.Sprintf("Tab comes back to %s and not to the end of the page", at.What))
			break
		}
		last = at.What
	}

	problems = append(problems, walkArrows(p)...)
	return append(problems, walk[[]string](p, "walkEnd")...)
}

// walkArrows reaches the other members of groups that are one stop of Tab.
func walkArrows(p *Page) []string {
	p.t.Helper()
	var problems []string
	for i, group := range walk[[]struct {
		What string `json:"what"`
		Left int    `json:"left"`
		Kind string `json:"kind"`
	}](p, "walkGroups") {
		key := "ArrowDown"
		if group.Kind == "tab" || group.Kind == "menuitem" {
			key = "ArrowRight"
		}
		walk[bool](p, "walkEnter", i)
		// Once round, wherever in the group the stop of Tab was.
		for range group.Left + 1 {
			p.Press(key)
			at := walk[stop](p, "walkStep")
			problems = append(problems, at.Problems...)
		}
	}
	return problems
}

func clickOnly(p *Page) []string {
	p.t.Helper()
	found, err := run[[]string](p, "(() => {"+pageScript+keyboardScript+"\nreturn clickOnly()})()", chromedp.EvalWithCommandLineAPI)
	if err != nil {
		p.fatalf("looking for what answers the mouse alone: %v", err)
	}
	return found
}

func walk[T any](p *Page, function string, args ...any) T {
	p.t.Helper()
	v, err := evaluateWith[T](p, pageScript+keyboardScript, function, args...)
	if err != nil {
		p.fatalf("%s: %v", function, err)
	}
	return v
}
