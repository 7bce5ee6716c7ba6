package web

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
)

// crossEvery is how often at most a form from another site leaves an entry of
// one account at one route, and of nobody at all of them: anybody can have as
// many sent as they like, and the ledger must not fill up with them. Those in
// between are counted in the next entry.
const crossEvery = time.Minute

// crossings remembers what was refused lately.
type crossings struct {
	mu   sync.Mutex
	seen map[string]crossing
}

type crossing struct {
	at   time.Time // of the last entry
	more int       // since then
}

// due tells whether an entry is due, and how many came without one before it.
func (c *crossings) due(key string, now time.Time) (more int, due bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	last, known := c.seen[key]
	if known && now.Sub(last.at) < crossEvery && !now.Before(last.at) {
		last.more++
		c.seen[key] = last
		return 0, false
	}
	if c.seen == nil {
		c.seen = map[string]crossing{}
	}
	for k, old := range c.seen {
		if old.more == 0 && now.Sub(old.at) >= crossEvery {
			delete(c.seen, k)
		}
	}
	c.seen[key] = crossing{at: now}
	return last.more, true
}

// crossed records that a form from another site was refused: as whose, when
// their session came along with it, and as nobody's otherwise. It is refused
// also when that cannot be recorded.
func (f *Frame) crossed(ctx context.Context, route Route, r *Request) {
	actor := policy.Actor{Account: audit.Nobody}
	key, where := audit.Nobody, route.Pattern
	if r.cookie != "" {
		switch known, err := f.cfg.Auth.Whose(ctx, r.cookie); {
		case err == nil:
			actor, key = known, known.Account+" "+where
		case !errors.Is(err, auth.ErrNoSession):
			f.cfg.Log.ErrorContext(ctx, "whose a refused form was cannot be told", "id", r.ID, "error", err)
		}
	}
	more, due := f.others.due(key, f.cfg.Guard.Clock()())
	if !due {
		return
	}
	e := audit.Of(actor, auth.ActCrossSite, audit.Refused)
	e.Request, e.Reason = r.ID, where
	if more > 0 {
		e.Reason = fmt.Sprintf("%s, and %d more before", where, more)
	}
	if err := f.cfg.Guard.Record(ctx, e); err != nil {
		f.cfg.Log.ErrorContext(ctx, "a refused form is not in the ledger", "id", r.ID, "error", err)
	}
}
