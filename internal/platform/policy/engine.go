package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/types"
	cedarast "github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/eval"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"
)

// Source is what one capability brings: the shapes of its records and its
// actions in Cedar's schema language, and its rules.
type Source struct {
	Name   string // the capability, for messages
	Schema string
	Rules  string
}

// accounts is the shape of an actor, known to every rule.
const accounts = `
entity Account {
  account: String,
  kind: String,
  agency: String,
  teams: Set<String>,
  roles: Set<String>,
  level: Long,
  within: Bool // a program: its token is for the action; anybody else: true
};
`

// scoped is the one rule that concerns every action and record.
const scoped = `
@id("token-scope")
@sentence("A program does only what its token names.")
forbid (principal, action, resource)
when { principal.kind == "service" && !principal.within };
`

// Rule is one rule as people read it.
type Rule struct {
	ID         string
	Sentence   string
	Capability string
	Forbids    bool
	Text       string // in Cedar
}

// Engine holds the rules. It is safe for concurrent use.
type Engine struct {
	policies  *cedar.PolicySet
	byAction  map[Action]*cedar.PolicySet // those that can say anything about an action
	rules     []Rule
	actions   map[Action]bool
	resources map[Action][]types.EntityType
}

// New reads the rules and checks them: every one has an id and a sentence, ids
// are unique, and each fits the declared shapes.
func New(sources ...Source) (*Engine, error) {
	e := &Engine{policies: cedar.NewPolicySet(), actions: map[Action]bool{}, resources: map[Action][]types.EntityType{}}
	var shapes strings.Builder
	for _, s := range append([]Source{{Name: "policy", Schema: accounts, Rules: scoped}}, sources...) {
		shapes.WriteString(s.Schema)
		if err := e.add(s); err != nil {
			return nil, fmt.Errorf("the rules of %s: %w", s.Name, err)
		}
	}
	var parsed schema.Schema
	if err := parsed.UnmarshalCedar([]byte(shapes.String())); err != nil {
		return nil, fmt.Errorf("the shapes: %w", err)
	}
	resolved, err := parsed.Resolve()
	if err != nil {
		return nil, fmt.Errorf("the shapes: %w", err)
	}
	for uid, action := range resolved.Actions {
		name := Action(uid.ID)
		e.actions[name] = true
		if action.AppliesTo != nil {
			e.resources[name] = action.AppliesTo.Resources
		}
	}
	e.byAction = map[Action]*cedar.PolicySet{}
	for name := range e.actions {
		e.byAction[name] = e.about(name)
	}
	validator := validate.New(resolved)
	var faults []error
	for id, p := range e.policies.All() {
		if err := validator.Policy(string(id), (*cedarast.Policy)(p.AST())); err != nil {
			faults = append(faults, fmt.Errorf("rule %s: %w", id, err))
		}
	}
	return e, errors.Join(faults...)
}

// about are the rules that can say anything about an action. A rule is left out
// only when its head names other actions: judging it would end there.
func (e *Engine) about(a Action) *cedar.PolicySet {
	uid, out := actionUID(a), cedar.NewPolicySet()
	for id, p := range e.policies.All() {
		other := false
		switch head := (*cedarast.Policy)(p.AST()).Action.(type) {
		case cedarast.ScopeTypeEq:
			other = head.Entity != uid
		case cedarast.ScopeTypeInSet:
			// Actions are in no groups here: the entities of a request are the
			// actor and the record.
			other = !slices.Contains(head.Entities, uid)
		}
		if !other {
			out.Add(id, p)
		}
	}
	return out
}

func (e *Engine) add(s Source) error {
	list, err := cedar.NewPolicyListFromBytes(s.Name+".cedar", []byte(s.Rules))
	if err != nil {
		return err
	}
	for _, p := range list {
		notes := p.Annotations()
		id, sentence := string(notes["id"]), string(notes["sentence"])
		if id == "" || sentence == "" {
			return fmt.Errorf("the rule at line %d has no @id or no @sentence", p.Position().Line)
		}
		if e.policies.Get(types.PolicyID(id)) != nil {
			return fmt.Errorf("two rules are called %s", id)
		}
		e.policies.Add(types.PolicyID(id), p)
		e.rules = append(e.rules, Rule{
			ID: id, Sentence: sentence, Capability: s.Name,
			Forbids: p.Effect() == cedar.Forbid, Text: string(p.MarshalCedar()),
		})
	}
	return nil
}

