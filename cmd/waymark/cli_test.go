package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/store"
)

// deployment is a place for one test: data and key in folders of their own.
type deployment struct {
	t    *testing.T
	data string
	key  string
}

func newDeployment(t *testing.T) deployment {
	t.Helper()
	t.Setenv("DATABASE_URL", "")
	dir := t.TempDir()
	return deployment{t: t, data: filepath.Join(dir, "data"), key: filepath.Join(dir, "keys", "waymark.key")}
}

// try runs a command and returns its exit code and what it printed.
func (d deployment) try(args ...string) (code int, out, errs string) {
	d.t.Helper()
	var o, e bytes.Buffer
	place := []string{"--data", d.data, "--as", "tester"}
	if d.key != "" && !slices.Contains(args, "--key") {
		place = append(place, "--key", d.key)
	}
	code = run(d.t.Context(), append(place, args...), &o, &e)
	return code, o.String(), e.String()
}

func (d deployment) must(args ...string) string {
	d.t.Helper()
	code, out, errs := d.try(args...)
	if code != exitOK {
		d.t.Fatalf("%v: exit code %d, %s", args, code, errs)
	}
	return out
}

func (d deployment) wants(code int, args ...string) string {
	d.t.Helper()
	got, _, errs := d.try(args...)
	if got != code {
		d.t.Errorf("%v: exit code %d, want %d: %s", args, got, code, errs)
	}
	if errs == "" {
		d.t.Errorf("%v failed without a word", args)
	}
	return errs
}

func TestCommandsThatOnlyLookRefuseANewDirectory(t *testing.T) {
	d := newDeployment(t)
	d.wants(exitNotSetUp, "measures")
	d.wants(exitNotSetUp, "audit", "verify")
	if _, err := os.Stat(d.data); !os.IsNotExist(err) {
		t.Errorf("something was made: %v", err)
	}
}

func TestSetUpMakesTheKeyApartFromTheData(t *testing.T) {
	d := newDeployment(t)
	_, _, errs := d.try("migrate")
	if !strings.Contains(errs, d.key) || !strings.Contains(errs, "worthless") {
		t.Errorf("nothing said of the key: %s", errs)
	}
	if _, err := os.Stat(d.key); err != nil {
		t.Error(err)
	}
	inside := d
	inside.data, inside.key = filepath.Join(t.TempDir(), "data"), ""
	inside.key = filepath.Join(inside.data, "k.key")
	inside.wants(exitFailure, "migrate")
	lost := d
	lost.key = filepath.Join(t.TempDir(), "other.key")
	lost.wants(exitKey, "audit", "verify")
	if _, err := os.Stat(lost.key); err == nil {
		t.Error("a second key was made for data that has one")
	}
}

// A fault never looks like an empty result: with its database gone, a place is
// not set up anew, whether its directory or only its key is left.
func TestALostDatabaseIsNotReplacedByAnEmptyOne(t *testing.T) {
	d := newDeployment(t)
	d.must("migrate")
	d.must("agency", "add", "refuge", "Fictional Refuge", "--sector", "other_voluntary")
	file := filepath.Join(d.data, store.FileName)
	kept := filepath.Join(t.TempDir(), "kept.db")
	if err := os.Rename(file, kept); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"migrate"}, {"serve"}, {"serve", "--demo"}, {"agency", "add", "other", "Other", "--sector", "other_voluntary"}, {"measures"}, {"audit", "verify"}} {
		if said := d.wants(exitGone, command...); !strings.Contains(said, d.data) {
			t.Errorf("%v: does not say where: %s", command, said)
		}
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("a database was made: %v", err)
	}
	moved := d
	moved.data = filepath.Join(t.TempDir(), "elsewhere")
	moved.wants(exitGone, "migrate")
	if err := os.Rename(kept, file); err != nil {
		t.Fatal(err)
	}
	d.must("audit", "verify")
}

