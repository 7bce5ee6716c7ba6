package guidelineweb

import (
	"context"
	"strconv"

	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/guideline"
)

// beforeSearch is GET /pathway/search: the page that interrupts before the
// form (S12). Who is signed in has no “Exit this page” and gets the form.
func (p *Pages) beforeSearch(_ context.Context, r *web.Request) (web.Response, error) {
	if !r.Actor.IsZero() {
		return searchPage{}.response(), nil
	}
	return kept(searchPath, officialText{}, func() web.Page {
		body := beforeBody("What you typed here is not kept, and you would type it again.", ui.PanelAction{Text: "Go on to the search", Href: wordsPath})
		return page("Before you search", body)
	}), nil
}

// searchForm is GET /pathway/search/words.
func (p *Pages) searchForm(context.Context, *web.Request) (web.Response, error) {
	return kept(wordsPath, officialText{}, searchPage{}.response), nil
}

// search is POST /pathway/search: what was looked for is in no address and in no log (S5).
func (p *Pages) search(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	s := searchPage{typed: form.Get("words"), done: true}
	query := guideline.ParseQuery(s.typed)
	if query.IsZero() {
		s.problem = "Enter a word to look for"
		return s.response(), nil
	}
	s.findings, err = p.guideline.Search(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.response(), nil
}

// searchPage is the form, and below it the answer.
type searchPage struct {
	typed    string
	problem  string
	done     bool
	findings guideline.Findings
}

func (s searchPage) response() web.Page {
	out := page("Search the pathway", searchBody(s))
	out.Invalid = s.problem != ""
	return out
}

func (s searchPage) errors() []ui.Link {
	return []ui.Link{{Text: s.problem, Href: "#words"}}
}

func (s searchPage) count() string {
	switch n := s.findings.Total; {
	case n == 0:
		return "Nothing found"
	case n == 1:
		return "1 result"
	case n > len(s.findings.List):
		return "The first " + strconv.Itoa(len(s.findings.List)) + " of " + strconv.Itoa(n) + " results"
	default:
		return strconv.Itoa(n) + " results"
	}
}

// kind says what a finding is, and in which text.
func kind(t guideline.Target) string {
	if t.Official {
		return t.Kind.Label() + ", official text"
	}
	return t.Kind.Label()
}

func noWord(*guideline.OwnTerm) string { return glossaryPath }
