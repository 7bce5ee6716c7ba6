package authweb

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

type accountView struct {
	Username string
	Factors  auth.Factors
	Sessions []auth.Own
	Problem  string
}

var done = map[string]string{
	"added":     "The second step is added",
	"removed":   "The second step is removed",
	"ended":     "The session is ended",
	"others":    "All your other sessions are ended",
	"password":  "Your password is changed, and your other sessions are ended",
	"dropped":   "What was kept is thrown away",
	"elsewhere": "The form is not there any more as it was; this is what you had typed, to copy from",
}

func (p *Pages) account(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.accountPage(ctx, r, accountView{})
}

func (p *Pages) accountPage(ctx context.Context, r *web.Request, v accountView) (web.Response, error) {
	v.Username = r.Session.Account.Username
	var err error
	if v.Factors, err = p.auth.Factors(ctx, r.Token()); err != nil {
		return p.prove(err)
	}
	if v.Sessions, err = p.auth.Sessions(ctx, r.Token()); err != nil {
		return p.prove(err)
	}
	return web.Page{Title: "Your account", Body: accountBody(v), Invalid: v.Problem != "", Flash: r.Done(done)}, nil
}

func (p *Pages) endOthers(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.auth.EndSession(ctx, r.Token(), ""); err != nil {
		return p.prove(err)
	}
	return web.SeeOther("/account?done=others"), nil
}

func (p *Pages) endSession(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.auth.EndSession(ctx, r.Token(), r.Path("session")); err != nil {
		return p.prove(err)
	}
	return web.SeeOther("/account?done=ended"), nil
}

type passwordView struct{ Problem, Again string }

func (v passwordView) errors() []ui.Link {
	var out []ui.Link
	for _, l := range []ui.Link{{Text: v.Problem, Href: "#password"}, {Text: v.Again, Href: "#password_again"}} {
		if l.Text != "" {
			out = append(out, l)
		}
	}
	return out
}

func (v passwordView) response() web.Response {
	return web.Page{Title: "Change your password", Body: passwordBody(v), Invalid: len(v.errors()) > 0, Back: backToAccount}
}

func (p *Pages) passwordForm(context.Context, *web.Request) (web.Response, error) {
	return passwordView{}.response(), nil
}

func (p *Pages) password(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if form.Get("password") != form.Get("password_again") {
		return passwordView{Again: "Enter the same password twice"}.response(), nil
	}
	token, err := p.auth.ChangePassword(ctx, r.Token(), form.Get("password"), r.From())
	for _, known := range []error{auth.ErrPasswordShort, auth.ErrPasswordLong, auth.ErrPasswordName} {
		if errors.Is(err, known) {
			text := known.Error()
			return passwordView{Problem: strings.ToUpper(text[:1]) + text[1:]}.response(), nil
		}
	}
	if err != nil {
		return p.prove(err)
	}
	return web.SignedIn(token, "/account?done=password"), nil
}

// session says when the session ends. Without a script it is where somebody
// stays signed in, in a tab beside the form they fill in.
func (p *Pages) session(_ context.Context, r *web.Request) (web.Response, error) {
	return web.Page{Title: "Your session", Body: sessionBody(minutesOf(r.Session.Left))}, nil
}

func minutesOf(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

func (p *Pages) stay(ctx context.Context, r *web.Request) (web.Response, error) {
	if _, err := p.auth.Extend(ctx, r.Token()); err != nil {
		return p.prove(err)
	}
	return web.SeeOther("/session"), nil
}

// extend is stay for the script: it answers with the seconds that are left.
func (p *Pages) extend(ctx context.Context, r *web.Request) (web.Response, error) {
	s, err := p.auth.Extend(ctx, r.Token())
	if err != nil {
		return p.prove(err)
	}
	body, err := json.Marshal(map[string]int{"left": int(s.Left.Seconds())})
	return web.Content{Type: "application/json", Body: body}, err
}

type draftView struct {
	auth.Draft
	Texts []string // what was typed, for its owner to know it again
}

func (p *Pages) drafts(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.auth.Drafts(ctx, r.Token())
	if err != nil {
		return p.prove(err)
	}
	var views []draftView
	for _, d := range list {
		if r.NextOr(d.Path, "") != "" {
			views = append(views, draftView{Draft: d, Texts: textsOf(d.Form)})
		}
	}
	return web.Page{Title: "What you had typed", Body: draftsBody(views), Flash: r.Done(done)}, nil
}

// textMin is from how many characters on something is a text that somebody
// wrote, and not the code of a choice.
const textMin = 12

func textsOf(form url.Values) []string {
	var out []string
	for _, name := range sortedNames(form) {
		for _, v := range form[name] {
			if len([]rune(v)) >= textMin && strings.Contains(v, " ") {
				out = append(out, v)
			}
		}
	}
	return out
}

func sortedNames(form url.Values) []string {
	var names []string
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// With these the script says where a form was to be sent, and on which page it
// stands.
const (
	pathField = "_path"
	pageField = "_page"
)

func (p *Pages) keepDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	path := r.NextOr(form.Get(pathField), "")
	kept := url.Values{}
	for name, values := range form {
		if name != pathField && name != pageField {
			kept[name] = slices.Clone(values)
		}
	}
	if path != "" && !strings.HasPrefix(path, "/account") && !strings.HasPrefix(path, "/sign-in") {
		if _, err := p.auth.KeepDraft(ctx, r.Token(), auth.Draft{Path: path, Page: r.NextOr(form.Get(pageField), ""), Form: kept}); err != nil {
			return nil, err
		}
	}
	return web.Content{Type: "text/plain; charset=utf-8"}, nil
}

// fillDraft leads to the form that something was typed in, filled in with it.
func (p *Pages) fillDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	d, err := p.auth.OpenDraft(ctx, r.Token(), r.Path("draft"))
	if err != nil {
		return p.prove(err)
	}
	return web.SeeOther(web.Filled(d)), nil
}

func (p *Pages) dropDraft(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.auth.DropDraft(ctx, r.Token(), r.Path("draft")); err != nil {
		return p.prove(err)
	}
	return web.SeeOther(web.DraftsPath + "?done=dropped"), nil
}
