package casesweb

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// accessView is who can see a case, and why.
type accessView struct {
	File         *cases.File
	Why          cases.Why
	Names        map[string]string
	Restrictions []cases.Restriction
	Emergencies  []cases.EmergencyAccess
	MayRestrict  bool
	MayGrant     bool
	Colleagues   []ui.SelectItem
	Named        []string
	Reason       string
	Compartment  string
	Errors       forms.Errors
}

func (p *Pages) access(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.accessPage(ctx, r, accessView{File: f, Named: f.Workers()})
}

func (p *Pages) accessPage(ctx context.Context, r *web.Request, v accessView) (web.Response, error) {
	f := v.File
	v.Why = p.cases.Why(f)
	v.MayRestrict = p.cases.May(f, cases.ActRestrict) && !f.Restricted() || p.cases.May(f, cases.ActLift) && f.Restricted()
	v.MayGrant = p.cases.May(f, cases.ActGrant)
	err := p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Restrictions, err = p.cases.Restrictions(ctx, tx, f); err != nil {
			return err
		}
		v.Emergencies, err = p.cases.Emergencies(ctx, tx, f)
		return err
	})
	if err != nil {
		return nil, err
	}
	accounts := append([]string{f.Lead()}, f.Workers()...)
	for _, c := range cases.Compartments() {
		accounts = append(accounts, f.NamedFor(c)...)
	}
	for _, x := range v.Restrictions {
		accounts = append(accounts, x.SetBy, x.LiftedBy)
	}
	for _, e := range v.Emergencies {
		accounts = append(accounts, e.Account, e.ReviewedBy)
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, named(accounts)); err != nil {
		return nil, err
	}
	if v.MayRestrict || v.MayGrant {
		if v.Colleagues, err = p.colleagues(ctx, r); err != nil {
			return nil, err
		}
	}
	return p.page(ctx, f, "Who can see this case", accessBody(v), v.Errors.Any())
}

// named leaves out what names nobody.
func named(accounts []string) []string {
	return slices.DeleteFunc(accounts, func(a string) bool { return a == "" })
}

func (p *Pages) colleagues(ctx context.Context, r *web.Request) ([]ui.SelectItem, error) {
	list, err := p.directory.Colleagues(ctx, r.Actor, "", directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	var items []ui.SelectItem
	for _, c := range list.Items {
		items = append(items, ui.SelectItem{Value: c.Account, Text: c.Name})
	}
	return items, nil
}

func (p *Pages) restrict(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := accessView{File: f, Named: form["workers"], Reason: form.Get("why")}
	next := f.Path() + "/access"
	if f.Restricted() {
		err = p.cases.Lift(ctx, f, versionOf(form), v.Reason)
	} else {
		err = p.cases.Restrict(ctx, f, versionOf(form), v.Named, v.Reason)
		if !slices.Contains(v.Named, r.Actor.Account) && f.Lead() != r.Actor.Account {
			next = Home // it is not theirs to see any more
		}
	}
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.accessPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(next + "?done=access-changed"), nil
}

func (p *Pages) grant(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := accessView{File: f, Named: f.Workers(), Compartment: form.Get("compartment")}
	c, err := cases.ParseCompartment(v.Compartment)
	if !p.cases.May(f, cases.ActGrant) {
		return nil, p.cases.Grant(ctx, f, c, form.Get("account"), true) // refused, and recorded
	}
	switch {
	case err != nil:
		v.Errors.Add("compartment", "Select which part of the case")
	case form.Get("account") == "":
		v.Errors.Add("account", "Select a colleague")
	}
	if v.Errors.Any() {
		return p.accessPage(ctx, r, v)
	}
	err = p.cases.Grant(ctx, f, c, form.Get("account"), form.Get("do") != "close")
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.accessPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "/access?done=access-changed"), nil
}

// restricted is the page a colleague gets for a restricted case: whom to ask.
func (p *Pages) restricted(ctx context.Context, r *web.Request, e *cases.RestrictedError) (web.Response, error) {
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{e.Lead})
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Restricted", Body: restrictedBody(r.Path("case"), e.Number, who(names, e.Lead), r.Actor.Has(policy.Manager)), Refused: true, Current: "/cases",
		Back: &ui.Link{Text: "Caseload", Href: "/cases"},
	}, nil
}

type liftView struct {
	ID     string
	Number int64
	Why    string
	Errors forms.Errors
}

// liftForm is a manager's, for a restricted case whose named workers are gone.
// It shows nothing of the case but its number.
func (p *Pages) liftForm(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.liftPage(ctx, r, liftView{})
}

func (p *Pages) liftPage(ctx context.Context, r *web.Request, v liftView) (web.Response, error) {
	number, err := p.cases.RestrictedNumber(ctx, r.Actor, cases.ID(r.Path("file")))
	if err != nil {
		return nil, err
	}
	v.ID, v.Number = r.Path("file"), number
	return web.Page{
		Title: "Lift a restriction", Body: liftBody(v), Invalid: v.Errors.Any(), Current: "/cases",
		Back: &ui.Link{Text: "Caseload", Href: "/cases?show=all"},
	}, nil
}

func (p *Pages) lift(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := liftView{Why: form.Get("why")}
	err = p.cases.LiftAs(ctx, r.Actor, cases.ID(r.Path("file")), v.Why)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.liftPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/cases/" + r.Path("file") + "?done=access-changed"), nil
}

