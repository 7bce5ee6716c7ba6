package groupsweb

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/groups"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/people"
)

func path(f *cases.File) string { return f.Path() + "/groups" }

// about is what the pages of a case know of groups.
type about struct {
	groups.Overview
	Children []cases.Party
	names    map[people.ID]string
}

// who is the name of somebody of the case, of those whom the page shows.
func (a about) who(id people.ID) string { return a.names[id] }

// about reads it, with the names of those of the members whom the page shows, and
// no others: the ledger names them all.
func (p *Pages) about(ctx context.Context, f *cases.File, shown func(groups.Member) bool) (a about, err error) {
	a.names = map[people.ID]string{}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if a.Overview, err = p.service.Overview(ctx, tx, f); err != nil {
			return err
		}
		for _, m := range a.Members {
			if a.names[m.Person] != "" || !shown(m) {
				continue
			}
			person, err := p.cases.PersonIn(ctx, tx, f, m.Person)
			if err != nil {
				return err
			}
			a.names[m.Person] = person.Name()
		}
		return nil
	})
	return a, err
}

// family are the children of the case and the name of its person, for the form
// that asks for whom a group is.
func (p *Pages) family(ctx context.Context, f *cases.File, a *about) error {
	return p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		person, err := p.cases.PersonIn(ctx, tx, f, f.Person())
		if err != nil {
			return err
		}
		a.names[f.Person()] = person.Name()
		a.Children, err = p.cases.Parties(ctx, tx, f, cases.Child)
		return err
	})
}

func everybody(groups.Member) bool { return true }
func nobody(groups.Member) bool    { return false }

type overviewView struct {
	about
	File *cases.File
	P    *Pages
}

func (p *Pages) overview(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	a, err := p.about(ctx, f, everybody)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Groups", overviewBody(overviewView{about: a, File: f, P: p}), false, r.Done(done))
}

// offers are the groups that can be offered to somebody of the case, with whether
// there is a place.
func (a about) offers(f *cases.File) []ui.RadioItem {
	var out []ui.RadioItem
	for _, g := range a.Groups {
		if g.State != groups.Active || !g.For(f.Side(), false) && !(len(a.Children) > 0 && g.For(f.Side(), true)) {
			continue
		}
		out = append(out, ui.RadioItem{Value: string(g.ID), Text: g.Words.Name, Hint: a.hint(g)})
	}
	return out
}

func (a about) hint(g groups.Group) string {
	text := short(g.Kind)
	if g.Side == groups.ForChildren && g.Kind != groups.Children { // which says so itself
		text += ", for children"
	}
	text += ". "
	if g.Words.Language != "" {
		text += "In " + g.Words.Language + ". "
	}
	switch {
	case !g.Ours:
		return text + "A local group."
	case !a.Room(g):
		return text + "No place now: they can wait."
	case g.Closed && !g.Next.IsZero():
		return text + "There is a place. Nobody joins once it has begun."
	}
	return text + "There is a place."
}

func (p *Pages) offerEditor() editor {
	return editor{
		Title: "Offer a group",
		More:  managerAsked,
		Build: func(ctx context.Context, f *cases.File, _ *web.Request) (form, error) {
			a, err := p.about(ctx, f, nobody)
			if err != nil {
				return form{}, err
			}
			if err := p.family(ctx, f, &a); err != nil {
				return form{}, err
			}
			var asked []field
			offers := a.offers(f)
			if len(offers) > 0 {
				asked = append(asked, field{Sort: fields.Radios, Name: "group", Label: "Which group?", Items: offers})
			}
			if len(a.Children) > 0 {
				items := []ui.RadioItem{{Value: string(f.Person()), Text: a.who(f.Person())}}
				for _, c := range a.Children {
					items = append(items, ui.RadioItem{Value: string(c.Person), Text: c.Details.Name() + " (child)"})
				}
				asked = append(asked, field{Sort: fields.Radios, Name: "person", Label: "For whom?", Items: items, Value: string(f.Person())})
			}
			return form{Action: path(f) + "/new", Button: "Record", Intro: offerIntro(f, len(offers) > 0), Fields: append(asked, answers(groups.Member{})...)}, nil
		},
		Save: func(ctx context.Context, f *cases.File, _ *web.Request, v url.Values) (string, error) {
			m, err := p.service.Offer(ctx, f, offered(v))
			return path(f) + "?done=" + word(m.State), err
		},
	}
}

