package guidelineweb

import (
	"context"

	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// sitePage is a page about the site itself.
func sitePage(title string) web.Page {
	return web.Page{Title: title, Breadcrumbs: []ui.Link{{Text: "Start page", Href: homePath}}}
}

// home is GET /. It is what the Back button shows after leaving in a hurry, so all of it is neutral.
func (p *Pages) home(context.Context, *web.Request) (web.Response, error) {
	return web.Page{Title: "Start page", Body: homeBody(), Current: homePath}, nil
}

// safety is GET /safety.
func (p *Pages) safety(context.Context, *web.Request) (web.Response, error) {
	out := sitePage("Using this site safely")
	out.Body = safetyBody()
	return out, nil
}

// accessibility is GET /accessibility.
func (p *Pages) accessibility(context.Context, *web.Request) (web.Response, error) {
	out := sitePage("Accessibility")
	out.Body = accessibilityBody(p.contact())
	return out, nil
}

// privacy is GET /privacy.
func (p *Pages) privacy(context.Context, *web.Request) (web.Response, error) {
	out := sitePage("Privacy")
	out.Body = privacyBody(p.contact())
	return out, nil
}

func (p *Pages) contact() string {
	if p.Contact == "" {
		return "Tell the organisation that gave you the address of this site."
	}
	return p.Contact
}
