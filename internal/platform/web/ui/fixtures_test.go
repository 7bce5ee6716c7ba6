package ui

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fixture is one of the design system's own examples (GOV.UK Frontend, MIT licence, see
// THIRD_PARTY_NOTICES.md): the options given to its template, and the HTML that came out.
type fixture struct {
	Name    string
	Options json.RawMessage
	HTML    string
}

func fixtures(t *testing.T, component string) []fixture {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "fixtures", component+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []fixture
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// decode reads options strictly: an option our params do not offer is an error, so it cannot pass unseen.
func decode[T any](options json.RawMessage) (T, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(options))
	d.DisallowUnknownFields()
	err := d.Decode(&v)
	return v, err
}

// rawHTML stands for the components a page would hand over where a fixture has HTML.
func rawHTML(s string) templ.Component {
	if s == "" {
		return nil
	}
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

// TestComponents renders every example of the design system with our components and requires the same HTML.
// Each is either matched or listed in notOffered with the reason; a list that has gone stale fails too.
func TestComponents(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "fixtures", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	matched, listed := 0, 0
	for _, file := range files {
		component := strings.TrimSuffix(filepath.Base(file), ".json")
		build, ok := builders[component]
		if !ok {
			t.Errorf("%s: no component renders these examples", component)
			continue
		}
		seen[component] = true
		unused := map[string]bool{}
		for name := range notOffered[component] {
			unused[name] = true
		}
		for _, f := range fixtures(t, component) {
			reason, skip := notOffered[component][f.Name]
			delete(unused, f.Name)
			diff := compare(t, component, build, f)
			switch {
			case skip && diff == "":
				t.Errorf("%s: %q is listed as not offered (%s), but it matches: take it off the list", component, f.Name, reason)
			case skip && reason == "":
				t.Errorf("%s: %q is listed without a reason", component, f.Name)
			case skip:
				listed++
			case diff != "":
				t.Errorf("%s: %q differs from the design system (+ ours):\n%s", component, f.Name, diff)
			default:
				matched++
			}
		}
		for name := range unused {
			t.Errorf("%s: %q is listed as not offered and does not exist", component, name)
		}
	}
	for component := range builders {
		if !seen[component] {
			t.Errorf("%s: no examples", component)
		}
	}
	for component := range notOffered {
		if !seen[component] {
			t.Errorf("%s: listed as not offered and has no examples", component)
		}
	}
	t.Logf("%d examples match, %d are not offered", matched, listed)
}

// compare says how our HTML differs from the example's, or why its options cannot be given to us.
func compare(t *testing.T, component string, build builder, f fixture) string {
	t.Helper()
	c, err := build(f.Options)
	if err != nil {
		return "not offered: " + err.Error()
	}
	want := f.HTML
	if component == "footer" {
		want = withoutMarks(t, want)
	}
	return cmp.Diff(tree(t, want), tree(t, renderString(t, c)))
}

// withoutMarks takes the crown, the licence and the copyright out of an example of the footer. They are
// nobody's but the government's, and our footer has none of them.
func withoutMarks(t *testing.T, fragment string) string {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), body)
	if err != nil {
		t.Fatal(err)
	}
	var doomed []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch class := classOf(c); {
			case strings.Contains(class, "govuk-footer__crown"), strings.Contains(class, "govuk-footer__licence"),
				class == "govuk-footer__meta-item":
				doomed = append(doomed, c)
			default:
				walk(c)
			}
		}
	}
	var b strings.Builder
	for _, n := range nodes {
		walk(n)
	}
	for _, n := range doomed {
		n.Parent.RemoveChild(n)
	}
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func classOf(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return a.Val
		}
	}
	return ""
}
