package guideline

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a query. What is longer is cut, not refused: the first words say what is meant.
const (
	queryMax      = 200 // letters
	queryWordsMax = 10
)

// Query is what a search is for: words in their plain form, each once.
type Query struct{ Words []string }

// IsZero tells whether there is no word to search for.
func (q Query) IsZero() bool { return len(q.Words) == 0 }

// String is the query in its plain form. Parsing it gives the same query.
func (q Query) String() string { return strings.Join(q.Words, " ") }

// ParseQuery reads what somebody typed. Everything but letters and digits separates words.
func ParseQuery(typed string) Query {
	if utf8.RuneCountInString(typed) > queryMax {
		typed = string([]rune(typed)[:queryMax])
	}
	var q Query
	for _, t := range tokens(typed) {
		if !slices.Contains(q.Words, t.plain) && len(q.Words) < queryWordsMax {
			q.Words = append(q.Words, t.plain)
		}
	}
	return q
}

// token is a word in its plain form, and where it stands in the text.
type token struct {
	plain    string
	from, to int
}

// tokens splits a text into words. An apostrophe inside a word belongs to it and is not part of
// its plain form, so that "womens" finds "women's".
func tokens(s string) []token {
	var out []token
	start := -1
	flush := func(end int) {
		if start >= 0 {
			if plain := foldWord(s[start:end]); plain != "" {
				out = append(out, token{plain, start, end})
			}
		}
		start = -1
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if start < 0 {
				start = i
			}
		case isApostrophe(r) && start >= 0 && letterAt(s, i+utf8.RuneLen(r)):
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

// foldWord takes case, accents and apostrophes off a word. Letters that look alike but are coded
// apart come out the same.
func foldWord(w string) string {
	if plainASCII(w) {
		return strings.ToLower(w)
	}
	// Lower case can bring new marks (İ), and taking marks off new letters; a second round settles it.
	for range 3 {
		folded := strings.Map(func(r rune) rune {
			if unicode.IsMark(r) || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, norm.NFKD.String(w))
		if folded == w {
			break
		}
		w = folded
	}
	return w
}

func plainASCII(w string) bool {
	for i := range len(w) {
		c := w[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
