package fhirpath

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

type (
	apdDecimal   = apd.Decimal
	apdCondition = apd.Condition
)

func (e *evaluation) operator(x *expr, s scope) (Collection, error) {
	left, err := e.eval(x.args[0], s)
	if err != nil {
		return nil, err
	}
	switch x.name {
	case "and", "or", "xor", "implies":
		return e.logic(x, left, s)
	}
	right, err := e.eval(x.args[1], s)
	if err != nil {
		return nil, err
	}
	if err := e.step(x, len(left)+len(right)); err != nil {
		return nil, err
	}
	switch x.name {
	case "=":
		is, known := e.equal(left, right)
		return answer(is, known), nil
	case "!=":
		is, known := e.equal(left, right)
		return answer(!is, known), nil
	case "~":
		return answer(e.equivalent(left, right), true), nil
	case "!~":
		return answer(!e.equivalent(left, right), true), nil
	case "<", ">", "<=", ">=":
		return e.compare(x, left, right)
	case "|":
		c := e.unique(append(left[:len(left):len(left)], right...))
		return c, e.size(x, c)
	case "in":
		return e.within(x, left, right)
	case "contains":
		return e.within(x, right, left)
	default:
		return e.arithmetic(x, left, right)
	}
}

func answer(is, known bool) Collection {
	if !known {
		return nil
	}
	return Collection{Boolean(is)}
}

// logic is that of three values: what is not known is neither true nor false.
func (e *evaluation) logic(x *expr, left Collection, s scope) (Collection, error) {
	a, knownA, err := truth(x.args[0], left)
	if err != nil {
		return nil, err
	}
	// The other side is not looked at where it changes nothing.
	switch {
	case x.name == "and" && knownA && !a:
		return answer(false, true), nil
	case x.name == "or" && knownA && a, x.name == "implies" && knownA && !a:
		return answer(true, true), nil
	}
	right, err := e.eval(x.args[1], s)
	if err != nil {
		return nil, err
	}
	b, knownB, err := truth(x.args[1], right)
	if err != nil {
		return nil, err
	}
	switch x.name {
	case "and":
		return answer(a && b, knownA && knownB || knownB && !b), nil
	case "or":
		return answer(a || b, knownA && knownB || knownB && b), nil
	case "xor":
		return answer(a != b, knownA && knownB), nil
	default:
		return answer(!a || b, knownA && knownB || knownB && b), nil
	}
}

// equal compares collections in their order. It is not known where one is empty.
func (e *evaluation) equal(a, b Collection) (is, known bool) {
	if len(a) == 0 || len(b) == 0 {
		return false, false
	}
	if len(a) != len(b) {
		return false, true
	}
	known = true
	for i := range a {
		if e.spent() {
			return false, false
		}
		same, sure := e.same(a[i], b[i])
		if sure && !same {
			return false, true
		}
		known = known && sure
	}
	return true, known
}

func temporal(k Kind) bool { return k == KindDate || k == KindDateTime || k == KindTime }

// same says whether two values are equal.
func (e *evaluation) same(a, b Value) (is, known bool) {
	if temporal(a.kind) && temporal(b.kind) {
		if (a.kind == KindTime) != (b.kind == KindTime) {
			return false, true
		}
		order, known := e.order(a, b)
		return order == 0, known || order != 0
	}
	if x, is := a.quantity(); is {
		if y, is := b.quantity(); is {
			return x.unit == y.unit && x.num.Cmp(y.num) == 0, x.unit == y.unit
		}
	}
	if temporal(a.kind) && b.kind == KindString || temporal(b.kind) && a.kind == KindString {
		return a.text == b.text, true
	}
	return e.key(a) == e.key(b), true
}

// equivalent compares without order and case. Nothing is equivalent to nothing.
func (e *evaluation) equivalent(a, b Collection) bool {
	if len(a) != len(b) {
		return false
	}
	rest := append(Collection(nil), b...)
	for _, v := range a {
		at := -1
		for i, w := range rest {
			if e.steps++; e.spent() {
				return false
			}
			if e.alike(v, w) {
				at = i
				break
			}
		}
		if at < 0 {
			return false
		}
		rest = append(rest[:at], rest[at+1:]...)
	}
	return true
}

func (e *evaluation) alike(a, b Value) bool {
	switch {
	case a.kind == KindString && b.kind == KindString:
		return fold(a.text) == fold(b.text)
	case a.isNumber() && b.isNumber():
		// as exact as the less exact one is written
		n := min(-a.num.Exponent, -b.num.Exponent)
		x, okX := places(a.num, max(n, 0))
		y, okY := places(b.num, max(n, 0))
		return okX && okY && x.Cmp(y) == 0
	default:
		is, known := e.same(a, b)
		return is && known
	}
}

func fold(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }

