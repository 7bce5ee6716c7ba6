package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const anAgreement = `{"title": "Fictional agreement", "about": "To keep children safe", "start_on": "2026-01-01", "review_on": "2099-01-01",
 "parties": ["fern", "gate"], "clauses": [
 {"id": "1", "effect": "permit", "from": "fern", "to": "gate", "purpose": "protect_child", "subject": "child", "kinds": ["address"], "words": "May go"},
 {"id": "2", "effect": "deny", "subject": "child", "conditions": ["not_told"], "words": "Must not"}]}`

func TestAgreementsOnTheCommandLine(t *testing.T) {
	d := newDeployment(t)
	file := filepath.Join(t.TempDir(), "agreement.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(anAgreement)
	out := d.must("agreement", "check", file)
	if !strings.Contains(out, "2 parties, 2 clauses") || !strings.Contains(out, "clause 1 and clause 2 can both apply") {
		t.Errorf("check says %q", out)
	}
	d.must("agency", "add", "fern", "Fern (fictional)", "--sector", "health")
	if code, out, _ := d.try("agreement", "add", file, "--agency", "fern"); code != exitRefused || !strings.Contains(out, "there is no such agency") {
		t.Errorf("with an agency that is not there: %d, %q", code, out)
	}
	d.must("agency", "add", "gate", "Gate (fictional)", "--sector", "education")
	id := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(d.must("agreement", "add", file, "--agency", "fern"))
	if list := d.must("agreement", "list"); !strings.Contains(list, id) || !strings.Contains(list, "Draft") {
		t.Errorf("list says %q", list)
	}
	again := d.must("agreement", "show", id)
	write(again)
	if out := d.must("agreement", "check", file); !strings.Contains(out, "2 parties, 2 clauses") {
		t.Errorf("what was shown is not what was added: %q", again)
	}
	out = d.must("agreement", "explain", "--from", "fern", "--to", "gate", "--purpose", "protect_child", "--about", "child", "--what", "address")
	if !strings.Contains(out, "Ask the key contact first") || !strings.Contains(out, "No clause in force") {
		t.Errorf("a draft answers: %q", out)
	}
	d.wants(exitUsage, "agreement", "explain", "--from", "fern", "--to", "gate", "--purpose", "to let them know", "--about", "child", "--what", "address")
	d.wants(exitNotThere, "agreement", "explain", "--from", "fern", "--to", "nobody", "--purpose", "support", "--about", "child", "--what", "address")
	write(strings.Replace(anAgreement, `"permit"`, `"perhaps"`, 1))
	if code, out, _ := d.try("agreement", "check", file); code != exitRefused || !strings.Contains(out, "refused: clause-1: Select what the clause says") {
		t.Errorf("check says %d, %q", code, out)
	}
}
