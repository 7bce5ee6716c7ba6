package researchweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// Addresses.
const (
	Home    = research.Path
	Boards  = Home + "/boards"
	Packs   = Home + "/packs"
	Reviews = Home + "/reviews"

	nav = "/marac" // the item of the navigation that these pages belong to
)

// Pages are the pages of this package.
type Pages struct {
	research  *research.Service
	marac     *marac.Service
	cases     *cases.Service
	directory *directory.Register
}

// New makes the pages.
func New(service *research.Service, conference *marac.Service, files *cases.Service, register *directory.Register) *Pages {
	return &Pages{research: service, marac: conference, cases: files, directory: register}
}

// BoardPath is the board of a meeting, for pages that lead there.
func BoardPath(id marac.MeetingID) string { return Boards + "/" + string(id) }

// PackPath is what was returned to a meeting, for those with a seat.
func PackPath(id marac.MeetingID) string {
	return Packs + "/" + string(id) + "/" + string(research.Brief)
}

// Found is what an agenda shows: where what the agencies found is read.
func (p *Pages) Found(_ context.Context, _ *store.Tx, seat *marac.Seat) (templ.Component, error) {
	return foundLink(PackPath(seat.Meeting().ID)), nil
}

// OnScreen is [Pages.Found] beside a case that is being heard.
func (p *Pages) OnScreen(_ context.Context, seat *marac.Seat, _ marac.Opened) (templ.Component, error) {
	return foundLink(PackPath(seat.Meeting().ID)), nil
}

func meetingPath(id marac.MeetingID) string { return Home + "/meetings/" + string(id) }

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const (
		meeting = Home + "/meetings/{meeting}"
		line    = Home + "/lines/{line}"
		board   = Boards + "/{meeting}"
		pack    = Packs + "/{meeting}/{depth}"
		review  = Reviews + "/{return}"
	)
	lines := fields.Pages[*research.Line]{Open: p.open, Page: p.linePage}
	releases := fields.Pages[leaving]{Open: p.leaving, Page: p.releasePage}
	reviews := fields.Pages[research.HeldReturn]{Open: p.toReview, Page: reviewPage}
	return []web.Route{
		get(Home, research.ActList, p.home),
		get(meeting, research.ActList, p.list),
		get(meeting+"/names", research.ActLook, p.names),
		post(meeting+"/names", research.ActAnswer, p.nothing),
		get(meeting+"/release", research.ActRelease, releases.Show(p.releaseEditor())),
		post(meeting+"/release", research.ActRelease, releases.Send(p.releaseEditor())),
		get(line, research.ActLook, p.line),
		post(line, research.ActAnswer, p.decide),
		get(line+"/return", research.ActAnswer, lines.Show(p.returnEditor())),
		post(line+"/return", research.ActAnswer, lines.Send(p.returnEditor())),
		get(line+"/hand", research.ActHand, lines.Show(p.handEditor())),
		post(line+"/hand", research.ActHand, lines.Send(p.handEditor())),
		get(Boards, research.ActBoard, p.boards),
		get(board, research.ActBoard, p.board),
		post(board, research.ActAsk, p.ask),
		post(board+"/chase", research.ActChase, p.chase),
		get(board+"/{depth}", research.ActRead, p.pack(false)),
		get(board+"/{depth}/print", research.ActPrint, p.pack(true)),
		get(pack, research.ActRead, p.seated(false)),
		get(pack+"/print", research.ActPrint, p.seated(true)),
		get(Reviews, research.ActReview, p.reviews),
		get(review, research.ActReview, reviews.Show(reviewEditor(p))),
		post(review, research.ActReview, reviews.Send(reviewEditor(p))),
	}
}

var done = map[string]string{
	"released":  "It has left for the meeting. What was sent does not change",
	"nothing":   "Written down as nothing known. It leaves when you send it",
	"kept":      "Written down. It leaves when you send it",
	"decided":   "Written down",
	"undone":    "Taken back",
	"handed":    "Your colleague finds it on their list",
	"asked":     "The agencies find it on their lists",
	"asked-all": "Every agency has been asked about every case already",
	"chased":    "They see on their lists that you asked again",
	"reviewed":  "Your review is recorded by your name",
}

// mine are the lines of one meeting.
type mine struct {
	Meeting marac.MeetingID
	Name    string // of the MARAC
	Starts  time.Time
	Rows    []research.Row
	now     time.Time
}

// count is how many lines are so.
func (m mine) count(is func(research.Row) bool) (n int) {
	for _, r := range m.Rows {
		if is(r) {
			n++
		}
	}
	return n
}

func (m mine) answered() int { return m.count(func(r research.Row) bool { return r.Answer != "" }) }
func (m mine) overdue() int {
	return m.count(func(r research.Row) bool { return r.Overdue(m.now) })
}
func (m mine) drafts() int { return m.count(func(r research.Row) bool { return r.Draft != "" }) }
func (m mine) chased() int {
	if len(m.Rows) == 0 {
		return 0
	}
	return m.Rows[0].Chased
}

