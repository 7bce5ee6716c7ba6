package returnsweb

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/returns"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Overview is the address of the page that leads to every MARAC's year.
const Overview = "/measures/marac"

// Path is the address of the returns of a MARAC.
func Path(agency string) string { return "/marac/" + agency + "/returns" }

// YearPath is the address of how a MARAC is doing, in the year to the end of a
// quarter; of the last one that is over when it is empty.
func YearPath(agency, quarter string) string {
	path := "/marac/" + agency + "/year"
	if quarter != "" {
		path += "/" + quarter
	}
	return path
}

// none stands in an address for no meeting: what was heard between meetings.
const none = "none"

// Pages are the pages of this package.
type Pages struct {
	s         *returns.Service
	directory *directory.Register
}

// New makes the pages.
func New(s *returns.Service, people *directory.Register) *Pages {
	return &Pages{s: s, directory: people}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	const one = "/marac/{agency}/returns/{quarter}"
	final := p.finals()
	reviewed := fields.Pages[string]{
		Open: func(_ context.Context, r *web.Request) (string, error) { return r.Path("agency"), nil },
		Page: func(_ context.Context, agency, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/marac", Back: &ui.Link{Text: "How the MARAC is doing", Href: YearPath(agency, "")}}, nil
		},
	}
	return []web.Route{
		get(Overview, returns.ActSteer, p.overview),
		get("/marac/{agency}/returns", returns.ActRead, p.list),
		get(one, returns.ActRead, p.show),
		get(one+"/file", returns.ActRead, p.file),
		get(one+"/final", returns.ActFinish, final.Show(p.final())),
		{Method: http.MethodPost, Pattern: one + "/final", Action: returns.ActFinish, Handler: final.Send(p.final())},
		get(one+"/{meeting}/{cell}", returns.ActCases, p.cases),
		get("/marac/{agency}/review", returns.ActReview, reviewed.Show(p.review())),
		{Method: http.MethodPost, Pattern: "/marac/{agency}/review", Action: returns.ActReview, Handler: reviewed.Send(p.review())},
		get("/marac/{agency}/year", returns.ActSteer, p.year),
		get("/marac/{agency}/year/{quarter}", returns.ActSteer, p.year),
	}
}

// agencies are those of the directory: what they are called, and of which sector.
type agencies struct {
	names   map[string]string
	sectors map[string]directory.Sector
}

// agenciesMost bounds the directory that a page reads.
const agenciesMost = 1000

func (p *Pages) agencies(ctx context.Context, actor policy.Actor) (agencies, error) {
	out := agencies{names: map[string]string{}, sectors: map[string]directory.Sector{}}
	list, err := p.directory.Agencies(ctx, actor, directory.Page{Size: agenciesMost})
	for _, a := range list.Items {
		out.names[string(a.ID)], out.sectors[string(a.ID)] = a.Name, a.Sector
	}
	return out, err
}

