package riskweb

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/forms/formsweb"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// sitting is a draft while somebody works on it.
type sitting struct {
	File       *cases.File
	Draft      risk.Draft
	Instrument risk.Instrument
	Form       *forms.Questionnaire // in the language and at the moment of the sitting
	Errors     forms.Errors
	Page       int  // of the questions, from 0
	FromCheck  bool // the worker came from checking, and goes back there
	Elsewhere  bool // it was saved from another page meanwhile
	Newer      risk.ID
	Below      bool
	Rule       risk.RepeatRule
	Boxes      map[string][3]string // days as they were typed
	Beside     templ.Component      // what others know that bears on risk
}

func (v sitting) path() string { return draftPath(v.File, v.Draft.ID) }

func (v sitting) pages() [][]*forms.Item { return v.Form.Pages() }

func (v sitting) assesses() bool { return v.Instrument.Rules.Kind == risk.Assessment }

// at is the address of a page of the questions.
func (v sitting) at(page int) string {
	if v.FromCheck {
		return query(v.path(), "page", itoa(page+1), "from", "check")
	}
	return query(v.path(), "page", itoa(page+1))
}

func (v sitting) links() []ui.Link { return formsweb.ErrorLinks(v.Form, v.Errors) }

// languages are those that the questions speak, when there is a choice.
func (v sitting) languages() []string {
	if all := v.Instrument.Form.Languages(); len(all) > 1 {
		return all
	}
	return nil
}

// next is where the worker goes from a page of the questions.
func (v sitting) next() string {
	switch {
	case v.FromCheck:
		return v.path() + "/check"
	case v.Page+1 < len(v.pages()):
		return v.at(v.Page + 1)
	case v.assesses():
		return v.path() + "/judgement"
	}
	return v.path() + "/check"
}

func (p *Pages) sit(ctx context.Context, r *web.Request) (sitting, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return sitting{}, err
	}
	v := sitting{File: f, FromCheck: r.Query("from") == "check", Below: f.Actor().Level < risk.Floor}
	err = p.read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if v.Draft, v.Instrument, err = p.risk.Draft(ctx, tx, f, risk.DraftID(r.Path("draft"))); err != nil {
			return err
		}
		v.Rule, err = p.risk.RuleToday(ctx, tx, f)
		return err
	})
	if err != nil {
		return sitting{}, err
	}
	if err := v.speak(p.cases.DB().Clock()()); err != nil {
		return sitting{}, err
	}
	if n, err := strconv.Atoi(r.Query("page")); err == nil && n >= 1 && n <= len(v.pages()) {
		v.Page = n - 1
	}
	return v, nil
}

// speak puts the questions into the language of the sitting.
func (v *sitting) speak(now time.Time) error {
	v.Form = v.Instrument.Form.At(risk.Here(store.Moment(now)))
	if v.Draft.Lang == "" {
		return nil
	}
	in, err := v.Form.In(v.Draft.Lang)
	if errors.Is(err, forms.ErrNoTranslation) {
		v.Draft.Lang = ""
		return nil
	}
	if err == nil {
		v.Form = in
	}
	return err
}

// take puts what was typed on a page into the draft, right or wrong.
func (v *sitting) take(form url.Values) {
	v.Draft.Answers.Take(v.pages()[v.Page], forms.Decode(v.Form, form))
	if lang := form.Get("lang"); slices.Contains(v.languages(), lang) {
		v.Draft.Lang = lang
	}
}

// wrong is what is wrong with the answers on a page. One that is not asked with
// the others is not wrong: it is kept aside.
func (v sitting) wrong(page int) forms.Errors {
	given, _ := v.Form.Aside(v.Draft.Answers)
	return v.Form.ValidateDraft(given).In(v.pages()[page])
}

// keep saves a sitting under the version that the page was made with. A page
// that is sent before it has heard of what it saved in passing has an older one:
// what was saved since was its own, and nothing of anybody is written over.
// Passing saves are held to the version, so that none comes after the page.
func (p *Pages) keep(ctx context.Context, v *sitting, form url.Values, passing bool) error {
	made, err := strconv.ParseInt(form.Get("version"), 10, 64)
	window := form.Get("window")
	own := !passing && window != "" && window == v.Draft.Window && made >= v.Draft.Base
	if err != nil || made != v.Draft.Version && !own || len(window) > 64 {
		return store.ErrConflict
	}
	if window != v.Draft.Window {
		v.Draft.Window, v.Draft.Base = window, made
	}
	v.Draft, err = p.risk.Save(ctx, v.File, v.Draft)
	return err
}

func (p *Pages) answer(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if r.Query("wrong") != "" {
		v.Errors = v.wrong(v.Page)
	}
	return p.answerPage(ctx, v)
}

func (p *Pages) answerPage(ctx context.Context, v sitting) (web.Response, error) {
	page, err := p.page(ctx, v.File, v.Instrument.Form.Title, answerBody(v), v.Errors.Any() || v.Elsewhere)
	if v.Page > 0 && !v.FromCheck {
		page.Back = &ui.Link{Text: "Back", Href: v.at(v.Page - 1)}
	}
	return page, err
}