// Rules lists the rules in the order they were given.
func (e *Engine) Rules() []Rule { return slices.Clone(e.rules) }

// Sentences are the sentences of the rules with the given ids, in the order of
// the rules.
func (e *Engine) Sentences(ids ...string) []string {
	var out []string
	for _, r := range e.rules {
		if slices.Contains(ids, r.ID) {
			out = append(out, r.Sentence)
		}
	}
	return out
}

// Knows tells whether an action was declared.
func (e *Engine) Knows(a Action) bool { return e.actions[a] }

// Actions lists the declared actions in order.
func (e *Engine) Actions() []Action {
	var out []Action
	for a := range e.actions {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// Decide judges one act on one record.
func (e *Engine) Decide(actor Actor, action Action, resource Resource) Decision {
	if actor.IsZero() || !e.Knows(action) {
		return Decision{}
	}
	object, err := entityOf(resource)
	if err != nil {
		return Decision{Rules: []string{"error"}}
	}
	subject := actor.entity(action)
	decision, diagnostic := cedar.Authorize(e.byAction[action],
		types.EntityMap{subject.UID: subject, object.UID: object},
		cedar.Request{Principal: subject.UID, Action: actionUID(action), Resource: object.UID, Context: types.NewRecord(nil)})
	if len(diagnostic.Errors) > 0 {
		// Cedar skips a rule that fails to evaluate, a forbid as well.
		d := Decision{}
		for _, fault := range diagnostic.Errors {
			d.Rules = append(d.Rules, "error in "+string(fault.PolicyID))
		}
		slices.Sort(d.Rules)
		return d
	}
	d := Decision{Allowed: decision == cedar.Allow}
	for _, reason := range diagnostic.Reasons {
		d.Rules = append(d.Rules, string(reason.PolicyID))
	}
	slices.Sort(d.Rules)
	return d
}

// Possible tells whether there is any record on which the actor could do this.
func (e *Engine) Possible(actor Actor, action Action) Decision {
	permits, forbids, err := e.remains(actor, action, nil)
	if err != nil {
		return Decision{Rules: []string{"error"}}
	}
	for _, f := range forbids {
		if f.always() {
			return Decision{Rules: []string{f.id}}
		}
	}
	d := Decision{Allowed: len(permits) > 0}
	for _, p := range permits {
		d.Rules = append(d.Rules, p.id)
	}
	slices.Sort(d.Rules)
	return d
}

// remainder is what partial evaluation leaves of one rule when the resource is
// not known.
type remainder struct {
	id         string
	conditions []cedarast.ConditionType
}

// never tells whether a rule cannot apply whatever the resource: partial
// evaluation goes from left to right and stops at what it does not know.
func never(conditions []cedarast.ConditionType) bool {
	for _, c := range conditions {
		if value, known := constant(c.Body); known && value != bool(c.Condition) {
			return true
		}
	}
	return false
}

// constant is the value of a condition that does not depend on the resource.
func constant(n cedarast.IsNode) (value, known bool) {
	switch n := n.(type) {
	case cedarast.NodeValue:
		b, ok := n.Value.(types.Boolean)
		return bool(b), ok
	case cedarast.NodeTypeNot:
		value, known = constant(n.Arg)
		return !value, known
	case cedarast.NodeTypeAnd:
		return both(n.BinaryNode, false)
	case cedarast.NodeTypeOr:
		return both(n.BinaryNode, true)
	}
	return false, false
}

// both joins two conditions; one of them being decisive is enough.
func both(n cedarast.BinaryNode, decisive bool) (value, known bool) {
	left, leftKnown := constant(n.Left)
	right, rightKnown := constant(n.Right)
	if leftKnown && left == decisive || rightKnown && right == decisive {
		return decisive, true
	}
	return !decisive, leftKnown && rightKnown
}

// always tells whether the rule applies whatever the resource.
func (r remainder) always() bool { return len(r.conditions) == 0 }

// remains partially evaluates every rule for an unknown resource of the given
// type (nil: of any type the action applies to).
func (e *Engine) remains(actor Actor, action Action, only *types.EntityType) (permits, forbids []remainder, err error) {
	if actor.IsZero() || !e.Knows(action) {
		return nil, nil, nil
	}
	subject := actor.entity(action)
	env := eval.Env{
		Entities:  types.EntityMap{subject.UID: subject},
		Principal: subject.UID,
		Action:    actionUID(action),
		Resource:  eval.Variable("resource"),
		Context:   types.NewRecord(nil),
	}
	for id, p := range e.byAction[action].All() {
		ast := (*cedarast.Policy)(p.AST())
		if is, ok := ast.Resource.(cedarast.ScopeTypeIs); ok && !e.concerns(action, is.Type, only) {
			continue
		}
		left, keep := eval.PartialPolicy(env, ast)
		if !keep {
			continue
		}
		for _, c := range left.Conditions {
			if fault, is := eval.ToPartialError(c.Body); is {
				return nil, nil, fmt.Errorf("rule %s: %w", id, fault)
			}
		}
		if never(left.Conditions) {
			continue
		}
		r := remainder{id: string(id), conditions: left.Conditions}
		if p.Effect() == cedar.Forbid {
			forbids = append(forbids, r)
		} else {
			permits = append(permits, r)
		}
	}
	byID := func(a, b remainder) int { return strings.Compare(a.id, b.id) }
	slices.SortFunc(permits, byID)
	slices.SortFunc(forbids, byID)
	return permits, forbids, nil
}

func (e *Engine) concerns(action Action, t types.EntityType, only *types.EntityType) bool {
	if only != nil {
		return t == *only
	}
	return slices.Contains(e.resources[action], t)
}

func actionUID(a Action) types.EntityUID { return types.NewEntityUID("Action", types.String(a)) }

// entity is the actor as the rules about an action know them.
func (a Actor) entity(action Action) types.Entity {
	roles := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		roles[i] = string(r)
	}
	return types.Entity{
		UID: types.NewEntityUID("Account", types.String(a.Account)),
		Attributes: types.NewRecord(types.RecordMap{
			"account": types.String(a.Account),
			"kind":    types.String(a.Kind),
			"agency":  types.String(a.Agency),
			"teams":   setOf(a.Teams),
			"roles":   setOf(roles),
			"level":   types.Long(a.Level),
			"within":  types.Boolean(a.Kind != Service || slices.Contains(a.Only, action)),
		}),
	}
}

func entityOf(r Resource) (types.Entity, error) {
	record := types.RecordMap{}
	for name, value := range r.Attrs {
		v, err := valueOf(value)
		if err != nil {
			return types.Entity{}, fmt.Errorf("%s.%s: %w", r.Type, name, err)
		}
		record[types.String(name)] = v
	}
	return types.Entity{
		UID:        types.NewEntityUID(types.EntityType(r.Type), types.String(r.ID)),
		Attributes: types.NewRecord(record),
	}, nil
}

func valueOf(v any) (types.Value, error) {
	switch v := v.(type) {
	case string:
		return types.String(v), nil
	case bool:
		return types.Boolean(v), nil
	case int:
		return types.Long(v), nil
	case int64:
		return types.Long(v), nil
	case []string:
		return setOf(v), nil
	default:
		return nil, fmt.Errorf("a rule cannot speak of a %T", v)
	}
}

func setOf(list []string) types.Set {
	values := make([]types.Value, len(list))
	for i, s := range list {
		values[i] = types.String(s)
	}
	return types.NewSet(values...)
}

// ActionsOn lists the declared actions that are done to a type of record.
func (e *Engine) ActionsOn(kind string) []Action {
	var out []Action
	for _, a := range e.Actions() {
		if slices.Contains(e.resources[a], types.EntityType(kind)) {
			out = append(out, a)
		}
	}
	return out
}
