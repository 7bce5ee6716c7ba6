package gatewayweb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/gateway"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/registers/provision"
)

// Root is under which address programs ask.
const Root = webhooks.Root

// Config is what programs ask.
type Config struct {
	Gateway  *gateway.Service
	Webhooks *webhooks.Service
	Figures  *measures.Counter
	Pathways *pathway.Service
	Services *provision.Register
}

// API is what programs ask.
type API struct {
	Config

	limit *limiter
}

// New makes it.
func New(cfg Config) *API {
	return &API{Config: cfg, limit: &limiter{clock: cfg.Gateway.Now, seen: map[string]bucket{}}}
}

// Routes is the route table.
func (a *API) Routes() []web.Route {
	const open = "what another system must know before it has a token"
	route := func(method, path string, action policy.Action, do do, query ...string) web.Route {
		return web.Route{Method: method, Pattern: Root + path, Action: action, Handler: a.handle(do, query), Fault: fault}
	}
	public := func(path string, do do) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: Root + path, Public: open, Alike: true, Handler: a.handle(do, nil), Fault: fault}
	}
	return []web.Route{
		public("/{$}", a.start),
		public("/openapi.json", a.description),
		route(http.MethodGet, "/referrals", interchange.ActFollow, a.referrals, "status", "reference", "changed_since", "after"),
		route(http.MethodGet, "/referrals/{referral}", interchange.ActFollow, a.referral),
		route(http.MethodGet, "/services", provision.ActRead, a.services),
		route(http.MethodGet, "/measures", measures.ActRead, a.measures, "period"),
		route(http.MethodGet, "/pathways", pathway.ActRead, a.pathways),
		route(http.MethodGet, "/webhooks", webhooks.ActSubscribe, a.webhooks),
		route(http.MethodPost, "/webhooks", webhooks.ActSubscribe, a.subscribe),
		route(http.MethodGet, "/webhooks/{webhook}", webhooks.ActSubscribe, a.webhook),
		route(http.MethodDelete, "/webhooks/{webhook}", webhooks.ActSubscribe, a.unsubscribe),
		route(http.MethodPost, "/webhooks/{webhook}/ping", webhooks.ActSubscribe, a.ping),
	}
}

// result is what was found out, to be told with a status; nil for nothing.
type result struct {
	status int
	body   any // json.RawMessage as it is
	header map[string]string
}

type do func(ctx context.Context, r *web.Request) (result, error)

var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// handle is what all have in common: how fast may be asked, what may stand behind
// the question mark, what is told of errors, and that what has not changed is not
// sent again.
func (a *API) handle(do do, query []string) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		if v := r.Header("X-Request-Id"); uuid.MatchString(v) {
			r.Echo("X-Request-Id", v)
		}
		if !r.Actor.IsZero() && !a.limit.take(r.Actor.Account) {
			header := r.Echoed()
			if header == nil {
				header = map[string]string{}
			}
			header["Retry-After"] = "1"
			return refuse(http.StatusTooManyRequests, "Ask ten times a second at most").answer(header), nil
		}
		if err := asked(r, query); err != nil {
			return told(r, err)
		}
		out, err := do(ctx, r)
		if err != nil {
			return told(r, err)
		}
		return answer(r, out)
	}
}

func told(r *web.Request, err error) (web.Response, error) {
	if p, is := known(err); is {
		return p.answer(r.Echoed()), nil
	}
	return nil, err
}

// asked refuses by name what nobody would look at, and what is there twice.
func asked(r *web.Request, query []string) error {
	var errs []wrong
	for _, name := range r.QueryNames() {
		switch {
		case !slices.Contains(query, name):
			errs = append(errs, wrong{Field: name, Detail: "There is no such parameter here"})
		case len(r.QueryAll(name)) > 1:
			errs = append(errs, wrong{Field: name, Detail: "It may stand there once"})
		}
	}
	if len(errs) > 0 {
		return refuse(http.StatusBadRequest, "A parameter cannot be taken", errs...)
	}
	return nil
}

func answer(r *web.Request, out result) (web.Response, error) {
	body, raw := out.body.(json.RawMessage)
	if !raw && out.body != nil {
		var buf bytes.Buffer
		enc := json.NewEncoder(&buf)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(out.body); err != nil {
			return nil, err
		}
		body = buf.Bytes()
	}
	header := r.Echoed()
	if header == nil {
		header = map[string]string{}
	}
	for k, v := range out.header {
		header[k] = v
	}
	a := web.Answer{Status: out.status, Header: header, Body: body}
	if out.body != nil {
		a.Type = "application/json"
	}
	if out.status == http.StatusOK { // only what is asked for has it
		sum := sha256.Sum256(body)
		tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:18]) + `"`
		header["ETag"] = tag
		if slices.Contains(strings.Split(strings.ReplaceAll(r.Header("If-None-Match"), " ", ""), ","), tag) {
			return web.Answer{Status: http.StatusNotModified, Header: header}, nil
		}
	}
	return a, nil
}

