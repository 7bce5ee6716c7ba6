package official

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

const (
	likeTitles = 0.5 // two texts from here on are one text reworded
	likeMoved  = 0.6 // a box under another number and title must be more alike
	mostPairs  = 40_000
)

// matched is a box before and after; nil where it was or is not there.
type matched struct{ old, new *Box }

// matchBoxes pairs the boxes of two versions: first those with the same title, whatever their
// number, then those with the same number that are alike, then what is alike of the rest.
func matchBoxes(before, after []Box) []matched {
	var out []matched
	oldDone, newDone := make([]bool, len(before)), make([]bool, len(after))
	match := func(fits func(a, b *Box) bool) {
		for i := range before {
			for j := range after {
				if !oldDone[i] && !newDone[j] && fits(&before[i], &after[j]) {
					oldDone[i], newDone[j] = true, true
					out = append(out, matched{&before[i], &after[j]})
				}
			}
		}
	}
	sameTitle := func(a, b *Box) bool { return wording.Key(a.Title) == wording.Key(b.Title) }
	match(func(a, b *Box) bool { return a.Number == b.Number && sameTitle(a, b) })
	match(sameTitle)
	match(func(a, b *Box) bool { return a.Number == b.Number && boxLikeness(a, b) >= likeTitles })
	match(func(a, b *Box) bool { return boxLikeness(a, b) >= likeMoved })
	for i := range before {
		if !oldDone[i] {
			out = append(out, matched{old: &before[i]})
		}
	}
	for j := range after {
		if !newDone[j] {
			out = append(out, matched{new: &after[j]})
		}
	}
	slices.SortStableFunc(out, func(a, b matched) int { return a.number() - b.number() })
	return out
}

func (m matched) number() int {
	if m.new != nil {
		return m.new.Number
	}
	return m.old.Number
}

// boxLikeness is how alike two boxes are, by title or by what they hold, whichever is more.
func boxLikeness(a, b *Box) float64 {
	title := alike(a.Title, b.Title)
	textA, textB := strings.Join(a.texts(), " "), strings.Join(b.texts(), " ")
	if textA == "" || textB == "" {
		return title
	}
	return max(title, alike(textA, textB))
}

func (b *Box) texts() []string {
	var out []string
	for _, s := range b.Sections {
		out = append(out, s.Title, s.Audience)
		out = append(out, s.texts()...)
	}
	return out
}

// texts are the items of a section with their depth as an indent, so that an entry under another
// parent is a change.
func (s *Section) texts() []string {
	var out []string
	for i := range s.Items {
		for depth, it := range s.Items[i].All() {
			out = append(out, strings.Repeat("  ", depth)+it.Text)
		}
	}
	return out
}

