package releaseweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/release"
)

// Path is the address of the pages.
const Path = "/measures/anonymised"

// Pages are the pages of this package.
type Pages struct {
	register  *release.Register
	directory *directory.Register
}

// New makes the pages.
func New(register *release.Register, people *directory.Register) *Pages {
	return &Pages{register: register, directory: people}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	asked := fields.Pages[policy.Actor]{
		Open: func(_ context.Context, r *web.Request) (policy.Actor, error) { return r.Actor, nil },
		Page: func(_ context.Context, _ policy.Actor, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/measures", Back: &ui.Link{Text: "Anonymised figures", Href: Path}}, nil
		},
	}
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		get(Path, release.ActRead, p.list),
		get(Path+"/protocol", release.ActAgree, asked.Show(p.protocol())),
		post(Path+"/protocol", release.ActAgree, asked.Send(p.protocol())),
		get(Path+"/new", release.ActMake, asked.Show(p.maker())),
		post(Path+"/new", release.ActMake, asked.Send(p.maker())),
		get(Path+"/{release}", release.ActRead, p.show),
		get(Path+"/{release}/file", release.ActRead, p.file),
	}
}

// released is how many releases a page lists.
const released = 25

type listView struct {
	Protocols []release.Protocol
	Releases  []release.Release
	Names     map[string]string
	Today     string
	Agree     bool
	Make      bool
	More      string
}

// Holds tells whether something may be released now.
func (v listView) Holds() bool { return len(v.Protocols) > 0 && v.Protocols[0].Holds(v.Today) }

var done = map[string]string{"agreed": "The protocol is agreed, and holds from now on"}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{
		Today: p.register.Now().Format(time.DateOnly), Agree: r.Actor.Has(policy.KeyContact),
		Make: r.Actor.Has(policy.Manager) || r.Actor.Has(policy.Commissioner),
	}
	var err error
	if v.Protocols, err = p.register.Protocols(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Releases, err = p.register.Releases(ctx, r.Actor, r.Query("before"), released+1); err != nil {
		return nil, err
	}
	if len(v.Releases) > released {
		v.Releases = v.Releases[:released]
		v.More = Path + "?" + url.Values{"before": {v.Releases[released-1].ID}}.Encode()
	}
	var who []string
	for _, one := range v.Protocols {
		who = append(who, one.By)
	}
	for _, one := range v.Releases {
		who = append(who, one.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, who); err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "Measures", Href: "/measures"}
	if !v.Make { // a key contact, who comes from the agreements
		back = &ui.Link{Text: "Agreements", Href: "/agreements"}
	}
	return web.Page{Title: "Anonymised figures", Body: listBody(v), Current: back.Href, Flash: r.Done(done), Back: back}, nil
}

func (p *Pages) protocol() fields.Editor[policy.Actor] {
	return fields.Editor[policy.Actor]{
		Title: "How figures may be shared",
		Build: func(ctx context.Context, actor policy.Actor, _ *web.Request) (fields.Form, error) {
			all, err := p.register.Protocols(ctx, actor)
			if err != nil {
				return fields.Form{}, err
			}
			var old release.Protocol
			if len(all) > 0 {
				old = all[0]
			}
			return fields.Form{Intro: protocolIntro(), Action: Path + "/protocol", Button: "Agree", Fields: []fields.Field{
				{Sort: fields.Area, Name: "purposes", Label: "What may figures be shared for?", Hint: "For instance, to plan services or to show what is missing.", Value: old.Purposes},
				{Sort: fields.Area, Name: "whom", Label: "With whom?", Value: old.Whom},
				{Sort: fields.Area, Name: "keeping", Label: "How do they keep them, and for how long?", Hint: "And that nobody tries to find out who is in them.", Value: old.Keeping},
				{Sort: fields.Date, Name: "review", Label: "By when is this looked at again?", Hint: "After that day nothing leaves until it is agreed anew.", Value: old.ReviewOn},
			}}, nil
		},
		Save: func(ctx context.Context, actor policy.Actor, _ *web.Request, v url.Values) (string, error) {
			return Path + "?done=agreed", p.register.Agree(ctx, actor, release.Protocol{
				Purposes: v.Get("purposes"), Whom: v.Get("whom"), Keeping: v.Get("keeping"), ReviewOn: fields.Day(v, "review"),
			})
		},
	}
}

