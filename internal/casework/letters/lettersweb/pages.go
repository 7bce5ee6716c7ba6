package lettersweb

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/letters"
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
	letters   *letters.Service
	cases     *cases.Service
	directory *directory.Register
	bar       Bar

	// PDF makes a tagged document of a page; nil where the deployment has nothing
	// to make one with.
	PDF func(ctx context.Context, page []byte) ([]byte, error)
}

// New makes the pages.
func New(service *letters.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{letters: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const all = "/cases/{case}/letters"
	route := func(method, pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: method, Pattern: pattern, Action: action, Handler: h}
	}
	return []web.Route{
		route(http.MethodGet, all, letters.ActRead, p.list),
		route(http.MethodGet, all+"/new", letters.ActWrite, p.form),
		route(http.MethodPost, all+"/new", letters.ActWrite, p.make),
		route(http.MethodGet, all+"/{letter}", letters.ActRead, p.show),
		route(http.MethodPost, all+"/{letter}", letters.ActRead, p.settle),
		route(http.MethodPost, all+"/{letter}/print", letters.ActPrint, p.print),
		route(http.MethodGet, Texts, letters.ActWord, p.texts),
		route(http.MethodGet, Texts+"/new", letters.ActWord, p.newText),
		route(http.MethodPost, Texts+"/new", letters.ActWord, p.propose),
		route(http.MethodGet, Texts+"/{text}", letters.ActWord, p.text),
		route(http.MethodPost, Texts+"/{text}", letters.ActApprove, p.decide),
	}
}

func path(f *cases.File) string { return f.Path() + "/letters" }

func letterPath(f *cases.File, id letters.ID) string { return path(f) + "/" + string(id) }

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

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, back ui.Link, invalid bool) (web.Page, error) {
	bar, err := p.bar(ctx, f)
	return web.Page{Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Back: &back}, err
}

func (p *Pages) names(ctx context.Context, f *cases.File, list ...letters.Letter) (map[string]string, error) {
	var accounts []string
	for _, l := range list {
		accounts = append(accounts, l.MadeBy)
		if l.SettledBy != "" {
			accounts = append(accounts, l.SettledBy)
		}
	}
	return p.directory.MemberNames(ctx, f.Actor(), accounts)
}

// listMost is how many letters of a case are listed.
const listMost = 100

type listView struct {
	File      *cases.File
	Letters   []letters.Letter
	Names     map[string]string
	Templates []letters.Template
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := listView{File: f}
	if v.Templates, err = p.letters.Offered(ctx, f); err != nil {
		return nil, err
	}
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Letters, err = p.letters.List(ctx, tx, f, listMost)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Names, err = p.names(ctx, f, v.Letters...); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Letters", listBody(v), ui.Link{Text: "Back to the case", Href: f.Path()}, false)
}

type formView struct {
	File       *cases.File
	Template   letters.Template
	Draft      letters.Draft
	Verdict    letters.Verdict
	Conditions string
	Preview    bool
	Errors     forms.Errors
}

// form is the letter to be written, once a text and a way are chosen.
func (p *Pages) form(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	code, way := r.Query("template"), letters.Way(r.Query("way"))
	if code == "" && way == "" {
		code, way = "own", letters.Hand // whoever comes without a choice begins with nothing
	}
	t, err := p.letters.Find(ctx, f, code)
	if err == nil && !slices.Contains(t.Ways, way) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	v := formView{File: f, Template: t}
	if v.Draft, err = p.letters.Begin(ctx, f, t.Code, way); err != nil {
		return nil, err
	}
	return p.formPage(ctx, v)
}

func (p *Pages) formPage(ctx context.Context, v formView) (web.Response, error) {
	var err error
	if v.Verdict, v.Conditions, err = p.letters.Ask(ctx, v.File, v.Draft.Way); err != nil {
		return nil, err
	}
	return p.page(ctx, v.File, "Write a letter", formBody(v), ui.Link{Text: "Letters", Href: path(v.File)}, v.Errors.Any())
}

func (p *Pages) make(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	t, err := p.letters.Find(ctx, f, form.Get("template"))
	if err != nil {
		return nil, err
	}
	v := formView{File: f, Template: t, Draft: letters.Draft{
		Template: form.Get("template"), Way: letters.Way(form.Get("way")), Subject: form.Get("subject"), Body: normal(form.Get("body")),
		Holding: form.Get("holding") == "yes", Conditions: form.Get("conditions") == "yes",
	}}
	var id letters.ID
	if form.Get("do") == "preview" {
		if err = p.letters.Check(ctx, f, v.Draft); err == nil {
			v.Preview = true
			return p.formPage(ctx, v)
		}
	} else {
		id, err = p.letters.Make(ctx, f, v.Draft)
	}
	var refused *letters.RefusedError
	switch {
	case errors.As(err, &v.Errors):
		return p.formPage(ctx, v)
	case errors.As(err, &refused):
		v.Errors.Add("way", "Not this way: "+refused.Verdict.Why)
		return p.formPage(ctx, v)
	case err != nil:
		return nil, err
	}
	return web.SeeOther(letterPath(f, id) + "?done=made"), nil
}