func (a *API) start(_ context.Context, r *web.Request) (result, error) {
	at := func(path string) string { return r.Site() + path }
	return result{status: http.StatusOK, body: map[string]any{
		"title": "Where referrals stand, for programs", "version": "1",
		"links": map[string]string{
			"description": at(Root + "/openapi.json"), "tokens": at("/oauth/token"), "referrals": at(Root + "/referrals"), "services": at(Root + "/services"),
			"measures": at(Root + "/measures"), "pathways": at(Root + "/pathways"), "webhooks": at(Root + "/webhooks"), "messages": at("/fhir/metadata"),
		},
	}}, nil
}

func (a *API) description(context.Context, *web.Request) (result, error) {
	return result{status: http.StatusOK, body: json.RawMessage(gateway.Description())}, nil
}

func (a *API) referrals(ctx context.Context, r *web.Request) (result, error) {
	q, err := question(r)
	if err != nil {
		return result{}, err
	}
	list, more, err := a.Gateway.List(ctx, r.Actor, q, at(r))
	if err != nil {
		return result{}, err
	}
	links := map[string]string{"self": address(r, q.After)}
	if more {
		links["next"] = address(r, list[len(list)-1].ID)
	}
	return result{status: http.StatusOK, body: map[string]any{"referrals": list, "links": links}}, nil
}

// question reads what is asked for.
func question(r *web.Request) (interchange.Question, error) {
	q := interchange.Question{After: r.Query("after"), Focus: strings.TrimPrefix(r.Query("reference"), "urn:uuid:")}
	var errs []wrong
	if status := r.Query("status"); status != "" {
		q.Status = strings.Split(status, ",")
		if slices.ContainsFunc(q.Status, func(s string) bool { return !slices.Contains(interchange.Statuses(), s) }) {
			errs = append(errs, wrong{Field: "status", Detail: "The statuses are " + strings.Join(interchange.Statuses(), ", ")})
		}
	}
	if since := r.Query("changed_since"); since != "" {
		var err error
		if q.Since, err = time.Parse(time.RFC3339, since); err != nil {
			errs = append(errs, wrong{Field: "changed_since", Detail: "Enter a time like 2026-01-31T09:00:00Z"})
		}
	}
	if q.After != "" && !uuid.MatchString(q.After) {
		errs = append(errs, wrong{Field: "after", Detail: "Follow the link next"})
	}
	if len(errs) > 0 {
		return q, refuse(http.StatusBadRequest, "A parameter cannot be taken", errs...)
	}
	return q, nil
}

// at is the address of a referral.
func at(r *web.Request) func(id string) string {
	return func(id string) string { return r.Site() + Root + "/referrals/" + id }
}

// address is that of the list that was asked for, from a place on.
func address(r *web.Request, after string) string {
	v := url.Values{}
	for _, name := range []string{"status", "reference", "changed_since"} {
		if given := r.Query(name); given != "" {
			v.Set(name, given)
		}
	}
	if after != "" {
		v.Set("after", after)
	}
	out := r.Site() + Root + "/referrals"
	if len(v) > 0 {
		out += "?" + v.Encode()
	}
	return out
}

func (a *API) referral(ctx context.Context, r *web.Request) (result, error) {
	one, err := a.Gateway.One(ctx, r.Actor, r.Path("referral"), at(r))
	return result{status: http.StatusOK, body: one}, err
}

// service is a line of the list of services.
type service struct {
	ID string `json:"id"`
	provision.Details
	KeptBy string `json:"kept_by"`
}

func (a *API) services(ctx context.Context, r *web.Request) (result, error) {
	list, err := a.Services.List(ctx, r.Actor)
	out := []service{}
	for _, one := range list {
		if one.Goes() {
			out = append(out, service{ID: one.ID, Details: one.Details, KeptBy: one.AgencyName})
		}
	}
	return result{status: http.StatusOK, body: map[string]any{"services": out}}, err
}

