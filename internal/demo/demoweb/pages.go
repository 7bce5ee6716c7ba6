// Package demoweb has the page of role cards, with which somebody who tries
// the demo signs in as one of its people.
package demoweb

import (
	"context"
	"errors"
	"net/http"

	"waymark/internal/demo"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Path is the address of the cards.
const Path = "/demo"

// Pages are the pages of the demo. They are in the route table of a demo only.
type Pages struct {
	guard *audit.Guard
	auth  *auth.Service
	home  string
}

// New makes the pages; home is where a card leads.
func New(guard *audit.Guard, service *auth.Service, home string) *Pages {
	return &Pages{guard: guard, auth: service, home: home}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const why = "the demo holds made-up data only, and serves this machine only"
	return []web.Route{
		{Method: http.MethodGet, Pattern: Path, Public: why, Handler: p.cards},
		{Method: http.MethodPost, Pattern: Path + "/as/{username}", Public: why, Handler: p.signInAs},
	}
}

func (p *Pages) cards(_ context.Context, _ *web.Request) (web.Response, error) {
	return web.Page{Title: "Choose a role", Body: cardsBody(cards()), Wide: true}, nil
}

func cards() []ui.RoleCard {
	var out []ui.RoleCard
	for _, m := range demo.Cast {
		if m.Card != nil {
			out = append(out, ui.RoleCard{
				Name: m.Card.Role, Text: m.Name + ". " + m.Card.Text, Can: m.Card.Can, Cannot: m.Card.Cannot, Try: m.Card.Try,
				Button: cardButton(m),
			})
		}
	}
	return append(out, ui.RoleCard{
		Name: "Member of the public", Text: "Nobody signs in. No cookie is set.",
		Can: []string{"Read the pathway", "Leave at once with Exit this page"}, Cannot: []string{"See anything else"},
		Try: []string{"Open the pathway and press Shift three times"}, Button: publicButton(),
	})
}

func (p *Pages) signInAs(ctx context.Context, r *web.Request) (web.Response, error) {
	for _, m := range demo.Cast {
		if m.Card == nil || m.Username != r.Path("username") {
			continue
		}
		account, err := p.auth.AccountNamed(ctx, m.Username)
		if err != nil {
			return nil, err
		}
		cast, err := p.auth.Cast(ctx)
		if err != nil {
			return nil, err
		}
		permit, err := p.guard.Act(ctx, policy.Actor{Account: audit.Nobody}, auth.ActTakeRole, cast, false)
		if err != nil {
			return nil, err
		}
		token, err := p.auth.SignInAs(ctx, permit, account.ID)
		if errors.Is(err, auth.ErrSignIn) { // somebody tried out what suspending does
			return nil, store.ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		return web.SignedIn(token, p.home), nil
	}
	return nil, store.ErrNotFound
}
