package audit

import (
	"context"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Guard decides and records in one step. Every operation on stored data goes
// through it, and works with the permit it returns.
type Guard struct {
	*Log
	rules *policy.Engine
}

// NewGuard joins the ledger and the rules.
func NewGuard(log *Log, rules *policy.Engine) *Guard { return &Guard{Log: log, rules: rules} }

// Rules are the rules the guard decides by.
func (g *Guard) Rules() *policy.Engine { return g.rules }

// Open judges the reading of a record and records it, allowed or refused. A
// refusal is a *policy.Denied; known says whether the actor may learn that the
// record exists. The rules that allowed it stand in the entry: later, when what
// they rested on has changed, it still says why somebody saw a record.
func (g *Guard) Open(ctx context.Context, actor policy.Actor, action policy.Action, r policy.Resource, purpose string, known bool, subjects ...Subject) (Permit, error) {
	d := g.rules.Decide(actor, action, r)
	if !d.Allowed {
		return Permit{}, g.Refuse(ctx, actor, action, d, known, subjects...)
	}
	return g.allow(ctx, actor, action, purpose, d.Rules, subjects...)
}

// OpenFigures is Open for figures that are about nobody in particular. Unlike
// a record they may stand on a public page, for those who may see them.
func (g *Guard) OpenFigures(ctx context.Context, actor policy.Actor, action policy.Action, r policy.Resource, purpose string, known bool, subjects ...Subject) (Permit, error) {
	if look, ok := ctx.Value(lookKey{}).(*Look); ok {
		look.figures(action)
	}
	return g.Open(ctx, actor, action, r, purpose, known, subjects...)
}

// Act judges a change. A refusal is recorded; what is allowed is recorded by
// the change itself, with [Permit.Append], in its transaction.
func (g *Guard) Act(ctx context.Context, actor policy.Actor, action policy.Action, r policy.Resource, known bool, subjects ...Subject) (Permit, error) {
	if d := g.rules.Decide(actor, action, r); !d.Allowed {
		return Permit{}, g.Refuse(ctx, actor, action, d, known, subjects...)
	}
	return g.permit(ctx, actor, action), nil
}

func (g *Guard) permit(ctx context.Context, actor policy.Actor, action policy.Action) Permit {
	look, _ := ctx.Value(lookKey{}).(*Look)
	return Permit{log: g.Log, look: look, actor: actor, action: action}
}

// List judges the making of a list and returns the condition that selects the
// records the actor may see in it, with the permit to show them under. What
// is shown is recorded with [Permit.Show]; one entry names them all.
func (g *Guard) List(ctx context.Context, actor policy.Actor, action policy.Action, m policy.Mapping, purpose string) (store.Fragment, Permit, error) {
	permit, err := g.list(ctx, actor, action)
	if err != nil {
		return store.Fragment{}, Permit{}, err
	}
	scope, err := g.rules.Scope(actor, action, m)
	if err != nil {
		return store.Fragment{}, Permit{}, err
	}
	return scope, permit, nil
}

// ListPieces is [Guard.List] for lists out of very many records: those that are
// in one of the pieces.
func (g *Guard) ListPieces(ctx context.Context, actor policy.Actor, action policy.Action, m policy.Mapping) ([]policy.Piece, Permit, error) {
	permit, err := g.list(ctx, actor, action)
	if err != nil {
		return nil, Permit{}, err
	}
	pieces, err := g.rules.Pieces(actor, action, m)
	if err != nil {
		return nil, Permit{}, err
	}
	return pieces, permit, nil
}

func (g *Guard) list(ctx context.Context, actor policy.Actor, action policy.Action) (Permit, error) {
	if d := g.rules.Possible(actor, action); !d.Allowed {
		return Permit{}, g.Refuse(ctx, actor, action, d, true)
	}
	return g.permit(ctx, actor, action), nil
}
