package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
)

const (
	decideJob = "decide"
	questions = 1000
)

// question is somebody who wants to open a case, with the case in the form in
// which each way of deciding takes it.
type question struct {
	actor    policy.Actor
	resource policy.Resource
	file     plainFile
	entities types.EntityMap
	request  cedar.Request
}

// plainFile is what the rules ask of a case, for rules written by hand.
type plainFile struct {
	agency, team, lead, side                      string
	restricted, colleague                         bool
	workers, tied, emergency, across, acrossTeams []string
}

// compareDecisions measures a decision under every rule: beside the same rules
// written in Go by hand, and beside the library that evaluates them with one
// rule and its records put together beforehand.
func compareDecisions(ctx context.Context, o options, rules *policy.Engine) ([]comparison, error) {
	asked := ask(rand.New(rand.NewPCG(2016, 50)), questions)
	one, err := cedar.NewPolicySetFromBytes("one.cedar", []byte(oneRule))
	if err != nil {
		return nil, err
	}
	decide := func(q *question) bool { return rules.Decide(q.actor, cases.ActOpen, q.resource).Allowed }
	byHand := func(q *question) bool { return byHand(q.actor, q.file) }
	bare := func(q *question) bool {
		decision, _ := cedar.Authorize(one, q.entities, q.request)
		return decision == cedar.Allow
	}
	allowed := 0
	for i := range asked {
		q := &asked[i]
		if decide(q) != byHand(q) {
			return nil, fmt.Errorf("the rules and the rules by hand differ on %+v and %+v", q.actor, q.file)
		}
		if bare(q) != involved(q.actor, q.file) {
			return nil, fmt.Errorf("the one rule and the same by hand differ on %+v and %+v", q.actor, q.file)
		}
		if decide(q) {
			allowed++
		}
	}
	if allowed < questions/10 || allowed > questions*9/10 {
		return nil, errors.New("the questions have nearly all the same answer")
	}
	all := func(decide func(*question) bool, want int) side {
		return func(ctx context.Context) (float64, error) {
			rate, err := busy(ctx, 1, o.length, func(int) error {
				n := 0
				for i := range asked {
					if decide(&asked[i]) {
						n++
					}
				}
				if n != want {
					return fmt.Errorf("%d are allowed and not %d", n, want)
				}
				return nil
			})
			return rate * questions, err
		}
	}
	alike := 0
	for i := range asked {
		if bare(&asked[i]) {
			alike++
		}
	}
	out := []comparison{
		{Name: decideJob, Beside: "by hand in Go", Clients: 1},
		{Name: decideJob, Beside: "bare cedar-go", Clients: 1},
	}
	if err := out[0].run(ctx, o, all(decide, allowed), all(byHand, allowed)); err != nil {
		return nil, err
	}
	if err := out[1].run(ctx, o, all(decide, allowed), all(bare, alike)); err != nil {
		return nil, err
	}
	out[0].Says = fmt.Sprintf("may somebody open a case, by every rule: %.0f ns a decision; the same rules written in Go %.0f ns. %d questions, %d answered with yes, the same ones by both.",
		1e9/out[0].Rate.Waymark, 1e9/out[0].Rate.Other, questions, allowed)
	out[1].Says = fmt.Sprintf("the library alone, one rule of them all, with actor and case in its own form beforehand: %.0f ns.", 1e9/out[1].Rate.Other)
	return out, nil
}

