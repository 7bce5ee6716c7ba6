package risk_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	questioncontent "waymark/content/questions"
	"waymark/internal/casework/risk"
	"waymark/internal/platform/forms"
)

// An independent engine counted the answers of made-up responses to every set
// that ships with a count; tools/fhirpath-oracle makes them, and make soak asks
// it again. Our counts are its counts, and what was left open is never no.
func TestCountsAgreeWithAnIndependentEngine(t *testing.T) {
	sets := map[string]risk.Instrument{}
	ships, err := questioncontent.Instruments()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range ships {
		form, err := forms.ParseQuestionnaire(set.Form)
		if err != nil {
			t.Fatal(err)
		}
		rules, err := risk.ParseRules(form, set.Rules)
		if err != nil {
			t.Fatal(err)
		}
		if rules.Count != "" {
			sets[form.Canonical()] = risk.Instrument{Form: form, Rules: rules}
		}
	}

	f, err := os.Open(filepath.Join("testdata", "scores.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	compared := map[string]int{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var theirs struct {
			Response                   json.RawMessage
			Yes, Unknown, Of, Answered int
		}
		if err := json.Unmarshal(lines.Bytes(), &theirs); err != nil {
			t.Fatal(err)
		}
		response, err := forms.ParseResponse(theirs.Response)
		if err != nil {
			t.Fatal(err)
		}
		set, ok := sets[response.Questionnaire]
		if !ok {
			t.Fatalf("%s has no count here", response.Questionnaire)
		}
		given, err := set.Form.Answers(response)
		if err != nil {
			t.Fatal(err)
		}
		want := risk.Tally{Yes: theirs.Yes, Unknown: theirs.Unknown, Unanswered: theirs.Of - theirs.Answered, Of: theirs.Of}
		if d := cmp.Diff(want, set.Count(set.Form, given)); d != "" {
			t.Errorf("%s, response %d (-theirs +ours):\n%s", response.Questionnaire, compared[response.Questionnaire], d)
		}
		compared[response.Questionnaire]++
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for set := range sets {
		if compared[set] < 40 {
			t.Errorf("%s was compared %d times: run tools/fhirpath-oracle/run.sh", set, compared[set])
		}
	}
}