func (m mine) when(zone *time.Location) string {
	return m.Starts.In(zone).Format("Monday 2 January 2006, 15:04")
}

func grouped(rows []research.Row, now time.Time) []mine {
	var out []mine
	for _, r := range rows {
		if len(out) == 0 || out[len(out)-1].Meeting != r.Meeting {
			out = append(out, mine{Meeting: r.Meeting, Name: r.Name, Starts: r.Starts, now: now})
		}
		last := &out[len(out)-1]
		last.Rows = append(last.Rows, r)
	}
	return out
}

func (p *Pages) home(ctx context.Context, r *web.Request) (web.Response, error) {
	rows, err := p.research.List(ctx, r.Actor, "")
	if err != nil {
		return nil, err
	}
	desk, err := p.marac.Desk(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v := homeView{Meetings: grouped(rows, p.research.Now()), Zone: p.research.Zone(), Board: p.marac.MayKeep(r.Actor, r.Actor.Agency) &&
		slices.ContainsFunc(desk.Maracs, func(m marac.Named) bool { return m.Agency == r.Actor.Agency })}
	for _, m := range desk.Meetings {
		if m.Reply == marac.Comes && m.Meeting.Open(p.research.Now()) {
			v.Packs = append(v.Packs, m.Meeting)
		}
	}
	return web.Page{Title: "Research", Body: homeBody(v), Current: nav, Wide: true, Flash: r.Done(done)}, nil
}

type homeView struct {
	Meetings []mine
	Packs    []marac.Meeting // whose pack is open to them
	Zone     *time.Location
	Board    bool
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	id := marac.MeetingID(r.Path("meeting"))
	rows, err := p.research.List(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 { // the same for one that never was
		return nil, store.ErrNotFound
	}
	var holders []string
	for _, row := range rows {
		holders = append(holders, row.Holder)
	}
	v := listView{mine: grouped(rows, p.research.Now())[0], Zone: p.research.Zone()}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, holders); err != nil {
		return nil, err
	}
	return web.Page{Title: "Cases of a meeting", Body: listBody(v), Current: nav, Wide: true, Back: &ui.Link{Text: "Research", Href: Home}, Flash: r.Done(done)}, nil
}

type listView struct {
	mine
	Zone  *time.Location
	Names map[string]string
}

type namesView struct {
	mine
	Lines   []*research.Line
	Looking research.Looking
	Zone    *time.Location
	Error   string
}

func (p *Pages) names(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.namesPage(ctx, r, "")
}

func (p *Pages) namesPage(ctx context.Context, r *web.Request, wrong string) (web.Response, error) {
	lines, err := p.research.Names(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, store.ErrNotFound
	}
	v := namesView{Lines: lines, Zone: p.research.Zone(), Error: wrong}
	v.mine = mine{Meeting: lines[0].Meeting, Name: lines[0].Name, Starts: lines[0].Starts, now: p.research.Now()}
	for _, l := range lines {
		v.Rows = append(v.Rows, l.Row)
	}
	if v.Looking, err = p.research.Look(ctx, lines); err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Names to look up", Body: namesBody(v), Current: nav, Wide: true, Invalid: wrong != "", Back: &ui.Link{Text: "The list without names", Href: meetingPath(v.Meeting)}, Flash: r.Done(done),
	}, nil
}

func (p *Pages) nothing(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	id := marac.MeetingID(r.Path("meeting"))
	lines, err := p.research.Names(ctx, r.Actor, id)
	if err != nil {
		return nil, err
	}
	var ticked []*research.Line
	for _, l := range lines {
		for _, one := range typed["lines"] {
			if one == string(l.ID) {
				ticked = append(ticked, l)
			}
		}
	}
	if len(lines) == 0 {
		return nil, store.ErrNotFound
	}
	if len(ticked) == 0 {
		return p.namesPage(ctx, r, "Tick the cases about which nothing is known")
	}
	if err := p.research.NothingKnown(ctx, ticked); err != nil {
		return nil, err
	}
	return web.SeeOther(meetingPath(id) + "/names?done=nothing"), nil
}

func (p *Pages) open(ctx context.Context, r *web.Request) (*research.Line, error) {
	return p.research.Open(ctx, r.Actor, research.AskID(r.Path("line")))
}

func (p *Pages) linePage(_ context.Context, l *research.Line, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: nav, Back: &ui.Link{Text: "The case", Href: l.Path()}}, nil
}

type lineView struct {
	*research.Line
	Proposals []research.Proposal
	More      bool
	Sent      []research.Return
	Holder    string
	Zone      *time.Location
	now       time.Time
}