// ask makes questions on which all that the rules look at is so or otherwise.
func ask(random *rand.Rand, n int) []question {
	accounts, teams := []string{"a", "b", "c", "d"}, []string{"x", "y", "z"}
	one := func(list []string) string { return list[random.IntN(len(list))] }
	rarely := func(list []string) []string {
		if random.IntN(6) > 0 {
			return nil
		}
		return []string{one(list)}
	}
	out := make([]question, n)
	for i := range out {
		roles := policy.Roles()
		a := policy.Actor{
			Account: one(accounts), Kind: policy.Human, Agency: "agency", Teams: []string{one(teams)},
			Roles: []policy.Role{roles[random.IntN(len(roles))]}, Level: random.IntN(5),
		}
		f := plainFile{
			agency: "agency", team: one(teams), lead: one(accounts), side: string(cases.Experiencing),
			restricted: random.IntN(6) == 0, colleague: random.IntN(12) == 0,
			workers: []string{one(accounts), one(accounts)}, tied: rarely(accounts), emergency: rarely(accounts),
			across: rarely(accounts), acrossTeams: rarely(teams),
		}
		if random.IntN(3) == 0 {
			f.side = string(cases.Perpetrating)
		}
		if random.IntN(8) == 0 {
			f.agency = "another"
		}
		out[i] = newQuestion(a, f)
	}
	return out
}

func newQuestion(a policy.Actor, f plainFile) question {
	none := []string(nil)
	attrs := policy.Attrs{
		"agency": f.agency, "team": f.team, "lead": f.lead, "restricted": f.restricted, "side": f.side, "workers": f.workers, "tied": f.tied,
		"colleague": f.colleague, "emergency": f.emergency, "emergency_contact": none, "across": f.across, "across_teams": f.acrossTeams,
	}
	for _, c := range cases.Compartments() {
		attrs[string(c)+"_roles"], attrs[string(c)+"_named"] = []string{"practitioner", "specialist"}, none
	}
	account := types.Entity{UID: types.NewEntityUID("Account", types.String(a.Account)), Attributes: types.NewRecord(types.RecordMap{
		"account": types.String(a.Account), "agency": types.String(a.Agency), "kind": types.String(a.Kind), "teams": set(a.Teams), "roles": set(a.Roles),
	})}
	file := types.Entity{UID: types.NewEntityUID("File", "file"), Attributes: types.NewRecord(types.RecordMap{
		"agency": types.String(f.agency), "team": types.String(f.team), "workers": set(f.workers),
	})}
	return question{
		actor: a, resource: policy.Resource{Type: "File", ID: "file", Attrs: attrs}, file: f,
		entities: types.EntityMap{account.UID: account, file.UID: file},
		request:  cedar.Request{Principal: account.UID, Action: types.NewEntityUID("Action", "case.open"), Resource: file.UID, Context: types.NewRecord(nil)},
	}
}

func set[T ~string](list []T) types.Set {
	values := make([]types.Value, len(list))
	for i, v := range list {
		values[i] = types.String(v)
	}
	return types.NewSet(values...)
}

// oneRule is the rule that most cases are opened by.
const oneRule = `permit (principal, action == Action::"case.open", resource is File)
when {
  principal.kind == "human" && resource.agency == principal.agency &&
  (principal.roles.contains("practitioner") || principal.roles.contains("specialist") || principal.roles.contains("manager")) &&
  (resource.workers.contains(principal.account) || principal.teams.contains(resource.team))
};`

// involved is that rule in Go.
func involved(a policy.Actor, f plainFile) bool {
	return atWork(a, f) && (slices.Contains(f.workers, a.Account) || slices.Contains(a.Teams, f.team))
}

func atWork(a policy.Actor, f plainFile) bool {
	return a.Kind == policy.Human && f.agency == a.Agency && (a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager))
}

// byHand are the rules on opening a case as somebody would write them who
// needed neither sentences nor lists of them.
func byHand(a policy.Actor, f plainFile) bool {
	worker, emergency := slices.Contains(f.workers, a.Account), slices.Contains(f.emergency, a.Account)
	if !involved(a, f) && !(atWork(a, f) && (a.Has(policy.Manager) || emergency)) {
		return false
	}
	if f.restricted && !worker && !emergency || slices.Contains(f.tied, a.Account) || f.colleague && !worker {
		return false
	}
	if f.side == string(cases.Perpetrating) {
		return worker || !slices.Contains(f.across, a.Account)
	}
	mates := slices.ContainsFunc(a.Teams, func(t string) bool { return slices.Contains(f.acrossTeams, t) })
	return !slices.Contains(f.across, a.Account) && (worker || !mates)
}
