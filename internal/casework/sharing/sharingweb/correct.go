package sharingweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/steps"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// correctView is a correction as typed.
type correctView struct {
	File     *cases.File
	Old      sharing.Held
	To       string
	New      sharing.NewCorrection // its items are as they were sent, with what was typed
	TellOn   [3]string             // day, month, year
	Form     steps.Form
	Said     sharing.Said
	Envelope sharing.Share // as far as a receiver reads it
	Preview  sharing.Content
	Errors   forms.Errors
}

func (v correctView) path() string {
	return v.File.Path() + "/sharing/" + string(v.Old.ID) + "/correct"
}

func itemField(i int) string { return "item" + strconv.Itoa(i) }

// The steps of a correction.
const (
	wrongStep = "wrong"
	viewsStep = "views"
	basisStep = "basis"
)

// asked are the steps of a correction. What was sent at once, before it was decided,
// is decided anew.
func (v correctView) asked() steps.Form {
	fields := []string{"wrong", "urgent"}
	for i := range v.New.Items {
		fields = append(fields, itemField(i))
	}
	list := []steps.Step{{Name: wrongStep, Title: "What is put right?", Fields: fields, Short: true}}
	if v.Old.ActedNow {
		list = append(list,
			steps.Step{Name: viewsStep, Title: "What does the person say about it?", Fields: []string{
				"asked", "view_words", "present", "view_why", "informed", "informed_how", "not_told", "tell_on-day", "tell_on-month", "tell_on-year",
			}},
			steps.Step{Name: basisStep, Title: "May it be shared?", Fields: []string{"grounds", "basis", "rationale"}},
		)
	}
	return steps.New(v.path(), "Correct what was sent", list)
}

// placed gives an error a place on the page: items stand by their number there.
func (v correctView) placed(errs forms.Errors) forms.Errors {
	var out forms.Errors
	for _, e := range errs {
		field := e.Field
		if i := slices.IndexFunc(v.New.Items, func(i sharing.Item) bool { return string(i.Kind) == e.Field }); i >= 0 {
			field = itemField(i)
		} else if field == string(sharing.WhyItem) {
			field = "wrong"
		}
		out.Add(field, e.Message)
	}
	return out
}

func (p *Pages) correction(ctx context.Context, r *web.Request, form url.Values) (correctView, error) {
	f, err := p.open(ctx, r)
	if err != nil {
		return correctView{}, err
	}
	v := correctView{File: f}
	story, err := p.sharing.Story(ctx, f, sharing.ID(r.Path("packet")))
	if err != nil {
		return v, err
	}
	v.Old = story.Held
	places, err := p.directory.PlaceNames(ctx, r.Actor, place(v.Old.To), directory.Place{Agency: directory.AgencyID(v.Old.To.Agency)})
	if err != nil {
		return v, err
	}
	v.To, v.New.Items = placeName(places, v.Old.To), slices.Clone(v.Old.Content.Items)
	v.Form = v.asked()
	if form == nil {
		v.New.Basis, v.New.Rationale, v.New.Views, v.New.Grounds = v.Old.Basis, v.Old.Content.Rationale, v.Old.Content.Views, v.Old.Grounds
		if day, err := time.Parse(time.DateOnly, v.Old.TellOn); err == nil {
			v.TellOn = [3]string{day.Format("2"), day.Format("1"), day.Format("2006")}
		}
		if j := story.Justified; j != nil {
			v.New.Basis, v.New.Rationale = j.Basis, j.Rationale
		}
		return v, nil
	}
	v.Form.Read(form)
	typed := sharing.Typed(form)
	typed.ActNow = v.Form.Urgent
	v.TellOn = [3]string{form.Get("tell_on-day"), form.Get("tell_on-month"), form.Get("tell_on-year")}
	v.New.Wrong, v.New.Override, v.New.ActNow, v.New.Urgent = strings.TrimSpace(form.Get("wrong")), typed.Override, typed.ActNow, typed.Urgent
	v.New.Basis, v.New.Rationale, v.New.Views, v.New.Grounds = typed.Basis, typed.Rationale, typed.Views, typed.Grounds
	for i := range v.New.Items {
		v.New.Items[i].Text = strings.TrimSpace(form.Get(itemField(i)))
	}
	return v, nil
}

func (p *Pages) correctForm(ctx context.Context, r *web.Request) (web.Response, error) {
	v, err := p.correction(ctx, r, nil)
	if err != nil {
		return nil, err
	}
	return p.correctPage(ctx, v)
}

func (p *Pages) correctPage(ctx context.Context, v correctView) (web.Response, error) {
	back := ui.Link{Text: "What was sent", Href: v.File.Path() + "/sharing/" + string(v.Old.ID)}
	return p.casePage(ctx, v.File, v.Form.Title(), correctBody(v), back, v.Errors.Any(), nil)
}

func (p *Pages) correct(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v, err := p.correction(ctx, r, form)
	if err != nil {
		return nil, err
	}
	share := p.sharing.Correction(v.Old, v.New, p.now())
	if v.Form.Sends() {
		id, err := p.sharing.Correct(ctx, v.File, v.Old.ID, v.New)
		if err == nil {
			return web.SeeOther(v.File.Path() + "/sharing/" + string(id) + "?done=corrected"), nil
		}
		errs, ok := forms.AsErrors(err)
		if !ok {
			return nil, err
		}
		v.Errors = v.Form.Wrong(v.placed(errs))
	} else {
		var errs forms.Errors
		if v.New.Wrong == "" {
			errs.Add("wrong", "Enter what was wrong, so that they know what changed")
		}
		for _, e := range v.placed(share.Check(p.now())) {
			errs.Add(e.Field, e.Message)
		}
		v.Errors = v.Form.Move(errs)
	}
	if v.Form.At != steps.Check {
		return p.correctPage(ctx, v)
	}
	if v.Said, err = p.sharing.Ask(ctx, v.File, share); err != nil {
		return nil, err
	}
	v.Preview = sharing.Preview(v.File.Actor().Name, share)
	v.Envelope = sharing.Share{
		Basis: share.Basis, Agreement: v.Said.Under, Asked: share.Views.Asked, Informed: share.Views.Informed, TellOn: share.Views.TellOn, Grounds: share.Grounds,
		ActedNow: share.ActNow, Urgent: share.Urgent || share.ActNow,
	}
	return p.correctPage(ctx, v)
}

// radios are codes with their words.
func radios[T interface {
	~string
	Label() string
}](list []T) []ui.RadioItem {
	var out []ui.RadioItem
	for _, one := range list {
		out = append(out, ui.RadioItem{Value: string(one), Text: one.Label()})
	}
	return out
}

func groundItems() []ui.CheckboxItem {
	var out []ui.CheckboxItem
	g := sharing.Grounds{SeriousRisk: true, ChildAtRisk: true, Incapacity: true, CourtOrder: true, Other: true}
	labels := g.Labels()
	for i, code := range g.Codes() {
		out = append(out, ui.CheckboxItem{Value: code, Text: labels[i]})
	}
	return out
}

func ticked(b bool) []string {
	if b {
		return []string{"yes"}
	}
	return nil
}

func wasUrgent(old sharing.Held) string {
	if old.Urgent {
		return "What you correct was sent as urgent. Whether this is, you decide anew."
	}
	return "If nobody acknowledges it, their manager and then their key contact are asked within hours."
}
