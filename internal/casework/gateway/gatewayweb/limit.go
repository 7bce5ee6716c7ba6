package gatewayweb

import (
	"sync"
	"time"

	"waymark/internal/platform/store"
)

// How fast one program may ask is a choice of this project: ten a second for as long
// as it likes, and a hundred at once.
const (
	burst     = 100
	perSecond = 10
)

// limiter keeps one program from taking up the service. Each process counts for
// itself.
type limiter struct {
	clock store.Clock
	mu    sync.Mutex
	seen  map[string]bucket // by account, of which there are as many as administrators made
}

type bucket struct {
	left float64
	at   time.Time
}

// take tells whether a program may ask now.
func (l *limiter) take(account string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	b, ok := l.seen[account]
	if !ok {
		b = bucket{left: burst, at: now}
	}
	b.left = min(burst, b.left+perSecond*max(0, now.Sub(b.at).Seconds()))
	b.at = now
	allowed := b.left >= 1
	if allowed {
		b.left--
	}
	l.seen[account] = b
	return allowed
}
