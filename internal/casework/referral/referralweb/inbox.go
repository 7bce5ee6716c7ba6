package referralweb

import (
	"context"
	"errors"
	"net/url"

	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// inboxPage bounds one page of the inbox.
const inboxPage = 30

type inboxView struct {
	Box    sharing.Box
	Rows   []sharing.Row
	Places places
	Teams  map[string]string // of the actor's agency
	Names  map[string]string // of colleagues
	Today  string
	More   string
	Beside []ui.Link // lists of others
}

var done = map[string]string{
	"acknowledged": "You have acknowledged it. The sender sees that a person here has received it",
	"declined":     "The referral is declined. The referrer sees the reason",
}

func (p *Pages) inbox(ctx context.Context, r *web.Request) (web.Response, error) {
	v := inboxView{Box: sharing.WaitingBox, Today: p.today(), Beside: p.More}
	for _, b := range sharing.Boxes() {
		if string(b) == r.Query("box") {
			v.Box = b
		}
	}
	rows, err := p.sharing.Inbox(ctx, r.Actor, v.Box, sharing.ID(r.Query("after")), inboxPage+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > inboxPage {
		rows = rows[:inboxPage]
		v.More = Inbox + "?" + url.Values{"box": {string(v.Box)}, "after": {string(rows[inboxPage-1].ID)}}.Encode()
	}
	v.Rows = rows
	var senders []sharing.Recipient
	for _, row := range rows {
		senders = append(senders, sharing.Recipient{Agency: row.From})
	}
	if v.Places, err = p.places(ctx, r.Actor, senders...); err != nil {
		return nil, err
	}
	if v.Teams, err = p.ownTeams(ctx, r.Actor); err != nil {
		return nil, err
	}
	var holders []string
	for _, row := range rows {
		if row.HeldBy != "" {
			holders = append(holders, row.HeldBy)
		}
	}
	if v.Names, err = p.directory.MemberNames(ctx, r.Actor, holders); err != nil {
		return nil, err
	}
	return web.Page{Title: "Referrals received", Body: inboxBody(v), Current: Inbox, Flash: r.Done(done), Wide: true, Back: &ui.Link{Text: "Inbox", Href: "/inbox"}}, nil
}

func (p *Pages) ownTeams(ctx context.Context, actor policy.Actor) (map[string]string, error) {
	list, err := p.directory.Teams(ctx, actor, directory.AgencyID(actor.Agency), directory.Page{Size: placesMax})
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, t := range list.Items {
		names[string(t.ID)] = t.Name
	}
	return names, nil
}

type packetView struct {
	Packet   *sharing.Packet
	Share    sharing.Share
	Content  sharing.Content
	State    sharing.State
	From     string
	To       string
	HeldBy   string
	Others   int // people at the agency who can see it
	Teams    []ui.SelectItem
	Team     string
	Decision *referral.Referral // of a referral, once it was decided
	Errors   forms.Errors
	Reason   string
	Words    string
	Health   bool   // the reader's agency keeps health records
	ToMarac  string // where what was referred to a MARAC is taken
}

func (p *Pages) view(ctx context.Context, packet *sharing.Packet) (packetView, error) {
	actor := packet.Actor()
	v := packetView{Packet: packet, Share: packet.Share(), Content: packet.Content(), State: packet.State(), Others: 1, ToMarac: p.ToMarac}
	var err error
	if v.Health, err = p.health(ctx, actor); err != nil {
		return v, err
	}
	pl, err := p.places(ctx, actor, sharing.Recipient{Agency: v.Share.From})
	if err != nil {
		return v, err
	}
	v.From = pl.agency(v.Share.From)
	own, err := p.ownTeams(ctx, actor)
	if err != nil {
		return v, err
	}
	v.To = "you, by name"
	if team := v.Share.To.Team; team != "" {
		v.To = "the team " + own[team]
		v.Team = team
		list, err := p.directory.Colleagues(ctx, actor, directory.TeamID(team), directory.Page{Size: placesMax})
		if err != nil {
			return v, err
		}
		v.Others = len(list.Items)
	}
	v.Teams = []ui.SelectItem{{Value: "", Text: "No team: only me and managers"}}
	for _, t := range actor.Teams {
		v.Teams = append(v.Teams, ui.SelectItem{Value: t, Text: own[t]})
	}
	names, err := p.directory.MemberNames(ctx, actor, []string{v.Share.AcknowledgedBy})
	if err != nil {
		return v, err
	}
	v.HeldBy = names[v.Share.AcknowledgedBy]
	if v.Share.Reason == sharing.Referral && v.State == sharing.Settled {
		r, err := p.referrals.Of(ctx, packet)
		if err != nil {
			return v, err
		}
		v.Decision = &r
	}
	return v, nil
}

func (p *Pages) receive(ctx context.Context, r *web.Request) (*sharing.Packet, error) {
	return p.sharing.Receive(ctx, r.Actor, sharing.ID(r.Path("share")))
}

func (p *Pages) packet(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.packetPage(ctx, packet, r.Done(done))
}

func (p *Pages) packetPage(ctx context.Context, packet *sharing.Packet, f *ui.Flash) (web.Response, error) {
	v, err := p.view(ctx, packet)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: v.title(), Body: onScreen(packetBody(v)), Current: Inbox, Flash: f,
		Back: &ui.Link{Text: "Referrals received", Href: Inbox},
	}, nil
}

func (p *Pages) acknowledge(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	err = p.referrals.Acknowledge(ctx, packet)
	var already *sharing.AlreadyAcknowledged
	if errors.As(err, &already) {
		// Opened anew, so that the page says who was first.
		if packet, err = p.receive(ctx, r); err != nil {
			return nil, err
		}
		names, err := p.directory.MemberNames(ctx, r.Actor, []string{already.By})
		if err != nil {
			return nil, err
		}
		return p.packetPage(ctx, packet, &ui.Flash{
			Text: "It was acknowledged already, by " + who(names[already.By]) + " on " + moment(already.At) + ". Nothing was changed.",
		})
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(packet.Share().Path() + "?done=acknowledged"), nil
}

func (p *Pages) accept(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	f, err := p.referrals.Accept(ctx, packet, form.Get("team"))
	if err != nil {
		return nil, err
	}
	return web.SeeOther(f.Path() + "?done=referral-accepted"), nil
}

func (p *Pages) declineForm(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	return p.declinePage(packetView{Packet: packet, Share: packet.Share()}, false)
}

func (p *Pages) declinePage(v packetView, invalid bool) (web.Response, error) {
	return web.Page{
		Title: "Decline", Body: declineBody(v), Invalid: invalid, Current: Inbox,
		Back: &ui.Link{Text: "Back", Href: v.Share.Path()},
	}, nil
}

func (p *Pages) decline(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	packet, err := p.receive(ctx, r)
	if err != nil {
		return nil, err
	}
	v := packetView{Packet: packet, Share: packet.Share(), Reason: form.Get("reason"), Words: form.Get("words")}
	err = p.referrals.Decline(ctx, packet, referral.Reason(v.Reason), v.Words)
	if errs, ok := forms.AsErrors(err); ok {
		v.Errors = errs
		return p.declinePage(v, true)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(v.Share.Path() + "?done=declined"), nil
}