// answers ask what they said.
func answers(m groups.Member) []field {
	return []field{
		{Sort: fields.Radios, Name: "answer", Label: "What did they say?", Hint: "Who would like to join is told that those who run the group see their name.", Items: fields.Items(groups.Answers())},
		{Sort: fields.Choice, Name: "reason", Label: "If they do not want it: why?", Items: fields.Items(groups.WhyDeclined()), Value: string(m.Reason)},
		{Sort: fields.Area, Name: "text", Label: "In their words", Hint: "You may leave it empty.", Value: m.Words.Text},
	}
}

// beside has what is wrong with a group beside the answer to it.
func beside(errs forms.Errors) forms.Errors {
	var out forms.Errors
	for _, e := range errs {
		if e.Field == "group" {
			e.Field = "answer"
		}
		out.Add(e.Field, e.Message)
	}
	return out
}

func offered(v url.Values) groups.Offer {
	return groups.Offer{
		Person: people.ID(v.Get("person")), Group: groups.ID(v.Get("group")), Answer: groups.Answer(v.Get("answer")), Reason: groups.Reason(v.Get("reason")),
		Manager: v.Get("manager") == "yes", Text: v.Get("text"), Why: v.Get("why"),
	}
}

// word is what is said of a place.
func word(s groups.State) string {
	switch s {
	case groups.Joined, groups.Waiting, groups.Asked:
		return string(s)
	default:
		return "offered"
	}
}

// managerAsked comes with a group that is not safe, and nowhere else.
func managerAsked(v url.Values, errs forms.Errors) []field {
	if errs.Get("group") != groups.NotSafeHere && v.Get("manager") != "yes" {
		return nil
	}
	return []field{
		{Sort: fields.Tick, Name: "manager", Heading: "If there is no other way", Label: "Ask a manager to let this stand", Hint: "Somebody who did not ask for it decides, with a reason. Until then they have no place."},
		{Sort: fields.Area, Name: "why", Label: "Why can it not be another group?"},
	}
}

func (p *Pages) answerEditor() editor {
	return editor{
		Title: "Another answer",
		More:  managerAsked,
		Build: func(ctx context.Context, f *cases.File, r *web.Request) (form, error) {
			a, err := p.about(ctx, f, nobody)
			if err != nil {
				return form{}, err
			}
			m, err := memberOf(a, r)
			if err != nil {
				return form{}, err
			}
			if !answerable(m) {
				return form{}, store.ErrConflict
			}
			asked := append([]field{
				{Sort: fields.Hidden, Name: "version", Value: strconv.FormatInt(m.Version, 10)},
			}, answers(m)...)
			return form{Action: path(f) + "/" + string(m.ID) + "/answer", Button: "Record", Intro: answerIntro(a.Group(m.Group).Words.Name, a.hint(a.Group(m.Group))), Fields: asked}, nil
		},
		Save: func(ctx context.Context, f *cases.File, r *web.Request, v url.Values) (string, error) {
			m, err := p.service.Answer(ctx, f, groups.MemberID(r.Path("member")), versionOf(v), offered(v))
			if errs, ok := forms.AsErrors(err); ok { // which group it is stands on this page: what is wrong with it stands beside the answer
				return "", beside(errs)
			}
			return path(f) + "?done=" + word(m.State), err
		},
	}
}

