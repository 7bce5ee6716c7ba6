package webtest

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Form is a form of a page as somebody fills it in.
type Form struct {
	t      testing.TB
	answer *Answer
	node   Node
	values url.Values // what would be sent, in the order of the page by name
}

// Forms are the forms of the main part of the page, or those that match.
func (a *Answer) forms(selector string) Nodes {
	if selector == "" {
		selector = "main form"
	}
	return a.Select(selector)
}

// Form is the only form of the main part of the page, or the only one that
// matches a selector.
func (a *Answer) Form(t testing.TB, selector string) *Form {
	t.Helper()
	found := a.forms(selector)
	if len(found) != 1 || found[0].Tag() != "form" {
		t.Fatalf("%s: %d forms match %q, want one: %s", a.path, len(found), selector, describeForms(found))
	}
	return newForm(t, a, found[0])
}

// FormWith is the only form of the main part of the page that has all of these
// fields.
func (a *Answer) FormWith(t testing.TB, fields ...string) *Form {
	t.Helper()
	var found Nodes
	for _, f := range a.forms("") {
		names := f.controls().Attrs("name")
		if !slices.ContainsFunc(fields, func(field string) bool { return !slices.Contains(names, field) }) {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s: %d forms have the fields %q, want one: %s", a.path, len(found), fields, describeForms(a.forms("")))
	}
	return newForm(t, a, found[0])
}

// FormValues are what a form would send as it stands.
func (a *Answer) FormValues(t testing.TB, selector string) url.Values {
	t.Helper()
	return a.Form(t, selector).Values()
}

// FillAndSubmit fills in the form of the main part of the page that has these
// fields, keeps what else is in it, and sends it.
func (a *Answer) FillAndSubmit(t testing.TB, fields map[string]string) *Answer {
	t.Helper()
	return a.FormWith(t, slices.Sorted(maps.Keys(fields))...).Fill(fields).Submit()
}

func describeForms(forms Nodes) string {
	var out []string
	for _, f := range forms {
		out = append(out, fmt.Sprintf("%s %q", f.Attr("action"), f.controls().Attrs("name")))
	}
	return strings.Join(out, "; ")
}

// controls are what a form may send, in the order of the page.
func (e Node) controls() Nodes { return e.Select("input, select, textarea, button") }

func newForm(t testing.TB, a *Answer, node Node) *Form {
	f := &Form{t: t, answer: a, node: node, values: url.Values{}}
	for _, c := range node.controls() {
		name := c.Attr("name")
		if name == "" || disabled(c) {
			continue
		}
		for _, v := range initial(c) {
			f.values.Add(name, v)
		}
	}
	return f
}

func disabled(e Node) bool { return e.Has("disabled") || e.In("fieldset[disabled]") }

// initial is what an untouched control sends.
func initial(c Node) []string {
	switch c.Tag() {
	case "textarea":
		// The parser has dropped the line break after the tag already.
		var b strings.Builder
		for t := c.n.FirstChild; t != nil; t = t.NextSibling {
			b.WriteString(t.Data)
		}
		return []string{b.String()}
	case "select":
		return selected(c)
	case "input":
		switch c.Attr("type") {
		case "checkbox", "radio":
			if c.Has("checked") {
				return []string{offered(c)}
			}
			return nil
		case "submit", "button", "image", "reset", "file":
			return nil
		}
		return []string{c.Attr("value")}
	}
	return nil // a button speaks only when it is pressed
}

// offered is the value a check box or radio button stands for.
func offered(c Node) string {
	if c.Has("value") {
		return c.Attr("value")
	}
	return "on"
}

func optionValue(o Node) string {
	if o.Has("value") {
		return o.Attr("value")
	}
	return o.Text()
}

func selected(c Node) []string {
	var first, chosen []string
	for _, o := range c.Select("option") {
		if o.Has("disabled") {
			continue
		}
		if first == nil {
			first = []string{optionValue(o)}
		}
		if o.Has("selected") {
			chosen = append(chosen, optionValue(o))
		}
	}
	switch {
	case c.Has("multiple"):
		return chosen
	case len(chosen) > 0:
		return chosen[len(chosen)-1:]
	}
	return first
}

// Values are what the form would send now.
func (f *Form) Values() url.Values {
	out := url.Values{}
	for name, values := range f.values {
		out[name] = slices.Clone(values)
	}
	return out
}

// Fill sets several fields, in the order of their names. For a check box the
// value is the one to tick.
func (f *Form) Fill(fields map[string]string) *Form {
	f.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if c := f.named(name); len(c) > 0 && c[0].Attr("type") == "checkbox" {
			f.Check(name, fields[name])
		} else {
			f.Set(name, fields[name])
		}
	}
	return f
}

