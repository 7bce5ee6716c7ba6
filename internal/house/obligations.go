package house

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The obligations of the guideline are data; packages say which they serve and tests which they prove,
// in comments of one form each:
//
//	// Obligations: B8.3, B8.4.     in the package comment (doc.go)
//	// Proves: B6.31, G2.           in a test, above it or inside it
//
// The list may go on over several lines; it ends with a full stop or the paragraph. Every id is
// written in full, because a range says nothing to a search.
const (
	obligationsTable = "content/guideline/obligations.csv"

	// ObligationsPage is the list for people, ObligationsData id → tests for the conformance board.
	ObligationsPage = "docs/generated/obligations.md"
	ObligationsData = "docs/generated/obligations.json"
)

var (
	obligationID = regexp.MustCompile(`^(B[0-9]{1,2}\.[0-9]{1,2}[a-z]?|[GR][0-9]{1,2})$`)
	// anyBoxID finds the ids that cannot be anything else; G2 and R1 are too short to say.
	anyBoxID = regexp.MustCompile(`\bB[0-9]{1,2}\.[0-9]{1,2}[a-z]?\b`)
	inside   = regexp.MustCompile(`\([^)]*\)`)
)

// obligation is a line of the table, with who names it.
type obligation struct {
	id, class, actor, text string
	packages, tests        []string
}

type obligations struct {
	order []string
	byID  map[string]*obligation
}

// Obligations checks that every id that comments name is in the table and that the comments have the
// form that the list is made from.
func Obligations(tree fs.FS) ([]string, error) {
	_, problems, err := readObligations(tree)
	return problems, err
}

// ObligationLists returns what ObligationsPage and ObligationsData must say.
func ObligationLists(tree fs.FS) (page, data string, err error) {
	all, _, err := readObligations(tree)
	if err != nil {
		return "", "", err
	}
	byID := map[string][]string{}
	for id, o := range all.byID {
		if len(o.tests) > 0 {
			byID[id] = o.tests
		}
	}
	encoded, err := json.MarshalIndent(byID, "", "  ")
	return all.page(), string(encoded) + "\n", err
}

func readObligations(tree fs.FS) (obligations, []string, error) {
	all, err := readTable(tree)
	if err != nil {
		return all, nil, err
	}
	var problems []string
	bad := func(file, format string, args ...any) {
		problems = append(problems, file+": "+fmt.Sprintf(format, args...))
	}
	name := func(file string, ids []string, note func(*obligation)) {
		for _, id := range ids {
			if o := all.byID[id]; o != nil {
				note(o)
			} else {
				bad(file, "%q is not the id of an obligation", id)
			}
		}
	}

	err = eachGoFile(tree, ".", func(file string, f *ast.File) {
		if ast.IsGenerated(f) {
			return
		}
		test := strings.HasSuffix(file, "_test.go")
		for _, group := range f.Comments {
			text := group.Text()
			for _, ids := range claims(text, "Obligations:") {
				if test || f.Doc != group {
					bad(file, "Obligations: belongs in the package comment; a test says Proves:")
				}
				name(file, ids, func(o *obligation) { o.packages = addOnce(o.packages, path.Dir(file)) })
			}
			for _, ids := range claims(text, "Proves:") {
				fn := testAround(f, group)
				if !test || fn == "" {
					bad(file, "Proves: belongs above or in a test function")
				}
				name(file, ids, func(o *obligation) { o.tests = addOnce(o.tests, path.Dir(file)+"."+fn) })
			}
			text = withoutClaims(text)
			name(file, anyBoxID.FindAllString(text, -1), func(*obligation) {})
		}
	})
	if err != nil {
		return all, nil, err
	}
	err = eachFile(tree, "internal", func(file string) error {
		if path.Ext(file) != ".cedar" && path.Base(file) != "queries.sql" {
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		name(file, anyBoxID.FindAllString(string(text), -1), func(*obligation) {})
		return err
	})
	return all, problems, err
}

func readTable(tree fs.FS) (obligations, error) {
	all := obligations{byID: map[string]*obligation{}}
	raw, err := fs.ReadFile(tree, obligationsTable)
	if err != nil {
		return all, err
	}
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		return all, fmt.Errorf("%s: %w", obligationsTable, err)
	}
	column := map[string]int{}
	for i, row := range rows {
		if i == 0 {
			for at, title := range row {
				column[title] = at
			}
			for _, title := range []string{"id", "class", "actor", "obligation"} {
				if _, there := column[title]; !there {
					return all, fmt.Errorf("%s: no column %s", obligationsTable, title)
				}
			}
			continue
		}
		o := &obligation{
			id: row[column["id"]], class: row[column["class"]],
			actor: row[column["actor"]], text: row[column["obligation"]],
		}
		if !obligationID.MatchString(o.id) || all.byID[o.id] != nil {
			return all, fmt.Errorf("%s: %q is not an id, or stands there twice", obligationsTable, o.id)
		}
		all.order = append(all.order, o.id)
		all.byID[o.id] = o
	}
	return all, nil
}