// answerable tells whether they can say something else to it.
func answerable(m groups.Member) bool {
	switch m.State {
	case groups.Thinking, groups.Declined, groups.NotSafe, groups.Waiting, groups.Refused:
		return true
	case groups.Asked, groups.Joined, groups.Left, groups.Withdrawn:
	}
	return false
}

// leavable tells whether there is something to leave.
func leavable(m groups.Member) bool {
	return m.State == groups.Joined || m.State == groups.Waiting || m.State == groups.Asked || m.State == groups.Thinking
}

func memberOf(a about, r *web.Request) (groups.Member, error) {
	for _, m := range a.Members {
		if string(m.ID) == r.Path("member") {
			return m, nil
		}
	}
	return groups.Member{}, store.ErrNotFound
}

// memberView is one group of a case, with what can be done about it.
type memberView struct {
	about
	File      *cases.File
	M         groups.Member
	Names     map[string]string
	Path      string
	MayDecide bool
	Errors    forms.Errors
	Typed     url.Values
	P         *Pages
}

// links lead from the summary of errors to the controls.
func (v memberView) links() []ui.Link {
	var out []ui.Link
	for _, e := range v.Errors.List() {
		out = append(out, ui.Link{Text: e.Message, Href: "#" + e.Field})
	}
	return out
}

func (p *Pages) member(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.memberPage(ctx, r, f, nil, nil)
}

func (p *Pages) memberPage(ctx context.Context, r *web.Request, f *cases.File, typed url.Values, errs forms.Errors) (web.Response, error) {
	a, err := p.about(ctx, f, func(m groups.Member) bool { return string(m.ID) == r.Path("member") })
	if err != nil {
		return nil, err
	}
	v := memberView{about: a, File: f, Errors: errs, Typed: typed, P: p}
	if v.M, err = memberOf(a, r); err != nil {
		return nil, err
	}
	v.Path, v.MayDecide = path(f)+"/"+string(v.M.ID), p.service.MayDecide(f, v.M)
	if v.Names, err = p.directory.MemberNames(ctx, f.Actor(), append([]string{v.M.AskedBy, v.M.AllowedBy}, a.Group(v.M.Group).Facilitators...)); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Group", memberBody(v), errs.Any(), nil)
}

// changeMember does what a button of the page says.
func (p *Pages) changeMember(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	id, said := groups.MemberID(r.Path("member")), "left"
	switch v.Get("do") {
	case "stands", "declined":
		said = v.Get("do")
		err = p.service.Decide(ctx, f, id, versionOf(v), said == "stands", v.Get("why"))
	default:
		err = p.service.Leave(ctx, f, id, versionOf(v), groups.Reason(v.Get("reason")), v.Get("text"))
	}
	if errors.Is(err, groups.ErrOwnAsking) {
		err = forms.Errors{{Field: "why", Message: "You asked for it yourself: another manager decides"}}
	}
	if errs, ok := forms.AsErrors(err); ok {
		return p.memberPage(ctx, r, f, v, errs)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(f) + "?done=" + said), nil
}

type panelView struct {
	File  *cases.File
	Brief groups.Brief
}

// Panel is what the case page shows of groups.
func (p *Pages) Panel(ctx context.Context, f *cases.File) (templ.Component, error) {
	if !p.cases.May(f, groups.ActOffer) {
		return nil, nil
	}
	v := panelView{File: f}
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Brief, err = p.service.Brief(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	return panelBody(v), nil
}

// short is what a group is in words that fit beside a choice in large print.
func short(k groups.Kind) string {
	switch k {
	case groups.Support:
		return "Support group"
	case groups.Skills:
		return "Builds skills"
	case groups.Recovery:
		return "Recovery"
	case groups.Children:
		return "For children"
	case groups.Parenting:
		return "For parents and children"
	case groups.Change:
		return "To change what they do"
	case groups.OtherKind:
	}
	return "Another group"
}