// A start that was interrupted before there was a database goes on where it was.
func TestAnInterruptedSetUpGoesOn(t *testing.T) {
	d := newDeployment(t)
	p := place{Dir: d.data, Key: d.key}
	if _, err := p.prepare(t.Context(), opening{create: true}); err != nil {
		t.Fatal(err)
	}
	d.wants(exitNotSetUp, "measures")
	d.must("migrate")
	d.must("measures")
}

func TestTheDefaultKeyIsInTheConfigurationDirectory(t *testing.T) {
	config := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", config)
	t.Setenv("DATABASE_URL", "")
	data := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"migrate", "--data", data}, &out, &errs); code != exitOK {
		t.Fatal(errs.String())
	}
	keys, err := filepath.Glob(filepath.Join(config, "waymark", "*.key"))
	if err != nil || len(keys) != 1 {
		t.Errorf("keys %v, %v", keys, err)
	}
	if code := run(t.Context(), []string{"--data", data, "audit", "verify"}, &out, &errs); code != exitOK {
		t.Errorf("the key was not found again: %s", errs.String())
	}
}

func TestDataGoesBeforeOrAfterTheCommand(t *testing.T) {
	d := newDeployment(t)
	d.must("migrate")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"audit", "verify", "--key", d.key, "--data", d.data}, &out, &errs); code != exitOK {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}

func TestAgenciesTeamsAndUsers(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "trust", "Fictional Trust", "--sector", "health")
	d.must("team", "add", "midwives", "Midwives", "--agency", "trust", "--takes-referrals")
	out := d.must("user", "add", "amira", "Amira (fictional)", "--agency", "trust", "--team", "midwives", "--role", "practitioner", "--role", "specialist", "--level", "3")
	if !strings.Contains(out, "/welcome/") {
		t.Errorf("no link: %s", out)
	}
	if errs := d.wants(exitRefused, "user", "add", "amira", "Again", "--agency", "trust", "--role", "practitioner"); !strings.Contains(errs, "username") {
		t.Errorf("the same user name: %s", errs)
	}
	d.wants(exitRefused, "agency", "add", "trust", "Again", "--sector", "health")
	d.wants(exitNotThere, "user", "add", "bea", "Bea", "--agency", "none", "--role", "practitioner")
	d.wants(exitNotThere, "user", "add", "bea", "Bea", "--agency", "trust", "--team", "none", "--role", "practitioner")
	if errs := d.wants(exitUsage, "user", "add", "bea", "Bea", "--agency", "trust", "--role", "queen"); !strings.Contains(errs, "practitioner") {
		t.Errorf("the roles are not listed: %s", errs)
	}
	d.wants(exitUsage, "agency", "add", "x", "X", "--sector", "none")
	if out := d.must("audit", "verify"); !strings.Contains(out, "whole") {
		t.Error(out)
	}
}

func TestTheOperatorMakesAnAgencyAMarac(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "conference", "Fictional conference", "--sector", "safeguarding")
	d.must("team", "add", "desk", "Desk", "--agency", "conference", "--takes-referrals")
	d.wants(exitNotThere, "marac", "begin", "none", "--team", "desk")
	d.wants(exitNotThere, "marac", "begin", "conference", "--team", "none")
	d.wants(exitUsage, "marac", "begin", "conference")
	d.wants(exitRefused, "marac", "begin", "conference", "--team", "desk", "--since", "soon")
	d.wants(exitRefused, "marac", "begin", "conference", "--team", "desk", "--women", "-1")
	if out := d.must("marac", "begin", "conference", "--team", "desk", "--women", "76500"); !strings.Contains(out, "conference is a MARAC") {
		t.Error(out)
	}
	d.wants(exitRefused, "marac", "begin", "conference", "--team", "desk")
}

func TestMeasuresInEveryFormat(t *testing.T) {
	d := newDeployment(t)
	d.must("migrate")
	if out := d.must("measures", "--from", "2026-01-01", "--to", "2026-03-31"); !strings.Contains(out, "QS1.P") {
		t.Error(out)
	}
	if out := d.must("measures", "--format", "csv"); !strings.Contains(out, "QS3.P.referred") {
		t.Error(out)
	}
	var parsed any
	if err := json.Unmarshal([]byte(d.must("measures", "--format", "json")), &parsed); err != nil {
		t.Error(err)
	}
	d.wants(exitUsage, "measures", "--from", "yesterday")
	d.wants(exitUsage, "measures", "--format", "pdf")
}

