package authweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Config is what the pages are made from.
type Config struct {
	Auth *auth.Service
	Home string // where signed-in people begin
	Away string // where the Exit control leads
	// Issuer is what an authenticator app calls this service; neutral (S13).
	Issuer string
	// Provider is a provider of identities that people may sign in with; nil
	// without one.
	Provider IdentityProvider
}

// Pages are the pages of this package.
type Pages struct {
	cfg  Config
	auth *auth.Service
	home string
	away string
}

// New makes the pages.
func New(c Config) *Pages { return &Pages{cfg: c, auth: c.Auth, home: c.Home, away: c.Away} }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const (
		before = "signing in comes before being signed in"
		hides  = "the page that hides the others"
	)
	own := func(method, pattern string, h web.Handler, during ...auth.Stage) web.Route {
		return web.Route{Method: method, Pattern: pattern, Action: auth.ActOwn, Handler: h, During: during}
	}
	recent := func(method, pattern string, h web.Handler, during ...auth.Stage) web.Route {
		r := own(method, pattern, h, during...)
		r.Recent = true
		return r
	}
	const get, post = http.MethodGet, http.MethodPost
	routes := []web.Route{
		{Method: get, Pattern: web.SignInPath, Public: before, Handler: p.signInForm},
		{Method: post, Pattern: web.SignInPath, Public: before, Handler: p.signIn},
		{Method: post, Pattern: "/sign-in/passkey", Public: before, Handler: p.askPasskey},
		{Method: post, Pattern: "/sign-in/passkey/answer", Public: before, Handler: p.passkeyAnswer},
		{Method: post, Pattern: "/sign-out", Public: "signing out must work when the session has ended already", Handler: p.signOut},
		{Method: get, Pattern: web.ExitPath, Public: "anyone may leave at once", Handler: p.exit},
		own(post, "/hide", p.hide),
		{Method: get, Pattern: web.LockedPath, Public: hides, Handler: p.lockedForm},
		{Method: post, Pattern: web.LockedPath, Public: hides, Handler: p.unlock},

		own(get, web.SecondPath, p.secondForm, auth.GiveSecond),
		own(post, web.SecondPath, p.second, auth.GiveSecond),
		own(post, "/sign-in/second/passkey", p.secondPasskey, auth.GiveSecond),
		own(get, web.ConfirmPath, p.confirmForm),
		own(post, web.ConfirmPath, p.second),
		own(post, web.ConfirmPath+"/passkey", p.secondPasskey),

		recent(get, web.EnrolPath, p.enrol, auth.EnrolSecond),
		recent(get, "/account/authenticator", p.totpForm, auth.EnrolSecond),
		recent(post, "/account/authenticator", p.totp, auth.EnrolSecond),
		recent(get, "/account/passkey", p.passkeyForm, auth.EnrolSecond),
		recent(post, "/account/passkey", p.passkey, auth.EnrolSecond),
		recent(get, "/account/recovery-codes", p.codesForm),
		recent(post, "/account/recovery-codes", p.codes),
		recent(post, "/account/factors/{factor}/remove", p.remove),
		recent(get, "/account/password", p.passwordForm),
		recent(post, "/account/password", p.password),

		own(get, "/account", p.account),
		own(post, "/account/sessions/end-others", p.endOthers),
		own(post, "/account/sessions/{session}/end", p.endSession),
		own(get, "/session", p.session),
		own(post, "/session", p.stay),
		own(post, "/session/extend", p.extend),
		own(get, web.DraftsPath, p.drafts),
		{Method: post, Pattern: web.DraftsPath + "/keep", Public: "what was typed is kept also when the screen was hidden, or the session ended, a moment before", Handler: p.keepDraft},
		own(get, web.DraftsPath+"/{draft}", p.fillDraft),
		own(post, web.DraftsPath+"/{draft}/drop", p.dropDraft),
	}
	if p.cfg.Provider != nil {
		routes = append(routes,
			web.Route{Method: get, Pattern: web.ProviderPath, Public: before, Handler: p.toProvider},
			web.Route{Method: get, Pattern: web.ProviderReturnPath, Public: before, Handler: p.fromProvider})
	}
	return routes
}

type signInPage struct {
	Username string
	Next     string
	Problem  string
	Provider string // what people call it; empty without one
}

// kept tells whether somebody comes here whose typed text was kept.
func (s signInPage) kept() bool { return s.Next == web.DraftsPath }

func (p *Pages) signInPage(s signInPage) web.Response {
	if p.cfg.Provider != nil {
		s.Provider = p.cfg.Provider.Label()
	}
	return web.Page{Title: "Sign in", Body: signInBody(s), Invalid: s.Problem != ""}
}

func (s signInPage) errors() []ui.Link {
	return []ui.Link{{Text: s.Problem, Href: "#username"}}
}

func (p *Pages) signInForm(_ context.Context, r *web.Request) (web.Response, error) {
	if !r.Actor.IsZero() {
		return web.SeeOther(r.NextOr(r.Query("next"), p.home)), nil
	}
	return p.signInPage(signInPage{Next: r.NextOr(r.Query("next"), "")}), nil
}

func (p *Pages) signIn(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.auth.SignIn(ctx, form.Get("username"), form.Get("password"), r.From())
	if problem, ok := forPeople(err); ok {
		return p.signInPage(signInPage{Username: form.Get("username"), Next: form.Get("next"), Problem: problem}), nil
	}
	if err != nil {
		return nil, err
	}
	// The browser forgets an earlier session; so does the server.
	if err := p.auth.SignOut(ctx, r.Token()); err != nil {
		return nil, err
	}
	// Where to go on to is asked for again once the second factor is given.
	to := web.SecondPath
	if next := r.NextOr(form.Get("next"), ""); next != "" {
		to += "?" + url.Values{"next": {next}}.Encode()
	}
	return web.SignedIn(token, to), nil
}

// forPeople is what a person is told of a failed try.
func forPeople(err error) (string, bool) {
	switch {
	case errors.Is(err, auth.ErrSignIn):
		return "The user name or the password is not right. Check both and try again", true
	case errors.Is(err, auth.ErrTooMany):
		return "There were too many tries. Wait a few minutes and try again", true
	case errors.Is(err, auth.ErrCode):
		return "The code is not right, or was used already. Enter the one that is shown now, or a recovery code you have not used", true
	case errors.Is(err, auth.ErrNoName):
		return "A passkey belongs to the name of a site, and this one was opened by a number. Use another way", true
	case errors.Is(err, auth.ErrPasskey), errors.Is(err, auth.ErrCeremony):
		return "That did not work, or took too long. Try again, or use another way", true
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
	err = p.auth.Unlock(ctx, r.Token(), form.Get("password"), r.From())
	if problem, ok := forPeople(err); ok {
		return lockedPage{Next: form.Get("next"), Problem: problem}.response(), nil
	}
	if errors.Is(err, auth.ErrNoSession) {
		return web.SignedOut("/sign-in"), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(p.onward(ctx, r, r.Token(), form.Get("next"))), nil
}

// onward is where somebody goes who is signed in again: to the form that they
// were typing in if that was kept, and otherwise to where they were going.
func (p *Pages) onward(ctx context.Context, r *web.Request, token, next string) string {
	to := r.NextOr(next, p.home)
	if to != p.home && to != web.DraftsPath {
		return to
	}
	switch ids, err := p.auth.DraftIDs(ctx, token); {
	case err != nil || len(ids) == 0:
		return to
	case len(ids) == 1:
		return web.DraftsPath + "/" + ids[0]
	}
	return web.DraftsPath
}
