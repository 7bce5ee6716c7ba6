package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web/ui"
)

// Config is what the frame is made from.
type Config struct {
	Guard *audit.Guard
	Auth  *auth.Service
	Log   *slog.Logger
	// ProductName stands in the header and in every title; neutral (S13).
	ProductName string
	// Navigation is the service navigation for an actor (zero: signed out).
	Navigation func(policy.Actor) []ui.NavItem
	// Role is the line about the actor's work in the header.
	Role func(context.Context, policy.Actor) string
	// Footer holds the links at the end of every page.
	Footer []ui.Link
	// Demo is the banner of the demo; nil elsewhere.
	Demo *ui.DemoBannerParams
	// Home is where signed-in people begin.
	Home string
	// Proxies are the networks of the proxies in front, whose word on where a
	// request comes from is taken. This machine's own is always one.
	Proxies []netip.Prefix
	// Site is the address by which people know the service, without a slash at
	// its end. Without it, an address is taken from the request.
	Site string
}

// Frame serves the route table.
type Frame struct {
	cfg    Config
	routes []Route
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
	kept   shelf
	others crossings
	own    bool // there are pages on which people manage their account
}

// New checks the table and makes the frame. It fails on a route with neither
// an action nor a public reason, and on one whose action no rule knows.
func New(cfg Config, tables ...[]Route) (*Frame, error) {
	f := &Frame{cfg: cfg, mux: http.NewServeMux(), cross: http.NewCrossOriginProtection()}
	f.routes = slices.Concat(append(tables, []Route{assetRoute()})...)
	if err := checkRoutes(f.routes, cfg.Guard.Rules()); err != nil {
		return nil, err
	}
	for _, r := range f.routes {
		f.mux.Handle(r.String(), f.serve(r))
		f.own = f.own || r.Pattern == AccountPath
	}
	// What the table does not know is not there.
	f.mux.Handle("/", f.serve(Route{Pattern: "(none)", Public: "not found", Handler: func(context.Context, *Request) (Response, error) {
		return nil, ErrNoSuchPage
	}}))
	return f, nil
}

// Routes is the table.
func (f *Frame) Routes() []Route { return slices.Clone(f.routes) }

// ServeHTTP implements http.Handler.
func (f *Frame) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	f.mux.ServeHTTP(w, r)
}

// serve is the way of one request through the frame.
func (f *Frame) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := &Request{ID: requestID(), http: hr, proxies: f.cfg.Proxies, upload: route.Upload, site: f.cfg.Site}
		hr.Body = http.MaxBytesReader(w, hr.Body, bodyMax+route.Upload)
		if c, err := hr.Cookie(cookieName); err == nil {
			r.cookie = c.Value
		}
		res, err := f.run(hr.Context(), route, r)
		if err != nil {
			res = f.faultAnswer(hr.Context(), route, r, err)
		}
		h := w.Header()
		for k, v := range res.header {
			h[k] = v
		}
		h["Content-Length"] = []string{strconv.Itoa(len(res.body))} // in one piece, not in chunks
		w.WriteHeader(res.status)
		if hr.Method != http.MethodHead {
			_, _ = w.Write(res.body) // the browser has gone; nothing to do
		}
		f.logRequest(hr.Context(), route, r, res.status)
	})
}

