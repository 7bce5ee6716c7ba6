package store

import (
	"strings"
	"sync"
)

// SQLite takes $1 for a name and numbers names by their first appearance, so
// that a statement which mentions $2 before $1 silently swaps its arguments.
// ?1 is a number. numbered turns the one into the other, once a statement.
var numberedCache sync.Map // string → string

func numbered(query string) string {
	if got, ok := numberedCache.Load(query); ok {
		return got.(string)
	}
	out := rewriteNumbered(query)
	numberedCache.Store(query, out)
	return out
}

// rewriteNumbered replaces $n by ?n outside of literals, quoted names and
// comments.
func rewriteNumbered(query string) string {
	var b strings.Builder
	b.Grow(len(query))
	for i := 0; i < len(query); {
		rest := query[i:]
		switch {
		case rest[0] == '\'' || rest[0] == '"':
			n := quotedLen(rest)
			b.WriteString(rest[:n])
			i += n
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(rest[:n])
			i += n
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest, "*/")
			if n < 0 {
				n = len(rest)
			} else {
				n += len("*/")
			}
			b.WriteString(rest[:n])
			i += n
		case rest[0] == '$' && len(rest) > 1 && isDigit(rest[1]):
			b.WriteByte('?')
			i++
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}

// quotedLen is the length of the literal or quoted name that s starts with; a
// doubled quote inside does not end it.
func quotedLen(s string) int {
	q := s[0]
	for i := 1; i < len(s); i++ {
		if s[i] != q {
			continue
		}
		if i+1 < len(s) && s[i+1] == q {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
