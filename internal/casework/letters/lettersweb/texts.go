package lettersweb

import (
	"context"
	"errors"
	"slices"

	"waymark/internal/casework/letters"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// Texts is where an agency words its own letters.
const Texts = "/letters/texts"

func textPath(id letters.TextID) string { return Texts + "/" + string(id) }

func (p *Pages) textNames(ctx context.Context, actor policy.Actor, list ...letters.OwnText) (map[string]string, error) {
	var accounts []string
	for _, o := range list {
		accounts = append(accounts, o.MadeBy)
		if o.DecidedBy != "" {
			accounts = append(accounts, o.DecidedBy)
		}
	}
	return p.directory.MemberNames(ctx, actor, accounts)
}

type textsView struct {
	Texts []letters.OwnText
	Names map[string]string
}

func (p *Pages) texts(ctx context.Context, r *web.Request) (web.Response, error) {
	var v textsView
	var err error
	if v.Texts, err = p.letters.Texts(ctx, r.Actor); err != nil {
		return nil, err
	}
	if v.Names, err = p.textNames(ctx, r.Actor, v.Texts...); err != nil {
		return nil, err
	}
	return web.Page{
		Title: "Texts for letters", Body: textsBody(v), Current: "/cases",
		Flash: r.Done(map[string]string{"proposed": "The text is kept. It is offered when a manager has approved it", "decided": "It is decided"}),
	}, nil
}

type textFormView struct {
	Text   letters.OwnText
	Errors forms.Errors
}

func (p *Pages) newText(ctx context.Context, r *web.Request) (web.Response, error) {
	var v textFormView
	if from := r.Query("from"); from != "" {
		var err error
		if v.Text, err = p.letters.Text(ctx, r.Actor, letters.TextID(from)); err != nil {
			return nil, err
		}
	} else if _, err := p.letters.Texts(ctx, r.Actor); err != nil {
		return nil, err // whoever may not word one is told so before they write
	}
	return textForm(v), nil
}

func textForm(v textFormView) web.Page {
	return web.Page{
		Title: "Word a text for letters", Body: textFormBody(v), Invalid: v.Errors.Any(), Current: "/cases", Back: &ui.Link{Text: "Texts for letters", Href: Texts},
	}
}

func (p *Pages) propose(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := textFormView{Text: letters.OwnText{
		Root:  letters.TextID(form.Get("root")),
		Words: letters.TextWords{Title: form.Get("title"), Subject: form.Get("subject"), Body: normal(form.Get("body"))},
	}}
	for _, w := range form["ways"] {
		v.Text.Ways = append(v.Text.Ways, letters.Way(w))
	}
	_, err = p.letters.Propose(ctx, r.Actor, v.Text)
	if errors.As(err, &v.Errors) {
		return textForm(v), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Texts + "?done=proposed"), nil
}

type textView struct {
	Text    letters.OwnText
	Names   map[string]string
	Decides bool
	State   string
	Why     string
	Errors  forms.Errors
}

func (p *Pages) text(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.textPage(ctx, r, textView{})
}

func (p *Pages) textPage(ctx context.Context, r *web.Request, v textView) (web.Response, error) {
	var err error
	if v.Text, err = p.letters.Text(ctx, r.Actor, letters.TextID(r.Path("text"))); err != nil {
		return nil, err
	}
	if v.Names, err = p.textNames(ctx, r.Actor, v.Text); err != nil {
		return nil, err
	}
	v.Decides = p.letters.MayDecide(r.Actor) && (v.Text.State == letters.Proposed || v.Text.State == letters.Approved)
	if v.Errors.Any() && !v.Decides {
		return nil, store.ErrConflict // somebody else has decided
	}
	return web.Page{
		Title: "Text for letters", Body: textBody(v), Invalid: v.Errors.Any(), Current: "/cases", Back: &ui.Link{Text: "Texts for letters", Href: Texts},
	}, nil
}

func (p *Pages) decide(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := textView{State: form.Get("state"), Why: normal(form.Get("why"))}
	err = p.letters.Decide(ctx, r.Actor, letters.TextID(r.Path("text")), letters.TextState(v.State), v.Why)
	if errors.As(err, &v.Errors) {
		return p.textPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(Texts + "?done=decided"), nil
}

func wayItems(chosen []letters.Way) []ui.CheckboxItem {
	var out []ui.CheckboxItem
	for _, w := range letters.Ways() {
		out = append(out, ui.CheckboxItem{Value: string(w), Text: w.Label(), Checked: slices.Contains(chosen, w)})
	}
	return out
}

func decisions(o letters.OwnText) []ui.RadioItem {
	if o.State == letters.Approved {
		return []ui.RadioItem{{Value: string(letters.Retired), Text: "Retire it: it is not offered any more"}}
	}
	return []ui.RadioItem{{Value: string(letters.Approved), Text: "Approve it: it is offered from now on"}, {Value: string(letters.NotApproved), Text: "Do not approve it"}}
}
