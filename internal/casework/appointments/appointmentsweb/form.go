package appointmentsweb

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// sort is how a field is asked.
type sort string

const (
	line   sort = "line"
	area   sort = "area"
	radios sort = "radios"
	choice sort = "select"
	tick   sort = "tick"
	date   sort = "date"
	clock  sort = "clock"
	number sort = "number"
	hidden sort = "hidden"
)

// field is one question of a form.
type field struct {
	Sort     sort
	Name     string
	Label    string
	Hint     string
	Items    []ui.RadioItem
	Value    string // YYYY-MM-DD for a date
	Day      [3]string
	Heading  string // before it
	Required bool
}

// form is a form of one page.
type form struct {
	File   *cases.File
	Title  string
	Intro  templ.Component
	Action string
	Fields []field
	Button string
	Errors forms.Errors
	After  templ.Component
}

// editor is a form with what happens when it is sent.
type editor struct {
	title string
	build func(ctx context.Context, f *cases.File, r *web.Request) (form, error)
	save  func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error)
}

func (p *Pages) show(e editor) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		f, err := p.open(ctx, r)
		if err != nil {
			return nil, err
		}
		b, err := e.build(ctx, f, r)
		if err != nil {
			return nil, err
		}
		return p.formPage(ctx, e, f, b)
	}
}

func (p *Pages) send(e editor) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		v, err := r.Form()
		if err != nil {
			return nil, err
		}
		f, err := p.open(ctx, r)
		if err != nil {
			return nil, err
		}
		next, err := e.save(ctx, f, r, v)
		if errs, ok := forms.AsErrors(err); ok {
			b, err := e.build(ctx, f, r)
			if err != nil {
				return nil, err
			}
			b.Errors = errs
			if unsafe(errs) || v.Get("manager") == "yes" {
				b.Fields = append(b.Fields, managerFields()...)
			}
			for i := range b.Fields {
				b.Fields[i].fill(v)
			}
			return p.formPage(ctx, e, f, b)
		}
		if err != nil {
			return nil, err
		}
		return web.SeeOther(next), nil
	}
}

func (p *Pages) formPage(ctx context.Context, e editor, f *cases.File, b form) (web.Response, error) {
	b.File = f
	if b.Title == "" {
		b.Title = e.title
	}
	return p.page(ctx, f, e.title, formBody(b), b.Errors.Any(), nil)
}

// fill puts what was typed back into a field.
func (f *field) fill(v url.Values) {
	switch f.Sort {
	case date:
		f.Day = [3]string{v.Get(f.Name + "-day"), v.Get(f.Name + "-month"), v.Get(f.Name + "-year")}
		f.Value = ""
	case hidden:
	case line, area, radios, choice, tick, clock, number:
		f.Value = v.Get(f.Name)
	}
}

// day is the date of a field as three boxes.
func (f field) day() [3]string {
	if t, err := time.Parse(time.DateOnly, f.Value); err == nil {
		return [3]string{t.Format("2"), t.Format("1"), t.Format("2006")}
	}
	return f.Day
}

func (f field) anchor() string {
	if f.Sort == date {
		return f.Name + "-day"
	}
	return f.Name
}

func dayOf(v url.Values, name string) string {
	return forms.JoinDate(v.Get(name+"-day"), v.Get(name+"-month"), v.Get(name+"-year"))
}

// links lead from the summary of errors to the fields.
func (b form) links() []ui.Link {
	var out []ui.Link
	for _, e := range b.Errors.List() {
		to := e.Field
		if i := slices.IndexFunc(b.Fields, func(f field) bool { return f.Name == e.Field }); i >= 0 {
			to = b.Fields[i].anchor()
		} else if len(b.Fields) > 0 {
			to = b.Fields[0].anchor()
		}
		out = append(out, ui.Link{Text: e.Message, Href: "#" + to})
	}
	return out
}

// links lead from the summary of errors to the controls of an appointment's page.
func (v oneView) links() []ui.Link {
	var out []ui.Link
	for _, e := range v.Errors.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// links lead from the summary of errors to the fields of either form.
func (v placeView) links() []ui.Link {
	if v.Errors.Has("room") {
		return v.Room.links()
	}
	return v.Form.links()
}

// labelled is a code with its words.
type labelled interface {
	~string
	Label() string
}

func items[T labelled](list []T) []ui.RadioItem {
	var out []ui.RadioItem
	for _, one := range list {
		out = append(out, ui.RadioItem{Value: string(one), Text: one.Label()})
	}
	return out
}

func selects(list []ui.RadioItem, first string) []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: first}}
	for _, one := range list {
		out = append(out, ui.SelectItem{Value: one.Value, Text: one.Text})
	}
	return out
}
