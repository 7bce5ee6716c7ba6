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
	bad := strings.Replace(localForm, `"type":"string"`, `"type":"hologram","maxLength":0`, 1)
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
	d.wants(exitRefused, "forms", "add", formFile(t, strings.Replace(localForm, "string", "hologram", 1)))
}

const countingForm = `{"resourceType":"Questionnaire","url":"https://example.invalid/forms/counting","version":"1","title":"Counting","status":"active","extension":[
{"url":"https://waymark.invalid/fhir/count","extension":[{"url":"name","valueString":"yes"},{"url":"title","valueString":"Yes"},{"url":"counted","valueCoding":{"system":"s","code":"yes"}},{"url":"question","valueString":"a"}]}],
"item":[{"linkId":"a","type":"choice","text":"A","answerOption":[{"valueCoding":{"system":"s","code":"yes","display":"Yes"}},{"valueCoding":{"system":"s","code":"no","display":"No"}}]}]}`

const countingRules = `{"rules":"waymark-risk/1","set":"https://example.invalid/forms/counting|1","kind":"assessment","for":"anyone","score":{"count":"yes"},
"review_days":{"high":7,"open":14,"not_high":30},"limits":["It tells little."]}`

// A rule file makes a set an instrument. It is checked with it, added with it and comes out as it went in.
func TestARuleFileIsCheckedAndAddedWithItsSet(t *testing.T) {
	d := newDeployment(t)
	form, rules := formFile(t, countingForm), formFile(t, countingRules)
	d.must("forms", "check", form, "--rules", rules)
	bad := formFile(t, strings.Replace(countingRules, `"count":"yes"`, `"count":"no"`, 1))
	code, out, _ := d.try("forms", "check", form, "--rules", bad)
	if code != exitRefused || !strings.Contains(out, `refused: form: rule file: score names the count "no"`) {
		t.Errorf("exit code %d, said %q", code, out)
	}
	d.wants(exitRefused, "forms", "add", form, "--rules", bad)
	d.must("forms", "add", form, "--rules", rules)
	const name = "https://example.invalid/forms/counting|1"
	if out := d.must("forms", "list"); !strings.Contains(out, "with it") {
		t.Errorf("listed %q", out)
	}
	if out := d.must("forms", "export", name, "--rules"); out != countingRules {
		t.Errorf("exported %q", out)
	}
	if out := d.must("forms", "export", "https://waymark.invalid/questions/risk-identification|1", "--rules"); !strings.Contains(out, "waymark-risk/1") {
		t.Errorf("exported %q", out)
	}
}
