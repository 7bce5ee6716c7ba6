package auth

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"waymark/internal/platform/store"
)

// Ten wrong tries at once, then one every thirty seconds, for each account and
// each address. OWASP's advice for sign-in is to slow down rather than to lock
// out: a lock is a way to keep somebody from their work. For the same reason a
// try that was right is given back: a whole office can share an address.
const (
	triesAtOnce = 10
	tryEvery    = 30 * time.Second
	// keysMax bounds the memory.
	keysMax = 100_000
)

type limiter struct {
	clock store.Clock
	mu    sync.Mutex
	keys  map[string]*tries
}

type tries struct {
	*rate.Limiter
	shut bool // the last try was refused
}

func newLimiter(clock store.Clock) *limiter {
	return &limiter{clock: clock, keys: map[string]*tries{}}
}

// try is one that was allowed.
type try struct {
	at    time.Time
	taken []*rate.Reservation
}

// giveBack makes it as if the try had not been.
func (t try) giveBack() {
	for _, r := range t.taken {
		r.CancelAt(t.at)
	}
}

// take uses up a try of every key, or of none: keys are given in the order in
// which they are asked, so that one exhausted address uses up nobody's account.
// first tells, of a refusal, that it is the first since a try was allowed.
func (l *limiter) take(keys ...string) (t try, ok, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.at = l.clock()
	for _, key := range keys {
		k := l.of(key, t.at)
		r := k.ReserveN(t.at, 1)
		if r.DelayFrom(t.at) > 0 {
			r.CancelAt(t.at)
			t.giveBack()
			first, k.shut = !k.shut, true
			return try{}, false, first
		}
		k.shut = false
		t.taken = append(t.taken, r)
	}
	return t, true, false
}

func (l *limiter) of(key string, now time.Time) *tries {
	k, ok := l.keys[key]
	if !ok {
		if len(l.keys) >= keysMax {
			l.sweep(now)
		}
		k = &tries{Limiter: rate.NewLimiter(rate.Every(tryEvery), triesAtOnce)}
		l.keys[key] = k
	}
	return k
}

// sweep forgets those with all their tries left. Only when there are none, so
// many are trying at once, does the whole list start afresh.
func (l *limiter) sweep(now time.Time) {
	for key, k := range l.keys {
		if k.TokensAt(now) >= triesAtOnce {
			delete(l.keys, key)
		}
	}
	if len(l.keys) >= keysMax {
		clear(l.keys)
	}
}

// tryKeys are what a try is counted under. A name that no account can have is
// counted by its address alone.
func tryKeys(username, address string) []string {
	keys := []string{"address:" + network(address)}
	if username != "" {
		keys = append(keys, "name:"+username)
	}
	return keys
}

// network is the part of an address that its owner cannot vary: of IPv6 the
// first 64 bits (RFC 4291, section 2.5.4).
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
