package pathwayweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/provision"
)

// Home is where the local pathways are listed.
const Home = "/pathways"

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	pathways  *pathway.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
	zone      *time.Location
}

// New makes the pages. Times are shown as the clocks of the zone have them.
func New(service *pathway.Service, files *cases.Service, register *directory.Register, bar Bar, zone *time.Location) *Pages {
	return &Pages{pathways: service, cases: files, directory: register, bar: bar, zone: zone}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const one, step = Home + "/{pathway}", "/cases/{case}/pathway/{pathway}/{step}"
	publishing := fields.Pages[pathway.Version]{
		Open: p.newest,
		Page: func(_ context.Context, v pathway.Version, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: &ui.Link{Text: "Back to the pathway", Href: address(v)}}, nil
		},
	}
	answering := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	return append(p.draftRoutes(), []web.Route{
		get(Home, pathway.ActRead, p.list),
		get(Overdue, cases.ActList, p.overdue),
		get(Coverage, pathway.ActCoverage, p.coverage),
		get(one, pathway.ActRead, p.show),
		get(one+"/plan-definition", pathway.ActRead, p.planDefinition),
		get(one+"/process", pathway.ActRead, p.process),
		get(one+"/publish", pathway.ActPublish, publishing.Show(p.publishEditor())),
		post(one+"/publish", pathway.ActPublish, publishing.Send(p.publishEditor())),
		post(one+"/withdraw", pathway.ActPublish, p.withdraw),
		get("/cases/{case}/pathway", cases.ActOpen, p.follow),
		get(step, pathway.ActAnswer, answering.Show(p.answerEditor())),
		post(step, pathway.ActAnswer, answering.Send(p.answerEditor())),
	}...)
}

func address(v pathway.Version) string { return Home + "/" + v.Document.ID }

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
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
	"published": "This version is followed from now on",
	"withdrawn": "This pathway is followed no longer",
	"answered":  "What you said of the step is recorded",
	"changed":   "The draft is changed",
	"moved":     "The step is moved",
	"removed":   "The step is removed from the draft",
	"discarded": "The draft is discarded",
}

type listView struct {
	Versions []pathway.Version
	Drafts   []pathway.Draft
	Publish  bool
	Walks    bool // may see whom they leave without
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	all, err := p.pathways.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := listView{Versions: all, Publish: r.Actor.Has(policy.Commissioner), Walks: r.Actor.Has(policy.Commissioner) || r.Actor.Has(policy.Manager)}
	if v.Publish {
		if v.Drafts, err = p.pathways.Drafts(ctx, r.Actor); err != nil {
			return nil, err
		}
	}
	return web.Page{Title: "Local pathways", Body: listBody(v), Current: Home, Flash: r.Done(done)}, nil
}

type showView struct {
	Version  pathway.Version
	Versions []pathway.Version
	Publish  bool
	Names    map[string]string
}

func (p *Pages) versions(ctx context.Context, r *web.Request) ([]pathway.Version, error) {
	return p.pathways.Versions(ctx, r.Actor, r.Path("pathway"))
}

func (p *Pages) newest(ctx context.Context, r *web.Request) (pathway.Version, error) {
	all, err := p.versions(ctx, r)
	if err != nil {
		return pathway.Version{}, err
	}
	return all[0], nil
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	asked, all, err := p.asked(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{Version: asked, Versions: all, Publish: r.Actor.Has(policy.Commissioner)}
	return web.Page{Title: v.Version.Document.Title, Body: showBody(v), Current: Home, Flash: r.Done(done), Back: &ui.Link{Text: "All local pathways", Href: Home}}, nil
}

func (p *Pages) publishEditor() fields.Editor[pathway.Version] {
	return fields.Editor[pathway.Version]{
		Title: "Publish a new version",
		Build: func(_ context.Context, v pathway.Version, _ *web.Request) (fields.Form, error) {
			return fields.Form{
				Intro: publishIntro(), Action: address(v) + "/publish", Button: "Check and publish", Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "after", Value: strconv.FormatInt(v.Number, 10)},
					{Sort: fields.Area, Name: "document", Label: "The pathway", Hint: "As data (JSON). Change what is here, or put in a whole document.", Value: v.Text},
				},
			}, nil
		},
		Save: func(ctx context.Context, v pathway.Version, r *web.Request, sent url.Values) (string, error) {
			after, err := strconv.ParseInt(sent.Get("after"), 10, 64)
			if err != nil {
				return "", store.ErrConflict
			}
			text := strings.ReplaceAll(sent.Get("document"), "\r\n", "\n")
			d, err := p.pathways.Check([]byte(text))
			if err == nil && d.ID != v.Document.ID {
				err = pathway.Problems{{At: "the pathway", What: "has another id than the one it follows on: " + v.Document.ID}}
			}
			if err == nil {
				_, err = p.pathways.Publish(ctx, r.Actor, []byte(text), after)
			}
			return address(v) + "?done=published", refused(err)
		},
	}
}

