package maracweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/marac"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

type calendarView struct {
	marac.Calendar
	Zone *time.Location
}

func (p *Pages) calendar(ctx context.Context, r *web.Request) (web.Response, error) {
	c, err := p.service.Calendar(ctx, r.Actor, r.Path("agency"))
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Meetings", Body: calendarBody(calendarView{c, p.service.Zone()}), Current: Home, Wide: true, Flash: r.Done(done), Back: &ui.Link{Text: "MARAC", Href: Home},
	}, nil
}

// when are the fields of when and where a meeting is.
func (p *Pages) when(starts time.Time, minutes int, words marac.MeetingWords) []field {
	day, clock := "", ""
	if !starts.IsZero() {
		local := starts.In(p.service.Zone())
		day, clock = local.Format(time.DateOnly), local.Format("15:04")
	}
	return []field{
		{Sort: fields.Date, Name: "first", Label: "On which day is it?", Value: day},
		{Sort: fields.Clock, Name: "first-time", Label: "At what time does it begin?", Hint: "For example, 09:30", Value: clock},
		{Sort: fields.Number, Name: "minutes", Label: "How many minutes does it take?", Value: itoa(minutes)},
		{Sort: fields.Area, Name: "where", Label: "Where is it?", Hint: "Shown to those who are asked to it. You may leave it empty.", Value: words.Where},
		{Sort: fields.Area, Name: "join", Label: "How does one join it from elsewhere?", Hint: "Shown to those who are asked to it. You may leave it empty.", Value: words.Join},
	}
}

func (p *Pages) planning(v url.Values) marac.Planning {
	at, ok := p.service.At(fields.Day(v, "first"), padded(v.Get("first-time")))
	if !ok {
		at = time.Time{} // which is refused, next to the day
	}
	return marac.Planning{
		Kind: marac.Kind(v.Get("kind")), First: at, Minutes: number(v, "minutes"), Words: marac.MeetingWords{Where: strings.TrimSpace(v.Get("where")), Join: strings.TrimSpace(v.Get("join"))},
	}
}

func (p *Pages) planEditor() fields.Editor[kept] {
	return fields.Editor[kept]{
		Title: "Plan meetings",
		Build: func(_ context.Context, k kept, _ *web.Request) (form, error) {
			asked := append([]field{{Sort: fields.Radios, Name: "kind", Label: "What kind of meeting is it?", Items: fields.Items(marac.Kinds()), Value: string(marac.Scheduled)}}, p.when(time.Time{}, 180, marac.MeetingWords{})...)
			asked = append(asked,
				field{Sort: fields.Number, Name: "count", Heading: "A series", Label: "How many meetings?", Value: "1"},
				field{Sort: fields.Number, Name: "days", Label: "How many days from one to the next?", Hint: "14 for every fortnight.", Value: "14"},
			)
			return form{Action: k.path() + "/meetings/new", Button: "Plan", Intro: planIntro(k.Marac), Fields: asked}, nil
		},
		Save: func(ctx context.Context, k kept, _ *web.Request, v url.Values) (string, error) {
			what := p.planning(v)
			what.Count, what.Days = number(v, "count"), number(v, "days")
			_, err := p.service.Plan(ctx, k.Actor, k.Marac.Agency, what)
			return k.path() + "/meetings?done=planned", err
		},
	}
}

func (p *Pages) openMeeting(ctx context.Context, r *web.Request) (marac.Meeting, error) {
	m, err := p.service.Kept(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	return m, at(r, m, err)
}

// at refuses a meeting under the address of another MARAC.
func at(r *web.Request, m marac.Meeting, err error) error {
	if err == nil && m.Agency != r.Path("agency") {
		return store.ErrNotFound
	}
	return err
}

func meetingPage(_ context.Context, m marac.Meeting, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: Home, Back: &ui.Link{Text: "The meeting", Href: m.Path()}}, nil
}

func (p *Pages) moveEditor() fields.Editor[marac.Meeting] {
	return fields.Editor[marac.Meeting]{
		Title: "Change a meeting",
		Build: func(_ context.Context, m marac.Meeting, _ *web.Request) (form, error) {
			if m.State != marac.Planned {
				return form{}, store.ErrConflict
			}
			asked := append([]field{{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(m.Version, 10)}}, p.when(m.Starts, m.Minutes, m.Words)...)
			return form{Action: m.Path() + "/change", Button: "Keep", Intro: moveIntro(), Fields: asked}, nil
		},
		Save: func(ctx context.Context, m marac.Meeting, r *web.Request, v url.Values) (string, error) {
			return m.Path() + "?done=moved", p.service.Move(ctx, r.Actor, m.ID, versionOf(v), p.planning(v))
		},
	}
}

