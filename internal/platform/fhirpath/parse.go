package fhirpath

import (
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Expression is a parsed text.
type Expression struct {
	text      string
	root      *expr
	variables []string
}

// String is the text that was parsed.
func (x *Expression) String() string { return x.text }

// Variables are the names of the variables that the expression reads, in the order of the alphabet.
func (x *Expression) Variables() []string { return x.variables }

type form int

const (
	formLiteral  form = iota
	formEmpty         // {}
	formMember        // name, of args[0] or of the focus
	formCall          // name(args…), of on or of the focus
	formIndex         // on[args[0]]
	formVariable      // %name
	formThis          // $this
	formAt            // $index
	formSign          // +args[0], -args[0]
	formOperator      // args[0] name args[1]
	formType          // on is name, on as name
)

type expr struct {
	form form
	pos  int
	name string
	lit  Value
	on   *expr // what it is a part of; nil is the focus
	args []*expr
	fn   *function
	typ  typeName
}

// maxParens is how deep an expression may nest.
const maxParens = 60

// maxParts is of how many parts an expression may consist.
const maxParts = 4000

type parser struct {
	tokens []token
	at     int
	depth  int
	parts  int
	names  map[string]bool
}

// Parse reads an expression. The error is an *Error.
func Parse(text string) (*Expression, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, names: map[string]bool{}}
	root, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != tokEnd {
		return nil, fail(t.pos, "%q was not expected here", t.text)
	}
	x := &Expression{text: text, root: root}
	for name := range p.names {
		x.variables = append(x.variables, name)
	}
	slices.Sort(x.variables)
	return x, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != tokEnd {
		p.at++
	}
	return t
}

