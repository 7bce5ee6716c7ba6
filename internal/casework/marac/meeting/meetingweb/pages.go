package meetingweb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/meeting"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

const home = "/marac"

// whole is in an address where the minutes of the meeting as a whole are meant.
const whole = "meeting"

// Panel is what another capability shows of a case while it is heard. It is asked with
// the seat, and shows what that seat may see. Nil shows nothing.
type Panel = func(ctx context.Context, seat *marac.Seat, o marac.Opened) (templ.Component, error)

// Board is what another capability shows of a meeting as a whole. Nil shows nothing.
type Board = func(ctx context.Context, seat *marac.Seat) (templ.Component, error)

// Pages are the pages of this package.
type Pages struct {
	marac       *marac.Service
	service     *meeting.Service
	information []Panel
	actions     []Panel
	before      []Board
}

// New makes the pages.
func New(m *marac.Service, service *meeting.Service) *Pages {
	return &Pages{marac: m, service: service}
}

// AddInformation shows what agencies returned on the screen of a case.
func (p *Pages) AddInformation(panels ...Panel) { p.information = append(p.information, panels...) }

// AddActions shows what is agreed to be done, and how to add to it, on the screen of a case.
func (p *Pages) AddActions(panels ...Panel) { p.actions = append(p.actions, panels...) }

// AddBefore shows what comes before the first case, such as actions of the last meeting.
func (p *Pages) AddBefore(boards ...Board) { p.before = append(p.before, boards...) }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const (
		of      = home + "/{agency}/meetings/{meeting}"
		run     = of + "/run"
		one     = run + "/{case}"
		section = one + "/sections/{section}"
		room    = of + "/room"
		minutes = of + "/minutes"
	)
	since, pulse := get(one+"/since", meeting.ActWrite, p.since), get(room+"/pulse", meeting.ActRoom, p.pulse)
	since.Unattended, pulse.Unattended = true, true
	return []web.Route{
		get(run, meeting.ActRun, p.run),
		post(run, meeting.ActRun, p.hold),
		get(one, meeting.ActWrite, p.one),
		post(one, meeting.ActRun, p.hear),
		get(section, meeting.ActWrite, p.section),
		post(section, meeting.ActWrite, p.save),
		post(one+"/here", meeting.ActWrite, p.here),
		since,
		get(room, meeting.ActRoom, p.room),
		pulse,
		get(minutes, meeting.ActRead, p.minutes),
		post(minutes, meeting.ActApprove, p.approve),
		get(minutes+"/print", meeting.ActPrint, p.print),
	}
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"begun":    "The meeting is begun",
	"ended":    "The meeting has ended. Its minutes can be approved now",
	"board":    "It is recorded who is here",
	"put":      "The room sees the case now",
	"aside":    "The room sees nobody’s name now",
	"heard":    "The case is heard",
	"saved":    "Saved",
	"merged":   "Saved, together with what somebody else wrote meanwhile",
	"settled":  "Settled",
	"approved": "The minutes are approved. Those with a seat read them until the pack closes",
	"added":    "It is added to the minutes",
}

// at is the page of a meeting that is asked for.
func at(seat *marac.Seat) string { return seat.Meeting().Path() }

// sit opens the meeting in the address.
func (p *Pages) sit(ctx context.Context, r *web.Request) (*marac.Seat, error) {
	return p.of(r)(p.marac.Sit(ctx, r.Actor, marac.MeetingID(r.Path("meeting"))))
}

// watch opens it for what an open page asks by itself, and for what is written.
func (p *Pages) watch(ctx context.Context, r *web.Request) (*marac.Seat, error) {
	return p.of(r)(p.marac.Watch(ctx, r.Actor, marac.MeetingID(r.Path("meeting"))))
}

func (p *Pages) of(r *web.Request) func(*marac.Seat, error) (*marac.Seat, error) {
	return func(seat *marac.Seat, err error) (*marac.Seat, error) {
		if err == nil && r.Path("agency") != seat.Agency() {
			return nil, store.ErrNotFound
		}
		return seat, err
	}
}

// stated leads those to the statement of confidentiality who have not accepted it.
func stated(seat *marac.Seat, err error) (web.Response, error) {
	if errors.Is(err, marac.ErrStatement) {
		return web.SeeOther(at(seat) + "/agenda"), nil
	}
	return nil, err
}

func caseOf(r *web.Request) marac.CaseID {
	if r.Path("case") == whole {
		return ""
	}
	return marac.CaseID(r.Path("case"))
}