// normal has the line ends of a text as they are kept.
func normal(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

type showView struct {
	File       *cases.File
	Letter     letters.Letter
	Names      map[string]string
	Verdict    letters.Verdict
	Conditions string
	State      string
	Why        string
	Documents  bool // they can be made
	Errors     forms.Errors
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	page, err := p.showPage(ctx, r, showView{File: f})
	switch r.Query("done") {
	case "made":
		page.Flash = &ui.Flash{Kind: "success", Text: "It is kept in the case. It has not left yet"}
	case "settled":
		page.Flash = &ui.Flash{Kind: "success", Text: "It is recorded"}
	}
	return page, err
}

func (p *Pages) showPage(ctx context.Context, r *web.Request, v showView) (web.Page, error) {
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Letter, err = p.letters.Get(ctx, tx, v.File, letters.ID(r.Path("letter")))
		return err
	})
	if err != nil {
		return web.Page{}, err
	}
	v.Documents = p.PDF != nil
	if v.Letter.State != letters.Made && (v.Errors.Has("state") || v.Errors.Has("why")) {
		return web.Page{}, store.ErrConflict // somebody else has settled it
	}
	if v.Names, err = p.names(ctx, v.File, v.Letter); err != nil {
		return web.Page{}, err
	}
	if v.Letter.State != letters.NotSent {
		if v.Verdict, v.Conditions, err = p.letters.Ask(ctx, v.File, v.Letter.Way); err != nil {
			return web.Page{}, err
		}
	}
	return p.page(ctx, v.File, "Letter", showBody(v), ui.Link{Text: "Letters", Href: path(v.File)}, v.Errors.Any())
}

func (p *Pages) settle(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{File: f, State: form.Get("state"), Why: normal(form.Get("why"))}
	id := letters.ID(r.Path("letter"))
	err = p.letters.Settle(ctx, f, id, letters.State(v.State), v.Why)
	if errors.As(err, &v.Errors) {
		return p.showPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(letterPath(f, id) + "?done=settled"), nil
}

// print is the letter as it leaves: a page by itself, without anything that says
// where it is from.
func (p *Pages) print(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	id := letters.ID(r.Path("letter"))
	if form.Get("do") == "document" {
		return p.document(ctx, r, f, id, form.Get("conditions") == "yes")
	}
	sheet, err := p.letters.Leave(ctx, f, id, form.Get("conditions") == "yes")
	if err != nil {
		return p.refused(ctx, r, f, err)
	}
	return p.slip(ctx, f, id, sheet, "")
}

// refused says that a letter may not leave.
func (p *Pages) refused(ctx context.Context, r *web.Request, f *cases.File, err error) (web.Response, error) {
	var refused *letters.RefusedError
	if !errors.As(err, &refused) {
		return nil, err
	}
	v := showView{File: f}
	v.Errors.Add("print", "It may not leave: "+refused.Verdict.Why)
	return p.showPage(ctx, r, v)
}

func (p *Pages) slip(ctx context.Context, f *cases.File, id letters.ID, sheet letters.Sheet, note string) (web.Response, error) {
	var b bytes.Buffer
	if err := slip(sheet, letterPath(f, id), note).Render(ctx, &b); err != nil {
		return nil, err
	}
	return web.Content{Type: "text/html; charset=utf-8", Body: b.Bytes()}, nil
}

// document is a letter as a tagged document. Where none can be made, it is the
// page to print, which says so.
func (p *Pages) document(ctx context.Context, r *web.Request, f *cases.File, id letters.ID, conditions bool) (web.Response, error) {
	sheet, err := p.letters.Take(ctx, f, id, conditions)
	if err != nil {
		return p.refused(ctx, r, f, err)
	}
	const instead = "The document could not be made. This is the same letter: print it from here."
	if p.PDF == nil {
		return p.slip(ctx, f, id, sheet, instead)
	}
	var b bytes.Buffer
	if err := page(sheet).Render(ctx, &b); err != nil {
		return nil, err
	}
	pdf, err := p.PDF(ctx, b.Bytes())
	if err != nil {
		return p.slip(ctx, f, id, sheet, instead)
	}
	return web.Content{Type: "application/pdf", Body: pdf, Name: "letter.pdf"}, nil
}

// Panel is what the case page shows of letters.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, letters.ActRead) {
		return nil, nil
	}
	var n int64
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		n, err = p.letters.Count(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return panel(f, n), nil
}

func stateItems(w letters.Way) []ui.RadioItem {
	sent := "It was sent"
	if w == letters.Hand {
		sent = "It was handed over"
	}
	return []ui.RadioItem{{Value: string(letters.Sent), Text: sent}, {Value: string(letters.NotSent), Text: "It was not, and will not be"}}
}

func errorLinks(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func moment(t time.Time) string { return t.Format("2 January 2006") }

func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n\n"), func(p string) bool { return strings.TrimSpace(p) == "" })
}
