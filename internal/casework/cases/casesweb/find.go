package casesweb

import (
	"context"
	"net/url"
	"strconv"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

// FindPath is where cases and people are looked for.
const FindPath = "/cases/find"

// foundPage is how many of those found one page shows.
const foundPage = 25

// findView is the form, and below it the answer.
type findView struct {
	Text             string
	Day, Month, Year string
	Errors           forms.Errors
	Asked            bool // and understood
	Later            bool // not the first page
	Sought           cases.Sought
	Rows             []foundRow
	Slot             *cases.Slot
	SlotLead         string
	More             []ui.HiddenField // what leads to the next page; none: there is none
}

// foundRow is a line of the answer.
type foundRow struct {
	cases.Found
	Holder string
	Team   string
}

func (p *Pages) findForm(context.Context, *web.Request) (web.Response, error) {
	return findView{}.page(), nil
}

func (v findView) page() web.Page {
	return web.Page{Title: "Find a case or a person", Body: findBody(v), Invalid: v.Errors.Any(), Current: FindPath, Wide: true}
}

// find is POST: whom somebody looks for is in no address and in no log (S5). No
// script asks while they type: an answer is looked for once, and recorded.
func (p *Pages) find(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := findView{Text: form.Get("q"), Day: form.Get("born-day"), Month: form.Get("born-month"), Year: form.Get("born-year")}
	v.Sought, v.Errors = cases.ParseSought(v.Text, bornOf(v.Day, v.Month, v.Year))
	if v.Errors.Any() {
		return v.page(), nil
	}
	after := lastOf(form)
	found, err := p.cases.Find(ctx, r.Actor, v.Sought, after, foundPage)
	if err != nil {
		return nil, err
	}
	v.Asked, v.Later = true, after != nil
	if v.Rows, err = p.foundRows(ctx, r, found.Found); err != nil {
		return nil, err
	}
	if v.Slot = found.Slot; v.Slot != nil {
		names, err := p.directory.MemberNames(ctx, r.Actor, []string{v.Slot.Lead})
		if err != nil {
			return nil, err
		}
		v.SlotLead = who(names, v.Slot.Lead)
	}
	if found.More {
		v.More = v.next()
	}
	return v.page(), nil
}

// next are the fields of the form that asks for the next page.
func (v findView) next() []ui.HiddenField {
	last := v.Rows[len(v.Rows)-1]
	return []ui.HiddenField{
		{Name: "q", Value: v.Text},
		{Name: "born-day", Value: v.Day},
		{Name: "born-month", Value: v.Month},
		{Name: "born-year", Value: v.Year},
		{Name: "after", Value: number(last.Number)},
		{Name: "after-person", Value: string(last.Person)},
		{Name: "after-role", Value: string(last.Role)},
	}
}

// lastOf is the last line of the page before; nil on the first page.
func lastOf(form url.Values) *cases.Found {
	n, err := strconv.ParseInt(form.Get("after"), 10, 64)
	if err != nil || n <= 0 {
		return nil
	}
	return &cases.Found{Number: n, Person: people.ID(form.Get("after-person")), Role: cases.Role(form.Get("after-role"))}
}

// foundRows names who holds the cases of an answer.
func (p *Pages) foundRows(ctx context.Context, r *web.Request, found []cases.Found) ([]foundRow, error) {
	teams, err := p.teamNames(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	var leads []string
	for _, f := range found {
		leads = append(leads, f.Lead)
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, leads)
	if err != nil {
		return nil, err
	}
	var out []foundRow
	for _, f := range found {
		out = append(out, foundRow{Found: f, Holder: who(names, f.Lead), Team: teams[f.Team]})
	}
	return out, nil
}

// heading says how much was found. It counts what is shown, and nothing else.
func (v findView) heading() string {
	switch n := len(v.Rows); {
	case n == 0 && v.Slot == nil:
		return "Nothing found"
	case v.Later:
		return "More found"
	case len(v.More) > 0:
		return "The first " + strconv.Itoa(n) + " found"
	case n == 1 || n == 0:
		return "1 found"
	default:
		return strconv.Itoa(n) + " found"
	}
}

// as is what somebody is in the case.
func (r foundRow) as() string {
	if r.Role == "" {
		return "The case is about them"
	}
	return r.Found.Role.Label()
}

// state tells whether the work goes on.
func (r foundRow) state() string {
	switch {
	case !r.Closed.IsZero():
		return "Closed " + day(r.Closed.In(london).Format("2006-01-02"))
	case r.Kind == cases.Light:
		return "Open (asked only)"
	}
	return "Open"
}

func (r foundRow) team() string {
	if r.Team == "" {
		return "no team"
	}
	return r.Team
}

func foundCells(rows []foundRow) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, r := range rows {
		out = append(out, []ui.TableCell{
			{Content: foundLink(r)}, {Text: r.Details.Name()}, {Text: day(r.Details.Born)}, {Text: r.as()}, {Text: r.Holder}, {Text: r.team()}, {Text: r.state()},
		})
	}
	return out
}
