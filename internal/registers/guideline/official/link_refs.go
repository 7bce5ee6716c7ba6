package official

import (
	"slices"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// References from one box to another stand in the text as "see" and the other's title: "(see
// 'sub-heading' within box title)", "See also box title and 'sub-heading' in box title". The
// titles are looked for in what follows each "see", exactly first and then with a word or so
// amiss. A reference that names a page must name a box; if none is found, that is a warning.

type referenceKind int

const (
	refItem referenceKind = iota
	refAudience
	refSeeAlso // a paragraph of references
	refPointer // a paragraph that sends the reader elsewhere, unless it names a box
)

// reference is a piece of text that may name other boxes. Section is the index of the section
// it stands in.
type reference struct {
	kind         referenceKind
	box, section int
	marked       string
	Lines
}

func (r *boxReader) refer(kind referenceKind, b block) {
	r.p.refs = append(r.p.refs, reference{kind, r.box.Number, len(r.box.Sections), b.marked, b.Lines})
}

// target is something that can be referred to by its title.
type target struct {
	words   []string
	box     int
	section string // of a sub-heading
	term    string // of a glossary entry
}

// targets finds titles by the words they hold.
type targets struct {
	all    []target
	byWord map[string][]int
}

func (t *targets) add(title string, to target) {
	if to.words = wording.Words(title); len(to.words) == 0 {
		return
	}
	t.all = append(t.all, to)
	seen := map[string]bool{}
	for _, w := range to.words {
		if !seen[w] && !emptyWords[w] {
			seen[w] = true
			t.byWord[w] = append(t.byWord[w], len(t.all)-1)
		}
	}
}

// hit is a title found in a span of words.
type hit struct {
	target   *target
	from, to int // words, to excluded
	score    float64
}

// resolve finds the see-also links of all boxes and the glossary entries that audiences name.
func (p *pathwayParser) resolve() {
	t := &targets{byWord: map[string][]int{}}
	for _, b := range p.v.Boxes {
		t.add(b.Title, target{box: b.Number})
		for _, s := range b.Sections {
			t.add(s.Title, target{box: b.Number, section: s.Title})
		}
	}
	for _, g := range p.v.Glossary {
		t.add(g.Term, target{term: g.Term})
	}
	for _, ref := range p.refs {
		p.resolveOne(t, ref)
	}
}

func (p *pathwayParser) resolveOne(t *targets, ref reference) {
	box := p.v.Box(ref.box)
	found := 0
	for _, span := range seeSpans(ref.marked) {
		hits := t.find(span.words)
		found += p.addLinks(box, ref, hits)
		for _, h := range hits {
			if h.target.term != "" && ref.kind == refAudience && ref.section < len(box.Sections) {
				s := &box.Sections[ref.section]
				if !slices.Contains(s.Terms, h.target.term) {
					s.Terms = append(s.Terms, h.target.term)
				}
			}
		}
		for _, end := range span.pages {
			if !slices.ContainsFunc(hits, func(h hit) bool { return h.to == end && h.target.box > 0 }) {
				p.warn(WarnReference, ref.Lines, "box %d refers to a page by %q, which is no box or sub-heading of this document", ref.box, clip(span.upTo(end)))
			}
		}
	}
	switch {
	case ref.kind == refSeeAlso && found == 0:
		p.warn(WarnReference, ref.Lines, "box %d says what to see also, and none of it is a box or sub-heading of this document", ref.box)
	case ref.kind == refPointer && found > 0:
		p.v.Pointers = slices.DeleteFunc(p.v.Pointers, func(q Pointer) bool { return q.Lines == ref.Lines })
	}
}

// addLinks turns hits into links: a sub-heading followed by "within" or "in" and its box is one.
func (p *pathwayParser) addLinks(box *Box, ref reference, hits []hit) int {
	added := 0
	for i := 0; i < len(hits); i++ {
		to := hits[i].target
		if to.box == 0 {
			continue
		}
		link := Link{Box: to.box, Section: to.section, Lines: ref.Lines}
		if to.section != "" && i+1 < len(hits) && hits[i+1].from == hits[i].to+1 && hits[i+1].target.box > 0 && hits[i+1].target.section == "" {
			i++ // the word between them is "within", "in" or "of"
			if within := hits[i].target.box; within != link.Box {
				if s := p.v.Box(within).section(to.section); s != nil {
					link.Box = within
				} else {
					p.warn(WarnReference, ref.Lines, "box %d refers to %q within box %d; it stands in box %d", ref.box, clip(to.section), within, to.box)
				}
			}
		}
		added++
		if link.Box == box.Number && link.Section == "" {
			continue // a box need not send the reader to itself
		}
		if !slices.ContainsFunc(box.Links, func(l Link) bool { return l.Box == link.Box && l.Section == link.Section }) {
			box.Links = append(box.Links, link)
		}
	}
	return added
}

// section finds a sub-heading by its title, nil when there is none.
func (b *Box) section(title string) *Section {
	for i := range b.Sections {
		if wording.Key(b.Sections[i].Title) == wording.Key(title) {
			return &b.Sections[i]
		}
	}
	return nil
}

// seeSpan is the words after a "see", up to the end of the sentence or bracket. Pages are the
// places, in words, where a page reference stood.
type seeSpan struct {
	words []string
	pages []int
}

func (s seeSpan) upTo(end int) string { return strings.Join(s.words[max(0, end-8):end], " ") }

const longestSpan = 400

func seeSpans(marked string) []seeSpan {
	var spans []seeSpan
	words := wording.Scan(marked)
	for i := 0; i < len(words); i++ {
		if words[i].Plain != "see" {
			continue
		}
		var span seeSpan
		depth := 0
		last := words[i].To
		for i++; i <= len(words) && len(span.words) < longestSpan; i++ {
			next := len(marked)
			if i < len(words) {
				next = words[i].From
			}
			ended := false
			for _, r := range marked[last:next] {
				switch r {
				case '\uE000':
					span.pages = append(span.pages, len(span.words))
				case '(':
					depth++
				case ')':
					depth--
				case '.', ';':
					ended = true
				}
				if ended = ended || depth < 0; ended {
					break
				}
			}
			if ended || i == len(words) {
				break
			}
			span.words = append(span.words, words[i].Plain)
			last = words[i].To
		}
		i-- // the word that ended the span may be another "see"
		if len(span.words) > 0 {
			spans = append(spans, span)
		}
	}
	return spans
}

// find returns the titles in a span in their order, none overlapping another. The better match
// wins, then the longer.
func (t *targets) find(words []string) []hit {
	var hits []hit
	seen := map[[2]int]bool{}
	for at, w := range words {
		for _, ti := range t.byWord[w] {
			n := len(t.all[ti].words)
			for from := max(0, at-n); from <= at; from++ {
				if seen[[2]int{ti, from}] {
					continue
				}
				seen[[2]int{ti, from}] = true
				if h, ok := t.match(words, ti, from); ok {
					hits = append(hits, h)
				}
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.score != b.score:
			return compare(b.score, a.score)
		case a.to-a.from != b.to-b.from:
			return (b.to - b.from) - (a.to - a.from)
		case a.from != b.from:
			return a.from - b.from
		}
		// A title that is also a glossary term is the title.
		return compare(len(a.target.term), len(b.target.term))
	})
	var kept []hit
	for _, h := range hits {
		if !slices.ContainsFunc(kept, func(k hit) bool { return h.from < k.to && k.from < h.to }) {
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept, func(a, b hit) int { return a.from - b.from })
	return kept
}

// match compares a title with the words from a place on. Short titles must match exactly and
// stand where a reference begins, since their words may mean no more than themselves.
func (t *targets) match(words []string, ti, from int) (hit, bool) {
	to := &t.all[ti]
	n := len(to.words)
	if from+n <= len(words) && slices.Equal(words[from:from+n], to.words) {
		if n <= 2 && !(beginsReference(words, from) && endsReference(words, from+n)) {
			return hit{}, false
		}
		return hit{to, from, from + n, 1}, true
	}
	if n < 4 {
		return hit{}, false
	}
	best := hit{}
	for _, length := range []int{n, n - 1, n + 1} {
		if from+length > len(words) {
			continue
		}
		window := words[from : from+length]
		if window[0] != to.words[0] && window[length-1] != to.words[n-1] {
			continue
		}
		if s := overlap(window, to.words); s >= 0.8 && s > best.score {
			best = hit{to, from, from + length, s * 0.99} // never as good as exact
		}
	}
	return best, best.target != nil
}

var referenceOpeners = wordSet("see also and or in within of the also")

func beginsReference(words []string, from int) bool {
	return from == 0 || referenceOpeners[words[from-1]]
}

func endsReference(words []string, to int) bool {
	return to == len(words) || referenceOpeners[words[to]]
}

func compare[T int | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
