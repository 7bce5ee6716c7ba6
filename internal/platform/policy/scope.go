package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"waymark/internal/platform/store"
)

// Mapping tells where a resource type's attributes lie in the database.
type Mapping struct {
	Type string
	// Columns gives the SQL of each single-valued attribute; the column must
	// not be nullable.
	Columns map[string]string
	// Sets gives, for each set-valued attribute, the SQL that is true when the
	// set contains a value, with $1 standing for it.
	Sets map[string]string
	// Lists gives, for some of the sets, a statement that returns the ids of the
	// records of one agency whose set contains $1, each once, as "id". It names
	// the agency with [Within]. [Engine.Pieces] uses it where Agency is given.
	Lists  map[string]string
	Agency string
	// ID is the column of the resource's id.
	ID string
	// At is the moment at which the list is made. Where what a record says
	// depends on the time, its SQL names the moment with [Moment].
	At time.Time
}

// Moment stands for [Mapping.At] in the SQL of a mapping.
const Moment = "{at}"

// Scope is the condition that selects the records on which the actor may do
// this, written with the columns of m. It agrees with [Engine.Decide] on every
// record. A rule whose remainder cannot be written is an error, never a wider
// or narrower list.
func (e *Engine) Scope(actor Actor, action Action, m Mapping) (store.Fragment, error) {
	only := types.EntityType(m.Type)
	permits, forbids, err := e.remains(actor, action, &only)
	if err != nil {
		return store.Fragment{}, err
	}
	w := &sqlWriter{m: m}
	allow, err := w.union(permits)
	if err != nil {
		return store.Fragment{}, err
	}
	if len(forbids) > 0 {
		deny, err := w.union(forbids)
		if err != nil {
			return store.Fragment{}, err
		}
		allow = "(" + allow + ") AND NOT (" + deny + ")"
	}
	return store.Fragment{SQL: allow, Args: w.args}, nil
}

// CheckScope tries the scope of an action for an actor of every role and
// reports the first remainder that has no SQL. It is run at the start.
func (e *Engine) CheckScope(action Action, m Mapping) error {
	for _, r := range Roles() {
		probe := Actor{Account: "probe", Kind: Human, Agency: "agency", Teams: []string{"team"}, Roles: []Role{r}, Level: 4}
		if _, err := e.Scope(probe, action, m); err != nil {
			return fmt.Errorf("%s on %s: %w", action, m.Type, err)
		}
	}
	return nil
}

type sqlWriter struct {
	m    Mapping
	args []any
}