func diffBoxes(before, after []Box) []BoxChange {
	var out []BoxChange
	for _, m := range matchBoxes(before, after) {
		switch {
		case m.old == nil:
			out = append(out, BoxChange{Kind: Added, New: m.new.Number, NewTitle: m.new.Title})
		case m.new == nil:
			out = append(out, BoxChange{Kind: Removed, Old: m.old.Number, OldTitle: m.old.Title})
		default:
			if c := diffBox(m.old, m.new); c.Kind != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// diffBox compares a box with what became of it. The Kind is empty when nothing did.
func diffBox(before, after *Box) BoxChange {
	c := BoxChange{
		Old: before.Number, New: after.Number, OldTitle: before.Title, NewTitle: after.Title,
		Sections: diffSections(before.Sections, after.Sections),
	}
	for _, list := range []struct {
		what     string
		old, new string
	}{
		{"quality statements", numberList(before.Statements), numberList(after.Statements)},
		{"recommendations", numberList(before.Recommendations), numberList(after.Recommendations)},
		{"links", linkList(before.Links), linkList(after.Links)},
		{"no more information", yesNo(before.NoInformation), yesNo(after.NoInformation)},
	} {
		if list.old != list.new {
			c.Others = append(c.Others, TextChange{Reworded, list.what, list.old, list.new})
		}
	}
	switch {
	case before.Number != after.Number:
		c.Kind = Moved
	case before.Title != after.Title || len(c.Sections)+len(c.Others) > 0:
		c.Kind = Reworded
	}
	return c
}

func diffSections(before, after []Section) []SectionChange {
	var out []SectionChange
	done := make([]bool, len(after))
	find := func(fits func(s *Section) bool) int {
		for j := range after {
			if !done[j] && fits(&after[j]) {
				return j
			}
		}
		return -1
	}
	partner := make([]int, len(before))
	for i := range before {
		partner[i] = find(func(s *Section) bool { return wording.Key(s.Title) == wording.Key(before[i].Title) })
		if partner[i] >= 0 {
			done[partner[i]] = true
		}
	}
	for i := range before {
		if partner[i] < 0 {
			partner[i] = find(func(s *Section) bool {
				return alike(s.Title, before[i].Title) >= likeTitles ||
					alike(strings.Join(s.texts(), " "), strings.Join(before[i].texts(), " ")) >= likeMoved
			})
			if partner[i] >= 0 {
				done[partner[i]] = true
			}
		}
		if partner[i] < 0 {
			out = append(out, SectionChange{Kind: Removed, OldTitle: before[i].Title, Items: diffTexts(before[i].texts(), nil, "")})
			continue
		}
		now := &after[partner[i]]
		c := SectionChange{
			Kind: Reworded, OldTitle: before[i].Title, NewTitle: now.Title,
			Audience: diffTexts(oneText(before[i].Audience), oneText(now.Audience), ""),
			Items:    diffTexts(before[i].texts(), now.texts(), ""),
		}
		if c.OldTitle != c.NewTitle || len(c.Audience)+len(c.Items) > 0 {
			out = append(out, c)
		}
	}
	for j := range after {
		if !done[j] {
			out = append(out, SectionChange{Kind: Added, NewTitle: after[j].Title, Items: diffTexts(nil, after[j].texts(), "")})
		}
	}
	return out
}

func oneText(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// diffTexts compares two lists of texts: what is the same in both goes, what is alike of the
// rest is reworded, and what then remains was added or removed.
func diffTexts(before, after []string, what string) []TextChange {
	places := map[string][]int{}
	for j, s := range after {
		places[s] = append(places[s], j)
	}
	taken := make([]bool, len(after))
	var gone []int
	last, inOrder := -1, true
	for i, s := range before {
		list := places[s]
		if len(list) == 0 {
			gone = append(gone, i)
			continue
		}
		j := list[0]
		places[s] = list[1:]
		taken[j] = true
		inOrder = inOrder && j > last
		last = j
	}
	var come []int
	for j := range after {
		if !taken[j] {
			come = append(come, j)
		}
	}
	now := pairTexts(before, after, gone, come)
	var out []TextChange
	for _, i := range gone {
		if j, ok := now[i]; ok {
			out = append(out, TextChange{Reworded, what, before[i], after[j]})
			taken[j] = true
		} else {
			out = append(out, TextChange{Removed, what, before[i], ""})
		}
	}
	for _, j := range come {
		if !taken[j] {
			out = append(out, TextChange{Added, what, "", after[j]})
		}
	}
	if !inOrder {
		out = append(out, TextChange{Kind: Reordered, What: what})
	}
	return out
}

// pairTexts pairs texts that are alike, the most alike first.
func pairTexts(before, after []string, gone, come []int) map[int]int {
	type likely struct {
		i, j  int
		score float64
	}
	pairs := map[int]int{}
	if len(gone)*len(come) > mostPairs {
		return pairs
	}
	var all []likely
	for _, i := range gone {
		for _, j := range come {
			if s := alike(before[i], after[j]); s >= likeTitles {
				all = append(all, likely{i, j, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b likely) int { return compare(b.score, a.score) })
	used := map[int]bool{}
	for _, l := range all {
		if _, have := pairs[l.i]; !have && !used[l.j] {
			pairs[l.i] = l.j
			used[l.j] = true
		}
	}
	return pairs
}

func numberList(numbers []int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, ", ")
}

func linkList(links []Link) string {
	var out []string
	for _, l := range links {
		s := fmt.Sprintf("box %d", l.Box)
		if l.Section != "" {
			s += fmt.Sprintf(" %q", l.Section)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
