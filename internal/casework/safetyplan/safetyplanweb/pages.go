package safetyplanweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/forms/formsweb"
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
	plans     *safetyplan.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *safetyplan.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{plans: service, cases: files, directory: register, bar: bar}
}

// Own is the list of the plans of one's own cases.
const Own = "/plans"

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		get(Own, cases.ActList, p.own),
		get("/questions/safety-plan", cases.ActDesk, p.paper),
		get("/cases/{case}/plan", safetyplan.ActRead, p.show),
		get("/cases/{case}/plan/new", safetyplan.ActMakeNow, p.form),
		post("/cases/{case}/plan/new", safetyplan.ActMakeNow, p.make),
		get("/cases/{case}/plan/review", safetyplan.ActMakeNow, p.reviewForm),
		post("/cases/{case}/plan/review", safetyplan.ActMakeNow, p.review),
		post("/cases/{case}/plan/changes", safetyplan.ActWork, p.change),
		post("/cases/{case}/plan/steps", safetyplan.ActWork, p.addStep),
		get("/cases/{case}/plan/steps/{step}", safetyplan.ActWork, p.stepForm),
		post("/cases/{case}/plan/steps/{step}", safetyplan.ActWork, p.settleStep),
		get("/cases/{case}/plan/versions/{plan}", safetyplan.ActRead, p.version),
		get("/cases/{case}/plan/versions/{plan}/apart", safetyplan.ActRead, p.apart),
		post("/cases/{case}/plan/versions/{plan}/copy", safetyplan.ActWork, p.copied),
	}
}

var done = map[string]string{
	"made":     "The plan is recorded as a new version",
	"reviewed": "The plan was looked at and is still right",
	"change":   "The change is in the chronology; the plan is to be looked at by the next working day",
	"step":     "The step is part of the plan, and a task in the inbox",
	"settled":  "The step is settled",
	"copy":     "It is recorded how they hold the plan",
	"given":    "It is recorded",
}

func path(f *cases.File) string { return f.Path() + "/plan" }

func versionPath(f *cases.File, id safetyplan.ID) string { return path(f) + "/versions/" + string(id) }

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

func (p *Pages) openForm(ctx context.Context, r *web.Request) (*cases.File, url.Values, error) {
	form, err := r.Form()
	if err != nil {
		return nil, nil, err
	}
	f, err := p.open(ctx, r)
	return f, form, err
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool, flash *ui.Flash) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "Back to the case", Href: f.Path()}
	if title != titlePlan {
		back = &ui.Link{Text: "Back to the plan", Href: path(f)}
	}
	return web.Page{Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Back: back, Flash: flash}, nil
}

const titlePlan = "Plan"

// typed are the three boxes of a day.
func typed(form url.Values, name string) ([3]string, string) {
	boxes := [3]string{form.Get(name + "-day"), form.Get(name + "-month"), form.Get(name + "-year")}
	if boxes == [3]string{} {
		return boxes, ""
	}
	return boxes, forms.JoinDate(boxes[0], boxes[1], boxes[2])
}

func (p *Pages) today() string { return store.Moment(p.cases.DB().Clock()()).Format(time.DateOnly) }

// overview is the plan of a case with everything around it.
type overview struct {
	File     *cases.File
	Frame    *safetyplan.Frame
	None     bool
	Plan     safetyplan.Plan
	Newest   safetyplan.Newest
	Waiting  []safetyplan.Change
	Steps    []safetyplan.Step
	Reviews  []safetyplan.Review
	Copies   []safetyplan.CopyRecord
	Versions []safetyplan.Version
	Names    map[string]string
	Today    string
	MayApart bool

	Errors forms.Errors
	// what was typed
	Change     changeView
	Step       safetyplan.NewStep
	StepDue    [3]string
	Copy       safetyplan.Form
	CopyWhy    string
	GivenOn    [3]string
	DidAddStep bool // what was sent was a step
}

