package wording

import (
	"strings"
	"unicode"
)

// Words splits a text into its plain words.
func Words(s string) []string {
	var out []string
	for _, w := range Scan(s) {
		out = append(out, w.Plain)
	}
	return out
}

// Word is a plain word and where it stood in the text.
type Word struct {
	Plain    string
	From, To int
}

// Scan splits a text into its plain words and says where they stand.
func Scan(s string) []Word {
	var out []Word
	start := -1
	flush := func(end int) {
		if start < 0 {
			return
		}
		plain := strings.ToLower(s[start:end])
		for _, possessive := range []string{"'s", "’s"} {
			plain = strings.TrimSuffix(plain, possessive)
		}
		plain = strings.TrimRight(plain, "'’")
		if plain != "" {
			out = append(out, Word{plain, start, end})
		}
		start = -1
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
		case (r == '\'' || r == '’') && start >= 0: // inside a word, or closing a quotation
		default:
			flush(i)
		}
	}
	flush(len(s))
	return out
}

// Key is a text in its plain form. Two texts with the same key read the same aloud.
func Key(s string) string { return strings.Join(Words(s), " ") }
