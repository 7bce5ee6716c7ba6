package fhirpath

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Kind is what a value is, for computing with it.
type Kind string

const (
	KindNone     Kind = "" // a part of a document that has parts itself
	KindBoolean  Kind = "Boolean"
	KindString   Kind = "String"
	KindInteger  Kind = "Integer"
	KindDecimal  Kind = "Decimal"
	KindDate     Kind = "Date"
	KindDateTime Kind = "DateTime"
	KindTime     Kind = "Time"
	KindQuantity Kind = "Quantity"
)

// Value is one value of a collection.
type Value struct {
	kind   Kind
	bool   bool
	text   string // of a string, a date or a time
	num    *apd.Decimal
	unit   string
	quoted bool // the unit is a code, not a word of the calendar
	when   moment

	typ    string // the FHIR type or path; "" of what was computed
	name   string // the element that it is in what it is a part of
	node   *node
	ext    *node // extensions of a primitive
	parent *Value
}

// Collection is what an expression gives.
type Collection []Value

// String is a text.
func String(s string) Value { return Value{kind: KindString, text: s} }

// Boolean is true or false.
func Boolean(b bool) Value { return Value{kind: KindBoolean, bool: b} }

// Kind says what the value is. It is KindNone for a part of a document that has parts.
func (v Value) Kind() Kind { return v.kind }

// FHIRType is the type of a part of a document where it is known, such as "Coding" or "date".
func (v Value) FHIRType() string { return v.typ }

// Bool is the value of a Boolean.
func (v Value) Bool() bool { return v.bool }

// Text is a value of any kind but KindNone and KindQuantity as FHIR writes it.
func (v Value) Text() string {
	switch v.kind {
	case KindBoolean:
		if v.bool {
			return "true"
		}
		return "false"
	case KindInteger, KindDecimal:
		return plain(v.num)
	default:
		return v.text
	}
}

// Part is a text inside a value that has parts, such as the code of a Coding.
func (v Value) Part(name string) string { return v.node.string(name) }

// Quantity is the number and the unit of a Quantity.
func (v Value) Quantity() (number, unit string, ok bool) {
	q, ok := v.quantity()
	if !ok {
		return "", "", false
	}
	return plain(q.num), q.unit, true
}

func (v Value) isNumber() bool { return v.kind == KindInteger || v.kind == KindDecimal }

// quantity is the value as a quantity, if it is one.
func (v Value) quantity() (Value, bool) {
	switch {
	case v.kind == KindQuantity:
		return v, true
	case v.typ == "Quantity" && v.node != nil:
		n := v.node.field("value")
		if n == nil || n.kind != nodeNumber {
			return Value{}, false
		}
		d, ok := number(n.text)
		if !ok {
			return Value{}, false
		}
		unit := v.node.string("code")
		if unit == "" {
			unit = v.node.string("unit")
		}
		return Value{kind: KindQuantity, num: d, unit: unit, quoted: true}, true
	default:
		return Value{}, false
	}
}

// key is a text that is equal for equal values.
func (v Value) key() string {
	var b strings.Builder
	switch {
	case v.isNumber():
		return "n" + plain(v.num)
	case v.kind == KindQuantity:
		return "q" + plain(v.num) + " " + v.unit
	case v.kind == KindNone && v.node != nil:
		v.node.write(&b)
		return b.String()
	default:
		return string(v.kind) + ":" + v.Text()
	}
}

// part is a part of a document as a value.
func part(n, ext *node, typ, name string, parent *Value) Value {
	v := Value{node: n, ext: ext, typ: typ, name: name, parent: parent}
	if n == nil {
		return v
	}
	switch n.kind {
	case nodeBoolean:
		v.kind, v.bool = KindBoolean, n.text == "true"
	case nodeNumber:
		d, ok := number(n.text)
		if !ok {
			v.kind, v.text = KindString, n.text
			break
		}
		v.kind, v.num = KindDecimal, d
		if typ != "decimal" && !strings.ContainsAny(n.text, ".eE") {
			if i := integer(d); i.kind != KindNone {
				v.kind = KindInteger
			}
		}
	case nodeString:
		v.kind, v.text = KindString, n.text
		if k := temporalTypes[typ]; k != KindNone {
			if t, ok := parseTemporal(n.text, k); ok {
				v.kind, v.when = t.kind, t.when
			}
		}
	case nodeNull, nodeObject, nodeList:
	}
	return v
}

var temporalTypes = map[string]Kind{"date": KindDate, "dateTime": KindDateTime, "instant": KindDateTime, "time": KindTime}

// children are the parts of a value that have a name.
func (v *Value) children(name string) Collection {
	holder := v.node
	if v.kind != KindNone || holder == nil {
		holder = v.ext
	}
	if holder == nil || holder.kind != nodeObject {
		return nil
	}
	typ := typeOf(v.typ, name)
	n, ext := holder.field(name), holder.field("_"+name)
	if n == nil && ext == nil && choices[name] {
		for _, t := range choiceTypes {
			long := name + strings.ToUpper(t[:1]) + t[1:]
			if n, ext = holder.field(long), holder.field("_"+long); n != nil || ext != nil {
				typ = t
				break
			}
		}
	}
	return spread(n, ext, typ, name, v)
}

// spread makes values of an element and of the extensions beside it.
func spread(n, ext *node, typ, name string, parent *Value) Collection {
	var all Collection
	add := func(n, ext *node) {
		if n != nil && n.kind == nodeNull {
			n = nil
		}
		if ext != nil && ext.kind == nodeNull {
			ext = nil
		}
		if n != nil || ext != nil {
			of := typ
			if n != nil {
				if r := n.string("resourceType"); r != "" {
					of = r
				}
			}
			all = append(all, part(n, ext, of, name, parent))
		}
	}
	if n != nil && n.kind == nodeList || n == nil && ext != nil && ext.kind == nodeList {
		ns, exts := n.all(), ext.all()
		for i := range max(len(ns), len(exts)) {
			var one, beside *node
			if i < len(ns) {
				one = ns[i]
			}
			if ext != nil && ext.kind == nodeList && i < len(exts) {
				beside = exts[i]
			}
			add(one, beside)
		}
		return all
	}
	add(n, ext)
	return all
}

// every are all parts of a value, in the order of the document.
func (v *Value) every() Collection {
	holder := v.node
	if v.kind != KindNone || holder == nil {
		holder = v.ext
	}
	if holder == nil || holder.kind != nodeObject {
		return nil
	}
	var all Collection
	for _, name := range holder.names {
		base, beside := strings.CutPrefix(name, "_")
		switch {
		case name == "resourceType":
		case beside && holder.fields[base] == nil:
			all = append(all, spread(nil, holder.fields[name], choiceType(v.typ, base), base, v)...)
		case !beside:
			all = append(all, spread(holder.fields[name], holder.field("_"+name), choiceType(v.typ, name), name, v)...)
		}
	}
	return all
}
