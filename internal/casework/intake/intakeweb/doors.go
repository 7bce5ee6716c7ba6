package intakeweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/intake"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// teamDoor is a team of the agency with what it takes; nothing when it is not
// named on the public pages.
type teamDoor struct {
	Team, Name string
	Door       intake.Door
	Named      bool
	Errors     forms.Errors
}

func (t teamDoor) path() string { return Doors + "/" + t.Team }

func (t teamDoor) takes() string {
	var from []string
	for _, one := range []struct {
		is   bool
		text string
	}{{t.Door.Self, "people themselves"}, {t.Door.Known, "those who know them"}, {t.Door.Work, "those who work with them"}} {
		if one.is {
			from = append(from, one.text)
		}
	}
	switch {
	case !t.Named:
		return "Not named on the public pages"
	case len(from) == 0:
		return "Named with its telephone number only"
	}
	return "Takes what is asked by " + strings.Join(from, ", ")
}

func (p *Pages) doors(ctx context.Context, r *web.Request) (web.Response, error) {
	own, err := p.intake.OwnDoors(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	teams, err := p.teams(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	var list []teamDoor
	for id, name := range teams {
		d, named := own[id]
		list = append(list, teamDoor{Team: id, Name: name, Door: d, Named: named})
	}
	slices.SortFunc(list, func(a, b teamDoor) int { return strings.Compare(a.Name+a.Team, b.Name+b.Team) })
	return web.Page{Title: "Public pages", Body: doorsBody(list), Current: "/agency", Flash: r.Done(done), Back: &ui.Link{Text: "Agency", Href: "/agency"}}, nil
}

func (p *Pages) teamDoor(ctx context.Context, r *web.Request) (teamDoor, error) {
	t := teamDoor{Team: r.Path("team")}
	var err error
	if t.Door, t.Named, err = p.intake.OwnDoor(ctx, r.Actor, t.Team); err != nil {
		return t, err
	}
	teams, err := p.teams(ctx, r.Actor)
	if err != nil {
		return t, err
	}
	if t.Name = teams[t.Team]; t.Name == "" {
		return t, store.ErrNotFound
	}
	return t, nil
}

func (p *Pages) doorForm(ctx context.Context, r *web.Request) (web.Response, error) {
	t, err := p.teamDoor(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.doorPage(t)
}

func (p *Pages) doorPage(t teamDoor) (web.Response, error) {
	return web.Page{Title: "Public pages", Body: doorBody(t), Invalid: t.Errors.Any(), Current: "/agency", Back: &ui.Link{Text: "Public pages", Href: Doors}}, nil
}

func (p *Pages) door(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	t, err := p.teamDoor(ctx, r)
	if err != nil {
		return nil, err
	}
	version, err := strconv.ParseInt(typed.Get("version"), 10, 64)
	if err != nil {
		return nil, store.ErrConflict
	}
	t.Door = intake.Door{
		Team: t.Team, Version: version, Self: slices.Contains(typed["takes"], "self"), Known: slices.Contains(typed["takes"], "known"), Work: slices.Contains(typed["takes"], "work"),
		Public: intake.Public{Name: typed.Get("name"), What: typed.Get("what"), Phone: typed.Get("phone"), Hours: typed.Get("hours")},
	}
	err = p.intake.SetDoor(ctx, r.Actor, t.Door)
	if errs, ok := forms.AsErrors(err); ok {
		t.Errors = errs
		return p.doorPage(t)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Doors + "?done=door"), nil
}

func (p *Pages) closeDoor(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	t, err := p.teamDoor(ctx, r)
	if err != nil {
		return nil, err
	}
	version, err := strconv.ParseInt(typed.Get("version"), 10, 64)
	if err != nil {
		return nil, store.ErrConflict
	}
	if err := p.intake.CloseDoor(ctx, r.Actor, t.Team, version); err != nil {
		return nil, err
	}
	return web.SeeOther(Doors + "?done=closed"), nil
}
