// Package oversightweb has the key contact's pages about the reading of the
// agency's files, and the person's own report.
package oversightweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/oversight"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Home is the first page of oversight.
const Home = "/oversight"

// Pages are the pages of this package.
type Pages struct {
	oversight *oversight.Service
	directory *directory.Register
}

// New makes the pages.
func New(service *oversight.Service, register *directory.Register) *Pages {
	return &Pages{oversight: service, directory: register}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: Home + pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: Home + pattern, Action: action, Handler: h}
	}
	return []web.Route{
		get("", oversight.ActLook, p.home),
		post("/find", oversight.ActLook, p.find),
		get("/cases/{file}", oversight.ActTrail, p.trail),
		get("/cases/{file}/report", oversight.ActReport, p.reportForm),
		post("/cases/{file}/report", oversight.ActReport, p.askReport),
		get("/reports/{report}", oversight.ActReport, p.report),
		post("/reports/{report}/print", oversight.ActReport, p.print),
		get("/workers", oversight.ActWorker, p.workers),
		get("/workers/{account}", oversight.ActWorker, p.worker),
		get("/workers/{account}/day", oversight.ActWorker, p.day),
		get("/refusals", oversight.ActLook, p.refusals),
		get("/emergencies", cases.ActReview, p.emergencies),
		get("/findings", oversight.ActSettle, p.findings),
		get("/findings/{finding}", oversight.ActSettle, p.finding),
		post("/findings/{finding}", oversight.ActSettle, p.settle),
		get("/settings", oversight.ActConfigure, p.settings),
		post("/settings", oversight.ActConfigure, p.configure),
	}
}

// Tiles are what waits for a key contact, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.KeyContact) {
		return nil, nil
	}
	emergencies, findings, err := p.oversight.Waiting(ctx, actor)
	if err != nil {
		return nil, err
	}
	return []ui.NumericTile{
		{Label: "Emergency accesses", Value: strconv.Itoa(emergencies), Href: Home + "/emergencies", Note: "to review"},
		{Label: "Unusual reading", Value: strconv.Itoa(findings), Href: Home + "/findings", Note: "to look at"},
	}, nil
}

// Panel is what the case page offers to whoever holds the case.
func (p *Pages) Panel(_ context.Context, f *cases.File) (templ.Component, error) {
	if f.Lead() != f.Actor().Account {
		return nil, nil //nolint:nilnil // nothing to add, as panels say it
	}
	return panel(f), nil
}

// page is a page of oversight below its first.
func (p *Pages) page(title string, body templ.Component) web.Page {
	return web.Page{Title: title, Body: body, Current: Home, Back: &ui.Link{Text: "Oversight", Href: Home}, Wide: true}
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"settled":    "What you decided is recorded",
	"configured": "The settings are saved",
	"asked":      "What the person said is recorded, and nothing is given",
}

