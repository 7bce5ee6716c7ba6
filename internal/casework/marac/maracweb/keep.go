package maracweb

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/repeats"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

type homeView struct {
	Meetings []marac.Invited
	Maracs   []homeMarac
	Names    map[string]string
	Zone     *time.Location
}

// homeMarac is a MARAC with where somebody may go from it.
type homeMarac struct {
	marac.Named
	Links []ui.Link
}

func (p *Pages) home(ctx context.Context, r *web.Request) (web.Response, error) {
	d, err := p.service.Desk(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := homeView{Meetings: d.Meetings, Names: map[string]string{}, Zone: p.service.Zone()}
	for _, m := range d.Maracs {
		v.Names[m.Agency] = m.Name
		one := homeMarac{Named: m}
		if p.service.MayKeep(r.Actor, m.Agency) {
			one.Links = append(one.Links, ui.Link{Text: "Meetings", Href: path(m.Agency) + "/meetings"}, ui.Link{Text: "Who sits at it", Href: path(m.Agency) + "/members"}, ui.Link{Text: "Settings", Href: path(m.Agency) + "/settings"})
			for _, more := range p.more {
				one.Links = append(one.Links, more(m.Agency))
			}
		}
		if p.service.MayName(r.Actor) {
			one.Links = append(one.Links, ui.Link{Text: "Who sits there for your agency", Href: path(m.Agency) + "/ours"})
		}
		v.Maracs = append(v.Maracs, one)
	}
	return web.Page{Title: "Meetings", Body: homeBody(v), Current: Home, Wide: true}, nil
}

// kept is a MARAC as its coordinator has it open.
type kept struct {
	Actor policy.Actor
	marac.Settings
}

func (k kept) path() string { return path(k.Marac.Agency) }

func (p *Pages) openKept(ctx context.Context, r *web.Request) (kept, error) {
	s, err := p.service.Settings(ctx, r.Actor, r.Path("agency"))
	return kept{r.Actor, s}, err
}

func keptPage(_ context.Context, k kept, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: &ui.Link{Text: "Settings", Href: k.path() + "/settings"}}, nil
}

type settingsView struct {
	kept
	Agreed []ui.Link
	Team   string
}

func (p *Pages) settings(ctx context.Context, r *web.Request) (web.Response, error) {
	k, err := p.openKept(ctx, r)
	if err != nil {
		return nil, err
	}
	v := settingsView{kept: k}
	team := directory.Place{Agency: directory.AgencyID(k.Marac.Agency), Team: directory.TeamID(k.Marac.Team)}
	names, err := p.directory.PlaceNames(ctx, r.Actor, team)
	if err != nil {
		return nil, err
	}
	v.Team = names[team]
	list, err := p.agreed.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if in, ok := a.InForce(); ok {
			v.Agreed = append(v.Agreed, ui.Link{Text: in.Document.Title, Href: "/agreements/" + string(a.ID)})
		}
	}
	return web.Page{Title: "Settings", Body: settingsBody(v), Current: Home, Flash: r.Done(done), Back: &ui.Link{Text: "MARAC", Href: Home}}, nil
}

func (p *Pages) removeArea(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	agency := r.Path("agency")
	if err := p.service.RemoveArea(ctx, r.Actor, agency, marac.AreaKind(v.Get("kind")), v.Get("code")); err != nil {
		return nil, err
	}
	return web.SeeOther(path(agency) + "/settings?done=kept"), nil
}

func (p *Pages) settingsEditor() fields.Editor[kept] {
	return fields.Editor[kept]{
		Title: "Change the settings",
		Build: func(_ context.Context, k kept, _ *web.Request) (form, error) {
			m := k.Marac
			women := ""
			if m.Women > 0 {
				women = itoa(m.Women)
			}
			return form{Action: k.path() + "/settings/change", Button: "Keep", Fields: []field{
				{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(m.Version, 10)},
				{Sort: fields.Number, Name: "minutes", Label: "Minutes for each case", Hint: "Areas take from 10 to 18.", Value: itoa(m.Minutes)},
				{Sort: fields.Number, Name: "refer_days", Label: "The list of a meeting closes so many days before it", Value: itoa(m.ReferDays)},
				{Sort: fields.Number, Name: "circulate_days", Label: "The pack is circulated so many days before it", Value: itoa(m.CirculateDays)},
				{Sort: fields.Number, Name: "close_days", Label: "The pack closes so many days after it", Value: itoa(m.CloseDays)},
				{Sort: fields.Number, Name: "women", Label: "Women of 16 and over who live in the area", Hint: "For the national return. Leave it empty while it is not known.", Value: women},
			}}, nil
		},
		Save: func(ctx context.Context, k kept, _ *web.Request, v url.Values) (string, error) {
			m := marac.Marac{
				Agency: k.Marac.Agency, Minutes: number(v, "minutes"), ReferDays: number(v, "refer_days"), CirculateDays: number(v, "circulate_days"), CloseDays: number(v, "close_days"),
				Version: versionOf(v),
			}
			if v.Get("women") != "" {
				m.Women = number(v, "women")
			}
			return k.path() + "/settings?done=kept", p.service.Set(ctx, k.Actor, m)
		},
	}
}

