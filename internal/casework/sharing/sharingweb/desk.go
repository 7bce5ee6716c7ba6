package sharingweb

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Addresses of what waits for somebody.
const (
	AdviceWanted = "/sharing/advice"
	Unanswered   = "/sharing/unanswered"
)

var deskDone = map[string]string{
	"advised": "Your advice is recorded by your name. Whoever asked has a task to read it",
	"seen-to": "The sender reads what you did. It stays here until one of those it was sent to acknowledges it",
}

type wantedView struct {
	List   []sharing.Advice
	Names  map[string]string
	Places map[directory.Place]string
	Today  string
}

func (p *Pages) wanted(ctx context.Context, r *web.Request) (web.Response, error) {
	v := wantedView{Today: p.today()}
	var err error
	if v.List, err = p.sharing.AdviceWanted(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	var places []directory.Place
	for _, a := range v.List {
		accounts, places = append(accounts, a.By), append(places, directory.Place{Agency: directory.AgencyID(a.To)})
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.Places, err = p.directory.PlaceNames(ctx, r.Actor, places...); err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Advice asked for", Body: wantedBody(v), Current: "/agreements", Wide: true, Back: &ui.Link{Text: "Agreements", Href: "/agreements"}, Flash: r.Done(deskDone),
	}, nil
}

type adviceView struct {
	Advice sharing.Advice
	By     string
	About  string
	Says   string
	Answer string
	Errors forms.Errors
}

func (p *Pages) advice(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.advicePage(ctx, r, adviceView{})
}

func (p *Pages) advicePage(ctx context.Context, r *web.Request, v adviceView) (web.Response, error) {
	var err error
	if v.Advice, err = p.sharing.Advice(ctx, r.Actor, sharing.AdviceID(r.Path("advice"))); err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{v.Advice.By})
	if err != nil {
		return nil, err
	}
	at := directory.Place{Agency: directory.AgencyID(v.Advice.To)}
	places, err := p.directory.PlaceNames(ctx, r.Actor, at)
	if err != nil {
		return nil, err
	}
	v.By, v.About = who(names[v.Advice.By]), places[at]
	if v.About == "" {
		v.About = "No agency in particular"
	}
	return web.Page{Title: "Advice asked for", Body: adviceBody(v), Current: "/agreements", Invalid: v.Errors.Any(), Back: &ui.Link{Text: "Advice asked for", Href: AdviceWanted}}, nil
}

func (p *Pages) advise(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	id := sharing.AdviceID(r.Path("advice"))
	// Whoever answers has read the question, and that is recorded whatever comes of it.
	if _, err := p.sharing.Advice(ctx, r.Actor, id); err != nil {
		return nil, err
	}
	v := adviceView{Says: form.Get("says"), Answer: form.Get("answer")}
	err = p.sharing.Advise(ctx, r.Actor, id, sharing.Says(v.Says), v.Answer)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.advicePage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(AdviceWanted + "?done=advised"), nil
}

func sayItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, s := range sharing.Sayings() {
		out = append(out, ui.RadioItem{Value: string(s), Text: s.Label()})
	}
	return out
}

func dueCell(due, today string) ui.TableCell {
	d := ui.ContextualDateParams{Text: cases.DayInWords(due), DateTime: due, State: ui.DateLater}
	switch {
	case due < today:
		d.State, d.Words = ui.DateOverdue, "overdue"
	case due == today:
		d.State, d.Words = ui.DateToday, "today"
	}
	return ui.TableCell{Content: ui.ContextualDate(d)}
}

func wantedRows(v wantedView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, a := range v.List {
		about := v.Places[directory.Place{Agency: directory.AgencyID(a.To)}]
		if about == "" {
			about = "No agency in particular"
		}
		out = append(out, []ui.TableCell{
			{Content: link(a.Path(), "Case "+strconv.FormatInt(a.Number, 10)+", "+moment(a.At))}, {Text: who(v.Names[a.By])}, {Text: about}, dueCell(a.Due, v.Today),
		})
	}
	return out
}