func asRestricted(err error) *cases.RestrictedError {
	var r *cases.RestrictedError
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// emergency interrupts: what will be seen, and who is told.
func (p *Pages) emergency(_ context.Context, _ *web.Request) (web.Response, error) {
	return web.Page{Title: "Emergency access", Body: emergencyBody(), Back: &ui.Link{Text: "Your work", Href: Home}}, nil
}

type emergencyView struct {
	Number, Reason, Words string
	Reach                 bool
	Errors                forms.Errors
}

func (p *Pages) emergencyForm(_ context.Context, _ *web.Request) (web.Response, error) {
	return emergencyPage(emergencyView{}), nil
}

func emergencyPage(v emergencyView) web.Page {
	return web.Page{
		Title: "Take emergency access", Body: takeBody(v), Invalid: v.Errors.Any(), Back: &ui.Link{Text: "Emergency access", Href: "/emergency"},
	}
}

func (p *Pages) takeEmergency(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := emergencyView{Number: form.Get("number"), Reason: form.Get("reason"), Words: form.Get("words"), Reach: form.Get("reach") == "yes"}
	number, err := strconv.ParseInt(v.Number, 10, 64)
	if err != nil {
		number = 0
	}
	id, err := p.cases.TakeEmergencyAccess(ctx, r.Actor, cases.NewEmergency{
		Number: number, Reason: cases.EmergencyReason(v.Reason), Words: v.Words, Reach: v.Reach,
	})
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return emergencyPage(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/cases/" + string(id) + "?done=emergency-taken"), nil
}

func reasonItems() []ui.RadioItem {
	var items []ui.RadioItem
	for _, r := range cases.EmergencyReasons() {
		items = append(items, ui.RadioItem{Value: string(r), Text: r.Label()})
	}
	return items
}

const noticesMost = 50

func (p *Pages) reviews(ctx context.Context, r *web.Request) (web.Response, error) {
	notices, err := p.cases.Notices(ctx, r.Actor, noticesMost)
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Access to review", Body: reviewsBody(notices, p.today()), Flash: r.Done(done), Current: "/access/reviews"}, nil
}

type reviewView struct {
	cases.Reviewed
	Name    string
	Reader  string
	Verdict string
	Words   string
	Errors  forms.Errors
}

func (p *Pages) reviewForm(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.openReview(ctx, r)
	if err != nil {
		return nil, err
	}
	return reviewPage(v), nil
}

func (p *Pages) openReview(ctx context.Context, r *web.Request) (reviewView, error) {
	reviewed, err := p.cases.NoticeFor(ctx, r.Actor, r.Path("notice"))
	if err != nil {
		return reviewView{}, err
	}
	names, err := p.directory.MemberNames(ctx, r.Actor, []string{reviewed.Account})
	return reviewView{Reviewed: reviewed, Name: who(names, reviewed.Account)}, err
}

func reviewPage(v reviewView) web.Page {
	return web.Page{
		Title: v.Kind.Label(), Body: reviewBody(v), Invalid: v.Errors.Any(), Current: "/access/reviews",
		Back: &ui.Link{Text: "Access to review", Href: "/access/reviews"},
	}
}

func (p *Pages) review(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.openReview(ctx, r)
	if err != nil {
		return nil, err
	}
	if v.Done {
		return nil, store.ErrConflict
	}
	v.Verdict, v.Words = form.Get("verdict"), form.Get("words")
	if v.Kind == cases.NoticeEmergency {
		err = p.cases.ReviewEmergency(ctx, v.Reviewed, cases.Verdict(v.Verdict), v.Words)
	} else {
		if v.Verdict != "stands" && v.Verdict != "lift" {
			v.Errors.Add("verdict", "Select what is to be done")
			return reviewPage(v), nil
		}
		err = p.cases.ReviewConflict(ctx, v.Reviewed, v.Verdict == "lift", v.Words)
	}
	if errs, ok := forms.AsErrors(err); ok {
		for _, e := range errs {
			switch e.Field {
			case "why":
				v.Errors.Add("words", e.Message)
			case "lift":
				v.Errors.Add("verdict", e.Message)
			default:
				v.Errors.Add(e.Field, e.Message)
			}
		}
		return reviewPage(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/access/reviews?done=reviewed"), nil
}

type openingsView struct {
	Openings cases.Openings
	Own      bool
}

func (p *Pages) openings(ctx context.Context, r *web.Request) (web.Response, error) {
	o, own, err := p.cases.Openings(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Who reads which part of a case", Body: openingsBody(openingsView{o, own}), Flash: r.Done(done), Current: "/access/reviews",
		Back: &ui.Link{Text: "Access to review", Href: "/access/reviews"},
	}, nil
}

func (p *Pages) setOpenings(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	o := cases.Openings{}
	for _, c := range cases.Compartments() {
		for _, text := range form[string(c)] {
			role, err := policy.ParseRole(text)
			if err != nil {
				continue // what the page does not offer is not kept
			}
			o[c] = append(o[c], role)
		}
	}
	if err := p.cases.SetOpenings(ctx, r.Actor, o); err != nil {
		return nil, err
	}
	return web.SeeOther("/access/compartments?done=access-changed"), nil
}

func workerRoles(chosen []policy.Role) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, r := range []policy.Role{policy.Practitioner, policy.Specialist, policy.Manager} {
		items = append(items, ui.CheckboxItem{Value: string(r), Text: r.Label(), Checked: slices.Contains(chosen, r)})
	}
	return items
}
