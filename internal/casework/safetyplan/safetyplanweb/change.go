package safetyplanweb

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/safetyplan"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
)

type formView struct {
	File   *cases.File
	Frame  *safetyplan.Frame
	New    safetyplan.NewPlan
	Review [3]string
	Errors forms.Errors
	Number int64 // of the version before, 0 for none
	Apart  bool  // something is kept apart already
	May    bool  // the worker may read it
	Newer  bool  // somebody else made a version meanwhile
	Below  bool  // below the training floor
}

// latest is the newest version, and whether there is one.
func (p *Pages) latest(ctx context.Context, f *cases.File) (safetyplan.Plan, bool, error) {
	var plan safetyplan.Plan
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		plan, err = p.plans.Latest(ctx, tx, f)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return plan, false, nil
	}
	return plan, err == nil, err
}

func (p *Pages) form(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	latest, found, err := p.latest(ctx, f)
	if err != nil {
		return nil, err
	}
	v := formView{File: f, New: safetyplan.NewPlan{After: latest.ID, Copy: safetyplan.Nothing}, Number: latest.Number, Apart: latest.HasApart}
	if found {
		v.New.Answers = p.plans.Answers(latest)
	}
	return p.formPage(ctx, v, false)
}

func (p *Pages) formPage(ctx context.Context, v formView, invalid bool) (web.Response, error) {
	v.Frame, v.Below, v.May = p.plans.Frame(), v.File.Actor().Level < safetyplan.Floor, p.cases.MayRead(v.File, cases.Whereabouts)
	return p.page(ctx, v.File, "Make a plan", formBody(v), invalid, nil)
}

func (p *Pages) make(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := formView{File: f, New: safetyplan.NewPlan{
		Answers: forms.Decode(p.plans.Frame().Whole, form), Made: safetyplan.Made(form.Get("made")), WhyAlone: form.Get("why_alone"), Present: form.Get("present"),
		Views: form.Get("views"), Copy: safetyplan.Form(form.Get("copy")), CopyWhy: form.Get("copy_why"), ActNow: form.Get("act_now") == "yes", WhyNow: form.Get("why_now"),
		After: safetyplan.ID(form.Get("after")),
	}}
	v.Review, v.New.ReviewOn = typed(form, "review_on")
	_, err = p.plans.Make(ctx, f, v.New)
	if err == nil {
		return web.SeeOther(path(f) + "?done=made"), nil
	}
	errs, wrong := forms.AsErrors(err)
	newer := errors.Is(err, safetyplan.ErrNewer)
	switch {
	case wrong:
		v.Errors = errs
	case errors.Is(err, safetyplan.ErrBelowFloor):
		v.Errors.Add("act_now", "Choose to act now and have it reviewed, or ask a colleague trained to level 3")
	case newer:
		v.Errors.Add("newer", "A colleague made a new version while you were typing. Read it, then send yours again")
	default:
		return nil, err
	}
	latest, _, err := p.latest(ctx, f)
	if err != nil {
		return nil, err
	}
	v.Number, v.Apart = latest.Number, latest.HasApart
	if newer {
		v.Newer, v.New.After = true, latest.ID
	}
	return p.formPage(ctx, v, true)
}

type reviewView struct {
	overview

	New   safetyplan.NewReview
	On    [3]string
	Newer bool
	Below bool
}

func (p *Pages) reviewPage(ctx context.Context, f *cases.File, v reviewView) (web.Response, error) {
	errs := v.Errors
	var err error
	if v.overview, err = p.load(ctx, f); err != nil {
		return nil, err
	}
	if v.None {
		return web.SeeOther(path(f) + "/new"), nil
	}
	if v.New.After == "" || v.Newer {
		v.New.After = v.Plan.ID
	}
	v.Errors, v.Below = errs, f.Actor().Level < safetyplan.Floor
	return p.page(ctx, f, "Review the plan", reviewBody(v), errs.Any(), nil)
}

func (p *Pages) reviewForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.reviewPage(ctx, f, reviewView{})
}

func (p *Pages) review(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := reviewView{New: safetyplan.NewReview{
		Reason: form.Get("reason"), ActNow: form.Get("act_now") == "yes", WhyNow: form.Get("why_now"), After: safetyplan.ID(form.Get("after")),
	}}
	v.On, v.New.ReviewOn = typed(form, "review_on")
	err = p.plans.StillRight(ctx, f, v.New)
	errs, wrong := forms.AsErrors(err)
	switch {
	case err == nil:
		return web.SeeOther(path(f) + "?done=reviewed"), nil
	case wrong:
		v.Errors = errs
	case errors.Is(err, safetyplan.ErrBelowFloor):
		v.Errors.Add("act_now", "Choose to act now and have it reviewed, or ask a colleague trained to level 3")
	case errors.Is(err, safetyplan.ErrNewer):
		v.Newer = true
		v.Errors.Add("newer", "A colleague made a new version meanwhile. It stands below: look at it")
	default:
		return nil, err
	}
	return p.reviewPage(ctx, f, v)
}

