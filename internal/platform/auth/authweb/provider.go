package authweb

import (
	"context"
	"errors"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/web"
)

// IdentityProvider is a provider of identities that this deployment trusts.
type IdentityProvider interface {
	// Label is what people call it.
	Label() string
	// Ask makes what one sign-in needs to be told apart from others, and the
	// address to send the browser to.
	Ask(ctx context.Context, state, back string) (auth.ProviderAsk, error)
	// Answer checks what came back, and tells who it is.
	Answer(ctx context.Context, ask auth.ProviderAsk, code, back string) (auth.Claims, error)
}

func (p *Pages) toProvider(ctx context.Context, r *web.Request) (web.Response, error) {
	next := r.NextOr(r.Query("next"), "")
	if !r.Actor.IsZero() && (r.Session.Factor != auth.Provider || r.Session.Recently) {
		return web.SeeOther(p.onward(ctx, r, r.Token(), next)), nil
	}
	token, state, err := p.auth.StateForProvider(r.From())
	if err != nil {
		return nil, err
	}
	ask, err := p.cfg.Provider.Ask(ctx, state, r.Site()+web.ProviderReturnPath)
	if err != nil {
		return p.signInPage(signInPage{Next: next, Problem: providerDown}), nil //nolint:nilerr // told to the person
	}
	ask.Next = next
	if err := p.auth.KeepProviderAsk(ctx, token, ask, r.From()); err != nil {
		if problem, ok := forPeople(err); ok {
			return p.signInPage(signInPage{Next: next, Problem: problem}), nil
		}
		return nil, err
	}
	// The browser forgets an earlier session; so does the server.
	if err := p.auth.SignOut(ctx, r.Token()); err != nil {
		return nil, err
	}
	return web.ToProvider(token, ask.URL), nil
}

// What people are told. Who is known here and who is not, they are not.
const (
	providerDown    = "The other service does not answer. Try again, or sign in with your user name and password"
	providerRefused = "You could not be signed in that way. Ask your administrator whether you may, and whether the second step was asked for"
)

func (p *Pages) fromProvider(ctx context.Context, r *web.Request) (web.Response, error) {
	token, next, err := p.auth.SignInWithProvider(ctx, r.Token(), r.Query("state"), r.From(), func(ask auth.ProviderAsk) (auth.Claims, error) {
		return p.cfg.Provider.Answer(ctx, ask, r.Query("code"), r.Site()+web.ProviderReturnPath)
	})
	if errors.Is(err, auth.ErrProvider) {
		return p.signInPage(signInPage{Next: next, Problem: providerRefused}), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SignedIn(token, p.onward(ctx, r, token, next)), nil
}
