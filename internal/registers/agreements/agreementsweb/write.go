package agreementsweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

type editView struct {
	Title    string // of the page
	Action   string
	Document agreements.Document
	Start    [3]string
	Review   [3]string
	Chosen   []string // parties, as the form has them
	Places   agreements.Places
	Own      string
	Revision int64
	Errors   forms.Errors
}

func (p *Pages) newForm(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.editPage(ctx, r, editView{Title: "Begin an agreement", Action: Home + "/new", Chosen: []string{r.Actor.Agency}}, backToList)
}

func (p *Pages) editPage(ctx context.Context, r *web.Request, v editView, back *ui.Link) (web.Response, error) {
	var err error
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	v.Own = r.Actor.Agency
	return p.page(r, v.Title, editBody(v), back, v.Errors.Any()), nil
}

// typed takes over what was typed of an agreement; its clauses stay.
func (v *editView) typed(form url.Values) {
	d := &v.Document
	d.Title, d.About = strings.TrimSpace(form.Get("title")), strings.TrimSpace(form.Get("about"))
	d.StartOn, d.ReviewOn = fields.Day(form, "start_on"), fields.Day(form, "review_on")
	v.Start = [3]string{form.Get("start_on-day"), form.Get("start_on-month"), form.Get("start_on-year")}
	v.Review = [3]string{form.Get("review_on-day"), form.Get("review_on-month"), form.Get("review_on-year")}
	v.Chosen = form["parties"]
	d.Parties = parties(v.Chosen)
	v.Revision = revision(form)
}

// parties are the agencies and teams of a form. Who ticks an agency and some of
// its teams means those teams.
func parties(chosen []string) []agreements.Party {
	var out []agreements.Party
	for _, value := range chosen {
		s := end(value)
		i := slices.IndexFunc(out, func(p agreements.Party) bool { return p.Agency == s.Agency })
		if i < 0 {
			out = append(out, agreements.Party{Agency: s.Agency})
			i = len(out) - 1
		}
		if s.Team != "" && !slices.Contains(out[i].Teams, s.Team) {
			out[i].Teams = append(out[i].Teams, s.Team)
		}
	}
	return out
}

func end(value string) agreements.Side {
	agency, team, _ := strings.Cut(value, "/")
	return agreements.Side{Agency: directory.AgencyID(agency), Team: directory.TeamID(team)}
}

func endValue(agency directory.AgencyID, team directory.TeamID) string {
	if team == "" {
		return string(agency)
	}
	return string(agency) + "/" + string(team)
}

func revision(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("revision"), 10, 64)
	if err != nil {
		return -1 // fits nothing
	}
	return n
}

func (p *Pages) begin(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := editView{Title: "Begin an agreement", Action: Home + "/new"}
	v.typed(form)
	id, err := p.agreements.Begin(ctx, r.Actor, v.Document)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.editPage(ctx, r, v, backToList)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(id) + "?done=begun"), nil
}

// draft reads an agreement whose latest version is a draft.
func (p *Pages) draft(ctx context.Context, r *web.Request) (agreements.Agreement, agreements.Version, error) {
	a, err := p.agreements.Get(ctx, r.Actor, agreements.ID(r.Path("agreement")))
	if err != nil {
		return a, agreements.Version{}, err
	}
	if !p.agreements.May(r.Actor, agreements.ActWrite, a) {
		return a, agreements.Version{}, &policy.Denied{Action: agreements.ActWrite, Known: true}
	}
	v := a.Newest()
	if v.State != agreements.Draft {
		return a, v, store.ErrConflict
	}
	return a, v, nil
}

func (p *Pages) editForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := editView{Title: "Title, parties and days", Action: path(a.ID) + "/edit", Document: draft.Document, Revision: draft.Revision}
	v.Start[0], v.Start[1], v.Start[2] = forms.SplitDate(draft.Document.StartOn)
	v.Review[0], v.Review[1], v.Review[2] = forms.SplitDate(draft.Document.ReviewOn)
	for _, party := range draft.Document.Parties {
		if len(party.Teams) == 0 {
			v.Chosen = append(v.Chosen, endValue(party.Agency, ""))
		}
		for _, t := range party.Teams {
			v.Chosen = append(v.Chosen, endValue(party.Agency, t))
		}
	}
	return p.editPage(ctx, r, v, backTo(a))
}

func (p *Pages) edit(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := editView{Title: "Title, parties and days", Action: path(a.ID) + "/edit", Document: draft.Document}
	v.typed(form)
	err = p.agreements.Keep(ctx, r.Actor, a.ID, draft.Number, v.Revision, v.Document)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.editPage(ctx, r, v, backTo(a))
	}
	if err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, draft.Number, "kept"), nil
}

