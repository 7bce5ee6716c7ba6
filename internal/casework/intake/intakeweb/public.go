package intakeweb

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"waymark/internal/casework/intake"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// public is a page that anybody may open. Its title is neutral (S13).
func public(title string, body templ.Component, invalid bool) web.Page {
	return web.Page{Title: title, Body: body, Invalid: invalid, Current: Start, Breadcrumbs: []ui.Link{{Text: "Start page", Href: "/"}}}
}

func (p *Pages) start(ctx context.Context, _ *web.Request) (web.Response, error) {
	doors, err := p.intake.Doors(ctx)
	if err != nil {
		return nil, err
	}
	return public("Get in touch", startBody(doors, slices.ContainsFunc(doors, intake.Door.Open)), false), nil
}

func (p *Pages) before(context.Context, *web.Request) (web.Response, error) {
	return public("Before you begin", beforeBody(), false), nil
}

// step is one page of the form.
type step string

const (
	safeStep    step = "safe"
	contactStep step = "contact"
	aboutStep   step = "about"
	checkStep   step = "check"
	sendStep    step = "send"
)

// formView is one page of the form, with what was typed on those before.
type formView struct {
	Ask    intake.NewAsk
	Doors  []intake.Door // that take what is asked
	Errors forms.Errors
}

func (v formView) self() bool { return v.Ask.Who == intake.Self }

// you takes the words for whoever asks for themselves, or the others.
func (v formView) you(self, other string) string {
	if v.self() {
		return self
	}
	return other
}

func (p *Pages) firstPage(context.Context, *web.Request) (web.Response, error) {
	return public("Your answers, 1 of 3", safeBody(formView{}), false), nil
}

// nextPage takes one page of the form and answers with the next. What was typed
// travels in the pages themselves: there is nothing on the server before it is
// sent, and nothing in an address.
func (p *Pages) nextPage(ctx context.Context, r *web.Request) (web.Response, error) {
	typed, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := formView{Ask: readAsk(typed)}
	doors, err := p.intake.Doors(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range doors {
		if d.Takes(v.Ask.Who) {
			v.Doors = append(v.Doors, d)
		}
	}
	if len(v.Doors) == 1 && v.Ask.To.Team == "" {
		v.Ask.To = intake.Place{Agency: v.Doors[0].Agency, Team: v.Doors[0].Team}
	}
	return p.page(ctx, r, v, step(typed.Get("step")))
}

// page is the page that comes after one was sent: the first on which something
// is wrong, or the one that was asked for.
func (p *Pages) page(ctx context.Context, r *web.Request, v formView, to step) (web.Response, error) {
	if to == safeStep {
		return public("Your answers, 1 of 3", safeBody(v), false), nil
	}
	if v.Errors = v.Ask.CheckSafe(); v.Errors.Any() {
		return public("Your answers, 1 of 3", safeBody(v), true), nil
	}
	if len(v.Doors) == 0 {
		return public("Get in touch", noneBody(), false), nil
	}
	if to == contactStep {
		return public("Your answers, 2 of 3", contactBody(v), false), nil
	}
	if v.Errors = v.Ask.CheckContact(); v.Errors.Any() {
		return public("Your answers, 2 of 3", contactBody(v), true), nil
	}
	if to == aboutStep {
		return public("Your answers, 3 of 3", aboutBody(v), false), nil
	}
	if v.Errors = v.Ask.CheckAbout(); v.Errors.Any() {
		return public("Your answers, 3 of 3", aboutBody(v), true), nil
	}
	if to != sendStep || v.Ask.Once == "" {
		v.Ask.Once = rand.Text()
		return public("Check your answers", checkBody(v), false), nil
	}
	reference, err := p.intake.Leave(ctx, r.Address(), v.Ask)
	if errors.Is(err, intake.ErrTooMany) {
		doors, err := p.intake.Doors(ctx)
		if err != nil {
			return nil, err
		}
		return public("Not sent", busyBody(doors), false), nil
	}
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return public("Your answers, 3 of 3", aboutBody(v), true), nil
	}
	if err != nil {
		return nil, err
	}
	return public("Sent", sentBody(v, reference), false), nil
}

// The fields of each page, by which the others carry them along.
var (
	safeFields    = []string{"who", "device"}
	contactFields = []string{"reply", "means", "when", "answer", "voice", "say_who", "never", "agreed"}
	aboutFields   = []string{"to", "name", "number", "address", "trusted", "language", "danger", "feared", "asker", "role", "back", "text"}
)

func readAsk(typed url.Values) intake.NewAsk {
	n := intake.NewAsk{Who: intake.Who(typed.Get("who")), Once: typed.Get("once")}
	n.To.Agency, n.To.Team, _ = strings.Cut(typed.Get("to"), "/")
	n.Words = intake.Words{
		Device: intake.Say(typed.Get("device")), Reply: intake.Reply(typed.Get("reply")), When: typed.Get("when"), Answer: typed.Get("answer"),
		Voice: intake.Say(typed.Get("voice")), Who: intake.Say(typed.Get("say_who")), Never: typed.Get("never"), Agreed: intake.Agreed(typed.Get("agreed")),
		Asker: typed.Get("asker"), Role: typed.Get("role"), Back: typed.Get("back"), Name: typed.Get("name"), Number: typed.Get("number"),
		Address: typed.Get("address"), Trusted: typed.Get("trusted"), Language: typed.Get("language"), Danger: intake.Say(typed.Get("danger")),
		Feared: typed.Get("feared"), Text: typed.Get("text"),
	}
	for _, m := range typed["means"] {
		if len(n.Words.Means) < len(intake.MeansList()) {
			n.Words.Means = append(n.Words.Means, intake.Means(m))
		}
	}
	return settled(n)
}

// settled leaves out what belongs to an answer that was changed since.
func settled(n intake.NewAsk) intake.NewAsk {
	w := &n.Words
	if w.Reply != intake.Reach && w.Reply != "" {
		w.Means, w.When, w.Answer, w.Voice, w.Who, w.Number, w.Address = nil, "", "", "", "", "", ""
	}
	if w.Reply != intake.Through {
		w.Trusted = ""
	}
	if n.Who == intake.Self {
		w.Agreed, w.Asker, w.Role, w.Back = "", "", "", ""
	}
	return n
}

// values are the fields of a form as they were typed.
func values(n intake.NewAsk) url.Values {
	w := n.Words
	out := url.Values{
		"who": {string(n.Who)}, "device": {string(w.Device)}, "reply": {string(w.Reply)}, "when": {w.When}, "answer": {w.Answer}, "voice": {string(w.Voice)},
		"say_who": {string(w.Who)}, "never": {w.Never}, "agreed": {string(w.Agreed)}, "name": {w.Name}, "number": {w.Number}, "address": {w.Address},
		"trusted": {w.Trusted}, "language": {w.Language}, "danger": {string(w.Danger)}, "feared": {w.Feared}, "asker": {w.Asker}, "role": {w.Role}, "back": {w.Back}, "text": {w.Text},
	}
	if n.To.Team != "" {
		out.Set("to", n.To.Agency+"/"+n.To.Team)
	}
	for _, m := range w.Means {
		out.Add("means", string(m))
	}
	return out
}

// carried are the fields of other pages.
func carried(n intake.NewAsk, names ...[]string) []ui.HiddenField {
	all := values(n)
	var out []ui.HiddenField
	for _, name := range slices.Concat(names...) {
		for _, v := range all[name] {
			if v != "" {
				out = append(out, ui.HiddenField{Name: name, Value: v})
			}
		}
	}
	return out
}
