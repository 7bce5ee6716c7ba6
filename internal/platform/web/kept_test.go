package web_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

// press draws a page that is kept, and says how often it did.
type press struct {
	mu      sync.Mutex
	edition string
	page    web.Page
	drawn   int
}

func (p *press) set(edition string, page web.Page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.edition, p.page = edition, page
}

func (p *press) answer(context.Context, *web.Request) (web.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	page := p.page
	return web.Kept{Name: "/text", Edition: p.edition, Page: func() web.Page {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.drawn++
		return page
	}}, nil
}

func (p *press) times(t *testing.T, want int) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn != want {
		t.Errorf("it was drawn %d times, not %d", p.drawn, want)
	}
}

func TestAKeptPageIsDrawnOnceAnEditionForAllWhoAreNotSignedIn(t *testing.T) {
	p := &press{edition: "1", page: web.Page{Title: "Text", Body: text("the first edition")}}
	s := newSite(t, public("/text", p.answer), public("/drawn", answers(web.Page{Title: "Text", Body: text("the first edition")})))
	anyone := s.Anyone(t)
	first := anyone.Get("/text").OK(t)
	p.times(t, 1)
	for range 3 {
		again := s.Anyone(t).Get("/text").OK(t)
		if again.Body != first.Body {
			t.Error("what is kept is not what was drawn")
		}
		if d := cmp.Diff(first.Header, again.Header); d != "" {
			t.Errorf("the headers of what is kept differ from those of what was drawn:\n%s", d)
		}
	}
	p.times(t, 1)
	plain := anyone.Get("/drawn").OK(t)
	if d := cmp.Diff(plain.Header, first.Header); d != "" {
		t.Errorf("the headers of a kept page are not those of any page:\n%s", d)
	}
	if plain.Body != first.Body {
		t.Error("a kept page is not the page that would be drawn")
	}
	if head := anyone.Head("/text").OK(t); head.Body != "" || head.Header.Get("Content-Length") != first.Header.Get("Content-Length") {
		t.Error("HEAD differs from GET in more than the body")
	}

	p.set("2", web.Page{Title: "Text", Body: text("the second edition")})
	anyone.Get("/text").OK(t).Says(t, "the second edition").SaysNot(t, "the first edition")
	anyone.Get("/text").OK(t).Says(t, "the second edition")
	p.times(t, 2)
}

func TestAKeptPageIsDrawnForWhoeverIsSignedIn(t *testing.T) {
	p := &press{edition: "1", page: web.Page{Title: "Text", Body: text("the text")}}
	s := newSite(t, public("/text", p.answer))
	s.As(t, nurse()).Get("/text").OK(t).Says(t, "the text")
	ada := s.As(t, nurse()).Get("/text").OK(t)
	if !strings.Contains(ada.Body, nurse().Name) {
		t.Error("who is signed in does not stand on the page")
	}
	p.times(t, 2)
	public := s.Anyone(t).Get("/text").OK(t)
	p.times(t, 3)
	if public.Body == ada.Body {
		t.Error("somebody who is signed in is shown the public page")
	}
	for _, page := range []*webtest.Answer{public, s.Anyone(t).Get("/text")} {
		if strings.Contains(page.Body, nurse().Name) {
			t.Error("the name of somebody who is signed in is on the page that is kept")
		}
	}
}

func TestWhatAnswersOneRequestIsNotKept(t *testing.T) {
	p := &press{edition: "1", page: web.Page{Title: "Text", Body: text("something is wrong"), Invalid: true}}
	s := newSite(t, public("/text", p.answer))
	s.Anyone(t).Get("/text").Is(t, http.StatusUnprocessableEntity)
	p.set("1", web.Page{Title: "Text", Body: text("the text"), Flash: &ui.Flash{Text: "It is saved"}})
	s.Anyone(t).Get("/text").OK(t).Says(t, "It is saved")
	p.set("1", web.Page{Title: "Text", Body: text("the text")})
	s.Anyone(t).Get("/text").OK(t).SaysNot(t, "It is saved")
	p.times(t, 3)
}

// A page that cannot be drawn is a fault each time and is not kept.
func TestAPageThatCannotBeDrawnIsNotKept(t *testing.T) {
	p := &press{edition: "1", page: web.Page{Title: "Text", Body: nil}}
	s := newSite(t, public("/text", p.answer))
	s.Anyone(t).Get("/text").Is(t, http.StatusInternalServerError)
	p.set("1", web.Page{Title: "Text", Body: text("the text")})
	s.Anyone(t).Get("/text").OK(t).Says(t, "the text")
}

func TestKeptPagesAreSharedByManyAtOnce(t *testing.T) {
	p := &press{edition: "1", page: web.Page{Title: "Text", Body: text("the text")}}
	s := newSite(t, public("/text", p.answer))
	want := s.Anyone(t).Get("/text").OK(t).Body
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			b := s.Anyone(t)
			for n := range 20 {
				if i == 0 && n%5 == 0 {
					p.set("1"+string(rune('a'+n)), web.Page{Title: "Text", Body: text("the text")})
				}
				if got := b.Get("/text").Body; got != want {
					t.Errorf("it became %q", got)
					return
				}
			}
		})
	}
	all.Wait()
}