func (e *evaluation) compare(x *expr, left, right Collection) (Collection, error) {
	if len(left) == 0 || len(right) == 0 {
		return nil, nil
	}
	if len(left) > 1 || len(right) > 1 {
		return nil, fail(x.pos, "%s compares one value with one value, and there are several", x.name)
	}
	a, b := left[0], right[0]
	order, known := 0, true
	qa, isA := a.quantity()
	qb, isB := b.quantity()
	switch {
	case a.isNumber() && b.isNumber():
		order = a.num.Cmp(b.num)
	case a.kind == KindString && b.kind == KindString:
		order = strings.Compare(a.text, b.text)
	case temporal(a.kind) && temporal(b.kind) && (a.kind == KindTime) == (b.kind == KindTime):
		order, known = e.order(a, b)
	case isA && isB:
		if qa.unit != qb.unit {
			return nil, fail(x.pos, "quantities of different units are not compared")
		}
		order = qa.num.Cmp(qb.num)
	default:
		return nil, fail(x.pos, "%s compares %s with %s, which have no order", x.name, what(a), what(b))
	}
	if !known {
		return nil, nil
	}
	switch x.name {
	case "<":
		return answer(order < 0, true), nil
	case ">":
		return answer(order > 0, true), nil
	case "<=":
		return answer(order <= 0, true), nil
	default:
		return answer(order >= 0, true), nil
	}
}

// what names the kind of a value.
func what(v Value) string {
	switch {
	case v.kind != KindNone:
		return "a " + string(v.kind)
	case v.typ != "":
		return "a " + v.typ
	default:
		return "a part with parts of its own"
	}
}

func (e *evaluation) within(x *expr, one, list Collection) (Collection, error) {
	switch {
	case len(one) == 0:
		return nil, nil
	case len(one) > 1:
		return nil, fail(x.pos, "%s looks for one value, and there are several", x.name)
	}
	for _, v := range list {
		if err := e.step(x, 1); err != nil {
			return nil, err
		}
		if is, known := e.same(one[0], v); is && known {
			return answer(true, true), nil
		}
	}
	return answer(false, true), nil
}

// unique leaves out what was there before.
func (e *evaluation) unique(c Collection) Collection {
	var all Collection
	seen := map[string]bool{}
	for _, v := range c {
		if k := e.key(v); !seen[k] {
			seen[k] = true
			all = append(all, v)
		}
	}
	return all
}

func (e *evaluation) arithmetic(x *expr, left, right Collection) (Collection, error) {
	if x.name == "&" {
		return e.joined(x, left, right)
	}
	if len(left) == 0 || len(right) == 0 {
		return nil, nil
	}
	if len(left) > 1 || len(right) > 1 {
		return nil, fail(x.pos, "%s takes one value on each side, and there are several", x.name)
	}
	a, b := left[0], right[0]
	switch {
	case a.isNumber() && b.isNumber():
		return numbers(x, a, b), nil
	case x.name == "+" && a.kind == KindString && b.kind == KindString:
		return e.joined(x, left, right)
	case temporal(a.kind) && b.kind == KindQuantity && (x.name == "+" || x.name == "-"):
		sign := int64(1)
		if x.name == "-" {
			sign = -1
		}
		return e.add(x, a, b, sign)
	}
	return e.quantities(x, a, b)
}

func (e *evaluation) joined(x *expr, left, right Collection) (Collection, error) {
	if len(left) > 1 || len(right) > 1 {
		return nil, fail(x.pos, "%s joins one text with one text, and there are several", x.name)
	}
	var b strings.Builder
	for _, c := range []Collection{left, right} {
		for _, v := range c {
			if v.kind != KindString && !temporal(v.kind) {
				return nil, fail(x.pos, "%s joins texts, and this is %s", x.name, what(v))
			}
			b.WriteString(v.text)
		}
	}
	return Collection{String(b.String())}, e.length(x, b.Len())
}

// operations are those on numbers.
var operations = map[string]binary{
	"+": decimals.Add, "-": decimals.Sub, "*": decimals.Mul, "/": decimals.Quo, "div": decimals.QuoInteger, "mod": decimals.Rem,
}

func numbers(x *expr, a, b Value) Collection {
	d, ok := compute(operations[x.name], a.num, b.num)
	switch {
	case !ok:
		return nil
	case x.name == "div", a.kind == KindInteger && b.kind == KindInteger && x.name != "/":
		return maybe(integer(d))
	default:
		return Collection{decimal(d)}
	}
}

func (e *evaluation) quantities(x *expr, a, b Value) (Collection, error) {
	qa, isA := a.quantity()
	qb, isB := b.quantity()
	unit := qa
	switch {
	case isA && isB && qa.unit == qb.unit && (x.name == "+" || x.name == "-"):
	case isA && b.isNumber() && (x.name == "*" || x.name == "/"):
		qb.num = b.num
	case a.isNumber() && isB && x.name == "*":
		qa.num, unit = a.num, qb
	case isA && isB && qa.unit == qb.unit && x.name == "/":
		unit = Value{kind: KindQuantity, unit: "1", quoted: true}
	default:
		return nil, fail(x.pos, "%s cannot take %s and %s", x.name, what(a), what(b))
	}
	d, ok := compute(operations[x.name], qa.num, qb.num)
	if !ok {
		return nil, nil
	}
	return Collection{{kind: KindQuantity, num: d, unit: unit.unit, quoted: unit.quoted}}, nil
}
