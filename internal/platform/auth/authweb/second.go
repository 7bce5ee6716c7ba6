package authweb

import (
	"context"
	"errors"
	"net/url"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

type secondPage struct {
	Action  string // where its forms are sent
	Next    string
	Problem string
	Again   bool // somebody signed in proves it again
	Passkey auth.Asking
	// Provider is named where somebody has nothing here to prove it with.
	Provider string
}

func (s secondPage) response() web.Response {
	title := "Enter your code"
	if s.Again {
		title = "Confirm that it is you"
	}
	return web.Page{Title: title, Body: secondBody(s), Invalid: s.Problem != ""}
}

func (s secondPage) errors() []ui.Link { return []ui.Link{{Text: s.Problem, Href: "#code"}} }

func (p *Pages) secondForm(ctx context.Context, r *web.Request) (web.Response, error) {
	next := r.NextOr(r.Query("next"), "")
	if r.Session.Stage == auth.SignedIn {
		return web.SeeOther(p.onward(ctx, r, r.Token(), next)), nil
	}
	return p.secondPage(ctx, r, secondPage{Action: web.SecondPath, Next: next})
}

func (p *Pages) confirmForm(ctx context.Context, r *web.Request) (web.Response, error) {
	next := r.NextOr(r.Query("next"), "/account")
	if r.Session.Recently {
		return web.SeeOther(next), nil
	}
	return p.secondPage(ctx, r, secondPage{Action: web.ConfirmPath, Next: next, Again: true})
}

func (p *Pages) secondPage(ctx context.Context, r *web.Request, v secondPage) (web.Response, error) {
	var err error
	if v.Passkey, err = p.auth.AskPasskey(ctx, r.Token(), r.Site()); err != nil && !errors.Is(err, auth.ErrNoSession) {
		return nil, err
	}
	if p.cfg.Provider != nil && r.Session.Factor == auth.Provider {
		v.Provider = p.cfg.Provider.Label()
	}
	return v.response(), nil
}

// stageOf is the page as the address it was sent to says.
func stageOf(r *web.Request) secondPage {
	if r.Session.Stage == auth.SignedIn {
		return secondPage{Action: web.ConfirmPath, Again: true}
	}
	return secondPage{Action: web.SecondPath}
}

func (p *Pages) second(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.auth.GiveCode(ctx, r.Token(), form.Get("code"), r.From())
	return p.afterSecond(ctx, r, form, token, err)
}

func (p *Pages) secondPasskey(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.auth.GivePasskey(ctx, r.Token(), form.Get("ceremony"), form.Get("credential"), r.Site())
	return p.afterSecond(ctx, r, form, token, err)
}

func (p *Pages) afterSecond(ctx context.Context, r *web.Request, form url.Values, token string, err error) (web.Response, error) {
	v := stageOf(r)
	v.Next = r.NextOr(form.Get("next"), "")
	if problem, ok := forPeople(err); ok {
		v.Problem = problem
		return p.secondPage(ctx, r, v)
	}
	if errors.Is(err, auth.ErrNoSession) {
		return web.SignedOut(web.SignInPath), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SignedIn(token, p.onward(ctx, r, token, v.Next)), nil
}

// enrolView is what somebody without a second factor sees first, and what
// somebody sees who adds another.
type enrolView struct {
	First bool
	Next  string
}

func (p *Pages) enrol(_ context.Context, r *web.Request) (web.Response, error) {
	v := enrolView{First: r.Session.Stage == auth.EnrolSecond, Next: r.NextOr(r.Query("next"), "")}
	return web.Page{Title: "Set up a second step", Body: enrolBody(v)}, nil
}

type totpView struct {
	New     auth.NewTOTP
	Picture picture
	Name    string
	Problem string
}

func (v totpView) errors() []ui.Link { return []ui.Link{{Text: v.Problem, Href: "#code"}} }

func (v totpView) response() (web.Response, error) {
	var err error
	if v.Picture, err = drawn(v.New.URL); err != nil {
		return nil, err
	}
	return web.Page{Title: "Set up an authenticator app", Body: totpBody(v), Invalid: v.Problem != "", Back: backToEnrol}, nil
}

var (
	backToEnrol   = &ui.Link{Text: "Second step", Href: web.EnrolPath}
	backToAccount = &ui.Link{Text: "Your account", Href: "/account"}
)

func (p *Pages) totpForm(ctx context.Context, r *web.Request) (web.Response, error) {
	fresh, err := p.auth.BeginTOTP(ctx, r.Token(), p.cfg.Issuer)
	if err != nil {
		return p.prove(err)
	}
	return totpView{New: fresh}.response()
}

// prove leads whoever may not change anything now to where they can again.
func (p *Pages) prove(err error) (web.Response, error) {
	switch {
	case errors.Is(err, auth.ErrProveAgain):
		return web.SeeOther(web.ConfirmPath), nil
	case errors.Is(err, auth.ErrNoSession):
		return web.SeeOther(web.SignInPath), nil
	}
	return nil, err
}

func (p *Pages) totp(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	ceremony := form.Get("ceremony")
	proved, err := p.auth.AddTOTP(ctx, r.Token(), ceremony, form.Get("code"), form.Get("name"))
	if errors.Is(err, auth.ErrCeremony) {
		return web.SeeOther("/account/authenticator"), nil
	}
	if problem, ok := forPeople(err); ok {
		v := totpView{Name: form.Get("name"), Problem: problem}
		if v.New, err = p.auth.PendingTOTP(ctx, r.Token(), ceremony); err != nil {
			return p.prove(err)
		}
		return v.response()
	}
	if err != nil {
		return p.prove(err)
	}
	return p.added(r, proved)
}

// added shows the recovery codes if they were made, or goes back to the
// account.
func (p *Pages) added(r *web.Request, proved auth.Proved) (web.Response, error) {
	if len(proved.Codes) == 0 {
		return web.SignedIn(proved.Token, "/account?done=added"), nil
	}
	r.Session.Stage = auth.SignedIn
	return web.Page{Title: "Your recovery codes", Body: codesBody(codesView{Codes: proved.Codes, Home: p.home}), Token: proved.Token}, nil
}

type passkeyView struct {
	Asking  auth.Asking
	NoName  bool // a passkey is bound to a name, and there is none
	Problem string
}

func (p *Pages) passkeyForm(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.passkeyPage(ctx, r, passkeyView{})
}

func (p *Pages) passkeyPage(ctx context.Context, r *web.Request, v passkeyView) (web.Response, error) {
	var err error
	v.Asking, err = p.auth.BeginPasskey(ctx, r.Token(), r.Site())
	if v.NoName = errors.Is(err, auth.ErrNoName); err != nil && !v.NoName {
		return p.prove(err)
	}
	return web.Page{Title: "Set up a passkey", Body: passkeyBody(v), Invalid: v.Problem != "", Back: backToEnrol}, nil
}

func (p *Pages) passkey(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	proved, err := p.auth.AddPasskey(ctx, r.Token(), form.Get("ceremony"), form.Get("credential"), form.Get("name"), r.Site())
	if problem, ok := forPeople(err); ok {
		return p.passkeyPage(ctx, r, passkeyView{Problem: problem})
	}
	if err != nil {
		return p.prove(err)
	}
	return p.added(r, proved)
}

type codesView struct {
	Codes []string
	Left  int
	Home  string
}

func (p *Pages) codesForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.auth.Factors(ctx, r.Token())
	if err != nil {
		return p.prove(err)
	}
	return web.Page{Title: "Recovery codes", Body: codesBody(codesView{Left: f.Codes, Home: p.home}), Back: backToAccount}, nil
}

func (p *Pages) codes(ctx context.Context, r *web.Request) (web.Response, error) {
	codes, err := p.auth.NewRecoveryCodes(ctx, r.Token())
	if err != nil {
		return p.prove(err)
	}
	return web.Page{Title: "Your recovery codes", Body: codesBody(codesView{Codes: codes, Home: p.home}), Back: backToAccount}, nil
}

func (p *Pages) remove(ctx context.Context, r *web.Request) (web.Response, error) {
	err := p.auth.RemoveFactor(ctx, r.Token(), r.Path("factor"))
	switch {
	case errors.Is(err, auth.ErrLastFactor):
		return p.accountPage(ctx, r, accountView{Problem: "This is your only second step. Add another one first, then remove this one"})
	case errors.Is(err, store.ErrNotFound):
		return nil, err
	case err != nil:
		return p.prove(err)
	}
	return web.SeeOther("/account?done=removed"), nil
}

// askPasskey leads to a device that proves both at once: that it is here and
// that its owner uses it.
func (p *Pages) askPasskey(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	next := r.NextOr(form.Get("next"), "")
	asking, err := p.auth.AskAnyone(ctx, r.Site(), r.From())
	if problem, ok := forPeople(err); ok {
		return p.signInPage(signInPage{Next: next, Problem: problem}), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Sign in with a passkey", Body: askBody(asking, next)}, nil
}

func (p *Pages) passkeyAnswer(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.auth.SignInWithPasskey(ctx, form.Get("ceremony"), form.Get("credential"), r.Site(), r.From())
	if problem, ok := forPeople(err); ok {
		return p.signInPage(signInPage{Next: r.NextOr(form.Get("next"), ""), Problem: problem}), nil
	}
	if err != nil {
		return nil, err
	}
	if err := p.auth.SignOut(ctx, r.Token()); err != nil {
		return nil, err
	}
	return web.SignedIn(token, p.onward(ctx, r, token, form.Get("next"))), nil
}
