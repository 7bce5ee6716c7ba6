package fhirpath

import (
	"math"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// decimals computes with 31 digits. Exponents are bounded, so that no number takes long.
var decimals = &apd.Context{
	Precision: 31, MaxExponent: 400, MinExponent: -400, Rounding: apd.RoundHalfUp,
	Traps: apd.DefaultTraps,
}

// number reads a number as JSON and the language write it.
func number(text string) (*apd.Decimal, bool) {
	if len(text) > 100 {
		return nil, false
	}
	d, _, err := decimals.NewFromString(text)
	if err != nil || d.Form != apd.Finite || d.Exponent > 400 || d.Exponent < -400 {
		return nil, false
	}
	return d, true
}

// plain writes a number without an exponent and without zeros that say nothing.
func plain(d *apd.Decimal) string {
	var r apd.Decimal
	r.Reduce(d)
	text := r.Text('f')
	if text == "-0" {
		return "0"
	}
	return text
}

// integer is a whole number, or a value of no kind where it is none or is out of the range that the
// language gives whole numbers.
func integer(d *apd.Decimal) Value {
	n, err := d.Int64()
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		return Value{}
	}
	return Value{kind: KindInteger, num: apd.New(n, 0)}
}

func whole(n int64) Value { return Value{kind: KindInteger, num: apd.New(n, 0)} }

func decimal(d *apd.Decimal) Value { return Value{kind: KindDecimal, num: d} }

type binary func(d, x, y *apd.Decimal) (apd.Condition, error)

// compute gives nothing where there is no result: division by zero, overflow, a logarithm of zero.
func compute(op binary, x, y *apd.Decimal) (*apd.Decimal, bool) {
	d := new(apd.Decimal)
	if c, err := op(d, x, y); err != nil || c.Overflow() || c.InvalidOperation() || d.Form != apd.Finite {
		return nil, false
	}
	d.Reduce(d)
	return d, true
}

func fraction(d *apd.Decimal) bool {
	var rest apd.Decimal
	if _, err := decimals.Rem(&rest, d, apd.New(1, 0)); err != nil {
		return true
	}
	return !rest.IsZero()
}

// places rounds to so many digits after the point, halves away from zero.
func places(d *apd.Decimal, n int32) (*apd.Decimal, bool) {
	wide := apd.Context{Precision: 450, MaxExponent: 400, MinExponent: -400, Rounding: apd.RoundHalfUp, Traps: apd.DefaultTraps}
	r := new(apd.Decimal)
	if _, err := wide.Quantize(r, d, -n); err != nil {
		return nil, false
	}
	return r, true
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
