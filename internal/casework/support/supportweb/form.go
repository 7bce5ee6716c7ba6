package supportweb

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
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

// momentOf is a day and a time of the place; zero when they are none.
func momentOf(v url.Values, name string, zone *time.Location) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", fields.Day(v, name)+" "+strings.TrimSpace(v.Get(name+"-time")), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}
