package casesweb

import (
	"context"
	"net/url"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// conflicts is a worker's own page of ties.
func (p *Pages) conflicts(ctx context.Context, r *web.Request) (web.Response, error) {
	ties, err := p.cases.Ties(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Conflicts of interest", Body: tiesBody(ties), Flash: r.Done(done), Back: &ui.Link{Text: "Your work", Href: Home}}, nil
}

type tieView struct {
	Person   personFields
	Relation string
	Home     people.Address
	Own      bool
	Errors   forms.Errors
}

func readTie(form url.Values, own bool) tieView {
	return tieView{
		Person: readPerson(form), Relation: form.Get("relation"), Own: own,
		Home: people.Address{House: form.Get("house"), Postcode: form.Get("postcode")},
	}
}

func (p *Pages) tieForm(_ context.Context, _ *web.Request) (web.Response, error) {
	return tiePage(tieView{}), nil
}

func (p *Pages) ownForm(_ context.Context, _ *web.Request) (web.Response, error) {
	return tiePage(tieView{Own: true}), nil
}

func tiePage(v tieView) web.Page {
	title := "Declare a tie"
	if v.Own {
		title = "Your own particulars"
	}
	return web.Page{Title: title, Body: tieBody(v), Invalid: v.Errors.Any(), Back: &ui.Link{Text: "Conflicts of interest", Href: "/conflicts"}}
}

func (p *Pages) tie(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.declare(ctx, r, false)
}

func (p *Pages) own(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.declare(ctx, r, true)
}

func (p *Pages) declare(ctx context.Context, r *web.Request, own bool) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := readTie(form, own)
	if own {
		err = p.cases.Particulars(ctx, r.Actor, v.Person.Details, v.Home)
	} else {
		err = p.cases.Declare(ctx, r.Actor, cases.NewTie{Relation: cases.Relation(v.Relation), Person: v.Person.Details, Home: v.Home})
	}
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors, v.Person.Errors = errs, errs
		return tiePage(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/conflicts?done=tie-declared"), nil
}

type tieOnView struct {
	File     *cases.File
	People   []ui.RadioItem
	Person   string
	Relation string
	Errors   forms.Errors
}

func (p *Pages) tieOnForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.tieOnPage(ctx, tieOnView{File: f})
}

func (p *Pages) tieOnPage(ctx context.Context, v tieOnView) (web.Response, error) {
	var err error
	if v.People, err = p.peopleOf(ctx, v.File); err != nil {
		return nil, err
	}
	return p.page(ctx, v.File, "Declare a conflict of interest", tieOnBody(v), v.Errors.Any())
}

// peopleOf are the people of a file, to choose from.
func (p *Pages) peopleOf(ctx context.Context, f *cases.File) ([]ui.RadioItem, error) {
	var items []ui.RadioItem
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		items = append(items, ui.RadioItem{Value: string(f.Person()), Text: person.Name()})
		parties, err := p.cases.Parties(ctx, tx, f)
		for _, party := range parties {
			items = append(items, ui.RadioItem{Value: string(party.Person), Text: party.Details.Name() + " (" + party.Role.Label() + ")"})
		}
		return err
	})
	return items, err
}

func (p *Pages) tieOn(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := tieOnView{File: f, Person: form.Get("person"), Relation: form.Get("relation")}
	if v.Person == "" {
		v.Errors.Add("person", "Select whom you are tied to")
	}
	if v.Relation == "" {
		v.Errors.Add("relation", "Select how you are tied to them")
	}
	if v.Errors.Any() {
		return p.tieOnPage(ctx, v)
	}
	err = p.cases.DeclareOn(ctx, f, people.ID(v.Person), cases.Relation(v.Relation))
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.tieOnPage(ctx, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=tie-declared"), nil
}

func relationItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, r := range cases.Relations() {
		items = append(items, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return items
}
