package actionsweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/actions"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Home is the list of what one's own agency took on.
const Home = "/marac/actions"

// pageSize is how many actions a page lists.
const pageSize = 25

// BoardPath is the address of the board of a MARAC.
func BoardPath(agency string) string { return "/marac/" + agency + "/actions" }

// ListsPath is the address of the lists that were brought along to a MARAC.
func ListsPath(agency string) string { return "/marac/" + agency + "/lists" }

// SittingPath is the address of the actions of a meeting.
func SittingPath(m marac.Meeting) string { return m.Path() + "/actions" }

func casePath(m marac.Meeting, id marac.CaseID) string { return m.Path() + "/cases/" + string(id) }

// Pages are the pages of this package.
type Pages struct {
	s         *actions.Service
	marac     *marac.Service
	cases     *cases.Service
	directory *directory.Register
}

// New makes the pages.
func New(s *actions.Service, maracs *marac.Service, files *cases.Service, register *directory.Register) *Pages {
	return &Pages{s: s, marac: maracs, cases: files, directory: register}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	const (
		one     = "/marac-actions/{action}"
		meeting = "/marac/{agency}/meetings/{meeting}"
		of      = meeting + "/cases/{case}"
		lists   = "/marac/{agency}/lists"
	)
	acts := fields.Pages[actions.Shown]{Open: p.openAction, Page: actionPage}
	panels := fields.Pages[actions.Panel]{Open: p.openPanel, Page: panelPage}
	return []web.Route{
		get(Home, actions.ActOwn, p.mine),
		get(one, actions.ActRead, p.show),
		get(one+"/answer", actions.ActAnswer, acts.Show(p.answer())),
		post(one+"/answer", actions.ActAnswer, acts.Send(p.answer())),
		get(one+"/give", actions.ActGive, acts.Show(p.give())),
		post(one+"/give", actions.ActGive, acts.Send(p.give())),
		get(one+"/change", actions.ActChange, acts.Show(p.change())),
		post(one+"/change", actions.ActChange, acts.Send(p.change())),
		get(one+"/chase", actions.ActChange, acts.Show(p.chase())),
		post(one+"/chase", actions.ActChange, acts.Send(p.chase())),
		get(one+"/plan", actions.ActPlan, p.told),
		get("/marac/{agency}/actions", actions.ActBoard, p.board),
		get(meeting+"/actions", marac.ActSit, p.sitting),
		get(of+"/actions/new", actions.ActAdd, panels.Show(p.add(actions.Plain))),
		post(of+"/actions/new", actions.ActAdd, panels.Send(p.add(actions.Plain))),
		get(of+"/feedback/new", actions.ActAdd, panels.Show(p.add(actions.Feedback))),
		post(of+"/feedback/new", actions.ActAdd, panels.Send(p.add(actions.Feedback))),
		get(of+"/plan", marac.ActCase, p.plan),
		get(lists, actions.ActTake, p.lists),
		{Method: http.MethodPost, Pattern: lists, Action: actions.ActTake, Upload: actions.ListBytes, Handler: p.bring},
		get(lists+"/{list}", actions.ActTake, p.list),
		post(lists+"/{list}", actions.ActTake, p.take),
	}
}

// Panel is what the page of a case shows of its actions, with the links to add one.
func (p *Pages) Panel(ctx context.Context, tx *store.Tx, seat *marac.Seat, c marac.Case) (templ.Component, error) {
	v, err := p.s.PanelTx(ctx, tx, seat, c)
	return panelBody(v), err
}

// Board is what an agenda shows: where the actions of the meeting are.
func (p *Pages) Board(_ context.Context, _ *store.Tx, seat *marac.Seat) (templ.Component, error) {
	return boardLink(SittingPath(seat.Meeting())), nil
}

// OnScreen is [Pages.Panel] for a case that was opened to be heard.
func (p *Pages) OnScreen(ctx context.Context, seat *marac.Seat, o marac.Opened) (templ.Component, error) {
	v, err := p.s.PanelOf(ctx, seat, o)
	return panelBody(v), err
}

