package house

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestObligationIDs(t *testing.T) {
	problems, err := Obligations(project(t))
	report(t, problems, err)
}

func TestObligationIDsCatchesPlantedFaults(t *testing.T) { planted(t, "obligations", Obligations) }

func TestObligationListsAreCurrent(t *testing.T) {
	tree := project(t)
	page, data, err := ObligationLists(tree)
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{ObligationsPage: page, ObligationsData: data} {
		if got, err := fs.ReadFile(tree, file); err != nil || string(got) != want {
			t.Errorf("%s is not what the comments say: run make generate (%v)", file, err)
		}
	}
}

func TestObligationListsNameTestsAndWhatHasNone(t *testing.T) {
	tree := fstest.MapFS{
		obligationsTable: {Data: []byte("id,box,actor,obligation,class\n" +
			"B6.31,6,Everyone,Acknowledge | by a person,ENF\nB6.14,6,Everyone,Decide on access,ENF\nG2,,Everyone,Say what it is,ATT\n")},
		"internal/casework/referral/doc.go": {Data: []byte(
			"// Package referral sends.\n//\n// Obligations: B6.31 (acknowledgement),\n// B6.14.\npackage referral\n")},
		"internal/casework/referral/referral_test.go": {Data: []byte(
			"package referral\n\n// Proves: B6.31.\nfunc TestA(t *testing.T) {}\n\nfunc FuzzB(f *testing.F) {\n\t// Proves: B6.31, G2\n\tf.Add()\n}\n")},
	}
	page, data, err := ObligationLists(tree)
	if err != nil {
		t.Fatal(err)
	}
	var tests map[string][]string
	if err := json.Unmarshal([]byte(data), &tests); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(tests["B6.31"], " "); got != "internal/casework/referral.FuzzB internal/casework/referral.TestA" {
		t.Errorf("tests of B6.31: %s", got)
	}
	if got := strings.Join(tests["G2"], " "); got != "internal/casework/referral.FuzzB" || len(tests) != 2 {
		t.Errorf("all tests: %v", tests)
	}
	for _, line := range []string{
		"| ENF, enforced by code | 2 | 1 | 1 |",
		"| ATT, attested by a named person | 1 | 1 | 0 |",
		"| B6.31 | ENF | Acknowledge \\| by a person | `internal/casework/referral` | `internal/casework/referral.FuzzB`, `internal/casework/referral.TestA` |",
		"| B6.14 | Everyone | Decide on access | `internal/casework/referral` |",
	} {
		if !strings.Contains(page, line+"\n") {
			t.Errorf("the page lacks %q:\n%s", line, page)
		}
	}
}

func TestATableOfObligationsThatCannotBeReadIsAnError(t *testing.T) {
	for name, table := range map[string]string{
		"no column": "id,class,obligation\nB1.1,ENF,x\n",
		"twice":     "id,class,actor,obligation\nB1.1,ENF,a,x\nB1.1,ENF,a,x\n",
		"not an id": "id,class,actor,obligation\nBox 1,ENF,a,x\n",
		"not a csv": "id,class,actor,obligation\nB1.1\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Obligations(fstest.MapFS{obligationsTable: {Data: []byte(table)}}); err == nil {
				t.Error("it was read")
			}
		})
	}
	if _, err := Obligations(fstest.MapFS{}); err == nil {
		t.Error("no table, and nothing said so")
	}
}