func (p *Pages) cancelEditor() fields.Editor[marac.Meeting] {
	return fields.Editor[marac.Meeting]{
		Title: "Cancel a meeting",
		Build: func(ctx context.Context, m marac.Meeting, r *web.Request) (form, error) {
			if m.State != marac.Planned {
				return form{}, store.ErrConflict
			}
			c, err := p.service.Calendar(ctx, r.Actor, m.Agency)
			if err != nil {
				return form{}, err
			}
			var items []ui.RadioItem
			for _, other := range c.Ahead {
				if other.ID != m.ID && other.State == marac.Planned {
					items = append(items, ui.RadioItem{Value: string(other.ID), Text: date(other.Starts, p.service.Zone())})
				}
			}
			return form{Action: m.Path() + "/cancel", Button: "Cancel the meeting", Intro: cancelIntro(), Fields: []field{
				{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(m.Version, 10)},
				{Sort: fields.Choice, Name: "to", Label: "To which meeting do its cases go?", Hint: "Leave it empty where none is listed.", Items: items},
			}}, nil
		},
		Save: func(ctx context.Context, m marac.Meeting, r *web.Request, v url.Values) (string, error) {
			return m.Path() + "?done=cancelled", p.service.Cancel(ctx, r.Actor, m.ID, versionOf(v), marac.MeetingID(v.Get("to")))
		},
	}
}

type attendView struct {
	marac.Attendance
	Names  map[string]string // of agencies
	Zone   *time.Location
	Now    time.Time
	Errors forms.Errors
}

// Answerable tells whether there is still something to answer.
func (v attendView) Answerable() bool {
	return v.Mine.Account != "" && v.Meeting.State != marac.Cancelled && v.Now.Before(v.Meeting.Close)
}

func (p *Pages) attend(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.attendPage(ctx, r, nil)
}

func (p *Pages) attendPage(ctx context.Context, r *web.Request, errs forms.Errors) (web.Response, error) {
	a, err := p.service.Attend(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	if err := at(r, a.Meeting, err); err != nil {
		return nil, err
	}
	v := attendView{Attendance: a, Zone: p.service.Zone(), Now: store.Moment(p.service.DB().Clock()()), Errors: errs}
	agencies := []string{a.Meeting.Agency, a.Mine.Of}
	for _, one := range a.Board {
		agencies = append(agencies, one.Of)
	}
	if v.Names, err = p.agencyNames(ctx, r.Actor, agencies...); err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "MARAC", Href: Home}
	if a.Coordinates {
		back = &ui.Link{Text: "Meetings", Href: path(a.Meeting.Agency) + "/meetings"}
	}
	return web.Page{Title: "A meeting", Body: attendBody(v), Invalid: errs.Any(), Current: Home, Wide: true, Flash: r.Done(done), Back: back}, nil
}

