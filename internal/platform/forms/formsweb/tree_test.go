package formsweb

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"waymark/internal/platform/forms"
)

func everyType(t testing.TB) *forms.Questionnaire { return file(t, "every-type.json") }

func file(t testing.TB, name string) *forms.Questionnaire {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return parsed(t, data)
}

func parsed(t testing.TB, data []byte) *forms.Questionnaire {
	t.Helper()
	q, err := forms.ParseQuestionnaire(data)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// page is a component as a browser reads it.
type page struct{ root *html.Node }

func render(t testing.TB, c templ.Component) page {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return page{root}
}

func (p page) find(test func(*html.Node) bool) []*html.Node { return find(p.root, test) }

// find lists the elements for which the test holds, in the order of the document.
func find(n *html.Node, test func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	if n.Type == html.ElementNode && test(n) {
		found = append(found, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		found = append(found, find(c, test)...)
	}
	return found
}

func (p page) elements(names ...string) []*html.Node {
	return p.find(func(n *html.Node) bool { return slices.Contains(names, n.Data) })
}

func (p page) byID(id string) *html.Node {
	for _, n := range p.find(func(n *html.Node) bool { return attr(n, "id") == id }) {
		return n
	}
	return nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// text is what an element says, with white space as it is laid out.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && n.Data != "span" && n.Data != "strong" {
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// legends are the legends of the fieldsets that an element stands in, from the outside in.
func legends(n *html.Node) []string {
	var all []string
	for at := n.Parent; at != nil; at = at.Parent {
		if at.Data == "fieldset" {
			all = append([]string{text(find(at, func(n *html.Node) bool { return n.Data == "legend" })[0])}, all...)
		}
	}
	return all
}

// sent is what a browser sends of the page's controls.
func (p page) sent() url.Values {
	form := url.Values{}
	for _, n := range p.elements("input", "textarea", "select") {
		name := attr(n, "name")
		switch {
		case n.Data == "textarea":
			value := ""
			if n.FirstChild != nil {
				value = n.FirstChild.Data
			}
			form.Add(name, strings.ReplaceAll(value, "\n", "\r\n"))
		case n.Data == "select":
			options := find(n, func(n *html.Node) bool { return n.Data == "option" })
			chosen := options[0]
			for _, o := range options {
				if hasAttr(o, "selected") {
					chosen = o
				}
			}
			form.Add(name, attr(chosen, "value"))
		case attr(n, "type") == "radio" || attr(n, "type") == "checkbox":
			if hasAttr(n, "checked") {
				form.Add(name, attr(n, "value"))
			}
		default:
			form.Add(name, attr(n, "value"))
		}
	}
	return form
}
