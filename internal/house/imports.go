package house

import (
	"fmt"
	"go/ast"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// module is the path that imports of our own packages begin with.
const module = "waymark"

// table is the parsed form of layers.
type table struct {
	lines map[string]line
	order []string
}

type line struct {
	floor   string
	may     []string
	netHTTP bool
}

// parseTable reads a table of layers and returns it with what is wrong with it as a policy: a line
// without a duty, an arrow up, a cycle, a name that is not there.
func parseTable(text string) (table, []string) {
	t := table{lines: map[string]line{}}
	var problems []string
	bad := func(format string, args ...any) {
		problems = append(problems, "layers.go: "+fmt.Sprintf(format, args...))
	}

	floor := ""
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l == "" {
			continue
		}
		if strings.HasPrefix(l, "[") {
			floor = strings.Trim(l, "[]")
			if !slices.Contains(floors, floor) {
				bad("%s is not a floor", floor)
			}
			continue
		}
		rule, duty, _ := strings.Cut(l, "//")
		name, may, found := strings.Cut(rule, ":")
		name = strings.TrimSpace(name)
		switch {
		case !found || name == "":
			bad("%q is not a line of the table: name: packages // duty", l)
			continue
		case strings.TrimSpace(duty) == "":
			bad("%s has no duty", name)
		case slices.Contains(techniques, path.Base(name)):
			bad("%s is named after a technique; name what it is for", name)
		}
		if _, twice := t.lines[name]; twice {
			bad("%s has two lines", name)
		}
		entry := line{floor: floor}
		for _, dep := range strings.Fields(may) {
			if dep == "net/http" {
				entry.netHTTP = true
				continue
			}
			entry.may = append(entry.may, dep)
		}
		t.lines[name] = entry
		t.order = append(t.order, name)
	}

	for _, name := range t.order {
		for _, dep := range t.lines[name].may {
			switch at := slices.Index(floors, dep); {
			case strings.HasPrefix(dep, "content/"):
			case at >= 0:
				if at >= slices.Index(floors, t.lines[name].floor) {
					bad("%s may import %s, which is not a floor below it", name, dep)
				}
			default:
				d, known := t.lines[dep]
				if !known {
					bad("%s may import %s, which has no line", name, dep)
				} else if slices.Index(floors, d.floor) > slices.Index(floors, t.lines[name].floor) {
					bad("%s may import %s, which is a floor above it", name, dep)
				}
			}
		}
		if t.reaches(name, name, map[string]bool{}) {
			bad("%s reaches itself", name)
		}
	}
	return t, problems
}

func (t table) reaches(from, to string, seen map[string]bool) bool {
	for _, dep := range t.lines[from].may {
		if dep == to {
			return true
		}
		if !seen[dep] {
			seen[dep] = true
			if t.reaches(dep, to, seen) {
				return true
			}
		}
	}
	return false
}

// kind says what a package of ours is to the rules.
type kind int

const (
	listed    kind = iota // has a line of its own
	page                  // <name>web below a listed package
	generated             // <name>db below a listed package
	support               // <name>test below a listed package
	unknown
)

// place is where a package stands: the listed package it belongs to, and what it is to it.
type place struct {
	floor string
	name  string // as in the table; for an unknown package what its line would be
	kind  kind
}

// locate places a package by its folder below internal, such as "casework/risk/riskweb".
func (t table) locate(dir string) place {
	floor, name := "internal", dir
	if first, rest, below := strings.Cut(dir, "/"); below && slices.Contains(floors, first) {
		floor, name = first, rest
	}
	if l, ok := t.lines[name]; ok && l.floor == floor {
		return place{floor, name, listed}
	}
	parent, child := path.Split(name)
	parent = strings.TrimSuffix(parent, "/")
	if l, ok := t.lines[parent]; ok && l.floor == floor {
		switch suffix, _ := strings.CutPrefix(child, path.Base(parent)); suffix {
		case "web":
			return place{floor, parent, page}
		case "db":
			return place{floor, parent, generated}
		case "test":
			return place{floor, parent, support}
		}
	}
	return place{floor, name, unknown}
}