func (p *Pages) answer(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	id := marac.MeetingID(r.Path("meeting"))
	a, err := p.service.Attend(ctx, r.Actor, id)
	if err := at(r, a.Meeting, err); err != nil {
		return nil, err
	}
	err = p.service.Answer(ctx, r.Actor, id, versionOf(v), marac.Reply(v.Get("reply")), v.Get("sent") == "yes")
	if errs, ok := forms.AsErrors(err); ok {
		return p.attendPage(ctx, r, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(a.Meeting.Path() + "?done=answered"), nil
}

func (p *Pages) ask(ctx context.Context, r *web.Request) (web.Response, error) {
	m, err := p.openMeeting(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := p.service.Ask(ctx, r.Actor, m.ID); err != nil {
		return nil, err
	}
	return web.SeeOther(m.Path() + "?done=asked"), nil
}

func (p *Pages) sit(ctx context.Context, r *web.Request) (*marac.Seat, error) {
	seat, err := p.service.Sit(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	if err != nil {
		return nil, err
	}
	return seat, at(r, seat.Meeting(), nil)
}

// statement is the page that stands before the pack until it is accepted.
func statement(seat *marac.Seat) web.Response {
	return web.Page{Title: "Before you read", Body: statementBody(seat.Meeting().Path() + "/statement"), Current: Home, Back: &ui.Link{Text: "The meeting", Href: seat.Meeting().Path()}}
}

type agendaView struct {
	marac.Agenda
	Seat   *marac.Seat
	Names  map[string]string
	Boards []templ.Component
	Zone   *time.Location
	Typed  url.Values
	Errors forms.Errors
}

// place is what stands in the box for the place of a case.
func (v agendaView) place(i int, l marac.Line) string {
	if v.Typed != nil {
		return v.Typed.Get("n-" + string(l.ID))
	}
	return itoa(i + 1)
}

func (p *Pages) agenda(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.agendaPage(ctx, r, seat, nil, nil)
}

func (p *Pages) agendaPage(ctx context.Context, r *web.Request, seat *marac.Seat, typed url.Values, errs forms.Errors) (web.Response, error) {
	if !seat.Stated() {
		return statement(seat), nil
	}
	a, err := p.service.Agenda(ctx, seat)
	if err != nil {
		return nil, err
	}
	v := agendaView{Agenda: a, Seat: seat, Zone: p.service.Zone(), Typed: typed, Errors: errs}
	var agencies []string
	for _, l := range a.Lines {
		agencies = append(agencies, l.From)
	}
	if v.Names, err = p.agencyNames(ctx, r.Actor, agencies...); err != nil {
		return nil, err
	}
	if len(p.boards) > 0 {
		err = p.service.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, board := range p.boards {
				shown, err := board(ctx, tx, seat)
				if err != nil {
					return err
				}
				if shown != nil {
					v.Boards = append(v.Boards, shown)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return web.Page{Title: "Agenda", Body: agendaBody(v), Invalid: errs.Any(), Current: Home, Wide: true, Flash: r.Done(done), Back: &ui.Link{Text: "The meeting", Href: seat.Meeting().Path()}}, nil
}

func (p *Pages) order(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	if _, err := p.openMeeting(ctx, r); err != nil { // it is for those who keep it
		return nil, err
	}
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	a, err := p.service.Agenda(ctx, seat)
	if err != nil {
		return nil, err
	}
	var errs forms.Errors
	var order []marac.CaseID
	places := map[marac.CaseID]int{}
	for _, l := range a.Lines {
		n := number(typed, "n-"+string(l.ID))
		if n < 1 {
			errs.Add("n-"+string(l.ID), "Enter a number for the place of "+l.Number)
		}
		places[l.ID], order = n, append(order, l.ID)
	}
	if errs.Any() {
		return p.agendaPage(ctx, r, seat, typed, errs)
	}
	slices.SortStableFunc(order, func(a, b marac.CaseID) int { return places[a] - places[b] })
	if err := p.service.Order(ctx, r.Actor, seat.Meeting().ID, order); err != nil {
		return nil, err
	}
	return web.SeeOther(seat.Meeting().Path() + "/agenda?done=ordered"), nil
}

func (p *Pages) accept(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := p.service.Accept(ctx, seat); err != nil {
		return nil, err
	}
	return web.SeeOther(seat.Meeting().Path() + "/agenda?done=stated"), nil
}

type caseView struct {
	marac.Opened
	Seat   *marac.Seat
	From   string
	Panels []templ.Component
	Zone   *time.Location
}

func (p *Pages) one(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if !seat.Stated() {
		return statement(seat), nil
	}
	o, err := p.service.Open(ctx, seat, marac.CaseID(r.Path("case")))
	if err != nil {
		return nil, err
	}
	v := caseView{Opened: o, Seat: seat, Zone: p.service.Zone()}
	names, err := p.agencyNames(ctx, r.Actor, o.Case.From)
	if err != nil {
		return nil, err
	}
	v.From = names[o.Case.From]
	if len(p.panels) > 0 {
		err = p.service.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
			for _, panel := range p.panels {
				shown, err := panel(ctx, tx, seat, o.Case)
				if err != nil {
					return err
				}
				if shown != nil {
					v.Panels = append(v.Panels, shown)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return web.Page{Title: "A case", Body: caseBody(v), Current: Home, Back: &ui.Link{Text: "Agenda", Href: seat.Meeting().Path() + "/agenda"}}, nil
}
