package policy

import (
	"fmt"
	"strings"

	"github.com/cedar-policy/cedar-go/types"
	"github.com/cedar-policy/cedar-go/x/exp/ast"

	"waymark/internal/platform/store"
)

// Within stands for [Mapping.Agency] in the SQL of a mapping.
const Within = "{agency}"

// piecesMost bounds into how many pieces a scope is taken apart.
const piecesMost = 24

// Piece is one of the conditions that a scope is made of.
type Piece struct {
	// IDs is a statement that returns the ids of all records that meet the
	// condition, and of others, each once, as "id". It is empty where the
	// mapping has none.
	IDs   store.Fragment
	Where store.Fragment
}

// From is where the records of the piece are read from: a table under its
// alias, led to by the list of the piece where it has one. SQLite keeps to the
// order of a CROSS JOIN.
func (p Piece) From(table, alias string, w *store.Where) store.Fragment {
	if p.IDs.SQL == "" {
		return store.Fragment{SQL: table + " " + alias}
	}
	w.And(store.Fragment{SQL: alias + ".id = l.id"})
	return store.Fragment{SQL: "(" + p.IDs.SQL + ") AS l CROSS JOIN " + table + " " + alias, Args: p.IDs.Args}
}

// Pieces is [Engine.Scope] taken apart at every "or" of the rules that permit:
// a record is in the scope when it meets the condition of a piece. The forbids
// are in each. A database finds the records of a piece through an index where
// the whole would have it look at record after record.
func (e *Engine) Pieces(actor Actor, action Action, m Mapping) ([]Piece, error) {
	only := types.EntityType(m.Type)
	permits, forbids, err := e.remains(actor, action, &only)
	if err != nil {
		return nil, err
	}
	var out []Piece
	for _, r := range permits {
		for _, all := range ways(r) {
			p, err := m.piece(all, forbids)
			if err != nil {
				return nil, fmt.Errorf("rule %s: %w", r.id, err)
			}
			out = append(out, p)
		}
	}
	if len(out) > piecesMost {
		whole, err := e.Scope(actor, action, m)
		return []Piece{{Where: whole}}, err
	}
	return out, nil
}

// piece is true when all of some conditions hold and nothing forbids.
func (m Mapping) piece(all []ast.IsNode, forbids []remainder) (Piece, error) {
	var out Piece
	w := &sqlWriter{m: m}
	parts := []string{"true"}
	for _, n := range all {
		if out.IDs.SQL == "" {
			ids, err := m.list(n)
			if err != nil {
				return Piece{}, err
			}
			out.IDs = ids
		}
		sql, err := w.boolean(n)
		if err != nil {
			return Piece{}, err
		}
		parts = append(parts, "("+sql+")")
	}
	deny, err := w.union(forbids)
	out.Where = store.Fragment{SQL: strings.Join(parts, " AND ") + " AND NOT (" + deny + ")", Args: w.args}
	return out, err
}

// list is the statement that names the records which meet a condition, empty
// where there is none.
func (m Mapping) list(n ast.IsNode) (store.Fragment, error) {
	c, ok := n.(ast.NodeTypeContains)
	if !ok || m.Agency == "" {
		return store.Fragment{}, nil
	}
	access, ok := c.Left.(ast.NodeTypeAccess)
	if !ok {
		return store.Fragment{}, nil
	}
	w := &sqlWriter{m: m}
	name, err := w.attribute(access)
	if err != nil {
		return store.Fragment{}, err
	}
	statement, ok := m.Lists[name]
	if !ok {
		return store.Fragment{}, nil
	}
	value, err := w.scalar(c.Right)
	if err != nil {
		return store.Fragment{}, err
	}
	sql := w.timed(strings.ReplaceAll(statement, "$1", value))
	return store.Fragment{SQL: sql, Args: w.args}, nil
}

// ways are the ways in which a rule can apply: in each, all conditions hold.
func ways(r remainder) [][]ast.IsNode {
	out := [][]ast.IsNode{nil}
	for _, c := range r.conditions {
		if bool(c.Condition) {
			out = combined(out, alternatives(c.Body))
		} else {
			out = combined(out, [][]ast.IsNode{{ast.NodeTypeNot{UnaryNode: ast.UnaryNode{Arg: c.Body}}}})
		}
	}
	return out
}

// combined are all pairs of a way of the one and a way of the other.
func combined(some, others [][]ast.IsNode) [][]ast.IsNode {
	var out [][]ast.IsNode
	for _, a := range some {
		for _, b := range others {
			out = append(out, append(append([]ast.IsNode(nil), a...), b...))
		}
	}
	return out
}

// alternatives takes a condition apart at its "or".
func alternatives(n ast.IsNode) [][]ast.IsNode {
	if value, known := constant(n); known {
		if value {
			return [][]ast.IsNode{nil}
		}
		return nil
	}
	switch n := n.(type) {
	case ast.NodeTypeAnd:
		return combined(alternatives(n.Left), alternatives(n.Right))
	case ast.NodeTypeOr:
		return append(alternatives(n.Left), alternatives(n.Right)...)
	case ast.NodeTypeContains:
		// "This list has the record's value": one of the list's is it.
		if list, ok := n.Left.(ast.NodeValue); ok {
			if values, ok := list.Value.(types.Set); ok {
				var out [][]ast.IsNode
				for v := range values.All() {
					out = append(out, []ast.IsNode{ast.NodeTypeEquals{BinaryNode: ast.BinaryNode{Left: n.Right, Right: ast.NodeValue{Value: v}}}})
				}
				return out
			}
		}
	}
	return [][]ast.IsNode{{n}}
}
