package sharingweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

// Reviews is the address of what waits to be looked at.
const Reviews = "/sharing/reviews"

// Pages are the pages of this package.
type Pages struct {
	sharing   *sharing.Service
	cases     *cases.Service
	directory *directory.Register
	today     func() string
	bar       Bar
}

// Bar is the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// New makes the pages. today is the day in the place.
func New(service *sharing.Service, files *cases.Service, people *directory.Register, today func() string, bar Bar) *Pages {
	return &Pages{sharing: service, cases: files, directory: people, today: today, bar: bar}
}

func (p *Pages) now() time.Time { return store.Moment(p.cases.DB().Clock()()) }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: Reviews, Action: sharing.ActReview, Handler: p.list},
		{Method: http.MethodGet, Pattern: Reviews + "/{share}", Action: sharing.ActReview, Handler: p.show},
		{Method: http.MethodPost, Pattern: Reviews + "/{share}", Action: sharing.ActReview, Handler: p.review},
		{Method: http.MethodGet, Pattern: AdviceWanted, Action: sharing.ActAdvise, Handler: p.wanted},
		{Method: http.MethodGet, Pattern: AdviceWanted + "/{advice}", Action: sharing.ActAdvise, Handler: p.advice},
		{Method: http.MethodPost, Pattern: AdviceWanted + "/{advice}", Action: sharing.ActAdvise, Handler: p.advise},
		{Method: http.MethodGet, Pattern: Times, Action: sharing.ActConfigure, Handler: p.times},
		{Method: http.MethodPost, Pattern: Times, Action: sharing.ActConfigure, Handler: p.timesForm().Send(p.timesEditor())},
		{Method: http.MethodGet, Pattern: Unanswered, Action: sharing.ActChase, Handler: p.unanswered},
		{Method: http.MethodPost, Pattern: Unanswered + "/{waiting}", Action: sharing.ActChase, Handler: p.chase},
		{Method: http.MethodGet, Pattern: "/cases/{case}/sharing", Action: cases.ActOpen, Handler: p.ofCase},
		{Method: http.MethodPost, Pattern: "/cases/{case}/sharing/advice", Action: sharing.ActAsk, Handler: p.ask},
		{Method: http.MethodGet, Pattern: "/cases/{case}/sharing/{packet}", Action: cases.ActOpen, Handler: p.story},
		{Method: http.MethodPost, Pattern: "/cases/{case}/sharing/{packet}/justify", Action: sharing.ActJustify, Handler: p.justify},
		{Method: http.MethodGet, Pattern: "/cases/{case}/sharing/{packet}/correct", Action: sharing.ActSend, Handler: p.correctForm},
		{Method: http.MethodPost, Pattern: "/cases/{case}/sharing/{packet}/correct", Action: sharing.ActSend, Handler: p.correct},
	}
}

type listView struct {
	List   []sharing.Override
	Names  map[string]string
	Places map[directory.Place]string
	Today  string
}

func place(r sharing.Recipient) directory.Place {
	return directory.Place{Agency: directory.AgencyID(r.Agency), Team: directory.TeamID(r.Team)}
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{Today: p.today()}
	var err error
	if v.List, err = p.sharing.ToReview(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	var places []directory.Place
	for _, o := range v.List {
		accounts = append(accounts, o.By, o.Contact)
		places = append(places, place(o.To))
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.Places, err = p.directory.PlaceNames(ctx, r.Actor, places...); err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Sharing to review", Body: listBody(v), Current: "/agreements", Wide: true, Back: &ui.Link{Text: "Agreements", Href: "/agreements"},
		Flash: r.Done(map[string]string{"reviewed": "Your review is recorded. Whoever works on the case reads it"}),
	}, nil
}

// Tiles is what waits for a key contact, and for whoever is asked when nobody
// acknowledges, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	var out []ui.NumericTile
	if actor.Has(policy.Manager) || actor.Has(policy.KeyContact) {
		list, err := p.sharing.Unanswered(ctx, actor)
		if err != nil {
			return nil, err
		}
		tile := ui.NumericTile{Label: "Not acknowledged", Value: strconv.Itoa(len(list)), Href: Unanswered}
		if len(list) > 0 {
			tile.Kind = ui.TileLate
		}
		out = append(out, tile)
	}
	if !actor.Has(policy.KeyContact) {
		return out, nil
	}
	asked, err := p.sharing.AdviceWanted(ctx, actor)
	if err != nil {
		return nil, err
	}
	wanted := ui.NumericTile{Label: "Advice asked for", Value: strconv.Itoa(len(asked)), Href: AdviceWanted}
	for _, a := range asked {
		if a.Due < p.today() {
			wanted.Kind = ui.TileLate
		} else if wanted.Kind != ui.TileLate {
			wanted.Kind = ui.TileWarn
		}
	}
	list, err := p.sharing.ToReview(ctx, actor)
	if err != nil {
		return nil, err
	}
	tile := ui.NumericTile{Label: "Sharing to review", Value: strconv.Itoa(len(list)), Href: Reviews}
	for _, o := range list {
		if o.Due < p.today() {
			tile.Kind = ui.TileLate
		} else if tile.Kind != ui.TileLate {
			tile.Kind = ui.TileWarn
		}
	}
	return append(out, wanted, tile), nil
}

