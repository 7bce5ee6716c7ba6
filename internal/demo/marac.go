package demo

import (
	"context"

	"waymark/internal/casework/marac"
)

// conference makes the MARAC of the county, which began a year before the demo
// does and goes by the published criteria.
func (c *county) conference(ctx context.Context) error {
	m := marac.Norms(string(c.agency["marac"].ID), string(c.teams["marac/coordination"].ID))
	m.Women = 76_500 // the example of domain.md, section 5.7
	return c.Marac.SetUp(ctx, operator, m, marac.Published(Start.AddDate(-1, 0, 0).Format(dateOnly)))
}
