package official

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/registers/guideline/wording"
)

// stem takes the ending off a word, so that commissioners, commissioning and commission meet,
// as do perpetrate and perpetrators. It is crude on purpose: it only ever compares actors.
func stem(w string) string {
	for _, end := range []string{"ies", "ing", "ors", "ers", "ions", "es", "or", "er", "ed", "ion", "s", "e", "y"} {
		if strings.HasSuffix(w, end) && len(w)-len(end) >= 4 {
			w = strings.TrimSuffix(w, end)
			if len(w) > 4 && w[len(w)-1] == w[len(w)-2] && w[len(w)-1] != 's' {
				w = w[:len(w)-1]
			}
			return strings.TrimSuffix(w, "ion")
		}
	}
	return w
}

// emptyWords say nothing about who acts.
var emptyWords = wordSet(`a about above after all also an and any are as at be being below both by can
	detail details do example for from have if in include included includes including into involved is
	it its latter may more must of on or other others over see should so such that the their them these
	they this those to under was were where which who whom will with within working work`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// contentStems is the set of stems of the words that carry meaning.
func contentStems(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range wording.Words(s) {
		if !emptyWords[w] && len(w) > 1 {
			set[stem(w)] = true
		}
	}
	return set
}

// alike is the overlap of two texts' plain words, from 0 (none) to 1 (the same words).
func alike(a, b string) float64 { return overlap(wording.Words(a), wording.Words(b)) }

func overlap(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	count := map[string]int{}
	for _, w := range a {
		count[w]++
	}
	common := 0
	for _, w := range b {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

// The state of a piece of text as a sentence decides whether what follows a page end goes on
// with it.

const closers = ")]}'\"’”»"

// finished says whether the text comes to an end: a full stop, question or exclamation mark,
// a colon or a semicolon, closing quotes and brackets set aside.
func finished(s string) bool {
	s = strings.TrimRight(strings.TrimSpace(s), closers)
	for _, abbreviation := range []string{"e.g.", "i.e.", "cf.", "vs."} {
		if strings.HasSuffix(strings.ToLower(s), abbreviation) {
			return false
		}
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?:;…", r)
}

// hanging are words that cannot end a sentence.
var hanging = wordSet(`a an the of to for with from by in on at into within without between among and or
	nor but including include includes e.g i.e that which who whose whom their its his her your our this
	these those is are be been being was were has have had not as if than because when where while
	should must may can could will would such any all each every both either`)

// dangling says whether the text cannot end where it does. In a list of fragments a comma or a
// closing "and" parts one entry from the next, so it does not count.
func dangling(s string, fragment bool) bool {
	s = strings.TrimSpace(s)
	if s == "" || finished(s) {
		return false
	}
	if strings.Count(s, "(") > strings.Count(s, ")") {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune("([{-–—/", r) {
		return true
	}
	if r == ',' {
		return !fragment
	}
	if strings.ContainsRune(closers, r) {
		return false
	}
	last := s
	if i := strings.LastIndexAny(s, " (,;"); i >= 0 {
		last = s[i+1:]
	}
	last = strings.ToLower(last)
	if fragment && (last == "and" || last == "or") {
		return false
	}
	return hanging[last]
}

type opening int

const (
	opensOther opening = iota // a figure, a sign, a script without cases
	opensLower
	opensUpper
)

// opens says how a text begins, opening quotes and brackets set aside.
func opens(s string) opening {
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			return opensLower
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			return opensUpper
		case strings.ContainsRune("'\"‘“«([ ", r):
			continue
		}
		return opensOther
	}
	return opensOther
}

// leaning are openings that go on with what was said before and that no recommendation begins with.
var leaning = []string{"these ", "this ", "they ", "it ", "those ", "the latter ", "the former ", "such ", "examples include"}

func leans(s string) bool {
	low := strings.ToLower(s) + " "
	for _, p := range leaning {
		if strings.HasPrefix(low, p) {
			return true
		}
	}
	return false
}

// joinText puts two halves of a sentence together. A word parted at its hyphen stays hyphenated.
func joinText(a, b string) string {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	if before, ok := strings.CutSuffix(a, "-"); ok && before != "" && opens(b) == opensLower {
		if r, _ := utf8.DecodeLastRuneInString(before); unicode.IsLetter(r) {
			return a + b
		}
	}
	return a + " " + b
}
