package registerweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/register"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// The addresses of the register, and of what was referred to it.
const (
	Register = "/marac-register"
	Received = "/marac-register/received"
)

// Bar is the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	register  *register.Service
	marac     *marac.Service
	sharing   *sharing.Service
	cases     *cases.Service
	directory *directory.Register
	db        *store.DB
	bar       Bar
}

// New makes the pages.
func New(service *register.Service, files *cases.Service, agencies *directory.Register, bar Bar) *Pages {
	return &Pages{register: service, marac: service.Marac(), sharing: service.Sharing(), cases: files, directory: agencies, db: files.DB(), bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		get(Register, register.ActRegister, p.list),
		get(Received, sharing.ActList, p.received),
		get(Received+"/{share}", sharing.ActReceive, p.packet),
		post(Received+"/{share}/acknowledge", sharing.ActAcknowledge, p.acknowledge),
		post(Received+"/{share}/take", register.ActTake, p.take),
		get("/cases/{case}/marac", cases.ActOpen, p.onCase),
		get("/cases/{case}/marac/refer", register.ActRefer, p.referForm),
		post("/cases/{case}/marac/refer", register.ActRefer, p.refer),
		// Who may not open the file is told so before who may not screen: it is judged then.
		get("/cases/{case}/marac/{marac}", cases.ActOpen, p.show),
		post("/cases/{case}/marac/{marac}/screen", register.ActScreen, p.screen),
		post("/cases/{case}/marac/{marac}/decide", register.ActScreen, p.decide),
		post("/cases/{case}/marac/{marac}/repeat", register.ActScreen, p.repeat),
		get("/cases/{case}/marac/{marac}/transfer", cases.ActOpen, p.transferForm),
		post("/cases/{case}/marac/{marac}/transfer", register.ActScreen, p.transfer),
	}
}

var done = map[string]string{
	"taken":        "It is on the register. Screen it: what was answered, whether it is a repeat, and when it is heard",
	"screened":     "Your corrections are kept. What the referrer said stays beside them",
	"decided":      "The decision is kept, and the referrer is told",
	"repeat":       "What you decided about the repeat is kept",
	"transferred":  "It was sent to the other MARAC, and the referrer is told",
	"acknowledged": "You have acknowledged it. The sender sees that a person here has received it",
	"referred":     "The referral was sent to the MARAC",
}

func (p *Pages) open(ctx context.Context, r *web.Request, purpose cases.Purpose) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

// page is a page of a case.
func (p *Pages) page(ctx context.Context, r *web.Request, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: title, Body: body, Invalid: invalid, CaseBar: bar, Current: "/cases", Flash: r.Done(done), Back: &ui.Link{Text: "Back to the case", Href: f.Path()}}, nil
}

func (p *Pages) now() time.Time { return store.Moment(p.db.Clock()()) }

// names are those of agencies that a page speaks of.
func (p *Pages) names(ctx context.Context, actor policy.Actor, agencies ...string) (map[string]string, error) {
	var wanted []directory.Place
	for _, a := range agencies {
		if a != "" {
			wanted = append(wanted, directory.Place{Agency: directory.AgencyID(a)})
		}
	}
	out := map[string]string{}
	if len(wanted) == 0 {
		return out, nil
	}
	names, err := p.directory.PlaceNames(ctx, actor, wanted...)
	for place, name := range names {
		out[string(place.Agency)] = name
	}
	return out, err
}

// maracs are those to which a case can be referred, with their inboxes.
func (p *Pages) maracs(ctx context.Context, actor policy.Actor) ([]ui.SelectItem, map[string]string, error) {
	var all []marac.Marac
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		all, err = p.marac.MaracsTx(ctx, tx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, m := range all {
		ids = append(ids, m.Agency)
	}
	names, err := p.names(ctx, actor, ids...)
	items := []ui.SelectItem{{Value: "", Text: "Select a MARAC"}}
	for _, m := range all {
		if m.Agency != actor.Agency {
			items = append(items, ui.SelectItem{Value: m.Agency + "/" + m.Team, Text: known(names[m.Agency])})
		}
	}
	return items, names, err
}

// listMost bounds one page of the register.
const listMost = 30

type listView struct {
	Lines  []register.Line
	Names  map[string]string
	Name   string
	State  marac.State
	Today  string
	More   string
	Nobody bool
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{Name: r.Query("name"), State: marac.State(r.Query("state")), Today: p.marac.Today(p.now())}
	which := register.Which{State: v.State, Name: v.Name}
	if number := v.Name; len(number) > 5 && number[4] == '/' {
		which.Name, which.Search = "", number
	}
	if id := r.Query("after"); id != "" {
		which.After = &register.Line{On: r.Query("on"), ID: marac.CaseID(id)}
	}
	var err error
	if v.Lines, err = p.register.List(ctx, r.Actor, which, listMost+1); err != nil {
		return nil, err
	}
	if len(v.Lines) > listMost {
		v.Lines = v.Lines[:listMost]
		last := v.Lines[listMost-1]
		v.More = Register + "?" + url.Values{"name": {v.Name}, "state": {string(v.State)}, "after": {string(last.ID)}, "on": {last.On}}.Encode()
	}
	var from []string
	for _, l := range v.Lines {
		from = append(from, l.From)
	}
	if v.Names, err = p.names(ctx, r.Actor, from...); err != nil {
		return nil, err
	}
	return web.Page{Title: "Register", Body: listBody(v), Current: Register, Wide: true, Back: &ui.Link{Text: "Home", Href: "/"}}, nil
}

type receivedView struct {
	Rows  []sharing.Row
	Names map[string]string
	More  string
}

// received are the referrals to the MARAC that wait to be taken.
func (p *Pages) received(ctx context.Context, r *web.Request) (web.Response, error) {
	var v receivedView
	var from []string
	for _, box := range []sharing.Box{sharing.WaitingBox, sharing.AcknowledgedBox} {
		rows, err := p.sharing.Inbox(ctx, r.Actor, box, "", 100)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Reason == sharing.MARACReferral {
				v.Rows, from = append(v.Rows, row), append(from, row.From)
			}
		}
	}
	var err error
	if v.Names, err = p.names(ctx, r.Actor, from...); err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "Home", Href: "/"}
	if r.Actor.Has(policy.Specialist) || r.Actor.Has(policy.Manager) {
		back = &ui.Link{Text: "MARAC register", Href: Register}
	}
	return web.Page{Title: "Referred, to be taken", Body: receivedBody(v), Current: Register, Wide: true, Back: back}, nil
}

