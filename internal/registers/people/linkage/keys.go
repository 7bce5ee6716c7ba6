package linkage

import (
	"slices"
	"strings"
)

// Keys are what records of one person are likely to share one of, sorted, each
// once: birth with day and month in either order; the sounds of the names in any
// order; a part of the family name with a year, a given name with a month or with
// a day and month; the first letter of a given name at a postcode; where one name alone is known, its
// sound. They hold names and dates: whoever keeps them keeps a keyed hash.
func Keys(r Record) []string {
	var out []string
	add := func(kind string, parts ...string) {
		if !slices.Contains(parts, "") {
			out = append(out, kind+":"+strings.Join(parts, "/"))
		}
	}
	var year, month, dayOf string
	born := righted(r.Born)
	if _, ok := day(born); ok {
		year = born[:4]
		if len(born) >= 7 {
			month = born[5:7]
		}
		if len(born) == 10 {
			dayOf = born[8:]
		}
	}
	low, high := min(month, dayOf), max(month, dayOf)
	add("b", year, low, high)
	code := squeezed(r.Postcode)
	for _, c := range r.calls() {
		var firsts []string
		for _, g := range c.given {
			firsts = append(firsts, sound(root(g)))
		}
		whole := sound(strings.Join(c.family, ""))
		all := sound(strings.Join(c.given, ""))
		add("n", min(all, whole), max(all, whole))
		for i, g := range firsts {
			x, y := min(g, whole), max(g, whole)
			add("n", x, y)
			if i == 0 || len(c.given[i]) > 1 {
				add("gm", g, year, month)
				add("gd", g, low, high)
				add("gp", first(g), code)
				add("gp", first(c.given[i]), code)
			}
			if whole == "" {
				add("g", g, year)
			}
		}
		if len(firsts) == 0 {
			add("f", whole, year)
		}
		parts := append([]string{strings.Join(c.family, "")}, c.family...)
		for _, p := range parts {
			add("fy", sound(p), year)
			if len(firsts) > 0 {
				add("fi", sound(p), first(firsts[0]))
				add("fi", sound(p), first(sound(c.given[0])))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// first is the first letter of a word.
func first(word string) string {
	for _, r := range word {
		return string(r)
	}
	return ""
}
