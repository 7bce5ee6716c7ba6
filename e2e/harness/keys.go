package harness

// farthest is how often a key is pressed at most on the way to a control: more
// stops than any page has.
const farthest = 500

// reach brings the focus to a control with Tab, Shift and Tab, and the arrow
// keys inside a group of radio buttons. It must be uncovered where it then is.
func (p *Page) reach(kind, words string) answer {
	p.t.Helper()
	for range farthest {
		a := p.ask("toward", p.steps(), kind, words)
		if !a.There {
			p.Press(a.Text)
			continue
		}
		if a.Over != "" {
			p.fatalf("%s has the focus and %s lies over it", a.What, a.Over)
		}
		return a
	}
	p.fatalf("no key leads to %s %q", kind, words)
	return answer{}
}

// keyFor is the key that uses what has the focus.
func keyFor(a answer) string {
	if a.Type == "checkbox" || a.Type == "radio" {
		return "Space"
	}
	return "Enter"
}

func (p *Page) setByKeys(label string, on bool) {
	p.t.Helper()
	if p.ask("chosen", p.steps(), label).Checked == on {
		return
	}
	// The arrow keys choose on their way; Tab does not.
	target := p.reach("choice", label)
	if p.ask("chosen", p.steps(), label).Checked != on {
		p.Press("Space")
	}
	if p.ask("chosen", p.steps(), label).Checked != on {
		p.fatalf("%s does not change at the press of a key", target.What)
	}
}

func (p *Page) selectByKeys(label, option string) {
	p.t.Helper()
	wanted := p.ask("optionAhead", p.steps(), label, option)
	p.reach("field", label)
	p.Press("Home")
	for range wanted.Count {
		p.Press("ArrowDown")
	}
	if got := p.Value(label); got != wanted.Text {
		p.fatalf("%s: the arrow keys come to %q and not to %q", wanted.What, got, option)
	}
}
