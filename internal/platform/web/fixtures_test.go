package web_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/a-h/templ"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

// The field of these tests: notes, which belong to an agency.
const (
	actRead  policy.Action = "note.read"
	actWrite policy.Action = "note.write"
)

var noteRules = policy.Source{
	Name: "note",
	Schema: `
entity Note { agency: String };
action "note.read", "note.write" appliesTo { principal: [Account], resource: [Note], context: {} };
`,
	Rules: `
@id("note-own-agency")
@sentence("Practitioners read and write the notes of their own agency.")
permit (principal, action in [Action::"note.read", Action::"note.write"], resource is Note)
when { principal.roles.contains("practitioner") && resource.agency == principal.agency };
`,
}

// notes are the notes there are, and whose they are.
var notes = map[string]string{"n1": "trust", "n2": "trust", "theirs": "council"}

const secretText = "what the note says"

var errInternal = errors.New("the table note_7 of 10.0.0.3 is on fire")

// nurse may read the notes of the trust.
func nurse() webtest.Person {
	return webtest.Person{Name: "Ada Fictional", Agency: "trust", Roles: []policy.Role{policy.Practitioner}}
}

// noteSite are the pages of notes.
type noteSite struct {
	guard  *audit.Guard
	called int // how often a handler ran
}

func (n *noteSite) open(ctx context.Context, r *web.Request, id string) error {
	agency, ok := notes[id]
	if !ok {
		return store.ErrNotFound
	}
	_, err := n.guard.Open(ctx, r.Actor, actRead, policy.Resource{Type: "Note", ID: id, Attrs: policy.Attrs{"agency": agency}},
		"care", false, audit.Subject{Kind: "note", ID: id})
	return err
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<h1>"+templ.EscapeString(s)+"</h1>")
		return err
	})
}

func (n *noteSite) show(ctx context.Context, r *web.Request) (web.Response, error) {
	n.called++
	if err := n.open(ctx, r, r.Path("note")); err != nil {
		return nil, err
	}
	return web.Page{Title: "Note", Body: text(secretText), Current: "/home"}, nil
}

// download shows two notes as a file.
func (n *noteSite) download(ctx context.Context, r *web.Request) (web.Response, error) {
	for _, id := range []string{"n2", "n1"} {
		if err := n.open(ctx, r, id); err != nil {
			return nil, err
		}
	}
	return web.Content{Type: "text/csv; charset=utf-8", Body: []byte(secretText), Name: "list.csv"}, nil
}

// half opens a note and then goes wrong.
func (n *noteSite) half(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := n.open(ctx, r, "n1"); err != nil {
		return nil, err
	}
	switch r.Path("how") {
	case "error":
		return nil, errInternal
	case "panic":
		panic(errInternal)
	case "absent":
		return nil, store.ErrNotFound
	case "render":
		return web.Page{Title: "Note", Body: templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			if _, err := io.WriteString(w, secretText); err != nil {
				return err
			}
			return errInternal
		})}, nil
	default:
		return web.Page{Title: "Note", Body: templ.ComponentFunc(func(context.Context, io.Writer) error { panic(errInternal) })}, nil
	}
}

func (n *noteSite) save(_ context.Context, r *web.Request) (web.Response, error) {
	n.called++
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if form.Get("text") == "" {
		return web.Page{Title: "Add a note", Body: noteForm(form.Get("title"), "Enter the note"), Invalid: true}, nil
	}
	return web.SeeOther("/home"), nil
}

func (n *noteSite) add(context.Context, *web.Request) (web.Response, error) {
	return web.Page{Title: "Add a note", Body: noteForm("", "")}, nil
}

func noteForm(title, problem string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		parts := []templ.Component{text("Add a note")}
		if problem != "" {
			parts = append([]templ.Component{ui.ErrorSummary(ui.ErrorSummaryParams{Errors: []ui.Link{{Text: problem, Href: "#text"}}})}, parts...)
		}
		parts = append(parts, markup(`<form method="post" action="/notes" autocomplete="off">`),
			ui.Input(ui.InputParams{Field: ui.Field{Name: "title", Label: "Title", Value: title}}),
			ui.Textarea(ui.TextareaParams{Field: ui.Field{Name: "text", Label: "Note", Error: problem}}),
			ui.Button(ui.ButtonParams{Text: "Save"}), markup("</form>"))
		for _, part := range parts {
			if err := part.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func markup(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

// page answers with a page of its own.
func page(title string) web.Handler {
	return func(context.Context, *web.Request) (web.Response, error) {
		return web.Page{Title: title, Body: text(title), Current: "/home"}, nil
	}
}

// fails answers with an error.
func fails(err error) web.Handler {
	return func(context.Context, *web.Request) (web.Response, error) { return nil, err }
}

// answers answers with a response.
func answers(r web.Response) web.Handler {
	return func(context.Context, *web.Request) (web.Response, error) { return r, nil }
}

func public(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Public: "for the tests of the frame", Handler: h}
}

func publicPost(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Public: "for the tests of the frame", Handler: h}
}

// options are the site of the notes, with more routes.
func options(n *noteSite, more ...web.Route) webtest.Options {
	return webtest.Options{
		Sources: []policy.Source{noteRules},
		Pages: func(_ testing.TB, s *webtest.Site) [][]web.Route {
			n.guard = s.Guard
			return [][]web.Route{{
				public("/{$}", page("Start")),
				{Method: http.MethodGet, Pattern: "/home", Action: actRead, Handler: page("Home")},
				{Method: http.MethodGet, Pattern: "/notes/{note}", Action: actRead, Handler: n.show},
				{Method: http.MethodGet, Pattern: "/notes.csv", Action: actRead, Handler: n.download},
				{Method: http.MethodGet, Pattern: "/half/{how}", Action: actRead, Handler: n.half},
				{Method: http.MethodGet, Pattern: "/notes/add", Action: actWrite, Handler: n.add},
				{Method: http.MethodPost, Pattern: "/notes", Action: actWrite, Handler: n.save},
			}, more}
		},
	}
}

func newSite(t *testing.T, more ...web.Route) *webtest.Site {
	t.Helper()
	return webtest.New(t, options(&noteSite{}, more...))
}

func eachSite(t *testing.T, fn func(t *testing.T, s *webtest.Site), more ...web.Route) {
	t.Helper()
	webtest.Each(t, options(&noteSite{}, more...), fn)
}
