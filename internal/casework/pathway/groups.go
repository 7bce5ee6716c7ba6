package pathway

import "slices"

// Part is one thing that is recorded of a case, or is not.
type Part struct {
	Is  Condition // an entry, a fact or a role
	Not bool
}

// Words is it in words for people.
func (p Part) Words() string {
	if p.Not {
		return "not " + p.Is.Words()
	}
	return p.Is.Words()
}

func (p Part) condition() Condition {
	if p.Not {
		return Condition{Not: &p.Is}
	}
	return p.Is
}

// Groups are a condition as people put one together: of each group one part is
// enough, and every group must hold.
type Groups [][]Part

// Groups is a condition taken apart; false for one that is nested in another way.
func (c Condition) Groups() (Groups, bool) {
	switch {
	case c.IsZero():
		return nil, true
	case len(c.All) > 0:
		var out Groups
		for _, inner := range c.All {
			g, ok := inner.Groups()
			if !ok {
				return nil, false
			}
			out = append(out, g...)
		}
		return out, true
	case len(c.Any) > 0:
		var one []Part
		for _, inner := range c.Any {
			p, ok := inner.part()
			if !ok {
				return nil, false
			}
			one = append(one, p)
		}
		return Groups{one}, true
	}
	p, ok := c.part()
	return Groups{{p}}, ok
}

// part is a condition that asks for one thing.
func (c Condition) part() (Part, bool) {
	if c.Not != nil {
		p, ok := c.Not.part()
		p.Not = !p.Not
		return p, ok
	}
	return Part{Is: c}, c.Event != "" || c.Fact != "" || c.Party != ""
}

// Condition puts groups together; those without a part ask for nothing.
func (g Groups) Condition() Condition {
	var all []Condition
	for _, group := range g {
		var parts []Condition
		for _, p := range group {
			parts = append(parts, p.condition())
		}
		if c := together(parts, func(c []Condition) Condition { return Condition{Any: c} }); !c.IsZero() {
			all = append(all, c)
		}
	}
	return together(all, func(c []Condition) Condition { return Condition{All: c} })
}

func together(parts []Condition, more func([]Condition) Condition) Condition {
	switch len(parts) {
	case 0:
		return Condition{}
	case 1:
		return parts[0]
	}
	return more(parts)
}

// With are the groups with one part more: in a group of its own where there is
// no group of that number.
func (g Groups) With(group int, p Part) Groups {
	out := g.copied()
	if group < 0 || group >= len(out) {
		return append(out, []Part{p})
	}
	out[group] = append(out[group], p)
	return out
}

// Without are the groups without a part; a group that had nothing else goes too.
func (g Groups) Without(group, part int) Groups {
	out := g.copied()
	if group < 0 || group >= len(out) || part < 0 || part >= len(out[group]) {
		return out
	}
	if out[group] = slices.Delete(out[group], part, part+1); len(out[group]) == 0 {
		out = slices.Delete(out, group, group+1)
	}
	return out
}

func (g Groups) copied() Groups {
	out := make(Groups, len(g))
	for i := range g {
		out[i] = slices.Clone(g[i])
	}
	return out
}
