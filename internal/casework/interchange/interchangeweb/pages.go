package interchangeweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/interchange"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Home is the address of the overview.
const Home = "/agency/interchange"

// Pages are the pages of this package.
type Pages struct {
	interchange *interchange.Service
	directory   *directory.Register
	zone        *time.Location
}

// New makes the pages.
func New(service *interchange.Service, register *directory.Register, zone *time.Location) *Pages {
	return &Pages{interchange: service, directory: register, zone: zone}
}

// Routes is the route table of the pages for people.
func (p *Pages) Routes() []web.Route {
	asked := fields.Pages[target]{Open: p.open, Page: func(_ context.Context, _ target, title string, body templ.Component, invalid bool) (web.Response, error) {
		return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/agency", Back: &ui.Link{Text: "Other systems", Href: Home}}, nil
	}}
	const team = Home + "/teams/{team}"
	return []web.Route{
		{Method: http.MethodGet, Pattern: Home, Action: interchange.ActOversee, Handler: p.overview},
		{Method: http.MethodGet, Pattern: team, Action: interchange.ActConfigure, Handler: asked.Show(p.editor())},
		{Method: http.MethodPost, Pattern: team, Action: interchange.ActConfigure, Recent: true, Handler: asked.Send(p.editor())},
		{Method: http.MethodPost, Pattern: Home + "/messages/{message}/again", Action: interchange.ActOversee, Handler: p.again},
	}
}

var done = map[string]string{"kept": "How the team is reached is kept", "again": "The message is tried again within a minute"}

type overview struct {
	Site      string
	Agency    directory.Agency
	Teams     []directory.Team
	Endpoints map[directory.TeamID]interchange.Endpoint
	Messages  []interchange.Outgoing
	Names     map[string]string // of agencies and teams
	Configure bool
	Zone      *time.Location
}