func (v overview) chosen() safetyplan.Form { return safetyplan.Choice(v.Copies) }

func (p *Pages) load(ctx context.Context, f *cases.File) (overview, error) {
	v := overview{File: f, Frame: p.plans.Frame(), Today: p.today(), MayApart: p.cases.MayRead(f, cases.Whereabouts)}
	v.Change = changeView{File: f}
	accounts := f.Workers()
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Waiting, err = p.plans.Waiting(ctx, tx, f); err != nil {
			return err
		}
		v.Plan, err = p.plans.Latest(ctx, tx, f)
		if errors.Is(err, store.ErrNotFound) {
			v.None = true
			return nil
		}
		if err != nil {
			return err
		}
		if v.Newest, err = p.plans.Newest(ctx, tx, f); err != nil {
			return err
		}
		if v.Steps, err = p.plans.Steps(ctx, tx, f); err != nil {
			return err
		}
		if v.Reviews, err = p.plans.Reviews(ctx, tx, f); err != nil {
			return err
		}
		if v.Copies, err = p.plans.Copies(ctx, tx, f, v.Plan.ID); err != nil {
			return err
		}
		v.Versions, err = p.plans.Versions(ctx, tx, f)
		return err
	})
	if err != nil {
		return v, err
	}
	for _, c := range v.Waiting {
		accounts = append(accounts, c.RecordedBy)
	}
	for _, s := range v.Steps {
		accounts = append(accounts, s.Account, s.SettledBy)
	}
	for _, r := range v.Reviews {
		accounts = append(accounts, r.RecordedBy)
	}
	for _, c := range v.Copies {
		accounts = append(accounts, c.RecordedBy)
	}
	for _, n := range v.Versions {
		accounts = append(accounts, n.RecordedBy)
	}
	v.Copy = v.chosen()
	v.Names, err = p.names(ctx, f, accounts)
	return v, err
}

func (p *Pages) names(ctx context.Context, f *cases.File, accounts []string) (map[string]string, error) {
	return p.directory.MemberNames(ctx, f.Actor(), slices.DeleteFunc(accounts, func(a string) bool { return a == "" }))
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.load(ctx, f)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, titlePlan, showBody(v), false, r.Done(done))
}

// again is the plan's page with what is wrong with a form on it.
func (p *Pages) again(ctx context.Context, f *cases.File, errs forms.Errors, fill func(*overview)) (web.Response, error) {
	v, err := p.load(ctx, f)
	if err != nil {
		return nil, err
	}
	v.Errors = errs
	fill(&v)
	return p.page(ctx, f, titlePlan, showBody(v), true, nil)
}

type versionView struct {
	overview

	Before  int64 // the number of the version before, 0 for the first
	Changed []section
}

// section is what has changed in one part of the plan.
type section struct {
	Heading string
	Changes []forms.Change
}

func (p *Pages) version(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := versionView{overview: overview{File: f, Frame: p.plans.Frame(), Today: p.today(), MayApart: p.cases.MayRead(f, cases.Whereabouts)}}
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Plan, err = p.plans.Get(ctx, tx, f, safetyplan.ID(r.Path("plan"))); err != nil {
			return err
		}
		if v.Copies, err = p.plans.Copies(ctx, tx, f, v.Plan.ID); err != nil {
			return err
		}
		before, err := p.plans.Before(ctx, tx, f, v.Plan)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		v.Before = before.Number
		v.Changed, err = compared(v.Frame, before, v.Plan)
		return err
	})
	if err != nil {
		return nil, err
	}
	v.Newest = safetyplan.Newest{ID: v.Plan.ID, Number: v.Plan.Number, ReviewOn: v.Plan.ReviewOn}
	accounts := []string{v.Plan.RecordedBy}
	for _, c := range v.Copies {
		accounts = append(accounts, c.RecordedBy)
	}
	if v.Names, err = p.names(ctx, f, accounts); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Version "+strconv.FormatInt(v.Plan.Number, 10), versionBody(v), false, nil)
}

