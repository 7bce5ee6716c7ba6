package attachmentsweb

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/attachments"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	attachments *attachments.Service
	cases       *cases.Service
	directory   *directory.Register
	bar         Bar
}

// New makes the pages.
func New(service *attachments.Service, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{attachments: service, cases: files, directory: register, bar: bar}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const all, one = "/cases/{case}/attachments", "/cases/{case}/attachments/{attachment}"
	return []web.Route{
		{Method: http.MethodGet, Pattern: all, Action: attachments.ActView, Handler: p.list},
		{Method: http.MethodPost, Pattern: all, Action: attachments.ActAdd, Upload: attachments.SizeMax, Handler: p.add},
		{Method: http.MethodGet, Pattern: one, Action: attachments.ActView, Handler: p.show},
		{Method: http.MethodGet, Pattern: one + "/content", Action: attachments.ActView, Handler: p.content},
	}
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), cases.Care)
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, back ui.Link, invalid bool) (web.Page, error) {
	bar, err := p.bar(ctx, f)
	return web.Page{Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Back: &back}, err
}

func (p *Pages) read(ctx context.Context, f *cases.File) ([]attachments.Attachment, error) {
	var out []attachments.Attachment
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		out, err = p.attachments.List(ctx, tx, f)
		return err
	})
	return out, err
}

type listView struct {
	File        *cases.File
	List        []attachments.Attachment
	Names       map[string]string
	About       string
	Compartment string
	Known       bool
	Errors      forms.Errors
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	page, err := p.listPage(ctx, listView{File: f})
	if r.Query("done") == "added" {
		page.Flash = &ui.Flash{Kind: "success", Text: "It is added to the case"}
	}
	return page, err
}

func (p *Pages) listPage(ctx context.Context, v listView) (web.Page, error) {
	var err error
	if v.List, err = p.read(ctx, v.File); err != nil {
		return web.Page{}, err
	}
	accounts := []string{}
	for _, a := range v.List {
		accounts = append(accounts, a.AddedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, v.File.Actor(), accounts); err != nil {
		return web.Page{}, err
	}
	return p.page(ctx, v.File, "Documents", listBody(v), ui.Link{Text: "Back to the case", Href: v.File.Path()}, v.Errors.Any())
}

func (p *Pages) add(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := listView{File: f, About: form.Get("about"), Compartment: form.Get("compartment"), Known: form.Get("known") == "yes"}
	file := r.File("file")
	if file.TooLarge {
		v.Errors.Add("file", "This was not added: "+attachments.ErrTooLarge.Error())
		return p.listPage(ctx, v)
	}
	_, err = p.attachments.Add(ctx, f, attachments.NewAttachment{
		Name: file.Name, About: v.About, Compartment: cases.Compartment(v.Compartment), Body: file.Body, Known: v.Known,
	})
	if errs, is := forms.AsErrors(err); is {
		v.Errors = errs
		return p.listPage(ctx, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/attachments?done=added"), nil
}

type showView struct {
	File       *cases.File
	Attachment attachments.Attachment
	By         string
	Lines      []string // of a text
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{File: f}
	id := attachments.ID(r.Path("attachment"))
	err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Attachment, err = p.attachments.Get(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Attachment.Kind == attachments.Text {
		_, body, err := p.attachments.View(ctx, f, id)
		if err != nil {
			return nil, err
		}
		v.Lines = strings.Split(string(body), "\n")
	}
	names, err := p.directory.MemberNames(ctx, f.Actor(), []string{v.Attachment.AddedBy})
	if err != nil {
		return nil, err
	}
	v.By = names[v.Attachment.AddedBy]
	return p.page(ctx, f, fmt.Sprintf("Document %d", v.Attachment.Number), showBody(v), ui.Link{Text: "Documents", Href: f.Path() + "/attachments"}, false)
}

// content hands the bytes out: a picture to be shown on our page, anything else
// to be saved.
func (p *Pages) content(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	a, body, err := p.attachments.View(ctx, f, attachments.ID(r.Path("attachment")))
	if err != nil {
		return nil, err
	}
	return web.Content{Type: a.Kind.MediaType(), Body: body, Name: a.SaveAs(), InPlace: a.Kind.InPlace()}, nil
}

// Panel is what the case page shows of documents.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	list, err := p.read(ctx, f)
	if err != nil {
		return nil, err
	}
	return panel(f, list), nil
}

func size(n int64) string {
	const kilo = 1000
	switch {
	case n < kilo:
		return fmt.Sprintf("%d bytes", n)
	case n < kilo*kilo:
		return fmt.Sprintf("%d kB", n/kilo)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(kilo*kilo))
}

func day(t time.Time) string { return t.Format("2 January 2006") }

func title(a attachments.Attachment) string {
	switch {
	case !a.ErasedAt.IsZero():
		return fmt.Sprintf("Document %d: erased on %s", a.Number, day(a.ErasedAt))
	case a.Apart:
		return fmt.Sprintf("Document %d: kept apart (%s)", a.Number, a.Compartment.Label())
	}
	return a.About
}

func there(a attachments.Attachment) bool { return a.ErasedAt.IsZero() && !a.Apart }

func about(v listView, a attachments.Attachment) string {
	text := fmt.Sprintf("%s, %s, added on %s by %s", a.Kind.Label(), size(a.Size), day(a.AddedAt), v.Names[a.AddedBy])
	if a.Compartment != "" && !a.Apart {
		text += ". " + a.Compartment.Label()
	}
	if !a.Cleaned {
		text += ". Kept as it is"
	}
	return text
}

func compartmentItems() []ui.SelectItem {
	items := []ui.SelectItem{{Value: "", Text: "Everybody who works on the case"}}
	for _, c := range cases.Compartments() {
		items = append(items, ui.SelectItem{Value: string(c), Text: "Those who may read: " + c.Label()})
	}
	return items
}

func errorLinks(errs forms.Errors) []ui.Link {
	var out []ui.Link
	for _, e := range errs {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}