// quarters is how many quarters are offered.
const quarters = 8

// periods are the quarters that are over, the last first, and the years.
func periods(now time.Time) []ui.RadioItem {
	var out []ui.RadioItem
	year, quarter := now.Year(), (int(now.Month())-1)/3 // the one before this
	for range quarters {
		if quarter == 0 {
			year, quarter = year-1, 4
		}
		code := fmt.Sprintf("%d-Q%d", year, quarter)
		if period, over := measures.ClosedPeriod(code, now, now.Location()); over {
			out = append(out, ui.RadioItem{Value: code, Text: period.Label()})
		}
		quarter--
	}
	for year := now.Year() - 1; year > now.Year()-3; year-- {
		out = append(out, ui.RadioItem{Value: fmt.Sprint(year), Text: fmt.Sprintf("The whole of %d", year)})
	}
	return out
}

func (p *Pages) maker() fields.Editor[policy.Actor] {
	return fields.Editor[policy.Actor]{
		Title: "Make figures that name nobody",
		Build: func(_ context.Context, actor policy.Actor, _ *web.Request) (fields.Form, error) {
			form := fields.Form{Intro: makerIntro(), Action: Path + "/new", Button: "Make them", Fields: []fields.Field{
				{Sort: fields.Choice, Name: "period", Label: "Of which period?", Items: periods(p.register.Now())},
				{Sort: fields.Line, Name: "whom", Label: "Who receives them?"},
				{Sort: fields.Line, Name: "why", Label: "What are they for?"},
				{Sort: fields.Tick, Name: "unknown", Label: "Nobody can be known from them", Hint: "Small numbers are left out and the others rounded. Even so, think of small places, rare events, and what whoever reads them knows already."},
			}}
			if actor.Has(policy.Commissioner) {
				all := fields.Field{Sort: fields.Hidden, Name: "all", Value: "yes"}
				if actor.Has(policy.Manager) {
					all = fields.Field{Sort: fields.Tick, Name: "all", Label: "Of all agencies together, and not of ours alone"}
				}
				form.Fields = append(form.Fields, all)
			}
			return form, nil
		},
		Save: func(ctx context.Context, actor policy.Actor, _ *web.Request, v url.Values) (string, error) {
			id, err := p.register.Make(ctx, actor, release.NewRelease{
				Period: cmpNone(v.Get("period")), All: v.Get("all") == "yes", Whom: v.Get("whom"), Why: v.Get("why"), Unknown: v.Get("unknown") == "yes",
			})
			return Path + "/" + id, err
		},
	}
}

// cmpNone is a period that was chosen; nothing chosen is no period.
func cmpNone(period string) string {
	if period == "" {
		return "none"
	}
	return period
}

type showView struct {
	Release release.Release
	Rows    [][]string
	Name    string
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	one, err := p.register.Release(ctx, r.Actor, r.Path("release"))
	if err != nil {
		return nil, err
	}
	v := showView{Release: one}
	if v.Rows, err = one.Rows(); err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{one.By})
	if err != nil {
		return nil, err
	}
	v.Name = names[one.By]
	return web.Page{Title: "Figures that left", Body: showBody(v), Current: "/measures", Wide: true, Back: &ui.Link{Text: "Anonymised figures", Href: Path}}, nil
}

func (p *Pages) file(ctx context.Context, r *web.Request) (web.Response, error) {
	one, err := p.register.Release(ctx, r.Actor, r.Path("release"))
	if err != nil {
		return nil, err
	}
	return web.Content{Type: "text/csv; charset=utf-8", Body: one.File, Name: "figures-" + one.Period.From + "-" + one.Period.To + ".csv"}, nil
}