func (p *Pages) save(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	v.take(form)
	if err := p.keep(ctx, &v, form, false); errors.Is(err, store.ErrConflict) {
		return p.elsewhere(ctx, v, p.answerPage)
	} else if err != nil {
		return nil, err
	}
	switch {
	case form.Get("then") == "later":
		return web.SeeOther(v.File.Path() + "?done=risk-saved"), nil
	case form.Get("lang") != "", formsweb.Again(form):
		return web.SeeOther(v.at(v.Page) + formsweb.AgainAt(v.Form, v.Draft.Answers, form)), nil
	}
	if v.Errors = v.wrong(v.Page); v.Errors.Any() {
		return p.answerPage(ctx, v)
	}
	return web.SeeOther(v.next()), nil
}

// elsewhere shows what was typed again when the draft was saved from another
// page meanwhile: nothing is written over, and sending it again keeps it.
func (p *Pages) elsewhere(ctx context.Context, v sitting, show func(context.Context, sitting) (web.Response, error)) (web.Response, error) {
	err := p.read(ctx, func(ctx context.Context, tx *store.Tx) error {
		now, _, err := p.risk.Draft(ctx, tx, v.File, v.Draft.ID)
		v.Draft.Version = now.Version
		return err
	})
	if err != nil {
		return nil, err
	}
	v.Elsewhere = true
	v.Errors.Add("elsewhere", "You saved these answers from another page meanwhile. What you typed here is still here: send it again to keep it")
	return show(ctx, v)
}

// saved is what a script is told.
type saved struct {
	Version int64           `json:"version"`
	Saved   string          `json:"saved"`
	Asked   map[string]bool `json:"asked"`
}

// autosave keeps what is on the page so far, and tells which questions of it
// are asked with these answers.
func (p *Pages) autosave(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if form.Get("part") == "judgement" {
		v.takeFinding(form)
	} else {
		if n, err := strconv.Atoi(form.Get("part")); err == nil && n >= 1 && n <= len(v.pages()) {
			v.Page = n - 1
		}
		v.take(form)
	}
	if err := p.keep(ctx, &v, form, true); err != nil {
		return nil, err
	}
	out := saved{Version: v.Draft.Version, Saved: v.Draft.Saved.In(london).Format("15:04"), Asked: map[string]bool{}}
	asked := v.Form.Asked(v.Draft.Answers)
	spread := v.Form.Spread(v.Draft.Answers)
	for i := range spread.All() {
		if i.ByExpression() || spread.ConditionWords(i) != "" {
			out.Asked[i.Field()] = asked(i)
		}
	}
	body, err := json.Marshal(out)
	return web.Content{Type: "application/json", Body: body}, err
}

func (v *sitting) takeFinding(form url.Values) {
	v.Boxes = map[string][3]string{}
	day := func(name string) string {
		v.Boxes[name] = boxes(form, name)
		return joined(v.Boxes[name])
	}
	v.Draft.Finding = risk.Finding{
		Judgement: risk.Judgement(form.Get("judgement")), Reason: form.Get("reason"),
		Escalation: risk.Answer(form.Get("escalation")), EscalationEvidence: form.Get("escalation_evidence"), Incidents: form.Get("incidents"),
		Repeat: risk.Answer(form.Get("repeat")), RepeatEvidence: form.Get("repeat_evidence"), RepeatCrime: risk.Answer(form.Get("repeat_crime")),
		LastReferral: day("last_referral"), RepeatOn: day("repeat_on"), ReviewOn: day("review_on"),
		Views: form.Get("views"), ActNow: form.Get("act_now") == "yes", WhyNow: form.Get("why_now"),
	}
}

func (p *Pages) judgement(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	if r.Query("wrong") != "" {
		v.Errors = v.unfounded()
	}
	return p.judgementPage(ctx, v)
}

// unfounded is what is wrong with the finding, training included.
func (v sitting) unfounded() forms.Errors {
	errs := v.Draft.Finding.Check()
	if v.Below && !v.Draft.Finding.ActNow {
		errs.Add("act_now", "Choose to record this now and have it reviewed, or ask a colleague trained to level 3")
	}
	return errs
}

func (p *Pages) judgementPage(ctx context.Context, v sitting) (web.Response, error) {
	if v.Boxes == nil {
		v.Boxes = map[string][3]string{}
		for name, day := range map[string]string{"last_referral": v.Draft.Finding.LastReferral, "repeat_on": v.Draft.Finding.RepeatOn, "review_on": v.Draft.Finding.ReviewOn} {
			v.Boxes[name] = split(day)
		}
	}
	if p.Beside != nil {
		var err error
		if v.Beside, err = p.Beside(ctx, v.File); err != nil {
			return nil, err
		}
	}
	page, err := p.page(ctx, v.File, "Your judgement", judgementBody(v), v.Errors.Any())
	page.Back = &ui.Link{Text: "Back", Href: v.at(len(v.pages()) - 1)}
	return page, err
}

