package authweb

import (
	"context"
	"errors"
	"net/http"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Pages are the pages of this package.
type Pages struct {
	auth *auth.Service
	home string // where signed-in people begin
	away string // where the Exit control leads
}

// New makes the pages. home is the first page after signing in, away the
// neutral site that the Exit control leads to.
func New(service *auth.Service, home, away string) *Pages {
	return &Pages{auth: service, home: home, away: away}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/sign-in", Public: "signing in comes before being signed in", Handler: p.signInForm},
		{Method: http.MethodPost, Pattern: "/sign-in", Public: "signing in comes before being signed in", Handler: p.signIn},
		{Method: http.MethodPost, Pattern: "/sign-out", Public: "signing out must work when the session has ended already", Handler: p.signOut},
		{Method: http.MethodGet, Pattern: web.ExitPath, Public: "anyone may leave at once", Handler: p.exit},
		{Method: http.MethodPost, Pattern: "/hide", Action: auth.ActOwn, Handler: p.hide},
		{Method: http.MethodGet, Pattern: "/locked", Public: "the page that hides the others", Handler: p.lockedForm},
		{Method: http.MethodPost, Pattern: "/locked", Public: "the page that hides the others", Handler: p.unlock},
	}
}

type signInPage struct {
	Username string
	Next     string
	Problem  string
}

func (s signInPage) response() web.Response {
	return web.Page{Title: "Sign in", Body: signInBody(s), Invalid: s.Problem != ""}
}

func (s signInPage) errors() []ui.Link {
	return []ui.Link{{Text: s.Problem, Href: "#username"}}
}

func (p *Pages) signInForm(_ context.Context, r *web.Request) (web.Response, error) {
	if !r.Actor.IsZero() {
		return web.SeeOther(r.NextOr(r.Query("next"), p.home)), nil
	}
	return signInPage{Next: r.NextOr(r.Query("next"), "")}.response(), nil
}

func (p *Pages) signIn(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.auth.SignIn(ctx, form.Get("username"), form.Get("password"), r.Address())
	if problem, ok := forPeople(err); ok {
		return signInPage{Username: form.Get("username"), Next: form.Get("next"), Problem: problem}.response(), nil
	}
	if err != nil {
		return nil, err
	}
	// The browser forgets an earlier session; so does the server.
	if err := p.auth.SignOut(ctx, r.Token()); err != nil {
		return nil, err
	}
	return web.SignedIn(token, r.NextOr(form.Get("next"), p.home)), nil
}

// forPeople is what a person is told of a failed try.
func forPeople(err error) (string, bool) {
	switch {
	case errors.Is(err, auth.ErrSignIn):
		return "The user name or the password is not right. Check both and try again", true
	case errors.Is(err, auth.ErrTooMany):
		return "There were too many tries. Wait a few minutes and try again", true
	}
	return "", false
}

func (p *Pages) signOut(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.auth.SignOut(ctx, r.Token()); err != nil {
		return nil, err
	}
	return web.SignedOut("/sign-in"), nil
}

// leaveWait is how long the Exit control waits for the end of the session. The
// page is blank by then if there is JavaScript, and still there if not.
const leaveWait = time.Second

func (p *Pages) exit(ctx context.Context, r *web.Request) (web.Response, error) {
	// Whatever happens here, the person is to get away: the session is ended
	// beside the answer, and an answer that would take long does not wait.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWait)
	gone := make(chan struct{})
	token := r.Token()
	go func() {
		defer cancel()
		defer close(gone)
		// A failure has nobody to be told to, and leaving is not logged (S10).
		defer func() { _ = recover() }()
		_ = p.auth.Leave(context.WithoutCancel(ctx), token)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
	}
	return web.Left(p.away), nil
}

func (p *Pages) hide(ctx context.Context, r *web.Request) (web.Response, error) {
	err := p.auth.Lock(ctx, r.Token())
	if errors.Is(err, auth.ErrNoSession) {
		return web.SignedOut("/sign-in"), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/locked"), nil
}

type lockedPage struct {
	Next    string
	Problem string
}

func (l lockedPage) response() web.Response {
	return web.Page{Title: "Screen hidden", Body: lockedBody(l), Invalid: l.Problem != ""}
}

func (l lockedPage) errors() []ui.Link {
	return []ui.Link{{Text: l.Problem, Href: "#password"}}
}

func (p *Pages) lockedForm(_ context.Context, r *web.Request) (web.Response, error) {
	if !r.Session.Locked {
		return web.SeeOther(p.home), nil
	}
	return lockedPage{Next: r.NextOr(r.Query("next"), "")}.response(), nil
}

func (p *Pages) unlock(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = p.auth.Unlock(ctx, r.Token(), form.Get("password"), r.Address())
	if problem, ok := forPeople(err); ok {
		return lockedPage{Next: form.Get("next"), Problem: problem}.response(), nil
	}
	if errors.Is(err, auth.ErrNoSession) {
		return web.SignedOut("/sign-in"), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(r.NextOr(form.Get("next"), p.home)), nil
}
