package groupsweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/appointments"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

type listView struct {
	Ours, Local, Ended []groups.Group
	MayBegin           bool
	Mine               map[groups.ID]bool
	Names              map[string]string
	Zone               *time.Location
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.service.Groups(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := listView{MayBegin: p.service.MayBegin(r.Actor), Mine: map[groups.ID]bool{}, Zone: p.service.Zone()}
	var accounts []string
	for _, g := range list {
		v.Mine[g.ID] = p.service.MayRun(r.Actor, g)
		switch {
		case g.State == groups.Ended:
			v.Ended = append(v.Ended, g)
		case g.Ours:
			v.Ours = append(v.Ours, g)
		default:
			v.Local = append(v.Local, g)
		}
		accounts = append(accounts, g.Facilitators...)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	return web.Page{Title: "Groups", Body: listBody(v), Current: Home, Flash: r.Done(done), Wide: true}, nil
}

// lengths are how long sessions take, in minutes.
func lengths() []ui.RadioItem {
	var out []ui.RadioItem
	for _, n := range []int{30, 45, 60, 75, 90, 120, 150, 180} {
		out = append(out, ui.RadioItem{Value: itoa(n), Text: itoa(n) + " minutes"})
	}
	return out
}

// runners is for how many who run a group there is room on the form.
const runners = 3

// ask are the questions about a group.
func (p *Pages) ask(ctx context.Context, t run, was groups.Group) ([]field, error) {
	out := []field{
		{Sort: fields.Line, Name: "name", Label: "What is the group called?", Hint: "Whoever is told of it hears this name. Choose one that says nothing of abuse.", Value: was.Words.Name},
	}
	if was.ID == "" {
		out = append(out,
			field{Sort: fields.Radios, Name: "kind", Label: "What is it?", Items: fields.Items(groups.Kinds())},
			field{Sort: fields.Radios, Name: "side", Label: "For whom is it?", Items: fields.Items(groups.Sides())},
		)
		teams, err := p.teams(ctx, t.Actor)
		if err != nil {
			return nil, err
		}
		if len(teams) > 1 {
			out = append(out, field{Sort: fields.Choice, Name: "team", Label: "Which team keeps it?", Items: teams, Value: teams[0].Value})
		}
	}
	out = append(out,
		field{Sort: fields.Area, Name: "about", Label: "What does it offer?", Value: was.Words.About},
		field{Sort: fields.Line, Name: "language", Label: "In which language is it held?", Value: was.Words.Language},
		field{Sort: fields.Radios, Name: "confidential", Label: "Does it keep what is said to itself?", Items: fields.Items(groups.Confidentials()), Value: string(was.Confidential)},
	)
	if !was.Ours {
		return append(out,
			field{Sort: fields.Line, Name: "by", Label: "Who runs it?", Value: was.Words.By},
			field{Sort: fields.Line, Name: "where", Label: "Where and when is it?", Value: was.Words.Where},
			field{Sort: fields.Area, Name: "join", Label: "How does one join?", Value: was.Words.Join},
		), nil
	}
	places, err := p.places(ctx, t.Actor)
	if err != nil {
		return nil, err
	}
	workers, err := p.workers(ctx, t.Actor)
	if err != nil {
		return nil, err
	}
	where := was.Place
	if was.Room != "" {
		where += "/" + was.Room
	}
	howMany, minutes := "", "90"
	if was.Capacity > 0 {
		howMany = itoa(was.Capacity)
	}
	if was.Minutes > 0 {
		minutes = itoa(was.Minutes)
	}
	out = append(out,
		field{Sort: fields.Number, Name: "capacity", Label: "How many places has it?", Hint: "Leave it empty for no limit.", Value: howMany},
		field{Sort: fields.Tick, Name: "closed", Label: "Nobody joins once it has begun", Value: yes(was.Closed)},
		field{Sort: fields.Radios, Name: "way", Heading: "Where it meets", Label: "How does it meet?", Items: fields.Items(groups.Ways()), Value: string(was.Way)},
		field{Sort: fields.Choice, Name: "place", Label: "Place and room, if it is at one of our places", Items: places, Value: where},
		field{Sort: fields.Line, Name: "where", Label: "Where, if it is somewhere else", Value: was.Words.Where},
		field{Sort: fields.Choice, Name: "minutes", Label: "How long is a session?", Items: lengths(), Value: minutes},
	)
	for i := range runners {
		one := field{Sort: fields.Choice, Name: runner(i), Label: "Who else runs it?", Items: workers}
		if i == 0 {
			one.Name, one.Label, one.Heading = "facilitators", "Who runs it?", "Who runs it"
			one.Hint = "They see the names of those in the group, and record who came."
		}
		if i < len(was.Facilitators) {
			one.Value = was.Facilitators[i]
		}
		out = append(out, one)
	}
	return out, nil
}

func runner(i int) string {
	if i == 0 {
		return "facilitators"
	}
	return "runner-" + itoa(i+1)
}

func (p *Pages) teams(ctx context.Context, actor policy.Actor) ([]ui.RadioItem, error) {
	list, err := p.directory.Teams(ctx, actor, directory.AgencyID(actor.Agency), directory.Page{Size: 200})
	if err != nil {
		return nil, err
	}
	var out []ui.RadioItem
	for _, t := range list.Items {
		if actor.Has(policy.Manager) || slices.Contains(actor.Teams, string(t.ID)) {
			out = append(out, ui.RadioItem{Value: string(t.ID), Text: t.Name})
		}
	}
	return out, nil
}

// places are the places and rooms that can be booked.
func (p *Pages) places(ctx context.Context, actor policy.Actor) ([]ui.RadioItem, error) {
	list, err := p.service.Places(ctx, actor)
	var out []ui.RadioItem
	for _, place := range list {
		if !place.Active {
			continue
		}
		out = append(out, ui.RadioItem{Value: place.ID, Text: place.Name})
		for _, room := range place.Rooms {
			if room.Active {
				out = append(out, ui.RadioItem{Value: place.ID + "/" + room.ID, Text: place.Name + ", " + room.Name})
			}
		}
	}
	return out, err
}

func (p *Pages) workers(ctx context.Context, actor policy.Actor) ([]ui.RadioItem, error) {
	list, err := p.directory.Colleagues(ctx, actor, "", directory.Page{Size: 500})
	var out []ui.RadioItem
	for _, c := range list.Items {
		out = append(out, ui.RadioItem{Value: c.Account, Text: c.Name})
	}
	return out, err
}

// typed is a group as it was typed.
func typed(v url.Values, ours bool) groups.Group {
	place, room, _ := strings.Cut(v.Get("place"), "/")
	g := groups.Group{
		Kind: groups.Kind(v.Get("kind")), Side: groups.Side(v.Get("side")), Team: v.Get("team"), Ours: ours, Closed: v.Get("closed") == "yes",
		Confidential: groups.Confidential(v.Get("confidential")), Way: appointments.Way(v.Get("way")), Place: place, Room: room,
		Words: groups.Words{Name: v.Get("name"), About: v.Get("about"), Language: v.Get("language"), By: v.Get("by"), Join: v.Get("join"), Where: v.Get("where")},
	}
	g.Minutes, _ = strconv.Atoi(v.Get("minutes")) // 0 is refused with the others
	if text := v.Get("capacity"); text != "" {
		n, err := strconv.Atoi(text)
		if g.Capacity = n; err != nil || n < 1 {
			g.Capacity = -1 // which is refused, next to the field
		}
	}
	for i := range runners {
		if account := v.Get(runner(i)); account != "" {
			g.Facilitators = append(g.Facilitators, account)
		}
	}
	return g
}

func (p *Pages) newEditor(ours bool) keeper {
	title, action := "Begin a group", Home+"/new"
	if !ours {
		title, action = "Add a local group", Home+"/local"
	}
	return keeper{
		Title: title,
		Build: func(ctx context.Context, t run, _ *web.Request) (form, error) {
			asked, err := p.ask(ctx, t, groups.Group{Ours: ours})
			return form{Action: action, Button: "Keep", Fields: asked, Intro: newIntro(ours)}, err
		},
		Save: func(ctx context.Context, t run, _ *web.Request, v url.Values) (string, error) {
			id, err := p.service.Begin(ctx, t.Actor, typed(v, ours))
			return groups.Group{ID: id}.Path() + "?done=kept", err
		},
	}
}

func (p *Pages) changeEditor() keeper {
	return keeper{
		Title: "Change a group",
		Build: func(ctx context.Context, t run, _ *web.Request) (form, error) {
			asked, err := p.ask(ctx, t, t.Group)
			asked = append([]field{{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(t.Group.Version, 10)}}, asked...)
			return form{Action: t.Group.Path() + "/change", Button: "Keep", Fields: asked}, err
		},
		Save: func(ctx context.Context, t run, _ *web.Request, v url.Values) (string, error) {
			return t.Group.Path() + "?done=kept", p.service.Change(ctx, t.Actor, t.Group.ID, versionOf(v), typed(v, t.Group.Ours))
		},
	}
}

func (p *Pages) planEditor() keeper {
	return keeper{
		Title: "Plan sessions",
		Build: func(_ context.Context, t run, _ *web.Request) (form, error) {
			if !t.Group.Ours || t.Group.State != groups.Active {
				return form{}, store.ErrConflict
			}
			return form{Action: t.Group.Path() + "/plan", Button: "Plan them", Intro: planIntro(), Fields: []field{
				{Sort: fields.Date, Name: "first", Label: "On which day is the first?"},
				{Sort: fields.Clock, Name: "first-time", Label: "At what time?", Hint: "For example, 18:30"},
				{Sort: fields.Number, Name: "count", Label: "How many, each a week after the last?"},
			}}, nil
		},
		Save: func(ctx context.Context, t run, _ *web.Request, v url.Values) (string, error) {
			first, _ := p.service.At(fields.Day(v, "first"), padded(v.Get("first-time")))
			count, _ := strconv.Atoi(v.Get("count")) // 0 is refused
			return t.Group.Path() + "?done=planned", p.service.Plan(ctx, t.Actor, t.Group.ID, groups.Planning{First: first, Count: count})
		},
	}
}

func (p *Pages) moveEditor() keeper {
	return keeper{
		Title: "Move a session",
		Build: func(_ context.Context, t run, r *web.Request) (form, error) {
			one, err := sessionOf(t, r)
			if err != nil {
				return form{}, err
			}
			starts := one.Starts.In(p.service.Zone())
			return form{Action: t.Group.Path() + "/sessions/" + string(one.ID) + "/move", Button: "Move it", Fields: []field{
				{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(one.Version, 10)},
				{Sort: fields.Date, Name: "at", Label: "On which day?", Value: starts.Format(time.DateOnly)},
				{Sort: fields.Clock, Name: "at-time", Label: "At what time?", Value: starts.Format("15:04")},
			}}, nil
		},
		Save: func(ctx context.Context, t run, r *web.Request, v url.Values) (string, error) {
			at, _ := p.service.At(fields.Day(v, "at"), padded(v.Get("at-time")))
			return t.Group.Path() + "?done=moved", p.service.Move(ctx, t.Actor, t.Group.ID, groups.SessionID(r.Path("session")), versionOf(v), at)
		},
	}
}

func sessionOf(t run, r *web.Request) (groups.Session, error) {
	i := slices.IndexFunc(t.Sessions, func(s groups.Session) bool { return string(s.ID) == r.Path("session") })
	if i < 0 {
		return groups.Session{}, store.ErrNotFound
	}
	return t.Sessions[i], nil
}

type oneView struct {
	run
	Names map[string]string
	Where map[string]string
	Now   time.Time
	Zone  *time.Location
}

func (p *Pages) one(ctx context.Context, r *web.Request) (web.Response, error) {
	t, err := p.view(ctx, r)
	if err != nil {
		return nil, err
	}
	v := oneView{run: t, Now: p.service.Now(), Zone: p.service.Zone(), Where: namesOf(t.Places)}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, t.Group.Facilitators); err != nil {
		return nil, err
	}
	return web.Page{Title: "Group", Body: oneBody(v), Current: Home, Flash: r.Done(done), Back: &ui.Link{Text: "Groups", Href: Home}}, nil
}

func namesOf(places []appointments.Place) map[string]string {
	out := map[string]string{}
	for _, place := range places {
		out[place.ID] = place.Name
		for _, room := range place.Rooms {
			out[room.ID] = room.Name
		}
	}
	return out
}

// end ends a group, or lets it go on.
func (p *Pages) end(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	id, state := groups.ID(r.Path("group")), groups.Ended
	if v.Get("do") == "go-on" {
		state = groups.Active
	}
	if err := p.service.SetState(ctx, r.Actor, id, versionOf(v), state); err != nil {
		return nil, err
	}
	return web.SeeOther(groups.Group{ID: id}.Path() + "?done=kept"), nil
}

type registerView struct {
	groups.Register
	Path   string
	When   string
	Begun  bool
	Errors forms.Errors
	Typed  url.Values
}

func (p *Pages) register(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.registerPage(ctx, r, nil, nil)
}

func (p *Pages) registerPage(ctx context.Context, r *web.Request, v url.Values, errs forms.Errors) (web.Response, error) {
	reg, err := p.service.Register(ctx, r.Actor, groups.ID(r.Path("group")), groups.SessionID(r.Path("session")))
	if err != nil {
		return nil, err
	}
	view := registerView{
		Register: reg, Path: reg.Group.Path() + "/sessions/" + string(reg.Session.ID), When: p.when(reg.Session), Begun: reg.Session.Begun(p.service.Now()), Errors: errs, Typed: v,
	}
	return web.Page{Title: "Register", Body: registerBody(view), Invalid: errs.Any(), Current: Home, Flash: r.Done(done), Back: &ui.Link{Text: "The group", Href: reg.Group.Path()}}, nil
}

func (p *Pages) when(s groups.Session) string {
	return s.Starts.In(p.service.Zone()).Format("Monday 2 January 2006, 15:04") + " to " + s.Ends.In(p.service.Zone()).Format("15:04")
}

// attend writes the register, or calls the session off.
func (p *Pages) attend(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	group, session := groups.ID(r.Path("group")), groups.SessionID(r.Path("session"))
	word := "off"
	if v.Get("do") == "off" {
		err = p.service.CallOff(ctx, r.Actor, group, session, versionOf(v))
	} else {
		outcomes := map[groups.MemberID]groups.Outcome{}
		for name := range v {
			if id, ok := strings.CutPrefix(name, "m-"); ok {
				outcomes[groups.MemberID(id)] = groups.Outcome(v.Get(name))
			}
		}
		word, err = "register", p.service.Attend(ctx, r.Actor, group, session, outcomes)
	}
	if errs, ok := forms.AsErrors(err); ok {
		return p.registerPage(ctx, r, v, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(groups.Group{ID: group}.Path() + "?done=" + word), nil
}
