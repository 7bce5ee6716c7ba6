package casesweb

import (
	"context"
	"errors"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

type addressView struct {
	File    *cases.File
	Person  string
	Name    string
	Home    people.Home
	Guard   people.Home // how what is recorded is guarded, without the address
	Known   bool        // an address is recorded, and the worker reads it
	Hidden  bool        // the worker does not see what is recorded
	Asked   *people.Asked
	AskedBy string
	Own     bool // the worker asked for it
	Why     string
	Errors  forms.Errors
}

func (v addressView) path() string { return v.File.Path() + "/people/" + v.Person + "/home" }

func (p *Pages) addressForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := addressView{File: f, Person: r.Path("person")}
	if err := p.readAddress(ctx, &v, true); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Where they live", addressBody(v), false)
}

// readAddress reads what a page shows of where somebody lives: the address too,
// unless it was just typed.
func (p *Pages) readAddress(ctx context.Context, v *addressView, recorded bool) error {
	unlocked, ok := p.cases.Whereabouts(v.File)
	v.Hidden = !ok
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.cases.PersonIn(ctx, tx, v.File, people.ID(v.Person))
		if err != nil {
			return err
		}
		v.Name = person.Name()
		if v.Guard, err = p.people.Guard(ctx, tx, v.File.Permit(), v.File.Agency(), person.ID); err != nil {
			return err
		}
		if recorded {
			v.Home = v.Guard // whoever does not see the address keeps its guard
		}
		var asked people.Asked
		var found bool
		if ok {
			home, err := p.people.Home(ctx, tx, unlocked, person)
			if err != nil {
				return err
			}
			v.Known = !home.IsZero()
			if recorded {
				v.Home = home
			}
			if asked, found, err = p.people.Asked(ctx, tx, unlocked, person); err != nil {
				return err
			}
		} else if asked, found, err = p.people.Waiting(ctx, tx, v.File.Permit(), v.File.Agency(), person.ID); err != nil {
			return err
		}
		if found {
			v.Asked, v.Own = &asked, asked.By == v.File.Actor().Account
		}
		return nil
	})
	if err != nil || v.Asked == nil {
		return err
	}
	names, err := p.directory.MemberNames(ctx, v.File.Actor(), []string{v.Asked.By})
	v.AskedBy = who(names, v.Asked.By)
	return err
}

func (p *Pages) address(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := addressView{File: f, Person: r.Path("person"), Why: form.Get("why"), Home: people.Home{
		Address:      people.Address{House: form.Get("house"), Postcode: form.Get("postcode")},
		Confidential: form.Get("confidential") == "yes", Hidden: form.Get("hidden") == "yes",
	}}
	done := "address-recorded"
	err = p.cases.RecordHome(ctx, f, people.ID(v.Person), v.Home)
	if errors.Is(err, people.ErrSecondPerson) {
		done = "address-asked"
		err = p.cases.AskHome(ctx, f, people.ID(v.Person), v.Home, v.Why)
	}
	return p.addressed(ctx, v, done, err)
}

// addressed is the answer to a form about an address: what was done, or the form
// with what is wrong with it.
func (p *Pages) addressed(ctx context.Context, v addressView, done string, err error) (web.Response, error) {
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		if err := p.readAddress(ctx, &v, errs.Has("settle")); err != nil {
			return nil, err
		}
		return p.page(ctx, v.File, "Where they live", addressBody(v), true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(v.File.Path() + "?done=" + done), nil
}

func (p *Pages) retireAddress(ctx context.Context, r *web.Request) (web.Response, error) {
	f, _, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := addressView{File: f, Person: r.Path("person")}
	return p.addressed(ctx, v, "address-retired", p.cases.RetireHome(ctx, f, people.ID(v.Person)))
}

func (p *Pages) settleAddress(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := addressView{File: f, Person: r.Path("person")}
	if choice := form.Get("settle"); choice != "release" && choice != "keep" {
		return p.addressed(ctx, v, "", forms.Errors{{Field: "settle", Message: "Select whether it may be recorded so"}})
	}
	release := form.Get("settle") == "release"
	done := "address-kept"
	if release {
		done = "address-released"
	}
	return p.addressed(ctx, v, done, p.cases.SettleHome(ctx, f, people.ID(v.Person), form.Get("request"), release))
}

type addressesView struct {
	File *cases.File
	List []cases.Dwelling
}

// addresses lists the people of a case with how where they live is guarded, and
// no address.
func (p *Pages) addresses(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := addressesView{File: f}
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.List, err = p.cases.Dwellings(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Where people of this case live", addressesBody(v), false)
}

func (v addressesView) rows() []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, d := range v.List {
		row := ui.SummaryRow{Key: d.Name.Name(), Value: dwellingInWords(d), Actions: []ui.Link{
			{Text: "Address", HiddenText: "of " + d.Name.Name(), Href: v.File.Path() + "/people/" + string(d.Person) + "/home"},
		}}
		if d.Asked != "" {
			row.Value += ". Somebody asked to record an address without that: it waits for a second person"
		}
		rows = append(rows, row)
	}
	return rows
}

// dwellingInWords is who somebody is in the case, and how their address is guarded.
func dwellingInWords(d cases.Dwelling) string {
	words := "Nothing recorded"
	if d.Known {
		words = guardInWords(d.Guard)
	}
	for i := range d.Roles {
		words = d.Roles[len(d.Roles)-1-i].Label() + ". " + words
	}
	return words
}

// guardInWords is how an address is guarded.
func guardInWords(h people.Home) string {
	switch {
	case h.Hidden:
		return "Hidden: no address and no number leaves"
	case h.Confidential:
		return "Confidential"
	}
	return "Not confidential"
}

func settleHint(v addressView) string {
	if v.Own {
		return "You asked for it: somebody else releases it. You can take it back."
	}
	return "Ask how it became safe, and who else lives there."
}