// teamsMost bounds how many teams of an agency are listed.
const teamsMost = 100

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	v := overview{Site: r.Site(), Endpoints: map[directory.TeamID]interchange.Endpoint{}, Names: map[string]string{}, Configure: r.Actor.Has(policy.Administrator), Zone: p.zone}
	ends, err := p.interchange.Endpoints(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	for _, e := range ends {
		v.Endpoints[e.Team] = e
	}
	if v.Messages, err = p.interchange.Outbox(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Agency, err = p.directory.Agency(ctx, r.Actor, directory.AgencyID(r.Actor.Agency)); err != nil {
		return nil, err
	}
	teams, err := p.directory.Teams(ctx, r.Actor, v.Agency.ID, directory.Page{Size: teamsMost})
	if err != nil {
		return nil, err
	}
	v.Teams = teams.Items
	return web.Page{Title: "Other systems", Body: overviewBody(v), Current: "/agency", Flash: r.Done(done)}, p.name(ctx, r.Actor, &v)
}

// name finds what agencies and teams are called.
func (p *Pages) name(ctx context.Context, actor policy.Actor, v *overview) error {
	agencies, err := p.directory.Agencies(ctx, actor, directory.Page{Size: 1000})
	if err != nil {
		return err
	}
	for _, a := range agencies.Items {
		v.Names[string(a.ID)] = a.Name
	}
	for _, t := range v.Teams {
		v.Names[string(t.ID)] = t.Name
	}
	for _, m := range v.Messages {
		if v.Names[m.Team] != "" {
			continue
		}
		teams, err := p.directory.Teams(ctx, actor, directory.AgencyID(m.To), directory.Page{Size: teamsMost})
		if err != nil {
			return err
		}
		for _, t := range teams.Items {
			v.Names[string(t.ID)] = t.Name
		}
	}
	return nil
}

// target is a team and how it is reached, with who says so.
type target struct {
	actor policy.Actor
	team  directory.Team
	interchange.Endpoint
}

func (p *Pages) open(ctx context.Context, r *web.Request) (target, error) {
	out := target{actor: r.Actor}
	var err error
	out.team, out.Endpoint, err = p.interchange.MayConfigure(ctx, r.Actor, directory.TeamID(r.Path("team")))
	return out, err
}

func (p *Pages) editor() fields.Editor[target] {
	return fields.Editor[target]{
		Title: "How a team is reached by another system",
		Build: func(_ context.Context, t target, _ *web.Request) (fields.Form, error) {
			secret := "You get it from whoever runs the other system. It is never shown again."
			active := "yes"
			if t.Version > 0 {
				secret = "Leave it empty to keep the one there is. Another address or another client needs it again."
				if !t.Active {
					active = "no"
				}
			}
			return fields.Form{
				Title: t.team.Name, Action: Home + "/teams/" + string(t.team.ID), Button: "Keep", Intro: editIntro(),
				Fields: []fields.Field{
					{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(t.Version, 10)},
					{Sort: fields.Radios, Name: "active", Label: "Do referrals to the team go there as messages?", Value: active, Items: []ui.RadioItem{
						{Value: "yes", Text: "Yes, as well as into the inbox here"}, {Value: "no", Text: "No", Hint: "What waits stays and leaves when this is changed again."},
					}},
					{Sort: fields.Line, Name: "address", Label: "Address to which messages are posted", Hint: "It begins with https:// and usually ends with $process-message.", Value: t.Address},
					{Sort: fields.Line, Name: "token_address", Label: "Address that gives tokens", Hint: "It begins with https:// too.", Value: t.TokenAddress},
					{Sort: fields.Line, Name: "client_id", Label: "Client", Hint: "The name by which the other system knows this service.", Value: t.ClientID},
					{Sort: fields.Secret, Name: "secret", Label: "Secret of the client", Hint: secret},
					{Sort: fields.Line, Name: "scope", Label: "Scope", Hint: "What the token is for, if the other system asks. Another Waymark expects interchange.deliver.", Value: t.Scope},
					{Sort: fields.Line, Name: "known_system", Label: "Where the identifier of the team is from", Hint: "An address of a system of identifiers. Leave both empty for the identifier that the team has here.", Value: t.KnownSystem},
					{Sort: fields.Line, Name: "known_value", Label: "Identifier of the team in the other system", Value: t.KnownValue},
				},
			}, nil
		},
		Save: func(ctx context.Context, t target, _ *web.Request, v url.Values) (string, error) {
			version, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is that of none
			return Home + "?done=kept", p.interchange.Configure(ctx, t.actor, interchange.Endpoint{
				Team: t.team.ID, Address: v.Get("address"), TokenAddress: v.Get("token_address"), ClientID: v.Get("client_id"), Secret: v.Get("secret"),
				Scope: v.Get("scope"), KnownSystem: v.Get("known_system"), KnownValue: v.Get("known_value"), Active: v.Get("active") == "yes", Version: version,
			})
		},
	}
}

func (p *Pages) again(ctx context.Context, r *web.Request) (web.Response, error) {
	if err := p.interchange.TryAgain(ctx, r.Actor, r.Path("message")); err != nil {
		return nil, err
	}
	return web.SeeOther(Home + "?done=again"), nil
}

// aside are how many messages were set aside, which somebody has to look at.
func (v overview) aside() int {
	n := 0
	for _, m := range v.Messages {
		if m.State == interchange.Aside {
			n++
		}
	}
	return n
}

func (v overview) asideWords() string {
	if n := v.aside(); n > 1 {
		return strconv.Itoa(n) + " messages were set aside, because they cannot be read here. Tell whoever runs this service, and try them again when it is put right."
	}
	return "A message was set aside, because it cannot be read here. Tell whoever runs this service, and try it again when it is put right."
}

func (v overview) at(t time.Time) string { return t.In(v.Zone).Format("2 January 2006, 15:04") }

func (v overview) teamRows() [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range v.Teams {
		e, known := v.Endpoints[t.ID]
		how := ui.TableCell{Text: "Inbox here"}
		switch {
		case known && e.Active:
			how = ui.TableCell{Content: reached(e)}
		case known:
			how = ui.TableCell{Text: "Inbox here. Messages are switched off"}
		}
		takes := "No"
		if t.TakesReferrals {
			takes = "Yes"
		}
		row := []ui.TableCell{{Text: t.Name}, how}
		if v.Configure {
			row = append(row, ui.TableCell{Content: change(t)})
		}
		rows = append(rows, append(row, ui.TableCell{Text: takes}, ui.TableCell{Content: id("urn:uuid:" + string(t.ID))}))
	}
	return rows
}

func (v overview) teamHead() []ui.TableCell {
	head := []ui.TableCell{{Text: "Team"}, {Text: "Reached by"}}
	if v.Configure {
		head = append(head, ui.TableCell{Text: "Change"})
	}
	return append(head, ui.TableCell{Text: "Takes referrals"}, ui.TableCell{Text: "Identifier"})
}

func (v overview) messageRows() [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, m := range v.Messages {
		rows = append(rows, []ui.TableCell{
			{Text: v.at(m.Written)}, {Content: stands(v, m)}, {Text: m.Kind.Label()}, {Text: v.Names[m.Team] + ", " + v.Names[m.To]}, {Text: v.Names[m.From]},
		})
	}
	return rows
}

// news is what the last try of a message came to, and what is next.
func (v overview) news(m interchange.Outgoing) string {
	switch m.State {
	case interchange.Taken:
		return "On " + v.at(m.SettledAt) + ". No person need have seen it."
	case interchange.Dropped, interchange.Expired:
		return ""
	case interchange.Aside:
		return "Whoever runs this service looks at it, and then it is tried again. The sender was asked to tell the team another way."
	case interchange.Refused:
		return interchange.Reason(m.Why) + ". The sender was asked to tell the team another way."
	case interchange.Waiting:
	}
	if m.Tries == 0 {
		return "Not tried yet."
	}
	tries := "Tried once"
	if m.Tries > 1 {
		tries = "Tried " + strconv.FormatInt(m.Tries, 10) + " times"
	}
	return tries + ". " + interchange.Reason(m.Why) + ". Next on " + v.at(m.NextAt) + "."
}

func colour(s interchange.State) ui.TagColour {
	switch s {
	case interchange.Taken:
		return ui.TagGreen
	case interchange.Refused, interchange.Aside:
		return ui.TagRed
	case interchange.Waiting:
		return ui.TagYellow
	case interchange.Dropped, interchange.Expired:
	}
	return ui.TagGrey
}
