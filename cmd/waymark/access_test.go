package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"waymark/internal/platform/policy"
)

// relation is how an actor stands to a record, as the matrix names it.
type relation struct {
	name  string
	actor func(*policy.Actor)
	facts policy.Attrs // on top of a file, or a share, that is the agency's own
}

const (
	me, myAgency, myTeam = "me", "agency", "team"
	matrixFile           = "testdata/access.txt"
)

func fileFacts(more policy.Attrs) policy.Attrs {
	attrs := policy.Attrs{
		"agency": myAgency, "team": "other team", "lead": "somebody", "workers": []string{"somebody"}, "restricted": false, "side": "experiencing", "colleague": false,
	}
	for _, set := range []string{"tied", "emergency", "emergency_contact", "across", "across_teams"} {
		attrs[set] = []string{}
	}
	for c, roles := range map[string][]string{
		"whereabouts": {"practitioner", "specialist"}, "entitlement": {"specialist"}, "child_words": {"specialist"}, "supervision": {"manager"},
	} {
		attrs[c+"_roles"], attrs[c+"_named"] = roles, []string{}
	}
	for name, v := range more {
		attrs[name] = v
	}
	return attrs
}

func shareFacts(more policy.Attrs) policy.Attrs {
	attrs := policy.Attrs{
		"from": "sender", "sender": "somebody", "to": myAgency, "team": "", "account": "", "open": true, "tied": []string{},
	}
	for name, v := range more {
		attrs[name] = v
	}
	return attrs
}

var (
	mine  = []string{me, "somebody"}
	onIt  = policy.Attrs{"workers": mine}
	holds = policy.Attrs{"workers": mine, "lead": me}
)

func with(base, more policy.Attrs) policy.Attrs {
	out := policy.Attrs{}
	for _, m := range []policy.Attrs{base, more} {
		for name, v := range m {
			out[name] = v
		}
	}
	return out
}

var fileRelations = []relation{
	{name: "another agency", facts: policy.Attrs{"agency": "theirs", "workers": mine, "lead": me, "team": myTeam}},
	{name: "same agency", facts: nil},
	{name: "team holds it", facts: policy.Attrs{"team": myTeam}},
	{name: "works on it", facts: onIt},
	{name: "holds it", facts: holds},
	{name: "holds it, level 2", facts: holds, actor: func(a *policy.Actor) { a.Level = 2 }},
	{name: "holds it, a program", facts: holds, actor: func(a *policy.Actor) { a.Kind = policy.Service }},
	{name: "emergency", facts: policy.Attrs{"emergency": []string{me}}},
	{name: "emergency with contact", facts: policy.Attrs{"emergency": []string{me}, "emergency_contact": []string{me}}},
	{name: "restricted, team holds it", facts: policy.Attrs{"restricted": true, "team": myTeam}},
	{name: "restricted, same agency", facts: policy.Attrs{"restricted": true}},
	{name: "restricted, named", facts: with(onIt, policy.Attrs{"restricted": true})},
	{name: "restricted, emergency", facts: policy.Attrs{"restricted": true, "emergency": []string{me}}},
	{name: "tied, holds it", facts: with(holds, policy.Attrs{"tied": []string{me}, "emergency": []string{me}})},
	{name: "tied, same agency", facts: policy.Attrs{"tied": []string{me}}},
	{name: "about a colleague, team holds it", facts: policy.Attrs{"colleague": true, "team": myTeam}},
	{name: "about a colleague, works on it", facts: with(onIt, policy.Attrs{"colleague": true})},
	{name: "has the harming side", facts: with(holds, policy.Attrs{"across": []string{me}})},
	{name: "team has the harming side", facts: policy.Attrs{"team": myTeam, "across_teams": []string{myTeam}}},
	{name: "has the harmed side", facts: policy.Attrs{"side": "perpetrating", "team": myTeam, "across": []string{me}}},
	{name: "named for compartments", facts: policy.Attrs{
		"whereabouts_named": []string{me}, "entitlement_named": []string{me}, "child_words_named": []string{me}, "supervision_named": []string{me},
	}},
}

var shareRelations = []relation{
	{name: "to me", facts: policy.Attrs{"account": me}},
	{name: "to my team", facts: policy.Attrs{"team": myTeam}},
	{name: "to another team of mine", facts: policy.Attrs{"team": "other team"}},
	{name: "to my team, a program", facts: policy.Attrs{"team": myTeam}, actor: func(a *policy.Actor) { a.Kind = policy.Service }},
	{name: "to another agency", facts: policy.Attrs{"to": "theirs", "team": myTeam, "account": me}},
	{name: "sent by me", facts: policy.Attrs{"to": "theirs", "from": myAgency, "sender": me}},
	{name: "to me, closed", facts: policy.Attrs{"account": me, "team": myTeam, "open": false}},
	{name: "to me, tied", facts: policy.Attrs{"account": me, "team": myTeam, "tied": []string{me}}},
}

func planFacts(more policy.Attrs) policy.Attrs {
	return with(policy.Attrs{"agency": myAgency, "copy": "none"}, more)
}

