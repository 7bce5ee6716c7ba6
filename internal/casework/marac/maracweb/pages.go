package maracweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

// Home is what somebody has at MARACs.
const Home = "/marac"

// Panel is what another capability shows on the page of a case in a pack. It is asked
// with the seat, and shows what that seat may see: nothing of where anybody is, nor of
// what they said, when it is [marac.Seat.WithoutWhereabouts]. Nil shows nothing.
type Panel func(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.Case) (templ.Component, error)

// Board is what another capability shows under an agenda. Nil shows nothing.
type Board func(ctx context.Context, tx *store.Tx, seat *marac.Seat) (templ.Component, error)

// More is a link for the coordinators of a MARAC on [Home].
type More func(agency string) ui.Link

// Pages are the pages of this package.
type Pages struct {
	service   *marac.Service
	directory *directory.Register
	agreed    *agreements.Register
	panels    []Panel
	boards    []Board
	more      []More
}

// New makes the pages; agreed shows which agreements are in force.
func New(service *marac.Service, register *directory.Register, agreed *agreements.Register) *Pages {
	return &Pages{service: service, directory: register, agreed: agreed}
}

// Add shows panels on the page of a case.
func (p *Pages) Add(panels ...Panel) { p.panels = append(p.panels, panels...) }

// AddBoards shows boards under agendas.
func (p *Pages) AddBoards(boards ...Board) { p.boards = append(p.boards, boards...) }

// AddMore offers links to coordinators.
func (p *Pages) AddMore(more ...More) { p.more = append(p.more, more...) }

// What the forms of these pages are made of.
type (
	field = fields.Field
	form  = fields.Form
)

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const (
		of       = Home + "/{agency}"
		settings = of + "/settings"
		members  = of + "/members"
		ours     = of + "/ours"
		meetings = of + "/meetings"
		one      = meetings + "/{meeting}"
	)
	kept := fields.Pages[kept]{Open: p.openKept, Page: keptPage}
	named := fields.Pages[named]{Open: p.openNamed, Page: namedPage}
	met := fields.Pages[marac.Meeting]{Open: p.openMeeting, Page: meetingPage}
	return []web.Route{
		get(Home, marac.ActList, p.home),
		get(settings, marac.ActKeep, p.settings),
		post(settings, marac.ActKeep, p.removeArea),
		get(settings+"/change", marac.ActKeep, kept.Show(p.settingsEditor())),
		post(settings+"/change", marac.ActKeep, kept.Send(p.settingsEditor())),
		get(settings+"/rule", marac.ActKeep, kept.Show(p.ruleEditor())),
		post(settings+"/rule", marac.ActKeep, kept.Send(p.ruleEditor())),
		get(settings+"/area", marac.ActKeep, kept.Show(p.areaEditor())),
		post(settings+"/area", marac.ActKeep, kept.Send(p.areaEditor())),
		get(members, marac.ActKeep, p.members),
		post(members, marac.ActKeep, p.decide),
		get(ours, marac.ActName, p.ours),
		post(ours, marac.ActName, p.withdraw),
		get(ours+"/new", marac.ActName, named.Show(p.nameEditor())),
		post(ours+"/new", marac.ActName, named.Send(p.nameEditor())),
		get(meetings, marac.ActKeep, p.calendar),
		get(meetings+"/new", marac.ActKeep, kept.Show(p.planEditor())),
		post(meetings+"/new", marac.ActKeep, kept.Send(p.planEditor())),
		get(one, marac.ActAttend, p.attend),
		post(one, marac.ActAttend, p.answer),
		post(one+"/ask", marac.ActKeep, p.ask),
		get(one+"/change", marac.ActKeep, met.Show(p.moveEditor())),
		post(one+"/change", marac.ActKeep, met.Send(p.moveEditor())),
		get(one+"/cancel", marac.ActKeep, met.Show(p.cancelEditor())),
		post(one+"/cancel", marac.ActKeep, met.Send(p.cancelEditor())),
		get(one+"/agenda", marac.ActSit, p.agenda),
		post(one+"/agenda", marac.ActKeep, p.order),
		post(one+"/statement", marac.ActSit, p.accept),
		get(one+"/cases/{case}", marac.ActCase, p.one),
	}
}

func path(agency string) string { return Home + "/" + agency }

// done is what a page says after something was recorded.
var done = map[string]string{
	"kept":      "It is kept",
	"accepted":  "They sit at the MARAC",
	"signed":    "It is recorded that they signed the conditions",
	"ended":     "They do not sit at the MARAC any more",
	"named":     "They are named. The coordinator accepts them",
	"planned":   "It is planned. Ask people to come",
	"moved":     "The meeting is changed. Waymark tells nobody",
	"cancelled": "The meeting is cancelled. Waymark tells nobody",
	"asked":     "Everybody who sits at the MARAC is asked",
	"answered":  "Your answer is recorded",
	"ordered":   "The agenda is in the new order",
	"stated":    "You accepted the statement of confidentiality",
}

func itoa(n int) string { return strconv.Itoa(n) }

func versionOf(v url.Values) int64 {
	n, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
	return n
}

// number is what was typed into a field for a number; -1 where it is none, which is
// refused next to the field.
func number(v url.Values, name string) int {
	n, err := strconv.Atoi(v.Get(name))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// padded is a time of the clock with two digits for the hour.
func padded(text string) string {
	if len(text) == len("9:30") {
		return "0" + text
	}
	return text
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// agencyNames are the names of agencies.
func (p *Pages) agencyNames(ctx context.Context, actor policy.Actor, ids ...string) (map[string]string, error) {
	var places []directory.Place
	for _, id := range ids {
		places = append(places, directory.Place{Agency: directory.AgencyID(id)})
	}
	found, err := p.directory.PlaceNames(ctx, actor, places...)
	out := map[string]string{}
	for at, name := range found {
		out[string(at.Agency)] = name
	}
	return out, err
}
