package guidelineweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/guideline"
	"waymark/internal/registers/guideline/official"
)

// Pages are the pages of this package.
type Pages struct {
	guideline *guideline.Service
	own       *guideline.Own
	picture   diagram // of the overview
	inPrint   diagram // of the page that holds everything

	// Measures makes the panel of what the records show of a box, for the actor who asks; the
	// command sets it. Where it is nil, or returns nil, nothing is shown.
	Measures func(ctx context.Context, actor policy.Actor, box int) (templ.Component, error)
	// Contact says how to reach whoever runs this site, for the statements on accessibility and
	// privacy; empty where it is not known.
	Contact string
}

// New makes the pages.
func New(service *guideline.Service) *Pages {
	own := service.Own()
	return &Pages{guideline: service, own: own, picture: draw(own, addresses{}), inPrint: draw(own, addresses{onePage: true})}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const (
		pathway = "the pathway is public text"
		about   = "everybody may know what this site is and how to use it safely"
		asked   = "it finds public text; it is a POST so that no address says what was looked for"
	)
	get := func(pattern, reason string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Public: reason, Handler: h}
	}
	post := func(pattern, reason string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Public: reason, Handler: h}
	}
	return []web.Route{
		get("/{$}", about, p.home),
		get(safetyPath, about, p.safety),
		get(accessibilityPath, about, p.accessibility),
		get(privacyPath, about, p.privacy),
		get(pathwayPath, pathway, p.overview),
		get(pathwayPath+"/{box}", pathway, p.box),
		get(everythingPath, pathway, p.everything),
		get(glossaryPath, pathway, p.glossary),
		get(statementsPath, pathway, p.statements),
		get(recommendationsPath, pathway, p.recommendations),
		get(obligationsPath, pathway, p.obligations),
		get(readersPath, pathway, p.readers),
		get(readersPath+"/{kind}", pathway, p.reader),
		get(beforePath, pathway, p.before),
		get(questionPath, pathway, p.question),
		post(readersPath, asked, p.personalReader),
		get(searchPath, pathway, p.beforeSearch),
		get(wordsPath, pathway, p.searchForm),
		post(searchPath, asked, p.search),
	}
}

// Footer is the links to these pages for the end of every page.
func Footer() []ui.Link {
	return []ui.Link{
		{Text: "Using this site safely", Href: safetyPath},
		{Text: "Accessibility", Href: accessibilityPath},
		{Text: "Privacy", Href: privacyPath},
	}
}

// page is a page of the pathway. Its title is neutral (S13); headings may be explicit.
func page(title string, body templ.Component, trail ...ui.Link) web.Page {
	return web.Page{
		Title: title, Body: body, Current: pathwayPath,
		Breadcrumbs: append([]ui.Link{{Text: "Start page", Href: homePath}, {Text: "Pathway", Href: pathwayPath}}, trail...),
	}
}

// kept is a page that is the same for everybody who is not signed in, until another edition of the
// official text is imported.
func kept(path string, o officialText, drawn func() web.Page) web.Response {
	return web.Kept{Name: path, Edition: o.stored.Edition(), Page: drawn}
}

// officialText is what the pages show of the newest imported version; the zero value when there is none.
type officialText struct{ stored *guideline.Stored }

func (p *Pages) official(ctx context.Context) (officialText, error) {
	stored, err := p.guideline.Newest(ctx)
	return officialText{stored}, err
}

func (o officialText) there() bool                { return o.stored != nil }
func (o officialText) version() *official.Version { return o.stored.Version }
func (o officialText) importedOn() string         { return day(o.stored.ImportedAt) }
func (o officialText) updatedOn() string          { return date(o.stored.Version.Updated) }
func (o officialText) summary() string            { return "Official text, version of " + o.updatedOn() }

func (o officialText) box(number int) *official.Box {
	if !o.there() {
		return nil
	}
	return o.version().Box(number)
}

// pointers are the official sentences of a box that lead to guidance elsewhere.
func (o officialText) pointers(box int) []official.Pointer {
	var out []official.Pointer
	for _, p := range o.version().Pointers {
		if p.Box == box {
			out = append(out, p)
		}
	}
	return out
}

// added are the boxes that only the official text has.
func (o officialText) added(own *guideline.Own) []official.Box {
	if !o.there() {
		return nil
	}
	var out []official.Box
	for _, b := range o.version().Boxes {
		if own.Box(b.Number) == nil {
			out = append(out, b)
		}
	}
	return out
}

const dayLayout = "2 January 2006"

func day(t time.Time) string { return t.Format(dayLayout) }

func date(d official.Date) string {
	return day(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC))
}

// overview is GET /pathway.
func (p *Pages) overview(ctx context.Context, _ *web.Request) (web.Response, error) {
	o, err := p.official(ctx)
	if err != nil {
		return nil, err
	}
	return kept(pathwayPath, o, func() web.Page {
		out := page("Pathway", overviewBody(overviewPage{own: p.own, picture: p.picture, official: o}))
		out.Breadcrumbs = out.Breadcrumbs[:1]
		out.Wide = true
		return out
	}), nil
}

type overviewPage struct {
	own      *guideline.Own
	picture  diagram
	official officialText
}

// steps is the list view of some boxes.
func steps(own *guideline.Own, g boxGroup, at addresses) []ui.Step {
	var out []ui.Step
	for _, b := range own.Boxes {
		if !g.has(b) {
			continue
		}
		out = append(out, ui.Step{
			ID: stepAnchor(b.Number), Number: strconv.Itoa(b.Number), Title: b.Title, Href: at.box(b.Number),
			Text: b.Summary, Next: seeAlso(own, &b, at), Kind: "action",
		})
	}
	return out
}

