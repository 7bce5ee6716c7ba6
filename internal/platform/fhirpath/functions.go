package fhirpath

import (
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// function is one that expressions can call.
type function struct {
	least, most int
	typed       bool // its argument is the name of a type
	call        func(e *evaluation, c call) (Collection, error)
}

// call is a function with what it works on.
type call struct {
	x     *expr
	input Collection
	scope scope
}

// functions are all there are. What is not here is refused by name.
var functions = map[string]*function{
	"empty":  {call: func(_ *evaluation, c call) (Collection, error) { return answer(len(c.input) == 0, true), nil }},
	"exists": {most: 1, call: exists},
	"not":    {call: not},
	"all":    {least: 1, most: 1, call: all},
	"allTrue": {call: func(e *evaluation, c call) (Collection, error) {
		return everyBoolean(c, func(has map[bool]bool) bool { return !has[false] })
	}},
	"anyTrue": {call: func(e *evaluation, c call) (Collection, error) {
		return everyBoolean(c, func(has map[bool]bool) bool { return has[true] })
	}},
	"allFalse": {call: func(e *evaluation, c call) (Collection, error) {
		return everyBoolean(c, func(has map[bool]bool) bool { return !has[true] })
	}},
	"anyFalse": {call: func(e *evaluation, c call) (Collection, error) {
		return everyBoolean(c, func(has map[bool]bool) bool { return has[false] })
	}},
	"count":    {call: func(_ *evaluation, c call) (Collection, error) { return Collection{whole(int64(len(c.input)))}, nil }},
	"distinct": {call: func(e *evaluation, c call) (Collection, error) { return e.unique(c.input), nil }},
	"isDistinct": {call: func(e *evaluation, c call) (Collection, error) {
		return answer(len(e.unique(c.input)) == len(c.input), true), nil
	}},
	"hasValue": {call: func(_ *evaluation, c call) (Collection, error) {
		return answer(len(c.input) == 1 && c.input[0].kind != KindNone && c.input[0].kind != KindQuantity, true), nil
	}},

	"where":    {least: 1, most: 1, call: where},
	"select":   {least: 1, most: 1, call: project},
	"repeat":   {least: 1, most: 1, call: repeat},
	"ofType":   {typed: true, call: ofType},
	"is":       {typed: true, call: func(e *evaluation, c call) (Collection, error) { return e.typed(c.x, c.input) }},
	"as":       {typed: true, call: func(e *evaluation, c call) (Collection, error) { return e.typed(c.x, c.input) }},
	"iif":      {least: 2, most: 3, call: iif},
	"children": {call: func(e *evaluation, c call) (Collection, error) { return e.descend(c, 1) }},
	"descendants": {call: func(e *evaluation, c call) (Collection, error) {
		return e.descend(c, maxDepth)
	}},
	"extension": {least: 1, most: 1, call: extension},

	"first":  {call: func(_ *evaluation, c call) (Collection, error) { return cut(c.input, 0, 1), nil }},
	"last":   {call: func(_ *evaluation, c call) (Collection, error) { return cut(c.input, len(c.input)-1, 1), nil }},
	"tail":   {call: func(_ *evaluation, c call) (Collection, error) { return cut(c.input, 1, len(c.input)), nil }},
	"single": {call: single},
	"skip":   {least: 1, most: 1, call: skip},
	"take":   {least: 1, most: 1, call: take},

	"combine":    {least: 1, most: 1, call: combine},
	"union":      {least: 1, most: 1, call: union},
	"intersect":  {least: 1, most: 1, call: intersect},
	"exclude":    {least: 1, most: 1, call: exclude},
	"subsetOf":   {least: 1, most: 1, call: subset},
	"supersetOf": {least: 1, most: 1, call: superset},

	"sum": {call: sum}, "min": {call: least}, "max": {call: most}, "avg": {call: average},
	"round": {most: 1, call: round}, "abs": {call: absolute}, "ceiling": {call: ceiling}, "floor": {call: floorOf},
	"truncate": {call: truncate}, "exp": {call: exp}, "ln": {call: ln}, "log": {least: 1, most: 1, call: logarithm},
	"power": {least: 1, most: 1, call: power}, "sqrt": {call: root},

	"toString": {call: toString}, "toInteger": {call: toInteger}, "toDecimal": {call: toDecimal}, "toBoolean": {call: toBoolean},
	"toDate": {call: toTemporal(KindDate)}, "toDateTime": {call: toTemporal(KindDateTime)}, "toTime": {call: toTemporal(KindTime)},
	"toQuantity": {call: toQuantity},

	"toChars": {call: toChars}, "substring": {least: 1, most: 2, call: substring}, "length": {call: length},
	"startsWith": {least: 1, most: 1, call: tests(strings.HasPrefix)}, "endsWith": {least: 1, most: 1, call: tests(strings.HasSuffix)},
	"contains": {least: 1, most: 1, call: tests(strings.Contains)}, "indexOf": {least: 1, most: 1, call: indexOf},
	"lower": {call: changes(strings.ToLower)}, "upper": {call: changes(strings.ToUpper)}, "trim": {call: changes(strings.TrimSpace)},
	"replace": {least: 2, most: 2, call: replace}, "matches": {least: 1, most: 1, call: matches}, "join": {most: 1, call: join},
	"split": {least: 1, most: 1, call: split},

	"today": {call: today}, "now": {call: now}, "timeOfDay": {call: timeOfDay},

	"weight": {call: weights}, "ordinal": {call: weights},
}

// arg evaluates an argument that is a value: it sees what the whole expression sees there.
func (e *evaluation) arg(c call, n int) (Collection, error) { return e.eval(c.x.args[n], c.scope) }

// one is an argument that is one value of a kind. There is none where it is empty.
func (e *evaluation) one(c call, n int, kind Kind) (v Value, there bool, err error) {
	got, err := e.arg(c, n)
	if err != nil || len(got) == 0 {
		return Value{}, false, err
	}
	if len(got) > 1 || got[0].kind != kind && !(kind == KindDecimal && got[0].isNumber()) {
		return Value{}, false, fail(c.x.args[n].pos, "%s() takes one %s here", c.x.name, kind)
	}
	return got[0], true, nil
}

// only is what a function works on where that is one value of a kind.
func (c call) only(kind Kind) (v Value, there bool, err error) {
	switch {
	case len(c.input) == 0:
		return Value{}, false, nil
	case len(c.input) > 1:
		return Value{}, false, fail(c.x.pos, "%s() works on one value, and there are several", c.x.name)
	}
	v = c.input[0]
	if v.kind == kind || kind == KindDecimal && v.isNumber() || kind == KindString && temporal(v.kind) {
		return v, true, nil
	}
	return Value{}, false, fail(c.x.pos, "%s() works on a %s, and this is %s", c.x.name, kind, what(v))
}

// each evaluates an argument about every value of the input.
func (e *evaluation) each(c call, do func(v Value, result Collection) (bool, error)) error {
	for i, v := range c.input {
		result, err := e.eval(c.x.args[0], scope{Collection{v}, i})
		if err != nil {
			return err
		}
		if goOn, err := do(v, result); err != nil || !goOn {
			return err
		}
	}
	return nil
}

func filter(e *evaluation, c call) (Collection, error) {
	var kept Collection
	err := e.each(c, func(v Value, result Collection) (bool, error) {
		is, known, err := truth(c.x.args[0], result)
		if err == nil && is && known {
			kept = append(kept, v)
		}
		return true, err
	})
	return kept, err
}

func where(e *evaluation, c call) (Collection, error) { return filter(e, c) }

func exists(e *evaluation, c call) (Collection, error) {
	if len(c.x.args) == 0 {
		return answer(len(c.input) > 0, true), nil
	}
	kept, err := filter(e, c)
	return answer(len(kept) > 0, err == nil), err
}

func not(_ *evaluation, c call) (Collection, error) {
	is, known, err := truth(c.x, c.input)
	return answer(!is, known), err
}

func all(e *evaluation, c call) (Collection, error) {
	holds := true
	err := e.each(c, func(_ Value, result Collection) (bool, error) {
		is, known, err := truth(c.x.args[0], result)
		holds = is && known
		return holds, err
	})
	return answer(holds, err == nil), err
}

func everyBoolean(c call, says func(has map[bool]bool) bool) (Collection, error) {
	has := map[bool]bool{}
	for _, v := range c.input {
		if v.kind != KindBoolean {
			return nil, fail(c.x.pos, "%s() works on true and false, and this is %s", c.x.name, what(v))
		}
		has[v.bool] = true
	}
	return answer(says(has), true), nil
}

func project(e *evaluation, c call) (Collection, error) {
	var made Collection
	err := e.each(c, func(_ Value, result Collection) (bool, error) {
		made = append(made, result...)
		return true, e.size(c.x, made)
	})
	return made, err
}

// repeat goes on with what it finds until it finds nothing new.
func repeat(e *evaluation, c call) (Collection, error) {
	var found Collection
	seen := map[string]bool{}
	next := c.input
	for len(next) > 0 {
		var fresh Collection
		err := e.each(call{c.x, next, c.scope}, func(_ Value, result Collection) (bool, error) {
			for _, v := range result {
				k := e.key(v)
				if err := e.step(c.x, 1); err != nil {
					return false, err
				}
				if !seen[k] {
					seen[k] = true
					fresh = append(fresh, v)
				}
			}
			return true, e.size(c.x, fresh)
		})
		if err != nil {
			return nil, err
		}
		found = append(found, fresh...)
		if err := e.size(c.x, found); err != nil {
			return nil, err
		}
		next = fresh
	}
	return found, nil
}

func ofType(_ *evaluation, c call) (Collection, error) {
	var kept Collection
	for _, v := range c.input {
		if c.x.typ.is(v) {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

// iif looks at one of its branches only.
func iif(e *evaluation, c call) (Collection, error) {
	s := scope{c.input, c.scope.index}
	is, err := e.eval(c.x.args[0], s)
	if err != nil {
		return nil, err
	}
	yes, known, err := truth(c.x.args[0], is)
	switch {
	case err != nil:
		return nil, err
	case yes && known:
		return e.eval(c.x.args[1], s)
	case len(c.x.args) > 2:
		return e.eval(c.x.args[2], s)
	default:
		return nil, nil
	}
}

func (e *evaluation) descend(c call, depth int) (Collection, error) {
	var found Collection
	level := c.input
	for ; depth > 0 && len(level) > 0; depth-- {
		var next Collection
		for i := range level {
			parts := level[i].every()
			if err := e.step(c.x, len(parts)+1); err != nil {
				return nil, err
			}
			next = append(next, parts...)
		}
		found = append(found, next...)
		if err := e.size(c.x, found); err != nil {
			return nil, err
		}
		level = next
	}
	return found, nil
}

func extension(e *evaluation, c call) (Collection, error) {
	url, there, err := e.one(c, 0, KindString)
	if err != nil || !there {
		return nil, err
	}
	var found Collection
	for i := range c.input {
		v := &c.input[i]
		for _, x := range v.children("extension") {
			if x.node.string("url") == url.text {
				found = append(found, x)
			}
		}
	}
	return found, nil
}

// cut takes a piece of a collection, as far as there is one.
func cut(c Collection, from, n int) Collection {
	from = min(max(from, 0), len(c))
	return c[from : from+min(max(n, 0), len(c)-from)]
}

func single(_ *evaluation, c call) (Collection, error) {
	if len(c.input) > 1 {
		return nil, fail(c.x.pos, "single() finds several values")
	}
	return c.input, nil
}

func (e *evaluation) howMany(c call) (int, bool, error) {
	n, there, err := e.one(c, 0, KindInteger)
	if err != nil || !there {
		return 0, false, err
	}
	count, err := n.num.Int64()
	return int(count), err == nil, nil
}

func skip(e *evaluation, c call) (Collection, error) {
	n, there, err := e.howMany(c)
	if err != nil || !there {
		return nil, err
	}
	return cut(c.input, n, len(c.input)), nil
}

func take(e *evaluation, c call) (Collection, error) {
	n, there, err := e.howMany(c)
	if err != nil || !there {
		return nil, err
	}
	return cut(c.input, 0, n), nil
}

func combine(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	return slices.Concat(c.input, other), err
}

func union(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	return e.unique(slices.Concat(c.input, other)), err
}

func (e *evaluation) keys(c Collection) map[string]bool {
	keys := map[string]bool{}
	for _, v := range c {
		keys[e.key(v)] = true
	}
	return keys
}

func intersect(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	in := e.keys(other)
	return e.unique(slices.DeleteFunc(slices.Clone(c.input), func(v Value) bool { return !in[e.key(v)] })), err
}

func exclude(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	in := e.keys(other)
	return slices.DeleteFunc(slices.Clone(c.input), func(v Value) bool { return in[e.key(v)] }), err
}

func subset(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	in := e.keys(other)
	return answer(!slices.ContainsFunc(c.input, func(v Value) bool { return !in[e.key(v)] }), err == nil), err
}

func superset(e *evaluation, c call) (Collection, error) {
	other, err := e.arg(c, 0)
	in := e.keys(c.input)
	return answer(!slices.ContainsFunc(other, func(v Value) bool { return !in[e.key(v)] }), err == nil), err
}

// sum of nothing is nothing, and not 0.
func sum(e *evaluation, c call) (Collection, error) {
	if len(c.input) == 0 {
		return nil, nil
	}
	total := c.input[0]
	if len(c.input) == 1 && !total.isNumber() && total.kind != KindQuantity && total.kind != KindString {
		return nil, fail(c.x.pos, "sum() works on numbers, and this is %s", what(total))
	}
	plus := &expr{form: formOperator, pos: c.x.pos, name: "+"}
	for _, v := range c.input[1:] {
		got, err := e.arithmetic(plus, Collection{total}, Collection{v})
		if err != nil || len(got) == 0 {
			return nil, err
		}
		total = got[0]
	}
	return Collection{total}, nil
}

func extreme(e *evaluation, c call, name string) (Collection, error) {
	if len(c.input) == 0 {
		return nil, nil
	}
	best := c.input[0]
	order := &expr{form: formOperator, pos: c.x.pos, name: name}
	for _, v := range c.input[1:] {
		is, err := e.compare(order, Collection{v}, Collection{best})
		switch {
		case err != nil || len(is) == 0:
			return nil, err
		case is[0].bool:
			best = v
		}
	}
	return Collection{best}, nil
}

func least(e *evaluation, c call) (Collection, error) { return extreme(e, c, "<") }
func most(e *evaluation, c call) (Collection, error)  { return extreme(e, c, ">") }

func average(e *evaluation, c call) (Collection, error) {
	total, err := sum(e, c)
	if err != nil || len(total) == 0 {
		return nil, err
	}
	count := decimal(apd.New(int64(len(c.input)), 0))
	return e.arithmetic(&expr{form: formOperator, pos: c.x.pos, name: "/"}, total, Collection{count})
}
