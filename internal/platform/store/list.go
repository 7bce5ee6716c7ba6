package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
)

// Fragment is a piece of SQL with its own arguments, numbered from $1. Lists
// whose filters vary are put together from fragments: an optional filter
// written as CAST($2) IS NULL OR … would keep the database from its index.
type Fragment struct {
	SQL  string
	Args []any
}

// Where builds the condition of a list. The zero value is no condition.
type Where struct {
	parts []string
	args  []any
}

// And adds a fragment; an empty one adds nothing.
func (w *Where) And(f Fragment) {
	if f.SQL == "" {
		return
	}
	w.parts = append(w.parts, "("+shift(f.SQL, len(w.args))+")")
	w.args = append(w.args, f.Args...)
}

// SQL returns the condition, "true" when there is none, and its arguments.
func (w *Where) SQL() (string, []any) {
	if len(w.parts) == 0 {
		return "true", nil
	}
	return strings.Join(w.parts, " AND "), w.args
}

// Arg adds an argument that is used outside the condition, as in LIMIT, and
// returns its number with the dollar sign.
func (w *Where) Arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// Args returns all the arguments so far.
func (w *Where) Args() []any { return w.args }

// Join puts fragments one after the other, with a text between them.
func Join(list []Fragment, between string) Fragment {
	var out Fragment
	for i, f := range list {
		if i > 0 {
			out.SQL += between
		}
		out.SQL += shift(f.SQL, len(out.Args))
		out.Args = append(out.Args, f.Args...)
	}
	return out
}

// shift renumbers the parameters of a fragment to follow n others.
func shift(sql string, n int) string {
	if n == 0 {
		return sql
	}
	var b strings.Builder
	for i := 0; i < len(sql); {
		c := sql[i]
		switch {
		case c == '\'' || c == '"':
			l := quotedLen(sql[i:])
			b.WriteString(sql[i : i+l])
			i += l
		case c == '$' && i+1 < len(sql) && isDigit(sql[i+1]):
			j := i + 1
			for j < len(sql) && isDigit(sql[j]) {
				j++
			}
			num, _ := strconv.Atoi(sql[i+1 : j]) // digits only
			b.WriteString("$" + strconv.Itoa(num+n))
			i = j
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// Each runs a query that was put together from fragments, and calls row for
// every row of the answer, to scan it.
func Each(ctx context.Context, tx *Tx, query string, args []any, row func(*sql.Rows) error) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
