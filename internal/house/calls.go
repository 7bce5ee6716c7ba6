package house

import (
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// clock is the one file that may ask the machine for the time.
const clock = "internal/platform/store/clock.go"

// forbidden are names that no file of the product below internal may mention, with what to do
// instead. A mention is enough: time.Now as a value is a second clock too.
var forbidden = map[string]map[string]string{
	"time": {
		"Now": "use Tx.Now, or a time that is passed in", "Since": "use Tx.Now, or a time that is passed in",
		"Until": "use Tx.Now, or a time that is passed in",
	},
	"github.com/a-h/templ": {
		"Raw": "text goes through the template compiler, which escapes it",
	},
	"html/template": {
		"HTML": "pages are templ components", "JS": "pages are templ components", "CSS": "pages are templ components",
		"URL": "pages are templ components", "HTMLAttr": "pages are templ components",
	},
	"fmt": {
		"Print": "write to what was passed in", "Printf": "write to what was passed in", "Println": "write to what was passed in",
	},
}

// Calls finds what the product below internal may not mention.
func Calls(tree fs.FS) ([]string, error) {
	var problems []string
	err := eachGoFile(tree, "internal", func(file string, f *ast.File) {
		if strings.HasSuffix(file, "_test.go") || file == clock {
			return
		}
		names := map[string]string{} // the name a file knows an import by, to its path
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil || forbidden[imported] == nil {
				continue
			}
			name := path.Base(imported)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			if name == "." {
				problems = append(problems, fmt.Sprintf("%s imports %s into its own names", file, imported))
			}
			names[name] = imported
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok {
				if instead, bad := forbidden[names[x.Name]][sel.Sel.Name]; bad {
					problems = append(problems, fmt.Sprintf("%s mentions %s.%s: %s",
						file, path.Base(names[x.Name]), sel.Sel.Name, instead))
				}
			}
			return true
		})
	})
	return problems, err
}

// What the content security policy refuses would be dead on the page, so it does not get as far.
var inTemplates = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`(?m)^(css|script) \w+\(`), "templ's css and script blocks are inline; use the style sheet or a script file"},
	{regexp.MustCompile(`(?i)<style\b`), "inline style; use the style sheet"},
	{regexp.MustCompile(`(?i)\sstyle=`), "inline style; use a class"},
	{regexp.MustCompile(`(?i)\son[a-z]+=`), "inline handler; use a script file"},
	{regexp.MustCompile(`(?i)javascript:`), "inline script; use a script file"},
	{regexp.MustCompile(`(?i)\b(src|srcset|poster)="(https?:)?//`), "loaded from another origin; ship the file"},
	{regexp.MustCompile(`(?i)<(iframe|object|embed)\b`), "frames and plug-ins are refused"},
}

var scriptTag = regexp.MustCompile(`(?is)<script\b[^>]*>`)

// Templates finds what the content security policy would refuse. It proves part of S1 and S2 at the
// source; the browser tests prove the rest.
func Templates(tree fs.FS) ([]string, error) {
	var problems []string
	err := eachFile(tree, "internal", func(file string) error {
		if !strings.HasSuffix(file, ".templ") {
			return nil
		}
		text, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		bad := func(at int, why string) {
			problems = append(problems, fmt.Sprintf("%s:%d: %s", file, 1+strings.Count(string(text[:at]), "\n"), why))
		}
		for _, rule := range inTemplates {
			for _, at := range rule.pattern.FindAllIndex(text, -1) {
				bad(at[0], rule.why)
			}
		}
		for _, at := range scriptTag.FindAllIndex(text, -1) {
			if !strings.Contains(string(text[at[0]:at[1]]), "src=") {
				bad(at[0], "inline script; use a script file")
			}
		}
		return nil
	})
	slices.Sort(problems)
	return problems, err
}
