package safetyplan

import (
	"strings"
	"unicode"
)

// words are the words of a text, in small letters.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// holds tells whether the words of part stand in a line, one after the other.
func holds(line, part []string) bool {
	if len(part) == 0 {
		return false
	}
	for at := 0; at+len(part) <= len(line); at++ {
		same := true
		for i := range part {
			same = same && line[at+i] == part[i]
		}
		if same {
			return true
		}
	}
	return false
}

// inARow is how many words a line may share with one that is kept apart.
const inARow = 4

// secrets are words that stand on no copy.
type secrets [][]string

// apart adds the lines of a text that is kept apart, and every few words of it
// in a row.
func (s *secrets) apart(text string) {
	for line := range strings.Lines(text) {
		w := words(line)
		for at := 0; at+inARow <= len(w); at++ {
			*s = append(*s, w[at:at+inARow])
		}
		s.phrase(line)
	}
}

// phrase adds words that stand on no copy as they are.
func (s *secrets) phrase(text string) {
	if w := words(text); len(w) > 0 {
		*s = append(*s, w)
	}
}

// name adds each part of a name.
func (s *secrets) name(name string) {
	for _, w := range words(name) {
		if len([]rune(w)) > 1 {
			*s = append(*s, []string{w})
		}
	}
}

// in tells whether one of them stands in a line.
func (s secrets) in(line string) bool {
	w := words(line)
	for _, part := range s {
		if holds(w, part) {
			return true
		}
	}
	return false
}