func (a *API) measures(ctx context.Context, r *web.Request) (result, error) {
	period, ok := gateway.Period(r.Query("period"), a.Gateway.Now(), a.Figures.Registry().Zone())
	if !ok {
		return result{}, refuse(http.StatusBadRequest, "A parameter cannot be taken", wrong{
			Field: "period", Detail: "Enter a year, a quarter or a month that is over, like 2025, 2026-Q1 or 2026-03",
		})
	}
	results, err := a.Figures.Count(ctx, r.Actor, measures.Query{Period: period, Agency: r.Actor.Agency})
	if errors.Is(err, measures.ErrPeriod) {
		err = refuse(http.StatusBadRequest, "A parameter cannot be taken", wrong{Field: "period", Detail: "It is too long ago"})
	}
	if err != nil {
		return result{}, err
	}
	var buf bytes.Buffer
	err = measures.WriteJSON(&buf, results)
	return result{status: http.StatusOK, body: json.RawMessage(buf.Bytes())}, err
}

// local is a local pathway.
type local struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	For         string     `json:"for"`
	Version     int64      `json:"version"`
	PublishedAt *time.Time `json:"published_at"`
	Steps       []step     `json:"steps"`
}

type step struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

func (a *API) pathways(ctx context.Context, r *web.Request) (result, error) {
	list, err := a.Pathways.List(ctx, r.Actor)
	out := []local{}
	for _, v := range list {
		one := local{ID: v.Document.ID, Title: v.Document.Title, For: string(v.Document.For), Version: v.Number, Steps: []step{}}
		if !v.PublishedAt.IsZero() {
			at := v.PublishedAt.UTC().Truncate(time.Millisecond)
			one.PublishedAt = &at
		}
		for _, s := range v.Document.Steps {
			one.Steps = append(one.Steps, step{ID: s.ID, Title: s.Title})
		}
		out = append(out, one)
	}
	return result{status: http.StatusOK, body: map[string]any{"pathways": out}}, err
}

// hook is a subscription of a program.
type hook struct {
	ID        string           `json:"id"`
	Address   string           `json:"address"`
	Events    []webhooks.Event `json:"events"`
	Active    bool             `json:"active"`
	CreatedAt time.Time        `json:"created_at"`
	Secret    string           `json:"secret,omitempty"`
	Links     gateway.Links    `json:"links"`
}

func asHook(r *web.Request, s webhooks.Subscription) hook {
	return hook{
		ID: s.ID, Address: s.Address, Events: s.Events, Active: s.Active, CreatedAt: s.CreatedAt.UTC().Truncate(time.Millisecond),
		Links: gateway.Links{Self: r.Site() + Root + "/webhooks/" + s.ID},
	}
}

func (a *API) webhooks(ctx context.Context, r *web.Request) (result, error) {
	list, err := a.Webhooks.List(ctx, r.Actor)
	out := []hook{}
	for _, s := range list {
		out = append(out, asHook(r, s))
	}
	return result{status: http.StatusOK, body: map[string]any{"webhooks": out}}, err
}

func (a *API) webhook(ctx context.Context, r *web.Request) (result, error) {
	s, err := a.Webhooks.Get(ctx, r.Actor, r.Path("webhook"))
	return result{status: http.StatusOK, body: asHook(r, s)}, err
}

// bodyMost bounds what is sent.
const bodyMost = 16 << 10

func (a *API) subscribe(ctx context.Context, r *web.Request) (result, error) {
	if media, _, err := mime.ParseMediaType(r.Header("Content-Type")); err != nil || media != "application/json" {
		return result{}, refuse(http.StatusUnsupportedMediaType, "Send application/json")
	}
	raw, err := r.Body()
	if err != nil {
		return result{}, err
	}
	if len(raw) > bodyMost {
		return result{}, refuse(http.StatusRequestEntityTooLarge, "It is larger than what is taken here")
	}
	var in struct {
		Address string           `json:"address"`
		Events  []webhooks.Event `json:"events"`
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&in); err != nil || dec.Decode(new(any)) != io.EOF {
		return result{}, refuse(http.StatusBadRequest, "It is no JSON of an object with address and events, and nothing else")
	}
	s, secret, err := a.Webhooks.Subscribe(ctx, r.Actor, webhooks.NewSubscription{Address: in.Address, Events: in.Events})
	if err != nil {
		return result{}, err
	}
	out := asHook(r, s)
	out.Secret = secret
	return result{status: http.StatusCreated, body: out, header: map[string]string{"Location": out.Links.Self}}, nil
}

func (a *API) unsubscribe(ctx context.Context, r *web.Request) (result, error) {
	return result{status: http.StatusNoContent}, a.Webhooks.Remove(ctx, r.Actor, r.Path("webhook"))
}

func (a *API) ping(ctx context.Context, r *web.Request) (result, error) {
	return result{status: http.StatusAccepted}, a.Webhooks.Ping(ctx, r.Actor, r.Path("webhook"))
}