func (p *Pages) ruleEditor() fields.Editor[kept] {
	return fields.Editor[kept]{
		Title: "Go by other rules",
		Build: func(_ context.Context, k kept, _ *web.Request) (form, error) {
			now := k.InForce()
			var items []ui.RadioItem
			for _, r := range repeats.Rules() {
				items = append(items, ui.RadioItem{Value: string(r), Text: r.Label(), Hint: r.Counts()})
			}
			return form{Action: k.path() + "/settings/rule", Button: "Keep", Intro: ruleIntro(), Fields: []field{
				{Sort: fields.Date, Name: "since", Label: "From which day do they hold?"},
				{Sort: fields.Radios, Name: "repeat_rule", Label: "What is a repeat?", Items: items, Value: string(now.Repeat)},
				{Sort: fields.Number, Name: "threshold", Label: "How many answers of yes make visible high risk?", Hint: "14 by the published criteria.", Value: itoa(now.Threshold)},
				{Sort: fields.Number, Name: "incidents", Label: "How many incidents make potential escalation?", Value: itoa(now.Incidents)},
				{Sort: fields.Number, Name: "months", Label: "In how many months?", Value: itoa(now.Months)},
			}}, nil
		},
		Save: func(ctx context.Context, k kept, _ *web.Request, v url.Values) (string, error) {
			return k.path() + "/settings?done=kept", p.service.SetRule(ctx, k.Actor, k.Marac.Agency, marac.Rule{
				Since: fields.Day(v, "since"), Repeat: repeats.Rule(v.Get("repeat_rule")), Threshold: number(v, "threshold"), Incidents: number(v, "incidents"), Months: number(v, "months"),
			})
		},
	}
}

func (p *Pages) areaEditor() fields.Editor[kept] {
	return fields.Editor[kept]{
		Title: "Add an area",
		Build: func(_ context.Context, k kept, _ *web.Request) (form, error) {
			return form{Action: k.path() + "/settings/area", Button: "Add it", Fields: []field{
				{Sort: fields.Radios, Name: "kind", Label: "What is it?", Items: fields.Items(marac.AreaKinds())},
				{Sort: fields.Line, Name: "code", Label: "Its code", Hint: "The first half of a postcode, such as EX31, or the code of the authority."},
				{Sort: fields.Line, Name: "name", Label: "Its name"},
			}}, nil
		},
		Save: func(ctx context.Context, k kept, _ *web.Request, v url.Values) (string, error) {
			a := marac.Area{Kind: marac.AreaKind(v.Get("kind")), Code: v.Get("code"), Name: v.Get("name")}
			return k.path() + "/settings?done=kept", p.service.AddArea(ctx, k.Actor, k.Marac.Agency, a)
		},
	}
}

type membersView struct {
	Agency       string
	Mine         bool // named by the reader's agency; otherwise the coordinator reads
	Waiting, Sit []marac.Member
	Who          map[string]marac.Who
	Names        map[string]string
	Today        string
	Errors       forms.Errors
	At           string // the member that something is wrong about
}

func (p *Pages) today() string {
	return store.Moment(p.service.DB().Clock()()).In(p.service.Zone()).Format(time.DateOnly)
}

func (p *Pages) members(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.membersPage(ctx, r, "", nil)
}

