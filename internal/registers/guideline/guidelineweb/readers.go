package guidelineweb

import (
	"context"
	"slices"
	"strconv"

	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/guideline"
)

// readers is GET /pathway/readers.
func (p *Pages) readers(context.Context, *web.Request) (web.Response, error) {
	return kept(readersPath, officialText{}, func() web.Page {
		return page("Show me what I must do", readersBody(readersPage{own: p.own}))
	}), nil
}

// readersPage is the choice of a kind of reader.
type readersPage struct {
	own *guideline.Own
}

// before is GET /pathway/before: the page that interrupts before the question
// whose answer says something about oneself (S12).
func (p *Pages) before(context.Context, *web.Request) (web.Response, error) {
	return kept(beforePath, officialText{}, func() web.Page {
		body := beforeBody("What you chose here is not kept, and you would choose again.", ui.PanelAction{Text: "Go on to the question", Href: questionPath})
		return page("Before you choose", body, ui.Link{Text: "Show me what I must do", Href: readersPath})
	}), nil
}

// question is GET /pathway/question. Its address says nothing of the answer.
func (p *Pages) question(context.Context, *web.Request) (web.Response, error) {
	return questionPage{own: p.own}.page(), nil
}

// questionPage is the choice among the personal kinds.
type questionPage struct {
	own     *guideline.Own
	problem string
}

func (p questionPage) page() web.Page {
	out := page("Choose", questionBody(p), ui.Link{Text: "Show me what I must do", Href: readersPath})
	out.Invalid = p.problem != ""
	return out
}

func (p questionPage) errors() []ui.Link {
	return []ui.Link{{Text: p.problem, Href: "#reader"}}
}

// personal is the choice among the personal kinds: no address says what was chosen.
func personal(own *guideline.Own, problem string) ui.RadiosParams {
	out := ui.RadiosParams{Group: ui.Group{
		Name: "reader", Legend: "Who are you reading for?", LegendClasses: ui.LegendM, Error: problem,
		Hint: "Your choice is not put into the address, is not kept, and sets no cookie.",
	}}
	for _, r := range own.ReadersIn(guideline.ReaderPersonal) {
		out.Items = append(out.Items, ui.RadioItem{Value: r.ID, Text: r.Label})
	}
	return out
}

// reader is GET /pathway/readers/{kind}. A personal kind has no address.
func (p *Pages) reader(_ context.Context, r *web.Request) (web.Response, error) {
	kind := p.own.Reader(r.Path("kind"))
	if kind == nil || kind.Personal() {
		return nil, store.ErrNotFound
	}
	return kept(readerPath(kind.ID), officialText{}, func() web.Page {
		body := readerBody(readerPage{own: p.own, reader: kind})
		return page("What I must do", body, ui.Link{Text: "Show me what I must do", Href: readersPath})
	}), nil
}

// personalReader is POST /pathway/readers. The answer is the page itself: a redirect would put the
// choice into an address.
func (p *Pages) personalReader(_ context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	kind := p.own.Reader(form.Get("reader"))
	if kind == nil || !kind.Personal() {
		return questionPage{own: p.own, problem: "Choose who you are reading for"}.page(), nil
	}
	body := personalBody(readerPage{own: p.own, reader: kind})
	return page("Information for you", body, ui.Link{Text: "Show me what I must do", Href: readersPath}), nil
}

// readerPage is what one kind of reader is shown.
type readerPage struct {
	own    *guideline.Own
	reader *guideline.Reader
}

// steps is the whole list with the boxes that concern the reader standing out. Nothing is left out.
func (p readerPage) steps() []ui.Step {
	var out []ui.Step
	for _, b := range p.own.Boxes {
		theirs := slices.Contains(p.reader.Boxes, b.Number)
		s := ui.Step{Number: strconv.Itoa(b.Number), Title: b.Title, Href: boxPath(b.Number), Kind: "action", Dim: !theirs}
		if theirs {
			s.Content = forYou(b.Summary)
		} else {
			s.Text = b.Summary
		}
		out = append(out, s)
	}
	return out
}

// boxes are those that concern the reader.
func (p readerPage) boxes() []*guideline.OwnBox {
	var out []*guideline.OwnBox
	for _, n := range p.reader.Boxes {
		if b := p.own.Box(n); b != nil {
			out = append(out, b)
		}
	}
	return out
}

// sections are the parts of a box that state one of the reader's recommendations.
func (p readerPage) sections(b *guideline.OwnBox) []sectionView {
	var out []sectionView
	for i := range b.Sections {
		s := &b.Sections[i]
		if slices.ContainsFunc(s.Serves, func(n int) bool { return slices.Contains(p.reader.Recommendations, n) }) {
			out = append(out, sectionView{own: p.own, section: s, index: i, level: 4})
		}
	}
	return out
}
