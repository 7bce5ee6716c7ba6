package pathwayweb

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/provision"
)

// The pages over all cases and over all people.
const (
	Overdue  = Home + "/overdue"
	Coverage = Home + "/coverage"
)

// asked is the version that an address names, the newest without one, with all of
// the pathway.
func (p *Pages) asked(ctx context.Context, r *web.Request) (pathway.Version, []pathway.Version, error) {
	all, err := p.versions(ctx, r)
	if err != nil {
		return pathway.Version{}, nil, err
	}
	asked := r.Query("version")
	if asked == "" {
		return all[0], all, nil
	}
	for _, one := range all {
		if strconv.FormatInt(one.Number, 10) == asked {
			return one, all, nil
		}
	}
	return pathway.Version{}, nil, store.ErrNotFound
}

func (p *Pages) planDefinition(ctx context.Context, r *web.Request) (web.Response, error) {
	v, _, err := p.asked(ctx, r)
	if err != nil {
		return nil, err
	}
	body, err := v.FHIR()
	return web.Content{Type: "application/fhir+json", Body: body, Name: "pathway-" + v.Document.ID + ".json"}, err
}

func (p *Pages) process(ctx context.Context, r *web.Request) (web.Response, error) {
	v, _, err := p.asked(ctx, r)
	if err != nil {
		return nil, err
	}
	body, err := v.BPMN()
	return web.Content{Type: "application/xml", Body: body, Name: "pathway-" + v.Document.ID + ".bpmn"}, err
}

func exports(v pathway.Version, what string) string {
	return fmt.Sprintf("%s/%s?version=%d", address(v), what, v.Number)
}

type lateView struct {
	Page  pathway.LatePage
	Which cases.Which
	More  string
	Zone  *time.Location
}

func (v lateView) tabs() []ui.NavItem {
	return []ui.NavItem{
		{Text: "Held by you", Href: Overdue, Current: v.Which == cases.Mine},
		{Text: "All you may see", Href: Overdue + "?show=all", Current: v.Which == cases.All},
	}
}

func (p *Pages) overdue(ctx context.Context, r *web.Request) (web.Response, error) {
	v := lateView{Which: cases.Mine, Zone: p.zone}
	if r.Query("show") == string(cases.All) || r.Query("show") == "" && !r.Actor.Has(policy.Practitioner) && !r.Actor.Has(policy.Specialist) {
		v.Which = cases.All
	}
	var after *cases.Row
	if at, err := time.Parse(time.RFC3339Nano, r.Query("at")); err == nil {
		after = &cases.Row{Touched: at, ID: cases.ID(r.Query("after"))}
	}
	var err error
	if v.Page, err = p.pathways.Overdue(ctx, r.Actor, v.Which, after); err != nil {
		return nil, err
	}
	if last := v.Page.After; last != nil {
		v.More = Overdue + "?" + url.Values{"show": {string(v.Which)}, "at": {last.Touched.Format(time.RFC3339Nano)}, "after": {string(last.ID)}}.Encode()
	}
	return web.Page{Title: "Overdue steps of pathways", Body: lateBody(v), Current: "/cases", Back: &ui.Link{Text: "Cases", Href: "/cases"}}, nil
}

func lookedWords(v lateView) string {
	of := "cases that you hold"
	if v.Which == cases.All {
		of = "cases that you may see"
	}
	text := fmt.Sprintf("Looked at the %d %s that were touched last", v.Page.Looked, of)
	if v.Page.After == nil {
		text = fmt.Sprintf("Looked at %d %s, and there are no more", v.Page.Looked, of)
	}
	steps := 0
	for _, l := range v.Page.Late {
		steps += len(l.Steps)
	}
	switch steps {
	case 0:
		return text + ". Nothing is overdue on them."
	case 1:
		return text + ". One step is overdue."
	}
	return text + ". " + strconv.Itoa(steps) + " steps are overdue."
}

func lateStepPath(row cases.Row, s pathway.LateStep) string {
	return row.Path() + "/pathway/" + url.PathEscape(s.Pathway) + "/" + url.PathEscape(s.Step.ID)
}

func rowTitle(row cases.Row) string {
	return row.Details.Name() + ", case " + strconv.FormatInt(row.Number, 10)
}

type coverageView struct{ Found pathway.Coverage }

func (p *Pages) coverage(ctx context.Context, r *web.Request) (web.Response, error) {
	found, err := p.pathways.Coverage(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Who reaches no service", Body: coverageBody(coverageView{found}), Current: Home, Wide: true, Back: &ui.Link{Text: "All local pathways", Href: Home}}, nil
}

func leftWords(c pathway.Coverage) string {
	if c.Left == 0 {
		return fmt.Sprintf("All of %d made-up people reach a service for every step that they are called to.", c.People)
	}
	return fmt.Sprintf("%d of %d made-up people reach no service for at least one step.", c.Left, c.People)
}

func gapRows(gaps []pathway.Gap, side provision.Side) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, g := range gaps {
		if g.Side != side {
			continue
		}
		step, kinds := "No pathway is for them", ""
		if g.Step.ID != "" {
			step, kinds = g.Step.Title+" ("+g.Pathway+")", g.Step.Who()
		}
		rows = append(rows, []ui.TableCell{{Text: g.Who()}, {Text: step}, {Text: kinds}, {Text: strconv.Itoa(g.People)}})
	}
	return rows
}

// limits tell from where a service takes people beside those of the area, whom it
// cannot take, and how one refers to it.
func limits(s provision.Service) string {
	var more []string
	for _, at := range s.Places {
		if at != provision.Here {
			more = append(more, at.Short())
		}
	}
	text := "."
	if len(more) > 0 {
		text += " Takes people " + strings.Join(more, " and ") + " too."
	}
	if !slices.Contains(s.Places, provision.Here) {
		text += " Takes nobody else."
	}
	if len(s.Not) > 0 {
		text += " Cannot take " + labels(s.Not) + "."
	}
	if s.How != "" {
		text += " " + s.How
	}
	return text
}

func madeFor(s provision.Service) string { return labels(s.Made) }

// labels are traits inside a sentence.
func labels(list []provision.Trait) string {
	var out []string
	for _, t := range list {
		label := t.Label()
		if strings.ToLower(label[1:2]) == label[1:2] { // LGBT+ stays as it is
			label = strings.ToLower(label[:1]) + label[1:]
		}
		out = append(out, label)
	}
	return strings.Join(out, ", ")
}