// claims returns the words after each line of a comment that begins with a key.
func claims(comment, key string) [][]string {
	var found [][]string
	for _, lines := range claimLines(comment, key) {
		list := strings.TrimPrefix(strings.Join(lines, " "), key)
		list = strings.TrimSuffix(strings.TrimSpace(inside.ReplaceAllString(list, "")), ".")
		found = append(found, strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }))
	}
	return found
}

func claimLines(comment, key string) [][]string {
	var found [][]string
	lines := strings.Split(comment, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(strings.TrimSpace(lines[i]), key) {
			continue
		}
		var list []string
		for ; i < len(lines); i++ {
			l := strings.TrimSpace(lines[i])
			if l == "" {
				break
			}
			list = append(list, l)
			if strings.HasSuffix(l, ".") {
				break
			}
		}
		found = append(found, list)
	}
	return found
}

func withoutClaims(comment string) string {
	for _, key := range []string{"Obligations:", "Proves:"} {
		for _, lines := range claimLines(comment, key) {
			for _, l := range lines {
				comment = strings.Replace(comment, l, "", 1)
			}
		}
	}
	return comment
}

// testAround names the test that a comment stands above or in.
func testAround(f *ast.File, comment *ast.CommentGroup) string {
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(fn.Name.Name, "Test") && !strings.HasPrefix(fn.Name.Name, "Fuzz") {
			continue
		}
		if fn.Doc == comment || fn.Pos() <= comment.Pos() && comment.End() <= fn.End() {
			return fn.Name.Name
		}
	}
	return ""
}

func addOnce(list []string, item string) []string {
	if slices.Contains(list, item) {
		return list
	}
	list = append(list, item)
	slices.Sort(list)
	return list
}

// classes in the order in which a missing test matters.
var classes = []struct{ name, meaning string }{
	{"ENF", "enforced by code"},
	{"REC", "counted from records"},
	{"ATT", "attested by a named person"},
}

func (all obligations) page() string {
	var b strings.Builder
	b.WriteString("# Obligations and the tests that prove them\n\n" +
		"Written by `make generate` from the comments of the code: `Obligations:` in a package comment says what\n" +
		"the package serves, `Proves:` in a test what it proves. Nobody keeps this list by hand.\n\n" +
		"| Class | Obligations | With a test | Without |\n| --- | ---: | ---: | ---: |\n")
	for _, c := range classes {
		with, without := len(all.of(c.name, true)), len(all.of(c.name, false))
		fmt.Fprintf(&b, "| %s, %s | %d | %d | %d |\n", c.name, c.meaning, with+without, with, without)
	}
	b.WriteString("\n## With a test\n\n| Id | Class | Obligation | Served by | Proved by |\n| --- | --- | --- | --- | --- |\n")
	for _, id := range all.order {
		if o := all.byID[id]; len(o.tests) > 0 {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", o.id, o.class, cell(o.text), codes(o.packages), codes(o.tests))
		}
	}
	for _, c := range classes {
		fmt.Fprintf(&b, "\n## %s without a test\n\n| Id | Who | Obligation | Served by |\n| --- | --- | --- | --- |\n", c.name)
		for _, o := range all.of(c.name, false) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", o.id, cell(o.actor), cell(o.text), codes(o.packages))
		}
	}
	return b.String()
}

func (all obligations) of(class string, tested bool) []*obligation {
	var found []*obligation
	for _, id := range all.order {
		if o := all.byID[id]; o.class == class && tested == (len(o.tests) > 0) {
			found = append(found, o)
		}
	}
	return found
}

func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func codes(items []string) string {
	if len(items) == 0 {
		return ""
	}
	return "`" + strings.Join(items, "`, `") + "`"
}
