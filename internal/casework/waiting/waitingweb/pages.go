package waitingweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/waiting"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Bar makes the bar on top of every page of a case.
type Bar = func(ctx context.Context, f *cases.File) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	waiting   *waiting.Register
	cases     *cases.Service
	directory *directory.Register
	bar       Bar
}

// New makes the pages.
func New(list *waiting.Register, files *cases.Service, register *directory.Register, bar Bar) *Pages {
	return &Pages{waiting: list, cases: files, directory: register, bar: bar}
}

type editor = fields.Editor[*cases.File]

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	out := []web.Route{
		get("/waiting", cases.ActList, p.list),
		get("/cases/{case}/waiting", waiting.ActWait, p.overview),
	}
	forms := fields.Pages[*cases.File]{Open: p.open, Page: func(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool) (web.Response, error) {
		return p.page(ctx, f, title, body, invalid, nil)
	}}
	for pattern, e := range map[string]editor{
		"/waiting/new":     p.newEditor(),
		"/waiting/{entry}": p.lookEditor(),
	} {
		pattern = "/cases/{case}" + pattern
		out = append(out, get(pattern, waiting.ActWait, forms.Show(e)), web.Route{Method: http.MethodPost, Pattern: pattern, Action: waiting.ActWait, Handler: forms.Send(e)})
	}
	return out
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*cases.File, error) {
	purpose := cases.Care
	if r.Actor.Has(policy.Manager) {
		purpose = cases.Supervision
	}
	return p.cases.Open(ctx, r.Actor, cases.ID(r.Path("case")), purpose)
}

func (p *Pages) read(ctx context.Context, fn func(context.Context, *store.Tx) error) error {
	return p.cases.DB().Read(ctx, fn)
}

func (p *Pages) page(ctx context.Context, f *cases.File, title string, body templ.Component, invalid bool, flash *ui.Flash) (web.Response, error) {
	bar, err := p.bar(ctx, f)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: title, Body: body, CaseBar: bar, Invalid: invalid, Current: "/cases", Flash: flash,
		Back: &ui.Link{Text: "Back to the case", Href: f.Path()},
	}, nil
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"waits":  "It is recorded, and a task says when to speak to them again",
	"unmet":  "The unmet need is recorded",
	"looked": "What was said is recorded",
}

func path(f *cases.File) string { return f.Path() + "/waiting" }

