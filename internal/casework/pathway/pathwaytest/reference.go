// Package pathwaytest follows and walks pathways as slowly and plainly as can be,
// for tests to compare with.
package pathwaytest

import (
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/registers/provision"
)

// CalledFor are the steps that a case calls for, each with what makes it so: every
// condition looks through everything that is recorded.
func CalledFor(d pathway.Document, f pathway.Facts) map[string][]pathway.Why {
	out := map[string][]pathway.Why{}
	for _, s := range d.Steps {
		if _, goes := Holds(f, s.Unless, s.Each); goes && !s.Unless.IsZero() {
			continue
		}
		if why, holds := Holds(f, s.When, s.Each); holds {
			out[s.ID] = why
		}
	}
	return out
}

// Holds tells whether a condition holds, and what makes it hold: of each thing
// that it names the first, or the latest.
func Holds(f pathway.Facts, c pathway.Condition, latest bool) ([]pathway.Why, bool) {
	switch {
	case c.Not != nil:
		_, holds := Holds(f, *c.Not, latest)
		return nil, !holds
	case len(c.All) > 0:
		var all []pathway.Why
		for _, inner := range c.All {
			why, holds := Holds(f, inner, latest)
			if !holds {
				return nil, false
			}
			all = append(all, why...)
		}
		return all, true
	case len(c.Any) > 0:
		var all []pathway.Why
		any := false
		for _, inner := range c.Any {
			if why, holds := Holds(f, inner, latest); holds {
				any, all = true, append(all, why...)
			}
		}
		if len(all) > 1 {
			order := func(a, b pathway.Why) int { return a.At.Compare(b.At) }
			if latest {
				return []pathway.Why{slices.MaxFunc(all, order)}, any
			}
			return []pathway.Why{slices.MinFunc(all, order)}, any
		}
		return all, any
	case c.Party != "":
		since, there := f.Parties[c.Party]
		return []pathway.Why{{What: c, At: since}}, there
	}
	var found []pathway.Happening
	for _, h := range f.Happened {
		if matches(h, c) {
			found = append(found, h)
		}
	}
	if len(found) == 0 {
		return nil, false
	}
	order := func(a, b pathway.Happening) int { return a.At.Compare(b.At) }
	if latest {
		return []pathway.Why{{What: c, At: slices.MaxFunc(found, order).At}}, true
	}
	return []pathway.Why{{What: c, At: slices.MinFunc(found, order).At}}, true
}

func matches(h pathway.Happening, c pathway.Condition) bool {
	if c.Event != "" {
		return h.Event == c.Event
	}
	if h.Fact == "" || h.Fact != c.Fact {
		return false
	}
	for name, value := range c.Where {
		if h.Where[name] != value {
			return false
		}
	}
	return true
}

// Left are the made-up people who reach no service for a step, or no pathway: by
// their number, the steps; one with an empty name is no pathway. Each of them gets
// a record of their own, and every service is asked.
func Left(documents []pathway.Document, services []provision.Service, people []pathway.Simulated) map[int][]string {
	out := map[int][]string{}
	for n, m := range people {
		var first pathway.Facts
		for _, part := range append(m.Parts(), pathway.Facts{}) {
			first = join(first, part)
		}
		then := join(first, pathway.Helped())
		none := true
		for _, d := range documents {
			if string(d.For) != string(m.Side) || len(d.Settings) > 0 && !slices.Contains(d.Settings, m.Setting) {
				continue
			}
			none = false
			early, late := CalledFor(d, first), CalledFor(d, then)
			for _, s := range d.Steps {
				_, a := early[s.ID]
				_, b := late[s.ID]
				if len(s.Takers) > 0 && (a || b) && !taken(services, m, s) {
					out[n] = append(out[n], d.ID+"/"+s.ID)
				}
			}
		}
		if none {
			out[n] = append(out[n], "")
		}
	}
	return out
}

func taken(services []provision.Service, m pathway.Simulated, s pathway.Step) bool {
	for _, one := range provision.Of(services, m.Side, s.Takers...) {
		if one.Takes(m.At, m.Are.List()) {
			return true
		}
	}
	return false
}

func join(a, b pathway.Facts) pathway.Facts {
	out := pathway.Facts{Happened: slices.Concat(a.Happened, b.Happened), Parties: map[cases.Role]time.Time{}}
	for _, f := range []pathway.Facts{a, b} {
		for role, since := range f.Parties {
			out.Parties[role] = since
		}
	}
	return out
}