// compared is what changed from one version to the next, part by part.
func compared(frame *safetyplan.Frame, before, after safetyplan.Plan) ([]section, error) {
	changes, err := forms.Compare(before.Response, after.Response)
	if err != nil {
		return nil, err
	}
	var out []section
	for _, c := range changes {
		heading := frame.Section(c.LinkID)
		if len(out) == 0 || out[len(out)-1].Heading != heading {
			out = append(out, section{Heading: heading})
		}
		last := &out[len(out)-1]
		last.Changes = append(last.Changes, c)
	}
	return out, nil
}

type apartView struct {
	File    *cases.File
	Plan    safetyplan.Plan
	Frame   *safetyplan.Frame
	Answers forms.Answers
}

func (p *Pages) apart(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := apartView{File: f, Frame: p.plans.Frame()}
	if v.Plan, v.Answers, err = p.plans.Apart(ctx, f, safetyplan.ID(r.Path("plan"))); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Kept apart", apartBody(v), false, nil)
}

type ownView struct {
	Due, Later []safetyplan.Held
	Today      string
}

const ownMost = 100

func (p *Pages) own(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.plans.Own(ctx, r.Actor, false, ownMost)
	if err != nil {
		return nil, err
	}
	v := ownView{Today: p.today()}
	for _, h := range list {
		if h.Waiting > 0 || h.ReviewOn < v.Today {
			v.Due = append(v.Due, h)
		} else {
			v.Later = append(v.Later, h)
		}
	}
	return web.Page{Title: "Plans", Body: ownBody(v), Current: "/cases", Back: &ui.Link{Text: "Your work", Href: "/home"}}, nil
}

const tileMost = 20

// Tiles say on the first page how many plans are to be looked at.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	due, err := p.plans.Own(ctx, actor, true, tileMost+1)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	tile := ui.NumericTile{Label: "Plans to look at", Value: strconv.Itoa(len(due)), Href: Own, Kind: ui.TileWarn}
	if len(due) > tileMost {
		tile.Value = strconv.Itoa(tileMost) + "+"
	}
	late := 0
	for _, h := range due {
		if h.LookBy() < p.today() {
			late++
		}
	}
	if late > 0 {
		tile.Kind, tile.Note = ui.TileLate, strconv.Itoa(late)+" overdue"
	}
	return []ui.NumericTile{tile}, nil
}

func (p *Pages) paper(context.Context, *web.Request) (web.Response, error) {
	return web.Page{Title: "Paper form", Body: paperBody(p.plans.Frame().Whole)}, nil
}

// Panel is what the case page shows of the plan: nothing on the file of a person
// who harms.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if f.Side() == cases.Perpetrating || !p.cases.May(f, safetyplan.ActRead) {
		return nil, nil
	}
	v := overview{File: f, Today: p.today(), Change: changeView{File: f}}
	var accounts []string
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Waiting, err = p.plans.Waiting(ctx, tx, f); err != nil {
			return err
		}
		v.Plan, err = p.plans.Latest(ctx, tx, f)
		if errors.Is(err, store.ErrNotFound) {
			v.None = true
			return nil
		}
		if err != nil {
			return err
		}
		accounts = append(accounts, v.Plan.RecordedBy)
		if v.Newest, err = p.plans.Newest(ctx, tx, f); err != nil {
			return err
		}
		v.Steps, err = p.plans.Steps(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, s := range v.Steps {
		accounts = append(accounts, s.Account)
	}
	if v.Names, err = p.names(ctx, f, accounts); err != nil {
		return nil, err
	}
	return panel(v), nil
}

// errorLinks lead from the summary to the fields: those of the question set and
// the page's own.
func errorLinks(q *forms.Questionnaire, errs forms.Errors) []ui.Link {
	return formsweb.ErrorLinks(q, errs)
}