type showView struct {
	Override sharing.Override
	Sender   string
	Adviser  string
	Decider  string
	To       string
	Verdict  string
	Words    string
	Errors   forms.Errors
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.page(ctx, r, showView{})
}

func (p *Pages) page(ctx context.Context, r *web.Request, v showView) (web.Response, error) {
	var err error
	if v.Override, err = p.sharing.Override(ctx, r.Actor, sharing.ID(r.Path("share"))); err != nil {
		return nil, err
	}
	o := v.Override
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{o.By, o.Contact, o.Decider})
	if err != nil {
		return nil, err
	}
	v.Sender, v.Adviser, v.Decider = who(names[o.By]), names[o.Contact], who(names[o.Decider])
	places, err := p.directory.PlaceNames(ctx, r.Actor, place(o.To), directory.Place{Agency: directory.AgencyID(o.To.Agency)})
	if err != nil {
		return nil, err
	}
	v.To = placeName(places, o.To)
	return web.Page{
		Title: "Sharing to review", Body: showBody(v), Current: "/agreements", Invalid: v.Errors.Any(), Back: &ui.Link{Text: "Sharing to review", Href: Reviews},
	}, nil
}

func (p *Pages) review(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	// Whoever decides has opened it, and that is recorded whatever comes of it.
	if _, err := p.sharing.Override(ctx, r.Actor, sharing.ID(r.Path("share"))); err != nil {
		return nil, err
	}
	v := showView{Verdict: form.Get("verdict"), Words: form.Get("words")}
	err = p.sharing.Review(ctx, r.Actor, sharing.ID(r.Path("share")), sharing.Verdict(v.Verdict), v.Words)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.page(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Reviews + "?done=reviewed"), nil
}

func who(name string) string {
	if name == "" {
		return "somebody who no longer works here"
	}
	return name
}

func placeName(names map[directory.Place]string, to sharing.Recipient) string {
	agency := names[directory.Place{Agency: directory.AgencyID(to.Agency)}]
	if team := names[place(to)]; to.Team != "" && team != "" {
		return team + ", " + agency
	}
	return "A named person, " + agency
}

var london = func() *time.Location {
	l, err := time.LoadLocation("Europe/London")
	if err != nil {
		return time.UTC
	}
	return l
}()

func moment(t time.Time) string { return t.In(london).Format("2 January 2006, 3:04pm") }

func rows(v listView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, o := range v.List {
		due := ui.ContextualDateParams{Text: cases.DayInWords(o.Due), DateTime: o.Due, State: ui.DateLater}
		switch {
		case o.Due < v.Today:
			due.State, due.Words = ui.DateOverdue, "overdue"
		case o.Due == v.Today:
			due.State, due.Words = ui.DateToday, "today"
		}
		out = append(out, []ui.TableCell{
			{Content: link(o.Path(), "Case "+strconv.FormatInt(o.Number, 10)+", "+moment(o.At))},
			{Text: who(v.Names[o.By])},
			{Text: v.Places[place(o.To)]},
			{Text: counted(o)},
			{Content: ui.ContextualDate(due)},
			{Text: asked(v.Names[o.Contact])},
		})
	}
	return out
}

func asked(name string) string {
	if name == "" {
		return "Any key contact"
	}
	return name
}

func counted(o sharing.Override) string {
	if o.Kind == sharing.Unagreed {
		return "No agreement"
	}
	return strconv.FormatInt(o.Denied, 10) + " denied, " + strconv.FormatInt(o.Asked, 10) + " to be asked first"
}

func facts(v showView) []ui.SummaryRow {
	o := v.Override
	out := []ui.SummaryRow{
		{Key: "Case", Value: strconv.FormatInt(o.Number, 10)},
		{Key: "Sent", Value: moment(o.At) + ", by " + v.Sender},
		{Key: "To", Value: v.To},
		{Key: "Why you look at it", Value: o.Kind.Label()},
		{Key: "Why it left all the same", Value: o.Reason},
		{Key: "Who is asked", Value: asked(v.Adviser)},
		{Key: "Due", Value: cases.DayInWords(o.Due)},
	}
	if o.Verdict != "" {
		out = append(out, ui.SummaryRow{Key: "Reviewed", Value: moment(o.Decided) + ", by " + v.Decider + ". " + o.Verdict.For(o.Kind) + ": " + o.Words})
	}
	return out
}

func partRows(v showView) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, p := range v.Override.Parts {
		out = append(out, ui.SummaryRow{Key: sharing.PartLabel(p.Part), ValueContent: answer(p)})
	}
	return out
}

func colour(e agreements.Effect) ui.TagColour {
	switch e {
	case agreements.Permit:
		return ui.TagGreen
	case agreements.Deny:
		return ui.TagRed
	case agreements.Review:
	}
	return ui.TagYellow
}

func clauseHref(r agreements.Ref) string {
	return "/agreements/" + string(r.Agreement) + "?version=" + strconv.Itoa(r.Version) + "#clause-" + r.Clause
}

func verdicts(k sharing.Kind) []ui.RadioItem {
	var out []ui.RadioItem
	for _, v := range sharing.Verdicts() {
		out = append(out, ui.RadioItem{Value: string(v), Text: v.For(k)})
	}
	return out
}

func faults(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}
