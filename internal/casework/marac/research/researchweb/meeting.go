package researchweb

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac"
	"waymark/internal/casework/marac/research"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

type boardsView struct {
	Meetings []research.Sitting
	Zone     *time.Location
}

func (p *Pages) boards(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.research.Meetings(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Boards", Body: boardsBody(boardsView{list, p.research.Zone()}), Current: nav, Back: &ui.Link{Text: "Research", Href: Home}}, nil
}

type boardView struct {
	research.Board
	Zone  *time.Location
	Error string
}

func (v boardView) path() string { return BoardPath(v.Meeting) }

func (p *Pages) board(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.boardPage(ctx, r, "")
}

func (p *Pages) boardPage(ctx context.Context, r *web.Request, wrong string) (web.Response, error) {
	b, err := p.research.Board(ctx, r.Actor, marac.MeetingID(r.Path("meeting")))
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Board", Body: boardBody(boardView{b, p.research.Zone(), wrong}), Current: nav, Wide: true, Invalid: wrong != "", Back: &ui.Link{Text: "Boards", Href: Boards}, Flash: r.Done(done),
	}, nil
}

func (p *Pages) ask(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	id := marac.MeetingID(r.Path("meeting"))
	if _, err := p.research.Board(ctx, r.Actor, id); err != nil { // of another MARAC it is not there
		return nil, err
	}
	var a research.Asking
	for _, c := range typed["cases"] {
		a.Cases = append(a.Cases, marac.CaseID(c))
	}
	n, err := p.research.Ask(ctx, r.Actor, id, a)
	if errs, is := forms.AsErrors(err); is {
		return p.boardPage(ctx, r, errs.List()[0].Message)
	}
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return web.SeeOther(BoardPath(id) + "?done=asked-all"), nil
	}
	return web.SeeOther(BoardPath(id) + "?done=asked"), nil
}

func (p *Pages) chase(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	id := marac.MeetingID(r.Path("meeting"))
	if err := p.research.Chase(ctx, r.Actor, id, typed["agencies"]); err != nil {
		return nil, err
	}
	return web.SeeOther(BoardPath(id) + "?done=chased"), nil
}

type packView struct {
	research.Pack
	Base   string // the address without the depth
	Print  bool
	By     string
	At     time.Time
	Zone   *time.Location
	Seated bool
}

func (v packView) path(d research.Depth) string { return v.Base + "/" + string(d) }

func (v packView) printedBy() string {
	return "Printed by " + v.By + ", " + v.At.In(v.Zone).Format("2 January 2006, 15:04") + ". Confidential: it can put somebody in danger. Keep it where nobody else reads it, and shred it after use."
}

func (p *Pages) pack(print bool) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		id := marac.MeetingID(r.Path("meeting"))
		depth := research.ParseDepth(r.Path("depth"))
		if string(depth) != r.Path("depth") {
			return nil, store.ErrNotFound
		}
		pack, err := p.research.Pack(ctx, r.Actor, id, depth, print)
		if err != nil {
			return nil, err
		}
		v := packView{Pack: pack, Base: BoardPath(id), Print: print, By: r.Actor.Name, At: p.research.Now(), Zone: p.research.Zone()}
		return packPage(v, &ui.Link{Text: "The board", Href: BoardPath(id)}), nil
	}
}

func (p *Pages) seated(print bool) web.Handler {
	return func(ctx context.Context, r *web.Request) (web.Response, error) {
		id := marac.MeetingID(r.Path("meeting"))
		depth := research.ParseDepth(r.Path("depth"))
		if string(depth) != r.Path("depth") {
			return nil, store.ErrNotFound
		}
		seat, err := p.marac.Sit(ctx, r.Actor, id)
		if err != nil {
			return nil, err
		}
		if !seat.Stated() {
			return web.Page{Title: "What was returned", Body: notStated(), Current: nav, Back: &ui.Link{Text: "Research", Href: Home}}, nil
		}
		pack, err := p.research.PackFor(ctx, seat, depth, print)
		if err != nil {
			return nil, err
		}
		v := packView{Pack: pack, Base: Packs + "/" + string(id), Print: print, By: r.Actor.Name, At: p.research.Now(), Zone: p.research.Zone(), Seated: true}
		return packPage(v, &ui.Link{Text: "Research", Href: Home}), nil
	}
}

func packPage(v packView, back *ui.Link) web.Page {
	title := "What was returned"
	if v.Print {
		title, back = "To print", &ui.Link{Text: "Back", Href: v.path(v.Depth)}
	}
	return web.Page{Title: title, Body: packBody(v), Current: nav, Back: back}
}

type reviewsView struct {
	List  []research.HeldReturn
	Names map[string]string
	Zone  *time.Location
}