// union is true when one of the rules applies.
func (w *sqlWriter) union(rules []remainder) (string, error) {
	var parts []string
	for _, r := range rules {
		part, err := w.rule(r)
		if err != nil {
			return "", fmt.Errorf("rule %s: %w", r.id, err)
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "false", nil
	}
	return strings.Join(parts, " OR "), nil
}

func (w *sqlWriter) rule(r remainder) (string, error) {
	if r.always() {
		return "true", nil
	}
	var parts []string
	for _, c := range r.conditions {
		sql, err := w.boolean(c.Body)
		if err != nil {
			return "", err
		}
		if !bool(c.Condition) {
			sql = "NOT (" + sql + ")"
		}
		parts = append(parts, "("+sql+")")
	}
	return strings.Join(parts, " AND "), nil
}

func (w *sqlWriter) boolean(n ast.IsNode) (string, error) {
	switch n := n.(type) {
	case ast.NodeTypeAnd:
		return w.both(n.BinaryNode, "AND")
	case ast.NodeTypeOr:
		return w.both(n.BinaryNode, "OR")
	case ast.NodeTypeNot:
		sql, err := w.boolean(n.Arg)
		return "NOT (" + sql + ")", err
	case ast.NodeTypeEquals:
		return w.compare(n.BinaryNode, "=")
	case ast.NodeTypeNotEquals:
		return w.compare(n.BinaryNode, "<>")
	case ast.NodeTypeLessThan:
		return w.compare(n.BinaryNode, "<")
	case ast.NodeTypeLessThanOrEqual:
		return w.compare(n.BinaryNode, "<=")
	case ast.NodeTypeGreaterThan:
		return w.compare(n.BinaryNode, ">")
	case ast.NodeTypeGreaterThanOrEqual:
		return w.compare(n.BinaryNode, ">=")
	case ast.NodeTypeContains:
		return w.contains(n)
	case ast.NodeTypeContainsAny:
		return w.containsAny(n)
	case ast.NodeValue:
		if b, ok := n.Value.(types.Boolean); ok {
			if b {
				return "true", nil
			}
			return "false", nil
		}
	case ast.NodeTypeAccess:
		return w.column(n) // a boolean column
	}
	return "", fmt.Errorf("%T has no SQL", n)
}

func (w *sqlWriter) both(n ast.BinaryNode, op string) (string, error) {
	l, err := w.boolean(n.Left)
	if err != nil {
		return "", err
	}
	r, err := w.boolean(n.Right)
	if err != nil {
		return "", err
	}
	return "(" + l + ") " + op + " (" + r + ")", nil
}

func (w *sqlWriter) compare(n ast.BinaryNode, op string) (string, error) {
	l, err := w.scalar(n.Left)
	if err != nil {
		return "", err
	}
	r, err := w.scalar(n.Right)
	if err != nil {
		return "", err
	}
	return l + " " + op + " " + r, nil
}

// contains is either "the record's set has this value" or "this list has the
// record's value".
func (w *sqlWriter) contains(n ast.NodeTypeContains) (string, error) {
	if access, ok := n.Left.(ast.NodeTypeAccess); ok {
		value, err := w.scalar(n.Right)
		if err != nil {
			return "", err
		}
		return w.has(access, value)
	}
	values, err := literalSet(n.Left)
	if err != nil {
		return "", err
	}
	column, err := w.scalar(n.Right)
	if err != nil {
		return "", err
	}
	if len(values) == 0 {
		return "false", nil
	}
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = w.arg(v)
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")", nil
}

// has is "the record's set has this value".
func (w *sqlWriter) has(set ast.NodeTypeAccess, value string) (string, error) {
	name, err := w.attribute(set)
	if err != nil {
		return "", err
	}
	condition, ok := w.m.Sets[name]
	if !ok {
		return "", fmt.Errorf("%s.%s is not mapped to a set", w.m.Type, name)
	}
	return w.timed(strings.ReplaceAll(condition, "$1", value)), nil
}

// containsAny is "the record's set has one of these values".
func (w *sqlWriter) containsAny(n ast.NodeTypeContainsAny) (string, error) {
	access, values := n.Left, n.Right
	set, ok := access.(ast.NodeTypeAccess)
	if !ok {
		access, values = n.Right, n.Left // it is the same either way round
		if set, ok = access.(ast.NodeTypeAccess); !ok {
			return "", fmt.Errorf("%T has no SQL", access)
		}
	}
	list, err := literalSet(values)
	if err != nil {
		return "", err
	}
	parts := []string{"false"}
	for _, v := range list {
		part, err := w.has(set, w.arg(v))
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " OR "), nil
}

// timed puts the moment of the list, and its agency, where the SQL of a mapping
// asks for them.
func (w *sqlWriter) timed(sql string) string {
	if strings.Contains(sql, Moment) {
		sql = strings.ReplaceAll(sql, Moment, w.arg(w.m.At))
	}
	if strings.Contains(sql, Within) {
		sql = strings.ReplaceAll(sql, Within, w.arg(w.m.Agency))
	}
	return sql
}

func literalSet(n ast.IsNode) ([]any, error) {
	value, ok := n.(ast.NodeValue)
	if !ok {
		return nil, fmt.Errorf("%T is not a known set", n)
	}
	set, ok := value.Value.(types.Set)
	if !ok {
		return nil, fmt.Errorf("%T is not a set", value.Value)
	}
	var out []any
	for v := range set.All() {
		plain, err := literal(v)
		if err != nil {
			return nil, err
		}
		out = append(out, plain)
	}
	// Cedar's sets have no order; the SQL text should.
	slices.SortFunc(out, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return out, nil
}

func (w *sqlWriter) scalar(n ast.IsNode) (string, error) {
	switch n := n.(type) {
	case ast.NodeTypeAccess:
		return w.column(n)
	case ast.NodeTypeVariable:
		if n.Name == "resource" && w.m.ID != "" {
			return w.m.ID, nil
		}
	case ast.NodeValue:
		v, err := literal(n.Value)
		if err != nil {
			return "", err
		}
		return w.arg(v), nil
	}
	return "", fmt.Errorf("%T has no SQL", n)
}

func (w *sqlWriter) column(n ast.NodeTypeAccess) (string, error) {
	name, err := w.attribute(n)
	if err != nil {
		return "", err
	}
	column, ok := w.m.Columns[name]
	if !ok {
		return "", fmt.Errorf("%s.%s is not mapped to a column", w.m.Type, name)
	}
	return w.timed(column), nil
}

func (w *sqlWriter) attribute(n ast.NodeTypeAccess) (string, error) {
	if v, ok := n.Arg.(ast.NodeTypeVariable); ok && v.Name == "resource" {
		return string(n.Value), nil
	}
	if v, ok := n.Arg.(ast.NodeValue); ok {
		if uid, ok := v.Value.(types.EntityUID); ok && uid.ID == "resource" {
			return string(n.Value), nil
		}
	}
	return "", fmt.Errorf("%s of %T has no SQL", n.Value, n.Arg)
}

func (w *sqlWriter) arg(v any) string {
	w.args = append(w.args, v)
	return fmt.Sprintf("$%d", len(w.args))
}

func literal(v types.Value) (any, error) {
	switch v := v.(type) {
	case types.String:
		return string(v), nil
	case types.Long:
		return int64(v), nil
	case types.Boolean:
		return bool(v), nil
	case types.EntityUID:
		return string(v.ID), nil
	default:
		return nil, fmt.Errorf("%T has no SQL", v)
	}
}