// Before is what a meeting goes through before its first case: what is open from before.
func (p *Pages) Before(ctx context.Context, seat *marac.Seat) (templ.Component, error) {
	v := sittingView{Seat: seat}
	var err error
	v.Sitting, err = p.s.Sitting(ctx, seat)
	return earlierBody(v), err
}

// More are the links for coordinators.
func (p *Pages) More(agency string) ui.Link {
	return ui.Link{Text: "Actions of the MARAC, and what each agency did", Href: BoardPath(agency)}
}

// MoreLists is the link to lists that are brought along.
func (p *Pages) MoreLists(agency string) ui.Link {
	return ui.Link{Text: "Take over the register of before", Href: ListsPath(agency)}
}

// done is what a page says after something was recorded.
var done = map[string]string{
	"answered": "It is recorded what became of it",
	"given":    "It is recorded who does it",
	"changed":  "The action is changed",
	"chased":   "It stands on their list that you asked. Waymark tells nobody",
	"added":    "The action is on the list of its agency",
	"taken":    "The list is taken over",
	"left":     "The list was left. Its lines are gone",
}

// agencyNames are the agencies of the directory by name.
func (p *Pages) agencyNames(ctx context.Context, actor policy.Actor) (map[string]string, error) {
	const most = 1000
	out := map[string]string{}
	list, err := p.directory.Agencies(ctx, actor, directory.Page{Size: most})
	for _, a := range list.Items {
		out[string(a.ID)] = a.Name
	}
	return out, err
}

func cursor(r *web.Request) actions.Cursor {
	due, id, _ := strings.Cut(r.Query("after"), "_")
	return actions.Cursor{Due: due, ID: actions.ID(id)}
}

func after(c actions.Cursor) string { return url.QueryEscape(c.Due + "_" + string(c.ID)) }

type mineView struct {
	actions.Mine
	Answered bool
	Names    map[string]string // accounts
	Agencies map[string]string
}

func (p *Pages) mine(ctx context.Context, r *web.Request) (web.Response, error) {
	v := mineView{Answered: r.Query("answered") != ""}
	var err error
	if v.Mine, err = p.s.Mine(ctx, r.Actor, v.Answered, cursor(r), pageSize); err != nil {
		return nil, err
	}
	var accounts []string
	for _, a := range v.List {
		accounts = append(accounts, a.Account)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	if v.Agencies, err = p.agencyNames(ctx, r.Actor); err != nil {
		return nil, err
	}
	return web.Page{Title: "Actions of your agency", Body: mineBody(v), Current: "/marac", Back: &ui.Link{Text: "MARAC", Href: "/marac"}}, nil
}

type showView struct {
	actions.Shown
	Given    string // by name
	Agencies map[string]string
	Own      bool
}

func (p *Pages) openAction(ctx context.Context, r *web.Request) (actions.Shown, error) {
	return p.s.Get(ctx, r.Actor, actions.ID(r.Path("action")))
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	a, err := p.openAction(ctx, r)
	if err != nil {
		return nil, err
	}
	v := showView{Shown: a, Own: a.Owner == r.Actor.Agency}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{a.Account})
	if err != nil {
		return nil, err
	}
	v.Given = names[a.Account]
	if v.Agencies, err = p.agencyNames(ctx, r.Actor); err != nil {
		return nil, err
	}
	return web.Page{Title: "Action", Body: showBody(v), Current: "/marac", Flash: r.Done(done), Back: backOf(r.Actor, a.Action)}, nil
}

// backOf leads to the list that somebody came from.
func backOf(actor policy.Actor, a actions.Action) *ui.Link {
	if actor.Agency == a.Marac {
		return &ui.Link{Text: "Actions of the MARAC", Href: BoardPath(a.Marac)}
	}
	return &ui.Link{Text: "Actions of your agency", Href: Home}
}

func actionPage(_ context.Context, a actions.Shown, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/marac", Back: &ui.Link{Text: "The action", Href: path(a.Action)}}, nil
}

func path(a actions.Action) string { return "/marac-actions/" + string(a.ID) }

func version(v int64) fields.Field {
	return fields.Field{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(v, 10)}
}

func versionOf(v url.Values) int64 {
	n, _ := strconv.ParseInt(v.Get("version"), 10, 64) // 0 is nobody's
	return n
}

