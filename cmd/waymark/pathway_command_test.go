package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A partnership writes out a pathway, changes it and publishes it; what cannot
// be followed is refused, each thing by where it is.
//
// Proves: B6.6
func TestAPathwayIsCheckedPublishedAndListed(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "trust", "Trust (fictional)", "--sector", "health")
	shipped := d.must("pathway", "show", "experiencing")
	if out := d.must("pathway", "list"); !strings.Contains(out, "experiencing") || !strings.Contains(out, "ships") {
		t.Errorf("listed %q", out)
	}
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "pathway.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if out := d.must("pathway", "check", file(shipped)); !strings.Contains(out, "can be published") {
		t.Errorf("said %q", out)
	}
	code, out, errs := d.try("pathway", "check", file(strings.Replace(shipped, `"assesses": "adults",`, "", 1)))
	if code != exitRefused || !strings.Contains(out, "refused: the pathway has no step that assesses the risk to adults (B6.6)") || errs == "" {
		t.Errorf("exit code %d, said %q and %q", code, out, errs)
	}
	d.wants(exitRefused, "pathway", "add", file("not JSON"))
	d.wants(exitNotThere, "pathway", "show", "nowhere")
	own := strings.Replace(shipped, `"id": "experiencing"`, `"id": "ours"`, 1)
	for n, said := range []string{"ours: version 1 is followed", "ours: version 2 is followed"} {
		if out := d.must("pathway", "add", file(own)); !strings.Contains(out, said) {
			t.Errorf("publishing %d said %q", n+1, out)
		}
	}
	if out := d.must("pathway", "show", "ours", "--version", "1"); out != own {
		t.Errorf("it came out as %q", out)
	}
	d.wants(exitNotThere, "pathway", "show", "ours", "--version", "9")
	if out := d.must("pathway", "list"); !strings.Contains(out, "ours") {
		t.Errorf("listed %q", out)
	}
	if out := d.must("pathway", "export", "ours", "--format", "bpmn"); !strings.Contains(out, "bpmn:definitions") {
		t.Errorf("exported %.80q", out)
	}
	if out := d.must("pathway", "export", "ours", "--version", "1"); !strings.Contains(out, `"resourceType": "PlanDefinition"`) {
		t.Errorf("exported %.80q", out)
	}
	d.wants(exitNotThere, "pathway", "export", "nowhere")
}

// Without a single service nobody reaches one, and the command says who, for which
// step, and what kind of service would do.
//
// Proves: B2.11, B2.12
func TestWhoReachesNoServiceIsSaidByTheCommand(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "trust", "Trust (fictional)", "--sector", "health")
	out := d.must("pathway", "coverage")
	for _, says := range []string{"made-up people reach no service", "offer-programme", "Programme for people who harm", "Everybody"} {
		if !strings.Contains(out, says) {
			t.Errorf("it does not say %q: %s", says, out)
		}
	}
}
