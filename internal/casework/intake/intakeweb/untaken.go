package intakeweb

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/casework/intake"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// stageWords is how far the clock has run, for those of the agency.
func stageWords(s intake.Stage) string {
	switch s {
	case sharing.Reminded:
		return "Nobody took it in time: your team is reminded"
	case sharing.WithManager:
		return "Escalated to the managers"
	case sharing.WithContact:
		return "Escalated to the key contacts"
	case sharing.WithNobody:
		return "Escalated, and there is nobody left to ask: take it"
	case sharing.InTime:
	}
	return "Waiting"
}

func reads(actor policy.Actor) bool {
	return actor.Has(policy.Practitioner) || actor.Has(policy.Specialist) || actor.Has(policy.Manager)
}

func chases(actor policy.Actor) bool {
	return actor.Has(policy.Manager) || actor.Has(policy.KeyContact)
}

// homeMost bounds what the first page looks at.
const homeMost = 50

// Home is what nobody has taken and cannot wait, for the first page of the team and
// of those who are asked about it; nothing when there is none.
func (p *Pages) Home(ctx context.Context, actor policy.Actor) (templ.Component, error) {
	var v homeView
	if reads(actor) {
		rows, err := p.intake.List(ctx, actor, intake.WaitingBox, "", homeMost)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Pressing() {
				v.Own = append(v.Own, row)
			}
		}
	}
	if chases(actor) {
		list, err := p.intake.Untaken(ctx, actor)
		if err != nil {
			return nil, err
		}
		v.Asked = len(list)
	}
	if len(v.Own) == 0 && v.Asked == 0 {
		return nil, nil //nolint:nilnil // nothing is shown
	}
	var err error
	v.Teams, err = p.teams(ctx, actor)
	return homeBody(v), err
}

type homeView struct {
	Own   []intake.Ask
	Asked int // about how many the actor is asked
	Teams map[string]string
}

func (v homeView) rows() [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, a := range v.Own {
		stands := stageWords(a.Stage)
		if a.Danger {
			stands = "Danger now, they say. " + stands
		}
		out = append(out, []ui.TableCell{{Content: rowLink(a)}, {Text: stands}, {Text: v.Teams[a.Team]}, {Text: moment(a.Arrived)}})
	}
	return out
}

type untakenView struct {
	List   []intake.Untaken
	Teams  map[string]string
	Names  map[string]string
	Of     string // of which one the form came back
	Words  string
	Errors forms.Errors
}

func (v untakenView) rows(u intake.Untaken) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Key: "Asked", Value: moment(u.Ask.Arrived)}, {Key: "Of", Value: v.Teams[u.Ask.Team]}, {Key: "Where the clock stands", Value: stageWords(u.Ask.Stage)}}
	if !u.Ask.Came.Equal(u.Ask.Arrived) {
		rows = append(rows, ui.SummaryRow{Key: "Moved to this team", Value: moment(u.Ask.Came)})
	}
	if u.Ask.Danger {
		rows = append(rows, ui.SummaryRow{Key: "Danger now", Value: "Yes, they say"})
	}
	if u.SeenBy != "" {
		rows = append(rows, ui.SummaryRow{Key: "Last seen to", Value: moment(u.SeenAt) + ", by " + named(v.Names, u.SeenBy)})
	}
	return rows
}

func named(names map[string]string, account string) string {
	if name := names[account]; name != "" {
		return name
	}
	return "a colleague"
}

func (v untakenView) errorsOf(u intake.Untaken) forms.Errors {
	if v.Of == string(u.Ask.ID) {
		return v.Errors
	}
	return nil
}

func (v untakenView) wordsOf(u intake.Untaken) string {
	if v.Of == string(u.Ask.ID) {
		return v.Words
	}
	return ""
}

func (p *Pages) untaken(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.untakenPage(ctx, r, untakenView{})
}

