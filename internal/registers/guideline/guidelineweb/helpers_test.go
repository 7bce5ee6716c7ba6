package guidelineweb_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/guideline/guidelineweb"
	"waymark/internal/registers/guideline/official"
)

// site is a deployment with these pages and those of signing in, which they lead to.
type site struct {
	*webtest.Site
	guideline *guideline.Service
	pages     *guidelineweb.Pages
	own       *guideline.Own
	routes    []web.Route
}

func options(s *site) webtest.Options {
	return webtest.Options{
		Sources: []policy.Source{guideline.Rules()},
		Pages: func(t testing.TB, base *webtest.Site) [][]web.Route {
			service, err := guideline.New(base.DB, base.Guard)
			if err != nil {
				t.Fatal(err)
			}
			s.guideline, s.own, s.pages = service, service.Own(), guidelineweb.New(service)
			s.routes = s.pages.Routes()
			// Where the first page leads besides its own pages.
			ask := web.Route{Method: http.MethodGet, Pattern: "/ask", Public: "the public pages", Handler: func(context.Context, *web.Request) (web.Response, error) {
				return web.Page{Title: "Get in touch", Body: templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
					_, err := io.WriteString(w, `<h1 class="govuk-heading-l">Get in touch</h1>`)
					return err
				})}, nil
			}}
			return [][]web.Route{{ask}, s.routes, authweb.New(authweb.Config{Auth: base.Auth, Home: webtest.Home, Away: "https://weather.example", Issuer: "Local Services"}).Routes()}
		},
		Frame: func(cfg *web.Config) {
			cfg.Footer = guidelineweb.Footer()
			cfg.Navigation = func(policy.Actor) []ui.NavItem { return []ui.NavItem{{Text: "Pathway", Href: "/pathway"}} }
		},
	}
}

func open(t testing.TB) *site {
	t.Helper()
	s := &site{}
	s.Site = webtest.New(t, options(s))
	return s
}

var operator = policy.Actor{Account: "operator:ada", Kind: policy.Operator}

// officialFiles are invented documents of the official form.
func officialFiles(t testing.TB) []official.File {
	t.Helper()
	var out []official.File
	for _, name := range []string{"pathway.txt", "recommendations.txt"} {
		data, err := os.ReadFile(filepath.Join("..", "official", "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, official.File{Name: name, Data: data})
	}
	return out
}

func (s *site) importOfficial(t testing.TB, files ...official.File) {
	t.Helper()
	if _, err := s.guideline.Import(t.Context(), operator, files...); err != nil {
		t.Fatal(err)
	}
}

// paths are all public pages that a GET opens.
func (s *site) paths() []string {
	var out []string
	for _, r := range s.routes {
		switch {
		case r.Method != "GET":
		case r.Pattern == "/{$}":
			out = append(out, "/")
		case !strings.Contains(r.Pattern, "{"):
			out = append(out, r.Pattern)
		}
	}
	for _, list := range s.examples() {
		out = append(out, list...)
	}
	return out
}

// examples are paths for the patterns with wildcards.
func (s *site) examples() map[string][]string {
	out := map[string][]string{"/{$}": {"/"}}
	for _, b := range s.own.Boxes {
		out["/pathway/{box}"] = append(out["/pathway/{box}"], "/pathway/"+strconv.Itoa(b.Number))
	}
	for _, r := range s.own.Readers {
		if !r.Personal() {
			out["/pathway/readers/{kind}"] = append(out["/pathway/readers/{kind}"], "/pathway/readers/"+r.ID)
		}
	}
	return out
}

func words(s string) string { return strings.Join(strings.Fields(s), " ") }
