package casesweb

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// inboxPage bounds what one page of an inbox shows.
const inboxPage = 30

type homePage struct {
	Name    string
	Worker  bool // may work with cases
	Asks    bool // meets people, and asks them
	Manages bool
	Admin   bool
	Contact bool // a key contact
	Tiles   []ui.NumericTile
	First   []templ.Component
	Tasks   []cases.Task
	Reviews []cases.Task // of what was done at once, for managers
	Today   string
}

func (p *Pages) home(ctx context.Context, r *web.Request) (web.Response, error) {
	h := homePage{
		Name: r.Actor.Name, Worker: worksWithCases(r.Actor), Manages: r.Actor.Has(policy.Manager), Admin: r.Actor.Has(policy.Administrator),
		Contact: r.Actor.Has(policy.KeyContact), Asks: r.Actor.Has(policy.Practitioner) || r.Actor.Has(policy.Specialist),
		Today: p.today(),
	}
	if h.Worker {
		tasks, err := p.cases.Inbox(ctx, r.Actor, "", cases.Task{}, inboxPage)
		if err != nil {
			return nil, err
		}
		h.Tasks = tasks
		waiting, err := p.cases.Waiting(ctx, r.Actor, h.Today)
		if err != nil {
			return nil, err
		}
		h.Tiles = append(h.Tiles, taskTiles(waiting)...)
	}
	if h.Manages {
		reviews, err := p.cases.Reviews(ctx, r.Actor, inboxPage)
		if err != nil {
			return nil, err
		}
		h.Reviews = reviews
		tile := ui.NumericTile{Label: "Acts to review", Value: strconv.Itoa(len(reviews)), Href: Home + "#reviews"}
		if slices.ContainsFunc(reviews, func(t cases.Task) bool { return t.Due < h.Today }) {
			tile.Kind = ui.TileLate
		}
		h.Tiles = append(h.Tiles, tile)
	}
	if h.Contact {
		notices, err := p.cases.Notices(ctx, r.Actor, noticesMost)
		if err != nil {
			return nil, err
		}
		h.Tiles = append(h.Tiles, ui.NumericTile{Label: "Access to review", Value: strconv.Itoa(len(notices)), Href: "/access/reviews"})
	}
	for _, waiting := range p.waiting {
		tiles, err := waiting(ctx, r.Actor)
		if err != nil {
			return nil, err
		}
		h.Tiles = append(h.Tiles, tiles...)
	}
	for _, pressing := range p.pressing {
		first, err := pressing(ctx, r.Actor)
		if err != nil {
			return nil, err
		}
		if first != nil {
			h.First = append(h.First, first)
		}
	}
	return web.Page{Title: "Your work", Body: homeBody(h), Current: Home, Flash: r.Done(done), Wide: true}, nil
}

func worksWithCases(a policy.Actor) bool {
	return a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager)
}

func (p *Pages) today() string { return store.Moment(p.clock()).Format(time.DateOnly) }

func taskTiles(w cases.Waiting) []ui.NumericTile {
	number := func(n int) string {
		if n >= cases.WaitingMost {
			return strconv.Itoa(n) + " or more"
		}
		return strconv.Itoa(n)
	}
	late := ui.NumericTile{Label: "Overdue", Value: number(w.Overdue), Href: "/inbox"}
	if w.Overdue > 0 {
		late.Kind = ui.TileLate
	}
	return []ui.NumericTile{late, {Label: "Due today", Value: number(w.Today), Href: "/inbox"}}
}

// box is one inbox: the worker's own, or that of a team.
type box struct {
	Title string
	Team  string
	Tasks []cases.Task
	More  string // address of the next page
}

func (p *Pages) inbox(ctx context.Context, r *web.Request) (web.Response, error) {
	names, err := p.teamNames(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	boxes := []box{{Title: "Yours"}}
	for _, team := range r.Actor.Teams {
		boxes = append(boxes, box{Title: names[team], Team: team})
	}
	for i := range boxes {
		b := &boxes[i]
		var after cases.Task
		if r.Query("of") == b.Team {
			after = cases.Task{Due: r.Query("due"), ID: cases.TaskID(r.Query("after"))}
		}
		if b.Tasks, err = p.cases.Inbox(ctx, r.Actor, b.Team, after, inboxPage+1); err != nil {
			return nil, err
		}
		if len(b.Tasks) > inboxPage {
			b.Tasks = b.Tasks[:inboxPage]
			last := b.Tasks[inboxPage-1]
			b.More = query("/inbox", "of", b.Team, "due", last.Due, "after", string(last.ID))
		}
	}
	return web.Page{Title: "Inbox", Body: inboxBody(boxes, p.today(), worksWithCases(r.Actor)), Current: "/inbox", Flash: r.Done(done), Wide: true}, nil
}

// teamNames are the names of the teams of the actor's agency.
func (p *Pages) teamNames(ctx context.Context, actor policy.Actor) (map[string]string, error) {
	list, err := p.directory.Teams(ctx, actor, directory.AgencyID(actor.Agency), directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range list.Items {
		names[string(t.ID)] = t.Name
	}
	return names, nil
}
