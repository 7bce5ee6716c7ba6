package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// example is a component that GOV.UK has no examples for, with the HTML it must give. For MoJ's components
// that is what MoJ's own templates give; what was left out of them on purpose is said beside the example.
type example struct {
	name string
	of   string // the component
	c    templ.Component
	want string
}

var examples = []example{
	{"timeline", "Timeline", Timeline(TimelineParams{Items: []TimelineItem{
		{Title: "Police attended", Byline: "PC Example", Date: "11 June 2026, 10:15pm", DateTime: "2026-06-11T22:15", Text: "Reported by a neighbour."},
		{Title: "Told the practice", Date: "about March 2024", ID: "entry-2"},
	}}), `
		<div class="moj-timeline">
			<div class="moj-timeline__item">
				<div class="moj-timeline__header">
					<h2 class="moj-timeline__title">Police attended</h2>
					<p class="moj-timeline__byline">by PC Example</p>
				</div>
				<p class="moj-timeline__date"><time datetime="2026-06-11T22:15">11 June 2026, 10:15pm</time></p>
				<div class="moj-timeline__description">Reported by a neighbour.</div>
			</div>
			<div class="moj-timeline__item" id="entry-2">
				<div class="moj-timeline__header"><h2 class="moj-timeline__title">Told the practice</h2></div>
				<p class="moj-timeline__date">about March 2024</p>
			</div>
		</div>`},
	{"file upload", "FileUpload", FileUpload(FileUploadParams{Field: Field{Name: "file", Label: "Document", Error: "Select a document"}, Accept: ".pdf"}), `
		<div class="govuk-form-group govuk-form-group--error">
			<label class="govuk-label" for="file">Document</label>
			<p id="file-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> Select a document</p>
			<input class="govuk-file-upload govuk-file-upload--error" id="file" name="file" type="file" accept=".pdf" aria-describedby="file-error">
		</div>`},
	{"identity bar", "IdentityBar", IdentityBar(IdentityBarParams{Title: "Case 1042", Items: []IdentityItem{{Label: "Lead", Text: "A. Example"}}, Actions: Text("x")}), `
		<section class="moj-identity-bar" aria-label="About this record">
			<div class="moj-identity-bar__container">
				<div class="moj-identity-bar__details">
					<span class="moj-identity-bar__title">Case 1042</span>
					<dl class="app-facts"><div><dt>Lead</dt><dd>A. Example</dd></div></dl>
				</div>
				<div class="moj-identity-bar__actions"><div class="moj-identity-bar__menu">x</div></div>
			</div>
		</section>`},
	{"sub navigation", "SubNavigation", SubNavigation(SubNavigationParams{Label: "Case", Items: []NavItem{{Text: "Overview", Href: "/c", Current: true}, {Text: "Plan", Href: "/p", Count: 2, CountText: "new"}}}), `
		<nav class="moj-sub-navigation" aria-label="Case">
			<ul class="moj-sub-navigation__list">
				<li class="moj-sub-navigation__item"><a class="moj-sub-navigation__link" aria-current="page" href="/c">Overview</a></li>
				<li class="moj-sub-navigation__item"><a class="moj-sub-navigation__link" href="/p">Plan
					<span class="moj-notification-badge"><span aria-hidden="true">2</span> <span class="govuk-visually-hidden">(2 new)</span></span></a></li>
			</ul>
		</nav>`},
	{"badge", "Badge", Badge(BadgeParams{Text: "High", Hidden: "Risk level", Colour: BadgeRed, Large: true}), `
		<span class="moj-badge moj-badge--red moj-badge--large"><span class="govuk-visually-hidden">Risk level: </span>High</span>`},
	// MoJ's alert has a button to dismiss it; ours never disappears, so it has none and needs no script.
	{"alert", "Alert", Alert(AlertParams{Kind: AlertError, Title: "Not sent", ShowTitle: true, Text: "Nothing has been sent."}), `
		<div role="region" class="moj-alert moj-alert--error moj-alert--with-heading" aria-label="Error: Not sent">
			<div><svg class="moj-alert__icon" role="presentation" focusable="false" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30" height="30" width="30">
				<path fill-rule="evenodd" clip-rule="evenodd" d="` + AlertError.iconPath() + `" fill="currentColor"></path></svg></div>
			<div class="moj-alert__content"><h2 class="moj-alert__heading">Not sent</h2> Nothing has been sent.</div>
		</div>`},
	{"alert with a title only", "Alert", Alert(AlertParams{Title: "Draft kept"}), `
		<div role="region" class="moj-alert moj-alert--information" aria-label="Information: Draft kept">
			<div><svg class="moj-alert__icon" role="presentation" focusable="false" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 30" height="30" width="30">
				<path fill-rule="evenodd" clip-rule="evenodd" d="` + AlertInformation.iconPath() + `" fill="currentColor"></path></svg></div>
			<div class="moj-alert__content">Draft kept</div>
		</div>`},
	// MoJ's filter needs script to open and close on narrow screens; ours is a plain form, with its button
	// repeated after the fields.
	{"filter", "Filter", Filter(FilterParams{
		Action: "/cases", ClearHref: "/cases", Hidden: []HiddenField{{"sort", "due"}},
		Selected: []FilterCategory{{Heading: "Agency", Items: []Link{{Text: "Health", Href: "/cases?a="}}}},
	}), `
		<div class="moj-filter">
			<div class="moj-filter__header"><div class="moj-filter__header-title"><h2 class="govuk-heading-m">Filter</h2></div></div>
			<div class="moj-filter__content">
				<div class="moj-filter__selected">
					<div class="moj-filter__selected-heading">
						<div class="moj-filter__heading-title"><h2 class="govuk-heading-m">Selected filters</h2></div>
						<div class="moj-filter__heading-action"><p><a class="govuk-link govuk-link--no-visited-state" href="/cases">Clear filters</a></p></div>
					</div>
					<h3 class="govuk-heading-s govuk-!-margin-bottom-0">Agency</h3>
					<ul class="moj-filter-tags"><li><a class="moj-filter__tag" href="/cases?a="><span class="govuk-visually-hidden">Remove this filter</span> Health</a></li></ul>
				</div>
				<form class="moj-filter__options" action="/cases" method="get" novalidate autocomplete="off">
					<input type="hidden" name="sort" value="due">
					<button type="submit" class="govuk-button" data-module="govuk-button">Apply filters</button>
					<button type="submit" class="govuk-button" data-module="govuk-button">Apply filters</button>
				</form>
			</div>
		</div>`},
	{"filter layout", "FilterLayout", withChildren(FilterLayout(FilterLayoutParams{Filter: Text("filters")}), "<p>rows</p>"), `
		<div class="app-filter-layout">
			<div class="app-filter-layout__filter"><p class="app-filter-layout__skip"><a class="govuk-link" href="#results">Skip to results</a></p>filters</div>
			<div class="app-filter-layout__results" id="results"><p>rows</p></div>
		</div>`},
	{"hidden fields", "HiddenFields", HiddenFields([]HiddenField{{"a", "1"}}), `<input type="hidden" name="a" value="1">`},
	{"notification badge", "NotificationBadge", NotificationBadge(NotificationBadgeParams{Count: 120, HiddenText: "waiting"}), `
		<span class="moj-notification-badge"><span aria-hidden="true">99+</span> <span class="govuk-visually-hidden">(99 or more waiting)</span></span>`},
	{"notification badge of nothing", "NotificationBadge", NotificationBadge(NotificationBadgeParams{}), ``},

	{"tiles", "NumericTiles", NumericTiles(NumericTilesParams{Label: "Today", Tiles: []NumericTile{{Label: "Waiting", Value: "3", Href: "/w", Note: "1 late", Kind: TileLate}, {Label: "Closed", Value: "[c]"}}}), `
		<ul class="app-tiles" aria-label="Today">
			<li class="app-tile app-tile--late"><span class="app-tile__label"><a class="govuk-link" href="/w">Waiting</a></span> <span class="app-tile__value">3</span> <span class="app-tile__note">1 late</span></li>
			<li class="app-tile"><span class="app-tile__label">Closed</span> <span class="app-tile__value">[c]</span></li>
		</ul>`},
	{"risk", "RiskBanner", RiskBanner(RiskBannerParams{
		Level: "High risk", Severity: RiskHigh, Tool: "Checklist 3", Score: "15 of 24", AssessedOn: "2 May 2026", AssessedBy: "A. Example",
		Agency: "Harbour", Judgement: "threats are growing", ReviewDue: "1 June 2026", OutOfDate: true, Link: &Link{Text: "See it", Href: "/r"},
	}), `
		<section class="app-risk app-risk--high" aria-label="Risk">
			<p class="app-risk__level"><span class="moj-badge moj-badge--red moj-badge--large"><span class="govuk-visually-hidden">Risk level: </span>High risk</span>
				<strong class="govuk-tag govuk-tag--red">Out of date</strong></p>
			<dl class="app-facts">
				<div><dt>Tool</dt><dd>Checklist 3</dd></div><div><dt>Score</dt><dd>15 of 24</dd></div><div><dt>Assessed</dt><dd>2 May 2026</dd></div>
				<div><dt>By</dt><dd>A. Example, Harbour</dd></div><div><dt>Review due</dt><dd>1 June 2026</dd></div>
			</dl>
			<p class="app-risk__note"><strong>Raised by professional judgement:</strong> threats are growing</p>
			<p class="app-risk__note"><a class="govuk-link" href="/r">See it</a></p>
		</section>`},
	{"risk score without its assessor", "RiskBanner", RiskBanner(RiskBannerParams{Level: "Medium", Severity: RiskMedium, Score: "9", AssessedOn: "2 May 2026"}), `
		<section class="app-risk app-risk--medium" aria-label="Risk">
			<p class="app-risk__level"><span class="moj-badge moj-badge--black moj-badge--large"><span class="govuk-visually-hidden">Risk level: </span>Medium</span></p>
			<dl class="app-facts"><div><dt>Assessed</dt><dd>2 May 2026</dd></div></dl>
			<p class="app-risk__note">The score is not shown: its date or its assessor is missing.</p>
		</section>`},
	{"safe contact", "SafeContactBanner", SafeContactBanner(SafeContactBannerParams{
		State: SafeContactRecorded, Summary: "Agreed together.", Ways: []string{"Mobile"}, Never: []string{"Post"}, CheckedOn: "3 June 2026", CheckedBy: "A. Example", NextCheck: "17 June 2026", Link: &Link{Text: "Record", Href: "/s"},
	}), `
		<section class="app-contact" aria-label="Safe contact">
			<p class="app-contact__title">Safe contact</p><p>Agreed together.</p>
			<ul class="app-contact__list"><li>Mobile</li></ul>
			<p><strong>Never:</strong></p><ul class="app-contact__list"><li>Post</li></ul>
			<dl class="app-facts"><div><dt>Last checked</dt><dd>3 June 2026</dd></div><div><dt>By</dt><dd>A. Example</dd></div><div><dt>Check again by</dt><dd>17 June 2026</dd></div></dl>
			<p><a class="govuk-link" href="/s">Record</a></p>
		</section>`},
	{"safe contact not recorded", "SafeContactBanner", SafeContactBanner(SafeContactBannerParams{}), `
		<section class="app-contact app-contact--unset" aria-label="Safe contact"><p class="app-contact__title">No safe way to reach this person is recorded: do not contact them</p></section>`},
	{"overdue", "ContextualDate", ContextualDate(ContextualDateParams{Text: "11 June 2026", DateTime: "2026-06-11", State: DateOverdue, Words: "Overdue by 3 days"}), `
		<span class="app-date app-date--overdue"><time datetime="2026-06-11">11 June 2026</time> <span class="app-date__words">Overdue by 3 days</span></span>`},
	{"due later", "ContextualDate", ContextualDate(ContextualDateParams{Text: "1 July 2026"}), `<span class="app-date">1 July 2026</span>`},
	{"demonstration", "DemoBanner", DemoBanner(DemoBannerParams{SwitchURL: "/demo"}), `
		<aside class="app-demo" aria-label="Demonstration"><div class="govuk-phase-banner govuk-width-container"><p class="govuk-phase-banner__content">
			<strong class="govuk-tag govuk-phase-banner__content__tag">Demo</strong>
			<span class="govuk-phase-banner__text">Fictional people and services. Nothing is sent. <a class="govuk-link" href="/demo">Switch role</a></span>
		</p></div></aside>`},
	{"role cards", "RoleCards", RoleCards(RoleCardsParams{Cards: []RoleCard{{Name: "GP", Text: "At a practice.", Can: []string{"What was shared"}, Button: Text("go")}}}), `
		<ul class="app-roles"><li class="app-role">
			<h2 class="govuk-heading-m">GP</h2><p class="govuk-body">At a practice.</p>
			<div><p class="govuk-body govuk-!-font-weight-bold govuk-!-margin-bottom-1">Can see</p>
				<ul class="app-role__list govuk-list govuk-list--bullet govuk-!-margin-bottom-0"><li>What was shared</li></ul></div>
			<div class="app-role__foot">go</div>
		</li></ul>`},
	{"steps", "StepList", StepList(StepListParams{Label: "Steps", Steps: []Step{
		{ID: "s2", Number: "2", Title: "Is anyone in danger now?", Href: "/p/2", Kind: "decision", Here: true, Next: []StepLink{{Label: "If yes", Text: "3. Call 999", Href: "#s3"}}},
		{Number: "3", Title: "Call 999", Kind: "end", Text: "At once.", Dim: true, Next: []StepLink{{Text: "1", Href: "#s1"}}},
	}}), `
		<ol class="app-steps" aria-label="Steps">
			<li class="app-steps__item app-steps__item--decision app-steps__item--here" id="s2" aria-current="step">
				<span class="app-steps__number" aria-hidden="true">2</span>
				<div><h3 class="govuk-heading-s app-steps__title"><span class="govuk-visually-hidden">2. </span><a class="govuk-link" href="/p/2">Is anyone in danger now?</a></h3>
				<ul class="app-steps__next govuk-body"><li>If yes: <a class="govuk-link" href="#s3">3. Call 999</a></li></ul></div>
			</li>
			<li class="app-steps__item app-steps__item--end app-steps__item--dim">
				<span class="app-steps__number" aria-hidden="true">3</span>
				<div><h3 class="govuk-heading-s app-steps__title"><span class="govuk-visually-hidden">3. </span>Call 999</h3>
				<div class="govuk-body govuk-!-margin-bottom-0">At once.</div>
				<ul class="app-steps__next govuk-body"><li>Then: <a class="govuk-link" href="#s1">1</a></li></ul></div>
			</li>
		</ol>`},
	{"left to right", "LTR", LTR("0808 157 0000"), `<bdi dir="ltr">0808 157 0000</bdi>`},

	{"button about one row of many", "Button", Button(ButtonParams{Text: "Remove", HiddenText: "Riverside practice", Form: "f"}), `
		<button type="submit" form="f" class="govuk-button" data-module="govuk-button">Remove <span class="govuk-visually-hidden">Riverside practice</span></button>`},
	{"sorted table in a region", "Table", Table(TableParams{Caption: "Cases", Scroll: true, Head: []TableCell{{Text: "Case", SortHref: "?s=-case", Sort: SortAscending}, {Text: "Due", SortHref: "?s=due"}, {Text: "Status"}}, Rows: [][]TableCell{{{Text: "1"}, {Text: "2"}, {Text: "3"}}}}), `
		<div class="app-scroll" role="region" aria-label="Cases" tabindex="0"><table class="govuk-table"><caption class="govuk-table__caption">Cases</caption>
			<thead class="govuk-table__head"><tr class="govuk-table__row">
				<th scope="col" class="govuk-table__header" aria-sort="ascending"><a class="govuk-link app-sort" href="?s=-case">Case</a> <span class="app-sort__mark" aria-hidden="true">▲</span></th>
				<th scope="col" class="govuk-table__header" aria-sort="none"><a class="govuk-link app-sort" href="?s=due">Due</a></th>
				<th scope="col" class="govuk-table__header">Status</th></tr></thead>
			<tbody class="govuk-table__body"><tr class="govuk-table__row"><td class="govuk-table__cell">1</td><td class="govuk-table__cell">2</td><td class="govuk-table__cell">3</td></tr></tbody>
		</table></div>`},
	{"service navigation with a count", "ServiceNavigation", ServiceNavigation(ServiceNavigationParams{Items: []NavItem{{Text: "Inbox", Href: "/i", Count: 3, CountText: "waiting"}}}), `
		<div class="govuk-service-navigation" data-module="govuk-service-navigation"><div class="govuk-width-container"><div class="govuk-service-navigation__container">
			<nav aria-label="Menu" class="govuk-service-navigation__wrapper"><ul class="govuk-service-navigation__list" id="navigation">
				<li class="govuk-service-navigation__item"><a class="govuk-service-navigation__link" href="/i">Inbox
					<span class="moj-notification-badge"><span aria-hidden="true">3</span> <span class="govuk-visually-hidden">(3 waiting)</span></span></a></li>
			</ul></nav></div></div></div>`},
	{"own date of birth", "DateInput", DateInput(DateInputParams{Group: Group{Name: "dob", Legend: "Date of birth"}, Birthday: true, Year: "1980"}), `
		<div class="govuk-form-group"><fieldset class="govuk-fieldset" role="group"><legend class="govuk-fieldset__legend">Date of birth</legend>
			<div class="govuk-date-input" id="dob">
				<div class="govuk-date-input__item"><div class="govuk-form-group"><label class="govuk-label govuk-date-input__label" for="dob-day">Day</label>
					<input class="govuk-input govuk-date-input__input govuk-input--width-2" id="dob-day" name="dob-day" type="text" autocomplete="bday-day" inputmode="numeric"></div></div>
				<div class="govuk-date-input__item"><div class="govuk-form-group"><label class="govuk-label govuk-date-input__label" for="dob-month">Month</label>
					<input class="govuk-input govuk-date-input__input govuk-input--width-2" id="dob-month" name="dob-month" type="text" autocomplete="bday-month" inputmode="numeric"></div></div>
				<div class="govuk-date-input__item"><div class="govuk-form-group"><label class="govuk-label govuk-date-input__label" for="dob-year">Year</label>
					<input class="govuk-input govuk-date-input__input govuk-input--width-4" id="dob-year" name="dob-year" type="text" value="1980" autocomplete="bday-year" inputmode="numeric"></div></div>
			</div></fieldset></div>`},
}