func (p *parser) symbol(text string) bool {
	if t := p.peek(); t.kind == tokSymbol && t.text == text {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if p.symbol(text) {
		return nil
	}
	t := p.peek()
	if t.kind == tokEnd {
		return fail(t.pos, "the expression ends where %q was expected", text)
	}
	return fail(t.pos, "%q stands where %q was expected", t.text, text)
}

// levels are the operators from the weakest to the strongest.
var levels = [][]string{
	{"implies"},
	{"or", "xor"},
	{"and"},
	{"in", "contains"},
	{"=", "~", "!=", "!~"},
	{"<=", "<", ">", ">="},
	{"|"},
	{"is", "as"},
	{"+", "-", "&"},
	{"*", "/", "div", "mod"},
}

const typeLevel = 7

func (p *parser) operator(level int) (token, bool) {
	t := p.peek()
	if (t.kind == tokSymbol || t.kind == tokName) && slices.Contains(levels[level], t.text) {
		p.at++
		return t, true
	}
	return t, false
}

func (p *parser) part(x *expr) (*expr, error) {
	if p.parts++; p.parts > maxParts {
		return nil, fail(x.pos, "the expression has more than %d parts", maxParts)
	}
	return x, nil
}

func (p *parser) expression(level int) (*expr, error) {
	if level == len(levels) {
		return p.unary()
	}
	if level == 0 {
		if p.depth++; p.depth > maxParens {
			return nil, fail(p.peek().pos, "the expression nests more than %d deep", maxParens)
		}
		defer func() { p.depth-- }()
	}
	left, err := p.expression(level + 1)
	for err == nil {
		t, is := p.operator(level)
		if !is {
			return left, nil
		}
		if level == typeLevel {
			var typ typeName
			if typ, err = p.typeName(); err == nil {
				left, err = p.part(&expr{form: formType, pos: t.pos, name: t.text, on: left, typ: typ})
			}
			continue
		}
		var right *expr
		if right, err = p.expression(level + 1); err == nil {
			left, err = p.part(&expr{form: formOperator, pos: t.pos, name: t.text, args: []*expr{left, right}})
		}
	}
	return nil, err
}

func (p *parser) unary() (*expr, error) {
	t := p.peek()
	if t.kind == tokSymbol && (t.text == "+" || t.text == "-") {
		p.at++
		if p.depth++; p.depth > maxParens {
			return nil, fail(t.pos, "the expression nests more than %d deep", maxParens)
		}
		defer func() { p.depth-- }()
		of, err := p.unary()
		if err != nil {
			return nil, err
		}
		return p.part(&expr{form: formSign, pos: t.pos, name: t.text, args: []*expr{of}})
	}
	x, err := p.term()
	for err == nil {
		switch t := p.peek(); {
		case p.symbol("."):
			x, err = p.invocation(x)
		case p.symbol("["):
			var index *expr
			if index, err = p.expression(0); err == nil {
				if err = p.expect("]"); err == nil {
					x, err = p.part(&expr{form: formIndex, pos: t.pos, on: x, args: []*expr{index}})
				}
			}
		default:
			return x, nil
		}
	}
	return nil, err
}

func (p *parser) term() (*expr, error) {
	t := p.peek()
	switch t.kind {
	case tokString:
		p.at++
		return p.part(&expr{form: formLiteral, pos: t.pos, lit: String(t.text)})
	case tokNumber:
		return p.number()
	case tokTemporal:
		p.at++
		v, ok := parseTemporal(t.text, KindNone)
		if !ok {
			return nil, fail(t.pos, "the date or time cannot be read")
		}
		return p.part(&expr{form: formLiteral, pos: t.pos, lit: v})
	case tokVariable:
		p.at++
		p.names[t.text] = true
		return p.part(&expr{form: formVariable, pos: t.pos, name: t.text})
	case tokSymbol:
		if p.symbol("(") {
			x, err := p.expression(0)
			if err != nil {
				return nil, err
			}
			return x, p.expect(")")
		}
		if p.symbol("{") {
			if err := p.expect("}"); err != nil {
				return nil, err
			}
			return p.part(&expr{form: formEmpty, pos: t.pos})
		}
	case tokName:
		if (t.text == "true" || t.text == "false") && !p.called() {
			p.at++
			return p.part(&expr{form: formLiteral, pos: t.pos, lit: Boolean(t.text == "true")})
		}
		return p.invocation(nil)
	case tokQuotedName, tokSpecial:
		return p.invocation(nil)
	case tokEnd:
		return nil, fail(t.pos, "the expression ends where something was expected")
	}
	return nil, fail(t.pos, "%q was not expected here", t.text)
}

// called says whether what comes is a name with a parenthesis after it.
func (p *parser) called() bool {
	after := p.tokens[min(p.at+1, len(p.tokens)-1)]
	return after.kind == tokSymbol && after.text == "("
}

func (p *parser) number() (*expr, error) {
	t := p.take()
	d, _, err := apd.NewFromString(t.text)
	if err != nil || len(t.text) > 40 {
		return nil, fail(t.pos, "the number cannot be read")
	}
	v := Value{kind: KindDecimal, num: d}
	if !strings.Contains(t.text, ".") {
		if v = integer(d); v.kind == KindNone {
			return nil, fail(t.pos, "the whole number is larger than the language allows")
		}
	}
	switch unit := p.peek(); {
	case unit.kind == tokString:
		p.at++
		v = Value{kind: KindQuantity, num: d, unit: unit.text, quoted: true}
	case unit.kind == tokName && calendar[unit.text] != "":
		p.at++
		v = Value{kind: KindQuantity, num: d, unit: calendar[unit.text]}
	}
	return p.part(&expr{form: formLiteral, pos: t.pos, lit: v})
}

// invocation reads a name, a call or a special word, which is a part of on.
func (p *parser) invocation(on *expr) (*expr, error) {
	t := p.take()
	switch t.kind {
	case tokSpecial:
		switch {
		case on != nil:
			return nil, fail(t.pos, "%s cannot stand after a dot", t.text)
		case t.text == "$this":
			return p.part(&expr{form: formThis, pos: t.pos})
		case t.text == "$index":
			return p.part(&expr{form: formAt, pos: t.pos})
		default:
			return nil, fail(t.pos, "%s is not supported", t.text)
		}
	case tokQuotedName:
		return p.part(&expr{form: formMember, pos: t.pos, name: t.text, on: on})
	case tokName:
	default:
		if t.kind == tokEnd {
			return nil, fail(t.pos, "the expression ends where a name was expected")
		}
		return nil, fail(t.pos, "%q stands where a name was expected", t.text)
	}
	if !p.symbol("(") {
		return p.part(&expr{form: formMember, pos: t.pos, name: t.text, on: on})
	}
	fn := functions[t.text]
	if fn == nil {
		return nil, fail(t.pos, "the function %s() is not supported", t.text)
	}
	x := &expr{form: formCall, pos: t.pos, name: t.text, on: on, fn: fn}
	if fn.typed {
		var err error
		if x.typ, err = p.typeName(); err != nil {
			return nil, err
		}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
		return p.part(x)
	}
	for !p.symbol(")") {
		if len(x.args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		arg, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		x.args = append(x.args, arg)
	}
	if len(x.args) < fn.least || len(x.args) > fn.most {
		return nil, fail(t.pos, "the function %s() does not take %d arguments", t.text, len(x.args))
	}
	return p.part(x)
}

func (p *parser) typeName() (typeName, error) {
	t := p.take()
	if t.kind != tokName && t.kind != tokQuotedName {
		return typeName{}, fail(t.pos, "the name of a type was expected")
	}
	name := typeName{name: t.text}
	if (t.text == "System" || t.text == "FHIR") && p.symbol(".") {
		inner := p.take()
		name = typeName{space: t.text, name: inner.text}
	}
	if !name.known() {
		return typeName{}, fail(t.pos, "the type %s is not supported", name.name)
	}
	return name, nil
}
