package paper_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/internal/platform/paper"
)

const page = `<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Letter</title></head><body><main><h1>Your time on Monday</h1><p>Dear Maya,</p></main></body></html>`

// press needs the browser of the machine. Without one, what is left out is said.
func press(t *testing.T) *paper.Press {
	t.Helper()
	browser := os.Getenv("WAYMARK_CHROMIUM")
	if browser == "" {
		if strings.Contains(os.Getenv("WAYMARK_REQUIRE"), "chromium") {
			t.Fatal("Chromium is required and WAYMARK_CHROMIUM is not set")
		}
		t.Skip("left out: Chromium (WAYMARK_CHROMIUM is not set)")
	}
	p, err := paper.New(browser)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// own gives documents a folder for what is temporary, and returns it.
func own(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "w") // short: the browser has sockets below it, and their names are bounded
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	return dir
}

func empty(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if path != dir {
			t.Errorf("%s was left", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A document has the structure, the language and the title of its page, and
// nothing of it stays on the disk.
func TestADocumentIsTaggedAndNothingStays(t *testing.T) {
	p, dir := press(t), own(t)
	pdf, err := p.PDF(t.Context(), []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"/StructTreeRoot", "/Lang (en-GB)", "/Title (Letter)", "/Marked true"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the document has no %s", want)
		}
	}
	empty(t, dir)
}

// Whoever goes away ends it, and nothing stays either.
func TestADocumentThatNobodyWaitsForIsEnded(t *testing.T) {
	p, dir := press(t), own(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.PDF(ctx, []byte(page)); err == nil {
		t.Error("a document for nobody")
	}
	empty(t, dir)
}

func TestABrowserThatIsNoneIsRefused(t *testing.T) {
	if _, err := paper.New(filepath.Join(t.TempDir(), "chromium")); err == nil {
		t.Error("there is no browser, and it is taken")
	}
}

// A program that is no browser is an error, and not a document.
func TestAProgramThatAnswersNothingIsAnError(t *testing.T) {
	dir := own(t)
	p, err := paper.New("true")
	if err != nil {
		t.Fatal(err)
	}
	if pdf, err := p.PDF(t.Context(), []byte(page)); err == nil || len(pdf) > 0 {
		t.Error("a document of nothing")
	}
	empty(t, dir)
}

func TestAPageThatIsTooLongIsRefused(t *testing.T) {
	p, err := paper.New("true")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.PDF(t.Context(), bytes.Repeat([]byte(" "), 2<<20)); err == nil || errors.Is(err, paper.ErrBusy) {
		t.Errorf("two megabytes: %v", err)
	}
}
