package agreements

import (
	"context"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/measures"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/directory"
)

// Flow is what went from one agency to another in a time, under one agreement or
// none. Numbers only.
type Flow struct {
	Agreement    ID // empty: no agreement spoke of it
	To           directory.AgencyID
	Sent         int64
	Acknowledged int64
	Minutes      int64 // until a person acknowledged it, of all of them together
	Declined     int64
	Withdrawn    int64
	Overrides    int64 // left against what the agreement says, or before it was reviewed
	Overdue      int64 // not acknowledged by its day
}

// Traffic tells what went where. Whoever sends things implements it.
type Traffic interface {
	Flows(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, from, until time.Time) ([]Flow, error)
}

// Watch says who knows what went where.
func (r *Register) Watch(t Traffic) { r.traffic = t }

// Figure is a number that small ones are kept out of.
type Figure = measures.Cell

// small is the largest number that is not shown.
const small = measures.SmallDefault

// Figures are those of a flow, or of several together.
type Figures struct {
	Agreement    ID
	To           directory.AgencyID
	Sent         Figure
	Acknowledged Figure
	Hours        string // mean time until a person acknowledged it; empty when that is of too few
	Declined     Figure
	Overrides    Figure
	Overdue      Figure
	Late         bool // something is overdue, however little
}

// months is how far back monitoring looks.
const months = 3

// Monitor is how what the actor's agency sends fares, by agreement and by party,
// over three months.
func (r *Register) Monitor(ctx context.Context, actor policy.Actor) (byAgreement, byParty []Figures, err error) {
	permit, err := r.guard.OpenFigures(ctx, actor, ActMonitor, register(actor.Agency), "", true)
	if err != nil {
		return nil, nil, err
	}
	if r.traffic == nil {
		return nil, nil, nil
	}
	var flows []Flow
	err = r.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		flows, err = r.traffic.Flows(ctx, tx, permit, actor.Agency, tx.Now().AddDate(0, -months, 0), tx.Now())
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	byAgreement = figures(flows, func(f Flow) Flow { f.To = ""; return f })
	byParty = figures(flows, func(f Flow) Flow { f.Agreement = ""; return f })
	return byAgreement, byParty, nil
}

// figures adds flows up by what is left of their key.
func figures(flows []Flow, key func(Flow) Flow) []Figures {
	type of struct {
		agreement ID
		to        directory.AgencyID
	}
	sums, order := map[of]*Flow{}, []of{}
	for _, f := range flows {
		k := key(f)
		at := of{k.Agreement, k.To}
		sum, has := sums[at]
		if !has {
			sum = &Flow{Agreement: k.Agreement, To: k.To}
			sums[at] = sum
			order = append(order, at)
		}
		sum.Sent += f.Sent
		sum.Acknowledged += f.Acknowledged
		sum.Minutes += f.Minutes
		sum.Declined += f.Declined
		sum.Overrides += f.Overrides
		sum.Overdue += f.Overdue
	}
	var out []Figures
	for _, at := range order {
		f := sums[at]
		g := Figures{
			Agreement: f.Agreement, To: f.To, Sent: measures.Suppress(f.Sent, small), Acknowledged: measures.Suppress(f.Acknowledged, small),
			Declined: measures.Suppress(f.Declined, small), Overrides: measures.Suppress(f.Overrides, small), Overdue: measures.Suppress(f.Overdue, small),
			Late: f.Overdue > 0,
		}
		if f.Acknowledged > small {
			g.Hours = hours(f.Minutes / f.Acknowledged)
		}
		out = append(out, g)
	}
	return out
}

func hours(minutes int64) string {
	switch {
	case minutes < 60:
		return "under an hour"
	case minutes < 48*60:
		return count((minutes+30)/60) + " hours"
	}
	return count((minutes+720)/1440) + " days"
}
