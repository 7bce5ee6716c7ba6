package pathway

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/registers/provision"
)

// Traits are some traits of somebody, as one number.
type Traits uint32

// With are the traits with one more.
func (t Traits) With(one provision.Trait) Traits {
	if i := slices.Index(traits, one); i >= 0 {
		return t | 1<<i
	}
	return t
}

// List are they one by one.
func (t Traits) List() []provision.Trait {
	var out []provision.Trait
	for rest := uint32(t); rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros32(rest); i < len(traits) {
			out = append(out, traits[i])
		}
	}
	return out
}

var traits = provision.Traits()

// Simulated is a made-up person: where they were seen, on which side of the harm
// they are, where they live, how high the risk is, and what is so about them.
type Simulated struct {
	Setting string
	Side    provision.Side
	At      provision.Place
	High    bool
	Are     Traits
}

// Everyone is every made-up person there is with at most one trait: every setting,
// side, place and risk, with none and with each.
func Everyone(settings []string) []Simulated {
	var out []Simulated
	for _, setting := range settings {
		for _, side := range provision.Sides() {
			for _, at := range provision.Places() {
				for _, high := range []bool{false, true} {
					out = append(out, Simulated{Setting: setting, Side: side, At: at, High: high})
					for _, one := range traits {
						out = append(out, Simulated{setting, side, at, high, Traits(0).With(one)})
					}
				}
			}
		}
	}
	return out
}

// Parts are what would be recorded of a made-up person, as far as it follows from
// each thing that is so about them: from their side first, then from the rest.
// What cannot be seen from the record (age, orientation, belief, entitlement)
// adds nothing: pathways do not ask for it, and only services may turn it away.
func (m Simulated) Parts() []Facts {
	out := []Facts{ofSide(m.Side), {Happened: []Happening{fact(settingFact, "setting", m.Setting)}}}
	if m.High {
		out = append(out, ofHighRisk)
	}
	if m.At == provision.InPrison {
		out = append(out, ofPrison)
	}
	for _, one := range m.Are.List() {
		if f, tells := ofTrait[one]; tells {
			out = append(out, f)
		}
	}
	return out
}

// Helped is what is recorded once the work with somebody has begun.
func Helped() Facts { return Facts{Happened: []Happening{{Event: cases.SupportBegun}}} }

func fact(kind string, properties ...string) Happening {
	h := Happening{Fact: kind}
	for i := 0; i+1 < len(properties); i += 2 {
		if h.Where == nil {
			h.Where = map[string]string{}
		}
		h.Where[properties[i]] = properties[i+1]
	}
	return h
}

func ofSide(side provision.Side) Facts {
	f := Facts{Happened: []Happening{{Event: cases.Disclosed}}, Parties: map[cases.Role]time.Time{}}
	switch side {
	case provision.Perpetrating:
		f.Happened = append(f.Happened, fact("disclosure.perpetrating"))
	case provision.Child:
		f.Happened = append(f.Happened, fact("disclosure.experiencing"))
		f.Parties[cases.Child] = time.Time{}
	case provision.Experiencing:
		f.Happened = append(f.Happened, fact("disclosure.experiencing"))
	}
	return f
}

var (
	ofHighRisk = Facts{Happened: []Happening{{Event: cases.HighRisk}, {Event: cases.MARACRoute}}}
	ofPrison   = Facts{Happened: []Happening{fact("plan.change", "change", "release")}}
	ofTrait    = map[provision.Trait]Facts{
		provision.Substances: {Happened: []Happening{fact("need.recorded", "domain", "alcohol", "term", "immediate"), fact("need.recorded", "domain", "drugs", "term", "immediate")}},
		provision.MentalIll:  {Happened: []Happening{fact("need.recorded", "domain", "mental_health", "term", "immediate")}},
		provision.CareAtHome: {Happened: []Happening{fact("need.recorded", "domain", "daily", "term", "immediate")}},
		provision.Homeless:   {Happened: []Happening{fact("need.recorded", "domain", "housing", "term", "immediate")}},
		provision.Honour:     {Happened: []Happening{{Event: cases.MarriageTold}, fact("disclosure.honour", "about", "forced_marriage")}},
		provision.Language:   {Happened: []Happening{fact("interpreter.needed", "by", "none")}},
		provision.WithAChild: {Happened: []Happening{fact("children.asked", "answer", "yes")}, Parties: map[cases.Role]time.Time{cases.Child: {}}},
	}
)