// name is what an agency is called.
func (a agencies) name(id string) string {
	if n := a.names[id]; n != "" {
		return n
	}
	return "An agency that is no longer in the directory"
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	all, err := p.agencies(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	ids, err := p.s.Maracs(ctx)
	if err != nil {
		return nil, err
	}
	var mine []string
	for _, id := range ids {
		if r.Actor.Has(policy.Commissioner) || id == r.Actor.Agency {
			mine = append(mine, id)
		}
	}
	back := &ui.Link{Text: "MARAC", Href: "/marac"}
	if r.Actor.Has(policy.Commissioner) {
		back = &ui.Link{Text: "Measures", Href: "/measures"}
	}
	return web.Page{Title: "How meetings are doing", Body: overviewBody(all, mine), Current: back.Href, Back: back}, nil
}

type listView struct {
	Agency string
	Stands []returns.Stand
	Names  map[string]string
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{Agency: r.Path("agency")}
	var err error
	if v.Stands, err = p.s.Stands(ctx, r.Actor, v.Agency); err != nil {
		return nil, err
	}
	var who []string
	for _, one := range v.Stands {
		who = append(who, one.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, who); err != nil {
		return nil, err
	}
	return web.Page{Title: "National return", Body: listBody(v), Current: "/marac", Back: &ui.Link{Text: "MARAC", Href: "/marac"}}, nil
}

type showView struct {
	Agency   string
	Final    returns.Return // its revision is 0 where there is none
	Now      returns.Return
	Shown    returns.Return // the one that the page shows
	Over     bool
	Agencies agencies
	By       string
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.view(ctx, r)
	if err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{v.Final.By})
	if err != nil {
		return nil, err
	}
	v.By = names[v.Final.By]
	return web.Page{
		Title: "National return, " + quarterLabel(v.Now.Quarter), Body: showBody(v), Current: "/marac", Wide: true, Flash: r.Done(map[string]string{"final": "The return is final"}),
		Back: &ui.Link{Text: "National return", Href: Path(v.Agency)},
	}, nil
}

// view reads a return: the final one, and what the register says now when that is
// asked for or nothing is final.
func (p *Pages) view(ctx context.Context, r *web.Request) (showView, error) {
	v := showView{Agency: r.Path("agency")}
	var err error
	if v.Final, v.Now, err = p.s.Return(ctx, r.Actor, v.Agency, r.Path("quarter")); err != nil {
		return v, err
	}
	_, v.Over, _ = p.s.Quarter(v.Now.Quarter)
	v.Shown = v.Final
	if v.Final.Revision == 0 || r.Query("now") != "" {
		v.Shown = v.Now
	}
	v.Agencies, err = p.agencies(ctx, r.Actor)
	return v, err
}

func (p *Pages) file(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.view(ctx, r)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := returns.WriteCSV(&file, v.Shown, v.Agencies.sectors); err != nil {
		return nil, err
	}
	status := "provisional"
	if v.Shown.Revision > 0 {
		status = "final"
	}
	// What a file is called says nothing of what is in it (S13).
	return web.Content{Type: "text/csv; charset=utf-8", Body: file.Bytes(), Name: "return-" + v.Now.Quarter + "-" + status + ".csv"}, nil
}

func (p *Pages) finals() fields.Pages[showView] {
	return fields.Pages[showView]{
		Open: p.view,
		Page: func(_ context.Context, v showView, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/marac", Back: &ui.Link{Text: "The return", Href: Path(v.Agency) + "/" + v.Now.Quarter}}, nil
		},
	}
}

func (p *Pages) final() fields.Editor[showView] {
	return fields.Editor[showView]{
		Title: "Make the return final",
		Build: func(_ context.Context, v showView, _ *web.Request) (fields.Form, error) {
			return fields.Form{Intro: finalIntro(v), Action: Path(v.Agency) + "/" + v.Now.Quarter + "/final", Button: "Make it final", Fields: []fields.Field{
				{Sort: fields.Tick, Name: "quarter", Label: "I have looked at the meetings of this quarter", Hint: "Whether all of them are there, and whether what is not known can be found out."},
			}}, nil
		},
		Save: func(ctx context.Context, v showView, r *web.Request, typed url.Values) (string, error) {
			if typed.Get("quarter") == "" {
				return "", notLooked()
			}
			return Path(v.Agency) + "/" + v.Now.Quarter + "?done=final", p.s.Finish(ctx, r.Actor, v.Agency, v.Now.Quarter)
		},
	}
}

// review asks how those who steer it found it. Who may is judged before the form is
// shown, as when it is sent.
func (p *Pages) review() fields.Editor[string] {
	return fields.Editor[string]{
		Title: "How it was reviewed",
		Build: func(ctx context.Context, agency string, r *web.Request) (fields.Form, error) {
			if err := p.s.MayReview(ctx, r.Actor, agency); err != nil {
				return fields.Form{}, err
			}
			return fields.Form{Intro: reviewIntro(), Action: "/marac/" + agency + "/review", Button: "Save", Fields: []fields.Field{
				{Sort: fields.Date, Name: "on", Label: "When was it reviewed?"},
				{Sort: fields.Line, Name: "who", Label: "By which group?", Hint: "For instance, the steering group."},
				{Sort: fields.Area, Name: "found", Label: "What was found?", Hint: "Name nobody."},
				{Sort: fields.Date, Name: "next", Label: "When is it reviewed again?", Hint: "A review every two years is advised."},
			}}, nil
		},
		Save: func(ctx context.Context, agency string, r *web.Request, v url.Values) (string, error) {
			return YearPath(agency, "") + "?done=reviewed", p.s.Reviewed(ctx, r.Actor, agency, returns.Review{
				On: fields.Day(v, "on"), Next: fields.Day(v, "next"), Who: v.Get("who"), Found: v.Get("found"),
			})
		},
	}
}

type casesView struct {
	Agency   string
	Quarter  string
	Cell     returns.Cell
	Cases    []returns.Counted
	Agencies agencies
}

func (p *Pages) cases(ctx context.Context, r *web.Request) (web.Response, error) {
	v := casesView{Agency: r.Path("agency"), Quarter: r.Path("quarter")}
	meeting := r.Path("meeting")
	if meeting == none {
		meeting = ""
	}
	var err error
	if v.Cases, err = p.s.Cases(ctx, r.Actor, v.Agency, v.Quarter, marac.MeetingID(meeting), r.Path("cell")); err != nil {
		return nil, err
	}
	for _, c := range returns.Cells() {
		if c.Code == r.Path("cell") {
			v.Cell = c
		}
	}
	if v.Agencies, err = p.agencies(ctx, r.Actor); err != nil {
		return nil, err
	}
	return web.Page{Title: "What a count is made of", Body: casesBody(v), Current: "/marac", Back: &ui.Link{Text: "The return", Href: Path(v.Agency) + "/" + v.Quarter}}, nil
}

type yearView struct {
	Agency   string
	Year     returns.Year
	Agencies agencies
	Own      bool
	Earlier  string
}

func (p *Pages) year(ctx context.Context, r *web.Request) (web.Response, error) {
	v := yearView{Agency: r.Path("agency"), Own: r.Path("agency") == r.Actor.Agency}
	quarter := r.Path("quarter")
	if quarter == "" {
		quarter = p.s.Last()
	}
	var err error
	if v.Year, err = p.s.Year(ctx, r.Actor, v.Agency, quarter); err != nil {
		return nil, err
	}
	if v.Agencies, err = p.agencies(ctx, r.Actor); err != nil {
		return nil, err
	}
	v.Earlier = p.s.Before(quarter)
	back := &ui.Link{Text: "How MARACs are doing", Href: Overview}
	if v.Own {
		back = &ui.Link{Text: "MARAC", Href: "/marac"}
	}
	return web.Page{Title: "How a year went", Body: yearBody(v), Current: back.Href, Back: back, Flash: r.Done(map[string]string{"reviewed": "The review is recorded"})}, nil
}
