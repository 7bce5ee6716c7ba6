package supervisionweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/supervision"
	"waymark/internal/casework/support"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Home is the address of those whose work a supervisor looks after.
const Home = "/supervision"

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	supervision *supervision.Service
	support     *support.Service
	cases       *cases.Service
	directory   *directory.Register
	bar         Bar
}

// New makes the pages.
func New(service *supervision.Service, loads *support.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{supervision: service, support: loads, cases: files, directory: register, bar: bar}
}

// colleague is a worker whose supervision a page is about.
type colleague struct {
	Account, Name string
	Pair          supervision.Pair
	Met           []supervision.Meeting
}

func (c colleague) path() string { return Home + "/" + c.Account }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	out := []web.Route{
		get(Home, supervision.ActSupervise, p.workers),
		get(Home+"/{worker}", supervision.ActSupervise, p.worker),
		get("/cases/{case}/supervision", supervision.ActRead, p.overview),
		get("/cases/{case}/supervision/notes", cases.Supervised.Action(), p.notes),
	}
	team := fields.Pages[colleague]{Open: p.openColleague, Page: func(_ context.Context, c colleague, title string, body templ.Component, invalid bool) (web.Response, error) {
		return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/cases", Back: &ui.Link{Text: "Back to the caseload", Href: c.path()}}, nil
	}}
	for pattern, e := range map[string]fields.Editor[colleague]{"/arrange": p.arrangeEditor(), "/met": p.metEditor()} {
		pattern = Home + "/{worker}" + pattern
		out = append(out, get(pattern, supervision.ActSupervise, team.Show(e)), web.Route{Method: http.MethodPost, Pattern: pattern, Action: supervision.ActSupervise, Handler: team.Send(e)})
	}
	forms := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	for pattern, e := range map[string]struct {
		action policy.Action
		editor fields.Editor[*cases.File]
	}{
		"/new":              {supervision.ActRead, p.discussEditor()},
		"/sign":             {supervision.ActRead, p.signEditor()},
		"/actions/{action}": {supervision.ActDo, p.actionEditor()},
	} {
		// To whom a case is not there, its forms are not there: who works with it
		// and does not supervise is refused by the form itself.
		pattern = "/cases/{case}/supervision" + pattern
		out = append(out, get(pattern, e.action, forms.Show(e.editor)), web.Route{Method: http.MethodPost, Pattern: pattern, Action: e.action, Handler: forms.Send(e.editor)})
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

func (p *Pages) openColleague(ctx context.Context, r *web.Request) (colleague, error) {
	c := colleague{Account: r.Path("worker")}
	var err error
	if c.Pair, c.Met, err = p.supervision.PairOf(ctx, r.Actor, c.Account); err != nil {
		return c, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{c.Account})
	c.Name = names[c.Account]
	if err == nil && c.Name == "" {
		err = store.ErrNotFound
	}
	return c, err
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
	"arranged": "It is recorded how often you meet",
	"met":      "The meeting is recorded",
	"noted":    "What was said is recorded, and what was agreed is a task",
	"signed":   "Your name is under it",
	"action":   "What came of it is recorded",
}

func path(f *cases.File) string { return f.Path() + "/supervision" }

// workersPage is how many workers stand on a page: each caseload is weighed.
const workersPage = 10

type workersView struct {
	Loads []support.WorkerLoad
	Names map[string]string
	Pairs map[string]supervision.Pair
	Today string
	More  string
}

func (p *Pages) workers(ctx context.Context, r *web.Request) (web.Response, error) {
	v := workersView{Today: p.supervision.Today()}
	var err error
	if v.Pairs, err = p.supervision.Pairs(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Loads, err = p.support.Loads(ctx, r.Actor, r.Query("after"), workersPage); err != nil {
		return nil, err
	}
	var accounts []string
	for _, l := range v.Loads {
		accounts = append(accounts, l.Worker)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if len(v.Loads) == workersPage {
		v.More = Home + "?" + url.Values{"after": {v.Loads[len(v.Loads)-1].Worker}}.Encode()
	}
	return web.Page{Title: "Supervision", Body: workersBody(v), Current: "/cases", Wide: true}, nil
}

// casesPage is how many cases of a worker stand on a page.
const casesPage = 25

type workerView struct {
	colleague

	Lines []support.Line
	Load  support.Load
	Names map[string]string
	Today string
	Now   time.Time
	Zone  *time.Location
	Own   bool // the actor looks at their own
	More  string
}

func (p *Pages) worker(ctx context.Context, r *web.Request) (web.Response, error) {
	c, err := p.openColleague(ctx, r)
	if err != nil {
		return nil, err
	}
	var after *support.Key
	if weight, err := strconv.Atoi(r.Query("weight")); err == nil {
		after = &support.Key{Weight: weight, Soonest: r.Query("day"), ID: cases.ID(r.Query("after"))}
	}
	now := p.support.Now()
	v := workerView{colleague: c, Today: p.supervision.Today(), Now: now, Zone: p.support.Zone(), Own: c.Account == r.Actor.Account}
	if v.Lines, v.Load, err = p.support.CaseloadOf(ctx, r.Actor, c.Account, after, casesPage); err != nil {
		return nil, err
	}
	accounts := []string{c.Pair.Supervisor}
	for _, m := range c.Met {
		accounts = append(accounts, m.Supervisor)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if len(v.Lines) == casesPage {
		last := v.Lines[len(v.Lines)-1].Key()
		v.More = c.path() + "?" + url.Values{"weight": {strconv.Itoa(last.Weight)}, "day": {last.Soonest}, "after": {string(last.ID)}}.Encode()
	}
	return web.Page{
		Title: "Caseload of a colleague", Body: workerBody(v), Current: "/cases", Wide: true, Flash: r.Done(done), Back: &ui.Link{Text: "All whose work you look after", Href: Home},
	}, nil
}

func (p *Pages) arrangeEditor() fields.Editor[colleague] {
	return fields.Editor[colleague]{
		Title: "Supervise a colleague",
		Build: func(_ context.Context, c colleague, _ *web.Request) (fields.Form, error) {
			weeks := ""
			if c.Pair.Weeks > 0 {
				weeks = strconv.Itoa(c.Pair.Weeks)
			}
			return fields.Form{Title: "Supervise " + c.Name, Action: c.path() + "/arrange", Button: "Record", Fields: []fields.Field{
				{Sort: fields.Number, Name: "weeks", Label: "How many weeks lie between two meetings?", Value: weeks},
				{Sort: fields.Date, Name: "next", Label: "By when do you meet next?", Value: c.Pair.Next},
			}}, nil
		},
		Save: func(ctx context.Context, c colleague, r *web.Request, v url.Values) (string, error) {
			weeks, err := strconv.Atoi(v.Get("weeks"))
			if err != nil {
				weeks = 0
			}
			return c.path() + "?done=arranged", p.supervision.SetPair(ctx, r.Actor, c.Account, weeks, fields.Day(v, "next"))
		},
	}
}

func (p *Pages) metEditor() fields.Editor[colleague] {
	return fields.Editor[colleague]{
		Title: "Record a meeting",
		Build: func(_ context.Context, c colleague, _ *web.Request) (fields.Form, error) {
			next := ""
			if day, err := time.Parse(time.DateOnly, p.supervision.Today()); err == nil && c.Pair.Weeks > 0 {
				next = day.AddDate(0, 0, 7*c.Pair.Weeks).Format(time.DateOnly)
			}
			return fields.Form{Title: "You met " + c.Name, Intro: metIntro(), Action: c.path() + "/met", Button: "Record the meeting", Fields: []fields.Field{
				{Sort: fields.Date, Name: "on", Label: "When did you meet?", Value: p.supervision.Today()},
				{Sort: fields.Date, Name: "then", Label: "When do you meet next?", Value: next},
			}}, nil
		},
		Save: func(ctx context.Context, c colleague, r *web.Request, v url.Values) (string, error) {
			return c.path() + "?done=met", p.supervision.Met(ctx, r.Actor, c.Account, fields.Day(v, "on"), fields.Day(v, "then"))
		},
	}
}

// Tiles are the counts of supervision on the first page of a manager.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Manager) {
		return nil, nil
	}
	n, err := p.supervision.Overdue(ctx, actor)
	if err != nil || n == 0 {
		return nil, err
	}
	return []ui.NumericTile{{Label: "Supervision overdue", Value: strconv.FormatInt(n, 10), Href: Home, Kind: ui.TileLate}}, nil
}