func (p *Pages) line(ctx context.Context, r *web.Request) (web.Response, error) {
	l, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	v := lineView{Line: l, Zone: p.research.Zone(), now: p.research.Now()}
	looking, err := p.research.Look(ctx, []*research.Line{l})
	if err != nil {
		return nil, err
	}
	v.Proposals, v.More = looking.Of[l.ID], looking.More
	if v.Sent, err = p.research.Sent(ctx, l); err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{l.Holder})
	if err != nil {
		return nil, err
	}
	v.Holder = names[l.Holder]
	return web.Page{Title: "A case of a meeting", Body: lineBody(v), Current: nav, Wide: true, Back: &ui.Link{Text: "The list", Href: meetingPath(l.Meeting)}, Flash: r.Done(done)}, nil
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	l, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	nth, err := strconv.Atoi(typed.Get("nth"))
	if err != nil {
		return nil, store.ErrNotFound
	}
	file, person, next := cases.ID(typed.Get("file")), people.ID(typed.Get("person")), "?done=decided"
	switch typed.Get("is") {
	case "same", "other":
		err = p.research.Decide(ctx, l, nth, file, person, typed.Get("is") == "same")
	case "undo":
		err, next = p.research.Undo(ctx, l, nth, file, person), "?done=undone"
	default:
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(l.Path() + next), nil
}

// returnEditor asks what an agency knows. It begins with what was written before, or
// with what the agency's own file has; nothing of it leaves with this.
func (p *Pages) returnEditor() fields.Editor[*research.Line] {
	return fields.Editor[*research.Line]{
		Title: "What you know",
		Build: func(ctx context.Context, l *research.Line, _ *web.Request) (fields.Form, error) {
			b := fields.Form{Title: "Case " + l.Number + ": what you know", Action: l.Path() + "/return", Button: "Keep", Intro: returnIntro(l)}
			answer := l.Row.Draft
			if answer == "" {
				answer = l.Answer
			}
			b.Fields = append(b.Fields,
				fields.Field{Sort: fields.Radios, Name: "answer", Label: "Is anybody in this case known to your agency?", Items: fields.Items(research.Answers()), Value: string(answer)},
				fields.Field{Sort: fields.Area, Name: "why", Label: "If it cannot be said, why not", Value: l.Draft.Why})
			for nth, who := range l.Who {
				one := fields.Field{Sort: fields.Radios, Name: "p-" + strconv.Itoa(nth), Label: who.Part.Label() + ": " + who.Name(), Items: fields.Items(research.Answers()), Value: string(l.Draft.Of(nth))}
				if nth == 0 {
					one.Heading = "Person by person, where it matters"
				}
				b.Fields = append(b.Fields, one)
			}
			f, err := p.research.FileOf(ctx, l)
			if err != nil {
				return b, err
			}
			var src research.Source
			if f != nil {
				if src, err = p.research.From(ctx, f); err != nil {
					return b, err
				}
			}
			fresh := len(l.Draft.Said) == 0
			err = p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
				form, err := p.research.Form(ctx, tx, l.Draft)
				if err != nil {
					return err
				}
				first := true
				for q := range form.Questions() {
					one := fields.Field{Sort: fields.Area, Name: "q-" + q.LinkID, Label: q.Text, Hint: q.Hint(), Value: l.Draft.Said[q.LinkID]}
					if first {
						one.Heading, first = "What the meeting should know", false
					}
					if fresh {
						one.Value = src.Fill[q.LinkID]
					}
					b.Fields = append(b.Fields, one)
				}
				return nil
			})
			if err != nil || len(src.Entries) == 0 {
				return b, err
			}
			picked := fields.Field{Sort: fields.Ticks, Name: "entries", Heading: "From your own chronology", Label: "Which entries go with it?", Hint: "None goes by itself. Each goes word for word; what is kept apart is left out."}
			var on []string
			for _, e := range src.Entries {
				picked.Items = append(picked.Items, ui.RadioItem{Value: string(e.ID), Text: cases.DayInWords(e.On) + ": " + e.Kind.Label(), Hint: e.Text})
			}
			for _, e := range l.Draft.Entries {
				on = append(on, string(e.ID))
			}
			picked.Value = strings.Join(on, ",")
			b.Fields = append(b.Fields, picked)
			return b, nil
		},
		Save: func(ctx context.Context, l *research.Line, _ *web.Request, v url.Values) (string, error) {
			a := research.Answering{Answer: research.Known(v.Get("answer")), Why: v.Get("why"), Said: map[string]string{}}
			for nth := range l.Who {
				a.People = append(a.People, research.Known(v.Get("p-"+strconv.Itoa(nth))))
			}
			for name := range v {
				if question, is := strings.CutPrefix(name, "q-"); is {
					a.Said[question] = v.Get(name)
				}
			}
			for _, id := range v["entries"] {
				a.Entries = append(a.Entries, cases.EventID(id))
			}
			return l.Path() + "?done=kept", p.research.Answer(ctx, l, a)
		},
	}
}

