package enquiryweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/enquiry"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	enquiries *enquiry.Service
	cases     *cases.Service
	bar       Bar
}

// New makes the pages.
func New(service *enquiry.Service, files *cases.Service, bar Bar) *Pages {
	return &Pages{enquiries: service, cases: files, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		get("/enquiries/new", cases.ActBegin, p.beginForm),
		post("/enquiries/new", cases.ActBegin, p.begin),
		get("/cases/{case}/enquiries/new", enquiry.ActRecord, p.recordForm),
		post("/cases/{case}/enquiries/new", enquiry.ActRecord, p.record),
		get("/cases/{case}/enquiries/{enquiry}", cases.ActOpen, p.show),
		get("/cases/{case}/enquiries/{enquiry}/correct", enquiry.ActCorrect, p.correctForm),
		post("/cases/{case}/enquiries/{enquiry}/correct", enquiry.ActCorrect, p.correct),
	}
}

// recorded is where a case page says that it is done.
func recorded(f *cases.File) web.Response { return web.SeeOther(f.Path() + "?done=enquiry-recorded") }

// formView is the form in any of its three uses.
type formView struct {
	Title  string
	Action string // where it goes
	Form   enquiry.Form
	Errors forms.Errors
	Level  int   // of whoever fills it in
	New    bool  // with the details of a new person
	Fixes  bool  // a correction
	Apart  bool  // of something in which a child's words are kept from the reader
	Base   int64 // the version that is corrected
	Person personFields
}

// personFields is a person as typed.
type personFields struct {
	people.Details
	Day, Month, Year string
}

func readPerson(form url.Values) personFields {
	p := personFields{
		Details: people.Details{
			GivenName: form.Get("given_name"), FamilyName: form.Get("family_name"), KnownAs: form.Get("known_as"), Language: form.Get("language"),
		},
		Day: form.Get("born-day"), Month: form.Get("born-month"), Year: form.Get("born-year"),
	}
	// Of a date of birth the day, or day and month, may not be known.
	p.Born = forms.JoinDate(p.Day, p.Month, p.Year)
	return p
}

func (p *Pages) today() string { return p.enquiries.Today(p.cases.DB().Clock()()) }

const recordTitle = "Record asking"

func (p *Pages) beginForm(ctx context.Context, r *web.Request) (web.Response, error) {
	// A form that its reader could not send is not shown.
	if _, err := p.cases.MayBegin(ctx, r.Actor); err != nil {
		return nil, err
	}
	return p.beginPage(r, formView{Form: enquiry.Blank(p.today())}), nil
}

func (p *Pages) beginPage(r *web.Request, v formView) web.Response {
	v.Title, v.Action, v.New, v.Level = recordTitle, "/enquiries/new", true, r.Actor.Level
	return web.Page{
		Title: v.Title, Body: formBody(v), Invalid: v.Errors.Any(), Current: "/cases",
		Back: &ui.Link{Text: "Caseload", Href: "/cases"},
	}
}

func (p *Pages) begin(ctx context.Context, r *web.Request) (web.Response, error) {
	sent, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := formView{Form: enquiry.Decode(sent), Person: readPerson(sent)}
	// What the boxes held and an enquiry cannot hold is told with the rest.
	if v.Errors = v.Form.Check(p.today()); v.Errors.Any() {
		for _, e := range v.Person.Check().List() {
			v.Errors.Add(e.Field, e.Message)
		}
		return p.beginPage(r, v), nil
	}
	f, _, err := p.enquiries.Begin(ctx, r.Actor, v.Person.Details, teamOf(r.Actor), v.Form.Enquiry)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.beginPage(r, v), nil
	}
	if err != nil {
		return nil, err
	}
	return recorded(f), nil
}

// teamOf is the team that gets a new file: the actor's, when there is just
// one. With several, nobody is let in by a guess; the case can be handed to a
// team afterwards.
func teamOf(a policy.Actor) string {
	if len(a.Teams) == 1 {
		return a.Teams[0]
	}
	return ""
}

// open opens the file of the address.
func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

// page is a page of a case.
func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, Invalid: invalid, CaseBar: bar, Current: "/cases",
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

func (p *Pages) formPage(ctx context.Context, r *web.Request, f *cases.File, v formView) (web.Response, error) {
	v.Level = r.Actor.Level
	if v.Title == "" {
		v.Title, v.Action = recordTitle, f.Path()+"/enquiries/new"
	}
	return p.page(ctx, f, v.Title, formBody(v), v.Errors.Any())
}

func (p *Pages) recordForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.formPage(ctx, r, f, formView{Form: enquiry.Blank(p.today())})
}

func (p *Pages) record(ctx context.Context, r *web.Request) (web.Response, error) {
	sent, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := formView{Form: enquiry.Decode(sent)}
	if v.Errors = v.Form.Check(p.today()); v.Errors.Any() {
		return p.formPage(ctx, r, f, v)
	}
	_, err = p.enquiries.Record(ctx, f, v.Form.Enquiry)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.formPage(ctx, r, f, v)
	}
	if err != nil {
		return nil, err
	}
	return recorded(f), nil
}

// openEnquiry opens the file and the enquiry of the address.
func (p *Pages) openEnquiry(ctx context.Context, r *web.Request) (*cases.File, enquiry.Recorded, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, enquiry.Recorded{}, err
	}
	e, err := p.enquiries.Get(ctx, f, enquiry.ID(r.Path("enquiry")))
	return f, e, err
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, e, err := p.openEnquiry(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "What was recorded", showBody(f, e), false)
}

func apart(e enquiry.Recorded) bool { return e.ChildKept && !e.ChildRead }

const correctTitle = "Correct what was recorded"

func (p *Pages) correctForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, e, err := p.openEnquiry(ctx, r)
	if err != nil {
		return nil, err
	}
	if e.ReplacedBy != "" {
		return web.SeeOther(e.Path(f)), nil // it says where the correction is
	}
	return p.formPage(ctx, r, f, formView{
		Title: correctTitle, Action: e.Path(f) + "/correct", Form: enquiry.Typed(e.Enquiry), Fixes: true, Base: e.Version, Apart: apart(e),
	})
}

func (p *Pages) correct(ctx context.Context, r *web.Request) (web.Response, error) {
	sent, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, e, err := p.openEnquiry(ctx, r)
	if err != nil {
		return nil, err
	}
	v := formView{
		Title: correctTitle, Action: e.Path(f) + "/correct", Form: enquiry.Decode(sent), Fixes: true, Base: versionOf(sent), Apart: apart(e),
	}
	if v.Errors = v.Form.Check(p.today()); v.Errors.Any() {
		return p.formPage(ctx, r, f, v)
	}
	_, err = p.enquiries.Correct(ctx, f, e.ID, v.Base, v.Form.Enquiry)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.formPage(ctx, r, f, v)
	}
	if err != nil {
		return nil, err
	}
	return recorded(f), nil
}

// versionOf is the version the form was made from; 0 fits nothing.
func versionOf(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// panelMost is how many enquiries the case page names.
const panelMost = 5

// Panel is what the case page says about asking: what was done at once and
// whether it is safe first, then whether anybody has asked.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	o, err := p.enquiries.Overview(ctx, f, panelMost)
	if err != nil {
		return nil, err
	}
	return panelBody(f, o), nil
}
