package groupsweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Home is the list of groups.
const Home = "/groups"

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	service   *groups.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *groups.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{service: service, cases: files, directory: register, bar: bar}
}

// What the forms of these pages are made of.
type (
	field  = fields.Field
	form   = fields.Form
	editor = fields.Editor[*cases.File]
	keeper = fields.Editor[run]
)

// run is a group as whoever runs it has it open; without a view it is about to
// begin.
type run struct {
	Actor policy.Actor
	groups.View
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const (
		one     = Home + "/{group}"
		session = one + "/sessions/{session}"
		of      = "/cases/{case}/groups"
		member  = of + "/{member}"
	)
	begins, keeps := p.forms(p.beginner), p.forms(p.kept)
	shown := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	return []web.Route{
		get(Home, groups.ActList, p.list),
		get(Home+"/new", groups.ActBegin, begins.Show(p.newEditor(true))),
		post(Home+"/new", groups.ActBegin, begins.Send(p.newEditor(true))),
		get(Home+"/local", groups.ActBegin, begins.Show(p.newEditor(false))),
		post(Home+"/local", groups.ActBegin, begins.Send(p.newEditor(false))),
		get(one, groups.ActRun, p.one),
		post(one, groups.ActRun, p.end),
		get(one+"/change", groups.ActRun, keeps.Show(p.changeEditor())),
		post(one+"/change", groups.ActRun, keeps.Send(p.changeEditor())),
		get(one+"/plan", groups.ActRun, keeps.Show(p.planEditor())),
		post(one+"/plan", groups.ActRun, keeps.Send(p.planEditor())),
		get(session, groups.ActRun, p.register),
		post(session, groups.ActRun, p.attend),
		get(session+"/move", groups.ActRun, keeps.Show(p.moveEditor())),
		post(session+"/move", groups.ActRun, keeps.Send(p.moveEditor())),
		get(of, groups.ActOffer, p.overview),
		get(of+"/new", groups.ActOffer, shown.Show(p.offerEditor())),
		post(of+"/new", groups.ActOffer, shown.Send(p.offerEditor())),
		get(member, groups.ActOffer, p.member),
		post(member, groups.ActOffer, p.changeMember),
		get(member+"/answer", groups.ActOffer, shown.Show(p.answerEditor())),
		post(member+"/answer", groups.ActOffer, shown.Send(p.answerEditor())),
	}
}

// forms are the forms of a group.
func (p *Pages) forms(open func(context.Context, *web.Request) (run, error)) fields.Pages[run] {
	return fields.Pages[run]{Open: open, Page: func(_ context.Context, t run, title string, body templ.Component, invalid bool) (web.Response, error) {
		back := &ui.Link{Text: "Groups", Href: Home}
		if t.Group.ID != "" {
			back = &ui.Link{Text: "The group", Href: t.Group.Path()}
		}
		return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: back}, nil
	}}
}

func (p *Pages) beginner(_ context.Context, r *web.Request) (run, error) {
	return run{Actor: r.Actor}, nil
}

func (p *Pages) view(ctx context.Context, r *web.Request) (run, error) {
	v, err := p.service.View(ctx, r.Actor, groups.ID(r.Path("group")))
	return run{Actor: r.Actor, View: v}, err
}

// kept is a group without anybody in it.
func (p *Pages) kept(ctx context.Context, r *web.Request) (run, error) {
	v, err := p.service.Kept(ctx, r.Actor, groups.ID(r.Path("group")))
	return run{Actor: r.Actor, View: v}, err
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
	"kept":     "The group is kept",
	"planned":  "The sessions are planned",
	"moved":    "The session is moved. Waymark tells nobody",
	"off":      "The session is called off. Waymark tells nobody",
	"register": "The register is recorded",
	"joined":   "They have a place in the group",
	"waiting":  "There is no place now. They wait for one",
	"asked":    "A manager is asked. Until then they have no place",
	"offered":  "What they said is recorded",
	"left":     "It is recorded that they left",
	"stands":   "The place stands. Your reason is in the chronology",
	"declined": "The place was not let stand",
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func itoa(n int) string { return strconv.Itoa(n) }

func versionOf(v url.Values) int64 {
	n, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
	return n
}

// padded is a time of the clock with two digits for the hour.
func padded(text string) string {
	if len(text) == len("9:30") {
		return "0" + text
	}
	return text
}