func (p *Pages) judge(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	v.takeFinding(form)
	if err := p.keep(ctx, &v, form, false); errors.Is(err, store.ErrConflict) {
		return p.elsewhere(ctx, v, p.judgementPage)
	} else if err != nil {
		return nil, err
	}
	if form.Get("then") == "later" {
		return web.SeeOther(v.File.Path() + "?done=risk-saved"), nil
	}
	if v.Errors = v.unfounded(); v.Errors.Any() {
		return p.judgementPage(ctx, v)
	}
	return web.SeeOther(v.path() + "/check"), nil
}

type checkView struct {
	sitting

	Response *forms.Response
	Tally    risk.Tally
	Danger   risk.Danger
	Band     string
	Routes   []risk.Route
	Aside    []ui.SummaryRow
	Review   string
}

// check shows everything before it is recorded. What cannot be recorded as it
// is leads back to where it was typed.
func (p *Pages) check(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.sit(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.checkPage(ctx, v)
}

func (p *Pages) checkPage(ctx context.Context, v sitting) (web.Response, error) {
	for n := range v.pages() {
		if v.wrong(n).Any() {
			return web.SeeOther(query(v.path(), "page", itoa(n+1), "from", "check", "wrong", "yes")), nil
		}
	}
	// Whoever has acted now without being asked to judge has said so on this page.
	if v.assesses() && v.unfounded().Any() {
		return web.SeeOther(v.path() + "/judgement?wrong=yes"), nil
	}
	given, aside := v.Form.Aside(v.Draft.Answers)
	response, err := v.Form.Response(given, forms.Record{Status: forms.StatusInProgress})
	if _, is := forms.AsErrors(err); is {
		return web.SeeOther(query(v.path(), "page", "1", "from", "check", "wrong", "yes")), nil
	}
	if err != nil {
		return nil, err
	}
	rules, finding := v.Instrument.Rules, v.Draft.Finding
	finding.RepeatRule = v.Rule
	c := checkView{sitting: v, Response: response, Tally: v.Instrument.Count(v.Form, given)}
	c.Danger, c.Band, c.Routes = rules.Danger(c.Tally, finding), rules.Band(c.Tally, finding), rules.Routes(c.Tally, finding)
	c.Review = rules.Review(c.Danger, finding.ReviewOn, p.today())
	for i := range v.Form.Spread(v.Draft.Answers).Kept() {
		for _, typed := range aside.Values(i.LinkID) {
			c.Aside = append(c.Aside, ui.SummaryRow{Key: i.TitleInPlace(), Value: i.Words(typed)})
		}
	}
	page, err := p.page(ctx, v.File, "Check before it is recorded", checkBody(c), v.Errors.Any())
	page.Back = &ui.Link{Text: "Back", Href: v.at(len(v.pages()) - 1)}
	if v.assesses() {
		page.Back.Href = v.path() + "/judgement"
	}
	return page, err
}

func (p *Pages) record(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.sit(ctx, r)
	if errors.Is(err, store.ErrNotFound) && r.Path("draft") != "" {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if !v.assesses() && v.Below {
		v.Draft.Finding.ActNow, v.Draft.Finding.WhyNow = form.Get("act_now") == "yes", form.Get("why_now")
	}
	if made, err := strconv.ParseInt(form.Get("version"), 10, 64); err != nil || made != v.Draft.Version {
		v.Errors.Add("record", "These answers were changed from another page meanwhile. Read them here, then record them")
		return p.checkPage(ctx, v)
	}
	_, err = p.risk.Record(ctx, v.File, v.Draft, risk.ID(form.Get("after")))
	_, wrong := forms.AsErrors(err)
	switch {
	case errors.Is(err, risk.ErrBelowFloor) && !v.assesses():
		v.Errors.Add("act_now", "Choose to record this now and have it reviewed, or ask a colleague trained to level 3")
		return p.checkPage(ctx, v)
	case wrong, errors.Is(err, risk.ErrBelowFloor):
		return p.checkPage(ctx, v) // leads to where it was typed
	case errors.Is(err, risk.ErrNewer):
		latest, _, err := p.latest(ctx, v.File, v.Instrument.Rules.Kind)
		if err != nil {
			return nil, err
		}
		v.Newer = latest.ID
		v.Errors.Add("newer", "A colleague recorded an identification while you were typing. Read it, then record yours if it adds to it")
		return p.checkPage(ctx, v)
	case err != nil:
		return nil, err
	}
	return web.SeeOther(v.File.Path() + "?done=risk-recorded"), nil
}

func (p *Pages) drop(ctx context.Context, r *web.Request) (web.Response, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := p.risk.Drop(ctx, f, risk.DraftID(r.Path("draft"))); err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=risk-dropped"), nil
}
