package formsweb

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web/ui"
)

// What is said beside the words of the form itself.
const (
	onlyIf          = "Only if "
	leaveUnanswered = "Leave unanswered"
	onePerLine      = "Write one on each line."
	notAnswered     = "Not answered"
	pleaseChoose    = "Choose"
	notWorkedOut    = "Not worked out yet"
	anotherAnswer   = "Another answer"
)

// spaceAbove sets a part apart from what went before.
const spaceAbove = "govuk-!-margin-top-6"

// form is a question set with what has been filled in and what is wrong with it.
type form struct {
	q *forms.Questionnaire
	a forms.Answers
	e forms.Errors

	asked    func(*forms.Item) bool
	troubles map[string][]string
}

// Again says whether the page was sent to see what its answers change, and not to be kept. The page answers
// with itself and all that was typed.
func Again(sent url.Values) bool { return sent.Get(forms.AgainField) != "" }

// filled works out once what a form with expressions shows.
func filled(q *forms.Questionnaire, a forms.Answers, e forms.Errors) form {
	q = q.Spread(a)
	f := form{q: q, a: a, e: e, asked: q.Asked(a)}
	if !q.Computes() {
		return f
	}
	var troubles []forms.Problem
	f.a, troubles = q.Settle(a)
	f.troubles = map[string][]string{}
	for _, p := range troubles {
		f.troubles[p.LinkID] = append(f.troubles[p.LinkID], p.Reason)
	}
	return f
}

// left says whether an item is left out: an expression decides about it, and it is not asked now. What
// hangs on answers in the plain way stays, with its condition in words.
func (f form) left(i *forms.Item) bool { return i.ByExpression() && f.asked != nil && !f.asked(i) }

// waits says whether an item hangs on an answer. A script hides it while it is not asked; without one it stands
// there with its condition in words.
func (f form) waits(i *forms.Item) bool { return f.asked != nil && condition(f.q, i) != "" }

func (f form) askedNow(i *forms.Item) string {
	if f.asked(i) {
		return "yes"
	}
	return "no"
}

// kept are the answers to questions that are left out. They travel with the page, so that they are there
// when the question comes back.
func (f form) kept(i *forms.Item) []ui.HiddenField {
	var all []ui.HiddenField
	add := func(name, value string) {
		if value != "" {
			all = append(all, ui.HiddenField{Name: name, Value: value})
		}
	}
	switch {
	case i.Hidden || i.ReadOnly:
	case i.Series != nil:
		all = numbers(i)
		for _, r := range i.Series.Gone {
			all = append(all, f.kept(r)...)
		}
	case i.Type == forms.TypeDateTime:
		day, month, year, clock := forms.SplitDateTime(f.a.Text(i.LinkID))
		add(i.Field()+"-day", day)
		add(i.Field()+"-month", month)
		add(i.Field()+"-year", year)
		add(i.Field()+"-time", clock)
	case i.Type == forms.TypeQuantity:
		number, unit := forms.SplitQuantity(f.a.Text(i.LinkID))
		add(i.Field(), number)
		add(i.Field()+"-unit", unit)
	case i.Type == forms.TypeDate:
		day, month, year := forms.SplitDate(f.a.Text(i.LinkID))
		add(i.Field()+"-day", day)
		add(i.Field()+"-month", month)
		add(i.Field()+"-year", year)
	default:
		for _, v := range f.a.Values(i.LinkID) {
			add(i.Field(), v)
		}
	}
	for _, under := range i.Items {
		all = append(all, f.kept(under)...)
	}
	return all
}

// words are the answers to a question as people read them.
func (f form) words(i *forms.Item) string {
	var all []string
	for _, typed := range f.a.Values(i.LinkID) {
		all = append(all, i.Words(typed))
	}
	if len(all) == 0 {
		return notWorkedOut
	}
	return joinUnit(strings.Join(all, ", "), i.Unit)
}

