package appointmentsweb

import (
	"context"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// What the forms of these pages are made of.
type (
	field  = fields.Field
	form   = fields.Form
	editor = fields.Editor[*cases.File]
)

const (
	line   = fields.Line
	area   = fields.Area
	radios = fields.Radios
	choice = fields.Choice
	tick   = fields.Tick
	date   = fields.Date
	clock  = fields.Clock
	number = fields.Number
	hidden = fields.Hidden
)

// shown are the forms of a case.
func (p *Pages) shown() fields.Pages[*cases.File] {
	return fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
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
		return v.Room.Links()
	}
	return v.Form.Links()
}
