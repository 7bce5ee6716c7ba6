package measuresweb

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Path is the address of the page with all measures.
const Path = "/measures"

// Pages are the pages of this package.
type Pages struct {
	counter *measures.Counter
	clock   store.Clock
}

// New makes the pages.
func New(counter *measures.Counter, clock store.Clock) *Pages {
	return &Pages{counter: counter, clock: clock}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: Path, Action: measures.ActRead, Handler: p.all},
	}
}

// BoxPanel is what the records show of a box, over the last twelve months. It
// is nil where the box has no measures or the actor sees none.
func (p *Pages) BoxPanel(ctx context.Context, actor policy.Actor, box int) (templ.Component, error) {
	views := p.counter.Views(actor)
	var ids []string
	for _, in := range p.counter.Registry().ForBox(box) {
		ids = append(ids, in.ID)
	}
	if len(views) == 0 || len(ids) == 0 {
		return nil, nil
	}
	results, err := p.counter.Count(ctx, actor, measures.Query{
		IDs: ids, Period: p.lastYear(), Agency: views[0].Agency, Exact: views[0].Exact,
	})
	if err != nil {
		return nil, err
	}
	return boxPanel(views[0], results), nil
}

// Tiles are the shares of the whole partnership over the last twelve months,
// for the first page of whoever looks after it, and sees no case.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Commissioner) {
		return nil, nil
	}
	results, err := p.counter.Count(ctx, actor, measures.Query{Period: p.lastYear()})
	if err != nil {
		return nil, err
	}
	var tiles []ui.NumericTile
	for _, r := range results {
		row := r.Rows()[0]
		tile := ui.NumericTile{Label: r.Indicator.Title, Value: row.PercentLabel(), Href: Path}
		if row.Empty() {
			tile.Value, tile.Note = "0", "no records yet"
		} else if _, ok := row.Percent(); ok {
			tile.Note = "of " + r.Indicator.Unit.Label()
		}
		tiles = append(tiles, tile)
	}
	return tiles, nil
}

func (p *Pages) lastYear() measures.Period { return p.counter.Registry().YearTo(p.clock()) }

// The views by their names in the address.
const (
	viewOwn = "own"
	viewAll = "all"
)

// nameOf is a view's name in the address.
func nameOf(v measures.View) string {
	if v.Agency == "" {
		return viewAll
	}
	return viewOwn
}

// allPage is the page with all measures.
type allPage struct {
	Views    []measures.View // that the actor may choose from
	View     measures.View
	From, To string // as forms.JoinDate makes them
	Errors   forms.Errors
	Results  []measures.Result
	All      bool // the actor looks after the whole partnership
}

func (p *Pages) all(ctx context.Context, r *web.Request) (web.Response, error) {
	a := allPage{Views: p.counter.Views(r.Actor), All: r.Actor.Has(policy.Commissioner)}
	a.View = a.asked(r.Query("view"), r.Actor)
	period := p.lastYear()
	a.From, a.To = dateOf(r, "from"), dateOf(r, "to")
	if a.From == "" && a.To == "" {
		a.From, a.To = period.From, period.To
	}
	period = a.period()
	if !a.Errors.Any() {
		var err error
		a.Results, err = p.counter.Count(ctx, r.Actor, measures.Query{Period: period, Agency: a.View.Agency, Exact: a.View.Exact})
		if err != nil {
			return nil, err
		}
	}
	return web.Page{Title: "Measures", Current: Path, Body: allBody(a), Wide: true, Invalid: a.Errors.Any()}, nil
}

// asked is the view that the address names, else the first the actor may see.
// Whether the actor may see it is for the counter to decide.
func (a allPage) asked(name string, actor policy.Actor) measures.View {
	switch {
	case name == viewOwn && actor.Agency != "":
		return measures.View{Agency: actor.Agency, Exact: true}
	case name != viewAll && len(a.Views) > 0:
		return a.Views[0]
	}
	return measures.View{}
}

func dateOf(r *web.Request, name string) string {
	part := func(p string) string { return web.Clean(r.Query(name + "-" + p)) }
	return forms.JoinDate(part("day"), part("month"), part("year"))
}

// period is the period that was typed; what is wrong with it goes into Errors.
func (a *allPage) period() measures.Period {
	for _, d := range []struct{ field, value, message string }{
		{"from", a.From, "Enter the first day of the period as a day, a month and a year"},
		{"to", a.To, "Enter the last day of the period as a day, a month and a year"},
	} {
		if _, err := measures.ParsePeriod(d.value, d.value); err != nil {
			a.Errors.Add(d.field+"-day", d.message)
		}
	}
	p, err := measures.ParsePeriod(a.From, a.To)
	if err != nil && !a.Errors.Any() {
		a.Errors.Add("to-day", "The last day must be the same as or after the first day")
	}
	return p
}

func (a allPage) errors() []ui.Link {
	var out []ui.Link
	for _, e := range a.Errors.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// tabs lead to the other views of the same period.
func (a allPage) tabs() []ui.NavItem {
	var out []ui.NavItem
	for _, v := range a.Views {
		text := "All agencies"
		if v.Agency != "" {
			text = "Your agency"
		}
		address := url.Values{"view": {nameOf(v)}}
		for name, value := range map[string]string{"from": a.From, "to": a.To} {
			day, month, year := forms.SplitDate(value)
			address.Set(name+"-day", day)
			address.Set(name+"-month", month)
			address.Set(name+"-year", year)
		}
		out = append(out, ui.NavItem{Text: text, Href: Path + "?" + address.Encode(), Current: v == a.View})
	}
	return out
}

func dateInput(name, legend, value, fault string) ui.DateInputParams {
	day, month, year := forms.SplitDate(value)
	return ui.DateInputParams{
		Group:      ui.Group{Name: name, IDPrefix: name, Legend: legend, LegendClasses: ui.LegendS, Error: fault},
		NamePrefix: name, ID: name, Day: day, Month: month, Year: year,
	}
}

// whose says which records the figures are from.
func whose(v measures.View) string {
	if v.Agency == "" {
		return "All agencies together. Somebody who is known to two agencies is counted in both."
	}
	return "Your agency's own records, counted as they are. Do not pass small numbers on: they can point to a person."
}
