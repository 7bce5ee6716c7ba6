package circumstancesweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/circumstances"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	s         *circumstances.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *circumstances.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{s: service, cases: files, directory: register, bar: bar}
}

type editor = fields.Editor[*cases.File]

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const all = "/cases/{case}/circumstances"
	out := []web.Route{{Method: http.MethodGet, Pattern: all, Action: circumstances.ActKeep, Handler: p.overview}}
	forms := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	for pattern, e := range map[string]struct {
		action policy.Action
		editor editor
	}{
		"/new":            {circumstances.ActKeep, p.newEditor()},
		"/{circumstance}": {circumstances.ActKeep, p.againEditor()},
		"/advice":         {circumstances.ActKeep, p.pointerEditor()},
		"/marriage":       {circumstances.ActKeep, p.marriageEditor()},
		"/capacity":       {circumstances.ActKeep, p.capacityEditor()},
		"/reports":        {circumstances.ActKeep, p.reportEditor()},
		"/judgement":      {circumstances.ActJudgeNow, p.judgementEditor()},
		"/opinion":        {circumstances.ActKeep, p.opinionEditor()},
		"/side":           {circumstances.ActKeep, p.sideEditor()},
	} {
		out = append(out,
			web.Route{Method: http.MethodGet, Pattern: all + pattern, Action: e.action, Handler: forms.Show(e.editor)},
			web.Route{Method: http.MethodPost, Pattern: all + pattern, Action: e.action, Handler: forms.Send(e.editor)})
	}
	return out
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

func (p *Pages) known(ctx context.Context, f *cases.File) (k circumstances.Known, err error) {
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		k, err = p.s.Known(ctx, tx, f)
		return err
	})
	return k, err
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool, flash *ui.Flash) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Flash: flash,
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"told":     "It is recorded",
	"pointed":  "It is recorded that specialist advice was pointed to",
	"marriage": "What is known of a marriage is recorded",
	"capacity": "The capacity note is recorded",
	"report":   "It is recorded",
	"judged":   "The judgement is recorded. It changes nothing by itself: a second opinion is asked for",
	"opinion":  "The second opinion is recorded",
	"side":     "The decision is recorded",
}

func path(f *cases.File) string { return f.Path() + "/circumstances" }

type overviewView struct {
	File  *cases.File
	Known circumstances.Known
	Guide circumstances.Guide
	Names map[string]string
	// Second tells whether the reader may give a second opinion.
	Second bool
	Today  string
}

func (v overviewView) kind(code string) string {
	k, _ := v.Guide.Kind(code)
	return k.Label
}

// pointers are those that a circumstance brings.
func (v overviewView) pointers(c circumstances.Circumstance) []circumstances.Pointer {
	k, _ := v.Guide.Kind(c.Words.Kind)
	var out []circumstances.Pointer
	for _, code := range k.Pointers {
		if pointer, is := v.Guide.Pointer(code); is {
			out = append(out, pointer)
		}
	}
	return out
}

// awaits tells whether the newest judgement waits for a second opinion.
func (v overviewView) awaits() bool {
	if len(v.Known.Patterns) == 0 {
		return false
	}
	_, given := v.Known.OpinionOn(v.Known.Patterns[0].ID)
	return !given
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := overviewView{File: f, Guide: p.s.Guide(), Second: p.cases.May(f, circumstances.ActSecond), Today: p.s.Today()}
	if v.Known, err = p.known(ctx, f); err != nil {
		return nil, err
	}
	var who []string
	add := func(account string) {
		if !slices.Contains(who, account) {
			who = append(who, account)
		}
	}
	for _, c := range v.Known.Circumstances {
		add(c.By)
	}
	for _, one := range v.Known.Pointed {
		add(one.By)
	}
	for _, one := range v.Known.Marriage {
		add(one.By)
	}
	for _, one := range v.Known.Capacity {
		add(one.By)
	}
	for _, one := range v.Known.Reports {
		add(one.By)
	}
	for _, one := range v.Known.Patterns {
		add(one.By)
	}
	for _, one := range v.Known.Opinions {
		add(one.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), who); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Circumstances", overviewBody(v), false, r.Done(done))
}

// Panel is what the case page shows of circumstances.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, circumstances.ActKeep) {
		return nil, nil
	}
	k, err := p.known(ctx, f)
	if err != nil {
		return nil, err
	}
	return panelBody(overviewView{File: f, Known: k, Guide: p.s.Guide(), Today: p.s.Today()}), nil
}

// Beside is what somebody who judges risk sees of circumstances, where they
// judge it.
func (p *Pages) Beside(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, circumstances.ActKeep) {
		return nil, nil
	}
	k, err := p.known(ctx, f)
	if err != nil {
		return nil, err
	}
	return besideBody(overviewView{File: f, Known: k, Guide: p.s.Guide(), Today: p.s.Today()}), nil
}

// Pointers are the pointers that needs in these parts of life bring, for the
// pages of needs.
func (p *Pages) Pointers(_ context.Context, f *cases.File, domains []string) (templ.Component, error) {
	list := p.s.Guide().ForNeeds(domains)
	if len(list) == 0 || !p.cases.May(f, circumstances.ActKeep) {
		return nil, nil
	}
	return pointerList(f, list), nil
}

func day(s string) string { return cases.DayInWords(s) }

func dayOr(s, other string) string {
	if s == "" {
		return other
	}
	return day(s)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
