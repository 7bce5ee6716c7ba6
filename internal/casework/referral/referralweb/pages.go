package referralweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Inbox is the address of what was sent to the actor and their teams.
const Inbox = "/referrals"

// Bar is the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	referrals *referral.Service
	sharing   *sharing.Service
	cases     *cases.Service
	directory *directory.Register
	db        *store.DB
	clock     store.Clock
	bar       Bar

	// More are lists of others that stand beside the inbox; the command sets them.
	More []ui.Link
	// ToMarac is where what was referred to a MARAC is taken; the command sets it.
	ToMarac string
}

// New makes the pages.
func New(service *referral.Service, files *cases.Service, register *directory.Register, clock store.Clock, bar Bar) *Pages {
	return &Pages{
		referrals: service, sharing: service.Sharing(), cases: files, directory: register, db: files.DB(), clock: clock, bar: bar,
	}
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
		get(Inbox, sharing.ActList, p.inbox),
		get("/referrals/{share}", sharing.ActReceive, p.packet),
		get("/referrals/{share}/print", sharing.ActPrint, p.printed),
		post("/referrals/{share}/acknowledge", sharing.ActAcknowledge, p.acknowledge),
		post("/referrals/{share}/accept", referral.ActAccept, p.accept),
		get("/referrals/{share}/decline", referral.ActDecline, p.declineForm),
		post("/referrals/{share}/decline", referral.ActDecline, p.decline),
		get("/cases/{case}/referrals/offer", referral.ActOffer, p.offerForm),
		post("/cases/{case}/referrals/offer", referral.ActOffer, p.offer),
		get("/cases/{case}/referrals/new", referral.ActSend, p.sendForm),
		post("/cases/{case}/referrals/new", referral.ActSend, p.send),
		get("/cases/{case}/referrals/{referral}", cases.ActOpen, p.show),
		post("/cases/{case}/referrals/{referral}/answer", referral.ActOffer, p.answer),
		post("/cases/{case}/referrals/{referral}/withdraw", referral.ActWithdraw, p.withdraw),
		get(OnePage, referral.ActSend, p.onePageForm),
		post(OnePage, referral.ActSend, p.sendOnePage),
		get("/cases/{case}/referral-stage", referral.ActFeedback, p.stageForm),
		post("/cases/{case}/referral-stage", referral.ActFeedback, p.stage),
		get("/cases/{case}/feedback", referral.ActFeedback, p.feedbackForm),
		post("/cases/{case}/feedback", referral.ActFeedback, p.feedback),
	}
}

// open opens the file of the address.
func (p *Pages) open(ctx context.Context, r *web.Request, purpose cases.Purpose) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

// page is a page of a case.
func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, Invalid: invalid, CaseBar: bar, Current: "/cases",
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

func (p *Pages) now() time.Time { return store.Moment(p.clock()) }

func (p *Pages) today() string { return p.now().Format(time.DateOnly) }

// placesMax bounds the directory that one page reads.
const placesMax = 500

// places are the names of agencies and teams that a page needs, and the teams
// that it offers to choose from.
type places struct {
	names   map[directory.Place]string
	choices []ui.SelectItem
}

// choices are the teams of other agencies that take referrals, for a form.
func (p *Pages) choices(ctx context.Context, actor policy.Actor) (places, error) {
	out := places{names: map[directory.Place]string{}, choices: []ui.SelectItem{{Value: "", Text: "Select a service"}}}
	teams, err := p.directory.TeamsTakingReferrals(ctx, actor, directory.Page{Size: placesMax})
	if err != nil {
		return out, err
	}
	for _, t := range teams.Items {
		out.names[directory.Place{Agency: t.Agency}] = t.AgencyName
		out.names[directory.Place{Agency: t.Agency, Team: t.ID}] = t.Name
		if string(t.Agency) != actor.Agency {
			out.choices = append(out.choices, ui.SelectItem{Value: string(t.Agency) + "/" + string(t.ID), Text: t.AgencyName + ": " + t.Name})
		}
	}
	return out, nil
}

// places are the names of those that a page speaks of. Where it speaks of none,
// nothing is read.
func (p *Pages) places(ctx context.Context, actor policy.Actor, of ...sharing.Recipient) (places, error) {
	var wanted []directory.Place
	for _, r := range of {
		wanted = append(wanted, place(r))
	}
	if len(wanted) == 0 {
		return places{}, nil
	}
	names, err := p.directory.PlaceNames(ctx, actor, wanted...)
	return places{names: names}, err
}