// Gap is a step for which some made-up people reach no service; with a zero Step,
// they reach no pathway at all.
type Gap struct {
	Side    provision.Side
	Pathway string // its title
	Step    Step
	Places  []provision.Place
	Are     Traits
	// Everyone tells that whoever is at those places reaches none, whatever is so
	// about them.
	Everyone bool
	People   int
	Settings []string // where they were seen; nil for everywhere
}

// Coverage is what a walk found.
type Coverage struct {
	People int // who walked
	Left   int // of them, who reach no service for at least one step, or no pathway
	Gaps   []Gap
}

// Walk sends made-up people through some pathways and looks, for every step that
// is called for at first or once the work with them has begun and that names
// kinds of service, whether one of the services takes them. A step that a worker
// takes by themselves reaches everybody.
func Walk(documents []Document, services []provision.Service, people []Simulated) Coverage {
	var routes []*route
	for _, d := range documents {
		routes = append(routes, newRoute(d, services))
	}
	found := map[gapKey]*tally{}
	settings := map[string]bool{}
	c := Coverage{People: len(people)}
	for _, m := range people {
		settings[m.Setting] = true
		left, none := false, true
		for i, r := range routes {
			if !r.takes(m) {
				continue
			}
			none = false
			for _, n := range r.unreached(m) {
				left = true
				note(found, gapKey{i, n, m.Side, m.At, m.Are}, m.Setting)
			}
		}
		if none {
			left = true
			note(found, gapKey{-1, -1, m.Side, m.At, m.Are}, m.Setting)
		}
		if left {
			c.Left++
		}
	}
	c.Gaps = gaps(found, routes, len(settings))
	return c
}

// gapKey tells gaps apart; no route and no step for no pathway.
type gapKey struct {
	route, step int
	side        provision.Side
	at          provision.Place
	are         Traits
}

type tally struct {
	people   int
	settings map[string]bool
	places   map[provision.Place]bool
}

func note(found map[gapKey]*tally, k gapKey, setting string) {
	t := found[k]
	if t == nil {
		t = &tally{settings: map[string]bool{}, places: map[provision.Place]bool{k.at: true}}
		found[k] = t
	}
	t.people++
	t.settings[setting] = true
}

func (t *tally) add(other *tally) {
	t.people += other.people
	for s := range other.settings {
		t.settings[s] = true
	}
	for at := range other.places {
		t.places[at] = true
	}
}

// gaps says what was found in as few lines as tell it: what leaves out somebody
// about whom nothing is so leaves out everybody.
func gaps(found map[gapKey]*tally, routes []*route, settings int) []Gap {
	// Of those whom the same leaves out, the places are told together.
	sums := map[gapKey]*tally{}
	for k, t := range found {
		if found[gapKey{k.route, k.step, k.side, k.at, 0}] != nil {
			k.are = 0
		}
		k.at = ""
		if sums[k] == nil {
			sums[k] = &tally{settings: map[string]bool{}, places: map[provision.Place]bool{}}
		}
		sums[k].add(t)
	}
	var out []Gap
	for k, t := range sums {
		g := Gap{Side: k.side, Are: k.are, Everyone: k.are == 0, People: t.people}
		for _, at := range provision.Places() {
			if t.places[at] {
				g.Places = append(g.Places, at)
			}
		}
		if k.route >= 0 {
			d := routes[k.route].plan.Document
			g.Pathway, g.Step = d.Title, d.Steps[k.step]
		}
		if len(t.settings) < settings {
			g.Settings = slices.Sorted(maps.Keys(t.settings))
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(
			cmp.Compare(slices.Index(provision.Sides(), a.Side), slices.Index(provision.Sides(), b.Side)),
			-cmp.Compare(a.People, b.People), cmp.Compare(a.Pathway, b.Pathway), cmp.Compare(a.Step.ID, b.Step.ID), slices.Compare(a.Places, b.Places), cmp.Compare(a.Are, b.Are),
		)
	})
	return out
}

// route is a pathway made ready to be walked: what follows from each thing that is
// so about somebody is worked out once, as bits of the plan's atoms.
type route struct {
	plan                 *Plan
	side                 map[provision.Side]bitset
	setting              map[string]bitset
	high, prison, helped bitset
	trait                []bitset // by the number of the trait
	asked                []askedStep
	settings             map[string]bool // nil for every one
	scratch, begun       bitset
	out                  []int
}