// closed says, on a form, that an action is open no more.
func closed(err error, field string) error {
	if errors.Is(err, actions.ErrClosed) {
		return forms.Errors{{Field: field, Message: "It was answered already, and is open no more"}}
	}
	return err
}

// ownMost is how many of their own cases somebody can choose from.
const ownMost = 100

func (p *Pages) answer() fields.Editor[actions.Shown] {
	return fields.Editor[actions.Shown]{
		Title: "What became of it",
		Build: func(ctx context.Context, a actions.Shown, r *web.Request) (fields.Form, error) {
			if !a.MayAnswer {
				return fields.Form{}, store.ErrNotFound
			}
			form := fields.Form{Intro: actionIntro(a.Action), Action: path(a.Action) + "/answer", Button: "Record it", Fields: []fields.Field{
				version(a.Version),
				{Sort: fields.Radios, Name: "state", Label: "What became of it?", Items: fields.Items(actions.Answers())},
				{Sort: fields.Area, Name: "text", Label: "What was done and how that can be seen, or why it was not", Hint: answerHint(a.Action)},
			}}
			if a.Kind == actions.Feedback {
				form.Fields = append(form.Fields,
					fields.Field{Sort: fields.Date, Name: "on", Label: "On which day were they told?", Heading: "If they were told"},
					fields.Field{Sort: fields.Line, Name: "teller", Label: "Who told them?", Value: r.Actor.Name},
					fields.Field{Sort: fields.Radios, Name: "safely", Label: "How safely?", Items: fields.Items(actions.HowSafely())},
					fields.Field{Sort: fields.Area, Name: "back", Label: "What did they say?", Hint: "In their own words, where you can. The coordinator reads it."},
				)
			}
			if a.Owner != r.Actor.Agency {
				return form, nil
			}
			rows, err := p.cases.Caseload(ctx, r.Actor, cases.Mine, nil, ownMost)
			if err != nil && !isDenied(err) {
				return form, err
			}
			if len(rows) > 0 {
				form.Fields = append(form.Fields, fields.Field{Sort: fields.Choice, Name: "own", Label: "Your own case about the same person", Hint: "If there is one, what was done goes into its chronology.", Items: ownItems(rows)})
			}
			return form, nil
		},
		Save: func(ctx context.Context, a actions.Shown, r *web.Request, v url.Values) (string, error) {
			n := actions.Answer{State: actions.State(v.Get("state")), Text: v.Get("text"), On: fields.Day(v, "on"), Teller: v.Get("teller"), Safely: actions.Safely(v.Get("safely")), Back: v.Get("back")}
			if own := v.Get("own"); own != "" {
				f, err := p.cases.Open(ctx, r.Actor, cases.ID(own), cases.Care)
				if err != nil {
					return "", err
				}
				n.Own = f
			}
			return path(a.Action) + "?done=answered", p.s.Answer(ctx, r.Actor, a.ID, versionOf(v), n)
		},
	}
}

func isDenied(err error) bool { _, is := policy.IsDenied(err); return is }

func (p *Pages) give() fields.Editor[actions.Shown] {
	return fields.Editor[actions.Shown]{
		Title: "Who does it",
		Build: func(ctx context.Context, a actions.Shown, r *web.Request) (fields.Form, error) {
			if !a.MayGive {
				return fields.Form{}, store.ErrNotFound
			}
			items, err := p.colleagues(ctx, r.Actor)
			return fields.Form{Intro: giveIntro(a.Action), Action: path(a.Action) + "/give", Button: "Record it", Fields: []fields.Field{
				version(a.Version),
				{Sort: fields.Choice, Name: "account", Label: "Colleague", Hint: "Leave it empty to give it back to those who sit at the MARAC.", Items: items, Value: a.Account},
			}}, err
		},
		Save: func(ctx context.Context, a actions.Shown, r *web.Request, v url.Values) (string, error) {
			names, err := p.directory.MemberNames(ctx, r.Actor, []string{v.Get("account")})
			if err != nil {
				return "", err
			}
			return path(a.Action) + "?done=given", closed(p.s.Give(ctx, r.Actor, a.ID, versionOf(v), v.Get("account"), names[v.Get("account")]), "account")
		},
	}
}

