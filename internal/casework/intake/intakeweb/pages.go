package intakeweb

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/intake"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// The addresses of this package.
const (
	Start  = "/ask"
	before = "/ask/before"
	form   = "/ask/form"
	Inbox  = "/asks"
	Doors  = "/agency/public"
	// Untaken is where those are led who are asked because nobody takes something.
	Untaken = "/untaken"
	safety  = "/safety"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	intake    *intake.Service
	directory *directory.Register
	clock     store.Clock
}

// New makes the pages.
func New(service *intake.Service, register *directory.Register, clock store.Clock) *Pages {
	return &Pages{intake: service, directory: register, clock: clock}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const (
		open = "whoever needs help, or knows somebody who does, can ask for it without an account"
		sent = "it takes what somebody asks who has no account; how much is bounded"
	)
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		{Method: http.MethodGet, Pattern: Start, Public: open, Handler: p.start},
		{Method: http.MethodGet, Pattern: before, Public: open, Handler: p.before},
		{Method: http.MethodGet, Pattern: form, Public: open, Handler: p.firstPage},
		{Method: http.MethodPost, Pattern: form, Public: sent, Handler: p.nextPage},
		get(Inbox, intake.ActList, p.inbox),
		get(Untaken, intake.ActChase, p.untaken),
		post(Untaken+"/{ask}", intake.ActChase, p.seeTo),
		get("/asks/{ask}", intake.ActRead, p.show),
		get("/asks/{ask}/move", intake.ActMove, p.moveForm),
		post("/asks/{ask}/move", intake.ActMove, p.move),
		post("/asks/{ask}/take", intake.ActTake, p.take),
		get("/asks/{ask}/accept", intake.ActAccept, p.acceptForm),
		post("/asks/{ask}/accept", intake.ActAccept, p.accept),
		get("/asks/{ask}/decline", intake.ActDecline, p.declineForm),
		post("/asks/{ask}/decline", intake.ActDecline, p.decline),
		get(Doors, intake.ActOpening, p.doors),
		get("/agency/public/{team}", intake.ActOpening, p.doorForm),
		post("/agency/public/{team}", intake.ActOpening, p.door),
		post("/agency/public/{team}/close", intake.ActOpening, p.closeDoor),
	}
}

func asTaken(err error) (*intake.AlreadyTaken, bool) {
	var already *intake.AlreadyTaken
	return already, errors.As(err, &already)
}

func (p *Pages) now() time.Time { return store.Moment(p.clock()) }

func (p *Pages) today() string { return p.now().Format(time.DateOnly) }

func day(on string) string {
	t, err := time.Parse(time.DateOnly, on)
	if err != nil {
		return on
	}
	return t.Format("2 January 2006")
}

// moment is a time as clocks in the place show it.
func moment(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

var london = func() *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return zone
}()

func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// listPage bounds one page of the inbox.
const listPage = 30

type inboxView struct {
	Box   intake.Box
	Rows  []intake.Ask
	Teams map[string]string
	Names map[string]string
	Today string
	More  string

	Gone   []intake.Step
	Places map[directory.Place]string
}

var done = map[string]string{
	"taken":    "You have taken it. Your colleagues see that you see to it",
	"moved":    "It is moved. The other team has it in its inbox",
	"seen-to":  "The team reads what you did. It waits until one of them takes it",
	"declined": "It is answered. Nothing is deleted yet",
	"door":     "The public pages are changed",
	"closed":   "The public pages name this team no more",
}