func place(r sharing.Recipient) directory.Place {
	return directory.Place{Agency: directory.AgencyID(r.Agency), Team: directory.TeamID(r.Team)}
}

// offers tells whether a team is among those to choose from.
func (pl places) offers(r sharing.Recipient) bool { return r.Team != "" && pl.names[place(r)] != "" }

func (pl places) agency(id string) string {
	if name := pl.names[directory.Place{Agency: directory.AgencyID(id)}]; name != "" {
		return name
	}
	return "another agency"
}

func (pl places) to(r sharing.Recipient) string {
	if name := pl.names[place(r)]; r.Team != "" && name != "" {
		return name + ", " + pl.agency(r.Agency)
	}
	if r.Account != "" {
		return "a named person at " + pl.agency(r.Agency)
	}
	return "a team of " + pl.agency(r.Agency)
}

func recipient(value string) sharing.Recipient {
	agency, team, _ := strings.Cut(value, "/")
	return sharing.Recipient{Agency: agency, Team: team}
}

func recipientValue(r sharing.Recipient) string {
	if r.Agency == "" {
		return ""
	}
	return r.Agency + "/" + r.Team
}

// links are the errors of a form for its summary.
func links(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func versionOf(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// tileMax bounds what a count on the first page looks at.
const tileMax = 30

// Tiles is what waits for the actor to acknowledge, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	rows, err := p.sharing.Waiting(ctx, actor, "", tileMax+1)
	if err != nil {
		return nil, err
	}
	tile := ui.NumericTile{Label: "To acknowledge", Value: strconv.Itoa(len(rows)), Href: Inbox}
	if len(rows) > tileMax {
		tile.Value = strconv.Itoa(tileMax) + "+"
	}
	for _, row := range rows {
		if row.DueOn < p.today() || row.Reminded {
			tile.Kind = ui.TileLate
		} else if tile.Kind != ui.TileLate {
			tile.Kind = ui.TileWarn
		}
	}
	return []ui.NumericTile{tile}, nil
}

type panelView struct {
	File     *cases.File
	Rows     []referral.Referral
	Places   places
	Received *received
}

// received is what a file began with.
type received struct {
	Checked  bool // safe contact was asked about here
	Referral referral.Referral
	Held     sharing.Held
	// Corrections are what the sender put right since, the oldest first.
	Corrections []sharing.Held
	From        string
	Feedback    []sharing.Share // what went back, the newest first
	Steps       []referral.Step // the newest first
}

// Panel is what the case page shows of referrals.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	v := panelView{File: f}
	var err error
	if v.Rows, err = p.referrals.OfFile(ctx, f); err != nil {
		return nil, err
	}
	var speaksOf []sharing.Recipient
	for _, r := range v.Rows {
		speaksOf = append(speaksOf, r.To)
	}
	if f.Origin() == cases.Referred {
		if v.Received, err = p.received(ctx, f); err != nil {
			return nil, err
		}
	}
	if v.Received != nil {
		speaksOf = append(speaksOf, sharing.Recipient{Agency: v.Received.Referral.Agency})
	}
	if v.Places, err = p.places(ctx, f.Actor(), speaksOf...); err != nil {
		return nil, err
	}
	if v.Received != nil {
		v.Received.From = v.Places.agency(v.Received.Referral.Agency)
	}
	return panel(v), nil
}

// received is what a file began with; nil where that was a referral to a MARAC, which
// has a panel of its own.
func (p *Pages) received(ctx context.Context, f *cases.File) (*received, error) {
	r, err := p.referrals.Received(ctx, f)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // it says what it began with, or nothing
	}
	if err != nil {
		return nil, err
	}
	out := &received{Referral: r}
	if out.Held, err = p.sharing.Copy(ctx, f, r.Share); err != nil {
		return nil, err
	}
	for next := out.Held.Corrected; next != ""; {
		held, err := p.sharing.Copy(ctx, f, next)
		if errors.Is(err, store.ErrNotFound) {
			break // it is in the inbox, and not in this case
		}
		if err != nil {
			return nil, err
		}
		out.Corrections, next = append(out.Corrections, held), held.Corrected
	}
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		out.Checked = person.Contact.State != people.Unset
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.Steps, err = p.referrals.Steps(ctx, f); err != nil {
		return nil, err
	}
	sent, err := p.sharing.Sent(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, s := range sent {
		if s.Reason == sharing.Feedback && s.Answers == r.Share {
			out.Feedback = append(out.Feedback, s)
		}
	}
	return out, nil
}
