package webtest

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Node is an element of a page.
type Node struct{ n *html.Node }

// Nodes are elements in the order of the page.
type Nodes []Node

// Tag is the name of the element.
func (e Node) Tag() string {
	if e.n == nil {
		return ""
	}
	return e.n.Data
}

// Has tells whether an attribute is there.
func (e Node) Has(name string) bool {
	_, ok := attr(e.n, name)
	return ok
}

// Attr is the value of an attribute, "" when it is not there.
func (e Node) Attr(name string) string {
	v, _ := attr(e.n, name)
	return v
}

// Text is the text a person reads in it, with its spaces collapsed.
func (e Node) Text() string {
	var b strings.Builder
	writeText(&b, e.n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// Select returns the elements below it that match.
func (e Node) Select(selector string) Nodes { return selectBelow(e.n, selector) }

// In tells whether it stands in an element that matches, or is one.
func (e Node) In(selector string) bool {
	s := parseSelector(selector)
	for n := e.n; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && s.matches(n) {
			return true
		}
	}
	return false
}

// Texts are the texts of all of them.
func (l Nodes) Texts() []string {
	var out []string
	for _, e := range l {
		out = append(out, e.Text())
	}
	return out
}

// Attrs are the values of an attribute of all of them that have it.
func (l Nodes) Attrs(name string) []string {
	var out []string
	for _, e := range l {
		if v, ok := attr(e.n, name); ok {
			out = append(out, v)
		}
	}
	return out
}

// Text is the text of the first of them, "" when there is none.
func (l Nodes) Text() string {
	if len(l) == 0 {
		return ""
	}
	return l[0].Text()
}

func attr(n *html.Node, name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

func hasClass(n *html.Node, class string) bool {
	v, _ := attr(n, "class")
	return slices.Contains(strings.Fields(v), class)
}

// inline elements do not separate words.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Span: true, atom.Strong: true, atom.Em: true, atom.B: true, atom.I: true,
	atom.Bdi: true, atom.Time: true, atom.Code: true, atom.Abbr: true, atom.Small: true, atom.Sup: true, atom.Sub: true,
}

func writeText(b *strings.Builder, n *html.Node) {
	if n == nil {
		return
	}
	switch n.Type {
	case html.TextNode:
		b.WriteString(n.Data)
	case html.ElementNode, html.DocumentNode:
		switch n.Data {
		case "script", "style", "template", "head":
			return
		}
		if !inline[n.DataAtom] {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			writeText(b, c)
		}
		if !inline[n.DataAtom] {
			b.WriteByte(' ')
		}
	default: // comments and the like say nothing
	}
}

// walk calls fn for every element below n, in the order of the page.
func walk(n *html.Node, fn func(*html.Node)) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			fn(c)
		}
		walk(c, fn)
	}
}
