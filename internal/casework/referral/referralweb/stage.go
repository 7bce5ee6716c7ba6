package referralweb

import (
	"context"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/steps"
)

type stageView struct {
	File     *cases.File
	From     string
	After    string // the newest step on the page
	Waiting  string // what the case says of waiting
	Step     referral.NewStep
	Form     steps.Form
	Said     sharing.Said
	Draft    sharing.NewShare
	Decision decisionView
	Errors   forms.Errors
}

// cause names a cause with its stage: some fit two.
func (v stageView) cause() string {
	if v.Step.Cause == "" {
		return ""
	}
	return string(v.Step.Stage) + "/" + string(v.Step.Cause)
}

// read is what the referrer will read.
func (v stageView) read() (sharing.Share, sharing.Content) {
	return feedbackView{File: v.File, Draft: v.Draft, Said: v.Said}.read()
}

func (p *Pages) stageForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	steps, err := p.referrals.Steps(ctx, f)
	if err != nil {
		return nil, err
	}
	v := stageView{File: f, Form: stageSteps(f)}
	if len(steps) > 0 {
		v.After = steps[0].ID
	}
	return p.stagePage(ctx, v)
}

func (p *Pages) stagePage(ctx context.Context, v stageView) (web.Response, error) {
	got, err := p.referrals.Received(ctx, v.File)
	if err != nil {
		return nil, err
	}
	pl, err := p.places(ctx, v.File.Actor(), sharing.Recipient{Agency: got.Agency})
	if err != nil {
		return nil, err
	}
	v.From = pl.agency(got.Agency)
	// The list of what people wait for is another capability's: the chronology
	// says whether this person does.
	err = p.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		begun, err := p.cases.Latest(ctx, tx, v.File, cases.WaitingBegun, 1)
		if err != nil || len(begun) == 0 {
			return err
		}
		ended, err := p.cases.Latest(ctx, tx, v.File, cases.WaitingEnded, 1)
		if err == nil && (len(ended) == 0 || ended[0].Ref != begun[0].Ref) {
			v.Waiting = begun[0].Text
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Form.At == steps.Check {
		if v.Draft, err = p.referrals.StepDraft(ctx, v.File, v.Step); err != nil {
			return nil, err
		}
		if v.Said, err = p.sharing.Ask(ctx, v.File, v.Draft); err != nil {
			return nil, err
		}
	}
	v.Decision.Errors = v.Errors
	return p.page(ctx, v.File, v.Form.Title(), stageBody(v), v.Errors.Any())
}

func (p *Pages) stage(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, r, cases.Sharing)
	if err != nil {
		return nil, err
	}
	v := stageView{File: f, After: form.Get("after"), Form: stageSteps(f)}
	v.Form.Read(form)
	v.Decision.Share, v.Decision.TellOn = readDecision(form)
	v.Decision.Share.ActNow = v.Form.Urgent
	v.Step = referral.NewStep{
		Stage: referral.Stage(form.Get("stage")), Words: form.Get("words"), After: v.After, Tell: form.Get("tell") == "yes", Share: v.Decision.Share,
	}
	if stage, cause, ok := strings.Cut(form.Get("cause"), "/"); ok && referral.Stage(stage) == v.Step.Stage {
		v.Step.Cause = referral.Cause(cause)
	}
	switch tells := v.Step.Tell; {
	case v.Form.Sends(), !tells && v.Form.Ends(): // who tells nobody has nothing more to decide
	case !tells && v.Form.Goes():
		v.Form.Stay()
		return p.stagePage(ctx, v)
	default:
		v.Errors = v.Form.Move(v.Step.Check(p.now()))
		return p.stagePage(ctx, v)
	}
	err = p.referrals.Step(ctx, f, v.Step)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = v.Form.Wrong(errs)
		return p.stagePage(ctx, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=referral-stage"), nil
}
