package demo

import (
	"context"

	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/policy"
)

// unheard is what becomes of telling a program at [silent]: nobody listens there.
type unheard struct{}

func (unheard) Take(context.Context, webhooks.Parcel) (webhooks.Verdict, string) {
	return webhooks.Failed, "not-reached"
}

// hooked is that the maternity records want to be told what becomes of referrals. A
// test was sent, and did not get through.
func (c *county) hooked(ctx context.Context) error {
	err := c.sitting(ctx, "tom.admin", func(ctx context.Context, actor policy.Actor) error {
		s, _, err := c.Webhooks.Subscribe(ctx, actor, webhooks.NewSubscription{
			Program: c.actors["maternity.records"].Account, Address: silent + "/hooks", Events: webhooks.Events(),
		})
		if err != nil {
			return err
		}
		return c.Webhooks.Ping(ctx, actor, s.ID)
	})
	if err != nil {
		return err
	}
	_, err = c.Webhooks.CarryOut(ctx, unheard{})
	return err
}