func (p *Pages) untakenPage(ctx context.Context, r *web.Request, v untakenView) (web.Response, error) {
	var err error
	if v.List, err = p.intake.Untaken(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Teams, err = p.teams(ctx, r.Actor); err != nil {
		return nil, err
	}
	var seen []string
	for _, u := range v.List {
		seen = append(seen, u.SeenBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, seen); err != nil {
		return nil, err
	}
	return web.Page{Title: "Nobody has taken it", Body: untakenBody(v), Current: "/home", Invalid: v.Errors.Any(), Flash: r.Done(done), Back: &ui.Link{Text: "Your work", Href: "/home"}}, nil
}

func (p *Pages) seeTo(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := untakenView{Of: r.Path("ask"), Words: typed.Get("words")}
	err = p.intake.SeeTo(ctx, r.Actor, intake.ID(v.Of), v.Words)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.untakenPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Untaken + "?done=seen-to"), nil
}

type moveView struct {
	Ask    intake.Ask
	Doors  []intake.Door
	Typed  intake.Move
	Errors forms.Errors
}

func (p *Pages) moveForm(ctx context.Context, r *web.Request) (web.Response, error) {
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.movePage(ctx, o, intake.Move{}, nil)
}

func (p *Pages) movePage(ctx context.Context, o *intake.Opened, typed intake.Move, errs forms.Errors) (web.Response, error) {
	v := moveView{Ask: o.Ask(), Typed: typed, Errors: errs}
	if !(askView{Ask: v.Ask}).mayMove() {
		return nil, store.ErrConflict
	}
	var err error
	if v.Doors, err = p.intake.MoveTo(ctx, o); err != nil {
		return nil, err
	}
	return web.Page{Title: "Move to another service", Body: moveBody(v), Invalid: errs.Any(), Current: "/referrals", Back: &ui.Link{Text: "Back", Href: v.Ask.Path()}}, nil
}

func (p *Pages) move(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	o, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	m := intake.Move{Reason: intake.Reason(typed.Get("reason")), Words: strings.TrimSpace(typed.Get("words"))}
	m.To.Agency, m.To.Team, _ = strings.Cut(typed.Get("to"), "/")
	err = p.intake.Move(ctx, o, m)
	if errs, ok := forms.AsErrors(err); ok {
		return p.movePage(ctx, o, m, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Inbox + "?done=moved"), nil
}

func moveReasonItems() []ui.RadioItem {
	var out []ui.RadioItem
	for _, r := range intake.MoveReasons() {
		out = append(out, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return out
}

func (v moveView) to() string {
	if v.Typed.To.Team == "" {
		return ""
	}
	return v.Typed.To.Agency + "/" + v.Typed.To.Team
}

// gone is the box of what was moved to another agency.
func (p *Pages) gone(ctx context.Context, r *web.Request, v inboxView) (web.Response, error) {
	steps, err := p.intake.Gone(ctx, r.Actor, listPage)
	if err != nil {
		return nil, err
	}
	v.Gone = steps
	if v.Teams, err = p.teams(ctx, r.Actor); err != nil {
		return nil, err
	}
	var by []string
	for _, step := range steps {
		by = append(by, step.By)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, by); err != nil {
		return nil, err
	}
	if v.Places, err = p.placesOf(ctx, r.Actor, steps); err != nil {
		return nil, err
	}
	return inboxPage(v, r), nil
}

func (p *Pages) placesOf(ctx context.Context, actor policy.Actor, steps []intake.Step) (map[directory.Place]string, error) {
	var wanted []directory.Place
	for _, step := range steps {
		if step.Other.Team != "" {
			wanted = append(wanted, placeOf(step.Other))
		}
	}
	if len(wanted) == 0 {
		return map[directory.Place]string{}, nil
	}
	return p.directory.PlaceNames(ctx, actor, wanted...)
}

func placeOf(to intake.Place) directory.Place {
	return directory.Place{Agency: directory.AgencyID(to.Agency), Team: directory.TeamID(to.Team)}
}

func goneRows(v inboxView) [][]ui.TableCell {
	var out [][]ui.TableCell
	for _, step := range v.Gone {
		to := v.Places[placeOf(step.Other)]
		if to == "" {
			to = "another agency"
		}
		out = append(out, []ui.TableCell{{Text: step.Reference}, {Text: v.Teams[step.Team]}, {Text: to}, {Text: step.Reason.Label()}, {Text: moment(step.At) + ", by " + named(v.Names, step.By)}})
	}
	return out
}

// stepRows are what happened to it beside its answer, as the team reads it.
func stepRows(v askView) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, step := range slices.Backward(v.Steps) {
		text := moment(step.At)
		if step.By != "" {
			text += ", by " + named(v.Names, step.By)
		}
		other := v.Places[placeOf(step.Other)]
		if other == "" {
			other = "another agency"
		}
		switch step.Kind {
		case intake.MovedOn:
			text += ". From " + v.AllTeams[step.Team] + " to " + v.AllTeams[step.Other.Team] + ". " + step.Reason.Label()
		case intake.CameHere:
			text += ". From " + other + ". " + step.Reason.Label()
		case intake.SeenTo, intake.Left:
		}
		out = append(out, ui.SummaryRow{Key: step.Kind.Label(), Value: text + ". " + step.Words})
	}
	return out
}
