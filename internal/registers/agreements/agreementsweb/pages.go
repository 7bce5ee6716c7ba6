package agreementsweb

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

// Home is the list of agreements.
const Home = "/agreements"

// Pages are the pages of this package.
type Pages struct {
	agreements *agreements.Register
	directory  *directory.Register
	// More are links that the list of agreements shows to those who look after
	// them.
	More []ui.Link
}

// New makes the pages.
func New(register *agreements.Register, people *directory.Register) *Pages {
	return &Pages{agreements: register, directory: people}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: Home + pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: Home + pattern, Action: action, Handler: h}
	}
	one := "/{agreement}"
	return []web.Route{
		get("", agreements.ActList, p.list),
		get("/explore", agreements.ActExplore, p.explore),
		get("/monitor", agreements.ActMonitor, p.monitor),
		get("/new", agreements.ActBegin, p.newForm),
		post("/new", agreements.ActBegin, p.begin),
		get(one, agreements.ActRead, p.show),
		get(one+"/compare", agreements.ActRead, p.compare),
		get(one+"/edit", agreements.ActWrite, p.editForm),
		post(one+"/edit", agreements.ActWrite, p.edit),
		get(one+"/clauses/{clause}", agreements.ActWrite, p.clauseForm),
		post(one+"/clauses/{clause}", agreements.ActWrite, p.clause),
		post(one+"/clauses/{clause}/remove", agreements.ActWrite, p.removeClause),
		get(one+"/contact", agreements.ActWrite, p.contactForm),
		post(one+"/contact", agreements.ActWrite, p.contact),
		get(one+"/check", agreements.ActWrite, p.checkForm),
		post(one+"/check", agreements.ActWrite, p.startSigning),
		get(one+"/sign", agreements.ActSign, p.signForm),
		post(one+"/sign", agreements.ActSign, p.sign),
		get(one+"/withdraw", agreements.ActSign, p.withdrawForm),
		post(one+"/withdraw", agreements.ActSign, p.withdraw),
		post(one+"/new-version", agreements.ActWrite, p.newVersion),
	}
}

var done = map[string]string{
	"begun":     "The draft is kept",
	"kept":      "The draft is kept",
	"contact":   "Who advises is recorded",
	"signing":   "The parties can sign it now. It does not change any more",
	"signed":    "You have signed it for your agency",
	"withdrawn": "Your agency has withdrawn",
	"version":   "A new version is begun. It says what the one before it says until you change it",
}

func (p *Pages) page(r *web.Request, title string, body templ.Component, back *ui.Link, invalid bool) web.Response {
	return web.Page{Title: title, Body: body, Current: Home, Back: back, Invalid: invalid, Flash: r.Done(done)}
}

func path(id agreements.ID) string { return Home + "/" + string(id) }

func backTo(a agreements.Agreement) *ui.Link {
	return &ui.Link{Text: "Back to the agreement", Href: path(a.ID)}
}

var backToList = &ui.Link{Text: "Agreements", Href: Home}

type listView struct {
	List   []agreements.Agreement
	Places agreements.Places
	Actor  policy.Actor
	Today  string
	Begin  bool
	Keeps  bool // looks after how agreements are used
	More   []ui.Link
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{Actor: r.Actor, Today: p.agreements.Today(), Begin: p.agreements.MayBegin(r.Actor)}
	v.Keeps = r.Actor.Has(policy.KeyContact) || r.Actor.Has(policy.Manager)
	if r.Actor.Has(policy.KeyContact) {
		v.More = p.More
	}
	var err error
	if v.List, err = p.agreements.List(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	res, _ := p.page(r, "Information-sharing agreements", listBody(v), nil, false).(web.Page)
	res.Wide = true
	return res, nil
}

// Tiles is what waits for the actor, for the first page: agreements to sign, and
// those that should have been looked at again.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.KeyContact) {
		return nil, nil
	}
	list, err := p.agreements.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	var sign, review int
	for _, a := range list {
		for _, v := range a.Versions {
			if s, party := v.Signature(directory.AgencyID(actor.Agency)); party && v.State == agreements.Signing && s.SignedAt.IsZero() {
				sign++
			}
			if v.Overdue(p.agreements.Today()) {
				review++
			}
		}
	}
	tiles := []ui.NumericTile{{Label: "To sign", Value: strconv.Itoa(sign), Href: Home}, {Label: "Past review", Value: strconv.Itoa(review), Href: Home}}
	if sign > 0 {
		tiles[0].Kind = ui.TileWarn
	}
	if review > 0 {
		tiles[1].Kind = ui.TileLate
	}
	return tiles, nil
}

