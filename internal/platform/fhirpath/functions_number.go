package fhirpath

import (
	"github.com/cockroachdb/apd/v3"
)

func unary(c call, op func(d *apd.Decimal) (*apd.Decimal, bool), toWhole bool) (Collection, error) {
	v, there, err := c.only(KindDecimal)
	if err != nil || !there {
		return nil, err
	}
	d, ok := op(v.num)
	switch {
	case !ok:
		return nil, nil
	case toWhole:
		return maybe(integer(d)), nil
	default:
		return Collection{decimal(d)}, nil
	}
}

func with(op func(d, x *apd.Decimal) (apd.Condition, error)) func(d *apd.Decimal) (*apd.Decimal, bool) {
	return func(x *apd.Decimal) (*apd.Decimal, bool) {
		return compute(func(d, x, _ *apd.Decimal) (apd.Condition, error) { return op(d, x) }, x, nil)
	}
}

// round rounds to so many digits after the point.
func round(e *evaluation, c call) (Collection, error) {
	digits := int64(0)
	if len(c.x.args) > 0 {
		n, there, err := e.one(c, 0, KindInteger)
		if err != nil || !there {
			return nil, err
		}
		if digits, err = n.num.Int64(); err != nil || digits < 0 || digits > 30 {
			return nil, fail(c.x.args[0].pos, "round() takes between 0 and 30 digits")
		}
	}
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) { return places(d, int32(digits)) }, false) //nolint:gosec // 30 at most
}

func absolute(_ *evaluation, c call) (Collection, error) {
	whole := len(c.input) == 1 && c.input[0].kind == KindInteger
	return unary(c, with(decimals.Abs), whole)
}

func ceiling(_ *evaluation, c call) (Collection, error) { return unary(c, with(decimals.Ceil), true) }

func floorOf(_ *evaluation, c call) (Collection, error) { return unary(c, with(decimals.Floor), true) }

func truncate(_ *evaluation, c call) (Collection, error) {
	return unary(c, with(func(d, x *apd.Decimal) (apd.Condition, error) {
		if x.Negative {
			return decimals.Ceil(d, x)
		}
		return decimals.Floor(d, x)
	}), true)
}

// far says whether e to that power is beyond every number here.
func far(d *apd.Decimal) bool { return d.Cmp(apd.New(900, 0)) > 0 || d.Cmp(apd.New(-900, 0)) < 0 }

func exp(_ *evaluation, c call) (Collection, error) {
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) {
		if far(d) {
			return nil, false
		}
		return with(decimals.Exp)(d)
	}, false)
}

func positive(d *apd.Decimal) bool { return d.Sign() > 0 }

func ln(_ *evaluation, c call) (Collection, error) {
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) {
		if !positive(d) {
			return nil, false
		}
		return with(decimals.Ln)(d)
	}, false)
}

func root(_ *evaluation, c call) (Collection, error) {
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) {
		if d.Sign() < 0 {
			return nil, false
		}
		return with(decimals.Sqrt)(d)
	}, false)
}

func logarithm(e *evaluation, c call) (Collection, error) {
	base, there, err := e.one(c, 0, KindDecimal)
	if err != nil || !there {
		return nil, err
	}
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) {
		if !positive(d) || !positive(base.num) {
			return nil, false
		}
		above, okA := with(exactly.Ln)(d)
		below, okB := with(exactly.Ln)(base.num)
		if !okA || !okB {
			return nil, false
		}
		q, ok := compute(exactly.Quo, above, below)
		if !ok {
			return nil, false
		}
		return with(decimals.Round)(q)
	}, false)
}

// exactly computes with more digits than are shown, where the last ones would be lost on the way.
var exactly = decimals.WithPrecision(40)

func power(e *evaluation, c call) (Collection, error) {
	to, there, err := e.one(c, 0, KindDecimal)
	if err != nil || !there {
		return nil, err
	}
	whole := len(c.input) == 1 && c.input[0].kind == KindInteger && to.kind == KindInteger && to.num.Sign() >= 0
	return unary(c, func(d *apd.Decimal) (*apd.Decimal, bool) {
		if far(to.num) || d.Sign() < 0 && fraction(to.num) || d.IsZero() && to.num.Sign() < 0 {
			return nil, false
		}
		if d.IsZero() && to.num.IsZero() {
			return apd.New(1, 0), true
		}
		r, ok := compute(exactly.Pow, d, to.num)
		if !ok {
			return nil, false
		}
		return with(decimals.Round)(r)
	}, whole)
}
