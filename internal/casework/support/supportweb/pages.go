package supportweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	support   *support.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar

	// Pointers are where specialist advice is to be had on needs in these parts
	// of life, by their codes; nil for none.
	Pointers func(ctx context.Context, f *cases.File, domains []string) (templ.Component, error)
}

// New makes the pages.
func New(service *support.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{support: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	out := []web.Route{
		get("/caseload", cases.ActList, p.caseload),
		get(Settings, support.ActConfigure, p.settings),
		{Method: http.MethodPost, Pattern: Settings, Action: support.ActConfigure, Handler: p.asked().Send(p.settingsEditor())},
		get("/cases/{case}/contacts", support.ActContact, p.contacts),
		{Method: http.MethodPost, Pattern: "/cases/{case}/contacts", Action: support.ActContact, Handler: p.ask},
		get("/cases/{case}/contacts/{contact}", support.ActContact, p.contact),
		{Method: http.MethodPost, Pattern: "/cases/{case}/contacts/{contact}", Action: support.ActContact, Handler: p.recordOf},
		get("/cases/{case}/support", support.ActPlan, p.overview),
	}
	for pattern, e := range map[string]struct {
		action policy.Action
		editor editor
	}{
		"/contacts/new":             {support.ActContact, p.recordEditor()},
		"/contacts/plan":            {support.ActContact, p.planEditor()},
		"/support/arrival":          {support.ActPlan, p.arrivalEditor()},
		"/support/needs/new":        {support.ActPlan, p.needEditor()},
		"/support/needs/{need}":     {support.ActPlan, p.needChangeEditor()},
		"/support/goals/new":        {support.ActPlan, p.goalEditor()},
		"/support/goals/{goal}":     {support.ActPlan, p.goalChangeEditor()},
		"/support/actions/new":      {support.ActPlan, p.actionEditor()},
		"/support/actions/{action}": {support.ActPlan, p.actionEndEditor()},
		"/support/offers/new":       {support.ActPlan, p.offerEditor()},
		"/support/plan":             {support.ActPlan, p.supportPlanEditor()},
		"/support/outcomes/new":     {support.ActOutcome, p.outcomeEditor()},
		"/support/feedback":         {support.ActOutcome, p.feedbackEditor()},
		"/support/end":              {support.ActOutcome, p.endEditor()},
	} {
		pattern = "/cases/{case}" + pattern
		out = append(out, get(pattern, e.action, p.shown().Show(e.editor)), web.Route{Method: http.MethodPost, Pattern: pattern, Action: e.action, Handler: p.shown().Send(e.editor)})
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

func (p *Pages) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return p.cases.DB().Read(ctx, fn)
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
	"contact-recorded": "What happened is recorded",
	"contact-planned":  "The contact is planned, and waits among your tasks",
	"called-off":       "The contact is called off",
	"arrival":          "How the case came is recorded",
	"need":             "The need is recorded",
	"goal":             "What they want is recorded",
	"action":           "The action is recorded",
	"offer":            "What was offered is recorded",
	"plan":             "The plan is recorded",
	"plan-without":     "The plan is kept, and does not count yet",
	"outcome":          "How they say things are is recorded",
	"feedback":         "What they say is recorded",
}
