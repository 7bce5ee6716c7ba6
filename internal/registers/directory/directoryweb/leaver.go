package directoryweb

import (
	"context"
	"slices"
	"strings"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

type leaveView struct {
	Member directory.Member
	Held   []directory.Held
}

// leave says what must be handed over, before the membership is ended.
func (p *Pages) leave(ctx context.Context, r *web.Request) (web.Response, error) {
	var v leaveView
	var err error
	if v.Member, err = p.directory.Member(ctx, r.Actor, r.Path("account")); err != nil {
		return nil, err
	}
	if v.Held, err = p.directory.ToHandOver(ctx, r.Actor, r.Path("account")); err != nil {
		return nil, err
	}
	back := &ui.Link{Text: "The colleague", Href: memberPath(v.Member.Account)}
	return web.Page{Title: "A colleague leaves", Body: leaveBody(v), Back: back, Current: "/agency"}, nil
}

// changed goes back to the colleague, with what is wrong or with what was done.
func (p *Pages) changed(ctx context.Context, r *web.Request, v memberView, err error, done string) (web.Response, error) {
	var invalid bool
	if v.Wrong, invalid = directory.IsInvalid(err); invalid {
		return p.memberPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(memberPath(r.Path("account")) + "?done=" + done), nil
}

func (p *Pages) until(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = p.directory.ChangeUntil(ctx, r.Actor, r.Path("account"), version(form.Get("version")), form.Get("until"))
	return p.changed(ctx, r, memberView{Until: form.Get("until")}, err, "until-saved")
}

func (p *Pages) suspend(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = p.directory.Suspend(ctx, r.Actor, r.Path("account"), form.Get("reason"))
	return p.changed(ctx, r, memberView{Reason: form.Get("reason")}, err, "suspended")
}

func (p *Pages) restore(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.changed(ctx, r, memberView{}, p.directory.Restore(ctx, r.Actor, r.Path("account")), "restored")
}

type resetView struct{ Account, Link string }

func (p *Pages) reset(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	token, err := p.directory.ResetSecondFactor(ctx, r.Actor, r.Path("account"), form.Get("reason"))
	if wrong, invalid := directory.IsInvalid(err); invalid {
		return p.memberPage(ctx, r, memberView{ResetReason: form.Get("reason"), Wrong: directory.Invalid{"reset_reason": wrong["reason"]}})
	}
	if err != nil {
		return nil, err
	}
	v := resetView{Account: r.Path("account"), Link: r.Site() + "/welcome/" + token}
	return web.Page{Title: "A second step is taken away", Body: resetBody(v), Current: "/agency"}, nil
}

func (p *Pages) vouch(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	err = p.directory.Vouch(ctx, r.Actor, r.Path("account"), p.issuer, form.Get("email"))
	return p.changed(ctx, r, memberView{Email: form.Get("email")}, err, "vouched")
}

type tokenView struct {
	List   []auth.ServiceToken
	Can    []policy.Action
	Ticked []policy.Action
	Name   string
	Until  string
	Client string // "yes" for a client and its secret
	Made   string // shown once
	MadeID string // of a client
}

// proof is how a program is to prove itself, as the form has it.
func (v tokenView) proof() string {
	if v.Client == "yes" {
		return v.Client
	}
	return "no"
}

func (p *Pages) giveToken(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	n := directory.NewToken{Account: r.Path("account"), Name: form.Get("token_name"), Until: form.Get("token_until"), Client: form.Get("client") == "yes"}
	for _, a := range form["action"] {
		n.Actions = append(n.Actions, policy.Action(a))
	}
	v := memberView{Token: tokenView{Ticked: n.Actions, Name: n.Name, Until: n.Until, Client: form.Get("client")}}
	var made directory.Given
	if n.Client {
		made, err = p.directory.GiveClient(ctx, r.Actor, n)
	} else {
		made.Secret, err = p.directory.GiveToken(ctx, r.Actor, n)
	}
	if wrong, invalid := directory.IsInvalid(err); invalid {
		v.Wrong = directory.Invalid{"token_name": wrong["name"], "actions": wrong["actions"] + wrong["account"], "token_until": wrong["until"]}
		return p.memberPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return p.memberPage(ctx, r, memberView{Token: tokenView{Made: made.Secret, MadeID: made.ID}})
}

func (p *Pages) revokeToken(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.changed(ctx, r, memberView{}, p.directory.RevokeToken(ctx, r.Actor, r.Path("account"), r.Path("token")), "revoked")
}

func actionItems(v tokenView) []ui.CheckboxItem {
	var items []ui.CheckboxItem
	for _, a := range v.Can {
		items = append(items, ui.CheckboxItem{Value: string(a), Text: string(a), Checked: slices.Contains(v.Ticked, a)})
	}
	return items
}

func tokenRows(v memberView) [][]ui.TableCell {
	var rows [][]ui.TableCell
	for _, t := range v.Token.List {
		var may []string
		for _, a := range t.Actions {
			may = append(may, string(a))
		}
		change := ui.TableCell{Text: "Taken back"}
		if !t.Revoked {
			change = ui.TableCell{Content: revoke(v.Member.Account, t.ID, t.Name)}
		}
		name := t.Name
		if t.Client {
			name += " (client " + t.ID + ")"
		}
		rows = append(rows, []ui.TableCell{{Text: name}, {Text: strings.Join(may, ", ")}, {Text: t.Ends.AddDate(0, 0, -1).Format("2 January 2006")}, change})
	}
	return rows
}
