package official

import (
	"slices"
	"strings"

	"waymark/internal/registers/guideline/wording"
)

// node is a list entry while its list is still growing.
type node struct {
	block
	leads bool
	kids  []*node
}

// boxReader assembles one box from its joined blocks.
type boxReader struct {
	p    *pathwayParser
	box  Box
	open bool // a section has begun
	sec  Section
	tops []*node // the section's list
	lead *node   // the further audience sentence that the list now belongs to
	path []*node // the open entries of the list, outermost first

	inStatements bool
}

// box reads one box and appends it to the version.
func (p *pathwayParser) box(part boxPart) {
	blocks := joinBroken(append([]block{part.head}, part.body...))
	head := blocks[0]
	r := &boxReader{p: p, box: Box{Number: head.number, Title: p.plain(head.block), Lines: head.Lines}}
	for i, b := range blocks[1:] {
		for _, doubt := range b.doubts {
			p.warn(WarnJoined, b.Lines, "%s", doubt)
		}
		var next *joined
		if i+2 < len(blocks) {
			next = &blocks[i+2]
		}
		r.place(b.block, next)
	}
	r.closeSection()
	if r.box.NoInformation && len(r.box.Sections) > 0 {
		p.warn(WarnUnplaced, r.box.Lines, "box %d says that it has no more, yet text follows", r.box.Number)
	}
	p.v.Boxes = append(p.v.Boxes, r.box)
}

// place decides what a block is, from its words and from what comes after it.
func (r *boxReader) place(b block, next *joined) {
	text := b.text()
	key := wording.Key(text)
	if b.kind == headedBlock && !r.inStatements {
		b = b.asParagraph()
	}
	switch {
	case b.kind == paraBlock && key == "no additional information":
		r.box.NoInformation = true
		r.p.furniture(FurnitureEmpty, b.Lines)
	case b.kind == paraBlock && (key == "quality standards" || key == "quality standard"):
		r.closeSection()
		r.inStatements = true
		r.p.furniture(FurnitureHeading, b.Lines)
	case r.inStatements && r.statement(b):
	case b.kind == bulletBlock || b.kind == numberedBlock:
		r.entry(b)
	case reSeeAlso.MatchString(text):
		r.refer(refSeeAlso, b)
		r.path = nil
	case rePointer.MatchString(text) && !strings.HasSuffix(text, ":"):
		r.refer(refPointer, b)
		r.p.v.Pointers = append(r.p.v.Pointers, Pointer{Box: r.box.Number, Section: r.sec.Title, Text: r.p.plain(b), Lines: b.Lines})
		r.path = nil
	case strings.HasSuffix(text, ":") || finished(text) && next != nil && next.kind == bulletBlock:
		r.audience(b)
	case finished(text):
		r.paragraph(b)
	case next != nil && len(wording.Words(text)) <= 30 && !fixedPhrase(next.text()):
		r.subheading(b)
	default:
		// The sweep reports what is not placed.
	}
}

// statement reads a line under "Quality standards". It says false when the line ends the list.
func (r *boxReader) statement(b block) bool {
	text := b.text()
	switch {
	case reStatementLead.MatchString(text):
		r.p.furniture(FurnitureHeading, b.Lines)
		return true
	case b.kind == numberedBlock || b.kind == headedBlock:
		r.addStatement(b.number, b)
		if r.p.v.Statement(b.number) == nil {
			r.p.v.Statements = append(r.p.v.Statements, Statement{b.number, r.p.plain(b), b.Lines})
		} else if s := r.p.v.Statement(b.number); wording.Key(s.Title) != wording.Key(firstText(plainText(b.marked))) {
			r.p.warn(WarnDisagree, b.Lines, "quality statement %d reads %q here and %q at line %d", b.number, clip(text), clip(s.Title), s.From)
		} else {
			r.p.plain(b) // for what strays in it
		}
		return true
	case b.kind == bulletBlock, !finished(text) && r.p.titles[wording.Key(text)]:
		r.p.loose = append(r.p.loose, looseStatement{len(r.p.v.Boxes), len(r.box.Statements), r.p.plain(b), b.Lines})
		r.addStatement(0, b)
		return true
	}
	r.inStatements = false
	return false
}

func firstText(text, _ string) string { return text }

func (r *boxReader) addStatement(number int, b block) {
	if number > 0 && slices.Contains(r.box.Statements, number) {
		r.p.warn(WarnDisagree, b.Lines, "box %d names quality statement %d twice", r.box.Number, number)
		return
	}
	r.box.Statements = append(r.box.Statements, number)
	r.box.StatementLines = append(r.box.StatementLines, b.Lines)
}

