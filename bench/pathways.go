package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	pathwayscontent "waymark/content/pathways"
	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwaytest"
	"waymark/internal/registers/provision"
)

// pathwaysJob is local pathways; "pathway" is a page of the guideline.
const pathwaysJob = "pathways"

const (
	pathwayEvents = 200
	pathwayPeople = 10_000
)

// comparePathways measures what is due on a case of 200 entries, and who of 10,000
// made-up people reaches no service, each beside the same worked out as plainly as
// can be.
func comparePathways(ctx context.Context, o options) ([]comparison, error) {
	files, err := pathwayscontent.Pathways()
	if err != nil {
		return nil, err
	}
	anything := pathway.Known{Settings: []string{"general_practice"}, Fact: func(string, map[string]string) error { return nil }, Obligation: func(string) bool { return true }}
	var documents []pathway.Document
	for _, data := range files {
		d, err := pathway.Parse(data, anything)
		if err != nil {
			return nil, err
		}
		documents = append(documents, d)
	}
	due, err := compareDue(ctx, o, documents[0])
	if err != nil {
		return nil, err
	}
	walk, err := compareWalk(ctx, o, documents)
	return []comparison{due, walk}, err
}

// compareDue measures what is due on one case.
func compareDue(ctx context.Context, o options, d pathway.Document) (comparison, error) {
	out := comparison{Name: pathwaysJob, Beside: "every condition looks through every entry", Clients: 1}
	random := rand.New(rand.NewPCG(2016, 50))
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	facts := pathway.Facts{Parties: map[cases.Role]time.Time{cases.Child: now}}
	kinds := cases.EventKinds()
	for n := range pathwayEvents {
		facts.Happened = append(facts.Happened, pathway.Happening{Event: kinds[random.IntN(len(kinds))], At: now.Add(time.Duration(n) * time.Minute)})
	}
	for n, domain := range []string{"alcohol", "drugs", "mental_health", "daily", "housing"} {
		at := now.Add(time.Duration(n) * time.Hour)
		facts.Happened = append(facts.Happened, pathway.Happening{Fact: "need.recorded", Where: map[string]string{"domain": domain, "term": "immediate"}, At: at})
	}
	plan := pathway.Prepare(d)
	want := pathwaytest.CalledFor(d, facts)
	got := plan.Follow(facts, nil, now, time.UTC)
	if len(got) != len(want) || len(got) < len(d.Steps)/4 {
		return out, fmt.Errorf("%d steps are called for, and plainly worked out %d", len(got), len(want))
	}
	for _, st := range got {
		if !reflect.DeepEqual(st.Why, want[st.Step.ID]) {
			return out, fmt.Errorf("step %s is called for by %v and not by %v", st.Step.ID, st.Why, want[st.Step.ID])
		}
	}
	other := errors.New("another number of steps is called for")
	ours := func(ctx context.Context) (float64, error) {
		return busy(ctx, 1, o.length, func(int) error {
			if len(plan.Follow(facts, nil, now, time.UTC)) != len(want) {
				return other
			}
			return nil
		})
	}
	plain := func(ctx context.Context) (float64, error) {
		return busy(ctx, 1, o.length, func(int) error {
			if len(pathwaytest.CalledFor(d, facts)) != len(want) {
				return other
			}
			return nil
		})
	}
	if err := out.run(ctx, o, ours, plain); err != nil {
		return out, err
	}
	out.Says = fmt.Sprintf("What is due on a case of %d entries, %d steps of %d: %.0f µs, and %.0f µs as plainly as can be (which works out no deadline).",
		len(facts.Happened), len(want), len(d.Steps), 1e6/out.Rate.Waymark, 1e6/out.Rate.Other)
	return out, nil
}

// compareWalk measures a walk of made-up people.
func compareWalk(ctx context.Context, o options, documents []pathway.Document) (comparison, error) {
	out := comparison{Name: pathwaysJob, Beside: "a record for every person, and every service asked", Clients: 1}
	random := rand.New(rand.NewPCG(2016, 50))
	var services []provision.Service
	for range 3 {
		for _, k := range provision.Kinds() {
			d := provision.Details{Name: k.Label(), Kinds: []provision.Kind{k}, Sides: provision.Sides(), Places: []provision.Place{provision.Here}}
			for range 3 {
				d.Not = append(d.Not, provision.Traits()[random.IntN(len(provision.Traits()))])
			}
			if random.IntN(2) == 0 {
				d.Places = provision.Places()
			}
			services = append(services, provision.Service{Details: d})
		}
	}
	people := make([]pathway.Simulated, pathwayPeople)
	for i := range people {
		m := pathway.Simulated{
			Setting: fmt.Sprintf("setting-%d", random.IntN(19)), Side: provision.Sides()[random.IntN(3)], At: provision.Places()[random.IntN(3)], High: random.IntN(2) == 0,
		}
		for range random.IntN(5) {
			m.Are = m.Are.With(provision.Traits()[random.IntN(len(provision.Traits()))])
		}
		people[i] = m
	}
	want := len(pathwaytest.Left(documents, services, people))
	if want < pathwayPeople/20 || want > pathwayPeople*19/20 {
		return out, fmt.Errorf("%d of %d are left: that says little", want, pathwayPeople)
	}
	ours := func(ctx context.Context) (float64, error) {
		return busy(ctx, 1, o.length, func(int) error {
			if got := pathway.Walk(documents, services, people).Left; got != want {
				return fmt.Errorf("%d are left, and plainly worked out %d", got, want)
			}
			return nil
		})
	}
	plain := func(ctx context.Context) (float64, error) {
		return busy(ctx, 1, o.length, func(int) error {
			if got := len(pathwaytest.Left(documents, services, people)); got != want {
				return fmt.Errorf("%d are left, and before %d", got, want)
			}
			return nil
		})
	}
	if err := out.run(ctx, o, ours, plain); err != nil {
		return out, err
	}
	out.Says = fmt.Sprintf("%d made-up people walk through %d pathways and %d services, %d are left without: %.0f µs, %.2f µs each, and %.0f µs as plainly as can be.",
		pathwayPeople, len(documents), len(services), want, 1e6/out.Rate.Waymark, 1e6/out.Rate.Waymark/pathwayPeople, 1e6/out.Rate.Other)
	return out, nil
}
