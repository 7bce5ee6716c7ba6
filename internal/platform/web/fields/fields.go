package fields

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Sort is how a field is asked.
type Sort string

// The sorts.
const (
	Line   Sort = "line"
	Area   Sort = "area"
	Radios Sort = "radios"
	Choice Sort = "select"
	Tick   Sort = "tick"
	Ticks  Sort = "ticks" // several of the items; the value is their codes with commas between
	Date   Sort = "date"
	Clock  Sort = "clock"
	Number Sort = "number"
	Hidden Sort = "hidden"
	Secret Sort = "secret" // what is typed never comes back onto a page
)

// Field is one question of a form.
type Field struct {
	Sort    Sort
	Name    string
	Label   string
	Hint    string
	Items   []ui.RadioItem
	Value   string // YYYY-MM-DD for a date
	Heading string // before it

	typed [3]string // the boxes of a date that is none
}

// Form is a form of one page.
type Form struct {
	Title  string // empty: that of the editor
	Intro  templ.Component
	Action string
	Fields []Field
	Button string
	Errors forms.Errors
	After  templ.Component
}

// Editor is a form with what happens when it is sent: Save returns the address
// that is shown then.
type Editor[F any] struct {
	Title string
	Build func(ctx context.Context, f F, r *web.Request) (Form, error)
	Save  func(ctx context.Context, f F, r *web.Request, v url.Values) (string, error)
	// More are the fields that come with what is wrong, and nowhere else; nil
	// for none.
	More func(v url.Values, errs forms.Errors) []Field
}

// Pages opens what forms are about, and makes pages of them.
type Pages[F any] struct {
	Open func(ctx context.Context, r *web.Request) (F, error)
	Page func(ctx context.Context, f F, title string, body templ.Component, invalid bool) (web.Response, error)
}

// Show shows an empty form.
func (p Pages[F]) Show(e Editor[F]) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		f, err := p.Open(ctx, r)
		if err != nil {
			return nil, err
		}
		b, err := e.Build(ctx, f, r)
		if err != nil {
			return nil, err
		}
		return p.page(ctx, e, f, b)
	}
}

// Send takes what was typed: it is saved, or the form comes back with what is
// wrong.
func (p Pages[F]) Send(e Editor[F]) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		v, err := r.Form()
		if err != nil {
			return nil, err
		}
		f, err := p.Open(ctx, r)
		if err != nil {
			return nil, err
		}
		next, err := e.Save(ctx, f, r, v)
		if errs, ok := forms.AsErrors(err); ok {
			b, err := e.Build(ctx, f, r)
			if err != nil {
				return nil, err
			}
			if e.More != nil {
				b.Fields = append(b.Fields, e.More(v, errs)...)
			}
			b.Refill(v, errs)
			return p.page(ctx, e, f, b)
		}
		if err != nil {
			return nil, err
		}
		return web.SeeOther(next), nil
	}
}

func (p Pages[F]) page(ctx context.Context, e Editor[F], f F, b Form) (web.Response, error) {
	if b.Title == "" {
		b.Title = e.Title
	}
	return p.Page(ctx, f, e.Title, Body(b), b.Errors.Any())
}

// Refill puts back what was typed, with what is wrong with it. Of a form that
// nobody has sent, v is nil.
func (b *Form) Refill(v url.Values, errs forms.Errors) {
	b.Errors = errs
	if v == nil {
		return
	}
	for i := range b.Fields {
		b.Fields[i].fill(v)
	}
}

func (f *Field) fill(v url.Values) {
	switch f.Sort {
	case Date:
		f.typed = [3]string{v.Get(f.Name + "-day"), v.Get(f.Name + "-month"), v.Get(f.Name + "-year")}
		f.Value = ""
	case Ticks:
		f.Value = strings.Join(v[f.Name], ",")
	case Secret:
		f.Value = ""
	case Hidden:
	case Line, Area, Radios, Choice, Tick, Clock, Number:
		f.Value = v.Get(f.Name)
	}
}

// ticked tells which of the items are ticked.
func (f Field) ticked() []ui.CheckboxItem {
	on := strings.Split(f.Value, ",")
	out := make([]ui.CheckboxItem, len(f.Items))
	for i, one := range f.Items {
		out[i] = ui.CheckboxItem{Value: one.Value, Text: one.Text, Hint: one.Hint, Checked: slices.Contains(on, one.Value)}
	}
	return out
}

// boxes are a date as three boxes.
func (f Field) boxes() [3]string {
	if t, err := time.Parse(time.DateOnly, f.Value); err == nil {
		return [3]string{t.Format("2"), t.Format("1"), t.Format("2006")}
	}
	return f.typed
}

func (f Field) anchor() string {
	if f.Sort == Date {
		return f.Name + "-day"
	}
	return f.Name
}

// Day is the date that was typed into a field, YYYY-MM-DD where it is one.
func Day(v url.Values, name string) string {
	return forms.JoinDate(v.Get(name+"-day"), v.Get(name+"-month"), v.Get(name+"-year"))
}

// Links lead from the summary of errors to the fields.
func (b Form) Links() []ui.Link {
	var out []ui.Link
	for _, e := range b.Errors.List() {
		to := e.Field
		if i := slices.IndexFunc(b.Fields, func(f Field) bool { return f.Name == e.Field }); i >= 0 {
			to = b.Fields[i].anchor()
		} else if len(b.Fields) > 0 {
			to = b.Fields[0].anchor()
		}
		out = append(out, ui.Link{Text: e.Message, Href: "#" + to})
	}
	return out
}

// Labelled is a code with its words.
type Labelled interface {
	~string
	Label() string
}

// Items offers codes by their words.
func Items[T Labelled](list []T) []ui.RadioItem {
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
