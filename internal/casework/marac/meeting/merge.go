package meeting

import (
	"slices"
	"strings"
)

// Merge puts two texts together that were both typed upon base. It goes by lines; a
// paragraph is one. What only one of them changed is as they changed it. What both put
// in at the same place stands there from both, theirs first, and once where it is the
// same. It tells whether it can: not where both changed the same line, each in another
// way. What is returned then is nobody's text.
func Merge(base, theirs, mine string) (string, bool) {
	switch {
	case theirs == mine, mine == base:
		return theirs, true
	case theirs == base:
		return mine, true
	}
	b := lines(base)
	all := append(changes(b, lines(theirs), false), changes(b, lines(mine), true)...)
	slices.SortStableFunc(all, func(x, y change) int {
		if x.from != y.from {
			return x.from - y.from
		}
		return min(x.to, x.from+1) - min(y.to, y.from+1) // what is put in there comes before what is changed
	})
	var out []string
	at := 0
	for i, c := range all {
		if i > 0 {
			last := all[i-1]
			switch {
			case last.mine != c.mine && last.from == c.from && last.to == c.to && slices.Equal(last.lines, c.lines):
				continue // both did the same
			case c.from < at: // it takes out or changes what is changed already, or is put into it
				return "", false
			}
		}
		out = append(append(out, b[at:c.from]...), c.lines...)
		at = c.to
	}
	return strings.Join(append(out, b[at:]...), "\n"), true
}

// lines are the lines of a text; of an empty one there are none.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// change puts lines in the place of those of the base from one on, to another.
type change struct {
	from, to int
	lines    []string
	mine     bool
}

// changes are what somebody changed of a base: as few lines as can be.
func changes(base, text []string, mine bool) []change {
	head := 0
	for head < len(base) && head < len(text) && base[head] == text[head] {
		head++
	}
	tail := 0
	for tail < len(base)-head && tail < len(text)-head && base[len(base)-1-tail] == text[len(text)-1-tail] {
		tail++
	}
	b, t := base[head:len(base)-tail], text[head:len(text)-tail]
	kept := common(b, t)
	var out []change
	i, j := 0, 0
	for _, k := range append(kept, [2]int{len(b), len(t)}) {
		if k[0] > i || k[1] > j {
			out = append(out, change{from: head + i, to: head + k[0], lines: t[j:k[1]], mine: mine})
		}
		i, j = k[0]+1, k[1]+1
	}
	return out
}

// common are the places of the longest common lines of two texts.
func common(a, b []string) [][2]int {
	best := make([][]int, len(a)+1)
	for i := range best {
		best[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if a[i] == b[j] {
				best[i][j] = best[i+1][j+1] + 1
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
