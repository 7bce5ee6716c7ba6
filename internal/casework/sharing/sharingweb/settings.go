package sharingweb

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"waymark/internal/casework/sharing"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// Times is the address of when an agency's people are asked about what nobody
// acknowledges.
const Times = "/sharing/times"

type timesView struct {
	Sets  []sharing.Set
	Names map[string]string
}

func (p *Pages) timesForm() fields.Pages[policy.Actor] {
	return fields.Pages[policy.Actor]{
		Open: func(_ context.Context, r *web.Request) (policy.Actor, error) { return r.Actor, nil },
		Page: func(_ context.Context, _ policy.Actor, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/home", Back: &ui.Link{Text: "Your work", Href: "/home"}}, nil
		},
	}
}

func (p *Pages) timesEditor() fields.Editor[policy.Actor] {
	return fields.Editor[policy.Actor]{
		Title: "When nobody acknowledges",
		Build: func(ctx context.Context, actor policy.Actor, _ *web.Request) (fields.Form, error) {
			var v timesView
			var err error
			if v.Sets, err = p.sharing.Decided(ctx, actor); err != nil {
				return fields.Form{}, err
			}
			now := p.sharing.Starting()
			if len(v.Sets) > 0 {
				now = v.Sets[0].Settings
			}
			var accounts []string
			for _, s := range v.Sets {
				accounts = append(accounts, s.By)
			}
			if v.Names, err = p.directory.MemberNames(ctx, actor, accounts); err != nil {
				return fields.Form{}, err
			}
			b := fields.Form{Action: Times, Button: "Set", Intro: timesIntro(v), After: timesHistory(v)}
			for _, n := range now.Numbers() {
				hint := "From " + strconv.Itoa(n.Least) + " to " + strconv.Itoa(n.Most) + "."
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Number, Name: n.Field, Label: n.Label, Hint: hint, Value: strconv.Itoa(*n.Value)})
			}
			return b, nil
		},
		Save: func(ctx context.Context, actor policy.Actor, _ *web.Request, typed url.Values) (string, error) {
			return Times + "?done=set", p.sharing.Configure(ctx, actor, sharing.ParseSettings(typed.Get))
		},
	}
}

func (p *Pages) times(ctx context.Context, r *web.Request) (web.Response, error) {
	shown, err := p.timesForm().Show(p.timesEditor())(ctx, r)
	if page, is := shown.(web.Page); is {
		page.Flash = r.Done(map[string]string{"set": "The times are set. They apply to what is sent to you from now on"})
		return page, err
	}
	return shown, err
}