func TestTheLedgerNamesTheOperator(t *testing.T) {
	d := newDeployment(t)
	d.must("agency", "add", "trust", "Fictional Trust", "--sector", "health")
	p := place{Dir: d.data, Key: d.key}
	db, err := p.open(t.Context(), opening{kind: "real"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w, err := wire(db)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := w.guard.Since(t.Context(), 0, 10)
	if err != nil || len(entries) == 0 || entries[0].Actor != "operator:tester" {
		t.Errorf("%+v, %v", entries, err)
	}
}

func TestGuidelineFilesThatAreNoneAreRefused(t *testing.T) {
	d := newDeployment(t)
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("Dear all,\nthis is no guideline.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if errs := d.wants(exitRefused, "guideline", "import", path); !strings.Contains(errs, "letter.txt:") {
		t.Errorf("no line and reason: %s", errs)
	}
	d.wants(exitRefused, "guideline", "import", path+".missing")
	d.wants(exitNotThere, "guideline", "show")
	d.wants(exitNotThere, "guideline", "diff", "2017-08-03", "2018-01-01")
	if out := d.must("guideline", "list"); !strings.Contains(out, "No version") {
		t.Error(out)
	}
}

// The official documents give the structure that the issue of the importer
// asks for.
func TestTheOfficialDocuments(t *testing.T) {
	folder := os.Getenv("WAYMARK_OFFICIAL_DOCS")
	if folder == "" {
		t.Log("left out: the official documents (WAYMARK_OFFICIAL_DOCS is not set); the importer has fixtures of its own")
		return
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	d := newDeployment(t)
	d.must(append([]string{"guideline", "import"}, files...)...)
	if out := d.must(append([]string{"guideline", "import"}, files...)...); !strings.Contains(out, "nothing was changed") {
		t.Errorf("the same again: %s", out)
	}
	var v struct {
		Title, Updated string
		Boxes          []struct {
			Number          int
			Recommendations []int
			Statements      []int
			Sections        []struct{ Title, Audience string }
		}
		Recommendations []struct{ Number int }
		Statements      []struct{ Number int }
		Actors          []struct{ Name string }
		Glossary        []struct{ Term string }
		Warnings        []string
	}
	if err := json.Unmarshal([]byte(d.must("guideline", "show", "--format", "json")), &v); err != nil {
		t.Fatal(err)
	}
	if v.Updated != "2017-08-03" || len(v.Boxes) != 16 || len(v.Recommendations) != 17 || len(v.Statements) != 4 || len(v.Actors) != 8 || len(v.Glossary) != 32 || len(v.Warnings) == 0 {
		t.Errorf("%s: %d boxes, %d recommendations, %d statements, %d actors, %d terms, %d warnings", v.Updated,
			len(v.Boxes), len(v.Recommendations), len(v.Statements), len(v.Actors), len(v.Glossary), len(v.Warnings))
	}
}

func TestHelpAndMistakes(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), nil, &out, &errs); code != exitOK || !strings.Contains(out.String(), "guideline import") || !strings.Contains(out.String(), "Exit codes") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
	if code := run(t.Context(), []string{"bogus"}, &out, &errs); code != exitUsage || !strings.Contains(errs.String(), "--help") {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
	out.Reset()
	if code := run(t.Context(), []string{"version"}, &out, &errs); code != exitOK || !strings.HasPrefix(out.String(), "waymark ") {
		t.Errorf("exit code %d: %s", code, out.String())
	}
}

// Rule S28.
func TestTheDemoRefusesRealDataAndOtherAddresses(t *testing.T) {
	d := newDeployment(t)
	d.must("migrate")
	d.wants(exitWrongPlace, "serve", "--demo")
	d.wants(exitWrongPlace, "serve", "--demo", "--addr", "0.0.0.0:0")
	d.wants(exitWrongPlace, "serve", "--demo", "--addr", "192.0.2.1:8080")
}