func pathOf(seat *marac.Seat, c marac.CaseID) string {
	if c == "" {
		return at(seat) + "/run/" + whole
	}
	return at(seat) + "/run/" + string(c)
}

// back is the page on which a section stands.
func back(seat *marac.Seat, c marac.CaseID) string {
	if c == "" {
		return at(seat) + "/run"
	}
	return pathOf(seat, c)
}

type runView struct {
	Seat   *marac.Seat
	Mark   string
	T      meeting.Table
	Draft  meeting.Draft
	Before []templ.Component
	Zone   *time.Location
	Errors forms.Errors
}

func (p *Pages) run(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.runPage(ctx, r, seat, nil)
}

func (p *Pages) runPage(ctx context.Context, r *web.Request, seat *marac.Seat, errs forms.Errors) (web.Response, error) {
	v := runView{Seat: seat, Zone: p.marac.Zone(), Errors: errs}
	var err error
	if v.T, err = p.service.Table(ctx, seat); err != nil {
		return stated(seat, err)
	}
	if v.Draft, err = p.service.Draft(ctx, seat, ""); err != nil {
		return nil, err
	}
	for _, b := range p.before {
		c, err := b(ctx, seat)
		if err != nil {
			return nil, err
		}
		if c != nil {
			v.Before = append(v.Before, c)
		}
	}
	return web.Page{
		Title: "Hold the meeting", Body: runBody(v), Current: home, Wide: true, Flash: r.Done(done), Invalid: errs.Any(), Back: &ui.Link{Text: "Agenda", Href: at(seat) + "/agenda"},
	}, nil
}

// hold is what those who hold a meeting do on its run screen.
func (p *Pages) hold(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	to := at(seat) + "/run?done="
	switch v.Get("do") {
	case "begin":
		err, to = p.service.Begin(ctx, seat), to+"begun"
	case "end":
		err, to = p.service.End(ctx, seat), to+"ended"
	case "came", "went":
		err, to = p.service.Came(ctx, seat, v.Get("account"), v.Get("do") == "came"), to+"board"
	case "seat":
		if v.Get("account") == "" {
			return p.runPage(ctx, r, seat, forms.Errors{{Field: "account", Message: "Select who has come"}})
		}
		err, to = p.service.Came(ctx, seat, v.Get("account"), true), to+"board"
	case "aside":
		err, to = p.service.Aside(ctx, seat), to+"aside"
	default:
		err = store.ErrNotFound
	}
	if err != nil {
		return stated(seat, asConflict(err))
	}
	return web.SeeOther(to), nil
}

// asConflict says of minutes that are approved that somebody was quicker.
func asConflict(err error) error {
	if errors.Is(err, meeting.ErrFrozen) {
		return store.ErrConflict
	}
	return err
}

type sheetView struct {
	meeting.Sheet
	Seat        *marac.Seat
	Zone        *time.Location
	Information []templ.Component
	Actions     []templ.Component
	Errors      forms.Errors
	Typed       url.Values
}

func (v sheetView) chosen(name, was string) string {
	if v.Typed != nil {
		return v.Typed.Get(name)
	}
	return was
}

func (p *Pages) one(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if caseOf(r) == "" {
		return web.SeeOther(at(seat) + "/run"), nil
	}
	return p.sheet(ctx, r, seat, nil, nil)
}

func (p *Pages) sheet(ctx context.Context, r *web.Request, seat *marac.Seat, typed url.Values, errs forms.Errors) (web.Response, error) {
	v := sheetView{Seat: seat, Zone: p.marac.Zone(), Typed: typed, Errors: errs}
	var err error
	if v.Sheet, err = p.service.Sheet(ctx, seat, caseOf(r)); err != nil {
		return stated(seat, err)
	}
	for _, list := range []struct {
		from []Panel
		into *[]templ.Component
	}{{p.information, &v.Information}, {p.actions, &v.Actions}} {
		for _, panel := range list.from {
			c, err := panel(ctx, seat, v.Opened)
			if err != nil {
				return nil, err
			}
			if c != nil {
				*list.into = append(*list.into, c)
			}
		}
	}
	link := &ui.Link{Text: "Agenda", Href: at(seat) + "/agenda"}
	if v.Holds {
		link = &ui.Link{Text: "The meeting", Href: at(seat) + "/run"}
	}
	return web.Page{Title: "Case at the meeting", Body: sheetBody(v), Current: home, Wide: true, Flash: r.Done(done), Invalid: errs.Any(), Back: link}, nil
}