// refused gives what is wrong with a document to its field.
func refused(err error) error {
	var problems pathway.Problems
	if !errors.As(err, &problems) {
		return err
	}
	var errs forms.Errors
	const most = 8
	var lines []string
	for n, one := range problems {
		if n == most {
			lines = append(lines, "and "+strconv.Itoa(len(problems)-most)+" more")
			break
		}
		lines = append(lines, strings.ToUpper(one.At[:1])+one.At[1:]+" "+one.What)
	}
	errs.Add("document", strings.Join(lines, ". "))
	return errs
}

func (p *Pages) withdraw(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseInt(v.Get("number"), 10, 64)
	if err != nil {
		number = -1 // no version has it
	}
	if err := p.pathways.Withdraw(ctx, r.Actor, r.Path("pathway"), number); err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=withdrawn"), nil
}

type followView struct {
	File    *cases.File
	Courses []pathway.Course
	// Services are those of the area.
	Services []provision.Service
	Names    map[string]string
	May      bool
	Zone     *time.Location
	Now      time.Time
}

func (p *Pages) follow(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := followView{File: f, May: p.cases.May(f, pathway.ActAnswer), Zone: p.zone}
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Now = tx.Now()
		if v.Courses, err = p.pathways.On(ctx, tx, f); err != nil {
			return err
		}
		v.Services, err = p.pathways.Services(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var who []string
	for _, c := range v.Courses {
		for _, st := range c.Steps {
			if st.Answer.By != "" {
				who = append(who, st.Answer.By)
			}
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, who); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "What the pathways call for", followBody(v), false, r.Done(done))
}

func (p *Pages) answerEditor() fields.Editor[*cases.File] {
	return fields.Editor[*cases.File]{
		Title: "A step of a pathway",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			var st pathway.Standing
			err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				_, st, err = p.pathways.Standing(ctx, tx, f, r.Path("pathway"), r.Path("step"))
				return err
			})
			return fields.Form{
				Title: st.Step.Title, Intro: stepIntro(f, st, p.zone), Action: stepPath(f, r.Path("pathway"), st.Step.ID), Button: "Record", Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "after", Value: st.Answer.ID},
					{Sort: fields.Radios, Name: "state", Label: "Where does this step stand?", Items: []ui.RadioItem{
						{Value: string(pathway.Done), Text: "Done", Hint: "It was taken, and the case does not show it by itself."},
						{Value: string(pathway.Planned), Text: "Planned", Hint: "It will be taken, and you are reminded."},
						{Value: string(pathway.Declined), Text: "Declined", Hint: "It is not taken, for a reason: theirs or yours."},
					}, Value: string(st.Answer.State)},
					{Sort: fields.Date, Name: "on", Label: "If it is planned: by which day?", Value: st.Answer.On},
					{Sort: fields.Area, Name: "words", Label: "What was done, or why it is not taken", Value: st.Answer.Words},
				},
			}, err
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			err := p.pathways.Answer(ctx, f, pathway.Reply{
				Pathway: r.Path("pathway"), Step: r.Path("step"), State: pathway.State(v.Get("state")), On: fields.Day(v, "on"), Words: v.Get("words"), After: v.Get("after"),
			})
			return f.Path() + "/pathway?done=answered", err
		},
	}
}

func stepPath(f *cases.File, pathwayID, step string) string {
	return f.Path() + "/pathway/" + url.PathEscape(pathwayID) + "/" + url.PathEscape(step)
}

type panelView struct {
	File  *cases.File
	Brief pathway.Brief
	First []pathway.Standing
	Zone  *time.Location
}

// panelMost is how many steps the case page names.
const panelMost = 3

// Panel is what the case page shows of pathways.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	v := panelView{File: f, Zone: p.zone}
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Brief, v.First, err = p.pathways.Brief(ctx, tx, f, panelMost)
		return err
	})
	if err != nil {
		return nil, err
	}
	return panelBody(v), nil
}
