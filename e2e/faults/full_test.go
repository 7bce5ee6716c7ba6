package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web/webtest"
)

// typed is what somebody would not want to type twice.
const typed = "Would like to be asked again in spring; no letter, and no call at home."

// everything counts the rows of the tables that an enquiry writes to, but for the
// ledger.
func everything(t *testing.T, db *store.DB) string {
	t.Helper()
	var out []string
	err := db.Read(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		for _, table := range []string{"file", "person", "involvement", "event", "task", "fact", "enquiry"} {
			var n int
			if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
				return err
			}
			out = append(out, fmt.Sprintf("%s %d", table, n))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, ", ")
}

// mayGrow bounds the database file; it goes for its only writer.
func mayGrow(t *testing.T, db *store.DB, pages int) {
	t.Helper()
	err := db.Write(t.Context(), func(ctx context.Context, tx *store.Tx) error {
		var now int
		if err := tx.QueryRowContext(ctx, "PRAGMA page_count").Scan(&now); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", now+pages)).Scan(&now)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFullDatabaseRefusesPlainlyAndGoesOnWhenThereIsRoom(t *testing.T) {
	clock := storetest.NewClock()
	w := newWorld(t, storetest.Open(t, store.SQLite, clock.Now), clock)
	db := w.World.DB
	b := w.nurse(t)
	path := w.begin(t, b)
	form := asked(typed)
	form["on-day"], form["on-month"], form["on-year"] = []string{"2"}, []string{"3"}, []string{"2026"}
	b.Post(path+"/enquiries/new", form).SeeOther(t, "")

	mayGrow(t, db, 0)
	var refused *webtest.Answer
	for range 1000 {
		before, size := everything(t, db), w.whole(t)
		if refused = b.Post(path+"/enquiries/new", form); refused.Status != http.StatusSeeOther {
			if after := everything(t, db); after != before {
				t.Errorf("a write that was refused left something: %s; before it: %s", after, before)
			}
			// There may have been room for an entry of the page that says so: it shows
			// whom the form is about. That something was done, none may say.
			for _, e := range w.Since(t, size) {
				if e.Outcome == audit.Done {
					t.Errorf("the ledger says that what was refused was done: %s %s", e.Action, e.Outcome)
				}
			}
			break
		}
	}
	// The write is refused in plain words, with what was typed.
	refused.Is(t, http.StatusInsufficientStorage).Says(t, "Nothing was saved", "storage of this service is full", "Tell your administrator", typed)
	again := refused.FormValues(t, "main form")
	for name, values := range form {
		if got := again[name]; strings.Join(got, "|") != strings.Join(values, "|") {
			t.Errorf("what was filled in for %s is kept as %q, want %q", name, got, values)
		}
	}
	// A record is not shown unrecorded: until reads do not fit either, each
	// one that is shown has its entry.
	shown := 0
	var closed *webtest.Answer
	for range 1000 {
		size := w.whole(t)
		closed = b.Get(path)
		entries := w.Since(t, size)
		if closed.Status != http.StatusOK {
			if len(entries) > 0 {
				t.Errorf("a page that was refused left %d entries", len(entries))
			}
			break
		}
		if shown++; len(entries) != 1 {
			t.Fatalf("a page was shown with %d entries", len(entries))
		}
	}
	closed.Is(t, http.StatusInsufficientStorage).Says(t, "This cannot be shown now", "storage of this service is full", "does not mean that there is nothing to find")
	closed.SaysNot(t, "Robin", typed, "You can still read")
	t.Logf("%d pages were shown before there was no room for their entries", shown)

	// With room it goes on, with the page that kept what was filled in.
	before := w.whole(t)
	mayGrow(t, db, 10_000)
	refused.Form(t, "main form").Press("Send it again").SeeOther(t, "")
	b.Get(path).OK(t).Says(t, "Robin")
	if after := w.whole(t); after <= before {
		t.Errorf("the ledger has %d entries, before it had %d", after, before)
	}
}

// mountSmall mounts a small file system, and says why it cannot.
func mountSmall(t *testing.T, bytes int64) (string, error) {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", bytes)); err != nil {
		return "", fmt.Errorf("a small file system cannot be mounted here: %w", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir, nil
}

// TestAFullDiskRefusesPlainlyAndGoesOnWhenThereIsRoom is the same with the real
// program and a disk that is really full.
func TestAFullDiskRefusesPlainlyAndGoesOnWhenThereIsRoom(t *testing.T) {
	if !soak() {
		t.Skip("in the long runs (WAYMARK_SOAK=1); TestAFullDatabase… stands for it here")
	}
	s, known := county(t, store.SQLite)
	info, err := os.Stat(s.file())
	if err != nil {
		t.Fatal(err)
	}
	dir, err := mountSmall(t, info.Size()+10<<20)
	if err != nil {
		t.Skip(err)
	}
	data := filepath.Join(dir, "data")
	if err := os.CopyFS(data, os.DirFS(s.data)); err != nil {
		t.Fatal(err)
	}
	s.data = data
	// Other things lie on the disk, and can be taken away one by one.
	rounds := 3
	other := func(n int) string { return filepath.Join(dir, fmt.Sprintf("other-%d", n)) }
	for n := range rounds {
		if err := os.WriteFile(other(n), make([]byte, 2<<20), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := newLoop(t, s, known)
	p := s.serve(t)
	w, err := newCrowd(t.Context(), p, "full", clients, l.random)
	if err != nil {
		t.Fatal(err)
	}
	for n := range rounds {
		w.start(t.Context())
		_ = w.end()
		for i, err := range w.errs {
			if !errors.Is(err, errWrongAnswer) || !strings.Contains(err.Error(), "answers 507") {
				t.Fatalf("on a full disk client %d ends with %v\n%s", i, err, p.log.tail())
			}
		}
		c := w.clients[0]
		a, err := c.ask(t.Context(), http.MethodGet, "/cases/"+c.file, nil)
		if err != nil || a.status != http.StatusOK && strings.Contains(a.body, "Robin") {
			t.Errorf("on a full disk a case answers %d (%v): %s", a.status, err, brief(a.body))
		}
		if a, err = c.ask(t.Context(), http.MethodGet, "/pathway/8", nil); err != nil || a.status != http.StatusOK {
			t.Errorf("on a full disk the pathway answers %d (%v)", a.status, err)
		}
		if err := os.Remove(other(n)); err != nil {
			t.Fatal(err)
		}
		for _, what := range []act{enquire, note, read} {
			if err := c.do(t.Context(), what); err != nil {
				t.Fatalf("with room again, the same program does not go on: %v\n%s", err, p.log.tail())
			}
		}
	}
	p.kill()
	l.last, l.all = w, w.clients
	if problems := l.finish(t); len(problems) > 0 {
		t.Fatal(strings.Join(problems, "\n"))
	}
	t.Logf("the disk was full %d times, and there was room again: %+v; nothing half written, the ledger is whole", rounds, l.total)
}
