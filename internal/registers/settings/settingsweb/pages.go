package settingsweb

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/settings"
)

// Path is the address of the report.
const Path = "/measures/settings"

// Pages are the pages of this package.
type Pages struct{ register *settings.Register }

// New makes the pages.
func New(register *settings.Register) *Pages { return &Pages{register: register} }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	asked := fields.Pages[line]{Open: p.open, Page: func(_ context.Context, _ line, title string, body templ.Component, invalid bool) (web.Response, error) {
		return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/measures", Back: &ui.Link{Text: "Ten settings", Href: Path}}, nil
	}}
	return []web.Route{
		get(Path, settings.ActRead, p.report),
		get(Path+"/new", settings.ActKeep, asked.Show(p.editor())),
		post(Path+"/new", settings.ActKeep, asked.Send(p.editor())),
		get(Path+"/{line}", settings.ActKeep, asked.Show(p.editor())),
		post(Path+"/{line}", settings.ActKeep, asked.Send(p.editor())),
	}
}

// line is a line with whoever keeps it; a new one has no id.
type line struct {
	settings.Line
	actor policy.Actor
}

func (p *Pages) open(ctx context.Context, r *web.Request) (line, error) {
	out := line{actor: r.Actor}
	id := r.Path("line")
	if id == "" {
		return out, nil
	}
	var err error
	out.Line, err = p.register.Line(ctx, r.Actor, id)
	return out, err
}

func (p *Pages) editor() fields.Editor[line] {
	return fields.Editor[line]{
		Title: "How support is offered in a setting",
		Build: func(_ context.Context, l line, r *web.Request) (fields.Form, error) {
			b := fields.Form{Action: Path + "/new", Button: "Keep"}
			if l.ID != "" {
				b.Action, b.Title = Path+"/"+l.ID, l.Setting.Label()
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(l.Version, 10)})
			} else {
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Choice, Name: "setting", Label: "In which setting?", Items: fields.Items(settings.Ten()), Value: r.Query("setting")})
			}
			reviewed := l.ReviewedOn
			if reviewed == "" {
				reviewed = p.register.Today()
			}
			b.Fields = append(b.Fields,
				fields.Field{Sort: fields.Radios, Name: "how", Label: "How is support offered there?", Hint: "It is offered there. It may be given elsewhere.", Items: fields.Items(settings.Hows()), Value: string(l.How)},
				fields.Field{Sort: fields.Line, Name: "whom", Label: "Which team or service offers it?", Value: l.Words.Whom},
				fields.Field{Sort: fields.Line, Name: "area", Label: "In which area?", Hint: "Leave it empty for the whole partnership.", Value: l.Words.Area},
				fields.Field{Sort: fields.Area, Name: "text", Label: "What was agreed?", Hint: "You may leave it empty. Name nobody who is helped.", Value: l.Words.Text},
				fields.Field{Sort: fields.Date, Name: "since", Label: "Since when is it offered?", Value: l.Since},
				fields.Field{Sort: fields.Date, Name: "until", Label: "Until when, if it has ended or will?", Value: l.Until},
				fields.Field{Sort: fields.Date, Name: "reviewed", Label: "When did somebody look at it last?", Value: reviewed},
				fields.Field{Sort: fields.Date, Name: "review", Label: "By when is it looked at again?", Value: l.ReviewOn},
			)
			return b, nil
		},
		Save: func(ctx context.Context, l line, _ *web.Request, v url.Values) (string, error) {
			version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
			kept := settings.Line{
				ID: l.ID, Setting: l.Setting, How: settings.How(v.Get("how")), Since: fields.Day(v, "since"), Until: fields.Day(v, "until"),
				ReviewedOn: fields.Day(v, "reviewed"), ReviewOn: fields.Day(v, "review"), Version: version,
				Words: settings.Words{Area: v.Get("area"), Whom: v.Get("whom"), Text: v.Get("text")},
			}
			if l.ID == "" {
				kept.Setting = settings.Setting(v.Get("setting"))
			}
			return Path + "?done=kept", p.register.Keep(ctx, l.actor, kept)
		},
	}
}

var done = map[string]string{"kept": "The line is kept"}

type reportView struct {
	settings.Report
	Views    []measures.View
	View     measures.View
	From, To string
	Area     string
	Agency   string // of the reader
	Errors   forms.Errors
}

// viewOwn and viewAll name the views in addresses.
const (
	viewOwn = "own"
	viewAll = "all"
)

func nameOf(v measures.View) string {
	if v.Agency == "" {
		return viewAll
	}
	return viewOwn
}

