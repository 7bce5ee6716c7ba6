package agreementsweb

import (
	"context"
	"net/url"

	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/directory"
)

type checkView struct {
	Agreement agreements.Agreement
	Draft     agreements.Version
	Found     []agreements.Finding
	Titles    map[agreements.ID]string // of other agreements that the actor may read
	Places    agreements.Places
	Errors    forms.Errors
}

// mustMend tells whether signing cannot begin yet.
func (v checkView) mustMend() bool {
	for _, f := range v.Found {
		if f.MustMend() {
			return true
		}
	}
	return false
}

func (p *Pages) checkForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.checkPage(ctx, r, checkView{Agreement: a, Draft: draft})
}

func (p *Pages) checkPage(ctx context.Context, r *web.Request, v checkView) (web.Response, error) {
	var err error
	if v.Found, err = p.agreements.Findings(ctx, r.Actor, v.Agreement.ID); err != nil {
		return nil, err
	}
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	list, err := p.agreements.List(ctx, r.Actor)
	if err != nil {
		return nil, err
	}
	v.Titles = map[agreements.ID]string{}
	for _, a := range list {
		if in, ok := a.InForce(); ok {
			v.Titles[a.ID] = in.Document.Title
		}
	}
	return p.page(r, "Check before the parties sign", checkBody(v), backTo(v.Agreement), v.Errors.Any()), nil
}

func (p *Pages) startSigning(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.agreements.StartSigning(ctx, r.Actor, a.ID, draft.Number, revision(form), form.Get("seen") == "yes")
	v := checkView{Agreement: a, Draft: draft}
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.checkPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, draft.Number, "signing"), nil
}

type adviceView struct {
	Agreement agreements.Agreement
	Version   agreements.Version
	Advice    agreements.Advice
	Advisers  []agreements.Adviser
	Places    agreements.Places
	Own       directory.AgencyID
	Signing   bool // and not only naming who advises
	Errors    forms.Errors
}

func (v adviceView) title() string {
	if v.Signing {
		return "Sign for your agency"
	}
	return "Who advises at your agency"
}

func (v adviceView) action() string {
	if v.Signing {
		return path(v.Agreement.ID) + "/sign"
	}
	return path(v.Agreement.ID) + "/contact"
}

func (p *Pages) advicePage(ctx context.Context, r *web.Request, v adviceView) (web.Response, error) {
	var err error
	if v.Advisers, err = p.agreements.Advisers(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Places, err = p.agreements.Places(ctx, r.Actor); err != nil {
		return nil, err
	}
	v.Own = directory.AgencyID(r.Actor.Agency)
	return p.page(r, v.title(), adviceBody(v), backTo(v.Agreement), v.Errors.Any()), nil
}

// said is what was said about who advises at an agency.
func said(s agreements.Signature) agreements.Advice {
	return agreements.Advice{Contact: s.Account, StandIn: s.StandIn, NotFor: s.NotFor, Conflict: s.Names.Conflict}
}

func readAdvice(form url.Values) agreements.Advice {
	a := agreements.Advice{Contact: form.Get("contact"), StandIn: form.Get("stand_in"), Conflict: form.Get("conflict")}
	for _, id := range form["not_for"] {
		a.NotFor = append(a.NotFor, directory.AgencyID(id))
	}
	return a
}

func (p *Pages) contactForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	own, _ := draft.Signature(a.Author)
	return p.advicePage(ctx, r, adviceView{Agreement: a, Version: draft, Advice: said(own)})
}

func (p *Pages) contact(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, draft, err := p.draft(ctx, r)
	if err != nil {
		return nil, err
	}
	v := adviceView{Agreement: a, Version: draft, Advice: readAdvice(form)}
	err = p.agreements.SetContact(ctx, r.Actor, a.ID, draft.Number, v.Advice)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.advicePage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, draft.Number, "contact"), nil
}

// signed reads the latest version of an agreement that the actor may sign.
func (p *Pages) signed(ctx context.Context, r *web.Request, states ...agreements.State) (agreements.Agreement, agreements.Version, agreements.Signature, error) {
	a, err := p.agreements.Get(ctx, r.Actor, agreements.ID(r.Path("agreement")))
	if err != nil {
		return a, agreements.Version{}, agreements.Signature{}, err
	}
	if !p.agreements.May(r.Actor, agreements.ActSign, a) {
		return a, agreements.Version{}, agreements.Signature{}, &policy.Denied{Action: agreements.ActSign, Known: true}
	}
	for _, v := range a.Versions {
		for _, state := range states {
			if own, party := v.Signature(directory.AgencyID(r.Actor.Agency)); party && v.State == state {
				return a, v, own, nil
			}
		}
	}
	return a, agreements.Version{}, agreements.Signature{}, store.ErrConflict
}

func (p *Pages) signForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, version, own, err := p.signed(ctx, r, agreements.Signing)
	if err != nil {
		return nil, err
	}
	if !own.SignedAt.IsZero() {
		return nil, store.ErrConflict
	}
	return p.advicePage(ctx, r, adviceView{Agreement: a, Version: version, Advice: said(own), Signing: true})
}

func (p *Pages) sign(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, version, _, err := p.signed(ctx, r, agreements.Signing)
	if err != nil {
		return nil, err
	}
	v := adviceView{Agreement: a, Version: version, Advice: readAdvice(form), Signing: true}
	err = p.agreements.Sign(ctx, r.Actor, a.ID, number(form.Get("version")), v.Advice)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.advicePage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, version.Number, "signed"), nil
}

type withdrawView struct {
	Agreement agreements.Agreement
	Version   agreements.Version
	Reason    string
	Errors    forms.Errors
}

var withdrawable = []agreements.State{agreements.Signing, agreements.Coming, agreements.InForce}

func (p *Pages) withdrawForm(ctx context.Context, r *web.Request) (web.Response, error) {
	a, version, _, err := p.toWithdraw(ctx, r, r.Query("version"))
	if err != nil {
		return nil, err
	}
	return p.page(r, "Withdraw from the agreement", withdrawBody(withdrawView{Agreement: a, Version: version}), backTo(a), false), nil
}

// toWithdraw is the version that is named, or the latest that can be withdrawn
// from.
func (p *Pages) toWithdraw(ctx context.Context, r *web.Request, text string) (agreements.Agreement, agreements.Version, agreements.Signature, error) {
	a, version, own, err := p.signed(ctx, r, withdrawable...)
	if n := number(text); err == nil && n != 0 && n != version.Number {
		var is bool
		if version, is = a.Version(n); !is {
			err = store.ErrNotFound
		}
		own, _ = version.Signature(directory.AgencyID(r.Actor.Agency))
	}
	if err == nil && own.SignedAt.IsZero() {
		err = store.ErrConflict
	}
	return a, version, own, err
}

func (p *Pages) withdraw(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	a, version, _, err := p.toWithdraw(ctx, r, form.Get("version"))
	if err != nil {
		return nil, err
	}
	v := withdrawView{Agreement: a, Version: version, Reason: form.Get("reason")}
	err = p.agreements.Withdraw(ctx, r.Actor, a.ID, version.Number, v.Reason)
	var ok bool
	if v.Errors, ok = forms.AsErrors(err); ok {
		return p.page(r, "Withdraw from the agreement", withdrawBody(v), backTo(a), true), nil
	}
	if err != nil {
		return nil, err
	}
	return p.keptAt(a.ID, version.Number, "withdrawn"), nil
}
