package demo

import (
	"context"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/release"
)

// figures is what an agency agreed of sharing anonymised figures, and one file of
// them that left.
func (c *county) figures(ctx context.Context) error {
	err := c.sitting(ctx, "dora.contact", func(ctx context.Context, actor policy.Actor) error {
		return c.Release.Agree(ctx, actor, release.Protocol{
			Purposes: "To plan services with the partnership, and to show where people wait.", Whom: "The council, its partners, and researchers the partnership board has agreed to.",
			Keeping: "For two years, in their own files. Nobody tries to find out who is in them, and nothing is laid beside other data for that.", ReviewOn: Start.AddDate(0, 8, 0).Format(dateOnly),
		})
	})
	if err != nil {
		return err
	}
	return c.sitting(ctx, "carl.manager", func(ctx context.Context, actor policy.Actor) error {
		_, err := c.Release.Make(ctx, actor, release.NewRelease{
			Period: "2026-Q1", Whom: "Exmoorland Council, for its needs assessment (fictional)", Why: "How many people were offered support, by setting", Unknown: true,
		})
		return err
	})
}