// askedStep is a step that names kinds of service, with the services of them.
type askedStep struct {
	number       int
	when, unless *branch
	takers       []taker
}

type taker struct {
	not    Traits
	places uint8 // a bit for each place
}

// bitOf is the bit of a place, 0 for one that there is not.
func bitOf(at provision.Place) uint8 {
	switch at {
	case provision.Here:
		return 1
	case provision.InPrison:
		return 2
	case provision.Across:
		return 4
	}
	return 0
}

func newRoute(d Document, services []provision.Service) *route {
	p := Prepare(d)
	r := &route{plan: p, side: map[provision.Side]bitset{}, setting: map[string]bitset{}, high: p.bits(ofHighRisk), prison: p.bits(ofPrison), helped: p.bits(Helped())}
	side := provision.Side(d.For)
	r.side[side] = p.bits(ofSide(side))
	for _, one := range traits {
		r.trait = append(r.trait, p.bits(ofTrait[one]))
	}
	if len(d.Settings) > 0 {
		r.settings = map[string]bool{}
		for _, s := range d.Settings {
			r.settings[s] = true
		}
	}
	for n, s := range d.Steps {
		if len(s.Takers) == 0 || p.steps[n].when == nil {
			continue
		}
		a := askedStep{number: n, when: p.steps[n].when, unless: p.steps[n].unless}
		for _, one := range provision.Of(services, side, s.Takers...) {
			var t taker
			for _, not := range one.Not {
				t.not = t.not.With(not)
			}
			for _, at := range one.Places {
				t.places |= bitOf(at)
			}
			a.takers = append(a.takers, t)
		}
		r.asked = append(r.asked, a)
	}
	r.scratch, r.begun = make(bitset, len(r.high)), make(bitset, len(r.high))
	return r
}

// takes tells whether the pathway is for somebody.
func (r *route) takes(m Simulated) bool {
	return provision.Side(r.plan.Document.For) == m.Side && (r.settings == nil || r.settings[m.Setting])
}

// unreached are the steps for which no service takes somebody. What it returns
// holds until it is asked again.
func (r *route) unreached(m Simulated) []int {
	now := r.scratch
	copy(now, r.side[m.Side])
	seenAt, there := r.setting[m.Setting]
	if !there {
		seenAt = r.plan.bits(Facts{Happened: []Happening{fact(settingFact, "setting", m.Setting)}})
		r.setting[m.Setting] = seenAt
	}
	now.or(seenAt)
	if m.High {
		now.or(r.high)
	}
	if m.At == provision.InPrison {
		now.or(r.prison)
	}
	for rest := uint32(m.Are); rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros32(rest); i < len(r.trait) {
			now.or(r.trait[i])
		}
	}
	copy(r.begun, now)
	r.begun.or(r.helped)
	r.out = r.out[:0]
	at := bitOf(m.At)
	for _, a := range r.asked {
		if (a.calls(now) || a.calls(r.begun)) && !slices.ContainsFunc(a.takers, func(t taker) bool { return t.not&m.Are == 0 && t.places&at != 0 }) {
			r.out = append(r.out, a.number)
		}
	}
	return r.out
}

func (a askedStep) calls(of bitset) bool {
	return a.when.among(of) && (a.unless == nil || !a.unless.among(of))
}

// bitset tells of each atom whether it is there.
type bitset []uint64

func (b bitset) or(other bitset) {
	for i, w := range other {
		b[i] |= w
	}
}

// bits tells of each atom whether it is recorded.
func (p *Plan) bits(f Facts) bitset {
	out := make(bitset, len(p.atoms)/64+1)
	for i, s := range p.read(f) {
		if s.there {
			out[i/64] |= 1 << (i % 64)
		}
	}
	return out
}

// among is as holds, on bits.
func (b *branch) among(of bitset) bool {
	switch {
	case b.not != nil:
		return !b.not.among(of)
	case len(b.all) > 0:
		for _, inner := range b.all {
			if !inner.among(of) {
				return false
			}
		}
		return true
	case len(b.any) > 0:
		for _, inner := range b.any {
			if inner.among(of) {
				return true
			}
		}
		return false
	}
	return of[b.atom/64]&(1<<(b.atom%64)) != 0
}