type changeView struct {
	File   *cases.File
	New    safetyplan.NewChange
	On     [3]string
	Errors forms.Errors
}

func (p *Pages) change(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := changeView{File: f, New: safetyplan.NewChange{Kind: safetyplan.ChangeKind(form.Get("change")), Words: form.Get("change_words")}}
	v.On, v.New.On = typed(form, "changed_on")
	err = p.plans.Changed(ctx, f, v.New)
	if errs, wrong := forms.AsErrors(err); wrong {
		v.Errors = errs
		return p.page(ctx, f, "Something has changed", changeBody(v), true, nil)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(f) + "?done=change"), nil
}

func (p *Pages) addStep(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	n := safetyplan.NewStep{What: form.Get("what"), Owner: safetyplan.Owner(form.Get("owner")), Account: form.Get("account"), Other: form.Get("other")}
	due, on := typed(form, "due_on")
	n.DueOn = on
	_, err = p.plans.AddStep(ctx, f, n)
	if errs, wrong := forms.AsErrors(err); wrong {
		return p.again(ctx, f, errs, func(v *overview) { v.Step, v.StepDue, v.DidAddStep = n, due, true })
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(f) + "?done=step"), nil
}

type stepView struct {
	File   *cases.File
	Step   safetyplan.Step
	Names  map[string]string
	Today  string
	State  string
	Note   string
	Errors forms.Errors
}

func (p *Pages) stepPage(ctx context.Context, r *web.Request, f *cases.File, v stepView) (web.Response, error) {
	v.File, v.Today = f, p.today()
	err := p.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		v.Step, err = p.plans.Step(ctx, tx, f, r.Path("step"))
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Errors.Any() && v.Step.State != safetyplan.StepOpen {
		return nil, store.ErrConflict // settled meanwhile: the page has no form for it any more
	}
	if v.Names, err = p.names(ctx, f, []string{v.Step.Account, v.Step.RecordedBy, v.Step.SettledBy}); err != nil {
		return nil, err
	}
	return p.page(ctx, f, "Step", stepBody(v), v.Errors.Any(), nil)
}

func (p *Pages) stepForm(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.stepPage(ctx, r, f, stepView{})
}

func (p *Pages) settleStep(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	v := stepView{State: form.Get("state"), Note: form.Get("note")}
	err = p.plans.SettleStep(ctx, f, r.Path("step"), safetyplan.State(v.State), v.Note)
	if errs, wrong := forms.AsErrors(err); wrong {
		v.Errors = errs
		return p.stepPage(ctx, r, f, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(f) + "?done=settled"), nil
}

// copied records how the person holds a version, prints a copy, or records that
// it was given.
func (p *Pages) copied(ctx context.Context, r *web.Request) (web.Response, error) {
	f, form, err := p.openForm(ctx, r)
	if err != nil {
		return nil, err
	}
	id, way, words := safetyplan.ID(r.Path("plan")), safetyplan.Form(form.Get("copy")), form.Get("copy_why")
	on, day := typed(form, "given_on")
	to := ""
	switch form.Get("do") {
	case "choose":
		to, err = "copy", p.plans.Choose(ctx, f, id, way, words)
	case "given":
		to, err = "given", p.plans.Give(ctx, f, id, way, day)
	case "print":
		c, printed := p.plans.Print(ctx, f, id, way)
		if printed == nil {
			return printedPage(ctx, f, c, way)
		}
		err = printed
	default:
		return nil, store.ErrNotFound
	}
	errs, wrong := forms.AsErrors(err)
	if errors.Is(err, safetyplan.ErrNotChosen) {
		wrong = true
		errs.Add("copy", "The person has not said that this is safe for them to hold. It was not done, and that it was tried is recorded")
	}
	if wrong {
		return p.again(ctx, f, errs, func(v *overview) {
			if form.Get("do") == "choose" {
				v.Copy, v.CopyWhy = way, words
			}
			v.GivenOn = on
		})
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(path(f) + "?done=" + to), nil
}

// printedPage is a page by itself, without anything that says where it is from:
// no name of the service, none of a person, and nothing in its title.
func printedPage(ctx context.Context, f *cases.File, c safetyplan.Copy, form safetyplan.Form) (web.Response, error) {
	var b bytes.Buffer
	if err := slip(c, form == safetyplan.Card, path(f)).Render(ctx, &b); err != nil {
		return nil, err
	}
	return web.Content{Type: "text/html; charset=utf-8", Body: b.Bytes()}, nil
}

// lines are the lines of a text.
func lines(text string) []string { return strings.Split(text, "\n") }
