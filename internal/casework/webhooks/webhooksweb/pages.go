package webhooksweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// Home is the address of the overview.
const Home = "/agency/webhooks"

// Pages are the pages of this package.
type Pages struct {
	webhooks *webhooks.Service
	zone     *time.Location
}

// New makes the pages.
func New(service *webhooks.Service, zone *time.Location) *Pages {
	return &Pages{webhooks: service, zone: zone}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const one = Home + "/{webhook}"
	get := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: webhooks.ActOversee, Handler: h}
	}
	post := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: webhooks.ActOversee, Handler: h}
	}
	secret := func(r web.Route) web.Route {
		r.Recent = true
		return r
	}
	return []web.Route{
		get(Home, p.list),
		get(Home+"/new", p.asked().Show(p.editor())),
		secret(post(Home+"/new", p.add)),
		get(one, p.show),
		secret(post(one+"/secret", p.rotate)),
		post(one+"/pause", p.versioned(p.webhooks.Pause, "paused")),
		post(one+"/resume", p.versioned(p.webhooks.Resume, "resumed")),
		post(one+"/ping", p.ping),
		post(one+"/remove", p.remove),
		post(one+"/deliveries/{delivery}/again", p.again),
	}
}

var done = map[string]string{
	"removed": "The program is told there no more", "paused": "Nothing is sent there until you take it up again", "resumed": "What waited is sent within a minute",
	"ping": "A test is sent within a minute", "again": "It is sent once more within a minute",
}

func back(text, href string) *ui.Link { return &ui.Link{Text: text, Href: href} }

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	all, err := p.webhooks.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Webhooks", Body: listBody(view{zone: p.zone}, all), Current: "/agency", Back: back("Agency", "/agency"), Flash: r.Done(done)}, nil
}

// Tiles are what an administrator has to know, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Administrator) || actor.Agency == "" {
		return nil, nil
	}
	n, err := p.webhooks.Stopped(ctx, actor)
	if err != nil || n == 0 {
		return nil, err
	}
	return []ui.NumericTile{{Label: "Programs not told", Value: strconv.FormatInt(n, 10), Href: Home, Note: "it did not get through, and is paused", Kind: ui.TileLate}}, nil
}

// asking is who adds a webhook, and for which programs they can.
type asking struct {
	actor    policy.Actor
	programs []webhooks.Program
}

func (p *Pages) asked() fields.Pages[asking] {
	return fields.Pages[asking]{
		Open: func(ctx context.Context, r *web.Request) (asking, error) {
			programs, err := p.webhooks.Programs(ctx, r.Actor)
			return asking{r.Actor, programs}, err
		},
		Page: func(_ context.Context, _ asking, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/agency", Back: back("Webhooks", Home)}, nil
		},
	}
}

func (p *Pages) editor() fields.Editor[asking] {
	return fields.Editor[asking]{
		Title: "Tell a program that something happened",
		Build: func(_ context.Context, a asking, _ *web.Request) (fields.Form, error) {
			var programs []ui.RadioItem
			for _, one := range a.programs {
				programs = append(programs, ui.RadioItem{Value: one.Account, Text: one.Name})
			}
			return fields.Form{
				Action: Home + "/new", Button: "Add", Intro: addIntro(len(programs) > 0),
				Fields: []fields.Field{
					{Sort: fields.Radios, Name: "program", Label: "Which program?", Hint: "It is told of the referrals of its teams.", Items: programs},
					{Sort: fields.Line, Name: "address", Label: "Address at which it listens", Hint: "It begins with https://."},
					{Sort: fields.Ticks, Name: "events", Label: "What is it told of?", Items: fields.Items(webhooks.Events())},
				},
			}, nil
		},
	}
}

