package fhirpath

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/apd/v3"
)

// moment of every test, as tools/fhirpath-oracle has it.
var now0 = time.Date(2026, 3, 29, 12, 30, 0, 0, time.UTC)

func document(t testing.TB, name string) *Document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := ParseDocument(data)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func environment(t testing.TB, about string) Env {
	t.Helper()
	focus := Collection{document(t, about).Root()}
	return Env{
		Focus: focus, Now: now0,
		Variables: map[string]Collection{
			"resource": focus, "context": focus,
			"questionnaire": {document(t, "questionnaire").Root()}, "patient": {document(t, "patient").Root()},
		},
	}
}

type said struct {
	Line  string   `json:"line"`
	Gives []string `json:"gives"`
	Error bool     `json:"error"`
}

// differs are the lines where we mean something else, each with the reason.
var differs = map[string]string{
	"response %resource.item.where(linkId='s').answer.skip(-1).value": "fewer than none are skipped: the specification gives all",
	"response %resource.descendants().count()":                        "extensions of a primitive are its children too",
	"response (1 | 2) ~ (2 | 1)":                                      "equivalence does not look at the order",
	"response 2.0.toInteger()":                                        "a whole number written as a decimal is one, as a computed one is there too",
	"response @2026-03-29T10:00:00 + 90 minutes":                      "a time without an offset does not get one",
	"response @2026-03-29T10:00:00Z + 36 hours":                       "the same moment: Z stays Z",
	"response @2026-03-29T10:00:00.500Z + 1 second":                   "the same moment: Z stays Z",
}

func oracle(t testing.TB) []said {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "oracle.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []said
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var s said
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// agrees compares one value with what the other engine wrote of it.
func agrees(v Value, theirs string) bool {
	kind, text, _ := strings.Cut(theirs, ":")
	switch {
	case kind == "n":
		d, _, err := apd.NewFromString(text)
		return err == nil && v.isNumber() && d.Cmp(v.num) == 0
	case kind == "o":
		var b strings.Builder
		d, err := ParseDocument([]byte(text))
		if err != nil || v.node == nil {
			return false
		}
		d.root.write(&b)
		return v.key() == b.String()
	case v.isNumber():
		return false
	case kind == "b":
		return v.kind == KindBoolean && v.Text() == text
	default:
		return v.kind != KindBoolean && v.Text() == text
	}
}

// The independent engine was asked about hundreds of expressions, over documents as public forms have them.
// We give what it gives, or the line stands in differs with the reason.
func TestResultsAgreeWithAnIndependentEngine(t *testing.T) {
	unused := map[string]bool{}
	for line := range differs {
		unused[line] = true
	}
	all := oracle(t)
	if len(all) < 300 {
		t.Fatalf("only %d expressions", len(all))
	}
	for _, s := range all {
		about, text, _ := strings.Cut(s.Line, " ")
		ours, failed := give(environment(t, about), text)
		agree := s.Error == (failed != nil) && len(ours) == len(s.Gives)
		for i := range ours {
			agree = agree && agrees(ours[i], s.Gives[i])
		}
		_, other := differs[s.Line]
		delete(unused, s.Line)
		if agree == other {
			var texts []string
			for _, v := range ours {
				texts = append(texts, string(v.kind)+" "+v.Text())
			}
			t.Errorf("%s\n ours   %q %v\n theirs %q error %v", s.Line, texts, failed, s.Gives, s.Error)
		}
	}
	for line := range unused {
		t.Errorf("differs names %q, which is not asked", line)
	}
}

func give(env Env, text string) (Collection, error) {
	x, err := Parse(text)
	if err != nil {
		return nil, err
	}
	return x.Eval(env)
}

// What the file of cases says was asked: nothing was left out of the answers.
func TestEveryCaseHasAnAnswer(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "cases.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for line := range strings.SplitSeq(string(data), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			asked = append(asked, line)
		}
	}
	answers := oracle(t)
	if len(asked) != len(answers) {
		t.Fatalf("%d cases, %d answers: run tools/fhirpath-oracle/run.sh", len(asked), len(answers))
	}
	for i, line := range asked {
		if answers[i].Line != line {
			t.Fatalf("case %q has the answer of %q: run tools/fhirpath-oracle/run.sh", line, answers[i].Line)
		}
	}
}

// In the long runs the engine is asked again, where Node and its package are there.
func TestTheIndependentEngineSaysItAgain(t *testing.T) {
	if os.Getenv("WAYMARK_SOAK") == "" {
		t.Log("left out: the independent engine is asked again in make soak only")
		return
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Log("left out: there is no Node here")
		return
	}
	tool := filepath.Join("..", "..", "..", "tools", "fhirpath-oracle", "run.sh")
	out, err := exec.CommandContext(t.Context(), tool, "check").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, bytes.TrimSpace(out))
	}
}
