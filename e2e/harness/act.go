package harness

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click uses the link, button or summary with these words on it. If it leads to another page, Click
// waits for that.
func (p *Page) Click(words string) {
	p.t.Helper()
	p.use("control", words)
}

// ClickOn is Click for the one element that a selector finds, where there are no words to go by.
func (p *Page) ClickOn(selector string) {
	p.t.Helper()
	p.use("css", selector)
}

// Tap is Click that waits for nothing: for what a script does, and for answers that are held back.
func (p *Page) Tap(words string) {
	p.t.Helper()
	p.touch("control", words)
}

// Leads does something that a script answers by going to another page, and waits for that.
func (p *Page) Leads(act func()) {
	p.t.Helper()
	before := p.w.count()
	act()
	p.awaitLoad(before, "what a script does")
}

func (p *Page) use(kind, words string) {
	p.t.Helper()
	before := p.w.count()
	target := p.touch(kind, words)
	if !target.LeadsAway {
		return
	}
	if p.opts.NoScript {
		p.awaitLoad(before, target.What)
		return
	}
	p.awaitLoadUnlessPrevented(before, target.What)
}

// awaitLoadUnlessPrevented waits for the next page, unless a script of this one has taken the click
// for itself. The question whether it has is dropped as soon as there is a next page.
func (p *Page) awaitLoadUnlessPrevented(before int, what string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	asking, loaded := context.WithCancel(ctx)
	arrived := make(chan error, 1)
	go func() {
		arrived <- p.w.awaitLoad(ctx, before)
		loaded()
	}()
	for {
		select {
		case err := <-arrived:
			if err != nil {
				p.fatalf("%s led to no page: %v", what, err)
			}
			return
		case <-time.After(50 * time.Millisecond):
			once, done := context.WithTimeout(asking, 2*time.Second)
			taken, err := evaluateIn[bool](once, pageScript, "prevented")
			done()
			if err == nil && taken && p.w.count() == before {
				p.settle()
				return
			}
		}
	}
}

// settle waits until no script is about to change the main part of the page.
func (p *Page) settle() {
	p.t.Helper()
	p.until("a script does not come to an end with the page", func(ctx context.Context) bool {
		busy, err := evaluateIn[bool](ctx, pageScript, "busy")
		return err == nil && !busy
	})
}

// touch uses a control as this reader does, with the mouse or with keys.
func (p *Page) touch(kind, words string) answer {
	p.t.Helper()
	if p.opts.Keys {
		target := p.reach(kind, words)
		p.Press(keyFor(target))
		return target
	}
	target := p.ask("point", p.steps(), kind, words)
	p.press(target)
	return target
}

// press clicks with the mouse, where nothing lies over the target.
func (p *Page) press(target answer) {
	p.t.Helper()
	if target.Over != "" {
		p.fatalf("%s cannot be clicked: %s lies over it", target.What, target.Over)
	}
	mouse := func(kind input.DispatchMouseEventType, buttons int64) {
		e := input.DispatchMouseEventParams{Type: kind, X: target.X, Y: target.Y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			e.Button, e.Buttons, e.ClickCount = input.MouseButtonLeft, buttons, 1
		}
		call(p, input.DispatchMouseEvent, e)
	}
	mouse(input.DispatchMouseEventTypeMouseMoved, 0)
	mouse(input.DispatchMouseEventTypeMousePressed, 1)
	mouse(input.DispatchMouseEventTypeMouseReleased, 0)
}

// Fill types a value into the field with this label, instead of what stands in it.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	target := p.focusField(label)
	if target.Type == "select-one" {
		p.fatalf("%s is a list: use Select", target.What)
	}
	if focused, err := evaluate[bool](p, "isFocused", p.steps(), "field", label); err != nil || !focused {
		p.fatalf("%s does not take the focus (%v)", target.What, err)
	}
	p.Press("Control+a")
	p.Press("Delete")
	if value != "" {
		call(p, input.InsertText, input.InsertTextParams{Text: value})
	}
}