func TestExamples(t *testing.T) {
	for _, e := range examples {
		t.Run(e.name, func(t *testing.T) {
			if diff := cmp.Diff(tree(t, e.want), tree(t, renderString(t, e.c))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestEveryComponentIsExercised finds the components in the source, so that a new one cannot go untested.
func TestEveryComponentIsExercised(t *testing.T) {
	exercised := map[string]bool{"Page": true} // layout_test.go
	for name := range builders {
		var b strings.Builder
		for _, part := range strings.Split(name, "-") {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
		exercised[b.String()] = true
	}
	for _, e := range examples {
		exercised[e.of] = true
	}
	found := map[string]bool{}
	for _, name := range components(t) {
		found[name] = true
		if !exercised[name] {
			t.Errorf("%s has no example", name)
		}
	}
	for name := range exercised {
		if !found[name] {
			t.Errorf("%s has examples and does not exist", name)
		}
	}
	if len(found) < 45 {
		t.Errorf("only %d components found: does the search still work?", len(found))
	}
}

// components are the exported templ functions of this package.
func components(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*_templ.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || !fn.Name.IsExported() || fn.Type.Results == nil || len(fn.Type.Results.List) != 1 {
				continue
			}
			if sel, ok := fn.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Component" {
				names = append(names, fn.Name.Name)
			}
		}
	}
	return names
}

// TestNothingInline: pages run under a policy without unsafe-inline, so no component may carry a style or an
// event handler, and an id may appear once.
func TestNothingInline(t *testing.T) {
	check := func(name, fragment string) {
		t.Helper()
		ids := map[string]bool{}
		var walk func(*html.Node)
		walk = func(n *html.Node) {
			if n.Type == html.ElementNode {
				if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
					t.Errorf("%s: inline <%s>", name, n.Data)
				}
				for _, a := range n.Attr {
					switch {
					case a.Key == "style", strings.HasPrefix(a.Key, "on"), strings.Contains(a.Val, "TemplFailed"):
						t.Errorf("%s: %s=%q", name, a.Key, a.Val)
					case a.Key == "id" && ids[a.Val]:
						t.Errorf("%s: id %q twice", name, a.Val)
					case a.Key == "id":
						ids[a.Val] = true
					}
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		walk(parsePage(t, fragment))
	}
	for _, e := range examples {
		check(e.name, renderString(t, e.c))
	}
	for component, build := range builders {
		for _, f := range fixtures(t, component) {
			if _, skip := notOffered[component][f.Name]; skip || strings.Contains(string(f.Options), "style=") {
				continue
			}
			if c, err := build(f.Options); err == nil {
				check(component+" "+f.Name, renderString(t, c))
			}
		}
	}
	for name, p := range layouts() {
		check("page "+name, renderString(t, Page(p)))
	}
}