func (p *Pages) inbox(ctx context.Context, r *web.Request) (web.Response, error) {
	v := inboxView{Box: intake.WaitingBox, Today: p.today()}
	for _, b := range intake.Boxes() {
		if string(b) == r.Query("box") {
			v.Box = b
		}
	}
	if v.Box == intake.MovedBox {
		return p.gone(ctx, r, v)
	}
	rows, err := p.intake.List(ctx, r.Actor, v.Box, intake.ID(r.Query("after")), listPage+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > listPage {
		rows = rows[:listPage]
		v.More = Inbox + "?box=" + string(v.Box) + "&after=" + string(last(rows))
	}
	v.Rows = rows
	if v.Teams, err = p.teams(ctx, r.Actor); err != nil {
		return nil, err
	}
	var holders []string
	for _, row := range rows {
		if row.HeldBy != "" {
			holders = append(holders, row.HeldBy)
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, holders); err != nil {
		return nil, err
	}
	return inboxPage(v, r), nil
}

func inboxPage(v inboxView, r *web.Request) web.Page {
	return web.Page{Title: "Asked on the public pages", Body: inboxBody(v), Current: "/referrals", Flash: r.Done(done), Wide: true, Back: &ui.Link{Text: "Referrals received", Href: "/referrals"}}
}

// last is the ask after which the next page of a list begins, whatever order
// those of one page are shown in.
func last(rows []intake.Ask) intake.ID {
	ids := make([]intake.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	if len(rows) > 0 && rows[0].State != intake.Arrived && rows[0].State != intake.Acknowledged {
		return slices.Min(ids)
	}
	return slices.Max(ids)
}

const placesMax = 500

func (p *Pages) teams(ctx context.Context, actor policy.Actor) (map[string]string, error) {
	list, err := p.directory.Teams(ctx, actor, directory.AgencyID(actor.Agency), directory.Page{Size: placesMax})
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, t := range list.Items {
		out[string(t.ID)] = t.Name
	}
	return out, nil
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*intake.Opened, error) {
	return p.intake.Open(ctx, r.Actor, intake.ID(r.Path("ask")))
}

type askView struct {
	Ask    intake.Ask
	Words  intake.Words
	Answer string
	Team   string
	Held   string
	Alike  []intake.Alike
	Kept   string // for how long, where it goes into no case

	Steps    []intake.Step
	Names    map[string]string
	AllTeams map[string]string
	Places   map[directory.Place]string

	Typed  intake.Acceptance
	Teams  []ui.SelectItem
	Reason string
	Text   string
	Errors forms.Errors
}

func (v askView) mayAnswer() bool { return v.Ask.State == intake.Acknowledged }
func (v askView) mayMove() bool   { return v.mayAnswer() || v.Ask.State == intake.Arrived }
func (v askView) other() bool     { return v.Ask.Who != intake.Self }

func (p *Pages) view(ctx context.Context, o *intake.Opened) (askView, error) {
	v := askView{Ask: o.Ask(), Words: o.Words(), Answer: o.Answer()}
	teams, err := p.teams(ctx, o.Actor())
	if err != nil {
		return v, err
	}
	v.Team = teams[v.Ask.Team]
	v.Teams = []ui.SelectItem{{Value: "", Text: "No team: only me and managers"}}
	for _, t := range o.Actor().Teams {
		v.Teams = append(v.Teams, ui.SelectItem{Value: t, Text: teams[t]})
	}
	if v.Kept, err = p.intake.Kept(ctx, o.Actor()); err != nil {
		return v, err
	}
	if v.Steps, err = p.intake.Steps(ctx, o); err != nil {
		return v, err
	}
	v.AllTeams = teams
	accounts := []string{v.Ask.HeldBy}
	for _, step := range v.Steps {
		accounts = append(accounts, step.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, o.Actor(), accounts); err != nil {
		return v, err
	}
	v.Held = named(v.Names, v.Ask.HeldBy)
	v.Places, err = p.placesOf(ctx, o.Actor(), v.Steps)
	return v, err
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.showPage(ctx, o, r.Done(done))
}

func (p *Pages) showPage(ctx context.Context, o *intake.Opened, f *ui.Flash) (web.Response, error) {
	v, err := p.view(ctx, o)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Asked on the public pages", Body: showBody(v), Current: "/referrals", Flash: f, Back: &ui.Link{Text: "Asked on the public pages", Href: Inbox}}, nil
}

func (p *Pages) take(ctx context.Context, r *web.Request) (web.Response, error) {
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.intake.Take(ctx, o)
	if already, ok := asTaken(err); ok {
		if o, err = p.open(ctx, r); err != nil { // anew, so that the page says who was first
			return nil, err
		}
		names, err := p.directory.MemberNames(ctx, r.Actor, []string{already.By})
		if err != nil {
			return nil, err
		}
		who := names[already.By]
		if who == "" {
			who = "a colleague"
		}
		return p.showPage(ctx, o, &ui.Flash{Text: "It was taken already, by " + who + " on " + moment(already.At) + ". Nothing was changed."})
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(o.Ask().Path() + "?done=taken"), nil
}

func (p *Pages) acceptForm(ctx context.Context, r *web.Request) (web.Response, error) {
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.acceptPage(ctx, o, intake.Acceptance{Person: o.Words().Details(), Team: o.Ask().Team}, nil)
}

func (p *Pages) acceptPage(ctx context.Context, o *intake.Opened, typed intake.Acceptance, errs forms.Errors) (web.Response, error) {
	if o.Ask().State != intake.Acknowledged {
		return nil, store.ErrConflict
	}
	v, err := p.view(ctx, o)
	if err != nil {
		return nil, err
	}
	if v.Alike, err = p.intake.Alikes(ctx, o); err != nil {
		return nil, err
	}
	v.Typed, v.Errors = typed, errs
	return web.Page{Title: "Accept", Body: acceptBody(v), Invalid: errs.Any(), Current: "/referrals", Back: &ui.Link{Text: "Back", Href: v.Ask.Path()}}, nil
}

func (p *Pages) accept(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	a := intake.Acceptance{Team: typed.Get("team"), Into: cases.ID(strings.TrimPrefix(typed.Get("into"), "new"))}
	a.Person.GivenName, a.Person.FamilyName, a.Person.Born, a.Person.Language = typed.Get("given_name"), typed.Get("family_name"), typed.Get("born"), typed.Get("language")
	f, err := p.intake.Accept(ctx, o, a)
	if errs, ok := forms.AsErrors(err); ok {
		return p.acceptPage(ctx, o, a, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=referral-accepted"), nil
}

func (p *Pages) declineForm(ctx context.Context, r *web.Request) (web.Response, error) {
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.declinePage(askView{Ask: o.Ask(), Words: o.Words()}, false)
}

func (p *Pages) declinePage(v askView, invalid bool) (web.Response, error) {
	if !v.mayAnswer() {
		return nil, store.ErrConflict
	}
	return web.Page{Title: "Decline", Body: declineBody(v), Invalid: invalid, Current: "/referrals", Back: &ui.Link{Text: "Back", Href: v.Ask.Path()}}, nil
}

func (p *Pages) decline(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := askView{Ask: o.Ask(), Words: o.Words(), Reason: typed.Get("reason"), Text: typed.Get("words")}
	err = p.intake.Decline(ctx, o, intake.Reason(v.Reason), v.Text)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.declinePage(v, true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(v.Ask.Path() + "?done=declined"), nil
}

// tileMax bounds what a count on the first page looks at.
const tileMax = 30

// Tiles is what waits for the actor's teams, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	rows, err := p.intake.List(ctx, actor, intake.WaitingBox, "", tileMax+1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	tile := ui.NumericTile{Label: "Asked for help", Value: strconv.Itoa(len(rows)), Href: Inbox, Kind: ui.TileWarn}
	if len(rows) > tileMax {
		tile.Value = strconv.Itoa(tileMax) + "+"
	}
	for _, row := range rows {
		if row.Danger || row.DueOn < p.today() {
			tile.Kind = ui.TileLate
		}
	}
	return []ui.NumericTile{tile}, nil
}

// Panel is what the case page shows of what was asked.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	asks, words, err := p.intake.OfFile(ctx, f)
	if err != nil || len(asks) == 0 {
		return nil, err
	}
	return panel(asks, words, p.intake.MayReach(f)), nil
}
