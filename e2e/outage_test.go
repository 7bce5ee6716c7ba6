package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/e2e/harness"
)

// An advocate makes a pack of her cases, and opens it without a server: with the
// key she wrote down, and with no other. S13.
func TestAPackOpensWithoutAServer(t *testing.T) {
	s := setUp(t, harness.SQLite)
	p := s.arrives(t, "sam.advocate", harness.Options{})
	p.Goto("/cases/new")
	p.Fill("First name", "Maya")
	p.Fill("Last name", "Example")
	p.Click("Open the case")
	p.Goto("/home")
	p.Click("Your cases for when this site cannot be reached")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow, harness.OwnOrigin, harness.NoWrites, harness.Quiet)
	pictured(p, "outage/form")
	p.Click("Make and save the file")
	p.See("Select for how long it can be opened")
	p.Choose("One day")
	key := harness.Evaluate[string](p, `document.querySelector("input[name=secret_key]").value`)

	// What the button saves, as the browser would.
	saved := harness.Evaluate[string](p, `fetch("/pack", {method: "POST", body: new URLSearchParams(new FormData(document.querySelector("main form")))}).then(r => r.text())`)
	file := filepath.Join(t.TempDir(), "notes.html")
	if err := os.WriteFile(file, []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}

	p.Goto("file://" + file).See("Key")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
	p.Fill("Key", "AAAA-BBBB-CCCC-DDDD-EEEE")
	p.Tap("Open")
	p.Await("That is not the key of this file")
	p.Fill("Key", strings.ToLower(strings.ReplaceAll(key, "-", " ")))
	p.Tap("Open")
	p.Await("1 in all")
	harness.Evaluate[bool](p, `document.querySelector("summary").click(), true`)
	p.See("No way is known to be safe")
	p.Keeps(harness.Axe, harness.Keyboard, harness.Reflow)
	pictured(p, "outage/open")
	p.Fill("Find", "somebody else")
	p.Await("0 of 1")
	p.Press("Escape")
	p.Await("It can be opened until")
	if left := harness.Evaluate[string](p, `document.getElementById("cases").textContent`); left != "" {
		t.Errorf("what was open stays behind: %q", left)
	}

	// Past its end it opens no more.
	ended := strings.Replace(saved, `data-until="20`, `data-until="19`, 1)
	if err := os.WriteFile(file, []byte(ended), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Goto("file://" + file).See("Delete it")
	if harness.Evaluate[bool](p, `document.getElementById("ask").checkVisibility()`) {
		t.Error("a pack past its end asks for its key")
	}
}
