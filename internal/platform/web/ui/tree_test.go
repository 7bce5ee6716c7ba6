package ui

import (
	"bytes"
	"context"
	"sort"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// renderString renders a component with no words set.
func renderString(t testing.TB, c templ.Component) string {
	t.Helper()
	return renderWith(t, context.Background(), c)
}

func renderWith(t testing.TB, ctx context.Context, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(ctx, &b); err != nil {
		t.Fatalf("render: %v", err)
	}
	return b.String()
}

// inline elements do not break the line: white space on either side of their edges is the same space, so
// "Previous<span> page</span>" and "Previous <span>page</span>" are equal, and "Previous<span>page</span>"
// is not. Everything else is a box, at whose edges white space means nothing.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Span: true, atom.Strong: true, atom.Em: true, atom.B: true, atom.I: true,
	atom.Bdi: true, atom.Time: true, atom.Code: true, atom.Abbr: true, atom.Label: true, atom.Small: true,
}

// tree is a fragment of HTML as one line per tag or text, with attributes in order and white space
// normalised as a browser would when it lays the text out. Two fragments with equal trees are the same.
func tree(t testing.TB, fragment string) string {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), body)
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	w := &treeWriter{start: true}
	for _, n := range nodes {
		w.node(n, 0)
	}
	return w.String()
}

type treeWriter struct {
	lines []string
	text  strings.Builder // text since the last line, spaces collapsed
	depth int
	space bool // a space is waiting: kept only if text follows and a box edge does not
	start bool // text stands at the start of a box
}

func (w *treeWriter) String() string {
	w.flush(true)
	return strings.Join(w.lines, "\n") + "\n"
}

func (w *treeWriter) line(depth int, s string) {
	w.lines = append(w.lines, strings.Repeat("  ", depth)+s)
}

// flush ends a piece of text. At the edge of a box a waiting space is dropped; at the edge of an inline
// element it waits on, so that it counts on whichever side the next text is.
func (w *treeWriter) flush(boxEdge bool) {
	if w.text.Len() > 0 {
		w.line(w.depth, `"`+w.text.String()+`"`)
		w.text.Reset()
		w.start = false
	}
	if boxEdge {
		w.space = false
		w.start = true
	}
}

func (w *treeWriter) addText(s string) {
	for _, r := range s {
		switch r {
		case ' ', '\n', '\t', '\r', '\f':
			w.space = true
		default:
			if w.space && !w.start {
				w.text.WriteByte(' ')
			}
			w.space, w.start = false, false
			w.text.WriteRune(r)
		}
	}
}

func (w *treeWriter) node(n *html.Node, depth int) {
	switch n.Type { //nolint:exhaustive // the others hold nothing that is compared
	case html.TextNode:
		w.depth = depth
		w.addText(n.Data)
	case html.ElementNode:
		box := !inline[n.DataAtom]
		w.flush(box)
		w.line(depth, "<"+n.Data+attributes(n)+">")
		if n.DataAtom == atom.Textarea { // here every space counts
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				w.line(depth+1, strings.ReplaceAll(c.Data, "\n", "\\n"))
			}
			return
		}
		if n.Data == "br" {
			w.start = true
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			w.node(c, depth+1)
		}
		w.flush(box)
		w.line(depth, "</"+n.Data+">")
	}
}

// attributes are sorted by name; white space in lists of classes is collapsed.
func attributes(n *html.Node) string {
	var list []string
	for _, a := range n.Attr {
		value := a.Val
		if a.Key == "class" {
			value = strings.Join(strings.Fields(value), " ")
		}
		list = append(list, " "+a.Key+`="`+value+`"`)
	}
	sort.Strings(list)
	return strings.Join(list, "")
}

func TestTreeSeesWhatABrowserSees(t *testing.T) {
	same := func(a, b string) {
		t.Helper()
		if tree(t, a) != tree(t, b) {
			t.Errorf("should be equal:\n%s\n%s", a, b)
		}
	}
	differ := func(a, b string) {
		t.Helper()
		if tree(t, a) == tree(t, b) {
			t.Errorf("should differ:\n%s\n%s", a, b)
		}
	}
	same(`<p class="a"  id="b"> x </p>`, `<p id="b" class=" a ">x</p>`)
	same(`<p>Error:<span> x</span></p>`, `<p>Error: <span>x</span></p>`)
	same("<div>\n <p>x\n y</p>\n</div>", `<div><p>x y</p></div>`)
	differ(`<p>Previous<span> page</span></p>`, `<p>Previous<span>page</span></p>`)
	differ(`<p class="a">x</p>`, `<p class="a b">x</p>`)
	differ(`<textarea> x</textarea>`, `<textarea>x</textarea>`)
	differ(`<p>x</p>`, `<p>y</p>`)
	differ(`<input disabled>`, `<input>`)
}