// colleagues are those of the actor's agency whom work can be given to.
func (p *Pages) colleagues(ctx context.Context, actor policy.Actor) ([]ui.RadioItem, error) {
	const most = 500
	list, err := p.directory.Colleagues(ctx, actor, "", directory.Page{Size: most})
	var out []ui.RadioItem
	for _, c := range list.Items {
		out = append(out, ui.RadioItem{Value: c.Account, Text: c.Name})
	}
	return out, err
}

func (p *Pages) change() fields.Editor[actions.Shown] {
	return fields.Editor[actions.Shown]{
		Title: "Change the action",
		Build: func(_ context.Context, a actions.Shown, _ *web.Request) (fields.Form, error) {
			if !a.MayChange {
				return fields.Form{}, store.ErrNotFound
			}
			return fields.Form{Action: path(a.Action) + "/change", Button: "Change it", Fields: []fields.Field{
				version(a.Version),
				{Sort: fields.Area, Name: "what", Label: "What is done", Value: a.Words.What},
				{Sort: fields.Radios, Name: "target", Label: "For whom is it?", Items: fields.Items(actions.Targets()), Value: string(a.Target)},
				{Sort: fields.Date, Name: "due", Label: "By when", Value: a.Due},
				{Sort: fields.Area, Name: "tell", Label: tellLabel, Hint: tellHint, Value: a.Words.Tell},
				{Sort: fields.Tick, Name: "read", Label: readLabel, Hint: readHint},
				{Sort: fields.Area, Name: "why", Label: "Why it is changed", Hint: "What it was stays to be seen."},
			}}, nil
		},
		Save: func(ctx context.Context, a actions.Shown, r *web.Request, v url.Values) (string, error) {
			n := actions.NewAction{What: v.Get("what"), Target: actions.Target(v.Get("target")), Due: fields.Day(v, "due"), Tell: v.Get("tell"), Read: v.Get("read") != ""}
			return path(a.Action) + "?done=changed", closed(p.s.Change(ctx, r.Actor, a.ID, versionOf(v), n, v.Get("why")), "what")
		},
	}
}

func (p *Pages) chase() fields.Editor[actions.Shown] {
	return fields.Editor[actions.Shown]{
		Title: "Ask after it",
		Build: func(_ context.Context, a actions.Shown, _ *web.Request) (fields.Form, error) {
			if !a.MayChange {
				return fields.Form{}, store.ErrNotFound
			}
			return fields.Form{Intro: actionIntro(a.Action), Action: path(a.Action) + "/chase", Button: "Ask", Fields: []fields.Field{
				{Sort: fields.Area, Name: "words", Label: "What you ask", Hint: "It stands with the action on the list of its agency."},
			}}, nil
		},
		Save: func(ctx context.Context, a actions.Shown, r *web.Request, v url.Values) (string, error) {
			return path(a.Action) + "?done=chased", closed(p.s.Chase(ctx, r.Actor, a.ID, v.Get("words")), "words")
		},
	}
}

type toldView struct {
	actions.Told
	Action actions.Shown
}

func (p *Pages) told(ctx context.Context, r *web.Request) (web.Response, error) {
	a, err := p.openAction(ctx, r)
	if err != nil {
		return nil, err
	}
	v := toldView{Action: a}
	if v.Told, err = p.s.ForPerson(ctx, r.Actor, a.ID); err != nil {
		return nil, err
	}
	return web.Page{Title: "What was agreed", Body: toldBody(v), Current: "/marac", Back: &ui.Link{Text: "The action", Href: path(a.Action)}}, nil
}

type boardView struct {
	actions.Board
	Agency string
	Names  map[string]string
}

func (p *Pages) board(ctx context.Context, r *web.Request) (web.Response, error) {
	v := boardView{Agency: r.Path("agency")}
	var err error
	if v.Board, err = p.s.Board(ctx, r.Actor, v.Agency, cursor(r), pageSize); err != nil {
		return nil, err
	}
	v.Names, err = p.agencyNames(ctx, r.Actor)
	return web.Page{Title: "Actions", Body: boardBody(v), Current: "/marac", Wide: true, Back: &ui.Link{Text: "MARAC", Href: "/marac"}}, err
}