// hear is what those who hold a meeting do on the screen of a case.
func (p *Pages) hear(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	c := caseOf(r)
	to := pathOf(seat, c) + "?done="
	switch v.Get("do") {
	case "put":
		err, to = p.service.Put(ctx, seat, c), to+"put"
	case "aside":
		err, to = p.service.Aside(ctx, seat), to+"aside"
	case "heard":
		err = p.service.Conclude(ctx, seat, c, meeting.Conclusion{IDVA: marac.Represented(v.Get("idva")), Views: meeting.ViewsHow(v.Get("views-how")), Decision: meeting.Decision(v.Get("decided"))})
		if errs, ok := forms.AsErrors(err); ok {
			if seat, err = p.sit(ctx, r); err != nil {
				return nil, err
			}
			return p.sheet(ctx, r, seat, v, errs)
		}
		to = at(seat) + "/run?done=heard"
	default:
		err = store.ErrNotFound
	}
	if err != nil {
		return stated(seat, asConflict(err))
	}
	return web.SeeOther(to), nil
}

// live is what the script of a page is told of a text that it sent.
type live struct {
	State   string `json:"state"`
	Became  int64  `json:"became"`  // the version that the text became
	Version int64  `json:"version"` // of the section now
	Text    string `json:"text"`    // of the section now
	Apart   int    `json:"apart"`
	Saved   string `json:"saved"`
	Left    int    `json:"left"` // seconds of the session
}

// save saves a section. A script is told what became of it; without one the page comes
// again, or both texts side by side.
func (p *Pages) save(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	t := meeting.Typing{Case: caseOf(r), Name: meeting.Name(r.Path("section")), Text: v.Get("text"), Base: number(v.Get("base")), Own: v.Get("own") == "yes", Mark: v.Get("mark")}
	for _, one := range v["settles"] {
		t.Settles = append(t.Settles, number(one))
	}
	isLive := v.Get("live") == "yes"
	got, err := p.service.Save(ctx, seat, t)
	errs, wrong := forms.AsErrors(err)
	switch {
	case isLive && errors.Is(err, meeting.ErrFrozen):
		return told(http.StatusConflict, map[string]string{"why": "the minutes are approved"})
	case isLive && wrong:
		return told(http.StatusUnprocessableEntity, map[string]string{"why": lower(errs.List()[0].Message)})
	case wrong || errors.Is(err, meeting.ErrFrozen):
		if !wrong {
			errs.Add(string(t.Name), "The minutes were approved meanwhile. What you typed is still here: add it to them under its day")
		}
		return p.sectionPage(ctx, r, t, errs)
	case err != nil:
		return stated(seat, err)
	case isLive:
		return told(http.StatusOK, live{
			State: string(got.State), Became: got.Version, Version: got.Section.Version, Text: got.Section.Text, Apart: got.Section.Apart, Saved: p.clock(got.Section.Saved), Left: int(r.Session.Left.Seconds()),
		})
	case got.State == meeting.Apart:
		t.Base, t.Own, t.Text = got.Version, true, ""
		return p.sectionPage(ctx, r, t, forms.Errors{{Field: string(t.Name), Message: "Somebody else changed the same lines meanwhile. Both texts are kept: settle what the section says"}})
	}
	to := "saved"
	switch {
	case got.State == meeting.Merged:
		to = "merged"
	case len(t.Settles) > 0:
		to = "settled"
	}
	return web.SeeOther(back(seat, t.Case) + "?done=" + to), nil
}

func lower(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func told(status int, what any) (web.Response, error) {
	body, err := json.Marshal(what)
	return web.Answer{Status: status, Type: "application/json", Body: body}, err
}

// clock is a time of the day where days are counted.
func (p *Pages) clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.marac.Zone()).Format("15:04:05")
}

// number is a number that a page of ours wrote; what is none is nobody's version.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

func (p *Pages) here(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := p.service.Here(ctx, seat, caseOf(r), meeting.Name(v.Get("section"))); err != nil {
		return stated(seat, err)
	}
	return told(http.StatusOK, struct{}{})
}

// news is what changed in minutes.
type news struct {
	Change   int64             `json:"change"`
	Sections []piece           `json:"sections"`
	Writers  map[string]string `json:"writers"` // by section, in words
	Approved bool              `json:"approved"`
}

