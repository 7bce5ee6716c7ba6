package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/platform/store"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/platform/web/webtest"
)

func TestAPageLeavesOneEntryThatNamesWhatItShows(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		leaves := func(path string, want ...string) {
			t.Helper()
			entries := s.Ledger(t, func() { b.Get(path).OK(t) })
			if d := cmp.Diff(want, webtest.Acts(entries)); d != "" {
				t.Errorf("%s: %s", path, d)
			}
			for _, e := range entries {
				if e.Actor != b.Actor.Account || e.Agency != "trust" || e.Purpose != "care" || e.Request == "" {
					t.Errorf("%s: %+v", path, e)
				}
			}
		}
		leaves("/notes/n1", "note.read allowed note:n1")
		leaves("/notes.csv", "note.read allowed note:n1 note:n2")
		leaves("/home")
		leaves("/")

		entries := s.Ledger(t, func() { b.Head("/notes/n1").OK(t) })
		if d := cmp.Diff([]string{"note.read allowed note:n1"}, webtest.Acts(entries)); d != "" {
			t.Error(d)
		}
	})
}

// firstByte tells what the ledger had when the answer began.
type firstByte struct {
	*httptest.ResponseRecorder
	size  func() int64
	began int64
}

func (w *firstByte) WriteHeader(status int) {
	w.began = w.size()
	w.ResponseRecorder.WriteHeader(status)
}

func TestTheEntryIsThereBeforeTheFirstByte(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		for _, path := range []string{"/notes/n1", "/notes.csv", "/half/error", "/half/panic", "/half/render", "/half/render-panic", "/notes/theirs"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.AddCookie(&http.Cookie{Name: webtest.CookieName, Value: b.Cookies()[webtest.CookieName]})
			w := &firstByte{ResponseRecorder: httptest.NewRecorder(), size: func() int64 { return s.Mark(t) }}
			before := s.Mark(t)
			s.Frame.ServeHTTP(w, r)
			if w.began != before+1 || s.Mark(t) != before+1 {
				t.Errorf("%s: %d entries before the answer, %d after", path, w.began-before, s.Mark(t)-before)
			}
		}
	})
}

// What was opened before something went wrong was opened all the same.
func TestWhatWasOpenedIsRecordedWhateverComesOfIt(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		for path, status := range map[string]int{
			"/half/error": 500, "/half/panic": 500, "/half/render": 500, "/half/render-panic": 500, "/half/absent": 404,
		} {
			entries := s.Ledger(t, func() { b.Get(path).Is(t, status).SaysNot(t, secretText, "on fire") })
			if d := cmp.Diff([]string{"note.read allowed note:n1"}, webtest.Acts(entries)); d != "" {
				t.Errorf("%s: %s", path, d)
			}
		}
	})
}

// failLedger makes every entry fail from now on.
func failLedger(s *webtest.Site, err error) {
	s.DB.BeforeCommit(func(context.Context, *store.Tx, []any) error { return err })
}

func TestNothingIsShownThatCannotBeRecorded(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		failLedger(s, errors.New("the ledger cannot be written"))
		for _, path := range []string{
			"/notes/n1", "/notes.csv", "/notes/theirs",
			// Not even what would have been said of an error: an unrecorded look is
			// the greater one.
			"/half/error", "/half/panic", "/half/render", "/half/absent",
		} {
			a := b.Get(path).Is(t, http.StatusInternalServerError).SaysNot(t, secretText)
			if a.Header.Get("Content-Disposition") != "" || !reference.MatchString(a.Body) {
				t.Errorf("%s: %v", path, a.Header)
			}
		}
		if !logged(s, "the ledger cannot be written", "/notes/{note}") {
			t.Error("the log does not say why")
		}
		b.Head("/notes/n1").Is(t, http.StatusInternalServerError)
		// What shows nobody needs no entry.
		b.Get("/home").OK(t)
		b.Get("/notes/none").NotThere(t)
		s.Anyone(t).Get("/").OK(t)
	})
}

func TestAFullStorageIsSaid(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		failLedger(s, store.ErrFull)
		for _, path := range []string{"/notes/n1", "/half/error", "/notes/theirs"} {
			b.Get(path).Is(t, http.StatusInsufficientStorage).SaysNot(t, secretText)
		}
	})
}

// A page of a public route has no action to record a look under, so it cannot
// show a record by mistake.
func TestAPublicPageCannotShowARecord(t *testing.T) {
	n := &noteSite{}
	o := options(n)
	o.Routes = append(o.Routes, []web.Route{public("/leak/{note}", n.show)})
	s := webtest.New(t, o)
	b := s.As(t, nurse())
	b.Get("/leak/n1").Is(t, http.StatusInternalServerError).SaysNot(t, secretText)
}

// The number of statements of a page does not grow with what there is.
func TestQueriesAreBounded(t *testing.T) {
	eachSite(t, func(t *testing.T, s *webtest.Site) {
		b := s.As(t, nurse())
		takes := func(b *webtest.Browser, path string, most int) {
			t.Helper()
			if a := b.Get(path); a.Queries > most {
				t.Errorf("%s takes %d statements, want %d at most", path, a.Queries, most)
			}
		}
		const session = 1
		// The size of the log, the edge of the tree, entry, subject and hashes,
		// the last head; on PostgreSQL the lock.
		const entry = 7
		for range 40 {
			takes(s.Anyone(t), "/", 0)
			takes(s.Anyone(t), "/no-such-page", 0)
			takes(b, ui.Asset(ui.AssetApp), 0) // whoever asks
			takes(b, "/home", session)
			takes(b, "/notes/none", session)
			takes(b, "/notes/n1", session+entry)
			takes(b, "/notes.csv", session+entry)
			takes(b, "/notes/theirs", session+entry)
		}
		if _, err := s.Guard.Verify(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
