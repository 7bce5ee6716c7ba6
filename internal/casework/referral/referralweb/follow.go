package referralweb

import (
	"context"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
)

// printed is a packet to be printed: opened under a permission of its own, and
// marked with who printed it and when.
func (p *Pages) printed(ctx context.Context, r *web.Request) (web.Response, error) {
	packet, err := p.sharing.Print(ctx, r.Actor, sharing.ID(r.Path("share")))
	if err != nil {
		return nil, err
	}
	v, err := p.view(ctx, packet)
	if err != nil {
		return nil, err
	}
	return web.Page{
		Title: "To print", Body: printedBody(v, r.Actor.Name, p.now()), Current: Inbox, Back: &ui.Link{Text: "Back", Href: v.Share.Path()},
	}, nil
}

// waitingWords is where a share in an inbox stands.
func waitingWords(r sharing.Row) string {
	words := r.State.Label()
	if r.Reminded {
		words = "Reminder: nobody has acknowledged it"
	}
	if r.Urgent && r.State == sharing.Waiting {
		words = "Urgent. " + words
	}
	return words
}

// withdrawnCells is the line of something that its sender took back: that it was,
// and nothing of what it said.
func withdrawnCells(r sharing.Row, from, box string) []ui.TableCell {
	return []ui.TableCell{
		{Text: from}, {Text: r.Reason.Label()}, {Text: box}, {Text: moment(r.Sent)}, {Text: "No longer"}, {Text: "The sender withdrew it, " + moment(r.Withdrawn)}, {Text: "Nobody"},
	}
}

// sharePath is where the sender follows a share.
func sharePath(f *cases.File, id sharing.ID) string { return f.Path() + "/sharing/" + string(id) }

func (v packetView) printedBy(name string, at time.Time) string {
	return "Printed by " + name + ", " + moment(at) + ". Confidential: it can put somebody in danger. Keep it where nobody else reads it, and shred it after use."
}

// adviceOn is what the key contact was asked about the case, for the page on which
// something is sent.
func (p *Pages) adviceOn(ctx context.Context, f *cases.File, to sharing.Recipient) ([]sharing.Advice, error) {
	all, err := p.sharing.AdviceOn(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []sharing.Advice
	for _, a := range all {
		if a.Share == "" && (a.To == "" || a.To == to.Agency) {
			out = append(out, a)
		}
	}
	return out, nil
}

// unjustified tells whether a share went at once and the reasons may be missing.
func unjustified(r referral.Referral, held *sharing.Held) bool {
	return held != nil && held.ActedNow && r.Share == held.ID
}
