package fhirpath

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What a document may be at most.
const (
	maxBytes = 8 << 20
	maxDepth = 80
)

// Document is a resource that was read. It is never changed and can be shared.
type Document struct{ root *node }

// node is a part of a document.
type node struct {
	kind   nodeKind
	text   string // of a string, a number, true or false
	names  []string
	fields map[string]*node
	list   []*node
}

type nodeKind int

const (
	nodeNull nodeKind = iota
	nodeObject
	nodeList
	nodeString
	nodeNumber
	nodeBoolean
)

// ParseDocument reads JSON. The root must be an object.
func ParseDocument(data []byte) (*Document, error) {
	if len(data) > maxBytes {
		return nil, fmt.Errorf("the document is larger than %d MB", maxBytes>>20)
	}
	if !utf8.Valid(data) {
		return nil, errors.New("the document is not UTF-8 text")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	root, err := readNode(d, 1)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the document goes on after its end")
	}
	if root.kind != nodeObject {
		return nil, errors.New("the document is not a JSON object")
	}
	return &Document{root}, nil
}

func readNode(d *json.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, errors.New("the document is nested too deeply")
	}
	t, err := d.Token()
	if err != nil {
		return nil, notJSON(d)
	}
	switch t := t.(type) {
	case string:
		return &node{kind: nodeString, text: t}, nil
	case json.Number:
		return &node{kind: nodeNumber, text: t.String()}, nil
	case bool:
		return &node{kind: nodeBoolean, text: strconv.FormatBool(t)}, nil
	case json.Delim:
		if t == '{' {
			return readObject(d, depth)
		}
		return readList(d, depth)
	default:
		return &node{}, nil
	}
}

func notJSON(d *json.Decoder) error {
	return fmt.Errorf("the document is not JSON (near byte %d)", d.InputOffset())
}

func readObject(d *json.Decoder, depth int) (*node, error) {
	n := &node{kind: nodeObject, fields: map[string]*node{}}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, notJSON(d)
		}
		name, _ := t.(string)
		if n.fields[name] != nil {
			return nil, fmt.Errorf("a name stands twice in one object (near byte %d)", d.InputOffset())
		}
		inner, err := readNode(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.names = append(n.names, name)
		n.fields[name] = inner
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON(d)
	}
	return n, nil
}

func readList(d *json.Decoder, depth int) (*node, error) {
	n := &node{kind: nodeList}
	for d.More() {
		inner, err := readNode(d, depth+1)
		if err != nil {
			return nil, err
		}
		n.list = append(n.list, inner)
	}
	if _, err := d.Token(); err != nil {
		return nil, notJSON(d)
	}
	return n, nil
}

// field is a part of an object, or nil. It may be asked of nothing.
func (n *node) field(name string) *node {
	if n == nil || n.kind != nodeObject {
		return nil
	}
	return n.fields[name]
}

// string is the text of a part that is a text.
func (n *node) string(name string) string {
	if f := n.field(name); f != nil && f.kind == nodeString {
		return f.text
	}
	return ""
}

// all are the elements of a list, or the one.
func (n *node) all() []*node {
	switch {
	case n == nil || n.kind == nodeNull:
		return nil
	case n.kind == nodeList:
		return n.list
	default:
		return []*node{n}
	}
}

// write puts the node into words in which equal nodes are equal.
func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case nodeObject:
		b.WriteByte('{')
		for _, name := range slices.Sorted(slices.Values(n.names)) {
			b.WriteString(strconv.Quote(name))
			n.fields[name].write(b)
		}
		b.WriteByte('}')
	case nodeList:
		b.WriteByte('[')
		for _, inner := range n.list {
			inner.write(b)
			b.WriteByte(',')
		}
		b.WriteByte(']')
	case nodeString:
		b.WriteString(strconv.Quote(n.text))
	case nodeNumber:
		if d, ok := number(n.text); ok {
			b.WriteString(plain(d))
			return
		}
		b.WriteString(n.text)
	case nodeBoolean:
		b.WriteString(n.text)
	case nodeNull:
		b.WriteString("null")
	}
}

// Root is the document as one value.
func (d *Document) Root() Value {
	return Value{node: d.root, typ: d.root.string("resourceType")}
}

// FindItem finds the items of a form or of a response that have the linkId.
func (d *Document) FindItem(linkID string) Collection {
	var found Collection
	var look func(v *Value)
	look = func(v *Value) {
		for _, name := range []string{"item", "answer"} {
			parts := v.children(name)
			for i := range parts {
				if name == "item" && parts[i].Part("linkId") == linkID {
					found = append(found, parts[i])
				}
				look(&parts[i])
			}
		}
	}
	root := d.Root()
	look(&root)
	return found
}

// Parts are the parts of all values that have a name, in their order.
func (c Collection) Parts(name string) Collection {
	var all Collection
	for i := range c {
		all = append(all, c[i].children(name)...)
	}
	return all
}
