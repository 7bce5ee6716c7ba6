package referralweb

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/steps"
	"waymark/internal/registers/people"
)

type offerView struct {
	File   *cases.File
	Offer  referral.NewOffer
	Places places
	Errors forms.Errors
}

func (p *Pages) offerForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	v := offerView{File: f}
	if id := r.Query("after"); id != "" { // it was not safe to ask before
		before, err := p.referrals.Get(ctx, f, referral.ID(id))
		if err != nil {
			return nil, err
		}
		v.Offer.Subject, v.Offer.To, v.Offer.After = before.Subject, before.To, before.ID
	}
	return p.offerPage(ctx, v, false)
}

func (p *Pages) offerPage(ctx context.Context, v offerView, invalid bool) (web.Response, error) {
	var err error
	if v.Places, err = p.choices(ctx, v.File.Actor()); err != nil {
		return nil, err
	}
	return p.page(ctx, v.File, "Offer support", offerBody(v), invalid)
}

func (p *Pages) offer(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	v := offerView{File: f, Offer: referral.NewOffer{
		Subject: referral.Subject(form.Get("subject")), To: recipient(form.Get("to")),
		Answer: referral.Answer(form.Get("answer")), Words: form.Get("words"), Why: why(form), After: referral.ID(form.Get("after")),
	}}
	id, err := p.referrals.Offer(ctx, f, v.Offer)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = whyOf(errs, v.Offer.Answer)
		return p.offerPage(ctx, v, true)
	}
	if err != nil {
		return nil, err
	}
	if v.Offer.Answer == referral.Wants {
		return web.SeeOther(f.Path() + "/referrals/new?" + url.Values{"offer": {string(id)}}.Encode()), nil
	}
	return web.SeeOther(f.Path() + "?done=offer-recorded"), nil
}

type sendView struct {
	File        *cases.File
	Referral    referral.NewReferral
	IncludeRisk bool
	Decision    decisionView
	Places      places
	Person      people.Person
	Form        steps.Form
	Said        sharing.Said
	Advisers    []string // by name
	Advice      []sharing.Advice
	Health      bool // what was sent stays in a health record
	Errors      forms.Errors
}

func (p *Pages) sendForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	v := sendView{File: f, Form: sendSteps(f)}
	if id := r.Query("offer"); id != "" {
		offer, err := p.referrals.Get(ctx, f, referral.ID(id))
		if err != nil {
			return nil, err
		}
		if !offer.State.Can(referral.SendIt) {
			return nil, store.ErrConflict
		}
		v.Referral.Offer, v.Referral.Version, v.Referral.Subject = offer.ID, offer.Version, offer.Subject
		v.Referral.Share.To = offer.To
	}
	if id := r.Query("again"); id != "" {
		earlier, err := p.referrals.Get(ctx, f, referral.ID(id))
		if err != nil {
			return nil, err
		}
		if !earlier.State.Again() {
			return nil, store.ErrConflict
		}
		v.Referral.Follows, v.Referral.Subject = earlier.ID, earlier.Subject
	}
	if r.Query("pass_on") == "yes" {
		received, err := p.referrals.Received(ctx, f)
		if err != nil {
			return nil, err
		}
		v.Referral.PassesOn, v.Referral.Subject = true, received.Subject
	}
	if err := p.prefill(ctx, f, &v.Referral); err != nil {
		return nil, err
	}
	return p.sendPage(ctx, v)
}

// why is the reason that fits the answer: without scripts both lists are on the
// page.
func why(form url.Values) referral.Why {
	switch referral.Answer(form.Get("answer")) {
	case referral.NotNow:
		return referral.Why(form.Get("why_not"))
	case referral.NotSafe:
		return referral.Why(form.Get("why_unsafe"))
	case referral.Wants, referral.Undecided:
	}
	return referral.NoWhy
}

