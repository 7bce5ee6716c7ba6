package casesweb

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// keptView is one compartment of a case. Without the permission Notes is
// never filled, and there is nothing to hide.
type keptView struct {
	File        *cases.File
	Compartment cases.Compartment
	Readable    bool
	Notes       []cases.Kept
	People      []ui.RadioItem
	About       string
	Text        string
	Names       map[string]string
	Errors      forms.Errors
}

func (p *Pages) openKept(ctx context.Context, r *web.Request, c cases.Compartment) (keptView, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return keptView{}, err
	}
	return keptView{File: f, Compartment: c, Readable: p.cases.May(f, c.Action())}, nil
}

func (p *Pages) kept(c cases.Compartment) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		v, err := p.openKept(ctx, r, c)
		if err != nil {
			return nil, err
		}
		return p.keptPage(ctx, v)
	}
}

func (p *Pages) keptPage(ctx context.Context, v keptView) (web.Response, error) {
	var err error
	if v.Compartment == cases.ChildWords {
		if v.People, err = p.peopleOf(ctx, v.File); err != nil {
			return nil, err
		}
	}
	var accounts []string
	if v.Readable {
		if v.Notes, err = p.cases.Kept(ctx, v.File, v.Compartment); err != nil {
			return nil, err
		}
		for _, n := range v.Notes {
			accounts = append(accounts, n.By)
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, v.File.Actor(), accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, v.File, v.Compartment.Label(), keptBody(v), v.Errors.Any())
}

func (p *Pages) keep(c cases.Compartment) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		form, err := r.Form()
		if err != nil {
			return nil, err
		}
		v, err := p.openKept(ctx, r, c)
		if err != nil {
			return nil, err
		}
		v.About, v.Text = form.Get("about"), form.Get("text")
		err = p.cases.Keep(ctx, v.File, c, people.ID(v.About), v.Text)
		if errs, ok := forms.AsErrors(err); ok {
			v.Errors = errs
			return p.keptPage(ctx, v)
		}
		if err != nil {
			return nil, err
		}
		return web.SeeOther(v.File.Path() + "?done=note-kept"), nil
	}
}

func keptItems(v keptView) []ui.TimelineItem {
	var items []ui.TimelineItem
	for _, n := range v.Notes {
		title := v.Compartment.Label()
		for _, person := range v.People {
			if person.Value == string(n.About) {
				title = person.Text
			}
		}
		items = append(items, ui.TimelineItem{Title: title, Date: recorded(n.At), Text: n.Text, Byline: who(v.Names, n.By)})
	}
	return items
}

type requestsView struct {
	File     *cases.File
	Requests []cases.Request
	Names    map[string]string
}

func (p *Pages) requests(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := requestsView{File: f}
	if v.Requests, err = p.listRequests(ctx, f); err != nil {
		return nil, err
	}
	var accounts []string
	for _, q := range v.Requests {
		accounts = append(accounts, q.RecordedBy)
		if q.ConfirmedBy != "" {
			accounts = append(accounts, q.ConfirmedBy)
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Requests in their name", requestsBody(v), false)
}

func (p *Pages) listRequests(ctx context.Context, f *cases.File) (list []cases.Request, err error) {
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		list, err = p.cases.Requests(ctx, tx, f)
		return err
	})
	return list, err
}

type newRequestView struct {
	File   *cases.File
	New    cases.NewRequest
	Errors forms.Errors
}

func (p *Pages) requestForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Record a request", newRequestBody(newRequestView{File: f}), false)
}

func (p *Pages) request(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := newRequestView{File: f, New: cases.NewRequest{
		Kind: cases.RequestKind(form.Get("kind")), Came: cases.Way(form.Get("came")), Words: form.Get("words"), Present: form.Get("present"),
	}}
	err = p.cases.Receive(ctx, f, v.New)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.page(ctx, f, "Record a request", newRequestBody(v), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=request-recorded"), nil
}

type confirmView struct {
	File    *cases.File
	Request cases.Request
	Form    cases.Confirmation
	Theirs  string
	Errors  forms.Errors
}

func (p *Pages) confirmForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.findRequest(ctx, r, f)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Confirm a request", confirmBody(v), false)
}

func (p *Pages) findRequest(ctx context.Context, r *web.Request, f *cases.File) (confirmView, error) {
	list, err := p.listRequests(ctx, f)
	if err != nil {
		return confirmView{}, err
	}
	for _, q := range list {
		if q.ID == r.Path("request") {
			return confirmView{File: f, Request: q}, nil
		}
	}
	return confirmView{}, store.ErrNotFound
}

func (p *Pages) confirm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.findRequest(ctx, r, f)
	if err != nil {
		return nil, err
	}
	if v.Request.State != cases.Unverified {
		return nil, store.ErrConflict // settled meanwhile: the page has no form for it any more
	}
	v.Theirs = form.Get("theirs")
	v.Form = cases.Confirmation{
		Version: versionOf(form), Theirs: v.Theirs == "yes", How: cases.Way(form.Get("how")), Words: form.Get("words"),
		Alone: form.Get("alone") == "yes", Present: form.Get("present"),
	}
	if v.Theirs != "yes" && v.Theirs != "no" {
		v.Errors.Add("theirs", "Select what the person wants")
		return p.page(ctx, f, "Confirm a request", confirmBody(v), true)
	}
	err = p.cases.Confirm(ctx, f, v.Request.ID, v.Form)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.page(ctx, f, "Confirm a request", confirmBody(v), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=request-settled"), nil
}

func kindItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, k := range cases.RequestKinds() {
		items = append(items, ui.RadioItem{Value: string(k), Text: k.Label()})
	}
	return items
}

func wayItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, w := range cases.Ways() {
		items = append(items, ui.RadioItem{Value: string(w), Text: w.Label()})
	}
	return items
}

type supportView struct {
	Own, Asked []cases.Support
	Names      map[string]string
	Colleagues []ui.SelectItem
	Reader     string
	Words      string
	Answering  string // the id of what is answered
	Errors     forms.Errors
}

func (p *Pages) support(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.supportPage(ctx, r, supportView{})
}

func (p *Pages) supportPage(ctx context.Context, r *web.Request, v supportView) (web.Response, error) {
	var err error
	if v.Own, v.Asked, err = p.cases.SupportFor(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	for _, s := range v.Own {
		if s.Reader != "" {
			accounts = append(accounts, s.Reader)
		}
	}
	for _, s := range v.Asked {
		accounts = append(accounts, s.Account)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	list, err := p.colleagues(ctx, r)
	if err != nil {
		return nil, err
	}
	v.Colleagues = []ui.SelectItem{{Value: "", Text: "Nobody: it is for me alone"}}
	for _, c := range list {
		if c.Value != r.Actor.Account {
			v.Colleagues = append(v.Colleagues, c)
		}
	}
	return web.Page{Title: "Support for you", Body: supportBody(v), Invalid: v.Errors.Any(), Flash: r.Done(done), Back: &ui.Link{Text: "Your work", Href: Home}}, nil
}

func (p *Pages) askSupport(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := supportView{Reader: form.Get("reader"), Words: form.Get("words")}
	err = p.cases.AskForSupport(ctx, r.Actor, v.Reader, v.Words)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.supportPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/support?done=support-kept"), nil
}

func (p *Pages) answerSupport(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = p.cases.AnswerSupport(ctx, r.Actor, r.Path("support"), form.Get("answer"))
	if errs, ok := forms.AsErrors(err); ok {
		return p.supportPage(ctx, r, supportView{Errors: errs, Answering: r.Path("support")})
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/support?done=support-kept"), nil
}
