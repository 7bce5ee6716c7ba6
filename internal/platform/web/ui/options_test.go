package ui

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// The options of the design system's templates, as far as ours offer them.

// word is text in options, where a number may stand for it.
type word string

func (w *word) UnmarshalJSON(data []byte) error {
	var s string
	if json.Unmarshal(data, &s) == nil {
		*w = word(s)
		return nil
	}
	var n float64
	if json.Unmarshal(data, &n) == nil {
		*w = word(strconv.FormatFloat(n, 'f', -1, 64))
		return nil
	}
	if string(data) == "false" { // shown as nothing
		return nil
	}
	return errors.New("neither text nor a number: " + string(data))
}

type (
	slotOptions struct {
		Text, HTML word
		Classes    string
	}
	labelOptions struct {
		Text, HTML    word
		Classes       string
		IsPageHeading bool
		For           string
	}
	groupOptions    struct{ Classes string }
	fieldsetOptions struct {
		DescribedBy, Classes, Role string
		Legend                     labelOptions
		HTML                       word
	}
	linkOptions struct {
		Text, HTML, Href   word
		Classes            string
		VisuallyHiddenText string
	}
)

func (s *slotOptions) parts() (string, templ.Component) {
	if s == nil {
		return "", nil
	}
	return string(s.Text), rawHTML(string(s.HTML))
}

func links(list []linkOptions) []Link {
	var out []Link
	for _, l := range list {
		out = append(out, Link{Text: string(l.Text), Content: rawHTML(string(l.HTML)), Href: string(l.Href), Classes: l.Classes, HiddenText: l.VisuallyHiddenText})
	}
	return out
}

type fieldOptions struct {
	Name, ID                           string
	Label                              labelOptions
	Hint, ErrorMessage                 *slotOptions
	Value                              word
	DescribedBy, Autocomplete, Classes string
	Disabled                           bool
	Spellcheck                         *bool
	FormGroup                          groupOptions
}

func (o fieldOptions) field() Field {
	f := Field{
		Name: o.Name, ID: o.ID, Label: string(o.Label.Text), LabelContent: rawHTML(string(o.Label.HTML)),
		LabelClasses: o.Label.Classes, LabelIsHeading: o.Label.IsPageHeading, Value: string(o.Value),
		DescribedBy: o.DescribedBy, Autocomplete: o.Autocomplete, Classes: o.Classes, Disabled: o.Disabled,
		GroupClasses: o.FormGroup.Classes,
	}
	if o.Spellcheck != nil {
		f.Spellcheck = strconv.FormatBool(*o.Spellcheck)
	}
	f.Hint, f.HintContent = o.Hint.parts()
	if o.Hint != nil {
		f.HintClasses = o.Hint.Classes
	}
	f.Error, f.ErrorContent = o.ErrorMessage.parts()
	return f
}

type choiceOptions struct {
	Name, IDPrefix, Classes, DescribedBy string
	Fieldset                             *fieldsetOptions
	Hint, ErrorMessage                   *slotOptions
	FormGroup                            groupOptions
}

func (o choiceOptions) group() Group {
	g := Group{Name: o.Name, IDPrefix: o.IDPrefix, Classes: o.Classes, DescribedBy: o.DescribedBy, GroupClasses: o.FormGroup.Classes}
	if f := o.Fieldset; f != nil {
		g.Legend, g.LegendContent = string(f.Legend.Text), rawHTML(string(f.Legend.HTML))
		g.LegendClasses, g.LegendIsHeading = f.Legend.Classes, f.Legend.IsPageHeading
		g.FieldsetClasses = f.Classes
		if f.DescribedBy != "" {
			g.DescribedBy = f.DescribedBy
		}
	}
	g.Hint, g.HintContent = o.Hint.parts()
	g.Error, g.ErrorContent = o.ErrorMessage.parts()
	return g
}

type itemOptions struct {
	Value, Text, HTML, Divider word
	ID, Name, Behaviour        string
	Hint                       *slotOptions
	Label                      struct{ Classes string }
	Checked                    *bool
	Disabled                   bool
	Conditional                *struct{ HTML word }
}

func (i *itemOptions) check() error {
	if i == nil {
		return errors.New("an item that is not one")
	}
	if i.Checked != nil && !*i.Checked {
		return errors.New("an item unticked against the values")
	}
	return nil
}

func (i *itemOptions) conditional() templ.Component {
	if i.Conditional == nil {
		return nil
	}
	return rawHTML(string(i.Conditional.HTML))
}

// numberWord is a number in options, which may be written as text.
type numberWord int

func (n *numberWord) UnmarshalJSON(data []byte) error {
	i, err := strconv.Atoi(strings.Trim(string(data), `"`))
	*n = numberWord(i)
	return err
}

type dateOptions struct {
	left bool // left out
	dateFields
}

func (d *dateOptions) UnmarshalJSON(data []byte) error {
	if string(data) == "false" {
		d.left = true
		return nil
	}
	var err error
	d.dateFields, err = decode[dateFields](data)
	return err
}

type dateFields struct {
	Name, Label, ID, Classes, Autocomplete, InputMode, Pattern string
	Value                                                      word
	Error                                                      *bool
}

type pageLinkOptions struct{ Text, HTML, Href, LabelText word }

func (o *pageLinkOptions) link() *PageLink {
	if o == nil {
		return nil
	}
	return &PageLink{Text: string(o.Text), Content: rawHTML(string(o.HTML)), Href: string(o.Href), Label: string(o.LabelText)}
}

type actionOptions struct {
	Classes string
	Items   []linkOptions
}

type cellOptions struct {
	Text, HTML       word
	Format, Classes  string
	Colspan, Rowspan int
}

func cells(list []cellOptions) []TableCell {
	var out []TableCell
	for _, c := range list {
		out = append(out, TableCell{Text: string(c.Text), Content: rawHTML(string(c.HTML)), Format: c.Format, Classes: c.Classes, Colspan: c.Colspan, Rowspan: c.Rowspan})
	}
	return out
}

// withChildren renders a component with HTML for its children.
func withChildren(c templ.Component, children string) templ.Component {
	if children == "" {
		return c
	}
	return withChild(c, rawHTML(children))
}

func withChild(c, child templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, child), w)
	})
}

// inWords renders a component with words of its own.
func inWords(c templ.Component, w Words) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return c.Render(WithWords(ctx, w), out)
	})
}