type overviewView struct {
	File  *cases.File
	List  []waiting.Entry
	Today string
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := overviewView{File: f, Today: p.waiting.Today()}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.List, err = p.waiting.Entries(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Waiting and unmet need", overviewBody(v), false, r.Done(done))
}

func (p *Pages) newEditor() editor {
	return editor{
		Title: "Add what they wait for, or cannot have",
		Build: func(_ context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			domain := waiting.Domain(r.Query("domain"))
			if !slices.Contains(waiting.Domains(), domain) {
				domain = ""
			}
			return fields.Form{Action: path(f) + "/new", Button: "Record", Fields: []fields.Field{
				{Sort: fields.Choice, Name: "service", Label: "Which kind of service?", Items: fields.Items(waiting.Services())},
				{Sort: fields.Line, Name: "name", Label: "Which one, if it has a name?"},
				{Sort: fields.Tick, Name: "ours", Label: "It is our own service"},
				{Sort: fields.Choice, Name: "domain", Label: "What is it about?", Hint: "What is said of immigration and entitlement is kept apart.", Items: fields.Items(waiting.Domains()), Value: string(domain)},
				{Sort: fields.Area, Name: "why", Label: "What do they need, and why do they wait?"},
				{Sort: fields.Radios, Name: "state", Label: "Where does it stand?", Items: fields.Items([]waiting.State{waiting.Waits, waiting.Offered, waiting.NotAvailable})},
				{Sort: fields.Date, Name: "since", Label: "Since when?", Value: p.waiting.Today()},
				{Sort: fields.Date, Name: "review_on", Heading: "If they wait", Label: "By when are they spoken to again?"},
				{Sort: fields.Choice, Name: "reason", Heading: "If it cannot be had", Label: "Why not?", Items: fields.Items(waiting.WhyUnmet())},
			}}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			e := waiting.Entry{
				Service: waiting.Service(v.Get("service")), Ours: v.Get("ours") == "yes", Domain: waiting.Domain(v.Get("domain")), State: waiting.State(v.Get("state")),
				Since: fields.Day(v, "since"), ReviewOn: fields.Day(v, "review_on"), Reason: waiting.Reason(v.Get("reason")),
				Words: waiting.EntryWords{Name: v.Get("name"), Why: v.Get("why")},
			}
			_, err := p.waiting.Add(ctx, f, e)
			if e.State == waiting.NotAvailable {
				return path(f) + "?done=unmet", err
			}
			return path(f) + "?done=waits", err
		},
	}
}

type entryView struct {
	File  *cases.File
	Entry waiting.Entry
	Looks []waiting.Look
	Names map[string]string
	Today string
}

func (p *Pages) lookEditor() editor {
	return editor{
		Title: "What they wait for",
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (fields.Form, error) {
			v := entryView{File: f, Today: p.waiting.Today()}
			err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
				v.Entry, v.Looks, err = p.waiting.Entry(ctx, tx, f, waiting.EntryID(r.Path("entry")))
				return err
			})
			if err != nil {
				return fields.Form{}, err
			}
			if !v.Entry.State.Goes() {
				return fields.Form{}, store.ErrNotFound // it has ended, and stands on the page of the case
			}
			accounts := []string{v.Entry.RecordedBy}
			for _, l := range v.Looks {
				accounts = append(accounts, l.RecordedBy)
			}
			if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), accounts); err != nil {
				return fields.Form{}, err
			}
			return fields.Form{
				Title: v.Entry.Service.Label(), Intro: entryIntro(v), Action: path(f) + "/" + string(v.Entry.ID), Button: "Record", Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(v.Entry.Version, 10)},
					{Sort: fields.Area, Name: "text", Heading: "What was said", Label: "What did they say, and the service?"},
					{Sort: fields.Radios, Name: "state", Label: "Where does it stand now?", Items: fields.Items(waiting.States()), Value: string(v.Entry.State)},
					{Sort: fields.Choice, Name: "reason", Label: "If it was declined or cannot be had: why?", Items: fields.Items(append(waiting.WhyDeclined(), waiting.WhyUnmet()...))},
					{Sort: fields.Date, Name: "review_on", Label: "If they go on waiting: by when are they spoken to again?"},
				}, After: looksBody(v),
			}, nil
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			version, err := strconv.ParseInt(v.Get("version"), 10, 64)
			if err != nil {
				version = 0 // fits nothing
			}
			err = p.waiting.Look(ctx, f, waiting.EntryID(r.Path("entry")), waiting.NewLook{
				State: waiting.State(v.Get("state")), Reason: waiting.Reason(v.Get("reason")), ReviewOn: fields.Day(v, "review_on"), Text: v.Get("text"), Version: version,
			})
			return path(f) + "?done=looked", err
		},
	}
}

// listPage is how many lines stand on a page of the waiting list.
const listPage = 25

type listView struct {
	Lines []waiting.Line
	All   bool
	More  string
	Today string
	Names map[string]string
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	v := listView{All: r.Query("show") != "mine", Today: p.waiting.Today()}
	which := cases.All
	if !v.All {
		which = cases.Mine
	}
	after := waiting.Line{ID: waiting.EntryID(r.Query("after")), Since: r.Query("since")}
	if n, err := strconv.ParseInt(r.Query("priority"), 10, 64); err == nil {
		after.Priority = waiting.Priority(n)
	}
	var err error
	if v.Lines, err = p.waiting.Waiting(ctx, r.Actor, which, after, listPage); err != nil {
		return nil, err
	}
	var leads []string
	for _, l := range v.Lines {
		leads = append(leads, l.Lead)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, leads); err != nil {
		return nil, err
	}
	if len(v.Lines) == listPage {
		last := v.Lines[len(v.Lines)-1]
		q := url.Values{"priority": {strconv.FormatInt(int64(last.Priority), 10)}, "since": {last.Since}, "after": {string(last.ID)}}
		if !v.All {
			q.Set("show", "mine")
		}
		v.More = "/waiting?" + q.Encode()
	}
	return web.Page{Title: "Waiting list", Body: listBody(v), Current: "/cases", Wide: true}, nil
}

