package directoryweb

import (
	"context"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

const identitiesPath = "/agency/identities"

type identitiesView struct {
	List     []directory.Identity
	Provider string // what people call it; empty without one
}

// identities lists who of the agency signs in with a provider.
func (p *Pages) identities(ctx context.Context, r *web.Request) (web.Response, error) {
	v := identitiesView{Provider: p.provider}
	var err error
	if v.List, err = p.directory.Identities(ctx, r.Actor); err != nil {
		return nil, err
	}
	back := backToAgency
	if !r.Actor.Has(policy.Administrator) {
		back = &ui.Link{Text: "Oversight", Href: "/oversight"}
	}
	return web.Page{Title: "Signing in elsewhere", Body: identitiesBody(v), Back: back, Flash: r.Done(done)}, nil
}

type identityView struct {
	Identity directory.Identity
	Provider string
	Error    string
}

func (p *Pages) identity(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.identityPage(ctx, r, "")
}

func (p *Pages) identityPage(ctx context.Context, r *web.Request, problem string) (web.Response, error) {
	v := identityView{Provider: p.provider, Error: problem}
	var err error
	if v.Identity, err = p.directory.Identity(ctx, r.Actor, r.Path("account")); err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "Signing in elsewhere", Href: identitiesPath}
	return web.Page{Title: "Taking a sign-in back", Body: identityBody(v), Back: back, Invalid: problem != ""}, nil
}

// forget takes a sign-in back, once whoever does it has said so twice.
func (p *Pages) forget(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if form.Get("sure") != "yes" {
		return p.identityPage(ctx, r, "Say that they may not sign in this way any more")
	}
	if err := p.directory.ForgetIdentity(ctx, r.Actor, r.Path("account")); err != nil {
		return nil, err
	}
	return web.SeeOther(identitiesPath + "?done=forgotten"), nil
}

func identityPath(account string) string { return memberPath(account) + "/identity" }

func identityRows(v identitiesView) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, i := range v.List {
		used := "They have not signed in so yet"
		if i.Used {
			used = "They have signed in so"
		}
		row := ui.SummaryRow{Key: i.Name, Value: i.Email + ". Vouched for on " + i.VouchedAt.Format("2 January 2006") + ". " + used}
		if v.Provider != "" {
			row.Actions = []ui.Link{{Text: "Take back", HiddenText: "the sign-in of " + i.Name, Href: identityPath(i.Account)}}
		}
		rows = append(rows, row)
	}
	return rows
}
