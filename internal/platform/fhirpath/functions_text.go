package fhirpath

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/cockroachdb/apd/v3"
)

// maxPattern is how long a pattern may be. Patterns take time in proportion to the text.
const maxPattern = 1000

func toString(_ *evaluation, c call) (Collection, error) {
	if len(c.input) == 0 {
		return nil, nil
	}
	if len(c.input) > 1 {
		return nil, fail(c.x.pos, "toString() works on one value, and there are several")
	}
	v := c.input[0]
	switch v.kind {
	case KindNone:
		return nil, nil
	case KindQuantity:
		if v.quoted {
			return Collection{String(plain(v.num) + " '" + v.unit + "'")}, nil
		}
		return Collection{String(plain(v.num) + " " + v.unit)}, nil
	case KindDecimal: // as exact as it is
		return Collection{String(v.num.Text('f'))}, nil
	default:
		return Collection{String(v.Text())}, nil
	}
}

func toInteger(_ *evaluation, c call) (Collection, error) {
	v, there, err := c.lone()
	if err != nil || !there {
		return nil, err
	}
	switch v.kind {
	case KindInteger:
		return Collection{v}, nil
	case KindDecimal:
		if !fraction(v.num) {
			return maybe(integer(v.num)), nil
		}
	case KindBoolean:
		return Collection{whole(map[bool]int64{true: 1}[v.bool])}, nil
	case KindString:
		if digits(strings.TrimPrefix(strings.TrimPrefix(v.text, "-"), "+")) && len(v.text) < 20 {
			if d, ok := number(v.text); ok {
				return maybe(integer(d)), nil
			}
		}
	default:
	}
	return nil, nil
}

// lone is what a conversion works on: one value of any kind.
func (c call) lone() (Value, bool, error) {
	if len(c.input) > 1 {
		return Value{}, false, fail(c.x.pos, "%s() works on one value, and there are several", c.x.name)
	}
	if len(c.input) == 0 {
		return Value{}, false, nil
	}
	return c.input[0], true, nil
}

var decimalForm = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func toDecimal(_ *evaluation, c call) (Collection, error) {
	v, there, err := c.lone()
	if err != nil || !there {
		return nil, err
	}
	switch v.kind {
	case KindInteger, KindDecimal:
		return Collection{decimal(v.num)}, nil
	case KindBoolean:
		return Collection{decimal(apd.New(map[bool]int64{true: 1}[v.bool], 0))}, nil
	case KindString:
		if decimalForm.MatchString(v.text) {
			if d, ok := number(v.text); ok {
				return Collection{decimal(d)}, nil
			}
		}
	default:
	}
	return nil, nil
}

func toBoolean(_ *evaluation, c call) (Collection, error) {
	v, there, err := c.lone()
	if err != nil || !there {
		return nil, err
	}
	text := strings.ToLower(v.Text())
	if v.kind == KindString || v.isNumber() || v.kind == KindBoolean {
		switch text {
		case "true", "t", "yes", "y", "1", "1.0":
			return answer(true, true), nil
		case "false", "f", "no", "n", "0", "0.0":
			return answer(false, true), nil
		}
	}
	return nil, nil
}

func toTemporal(kind Kind) func(*evaluation, call) (Collection, error) {
	return func(_ *evaluation, c call) (Collection, error) {
		v, there, err := c.lone()
		if err != nil || !there {
			return nil, err
		}
		isTime := v.kind == KindTime
		switch {
		case v.kind == KindString:
			if t, ok := parseTemporal(v.text, kind); ok {
				return Collection{t.as(kind)}, nil
			}
		case temporal(v.kind) && isTime == (kind == KindTime):
			return Collection{v.as(kind)}, nil
		}
		return nil, nil
	}
}

var quantityForm = regexp.MustCompile(`^([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:'([^']+)'|([a-z]+))?$`)

func toQuantity(_ *evaluation, c call) (Collection, error) {
	v, there, err := c.lone()
	if err != nil || !there {
		return nil, err
	}
	if q, is := v.quantity(); is {
		return Collection{q}, nil
	}
	switch v.kind {
	case KindInteger, KindDecimal:
		return Collection{{kind: KindQuantity, num: v.num, unit: "1", quoted: true}}, nil
	case KindString:
		m := quantityForm.FindStringSubmatch(v.text)
		if m == nil || m[3] != "" && calendar[m[3]] == "" {
			return nil, nil
		}
		d, ok := number(m[1])
		q := Value{kind: KindQuantity, num: d, unit: m[2], quoted: m[3] == ""}
		switch {
		case !ok:
			return nil, nil
		case m[3] != "":
			q.unit = calendar[m[3]]
		case m[2] == "":
			q.unit = "1"
		}
		return Collection{q}, nil
	default:
		return nil, nil
	}
}

func toChars(e *evaluation, c call) (Collection, error) {
	v, there, err := c.only(KindString)
	if err != nil || !there {
		return nil, err
	}
	if err := e.step(c.x, len(v.text)); err != nil {
		return nil, err
	}
	var all Collection
	for _, r := range v.text {
		all = append(all, String(string(r)))
	}
	return all, nil
}

