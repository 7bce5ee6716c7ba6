package webtest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// selector is a small part of CSS: tag, *, #id, .class, [attr], [attr=v],
// [attr^=v], [attr$=v], [attr*=v], [attr~=v], descendant, child (>), list (,).
type selector []complexSelector

// complexSelector is compounds from left to right; child[i] says that compound
// i must be a child of the one before it, and not just below it.
type complexSelector struct {
	compounds []compound
	child     []bool
}

type compound struct {
	tag     string // "" for any
	id      string
	classes []string
	attrs   []attrTest
}

type attrTest struct{ name, op, value string }

// parseSelector reads a selector. A mistake in one is a mistake in the test,
// which cannot go on.
func parseSelector(text string) selector {
	p := &selectorParser{in: strings.TrimSpace(text)}
	s, err := p.list()
	if err != nil {
		panic(fmt.Sprintf("selector %q: %v", text, err))
	}
	return s
}

type selectorParser struct {
	in string
	at int
}

func (p *selectorParser) peek() byte {
	if p.at < len(p.in) {
		return p.in[p.at]
	}
	return 0
}

func (p *selectorParser) spaces() bool {
	from := p.at
	for p.peek() == ' ' || p.peek() == '\n' || p.peek() == '\t' {
		p.at++
	}
	return p.at > from
}

func (p *selectorParser) list() (selector, error) {
	var out selector
	for {
		c, err := p.complex()
		if err != nil {
			return nil, err
		}
		out = append(out, c)
		p.spaces()
		if p.at == len(p.in) {
			return out, nil
		}
		if p.peek() != ',' {
			return nil, fmt.Errorf("%q cannot be read", p.in[p.at:])
		}
		p.at++
		p.spaces()
	}
}

func (p *selectorParser) complex() (complexSelector, error) {
	var out complexSelector
	child := false
	for {
		c, err := p.compound()
		if err != nil {
			return out, err
		}
		out.compounds, out.child = append(out.compounds, c), append(out.child, child)
		spaced := p.spaces()
		switch next := p.peek(); {
		case next == 0 || next == ',':
			return out, nil
		case next == '>':
			p.at++
			p.spaces()
			child = true
		case spaced:
			child = false
		default:
			return out, fmt.Errorf("%q cannot be read", p.in[p.at:])
		}
	}
}

func (p *selectorParser) compound() (compound, error) {
	var c compound
	from := p.at
	if p.peek() == '*' {
		p.at++
	} else {
		c.tag = strings.ToLower(p.name())
	}
	for {
		switch p.peek() {
		case '#':
			p.at++
			if c.id = p.name(); c.id == "" {
				return c, fmt.Errorf("no name after #")
			}
		case '.':
			p.at++
			class := p.name()
			if class == "" {
				return c, fmt.Errorf("no name after a dot")
			}
			c.classes = append(c.classes, class)
		case '[':
			p.at++
			test, err := p.attr()
			if err != nil {
				return c, err
			}
			c.attrs = append(c.attrs, test)
		default:
			if p.at == from {
				return c, fmt.Errorf("nothing to look for at %q", p.in[p.at:])
			}
			return c, nil
		}
	}
}

func (p *selectorParser) name() string {
	from := p.at
	for {
		c := p.peek()
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			p.at++
			continue
		}
		return p.in[from:p.at]
	}
}

func (p *selectorParser) attr() (attrTest, error) {
	t := attrTest{name: strings.ToLower(p.name())}
	if t.name == "" {
		return t, fmt.Errorf("no name after [")
	}
	if p.peek() == ']' {
		p.at++
		return t, nil
	}
	for _, op := range []string{"=", "^=", "$=", "*=", "~="} {
		if strings.HasPrefix(p.in[p.at:], op) {
			t.op = op
			p.at += len(op)
			break
		}
	}
	if t.op == "" {
		return t, fmt.Errorf("no comparison at %q", p.in[p.at:])
	}
	end := "]"
	if q := p.peek(); q == '"' || q == '\'' {
		p.at++
		end = string(q) + "]"
	}
	i := strings.Index(p.in[p.at:], end)
	if i < 0 {
		return t, fmt.Errorf("no %s", end)
	}
	t.value = p.in[p.at : p.at+i]
	p.at += i + len(end)
	return t, nil
}

func (s selector) matches(n *html.Node) bool {
	for _, c := range s {
		if c.matches(n, len(c.compounds)-1) {
			return true
		}
	}
	return false
}

// matches tells whether n matches compound i and what stands above it the rest.
func (c complexSelector) matches(n *html.Node, i int) bool {
	if !c.compounds[i].matches(n) {
		return false
	}
	if i == 0 {
		return true
	}
	for up := n.Parent; up != nil && up.Type == html.ElementNode; up = up.Parent {
		if c.matches(up, i-1) {
			return true
		}
		if c.child[i] {
			return false
		}
	}
	return false
}

func (c compound) matches(n *html.Node) bool {
	if c.tag != "" && n.Data != c.tag {
		return false
	}
	if id, _ := attr(n, "id"); c.id != "" && id != c.id {
		return false
	}
	for _, class := range c.classes {
		if !hasClass(n, class) {
			return false
		}
	}
	for _, t := range c.attrs {
		if v, ok := attr(n, t.name); !ok || !t.holds(v) {
			return false
		}
	}
	return true
}

func (t attrTest) holds(v string) bool {
	switch t.op {
	case "":
		return true
	case "=":
		return v == t.value
	case "^=":
		return strings.HasPrefix(v, t.value)
	case "$=":
		return strings.HasSuffix(v, t.value)
	case "*=":
		return strings.Contains(v, t.value)
	case "~=":
		for _, word := range strings.Fields(v) {
			if word == t.value {
				return true
			}
		}
	}
	return false
}

func selectBelow(root *html.Node, text string) Nodes {
	s := parseSelector(text)
	var out Nodes
	if root != nil {
		walk(root, func(n *html.Node) {
			if s.matches(n) {
				out = append(out, Node{n})
			}
		})
	}
	return out
}