type unansweredView struct {
	List   []sharing.Unanswered
	Places map[directory.Place]string
	Names  map[string]string
	Asked  string // of which one the form came back
	Words  string
	Errors forms.Errors
}

func (p *Pages) unanswered(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.unansweredPage(ctx, r, unansweredView{})
}

func (p *Pages) unansweredPage(ctx context.Context, r *web.Request, v unansweredView) (web.Response, error) {
	var err error
	if v.List, err = p.sharing.Unanswered(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	var places []directory.Place
	for _, u := range v.List {
		accounts = append(accounts, u.ChasedBy, u.To.Account)
		places = append(places, place(u.To), directory.Place{Agency: directory.AgencyID(u.From)}, directory.Place{Agency: directory.AgencyID(u.To.Agency)})
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.Places, err = p.directory.PlaceNames(ctx, r.Actor, places...); err != nil {
		return nil, err
	}
	return web.Page{Title: "Not acknowledged", Body: unansweredBody(v), Current: "/home", Invalid: v.Errors.Any(), Back: &ui.Link{Text: "Your work", Href: "/home"}, Flash: r.Done(deskDone)}, nil
}

func (p *Pages) chase(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := unansweredView{Asked: r.Path("waiting"), Words: form.Get("words")}
	err = p.sharing.Chase(ctx, r.Actor, sharing.ID(v.Asked), v.Words)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.unansweredPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Unanswered + "?done=seen-to"), nil
}

func (v unansweredView) to(u sharing.Unanswered) string {
	if u.To.Account != "" {
		return who(v.Names[u.To.Account]) + ", by name"
	}
	return placeName(v.Places, u.To)
}

func (v unansweredView) rows(u sharing.Unanswered) []ui.SummaryRow {
	from := v.Places[directory.Place{Agency: directory.AgencyID(u.From)}]
	if from == "" {
		from = "another agency"
	}
	rows := []ui.SummaryRow{{Key: "Sent", Value: moment(u.Sent) + ", by " + from}, {Key: "To", Value: v.to(u)}, {Key: "Where the clock stands", Value: stageHere(u.Stage)}}
	if u.ChasedBy != "" {
		rows = append(rows, ui.SummaryRow{Key: "Last seen to", Value: moment(u.ChasedAt) + ", by " + who(v.Names[u.ChasedBy])})
	}
	return rows
}

func title(u sharing.Unanswered) string {
	if u.Urgent {
		return "Urgent: " + u.Reason.Label()
	}
	return u.Reason.Label()
}

func stageHere(s sharing.Stage) string {
	if s == sharing.WithContact {
		return "The key contacts and managers of your agency are asked"
	}
	return "The managers of your agency are asked"
}

func (v unansweredView) errorsOf(id sharing.ID) forms.Errors {
	if v.Asked == string(id) {
		return v.Errors
	}
	return nil
}

func (v unansweredView) wordsOf(id sharing.ID) string {
	if v.Asked == string(id) {
		return v.Words
	}
	return ""
}

// Home is what a worker sent urgently and nobody has acknowledged, for their first
// page; nothing when there is none.
func (p *Pages) Home(ctx context.Context, actor policy.Actor) (templ.Component, error) {
	if !works(actor) {
		return nil, nil //nolint:nilnil // nothing is shown
	}
	list, err := p.sharing.Urgent(ctx, actor)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var wanted []directory.Place
	for _, u := range list {
		wanted = append(wanted, place(u.To), directory.Place{Agency: directory.AgencyID(u.To.Agency)})
	}
	places, err := p.directory.PlaceNames(ctx, actor, wanted...)
	if err != nil {
		return nil, err
	}
	return urgentBody(list, places), nil
}

func urgentRows(list []sharing.Urgent, places map[directory.Place]string) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, u := range list {
		out = append(out, []ui.TableCell{
			{Content: link("/cases/"+string(u.File)+"/sharing/"+string(u.ID), "Case "+strconv.FormatInt(u.Number, 10)+": "+u.Reason.Label())},
			{Text: u.Stage.Label()},
			{Text: placeName(places, u.To)},
			{Text: moment(u.SentAt)},
		})
	}
	return out
}