// add shows the secret, once, in answer to the form.
func (p *Pages) add(ctx context.Context, r *web.Request) (web.Response, error) {
	var made webhooks.Subscription
	var secret string
	e := p.editor()
	e.Save = func(ctx context.Context, a asking, _ *web.Request, v url.Values) (string, error) {
		n := webhooks.NewSubscription{Program: v.Get("program"), Address: v.Get("address")}
		for _, one := range v["events"] {
			n.Events = append(n.Events, webhooks.Event(one))
		}
		var err error
		made, secret, err = p.webhooks.Subscribe(ctx, a.actor, n)
		switch {
		case errors.Is(err, webhooks.ErrSame):
			err = forms.Errors{{Field: "address", Message: "The program is told at that address already"}}
		case errors.Is(err, webhooks.ErrMany):
			err = forms.Errors{{Field: "program", Message: "The program has ten webhooks, and no more than that"}}
		}
		return Home, err
	}
	res, err := p.asked().Send(e)(ctx, r)
	if err != nil || secret == "" {
		return res, err
	}
	return p.secretPage(made.ID, secret, time.Time{}), nil
}

func (p *Pages) secretPage(id, secret string, until time.Time) web.Response {
	return web.Page{Title: "Secret of a webhook", Body: secretBody(view{zone: p.zone}, id, secret, until), Current: "/agency"}
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	s, log, err := p.webhooks.Log(ctx, r.Actor, r.Path("webhook"))
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "A webhook", Body: showBody(view{zone: p.zone}, s, log), Current: "/agency", Back: back("Webhooks", Home), Flash: r.Done(done)}, nil
}

func at(r *web.Request, done string) web.Response {
	return web.SeeOther(Home + "/" + url.PathEscape(r.Path("webhook")) + "?done=" + done)
}

// version is which version of a webhook somebody has seen; 0, which is none, where
// the form does not say.
func version(r *web.Request) (int64, error) {
	form, err := r.Form()
	if err != nil {
		return 0, err
	}
	n, _ := strconv.ParseInt(form.Get("version"), 10, 64) // 0, as said
	return n, nil
}

func (p *Pages) versioned(do func(context.Context, policy.Actor, string, int64) error, done string) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		n, err := version(r)
		if err == nil {
			err = do(ctx, r.Actor, r.Path("webhook"), n)
		}
		if err != nil {
			return nil, err
		}
		return at(r, done), nil
	}
}

func (p *Pages) rotate(ctx context.Context, r *web.Request) (web.Response, error) {
	n, err := version(r)
	if err != nil {
		return nil, err
	}
	secret, until, err := p.webhooks.Rotate(ctx, r.Actor, r.Path("webhook"), n)
	if err != nil {
		return nil, err
	}
	return p.secretPage(r.Path("webhook"), secret, until), nil
}

func (p *Pages) ping(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.webhooks.Ping(ctx, r.Actor, r.Path("webhook")); err != nil {
		return nil, err
	}
	return at(r, "ping"), nil
}

func (p *Pages) remove(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.webhooks.Remove(ctx, r.Actor, r.Path("webhook")); err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=removed"), nil
}

func (p *Pages) again(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.webhooks.Again(ctx, r.Actor, r.Path("webhook"), r.Path("delivery")); err != nil {
		return nil, err
	}
	return at(r, "again"), nil
}

// view is how times read.
type view struct{ zone *time.Location }

func (v view) at(t time.Time) string { return t.In(v.zone).Format("2 January 2006, 15:04") }

func (v view) rows(all []webhooks.Subscription) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, s := range all {
		rows = append(rows, []ui.TableCell{{Content: lookAt(s)}, {Content: code(s.Address)}, {Content: stands(s)}})
	}
	return rows
}

func (v view) log(s webhooks.Subscription, log []webhooks.Delivery) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, d := range log {
		rows = append(rows, []ui.TableCell{{Content: what(v, d)}, {Content: came(v, s, d)}})
	}
	return rows
}

func colour(s webhooks.State) ui.TagColour {
	switch s {
	case webhooks.Taken:
		return ui.TagGreen
	case webhooks.GivenUp:
		return ui.TagRed
	case webhooks.Waiting:
	}
	return ui.TagYellow
}