// tileMost bounds what a count on the first page looks at.
const tileMost = 30

// Tiles is what was referred to the actor's MARAC and waits, for their first page;
// for those of other agencies there is none.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		_, err := p.marac.MaracTx(ctx, tx, actor.Agency)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	waiting, err := p.register.Waiting(ctx, actor, tileMost)
	if err != nil {
		return nil, err
	}
	return []ui.NumericTile{
		{Label: "To be screened", Value: strconv.Itoa(waiting), Href: Register + "?state=" + string(marac.Screening)},
		{Label: "Referred to the MARAC", Value: "Open", Href: Received},
	}, nil
}

type packetView struct {
	Packet    *sharing.Packet
	Share     sharing.Share
	Referral  register.Referral
	From      string
	Proposals []register.Proposal
	More      bool
	Names     map[string]string
}

func (p *Pages) receive(ctx context.Context, r *web.Request) (*sharing.Packet, error) {
	packet, err := p.sharing.Receive(ctx, r.Actor, sharing.ID(r.Path("share")))
	if err == nil && packet.Share().Reason != sharing.MARACReferral {
		return nil, store.ErrNotFound
	}
	return packet, err
}

func (p *Pages) packet(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	v := packetView{Packet: packet, Share: packet.Share()}
	if v.Referral, err = p.register.Of(ctx, packet); err != nil {
		return nil, err
	}
	if packet.State() == sharing.Acknowledged {
		if v.Proposals, v.More, err = p.register.Proposals(ctx, packet); err != nil {
			return nil, err
		}
	}
	from := []string{v.Share.From}
	for _, o := range v.Proposals {
		from = append(from, o.From)
	}
	if v.Names, err = p.names(ctx, r.Actor, from...); err != nil {
		return nil, err
	}
	v.From = known(v.Names[v.Share.From])
	return web.Page{Title: "What was referred", Body: packetBody(v), Current: Register, Flash: r.Done(done), Back: &ui.Link{Text: "Referred to the MARAC", Href: Received}}, nil
}

func (p *Pages) acknowledge(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.sharing.Acknowledge(ctx, packet, nil)
	var already *sharing.AlreadyAcknowledged
	if err != nil && !errors.As(err, &already) {
		return nil, err
	}
	return web.SeeOther(Received + "/" + string(packet.Share().ID) + "?done=acknowledged"), nil
}

func (p *Pages) take(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	var onto *cases.File
	if id := form.Get("onto"); id != "" {
		if onto, err = p.cases.Open(ctx, r.Actor, cases.ID(id), cases.Care); err != nil {
			return nil, err
		}
	}
	f, id, err := p.register.Take(ctx, packet, onto)
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/marac/" + string(id) + "?done=taken"), nil
}

type panelView struct {
	File  *cases.File
	Sent  []register.Referral
	Cases []marac.Case
	Names map[string]string
	Today string
	Zone  *time.Location
	Done  bool
}

func (p *Pages) panelView(ctx context.Context, f *cases.File) (panelView, error) {
	v := panelView{File: f, Today: p.marac.Today(p.now()), Zone: p.marac.Zone()}
	var err error
	if v.Sent, err = p.register.OfFile(ctx, f); err != nil {
		return v, err
	}
	if v.Cases, err = p.register.OnRegister(ctx, f); err != nil {
		return v, err
	}
	var to []string
	for _, s := range v.Sent {
		to = append(to, s.To)
	}
	for _, c := range v.Cases {
		to = append(to, c.From)
	}
	v.Names, err = p.names(ctx, f.Actor(), to...)
	return v, err
}

