package casesweb

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

const (
	caseloadPage = 50
	newestEvents = 8
)

// query is an address with parameters; none of them is about a person.
func query(path string, pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return path + "?" + v.Encode()
}

// slotsMost bounds how many restricted cases a caseload mentions.
const slotsMost = 20

type caseloadView struct {
	Slots   []cases.Slot // restricted: whom to ask
	Manages bool

	Which cases.Which
	Rows  []cases.Row
	Names map[string]string
	More  string
	Begin bool
}

// lists are the lists of cases, and of what there is to do in them.
func (v caseloadView) lists() []ui.NavItem {
	out := []ui.NavItem{
		{Text: "Held by you", Href: "/cases", Current: v.Which == cases.Mine},
		{Text: "Held by you, by risk", Href: "/caseload"},
		{Text: "All you may see", Href: "/cases?show=all", Current: v.Which == cases.All},
		{Text: "Waiting list", Href: "/waiting"},
		{Text: "Groups", Href: "/groups"},
		{Text: "Court dates", Href: "/court"},
		{Text: "Overdue steps", Href: "/pathways/overdue"},
	}
	if v.Manages {
		out = append(out, ui.NavItem{Text: "Supervision", Href: "/supervision"})
	}
	return out
}

func (p *Pages) caseload(ctx context.Context, r *web.Request) (web.Response, error) {
	v := caseloadView{Which: cases.Mine, Begin: true, Manages: r.Actor.Has(policy.Manager)}
	if r.Query("show") == string(cases.All) {
		v.Which = cases.All
	}
	var after *cases.Row
	if at, err := time.Parse(time.RFC3339Nano, r.Query("at")); err == nil {
		after = &cases.Row{Touched: at, ID: cases.ID(r.Query("after"))}
	}
	rows, err := p.cases.Caseload(ctx, r.Actor, v.Which, after, caseloadPage)
	if err != nil {
		return nil, err
	}
	v.Rows = rows
	if len(rows) == caseloadPage {
		last := rows[len(rows)-1]
		v.More = query("/cases", "show", string(v.Which), "at", last.Touched.Format(time.RFC3339Nano), "after", string(last.ID))
	}
	var leads []string
	for _, row := range rows {
		leads = append(leads, row.Lead)
	}
	if v.Which == cases.All && after == nil {
		if v.Slots, err = p.cases.Slots(ctx, r.Actor, slotsMost); err != nil {
			return nil, err
		}
		for _, s := range v.Slots {
			leads = append(leads, s.Lead)
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, leads); err != nil {
		return nil, err
	}
	return web.Page{Title: "Caseload", Body: caseloadBody(v), Current: "/cases", Wide: true}, nil
}

type showView struct {
	File    *cases.File
	Person  people.Person
	Contact people.SafeContact
	Parties []cases.Party
	Tasks   []cases.Task
	Events  []cases.Event
	Names   map[string]string
	Work    []templ.Component
	About   []templ.Component
	Today   string
	Code    string // the code word, when it was asked for
	Why     cases.Why
	Asked   []cases.Request // in their name, and not settled
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if restricted := asRestricted(err); restricted != nil {
		return p.restricted(ctx, r, restricted)
	}
	if err != nil {
		return nil, err
	}
	v, err := p.load(ctx, f)
	if err != nil {
		return nil, err
	}
	return p.casePage(v, r.Done(done)), nil
}

func (p *Pages) casePage(v showView, flash *ui.Flash) web.Page {
	return web.Page{
		Title: "Case " + strconv.FormatInt(v.File.Number(), 10), Body: showBody(v), CaseBar: caseBar(v.File, v.Person),
		Current: "/cases", Flash: flash, Back: &ui.Link{Text: "Caseload", Href: "/cases"}, Wide: true,
	}
}

// load reads what the case page shows, the panels' part included, in one
// snapshot.
func (p *Pages) load(ctx context.Context, f *cases.File) (showView, error) {
	v := showView{File: f, Today: p.today(), Why: p.cases.Why(f)}
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Person, err = p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person()); err != nil {
			return err
		}
		if v.Contact, err = p.cases.SafeContact(ctx, tx, f, v.Person); err != nil {
			return err
		}
		if v.Parties, err = p.cases.Parties(ctx, tx, f); err != nil {
			return err
		}
		if v.Tasks, err = p.cases.Tasks(ctx, tx, f); err != nil {
			return err
		}
		requests, err := p.cases.Requests(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, q := range requests {
			if q.State == cases.Unverified {
				v.Asked = append(v.Asked, q)
			}
		}
		if v.Events, err = p.cases.Chronology(ctx, tx, f, "", newestEvents); err != nil {
			return err
		}
		if v.Work, err = fill(ctx, f, p.work); err != nil {
			return err
		}
		if v.About, err = fill(ctx, f, p.about); err != nil {
			return err
		}
		v.Names, err = p.names(ctx, f, v.Events)
		return err
	})
	return v, err
}

// fill reads what panels show.
func fill(ctx context.Context, f *cases.File, panels []Panel) ([]templ.Component, error) {
	var out []templ.Component
	for _, panel := range panels {
		c, err := panel(ctx, f)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// names are the colleagues who wrote entries, and the lead.
func (p *Pages) names(ctx context.Context, f *cases.File, events []cases.Event) (map[string]string, error) {
	accounts := append([]string{f.Lead()}, f.Workers()...)
	for _, e := range events {
		accounts = append(accounts, e.RecordedBy)
	}
	return p.directory.MemberNames(ctx, f.Actor(), accounts)
}

func (p *Pages) codeWord(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	w, err := p.cases.MustWhereabouts(ctx, f)
	if err != nil {
		return nil, err
	}
	v, err := p.load(ctx, f)
	if err != nil {
		return nil, err
	}
	err = p.db.Write(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Code, err = p.people.CodeWord(ctx, tx, w, v.Person)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.casePage(v, nil), nil
}
