package casesweb

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

const (
	chronologyPage = 50  // entries on a screen
	chronologyPart = 400 // entries in one part of a printed chronology
)

// chronologyView is a chronology, or the part of one that was asked for.
type chronologyView struct {
	File   *cases.File
	Part   cases.Extract
	Days   map[string][3]string // the days as they were typed: day, month, year
	Errors forms.Errors
	Events []cases.Event
	Names  map[string]string
	More   string
	By, At string // who prints it, and when
	Cut    int    // entries of which something is not on paper
}

// path is the address of a chronology read in this way.
func (v chronologyView) path(page string) string {
	q := url.Values{}
	for _, t := range v.Part.Topics {
		q.Add("topic", string(t))
	}
	for field, d := range v.Days {
		for i, part := range []string{"day", "month", "year"} {
			if d[i] != "" {
				q.Set(field+"-"+part, d[i])
			}
		}
	}
	path := v.File.Path() + page
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// after is the address of what follows an entry.
func (v chronologyView) after(page string, e cases.Event) string {
	path := v.path(page)
	mark := "?"
	if path != v.File.Path()+page {
		mark = "&"
	}
	return path + mark + url.Values{"after": {string(e.ID)}, "on": {e.On}}.Encode()
}

// Narrowed tells whether only a part is shown.
func (v chronologyView) Narrowed() bool {
	return len(v.Part.Topics) > 0 || v.Part.From != "" || v.Part.To != ""
}

// read reads what was asked for. Whatever is wrong with the days, the entries
// are those of the topics.
func (p *Pages) read(ctx context.Context, r *web.Request, f *cases.File, oldest bool, limit int) (chronologyView, error) {
	v := chronologyView{File: f, Part: cases.Extract{Oldest: oldest}, Days: map[string][3]string{}}
	for _, t := range r.QueryAll("topic") {
		if slices.Contains(cases.Topics(), cases.Topic(t)) {
			v.Part.Topics = append(v.Part.Topics, cases.Topic(t))
		}
	}
	for field, to := range map[string]*string{"from": &v.Part.From, "to": &v.Part.To} {
		d := [3]string{r.Query(field + "-day"), r.Query(field + "-month"), r.Query(field + "-year")}
		v.Days[field] = d
		*to = forms.JoinDate(d[0], d[1], d[2])
	}
	if v.Errors = v.Part.Check(); v.Errors.Any() {
		v.Part.From, v.Part.To = "", ""
	}
	part := v.Part
	if id := r.Query("after"); id != "" {
		part.After = &cases.Event{ID: cases.EventID(id), On: r.Query("on")}
	}
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Events, err = p.cases.Entries(ctx, tx, f, part, limit)
		return err
	})
	if err != nil {
		return v, err
	}
	v.Names, err = p.names(ctx, f, v.Events)
	return v, err
}

func (p *Pages) chronology(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.read(ctx, r, f, false, chronologyPage)
	if err != nil {
		return nil, err
	}
	if len(v.Events) == chronologyPage {
		v.More = v.after("/chronology", v.Events[chronologyPage-1])
	}
	return p.page(ctx, f, "Case "+number(f.Number())+" chronology", chronologyBody(v), v.Errors.Any())
}

// printed is a chronology to be printed: the oldest first, marked with who
// printed it and when.
func (p *Pages) printed(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.read(ctx, r, f, true, chronologyPart)
	if err != nil {
		return nil, err
	}
	if len(v.Events) == chronologyPart {
		v.More = v.after("/chronology/print", v.Events[chronologyPart-1])
	}
	if err := p.forPaper(ctx, f, &v); err != nil {
		return nil, err
	}
	v.By, v.At = f.Actor().Name, recorded(p.db.Clock()())
	return web.Page{
		Title: "To print", Body: printedBody(v), Current: "/cases", Back: &ui.Link{Text: "Back", Href: v.path("/chronology")}, Invalid: v.Errors.Any(),
	}, nil
}

// forPaper takes out what must not leave: paper is found.
func (p *Pages) forPaper(ctx context.Context, f *cases.File, v *chronologyView) error {
	var guards cases.Guards
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		guards, err = p.cases.Guards(ctx, tx, f)
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range v.Events {
		left, cut := guards.Without(e.Text)
		if cut {
			v.Events[i].Text = strings.TrimSpace(left + "\n" + "[An address or a number that is kept apart is not on paper.]")
			v.Cut++
		}
	}
	return nil
}

func topicItems(v chronologyView) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, t := range cases.Topics() {
		items = append(items, ui.CheckboxItem{Value: string(t), Text: t.Label(), Checked: slices.Contains(v.Part.Topics, t)})
	}
	return items
}

// chosen are the filters in use, each with the address without it.
func (v chronologyView) chosen() []ui.FilterCategory {
	var out []ui.FilterCategory
	if len(v.Part.Topics) > 0 {
		c := ui.FilterCategory{Heading: "About"}
		for i, t := range v.Part.Topics {
			less := v
			less.Part.Topics = slices.Delete(slices.Clone(v.Part.Topics), i, i+1)
			c.Items = append(c.Items, ui.Link{Text: t.Label(), Href: less.path("/chronology")})
		}
		out = append(out, c)
	}
	for _, d := range []struct{ field, heading, day string }{{"from", "From", v.Part.From}, {"to", "To", v.Part.To}} {
		if d.day == "" {
			continue
		}
		less := v
		less.Days = map[string][3]string{}
		for field, typed := range v.Days {
			if field != d.field {
				less.Days[field] = typed
			}
		}
		out = append(out, ui.FilterCategory{Heading: d.heading, Items: []ui.Link{{Text: cases.DayInWords(d.day), Href: less.path("/chronology")}}})
	}
	return out
}

// said is what is shown, in words for paper.
func (v chronologyView) said() string {
	var about []string
	for _, t := range v.Part.Topics {
		about = append(about, t.Label())
	}
	text := "Everything that is recorded"
	if len(about) > 0 {
		text = "Only: " + strings.Join(about, ", ")
	}
	if v.Part.From != "" {
		text += ", from " + cases.DayInWords(v.Part.From)
	}
	if v.Part.To != "" {
		text += ", to " + cases.DayInWords(v.Part.To)
	}
	return text + "."
}

// nothing is what is said in place of entries. With wrong days the entries are
// not those that were asked for, and the error says so.
func nothing(v chronologyView) string {
	if v.Narrowed() {
		return "Nothing is recorded in this part. Show everything to see the rest."
	}
	return "Nothing more is recorded."
}
