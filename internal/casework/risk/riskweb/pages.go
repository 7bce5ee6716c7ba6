package riskweb

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	risk      *risk.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar

	// Beside is what others know that bears on risk, for whoever judges it; nil
	// for nothing.
	Beside func(ctx context.Context, f *cases.File) (templ.Component, error)
}

// New makes the pages.
func New(service *risk.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{risk: service, cases: files, directory: register, bar: bar}
}

// Reviews is where the reviews that are due are listed.
const Reviews = "/risk/reviews"

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const begun = "/cases/{case}/risk-begun/{draft}"
	return []web.Route{
		get("/cases/{case}/risk/new", risk.ActBegin, p.choose),
		post("/cases/{case}/risk/new", risk.ActBegin, p.start),
		get(begun, risk.ActBegin, p.answer),
		post(begun, risk.ActBegin, p.save),
		post(begun+"/save", risk.ActBegin, p.autosave),
		get(begun+"/judgement", risk.ActBegin, p.judgement),
		post(begun+"/judgement", risk.ActBegin, p.judge),
		get(begun+"/check", risk.ActBegin, p.check),
		post(begun+"/record", risk.ActIdentifyNow, p.record),
		post(begun+"/drop", risk.ActBegin, p.drop),
		get("/cases/{case}/risk", cases.ActOpen, p.history),
		get("/cases/{case}/risk/{id}", cases.ActOpen, p.show),
		get("/cases/{case}/risk/{id}/print", cases.ActOpen, p.print),
		get("/cases/{case}/risk/{id}/compare", cases.ActOpen, p.compare),
		get("/questions/risk", cases.ActDesk, p.paper),
		get(Reviews, cases.ActList, p.reviews),
		get("/risk/settings", risk.ActConfigure, p.settings),
		post("/risk/settings", risk.ActConfigure, p.set),
	}
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), cases.Care)
}

func (p *Pages) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return p.cases.DB().Read(ctx, fn)
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Page, error) {
	bar, err := p.bar(ctx, f)
	return web.Page{
		Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases",
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, err
}

func (p *Pages) names(ctx context.Context, actor policy.Actor, accounts ...string) (map[string]string, error) {
	return p.directory.MemberNames(ctx, actor, accounts)
}

// latest is the newest assessment, if there is one.
func (p *Pages) latest(ctx context.Context, f *cases.File, kind risk.Kind) (risk.Identification, bool, error) {
	var latest risk.Identification
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		latest, err = p.risk.LatestOf(ctx, tx, f, kind)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return latest, false, nil
	}
	return latest, err == nil, err
}

type chooseView struct {
	File        *cases.File
	Instruments []risk.Instrument
	Begun       []begunRow
	Errors      forms.Errors
	Set         string
	Below       bool
}

func (p *Pages) choose(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.choosePage(ctx, chooseView{File: f, Set: r.Query("set")})
}

func (p *Pages) choosePage(ctx context.Context, v chooseView) (web.Response, error) {
	var err error
	if v.Instruments, err = p.risk.Instruments(ctx); err != nil {
		return nil, err
	}
	if v.Begun, err = p.begun(ctx, v.File, v.Instruments); err != nil {
		return nil, err
	}
	v.Below = v.File.Actor().Level < risk.Floor
	return p.page(ctx, v.File, "Identify risk", chooseBody(v), v.Errors.Any())
}

// begunRow is a draft in a list.
type begunRow struct {
	Draft risk.Draft
	Name  string
	Path  string
}