func joinUnit(words, unit string) string {
	if unit == "" {
		return words
	}
	return words + " " + unit
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// other is the field for an answer that a choice does not list.
func (f form) other(i *forms.Item) templ.Component {
	label := i.OpenLabel
	if label == "" {
		label = anotherAnswer
	}
	name := i.Field() + "-other"
	field := ui.Field{Name: name, Label: label, Autocomplete: "off"}
	var unlisted []string
	for _, v := range f.a.Values(i.LinkID) {
		if i.Option(v) == nil {
			unlisted = append(unlisted, v)
		}
	}
	field.Value = strings.Join(unlisted, "\n")
	if i.Repeats {
		field.Hint = onePerLine
		return ui.Textarea(ui.TextareaParams{Field: field, Rows: 2})
	}
	return ui.Input(ui.InputParams{Field: field})
}

// ErrorLinks are the links of an error summary: each leads to the field that it is about. Errors may be
// about fields of the page's own too, whose ids are their names; the question set may be nil then.
func ErrorLinks(q *forms.Questionnaire, e forms.Errors) []ui.Link {
	anchors := map[string]bool{}
	if q != nil {
		for i := range q.Questions() {
			if i.Type == forms.TypeDate || i.Type == forms.TypeDateTime {
				anchors[i.Field()] = true // a date is several boxes; the first takes the focus
			}
		}
	}
	var links []ui.Link
	for _, wrong := range e.List() {
		anchor := wrong.Field
		if _, is := anchors[forms.FieldOrigin(anchor)]; is {
			anchor += "-day"
		}
		links = append(links, ui.Link{Text: wrong.Message, Href: "#" + anchor})
	}
	return links
}

// hint says when a question is asked and what explains it.
func (f form) hint(i *forms.Item) string {
	var parts []string
	if c := condition(f.q, i); c != "" {
		parts = append(parts, c)
	}
	if i.Hint() != "" {
		parts = append(parts, i.Hint())
	}
	if lines(i) {
		parts = append(parts, onePerLine)
	}
	return strings.Join(parts, " ")
}

func condition(q *forms.Questionnaire, i *forms.Item) string {
	if words := q.ConditionWords(i); words != "" {
		return onlyIf + words + "."
	}
	return ""
}

// lines says whether the answers to a question are written one on each line.
func lines(i *forms.Item) bool { return i.Repeats && i.IsQuestion() && i.Type != forms.TypeChoice }

func (f form) group(i *forms.Item) ui.Group {
	return ui.Group{
		Name: i.Field(), Legend: i.Title(), LegendClasses: ui.LegendS,
		Hint: f.hint(i), Error: f.e.Get(i.Field()),
	}
}

func (f form) field(i *forms.Item) ui.Field {
	return ui.Field{
		Name: i.Field(), Label: i.Title(), LabelClasses: ui.LabelS, Hint: f.hint(i), Error: f.e.Get(i.Field()),
		Value: strings.Join(f.a.Values(i.LinkID), "\n"), Autocomplete: "off",
	}
}

// control is the component that a question is answered with.
func (f form) control(i *forms.Item) templ.Component {
	switch i.Type {
	case forms.TypeBoolean:
		return f.radios(i, []ui.RadioItem{{Value: "true", Text: "Yes"}, {Value: "false", Text: "No"}})
	case forms.TypeChoice:
		return f.choice(i)
	case forms.TypeDate:
		return f.date(i)
	case forms.TypeDateTime:
		return f.moment(i)
	case forms.TypeQuantity:
		if len(i.Units) != 1 {
			return f.quantity(i)
		}
		return f.line(i)
	case forms.TypeText:
		return f.text(i)
	default:
		return f.line(i)
	}
}

func (f form) choice(i *forms.Item) templ.Component {
	switch {
	case i.Repeats:
		var items []ui.CheckboxItem
		for _, o := range i.Options {
			items = append(items, ui.CheckboxItem{Value: o.Key(), Text: o.Label(), Exclusive: o.Exclusive})
		}
		return ui.Checkboxes(ui.CheckboxesParams{Group: f.group(i), Items: items, Values: f.a.Values(i.LinkID)})
	case i.Control == forms.ControlDropDown, i.Control == forms.ControlAutocomplete:
		items := []ui.SelectItem{{Value: "", Text: pleaseChoose}}
		for _, o := range i.Options {
			items = append(items, ui.SelectItem{Value: o.Key(), Text: o.Label()})
		}
		field := f.field(i)
		field.Value = f.a.Text(i.LinkID)
		return ui.Select(ui.SelectParams{Field: field, Items: items})
	default:
		var items []ui.RadioItem
		for _, o := range i.Options {
			items = append(items, ui.RadioItem{Value: o.Key(), Text: o.Label()})
		}
		return f.radios(i, items)
	}
}

func (f form) radios(i *forms.Item, items []ui.RadioItem) templ.Component {
	g := f.group(i)
	if inline(i, items) {
		g.Classes = ui.RadiosInline
	}
	if f.a.Answered(i.LinkID) && !i.Required {
		items = append(slices.Clone(items), ui.RadioItem{Value: "", Text: leaveUnanswered})
	}
	return ui.Radios(ui.RadiosParams{Group: g, Items: items, Value: f.a.Text(i.LinkID)})
}

// inline says whether options stand in one row: where the form asks for it, and otherwise where there are
// two or three of a few letters. The row wraps on narrow screens.
func inline(i *forms.Item, items []ui.RadioItem) bool {
	letters := 0
	for _, item := range items {
		letters += utf8.RuneCountInString(item.Text)
	}
	short := len(items) <= 3 && letters <= 24
	return i.Orientation == forms.OrientationHorizontal || i.Orientation == forms.OrientationUnset && short
}

func (f form) date(i *forms.Item) templ.Component {
	day, month, year := forms.SplitDate(f.a.Text(i.LinkID))
	box := func(name, value string) ui.DateItem {
		return ui.DateItem{Name: name, Value: value, Autocomplete: "off"}
	}
	return ui.DateInput(ui.DateInputParams{
		Group: f.group(i), Items: []ui.DateItem{box("day", day), box("month", month), box("year", year)},
	})
}

func (f form) moment(i *forms.Item) templ.Component {
	day, month, year, clock := forms.SplitDateTime(f.a.Text(i.LinkID))
	box := func(name, value string) ui.DateItem {
		return ui.DateItem{Name: name, Value: value, Autocomplete: "off"}
	}
	at := box("time", clock)
	at.Classes, at.InputMode = ui.Width5, "text"
	g := f.group(i)
	g.Hint = strings.TrimSpace(g.Hint + " For example, 27 3 2026 and 14:30.")
	return ui.DateInput(ui.DateInputParams{
		Group: g, Items: []ui.DateItem{box("day", day), box("month", month), box("year", year), at},
	})
}

// number is the number of a quantity whose unit stands beside it.
func (f form) number(i *forms.Item) ui.InputParams {
	field := f.field(i)
	field.Label, field.LabelClasses, field.Hint, field.Classes = "Number", "", "", ui.Width10
	field.Value, _ = forms.SplitQuantity(f.a.Text(i.LinkID))
	return ui.InputParams{Field: field, InputMode: "decimal"}
}

func (f form) unit(i *forms.Item) ui.Field {
	_, unit := forms.SplitQuantity(f.a.Text(i.LinkID))
	field := ui.Field{Name: i.Field() + "-unit", Label: "Unit", Value: unit, Autocomplete: "off"}
	if len(i.Units) == 0 {
		field.Classes = ui.Width10
	}
	return field
}

func units(i *forms.Item) []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: pleaseChoose}}
	for _, u := range i.Units {
		items = append(items, ui.SelectItem{Value: u.Code, Text: forms.UnitWords(u)})
	}
	return items
}