func (p *Pages) membersPage(ctx context.Context, r *web.Request, at string, errs forms.Errors) (web.Response, error) {
	list, who, err := p.service.Members(ctx, r.Actor, r.Path("agency"))
	if err != nil {
		return nil, err
	}
	v := membersView{Agency: r.Path("agency"), Who: who, Today: p.today(), Errors: errs, At: at}
	var agencies []string
	for _, m := range list {
		agencies = append(agencies, m.Of)
		if m.AcceptedAt.IsZero() {
			v.Waiting = append(v.Waiting, m)
		} else {
			v.Sit = append(v.Sit, m)
		}
	}
	if v.Names, err = p.agencyNames(ctx, r.Actor, agencies...); err != nil {
		return nil, err
	}
	return web.Page{Title: "Who sits there", Body: membersBody(v), Invalid: errs.Any(), Current: Home, Wide: true, Flash: r.Done(done), Back: &ui.Link{Text: "MARAC", Href: Home}}, nil
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	agency, change := r.Path("agency"), marac.Change(v.Get("do"))
	err = p.service.Decide(ctx, r.Actor, agency, marac.MemberID(v.Get("member")), versionOf(v), change, marac.Given(v.Get("given")))
	if errs, ok := forms.AsErrors(err); ok {
		return p.membersPage(ctx, r, v.Get("member"), errs)
	}
	if err != nil {
		return nil, err
	}
	said := map[marac.Change]string{marac.Accept: "accepted", marac.Sign: "signed", marac.End: "ended"}[change]
	return web.SeeOther(path(agency) + "/members?done=" + said), nil
}

// named are those whom an agency named.
type named struct {
	Actor  policy.Actor
	Agency string
	List   []marac.Member
	Who    map[string]marac.Who
}

func (p *Pages) openNamed(ctx context.Context, r *web.Request) (named, error) {
	n := named{Actor: r.Actor, Agency: r.Path("agency")}
	var err error
	n.List, n.Who, err = p.service.Ours(ctx, r.Actor, n.Agency)
	return n, err
}

func namedPage(_ context.Context, n named, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: &ui.Link{Text: "Who sits there for your agency", Href: path(n.Agency) + "/ours"}}, nil
}

func (p *Pages) ours(ctx context.Context, r *web.Request) (web.Response, error) {
	n, err := p.openNamed(ctx, r)
	if err != nil {
		return nil, err
	}
	v := membersView{Agency: n.Agency, Mine: true, Sit: n.List, Who: n.Who, Today: p.today()}
	return web.Page{Title: "Who sits there", Body: oursBody(v), Current: Home, Wide: true, Flash: r.Done(done), Back: &ui.Link{Text: "MARAC", Href: Home}}, nil
}

func (p *Pages) withdraw(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	agency := r.Path("agency")
	if err := p.service.Withdraw(ctx, r.Actor, agency, marac.MemberID(v.Get("member")), versionOf(v)); err != nil {
		return nil, err
	}
	return web.SeeOther(path(agency) + "/ours?done=ended"), nil
}

func (p *Pages) nameEditor() fields.Editor[named] {
	return fields.Editor[named]{
		Title: "Name somebody",
		Build: func(ctx context.Context, n named, _ *web.Request) (form, error) {
			list, err := p.directory.Colleagues(ctx, n.Actor, "", directory.Page{Size: 500})
			if err != nil {
				return form{}, err
			}
			var items []ui.RadioItem
			for _, c := range list.Items {
				items = append(items, ui.RadioItem{Value: c.Account, Text: c.Name})
			}
			return form{Action: path(n.Agency) + "/ours/new", Button: "Name them", Intro: nameIntro(), Fields: []field{
				{Sort: fields.Choice, Name: "account", Label: "Who sits there?", Items: items},
				{Sort: fields.Radios, Name: "capacity", Label: "In what capacity?", Items: fields.Items(marac.Capacities())},
				{Sort: fields.Date, Name: "since", Label: "From which day?", Hint: "Leave it empty for today."},
				{Sort: fields.Date, Name: "until", Label: "What is their last day?", Hint: "Leave it empty while it goes on."},
			}}, nil
		},
		Save: func(ctx context.Context, n named, _ *web.Request, v url.Values) (string, error) {
			_, err := p.service.Name(ctx, n.Actor, n.Agency, marac.NewMember{
				Account: v.Get("account"), Capacity: marac.Capacity(v.Get("capacity")), Since: fields.Day(v, "since"), Until: fields.Day(v, "until"),
			})
			return path(n.Agency) + "/ours?done=named", err
		},
	}
}
