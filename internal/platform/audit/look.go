package audit

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Look gathers what one request shows into one entry of the ledger. The frame
// begins it, opened records add to it, and the frame commits it before the
// answer leaves. What was opened in order to change something is committed
// with the change: one commit keeps both.
type Look struct {
	log    *Log
	mu     sync.Mutex
	entry  Entry
	closed bool
	rules  []string  // by which records were opened
	kept   []Subject // in the ledger already
	change *store.Tx // the last change that took subjects along
	along  []Subject // those
}

type lookKey struct{}

// BeginLook starts the record of a request and returns a context that carries
// it. What the context carries decides nothing: without it, each opened record
// is an entry of its own.
func (l *Log) BeginLook(ctx context.Context, actor policy.Actor, action policy.Action, request string) (context.Context, *Look) {
	e := Of(actor, action, Allowed)
	e.Request = request
	look := &Look{log: l, entry: e}
	return context.WithValue(ctx, lookKey{}, look), look
}

// errLate is returned when something is to be shown after the entry was
// written.
var errLate = errors.New("the ledger entry of this page is written already")

// errPublic is returned when a record is to be shown on a public page.
var errPublic = errors.New("a public page cannot show a record")

func (k *Look) add(purpose string, rules []string, subjects ...Subject) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return errLate
	}
	if k.entry.Action == "" {
		return errPublic
	}
	if purpose != "" {
		k.entry.Purpose = purpose
	}
	for _, r := range rules {
		if !slices.Contains(k.rules, r) {
			k.rules = append(k.rules, r)
		}
	}
	slices.Sort(k.rules)
	k.entry.Reason = strings.Join(k.rules, " ")
	k.entry.Subjects = append(k.entry.Subjects, subjects...)
	return nil
}

// Commit writes the entry, if anything was shown, and returns when it is
// durable.
func (k *Look) Commit(ctx context.Context) error {
	k.mu.Lock()
	done := k.closed
	k.closed = true
	entry := k.without(k.kept)
	k.mu.Unlock()
	if done || len(entry.Subjects) == 0 {
		return nil
	}
	return k.log.Record(ctx, entry)
}

// join adds what was opened so far to the change that it was opened for.
func (k *Look) join(tx *store.Tx) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.change != tx {
		k.change, k.along = tx, nil
	}
	entry := k.without(slices.Concat(k.kept, k.along))
	if len(entry.Subjects) == 0 {
		return nil
	}
	k.along = append(k.along, entry.Subjects...)
	tx.OnCommit(func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.kept = append(k.kept, entry.Subjects...)
	})
	return k.log.Append(tx, entry)
}

// without is the entry without some of its subjects.
func (k *Look) without(kept []Subject) Entry {
	entry := k.entry
	entry.Subjects = nil
	for _, s := range k.entry.Subjects {
		if !slices.Contains(kept, s) {
			entry.Subjects = append(entry.Subjects, s)
		}
	}
	return entry
}

// Permit is the proof that an act was judged, and the hand that records what
// is shown under it. Its zero value permits nothing.
type Permit struct {
	log    *Log
	look   *Look
	actor  policy.Actor
	action policy.Action
}

// Allow records that an act was allowed on some records, for a coded purpose,
// and returns the permit for it. Inside a request the record is part of the
// page's entry; elsewhere it is committed before Allow returns.
func (l *Log) Allow(ctx context.Context, actor policy.Actor, action policy.Action, purpose string, subjects ...Subject) (Permit, error) {
	return l.allow(ctx, actor, action, purpose, nil, subjects...)
}

func (l *Log) allow(ctx context.Context, actor policy.Actor, action policy.Action, purpose string, rules []string, subjects ...Subject) (Permit, error) {
	p := Permit{log: l, actor: actor, action: action}
	if look, ok := ctx.Value(lookKey{}).(*Look); ok {
		p.look = look
		return p, look.add(purpose, rules, subjects...)
	}
	e := Of(actor, action, Allowed, subjects...)
	e.Purpose, e.Reason = purpose, strings.Join(rules, " ")
	return p, l.Record(ctx, e)
}

// figures lets a public page, which has no action of its own, show figures: what
// somebody who is signed in sees of them goes by the action they were opened
// with.
func (k *Look) figures(action policy.Action) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.entry.Action == "" {
		k.entry.Action = action
	}
}

// Refuse commits the record of a refusal and returns it as the error to go up.
func (l *Log) Refuse(ctx context.Context, actor policy.Actor, action policy.Action, d policy.Decision, known bool, subjects ...Subject) error {
	e := Of(actor, action, Refused, subjects...)
	e.Reason = d.Reason()
	if look, ok := ctx.Value(lookKey{}).(*Look); ok {
		e.Request = look.entry.Request
	}
	if e.Actor == "" {
		e.Actor = Nobody
	}
	if err := l.Record(ctx, e); err != nil {
		return err
	}
	return &policy.Denied{Action: action, Decision: d, Known: known}
}

// Nobody stands in the ledger for someone who is not signed in.
const Nobody = "nobody"

// Actor is who was permitted.
func (p Permit) Actor() policy.Actor { return p.actor }

// Action is what was permitted.
func (p Permit) Action() policy.Action { return p.action }

// Valid tells whether this is a permit at all.
func (p Permit) Valid() bool { return p.log != nil }

// ErrNoPermit is returned by packages that hold people's data when they are
// asked without a permit.
var ErrNoPermit = errors.New("no permit: the act was not judged")

// Show records that records are shown under the permit. It must be called
// before they are handed on.
func (p Permit) Show(ctx context.Context, subjects ...Subject) error {
	if !p.Valid() {
		return ErrNoPermit
	}
	if len(subjects) == 0 {
		return nil
	}
	if p.look != nil {
		return p.look.add("", nil, subjects...)
	}
	return p.log.Record(ctx, Of(p.actor, p.action, Allowed, subjects...))
}

// Append adds the entry of a change made under the permit to its transaction.
func (p Permit) Append(tx *store.Tx, action policy.Action, reason string, subjects ...Subject) error {
	if !p.Valid() {
		return ErrNoPermit
	}
	e := Of(p.actor, action, Done, subjects...)
	e.Reason = reason
	if p.look != nil {
		e.Request = p.look.entry.Request
		if err := p.look.join(tx); err != nil {
			return err
		}
	}
	return p.log.Append(tx, e)
}