// nameLooseStatements gives the statements that stand without a number the number that their
// title has elsewhere.
func (p *pathwayParser) nameLooseStatements() {
	for _, l := range p.loose {
		box := &p.v.Boxes[l.box]
		if s := bestStatement(p.v.Statements, l.title); s != nil && !slices.Contains(box.Statements, s.Number) {
			box.Statements[l.index] = s.Number
			p.warn(WarnStatement, l.Lines, "a quality statement stands in box %d without its number; its title is that of statement %d", box.Number, s.Number)
		} else {
			p.warn(WarnUnplaced, l.Lines, "%q stands among the quality statements of box %d and matches none that has a number", clip(l.title), box.Number)
		}
	}
	for i := range p.v.Boxes {
		box := &p.v.Boxes[i]
		var numbers []int
		var at []Lines
		for j, n := range box.Statements {
			if n > 0 {
				numbers, at = append(numbers, n), append(at, box.StatementLines[j])
			}
		}
		box.Statements, box.StatementLines = numbers, at
	}
	slices.SortStableFunc(p.v.Statements, func(a, b Statement) int { return a.Number - b.Number })
}

func bestStatement(statements []Statement, title string) *Statement {
	var best *Statement
	score := 0.8
	for i := range statements {
		if s := alike(statements[i].Title, title); s > score || s == 1 && best == nil {
			best, score = &statements[i], s
		}
	}
	return best
}

// entry adds a list entry at its level. The levels come from the indents; an entry whose indent
// lies between two known ones stands beside the inner.
func (r *boxReader) entry(b block) {
	r.begin()
	r.refer(refItem, b)
	n := &node{block: b}
	for len(r.path) > 0 && r.path[len(r.path)-1].depth >= b.depth {
		n.depth = r.path[len(r.path)-1].depth // the entry it stands beside gives the level
		r.path = r.path[:len(r.path)-1]
	}
	switch {
	case len(r.path) > 0:
		parent := r.path[len(r.path)-1]
		parent.kids = append(parent.kids, n)
	case r.lead != nil:
		r.lead.kids = append(r.lead.kids, n)
	default:
		r.tops = append(r.tops, n)
	}
	r.path = append(r.path, n)
}

// audience takes the sentence that says who should act. A second one under the same sub-heading
// becomes an entry of its own that the list after it belongs to.
func (r *boxReader) audience(b block) {
	r.begin()
	r.path = nil
	if r.sec.Audience == "" && len(r.tops) == 0 {
		r.refer(refAudience, b)
		r.sec.Audience, r.sec.AudienceLines = r.p.plain(b), b.Lines
		return
	}
	r.refer(refItem, b)
	r.lead = &node{block: b, leads: true}
	r.tops = append(r.tops, r.lead)
}

// paragraph takes a full sentence outside any list as a recommendation.
func (r *boxReader) paragraph(b block) {
	r.begin()
	r.refer(refItem, b)
	r.path, r.lead = nil, nil
	r.tops = append(r.tops, &node{block: b})
}

func (r *boxReader) subheading(b block) {
	r.closeSection()
	r.begin()
	r.sec.Title, r.sec.Lines = r.p.plain(b), b.Lines
}

func (r *boxReader) begin() { r.open = true }

func (r *boxReader) closeSection() {
	if r.open {
		r.sec.Items = r.items(r.tops, nil)
		if len(r.sec.Items) == 0 {
			r.p.warn(WarnUnfinished, r.sec.at(), "%q has no recommendation after it", clip(r.sec.Title+r.sec.Audience))
		}
		r.box.Sections = append(r.box.Sections, r.sec)
	}
	r.open, r.sec, r.tops, r.lead, r.path = false, Section{}, nil, nil, nil
}

// at is where a section begins.
func (s *Section) at() Lines {
	if s.Lines.From > 0 {
		return s.Lines
	}
	if s.AudienceLines.From > 0 {
		return s.AudienceLines
	}
	if len(s.Items) > 0 {
		return s.Items[0].Lines
	}
	return Lines{}
}

// items finishes a list, and reports entries that are not whole.
func (r *boxReader) items(nodes []*node, parent *node) []Item {
	out := make([]Item, 0, len(nodes))
	for _, n := range nodes {
		text := r.p.plain(n.block)
		switch full := opens(text) == opensUpper; {
		case full && !finished(text):
			r.p.warn(WarnUnfinished, n.Lines, "%q has no end", clip(text))
		case !full && (parent == nil || !strings.HasSuffix(parent.text(), ":")):
			r.p.warn(WarnUnfinished, n.Lines, "%q begins in the middle of a sentence", clip(text))
		case dangling(text, true):
			r.p.warn(WarnUnfinished, n.Lines, "%q has no end", clip(text))
		}
		if strings.Count(text, "(") != strings.Count(text, ")") {
			r.p.warn(WarnMarkup, n.Lines, "the round brackets of %q do not pair", clip(text))
		}
		out = append(out, Item{Text: text, Lines: n.Lines, Leads: n.leads, Items: r.items(n.kids, n)})
	}
	return out
}
