package pathwayweb_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/cases/casestest"
	"waymark/internal/casework/pathway"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
	"waymark/internal/registers/provision"
)

func (w *world) service(t *testing.T, d provision.Details) {
	t.Helper()
	if len(d.Sides) == 0 {
		d.Sides = provision.Sides()
	}
	if len(d.Places) == 0 {
		d.Places = provision.Places()
	}
	must(t, w.services.Keep(t.Context(), w.Actor(t, casestest.Commissioner), provision.Service{Details: d}, false))
}

// A step shows which services of the area take it, and says so where none does;
// what was made for some is offered on every case alike.
//
// Proves: B2.12, B2.13, B8.11
func TestAStepShowsWhoTakesIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.service(t, provision.Details{Name: "Steps", Kinds: []provision.Kind{provision.Alcohol}, Not: []provision.Trait{provision.Young}})
		w.service(t, provision.Details{Name: "Dry dock for him", Kinds: []provision.Kind{provision.Alcohol}, Sides: []provision.Side{provision.Perpetrating}})
		w.service(t, provision.Details{Name: "Later life", Kinds: []provision.Kind{provision.DomesticAbuse}, Made: []provision.Trait{provision.Older}, Places: []provision.Place{provision.Here}})
		f := w.Begin(t, w.Actor(t, casestest.Colleague))
		w.needs(t, f, "alcohol")
		w.needs(t, f, "drugs")
		b := w.as(t, casestest.Colleague)
		b.Get(f.Path()+"/pathway").OK(t).
			Says(t, "Who takes it (Alcohol service):", "Steps. Takes people in prison and across the boundary too. Cannot take people of 16 and 17.").
			SaysNot(t, "Dry dock for him").
			Says(t, "No service on the list takes this step", "(Drug service)", "Services made for some", "Later life, for older people.")
		// Nothing of it depends on the person.
		other := w.BeginFor(t, w.Actor(t, casestest.Colleague), people.Details{GivenName: "Gil", FamilyName: "Example", Gender: "man", Born: "1940-02-03", Language: "Polish"}, cases.Experiencing)
		w.needs(t, other, "alcohol")
		b.Get(other.Path()+"/pathway").OK(t).Says(t, "Steps. Takes people in prison", "Later life, for older people.")
	})
}

// Overdue steps are listed over all cases of somebody, a page of cases at a time,
// each case once, and never one that they may not see.
//
// Proves: B9.8
func TestOverdueStepsOverAllCases(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		idva := w.Actor(t, casestest.Colleague)
		const more = 53 // than a page looks at
		var first *cases.File
		for i := range more {
			f := w.BeginFor(t, idva, people.Details{GivenName: "Fictional", FamilyName: fmt.Sprintf("Person%d", i)}, cases.Experiencing)
			if i == 0 {
				first = f
			}
			if i%2 == 0 {
				w.happens(t, f, cases.HighRisk)
			}
		}
		theirs := w.BeginFor(t, w.Actor(t, casestest.Nurse), people.Details{GivenName: "Other", FamilyName: "Agency"}, cases.Experiencing)
		w.happens(t, theirs, cases.HighRisk)
		for _, step := range []string{"marac", "idva", "safety-plan"} {
			must(t, w.s.Answer(t.Context(), first, pathway.Reply{Pathway: "experiencing", Step: step, State: pathway.Declined, Words: "Known elsewhere"}))
		}
		w.Clock.Advance(5 * 24 * time.Hour)

		seen := map[cases.ID]int{}
		var after *cases.Row
		pages := 0
		for {
			page, err := w.s.Overdue(t.Context(), idva, cases.Mine, after)
			must(t, err)
			pages++
			for _, l := range page.Late {
				seen[l.Row.ID]++
				if len(l.Steps) != 3 {
					t.Errorf("%d steps are overdue on %s", len(l.Steps), l.Row.ID)
				}
			}
			if after = page.After; after == nil {
				break
			}
		}
		if pages != 2 || len(seen) != (more+1)/2-1 || seen[first.ID()] != 0 || seen[theirs.ID()] != 0 {
			t.Errorf("%d pages show %d cases", pages, len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s is shown %d times", id, n)
			}
		}
		before := len(w.Ledger(t))
		page, err := w.s.Overdue(t.Context(), idva, cases.Mine, nil)
		must(t, err)
		named := map[string]bool{}
		for _, e := range w.Ledger(t)[before:] {
			for _, s := range e.Subjects {
				named[s.ID] = true
			}
		}
		for _, l := range page.Late {
			if !named[string(l.Row.Person)] {
				t.Errorf("the ledger does not name %s", l.Row.Person)
			}
		}
		if len(named) != len(page.Late) || len(named) == page.Looked {
			t.Errorf("the ledger names %d people, and %d of %d are shown", len(named), len(page.Late), page.Looked)
		}
		queries := func() (n int) {
			ctx, count := store.CountQueries(t.Context())
			_, err := w.s.Overdue(ctx, idva, cases.Mine, nil)
			must(t, err)
			return count.N()
		}
		if n := queries(); n > 12 {
			t.Errorf("a page of overdue steps takes %d statements", n)
		}
		b := w.as(t, casestest.Colleague)
		first50 := b.Get("/cases").OK(t).Click(t, "Overdue steps").OK(t).Says(t, "Looked at the 50 cases that you hold", "Refer to MARAC: since 3 March 2026")
		first50.Click(t, "The next cases").OK(t).Says(t, "Looked at 3 cases that you hold, and there are no more")
		w.as(t, casestest.HavenManager).Get("/pathways/overdue").OK(t).Says(t, "cases that you may see").SaysNot(t, "Other Agency")
		w.as(t, casestest.Commissioner).Get("/pathways/overdue").Denied(t)
	})
}