// Panel is what a case shows of MARAC.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	v, err := p.panelView(ctx, f)
	if err != nil {
		return nil, err
	}
	return panel(v), nil
}

func (p *Pages) onCase(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	v, err := p.panelView(ctx, f)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, r, f, "Referred to a meeting", onCaseBody(v), false)
}

type showView struct {
	File *cases.File
	register.View
	Proposals []register.Proposal
	More      bool
	Names     map[string]string
	By        map[string]string // who decided, by account
	Today     string
	Zone      *time.Location
	Decision  register.Decision
	Screened  *register.Screened // as it was typed
	Why       string
	Chosen    string // the case that it repeats, as it was typed
	Errors    forms.Errors
}

func (v showView) path() string { return v.File.Path() + "/marac/" + string(v.Case.ID) }

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	return p.showPage(ctx, r, showView{File: f})
}

func (p *Pages) showPage(ctx context.Context, r *web.Request, v showView) (web.Response, error) {
	id := marac.CaseID(r.Path("marac"))
	var err error
	if v.View, err = p.register.Show(ctx, v.File, id); err != nil {
		return nil, err
	}
	if v.Proposals, v.More, err = p.register.ProposalsFor(ctx, v.File, id); err != nil {
		return nil, err
	}
	from := []string{v.Case.From}
	for _, o := range v.Proposals {
		from = append(from, o.From)
	}
	if v.Names, err = p.names(ctx, r.Actor, from...); err != nil {
		return nil, err
	}
	var by []string
	for _, st := range v.Steps {
		by = append(by, st.By)
	}
	if v.By, err = p.directory.MemberNames(ctx, r.Actor, by); err != nil {
		return nil, err
	}
	v.Today, v.Zone = p.marac.Today(p.now()), p.marac.Zone()
	if v.Decision.Outcome == "" && v.Case.State == marac.Listed {
		v.Decision.Outcome, v.Decision.Meeting = register.Listed, v.Case.Meeting
	}
	return p.page(ctx, r, v.File, "Case "+v.Case.Number, showBody(v), v.Errors.Any())
}

func versionOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// changed opens the case of a form, and reads it.
func (p *Pages) changed(ctx context.Context, r *web.Request) (*cases.File, url.Values, error) {
	form, err := r.Form()
	if err != nil {
		return nil, nil, err
	}
	f, err := p.open(ctx, r, cases.Care)
	return f, form, err
}

// answer is the page after a change: the case again, or the form with what is wrong.
func (p *Pages) answer(ctx context.Context, r *web.Request, v showView, err error, flash string) (web.Response, error) {
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.showPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(v.File.Path() + "/marac/" + r.Path("marac") + "?done=" + flash), nil
}

func (p *Pages) screen(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.changed(ctx, r)
	if err != nil {
		return nil, err
	}
	a := func(name string) marac.Answer { return marac.Answer(form.Get(name)) }
	children, err := strconv.Atoi(form.Get("children"))
	if err != nil {
		children = -1
	}
	n := register.Screened{
		Version: versionOf(form.Get("version")), IDVA: marac.Represented(form.Get("idva")), Urgent: form.Get("urgent_case") == "yes",
		Routes:  marac.Routes{Visible: a("route_visible"), Judgement: a("route_judgement"), Escalation: a("route_escalation"), Repeat: a("route_repeat")},
		Counted: marac.Counted{Children: children, BME: a("bme"), LGBT: a("lgbt"), Disabled: a("disabled"), Male: a("male"), Young: a("young"), YoungWhoHarms: a("young_harms")},
	}
	return p.answer(ctx, r, showView{File: f, Screened: &n}, p.register.Screen(ctx, f, marac.CaseID(r.Path("marac")), n), "screened")
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.changed(ctx, r)
	if err != nil {
		return nil, err
	}
	d := register.Decision{
		Version: versionOf(form.Get("version")), Outcome: register.Outcome(form.Get("outcome")), Meeting: marac.MeetingID(form.Get("meeting")), Of: marac.CaseID(form.Get("of")),
		Words: form.Get("words"), Marac: form.Get("marac"),
	}
	return p.answer(ctx, r, showView{File: f, Decision: d}, p.register.Decide(ctx, f, marac.CaseID(r.Path("marac")), d), "decided")
}

func (p *Pages) repeat(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.changed(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{File: f, Why: form.Get("why")}
	of := form.Get("repeats")
	switch of {
	case "":
		return p.answer(ctx, r, v, forms.Errors{{Field: "repeats", Message: "Select the case that it repeats, or that it repeats none"}}, "")
	case "none":
		of = ""
	}
	v.Chosen = of
	return p.answer(ctx, r, v, p.register.DecideRepeat(ctx, f, marac.CaseID(r.Path("marac")), versionOf(form.Get("version")), marac.CaseID(of), v.Why), "repeat")
}
