package pathway_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/internal/casework/pathway"
	"waymark/internal/casework/pathway/pathwaytest"
	"waymark/internal/registers/provision"
)

// everything is a list of services in which each kind takes everybody.
func everything() []provision.Service {
	out := make([]provision.Service, len(provision.Kinds()))
	for i, k := range provision.Kinds() {
		out[i] = provision.Service{ID: fmt.Sprint(i), Details: provision.Details{Name: k.Label(), Kinds: []provision.Kind{k}, Sides: provision.Sides(), Places: provision.Places()}}
	}
	return out
}

func settings(t testing.TB) []string { return known(t).Settings }

// Everybody, in every setting, on every side of the harm, wherever they live,
// whatever is so about them and however high the risk, reaches a service for every
// step of the pathways that ship, where there is a service of each kind that takes
// everybody: no pathway forgets anybody.
//
// Proves: B2.11, B2.12, B8.12, B8.13, B8.14, B8.15, B9.14
func TestThePathwaysThatShipForgetNobody(t *testing.T) {
	people := pathway.Everyone(settings(t))
	got := pathway.Walk(shipped(t), everything(), people)
	if got.People != len(people) || got.Left != 0 || len(got.Gaps) != 0 {
		t.Errorf("%d of %d are left without: %+v", got.Left, got.People, got.Gaps)
	}
	if want := len(settings(t)) * 3 * 3 * 2 * (1 + len(provision.Traits())); len(people) != want {
		t.Errorf("%d people walked, want %d", len(people), want)
	}
}

// A service that takes some people not, or from some places not, leaves exactly
// those; a kind that there is not leaves everybody; a setting for which nobody has
// a pathway leaves who was seen there.
//
// Proves: B2.11, B2.12, B2.13
func TestWhoIsLeftWithoutIsSaid(t *testing.T) {
	services := everything()
	at := func(k provision.Kind) *provision.Service {
		return &services[slices.Index(provision.Kinds(), k)]
	}
	at(provision.Refuge).Not = []provision.Trait{provision.NoRecourse, provision.Men}
	at(provision.Housing).Kinds = []provision.Kind{provision.Helpline}
	at(provision.Programme).Places = []provision.Place{provision.Here}
	at(provision.Interpreting).Sides = []provision.Side{provision.Experiencing, provision.Perpetrating}
	homeless := []pathway.Simulated{
		{Setting: "police", Side: provision.Experiencing, At: provision.Here, Are: pathway.Traits(0).With(provision.Homeless)},
		{Setting: "police", Side: provision.Experiencing, At: provision.Here, Are: pathway.Traits(0).With(provision.Homeless).With(provision.NoRecourse)},
		{Setting: "police", Side: provision.Experiencing, At: provision.Here, Are: pathway.Traits(0).With(provision.NoRecourse)},
	}
	got := pathway.Walk(shipped(t), services, homeless)
	if got.Left != 1 || len(got.Gaps) != 1 || got.Gaps[0].Step.ID != "housing" || got.Gaps[0].Are != homeless[1].Are || got.Gaps[0].Everyone {
		t.Errorf("without a refuge: %+v", got)
	}

	got = pathway.Walk(shipped(t), services, pathway.Everyone(settings(t)))
	byStep := map[string]pathway.Gap{}
	for _, g := range got.Gaps {
		byStep[string(g.Side)+"/"+g.Step.ID] = g
	}
	programme := byStep["perpetrating/offer-programme"]
	if !programme.Everyone || !slices.Equal(programme.Places, []provision.Place{provision.InPrison, provision.Across}) {
		t.Errorf("the programme leaves %+v", programme)
	}
	child := byStep["child/childs-interpreter"]
	if len(child.Places) != 3 || child.Everyone || !slices.Equal(child.Are.List(), []provision.Trait{provision.Language}) || child.Settings != nil {
		t.Errorf("interpreting for children: %+v", child)
	}

	only := shipped(t)
	for i := range only {
		only[i].Settings = []string{"police"}
	}
	got = pathway.Walk(only, everything(), pathway.Everyone([]string{"police", "housing"}))
	if got.Left*2 != got.People || len(got.Gaps) != 3 || got.Gaps[0].Step.ID != "" || !got.Gaps[0].Everyone || !slices.Equal(got.Gaps[0].Settings, []string{"housing"}) {
		t.Errorf("of a setting without a pathway: %d of %d, %+v", got.Left, got.People, got.Gaps)
	}
}