type showView struct {
	Agreement agreements.Agreement
	Version   agreements.Version
	Places    agreements.Places
	Actor     policy.Actor
	Today     string
	Write     bool
	Sign      bool // this version waits for the actor's agency
	Withdraw  bool
}

// get reads an agreement and the places it names.
func (p *Pages) get(ctx context.Context, r *web.Request) (agreements.Agreement, agreements.Places, error) {
	a, err := p.agreements.Get(ctx, r.Actor, agreements.ID(r.Path("agreement")))
	if err != nil {
		return a, agreements.Places{}, err
	}
	places, err := p.agreements.Places(ctx, r.Actor)
	return a, places, err
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	a, places, err := p.get(ctx, r)
	if err != nil {
		return nil, err
	}
	version, ok := a.Version(number(r.Query("version")))
	if !ok {
		return nil, store.ErrNotFound
	}
	v := showView{
		Agreement: a, Version: version, Places: places, Actor: r.Actor, Today: p.agreements.Today(), Write: p.agreements.May(r.Actor, agreements.ActWrite, a),
	}
	own, party := version.Signature(directory.AgencyID(r.Actor.Agency))
	if party && p.agreements.May(r.Actor, agreements.ActSign, a) {
		v.Sign = version.State == agreements.Signing && own.SignedAt.IsZero()
		v.Withdraw = !own.SignedAt.IsZero() && (version.State == agreements.Signing || version.State == agreements.Coming || version.State == agreements.InForce)
	}
	res, _ := p.page(r, "Information-sharing agreement", showBody(v), backToList, false).(web.Page)
	res.Wide = true
	return res, nil
}

type compareView struct {
	Agreement agreements.Agreement
	Old, New  agreements.Version
	Changes   []agreements.Change
}

func (p *Pages) compare(ctx context.Context, r *web.Request) (web.Response, error) {
	a, places, err := p.get(ctx, r)
	if err != nil {
		return nil, err
	}
	v := compareView{Agreement: a}
	var is [2]bool
	v.Old, is[0] = a.Version(number(r.Query("from")))
	v.New, is[1] = a.Version(number(r.Query("to")))
	if !is[0] || !is[1] {
		return nil, store.ErrNotFound
	}
	v.Changes = agreements.Compare(v.Old.Document, v.New.Document, places.Name)
	return p.page(r, "What differs between two versions", compareBody(v), backTo(a), false), nil
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

type monitorView struct {
	ByAgreement, ByParty []agreements.Figures
	Titles               map[agreements.ID]string
	List                 []agreements.Agreement
	Places               agreements.Places
	Today                string
}

func (p *Pages) monitor(ctx context.Context, r *web.Request) (web.Response, error) {
	v := monitorView{Titles: map[agreements.ID]string{}, Today: p.agreements.Today()}
	var err error
	if v.ByAgreement, v.ByParty, err = p.agreements.Monitor(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.List, err = p.agreements.List(ctx, r.Actor); err != nil {
		return nil, err
	}
	for _, a := range v.List {
		v.Titles[a.ID] = a.Newest().Document.Title
	}
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	res, _ := p.page(r, "How agreements are used", monitorBody(v), backToList, false).(web.Page)
	res.Wide = true
	return res, nil
}
