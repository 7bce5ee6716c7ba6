package supportweb

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"waymark/internal/casework/support"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/fields"
	"waymark/internal/platform/web/ui"
)

// Settings is the address of what an agency decides about support.
const Settings = "/caseload/settings"

type settingsView struct {
	Sets  []support.Set
	Names map[string]string
	Zone  *time.Location
}

// asked are the forms of an agency.
func (p *Pages) asked() fields.Pages[policy.Actor] {
	return fields.Pages[policy.Actor]{
		Open: func(_ context.Context, r *web.Request) (policy.Actor, error) { return r.Actor, nil },
		Page: func(_ context.Context, _ policy.Actor, title string, body templ.Component, invalid bool) (web.Response, error) {
			return web.Page{Title: title, Body: body, Invalid: invalid, Current: "/cases", Back: &ui.Link{Text: "Caseload by risk", Href: "/caseload"}}, nil
		},
	}
}

func (p *Pages) settingsEditor() fields.Editor[policy.Actor] {
	return fields.Editor[policy.Actor]{
		Title: "Support: local settings",
		Build: func(ctx context.Context, actor policy.Actor, _ *web.Request) (fields.Form, error) {
			v := settingsView{Zone: p.support.Zone()}
			var err error
			if v.Sets, err = p.support.Decided(ctx, actor); err != nil {
				return fields.Form{}, err
			}
			now := support.Starting()
			if len(v.Sets) > 0 {
				now = v.Sets[0].Settings
			}
			var who []string
			for _, s := range v.Sets {
				who = append(who, s.By)
			}
			if v.Names, err = p.directory.MemberNames(ctx, actor, who); err != nil {
				return fields.Form{}, err
			}
			b := fields.Form{Action: Settings, Button: "Set", Intro: settingsIntro(v), After: settingsHistory(v)}
			for _, n := range now.Numbers() {
				label := n.Label
				if n.Unit != "" {
					label += " (" + n.Unit + ")"
				}
				b.Fields = append(b.Fields, fields.Field{Sort: fields.Number, Name: n.Field, Label: label, Hint: n.Hint, Value: strconv.Itoa(*n.Value)})
			}
			return b, nil
		},
		Save: func(ctx context.Context, actor policy.Actor, _ *web.Request, typed url.Values) (string, error) {
			return Settings + "?done=set", p.support.Configure(ctx, actor, support.ParseSettings(typed.Get))
		},
	}
}

func (v settingsView) when(t time.Time) string {
	return t.In(v.Zone).Format("2 January 2006, 15:04")
}

func (p *Pages) settings(ctx context.Context, r *web.Request) (web.Response, error) {
	shown, err := p.asked().Show(p.settingsEditor())(ctx, r)
	if page, is := shown.(web.Page); is {
		page.Flash = r.Done(map[string]string{"set": "The settings are set"})
		return page, err
	}
	return shown, err
}

// settingsInWords are the numbers of a decision in one sentence.
func settingsInWords(s support.Settings) string {
	return "first contact within " + strconv.Itoa(s.SelfTarget) + " hours for somebody who came themselves and " + strconv.Itoa(s.AgencyTarget) +
		" for somebody who was referred; risk looked at after " + strconv.Itoa(s.ReviewAfter) + " attempts, and every " + strconv.Itoa(s.ReassessWeeks) +
		" weeks during treatment; a case counts for " + strconv.Itoa(s.High) + ", " + strconv.Itoa(s.Unknown) + " or " + strconv.Itoa(s.Other)
}