// allows says whether a listed package's line covers another listed package.
func (t table) allows(name, dep string) bool {
	l := t.lines[name]
	if slices.Contains(l.may, dep) {
		return true
	}
	d := t.lines[dep]
	inFrame := dep == "web" || strings.HasPrefix(dep, "web/") || slices.Contains(components, dep)
	return slices.Contains(l.may, d.floor) && !inFrame
}

// mayRead says whether a page on one floor may read a capability on another: its own floor and
// those below, save that planning reads casework through measures only.
func mayRead(floor, dep string) bool {
	if floor == "planning" && dep == "casework" {
		return false
	}
	return slices.Index(floors, dep) <= slices.Index(floors, floor)
}

// Imports checks every file of the product below internal against a table of layers.
func Imports(tree fs.FS, layers string) ([]string, error) {
	t, problems := parseTable(layers)
	seen := map[string]bool{}
	err := eachGoFile(tree, "internal", func(file string, f *ast.File) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		dir := strings.TrimPrefix(path.Dir(file), "internal/")
		from := t.locate(dir)
		if from.kind == unknown {
			// A child waits for its parent: with the parent's line it may need none.
			if parent := path.Dir(dir); !seen[dir] && !seen[parent] {
				problems = append(problems, unlisted(file, from))
			}
			seen[dir] = true
			return
		}
		if from.kind == listed {
			seen[from.name] = true
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue // the parser has already refused the file
			}
			if why := t.refuses(from, imported); why != "" {
				problems = append(problems, fmt.Sprintf("%s imports %s: %s", file, imported, why))
			}
		}
	})
	for _, name := range t.order {
		if !seen[name] {
			problems = append(problems, fmt.Sprintf(
				"layers.go: %s has a line but no code: delete the line until there is some", name))
		}
	}
	return problems, err
}

// refuses says why a package may not import a path, or nothing.
func (t table) refuses(from place, imported string) string {
	if imported == "net/http" || strings.HasPrefix(imported, "net/http/") {
		if from.kind == page || t.lines[from.name].netHTTP {
			return ""
		}
		return "only the frame, page packages and named outbound clients speak HTTP"
	}
	if !strings.HasPrefix(imported, module+"/") {
		return ""
	}
	rest := strings.TrimPrefix(imported, module+"/")
	dir, inside := strings.CutPrefix(rest, "internal/")
	if !inside {
		if slices.Contains(t.lines[from.name].may, rest) || from.kind == support && ships(rest) {
			return ""
		}
		return fmt.Sprintf("not on the line of %s in the layer table", from.name)
	}

	to := t.locate(dir)
	switch {
	case to.kind == unknown:
		return "" // said once, of the package itself
	case to.kind == support && from.kind != support:
		return "support for tests is for tests"
	case to.kind == generated && (from.kind != listed || from.name != to.name):
		return fmt.Sprintf("generated queries belong to %s alone", to.name)
	case to.kind == page && from.kind == page && from.name != to.name:
		return "pages do not import other pages; they are wired together in the command"
	case to.kind == page:
		return "pages are imported by the command and the browser tests alone"
	case to.name == from.name, slices.Contains(components, to.name) && from.kind == page:
		return ""
	case from.kind == page && mayRead(from.floor, to.floor):
		return ""
	case from.kind == generated:
		return "generated queries stand alone"
	case t.allows(from.name, to.name):
		return ""
	}
	return fmt.Sprintf("the line of %s in the layer table does not allow %s", from.name, to.name)
}

// ships says whether a package outside internal is data that goes into the binary. Support for tests
// may read all of it.
func ships(dir string) bool {
	return dir == "migrations" || strings.HasPrefix(dir, "content/")
}

func unlisted(file string, p place) string {
	if slices.Contains(techniques, path.Base(p.name)) {
		return fmt.Sprintf("%s: package %s is named after a technique: give it the name of what it is for",
			file, p.name)
	}
	return fmt.Sprintf("%s: package %s is not in the layer table: add to internal/house/layers.go, under [%s], "+
		"the line `%s: <what it may import> // <its duty>`", file, p.name, p.floor, p.name)
}