// prefill takes over what is on file, so that neither the person nor the
// worker tells it again. The worker sees and changes it before it goes.
func (p *Pages) prefill(ctx context.Context, f *cases.File, n *referral.NewReferral) error {
	return p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		person, err := p.cases.People().Get(ctx, tx, f.Permit(), f.Agency(), f.Person())
		if err != nil {
			return err
		}
		contact, err := p.cases.SafeContact(ctx, tx, f, person)
		if err != nil {
			return err
		}
		n.Contact = contactText(contact)
		parties, err := p.cases.Parties(ctx, tx, f, cases.Child)
		if err != nil {
			return err
		}
		n.Children = childrenText(parties)
		for _, from := range []struct {
			kind cases.EventKind
			to   *string
		}{{cases.Disclosed, &n.Said}, {cases.ImmediateSafety, &n.Safety}, {cases.RiskIdentified, &n.Risk}} {
			events, err := p.cases.Latest(ctx, tx, f, from.kind, 1)
			if err != nil {
				return err
			}
			if len(events) > 0 {
				*from.to = events[0].Text
			}
		}
		return nil
	})
}

func contactText(c people.SafeContact) string {
	if c.Summary.State != people.Recorded {
		return ""
	}
	lines := []string{"Checked with them on " + day(c.Summary.CheckedOn) + "."}
	if c.TheyContact {
		lines = append(lines, "They will contact you. Do not call, write or visit.")
	}
	for _, w := range c.Ways {
		line := w.Channel.Label() + ": " + strings.ToLower(w.Allowed.Label()[:1]) + w.Allowed.Label()[1:]
		for _, more := range []string{w.Detail, w.Conditions} {
			if more != "" {
				line += ". " + more
			}
		}
		lines = append(lines, line)
	}
	if c.NeverSpeak != "" {
		lines = append(lines, "Never speak to: "+c.NeverSpeak)
	}
	return strings.Join(lines, "\n")
}

func childrenText(parties []cases.Party) string {
	var lines []string
	for _, party := range parties {
		if party.Role == cases.Child {
			lines = append(lines, fmt.Sprintf("%s, born %s", party.Details.Name(), day(party.Details.Born)))
		}
	}
	return strings.Join(lines, "\n")
}

func (p *Pages) complete(ctx context.Context, v *sendView) error {
	var err error
	if v.Places, err = p.choices(ctx, v.File.Actor()); err != nil {
		return err
	}
	return p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Person, err = p.cases.People().Get(ctx, tx, v.File.Permit(), v.File.Agency(), v.File.Person())
		return err
	})
}

func (p *Pages) sendPage(ctx context.Context, v sendView) (web.Response, error) {
	if err := p.complete(ctx, &v); err != nil {
		return nil, err
	}
	return p.stepPage(ctx, v)
}

func (p *Pages) stepPage(ctx context.Context, v sendView) (web.Response, error) {
	v.Decision = decisionView{Share: v.Referral.Share, TellOn: v.Decision.TellOn, Errors: v.Errors}
	return p.page(ctx, v.File, v.Form.Title(), sendBody(v), v.Errors.Any())
}

func readReferral(form url.Values) sendView {
	v := sendView{IncludeRisk: form.Get("include_risk") == "yes"}
	share, tell := readDecision(form)
	v.Decision.TellOn = tell
	share.To = recipient(form.Get("to"))
	v.Referral = referral.NewReferral{
		Offer: referral.ID(form.Get("offer")), Version: versionOf(form.Get("version")), PersonVersion: versionOf(form.Get("person_version")),
		Subject: referral.Subject(form.Get("subject")), Share: share,
		Why: form.Get("why"), Said: form.Get("said"), Safety: form.Get("safety"), Contact: form.Get("contact"), Risk: form.Get("risk"),
		Needs: form.Get("needs"), Children: form.Get("children"),
		Follows: referral.ID(form.Get("follows")), PassesOn: form.Get("passes_on") == "yes", Tell: form.Get("tell") == "yes",
	}
	return v
}

