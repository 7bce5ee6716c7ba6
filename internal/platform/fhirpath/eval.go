package fhirpath

import (
	"time"
)

// Limits are how far an expression may go. Zero values stand for the usual ones.
type Limits struct {
	Steps   int // parts looked at or made
	Results int // values of one collection
	Text    int // bytes of a text that is made
}

var usual = Limits{Steps: 500_000, Results: 20_000, Text: 1 << 20}

// Env is what an expression can see.
type Env struct {
	// Focus is what the expression is about.
	Focus Collection
	// Variables are known by their names, without the %. The names resource, rootResource, context,
	// ucum, sct and loinc are known anyway: the first three are the focus unless they are declared.
	Variables map[string]Collection
	// Now is the moment of today() and now(), in the place whose days count.
	Now    time.Time
	Limits Limits
}

func (v *Env) place() *time.Location {
	if v.Now.IsZero() {
		return time.UTC
	}
	return v.Now.Location()
}

// constants are variables that every expression knows.
var constants = map[string]string{
	"ucum": "http://unitsofmeasure.org", "sct": "http://snomed.info/sct", "loinc": "http://loinc.org",
}

// Known says whether a variable is known without being declared.
func Known(name string) bool {
	return constants[name] != "" || name == "resource" || name == "rootResource" || name == "context"
}

type evaluation struct {
	env    *Env
	limits Limits
	steps  int
}

// scope is what $this and $index are.
type scope struct {
	this  Collection
	index int // below 0 where there is none
}

