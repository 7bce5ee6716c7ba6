package appointmentsweb

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"waymark/internal/casework/appointments"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// day is one day of a calendar.
type day struct {
	Title string
	Lines []appointments.Line
}

type calendarView struct {
	Days                  []day
	Week, Everybody, Team bool
	Names                 map[string]string
	Here, Mine, All       string
	DayHref, WeekHref     string
	Before, After         string
	Title                 string
	Zone                  *time.Location
	Empty                 bool
}

func (p *Pages) calendar(ctx context.Context, r *web.Request) (web.Response, error) {
	now := p.service.Now()
	first, err := time.ParseInLocation(time.DateOnly, r.Query("day"), p.service.Zone())
	if err != nil {
		first = now
	}
	v := calendarView{Week: r.Query("show") == "week", Everybody: r.Actor.Has(policy.Manager) && r.Query("whose") == "all", Team: r.Actor.Has(policy.Manager), Zone: p.service.Zone()}
	days, step := 1, 1
	v.Title = first.Format("Monday 2 January 2006")
	if v.Week {
		first = first.AddDate(0, 0, -(int(first.Weekday())+6)%7) // the Monday
		days, step = 7, 7
		v.Title = "Week of " + first.Format("2 January 2006")
	}
	lines, err := p.service.Calendar(ctx, r.Actor, first, days, v.Everybody)
	if err != nil {
		return nil, err
	}
	v.Empty = len(lines) == 0
	var accounts []string
	for i := range days {
		on := first.AddDate(0, 0, i)
		d := day{Title: on.Format("Monday 2 January")}
		for _, l := range lines {
			if l.Starts.In(v.Zone).Format(time.DateOnly) == on.Format(time.DateOnly) {
				d.Lines, accounts = append(d.Lines, l), append(accounts, l.Worker)
			}
		}
		if len(d.Lines) > 0 {
			v.Days = append(v.Days, d)
		}
	}
	if v.Everybody {
		if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
			return nil, err
		}
	}
	to := func(on time.Time, show, whose string) string {
		q := url.Values{"day": {on.Format(time.DateOnly)}}
		if show != "" {
			q.Set("show", show)
		}
		if whose != "" {
			q.Set("whose", whose)
		}
		return Home + "?" + q.Encode()
	}
	show, whose := "", ""
	if v.Week {
		show = "week"
	}
	if v.Everybody {
		whose = "all"
	}
	v.DayHref, v.WeekHref = to(first, "", whose), to(first, "week", whose)
	v.Mine, v.All = to(first, show, ""), to(first, show, "all")
	v.Before, v.After = to(first.AddDate(0, 0, -step), show, whose), to(first.AddDate(0, 0, step), show, whose)
	return web.Page{Title: "Calendar", Body: calendarBody(v), Current: Home, Wide: true}, nil
}

// Tiles are the counts of appointments on a worker's first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	today, move, err := p.service.Today(ctx, actor)
	if err != nil || today == 0 {
		return nil, err
	}
	out := []ui.NumericTile{{Label: "Appointments today", Value: strconv.Itoa(today), Href: Home}}
	if move > 0 {
		out = append(out, ui.NumericTile{Label: "Today’s appointments to move", Value: strconv.Itoa(move), Href: Home})
	}
	return out, nil
}

type feedView struct {
	Since string
	Made  string // the address, shown once
}

func (p *Pages) feed(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.feedPage(ctx, r, "")
}

func (p *Pages) feedPage(ctx context.Context, r *web.Request, made string) (web.Response, error) {
	since, err := p.service.Feed(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := feedView{Made: made}
	if !since.IsZero() {
		v.Since = since.In(p.service.Zone()).Format("2 January 2006")
	}
	return web.Page{Title: "Your calendar elsewhere", Body: feedBody(v), Current: Home, Flash: r.Done(done), Back: &ui.Link{Text: "Calendar", Href: Home}}, nil
}

func (p *Pages) changeFeed(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	if v.Get("do") == "close" {
		if err := p.service.CloseFeed(ctx, r.Actor); err != nil {
			return nil, err
		}
		return web.SeeOther(feedPath + "?done=closed"), nil
	}
	token, err := p.service.OpenFeed(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return p.feedPage(ctx, r, r.Site()+outside+token)
}

// outside is a calendar as a program reads it: times, and one word.
func (p *Pages) outside(ctx context.Context, r *web.Request) (web.Response, error) {
	spans, err := p.service.ReadFeed(ctx, r.Path("token"))
	if err != nil {
		return nil, err
	}
	return web.Content{Type: "text/calendar; charset=utf-8", Body: []byte(calendarFile(spans, p.service.Now()))}, nil
}

// calendarFile writes times into a file of RFC 5545. It says nothing else:
// whoever sees it on a telephone or in a copy of one learns when somebody meets
// somebody.
func calendarFile(spans []appointments.Span, now time.Time) string {
	c := ics.NewCalendarFor("-//Calendar//EN")
	for _, s := range spans {
		e := c.AddEvent(s.Key)
		e.SetDtStampTime(now)
		e.SetStartAt(s.Starts)
		e.SetEndAt(s.Ends)
		e.SetSummary("Meeting")
		e.SetClass(ics.ClassificationPrivate)
	}
	var b strings.Builder
	if err := c.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return "" // a builder takes everything
	}
	return b.String()
}