// focusField brings the focus into the field with this label.
func (p *Page) focusField(label string) answer {
	p.t.Helper()
	if p.opts.Keys {
		return p.reach("field", label)
	}
	target := p.ask("point", p.steps(), "field", label)
	if target.Type != "select-one" {
		p.press(target)
	}
	return target
}

// Select chooses an option of the list with this label.
func (p *Page) Select(label, option string) {
	p.t.Helper()
	if p.opts.Keys {
		p.selectByKeys(label, option)
		return
	}
	p.ask("choose", p.steps(), label, option)
}

// Choose takes the radio button or ticks the box with this label.
func (p *Page) Choose(label string) {
	p.t.Helper()
	p.set(label, true)
}

// Untick takes the tick out of the box with this label.
func (p *Page) Untick(label string) {
	p.t.Helper()
	p.set(label, false)
}

func (p *Page) set(label string, on bool) {
	p.t.Helper()
	if p.opts.Keys {
		p.setByKeys(label, on)
		return
	}
	target := p.ask("point", p.steps(), "choice", label)
	if target.Checked == on {
		return
	}
	p.press(target)
	if p.ask("chosen", p.steps(), label).Checked != on {
		p.fatalf("%s does not change when it is clicked", target.What)
	}
}

// Value is what stands in the field with this label.
func (p *Page) Value(label string) string {
	p.t.Helper()
	return p.ask("valueOf", p.steps(), label).Text
}

// Chosen says whether the radio button or box with this label is chosen.
func (p *Page) Chosen(label string) bool {
	p.t.Helper()
	return p.ask("chosen", p.steps(), label).Checked
}

// keys by the names that people give them.
var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Delete": kb.Delete, "Backspace": kb.Backspace,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

var modifiers = map[string]chromedp.Modifier{
	"Shift": chromedp.ModifierShift, "Control": chromedp.ModifierCtrl, "Alt": chromedp.ModifierAlt, "Meta": chromedp.ModifierMeta,
}

// Press presses keys one after the other: a name such as Tab, Enter or ArrowDown, Shift alone, a
// character, or one of these with modifiers, such as Control+a or Shift+Tab.
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.key(name)
	}
}

func (p *Page) key(name string) {
	p.t.Helper()
	if m, alone := modifiers[name]; alone {
		p.modifier(name, m)
		return
	}
	var options []chromedp.KeyOption
	parts := strings.Split(name, "+")
	for _, m := range parts[:len(parts)-1] {
		held, known := modifiers[m]
		if !known {
			p.t.Fatalf("%s: no such modifier", name)
		}
		options = append(options, chromedp.KeyModifiers(held))
	}
	last := parts[len(parts)-1]
	key, known := keys[last]
	if !known {
		key = last
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if len(parts) > 1 {
		options = append(options, editing(name))
	}
	if err := chromedp.Do(ctx, chromedp.KeyEvent(key, options...)); err != nil {
		p.fatalf("pressing %s: %v", name, err)
	}
}

// editing gives a shortcut the command that the browser's own keyboard would: headless, the browser
// does not know that Control+a selects everything.
func editing(name string) chromedp.KeyOption {
	return func(e *input.DispatchKeyEventParams) {
		if name == "Control+a" && e.Type == input.DispatchKeyEventTypeKeyDown {
			e.Commands = []string{"selectAll"}
		}
	}
}

// modifier presses and lets go a modifier by itself.
func (p *Page) modifier(name string, m chromedp.Modifier) {
	p.t.Helper()
	codes := map[string]int64{"Shift": 16, "Control": 17, "Alt": 18, "Meta": 91}
	event := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Modifiers: int64(m), Key: name, Code: name + "Left",
		WindowsVirtualKeyCode: codes[name], NativeVirtualKeyCode: codes[name], Location: 1,
	}
	call(p, input.DispatchKeyEvent, event)
	event.Type, event.Modifiers = input.DispatchKeyEventTypeKeyUp, 0
	call(p, input.DispatchKeyEvent, event)
}

// Type types characters into whatever has the focus, one key at a time.
func (p *Page) Type(text string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.KeyEvent(text)); err != nil {
		p.fatalf("typing: %v", err)
	}
}
