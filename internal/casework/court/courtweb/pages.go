package courtweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/court"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	court     *court.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *court.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{court: service, cases: files, directory: register, bar: bar}
}

type editor = fields.Editor[*cases.File]

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	out := []web.Route{
		get("/court", cases.ActList, p.ahead),
		get("/cases/{case}/court", court.ActCourt, p.overview),
	}
	forms := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	for pattern, e := range map[string]editor{
		"/court/hearings/new":       p.hearingEditor(),
		"/court/hearings/{hearing}": p.hearingChangeEditor(),
		"/court/orders/new":         p.orderEditor(),
		"/court/orders/{order}":     p.orderChangeEditor(),
	} {
		pattern = "/cases/{case}" + pattern
		out = append(out, get(pattern, court.ActCourt, forms.Show(e)), web.Route{Method: http.MethodPost, Pattern: pattern, Action: court.ActCourt, Handler: forms.Send(e)})
	}
	return out
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
	"hearing": "The hearing is recorded",
	"order":   "The order is recorded",
}

func path(f *cases.File) string { return f.Path() + "/court" }

type overviewView struct {
	File     *cases.File
	Hearings []court.Hearing
	Orders   []court.Order
	Today    string
	Kind     func(string) string
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := overviewView{File: f, Today: p.court.Today(), Kind: p.court.KindLabel}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Hearings, err = p.court.Hearings(ctx, tx, f); err != nil {
			return err
		}
		v.Orders, err = p.court.Orders(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Courts and orders", overviewBody(v), false, r.Done(done))
}

// aheadPage is how many dates stand on a page.
const aheadPage = 25

type aheadView struct {
	Dates []court.Date
	All   bool
	More  string
	Today string
	Names map[string]string
	Kind  func(string) string
}

func (p *Pages) ahead(ctx context.Context, r *web.Request) (web.Response, error) {
	v := aheadView{All: r.Query("show") == "all", Today: p.court.Today(), Kind: p.court.KindLabel}
	which := cases.Mine
	if v.All {
		which = cases.All
	}
	var err error
	v.Dates, err = p.court.Ahead(ctx, r.Actor, which, court.Date{On: r.Query("day"), ID: r.Query("after")}, aheadPage)
	if err != nil {
		return nil, err
	}
	var leads []string
	for _, d := range v.Dates {
		leads = append(leads, d.Lead)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, leads); err != nil {
		return nil, err
	}
	if len(v.Dates) == aheadPage {
		last := v.Dates[len(v.Dates)-1]
		q := url.Values{"day": {last.On}, "after": {last.ID}}
		if v.All {
			q.Set("show", "all")
		}
		v.More = "/court?" + q.Encode()
	}
	return web.Page{Title: "Court dates and orders ahead", Body: aheadBody(v), Current: "/cases", Wide: true}, nil
}

type panelView struct {
	File  *cases.File
	Brief court.Brief
	Today string
}

// Panel is what the case page shows of courts and orders.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, court.ActCourt) {
		return nil, nil
	}
	v := panelView{File: f, Today: p.court.Today()}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Brief, err = p.court.Brief(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return panelBody(v), nil
}

func day(s string) string { return cases.DayInWords(s) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// version is the version the page was made from; 0 fits nothing.
func version(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
