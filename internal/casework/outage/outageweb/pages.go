package outageweb

import (
	"context"
	"errors"
	"net/http"

	"waymark/internal/casework/outage"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Path is the address of the page.
const Path = "/pack"

// secretKey is the field of the key: by its name it is kept nowhere when the page
// cannot be answered.
const secretKey = "secret_key"

// Pages are the pages of this package.
type Pages struct{ outage *outage.Service }

// New makes the pages.
func New(service *outage.Service) *Pages { return &Pages{outage: service} }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: Path, Action: outage.ActMake, Handler: p.form},
		{Method: http.MethodPost, Pattern: Path, Action: outage.ActMake, Handler: p.make},
	}
}

type formView struct {
	Key    outage.Key
	Hold   string
	Errors forms.Errors
}

func (p *Pages) form(context.Context, *web.Request) (web.Response, error) {
	return page(formView{Key: outage.NewKey()}), nil
}

func page(v formView) web.Page {
	return web.Page{
		Title: "Your cases for when this site cannot be reached", Body: formBody(v), Invalid: v.Errors.Any(), Current: "/home",
		Back: &ui.Link{Text: "Your work", Href: "/home"},
	}
}

func (p *Pages) make(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := formView{Hold: form.Get("hold")}
	file, err := p.outage.Make(ctx, r.Actor, form.Get(secretKey), outage.Hold(v.Hold))
	if errors.As(err, &v.Errors) {
		// The key may have been written down: it stays, unless it is none.
		if v.Key, err = outage.ParseKey(form.Get(secretKey)); err != nil {
			v.Key = outage.NewKey()
		}
		return page(v), nil
	}
	if err != nil {
		return nil, err
	}
	// No browser shows it under our address: it is for the device alone.
	return web.Content{Type: "application/octet-stream", Body: file.Body, Name: file.Name}, nil
}

func holdItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, h := range outage.Holds() {
		out = append(out, ui.RadioItem{Value: string(h), Text: h.Label()})
	}
	return out
}

func errorLinks(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}