func (p *Pages) report(ctx context.Context, r *web.Request) (web.Response, error) {
	counter := p.register.Counter()
	v := reportView{Views: counter.Views(r.Actor), Area: web.Clean(r.Query("area")), Agency: r.Actor.Agency}
	for _, one := range v.Views {
		if nameOf(one) == r.Query("view") {
			v.View = one
		}
	}
	if r.Query("view") == "" && len(v.Views) > 0 {
		v.View = v.Views[0]
	}
	period := counter.Registry().YearTo(p.register.Now())
	v.From, v.To = dateOf(r, "from"), dateOf(r, "to")
	if v.From == "" && v.To == "" {
		v.From, v.To = period.From, period.To
	}
	period = v.period()
	if !v.Errors.Any() {
		var err error
		if v.Report, err = p.register.Report(ctx, r.Actor, settings.Query{View: v.View, Period: period, Area: v.Area}); err != nil {
			return nil, err
		}
	}
	if r.Query("as") == "csv" && !v.Errors.Any() {
		var b bytes.Buffer
		if err := v.WriteCSV(&b); err != nil {
			return nil, err
		}
		return web.Content{Type: "text/csv; charset=utf-8", Body: b.Bytes(), Name: "settings.csv"}, nil
	}
	return web.Page{
		Title: "Ten settings", Body: reportBody(v), Current: "/measures", Wide: true, Invalid: v.Errors.Any(), Flash: r.Done(done), Back: &ui.Link{Text: "Measures", Href: "/measures"},
	}, nil
}

func dateOf(r *web.Request, name string) string {
	part := func(p string) string { return web.Clean(r.Query(name + "-" + p)) }
	return forms.JoinDate(part("day"), part("month"), part("year"))
}

// period is the period that was typed; what is wrong with it goes into Errors.
func (v *reportView) period() measures.Period {
	p, err := measures.ParsePeriod(v.From, v.To)
	if err != nil {
		v.Errors.Add("from-day", "Enter the first and the last day of the period, the last not before the first")
	}
	return p
}

// address is that of the report as it is asked for, in a view and in a form.
func (v reportView) address(view measures.View, as string) string {
	q := url.Values{"view": {nameOf(view)}}
	for name, value := range map[string]string{"from": v.From, "to": v.To} {
		day, month, year := forms.SplitDate(value)
		q.Set(name+"-day", day)
		q.Set(name+"-month", month)
		q.Set(name+"-year", year)
	}
	if v.Area != "" {
		q.Set("area", v.Area)
	}
	if as != "" {
		q.Set("as", as)
	}
	return Path + "?" + q.Encode()
}

func (v reportView) tabs() []ui.NavItem {
	var out []ui.NavItem
	for _, one := range v.Views {
		text := "Figures of all agencies"
		if one.Agency != "" {
			text = "Figures of your agency"
		}
		out = append(out, ui.NavItem{Text: text, Href: v.address(one, ""), Current: one == v.View})
	}
	return out
}

func (v reportView) areas() []ui.SelectItem {
	out := []ui.SelectItem{{Value: "", Text: "All areas"}}
	for _, a := range v.Areas {
		out = append(out, ui.SelectItem{Value: a, Text: a})
	}
	return out
}

func dateInput(name, legend, value, fault string) ui.DateInputParams {
	day, month, year := forms.SplitDate(value)
	return ui.DateInputParams{
		Group:      ui.Group{Name: name, IDPrefix: name, Legend: legend, LegendClasses: ui.LegendS, Error: fault},
		NamePrefix: name, ID: name, Day: day, Month: month, Year: year,
	}
}

func figureRows(row settings.Row) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, f := range row.Figures {
		rows = append(rows, []ui.TableCell{{Text: f.Label}, {Text: f.Disclosed, Format: ui.Numeric}, {Text: f.Offered, Format: ui.Numeric}, {Text: f.Taken, Format: ui.Numeric}})
	}
	return rows
}

func lineRows(v reportView, row settings.Row) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, l := range row.Lines {
		first := ui.TableCell{Text: l.Words.Whom}
		if l.Agency == v.Agency {
			first = ui.TableCell{Content: link(Path+"/"+l.ID, l.Words.Whom)}
		}
		area := l.Words.Area
		if area == "" {
			area = "All"
		}
		since := measures.DayLabel(l.Since)
		if l.Until != "" {
			since += " to " + measures.DayLabel(l.Until)
		}
		rows = append(rows, []ui.TableCell{first, {Text: l.How.Label()}, {Text: area}, {Text: since}, {Content: review(l, v.Today)}})
	}
	return rows
}

// due is when a line is looked at again.
func due(l settings.Line, today string) ui.ContextualDateParams {
	d := ui.ContextualDateParams{Text: measures.DayLabel(l.ReviewOn), DateTime: l.ReviewOn}
	switch {
	case l.ReviewOn > today:
	case l.ReviewOn < today:
		d.State, d.Words = ui.DateOverdue, "overdue"
	default:
		d.State, d.Words = ui.DateToday, "today"
	}
	return d
}

func (v reportView) gaps() int {
	n := 0
	for _, row := range v.Rows {
		if row.Nobody(v.Today) {
			n++
		}
	}
	return n
}

func gapWords(n int) string {
	switch n {
	case 0:
		return "Support is offered in all ten settings."
	case 1:
		return "In 1 of the ten settings nobody offers support."
	}
	return "In " + strconv.Itoa(n) + " of the ten settings nobody offers support."
}
