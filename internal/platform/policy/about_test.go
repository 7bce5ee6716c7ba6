package policy

import (
	"testing"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	"pgregory.net/rapid"
)

// Leaving out the rules that are about other actions changes no decision.
func TestRulesAboutOtherActionsDecideNothing(t *testing.T) {
	e, err := New(Source{Name: "note", Schema: `
entity Note { agency: String, restricted: Boolean };
entity Plot { agency: String };
action "note.read", "note.list" appliesTo { principal: [Account], resource: [Note], context: {} };
action "note.burn" appliesTo { principal: [Account], resource: [Note], context: {} };
action "plot.dig" appliesTo { principal: [Account], resource: [Plot], context: {} };
`, Rules: `
@id("one") @sentence("One action.")
permit (principal, action == Action::"note.burn", resource is Note) when { principal.level >= 3 };
@id("several") @sentence("Several actions.")
permit (principal, action in [Action::"note.read", Action::"note.list"], resource is Note) when { resource.agency == principal.agency };
@id("in") @sentence("One action, said in another way.")
permit (principal, action in Action::"plot.dig", resource is Plot) when { resource.agency == principal.agency };
@id("every") @sentence("Every action on a note.")
forbid (principal, action, resource is Note) when { resource.restricted } unless { principal.level >= 4 };
`})
	if err != nil {
		t.Fatal(err)
	}
	// The rule about tokens is among them.
	for action, want := range map[Action]int{"note.burn": 4, "note.read": 4, "note.list": 4, "plot.dig": 3} {
		n := 0
		for range e.byAction[action].All() {
			n++
		}
		if n != want {
			t.Errorf("%d rules are about %s, want %d", n, action, want)
		}
	}
	agencies := rapid.SampledFrom([]string{"a", "b"})
	rapid.Check(t, func(t *rapid.T) {
		actor := Actor{Account: "x", Kind: Human, Agency: agencies.Draw(t, "of"), Level: rapid.IntRange(0, 4).Draw(t, "level")}
		action := rapid.SampledFrom(e.Actions()).Draw(t, "action")
		r := Resource{Type: "Note", ID: "1", Attrs: Attrs{"agency": agencies.Draw(t, "at"), "restricted": rapid.Bool().Draw(t, "restricted")}}
		if action == "plot.dig" {
			r = Resource{Type: "Plot", ID: "1", Attrs: Attrs{"agency": agencies.Draw(t, "at")}}
		}
		object, err := entityOf(r)
		if err != nil {
			t.Fatal(err)
		}
		subject := actor.entity(action)
		all, _ := cedar.Authorize(e.policies, types.EntityMap{subject.UID: subject, object.UID: object},
			cedar.Request{Principal: subject.UID, Action: actionUID(action), Resource: object.UID, Context: types.NewRecord(nil)})
		if got := e.Decide(actor, action, r).Allowed; got != (all == cedar.Allow) {
			t.Fatalf("%s: %v, and %v by all rules", action, got, all)
		}
	})
}
