package provisionweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/provision"
)

// Home is where the services are listed.
const Home = "/services"

// Pages are the pages of this package.
type Pages struct {
	register *provision.Register
	// More are links beside the list.
	More []ui.Link
}

// New makes the pages.
func New(register *provision.Register) *Pages { return &Pages{register: register} }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	asked := fields.Pages[line]{Open: p.open, Page: func(_ context.Context, _ line, title string, body templ.Component, invalid bool) (web.Response, error) {
		return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/directory", Back: &ui.Link{Text: "Services of the area", Href: Home}}, nil
	}}
	return []web.Route{
		get(Home, provision.ActRead, p.list),
		get(Home+"/new", provision.ActKeep, asked.Show(p.editor())),
		post(Home+"/new", provision.ActKeep, asked.Send(p.editor())),
		get(Home+"/{service}", provision.ActKeep, asked.Show(p.editor())),
		post(Home+"/{service}", provision.ActKeep, asked.Send(p.editor())),
	}
}

// line is a service with whoever keeps it; a new one has no id.
type line struct {
	provision.Service
	actor policy.Actor
}

func (p *Pages) open(ctx context.Context, r *web.Request) (line, error) {
	out := line{actor: r.Actor}
	id := r.Path("service")
	if id == "" {
		out.Sides, out.Places = []provision.Side{provision.Experiencing}, []provision.Place{provision.Here}
		return out, nil
	}
	var err error
	out.Service, err = p.register.Service(ctx, r.Actor, id)
	return out, err
}

// ticks offers codes of which several may hold.
func ticks[T fields.Labelled](name, label string, all, on []T) fields.Field {
	codes := make([]string, len(on))
	for i, one := range on {
		codes[i] = string(one)
	}
	return fields.Field{Sort: fields.Ticks, Name: name, Label: label, Items: fields.Items(all), Value: strings.Join(codes, ",")}
}

// ticked are the codes that were ticked, in the order of the list.
func ticked[T fields.Labelled](v url.Values, name string, all []T) []T {
	var out []T
	for _, one := range all {
		if slices.Contains(v[name], string(one)) {
			out = append(out, one)
		}
	}
	return out
}

func (p *Pages) editor() fields.Editor[line] {
	return fields.Editor[line]{
		Title: "A service of the area",
		Build: func(_ context.Context, l line, _ *web.Request) (fields.Form, error) {
			b := fields.Form{Action: Home + "/new", Button: "Keep", Intro: intro()}
			if l.ID != "" {
				b.Action, b.Title = Home+"/"+l.ID, l.Name
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(l.Version, 10)})
			}
			b.Fields = append(b.Fields,
				fields.Field{Sort: fields.Line, Name: "name", Label: "What is it called?", Value: l.Name},
				fields.Field{Sort: fields.Line, Name: "provider", Label: "Who gives it?", Hint: "If that is not in the name.", Value: l.Provider},
				fields.Field{Sort: fields.Area, Name: "how", Label: "How does one refer to it?", Hint: "Never an address that is confidential.", Value: l.How},
			)
			b.Fields = append(b.Fields,
				ticks("kind", "What does it do?", provision.Kinds(), l.Kinds),
				ticks("side", "Whom is it for?", provision.Sides(), l.Sides),
				ticks("place", "From where does it take people?", provision.Places(), l.Places),
				ticks("not", "Whom can it not take?", provision.Traits(), l.Not),
				ticks("made", "Was it made for some above all?", provision.Traits(), l.Made),
			)
			if l.ID != "" {
				ended := fields.Field{Sort: fields.Tick, Name: "ended", Label: "It takes people no longer", Heading: "Does it still go on?"}
				if !l.Goes() {
					ended.Value = "yes"
				}
				b.Fields = append(b.Fields, ended)
			}
			return b, nil
		},
		Save: func(ctx context.Context, l line, _ *web.Request, v url.Values) (string, error) {
			version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
			kept := provision.Service{ID: l.ID, Version: version, Details: provision.Details{
				Name: v.Get("name"), Provider: v.Get("provider"), How: v.Get("how"),
				Kinds: ticked(v, "kind", provision.Kinds()), Sides: ticked(v, "side", provision.Sides()), Places: ticked(v, "place", provision.Places()),
				Not: ticked(v, "not", provision.Traits()), Made: ticked(v, "made", provision.Traits()),
			}}
			return Home + "?done=kept", p.register.Keep(ctx, l.actor, kept, v.Get("ended") == "yes")
		},
	}
}

var done = map[string]string{"kept": "The service is kept"}

type listView struct {
	Services []provision.Service
	Agency   string // of the reader
	Keeps    bool
	More     []ui.Link
	Kind     provision.Kind
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	all, err := p.register.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := listView{Agency: r.Actor.Agency, Keeps: r.Actor.Has(policy.Manager) || r.Actor.Has(policy.Commissioner), More: p.More, Kind: provision.Kind(r.Query("kind"))}
	if !slices.Contains(provision.Kinds(), v.Kind) {
		v.Kind = ""
	}
	for _, s := range all {
		if v.Kind == "" || slices.Contains(s.Kinds, v.Kind) {
			v.Services = append(v.Services, s)
		}
	}
	return web.Page{Title: "Services of the area", Body: listBody(v), Current: "/directory", Flash: r.Done(done), Back: &ui.Link{Text: "Directory", Href: "/directory"}}, nil
}

// words are codes in words, one after the other.
func words[T fields.Labelled](list []T) string {
	var out []string
	for _, one := range list {
		out = append(out, one.Label())
	}
	return strings.Join(out, "; ")
}

func rows(s provision.Service) []ui.SummaryRow {
	out := []ui.SummaryRow{{Key: "What it does", Value: words(s.Kinds)}, {Key: "For", Value: words(s.Sides)}, {Key: "Takes from", Value: words(s.Places)}}
	for _, more := range []ui.SummaryRow{{Key: "Made for", Value: words(s.Made)}, {Key: "Cannot take", Value: words(s.Not)}, {Key: "How to refer", Value: s.How}} {
		if more.Value != "" {
			out = append(out, more)
		}
	}
	return out
}

func kinds() []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "Every kind"}}
	for _, k := range provision.Kinds() {
		out = append(out, ui.SelectItem{Value: string(k), Text: k.Label()})
	}
	return out
}
