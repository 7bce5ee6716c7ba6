package rightsweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights"
	"waymark/internal/platform/forms"
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
	rights    *rights.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(service *rights.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{rights: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package. A page that offers several acts
// takes them at its own address; which one it is, the form says, and each is
// judged by itself.
func (p *Pages) Routes() []web.Route {
	both := func(pattern string, get, post web.Handler) []web.Route {
		return []web.Route{
			{Method: http.MethodGet, Pattern: pattern, Action: cases.ActOpen, Handler: get},
			{Method: http.MethodPost, Pattern: pattern, Action: cases.ActWork, Handler: post},
		}
	}
	const one = "/cases/{case}/copies/{copy}"
	var out []web.Route
	out = append(out, both("/cases/{case}/copies", p.copies, p.begin)...)
	out = append(out, both(one, p.working, p.act)...)
	out = append(out, both(one+"/pieces/{piece}", p.piece, p.decide)...)
	out = append(out, both("/cases/{case}/keeping", p.keeping, p.keep)...)
	out = append(out, both("/cases/{case}/corrections", p.corrections, p.ask)...)
	out = append(out, both("/cases/{case}/corrections/{correction}", p.correction, p.settle)...)
	return append(out,
		web.Route{Method: http.MethodGet, Pattern: one + "/given", Action: cases.ActOpen, Handler: p.given},
		web.Route{Method: http.MethodGet, Pattern: one + "/given/file", Action: cases.ActOpen, Handler: p.file},
		web.Route{Method: http.MethodGet, Pattern: "/records", Action: rights.ActRegister, Handler: p.records},
		web.Route{Method: http.MethodPost, Pattern: "/records", Action: rights.ActSchedule, Handler: p.schedule},
		web.Route{Method: http.MethodGet, Pattern: "/records/certificates/{certificate}", Action: rights.ActRegister, Handler: p.certificate},
		web.Route{Method: http.MethodGet, Pattern: "/records/reply", Action: rights.ActRegister, Handler: p.reply},
	)
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

// opened reads the form of a change and opens the file it is about.
func (p *Pages) opened(ctx context.Context, r *web.Request) (*cases.File, url.Values, error) {
	form, err := r.Form()
	if err != nil {
		return nil, nil, err
	}
	f, err := p.open(ctx, r)
	return f, form, err
}

func (p *Pages) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return p.cases.DB().Read(ctx, fn)
}

func (p *Pages) page(ctx context.Context, r *web.Request, f *cases.File, title string, body templ.Component, back ui.Link, errs forms.Errors) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: title, Body: body, CaseBar: bar, Invalid: errs.Any(), Current: "/cases", Back: &back, Flash: r.Done(done)}, nil
}

func (p *Pages) names(ctx context.Context, f *cases.File, accounts ...string) (map[string]string, error) {
	return p.directory.MemberNames(ctx, f.Actor(), accounts)
}

func toCase(f *cases.File) ui.Link { return ui.Link{Text: "Back to the case", Href: f.Path()} }

// done is what a page says after something was recorded.
var done = map[string]string{
	"begun":     "Begun. Talk with the person first",
	"talked":    "What they said is recorded",
	"collected": "What is on record is collected",
	"timed":     "The time for the answer is worked out anew",
	"decided":   "Your decision is recorded",
	"submitted": "It waits for a second person",
	"back":      "It is sent back",
	"released":  "The copy is released",
	"ended":     "It is ended. Nothing is given",
	"kept":      "This is recorded",
	"asked":     "It waits for a decision",
	"settled":   "The decision is recorded and done",
	"scheduled": "The period is decided",
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func day(t time.Time) string { return t.Format("2 January 2006") }

// dayOf puts a stored day into words.
func dayOf(s string) string {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return day(t)
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return t.Format("January 2006")
	}
	return s
}

func errorLinks(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

// failed tells what was wrong with what was typed, or what went wrong.
func failed(err error) (forms.Errors, error) {
	if errs, is := forms.AsErrors(err); is {
		return errs, nil
	}
	return nil, err
}
