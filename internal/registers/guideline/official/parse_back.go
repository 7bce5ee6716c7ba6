package official

import (
	"slices"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// The parts after the boxes: glossary, sources, responsibility notes.

func (p *pathwayParser) sources(blocks []block) {
	for _, b := range joinParagraphs(blocks) {
		p.v.Sources = append(p.v.Sources, Paragraph{p.plain(b), b.Lines})
	}
}

// responsibility reads notes: a short line without an end is the heading of what follows.
func (p *pathwayParser) responsibility(blocks []block) {
	blocks = joinParagraphs(blocks)
	for i, b := range blocks {
		text := b.text()
		if !finished(text) && short(text) && i+1 < len(blocks) {
			p.v.Responsibility = append(p.v.Responsibility, Note{Title: p.plain(b), Lines: b.Lines})
			continue
		}
		if len(p.v.Responsibility) == 0 {
			p.v.Responsibility = append(p.v.Responsibility, Note{})
		}
		note := &p.v.Responsibility[len(p.v.Responsibility)-1]
		note.Paragraphs = append(note.Paragraphs, Paragraph{p.plain(b), b.Lines})
		if !finished(text) {
			p.warn(WarnUnfinished, b.Lines, "%q has no end", clip(text))
		}
	}
}

// The glossary alternates terms and definitions, and nothing in the form of a line says which it
// is: a definition broken by a page end leaves a piece that looks like either. So the whole is
// read at once: of all the ways to part the paragraphs into terms with their definitions, the
// one that asks for the fewest oddities is taken (the costs below). A wrong turn early makes
// long sentences into terms later on, which costs more than any join.
const (
	costJoin        = 1.0 // a definition goes on in another paragraph
	costJoinUpper   = 1.0 // ... that begins with a capital
	costJoinAsked   = 3.0 // ... that is a question, as some terms are
	costAfterStop   = 1.0 // ... after one that had come to its end
	gainDangling    = 0.9 // ... after one that cannot be the end
	costCutShort    = 4.0 // a definition stops where it cannot
	costOrder       = 0.9 // a term comes before its alphabetical place
	costLongTerm    = 6.0 // a term is longer than terms are
	costStoppedTerm = 6.0 // a term holds a full stop or a semicolon, or cannot end where it does
	costMidTerm     = 2.5 // a term begins with a word that goes on with something
	costListTerm    = 0.5 // a term holds a comma and does not ask
	costBare        = 5.0 // a term without a definition
	costShort       = 0.5 // a definition as short as a term
	costShorter     = 2.0 // a definition of a word or two
	mostJoins       = 12
	longestTerm     = 20
)

func (p *pathwayParser) glossary(blocks []block) {
	n := len(blocks)
	if n == 0 {
		return
	}
	starts := partGlossary(blocks)
	for i, s := range starts {
		end := n
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		term := Term{Term: strings.TrimSuffix(p.plain(blocks[s]), ":"), Lines: blocks[s].Lines}
		if end == s+1 {
			p.warn(WarnUnfinished, blocks[s].Lines, "the glossary has no definition of %q", clip(term.Term))
		} else {
			def := blocks[s+1]
			for _, b := range blocks[s+2 : end] {
				def = def.join(b)
			}
			term.Definition = p.plain(def)
			term.Lines = term.Lines.through(def.Lines)
			if dangling(term.Definition, false) {
				p.warn(WarnUnfinished, def.Lines, "the definition of %q has no end", clip(term.Term))
			}
		}
		p.v.Glossary = append(p.v.Glossary, term)
	}
	p.linkTerms()
}

// partGlossary returns the indexes of the blocks that are terms.
func partGlossary(blocks []block) []int {
	n := len(blocks)
	type state struct {
		cost float64
		next int
	}
	look := make([]glossaryLine, n)
	for i, b := range blocks {
		look[i] = lookAt(b)
	}
	// best[i] is the cheapest way to read blocks i to the end when block i is a term.
	best := make([]state, n+1)
	for i := n - 1; i >= 0; i-- {
		own := look[i].termCost
		best[i] = state{cost: 1e18}
		try := func(next int, cost float64) {
			if next < n && look[next].order < look[i].order && !look[next].asks {
				cost += costOrder
			}
			if look[next-1].dangles {
				cost += costCutShort
			}
			if total := own + cost + best[next].cost; total < best[i].cost {
				best[i] = state{total, next}
			}
		}
		try(i+1, costBare)
		cost := 0.0
		for next := i + 2; next <= n && next <= i+2+mostJoins; next++ {
			if k := next - 1; k == i+1 {
				switch {
				case look[k].words <= 2:
					cost += costShorter
				case look[k].words <= 6:
					cost += costShort
				}
			} else {
				cost += joinCost(look[k-1], look[k])
			}
			try(next, cost)
		}
	}
	var starts []int
	for i := 0; i < n; i = best[i].next {
		starts = append(starts, i)
	}
	return starts
}

// glossaryLine is what the choice needs to know of a paragraph.
type glossaryLine struct {
	words                         int
	termCost                      float64
	order                         string
	asks, stops, dangles, capital bool
}

// goingOn are words that a piece of a sentence begins with, and no term.
var goingOn = wordSet(`a an the of to for with from by in on at into within and or nor but is are was were be
	that which because when where while if as than this these those it they`)

func lookAt(b block) glossaryLine {
	text := b.text()
	g := glossaryLine{
		words:   len(wording.Words(text)),
		order:   strings.TrimLeft(strings.ToLower(text), "'\"‘“"),
		asks:    strings.HasSuffix(text, "?"),
		stops:   finished(text),
		dangles: dangling(text, false) || strings.HasSuffix(text, ";"),
		capital: opens(text) == opensUpper,
	}
	if g.words > longestTerm {
		g.termCost += costLongTerm
	}
	if strings.Contains(text, ". ") || strings.Contains(text, ";") || strings.HasSuffix(text, ".") || g.dangles {
		g.termCost += costStoppedTerm
	}
	if words := wording.Words(text); len(words) > 0 && goingOn[words[0]] {
		g.termCost += costMidTerm
	}
	if strings.Contains(text, ",") && !g.asks {
		g.termCost += costListTerm
	}
	if b.kind == bulletBlock {
		g.termCost += costLongTerm
	}
	return g
}

func joinCost(before, piece glossaryLine) float64 {
	cost := costJoin
	if piece.capital {
		cost += costJoinUpper
	}
	if piece.asks {
		cost += costJoinAsked
	}
	if before.dangles {
		cost -= gainDangling
	} else if before.stops {
		cost += costAfterStop
	}
	return cost
}

// linkTerms names, for each term, those that say the same.
func (p *pathwayParser) linkTerms() {
	g := p.v.Glossary
	byDefinition := map[string][]int{}
	byRoot := map[string][]int{}
	for i, t := range g {
		if key := wording.Key(t.Definition); key != "" {
			byDefinition[key] = append(byDefinition[key], i)
		}
		byRoot[singular(t.Term)] = append(byRoot[singular(t.Term)], i)
	}
	for i, t := range g {
		same := slices.Concat(byDefinition[wording.Key(t.Definition)], byRoot[singular(t.Term)])
		slices.Sort(same)
		for _, j := range slices.Compact(same) {
			if j != i {
				g[i].SameAs = append(g[i].SameAs, g[j].Term)
			}
		}
	}
}

// singular is a term's key with the plural ending of its last word taken off.
func singular(term string) string {
	words := wording.Words(term)
	if len(words) == 0 {
		return ""
	}
	last := words[len(words)-1]
	switch {
	case strings.HasSuffix(last, "ies") && len(last) > 4:
		last = strings.TrimSuffix(last, "ies") + "y"
	case strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss") && len(last) > 3:
		last = strings.TrimSuffix(last, "s")
	}
	words[len(words)-1] = last
	return strings.Join(words, " ")
}