// run recognises, judges, handles and renders, and commits the ledger entry.
func (f *Frame) run(ctx context.Context, route Route, r *Request) (res *answer, err error) {
	defer caught(&err)
	if !r.readable() {
		return nil, ErrNoSuchPage
	}
	if err := f.cross.Check(r.http); err != nil {
		f.crossed(ctx, route, r)
		return nil, errCrossOrigin
	}
	// The way out must not depend on anything that can fail.
	if route.Pattern != ExitPath && !route.Alike {
		if err := f.recognise(ctx, route, r); err != nil {
			return nil, err
		}
	}
	if route.Action != "" {
		if to, ok := f.detour(route, r); ok {
			if route.Fault != nil {
				return nil, errNoProgram
			}
			kept, err := f.keep(ctx, route, r)
			if err != nil {
				return nil, err
			}
			if kept {
				to += "?" + url.Values{"next": {DraftsPath}}.Encode()
			}
			return SeeOther(to).render(ctx, f, r)
		}
	}
	ctx, look := f.cfg.Guard.BeginLook(ctx, r.Actor, route.Action, r.ID)
	if route.Action != "" {
		if d := f.cfg.Guard.Rules().Possible(r.Actor, route.Action); !d.Allowed {
			return nil, f.cfg.Guard.Refuse(ctx, r.Actor, route.Action, d, true)
		}
	}
	if err := f.beginFilling(ctx, r); err != nil {
		return nil, err
	}
	res, err = f.handle(ctx, route, r)
	if err != nil {
		// What was opened before it went wrong was opened all the same. If that
		// cannot be kept, it is the fault that counts.
		if unkept := look.Commit(context.WithoutCancel(ctx)); unkept != nil {
			return nil, fmt.Errorf("%w, after: %v", unkept, err) //nolint:errorlint // must not be taken for a refusal
		}
		if r.filling != nil {
			return SeeOther(notFilledIn).render(ctx, f, r)
		}
		return nil, err
	}
	if err := look.Commit(ctx); err != nil {
		return nil, err
	}
	return f.endFilling(ctx, r, res)
}

func (f *Frame) handle(ctx context.Context, route Route, r *Request) (res *answer, err error) {
	defer caught(&err)
	response, err := route.Handler(ctx, r)
	if err != nil {
		return nil, err
	}
	if response == nil {
		return nil, errors.New("the handler answered nothing")
	}
	return response.render(ctx, f, r)
}

// caught turns a panic into an error; deferred.
func caught(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
	}
}

// recognise makes the actor, once.
func (f *Frame) recognise(ctx context.Context, route Route, r *Request) error {
	if token, ok := strings.CutPrefix(r.http.Header.Get("Authorization"), "Bearer "); ok && r.cookie == "" {
		return f.program(ctx, route, r, token)
	}
	if r.cookie == "" {
		return nil
	}
	known := f.cfg.Auth.Session
	if route.Unattended {
		known = f.cfg.Auth.Glance
	}
	s, err := known(ctx, r.cookie)
	if errors.Is(err, auth.ErrNoSession) {
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case s.Locked:
		// No page is to show by mistake who hid it.
		s = auth.Session{Locked: true, Ends: s.Ends}
	case s.Stage != auth.SignedIn && !slices.Contains(route.During, s.Stage):
		// Nor who has not proved yet that it is them.
		s = auth.Session{Stage: s.Stage, Ends: s.Ends}
	}
	r.Session, r.Actor = s, s.Actor
	return nil
}

// program recognises a program, which may do what its token names and no more:
// the rules see to that. To a page that asks for no action it is nobody.
func (f *Frame) program(ctx context.Context, route Route, r *Request, token string) error {
	actor, err := f.cfg.Auth.Program(ctx, token)
	if errors.Is(err, auth.ErrNoSession) {
		return errNoProgram
	}
	if err != nil {
		return err
	}
	if route.Action != "" {
		r.Actor = actor
	}
	return nil
}

// Where those go first who are not signed in, or not all the way.
const (
	SignInPath  = "/sign-in"
	AccountPath = "/account"
	LockedPath  = "/locked"
	// ProviderPath and ProviderReturnPath lead to a provider of identities and back.
	ProviderPath       = "/sign-in/provider"
	ProviderReturnPath = ProviderPath + "/return"
	SecondPath         = "/sign-in/second"
	EnrolPath          = "/account/second-factor"
	ConfirmPath        = "/account/confirm"
	DraftsPath         = "/account/drafts"
)

// detour is where someone goes first who is not signed in, is not so all the
// way, has hidden the screen, or must prove again who they are.
func (f *Frame) detour(route Route, r *Request) (string, bool) {
	at := ""
	switch stage := r.Session.Stage; {
	case r.Session.Locked:
		at = LockedPath
	case stage != auth.SignedIn && slices.Contains(route.During, stage):
		return "", false
	case stage == auth.GiveSecond:
		at = SecondPath
	case stage == auth.EnrolSecond:
		at = EnrolPath
	case r.Actor.IsZero():
		at = SignInPath
	case route.Recent && !r.Session.Recently:
		at = ConfirmPath
	default:
		return "", false
	}
	return at + nextQuery(r.http), true
}

