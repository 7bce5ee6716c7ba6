package pathway_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwaytest"
)

// What people put together in groups holds when of each group one part does, and
// comes apart again as it was put together.
func TestGroupsAreAConditionAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.Custom(func(t *rapid.T) pathway.Part {
			return pathway.Part{Is: pathway.Condition{Event: rapid.SampledFrom(someKinds).Draw(t, "event")}, Not: rapid.Bool().Draw(t, "not")}
		})
		groups := pathway.Groups(rapid.SliceOfN(rapid.SliceOfN(part, 1, 3), 0, 3).Draw(t, "groups"))
		back, ok := groups.Condition().Groups()
		if !ok {
			t.Fatalf("%+v does not come apart", groups.Condition())
		}
		if diff := cmp.Diff(groups, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		var f pathway.Facts
		for _, k := range rapid.SliceOfDistinct(rapid.SampledFrom(someKinds), func(k cases.EventKind) cases.EventKind { return k }).Draw(t, "happened") {
			f.Happened = append(f.Happened, happened(k, time.Unix(0, 0)))
		}
		want := true
		for _, g := range groups {
			want = want && slices.ContainsFunc(g, func(p pathway.Part) bool {
				return p.Not != slices.ContainsFunc(f.Happened, func(h pathway.Happening) bool { return h.Event == p.Is.Event })
			})
		}
		if _, holds := pathwaytest.Holds(f, groups.Condition(), false); len(groups) > 0 && holds != want {
			t.Fatalf("%s holds: %t, want %t", groups.Condition().Words(), holds, want)
		}
	})
}

// Everything that the pathways that ship ask of a case can be changed in groups.
func TestWhatShipsComesApart(t *testing.T) {
	for _, d := range shipped(t) {
		for _, s := range d.Steps {
			for _, c := range []pathway.Condition{s.When, s.Unless, s.Done} {
				g, ok := c.Groups()
				if diff := cmp.Diff(c, g.Condition(), cmpopts.EquateEmpty()); !ok || diff != "" {
					t.Errorf("%s, %s: %t %s", d.ID, s.ID, ok, diff)
				}
			}
		}
	}
}

// A part comes and goes; what is nested in another way is left to the data.
func TestPartsComeAndGo(t *testing.T) {
	a, b := pathway.Part{Is: onHighRisk}, pathway.Part{Is: disclosed, Not: true}
	var none pathway.Groups
	one := none.With(-1, a)
	two := one.With(0, b)
	three := two.With(9, pathway.Part{Is: child})
	if diff := cmp.Diff(pathway.Groups{{a, b}, {{Is: child}}}, three); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(pathway.Groups{{a, b}}, three.Without(1, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(pathway.Groups{{b}, {{Is: child}}}, three.Without(0, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(three, three.Without(2, 0).Without(0, 5).Without(-1, 0)); diff != "" {
		t.Error(diff)
	}
	nested := pathway.Condition{Any: []pathway.Condition{{All: []pathway.Condition{onHighRisk, child}}, disclosed}}
	if _, ok := nested.Groups(); ok {
		t.Error("a condition in another form came apart")
	}
}