func (f form) text(i *forms.Item) templ.Component {
	if i.MaxLength > 0 {
		return ui.CharacterCount(ui.CharacterCountParams{Field: f.field(i), MaxLength: i.MaxLength})
	}
	return ui.Textarea(ui.TextareaParams{Field: f.field(i), Rows: 4})
}

func (f form) line(i *forms.Item) templ.Component {
	field := f.field(i)
	if lines(i) {
		return ui.Textarea(ui.TextareaParams{Field: field, Rows: 3})
	}
	p := ui.InputParams{Field: field}
	p.Suffix = i.Unit
	switch i.Type {
	case forms.TypeInteger:
		p.Classes, p.InputMode = ui.Width5, "numeric"
	case forms.TypeDecimal, forms.TypeQuantity:
		p.Classes, p.InputMode = ui.Width10, "decimal"
	case forms.TypeTime:
		p.Classes = ui.Width5
		if p.Hint == "" {
			p.Hint = "For example, 14:30."
		}
		p.Value = strings.TrimSuffix(p.Value, ":00")
	case forms.TypeURL:
		p.Type, p.InputMode = "url", "url"
	case forms.TypeAttachment:
		p.Hint = strings.TrimSpace(p.Hint + " What the document is called. The document itself is kept with the other documents.")
	case forms.TypeReference:
		p.Hint = strings.TrimSpace(p.Hint + " What they, or it, are called.")
	default:
	}
	return ui.Input(p)
}

// asks says whether there is a question in a group, at any depth.
func asks(i *forms.Item) bool {
	return slices.ContainsFunc(i.Items, func(c *forms.Item) bool { return c.IsQuestion() || asks(c) })
}

// paragraphs are the lines of a text that have something on them.
func paragraphs(text string) []string {
	return strings.FieldsFunc(text, func(c rune) bool { return c == '\n' || c == '\r' })
}

func legendClass(depth int) string {
	if depth <= 2 {
		return ui.LegendM
	}
	return ui.LegendS
}

func headingClass(depth int) string {
	switch depth {
	case 1:
		return "govuk-heading-l"
	case 2:
		return "govuk-heading-m"
	default:
		return "govuk-heading-s"
	}
}
