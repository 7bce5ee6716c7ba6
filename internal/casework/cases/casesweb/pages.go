package casesweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Home is the first page after signing in.
const Home = "/home"

// Panel is what a capability adds to the case page; nil adds nothing.
type Panel = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Waiting is a count on the first page, with the list behind it.
type Waiting = func(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error)

// Pressing is what a capability puts on the first page before anything else; nil
// adds nothing.
type Pressing = func(ctx context.Context, actor policy.Actor) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	cases     *cases.Service
	people    *people.Store
	directory *directory.Register
	db        *store.DB
	clock     store.Clock
	work      []Panel
	about     []Panel
	waiting   []Waiting
	pressing  []Pressing
}

// New makes the pages.
func New(service *cases.Service, register *directory.Register, clock store.Clock) *Pages {
	return &Pages{cases: service, people: service.People(), directory: register, db: service.DB(), clock: clock}
}

// Add puts what is done in a case on its page, below what is due.
func (p *Pages) Add(panels ...Panel) { p.work = append(p.work, panels...) }

// AddAbout puts what there is to know of the record itself at the page's end.
func (p *Pages) AddAbout(panels ...Panel) { p.about = append(p.about, panels...) }

// AddWaiting puts a capability's counts on the first page.
func (p *Pages) AddWaiting(w ...Waiting) { p.waiting = append(p.waiting, w...) }

// AddPressing puts what cannot wait on the first page, above the counts.
func (p *Pages) AddPressing(list ...Pressing) { p.pressing = append(p.pressing, list...) }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	list := []web.Route{
		get(Home, cases.ActDesk, p.home),
		get("/inbox", cases.ActDesk, p.inbox),
		get("/cases", cases.ActList, p.caseload),
		get(FindPath, cases.ActFind, p.findForm),
		post(FindPath, cases.ActFind, p.find),
		get("/cases/new", cases.ActBegin, p.beginForm),
		post("/cases/new", cases.ActBegin, p.begin),
		get("/cases/{case}", cases.ActOpen, p.show),
		get("/cases/{case}/chronology", cases.ActOpen, p.chronology),
		get("/cases/{case}/chronology/print", cases.ActOpen, p.printed),
		get("/cases/{case}/notes/new", cases.ActWork, p.noteForm),
		post("/cases/{case}/notes/new", cases.ActWork, p.note),
		get("/cases/{case}/person", cases.ActWork, p.personForm),
		post("/cases/{case}/person", cases.ActWork, p.person),
		get("/cases/{case}/contact", cases.ActWork, p.contactForm),
		post("/cases/{case}/contact", cases.ActWork, p.contact),
		post("/cases/{case}/code-word", cases.ActWork, p.codeWord),
		get("/cases/{case}/people/new", cases.ActWork, p.partyForm),
		post("/cases/{case}/people/new", cases.ActWork, p.party),
		get("/cases/{case}/tasks/{task}", cases.ActWork, p.taskForm),
		post("/cases/{case}/tasks/{task}", cases.ActWork, p.task),
		get("/cases/{case}/hand-over", cases.ActHandOver, p.handOverForm),
		post("/cases/{case}/hand-over", cases.ActHandOver, p.handOver),

		get("/cases/{case}/access", cases.ActOpen, p.access),
		post("/cases/{case}/restrict", cases.ActRestrict, p.restrict),
		get("/cases/{file}/lift", cases.ActLift, p.liftForm),
		post("/cases/{file}/lift", cases.ActLift, p.lift),
		post("/cases/{case}/grants", cases.ActGrant, p.grant),
		get("/cases/{case}/conflict", cases.ActOpen, p.tieOnForm),
		post("/cases/{case}/conflict", cases.ActOpen, p.tieOn),
		get("/cases/{case}/people/{person}/home", cases.ActWork, p.addressForm),
		post("/cases/{case}/people/{person}/home", cases.ActWork, p.address),
		post("/cases/{case}/people/{person}/home/retire", cases.ActWork, p.retireAddress),
		post("/cases/{case}/people/{person}/home/settle", people.ActWhereabouts, p.settleAddress),
		get("/cases/{case}/addresses", cases.ActWork, p.addresses),
		get("/cases/{case}/requests", cases.ActOpen, p.requests),
		get("/cases/{case}/requests/new", cases.ActWork, p.requestForm),
		post("/cases/{case}/requests/new", cases.ActWork, p.request),
		get("/cases/{case}/requests/{request}", cases.ActWork, p.confirmForm),
		post("/cases/{case}/requests/{request}", cases.ActWork, p.confirm),
		get("/conflicts", cases.ActDeclare, p.conflicts),
		get("/conflicts/new", cases.ActDeclare, p.tieForm),
		post("/conflicts/new", cases.ActDeclare, p.tie),
		get("/conflicts/me", cases.ActDeclare, p.ownForm),
		post("/conflicts/me", cases.ActDeclare, p.own),
		get("/emergency", cases.ActAsk, p.emergency),
		get("/emergency/take", cases.ActAsk, p.emergencyForm),
		post("/emergency/take", cases.ActAsk, p.takeEmergency),
		get("/access/reviews", cases.ActReview, p.reviews),
		get("/access/reviews/{notice}", cases.ActReview, p.reviewForm),
		post("/access/reviews/{notice}", cases.ActReview, p.review),
		get("/access/compartments", cases.ActConfigure, p.openings),
		post("/access/compartments", cases.ActConfigure, p.setOpenings),
		get("/support", cases.ActSupportUse, p.support),
		post("/support", cases.ActSupportUse, p.askSupport),
		post("/support/{support}", cases.ActSupportAnswer, p.answerSupport),
	}
	for _, c := range cases.Compartments() {
		pattern := "/cases/{case}/kept/" + string(c)
		list = append(list, get(pattern, cases.ActWork, p.kept(c)), post(pattern, cases.ActWork, p.keep(c)))
	}
	return list
}

