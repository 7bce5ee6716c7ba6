package pathway

import (
	"maps"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/cases"
)

// Plan is a pathway made ready to be followed: each thing that its conditions
// name is looked for once, however many steps name it, in one pass over what is
// recorded. It is safe for concurrent use.
type Plan struct {
	Document Document

	atoms   []Condition // what the conditions name, each once
	events  map[cases.EventKind][]int
	facts   map[string][]int
	parties map[cases.Role]int
	steps   []branches
}

// branches are the conditions of a step.
type branches struct{ when, unless, done *branch }

// branch is a condition that names what it asks for by its place among the atoms.
type branch struct {
	atom     int // where all, any and not are nil
	all, any []*branch
	not      *branch
}

// Prepare makes a document ready to be followed.
func Prepare(d Document) *Plan {
	p := &Plan{Document: d, events: map[cases.EventKind][]int{}, facts: map[string][]int{}, parties: map[cases.Role]int{}}
	known := map[string]int{}
	for _, s := range d.Steps {
		p.steps = append(p.steps, branches{p.branch(s.When, known), p.branch(s.Unless, known), p.branch(s.Done, known)})
	}
	return p
}

func (p *Plan) branch(c Condition, known map[string]int) *branch {
	list := func(of []Condition) []*branch {
		out := make([]*branch, len(of))
		for i, inner := range of {
			out[i] = p.branch(inner, known)
		}
		return out
	}
	switch {
	case c.IsZero():
		return nil
	case c.Not != nil:
		return &branch{not: p.branch(*c.Not, known)}
	case len(c.All) > 0:
		return &branch{all: list(c.All)}
	case len(c.Any) > 0:
		return &branch{any: list(c.Any)}
	}
	key := atomKey(c)
	at, there := known[key]
	if !there {
		at = len(p.atoms)
		known[key], p.atoms = at, append(p.atoms, c)
		switch {
		case c.Party != "":
			p.parties[c.Party] = at
		case c.Event != "":
			p.events[c.Event] = append(p.events[c.Event], at)
		default:
			p.facts[c.Fact] = append(p.facts[c.Fact], at)
		}
	}
	return &branch{atom: at}
}

// atomKey tells what two conditions name apart.
func atomKey(c Condition) string {
	parts := []string{string(c.Party), string(c.Event), c.Fact}
	for _, name := range slices.Sorted(maps.Keys(c.Where)) {
		parts = append(parts, name, c.Where[name])
	}
	return strings.Join(parts, "\x00")
}

// seen is when an atom was recorded first and last.
type seen struct {
	first, last time.Time
	there       bool
}

// read looks for every atom, in one pass.
func (p *Plan) read(f Facts) []seen {
	out := make([]seen, len(p.atoms))
	note := func(at int, h Happening) {
		s, last := &out[at], h.Last
		if last.IsZero() {
			last = h.At
		}
		if !s.there || h.At.Before(s.first) {
			s.first = h.At
		}
		if !s.there || last.After(s.last) {
			s.last = last
		}
		s.there = true
	}
	for _, h := range f.Happened {
		if h.Event != "" {
			for _, at := range p.events[h.Event] {
				note(at, h)
			}
			continue
		}
		for _, at := range p.facts[h.Fact] {
			if h.has(p.atoms[at].Where) {
				note(at, h)
			}
		}
	}
	for role, since := range f.Parties {
		if at, named := p.parties[role]; named {
			out[at] = seen{since, since, true}
		}
	}
	return out
}

// has tells whether a fact has some properties.
func (h Happening) has(where map[string]string) bool {
	for name, value := range where {
		if h.Where[name] != value {
			return false
		}
	}
	return true
}

// Follow is as [Document.Follow].
func (p *Plan) Follow(facts Facts, answers map[string]Answer, now time.Time, zone *time.Location) []Standing {
	record := p.read(facts)
	var out []Standing
	for i, s := range p.Document.Steps {
		b := p.steps[i]
		if b.when == nil || !b.when.holds(record) || b.unless != nil && b.unless.holds(record) {
			continue
		}
		var shows []Why
		shown := b.done != nil && b.done.holds(record)
		if shown && s.Each {
			shows = p.why(b.done, record, true)
		}
		out = append(out, s.stand(p.why(b.when, record, s.Each), shows, shown, answers[s.ID], now, zone))
	}
	return out
}

func (b *branch) holds(record []seen) bool {
	switch {
	case b.not != nil:
		return !b.not.holds(record)
	case len(b.all) > 0:
		return !slices.ContainsFunc(b.all, func(inner *branch) bool { return !inner.holds(record) })
	case len(b.any) > 0:
		return slices.ContainsFunc(b.any, func(inner *branch) bool { return inner.holds(record) })
	}
	return record[b.atom].there
}

// why is what makes a branch hold that does: of each thing that it names the
// first, or the latest.
func (p *Plan) why(b *branch, record []seen, latest bool) []Why {
	switch {
	case b.not != nil:
		return nil
	case len(b.all) > 0:
		var all []Why
		for _, inner := range b.all {
			all = append(all, p.why(inner, record, latest)...)
		}
		return all
	case len(b.any) > 0:
		var all []Why
		for _, inner := range b.any {
			if inner.holds(record) {
				all = append(all, p.why(inner, record, latest)...)
			}
		}
		return earliest(all, latest)
	}
	at := record[b.atom].first
	if latest {
		at = record[b.atom].last
	}
	return []Why{{p.atoms[b.atom], at}}
}
