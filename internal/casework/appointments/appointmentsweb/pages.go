package appointmentsweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Home is the calendar, and Places are those of an agency.
const (
	Home   = "/calendar"
	Places = "/agency/places"

	feedPath = "/calendar/feed"
	outside  = "/feeds/"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	service   *appointments.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *appointments.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{service: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const of = "/cases/{case}/appointments"
	const one = of + "/{appointment}"
	return []web.Route{
		get(Home, cases.ActList, p.calendar),
		get(feedPath, appointments.ActFeed, p.feed),
		post(feedPath, appointments.ActFeed, p.changeFeed),
		{
			Method: http.MethodGet, Pattern: outside + "{token}", Handler: p.outside,
			Public: "a calendar program signs in nowhere: whoever knows the address reads times and the word “Meeting”",
		},
		get(Places, appointments.ActPlaces, p.places),
		post(Places, appointments.ActPlaces, p.addPlace),
		get(Places+"/{place}", appointments.ActPlaces, p.place),
		post(Places+"/{place}", appointments.ActPlaces, p.changePlace),
		get(of, appointments.ActBook, p.list),
		get(of+"/new", appointments.ActBook, p.shown().Show(p.bookEditor())),
		post(of+"/new", appointments.ActBook, p.shown().Send(p.bookEditor())),
		get(one, appointments.ActBook, p.one),
		post(one, appointments.ActBook, p.change),
		get(one+"/move", appointments.ActBook, p.shown().Show(p.moveEditor())),
		post(one+"/move", appointments.ActBook, p.shown().Send(p.moveEditor())),
		get(one+"/outcome", appointments.ActBook, p.shown().Show(p.endEditor())),
		post(one+"/outcome", appointments.ActBook, p.shown().Send(p.endEditor())),
	}
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

func (p *Pages) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return p.cases.DB().Read(ctx, fn)
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool, flash *ui.Flash) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Flash: flash,
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"booked":    "The appointment is booked",
	"asked":     "A manager is asked. Until then nothing is booked",
	"moved":     "The appointment is moved",
	"cancelled": "The appointment is cancelled",
	"ended":     "What became of it is recorded",
	"told":      "It is recorded that they know",
	"stands":    "The appointment stands. Your reason is in the chronology",
	"declined":  "The appointment was not let stand",
	"place":     "The place is kept",
	"room":      "The room is kept",
	"closed":    "The address is closed. Whoever asks for it finds nothing",
}
