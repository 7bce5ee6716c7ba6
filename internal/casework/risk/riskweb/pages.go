package riskweb

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/forms/formsweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	risk      *risk.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *risk.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{risk: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/cases/{case}/risk/new", Action: risk.ActIdentifyNow, Handler: p.form},
		{Method: http.MethodPost, Pattern: "/cases/{case}/risk/new", Action: risk.ActIdentifyNow, Handler: p.identify},
		{Method: http.MethodGet, Pattern: "/cases/{case}/risk/{id}", Action: cases.ActOpen, Handler: p.show},
		{Method: http.MethodGet, Pattern: "/questions/risk", Action: cases.ActDesk, Handler: p.paper},
	}
}

type formView struct {
	File      *cases.File
	Questions *forms.Questionnaire
	Answers   forms.Answers
	Finding   risk.Finding
	Review    [3]string // day, month, year as typed
	Errors    forms.Errors
	After     risk.ID
	Newer     bool // somebody else recorded one meanwhile
	Below     bool // below the training floor
}

func (v formView) links() []ui.Link { return formsweb.ErrorLinks(v.Questions, v.Errors) }

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), cases.Care)
}

func (p *Pages) latest(ctx context.Context, f *cases.File) (risk.Identification, bool, error) {
	var latest risk.Identification
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		latest, err = p.risk.Latest(ctx, tx, f)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return latest, false, nil
	}
	return latest, err == nil, err
}

func (p *Pages) form(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	latest, _, err := p.latest(ctx, f)
	if err != nil {
		return nil, err
	}
	return p.formPage(ctx, formView{File: f, After: latest.ID}, false)
}

func (p *Pages) formPage(ctx context.Context, v formView, invalid bool) (web.Response, error) {
	v.Questions, v.Below = p.risk.Questions(), v.File.Actor().Level < risk.Floor
	return p.page(ctx, v.File, "Identify risk", formBody(v), invalid)
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases",
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

func (p *Pages) identify(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := formView{
		File: f, Answers: forms.Decode(p.risk.Questions(), form), After: risk.ID(form.Get("after")),
		Review: [3]string{form.Get("review_on-day"), form.Get("review_on-month"), form.Get("review_on-year")},
		Finding: risk.Finding{
			Judgement: risk.Judgement(form.Get("judgement")), Reason: form.Get("reason"),
			Escalation: risk.Answer(form.Get("escalation")), EscalationEvidence: form.Get("escalation_evidence"),
			Repeat: risk.Answer(form.Get("repeat")), RepeatEvidence: form.Get("repeat_evidence"),
			Views: form.Get("views"), ActNow: form.Get("act_now") == "yes", WhyNow: form.Get("why_now"),
		},
	}
	if v.Review != [3]string{} {
		v.Finding.ReviewOn = forms.JoinDate(v.Review[0], v.Review[1], v.Review[2])
	}
	_, err = p.risk.Identify(ctx, f, risk.NewIdentification{Answers: v.Answers, Finding: v.Finding, After: v.After})
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.formPage(ctx, v, true)
	}
	switch {
	case errors.Is(err, risk.ErrBelowFloor):
		v.Errors.Add("act_now", "Choose to record this now and have it reviewed, or ask a colleague trained to level 3")
		return p.formPage(ctx, v, true)
	case errors.Is(err, risk.ErrNewer):
		latest, _, err := p.latest(ctx, f)
		if err != nil {
			return nil, err
		}
		v.Newer, v.After = true, latest.ID
		v.Errors.Add("newer", "A colleague recorded an identification while you were typing. Read it, then send yours again")
		return p.formPage(ctx, v, true)
	case err != nil:
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=risk-recorded"), nil
}

type showView struct {
	File *cases.File
	Risk risk.Identification
	Form *forms.Questionnaire // nil when the questions are of another version
	By   string
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{File: f}
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Risk, err = p.risk.Get(ctx, tx, f, risk.ID(r.Path("id")))
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Risk.Questions == p.risk.Questions().Canonical() {
		v.Form = p.risk.Questions()
	}
	if v.By, err = p.name(ctx, f, v.Risk.RecordedBy); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Risk identified", showBody(v), false)
}

func (p *Pages) name(ctx context.Context, f *cases.File, account string) (string, error) {
	names, err := p.directory.MemberNames(ctx, f.Actor(), []string{account})
	return names[account], err
}

func (p *Pages) paper(context.Context, *web.Request) (web.Response, error) {
	return web.Page{Title: "Paper form", Body: paperBody(p.risk.Questions())}, nil
}

// Panel is what the case page shows of risk.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	latest, found, err := p.latest(ctx, f)
	if err != nil {
		return nil, err
	}
	if !found {
		return panelEmpty(f), nil
	}
	by, err := p.name(ctx, f, latest.RecordedBy)
	if err != nil {
		return nil, err
	}
	return panel(f, banner(f, latest, by, p.cases.DB().Clock()()), latest), nil
}

func banner(f *cases.File, i risk.Identification, by string, now time.Time) ui.RiskBannerParams {
	b := ui.RiskBannerParams{
		Level: "Not identified as high at that moment", Severity: ui.RiskStandard,
		Tool: "Waymark risk identification, version 1", Score: i.Tally.Words(), AssessedOn: day(i.RecordedAt.Format(time.DateOnly)), AssessedBy: by,
		Link: &ui.Link{Text: "What was recorded", Href: f.Path() + "/risk/" + string(i.ID)},
	}
	if i.Finding.Judgement == risk.High && !i.Tally.Visible() {
		b.Judgement = i.Finding.Judgement.Label()
	}
	if i.High() {
		b.Level, b.Severity = "High risk", ui.RiskHigh
	} else if i.Finding.Judgement == risk.Unclear || i.Tally.Unknown+i.Tally.Unanswered > 0 {
		b.Level, b.Severity = "Not known to be high: some themes are open", ui.RiskMedium
	}
	if i.Finding.ReviewOn != "" {
		b.ReviewDue = day(i.Finding.ReviewOn)
		b.OutOfDate = i.Finding.ReviewOn < store.Moment(now).Format(time.DateOnly)
	}
	return b
}

// day puts a stored day into words.
func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}
