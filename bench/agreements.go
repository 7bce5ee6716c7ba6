package main

import (
	"context"
	"fmt"
	"reflect"

	"waymark/internal/registers/agreements"
	"waymark/internal/registers/agreements/agreementstest"
)

const agreementsJob = "agreements"

// compareAgreements measures what a thousand rules of agreements say of a
// request, beside going through every clause of them.
func compareAgreements(ctx context.Context, o options) ([]comparison, error) {
	bound, requests := agreementstest.Thousand()
	set := agreements.NewSet(bound...)
	for _, q := range requests {
		if got, want := agreements.Decide(set, q), agreementstest.Reference(bound, q); !reflect.DeepEqual(got, want) {
			return nil, fmt.Errorf("the two say different things of %+v: %+v and %+v", q, got, want)
		}
	}
	all := func(decide func(agreements.Request) agreements.Answer) side {
		return func(ctx context.Context) (float64, error) {
			rate, err := busy(ctx, 1, o.length, func(int) error {
				for _, q := range requests {
					if a := decide(q); len(a.Items) != len(q.Kinds) {
						return fmt.Errorf("%d of %d kinds are answered", len(a.Items), len(q.Kinds))
					}
				}
				return nil
			})
			return rate * float64(len(requests)), err
		}
	}
	c := comparison{Name: agreementsJob, Beside: "every clause", Clients: 1}
	err := c.run(ctx, o,
		all(func(q agreements.Request) agreements.Answer { return agreements.Decide(set, q) }),
		all(func(q agreements.Request) agreements.Answer { return agreementstest.Reference(bound, q) }))
	c.Says = fmt.Sprintf("six kinds of information among 1,000 rules of ten agreements: %.1f \u00b5s a request; every clause looked at: %.1f \u00b5s. %d requests, the same answers by both.",
		1e6/c.Rate.Waymark, 1e6/c.Rate.Other, len(requests))
	return []comparison{c}, err
}