// keep keeps what was typed in a form that cannot be taken now, for when it can
// be. It tells whether it did.
func (f *Frame) keep(ctx context.Context, route Route, r *Request) (bool, error) {
	if route.Method != http.MethodPost || route.Recent || len(route.During) > 0 || route.Action == auth.ActOwn || r.cookie == "" {
		return false, nil
	}
	form, err := r.Form()
	if err != nil {
		return false, nil //nolint:nilerr // what cannot be read cannot be kept
	}
	kept, err := f.cfg.Auth.KeepDraft(ctx, r.cookie, auth.Draft{Path: r.http.URL.EscapedPath(), Form: form})
	if errors.Is(err, store.ErrFull) {
		return false, nil
	}
	return kept, err
}

// nextQuery keeps the address asked for, without its query. What was posted
// cannot be asked for again.
func nextQuery(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	return "?" + url.Values{"next": {r.URL.EscapedPath()}}.Encode()
}

// NextOr is where to go after signing in: the address asked for if it is one
// of ours, the other one if not.
func (r *Request) NextOr(next, other string) string {
	u, err := url.Parse(next)
	// The path is looked at as it was given and as it reads decoded: browsers
	// take \ for / and leave tabs out, and //name is another site.
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || !ours(next) || !ours(u.Path) {
		return other
	}
	return u.EscapedPath()
}

// ours tells whether an address can only be one of this site.
func ours(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") &&
		!strings.Contains(address, `\`) && !strings.ContainsFunc(address, unicode.IsControl)
}

func requestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// signedIn tells whether somebody is signed in all the way. To others a page
// looks as it does to the public, with the way out in a hurry.
func (r *Request) signedIn() bool { return !r.Actor.IsZero() && r.Session.Stage == auth.SignedIn }

// layout fills the frame of a page.
func (f *Frame) layout(r *Request, p Page) ui.LayoutParams {
	l := ui.LayoutParams{
		Title: p.Title + " – " + f.cfg.ProductName, ProductName: f.cfg.ProductName,
		Public: !r.signedIn(), Demo: f.cfg.Demo, Flash: p.Flash,
		Back: p.Back, Breadcrumbs: p.Breadcrumbs, CaseBar: p.CaseBar,
		FooterLinks: f.cfg.Footer, Wide: p.Wide,
	}
	if r.filling != nil && p.Flash == nil {
		l.Flash = filledIn(*r.filling)
	}
	if p.Invalid {
		l.Title = "Error: " + l.Title
	}
	if r.signedIn() {
		l.SignedIn = &ui.SignedIn{Name: r.Actor.Name}
		l.HomeURL = f.cfg.Home
		if f.own {
			l.SignedIn.AccountURL = AccountPath
		}
		// What is not allowed must look like what is not there to the byte, so a
		// fault says nothing of the time.
		if f.own && p.status == 0 {
			l.SignedIn.EndsIn = int(r.Session.Left.Seconds())
			l.SignedIn.WarnBefore = int(auth.Warning.Seconds())
		}
		if f.cfg.Role != nil {
			l.SignedIn.Role = f.cfg.Role(r.http.Context(), r.Actor)
		}
	}
	if f.cfg.Navigation != nil {
		actor := r.Actor
		if !r.signedIn() {
			actor = policy.Actor{}
		}
		l.Nav = slices.Clone(f.cfg.Navigation(actor)) // it may be the same list every time
		for i := range l.Nav {
			l.Nav[i].Current = l.Nav[i].Href == p.Current
		}
	}
	return l
}

// logRequest writes the pattern, never the address (S5). Leaving by the Exit
// control is not logged (S10).
func (f *Frame) logRequest(ctx context.Context, route Route, r *Request, status int) {
	if route.Pattern == ExitPath {
		return
	}
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	f.cfg.Log.Log(ctx, level, "request", "id", r.ID, "method", r.http.Method, "route", route.Pattern, "status", status)
}

// ExitPath is the address of the Exit control.
const ExitPath = "/exit"
