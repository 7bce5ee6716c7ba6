package supportweb

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// caseloadPage is how many cases stand on a page.
const caseloadPage = 25

type caseloadView struct {
	Lines []support.Line
	Load  support.Load
	More  string
	Today string
	Now   time.Time
	Zone  *time.Location

	Configure bool // the reader may set what is local
}

func (p *Pages) caseload(ctx context.Context, r *web.Request) (web.Response, error) {
	var after *support.Key
	if weight, err := strconv.Atoi(r.Query("weight")); err == nil {
		after = &support.Key{Weight: weight, Soonest: r.Query("day"), ID: cases.ID(r.Query("after"))}
	}
	now := p.support.Now()
	v := caseloadView{Today: now.Format("2006-01-02"), Now: now, Zone: p.support.Zone(), Configure: r.Actor.Has(policy.Manager)}
	var err error
	if v.Lines, v.Load, err = p.support.Caseload(ctx, r.Actor, after, caseloadPage); err != nil {
		return nil, err
	}
	if len(v.Lines) == caseloadPage {
		last := v.Lines[len(v.Lines)-1].Key()
		q := url.Values{"weight": {strconv.Itoa(last.Weight)}, "day": {last.Soonest}, "after": {string(last.ID)}}
		v.More = "/caseload?" + q.Encode()
	}
	return web.Page{Title: "Caseload by risk", Body: caseloadBody(v), Current: "/cases", Wide: true}, nil
}

// Tiles are the counts of support on the first page of a specialist.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Specialist) {
		return nil, nil
	}
	_, load, err := p.support.Caseload(ctx, actor, nil, 0)
	if err != nil || load.Cases == 0 {
		return nil, err
	}
	high := ui.NumericTile{Label: "High risk", Value: strconv.Itoa(load.High), Href: "/caseload"}
	first := ui.NumericTile{Label: "First contact late", Value: strconv.Itoa(load.Late), Href: "/caseload"}
	return []ui.NumericTile{high, first}, nil
}

type panelView struct {
	File    *cases.File
	Brief   support.Brief
	Zone    *time.Location
	Overdue []string // what is overdue, in words
	Clock   string
}

// Panel is what the case page shows of support.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if f.Side() != cases.Experiencing {
		return nil, nil
	}
	v := panelView{File: f, Zone: p.support.Zone()}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Brief, err = p.support.Brief(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	now, t := p.support.Now(), v.Brief.Standing
	v.Clock = clockWords(p.moment(t.Due), p.moment(t.ReachedAt), t.Late(now))
	v.Overdue = overdue(t.ReachedAt.IsZero() && t.Late(now), p.moment(t.Due), v.Brief.Reassess, now.Format("2006-01-02"))
	return panelBody(v), nil
}

// overdue is what is late about the support, in words.
func overdue(first bool, due string, reassess []string, today string) []string {
	var out []string
	if first {
		out = append(out, "The first contact was due by "+due)
	}
	for _, by := range reassess {
		if by < today {
			out = append(out, "Risk was to be looked at again by "+day(by)+", while there is an open mental-health need")
		}
	}
	return out
}

func (v overviewView) overdue() []string {
	var reassess []string
	for _, n := range v.Needs {
		if by := n.Reassess(v.Risk.On); by != "" {
			reassess = append(reassess, by)
		}
	}
	return overdue(v.Standing.ReachedAt.IsZero() && v.Late, v.Due, reassess, v.Today)
}

// moment is a time in words, empty for none.
func (p *Pages) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.support.Zone()).Format("2 January 2006, 15:04")
}

func day(s string) string { return cases.DayInWords(s) }