// The coverage is seen by who commissions and who manages, and tells honestly who
// is left.
//
// Proves: B2.11, B2.12, B8.12
func TestWhoReachesNoServiceIsListed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, k := range provision.Kinds() {
			if k == provision.Refuge || k == provision.Housing {
				continue
			}
			w.service(t, provision.Details{Name: k.Label(), Kinds: []provision.Kind{k}})
		}
		w.service(t, provision.Details{Name: "The refuge", Kinds: []provision.Kind{provision.Refuge}, Not: []provision.Trait{provision.Homeless}})
		w.as(t, casestest.Colleague).Get("/pathways/coverage").Denied(t)
		b := w.as(t, casestest.Commissioner)
		b.Get("/pathways").OK(t).Click(t, "Who reaches no service").OK(t).
			Says(t, "made-up people reach no service for at least one step", "People with nowhere safe to live", "Consider refuge, or a housing worker", "Everybody reaches a service for every step.").
			SaysNot(t, "Refer to MARAC")
	})
}

// A pathway is drawn beside its list, leads to the list, and goes out to other
// programs in the version that is asked for.
//
// Proves: B6.1
func TestAPathwayIsDrawnAndGoesOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		b := w.as(t, casestest.Colleague)
		page := b.Get("/pathways/experiencing").OK(t)
		shown := page.Body
		if list, chart := strings.Index(shown, `id="step-marac"`), strings.Index(shown, `href="#step-marac"`); list < 0 || chart < list {
			t.Errorf("the list is at %d and the chart at %d", list, chart)
		}
		for _, d := range []string{"experiencing", "perpetrating", "children", "general-practice"} {
			one := b.Get("/pathways/" + d).OK(t).Body
			if strings.Count(one, `href="#step-`) != strings.Count(one, `id="step-`) {
				t.Errorf("%s is drawn with another number of steps than it lists", d)
			}
		}
		plan := page.Click(t, "As a FHIR R4 PlanDefinition (JSON)").OK(t)
		if !strings.Contains(plan.Body, `"resourceType": "PlanDefinition"`) {
			t.Errorf("it is %.80s", plan.Body)
		}
		if bpmn := page.Click(t, "As BPMN 2.0 (XML)").OK(t).Body; !strings.Contains(bpmn, "bpmn:definitions") {
			t.Errorf("it is %.80s", bpmn)
		}
		b.Get("/pathways/experiencing/process?version=7").NotThere(t)
		b.Get("/pathways/nowhere/plan-definition").NotThere(t)
	})
}