func (p *Pages) begun(ctx context.Context, f *cases.File, known []risk.Instrument) ([]begunRow, error) {
	var drafts []risk.Draft
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		drafts, err = p.risk.Begun(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []begunRow
	for _, d := range drafts {
		row := begunRow{Draft: d, Name: d.Kind.Label(), Path: draftPath(f, d.ID)}
		for _, i := range known {
			if i.Form.Canonical() == d.Set {
				row.Name = i.Form.Title
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func draftPath(f *cases.File, id risk.DraftID) string {
	return f.Path() + "/risk-begun/" + string(id)
}

func (p *Pages) start(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := chooseView{File: f, Set: form.Get("set")}
	id, err := p.risk.Start(ctx, f, v.Set)
	if errors.Is(err, store.ErrNotFound) {
		v.Errors.Add("set", "Choose what to ask with")
		return p.choosePage(ctx, v)
	}
	if errs, is := forms.AsErrors(err); is {
		v.Errors = errs
		return p.choosePage(ctx, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(draftPath(f, id)), nil
}

func (p *Pages) paper(ctx context.Context, r *web.Request) (web.Response, error) {
	q := p.risk.Questions()
	if set := r.Query("set"); set != "" {
		i, err := p.risk.Instrument(ctx, set)
		if err != nil {
			return nil, err
		}
		q = i.Form
	}
	return web.Page{Title: "Paper form", Body: paperBody(q)}, nil
}

type reviewsView struct {
	Which   cases.Which
	Manages bool
	Rows    []risk.Due
	Names   map[string]string
	Today   string
	More    string
}

// reviewsPage bounds what one page of the reviews shows.
const reviewsPage = 50

func (p *Pages) reviews(ctx context.Context, r *web.Request) (web.Response, error) {
	v := reviewsView{Which: cases.Mine, Today: p.today(), Manages: r.Actor.Has(policy.Manager)}
	if r.Query("show") == string(cases.All) {
		v.Which = cases.All
	}
	rows, err := p.risk.Reviews(ctx, r.Actor, v.Which, risk.Due{On: r.Query("at"), File: cases.ID(r.Query("after"))}, reviewsPage+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > reviewsPage {
		rows = rows[:reviewsPage]
		last := rows[reviewsPage-1]
		v.More = query(Reviews, "show", string(v.Which), "at", last.On, "after", string(last.File))
	}
	v.Rows = rows
	var leads []string
	for _, d := range rows {
		leads = append(leads, d.Lead)
	}
	if v.Names, err = p.names(ctx, r.Actor, leads...); err != nil {
		return nil, err
	}
	return web.Page{Title: "Risk reviews due", Body: reviewsBody(v), Current: Reviews, Wide: true}, nil
}

func (p *Pages) today() string {
	return store.Moment(p.cases.DB().Clock()()).Format(time.DateOnly)
}

// Tiles are what waits for the actor on their first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	n, err := p.risk.Overdue(ctx, actor, tileMost)
	if err != nil {
		return nil, err
	}
	tile := ui.NumericTile{Label: "Risk reviews due", Value: itoa(n), Href: Reviews}
	if n > 0 {
		tile.Kind = ui.TileLate
	}
	if n == tileMost {
		tile.Note = "or more"
	}
	return []ui.NumericTile{tile}, nil
}

// tileMost bounds what a tile counts.
const tileMost = 100

type settingsView struct {
	Settings []risk.Setting
	Names    map[string]string
	Rule     risk.RepeatRule
	From     [3]string
	Errors   forms.Errors
	Today    string
}

func (p *Pages) settings(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.settingsPage(ctx, r, settingsView{})
}

func (p *Pages) settingsPage(ctx context.Context, r *web.Request, v settingsView) (web.Response, error) {
	var err error
	if v.Settings, err = p.risk.Settings(ctx, r.Actor); err != nil {
		return nil, err
	}
	v.Today = p.today()
	var who []string
	for _, s := range v.Settings {
		who = append(who, s.SetBy)
	}
	if v.Names, err = p.names(ctx, r.Actor, who...); err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Risk: local settings", Body: settingsBody(v), Invalid: v.Errors.Any(), Current: Reviews,
		Flash: r.Done(map[string]string{"set": "The rule is set"}), Back: &ui.Link{Text: "Risk reviews due", Href: Reviews},
	}, nil
}

func (p *Pages) set(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := settingsView{Rule: risk.RepeatRule(form.Get("rule")), From: boxes(form, "from")}
	err = p.risk.SetRepeatRule(ctx, r.Actor, v.Rule, joined(v.From))
	if errs, is := forms.AsErrors(err); is {
		v.Errors = errs
		return p.settingsPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/risk/settings?done=set"), nil
}
