package guidelineweb

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/guideline"
)

// withOfficial makes one of the lists, which all show our own words and then the official text.
func (p *Pages) withOfficial(ctx context.Context, path, title string, body func(listPage) templ.Component) (web.Response, error) {
	o, err := p.official(ctx)
	if err != nil {
		return nil, err
	}
	return kept(path, o, func() web.Page { return page(title, body(listPage{own: p.own, official: o})) }), nil
}

// listPage is one of the lists.
type listPage struct {
	own      *guideline.Own
	official officialText
}

// glossary is GET /pathway/glossary.
func (p *Pages) glossary(ctx context.Context, _ *web.Request) (web.Response, error) {
	return p.withOfficial(ctx, glossaryPath, "Glossary", glossaryBody)
}

// statements is GET /pathway/statements.
func (p *Pages) statements(ctx context.Context, _ *web.Request) (web.Response, error) {
	return p.withOfficial(ctx, statementsPath, "Quality statements", statementsBody)
}

// recommendations is GET /pathway/recommendations.
func (p *Pages) recommendations(ctx context.Context, _ *web.Request) (web.Response, error) {
	return p.withOfficial(ctx, recommendationsPath, "Recommendations", recommendationsBody)
}

// obligations is GET /pathway/obligations.
func (p *Pages) obligations(context.Context, *web.Request) (web.Response, error) {
	return kept(obligationsPath, officialText{}, func() web.Page {
		out := page("Obligations", obligationsBody(p.own))
		out.Wide = true
		return out
	}), nil
}

// words are the entries of the glossary that explain words, and lists the ones that say who should
// act, each in alphabetical order.
func glossaryParts(own *guideline.Own) (words, lists []*guideline.OwnTerm) {
	for i := range own.Glossary {
		if t := &own.Glossary[i]; t.WhoActs() {
			lists = append(lists, t)
		} else {
			words = append(words, t)
		}
	}
	byName := func(a, b *guideline.OwnTerm) int { return cmp.Compare(a.Slug, b.Slug) }
	slices.SortFunc(words, byName)
	slices.SortFunc(lists, byName)
	return words, lists
}

// firstStated tells whether a term is the first of a list to state an obligation: two terms that
// say the same state the same one, and an address can lead to one of them only.
func firstStated(list []*guideline.OwnTerm, at int, id string) bool {
	for _, t := range list[:at] {
		if slices.Contains(t.Obligations, id) {
			return false
		}
	}
	return true
}

// boxLinks are the boxes that state a recommendation.
func boxLinks(own *guideline.Own, recommendation int, at addresses) []ui.Link {
	var out []ui.Link
	for _, b := range own.BoxesFor(recommendation) {
		for _, s := range own.SectionsFor(b, []int{recommendation}) {
			text := "Box " + strconv.Itoa(b.Number) + ": " + b.Title
			if s.Title != "" {
				text += " – " + s.Title
			}
			out = append(out, ui.Link{Text: text, Href: at.section(b.Number, s)})
		}
	}
	return out
}

// boxesNaming are the boxes that name a quality statement.
func boxesNaming(own *guideline.Own, statement int, at addresses) []ui.Link {
	var out []ui.Link
	for _, b := range own.Boxes {
		if slices.Contains(b.Statements, statement) {
			out = append(out, ui.Link{Text: "Box " + strconv.Itoa(b.Number) + ": " + b.Title, Href: at.box(b.Number)})
		}
	}
	return out
}

// summaryTable is the summary of who should act.
func summaryTable(own *guideline.Own, at addresses) ui.TableParams {
	t := ui.TableParams{
		Caption: "Who should act, in summary", CaptionClasses: "govuk-table__caption--m", FirstCellIsHeader: true, Scroll: true,
		Head: []ui.TableCell{{Text: "Who"}, {Text: "Recommendations"}},
	}
	for _, a := range own.Actors {
		t.Rows = append(t.Rows, []ui.TableCell{{Text: a.Name}, {Content: recommendationLinks(a.Recommendations, at)}})
	}
	return t
}

// obligationPlace is one table of the list of obligations.
type obligationPlace struct {
	Anchor, Title, Href string
	List                []guideline.Obligation
}

func obligationPlaces(own *guideline.Own) []obligationPlace {
	var out []obligationPlace
	for _, b := range own.Boxes {
		out = append(out, obligationPlace{boxAnchor(b.Number), "Box " + strconv.Itoa(b.Number) + ": " + b.Title, boxPath(b.Number), own.ObligationsIn(strconv.Itoa(b.Number))})
	}
	out = append(out,
		obligationPlace{"glossary", "Glossary", glossaryPath, own.ObligationsIn(guideline.PlaceGlossary)},
		obligationPlace{"responsibility", "Responsibility", pathwayPath + "#responsibility", own.ObligationsIn(guideline.PlaceResponsibility)})
	return slices.DeleteFunc(out, func(p obligationPlace) bool { return len(p.List) == 0 })
}

func (p obligationPlace) table(own *guideline.Own) ui.TableParams {
	t := ui.TableParams{
		Caption: p.Title, CaptionClasses: ui.VisuallyHidden, Scroll: true,
		Head: []ui.TableCell{{Text: "Id"}, {Text: "Obligation"}, {Text: "Who"}, {Text: "Strength"}, {Text: "How it can be shown"}},
	}
	for _, o := range p.List {
		t.Rows = append(t.Rows, []ui.TableCell{
			{Content: obligationName(own, o)}, {Text: o.Text}, {Text: o.Actor}, {Text: o.Force.Label()}, {Text: capital(o.Class.Label())},
		})
	}
	return t
}

// classCount is how many obligations are of a class.
func classCount(own *guideline.Own, c guideline.Class) string {
	n := 0
	for _, o := range own.Obligations {
		if o.Class == c {
			n++
		}
	}
	return strconv.Itoa(n)
}

func sameAs(own *guideline.Own, t *guideline.OwnTerm) []*guideline.OwnTerm {
	var out []*guideline.OwnTerm
	for _, name := range t.SameAs {
		if other := own.Term(name); other != nil {
			out = append(out, other)
		}
	}
	return out
}