func before(r *web.Request) int64 {
	n, err := strconv.ParseInt(r.Query("before"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func after(path, name, value string) string {
	return path + "?" + url.Values{name: {value}}.Encode()
}

func earlier(path string, more int64) string {
	if more == 0 {
		return ""
	}
	return after(path, "before", strconv.FormatInt(more, 10))
}

type homeView struct {
	Tiles    []ui.NumericTile
	Fields   findFields
	Found    []oversight.FileRef
	Searched bool
	Watched  string
}

type findFields struct {
	Number, Given, Family, Day, Month, Year string
	Errors                                  forms.Errors
}

func (p *Pages) home(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.homePage(ctx, r, homeView{}, false)
}

func (p *Pages) homePage(ctx context.Context, r *web.Request, v homeView, invalid bool) (web.Response, error) {
	var err error
	if v.Tiles, err = p.Tiles(ctx, r.Actor); err != nil {
		return nil, err
	}
	at, err := p.oversight.Watched(ctx)
	if err != nil {
		return nil, err
	}
	if v.Watched = "not yet"; !at.IsZero() {
		v.Watched = p.when(at)
	}
	return web.Page{Title: "Oversight", Body: homeBody(v), Current: Home, Flash: r.Done(done), Invalid: invalid, Wide: true}, nil
}

func (p *Pages) find(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f := findFields{
		Number: form.Get("number"), Given: form.Get("given_name"), Family: form.Get("family_name"),
		Day: form.Get("born-day"), Month: form.Get("born-month"), Year: form.Get("born-year"),
	}
	look := oversight.Find{Person: people.Details{GivenName: f.Given, FamilyName: f.Family}}
	if f.Day != "" || f.Month != "" || f.Year != "" {
		look.Person.Born = forms.JoinDate(f.Day, f.Month, f.Year)
	}
	if f.Number != "" {
		if look.Number, err = strconv.ParseInt(f.Number, 10, 64); err != nil || look.Number <= 0 {
			f.Errors.Add("number", "Enter the number of the case in figures")
			return p.homePage(ctx, r, homeView{Fields: f}, true)
		}
	}
	found, err := p.oversight.Look(ctx, r.Actor, look)
	if errs, ok := forms.AsErrors(err); ok {
		f.Errors = errs
		return p.homePage(ctx, r, homeView{Fields: f}, true)
	}
	if err != nil {
		return nil, err
	}
	if len(found) == 1 {
		return web.SeeOther(found[0].Path()), nil
	}
	return p.homePage(ctx, r, homeView{Found: found, Searched: true}, false)
}

type trailView struct {
	oversight.Trail
	Earlier string
}

func (p *Pages) trail(ctx context.Context, r *web.Request) (web.Response, error) {
	t, err := p.oversight.Trail(ctx, r.Actor, r.Path("file"), before(r))
	if err != nil {
		return nil, err
	}
	page := p.page("Who has looked at a case", p.trailBody(trailView{t, earlier(t.File.Path(), t.More)}))
	page.Flash = r.Done(done)
	if t.Lead {
		page.Current, page.Back = "/cases", &ui.Link{Text: "Back to the case", Href: "/cases/" + string(t.File.ID)}
	}
	return page, nil
}

func (p *Pages) workers(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.directory.Colleagues(ctx, r.Actor, "", directory.Page{After: r.Query("after")})
	if err != nil {
		return nil, err
	}
	more := ""
	if list.Next != "" {
		more = after(Home+"/workers", "after", list.Next)
	}
	return p.page("Colleagues", workersBody(list.Items, more)), nil
}

type workerView struct {
	Who     oversight.Worker
	Days    []oversight.Day
	Earlier string
}

func (p *Pages) worker(ctx context.Context, r *web.Request) (web.Response, error) {
	v := workerView{}
	var err error
	if v.Who, v.Days, err = p.oversight.WorkerDays(ctx, r.Actor, r.Path("account"), r.Query("before")); err != nil {
		return nil, err
	}
	if oversight.FullDays(v.Days) {
		v.Earlier = after(workerPath(v.Who.Account), "before", v.Days[len(v.Days)-1].On)
	}
	page := p.page("What a colleague saw", workerBody(v))
	page.Back = &ui.Link{Text: "Colleagues", Href: Home + "/workers"}
	return page, nil
}

func workerPath(account string) string { return Home + "/workers/" + account }

func dayPath(account, on string) string { return after(workerPath(account)+"/day", "on", on) }

func (p *Pages) day(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.oversight.WorkerDay(ctx, r.Actor, r.Path("account"), r.Query("on"), before(r))
	if err != nil {
		return nil, err
	}
	more := ""
	if v.More > 0 {
		more = dayPath(v.Who.Account, v.Day.On) + "&before=" + strconv.FormatInt(v.More, 10)
	}
	page := p.page("A colleague's day", p.dayBody(v, more))
	page.Back = &ui.Link{Text: "All days", Href: workerPath(v.Who.Account)}
	return page, nil
}

func (p *Pages) refusals(ctx context.Context, r *web.Request) (web.Response, error) {
	list, more, err := p.oversight.Refusals(ctx, r.Actor, before(r))
	if err != nil {
		return nil, err
	}
	return p.page("Refusals", p.refusalsBody(list, earlier(Home+"/refusals", more))), nil
}

func (p *Pages) emergencies(ctx context.Context, r *web.Request) (web.Response, error) {
	reviewed := r.Query("show") == "reviewed"
	list, more, err := p.oversight.Emergencies(ctx, r.Actor, reviewed, r.Query("after"))
	if err != nil {
		return nil, err
	}
	return p.page("Emergency accesses", p.emergenciesBody(list, reviewed, moreOf(Home+"/emergencies", "reviewed", reviewed, more))), nil
}

// moreOf is the address of the next page of a list that has two halves.
func moreOf(path, second string, of bool, next string) string {
	if next == "" {
		return ""
	}
	v := url.Values{"after": {next}}
	if of {
		v.Set("show", second)
	}
	return path + "?" + v.Encode()
}

func (p *Pages) findings(ctx context.Context, r *web.Request) (web.Response, error) {
	settled := r.Query("show") == "settled"
	list, more, err := p.oversight.Findings(ctx, r.Actor, settled, r.Query("after"))
	if err != nil {
		return nil, err
	}
	page := p.page("Unusual reading", p.findingsBody(list, settled, moreOf(Home+"/findings", "settled", settled, more)))
	page.Flash = r.Done(done)
	return page, nil
}

type findingView struct {
	oversight.Finding
	Choice string
	Typed  string
	Errors forms.Errors
}

func (p *Pages) finding(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.oversight.Finding(ctx, r.Actor, r.Path("finding"))
	if err != nil {
		return nil, err
	}
	return p.findingPage(findingView{Finding: f}), nil
}

func (p *Pages) findingPage(v findingView) web.Page {
	page := p.page("Unusual reading to look at", p.findingBody(v))
	page.Invalid, page.Back = v.Errors.Any(), &ui.Link{Text: "Unusual reading", Href: Home + "/findings"}
	return page
}

func (p *Pages) settle(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := findingView{Choice: form.Get("verdict"), Typed: form.Get("words")}
	if v.Finding, err = p.oversight.Finding(ctx, r.Actor, r.Path("finding")); err != nil {
		return nil, err
	}
	err = p.oversight.Settle(ctx, v.Finding, oversight.Settlement(v.Choice), v.Typed)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.findingPage(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "/findings?done=settled"), nil
}

type settingsView struct {
	Many, Supervised string
	Names            bool
	Errors           forms.Errors
}

func (p *Pages) settings(ctx context.Context, r *web.Request) (web.Response, error) {
	s, err := p.oversight.Settings(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return p.settingsPage(settingsView{Many: strconv.FormatInt(s.ManyFiles, 10), Supervised: strconv.FormatInt(s.Supervised, 10), Names: s.WorkerNames}), nil
}

func (p *Pages) settingsPage(v settingsView) web.Page {
	page := p.page("What counts as unusual", settingsBody(v))
	page.Invalid, page.Wide = v.Errors.Any(), false
	return page
}

func (p *Pages) configure(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := settingsView{Many: form.Get("many_files"), Supervised: form.Get("supervised"), Names: form.Get("worker_names") == "yes"}
	// What is no number is 0, which the check refuses.
	many, _ := strconv.ParseInt(v.Many, 10, 64)
	supervised, _ := strconv.ParseInt(v.Supervised, 10, 64)
	err = p.oversight.Configure(ctx, r.Actor, oversight.Setting{ManyFiles: many, Supervised: supervised, WorkerNames: v.Names})
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.settingsPage(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=configured"), nil
}

type askView struct {
	File   oversight.FileRef
	New    oversight.NewReport
	Errors forms.Errors
}

func (p *Pages) reportForm(ctx context.Context, r *web.Request) (web.Response, error) {
	ref, err := p.oversight.ForReport(ctx, r.Actor, r.Path("file"))
	if err != nil {
		return nil, err
	}
	return p.askPage(askView{File: ref}), nil
}

func (p *Pages) askPage(v askView) web.Page {
	page := p.page("Before the report is given", askBody(v))
	page.Invalid, page.Wide, page.Back = v.Errors.Any(), false, &ui.Link{Text: "Who has looked at this case", Href: v.File.Path()}
	return page
}

func (p *Pages) askReport(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := askView{New: oversight.NewReport{
		Way: oversight.GivenWay(form.Get("way")), Words: form.Get("words"), Alone: form.Get("alone") == "yes", Present: form.Get("present"),
	}}
	id, err := p.oversight.AskReport(ctx, r.Actor, r.Path("file"), v.New)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		if v.File, err = p.oversight.ForReport(ctx, r.Actor, r.Path("file")); err != nil {
			return nil, err
		}
		return p.askPage(v), nil
	}
	if err != nil {
		return nil, err
	}
	if v.New.Way == oversight.NotGiven {
		return web.SeeOther(Home + "/cases/" + url.PathEscape(r.Path("file")) + "?done=asked"), nil
	}
	return web.SeeOther(oversight.Given{ID: id}.Path()), nil
}

func (p *Pages) report(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.oversight.Report(ctx, r.Actor, r.Path("report"))
	if err != nil {
		return nil, err
	}
	page := p.page("Who has looked at my record", p.reportBody(v))
	page.Wide, page.Back = false, &ui.Link{Text: "Who has looked at this case", Href: v.File.Path()}
	return page, nil
}

// print answers with the paper itself: it is not there without the entry that
// it was printed.
func (p *Pages) print(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.oversight.Report(ctx, r.Actor, r.Path("report"))
	if err != nil {
		return nil, err
	}
	if err := p.oversight.Print(ctx, v); err != nil {
		if errors.Is(err, store.ErrConflict) {
			return web.SeeOther(v.Path()), nil
		}
		return nil, err
	}
	page := p.page("Who has looked at my record", p.paperBody(v))
	page.Wide, page.Back = false, &ui.Link{Text: "Back", Href: v.Path()}
	return page, nil
}

// when is a moment in words.
func (p *Pages) when(t time.Time) string {
	return t.In(p.oversight.Zone()).Format("2 January 2006, 3:04pm")
}

// dayWords puts a stored day into words.
func dayWords(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("Monday 2 January 2006")
}