func substring(e *evaluation, c call) (Collection, error) {
	v, there, err := c.only(KindString)
	if err != nil || !there {
		return nil, err
	}
	start, there, err := e.one(c, 0, KindInteger)
	if err != nil || !there {
		return nil, err
	}
	if err := e.step(c.x, len(v.text)/16); err != nil {
		return nil, err
	}
	text := []rune(v.text)
	from, err := start.num.Int64()
	if err != nil || from < 0 || from >= int64(len(text)) {
		return nil, nil //nolint:nilerr // there is nothing at that place
	}
	to := int64(len(text))
	if len(c.x.args) > 1 {
		n, there, err := e.one(c, 1, KindInteger)
		if err != nil {
			return nil, err
		}
		if there {
			count, err := n.num.Int64()
			if err != nil {
				return nil, nil //nolint:nilerr // whole numbers have 32 bits
			}
			to = min(to, from+max(count, 0))
		}
	}
	return Collection{String(string(text[from:to]))}, nil
}

func length(_ *evaluation, c call) (Collection, error) {
	v, there, err := c.only(KindString)
	if err != nil || !there {
		return nil, err
	}
	return Collection{whole(int64(utf8.RuneCountInString(v.text)))}, nil
}

// texts are what a function on text works on, and its argument.
func (e *evaluation) texts(c call) (text, arg string, there bool, err error) {
	v, there, err := c.only(KindString)
	if err != nil || !there {
		return "", "", false, err
	}
	a, there, err := e.one(c, 0, KindString)
	if err != nil || !there {
		return "", "", false, err
	}
	return v.text, a.text, true, e.step(c.x, len(v.text)/16)
}

func tests(test func(text, arg string) bool) func(*evaluation, call) (Collection, error) {
	return func(e *evaluation, c call) (Collection, error) {
		text, arg, there, err := e.texts(c)
		if err != nil {
			return nil, err
		}
		return answer(test(text, arg), there), nil
	}
}

func indexOf(e *evaluation, c call) (Collection, error) {
	text, arg, there, err := e.texts(c)
	if err != nil || !there {
		return nil, err
	}
	at := strings.Index(text, arg)
	if at > 0 {
		at = utf8.RuneCountInString(text[:at])
	}
	return Collection{whole(int64(at))}, nil
}

func changes(change func(string) string) func(*evaluation, call) (Collection, error) {
	return func(e *evaluation, c call) (Collection, error) {
		v, there, err := c.only(KindString)
		if err != nil || !there {
			return nil, err
		}
		text := change(v.text)
		return Collection{String(text)}, e.length(c.x, len(text))
	}
}

func replace(e *evaluation, c call) (Collection, error) {
	text, what, there, err := e.texts(c)
	if err != nil || !there {
		return nil, err
	}
	by, there, err := e.one(c, 1, KindString)
	if err != nil || !there {
		return nil, err
	}
	// Counted before it is made: a short text can become a very long one.
	size := len(text) + strings.Count(text, what)*len(by.text)
	if err := e.length(c.x, size); err != nil {
		return nil, err
	}
	return Collection{String(strings.ReplaceAll(text, what, by.text))}, nil
}

func matches(e *evaluation, c call) (Collection, error) {
	text, pattern, there, err := e.texts(c)
	if err != nil || !there {
		return nil, err
	}
	if len(pattern) > maxPattern {
		return nil, fail(c.x.args[0].pos, "the pattern is longer than %d bytes", maxPattern)
	}
	re, err := regexp.Compile("(?s)" + pattern)
	if err != nil {
		return nil, fail(c.x.args[0].pos, "the pattern is not one that is supported")
	}
	if err := e.step(c.x, len(pattern)+len(text)); err != nil {
		return nil, err
	}
	return answer(re.MatchString(text), true), nil
}

func join(e *evaluation, c call) (Collection, error) {
	between := ""
	if len(c.x.args) > 0 {
		v, there, err := e.one(c, 0, KindString)
		if err != nil {
			return nil, err
		}
		if there {
			between = v.text
		}
	}
	size := 0
	var parts []string
	for _, v := range c.input {
		if v.kind != KindString && !temporal(v.kind) {
			return nil, fail(c.x.pos, "join() works on texts, and this is %s", what(v))
		}
		parts = append(parts, v.text)
		if size += len(v.text) + len(between); size > e.limits.Text {
			return nil, e.length(c.x, size)
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	return Collection{String(strings.Join(parts, between))}, e.length(c.x, size)
}

func split(e *evaluation, c call) (Collection, error) {
	text, by, there, err := e.texts(c)
	if err != nil || !there {
		return nil, err
	}
	if err := e.step(c.x, len(text)); err != nil {
		return nil, err
	}
	var all Collection
	for _, piece := range strings.Split(text, by) {
		all = append(all, String(piece))
	}
	return all, nil
}

// clock is the moment that the environment gives. Without one there is none.
func clock(e *evaluation, c call, kind Kind) (Collection, error) {
	if e.env.Now.IsZero() {
		return nil, fail(c.x.pos, "%s() has no clock here", c.x.name)
	}
	v := at(e.env.Now)
	if kind == KindTime {
		v.when.zone = ""
		v.when.zoned = false
	}
	return Collection{v.as(kind)}, nil
}

func today(e *evaluation, c call) (Collection, error)     { return clock(e, c, KindDate) }
func now(e *evaluation, c call) (Collection, error)       { return clock(e, c, KindDateTime) }
func timeOfDay(e *evaluation, c call) (Collection, error) { return clock(e, c, KindTime) }