func (p *Pages) reviews(ctx context.Context, r *web.Request) (web.Response, error) {
	v := reviewsView{Zone: p.research.Zone()}
	var err error
	if v.List, err = p.research.Reviews(ctx, r.Actor); err != nil {
		return nil, err
	}
	var accounts []string
	for _, one := range v.List {
		accounts = append(accounts, one.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, accounts); err != nil {
		return nil, err
	}
	return web.Page{Title: "Research to review", Body: reviewsBody(v), Current: "/agreements", Wide: true, Back: &ui.Link{Text: "Agreements", Href: "/agreements"}, Flash: r.Done(done)}, nil
}

func (p *Pages) toReview(ctx context.Context, r *web.Request) (research.HeldReturn, error) {
	return p.research.ToReview(ctx, r.Actor, research.ReturnID(r.Path("return")))
}

func reviewPage(_ context.Context, _ research.HeldReturn, title string, body templ.Component, invalid bool) (web.Response, error) {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/agreements", Back: &ui.Link{Text: "Research to review", Href: Reviews}}, nil
}

func reviewEditor(p *Pages) fields.Editor[research.HeldReturn] {
	return fields.Editor[research.HeldReturn]{
		Title: "Research to review",
		Build: func(_ context.Context, v research.HeldReturn, _ *web.Request) (fields.Form, error) {
			return fields.Form{
				Title: "Case " + v.Number + ": what left for the meeting", Action: Reviews + "/" + string(v.ID), Button: "Record it", Intro: reviewIntro(v),
				Fields: []fields.Field{
					{Sort: fields.Radios, Name: "verdict", Label: "What do you say of it?", Items: fields.Items(research.Verdicts())},
					{Sort: fields.Area, Name: "words", Label: "Why?"},
				},
			}, nil
		},
		Save: func(ctx context.Context, v research.HeldReturn, _ *web.Request, typed url.Values) (string, error) {
			return Reviews + "?done=reviewed", p.research.Review(ctx, v, research.Verdict(typed.Get("verdict")), typed.Get("words"))
		},
	}
}

// colour is how a cell of the board stands out; its words say the same.
func colour(c research.Cell) ui.TagColour {
	switch {
	case c.Ask == "":
		return ui.TagGrey
	case c.Answer == research.IsKnown:
		return ui.TagPurple
	case c.Answer != "":
		return ui.TagGreen
	case c.Overdue:
		return ui.TagRed
	case c.Looked:
		return ui.TagTeal
	}
	return ui.TagYellow
}

func boardHead(v boardView) []ui.TableCell {
	out := []ui.TableCell{{Text: "Agency"}}
	for _, c := range v.Cases {
		out = append(out, ui.TableCell{Text: c.Number})
	}
	return append(out, ui.TableCell{Text: "Asked again"})
}

func boardRows(v boardView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, a := range v.Agencies {
		row := []ui.TableCell{{Content: agencyCell(a)}}
		for _, c := range v.Cases {
			row = append(row, ui.TableCell{Content: cell(a.Of(c.ID))})
		}
		times := "No"
		if a.Chased > 0 {
			times = strconv.Itoa(a.Chased)
		}
		out = append(out, append(row, ui.TableCell{Text: times}))
	}
	return out
}

// late are the agencies that can be asked again.
func (v boardView) late() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, a := range v.Agencies {
		if n := a.Open(); n > 0 {
			out = append(out, ui.CheckboxItem{Value: a.Agency, Text: a.Name, Hint: strconv.Itoa(n) + " not answered"})
		}
	}
	return out
}

// unasked are the cases that somebody has not been asked about.
func (v boardView) unasked() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, c := range v.Cases {
		n := 0
		for _, a := range v.Agencies {
			if !a.Gone && a.Of(c.ID).Ask == "" {
				n++
			}
		}
		if n > 0 {
			out = append(out, ui.CheckboxItem{Value: string(c.ID), Text: c.Number, Hint: plural(n, "agency", "agencies") + " not asked", Checked: true})
		}
	}
	return out
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func itemWords(i research.Item) string {
	if i.On != "" {
		return i.Label + ", " + cases.DayInWords(i.On)
	}
	return i.Label
}

func returnRows(c research.Content) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, i := range c.Items {
		out = append(out, ui.SummaryRow{Key: itemWords(i), ValueContent: lines(i.Text)})
	}
	if c.Why != "" {
		out = append(out, ui.SummaryRow{Key: "Why it cannot be said", ValueContent: lines(c.Why)})
	}
	return out
}

func identityRows(list []research.Party) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, w := range list {
		out = append(out, ui.SummaryRow{Key: w.Part.Label(), ValueContent: identity(w)})
	}
	return out
}