// toSend is the referral without what the sender does not include.
func (v sendView) toSend() referral.NewReferral {
	n := v.Referral
	if !v.IncludeRisk {
		n.Risk = ""
	}
	return n
}

func (p *Pages) send(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	v := readReferral(form)
	v.File, v.Form = f, sendSteps(f)
	v.Form.Read(form)
	v.Referral.Share.ActNow = v.Form.Urgent
	n := v.toSend()
	if n.Earlier, err = p.referrals.Earlier(ctx, f, n.Follows); err != nil {
		return nil, err
	}
	v.Referral.Earlier = n.Earlier
	if v.Form.Sends() {
		_, err = p.referrals.Send(ctx, f, n)
		if err == nil {
			return web.SeeOther(f.Path() + "?done=referral-sent"), nil
		}
		errs, ok := forms.AsErrors(err)
		if !ok {
			return nil, err
		}
		v.Errors = v.Form.Wrong(errs)
		return p.sendOn(ctx, v, n)
	}
	if err := p.complete(ctx, &v); err != nil {
		return nil, err
	}
	errs := n.Check(p.now())
	if !v.Places.offers(n.Share.To) {
		errs.Add("to", "Select the team it goes to")
	}
	v.Errors = v.Form.Move(errs)
	return p.sendOn(ctx, v, n)
}

// sendOn is the page at which the form has come. The check shows exactly what goes,
// and beside each part what the agreements in force say of it.
func (p *Pages) sendOn(ctx context.Context, v sendView, n referral.NewReferral) (web.Response, error) {
	if v.Person.ID == "" {
		if err := p.complete(ctx, &v); err != nil {
			return nil, err
		}
	}
	if v.Form.At != steps.Check {
		return p.stepPage(ctx, v)
	}
	var err error
	if v.Health, err = p.health(ctx, v.File.Actor()); err != nil {
		return nil, err
	}
	if v.Said, err = p.referrals.Ask(ctx, v.File, n, v.Person.Details); err != nil {
		return nil, err
	}
	names, err := p.directory.MemberNames(ctx, v.File.Actor(), v.Said.Contacts)
	if err != nil {
		return nil, err
	}
	for _, account := range v.Said.Contacts {
		if names[account] != "" {
			v.Advisers = append(v.Advisers, names[account])
		}
	}
	if v.Advice, err = p.adviceOn(ctx, v.File, n.Share.To); err != nil {
		return nil, err
	}
	return p.stepPage(ctx, v)
}

type showView struct {
	File     *cases.File
	Referral referral.Referral
	Held     *sharing.Held
	Feedback *sharing.Held
	To       string
	Earlier  string // the address of the one that it follows
	Why      referral.Why
	Now      sharing.State
	Doing    referral.Event // what a form that came back is for
	Answer   referral.Answer
	Words    string
	Reason   string
	Errors   forms.Errors
}

func (p *Pages) show(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	return p.showPage(ctx, r, showView{File: f}, false)
}

func (p *Pages) showPage(ctx context.Context, r *web.Request, v showView, invalid bool) (web.Response, error) {
	var err error
	if v.Referral, err = p.referrals.Get(ctx, v.File, referral.ID(r.Path("referral"))); err != nil {
		return nil, err
	}
	pl, err := p.places(ctx, r.Actor, v.Referral.To)
	if err != nil {
		return nil, err
	}
	if v.Doing != "" && !v.Referral.State.Can(v.Doing) {
		return nil, store.ErrConflict // the page has no form for it any more
	}
	v.To = pl.to(v.Referral.To)
	if v.Referral.Follows != "" {
		v.Earlier = v.File.Path() + "/referrals/" + string(v.Referral.Follows)
	}
	if v.Referral.Share != "" {
		held, err := p.sharing.Copy(ctx, v.File, v.Referral.Share)
		if err != nil {
			return nil, err
		}
		v.Held, v.Now = &held, held.State(p.now())
	}
	if v.Referral.Feedback != "" {
		back, err := p.sharing.Copy(ctx, v.File, v.Referral.Feedback)
		if err != nil {
			return nil, err
		}
		v.Feedback = &back
	}
	return p.page(ctx, v.File, "Referral", showBody(v), invalid)
}