// The walk leaves exactly those whom the slow one leaves, whatever services there
// are and however much is so about people.
//
// Proves: B2.12
func TestTheWalkIsTheSlowOne(t *testing.T) {
	documents := shipped(t)
	from := settings(t)
	left, reached := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		var services []provision.Service
		for n := range rapid.IntRange(0, 25).Draw(r, "services") {
			services = append(services, provision.Service{ID: fmt.Sprint(n), Details: provision.Details{
				Name: "s", Kinds: rapid.SliceOfN(rapid.SampledFrom(provision.Kinds()), 1, 4).Draw(r, "kinds"), Sides: rapid.SliceOfN(rapid.SampledFrom(provision.Sides()), 1, 3).Draw(r, "sides"),
				Places: rapid.SliceOfN(rapid.SampledFrom(provision.Places()), 1, 3).Draw(r, "places"), Not: rapid.SliceOfN(rapid.SampledFrom(provision.Traits()), 0, 2).Draw(r, "not"),
			}})
		}
		var people []pathway.Simulated
		for range rapid.IntRange(1, 20).Draw(r, "people") {
			m := pathway.Simulated{
				Setting: rapid.SampledFrom(from).Draw(r, "setting"), Side: rapid.SampledFrom(provision.Sides()).Draw(r, "side"),
				At: rapid.SampledFrom(provision.Places()).Draw(r, "place"), High: rapid.Bool().Draw(r, "high"),
			}
			for _, one := range rapid.SliceOfN(rapid.SampledFrom(provision.Traits()), 0, 4).Draw(r, "are") {
				m.Are = m.Are.With(one)
			}
			people = append(people, m)
		}
		want := pathwaytest.Left(documents, services, people)
		got := pathway.Walk(documents, services, people)
		if got.Left != len(want) {
			r.Fatalf("%d are left, and the slow one leaves %d: %v", got.Left, len(want), want)
		}
		left, reached = left+got.Left, reached+len(people)-got.Left
		count := 0
		for _, steps := range want {
			count += len(steps)
		}
		sum := 0
		for _, g := range got.Gaps {
			sum += g.People
		}
		if sum != count {
			r.Errorf("the gaps tell of %d, and the slow one of %d", sum, count)
		}
		// One by one each person is left without the same steps.
		for n, m := range people {
			var steps []string
			for _, g := range pathway.Walk(documents, services, []pathway.Simulated{m}).Gaps {
				steps = append(steps, g.Step.ID)
			}
			var slow []string
			for _, s := range want[n] {
				slow = append(slow, s[strings.LastIndex(s, "/")+1:])
			}
			slices.Sort(steps)
			slices.Sort(slow)
			if !slices.Equal(steps, slow) {
				r.Errorf("%+v is left without %v, and by the slow one without %v", m, steps, slow)
			}
		}
	})
	if left == 0 || reached == 0 {
		t.Errorf("%d were left and %d were not", left, reached)
	}
}

// Pathways ask for no gender, orientation, belief, age or entitlement: what is so
// about people in these ways changes nothing of what is called for.
//
// Proves: B7.24
func TestWhatIsDueDoesNotDependOnWhoSomebodyIs(t *testing.T) {
	seen := []provision.Trait{provision.Substances, provision.MentalIll, provision.CareAtHome, provision.Homeless, provision.Honour, provision.Language, provision.WithAChild}
	for _, one := range provision.Traits() {
		m := pathway.Simulated{Setting: "police", Side: provision.Experiencing, At: provision.Here}
		plain := len(m.Parts())
		m.Are = m.Are.With(one)
		if tells := len(m.Parts()) > plain; tells != slices.Contains(seen, one) {
			t.Errorf("of somebody about whom %q is so the record tells more: %v", one, tells)
		}
	}
}
