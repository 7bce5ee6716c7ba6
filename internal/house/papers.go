package house

import (
	"fmt"
	"go/ast"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Papers are the documents that claim controls: each row of their tables that begins with an id must
// name at least one test, and every test that they name must be there.
var Papers = []string{"docs/threats.md", "docs/clinical-safety/hazard-log.md"}

var (
	paperRow  = regexp.MustCompile(`^\|\s*([TH]\d+)\s*\|`)
	paperTest = regexp.MustCompile("`(Test[A-Za-z0-9_]*)`")
)

// PaperTests checks the documents in [Papers].
func PaperTests(tree fs.FS) ([]string, error) {
	var tests []string
	err := eachGoFile(tree, ".", func(file string, f *ast.File) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
				tests = append(tests, fn.Name.Name)
			}
		}
	})
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, paper := range Papers {
		text, err := fs.ReadFile(tree, paper)
		if err != nil {
			return nil, err
		}
		problems = append(problems, paperProblems(paper, string(text), tests)...)
	}
	return problems, nil
}

func paperProblems(paper, text string, tests []string) []string {
	var problems, ids []string
	n := 0
	for line := range strings.Lines(text) {
		n++
		named := paperTest.FindAllStringSubmatch(line, -1)
		for _, m := range named {
			if !slices.Contains(tests, m[1]) {
				problems = append(problems, fmt.Sprintf("%s:%d: there is no test %s", paper, n, m[1]))
			}
		}
		row := paperRow.FindStringSubmatch(line)
		if row == nil {
			continue
		}
		if len(named) == 0 {
			problems = append(problems, fmt.Sprintf("%s:%d: %s names no test", paper, n, row[1]))
		}
		if slices.Contains(ids, row[1]) {
			problems = append(problems, fmt.Sprintf("%s:%d: %s stands there twice", paper, n, row[1]))
		}
		ids = append(ids, row[1])
	}
	if len(ids) == 0 {
		problems = append(problems, paper+": no row of it begins with an id")
	}
	return problems
}