func (p *Pages) keptAt(id agreements.ID, version int, what string) web.Response {
	return web.SeeOther(path(id) + "?" + url.Values{"version": {strconv.Itoa(version)}, "done": {what}}.Encode())
}

// newClause stands for the id of a clause that is to be added.
const newClause = "new"

type clauseView struct {
	Agreement agreements.Agreement
	Draft     agreements.Version
	Clause    agreements.Clause
	Days      string
	Months    string
	Was       string // the id in the address
	Places    agreements.Places
	Revision  int64
	Errors    forms.Errors
}

func (p *Pages) clauseForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := clauseView{Agreement: a, Draft: draft, Was: r.Path("clause"), Revision: draft.Revision}
	if v.Was == newClause {
		v.Clause.ID = draft.Document.NextID()
	} else {
		var is bool
		if v.Clause, is = draft.Document.Clause(v.Was); !is {
			return nil, store.ErrNotFound
		}
	}
	v.Days, v.Months = orEmpty(v.Clause.Days), orEmpty(v.Clause.Months)
	return p.clausePage(ctx, r, v)
}

func orEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (p *Pages) clausePage(ctx context.Context, r *web.Request, v clauseView) (web.Response, error) {
	var err error
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	return p.page(r, "A clause", clauseBody(v), backTo(v.Agreement), v.Errors.Any()), nil
}

// count reads a number that may be left empty; -1 is none.
func count(text string) int {
	if text = strings.TrimSpace(text); text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func readClause(form url.Values) agreements.Clause {
	c := agreements.Clause{
		ID: strings.TrimSpace(form.Get("id")), Effect: agreements.Effect(form.Get("effect")), From: end(form.Get("from")), To: end(form.Get("to")),
		Purpose: agreements.Purpose(form.Get("purpose")), Subject: agreements.Subject(form.Get("subject")),
		Days: count(form.Get("days")), Months: count(form.Get("months")), Words: strings.TrimSpace(form.Get("words")),
	}
	c.From.Role = policy.Role(form.Get("role"))
	for _, k := range form["kinds"] {
		c.Kinds = append(c.Kinds, agreements.Kind(k))
	}
	for _, k := range form["conditions"] {
		c.Conditions = append(c.Conditions, agreements.Condition(k))
	}
	return c
}

func (p *Pages) clause(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := clauseView{
		Agreement: a, Draft: draft, Was: r.Path("clause"), Clause: readClause(form), Revision: revision(form),
		Days: form.Get("days"), Months: form.Get("months"),
	}
	d := draft.Document
	d.Clauses = slices.Clone(d.Clauses)
	at := slices.IndexFunc(d.Clauses, func(c agreements.Clause) bool { return c.ID == v.Was })
	switch {
	case v.Was == newClause:
		d.Clauses = append(d.Clauses, v.Clause)
	case at < 0:
		return nil, store.ErrNotFound
	default:
		d.Clauses[at] = v.Clause
	}
	if v.Errors = d.CheckClause(v.Clause); !v.Errors.Any() && v.Clause.ID != v.Was {
		if _, taken := draft.Document.Clause(v.Clause.ID); taken {
			v.Errors.Add("id", "Another clause is called "+v.Clause.ID+". Enter a different number")
		}
	}
	if !v.Errors.Any() {
		err := p.agreements.Keep(ctx, r.Actor, a.ID, draft.Number, v.Revision, d)
		var ok bool
		if v.Errors, ok = forms.AsErrors(err); !ok {
			if err != nil {
				return nil, err
			}
			return p.keptAt(a.ID, draft.Number, "kept"), nil
		}
	}
	return p.clausePage(ctx, r, v)
}

func (p *Pages) removeClause(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	d := draft.Document
	if _, is := d.Clause(r.Path("clause")); !is {
		return nil, store.ErrNotFound
	}
	d.Clauses = slices.DeleteFunc(slices.Clone(d.Clauses), func(c agreements.Clause) bool { return c.ID == r.Path("clause") })
	if err := p.agreements.Keep(ctx, r.Actor, a.ID, draft.Number, revision(form), d); err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, draft.Number, "kept"), nil
}

func (p *Pages) newVersion(ctx context.Context, r *web.Request) (web.Response, error) {
	id := agreements.ID(r.Path("agreement"))
	n, err := p.agreements.NewVersion(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	return p.keptAt(id, n, "version"), nil
}