type piece struct {
	Name    string `json:"name"`
	Version int64  `json:"version"`
	Text    string `json:"text"`
	Apart   int    `json:"apart"`
	Saved   string `json:"saved"`
	By      string `json:"by"`
}

func (p *Pages) since(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	d, err := p.service.Since(ctx, seat, caseOf(r), number(r.Query("change")))
	if errors.Is(err, meeting.ErrNotOpened) {
		return told(http.StatusConflict, map[string]string{"why": "the page is to be opened again"})
	}
	if err != nil {
		return stated(seat, err)
	}
	out := news{Change: d.Change, Sections: []piece{}, Writers: writers(d), Approved: d.Approved}
	for _, s := range d.Sections {
		out.Sections = append(out.Sections, piece{string(s.Name), s.Version, s.Text, s.Apart, p.clock(s.Saved), d.Who[s.By]})
	}
	return told(http.StatusOK, out)
}

// writers says who writes in a section now.
func writers(d meeting.Draft) map[string]string {
	names := map[string][]string{}
	for _, w := range d.Writers {
		names[string(w.Section)] = append(names[string(w.Section)], w.Name)
	}
	out := map[string]string{}
	for section, list := range names {
		verb := " is writing here"
		if len(list) > 1 {
			verb = " are writing here"
		}
		out[section] = strings.Join(list, ", ") + verb
	}
	return out
}

type sectionView struct {
	Seat    *marac.Seat
	Case    marac.CaseID
	Name    meeting.Name
	Now     meeting.Section
	Apart   []meeting.Kept
	List    []meeting.Version
	Who     map[string]string
	More    bool
	Zone    *time.Location
	Text    string // in the field
	Errors  forms.Errors
	Frozen  bool
	Mark    string
	Settles []string
}

// section shows a section with everything that was saved of it, and what is to be settled.
func (p *Pages) section(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.sectionPage(ctx, r, meeting.Typing{Case: caseOf(r), Name: meeting.Name(r.Path("section"))}, nil)
}

func (p *Pages) sectionPage(ctx context.Context, r *web.Request, t meeting.Typing, errs forms.Errors) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	v := sectionView{Seat: seat, Case: t.Case, Name: t.Name, Zone: p.marac.Zone(), Errors: errs, Mark: rand.Text()}
	if v.List, v.Who, v.More, err = p.service.Versions(ctx, seat, t.Case, t.Name, number(r.Query("before"))); err != nil {
		return stated(seat, err)
	}
	d, err := p.service.Draft(ctx, seat, t.Case)
	if err != nil {
		return nil, err
	}
	v.Frozen = d.Approved
	for _, s := range d.Sections {
		if s.Name == t.Name {
			v.Now = s
		}
	}
	for _, k := range d.Apart {
		if k.Name == t.Name {
			v.Apart = append(v.Apart, k)
			v.Settles = append(v.Settles, strconv.FormatInt(k.Number, 10))
		}
	}
	for account, name := range d.Who {
		v.Who[account] = name
	}
	if v.Text = t.Text; v.Text == "" {
		v.Text = both(v.Now.Text, v.Apart)
	}
	return web.Page{
		Title: "A section of the minutes", Body: sectionBody(v), Current: home, Wide: true, Invalid: errs.Any(), Back: &ui.Link{Text: "Back to the minutes", Href: back(seat, t.Case)},
	}, nil
}

