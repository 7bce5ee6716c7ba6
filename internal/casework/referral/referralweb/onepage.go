package referralweb

import (
	"context"
	"crypto/rand"

	"waymark/internal/casework/referral"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// OnePage is the address of the referral on one page.
const OnePage = "/refer"

type onePageView struct {
	Page     referral.OnePage
	Born     [3]string
	Decision decisionView
	Places   places
	Health   bool // the actor's agency keeps health records
	Errors   forms.Errors
}

func (p *Pages) onePageForm(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.onePage(ctx, r.Actor, onePageView{Page: referral.OnePage{Once: rand.Text()}})
}

func (p *Pages) onePage(ctx context.Context, actor policy.Actor, v onePageView) (web.Response, error) {
	var err error
	if v.Places, err = p.choices(ctx, actor); err != nil {
		return nil, err
	}
	if v.Health, err = p.health(ctx, actor); err != nil {
		return nil, err
	}
	v.Decision.Errors = v.Errors
	return web.Page{
		Title: "Refer on one page", Body: onePageBody(v), Invalid: v.Errors.Any(), Current: "/cases", Back: &ui.Link{Text: "Caseload", Href: "/cases"},
	}, nil
}

// health tells whether the actor's agency keeps health records, which people can
// read online: somebody else may read over their shoulder.
func (p *Pages) health(ctx context.Context, actor policy.Actor) (bool, error) {
	own, err := p.directory.Agency(ctx, actor, directory.AgencyID(actor.Agency))
	return own.Sector == directory.Health, err
}

func (p *Pages) sendOnePage(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	share, tell := readDecision(form)
	share.To = recipient(form.Get("to"))
	v := onePageView{Born: [3]string{form.Get("born-day"), form.Get("born-month"), form.Get("born-year")}}
	v.Decision = decisionView{Share: share, TellOn: tell}
	v.Page = referral.OnePage{
		Person: people.Details{
			GivenName: form.Get("given_name"), FamilyName: form.Get("family_name"), Born: forms.JoinDate(v.Born[0], v.Born[1], v.Born[2]), Language: form.Get("language"),
		},
		Once: form.Get("once"), Number: form.Get("number"), Conditions: form.Get("conditions"),
		NewReferral: referral.NewReferral{
			Subject: referral.Subject(form.Get("subject")), Share: share, Why: form.Get("why"), Said: form.Get("said"), Safety: form.Get("safety"),
			Contact: form.Get("contact"), Children: form.Get("children"),
		},
	}
	if len(v.Page.Once) < 16 || len(v.Page.Once) > 64 {
		return nil, store.ErrConflict
	}
	if len(r.Actor.Teams) > 0 {
		v.Page.Team = r.Actor.Teams[0]
	}
	f, _, err := p.referrals.Refer(ctx, r.Actor, v.Page)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.onePage(ctx, r.Actor, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=referral-sent"), nil
}