// open opens the file of the address.
func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

// Bar is the bar on top of every page of a case: who it is about, and whether
// and how they can be reached.
func (p *Pages) Bar(ctx context.Context, f *cases.File) (templ.Component, error) {
	var person people.Person
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err = p.people.Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		return err
	})
	if err != nil {
		return nil, err
	}
	return caseBar(f, person), nil
}

// page is a page of a case.
func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
	bar, err := p.Bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, Invalid: invalid, CaseBar: bar, Current: "/cases",
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"begun":              "The case is open",
	"note-added":         "The note is in the chronology",
	"person-changed":     "The details are saved",
	"contact-recorded":   "Safe contact is recorded, checked today",
	"person-added":       "The person is added to the case",
	"task-done":          "The task is done and in the chronology",
	"handed-over":        "The case is handed over; they find it in their inbox",
	"enquiry-recorded":   "What happened is recorded",
	"risk-recorded":      "The risk identification is recorded",
	"risk-saved":         "Your answers are saved. They are not recorded: carry on from here when you can",
	"risk-dropped":       "What you had begun is dropped",
	"plan-change":        "The change is in the chronology; the review of the safety plan is due by the next working day",
	"offer-recorded":     "The offer and the answer are recorded",
	"referral-sent":      "The referral is sent. You will see here when a person there has acknowledged it",
	"referral-accepted":  "You have accepted the referral, and this is your own case",
	"referral-stage":     "It is recorded how far the referral has come",
	"feedback-sent":      "The feedback is on its way to the referrer",
	"feedback-read":      "You have acknowledged the feedback",
	"referral-withdrawn": "The referral is withdrawn",
	"tie-declared":       "Your declaration is kept. Cases with that person in them are not there for you",
	"address-recorded":   "The address is recorded",
	"address-asked":      "It waits for a second person. Until then what was recorded holds",
	"address-retired":    "The address is out of use. Nobody reads it any more, and nothing that leaves may hold it",
	"address-released":   "The address is recorded without the guard it had",
	"address-kept":       "What was recorded holds, with its guard",
	"access-changed":     "Who can see it is changed",
	"emergency-taken":    "You have emergency access. The key contact and whoever holds the case have been told",
	"reviewed":           "The review is recorded",
	"note-kept":          "The note is kept in its part of the case",
	"request-recorded":   "The request is recorded, not verified",
	"request-settled":    "What the person said is recorded",
	"support-kept":       "It is kept",
}