// Eval evaluates the expression. Errors name the place and never a value.
func (x *Expression) Eval(env Env) (Collection, error) {
	e := &evaluation{env: &env, limits: env.Limits}
	if e.limits.Steps == 0 {
		e.limits.Steps = usual.Steps
	}
	if e.limits.Results == 0 {
		e.limits.Results = usual.Results
	}
	if e.limits.Text == 0 {
		e.limits.Text = usual.Text
	}
	c, err := e.eval(x.root, scope{env.Focus, -1})
	if err == nil {
		err = e.step(x.root, 0) // the last comparison may have been one too many
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// key is the key of a value. What it costs is counted, and said at the next step.
func (e *evaluation) key(v Value) string {
	if e.spent() {
		return ""
	}
	k := v.key()
	e.steps += len(k) / 64
	return k
}

// spent says whether there are no steps left.
func (e *evaluation) spent() bool { return e.steps > e.limits.Steps }

// step counts what was looked at.
func (e *evaluation) step(x *expr, n int) error {
	if e.steps += n; e.steps > e.limits.Steps || n > e.limits.Steps {
		return limitError{fail(x.pos, "the expression takes more than %d steps", e.limits.Steps)}
	}
	return nil
}

func (e *evaluation) size(x *expr, c Collection) error {
	if len(c) > e.limits.Results {
		return limitError{fail(x.pos, "this gives more than %d values", e.limits.Results)}
	}
	return nil
}

func (e *evaluation) length(x *expr, n int) error {
	if n > e.limits.Text {
		return limitError{fail(x.pos, "this makes a text of more than %d bytes", e.limits.Text)}
	}
	return e.step(x, n/64)
}

func (e *evaluation) eval(x *expr, s scope) (Collection, error) {
	if err := e.step(x, 1); err != nil {
		return nil, err
	}
	switch x.form {
	case formLiteral:
		return Collection{x.lit}, nil
	case formEmpty:
		return nil, nil
	case formThis:
		return s.this, nil
	case formAt:
		if s.index < 0 {
			return nil, fail(x.pos, "$index has a meaning only inside where, select, all, exists and repeat")
		}
		return Collection{whole(int64(s.index))}, nil
	case formVariable:
		return e.variable(x)
	case formMember:
		return e.member(x, s)
	case formIndex:
		return e.index(x, s)
	case formSign:
		return e.sign(x, s)
	case formType:
		on, err := e.eval(x.on, s)
		if err != nil {
			return nil, err
		}
		return e.typed(x, on)
	case formOperator:
		return e.operator(x, s)
	case formCall:
		input, err := e.input(x, s)
		if err != nil {
			return nil, err
		}
		if err := e.step(x, len(input)); err != nil {
			return nil, err
		}
		c, err := x.fn.call(e, call{x: x, input: input, scope: s})
		if err != nil {
			return nil, err
		}
		return c, e.size(x, c)
	default:
		return nil, fail(x.pos, "this cannot be evaluated")
	}
}

// input is what a part of an expression works on.
func (e *evaluation) input(x *expr, s scope) (Collection, error) {
	if x.on == nil {
		return s.this, nil
	}
	return e.eval(x.on, s)
}

func (e *evaluation) variable(x *expr) (Collection, error) {
	if c, is := e.env.Variables[x.name]; is {
		return c, nil
	}
	if text := constants[x.name]; text != "" {
		return Collection{String(text)}, nil
	}
	switch x.name {
	case "resource", "rootResource", "context":
		return e.env.Focus, nil
	default:
		return nil, fail(x.pos, "the variable %%%s is not known", x.name)
	}
}

func (e *evaluation) member(x *expr, s scope) (Collection, error) {
	input, err := e.input(x, s)
	if err != nil {
		return nil, err
	}
	var all Collection
	for i := range input {
		v := &input[i]
		if x.on == nil && v.node != nil && x.name != "" && v.node.string("resourceType") == x.name {
			all = append(all, *v) // an expression may begin with the type of what it is about
			continue
		}
		parts := v.children(x.name)
		if len(parts) == 0 && v.node != nil { // the whole name of an element whose name goes on with its type
			if n := v.node.field(x.name); n != nil {
				parts = spread(n, v.node.field("_"+x.name), "", x.name, v)
			}
		}
		if err := e.step(x, len(parts)+1); err != nil {
			return nil, err
		}
		all = append(all, parts...)
		if err := e.size(x, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (e *evaluation) index(x *expr, s scope) (Collection, error) {
	input, err := e.eval(x.on, s)
	if err != nil {
		return nil, err
	}
	index, err := e.eval(x.args[0], s)
	if err != nil || len(index) == 0 {
		return nil, err
	}
	if len(index) > 1 || index[0].kind != KindInteger {
		return nil, fail(x.args[0].pos, "an index is one whole number")
	}
	n, err := index[0].num.Int64()
	if err != nil || n < 0 || n >= int64(len(input)) {
		return nil, nil //nolint:nilerr // there is nothing at that place
	}
	return input[n : n+1], nil
}

func (e *evaluation) sign(x *expr, s scope) (Collection, error) {
	c, err := e.eval(x.args[0], s)
	if err != nil || len(c) == 0 {
		return nil, err
	}
	if len(c) > 1 || !c[0].isNumber() && c[0].kind != KindQuantity {
		return nil, fail(x.pos, "the sign %s stands before what is not one number", x.name)
	}
	if x.name == "+" {
		return c, nil
	}
	v := c[0]
	d, ok := compute(func(d, a, _ *apdDecimal) (apdCondition, error) { return decimals.Neg(d, a) }, v.num, nil)
	if !ok {
		return nil, nil
	}
	if v.kind == KindInteger {
		return maybe(integer(d)), nil
	}
	return Collection{{kind: v.kind, num: d, unit: v.unit, quoted: v.quoted}}, nil
}

// maybe is a collection of a value, or nothing where the value is of no kind.
func maybe(v Value) Collection {
	if v.kind == KindNone {
		return nil
	}
	return Collection{v}
}

func (e *evaluation) typed(x *expr, on Collection) (Collection, error) {
	if len(on) == 0 {
		return nil, nil
	}
	if len(on) > 1 {
		return nil, fail(x.pos, "%s asks about one value and there are several", x.name)
	}
	is := x.typ.is(on[0])
	switch {
	case x.name == "is":
		return Collection{Boolean(is)}, nil
	case is:
		return on, nil
	default:
		return nil, nil
	}
}

// truth is a collection as true, false or neither. One value that is not a Boolean is true: it is there.
func truth(x *expr, c Collection) (value, known bool, err error) {
	switch {
	case len(c) == 0:
		return false, false, nil
	case len(c) > 1:
		return false, false, fail(x.pos, "this is several values where true or false is needed")
	case c[0].kind == KindBoolean:
		return c[0].bool, true, nil
	default:
		return true, true, nil
	}
}
