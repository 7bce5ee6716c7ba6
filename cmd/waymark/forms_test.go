package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const localForm = `{"resourceType":"Questionnaire","url":"https://example.invalid/forms/local","version":"1","title":"Local",
"status":"active","item":[{"linkId":"g","type":"group","text":"G","item":[{"linkId":"a","type":"string","text":"A"}]}]}`

func formFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "form.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A check opens nothing: it can be run where nothing is set up, by whoever writes a form.
func TestAFormIsCheckedByItemAndPath(t *testing.T) {
	d := newDeployment(t)
	if out := d.must("forms", "check", formFile(t, localForm)); !strings.Contains(out, "can be used") || !strings.Contains(out, "2 items, 1 questions") {
		t.Errorf("said %q", out)
	}
	bad := strings.Replace(localForm, `"type":"string"`, `"type":"attachment","maxLength":0`, 1)
	code, out, errs := d.try("forms", "check", formFile(t, bad))
	if code != exitRefused || strings.Count(out, "refused: item \"a\" (item[0].item[0]): ") != 2 || errs == "" {
		t.Errorf("exit code %d, said %q and %q", code, out, errs)
	}
	d.wants(exitRefused, "forms", "check", formFile(t, "not JSON"))
	d.wants(exitRefused, "forms", "check", filepath.Join(t.TempDir(), "missing.json"))
	if _, err := os.Stat(d.data); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
}

func TestAFormIsAddedListedAndComesOutAsItWentIn(t *testing.T) {
	d := newDeployment(t)
	path := formFile(t, localForm)
	if out := d.must("forms", "add", path); !strings.Contains(out, "Added") {
		t.Errorf("said %q", out)
	}
	if out := d.must("forms", "add", path); !strings.Contains(out, "nothing was changed") {
		t.Errorf("said %q", out)
	}
	if out := d.must("forms", "list"); !strings.Contains(out, "https://example.invalid/forms/local|1") || !strings.Contains(out, "ships with Waymark") {
		t.Errorf("listed %q", out)
	}
	if out := d.must("forms", "export", "https://example.invalid/forms/local|1"); out != localForm {
		t.Errorf("exported %q", out)
	}
	d.wants(exitNotThere, "forms", "export", "https://example.invalid/forms/local|2")
	d.wants(exitRefused, "forms", "add", formFile(t, strings.Replace(localForm, "string", "attachment", 1)))
}