func seeAlso(own *guideline.Own, b *guideline.OwnBox, at addresses) []ui.StepLink {
	var out []ui.StepLink
	for _, l := range linksOf(own, b, at) {
		out = append(out, ui.StepLink{Label: "See also", Text: l.Text, Href: l.Href})
	}
	return out
}

// linksOf are the see-also references of a box.
func linksOf(own *guideline.Own, b *guideline.OwnBox, at addresses) []ui.Link {
	var out []ui.Link
	for _, l := range b.Links {
		to := own.Box(l.Box)
		link := ui.Link{Text: "box " + strconv.Itoa(to.Number) + ", " + to.Title, Href: at.box(to.Number)}
		if s := to.Section(l.Section); s != nil && s.Title != "" {
			link = ui.Link{Text: "box " + strconv.Itoa(to.Number) + ", part “" + s.Title + "”", Href: at.section(to.Number, s)}
		}
		out = append(out, link)
	}
	return out
}

// everything is GET /pathway/all.
func (p *Pages) everything(context.Context, *web.Request) (web.Response, error) {
	return kept(everythingPath, officialText{}, func() web.Page {
		out := page("The whole pathway on one page", everythingBody(everythingPage{own: p.own, picture: p.inPrint}))
		out.Wide = true
		return out
	}), nil
}

type everythingPage struct {
	own     *guideline.Own
	picture diagram
}

// box is GET /pathway/{box}.
func (p *Pages) box(ctx context.Context, r *web.Request) (web.Response, error) {
	number, err := strconv.Atoi(r.Path("box"))
	if err != nil || strconv.Itoa(number) != r.Path("box") {
		return nil, store.ErrNotFound
	}
	o, err := p.official(ctx)
	if err != nil {
		return nil, err
	}
	b := boxPage{own: p.own, box: p.own.Box(number), official: o, theirs: o.box(number), number: number}
	if b.box == nil && b.theirs == nil {
		return nil, store.ErrNotFound
	}
	if p.Measures != nil {
		if b.measures, err = p.Measures(ctx, r.Actor, number); err != nil {
			return nil, err
		}
	}
	drawn := func() web.Page { return page("Pathway, box "+strconv.Itoa(number), boxBody(b)) }
	if b.measures != nil {
		return drawn(), nil // what the records show is today's, and for whoever asks
	}
	return kept(boxPath(number), o, drawn), nil
}

// boxPage is one box on a page of its own.
type boxPage struct {
	own      *guideline.Own
	number   int
	box      *guideline.OwnBox // nil for one that only the official text has
	official officialText
	theirs   *official.Box // nil when the official text does not have it
	measures templ.Component
}

// officialLevel is the level of the heading of the official text: it follows those of our sections,
// or the one of the page where there are none.
func (b boxPage) officialLevel() int {
	if len(b.box.Sections) == 0 {
		return 2
	}
	return 3
}

// neighbour is the box before or after, nil at the ends.
func (b boxPage) neighbour(step int) *ui.PageLink {
	n := b.own.Box(b.number + step)
	if n == nil {
		return nil
	}
	return &ui.PageLink{Href: boxPath(n.Number), Label: "Box " + strconv.Itoa(n.Number) + ": " + n.Title}
}

// whole is what a heading stands for that has no text of its own: the boxes it is about.
func (b boxPage) whole() []guideline.OwnBox {
	if len(b.box.Sections) > 0 {
		return nil
	}
	if b.number == b.own.Boxes[0].Number {
		return b.own.Boxes[1:]
	}
	for _, g := range grouped(b.own.Boxes) {
		if g.From == b.number {
			var out []guideline.OwnBox
			for _, other := range b.own.Boxes {
				if g.has(other) && other.Number != b.number {
					out = append(out, other)
				}
			}
			return out
		}
	}
	return nil
}

// sectionView is one section as it is shown.
type sectionView struct {
	own     *guideline.Own
	section *guideline.OwnSection
	index   int
	at      addresses
	// anchors gives items the ids that addresses name; only where the section is at home.
	anchors bool
	level   int // of its heading
}

func (s sectionView) title() string {
	if s.section.Title == "" {
		return "What to do"
	}
	return s.section.Title
}

func (s sectionView) id() string {
	if !s.anchors || s.section.Slug == "" {
		return ""
	}
	return sectionAnchor(s.section)
}

// word is where a term that the section uses is explained: at its end, or in the glossary of the
// same page.
func (s sectionView) word(t *guideline.OwnTerm) string {
	if s.at.onePage {
		return s.at.term(t)
	}
	return "#" + wordAnchor(s.index, t)
}

// bind are the obligations that an item states.
func (s sectionView) bind(it *guideline.OwnItem) []guideline.Obligation {
	var out []guideline.Obligation
	for _, id := range it.Obligations {
		if ob := s.own.Obligation(id); ob != nil {
			out = append(out, *ob)
		}
	}
	return out
}

// actors are who a section's recommendations are for.
func (s sectionView) actors() []guideline.OwnRecommendation {
	var out []guideline.OwnRecommendation
	for _, n := range s.section.Serves {
		if r := s.own.Recommendation(n); r != nil {
			out = append(out, *r)
		}
	}
	return out
}
