package sharingweb

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// agenciesMost bounds the agencies that one page offers.
const agenciesMost = 500

// caseView is what was sent from a case and what was asked before.
type caseView struct {
	File     *cases.File
	Now      time.Time
	Sent     []sharing.Share
	Advice   []sharing.Advice
	Names    map[string]string // of colleagues
	Places   map[directory.Place]string
	Agencies []ui.SelectItem
	Question string
	About    string
	Errors   forms.Errors
}

func (v caseView) path() string { return v.File.Path() + "/sharing" }

var caseDone = map[string]string{
	"asked":     "Your key contacts have the question. Do not wait for the answer if somebody is in danger",
	"justified": "Your reasons are with the share",
	"corrected": "The correction is sent. The receiver sees that it takes the place of what was sent before",
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), cases.Sharing)
}

func (p *Pages) casePage(ctx context.Context, f *cases.File, title string, body templ.Component, back ui.Link, invalid bool, flash *ui.Flash) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: title, Body: body, Invalid: invalid, CaseBar: bar, Current: "/cases", Back: &back, Flash: flash}, nil
}

func (p *Pages) ofCase(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.overview(ctx, r, caseView{File: f, About: r.Query("about")})
}

func (p *Pages) overview(ctx context.Context, r *web.Request, v caseView) (web.Response, error) {
	var err error
	v.Now = p.now()
	if v.Sent, err = p.sharing.Sent(ctx, v.File); err != nil {
		return nil, err
	}
	if v.Advice, err = p.sharing.AdviceOn(ctx, v.File); err != nil {
		return nil, err
	}
	var accounts []string
	var wanted []directory.Place
	for _, a := range v.Advice {
		accounts = append(accounts, a.By)
		wanted = append(wanted, directory.Place{Agency: directory.AgencyID(a.To)})
	}
	for _, s := range v.Sent {
		wanted = append(wanted, place(s.To), directory.Place{Agency: directory.AgencyID(s.To.Agency)})
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.Places, err = p.directory.PlaceNames(ctx, r.Actor, wanted...); err != nil {
		return nil, err
	}
	list, err := p.directory.Agencies(ctx, r.Actor, directory.Page{Size: agenciesMost})
	if err != nil {
		return nil, err
	}
	v.Agencies = []ui.SelectItem{{Value: "", Text: "No agency in particular"}}
	for _, a := range list.Items {
		if string(a.ID) != r.Actor.Agency {
			v.Agencies = append(v.Agencies, ui.SelectItem{Value: string(a.ID), Text: a.Name})
		}
	}
	return p.casePage(ctx, v.File, "Sharing", caseBody(v), ui.Link{Text: "Back to the case", Href: v.File.Path()}, v.Errors.Any(), r.Done(caseDone))
}

func (p *Pages) ask(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := caseView{File: f, Question: form.Get("question"), About: form.Get("about")}
	_, err = p.sharing.AskAdvice(ctx, f, v.About, v.Question)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.overview(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(v.path() + "?done=asked"), nil
}

// storyView is what became of one share.
type storyView struct {
	File      *cases.File
	Story     sharing.Story
	To        string
	Now       sharing.State
	Correct   bool // it can be put right
	Names     map[string]string
	Justify   sharing.Justification
	Answering bool // the form of the reasons came back
	Errors    forms.Errors
}

func (v storyView) path() string { return v.File.Path() + "/sharing/" + string(v.Story.ID) }

func (p *Pages) story(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.storyPage(ctx, r, storyView{File: f})
}

func (p *Pages) storyPage(ctx context.Context, r *web.Request, v storyView) (web.Response, error) {
	before, err := strconv.ParseInt(r.Query("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0 // the newest
	}
	if v.Story, err = p.sharing.StoryBefore(ctx, v.File, sharing.ID(r.Path("packet")), before); err != nil {
		return nil, err
	}
	places, err := p.directory.PlaceNames(ctx, r.Actor, place(v.Story.To), directory.Place{Agency: directory.AgencyID(v.Story.To.Agency)})
	if err != nil {
		return nil, err
	}
	v.To, v.Now, v.Correct = placeName(places, v.Story.To), v.Story.State(p.now()), v.Story.Correctable(p.now())
	var accounts []string
	if v.Story.Justified != nil {
		accounts = append(accounts, v.Story.Justified.By)
	}
	for _, a := range v.Story.Advice {
		accounts = append(accounts, a.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	return p.casePage(ctx, v.File, "What was sent", storyBody(v), ui.Link{Text: "Sharing", Href: v.File.Path() + "/sharing"}, v.Errors.Any(), r.Done(caseDone))
}

func (p *Pages) justify(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := storyView{File: f, Answering: true, Justify: sharing.Justification{Basis: sharing.Basis(form.Get("basis")), Rationale: form.Get("rationale"), Views: form.Get("views")}}
	err = p.sharing.Justify(ctx, f, sharing.ID(r.Path("packet")), v.Justify)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.storyPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/sharing/" + r.Path("packet") + "?done=justified"), nil
}

func sentRows(v caseView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, s := range v.Sent {
		out = append(out, []ui.TableCell{
			{Content: link(v.path()+"/"+string(s.ID), s.Reason.Label()+", "+moment(s.SentAt))}, {Text: placeName(v.Places, s.To)}, {Text: s.State(v.Now).Label()},
		})
	}
	return out
}

// about is with whom a question thinks of sharing.
func (v caseView) about(a sharing.Advice) string {
	if name := v.Places[directory.Place{Agency: directory.AgencyID(a.To)}]; name != "" {
		return name
	}
	return "No agency in particular"
}

func adviceRows(a sharing.Advice, by, about string) []ui.SummaryRow {
	rows := append([]ui.SummaryRow{{Key: "Asked", Value: moment(a.At) + ", by " + by}, {Key: "About sharing with", Value: about}}, said(a.Lines(moment))...)
	if a.Share != "" {
		rows = append(rows, ui.SummaryRow{Key: "Kept with", Value: "A share that was sent after it was asked"})
	}
	return rows
}

// said puts lines into the rows of a page.
func said(list []sharing.Line) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, l := range list {
		rows = append(rows, ui.SummaryRow{Key: l.Key, ValueContent: lines(l.Text)})
	}
	return rows
}

func clockRows(v storyView) []ui.SummaryRow {
	s := v.Story
	rows := []ui.SummaryRow{
		{Key: "Kind", Value: s.Reason.Label()},
		{Key: "To", Value: v.To},
		{Key: "Sent", Value: moment(s.SentAt) + ", by " + s.Content.Sender},
		{Key: "State", Value: v.Now.Label()},
	}
	if s.Urgent {
		rows = append(rows, ui.SummaryRow{Key: "Urgent", Value: "Yes"})
	}
	switch {
	case !s.AcknowledgedAt.IsZero():
		rows = append(rows, ui.SummaryRow{Key: "Acknowledged", Value: moment(s.AcknowledgedAt) + ", by " + who(s.AcknowledgedBy)})
	case v.Now == sharing.Waiting && !s.RemindAt.IsZero():
		rows = append(rows,
			ui.SummaryRow{Key: "Where the clock stands", Value: s.Stage.Label()},
			ui.SummaryRow{Key: "They are reminded", Value: moment(s.RemindAt)},
			ui.SummaryRow{Key: "A manager there is asked", Value: moment(s.ManagerAt)},
			ui.SummaryRow{Key: "Their key contact is asked", Value: moment(s.ContactAt)})
	}
	if s.Corrects != "" {
		rows = append(rows, ui.SummaryRow{Key: "Puts right", ValueContent: link(v.File.Path()+"/sharing/"+string(s.Corrects), "What was sent before")})
	}
	if s.Corrected != "" {
		rows = append(rows, ui.SummaryRow{Key: "Put right by", ValueContent: link(v.File.Path()+"/sharing/"+string(s.Corrected), "A later correction")})
	}
	return rows
}

func viewingRows(v storyView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, s := range v.Story.Viewings {
		what := "Opened it"
		if s.Printed {
			what = "Opened it to print"
		}
		out = append(out, []ui.TableCell{{Text: moment(s.At)}, {Text: who(s.Name)}, {Text: what}})
	}
	return out
}

func contentRows(c sharing.Content) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, i := range c.Items {
		rows = append(rows, ui.SummaryRow{Key: i.Title, ValueContent: lines(i.Text)})
	}
	return rows
}

// decidedRows are the person and the decision, every field of them that a receiver
// reads.
func decidedRows(s sharing.Share, c sharing.Content) []ui.SummaryRow {
	return append(said(c.PersonLines()), said(c.DecisionLines(s))...)
}

func justifiedRows(v storyView) []ui.SummaryRow {
	j := v.Story.Justified
	return []ui.SummaryRow{
		{Key: "Lawful basis", Value: j.Basis.Label()},
		{Key: "Why it was needed at once", ValueContent: lines(j.Rationale)},
		{Key: "What the person says of it", ValueContent: lines(j.Views)},
		{Key: "Written down", Value: moment(j.At) + ", by " + who(v.Names[j.By])},
	}
}

func basisItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, b := range sharing.Bases() {
		items = append(items, ui.RadioItem{Value: string(b), Text: b.Label(), Hint: b.Hint()})
	}
	return items
}

func heldWords(s sharing.Said) []string {
	var out []string
	for _, p := range s.Held() {
		out = append(out, sharing.PartLabel(p.Part)+": "+p.Effect.Label())
	}
	return out
}

// works tells whether somebody sends and receives.
func works(a policy.Actor) bool {
	return a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager)
}