type panelView struct {
	File  *cases.File
	Brief waiting.Brief
}

// Panel is what the case page shows of waiting.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, waiting.ActWait) {
		return nil, nil
	}
	v := panelView{File: f}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Brief, err = p.waiting.Brief(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return panelBody(v), nil
}

func day(s string) string { return cases.DayInWords(s) }

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// days says how long somebody has waited.
func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// due is a day, with whether it has passed.
func due(on, today string) ui.ContextualDateParams {
	d := ui.ContextualDateParams{Text: day(on), DateTime: on}
	switch {
	case on > today:
	case on < today:
		d.State, d.Words = ui.DateOverdue, "overdue"
	default:
		d.State, d.Words = ui.DateToday, "today"
	}
	return d
}

func riskTag(p waiting.Priority) ui.TagParams {
	if p == waiting.High {
		return ui.TagParams{Text: p.Label(), Colour: ui.TagRed}
	}
	return ui.TagParams{Text: p.Label(), Colour: ui.TagGrey}
}

func whose(ours bool) string {
	if ours {
		return "Ours"
	}
	return "Another service"
}

func listRows(v listView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Lines {
		rows = append(rows, []ui.TableCell{
			{Content: link(l.Path(), "Case "+strconv.FormatInt(l.Number, 10))},
			{Content: tag(riskTag(l.Priority))},
			{Text: l.Service.Label() + ". " + whose(l.Ours)},
			{Text: l.Domain.Label()},
			{Text: days(l.Days(v.Today))},
			{Text: l.State.Label()},
			{Content: contextual(due(l.ReviewOn, v.Today))},
			{Text: or(v.Names[l.Lead], "somebody else")},
		})
	}
	return rows
}

func entryRows(v overviewView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, e := range v.List {
		what := strings.Trim(e.Service.Label()+". "+e.Words.Name, ". ")
		first := ui.TableCell{Text: what}
		next := ui.TableCell{Text: "Ended on " + day(e.EndedOn)}
		if e.State.Goes() {
			first = ui.TableCell{Content: link(path(v.File)+"/"+string(e.ID), what)}
			next = ui.TableCell{Content: contextual(due(e.ReviewOn, v.Today))}
		}
		stands, why := e.State.Label(), e.Words.Why
		if e.Reason != waiting.NoReason {
			stands += ". " + e.Reason.Label()
		}
		if e.Apart {
			why = "Kept apart"
		}
		rows = append(rows, []ui.TableCell{first, {Text: e.Domain.Label()}, {Text: why}, {Text: days(e.Days(v.Today))}, {Text: stands}, next})
	}
	return rows
}

func lookRows(v entryView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range v.Looks {
		text := l.Text
		if l.Apart {
			text = "Kept apart"
		}
		rows = append(rows, []ui.TableCell{{Text: day(l.RecordedAt.Format("2006-01-02"))}, {Text: l.State.Label()}, {Text: text}, {Text: or(v.Names[l.RecordedBy], "somebody else")}})
	}
	return rows
}

func entrySummary(v entryView) []ui.SummaryRow {
	why := or(v.Entry.Words.Why, "Nothing more is recorded")
	if v.Entry.Apart {
		why = "Kept apart"
	}
	rows := []ui.SummaryRow{
		{Key: "About", Value: v.Entry.Domain.Label()},
		{Key: "Why they wait", Value: why},
		{Key: "Waiting", Value: days(v.Entry.Days(v.Today)) + ", since " + day(v.Entry.Since)},
		{Key: "Risk", Value: v.Entry.Priority.Label()},
	}
	if v.Entry.Words.Name != "" {
		rows = append([]ui.SummaryRow{{Key: "Service", Value: v.Entry.Words.Name}}, rows...)
	}
	return rows
}

// waits says what the person of a case waits for.
func waits(b waiting.Brief) string {
	what := "They wait for one service."
	if b.Open > 1 {
		what = "They wait for " + strconv.FormatInt(b.Open, 10) + " services."
	}
	return what + " Speak to them by " + day(b.ReviewOn) + "."
}