func (p *Pages) handEditor() fields.Editor[*research.Line] {
	return fields.Editor[*research.Line]{
		Title: "Hand it to a colleague",
		Build: func(ctx context.Context, l *research.Line, r *web.Request) (fields.Form, error) {
			list, err := p.directory.Colleagues(ctx, r.Actor, "", directory.Page{Size: 500})
			one := fields.Field{Sort: fields.Choice, Name: "holder", Label: "Who looks into this case?", Hint: "They see this line alone, and can send what they find. Choose nobody to take it back.", Value: l.Holder}
			for _, c := range list.Items {
				one.Items = append(one.Items, ui.RadioItem{Value: c.Account, Text: c.Name})
			}
			return fields.Form{Title: "Case " + l.Number + ": hand it to a colleague", Action: l.Path() + "/hand", Button: "Hand it over", Fields: []fields.Field{one}}, err
		},
		Save: func(ctx context.Context, l *research.Line, _ *web.Request, v url.Values) (string, error) {
			return l.Path() + "?done=handed", p.research.Hand(ctx, l, v.Get("holder"))
		},
	}
}

// leaving is what would leave for a meeting.
type leaving struct {
	Meeting marac.MeetingID
	research.Packet
}

func (p *Pages) leaving(ctx context.Context, r *web.Request) (leaving, error) {
	id := marac.MeetingID(r.Path("meeting"))
	packet, err := p.research.Preview(ctx, r.Actor, id, nil)
	if err == nil && len(packet.Leaving) == 0 {
		err = store.ErrNotFound
	}
	return leaving{id, packet}, err
}

func (p *Pages) releasePage(_ context.Context, l leaving, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: nav, Back: &ui.Link{Text: "The list", Href: meetingPath(l.Meeting)}}, nil
}

func (p *Pages) releaseEditor() fields.Editor[leaving] {
	return fields.Editor[leaving]{
		Title: "Send it to the meeting",
		Build: func(_ context.Context, l leaving, _ *web.Request) (fields.Form, error) {
			b := fields.Form{Action: meetingPath(l.Meeting) + "/release", Button: "Send exactly this", Intro: releaseIntro(l)}
			b.Fields = append(b.Fields, fields.Field{Sort: fields.Hidden, Name: "print", Value: l.Print},
				fields.Field{Sort: fields.Tick, Name: "lines", Label: "I have looked at what leaves"})
			if l.Known() {
				b.Fields = append(b.Fields,
					fields.Field{Sort: fields.Radios, Name: "basis", Label: "On which lawful basis does it leave?", Items: fields.Items(sharing.Bases())},
					fields.Field{Sort: fields.Area, Name: "rationale", Label: "Why is it needed, and why this much?"})
				if l.Held() {
					b.Fields = append(b.Fields, fields.Field{Sort: fields.Area, Name: "override", Label: "Why does what is held back leave all the same?", Hint: "Your key contact reviews it."})
				}
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Tick, Name: "now", Label: "There is no time: send it now, without this", Hint: "Your key contact looks at it by the next working day."})
			}
			return b, nil
		},
		Save: func(ctx context.Context, l leaving, r *web.Request, v url.Values) (string, error) {
			if v.Get("lines") != "yes" {
				return "", forms.Errors{{Field: "lines", Message: "Look at what leaves, and say so"}}
			}
			var lines []research.AskID
			for _, one := range l.Leaving {
				lines = append(lines, one.Line.ID)
			}
			_, err := p.research.Release(ctx, r.Actor, l.Meeting, research.Release{
				Lines: lines, Print: v.Get("print"), Basis: sharing.Basis(v.Get("basis")), Rationale: v.Get("rationale"), Override: v.Get("override"), ActNow: v.Get("now") == "yes",
			})
			return meetingPath(l.Meeting) + "?done=released", err
		},
	}
}

// Tiles is what waits for the actor, for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Practitioner) && !actor.Has(policy.Specialist) && !actor.Has(policy.Manager) {
		return nil, nil
	}
	open, overdue, err := p.research.Waiting(ctx, actor)
	if err != nil || open == 0 {
		return nil, err
	}
	tile := ui.NumericTile{Label: "Research for a meeting", Value: strconv.Itoa(open), Href: Home, Kind: ui.TileWarn}
	if overdue > 0 {
		tile.Kind = ui.TileLate
	}
	return []ui.NumericTile{tile}, nil
}

// Panel is what the page of a case shows: that it is, or was, on the list of a MARAC.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	flags, err := p.research.Flags(ctx, f)
	if err != nil || len(flags) == 0 {
		return nil, err
	}
	return panel(flags), nil
}