var planRelations = []relation{
	{name: "holds nothing", facts: nil},
	{name: "safe to hear", facts: policy.Attrs{"copy": "spoken"}},
	{name: "safe to hold a card", facts: policy.Attrs{"copy": "card"}},
	{name: "safe to hold a page", facts: policy.Attrs{"copy": "page"}},
	{name: "safe to hold a page, a program", facts: policy.Attrs{"copy": "page"}, actor: func(a *policy.Actor) { a.Kind = policy.Service }},
	{name: "another agency", facts: policy.Attrs{"agency": "theirs", "copy": "page"}},
}

// The matrix of who may do what: every role, every action and every way of
// standing to a record, as lines that can be read. A change of the rules shows
// as changed lines.
func TestTheListOfWhoMayDoWhat(t *testing.T) {
	rules, err := policy.New(sources()...)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("# Who may do what. A line is: allow or deny, the action, the role, how they stand to the record.\n" +
		"# Whoever is not said to be otherwise is a person at level 4.\n")
	lines := func(kind string, actions []policy.Action, relations []relation, facts func(policy.Attrs) policy.Attrs) {
		for _, action := range actions {
			for _, role := range policy.Roles() {
				for _, r := range relations {
					actor := policy.Actor{Account: me, Kind: policy.Human, Agency: myAgency, Teams: []string{myTeam}, Roles: []policy.Role{role}, Level: 4}
					actor.Only = []policy.Action{action} // a program's token is for it
					if r.actor != nil {
						r.actor(&actor)
					}
					d := rules.Decide(actor, action, policy.Resource{Type: kind, ID: "it", Attrs: facts(r.facts)})
					for _, id := range d.Rules {
						if strings.HasPrefix(id, "error") {
							t.Errorf("%s, %s, %s: %s", action, role, r.name, id)
						}
					}
					word := "deny "
					if d.Allowed {
						word = "allow"
					}
					fmt.Fprintf(&b, "%s  %-24s %-13s %s\n", word, action, role, r.name)
					hold(t, d.Allowed, action, role, r.name)
				}
			}
		}
	}
	lines("File", rules.ActionsOn("File"), fileRelations, fileFacts)
	lines("Share", rules.ActionsOn("Share"), shareRelations, shareFacts)
	lines("SafetyPlan", rules.ActionsOn("SafetyPlan"), planRelations, planFacts)
	if os.Getenv("WAYMARK_WRITE") != "" {
		if err := os.WriteFile(matrixFile, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	wantLines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(b.String(), "\n") {
		if i >= len(wantLines) || line != wantLines[i] {
			t.Fatalf("line %d is %q now; run make generate and look at every line that changes", i+1, line)
		}
	}
	if n := strings.Count(b.String(), "\n"); n != len(wantLines)-1 {
		t.Errorf("%d lines, and %s has %d", n, matrixFile, len(wantLines)-1)
	}
}

// hold holds a line of the matrix against what must be so whatever the rules
// become.
func hold(t *testing.T, allowed bool, action policy.Action, role policy.Role, stands string) {
	t.Helper()
	never := []string{
		"another agency", "tied, holds it", "tied, same agency", "has the harming side", "team has the harming side", "has the harmed side", "holds it, a program",
		"holds nothing", "safe to hold a page, a program", "to another team of mine", "to my team, a program", "to another agency", "sent by me", "to me, closed", "to me, tied",
	}
	switch {
	case !allowed:
	case slices.Contains(never, stands):
		t.Errorf("%s is allowed to a %s: %s", action, role, stands)
	case role == policy.Administrator, role == policy.Commissioner, role == policy.KeyContact:
		t.Errorf("%s is allowed to a %s: %s", action, role, stands)
	case strings.HasPrefix(stands, "about a colleague, team"):
		t.Errorf("%s is allowed to a %s: %s", action, role, stands)
	}
}

// Hearing what somebody says, their immediate safety, and the sending of what
// was found are open to every worker, trained or not; and but for the full
// identification of risk, the safety plan and the judgement of who does what to
// whom, each of which has a way to act at once, no rule asks for a level.
//
// Proves: B14.12
func TestHearingAndActingHaveNoTrainingFloor(t *testing.T) {
	rules, err := policy.New(sources()...)
	if err != nil {
		t.Fatal(err)
	}
	free := []policy.Action{
		"case.open", "case.work", "enquiry.record", "enquiry.correct", "risk.identify_now", "plan.make_now", "circumstance.judge_now", "plan.work", "share.send", "referral.offer", "referral.send", "case.emergency",
	}
	for _, role := range []policy.Role{policy.Practitioner, policy.Specialist, policy.Manager} {
		actor := policy.Actor{Account: me, Kind: policy.Human, Agency: myAgency, Roles: []policy.Role{role}}
		for _, action := range free {
			d := rules.Decide(actor, action, policy.Resource{Type: "File", ID: "it", Attrs: fileFacts(holds)})
			if !d.Allowed {
				t.Errorf("%s is closed to an untrained %s: %v", action, role, d.Rules)
			}
		}
	}
	for _, r := range rules.Rules() {
		if strings.Contains(r.Text, "principal.level") && !slices.Contains([]string{"risk-level-3", "plan-level-3", "circumstance-judge"}, r.ID) {
			t.Errorf("%s asks for a level", r.ID)
		}
	}
}