// both is a text to begin with where several are to be settled: what the section says,
// and the lines that only stand in what is kept beside it.
func both(text string, apart []meeting.Kept) string {
	var out []string
	if text != "" {
		out = strings.Split(text, "\n")
	}
	for _, k := range apart {
		for line := range strings.SplitSeq(k.Typed, "\n") {
			if !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return strings.Join(out, "\n")
}

type roomView struct {
	meeting.Room
	Seat   *marac.Seat
	Zone   *time.Location
	Writes bool
}

func key(on marac.CaseID, state marac.MeetingState) string { return string(on) + " " + string(state) }

// room is what a room sees on its wall, and those who join from elsewhere on what they have.
func (p *Pages) room(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	v := roomView{Seat: seat, Zone: p.marac.Zone()}
	if v.Room, err = p.service.Room(ctx, seat); err != nil {
		return stated(seat, err)
	}
	v.Writes = v.Line.ID != "" && len(p.service.Writes(seat, v.Line.ID)) > 0
	return web.Page{Title: "The meeting", Body: roomBody(v), Current: home, Wide: true, Back: &ui.Link{Text: "Agenda", Href: at(seat) + "/agenda"}}, nil
}

func (p *Pages) pulse(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	now, err := p.service.Pulse(ctx, seat)
	if err != nil {
		return stated(seat, err)
	}
	return told(http.StatusOK, map[string]string{"key": key(now.On, now.State)})
}

type minutesView struct {
	meeting.Minutes
	Seat   *marac.Seat
	Zone   *time.Location
	Errors forms.Errors
	Typed  url.Values
	Paper  string // by whom and when it is printed; empty on the screen
}

func (p *Pages) minutes(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.minutesPage(ctx, r, seat, nil, nil)
}

func (p *Pages) minutesPage(ctx context.Context, r *web.Request, seat *marac.Seat, typed url.Values, errs forms.Errors) (web.Response, error) {
	v := minutesView{Seat: seat, Zone: p.marac.Zone(), Errors: errs, Typed: typed}
	var err error
	if v.Minutes, err = p.service.Minutes(ctx, seat); err != nil {
		return stated(seat, err)
	}
	return web.Page{Title: "Minutes", Body: minutesBody(v), Current: home, Flash: r.Done(done), Invalid: errs.Any(), Back: &ui.Link{Text: "Agenda", Href: at(seat) + "/agenda"}}, nil
}

// print is the minutes for paper, with whose copy it is and of when.
func (p *Pages) print(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	v := minutesView{Seat: seat, Zone: p.marac.Zone()}
	if v.Minutes, err = p.service.Printed(ctx, seat); err != nil {
		return stated(seat, err)
	}
	v.Paper = "Copy of " + r.Actor.Name + ", " + p.service.Now().In(v.Zone).Format("2 January 2006, 15:04")
	return web.Page{Title: "Minutes", Body: minutesBody(v), Current: home, Back: &ui.Link{Text: "Minutes", Href: at(seat) + "/minutes"}}, nil
}

// approve approves minutes, or adds to those that are.
func (p *Pages) approve(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	seat, err := p.watch(ctx, r)
	if err != nil {
		return nil, err
	}
	to := at(seat) + "/minutes?done="
	switch v.Get("do") {
	case "approve":
		err, to = p.service.Approve(ctx, seat), to+"approved"
	case "add":
		c, name, _ := strings.Cut(v.Get("section"), "/")
		if c == whole {
			c = ""
		}
		err, to = p.service.Add(ctx, seat, meeting.Addendum{Case: marac.CaseID(c), Name: meeting.Name(name), Text: v.Get("text")}), to+"added"
	default:
		err = store.ErrNotFound
	}
	if errs, ok := forms.AsErrors(err); ok {
		if seat, err = p.sit(ctx, r); err != nil {
			return nil, err
		}
		return p.minutesPage(ctx, r, seat, v, errs)
	}
	if err != nil {
		return stated(seat, err)
	}
	return web.SeeOther(to), nil
}

// Links are what stands under an agenda: the ways into the meeting that are open to
// whoever has the seat.
func (p *Pages) Links(ctx context.Context, tx *store.Tx, seat *marac.Seat) (templ.Component, error) {
	if !seat.Stated() {
		return nil, nil
	}
	links := []ui.Link{{Text: "What the room sees", Href: at(seat) + "/room"}}
	if p.service.Holds(seat) {
		links = append([]ui.Link{{Text: "Hold the meeting", Href: at(seat) + "/run"}}, links...)
	}
	reads, err := p.service.MayReadTx(ctx, tx, seat)
	if err != nil {
		return nil, err
	}
	if reads {
		links = append(links, ui.Link{Text: "Minutes", Href: at(seat) + "/minutes"})
	}
	return linksBody(links), nil
}

// CaseLink is on the page of a case in a pack, for those who write about it.
func (p *Pages) CaseLink(_ context.Context, _ *store.Tx, seat *marac.Seat, c marac.Case) (templ.Component, error) {
	names := p.service.Writes(seat, c.ID)
	switch {
	case len(names) == 0:
		return nil, nil
	case p.service.Holds(seat):
		return linksBody([]ui.Link{{Text: "The case at the meeting, and its minutes", Href: pathOf(seat, c.ID)}}), nil
	}
	return linksBody([]ui.Link{{Text: "Write down their views for the meeting", Href: pathOf(seat, c.ID)}}), nil
}
