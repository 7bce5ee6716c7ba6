package web

import (
	"context"
	"maps"
	"sync"
)

// Kept is a page that says the same to everybody who is not signed in. The
// frame draws it for them once an edition; for somebody who is signed in it is
// drawn every time, because their name and their way around are on it.
type Kept struct {
	// Name tells it from other pages of the site. There must not be more names
	// than pages: nothing that a browser makes up may become one.
	Name string
	// Edition is of what the page says. A page of another edition than the one
	// that is kept is drawn anew and takes its place.
	Edition string
	// Page makes the page. It may only look at what belongs to the edition.
	Page func() Page
}

// keptMost bounds how many pages are kept.
const keptMost = 500

// shelf has the answers that are ready to be sent.
type shelf struct {
	mu   sync.RWMutex
	kept map[string]keptAnswer
}

type keptAnswer struct {
	edition string
	answer  *answer
}

func (s *shelf) find(name, edition string) (*answer, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	k, ok := s.kept[name]
	return k.answer, ok && k.edition == edition
}

func (s *shelf) put(name, edition string, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.kept[name]; !ok && len(s.kept) >= keptMost {
		return
	}
	if s.kept == nil {
		s.kept = map[string]keptAnswer{}
	}
	s.kept[name] = keptAnswer{edition, a}
}

func (k Kept) render(ctx context.Context, f *Frame, r *Request) (*answer, error) {
	if !r.Actor.IsZero() {
		return k.Page().render(ctx, f, r)
	}
	a, ok := f.kept.find(k.Name, k.Edition)
	if !ok {
		p := k.Page()
		var err error
		if a, err = p.render(ctx, f, r); err != nil {
			return nil, err
		}
		if p.status == 0 && !p.Invalid && p.Flash == nil { // what answers one request is not kept
			f.kept.put(k.Name, k.Edition, a)
		}
	}
	// The bytes are only read from here on; the headers are the request's own.
	return &answer{status: a.status, header: maps.Clone(a.header), body: a.body}, nil
}