type sittingView struct {
	actions.Sitting
	Seat *marac.Seat
}

// seat sits the reader down at the meeting of the address.
func (p *Pages) seat(ctx context.Context, r *web.Request) (*marac.Seat, error) {
	seat, err := p.marac.Sit(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	if err == nil && seat.Agency() != r.Path("agency") {
		return nil, store.ErrNotFound
	}
	return seat, err
}

func (p *Pages) sitting(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.seat(ctx, r)
	if err != nil {
		return nil, err
	}
	v := sittingView{Seat: seat}
	v.Sitting, err = p.s.Sitting(ctx, seat)
	if errors.Is(err, marac.ErrStatement) { // it is accepted on the agenda
		return web.SeeOther(seat.Meeting().Path() + "/agenda"), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Actions of the meeting", Body: sittingBody(v), Current: "/marac", Wide: true, Back: &ui.Link{Text: "Agenda", Href: seat.Meeting().Path() + "/agenda"}}, nil
}

func (p *Pages) openPanel(ctx context.Context, r *web.Request) (actions.Panel, error) {
	seat, err := p.seat(ctx, r)
	if err != nil {
		return actions.Panel{}, err
	}
	v, err := p.s.OfCase(ctx, seat, marac.CaseID(r.Path("case")))
	if errors.Is(err, marac.ErrStatement) {
		return v, store.ErrNotFound
	}
	return v, err
}

func panelPage(_ context.Context, v actions.Panel, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/marac", Back: &ui.Link{Text: "The case", Href: casePath(v.Meeting(), v.Opened.Case.ID)}}, nil
}

// Words of the forms that add and change an action.
const (
	tellLabel = "What the person may be given about it"
	tellHint  = "Optional. Plain words, no names, no places, nothing about whoever harms: it can be found by them. What is left empty is not in what the person is given."
	readLabel = "I have looked: it tells nothing of where the victim is, how they are reached, what is planned with them, or what they said"
	readHint  = "Needed when the agency works with people who harm."
)

func (p *Pages) add(kind actions.Kind) fields.Editor[actions.Panel] {
	title, tail := "Take on an action", "/actions/new"
	if kind == actions.Feedback {
		title, tail = "Have the person told", "/feedback/new"
	}
	return fields.Editor[actions.Panel]{
		Title: title,
		Build: func(_ context.Context, v actions.Panel, r *web.Request) (fields.Form, error) {
			form := fields.Form{Action: casePath(v.Meeting(), v.Opened.Case.ID) + tail, Button: "Add it"}
			owner := fields.Field{Sort: fields.Choice, Name: "owner", Label: "Which agency does it?", Items: ownerItems(v.Owners)}
			if len(v.Owners) == 1 {
				owner.Value = v.Owners[0].Agency
			}
			due := fields.Field{Sort: fields.Date, Name: "due", Label: "By when"}
			by := fields.Field{Sort: fields.Line, Name: "by", Label: "Who volunteers it", Value: r.Actor.Name}
			if kind == actions.Feedback {
				form.Intro = feedbackIntro(v.Opened.Case.IDVA)
				form.Fields = []fields.Field{{Sort: fields.Area, Name: "what", Label: "What they are told", Value: "Tell them what was agreed, when it is safe."}, owner, due, by}
				return form, nil
			}
			form.Fields = []fields.Field{
				{Sort: fields.Area, Name: "what", Label: "What is done", Hint: "One thing that somebody can say was done."},
				owner,
				by,
				{Sort: fields.Radios, Name: "target", Label: "For whom is it?", Items: fields.Items(actions.Targets())},
				due,
				{Sort: fields.Area, Name: "tell", Label: tellLabel, Hint: tellHint},
			}
			for _, o := range v.Owners {
				if o.Walled {
					form.Fields = append(form.Fields, fields.Field{Sort: fields.Tick, Name: "read", Label: readLabel, Hint: readHint})
					break
				}
			}
			return form, nil
		},
		Save: func(ctx context.Context, v actions.Panel, r *web.Request, typed url.Values) (string, error) {
			n := actions.NewAction{
				What: typed.Get("what"), Tell: typed.Get("tell"), Owner: typed.Get("owner"), Target: actions.Target(typed.Get("target")), Due: fields.Day(typed, "due"), Kind: kind, By: typed.Get("by"), Read: typed.Get("read") != "",
			}
			if kind == actions.Feedback {
				n.Target = actions.Victim
			}
			if n.Owner == "" {
				return "", forms.Errors{{Field: "owner", Message: "Select an agency that sits at the MARAC"}}
			}
			seat, err := p.seat(ctx, r)
			if err != nil {
				return "", err
			}
			_, err = p.s.Add(ctx, seat, v.Opened.Case.ID, n)
			return casePath(v.Meeting(), v.Opened.Case.ID) + "?done=added", err
		},
	}
}

func (p *Pages) plan(ctx context.Context, r *web.Request) (web.Response, error) {
	seat, err := p.seat(ctx, r)
	if err != nil {
		return nil, err
	}
	v, err := p.s.Plan(ctx, seat, marac.CaseID(r.Path("case")))
	if errors.Is(err, marac.ErrStatement) {
		return web.SeeOther(seat.Meeting().Path() + "/agenda"), nil
	}
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Coordinated safety plan", Body: planBody(v, seat), Current: "/marac", Back: &ui.Link{Text: "The case", Href: casePath(seat.Meeting(), v.Opened.Case.ID)}}, nil
}

type listsView struct {
	Agency string
	Lists  []actions.List
	Errors forms.Errors
}

func (p *Pages) lists(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.listsPage(ctx, r, listsView{Agency: r.Path("agency")})
}

func (p *Pages) listsPage(ctx context.Context, r *web.Request, v listsView) (web.Response, error) {
	var err error
	if v.Lists, err = p.s.Lists(ctx, r.Actor, v.Agency); err != nil {
		return nil, err
	}
	return web.Page{Title: "Take over the register of before", Body: listsBody(v), Current: "/marac", Invalid: v.Errors.Any(), Flash: r.Done(done), Back: &ui.Link{Text: "MARAC", Href: "/marac"}}, nil
}

func (p *Pages) bring(ctx context.Context, r *web.Request) (web.Response, error) {
	if _, err := r.Form(); err != nil {
		return nil, err
	}
	v, file := listsView{Agency: r.Path("agency")}, r.File("file")
	if file.TooLarge {
		v.Errors.Add("file", "The file is larger than 1 MB. Bring it along in parts")
		return p.listsPage(ctx, r, v)
	}
	id, err := p.s.Bring(ctx, r.Actor, v.Agency, file.Body)
	var none *actions.ErrList
	if errors.As(err, &none) {
		v.Errors.Add("file", none.Says)
		return p.listsPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(ListsPath(v.Agency) + "/" + string(id)), nil
}

type listView struct {
	actions.List
	Errors forms.Errors
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.listPage(ctx, r, forms.Errors{})
}

func (p *Pages) listPage(ctx context.Context, r *web.Request, errs forms.Errors) (web.Response, error) {
	l, err := p.s.List(ctx, r.Actor, r.Path("agency"), actions.ListID(r.Path("list")))
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "A list that was brought along", Body: listBody(listView{List: l, Errors: errs}), Current: "/marac", Wide: true, Invalid: errs.Any(), Back: &ui.Link{Text: "Lists", Href: ListsPath(l.Agency)}}, nil
}

func (p *Pages) take(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	agency, id := r.Path("agency"), actions.ListID(r.Path("list"))
	next := ListsPath(agency) + "?done=taken"
	if v.Get("do") == "leave" {
		next, err = ListsPath(agency)+"?done=left", p.s.Discard(ctx, r.Actor, agency, id, versionOf(v))
	} else {
		_, err = p.s.Take(ctx, r.Actor, agency, id, versionOf(v))
	}
	if errors.Is(err, actions.ErrFaulty) {
		return p.listPage(ctx, r, forms.Errors{{Field: "take", Message: "Mend the lines in which something is wrong, and bring the list along again. Nothing was taken"}})
	}
	if errs, is := forms.AsErrors(err); is {
		return p.listPage(ctx, r, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(next), nil
}
