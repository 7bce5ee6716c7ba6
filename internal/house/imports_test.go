package house

import (
	"io/fs"
	"strings"
	"testing"
)

func TestImports(t *testing.T) {
	problems, err := Imports(project(t), layers)
	report(t, problems, err)
}

// The planted faults are checked against a small table of their own, so that they stay as they are
// when the real one grows.
func TestImportsCatchesPlantedFaults(t *testing.T) {
	planted(t, "imports", func(tree fs.FS) ([]string, error) {
		layers, err := fs.ReadFile(tree, "layers.txt")
		if err != nil {
			return nil, err
		}
		return Imports(tree, string(layers))
	})
}

func TestATableThatIsNotPolicyIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ table, want string }{
		"no duty":           {"[platform]\nstore:", "store has no duty"},
		"no such package":   {"[platform]\nstore: time // keeps", "store may import time, which has no line"},
		"an arrow up":       {"[platform]\nstore: cases // keeps\n[casework]\ncases: // files", "store may import cases, which is a floor above"},
		"a floor not below": {"[casework]\ncases: casework // files", "cases may import casework, which is not a floor below"},
		"a circle":          {"[platform]\na: b // one\nb: a // two", "a reaches itself"},
		"two lines":         {"[platform]\na: // one\na: // two", "a has two lines"},
		"no such floor":     {"[cellar]\na: // one", "cellar is not a floor"},
		"a technique":       {"[platform]\nutils: // this and that", "utils is named after a technique"},
		"not a line":        {"[platform]\nstore // keeps", "is not a line of the table"},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := parseTable(c.table)
			if !strings.Contains(strings.Join(problems, "\n"), c.want) {
				t.Errorf("said %q, wanted %q", problems, c.want)
			}
		})
	}
}