func (p *Pages) answer(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	v := showView{File: f, Doing: referral.SayYes, Answer: referral.Answer(form.Get("answer")), Words: form.Get("words"), Why: why(form)}
	err = p.referrals.AnswerOfferWith(ctx, f, referral.ID(r.Path("referral")), versionOf(form.Get("version")), v.Answer, v.Why, v.Words)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = whyOf(errs, v.Answer)
		return p.showPage(ctx, r, v, true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=offer-recorded"), nil
}

func (p *Pages) withdraw(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Care)
	if err != nil {
		return nil, err
	}
	v := showView{File: f, Doing: referral.WithdrawIt, Reason: form.Get("reason")}
	err = p.referrals.Withdraw(ctx, f, referral.ID(r.Path("referral")), versionOf(form.Get("version")), v.Reason)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.showPage(ctx, r, v, true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=referral-withdrawn"), nil
}

type feedbackView struct {
	File     *cases.File
	News     string
	From     string
	Form     steps.Form
	Said     sharing.Said
	Decision decisionView
	Draft    sharing.NewShare
	Errors   forms.Errors
}

// read is what the referrer will read.
func (v feedbackView) read() (sharing.Share, sharing.Content) {
	n := v.Draft
	content := sharing.Preview(v.File.Actor().Name, n)
	content.Said = v.Said.Parts
	return sharing.Share{
		Basis: n.Basis, Agreement: v.Said.Under, Asked: n.Views.Asked, Informed: n.Views.Informed, TellOn: n.Views.TellOn, Grounds: n.Grounds, ActedNow: n.ActNow, Urgent: n.Urgent,
	}, content
}

func (p *Pages) feedbackForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	return p.feedbackPage(ctx, feedbackView{File: f, Form: feedbackSteps(f)})
}

// feedbackPage is the page at which the form has come. The check shows exactly what
// the referrer will read.
func (p *Pages) feedbackPage(ctx context.Context, v feedbackView) (web.Response, error) {
	var err error
	if v.Draft, err = p.referrals.FeedbackDraft(ctx, v.File, referral.NewFeedback{News: v.News, Share: v.Decision.Share}); err != nil {
		return nil, err
	}
	pl, err := p.places(ctx, v.File.Actor(), v.Draft.To, sharing.Recipient{Agency: v.Draft.To.Agency})
	if err != nil {
		return nil, err
	}
	v.From = pl.agency(v.Draft.To.Agency)
	if v.Form.At == steps.Check {
		v.From = pl.to(v.Draft.To)
		if v.Said, err = p.sharing.Ask(ctx, v.File, v.Draft); err != nil {
			return nil, err
		}
	}
	v.Decision.Errors = v.Errors
	return p.page(ctx, v.File, v.Form.Title(), feedbackBody(v), v.Errors.Any())
}

func (p *Pages) feedback(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	v := feedbackView{File: f, News: form.Get("news"), Form: feedbackSteps(f)}
	v.Form.Read(form)
	v.Decision.Share, v.Decision.TellOn = readDecision(form)
	v.Decision.Share.ActNow = v.Form.Urgent
	n := referral.NewFeedback{News: v.News, Share: v.Decision.Share}
	if !v.Form.Sends() {
		v.Errors = v.Form.Move(n.Check(p.now()))
		return p.feedbackPage(ctx, v)
	}
	_, err = p.referrals.Feedback(ctx, f, n)
	if err == nil {
		return web.SeeOther(f.Path() + "?done=feedback-sent"), nil
	}
	errs, ok := forms.AsErrors(err)
	if !ok {
		return nil, err
	}
	v.Errors = v.Form.Wrong(errs)
	return p.feedbackPage(ctx, v)
}