// named are the controls of a name that somebody can change.
func (f *Form) named(name string) Nodes {
	f.t.Helper()
	var out Nodes
	for _, c := range f.node.controls() {
		if c.Attr("name") == name && c.Tag() != "button" {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		f.t.Fatalf("%s: the form has no field %q, it has %q", f.answer.path, name, f.node.controls().Attrs("name"))
	}
	for _, c := range out {
		switch {
		case c.Attr("type") == "hidden":
			f.t.Fatalf("%s: %q is hidden: nobody can fill it in", f.answer.path, name)
		case c.Has("readonly"):
			f.t.Fatalf("%s: %q can only be read", f.answer.path, name)
		}
	}
	return out
}

// Set types into a field, or chooses one of the values it offers.
func (f *Form) Set(name, value string) *Form {
	f.t.Helper()
	controls := f.named(name)
	c := controls[0]
	switch {
	case c.Tag() == "select", c.Attr("type") == "radio":
		f.mustOffer(controls, name, value)
	case c.Attr("type") == "checkbox":
		f.t.Fatalf("%s: %q is a check box: use Check", f.answer.path, name)
	case len(controls) > 1:
		f.t.Fatalf("%s: %d fields are called %q", f.answer.path, len(controls), name)
	case disabled(c):
		f.t.Fatalf("%s: %q is disabled", f.answer.path, name)
	case c.Tag() == "textarea":
		// Browsers send line breaks as CR LF.
		value = strings.ReplaceAll(strings.ReplaceAll(value, "\r\n", "\n"), "\n", "\r\n")
	}
	f.values.Set(name, value)
	return f
}

func (f *Form) mustOffer(controls Nodes, name, value string) {
	f.t.Helper()
	var offers []string
	for _, c := range controls {
		if disabled(c) {
			continue
		}
		if c.Tag() != "select" {
			offers = append(offers, offered(c))
			continue
		}
		for _, o := range c.Select("option") {
			if !o.Has("disabled") {
				offers = append(offers, optionValue(o))
			}
		}
	}
	if !slices.Contains(offers, value) {
		f.t.Fatalf("%s: %q does not offer %q, it offers %q", f.answer.path, name, value, offers)
	}
}

// Check ticks check boxes; what is ticked already stays so.
func (f *Form) Check(name string, values ...string) *Form {
	f.t.Helper()
	controls := f.named(name)
	for _, v := range values {
		f.mustOffer(controls, name, v)
		if !slices.Contains(f.values[name], v) {
			f.values.Add(name, v)
		}
	}
	return f
}

// Uncheck takes ticks out; without values, all of them.
func (f *Form) Uncheck(name string, values ...string) *Form {
	f.t.Helper()
	f.named(name)
	f.values[name] = slices.DeleteFunc(f.values[name], func(v string) bool {
		return len(values) == 0 || slices.Contains(values, v)
	})
	return f
}

// Submit presses the first button of the form, as the return key does.
func (f *Form) Submit() *Answer {
	f.t.Helper()
	return f.press("")
}

// Press presses the only button with a text.
func (f *Form) Press(text string) *Answer {
	f.t.Helper()
	return f.press(text)
}

func (f *Form) press(text string) *Answer {
	f.t.Helper()
	var buttons Nodes
	var texts []string
	for _, c := range f.node.Select("button, input[type=submit]") {
		if kind := c.Attr("type"); disabled(c) || kind == "button" || kind == "reset" {
			continue
		}
		label := c.Text()
		if c.Tag() == "input" {
			label = c.Attr("value")
		}
		texts = append(texts, label)
		if text == "" || label == text {
			buttons = append(buttons, c)
		}
	}
	if len(buttons) == 0 || text != "" && len(buttons) > 1 {
		f.t.Fatalf("%s: %d buttons %q, want one of %q", f.answer.path, len(buttons), text, texts)
	}
	b := buttons[0]
	values := f.Values()
	if name := b.Attr("name"); name != "" {
		values.Add(name, b.Attr("value"))
	}
	return f.send(b, values)
}

func (f *Form) send(b Node, values url.Values) *Answer {
	f.t.Helper()
	setting := func(button, form string) string {
		if b.Has(button) {
			return b.Attr(button)
		}
		return f.node.Attr(form)
	}
	if kind := setting("formenctype", "enctype"); kind != "" && kind != "application/x-www-form-urlencoded" {
		f.t.Fatalf("%s: forms sent as %s are not known here", f.answer.path, kind)
	}
	to := f.answer.path
	if action := setting("formaction", "action"); action != "" {
		to = f.answer.resolve(f.t, action)
	}
	browser := f.answer.browser.With(f.t)
	if strings.EqualFold(setting("formmethod", "method"), "post") {
		return browser.Post(to, values)
	}
	to, _, _ = strings.Cut(to, "?")
	return browser.Get(to + "?" + values.Encode())
}

// describe is an element in one line, for messages.
func describe(e Node) string {
	if e.n == nil {
		return "nothing"
	}
	var b strings.Builder
	if err := html.Render(&b, &html.Node{Type: e.n.Type, Data: e.n.Data, DataAtom: e.n.DataAtom, Attr: e.n.Attr}); err != nil {
		return e.n.Data
	}
	return b.String() + " " + e.Text()
}
